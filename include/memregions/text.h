#ifndef MEMREGIONS_TEXT_H
#define MEMREGIONS_TEXT_H

/*
 * Where printing goes: a function of the caller's, or a buffer of the caller's through mr_text_write.
 *
 *     char line[128];
 *     mr_text text = mr_text_of(line, sizeof line);
 *     status = mr_region_print(region, mr_text_write, &text);
 *
 * What always holds of an mr_text (mr_text_is_sound):
 *   - length < capacity, and start[length] is 0; or capacity is 0, and nothing is ever written.
 */

#include <stdbool.h>
#include <stddef.h>

#include <memregions/export.h>
#include <memregions/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Receives text in pieces.
 *
 * @param context  what the caller of the printing function handed over
 * @param text     a piece, not terminated; valid during the call
 * @param length   octets of it; above 0
 * @return         MR_OK to go on; anything else ends the printing, which returns it
 */
typedef mr_status mr_write_function(void *context, const char *text, size_t length);

/** A caller's buffer that is filled with text, and always zero-terminated. */
typedef struct mr_text {
  char *start;
  /** Octets of the buffer, the terminating zero counted. */
  size_t capacity;
  /** Octets of text in it so far, the terminating zero not counted. */
  size_t length;
} mr_text;

/** An empty text over `buffer`, which is terminated at once where `capacity` allows. Borrows the buffer. */
MR_INLINE mr_text mr_text_of(char *buffer, size_t capacity) {
  mr_text text = {buffer, buffer ? capacity : 0, 0};
  if (text.capacity > 0) text.start[0] = 0;
  return text;
}

/** Whether the invariant at the top of this header holds. */
MR_INLINE bool mr_text_is_sound(const mr_text *text) {
  return text->capacity == 0 || (text->length < text->capacity && text->start[text->length] == 0);
}

/** The mr_write_function that appends to an mr_text.
 *
 * @param text    an mr_text
 * @param piece   what to append
 * @param length  octets of it
 * @retval MR_NO_SPACE  it does not fit whole: what fits was appended
 */
MR_API MR_MUST_CHECK mr_status mr_text_write(void *text, const char *piece, size_t length);

/** Writes to any mr_write_function what printf would print.
 *
 * @param write    receives the text in one piece; is not called for none
 * @param context  handed to it
 * @param format   as for printf
 * @retval MR_INVALID_ARGUMENT  printf refuses the format or an argument
 * @retval MR_OVERFLOW          the text would be longer than 511 octets; nothing was written
 * @return                      else what `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_text_print(mr_write_function *write, void *context,
                                             const char *format, ...) MR_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif
#endif

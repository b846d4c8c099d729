#ifndef MEMREGIONS_OBJECT_TEXT_READER_PRIVATE_H
#define MEMREGIONS_OBJECT_TEXT_READER_PRIVATE_H

/*
 * C's tokens in text that need not end. Private to the component.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memregions/region.h"
#include "memregions/status.h"

/** Text on its way: start <= at <= end. */
typedef struct mr_text_reader {
  const char *start;
  const char *at;
  const char *end;
  /** May be null. */
  mr_condition *condition;
} mr_text_reader;

mr_text_reader mr_text_reader_of(mr_view text, mr_condition *condition);

/** Says what is wrong at a place: line, column and offset too.
 *
 * @return `status`
 */
mr_status mr_text_reader_fail(const mr_text_reader *from, const char *at, mr_status status,
                              const char *format, ...) MR_PRINTF(4, 5);

/** Passes over white space and comments; MR_SYNTAX_ERROR for a comment without end. */
mr_status mr_text_reader_skip(mr_text_reader *from);

/** The next character, or one further on; 0 past the end. */
char mr_text_reader_peek(const mr_text_reader *from, size_t ahead);

/** Takes a character, and white space and comments before it. */
mr_status mr_text_reader_require(mr_text_reader *from, char letter);

/** Octets of the name that starts here; 0 where there is none. */
size_t mr_text_reader_name(const mr_text_reader *from);

/** Whether a name is `text`. */
bool mr_text_reader_name_is(const mr_text_reader *from, size_t length, const char *text);

/** Octets of the number that starts here, with its suffix; 0 where there is none. */
size_t mr_text_reader_number(const mr_text_reader *from);

/** The digit's value; 16 where it is none of any base. */
unsigned mr_digit_of(char letter);

/** Whether a string starts here, of octets or not. */
bool mr_text_reader_is_at_string(const mr_text_reader *from);

/** Reads a character constant.
 *
 * @retval MR_UNSUPPORTED  it is wide, or has not just one octet
 */
mr_status mr_text_reader_read_character(mr_text_reader *from, unsigned char *out);

/** Reads strings that stand side by side.
 *
 * @param to       of this many octets
 * @param is_trial  nothing is written
 * @retval MR_OVERFLOW     they are longer than `to`
 * @retval MR_UNSUPPORTED  one is wide
 */
mr_status mr_text_reader_read_strings(mr_text_reader *from, mr_region to, bool is_trial);

#endif

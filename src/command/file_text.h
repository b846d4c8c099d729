#ifndef MEMREGIONS_COMMAND_FILE_TEXT_H
#define MEMREGIONS_COMMAND_FILE_TEXT_H

/* All of a file, or of what comes through a pipe, in memory. */

#include <stdbool.h>

#include <memregions/pathname.h>

/** What is in a file. */
typedef struct file_text {
  /** Where the rest is null, there is no text. */
  mr_view view;
  mr_file file;
  /** Of what could not be opened as a file. */
  mr_region memory;
} file_text;

/** Reads a file to its end.
 *
 * @param path      "-" is standard input
 * @param limit     octets; a regular file that has more is refused, of what else has, one more is read
 * @param[out] out  the caller's, who ends it with file_text_release
 * @return          false where that failed, which has been said on standard error
 */
bool file_text_read(const char *path, size_t limit, file_text *out);

void file_text_release(file_text *text);

#endif

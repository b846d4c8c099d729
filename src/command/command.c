#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int command_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("memregions: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  return COMMAND_FAILED;
}

int command_misuse(const char *command, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("memregions: ", stderr);
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "; see memregions %s%s--help\n", command ? command : "", command ? " " : "");
  va_end(arguments);
  return COMMAND_MISUSED;
}

int command_finish(int status) {
  errno = 0;
  bool had_error = ferror(stdout) != 0;
  if (fclose(stdout) == 0 && !had_error) return status;
  /* Of an earlier error, nobody has kept the number. */
  return errno ? command_fail("standard output: %s", strerror(errno))
               : command_fail("standard output could not be written");
}

mr_status command_write(void *file, const char *text, size_t length) {
  return fwrite(text, 1, length, file) == length ? MR_OK : MR_SYSTEM_ERROR;
}

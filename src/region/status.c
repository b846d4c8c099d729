#include "memregions/status.h"

#include <stdarg.h>
#include <stdio.h>

extern inline void mr_ignore(mr_status status);

typedef struct words {
  const char *name;
  const char *message;
} words;

static const words known[] = {
    [MR_OK] = {"MR_OK", "success"},
    [MR_OUT_OF_MEMORY] = {"MR_OUT_OF_MEMORY", "out of memory"},
    [MR_BLOCK_TOO_BIG] = {"MR_BLOCK_TOO_BIG", "block too big"},
    [MR_END_OF_FILE] = {"MR_END_OF_FILE", "end of file"},
    [MR_TRUNCATED] = {"MR_TRUNCATED", "less is left than was asked for"},
    [MR_NO_SPACE] = {"MR_NO_SPACE", "no space left"},
    [MR_OUT_OF_BOUNDS] = {"MR_OUT_OF_BOUNDS", "out of bounds"},
    [MR_INVALID_ARGUMENT] = {"MR_INVALID_ARGUMENT", "invalid argument"},
    [MR_READ_ONLY] = {"MR_READ_ONLY", "read-only"},
    [MR_MISALIGNED] = {"MR_MISALIGNED", "misaligned address"},
    [MR_OVERFLOW] = {"MR_OVERFLOW", "the value does not fit"},
    [MR_TYPE_MISMATCH] = {"MR_TYPE_MISMATCH", "another type was expected"},
    [MR_NO_SUCH_SLOT] = {"MR_NO_SUCH_SLOT", "no such slot"},
    [MR_SYNTAX_ERROR] = {"MR_SYNTAX_ERROR", "syntax error"},
    [MR_UNSUPPORTED] = {"MR_UNSUPPORTED", "not supported"},
    [MR_BUSY] = {"MR_BUSY", "borrowed, and cannot change"},
    [MR_CORRUPT] = {"MR_CORRUPT", "misuse or damage was detected"},
    [MR_FAULT] = {"MR_FAULT", "memory could not be reached"},
    [MR_SYSTEM_ERROR] = {"MR_SYSTEM_ERROR", "a call to the operating system failed"},
};

static words words_of(mr_status status) {
  /* A C++ caller's enum may be of another signedness than ours. */
  long long value = (long long)status;
  if (value >= 0 && value < (long long)(sizeof known / sizeof *known)) return known[value];
  if (value >= MR_USER && value <= MR_USER_LAST) {
    return (words){"MR_USER", "a status of the caller's own"};
  }
  return (words){"MR_UNKNOWN", "unknown status"};
}

const char *mr_status_name(mr_status status) { return words_of(status).name; }

const char *mr_status_message(mr_status status) { return words_of(status).message; }

mr_status mr_condition_set(mr_condition *condition, mr_status status, const char *format, ...) {
  if (!condition) return status;
  /* Made aside: the arguments may be this condition's own message. */
  mr_condition made = {.status = status};
  int length = -1;
  if (format) {
    va_list arguments;
    va_start(arguments, format);
    length = vsnprintf(made.message, sizeof made.message, format, arguments);
    va_end(arguments);
  }
  if (length < 0)
    (void)snprintf(made.message, sizeof made.message, "%s", mr_status_message(status));
  *condition = made;
  return status;
}

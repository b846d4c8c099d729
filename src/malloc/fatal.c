#include "fatal.h"

#include <stdlib.h>
#include <unistd.h>

#include "memregions/text.h"

void mr_fatal(const char *subject, const char *what) {
  char line[256];
  mr_text text = mr_text_of(line, sizeof line);
  mr_ignore(mr_text_print(mr_text_write, &text, "memregions: %.60s: %.160s\n", subject, what));
  /* Nobody is left to be told of a failure. */
  ssize_t written = write(STDERR_FILENO, line, text.length);
  (void)written;
  abort();
}

void mr_fatal_call(const char *function, const void *pointer, const char *what) {
  char call[64];
  mr_text text = mr_text_of(call, sizeof call);
  mr_ignore(mr_text_print(mr_text_write, &text, "%.30s(%p)", function, pointer));
  mr_fatal(call, what);
}

void mr_fatal_at(const void *pointer, const char *what) { mr_fatal_call("block", pointer, what); }

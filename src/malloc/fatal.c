#include "fatal.h"

#include <stdlib.h>
#include <unistd.h>

#include "memregions/text.h"

/* Writes a text as one line, whatever lines it has. */
static _Noreturn void end_with(mr_text text) {
  text.start[text.length - 1] = '\n';
  for (size_t i = 0; i + 1 < text.length; i++) {
    if (text.start[i] == '\n') text.start[i] = ' ';
  }
  /* Nobody is left to be told of a failure. */
  ssize_t written = write(STDERR_FILENO, text.start, text.length);
  (void)written;
  abort();
}

void mr_fatal(const char *subject, const char *what) {
  char line[256];
  mr_text text = mr_text_of(line, sizeof line);
  mr_ignore(mr_text_print(mr_text_write, &text, "memregions: %.60s: %.160s\n", subject, what));
  end_with(text);
}

void mr_fatal_call(const char *function, const void *pointer, const char *what,
                   const mr_fault *block) {
  /* What does not fit is cut off. */
  char line[2048];
  mr_text text = mr_text_of(line, sizeof line);
  mr_ignore(mr_text_print(mr_text_write, &text, "memregions: %.30s(%p): %.160s%s\n", function,
                          pointer, what, block ? ":" : ""));
  if (block) mr_ignore(mr_fault_print(block, mr_text_write, &text));
  end_with(text);
}

void mr_fatal_at(const void *pointer, const char *what) {
  mr_fatal_call("block", pointer, what, NULL);
}

/*
 * What is done when the process ends by exit: the last checks, and the report.
 */

/* For secure_getenv. */
#define _GNU_SOURCE

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "choice.h"
#include "fatal.h"
#include "heap.h"
#include "quarantine.h"

/* They are not given back: this is the end. */
static void check_quarantine(void) {
  mr_block block;
  for (void *pointer; (pointer = mr_quarantine_take());) {
    const char *wrong = mr_block_read_retired(pointer, &block);
    if (wrong) mr_fatal_at(pointer, wrong);
  }
}

static void check_guarded(void) {
  mr_condition why = {0};
  mr_allocator *guarded = mr_heap_of(MR_ORIGIN_GUARDED);
  if (guarded && mr_allocator_check(guarded, &why) == MR_CORRUPT) mr_fatal("exit", why.message);
}

/* What is not written yet is kept, so that the report is few calls of the system. */
typedef struct file {
  int descriptor;
  size_t length;
  char octets[4096];
} file;

static void flush(file *to) {
  for (size_t done = 0; done < to->length;) {
    ssize_t count = write(to->descriptor, to->octets + done, to->length - done);
    if (count <= 0) break;
    done += (size_t)count;
  }
  to->length = 0;
}

static mr_status write_to_file(void *context, const char *text, size_t length) {
  file *to = context;
  while (length > 0) {
    if (to->length == sizeof to->octets) flush(to);
    size_t room = sizeof to->octets - to->length;
    size_t count = length < room ? length : room;
    memcpy(to->octets + to->length, text, count);
    to->length += count;
    text += count;
    length -= count;
  }
  return MR_OK;
}

/* The name, in which %p is the process. */
static bool report_name(mr_text *name) {
  const char *from = secure_getenv("MR_MALLOC_REPORT");
  if (!from) return false;
  const char *process = strstr(from, "%p");
  if (!process) return mr_text_print(mr_text_write, name, "%s", from) == MR_OK;
  return mr_text_print(mr_text_write, name, "%.*s%ld%s", (int)(process - from), from,
                       (long)getpid(), process + 2) == MR_OK;
}

static void report(void) {
  static file to;
  char buffer[512];
  mr_text name = mr_text_of(buffer, sizeof buffer);
  if (!report_name(&name)) return;
  mr_tracked *tracked = mr_choice_acquire_tracked();
  if (!tracked) return;
  to.descriptor = open(name.start, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (to.descriptor >= 0) {
    mr_ignore(mr_tracked_report(tracked, write_to_file, &to));
    flush(&to);
    (void)close(to.descriptor);
  }
  mr_choice_release_tracked();
}

__attribute__((destructor)) static void at_exit(void) {
  mr_heap_enter();
  check_quarantine();
  check_guarded();
  report();
  mr_heap_leave();
}

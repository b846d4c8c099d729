/* For SA_ONSTACK. */
#define _XOPEN_SOURCE 700

#include "fault_handler.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* The allocators that are looked at. An entry keeps its own copy of their bounds, so that one that ends while another
 * thread's fault is looked up is never read, unless the fault is in its memory. */

typedef struct entry {
  _Atomic(const mr_guarded *) guarded;
  atomic_uintptr_t start;
  /* 0 while the rest is not to be looked at. */
  atomic_size_t size;
} entry;

enum { MOST_ENTRIES = 64 };

static entry entries[MOST_ENTRIES];

void mr_fault_watch(const mr_guarded *guarded) {
  for (size_t i = 0; i < MOST_ENTRIES; i++) {
    const mr_guarded *none = NULL;
    if (!atomic_compare_exchange_strong(&entries[i].guarded, &none, guarded)) continue;
    atomic_store(&entries[i].start, guarded->start);
    atomic_store(&entries[i].size, guarded->size);
    return;
  }
}

void mr_fault_unwatch(const mr_guarded *guarded) {
  for (size_t i = 0; i < MOST_ENTRIES; i++) {
    if (atomic_load(&entries[i].guarded) != guarded) continue;
    atomic_store(&entries[i].size, 0);
    atomic_store(&entries[i].guarded, NULL);
    return;
  }
}

static mr_status describe(const void *address, mr_fault *out) {
  for (size_t i = 0; i < MOST_ENTRIES; i++) {
    size_t size = atomic_load(&entries[i].size);
    if ((uintptr_t)address - atomic_load(&entries[i].start) >= size) continue;
    return mr_guarded_describe(atomic_load(&entries[i].guarded), address, out);
  }
  return MR_OUT_OF_BOUNDS;
}

/* The handler. */

/* A signal, and who handled it before. */
typedef struct source {
  int signal;
  bool is_installed;
  struct sigaction before;
} source;

static source sources[] = {{.signal = SIGSEGV}, {.signal = SIGBUS}};
enum { SOURCES = sizeof sources / sizeof *sources };

static atomic_bool is_on;
static _Atomic(mr_fault_function *) told;
static _Atomic(void *) told_context;

/* A line on its way to the standard error: its pieces are written together, as far as they fit. The thread's stack may be
 * a small one. */
typedef struct line {
  size_t length;
  char octets[512];
} line;

static void flush(line *to) {
  ssize_t written = write(STDERR_FILENO, to->octets, to->length);
  (void)written;
  to->length = 0;
}

/* Lines of text become parts of the one. */
static mr_status write_to_line(void *context, const char *text, size_t length) {
  line *to = context;
  for (size_t i = 0; i < length; i++) {
    if (to->length == sizeof to->octets) flush(to);
    to->octets[to->length++] = text[i];
    if (text[i] == '\n') to->octets[to->length - 1] = ' ';
  }
  return MR_OK;
}

static void print_and_abort(const mr_fault *fault) {
  line to = {.length = 0};
  mr_ignore(mr_text_print(write_to_line, &to, "memregions: "));
  mr_ignore(mr_fault_print(fault, write_to_line, &to));
  /* In place of the space that the last line ended with. */
  to.octets[to.length - 1] = '\n';
  flush(&to);
  abort();
}

static void tell(const mr_fault *fault) {
  mr_fault_function *function = atomic_load(&told);
  if (function) {
    function(atomic_load(&told_context), fault);
  } else {
    print_and_abort(fault);
  }
}

/* Ends the process as if there had never been a handler: by the access itself, which is made again, or by the signal,
 * which is sent again. */
static void end_by_default(int signal, bool is_fault) {
  const struct sigaction usual = {.sa_handler = SIG_DFL};
  (void)sigaction(signal, &usual, NULL);
  if (!is_fault) (void)raise(signal);
}

/* It may leave by a jump, and count on its signal not being blocked. */
static void unblock(int signal) {
  sigset_t set;
  (void)sigemptyset(&set);
  (void)sigaddset(&set, signal);
  (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void hand_on(const source *from, siginfo_t *info, void *context) {
  const bool is_fault = info->si_code > 0;
  const struct sigaction *before = &from->before;
  if (before->sa_flags & SA_NODEFER) unblock(from->signal);
  if (before->sa_flags & SA_SIGINFO) {
    before->sa_sigaction(from->signal, info, context);
  } else if (before->sa_handler == SIG_DFL || (before->sa_handler == SIG_IGN && is_fault)) {
    end_by_default(from->signal, is_fault);
  } else if (before->sa_handler != SIG_IGN) {
    before->sa_handler(from->signal);
  }
}

static void handle(int signal, siginfo_t *info, void *context) {
  mr_fault fault;
  /* Only what the system found has an address. */
  if (atomic_load(&is_on) && info->si_code > 0 && describe(info->si_addr, &fault) == MR_OK)
    tell(&fault);
  hand_on(&sources[signal == SIGBUS], info, context);
}

void mr_guarded_catch_faults(mr_fault_function *function, void *context) {
  atomic_store(&told_context, context);
  atomic_store(&told, function);
  for (size_t i = 0; i < SOURCES; i++) {
    if (sources[i].is_installed) continue;
    struct sigaction ours = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sources[i].is_installed = sigaction(sources[i].signal, &ours, &sources[i].before) == 0;
  }
  atomic_store(&is_on, true);
}

static bool is_ours(int signal) {
  struct sigaction now;
  return sigaction(signal, NULL, &now) == 0 && now.sa_flags & SA_SIGINFO &&
         now.sa_sigaction == handle;
}

void mr_guarded_leave_faults(void) {
  atomic_store(&is_on, false);
  for (size_t i = 0; i < SOURCES; i++) {
    if (!sources[i].is_installed || !is_ours(sources[i].signal)) continue;
    (void)sigaction(sources[i].signal, &sources[i].before, NULL);
    sources[i].is_installed = false;
  }
}

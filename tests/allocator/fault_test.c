/* For SA_ONSTACK and MAP_ANONYMOUS. */
#define _DEFAULT_SOURCE
#define _XOPEN_SOURCE 700

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memregions/guarded.h"
#include "support.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#if !defined(VALGRIND_DISABLE_ERROR_REPORTING)
#define VALGRIND_DISABLE_ERROR_REPORTING
#define VALGRIND_ENABLE_ERROR_REPORTING
#endif

/* What faults, and who is told. Most handlers here jump back into the test; what ends a process runs in a child. */

static mr_guarded guarded;
static size_t page;

static sigjmp_buf back;
/* What the function was told last. */
static mr_fault told;
static volatile int times_told;
/* How often an older handler was asked. */
static volatile int times_handed_on;

static void jump_back(void *context, const mr_fault *fault) {
  (void)context;
  told = *fault;
  times_told = times_told + 1;
  siglongjmp(back, 1);
}

static void older_handler(int signal) {
  (void)signal;
  times_handed_on = times_handed_on + 1;
  siglongjmp(back, 1);
}

static void older_handler_that_is_informed(int signal, siginfo_t *info, void *context) {
  (void)info, (void)context;
  older_handler(signal);
}

static void install(int signal, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  assert_int_equal(sigaction(signal, &action, NULL), 0);
}

/* Each test installs and leaves by itself: cmocka has handlers of its own around each. */

static void begin(void **state) {
  (void)state;
  page = (size_t)sysconf(_SC_PAGESIZE);
  times_told = times_handed_on = 0;
  install(SIGSEGV, SIG_DFL);
  install(SIGBUS, SIG_DFL);
  assert_int_equal(mr_guarded_init(&guarded, NULL), MR_OK);
}

static void finish(void) {
  mr_guarded_leave_faults();
  mr_guarded_fini(&guarded);
}

static mr_region take_from(mr_guarded *from, size_t size, size_t alignment) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate_aligned(&from->base, size, alignment, &block), MR_OK);
  return block;
}

static void give_to(mr_guarded *to, mr_region block, size_t alignment) {
  assert_int_equal(mr_deallocate_aligned(&to->base, &block, alignment), MR_OK);
}

static volatile unsigned char seen;

/* Reads or writes an octet; false where that did not end. Valgrind is not to report what is done on purpose. */
static bool touch(const void *address, bool is_write) {
  volatile unsigned char *octet = (volatile unsigned char *)(uintptr_t)address;
  volatile bool has_ended = false;
  VALGRIND_DISABLE_ERROR_REPORTING;
  if (sigsetjmp(back, 1) == 0) {
    if (is_write) {
      *octet = 1;
    } else {
      /* Kept, or Valgrind leaves the reading out. */
      seen = *octet;
    }
    has_ended = true;
  }
  VALGRIND_ENABLE_ERROR_REPORTING;
  return has_ended;
}

static void assert_told(const void *address, mr_fault_place place, size_t distance, mr_region block,
                        bool is_released) {
  assert_int_equal(times_told, 1);
  times_told = 0;
  assert_ptr_equal(told.address, address);
  assert_int_equal(told.place, place);
  assert_int_equal(told.distance, distance);
  assert_ptr_equal(told.block.pointer, block.pointer);
  assert_int_equal(told.block.size, block.size);
  assert_int_equal(told.is_released, is_released);
  assert_true(told.allocated.depth > 0);
  assert_int_equal(told.released.depth > 0, is_released);
}

/* Faults. */

static const size_t sizes[] = {1, 100, 4096, 4097, 70000, 3000000};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void an_overrun_faults(void **state) {
  begin(state);
  mr_guarded_catch_faults(jump_back, NULL);
  for (size_t i = 0; i < 2 * SIZES; i++) {
    mr_region block = take_from(&guarded, sizes[i / 2], 1);
    const unsigned char *end = mr_region_end(block);
    assert_true(touch(end - 1, true));
    assert_false(touch(end, i % 2));
    assert_told(end, MR_FAULT_AFTER, 0, block, false);
    assert_false(touch(end + page - 1, i % 2));
    give_to(&guarded, block, 1);
    times_told = 0;
  }
  finish();
}

static void an_underrun_faults_on_that_side(void **state) {
  begin(state);
  mr_guarded other;
  const mr_guarded_options options = {.side = MR_GUARDED_START};
  assert_int_equal(mr_guarded_init(&other, &options), MR_OK);
  mr_guarded_catch_faults(jump_back, NULL);
  for (size_t i = 0; i < 2 * SIZES; i++) {
    mr_region block = take_from(&other, sizes[i / 2], 16);
    const unsigned char *start = block.pointer;
    assert_true(touch(start, true));
    assert_false(touch(start - 1, i % 2));
    assert_told(start - 1, MR_FAULT_BEFORE, 1, block, false);
    give_to(&other, block, 16);
  }
  mr_guarded_fini(&other);
  finish();
}

static void a_long_underrun_faults_on_the_other_side_too(void **state) {
  begin(state);
  mr_guarded_catch_faults(jump_back, NULL);
  mr_region block = take_from(&guarded, 100, 16);
  const unsigned char *start = block.pointer;
  assert_false(touch(start - page, true));
  assert_told(start - page, MR_FAULT_BEFORE, page, block, false);
  give_to(&guarded, block, 16);
  finish();
}

static void a_use_after_release_faults(void **state) {
  begin(state);
  mr_guarded_catch_faults(jump_back, NULL);
  for (size_t i = 0; i < 2 * SIZES; i++) {
    mr_region block = take_from(&guarded, sizes[i / 2], 16), stale = block;
    const unsigned char *last = (unsigned char *)mr_region_end(stale) - 1;
    give_to(&guarded, block, 16);
    assert_false(touch(stale.pointer, i % 2));
    assert_told(stale.pointer, MR_FAULT_INSIDE, 0, stale, true);
    assert_false(touch(last, i % 2));
    assert_told(last, MR_FAULT_INSIDE, stale.size - 1, stale, true);
  }
  finish();
}

static void a_use_of_what_was_reallocated_faults(void **state) {
  begin(state);
  mr_guarded_catch_faults(jump_back, NULL);
  mr_region block = take_from(&guarded, 100, 16), stale = block;
  assert_int_equal(mr_reallocate(&guarded.base, &block, 90), MR_OK);
  assert_false(touch(stale.pointer, false));
  assert_told(stale.pointer, MR_FAULT_INSIDE, 0, stale, true);
  give_to(&guarded, block, 16);
  finish();
}

static void a_sampled_use_after_release_faults(void **state) {
  begin(state);
  mr_guarded sampled;
  const mr_guarded_options options = {.interval = 5};
  assert_int_equal(mr_guarded_init(&sampled, &options), MR_OK);
  mr_guarded_catch_faults(jump_back, NULL);
  mr_region block = {NULL, 0};
  mr_fault fault;
  do {
    give_to(&sampled, block, 16);
    block = take_from(&sampled, 100, 16);
  } while (mr_guarded_describe(&sampled, block.pointer, &fault) != MR_OK);
  mr_region stale = block;
  give_to(&sampled, block, 16);
  assert_false(touch(stale.pointer, true));
  assert_told(stale.pointer, MR_FAULT_INSIDE, 0, stale, true);
  mr_guarded_fini(&sampled);
  finish();
}

static void faults_are_told_of_each_of_several(void **state) {
  begin(state);
  mr_guarded others[3];
  mr_guarded_catch_faults(jump_back, NULL);
  for (size_t i = 0; i < 3; i++) assert_int_equal(mr_guarded_init(&others[i], NULL), MR_OK);
  mr_guarded_fini(&others[1]);
  for (size_t i = 0; i < 3; i += 2) {
    mr_region block = take_from(&others[i], 10, 1);
    const unsigned char *end = mr_region_end(block);
    assert_false(touch(end, true));
    assert_told(end, MR_FAULT_AFTER, 0, block, false);
    mr_guarded_fini(&others[i]);
  }
  finish();
}

static void *overrun(void *end) {
  (void)touch(end, true);
  return NULL;
}

static void another_threads_fault_is_told(void **state) {
  begin(state);
  pthread_t thread;
  mr_guarded_catch_faults(jump_back, NULL);
  mr_region block = take_from(&guarded, 10, 1);
  void *end = (unsigned char *)block.pointer + 10;
  assert_int_equal(pthread_create(&thread, NULL, overrun, end), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_told(end, MR_FAULT_AFTER, 0, block, false);
  give_to(&guarded, block, 1);
  finish();
}

/* The handler. */

static void note(void *context, const mr_fault *fault) {
  (void)fault;
  ++*(int *)context;
  siglongjmp(back, 1);
}

static void catching_again_changes_who_is_told(void **state) {
  begin(state);
  int times = 0;
  mr_guarded_catch_faults(jump_back, NULL);
  mr_guarded_catch_faults(note, &times);
  mr_region block = take_from(&guarded, 10, 1);
  assert_false(touch(mr_region_end(block), true));
  assert_int_equal(times, 1);
  assert_int_equal(times_told, 0);
  give_to(&guarded, block, 1);
  finish();
}

/* A page that is no guarded allocator's. */
static void *inaccessible_page(void) {
  void *found = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_ptr_not_equal(found, MAP_FAILED);
  return found;
}

static void other_faults_go_to_the_handler_before(void **state) {
  begin(state);
  void *elsewhere = inaccessible_page();
  install(SIGSEGV, older_handler);
  mr_guarded_catch_faults(jump_back, NULL);
  mr_guarded_catch_faults(jump_back, NULL);
  assert_false(touch(elsewhere, true));
  assert_int_equal(times_handed_on, 1);

  mr_guarded_leave_faults();
  struct sigaction informed = {.sa_sigaction = older_handler_that_is_informed,
                               .sa_flags = SA_SIGINFO};
  assert_int_equal(sigaction(SIGSEGV, &informed, NULL), 0);
  mr_guarded_catch_faults(jump_back, NULL);
  assert_false(touch(elsewhere, false));
  assert_int_equal(times_handed_on, 2);
  assert_int_equal(times_told, 0);
  (void)munmap(elsewhere, page);
  finish();
}

static void a_handler_before_may_count_on_its_signal_not_being_blocked(void **state) {
  begin(state);
  void *elsewhere = inaccessible_page();
  sigset_t blocked, usual;
  assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &usual), 0);
  struct sigaction informed = {.sa_handler = older_handler, .sa_flags = SA_NODEFER};
  assert_int_equal(sigaction(SIGSEGV, &informed, NULL), 0);
  mr_guarded_catch_faults(jump_back, NULL);
  VALGRIND_DISABLE_ERROR_REPORTING;
  if (sigsetjmp(back, 0) == 0) *(volatile unsigned char *)elsewhere = 1;
  VALGRIND_ENABLE_ERROR_REPORTING;
  assert_int_equal(times_handed_on, 1);
  assert_int_equal(sigprocmask(SIG_SETMASK, &usual, &blocked), 0);
  assert_false(sigismember(&blocked, SIGSEGV));
  (void)munmap(elsewhere, page);
  finish();
}

static void signals_that_are_sent_go_to_the_handler_before(void **state) {
  begin(state);
  static const int signals[] = {SIGSEGV, SIGBUS};
  for (int i = 0; i < 2; i++) {
    install(signals[i], older_handler);
    mr_guarded_catch_faults(jump_back, NULL);
    if (sigsetjmp(back, 1) == 0) (void)raise(signals[i]);
    assert_int_equal(times_handed_on, i + 1);
    mr_guarded_leave_faults();
    install(signals[i], SIG_IGN);
    mr_guarded_catch_faults(jump_back, NULL);
    assert_int_equal(raise(signals[i]), 0);
    mr_guarded_leave_faults();
  }
  assert_int_equal(times_told, 0);
  finish();
}

static void (*handler_of(int signal))(int) {
  struct sigaction now;
  assert_int_equal(sigaction(signal, NULL, &now), 0);
  return now.sa_handler;
}

static void leaving_installs_the_handlers_before(void **state) {
  begin(state);
  install(SIGSEGV, older_handler);
  mr_guarded_catch_faults(jump_back, NULL);
  assert_true(handler_of(SIGSEGV) != older_handler);
  assert_true(handler_of(SIGBUS) != SIG_DFL);
  mr_guarded_leave_faults();
  assert_true(handler_of(SIGSEGV) == older_handler);
  assert_true(handler_of(SIGBUS) == SIG_DFL);
  mr_guarded_leave_faults();
  assert_true(handler_of(SIGSEGV) == older_handler);
  finish();
}

static struct sigaction below_the_newer;

static void newer_handler(int signal, siginfo_t *info, void *context) {
  below_the_newer.sa_sigaction(signal, info, context);
}

static void leaving_keeps_a_newer_handler_and_catching_again_works_below_it(void **state) {
  begin(state);
  install(SIGSEGV, older_handler);
  mr_guarded_catch_faults(jump_back, NULL);
  struct sigaction newer = {.sa_sigaction = newer_handler, .sa_flags = SA_SIGINFO};
  assert_int_equal(sigaction(SIGSEGV, &newer, &below_the_newer), 0);
  mr_region block = take_from(&guarded, 10, 1);
  const void *end = mr_region_end(block);

  mr_guarded_leave_faults();
  assert_false(touch(end, true));
  assert_int_equal(times_handed_on, 1);
  assert_int_equal(times_told, 0);

  mr_guarded_catch_faults(jump_back, NULL);
  assert_false(touch(end, true));
  assert_told(end, MR_FAULT_AFTER, 0, block, false);

  assert_int_equal(sigaction(SIGSEGV, &below_the_newer, NULL), 0);
  give_to(&guarded, block, 1);
  finish();
}

static void only_so_many_allocators_are_told_of(void **state) {
  begin(state);
  enum { COUNT = 70 };
  static mr_guarded others[COUNT];
  const mr_guarded_options options = {.reserve = 1};
  int told_of = 0;
  install(SIGSEGV, older_handler);
  mr_guarded_catch_faults(jump_back, NULL);
  for (int i = 0; i < COUNT; i++) assert_int_equal(mr_guarded_init(&others[i], &options), MR_OK);
  for (int i = 0; i < COUNT; i++) {
    mr_region block = take_from(&others[i], 10, 1);
    times_told = 0;
    assert_false(touch(mr_region_end(block), true));
    told_of += times_told;
  }
  /* One is `guarded`. */
  assert_int_equal(told_of, 63);
  for (int i = 0; i < COUNT; i++) mr_guarded_fini(&others[i]);
  finish();
}

static const unsigned char *address_in_the_function;

static void note_where(void *context, const mr_fault *fault) {
  (void)context, (void)fault;
  unsigned char here = 0;
  address_in_the_function = (unsigned char *)(uintptr_t)&here;
  siglongjmp(back, 1);
}

static void the_function_runs_on_the_alternate_stack(void **state) {
  begin(state);
  static unsigned char memory[1 << 17];
  stack_t before, alternate = {.ss_sp = memory, .ss_size = sizeof memory};
  assert_int_equal(sigaltstack(&alternate, &before), 0);
  mr_guarded_catch_faults(note_where, NULL);
  mr_region block = take_from(&guarded, 10, 1);
  assert_false(touch(mr_region_end(block), true));
  assert_int_equal(sigaltstack(&before, NULL), 0);
#if !defined(__SANITIZE_ADDRESS__)
  assert_true((uintptr_t)address_in_the_function - (uintptr_t)memory < sizeof memory);
#endif
  give_to(&guarded, block, 1);
  finish();
}

/* What ends the process. */

/* What a child that overruns a block of 10 octets writes to its standard error, and how it ends. */
static int overrun_in_a_child(char *text, size_t capacity) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    (void)dup2(ends[1], STDERR_FILENO);
    mr_region block = {NULL, 0};
    if (mr_allocate_aligned(&guarded.base, 10, 1, &block) != MR_OK) _exit(3);
    VALGRIND_DISABLE_ERROR_REPORTING;
    ((volatile unsigned char *)block.pointer)[10] = 1;
    _exit(0);
  }
  (void)close(ends[1]);
  size_t length = 0;
  ssize_t got = 0;
  while ((got = read(ends[0], text + length, capacity - 1 - length)) > 0) length += (size_t)got;
  text[length] = 0;
  (void)close(ends[0]);
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static char output[1 << 16];

static void without_a_function_the_fault_is_one_line_and_the_process_aborts(void **state) {
  begin(state);
  mr_guarded_catch_faults(NULL, NULL);
  int status = overrun_in_a_child(output, sizeof output);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(WTERMSIG(status), SIGABRT);
  assert_non_null(strstr(output, " is 0 octets after a live block of 10 octets at 0x"));
  assert_non_null(strstr(output, " allocated by   0x"));
  assert_non_null(strstr(output, "fault_test+0x"));
  assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
  /* The library's own calls say nothing to its user. */
  assert_null(strstr(output, "libmr-"));
  finish();
}

static void an_aborts_handler_finds_the_fault_printed(void **state) {
  begin(state);
  FILE *file = tmpfile();
  assert_non_null(file);
  mr_region block = take_from(&guarded, 10, 1);
  install(SIGABRT, older_handler);
  mr_guarded_catch_faults(NULL, NULL);
  const int kept = dup(STDERR_FILENO);
  assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
  const bool has_ended = touch(mr_region_end(block), true);
  assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
  (void)close(kept);
  install(SIGABRT, SIG_DFL);

  assert_false(has_ended);
  assert_int_equal(times_handed_on, 1);
  char line[200];
  rewind(file);
  assert_non_null(fgets(line, sizeof line, file));
  assert_non_null(strstr(line, " is 0 octets after a live block of 10 octets at 0x"));
  (void)fclose(file);
  give_to(&guarded, block, 1);
  finish();
}

static void come_back(void *context, const mr_fault *fault) {
  (void)context, (void)fault;
  (void)!write(STDERR_FILENO, "told\n", 5);
}

static void when_the_function_returns_the_process_ends_as_without_it(void **state) {
  begin(state);
  mr_guarded_catch_faults(come_back, NULL);
  int status = overrun_in_a_child(output, sizeof output);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(WTERMSIG(status), SIGSEGV);
  assert_memory_equal(output, "told\n", 5);
  finish();
}

static void a_fault_is_not_ignored(void **state) {
  begin(state);
  install(SIGSEGV, SIG_IGN);
  mr_guarded_catch_faults(come_back, NULL);
  int status = overrun_in_a_child(output, sizeof output);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(WTERMSIG(status), SIGSEGV);
  finish();
}

static void a_signal_that_is_sent_ends_the_process_as_before(void **state) {
  begin(state);
  mr_guarded_catch_faults(jump_back, NULL);
  pid_t child = fork();
  if (child == 0) {
    (void)raise(SIGBUS);
    _exit(0);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(WTERMSIG(status), SIGBUS);
  finish();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_overrun_faults),
      cmocka_unit_test(an_underrun_faults_on_that_side),
      cmocka_unit_test(a_long_underrun_faults_on_the_other_side_too),
      cmocka_unit_test(a_use_after_release_faults),
      cmocka_unit_test(a_use_of_what_was_reallocated_faults),
      cmocka_unit_test(a_sampled_use_after_release_faults),
      cmocka_unit_test(faults_are_told_of_each_of_several),
      cmocka_unit_test(another_threads_fault_is_told),
      cmocka_unit_test(catching_again_changes_who_is_told),
      cmocka_unit_test(other_faults_go_to_the_handler_before),
      cmocka_unit_test(a_handler_before_may_count_on_its_signal_not_being_blocked),
      cmocka_unit_test(signals_that_are_sent_go_to_the_handler_before),
      cmocka_unit_test(leaving_installs_the_handlers_before),
      cmocka_unit_test(leaving_keeps_a_newer_handler_and_catching_again_works_below_it),
      cmocka_unit_test(only_so_many_allocators_are_told_of),
      cmocka_unit_test(the_function_runs_on_the_alternate_stack),
      cmocka_unit_test(without_a_function_the_fault_is_one_line_and_the_process_aborts),
      cmocka_unit_test(an_aborts_handler_finds_the_fault_printed),
      cmocka_unit_test(when_the_function_returns_the_process_ends_as_without_it),
      cmocka_unit_test(a_fault_is_not_ignored),
      cmocka_unit_test(a_signal_that_is_sent_ends_the_process_as_before),
  };
  return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}

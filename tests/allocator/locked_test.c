/* For fork and nanosleep. */
#define _POSIX_C_SOURCE 200809L

#include "memregions/locked.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "failing_allocator.h"
#include "memregions/arena.h"
#include "memregions/limited.h"
#include "support.h"
#include "wrapper_conformance.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

static mr_arena arena;
static mr_locked locked;

static void init(void) {
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  assert_int_equal(mr_locked_init(&locked, &arena.base), MR_OK);
}

static void fini(void) {
  assert_true(mr_locked_is_sound(&locked));
  mr_locked_fini(&locked);
  mr_arena_fini(&arena);
}

static void sleep_briefly(void) {
  const struct timespec time = {.tv_nsec = 50000000};
  nanosleep(&time, NULL);
}

/* Random work by many threads: they take blocks, hand them to each other, and give back what another has taken. */

enum { THREADS = 4, PLACES = 64 };

/* Stands at the start of each block. */
typedef struct label {
  size_t size;
  size_t alignment;
  unsigned char seed;
} label;

static _Atomic(label *) places[PLACES];
static atomic_size_t mistakes;

static size_t operations(void) {
#if defined(RUNNING_ON_VALGRIND)
  if (RUNNING_ON_VALGRIND) return 2000;
#endif
  return 25000;
}

/* xorshift64*, of Sebastiano Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
static size_t random_below(uint64_t *random, size_t bound) {
  *random ^= *random >> 12;
  *random ^= *random << 25;
  *random ^= *random >> 27;
  return (size_t)((*random * UINT64_C(2685821657736338717)) >> 33) % bound;
}

static void expect(bool is_so) {
  if (!is_so) atomic_fetch_add(&mistakes, 1);
}

/* Fills a block behind its label. */
static label *labelled(mr_region block, size_t alignment, unsigned char seed) {
  label *at = block.pointer;
  *at = (label){block.size, alignment, seed};
  memset(at + 1, seed, block.size - sizeof *at);
  return at;
}

static bool is_intact(const label *at) {
  const unsigned char *octets = (const unsigned char *)(at + 1);
  for (size_t i = 0; i < at->size - sizeof *at; i++) {
    if (octets[i] != at->seed) return false;
  }
  return true;
}

static label *take(uint64_t *random) {
  mr_region block = {NULL, 0};
  const size_t size = sizeof(label) + random_below(random, 1000);
  const size_t alignment = (size_t)16 << random_below(random, 3);
  mr_status status = mr_allocate_aligned(&locked.base, size, alignment, &block);
  if (status == MR_OUT_OF_MEMORY) return NULL;
  expect(status == MR_OK);
  return labelled(block, alignment, (unsigned char)random_below(random, 256));
}

static void give(label *at) {
  if (!at) return;
  expect(is_intact(at));
  mr_region block = {at, at->size};
  expect(mr_deallocate_aligned(&locked.base, &block, at->alignment) == MR_OK);
}

static label *resized(label *at, uint64_t *random) {
  if (!at) return NULL;
  mr_region block = {at, at->size};
  const size_t alignment = at->alignment;
  const unsigned char seed = at->seed;
  const size_t size = sizeof(label) + random_below(random, 1000);
  expect(is_intact(at));
  mr_status status = mr_reallocate_aligned(&locked.base, &block, size, alignment);
  expect(status == MR_OK || status == MR_OUT_OF_MEMORY);
  return labelled(block, alignment, seed);
}

static void ask(void) {
  size_t size = 0;
  char mine;
  mr_ignore(mr_used_space(&locked.base, &size));
  expect(mr_good_size(&locked.base, 10, 16) >= 10);
  expect(mr_allocator_owns(&locked.base, mr_view_of(&mine, 1)) != MR_OWNS_YES);
  mr_status status = mr_allocator_check(&locked.base, NULL);
  expect(status == MR_OK || status == MR_UNSUPPORTED);
}

static void *work(void *argument) {
  uint64_t random = *(const uint64_t *)argument;
  for (size_t left = operations(); left > 0; left--) {
    _Atomic(label *) *place = &places[random_below(&random, PLACES)];
    label *mine = NULL;
    switch (random_below(&random, 5)) {
      case 0:
      case 1:
        mine = take(&random);
        break;
      case 2:
        mine = resized(atomic_exchange(place, NULL), &random);
        break;
      case 3:
        break;
      default:
        if (random_below(&random, 20) == 0) ask();
        continue;
    }
    give(atomic_exchange(place, mine));
  }
  return NULL;
}

static void work_by_all(void) {
  pthread_t threads[THREADS];
  uint64_t seeds[THREADS];
  mistakes = 0;
  for (size_t i = 0; i < THREADS; i++) {
    seeds[i] = i + 1;
    assert_int_equal(pthread_create(&threads[i], NULL, work, &seeds[i]), 0);
  }
  for (size_t i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
  for (size_t i = 0; i < PLACES; i++) give(atomic_exchange(&places[i], NULL));
  assert_int_equal(mistakes, 0);
}

static void threads_share_an_arena(void **state) {
  (void)state;
  init();
  work_by_all();
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
  fini();
}

static void threads_share_a_strict_allocator(void **state) {
  (void)state;
  test_allocator strict;
  test_allocator_init(&strict);
  strict.answers_misuse = true;
  assert_int_equal(mr_locked_init(&locked, &strict.base), MR_OK);
  work_by_all();
  mr_locked_fini(&locked);
  test_allocator_fini(&strict);
}

static void threads_share_a_limit(void **state) {
  (void)state;
  mr_limited limited;
  assert_int_equal(mr_limited_init(&limited, &(mr_limited_options){.limit = 20000}), MR_OK);
  assert_int_equal(mr_locked_init(&locked, &limited.base), MR_OK);
  work_by_all();
  assert_int_equal(mr_limited_live_blocks(&limited), 0);
  mr_locked_fini(&locked);
  mr_limited_fini(&limited);
}

/* Each operation waits for the lock. */

typedef struct use {
  void (*use)(mr_region *block);
  mr_region block;
  pthread_t thread;
  atomic_bool is_done;
} use;

static mr_status show_nothing(void *context, mr_view span, bool is_used) {
  (void)context, (void)span, (void)is_used;
  return MR_OK;
}

static void use_allocate(mr_region *block) { mr_ignore(mr_allocate(&locked.base, 10, block)); }
static void use_deallocate(mr_region *block) { mr_ignore(mr_deallocate(&locked.base, block)); }

static void use_resize(mr_region *block) {
  (void)locked.base.ops->resize(&locked.base, *block, 9, 16);
}

static void use_remap(mr_region *block) {
  (void)locked.base.ops->remap(&locked.base, *block, 9, 16);
}

static void use_minimum(mr_region *block) {
  mr_ignore(mr_minimum_block_size(&locked.base, &block->size));
}

static void use_maximum(mr_region *block) {
  mr_ignore(mr_maximum_block_size(&locked.base, &block->size));
}

static void use_owns(mr_region *block) {
  (void)mr_allocator_owns(&locked.base, mr_region_view(*block));
}

static void use_good_size(mr_region *block) {
  block->size = mr_good_size(&locked.base, block->size, 16);
}

static void use_usage(mr_region *block) { mr_ignore(mr_used_space(&locked.base, &block->size)); }

static void use_clear(mr_region *block) {
  (void)block;
  mr_ignore(mr_allocator_clear(&locked.base));
}

static void use_mark(mr_region *block) {
  mr_mark mark;
  (void)block;
  mr_ignore(mr_allocator_mark(&locked.base, &mark));
}

static void use_rewind(mr_region *block) {
  mr_mark mark = {block, NULL};
  mr_ignore(mr_allocator_rewind(&locked.base, mark));
}

static void use_trim(mr_region *block) {
  (void)block;
  mr_ignore(mr_allocator_trim(&locked.base));
}

static void use_walk(mr_region *block) {
  (void)block;
  mr_ignore(mr_allocator_walk(&locked.base, show_nothing, NULL));
}

static void use_check(mr_region *block) {
  (void)block;
  mr_ignore(mr_allocator_check(&locked.base, NULL));
}

static void *run(void *argument) {
  use *self = argument;
  self->use(&self->block);
  self->is_done = true;
  return NULL;
}

static void each_operation_waits_for_the_lock(void **state) {
  (void)state;
  static void (*const functions[])(mr_region *) = {
      use_allocate, use_deallocate, use_resize,    use_remap, use_minimum,
      use_maximum,  use_owns,       use_good_size, use_usage, use_clear,
      use_mark,     use_rewind,     use_trim,      use_walk,  use_check};
  enum { USES = sizeof functions / sizeof *functions };
  static use uses[USES];
  init();
  for (size_t i = 0; i < USES; i++) {
    uses[i].use = functions[i];
    assert_int_equal(mr_allocate(&locked.base, 10, &uses[i].block), MR_OK);
  }

  mr_locked_acquire(&locked);
  for (size_t i = 0; i < USES; i++)
    assert_int_equal(pthread_create(&uses[i].thread, NULL, run, &uses[i]), 0);
  sleep_briefly();
  size_t done = 0;
  for (size_t i = 0; i < USES; i++) done += uses[i].is_done;
  mr_locked_release(&locked);
  for (size_t i = 0; i < USES; i++) assert_int_equal(pthread_join(uses[i].thread, NULL), 0);
  assert_int_equal(done, 0);
  fini();
}

/* The loan of the parent. */

static void what_is_acquired_is_the_parent(void **state) {
  (void)state;
  mr_region block;
  init();
  mr_allocator *parent = mr_locked_acquire(&locked);
  assert_ptr_equal(parent, &arena.base);
  assert_int_equal(mr_allocate(parent, 10, &block), MR_OK);
  mr_locked_release(&locked);
  assert_int_equal(mr_deallocate(&locked.base, &block), MR_OK);
  fini();
}

static atomic_bool is_over;

static void *allocate_until_over(void *argument) {
  mr_region block = {NULL, 0};
  (void)argument;
  while (!is_over) {
    expect(mr_allocate(&locked.base, 100, &block) == MR_OK);
    expect(mr_deallocate(&locked.base, &block) == MR_OK);
  }
  return NULL;
}

static void fork_under_the_lock_leaves_both_sides_an_allocator(void **state) {
  (void)state;
  pthread_t thread;
  mistakes = 0;
  is_over = false;
  init();
  assert_int_equal(pthread_create(&thread, NULL, allocate_until_over, NULL), 0);
  for (int i = 0; i < 20; i++) {
    mr_region block = {NULL, 0};
    int status = 0;
    mr_locked_acquire(&locked);
    const pid_t child = fork();
    mr_locked_release(&locked);
    if (child == 0) _exit(mr_allocate(&locked.base, 100, &block) == MR_OK ? 0 : 1);
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  is_over = true;
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(mistakes, 0);
  fini();
}

static void the_current_allocator_as_parent_is_the_one_at_init(void **state) {
  (void)state;
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  mr_set_current_allocator(&arena.base);
  assert_int_equal(mr_locked_init(&locked, MR_CURRENT), MR_OK);
  mr_set_current_allocator(NULL);
  assert_ptr_equal(mr_locked_acquire(&locked), &arena.base);
  mr_locked_release(&locked);
  fini();
}

static void damage_of_the_parent_is_found(void **state) {
  (void)state;
  mr_condition condition;
  init();
  const mr_window window = arena.window;
  arena.window.cursor = arena.window.end + 16;
  assert_int_equal(mr_allocator_check(&locked.base, &condition), MR_CORRUPT);
  assert_ptr_equal(condition.subject, &arena);
  arena.window = window;
  locked.parent = NULL;
  assert_false(mr_locked_is_sound(&locked));
  locked.parent = &arena.base;
  fini();
}

static void to_end_it_again_does_nothing(void **state) {
  (void)state;
  init();
  mr_locked_fini(&locked);
  assert_false(mr_locked_is_sound(&locked));
  mr_locked_fini(&locked);
  mr_arena_fini(&arena);
}

static mr_allocator *wrap(mr_allocator *around) {
  assert_int_equal(mr_locked_init(&locked, around), MR_OK);
  return &locked.base;
}

static void unwrap(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(threads_share_an_arena),
      cmocka_unit_test(threads_share_a_strict_allocator),
      cmocka_unit_test(threads_share_a_limit),
      cmocka_unit_test(each_operation_waits_for_the_lock),
      cmocka_unit_test(what_is_acquired_is_the_parent),
      cmocka_unit_test(fork_under_the_lock_leaves_both_sides_an_allocator),
      cmocka_unit_test(the_current_allocator_as_parent_is_the_one_at_init),
      cmocka_unit_test(damage_of_the_parent_is_found),
      cmocka_unit_test(to_end_it_again_does_nothing),
  };
  static const wrapper_fixture fixture = {wrap, unwrap, WRAPPER_CAN_WHAT_ITS_PARENT_CAN("locked")};
  int failed = cmocka_run_group_tests_name("locked", tests, NULL, NULL);
  failed += wrapper_conformance(&fixture);
  return failed != 0;
}

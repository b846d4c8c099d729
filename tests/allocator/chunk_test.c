#include <string.h>

#include "allocator_conformance.h"
#include "allocator_random.h"
#include "failing_allocator.h"
#include "memregions/arena.h"
#include "support.h"

/* How many octets of chunks an arena holds: under a limit, and after clear. */

static unsigned char storage[1024];
static test_allocator parent;

static int set_up(void **state) {
  (void)state;
  test_allocator_init(&parent);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  test_allocator_fini(&parent);
  return 0;
}

static void init(mr_arena *arena, mr_arena_options options) {
  options.parent = &parent.base;
  assert_int_equal(mr_arena_init(arena, &options), MR_OK);
}

static mr_region take(mr_arena *arena, size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_arena_allocate(arena, size, &block), MR_OK);
  memset(block.pointer, 0x11, size);
  return block;
}

static size_t maximum_of(mr_arena *arena) {
  size_t maximum = 0;
  assert_int_equal(mr_maximum_block_size(&arena->base, &maximum), MR_OK);
  return maximum;
}

/* The limit. */

static void a_chunk_size_above_the_limit_is_refused(void **state) {
  (void)state;
  mr_arena arena, kept;
  memset(&arena, 0x5A, sizeof arena);
  memcpy(&kept, &arena, sizeof arena);
  mr_arena_options options = {.chunk_size = 5001, .limit = 5000};
  assert_int_equal(mr_arena_init(&arena, &options), MR_BLOCK_TOO_BIG);
  assert_memory_equal(&arena, &kept, sizeof arena);
}

static void what_the_limit_could_never_hold_is_too_big(void **state) {
  (void)state;
  for (size_t limit = 1; limit < 10000; limit += 97) {
    mr_arena arena;
    mr_region block = {NULL, 77};
    init(&arena, (mr_arena_options){.limit = limit});
    const size_t maximum = maximum_of(&arena);
    assert_true(maximum < limit);
    assert_int_equal(mr_allocate(&arena.base, maximum + 1, &block), MR_BLOCK_TOO_BIG);
    assert_int_equal(block.size, 77);
    if (maximum > 0) take(&arena, maximum);
    assert_true(parent.live_octets <= limit);
    mr_arena_fini(&arena);
  }
}

static void chunks_never_hold_more_than_the_limit(void **state) {
  (void)state;
  mr_arena arena;
  mr_region block;
  init(&arena, (mr_arena_options){.limit = 20000});
  size_t handed_out = 0;
  while (mr_arena_allocate(&arena, 100, &block) == MR_OK) {
    assert_true(parent.live_octets <= 20000);
    handed_out += 100;
  }
  assert_int_equal(mr_arena_allocate(&arena, 100, &block), MR_OUT_OF_MEMORY);
  /* The last chunks are as small as they must be: little is left over. */
  assert_true(handed_out > 15000);
  mr_arena_fini(&arena);
}

static void storage_is_not_counted(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.limit = 500, .storage = {storage, sizeof storage}});
  assert_int_equal(maximum_of(&arena), sizeof storage - ((16 - ((uintptr_t)storage & 15)) & 15));
  take(&arena, 1000);
  take(&arena, 300);
  assert_true(parent.live_octets <= 500);
  mr_arena_fini(&arena);
}

static void kept_chunks_make_room_under_the_limit(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.limit = 20000});
  const size_t maximum = maximum_of(&arena);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 100; i++) take(&arena, 100);
    assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
    take(&arena, maximum);
    assert_true(parent.live_octets <= 20000);
    assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
    assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  }
  mr_arena_fini(&arena);
}

static void an_empty_chunk_makes_room_under_the_limit(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.limit = 20000});
  mr_region block = take(&arena, 100);
  assert_int_equal(mr_deallocate(&arena.base, &block), MR_OK);
  take(&arena, maximum_of(&arena));
  assert_true(parent.live_octets <= 20000);
  mr_arena_fini(&arena);
}

static void what_is_in_use_makes_no_room(void **state) {
  (void)state;
  mr_arena arena;
  mr_region block = {NULL, 77};
  init(&arena, (mr_arena_options){.limit = 20000});
  take(&arena, 100);
  const size_t octets = parent.live_octets;
  assert_int_equal(mr_arena_allocate(&arena, maximum_of(&arena), &block), MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 77);
  assert_int_equal(parent.live_octets, octets);
  mr_arena_fini(&arena);
}

/* Clearing. */

static void fill(mr_arena *arena) {
  for (size_t i = 0; i < 200; i++) take(arena, i % 20 == 19 ? 9000 + i : 300);
}

static void clearing_retains_no_more_than_it_is_told(void **state) {
  (void)state;
  for (size_t retain = 0; retain < 300000; retain += 7001) {
    mr_arena arena;
    init(&arena, (mr_arena_options){.storage = {storage, 100}});
    fill(&arena);
    const size_t octets = parent.live_octets;
    mr_arena_clear(&arena, retain);
    assert_true(parent.live_octets <= retain);
    assert_true(retain < octets || parent.live_octets == octets);
    size_t used = 77;
    assert_int_equal(mr_used_space(&arena.base, &used), MR_OK);
    assert_int_equal(used, 0);
    assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
    fill(&arena);
    mr_arena_fini(&arena);
  }
}

static void retaining_all_gives_nothing_back(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){0});
  fill(&arena);
  const size_t requests = parent.requests, octets = parent.live_octets;
  mr_arena_clear(&arena, MR_ARENA_RETAIN_ALL);
  assert_int_equal(parent.live_octets, octets);
  fill(&arena);
  assert_int_equal(parent.requests, requests);
  mr_arena_fini(&arena);
}

static void what_went_back_is_not_counted(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){0});
  fill(&arena);
  mr_arena_clear(&arena, 0);
  fill(&arena);
  const size_t octets = parent.live_octets;
  mr_arena_clear(&arena, octets);
  assert_int_equal(parent.live_octets, octets);
  mr_arena_fini(&arena);
}

static void the_earliest_chunks_are_retained(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.chunk_size = 1000});
  mr_region first = take(&arena, 64);
  while (parent.live_blocks < 4) take(&arena, 64);
  mr_arena_clear(&arena, 3000);
  assert_int_equal(parent.live_octets, 3000);
  assert_ptr_equal(take(&arena, 64).pointer, first.pointer);
  mr_arena_fini(&arena);
}

static void a_dead_arena_is_not_cleared(void **state) {
  (void)state;
#if defined(NDEBUG)
  mr_arena arena;
  init(&arena, (mr_arena_options){0});
  mr_arena_fini(&arena);
  mr_arena_clear(&arena, 0);
  assert_false(mr_arena_is_sound(&arena));
#endif
}

/* The shared suites. */

static mr_arena arena_of_suite;

static mr_allocator *make_limited(void) {
  test_allocator_init(&parent);
  init(&arena_of_suite, (mr_arena_options){.limit = 4 * CONFORMANCE_ROOM});
  return &arena_of_suite.base;
}

/* So little that it is reached at every turn. */
static mr_allocator *make_tightly_limited(void) {
  test_allocator_init(&parent);
  init(&arena_of_suite, (mr_arena_options){.limit = 40000});
  return &arena_of_suite.base;
}

static void unmake(mr_allocator *allocator) {
  assert_true(parent.live_octets <= ((mr_arena *)allocator)->limit);
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
  test_allocator_fini(&parent);
}

static int run_suites(void) {
  static const allocator_fixture limited = {.name = "arena under a limit",
                                            .make = make_limited,
                                            .unmake = unmake,
                                            .can_tell_usage = true,
                                            .can_tell_minimum = true,
                                            .can_clear = true,
                                            .can_mark = true,
                                            .can_trim = true,
                                            .can_walk = true,
                                            .can_check = true};
  static const allocator_fixture tight = {.name = "arena under a tight limit",
                                          .make = make_tightly_limited,
                                          .unmake = unmake,
                                          .can_mark = true};
  return allocator_conformance(&limited) + allocator_random(&limited) + allocator_random(&tight);
}

#define UNDER_PARENT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      UNDER_PARENT(a_chunk_size_above_the_limit_is_refused),
      UNDER_PARENT(what_the_limit_could_never_hold_is_too_big),
      UNDER_PARENT(chunks_never_hold_more_than_the_limit),
      UNDER_PARENT(storage_is_not_counted),
      UNDER_PARENT(kept_chunks_make_room_under_the_limit),
      UNDER_PARENT(an_empty_chunk_makes_room_under_the_limit),
      UNDER_PARENT(what_is_in_use_makes_no_room),
      UNDER_PARENT(clearing_retains_no_more_than_it_is_told),
      UNDER_PARENT(retaining_all_gives_nothing_back),
      UNDER_PARENT(what_went_back_is_not_counted),
      UNDER_PARENT(the_earliest_chunks_are_retained),
      UNDER_PARENT(a_dead_arena_is_not_cleared),
  };
  return cmocka_run_group_tests_name("chunk", tests, NULL, NULL) + run_suites() != 0;
}

/* For mincore. */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "allocator_conformance.h"
#include "allocator_random.h"
#include "failing_allocator.h"
#include "memregions/arena.h"
#include "support.h"

/* An arena in one range of addresses. */

#define MIB ((size_t)1 << 20)

static void init(mr_arena *arena, mr_arena_options options) {
  assert_int_equal(mr_arena_init(arena, &options), MR_OK);
}

static mr_region take(mr_arena *arena, size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_arena_allocate(arena, size, &block), MR_OK);
  memset(block.pointer, 0x11, size);
  return block;
}

static size_t total_of(mr_arena *arena) {
  size_t total = SIZE_MAX;
  assert_int_equal(mr_total_size(&arena->base, &total), MR_OK);
  return total;
}

static size_t maximum_of(mr_arena *arena) {
  size_t maximum = 0;
  assert_int_equal(mr_maximum_block_size(&arena->base, &maximum), MR_OK);
  return maximum;
}

/* Making. */

static void options_that_can_not_be_are_refused(void **state) {
  (void)state;
  unsigned char storage[16];
  mr_arena arena, kept;
  memset(&arena, 0x5A, sizeof arena);
  memcpy(&kept, &arena, sizeof arena);
  const struct {
    mr_arena_options options;
    mr_status status;
  } cases[] = {
      {{.reserve = MIB, .storage = {storage, 16}}, MR_INVALID_ARGUMENT},
      {{.reserve = MIB, .limit = 1}, MR_INVALID_ARGUMENT},
      {{.reserve = SIZE_MAX}, MR_BLOCK_TOO_BIG},
      {{.reserve = PTRDIFF_MAX}, MR_BLOCK_TOO_BIG},
      {{.reserve = PTRDIFF_MAX / 2}, MR_OUT_OF_MEMORY},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(mr_arena_init(&arena, &cases[i].options), cases[i].status);
  assert_memory_equal(&arena, &kept, sizeof arena);
}

static void nothing_is_taken_from_the_parent(void **state) {
  (void)state;
  mr_arena arena;
  test_allocator parent;
  test_allocator_init(&parent);
  init(&arena, (mr_arena_options){.reserve = 16 * MIB, .parent = &parent.base});
  for (size_t i = 0; i < 1000; i++) take(&arena, 3000);
  assert_int_equal(parent.requests, 0);
  mr_arena_fini(&arena);
  test_allocator_fini(&parent);
}

/* Growing. */

static void nothing_is_committed_before_the_first_block_and_little_then(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.reserve = 1024 * MIB});
  assert_int_equal(total_of(&arena), 0);
  take(&arena, 1);
  assert_true(total_of(&arena) > 0 && total_of(&arena) <= 65536);
  mr_arena_fini(&arena);
  init(&arena, (mr_arena_options){.reserve = 16 * MIB, .chunk_size = MIB});
  take(&arena, 1);
  assert_int_equal(total_of(&arena), MIB);
  mr_arena_fini(&arena);
}

static void blocks_follow_each_other_through_it(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.reserve = 4 * MIB});
  const unsigned char *next = take(&arena, 64).pointer;
  for (size_t i = 1; i < 4 * MIB / 64; i++) assert_ptr_equal(take(&arena, 50).pointer, next += 64);
  mr_region block = {NULL, 77};
  assert_int_equal(mr_arena_allocate(&arena, 1, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 77);
  assert_int_equal(total_of(&arena), 4 * MIB);
  mr_arena_fini(&arena);
}

static void the_newest_block_grows_to_the_end_and_never_moves(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.reserve = 16 * MIB});
  mr_region other = take(&arena, 16), block = take(&arena, 1);
  const void *start = block.pointer;
  for (size_t size = 1; size < 16 * MIB - 16; size = size * 3 + 1) {
    assert_int_equal(mr_reallocate(&arena.base, &block, size), MR_OK);
    assert_ptr_equal(block.pointer, start);
    memset(block.pointer, 1, size);
  }
  assert_int_equal(mr_reallocate(&arena.base, &block, 16 * MIB - 16), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_reallocate(&arena.base, &block, 16 * MIB - 15), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_reallocate(&arena.base, &block, 16 * MIB + 1), MR_BLOCK_TOO_BIG);
  assert_int_equal(((unsigned char *)other.pointer)[15], 0x11);
  assert_int_equal(mr_deallocate(&arena.base, &block), MR_OK);
  assert_ptr_equal(take(&arena, 5).pointer, start);
  mr_arena_fini(&arena);
}

static void another_block_moves_to_grow_and_shrinks_where_it_is(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.reserve = MIB});
  mr_region block = take(&arena, 100);
  const void *start = block.pointer;
  take(&arena, 1);
  assert_int_equal(mr_reallocate(&arena.base, &block, 50), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_reallocate(&arena.base, &block, 200000), MR_OK);
  assert_ptr_not_equal(block.pointer, start);
  assert_int_equal(((unsigned char *)block.pointer)[49], 0x11);
  mr_arena_fini(&arena);
}

static void limit_data(rlim_t octets, rlim_t most) {
  const struct rlimit limit = {octets, most};
  assert_int_equal(setrlimit(RLIMIT_DATA, &limit), 0);
}

static void where_the_system_refuses_nothing_changes_and_less_is_tried(void **state) {
  (void)state;
  mr_arena arena;
  struct rlimit before;
  init(&arena, (mr_arena_options){.reserve = 256 * MIB});
  mr_region older = take(&arena, 64 * MIB), kept = older, block = {NULL, 77};
  const size_t total = total_of(&arena);
  assert_int_equal(getrlimit(RLIMIT_DATA, &before), 0);
  /* A tool that watches needs memory itself. */
  if (arena.window.is_watched) {
    mr_arena_fini(&arena);
    return;
  }

  limit_data(4096, before.rlim_max);
  mr_status status = mr_arena_allocate(&arena, MIB, &block);
  mr_status grown = mr_reallocate(&arena.base, &older, 65 * MIB);
  limit_data(before.rlim_cur, before.rlim_max);
  assert_int_equal(status, MR_OUT_OF_MEMORY);
  assert_int_equal(grown, MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 77);
  assert_memory_equal(&older, &kept, sizeof kept);
  assert_int_equal(total_of(&arena), total);

  /* Twice as much can't be had, and what is asked for can. */
  for (rlim_t limit = 64 * MIB; status != MR_OK; limit += MIB / 2) {
    limit_data(limit, before.rlim_max);
    status = mr_arena_allocate(&arena, MIB, &block);
    limit_data(before.rlim_cur, before.rlim_max);
  }
  assert_int_equal(total_of(&arena), total + MIB);
  mr_arena_fini(&arena);
}

static void a_chunk_size_beyond_the_reserve_commits_all_of_it(void **state) {
  (void)state;
  const mr_arena_options options[] = {{.reserve = MIB, .chunk_size = SIZE_MAX},
                                      {.reserve = 2 * MIB, .limit = MIB, .chunk_size = 3 * MIB}};
  for (size_t i = 0; i < 2; i++) {
    mr_arena arena;
    init(&arena, options[i]);
    take(&arena, 1);
    assert_int_equal(total_of(&arena), MIB);
    mr_arena_fini(&arena);
  }
}

static void the_maximum_is_the_reserve_in_whole_pages_or_the_limit(void **state) {
  (void)state;
  mr_arena arena;
  mr_region block = {NULL, 77};
  init(&arena, (mr_arena_options){.reserve = MIB - 1});
  assert_int_equal(maximum_of(&arena), MIB);
  assert_int_equal(mr_arena_allocate(&arena, MIB + 1, &block), MR_BLOCK_TOO_BIG);
  take(&arena, MIB);
  mr_arena_fini(&arena);
  init(&arena, (mr_arena_options){.reserve = 1024 * MIB, .limit = MIB + 1});
  assert_int_equal(maximum_of(&arena), MIB);
  assert_int_equal(mr_arena_allocate(&arena, MIB + 1, &block), MR_BLOCK_TOO_BIG);
  take(&arena, 16);
  assert_int_equal(mr_arena_allocate(&arena, MIB, &block), MR_OUT_OF_MEMORY);
  take(&arena, MIB - 16);
  assert_int_equal(total_of(&arena), MIB);
  mr_arena_fini(&arena);
}

static void alignments_beyond_a_page_are_reached(void **state) {
  (void)state;
  mr_arena arena;
  mr_region block;
  mr_condition condition;
  init(&arena, (mr_arena_options){.reserve = 64 * MIB});
  take(&arena, 1);
  for (size_t alignment = 1; alignment <= 4 * MIB; alignment *= 2) {
    assert_int_equal(mr_allocate_aligned(&arena.base, 3, alignment, &block), MR_OK);
    assert_true(mr_is_aligned(mr_region_view(block), alignment));
    memset(block.pointer, 1, 3);
  }
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  for (size_t alignment = 1; alignment <= 4 * MIB; alignment *= 2) {
    assert_int_equal(mr_allocation_failure(&arena.base, SIZE_MAX, alignment, &condition),
                     MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate_aligned(&arena.base, condition.limit, alignment, &block), MR_OK);
    assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  }
  mr_arena_fini(&arena);
}

/* Giving back. */

static void trim_keeps_the_pages_of_blocks(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.reserve = 16 * MIB});
  mr_region kept = take(&arena, 10000), block = take(&arena, 8 * MIB);
  assert_int_equal(mr_deallocate(&arena.base, &block), MR_OK);
  assert_true(total_of(&arena) > 8 * MIB);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_true(total_of(&arena) >= 10000 && total_of(&arena) < 10000 + 65536);
  assert_int_equal(((unsigned char *)kept.pointer)[9999], 0x11);
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);

  /* What is committed anew is as good as new. */
  block = take(&arena, 8 * MIB);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(((unsigned char *)block.pointer)[8 * MIB - 1], 0x11);
  mr_arena_fini(&arena);
}

static void clearing_retains_no_more_than_it_is_told(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.reserve = 16 * MIB});
  const void *start = take(&arena, 8 * MIB).pointer;
  const size_t total = total_of(&arena);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  assert_int_equal(total_of(&arena), total);
  mr_arena_clear(&arena, MR_ARENA_RETAIN_ALL);
  assert_int_equal(total_of(&arena), total);
  mr_arena_clear(&arena, MIB + 1);
  assert_int_equal(total_of(&arena), MIB);
  mr_arena_clear(&arena, 0);
  assert_int_equal(total_of(&arena), 0);
  assert_ptr_equal(take(&arena, 8 * MIB).pointer, start);
  mr_arena_fini(&arena);
}

static void a_mark_survives_trim(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark mark;
  init(&arena, (mr_arena_options){.reserve = 16 * MIB});
  mr_region older = take(&arena, 4096);
  assert_int_equal(mr_allocator_mark(&arena.base, &mark), MR_OK);
  const void *newer = take(&arena, MIB).pointer;
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  assert_ptr_equal(take(&arena, MIB).pointer, newer);
  assert_int_equal(mr_reallocate(&arena.base, &older, 5000), MR_OK);
  assert_ptr_not_equal(older.pointer, NULL);
  mr_arena_fini(&arena);
}

static void damage_is_found(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.reserve = MIB});
  take(&arena, MIB);
  const mr_region reserve = arena.reserve;
  arena.reserve.size -= 4096;
  assert_false(mr_arena_is_sound(&arena));
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_CORRUPT);
  arena.reserve = mr_region_of((unsigned char *)reserve.pointer + 4096, reserve.size);
  assert_false(mr_arena_is_sound(&arena));
  arena.reserve = reserve;
  assert_true(mr_arena_is_sound(&arena));
  mr_arena_fini(&arena);
  mr_arena_fini(&arena);
}

static void ending_gives_the_addresses_back(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, (mr_arena_options){.reserve = MIB});
  unsigned char *start = take(&arena, 100).pointer, is_resident = 0;
  assert_int_equal(mincore(start + MIB / 2, 4096, &is_resident), 0);
  mr_arena_fini(&arena);
  for (size_t at = 0; at < MIB; at += MIB / 2) {
    assert_int_equal(mincore(start + at, 4096, &is_resident), -1);
    assert_int_equal(errno, ENOMEM);
  }
}

/* The shared suites. */

static mr_arena arena_of_suite;

static mr_allocator *make(void) {
  init(&arena_of_suite, (mr_arena_options){.reserve = 1024 * MIB});
  return &arena_of_suite.base;
}

static mr_allocator *make_small(void) {
  init(&arena_of_suite,
       (mr_arena_options){.reserve = 1024 * MIB, .limit = CONFORMANCE_ROOM, .chunk_size = 1});
  return &arena_of_suite.base;
}

static void unmake(mr_allocator *allocator) {
  assert_true(mr_arena_is_sound((mr_arena *)allocator));
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
}

#define IN_SUITE(name, make)                                                                    \
  {                                                                                             \
    name, make, unmake, .can_tell_usage = true, .can_tell_minimum = true, .can_clear = true,    \
                        .can_mark = true, .can_trim = true, .can_walk = true, .can_check = true \
  }

static int run_suites(void) {
  static const allocator_fixture fixtures[] = {IN_SUITE("arena in a reserve", make),
                                               IN_SUITE("arena in a limited reserve", make_small)};
  int failed = 0;
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++)
    failed += allocator_conformance(&fixtures[i]) + allocator_random(&fixtures[i]);
  return failed;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(options_that_can_not_be_are_refused),
      cmocka_unit_test(nothing_is_taken_from_the_parent),
      cmocka_unit_test(nothing_is_committed_before_the_first_block_and_little_then),
      cmocka_unit_test(blocks_follow_each_other_through_it),
      cmocka_unit_test(the_newest_block_grows_to_the_end_and_never_moves),
      cmocka_unit_test(another_block_moves_to_grow_and_shrinks_where_it_is),
      cmocka_unit_test(where_the_system_refuses_nothing_changes_and_less_is_tried),
      cmocka_unit_test(a_chunk_size_beyond_the_reserve_commits_all_of_it),
      cmocka_unit_test(the_maximum_is_the_reserve_in_whole_pages_or_the_limit),
      cmocka_unit_test(alignments_beyond_a_page_are_reached),
      cmocka_unit_test(trim_keeps_the_pages_of_blocks),
      cmocka_unit_test(clearing_retains_no_more_than_it_is_told),
      cmocka_unit_test(a_mark_survives_trim),
      cmocka_unit_test(damage_is_found),
      cmocka_unit_test(ending_gives_the_addresses_back),
  };
  return cmocka_run_group_tests_name("reserve", tests, NULL, NULL) + run_suites() != 0;
}

#include "memregions/cached.h"

#include <pthread.h>
#include <string.h>

#include "allocator_random.h"
#include "cached_trial.h"
#include "memregions/bump.h"

/* What allocator_conformance does not know of: classes and spans, and what is found to be misuse. */

static test_allocator records;

/* Sizes. */

static void sizes_are_rounded_up_by_at_most_a_quarter(void **state) {
  (void)state;
  if (!has_spans()) return;
  size_t before = 0;
  for (size_t size = 1; size <= 32768; size++) {
    const size_t good = mr_good_size(&cached.base, size, 16);
    assert_true(good >= size && good >= before && good % 16 == 0);
    assert_true(good - size < 16 || (good - size) * 4 < size);
    assert_int_equal(mr_good_size(&cached.base, good, 16), good);
    before = good;
  }
  assert_int_equal(before, 32768);
  assert_int_equal(mr_good_size(&cached.base, 32769, 16), 32769);
}

static void blocks_of_every_size_can_be_written_whole(void **state) {
  (void)state;
  enum { STEP = 61 };
  static mr_region blocks[40000 / STEP + 1];
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) blocks[i] = take(i * STEP + 1);
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) give(blocks[i]);
  assert_int_equal(used(), 0);
}

static void a_class_fills_its_span(void **state) {
  (void)state;
  if (!has_spans()) return;
  for (size_t size = 16; size <= 32768; size = mr_good_size(&cached.base, size + 1, 16)) {
    static mr_region blocks[4096];
    const size_t count = SPAN / size;
    assert_int_equal(mr_allocator_clear(&cached.base), MR_OK);
    assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
    for (size_t i = 0; i < count; i++) blocks[i] = take(size);
    assert_int_equal(total(), SPAN);
    give(take(size));
    assert_int_equal(total(), 2 * SPAN);
    for (size_t i = 0; i < count; i++) give(blocks[i]);
  }
}

static void alignments_are_those_of_a_class_that_has_them(void **state) {
  (void)state;
  for (size_t alignment = 1; alignment <= 4 * SPAN; alignment *= 2) {
    mr_region blocks[5];
    for (size_t i = 0; i < 5; i++) {
      assert_int_equal(mr_allocate_aligned(&cached.base, 100, alignment, &blocks[i]), MR_OK);
      assert_true(mr_is_aligned(mr_region_view(blocks[i]), alignment));
      memset(blocks[i].pointer, 1, 100);
    }
    for (size_t i = 0; i < 5; i++)
      assert_int_equal(mr_deallocate_aligned(&cached.base, &blocks[i], alignment), MR_OK);
  }
  if (!has_spans()) return;
  assert_int_equal(mr_good_size(&cached.base, 100, 64), 128);
  assert_int_equal(mr_good_size(&cached.base, 129, 32), 160);
  assert_int_equal(mr_good_size(&cached.base, 10, 4096), 4096);
  assert_int_equal(mr_good_size(&cached.base, 10, SPAN), 10);
}

static void a_block_grows_and_shrinks_in_place_within_its_class(void **state) {
  (void)state;
  if (!has_spans()) return;
  mr_region block = take(600);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&cached.base, &block, 640), MR_OK);
  assert_int_equal(mr_reallocate(&cached.base, &block, 320), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(used(), 640);

  assert_int_equal(mr_reallocate(&cached.base, &block, 100), MR_OK);
  assert_ptr_not_equal(block.pointer, start);
  assert_int_equal(used(), 112);
  assert_int_equal(mr_reallocate(&cached.base, &block, 113), MR_OK);
  assert_int_equal(used(), 128);
  for (size_t i = 0; i < 100; i++) assert_int_equal(((unsigned char *)block.pointer)[i], 0x5A);
  give(block);
}

static void what_no_smaller_class_is_for_stays_in_place(void **state) {
  (void)state;
  if (!has_spans()) return;
  mr_region block = take(16);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&cached.base, &block, 1), MR_OK);
  assert_ptr_equal(block.pointer, start);
  give(block);
  assert_int_equal(mr_allocate_aligned(&cached.base, 1000, 4096, &block), MR_OK);
  start = block.pointer;
  assert_int_equal(mr_reallocate_aligned(&cached.base, &block, 10, 4096), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_deallocate_aligned(&cached.base, &block, 4096), MR_OK);
}

static void shrinking_needs_no_memory(void **state) {
  (void)state;
  if (!has_spans()) return;
  mr_region block = take(600);
  const void *start = block.pointer;
  parent.fail_at = parent.requests + 1;
  parent.fails_on = true;
  assert_int_equal(mr_reallocate(&cached.base, &block, 10), MR_OK);
  assert_ptr_equal(block.pointer, start);
  parent.fail_at = 0;
  give(block);
}

static void large_blocks_are_the_parents(void **state) {
  (void)state;
  mr_region block = take(100000), moved = block;
  assert_int_equal(used(), 100000);
  assert_int_equal(mr_allocator_owns(&cached.base, mr_view_of((char *)block.pointer + 7, 99993)),
                   MR_OWNS_YES);
  assert_int_equal(mr_reallocate(&cached.base, &moved, 200000), MR_OK);
  assert_int_equal(used(), 200000);
  assert_int_equal(mr_reallocate(&cached.base, &moved, 150000), MR_OK);
  assert_int_equal(used(), 150000);
  assert_int_equal(((unsigned char *)moved.pointer)[99999], 0x5A);
  give(moved);
  assert_int_equal(used(), 0);
}

static void many_large_blocks_are_all_remembered(void **state) {
  (void)state;
  enum { COUNT = 300 };
  static mr_region blocks[COUNT];
  for (size_t i = 0; i < COUNT; i++) blocks[i] = take(40000 + i);
  for (size_t i = 0; i < COUNT; i += 2) give(blocks[i]);
  assert_int_equal(mr_allocator_check(&cached.base, NULL), MR_OK);
  for (size_t i = 1; i < COUNT; i += 2) give(blocks[i]);
  assert_int_equal(used(), 0);
  assert_int_equal(total(), 0);
}

static void large_blocks_move_as_the_parent_moves_them(void **state) {
  (void)state;
  mr_cached over_system;
  mr_region block;
  assert_int_equal(mr_cached_init(&over_system, NULL), MR_OK);
  assert_int_equal(mr_allocate(&over_system.base, 100000, &block), MR_OK);
  memset(block.pointer, 7, 100000);
  assert_int_equal(mr_reallocate(&over_system.base, &block, 5000000), MR_OK);
  assert_int_equal(((unsigned char *)block.pointer)[99999], 7);
  assert_int_equal(mr_deallocate(&over_system.base, &block), MR_OK);
  mr_cached_fini(&over_system);
}

/* Spans. */

static void *release_all(void *context) {
  mr_region *blocks = context;
  for (; blocks->pointer; blocks++) assert_int_equal(mr_deallocate(&cached.base, blocks), MR_OK);
  return NULL;
}

static void *allocate_one_and_release_it(void *context) {
  give(take(*(const size_t *)context));
  return NULL;
}

static void sixteen_free_spans_are_kept(void **state) {
  (void)state;
  if (!has_spans()) return;
  enum { COUNT = 4 * 30 };
  static mr_region blocks[COUNT + 1];
  for (size_t i = 0; i < COUNT; i++) blocks[i] = take(16384);
  assert_int_equal(total(), 30 * SPAN);
  run_in_thread(release_all, blocks);
  assert_int_equal(total(), 16 * SPAN);

  /* For other classes too. */
  const size_t requests = parent.requests;
  give(take(4096));
  assert_int_equal(total(), 16 * SPAN);
  assert_true(parent.requests <= requests + 2);
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_int_equal(total(), 0);
}

static void free_spans_make_room_for_large_blocks(void **state) {
  (void)state;
  if (!has_spans()) return;
  size_t size = 48;
  give(take(100000));
  run_in_thread(allocate_one_and_release_it, &size);
  assert_int_equal(total(), SPAN);
  parent.fail_at = parent.requests + 1;
  give(take(100000));
  assert_int_equal(total(), 0);
}

/* A parent whose spans lie far from each other, so that some have to share a place in the allocator's table. */
enum { PLACES = 4096 };
static bool is_taken[PLACES];
static unsigned char *places;
static const mr_allocator_ops *below;

static mr_region allocate_scattered(mr_allocator *self, size_t size, size_t alignment,
                                    unsigned flags) {
  static uint32_t random = 1;
  if (alignment != SPAN) return below->allocate(self, size, alignment, flags);
  do random = random * 1664525 + 1013904223;
  while (is_taken[random >> 20]);
  is_taken[random >> 20] = true;
  return mr_region_of(places + (random >> 20) * SPAN, size);
}

static mr_status release_scattered(mr_allocator *self, mr_region block, size_t alignment) {
  if (alignment != SPAN) return below->release(self, block, alignment);
  is_taken[(size_t)((unsigned char *)block.pointer - places) / SPAN] = false;
  return MR_OK;
}

static void many_spans_are_all_found(void **state) {
  (void)state;
  if (!has_spans()) return;
  enum { COUNT = 1500 };
  static mr_region blocks[COUNT];
  mr_region memory;
  /* Most of it is never touched. */
  assert_int_equal(mr_allocate_aligned(NULL, PLACES * SPAN, SPAN, &memory), MR_OK);
  places = memory.pointer;
  below = parent.base.ops;
  mr_allocator_ops scattered = *below;
  scattered.allocate = allocate_scattered;
  scattered.release = release_scattered;
  parent.base.ops = &scattered;

  for (size_t i = 0; i < COUNT; i++) {
    blocks[i] = mr_region_of(NULL, 0);
    assert_int_equal(mr_allocate(&cached.base, 32768, &blocks[i]), MR_OK);
  }
  /* Both blocks of every third span. */
  for (size_t i = 0; i < COUNT; i++) {
    if (i / 2 % 3 == 0) give(blocks[i]);
  }
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_int_equal(mr_allocator_check(&cached.base, NULL), MR_OK);
  for (size_t i = 0; i < COUNT; i++) {
    if (i / 2 % 3 != 0) give(blocks[i]);
  }
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_int_equal(total(), 0);
  parent.base.ops = below;
  assert_int_equal(mr_deallocate_aligned(NULL, &memory, SPAN), MR_OK);
}

static void owns_what_was_asked_for(void **state) {
  (void)state;
  mr_region block = take(50);
  const unsigned char *start = block.pointer;
  assert_int_equal(mr_allocator_owns(&cached.base, mr_view_of(start + 10, 40)), MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(&cached.base, mr_view_of(start + 10, 41)), MR_OWNS_NO);
  assert_int_equal(mr_allocator_owns(&cached.base, mr_view_of(start, SIZE_MAX)), MR_OWNS_NO);
  give(block);
  assert_int_equal(mr_allocator_owns(&cached.base, mr_view_of(start, 50)), MR_OWNS_NO);
  assert_int_equal(mr_allocator_owns(&cached.base, mr_view_of(&cached, 8)), MR_OWNS_NO);
}

/* Misuse. */

static void assert_corrupt(mr_region block, size_t alignment) {
  const mr_region kept = block;
  const size_t before = used();
  assert_int_equal(mr_deallocate_aligned(&cached.base, &block, alignment), MR_CORRUPT);
  assert_memory_equal(&block, &kept, sizeof kept);
  assert_int_equal(used(), before);
}

static const size_t misused_sizes[] = {1, 16, 48, 100, 3000, 32768, 40000, 100000};
enum { MISUSED = sizeof misused_sizes / sizeof *misused_sizes };

static void a_second_release_is_found(void **state) {
  (void)state;
  for (size_t i = 0; i < MISUSED; i++) {
    mr_region block = take(misused_sizes[i]), again = block;
    give(block);
    assert_corrupt(again, 16);
  }
}

static void a_second_release_is_found_when_the_block_is_home(void **state) {
  (void)state;
  mr_region kept = take(48), block = take(48), again = block;
  give(block);
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_corrupt(again, 16);
  again = kept;
  give(kept);
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_corrupt(again, 16);
}

static void another_size_is_found(void **state) {
  (void)state;
  for (size_t i = 0; i < MISUSED; i++) {
    mr_region block = take(misused_sizes[i]);
    const size_t sizes[] = {block.size + 1, block.size - 1, block.size * 2, 70000, PTRDIFF_MAX};
    for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
      if (sizes[j] > 0) assert_corrupt(mr_region_of(block.pointer, sizes[j]), 16);
    }
    give(block);
  }
}

static void a_size_that_differs_by_65536_is_found(void **state) {
  (void)state;
  mr_region block = take(100);
  assert_corrupt(mr_region_of(block.pointer, 100 + SPAN), 16);
  assert_corrupt(mr_region_of(block.pointer, 100 + ((size_t)1 << 31 << 1)), 16);
  give(block);
}

static void a_free_block_is_of_no_size(void **state) {
  (void)state;
  mr_region kept = take(64), block = take(64);
  const unsigned char *never_taken = (unsigned char *)kept.pointer + 64 * 100;
  give(block);
  for (size_t size = 1; size <= 2 * SPAN; size++) {
    assert_corrupt(mr_region_of(block.pointer, size), 16);
    if (has_spans()) assert_corrupt(mr_region_of((void *)(uintptr_t)never_taken, size), 16);
  }
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  for (size_t size = 1; size <= 2 * SPAN; size++)
    assert_corrupt(mr_region_of(block.pointer, size), 16);
  give(kept);
}

static void what_lies_within_a_block_is_found(void **state) {
  (void)state;
  for (size_t i = 0; i < MISUSED; i++) {
    mr_region block = take(misused_sizes[i]);
    for (size_t offset = 1; offset < block.size && offset <= 64; offset++) {
      mr_region part = {(char *)block.pointer + offset, block.size - offset};
      assert_corrupt(part, 1);
      assert_corrupt(mr_region_of(part.pointer, block.size), 1);
    }
    give(block);
  }
}

static void what_was_never_handed_out_is_found(void **state) {
  (void)state;
  static char mine[64];
  assert_corrupt(mr_region_of(mine, sizeof mine), 16);
  mr_region block = take(48);
  assert_corrupt(mr_region_of(mine, sizeof mine), 16);
  /* Nobody may read what is there. */
  assert_corrupt(mr_region_of((void *)(uintptr_t)16, 48), 16);
  assert_corrupt(mr_region_of((void *)(UINTPTR_MAX - 63), 48), 16);
  if (has_spans()) {
    unsigned char *span = (unsigned char *)block.pointer - ((uintptr_t)block.pointer & (SPAN - 1));
    for (size_t offset = 0; offset < SPAN; offset += 16) {
      if (span + offset != block.pointer) assert_corrupt(mr_region_of(span + offset, 48), 16);
    }
    assert_corrupt(mr_region_of(span + SPAN - 16, 16), 16);
  }
  give(block);
}

static void another_alignment_is_found_where_it_shows(void **state) {
  (void)state;
  mr_region blocks[2] = {take(48), take(48)};
  for (size_t i = 0; i < 2; i++) {
    if (!mr_is_aligned(mr_region_view(blocks[i]), 32)) assert_corrupt(blocks[i], 32);
    give(blocks[i]);
  }
  mr_region large = take(100000);
  assert_corrupt(large, 32);
  give(large);
}

static void what_is_no_block_does_not_change_its_size(void **state) {
  (void)state;
  mr_region block = take(600);
  mr_region wrong = {block.pointer, 599};
  assert_int_equal(mr_reallocate(&cached.base, &wrong, 620), MR_CORRUPT);
  assert_int_equal(mr_reallocate(&cached.base, &wrong, 10), MR_CORRUPT);
  assert_int_equal(wrong.size, 599);
  give(block);
  mr_region large = take(100000);
  wrong = mr_region_of(large.pointer, 99999);
  assert_int_equal(mr_reallocate(&cached.base, &wrong, 100), MR_CORRUPT);
  give(large);
}

/* Coming and going. */

static void one_made_anew_in_the_same_place_has_nothing_of_the_old(void **state) {
  (void)state;
  for (int round = 0; round < 3; round++) {
    mr_region block = take(48);
    assert_int_equal(used(), mr_good_size(&cached.base, 48, 16));
    give(block);
    mr_cached_fini(&cached);
    test_allocator_fini(&parent);
    init_with((mr_cached_options){.magazine_size = 100});
  }
}

/* Without memory. */

/* 0 where all went well, else MR_OUT_OF_MEMORY; nothing is left either way. */
static mr_status live_a_life(void) {
  static mr_region blocks[200];
  mr_status status =
      mr_cached_init(&cached, &(mr_cached_options){&parent.base, &records.base, 100});
  if (status != MR_OK) return status;
  size_t count = 0;
  for (; count < 200 && status == MR_OK; count++)
    status = mr_allocate(&cached.base, count % 3 ? count + 1 : 5000 * count + 1, &blocks[count]);
  if (status != MR_OK) count--;
  for (size_t i = 0; i < count; i++) give(blocks[i]);
  assert_int_equal(mr_allocator_check(&cached.base, NULL), MR_OK);
  assert_int_equal(used(), 0);
  mr_cached_fini(&cached);
  return status;
}

static void sweep(test_allocator *failing, bool fails_on) {
  for (size_t n = 1;; n++) {
    test_allocator_init(&parent);
    test_allocator_init(&records);
    failing->fail_at = n;
    failing->fails_on = fails_on;
    mr_status status = live_a_life();
    assert_true(status == MR_OK || status == MR_OUT_OF_MEMORY);
    const bool is_over = failing->requests < n;
    test_allocator_fini(&parent);
    test_allocator_fini(&records);
    if (!is_over) continue;
    assert_int_equal(status, MR_OK);
    assert_true(n > 3);
    return;
  }
}

static void every_failure_leaves_all_as_it_was(void **state) {
  (void)state;
  sweep(&parent, false);
  sweep(&parent, true);
  sweep(&records, false);
  sweep(&records, true);
}

static void a_failure_to_begin_changes_nothing(void **state) {
  (void)state;
  mr_cached kept;
  test_allocator_init(&parent);
  memset(&cached, 0x5A, sizeof cached);
  memcpy(&kept, &cached, sizeof kept);
  mr_cached_options options = {.parent = &parent.base};
  for (size_t n = 1; n <= 2; n++) {
    parent.fail_at = parent.requests + n;
    assert_int_equal(mr_cached_init(&cached, &options), MR_OUT_OF_MEMORY);
    assert_memory_equal(&cached, &kept, sizeof kept);
  }
  test_allocator_fini(&parent);
}

static void systems_have_keys_for_so_many_only(void **state) {
  (void)state;
  enum { MOST = 5000 };
  static mr_cached all[MOST];
  size_t count = 0;
  mr_status status = MR_OK;
  while (count < MOST && (status = mr_cached_init(&all[count], NULL)) == MR_OK) count++;
  assert_true(count == MOST || status == MR_SYSTEM_ERROR);
  assert_true(count > 10);
  while (count > 0) mr_cached_fini(&all[--count]);
}

static void all_goes_back_at_the_end(void **state) {
  (void)state;
  test_allocator_init(&parent);
  test_allocator_init(&records);
  mr_cached_options options = {.parent = &parent.base, .records = &records.base};
  assert_int_equal(mr_cached_init(&cached, &options), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  take(48);
  take(3000);
  take(100000);
  give(take(48));
  assert_true(mr_cached_is_sound(&cached));
  assert_int_equal(mr_allocator_destroy(&cached.base), MR_OK);
  assert_false(mr_cached_is_sound(&cached));
  mr_cached_fini(&cached);
  test_allocator_fini(&parent);
  test_allocator_fini(&records);
}

static void the_current_allocator_as_parent_is_the_one_at_init(void **state) {
  (void)state;
  test_allocator_init(&parent);
  mr_cached_options options = {.parent = MR_CURRENT, .records = MR_CURRENT};
  mr_set_current_allocator(&parent.base);
  assert_int_equal(mr_cached_init(&cached, &options), MR_OK);
  mr_set_current_allocator(NULL);
  give(take(48));
  assert_true(parent.live_blocks > 0);
  mr_cached_fini(&cached);
  test_allocator_fini(&parent);
}

static void damage_is_found(void **state) {
  (void)state;
  mr_condition condition;
  const mr_cached kept = cached;
  cached.id++;
  assert_false(mr_cached_is_sound(&cached));
  assert_int_equal(mr_allocator_check(&cached.base, &condition), MR_CORRUPT);
  assert_ptr_equal(condition.subject, &cached);
  cached = kept;
  cached.center = NULL;
  assert_int_equal(mr_allocator_check(&cached.base, NULL), MR_CORRUPT);
  cached = kept;
}

/* The suites. */

static mr_allocator *make(void) {
  init_with((mr_cached_options){.magazine_size = 0});
  return &cached.base;
}

static mr_allocator *make_with_small_magazines(void) {
  init_with((mr_cached_options){.magazine_size = 1});
  return &cached.base;
}

static mr_allocator *make_with_huge_magazines(void) {
  init_with((mr_cached_options){.magazine_size = SIZE_MAX});
  return &cached.base;
}

static void unmake(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_trim(allocator), MR_OK);
  mr_cached_fini((mr_cached *)allocator);
  test_allocator_fini(&parent);
}

static mr_allocator *make_over_system(void) {
  assert_int_equal(mr_cached_init(&cached, NULL), MR_OK);
  return &cached.base;
}

static void unmake_over_system(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
}

/* A parent that has no memory for spans. */
static const mr_allocator_ops *whole;

static mr_region allocate_no_span(mr_allocator *self, size_t size, size_t alignment,
                                  unsigned flags) {
  return alignment < SPAN ? whole->allocate(self, size, alignment, flags) : mr_region_of(NULL, 0);
}

static mr_allocator *make_without_spans(void) {
  static mr_allocator_ops narrow;
  init_with((mr_cached_options){.magazine_size = 0});
  whole = parent.base.ops;
  narrow = *whole;
  narrow.allocate = allocate_no_span;
  parent.base.ops = &narrow;
  return &cached.base;
}

static mr_bump bump;

static mr_allocator *make_over_little_memory(void) {
  static unsigned char storage[2000000];
  mr_cached_options options = {.parent = &bump.base, .records = NULL};
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  assert_int_equal(mr_cached_init(&cached, &options), MR_OK);
  return &cached.base;
}

static void unmake_over_little_memory(mr_allocator *allocator) {
  mr_cached_fini((mr_cached *)allocator);
  mr_bump_fini(&bump);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(sizes_are_rounded_up_by_at_most_a_quarter, set_up, tear_down),
      cmocka_unit_test_setup_teardown(blocks_of_every_size_can_be_written_whole, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_class_fills_its_span, set_up, tear_down),
      cmocka_unit_test_setup_teardown(alignments_are_those_of_a_class_that_has_them, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_block_grows_and_shrinks_in_place_within_its_class, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(what_no_smaller_class_is_for_stays_in_place, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(shrinking_needs_no_memory, set_up, tear_down),
      cmocka_unit_test_setup_teardown(large_blocks_are_the_parents, set_up, tear_down),
      cmocka_unit_test_setup_teardown(many_large_blocks_are_all_remembered, set_up, tear_down),
      cmocka_unit_test(large_blocks_move_as_the_parent_moves_them),
      cmocka_unit_test_setup_teardown(sixteen_free_spans_are_kept, set_up, tear_down),
      cmocka_unit_test_setup_teardown(free_spans_make_room_for_large_blocks, set_up, tear_down),
      cmocka_unit_test_setup_teardown(many_spans_are_all_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(owns_what_was_asked_for, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_second_release_is_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_second_release_is_found_when_the_block_is_home, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(another_size_is_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_size_that_differs_by_65536_is_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_free_block_is_of_no_size, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_lies_within_a_block_is_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_was_never_handed_out_is_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(another_alignment_is_found_where_it_shows, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_is_no_block_does_not_change_its_size, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_made_anew_in_the_same_place_has_nothing_of_the_old,
                                      set_up, tear_down),
      cmocka_unit_test(every_failure_leaves_all_as_it_was),
      cmocka_unit_test(a_failure_to_begin_changes_nothing),
      cmocka_unit_test(systems_have_keys_for_so_many_only),
      cmocka_unit_test(all_goes_back_at_the_end),
      cmocka_unit_test(the_current_allocator_as_parent_is_the_one_at_init),
      cmocka_unit_test_setup_teardown(damage_is_found, set_up, tear_down),
  };
#define ALL_BUT_MARKS                                                                    \
  .can_tell_usage = true, .can_tell_minimum = true, .can_clear = true, .can_trim = true, \
  .can_walk = true, .can_check = true
  static allocator_fixture fixtures[] = {
      {"cached", make, unmake, ALL_BUT_MARKS},
      {"cached with small magazines", make_with_small_magazines, unmake, ALL_BUT_MARKS},
      {"cached with huge magazines", make_with_huge_magazines, unmake, ALL_BUT_MARKS},
      {"cached over system", make_over_system, unmake_over_system, ALL_BUT_MARKS},
  };
  static const allocator_fixture poor[] = {
      {.name = "cached without spans", .make = make_without_spans, .unmake = unmake},
      {.name = "cached over little memory",
       .make = make_over_little_memory,
       .unmake = unmake_over_little_memory},
  };
  int failed = cmocka_run_group_tests_name("cached", tests, NULL, NULL);
  mr_allocator *one = make();
  const bool is_watched = !has_spans();
  unmake(one);
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
    fixtures[i].moves_after_clear = is_watched;
    failed += allocator_conformance(&fixtures[i]) + allocator_random(&fixtures[i]);
  }
  for (size_t i = 0; i < sizeof poor / sizeof *poor; i++) failed += allocator_random(&poor[i]);
  return failed != 0;
}

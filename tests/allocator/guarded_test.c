/* For setenv. */
#define _XOPEN_SOURCE 700

#include "memregions/guarded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "allocator_conformance.h"
#include "allocator_random.h"
#include "failing_allocator.h"
#include "memregions/bump.h"
#include "support.h"
#include "tools.h"

/* What a guarded allocator hands out, takes back and tells. What faults is in fault_test.c. */

static test_allocator parent;
static mr_bump bump;
static mr_guarded guarded;
static size_t page;

static void init_with(mr_guarded_options options) {
  page = (size_t)sysconf(_SC_PAGESIZE);
  test_allocator_init(&parent);
  parent.answers_misuse = true;
  if (!options.parent) options.parent = &parent.base;
  assert_int_equal(mr_guarded_init(&guarded, &options), MR_OK);
}

static void init(void) { init_with((mr_guarded_options){.interval = 0}); }

static void fini(void) {
  assert_true(mr_guarded_is_sound(&guarded));
  assert_int_equal(mr_allocator_check(&guarded.base, NULL), MR_OK);
  mr_guarded_fini(&guarded);
  test_allocator_fini(&parent);
}

static mr_region take_aligned(size_t size, size_t alignment) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate_aligned(&guarded.base, size, alignment, &block), MR_OK);
  return block;
}

static mr_region take(size_t size) { return take_aligned(size, MR_DEFAULT_ALIGNMENT); }

static void give(mr_region block) { assert_int_equal(mr_deallocate(&guarded.base, &block), MR_OK); }

static size_t used_now(void) {
  size_t used = SIZE_MAX;
  assert_int_equal(mr_used_space(&guarded.base, &used), MR_OK);
  return used;
}

static uintptr_t offset_in_page(const void *address) { return (uintptr_t)address % page; }

static mr_status release(mr_region block, size_t alignment) {
  mr_region region = block;
  mr_status status = mr_deallocate_aligned(&guarded.base, &region, alignment);
  if (status != MR_OK) assert_memory_equal(&region, &block, sizeof block);
  return status;
}

/* Where blocks lie. */

static void a_block_ends_where_its_last_page_does(void **state) {
  (void)state;
  init();
  static const size_t sizes[] = {1, 100, 4096, 5000, 100000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    mr_region block = take_aligned(sizes[i], 1);
    assert_int_equal(offset_in_page(mr_region_end(block)), 0);
    assert_int_equal(release(block, 1), MR_OK);
    block = take(sizes[i]);
    assert_int_equal(offset_in_page(mr_region_end(block)), (page - (-sizes[i] & 15)) % page);
    give(block);
  }
  fini();
}

static void a_block_starts_where_its_first_page_does_if_asked(void **state) {
  (void)state;
  init_with((mr_guarded_options){.side = MR_GUARDED_START});
  for (size_t size = 1; size <= 100000; size *= 10) {
    mr_region block = take(size);
    assert_int_equal(offset_in_page(block.pointer), 0);
    give(block);
  }
  fini();
}

static void alignments_above_a_page_hold_on_both_sides(void **state) {
  (void)state;
  for (int side = MR_GUARDED_END; side <= MR_GUARDED_START; side++) {
    init_with((mr_guarded_options){.side = (mr_guarded_side)side});
    for (size_t alignment = page; alignment <= 1024 * page; alignment *= 4) {
      mr_region block = take_aligned(page + 100, alignment);
      assert_true(mr_is_aligned(mr_region_view(block), alignment));
      memset(block.pointer, 7, block.size);
      assert_int_equal(release(block, alignment), MR_OK);
    }
    assert_int_equal(mr_guarded_missed(&guarded), 0);
    fini();
  }
}

static void a_block_moves_whenever_its_size_changes(void **state) {
  (void)state;
  init();
  mr_region block = take(100);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&guarded.base, &block, 100), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_reallocate(&guarded.base, &block, 99), MR_OK);
  assert_ptr_not_equal(block.pointer, start);
  give(block);
  fini();
}

static void addresses_are_used_again_after_as_many_releases_as_asked(void **state) {
  (void)state;
  enum { QUARANTINE = 50 };
  init_with((mr_guarded_options){.quarantine = QUARANTINE});
  mr_region first = take(100);
  give(first);
  for (int i = 0; i < QUARANTINE; i++) {
    mr_region block = take(200);
    assert_int_not_equal((uintptr_t)block.pointer / page, (uintptr_t)first.pointer / page);
    give(block);
  }
  mr_region again = take(100);
  assert_ptr_equal(again.pointer, first.pointer);
  give(again);
  fini();
}

static void blocks_used_again_are_zero_if_asked(void **state) {
  (void)state;
  init_with((mr_guarded_options){.quarantine = 1});
  for (int i = 0; i < 5; i++) {
    mr_region block;
    assert_int_equal(mr_allocate_zeroed(&guarded.base, 5000, &block), MR_OK);
    for (size_t j = 0; j < block.size; j++)
      assert_int_equal(((unsigned char *)block.pointer)[j], 0);
    memset(block.pointer, 1, block.size);
    give(block);
  }
  fini();
}

static void usage_is_the_pages_of_live_blocks(void **state) {
  (void)state;
  init();
  mr_region small = take(1), large = take(page + 1);
  assert_int_equal(used_now(), 3 * page);
  give(small);
  assert_int_equal(used_now(), 2 * page);
  give(large);
  assert_int_equal(used_now(), 0);
  fini();
}

static void only_a_live_blocks_own_octets_are_owned(void **state) {
  (void)state;
  init();
  mr_region block = take(100);
  unsigned char *start = block.pointer;
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_region_view(block)), MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_view_of(start + 99, 1)), MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_view_of(start + 99, 2)), MR_OWNS_NO);
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_view_of(start - 1, 2)), MR_OWNS_NO);
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_view_of(&page, 1)), MR_OWNS_NO);
  give(block);
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_view_of(start, 1)), MR_OWNS_NO);
  fini();
}

/* Misuse that is detected. */

static void releasing_twice_is_corrupt(void **state) {
  (void)state;
  init();
  mr_region block = take(100);
  give(block);
  assert_int_equal(release(block, 16), MR_CORRUPT);
  fini();
}

static void releasing_another_size_or_alignment_is_corrupt(void **state) {
  (void)state;
  init();
  mr_region block = take(100);
  assert_int_equal(release(mr_region_of(block.pointer, 99), 16), MR_CORRUPT);
  assert_int_equal(release(mr_region_of(block.pointer, 101), 16), MR_CORRUPT);
  assert_int_equal(release(block, 8), MR_CORRUPT);
  assert_int_equal(release(block, 32), MR_CORRUPT);
  assert_int_equal(used_now(), page);
  give(block);
  fini();
}

static void releasing_what_is_no_block_is_corrupt(void **state) {
  (void)state;
  init();
  char mine[16];
  mr_region block = take(100);
  unsigned char *start = block.pointer;
  assert_int_equal(release(mr_region_of(start + 16, 84), 16), MR_CORRUPT);
  assert_int_equal(release(mr_region_of(start - 16, 116), 16), MR_CORRUPT);
  assert_int_equal(release(mr_region_of(start + 100 * page, 100), 16), MR_CORRUPT);
  assert_int_equal(release(mr_region_of(mine, sizeof mine), 16), MR_CORRUPT);
  give(block);
  fini();
}

/* Tools that watch memory report such a write themselves, at once. */
#define SKIP_IF_WATCHED     \
  if (guarded.is_watched) { \
    fini();                 \
    skip();                 \
  }

static void assert_damage_is_found(mr_region block, size_t alignment, unsigned char *at) {
  const unsigned char kept = *at;
  mr_condition condition;
  mr_fault fault;
  *at = (unsigned char)(kept + 1);

  assert_int_equal(release(block, alignment), MR_CORRUPT);
  assert_int_equal(mr_allocator_check(&guarded.base, NULL), MR_CORRUPT);
  assert_int_equal(mr_allocator_check(&guarded.base, &condition), MR_CORRUPT);
  assert_int_equal(condition.status, MR_CORRUPT);
  assert_ptr_equal(condition.subject, at);
  assert_int_equal(mr_guarded_describe(&guarded, condition.subject, &fault), MR_OK);
  assert_ptr_equal(fault.block.pointer, block.pointer);

  *at = kept;
  assert_int_equal(mr_allocator_check(&guarded.base, NULL), MR_OK);
}

static void a_write_beside_a_block_is_found(void **state) {
  (void)state;
  for (int side = MR_GUARDED_END; side <= MR_GUARDED_START; side++) {
    init_with((mr_guarded_options){.side = (mr_guarded_side)side});
    SKIP_IF_WATCHED
    mr_region other = take(50);
    mr_region block = take(page + 101);
    unsigned char *start = block.pointer;
    if (side == MR_GUARDED_END) assert_damage_is_found(block, 16, start - 1);
    assert_damage_is_found(block, 16, start + block.size);
    assert_damage_is_found(block, 16, start + block.size + 10);
    give(block);
    give(other);
    fini();
  }
}

static void damage_to_the_parent_is_found(void **state) {
  (void)state;
  static unsigned char storage[1000];
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_guarded_options){.parent = &bump.base});
  const mr_bump kept = bump;
  bump.window.cursor = bump.window.end + 1;
  assert_int_equal(mr_allocator_check(&guarded.base, NULL), MR_CORRUPT);
  bump = kept;
  fini();
  mr_bump_fini(&bump);
}

static void damage_to_itself_is_found(void **state) {
  (void)state;
  init();
  mr_condition condition;
  guarded.used = 1;
  assert_false(mr_guarded_is_sound(&guarded));
  assert_int_equal(mr_allocator_check(&guarded.base, &condition), MR_CORRUPT);
  guarded.used = 0;
  fini();
}

/* Where not every block can be guarded. */

static void what_there_are_no_addresses_for_comes_from_the_parent(void **state) {
  (void)state;
  init_with((mr_guarded_options){.reserve = 1});
  mr_region first = take(page);
  mr_region second = take(100);
  assert_int_equal(parent.live_blocks, 1);
  assert_int_equal(mr_guarded_missed(&guarded), 1);
  assert_int_equal(used_now(), page + 100);
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_region_view(second)), MR_OWNS_UNKNOWN);

  give(first);
  mr_region third = take(100);
  assert_int_equal(parent.live_blocks, 1);

  give(second);
  give(third);
  assert_int_equal(used_now(), 0);
  assert_int_equal(mr_guarded_missed(&guarded), 1);
  fini();
}

static void no_block_lies_in_the_last_page(void **state) {
  (void)state;
  init_with((mr_guarded_options){.reserve = 4 * 4096});
  mr_region first = take(1), second = take(1);
  assert_int_equal(mr_guarded_missed(&guarded), 1);
  give(first);
  give(second);
  fini();
}

static void no_more_are_guarded_at_once_than_asked(void **state) {
  (void)state;
  mr_region blocks[10];
  init_with((mr_guarded_options){.most = 7});
  for (size_t i = 0; i < 10; i++) blocks[i] = take(100);
  assert_int_equal(mr_guarded_missed(&guarded), 3);
  assert_int_equal(parent.live_blocks, 3);
  for (size_t i = 0; i < 10; i++) give(blocks[i]);
  fini();
}

static void large_blocks_that_do_not_fit_come_from_the_parent(void **state) {
  (void)state;
  init_with((mr_guarded_options){.reserve = 100 * 4096});
  mr_region block = take(200 * page);
  assert_int_equal(parent.live_blocks, 1);
  mr_region aligned = take_aligned(10, 256 * page);
  assert_int_equal(parent.live_blocks, 2);
  give(block);
  assert_int_equal(release(aligned, 256 * page), MR_OK);
  fini();
}

static void small_blocks_use_what_larger_ones_leave(void **state) {
  (void)state;
  mr_region blocks[16];
  init_with((mr_guarded_options){.reserve = 20 * 4096});
  give(take(16 * page));
  for (size_t i = 0; i < 3; i++) blocks[i] = take(1);
  assert_int_equal(mr_guarded_missed(&guarded), 1);
  for (size_t i = 0; i < 3; i++) give(blocks[i]);
  fini();
}

static void without_any_memory_nothing_changes(void **state) {
  (void)state;
  mr_region out = {NULL, 77};
  init_with((mr_guarded_options){.reserve = 1});
  mr_region block = take(10);
  parent.fail_at = parent.requests + 1;
  parent.fails_on = true;
  assert_int_equal(mr_allocate(&guarded.base, 10, &out), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_reallocate(&guarded.base, &block, 20), MR_OUT_OF_MEMORY);
  assert_int_equal(out.size, 77);
  assert_int_equal(block.size, 10);
  assert_int_equal(mr_guarded_missed(&guarded), 0);
  assert_int_equal(used_now(), page);
  give(block);
  fini();
}

/* The most mappings that the system lets a process have; 0 where it does not say. */
static size_t most_mappings(void) {
  size_t most = 0;
  FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
  if (!file) return 0;
  if (fscanf(file, "%zu", &most) != 1) most = 0; /* NOLINT(cert-err34-c) */
  (void)fclose(file);
  return most;
}

static void without_more_mappings_blocks_come_from_the_parent_and_go_back(void **state) {
  (void)state;
  enum { MOST = 50000 };
  static mr_region blocks[MOST];
  const size_t mappings = most_mappings();
  init_with((mr_guarded_options){.most = MOST});
  /* Tools need mappings themselves; and where there can be more, it would take long. */
  if (guarded.is_watched || UNDER_THREAD_SANITIZER || mappings == 0 || mappings > 70000) {
    fini();
    skip();
  }
  size_t guarded_before = 0;
  for (int round = 0; round < 2; round++) {
    const size_t missed = mr_guarded_missed(&guarded);
    size_t count = 0;
    while (mr_guarded_missed(&guarded) < missed + 100) blocks[count++] = take(100);
    for (size_t i = 0; i < count; i++) give(blocks[i]);
    /* What was released can all be guarded again. */
    assert_true(count > mappings / 3 && count + 100 >= guarded_before);
    guarded_before = count;
  }
  fini();
}

/* What the process may have of memory that it can write, and what it had before. */
static rlim_t limit_data(rlim_t limit) {
  struct rlimit at;
  assert_int_equal(getrlimit(RLIMIT_DATA, &at), 0);
  const rlim_t before = at.rlim_cur;
  at.rlim_cur = limit;
  assert_int_equal(setrlimit(RLIMIT_DATA, &at), 0);
  return before;
}

static void without_memory_for_its_pages_a_block_is_the_parents(void **state) {
  (void)state;
  static unsigned char storage[100000];
  mr_region block = {NULL, 0};
  mr_guarded other;
  if (UNDER_THREAD_SANITIZER) skip();
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_guarded_options){.parent = &bump.base});

  const rlim_t before = limit_data(4096);
  mr_status status = mr_allocate(&guarded.base, 50000, &block);
  mr_status made = mr_guarded_init(&other, NULL);
  (void)limit_data(before);

  /* Valgrind and other systems count less. */
  const bool has_failed = made == MR_OUT_OF_MEMORY;
  if (!has_failed) mr_guarded_fini(&other);
  assert_int_equal(status, MR_OK);
  assert_int_equal(mr_guarded_missed(&guarded), has_failed);
  give(block);
  fini();
  mr_bump_fini(&bump);
  if (!has_failed) skip();
}

static void what_the_parent_gave_is_checked_by_it(void **state) {
  (void)state;
  init_with((mr_guarded_options){.reserve = 1});
  mr_region block = take(10), passed = take(10);
  assert_int_equal(release(mr_region_of(passed.pointer, 9), 16), MR_CORRUPT);
  assert_int_equal(release(mr_region_of(passed.pointer, 11), 16), MR_CORRUPT);
  assert_int_equal(used_now(), page + 10);
  give(passed);
  give(block);
  fini();
}

static void a_parent_that_knows_its_blocks_is_not_given_others(void **state) {
  (void)state;
  static unsigned char storage[1000];
  char mine[10];
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_guarded_options){.parent = &bump.base, .reserve = 1});
  mr_region block = take(10), passed = take(10);
  assert_int_equal(release(mr_region_of(mine, 10), 1), MR_CORRUPT);
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_region_view(passed)), MR_OWNS_YES);
  give(passed);
  give(block);
  fini();
  mr_bump_fini(&bump);
}

static void the_maximum_is_its_own_or_the_parents(void **state) {
  (void)state;
  size_t maximum = 0;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(NULL, 0)), MR_OK);
  init_with((mr_guarded_options){.parent = &bump.base, .reserve = 100 * 4096});
  assert_int_equal(mr_maximum_block_size(&guarded.base, &maximum), MR_OK);
  assert_true(maximum >= 32 * page && maximum <= 100 * page);
  give(take(maximum));
  mr_region out;
  assert_int_equal(mr_allocate(&guarded.base, maximum + 1, &out), MR_BLOCK_TOO_BIG);
  fini();
  mr_bump_fini(&bump);
}

/* Sampled. */

static void one_in_so_many_is_guarded(void **state) {
  (void)state;
  enum { COUNT = 100000, INTERVAL = 100 };
  size_t guarded_blocks = 0;
  init_with((mr_guarded_options){.interval = INTERVAL});
  for (int i = 0; i < COUNT; i++) {
    mr_region block = take(100);
    guarded_blocks += parent.live_blocks == 0;
    give(block);
  }
  /* Its standard deviation is 18. */
  assert_true(guarded_blocks > COUNT / INTERVAL - 120);
  assert_true(guarded_blocks < COUNT / INTERVAL + 120);
  assert_int_equal(mr_guarded_missed(&guarded), 0);
  fini();
}

static void the_largest_interval_guards_next_to_nothing(void **state) {
  (void)state;
  init_with((mr_guarded_options){.interval = SIZE_MAX});
  for (int i = 0; i < 100; i++) {
    mr_region block = take(10);
    assert_int_equal(parent.live_blocks, 1);
    give(block);
  }
  fini();
}

static void what_should_be_sampled_but_can_not_is_counted(void **state) {
  (void)state;
  mr_region blocks[100];
  init_with((mr_guarded_options){.interval = 2, .reserve = 1});
  for (size_t i = 0; i < 100; i++) blocks[i] = take(10);
  assert_int_equal(parent.live_blocks, 99);
  assert_true(mr_guarded_missed(&guarded) >= 25);
  for (size_t i = 0; i < 100; i++) give(blocks[i]);
  fini();
}

/* Takes blocks until one is guarded, and gives the others back. */
static mr_region take_a_guarded_one(size_t size) {
  for (;;) {
    const size_t before = parent.live_blocks;
    mr_region block = take(size);
    if (parent.live_blocks == before) return block;
    give(block);
  }
}

static void sampled_misuse_is_detected(void **state) {
  (void)state;
  init_with((mr_guarded_options){.interval = 10});
  mr_region block = take_a_guarded_one(100);
  assert_int_equal(release(mr_region_of(block.pointer, 99), 16), MR_CORRUPT);
  assert_int_equal(mr_allocator_owns(&guarded.base, mr_region_view(block)), MR_OWNS_YES);
  assert_false(guarded.base.ops->resize(&guarded.base, block, 101, 16));
  assert_null(guarded.base.ops->remap(&guarded.base, block, 101, 16).pointer);
  give(block);
  assert_int_equal(release(block, 16), MR_CORRUPT);
  fini();
}

static void sampled_usage_adds_to_the_parents(void **state) {
  (void)state;
  static unsigned char storage[10000];
  size_t total = 0, used = 0;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_guarded_options){.parent = &bump.base, .interval = 2, .quarantine = 1});
  for (int i = 0; i < 100; i++) take(16);
  assert_int_equal(mr_total_size(&guarded.base, &total), MR_OK);
  assert_int_equal(mr_used_space(&guarded.base, &used), MR_OK);
  size_t bumps = SIZE_MAX;
  assert_int_equal(mr_used_space(&bump.base, &bumps), MR_OK);
  assert_int_equal(used, bumps + (100 - bumps / 16) * page);
  assert_true(total > used);
  fini();
  mr_bump_fini(&bump);
}

static void sampled_blocks_grow_as_the_parents_do(void **state) {
  (void)state;
  static unsigned char storage[10000];
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_guarded_options){.parent = &bump.base, .interval = 1000000});
  mr_region block = take(16);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&guarded.base, &block, 160), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_good_size(&guarded.base, 17, 16), 32);
  give(block);
  fini();
  mr_bump_fini(&bump);
}

/* Telling. */

static mr_fault describe(const void *address) {
  mr_fault fault;
  assert_int_equal(mr_guarded_describe(&guarded, address, &fault), MR_OK);
  assert_ptr_equal(fault.address, address);
  return fault;
}

static void an_address_is_before_inside_or_after_a_block(void **state) {
  (void)state;
  init();
  mr_region block = take(100);
  const unsigned char *start = block.pointer;

  mr_fault before = describe(start - 3), inside = describe(start + 99),
           after = describe(start + 100);

  assert_int_equal(before.place, MR_FAULT_BEFORE);
  assert_int_equal(before.distance, 3);
  assert_int_equal(inside.place, MR_FAULT_INSIDE);
  assert_int_equal(inside.distance, 99);
  assert_int_equal(after.place, MR_FAULT_AFTER);
  assert_int_equal(after.distance, 0);
  assert_ptr_equal(before.block.pointer, start);
  assert_int_equal(before.block.size, 100);
  assert_int_equal(before.alignment, 16);
  give(block);
  fini();
}

static void a_released_block_is_known_with_both_stacks(void **state) {
  (void)state;
  init();
  mr_region block = take(100);
  mr_fault live = describe(block.pointer);
  give(block);
  mr_fault released = describe(block.pointer);

  assert_false(live.is_released);
  assert_true(live.allocated.depth > 2);
  assert_int_equal(live.released.depth, 0);
  assert_true(released.is_released);
  assert_memory_equal(&released.allocated, &live.allocated, sizeof live.allocated);
  assert_true(released.released.depth > 2);
  fini();
}

static void an_address_between_two_blocks_is_the_live_ones_or_the_nearers(void **state) {
  (void)state;
  init();
  mr_region low = take_aligned(page, 1), high = take_aligned(page, 1);
  const unsigned char *end = (unsigned char *)low.pointer + page;
  assert_ptr_equal(end + page, high.pointer);

  assert_ptr_equal(describe(end + 10).block.pointer, low.pointer);
  assert_ptr_equal(describe(end + page - 10).block.pointer, high.pointer);
  assert_int_equal(release(low, 1), MR_OK);
  assert_ptr_equal(describe(end + 10).block.pointer, high.pointer);
  assert_int_equal(release(high, 1), MR_OK);
  assert_ptr_equal(describe(end + 10).block.pointer, low.pointer);
  fini();
}

static void addresses_of_no_block_are_out_of_bounds(void **state) {
  (void)state;
  init();
  mr_fault fault = {.distance = 77};
  const void *inside = (const void *)(guarded.start + 10); /* NOLINT(performance-no-int-to-ptr) */
  assert_int_equal(mr_guarded_describe(&guarded, inside, &fault), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_guarded_describe(&guarded, &fault, &fault), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_guarded_describe(&guarded, NULL, &fault), MR_OUT_OF_BOUNDS);
  assert_int_equal(fault.distance, 77);
  fini();
}

static void a_fault_is_printed_with_block_and_stacks(void **state) {
  (void)state;
  static char buffer[50000];
  char expected[200];
  init();
  mr_region block = take(100);
  const unsigned char *start = block.pointer;
  give(block);
  mr_text text = mr_text_of(buffer, sizeof buffer);
  mr_fault fault = describe(start + 103);

  assert_int_equal(mr_fault_print(&fault, mr_text_write, &text), MR_OK);

  (void)snprintf(expected, sizeof expected,
                 "%p is 3 octets after a released block of 100 octets at %p\nallocated by\n  0x",
                 (const void *)(start + 103), (const void *)start);
  assert_memory_equal(buffer, expected, strlen(expected));
  assert_non_null(strstr(buffer, "\nreleased by\n  0x"));
  fini();
}

static void printing_ends_where_nothing_can_be_written(void **state) {
  (void)state;
  char buffer[300];
  init();
  mr_region block = take(100);
  mr_fault fault = describe(block.pointer);
  for (size_t room = 0; room < sizeof buffer; room += 50) {
    mr_text text = mr_text_of(buffer, room);
    assert_int_equal(mr_fault_print(&fault, mr_text_write, &text), MR_NO_SPACE);
  }
  give(block);
  fini();
}

/* Beginning and end. */

static void an_unknown_side_is_invalid(void **state) {
  (void)state;
  mr_guarded other;
  const mr_guarded_options options = {.side = (mr_guarded_side)2};
  assert_int_equal(mr_guarded_init(&other, &options), MR_INVALID_ARGUMENT);
}

static void addresses_that_can_not_be_had_are_out_of_memory(void **state) {
  (void)state;
  mr_guarded other;
  static const size_t sizes[] = {SIZE_MAX, PTRDIFF_MAX, PTRDIFF_MAX / 4, SIZE_MAX - 5000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    const mr_guarded_options options = {.reserve = sizes[i]};
    assert_int_equal(mr_guarded_init(&other, &options), MR_OUT_OF_MEMORY);
  }
}

static void it_works_over_the_system_and_as_the_current_one(void **state) {
  (void)state;
  mr_region block;
  assert_int_equal(mr_guarded_init(&guarded, NULL), MR_OK);
  mr_set_current_allocator(&guarded.base);
  assert_int_equal(mr_allocate(MR_CURRENT, 100, &block), MR_OK);
  assert_int_equal(mr_deallocate(MR_CURRENT, &block), MR_OK);
  mr_set_current_allocator(NULL);
  mr_guarded_fini(&guarded);
}

static void ending_again_does_nothing(void **state) {
  (void)state;
  init();
  take(10);
  take(20000);
  assert_int_equal(mr_allocator_destroy(&guarded.base), MR_OK);
  mr_guarded_fini(&guarded);
  assert_false(mr_guarded_is_sound(&guarded));
  test_allocator_fini(&parent);
}

/* What trimming answers is the parent's. */
static void trimming_is_the_parents(void **state) {
  (void)state;
  init();
  assert_int_equal(mr_allocator_trim(&guarded.base), MR_UNSUPPORTED);
  fini();
}

/* For the suites. */

static mr_allocator *make(void) {
  init();
  return &guarded.base;
}

static mr_allocator *make_with_underruns(void) {
  init_with((mr_guarded_options){.side = MR_GUARDED_START});
  return &guarded.base;
}

static mr_allocator *make_small(void) {
  init_with((mr_guarded_options){.reserve = 100 * 4096, .quarantine = 3});
  return &guarded.base;
}

static mr_allocator *make_sampled(void) {
  init_with((mr_guarded_options){.interval = 10});
  return &guarded.base;
}

static mr_allocator *make_small_sampled(void) {
  init_with((mr_guarded_options){.interval = 3, .reserve = 100 * 4096, .quarantine = 3});
  return &guarded.base;
}

static mr_allocator *make_sampled_over_bump(void) {
  static unsigned char storage[1000000];
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_guarded_options){.parent = &bump.base, .interval = 3});
  return &guarded.base;
}

static void unmake(mr_allocator *allocator) {
  assert_ptr_equal(allocator, &guarded.base);
  fini();
}

/* Each block is several calls of the system: random work is a tenth of what it is elsewhere. */
static void work_less(void) {
  const char *asked = getenv("MEMREGIONS_TEST_OPERATIONS");
  unsigned long operations = asked ? strtoul(asked, NULL, 10) : 100000;
  char tenth[32];
  (void)snprintf(tenth, sizeof tenth, "%lu", operations / 10);
  (void)setenv("MEMREGIONS_TEST_OPERATIONS", tenth, 1);
}

int main(void) {
  static const allocator_fixture fixtures[] = {
      {"guarded", make, unmake, .can_tell_usage = true, .can_check = true},
      {"guarded at the start", make_with_underruns, unmake, .can_tell_usage = true,
       .can_check = true},
      {"guarded in few addresses", make_small, unmake, .can_tell_usage = true, .can_check = true},
      {"sampled", make_sampled, unmake, .can_check = true},
      {"sampled in few addresses", make_small_sampled, unmake, .can_check = true},
  };
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_block_ends_where_its_last_page_does),
      cmocka_unit_test(a_block_starts_where_its_first_page_does_if_asked),
      cmocka_unit_test(alignments_above_a_page_hold_on_both_sides),
      cmocka_unit_test(a_block_moves_whenever_its_size_changes),
      cmocka_unit_test(addresses_are_used_again_after_as_many_releases_as_asked),
      cmocka_unit_test(blocks_used_again_are_zero_if_asked),
      cmocka_unit_test(usage_is_the_pages_of_live_blocks),
      cmocka_unit_test(only_a_live_blocks_own_octets_are_owned),
      cmocka_unit_test(releasing_twice_is_corrupt),
      cmocka_unit_test(releasing_another_size_or_alignment_is_corrupt),
      cmocka_unit_test(releasing_what_is_no_block_is_corrupt),
      cmocka_unit_test(a_write_beside_a_block_is_found),
      cmocka_unit_test(damage_to_the_parent_is_found),
      cmocka_unit_test(damage_to_itself_is_found),
      cmocka_unit_test(what_there_are_no_addresses_for_comes_from_the_parent),
      cmocka_unit_test(no_block_lies_in_the_last_page),
      cmocka_unit_test(no_more_are_guarded_at_once_than_asked),
      cmocka_unit_test(large_blocks_that_do_not_fit_come_from_the_parent),
      cmocka_unit_test(small_blocks_use_what_larger_ones_leave),
      cmocka_unit_test(without_any_memory_nothing_changes),
      cmocka_unit_test(without_more_mappings_blocks_come_from_the_parent_and_go_back),
      cmocka_unit_test(without_memory_for_its_pages_a_block_is_the_parents),
      cmocka_unit_test(what_the_parent_gave_is_checked_by_it),
      cmocka_unit_test(a_parent_that_knows_its_blocks_is_not_given_others),
      cmocka_unit_test(the_maximum_is_its_own_or_the_parents),
      cmocka_unit_test(one_in_so_many_is_guarded),
      cmocka_unit_test(the_largest_interval_guards_next_to_nothing),
      cmocka_unit_test(what_should_be_sampled_but_can_not_is_counted),
      cmocka_unit_test(sampled_misuse_is_detected),
      cmocka_unit_test(sampled_usage_adds_to_the_parents),
      cmocka_unit_test(sampled_blocks_grow_as_the_parents_do),
      cmocka_unit_test(an_address_is_before_inside_or_after_a_block),
      cmocka_unit_test(a_released_block_is_known_with_both_stacks),
      cmocka_unit_test(an_address_between_two_blocks_is_the_live_ones_or_the_nearers),
      cmocka_unit_test(addresses_of_no_block_are_out_of_bounds),
      cmocka_unit_test(a_fault_is_printed_with_block_and_stacks),
      cmocka_unit_test(printing_ends_where_nothing_can_be_written),
      cmocka_unit_test(an_unknown_side_is_invalid),
      cmocka_unit_test(addresses_that_can_not_be_had_are_out_of_memory),
      cmocka_unit_test(it_works_over_the_system_and_as_the_current_one),
      cmocka_unit_test(ending_again_does_nothing),
      cmocka_unit_test(trimming_is_the_parents),
  };
  work_less();
  /* What a good size takes depends on whether the block is sampled, so that the other suite would not do. */
  static const allocator_fixture over_bump = {
      .name = "sampled over bump", .make = make_sampled_over_bump, .unmake = unmake};
  int failed = cmocka_run_group_tests_name("guarded", tests, NULL, NULL);
  failed += allocator_random(&over_bump);
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
    failed += allocator_conformance(&fixtures[i]);
    failed += allocator_random(&fixtures[i]);
  }
  return failed != 0;
}

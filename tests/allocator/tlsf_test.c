#include "memregions/tlsf.h"

#include <string.h>

#include "allocator_conformance.h"
#include "allocator_random.h"
#include "failing_allocator.h"
#include "support.h"

/* What the suites do not know of: exact sizes, regions, resting blocks. Misuse is in tlsf_misuse_test.c. */

static _Alignas(4096) unsigned char storage[(size_t)4 << 20];
static test_allocator parent;
static mr_tlsf tlsf;

static void init_over(mr_region region) {
  mr_tlsf_options options = {.storage = region};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
}

static void init_growing(size_t growth) {
  mr_tlsf_options options = {.parent = &parent.base, .growth = growth};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
}

static int set_up(void **state) {
  (void)state;
  test_allocator_init(&parent);
  init_over(mr_region_of(storage, sizeof storage));
  return 0;
}

/* Each test leaves it as it must be. */
static int tear_down(void **state) {
  (void)state;
  mr_condition condition;
  if (tlsf.base.ops->check && mr_tlsf_is_sound(&tlsf)) {
    mr_status status = mr_allocator_check(&tlsf.base, &condition);
    if (status != MR_OK) print_error("%s\n", condition.message);
    if (status != MR_OK) return -1;
  }
  mr_tlsf_fini(&tlsf);
  test_allocator_fini(&parent);
  return 0;
}

/* In place of the one that set_up made. */
static void begin_anew(mr_region region) {
  mr_tlsf_fini(&tlsf);
  init_over(region);
}

static mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(&tlsf.base, size, &block), MR_OK);
  assert_int_equal(block.size, size);
  memset(block.pointer, 0x11, size);
  return block;
}

static void give(mr_region block) { assert_int_equal(mr_deallocate(&tlsf.base, &block), MR_OK); }

static size_t used(void) {
  size_t size = SIZE_MAX;
  assert_int_equal(mr_used_space(&tlsf.base, &size), MR_OK);
  return size;
}

static size_t total(void) {
  size_t size = SIZE_MAX;
  assert_int_equal(mr_total_size(&tlsf.base, &size), MR_OK);
  return size;
}

static size_t maximum(void) {
  size_t size = SIZE_MAX;
  assert_int_equal(mr_maximum_block_size(&tlsf.base, &size), MR_OK);
  return size;
}

static size_t maximum_at(size_t alignment) {
  mr_condition condition;
  assert_int_equal(mr_allocation_failure(&tlsf.base, SIZE_MAX, alignment, &condition),
                   MR_BLOCK_TOO_BIG);
  return (size_t)condition.limit;
}

/* Room. */

static void blocks_of_64_octets_fill_98_percent(void **state) {
  (void)state;
  size_t count = 0;
  mr_region block;
  while (mr_allocate(&tlsf.base, 64, &block) == MR_OK) count++;
  assert_true(count * 64 >= sizeof storage / 100 * 98);
}

static void the_maximum_is_had_exactly(void **state) {
  (void)state;
  for (size_t offset = 0; offset < 40; offset += 3) {
    for (size_t size = 200; size < 200000; size = size * 5 / 3) {
      begin_anew(mr_region_of(storage + offset, size));
      mr_region block = take(maximum()), other;
      assert_int_equal(maximum(), total());
      assert_int_equal(used(), total());
      assert_int_equal(mr_allocate(&tlsf.base, 1, &other), MR_OUT_OF_MEMORY);
      give(block);
      assert_int_equal(mr_allocate(&tlsf.base, maximum() + 1, &other), MR_BLOCK_TOO_BIG);
    }
  }
}

static void the_maximum_at_an_alignment_is_had_exactly(void **state) {
  (void)state;
  for (size_t alignment = 1; alignment <= 8192; alignment *= 2) {
    begin_anew(mr_region_of(storage + 48, 30000));
    mr_region block;
    assert_int_equal(mr_allocate_aligned(&tlsf.base, maximum_at(alignment), alignment, &block),
                     MR_OK);
    assert_true(mr_is_aligned(mr_region_view(block), alignment));
    assert_int_equal(mr_deallocate_aligned(&tlsf.base, &block, alignment), MR_OK);
    assert_int_equal(used(), 0);
  }
}

static void the_maximum_is_had_among_many_regions_of_nearly_its_size(void **state) {
  (void)state;
  begin_anew(mr_region_of(NULL, 0));
  enum { REGIONS = 40, SIZE = 20000 };
  for (size_t i = 0; i < REGIONS; i++) {
    /* The largest is the first that comes into use, and so the deepest in its list. */
    mr_region region = {storage + i * SIZE, SIZE - 16 * i};
    assert_int_equal(mr_tlsf_add(&tlsf, region), MR_OK);
  }
  mr_region blocks[REGIONS];
  for (size_t i = 0; i < REGIONS; i++) blocks[i] = take(SIZE / 2 + 1000);
  for (size_t i = 0; i < REGIONS; i++) give(blocks[i]);
  give(take(maximum()));
}

static void a_free_block_of_exactly_the_size_is_found(void **state) {
  (void)state;
  for (size_t size = 16; size <= 100000; size = size * 3 / 2 / 16 * 16 + 16) {
    assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
    mr_region hole = take(size), wall = take(600), other = take(600);
    mr_region rest = take(total() - used());
    const void *start = hole.pointer;
    give(hole);
    /* What is given back last is in no list, so that the hole is in one. */
    give(other);
    other = take(600);
    hole = take(size);
    assert_ptr_equal(hole.pointer, start);
    give(wall);
    give(rest);
    give(hole);
    give(other);
  }
}

/* Takes what is left, so that nothing is free but what is given back from then on. */
static void take_all(void) {
  for (size_t size = sizeof storage; size >= 16; size /= 2) {
    mr_region block;
    while (mr_allocate(&tlsf.base, size, &block) == MR_OK) {
    }
  }
}

/* Frees a block of 1072 octets, then so many smaller ones of its class, and asks for it again. */
static mr_status status_behind(size_t count) {
  mr_region wanted, smaller[16], again;
  assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
  wanted = take(1072);
  take(16);
  for (size_t i = 0; i < count; i++) {
    smaller[i] = take(1024);
    take(16);
  }
  take_all();
  give(wanted);
  for (size_t i = 0; i < count; i++) give(smaller[i]);
  return mr_allocate(&tlsf.base, 1072, &again);
}

static void eight_blocks_of_a_class_are_looked_at_and_no_more(void **state) {
  (void)state;
  assert_int_equal(status_behind(0), MR_OK);
  assert_int_equal(status_behind(7), MR_OK);
  assert_int_equal(status_behind(16), MR_OUT_OF_MEMORY);
}

static void small_blocks_are_taken_from_holes_of_their_size_first(void **state) {
  (void)state;
  enum { COUNT = 40 };
  mr_region blocks[COUNT];
  for (size_t i = 0; i < COUNT; i++) blocks[i] = take(48);
  mr_region larger = take(4096);
  const unsigned char *end = larger.pointer;
  take_all();
  /* Small blocks are carved from it now. */
  give(larger);
  assert_ptr_equal(take(48).pointer, end);
  for (size_t i = 0; i < COUNT; i += 2) give(blocks[i]);
  for (size_t i = 0; i < COUNT; i += 2) assert_true((const unsigned char *)take(48).pointer < end);
}

static void everything_merges_again(void **state) {
  (void)state;
  enum { COUNT = 1000 };
  static mr_region blocks[COUNT];
  for (size_t i = 0; i < COUNT; i++) blocks[i] = take(i * 37 % 3000 + 1);
  for (size_t i = 0; i < COUNT; i += 2) give(blocks[i]);
  for (size_t i = 1; i < COUNT; i += 2) give(blocks[i]);
  assert_int_equal(used(), 0);
  give(take(maximum()));
}

static void memory_that_is_not_zero_serves_as_well(void **state) {
  (void)state;
  for (int octet = 0x55; octet <= 0xFF; octet += 0x55) {
    mr_tlsf_fini(&tlsf);
    memset(storage, octet, sizeof storage);
    init_over(mr_region_of(storage, sizeof storage));
    mr_region large = take(3000000);
    assert_int_equal(mr_allocator_check(&tlsf.base, NULL), MR_OK);
    give(large);
    large = take(2500000);
    mr_region small = take(10);
    give(large);
    give(small);
    give(take(maximum()));
  }
}

static void the_end_of_a_region_is_used_last(void **state) {
  (void)state;
  mr_region hole = take(1000), wall = take(600);
  const unsigned char *start = hole.pointer;
  give(hole);
  mr_region block = take(400), next = take(400);
  assert_ptr_equal(block.pointer, start);
  assert_ptr_equal(next.pointer, start + 400);
  give(wall);
  give(block);
  give(next);
}

/* Resting blocks. */

static void a_pair_gives_the_same_block_again(void **state) {
  (void)state;
  for (size_t size = 1; size <= MR_TLSF_LARGEST_RESTING; size++) {
    mr_region before = take(size), block = take(size), after = take(size);
    const void *start = block.pointer;
    give(block);
    block = take(size);
    assert_ptr_equal(block.pointer, start);
    give(before);
    give(block);
    give(after);
  }
}

static mr_status count_span(void *context, mr_view span, bool is_used) {
  (void)span, (void)is_used;
  ++*(size_t *)context;
  return MR_OK;
}

static size_t spans(void) {
  size_t count = 0;
  assert_int_equal(mr_allocator_walk(&tlsf.base, count_span, &count), MR_OK);
  return count;
}

static void resting_blocks_are_free_and_not_merged(void **state) {
  (void)state;
  mr_region first = take(64), second = take(64);
  assert_int_equal(spans(), 3);
  give(first);
  give(second);
  assert_int_equal(used(), 0);
  assert_int_equal(spans(), 3);
  assert_int_equal(mr_allocator_trim(&tlsf.base), MR_OK);
  assert_int_equal(spans(), 1);
}

static void at_most_eight_of_a_size_rest(void **state) {
  (void)state;
  mr_region blocks[MR_TLSF_RESTING_BLOCKS + 1];
  for (size_t i = 0; i <= MR_TLSF_RESTING_BLOCKS; i++) blocks[i] = take(64);
  for (size_t i = 0; i <= MR_TLSF_RESTING_BLOCKS; i++) give(blocks[i]);
  assert_int_equal(spans(), MR_TLSF_RESTING_BLOCKS + 1);
}

static void larger_blocks_do_not_rest(void **state) {
  (void)state;
  give(take(MR_TLSF_LARGEST_RESTING + 1));
  assert_int_equal(spans(), 1);
}

static void resting_blocks_merge_when_nothing_else_fits(void **state) {
  (void)state;
  begin_anew(mr_region_of(storage, 1000));
  mr_region first = take(100), second = take(100), third = take(100);
  mr_region rest = take(total() - used());
  const void *start = first.pointer;
  give(first);
  give(second);
  give(third);
  first = take(300);
  assert_ptr_equal(first.pointer, start);
  give(first);
  give(rest);
}

/* Resizing. */

static void a_block_grows_into_what_is_free_after_it(void **state) {
  (void)state;
  mr_region block = take(1000), next = take(2000), wall = take(16);
  const void *start = block.pointer;
  give(next);
  assert_int_equal(mr_reallocate(&tlsf.base, &block, 2500), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(used(), 2512 + 16);
  assert_int_equal(mr_reallocate(&tlsf.base, &block, 1008 + 2000), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_reallocate(&tlsf.base, &block, 3009), MR_OK);
  assert_ptr_not_equal(block.pointer, start);
  give(wall);
  give(block);
}

static void the_newest_block_grows_up_to_the_end(void **state) {
  (void)state;
  mr_region block = take(1);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&tlsf.base, &block, maximum()), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_reallocate(&tlsf.base, &block, 1), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(used(), 16);
}

static void every_block_shrinks_where_it_is(void **state) {
  (void)state;
  mr_region block = take(5000), wall = take(16), tail;
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&tlsf.base, &block, 1000), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(used(), 1008 + 16);
  tail = take(4000);
  assert_ptr_equal(tail.pointer, (const unsigned char *)start + 1008);
  give(tail);
  give(block);
  give(wall);
}

/* Regions. */

static void it_may_begin_with_nothing(void **state) {
  (void)state;
  mr_region block = {NULL, 77};
  mr_tlsf_fini(&tlsf);
  assert_int_equal(mr_tlsf_init(&tlsf, NULL), MR_OK);
  assert_int_equal(total(), 0);
  assert_int_equal(maximum(), 0);
  assert_int_equal(mr_allocate(&tlsf.base, 1, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(block.size, 77);
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(NULL, 0)), MR_OK);
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(storage, 1000)), MR_OK);
  give(take(maximum()));
}

static void unsound_regions_are_refused(void **state) {
  (void)state;
  mr_tlsf other, kept;
  memset(&other, 0x5A, sizeof other);
  memcpy(&kept, &other, sizeof other);
  const mr_region too_large = {storage, (size_t)PTRDIFF_MAX + 1};
  const mr_region nowhere = {NULL, 4};
  mr_tlsf_options options = {.storage = too_large};
  assert_int_equal(mr_tlsf_init(&other, &options), MR_INVALID_ARGUMENT);
  assert_memory_equal(&other, &kept, sizeof other);
  assert_int_equal(mr_tlsf_add(&tlsf, too_large), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_tlsf_add(&tlsf, nowhere), MR_INVALID_ARGUMENT);
}

static void overlapping_regions_are_refused(void **state) {
  (void)state;
  begin_anew(mr_region_of(storage + 1000, 1000));
  const size_t before = total();
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(storage + 1999, 1000)), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(storage, 1001)), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(storage, sizeof storage)), MR_INVALID_ARGUMENT);
  assert_int_equal(total(), before);
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(storage, 1000)), MR_OK);
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(storage + 2000, 1000)), MR_OK);
}

static void regions_too_small_for_a_block_are_refused(void **state) {
  (void)state;
  size_t size = 1;
  begin_anew(mr_region_of(NULL, 0));
  while (mr_tlsf_add(&tlsf, mr_region_of(storage, size)) == MR_NO_SPACE) size++;
  assert_true(size > 16 && size <= 160);
  assert_int_equal(total(), 16);
  mr_tlsf_options options = {.storage = mr_region_of(storage + 4096, size - 1)};
  mr_tlsf other;
  assert_int_equal(mr_tlsf_init(&other, &options), MR_NO_SPACE);
  give(take(16));
}

static void regions_come_into_use_in_order(void **state) {
  (void)state;
  begin_anew(mr_region_of(storage + 10000, 1000));
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(storage, 5000)), MR_OK);
  mr_region first = take(600), second = take(600), third = take(200);
  assert_true((unsigned char *)first.pointer > storage + 10000);
  assert_true((unsigned char *)second.pointer < storage + 5000);
  assert_true((unsigned char *)third.pointer > storage + 10000);
  give(first);
  give(second);
  give(third);
}

static void borrowed_memory_is_its_owners_again(void **state) {
  (void)state;
  mr_region block = take(100);
  memset(block.pointer, 'x', 100);
  mr_tlsf_fini(&tlsf);
  assert_int_equal(*(unsigned char *)block.pointer, 'x');
  memset(storage, 0, sizeof storage);
}

/* Growing. */

static void without_growth_the_parent_is_not_asked(void **state) {
  (void)state;
  mr_tlsf_fini(&tlsf);
  mr_tlsf_options options = {.parent = &parent.base, .storage = {storage, 1000}};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
  mr_region block;
  assert_int_equal(mr_allocate(&tlsf.base, 2000, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(parent.requests, 0);
}

static void it_takes_the_growth_then_as_much_as_it_has(void **state) {
  (void)state;
  mr_tlsf_fini(&tlsf);
  init_growing(4096);
  assert_int_equal(parent.requests, 0);
  mr_region first = take(3000), second = take(3000), third = take(6000);
  assert_int_equal(parent.live_octets, 4096 + 4096 + 8192);
  mr_region large = take(100000);
  assert_true(parent.live_octets < 16384 + 103000);
  give(first);
  give(second);
  give(third);
  give(large);
  assert_int_equal(mr_allocator_trim(&tlsf.base), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  assert_int_equal(total(), 0);
  give(take(1));
  assert_int_equal(parent.live_octets, 4096);
}

static void a_parent_that_refuses_is_asked_for_just_enough(void **state) {
  (void)state;
  mr_tlsf_fini(&tlsf);
  init_growing(100000);
  parent.fail_at = 1;
  mr_region block = take(1000);
  assert_int_equal(parent.requests, 2);
  assert_true(parent.live_octets < 1300);
  give(block);
}

static void a_parent_that_has_nothing_is_out_of_memory(void **state) {
  (void)state;
  mr_tlsf_fini(&tlsf);
  init_growing(1000);
  parent.fail_at = 1;
  parent.fails_on = true;
  mr_region block = {NULL, 77};
  assert_int_equal(mr_allocate(&tlsf.base, 1, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 77);
  assert_int_equal(total(), 0);
  parent.fails_on = false;
}

static void a_growth_beyond_the_parent_is_too_big(void **state) {
  (void)state;
  mr_tlsf_options options = {.growth = SIZE_MAX};
  mr_tlsf other;
  assert_int_equal(mr_tlsf_init(&other, &options), MR_BLOCK_TOO_BIG);
}

static void the_maximum_is_what_the_parent_can_give(void **state) {
  (void)state;
  mr_tlsf small;
  mr_tlsf_options options = {.parent = &tlsf.base, .growth = 1000};
  const size_t all = maximum();
  assert_int_equal(mr_tlsf_init(&small, &options), MR_OK);
  for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
    mr_condition condition;
    mr_region block;
    mr_ignore(mr_allocation_failure(&small.base, SIZE_MAX, alignment, &condition));
    const size_t most = (size_t)condition.limit;
    assert_true(most > all - all / 50 - alignment && most < all);
    assert_int_equal(mr_allocate_aligned(&small.base, most, alignment, &block), MR_OK);
    assert_int_equal(mr_deallocate_aligned(&small.base, &block, alignment), MR_OK);
    assert_int_equal(mr_allocator_trim(&small.base), MR_OK);
  }
  mr_tlsf_fini(&small);
  assert_int_equal(used(), 0);
}

static void trim_keeps_regions_in_use_and_borrowed_ones(void **state) {
  (void)state;
  mr_tlsf_fini(&tlsf);
  mr_tlsf_options options = {.parent = &parent.base, .storage = {storage, 1000}, .growth = 1000};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
  mr_region blocks[4];
  for (size_t i = 0; i < 4; i++) blocks[i] = take(800);
  assert_int_equal(parent.live_blocks, 3);
  give(blocks[0]);
  give(blocks[2]);
  assert_int_equal(mr_allocator_trim(&tlsf.base), MR_OK);
  assert_int_equal(parent.live_blocks, 2);
  give(blocks[3]);
  assert_int_equal(mr_allocator_trim(&tlsf.base), MR_OK);
  assert_int_equal(parent.live_blocks, 1);
  give(blocks[1]);
  assert_int_equal(mr_allocator_clear(&tlsf.base), MR_OK);
  assert_int_equal(mr_allocator_trim(&tlsf.base), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  assert_int_equal(take(800).pointer, blocks[0].pointer);
}

static void ending_it_gives_all_back(void **state) {
  (void)state;
  mr_tlsf_fini(&tlsf);
  init_growing(1000);
  for (size_t i = 0; i < 10; i++) take(900);
  assert_int_equal(mr_allocator_destroy(&tlsf.base), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  assert_false(mr_tlsf_is_sound(&tlsf));
  mr_tlsf_fini(&tlsf);
}

static void the_current_allocator_as_parent_is_the_one_at_init(void **state) {
  (void)state;
  mr_tlsf_fini(&tlsf);
  mr_set_current_allocator(&parent.base);
  mr_tlsf_options options = {.parent = MR_CURRENT, .growth = 1000};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
  mr_set_current_allocator(NULL);
  take(1);
  assert_int_equal(parent.live_blocks, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    TEST(blocks_of_64_octets_fill_98_percent),
    TEST(the_maximum_is_had_exactly),
    TEST(the_maximum_at_an_alignment_is_had_exactly),
    TEST(the_maximum_is_had_among_many_regions_of_nearly_its_size),
    TEST(a_free_block_of_exactly_the_size_is_found),
    TEST(eight_blocks_of_a_class_are_looked_at_and_no_more),
    TEST(small_blocks_are_taken_from_holes_of_their_size_first),
    TEST(everything_merges_again),
    TEST(the_end_of_a_region_is_used_last),
    TEST(memory_that_is_not_zero_serves_as_well),
    TEST(a_pair_gives_the_same_block_again),
    TEST(resting_blocks_are_free_and_not_merged),
    TEST(at_most_eight_of_a_size_rest),
    TEST(larger_blocks_do_not_rest),
    TEST(resting_blocks_merge_when_nothing_else_fits),
    TEST(a_block_grows_into_what_is_free_after_it),
    TEST(the_newest_block_grows_up_to_the_end),
    TEST(every_block_shrinks_where_it_is),
    TEST(it_may_begin_with_nothing),
    TEST(unsound_regions_are_refused),
    TEST(overlapping_regions_are_refused),
    TEST(regions_too_small_for_a_block_are_refused),
    TEST(regions_come_into_use_in_order),
    TEST(borrowed_memory_is_its_owners_again),
    TEST(without_growth_the_parent_is_not_asked),
    TEST(it_takes_the_growth_then_as_much_as_it_has),
    TEST(a_parent_that_refuses_is_asked_for_just_enough),
    TEST(a_parent_that_has_nothing_is_out_of_memory),
    TEST(a_growth_beyond_the_parent_is_too_big),
    TEST(the_maximum_is_what_the_parent_can_give),
    TEST(trim_keeps_regions_in_use_and_borrowed_ones),
    TEST(ending_it_gives_all_back),
    TEST(the_current_allocator_as_parent_is_the_one_at_init),
};

/* The suites' allocators: each way to get memory. */

static mr_allocator *make_over_one_region(void) {
  set_up(NULL);
  return &tlsf.base;
}

static mr_allocator *make_growing_from(size_t growth) {
  test_allocator_init(&parent);
  init_growing(growth);
  return &tlsf.base;
}

static mr_allocator *make_growing(void) { return make_growing_from(4096); }

static mr_allocator *make_growing_by_little(void) { return make_growing_from(1); }

static mr_allocator *make_over_several_regions(void) {
  test_allocator_init(&parent);
  init_over(mr_region_of(storage + 7, 20000));
  for (size_t i = 1; i < 10; i++) {
    const mr_region region = {storage + i * ((size_t)400 << 10) - i, i % 2 ? 30000 : 409000};
    assert_int_equal(mr_tlsf_add(&tlsf, region), MR_OK);
  }
  assert_int_equal(mr_tlsf_add(&tlsf, mr_region_of(storage + 30000, 300000)), MR_OK);
  return &tlsf.base;
}

static mr_allocator *make_over_a_small_odd_region(void) {
  test_allocator_init(&parent);
  init_over(mr_region_of(storage + 1, 50021));
  return &tlsf.base;
}

static void unmake(mr_allocator *allocator) {
  mr_condition condition;
  assert_ptr_equal(allocator, &tlsf.base);
  if (mr_allocator_check(allocator, &condition) != MR_OK) fail_msg("%s", condition.message);
  assert_int_equal(tear_down(NULL), 0);
}

#define ALL_IT_CAN                                                                       \
  .can_tell_usage = true, .can_tell_minimum = true, .can_clear = true, .can_trim = true, \
  .can_walk = true, .can_check = true

int main(void) {
  static const allocator_fixture fixtures[] = {
      {"tlsf", make_over_one_region, unmake, ALL_IT_CAN},
      {"tlsf that grows", make_growing, unmake, ALL_IT_CAN},
      {"tlsf that grows by little", make_growing_by_little, unmake, ALL_IT_CAN},
      {"tlsf over several regions", make_over_several_regions, unmake, ALL_IT_CAN},
  };
  static const allocator_fixture small = {"tlsf over a small odd region",
                                          make_over_a_small_odd_region, unmake, ALL_IT_CAN};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
    failed += allocator_conformance(&fixtures[i]);
    failed += allocator_random(&fixtures[i]);
  }
  failed += allocator_random(&small);
  return failed != 0;
}

#include "memregions/tracked.h"

#include <string.h>

#include "allocator_random.h"
#include "failing_allocator.h"
#include "memregions/arena.h"
#include "memregions/bump.h"
#include "memregions/retrying.h"
#include "support.h"

#if defined(__GNUC__)
#define OUT_OF_LINE __attribute__((noinline))
#else
#define OUT_OF_LINE
#endif

/* Parent and records are strict, so that a block that goes astray fails the test. */
static test_allocator parent;
static test_allocator records;
static mr_tracked tracked;
static mr_allocator *const allocator = &tracked.base;
static const mr_tracked_statistics *const counts = &tracked.statistics;

static void init_with(mr_tracked_options options) {
  test_allocator_init(&parent);
  test_allocator_init(&records);
  if (!options.parent) options.parent = &parent.base;
  options.records = &records.base;
  assert_int_equal(mr_tracked_init(&tracked, &options), MR_OK);
}

static int set_up_counting(void **state) {
  (void)state;
  init_with((mr_tracked_options){.is_recording = false});
  return 0;
}

static int set_up_recording(void **state) {
  (void)state;
  init_with((mr_tracked_options){.is_recording = true});
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  if (tracked.base.ops->destroy && mr_tracked_is_sound(&tracked)) mr_tracked_fini(&tracked);
  test_allocator_fini(&records);
  test_allocator_fini(&parent);
  return 0;
}

static mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(allocator, size, &block), MR_OK);
  return block;
}

static void give(mr_region block) { assert_int_equal(mr_deallocate(allocator, &block), MR_OK); }

/* A moment, to compare with another. */
static mr_tracked_statistics now(void) { return *mr_tracked_statistics_of(&tracked); }

static void assert_unchanged_since(mr_tracked_statistics then) {
  assert_memory_equal(counts, &then, sizeof then);
  assert_true(mr_tracked_is_sound(&tracked));
}

/* The record of a block; of number 0 where there is none. */
typedef struct wanted {
  const void *address;
  mr_tracked_block block;
  mr_call_stack calls;
  size_t shown;
} wanted;

static mr_status look(void *context, const mr_tracked_block *block) {
  wanted *want = context;
  want->shown++;
  if (block->block.pointer != want->address) return MR_OK;
  want->block = *block;
  want->calls = *block->calls;
  want->block.calls = &want->calls;
  return MR_OK;
}

static wanted record_of(mr_region block) {
  wanted want = {.address = block.pointer};
  assert_int_equal(mr_tracked_each_block(&tracked, look, &want), MR_OK);
  assert_int_equal(want.shown, counts->recorded_blocks);
  return want;
}

/* The stack that is shown first; its calls are no longer there. */
static mr_status copy_stack(void *context, const mr_tracked_stack *stack) {
  mr_tracked_stack *first = context;
  *first = *stack;
  return (mr_status)(MR_USER + 3);
}

static mr_tracked_stack first_stack(void) {
  mr_tracked_stack first = {.calls = NULL};
  assert_int_equal(mr_tracked_each_stack(&tracked, copy_stack, &first), MR_USER + 3);
  return first;
}

/* Counting. */

static void live_blocks_and_octets_are_counted(void **state) {
  (void)state;
  mr_region first = take(100), second = take(7);
  assert_int_equal(counts->live_blocks, 2);
  assert_int_equal(counts->live_octets, 107);
  give(first);
  assert_int_equal(counts->live_blocks, 1);
  assert_int_equal(counts->live_octets, 7);
  give(second);
  assert_int_equal(counts->live_blocks, 0);
  assert_int_equal(counts->live_octets, 0);
  assert_int_equal(counts->total_blocks, 2);
  assert_int_equal(counts->total_octets, 107);
}

static void empty_blocks_are_not_counted(void **state) {
  (void)state;
  mr_region block = take(0);
  assert_int_equal(counts->total_blocks, 0);
  give(block);
}

static void peaks_are_of_octets_and_of_blocks_each(void **state) {
  (void)state;
  mr_region large = take(1000);
  give(large);
  mr_region first = take(1), second = take(1);
  assert_int_equal(counts->peak_octets, 1000);
  assert_int_equal(counts->peak_blocks, 2);
  give(first);
  give(second);
}

static void a_peak_that_is_reset_is_what_is_live(void **state) {
  (void)state;
  give(take(1000));
  mr_region block = take(10);
  mr_tracked_reset_peak(&tracked);
  assert_int_equal(counts->peak_octets, 10);
  assert_int_equal(counts->peak_blocks, 1);
  give(block);
  give(take(11));
  assert_int_equal(counts->peak_octets, 11);
}

static void sizes_are_counted_by_powers_of_two(void **state) {
  (void)state;
  static const size_t sizes[] = {1, 2, 3, 4, 1023, 1024, 2047};
  static const size_t bins[] = {0, 1, 1, 2, 9, 10, 10};
  mr_region blocks[7];
  for (size_t i = 0; i < 7; i++) {
    const size_t live = counts->sizes[bins[i]].live_blocks;
    blocks[i] = take(sizes[i]);
    assert_int_equal(counts->sizes[bins[i]].live_blocks, live + 1);
  }
  for (size_t i = 0; i < 7; i++) give(blocks[i]);
  assert_int_equal(counts->sizes[10].live_blocks, 0);
  assert_int_equal(counts->sizes[10].total_blocks, 2);
}

static void counting_takes_no_memory(void **state) {
  (void)state;
  give(take(100));
  assert_int_equal(records.requests, 0);
}

static void zeros_as_options_and_none_count_over_the_system(void **state) {
  (void)state;
  const mr_tracked_options zeros = {0};
  const mr_tracked_options *const options[] = {NULL, &zeros};
  for (size_t i = 0; i < 2; i++) {
    mr_tracked plain;
    mr_region block;
    assert_int_equal(mr_tracked_init(&plain, options[i]), MR_OK);
    assert_int_equal(mr_allocate(&plain.base, 10, &block), MR_OK);
    assert_int_equal(mr_tracked_statistics_of(&plain)->live_octets, 10);
    assert_int_equal(mr_tracked_statistics_of(&plain)->recorded_blocks, 0);
    assert_int_equal(mr_deallocate(&plain.base, &block), MR_OK);
    mr_tracked_fini(&plain);
  }
}

/* Changing sizes. */

static void a_block_that_shrinks_where_it_is_counts_less(void **state) {
  (void)state;
  mr_region block = take(100);
  const mr_region start = block;
  const wanted before = record_of(block);
  assert_int_equal(mr_reallocate(allocator, &block, 10), MR_OK);
  assert_ptr_equal(block.pointer, start.pointer);
  assert_int_equal(counts->live_octets, 10);
  assert_int_equal(counts->peak_octets, 100);
  assert_int_equal(counts->total_octets, 100);
  assert_int_equal(counts->sizes[6].live_blocks, 0);
  assert_int_equal(counts->sizes[3].live_blocks, 1);
  assert_int_equal(counts->total_blocks, 1);
  const wanted after = record_of(block);
  assert_int_equal(after.block.number, before.block.number);
  assert_int_equal(after.block.block.size, 10);
  assert_memory_equal(&after.calls, &before.calls, sizeof after.calls);
  give(block);
}

static void a_block_that_grows_where_it_is_counts_more(void **state) {
  (void)state;
  static unsigned char storage[1000];
  mr_bump bump;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_tracked_options){.parent = &bump.base, .is_recording = true});
  mr_region block = take(10);
  assert_int_equal(mr_reallocate(allocator, &block, 500), MR_OK);
  assert_int_equal(counts->live_blocks, 1);
  assert_int_equal(counts->live_octets, 500);
  assert_int_equal(counts->peak_octets, 500);
  assert_int_equal(counts->total_octets, 500);
  assert_int_equal(counts->total_blocks, 1);
  assert_int_equal(record_of(block).block.block.size, 500);
  assert_int_equal(first_stack().live_octets, 500);
  assert_int_equal(first_stack().total_octets, 500);
  assert_int_equal(first_stack().total_blocks, 1);
  give(block);
  mr_tracked_fini(&tracked);
  mr_bump_fini(&bump);
}

static void a_block_that_the_parent_moves_keeps_its_record(void **state) {
  (void)state;
  init_with((mr_tracked_options){.parent = mr_system_allocator(), .is_recording = true});
  enum { COUNT = 40 };
  mr_region blocks[COUNT];
  for (size_t i = 0; i < COUNT; i++) blocks[i] = take(24);
  for (size_t i = 0; i < COUNT; i++)
    assert_int_equal(mr_reallocate(allocator, &blocks[i], 100000), MR_OK);
  for (size_t i = 0; i < COUNT; i++) {
    const wanted want = record_of(blocks[i]);
    assert_int_equal(want.block.number, i + 1);
    assert_int_equal(want.block.block.size, 100000);
  }
  assert_int_equal(counts->live_octets, COUNT * 100000);
  assert_int_equal(counts->total_blocks, COUNT);
  for (size_t i = 0; i < COUNT; i++) give(blocks[i]);
  assert_int_equal(counts->recorded_octets, 0);
}

/* Gives all blocks of a list back, in the middle of a reallocation. */
typedef struct given_back {
  mr_region blocks[48];
  size_t count;
} given_back;

static mr_retry give_all_back(void *context, const mr_condition *failure, size_t attempt) {
  (void)failure, (void)attempt;
  given_back *list = context;
  while (list->count > 0) give(list->blocks[--list->count]);
  parent.fail_at = 0;
  return MR_RETRY;
}

static void a_block_is_moved_while_others_go_back(void **state) {
  (void)state;
  given_back list = {.count = 0};
  mr_retrying retrying;
  mr_retrying_options options = {
      .parent = &parent.base, .function = give_all_back, .context = &list};
  assert_int_equal(mr_retrying_init(&retrying, &options), MR_OK);
  mr_tracked_fini(&tracked);
  mr_tracked_options over = {.parent = &retrying.base, .is_recording = true};
  assert_int_equal(mr_tracked_init(&tracked, &over), MR_OK);
  mr_region kept[10];
  for (size_t i = 0; i < 10; i++) {
    for (size_t n = 0; n < 3; n++) list.blocks[list.count++] = take(100 + n);
    kept[i] = take(i + 1);
  }
  for (size_t i = 0; i < 10; i++) {
    while (list.count < 36) list.blocks[list.count++] = take(200);
    parent.fail_at = parent.requests + 1;
    assert_int_equal(mr_reallocate(allocator, &kept[i], 1000 + i), MR_OK);
    assert_int_equal(record_of(kept[i]).block.block.size, 1000 + i);
    assert_int_equal(counts->recorded_blocks, 10);
    assert_int_equal(mr_allocator_check(allocator, NULL), MR_UNSUPPORTED);
  }
  for (size_t i = 0; i < 10; i++) give(kept[i]);
  mr_tracked_fini(&tracked);
}

static void a_block_that_is_copied_elsewhere_is_a_new_one(void **state) {
  (void)state;
  mr_region block = take(10);
  assert_int_equal(mr_reallocate(allocator, &block, 20), MR_OK);
  assert_int_equal(counts->live_blocks, 1);
  assert_int_equal(counts->live_octets, 20);
  assert_int_equal(counts->total_blocks, 2);
  assert_int_equal(record_of(block).block.number, 2);
  give(block);
}

static void a_reallocation_that_fails_changes_nothing_but_the_refused(void **state) {
  (void)state;
  mr_region block = take(10);
  const mr_region kept = block;
  mr_tracked_statistics then = now();
  parent.fail_at = parent.requests + 1;
  assert_int_equal(mr_reallocate(allocator, &block, 20), MR_OUT_OF_MEMORY);
  assert_memory_equal(&block, &kept, sizeof kept);
  then.refused++;
  assert_unchanged_since(then);
  assert_int_equal(record_of(block).block.block.size, 10);
  give(block);
}

/* The ceiling. */

static void as_much_as_the_ceiling_can_be_live(void **state) {
  (void)state;
  init_with((mr_tracked_options){.ceiling = 100});
  mr_region first = take(60), second = take(40), third = {NULL, 7};
  assert_int_equal(mr_allocate(allocator, 1, &third), MR_OUT_OF_MEMORY);
  assert_int_equal(third.size, 7);
  assert_int_equal(counts->live_octets, 100);
  assert_int_equal(counts->refused, 1);
  give(first);
  third = take(60);
  give(second);
  give(third);
}

static void a_block_above_the_ceiling_is_too_big(void **state) {
  (void)state;
  init_with((mr_tracked_options){.ceiling = 100});
  mr_region block = {NULL, 7};
  size_t maximum = 0;
  assert_int_equal(mr_allocate(allocator, 101, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_maximum_block_size(allocator, &maximum), MR_OK);
  assert_int_equal(maximum, 100);
  assert_int_equal(parent.requests, 0);
}

static void no_block_grows_above_the_ceiling(void **state) {
  (void)state;
  static unsigned char storage[1000];
  mr_bump bump;
  mr_allocator *const below[] = {&bump.base, mr_system_allocator()};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
    init_with((mr_tracked_options){.parent = below[i], .ceiling = 100});
    mr_region other = take(50), block = take(20);
    assert_int_equal(mr_reallocate(allocator, &block, 51), MR_OUT_OF_MEMORY);
    assert_int_equal(mr_reallocate(allocator, &block, 101), MR_BLOCK_TOO_BIG);
    assert_int_equal(block.size, 20);
    assert_int_equal(counts->live_octets, 70);
    assert_int_equal(mr_reallocate(allocator, &block, 50), MR_OK);
    assert_int_equal(counts->live_octets, 100);
    give(block);
    give(other);
    mr_tracked_fini(&tracked);
    mr_bump_fini(&bump);
  }
}

static void the_maximum_is_the_parents_where_that_is_less(void **state) {
  (void)state;
  static _Alignas(64) unsigned char storage[64];
  mr_bump bump;
  size_t maximum = 0;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_tracked_options){.parent = &bump.base, .ceiling = 1000});
  assert_int_equal(mr_maximum_block_size(allocator, &maximum), MR_OK);
  assert_int_equal(maximum, 64);
  mr_tracked_fini(&tracked);
  mr_bump_fini(&bump);
}

/* Recording. */

static void a_record_has_size_alignment_and_number(void **state) {
  (void)state;
  mr_region first = take(1), second;
  assert_int_equal(mr_allocate_aligned(allocator, 100, 256, &second), MR_OK);
  const wanted want = record_of(second);
  assert_int_equal(want.block.block.size, 100);
  assert_int_equal(want.block.alignment, 256);
  assert_int_equal(want.block.number, 2);
  give(first);
  assert_int_equal(mr_deallocate_aligned(allocator, &second, 256), MR_OK);
}

/* Each a way into the library, which is not to be seen in the calls. */

static OUT_OF_LINE mr_region allocate_inline(void) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(allocator, 10, &block), MR_OK);
  return block;
}

static OUT_OF_LINE mr_region allocate_out_of_line(void) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate_zeroed_aligned(allocator, 10, 16, &block), MR_OK);
  return block;
}

static OUT_OF_LINE mr_region allocate_by_reallocating(void) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_reallocate_array(allocator, &block, 5, 2), MR_OK);
  return block;
}

static void calls_start_outside_of_the_library(void **state) {
  (void)state;
  mr_region (*volatile const ways[])(void) = {allocate_inline, allocate_out_of_line,
                                              allocate_by_reallocating};
  for (size_t i = 0; i < 3; i++) {
    mr_region block = ways[i]();
    const wanted want = record_of(block);
    assert_true(want.calls.depth >= 2);
    uintptr_t distance = (uintptr_t)want.calls.frames[0] - (uintptr_t)ways[i];
    assert_true(distance < 300);
    give(block);
  }
}

static void blocks_that_come_by_the_same_calls_share_a_stack(void **state) {
  (void)state;
  enum { COUNT = 500 };
  mr_region blocks[COUNT];
  /* Volatile, so that the loop is one call and not unrolled into several. */
  for (volatile size_t i = 0; i < COUNT; i++) blocks[i] = allocate_inline();
  for (size_t i = 0; i < COUNT / 2; i++) give(blocks[i]);
  assert_int_equal(tracked.records.stack_count, 1);
  const mr_tracked_stack stack = first_stack();
  assert_int_equal(stack.live_blocks, COUNT / 2);
  assert_int_equal(stack.live_octets, COUNT / 2 * 10);
  assert_int_equal(stack.total_blocks, COUNT);
  assert_int_equal(stack.total_octets, COUNT * 10);
  for (size_t i = COUNT / 2; i < COUNT; i++) give(blocks[i]);
}

/* As many different stacks as wanted: `way` says which of two functions is called at each depth. Each asserts something
 * after its call, lest a compiler makes it a jump. */

static mr_region take_by_way(size_t size, unsigned way, unsigned depth);

static OUT_OF_LINE mr_region take_on_the_left(size_t size, unsigned way, unsigned depth) {
  mr_region block = take_by_way(size, way, depth);
  assert_int_equal(block.size, size);
  return block;
}

static OUT_OF_LINE mr_region take_on_the_right(size_t size, unsigned way, unsigned depth) {
  mr_region block = take_by_way(size, way, depth);
  assert_non_null(block.pointer);
  return block;
}

static mr_region take_by_way(size_t size, unsigned way, unsigned depth) {
  if (depth == 0) return take(size);
  return way & 1 ? take_on_the_right(size, way >> 1, depth - 1)
                 : take_on_the_left(size, way >> 1, depth - 1);
}

typedef struct order {
  size_t stacks;
  size_t live_octets;
  uint64_t total_octets;
} order;

static mr_status assert_descending(void *context, const mr_tracked_stack *stack) {
  order *last = context;
  assert_true(stack->live_octets <= last->live_octets);
  if (stack->live_octets == last->live_octets)
    assert_true(stack->total_octets <= last->total_octets);
  *last = (order){last->stacks + 1, stack->live_octets, stack->total_octets};
  return MR_OK;
}

static void stacks_are_shown_by_live_octets(void **state) {
  (void)state;
  enum { WAYS = 200, DEPTH = 8 };
  mr_region blocks[WAYS];
  /* Each way twice: what is known is found again after the table has grown. */
  for (volatile unsigned i = 0; i < 2 * WAYS; i++) {
    const unsigned way = i % WAYS;
    if (i >= WAYS) give(blocks[way]);
    blocks[way] = take_by_way(way * 37 % 101 + 1, way, DEPTH);
  }
  for (unsigned i = 0; i < WAYS; i += 3) give(blocks[i]);
  for (int round = 0; round < 2; round++) {
    order last = {0, SIZE_MAX, UINT64_MAX};
    assert_int_equal(mr_tracked_each_stack(&tracked, assert_descending, &last), MR_OK);
    assert_int_equal(last.stacks, WAYS);
  }
  for (unsigned i = 0; i < WAYS; i++)
    if (i % 3 != 0) give(blocks[i]);
}

static mr_status stop(void *context, const mr_tracked_block *block) {
  (void)block;
  ++*(int *)context;
  return (mr_status)(MR_USER + 1);
}

static void showing_ends_where_the_function_says(void **state) {
  (void)state;
  int calls = 0;
  mr_region first = take(1), second = take(1);
  assert_int_equal(mr_tracked_each_block(&tracked, stop, &calls), MR_USER + 1);
  assert_int_equal(calls, 1);
  give(first);
  give(second);
}

static void many_blocks_are_recorded_and_found(void **state) {
  (void)state;
  enum { COUNT = 3000 };
  static mr_region blocks[COUNT];
  init_with((mr_tracked_options){.parent = mr_system_allocator(), .is_recording = true});
  for (size_t round = 0; round < 3; round++) {
    for (size_t i = 0; i < COUNT; i++) blocks[i] = take(i % 300 + 1);
    assert_int_equal(counts->recorded_blocks, COUNT);
    for (size_t i = round; i < COUNT; i += 2) give(blocks[i]);
    wanted want = {.address = NULL};
    assert_int_equal(mr_tracked_each_block(&tracked, look, &want), MR_OK);
    assert_int_equal(want.shown, counts->recorded_blocks);
    for (size_t i = 0; i < COUNT; i++)
      if (i < round || (i - round) % 2 != 0) give(blocks[i]);
    assert_int_equal(counts->recorded_blocks, 0);
    assert_int_equal(counts->live_octets, 0);
  }
}

/* Switching. */

static void what_comes_while_it_is_off_is_counted_and_not_recorded(void **state) {
  (void)state;
  mr_region first = take(10);
  mr_tracked_set_recording(&tracked, true);
  mr_region second = take(20);
  mr_tracked_set_recording(&tracked, false);
  mr_region third = take(40);
  assert_int_equal(counts->live_blocks, 3);
  assert_int_equal(counts->live_octets, 70);
  assert_int_equal(counts->recorded_blocks, 1);
  assert_int_equal(counts->recorded_octets, 20);
  assert_int_equal(counts->sizes[4].recorded_blocks, 1);
  assert_int_equal(record_of(first).block.number, 0);
  assert_int_equal(record_of(second).block.number, 2);
  give(first);
  give(third);
  assert_int_equal(counts->recorded_blocks, 1);
  give(second);
}

static void what_is_recorded_leaves_while_it_is_off(void **state) {
  (void)state;
  mr_region block = take(10);
  mr_tracked_set_recording(&tracked, false);
  give(block);
  assert_int_equal(counts->recorded_blocks, 0);
  assert_int_equal(counts->sizes[3].recorded_blocks, 0);
  mr_tracked_set_recording(&tracked, true);
  block = take(10);
  assert_int_equal(record_of(block).block.number, 2);
  give(block);
}

static void without_memory_blocks_come_unrecorded(void **state) {
  (void)state;
  /* The index of stacks, the stack, the table of blocks; then the second's stack. */
  for (size_t fail_at = 1; fail_at <= 5; fail_at++) {
    init_with((mr_tracked_options){.is_recording = true});
    records.fail_at = fail_at;
    records.fails_on = true;
    mr_region first = take(10), second = take(20);
    const size_t recorded = fail_at > 3 ? fail_at - 3 : 0;
    assert_int_equal(counts->live_blocks, 2);
    assert_int_equal(counts->recorded_blocks, recorded);
    records.fail_at = 0;
    mr_region third = take(40);
    assert_int_equal(counts->recorded_blocks, recorded + 1);
    give(first);
    give(second);
    give(third);
    assert_int_equal(counts->live_octets, 0);
    tear_down(NULL);
  }
  init_with((mr_tracked_options){.is_recording = true});
}

static void tables_that_cannot_grow_keep_what_they_have(void **state) {
  (void)state;
  enum { COUNT = 100 };
  mr_region blocks[COUNT];
  for (size_t i = 0; i < COUNT; i++) {
    if (i == 1) {
      records.fail_at = records.requests + 1;
      records.fails_on = true;
    }
    blocks[i] = take_by_way(i + 1, (unsigned)i, 7);
  }
  assert_in_range(counts->recorded_blocks, 1, 48);
  assert_int_equal(counts->live_blocks, COUNT);
  const size_t recorded = counts->recorded_blocks;
  assert_int_equal(record_of(blocks[0]).shown, recorded);
  for (size_t i = 0; i < COUNT; i++) give(blocks[i]);
  assert_int_equal(counts->live_octets, 0);
}

static void a_stack_by_which_nothing_was_recorded_is_not_shown(void **state) {
  (void)state;
  order last = {0, SIZE_MAX, UINT64_MAX};
  /* The stack gets its memory, the table of blocks does not. */
  records.fail_at = 3;
  mr_region block = take(10);
  assert_int_equal(counts->recorded_blocks, 0);
  assert_int_equal(mr_tracked_each_stack(&tracked, assert_descending, &last), MR_OK);
  assert_int_equal(last.stacks, 0);
  give(block);
}

static void blocks_by_known_stacks_are_recorded_where_no_new_one_could_be(void **state) {
  (void)state;
  /* As many stacks as the first table takes; then one anew, and the first once more. */
  enum { MOST = 48 };
  unsigned ways[MOST + 2] = {0};
  mr_region block = {NULL, 0};
  for (unsigned i = 0; i <= MOST; i++) ways[i] = i;
  /* Volatile, lest a compiler makes several calls of the one. */
  for (volatile size_t i = 0; i < MOST + 2; i++) {
    records.fails_on = i >= MOST;
    records.fail_at = i >= MOST ? 1 : 0;
    block = take_by_way(1, ways[i], 7);
    assert_int_equal(counts->recorded_blocks, i == MOST ? 0 : 1);
    if (i <= MOST) give(block);
  }
  assert_int_equal(record_of(block).block.number, MOST + 2);
  give(block);
}

/* Misuse. */

static void what_was_never_given_is_refused(void **state) {
  (void)state;
  char mine[10];
  mr_region block = take(10), foreign = {mine, 10};
  const mr_tracked_statistics then = now();
  assert_int_equal(mr_deallocate(allocator, &foreign), MR_CORRUPT);
  assert_ptr_equal(foreign.pointer, mine);
  assert_unchanged_since(then);
  give(block);
}

static void what_has_gone_back_already_is_refused(void **state) {
  (void)state;
  mr_region other = take(10), block = take(10), again = block;
  give(block);
  const mr_tracked_statistics then = now();
  assert_int_equal(mr_deallocate(allocator, &again), MR_CORRUPT);
  assert_unchanged_since(then);
  give(other);
}

static void a_wrong_size_or_alignment_is_refused(void **state) {
  (void)state;
  mr_region block = take(100), other = take(99);
  mr_region larger = {block.pointer, 101}, smaller = {block.pointer, 99};
  mr_region inner = {(char *)block.pointer + 16, 84};
  const mr_tracked_statistics then = now();
  assert_int_equal(mr_deallocate(allocator, &larger), MR_CORRUPT);
  assert_int_equal(mr_deallocate(allocator, &smaller), MR_CORRUPT);
  assert_int_equal(mr_deallocate(allocator, &inner), MR_CORRUPT);
  assert_int_equal(mr_deallocate_aligned(allocator, &block, 32), MR_CORRUPT);
  assert_unchanged_since(then);
  give(block);
  give(other);
}

static void what_is_no_block_is_not_resized(void **state) {
  (void)state;
  mr_region block = take(100), smaller = {block.pointer, 60};
  assert_int_equal(mr_reallocate(allocator, &smaller, 50), MR_CORRUPT);
  assert_int_equal(smaller.size, 60);
  assert_int_equal(counts->live_octets, 100);
  assert_int_equal(counts->live_blocks, 1);
  assert_int_equal(record_of(block).block.block.size, 100);
  give(block);
}

static void without_records_what_cannot_be_live_is_refused(void **state) {
  (void)state;
  char mine[200];
  mr_region first = take(10), second = take(100), third = take(1);
  mr_region of_no_class = {mine, 40}, too_large = {mine, 110};
  const mr_tracked_statistics then = now();
  assert_int_equal(mr_deallocate(allocator, &of_no_class), MR_CORRUPT);
  assert_int_equal(mr_deallocate(allocator, &too_large), MR_CORRUPT);
  assert_unchanged_since(then);
  give(first);
  give(third);
  /* The last one's size is known. */
  mr_region last = {second.pointer, 99};
  assert_int_equal(mr_deallocate(allocator, &last), MR_CORRUPT);
  give(second);
  last = mr_region_of(mine, 10);
  assert_int_equal(mr_deallocate(allocator, &last), MR_CORRUPT);
}

static void without_records_the_parent_may_refuse_the_rest(void **state) {
  (void)state;
  char mine[100];
  mr_region block = take(100), other = take(100), foreign = {mine, 100};
  parent.answers_misuse = true;
  const mr_tracked_statistics then = now();
  assert_int_equal(mr_deallocate(allocator, &foreign), MR_CORRUPT);
  assert_unchanged_since(then);
  give(block);
  give(other);
}

static void a_block_that_the_parent_refuses_stays_recorded(void **state) {
  (void)state;
  mr_region block = take(100), behind = block;
  assert_int_equal(mr_deallocate(&parent.base, &behind), MR_OK);
  parent.answers_misuse = true;
  const mr_tracked_statistics then = now();
  assert_int_equal(mr_deallocate(allocator, &block), MR_CORRUPT);
  assert_unchanged_since(then);
  assert_int_equal(record_of(block).block.number, 1);
}

static void a_record_that_went_stale_is_dropped(void **state) {
  (void)state;
  static unsigned char storage[1000];
  mr_bump bump;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_with((mr_tracked_options){.parent = &bump.base, .is_recording = true});
  mr_region block = take(10);
  /* Behind its back. */
  assert_int_equal(mr_allocator_clear(&bump.base), MR_OK);
  mr_region again = take(20);
  assert_ptr_equal(again.pointer, block.pointer);
  assert_int_equal(counts->live_blocks, 2);
  assert_int_equal(counts->recorded_blocks, 1);
  assert_int_equal(record_of(again).block.block.size, 20);
  assert_int_equal(mr_allocator_check(allocator, NULL), MR_OK);
  /* Also by one that is not recorded itself. */
  assert_int_equal(mr_allocator_clear(&bump.base), MR_OK);
  mr_tracked_set_recording(&tracked, false);
  again = take(30);
  assert_int_equal(counts->recorded_blocks, 0);
  give(again);
  mr_tracked_fini(&tracked);
  mr_bump_fini(&bump);
}

/* A parent that gives what it is told to. */

static unsigned char places[2][64];
static unsigned char *next_place;

static mr_region give_place(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  (void)self, (void)alignment, (void)flags;
  return mr_region_of(next_place, size);
}

static mr_region move_to_place(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)block;
  return give_place(self, size, alignment, 0);
}

static mr_status take_back(mr_allocator *self, mr_region block, size_t alignment) {
  (void)self, (void)block, (void)alignment;
  return MR_OK;
}

static void a_record_that_is_stale_where_a_block_is_moved_is_dropped(void **state) {
  (void)state;
  static const mr_allocator_ops ops = {.struct_size = sizeof ops,
                                       .name = "told",
                                       .allocate = give_place,
                                       .remap = move_to_place,
                                       .release = take_back};
  mr_allocator told = {&ops};
  init_with((mr_tracked_options){.parent = &told, .is_recording = true});
  next_place = places[0];
  take(10);
  next_place = places[1];
  mr_region block = take(20);
  next_place = places[0];
  assert_int_equal(mr_reallocate(allocator, &block, 30), MR_OK);
  assert_ptr_equal(block.pointer, places[0]);
  assert_int_equal(counts->live_blocks, 2);
  assert_int_equal(counts->live_octets, 40);
  assert_int_equal(counts->recorded_blocks, 1);
  assert_int_equal(record_of(block).block.number, 2);
  assert_int_equal(record_of(block).block.block.size, 30);
  mr_tracked_fini(&tracked);
}

/* All at once. */

static void clear_takes_all_back(void **state) {
  (void)state;
  mr_arena arena;
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  init_with((mr_tracked_options){.parent = &arena.base, .is_recording = true});
  mr_region block = take(10);
  take(2000);
  assert_int_equal(mr_allocator_clear(allocator), MR_OK);
  assert_int_equal(counts->live_blocks, 0);
  assert_int_equal(counts->live_octets, 0);
  assert_int_equal(counts->recorded_blocks, 0);
  assert_int_equal(counts->peak_octets, 2010);
  assert_int_equal(counts->total_blocks, 2);
  assert_int_equal(mr_allocator_check(allocator, NULL), MR_OK);
  assert_int_equal(mr_deallocate(allocator, &block), MR_CORRUPT);
  order last = {0, SIZE_MAX, UINT64_MAX};
  assert_int_equal(mr_tracked_each_stack(&tracked, assert_descending, &last), MR_OK);
  assert_int_equal(last.live_octets, 0);
  mr_tracked_fini(&tracked);
  mr_arena_fini(&arena);
}

static void a_clear_that_the_parent_refuses_changes_nothing(void **state) {
  (void)state;
  mr_region block = take(10);
  const mr_tracked_statistics then = now();
  assert_int_equal(mr_allocator_clear(allocator), MR_UNSUPPORTED);
  assert_unchanged_since(then);
  give(block);
}

static void marks_are_unsupported(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark mark = {NULL, NULL};
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  init_with((mr_tracked_options){.parent = &arena.base});
  assert_int_equal(mr_allocator_mark(allocator, &mark), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_rewind(allocator, mark), MR_UNSUPPORTED);
  mr_tracked_fini(&tracked);
  mr_arena_fini(&arena);
}

/* Damage. */

static void assert_damaged(void) {
  mr_condition condition;
  assert_int_equal(mr_allocator_check(allocator, &condition), MR_CORRUPT);
  assert_int_equal(condition.status, MR_CORRUPT);
  assert_ptr_equal(condition.subject, &tracked);
}

static void damage_is_found(void **state) {
  (void)state;
  mr_region block = take(10);
  size_t *const members[] = {
      &tracked.statistics.live_octets,          &tracked.statistics.live_blocks,
      &tracked.statistics.recorded_octets,      &tracked.statistics.peak_octets,
      &tracked.statistics.recorded_blocks,      &tracked.ceiling,
      &tracked.statistics.sizes[5].live_blocks, &tracked.statistics.sizes[5].recorded_blocks};
  for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
    const size_t kept = *members[i];
    *members[i] = 7;
    assert_damaged();
    *members[i] = kept;
  }
  assert_int_equal(mr_allocator_check(allocator, NULL), MR_UNSUPPORTED);
  give(block);
}

/* Reports. */

static char report[100000];

static const char *report_of(void) {
  mr_text text = mr_text_of(report, sizeof report);
  assert_int_equal(mr_tracked_report(&tracked, mr_text_write, &text), MR_OK);
  return report;
}

static void a_report_of_nothing_live_is_one_line(void **state) {
  (void)state;
  give(take(100));
  assert_string_equal(report_of(),
                      "live: nothing; most octets: 100; most blocks: 1; in all: 100 octets in 1 "
                      "block; refused: 0\n");
}

static void a_report_lists_what_is_live_largest_first(void **state) {
  (void)state;
  mr_region twins[2];
  for (volatile size_t i = 0; i < 2; i++) twins[i] = allocate_inline();
  give(twins[0]);
  mr_region first = take(1000), second = take(1);
  mr_tracked_set_recording(&tracked, false);
  mr_region unrecorded = take(70);
  report_of();
  const char *all =
      strstr(report, "live: 1081 octets in 4 blocks; most octets: 1081; most blocks: 4;");
  const char *large = strstr(report, "\n1000 octets in 1 block, of 1000 octets in 1 block ever,");
  const char *little = strstr(report, "\n10 octets in 1 block, of 20 octets in 2 blocks ever,");
  const char *least = strstr(report, "\n1 octet in 1 block, of 1 octet in 1 block ever, came by\n");
  const char *rest = strstr(report, "\n70 octets in 1 block, not recorded\n");
  assert_ptr_equal(all, report);
  assert_true(all < large && large < little && little < least && least < rest);
  assert_non_null(strstr(report, "tracked_test+0x"));
  give(twins[1]);
  give(first);
  give(second);
  give(unrecorded);
}

static mr_status write_some(void *context, const char *text, size_t length) {
  (void)text, (void)length;
  size_t *left = context;
  return (*left)-- > 0 ? MR_OK : (mr_status)(MR_USER + 2);
}

static void a_report_ends_where_nothing_can_be_written(void **state) {
  (void)state;
  mr_region block = take(1);
  mr_tracked_set_recording(&tracked, false);
  mr_region unrecorded = take(70);
  size_t writes = 0;
  for (;; writes++) {
    size_t left = writes;
    mr_status status = mr_tracked_report(&tracked, write_some, &left);
    if (status == MR_OK) break;
    assert_int_equal(status, MR_USER + 2);
  }
  assert_true(writes >= 4);
  give(block);
  give(unrecorded);
}

/* Making and ending. */

static void records_in_the_parents_memory_are_refused(void **state) {
  (void)state;
  mr_tracked kept;
  memset(&tracked, 0x5A, sizeof tracked);
  memcpy(&kept, &tracked, sizeof kept);
  mr_tracked_options options = {.parent = &parent.base, .records = &parent.base};
  assert_int_equal(mr_tracked_init(&tracked, &options), MR_INVALID_ARGUMENT);
  assert_memory_equal(&tracked, &kept, sizeof kept);
  init_with((mr_tracked_options){.is_recording = false});
}

static void the_current_allocator_as_parent_is_the_one_at_init(void **state) {
  (void)state;
  test_allocator_init(&parent);
  mr_set_current_allocator(&parent.base);
  init_with((mr_tracked_options){.parent = MR_CURRENT});
  mr_set_current_allocator(NULL);
  mr_region block = take(10);
  assert_int_equal(parent.live_blocks, 1);
  give(block);
}

static void at_its_end_live_blocks_stay_the_parents(void **state) {
  (void)state;
  mr_region block = take(10);
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
  assert_false(mr_tracked_is_sound(&tracked));
  assert_int_equal(records.live_blocks, 0);
  assert_int_equal(parent.live_blocks, 1);
  mr_tracked_fini(&tracked);
  assert_int_equal(mr_deallocate(&parent.base, &block), MR_OK);
}

/* The suites for all kinds. */

static mr_arena arena;
static mr_bump bump;
static unsigned char storage[20000];

static mr_allocator *make_over(mr_allocator *below, bool is_recording) {
  init_with((mr_tracked_options){.parent = below, .is_recording = is_recording});
  return allocator;
}

static mr_allocator *make_over_arena(bool is_recording) {
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  return make_over(&arena.base, is_recording);
}

static mr_allocator *make_counting_over_arena(void) { return make_over_arena(false); }

static mr_allocator *make_recording_over_arena(void) { return make_over_arena(true); }

static mr_allocator *make_counting(void) { return make_over(NULL, false); }

static mr_allocator *make_recording(void) { return make_over(NULL, true); }

static mr_allocator *make_recording_over_system(void) {
  return make_over(mr_system_allocator(), true);
}

static mr_allocator *make_with_few_records(void) {
  test_allocator_init(&parent);
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  mr_tracked_options options = {
      .parent = &parent.base, .records = &bump.base, .is_recording = true};
  assert_int_equal(mr_tracked_init(&tracked, &options), MR_OK);
  return allocator;
}

static void unmake(mr_allocator *made) {
  (void)made;
  assert_int_equal(counts->live_blocks, 0);
  assert_int_equal(counts->live_octets, 0);
  assert_int_equal(counts->recorded_octets, 0);
  tear_down(NULL);
}

static void unmake_with_few_records(mr_allocator *made) {
  unmake(made);
  mr_bump_fini(&bump);
}

static void unmake_over_arena(mr_allocator *made) {
  unmake(made);
  mr_arena_fini(&arena);
}

static int run_suites(void) {
#define ALL_OF_ARENA                                                                     \
  .can_tell_usage = true, .can_tell_minimum = true, .can_clear = true, .can_trim = true, \
  .can_walk = true, .can_check = true
  static const allocator_fixture fixtures[] = {
      {"counting over arena", make_counting_over_arena, unmake_over_arena, ALL_OF_ARENA},
      {"recording over arena", make_recording_over_arena, unmake_over_arena, ALL_OF_ARENA},
      {.name = "counting over test allocator", .make = make_counting, .unmake = unmake},
      {.name = "recording over test allocator", .make = make_recording, .unmake = unmake},
      {.name = "recording over system",
       .make = make_recording_over_system,
       .unmake = unmake,
       .can_tell_usage = true,
       .is_shared = true},
      {.name = "with few records",
       .make = make_with_few_records,
       .unmake = unmake_with_few_records},
  };
  int failed = 0;
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
    failed += allocator_conformance(&fixtures[i]);
    failed += allocator_random(&fixtures[i]);
  }
  return failed;
}

#define WHILE(what, test) cmocka_unit_test_setup_teardown(test, set_up_##what, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      WHILE(counting, live_blocks_and_octets_are_counted),
      WHILE(recording, live_blocks_and_octets_are_counted),
      WHILE(counting, empty_blocks_are_not_counted),
      WHILE(recording, peaks_are_of_octets_and_of_blocks_each),
      WHILE(counting, a_peak_that_is_reset_is_what_is_live),
      WHILE(counting, sizes_are_counted_by_powers_of_two),
      WHILE(counting, counting_takes_no_memory),
      WHILE(counting, zeros_as_options_and_none_count_over_the_system),
      WHILE(recording, a_block_that_shrinks_where_it_is_counts_less),
      WHILE(recording, a_block_that_grows_where_it_is_counts_more),
      WHILE(recording, a_block_that_the_parent_moves_keeps_its_record),
      WHILE(counting, a_block_is_moved_while_others_go_back),
      WHILE(recording, a_block_that_is_copied_elsewhere_is_a_new_one),
      WHILE(recording, a_reallocation_that_fails_changes_nothing_but_the_refused),
      WHILE(counting, as_much_as_the_ceiling_can_be_live),
      WHILE(counting, a_block_above_the_ceiling_is_too_big),
      WHILE(counting, no_block_grows_above_the_ceiling),
      WHILE(counting, the_maximum_is_the_parents_where_that_is_less),
      WHILE(recording, a_record_has_size_alignment_and_number),
      WHILE(recording, calls_start_outside_of_the_library),
      WHILE(recording, blocks_that_come_by_the_same_calls_share_a_stack),
      WHILE(recording, stacks_are_shown_by_live_octets),
      WHILE(recording, showing_ends_where_the_function_says),
      WHILE(recording, many_blocks_are_recorded_and_found),
      WHILE(counting, what_comes_while_it_is_off_is_counted_and_not_recorded),
      WHILE(recording, what_is_recorded_leaves_while_it_is_off),
      WHILE(recording, without_memory_blocks_come_unrecorded),
      WHILE(recording, tables_that_cannot_grow_keep_what_they_have),
      WHILE(recording, a_stack_by_which_nothing_was_recorded_is_not_shown),
      WHILE(recording, blocks_by_known_stacks_are_recorded_where_no_new_one_could_be),
      WHILE(recording, what_was_never_given_is_refused),
      WHILE(recording, what_has_gone_back_already_is_refused),
      WHILE(recording, a_wrong_size_or_alignment_is_refused),
      WHILE(recording, what_is_no_block_is_not_resized),
      WHILE(counting, without_records_what_cannot_be_live_is_refused),
      WHILE(counting, without_records_the_parent_may_refuse_the_rest),
      WHILE(recording, a_block_that_the_parent_refuses_stays_recorded),
      WHILE(recording, a_record_that_went_stale_is_dropped),
      WHILE(recording, a_record_that_is_stale_where_a_block_is_moved_is_dropped),
      WHILE(recording, clear_takes_all_back),
      WHILE(recording, a_clear_that_the_parent_refuses_changes_nothing),
      WHILE(recording, marks_are_unsupported),
      WHILE(recording, damage_is_found),
      WHILE(counting, a_report_of_nothing_live_is_one_line),
      WHILE(recording, a_report_of_nothing_live_is_one_line),
      WHILE(recording, a_report_lists_what_is_live_largest_first),
      WHILE(recording, a_report_ends_where_nothing_can_be_written),
      WHILE(counting, records_in_the_parents_memory_are_refused),
      WHILE(counting, the_current_allocator_as_parent_is_the_one_at_init),
      WHILE(recording, at_its_end_live_blocks_stay_the_parents),
  };
  int failed = cmocka_run_group_tests_name("tracked", tests, NULL, NULL);
  return (failed + run_suites()) != 0;
}

#include "memregions/arena.h"

#include <string.h>

#include "failing_allocator.h"
#include "support.h"

/* What allocator_conformance does not know of: chunks. */

static _Alignas(64) unsigned char storage[1024];
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

static void init(mr_arena *arena, size_t chunk_size, size_t storage_size) {
  mr_arena_options options = {
      .parent = &parent.base, .chunk_size = chunk_size, .storage = {storage, storage_size}};
  assert_int_equal(mr_arena_init(arena, &options), MR_OK);
}

static mr_region take(mr_arena *arena, size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_arena_allocate(arena, size, &block), MR_OK);
  memset(block.pointer, 0x11, size);
  return block;
}

static size_t used_in(mr_arena *arena) {
  size_t used = SIZE_MAX;
  assert_int_equal(mr_used_space(&arena->base, &used), MR_OK);
  return used;
}

static size_t total_of(mr_arena *arena) {
  size_t total = SIZE_MAX;
  assert_int_equal(mr_total_size(&arena->base, &total), MR_OK);
  return total;
}

/* Making. */

static void nothing_is_taken_before_the_first_block(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  assert_int_equal(parent.requests, 0);
  assert_int_equal(total_of(&arena), 0);
  assert_false(mr_region_is_valid(mr_arena_storage(&arena)));
  mr_arena_fini(&arena);
}

static void no_options_are_all_zeros(void **state) {
  (void)state;
  mr_arena arena;
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  take(&arena, 100);
  assert_true(total_of(&arena) > 3000 && total_of(&arena) < MR_ARENA_CHUNK_SIZE);
  mr_arena_fini(&arena);
}

static void the_current_allocator_as_parent_is_the_one_at_init(void **state) {
  (void)state;
  mr_arena arena;
  mr_arena_options options = {.parent = MR_CURRENT};
  mr_set_current_allocator(&parent.base);
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  mr_set_current_allocator(NULL);
  take(&arena, 100);
  assert_int_equal(parent.live_blocks, 1);
  mr_arena_fini(&arena);
}

static void options_that_can_not_be_are_refused(void **state) {
  (void)state;
  mr_arena arena;
  mr_arena kept;
  mr_bump small;
  memset(&arena, 0x5A, sizeof arena);
  memcpy(&kept, &arena, sizeof arena);
  assert_int_equal(mr_bump_init(&small, mr_region_of(storage, 500)), MR_OK);

  mr_arena_options unsound = {.storage = {NULL, 5}};
  mr_arena_options too_large = {.parent = &small.base, .chunk_size = 501};
  mr_arena_options huge = {.chunk_size = SIZE_MAX};
  assert_int_equal(mr_arena_init(&arena, &unsound), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_arena_init(&arena, &too_large), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_arena_init(&arena, &huge), MR_BLOCK_TOO_BIG);
  assert_memory_equal(&arena, &kept, sizeof arena);
  mr_bump_fini(&small);
}

static void a_small_parent_is_enough_for_the_standard_chunk(void **state) {
  (void)state;
  mr_bump small;
  mr_arena arena;
  mr_arena_options options = {.parent = &small.base};
  size_t maximum = 0;
  mr_region block;
  assert_int_equal(mr_bump_init(&small, mr_region_of(storage, 500)), MR_OK);
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  assert_int_equal(mr_maximum_block_size(&arena.base, &maximum), MR_OK);
  assert_true(maximum > 300 && maximum < 500);
  assert_int_equal(mr_allocate(&arena.base, maximum + 1, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate(&arena.base, maximum, &block), MR_OK);
  assert_int_equal(mr_allocate(&arena.base, 1, &block), MR_OUT_OF_MEMORY);
  mr_arena_fini(&arena);
  mr_bump_fini(&small);
}

/* Growing. */

static void chunks_double(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 1000, 0);
  size_t before = 0;
  for (size_t chunk = 1000; chunk <= 64000; chunk *= 2) {
    while (parent.live_octets == before) take(&arena, 48);
    assert_int_equal(parent.live_octets - before, chunk);
    before = parent.live_octets;
  }
  mr_arena_fini(&arena);
}

static void storage_is_used_first_and_whole(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 100);
  mr_region first = take(&arena, 60);
  mr_region tail = take(&arena, 36);
  assert_ptr_equal(first.pointer, storage);
  assert_ptr_equal(tail.pointer, storage + 64);
  assert_int_equal(parent.requests, 0);
  assert_ptr_equal(mr_arena_storage(&arena).pointer, storage);
  assert_int_equal(mr_arena_storage(&arena).size, 100);
  take(&arena, 1);
  assert_int_equal(parent.requests, 1);
  assert_ptr_not_equal(mr_arena_storage(&arena).pointer, storage);
  mr_arena_fini(&arena);
}

static void a_large_block_leaves_the_current_chunk_alone(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  mr_region before = take(&arena, 16);
  const size_t octets = parent.live_octets;
  mr_region large = take(&arena, 100000);
  mr_region after = take(&arena, 16);
  assert_ptr_equal(after.pointer, (unsigned char *)before.pointer + 16);
  assert_true(parent.live_octets - octets < 100000 + 100);
  assert_int_equal(mr_allocator_owns(&arena.base, mr_region_view(large)), MR_OWNS_YES);
  mr_arena_fini(&arena);
}

static void blocks_that_all_are_large_come_to_share_chunks(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  for (int i = 0; i < 1000; i++) take(&arena, 2000);
  assert_true(parent.requests < 20);
  mr_arena_fini(&arena);
}

static void a_small_block_after_many_large_ones_takes_a_modest_chunk(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  take(&arena, 1 << 24);
  const size_t octets = parent.live_octets;
  take(&arena, 16);
  assert_true(parent.live_octets - octets <= 2 * MR_ARENA_CHUNK_SIZE);
  mr_arena_fini(&arena);
}

/* A parent that refuses what is larger than `limit`. */
typedef struct limited {
  mr_allocator base;
  size_t limit;
} limited;

static mr_region allocate_limited(mr_allocator *self, size_t size, size_t alignment,
                                  unsigned flags) {
  if (size > ((limited *)self)->limit) return mr_region_of(NULL, 0);
  return parent.base.ops->allocate(&parent.base, size, alignment, flags);
}

static mr_status release_limited(mr_allocator *self, mr_region block, size_t alignment) {
  (void)self;
  return parent.base.ops->release(&parent.base, block, alignment);
}

static limited limited_to(size_t limit) {
  static mr_allocator_ops ops;
  ops = *parent.base.ops;
  ops.allocate = allocate_limited;
  ops.release = release_limited;
  return (limited){{&ops}, limit};
}

static void smaller_chunks_are_tried_where_twice_the_size_can_not_be_had(void **state) {
  (void)state;
  limited parent_of_5000 = limited_to(5000);
  mr_arena arena;
  mr_arena_options options = {.parent = &parent_of_5000.base};
  mr_region block;
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  for (int i = 0; i < 1000; i++) take(&arena, 100);
  assert_true(parent.live_blocks >= 20 && parent.live_blocks <= 35);
  assert_int_equal(mr_arena_allocate(&arena, 5000, &block), MR_OUT_OF_MEMORY);
  take(&arena, 4800);

  /* And down to a chunk for the block alone. */
  parent_of_5000.limit = 200;
  for (int i = 0; i < 100; i++) take(&arena, 100);
  mr_arena_fini(&arena);
}

static void alignment_is_reached_inside_chunks(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  for (size_t alignment = 1; alignment <= 1 << 16; alignment *= 2) {
    mr_region block;
    assert_int_equal(mr_allocate_aligned(&arena.base, 3 * alignment + 1, alignment, &block), MR_OK);
    assert_true(mr_is_aligned(mr_region_view(block), alignment));
    memset(block.pointer, 1, block.size);
  }
  mr_arena_fini(&arena);
}

static void a_failure_changes_nothing(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  take(&arena, 100);
  take(&arena, 50000);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  take(&arena, 200);
  const size_t used = used_in(&arena), total = total_of(&arena);
  mr_region block = take(&arena, 30);
  mr_region kept = block;

  parent.fail_at = parent.requests + 1;
  parent.fails_on = true;
  mr_region out = {NULL, 77};
  assert_int_equal(mr_allocate(&arena.base, 100000, &out), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_reallocate(&arena.base, &block, 100000), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_allocate_aligned(&arena.base, 10, 1 << 20, &out), MR_OUT_OF_MEMORY);
  assert_int_equal(out.size, 77);
  assert_memory_equal(&block, &kept, sizeof block);
  assert_int_equal(total_of(&arena), total);
  assert_int_equal(mr_deallocate(&arena.base, &block), MR_OK);
  assert_int_equal(used_in(&arena), used);
  parent.fail_at = 0;
  mr_arena_fini(&arena);
}

/* Single blocks. */

static void the_newest_block_grows_and_goes_back(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  take(&arena, 10);
  mr_region block = take(&arena, 10);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&arena.base, &block, 500), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_deallocate(&arena.base, &block), MR_OK);
  assert_int_equal(used_in(&arena), 16);
  assert_ptr_equal(take(&arena, 1).pointer, start);
  mr_arena_fini(&arena);
}

static void a_large_newest_block_shrinks_grows_and_goes_back(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  take(&arena, 10);
  mr_region block = take(&arena, 50000);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&arena.base, &block, 100), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(used_in(&arena), 16 + 112);
  assert_int_equal(mr_reallocate(&arena.base, &block, 50000), MR_OK);
  assert_ptr_equal(block.pointer, start);
  memset(block.pointer, 1, block.size);
  assert_int_equal(mr_deallocate(&arena.base, &block), MR_OK);
  assert_int_equal(used_in(&arena), 16);

  /* Its chunk is kept, for the next. */
  const size_t requests = parent.requests;
  assert_ptr_equal(take(&arena, 40000).pointer, start);
  assert_int_equal(parent.requests, requests);
  mr_arena_fini(&arena);
}

static void other_blocks_shrink_where_they_are_and_stay(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  mr_region first = take(&arena, 500);
  mr_region large = take(&arena, 50000);
  while (parent.live_blocks < 3) take(&arena, 500);
  take(&arena, 60000);
  const mr_region first_kept = first, large_kept = large;
  const size_t used = used_in(&arena);

  assert_int_equal(mr_reallocate(&arena.base, &first, 50), MR_OK);
  assert_int_equal(mr_reallocate(&arena.base, &large, 50), MR_OK);
  assert_ptr_equal(first.pointer, first_kept.pointer);
  assert_ptr_equal(large.pointer, large_kept.pointer);
  assert_int_equal(mr_deallocate(&arena.base, &first), MR_OK);
  assert_int_equal(mr_deallocate(&arena.base, &large), MR_OK);
  assert_int_equal(used_in(&arena), used);
  mr_arena_fini(&arena);
}

static void owns_is_exact(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 100);
  mr_region in_storage = take(&arena, 90);
  mr_region in_chunk = take(&arena, 200);
  mr_region alone = take(&arena, 9000);
  const mr_region blocks[] = {in_storage, in_chunk, alone};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(mr_allocator_owns(&arena.base, mr_region_view(blocks[i])), MR_OWNS_YES);
  }
  unsigned char *next = (unsigned char *)in_chunk.pointer + 208;
  assert_int_equal(mr_allocator_owns(&arena.base, mr_view_of(next, 1)), MR_OWNS_NO);
  assert_int_equal(mr_allocator_owns(&arena.base, mr_view_of(storage + 99, 2)), MR_OWNS_NO);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(mr_allocator_owns(&arena.base, mr_region_view(blocks[i])), MR_OWNS_NO);
  }
  mr_arena_fini(&arena);
}

/* All at once. */

static void clear_keeps_chunks_and_trim_gives_them_back(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 100);
  for (int i = 0; i < 100; i++) take(&arena, 300);
  take(&arena, 100000);
  const size_t octets = parent.live_octets, total = total_of(&arena);

  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  assert_int_equal(parent.live_octets, octets);
  assert_int_equal(total_of(&arena), total);
  assert_int_equal(used_in(&arena), 0);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  assert_int_equal(total_of(&arena), 100);
  assert_ptr_equal(take(&arena, 20).pointer, storage);
  mr_arena_fini(&arena);
}

static void rounds_of_the_same_work_take_nothing_more(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  size_t requests = 0;
  for (int round = 0; round < 10; round++) {
    for (size_t i = 0; i < 300; i++) take(&arena, i * i % 5000 + 1);
    if (round == 0) requests = parent.requests;
    assert_int_equal(parent.requests, requests);
    assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  }
  mr_arena_fini(&arena);
}

static void rounds_of_ever_larger_blocks_do_not_pile_up(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  for (size_t round = 0; round < 100; round++) {
    take(&arena, 100000 + 64 * round);
    assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  }
  assert_int_equal(parent.live_blocks, 1);
  mr_arena_fini(&arena);
}

static void a_small_kept_chunk_makes_room_for_one_that_several_blocks_share(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 4096, 0);
  take(&arena, 16);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  const size_t requests = parent.requests;
  for (int i = 0; i < 1000; i++) take(&arena, 4080);
  assert_true(parent.requests - requests < 20);
  mr_arena_fini(&arena);
}

static void rounds_of_random_work_do_not_pile_up(void **state) {
  (void)state;
  enum { ROUNDS = 500, BLOCKS = 20 };
  mr_arena arena;
  uint64_t random = 1;
  init(&arena, 0, 0);
  for (size_t round = 0; round < ROUNDS; round++) {
    for (size_t i = 0; i < BLOCKS; i++) {
      /* A generator of Donald Knuth's, for MMIX. */
      random = random * 6364136223846793005U + 1442695040888963407U;
      take(&arena, (size_t)(random >> (48 + random % 12)) + 1);
    }
    assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  }
  assert_true(parent.live_blocks <= BLOCKS);
  mr_arena_fini(&arena);
}

static void trim_gives_back_a_chunk_whose_blocks_are_gone(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  mr_region block = take(&arena, 100);
  assert_int_equal(mr_deallocate(&arena.base, &block), MR_OK);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  take(&arena, 100);
  mr_arena_fini(&arena);
}

static void trim_leaves_what_a_mark_needs(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark mark;
  init(&arena, 0, 0);
  mr_region block = take(&arena, 100);
  assert_int_equal(mr_deallocate(&arena.base, &block), MR_OK);
  assert_int_equal(mr_allocator_mark(&arena.base, &mark), MR_OK);
  take(&arena, 50000);
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(parent.live_blocks, 1);
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  take(&arena, 100);
  mr_arena_fini(&arena);
}

static void after_trim_what_is_older_stays_where_it_was(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 64);
  mr_region older = take(&arena, 40);
  mr_region newer = take(&arena, 100);
  assert_int_equal(mr_deallocate(&arena.base, &newer), MR_OK);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  mr_region next = take(&arena, 16);
  assert_ptr_equal(next.pointer, storage + 48);
  assert_int_equal(((unsigned char *)older.pointer)[39], 0x11);
  mr_arena_fini(&arena);
}

static void rewind_takes_back_large_blocks_and_keeps_older_ones(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark mark;
  init(&arena, 0, 0);
  take(&arena, 100);
  mr_region older = take(&arena, 50000);
  const size_t used = used_in(&arena);
  assert_int_equal(mr_allocator_mark(&arena.base, &mark), MR_OK);

  /* Two that were taken with the cursor where it was at the mark: only the older one stays. */
  mr_region newer = take(&arena, 60000);
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  assert_int_equal(used_in(&arena), used);
  assert_int_equal(((unsigned char *)older.pointer)[49999], 0x11);
  assert_ptr_equal(take(&arena, 60000).pointer, newer.pointer);

  /* A marked block is not given back: the mark stands on it. */
  mr_region kept = older;
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  assert_int_equal(mr_deallocate(&arena.base, &kept), MR_OK);
  assert_int_equal(used_in(&arena), used);
  assert_int_equal(mr_reallocate(&arena.base, &older, 100), MR_OK);
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  mr_arena_fini(&arena);
}

static void marks_of_chunks_that_are_gone_are_invalid(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark early, late, alone;
  init(&arena, 0, 0);
  take(&arena, 100);
  assert_int_equal(mr_allocator_mark(&arena.base, &early), MR_OK);
  while (parent.live_blocks < 2) take(&arena, 500);
  assert_int_equal(mr_allocator_mark(&arena.base, &late), MR_OK);
  take(&arena, 70000);
  assert_int_equal(mr_allocator_mark(&arena.base, &alone), MR_OK);
  assert_int_equal(mr_allocator_rewind(&arena.base, early), MR_OK);
  assert_int_equal(mr_allocator_rewind(&arena.base, late), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_allocator_rewind(&arena.base, alone), MR_INVALID_ARGUMENT);

  /* Also once the chunk is in use again. */
  for (int i = 0; i < 12; i++) take(&arena, 500);
  take(&arena, 70000);
  assert_int_equal(mr_allocator_rewind(&arena.base, late), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_allocator_rewind(&arena.base, alone), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  assert_int_equal(mr_allocator_rewind(&arena.base, early), MR_INVALID_ARGUMENT);
  mr_arena_fini(&arena);
}

static void marks_in_the_storage_end_with_clear(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark mark;
  init(&arena, 0, sizeof storage);
  take(&arena, 40);
  assert_int_equal(mr_allocator_mark(&arena.base, &mark), MR_OK);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  take(&arena, 100);
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_INVALID_ARGUMENT);
  mr_arena_fini(&arena);
}

/* Asking. */

static void total_counts_what_blocks_can_lie_in(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 4096, 1000);
  assert_int_equal(total_of(&arena), 1000);
  while (parent.live_blocks == 0) take(&arena, 100);
  const size_t header = 1000 + 4096 - total_of(&arena);
  assert_true(header > 0 && header <= 80);
  mr_arena_fini(&arena);
}

static void the_maximum_is_what_the_parent_can_give_or_the_storage(void **state) {
  (void)state;
  mr_arena arena;
  size_t maximum = 0;
  init(&arena, 0, 0);
  assert_int_equal(mr_maximum_block_size(&arena.base, &maximum), MR_OK);
  assert_true(maximum > PTRDIFF_MAX - 100 && maximum < PTRDIFF_MAX);
  mr_condition condition;
  assert_int_equal(mr_allocation_failure(&arena.base, 1, (size_t)1 << 63, &condition),
                   MR_BLOCK_TOO_BIG);
  assert_int_equal(condition.limit, 0);
  assert_int_equal(mr_allocation_failure(&arena.base, 1, (size_t)1 << 62, &condition),
                   MR_OUT_OF_MEMORY);
  assert_true(condition.limit < (size_t)1 << 62);
  mr_arena_fini(&arena);

  mr_bump none;
  mr_arena_options options = {.parent = &none.base, .storage = mr_region_of(storage, 333)};
  assert_int_equal(mr_bump_init(&none, mr_region_of(NULL, 0)), MR_OK);
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  assert_int_equal(mr_maximum_block_size(&arena.base, &maximum), MR_OK);
  assert_int_equal(maximum, 333);
  mr_region block;
  assert_int_equal(mr_allocate(&arena.base, 333, &block), MR_OK);
  assert_int_equal(mr_allocate(&arena.base, 1, &block), MR_OUT_OF_MEMORY);
  mr_arena_fini(&arena);
  mr_bump_fini(&none);
}

static void damage_is_found(void **state) {
  (void)state;
  mr_arena arena;
  mr_condition condition;
  init(&arena, 0, 100);
  take(&arena, 100);
  take(&arena, 100);
  take(&arena, 9000);
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);

  mr_arena_chunk *alone = arena.newest;
  unsigned char *cursor = alone->cursor;
  alone->cursor = alone->end + 1;
  assert_int_equal(mr_allocator_check(&arena.base, &condition), MR_CORRUPT);
  assert_int_equal(condition.status, MR_CORRUPT);
  assert_ptr_equal(condition.subject, &arena);
  alone->cursor = cursor;
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);

  arena.bottom.cursor = arena.bottom.end + 1;
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_CORRUPT);
  arena.bottom.cursor = arena.bottom.end;

  unsigned char *start = alone->start;
  alone->start += 16;
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_CORRUPT);
  alone->start = start;

  arena.current = &arena.bottom;
  assert_false(mr_arena_is_sound(&arena));
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_CORRUPT);
  arena.current = alone->below;
  arena.newest = NULL;
  assert_false(mr_arena_is_sound(&arena));
  arena.newest = alone;
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
  mr_arena_fini(&arena);
}

/* Stops at the span it is told. */
static mr_status stop_at(void *context, mr_view span, bool is_used) {
  (void)span, (void)is_used;
  int *left = context;
  return --*left == 0 ? (mr_status)(MR_USER + 7) : MR_OK;
}

static void a_walk_stops_where_it_is_told_to(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 100);
  take(&arena, 50);
  take(&arena, 200);
  take(&arena, 9000);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  take(&arena, 50);
  int spans = 0;
  for (int left = 1;; left++, spans++) {
    int remaining = left;
    mr_status status = mr_allocator_walk(&arena.base, stop_at, &remaining);
    if (status == MR_OK) break;
    assert_int_equal(status, MR_USER + 7);
    assert_int_equal(remaining, 0);
  }
  assert_int_equal(spans, 4);
  mr_arena_fini(&arena);
}

static void ending_gives_all_back_once(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, sizeof storage);
  for (int i = 0; i < 100; i++) take(&arena, 300);
  take(&arena, 100000);
  mr_arena_fini(&arena);
  assert_int_equal(parent.live_blocks, 0);
  mr_arena_fini(&arena);
  memset(storage, 0, sizeof storage);
}

/* Failing allocations, one after the other. */

static mr_status fill(void *context, mr_allocator *allocator) {
  mr_arena *arena = context;
  (void)allocator;
  for (size_t i = 0; i < 40; i++) {
    mr_region block;
    mr_status status = mr_arena_allocate(arena, i % 10 == 9 ? 20000 : 700, &block);
    if (status != MR_OK) return mr_allocator_clear(&arena->base) == MR_OK ? status : MR_CORRUPT;
  }
  return MR_OK;
}

static void any_request_may_fail(void **state) {
  (void)state;
  mr_arena arena;
  mr_region block;
  for (size_t n = 1; n < 12; n++) {
    init(&arena, 0, 0);
    parent.fail_at = parent.requests + n;
    parent.fails_on = true;
    mr_status status = fill(&arena, &parent.base);
    assert_true(status == MR_OK || status == MR_OUT_OF_MEMORY);
    parent.fail_at = 0;
    assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
    assert_int_equal(fill(&arena, &parent.base), MR_OK);
    assert_int_equal(mr_arena_allocate(&arena, 20, &block), MR_OK);
    mr_arena_fini(&arena);
    assert_int_equal(parent.live_blocks, 0);
  }
}

/* Giving back in order. */

static mr_bump lifo;

static void init_over_lifo(mr_arena *arena) {
  static unsigned char memory[1 << 20];
  mr_arena_options options = {.parent = &lifo.base, .chunk_size = 1024};
  assert_int_equal(mr_bump_init(&lifo, mr_region_of(memory, sizeof memory)), MR_OK);
  assert_int_equal(mr_arena_init(arena, &options), MR_OK);
}

static size_t used_in_lifo(void) {
  size_t used = SIZE_MAX;
  assert_int_equal(mr_used_space(&lifo.base, &used), MR_OK);
  return used;
}

/* Shared chunks and chunks of one block, by turns. */
static void take_by_turns(mr_arena *arena) {
  for (size_t i = 0; i < 60; i++) take(arena, i % 20 == 19 ? 1000 * i : 200);
}

static void a_parent_that_takes_back_its_newest_gets_all_at_the_end(void **state) {
  (void)state;
  for (int is_cleared = 0; is_cleared < 2; is_cleared++) {
    mr_arena arena;
    init_over_lifo(&arena);
    take_by_turns(&arena);
    if (is_cleared) {
      assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
      take(&arena, 200);
    }
    mr_arena_fini(&arena);
    assert_int_equal(used_in_lifo(), 0);
    mr_bump_fini(&lifo);
  }
}

static void a_parent_that_takes_back_its_newest_gets_all_at_trim(void **state) {
  (void)state;
  mr_arena arena;
  init_over_lifo(&arena);
  take_by_turns(&arena);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(used_in_lifo(), 0);
  mr_arena_fini(&arena);
  mr_bump_fini(&lifo);
}

static void trim_between_marks_gives_the_latest_back_first(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark mark;
  init_over_lifo(&arena);
  take_by_turns(&arena);
  const size_t used = used_in_lifo();
  assert_int_equal(mr_allocator_mark(&arena.base, &mark), MR_OK);
  take_by_turns(&arena);
  assert_true(used_in_lifo() > used);
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(used_in_lifo(), used);
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
  mr_arena_fini(&arena);
  assert_int_equal(used_in_lifo(), 0);
  mr_bump_fini(&lifo);
}

static void blocks_given_back_newest_first_all_return_across_chunks(void **state) {
  (void)state;
  enum { COUNT = 100 };
  mr_arena arena;
  mr_region blocks[COUNT];
  init(&arena, 1024, 100);
  for (size_t i = 0; i < COUNT; i++) blocks[i] = take(&arena, i % 20 == 19 ? 20000 : 64);
  assert_true(parent.live_blocks > 5);
  for (size_t i = COUNT; i > 0; i--) {
    assert_int_equal(mr_deallocate(&arena.base, &blocks[i - 1]), MR_OK);
    assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
  }
  assert_int_equal(used_in(&arena), 0);
  assert_int_equal(mr_allocator_trim(&arena.base), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  mr_arena_fini(&arena);
}

static void a_mark_holds_when_its_chunk_is_current_again(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark mark;
  init(&arena, 1024, 0);
  mr_region older = take(&arena, 100);
  assert_int_equal(mr_allocator_mark(&arena.base, &mark), MR_OK);
  mr_region newer = take(&arena, 200);
  const size_t used = used_in(&arena);
  mr_region next = take(&arena, 450);
  mr_region last = take(&arena, 450);
  assert_int_equal(parent.live_blocks, 2);

  /* The second chunk goes out of use, and the first gives back what is newer than the mark, but nothing older. */
  assert_int_equal(mr_deallocate(&arena.base, &last), MR_OK);
  assert_int_equal(mr_deallocate(&arena.base, &next), MR_OK);
  assert_int_equal(used_in(&arena), used);
  assert_int_equal(mr_deallocate(&arena.base, &newer), MR_OK);
  assert_int_equal(used_in(&arena), 112);
  assert_int_equal(mr_deallocate(&arena.base, &older), MR_OK);
  assert_int_equal(used_in(&arena), 112);
  assert_int_equal(mr_allocator_rewind(&arena.base, mark), MR_OK);
  mr_arena_fini(&arena);
}

static void where_a_kept_chunk_made_room_addresses_settle(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  const void *before[2] = {NULL, NULL};
  for (int round = 0; round < 4; round++) {
    mr_region first = take(&arena, 20000);
    const void *at_first = first.pointer;
    assert_int_equal(mr_deallocate(&arena.base, &first), MR_OK);
    mr_region second = take(&arena, 50000);
    if (round > 1) {
      assert_ptr_equal(at_first, before[0]);
      assert_ptr_equal(second.pointer, before[1]);
    }
    before[0] = at_first;
    before[1] = second.pointer;
    assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  }
  mr_arena_fini(&arena);
}

static void a_large_block_older_than_a_mark_does_not_grow_where_it_is(void **state) {
  (void)state;
  mr_arena arena;
  mr_mark mark;
  init(&arena, 0, 0);
  mr_region block = take(&arena, 50000);
  assert_int_equal(mr_reallocate(&arena.base, &block, 40000), MR_OK);
  const void *start = block.pointer;
  assert_int_equal(mr_allocator_mark(&arena.base, &mark), MR_OK);
  assert_int_equal(mr_reallocate(&arena.base, &block, 50000), MR_OK);
  assert_ptr_not_equal(block.pointer, start);
  mr_arena_fini(&arena);
}

static void a_block_of_a_quarter_shares_a_chunk_and_a_larger_one_does_not(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 4096, 0);
  take(&arena, 16);
  const size_t quarter = total_of(&arena) / 4;
  mr_arena_fini(&arena);
  for (size_t more = 0; more < 2; more++) {
    init(&arena, 4096, 0);
    take(&arena, quarter + more);
    take(&arena, 16);
    assert_int_equal(parent.live_blocks, 1 + more);
    mr_arena_fini(&arena);
  }
}

/* Damage to links. */

static void damaged_links_are_found(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 1024, 0);
  for (int i = 0; i < 100; i++) take(&arena, 64);
  for (mr_arena_chunk *chunk = arena.newest; chunk != &arena.bottom; chunk = chunk->below) {
    for (size_t octets = 8; octets <= 24; octets += 8) {
      const mr_arena_chunk kept = *chunk;
      memset(chunk, 0x41, octets);
      assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_CORRUPT);
      *chunk = kept;
    }
  }
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
  mr_arena_fini(&arena);
}

static void damage_to_kept_chunks_is_found(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 0);
  take(&arena, 100);
  take(&arena, 50000);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  mr_arena_chunk *const chunks[] = {arena.kept, arena.kept_alone};
  for (size_t i = 0; i < 2; i++) {
    const mr_arena_chunk kept = *chunks[i];
    memset(chunks[i], 0x41, 8);
    assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_CORRUPT);
    *chunks[i] = kept;
    chunks[i]->cursor = kept.end + 1;
    assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_CORRUPT);
    *chunks[i] = kept;
  }
  assert_int_equal(mr_allocator_check(&arena.base, NULL), MR_OK);
  mr_arena_fini(&arena);
}

static void it_is_not_sound_after_its_end(void **state) {
  (void)state;
  mr_arena arena;
  init(&arena, 0, 100);
  assert_true(mr_arena_is_sound(&arena));
  mr_arena_fini(&arena);
  assert_false(mr_arena_is_sound(&arena));
}

#define UNDER_PARENT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      UNDER_PARENT(nothing_is_taken_before_the_first_block),
      UNDER_PARENT(no_options_are_all_zeros),
      UNDER_PARENT(the_current_allocator_as_parent_is_the_one_at_init),
      UNDER_PARENT(options_that_can_not_be_are_refused),
      UNDER_PARENT(a_small_parent_is_enough_for_the_standard_chunk),
      UNDER_PARENT(chunks_double),
      UNDER_PARENT(storage_is_used_first_and_whole),
      UNDER_PARENT(a_large_block_leaves_the_current_chunk_alone),
      UNDER_PARENT(blocks_that_all_are_large_come_to_share_chunks),
      UNDER_PARENT(a_small_block_after_many_large_ones_takes_a_modest_chunk),
      UNDER_PARENT(smaller_chunks_are_tried_where_twice_the_size_can_not_be_had),
      UNDER_PARENT(alignment_is_reached_inside_chunks),
      UNDER_PARENT(a_failure_changes_nothing),
      UNDER_PARENT(the_newest_block_grows_and_goes_back),
      UNDER_PARENT(a_large_newest_block_shrinks_grows_and_goes_back),
      UNDER_PARENT(other_blocks_shrink_where_they_are_and_stay),
      UNDER_PARENT(owns_is_exact),
      UNDER_PARENT(clear_keeps_chunks_and_trim_gives_them_back),
      UNDER_PARENT(rounds_of_the_same_work_take_nothing_more),
      UNDER_PARENT(rounds_of_ever_larger_blocks_do_not_pile_up),
      UNDER_PARENT(a_small_kept_chunk_makes_room_for_one_that_several_blocks_share),
      UNDER_PARENT(rounds_of_random_work_do_not_pile_up),
      UNDER_PARENT(trim_gives_back_a_chunk_whose_blocks_are_gone),
      UNDER_PARENT(trim_leaves_what_a_mark_needs),
      UNDER_PARENT(after_trim_what_is_older_stays_where_it_was),
      UNDER_PARENT(rewind_takes_back_large_blocks_and_keeps_older_ones),
      UNDER_PARENT(marks_of_chunks_that_are_gone_are_invalid),
      UNDER_PARENT(marks_in_the_storage_end_with_clear),
      UNDER_PARENT(total_counts_what_blocks_can_lie_in),
      UNDER_PARENT(the_maximum_is_what_the_parent_can_give_or_the_storage),
      UNDER_PARENT(damage_is_found),
      UNDER_PARENT(a_walk_stops_where_it_is_told_to),
      UNDER_PARENT(ending_gives_all_back_once),
      UNDER_PARENT(any_request_may_fail),
      UNDER_PARENT(a_parent_that_takes_back_its_newest_gets_all_at_the_end),
      UNDER_PARENT(a_parent_that_takes_back_its_newest_gets_all_at_trim),
      UNDER_PARENT(trim_between_marks_gives_the_latest_back_first),
      UNDER_PARENT(blocks_given_back_newest_first_all_return_across_chunks),
      UNDER_PARENT(a_mark_holds_when_its_chunk_is_current_again),
      UNDER_PARENT(where_a_kept_chunk_made_room_addresses_settle),
      UNDER_PARENT(a_large_block_older_than_a_mark_does_not_grow_where_it_is),
      UNDER_PARENT(a_block_of_a_quarter_shares_a_chunk_and_a_larger_one_does_not),
      UNDER_PARENT(damaged_links_are_found),
      UNDER_PARENT(damage_to_kept_chunks_is_found),
      UNDER_PARENT(it_is_not_sound_after_its_end),
  };
  return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}

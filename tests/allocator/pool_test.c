#include "memregions/pool.h"

#include "allocator_conformance.h"
#include "allocator_random.h"
#include "failing_allocator.h"
#include "memregions/bump.h"
#include "support.h"

/* The shared suites over every way to make a pool, and what they do not know of: where blocks lie, and misuse. */

static _Alignas(4096) unsigned char storage[8192];
static test_allocator parent;

static int set_up(void **state) {
  (void)state;
  test_allocator_init(&parent);
  memset(storage, 0, sizeof storage);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  test_allocator_fini(&parent);
  return 0;
}

static void init(mr_pool *pool, mr_pool_options options) {
  if (!options.parent) options.parent = &parent.base;
  assert_int_equal(mr_pool_init(pool, &options), MR_OK);
}

/* Blocks of 64 in the first `size` octets of the storage, and nowhere else. */
static void init_fixed(mr_pool *pool, size_t size, bool is_checked) {
  init(pool, (mr_pool_options){.block_size = 64,
                               .storage = {storage, size},
                               .is_fixed = true,
                               .is_checked = is_checked});
}

static mr_region take(mr_pool *pool, size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_pool_allocate(pool, size, &block), MR_OK);
  assert_int_equal(block.size, size);
  memset(block.pointer, 0x11, size);
  return block;
}

static size_t used_in(mr_pool *pool) {
  size_t used = SIZE_MAX;
  assert_int_equal(mr_used_space(&pool->base, &used), MR_OK);
  return used;
}

static size_t total_of(mr_pool *pool) {
  size_t total = SIZE_MAX;
  assert_int_equal(mr_total_size(&pool->base, &total), MR_OK);
  return total;
}

/* Whether the inline path does nothing here, for a tool watches. */
static bool is_watched(void) {
  mr_pool pool;
  init_fixed(&pool, 64, false);
  const bool is_seen = pool.inline_size > 0;
  mr_pool_fini(&pool);
  return !is_seen;
}

/* Making. */

static void options_that_can_not_be_are_refused(void **state) {
  (void)state;
  mr_pool pool, kept;
  mr_bump small;
  memset(&pool, 0x5A, sizeof pool);
  memcpy(&kept, &pool, sizeof pool);
  assert_int_equal(mr_bump_init(&small, mr_region_of(storage, 500)), MR_OK);
  const mr_pool_options meaningless[] = {
      {.block_size = 0},
      {.block_size = 8, .alignment = 24},
      {.block_size = 8, .storage = {NULL, 5}},
      {.block_size = 8, .storage = {storage, SIZE_MAX}},
  };
  const mr_pool_options too_big[] = {
      {.block_size = (size_t)PTRDIFF_MAX + 1},
      {.block_size = SIZE_MAX},
      {.block_size = PTRDIFF_MAX},
      {.block_size = 1, .alignment = PTRDIFF_MAX / 2 + 1 + (size_t)PTRDIFF_MAX / 2 + 1},
      {.block_size = 8, .parent = &small.base, .chunk_size = 501},
      {.block_size = 8, .chunk_size = SIZE_MAX},
  };

  assert_int_equal(mr_pool_init(&pool, NULL), MR_INVALID_ARGUMENT);
  for (size_t i = 0; i < sizeof meaningless / sizeof *meaningless; i++)
    assert_int_equal(mr_pool_init(&pool, &meaningless[i]), MR_INVALID_ARGUMENT);
  for (size_t i = 0; i < sizeof too_big / sizeof *too_big; i++)
    assert_int_equal(mr_pool_init(&pool, &too_big[i]), MR_BLOCK_TOO_BIG);

  assert_memory_equal(&pool, &kept, sizeof pool);
  mr_bump_fini(&small);
}

static void nothing_is_taken_before_the_first_block(void **state) {
  (void)state;
  mr_pool pool;
  init(&pool, (mr_pool_options){.block_size = 64});
  assert_int_equal(parent.requests, 0);
  assert_int_equal(total_of(&pool), 0);
  take(&pool, 64);
  assert_int_equal(parent.live_octets, MR_POOL_CHUNK_SIZE);
  mr_pool_fini(&pool);
}

static void the_current_allocator_as_parent_is_the_one_at_init(void **state) {
  (void)state;
  mr_pool pool;
  mr_pool_options options = {.block_size = 64, .parent = MR_CURRENT};
  mr_set_current_allocator(&parent.base);
  assert_int_equal(mr_pool_init(&pool, &options), MR_OK);
  mr_set_current_allocator(NULL);
  take(&pool, 10);
  assert_int_equal(parent.live_blocks, 1);
  mr_pool_fini(&pool);
}

/* Where blocks lie. */

static void a_stride_is_the_block_size_up_to_the_alignment_and_room_for_a_link(void **state) {
  (void)state;
  static const struct {
    size_t block_size, alignment, stride;
  } cases[] = {{1, 0, 16}, {16, 0, 16}, {17, 0, 32},  {24, 8, 24},   {1, 1, 8},
               {9, 1, 9},  {10, 4, 12}, {64, 64, 64}, {65, 64, 128}, {20, 2048, 2048}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    mr_pool pool;
    init(&pool, (mr_pool_options){.block_size = cases[i].block_size,
                                  .alignment = cases[i].alignment,
                                  .storage = {storage, sizeof storage},
                                  .is_fixed = true});
    const unsigned char *first = take(&pool, cases[i].block_size).pointer;
    const unsigned char *second = take(&pool, 1).pointer;
    assert_ptr_equal(first, storage);
    assert_int_equal(second - first, cases[i].stride);
    assert_int_equal(used_in(&pool), 2 * cases[i].stride);
    assert_int_equal(total_of(&pool), sizeof storage / cases[i].stride * cases[i].stride);
    mr_pool_fini(&pool);
  }
}

static void storage_holds_as_many_blocks_as_fit_from_its_first_aligned_octet(void **state) {
  (void)state;
  mr_pool pool;
  init(&pool, (mr_pool_options){
                  .block_size = 64, .storage = {storage + 1, 15 + 64 * 3 + 63}, .is_fixed = true});
  mr_region block = {NULL, 77};
  assert_ptr_equal(take(&pool, 64).pointer, storage + 16);
  take(&pool, 64);
  take(&pool, 64);
  assert_int_equal(mr_pool_allocate(&pool, 1, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 77);
  mr_pool_fini(&pool);
}

static void checked_storage_gives_up_an_octet_for_eight_blocks(void **state) {
  (void)state;
  for (size_t size = 0; size < 2000; size++) {
    mr_pool pool;
    init_fixed(&pool, size, true);
    const size_t blocks = total_of(&pool) / 64;
    assert_true(blocks * 64 + (blocks + 7) / 8 <= size);
    assert_true((blocks + 1) * 64 + (blocks + 8) / 8 > size);
    mr_pool_fini(&pool);
  }
}

static void blocks_that_were_never_handed_out_are_not_touched(void **state) {
  (void)state;
  if (is_watched()) return;
  mr_pool pool;
  memset(storage, 0x77, sizeof storage);
  init_fixed(&pool, sizeof storage, false);
  mr_region block = take(&pool, 64);
  take(&pool, 64);
  assert_int_equal(mr_pool_deallocate(&pool, &block), MR_OK);
  for (size_t i = 128; i < sizeof storage; i++) assert_int_equal(storage[i], 0x77);
  mr_pool_fini(&pool);
}

static void the_block_released_last_is_taken_first(void **state) {
  (void)state;
  mr_pool pool;
  init_fixed(&pool, sizeof storage, false);
  mr_region blocks[3];
  void *starts[3];
  for (size_t i = 0; i < 3; i++) {
    blocks[i] = take(&pool, 64);
    starts[i] = blocks[i].pointer;
  }
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(mr_pool_deallocate(&pool, &blocks[i]), MR_OK);
    assert_null(blocks[i].pointer);
    assert_int_equal(blocks[i].size, 0);
  }
  for (size_t i = 3; i > 0; i--) assert_ptr_equal(take(&pool, 5).pointer, starts[i - 1]);
  assert_ptr_equal(take(&pool, 5).pointer, storage + 3 * 64);
  mr_pool_fini(&pool);
}

static void larger_blocks_and_alignments_are_too_big(void **state) {
  (void)state;
  mr_pool pool;
  mr_region block = {NULL, 77};
  init(&pool, (mr_pool_options){.block_size = 64, .alignment = 32});
  assert_int_equal(mr_pool_allocate(&pool, 65, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate_aligned(&pool.base, 1, 64, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_pool_allocate(&pool, SIZE_MAX, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(block.size, 77);
  assert_int_equal(mr_good_size(&pool.base, 3, 32), 64);
  assert_int_equal(mr_good_size(&pool.base, 65, 32), 65);
  assert_int_equal(mr_good_size(&pool.base, 3, 64), 3);
  mr_pool_fini(&pool);
}

static void empty_blocks_take_nothing(void **state) {
  (void)state;
  mr_pool pool;
  init_fixed(&pool, 64, false);
  mr_region empty = {NULL, 1};
  assert_int_equal(mr_pool_allocate(&pool, 0, &empty), MR_OK);
  assert_int_equal(empty.size, 0);
  assert_int_equal(used_in(&pool), 0);
  assert_int_equal(mr_pool_deallocate(&pool, &empty), MR_OK);
  assert_null(empty.pointer);
  mr_pool_fini(&pool);
}

static void without_memory_every_block_is_too_big(void **state) {
  (void)state;
  mr_pool pool;
  mr_region block;
  init(&pool, (mr_pool_options){.block_size = 64, .is_fixed = true});
  assert_int_equal(mr_pool_allocate(&pool, 1, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(total_of(&pool), 0);
  assert_int_equal(mr_allocator_clear(&pool.base), MR_OK);
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
  mr_pool_fini(&pool);

  /* And where the parent has too little for a single one. */
  mr_bump small;
  assert_int_equal(mr_bump_init(&small, mr_region_of(storage, 100)), MR_OK);
  init(&pool, (mr_pool_options){.block_size = 64, .parent = &small.base});
  assert_int_equal(mr_pool_allocate(&pool, 1, &block), MR_BLOCK_TOO_BIG);
  mr_pool_fini(&pool);
  mr_bump_fini(&small);
}

static void a_block_changes_its_size_where_it_stands(void **state) {
  (void)state;
  mr_pool pool;
  init_fixed(&pool, 128, false);
  mr_region block = take(&pool, 10), kept = block;
  assert_int_equal(mr_reallocate(&pool.base, &block, 64), MR_OK);
  memset(block.pointer, 1, 64);
  assert_int_equal(mr_reallocate(&pool.base, &block, 1), MR_OK);
  assert_ptr_equal(block.pointer, kept.pointer);
  assert_int_equal(mr_reallocate(&pool.base, &block, 65), MR_BLOCK_TOO_BIG);
  assert_int_equal(used_in(&pool), 64);
  mr_pool_fini(&pool);
}

/* Chunks. */

static void storage_is_used_first_and_chunks_double(void **state) {
  (void)state;
  mr_pool pool;
  init(&pool, (mr_pool_options){.block_size = 64, .storage = {storage, 640}, .chunk_size = 1000});
  for (size_t i = 0; i < 10; i++) assert_ptr_equal(take(&pool, 64).pointer, storage + 64 * i);
  assert_int_equal(parent.requests, 0);
  size_t before = 0;
  for (size_t size = 1000; size <= 32000; size *= 2) {
    while (parent.live_octets == before) take(&pool, 64);
    assert_int_equal(parent.live_octets - before, size);
    before = parent.live_octets;
  }
  mr_pool_fini(&pool);
}

static void a_chunk_has_room_for_a_block_at_least(void **state) {
  (void)state;
  for (int is_checked = 0; is_checked < 2; is_checked++) {
    mr_pool pool;
    init(&pool,
         (mr_pool_options){
             .block_size = 10000, .alignment = 4096, .chunk_size = 1, .is_checked = is_checked});
    take(&pool, 10000);
    assert_int_equal(total_of(&pool), 12288);
    mr_pool_fini(&pool);
  }
}

static void smaller_chunks_are_tried_where_twice_the_size_can_not_be_had(void **state) {
  (void)state;
  mr_bump small;
  mr_pool pool;
  mr_region block;
  assert_int_equal(mr_bump_init(&small, mr_region_of(storage, 1000)), MR_OK);
  init(&pool, (mr_pool_options){.block_size = 64, .parent = &small.base});
  size_t count = 0;
  while (mr_pool_allocate(&pool, 64, &block) == MR_OK) count++;
  assert_true(count >= 11);
  assert_int_equal(mr_pool_allocate(&pool, 64, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
  mr_pool_fini(&pool);
  assert_int_equal(small.window.cursor - small.window.start, 0);
  mr_bump_fini(&small);
}

static mr_status fill(void *context, mr_allocator *allocator) {
  mr_pool pool;
  mr_pool_options options = {.block_size = 64, .parent = allocator};
  (void)context;
  mr_status status = mr_pool_init(&pool, &options);
  for (size_t i = 0; i < 1000 && status == MR_OK; i++) {
    mr_region block;
    status = mr_pool_allocate(&pool, 64, &block);
  }
  mr_pool_fini(&pool);
  return status;
}

static void one_refusal_is_made_good_by_a_smaller_chunk(void **state) {
  (void)state;
  assert_int_equal(test_sweep(&parent, fill, NULL, NULL), 0);
}

static void a_failure_changes_nothing(void **state) {
  (void)state;
  mr_pool pool;
  mr_region block = {NULL, 77};
  init(&pool, (mr_pool_options){.block_size = 64, .storage = {storage, 128}});
  take(&pool, 64);
  take(&pool, 64);
  parent.fail_at = parent.requests + 1;
  parent.fails_on = true;
  assert_int_equal(mr_pool_allocate(&pool, 64, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 77);
  assert_int_equal(total_of(&pool), 128);
  assert_int_equal(used_in(&pool), 128);
  parent.fail_at = 0;
  take(&pool, 64);
  mr_pool_fini(&pool);
}

/* As many blocks of 64 as fill `chunks` chunks. */
static size_t fill_chunks(mr_pool *pool, size_t chunks, mr_region *blocks) {
  size_t count = 0;
  while (parent.live_blocks < chunks) blocks[count++] = take(pool, 64);
  return count;
}

enum { MOST = 2000 };
static mr_region blocks[MOST];

static void blocks_go_back_to_any_chunk_and_come_from_each_again(void **state) {
  (void)state;
  for (int is_checked = 0; is_checked < 2; is_checked++) {
    mr_pool pool;
    init(&pool, (mr_pool_options){.block_size = 64, .is_checked = is_checked});
    const size_t count = fill_chunks(&pool, 4, blocks);
    for (size_t i = 0; i < count; i += 3)
      assert_int_equal(mr_pool_deallocate(&pool, &blocks[i]), MR_OK);
    assert_int_equal(used_in(&pool), (count - (count + 2) / 3) * 64);
    const size_t requests = parent.requests;
    for (size_t i = 0; i < count; i += 3) blocks[i] = take(&pool, 64);
    assert_int_equal(parent.requests, requests);
    for (size_t i = count; i > 0; i--)
      assert_int_equal(mr_deallocate(&pool.base, &blocks[i - 1]), MR_OK);
    assert_int_equal(used_in(&pool), 0);
    assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
    mr_pool_fini(&pool);
  }
}

static void trim_gives_back_every_chunk_without_a_block(void **state) {
  (void)state;
  mr_pool pool;
  init(&pool, (mr_pool_options){.block_size = 64});
  const size_t count = fill_chunks(&pool, 4, blocks);
  /* The second chunk is emptied, and the fourth. */
  for (size_t i = 63; i < 63 + 127; i++)
    assert_int_equal(mr_pool_deallocate(&pool, &blocks[i]), MR_OK);
  assert_int_equal(mr_pool_deallocate(&pool, &blocks[count - 1]), MR_OK);
  const size_t used = used_in(&pool);
  assert_int_equal(mr_allocator_trim(&pool.base), MR_OK);
  assert_int_equal(parent.live_blocks, 2);
  assert_int_equal(used_in(&pool), used);
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
  for (size_t i = 0; i < 1000; i++) take(&pool, 64);

  assert_int_equal(mr_allocator_clear(&pool.base), MR_OK);
  assert_int_equal(mr_allocator_trim(&pool.base), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  take(&pool, 64);
  mr_pool_fini(&pool);
}

static void clear_keeps_chunks_for_the_same_addresses(void **state) {
  (void)state;
  mr_pool pool;
  static mr_region again[MOST];
  init(&pool, (mr_pool_options){.block_size = 64, .storage = {storage, 640}});
  const size_t count = fill_chunks(&pool, 4, blocks);
  const size_t requests = parent.requests, total = total_of(&pool);
  assert_int_equal(mr_pool_deallocate(&pool, &(mr_region){blocks[5].pointer, 64}), MR_OK);
  assert_int_equal(mr_allocator_clear(&pool.base), MR_OK);
  assert_int_equal(used_in(&pool), 0);
  assert_int_equal(total_of(&pool), total);
  for (size_t i = 0; i < count; i++) again[i] = take(&pool, 64);
  assert_memory_equal(again, blocks, count * sizeof *again);
  assert_int_equal(parent.requests, requests);
  mr_pool_fini(&pool);
}

/* Misuse. */

static void assert_refused(mr_pool *pool, mr_region region, size_t alignment) {
  const mr_region kept = region;
  assert_int_equal(mr_deallocate_aligned(&pool->base, &region, alignment), MR_CORRUPT);
  assert_memory_equal(&region, &kept, sizeof kept);
  if (alignment != 16) return;
  assert_int_equal(mr_pool_deallocate(pool, &region), MR_CORRUPT);
  assert_memory_equal(&region, &kept, sizeof kept);
}

static void what_is_no_block_is_not_taken_back(void **state) {
  (void)state;
  for (int is_checked = 0; is_checked < 2; is_checked++) {
    unsigned char mine[64] = "mine";
    mr_pool pool;
    init(&pool, (mr_pool_options){
                    .block_size = 64, .storage = {storage + 64, 640}, .is_checked = is_checked});
    for (size_t i = 0; i < 12; i++) blocks[i] = take(&pool, 64);
    unsigned char *first = blocks[0].pointer, *chunk = blocks[11].pointer;
    const size_t used = used_in(&pool);

    assert_refused(&pool, mr_region_of(mine, 64), 16);
    assert_refused(&pool, mr_region_of(first - 64, 64), 16);
    assert_refused(&pool, mr_region_of(first + 640, 64), 16);
    assert_refused(&pool, mr_region_of(chunk + 64, 64), 16);
    for (size_t i = 1; i < 64; i++) {
      assert_refused(&pool, mr_region_of(first + i, 64 - i), 16);
      assert_refused(&pool, mr_region_of(chunk + i, 64 - i), 16);
    }
    assert_refused(&pool, mr_region_of(first, 65), 16);
    assert_refused(&pool, mr_region_of(chunk, SIZE_MAX), 16);
    assert_refused(&pool, mr_region_of(first, 64), 32);

    assert_int_equal(used_in(&pool), used);
    assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
    assert_string_equal(mine, "mine");
    for (size_t i = 0; i < 12; i++) assert_int_equal(mr_pool_deallocate(&pool, &blocks[i]), MR_OK);
    mr_pool_fini(&pool);
  }
}

static void exactly_the_starts_of_blocks_divide(void **state) {
  (void)state;
  for (size_t block_size = 8; block_size <= 150; block_size++) {
    mr_pool pool;
    init(&pool, (mr_pool_options){.block_size = block_size,
                                  .alignment = 1,
                                  .storage = {storage + 2048, 2048},
                                  .is_fixed = true});
    const size_t capacity = pool.slab.capacity;
    for (size_t at = 0; at < sizeof storage; at++) {
      const size_t offset = at - 2048;
      const size_t index = mr_pool_index(&pool, &pool.slab, storage + at);
      if (at >= 2048 && at < 2048 + capacity * block_size && offset % block_size == 0) {
        assert_int_equal(index, offset / block_size);
      } else {
        assert_true(index >= capacity);
      }
    }
    mr_pool_fini(&pool);
  }
}

static void the_block_released_last_is_not_released_again(void **state) {
  (void)state;
  mr_pool pool;
  init_fixed(&pool, 640, false);
  take(&pool, 64);
  mr_region block = take(&pool, 64), again = block;
  assert_int_equal(mr_pool_deallocate(&pool, &block), MR_OK);
  assert_refused(&pool, again, 16);
  assert_int_equal(used_in(&pool), 64);
  mr_pool_fini(&pool);
}

static void a_checked_pool_takes_no_block_back_twice(void **state) {
  (void)state;
  mr_pool pool;
  init(&pool, (mr_pool_options){.block_size = 64, .is_checked = true});
  static mr_region stale[MOST];
  const size_t count = fill_chunks(&pool, 3, blocks);
  memcpy(stale, blocks, sizeof stale);
  for (size_t i = 0; i < count; i++)
    if (i % 2 == 0) assert_int_equal(mr_pool_deallocate(&pool, &blocks[i]), MR_OK);
  const size_t used = used_in(&pool);
  for (size_t i = 0; i < count; i += 2) {
    assert_refused(&pool, stale[i], 16);
    /* To move it would read it, which tools report. */
    if (!pool.is_watched) assert_int_equal(mr_reallocate(&pool.base, &stale[i], 10), MR_CORRUPT);
    assert_int_equal(mr_allocator_owns(&pool.base, mr_region_view(stale[i])), MR_OWNS_NO);
  }
  assert_int_equal(used_in(&pool), used);
  for (size_t i = 1; i < count; i += 2)
    assert_int_equal(mr_pool_deallocate(&pool, &blocks[i]), MR_OK);
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
  mr_pool_fini(&pool);
}

static void a_foreign_block_is_not_reallocated(void **state) {
  (void)state;
  unsigned char mine[64] = "mine";
  mr_pool pool;
  init_fixed(&pool, 640, false);
  mr_region block = {mine, 64};
  assert_int_equal(mr_reallocate(&pool.base, &block, 10), MR_CORRUPT);
  assert_ptr_equal(block.pointer, mine);
  assert_int_equal(used_in(&pool), 0);
  mr_pool_fini(&pool);
}

static void a_block_given_back_twice_makes_a_circle_that_check_finds(void **state) {
  (void)state;
  mr_pool pool;
  size_t used = 77;
  init_fixed(&pool, 640, false);
  mr_region a = take(&pool, 64), b = take(&pool, 64), again = a;
  assert_int_equal(mr_pool_deallocate(&pool, &a), MR_OK);
  assert_int_equal(mr_pool_deallocate(&pool, &b), MR_OK);
  assert_int_equal(mr_pool_deallocate(&pool, &again), MR_OK);
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_CORRUPT);
  assert_int_equal(mr_used_space(&pool.base, &used), MR_CORRUPT);
  assert_int_equal(used, 77);
  mr_pool_fini(&pool);
}

/* Damage. */

static mr_status stop(void *context, mr_view span, bool is_used) {
  (void)span, (void)is_used;
  ++*(int *)context;
  return (mr_status)(MR_USER + 1);
}

/* Writes to a block that is free: tools would see it. */
static void damage(mr_pool *pool, unsigned char *block, size_t octet, unsigned char with) {
  assert_int_equal(pool->is_watched, false);
  block[octet] ^= with;
}

static void no_block_behind_a_damaged_link_is_handed_out(void **state) {
  (void)state;
  if (is_watched()) return;
  for (size_t octet = 0; octet < sizeof(size_t); octet++) {
    for (int is_checked = 0; is_checked < 2; is_checked++) {
      mr_pool pool;
      mr_condition condition;
      int calls = 0;
      size_t used = 77;
      init_fixed(&pool, 64 * 10 + 2, is_checked);
      for (size_t i = 0; i < 8; i++) blocks[i] = take(&pool, 64);
      unsigned char *written = blocks[3].pointer;
      for (size_t i = 0; i < 5; i++) assert_int_equal(mr_pool_deallocate(&pool, &blocks[i]), MR_OK);
      damage(&pool, written, octet, 0x80);

      assert_int_equal(mr_allocator_check(&pool.base, &condition), MR_CORRUPT);
      assert_ptr_equal(condition.subject, &pool);
      assert_int_equal(mr_used_space(&pool.base, &used), MR_CORRUPT);
      assert_int_equal(mr_allocator_walk(&pool.base, stop, &calls), MR_CORRUPT);
      assert_int_equal(used + (size_t)calls, 77);
      assert_int_equal(mr_allocator_trim(&pool.base), MR_OK);

      /* Those before it, then those that never were. */
      assert_ptr_equal(take(&pool, 64).pointer, storage + 4 * 64);
      assert_ptr_equal(take(&pool, 64).pointer, written);
      assert_ptr_equal(take(&pool, 64).pointer, storage + 8 * 64);
      assert_ptr_equal(take(&pool, 64).pointer, storage + 9 * 64);
      mr_region none = {NULL, 77};
      assert_int_equal(mr_pool_allocate(&pool, 64, &none), MR_OUT_OF_MEMORY);
      assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_CORRUPT);

      /* What is whole goes on. */
      assert_int_equal(mr_pool_deallocate(&pool, &blocks[6]), MR_OK);
      assert_ptr_equal(take(&pool, 64).pointer, storage + 6 * 64);
      assert_int_equal(mr_allocator_clear(&pool.base), MR_OK);
      assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
      mr_pool_fini(&pool);
    }
  }
}

/* Whether a used block is handed out once more, after a free one was written to. */
static bool is_handed_out_twice(size_t octet, unsigned char with, bool is_checked) {
  enum { COUNT = 120 };
  mr_pool pool;
  bool is_twice = false;
  init_fixed(&pool, sizeof storage, is_checked);
  for (size_t i = 0; i < COUNT; i++) blocks[i] = take(&pool, 64);
  unsigned char *written = blocks[70].pointer;
  assert_int_equal(mr_pool_deallocate(&pool, &blocks[30]), MR_OK);
  assert_int_equal(mr_pool_deallocate(&pool, &blocks[70]), MR_OK);
  damage(&pool, written, octet, with);
  assert_ptr_equal(take(&pool, 64).pointer, written);
  for (mr_region more; mr_pool_allocate(&pool, 64, &more) == MR_OK;) {
    for (size_t i = 0; i < COUNT; i++) is_twice |= more.pointer == blocks[i].pointer;
  }
  mr_pool_fini(&pool);
  return is_twice;
}

static void an_increment_of_what_was_released_hands_out_no_used_block(void **state) {
  (void)state;
  if (is_watched()) return;
  for (size_t octet = 0; octet < sizeof(size_t); octet += sizeof(int)) {
    for (unsigned with = 1; with < 256; with = 2 * with + 1)
      assert_false(is_handed_out_twice(octet, (unsigned char)with, false));
  }
}

static void a_damaged_link_never_becomes_one_to_a_used_block(void **state) {
  (void)state;
  if (is_watched()) return;
  mr_pool pool;
  init_fixed(&pool, sizeof storage, false);
  for (size_t i = 0; i < 4; i++) blocks[i] = take(&pool, 64);
  unsigned char *written = blocks[3].pointer;
  assert_int_equal(mr_pool_deallocate(&pool, &blocks[2]), MR_OK);
  assert_int_equal(mr_pool_deallocate(&pool, &blocks[3]), MR_OK);
  const size_t link = mr_pool_encode(&pool, written, 10);
  memcpy(written, &link, sizeof link);
  assert_ptr_equal(take(&pool, 64).pointer, written);
  for (size_t i = 4; i < sizeof storage / 64; i++)
    assert_ptr_equal(take(&pool, 64).pointer, storage + 64 * i);
  mr_region none;
  assert_int_equal(mr_pool_allocate(&pool, 64, &none), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_CORRUPT);
  mr_pool_fini(&pool);
}

static void a_checked_pool_hands_out_no_used_block(void **state) {
  (void)state;
  if (is_watched()) return;
  for (size_t octet = 0; octet < sizeof(size_t); octet++) {
    for (unsigned with = 1; with < 256; with++)
      assert_false(is_handed_out_twice(octet, (unsigned char)with, true));
  }
}

static void damage_to_bits_is_found(void **state) {
  (void)state;
  mr_pool pool;
  init_fixed(&pool, 64 * 10 + 2, true);
  mr_region first = take(&pool, 64);
  take(&pool, 64);
  assert_int_equal(mr_pool_deallocate(&pool, &first), MR_OK);
  unsigned char *bits = storage + 64 * 10;
  for (unsigned bit = 0; bit < 10; bit++) {
    bits[bit / 8] ^= (unsigned char)(1U << bit % 8);
    assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_CORRUPT);
    bits[bit / 8] ^= (unsigned char)(1U << bit % 8);
  }
  /* Also where the count is right. */
  bits[0] ^= 3;
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_CORRUPT);
  bits[0] ^= 3;
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
  mr_pool_fini(&pool);
}

static void damage_to_headers_is_found(void **state) {
  (void)state;
  mr_pool pool;
  init(&pool, (mr_pool_options){.block_size = 64});
  fill_chunks(&pool, 3, blocks);
  mr_pool_chunk *chunks[] = {pool.newest->earlier->earlier, pool.newest->earlier};
  for (size_t i = 0; i < 2; i++) {
    for (size_t octet = 0; octet < sizeof *chunks[i]; octet++) {
      unsigned char *octets = (unsigned char *)chunks[i];
      /* How many blocks were handed out is not sealed: it changes with them. */
      if (octet / sizeof(size_t) == offsetof(mr_slab, reached) / sizeof(size_t)) continue;
      octets[octet] ^= 0x41;
      assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_CORRUPT);
      octets[octet] ^= 0x41;
    }
  }
  assert_int_equal(mr_allocator_check(&pool.base, NULL), MR_OK);
  mr_pool_fini(&pool);
}

static void a_pool_that_makes_no_sense_is_not_sound(void **state) {
  (void)state;
  mr_pool pool;
  mr_condition condition;
  init_fixed(&pool, sizeof storage, false);
  take(&pool, 64);
  const mr_pool kept = pool;
#define ASSERT_UNSOUND(change)                                                \
  do {                                                                        \
    pool.change;                                                              \
    assert_false(mr_pool_is_sound(&pool));                                    \
    assert_int_equal(mr_allocator_check(&pool.base, &condition), MR_CORRUPT); \
    pool = kept;                                                              \
    assert_true(mr_pool_is_sound(&pool));                                     \
  } while (0)
  ASSERT_UNSOUND(current = NULL);
  ASSERT_UNSOUND(newest = NULL);
  ASSERT_UNSOUND(stride = 0);
  ASSERT_UNSOUND(stride = 48);
  ASSERT_UNSOUND(inline_size = 48);
  ASSERT_UNSOUND(block_size = 65);
  ASSERT_UNSOUND(inverse += 2);
  ASSERT_UNSOUND(slab.start += 64);
  ASSERT_UNSOUND(slab.capacity += 1);
  ASSERT_UNSOUND(slab.reached = pool.slab.capacity + 1);
  ASSERT_UNSOUND(secret += 1);
  ASSERT_UNSOUND(bottom.seal += 1);
  mr_pool_fini(&pool);
}

/* Asking. */

static void owns_what_lies_in_one_block_that_was_handed_out(void **state) {
  (void)state;
  mr_pool pool;
  init(&pool, (mr_pool_options){.block_size = 64, .storage = {storage + 64, 128}});
  for (size_t i = 0; i < 3; i++) blocks[i] = take(&pool, 64);
  const unsigned char *first = storage + 64, *chunk = blocks[2].pointer;
  const mr_view owned[] = {{first, 64}, {first + 64, 1}, {first + 127, 1}, {chunk + 3, 61}};
  const mr_view others[] = {{first, 65},    {first + 63, 2},   {first + 128, 1}, {chunk + 64, 1},
                            {chunk - 1, 1}, {first, SIZE_MAX}, {first - 1, 1},   {&pool, 1}};
  for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
    assert_int_equal(mr_allocator_owns(&pool.base, owned[i]), MR_OWNS_YES);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_int_equal(mr_allocator_owns(&pool.base, others[i]), MR_OWNS_NO);
  mr_pool_fini(&pool);
}

/* The spans of a walk, which must follow each other through the storage. */
typedef struct map {
  const unsigned char *next;
  bool is_used[sizeof storage / 64];
  size_t spans;
} map;

static mr_status draw(void *context, mr_view span, bool is_used) {
  map *m = context;
  assert_ptr_equal(span.pointer, m->next);
  for (size_t at = 0; at < span.size; at += 64)
    m->is_used[(m->next - storage) / 64 + (ptrdiff_t)(at / 64)] = is_used;
  m->next += span.size;
  m->spans++;
  return MR_OK;
}

static void a_walk_tells_used_from_free_in_the_order_of_addresses(void **state) {
  (void)state;
  enum { COUNT = sizeof storage / 64 };
  for (size_t taken = 0; taken <= COUNT; taken += 16) {
    mr_pool pool;
    bool is_used[COUNT] = {false};
    init_fixed(&pool, sizeof storage, false);
    for (size_t i = 0; i < taken; i++) blocks[i] = take(&pool, 64);
    for (size_t i = 0; i < taken; i++) is_used[i] = true;
    for (size_t i = 0; i < taken; i++) {
      const size_t chosen = i * 37 % COUNT;
      if (chosen >= taken || chosen % 5 == 0) continue;
      assert_int_equal(mr_pool_deallocate(&pool, &blocks[chosen]), MR_OK);
      is_used[chosen] = false;
    }
    map m = {.next = storage};
    const size_t used = used_in(&pool);
    assert_int_equal(mr_allocator_walk(&pool.base, draw, &m), MR_OK);
    assert_ptr_equal(m.next, storage + sizeof storage);
    assert_memory_equal(m.is_used, is_used, sizeof is_used);
    assert_int_equal(used_in(&pool), used);

    /* Every free block can be had, once. */
    for (size_t i = used / 64; i < COUNT; i++) take(&pool, 64);
    assert_int_equal(used_in(&pool), sizeof storage);
    mr_pool_fini(&pool);
  }
}

static void a_walk_stops_where_it_is_told_to(void **state) {
  (void)state;
  mr_pool pool;
  int calls = 0;
  init(&pool, (mr_pool_options){.block_size = 64, .storage = {storage, 128}});
  for (size_t i = 0; i < 3; i++) take(&pool, 64);
  assert_int_equal(mr_allocator_walk(&pool.base, stop, &calls), MR_USER + 1);
  assert_int_equal(calls, 1);
  mr_pool_fini(&pool);
}

/* Ending. */

static void ending_gives_all_back_once(void **state) {
  (void)state;
  mr_pool pool;
  init(&pool, (mr_pool_options){.block_size = 64, .storage = {storage, sizeof storage}});
  fill_chunks(&pool, 3, blocks);
  mr_pool_fini(&pool);
  assert_int_equal(parent.live_blocks, 0);
  assert_false(mr_pool_is_sound(&pool));
  mr_pool_fini(&pool);
  memset(storage, 0, sizeof storage);
}

static void the_inline_path_sees_nothing_after_the_end_or_where_checked(void **state) {
  (void)state;
  mr_pool pool;
  void *out = NULL;
  init_fixed(&pool, 640, true);
  mr_region block = take(&pool, 64);
  assert_false(mr_pool_take(&pool, 64, &out));
  assert_false(mr_pool_give_back(&pool, block));
  mr_pool_fini(&pool);
  assert_false(mr_pool_take(&pool, 64, &out));
  assert_false(mr_pool_give_back(&pool, block));
  assert_null(out);
}

static void the_inline_functions_are_symbols_too(void **state) {
  (void)state;
  mr_status (*volatile allocate)(mr_pool *, size_t, mr_region *) = mr_pool_allocate;
  mr_status (*volatile deallocate)(mr_pool *, mr_region *) = mr_pool_deallocate;
  size_t (*volatile encode)(const mr_pool *, const void *, size_t) = mr_pool_encode;
  size_t (*volatile decode)(const mr_pool *, const void *, size_t) = mr_pool_decode;
  size_t (*volatile index)(const mr_pool *, const mr_slab *, const void *) = mr_pool_index;
  mr_pool pool;
  mr_region block;
  init_fixed(&pool, 640, false);
  assert_int_equal(allocate(&pool, 8, &block), MR_OK);
  assert_int_equal(index(&pool, &pool.slab, block.pointer), 0);
  assert_int_equal(decode(&pool, block.pointer, encode(&pool, block.pointer, 5)), 5);
  assert_int_equal(deallocate(&pool, &block), MR_OK);
  mr_pool_fini(&pool);
}

/* The shared suites. */

static mr_pool pool_of_suite;

static mr_allocator *make_with(mr_pool_options options) {
  test_allocator_init(&parent);
  init(&pool_of_suite, options);
  return &pool_of_suite.base;
}

static void unmake(mr_allocator *allocator) {
  assert_true(mr_pool_is_sound((mr_pool *)allocator));
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
  test_allocator_fini(&parent);
}

/* A block for each request of the suites; five times a power of two, so that dividing is no shift. */
#define LARGE .block_size = 20480, .alignment = 4096

static mr_allocator *make_pool(void) { return make_with((mr_pool_options){LARGE}); }

static mr_allocator *make_checked(void) {
  return make_with((mr_pool_options){LARGE, .is_checked = true});
}

static mr_allocator *make_fixed(void) {
  static unsigned char memory[1100 * 20480];
  return make_with(
      (mr_pool_options){LARGE, .storage = {memory + 3, sizeof memory - 3}, .is_fixed = true});
}

static mr_allocator *make_over_storage(void) {
  static unsigned char memory[10 * 20480];
  return make_with((mr_pool_options){LARGE, .storage = {memory, sizeof memory},
                                     .chunk_size = 100000, .is_checked = true});
}

#define IN_SUITE(name, make)                                                                 \
  {                                                                                          \
    name, make, unmake, .can_tell_usage = true, .can_tell_minimum = true, .can_clear = true, \
                        .can_trim = true, .can_walk = true, .can_check = true,               \
                        .most_padding = 20480                                                \
  }

static int run_suites(void) {
  static const allocator_fixture fixtures[] = {
      IN_SUITE("pool", make_pool),
      IN_SUITE("checked pool", make_checked),
      IN_SUITE("fixed pool", make_fixed),
      IN_SUITE("checked pool over storage", make_over_storage),
  };
  int failed = 0;
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
    failed += allocator_conformance(&fixtures[i]);
    failed += allocator_random(&fixtures[i]);
  }
  return failed;
}

#define UNDER_PARENT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      UNDER_PARENT(options_that_can_not_be_are_refused),
      UNDER_PARENT(nothing_is_taken_before_the_first_block),
      UNDER_PARENT(the_current_allocator_as_parent_is_the_one_at_init),
      UNDER_PARENT(a_stride_is_the_block_size_up_to_the_alignment_and_room_for_a_link),
      UNDER_PARENT(storage_holds_as_many_blocks_as_fit_from_its_first_aligned_octet),
      UNDER_PARENT(checked_storage_gives_up_an_octet_for_eight_blocks),
      UNDER_PARENT(blocks_that_were_never_handed_out_are_not_touched),
      UNDER_PARENT(the_block_released_last_is_taken_first),
      UNDER_PARENT(larger_blocks_and_alignments_are_too_big),
      UNDER_PARENT(empty_blocks_take_nothing),
      UNDER_PARENT(without_memory_every_block_is_too_big),
      UNDER_PARENT(a_block_changes_its_size_where_it_stands),
      UNDER_PARENT(storage_is_used_first_and_chunks_double),
      UNDER_PARENT(a_chunk_has_room_for_a_block_at_least),
      UNDER_PARENT(smaller_chunks_are_tried_where_twice_the_size_can_not_be_had),
      UNDER_PARENT(one_refusal_is_made_good_by_a_smaller_chunk),
      UNDER_PARENT(a_failure_changes_nothing),
      UNDER_PARENT(blocks_go_back_to_any_chunk_and_come_from_each_again),
      UNDER_PARENT(trim_gives_back_every_chunk_without_a_block),
      UNDER_PARENT(clear_keeps_chunks_for_the_same_addresses),
      UNDER_PARENT(what_is_no_block_is_not_taken_back),
      UNDER_PARENT(exactly_the_starts_of_blocks_divide),
      UNDER_PARENT(the_block_released_last_is_not_released_again),
      UNDER_PARENT(a_checked_pool_takes_no_block_back_twice),
      UNDER_PARENT(a_foreign_block_is_not_reallocated),
      UNDER_PARENT(a_block_given_back_twice_makes_a_circle_that_check_finds),
      UNDER_PARENT(no_block_behind_a_damaged_link_is_handed_out),
      UNDER_PARENT(an_increment_of_what_was_released_hands_out_no_used_block),
      UNDER_PARENT(a_damaged_link_never_becomes_one_to_a_used_block),
      UNDER_PARENT(a_checked_pool_hands_out_no_used_block),
      UNDER_PARENT(damage_to_bits_is_found),
      UNDER_PARENT(damage_to_headers_is_found),
      UNDER_PARENT(a_pool_that_makes_no_sense_is_not_sound),
      UNDER_PARENT(owns_what_lies_in_one_block_that_was_handed_out),
      UNDER_PARENT(a_walk_tells_used_from_free_in_the_order_of_addresses),
      UNDER_PARENT(a_walk_stops_where_it_is_told_to),
      UNDER_PARENT(ending_gives_all_back_once),
      UNDER_PARENT(the_inline_path_sees_nothing_after_the_end_or_where_checked),
      UNDER_PARENT(the_inline_functions_are_symbols_too),
  };
  return cmocka_run_group_tests_name("pool", tests, NULL, NULL) + run_suites() != 0;
}

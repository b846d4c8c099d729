#include "allocator_conformance.h"

#include <string.h>

#include "support.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

enum { HALF_PAGE = 2048 };

/* Whether the process ends when malloc is asked for an alignment: Valgrind's own does that above 16 MiB. */
static bool is_deadly(size_t alignment) {
#if defined(RUNNING_ON_VALGRIND)
  return alignment > (size_t)1 << 23 && RUNNING_ON_VALGRIND;
#else
  (void)alignment;
  return false;
#endif
}

/* A fixture and the allocator that it made for the test that runs. */
typedef struct bench {
  const allocator_fixture *fixture;
  mr_allocator *allocator;
} bench;

static int set_up(void **state) {
  bench *at = *state;
  at->allocator = at->fixture->make();
  return 0;
}

static int tear_down(void **state) {
  bench *at = *state;
  at->fixture->unmake(at->allocator);
  return 0;
}

static mr_region block_of(mr_allocator *allocator, size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(allocator, size, &block), MR_OK);
  assert_non_null(block.pointer);
  assert_int_equal(block.size, size);
  return block;
}

/* Octets that tell blocks and places in them apart. */
static uint8_t octet_at(size_t seed, size_t i) { return (uint8_t)(seed * 31 + i * 7 + (i >> 8)); }

static void write_pattern(mr_region block, size_t seed) {
  unsigned char *octets = block.pointer;
  for (size_t i = 0; i < block.size; i++) octets[i] = octet_at(seed, i);
}

static void assert_pattern(mr_region block, size_t size, size_t seed) {
  const unsigned char *octets = block.pointer;
  for (size_t i = 0; i < size; i++) {
    if (octets[i] != octet_at(seed, i)) fail_msg("octet %zu of %zu has changed", i, size);
  }
}

static void assert_zeros(mr_region block, size_t from) {
  const unsigned char *octets = block.pointer;
  for (size_t i = from; i < block.size; i++) assert_int_equal(octets[i], 0);
}

static size_t used_by(const bench *at) {
  size_t used = 0;
  if (at->fixture->can_tell_usage && !at->fixture->is_shared) {
    assert_int_equal(mr_used_space(at->allocator, &used), MR_OK);
  }
  return used;
}

/* Taking and giving back. */

static void blocks_of_all_sizes_are_disjoint(void **state) {
  const bench *at = *state;
  static mr_region blocks[1001];

  for (size_t size = 1; size <= 1000; size++) {
    blocks[size] = block_of(at->allocator, size);
    write_pattern(blocks[size], size);
  }

  for (size_t size = 1; size <= 1000; size++) assert_pattern(blocks[size], size, size);
  for (size_t size = 1000; size > 0; size--) {
    assert_int_equal(mr_deallocate(at->allocator, &blocks[size]), MR_OK);
  }
}

static void blocks_are_aligned_as_asked(void **state) {
  const bench *at = *state;
  for (size_t alignment = 1; alignment <= 2 * HALF_PAGE; alignment *= 2) {
    mr_region odd = block_of(at->allocator, 7);
    mr_region block;
    assert_int_equal(mr_allocate_aligned(at->allocator, 10, alignment, &block), MR_OK);
    assert_true(mr_is_aligned(mr_region_view(block), alignment));
    write_pattern(block, alignment);
    assert_int_equal(mr_deallocate_aligned(at->allocator, &block, alignment), MR_OK);
    assert_int_equal(mr_deallocate(at->allocator, &odd), MR_OK);
  }
}

static void blocks_are_aligned_to_16_unless_said(void **state) {
  const bench *at = *state;
  mr_region blocks[20];
  for (size_t i = 0; i < 20; i++) {
    blocks[i] = block_of(at->allocator, i + 1);
    assert_true(mr_is_aligned(mr_region_view(blocks[i]), MR_DEFAULT_ALIGNMENT));
  }
  for (size_t i = 20; i > 0; i--)
    assert_int_equal(mr_deallocate(at->allocator, &blocks[i - 1]), MR_OK);
}

static void zeroed_blocks_are_zero(void **state) {
  const bench *at = *state;
  for (size_t alignment = 16; alignment <= HALF_PAGE; alignment *= 2) {
    mr_region dirty = block_of(at->allocator, 3000);
    write_pattern(dirty, 1);
    assert_int_equal(mr_deallocate(at->allocator, &dirty), MR_OK);
    mr_region block;
    assert_int_equal(mr_allocate_zeroed_aligned(at->allocator, 3000, alignment, &block), MR_OK);
    assert_true(mr_is_aligned(mr_region_view(block), alignment));
    assert_zeros(block, 0);
    assert_int_equal(mr_deallocate_aligned(at->allocator, &block, alignment), MR_OK);
  }
  mr_region plain;
  assert_int_equal(mr_allocate_zeroed(at->allocator, 5000, &plain), MR_OK);
  assert_zeros(plain, 0);
  assert_int_equal(mr_deallocate(at->allocator, &plain), MR_OK);
}

static void arrays_are_count_times_size(void **state) {
  const bench *at = *state;
  mr_region block, aligned;
  assert_int_equal(mr_allocate_array(at->allocator, 7, 12, &block), MR_OK);
  assert_int_equal(block.size, 84);
  assert_int_equal(mr_allocate_array_aligned(at->allocator, 3, 5, 256, &aligned), MR_OK);
  assert_int_equal(aligned.size, 15);
  assert_true(mr_is_aligned(mr_region_view(aligned), 256));
  assert_int_equal(mr_deallocate_aligned(at->allocator, &aligned, 256), MR_OK);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

static void zeroed_arrays_are_zero(void **state) {
  const bench *at = *state;
  mr_region dirty = block_of(at->allocator, 84);
  write_pattern(dirty, 1);
  assert_int_equal(mr_deallocate(at->allocator, &dirty), MR_OK);
  mr_region block, aligned;
  assert_int_equal(mr_allocate_zeroed_array(at->allocator, 7, 12, &block), MR_OK);
  assert_int_equal(block.size, 84);
  assert_zeros(block, 0);
  assert_int_equal(mr_allocate_zeroed_array_aligned(at->allocator, 3, 5, 256, &aligned), MR_OK);
  assert_int_equal(aligned.size, 15);
  assert_true(mr_is_aligned(mr_region_view(aligned), 256));
  assert_zeros(aligned, 0);
  assert_int_equal(mr_deallocate_aligned(at->allocator, &aligned, 256), MR_OK);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

static void arrays_are_reallocated_to_count_times_size(void **state) {
  const bench *at = *state;
  mr_region block = {NULL, 0}, aligned = {NULL, 0};
  assert_int_equal(mr_reallocate_array(at->allocator, &block, 7, 12), MR_OK);
  assert_int_equal(block.size, 84);
  write_pattern(block, 1);
  assert_int_equal(mr_reallocate_array(at->allocator, &block, 700, 12), MR_OK);
  assert_int_equal(block.size, 8400);
  assert_pattern(block, 84, 1);
  assert_int_equal(mr_reallocate_array_aligned(at->allocator, &aligned, 3, 5, 256), MR_OK);
  assert_int_equal(aligned.size, 15);
  assert_true(mr_is_aligned(mr_region_view(aligned), 256));
  assert_int_equal(mr_reallocate_array_aligned(at->allocator, &aligned, 0, 5, 256), MR_OK);
  assert_null(aligned.pointer);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

static void array_sizes_that_overflow_are_too_big_and_change_nothing(void **state) {
  const bench *at = *state;
  const size_t half = SIZE_MAX / 2 + 1;
  mr_region out = {NULL, 77};
  mr_region block = block_of(at->allocator, 24);
  write_pattern(block, 9);
  const mr_region kept = block;
  assert_int_equal(mr_allocate_zeroed_array(at->allocator, half, 2, &out), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate_zeroed_array_aligned(at->allocator, 2, half, 64, &out),
                   MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_reallocate_array(at->allocator, &out, half, 2), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_reallocate_array(at->allocator, &block, half, 2), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_reallocate_array_aligned(at->allocator, &block, 2, half, 16),
                   MR_BLOCK_TOO_BIG);
  assert_int_equal(out.size, 77);
  assert_memory_equal(&block, &kept, sizeof kept);
  assert_pattern(block, 24, 9);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

static void deallocation_leaves_a_null_region(void **state) {
  const bench *at = *state;
  mr_region block = block_of(at->allocator, 40);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
  assert_null(block.pointer);
  assert_int_equal(block.size, 0);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

static void empty_blocks_take_no_space(void **state) {
  const bench *at = *state;
  const size_t before = used_by(at);
  for (size_t alignment = 1; alignment <= HALF_PAGE; alignment *= 2) {
    mr_region block = {NULL, 1};
    assert_int_equal(mr_allocate_aligned(at->allocator, 0, alignment, &block), MR_OK);
    assert_int_equal(block.size, 0);
    assert_true(mr_region_is_sound(block));
    assert_true(mr_is_aligned(mr_region_view(block), alignment));
    assert_int_equal(mr_deallocate_aligned(at->allocator, &block, alignment), MR_OK);
    assert_null(block.pointer);
  }
  mr_region block;
  assert_int_equal(mr_allocate(at->allocator, 0, &block), MR_OK);
  assert_int_equal(mr_allocate_array(at->allocator, SIZE_MAX, 0, &block), MR_OK);
  assert_int_equal(mr_allocate_array(at->allocator, 0, SIZE_MAX, &block), MR_OK);
  assert_int_equal(used_by(at), before);
}

/* Changing sizes. */

static void reallocation_keeps_contents_and_alignment(void **state) {
  const bench *at = *state;
  static const size_t sizes[] = {10, 100, 20000, 10};
  for (size_t alignment = 1; alignment <= HALF_PAGE; alignment *= 2) {
    mr_region block = {NULL, 0};
    size_t kept = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
      assert_int_equal(mr_reallocate_aligned(at->allocator, &block, sizes[i], alignment), MR_OK);
      assert_int_equal(block.size, sizes[i]);
      assert_true(mr_is_aligned(mr_region_view(block), alignment));
      assert_pattern(block, kept < sizes[i] ? kept : sizes[i], alignment);
      write_pattern(block, alignment);
      kept = sizes[i];
    }
    assert_int_equal(mr_deallocate_aligned(at->allocator, &block, alignment), MR_OK);
  }
}

static void reallocation_leaves_other_blocks_alone(void **state) {
  const bench *at = *state;
  mr_region first = block_of(at->allocator, 50);
  mr_region second = block_of(at->allocator, 60);
  write_pattern(first, 1);
  write_pattern(second, 2);
  assert_int_equal(mr_reallocate(at->allocator, &first, 500), MR_OK);
  write_pattern(first, 3);
  assert_pattern(second, 60, 2);
  assert_int_equal(mr_reallocate(at->allocator, &first, 5), MR_OK);
  mr_region third = block_of(at->allocator, 600);
  write_pattern(third, 4);
  assert_pattern(first, 5, 3);
  assert_pattern(second, 60, 2);
  assert_int_equal(mr_deallocate(at->allocator, &third), MR_OK);
  assert_int_equal(mr_deallocate(at->allocator, &second), MR_OK);
  assert_int_equal(mr_deallocate(at->allocator, &first), MR_OK);
}

static void reallocation_to_nothing_gives_back(void **state) {
  const bench *at = *state;
  mr_region block = block_of(at->allocator, 50);
  assert_int_equal(mr_reallocate(at->allocator, &block, 0), MR_OK);
  assert_null(block.pointer);
  assert_int_equal(block.size, 0);
}

static void reallocation_clears_what_is_added_if_asked(void **state) {
  const bench *at = *state;
  static const size_t sizes[] = {20, 5, 33, 4000, 100, 9000};
  mr_region block = {NULL, 0};
  assert_int_equal(mr_reallocate_zeroed(at->allocator, &block, 10), MR_OK);
  assert_zeros(block, 0);
  write_pattern(block, 5);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    size_t kept = block.size < sizes[i] ? block.size : sizes[i];
    assert_int_equal(mr_reallocate_zeroed(at->allocator, &block, sizes[i]), MR_OK);
    assert_pattern(block, kept, 5);
    assert_zeros(block, kept);
    write_pattern(block, 5);
  }
  assert_int_equal(mr_reallocate_zeroed_aligned(at->allocator, &block, 0, 16), MR_OK);
  assert_null(block.pointer);
}

/* What can't be. */

static void impossible_sizes_are_too_big_and_change_nothing(void **state) {
  const bench *at = *state;
  static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 6, (size_t)PTRDIFF_MAX + 1, SIZE_MAX - 15};
  char mine;
  mr_region block = block_of(at->allocator, 24);
  write_pattern(block, 9);
  const mr_region kept = block;
  const size_t before = used_by(at);

  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    mr_region out = {&mine, 1};
    assert_int_equal(mr_allocate(at->allocator, sizes[i], &out), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate_zeroed(at->allocator, sizes[i], &out), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate_aligned(at->allocator, sizes[i], 1, &out), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate_aligned(at->allocator, SIZE_MAX - 100, 4096, &out),
                     MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate_array(at->allocator, sizes[i] / 2, 5, &out), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate_array(at->allocator, 3, sizes[i] / 2, &out), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_reallocate(at->allocator, &block, sizes[i]), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_reallocate_zeroed(at->allocator, &block, sizes[i]), MR_BLOCK_TOO_BIG);
    assert_ptr_equal(out.pointer, &mine);
    assert_int_equal(out.size, 1);
  }

  assert_memory_equal(&block, &kept, sizeof block);
  assert_pattern(block, 24, 9);
  assert_int_equal(used_by(at), before);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

static void alignments_that_are_no_power_of_two_are_invalid(void **state) {
  const bench *at = *state;
  static const size_t alignments[] = {0, 3, 24, SIZE_MAX, 48};
  mr_region block = block_of(at->allocator, 24);
  const mr_region kept = block;
  mr_region empty = {NULL, 0};
  for (size_t i = 0; i < sizeof alignments / sizeof *alignments; i++) {
    size_t alignment = alignments[i];
    mr_region out = {&empty, 3};
    assert_int_equal(mr_allocate_aligned(at->allocator, 8, alignment, &out), MR_INVALID_ARGUMENT);
    assert_int_equal(mr_allocate_aligned(at->allocator, 0, alignment, &out), MR_INVALID_ARGUMENT);
    assert_int_equal(mr_allocate_aligned(at->allocator, SIZE_MAX, alignment, &out),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(mr_allocate_zeroed_aligned(at->allocator, 8, alignment, &out),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(mr_allocate_array_aligned(at->allocator, 2, 4, alignment, &out),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(mr_reallocate_aligned(at->allocator, &block, 8, alignment),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(mr_reallocate_aligned(at->allocator, &empty, 8, alignment),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(mr_reallocate_zeroed_aligned(at->allocator, &block, 80, alignment),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(mr_deallocate_aligned(at->allocator, &block, alignment), MR_INVALID_ARGUMENT);
    assert_int_equal(mr_allocation_failure(at->allocator, 8, alignment, NULL), MR_INVALID_ARGUMENT);
    assert_int_equal(mr_good_size(at->allocator, 8, alignment), 8);
    assert_ptr_equal(out.pointer, &empty);
    assert_int_equal(out.size, 3);
    assert_memory_equal(&block, &kept, sizeof block);
    assert_null(empty.pointer);
  }
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

/* Asks for a block that may be had or not, and gives it back. */
static void try_block(mr_allocator *allocator, size_t size, size_t alignment) {
  mr_region out = {NULL, 77};
  mr_status status = mr_allocate_aligned(allocator, size, alignment, &out);
  if (status == MR_OK) {
    assert_true(mr_is_aligned(mr_region_view(out), alignment));
    memset(out.pointer, 0, 1);
    assert_int_equal(mr_deallocate_aligned(allocator, &out, alignment), MR_OK);
    return;
  }
  assert_true(status == MR_OUT_OF_MEMORY || status == MR_BLOCK_TOO_BIG);
  assert_null(out.pointer);
  assert_int_equal(out.size, 77);
}

static void no_size_at_no_alignment_wraps(void **state) {
  const bench *at = *state;
  static const unsigned alignments[] = {0, 4, 5, 12, 20, 23, 40, 47, 61, 62, 63};
  static const size_t sizes[] = {1,
                                 15,
                                 16,
                                 17,
                                 PTRDIFF_MAX / 2,
                                 PTRDIFF_MAX - 4096,
                                 PTRDIFF_MAX - 63,
                                 PTRDIFF_MAX - 15,
                                 PTRDIFF_MAX};
  for (size_t i = 0; i < sizeof alignments / sizeof *alignments; i++) {
    const size_t alignment = (size_t)1 << alignments[i];
    if (is_deadly(alignment)) continue;
    for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
      try_block(at->allocator, sizes[j], alignment);
    }
  }
}

static void what_exceeds_the_maximum_is_too_big_and_the_rest_is_not(void **state) {
  const bench *at = *state;
  size_t maximum = 0;
  assert_int_equal(mr_maximum_block_size(at->allocator, &maximum), MR_OK);
  assert_true(maximum > 0 && maximum <= PTRDIFF_MAX);
  assert_int_equal(mr_allocation_failure(at->allocator, maximum + 1, 16, NULL), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocation_failure(at->allocator, maximum, 16, NULL), MR_OUT_OF_MEMORY);
  mr_region out = {NULL, 77};
  assert_int_equal(mr_allocate(at->allocator, maximum + 1, &out), MR_BLOCK_TOO_BIG);
  mr_status status = mr_allocate(at->allocator, maximum, &out);
  assert_int_not_equal(status, MR_BLOCK_TOO_BIG);
  if (status == MR_OK) assert_int_equal(mr_deallocate(at->allocator, &out), MR_OK);
}

static void a_failure_tells_size_and_limit(void **state) {
  const bench *at = *state;
  mr_condition condition;
  size_t maximum = 0;
  memset(&condition, 0xEE, sizeof condition);
  assert_int_equal(mr_maximum_block_size(at->allocator, &maximum), MR_OK);
  assert_int_equal(mr_allocation_failure(at->allocator, SIZE_MAX, 16, &condition),
                   MR_BLOCK_TOO_BIG);
  assert_int_equal(condition.status, MR_BLOCK_TOO_BIG);
  assert_true(condition.requested == SIZE_MAX);
  assert_true(condition.limit == maximum);
  assert_ptr_equal(condition.subject, mr_resolve_allocator(at->allocator));
  assert_int_equal(condition.offset, 0);
}

/* Asking. */

static void total_is_used_and_free(void **state) {
  const bench *at = *state;
  size_t total = 77, used = 77, unused = 77;
  if (!at->fixture->can_tell_usage) {
    assert_int_equal(mr_total_size(at->allocator, &total), MR_UNSUPPORTED);
    assert_int_equal(mr_used_space(at->allocator, &used), MR_UNSUPPORTED);
    assert_int_equal(mr_free_space(at->allocator, &unused), MR_UNSUPPORTED);
    assert_int_equal(total + used + unused, 3 * 77);
    return;
  }
  mr_region block = block_of(at->allocator, 100);
  assert_int_equal(mr_total_size(at->allocator, &total), MR_OK);
  assert_int_equal(mr_used_space(at->allocator, &used), MR_OK);
  assert_int_equal(mr_free_space(at->allocator, &unused), MR_OK);
  assert_true(used <= total);
  if (!at->fixture->is_shared) {
    assert_true(used >= 100);
    assert_int_equal(total - used, unused);
  }
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

static void used_counts_what_is_handed_out(void **state) {
  const bench *at = *state;
  if (!at->fixture->can_tell_usage || at->fixture->is_shared) return;
  const size_t before = used_by(at);
  mr_region block = block_of(at->allocator, 1000);
  const size_t during = used_by(at);
  const size_t padding = at->fixture->most_padding ? at->fixture->most_padding : 4096;
  assert_true(during - before >= 1000 && during - before <= 1000 + padding);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
  assert_int_equal(used_by(at), before);
}

static void blocks_are_owned(void **state) {
  const bench *at = *state;
  char mine[16];
  mr_region block = block_of(at->allocator, 100);
  assert_int_not_equal(mr_allocator_owns(at->allocator, mr_region_view(block)), MR_OWNS_NO);
  assert_int_not_equal(mr_allocator_owns(at->allocator, mr_view_of(mine, sizeof mine)),
                       MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(at->allocator, mr_view_of(NULL, 0)), MR_OWNS_NO);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

static void good_sizes_cost_no_more(void **state) {
  const bench *at = *state;
  for (size_t size = 1; size <= 200; size++) {
    const size_t good = mr_good_size(at->allocator, size, 16);
    assert_true(good >= size);
    const size_t start = used_by(at);
    mr_region block = block_of(at->allocator, size);
    const size_t exact = used_by(at) - start;
    assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
    block = block_of(at->allocator, good);
    assert_int_equal(used_by(at) - start, exact);
    assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
  }
  assert_true(mr_good_size(at->allocator, SIZE_MAX, 16) == SIZE_MAX);
  assert_true(mr_good_size(at->allocator, PTRDIFF_MAX, 16) >= PTRDIFF_MAX);
  assert_int_equal(mr_good_size(at->allocator, 0, 16), 0);
}

static void the_smallest_block_takes_the_minimum(void **state) {
  const bench *at = *state;
  size_t minimum = 77;
  if (!at->fixture->can_tell_minimum) {
    assert_int_equal(mr_minimum_block_size(at->allocator, &minimum), MR_UNSUPPORTED);
    assert_int_equal(minimum, 77);
    return;
  }
  assert_int_equal(mr_minimum_block_size(at->allocator, &minimum), MR_OK);
  assert_true(minimum >= 1);
  if (!at->fixture->can_tell_usage || at->fixture->is_shared) return;
  const size_t before = used_by(at);
  mr_region block = block_of(at->allocator, 1);
  assert_int_equal(used_by(at) - before, minimum);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

/* All at once. */

static size_t fill_up_to(mr_allocator *allocator, mr_region *blocks, size_t count) {
  size_t filled = 0;
  for (; filled < count; filled++) {
    size_t size = filled % 37 == 36 ? 3000 : filled * 13 % 400 + 1;
    if (mr_allocate(allocator, size, &blocks[filled]) != MR_OK) break;
    write_pattern(blocks[filled], filled);
  }
  return filled;
}

static void clear_gives_the_same_addresses_again(void **state) {
  const bench *at = *state;
  enum { MOST = 2000 };
  static mr_region first[MOST], second[MOST];
  if (!at->fixture->can_clear) {
    assert_int_equal(mr_allocator_clear(at->allocator), MR_UNSUPPORTED);
    return;
  }
  const size_t filled = fill_up_to(at->allocator, first, MOST);
  assert_true(filled > 100);
  for (int round = 0; round < 3; round++) {
    assert_int_equal(mr_allocator_clear(at->allocator), MR_OK);
    assert_int_equal(used_by(at), 0);
    assert_int_equal(fill_up_to(at->allocator, second, MOST), filled);
    if (at->fixture->moves_after_clear) continue;
    for (size_t i = 0; i < filled; i++) assert_memory_equal(&first[i], &second[i], sizeof *first);
  }
  assert_int_equal(mr_allocator_clear(at->allocator), MR_OK);
}

static void rewind_takes_back_what_came_since_the_mark(void **state) {
  const bench *at = *state;
  enum { COUNT = 300 };
  static mr_region before[COUNT], first[COUNT], second[COUNT];
  mr_mark mark = {at->allocator, NULL};
  if (!at->fixture->can_mark) {
    assert_int_equal(mr_allocator_mark(at->allocator, &mark), MR_UNSUPPORTED);
    assert_int_equal(mr_allocator_rewind(at->allocator, mark), MR_UNSUPPORTED);
    return;
  }
  assert_int_equal(fill_up_to(at->allocator, before, COUNT), COUNT);
  const size_t used = used_by(at);
  assert_int_equal(mr_allocator_mark(at->allocator, &mark), MR_OK);
  assert_int_equal(fill_up_to(at->allocator, first, COUNT), COUNT);
  for (int round = 0; round < 3; round++) {
    assert_int_equal(mr_allocator_rewind(at->allocator, mark), MR_OK);
    assert_int_equal(used_by(at), used);
    for (size_t i = 0; i < COUNT; i++) assert_pattern(before[i], before[i].size, i);
    assert_int_equal(fill_up_to(at->allocator, second, COUNT), COUNT);
    assert_memory_equal(first, second, sizeof first);
  }
  assert_int_equal(mr_allocator_clear(at->allocator), MR_OK);
}

static void marks_nest(void **state) {
  const bench *at = *state;
  if (!at->fixture->can_mark) return;
  mr_mark outer, inner;
  mr_region a = block_of(at->allocator, 100);
  write_pattern(a, 1);
  assert_int_equal(mr_allocator_mark(at->allocator, &outer), MR_OK);
  mr_region b = block_of(at->allocator, 6000);
  write_pattern(b, 2);
  const size_t used = used_by(at);
  assert_int_equal(mr_allocator_mark(at->allocator, &inner), MR_OK);
  block_of(at->allocator, 7000);
  block_of(at->allocator, 10);
  assert_int_equal(mr_allocator_rewind(at->allocator, inner), MR_OK);
  assert_int_equal(used_by(at), used);
  assert_pattern(b, 6000, 2);
  assert_int_equal(mr_allocator_rewind(at->allocator, outer), MR_OK);
  assert_pattern(a, 100, 1);
  assert_int_equal(mr_allocator_rewind(at->allocator, inner), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_allocator_clear(at->allocator), MR_OK);
}

static void what_is_older_than_a_mark_survives_rewinding_whole(void **state) {
  const bench *at = *state;
  if (!at->fixture->can_mark) return;
  mr_mark mark;
  mr_region grown = block_of(at->allocator, 40);
  assert_int_equal(mr_allocator_mark(at->allocator, &mark), MR_OK);
  const mr_region kept = grown;
  assert_int_equal(mr_reallocate(at->allocator, &grown, 80), MR_OK);
  /* It moved, so that rewinding does not cut it in half. */
  assert_ptr_not_equal(grown.pointer, kept.pointer);

  mr_region older = kept;
  const size_t used = used_by(at);
  assert_int_equal(mr_deallocate(at->allocator, &older), MR_OK);
  assert_int_equal(used_by(at), used);
  assert_int_equal(mr_allocator_rewind(at->allocator, mark), MR_OK);
  assert_int_equal(mr_allocator_clear(at->allocator), MR_OK);
}

static void marks_of_another_are_invalid(void **state) {
  const bench *at = *state;
  if (!at->fixture->can_mark) return;
  mr_mark mark;
  mr_region block = block_of(at->allocator, 100);
  assert_int_equal(mr_allocator_mark(at->allocator, &mark), MR_OK);
  mr_mark elsewhere = {&mark, mark.cursor};
  mr_mark nothing = {NULL, NULL};
  mr_mark ahead = {mark.chunk, (void *)((uintptr_t)mark.cursor + 16)};
  mr_mark between = {mark.chunk, (void *)((uintptr_t)mark.cursor - 1)};
  assert_int_equal(mr_allocator_rewind(at->allocator, elsewhere), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_allocator_rewind(at->allocator, nothing), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_allocator_rewind(at->allocator, ahead), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_allocator_rewind(at->allocator, between), MR_INVALID_ARGUMENT);
  write_pattern(block, 1);
  assert_int_equal(mr_allocator_clear(at->allocator), MR_OK);
}

static void trim_leaves_blocks_alone(void **state) {
  const bench *at = *state;
  if (!at->fixture->can_trim) {
    assert_int_equal(mr_allocator_trim(at->allocator), MR_UNSUPPORTED);
    return;
  }
  enum { COUNT = 100 };
  mr_region blocks[COUNT];
  assert_int_equal(fill_up_to(at->allocator, blocks, COUNT), COUNT);
  const size_t used = used_by(at);
  assert_int_equal(mr_allocator_trim(at->allocator), MR_OK);
  assert_int_equal(used_by(at), used);
  for (size_t i = 0; i < COUNT; i++) assert_pattern(blocks[i], blocks[i].size, i);
  assert_int_equal(mr_allocator_clear(at->allocator), MR_OK);
}

/* What a walk has shown, and whether a block was in a used part. */
typedef struct walked {
  size_t total, used;
  mr_view block;
  bool found;
} walked;

static mr_status add_span(void *context, mr_view span, bool is_used) {
  walked *sum = context;
  assert_true(mr_view_is_valid(span));
  sum->total += span.size;
  if (is_used) sum->used += span.size;
  if (is_used && mr_overlap(span, sum->block).size == sum->block.size) sum->found = true;
  return MR_OK;
}

static mr_status stop(void *context, mr_view span, bool is_used) {
  (void)span, (void)is_used;
  ++*(int *)context;
  return (mr_status)(MR_USER + 1);
}

static void walk_shows_every_octet_once(void **state) {
  const bench *at = *state;
  walked sum = {0};
  if (!at->fixture->can_walk) {
    assert_int_equal(mr_allocator_walk(at->allocator, add_span, &sum), MR_UNSUPPORTED);
    return;
  }
  enum { COUNT = 120 };
  mr_region blocks[COUNT];
  assert_int_equal(fill_up_to(at->allocator, blocks, COUNT), COUNT);
  for (size_t i = 0; i < COUNT; i++) {
    sum = (walked){.block = mr_region_view(blocks[i])};
    assert_int_equal(mr_allocator_walk(at->allocator, add_span, &sum), MR_OK);
    assert_true(sum.found);
  }
  size_t total = 0;
  assert_int_equal(mr_total_size(at->allocator, &total), MR_OK);
  assert_int_equal(sum.total, total);
  assert_int_equal(sum.used, used_by(at));
  int calls = 0;
  assert_int_equal(mr_allocator_walk(at->allocator, stop, &calls), MR_USER + 1);
  assert_int_equal(calls, 1);
  assert_int_equal(mr_allocator_clear(at->allocator), MR_OK);
}

static void check_finds_nothing_wrong(void **state) {
  const bench *at = *state;
  mr_condition condition;
  memset(&condition, 0xEE, sizeof condition);
  const mr_condition kept = condition;
  const mr_status expected = at->fixture->can_check ? MR_OK : MR_UNSUPPORTED;
  mr_region block = block_of(at->allocator, 9000);
  assert_int_equal(mr_allocator_check(at->allocator, &condition), expected);
  assert_int_equal(mr_allocator_check(at->allocator, NULL), expected);
  assert_memory_equal(&condition, &kept, sizeof kept);
  assert_int_equal(mr_deallocate(at->allocator, &block), MR_OK);
}

#define IN_CONFORMANCE(test) \
  { #test, test, set_up, tear_down, &at }

int allocator_conformance(const allocator_fixture *fixture) {
  bench at = {fixture, NULL};
  const struct CMUnitTest tests[] = {
      IN_CONFORMANCE(blocks_of_all_sizes_are_disjoint),
      IN_CONFORMANCE(blocks_are_aligned_as_asked),
      IN_CONFORMANCE(blocks_are_aligned_to_16_unless_said),
      IN_CONFORMANCE(zeroed_blocks_are_zero),
      IN_CONFORMANCE(arrays_are_count_times_size),
      IN_CONFORMANCE(zeroed_arrays_are_zero),
      IN_CONFORMANCE(arrays_are_reallocated_to_count_times_size),
      IN_CONFORMANCE(array_sizes_that_overflow_are_too_big_and_change_nothing),
      IN_CONFORMANCE(deallocation_leaves_a_null_region),
      IN_CONFORMANCE(empty_blocks_take_no_space),
      IN_CONFORMANCE(reallocation_keeps_contents_and_alignment),
      IN_CONFORMANCE(reallocation_leaves_other_blocks_alone),
      IN_CONFORMANCE(reallocation_to_nothing_gives_back),
      IN_CONFORMANCE(reallocation_clears_what_is_added_if_asked),
      IN_CONFORMANCE(impossible_sizes_are_too_big_and_change_nothing),
      IN_CONFORMANCE(alignments_that_are_no_power_of_two_are_invalid),
      IN_CONFORMANCE(no_size_at_no_alignment_wraps),
      IN_CONFORMANCE(what_exceeds_the_maximum_is_too_big_and_the_rest_is_not),
      IN_CONFORMANCE(a_failure_tells_size_and_limit),
      IN_CONFORMANCE(total_is_used_and_free),
      IN_CONFORMANCE(used_counts_what_is_handed_out),
      IN_CONFORMANCE(blocks_are_owned),
      IN_CONFORMANCE(good_sizes_cost_no_more),
      IN_CONFORMANCE(the_smallest_block_takes_the_minimum),
      IN_CONFORMANCE(clear_gives_the_same_addresses_again),
      IN_CONFORMANCE(rewind_takes_back_what_came_since_the_mark),
      IN_CONFORMANCE(marks_nest),
      IN_CONFORMANCE(what_is_older_than_a_mark_survives_rewinding_whole),
      IN_CONFORMANCE(marks_of_another_are_invalid),
      IN_CONFORMANCE(trim_leaves_blocks_alone),
      IN_CONFORMANCE(walk_shows_every_octet_once),
      IN_CONFORMANCE(check_finds_nothing_wrong),
  };
  return cmocka_run_group_tests_name(fixture->name, tests, NULL, NULL);
}

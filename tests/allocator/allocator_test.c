#include "memregions/allocator.h"

#include <string.h>

#include "failing_allocator.h"
#include "memregions/arena.h"
#include "memregions/bump.h"
#include "support.h"

/* What the public functions do around a kind's ops, the system allocator, and tests' own allocator. */

static test_allocator checked;

static int set_up(void **state) {
  (void)state;
  test_allocator_init(&checked);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  test_allocator_fini(&checked);
  return 0;
}

/* Names for allocators. */

static void null_is_the_system_allocator(void **state) {
  (void)state;
  assert_non_null(mr_system_allocator());
  assert_ptr_equal(mr_resolve_allocator(NULL), mr_system_allocator());
  assert_ptr_equal(mr_resolve_allocator(mr_system_allocator()), mr_system_allocator());
  assert_ptr_equal(mr_resolve_allocator(&checked.base), &checked.base);
  assert_ptr_equal(mr_resolve_allocator(MR_CURRENT), mr_current_allocator());
}

static void system_and_current_are_never_destroyed(void **state) {
  (void)state;
  mr_region block;
  assert_int_equal(mr_allocator_destroy(NULL), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_destroy(mr_system_allocator()), MR_UNSUPPORTED);
  mr_bump bump;
  static _Alignas(16) unsigned char storage[64];
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  mr_set_current_allocator(&bump.base);
  assert_int_equal(mr_allocator_destroy(MR_CURRENT), MR_UNSUPPORTED);
  assert_int_equal(mr_allocate(MR_CURRENT, 16, &block), MR_OK);
  assert_ptr_equal(block.pointer, storage);
  mr_set_current_allocator(NULL);
  mr_bump_fini(&bump);
}

static void the_systems_maximum_is_ptrdiff_max(void **state) {
  (void)state;
  size_t maximum = 0, minimum = 77;
  mr_condition condition;
  assert_int_equal(mr_maximum_block_size(NULL, &maximum), MR_OK);
  assert_true(maximum == PTRDIFF_MAX);
  assert_int_equal(mr_minimum_block_size(NULL, &minimum), MR_UNSUPPORTED);
  assert_int_equal(minimum, 77);
  assert_int_equal(mr_allocation_failure(NULL, SIZE_MAX, 4096, &condition), MR_BLOCK_TOO_BIG);
  assert_true(condition.limit == PTRDIFF_MAX - 4096);
  assert_int_equal(mr_allocation_failure(NULL, 1, (size_t)1 << 63, &condition), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocator_owns(NULL, mr_view_of(&maximum, 1)), MR_OWNS_UNKNOWN);
}

static void the_systems_usage_grows_with_a_block(void **state) {
  (void)state;
  size_t total = 0, before = 0, after = 0;
  if (mr_used_space(NULL, &before) == MR_UNSUPPORTED) skip();
  mr_region block;
  assert_int_equal(mr_allocate(NULL, 1 << 20, &block), MR_OK);
  assert_int_equal(mr_used_space(NULL, &after), MR_OK);
  assert_int_equal(mr_total_size(NULL, &total), MR_OK);
  assert_true(total >= after);
  /* A tool's own malloc does not count into the C library's. */
  if (after != before) assert_true(after - before >= 1 << 20);
  assert_int_equal(mr_deallocate(NULL, &block), MR_OK);
}

static void a_failure_without_condition_is_told_all_the_same(void **state) {
  (void)state;
  assert_int_equal(mr_allocation_failure(&checked.base, SIZE_MAX, 16, NULL), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocation_failure(&checked.base, 5, 16, NULL), MR_OUT_OF_MEMORY);
}

static void a_failure_of_the_current_allocator_names_it(void **state) {
  (void)state;
  mr_condition condition;
  mr_set_current_allocator(&checked.base);
  assert_int_equal(mr_allocation_failure(MR_CURRENT, 5, 16, &condition), MR_OUT_OF_MEMORY);
  assert_ptr_equal(condition.subject, &checked);
  assert_int_equal(condition.requested, 5);
  assert_true(condition.limit == PTRDIFF_MAX);
  mr_set_current_allocator(NULL);
}

static void a_failed_reallocation_leaves_the_block(void **state) {
  (void)state;
  mr_region block;
  assert_int_equal(mr_allocate(&checked.base, 10, &block), MR_OK);
  memcpy(block.pointer, "0123456789", 10);
  const mr_region kept = block;
  checked.fail_at = checked.requests + 1;
  assert_int_equal(mr_reallocate(&checked.base, &block, 100), MR_OUT_OF_MEMORY);
  assert_memory_equal(&block, &kept, sizeof block);
  assert_memory_equal(block.pointer, "0123456789", 10);
  checked.fail_at = checked.requests + 1;
  assert_int_equal(mr_reallocate_zeroed(&checked.base, &block, 100), MR_OUT_OF_MEMORY);
  assert_memory_equal(&block, &kept, sizeof block);
  assert_int_equal(mr_reallocate(&checked.base, &block, 100), MR_OK);
  assert_memory_equal(block.pointer, "0123456789", 10);
  assert_int_equal(mr_deallocate(&checked.base, &block), MR_OK);
}

/* Checked kinds. */

static void a_release_that_is_misuse_changes_nothing(void **state) {
  (void)state;
  mr_region block;
  assert_int_equal(mr_allocate_aligned(&checked.base, 40, 32, &block), MR_OK);
  checked.answers_misuse = true;
  mr_region larger = {block.pointer, 41};
  mr_region part = {(unsigned char *)block.pointer + 8, 32};
  mr_region same = block;
  const mr_region larger_kept = larger;

  assert_int_equal(mr_deallocate_aligned(&checked.base, &larger, 32), MR_CORRUPT);
  assert_int_equal(mr_deallocate_aligned(&checked.base, &part, 32), MR_CORRUPT);
  assert_int_equal(mr_deallocate_aligned(&checked.base, &same, 64), MR_CORRUPT);
  assert_int_equal(mr_deallocate(&checked.base, &same), MR_CORRUPT);
  assert_memory_equal(&larger, &larger_kept, sizeof larger);
  assert_int_equal(same.size, 40);
  assert_int_equal(checked.live_blocks, 1);
  checked.answers_misuse = false;
  assert_int_equal(mr_deallocate_aligned(&checked.base, &block, 32), MR_OK);
}

static void a_reallocation_that_is_misuse_changes_nothing(void **state) {
  (void)state;
  mr_region block;
  assert_int_equal(mr_allocate(&checked.base, 40, &block), MR_OK);
  checked.answers_misuse = true;
  mr_region part = {block.pointer, 39};
  const mr_region kept = part;
  assert_int_equal(mr_reallocate(&checked.base, &part, 100), MR_CORRUPT);
  assert_memory_equal(&part, &kept, sizeof part);
  assert_int_equal(checked.live_blocks, 1);
  checked.answers_misuse = false;
  assert_int_equal(mr_deallocate(&checked.base, &block), MR_OK);
}

/* A kind that remaps. */

static int remaps;

static bool never_resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)self, (void)block, (void)size, (void)alignment;
  return false;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  remaps++;
  return mr_system_allocator()->ops->remap(self, block, size, alignment);
}

static void remap_is_asked_before_a_block_is_copied(void **state) {
  (void)state;
  mr_allocator_ops ops = *mr_system_allocator()->ops;
  ops.resize = never_resize;
  ops.remap = remap;
  mr_allocator remapping = {&ops};
  mr_region block = {NULL, 0};
  assert_int_equal(mr_reallocate(&remapping, &block, 10), MR_OK);
  memcpy(block.pointer, "0123456789", 10);
  remaps = 0;
  assert_int_equal(mr_reallocate(&remapping, &block, 100000), MR_OK);
  assert_int_equal(remaps, 1);
  assert_memory_equal(block.pointer, "0123456789", 10);
  assert_int_equal(mr_deallocate(&remapping, &block), MR_OK);
}

static mr_region remap_what_can_be(mr_allocator *self, mr_region block, size_t size,
                                   size_t alignment) {
  (void)self, (void)block;
  assert_true(size >= 1 && size <= PTRDIFF_MAX);
  assert_int_equal(alignment, 16);
  remaps++;
  return mr_region_of(NULL, 0);
}

static void ops_are_not_asked_for_what_can_not_be(void **state) {
  (void)state;
  mr_allocator_ops ops = *mr_system_allocator()->ops;
  ops.resize = never_resize;
  ops.remap = remap_what_can_be;
  mr_allocator strict = {&ops};
  mr_region block = {NULL, 0};
  assert_int_equal(mr_reallocate(&strict, &block, 10), MR_OK);
  remaps = 0;
  assert_int_equal(mr_reallocate(&strict, &block, (size_t)PTRDIFF_MAX + 1), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_reallocate(&strict, &block, SIZE_MAX), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_reallocate_aligned(&strict, &block, 20, 24), MR_INVALID_ARGUMENT);
  assert_int_equal(remaps, 0);
  assert_int_equal(mr_reallocate(&strict, &block, 0), MR_OK);
  assert_int_equal(remaps, 0);
}

/* A maximum that no block can have. */
static size_t boundless(mr_allocator *self, size_t alignment) {
  (void)self, (void)alignment;
  return SIZE_MAX;
}

static void no_kind_has_blocks_beyond_ptrdiff_max(void **state) {
  (void)state;
  mr_allocator_ops ops = *mr_system_allocator()->ops;
  ops.maximum_block_size = boundless;
  mr_allocator kind = {&ops};
  size_t maximum = 0;
  assert_int_equal(mr_maximum_block_size(&kind, &maximum), MR_OK);
  assert_true(maximum == PTRDIFF_MAX);
  assert_int_equal(mr_allocation_failure(&kind, SIZE_MAX, 16, NULL), MR_BLOCK_TOO_BIG);
}

static void members_beyond_the_ops_size_are_taken_as_null(void **state) {
  (void)state;
  static _Alignas(16) unsigned char storage[64];
  mr_bump bump;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  const mr_allocator_ops *whole = bump.base.ops;
  mr_allocator_ops cut = *whole;
  cut.struct_size = offsetof(mr_allocator_ops, minimum_block_size);
  bump.base.ops = &cut;

  size_t size = 0;
  mr_mark mark;
  assert_int_equal(mr_minimum_block_size(&bump.base, &size), MR_UNSUPPORTED);
  assert_int_equal(mr_maximum_block_size(&bump.base, &size), MR_OK);
  assert_true(size == PTRDIFF_MAX);
  assert_int_equal(mr_good_size(&bump.base, 5, 16), 5);
  assert_int_equal(mr_allocator_owns(&bump.base, mr_view_of(storage, 1)), MR_OWNS_UNKNOWN);
  assert_int_equal(mr_total_size(&bump.base, &size), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_clear(&bump.base), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_mark(&bump.base, &mark), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_check(&bump.base, NULL), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_destroy(&bump.base), MR_UNSUPPORTED);
  bump.base.ops = whole;
  mr_bump_fini(&bump);
}

static void the_inline_functions_are_symbols_too(void **state) {
  (void)state;
  mr_status (*volatile allocate)(mr_allocator *, size_t, mr_region *) = mr_allocate;
  mr_status (*volatile deallocate)(mr_allocator *, mr_region *) = mr_deallocate;
  mr_region block;
  assert_int_equal(allocate(NULL, 8, &block), MR_OK);
  assert_int_equal(deallocate(NULL, &block), MR_OK);
  assert_null(block.pointer);
}

/* The allocator that tests run under, tested. */

static void the_nth_request_fails_and_no_other(void **state) {
  (void)state;
  mr_region blocks[6] = {{NULL, 0}};
  checked.fail_at = 3;
  for (size_t i = 1; i <= 5; i++) {
    assert_int_equal(mr_allocate(&checked.base, i, &blocks[i]), i == 3 ? MR_OUT_OF_MEMORY : MR_OK);
  }
  assert_int_equal(checked.live_blocks, 4);
  for (size_t i = 1; i <= 5; i++) assert_int_equal(mr_deallocate(&checked.base, &blocks[i]), MR_OK);
  assert_int_equal(checked.live_octets, 0);
}

static void fresh_blocks_are_filled_and_no_more_aligned_than_asked(void **state) {
  (void)state;
  for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
    mr_region block;
    assert_int_equal(mr_allocate_aligned(&checked.base, 3, alignment, &block), MR_OK);
    assert_int_equal(mr_alignment_of(mr_region_view(block)), alignment);
    assert_int_equal(((unsigned char *)block.pointer)[2], TEST_FRESH);
    assert_int_equal(mr_deallocate_aligned(&checked.base, &block, alignment), MR_OK);
  }
}

typedef struct two_blocks {
  mr_region first, second;
} two_blocks;

static mr_status take_two(void *context, mr_allocator *allocator) {
  two_blocks *two = context;
  mr_region first;
  mr_status status = mr_allocate(allocator, 10, &first);
  if (status != MR_OK) return status;
  status = mr_allocate(allocator, 20, &two->second);
  if (status == MR_OK) two->first = first;
  if (status != MR_OK) mr_ignore(mr_deallocate(allocator, &first));
  return status;
}

static void assert_none(void *context) {
  const two_blocks *two = context;
  assert_null(two->first.pointer);
  assert_null(two->second.pointer);
}

static void a_sweep_fails_each_request_once(void **state) {
  (void)state;
  two_blocks two = {{NULL, 0}, {NULL, 0}};
  assert_int_equal(test_sweep(&checked, take_two, assert_none, &two), 2);
  assert_int_equal(checked.live_blocks, 2);
  assert_int_equal(mr_deallocate(&checked.base, &two.first), MR_OK);
  assert_int_equal(mr_deallocate(&checked.base, &two.second), MR_OK);
}

#define CHECKED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      CHECKED(null_is_the_system_allocator),
      CHECKED(system_and_current_are_never_destroyed),
      CHECKED(the_systems_maximum_is_ptrdiff_max),
      CHECKED(the_systems_usage_grows_with_a_block),
      CHECKED(a_failure_without_condition_is_told_all_the_same),
      CHECKED(a_failure_of_the_current_allocator_names_it),
      CHECKED(a_failed_reallocation_leaves_the_block),
      CHECKED(a_release_that_is_misuse_changes_nothing),
      CHECKED(a_reallocation_that_is_misuse_changes_nothing),
      CHECKED(remap_is_asked_before_a_block_is_copied),
      CHECKED(ops_are_not_asked_for_what_can_not_be),
      CHECKED(no_kind_has_blocks_beyond_ptrdiff_max),
      CHECKED(members_beyond_the_ops_size_are_taken_as_null),
      CHECKED(the_inline_functions_are_symbols_too),
      CHECKED(the_nth_request_fails_and_no_other),
      CHECKED(fresh_blocks_are_filled_and_no_more_aligned_than_asked),
      CHECKED(a_sweep_fails_each_request_once),
  };
  return cmocka_run_group_tests_name("allocator", tests, NULL, NULL);
}

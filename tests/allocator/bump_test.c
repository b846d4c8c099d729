#include "memregions/bump.h"

#include <string.h>

#include "failing_allocator.h"
#include "support.h"

/* What allocator_conformance does not know of: where blocks lie. */

static _Alignas(4096) unsigned char storage[8192];

static void init_over(mr_bump *bump, size_t size) {
  assert_int_equal(mr_bump_init(bump, mr_region_of(storage, size)), MR_OK);
}

static size_t used_in(mr_bump *bump) {
  size_t used = SIZE_MAX;
  assert_int_equal(mr_used_space(&bump->base, &used), MR_OK);
  return used;
}

static mr_region take(mr_bump *bump, size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_bump_allocate(bump, size, &block), MR_OK);
  assert_int_equal(block.size, size);
  return block;
}

static void ten_octets_give_ten_and_never_eleven(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 10);
  mr_region block = take(&bump, 5);
  mr_region other = {NULL, 77};
  const void *start = block.pointer;

  assert_int_equal(mr_reallocate(&bump.base, &block, 10), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(block.size, 10);

  const size_t used = used_in(&bump);
  assert_int_equal(mr_reallocate(&bump.base, &block, 11), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate(&bump.base, 12, &other), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate(&bump.base, 1, &other), MR_OUT_OF_MEMORY);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(block.size, 10);
  assert_int_equal(other.size, 77);
  assert_int_equal(used_in(&bump), used);
  mr_bump_fini(&bump);
}

static void blocks_take_multiples_of_16(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 48);
  mr_region other = {NULL, 77};
  take(&bump, 24);
  assert_int_equal(used_in(&bump), 32);
  assert_int_equal(mr_bump_allocate(&bump, 17, &other), MR_OUT_OF_MEMORY);
  assert_int_equal(used_in(&bump), 32);
  take(&bump, 16);
  assert_int_equal(used_in(&bump), 48);
  assert_int_equal(mr_bump_allocate(&bump, 1, &other), MR_OUT_OF_MEMORY);
  assert_int_equal(other.size, 77);
  mr_bump_fini(&bump);
}

static void the_odd_tail_is_handed_out(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 16 + 9);
  take(&bump, 3);
  mr_region tail = take(&bump, 9);
  assert_ptr_equal(tail.pointer, storage + 16);
  assert_int_equal(used_in(&bump), 25);
  assert_true(mr_bump_is_sound(&bump));

  assert_int_equal(mr_deallocate(&bump.base, &tail), MR_OK);
  assert_int_equal(used_in(&bump), 16);
  tail = take(&bump, 1);
  assert_int_equal(used_in(&bump), 25);
  assert_int_equal(mr_reallocate(&bump.base, &tail, 9), MR_OK);
  assert_ptr_equal(tail.pointer, storage + 16);
  mr_bump_fini(&bump);
}

static void storage_starts_at_its_first_multiple_of_16(void **state) {
  (void)state;
  mr_bump bump;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage + 1, 100)), MR_OK);
  mr_region all = mr_bump_storage(&bump);
  assert_ptr_equal(all.pointer, storage + 16);
  assert_int_equal(all.size, 85);
  size_t total = 0, maximum = 0;
  assert_int_equal(mr_total_size(&bump.base, &total), MR_OK);
  assert_int_equal(mr_maximum_block_size(&bump.base, &maximum), MR_OK);
  assert_int_equal(total, 85);
  assert_int_equal(maximum, 85);
  mr_bump_fini(&bump);
}

static void storage_without_a_multiple_of_16_has_no_memory(void **state) {
  (void)state;
  const mr_region regions[] = {{NULL, 0}, {storage, 0}, {storage + 1, 15}, {storage + 3, 4}};
  for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
    mr_bump bump;
    mr_region block = {NULL, 77};
    size_t total = 1;
    assert_int_equal(mr_bump_init(&bump, regions[i]), MR_OK);
    assert_true(mr_bump_is_sound(&bump));
    assert_int_equal(mr_total_size(&bump.base, &total), MR_OK);
    assert_int_equal(total, 0);
    assert_int_equal(mr_bump_allocate(&bump, 1, &block), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate_aligned(&bump.base, 1, 64, &block), MR_BLOCK_TOO_BIG);
    assert_int_equal(block.size, 77);
    assert_int_equal(mr_bump_allocate(&bump, 0, &block), MR_OK);
    assert_int_equal(mr_allocator_clear(&bump.base), MR_OK);
    assert_int_equal(mr_allocator_check(&bump.base, NULL), MR_OK);
    assert_false(mr_region_is_valid(mr_bump_storage(&bump)));
    mr_mark mark;
    assert_int_equal(mr_allocator_mark(&bump.base, &mark), MR_OK);
    assert_int_equal(mr_allocator_rewind(&bump.base, mark), MR_OK);
    mr_bump_fini(&bump);
  }
}

static void unsound_storage_is_refused(void **state) {
  (void)state;
  mr_bump bump;
  mr_bump kept;
  memset(&bump, 0x5A, sizeof bump);
  memcpy(&kept, &bump, sizeof bump);
  const mr_region too_large = {storage, (size_t)PTRDIFF_MAX + 1};
  const mr_region nowhere = {NULL, 4};
  assert_int_equal(mr_bump_init(&bump, too_large), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_bump_init(&bump, nowhere), MR_INVALID_ARGUMENT);
  assert_memory_equal(&bump, &kept, sizeof bump);
}

static void the_newest_block_is_given_back_and_others_are_ignored(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 4096);
  mr_region first = take(&bump, 40);
  mr_region second = take(&bump, 50);
  const void *second_start = second.pointer;

  assert_int_equal(mr_deallocate(&bump.base, &first), MR_OK);
  assert_null(first.pointer);
  assert_int_equal(used_in(&bump), 48 + 64);
  assert_int_equal(mr_deallocate(&bump.base, &second), MR_OK);
  assert_int_equal(used_in(&bump), 48);
  assert_ptr_equal(take(&bump, 8).pointer, second_start);
  mr_bump_fini(&bump);
}

static void blocks_given_back_newest_first_all_return(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 4096);
  mr_region blocks[10];
  for (size_t i = 0; i < 10; i++) blocks[i] = take(&bump, 7 * i + 1);
  for (size_t i = 10; i > 0; i--)
    assert_int_equal(mr_deallocate(&bump.base, &blocks[i - 1]), MR_OK);
  assert_int_equal(used_in(&bump), 0);
  mr_bump_fini(&bump);
}

static void foreign_blocks_are_ignored(void **state) {
  (void)state;
  char mine[64] = "mine";
  mr_bump bump;
  init_over(&bump, 1024);
  take(&bump, 32);
  mr_region foreign = {mine, sizeof mine};
  mr_region ahead = {storage + 32, 16};
  mr_region huge = {storage, PTRDIFF_MAX};
  assert_int_equal(mr_deallocate(&bump.base, &foreign), MR_OK);
  assert_int_equal(mr_deallocate(&bump.base, &ahead), MR_OK);
  assert_int_equal(mr_deallocate(&bump.base, &huge), MR_OK);
  assert_int_equal(used_in(&bump), 32);
  assert_string_equal(mine, "mine");
  mr_bump_fini(&bump);
}

static void every_block_shrinks_where_it_is_and_only_the_newest_grows_there(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 4096);
  mr_region first = take(&bump, 100);
  mr_region second = take(&bump, 100);
  const mr_region first_kept = first, second_kept = second;

  assert_int_equal(mr_reallocate(&bump.base, &first, 60), MR_OK);
  assert_ptr_equal(first.pointer, first_kept.pointer);
  assert_int_equal(used_in(&bump), 224);
  assert_int_equal(mr_reallocate(&bump.base, &second, 60), MR_OK);
  assert_int_equal(used_in(&bump), 112 + 64);
  assert_int_equal(mr_reallocate(&bump.base, &second, 600), MR_OK);
  assert_ptr_equal(second.pointer, second_kept.pointer);
  assert_int_equal(used_in(&bump), 112 + 608);
  assert_int_equal(mr_reallocate(&bump.base, &first, 61), MR_OK);
  assert_ptr_not_equal(first.pointer, first_kept.pointer);
  mr_bump_fini(&bump);
}

static void padding_for_alignment_is_used(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 4096);
  mr_region block;
  take(&bump, 1);
  assert_int_equal(mr_allocate_aligned(&bump.base, 5, 256, &block), MR_OK);
  assert_ptr_equal(block.pointer, storage + 256);
  assert_int_equal(used_in(&bump), 256 + 16);
  assert_int_equal(mr_deallocate_aligned(&bump.base, &block, 256), MR_OK);
  assert_int_equal(used_in(&bump), 256);
  mr_bump_fini(&bump);
}

static void the_maximum_at_an_alignment_is_exact(void **state) {
  (void)state;
  for (size_t offset = 0; offset < 200; offset += 7) {
    for (size_t alignment = 1; alignment <= 8192; alignment *= 2) {
      mr_bump bump;
      mr_region block = {NULL, 0};
      mr_condition condition;
      assert_int_equal(mr_bump_init(&bump, mr_region_of(storage + offset, 3001)), MR_OK);
      assert_int_equal(mr_allocation_failure(&bump.base, SIZE_MAX, alignment, &condition),
                       MR_BLOCK_TOO_BIG);
      const size_t maximum = (size_t)condition.limit;
      if (maximum > 0)
        assert_int_equal(mr_allocate_aligned(&bump.base, maximum, alignment, &block), MR_OK);
      assert_int_equal(mr_allocator_clear(&bump.base), MR_OK);
      assert_int_equal(mr_allocate_aligned(&bump.base, maximum + 1, alignment, &block),
                       MR_BLOCK_TOO_BIG);
      mr_bump_fini(&bump);
    }
  }
}

static void good_and_minimum_size_know_the_end(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 26);
  size_t minimum = 0;
  assert_int_equal(mr_good_size(&bump.base, 1, 16), 16);
  assert_int_equal(mr_good_size(&bump.base, 17, 16), 26);
  assert_int_equal(mr_good_size(&bump.base, 27, 16), 27);
  assert_int_equal(mr_minimum_block_size(&bump.base, &minimum), MR_OK);
  assert_int_equal(minimum, 16);
  mr_bump_fini(&bump);
  init_over(&bump, 10);
  assert_int_equal(mr_minimum_block_size(&bump.base, &minimum), MR_OK);
  assert_int_equal(minimum, 10);
  mr_bump_fini(&bump);
}

static void owns_what_is_handed_out(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 1024);
  mr_region block = take(&bump, 64);
  assert_int_equal(mr_allocator_owns(&bump.base, mr_region_view(block)), MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(&bump.base, mr_view_of(storage + 60, 4)), MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(&bump.base, mr_view_of(storage + 60, 5)), MR_OWNS_NO);
  assert_int_equal(mr_allocator_owns(&bump.base, mr_view_of(storage + 64, 1)), MR_OWNS_NO);
  assert_int_equal(mr_allocator_owns(&bump.base, mr_view_of(storage, SIZE_MAX)), MR_OWNS_NO);
  mr_bump_fini(&bump);
}

static void its_source_is_what_is_handed_out(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 1024);
  mr_view view = {storage, 5};
  assert_int_equal(mr_to_view(mr_bump_source(&bump), &view), MR_OK);
  assert_int_equal(view.size, 0);

  mr_region block = take(&bump, 20);
  memcpy(block.pointer, "twenty octets of it", 20);
  take(&bump, 3);
  mr_source source = mr_bump_source(&bump);
  assert_true(mr_source_is_stable(source));
  assert_int_equal(mr_to_view(source, &view), MR_OK);
  assert_ptr_equal(view.pointer, storage);
  assert_int_equal(view.size, 48);

  /* All of it can be read, padding too. */
  unsigned char copy[48];
  memcpy(copy, view.pointer, view.size);
  assert_memory_equal(copy, "twenty octets of it", 20);
  mr_bump_fini(&bump);
}

static void storage_of_its_own_goes_back_to_its_parent(void **state) {
  (void)state;
  test_allocator parent;
  mr_bump bump;
  test_allocator_init(&parent);
  assert_int_equal(mr_bump_init_from(&bump, &parent.base, 1000), MR_OK);
  assert_int_equal(parent.live_octets, 1000);
  mr_region block = take(&bump, 1000);
  memset(block.pointer, 1, block.size);
  mr_bump_fini(&bump);
  assert_int_equal(parent.live_octets, 0);
  mr_bump_fini(&bump);

  assert_int_equal(mr_bump_init_from(&bump, &parent.base, 0), MR_OK);
  assert_int_equal(mr_bump_allocate(&bump, 1, &block), MR_BLOCK_TOO_BIG);
  mr_bump_fini(&bump);
  test_allocator_fini(&parent);
}

static void what_the_parent_answers_is_passed_on(void **state) {
  (void)state;
  test_allocator parent;
  mr_bump bump;
  mr_bump kept;
  memset(&bump, 0x5A, sizeof bump);
  memcpy(&kept, &bump, sizeof bump);
  test_allocator_init(&parent);
  parent.fail_at = 1;
  assert_int_equal(mr_bump_init_from(&bump, &parent.base, 1000), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_bump_init_from(&bump, &parent.base, SIZE_MAX), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_bump_init_from(&bump, NULL, SIZE_MAX), MR_BLOCK_TOO_BIG);
  assert_memory_equal(&bump, &kept, sizeof bump);
  test_allocator_fini(&parent);
}

static void the_current_allocator_as_parent_is_the_one_at_init(void **state) {
  (void)state;
  test_allocator parent;
  mr_bump bump;
  test_allocator_init(&parent);
  mr_set_current_allocator(&parent.base);
  assert_int_equal(mr_bump_init_from(&bump, MR_CURRENT, 100), MR_OK);
  mr_set_current_allocator(NULL);
  mr_bump_fini(&bump);
  test_allocator_fini(&parent);
}

static void borrowed_storage_is_its_owners_again(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, sizeof storage);
  mr_region block = take(&bump, 10);
  memset(block.pointer, 'x', 10);
  mr_bump_fini(&bump);
  /* To tools that watch too: all of it can be written, and what was written is still there. */
  assert_int_equal(storage[9], 'x');
  memset(storage, 0, sizeof storage);
}

static void damage_is_found(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 1024);
  mr_condition condition;
  const mr_window kept = bump.window;

  bump.window.cursor = bump.window.end + 16;
  assert_false(mr_bump_is_sound(&bump));
  assert_int_equal(mr_allocator_check(&bump.base, &condition), MR_CORRUPT);
  assert_int_equal(condition.status, MR_CORRUPT);
  assert_ptr_equal(condition.subject, &bump);
  assert_int_equal(mr_allocator_check(&bump.base, NULL), MR_CORRUPT);

  bump.window = kept;
  bump.window.floor = bump.window.start - 16;
  assert_false(mr_bump_is_sound(&bump));
  bump.window = kept;
  bump.window.floor = bump.window.cursor + 16;
  assert_false(mr_bump_is_sound(&bump));
  bump.window = kept;
  bump.window.limit = bump.window.end + 16;
  assert_false(mr_bump_is_sound(&bump));
  bump.window = kept;
  bump.window.limit = bump.window.cursor + 8;
  assert_false(mr_bump_is_sound(&bump));
  bump.window = kept;
  bump.storage.size = SIZE_MAX;
  assert_false(mr_bump_is_sound(&bump));
  bump.storage.size = 1024;
  mr_bump_fini(&bump);
}

static void it_is_not_sound_after_its_end(void **state) {
  (void)state;
  mr_bump bump;
  init_over(&bump, 1024);
  assert_true(mr_bump_is_sound(&bump));
  mr_bump_fini(&bump);
  assert_false(mr_bump_is_sound(&bump));
}

static void padding_before_an_aligned_block_stays_used(void **state) {
  (void)state;
  static _Alignas(64) unsigned char memory[256];
  mr_bump bump;
  mr_region first, second;
  size_t used = 0;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(memory, sizeof memory)), MR_OK);
  assert_int_equal(mr_bump_allocate(&bump, 16, &first), MR_OK);
  assert_int_equal(mr_allocate_aligned(&bump.base, 16, 64, &second), MR_OK);
  assert_int_equal(mr_deallocate_aligned(&bump.base, &second, 64), MR_OK);
  assert_int_equal(mr_deallocate(&bump.base, &first), MR_OK);
  assert_int_equal(mr_used_space(&bump.base, &used), MR_OK);
  assert_int_equal(used, 64);
  mr_bump_fini(&bump);
}

static void the_inline_function_is_a_symbol_too(void **state) {
  (void)state;
  mr_status (*volatile allocate)(mr_bump *, size_t, mr_region *) = mr_bump_allocate;
  void *(*volatile take_from)(mr_window *, size_t) = mr_window_take;
  mr_bump bump;
  init_over(&bump, 1024);
  mr_region block;
  mr_window none = {.cursor = NULL};
  assert_int_equal(allocate(&bump, 8, &block), MR_OK);
  assert_null(take_from(&none, 1));
  assert_null(take_from(&none, 0));
  mr_bump_fini(&bump);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ten_octets_give_ten_and_never_eleven),
      cmocka_unit_test(blocks_take_multiples_of_16),
      cmocka_unit_test(the_odd_tail_is_handed_out),
      cmocka_unit_test(storage_starts_at_its_first_multiple_of_16),
      cmocka_unit_test(storage_without_a_multiple_of_16_has_no_memory),
      cmocka_unit_test(unsound_storage_is_refused),
      cmocka_unit_test(the_newest_block_is_given_back_and_others_are_ignored),
      cmocka_unit_test(blocks_given_back_newest_first_all_return),
      cmocka_unit_test(foreign_blocks_are_ignored),
      cmocka_unit_test(every_block_shrinks_where_it_is_and_only_the_newest_grows_there),
      cmocka_unit_test(padding_for_alignment_is_used),
      cmocka_unit_test(the_maximum_at_an_alignment_is_exact),
      cmocka_unit_test(good_and_minimum_size_know_the_end),
      cmocka_unit_test(owns_what_is_handed_out),
      cmocka_unit_test(its_source_is_what_is_handed_out),
      cmocka_unit_test(storage_of_its_own_goes_back_to_its_parent),
      cmocka_unit_test(what_the_parent_answers_is_passed_on),
      cmocka_unit_test(the_current_allocator_as_parent_is_the_one_at_init),
      cmocka_unit_test(borrowed_storage_is_its_owners_again),
      cmocka_unit_test(damage_is_found),
      cmocka_unit_test(the_inline_function_is_a_symbol_too),
      cmocka_unit_test(it_is_not_sound_after_its_end),
      cmocka_unit_test(padding_before_an_aligned_block_stays_used),
  };
  return cmocka_run_group_tests_name("bump", tests, NULL, NULL);
}

#include <memregions/sequence.h>

#include <string.h>

#include <memregions/bump.h>

#include "owner.h"
#include "support.h"

static const mr_type *u16(void) { return native(MR_KIND_U16); }

static mr_status adjust(owner *mine, size_t count, const mr_sequence_initial *initial) {
  return mr_sequence_adjust(&mine->sequence, &mine->allocator.base, &mine->storage, count, initial,
                            NULL);
}

static void growing_keeps_elements_and_adds_zeros(void **state) {
  (void)state;
  static const uint16_t expected[6] = {10, 11, 12};
  owner mine;
  own_numbers(&mine, 3);

  assert_int_equal(adjust(&mine, 6, NULL), MR_OK);

  assert_numbers(&mine, expected, 6);
  disown(&mine);
}

static void only_new_elements_take_the_initial_one(void **state) {
  (void)state;
  static const uint16_t expected[6] = {10, 11, 12, 99, 99, 99};
  const mr_value element = mr_value_of_i64(99);
  owner mine;
  own_numbers(&mine, 3);

  assert_int_equal(adjust(&mine, 6, &(mr_sequence_initial){.element = &element}), MR_OK);

  assert_numbers(&mine, expected, 6);
  disown(&mine);
}

static void shrinking_keeps_the_first_elements(void **state) {
  (void)state;
  static const uint16_t expected[2] = {10, 11};
  const mr_value unfit = mr_value_of_i64(-1);
  owner mine;
  own_numbers(&mine, 5);

  assert_int_equal(adjust(&mine, 2, &(mr_sequence_initial){.element = &unfit}), MR_OK);

  assert_numbers(&mine, expected, 2);
  disown(&mine);
}

static void the_same_number_changes_nothing(void **state) {
  (void)state;
  static const uint16_t expected[3] = {10, 11, 12};
  const mr_value unfit = mr_value_of_i64(-1);
  owner mine;
  own_numbers(&mine, 3);

  assert_int_equal(adjust(&mine, 3, &(mr_sequence_initial){.element = &unfit}), MR_OK);

  assert_numbers(&mine, expected, 3);
  disown(&mine);
}

static void growing_stays_in_place_where_the_allocator_can(void **state) {
  (void)state;
  static const uint16_t expected[6] = {0, 0, 7, 7, 0, 0};
  _Alignas(16) unsigned char memory[32];
  const mr_value seven = mr_value_of_i64(7);
  mr_bump bump;
  mr_region storage;
  mr_sequence sequence;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(memory, sizeof memory)), MR_OK);
  assert_int_equal(mr_sequence_make(&bump.base, u16(), 2, NULL, &storage, &sequence, NULL), MR_OK);

  assert_int_equal(mr_sequence_adjust(&sequence, &bump.base, &storage, 4,
                                      &(mr_sequence_initial){.element = &seven}, NULL),
                   MR_OK);
  assert_int_equal(mr_sequence_adjust(&sequence, &bump.base, &storage, 6, NULL, NULL), MR_OK);

  assert_ptr_equal(sequence.start, memory);
  assert_int_equal(sequence.count, 6);
  assert_memory_equal(memory, expected, sizeof expected);
  mr_bump_fini(&bump);
}

static void contents_replace_all_elements(void **state) {
  (void)state;
  static const uint16_t expected[4] = {1, 2, 3, 4};
  int64_t memory[4] = {1, 2, 3, 4};
  mr_sequence contents = over(memory, sizeof memory, native(MR_KIND_I64));
  owner mine;
  own_numbers(&mine, 2);

  assert_int_equal(adjust(&mine, 4, &(mr_sequence_initial){.contents = &contents}), MR_OK);

  assert_numbers(&mine, expected, 4);
  disown(&mine);
}

static void contents_can_be_a_part_of_the_sequence_itself(void **state) {
  (void)state;
  static const uint16_t expected[3] = {10, 12, 14};
  mr_sequence evens = {0};
  owner mine;
  own_numbers(&mine, 6);
  assert_int_equal(mr_subsequence(mine.sequence, mr_range_all(), 2, &evens), MR_OK);

  assert_int_equal(adjust(&mine, 3, &(mr_sequence_initial){.contents = &evens}), MR_OK);

  assert_numbers(&mine, expected, 3);
  disown(&mine);
}

/* An element by which a sequence grows, that lies in the sequence's own storage, which moves. */
static void grow_by_own_element(const mr_type *type) {
  mr_value element;
  mr_view last;
  owner mine;
  own(&mine);
  size_t size = mr_type_size(type);
  unsigned char expected[64];
  assert_true(size <= sizeof expected);
  assert_int_equal(make(&mine, type, 2, NULL), MR_OK);
  memset((unsigned char *)mine.storage.pointer + size, 0x5a, size);
  memset(expected, 0x5a, sizeof expected);
  assert_int_equal(mr_sequence_get(mine.sequence, 1, &element), MR_OK);
  assert_int_equal(mr_value_to_view(element, &last), MR_OK);
  assert_ptr_equal(last.pointer, (unsigned char *)mine.storage.pointer + size);

  assert_int_equal(adjust(&mine, 50, &(mr_sequence_initial){.element = &element}), MR_OK);

  for (size_t i = 1; i < 50; i++) {
    assert_memory_equal((unsigned char *)mine.storage.pointer + i * size, expected, size);
  }
  disown(&mine);
}

static void a_new_element_can_lie_in_the_storage_that_moves(void **state) {
  (void)state;
  const mr_type *big = large_type();
  const mr_type *small = NULL;
  assert_int_equal(mr_type_build_array(NULL, u16(), 3, &small), MR_OK);

  grow_by_own_element(small);
  grow_by_own_element(big);

  mr_type_release(small);
  mr_type_release(big);
}

static void a_large_new_element_keeps_the_old_ones(void **state) {
  (void)state;
  const large first = {{1, 2, 3, 4, 5}};
  const large rest = {{6, 7, 8, 9, 10}};
  const mr_value initial = mr_value_of_view(mr_view_of(&first, sizeof first));
  const mr_value element = mr_value_of_view(mr_view_of(&rest, sizeof rest));
  const mr_type *type = large_type();
  owner mine;
  own(&mine);
  assert_int_equal(make(&mine, type, 2, &(mr_sequence_initial){.element = &initial}), MR_OK);

  assert_int_equal(adjust(&mine, 3, &(mr_sequence_initial){.element = &element}), MR_OK);

  const large *elements = mine.storage.pointer;
  assert_int_equal(mine.sequence.count, 3);
  assert_ptr_equal(mine.sequence.start, elements);
  assert_memory_equal(&elements[0], &first, sizeof first);
  assert_memory_equal(&elements[1], &first, sizeof first);
  assert_memory_equal(&elements[2], &rest, sizeof rest);
  disown(&mine);
  mr_type_release(type);
}

static void to_no_elements_and_back(void **state) {
  (void)state;
  static const uint16_t expected[2] = {8, 8};
  const mr_value element = mr_value_of_i64(8);
  owner mine;
  own_numbers(&mine, 3);

  assert_int_equal(adjust(&mine, 0, NULL), MR_OK);
  assert_numbers(&mine, NULL, 0);
  assert_int_equal(mine.allocator.live_blocks, 0);
  assert_int_equal(adjust(&mine, 0, NULL), MR_OK);
  assert_int_equal(adjust(&mine, 2, &(mr_sequence_initial){.element = &element}), MR_OK);
  assert_numbers(&mine, expected, 2);

  disown(&mine);
}

static void the_null_sequence_grows_to_octets(void **state) {
  (void)state;
  const mr_value element = mr_value_of_i64(200);
  const unsigned char expected[5] = {0, 0, 0, 200, 200};
  owner mine;
  own(&mine);

  assert_int_equal(adjust(&mine, 3, NULL), MR_OK);
  assert_int_equal(adjust(&mine, 5, &(mr_sequence_initial){.element = &element}), MR_OK);

  assert_int_equal(mine.storage.size, 5);
  assert_int_equal(mine.sequence.count, 5);
  assert_ptr_equal(mine.sequence.type, native(MR_KIND_U8));
  assert_memory_equal(mine.storage.pointer, expected, sizeof expected);
  disown(&mine);
}

static void the_null_sequence_takes_an_initial_element(void **state) {
  (void)state;
  const mr_value element = mr_value_of_i64(200);
  const unsigned char expected[2] = {200, 200};
  owner mine;
  own(&mine);

  assert_int_equal(adjust(&mine, 2, &(mr_sequence_initial){.element = &element}), MR_OK);

  assert_memory_equal(mine.storage.pointer, expected, sizeof expected);
  disown(&mine);
}

/* Five numbers that a failure must leave alone. */
static void assert_five_numbers(void *context) {
  static const uint16_t expected[5] = {10, 11, 12, 13, 14};
  const owner *mine = context;
  assert_numbers(mine, expected, 5);
}

static void assert_not_adjusted(size_t count, const mr_sequence_initial *initial,
                                mr_status expected) {
  owner mine;
  own_numbers(&mine, 5);
  const mr_region storage = mine.storage;

  assert_int_equal(adjust(&mine, count, initial), expected);

  assert_ptr_equal(mine.storage.pointer, storage.pointer);
  assert_five_numbers(&mine);
  disown(&mine);
}

static void storage_stays_aligned_for_the_type(void **state) {
  (void)state;
  const mr_type *far = NULL;
  const mr_value seven = mr_value_of_i64(7);
  owner mine;
  own(&mine);
  assert_int_equal(mr_type_realign(NULL, u16(), 64, &far), MR_OK);
  assert_int_equal(make(&mine, far, 3, NULL), MR_OK);

  assert_int_equal(adjust(&mine, 100, NULL), MR_OK);
  assert_true(mr_is_aligned(mr_region_view(mine.storage), 64));
  assert_int_equal(adjust(&mine, 200, &(mr_sequence_initial){.element = &seven}), MR_OK);
  assert_true(mr_is_aligned(mr_region_view(mine.storage), 64));

  disown(&mine);
  mr_type_release(far);
}

static void the_largest_size_there_is_may_be_asked_for(void **state) {
  (void)state;
  owner mine;
  own(&mine);
  mine.allocator.fail_at = 1;

  assert_int_equal(adjust(&mine, PTRDIFF_MAX, NULL), MR_OUT_OF_MEMORY);

  assert_int_equal(mine.allocator.requests, 1);
  test_allocator_fini(&mine.allocator);
}

static void what_can_not_be_had_leaves_all_as_it_was(void **state) {
  (void)state;
  assert_not_adjusted(SIZE_MAX, NULL, MR_BLOCK_TOO_BIG);
  assert_not_adjusted(SIZE_MAX / 2 + 2, NULL, MR_BLOCK_TOO_BIG);
  assert_not_adjusted((size_t)PTRDIFF_MAX / 2 + 1, NULL, MR_BLOCK_TOO_BIG);
}

static void initial_values_that_do_not_convert_leave_all_as_it_was(void **state) {
  (void)state;
  int32_t memory[6] = {1, 2, 3, 4, 5, 65536};
  mr_sequence contents = over(memory, sizeof memory, native(MR_KIND_I32));
  const mr_value too_large = mr_value_of_i64(65536);
  const mr_value pointer = mr_value_of_pointer(memory);

  assert_not_adjusted(6, &(mr_sequence_initial){.element = &too_large}, MR_OVERFLOW);
  assert_not_adjusted(6, &(mr_sequence_initial){.element = &pointer}, MR_TYPE_MISMATCH);
  assert_not_adjusted(6, &(mr_sequence_initial){.contents = &contents}, MR_OVERFLOW);
}

static void contradicting_initial_forms_leave_all_as_it_was(void **state) {
  (void)state;
  uint16_t memory[6] = {0};
  mr_sequence contents = over(memory, sizeof memory, u16());
  const mr_value element = mr_value_of_i64(1);

  assert_not_adjusted(6, &(mr_sequence_initial){&element, &contents}, MR_INVALID_ARGUMENT);
  assert_not_adjusted(5, &(mr_sequence_initial){.contents = &contents}, MR_INVALID_ARGUMENT);
}

static void a_large_element_of_another_size_leaves_all_as_it_was(void **state) {
  (void)state;
  const large sample = {{1, 2, 3, 4, 5}};
  const mr_value less = mr_value_of_view(mr_view_of(&sample, sizeof sample - 1));
  const mr_value number = mr_value_of_i64(1);
  const mr_type *type = large_type();
  owner mine;
  own(&mine);
  assert_int_equal(make(&mine, type, 2, NULL), MR_OK);
  const mr_region storage = mine.storage;

  assert_int_not_equal(adjust(&mine, 3, &(mr_sequence_initial){.element = &less}), MR_OK);
  assert_int_not_equal(adjust(&mine, 3, &(mr_sequence_initial){.element = &number}), MR_OK);

  assert_ptr_equal(mine.storage.pointer, storage.pointer);
  assert_int_equal(mine.sequence.count, 2);
  disown(&mine);
  mr_type_release(type);
}

static void only_whole_sequences_are_adjusted(void **state) {
  (void)state;
  owner mine;
  own_numbers(&mine, 5);
  const mr_sequence whole = mine.sequence;
  mr_sequence parts[5];
  assert_int_equal(mr_subsequence(whole, mr_range_from(1), 1, &parts[0]), MR_OK);
  assert_int_equal(mr_subsequence(whole, mr_range_of(0, 4), 1, &parts[1]), MR_OK);
  assert_int_equal(mr_subsequence(whole, mr_range_all(), 2, &parts[2]), MR_OK);
  assert_int_equal(mr_subsequence(whole, mr_range_all(), 4, &parts[3]), MR_OK);
  parts[4] = over(mine.storage.pointer, mine.storage.size, native(MR_KIND_U64));
  for (size_t i = 0; i < 5; i++) {
    const mr_sequence before = parts[i];
    mine.sequence = parts[i];

    assert_int_equal(adjust(&mine, 9, NULL), MR_INVALID_ARGUMENT);

    assert_ptr_equal(mine.sequence.start, before.start);
    assert_int_equal(mine.sequence.count, before.count);
    assert_int_equal(mine.sequence.stride, before.stride);
  }
  mine.sequence = whole;
  assert_five_numbers(&mine);
  disown(&mine);
}

static void a_read_only_sequence_is_not_adjusted(void **state) {
  (void)state;
  owner mine;
  own_numbers(&mine, 5);
  mine.sequence.flags = MR_SEQUENCE_READ_ONLY;

  assert_int_equal(adjust(&mine, 9, NULL), MR_READ_ONLY);

  assert_five_numbers(&mine);
  disown(&mine);
}

static void storage_that_is_not_taken_back_stays(void **state) {
  (void)state;
  static const uint16_t expected[4] = {10, 11, 12, 13};
  uint16_t memory[2] = {1, 2};
  mr_sequence contents = over(memory, sizeof memory, u16());
  owner mine;
  own_numbers(&mine, 5);
  mine.allocator.answers_misuse = true;
  /* Misuse: not what was taken. */
  mine.storage.size = 8;
  mine.sequence.count = 4;

  assert_int_equal(adjust(&mine, 2, &(mr_sequence_initial){.contents = &contents}), MR_CORRUPT);

  assert_numbers(&mine, expected, 4);
  assert_int_equal(mine.allocator.live_blocks, 1);
  mine.storage.size = 10;
  disown(&mine);
}

/* Conditions. */

/* What adjusting two unsigned 16-bit numbers says. */
static mr_condition refusal(size_t count, const mr_sequence_initial *initial, mr_status expected) {
  mr_condition condition = {.offset = 77};
  owner mine;
  own_numbers(&mine, 2);
  assert_int_equal(mr_sequence_adjust(&mine.sequence, &mine.allocator.base, &mine.storage, count,
                                      initial, &condition),
                   expected);
  assert_int_equal(condition.status, expected);
  disown(&mine);
  return condition;
}

static void the_condition_says_which_element_does_not_convert(void **state) {
  (void)state;
  int32_t memory[3] = {1, 65536, -1};
  mr_sequence contents = over(memory, sizeof memory, native(MR_KIND_I32));
  const mr_value unfit = mr_value_of_i64(-1);

  mr_condition condition = refusal(3, &(mr_sequence_initial){.contents = &contents}, MR_OVERFLOW);
  assert_int_equal(condition.offset, 1);
  assert_non_null(strstr(condition.message, "element 1"));

  condition = refusal(3, &(mr_sequence_initial){.element = &unfit}, MR_OVERFLOW);
  assert_int_equal(condition.offset, 0);
  assert_non_null(strstr(condition.message, "convert"));
}

static void the_condition_tells_other_failures_too(void **state) {
  (void)state;
  mr_condition condition = refusal(SIZE_MAX, NULL, MR_BLOCK_TOO_BIG);
  assert_string_equal(condition.message, mr_status_message(MR_BLOCK_TOO_BIG));
  assert_int_equal(condition.offset, 0);
}

static void success_leaves_the_condition(void **state) {
  (void)state;
  mr_condition condition = {.offset = 77};
  owner mine;
  own_numbers(&mine, 2);

  assert_int_equal(
      mr_sequence_adjust(&mine.sequence, &mine.allocator.base, &mine.storage, 3, NULL, &condition),
      MR_OK);

  assert_int_equal(condition.offset, 77);
  disown(&mine);
}

/* Allocations that fail. */

static mr_status grow_zeros(void *context, mr_allocator *allocator) {
  owner *mine = context;
  return mr_sequence_adjust(&mine->sequence, allocator, &mine->storage, 9, NULL, NULL);
}

static mr_status grow_element(void *context, mr_allocator *allocator) {
  owner *mine = context;
  const mr_value element = mr_value_of_i64(7);
  const mr_sequence_initial initial = {.element = &element};
  return mr_sequence_adjust(&mine->sequence, allocator, &mine->storage, 9, &initial, NULL);
}

static mr_status shrink_to_contents(void *context, mr_allocator *allocator) {
  static uint16_t memory[2];
  owner *mine = context;
  const mr_sequence contents = over(memory, sizeof memory, u16());
  const mr_sequence_initial initial = {.contents = &contents};
  return mr_sequence_adjust(&mine->sequence, allocator, &mine->storage, 2, &initial, NULL);
}

static void without_memory_nothing_is_adjusted(void **state) {
  (void)state;
  test_work *const works[] = {grow_zeros, grow_element, shrink_to_contents};
  for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
    owner mine;
    own_numbers(&mine, 5);
    assert_int_equal(test_sweep(&mine.allocator, works[i], assert_five_numbers, &mine), 1);
    assert_int_not_equal(mine.sequence.count, 5);
    disown(&mine);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(growing_keeps_elements_and_adds_zeros),
      cmocka_unit_test(only_new_elements_take_the_initial_one),
      cmocka_unit_test(shrinking_keeps_the_first_elements),
      cmocka_unit_test(the_same_number_changes_nothing),
      cmocka_unit_test(growing_stays_in_place_where_the_allocator_can),
      cmocka_unit_test(contents_replace_all_elements),
      cmocka_unit_test(contents_can_be_a_part_of_the_sequence_itself),
      cmocka_unit_test(a_new_element_can_lie_in_the_storage_that_moves),
      cmocka_unit_test(a_large_new_element_keeps_the_old_ones),
      cmocka_unit_test(to_no_elements_and_back),
      cmocka_unit_test(the_null_sequence_grows_to_octets),
      cmocka_unit_test(the_null_sequence_takes_an_initial_element),
      cmocka_unit_test(storage_stays_aligned_for_the_type),
      cmocka_unit_test(the_largest_size_there_is_may_be_asked_for),
      cmocka_unit_test(what_can_not_be_had_leaves_all_as_it_was),
      cmocka_unit_test(initial_values_that_do_not_convert_leave_all_as_it_was),
      cmocka_unit_test(contradicting_initial_forms_leave_all_as_it_was),
      cmocka_unit_test(a_large_element_of_another_size_leaves_all_as_it_was),
      cmocka_unit_test(only_whole_sequences_are_adjusted),
      cmocka_unit_test(a_read_only_sequence_is_not_adjusted),
      cmocka_unit_test(storage_that_is_not_taken_back_stays),
      cmocka_unit_test(the_condition_says_which_element_does_not_convert),
      cmocka_unit_test(the_condition_tells_other_failures_too),
      cmocka_unit_test(success_leaves_the_condition),
      cmocka_unit_test(without_memory_nothing_is_adjusted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/sequence.h>

#include <string.h>

#include "owner.h"
#include "support.h"

static const mr_type *u16(void) { return native(MR_KIND_U16); }

static void new_elements_are_zeros(void **state) {
  (void)state;
  static const uint16_t zeros[3] = {0};
  const mr_sequence_initial none = {0};
  owner mine;
  own(&mine);

  assert_int_equal(make(&mine, u16(), 3, NULL), MR_OK);
  assert_numbers(&mine, zeros, 3);
  assert_int_equal(mr_deallocate(&mine.allocator.base, &mine.storage), MR_OK);
  assert_int_equal(make(&mine, u16(), 3, &none), MR_OK);
  assert_numbers(&mine, zeros, 3);

  disown(&mine);
}

static void without_a_type_elements_are_octets(void **state) {
  (void)state;
  owner mine;
  own(&mine);

  assert_int_equal(make(&mine, NULL, 5, NULL), MR_OK);

  assert_int_equal(mine.storage.size, 5);
  assert_ptr_equal(mine.sequence.type, native(MR_KIND_U8));
  disown(&mine);
}

static void storage_is_aligned_for_the_type(void **state) {
  (void)state;
  const mr_type *far = NULL;
  owner mine;
  own(&mine);
  assert_int_equal(mr_type_realign(NULL, u16(), 64, &far), MR_OK);
  assert_int_equal(mr_sequence_storage_alignment(far), 64);
  assert_int_equal(mr_sequence_storage_alignment(u16()), MR_DEFAULT_ALIGNMENT);
  assert_int_equal(mr_sequence_storage_alignment(NULL), MR_DEFAULT_ALIGNMENT);

  assert_int_equal(make(&mine, far, 3, NULL), MR_OK);
  assert_true(mr_is_aligned(mr_region_view(mine.storage), 64));

  disown(&mine);
  mr_type_release(far);
}

static void every_element_starts_as_the_initial_one(void **state) {
  (void)state;
  static const uint16_t expected[7] = {513, 513, 513, 513, 513, 513, 513};
  const mr_value element = mr_value_of_i64(513);
  owner mine;
  own(&mine);

  assert_int_equal(make(&mine, u16(), 7, &(mr_sequence_initial){.element = &element}), MR_OK);

  assert_numbers(&mine, expected, 7);
  disown(&mine);
}

static void a_large_element_is_repeated_whole(void **state) {
  (void)state;
  const large sample = {{1, 2, 3, 4, 5}};
  const mr_value element = mr_value_of_view(mr_view_of(&sample, sizeof sample));
  const mr_type *type = large_type();
  owner mine;
  own(&mine);

  assert_int_equal(make(&mine, type, 5, &(mr_sequence_initial){.element = &element}), MR_OK);

  for (size_t i = 0; i < 5; i++) {
    assert_memory_equal((large *)mine.storage.pointer + i, &sample, sizeof sample);
  }
  disown(&mine);
  mr_type_release(type);
}

static void contents_of_the_same_type_are_copied_octet_by_octet(void **state) {
  (void)state;
  /* No bool, so that a conversion would not give it again. */
  unsigned char memory[4] = {1, 7, 0, 255};
  mr_sequence contents = over(memory, sizeof memory, native(MR_KIND_BOOL));
  owner mine;
  own(&mine);

  assert_int_equal(
      make(&mine, native(MR_KIND_BOOL), 4, &(mr_sequence_initial){.contents = &contents}), MR_OK);

  assert_memory_equal(mine.storage.pointer, memory, sizeof memory);
  disown(&mine);
}

static void contents_of_another_type_are_converted(void **state) {
  (void)state;
  static const uint16_t expected[3] = {1, 0, 65535};
  double memory[3] = {1, -0.0, 65535};
  mr_sequence contents = over(memory, sizeof memory, native(MR_KIND_F64));
  owner mine;
  own(&mine);

  assert_int_equal(make(&mine, u16(), 3, &(mr_sequence_initial){.contents = &contents}), MR_OK);

  assert_numbers(&mine, expected, 3);
  disown(&mine);
}

static void contents_of_the_other_byte_order_are_converted(void **state) {
  (void)state;
  static const uint16_t expected[2] = {0x0102, 0xfffe};
  unsigned char memory[4] = {1, 2, 0xff, 0xfe};
  mr_sequence contents = over(memory, sizeof memory, mr_scalar_type(MR_KIND_U16, MR_BIG_ENDIAN));
  owner mine;
  own(&mine);

  assert_int_equal(make(&mine, u16(), 2, &(mr_sequence_initial){.contents = &contents}), MR_OK);

  assert_numbers(&mine, expected, 2);
  disown(&mine);
}

static void no_elements_take_no_memory(void **state) {
  (void)state;
  const mr_value unfit = mr_value_of_i64(-1);
  const mr_sequence nothing = {0};
  owner mine;
  own(&mine);

  assert_int_equal(make(&mine, u16(), 0, NULL), MR_OK);
  assert_numbers(&mine, NULL, 0);
  assert_int_equal(make(&mine, u16(), 0, &(mr_sequence_initial){.element = &unfit}), MR_OK);
  assert_int_equal(make(&mine, u16(), 0, &(mr_sequence_initial){.contents = &nothing}), MR_OK);

  assert_int_equal(mine.allocator.requests, 0);
  disown(&mine);
}

/* Refuses, leaving nothing behind. */
static void assert_not_made(const mr_type *type, size_t count, const mr_sequence_initial *initial,
                            mr_status expected) {
  unsigned char octet;
  owner mine;
  own(&mine);
  mine.storage = mr_region_of(&octet, 1);

  assert_int_equal(make(&mine, type, count, initial), expected);

  assert_ptr_equal(mine.storage.pointer, &octet);
  assert_null(mine.sequence.type);
  test_allocator_fini(&mine.allocator);
}

static void what_can_not_be_had_is_not_made(void **state) {
  (void)state;
  const mr_type *nothing = NULL;
  assert_int_equal(mr_type_build_struct(NULL, NULL, NULL, 0, NULL, &nothing, NULL), MR_OK);

  assert_not_made(nothing, 1, NULL, MR_INVALID_ARGUMENT);
  assert_not_made(u16(), SIZE_MAX, NULL, MR_BLOCK_TOO_BIG);
  assert_not_made(u16(), SIZE_MAX / 2 + 1, NULL, MR_BLOCK_TOO_BIG);
  assert_not_made(u16(), (size_t)PTRDIFF_MAX / 2 + 1, NULL, MR_BLOCK_TOO_BIG);
  assert_not_made(NULL, SIZE_MAX, NULL, MR_BLOCK_TOO_BIG);

  mr_type_release(nothing);
}

static void the_largest_size_there_is_may_be_asked_for(void **state) {
  (void)state;
  owner mine;
  own(&mine);
  mine.allocator.fail_at = 1;
  mine.allocator.fails_on = true;

  assert_int_equal(make(&mine, NULL, PTRDIFF_MAX, NULL), MR_OUT_OF_MEMORY);

  assert_int_equal(mine.allocator.requests, 1);
  test_allocator_fini(&mine.allocator);
}

static void initial_forms_that_contradict_are_refused(void **state) {
  (void)state;
  uint16_t memory[3] = {0};
  mr_sequence contents = over(memory, sizeof memory, u16());
  const mr_value element = mr_value_of_i64(1);
  const mr_sequence_initial both = {&element, &contents};
  const mr_sequence_initial three = {.contents = &contents};

  assert_not_made(u16(), 3, &both, MR_INVALID_ARGUMENT);
  assert_not_made(u16(), 2, &three, MR_INVALID_ARGUMENT);
  assert_not_made(u16(), 4, &three, MR_INVALID_ARGUMENT);
}

static void initial_values_that_do_not_convert_are_refused(void **state) {
  (void)state;
  int32_t memory[3] = {1, 2, 65536};
  mr_sequence contents = over(memory, sizeof memory, native(MR_KIND_I32));
  const mr_value too_large = mr_value_of_i64(65536);
  const mr_value pointer = mr_value_of_pointer(memory);

  assert_not_made(u16(), 3, &(mr_sequence_initial){.element = &too_large}, MR_OVERFLOW);
  assert_not_made(u16(), 3, &(mr_sequence_initial){.element = &pointer}, MR_TYPE_MISMATCH);
  assert_not_made(u16(), 3, &(mr_sequence_initial){.contents = &contents}, MR_OVERFLOW);
}

static void the_condition_says_which_element_does_not_convert(void **state) {
  (void)state;
  int32_t memory[3] = {1, 2, 65536};
  mr_sequence contents = over(memory, sizeof memory, native(MR_KIND_I32));
  const mr_sequence_initial initial = {.contents = &contents};
  mr_condition condition = {.offset = 77};
  owner mine;
  own(&mine);

  assert_int_equal(mr_sequence_make_like(over(NULL, 0, u16()), &mine.allocator.base, 3, &initial,
                                         &mine.storage, &mine.sequence, &condition),
                   MR_OVERFLOW);

  assert_int_equal(condition.status, MR_OVERFLOW);
  assert_int_equal(condition.offset, 2);
  assert_non_null(strstr(condition.message, "element 2"));
  test_allocator_fini(&mine.allocator);
}

static void the_condition_tells_other_failures_too(void **state) {
  (void)state;
  uint16_t memory[3] = {0};
  mr_condition condition = {.offset = 77};
  owner mine;
  own(&mine);
  mine.allocator.fail_at = 1;
  mine.allocator.fails_on = true;

  assert_int_equal(mr_sequence_copy(over(memory, sizeof memory, u16()), &mine.allocator.base,
                                    &mine.storage, &mine.sequence, &condition),
                   MR_OUT_OF_MEMORY);

  assert_int_equal(condition.status, MR_OUT_OF_MEMORY);
  assert_int_equal(condition.offset, 0);
  test_allocator_fini(&mine.allocator);
}

static void a_sequence_like_a_read_only_one_is_writable(void **state) {
  (void)state;
  static const uint16_t memory[2] = {1, 2};
  static const uint16_t expected[1] = {9};
  mr_sequence like = {0};
  owner mine;
  own(&mine);
  assert_int_equal(mr_sequence_of_view(mr_view_of(memory, sizeof memory), u16(), &like), MR_OK);

  assert_int_equal(mr_sequence_make_like(like, &mine.allocator.base, 1, NULL, &mine.storage,
                                         &mine.sequence, NULL),
                   MR_OK);

  assert_int_equal(mr_sequence_set(mine.sequence, 0, mr_value_of_i64(9)), MR_OK);
  assert_numbers(&mine, expected, 1);
  disown(&mine);
}

static void a_copy_closes_the_gaps(void **state) {
  (void)state;
  static const uint16_t expected[3] = {1, 3, 5};
  uint16_t memory[6] = {0, 1, 2, 3, 4, 5};
  mr_sequence odd = {0};
  owner mine;
  own(&mine);
  assert_int_equal(mr_subsequence(over(memory, sizeof memory, u16()), mr_range_from(1), 2, &odd),
                   MR_OK);

  assert_int_equal(mr_sequence_copy(odd, &mine.allocator.base, &mine.storage, &mine.sequence, NULL),
                   MR_OK);

  assert_numbers(&mine, expected, 3);
  disown(&mine);
}

static void a_copy_of_the_null_sequence_is_empty(void **state) {
  (void)state;
  owner mine;
  own(&mine);

  assert_int_equal(
      mr_sequence_copy((mr_sequence){0}, &mine.allocator.base, &mine.storage, &mine.sequence, NULL),
      MR_OK);

  assert_true(mr_sequence_is_empty(mine.sequence));
  assert_true(mr_sequence_is_sound(mine.sequence));
  disown(&mine);
}

/* Allocations that fail. */

static mr_status make_zeros(void *context, mr_allocator *allocator) {
  owner *mine = context;
  return mr_sequence_make(allocator, u16(), 5, NULL, &mine->storage, &mine->sequence, NULL);
}

static mr_status make_element(void *context, mr_allocator *allocator) {
  owner *mine = context;
  const mr_value element = mr_value_of_i64(7);
  const mr_sequence_initial initial = {.element = &element};
  return mr_sequence_make(allocator, u16(), 5, &initial, &mine->storage, &mine->sequence, NULL);
}

static mr_status copy_memory(void *context, mr_allocator *allocator) {
  static uint16_t memory[5];
  owner *mine = context;
  return mr_sequence_copy(over(memory, sizeof memory, u16()), allocator, &mine->storage,
                          &mine->sequence, NULL);
}

static void assert_nothing(void *context) {
  const owner *mine = context;
  assert_null(mine->storage.pointer);
  assert_null(mine->sequence.type);
}

static void without_memory_nothing_is_made(void **state) {
  (void)state;
  test_work *const works[] = {make_zeros, make_element, copy_memory};
  for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
    owner mine;
    own(&mine);
    assert_int_equal(test_sweep(&mine.allocator, works[i], assert_nothing, &mine), 1);
    assert_int_equal(mine.sequence.count, 5);
    disown(&mine);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(new_elements_are_zeros),
      cmocka_unit_test(without_a_type_elements_are_octets),
      cmocka_unit_test(storage_is_aligned_for_the_type),
      cmocka_unit_test(every_element_starts_as_the_initial_one),
      cmocka_unit_test(a_large_element_is_repeated_whole),
      cmocka_unit_test(contents_of_the_same_type_are_copied_octet_by_octet),
      cmocka_unit_test(contents_of_another_type_are_converted),
      cmocka_unit_test(contents_of_the_other_byte_order_are_converted),
      cmocka_unit_test(no_elements_take_no_memory),
      cmocka_unit_test(what_can_not_be_had_is_not_made),
      cmocka_unit_test(the_largest_size_there_is_may_be_asked_for),
      cmocka_unit_test(initial_forms_that_contradict_are_refused),
      cmocka_unit_test(initial_values_that_do_not_convert_are_refused),
      cmocka_unit_test(the_condition_says_which_element_does_not_convert),
      cmocka_unit_test(the_condition_tells_other_failures_too),
      cmocka_unit_test(a_sequence_like_a_read_only_one_is_writable),
      cmocka_unit_test(a_copy_closes_the_gaps),
      cmocka_unit_test(a_copy_of_the_null_sequence_is_empty),
      cmocka_unit_test(without_memory_nothing_is_made),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

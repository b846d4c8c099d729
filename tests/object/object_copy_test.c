#include <memregions/object_copy.h>

#include <math.h>
#include <string.h>

#include "built_type.h"
#include "support.h"

static MR_ALIGNAS(16) unsigned char memory[2][128];

static mr_object first_of(const mr_type *type) {
  memset(memory, 0, sizeof memory);
  return object_over(mr_region_of(memory[0], mr_type_size(type)), type);
}

static mr_object second_of(const mr_type *type) {
  return object_over(mr_region_of(memory[1], mr_type_size(type)), type);
}

static const mr_type *record(void) {
  return STRUCT(
      MEMBER(tag, I8), MEMBER(number, F64), BITS(low, U32, 3), BITS(high, I32, 7),
      MEMBER(entries, built_array(STRUCT(MEMBER(x, I16), MEMBER(y, swapped(MR_KIND_I32))), 3)),
      NAMELESS(STRUCT(MEMBER(a, I8), MEMBER(b, I32))),
      MEMBER(any, UNION(MEMBER(i, I32), MEMBER(c, I8))), NAMELESS(I16));
}

/* The path of the first difference; "=" where there is none. */
static void assert_differ(mr_object a, mr_object b, const char *expected) {
  char buffer[64];
  mr_text path = mr_text_of(buffer, sizeof buffer);
  bool is_equal = false;
  assert_int_equal(mr_object_difference(a, b, &is_equal, &path), MR_OK);
  assert_string_equal(is_equal ? "=" : buffer, expected);
  assert_int_equal(mr_object_equal(a, b), is_equal);
  assert_int_equal(mr_object_equal(b, a), is_equal);
  assert_int_equal(mr_object_difference(a, b, &is_equal, NULL), MR_OK);
}

/* Equality. */

static void the_first_slot_that_differs_is_told(void **state) {
  (void)state;
  static const char *const paths[] = {"tag",          "number",       "low", "high",
                                      "entries[0].x", "entries[2].y", "a",   "b"};
  const mr_type *type = record();
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    mr_object a = first_of(type);
    mr_object b = second_of(type);
    set_number(a, paths[i], 1);
    if (i < 7) set_number(b, "b", 1);
    assert_differ(a, b, paths[i]);
  }
  mr_object a = first_of(type);
  mr_object b = second_of(type);
  set_number(a, "any.c", 1);
  assert_differ(a, b, "any");
  assert_differ(a, a, "=");
  mr_type_release(type);
}

static void what_has_no_path_is_told_by_what_it_stands_in(void **state) {
  (void)state;
  const mr_type *type = STRUCT(MEMBER(s, STRUCT(NAMELESS(I32))));
  mr_object a = first_of(type);
  mr_object b = second_of(type);
  memory[0][0] = 1;
  assert_differ(a, b, "s");
  mr_type_release(type);
}

static void padding_does_not_count(void **state) {
  (void)state;
  const mr_type *type = STRUCT(MEMBER(a, I8), MEMBER(b, I32), BITS(low, U32, 3), FILLER(U32, 20));
  mr_object a = first_of(type);
  mr_object b = second_of(type);
  memory[0][1] = 1;
  memory[0][11] = 0xff;
  assert_differ(a, b, "=");
  mr_type_release(type);
}

static void floats_are_compared_by_their_octets(void **state) {
  (void)state;
  double *a_numbers = (double *)(void *)memory[0];
  double *b_numbers = (double *)(void *)memory[1];
  const mr_type *type = built_array(F64, 2);
  mr_object a = first_of(type);
  mr_object b = second_of(type);
  a_numbers[0] = b_numbers[0] = NAN;
  assert_differ(a, b, "=");
  b_numbers[1] = -0.0;
  assert_differ(a, b, "[1]");
  mr_type_release(type);
}

static void equal_types_need_not_be_the_same(void **state) {
  (void)state;
  const mr_type *type = record();
  const mr_type *like = record();
  mr_object a = first_of(type);
  mr_object b = second_of(like);
  assert_differ(a, b, "=");
  assert_int_equal(mr_object_copy(a, b), MR_OK);
  mr_type_release(type);
  mr_type_release(like);
}

static void objects_of_other_types_are_not_compared(void **state) {
  (void)state;
  mr_object a = first_of(I32);
  mr_object b = second_of(U32);
  bool is_equal = true;
  assert_int_equal(mr_object_difference(a, b, &is_equal, NULL), MR_TYPE_MISMATCH);
  assert_true(is_equal);
  assert_false(mr_object_equal(a, b));
}

static void flexible_arrays_are_as_long_as_each_other(void **state) {
  (void)state;
  const mr_type *type = STRUCT(MEMBER(n, I16), MEMBER(data, built_flexible_array(I16)));
  memset(memory, 0, sizeof memory);
  mr_object a = object_over(mr_region_of(memory[0], 8), type);
  assert_differ(a, object_over(mr_region_of(memory[1], 6), type), "data");
  assert_differ(a, object_over(mr_region_of(memory[1], 9), type), "=");
  set_number(a, "data[2]", 1);
  assert_differ(a, object_over(mr_region_of(memory[1], 8), type), "data[2]");
  mr_type_release(type);
}

static void a_path_that_does_not_fit_is_said(void **state) {
  (void)state;
  const mr_type *type = record();
  mr_object a = first_of(type);
  mr_object b = second_of(type);
  bool is_equal = true;
  set_number(a, "entries[0].x", 1);
  for (size_t room = 1; room < sizeof "entries[0].x"; room++) {
    char buffer[16];
    mr_text path = mr_text_of(buffer, room);
    assert_int_equal(mr_object_difference(a, b, &is_equal, &path), MR_NO_SPACE);
    assert_true(is_equal);
  }
  mr_type_release(type);
}

/* Copying. */

static void all_octets_are_copied(void **state) {
  (void)state;
  const mr_type *type = STRUCT(MEMBER(a, I8), MEMBER(b, I32));
  mr_object a = first_of(type);
  mr_object b = second_of(type);
  memset(memory[0], 0xaa, 8);
  memset(memory[1], 0x55, 9);
  assert_int_equal(mr_object_copy(a, b), MR_OK);
  assert_memory_equal(memory[0], memory[1], 8);
  assert_int_equal(memory[0][8], 0);
  mr_type_release(type);
}

static void a_copy_may_overlap(void **state) {
  (void)state;
  const mr_type *type = built_array(U8, 4);
  memcpy(memory[0], "abcdef", 6);
  mr_object a = object_over(mr_region_of(memory[0], 4), type);
  mr_object b = object_over(mr_region_of(memory[0] + 1, 4), type);
  assert_int_equal(mr_object_copy(b, a), MR_OK);
  assert_memory_equal(memory[0], "aabcdf", 6);
  mr_type_release(type);
}

static void copies_that_can_not_be_are_refused(void **state) {
  (void)state;
  const mr_type *type = STRUCT(MEMBER(n, I16), MEMBER(data, built_flexible_array(I16)));
  mr_object large = object_over(mr_region_of(memory[0], 8), type);
  mr_object small = object_over(mr_region_of(memory[1], 6), type);
  memset(memory[0], 1, 8);
  memset(memory[1], 2, 8);
  assert_int_equal(mr_object_copy(small, large), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_object_copy(large, first_of(I32)), MR_TYPE_MISMATCH);
  memset(memory[0], 1, 8);
  memset(memory[1], 2, 8);
  assert_int_equal(mr_object_copy(large, small), MR_OK);
  assert_int_equal(memory[0][5], 2);
  assert_int_equal(memory[0][6], 1);
  large.flags = MR_OBJECT_READ_ONLY;
  assert_int_equal(mr_object_copy(large, small), MR_READ_ONLY);
  mr_type_release(type);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_slot_that_differs_is_told),
      cmocka_unit_test(what_has_no_path_is_told_by_what_it_stands_in),
      cmocka_unit_test(padding_does_not_count),
      cmocka_unit_test(floats_are_compared_by_their_octets),
      cmocka_unit_test(equal_types_need_not_be_the_same),
      cmocka_unit_test(objects_of_other_types_are_not_compared),
      cmocka_unit_test(flexible_arrays_are_as_long_as_each_other),
      cmocka_unit_test(a_path_that_does_not_fit_is_said),
      cmocka_unit_test(all_octets_are_copied),
      cmocka_unit_test(a_copy_may_overlap),
      cmocka_unit_test(copies_that_can_not_be_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

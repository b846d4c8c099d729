#include <math.h>
#include <memregions/slot.h>
#include <memregions/value.h>
#include <string.h>

#include "support.h"

static void a_value_is_32_octets_at_a_multiple_of_16(void **state) {
  (void)state;
  assert_int_equal(sizeof(mr_value), 32);
  assert_int_equal(_Alignof(mr_value), 16);
}

static void values_know_their_kind(void **state) {
  (void)state;
  assert_int_equal(mr_value_of_bool(true).kind, MR_KIND_BOOL);
  assert_int_equal(mr_value_of_i64(1).kind, MR_KIND_I64);
  assert_int_equal(mr_value_of_u64(1).kind, MR_KIND_U64);
  assert_int_equal(mr_value_of_i128(0, 1).kind, MR_KIND_I128);
  assert_int_equal(mr_value_of_u128(0, 1).kind, MR_KIND_U128);
  assert_int_equal(mr_value_of_f32(1).kind, MR_KIND_F32);
  assert_int_equal(mr_value_of_f64(1).kind, MR_KIND_F64);
  assert_int_equal(mr_value_of_long_double(1).kind, MR_KIND_LONG_DOUBLE);
  assert_int_equal(mr_value_of_complex_f32(1, 2).kind, MR_KIND_COMPLEX_F32);
  assert_int_equal(mr_value_of_complex_f64(1, 2).kind, MR_KIND_COMPLEX_F64);
  assert_int_equal(mr_value_of_complex_long_double(1, 2).kind, MR_KIND_COMPLEX_LONG_DOUBLE);
  assert_int_equal(mr_value_of_pointer(NULL).kind, MR_KIND_POINTER);
  assert_int_equal(mr_value_of_view(MR_VIEW("x")).kind, MR_KIND_ARRAY);
}

static void members_have_what_was_put_in(void **state) {
  (void)state;
  int anything;
  assert_true(mr_value_of_bool(true).as.boolean);
  assert_int_equal(mr_value_of_i64(-7).as.i64, -7);
  assert_int_equal(mr_value_of_u64(UINT64_MAX).as.u64, UINT64_MAX);
  assert_int_equal(mr_value_of_i128(-1, 2).as.words[0], 2);
  assert_int_equal(mr_value_of_i128(-1, 2).as.words[1], UINT64_MAX);
  assert_true(mr_value_of_f32(1.5F).as.f32 == 1.5F);
  assert_true(mr_value_of_f64(1.5).as.f64 == 1.5);
  assert_true(mr_value_of_long_double(1.5L).as.long_double == 1.5L);
  assert_ptr_equal(mr_value_of_pointer(&anything).as.pointer, &anything);
  assert_int_equal(mr_value_of_view(MR_VIEW("abc")).as.view.size, 3);
}

static void values_come_out_as_they_went_in(void **state) {
  (void)state;
  bool boolean;
  int64_t i64, high;
  uint64_t u64, low;
  float f32;
  double f64;
  long double extended;
  int anything;
  void *pointer;
  mr_view view;
  assert_int_equal(mr_value_to_bool(mr_value_of_bool(true), &boolean), MR_OK);
  assert_true(boolean);
  assert_int_equal(mr_value_to_i64(mr_value_of_i64(INT64_MIN), &i64), MR_OK);
  assert_true(i64 == INT64_MIN);
  assert_int_equal(mr_value_to_u64(mr_value_of_u64(UINT64_MAX), &u64), MR_OK);
  assert_true(u64 == UINT64_MAX);
  assert_int_equal(mr_value_to_i128(mr_value_of_i128(-3, 4), &high, &low), MR_OK);
  assert_true(high == -3 && low == 4);
  assert_int_equal(mr_value_to_u128(mr_value_of_u128(UINT64_MAX, 4), &u64, &low), MR_OK);
  assert_true(u64 == UINT64_MAX && low == 4);
  assert_int_equal(mr_value_to_f32(mr_value_of_f32(0.1F), &f32), MR_OK);
  assert_true(f32 == 0.1F);
  assert_int_equal(mr_value_to_f64(mr_value_of_f64(0.1), &f64), MR_OK);
  assert_true(f64 == 0.1);
  assert_int_equal(mr_value_to_long_double(mr_value_of_long_double(0.5L), &extended), MR_OK);
  assert_true(extended == 0.5L);
  assert_int_equal(mr_value_to_pointer(mr_value_of_pointer(&anything), &pointer), MR_OK);
  assert_ptr_equal(pointer, &anything);
  assert_int_equal(mr_value_to_view(mr_value_of_view(MR_VIEW("abc")), &view), MR_OK);
  assert_true(mr_equal(view, MR_VIEW("abc")));
}

static void the_parts_of_complex_numbers_come_out(void **state) {
  (void)state;
  float real = 7, imaginary = 7;
  assert_int_equal(mr_value_to_complex_f32(mr_value_of_complex_f32(0.1F, -2), &real, &imaginary),
                   MR_OK);
  assert_true(real == 0.1F && imaginary == -2);
  assert_int_equal(mr_value_to_complex_f32(mr_value_of_i64(3), &real, &imaginary), MR_OK);
  assert_true(real == 3 && imaginary == 0);
}

static void complex_parts_out_of_range_are_refused(void **state) {
  (void)state;
  float real = 7, imaginary = 7;
  assert_int_equal(mr_value_to_complex_f32(mr_value_of_complex_f64(0, 1e300), &real, &imaginary),
                   MR_OVERFLOW);
  assert_int_equal(mr_value_to_complex_f32(mr_value_of_pointer(NULL), &real, &imaginary),
                   MR_TYPE_MISMATCH);
  assert_true(real == 7 && imaginary == 7);
}

static void no_number_is_a_pointer_nor_a_pointer_a_number(void **state) {
  (void)state;
  void *pointer = &pointer;
  uint64_t number = 7;
  assert_int_equal(mr_value_to_pointer(mr_value_of_u64(0), &pointer), MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_u64(mr_value_of_pointer(NULL), &number), MR_TYPE_MISMATCH);
  assert_ptr_equal(pointer, &pointer);
  assert_int_equal(number, 7);
}

static void equal_values_are_of_the_same_kind(void **state) {
  (void)state;
  assert_true(mr_value_equal(mr_value_of_i64(1), mr_value_of_i64(1)));
  assert_false(mr_value_equal(mr_value_of_i64(1), mr_value_of_i64(2)));
  assert_false(mr_value_equal(mr_value_of_i64(1), mr_value_of_u64(1)));
  assert_false(mr_value_equal(mr_value_of_f32(1), mr_value_of_f64(1)));
  assert_false(mr_value_equal(mr_value_of_u128(1, 0), mr_value_of_u128(2, 0)));
  assert_true(mr_value_equal(mr_value_of_pointer(NULL), mr_value_of_pointer(NULL)));
}

static void floats_are_equal_by_their_octets(void **state) {
  (void)state;
  assert_true(mr_value_equal(mr_value_of_f64(NAN), mr_value_of_f64(NAN)));
  assert_false(mr_value_equal(mr_value_of_f64(0.0), mr_value_of_f64(-0.0)));
  assert_true(mr_value_equal(mr_value_of_long_double(0.5L), mr_value_of_long_double(0.5L)));
  assert_false(mr_value_equal(mr_value_of_complex_f64(1, 2), mr_value_of_complex_f64(1, 3)));
  assert_false(
      mr_value_equal(mr_value_of_complex_long_double(1, 2), mr_value_of_complex_long_double(1, 3)));
}

static void what_a_kind_has_no_use_for_does_not_count(void **state) {
  (void)state;
  mr_value a, b;
  memset(&a, 0x11, sizeof a);
  memset(&b, 0x22, sizeof b);
  a.kind = b.kind = MR_KIND_F32;
  a.as.f32 = b.as.f32 = 1;
  assert_true(mr_value_equal(a, b));
  a.kind = b.kind = MR_KIND_VOID;
  assert_true(mr_value_equal(a, b));
}

static void views_are_equal_where_they_see_the_same(void **state) {
  (void)state;
  char one[] = "abc", other[] = "abc";
  mr_value a = mr_value_of_view(mr_view_of(one, 3));
  assert_true(mr_value_equal(a, mr_value_of_view(mr_view_of(other, 3))));
  assert_false(mr_value_equal(a, mr_value_of_view(mr_view_of(other, 2))));
  assert_true(
      mr_value_equal(mr_value_of_view(mr_view_of(NULL, 0)), mr_value_of_view(mr_view_of(one, 0))));
}

static void what_is_of_no_kind_equals_nothing(void **state) {
  (void)state;
  mr_value value = {.kind = 99};
  assert_false(mr_value_equal(value, value));
}

/* Names. */

static const mr_type *colours(mr_kind kind) {
  static const mr_enumerator names[] = {{"RED", 0}, {"GREEN", 5}, {"ALSO_GREEN", 5}};
  const mr_type *type;
  assert_int_equal(mr_type_build_enum(NULL, "colour", mr_scalar_type(kind, MR_NATIVE_ORDER), names,
                                      3, &type, NULL),
                   MR_OK);
  return type;
}

static mr_value loaded(const mr_type *type, const void *octets) {
  mr_slot slot;
  mr_value value;
  assert_int_equal(mr_slot_of(type, &slot), MR_OK);
  assert_int_equal(mr_slot_load(mr_view_of(octets, mr_type_size(type)), slot, &value), MR_OK);
  return value;
}

static void a_name_is_the_text_it_was_made_of(void **state) {
  (void)state;
  const char *name = NULL;
  static const char text[] = "RED";
  mr_value value = mr_value_of_name(text);
  assert_int_equal(value.kind, MR_KIND_NAME);
  assert_int_equal(mr_value_to_name(value, &name), MR_OK);
  assert_ptr_equal(name, text);
  assert_int_equal(mr_value_to_name(mr_value_of_name(NULL), &name), MR_OK);
  assert_string_equal(name, "");
}

static void a_name_is_no_number_nor_octets(void **state) {
  (void)state;
  int64_t number = 7;
  double real = 7;
  mr_view view = MR_VIEW("x");
  mr_value value = mr_value_of_name("RED");
  assert_int_equal(mr_value_to_i64(value, &number), MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_f64(value, &real), MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_view(value, &view), MR_TYPE_MISMATCH);
  assert_true(number == 7 && real == 7 && view.size == 1);
}

static void names_are_equal_by_their_text(void **state) {
  (void)state;
  char text[] = "RED";
  assert_true(mr_value_equal(mr_value_of_name("RED"), mr_value_of_name(text)));
  assert_false(mr_value_equal(mr_value_of_name("RED"), mr_value_of_name("REDDER")));
  assert_false(mr_value_equal(mr_value_of_name("RED"), mr_value_of_view(MR_VIEW("RED"))));
}

static void what_an_enum_has_knows_its_name(void **state) {
  (void)state;
  const mr_type *type = colours(MR_KIND_U32);
  uint32_t number = 5;
  const char *name = "none";
  mr_value value = loaded(type, &number);
  assert_int_equal(value.kind, MR_KIND_U32);
  assert_int_equal(mr_value_to_name(value, &name), MR_OK);
  assert_string_equal(name, "GREEN");
  assert_true(mr_value_equal(value, loaded(mr_scalar_type(MR_KIND_U32, MR_NATIVE_ORDER), &number)));
  number = 6;
  assert_int_equal(mr_value_to_name(loaded(type, &number), &name), MR_NO_SUCH_SLOT);
  assert_string_equal(name, "GREEN");
  mr_type_release(type);
}

static void what_is_of_no_enum_has_no_name(void **state) {
  (void)state;
  const char *name = "none";
  uint32_t number = 0;
  const mr_type *plain = mr_scalar_type(MR_KIND_U32, MR_NATIVE_ORDER);
  mr_value complex_number = mr_value_of_complex_long_double(1, 2);
  assert_int_equal(mr_value_to_name(loaded(plain, &number), &name), MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_name(mr_value_of_i64(0), &name), MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_name(mr_value_of_f64(0), &name), MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_name(complex_number, &name), MR_TYPE_MISMATCH);
  assert_string_equal(name, "none");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_value_is_32_octets_at_a_multiple_of_16),
      cmocka_unit_test(values_know_their_kind),
      cmocka_unit_test(members_have_what_was_put_in),
      cmocka_unit_test(values_come_out_as_they_went_in),
      cmocka_unit_test(the_parts_of_complex_numbers_come_out),
      cmocka_unit_test(complex_parts_out_of_range_are_refused),
      cmocka_unit_test(no_number_is_a_pointer_nor_a_pointer_a_number),
      cmocka_unit_test(equal_values_are_of_the_same_kind),
      cmocka_unit_test(floats_are_equal_by_their_octets),
      cmocka_unit_test(what_a_kind_has_no_use_for_does_not_count),
      cmocka_unit_test(views_are_equal_where_they_see_the_same),
      cmocka_unit_test(what_is_of_no_kind_equals_nothing),
      cmocka_unit_test(a_name_is_the_text_it_was_made_of),
      cmocka_unit_test(a_name_is_no_number_nor_octets),
      cmocka_unit_test(names_are_equal_by_their_text),
      cmocka_unit_test(what_an_enum_has_knows_its_name),
      cmocka_unit_test(what_is_of_no_enum_has_no_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <float.h>
#include <locale.h>
#include <math.h>
#include <memregions/slot.h>
#include <memregions/text.h>
#include <memregions/value.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

enum { ROOM = 128 };

static const char *printed(mr_value value) {
  static char buffer[ROOM];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_value_print(value, mr_text_write, &text), MR_OK);
  return buffer;
}

static void bools_are_words(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_bool(true)), "true");
  assert_string_equal(printed(mr_value_of_bool(false)), "false");
}

static void integers_are_decimal(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_i64(0)), "0");
  assert_string_equal(printed(mr_value_of_i64(-7)), "-7");
  assert_string_equal(printed(mr_value_of_i64(INT64_MAX)), "9223372036854775807");
  assert_string_equal(printed(mr_value_of_u64(10)), "10");
}

static void integers_at_the_ends_are_such_that_c_reads_them(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_i64(INT64_MIN)), "(-9223372036854775807 - 1)");
  assert_string_equal(printed(mr_value_of_u64(UINT64_MAX)), "18446744073709551615u");
  assert_string_equal(printed(mr_value_of_u64(INT64_MAX)), "9223372036854775807");
}

static void integers_of_128_bits_are_decimal_too(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_u128(UINT64_MAX, UINT64_MAX)),
                      "340282366920938463463374607431768211455");
  assert_string_equal(printed(mr_value_of_i128(INT64_MIN, 0)),
                      "-170141183460469231731687303715884105728");
  assert_string_equal(printed(mr_value_of_i128(-1, UINT64_MAX)), "-1");
  assert_string_equal(printed(mr_value_of_u128(1, 0)), "18446744073709551616");
  assert_string_equal(printed(mr_value_of_u128(0, 0)), "0");
}

static void floats_have_the_digits_they_need(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_f64(0.1)), "0.1");
  assert_string_equal(printed(mr_value_of_f32(0.1F)), "0.1");
  assert_string_equal(printed(mr_value_of_f64(1.0 / 3)), "0.3333333333333333");
  assert_string_equal(printed(mr_value_of_f32(1.0F / 3)), "0.33333334");
  assert_string_equal(printed(mr_value_of_f64(0.1 + 0.2)), "0.30000000000000004");
  assert_string_equal(printed(mr_value_of_f64(DBL_MAX)), "1.7976931348623157e+308");
  assert_string_equal(printed(mr_value_of_f32(FLT_MAX)), "3.4028235e+38");
  assert_string_equal(printed(mr_value_of_f64(4.9406564584124654e-324)), "5e-324");
  assert_string_equal(printed(mr_value_of_f32(1.40129846e-45F)), "1e-45");
}

/* With 7 digits it would be read back as a float, but not as a double that becomes one. */
static void a_float_is_read_back_by_way_of_double(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_f32(7.038531e-26F)), "7.0385307e-26");
}

static void floats_look_like_floats(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_f64(3)), "3.0");
  assert_string_equal(printed(mr_value_of_f64(0)), "0.0");
  assert_string_equal(printed(mr_value_of_f64(-0.0)), "-0.0");
  assert_string_equal(printed(mr_value_of_f64(1e300)), "1e+300");
  assert_string_equal(printed(mr_value_of_f32(-2)), "-2.0");
  assert_string_equal(printed(mr_value_of_long_double(2.5L)), "2.5L");
  assert_string_equal(printed(mr_value_of_long_double(-1)), "-1.0L");
}

static void what_is_not_finite_has_cs_names(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_f64(INFINITY)), "INFINITY");
  assert_string_equal(printed(mr_value_of_f32(-INFINITY)), "-INFINITY");
  assert_string_equal(printed(mr_value_of_long_double(NAN)), "NAN");
}

static void complex_numbers_are_cs_macros(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_complex_f32(0.1F, -2)), "CMPLXF(0.1, -2.0)");
  assert_string_equal(printed(mr_value_of_complex_f64(0, INFINITY)), "CMPLX(0.0, INFINITY)");
  assert_string_equal(printed(mr_value_of_complex_long_double(1, 0)), "CMPLXL(1.0L, 0.0L)");
}

static void pointers_are_hexadecimal(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_pointer((void *)(uintptr_t)0x7f10)), "(void *)0x7f10");
  assert_string_equal(printed(mr_value_of_pointer(NULL)), "(void *)0x0");
}

static void octets_stand_between_braces(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_view(MR_VIEW("\x7f"
                                                       "E\1"))),
                      "{0x7f, 0x45, 0x01}");
  assert_string_equal(printed(mr_value_of_view(mr_view_of(NULL, 0))), "{}");
}

static void of_void_nothing_is_written(void **state) {
  (void)state;
  mr_value nothing = {.kind = MR_KIND_VOID};
  assert_string_equal(printed(nothing), "");
}

static void what_is_of_no_kind_is_invalid(void **state) {
  (void)state;
  mr_value value = {.kind = 22};
  assert_int_equal(mr_value_print(value, mr_text_write, NULL), MR_INVALID_ARGUMENT);
  value.kind = 255;
  assert_int_equal(mr_value_print(value, mr_text_write, NULL), MR_INVALID_ARGUMENT);
}

/* Over random octets: what is read back has the same ones. */
static void floats_are_read_back_as_they_were(void **state) {
  (void)state;
  uint64_t bits = 12345;
  for (int i = 0; i < 20000; i++) {
    bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint32_t half = (uint32_t)(bits >> 32);
    float f32;
    double f64;
    memcpy(&f32, &half, sizeof f32);
    memcpy(&f64, &bits, sizeof f64);
    if (isfinite(f32)) {
      const char *text = printed(mr_value_of_f32(f32));
      assert_true(strtof(text, NULL) == f32 && (float)strtod(text, NULL) == f32);
    }
    if (isfinite(f64)) assert_true(strtod(printed(mr_value_of_f64(f64)), NULL) == f64);
    long double extended = (long double)bits / (long double)half;
    assert_true(strtold(printed(mr_value_of_long_double(extended)), NULL) == extended);
  }
}

static void the_locale_changes_nothing(void **state) {
  (void)state;
  /* Any that has another point, if this machine has one. */
  static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "ps_AF.UTF-8"};
  bool is_tried = false;
  for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
    if (!setlocale(LC_NUMERIC, locales[i])) continue;
    is_tried = true;
    assert_string_equal(printed(mr_value_of_f64(0.5)), "0.5");
    assert_string_equal(printed(mr_value_of_f64(1e-7 / 3)), "3.3333333333333334e-08");
  }
  setlocale(LC_NUMERIC, "C");
  if (!is_tried) skip();
}

static mr_status refuse(void *context, const char *text, size_t length) {
  (void)text;
  (void)length;
  int *calls_left = context;
  return (*calls_left)-- > 0 ? MR_OK : MR_USER;
}

static void the_status_of_writing_is_answered(void **state) {
  (void)state;
  const mr_value values[] = {
      mr_value_of_bool(true), mr_value_of_i64(1),     mr_value_of_i64(INT64_MIN),
      mr_value_of_f64(1),     mr_value_of_f64(NAN),   mr_value_of_complex_f64(1, 2),
      mr_value_of_pointer(0), mr_value_of_u128(1, 1), mr_value_of_view(MR_VIEW("ab"))};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    int calls_left = 0;
    assert_int_equal(mr_value_print(values[i], refuse, &calls_left), MR_USER);
  }
  /* Brace, two octets, brace. */
  for (int calls = 0; calls < 4; calls++) {
    int calls_left = calls;
    assert_int_equal(mr_value_print(mr_value_of_view(MR_VIEW("ab")), refuse, &calls_left), MR_USER);
  }
}

/* What is read from memory of a kind that no function makes. */
static mr_value wide(mr_kind kind, mr_value from) {
  unsigned char octets[16];
  mr_slot slot;
  mr_value value;
  mr_region memory = mr_region_of(octets, sizeof octets);
  assert_int_equal(mr_slot_of(mr_scalar_type(kind, MR_NATIVE_ORDER), &slot), MR_OK);
  assert_int_equal(mr_slot_store(memory, slot, from), MR_OK);
  assert_int_equal(mr_slot_load(mr_region_view(memory), slot, &value), MR_OK);
  return value;
}

static void wide_floats_have_the_digits_they_need(void **state) {
  (void)state;
  mr_value tenth = mr_value_of_f64(0.1);
  assert_string_equal(printed(wide(MR_KIND_F80, mr_value_of_f64(2.5))), "2.5L");
  assert_string_equal(printed(wide(MR_KIND_F80, tenth)), "0.10000000000000000555L");
  assert_string_equal(printed(wide(MR_KIND_F128, mr_value_of_i64(-3))), "-3.0L");
  assert_string_equal(printed(wide(MR_KIND_F128, tenth)), "0.1000000000000000055511151231257827L");
  assert_string_equal(printed(wide(MR_KIND_F128, mr_value_of_f64(-INFINITY))), "-INFINITY");
  assert_string_equal(printed(wide(MR_KIND_F80, mr_value_of_f64(NAN))), "NAN");
}

static void names_are_printed_as_they_are(void **state) {
  (void)state;
  assert_string_equal(printed(mr_value_of_name("RED")), "RED");
  assert_string_equal(printed(mr_value_of_name(NULL)), "");
}

static void what_an_enum_has_is_printed_by_its_name(void **state) {
  (void)state;
  static const mr_enumerator names[] = {{"RED", -2}};
  const mr_type *type;
  int32_t number = -2;
  mr_slot slot;
  mr_value value;
  mr_view memory = mr_view_of(&number, sizeof number);
  assert_int_equal(mr_type_build_enum(NULL, NULL, mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER),
                                      names, 1, &type, NULL),
                   MR_OK);
  assert_int_equal(mr_slot_of(type, &slot), MR_OK);
  assert_int_equal(mr_slot_load(memory, slot, &value), MR_OK);
  assert_string_equal(printed(value), "RED");
  number = 7;
  assert_int_equal(mr_slot_load(memory, slot, &value), MR_OK);
  assert_string_equal(printed(value), "7");
  mr_type_release(type);
}

static void complex_numbers_that_no_value_has_are_refused(void **state) {
  (void)state;
  char buffer[ROOM];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  mr_value value = {.kind = MR_KIND_COMPLEX_F128};
  assert_int_equal(mr_value_print(value, mr_text_write, &text), MR_INVALID_ARGUMENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bools_are_words),
      cmocka_unit_test(integers_are_decimal),
      cmocka_unit_test(integers_at_the_ends_are_such_that_c_reads_them),
      cmocka_unit_test(integers_of_128_bits_are_decimal_too),
      cmocka_unit_test(floats_have_the_digits_they_need),
      cmocka_unit_test(a_float_is_read_back_by_way_of_double),
      cmocka_unit_test(floats_look_like_floats),
      cmocka_unit_test(what_is_not_finite_has_cs_names),
      cmocka_unit_test(complex_numbers_are_cs_macros),
      cmocka_unit_test(pointers_are_hexadecimal),
      cmocka_unit_test(octets_stand_between_braces),
      cmocka_unit_test(of_void_nothing_is_written),
      cmocka_unit_test(what_is_of_no_kind_is_invalid),
      cmocka_unit_test(floats_are_read_back_as_they_were),
      cmocka_unit_test(the_locale_changes_nothing),
      cmocka_unit_test(the_status_of_writing_is_answered),
      cmocka_unit_test(wide_floats_have_the_digits_they_need),
      cmocka_unit_test(names_are_printed_as_they_are),
      cmocka_unit_test(what_an_enum_has_is_printed_by_its_name),
      cmocka_unit_test(complex_numbers_that_no_value_has_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

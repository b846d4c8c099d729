/* Reading objects from C initialisers: what values come to. */

#include <float.h>
#include <math.h>
#include <string.h>

#include <memregions/object_text.h>

#include "built_type.h"
#include "support.h"

static MR_ALIGNAS(16) unsigned char memory[64];

static mr_status read_as(const mr_type *type, const char *text, mr_value *out,
                         mr_condition *condition) {
  memset(memory, 0xa5, sizeof memory);
  mr_object object = object_over(mr_region_of(memory, sizeof memory), type);
  mr_status status = mr_object_read_text(object, mr_view_of(text, strlen(text)), 0, condition);
  if (status == MR_OK) status = mr_object_get(object, "", out);
  return status;
}

static mr_value value_of(const mr_type *type, const char *text) {
  mr_value value = {.kind = MR_KIND_VOID};
  mr_condition condition = {0};
  if (read_as(type, text, &value, &condition) != MR_OK) {
    fail_msg("%s: %u: %s", text, (unsigned)condition.column, condition.message);
  }
  return value;
}

static void assert_integer(const mr_type *type, const char *text, int64_t expected) {
  int64_t number = 0;
  assert_int_equal(mr_value_to_i64(value_of(type, text), &number), MR_OK);
  if (number != expected) fail_msg("%s is %lld", text, (long long)number);
}

static void assert_unsigned(const char *text, uint64_t expected) {
  uint64_t number = 0;
  assert_int_equal(mr_value_to_u64(value_of(U64, text), &number), MR_OK);
  assert_true(number == expected);
}

static void assert_real(const mr_type *type, const char *text, double expected) {
  double number = 0;
  assert_int_equal(mr_value_to_f64(value_of(type, text), &number), MR_OK);
  if (number != expected || signbit(number) != signbit(expected))
    fail_msg("%s is %g", text, number);
}

static void assert_refused(const mr_type *type, const char *text, mr_status status,
                           uint32_t column) {
  mr_condition condition = {0};
  mr_value value;
  mr_status answered = read_as(type, text, &value, &condition);
  if (answered != status || condition.column != column) {
    fail_msg("%s: %s at %u: %s", text, mr_status_name(answered), (unsigned)condition.column,
             condition.message);
  }
  for (size_t i = 0; i < sizeof memory; i++) assert_int_equal(memory[i], 0xa5);
}

/* Integers. */

static void integers_have_all_bases_and_suffixes(void **state) {
  (void)state;
  assert_integer(I32, "0", 0);
  assert_integer(I32, "2147483647", INT32_MAX);
  assert_integer(I32, "-2147483648", INT32_MIN);
  assert_integer(I32, "0x7Fff", 0x7fff);
  assert_integer(I32, "0XabL", 0xab);
  assert_integer(I32, "0b101u", 5);
  assert_integer(I32, "0777", 0777);
  assert_integer(I32, "00", 0);
  assert_integer(I64, "9223372036854775807LL", INT64_MAX);
  assert_integer(I64, "(-9223372036854775807 - 1)", INT64_MIN);
  assert_unsigned("18446744073709551615ull", UINT64_MAX);
  assert_integer(BOOL, "1", 1);
  assert_integer(I32, "+5", 5);
  assert_integer(swapped(MR_KIND_I32), "-5", -5);
}

static void integers_of_128_bits_are_read(void **state) {
  (void)state;
  uint64_t high = 0;
  uint64_t low = 0;
  int64_t top = 0;
  mr_value value = value_of(native(MR_KIND_U128), "340282366920938463463374607431768211455");
  assert_int_equal(mr_value_to_u128(value, &high, &low), MR_OK);
  assert_true(high == UINT64_MAX && low == UINT64_MAX);
  value = value_of(native(MR_KIND_I128), "-170141183460469231731687303715884105728");
  assert_int_equal(mr_value_to_i128(value, &top, &low), MR_OK);
  assert_true(top == INT64_MIN && low == 0);
  value = value_of(native(MR_KIND_I128), "-18446744073709551617");
  assert_int_equal(mr_value_to_i128(value, &top, &low), MR_OK);
  assert_true(top == -2 && low == UINT64_MAX);
  assert_refused(native(MR_KIND_U128), "340282366920938463463374607431768211456", MR_OVERFLOW, 1);
  assert_refused(native(MR_KIND_I128), "-170141183460469231731687303715884105729", MR_OVERFLOW, 1);
}

static void integers_that_are_none_are_refused(void **state) {
  (void)state;
  assert_refused(I32, "08", MR_SYNTAX_ERROR, 2);
  assert_refused(I32, "0x", MR_SYNTAX_ERROR, 3);
  assert_refused(I32, "0b2", MR_SYNTAX_ERROR, 3);
  assert_refused(I32, "1uu", MR_SYNTAX_ERROR, 2);
  assert_refused(I32, "12ab", MR_SYNTAX_ERROR, 3);
  assert_refused(I32, "2147483648", MR_OVERFLOW, 1);
  assert_refused(U32, " -1", MR_OVERFLOW, 2);
  assert_refused(I8, "128", MR_OVERFLOW, 1);
  assert_refused(BOOL, "2", MR_OVERFLOW, 1);
  assert_refused(I32, "-", MR_SYNTAX_ERROR, 2);
  assert_refused(I32, "@", MR_SYNTAX_ERROR, 1);
}

static void characters_are_numbers(void **state) {
  (void)state;
  assert_integer(I32, "'a'", 'a');
  assert_integer(I8, "'\\n'", '\n');
  assert_integer(I8, "'\\''", '\'');
  assert_integer(I8, "'\"'", '"');
  assert_integer(I8, "'\\377'", -1);
  assert_integer(U8, "'\\377'", 255);
  assert_integer(U8, "'\\x41'", 0x41);
  assert_integer(U8, "u8'x'", 'x');
  assert_refused(I32, "''", MR_UNSUPPORTED, 1);
  assert_refused(I32, "'ab'", MR_UNSUPPORTED, 1);
  assert_refused(I32, "L'a'", MR_UNSUPPORTED, 1);
  assert_refused(I32, "'a", MR_SYNTAX_ERROR, 1);
}

/* Expressions. */

static void operators_bind_as_in_c(void **state) {
  (void)state;
  assert_integer(I64, "1 + 2 * 3", 7);
  assert_integer(I64, "(1 + 2) * 3", 9);
  assert_integer(I64, "10 - 4 - 3", 3);
  assert_integer(I64, "100 / 7 % 4", 2);
  assert_integer(I64, "1 << 2 + 3", 32);
  assert_integer(I64, "1 | 2 ^ 3 & 6", 1 | (2 ^ (3 & 6)));
  assert_integer(I64, "6 & 3 << 1", 6);
  assert_integer(I64, "- - 5", 5);
  assert_integer(I64, "-(2 - 7)", 5);
  assert_integer(I64, "2*/* times */-3", -6);
  assert_integer(I64, "-7 / 2", -3);
  assert_integer(I64, "-7 % 2", -1);
  assert_integer(I64, "7 / -2", -3);
}

static void numbers_are_exact_up_to_64_bits(void **state) {
  (void)state;
  assert_unsigned("1 << 63", UINT64_C(1) << 63);
  assert_unsigned("1 << 31", UINT64_C(1) << 31);
  assert_unsigned("18446744073709551614 + 1", UINT64_MAX);
  assert_unsigned("0xffffffffffffffff & ~0xff", UINT64_C(0xffffffffffffff00));
  assert_integer(I64, "5 - 7 + 3", 1);
  assert_integer(I64, "3 - 3", 0);
  assert_integer(I64, "-2 + -3", -5);
  assert_integer(I64, "-1 << 4", -16);
  assert_integer(I64, "-17 >> 4", -2);
  assert_integer(I64, "-16 >> 4", -1);
  assert_integer(I64, "17 >> 4", 1);
  assert_integer(I64, "5 >> 0", 5);
  assert_integer(I64, "-1 & 255", 255);
  assert_integer(I64, "-256 | 255", -1);
  assert_integer(I64, "-1 ^ 255", -256);
  assert_integer(I64, "-5 ^ -3", -5 ^ -3);
  assert_integer(I64, "~0", -1);
  assert_integer(I64, "~-1", 0);
  assert_integer(I64, "~5", -6);
}

static void what_is_unsigned_has_a_width(void **state) {
  (void)state;
  assert_unsigned("~0u", UINT32_MAX);
  assert_unsigned("~0ul", UINT64_MAX);
  assert_unsigned("-1u", UINT32_MAX);
  assert_unsigned("~(0u)", UINT32_MAX);
  assert_unsigned("~0x100000000u", UINT64_C(0xfffffffeffffffff));
}

static void results_that_there_are_not_are_refused(void **state) {
  (void)state;
  assert_refused(I64, "1 / 0", MR_OVERFLOW, 3);
  assert_refused(I64, "1 % 0", MR_OVERFLOW, 3);
  assert_refused(native(MR_KIND_I128), "-2 & -18446744073709551615", MR_OVERFLOW, 4);
  assert_refused(U64, "18446744073709551615 + 1", MR_OVERFLOW, 22);
  assert_refused(U64, "4294967296 * 4294967296", MR_OVERFLOW, 12);
  assert_refused(U64, "3 << 63", MR_OVERFLOW, 3);
  assert_refused(U64, "1 << 64", MR_OVERFLOW, 3);
  assert_refused(U64, "1 << -1", MR_OVERFLOW, 3);
  assert_refused(U64, "1 >> 64", MR_OVERFLOW, 3);
  assert_refused(U64, "18446744073709551616 + 0", MR_UNSUPPORTED, 22);
  assert_refused(F64, "1.5 + 2", MR_UNSUPPORTED, 5);
  assert_refused(F64, "~1.5", MR_UNSUPPORTED, 1);
  assert_refused(I64, "~18446744073709551616", MR_UNSUPPORTED, 1);
  assert_refused(I64, "1 +", MR_SYNTAX_ERROR, 4);
  assert_refused(I64, "(1", MR_SYNTAX_ERROR, 3);
  assert_refused(I64, "1 < 2", MR_SYNTAX_ERROR, 3);
}

static void parentheses_nest_32_deep(void **state) {
  (void)state;
  char text[128] = "";
  memset(text, '(', 31);
  text[31] = '7';
  memset(text + 32, ')', 31);
  assert_integer(I64, text, 7);
  memset(text, '(', 32);
  text[32] = '7';
  memset(text + 33, ')', 32);
  assert_refused(I64, text, MR_UNSUPPORTED, 33);
  memset(text, '-', sizeof text - 1);
  assert_refused(I64, text, MR_UNSUPPORTED, 33);
}

/* Floats. */

static void floats_are_decimal_and_hexadecimal(void **state) {
  (void)state;
  assert_real(F64, "0.1", 0.1);
  assert_real(F64, ".5", 0.5);
  assert_real(F64, "5.", 5);
  assert_real(F64, "1e300", 1e300);
  assert_real(F64, "1E-5", 1e-5);
  assert_real(F64, "-0.0", -0.0);
  assert_real(F64, "0x1.8p1", 3);
  assert_real(F64, "0x.8P+1f", 1);
  assert_real(F32, "0.1f", (double)0.1f);
  assert_real(F32, "-2.5F", -2.5);
  assert_real(native(MR_KIND_LONG_DOUBLE), "2.5L", 2.5);
  assert_real(native(MR_KIND_LONG_DOUBLE), "-2.5L", -2.5);
  assert_real(native(MR_KIND_F80), "-2.5", -2.5);
  assert_real(native(MR_KIND_F128), "- 2.5q", -2.5);
  assert_real(F64, "- INFINITY", -INFINITY);
  assert_real(F32, "(-(INFINITY))", -INFINITY);
  double number = 0;
  assert_int_equal(mr_value_to_f64(value_of(F32, "NAN"), &number), MR_OK);
  assert_true(isnan(number));
}

static void integers_become_the_nearest_float(void **state) {
  (void)state;
  assert_real(F64, "7", 7);
  assert_real(F64, "-9007199254740993", -9007199254740992.0);
  assert_real(F32, "16777217", 16777216.0);
  assert_real(F64, "1 << 10", 1024);
  assert_real(F64, "0x10", 16);
}

static void floats_become_integers_where_they_are_some(void **state) {
  (void)state;
  assert_integer(I32, "3.0", 3);
  assert_refused(I32, "3.5", MR_OVERFLOW, 1);
  assert_refused(I32, "NAN", MR_OVERFLOW, 1);
}

static void floats_that_are_none_are_refused(void **state) {
  (void)state;
  assert_refused(F32, "1e39", MR_OVERFLOW, 1);
  assert_refused(F64, "1e", MR_SYNTAX_ERROR, 2);
  assert_refused(F64, "1.5x", MR_SYNTAX_ERROR, 4);
  assert_refused(F64, "1.5.5", MR_SYNTAX_ERROR, 4);
  assert_refused(F64, ".", MR_SYNTAX_ERROR, 1);
}

static void complex_numbers_are_made_of_parts(void **state) {
  (void)state;
  float f[2];
  double d[2];
  long double l[2];
  mr_value value = value_of(native(MR_KIND_COMPLEX_F32), "CMPLXF(0.1f, -2)");
  assert_int_equal(mr_value_to_complex_f32(value, &f[0], &f[1]), MR_OK);
  assert_true(f[0] == 0.1f && f[1] == -2);
  value = value_of(native(MR_KIND_COMPLEX_F64), "CMPLX ( 0.1 , -INFINITY )");
  assert_int_equal(mr_value_to_complex_f64(value, &d[0], &d[1]), MR_OK);
  assert_true(d[0] == 0.1 && d[1] == -INFINITY);
  value = value_of(native(MR_KIND_COMPLEX_LONG_DOUBLE), "CMPLXL(0.5L, 1 + 2)");
  assert_int_equal(mr_value_to_complex_long_double(value, &l[0], &l[1]), MR_OK);
  assert_true(l[0] == 0.5L && l[1] == 3);
  value = value_of(native(MR_KIND_COMPLEX_F64), "0.1");
  assert_int_equal(mr_value_to_complex_f64(value, &d[0], &d[1]), MR_OK);
  assert_true(d[0] == 0.1 && d[1] == 0);
  assert_refused(native(MR_KIND_COMPLEX_F64), "CMPLX(1)", MR_SYNTAX_ERROR, 8);
  assert_refused(native(MR_KIND_COMPLEX_F64), "CMPLX 1", MR_SYNTAX_ERROR, 7);
  assert_refused(native(MR_KIND_COMPLEX_F64), "CMPLX(CMPLX(1, 2), 1)", MR_TYPE_MISMATCH, 18);
  assert_refused(native(MR_KIND_COMPLEX_F64), "-CMPLX(1, 2)", MR_UNSUPPORTED, 1);
  assert_refused(F64, "CMPLX(1, 2)", MR_TYPE_MISMATCH, 1);
}

/* Names and pointers. */

static void names_are_those_of_the_slots_enum(void **state) {
  (void)state;
  const mr_type *colors = built_colors(MR_KIND_I32);
  const mr_type *octets = built_colors(MR_KIND_U8);
  assert_integer(colors, "BLUE", 5);
  assert_integer(colors, "DARK", -1);
  assert_integer(colors, "BLUE | GREEN", 5);
  assert_integer(colors, "(BLUE * GREEN)", 5);
  assert_integer(colors, "77", 77);
  assert_integer(octets, "BLUE", 5);
  assert_integer(BOOL, "true", 1);
  assert_integer(BOOL, "false", 0);
  assert_refused(colors, "PINK", MR_NO_SUCH_SLOT, 1);
  assert_refused(I32, "BLUE", MR_NO_SUCH_SLOT, 1);
  mr_type_release(octets);
  mr_type_release(colors);
}

/* Printing writes them whatever they are. */
static void names_of_an_enum_come_before_what_they_mean_elsewhere(void **state) {
  (void)state;
  static const mr_enumerator names[] = {
      {"INFINITY", 3}, {"NAN", 4}, {"CMPLX", 5}, {"true", 6}, {"NULL", 7}};
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_enum(NULL, NULL, I32, names, 5, &type, NULL), MR_OK);
  for (size_t i = 0; i < 5; i++) assert_integer(type, names[i].name, names[i].value);
  assert_integer(type, "false", 0);
  mr_type_release(type);
}

static void addresses_are_cast_to_pointers(void **state) {
  (void)state;
  const mr_type *pointer = native(MR_KIND_POINTER);
  assert_ptr_equal(value_of(pointer, "(void *)0x1000").as.pointer, (void *)0x1000);
  assert_ptr_equal(value_of(pointer, "(const struct x * const)(0x1000 + 8)").as.pointer,
                   (void *)0x1008);
  assert_ptr_equal(value_of(pointer, "(void*)-1").as.pointer, (void *)UINTPTR_MAX);
  assert_null(value_of(pointer, "NULL").as.pointer);
  assert_null(value_of(pointer, "0").as.pointer);
  assert_null(value_of(pointer, "(void *)0").as.pointer);
  assert_null(value_of(pointer, "((void *)NULL)").as.pointer);
  assert_refused(pointer, "0x1000", MR_TYPE_MISMATCH, 1);
  assert_refused(pointer, "(void *)1.5", MR_TYPE_MISMATCH, 9);
  assert_refused(pointer, "(void *)18446744073709551616", MR_OVERFLOW, 1);
  assert_refused(pointer, "-(void *)1", MR_UNSUPPORTED, 1);
  assert_refused(I64, "(void *)1", MR_TYPE_MISMATCH, 1);
  assert_refused(I64, "(int)1", MR_NO_SUCH_SLOT, 2);
  assert_refused(I64, "(/*", MR_SYNTAX_ERROR, 2);
  assert_refused(I64, "(x /*", MR_NO_SUCH_SLOT, 2);
}

static void pointers_of_other_machines_have_their_size(void **state) {
  (void)state;
  const mr_type *pointer = built_pointer(MR_TARGET_ARM, NULL);
  size_t size = mr_type_size(pointer);
  memset(memory, 0xa5, sizeof memory);
  mr_object object = object_over(mr_region_of(memory, sizeof memory), pointer);
  const char text[] = "(void *)0x12345678";
  assert_int_equal(mr_object_read_text(object, mr_view_of(text, sizeof text - 1), 0, NULL), MR_OK);
  bool is_big = mr_type_byte_order(pointer) == MR_BIG_ENDIAN;
  assert_int_equal(memory[is_big ? size - 1 : 0], 0x78);
  assert_int_equal(memory[size], 0xa5);
  if (size == 4) assert_refused(pointer, "(void *)0x100000000", MR_OVERFLOW, 1);
  mr_type_release(pointer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers_have_all_bases_and_suffixes),
      cmocka_unit_test(integers_of_128_bits_are_read),
      cmocka_unit_test(integers_that_are_none_are_refused),
      cmocka_unit_test(characters_are_numbers),
      cmocka_unit_test(operators_bind_as_in_c),
      cmocka_unit_test(numbers_are_exact_up_to_64_bits),
      cmocka_unit_test(what_is_unsigned_has_a_width),
      cmocka_unit_test(results_that_there_are_not_are_refused),
      cmocka_unit_test(parentheses_nest_32_deep),
      cmocka_unit_test(floats_are_decimal_and_hexadecimal),
      cmocka_unit_test(integers_become_the_nearest_float),
      cmocka_unit_test(floats_become_integers_where_they_are_some),
      cmocka_unit_test(floats_that_are_none_are_refused),
      cmocka_unit_test(complex_numbers_are_made_of_parts),
      cmocka_unit_test(names_are_those_of_the_slots_enum),
      cmocka_unit_test(names_of_an_enum_come_before_what_they_mean_elsewhere),
      cmocka_unit_test(addresses_are_cast_to_pointers),
      cmocka_unit_test(pointers_of_other_machines_have_their_size),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

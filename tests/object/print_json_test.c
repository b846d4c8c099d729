#include <memregions/object_text.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "built_type.h"
#include "support.h"

static void assert_prints_with(const mr_print_options *options, const mr_type *type,
                               const void *octets, size_t size, const char *expected) {
  assert_printed(mr_object_print_json, options, type, mr_view_of(octets, size), expected);
}

static void assert_prints(const mr_type *type, const void *octets, const char *expected) {
  assert_prints_with(NULL, type, octets, mr_type_size(type), expected);
}

/* Numbers. */

static void integers_of_any_width_are_numbers(void **state) {
  (void)state;
  const int64_t least = INT64_MIN;
  const uint64_t most = UINT64_MAX;
  const uint64_t wide[2] = {UINT64_MAX, UINT64_MAX};
  MR_ALIGNAS(16) uint64_t small[2] = {UINT64_C(1) << 63, UINT64_MAX};
  MR_ALIGNAS(16) unsigned char octets[16];
  memcpy(octets, wide, sizeof octets);
  assert_prints(I64, &least, "-9223372036854775808");
  assert_prints(U64, &most, "18446744073709551615");
  assert_prints(native(MR_KIND_U128), octets, "340282366920938463463374607431768211455");
  assert_prints(native(MR_KIND_I128), octets, "-1");
  if (!mr_byte_order_is_swapped(MR_LITTLE_ENDIAN)) {
    assert_prints(native(MR_KIND_I128), small, "-9223372036854775808");
  }
}

static void floats_are_numbers_or_strings(void **state) {
  (void)state;
  const double octets[6] = {0.1, -0.0, 3, INFINITY, -INFINITY, NAN};
  const float single = 0.1f;
  const double large = 1e300;
  MR_ALIGNAS(16) unsigned char longs[sizeof(long double)];
  const long double half = 2.5L;
  memcpy(longs, &half, sizeof half);
  assert_prints(built_array(F64, 6), octets,
                "[0.1, -0.0, 3.0, \"Infinity\", \"-Infinity\", \"NaN\"]");
  assert_prints(F32, &single, "0.1");
  assert_prints(F64, &large, "1e+300");
  assert_prints(native(MR_KIND_LONG_DOUBLE), longs, "2.5");
}

static void complex_numbers_are_pairs(void **state) {
  (void)state;
  const float singles[2] = {0.1f, -2};
  const double doubles[2] = {0.1, NAN};
  MR_ALIGNAS(16) unsigned char longs[2 * sizeof(long double)];
  const long double parts[2] = {0.5L, -0.25L};
  memcpy(longs, parts, sizeof longs);
  assert_prints(native(MR_KIND_COMPLEX_F32), singles, "[0.1, -2.0]");
  assert_prints(native(MR_KIND_COMPLEX_F64), doubles, "[0.1, \"NaN\"]");
  assert_prints(native(MR_KIND_COMPLEX_LONG_DOUBLE), longs, "[0.5, -0.25]");
}

static void bools_enums_bit_fields_and_pointers_are_what_they_mean(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[32] = {0};
  const mr_type *type = STRUCT(MEMBER(yes, BOOL), MEMBER(color, built_colors(MR_KIND_I32)),
                               FILLER(U32, 4), BITS(low, I32, 3), BITS(paint, built_paints(), 4),
                               MEMBER(next, native(MR_KIND_POINTER)));
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  set_number(object, "yes", 1);
  set_number(object, "color", 7);
  set_number(object, "low", -2);
  set_number(object, "paint", 9);
  assert_int_equal(mr_object_set(object, "next", mr_value_of_pointer((void *)0x1234)), MR_OK);
  assert_prints(type, octets,
                "{\"yes\": true, \"color\": 7, \"low\": -2, \"paint\": \"RED\", \"next\": 4660}");
}

/* Strings. */

static void text_is_cut_before_its_last_zeros(void **state) {
  (void)state;
  assert_prints(built_array(plain_char(), 6), "ab\0c\0\0", "\"ab\\u0000c\"");
  assert_prints(built_array(plain_char(), 3), "abc", "\"abc\"");
  assert_prints(built_array(plain_char(), 3), "\0\0\0", "\"\"");
  assert_prints(built_array(plain_char(), 0), "", "\"\"");
}

static void text_is_escaped(void **state) {
  (void)state;
  assert_prints(built_array(plain_char(), 7), "\"\\/\n\x1f\x7fz",
                "\"\\\"\\\\/\\u000a\\u001f\x7fz\"");
}

static void what_is_no_utf8_is_escaped_octet_by_octet(void **state) {
  (void)state;
  assert_prints(built_array(plain_char(), 9), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
                "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
  assert_prints(built_array(plain_char(), 3), "\xe9g\x80", "\"\\u00e9g\\u0080\"");
  assert_prints(built_array(plain_char(), 2), "\xc0\x80", "\"\\u00c0\\u0080\"");
  assert_prints(built_array(plain_char(), 3), "\xed\xa0\x80", "\"\\u00ed\\u00a0\\u0080\"");
  assert_prints(built_array(plain_char(), 3), "\xe0\x80\x80", "\"\\u00e0\\u0080\\u0080\"");
  assert_prints(built_array(plain_char(), 4), "\xf4\x90\x80\x80",
                "\"\\u00f4\\u0090\\u0080\\u0080\"");
  assert_prints(built_array(plain_char(), 2), "\xe2\x82", "\"\\u00e2\\u0082\"");
  assert_prints(built_array(plain_char(), 2), "\xff\xc3", "\"\\u00ff\\u00c3\"");
}

/* Structure. */

static void members_without_name_give_theirs_to_the_outer(void **state) {
  (void)state;
  const int32_t octets[4] = {1, 2, 3, 4};
  assert_prints(STRUCT(MEMBER(x, I32), NAMELESS(STRUCT(MEMBER(a, I32), MEMBER(b, I32))),
                       NAMELESS(UNION(MEMBER(u, I32), MEMBER(v, built_array(U8, 2))))),
                octets, "{\"x\": 1, \"a\": 2, \"b\": 3, \"u\": 4, \"v\": [4, 0]}");
}

static void scalars_without_name_are_called_by_their_place(void **state) {
  (void)state;
  const int32_t octets[5] = {1, 2, 3, 4, 5};
  assert_prints(STRUCT(NAMELESS(I32), NAMELESS(STRUCT(NAMELESS(I32), NAMELESS(I32))),
                       MEMBER(x, STRUCT(NAMELESS(built_array(I32, 2))))),
                octets, "{\"0\": 1, \"1.0\": 2, \"1.1\": 3, \"x\": {\"0\": [4, 5]}}");
}

static void what_has_no_size_is_empty(void **state) {
  (void)state;
  const int32_t octets[2] = {1, 2};
  assert_prints(STRUCT(MEMBER(x, I32), MEMBER(none, built_array(I32, 0)),
                       MEMBER(nothing, built_struct((const mr_member_spec[]){{0}}))),
                octets, "{\"x\": 1, \"none\": [], \"nothing\": {}}");
}

static void flexible_arrays_have_the_elements_that_are_there(void **state) {
  (void)state;
  const int16_t octets[4] = {3, 7, 8, 9};
  assert_prints_with(NULL, STRUCT(MEMBER(n, I16), MEMBER(data, built_flexible_array(I16))), octets,
                     7, "{\"n\": 3, \"data\": [7, 8]}");
}

static void what_a_cap_leaves_out_is_a_string(void **state) {
  (void)state;
  const int32_t octets[6] = {1, 2, 3, 4, 5, 6};
  const mr_print_options two = {.max_elements = 2};
  const mr_print_options flat = {.max_depth = 1, .indent = 1};
  assert_prints_with(&two, built_array(I32, 6), octets, sizeof octets, "[1, 2, \"4 more\"]");
  assert_prints_with(&two, built_array(plain_char(), 3), "abc", 3, "[\"ab\", \"1 more\"]");
  assert_prints_with(
      &flat,
      STRUCT(MEMBER(x, I32), MEMBER(y, built_array(I32, 2)), MEMBER(z, STRUCT(MEMBER(a, I32)))),
      octets, sizeof octets, "{\n \"x\": 1,\n \"y\": \"2 more\",\n \"z\": \"1 more\"\n}");
}

/* Writing. */

typedef struct failing_writer {
  size_t left;
  size_t calls;
} failing_writer;

static mr_status write_until_failure(void *context, const char *text, size_t length) {
  failing_writer *writer = context;
  assert_non_null(text);
  assert_true(length > 0);
  writer->calls++;
  if (writer->left == 0) return (mr_status)(MR_USER + 7);
  writer->left--;
  return MR_OK;
}

static void a_write_that_fails_ends_the_printing(void **state) {
  (void)state;
  MR_ALIGNAS(8) const unsigned char octets[64] = {1, 'a', '"'};
  const mr_type *type =
      STRUCT(MEMBER(x, U8), MEMBER(text, built_array(plain_char(), 9)), NAMELESS(I32),
             NAMELESS(STRUCT(NAMELESS(I32))), MEMBER(c, native(MR_KIND_COMPLEX_F32)),
             MEMBER(list, built_array(U8, 4)), MEMBER(color, built_colors(MR_KIND_U8)),
             MEMBER(p, native(MR_KIND_POINTER)), MEMBER(e, STRUCT(MEMBER(y, U8))));
  const mr_print_options options = {.max_elements = 2, .max_depth = 2, .indent = 1};
  mr_object object = {0};
  assert_int_equal(mr_object_of_view(mr_view_of(octets, sizeof octets), type, &object), MR_OK);
  for (int is_json = 0; is_json < 2; is_json++) {
    failing_writer enough = {SIZE_MAX, 0};
    mr_status (*print)(mr_object, const mr_print_options *, mr_write_function *, void *) =
        is_json ? mr_object_print_json : mr_object_print;
    assert_int_equal(print(object, &options, write_until_failure, &enough), MR_OK);
    for (size_t i = 0; i < enough.calls; i++) {
      failing_writer writer = {i, 0};
      assert_int_equal(print(object, &options, write_until_failure, &writer), MR_USER + 7);
      assert_int_equal(writer.calls, i + 1);
    }
  }
  mr_type_release(type);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers_of_any_width_are_numbers),
      cmocka_unit_test(floats_are_numbers_or_strings),
      cmocka_unit_test(complex_numbers_are_pairs),
      cmocka_unit_test(bools_enums_bit_fields_and_pointers_are_what_they_mean),
      cmocka_unit_test(text_is_cut_before_its_last_zeros),
      cmocka_unit_test(text_is_escaped),
      cmocka_unit_test(what_is_no_utf8_is_escaped_octet_by_octet),
      cmocka_unit_test(members_without_name_give_theirs_to_the_outer),
      cmocka_unit_test(scalars_without_name_are_called_by_their_place),
      cmocka_unit_test(what_has_no_size_is_empty),
      cmocka_unit_test(flexible_arrays_have_the_elements_that_are_there),
      cmocka_unit_test(what_a_cap_leaves_out_is_a_string),
      cmocka_unit_test(a_write_that_fails_ends_the_printing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

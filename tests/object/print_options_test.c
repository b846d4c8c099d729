/* What objects print as beyond numbers: enums, text, bit-fields, flexible arrays; and caps. */

#include <string.h>

#include <memregions/object_text.h>

#include "built_type.h"
#include "support.h"

static void assert_prints_with(const mr_print_options *options, const mr_type *type,
                               const void *octets, size_t size, const char *expected) {
  assert_printed(mr_object_print, options, type, mr_view_of(octets, size), expected);
}

static void assert_prints(const mr_type *type, const void *octets, const char *expected) {
  assert_prints_with(NULL, type, octets, mr_type_size(type), expected);
}

/* Kinds. */

static void enums_are_named_where_they_can_be(void **state) {
  (void)state;
  const int32_t octets[4] = {0, 5, -1, 3};
  assert_prints(built_array(built_colors(MR_KIND_I32), 4), octets, "{RED, BLUE, DARK, 3}");
}

static void bit_fields_are_numbers_and_names(void **state) {
  (void)state;
  MR_ALIGNAS(4) unsigned char octets[8] = {0};
  const mr_type *type =
      STRUCT(BITS(low, U32, 3), FILLER(U32, 5), BITS(sign, I32, 4), FILLER(U32, 0),
             BITS(color, built_colors(MR_KIND_U32), 3), BITS(yes, BOOL, 1));
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  set_number(object, "low", 5);
  set_number(object, "sign", -3);
  set_number(object, "color", 5);
  set_number(object, "yes", 1);
  assert_prints(type, octets, "{.low = 5, .sign = -3, .color = BLUE, .yes = true}");
}

static void character_arrays_are_strings(void **state) {
  (void)state;
  assert_prints(built_array(plain_char(), 6), "ab\0c\0\0", "\"ab\\000c\"");
  assert_prints(built_array(plain_char(), 3), "abc", "\"abc\"");
  assert_prints(built_array(plain_char(), 3), "\0\0\0", "\"\"");
  assert_prints(built_array(plain_char(), 0), "", "{}");
  assert_prints(built_array(built_array(plain_char(), 2), 2), "a\0bc", "{\"a\", \"bc\"}");
  assert_prints(built_array(U8, 2), "ab", "{97, 98}");
  assert_prints(plain_char(), "a", "97");
}

static void strings_are_escaped_so_that_nothing_runs_together(void **state) {
  (void)state;
  assert_prints(built_array(plain_char(), 8),
                "\x01"
                "2\"\\\n\t\x7f\xe9",
                "\"\\0012\\\"\\\\\\n\\t\\177\\351\"");
  assert_prints(built_array(plain_char(), 6),
                "?"
                "?=?x?",
                "\"?\\?=?x?\"");
}

static void long_strings_are_written_in_pieces(void **state) {
  (void)state;
  char octets[300];
  char expected[303];
  memset(octets, 'x', sizeof octets);
  memset(expected, 'x', sizeof expected);
  expected[0] = expected[301] = '"';
  expected[302] = 0;
  assert_prints(built_array(plain_char(), sizeof octets), octets, expected);
}

static void pointers_of_other_machines_are_addresses(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[8] = {0};
  const mr_type *type = built_pointer(MR_TARGET_ARM, NULL);
  octets[mr_type_byte_order(type) == MR_BIG_ENDIAN ? mr_type_size(type) - 1 : 0] = 0x40;
  assert_prints(type, octets, "(void *)0x40");
}

static void flexible_arrays_print_the_elements_that_are_there(void **state) {
  (void)state;
  const int16_t octets[5] = {3, 7, 8, 9, 10};
  const mr_type *packet = STRUCT(MEMBER(n, I16), MEMBER(data, built_flexible_array(I16)));
  mr_type_acquire(packet);
  assert_prints_with(NULL, packet, octets, 2, "{.n = 3, .data = {}}");
  mr_type_acquire(packet);
  assert_prints_with(NULL, packet, octets, 9, "{.n = 3, .data = {7, 8, 9}}");
  assert_prints_with(NULL, STRUCT(MEMBER(tag, I16), NAMELESS(packet)), octets, 8,
                     "{.tag = 3, {.n = 7, .data = {8, 9}}}");
  assert_prints_with(NULL, built_flexible_array(I16), octets, 4, "{3, 7}");
}

static void a_unions_largest_member_is_counted_in_bits(void **state) {
  (void)state;
  const uint32_t octets = 0x0201;
  assert_prints(UNION(BITS(few, U32, 3), MEMBER(some, U8), BITS(most, U32, 10)), &octets,
                "{.most = 513}");
  assert_prints(UNION(FILLER(U32, 8)), &octets, "{}");
}

/* Caps. */

static void what_a_cap_leaves_out_is_counted(void **state) {
  (void)state;
  const int32_t octets[6] = {1, 2, 3, 4, 5, 6};
  const mr_print_options three = {.max_elements = 3};
  const mr_print_options flat = {.max_depth = 1};
  assert_prints_with(&three, built_array(I32, 6), octets, sizeof octets, "{1, 2, 3 /* 3 more */}");
  assert_prints_with(&three, built_array(plain_char(), 6), "abcdef", 6, "\"abc\" /* 3 more */");
  assert_prints_with(&three, built_array(plain_char(), 6), "abc\0\0\0", 6, "\"abc\"");
  assert_prints_with(&flat,
                     STRUCT(MEMBER(x, I32), MEMBER(y, built_array(I32, 2)),
                            MEMBER(z, STRUCT(MEMBER(a, I32), FILLER(I32, 3))),
                            MEMBER(u, UNION(MEMBER(a, U8), MEMBER(b, U8)))),
                     octets, sizeof octets,
                     "{.x = 1, .y = {/* 2 more */}, .z = {/* 1 more */}, .u = {/* 1 more */}}");
}

static void lines_are_indented_by_level(void **state) {
  (void)state;
  const int32_t octets[3] = {1, 2, 3};
  const mr_print_options lines = {.indent = 2};
  assert_prints_with(&lines, STRUCT(MEMBER(x, I32), MEMBER(y, built_array(I32, 2))), octets,
                     sizeof octets, "{\n  .x = 1,\n  .y = {\n    2,\n    3\n  }\n}");
  assert_prints_with(&lines, built_array(I32, 0), octets, 0, "{}");
  const mr_print_options far = {.indent = 20};
  assert_prints_with(&far, built_array(I32, 1), octets, 4, "{\n                    1\n}");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(enums_are_named_where_they_can_be),
      cmocka_unit_test(bit_fields_are_numbers_and_names),
      cmocka_unit_test(character_arrays_are_strings),
      cmocka_unit_test(strings_are_escaped_so_that_nothing_runs_together),
      cmocka_unit_test(long_strings_are_written_in_pieces),
      cmocka_unit_test(pointers_of_other_machines_are_addresses),
      cmocka_unit_test(flexible_arrays_print_the_elements_that_are_there),
      cmocka_unit_test(a_unions_largest_member_is_counted_in_bits),
      cmocka_unit_test(what_a_cap_leaves_out_is_counted),
      cmocka_unit_test(lines_are_indented_by_level),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

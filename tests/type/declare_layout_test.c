#include <memregions/text.h>
#include <string.h>

#include "declare_support.h"

static void flexible_arrays_are_open(void **state) {
  (void)state;
  const mr_type *open;
  assert_int_equal(mr_type_build_flexible_array(NULL, int32(), &open), MR_OK);
  mr_member_spec specs[] = {{.name = "count", .type = int32()}, {.name = "items", .type = open}};
  writes(aggregate(MR_KIND_STRUCT, "list", specs, 2), NULL,
         "struct list {\n  int32_t count;\n  int32_t items[];\n};\n");
  const mr_type *alone = aggregate(MR_KIND_STRUCT, "alone", specs + 1, 1);
  refuses(alone, NULL);
  specs[0] = (mr_member_spec){.type = int32(), .is_bit_field = true, .bit_width = 3};
  const mr_type *nameless = aggregate(MR_KIND_STRUCT, "nameless", specs, 2);
  refuses(nameless, NULL);
  mr_type_release(nameless);
  mr_type_release(alone);
  writes(open, NULL, "int32_t[]");
}

static void bit_fields_are_written_with_their_widths(void **state) {
  (void)state;
  mr_member_spec specs[] = {
      {.name = "a", .type = native(MR_KIND_U32), .is_bit_field = true, .bit_width = 3},
      {.type = native(MR_KIND_U32), .is_bit_field = true, .bit_width = 5},
      {.type = native(MR_KIND_U8), .is_bit_field = true},
      {.name = "b", .type = native(MR_KIND_BOOL), .is_bit_field = true, .bit_width = 1}};
  writes(aggregate(MR_KIND_STRUCT, NULL, specs, 4), "it",
         "struct {\n"
         "  uint32_t a : 3;\n"
         "  uint32_t : 5;\n"
         "  uint8_t : 0;\n"
         "  _Bool b : 1;\n"
         "} it;\n");
}

static void bit_fields_that_are_packed_are_written_so(void **state) {
  (void)state;
  mr_member_spec specs[] = {
      {.name = "a", .type = native(MR_KIND_U8), .is_bit_field = true, .bit_width = 6},
      {.name = "b",
       .type = native(MR_KIND_U8),
       .is_bit_field = true,
       .bit_width = 6,
       .is_packed = true},
      {.name = "c", .type = int32()}};
  writes(aggregate(MR_KIND_STRUCT, NULL, specs, 3), "it",
         "struct {\n"
         "  uint8_t a : 6;\n"
         "  uint8_t b : 6 __attribute__((packed));\n"
         "  int32_t c;\n"
         "} it;\n");
  specs[2] = specs[0];
  specs[2].name = "c";
  writes(aggregate(MR_KIND_STRUCT, NULL, specs, 3), "it",
         "struct {\n"
         "  uint8_t a : 6;\n"
         "  uint8_t b : 6 __attribute__((packed));\n"
         "  uint8_t c : 6;\n"
         "} it;\n");
}

static void a_member_is_packed_by_itself_where_bit_fields_are_not(void **state) {
  (void)state;
  mr_member_spec specs[] = {
      {.name = "a", .type = native(MR_KIND_U8), .is_bit_field = true, .bit_width = 6},
      {.name = "b", .type = native(MR_KIND_U8), .is_bit_field = true, .bit_width = 6},
      {.name = "c", .type = int32(), .is_packed = true},
      {.name = "d", .type = int32(), .is_packed = true, .alignment = 2}};
  writes(aggregate(MR_KIND_STRUCT, NULL, specs, 4), "it",
         "struct {\n"
         "  uint8_t a : 6;\n"
         "  uint8_t b : 6;\n"
         "  int32_t c __attribute__((packed));\n"
         "  int32_t d __attribute__((packed, aligned(2)));\n"
         "} it;\n");
}

static void attributes_make_the_layout_what_it_is(void **state) {
  (void)state;
  writes_described("{A16;ic}",
                   "struct __attribute__((aligned(16))) {\n  int32_t m0;\n  int8_t m1;\n} it;\n");
  writes_described("{P;ci}",
                   "struct __attribute__((packed)) {\n  int8_t m0;\n  int32_t m1;\n} it;\n");
  writes_described("{K2;cil}",
                   "struct __attribute__((packed)) {\n"
                   "  int8_t m0;\n"
                   "  int32_t m1 __attribute__((aligned(2)));\n"
                   "  int64_t m2 __attribute__((aligned(2)));\n"
                   "} it;\n");
  writes_described("{c@8:i}",
                   "struct {\n"
                   "  int8_t m0;\n"
                   "  int32_t m1 __attribute__((aligned(8)));\n"
                   "} it;\n");
  writes_described("{P;_{ci}c}",
                   "struct __attribute__((packed)) {\n"
                   "  struct {\n"
                   "    int8_t m0;\n"
                   "    int32_t m1;\n"
                   "  };\n"
                   "  int8_t m2;\n"
                   "} it;\n");
}

/* Windows does not lower in a struct what attribute aligned has said there. */
static const mr_layout_options windows_pack_2 = {.pack = 2, .target = MR_TARGET_WINDOWS_X64};

static const mr_type *packed_by_2(const mr_member_spec *members, size_t count) {
  const mr_type *type;
  assert_int_equal(mr_type_build_struct(NULL, "s", members, count, &windows_pack_2, &type, NULL),
                   MR_OK);
  return type;
}

static void a_pack_is_a_pragma_where_no_other_struct_is_inside(void **state) {
  (void)state;
  const mr_type *type, *inner, *little = mr_scalar_type(MR_KIND_I32, MR_LITTLE_ENDIAN);
  mr_member_spec specs[] = {
      {.name = "a", .type = native(MR_KIND_I8)}, {.name = "b", .type = little}, {.name = "c"}};
  mr_member_spec x = {.name = "x", .type = little};
  writes(array(packed_by_2(specs, 2), 2), "it",
         "#pragma pack(push, 2)\n"
         "struct s {\n"
         "  int8_t a;\n"
         "  int32_t b;\n"
         "};\n"
         "#pragma pack(pop)\n"
         "struct s it[2];\n");
  inner = aggregate(MR_KIND_STRUCT, NULL, &x, 1);
  assert_int_equal(mr_type_build_pointer(NULL, MR_TARGET_WINDOWS_X64, inner, &type), MR_OK);
  specs[2].type = type;
  writes(packed_by_2(specs, 3), NULL,
         "struct __attribute__((packed)) s {\n"
         "  int8_t a;\n"
         "  int32_t b __attribute__((aligned(2)));\n"
         "  struct {\n"
         "    int32_t x;\n"
         "  } *c __attribute__((aligned(2)));\n"
         "};\n");
  mr_type_release(type);
  mr_type_release(inner);
}

static void a_pragma_does_not_reach_into_functions(void **state) {
  (void)state;
  const mr_type *type, *visit, *inner, *behind,
      *little = mr_scalar_type(MR_KIND_I32, MR_LITTLE_ENDIAN);
  mr_member_spec x = {.name = "x", .type = little};
  inner = aggregate(MR_KIND_STRUCT, NULL, &x, 1);
  assert_int_equal(mr_type_build_pointer(NULL, MR_TARGET_WINDOWS_X64, inner, &behind), MR_OK);
  mr_member parameters[] = {{.type = little}, {.type = behind}};
  mr_type function = {.kind = MR_KIND_FUNCTION,
                      .alignment = 1,
                      .count = 1,
                      .members = parameters,
                      .is_static = true};
  assert_int_equal(mr_type_build_pointer(NULL, MR_TARGET_WINDOWS_X64, &function, &visit), MR_OK);
  mr_member_spec specs[] = {{.name = "a", .type = native(MR_KIND_I8)},
                            {.name = "b", .type = visit}};
  type = packed_by_2(specs, 2);
  char buffer[TEXT_SIZE];
  for (function.count = 1; function.count <= 2; function.count++) {
    mr_text text = mr_text_of(buffer, sizeof buffer);
    assert_int_equal(mr_type_print(type, NULL, mr_text_write, &text), MR_OK);
    assert_int_equal(strstr(buffer, "pragma") != NULL, function.count == 1);
  }
  mr_type_release(type);
  mr_type_release(visit);
  mr_type_release(behind);
  mr_type_release(inner);
}

static void alignments_that_compilers_refuse_are_refused(void **state) {
  (void)state;
  const size_t most = (size_t)1 << 28;
  mr_member_spec spec = {.name = "a", .type = int32(), .alignment = 2 * most};
  mr_layout_options options = {.alignment = 2 * most};
  const mr_type *types[3];
  types[0] = aggregate(MR_KIND_STRUCT, NULL, &spec, 1);
  types[1] = realigned(int32(), 2 * most);
  assert_int_equal(mr_type_build_struct(NULL, NULL, &spec, 0, &options, &types[2], NULL), MR_OK);
  for (size_t i = 0; i < 3; i++) {
    refuses(types[i], "it");
    mr_type_release(types[i]);
  }
  writes(realigned(int32(), most), "it",
         "typedef int32_t mr_type_1 __attribute__((aligned(268435456)));\nmr_type_1 it;\n");
}

static void layouts_that_no_attribute_makes_are_refused(void **state) {
  (void)state;
  mr_member member = {.name = "a", .type = int32(), .offset = 8, .alignment = 4};
  mr_type type = {.kind = MR_KIND_STRUCT,
                  .size = 12,
                  .alignment = 4,
                  .count = 1,
                  .members = &member,
                  .is_static = true};
  refuses(&type, "it");
  member.offset = 0;
  refuses(&type, "it");
  type.size = 4;
  writes_as(&type, "it", "struct {\n  int32_t a;\n} it;\n");
}

static void structs_of_the_other_order_say_so(void **state) {
  (void)state;
  char expected[TEXT_SIZE];
  mr_text text = mr_text_of(expected, sizeof expected);
  assert_int_equal(mr_text_print(mr_text_write, &text,
                                 "struct __attribute__((scalar_storage_order(\"%s-endian\"))) {\n"
                                 "  int32_t m0;\n"
                                 "  int8_t m1;\n"
                                 "  int64_t m2[2][3];\n"
                                 "  void *m3;\n"
                                 "  struct {\n"
                                 "    int32_t m5;\n"
                                 "  } m4;\n"
                                 "} it;\n",
                                 other_order() == MR_BIG_ENDIAN ? "big" : "little"),
                   MR_OK);
  writes_described("{^ic[2][3]^lp{i}}", expected);
}

static void orders_that_c_has_no_words_for_are_refused(void **state) {
  (void)state;
  refuses_described("{^ii}");
  refuses_described("^i");
  refuses_described("[2]^i");
  refuses_described("{^p}");
  refuses_described("{{^ii}c}");
  const mr_type *behind = pointer(mr_scalar_type(MR_KIND_I32, other_order()));
  refuses(behind, "it");
  mr_type_release(behind);
}

static void an_octet_has_no_order_but_its_bits_have(void **state) {
  (void)state;
  const mr_type *octet = mr_scalar_type(MR_KIND_U8, other_order());
  mr_member_spec specs[] = {{.name = "a", .type = octet, .is_bit_field = true, .bit_width = 3},
                            {.name = "b", .type = int32()}};
  writes(structure(NULL, "a", octet), "it", "struct {\n  uint8_t a;\n} it;\n");
  const mr_type *mixed = aggregate(MR_KIND_STRUCT, NULL, specs, 2);
  refuses(mixed, "it");
  mr_type_release(mixed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(flexible_arrays_are_open),
      cmocka_unit_test(bit_fields_are_written_with_their_widths),
      cmocka_unit_test(bit_fields_that_are_packed_are_written_so),
      cmocka_unit_test(a_member_is_packed_by_itself_where_bit_fields_are_not),
      cmocka_unit_test(attributes_make_the_layout_what_it_is),
      cmocka_unit_test(a_pack_is_a_pragma_where_no_other_struct_is_inside),
      cmocka_unit_test(a_pragma_does_not_reach_into_functions),
      cmocka_unit_test(alignments_that_compilers_refuse_are_refused),
      cmocka_unit_test(layouts_that_no_attribute_makes_are_refused),
      cmocka_unit_test(structs_of_the_other_order_say_so),
      cmocka_unit_test(orders_that_c_has_no_words_for_are_refused),
      cmocka_unit_test(an_octet_has_no_order_but_its_bits_have),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

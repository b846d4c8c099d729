#include <string.h>

#include "declare_support.h"

static void what_has_a_tag_is_defined_first_and_once(void **state) {
  (void)state;
  mr_member_spec place[] = {
      {.name = "line", .type = int32()},
      {.name = "column", .type = native(MR_KIND_U32), .is_bit_field = true, .bit_width = 12}};
  const mr_type *inner = aggregate(MR_KIND_STRUCT, "place", place, 2);
  const mr_type *three = array(mr_type_acquire(inner), 3);
  writes_as(three, "name",
            "struct place {\n  int32_t line;\n  uint32_t column : 12;\n};\n"
            "struct place name[3];\n");
  mr_member_spec span[] = {{.name = "from", .type = inner}, {.name = "rest", .type = three}};
  writes(aggregate(MR_KIND_UNION, "span", span, 2), "it",
         "struct place {\n  int32_t line;\n  uint32_t column : 12;\n};\n"
         "union span {\n  struct place from;\n  struct place rest[3];\n};\n"
         "union span it;\n");
  writes(inner, NULL, "struct place {\n  int32_t line;\n  uint32_t column : 12;\n};\n");
  mr_type_release(three);
}

static void what_is_only_pointed_to_is_not_defined(void **state) {
  (void)state;
  mr_type next = {.kind = MR_KIND_STRUCT,
                  .alignment = 1,
                  .name = "node",
                  .is_incomplete = true,
                  .is_static = true};
  const mr_type *node = structure("node", "next", pointer(&next));
  writes_as(node, NULL, "struct node {\n  struct node *next;\n};\n");
  atomic_store(&next.completion, node);
  writes_as(node, NULL, "struct node {\n  struct node *next;\n};\n");
  writes_as(&next, NULL, "struct node {\n  struct node *next;\n};\n");
  writes(pointer(realigned(mr_type_acquire(node), 16)), "it", "struct node *it;\n");
  writes(pointer(array(mr_type_acquire(node), 2)), "it",
         "struct node {\n  struct node *next;\n};\n"
         "struct node (*it)[2];\n");
  atomic_store(&next.completion, NULL);
  writes_as(&next, NULL, "struct node;\n");
  mr_type_release(node);
}

static void what_has_no_tag_is_written_where_it_stands(void **state) {
  (void)state;
  writes_described("<i{c[2]s}>",
                   "union {\n"
                   "  int32_t m0;\n"
                   "  struct {\n"
                   "    int8_t m2;\n"
                   "    int16_t m3[2];\n"
                   "  } m1;\n"
                   "} it;\n");
  writes(pointer(described_type(NULL, "{i}")), NULL, "struct {\n  int32_t m0;\n} *");
  writes_described("{}", "struct {\n} it;\n");
}

static void members_without_name_are_written_without_one(void **state) {
  (void)state;
  writes_described("{_<ic>s}",
                   "struct {\n"
                   "  union {\n"
                   "    int32_t m0;\n"
                   "    int8_t m1;\n"
                   "  };\n"
                   "  int16_t m2;\n"
                   "} it;\n");
}

static void members_without_name_that_c_has_not_are_refused(void **state) {
  (void)state;
  refuses_described("{_i}");
  refuses_described("{_[2]{i}}");
  refuses_described("{c_~1:{i}}");
  const mr_type *inner = structure("inner", "x", int32());
  mr_member_spec nameless = {.type = inner};
  mr_member_spec aligned = {.type = NULL, .alignment = 16};
  const mr_type *outer = aggregate(MR_KIND_STRUCT, "outer", &nameless, 1);
  refuses(outer, "it");
  mr_type_release(outer);
  mr_type_release(inner);
  aligned.type = described_type(NULL, "{i}");
  outer = aggregate(MR_KIND_STRUCT, "outer", &aligned, 1);
  refuses(outer, "it");
  mr_type_release(outer);
  mr_type_release(aligned.type);
}

static void tags_in_parameters_are_declared_before(void **state) {
  (void)state;
  const mr_type *node = structure("node", "x", int32()), *behind = pointer(mr_type_acquire(node));
  mr_member parameter = {.type = behind};
  mr_type function = {.kind = MR_KIND_FUNCTION,
                      .alignment = 1,
                      .count = 1,
                      .members = &parameter,
                      .is_static = true};
  mr_member_spec specs[] = {{.name = "visit", .type = pointer(&function)},
                            {.name = "leave", .type = pointer(&function)}};
  const mr_type *visitor = aggregate(MR_KIND_STRUCT, "visitor", specs, 2);
  writes(visitor, NULL,
         "struct node;\n"
         "struct visitor {\n"
         "  void (*visit)(struct node *);\n"
         "  void (*leave)(struct node *);\n"
         "};\n");
  parameter.type = node;
  writes(pointer(&function), "it", "struct node;\nvoid (*it)(struct node);\n");
  writes_as(&function, "it", "struct node {\n  int32_t x;\n};\nvoid it(struct node);\n");
  mr_type_release(specs[0].type);
  mr_type_release(specs[1].type);
  mr_type_release(behind);
  mr_type_release(node);
}

static void vectors_have_typedefs(void **state) {
  (void)state;
  mr_type vector = {.kind = MR_KIND_ARRAY,
                    .size = 16,
                    .alignment = 16,
                    .element = native(MR_KIND_F32),
                    .count = 4,
                    .is_vector = true,
                    .is_static = true};
  writes_as(&vector, "it",
            "typedef float mr_type_1 __attribute__((vector_size(16)));\n"
            "mr_type_1 it;\n");
  writes(realigned(array(&vector, 2), 8), "it",
         "typedef float mr_type_1 __attribute__((vector_size(16)));\n"
         "typedef mr_type_1 mr_type_2[2] __attribute__((aligned(8)));\n"
         "mr_type_2 it;\n");
  writes(realigned(&vector, 4), NULL,
         "typedef float mr_type_1 __attribute__((vector_size(16)));\n"
         "typedef mr_type_1 mr_type_2 __attribute__((aligned(4)));\n"
         "mr_type_2");
  vector.element = native(MR_KIND_POINTER);
  refuses(&vector, "it");
  vector.element = mr_scalar_type(MR_KIND_F32, other_order());
  refuses(&vector, "it");
}

static void types_that_were_realigned_have_typedefs(void **state) {
  (void)state;
  writes_described("~1:i",
                   "typedef int32_t mr_type_1 __attribute__((aligned(1)));\nmr_type_1 it;\n");
  writes_described("~4:i", "int32_t it;\n");
  writes_described("{c~1:i[2]~2:l}",
                   "typedef int32_t mr_type_1 __attribute__((aligned(1)));\n"
                   "typedef int64_t mr_type_2 __attribute__((aligned(2)));\n"
                   "struct {\n"
                   "  int8_t m0;\n"
                   "  mr_type_1 m1;\n"
                   "  mr_type_2 m2[2];\n"
                   "} it;\n");
  writes_described("~64:{c}",
                   "typedef struct {\n  int8_t m0;\n} mr_type_1 __attribute__((aligned(64)));\n"
                   "mr_type_1 it;\n");
  writes(realigned(structure("s", "x", int32()), 8), NULL,
         "struct s {\n  int32_t x;\n};\n"
         "typedef struct s mr_type_1 __attribute__((aligned(8)));\n"
         "mr_type_1");
  writes(realigned(pointer(array(int32(), 3)), 2), "it",
         "typedef int32_t (*mr_type_1)[3] __attribute__((aligned(2)));\nmr_type_1 it;\n");
  writes(pointer(realigned(int32(), 2)), "it",
         "typedef int32_t mr_type_1 __attribute__((aligned(2)));\nmr_type_1 *it;\n");
}

static void enums_without_tag_have_typedefs(void **state) {
  (void)state;
  const mr_enumerator name = {"A", 1};
  const mr_type *one = enumeration(NULL, MR_KIND_U32, &name, 1);
  const mr_type *same = enumeration(NULL, MR_KIND_U32, &name, 1);
  const mr_type *behind = realigned(mr_type_acquire(one), 1);
  mr_member_spec specs[] = {
      {.name = "a", .type = one}, {.name = "b", .type = same}, {.name = "c", .type = behind}};
  writes(aggregate(MR_KIND_STRUCT, "s", specs, 3), NULL,
         "typedef enum {\n  A = 1\n} mr_type_1;\n"
         "typedef mr_type_1 mr_type_2 __attribute__((aligned(1)));\n"
         "struct s {\n  mr_type_1 a;\n  mr_type_1 b;\n  mr_type_2 c;\n};\n");
  mr_type_release(one);
  mr_type_release(same);
  mr_type_release(behind);
}

static void an_enum_is_one_in_both_orders(void **state) {
  (void)state;
  const mr_enumerator name = {"A", 1};
  const mr_type *swapped, *usual = enumeration("e", MR_KIND_U32, &name, 1);
  assert_int_equal(mr_type_build_enum(NULL, "e", mr_scalar_type(MR_KIND_U32, other_order()), &name,
                                      1, &swapped, NULL),
                   MR_OK);
  mr_member_spec specs[] = {{.name = "a", .type = structure(NULL, "x", swapped)},
                            {.name = "b", .type = usual}};
  const mr_type *both = aggregate(MR_KIND_STRUCT, "s", specs, 2);
  char buffer[TEXT_SIZE];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_type_print(both, NULL, mr_text_write, &text), MR_OK);
  assert_ptr_equal(strstr(buffer, "A = 1"), strstr(buffer, "A"));
  assert_null(strstr(strstr(buffer, "A = 1") + 1, "A = 1"));
  mr_type_release(both);
  mr_type_release(specs[0].type);
  mr_type_release(usual);
}

static const mr_type *pair(const mr_type *a, const mr_type *b) {
  mr_member_spec specs[] = {{.name = "a", .type = a}, {.name = "b", .type = b}};
  const mr_type *type = aggregate(MR_KIND_STRUCT, "pair", specs, 2);
  mr_type_release(a);
  mr_type_release(b);
  return type;
}

static void equal_types_of_one_tag_are_defined_once(void **state) {
  (void)state;
  const mr_type *one = structure("s", "x", int32());
  writes(pair(mr_type_acquire(one), structure("s", "x", int32())), NULL,
         "struct s {\n  int32_t x;\n};\n"
         "struct pair {\n  struct s a;\n  struct s b;\n};\n");
  writes(pair(pointer(one), structure("s", "x", int32())), NULL,
         "struct s {\n  int32_t x;\n};\n"
         "struct pair {\n  struct s *a;\n  struct s b;\n};\n");
}

static void one_tag_for_two_types_is_refused(void **state) {
  (void)state;
  const mr_enumerator name = {"A", 1};
  mr_member_spec x = {.name = "x", .type = int32()};
  const mr_type *both[] = {
      pair(structure("s", "x", int32()), structure("s", "y", int32())),
      pair(structure("s", "x", int32()), aggregate(MR_KIND_UNION, "s", &x, 1)),
      pair(structure("s", "x", int32()), pointer(aggregate(MR_KIND_UNION, "s", &x, 1))),
      pair(structure("s", "x", int32()), enumeration("s", MR_KIND_U32, &name, 1)),
      pair(structure("pair", "x", int32()), int32())};
  for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
    refuses(both[i], "it");
    mr_type_release(both[i]);
  }
}

static void one_enumerator_in_two_enums_is_refused(void **state) {
  (void)state;
  const mr_enumerator one = {"A", 1}, two = {"A", 2};
  const mr_type *both =
      pair(enumeration("e", MR_KIND_U32, &one, 1), enumeration("f", MR_KIND_U32, &one, 1));
  refuses(both, "it");
  mr_type_release(both);
  both = pair(enumeration(NULL, MR_KIND_U32, &one, 1), enumeration(NULL, MR_KIND_U32, &two, 1));
  refuses(both, "it");
  mr_type_release(both);
  both = enumeration("e", MR_KIND_U32, &one, 1);
  refuses(both, "A");
  mr_type_release(both);
}

static void what_has_no_size_is_not_declared(void **state) {
  (void)state;
  mr_type nothing = {.alignment = 1, .kind = MR_KIND_VOID, .is_static = true};
  mr_type nameless = {
      .alignment = 1, .kind = MR_KIND_STRUCT, .is_incomplete = true, .is_static = true};
  mr_type declared = nameless;
  declared.name = "s";
  refuses(&nothing, "it");
  refuses(&nameless, "it");
  refuses(&declared, "it");
  refuses(&nameless, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_has_a_tag_is_defined_first_and_once),
      cmocka_unit_test(what_is_only_pointed_to_is_not_defined),
      cmocka_unit_test(what_has_no_tag_is_written_where_it_stands),
      cmocka_unit_test(members_without_name_are_written_without_one),
      cmocka_unit_test(members_without_name_that_c_has_not_are_refused),
      cmocka_unit_test(tags_in_parameters_are_declared_before),
      cmocka_unit_test(vectors_have_typedefs),
      cmocka_unit_test(types_that_were_realigned_have_typedefs),
      cmocka_unit_test(enums_without_tag_have_typedefs),
      cmocka_unit_test(an_enum_is_one_in_both_orders),
      cmocka_unit_test(equal_types_of_one_tag_are_defined_once),
      cmocka_unit_test(one_tag_for_two_types_is_refused),
      cmocka_unit_test(one_enumerator_in_two_enums_is_refused),
      cmocka_unit_test(what_has_no_size_is_not_declared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

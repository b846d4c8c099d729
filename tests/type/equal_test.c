#include <memregions/type.h>

#include "described_type.h"
#include "support.h"
#include "type.h"

static const mr_type *int32(void) { return mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER); }

static const mr_type *int16(void) { return mr_scalar_type(MR_KIND_I16, MR_NATIVE_ORDER); }

static const mr_type *structure(const char *tag, const char *member, const mr_type *type) {
  const mr_type *built;
  mr_member_spec spec = {.name = member, .type = type};
  assert_int_equal(mr_type_build_struct(NULL, tag, &spec, 1, NULL, &built, NULL), MR_OK);
  return built;
}

static const mr_type *pointer(const mr_type *pointee) {
  const mr_type *built;
  assert_int_equal(mr_type_build_pointer(NULL, MR_TARGET_NATIVE, pointee, &built), MR_OK);
  return built;
}

/* Releases both. */
static bool are_equal(const mr_type *a, const mr_type *b) {
  bool is_equal = mr_type_equal(a, b);
  assert_int_equal(mr_type_equal(b, a), is_equal);
  assert_true(mr_type_equal(a, a));
  mr_type_release(a);
  mr_type_release(b);
  return is_equal;
}

static void types_are_equal_where_they_are_described_alike(void **state) {
  (void)state;
  static const char *const texts[] = {
      "b",      "c",       "C",         "s",      "^s",      "i",      "I",     "f",      "d",
      "p",      "{}",      "<>",        "{i}",    "<i>",     "{^i}",   "{ii}",  "{ic}",   "{ci}",
      "{P;ci}", "{A8;ci}", "{c~1:i}",   "[2]i",   "[3]i",    "[0]i",   "~8:i",  "~2:i",   "{_{i}c}",
      "{{i}c}", "{_<i>}",  "{[2][3]c}", "[1]{i}", "{c@8:i}", "{[0]i}", "[2]^i", "~2:[3]i"};
  size_t count = sizeof texts / sizeof *texts;
  for (size_t i = 0; i < count; i++) {
    for (size_t j = 0; j < count; j++) {
      bool is_equal = are_equal(described_type(NULL, texts[i]), described_type(NULL, texts[j]));
      if (is_equal != (i == j)) fail_msg("%s and %s", texts[i], texts[j]);
    }
  }
}

static void null_is_void(void **state) {
  (void)state;
  mr_type nothing = {.alignment = 1, .name = "void", .kind = MR_KIND_VOID, .is_static = true};
  assert_true(mr_type_equal(NULL, NULL));
  assert_true(mr_type_equal(NULL, &nothing));
  assert_true(mr_type_equal(&nothing, NULL));
  assert_false(mr_type_equal(NULL, int32()));
  assert_false(mr_type_equal(int32(), NULL));
  assert_true(are_equal(pointer(NULL), pointer(&nothing)));
  assert_true(are_equal(pointer(NULL), mr_scalar_type(MR_KIND_POINTER, MR_NATIVE_ORDER)));
}

static void names_of_members_count(void **state) {
  (void)state;
  assert_true(are_equal(structure(NULL, "a", int32()), structure(NULL, "a", int32())));
  assert_false(are_equal(structure(NULL, "a", int32()), structure(NULL, "b", int32())));
  assert_false(are_equal(structure(NULL, "a", int32()), structure(NULL, NULL, int32())));
}

static void tags_count(void **state) {
  (void)state;
  assert_true(are_equal(structure("s", "a", int32()), structure("s", "a", int32())));
  assert_false(are_equal(structure("s", "a", int32()), structure("t", "a", int32())));
  assert_false(are_equal(structure("s", "a", int32()), structure(NULL, "a", int32())));
  assert_false(are_equal(structure("s", "a", int32()), structure("s", "a", int16())));
}

static void names_of_typedefs_do_not_count(void **state) {
  (void)state;
  const mr_type *plain = structure("s", "a", int32()), *named;
  assert_int_equal(mr_type_realign(NULL, plain, 4, &named), MR_OK);
  ((mr_type *)named)->name = "other";
  assert_true(are_equal(plain, named));
}

static void an_enum_is_equal_where_its_names_and_values_are(void **state) {
  (void)state;
  static const mr_enumerator names[] = {{"A", 1}, {"B", 2}, {"B", 3}, {"C", 2}};
  const mr_type *enums[5];
  const size_t pairs[4][2] = {{0, 1}, {0, 1}, {0, 2}, {0, 3}};
  for (size_t i = 0; i < 4; i++) {
    mr_enumerator chosen[] = {names[pairs[i][0]], names[pairs[i][1]]};
    assert_int_equal(mr_type_build_enum(NULL, "e", int32(), chosen, 2, &enums[i], NULL), MR_OK);
  }
  assert_int_equal(mr_type_build_enum(NULL, "e", int32(), names, 1, &enums[4], NULL), MR_OK);
  assert_true(mr_type_equal(enums[0], enums[1]));
  assert_false(mr_type_equal(enums[0], enums[2]));
  assert_false(mr_type_equal(enums[0], enums[3]));
  assert_false(mr_type_equal(enums[0], enums[4]));
  assert_false(mr_type_equal(enums[0], int32()));
  assert_false(mr_type_equal(int32(), enums[0]));
  for (size_t i = 0; i < 5; i++) mr_type_release(enums[i]);
}

static const mr_type *bits(const mr_type *type, uint8_t before, uint8_t width) {
  const mr_type *built;
  mr_member_spec specs[] = {{.type = type, .is_bit_field = true, .bit_width = before},
                            {.name = "b", .type = type, .is_bit_field = true, .bit_width = width}};
  assert_int_equal(mr_type_build_struct(NULL, NULL, specs, 2, NULL, &built, NULL), MR_OK);
  return built;
}

static void bit_fields_are_equal_where_their_bits_are(void **state) {
  (void)state;
  const mr_type *little = mr_scalar_type(MR_KIND_U8, MR_LITTLE_ENDIAN);
  const mr_type *big = mr_scalar_type(MR_KIND_U8, MR_BIG_ENDIAN);
  assert_true(are_equal(bits(little, 3, 2), bits(little, 3, 2)));
  assert_false(are_equal(bits(little, 3, 2), bits(little, 3, 3)));
  assert_false(are_equal(bits(little, 3, 2), bits(little, 2, 2)));
  assert_false(are_equal(bits(little, 3, 2), bits(big, 3, 2)));
  assert_true(mr_type_equal(little, big));
  assert_false(are_equal(bits(little, 0, 8), described_type(NULL, "{CC}")));
}

static void behind_pointers_a_tag_is_enough(void **state) {
  (void)state;
  const mr_type *small = structure("s", "a", int16()), *large = structure("s", "a", int32());
  const mr_type *other = structure("t", "a", int32()), *none = structure(NULL, "a", int32());
  mr_type only_declared = {.kind = MR_KIND_STRUCT,
                           .alignment = 1,
                           .name = "s",
                           .is_incomplete = true,
                           .is_static = true};
  mr_type as_union = only_declared;
  as_union.kind = MR_KIND_UNION;
  assert_false(mr_type_equal(small, large));
  assert_true(are_equal(pointer(small), pointer(large)));
  assert_true(are_equal(pointer(small), pointer(&only_declared)));
  assert_false(are_equal(pointer(small), pointer(&as_union)));
  assert_false(are_equal(pointer(large), pointer(other)));
  assert_false(are_equal(pointer(large), pointer(none)));
  const mr_type *to_small = pointer(small), *to_large = pointer(large);
  assert_true(are_equal(pointer(to_small), pointer(to_large)));
  mr_type_release(to_small);
  mr_type_release(to_large);
  mr_type_release(small);
  mr_type_release(large);
  mr_type_release(other);
  mr_type_release(none);
}

static void arrays_behind_pointers_are_equal_where_their_elements_are(void **state) {
  (void)state;
  const mr_type *small = structure("s", "a", int16()), *large = structure("s", "a", int32());
  const mr_type *arrays[4];
  assert_int_equal(mr_type_build_array(NULL, small, 3, &arrays[0]), MR_OK);
  assert_int_equal(mr_type_build_array(NULL, large, 3, &arrays[1]), MR_OK);
  assert_int_equal(mr_type_build_array(NULL, large, 2, &arrays[2]), MR_OK);
  assert_int_equal(mr_type_realign(NULL, arrays[1], 1, &arrays[3]), MR_OK);
  assert_false(mr_type_equal(arrays[0], arrays[1]));
  assert_true(are_equal(pointer(arrays[0]), pointer(arrays[1])));
  assert_false(are_equal(pointer(arrays[1]), pointer(arrays[2])));
  assert_false(are_equal(pointer(arrays[1]), pointer(arrays[3])));
  for (size_t i = 0; i < 4; i++) mr_type_release(arrays[i]);
  mr_type_release(small);
  mr_type_release(large);
}

static void what_has_no_tag_is_compared_behind_pointers_too(void **state) {
  (void)state;
  const mr_type *a = structure(NULL, "a", int32()), *b = structure(NULL, "a", int32());
  const mr_type *c = structure(NULL, "a", int16());
  assert_true(are_equal(pointer(a), pointer(b)));
  assert_false(are_equal(pointer(a), pointer(c)));
  assert_false(are_equal(pointer(a), pointer(NULL)));
  mr_type_release(a);
  mr_type_release(b);
  mr_type_release(c);
}

static void behind_pointers_an_enum_is_known_by_its_tag(void **state) {
  (void)state;
  static const mr_enumerator name = {"A", 1};
  mr_type only_declared = {.kind = MR_KIND_U32,
                           .alignment = 1,
                           .name = "e",
                           .is_enum = true,
                           .is_incomplete = true,
                           .is_static = true};
  const mr_type *defined;
  assert_int_equal(mr_type_build_enum(NULL, "e", int16(), &name, 1, &defined, NULL), MR_OK);
  assert_false(mr_type_equal(defined, &only_declared));
  assert_true(are_equal(pointer(defined), pointer(&only_declared)));
  assert_false(are_equal(pointer(defined), pointer(int16())));
  mr_type_release(defined);
}

static void what_is_only_declared_is_equal_by_its_tag(void **state) {
  (void)state;
  mr_type one = {.kind = MR_KIND_STRUCT,
                 .alignment = 1,
                 .name = "s",
                 .is_incomplete = true,
                 .is_static = true};
  mr_type same = one, other = one;
  other.name = "t";
  assert_true(mr_type_equal(&one, &same));
  assert_false(mr_type_equal(&one, &other));
  const mr_type *defined = structure("s", "a", int32());
  assert_false(mr_type_equal(&one, defined));
  atomic_store(&one.completion, defined);
  assert_true(mr_type_equal(&one, defined));
  mr_type_release(defined);
}

static void plain_char_is_a_type_of_its_own(void **state) {
  (void)state;
  mr_type character = *mr_scalar_type(MR_KIND_I8, MR_NATIVE_ORDER);
  character.is_character = true;
  mr_type same = character;
  assert_true(mr_type_equal(&character, &same));
  assert_false(mr_type_equal(&character, mr_scalar_type(MR_KIND_I8, MR_NATIVE_ORDER)));
}

static void flexible_arrays_and_vectors_are_no_other_arrays(void **state) {
  (void)state;
  const mr_type *flexible, *none;
  assert_int_equal(mr_type_build_flexible_array(NULL, int32(), &flexible), MR_OK);
  assert_int_equal(mr_type_build_array(NULL, int32(), 0, &none), MR_OK);
  assert_false(are_equal(flexible, none));
  mr_type array = {.kind = MR_KIND_ARRAY,
                   .size = 16,
                   .alignment = 16,
                   .element = int32(),
                   .count = 4,
                   .is_static = true};
  mr_type vector = array;
  vector.is_vector = true;
  assert_false(mr_type_equal(&array, &vector));
}

static void functions_are_equal_where_results_and_parameters_are(void **state) {
  (void)state;
  mr_member of_int = {.name = "a", .type = int32()}, named = {.name = "b", .type = int32()};
  mr_member of_short = {.name = "a", .type = int16()};
  mr_type function = {.kind = MR_KIND_FUNCTION,
                      .alignment = 1,
                      .element = int32(),
                      .count = 1,
                      .members = &of_int,
                      .is_static = true};
  mr_type same = function, other = function, variadic = function, none = function,
          result = function;
  same.members = &named;
  other.members = &of_short;
  variadic.is_variadic = true;
  none.count = 0;
  result.element = NULL;
  assert_true(mr_type_equal(&function, &same));
  assert_true(are_equal(pointer(&function), pointer(&same)));
  assert_false(mr_type_equal(&function, &other));
  assert_false(mr_type_equal(&function, &variadic));
  assert_false(mr_type_equal(&function, &none));
  assert_false(mr_type_equal(&function, &result));
}

/* 2^60 ways go through it. */
static const mr_type *shared_many_times(const mr_type *last) {
  const mr_type *type = mr_type_acquire(last), *around;
  for (int i = 0; i < 60; i++) {
    mr_member_spec specs[] = {{.name = "a", .type = type}, {.name = "b", .type = type}};
    assert_int_equal(mr_type_build_union(NULL, NULL, specs, 2, NULL, &around, NULL), MR_OK);
    mr_type_release(type);
    type = around;
  }
  return type;
}

static void parts_that_are_shared_are_compared_once(void **state) {
  (void)state;
  assert_true(are_equal(shared_many_times(int32()), shared_many_times(int32())));
  assert_false(are_equal(shared_many_times(int32()), shared_many_times(int16())));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(types_are_equal_where_they_are_described_alike),
      cmocka_unit_test(null_is_void),
      cmocka_unit_test(names_of_members_count),
      cmocka_unit_test(tags_count),
      cmocka_unit_test(names_of_typedefs_do_not_count),
      cmocka_unit_test(an_enum_is_equal_where_its_names_and_values_are),
      cmocka_unit_test(bit_fields_are_equal_where_their_bits_are),
      cmocka_unit_test(behind_pointers_a_tag_is_enough),
      cmocka_unit_test(arrays_behind_pointers_are_equal_where_their_elements_are),
      cmocka_unit_test(what_has_no_tag_is_compared_behind_pointers_too),
      cmocka_unit_test(behind_pointers_an_enum_is_known_by_its_tag),
      cmocka_unit_test(what_is_only_declared_is_equal_by_its_tag),
      cmocka_unit_test(plain_char_is_a_type_of_its_own),
      cmocka_unit_test(flexible_arrays_and_vectors_are_no_other_arrays),
      cmocka_unit_test(functions_are_equal_where_results_and_parameters_are),
      cmocka_unit_test(parts_that_are_shared_are_compared_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

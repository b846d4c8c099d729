#include <float.h>

#include "declare_support.h"

static void scalars_have_the_names_of_c(void **state) {
  (void)state;
  mr_type plain_long = scalar("unsigned long", MR_KIND_U64);
  writes_as(int32(), "it", "int32_t it;\n");
  writes_as(native(MR_KIND_BOOL), "it", "_Bool it;\n");
  writes_as(native(MR_KIND_F64), "it", "double it;\n");
  writes_as(native(MR_KIND_LONG_DOUBLE), "it", "long double it;\n");
  writes_as(native(MR_KIND_COMPLEX_LONG_DOUBLE), "it", "long double _Complex it;\n");
  if (sizeof(long) == sizeof(uint64_t)) writes_as(&plain_long, "it", "unsigned long it;\n");
}

static void a_name_that_means_something_else_is_not_used(void **state) {
  (void)state;
  mr_type wrong = scalar("short", MR_KIND_I32), unknown = scalar("velocity", MR_KIND_F32);
  mr_type nameless = scalar(NULL, MR_KIND_U8);
  writes_as(&wrong, "it", "int32_t it;\n");
  writes_as(&unknown, "it", "float it;\n");
  writes_as(&nameless, "it", "uint8_t it;\n");
}

static void plain_char_is_written_as_such(void **state) {
  (void)state;
  mr_type character = scalar("char", (char)-1 < 0 ? MR_KIND_I8 : MR_KIND_U8);
  character.is_character = true;
  writes_as(&character, "it", "char it;\n");
  character.kind = (char)-1 < 0 ? MR_KIND_U8 : MR_KIND_I8;
  refuses(&character, "it");
}

static void a_long_is_as_large_as_the_target_has_it(void **state) {
  (void)state;
  mr_type windows = scalar("long", MR_KIND_I32);
  windows.target = MR_TARGET_WINDOWS_X64;
  writes_as(&windows, "it", "long it;\n");
  windows.kind = MR_KIND_I64;
  writes_as(&windows, "it", "int64_t it;\n");
}

static mr_type scalar_of(mr_target target, mr_kind kind, size_t size) {
  mr_type type = scalar(NULL, kind);
  type.target = (uint8_t)target;
  type.size = size;
  type.order = MR_LITTLE_ENDIAN;
  type.alignment = size < 16 ? 4 : 16;
  return type;
}

static void a_long_double_is_what_the_target_has(void **state) {
  (void)state;
  bool is_quad = LDBL_MANT_DIG == 113, is_x87 = LDBL_MANT_DIG == 64;
  mr_kind quad_kind = is_quad ? MR_KIND_LONG_DOUBLE : MR_KIND_F128;
  mr_kind x87_kind = is_x87 ? MR_KIND_LONG_DOUBLE : MR_KIND_F80;
  mr_type quad = scalar_of(MR_TARGET_AARCH64, quad_kind, 16);
  mr_type x87 = scalar_of(MR_TARGET_I386, x87_kind, 12);
  mr_type on_x86 = scalar_of(MR_TARGET_X86_64, quad_kind, 16);
  mr_type none = scalar_of(MR_TARGET_ARM, quad_kind, 16);
  mr_type wrong = scalar_of(MR_TARGET_I386, x87_kind, 16);
  writes_as(&quad, "it", "long double it;\n");
  writes_as(&x87, "it", "long double it;\n");
  writes_as(&on_x86, "it", "__float128 it;\n");
  mr_type as_double = scalar_of(MR_TARGET_WINDOWS_X64, MR_KIND_F64, 8);
  as_double.alignment = 8;
  as_double.name = "long double";
  writes_as(&as_double, "it", "double it;\n");
  refuses(&none, "it");
  refuses(&wrong, "it");
  quad.kind = is_quad ? MR_KIND_COMPLEX_LONG_DOUBLE : MR_KIND_COMPLEX_F128;
  quad.size = 32;
  writes_as(&quad, "it", "long double _Complex it;\n");
  x87.kind = is_x87 ? MR_KIND_COMPLEX_LONG_DOUBLE : MR_KIND_COMPLEX_F80;
  x87.size = 24;
  x87.alignment = 4;
  writes_as(&x87, "it", "long double _Complex it;\n");
}

static void integers_that_the_target_has_not_are_refused(void **state) {
  (void)state;
  mr_type wide = scalar_of(MR_TARGET_I386, MR_KIND_U128, 16);
  refuses(&wide, "it");
  wide.target = MR_TARGET_X86_64;
  writes_as(&wide, "it", "unsigned __int128 it;\n");
}

static void scalars_of_another_size_are_refused(void **state) {
  (void)state;
  mr_type small = *native(MR_KIND_POINTER);
  small.size = small.alignment = 2;
  refuses(&small, "it");
  mr_type real = *native(MR_KIND_F32);
  real.size = 2;
  refuses(&real, "it");
}

static void enums_are_written_with_their_values(void **state) {
  (void)state;
  const mr_enumerator names[] = {{"RED", 0}, {"GREEN", 5}};
  writes(enumeration("color", MR_KIND_U32, names, 2), "it",
         "enum color {\n  RED = 0,\n  GREEN = 5\n};\nenum color it;\n");
  writes(enumeration("color", MR_KIND_U32, names, 1), NULL, "enum color {\n  RED = 0\n};\n");
  writes(pointer(enumeration("color", MR_KIND_U32, names, 2)), "it", "enum color *it;\n");
}

static void enums_are_as_large_as_their_integers(void **state) {
  (void)state;
  const mr_enumerator small = {"A", 1}, below = {"A", -1}, least = {"A", INT64_MIN};
  const mr_enumerator most = {"A", -1}, large = {"A", INT64_C(0x100000000)};
  writes(enumeration("e", MR_KIND_U8, &small, 1), NULL,
         "enum __attribute__((packed)) e {\n  A = 1\n};\n");
  writes(enumeration("e", MR_KIND_I8, &below, 1), NULL,
         "enum __attribute__((packed)) e {\n  A = -1\n};\n");
  writes(enumeration("e", MR_KIND_I32, &below, 1), NULL, "enum e {\n  A = -1\n};\n");
  writes(enumeration("e", MR_KIND_I16, &below, 1), NULL,
         "enum __attribute__((mode(HI))) e {\n  A = -1\n};\n");
  writes(enumeration("e", MR_KIND_U64, &small, 1), NULL,
         "enum __attribute__((mode(DI))) e {\n  A = 1\n};\n");
  writes(enumeration("e", MR_KIND_U64, &large, 1), NULL, "enum e {\n  A = 4294967296\n};\n");
  writes(enumeration("e", MR_KIND_U64, &most, 1), NULL,
         "enum e {\n  A = 18446744073709551615u\n};\n");
  writes(enumeration("e", MR_KIND_I64, &least, 1), NULL,
         "enum e {\n  A = -9223372036854775807 - 1\n};\n");
}

static void enums_that_c_has_not_are_refused(void **state) {
  (void)state;
  const mr_enumerator names[] = {{"A", 1}, {"int", 2}};
  const mr_enumerator type_name = {"uint8_t", 1}, typedef_name = {"mr_type_1", 1};
  const mr_type *odd[] = {enumeration("e", MR_KIND_I32, names, 1),
                          enumeration("e", MR_KIND_U32, names, 0),
                          enumeration(NULL, MR_KIND_U32, names, 0),
                          enumeration("e", MR_KIND_U32, names, 2),
                          enumeration("e", MR_KIND_U32, &type_name, 1),
                          enumeration("e", MR_KIND_U32, &typedef_name, 1)};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    refuses(odd[i], NULL);
    mr_type_release(odd[i]);
  }
}

static void words_of_c_are_no_names(void **state) {
  (void)state;
  const mr_type *odd[] = {structure("int", "x", int32()), structure("a b", "x", int32()),
                          structure("s", "while", int32())};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    refuses(odd[i], NULL);
    mr_type_release(odd[i]);
  }
  char buffer[TEXT_SIZE];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_type_print(int32(), "int", mr_text_write, &text), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_type_print(int32(), "a b", mr_text_write, &text), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_type_print(int32(), "", mr_text_write, &text), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_type_print(NULL, "a", mr_text_write, &text), MR_INVALID_ARGUMENT);
  assert_int_equal(text.length, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scalars_have_the_names_of_c),
      cmocka_unit_test(a_name_that_means_something_else_is_not_used),
      cmocka_unit_test(plain_char_is_written_as_such),
      cmocka_unit_test(a_long_is_as_large_as_the_target_has_it),
      cmocka_unit_test(a_long_double_is_what_the_target_has),
      cmocka_unit_test(integers_that_the_target_has_not_are_refused),
      cmocka_unit_test(scalars_of_another_size_are_refused),
      cmocka_unit_test(enums_are_written_with_their_values),
      cmocka_unit_test(enums_are_as_large_as_their_integers),
      cmocka_unit_test(enums_that_c_has_not_are_refused),
      cmocka_unit_test(words_of_c_are_no_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

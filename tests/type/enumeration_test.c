#include "declarations_support.h"

static mr_kind integer_of(mr_target target, const char *text) {
  const mr_type *type = type_for(target, text, "enum e");
  mr_kind kind = mr_type_kind(type);
  assert_true(mr_type_is_enum(type));
  mr_type_release(type);
  return kind;
}

static void an_enum_is_the_first_integer_that_holds_all(void **state) {
  (void)state;
  assert_int_equal(integer_of(MR_TARGET_X86_64, "enum e { A };"), MR_KIND_U32);
  assert_int_equal(integer_of(MR_TARGET_X86_64, "enum e { A = -1 };"), MR_KIND_I32);
  assert_int_equal(integer_of(MR_TARGET_X86_64, "enum e { A = 4294967295u };"), MR_KIND_U32);
  assert_int_equal(integer_of(MR_TARGET_X86_64, "enum e { A = 4294967296 };"), MR_KIND_U64);
  assert_int_equal(integer_of(MR_TARGET_X86_64, "enum e { A = -1, B = 2147483648 };"), MR_KIND_I64);
  assert_int_equal(integer_of(MR_TARGET_I386, "enum e { A = 4294967296 };"), MR_KIND_U64);
  is_laid_out_for(MR_TARGET_I386, "enum e { A = 4294967296 };", "enum e", 8, 4);
}

static void a_packed_enum_is_the_smallest_integer(void **state) {
  (void)state;
  assert_int_equal(integer_of(MR_TARGET_X86_64, "enum __attribute__((packed)) e { A = 255 };"),
                   MR_KIND_U8);
  assert_int_equal(integer_of(MR_TARGET_X86_64, "enum e { A = 256 } __attribute__((packed));"),
                   MR_KIND_U16);
  assert_int_equal(
      integer_of(MR_TARGET_X86_64, "enum e { A = -128, B = 127 } __attribute__((packed));"),
      MR_KIND_I8);
  assert_int_equal(
      integer_of(MR_TARGET_X86_64, "enum e { A = -1, B = 128 } __attribute__((packed));"),
      MR_KIND_I16);
  assert_int_equal(
      integer_of(MR_TARGET_X86_64, "enum e { A = 0x100000000 } __attribute__((packed));"),
      MR_KIND_U64);
}

static void microsofts_enums_are_int(void **state) {
  (void)state;
  mr_condition condition;
  assert_int_equal(integer_of(MR_TARGET_WINDOWS_X64, "enum e { A = 1 } __attribute__((packed));"),
                   MR_KIND_I32);
  assert_int_equal(integer_of(MR_TARGET_WINDOWS_X64, "enum e { A = 0xffffffff };"), MR_KIND_I32);
  assert_int_equal(read_for(MR_TARGET_WINDOWS_X64, "enum e { A = 0x100000000 };", &condition),
                   MR_UNSUPPORTED);
  assert_string_equal(condition.message, "no integer holds all of these values");
}

static void values_that_no_integer_holds_together_are_refused(void **state) {
  (void)state;
  refuses("enum e { A = -1, B = 0xffffffffffffffff };", MR_UNSUPPORTED, 1, 8,
          "no integer holds all of these values");
}

static void values_count_up(void **state) {
  (void)state;
  const mr_type *type = type_of("enum e { A, B, C = 7, D, E = -3, F, G = B + 1, };", "enum e");
  static const int64_t expected[] = {0, 1, 7, 8, -3, -2, 2};
  mr_enumerator enumerator;
  assert_int_equal(mr_type_count(type), 7);
  for (size_t i = 0; i < 7; i++) {
    assert_int_equal(mr_type_enumerator(type, i, &enumerator), MR_OK);
    assert_int_equal(enumerator.value, expected[i]);
  }
  assert_string_equal(mr_type_enumerator_name(type, 8), "D");
  mr_type_release(type);
}

static void values_count_up_no_further_than_their_type(void **state) {
  (void)state;
  static const char message[] = "this enumerator's value overflows";
  refuses("enum e { A = 2147483647, B };", MR_OVERFLOW, 1, 26, message);
  refuses("enum e { A = 4294967295u, B };", MR_OVERFLOW, 1, 27, message);
  refuses("enum e { A = 0x7fffffffffffffff, B };", MR_OVERFLOW, 1, 34, message);
  refuses("enum e { A = 0xffffffffffffffff, B };", MR_OVERFLOW, 1, 34, message);
  takes("enum e { A = 2147483648, B };");
  takes("enum e { A = 2147483647, B = 1, C = -1, D };");
}

static void enumerators_have_the_enums_type_where_int_is_too_small(void **state) {
  (void)state;
  is_laid_out(
      "enum { A = 1, B = 4294967295u, C = 4294967296 };"
      "typedef char t[sizeof(A) * 100 + sizeof(B) * 10 + sizeof(C)];",
      "t", 488, 1);
  is_laid_out("enum { A = 4294967295u, B = sizeof(A) }; typedef char t[B];", "t", 4, 1);
}

static void an_enum_may_be_named_before_it_is_defined(void **state) {
  (void)state;
  is_laid_out("enum e; struct s { enum e *p; }; enum e { A = -1 };", "enum e", 4, 4);
  is_laid_out("typedef enum e t; enum e { A }; struct s { t m; };", "struct s", 4, 4);
  refuses("enum e; struct s { enum e m; };", MR_INVALID_ARGUMENT, 1, 27,
          "the member m has an incomplete type");
}

static void what_is_no_enum_is_refused(void **state) {
  (void)state;
  refuses("enum e { };", MR_SYNTAX_ERROR, 1, 8, "an enum without enumerators");
  refuses("enum { A = };", MR_SYNTAX_ERROR, 1, 12, "expected an expression, not '}'");
  refuses("enum { A B };", MR_SYNTAX_ERROR, 1, 10,
          "expected ',' or '}' behind an enumerator, not 'B'");
  refuses("enum { 3 };", MR_SYNTAX_ERROR, 1, 8, "expected an enumerator, not '3'");
  refuses("enum { A,", MR_SYNTAX_ERROR, 1, 10, "expected an enumerator, not the end");
  refuses("enum;", MR_SYNTAX_ERROR, 1, 5, "expected a tag or '{', not ';'");
  refuses("enum e { A }; enum e { B };", MR_INVALID_ARGUMENT, 1, 20, "enum e is defined twice");
  refuses("struct e; enum e { A };", MR_INVALID_ARGUMENT, 1, 16,
          "'e' is the tag of another struct");
  refuses("enum e { A, A };", MR_INVALID_ARGUMENT, 1, 13, "'A' was declared before, as another");
  refuses("int A; enum e { A };", MR_INVALID_ARGUMENT, 1, 17,
          "'A' was declared before, as a variable");
  refuses("enum e { A = 1.5 };", MR_INVALID_ARGUMENT, 1, 14,
          "expected a constant integer, not a floating number");
}

static void attributes_of_enums_are_followed_or_refused(void **state) {
  (void)state;
  is_laid_out("enum e { A __attribute__((deprecated)) = 1 } __attribute__((mode(QI)));", "enum e",
              1, 1);
  refuses("enum e { A } __attribute__((aligned(8)));", MR_UNSUPPORTED, 1, 29,
          "an attribute that changes layout, of an enum");
  refuses("enum e { A __attribute__((packed)) };", MR_UNSUPPORTED, 1, 27,
          "an attribute that changes layout, of an enumerator");
  refuses("enum e { A = 256 } __attribute__((mode(QI)));", MR_UNSUPPORTED, 1, 8,
          "no integer holds all of these values");
  refuses("enum e { A } __attribute__((odd));", MR_UNSUPPORTED, 1, 29,
          "attribute 'odd' is not known, and may change the layout");
}

static void an_enum_of_128_bits_is_refused(void **state) {
  (void)state;
  refuses("enum __attribute__((mode(TI))) e { A };", MR_UNSUPPORTED, 1, 34,
          "no integer holds all of these values");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_enum_is_the_first_integer_that_holds_all),
      cmocka_unit_test(a_packed_enum_is_the_smallest_integer),
      cmocka_unit_test(microsofts_enums_are_int),
      cmocka_unit_test(values_that_no_integer_holds_together_are_refused),
      cmocka_unit_test(values_count_up),
      cmocka_unit_test(values_count_up_no_further_than_their_type),
      cmocka_unit_test(enumerators_have_the_enums_type_where_int_is_too_small),
      cmocka_unit_test(an_enum_may_be_named_before_it_is_defined),
      cmocka_unit_test(what_is_no_enum_is_refused),
      cmocka_unit_test(attributes_of_enums_are_followed_or_refused),
      cmocka_unit_test(an_enum_of_128_bits_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

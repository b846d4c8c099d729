#include "declarations_support.h"

static void literals_have_their_values(void **state) {
  (void)state;
  assert_int_equal(worth("42"), 42);
  assert_int_equal(worth("0x2aU"), 42);
  assert_int_equal(worth("0X2Al"), 42);
  assert_int_equal(worth("052"), 42);
  assert_int_equal(worth("0b101010ull"), 42);
  assert_int_equal(worth("0B101010LLu"), 42);
  assert_int_equal(worth("0"), 0);
  assert_int_equal(worth("0xffffffffffffffff"), -1);
}

static void literals_have_the_first_type_that_holds_them(void **state) {
  (void)state;
  assert_int_equal(worth("sizeof(2147483647)"), 4);
  assert_int_equal(worth("sizeof(2147483648)"), 8);
  assert_int_equal(worth("sizeof(0x80000000)"), 4);
  assert_int_equal(worth("-1 < 0x80000000"), 0);
  assert_int_equal(worth("-1 < 2147483648"), 1);
  assert_int_equal(worth("sizeof(1l)"), 8);
  assert_int_equal(worth_for(MR_TARGET_I386, "sizeof(1l)"), 4);
  assert_int_equal(worth_for(MR_TARGET_I386, "sizeof(4294967296)"), 8);
  assert_int_equal(worth("sizeof(1.5)"), 8);
}

static void literals_that_are_none_are_refused(void **state) {
  (void)state;
  static const char *const texts[] = {"enum { A = 08 };",  "enum { A = 1lul };",
                                      "enum { A = 0x };",  "enum { A = 1uu };",
                                      "enum { A = 0b2 };", "enum { A = 1lL };"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    refuses(texts[i], MR_SYNTAX_ERROR, 1, 12, "this is no number");
  }
  refuses("enum { A = 18446744073709551616 };", MR_OVERFLOW, 1, 12,
          "this number does not fit 64 bits");
  refuses("enum { A = 9223372036854775808 };", MR_OVERFLOW, 1, 12,
          "this number does not fit its type");
}

static void characters_are_int(void **state) {
  (void)state;
  assert_int_equal(worth("'a'"), 97);
  assert_int_equal(worth("'\\n' + '\\e'"), 37);
  assert_int_equal(worth("'\\101'"), 65);
  assert_int_equal(worth("'\\x41'"), 65);
  assert_int_equal(worth("'\\''"), 39);
  assert_int_equal(worth("'\\0'"), 0);
  assert_int_equal(worth("'\\377'"), -1);
  assert_int_equal(worth_for(MR_TARGET_AARCH64, "'\\377'"), 255);
  assert_int_equal(worth("sizeof 'a'"), 4);
  refuses("enum { A = 'ab' };", MR_UNSUPPORTED, 1, 12,
          "only one character of one octet is evaluated");
  refuses("enum { A = '' };", MR_UNSUPPORTED, 1, 12,
          "only one character of one octet is evaluated");
  refuses("enum { A = '\\q' };", MR_UNSUPPORTED, 1, 12,
          "only one character of one octet is evaluated");
  refuses("enum { A = L'a' };", MR_UNSUPPORTED, 1, 12, "wide characters are not evaluated");
}

static void strings_have_a_size(void **state) {
  (void)state;
  assert_int_equal(worth("sizeof \"abc\""), 4);
  assert_int_equal(worth("sizeof(\"a\\n\" \"\\x41\\101\")"), 5);
  assert_int_equal(worth("sizeof \"\""), 1);
  refuses("enum { A = sizeof L\"a\" };", MR_UNSUPPORTED, 1, 19, "wide strings are not evaluated");
  refuses("enum { A = sizeof \"\\q\" };", MR_SYNTAX_ERROR, 1, 19, "an escape that there is not");
  refuses("enum { A = \"a\"[0] };", MR_INVALID_ARGUMENT, 1, 12,
          "expected a constant integer, not what is in memory");
}

static void operators_bind_as_in_c(void **state) {
  (void)state;
  assert_int_equal(worth("1 + 2 * 3 - 4 / 2 % 3"), 5);
  assert_int_equal(worth("1 << 2 + 1"), 8);
  assert_int_equal(worth("1 | 2 ^ 3 & 4"), 3);
  assert_int_equal(worth("1 < 2 == 1"), 1);
  assert_int_equal(worth("0 && 1 || 1"), 1);
  assert_int_equal(worth("1 ? 2 : 0 ? 3 : 4"), 2);
  assert_int_equal(worth("-~!0"), 2);
  assert_int_equal(worth("(1 + 2) * 3"), 9);
  assert_int_equal(worth("10 - 3 - 2"), 5);
  assert_int_equal(worth("5 ?: 1"), 5);
  assert_int_equal(worth("sizeof(1, (short)1)"), 2);
  assert_int_equal(worth("__extension__ 3"), 3);
  assert_int_equal(worth("+3"), 3);
}

static void comparisons_are_one_or_zero(void **state) {
  (void)state;
  assert_int_equal(worth("(1 < 2) + (2 <= 2) * 2 + (3 > 2) * 4 + (2 >= 3) * 8"), 7);
  assert_int_equal(worth("(1 == 1) + (1 != 1) * 2"), 1);
  assert_int_equal(worth("-1 < 0u"), 0);
  assert_int_equal(worth("-1 < 0"), 1);
  assert_int_equal(worth("-1 > 0ul"), 1);
}

static void arithmetic_is_the_machines(void **state) {
  (void)state;
  assert_int_equal(worth("4294967295u + 1"), 0);
  assert_int_equal(worth("0u - 1 == 4294967295u"), 1);
  assert_int_equal(worth("-7 / 2"), -3);
  assert_int_equal(worth("-7 % 2"), -1);
  assert_int_equal(worth("7u / 2 + 7u % 4"), 6);
  assert_int_equal(worth("-8 >> 1"), -4);
  assert_int_equal(worth("0xf0u >> 4"), 15);
  assert_int_equal(worth("5 / -1"), -5);
  assert_int_equal(worth("5 % -1"), 0);
  assert_int_equal(worth("1 << 31"), INT32_MIN);
  assert_int_equal(worth("~0u >> 31"), 1);
}

static void what_overflows_is_no_constant(void **state) {
  (void)state;
  static const char *const texts[] = {"2147483647 + 1",
                                      "-2147483647 - 2",
                                      "65536 * 65536",
                                      "9223372036854775807 + 1",
                                      "(-9223372036854775807 - 1) - 1",
                                      "9223372036854775807 * 2",
                                      "(-9223372036854775807 - 1) * -1",
                                      "(-2147483647 - 1) / -1",
                                      "-(-2147483647 - 1)"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    char text[128];
    snprintf(text, sizeof text, "enum { A = %s };", texts[i]);
    refuses(text, MR_INVALID_ARGUMENT, 1, 12, "expected a constant integer, not what overflows");
  }
}

static void what_has_no_value_is_no_constant(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *why;
  } cases[] = {
      {"1 / 0", "a division by 0"},
      {"1 % 0", "a division by 0"},
      {"1 << 32", "a shift by as many bits as there are, or more"},
      {"1 >> -1", "a shift by as many bits as there are, or more"},
      {"1.5 + 1", "a floating number"},
      {"1 + 1.5", "a value that is no integer of 64 bits"},
      {"(int)1.5", "a floating number"},
      {"v", "what is in memory"},
      {"v ? 1 : 2", "what is in memory"},
      {"v && 1", "what is in memory"},
      {"1 && v", "what is in memory"},
      {"*(int *)0", "what is in memory"},
      {"-v", "what is in memory"},
      {"f()", "a function's result"},
      {"(1, 2)", "what a comma joins"},
      {"(int){1}", "a compound literal"},
      {"(int)(long)&v", "an address that is not known"},
      {"(long)f", "an address that is not known"},
      {"(long)a", "an address that is not known"},
      {"v << 1", "what is in memory"},
      {"a[v]", "what is in memory"},
      {"&a[1] - &a[0]", "an address that is not known"},
      {"&v == &v", "an address that is not known"},
      {"(char *)0", "a pointer"},
      {"(__int128)1", "a value that is no integer of 64 bits"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[128], message[128];
    snprintf(text, sizeof text, "int v, a[3], f(void); enum { A = %s };", cases[i].text);
    snprintf(message, sizeof message, "expected a constant integer, not %s", cases[i].why);
    refuses(text, MR_INVALID_ARGUMENT, 1, 34, message);
  }
}

static void what_is_not_evaluated_may_have_no_value(void **state) {
  (void)state;
  takes(
      "int v; enum { A = 1 || v, B = 0 && v, C = 1 ? 2 : 1 / 0, D = 0 ? v : 3, E = 1 || 1 / 0 };");
  is_laid_out("int v, a[3]; typedef char t[sizeof(v + 1l) + sizeof(a[v])];", "t", 12, 1);
}

static void casts_convert(void **state) {
  (void)state;
  assert_int_equal(worth("(char)300"), 44);
  assert_int_equal(worth("(signed char)200"), -56);
  assert_int_equal(worth("(unsigned char)-1"), 255);
  assert_int_equal(worth("(_Bool)256"), 1);
  assert_int_equal(worth("(long)(char *)8"), 8);
  assert_int_equal(worth("(unsigned)-1 > 0"), 1);
  assert_int_equal(worth("(short)65537"), 1);
}

static void sizes_and_alignments_are_the_machines(void **state) {
  (void)state;
  assert_int_equal(worth("sizeof(int [3]) + sizeof(void *)"), 20);
  assert_int_equal(worth("_Alignof(double)"), 8);
  assert_int_equal(worth_for(MR_TARGET_I386, "_Alignof(double)"), 4);
  assert_int_equal(worth_for(MR_TARGET_I386, "__alignof__(double)"), 8);
  assert_int_equal(worth_for(MR_TARGET_I386, "__alignof__(long long [2])"), 8);
  assert_int_equal(worth_for(MR_TARGET_I386, "__alignof__(int)"), 4);
  assert_int_equal(worth_for(MR_TARGET_I386, "__alignof__(void *)"), 4);
  assert_int_equal(worth("sizeof(void) + sizeof(int(void))"), 2);
  assert_int_equal(worth("sizeof(sizeof 1)"), 8);
  assert_int_equal(worth("__alignof__ 1l"), 8);
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_S390X, "enum { A = _Alignof(__int128) };", &condition),
                   MR_UNSUPPORTED);
}

static void what_has_no_size_is_refused(void **state) {
  (void)state;
  refuses("enum { A = sizeof(struct s) };", MR_INVALID_ARGUMENT, 1, 18, "this type has no size");
  refuses("enum { A = sizeof(int []) };", MR_INVALID_ARGUMENT, 1, 18, "this type has no size");
  refuses("struct s { int b : 3; }; enum { A = sizeof(((struct s *)0)->b) };", MR_INVALID_ARGUMENT,
          1, 43, "a bit-field has no size");
  refuses("enum { A = sizeof };", MR_SYNTAX_ERROR, 1, 19, "expected an expression, not '}'");
}

#define POINT \
  "struct point { char c; struct { int x, y[3]; }; struct { short a; int b : 3; } z[2]; }; "

static void offsets_are_known(void **state) {
  (void)state;
  is_laid_out(POINT "typedef char t[__builtin_offsetof(struct point, y[2])];", "t", 16, 1);
  is_laid_out(POINT "typedef char t[offsetof(struct point, z[1].a)];", "t", 24, 1);
  is_laid_out(POINT "typedef char t[(unsigned long)&((struct point *)0)->y[1]];", "t", 12, 1);
  is_laid_out(POINT "typedef char t[(char *)&((struct point *)0)->x - (char *)0];", "t", 4, 1);
  is_laid_out(POINT "typedef char t[(long)&(*(struct point *)0).z[0].a];", "t", 20, 1);
  is_laid_out(POINT "typedef char t[(long)((struct point *)0)->y];", "t", 8, 1);
}

static void offsets_of_what_is_not_there_are_refused(void **state) {
  (void)state;
  refuses("struct s { int a, b : 3; }; enum { A = offsetof(struct s, c) };", MR_INVALID_ARGUMENT, 1,
          59, "there is no member 'c'");
  refuses("struct s { int a, b : 3; }; enum { A = offsetof(struct s, b) };", MR_INVALID_ARGUMENT, 1,
          60, "a bit-field has no offset");
  refuses("struct s { int a; }; enum { A = offsetof(struct s, a[1]) };", MR_INVALID_ARGUMENT, 1, 53,
          "there is no array here");
  refuses("struct s { int a; }; enum { A = offsetof(struct s, a.b) };", MR_INVALID_ARGUMENT, 1, 54,
          "this has no members");
  refuses("struct s { int a; }; enum { A = offsetof(struct s, 3) };", MR_SYNTAX_ERROR, 1, 52,
          "expected a member's name, not '3'");
  refuses("struct s { int a; }; enum { A = offsetof(struct s, a b) };", MR_SYNTAX_ERROR, 1, 54,
          "expected '.', '[' or ')', not 'b'");
  refuses("struct s; enum { A = offsetof(struct s, a) };", MR_INVALID_ARGUMENT, 1, 41,
          "this has no members");
  refuses("int v; struct s { int a[3]; }; enum { A = offsetof(struct s, a[v]) };",
          MR_INVALID_ARGUMENT, 1, 43, "expected a constant integer, not what is in memory");
}

static void pointers_are_calculated_with(void **state) {
  (void)state;
  assert_int_equal(worth("(long)((int *)8 + 1)"), 12);
  assert_int_equal(worth("(long)(1 + (int *)8)"), 12);
  assert_int_equal(worth("(long)((int *)8 - 1)"), 4);
  assert_int_equal(worth("(int *)12 - (int *)4"), 2);
  assert_int_equal(worth("(int *)12 > (int *)4"), 1);
  assert_int_equal(worth("(void *)0 == (char *)0"), 1);
  assert_int_equal(worth("(long)((void *)1 + 2)"), 3);
  assert_int_equal(worth("!(char *)0"), 1);
  assert_int_equal(worth("(long)(1 ? (char *)4 : 0)"), 4);
  assert_int_equal(worth("(long)(1 ? 0 : (char *)4)"), 0);
  refuses("enum { A = (char *)1 * 2 };", MR_INVALID_ARGUMENT, 1, 26,
          "pointers are not calculated with like this");
}

static void what_cant_be_done_is_refused(void **state) {
  (void)state;
  refuses("enum { A = *1 };", MR_INVALID_ARGUMENT, 1, 15, "this is no pointer");
  refuses("enum { A = 1[2] };", MR_INVALID_ARGUMENT, 1, 13, "this is no pointer");
  refuses("enum { A = 1(2) };", MR_INVALID_ARGUMENT, 1, 13, "this is no function");
  refuses("enum { A = (1).a };", MR_INVALID_ARGUMENT, 1, 16, "this has no members");
  refuses("enum { A = b };", MR_INVALID_ARGUMENT, 1, 12, "'b' is not declared");
  refuses("enum { A = ({ 1; }) };", MR_UNSUPPORTED, 1, 13, "statements are not evaluated");
  refuses("struct s { int b : 3; }; enum { A = (long)&((struct s *)0)->b };", MR_INVALID_ARGUMENT,
          1, 63, "a bit-field has no address");
  refuses("enum { A = (1 };", MR_SYNTAX_ERROR, 1, 15, "expected ')', not '}'");
  refuses("enum { A = 1 ? 2 };", MR_SYNTAX_ERROR, 1, 18, "expected ':', not '}'");
  refuses("enum { A = 1 + };", MR_SYNTAX_ERROR, 1, 16, "expected an expression, not '}'");
  refuses("enum { A = _Generic(1, int: 2) };", MR_SYNTAX_ERROR, 1, 12,
          "expected an expression, not '_Generic'");
}

static void enums_and_small_integers_are_promoted(void **state) {
  (void)state;
  is_laid_out("enum __attribute__((packed)) e { A = 200 }; typedef char t[sizeof((enum e)A + 0)];",
              "t", 4, 1);
  is_laid_out("typedef char t[sizeof(+(char)1) + sizeof(-(short)1) + sizeof((char)1 << 1)];", "t",
              12, 1);
  is_laid_out("enum e { A }; typedef char t[(-(enum e)1 < 0) + 1];", "t", 1, 1);
  is_laid_out("enum e { A }; typedef char t[~(enum e)0 > 0];", "t", 1, 1);
  is_laid_out("typedef char t[sizeof(1 ? 1 : 2l)];", "t", 8, 1);
  is_laid_out("typedef char t[sizeof(1 + 1.0f)];", "t", 4, 1);
  is_laid_out("typedef char t[sizeof(0x1p3f) + sizeof(1.L)];", "t", 20, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(literals_have_their_values),
      cmocka_unit_test(literals_have_the_first_type_that_holds_them),
      cmocka_unit_test(literals_that_are_none_are_refused),
      cmocka_unit_test(characters_are_int),
      cmocka_unit_test(strings_have_a_size),
      cmocka_unit_test(operators_bind_as_in_c),
      cmocka_unit_test(comparisons_are_one_or_zero),
      cmocka_unit_test(arithmetic_is_the_machines),
      cmocka_unit_test(what_overflows_is_no_constant),
      cmocka_unit_test(what_has_no_value_is_no_constant),
      cmocka_unit_test(what_is_not_evaluated_may_have_no_value),
      cmocka_unit_test(casts_convert),
      cmocka_unit_test(sizes_and_alignments_are_the_machines),
      cmocka_unit_test(what_has_no_size_is_refused),
      cmocka_unit_test(offsets_are_known),
      cmocka_unit_test(offsets_of_what_is_not_there_are_refused),
      cmocka_unit_test(pointers_are_calculated_with),
      cmocka_unit_test(what_cant_be_done_is_refused),
      cmocka_unit_test(enums_and_small_integers_are_promoted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "declarations_support.h"

static mr_kind kind_of(mr_target target, const char *words) {
  mr_declarations *declarations = declared_for(target, "");
  const mr_type *type = found(declarations, words);
  mr_kind kind = mr_type_kind(type);
  mr_type_release(type);
  mr_declarations_destroy(declarations);
  return kind;
}

static void words_name_a_type_in_any_order(void **state) {
  (void)state;
  assert_int_equal(kind_of(MR_TARGET_X86_64, "long unsigned int long"), MR_KIND_U64);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "int const short volatile"), MR_KIND_I16);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "char signed"), MR_KIND_I8);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "unsigned char"), MR_KIND_U8);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "__signed__"), MR_KIND_I32);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "double _Complex"), MR_KIND_COMPLEX_F64);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "_Complex"), MR_KIND_COMPLEX_F64);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "float __complex__"), MR_KIND_COMPLEX_F32);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "unsigned __int128"), MR_KIND_U128);
  assert_int_equal(kind_of(MR_TARGET_X86_64, "_Bool"), MR_KIND_BOOL);
}

static void sized_words_are_microsofts(void **state) {
  (void)state;
  assert_int_equal(kind_of(MR_TARGET_WINDOWS_X64, "__int8"), MR_KIND_I8);
  assert_int_equal(kind_of(MR_TARGET_WINDOWS_X64, "unsigned __int8"), MR_KIND_U8);
  assert_int_equal(kind_of(MR_TARGET_WINDOWS_X64, "signed __int8"), MR_KIND_I8);
  assert_int_equal(kind_of(MR_TARGET_WINDOWS_X64, "__int16"), MR_KIND_I16);
  assert_int_equal(kind_of(MR_TARGET_WINDOWS_X64, "unsigned __int32"), MR_KIND_U32);
  assert_int_equal(kind_of(MR_TARGET_WINDOWS_X64, "__int64"), MR_KIND_I64);
  refuses("__int8 __int16 a;", MR_SYNTAX_ERROR, 1, 8, "these words name no type together");
  refuses("__int8 int a;", MR_SYNTAX_ERROR, 1, 1, "these words name no type together");
}

static void char_is_signed_as_on_the_machine(void **state) {
  (void)state;
  assert_int_equal(kind_of(MR_TARGET_X86_64, "char"), MR_KIND_I8);
  assert_int_equal(kind_of(MR_TARGET_AARCH64, "char"), MR_KIND_U8);
  assert_int_equal(kind_of(MR_TARGET_S390X, "char"), MR_KIND_U8);
}

static void words_that_name_nothing_together_are_refused(void **state) {
  (void)state;
  static const char *const texts[] = {"int int a;",         "long long long a;",
                                      "short short a;",     "short long a;",
                                      "long char a;",       "short char a;",
                                      "unsigned signed a;", "unsigned float a;",
                                      "short double a;",    "long float a;",
                                      "void int a;",        "_Bool char a;",
                                      "_Complex int a;",    "_Complex _Complex double a;",
                                      "__int128 long a;",   "__int128 __int128 a;",
                                      "__float128 long a;", "void void a;"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    refuses(texts[i], MR_SYNTAX_ERROR, 1, 1, "these words name no type together");
  }
}

static void only_one_type_is_named(void **state) {
  (void)state;
  refuses("struct a { int x; } int b;", MR_SYNTAX_ERROR, 1, 1, "these name more than one type");
  refuses("struct a *b; struct a struct a c;", MR_SYNTAX_ERROR, 1, 23,
          "these name more than one type");
}

static void no_type_at_all_is_refused(void **state) {
  (void)state;
  refuses("const;", MR_SYNTAX_ERROR, 1, 6, "expected a type, not ';'");
  refuses("const", MR_SYNTAX_ERROR, 1, 6, "expected a type, not the end");
}

static void names_that_are_no_types_are_said_to_be_none(void **state) {
  (void)state;
  refuses("const a;", MR_INVALID_ARGUMENT, 1, 7, "there is no type 'a'");
  refuses("typedef b;", MR_INVALID_ARGUMENT, 1, 9, "there is no type 'b'");
  refuses("b a;", MR_INVALID_ARGUMENT, 1, 1, "there is no type 'b'");
  refuses("struct s { int a; b c; };", MR_INVALID_ARGUMENT, 1, 19, "there is no type 'b'");
  refuses("int f(int a, b c);", MR_INVALID_ARGUMENT, 1, 14, "there is no type 'b'");
  refuses("union b { int a; }; b c;", MR_INVALID_ARGUMENT, 1, 21,
          "there is no type 'b': did you mean 'union b'?");
}

static void words_are_counted_up_to_a_limit(void **state) {
  (void)state;
  char text[256 * 5 + 3] = "";
  mr_condition condition;
  for (size_t i = 0; i < 256; i++) put_at(text, sizeof text, i * 5, "long ");
  put_at(text, sizeof text, sizeof text - 3, "a;");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_SYNTAX_ERROR);
}

static void types_that_a_machine_has_not_are_refused(void **state) {
  (void)state;
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_I386, "__int128 a;", &condition), MR_UNSUPPORTED);
  assert_string_equal(condition.message, "i386 has no such type");
  assert_int_equal(read_for(MR_TARGET_ARM, "__float80 a;", &condition), MR_UNSUPPORTED);
  assert_int_equal(read_for(MR_TARGET_AARCH64, "_Float128 a; _Complex _Float128 b;", &condition),
                   MR_OK);
}

static void floats_have_complex_ones(void **state) {
  (void)state;
  is_laid_out("typedef _Complex _Float128 t;", "t", 32, 16);
  is_laid_out("typedef _Complex __float80 t;", "t", 32, 16);
  is_laid_out("typedef _Complex _Float64x t;", "t", 32, 16);
  is_laid_out("typedef _Float32 _Complex t;", "t", 8, 4);
  is_laid_out_for(MR_TARGET_S390X, "typedef _Complex _Float128 t;", "t", 32, 8);
}

static void libc_may_declare_names_of_floats(void **state) {
  (void)state;
  is_laid_out(
      "typedef float _Float32; typedef double _Float64; typedef double _Float32x;"
      "typedef long double _Float64x; typedef _Float64 t;",
      "t", 8, 8);
}

static void types_that_are_not_known_may_be_pointed_to(void **state) {
  (void)state;
  is_laid_out("_Float16 f(_Float16 _Complex a); struct s { _Float16 *p; _Decimal64 *q; };",
              "struct s", 16, 8);
  refuses("struct s { _Float16 a; };", MR_UNSUPPORTED, 1, 21,
          "the type of this member is not known here");
  refuses("_Float16 int a;", MR_SYNTAX_ERROR, 1, 1, "these name more than one type");
}

static void a_typedef_is_hidden_by_what_is_declared(void **state) {
  (void)state;
  is_laid_out("typedef int t; struct s { t t; unsigned t2; };", "struct s", 8, 4);
  takes("typedef int t; void f(int t, unsigned t2); t a;");
  refuses("typedef int t; int t;", MR_INVALID_ARGUMENT, 1, 20,
          "'t' was declared before, as a typedef");
}

static void typeof_is_a_type_or_what_has_one(void **state) {
  (void)state;
  is_laid_out("typedef __typeof__(short) t;", "t", 2, 2);
  is_laid_out("typedef typeof(1 + 2L) t;", "t", 8, 8);
  is_laid_out("struct s { char c[3]; }; typedef __typeof(((struct s *)0)->c) t;", "t", 3, 1);
  is_laid_out("int v[7]; typedef typeof(v) t;", "t", 28, 4);
  refuses("struct s { int b : 3; }; typeof(((struct s *)0)->b) v;", MR_INVALID_ARGUMENT, 1, 33,
          "typeof a bit-field");
  refuses("typeof int v;", MR_SYNTAX_ERROR, 1, 8, "expected '(', not 'int'");
  refuses("typeof(int v;", MR_SYNTAX_ERROR, 1, 12, "expected ')', not 'v'");
  refuses("typeof(struct s { int a; }", MR_SYNTAX_ERROR, 1, 27, "expected ')', not the end");
}

static void atomic_scalars_are_aligned_to_their_size(void **state) {
  (void)state;
  is_laid_out_for(MR_TARGET_I386, "typedef _Atomic long long t;", "t", 8, 8);
  is_laid_out_for(MR_TARGET_I386, "typedef _Atomic(double) t;", "t", 8, 8);
  is_laid_out("typedef int _Atomic t;", "t", 4, 4);
}

static void atomic_things_that_compilers_lay_out_differently_are_refused(void **state) {
  (void)state;
  static const char message[] = "gcc and clang lay out _Atomic of this type differently";
  refuses("_Atomic(double _Complex) a;", MR_UNSUPPORTED, 1, 1, message);
  refuses("struct s { char c[3]; }; _Atomic struct s a;", MR_UNSUPPORTED, 1, 26, message);
  is_laid_out("struct s { char c[8]; }; typedef _Atomic(struct s) t;", "t", 8, 8);
  refuses("_Atomic(int a;", MR_SYNTAX_ERROR, 1, 13, "expected ')', not 'a'");
}

static void storage_classes_stand_anywhere(void **state) {
  (void)state;
  is_laid_out("int typedef unsigned t;", "t", 4, 4);
  takes("extern int a; static inline const int f(void); int _Thread_local b; _Noreturn void g();");
  refuses("typedef typedef int a;", MR_SYNTAX_ERROR, 1, 9, "typedef stands here twice");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_name_a_type_in_any_order),
      cmocka_unit_test(sized_words_are_microsofts),
      cmocka_unit_test(char_is_signed_as_on_the_machine),
      cmocka_unit_test(words_that_name_nothing_together_are_refused),
      cmocka_unit_test(only_one_type_is_named),
      cmocka_unit_test(no_type_at_all_is_refused),
      cmocka_unit_test(names_that_are_no_types_are_said_to_be_none),
      cmocka_unit_test(words_are_counted_up_to_a_limit),
      cmocka_unit_test(types_that_a_machine_has_not_are_refused),
      cmocka_unit_test(floats_have_complex_ones),
      cmocka_unit_test(libc_may_declare_names_of_floats),
      cmocka_unit_test(types_that_are_not_known_may_be_pointed_to),
      cmocka_unit_test(a_typedef_is_hidden_by_what_is_declared),
      cmocka_unit_test(typeof_is_a_type_or_what_has_one),
      cmocka_unit_test(atomic_scalars_are_aligned_to_their_size),
      cmocka_unit_test(atomic_things_that_compilers_lay_out_differently_are_refused),
      cmocka_unit_test(storage_classes_stand_anywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

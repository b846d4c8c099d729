#include "declarations_support.h"

static void functions_and_variables_are_passed_over(void **state) {
  (void)state;
  takes(
      "int a = 1, b[] = {1, (2), [3] = {4}}, *c = &a, f(void);"
      "static inline int g(int x) { if (x) { return h[\"}\"] + '}'; } return (x); }"
      "int h(void) __attribute__((pure)); extern struct s t; ;"
      "double (*i)(void) = (double (*)(void))g, j;");
}

static void a_body_without_an_end_is_refused(void **state) {
  (void)state;
  refuses("int f(void) { if (a) {", MR_SYNTAX_ERROR, 1, 13, "this has no } that ends it");
  refuses("int a = (1;", MR_SYNTAX_ERROR, 1, 9, "this has no ) that ends it");
  refuses("int a = 1", MR_SYNTAX_ERROR, 1, 10, "expected the end of this declaration, not the end");
  refuses("int a = };", MR_SYNTAX_ERROR, 1, 9, "expected the end of this declaration, not '}'");
}

static void a_declaration_ends_with_a_semicolon(void **state) {
  (void)state;
  refuses("int a int b;", MR_SYNTAX_ERROR, 1, 7,
          "expected ',' or ';' behind a declaration, not 'int'");
  refuses("int a { }", MR_SYNTAX_ERROR, 1, 7, "expected ',' or ';' behind a declaration, not '{'");
  refuses("int a", MR_SYNTAX_ERROR, 1, 6, "expected ',' or ';' behind a declaration, not the end");
  refuses("}", MR_SYNTAX_ERROR, 1, 1, "expected a declaration, not '}'");
  refuses("main() { }", MR_INVALID_ARGUMENT, 1, 1, "there is no type 'main'");
  refuses("_Generic a;", MR_SYNTAX_ERROR, 1, 1, "expected a declaration, not '_Generic'");
}

static void assertions_hold(void **state) {
  (void)state;
  takes("_Static_assert(sizeof(long) == 8, \"a\" \"b\"); _Static_assert(1);");
  refuses("_Static_assert(0, \"a long\");", MR_INVALID_ARGUMENT, 1, 1,
          "this assertion fails: \"a long\"");
  refuses("int a;\n_Static_assert(1 > 2);", MR_INVALID_ARGUMENT, 2, 1, "this assertion fails");
  refuses("_Static_assert(1, 2);", MR_SYNTAX_ERROR, 1, 19, "expected a message, not '2'");
  refuses("_Static_assert(1)", MR_SYNTAX_ERROR, 1, 18, "expected ';', not the end");
  refuses("_Static_assert 1;", MR_SYNTAX_ERROR, 1, 16, "expected '(', not '1'");
  refuses("int v; _Static_assert(v, \"\");", MR_INVALID_ARGUMENT, 1, 23,
          "expected a constant integer, not what is in memory");
}

static void a_name_is_declared_as_one_thing(void **state) {
  (void)state;
  takes(
      "typedef int t; typedef int t; typedef const int t; int a; extern int a; int f(); int "
      "f(void);");
  refuses("typedef int t; typedef long t;", MR_INVALID_ARGUMENT, 1, 29,
          "'t' was declared before, as another");
  refuses("int a; int a(void);", MR_INVALID_ARGUMENT, 1, 12,
          "'a' was declared before, as a variable");
  refuses("int f(void); int f;", MR_INVALID_ARGUMENT, 1, 18,
          "'f' was declared before, as a function");
  refuses("enum { A }; typedef int A;", MR_INVALID_ARGUMENT, 1, 25,
          "'A' was declared before, as an enumerator");
}

static void typedefs_are_the_same_where_their_types_are(void **state) {
  (void)state;
  takes(
      "typedef int *t; typedef int *t; typedef int a[3]; typedef int a[3];"
      "typedef int f(char, void *, ...); typedef int f(char, void *, ...);"
      "struct s; typedef struct s u; struct s { int a; }; typedef struct s u;"
      "typedef int v __attribute__((vector_size(8))); typedef int v "
      "__attribute__((vector_size(8)));"
      "typedef double w __attribute__((aligned(2))); typedef w x; typedef w x;");
  static const char *const texts[] = {
      "typedef int *t; typedef long *t;",
      "typedef int t[3]; typedef int t[4];",
      "typedef int t(int); typedef int t(long);",
      "typedef int t(int); typedef int t(int, int);",
      "typedef int t(int); typedef int t(int, ...);",
      "typedef int t(void); typedef long t(void);",
      "struct a { int x; }; struct b { int x; }; typedef struct a t; typedef struct b t;",
      "typedef int t; typedef int t __attribute__((aligned(8)));",
      "typedef int t[2]; typedef int t __attribute__((vector_size(8)));",
      "typedef long t; typedef long long t;"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    mr_condition condition;
    assert_int_equal(read_for(MR_TARGET_X86_64, texts[i], &condition), MR_INVALID_ARGUMENT);
    assert_string_equal(condition.message, "'t' was declared before, as another");
  }
}

static void lone_types_declare_their_tags(void **state) {
  (void)state;
  is_laid_out("struct s { int a; } __attribute__((unused)); int; const struct t;", "struct s", 4,
              4);
  refuses("__attribute__((strange)) struct s { int a; };", MR_UNSUPPORTED, 1, 16,
          "attribute 'strange' is not known, and may change the layout");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(functions_and_variables_are_passed_over),
      cmocka_unit_test(a_body_without_an_end_is_refused),
      cmocka_unit_test(a_declaration_ends_with_a_semicolon),
      cmocka_unit_test(assertions_hold),
      cmocka_unit_test(a_name_is_declared_as_one_thing),
      cmocka_unit_test(typedefs_are_the_same_where_their_types_are),
      cmocka_unit_test(lone_types_declare_their_tags),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

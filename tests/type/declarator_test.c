#include "declarations_support.h"

/* The kinds of a type, from the outside in: p pointer, a array, f function, v void, s others. */
static void is_made_of(const char *name, const char *expected) {
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "typedef int t; struct s;");
  const mr_type *type = found(declarations, name);
  char letters[32] = "";
  size_t count = 0;
  for (const mr_type *at = type; at && count < sizeof letters - 1; at = mr_type_element(at)) {
    switch (mr_type_kind(at)) {
      case MR_KIND_POINTER:
        letters[count++] = 'p';
        break;
      case MR_KIND_ARRAY:
        letters[count++] = 'a';
        break;
      case MR_KIND_FUNCTION:
        letters[count++] = 'f';
        break;
      default:
        letters[count++] = mr_type_kind(at) == MR_KIND_VOID ? 'v' : 's';
        break;
    }
  }
  assert_string_equal(letters, expected);
  mr_type_release(type);
  mr_declarations_destroy(declarations);
}

static void declarators_are_read_from_the_name_outward(void **state) {
  (void)state;
  is_made_of("int *", "ps");
  is_made_of("int *[3]", "aps");
  is_made_of("int (*)[3]", "pas");
  is_made_of("void (*)(void)", "pfv");
  is_made_of("int (*(*)[3])(void)", "papfs");
  is_made_of("int (*(*)(int (*)(void)))[2]", "pfpas");
  is_made_of("int [2][3]", "aas");
  is_made_of("int ((*))", "ps");
  is_made_of("int *const *volatile __restrict", "pps");
  is_made_of("int (void)", "fs");
  is_made_of("t (t)", "fs");
  is_made_of("struct s *()", "fps");
  is_made_of("int (__attribute__((unused)) *)", "ps");
}

static void a_function_knows_its_parameters(void **state) {
  (void)state;
  const mr_type *type =
      type_of("typedef int f(char a, const short *, int b[static 3][2], int c(void), ...);", "f");
  mr_member parameter;
  assert_int_equal(mr_type_count(type), 4);
  assert_true(mr_type_is_variadic(type));
  assert_int_equal(mr_type_member(type, 0, &parameter), MR_OK);
  assert_string_equal(parameter.name, "a");
  assert_int_equal(mr_type_member(type, 1, &parameter), MR_OK);
  assert_null(parameter.name);
  assert_int_equal(mr_type_member(type, 2, &parameter), MR_OK);
  assert_int_equal(mr_type_kind(parameter.type), MR_KIND_POINTER);
  assert_int_equal(mr_type_kind(mr_type_element(parameter.type)), MR_KIND_ARRAY);
  assert_int_equal(mr_type_member(type, 3, &parameter), MR_OK);
  assert_int_equal(mr_type_kind(mr_type_element(parameter.type)), MR_KIND_FUNCTION);
  mr_type_release(type);
}

static void void_alone_is_no_parameter(void **state) {
  (void)state;
  const mr_type *type = type_of("typedef int f(void), g();", "f");
  assert_int_equal(mr_type_count(type), 0);
  assert_false(mr_type_is_variadic(type));
  mr_type_release(type);
  type = type_of("typedef int f(void), g();", "g");
  assert_true(mr_type_is_variadic(type));
  mr_type_release(type);
}

static void arrays_of_typedefs_become_pointers_as_parameters(void **state) {
  (void)state;
  const mr_type *type = type_of("typedef int a[3]; typedef void f(a, int [*], int x[n]);", "f");
  mr_member parameter;
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(mr_type_member(type, i, &parameter), MR_OK);
    assert_int_equal(mr_type_kind(parameter.type), MR_KIND_POINTER);
    assert_int_equal(mr_type_kind(mr_type_element(parameter.type)), MR_KIND_I32);
  }
  mr_type_release(type);
}

static void what_parameters_declare_ends_with_them(void **state) {
  (void)state;
  takes(
      "typedef int t; void f(int t, struct p { int x; } *a, enum e { K } b);"
      "t v; struct p { char c; }; enum { K };");
}

static void a_struct_in_a_prototype_is_another(void **state) {
  (void)state;
  is_laid_out("struct s; void f(struct s { int a; } *p, struct s *q); struct s { char b; };",
              "struct s", 1, 1);
  takes("struct s { int a; }; void f(struct s { char b; } *p, void (*g)(struct s { long c; } *));");
  takes("void f(struct p *a, struct p { int x; } *b);");
  refuses("void f(struct p { int x; } *a, struct p { int x; } *b);", MR_INVALID_ARGUMENT, 1, 39,
          "struct p is defined twice");
}

static void parameters_that_are_none_are_refused(void **state) {
  (void)state;
  refuses("void f(int a b);", MR_SYNTAX_ERROR, 1, 14,
          "expected ',' or ')' behind a parameter, not 'b'");
  refuses("void f(int,);", MR_SYNTAX_ERROR, 1, 12, "expected a type, not ')'");
  refuses("void f(int", MR_SYNTAX_ERROR, 1, 11,
          "expected ',' or ')' behind a parameter, not the end");
  refuses("void f(..., int);", MR_SYNTAX_ERROR, 1, 11,
          "expected ',' or ')' behind a parameter, not ','");
  refuses("void f(int [", MR_SYNTAX_ERROR, 1, 12, "this has no ] that ends it");
}

static void arrays_have_elements_with_a_size(void **state) {
  (void)state;
  static const char message[] = "an array's elements can't be void, functions or incomplete";
  refuses("typedef void t[3];", MR_INVALID_ARGUMENT, 1, 15, message);
  refuses("typedef int t[3](void);", MR_INVALID_ARGUMENT, 1, 14, message);
  refuses("typedef struct s t[3];", MR_INVALID_ARGUMENT, 1, 19, message);
  refuses("typedef int t[3][];", MR_INVALID_ARGUMENT, 1, 14, message);
  refuses("typedef int a __attribute__((aligned(8))); a b[2];", MR_INVALID_ARGUMENT, 1, 47,
          "an array's elements must be as large as a multiple of their alignment");
}

static void functions_return_no_function_and_no_array(void **state) {
  (void)state;
  static const char message[] = "a function can't return a function or an array";
  refuses("typedef int t(void)(void);", MR_INVALID_ARGUMENT, 1, 14, message);
  refuses("typedef int t(void)[3];", MR_INVALID_ARGUMENT, 1, 14, message);
  takes("typedef int v __attribute__((vector_size(16))); v f(void);");
}

static void array_sizes_are_constants_of_no_less_than_0(void **state) {
  (void)state;
  is_laid_out("typedef int t[0x2 + 1][sizeof(char)];", "t", 12, 4);
  is_laid_out("typedef int t[0];", "t", 0, 4);
  refuses("typedef int t[-1];", MR_INVALID_ARGUMENT, 1, 15, "an array's size can't be negative");
  refuses("typedef int t[n];", MR_INVALID_ARGUMENT, 1, 15, "'n' is not declared");
  refuses("int n; typedef int t[n];", MR_INVALID_ARGUMENT, 1, 22,
          "expected a constant integer, not what is in memory");
  refuses("typedef int t[1;", MR_SYNTAX_ERROR, 1, 16, "expected ']', not ';'");
}

static void arrays_larger_than_the_machine_are_refused(void **state) {
  (void)state;
  mr_condition condition;
  refuses("typedef int t[0x7fffffffffffffff];", MR_OVERFLOW, 1, 14, "this array is too large");
  refuses("typedef char t[0x8000000000000000];", MR_OVERFLOW, 1, 15, "this array is too large");
  assert_int_equal(read_for(MR_TARGET_I386, "typedef int t[0x40000000];", &condition), MR_OVERFLOW);
  refuses("typedef char t[0x7fffffffffffffff][2];", MR_OVERFLOW, 1, 15, "this array is too large");
}

static void a_declarator_needs_a_name_where_something_is_declared(void **state) {
  (void)state;
  refuses("typedef int *;", MR_SYNTAX_ERROR, 1, 14, "expected a name, not ';'");
  refuses("int (3);", MR_SYNTAX_ERROR, 1, 6, "expected a name, not '3'");
  refuses("int (a;", MR_SYNTAX_ERROR, 1, 7, "expected ')', not ';'");
  refuses("int *3;", MR_SYNTAX_ERROR, 1, 6, "expected a name, not '3'");
}

static void brackets_nest_as_deep_as_is_said(void **state) {
  (void)state;
  static char text[2 * 300 + 16];
  mr_condition condition;
  for (int depth = 200; depth <= 300; depth += 100) {
    memset(text, 0, sizeof text);
    put_at(text, sizeof text, 0, "int ");
    memset(text + 4, '(', (size_t)depth);
    text[4 + depth] = 'a';
    memset(text + 5 + depth, ')', (size_t)depth);
    text[5 + 2 * depth] = ';';
    assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition),
                     depth < 256 ? MR_OK : MR_UNSUPPORTED);
  }
  assert_string_equal(condition.message, "this nests deeper than 256");
}

static void types_nest_as_deep_as_is_said(void **state) {
  (void)state;
  char text[256] = "typedef int ";
  mr_condition condition;
  memset(text + 12, '*', 64);
  put_at(text, sizeof text, 76, "a;");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_OK);
  memset(text + 12, '*', 65);
  put_at(text, sizeof text, 77, "a;");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_UNSUPPORTED);
  assert_string_equal(condition.message, "types nest deeper than 64");
  memset(text + 12, '*', 64);
  put_at(text, sizeof text, 76, "a(void);");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_UNSUPPORTED);
}

static void arrays_nest_as_deep_as_is_said(void **state) {
  (void)state;
  char text[256] = "typedef int a";
  mr_condition condition;
  for (int i = 0; i < 64; i++) append(text, sizeof text, "[1]");
  append(text, sizeof text, ";");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_OK);
  put_at(text, sizeof text, strlen(text) - 1, "[1];");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_UNSUPPORTED);
  assert_string_equal(condition.message, "types nest deeper than 64");
}

static void attributes_inside_a_declarator_are_refused_if_they_change_layouts(void **state) {
  (void)state;
  takes("int (__attribute__((unused)) *p), *const __attribute__((may_alias)) q;");
  refuses("int *__attribute__((aligned(8))) p;", MR_UNSUPPORTED, 1, 21,
          "an attribute that changes layout, inside a declarator");
  refuses("int *__attribute__((strange)) p;", MR_UNSUPPORTED, 1, 21,
          "attribute 'strange' is not known, and may change the layout");
}

static void arrays_of_a_qualified_type_that_a_typedef_realigns_are_refused(void **state) {
  (void)state;
  static const char message[] = "gcc and clang align arrays of this qualified type differently";
  refuses("typedef const double t __attribute__((aligned(2))); t a[2];", MR_UNSUPPORTED, 1, 55,
          message);
  refuses("typedef double d __attribute__((aligned(2))); typedef volatile d t; t a[2];",
          MR_UNSUPPORTED, 1, 71, message);
  refuses("typedef const double t[3] __attribute__((aligned(2))); volatile t a;", MR_UNSUPPORTED, 1,
          67, message);
  takes("typedef double t[3] __attribute__((aligned(2))); volatile t a;");
  takes("typedef double d __attribute__((aligned(2))); const d a[2];");
  takes("typedef const double t __attribute__((aligned(2))); t a, *b[2]; void f(t c[2]);");
}

static void a_type_name_has_no_name_and_no_storage_class(void **state) {
  (void)state;
  refuses("typedef char t[sizeof(int a)];", MR_SYNTAX_ERROR, 1, 27, "expected ')', not 'a'");
  refuses("typedef char t[sizeof(int static)];", MR_SYNTAX_ERROR, 1, 23,
          "no storage class belongs here");
  refuses("typedef char t[sizeof(int __attribute__((aligned(8))))];", MR_UNSUPPORTED, 1, 42,
          "an attribute that changes layout, in a type's name");
  refuses("typedef char t[sizeof(_Alignas(8) int)];", MR_UNSUPPORTED, 1, 23,
          "an attribute that changes layout, in a type's name");
}

static void asm_names_are_passed(void **state) {
  (void)state;
  takes("int f(void) __asm__(\"g\" \"h\") __attribute__((const)); int v asm(\"w\");");
  takes("__asm volatile (\"nop\");");
  refuses("int f(void) asm;", MR_SYNTAX_ERROR, 1, 16, "expected '(', not ';'");
}

/* Functions of two parameters, of the last such each: the last is made of two to the power of `count` of the first. */
static size_t put_functions(char *text, size_t room, const char *prefix, int count) {
  size_t length = (size_t)snprintf(text, room, "typedef int (*%s0)(int);", prefix);
  for (int i = 1; i <= count; i++) {
    length += (size_t)snprintf(text + length, room - length, "typedef %s%d (*%s%d)(%s%d, %s%d);",
                               prefix, i - 1, prefix, i, prefix, i - 1, prefix, i - 1);
  }
  return length;
}

static void types_that_name_others_twice_are_compared_in_no_time(void **state) {
  (void)state;
  enum { COUNT = 28 };
  char text[128 * COUNT];
  size_t length = put_functions(text, sizeof text, "t", COUNT);
  length += put_functions(text + length, sizeof text - length, "u", COUNT);
  snprintf(text + length, sizeof text - length, "typedef t%d r; typedef u%d r; typedef t%d r;",
           COUNT, COUNT, COUNT);
  takes(text);
  snprintf(text + length, sizeof text - length, "typedef t%d r; typedef u%d r;", COUNT, COUNT - 1);
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_INVALID_ARGUMENT);
}

static void what_was_the_same_in_a_text_that_failed_is_forgotten(void **state) {
  (void)state;
  mr_condition condition;
  mr_declarations *declarations =
      declared_for(MR_TARGET_X86_64, "typedef int (*a)(char); typedef int (*b)(char);");
  mr_view bad =
      MR_VIEW("typedef int (*c)(char); typedef a d; typedef c d; typedef b e; typedef c e; !");
  mr_view good = MR_VIEW("typedef long (*c)(char); typedef a d; typedef b d;");
  mr_view other = MR_VIEW("typedef c d;");
  for (int i = 0; i < 2; i++) {
    assert_int_equal(mr_declarations_read(declarations, bad, &condition), MR_SYNTAX_ERROR);
  }
  assert_int_equal(mr_declarations_read(declarations, good, &condition), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, other, &condition), MR_INVALID_ARGUMENT);
  mr_declarations_destroy(declarations);
}

static void operators_nest_as_deep_as_is_said(void **state) {
  (void)state;
  char text[8192] = "enum { A = ";
  for (int i = 0; i < 100; i++) append(text, sizeof text, "(1||1&&1|1^1&1==1<1<<1+1*");
  append(text, sizeof text, "1");
  for (int i = 0; i < 100; i++) append(text, sizeof text, ")");
  append(text, sizeof text, "};");
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_UNSUPPORTED);
  assert_string_equal(condition.message, "this nests deeper than 256");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(declarators_are_read_from_the_name_outward),
      cmocka_unit_test(a_function_knows_its_parameters),
      cmocka_unit_test(void_alone_is_no_parameter),
      cmocka_unit_test(arrays_of_typedefs_become_pointers_as_parameters),
      cmocka_unit_test(what_parameters_declare_ends_with_them),
      cmocka_unit_test(a_struct_in_a_prototype_is_another),
      cmocka_unit_test(parameters_that_are_none_are_refused),
      cmocka_unit_test(arrays_have_elements_with_a_size),
      cmocka_unit_test(functions_return_no_function_and_no_array),
      cmocka_unit_test(array_sizes_are_constants_of_no_less_than_0),
      cmocka_unit_test(arrays_larger_than_the_machine_are_refused),
      cmocka_unit_test(a_declarator_needs_a_name_where_something_is_declared),
      cmocka_unit_test(brackets_nest_as_deep_as_is_said),
      cmocka_unit_test(types_nest_as_deep_as_is_said),
      cmocka_unit_test(arrays_nest_as_deep_as_is_said),
      cmocka_unit_test(attributes_inside_a_declarator_are_refused_if_they_change_layouts),
      cmocka_unit_test(arrays_of_a_qualified_type_that_a_typedef_realigns_are_refused),
      cmocka_unit_test(a_type_name_has_no_name_and_no_storage_class),
      cmocka_unit_test(asm_names_are_passed),
      cmocka_unit_test(types_that_name_others_twice_are_compared_in_no_time),
      cmocka_unit_test(what_was_the_same_in_a_text_that_failed_is_forgotten),
      cmocka_unit_test(operators_nest_as_deep_as_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "declarations_support.h"

static void members_are_laid_out_in_order(void **state) {
  (void)state;
  const mr_type *type = type_of("struct s { char a; int b, *c, d[3]; double e; };", "struct s");
  assert_int_equal(mr_type_size(type), 40);
  assert_int_equal(offset_in(type, "b"), 4);
  assert_int_equal(offset_in(type, "c"), 8);
  assert_int_equal(offset_in(type, "d[2]"), 24);
  assert_int_equal(offset_in(type, "e"), 32);
  assert_string_equal(mr_type_name(type), "s");
  mr_type_release(type);
  is_laid_out_for(MR_TARGET_I386, "struct s { char a; int b, *c, d[3]; double e; };", "struct s",
                  32, 4);
}

static void members_of_a_union_lie_at_its_start(void **state) {
  (void)state;
  const mr_type *type = type_of("union u { char a[5]; int b; };", "union u");
  assert_int_equal(mr_type_kind(type), MR_KIND_UNION);
  assert_int_equal(mr_type_size(type), 8);
  assert_int_equal(offset_in(type, "b"), 0);
  mr_type_release(type);
}

static void bit_fields_are_read_with_their_widths(void **state) {
  (void)state;
  const mr_type *type =
      type_of("struct s { unsigned a : 3, b : 1 + 4; int : 0; _Bool c : 1; long : 40, d : 20; };",
              "struct s");
  mr_member member;
  assert_int_equal(mr_type_find(type, "b", &member, NULL), MR_OK);
  assert_true(member.is_bit_field);
  assert_int_equal(member.bit_offset, 3);
  assert_int_equal(member.bit_width, 5);
  assert_int_equal(offset_in(type, "c"), 4);
  mr_type_release(type);
}

static void bit_fields_that_are_none_are_refused(void **state) {
  (void)state;
  static const char wide[] = "the member a is a bit-field that is wider than its type";
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_X86_64, "struct s { int a : 33; };", &condition),
                   MR_INVALID_ARGUMENT);
  (void)wide;
  assert_int_equal(condition.column, 16);
  refuses("struct s { int a : 129; };", MR_INVALID_ARGUMENT, 1, 20,
          "a bit-field that is wider than its type");
  assert_int_equal(read_for(MR_TARGET_X86_64, "struct s { int a : 0; };", &condition),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(read_for(MR_TARGET_X86_64, "struct s { float a : 3; };", &condition),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(read_for(MR_TARGET_X86_64, "struct s { int *a : 3; };", &condition),
                   MR_INVALID_ARGUMENT);
  refuses("struct s { int a : -1; };", MR_INVALID_ARGUMENT, 1, 20,
          "a bit-field's width can't be negative");
  refuses("struct s { _Atomic int a : 3; };", MR_INVALID_ARGUMENT, 1, 26,
          "a bit-field can't be _Atomic");
  refuses("struct s { int a : b; };", MR_INVALID_ARGUMENT, 1, 20, "'b' is not declared");
}

static void anonymous_members_lend_their_names(void **state) {
  (void)state;
  const mr_type *type =
      type_of("struct s { int a; struct { char b; union { short c; struct { int d; }; }; }; };",
              "struct s");
  assert_int_equal(offset_in(type, "b"), 4);
  assert_int_equal(offset_in(type, "d"), 8);
  mr_type_release(type);
}

static void a_tagged_struct_without_a_declarator_is_no_member(void **state) {
  (void)state;
  is_laid_out("struct s { int a; struct t { int b; }; };", "struct s", 4, 4);
  is_laid_out("struct s { int a; struct t { int b; }; };", "struct t", 4, 4);
  is_laid_out("struct t { int b; }; typedef struct t u; struct s { int a; struct t; u; int; };",
              "struct s", 4, 4);
  is_laid_out_for(MR_TARGET_WINDOWS_X64, "struct t { int b; }; struct s { int a; struct t; };",
                  "struct s", 8, 4);
}

static void names_of_members_come_once(void **state) {
  (void)state;
  static const char message[] = "two members have the name 'a'";
  refuses("struct s { int a; char a; };", MR_INVALID_ARGUMENT, 1, 10, message);
  refuses("struct s { int a; struct { int b; union { int a; }; }; };", MR_INVALID_ARGUMENT, 1, 10,
          message);
  takes("struct s { int a; struct { int a; } b; struct t { int a; } c; }; int a;");
}

static void flexible_arrays_are_last(void **state) {
  (void)state;
  is_laid_out("struct s { int a; double b[]; };", "struct s", 8, 8);
  is_laid_out("struct s { struct { int a; }; char b[]; };", "struct s", 4, 4);
  refuses("struct s { int a[]; int b; };", MR_INVALID_ARGUMENT, 1, 10,
          "the flexible array a is not the last member of a struct");
  refuses("union u { int b; int a[]; };", MR_INVALID_ARGUMENT, 1, 9,
          "the flexible array a is not the last member of a struct");
  refuses("struct s { int a[]; };", MR_INVALID_ARGUMENT, 1, 10,
          "the flexible array a is the only member");
  refuses("struct s { int : 3; int a[]; };", MR_INVALID_ARGUMENT, 1, 10,
          "the flexible array a is the only member");
}

static void members_have_a_size(void **state) {
  (void)state;
  refuses("struct s { struct s a; };", MR_INVALID_ARGUMENT, 1, 21,
          "the member a has an incomplete type");
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_X86_64, "struct s { void a; };", &condition),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(read_for(MR_TARGET_X86_64, "struct s { int a(void); };", &condition),
                   MR_INVALID_ARGUMENT);
  takes("struct s { struct s *a; };");
}

static void a_struct_that_is_cut_short_is_refused(void **state) {
  (void)state;
  refuses("struct", MR_SYNTAX_ERROR, 1, 7, "expected a tag or '{', not the end");
  refuses("struct s {", MR_SYNTAX_ERROR, 1, 11, "expected a member or '}', not the end");
  refuses("struct s { int", MR_SYNTAX_ERROR, 1, 15, "expected a name, not the end");
  refuses("struct s { int a", MR_SYNTAX_ERROR, 1, 17,
          "expected ',' or ';' behind a member, not the end");
  refuses("struct s { int a; }", MR_SYNTAX_ERROR, 1, 20, "expected a name, not the end");
}

static void what_is_no_member_is_refused(void **state) {
  (void)state;
  refuses("struct s { 3; };", MR_SYNTAX_ERROR, 1, 12, "expected a member or '}', not '3'");
  refuses("struct s { int a = 3; };", MR_SYNTAX_ERROR, 1, 18,
          "expected ',' or ';' behind a member, not '='");
  refuses("struct s { int a, ; };", MR_SYNTAX_ERROR, 1, 19, "expected a name, not ';'");
  refuses("struct s { int static a; };", MR_SYNTAX_ERROR, 1, 12, "a member has no storage class");
  refuses("struct s { typedef int a; };", MR_SYNTAX_ERROR, 1, 12,
          "expected a member or '}', not 'typedef'");
}

static void a_tag_is_of_one_kind_and_defined_once(void **state) {
  (void)state;
  refuses("struct s { int a; }; struct s { int a; };", MR_INVALID_ARGUMENT, 1, 29,
          "struct s is defined twice");
  refuses("union s { int a; }; union s { int a; };", MR_INVALID_ARGUMENT, 1, 27,
          "union s is defined twice");
  refuses("struct s; union s *a;", MR_INVALID_ARGUMENT, 1, 17, "'s' is the tag of another struct");
  refuses("union s; struct s { int a; };", MR_INVALID_ARGUMENT, 1, 17,
          "'s' is the tag of another union");
  refuses("enum s { A }; struct s *a;", MR_INVALID_ARGUMENT, 1, 22,
          "'s' is the tag of another enum");
  refuses("struct s { struct s { int a; } b; };", MR_INVALID_ARGUMENT, 1, 19,
          "struct s is defined twice");
}

static void what_compilers_lay_out_differently_is_refused(void **state) {
  (void)state;
  refuses("typedef long t __attribute__((aligned(16))); struct s { char a; t b : 3; };",
          MR_UNSUPPORTED, 1, 55, "gcc and clang lay this out differently: b");
}

static void what_is_too_large_is_refused(void **state) {
  (void)state;
  refuses("struct s { char a[0x7fffffffffffffff], b; };", MR_OVERFLOW, 1, 10, "this is too large");
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_I386, "struct s { char a[0x7fffffff], b; };", &condition),
                   MR_OVERFLOW);
}

static void alignas_only_raises(void **state) {
  (void)state;
  is_laid_out("struct s { char a; _Alignas(16) char b; };", "struct s", 32, 16);
  is_laid_out("struct s { char a; _Alignas(double) _Alignas(0) char b; };", "struct s", 16, 8);
  is_laid_out("struct s { char a; _Alignas(0) int b; };", "struct s", 8, 4);
  refuses("struct s { _Alignas(1) int a; };", MR_INVALID_ARGUMENT, 1, 12,
          "_Alignas can't lower an alignment");
  refuses("struct s { _Alignas(0) double a __attribute__((aligned(4))); };", MR_INVALID_ARGUMENT, 1,
          12, "_Alignas can't lower an alignment");
  refuses("struct s { _Alignas(0) int a : 3; };", MR_INVALID_ARGUMENT, 1, 12,
          "_Alignas of a bit-field");
  refuses("struct s { _Alignas(3) int a; };", MR_INVALID_ARGUMENT, 1, 12,
          "an alignment is a power of two");
  refuses("struct s { _Alignas(void) int a; };", MR_INVALID_ARGUMENT, 1, 12,
          "this type has no alignment");
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_S390X, "struct s { _Alignas(8) __int128 a; };", &condition),
                   MR_INVALID_ARGUMENT);
}

static void assertions_stand_among_members(void **state) {
  (void)state;
  is_laid_out("struct s { ; int a; _Static_assert(sizeof(int) == 4, \"int\"); };", "struct s", 4,
              4);
  refuses("struct s { int a; _Static_assert(0); };", MR_INVALID_ARGUMENT, 1, 19,
          "this assertion fails");
}

static void structs_nest_as_deep_as_is_said(void **state) {
  (void)state;
  static char text[64 * 20];
  mr_condition condition;
  for (int depth = 60; depth <= 70; depth += 10) {
    text[0] = '\0';
    for (int i = 0; i < depth; i++) append(text, sizeof text, "struct {");
    append(text, sizeof text, "int a;");
    for (int i = 1; i < depth; i++) append(text, sizeof text, "} b;");
    append(text, sizeof text, "} c;");
    assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition),
                     depth == 60 ? MR_OK : MR_INVALID_ARGUMENT);
  }
}

static void structs_without_names_in_each_other_take_no_time(void **state) {
  (void)state;
  enum { COUNT = 60 };
  char text[64 * COUNT] = "struct s0 { int : 1; };";
  mr_condition condition;
  size_t length = strlen(text);
  for (int i = 1; i < COUNT; i++) {
    length += (size_t)snprintf(text + length, sizeof text - length,
                               "struct s%d { struct s%d; struct s%d; };", i, i - 1, i - 1);
  }
  assert_int_equal(read_for(MR_TARGET_WINDOWS_X64, text, &condition), MR_OK);
  assert_int_equal(
      read_for(MR_TARGET_WINDOWS_X64,
               "struct a { int x; }; struct b { struct a; }; struct c { struct b; struct a; };",
               &condition),
      MR_INVALID_ARGUMENT);
}

static void a_types_name_declares_nothing(void **state) {
  (void)state;
  const mr_type *type = NULL;
  mr_condition condition;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "struct declared;");
  static const char *const names[] = {"struct s { int a; }", "struct declared { int a; }",
                                      "enum { A }"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    assert_int_equal(mr_declarations_find(declarations, names[i], &type, &condition),
                     MR_INVALID_ARGUMENT);
    assert_string_equal(condition.message, "a type's name declares nothing");
    assert_null(type);
  }
  assert_int_equal(mr_declarations_find(declarations, "struct s", &type, NULL), MR_NO_SUCH_SLOT);
  type = found(declarations, "struct { char c; int i; }");
  assert_int_equal(mr_type_size(type), 8);
  mr_type_release(type);
  mr_declarations_destroy(declarations);
}

static void what_is_too_long_is_wrong_where_it_starts(void **state) {
  (void)state;
  mr_declarations_options options = {.text_limit = 3};
  mr_declarations *declarations;
  mr_condition condition = {.line = 7};
  assert_int_equal(mr_declarations_create(NULL, &options, &declarations), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, MR_VIEW("int;"), &condition), MR_UNSUPPORTED);
  assert_int_equal(condition.line, 1);
  assert_int_equal(condition.column, 1);
  mr_declarations_destroy(declarations);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(members_are_laid_out_in_order),
      cmocka_unit_test(members_of_a_union_lie_at_its_start),
      cmocka_unit_test(bit_fields_are_read_with_their_widths),
      cmocka_unit_test(bit_fields_that_are_none_are_refused),
      cmocka_unit_test(anonymous_members_lend_their_names),
      cmocka_unit_test(a_tagged_struct_without_a_declarator_is_no_member),
      cmocka_unit_test(names_of_members_come_once),
      cmocka_unit_test(flexible_arrays_are_last),
      cmocka_unit_test(members_have_a_size),
      cmocka_unit_test(a_struct_that_is_cut_short_is_refused),
      cmocka_unit_test(what_is_no_member_is_refused),
      cmocka_unit_test(a_tag_is_of_one_kind_and_defined_once),
      cmocka_unit_test(what_compilers_lay_out_differently_is_refused),
      cmocka_unit_test(what_is_too_large_is_refused),
      cmocka_unit_test(alignas_only_raises),
      cmocka_unit_test(assertions_stand_among_members),
      cmocka_unit_test(structs_nest_as_deep_as_is_said),
      cmocka_unit_test(structs_without_names_in_each_other_take_no_time),
      cmocka_unit_test(a_types_name_declares_nothing),
      cmocka_unit_test(what_is_too_long_is_wrong_where_it_starts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "declarations_support.h"

static void packed_and_aligned_change_layouts(void **state) {
  (void)state;
  is_laid_out("struct __attribute__((packed)) s { char a; int b; };", "struct s", 5, 1);
  is_laid_out("struct s { char a; int b; } __attribute__((__packed__, aligned(2)));", "struct s", 6,
              2);
  is_laid_out("struct s { char a; int b __attribute((packed)); };", "struct s", 5, 1);
  is_laid_out("struct __attribute__((aligned(16))) s { char a; };", "struct s", 16, 16);
  is_laid_out("struct s { char a; __attribute__((aligned(8))) char b, c; };", "struct s", 24, 8);
  is_laid_out("struct s { char a; char b __attribute__((aligned(8))), c; };", "struct s", 16, 8);
  is_laid_out(
      "__declspec(align(32)) struct s { char a; } v; struct __declspec(align(32)) t { char a; };",
      "struct t", 32, 32);
}

static void aligned_alone_is_the_machines_largest(void **state) {
  (void)state;
  is_laid_out("struct s { char a; } __attribute__((aligned));", "struct s", 16, 16);
  is_laid_out_for(MR_TARGET_ARM, "struct s { char a; } __attribute__((aligned));", "struct s", 8,
                  8);
}

static void alignments_are_powers_of_two_up_to_a_limit(void **state) {
  (void)state;
  mr_condition condition;
  refuses("struct s { int a __attribute__((aligned(3))); };", MR_INVALID_ARGUMENT, 1, 40,
          "an alignment is a power of two");
  refuses("struct s { int a __attribute__((aligned(0))); };", MR_INVALID_ARGUMENT, 1, 40,
          "an alignment is a power of two");
  refuses("struct s { int a __attribute__((aligned(0x20000000))); };", MR_UNSUPPORTED, 1, 40,
          "an alignment above 268435456");
  assert_int_equal(read_for(MR_TARGET_WINDOWS_X64,
                            "struct s { int a; } __attribute__((aligned(16384)));", &condition),
                   MR_UNSUPPORTED);
  refuses("struct s { int a; } __attribute__((aligned(8));", MR_SYNTAX_ERROR, 1, 47,
          "expected '))', not ';'");
  refuses("struct s { int a; } __attribute__((aligned(8;", MR_SYNTAX_ERROR, 1, 45,
          "expected ')', not ';'");
}

static void of_several_alignments_the_last_must_be_the_largest(void **state) {
  (void)state;
  is_laid_out("struct s { char a; } __attribute__((aligned(2), aligned(8)));", "struct s", 8, 8);
  refuses("struct s { char a; } __attribute__((aligned(8), aligned(2)));", MR_UNSUPPORTED, 1, 37,
          "of several alignments gcc takes the last, and clang the largest");
  is_laid_out("struct s { char a __attribute__((aligned(8), aligned(2))); };", "struct s", 8, 8);
}

static void a_typedef_has_its_own_alignment(void **state) {
  (void)state;
  is_laid_out("typedef int t __attribute__((aligned(2)));", "t", 4, 2);
  is_laid_out(
      "typedef int a __attribute__((aligned(2))); typedef a t __attribute__((aligned(16)));", "t",
      4, 16);
  is_laid_out("__attribute__((aligned(1))) typedef double t; struct s { char a; t b; };",
              "struct s", 9, 1);
  is_laid_out("typedef struct { int a; } t __attribute__((packed));", "t", 4, 4);
  refuses("typedef _Alignas(8) int t;", MR_UNSUPPORTED, 1, 9,
          "an attribute that changes layout, of a typedef");
  refuses("typedef struct s t __attribute__((aligned(8)));", MR_UNSUPPORTED, 1, 35,
          "an alignment of a type that is not complete");
  refuses("typedef int t __attribute__((aligned(8), aligned(4)));", MR_UNSUPPORTED, 1, 30,
          "of several alignments gcc takes the last, and clang the largest");
  takes("typedef _Float16 t __attribute__((aligned(8)));");
}

static void vectors_are_made_of_scalars(void **state) {
  (void)state;
  is_laid_out("typedef float t __attribute__((vector_size(16)));", "t", 16, 16);
  is_laid_out("typedef int t __attribute__((vector_size(8))); struct s { char a; t b[2]; };",
              "struct s", 24, 8);
  is_laid_out_for(MR_TARGET_ARM, "typedef float t __attribute__((vector_size(16)));", "t", 16, 8);
  refuses("typedef int t __attribute__((vector_size(12)));", MR_INVALID_ARGUMENT, 1, 30,
          "a vector's size must be a power of two times its element's");
  refuses("typedef int t __attribute__((vector_size(2)));", MR_INVALID_ARGUMENT, 1, 30,
          "a vector's size must be a power of two times its element's");
  refuses("typedef int t __attribute__((vector_size(8192)));", MR_INVALID_ARGUMENT, 1, 30,
          "a vector's size must be a power of two times its element's");
  refuses("typedef void *t __attribute__((vector_size(16)));", MR_INVALID_ARGUMENT, 1, 32,
          "there are no vectors of this type");
  refuses("struct s { int a; } __attribute__((vector_size(16)));", MR_UNSUPPORTED, 1, 36,
          "an attribute that changes layout, of a struct or union");
  refuses("typedef int t __attribute__((vector_size));", MR_SYNTAX_ERROR, 1, 41,
          "expected '(', not ')'");
}

static void vectors_that_compilers_align_differently_are_refused(void **state) {
  (void)state;
  mr_condition condition;
  assert_int_equal(
      read_for(MR_TARGET_I386, "typedef int t __attribute__((vector_size(8)));", &condition),
      MR_UNSUPPORTED);
  assert_string_equal(condition.message, "gcc and clang lay out vectors of this size differently");
}

static void modes_choose_a_size(void **state) {
  (void)state;
  is_laid_out("typedef int t __attribute__((mode(QI)));", "t", 1, 1);
  is_laid_out("typedef unsigned t __attribute__((__mode__(__HI__)));", "t", 2, 2);
  is_laid_out("typedef int t __attribute__((mode(SI)));", "t", 4, 4);
  is_laid_out("typedef int t __attribute__((mode(DI)));", "t", 8, 8);
  is_laid_out("typedef int t __attribute__((mode(TI)));", "t", 16, 16);
  is_laid_out("typedef int t __attribute__((mode(word)));", "t", 8, 8);
  is_laid_out("typedef int t __attribute__((mode(pointer)));", "t", 8, 8);
  is_laid_out("typedef float t __attribute__((mode(DF)));", "t", 8, 8);
  is_laid_out("typedef float t __attribute__((mode(XF)));", "t", 16, 16);
  is_laid_out("typedef _Complex float t __attribute__((mode(TC)));", "t", 32, 16);
  is_laid_out("typedef _Complex float t __attribute__((mode(XC)));", "t", 32, 16);
  is_laid_out("typedef _Complex double t __attribute__((mode(SC)));", "t", 8, 4);
  is_laid_out("struct s { int a __attribute__((mode(HI))); };", "struct s", 2, 2);
}

static void modes_that_a_type_has_not_are_refused(void **state) {
  (void)state;
  static const char message[] = "there is no such mode of this type";
  refuses("typedef int t __attribute__((mode(DF)));", MR_UNSUPPORTED, 1, 30, message);
  refuses("typedef float t __attribute__((mode(SI)));", MR_UNSUPPORTED, 1, 32, message);
  refuses("typedef float t __attribute__((mode(SC)));", MR_UNSUPPORTED, 1, 32, message);
  refuses("struct s { int a; }; typedef struct s t __attribute__((mode(SI)));", MR_UNSUPPORTED, 1,
          56, message);
  refuses("typedef int t __attribute__((mode(V4SI)));", MR_UNSUPPORTED, 1, 35,
          "this mode is not known");
  refuses("typedef int t __attribute__((mode(3)));", MR_UNSUPPORTED, 1, 35,
          "this mode is not known");
  refuses("typedef int *t __attribute__((mode(DI)));", MR_UNSUPPORTED, 1, 31,
          "a mode of what is no scalar");
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_I386, "typedef int t __attribute__((mode(TI)));", &condition),
                   MR_UNSUPPORTED);
}

static void scalar_storage_order_turns_scalars(void **state) {
  (void)state;
  const mr_type *type = type_of(
      "struct __attribute__((scalar_storage_order(\"big-endian\"))) s { int a, b[2]; char c; void "
      "*d; "
      "unsigned e : 3; };",
      "struct s");
  mr_member member;
  assert_int_equal(mr_type_find(type, "a", &member, NULL), MR_OK);
  assert_int_equal(mr_type_byte_order(member.type), MR_BIG_ENDIAN);
  assert_int_equal(mr_type_find(type, "b", &member, NULL), MR_OK);
  assert_int_equal(mr_type_byte_order(member.type), MR_BIG_ENDIAN);
  assert_int_equal(mr_type_find(type, "d", &member, NULL), MR_OK);
  assert_int_equal(mr_type_byte_order(member.type), MR_LITTLE_ENDIAN);
  assert_int_equal(mr_type_find(type, "e", &member, NULL), MR_OK);
  assert_int_equal(mr_type_byte_order(member.type), MR_BIG_ENDIAN);
  mr_type_release(type);
}

static void scalar_storage_order_has_two_values(void **state) {
  (void)state;
  refuses("struct s { int a; } __attribute__((scalar_storage_order(\"mixed\")));", MR_SYNTAX_ERROR,
          1, 57, "expected \"big-endian\" or \"little-endian\", not '\"mixed\"'");
  refuses("struct s { int a; } __attribute__((scalar_storage_order));", MR_SYNTAX_ERROR, 1, 56,
          "expected '(', not ')'");
  takes("struct s { int a; } __attribute__((scalar_storage_order(\"little-endian\")));");
  refuses(
      "struct s { int a; }; typedef struct s t "
      "__attribute__((scalar_storage_order(\"big-endian\")));",
      MR_UNSUPPORTED, 1, 56, "an attribute that changes layout, of a typedef");
}

static void attributes_that_say_nothing_of_layouts_are_passed(void **state) {
  (void)state;
  takes(
      "int f(const char *, ...) __attribute__((format(printf, 1, 2), nonnull(1), , __nothrow__));"
      "struct s { int a __attribute__((unused)); } __attribute__((may_alias));"
      "typedef int t __attribute__((deprecated(\"a\" \"b\")));"
      "enum __attribute__((enum_extensibility(open))) e { A };"
      "struct g { int a : 3; } __attribute__((gcc_struct));");
}

static void attributes_that_are_not_known_are_refused_on_data(void **state) {
  (void)state;
  refuses("struct s { int a __attribute__((strange(1, (2)))); };", MR_UNSUPPORTED, 1, 33,
          "attribute 'strange' is not known, and may change the layout");
  refuses("struct s { int a; } __attribute__((strange));", MR_UNSUPPORTED, 1, 36,
          "attribute 'strange' is not known, and may change the layout");
  refuses("typedef int t __attribute__((strange));", MR_UNSUPPORTED, 1, 30,
          "attribute 'strange' is not known, and may change the layout");
  refuses("struct s { __attribute__((strange)) struct t; };", MR_UNSUPPORTED, 1, 27,
          "attribute 'strange' is not known, and may change the layout");
  refuses("struct s { int a; } __attribute__((ms_struct));", MR_UNSUPPORTED, 1, 36,
          "attribute 'ms_struct' is not known, and may change the layout");
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_WINDOWS_X64,
                            "struct s { int a; } __attribute__((gcc_struct));", &condition),
                   MR_UNSUPPORTED);
}

static void attributes_that_are_none_are_refused(void **state) {
  (void)state;
  refuses("int a __attribute__;", MR_SYNTAX_ERROR, 1, 20, "expected '(', not ';'");
  refuses("int a __attribute__(packed);", MR_SYNTAX_ERROR, 1, 21, "expected '((', not 'packed'");
  refuses("int a __attribute__((3));", MR_SYNTAX_ERROR, 1, 22,
          "expected an attribute's name, not '3'");
  refuses("int a __attribute__((packed;", MR_SYNTAX_ERROR, 1, 28,
          "expected ',' or ')' behind an attribute, not ';'");
  refuses("int a __attribute__((unused(1;", MR_SYNTAX_ERROR, 1, 28, "this has no ) that ends it");
  refuses("int a __attribute__((unused", MR_SYNTAX_ERROR, 1, 28,
          "expected ',' or ')' behind an attribute, not the end");
}

static void align_is_an_attribute_of_declspec_only(void **state) {
  (void)state;
  is_laid_out("struct s { char c; __declspec(align(16)) int i; };", "struct s", 32, 16);
  refuses("struct s { char c; int i __attribute__((align(16))); };", MR_UNSUPPORTED, 1, 41,
          "attribute 'align' is not known, and may change the layout");
}

static void attributes_of_another_type_are_not_copied(void **state) {
  (void)state;
  refuses("struct s { char c; } __attribute__((copy((struct t *)0)));", MR_UNSUPPORTED, 1, 37,
          "attribute 'copy' is not known, and may change the layout");
}

static void the_alignment_of_what_is_aligned_otherwise_than_its_type_is_refused(void **state) {
  (void)state;
  static const char message[] = "the alignment of what is aligned otherwise than its type";
  refuses("extern int a __attribute__((aligned(64))); char s[_Alignof(a)];", MR_UNSUPPORTED, 1, 59,
          message);
  refuses("_Alignas(64) extern int a; extern int a; char s[__alignof__ a];", MR_UNSUPPORTED, 1, 61,
          message);
  refuses("extern struct { int i __attribute__((aligned(64))); } a; char s[__alignof__(a.i)];",
          MR_UNSUPPORTED, 1, 76, message);
  is_laid_out(
      "extern struct { int i[2] __attribute__((aligned(64))); } a;"
      "struct s { char i[__alignof__(a.i[0])], p[__alignof__(&a.i)], z[sizeof a.i]; };",
      "struct s", 20, 1);
}

static void attributes_before_a_tag_that_is_only_named_change_nothing(void **state) {
  (void)state;
  static const char message[] =
      "an attribute that changes layout, of a struct, union or enum that is not defined";
  is_laid_out(
      "struct a { char c; }; struct b { char c; struct __attribute__((aligned(16))) a a; };",
      "struct b", 2, 1);
  is_laid_out("struct a { char c; }; typedef struct __attribute__((aligned(16))) a t;", "t", 1, 1);
  is_laid_out("enum e { A }; struct b { char c; enum __attribute__((aligned(16))) e e; };",
              "struct b", 8, 4);
  is_laid_out("struct __attribute__((deprecated)) a; struct a { char c; };", "struct a", 1, 1);
  refuses("struct __attribute__((aligned(32))) a; struct a { char c; };", MR_UNSUPPORTED, 1, 23,
          message);
  refuses("typedef union __attribute__((packed)) a *t;", MR_UNSUPPORTED, 1, 30, message);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(packed_and_aligned_change_layouts),
      cmocka_unit_test(aligned_alone_is_the_machines_largest),
      cmocka_unit_test(alignments_are_powers_of_two_up_to_a_limit),
      cmocka_unit_test(of_several_alignments_the_last_must_be_the_largest),
      cmocka_unit_test(a_typedef_has_its_own_alignment),
      cmocka_unit_test(vectors_are_made_of_scalars),
      cmocka_unit_test(vectors_that_compilers_align_differently_are_refused),
      cmocka_unit_test(modes_choose_a_size),
      cmocka_unit_test(modes_that_a_type_has_not_are_refused),
      cmocka_unit_test(scalar_storage_order_turns_scalars),
      cmocka_unit_test(scalar_storage_order_has_two_values),
      cmocka_unit_test(attributes_that_say_nothing_of_layouts_are_passed),
      cmocka_unit_test(attributes_that_are_not_known_are_refused_on_data),
      cmocka_unit_test(attributes_that_are_none_are_refused),
      cmocka_unit_test(align_is_an_attribute_of_declspec_only),
      cmocka_unit_test(attributes_of_another_type_are_not_copied),
      cmocka_unit_test(the_alignment_of_what_is_aligned_otherwise_than_its_type_is_refused),
      cmocka_unit_test(attributes_before_a_tag_that_is_only_named_change_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

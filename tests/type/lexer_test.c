#include "declarations_support.h"

static void white_space_and_comments_say_nothing(void **state) {
  (void)state;
  is_laid_out("\t\v\f\r\nint/**/typedef/* ** / */t//;\n;", "t", 4, 4);
  is_laid_out("typedef \\\nint \\\r\n t;", "t", 4, 4);
  takes("");
  takes("// only a comment");
}

static void a_comment_without_an_end_is_none(void **state) {
  (void)state;
  refuses("int a; /* and", MR_SYNTAX_ERROR, 1, 8, "this comment does not end");
  refuses("int a;\n/*", MR_SYNTAX_ERROR, 2, 1, "this comment does not end");
  refuses("int a; /* *", MR_SYNTAX_ERROR, 1, 8, "this comment does not end");
}

static void a_lone_backslash_starts_nothing(void **state) {
  (void)state;
  refuses("int \\ a;", MR_SYNTAX_ERROR, 1, 5, "this octet starts nothing in C");
  refuses("int a; \\", MR_SYNTAX_ERROR, 1, 8, "this octet starts nothing in C");
}

static void octets_that_c_has_not_are_refused(void **state) {
  (void)state;
  refuses("int @a;", MR_SYNTAX_ERROR, 1, 5, "this octet starts nothing in C");
  refuses("int a; `", MR_SYNTAX_ERROR, 1, 8, "this octet starts nothing in C");
  refuses("int a; # b", MR_SYNTAX_ERROR, 1, 8, "this octet starts nothing in C");
}

static void a_zero_octet_is_no_end(void **state) {
  (void)state;
  mr_declarations *declarations;
  mr_condition condition;
  assert_int_equal(mr_declarations_create(NULL, NULL, &declarations), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, mr_view_of("int a;\0;", 8), &condition),
                   MR_SYNTAX_ERROR);
  assert_int_equal(condition.offset, 6);
  mr_declarations_destroy(declarations);
}

static void names_may_have_dollars_and_octets_above_127(void **state) {
  (void)state;
  is_laid_out("typedef int a$b; typedef a$b caf\xc3\xa9;", "caf\xc3\xa9", 4, 4);
}

static void a_name_has_at_most_65535_octets(void **state) {
  (void)state;
  static char text[70000];
  mr_condition condition;
  memset(text, 'a', sizeof text - 1);
  memcpy(text, "int ", 4);
  text[4 + 65535] = ';';
  text[4 + 65536] = '\0';
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_OK);
  text[4 + 65535] = 'a';
  text[4 + 65536] = ';';
  text[4 + 65537] = '\0';
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_UNSUPPORTED);
  assert_int_equal(condition.column, 5);
}

static void digraphs_are_brackets(void **state) {
  (void)state;
  is_laid_out("struct s <% int a<:3:>; %>;", "struct s", 12, 4);
}

static void line_markers_are_passed(void **state) {
  (void)state;
  is_laid_out("# 1 \"a.h\" 1 3 4\ntypedef\n#line 7 \"b.h\"\n  # 9\n#\n#ident \"x\"\nint t;", "t", 4,
              4);
}

static void line_markers_count_lines(void **state) {
  (void)state;
  refuses("# 100 \"a.h\"\n\nint 1;", MR_SYNTAX_ERROR, 101, 5, "expected a name, not '1'");
  refuses("#line 5\nint 1;", MR_SYNTAX_ERROR, 5, 5, "expected a name, not '1'");
}

static void directives_of_the_preprocessor_are_refused(void **state) {
  (void)state;
  static const char message[] =
      "the preprocessor's directives are not read: read what cc -E makes of this";
  refuses("#define A 1\n", MR_UNSUPPORTED, 1, 1, message);
  refuses("int a;\n  #if 1\n#endif", MR_UNSUPPORTED, 2, 3, message);
  refuses("#include <stdio.h>", MR_UNSUPPORTED, 1, 1, message);
  refuses("#lineage", MR_UNSUPPORTED, 1, 1, message);
}

static void headers_that_are_known_from_the_start_are_passed(void **state) {
  (void)state;
  takes(
      "#include <stdint.h>\n# include <stddef.h>\n#include <stdbool.h>\n"
      "#include <inttypes.h>\nint32_t a;");
}

static void quotations_end_on_their_line(void **state) {
  (void)state;
  refuses("int a = \"b\n\";", MR_SYNTAX_ERROR, 1, 9, "this quotation does not end");
  refuses("int a = 'b", MR_SYNTAX_ERROR, 1, 9, "this quotation does not end");
  refuses("int a = \"\\", MR_SYNTAX_ERROR, 1, 9, "this quotation does not end");
}

static void quotations_hold_anything(void **state) {
  (void)state;
  takes("const char *a = \"; } \\\" ' /* \", b = '\"', c = '\\'', *d = u8\"e\";");
  takes("const int *a = L\"; }\", b = u'}', c = U'}';");
}

static void numbers_take_what_looks_like_them(void **state) {
  (void)state;
  takes("double a = 1.5e+3 + .5 + 0x1p-3 + 1e5f;");
  refuses("enum e { A = 1.e+3 };", MR_INVALID_ARGUMENT, 1, 14,
          "expected a constant integer, not a floating number");
}

static void all_operators_are_read(void **state) {
  (void)state;
  takes("int a = b ? c->d[1] << 2 >> 3 : e <= f >= g == h != i && j || !k & ~l | m ^ n % o / p;");
}

static void a_line_comment_goes_on_behind_a_backslash(void **state) {
  (void)state;
  is_laid_out("// not yet \\\nstruct s { char c[3]; };\nstruct s { char c; };", "struct s", 1, 1);
  is_laid_out("// not yet \\\r\nstruct s { char c[3]; };\r\nstruct s { char c; };", "struct s", 1,
              1);
  is_laid_out("//\\\n\\\n\nstruct s { char c; };", "struct s", 1, 1);
  is_laid_out("// \\ \nstruct s { char c; };", "struct s", 1, 1);
  takes("//\\");
  takes("//\\\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(white_space_and_comments_say_nothing),
      cmocka_unit_test(a_comment_without_an_end_is_none),
      cmocka_unit_test(a_lone_backslash_starts_nothing),
      cmocka_unit_test(octets_that_c_has_not_are_refused),
      cmocka_unit_test(a_zero_octet_is_no_end),
      cmocka_unit_test(names_may_have_dollars_and_octets_above_127),
      cmocka_unit_test(a_name_has_at_most_65535_octets),
      cmocka_unit_test(digraphs_are_brackets),
      cmocka_unit_test(line_markers_are_passed),
      cmocka_unit_test(line_markers_count_lines),
      cmocka_unit_test(directives_of_the_preprocessor_are_refused),
      cmocka_unit_test(headers_that_are_known_from_the_start_are_passed),
      cmocka_unit_test(quotations_end_on_their_line),
      cmocka_unit_test(quotations_hold_anything),
      cmocka_unit_test(numbers_take_what_looks_like_them),
      cmocka_unit_test(all_operators_are_read),
      cmocka_unit_test(a_line_comment_goes_on_behind_a_backslash),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "declarations_support.h"

typedef struct written {
  char text[1024];
  size_t size;
  /** Octets after which writing fails. */
  size_t limit;
} written;

static mr_status write_text(void *context, const char *text, size_t size) {
  written *to = context;
  if (to->size + size > to->limit) return MR_NO_SPACE;
  memcpy(to->text + to->size, text, size);
  to->size += size;
  to->text[to->size] = '\0';
  return MR_OK;
}

static mr_status print(const char *name, const char *text, written *to) {
  mr_condition condition;
  assert_int_not_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_OK);
  return mr_declarations_print_error(name, mr_view_of(text, strlen(text)), &condition, write_text,
                                     to);
}

static void is_printed(const char *name, const char *text, const char *expected) {
  written to = {.limit = sizeof to.text - 1};
  assert_int_equal(print(name, text, &to), MR_OK);
  assert_string_equal(to.text, expected);
}

static void an_error_is_shown_with_its_line(void **state) {
  (void)state;
  is_printed("point.h", "struct point {\n\n  int x }\n;",
             "point.h:3:9: expected ',' or ';' behind a member, not '}'\n"
             "    int x }\n"
             "          ^\n");
}

static void a_text_without_a_name_is_called_declarations(void **state) {
  (void)state;
  is_printed(NULL, "int", "declarations:1:4: expected a name, not the end\n  int\n     ^\n");
}

static void a_line_marker_names_the_file(void **state) {
  (void)state;
  is_printed("all.i", "# 1 \"a.h\"\nint a;\n# 7 \"b.h\" 1\nint 3;",
             "b.h:7:5: expected a name, not '3'\n  int 3;\n      ^\n");
  is_printed("all.i", "# 7\nint 3;", "all.i:7:5: expected a name, not '3'\n  int 3;\n      ^\n");
  is_printed("all.i", "# 7 \"\"\nint 3;",
             "all.i:7:5: expected a name, not '3'\n  int 3;\n      ^\n");
  is_printed("all.i", "# 7 \"a\nint 3;",
             "all.i:7:5: expected a name, not '3'\n  int 3;\n      ^\n");
}

static void tabs_and_controls_are_blank(void **state) {
  (void)state;
  is_printed("a.h", "\tint\v3;\r\n", "a.h:1:6: expected a name, not '3'\n   int 3;\n       ^\n");
}

static void characters_of_several_octets_take_one_column(void **state) {
  (void)state;
  is_printed(
      "a.h", "int \xc3\xa9 3;",
      "a.h:1:8: expected ',' or ';' behind a declaration, not '3'\n  int \xc3\xa9 3;\n        ^\n");
}

static void a_long_line_is_shown_around_the_place(void **state) {
  (void)state;
  char text[400];
  written to = {.limit = sizeof to.text - 1};
  memset(text, ' ', sizeof text);
  memcpy(text + 200, "3", 1);
  text[sizeof text - 1] = '\0';
  assert_int_equal(print("a.h", text, &to), MR_OK);
  const char *line = strchr(to.text, '\n') + 1;
  assert_int_equal(strchr(line, '\n') - line, 2 + 3 + 120 + 80 + 3);
  assert_memory_equal(line, "  ... ", 6);
  assert_int_equal(line[2 + 3 + 120], '3');
  assert_memory_equal(strchr(line, '\n') - 4, " ...", 4);
  assert_int_equal(strchr(strchr(line, '\n'), '^') - strchr(line, '\n'), 1 + 2 + 3 + 120);
}

static void an_empty_text_is_shown_too(void **state) {
  (void)state;
  written to = {.limit = sizeof to.text - 1};
  mr_condition condition = {.line = 1, .column = 1, .message = "why", .offset = 99};
  assert_int_equal(
      mr_declarations_print_error("a.h", mr_view_of(NULL, 0), &condition, write_text, &to), MR_OK);
  assert_string_equal(to.text, "a.h:1:1: why\n  \n  ^\n");
}

static void a_failing_write_ends_it(void **state) {
  (void)state;
  written all = {.limit = sizeof all.text - 1};
  assert_int_equal(print("a.h", "int 3;", &all), MR_OK);
  for (size_t limit = 0; limit < all.size; limit++) {
    written to = {.limit = limit};
    assert_int_equal(print("a.h", "int 3;", &to), MR_NO_SPACE);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_error_is_shown_with_its_line),
      cmocka_unit_test(a_text_without_a_name_is_called_declarations),
      cmocka_unit_test(a_line_marker_names_the_file),
      cmocka_unit_test(tabs_and_controls_are_blank),
      cmocka_unit_test(characters_of_several_octets_take_one_column),
      cmocka_unit_test(a_long_line_is_shown_around_the_place),
      cmocka_unit_test(an_empty_text_is_shown_too),
      cmocka_unit_test(a_failing_write_ends_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

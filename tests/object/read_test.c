/* Reading objects from C initialisers: where values go. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <memregions/object_text.h>

#include "built_type.h"
#include "support.h"

enum { ROOM = 128, DIRT = 0xa5 };

static MR_ALIGNAS(16) unsigned char memory[ROOM];

static mr_object dirty_object(const mr_type *type) {
  memset(memory, DIRT, sizeof memory);
  assert_true(mr_type_size(type) <= sizeof memory);
  return object_over(mr_region_of(memory, mr_type_size(type)), type);
}

static mr_status read_into(mr_object object, const char *text, uint32_t flags,
                           mr_condition *condition) {
  return mr_object_read_text(object, mr_view_of(text, strlen(text)), flags, condition);
}

/* What is printed of what was read. */
static void assert_prints(mr_object object, const char *expected) {
  char buffer[512];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_object_print(object, NULL, mr_text_write, &text), MR_OK);
  assert_string_equal(buffer, expected);
}

static void assert_reads_with(uint32_t flags, const mr_type *type, const char *text,
                              const char *expected) {
  mr_condition condition = {0};
  mr_object object = dirty_object(type);
  if (flags & MR_READ_KEEP) memset(memory, 1, sizeof memory);
  if (read_into(object, text, flags, &condition) != MR_OK) {
    fail_msg("%s: %u: %s", text, (unsigned)condition.column, condition.message);
  }
  if (expected) assert_prints(object, expected);
  for (size_t i = object.size; i < ROOM; i++) {
    assert_int_equal(memory[i], flags & MR_READ_KEEP ? 1 : DIRT);
  }
  mr_type_release(type);
}

static void assert_reads(const mr_type *type, const char *text, const char *expected) {
  assert_reads_with(0, type, text, expected);
}

/* Nothing has changed, and the condition says where. */
static void assert_refused_at(const mr_type *type, const char *text, mr_status status,
                              uint32_t line, uint32_t column) {
  mr_condition condition = {0};
  mr_object object = dirty_object(type);
  mr_status answered = read_into(object, text, 0, &condition);
  if (answered != status || condition.status != status || condition.line != line ||
      condition.column != column) {
    fail_msg("%s: %s at %u:%u: %s", text, mr_status_name(answered), (unsigned)condition.line,
             (unsigned)condition.column, condition.message);
  }
  for (size_t i = 0; i < ROOM; i++) assert_int_equal(memory[i], DIRT);
  assert_int_equal(read_into(object, text, 0, NULL), status);
  mr_type_release(type);
}

static void assert_refused(const mr_type *type, const char *text, mr_status status,
                           uint32_t column) {
  assert_refused_at(type, text, status, 1, column);
}

static const mr_type *pair(void) { return STRUCT(MEMBER(a, I32), MEMBER(b, I32)); }

static const mr_type *tree(void) {
  return STRUCT(MEMBER(x, I32), MEMBER(p, pair()), MEMBER(q, built_array(pair(), 2)),
                MEMBER(y, I32));
}

/* Positions. */

static void values_go_where_they_stand(void **state) {
  (void)state;
  assert_reads(
      tree(), "{1, {2, 3}, {{4, 5}, {6, 7}}, 8}",
      "{.x = 1, .p = {.a = 2, .b = 3}, .q = {{.a = 4, .b = 5}, {.a = 6, .b = 7}}, .y = 8}");
  assert_reads(I32, "5", "5");
  assert_reads(I32, " { 5 , } ", "5");
  assert_reads(I32, "{}", "0");
}

static void braces_may_be_left_out(void **state) {
  (void)state;
  const char *all =
      "{.x = 1, .p = {.a = 2, .b = 3}, .q = {{.a = 4, .b = 5}, {.a = 6, .b = 7}}, .y = 8}";
  assert_reads(tree(), "{1, 2, 3, 4, 5, 6, 7, 8}", all);
  assert_reads(tree(), "{1, 2, 3, {4, 5, 6, 7}, 8,}", all);
  assert_reads(tree(), "{1, {2, 3}, 4, 5, {6, 7}, 8}",
               "{.x = 1, .p = {.a = 2, .b = 3}, .q = {{.a = 4, "
               ".b = 5}, {.a = 6, .b = 7}}, .y = 8}");
  assert_reads(built_array(built_array(I8, 2), 2), "{1, 2, 3}", "{{1, 2}, {3, 0}}");
}

static void what_is_not_named_becomes_0(void **state) {
  (void)state;
  assert_reads(
      tree(), "{}",
      "{.x = 0, .p = {.a = 0, .b = 0}, .q = {{.a = 0, .b = 0}, {.a = 0, .b = 0}}, .y = 0}");
  assert_reads(
      tree(), "{.p = {1}, .y = 2}",
      "{.x = 0, .p = {.a = 1, .b = 0}, .q = {{.a = 0, .b = 0}, {.a = 0, .b = 0}}, .y = 2}");
}

static void padding_becomes_0_too(void **state) {
  (void)state;
  const mr_type *type = STRUCT(MEMBER(a, I8), MEMBER(b, I32));
  mr_object object = dirty_object(type);
  assert_int_equal(read_into(object, "{1, 2}", 0, NULL), MR_OK);
  assert_int_equal(memory[1] | memory[2] | memory[3], 0);
  mr_type_release(type);
}

static void what_is_not_named_can_be_kept(void **state) {
  (void)state;
  assert_reads_with(MR_READ_KEEP, tree(), "{.p.b = 7, .q = {[1] = {.a = 9}}}",
                    "{.x = 16843009, .p = {.a = 16843009, .b = 7}, .q = {{.a = 16843009, .b = "
                    "16843009}, {.a = 9, .b = 16843009}}, .y = 16843009}");
  assert_reads_with(MR_READ_KEEP, built_array(plain_char(), 4), "\"a\"", "\"a\"");
}

/* Designators. */

static void designators_say_where_to_go_on(void **state) {
  (void)state;
  assert_reads(
      tree(), "{.q[1].b = 7, 8, .x = 1, 2, 3, 4}",
      "{.x = 1, .p = {.a = 2, .b = 3}, .q = {{.a = 4, .b = 0}, {.a = 0, .b = 7}}, .y = 8}");
  assert_reads(built_array(I32, 5), "{[3] = 4, 5, [0] = 1, 2}", "{1, 2, 0, 4, 5}");
  assert_reads(built_array(I32, 3), "{[1 + 1] = 5, [0x0] = 1}", "{1, 0, 5}");
  assert_reads(
      tree(), "{ . p . a = 1 , . q [ 0 ] . b = 2 }",
      "{.x = 0, .p = {.a = 1, .b = 0}, .q = {{.a = 0, .b = 2}, {.a = 0, .b = 0}}, .y = 0}");
}

static void what_comes_later_counts(void **state) {
  (void)state;
  assert_reads(
      tree(), "{.p = {1, 2}, .p = {.b = 3}}",
      "{.x = 0, .p = {.a = 0, .b = 3}, .q = {{.a = 0, .b = 0}, {.a = 0, .b = 0}}, .y = 0}");
  assert_reads(
      tree(), "{.p = {1, 2}, .p.b = 3}",
      "{.x = 0, .p = {.a = 1, .b = 3}, .q = {{.a = 0, .b = 0}, {.a = 0, .b = 0}}, .y = 0}");
}

static void ranges_go_to_all_their_elements(void **state) {
  (void)state;
  assert_reads(built_array(I32, 5), "{[1 ... 3] = 7, 8}", "{0, 7, 7, 7, 8}");
  assert_reads(built_array(I32, 5), "{[1...3] = 7, 8}", "{0, 7, 7, 7, 8}");
  assert_reads(built_array(pair(), 3), "{[0 ... 1] = {1, 2}, 3}",
               "{{.a = 1, .b = 2}, {.a = 1, .b = 2}, {.a = 3, .b = 0}}");
  assert_reads(built_array(pair(), 3), "{[0 ... 1].a = 1, 2}",
               "{{.a = 1, .b = 0}, {.a = 1, .b = 2}, {.a = 0, .b = 0}}");
  assert_reads(built_array(built_array(plain_char(), 4), 3), "{[0 ... 1] = \"ab\", \"c\"}",
               "{\"ab\", \"ab\", \"c\"}");
  assert_reads(built_array(STRUCT(BITS(a, U8, 3), BITS(b, U8, 3)), 3), "{[0 ... 2].b = 5}",
               "{{.a = 0, .b = 5}, {.a = 0, .b = 5}, {.a = 0, .b = 5}}");
  assert_reads(STRUCT(MEMBER(list, built_array(built_array(I8, 2), 2))), "{.list[0 ... 1][1] = 3}",
               "{.list = {{0, 3}, {0, 3}}}");
}

static void ranges_that_would_be_doubtful_are_refused(void **state) {
  (void)state;
  mr_condition condition = {0};
  assert_refused(built_array(pair(), 3), "{[0 ... 1] = 1, 2}", MR_SYNTAX_ERROR, 14);
  assert_refused(built_array(built_array(I8, 2), 2), "{[0 ... 1][0 ... 1] = 3}", MR_UNSUPPORTED,
                 14);
  assert_refused(built_array(I8, 4), "{[2 ... 1] = 3}", MR_OUT_OF_BOUNDS, 8);
  assert_refused(built_array(I8, 4), "{[0 ... 4] = 3}", MR_OUT_OF_BOUNDS, 9);
  const mr_type *type = built_array(pair(), 2);
  mr_object object = dirty_object(type);
  assert_int_equal(read_into(object, "{[0 ... 1] = {.a = 1}}", MR_READ_KEEP, &condition),
                   MR_UNSUPPORTED);
  assert_int_equal(condition.column, 14);
  mr_type_release(type);
}

/* Members without name, unions, bit-fields. */

static const mr_type *nameless(void) {
  return STRUCT(MEMBER(x, I32), NAMELESS(STRUCT(MEMBER(a, I16), MEMBER(b, I16))),
                NAMELESS(UNION(MEMBER(u, I32), MEMBER(v, I8))), MEMBER(y, I32));
}

static void members_without_name_are_found_by_theirs(void **state) {
  (void)state;
  assert_reads(nameless(), "{.b = 3, .v = 4, 5, .a = 2, .x = 1}",
               "{.x = 1, {.a = 2, .b = 3}, {.u = 4}, .y = 5}");
  assert_reads(nameless(), "{1, {2, 3}, {4}, 5}", "{.x = 1, {.a = 2, .b = 3}, {.u = 4}, .y = 5}");
  assert_reads(nameless(), "{1, 2, 3, 4, 5}", "{.x = 1, {.a = 2, .b = 3}, {.u = 4}, .y = 5}");
  assert_reads(nameless(), "{1, {.b = 3}, {.v = 4}, 5}",
               "{.x = 1, {.a = 0, .b = 3}, {.u = 4}, .y = 5}");
}

static void members_of_a_wide_struct_are_found_in_any_order(void **state) {
  (void)state;
  enum { WIDE = 3000 };
  static mr_member_spec members[WIDE + 1];
  static char names[WIDE][8];
  static char text[WIDE * 16];
  static int16_t octets[WIDE];
  size_t length = 0;
  for (size_t i = 0; i < WIDE; i++) {
    snprintf(names[i], sizeof names[i], "m%zu", i);
    members[i] = (mr_member_spec){.name = names[i], .type = I16};
  }
  const mr_type *type = built_struct(members);
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  text[length++] = '{';
  for (size_t i = 0, at = 0; i < WIDE; i++, at = (at + 1001) % WIDE) {
    length += (size_t)snprintf(text + length, 16, ".m%zu=%zu,", at, at);
  }
  text[length++] = '}';
  assert_int_equal(mr_object_read_text(object, mr_view_of(text, length), 0, NULL), MR_OK);
  for (size_t i = 0; i < WIDE; i++) assert_int_equal(octets[i], i);
  mr_type_release(type);
}

static void long_names_are_found_too(void **state) {
  (void)state;
  static char name[400];
  char text[512];
  memset(name, 'n', sizeof name - 1);
  const mr_type *type = built_struct((const mr_member_spec[]){
      {.name = "a", .type = I8}, {.type = STRUCT({.name = name, .type = I8})}, {0}});
  snprintf(text, sizeof text, "{.%s = 5}", name);
  assert_reads(mr_type_acquire(type), text, NULL);
  name[398] = 0;
  snprintf(text, sizeof text, "{.%s = 5}", name);
  assert_refused(type, text, MR_NO_SUCH_SLOT, 3);
}

static void a_union_takes_one_value(void **state) {
  (void)state;
  assert_reads(built_array(UNION(MEMBER(a, I32), MEMBER(b, I8)), 2), "{1, 2}",
               "{{.a = 1}, {.a = 2}}");
  assert_reads(built_array(UNION(MEMBER(a, I32), MEMBER(b, I8)), 2), "{{.b = 1}, 2}",
               "{{.a = 1}, {.a = 2}}");
  assert_refused(UNION(MEMBER(a, I32), MEMBER(b, I8)), "{1, 2}", MR_OUT_OF_BOUNDS, 5);
}

static const mr_type *pair_or_number(void) {
  return UNION(MEMBER(s, pair()), MEMBER(t, pair()), MEMBER(n, I8));
}

static void of_another_member_of_a_union_nothing_is_left(void **state) {
  (void)state;
  assert_reads(pair_or_number(), "{.s = {1, 2}, .t.a = 3}", "{.s = {.a = 3, .b = 0}}");
  assert_reads(pair_or_number(), "{.s.a = 1, .s.b = 2}", "{.s = {.a = 1, .b = 2}}");
  assert_reads(pair_or_number(), "{.s = {-1, 2}, .n = 3}", "{.s = {.a = 3, .b = 0}}");
  assert_reads(STRUCT(MEMBER(x, I32), MEMBER(u, pair_or_number())),
               "{.u.s.a = 1, 2, .x = 4, .u.t.b = 3}", "{.x = 4, .u = {.s = {.a = 0, .b = 3}}}");
  assert_reads(STRUCT(MEMBER(x, I32), NAMELESS(pair_or_number())), "{5, .s = {1, 2}, .t.b = 3}",
               "{.x = 5, {.s = {.a = 0, .b = 3}}}");
  assert_reads_with(MR_READ_KEEP, pair_or_number(), "{.s = {1, 2}, .t.a = 3}",
                    "{.s = {.a = 3, .b = 2}}");
}

/* A range sets unions without entering them: what they have is not taken for another member's. */
static void ranges_set_unions_too(void **state) {
  (void)state;
  assert_reads(built_array(pair_or_number(), 3),
               "{[0].t.a = 1, [0 ... 2] = {.s = {2, 3}}, [0].s.a = 4, [1].s.b = 5}",
               "{{.s = {.a = 4, .b = 3}}, {.s = {.a = 2, .b = 5}}, {.s = {.a = 2, .b = 3}}}");
  assert_reads(built_array(pair_or_number(), 2), "{[0].n = 1, [0 ... 1].s.b = 2, [0].s.a = 3}",
               "{{.s = {.a = 3, .b = 2}}, {.s = {.a = 0, .b = 2}}}");
  assert_reads(UNION(MEMBER(a, built_array(I8, 4)), MEMBER(s, STRUCT(MEMBER(x, I8)))),
               "{.a[0 ... 3] = 7, .s.x = 1}", "{.a = {1, 0, 0, 0}}");
}

static void bit_fields_without_name_are_passed_over(void **state) {
  (void)state;
  assert_reads(
      STRUCT(FILLER(U32, 3), BITS(a, U32, 4), FILLER(U32, 2), BITS(b, I32, 4), FILLER(U32, 1)),
      "{9, -8}", "{.a = 9, .b = -8}");
  assert_refused(STRUCT(BITS(a, U32, 4), FILLER(U32, 2)), "{16}", MR_OVERFLOW, 2);
  assert_refused(STRUCT(BITS(a, U32, 4), FILLER(U32, 2)), "{1, 2}", MR_OUT_OF_BOUNDS, 5);
}

static void what_has_no_size_needs_braces(void **state) {
  (void)state;
  const mr_type *nothing = built_struct((const mr_member_spec[]){{0}});
  mr_type_acquire(nothing);
  assert_reads(STRUCT(MEMBER(x, I32), MEMBER(nothing, nothing), MEMBER(none, built_array(I32, 0)),
                      MEMBER(y, I32)),
               "{1, {}, {}, 2}", "{.x = 1, .nothing = {}, .none = {}, .y = 2}");
  assert_reads(STRUCT(MEMBER(x, I32), MEMBER(nothing, nothing), MEMBER(y, I32)), "{1, 2}",
               "{.x = 1, .nothing = {}, .y = 2}");
  assert_reads(STRUCT(MEMBER(x, I32), MEMBER(f, STRUCT(FILLER(I32, 3))), MEMBER(y, I32)), "{1, 2}",
               "{.x = 1, .f = {}, .y = 2}");
}

static void flexible_arrays_take_what_lies_in_the_object(void **state) {
  (void)state;
  const mr_type *type = STRUCT(MEMBER(n, I16), MEMBER(data, built_flexible_array(I16)));
  memset(memory, DIRT, sizeof memory);
  mr_object object = object_over(mr_region_of(memory, 9), type);
  mr_condition condition = {0};
  assert_int_equal(read_into(object, "{2, {7, [2] = 9}}", 0, NULL), MR_OK);
  assert_prints(object, "{.n = 2, .data = {7, 0, 9}}");
  assert_int_equal(read_into(object, "{2, {7, 8, 9, 10}}", 0, &condition), MR_OUT_OF_BOUNDS);
  assert_int_equal(condition.column, 15);
  assert_int_equal(memory[9], DIRT);
  mr_type_release(type);
}

/* Strings. */

static void strings_fill_arrays_of_characters(void **state) {
  (void)state;
  assert_reads(built_array(plain_char(), 4), "\"ab\"", "\"ab\"");
  assert_reads(built_array(plain_char(), 4), "{\"ab\"}", "\"ab\"");
  assert_reads(built_array(plain_char(), 4), "{ \"ab\" , }", "\"ab\"");
  assert_reads(built_array(plain_char(), 4), "\"ab\" /* and */ \"cd\"", "\"abcd\"");
  assert_reads(built_array(plain_char(), 4), "u8\"\\u20ac\"", "\"\\342\\202\\254\"");
  assert_reads(built_array(U8, 3), "\"ab\"", "{97, 98, 0}");
  assert_reads(built_array(plain_char(), 3), "{'a', 98}", "\"ab\"");
  assert_reads(STRUCT(MEMBER(name, built_array(plain_char(), 3)), MEMBER(x, I8)), "{\"abc\", 5}",
               "{.name = \"abc\", .x = 5}");
  assert_reads(built_array(built_array(plain_char(), 2), 2), "{\"a\", {\"bc\"}}",
               "{\"a\", \"bc\"}");
}

static void escapes_are_what_c_makes_of_them(void **state) {
  (void)state;
  assert_reads(built_array(U8, 12), "\"\\a\\b\\t\\n\\v\\f\\r\\e\\\\\\\"\\'\\?\"",
               "{7, 8, 9, 10, 11, 12, 13, 27, 92, 34, 39, 63}");
  assert_reads(built_array(U8, 5), "\"\\x41\" \"B\\1012\\0\"", "{65, 66, 65, 50, 0}");
  assert_reads(built_array(U8, 10), "\"\\u007f\\u00e9\\u20ac\\U0001F600\"",
               "{127, 195, 169, 226, 130, 172, 240, 159, 152, 128}");
}

static void strings_that_are_wrong_are_refused(void **state) {
  (void)state;
  assert_refused(built_array(plain_char(), 2), "\"abc\"", MR_OVERFLOW, 4);
  assert_refused(built_array(plain_char(), 2), "\"a\\xff1\"", MR_OVERFLOW, 3);
  assert_refused(built_array(plain_char(), 9), "\"ab", MR_SYNTAX_ERROR, 1);
  assert_refused(built_array(plain_char(), 9), "\"a\nb\"", MR_SYNTAX_ERROR, 1);
  assert_refused(built_array(plain_char(), 9), "\"\\q\"", MR_SYNTAX_ERROR, 2);
  assert_refused(built_array(plain_char(), 9), "\"\\x\"", MR_SYNTAX_ERROR, 4);
  assert_refused(built_array(plain_char(), 9), "\"\\", MR_SYNTAX_ERROR, 2);
  assert_refused(built_array(plain_char(), 9), "\"\\u12\"", MR_SYNTAX_ERROR, 2);
  assert_refused(built_array(plain_char(), 9), "\"\\ud800\"", MR_SYNTAX_ERROR, 2);
  assert_refused(built_array(plain_char(), 1), "\"\\u00e9\"", MR_OVERFLOW, 2);
  assert_refused(built_array(plain_char(), 9), "L\"a\"", MR_UNSUPPORTED, 1);
  assert_refused(I32, "\"a\"", MR_TYPE_MISMATCH, 1);
  assert_refused(built_array(I32, 2), "{\"a\"}", MR_TYPE_MISMATCH, 2);
}

/* What is wrong. */

static void what_is_wrong_is_told_with_its_place(void **state) {
  (void)state;
  assert_refused(tree(), "{1, 2, 3, 4, 5, 6, 7, 8, 9}", MR_OUT_OF_BOUNDS, 26);
  assert_refused(tree(), "{.x = 1, .z = 2}", MR_NO_SUCH_SLOT, 11);
  assert_refused(tree(), "{.p = {.c = 2}}", MR_NO_SUCH_SLOT, 9);
  assert_refused(tree(), "{.q[2] = {1}}", MR_OUT_OF_BOUNDS, 5);
  assert_refused(tree(), "{.q[-1] = {1}}", MR_OUT_OF_BOUNDS, 5);
  assert_refused(tree(), "{.x[0] = 1}", MR_TYPE_MISMATCH, 4);
  assert_refused(tree(), "{.p[0] = 1}", MR_TYPE_MISMATCH, 4);
  assert_refused(tree(), "{.q.a = 1}", MR_TYPE_MISMATCH, 4);
  assert_refused(tree(), "{[0] = 1}", MR_TYPE_MISMATCH, 2);
  assert_refused(tree(), "{.x 1}", MR_SYNTAX_ERROR, 5);
  assert_refused(tree(), "{. = 1}", MR_SYNTAX_ERROR, 4);
  assert_refused(tree(), "{.q[0 = 1}", MR_SYNTAX_ERROR, 7);
  assert_refused(tree(), "{1 2}", MR_SYNTAX_ERROR, 4);
  assert_refused(tree(), "{1,, 2}", MR_SYNTAX_ERROR, 4);
  assert_refused(tree(), "{,}", MR_SYNTAX_ERROR, 2);
  assert_refused(tree(), "{1", MR_SYNTAX_ERROR, 3);
  assert_refused(tree(), "{1}}", MR_SYNTAX_ERROR, 4);
  assert_refused(tree(), "", MR_SYNTAX_ERROR, 1);
  assert_refused(tree(), "1", MR_SYNTAX_ERROR, 1);
  assert_refused(tree(), "{1} x", MR_SYNTAX_ERROR, 5);
  assert_refused(tree(), "{/* }", MR_SYNTAX_ERROR, 2);
  assert_refused(I32, "{{1}}", MR_SYNTAX_ERROR, 2);
  assert_refused(I32, "{1, 2}", MR_SYNTAX_ERROR, 5);
  assert_refused_at(tree(), "{\n  1, // one\n\t2,\n  x}", MR_NO_SUCH_SLOT, 4, 3);
}

static void zeros_in_text_do_not_end_it(void **state) {
  (void)state;
  const mr_type *type = pair();
  mr_object object = dirty_object(type);
  mr_condition condition = {0};
  assert_int_equal(mr_object_read_text(object, mr_view_of("{1\0}", 4), 0, &condition),
                   MR_SYNTAX_ERROR);
  assert_int_equal(condition.column, 3);
  assert_int_equal(mr_object_read_text(object, mr_view_of("{1, 2}x", 6), 0, NULL), MR_OK);
  assert_int_equal(mr_object_read_text(object, mr_view_of(NULL, 0), 0, NULL), MR_SYNTAX_ERROR);
  mr_type_release(type);
}

static void comments_and_spaces_stand_anywhere(void **state) {
  (void)state;
  assert_reads(pair(), "/* a */ { /**/ .a /*=*/ = // one\n 1\f,\v.b\r\n=/***/2 } // end",
               "{.a = 1, .b = 2}");
}

static void arguments_that_can_not_be_are_refused(void **state) {
  (void)state;
  const mr_type *type = built_array(plain_char(), 8);
  mr_object object = dirty_object(type);
  assert_int_equal(read_into(object, "\"a\"", 2, NULL), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_object_read_text(object, mr_view_of(memory + 7, 3), 0, NULL),
                   MR_INVALID_ARGUMENT);
  object.flags = MR_OBJECT_READ_ONLY;
  assert_int_equal(read_into(object, "\"a\"", 0, NULL), MR_READ_ONLY);
  mr_type_release(type);
}

static void types_may_nest_as_deep_as_they_can(void **state) {
  (void)state;
  enum { DEEP = 64 };
  const mr_type *type = I8;
  char text[2 * DEEP + 2] = "";
  for (int i = 0; i < DEEP; i++) type = built_array(type, 1);
  memset(text, '{', DEEP);
  text[DEEP] = '5';
  memset(text + DEEP + 1, '}', DEEP);
  assert_reads(mr_type_acquire(type), "{5}", text);
  assert_reads(mr_type_acquire(type), text, text);
  memset(text, '{', DEEP + 1);
  text[DEEP + 1] = 0;
  assert_refused(type, text, MR_SYNTAX_ERROR, DEEP + 2);
}

/* A struct of so many members: m00000, m00001 and on. */
static const mr_type *wide(size_t count) {
  const mr_type *type = NULL;
  mr_member_spec *members = calloc(count, sizeof *members);
  char(*names)[8] = calloc(count, sizeof *names);
  assert_non_null(members);
  assert_non_null(names);
  for (size_t i = 0; i < count; i++) {
    snprintf(names[i], sizeof names[i], "m%05u", (unsigned)i);
    members[i] = (mr_member_spec){.name = names[i], .type = U8};
  }
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, count, NULL, &type, NULL), MR_OK);
  free(names);
  free(members);
  return type;
}

/* A search that starts anew for each name would take minutes. */
static void names_in_any_order_take_time_in_proportion(void **state) {
  (void)state;
  enum { COUNT = 60000, STEP = 7919, SECONDS = 20 };
  const mr_type *type = wide(COUNT);
  unsigned char *octets = calloc(COUNT, 1);
  char *text = calloc(COUNT, sizeof ".m00000=1,");
  assert_non_null(octets);
  assert_non_null(text);
  char *at = text;
  *at++ = '{';
  for (size_t i = 0; i < COUNT; i++) {
    at += snprintf(at, sizeof ".m00000=1,", ".m%05u=%u,", (unsigned)(i * STEP % COUNT),
                   (unsigned)(i % 10));
  }
  *at = '}';
  mr_object object = object_over(mr_region_of(octets, COUNT), type);
  clock_t start = clock();
  assert_int_equal(read_into(object, text, 0, NULL), MR_OK);
  assert_true((clock() - start) / CLOCKS_PER_SEC < SECONDS);
  for (size_t i = 0; i < COUNT; i++) assert_int_equal(octets[i * STEP % COUNT], i % 10);
  free(text);
  free(octets);
  mr_type_release(type);
}

/* Whose names need more room than there is. */
static void names_may_be_long(void **state) {
  (void)state;
  enum { LENGTH = 400 };
  char name[LENGTH + 1] = "";
  char text[2 * LENGTH] = "";
  memset(name, 'n', LENGTH);
  const mr_member_spec inner[] = {{.name = "a", .type = I8}, {.name = name, .type = I8}, {0}};
  const mr_type *type =
      STRUCT(MEMBER(x, I8), NAMELESS(STRUCT(MEMBER(y, I8))), NAMELESS(built_struct(inner)));
  mr_object object = dirty_object(type);
  snprintf(text, sizeof text, "{.%s = 7, .a = 2, .x = 1}", name);
  assert_int_equal(read_into(object, text, 0, NULL), MR_OK);
  assert_memory_equal(memory, "\001\000\002\007", 4);
  text[2] = 'o';
  assert_int_equal(read_into(object, text, 0, NULL), MR_NO_SUCH_SLOT);
  assert_memory_equal(memory, "\001\000\002\007", 4);
  mr_type_release(type);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_go_where_they_stand),
      cmocka_unit_test(braces_may_be_left_out),
      cmocka_unit_test(what_is_not_named_becomes_0),
      cmocka_unit_test(padding_becomes_0_too),
      cmocka_unit_test(what_is_not_named_can_be_kept),
      cmocka_unit_test(designators_say_where_to_go_on),
      cmocka_unit_test(what_comes_later_counts),
      cmocka_unit_test(ranges_go_to_all_their_elements),
      cmocka_unit_test(ranges_that_would_be_doubtful_are_refused),
      cmocka_unit_test(members_without_name_are_found_by_theirs),
      cmocka_unit_test(members_of_a_wide_struct_are_found_in_any_order),
      cmocka_unit_test(long_names_are_found_too),
      cmocka_unit_test(a_union_takes_one_value),
      cmocka_unit_test(of_another_member_of_a_union_nothing_is_left),
      cmocka_unit_test(ranges_set_unions_too),
      cmocka_unit_test(bit_fields_without_name_are_passed_over),
      cmocka_unit_test(what_has_no_size_needs_braces),
      cmocka_unit_test(flexible_arrays_take_what_lies_in_the_object),
      cmocka_unit_test(strings_fill_arrays_of_characters),
      cmocka_unit_test(escapes_are_what_c_makes_of_them),
      cmocka_unit_test(strings_that_are_wrong_are_refused),
      cmocka_unit_test(what_is_wrong_is_told_with_its_place),
      cmocka_unit_test(zeros_in_text_do_not_end_it),
      cmocka_unit_test(comments_and_spaces_stand_anywhere),
      cmocka_unit_test(arguments_that_can_not_be_are_refused),
      cmocka_unit_test(types_may_nest_as_deep_as_they_can),
      cmocka_unit_test(names_in_any_order_take_time_in_proportion),
      cmocka_unit_test(names_may_be_long),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

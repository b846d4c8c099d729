/* Objects made of others of other types, by the names of their slots. */

#include <string.h>

#include <memregions/object_copy.h>
#include <memregions/object_text.h>

#include "built_type.h"
#include "support.h"

enum { DIRT = 0x77 };

static MR_ALIGNAS(16) unsigned char memory[2][128];

/* What `from`, read from text, becomes as `to`, whose octets were all DIRT. The types are released. */
typedef struct trial {
  mr_object to;
  mr_object from;
  size_t converted;
  mr_condition condition;
} trial;

static trial open_trial(const mr_type *to, const mr_type *from, const char *text) {
  trial made = {.converted = 999};
  memset(memory, DIRT, sizeof memory);
  made.to = object_over(mr_region_of(memory[0], mr_type_size(to)), to);
  made.from = object_over(mr_region_of(memory[1], mr_type_size(from)), from);
  mr_condition condition = {0};
  if (mr_object_read_text(made.from, mr_view_of(text, strlen(text)), 0, &condition) != MR_OK) {
    fail_msg("%s: %s", text, condition.message);
  }
  return made;
}

static void close_trial(const trial *made) {
  mr_type_release(made->to.type);
  mr_type_release(made->from.type);
}

static mr_status convert(trial *made, mr_fit fit, uint32_t flags) {
  return mr_object_convert(made->to, made->from, fit, flags, &made->converted, &made->condition);
}

static void assert_converts_with(mr_fit fit, uint32_t flags, const mr_type *to, const mr_type *from,
                                 const char *text, size_t converted, const char *expected) {
  char buffer[256];
  mr_text out = mr_text_of(buffer, sizeof buffer);
  trial made = open_trial(to, from, text);
  mr_status status = convert(&made, fit, flags);
  if (status != MR_OK) fail_msg("%s: %s", mr_status_name(status), made.condition.message);
  assert_int_equal(mr_object_print(made.to, NULL, mr_text_write, &out), MR_OK);
  assert_string_equal(buffer, expected);
  assert_int_equal(made.converted, converted);
  close_trial(&made);
}

static void assert_converts(const mr_type *to, const mr_type *from, const char *text,
                            size_t converted, const char *expected) {
  assert_converts_with(MR_FIT_CHECKED, 0, to, from, text, converted, expected);
}

/* Nothing has changed, and the message starts with the slot's path. */
static void assert_refused(const mr_type *to, const mr_type *from, const char *text,
                           mr_status status, const char *path, uint64_t offset) {
  trial made = open_trial(to, from, text);
  mr_status answered = convert(&made, MR_FIT_CHECKED, 0);
  if (answered != status || made.condition.status != status || made.condition.offset != offset ||
      strncmp(made.condition.message, path, strlen(path)) != 0) {
    fail_msg("%s at %u: %s", mr_status_name(answered), (unsigned)made.condition.offset,
             made.condition.message);
  }
  for (size_t i = 0; i < sizeof memory[0]; i++) assert_int_equal(memory[0][i], DIRT);
  assert_int_equal(made.converted, 999);
  assert_int_equal(mr_object_convert(made.to, made.from, MR_FIT_CHECKED, 0, NULL, NULL), status);
  close_trial(&made);
}

/* By name. */

static void slots_are_converted_by_name(void **state) {
  (void)state;
  assert_converts(STRUCT(MEMBER(b, I64), MEMBER(a, F64), MEMBER(c, I8)),
                  STRUCT(MEMBER(a, U8), MEMBER(b, swapped(MR_KIND_I32)), MEMBER(d, I32)),
                  "{200, -5, 7}", 2, "{.b = -5, .a = 200.0, .c = 119}");
}

static void structs_and_arrays_are_converted_part_by_part(void **state) {
  (void)state;
  assert_converts(
      STRUCT(MEMBER(list, built_array(STRUCT(MEMBER(y, I64), MEMBER(x, I16)), 2))),
      STRUCT(MEMBER(list, built_array(STRUCT(MEMBER(x, U8), MEMBER(y, I8), MEMBER(z, I8)), 2))),
      "{{{1, 2, 3}, {4, -5, 6}}}", 4, "{.list = {{.y = 2, .x = 1}, {.y = -5, .x = 4}}}");
  assert_converts(built_array(built_array(I32, 2), 2), built_array(built_array(I8, 2), 2),
                  "{1, 2, 3, 4}", 4, "{{1, 2}, {3, 4}}");
  assert_converts(I64, I8, "-1", 1, "-1");
}

static void bit_fields_go_to_others_and_from_them(void **state) {
  (void)state;
  assert_converts(STRUCT(BITS(a, U32, 3), BITS(b, I32, 9), FILLER(U32, 2), MEMBER(c, I32)),
                  STRUCT(MEMBER(b, I16), BITS(c, I32, 5), FILLER(I32, 3), BITS(a, U32, 10)),
                  "{-200, -16, 7}", 3, "{.a = 7, .b = -200, .c = -16}");
}

static void names_in_members_without_name_are_the_outers(void **state) {
  (void)state;
  assert_converts(
      STRUCT(NAMELESS(STRUCT(MEMBER(a, I32), MEMBER(b, I32))), MEMBER(c, I32)),
      STRUCT(MEMBER(b, I8), NAMELESS(STRUCT(MEMBER(c, I8), NAMELESS(STRUCT(MEMBER(a, I8)))))),
      "{2, {3, {1}}}", 3, "{{.a = 1, .b = 2}, .c = 3}");
}

static void enums_go_by_name_and_numbers_by_value(void **state) {
  (void)state;
  assert_converts(STRUCT(MEMBER(a, built_paints()), MEMBER(b, I32), MEMBER(c, built_paints()),
                         MEMBER(d, built_paints())),
                  STRUCT(MEMBER(a, built_colors(MR_KIND_I32)), MEMBER(b, built_colors(MR_KIND_U8)),
                         MEMBER(c, U8), MEMBER(d, built_colors(MR_KIND_I32))),
                  "{BLUE, BLUE, 2, 77}", 4, "{.a = BLUE, .b = 5, .c = BLUE, .d = 77}");
  assert_refused(STRUCT(MEMBER(x, I8), MEMBER(a, built_paints())),
                 STRUCT(MEMBER(a, built_colors(MR_KIND_I32))), "{GREEN}", MR_NO_SUCH_SLOT,
                 "a: ", 2);
}

static void pointers_change_their_size(void **state) {
  (void)state;
  assert_converts(STRUCT(MEMBER(p, built_pointer(MR_TARGET_NATIVE, NULL))),
                  STRUCT(MEMBER(p, built_pointer(MR_TARGET_ARM, NULL))), "{(void *)0x12345678}", 1,
                  "{.p = (void *)0x12345678}");
}

/* Unions. */

static const mr_type *number(void) { return UNION(MEMBER(i, I32), MEMBER(f, F32)); }

static void equal_unions_are_copied(void **state) {
  (void)state;
  assert_converts(STRUCT(MEMBER(x, I64), MEMBER(u, number())),
                  STRUCT(MEMBER(u, number()), MEMBER(x, I8)), "{{5}, 6}", 2,
                  "{.x = 6, .u = {.i = 5}}");
  assert_converts(STRUCT(MEMBER(x, I64), NAMELESS(number())),
                  STRUCT(NAMELESS(number()), MEMBER(x, I8)), "{{5}, 6}", 2, "{.x = 6, {.i = 5}}");
  assert_converts(number(), number(), "{5}", 1, "{.i = 5}");
  assert_converts(STRUCT(NAMELESS(STRUCT(MEMBER(x, I32), NAMELESS(number())))),
                  STRUCT(NAMELESS(STRUCT(NAMELESS(number()))), MEMBER(x, I8)), "{{{5}}, 6}", 2,
                  "{{.x = 6, {.i = 5}}}");
}

static void a_union_takes_the_one_member_that_is_there(void **state) {
  (void)state;
  assert_converts(STRUCT(NAMELESS(number()), MEMBER(x, I8)), STRUCT(MEMBER(x, I16), MEMBER(i, I16)),
                  "{6, 5}", 2, "{{.i = 5}, .x = 6}");
  assert_converts(STRUCT(MEMBER(u, number())), STRUCT(MEMBER(u, STRUCT(MEMBER(i, I8)))), "{{5}}", 1,
                  "{.u = {.i = 5}}");
  assert_converts(STRUCT(NAMELESS(number()), MEMBER(x, I8)), STRUCT(MEMBER(x, I16)), "{6}", 1,
                  "{{.i = 2004318071}, .x = 6}");
  assert_converts(
      STRUCT(NAMELESS(UNION(NAMELESS(STRUCT(MEMBER(a, I32), MEMBER(b, I32))), MEMBER(c, I64)))),
      STRUCT(MEMBER(a, I8), MEMBER(b, I8)), "{1, 2}", 2, "{{{.a = 1, .b = 2}}}");
}

static void a_union_that_could_take_several_is_refused(void **state) {
  (void)state;
  assert_refused(STRUCT(MEMBER(x, I32), MEMBER(u, number())),
                 STRUCT(MEMBER(u, STRUCT(MEMBER(i, I8), MEMBER(f, F32)))), "{{5}}", MR_UNSUPPORTED,
                 "u: ", 4);
  assert_refused(STRUCT(NAMELESS(UNION(NAMELESS(STRUCT(MEMBER(a, I32))), NAMELESS(number())))),
                 STRUCT(MEMBER(a, I8), MEMBER(f, F32)), "{5}", MR_UNSUPPORTED, "nothing tells", 0);
}

/* Flexible arrays and lengths. */

static void lengths_must_be_the_same_unless_the_shorter_is_asked_for(void **state) {
  (void)state;
  assert_refused(STRUCT(MEMBER(x, I32), MEMBER(a, built_array(I32, 3))),
                 STRUCT(MEMBER(a, built_array(I8, 2))), "{{1, 2}}", MR_TYPE_MISMATCH, "a: ", 4);
  assert_refused(built_array(I32, 2), built_array(I8, 3), "{1, 2}", MR_TYPE_MISMATCH, "the arrays",
                 0);
  assert_converts_with(MR_FIT_CHECKED, MR_CONVERT_SHORTER, built_array(I8, 3), built_array(I32, 2),
                       "{1, 2}", 2, "{1, 2, 119}");
  assert_converts_with(MR_FIT_CHECKED, MR_CONVERT_SHORTER, built_array(I8, 2), built_array(I32, 3),
                       "{1, 2, 3}", 2, "{1, 2}");
}

static void flexible_arrays_have_the_lengths_of_their_objects(void **state) {
  (void)state;
  const mr_type *to = STRUCT(MEMBER(n, I32), MEMBER(data, built_flexible_array(I32)));
  const mr_type *from = STRUCT(MEMBER(n, I8), MEMBER(data, built_flexible_array(I8)));
  size_t converted = 0;
  memset(memory, DIRT, sizeof memory);
  memcpy(memory[1], "\3\7\10\11", 4);
  mr_object large = object_over(mr_region_of(memory[0], 16), to);
  mr_object small = object_over(mr_region_of(memory[1], 4), from);
  assert_int_equal(mr_object_convert(large, small, MR_FIT_CHECKED, 0, &converted, NULL), MR_OK);
  assert_int_equal(converted, 4);
  assert_int_equal(number_at(large, "data[2]"), 9);
  small = object_over(mr_region_of(memory[1], 3), from);
  assert_int_equal(mr_object_convert(large, small, MR_FIT_CHECKED, 0, &converted, NULL),
                   MR_TYPE_MISMATCH);
  mr_type_release(to);
  mr_type_release(from);
}

/* Values. */

static void values_are_made_to_fit_as_asked(void **state) {
  (void)state;
  assert_converts_with(MR_FIT_WRAPPING, 0, STRUCT(MEMBER(a, U8), BITS(b, U8, 3)),
                       STRUCT(MEMBER(a, I32), MEMBER(b, I32)), "{-1, 10}", 2, "{.a = 255, .b = 2}");
  assert_converts_with(MR_FIT_SATURATING, 0, STRUCT(MEMBER(a, U8), BITS(b, U8, 3)),
                       STRUCT(MEMBER(a, I32), MEMBER(b, I32)), "{-1, 10}", 2, "{.a = 0, .b = 7}");
}

static void what_fails_last_changes_nothing_before(void **state) {
  (void)state;
  assert_refused(
      STRUCT(MEMBER(a, I32), MEMBER(l, built_array(STRUCT(MEMBER(x, I8), MEMBER(y, U8)), 2))),
      STRUCT(MEMBER(a, I8), MEMBER(l, built_array(STRUCT(MEMBER(x, I32), MEMBER(y, I32)), 2))),
      "{1, {{2, 3}, {4, -5}}}", MR_OVERFLOW, "l[1].y: ", 7);
}

static void forms_that_differ_are_refused(void **state) {
  (void)state;
  assert_refused(STRUCT(MEMBER(a, I32)), STRUCT(MEMBER(a, built_array(I32, 1))), "{{1}}",
                 MR_TYPE_MISMATCH, "a: ", 0);
  assert_refused(STRUCT(MEMBER(a, STRUCT(MEMBER(x, I8)))), STRUCT(MEMBER(a, I32)), "{1}",
                 MR_TYPE_MISMATCH, "a: ", 0);
  assert_refused(built_array(I32, 1), STRUCT(MEMBER(a, I32)), "{1}", MR_TYPE_MISMATCH, "a scalar",
                 0);
  assert_refused(STRUCT(MEMBER(a, I64)), STRUCT(MEMBER(a, native(MR_KIND_POINTER))), "{NULL}",
                 MR_TYPE_MISMATCH, "a: ", 0);
}

static void arguments_that_can_not_be_are_refused(void **state) {
  (void)state;
  trial made = open_trial(built_array(I32, 2), built_array(I32, 2), "{1, 2}");
  mr_object over = object_over(mr_region_of(memory[0] + 4, 8), made.from.type);
  size_t converted = 7;
  assert_int_equal(convert(&made, (mr_fit)3, 0), MR_INVALID_ARGUMENT);
  assert_int_equal(convert(&made, MR_FIT_CHECKED, 2), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_object_convert(made.to, over, MR_FIT_CHECKED, 0, &converted, NULL),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(mr_object_convert(made.to, made.to, MR_FIT_CHECKED, 0, &converted, NULL),
                   MR_INVALID_ARGUMENT);
  made.to.flags = MR_OBJECT_READ_ONLY;
  assert_int_equal(convert(&made, MR_FIT_CHECKED, 0), MR_READ_ONLY);
  assert_int_equal(made.converted, 999);
  assert_int_equal(converted, 7);
  close_trial(&made);
}

static void what_has_no_names_is_left_as_it_is(void **state) {
  (void)state;
  assert_converts(STRUCT(NAMELESS(I8), MEMBER(a, I8), NAMELESS(STRUCT(FILLER(I8, 3)))),
                  STRUCT(NAMELESS(I8), MEMBER(a, I8)), "{1, 2}", 1, "{119, .a = 2, {}}");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(slots_are_converted_by_name),
      cmocka_unit_test(structs_and_arrays_are_converted_part_by_part),
      cmocka_unit_test(bit_fields_go_to_others_and_from_them),
      cmocka_unit_test(names_in_members_without_name_are_the_outers),
      cmocka_unit_test(enums_go_by_name_and_numbers_by_value),
      cmocka_unit_test(pointers_change_their_size),
      cmocka_unit_test(equal_unions_are_copied),
      cmocka_unit_test(a_union_takes_the_one_member_that_is_there),
      cmocka_unit_test(a_union_that_could_take_several_is_refused),
      cmocka_unit_test(lengths_must_be_the_same_unless_the_shorter_is_asked_for),
      cmocka_unit_test(flexible_arrays_have_the_lengths_of_their_objects),
      cmocka_unit_test(values_are_made_to_fit_as_asked),
      cmocka_unit_test(what_fails_last_changes_nothing_before),
      cmocka_unit_test(forms_that_differ_are_refused),
      cmocka_unit_test(arguments_that_can_not_be_are_refused),
      cmocka_unit_test(what_has_no_names_is_left_as_it_is),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

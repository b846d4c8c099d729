#include <memregions/slot.h>
#include <memregions/type.h>
#include <stdio.h>
#include <string.h>

#include "described_type.h"
#include "failing_allocator.h"
#include "support.h"

static const mr_type *int32(void) { return mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER); }

/* A type that no test changes, for out-parameters. */
static const mr_type *untouched(void) { return mr_scalar_type(MR_KIND_BOOL, MR_NATIVE_ORDER); }

static void refuses(const mr_member_spec *members, size_t count, const mr_layout_options *options,
                    mr_status expected, uint64_t index) {
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *out = untouched();
  mr_condition condition = {0};
  assert_int_equal(
      mr_type_build_struct(&allocator.base, "refused", members, count, options, &out, &condition),
      expected);
  assert_int_equal(condition.status, expected);
  assert_int_equal(condition.offset, index);
  assert_true(condition.message[0] != 0);
  assert_int_equal(
      mr_type_build_union(&allocator.base, "refused", members, count, options, &out, NULL),
      expected);
  assert_ptr_equal(out, untouched());
  test_allocator_fini(&allocator);
}

static void names_are_copied(void **state) {
  (void)state;
  char type_name[] = "point";
  char member_name[] = "x";
  mr_member_spec member = {.name = member_name, .type = int32()};
  const mr_type *type;
  mr_member found;
  assert_int_equal(mr_type_build_struct(NULL, type_name, &member, 1, NULL, &type, NULL), MR_OK);
  memset(type_name, '?', sizeof type_name);
  memset(member_name, '?', sizeof member_name);
  assert_string_equal(mr_type_name(type), "point");
  assert_int_equal(mr_type_member(type, 0, &found), MR_OK);
  assert_string_equal(found.name, "x");
  mr_type_release(type);
}

static void a_type_may_have_no_name(void **state) {
  (void)state;
  const mr_type *type;
  assert_int_equal(mr_type_build_union(NULL, NULL, NULL, 0, NULL, &type, NULL), MR_OK);
  assert_null(mr_type_name(type));
  assert_int_equal(mr_type_kind(type), MR_KIND_UNION);
  assert_int_equal(mr_type_count(type), 0);
  mr_type_release(type);
}

static void an_empty_name_is_none(void **state) {
  (void)state;
  mr_member_spec members[] = {{.name = "", .type = int32()}, {.name = NULL, .type = int32()}};
  const mr_type *type;
  mr_member found;
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, 2, NULL, &type, NULL), MR_OK);
  assert_int_equal(mr_type_member(type, 0, &found), MR_OK);
  assert_null(found.name);
  mr_type_release(type);
}

static void void_and_null_are_no_members(void **state) {
  (void)state;
  mr_member_spec members[] = {{.name = "a", .type = int32()}, {.name = "b", .type = NULL}};
  refuses(members, 2, NULL, MR_INVALID_ARGUMENT, 1);
}

static void alignments_are_powers_of_two(void **state) {
  (void)state;
  mr_member_spec members[] = {{.name = "a", .type = int32()},
                              {.name = "b", .type = int32(), .alignment = 3}};
  mr_layout_options aligned = {.alignment = 24};
  mr_layout_options packed = {.pack = 5};
  mr_layout_options too_much = {.alignment = (size_t)PTRDIFF_MAX + 1};
  refuses(members, 2, NULL, MR_INVALID_ARGUMENT, 1);
  refuses(members, 1, &aligned, MR_INVALID_ARGUMENT, 0);
  refuses(members, 1, &packed, MR_INVALID_ARGUMENT, 0);
  refuses(members, 1, &too_much, MR_INVALID_ARGUMENT, 0);
  members[1].alignment = (size_t)PTRDIFF_MAX + 1;
  refuses(members, 2, NULL, MR_INVALID_ARGUMENT, 1);
}

static void a_name_comes_once(void **state) {
  (void)state;
  mr_member_spec members[] = {{.name = "a", .type = int32()},
                              {.name = "b", .type = int32()},
                              {.name = "a", .type = int32()}};
  refuses(members, 3, NULL, MR_INVALID_ARGUMENT, 2);
}

static void a_name_comes_once_among_those_of_members_without_name_too(void **state) {
  (void)state;
  /* m0 in m0's place, and once more. */
  const mr_type *inner = described_type(NULL, "<{i}_{i}>");
  mr_member_spec before[] = {{.name = "m1", .type = int32()}, {.type = inner}};
  mr_member_spec after[] = {{.type = inner}, {.name = "m2", .type = int32()}};
  mr_member_spec twice[] = {{.type = inner}, {.name = "x", .type = int32()}, {.type = inner}};
  const mr_type *type;
  assert_int_equal(mr_type_build_struct(NULL, NULL, before, 2, NULL, &type, NULL), MR_OK);
  mr_type_release(type);
  refuses(after, 2, NULL, MR_INVALID_ARGUMENT, 1);
  refuses(twice, 3, NULL, MR_INVALID_ARGUMENT, 2);
  mr_type_release(inner);
}

static void names_are_identifiers(void **state) {
  (void)state;
  static const char *const names[] = {"a.b", "a[0]", "1a", " a", "a ", "a-b", ".", "a\n", "\x7f"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    mr_member_spec member = {.name = names[i], .type = int32()};
    refuses(&member, 1, NULL, MR_INVALID_ARGUMENT, 0);
  }
}

static void letters_of_other_scripts_may_be_in_names(void **state) {
  (void)state;
  mr_member_spec members[] = {{.name = "größe", .type = int32()}, {.name = "_$9", .type = int32()}};
  const mr_type *type;
  mr_slot slot;
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, 2, NULL, &type, NULL), MR_OK);
  assert_int_equal(mr_slot_find(type, "größe", &slot, NULL), MR_OK);
  assert_int_equal(mr_slot_find(type, "_$9", &slot, NULL), MR_OK);
  mr_type_release(type);
}

static void members_must_be_there(void **state) {
  (void)state;
  mr_member_spec member = {.name = "a", .type = int32()};
  refuses(NULL, 1, NULL, MR_INVALID_ARGUMENT, 0);
  refuses(&member, SIZE_MAX, NULL, MR_INVALID_ARGUMENT, 0);
}

static void sizes_do_not_wrap(void **state) {
  (void)state;
  const mr_type *half, *most;
  const mr_type *octet = mr_scalar_type(MR_KIND_U8, MR_NATIVE_ORDER);
  assert_int_equal(mr_type_build_array(NULL, octet, PTRDIFF_MAX / 2 + 1, &half), MR_OK);
  assert_int_equal(mr_type_build_array(NULL, octet, PTRDIFF_MAX, &most), MR_OK);
  mr_member_spec large = {.name = "a", .type = most, .alignment = 2};
  mr_layout_options aligned = {.alignment = (size_t)PTRDIFF_MAX / 2 + 1};
  /* It fits, but what it is rounded up to doesn't. */
  refuses(&large, 1, NULL, MR_OVERFLOW, 0);
  large.alignment = 0;
  refuses(&large, 1, &aligned, MR_OVERFLOW, 0);

  mr_member_spec halves[] = {{.name = "a", .type = half}, {.name = "b", .type = half}};
  const mr_type *type = untouched();
  assert_int_equal(mr_type_build_struct(NULL, NULL, halves, 2, NULL, &type, NULL), MR_OVERFLOW);
  assert_ptr_equal(type, untouched());
  assert_int_equal(mr_type_build_union(NULL, NULL, halves, 2, NULL, &type, NULL), MR_OK);
  assert_int_equal(mr_type_size(type), (size_t)PTRDIFF_MAX / 2 + 1);
  mr_type_release(type);
  mr_type_release(most);
  mr_type_release(half);
}

static void a_member_may_not_start_past_the_end_of_all(void **state) {
  (void)state;
  const mr_type *most;
  const mr_type *octet = mr_scalar_type(MR_KIND_U8, MR_NATIVE_ORDER);
  assert_int_equal(mr_type_build_array(NULL, octet, PTRDIFF_MAX, &most), MR_OK);
  mr_member_spec members[] = {{.name = "a", .type = most},
                              {.name = "b", .type = octet, .alignment = (size_t)1 << 62}};
  const mr_type *type = untouched();
  mr_condition condition;
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, 2, NULL, &type, &condition),
                   MR_OVERFLOW);
  assert_int_equal(condition.offset, 1);
  members[1].alignment = 1;
  condition.offset = 0;
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, 2, NULL, &type, &condition),
                   MR_OVERFLOW);
  assert_int_equal(condition.offset, 1);
  assert_ptr_equal(type, untouched());
  mr_type_release(most);
}

/* Nests structs `depth` deep. */
static const mr_type *nested(mr_allocator *allocator, unsigned depth) {
  const mr_type *type = int32();
  for (unsigned i = 0; i < depth; i++) {
    mr_member_spec member = {.name = "inner", .type = type};
    const mr_type *outer;
    assert_int_equal(mr_type_build_struct(allocator, NULL, &member, 1, NULL, &outer, NULL), MR_OK);
    mr_type_release(type);
    type = outer;
  }
  return type;
}

static void types_nest_64_deep_and_no_deeper(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *deepest = nested(&allocator.base, 64);
  const mr_type *array = untouched();
  const mr_type *realigned;
  mr_member_spec member = {.name = "inner", .type = deepest};
  refuses(&member, 1, NULL, MR_INVALID_ARGUMENT, 0);
  assert_int_equal(mr_type_build_array(&allocator.base, deepest, 1, &array), MR_INVALID_ARGUMENT);
  assert_ptr_equal(array, untouched());
  assert_int_equal(mr_type_realign(&allocator.base, deepest, 1, &realigned), MR_OK);
  mr_type_release(realigned);
  mr_type_release(deepest);
  test_allocator_fini(&allocator);
}

static void realigning_again_and_again_does_not_nest(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *type = described_type(&allocator.base, "{id}");
  for (int i = 0; i < 1000; i++) {
    const mr_type *realigned;
    assert_int_equal(mr_type_realign(&allocator.base, type, 1, &realigned), MR_OK);
    mr_type_release(type);
    type = realigned;
  }
  assert_int_equal(allocator.live_blocks, 2);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

static void an_array_is_its_elements_side_by_side(void **state) {
  (void)state;
  const mr_type *element = described_type(NULL, "{is}");
  const mr_type *array;
  assert_int_equal(mr_type_build_array(NULL, element, 5, &array), MR_OK);
  assert_int_equal(mr_type_kind(array), MR_KIND_ARRAY);
  assert_int_equal(mr_type_size(array), 40);
  assert_int_equal(mr_type_alignment(array), 4);
  assert_int_equal(mr_type_count(array), 5);
  assert_ptr_equal(mr_type_element(array), element);
  assert_null(mr_type_name(array));
  mr_type_release(element);
  mr_type_release(array);
}

static void arrays_of_nothing_are_types(void **state) {
  (void)state;
  const mr_type *none = described_type(NULL, "[0]d");
  const mr_type *empty = described_type(NULL, "{}");
  const mr_type *many;
  assert_int_equal(mr_type_size(none), 0);
  assert_int_equal(mr_type_alignment(none), 8);
  assert_int_equal(mr_type_build_array(NULL, empty, SIZE_MAX, &many), MR_OK);
  assert_int_equal(mr_type_size(many), 0);
  assert_int_equal(mr_type_count(many), SIZE_MAX);
  mr_type_release(none);
  mr_type_release(empty);
  mr_type_release(many);
}

static void arrays_end_at_ptrdiff_max(void **state) {
  (void)state;
  const mr_type *array = untouched();
  assert_int_equal(mr_type_build_array(NULL, int32(), PTRDIFF_MAX / 4 + 1, &array), MR_OVERFLOW);
  assert_int_equal(mr_type_build_array(NULL, int32(), SIZE_MAX, &array), MR_OVERFLOW);
  assert_ptr_equal(array, untouched());
  assert_int_equal(mr_type_build_array(NULL, int32(), PTRDIFF_MAX / 4, &array), MR_OK);
  assert_int_equal(mr_type_size(array), PTRDIFF_MAX / 4 * 4);
  mr_type_release(array);
}

static void there_are_no_arrays_of_void(void **state) {
  (void)state;
  const mr_type *array = untouched();
  assert_int_equal(mr_type_build_array(NULL, NULL, 1, &array), MR_INVALID_ARGUMENT);
  assert_ptr_equal(array, untouched());
}

static void elements_must_stay_aligned(void **state) {
  (void)state;
  const mr_type *realigned = described_type(NULL, "~16:i");
  const mr_type *array = untouched();
  assert_int_equal(mr_type_build_array(NULL, realigned, 1, &array), MR_INVALID_ARGUMENT);
  assert_ptr_equal(array, untouched());
  mr_type_release(realigned);
}

static void a_realigned_type_differs_in_nothing_else(void **state) {
  (void)state;
  mr_member_spec members[] = {{.name = "x", .type = int32()}, {.name = "y", .type = int32()}};
  const mr_type *type, *realigned;
  mr_member member;
  mr_slot slot;
  assert_int_equal(mr_type_build_struct(NULL, "point", members, 2, NULL, &type, NULL), MR_OK);
  assert_int_equal(mr_type_realign(NULL, type, 1, &realigned), MR_OK);
  mr_type_release(type);
  assert_int_equal(mr_type_alignment(realigned), 1);
  assert_int_equal(mr_type_size(realigned), 8);
  assert_int_equal(mr_type_kind(realigned), MR_KIND_STRUCT);
  assert_string_equal(mr_type_name(realigned), "point");
  assert_int_equal(mr_type_member(realigned, 1, &member), MR_OK);
  assert_string_equal(member.name, "y");
  assert_int_equal(mr_slot_find(realigned, "y", &slot, NULL), MR_OK);
  mr_type_release(realigned);
}

static void realigned_scalars_and_arrays_stay_what_they_are(void **state) {
  (void)state;
  const mr_type *scalar = described_type(NULL, "~2:^i");
  const mr_type *array = described_type(NULL, "~32:[3]s");
  assert_int_equal(mr_type_byte_order(scalar),
                   mr_byte_order_is_swapped(MR_BIG_ENDIAN) ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN);
  assert_string_equal(mr_type_name(scalar), "int32_t");
  assert_int_equal(mr_type_alignment(scalar), 2);
  assert_int_equal(mr_type_count(array), 3);
  assert_int_equal(mr_type_kind(mr_type_element(array)), MR_KIND_I16);
  assert_int_equal(mr_type_alignment(array), 32);
  assert_int_equal(mr_type_size(array), 6);
  mr_type_release(scalar);
  mr_type_release(array);
}

static void an_alignment_is_a_power_of_two_that_memory_has(void **state) {
  (void)state;
  const mr_type *out = untouched();
  static const size_t alignments[] = {0, 3, 24, (size_t)PTRDIFF_MAX + 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof alignments / sizeof *alignments; i++) {
    assert_int_equal(mr_type_realign(NULL, int32(), alignments[i], &out), MR_INVALID_ARGUMENT);
  }
  assert_int_equal(mr_type_realign(NULL, NULL, 1, &out), MR_INVALID_ARGUMENT);
  assert_ptr_equal(out, untouched());
  assert_int_equal(mr_type_realign(NULL, int32(), (size_t)1 << 62, &out), MR_OK);
  mr_type_release(out);
}

/* Names. */

static void every_one_of_many_names_is_found(void **state) {
  (void)state;
  enum { MANY = 500 };
  static char names[MANY][32];
  static mr_member_spec members[MANY];
  /* Of all lengths, and alike at both ends. */
  for (int i = 0; i < MANY; i++) {
    snprintf(names[i], sizeof names[i], "%.*s%d_%.*s", i % 12, "abcdefghijkl", i, i % 7, "zyxwvut");
    if (i < 26) snprintf(names[i], sizeof names[i], "%c", 'A' + i);
    if (names[i][0] >= '0' && names[i][0] <= '9') names[i][0] = (char)(names[i][0] + 'A' + 26);
    members[i] = (mr_member_spec){.name = names[i], .type = int32()};
    for (int k = 0; k < i; k++) {
      if (strcmp(names[k], names[i]) == 0) snprintf(names[i], sizeof names[i], "other%d", i);
    }
  }
  const mr_type *type;
  mr_condition condition = {0};
  mr_status status = mr_type_build_struct(NULL, NULL, members, MANY, NULL, &type, &condition);
  if (status != MR_OK) fail_msg("%s", condition.message);
  for (size_t i = 0; i < MANY; i++) {
    mr_slot slot;
    assert_int_equal(mr_slot_find(type, names[i], &slot, NULL), MR_OK);
    assert_int_equal(mr_slot_offset(slot), 4 * i);
  }
  mr_type_release(type);
}

static void names_that_are_nearly_alike_are_told_apart(void **state) {
  (void)state;
  /* Of the same letters; and long ones with the same hash, which is multiplicative. */
  static const char *const names[] = {"a",
                                      "aa",
                                      "aaa",
                                      "aaaa",
                                      "aaaaa",
                                      "aaaaaaaa",
                                      "aaaaaaaaa",
                                      "abcdefghijklmnop",
                                      "KAAAURAM\xd4\x31\x4f\xc3\xe2\x8a\x64\xc3",
                                      "FUXJDXKX\xa9\x9d\x86\x48\xe6\xfe\x8d\x80"};
  enum { NAMES = sizeof names / sizeof *names };
  mr_member_spec members[NAMES] = {{0}};
  const mr_type *type;
  mr_slot slot;
  for (size_t i = 0; i < NAMES; i++) {
    members[i] = (mr_member_spec){.name = names[i], .type = int32()};
  }
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, NAMES - 1, NULL, &type, NULL), MR_OK);
  for (size_t i = 0; i < NAMES - 1; i++) {
    assert_int_equal(mr_slot_find(type, names[i], &slot, NULL), MR_OK);
    assert_int_equal(mr_slot_offset(slot), 4 * i);
  }
  assert_int_equal(mr_slot_find(type, names[NAMES - 1], &slot, NULL), MR_NO_SUCH_SLOT);
  assert_int_equal(mr_slot_find(type, "aaaaaa", &slot, NULL), MR_NO_SUCH_SLOT);
  mr_type_release(type);
}

/* Sweeps. */

static mr_status build_something(void *context, mr_allocator *allocator) {
  const mr_type **type = context;
  mr_member_spec members[] = {{.name = "x", .type = int32()}, {.name = "y", .type = int32()}};
  return mr_type_build_struct(allocator, "point", members, 2, NULL, type, NULL);
}

static mr_status build_array(void *context, mr_allocator *allocator) {
  return mr_type_build_array(allocator, int32(), 3, context);
}

static mr_status realign(void *context, mr_allocator *allocator) {
  return mr_type_realign(allocator, int32(), 1, context);
}

static void out_is_untouched(void *context) {
  assert_ptr_equal(*(const mr_type **)context, untouched());
}

static void without_memory_nothing_is_built(void **state) {
  (void)state;
  test_work *const works[] = {build_something, build_array, realign};
  for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
    test_allocator allocator;
    const mr_type *type = untouched();
    test_allocator_init(&allocator);
    assert_int_equal(test_sweep(&allocator, works[i], out_is_untouched, &type), 1);
    mr_type_release(type);
    test_allocator_fini(&allocator);
  }
}

static void a_type_stays_with_the_allocator_that_was_current(void **state) {
  (void)state;
  test_allocator allocator;
  const mr_type *type;
  test_allocator_init(&allocator);
  mr_allocator *before = mr_set_current_allocator(&allocator.base);
  assert_int_equal(mr_type_build_array(MR_CURRENT, int32(), 3, &type), MR_OK);
  mr_set_current_allocator(before);
  assert_int_equal(allocator.live_blocks, 1);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

static void an_enum_is_of_an_integer_that_arrays_can_be_of(void **state) {
  (void)state;
  const mr_type *integer, *type = NULL;
  const mr_enumerator one = {"ONE", 1};
  mr_condition condition;
  assert_int_equal(mr_type_realign(NULL, mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER), 8, &integer),
                   MR_OK);
  assert_int_equal(mr_type_build_enum(NULL, "e", integer, &one, 1, &type, &condition),
                   MR_INVALID_ARGUMENT);
  assert_null(type);
  mr_type_release(integer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_are_copied),
      cmocka_unit_test(a_type_may_have_no_name),
      cmocka_unit_test(an_empty_name_is_none),
      cmocka_unit_test(void_and_null_are_no_members),
      cmocka_unit_test(alignments_are_powers_of_two),
      cmocka_unit_test(a_name_comes_once),
      cmocka_unit_test(a_name_comes_once_among_those_of_members_without_name_too),
      cmocka_unit_test(names_are_identifiers),
      cmocka_unit_test(letters_of_other_scripts_may_be_in_names),
      cmocka_unit_test(members_must_be_there),
      cmocka_unit_test(sizes_do_not_wrap),
      cmocka_unit_test(a_member_may_not_start_past_the_end_of_all),
      cmocka_unit_test(types_nest_64_deep_and_no_deeper),
      cmocka_unit_test(realigning_again_and_again_does_not_nest),
      cmocka_unit_test(an_array_is_its_elements_side_by_side),
      cmocka_unit_test(arrays_of_nothing_are_types),
      cmocka_unit_test(arrays_end_at_ptrdiff_max),
      cmocka_unit_test(there_are_no_arrays_of_void),
      cmocka_unit_test(elements_must_stay_aligned),
      cmocka_unit_test(a_realigned_type_differs_in_nothing_else),
      cmocka_unit_test(realigned_scalars_and_arrays_stay_what_they_are),
      cmocka_unit_test(an_alignment_is_a_power_of_two_that_memory_has),
      cmocka_unit_test(every_one_of_many_names_is_found),
      cmocka_unit_test(names_that_are_nearly_alike_are_told_apart),
      cmocka_unit_test(without_memory_nothing_is_built),
      cmocka_unit_test(a_type_stays_with_the_allocator_that_was_current),
      cmocka_unit_test(an_enum_is_of_an_integer_that_arrays_can_be_of),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

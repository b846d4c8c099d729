#include "src/type/layout_rule.h"

#include "support.h"

/*
 * The rules of layout, with values that the targets' compilers gave. A member's place is given as the number of its first
 * bit.
 */

enum { MEMBERS = 6 };

/* A struct or union, and what becomes of it. */
typedef struct layout_case {
  mr_target target;
  mr_layout_options options;
  bool is_union;
  size_t count;
  mr_layout_member members[MEMBERS];
  size_t bits[MEMBERS];
  size_t size;
  size_t alignment;
} layout_case;

#define TYPE(SIZE, ALIGNMENT) \
  .size = (SIZE), .alignment = (ALIGNMENT), .natural_alignment = (ALIGNMENT), .is_named = true
#define MEMBER(SIZE) \
  { TYPE(SIZE, SIZE) }
#define BITS(SIZE, WIDTH) \
  { TYPE(SIZE, SIZE), .is_bit_field = true, .bit_width = (WIDTH) }
#define UNNAMED(SIZE, WIDTH)                                                                \
  {                                                                                         \
    .size = (SIZE), .alignment = (SIZE), .natural_alignment = (SIZE), .is_bit_field = true, \
    .bit_width = (WIDTH)                                                                    \
  }

static const mr_target all[] = {MR_TARGET_X86_64,     MR_TARGET_I386,    MR_TARGET_AARCH64,
                                MR_TARGET_ARM,        MR_TARGET_RISCV64, MR_TARGET_S390X,
                                MR_TARGET_WINDOWS_X64};
enum { TARGETS = sizeof all / sizeof *all, SYSTEM_V_TARGETS = TARGETS - 1 };

static mr_status lay_out(const layout_case *given, mr_layout *layout, size_t *bits) {
  *layout = mr_layout_begin(mr_layout_rule_of(given->target), &given->options, given->is_union);
  for (size_t i = 0; i < given->count; i++) {
    mr_layout_place place;
    mr_status status = mr_layout_add(layout, &given->members[i], &place);
    if (status != MR_OK) return status;
    bits[i] = 8 * place.offset + place.bit_offset;
  }
  return mr_layout_end(layout);
}

static void assert_laid_out(const layout_case *given) {
  mr_layout layout;
  size_t bits[MEMBERS];
  assert_int_equal(lay_out(given, &layout, bits), MR_OK);
  for (size_t i = 0; i < given->count; i++) assert_int_equal(bits[i], given->bits[i]);
  assert_int_equal(layout.size, given->size);
  assert_int_equal(layout.alignment, given->alignment);
}

static void assert_laid_out_on(layout_case given, const mr_target *targets, size_t count) {
  for (size_t i = 0; i < count; i++) {
    given.target = targets[i];
    assert_laid_out(&given);
  }
}

static void assert_refused(const layout_case *given) {
  mr_layout layout;
  size_t bits[MEMBERS];
  assert_int_equal(lay_out(given, &layout, bits), MR_UNSUPPORTED);
}

/* Members. */

static void members_stand_at_multiples_of_their_alignment(void **state) {
  (void)state;
  const layout_case given = {.count = 4,
                             .members = {MEMBER(1), MEMBER(2), MEMBER(1), MEMBER(4)},
                             .bits = {0, 16, 32, 64},
                             .size = 12,
                             .alignment = 4};
  assert_laid_out_on(given, all, TARGETS);
}

static void members_of_a_union_stand_at_its_start(void **state) {
  (void)state;
  const layout_case given = {.is_union = true,
                             .count = 3,
                             .members = {{TYPE(5, 1)}, MEMBER(4), BITS(4, 9)},
                             .size = 8,
                             .alignment = 4};
  assert_laid_out_on(given, all, TARGETS);
}

static void an_array_without_elements_takes_no_place_but_aligns(void **state) {
  (void)state;
  const layout_case given = {
      .count = 2, .members = {MEMBER(1), {TYPE(0, 4)}}, .bits = {0, 32}, .size = 4, .alignment = 4};
  assert_laid_out_on(given, all, TARGETS);
}

static void packed_members_stand_at_any_octet(void **state) {
  (void)state;
  const layout_case given = {.count = 3,
                             .members = {MEMBER(1), {TYPE(4, 4), .is_packed = true}, MEMBER(2)},
                             .bits = {0, 8, 48},
                             .size = 8,
                             .alignment = 2};
  assert_laid_out_on(given, all, TARGETS);
}

static void a_packed_struct_is_as_large_as_its_members(void **state) {
  (void)state;
  const layout_case given = {.options = {.is_packed = true},
                             .count = 2,
                             .members = {MEMBER(1), MEMBER(8)},
                             .bits = {0, 8},
                             .size = 9,
                             .alignment = 1};
  assert_laid_out_on(given, all, TARGETS);
}

static void what_is_asked_for_raises_alignment(void **state) {
  (void)state;
  const layout_case given = {.options = {.alignment = 32},
                             .count = 2,
                             .members = {MEMBER(1), {TYPE(4, 4), .attribute_alignment = 16}},
                             .bits = {0, 128},
                             .size = 32,
                             .alignment = 32};
  assert_laid_out_on(given, all, TARGETS);
}

static void pack_limits_even_what_is_asked_for_except_on_windows(void **state) {
  (void)state;
  layout_case given = {.options = {.pack = 2},
                       .count = 2,
                       .members = {MEMBER(1), {TYPE(4, 4), .attribute_alignment = 16}},
                       .bits = {0, 16},
                       .size = 6,
                       .alignment = 2};
  assert_laid_out_on(given, all, SYSTEM_V_TARGETS);

  given.target = MR_TARGET_WINDOWS_X64;
  given.bits[1] = 128;
  given.size = 32;
  given.alignment = 16;
  assert_laid_out(&given);
}

static void an_empty_struct_has_a_size_on_windows_only(void **state) {
  (void)state;
  layout_case given = {.size = 0, .alignment = 1};
  assert_laid_out_on(given, all, SYSTEM_V_TARGETS);

  given.target = MR_TARGET_WINDOWS_X64;
  given.size = 4;
  assert_laid_out(&given);
  given.options.alignment = given.size = given.alignment = 8;
  assert_laid_out(&given);
}

/* Bit-fields. */

static void bit_fields_stay_within_a_multiple_of_their_type(void **state) {
  (void)state;
  layout_case given = {.count = 3,
                       .members = {MEMBER(1), BITS(4, 20), BITS(4, 20)},
                       .bits = {0, 8, 32},
                       .size = 8,
                       .alignment = 4};
  assert_laid_out_on(given, all, SYSTEM_V_TARGETS);

  given.target = MR_TARGET_WINDOWS_X64;
  given.bits[1] = 32;
  given.bits[2] = 64;
  given.size = 12;
  assert_laid_out(&given);
}

static void bit_fields_of_types_that_differ_in_size_share_octets_except_on_windows(void **state) {
  (void)state;
  layout_case given = {.count = 3,
                       .members = {BITS(1, 4), BITS(4, 12), BITS(2, 10)},
                       .bits = {0, 4, 16},
                       .size = 4,
                       .alignment = 4};
  assert_laid_out_on(given, all, SYSTEM_V_TARGETS);

  given.target = MR_TARGET_WINDOWS_X64;
  given.bits[1] = 32;
  given.bits[2] = 64;
  given.size = 12;
  assert_laid_out(&given);
}

static void width_0_goes_on_to_the_next_multiple_of_its_type(void **state) {
  (void)state;
  const layout_case given = {.count = 3,
                             .members = {BITS(4, 3), UNNAMED(4, 0), BITS(4, 3)},
                             .bits = {0, 32, 32},
                             .size = 8,
                             .alignment = 4};
  assert_laid_out_on(given, all, TARGETS);
}

static void width_0_ignores_pack_and_packed(void **state) {
  (void)state;
  const layout_case given = {.options = {.pack = 1, .is_packed = true},
                             .count = 3,
                             .members = {BITS(4, 3), UNNAMED(4, 0), BITS(4, 3)},
                             .bits = {0, 32, 32},
                             .size = 5,
                             .alignment = 1};
  const mr_target targets[] = {MR_TARGET_X86_64, MR_TARGET_I386, MR_TARGET_RISCV64,
                               MR_TARGET_S390X};
  assert_laid_out_on(given, targets, 4);
}

static void unnamed_bit_fields_align_their_struct_on_arm_only(void **state) {
  (void)state;
  const mr_target arm[] = {MR_TARGET_AARCH64, MR_TARGET_ARM};
  const mr_target others[] = {MR_TARGET_X86_64, MR_TARGET_I386, MR_TARGET_RISCV64, MR_TARGET_S390X};
  layout_case given = {
      .count = 2, .members = {MEMBER(1), UNNAMED(4, 5)}, .bits = {0, 8}, .size = 2, .alignment = 1};
  assert_laid_out_on(given, others, 4);

  given.size = given.alignment = 4;
  assert_laid_out_on(given, arm, 2);
}

static void packed_bit_fields_follow_each_other(void **state) {
  (void)state;
  const layout_case given = {.options = {.is_packed = true},
                             .count = 2,
                             .members = {BITS(4, 7), BITS(8, 64)},
                             .bits = {0, 7},
                             .size = 9,
                             .alignment = 1};
  assert_laid_out_on(given, all, SYSTEM_V_TARGETS);
}

static void under_any_pack_bit_fields_follow_each_other(void **state) {
  (void)state;
  const layout_case given = {.options = {.pack = 16},
                             .count = 2,
                             .members = {BITS(4, 20), BITS(4, 20)},
                             .bits = {0, 20},
                             .size = 8,
                             .alignment = 4};
  assert_laid_out_on(given, all, SYSTEM_V_TARGETS);
}

static void a_bit_field_starts_where_it_asks_to(void **state) {
  (void)state;
  const layout_case given = {
      .count = 2,
      .members = {BITS(4, 3),
                  {TYPE(4, 4), .is_bit_field = true, .bit_width = 3, .attribute_alignment = 8}},
      .bits = {0, 64},
      .size = 16,
      .alignment = 8};
  assert_laid_out_on(given, all, SYSTEM_V_TARGETS);
}

static void bit_fields_of_128_bits_are_laid_out(void **state) {
  (void)state;
  const layout_case given = {.target = MR_TARGET_X86_64,
                             .options = {.is_packed = true},
                             .count = 2,
                             .members = {BITS(1, 3), BITS(16, 120)},
                             .bits = {0, 3},
                             .size = 16,
                             .alignment = 1};
  assert_laid_out(&given);
}

/* What compilers differ on. */

static void over_aligned_types_of_bit_fields_are_refused_where_compilers_differ(void **state) {
  (void)state;
  layout_case given = {
      .target = MR_TARGET_X86_64,
      .count = 2,
      .members = {{TYPE(17, 1)}, {TYPE(4, 32), .is_bit_field = true, .bit_width = 2}},
      .bits = {0, 256},
      .size = 64,
      .alignment = 32};
  assert_refused(&given);

  given.members[0].size = 5;
  assert_laid_out(&given);
}

static void over_alignment_is_counted_from_where_a_bit_field_asks_to_start(void **state) {
  (void)state;
  layout_case given = {
      .target = MR_TARGET_X86_64,
      .count = 2,
      .members = {{TYPE(9, 1)},
                  {TYPE(8, 64), .is_bit_field = true, .bit_width = 2, .attribute_alignment = 16}},
      .bits = {0, 512},
      .size = 128,
      .alignment = 64};
  assert_refused(&given);

  given.members[1].attribute_alignment = 8;
  assert_laid_out(&given);
}

static void under_aligned_types_of_bit_fields_are_refused_where_compilers_differ(void **state) {
  (void)state;
  layout_case given = {.target = MR_TARGET_X86_64,
                       .count = 1,
                       .members = {{TYPE(4, 1), .is_bit_field = true, .bit_width = 32}},
                       .size = 4,
                       .alignment = 1};
  assert_refused(&given);

  given.members[0].bit_width = 31;
  assert_laid_out(&given);
}

static void types_that_clang_aligns_otherwise_are_refused_where_it_shows(void **state) {
  (void)state;
  layout_case given = {.target = MR_TARGET_S390X,
                       .count = 1,
                       .members = {{TYPE(16, 8), .clang_alignment = 16}},
                       .size = 16,
                       .alignment = 16};
  assert_refused(&given);

  given.options.alignment = 16;
  assert_laid_out(&given);
}

static void a_struct_that_gcc_takes_for_an_integer_is_refused_on_i386(void **state) {
  (void)state;
  layout_case given = {
      .target = MR_TARGET_I386, .count = 1, .members = {{TYPE(8, 8)}}, .size = 8, .alignment = 8};
  assert_refused(&given);

  given.members[0].is_user_aligned = true;
  assert_laid_out(&given);
  given.members[0].is_user_aligned = false;
  given.options.alignment = 8;
  assert_laid_out(&given);
}

static void what_is_refused_changes_nothing(void **state) {
  (void)state;
  const mr_layout_member octets = {TYPE(17, 1)};
  const mr_layout_member field = {TYPE(4, 32), .is_bit_field = true, .bit_width = 2};
  mr_layout_place place;
  mr_layout layout = mr_layout_begin(mr_layout_rule_of(MR_TARGET_X86_64), NULL, false);
  assert_int_equal(mr_layout_add(&layout, &octets, &place), MR_OK);

  place.offset = 99;
  assert_int_equal(mr_layout_add(&layout, &field, &place), MR_UNSUPPORTED);

  assert_int_equal(place.offset, 99);
  assert_int_equal(mr_layout_end(&layout), MR_OK);
  assert_int_equal(layout.size, 17);
  assert_int_equal(layout.alignment, 1);
}

/* Windows. */

static void a_pack_above_a_pointers_size_is_none_on_windows(void **state) {
  (void)state;
  const layout_case given = {.target = MR_TARGET_WINDOWS_X64,
                             .options = {.pack = 16},
                             .count = 2,
                             .members = {MEMBER(1), {TYPE(16, 32)}},
                             .bits = {0, 256},
                             .size = 64,
                             .alignment = 32};
  assert_laid_out(&given);
}

static void what_a_type_requires_goes_through_structs_and_pack_on_windows(void **state) {
  (void)state;
  const mr_layout_options pack = {.pack = 1};
  const mr_layout_rule *rule = mr_layout_rule_of(MR_TARGET_WINDOWS_X64);
  const mr_layout_member asking = {TYPE(4, 4), .attribute_alignment = 8};
  mr_layout_place place;
  mr_layout inner = mr_layout_begin(rule, NULL, false), outer = mr_layout_begin(rule, &pack, false);
  assert_int_equal(mr_layout_add(&inner, &asking, &place), MR_OK);
  assert_int_equal(mr_layout_end(&inner), MR_OK);
  assert_int_equal(inner.required_alignment, 8);

  const mr_layout_member octet = MEMBER(1);
  const mr_layout_member nested = {TYPE(inner.size, inner.alignment),
                                   .required_alignment = inner.required_alignment};
  assert_int_equal(mr_layout_add(&outer, &octet, &place), MR_OK);
  assert_int_equal(mr_layout_add(&outer, &nested, &place), MR_OK);
  assert_int_equal(place.offset, 8);
  assert_int_equal(mr_layout_end(&outer), MR_OK);
  assert_int_equal(outer.size, 16);
  assert_int_equal(outer.alignment, 8);
}

static void width_0_does_nothing_on_windows_but_after_a_bit_field(void **state) {
  (void)state;
  const layout_case given = {.target = MR_TARGET_WINDOWS_X64,
                             .count = 3,
                             .members = {MEMBER(1), UNNAMED(4, 0), MEMBER(1)},
                             .bits = {0, 8, 8},
                             .size = 2,
                             .alignment = 1};
  assert_laid_out(&given);
}

static void width_0_after_a_bit_field_makes_a_union_larger_on_windows(void **state) {
  (void)state;
  const layout_case given = {.target = MR_TARGET_WINDOWS_X64,
                             .is_union = true,
                             .count = 2,
                             .members = {BITS(1, 3), UNNAMED(4, 0)},
                             .size = 4,
                             .alignment = 1};
  assert_laid_out(&given);
}

static void a_struct_that_is_smaller_than_its_alignment_is_refused_on_windows(void **state) {
  (void)state;
  layout_case given = {.target = MR_TARGET_WINDOWS_X64, .count = 1, .members = {{TYPE(0, 8)}}};
  assert_refused(&given);

  given.members[0] = (mr_layout_member){TYPE(0, 4)};
  given.size = given.alignment = 4;
  assert_laid_out(&given);
}

static void an_aligned_bit_field_shares_the_unit_before_it_on_windows(void **state) {
  (void)state;
  const layout_case given = {
      .target = MR_TARGET_WINDOWS_X64,
      .count = 2,
      .members = {BITS(4, 3),
                  {TYPE(4, 4), .is_bit_field = true, .bit_width = 3, .attribute_alignment = 8}},
      .bits = {0, 3},
      .size = 4,
      .alignment = 4};
  assert_laid_out(&given);
}

/* Limits. */

static void nothing_ends_above_the_targets_limit(void **state) {
  (void)state;
  for (size_t i = 0; i < TARGETS; i++) {
    const mr_layout_rule *rule = mr_layout_rule_of(all[i]);
    const mr_layout_member octet = MEMBER(1), rest = {TYPE(rule->size_max - 1, 1)};
    const mr_layout_member aligned = {TYPE(0, 2)}, bit = BITS(1, 1),
                           ask = {TYPE(1, 1), .attribute_alignment = 2, .is_bit_field = true,
                                  .bit_width = 1};
    mr_layout_place place;
    mr_layout layout = mr_layout_begin(rule, NULL, false);
    assert_int_equal(mr_layout_add(&layout, &octet, &place), MR_OK);
    assert_int_equal(mr_layout_add(&layout, &rest, &place), MR_OK);
    assert_int_equal(mr_layout_add(&layout, &octet, &place), MR_OVERFLOW);
    assert_int_equal(mr_layout_add(&layout, &bit, &place), MR_OVERFLOW);
    assert_int_equal(mr_layout_add(&layout, &ask, &place), MR_OVERFLOW);
    assert_int_equal(mr_layout_add(&layout, &aligned, &place), MR_OVERFLOW);
    layout.options.alignment = 2;
    assert_int_equal(mr_layout_end(&layout), MR_OVERFLOW);
    layout.options.alignment = 0;
    assert_int_equal(mr_layout_end(&layout), MR_OK);
    assert_int_equal(layout.size, rule->size_max);
  }
}

static void bit_fields_end_at_the_targets_limit(void **state) {
  (void)state;
  for (size_t i = 0; i < TARGETS; i++) {
    const mr_layout_rule *rule = mr_layout_rule_of(all[i]);
    const mr_layout_member most = {TYPE(rule->size_max - 1, 1)}, bit = BITS(1, 5),
                           wide = BITS(2, 9), nothing = UNNAMED(4, 0),
                           far = {TYPE(1, 4), .is_bit_field = true, .bit_width = 5,
                                  .required_alignment = 4};
    mr_layout_place place;
    mr_layout layout = mr_layout_begin(rule, NULL, false);
    assert_int_equal(mr_layout_add(&layout, &most, &place), MR_OK);
    assert_int_equal(mr_layout_add(&layout, &wide, &place), MR_OVERFLOW);
    assert_int_equal(mr_layout_add(&layout, &far, &place), MR_OVERFLOW);
    assert_int_equal(mr_layout_add(&layout, &bit, &place), MR_OK);
    assert_int_equal(mr_layout_add(&layout, &bit, &place), MR_OVERFLOW);
    assert_int_equal(mr_layout_add(&layout, &nothing, &place), MR_OVERFLOW);
    assert_int_equal(mr_layout_end(&layout), MR_OK);
    assert_int_equal(layout.size, rule->size_max);
  }
}

static void what_is_no_target_has_no_rule(void **state) {
  (void)state;
  assert_null(mr_layout_rule_of((mr_target)99));
  assert_null(mr_layout_rule_of((mr_target)-1));
  assert_non_null(mr_layout_rule_of(MR_TARGET_NATIVE));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(members_stand_at_multiples_of_their_alignment),
      cmocka_unit_test(members_of_a_union_stand_at_its_start),
      cmocka_unit_test(an_array_without_elements_takes_no_place_but_aligns),
      cmocka_unit_test(packed_members_stand_at_any_octet),
      cmocka_unit_test(a_packed_struct_is_as_large_as_its_members),
      cmocka_unit_test(what_is_asked_for_raises_alignment),
      cmocka_unit_test(pack_limits_even_what_is_asked_for_except_on_windows),
      cmocka_unit_test(an_empty_struct_has_a_size_on_windows_only),
      cmocka_unit_test(bit_fields_stay_within_a_multiple_of_their_type),
      cmocka_unit_test(bit_fields_of_types_that_differ_in_size_share_octets_except_on_windows),
      cmocka_unit_test(width_0_goes_on_to_the_next_multiple_of_its_type),
      cmocka_unit_test(width_0_ignores_pack_and_packed),
      cmocka_unit_test(unnamed_bit_fields_align_their_struct_on_arm_only),
      cmocka_unit_test(packed_bit_fields_follow_each_other),
      cmocka_unit_test(under_any_pack_bit_fields_follow_each_other),
      cmocka_unit_test(a_bit_field_starts_where_it_asks_to),
      cmocka_unit_test(bit_fields_of_128_bits_are_laid_out),
      cmocka_unit_test(over_aligned_types_of_bit_fields_are_refused_where_compilers_differ),
      cmocka_unit_test(over_alignment_is_counted_from_where_a_bit_field_asks_to_start),
      cmocka_unit_test(under_aligned_types_of_bit_fields_are_refused_where_compilers_differ),
      cmocka_unit_test(types_that_clang_aligns_otherwise_are_refused_where_it_shows),
      cmocka_unit_test(a_struct_that_gcc_takes_for_an_integer_is_refused_on_i386),
      cmocka_unit_test(what_is_refused_changes_nothing),
      cmocka_unit_test(a_pack_above_a_pointers_size_is_none_on_windows),
      cmocka_unit_test(what_a_type_requires_goes_through_structs_and_pack_on_windows),
      cmocka_unit_test(width_0_does_nothing_on_windows_but_after_a_bit_field),
      cmocka_unit_test(width_0_after_a_bit_field_makes_a_union_larger_on_windows),
      cmocka_unit_test(a_struct_that_is_smaller_than_its_alignment_is_refused_on_windows),
      cmocka_unit_test(an_aligned_bit_field_shares_the_unit_before_it_on_windows),
      cmocka_unit_test(nothing_ends_above_the_targets_limit),
      cmocka_unit_test(bit_fields_end_at_the_targets_limit),
      cmocka_unit_test(what_is_no_target_has_no_rule),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

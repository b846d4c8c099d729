#include <memregions/region.h>
#include <string.h>

#include "support.h"

static const mr_region null_region;
static const mr_view null_view;

static void a_region_has_pointer_and_size(void **state) {
  (void)state;
  unsigned char octets[100];
  mr_region region = mr_region_of(octets, sizeof octets);
  assert_ptr_equal(mr_region_start(region), octets);
  assert_ptr_equal(mr_region_end(region), octets + 100);
  assert_int_equal(mr_region_size(region), 100);
  mr_view view = mr_region_view(region);
  assert_ptr_equal(mr_view_start(view), octets);
  assert_ptr_equal(mr_view_end(view), octets + 100);
  assert_int_equal(mr_view_size(view), 100);
}

static void the_null_region_has_none(void **state) {
  (void)state;
  assert_int_equal(mr_region_of(NULL, 7).size, 0);
  assert_int_equal(mr_view_of(NULL, 7).size, 0);
  assert_null(mr_region_start(null_region));
  assert_null(mr_region_end(null_region));
  assert_null(mr_view_start(null_view));
  assert_null(mr_view_end(null_view));
  assert_null(mr_region_view(null_region).pointer);
}

static void valid_means_that_there_is_memory(void **state) {
  (void)state;
  char octet;
  assert_true(mr_region_is_valid(mr_region_of(&octet, 1)));
  assert_true(mr_view_is_valid(mr_view_of(&octet, 1)));
  assert_false(mr_region_is_valid(mr_region_of(&octet, 0)));
  assert_false(mr_view_is_valid(mr_view_of(&octet, 0)));
  assert_false(mr_region_is_valid(null_region));
  assert_false(mr_view_is_valid(null_view));
}

static void sound_means_that_the_end_can_be_formed(void **state) {
  (void)state;
  char octet;
  assert_true(mr_region_is_sound(null_region) && mr_view_is_sound(null_view));
  assert_true(mr_region_is_sound(mr_region_of(&octet, PTRDIFF_MAX)));
  assert_false(mr_region_is_sound(mr_region_of(&octet, (size_t)PTRDIFF_MAX + 1)));
  assert_false(mr_view_is_sound(mr_view_of(&octet, (size_t)PTRDIFF_MAX + 1)));
  assert_false(mr_region_is_sound((mr_region){NULL, 1}));
  assert_false(mr_view_is_sound((mr_view){NULL, 1}));
}

static void a_literal_is_viewed_without_its_zero(void **state) {
  (void)state;
  mr_view view = MR_VIEW("a\0b");
  assert_int_equal(view.size, 3);
  assert_memory_equal(view.pointer, "a\0b", 3);
  assert_int_equal(MR_VIEW("").size, 0);
}

static void only_MR_TO_END_means_to_the_end(void **state) {
  (void)state;
  mr_range range = mr_range_from(3);
  assert_int_equal(mr_range_resolve(&range, 10), MR_OK);
  assert_true(range.start == 3 && range.end == 10);
  range = mr_range_all();
  assert_int_equal(mr_range_resolve(&range, 10), MR_OK);
  assert_true(range.start == 0 && range.end == 10);
  range = mr_range_of(3, SIZE_MAX - 1);
  assert_int_equal(mr_range_resolve(&range, 10), MR_OUT_OF_BOUNDS);
  assert_true(range.start == 3 && range.end == SIZE_MAX - 1);
}

static void an_empty_part_at_the_end_is_a_part(void **state) {
  (void)state;
  unsigned char octets[100];
  mr_region part;
  mr_view seen;
  assert_int_equal(mr_subregion(mr_region_of(octets, 100), mr_range_of(100, 100), &part), MR_OK);
  assert_int_equal(mr_subview(mr_view_of(octets, 100), mr_range_of(100, 100), &seen), MR_OK);
  assert_ptr_equal(part.pointer, octets + 100);
  assert_ptr_equal(seen.pointer, octets + 100);
  assert_int_equal(part.size, 0);
  assert_int_equal(seen.size, 0);
}

static void a_part_lies_where_its_range_says(void **state) {
  (void)state;
  unsigned char octets[100];
  mr_region part;
  mr_view seen;
  assert_int_equal(mr_subregion(mr_region_of(octets, 100), mr_range_of(10, 25), &part), MR_OK);
  assert_int_equal(mr_subview(mr_view_of(octets, 100), mr_range_from(10), &seen), MR_OK);
  assert_ptr_equal(part.pointer, octets + 10);
  assert_int_equal(part.size, 15);
  assert_ptr_equal(seen.pointer, octets + 10);
  assert_int_equal(seen.size, 90);
}

static const mr_range outside_100[] = {
    {100, 101},
    {101, 101},
    {10, 5},
    {0, 101},
    {101, SIZE_MAX},
    {SIZE_MAX, SIZE_MAX},
    {0, SIZE_MAX - 1},
    {SIZE_MAX - 1, 0},
    {SIZE_MAX - 50, SIZE_MAX - 1},
    {SIZE_MAX - 50, 49},
    {(size_t)1 << (sizeof(size_t) * 4), ((size_t)1 << (sizeof(size_t) * 4)) + 6}};
enum { OUTSIDE_COUNT = sizeof outside_100 / sizeof *outside_100 };

static void subregion_outside_is_refused_and_changes_nothing(void **state) {
  (void)state;
  unsigned char octets[100];
  mr_region part = mr_region_of(octets, 1);
  mr_view seen = mr_view_of(octets, 1);
  for (int i = 0; i < OUTSIDE_COUNT; i++) {
    assert_int_equal(mr_subregion(mr_region_of(octets, 100), outside_100[i], &part),
                     MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_subview(mr_view_of(octets, 100), outside_100[i], &seen), MR_OUT_OF_BOUNDS);
  }
  assert_true(part.pointer == octets && part.size == 1);
  assert_true(seen.pointer == octets && seen.size == 1);
}

static void the_only_part_of_the_null_region_is_itself(void **state) {
  (void)state;
  mr_region part;
  mr_view seen;
  assert_int_equal(mr_subregion(null_region, mr_range_all(), &part), MR_OK);
  assert_int_equal(mr_subview(null_view, mr_range_of(0, 0), &seen), MR_OK);
  assert_true(part.pointer == NULL && part.size == 0);
  assert_true(seen.pointer == NULL && seen.size == 0);
  assert_int_equal(mr_subregion(null_region, mr_range_of(0, 1), &part), MR_OUT_OF_BOUNDS);
}

static void clear_sets_all_octets_to_zero(void **state) {
  (void)state;
  unsigned char octets[] = "#abc#";
  mr_clear(mr_region_of(octets + 1, 3));
  assert_memory_equal(octets, "#\0\0\0#", 5);
  mr_clear(null_region);
}

static void fill_sets_the_part_and_no_more(void **state) {
  (void)state;
  unsigned char octets[] = "abcdef";
  mr_region region = mr_region_of(octets, 6);
  assert_int_equal(mr_fill(region, 0xff, mr_range_of(2, 4)), MR_OK);
  assert_memory_equal(octets,
                      "ab\xff\xff"
                      "ef",
                      6);
  assert_int_equal(mr_fill(region, 'x', mr_range_of(6, 6)), MR_OK);
  assert_int_equal(mr_fill(region, 'y', mr_range_from(5)), MR_OK);
  assert_memory_equal(octets,
                      "ab\xff\xff"
                      "ey",
                      6);
  assert_int_equal(mr_fill(null_region, 1, mr_range_all()), MR_OK);
}

static void fill_outside_writes_nothing(void **state) {
  (void)state;
  unsigned char octets[100] = {0}, zeros[100] = {0};
  for (int i = 0; i < OUTSIDE_COUNT; i++) {
    assert_int_equal(mr_fill(mr_region_of(octets, 100), 1, outside_100[i]), MR_OUT_OF_BOUNDS);
  }
  assert_memory_equal(octets, zeros, sizeof octets);
}

static void replace_copies_the_shorter_range(void **state) {
  (void)state;
  char octets[] = "abcdef";
  mr_region to = mr_region_of(octets, 6);
  size_t copied = 0;
  assert_int_equal(mr_replace(to, mr_range_of(1, 3), MR_VIEW("WXYZ"), mr_range_all(), &copied),
                   MR_OK);
  assert_int_equal(copied, 2);
  assert_string_equal(octets, "aWXdef");
  assert_int_equal(mr_replace(to, mr_range_from(3), MR_VIEW("0123"), mr_range_of(1, 3), &copied),
                   MR_OK);
  assert_int_equal(copied, 2);
  assert_string_equal(octets, "aWX12f");
}

static void replace_may_overlap(void **state) {
  (void)state;
  unsigned char up[] = {1, 2, 3, 4, 5, 6, 7, 8}, down[] = {1, 2, 3, 4, 5, 6, 7, 8};
  mr_region above = mr_region_of(up, 8), below = mr_region_of(down, 8);
  assert_int_equal(
      mr_replace(above, mr_range_from(2), mr_region_view(above), mr_range_of(0, 6), NULL), MR_OK);
  assert_memory_equal(up, "\1\2\1\2\3\4\5\6", 8);
  assert_int_equal(mr_replace(below, mr_range_all(), mr_region_view(below), mr_range_from(2), NULL),
                   MR_OK);
  assert_memory_equal(down, "\3\4\5\6\7\10\7\10", 8);
}

static void replace_outside_leaves_the_destination(void **state) {
  (void)state;
  unsigned char to[100] = {0}, from[100], zeros[100] = {0};
  memset(from, 1, sizeof from);
  size_t copied = 77;
  for (int i = 0; i < OUTSIDE_COUNT; i++) {
    assert_int_equal(mr_replace(mr_region_of(to, 100), outside_100[i], mr_view_of(from, 100),
                                mr_range_all(), &copied),
                     MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_replace(mr_region_of(to, 100), mr_range_all(), mr_view_of(from, 100),
                                outside_100[i], &copied),
                     MR_OUT_OF_BOUNDS);
  }
  assert_int_equal(copied, 77);
  assert_memory_equal(to, zeros, sizeof to);
}

static void replacing_with_nothing_copies_nothing(void **state) {
  (void)state;
  char octets[] = "abc";
  size_t copied = 77;
  assert_int_equal(
      mr_replace(mr_region_of(octets, 3), mr_range_all(), null_view, mr_range_all(), &copied),
      MR_OK);
  assert_int_equal(copied, 0);
  copied = 77;
  assert_int_equal(
      mr_replace(null_region, mr_range_all(), mr_view_of(octets, 3), mr_range_all(), &copied),
      MR_OK);
  assert_int_equal(copied, 0);
  assert_string_equal(octets, "abc");
}

static void a_part_lies_at_its_offset(void **state) {
  (void)state;
  unsigned char octets[100];
  mr_region part;
  mr_view seen;
  assert_int_equal(mr_subregion_at(mr_region_of(octets, 100), 10, 15, &part), MR_OK);
  assert_int_equal(mr_subview_at(mr_view_of(octets, 100), 10, 90, &seen), MR_OK);
  assert_true(part.pointer == octets + 10 && part.size == 15);
  assert_true(seen.pointer == octets + 10 && seen.size == 90);
  assert_int_equal(mr_subregion_at(mr_region_of(octets, 100), 100, 0, &part), MR_OK);
  assert_int_equal(mr_subview_at(mr_view_of(octets, 100), 100, 0, &seen), MR_OK);
  assert_true(part.pointer == octets + 100 && part.size == 0);
  assert_true(seen.pointer == octets + 100 && seen.size == 0);
}

static void no_offset_or_length_means_anything_special(void **state) {
  static const uint64_t outside[][2] = {{100, 1},
                                        {101, 0},
                                        {0, 101},
                                        {0, UINT64_MAX},
                                        {8, UINT64_MAX - 8},
                                        {8, UINT64_MAX - 7},
                                        {UINT64_MAX, 0},
                                        {UINT64_MAX, 1},
                                        {UINT64_MAX - 9, 20},
                                        {UINT64_C(1) << 32, 1},
                                        {0, UINT64_C(1) << 32}};
  (void)state;
  unsigned char octets[100];
  mr_region part = mr_region_of(octets, 1);
  mr_view seen = mr_view_of(octets, 1);
  for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
    assert_int_equal(
        mr_subregion_at(mr_region_of(octets, 100), outside[i][0], outside[i][1], &part),
        MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_subview_at(mr_view_of(octets, 100), outside[i][0], outside[i][1], &seen),
                     MR_OUT_OF_BOUNDS);
  }
  assert_true(part.pointer == octets && part.size == 1);
  assert_true(seen.pointer == octets && seen.size == 1);
}

static void the_only_part_at_an_offset_of_the_null_region_is_itself(void **state) {
  (void)state;
  mr_region part = {&part, 7};
  mr_view seen = {&seen, 7};
  assert_int_equal(mr_subregion_at(null_region, 0, 1, &part), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_subview_at(null_view, 1, 0, &seen), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_subregion_at(null_region, 0, 0, &part), MR_OK);
  assert_int_equal(mr_subview_at(null_view, 0, 0, &seen), MR_OK);
  assert_true(part.pointer == NULL && part.size == 0);
  assert_true(seen.pointer == NULL && seen.size == 0);
}

static void a_literal_of_wide_characters_is_viewed_without_its_zero(void **state) {
  (void)state;
  assert_int_equal(MR_VIEW(L"ab").size, 2 * sizeof *L"");
  assert_int_equal(MR_VIEW(u"ab").size, 4);
  assert_int_equal(MR_VIEW(U"").size, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_region_has_pointer_and_size),
      cmocka_unit_test(the_null_region_has_none),
      cmocka_unit_test(valid_means_that_there_is_memory),
      cmocka_unit_test(sound_means_that_the_end_can_be_formed),
      cmocka_unit_test(a_literal_is_viewed_without_its_zero),
      cmocka_unit_test(only_MR_TO_END_means_to_the_end),
      cmocka_unit_test(an_empty_part_at_the_end_is_a_part),
      cmocka_unit_test(a_part_lies_where_its_range_says),
      cmocka_unit_test(subregion_outside_is_refused_and_changes_nothing),
      cmocka_unit_test(the_only_part_of_the_null_region_is_itself),
      cmocka_unit_test(clear_sets_all_octets_to_zero),
      cmocka_unit_test(fill_sets_the_part_and_no_more),
      cmocka_unit_test(fill_outside_writes_nothing),
      cmocka_unit_test(replace_copies_the_shorter_range),
      cmocka_unit_test(replace_may_overlap),
      cmocka_unit_test(replace_outside_leaves_the_destination),
      cmocka_unit_test(replacing_with_nothing_copies_nothing),
      cmocka_unit_test(a_part_lies_at_its_offset),
      cmocka_unit_test(no_offset_or_length_means_anything_special),
      cmocka_unit_test(the_only_part_at_an_offset_of_the_null_region_is_itself),
      cmocka_unit_test(a_literal_of_wide_characters_is_viewed_without_its_zero),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

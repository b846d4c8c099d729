#include <memregions/region.h>
#include <string.h>

#include "support.h"

static const size_t widths[] = {1, 2, 4, 8, 16};
enum { WIDTH_COUNT = sizeof widths / sizeof *widths, SIZE = 64, ROOM = 3 * SIZE };

static void number(unsigned char *octets, size_t size) {
  for (size_t i = 0; i < size; i++) octets[i] = (unsigned char)(i + 1);
}

/* The definition, through a temporary. */
static void swap_slowly(unsigned char *to, const unsigned char *from, size_t size, size_t width) {
  unsigned char copy[ROOM];
  memcpy(copy, from, size);
  for (size_t i = 0; i < size; i++) to[i] = copy[i / width * width + (width - 1 - i % width)];
}

static void octets_of_each_element_are_reversed(void **state) {
  (void)state;
  unsigned char to[8];
  size_t copied = 0;
  assert_int_equal(
      mr_replace_swapped(mr_region_of(to, 8), MR_VIEW("\1\2\3\4\5\6\7\10"), 4, &copied), MR_OK);
  assert_int_equal(copied, 8);
  assert_memory_equal(to, "\4\3\2\1\10\7\6\5", 8);
}

static void every_overlap_equals_a_copy_through_a_temporary(void **state) {
  (void)state;
  for (int w = 0; w < WIDTH_COUNT; w++) {
    for (size_t from = 0; from <= ROOM - SIZE; from++) {
      unsigned char octets[ROOM], expected[ROOM];
      number(octets, ROOM);
      number(expected, ROOM);
      swap_slowly(expected + SIZE, expected + from, SIZE, widths[w]);
      assert_int_equal(mr_replace_swapped(mr_region_of(octets + SIZE, SIZE),
                                          mr_view_of(octets + from, SIZE), widths[w], NULL),
                       MR_OK);
      assert_memory_equal(octets, expected, ROOM);
    }
  }
}

static void the_shorter_side_decides(void **state) {
  (void)state;
  char to[] = "........";
  size_t copied = 77;
  assert_int_equal(mr_replace_swapped(mr_region_of(to, 4), MR_VIEW("abcdefg"), 2, &copied), MR_OK);
  assert_int_equal(copied, 4);
  assert_string_equal(to, "badc....");
  assert_int_equal(mr_replace_swapped(mr_region_of(to, 7), MR_VIEW("wxyz"), 4, &copied), MR_OK);
  assert_int_equal(copied, 4);
  assert_string_equal(to, "zyxw....");
}

static void other_widths_are_refused(void **state) {
  static const size_t others[] = {0, 3, 5, 6, 7, 12, 32, SIZE_MAX};
  (void)state;
  char to[96] = "same";
  size_t copied = 77;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    assert_int_equal(mr_replace_swapped(mr_region_of(to, 0), MR_VIEW(""), others[i], &copied),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(
        mr_replace_swapped(mr_region_of(to, 96), mr_view_of(to, 96), others[i], &copied),
        MR_INVALID_ARGUMENT);
  }
  assert_int_equal(copied, 77);
  assert_string_equal(to, "same");
}

static void a_broken_element_is_refused(void **state) {
  (void)state;
  char to[] = "........";
  size_t copied = 77;
  assert_int_equal(mr_replace_swapped(mr_region_of(to, 8), MR_VIEW("abcdefg"), 4, &copied),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(copied, 77);
  assert_string_equal(to, "........");
}

static void nothing_is_swapped_into_nothing(void **state) {
  (void)state;
  for (int w = 0; w < WIDTH_COUNT; w++) {
    size_t copied = 77;
    assert_int_equal(
        mr_replace_swapped(mr_region_of(NULL, 0), mr_view_of(NULL, 0), widths[w], &copied), MR_OK);
    assert_int_equal(copied, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(octets_of_each_element_are_reversed),
      cmocka_unit_test(every_overlap_equals_a_copy_through_a_temporary),
      cmocka_unit_test(the_shorter_side_decides),
      cmocka_unit_test(other_widths_are_refused),
      cmocka_unit_test(a_broken_element_is_refused),
      cmocka_unit_test(nothing_is_swapped_into_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

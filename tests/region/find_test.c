#include <memregions/region.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

static const mr_view nothing;

static void the_first_place_is_found(void **state) {
  (void)state;
  size_t offset = 77;
  assert_true(mr_find(MR_VIEW("abcabd"), MR_VIEW("ab"), &offset));
  assert_int_equal(offset, 0);
  assert_true(mr_find(MR_VIEW("abcabd"), MR_VIEW("abd"), &offset));
  assert_int_equal(offset, 3);
  assert_true(mr_find(MR_VIEW("ab\0cd"), MR_VIEW("\0c"), &offset));
  assert_int_equal(offset, 2);
}

static void the_whole_is_found_in_itself(void **state) {
  (void)state;
  size_t offset = 77;
  assert_true(mr_find(MR_VIEW("abc"), MR_VIEW("abc"), &offset));
  assert_int_equal(offset, 0);
}

static void what_is_absent_is_not_found(void **state) {
  (void)state;
  size_t offset = 77;
  assert_false(mr_find(MR_VIEW("abc"), MR_VIEW("abd"), &offset));
  assert_false(mr_find(MR_VIEW("abc"), MR_VIEW("abcd"), &offset));
  assert_false(mr_find(nothing, MR_VIEW("a"), &offset));
  assert_int_equal(offset, 77);
}

static void the_empty_stands_at_the_start(void **state) {
  (void)state;
  size_t offset = 77;
  assert_true(mr_find(MR_VIEW("abc"), nothing, &offset));
  assert_int_equal(offset, 0);
  offset = 77;
  assert_true(mr_find(nothing, MR_VIEW(""), &offset));
  assert_int_equal(offset, 0);
}

static bool found_slowly(const unsigned char *view, size_t size, const unsigned char *wanted,
                         size_t length, size_t *offset) {
  for (size_t at = 0; at + length <= size; at++) {
    if (memcmp(view + at, wanted, length) == 0) {
      *offset = at;
      return true;
    }
  }
  return false;
}

static void it_finds_what_a_simple_loop_finds(void **state) {
  (void)state;
  unsigned seed = 1;
  for (int round = 0; round < 20000; round++) {
    unsigned char view[40], wanted[6];
    for (size_t i = 0; i < sizeof view; i++) view[i] = (seed = seed * 69069 + 1) >> 30 & 1;
    for (size_t i = 0; i < sizeof wanted; i++) wanted[i] = (seed = seed * 69069 + 1) >> 30 & 1;
    size_t length = 1 + (seed >> 20) % sizeof wanted;
    size_t expected = 77, offset = 77;
    bool there = found_slowly(view, sizeof view, wanted, length, &expected);
    assert_int_equal(mr_find(mr_view_of(view, sizeof view), mr_view_of(wanted, length), &offset),
                     there);
    assert_int_equal(offset, expected);
  }
}

/* Comparing at every place would take some 10^12 steps: longer than any test is given. */
static void time_is_linear_at_worst(void **state) {
  (void)state;
  const size_t size = 4 << 20, length = 1 << 20;
  unsigned char *view = malloc(size), *wanted = malloc(length);
  size_t offset = 77;
  assert_true(view && wanted);
  memset(view, 'a', size);
  memset(wanted, 'a', length);
  wanted[0] = 'b';
  assert_false(mr_find(mr_view_of(view, size), mr_view_of(wanted, length), &offset));
  wanted[0] = 'a';
  wanted[length / 2] = 'b';
  assert_false(mr_find(mr_view_of(view, size), mr_view_of(wanted, length), &offset));
  view[size - length / 2] = 'b';
  assert_true(mr_find(mr_view_of(view, size), mr_view_of(wanted, length), &offset));
  assert_int_equal(offset, size - length);
  free(view);
  free(wanted);
}

static void the_place_need_not_be_told(void **state) {
  (void)state;
  assert_true(mr_find(MR_VIEW("abc"), MR_VIEW("b"), NULL));
  assert_true(mr_find(MR_VIEW("abc"), nothing, NULL));
  assert_false(mr_find(MR_VIEW("abc"), MR_VIEW("x"), NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_place_is_found),
      cmocka_unit_test(the_whole_is_found_in_itself),
      cmocka_unit_test(what_is_absent_is_not_found),
      cmocka_unit_test(the_empty_stands_at_the_start),
      cmocka_unit_test(it_finds_what_a_simple_loop_finds),
      cmocka_unit_test(time_is_linear_at_worst),
      cmocka_unit_test(the_place_need_not_be_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

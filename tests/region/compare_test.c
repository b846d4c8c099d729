#include <memregions/region.h>
#include <string.h>

#include "support.h"

static const mr_view nothing;

static void views_are_ordered_as_memcmp_does(void **state) {
  (void)state;
  assert_true(mr_compare(MR_VIEW("abc"), MR_VIEW("abd")) < 0);
  assert_true(mr_compare(MR_VIEW("abd"), MR_VIEW("abc")) > 0);
  assert_true(mr_compare(MR_VIEW("\x80"), MR_VIEW("\x7f")) > 0);
  assert_int_equal(mr_compare(MR_VIEW("abc"), MR_VIEW("abc")), 0);
}

static void a_view_comes_before_its_extensions(void **state) {
  (void)state;
  assert_true(mr_compare(MR_VIEW("ab"), MR_VIEW("abc")) < 0);
  assert_true(mr_compare(MR_VIEW("abc"), MR_VIEW("ab")) > 0);
  assert_true(mr_compare(nothing, MR_VIEW("a")) < 0);
  assert_true(mr_compare(MR_VIEW("a"), nothing) > 0);
  assert_int_equal(mr_compare(nothing, nothing), 0);
  assert_int_equal(mr_compare(nothing, MR_VIEW("")), 0);
}

static void equal_means_the_same_octets(void **state) {
  (void)state;
  char copy[] = "abc";
  assert_true(mr_equal(MR_VIEW("abc"), mr_view_of(copy, 3)));
  assert_false(mr_equal(MR_VIEW("abc"), MR_VIEW("abd")));
  assert_false(mr_equal(MR_VIEW("abc"), MR_VIEW("ab")));
  assert_false(mr_equal(MR_VIEW("a"), nothing));
  assert_true(mr_equal(MR_VIEW(""), nothing));
}

static void mismatch_in_a_common_start_is_the_shorter_size(void **state) {
  (void)state;
  size_t offset = 77;
  assert_true(mr_mismatch(MR_VIEW("\1\2"), MR_VIEW("\1\2\3"), &offset));
  assert_int_equal(offset, 2);
  assert_true(mr_mismatch(nothing, MR_VIEW("\1"), &offset));
  assert_int_equal(offset, 0);
  assert_true(mr_mismatch(MR_VIEW("\1"), nothing, &offset));
  assert_int_equal(offset, 0);
}

static void equal_contents_have_no_mismatch(void **state) {
  (void)state;
  size_t offset = 77;
  assert_false(mr_mismatch(MR_VIEW("abc"), MR_VIEW("abc"), &offset));
  assert_false(mr_mismatch(nothing, nothing, &offset));
  assert_int_equal(offset, 77);
}

static void mismatch_finds_the_first_difference_wherever_it_is(void **state) {
  (void)state;
  unsigned char a[700] = {0}, b[700] = {0};
  b[699] = 1;
  for (size_t at = 0; at < sizeof a; at++) {
    size_t offset = 7777;
    a[at] = 2;
    assert_true(mr_mismatch(mr_view_of(a, sizeof a), mr_view_of(b, sizeof b), &offset));
    assert_int_equal(offset, at);
    a[at] = 0;
  }
}

static void where_a_mismatch_is_need_not_be_told(void **state) {
  (void)state;
  assert_true(mr_mismatch(MR_VIEW("abc"), MR_VIEW("abd"), NULL));
  assert_true(mr_mismatch(MR_VIEW("abc"), nothing, NULL));
  assert_false(mr_mismatch(MR_VIEW("abc"), MR_VIEW("abc"), NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(views_are_ordered_as_memcmp_does),
      cmocka_unit_test(a_view_comes_before_its_extensions),
      cmocka_unit_test(equal_means_the_same_octets),
      cmocka_unit_test(mismatch_in_a_common_start_is_the_shorter_size),
      cmocka_unit_test(equal_contents_have_no_mismatch),
      cmocka_unit_test(mismatch_finds_the_first_difference_wherever_it_is),
      cmocka_unit_test(where_a_mismatch_is_need_not_be_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

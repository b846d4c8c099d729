#include <memregions/region.h>

#include "support.h"

static const mr_view nothing;

static void a_whole_and_its_part_overlap_in_the_part(void **state) {
  (void)state;
  char octets[64] = {0};
  for (size_t k = 0; k < 64; k++) {
    mr_view whole = mr_view_of(octets, 64), part = mr_view_of(octets + k, 64 - k);
    mr_view shared = mr_overlap(whole, part), other = mr_overlap(part, whole);
    assert_ptr_equal(shared.pointer, octets + k);
    assert_int_equal(shared.size, 64 - k);
    assert_ptr_equal(other.pointer, octets + k);
    assert_int_equal(other.size, 64 - k);
  }
}

static void what_lies_within_is_the_overlap(void **state) {
  (void)state;
  char octets[64] = {0};
  mr_view whole = mr_view_of(octets, 64), inner = mr_view_of(octets + 10, 5);
  assert_ptr_equal(mr_overlap(whole, inner).pointer, octets + 10);
  assert_int_equal(mr_overlap(whole, inner).size, 5);
  assert_int_equal(mr_overlap(inner, whole).size, 5);
}

static void disjoint_blocks_share_nothing(void **state) {
  (void)state;
  char octets[64] = {0};
  mr_view low = mr_view_of(octets, 10), next = mr_view_of(octets + 10, 10);
  mr_view far = mr_view_of(octets + 40, 10);
  assert_null(mr_overlap(low, next).pointer);
  assert_null(mr_overlap(next, low).pointer);
  assert_null(mr_overlap(low, far).pointer);
  assert_int_equal(mr_overlap(far, low).size, 0);
}

static void what_is_empty_shares_nothing(void **state) {
  (void)state;
  char octets[64] = {0};
  mr_view whole = mr_view_of(octets, 64), empty = mr_view_of(octets + 5, 0);
  assert_null(mr_overlap(whole, empty).pointer);
  assert_null(mr_overlap(empty, whole).pointer);
  assert_null(mr_overlap(whole, nothing).pointer);
  assert_null(mr_overlap(nothing, whole).pointer);
  assert_null(mr_overlap(nothing, nothing).pointer);
}

static void alignment_is_the_power_of_two_that_divides(void **state) {
  (void)state;
  MR_ALIGNAS(64) char octets[65] = {0};
  assert_int_equal(mr_alignment_of(mr_view_of(octets + 1, 1)), 1);
  assert_int_equal(mr_alignment_of(mr_view_of(octets + 6, 1)), 2);
  assert_int_equal(mr_alignment_of(mr_view_of(octets + 48, 0)), 16);
  assert_true(mr_alignment_of(mr_view_of(octets, 1)) >= 64);
  assert_int_equal(mr_alignment_of(nothing), 0);
}

static void aligned_is_asked_for_powers_of_two(void **state) {
  (void)state;
  MR_ALIGNAS(64) char octets[64] = {0};
  mr_view at_8 = mr_view_of(octets + 8, 8);
  assert_true(mr_is_aligned(at_8, 1));
  assert_true(mr_is_aligned(at_8, 8));
  assert_false(mr_is_aligned(at_8, 16));
  assert_false(mr_is_aligned(at_8, 0));
  assert_false(mr_is_aligned(at_8, 3));
  assert_false(mr_is_aligned(at_8, SIZE_MAX));
  assert_true(mr_is_aligned(nothing, 4096));
  assert_true(mr_is_aligned(nothing, SIZE_MAX / 2 + 1));
  assert_false(mr_is_aligned(nothing, 24));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_whole_and_its_part_overlap_in_the_part),
      cmocka_unit_test(what_lies_within_is_the_overlap),
      cmocka_unit_test(disjoint_blocks_share_nothing),
      cmocka_unit_test(what_is_empty_shares_nothing),
      cmocka_unit_test(alignment_is_the_power_of_two_that_divides),
      cmocka_unit_test(aligned_is_asked_for_powers_of_two),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

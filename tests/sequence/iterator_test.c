#include <memregions/sequence.h>

#include "support.h"

/* Elements are their own index plus 10. */
static unsigned char memory[5];

static mr_sequence numbers(void) {
  mr_sequence sequence = {0};
  for (size_t i = 0; i < sizeof memory; i++) memory[i] = (unsigned char)(10 + i);
  assert_int_equal(mr_sequence_of_region(mr_region_of(memory, sizeof memory), NULL, &sequence),
                   MR_OK);
  return sequence;
}

/* Walks to the end, and asserts the indices met on the way. */
static void assert_visits(mr_iterator at, const size_t *indices, size_t count) {
  for (size_t i = 0; i < count; i++) {
    mr_value value;
    uint64_t number = 0;
    assert_false(mr_iterator_is_at_end(at));
    assert_int_equal(mr_iterator_index(at), indices[i]);
    assert_int_equal(mr_iterator_get(at, &value), MR_OK);
    assert_int_equal(mr_value_to_u64(value, &number), MR_OK);
    assert_int_equal(number, 10 + indices[i]);
    mr_iterator_step(&at);
  }
  assert_true(mr_iterator_is_at_end(at));
}

static void forward_visits_all_in_order(void **state) {
  (void)state;
  const size_t expected[] = {0, 1, 2, 3, 4};
  assert_visits(mr_iterator_of(numbers(), mr_range_all(), false), expected, 5);
}

static void backward_visits_all_in_reverse(void **state) {
  (void)state;
  const size_t expected[] = {4, 3, 2, 1, 0};
  assert_visits(mr_iterator_of(numbers(), mr_range_all(), true), expected, 5);
}

static void a_range_visits_its_own(void **state) {
  (void)state;
  const size_t forward[] = {1, 2};
  const size_t backward[] = {2, 1};
  assert_visits(mr_iterator_of(numbers(), mr_range_of(1, 3), false), forward, 2);
  assert_visits(mr_iterator_of(numbers(), mr_range_of(1, 3), true), backward, 2);
}

static void a_range_is_cut_off_at_the_end(void **state) {
  (void)state;
  const size_t forward[] = {3, 4};
  assert_visits(mr_iterator_of(numbers(), mr_range_of(3, 100), false), forward, 2);
  assert_visits(mr_iterator_of(numbers(), mr_range_of(7, 100), false), NULL, 0);
  assert_visits(mr_iterator_of(numbers(), mr_range_of(3, 2), false), NULL, 0);
  assert_visits(mr_iterator_of(numbers(), mr_range_of(0, 0), true), NULL, 0);
  assert_visits(mr_iterator_of((mr_sequence){0}, mr_range_all(), true), NULL, 0);
}

static void at_the_end_it_stays_and_neither_reads_nor_writes(void **state) {
  (void)state;
  mr_iterator at = mr_iterator_of(numbers(), mr_range_of(0, 1), true);
  mr_value value = mr_value_of_u64(77);
  mr_iterator_step(&at);
  mr_iterator_step(&at);

  assert_true(mr_iterator_is_at_end(at));
  assert_int_equal(mr_iterator_get(at, &value), MR_END_OF_FILE);
  assert_int_equal(mr_iterator_set(at, value), MR_END_OF_FILE);

  assert_true(mr_value_equal(value, mr_value_of_u64(77)));
  assert_int_equal(memory[0], 10);
}

static void set_writes_the_element_it_is_at(void **state) {
  (void)state;
  mr_iterator at = mr_iterator_of(numbers(), mr_range_from(2), false);

  assert_int_equal(mr_iterator_set(at, mr_value_of_u64(99)), MR_OK);
  assert_int_equal(mr_iterator_set(at, mr_value_of_u64(256)), MR_OVERFLOW);

  assert_int_equal(memory[1], 11);
  assert_int_equal(memory[2], 99);
  assert_int_equal(memory[3], 13);
}

static void a_copy_goes_its_own_way(void **state) {
  (void)state;
  mr_iterator at = mr_iterator_of(numbers(), mr_range_all(), false);
  mr_iterator copy = at;

  mr_iterator_step(&copy);

  assert_int_equal(mr_iterator_index(at), 0);
  assert_int_equal(mr_iterator_index(copy), 1);
}

static void a_loop_sees_each_element_once(void **state) {
  (void)state;
  mr_sequence sequence = numbers();
  uint64_t sum = 0;
  MR_DO_SEQUENCE(at, sequence) {
    mr_value value;
    uint64_t number = 0;
    assert_int_equal(mr_iterator_get(at, &value), MR_OK);
    assert_int_equal(mr_value_to_u64(value, &number), MR_OK);
    sum += number;
  }
  assert_int_equal(sum, 10 + 11 + 12 + 13 + 14);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(forward_visits_all_in_order),
      cmocka_unit_test(backward_visits_all_in_reverse),
      cmocka_unit_test(a_range_visits_its_own),
      cmocka_unit_test(a_range_is_cut_off_at_the_end),
      cmocka_unit_test(at_the_end_it_stays_and_neither_reads_nor_writes),
      cmocka_unit_test(set_writes_the_element_it_is_at),
      cmocka_unit_test(a_copy_goes_its_own_way),
      cmocka_unit_test(a_loop_sees_each_element_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

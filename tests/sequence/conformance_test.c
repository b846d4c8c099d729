/* What a sequence must do, over every type there is. */

#include <string.h>

#include <memregions/sequence.h>

#include "example_types.h"
#include "failing_allocator.h"
#include "support.h"

enum { COUNT = 5, ROOM = 1024 };

/* Elements of an example's type at an odd address, with a part of one more. */
typedef struct fixture {
  unsigned char memory[ROOM];
  mr_sequence sequence;
} fixture;

static void set_up(fixture *here, const example *sample) {
  assert_true(1 + (COUNT + 1) * sample->size <= sizeof here->memory);
  memset(here->memory, 0, sizeof here->memory);
  size_t size = (COUNT + 1) * sample->size - 1;
  assert_int_equal(
      mr_sequence_of_region(mr_region_of(here->memory + 1, size), sample->type, &here->sequence),
      MR_OK);
}

static void assert_element(mr_sequence sequence, size_t index, const example *sample) {
  mr_value value;
  assert_int_equal(mr_sequence_get(sequence, index, &value), MR_OK);
  assert_true(example_matches(sample, value));
}

static void has_whole_elements_of_c_size(const example *sample) {
  fixture here;
  set_up(&here, sample);

  assert_true(mr_sequence_is_sound(here.sequence));
  assert_int_equal(here.sequence.count, COUNT);
  assert_int_equal(here.sequence.stride, sample->size);
  assert_ptr_equal(here.sequence.type, sample->type);
}

static void gets_what_c_wrote(const example *sample) {
  fixture here;
  set_up(&here, sample);
  if (!sample->octets) return;

  memcpy(here.memory + 1 + 2 * sample->size, sample->octets, sample->size);

  assert_element(here.sequence, 2, sample);
}

static void sets_what_c_reads_and_nothing_else(const example *sample) {
  fixture here;
  set_up(&here, sample);
  static const unsigned char zeros[ROOM];
  const size_t start = 1 + 3 * sample->size;

  assert_int_equal(mr_sequence_set(here.sequence, 3, sample->value), MR_OK);

  assert_element(here.sequence, 3, sample);
  if (sample->octets) {
    assert_memory_equal(here.memory + start, sample->octets, sample->size);
  }
  assert_memory_equal(here.memory, zeros, start);
  assert_memory_equal(here.memory + start + sample->size, zeros, ROOM - start - sample->size);
}

static void parts_have_the_same_elements(const example *sample) {
  fixture here;
  mr_sequence odd = {0};
  set_up(&here, sample);
  assert_int_equal(mr_sequence_set(here.sequence, 3, sample->value), MR_OK);

  assert_int_equal(mr_subsequence(here.sequence, mr_range_from(1), 2, &odd), MR_OK);

  assert_int_equal(odd.count, 2);
  assert_ptr_equal(odd.type, sample->type);
  assert_element(odd, 1, sample);
}

static void iterates_over_all(const example *sample) {
  fixture here;
  size_t visited = 0;
  set_up(&here, sample);
  for (mr_iterator at = mr_iterator_of(here.sequence, mr_range_all(), true);
       !mr_iterator_is_at_end(at); mr_iterator_step(&at)) {
    assert_int_equal(mr_iterator_set(at, sample->value), MR_OK);
  }
  MR_DO_SEQUENCE(at, here.sequence) {
    mr_value value;
    assert_int_equal(mr_iterator_get(at, &value), MR_OK);
    assert_true(example_matches(sample, value));
    visited++;
  }
  assert_int_equal(visited, COUNT);
}

static void is_made_copied_and_adjusted(const example *sample) {
  test_allocator allocator;
  test_allocator_init(&allocator);
  allocator.always_moves = true;
  const mr_sequence_initial initial = {.element = &sample->value};
  const size_t alignment = mr_sequence_storage_alignment(sample->type);
  mr_region storage, other;
  mr_sequence sequence, evens, copy;

  assert_int_equal(
      mr_sequence_make(&allocator.base, sample->type, 2, &initial, &storage, &sequence, NULL),
      MR_OK);
  assert_true(mr_is_aligned(mr_region_view(storage), sample->alignment));
  assert_int_equal(mr_sequence_adjust(&sequence, &allocator.base, &storage, 7, &initial, NULL),
                   MR_OK);
  assert_int_equal(mr_subsequence(sequence, mr_range_all(), 2, &evens), MR_OK);
  assert_int_equal(mr_sequence_copy(evens, &allocator.base, &other, &copy, NULL), MR_OK);

  for (size_t i = 0; i < 7; i++) assert_element(sequence, i, sample);
  assert_int_equal(copy.count, 4);
  assert_int_equal(copy.stride, sample->size);
  for (size_t i = 0; i < 4; i++) assert_element(copy, i, sample);
  mr_deallocate_aligned(&allocator.base, &storage, alignment);
  mr_deallocate_aligned(&allocator.base, &other, alignment);
  test_allocator_fini(&allocator);
}

static void lends_a_copy_without_gaps(const example *sample) {
  fixture here;
  mr_sequence odd = {0};
  mr_borrow borrow;
  static _Alignas(16) unsigned char scratch[ROOM];
  set_up(&here, sample);
  assert_int_equal(mr_subsequence(here.sequence, mr_range_from(1), 2, &odd), MR_OK);
  mr_source source = mr_sequence_source(&odd);

  assert_int_equal(
      mr_acquire(source, mr_range_all(), MR_IO, mr_region_of(scratch, sizeof scratch), &borrow),
      MR_OK);
  mr_sequence lent = {0};
  assert_int_equal(mr_sequence_of_region(borrow.region, sample->type, &lent), MR_OK);
  assert_int_equal(lent.count, 2);
  assert_int_equal(mr_sequence_set(lent, 1, sample->value), MR_OK);
  assert_int_equal(mr_release(&borrow), MR_OK);

  assert_element(here.sequence, 3, sample);
}

static void over_every_type(void (*check)(const example *sample)) {
  examples list;
  examples_init(&list);
  for (size_t i = 0; i < list.count; i++) {
    /* Shown where the check fails. */
    print_message("%s %s\n", list.all[i].make, list.all[i].name);
    check(&list.all[i]);
  }
  examples_fini(&list);
}

static void every_type_has_whole_elements_of_c_size(void **state) {
  (void)state;
  over_every_type(has_whole_elements_of_c_size);
}

static void every_type_gets_what_c_wrote(void **state) {
  (void)state;
  over_every_type(gets_what_c_wrote);
}

static void every_type_sets_what_c_reads_and_nothing_else(void **state) {
  (void)state;
  over_every_type(sets_what_c_reads_and_nothing_else);
}

static void every_type_has_parts_with_the_same_elements(void **state) {
  (void)state;
  over_every_type(parts_have_the_same_elements);
}

static void every_type_iterates_over_all(void **state) {
  (void)state;
  over_every_type(iterates_over_all);
}

static void every_type_is_made_copied_and_adjusted(void **state) {
  (void)state;
  over_every_type(is_made_copied_and_adjusted);
}

static void every_type_lends_a_copy_without_gaps(void **state) {
  (void)state;
  over_every_type(lends_a_copy_without_gaps);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_type_has_whole_elements_of_c_size),
      cmocka_unit_test(every_type_gets_what_c_wrote),
      cmocka_unit_test(every_type_sets_what_c_reads_and_nothing_else),
      cmocka_unit_test(every_type_has_parts_with_the_same_elements),
      cmocka_unit_test(every_type_iterates_over_all),
      cmocka_unit_test(every_type_is_made_copied_and_adjusted),
      cmocka_unit_test(every_type_lends_a_copy_without_gaps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

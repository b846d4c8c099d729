#include <memregions/source.h>
#include <string.h>

#include "copying_source.h"
#include "support.h"

static const mr_region no_scratch;

/* A source over "abcdefgh", and scratch enough for all of it. */
typedef struct fixture {
  char octets[9];
  MR_ALIGNAS(16) char scratch[16];
  copying_source copying;
  mr_source source;
} fixture;

static void fixture_init(fixture *f) {
  memcpy(f->octets, "abcdefgh", 9);
  f->copying = (copying_source){.memory = mr_region_of(f->octets, 8)};
  f->source = copying_source_of(&f->copying);
}

static mr_region scratch_of(fixture *f) { return mr_region_of(f->scratch, sizeof f->scratch); }

static void what_is_borrowed_is_recorded_in_octets(void **state) {
  (void)state;
  uint16_t numbers[8] = {0};
  mr_source source = mr_array_source(mr_region_of(numbers, sizeof numbers), 2);
  mr_borrow borrow;
  assert_int_equal(mr_acquire(source, mr_range_of(1, 3), MR_INPUT, no_scratch, &borrow), MR_OK);
  assert_true(borrow.range.start == 2 && borrow.range.end == 6);
  assert_int_equal(borrow.direction, MR_INPUT);
  assert_ptr_equal(borrow.region.pointer, numbers + 1);
  assert_int_equal(borrow.region.size, 4);
}

static void output_starts_as_zeros_and_is_written_back(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow;
  fixture_init(&f);
  assert_int_equal(mr_acquire(f.source, mr_range_of(2, 5), MR_OUTPUT, scratch_of(&f), &borrow),
                   MR_OK);
  assert_memory_equal(borrow.region.pointer, "\0\0\0", 3);
  memcpy(borrow.region.pointer, "XY", 2);
  assert_string_equal(f.octets, "abcdefgh");
  assert_int_equal(mr_release(&borrow), MR_OK);
  assert_memory_equal(f.octets, "abXY\0fgh", 9);
}

static void input_is_dropped(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow;
  fixture_init(&f);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_INPUT, scratch_of(&f), &borrow), MR_OK);
  memset(borrow.region.pointer, 'X', 8);
  assert_int_equal(mr_release(&borrow), MR_OK);
  assert_string_equal(f.octets, "abcdefgh");
}

static void a_second_release_does_nothing(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow;
  fixture_init(&f);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_IO, scratch_of(&f), &borrow), MR_OK);
  assert_int_equal(mr_release(&borrow), MR_OK);
  f.copying.release_answer = MR_FAULT;
  assert_int_equal(mr_release(&borrow), MR_OK);
  assert_int_equal(f.copying.held, 0);
  assert_null(borrow.region.pointer);
}

static void a_release_that_fails_has_ended_the_borrow(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow;
  fixture_init(&f);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_IO, scratch_of(&f), &borrow), MR_OK);
  f.copying.release_answer = MR_SYSTEM_ERROR;
  assert_int_equal(mr_release(&borrow), MR_SYSTEM_ERROR);
  assert_int_equal(mr_release(&borrow), MR_OK);
  assert_int_equal(f.copying.held, 0);
}

static void an_acquire_that_fails_leaves_the_borrow(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow, same;
  fixture_init(&f);
  memset(&borrow, 0x66, sizeof borrow);
  memset(&same, 0x66, sizeof same);
  f.copying.acquire_answer = (mr_status)(MR_USER + 9);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_IO, scratch_of(&f), &borrow),
                   MR_USER + 9);
  assert_memory_equal(&borrow, &same, sizeof borrow);
}

static void a_scratch_size_that_fails_is_answered(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow;
  size_t size = 77;
  fixture_init(&f);
  f.copying.scratch_answer = MR_BUSY;
  assert_int_equal(mr_scratch_size(f.source, mr_range_all(), MR_IO, &size), MR_BUSY);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_IO, scratch_of(&f), &borrow), MR_BUSY);
  assert_int_equal(size, 77);
  assert_int_equal(f.copying.acquired, 0);
}

static void unsuitable_scratch_is_refused(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow;
  fixture_init(&f);
  mr_region small = mr_region_of(f.scratch, 7), odd = mr_region_of(f.scratch + 8, 8);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_IO, small, &borrow),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_IO, odd, &borrow), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_IO, no_scratch, &borrow),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(f.copying.acquired, 0);
}

static void no_scratch_is_needed_for_nothing(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow;
  fixture_init(&f);
  assert_int_equal(mr_acquire(f.source, mr_range_of(3, 3), MR_IO, no_scratch, &borrow), MR_OK);
  assert_int_equal(borrow.region.size, 0);
  assert_int_equal(mr_release(&borrow), MR_OK);
  assert_int_equal(f.copying.acquired, 1);
}

static void a_copied_borrow_is_released_through_either(void **state) {
  (void)state;
  fixture f;
  mr_borrow borrow;
  fixture_init(&f);
  assert_int_equal(mr_acquire(f.source, mr_range_all(), MR_IO, scratch_of(&f), &borrow), MR_OK);
  memcpy(borrow.region.pointer, "AB", 2);
  mr_borrow moved = borrow;
  assert_int_equal(mr_release(&moved), MR_OK);
  assert_string_equal(f.octets, "ABcdefgh");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_borrowed_is_recorded_in_octets),
      cmocka_unit_test(output_starts_as_zeros_and_is_written_back),
      cmocka_unit_test(input_is_dropped),
      cmocka_unit_test(a_second_release_does_nothing),
      cmocka_unit_test(a_release_that_fails_has_ended_the_borrow),
      cmocka_unit_test(an_acquire_that_fails_leaves_the_borrow),
      cmocka_unit_test(a_scratch_size_that_fails_is_answered),
      cmocka_unit_test(unsuitable_scratch_is_refused),
      cmocka_unit_test(no_scratch_is_needed_for_nothing),
      cmocka_unit_test(a_copied_borrow_is_released_through_either),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

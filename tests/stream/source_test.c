#include <memregions/stream.h>
#include <string.h>

#include "copying_source.h"
#include "support.h"
#include "windowed_stream.h"

static void assert_no_stream_of(mr_source source, mr_status expected) {
  mr_stream stream, same;
  memset(&stream, 0x77, sizeof stream);
  memset(&same, 0x77, sizeof same);
  assert_int_equal(mr_stream_of(source, &stream), expected);
  assert_memory_equal(&stream, &same, sizeof stream);
}

static void there_is_no_stream_of_what_is_not_stable(void **state) {
  (void)state;
  unsigned char octets[8];
  copying_source copying = {.memory = mr_region_of(octets, sizeof octets)};
  windowed_stream windowed;
  windowed_stream_init(&windowed, mr_region_of(octets, sizeof octets), 8);
  assert_no_stream_of(mr_temporary_source(8), MR_UNSUPPORTED);
  assert_no_stream_of(copying_source_of(&copying), MR_UNSUPPORTED);
  assert_no_stream_of(mr_stream_source(&windowed.stream), MR_UNSUPPORTED);
  assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);
}

static void there_is_no_stream_of_a_bare_pointer(void **state) {
  (void)state;
  unsigned char octets[8];
  assert_no_stream_of(mr_pointer_source(octets), MR_OUT_OF_BOUNDS);
}

static mr_status refuse(const mr_source *source, mr_range range, mr_direction direction,
                        mr_region scratch, mr_region *region) {
  (void)source, (void)range, (void)scratch, (void)region;
  return direction == MR_INPUT ? MR_USER : MR_READ_ONLY;
}

static void what_a_source_answers_is_passed_on(void **state) {
  (void)state;
  static const mr_source_ops ops = {
      .struct_size = sizeof ops, .name = "refusing", .acquire = refuse};
  assert_no_stream_of((mr_source){.ops = &ops, .size = 8, .unit = 1}, MR_USER);
}

static void the_stream_of_nothing_is_empty(void **state) {
  (void)state;
  mr_stream stream;
  uint64_t size = 77;
  assert_int_equal(mr_stream_of(mr_null_source(), &stream), MR_OK);
  assert_int_equal(mr_stream_size(&stream, &size), MR_OK);
  assert_int_equal(size, 0);
}

static void a_fixed_stream_is_a_stable_source_in_place(void **state) {
  (void)state;
  unsigned char octets[8];
  mr_region region = mr_region_of(NULL, 0);
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, sizeof octets));
  assert_int_equal(mr_stream_set_position(&stream, 3), MR_OK);
  assert_true(mr_source_is_stable(mr_stream_source(&stream)));
  assert_int_equal(mr_to_region(mr_stream_source(&stream), &region), MR_OK);
  assert_ptr_equal(region.pointer, octets);
  assert_int_equal(region.size, sizeof octets);
}

static void the_source_of_a_stream_that_has_ended_lends_nothing(void **state) {
  (void)state;
  unsigned char octets[8];
  mr_region region = mr_region_of(octets, 1);
  mr_view view = mr_view_of(octets, 1);
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, sizeof octets));
  mr_source source = mr_stream_source(&stream);
  assert_int_equal(mr_stream_fini(&stream), MR_OK);
  assert_int_equal(mr_to_region(source, &region), MR_READ_ONLY);
  assert_int_equal(mr_to_view(source, &view), MR_OUT_OF_BOUNDS);
  assert_ptr_equal(region.pointer, octets);
  assert_ptr_equal(view.pointer, octets);
}

/* Of a stream that can't tell its size: 8 octets, of which 4 are shown. */

typedef struct endless {
  windowed_stream windowed;
  unsigned char octets[8];
  mr_source source;
} endless;

static void begin(endless *e) {
  memcpy(e->octets, "abcdefgh", 8);
  windowed_stream_init_endless(&e->windowed, mr_region_of(e->octets, 8), 4);
  e->source = mr_stream_source(&e->windowed.stream);
}

static void end(endless *e) { assert_int_equal(mr_stream_fini(&e->windowed.stream), MR_OK); }

static mr_status acquire(endless *e, mr_range range, mr_direction direction, mr_borrow *borrow) {
  static MR_ALIGNAS(16) unsigned char scratch[16];
  return mr_acquire(e->source, range, direction, mr_region_of(scratch, sizeof scratch), borrow);
}

static void a_range_of_unknown_size_needs_an_end(void **state) {
  (void)state;
  endless e;
  mr_borrow borrow;
  begin(&e);
  assert_true(e.source.size == MR_TO_END);
  assert_int_equal(acquire(&e, mr_range_all(), MR_INPUT, &borrow), MR_OUT_OF_BOUNDS);
  assert_int_equal(acquire(&e, mr_range_of(2, 6), MR_INPUT, &borrow), MR_OK);
  assert_memory_equal(borrow.region.pointer, "cdef", 4);
  assert_int_equal(mr_release(&borrow), MR_OK);
  end(&e);
}

static void a_range_past_the_end_is_found_out(void **state) {
  (void)state;
  endless e;
  mr_borrow borrow;
  begin(&e);
  assert_int_equal(acquire(&e, mr_range_of(5, 9), MR_INPUT, &borrow), MR_OUT_OF_BOUNDS);
  assert_int_equal(acquire(&e, mr_range_of(5, 9), MR_OUTPUT, &borrow), MR_OUT_OF_BOUNDS);
  assert_int_equal(acquire(&e, mr_range_of(5, 9), MR_IO, &borrow), MR_OUT_OF_BOUNDS);
  assert_int_equal(acquire(&e, mr_range_of(8, 9), MR_INPUT, &borrow), MR_OUT_OF_BOUNDS);
  assert_int_equal(acquire(&e, mr_range_of(9, 9), MR_INPUT, &borrow), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_position(&e.windowed.stream), 0);
  end(&e);
  assert_memory_equal(e.octets, "abcdefgh", 8);
}

static void output_is_written_back_where_it_belongs(void **state) {
  (void)state;
  endless e;
  mr_borrow borrow;
  begin(&e);
  assert_int_equal(mr_stream_set_position(&e.windowed.stream, 1), MR_OK);
  assert_int_equal(acquire(&e, mr_range_of(2, 7), MR_OUTPUT, &borrow), MR_OK);
  memcpy(borrow.region.pointer, "VWXYZ", 5);
  assert_int_equal(mr_release(&borrow), MR_OK);
  assert_int_equal(mr_stream_position(&e.windowed.stream), 1);
  end(&e);
  assert_memory_equal(e.octets, "abVWXYZh", 8);
}

static void a_source_fails_as_its_stream_does_and_keeps_the_position(void **state) {
  (void)state;
  for (int calls = 0; calls < 3; calls++) {
    endless e;
    mr_borrow borrow;
    begin(&e);
    e.windowed.calls_before_failure = calls;
    assert_int_equal(acquire(&e, mr_range_of(4, 8), MR_INPUT, &borrow), MR_SYSTEM_ERROR);
    e.windowed.calls_before_failure = -1;
    /* The third call was the one that moves back. */
    if (calls < 2) assert_int_equal(mr_stream_position(&e.windowed.stream), 0);
    end(&e);
  }
}

static void a_source_of_a_stream_that_is_borrowed_from_is_busy(void **state) {
  (void)state;
  endless e;
  mr_borrow borrow;
  mr_view view;
  begin(&e);
  assert_int_equal(mr_stream_acquire(&e.windowed.stream, 2, &view), MR_OK);
  assert_int_equal(acquire(&e, mr_range_of(4, 8), MR_INPUT, &borrow), MR_BUSY);
  assert_int_equal(mr_stream_position(&e.windowed.stream), 2);
  assert_true(mr_equal(view, MR_VIEW("ab")));
  assert_int_equal(mr_stream_release(&e.windowed.stream), MR_OK);
  end(&e);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(there_is_no_stream_of_what_is_not_stable),
      cmocka_unit_test(there_is_no_stream_of_a_bare_pointer),
      cmocka_unit_test(what_a_source_answers_is_passed_on),
      cmocka_unit_test(the_stream_of_nothing_is_empty),
      cmocka_unit_test(a_fixed_stream_is_a_stable_source_in_place),
      cmocka_unit_test(the_source_of_a_stream_that_has_ended_lends_nothing),
      cmocka_unit_test(a_range_of_unknown_size_needs_an_end),
      cmocka_unit_test(a_range_past_the_end_is_found_out),
      cmocka_unit_test(output_is_written_back_where_it_belongs),
      cmocka_unit_test(a_source_fails_as_its_stream_does_and_keeps_the_position),
      cmocka_unit_test(a_source_of_a_stream_that_is_borrowed_from_is_busy),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/stream.h>
#include <string.h>

#include "support.h"
#include "windowed_stream.h"

/* Errors that come in between, on a stream of 40 octets that shows 8 at most. */

enum { SIZE = 40, SHOWN = 8 };

typedef struct fixture {
  windowed_stream windowed;
  mr_stream *stream;
  unsigned char octets[SIZE];
} fixture;

static void begin(fixture *f, int calls_before_failure) {
  memset(f->octets, '.', SIZE);
  windowed_stream_init(&f->windowed, mr_region_of(f->octets, SIZE), SHOWN);
  f->windowed.calls_before_failure = calls_before_failure;
  f->stream = &f->windowed.stream;
}

static void end(fixture *f) {
  f->windowed.calls_before_failure = -1;
  assert_int_equal(mr_stream_fini(f->stream), MR_OK);
}

static void a_read_counts_what_came_before_the_error(void **state) {
  (void)state;
  fixture f;
  unsigned char read[SIZE];
  size_t count = 77;
  begin(&f, 2);
  assert_int_equal(mr_stream_read(f.stream, mr_region_of(read, SIZE), &count), MR_OK);
  assert_in_range(count, 1, SIZE - 1);
  assert_int_equal(mr_stream_position(f.stream), count);
  end(&f);
}

static void a_read_reports_the_error_that_came_first(void **state) {
  (void)state;
  fixture f;
  unsigned char read[SIZE];
  size_t count = 77;
  begin(&f, 0);
  assert_int_equal(mr_stream_read(f.stream, mr_region_of(read, SIZE), &count), MR_SYSTEM_ERROR);
  assert_int_equal(count, 0);
  end(&f);
}

static void a_write_counts_what_came_before_the_error(void **state) {
  (void)state;
  fixture f;
  unsigned char written[SIZE];
  size_t count = 77;
  memset(written, 'x', SIZE);
  begin(&f, 3);
  assert_int_equal(mr_stream_write(f.stream, mr_view_of(written, SIZE), &count), MR_OK);
  assert_in_range(count, 1, SIZE - 1);
  assert_int_equal(mr_stream_position(f.stream), count);
  end(&f);
  assert_memory_equal(f.octets, written, count);
  assert_int_equal(f.octets[count], '.');
}

/* A later call's failure ends the loop: then the whole work was done without one. */
static void an_exact_read_keeps_the_position_whatever_fails(void **state) {
  (void)state;
  for (int calls = 0;; calls++) {
    fixture f;
    unsigned char read[SIZE];
    begin(&f, calls);
    mr_status status = mr_stream_read_exact(f.stream, mr_region_of(read, SIZE));
    assert_int_equal(mr_stream_position(f.stream), status == MR_OK ? SIZE : 0);
    end(&f);
    if (status == MR_OK) break;
    assert_int_equal(status, MR_SYSTEM_ERROR);
    assert_in_range(calls, 0, 20);
  }
}

static void an_exact_write_keeps_the_position_whatever_fails(void **state) {
  (void)state;
  unsigned char written[SIZE];
  memset(written, 'x', SIZE);
  for (int calls = 0;; calls++) {
    fixture f;
    begin(&f, calls);
    mr_status status = mr_stream_write_exact(f.stream, mr_view_of(written, SIZE));
    assert_int_equal(mr_stream_position(f.stream), status == MR_OK ? SIZE : 0);
    end(&f);
    if (status == MR_OK) break;
    assert_int_equal(status, MR_SYSTEM_ERROR);
    assert_in_range(calls, 0, 20);
  }
}

static void what_could_not_move_back_is_no_space(void **state) {
  (void)state;
  unsigned char octets[SIZE], copy[SIZE], written[SIZE];
  windowed_stream windowed;
  mr_stream *stream = &windowed.stream;
  memset(octets, '.', SIZE);
  memset(copy, '?', SIZE);
  memset(written, 'x', SIZE);
  windowed_stream_init_seekless(&windowed, mr_region_of(octets, SIZE), SHOWN);
  assert_int_equal(mr_stream_read_exact(stream, mr_region_of(copy, SHOWN + 1)), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_exact(stream, mr_view_of(written, SHOWN + 1)), MR_NO_SPACE);
  assert_int_equal(mr_stream_position(stream), 0);
  assert_int_equal(copy[0], '?');
  assert_int_equal(mr_stream_flush(stream), MR_OK);
  assert_int_equal(octets[0], '.');
  assert_int_equal(mr_stream_read_exact(stream, mr_region_of(copy, SHOWN)), MR_OK);
  assert_int_equal(mr_stream_write_exact(stream, mr_view_of(written, SHOWN)), MR_OK);
  assert_int_equal(mr_stream_fini(stream), MR_OK);
  assert_memory_equal(octets + SHOWN, written, SHOWN);
}

static void an_exact_write_asks_for_the_space_first(void **state) {
  (void)state;
  fixture f;
  unsigned char written[SIZE];
  memset(written, 'x', SIZE);
  begin(&f, -1);
  assert_int_equal(mr_stream_set_position(f.stream, 1), MR_OK);
  size_t moves = f.windowed.moves;
  assert_int_equal(mr_stream_write_exact(f.stream, mr_view_of(written, SIZE)), MR_NO_SPACE);
  assert_int_equal(f.windowed.moves, moves);
  assert_int_equal(f.octets[1], '.');
  end(&f);
}

static void what_is_borrowed_may_be_written_again(void **state) {
  (void)state;
  fixture f;
  mr_view view;
  begin(&f, -1);
  memcpy(f.octets, "abcdefgh", 8);
  assert_int_equal(mr_stream_require(f.stream, 8), MR_OK);
  assert_int_equal(mr_stream_acquire(f.stream, 4, &view), MR_OK);
  assert_int_equal(mr_stream_seek(f.stream, -2, MR_FROM_CURRENT), MR_OK);
  assert_int_equal(mr_stream_write_exact(f.stream, view), MR_OK);
  assert_int_equal(mr_stream_release(f.stream), MR_OK);
  end(&f);
  assert_memory_equal(f.octets, "ababcdgh", 8);
}

static void what_would_move_a_borrow_is_busy(void **state) {
  (void)state;
  fixture f;
  unsigned char octets[SIZE] = {0};
  mr_view view;
  begin(&f, -1);
  /* Half of the window is left: a beginning could be written. */
  assert_int_equal(mr_stream_require(f.stream, SHOWN), MR_OK);
  assert_int_equal(mr_stream_acquire(f.stream, 4, &view), MR_OK);
  assert_int_equal(mr_stream_read_exact(f.stream, mr_region_of(octets, SIZE - 4)), MR_BUSY);
  assert_int_equal(mr_stream_write_exact(f.stream, mr_view_of(octets, SIZE - 4)), MR_BUSY);
  assert_int_equal(mr_stream_set_position(f.stream, SIZE), MR_BUSY);
  assert_int_equal(mr_stream_position(f.stream), 4);
  assert_int_equal(mr_stream_release(f.stream), MR_OK);
  assert_int_equal(mr_stream_set_position(f.stream, SIZE), MR_OK);
  end(&f);
  for (size_t i = 0; i < SIZE; i++) assert_int_equal(f.octets[i], '.');
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_read_counts_what_came_before_the_error),
      cmocka_unit_test(a_read_reports_the_error_that_came_first),
      cmocka_unit_test(a_write_counts_what_came_before_the_error),
      cmocka_unit_test(an_exact_read_keeps_the_position_whatever_fails),
      cmocka_unit_test(an_exact_write_keeps_the_position_whatever_fails),
      cmocka_unit_test(what_could_not_move_back_is_no_space),
      cmocka_unit_test(an_exact_write_asks_for_the_space_first),
      cmocka_unit_test(what_is_borrowed_may_be_written_again),
      cmocka_unit_test(what_would_move_a_borrow_is_busy),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

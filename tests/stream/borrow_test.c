#include <memregions/stream.h>
#include <string.h>

#include "support.h"
#include "windowed_stream.h"

enum { SIZE = 4000 };

static void a_search_moves_the_window_a_few_times_only(void **state) {
  (void)state;
  static unsigned char octets[SIZE];
  windowed_stream windowed;
  mr_view view;
  octets[SIZE - 1] = '\n';
  windowed_stream_init(&windowed, mr_region_of(octets, SIZE), SIZE);

  assert_int_equal(mr_stream_acquire_until(&windowed.stream, '\n', &view), MR_OK);

  assert_int_equal(view.size, SIZE - 1);
  assert_in_range(windowed.moves, 1, 14);
  assert_int_equal(mr_stream_release(&windowed.stream), MR_OK);
  assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);
}

static void a_search_that_fails_leaves_the_position(void **state) {
  (void)state;
  for (int calls = 0; calls < 4; calls++) {
    unsigned char octets[40] = {0};
    windowed_stream windowed;
    mr_view view = mr_view_of(octets, 3);
    windowed_stream_init(&windowed, mr_region_of(octets, sizeof octets), sizeof octets);
    windowed.calls_before_failure = calls;
    assert_int_equal(mr_stream_acquire_until(&windowed.stream, 'x', &view), MR_SYSTEM_ERROR);
    assert_int_equal(mr_stream_position(&windowed.stream), 0);
    assert_ptr_equal(view.pointer, octets);
    windowed.calls_before_failure = -1;
    assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);
  }
}

static void a_search_beside_a_borrow_is_busy(void **state) {
  (void)state;
  unsigned char octets[] = "abcdefgh\nijklmnop";
  windowed_stream windowed;
  mr_view word, line;
  windowed_stream_init(&windowed, mr_region_of(octets, sizeof octets), 16);
  assert_int_equal(mr_stream_acquire(&windowed.stream, 2, &word), MR_OK);
  assert_int_equal(mr_stream_acquire_until(&windowed.stream, '\n', &line), MR_BUSY);
  assert_int_equal(mr_stream_position(&windowed.stream), 2);
  assert_true(mr_equal(word, MR_VIEW("ab")));
  assert_int_equal(mr_stream_release(&windowed.stream), MR_OK);
  assert_int_equal(mr_stream_acquire_until(&windowed.stream, '\n', &line), MR_OK);
  assert_true(mr_equal(line, MR_VIEW("cdefgh")));
  assert_int_equal(mr_stream_release(&windowed.stream), MR_OK);
  assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);
}

static void a_delimiter_right_behind_the_window_is_found(void **state) {
  (void)state;
  for (size_t at = 0; at < 16; at++) {
    unsigned char octets[20];
    windowed_stream windowed;
    mr_view view;
    memset(octets, 'a', sizeof octets);
    octets[at] = 'b';
    windowed_stream_init(&windowed, mr_region_of(octets, sizeof octets), 16);
    assert_int_equal(mr_stream_acquire_until(&windowed.stream, 'b', &view), MR_OK);
    assert_int_equal(view.size, at);
    assert_int_equal(mr_stream_position(&windowed.stream), at + 1);
    assert_int_equal(mr_stream_release(&windowed.stream), MR_OK);
    assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);
  }
}

static void output_larger_than_a_piece_is_no_space(void **state) {
  (void)state;
  unsigned char octets[40];
  windowed_stream windowed;
  mr_region region = mr_region_of(octets, 3);
  windowed_stream_init(&windowed, mr_region_of(octets, sizeof octets), 16);
  assert_int_equal(mr_stream_acquire_output(&windowed.stream, 17, &region), MR_NO_SPACE);
  assert_ptr_equal(region.pointer, octets);
  assert_int_equal(mr_stream_position(&windowed.stream), 0);
  assert_int_equal(mr_stream_acquire_output(&windowed.stream, 16, &region), MR_OK);
  assert_int_equal(mr_stream_release(&windowed.stream), MR_OK);
  assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_search_moves_the_window_a_few_times_only),
      cmocka_unit_test(a_search_that_fails_leaves_the_position),
      cmocka_unit_test(a_search_beside_a_borrow_is_busy),
      cmocka_unit_test(a_delimiter_right_behind_the_window_is_found),
      cmocka_unit_test(output_larger_than_a_piece_is_no_space),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

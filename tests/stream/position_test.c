#include <memregions/stream.h>

#include "support.h"

/* A stream as long as positions go: it has no octets, but it can move anywhere. */

static mr_status go_anywhere(mr_stream *stream, uint64_t position) {
  stream->origin = position;
  return MR_OK;
}

static mr_status be_long(mr_stream *stream, uint64_t *size) {
  (void)stream;
  *size = UINT64_MAX;
  return MR_OK;
}

static const mr_stream_ops long_ops = {
    .struct_size = sizeof(mr_stream_ops), .name = "long", .seek = go_anywhere, .size = be_long};

static mr_stream long_stream_at(uint64_t position) {
  mr_stream stream;
  mr_stream_init_view(&stream, mr_view_of(NULL, 0));
  stream.ops = &long_ops;
  stream.origin = position;
  return stream;
}

static void assert_seek(uint64_t from, int64_t offset, mr_whence whence, uint64_t to) {
  mr_stream stream = long_stream_at(from);
  assert_int_equal(mr_stream_seek(&stream, offset, whence), MR_OK);
  assert_true(mr_stream_position(&stream) == to);
}

static void assert_refused(uint64_t from, int64_t offset, mr_whence whence) {
  mr_stream stream = long_stream_at(from);
  assert_int_equal(mr_stream_seek(&stream, offset, whence), MR_OUT_OF_BOUNDS);
  assert_true(mr_stream_position(&stream) == from);
}

static void positions_above_int64_can_be_reached(void **state) {
  (void)state;
  const uint64_t middle = (uint64_t)INT64_MAX + 1;
  assert_seek(0, INT64_MAX, MR_FROM_CURRENT, INT64_MAX);
  assert_seek(middle, INT64_MAX, MR_FROM_CURRENT, UINT64_MAX);
  assert_seek(middle, INT64_MIN, MR_FROM_CURRENT, 0);
  assert_seek(UINT64_MAX, INT64_MIN, MR_FROM_CURRENT, INT64_MAX);
  assert_seek(0, INT64_MIN, MR_FROM_END, INT64_MAX);
  assert_seek(0, 0, MR_FROM_END, UINT64_MAX);
  assert_seek(UINT64_MAX, INT64_MAX, MR_FROM_START, INT64_MAX);
}

static void sums_that_do_not_fit_are_refused(void **state) {
  (void)state;
  assert_refused(UINT64_MAX, 1, MR_FROM_CURRENT);
  assert_refused((uint64_t)INT64_MAX + 2, INT64_MAX, MR_FROM_CURRENT);
  assert_refused(INT64_MAX, INT64_MIN, MR_FROM_CURRENT);
  assert_refused(0, -1, MR_FROM_CURRENT);
  assert_refused(5, INT64_MIN, MR_FROM_START);
  assert_refused(5, 1, MR_FROM_END);
}

static void a_whence_that_is_none_is_refused(void **state) {
  (void)state;
  static const mr_whence none[] = {(mr_whence)3, (mr_whence)0x7fffffff};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    mr_stream stream;
    mr_stream_init_view(&stream, MR_VIEW("abcd"));
    assert_int_equal(mr_stream_seek(&stream, 1, none[i]), MR_INVALID_ARGUMENT);
    assert_int_equal(mr_stream_position(&stream), 0);
  }
}

static void position_counts_from_the_window(void **state) {
  (void)state;
  mr_stream stream;
  mr_stream_init_view(&stream, MR_VIEW("abcd"));
  stream.origin = 100;
  uint64_t size = 0;
  assert_int_equal(mr_stream_size(&stream, &size), MR_OK);
  assert_int_equal(size, 104);
  assert_int_equal(mr_stream_set_position(&stream, 99), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_set_position(&stream, 105), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_set_position(&stream, 103), MR_OK);
  assert_ptr_equal(stream.cursor, stream.base + 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(positions_above_int64_can_be_reached),
      cmocka_unit_test(sums_that_do_not_fit_are_refused),
      cmocka_unit_test(a_whence_that_is_none_is_refused),
      cmocka_unit_test(position_counts_from_the_window),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

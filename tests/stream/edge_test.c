#include <memregions/stream.h>

#include "support.h"

/* Kinds that are less, older, or worse than they should be. */

static mr_stream stream_with(const mr_stream_ops *ops, mr_region region) {
  mr_stream stream;
  mr_stream_init_region(&stream, region);
  stream.ops = ops;
  return stream;
}

static mr_status promise(mr_stream *stream, size_t need) {
  (void)stream;
  (void)need;
  return MR_OK;
}

static mr_status refuse(mr_stream *stream, size_t need) {
  (void)stream;
  (void)need;
  return MR_USER;
}

static mr_status refuse_to_end(mr_stream *stream) {
  (void)stream;
  return MR_USER;
}

static void a_kind_without_functions_is_its_window(void **state) {
  (void)state;
  static const mr_stream_ops ops = {.struct_size = sizeof ops, .name = "bare"};
  unsigned char octets[4] = "abcd", read[8];
  size_t count = 77;
  uint64_t size = 77;
  mr_stream stream = stream_with(&ops, mr_region_of(octets, sizeof octets));
  assert_int_equal(mr_stream_size(&stream, &size), MR_OK);
  assert_int_equal(size, 4);
  assert_int_equal(mr_stream_set_position(&stream, 5), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_read(&stream, mr_region_of(read, 8), &count), MR_OK);
  assert_int_equal(count, 4);
  assert_int_equal(mr_stream_write_u8(&stream, 1), MR_NO_SPACE);
  assert_int_equal(mr_stream_write(&stream, mr_view_of(NULL, 0), NULL), MR_OK);
  assert_int_equal(mr_stream_flush(&stream), MR_OK);
  assert_int_equal(mr_stream_fini(&stream), MR_OK);
}

static void members_beyond_the_kinds_size_are_not_called(void **state) {
  (void)state;
  static const mr_stream_ops ops = {.struct_size = offsetof(mr_stream_ops, flush),
                                    .name = "old",
                                    .refill = refuse,
                                    .flush = refuse_to_end,
                                    .fini = refuse_to_end};
  uint8_t octet;
  mr_stream stream = stream_with(&ops, mr_region_of(NULL, 0));
  assert_int_equal(mr_stream_read_u8(&stream, &octet), MR_USER);
  assert_int_equal(mr_stream_flush(&stream), MR_OK);
  assert_int_equal(mr_stream_fini(&stream), MR_OK);
}

static void what_a_kind_answers_is_passed_on(void **state) {
  (void)state;
  static const mr_stream_ops ops = {
      .struct_size = sizeof ops, .name = "failing", .refill = refuse, .reserve = refuse};
  unsigned char octets[4];
  mr_region into = mr_region_of(octets, sizeof octets);
  mr_view view;
  size_t count = 77;
  mr_stream stream = stream_with(&ops, mr_region_of(NULL, 0));
  assert_int_equal(mr_stream_read(&stream, into, &count), MR_USER);
  assert_int_equal(count, 0);
  assert_int_equal(mr_stream_write(&stream, MR_VIEW("x"), &count), MR_USER);
  assert_int_equal(mr_stream_acquire(&stream, 1, &view), MR_USER);
  assert_int_equal(mr_stream_acquire_until(&stream, 0, &view), MR_USER);
  assert_int_equal(mr_stream_acquire_output(&stream, 1, &into), MR_USER);
}

static mr_status show_too_little(mr_stream *stream, size_t need) {
  (void)stream;
  (void)need;
  return MR_NO_SPACE;
}

static mr_status be_short(mr_stream *stream, uint64_t *size) {
  (void)stream;
  *size = 50;
  return MR_OK;
}

static void nothing_is_left_past_the_end(void **state) {
  (void)state;
  static const mr_stream_ops ops = {
      .struct_size = sizeof ops, .name = "passed", .refill = show_too_little, .size = be_short};
  mr_stream stream = stream_with(&ops, mr_region_of(NULL, 0));
  stream.origin = 100;
  assert_int_equal(mr_stream_require(&stream, 8), MR_TRUNCATED);
  assert_int_equal(mr_stream_position(&stream), 100);
}

static void an_empty_promise_is_corrupt(void **state) {
  (void)state;
  static const mr_stream_ops ops = {
      .struct_size = sizeof ops, .name = "lying", .refill = promise, .reserve = promise};
  unsigned char octets[4];
  mr_region into = mr_region_of(octets, sizeof octets);
  mr_view view;
  size_t count = 77;
  mr_stream stream = stream_with(&ops, mr_region_of(NULL, 0));
  assert_int_equal(mr_stream_read(&stream, into, &count), MR_CORRUPT);
  assert_int_equal(mr_stream_read_exact(&stream, into), MR_CORRUPT);
  assert_int_equal(mr_stream_write(&stream, MR_VIEW("x"), &count), MR_CORRUPT);
  assert_int_equal(mr_stream_acquire_until(&stream, 0, &view), MR_CORRUPT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_kind_without_functions_is_its_window),
      cmocka_unit_test(members_beyond_the_kinds_size_are_not_called),
      cmocka_unit_test(what_a_kind_answers_is_passed_on),
      cmocka_unit_test(nothing_is_left_past_the_end),
      cmocka_unit_test(an_empty_promise_is_corrupt),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

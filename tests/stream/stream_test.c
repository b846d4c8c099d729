#include <memregions/stream.h>

#include "support.h"
#include "windowed_stream.h"

static void soundness_needs_base_and_ops(void **state) {
  (void)state;
  mr_stream stream, copy;
  mr_stream_init_view(&stream, MR_VIEW("abcd"));
  assert_true(mr_stream_is_sound(&stream));
  copy = stream, copy.ops = NULL;
  assert_false(mr_stream_is_sound(&copy));
  copy = stream, copy.base = NULL;
  assert_false(mr_stream_is_sound(&copy));
  assert_false(mr_stream_is_sound(NULL));
}

static void soundness_needs_the_order_of_pointers(void **state) {
  (void)state;
  unsigned char octets[8];
  mr_stream stream, copy;
  mr_stream_init_region(&stream, mr_region_of(octets + 2, 4));
  copy = stream, copy.cursor = octets;
  assert_false(mr_stream_is_sound(&copy));
  copy = stream, copy.cursor = octets + 7;
  assert_false(mr_stream_is_sound(&copy));
  copy = stream, copy.read_limit = octets;
  assert_false(mr_stream_is_sound(&copy));
  copy = stream, copy.write_limit = octets;
  assert_false(mr_stream_is_sound(&copy));
  copy = stream, copy.cursor = copy.write_limit, copy.read_limit = copy.base;
  assert_true(mr_stream_is_sound(&copy));
}

static void soundness_needs_positions_that_do_not_wrap(void **state) {
  (void)state;
  mr_stream stream;
  mr_stream_init_view(&stream, MR_VIEW("abcd"));
  stream.origin = UINT64_MAX - 4;
  assert_true(mr_stream_is_sound(&stream));
  stream.origin++;
  assert_false(mr_stream_is_sound(&stream));
}

static void flushing_a_fixed_stream_does_nothing(void **state) {
  (void)state;
  mr_stream stream;
  mr_stream_init_view(&stream, MR_VIEW("abcd"));
  assert_int_equal(mr_stream_flush(&stream), MR_OK);
  assert_int_equal(mr_stream_position(&stream), 0);
}

static void flush_writes_out_what_is_pending(void **state) {
  (void)state;
  unsigned char octets[8] = "........";
  windowed_stream windowed;
  windowed_stream_init(&windowed, mr_region_of(octets, 8), 8);
  assert_int_equal(mr_stream_write_exact(&windowed.stream, MR_VIEW("ab")), MR_OK);
  assert_memory_equal(octets, "........", 8);

  assert_int_equal(mr_stream_flush(&windowed.stream), MR_OK);

  assert_memory_equal(octets, "ab......", 8);
  assert_int_equal(mr_stream_position(&windowed.stream), 2);
  assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);
}

static void fini_writes_out_what_is_pending(void **state) {
  (void)state;
  unsigned char octets[8] = "........";
  windowed_stream windowed;
  windowed_stream_init(&windowed, mr_region_of(octets, 8), 8);
  assert_int_equal(mr_stream_write_exact(&windowed.stream, MR_VIEW("ab")), MR_OK);

  assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);

  assert_memory_equal(octets, "ab......", 8);
}

static void a_stream_has_ended_whatever_fini_answers(void **state) {
  (void)state;
  /* At 0 the flush fails, at 1 the end itself. */
  for (int calls = 0; calls < 2; calls++) {
    unsigned char octets[8];
    uint64_t size = 77;
    windowed_stream windowed;
    windowed_stream_init(&windowed, mr_region_of(octets, 8), 8);
    windowed.calls_before_failure = calls;

    assert_int_equal(mr_stream_fini(&windowed.stream), MR_SYSTEM_ERROR);

    assert_int_equal(mr_stream_size(&windowed.stream, &size), MR_OK);
    assert_int_equal(size, 0);
    assert_int_equal(mr_stream_fini(&windowed.stream), MR_OK);
  }
}

static mr_status fail_to_flush(mr_stream *stream) {
  (void)stream;
  return MR_SYSTEM_ERROR;
}

static mr_status fail_to_end(mr_stream *stream) {
  (void)stream;
  return MR_USER;
}

static void fini_reports_what_failed_first(void **state) {
  (void)state;
  static const mr_stream_ops ops = {
      .struct_size = sizeof ops, .name = "failing", .flush = fail_to_flush, .fini = fail_to_end};
  mr_stream stream;
  mr_stream_init_view(&stream, MR_VIEW("abcd"));
  stream.ops = &ops;
  assert_int_equal(mr_stream_fini(&stream), MR_SYSTEM_ERROR);
}

static void fini_ends_all_borrows(void **state) {
  (void)state;
  mr_stream stream;
  mr_view view;
  mr_stream_init_view(&stream, MR_VIEW("abcd"));
  assert_int_equal(mr_stream_acquire(&stream, 1, &view), MR_OK);
  assert_int_equal(mr_stream_acquire(&stream, 1, &view), MR_OK);
  assert_int_equal(mr_stream_fini(&stream), MR_OK);
  assert_int_equal(mr_stream_release(&stream), MR_INVALID_ARGUMENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(soundness_needs_base_and_ops),
      cmocka_unit_test(soundness_needs_the_order_of_pointers),
      cmocka_unit_test(soundness_needs_positions_that_do_not_wrap),
      cmocka_unit_test(flushing_a_fixed_stream_does_nothing),
      cmocka_unit_test(flush_writes_out_what_is_pending),
      cmocka_unit_test(fini_writes_out_what_is_pending),
      cmocka_unit_test(a_stream_has_ended_whatever_fini_answers),
      cmocka_unit_test(fini_reports_what_failed_first),
      cmocka_unit_test(fini_ends_all_borrows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

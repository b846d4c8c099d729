#include <string.h>

#include "stream_trial.h"

/* Borrowing. */

static void acquire_lends_what_is_next(void **state) {
  trial *t = *state;
  for (size_t at = 0; at <= TRIAL_SIZE - 8; at++) {
    mr_view view;
    go(t, at);
    assert_int_equal(mr_stream_acquire(t->stream, 8, &view), MR_OK);
    assert_int_equal(view.size, 8);
    assert_memory_equal(view.pointer, t->contents + at, 8);
    assert_trial(t, at + 8);
    assert_int_equal(mr_stream_release(t->stream), MR_OK);
  }
}

static void acquire_is_all_or_nothing(void **state) {
  trial *t = *state;
  mr_view view = mr_view_of(t, 3);
  mr_status too_much = TRIAL_SIZE < t->kind->largest ? MR_TRUNCATED : MR_NO_SPACE;
  if (!t->kind->endless) too_much = MR_TRUNCATED;
  go(t, TRIAL_SIZE - 3);
  assert_int_equal(mr_stream_acquire(t->stream, 4, &view), MR_TRUNCATED);
  assert_int_equal(mr_stream_acquire(t->stream, SIZE_MAX, &view), MR_TRUNCATED);
  assert_trial(t, TRIAL_SIZE - 3);
  go(t, TRIAL_SIZE);
  assert_int_equal(mr_stream_acquire(t->stream, 1, &view), MR_END_OF_FILE);
  assert_trial(t, TRIAL_SIZE);
  go(t, 0);
  assert_int_equal(mr_stream_acquire(t->stream, TRIAL_SIZE + 1, &view), too_much);
  if (t->kind->largest < TRIAL_SIZE)
    assert_int_equal(mr_stream_acquire(t->stream, t->kind->largest + 1, &view), MR_NO_SPACE);
  assert_trial(t, 0);
  assert_ptr_equal(view.pointer, t);
  assert_int_equal(view.size, 3);
}

static void acquire_of_nothing_succeeds_at_the_end(void **state) {
  trial *t = *state;
  mr_view view = mr_view_of(t, 3);
  go(t, TRIAL_SIZE);
  assert_int_equal(mr_stream_acquire(t->stream, 0, &view), MR_OK);
  assert_int_equal(view.size, 0);
  assert_int_equal(mr_stream_release(t->stream), MR_OK);
}

static void each_borrow_is_released_once(void **state) {
  trial *t = *state;
  mr_view view;
  assert_int_equal(mr_stream_release(t->stream), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_stream_acquire(t->stream, 1, &view), MR_OK);
  assert_int_equal(mr_stream_acquire(t->stream, 1, &view), MR_OK);
  assert_int_equal(mr_stream_release(t->stream), MR_OK);
  assert_int_equal(mr_stream_release(t->stream), MR_OK);
  assert_int_equal(mr_stream_release(t->stream), MR_INVALID_ARGUMENT);
  assert_trial(t, 2);
}

static void what_is_borrowed_stays_valid(void **state) {
  trial *t = *state;
  unsigned char octets[TRIAL_SIZE];
  mr_status expected = TRIAL_SIZE <= t->kind->largest ? MR_OK : MR_BUSY;
  mr_status moved = t->kind->seekless && expected != MR_OK ? MR_OUT_OF_BOUNDS : expected;
  mr_region into = mr_region_of(octets, TRIAL_SIZE - 2);
  mr_view view;
  assert_int_equal(mr_stream_acquire(t->stream, 2, &view), MR_OK);
  assert_int_equal(mr_stream_read_exact(t->stream, into), expected);
  assert_int_equal(mr_stream_set_position(t->stream, TRIAL_SIZE), moved);
  assert_memory_equal(view.pointer, t->contents, 2);
  assert_int_equal(mr_stream_release(t->stream), MR_OK);
  go(t, TRIAL_SIZE);
}

static void acquired_output_becomes_contents(void **state) {
  trial *t = *state;
  if (t->kind->read_only) return;
  for (size_t at = 0; at <= TRIAL_SIZE - 8; at += 5) {
    mr_region region;
    go(t, at);
    assert_int_equal(mr_stream_acquire_output(t->stream, 8, &region), MR_OK);
    assert_int_equal(region.size, 8);
    assert_memory_equal(region.pointer, t->contents + at, 8);
    memset(region.pointer, (int)at, 4);
    memset(t->contents + at, (int)at, 4);
    assert_int_equal(mr_stream_release(t->stream), MR_OK);
    assert_trial(t, at + 8);
  }
}

static void acquired_output_is_all_or_nothing(void **state) {
  trial *t = *state;
  mr_region region = mr_region_of(t, 3);
  if (t->kind->read_only) return;
  go(t, TRIAL_SIZE - 3);
  assert_int_equal(mr_stream_acquire_output(t->stream, 4, &region), MR_NO_SPACE);
  assert_int_equal(mr_stream_acquire_output(t->stream, SIZE_MAX, &region), MR_NO_SPACE);
  assert_trial(t, TRIAL_SIZE - 3);
  go(t, TRIAL_SIZE);
  assert_int_equal(mr_stream_acquire_output(t->stream, 1, &region), MR_NO_SPACE);
  assert_trial(t, TRIAL_SIZE);
  assert_ptr_equal(region.pointer, t);
  assert_int_equal(region.size, 3);
  assert_int_equal(mr_stream_acquire_output(t->stream, 0, &region), MR_OK);
  assert_int_equal(region.size, 0);
  assert_int_equal(mr_stream_release(t->stream), MR_OK);
}

/* Delimiters. */

static void assert_line(mr_stream *stream, const char *text, uint64_t position) {
  mr_view line;
  assert_int_equal(mr_stream_acquire_until(stream, '\n', &line), MR_OK);
  assert_true(mr_equal(line, mr_view_of(text, strlen(text))));
  assert_int_equal(mr_stream_position(stream), position);
  assert_int_equal(mr_stream_release(stream), MR_OK);
}

static void lines_are_acquired_without_their_ends(void **state) {
  trial *t = *state;
  mr_stream *stream = t->kind->open(MR_VIEW("ab\n\nabcdefg\nx\ncd"));
  mr_view line = mr_view_of(t, 3);
  assert_line(stream, "ab", 3);
  assert_line(stream, "", 4);
  assert_line(stream, "abcdefg", 12);
  assert_line(stream, "x", 14);
  assert_int_equal(mr_stream_acquire_until(stream, '\n', &line), MR_TRUNCATED);
  assert_int_equal(mr_stream_position(stream), 14);
  assert_ptr_equal(line.pointer, t);
  /* The last line, which has no end, by the idiom. */
  size_t left = mr_cursor_left(mr_stream_cursor(stream));
  assert_int_equal(mr_stream_acquire(stream, left, &line), MR_OK);
  assert_true(mr_equal(line, MR_VIEW("cd")));
  assert_int_equal(mr_stream_release(stream), MR_OK);
  assert_int_equal(mr_stream_acquire_until(stream, '\n', &line), MR_END_OF_FILE);
  assert_int_equal(mr_stream_position(stream), 16);
  t->kind->close(stream);
}

static void a_line_longer_than_one_piece_is_no_space(void **state) {
  trial *t = *state;
  mr_view line = mr_view_of(t, 3);
  mr_status status = mr_stream_acquire_until(t->stream, t->contents[TRIAL_SIZE - 1], &line);
  assert_int_equal(status, TRIAL_SIZE <= t->kind->largest ? MR_OK : MR_NO_SPACE);
  if (status == MR_OK) {
    assert_int_equal(line.size, TRIAL_SIZE - 1);
    assert_trial(t, TRIAL_SIZE);
  } else {
    assert_ptr_equal(line.pointer, t);
    assert_trial(t, 0);
  }
}

/* Cursors. */

static void a_cursor_reads_everything(void **state) {
  trial *t = *state;
  mr_cursor cursor = mr_stream_cursor(t->stream);
  size_t done = 0;
  uint32_t value, expected;
  mr_status status;
  do {
    while ((status = mr_cursor_read_u32(&cursor, MR_LITTLE_ENDIAN, &value)) == MR_OK) {
      assert_int_equal(
          mr_load_u32(mr_view_of(t->contents, TRIAL_SIZE), done, MR_LITTLE_ENDIAN, &expected),
          MR_OK);
      assert_int_equal(value, expected);
      done += 4;
    }
  } while ((status = mr_stream_refill(t->stream, &cursor, 4)) == MR_OK);
  assert_int_equal(status, MR_END_OF_FILE);
  assert_int_equal(done, TRIAL_SIZE);
  mr_stream_commit(t->stream, cursor);
  assert_trial(t, TRIAL_SIZE);
}

static void a_failed_refill_leaves_a_cursor_with_the_rest(void **state) {
  trial *t = *state;
  go(t, TRIAL_SIZE - 5);
  mr_cursor cursor = mr_stream_cursor(t->stream);
  uint16_t value;
  assert_int_equal(mr_stream_refill(t->stream, &cursor, 2), MR_OK);
  assert_int_equal(mr_cursor_read_u16(&cursor, MR_NATIVE_ORDER, &value), MR_OK);
  assert_int_equal(mr_stream_refill(t->stream, &cursor, 4), MR_TRUNCATED);
  assert_int_equal(mr_cursor_left(cursor), 3);
  assert_true(mr_equal(mr_cursor_view(cursor), mr_view_of(t->contents + TRIAL_SIZE - 3, 3)));
  mr_stream_commit(t->stream, cursor);
  assert_trial(t, TRIAL_SIZE - 3);
}

static void refill_of_nothing_wants_one(void **state) {
  trial *t = *state;
  go(t, TRIAL_SIZE - 1);
  mr_cursor cursor = mr_stream_cursor(t->stream);
  assert_int_equal(mr_stream_refill(t->stream, &cursor, 0), MR_OK);
  assert_int_equal(mr_cursor_left(cursor), 1);
  go(t, TRIAL_SIZE);
  cursor = mr_stream_cursor(t->stream);
  assert_int_equal(mr_stream_refill(t->stream, &cursor, 0), MR_END_OF_FILE);
}

static void require_shows_without_moving(void **state) {
  trial *t = *state;
  for (size_t at = 0; at <= TRIAL_SIZE - 8; at++) {
    go(t, at);
    assert_int_equal(mr_stream_require(t->stream, 8), MR_OK);
    mr_cursor cursor = mr_stream_cursor(t->stream);
    assert_true(mr_cursor_left(cursor) >= 8);
    assert_memory_equal(cursor.position, t->contents + at, 8);
    assert_trial(t, at);
  }
  go(t, TRIAL_SIZE);
  assert_int_equal(mr_stream_require(t->stream, 0), MR_OK);
  assert_int_equal(mr_stream_require(t->stream, 1), MR_END_OF_FILE);
}

int stream_borrow_conformance(const stream_fixture *fixture) {
  struct CMUnitTest claims[] = {
      CLAIM(acquire_lends_what_is_next),
      CLAIM(acquire_is_all_or_nothing),
      CLAIM(acquire_of_nothing_succeeds_at_the_end),
      CLAIM(each_borrow_is_released_once),
      CLAIM(what_is_borrowed_stays_valid),
      CLAIM(acquired_output_becomes_contents),
      CLAIM(acquired_output_is_all_or_nothing),
      CLAIM(lines_are_acquired_without_their_ends),
      CLAIM(a_line_longer_than_one_piece_is_no_space),
      CLAIM(a_cursor_reads_everything),
      CLAIM(a_failed_refill_leaves_a_cursor_with_the_rest),
      CLAIM(refill_of_nothing_wants_one),
      CLAIM(require_shows_without_moving),
  };
  for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
    claims[i].initial_state = (void *)(uintptr_t)fixture;
  return cmocka_run_group_tests_name(fixture->name, claims, NULL, NULL);
}

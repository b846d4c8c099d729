#include <string.h>

#include "source_conformance.h"
#include "stream_trial.h"

/* Position and size. */

static void starts_at_its_first_octet(void **state) { assert_trial(*state, 0); }

static void size_is_told_or_unsupported(void **state) {
  trial *t = *state;
  uint64_t size = 77;
  mr_status status = mr_stream_size(t->stream, &size);
  assert_int_equal(status, t->kind->endless ? MR_UNSUPPORTED : MR_OK);
  assert_int_equal(size, t->kind->endless ? 77 : TRIAL_SIZE);
}

static void every_position_can_be_set(void **state) {
  trial *t = *state;
  for (unsigned step = 1; step <= TRIAL_SIZE; step++) {
    unsigned position = step * 17 % (TRIAL_SIZE + 1);
    uint8_t octet = 0;
    go(t, position);
    mr_status status = mr_stream_read_u8(t->stream, &octet);
    assert_int_equal(status, position < TRIAL_SIZE ? MR_OK : MR_END_OF_FILE);
    assert_int_equal(octet, position < TRIAL_SIZE ? t->contents[position] : 0);
  }
}

static void position_outside_is_refused(void **state) {
  trial *t = *state;
  go(t, 10);
  assert_int_equal(mr_stream_set_position(t->stream, TRIAL_SIZE + 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_set_position(t->stream, ((uint64_t)1 << 32) + 6), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_set_position(t->stream, UINT64_MAX), MR_OUT_OF_BOUNDS);
  assert_trial(t, 10);
}

static void seek_counts_from_start_current_and_end(void **state) {
  trial *t = *state;
  if (t->kind->seekless) return;
  assert_int_equal(mr_stream_seek(t->stream, 10, MR_FROM_START), MR_OK);
  assert_trial(t, 10);
  assert_int_equal(mr_stream_seek(t->stream, 7, MR_FROM_CURRENT), MR_OK);
  assert_trial(t, 17);
  assert_int_equal(mr_stream_seek(t->stream, -17, MR_FROM_CURRENT), MR_OK);
  assert_trial(t, 0);
  if (t->kind->endless) return;
  assert_int_equal(mr_stream_seek(t->stream, -4, MR_FROM_END), MR_OK);
  assert_trial(t, TRIAL_SIZE - 4);
  assert_int_equal(mr_stream_seek(t->stream, 0, MR_FROM_END), MR_OK);
  assert_trial(t, TRIAL_SIZE);
}

static void seek_outside_is_refused(void **state) {
  trial *t = *state;
  mr_status from_end = t->kind->endless ? MR_UNSUPPORTED : MR_OUT_OF_BOUNDS;
  go(t, 10);
  assert_int_equal(mr_stream_seek(t->stream, -1, MR_FROM_START), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_seek(t->stream, INT64_MIN, MR_FROM_START), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_seek(t->stream, TRIAL_SIZE + 1, MR_FROM_START), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_seek(t->stream, -11, MR_FROM_CURRENT), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_seek(t->stream, INT64_MAX, MR_FROM_CURRENT), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_seek(t->stream, INT64_MIN, MR_FROM_CURRENT), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_seek(t->stream, 1, MR_FROM_END), from_end);
  assert_int_equal(mr_stream_seek(t->stream, -TRIAL_SIZE - 1, MR_FROM_END), from_end);
  assert_int_equal(mr_stream_seek(t->stream, INT64_MIN, MR_FROM_END), from_end);
  assert_trial(t, 10);
}

static void clearing_input_moves_to_the_end(void **state) {
  trial *t = *state;
  mr_status expected = t->kind->seekless ? MR_OUT_OF_BOUNDS : MR_OK;
  if (t->kind->endless) expected = MR_UNSUPPORTED;
  assert_int_equal(mr_stream_clear_input(t->stream), expected);
  assert_trial(t, expected == MR_OK ? TRIAL_SIZE : 0);
}

static void clearing_output_moves_to_the_start(void **state) {
  trial *t = *state;
  mr_status expected = t->kind->seekless ? MR_OUT_OF_BOUNDS : MR_OK;
  go(t, 10);
  assert_int_equal(mr_stream_clear_output(t->stream), expected);
  assert_trial(t, expected == MR_OK ? 0 : 10);
}

/* Reading. */

static void read_gives_the_contents_in_pieces_of_any_size(void **state) {
  trial *t = *state;
  for (size_t piece = 1; piece <= TRIAL_SIZE; piece++) {
    unsigned char octets[TRIAL_SIZE];
    size_t done = 0, count;
    go(t, 0);
    while (done < TRIAL_SIZE) {
      size_t want = piece < TRIAL_SIZE - done ? piece : TRIAL_SIZE - done;
      mr_region into = mr_region_of(octets + done, want);
      assert_int_equal(mr_stream_read(t->stream, into, &count), MR_OK);
      assert_int_equal(count, want);
      done += count;
    }
    assert_memory_equal(octets, t->contents, TRIAL_SIZE);
    assert_trial(t, TRIAL_SIZE);
  }
}

static void read_is_short_at_the_end_and_then_end_of_file(void **state) {
  trial *t = *state;
  unsigned char octets[16];
  mr_region into = mr_region_of(octets, sizeof octets);
  size_t count = 77;
  go(t, TRIAL_SIZE - 10);
  assert_int_equal(mr_stream_read(t->stream, into, &count), MR_OK);
  assert_int_equal(count, 10);
  assert_memory_equal(octets, t->contents + TRIAL_SIZE - 10, 10);
  assert_int_equal(mr_stream_read(t->stream, into, &count), MR_END_OF_FILE);
  assert_int_equal(count, 0);
  assert_trial(t, TRIAL_SIZE);
}

static void reading_nothing_succeeds_at_the_end(void **state) {
  trial *t = *state;
  size_t count = 77;
  go(t, TRIAL_SIZE);
  assert_int_equal(mr_stream_read(t->stream, mr_region_of(NULL, 0), &count), MR_OK);
  assert_int_equal(count, 0);
  assert_int_equal(mr_stream_read_exact(t->stream, mr_region_of(NULL, 0)), MR_OK);
  assert_trial(t, TRIAL_SIZE);
}

static void exact_read_is_all_or_nothing(void **state) {
  trial *t = *state;
  unsigned char octets[5], before[5];
  mr_region into = mr_region_of(octets, sizeof octets);
  memset(octets, 0x77, sizeof octets);
  memcpy(before, octets, sizeof octets);
  go(t, TRIAL_SIZE - 3);
  assert_int_equal(mr_stream_read_exact(t->stream, into), MR_TRUNCATED);
  assert_trial(t, TRIAL_SIZE - 3);
  go(t, TRIAL_SIZE);
  assert_int_equal(mr_stream_read_exact(t->stream, into), MR_END_OF_FILE);
  assert_trial(t, TRIAL_SIZE);
  assert_memory_equal(octets, before, sizeof octets);
}

static void exact_read_goes_beyond_what_one_piece_shows(void **state) {
  trial *t = *state;
  bool narrow = t->kind->largest < TRIAL_SIZE;
  bool blind = narrow && t->kind->endless, stuck = narrow && t->kind->seekless;
  unsigned char octets[TRIAL_SIZE + 1];
  mr_region into = mr_region_of(octets, TRIAL_SIZE);
  assert_int_equal(mr_stream_read_exact(t->stream, into), blind || stuck ? MR_NO_SPACE : MR_OK);
  assert_trial(t, blind || stuck ? 0 : TRIAL_SIZE);
  if (!blind && !stuck) assert_memory_equal(octets, t->contents, TRIAL_SIZE);
  go(t, 0);
  into.size++;
  assert_int_equal(mr_stream_read_exact(t->stream, into), blind ? MR_NO_SPACE : MR_TRUNCATED);
  assert_trial(t, 0);
}

static void typed_reads_work_at_every_place(void **state) {
  trial *t = *state;
  for (unsigned at = 0; at <= TRIAL_SIZE; at++) {
    mr_view view = mr_view_of(t->contents, TRIAL_SIZE);
    uint16_t u16 = 77, expected_u16 = 77;
    uint64_t u64 = 77, expected_u64 = 77;
    mr_status shortage = at == TRIAL_SIZE ? MR_END_OF_FILE : MR_TRUNCATED;
    mr_status status = mr_load_u16(view, at, MR_BIG_ENDIAN, &expected_u16);
    go(t, at);
    assert_int_equal(mr_stream_read_u16(t->stream, MR_BIG_ENDIAN, &u16), status ? shortage : MR_OK);
    assert_int_equal(u16, expected_u16);
    assert_trial(t, status ? at : at + 2);
    status = mr_load_u64(view, at, MR_LITTLE_ENDIAN, &expected_u64);
    go(t, at);
    assert_int_equal(mr_stream_read_u64(t->stream, MR_LITTLE_ENDIAN, &u64),
                     status ? shortage : MR_OK);
    assert_true(u64 == expected_u64);
    assert_trial(t, status ? at : at + 8);
  }
}

/* Writing. */

static void writing_what_is_read_only_is_refused(void **state) {
  trial *t = *state;
  size_t count = 77;
  mr_region region = mr_region_of(&count, 3);
  if (!t->kind->read_only) return;
  go(t, 10);
  assert_int_equal(mr_stream_write(t->stream, MR_VIEW("x"), &count), MR_READ_ONLY);
  assert_int_equal(count, 0);
  assert_int_equal(mr_stream_write(t->stream, mr_view_of(NULL, 0), &count), MR_READ_ONLY);
  assert_int_equal(mr_stream_write_exact(t->stream, MR_VIEW("x")), MR_READ_ONLY);
  assert_int_equal(mr_stream_write_exact(t->stream, mr_view_of(NULL, 0)), MR_READ_ONLY);
  assert_int_equal(mr_stream_write_u8(t->stream, 1), MR_READ_ONLY);
  assert_int_equal(mr_stream_write_u64(t->stream, MR_BIG_ENDIAN, 1), MR_READ_ONLY);
  assert_int_equal(mr_stream_acquire_output(t->stream, 1, &region), MR_READ_ONLY);
  assert_int_equal(mr_stream_acquire_output(t->stream, 0, &region), MR_READ_ONLY);
  assert_ptr_equal(region.pointer, &count);
  assert_int_equal(region.size, 3);
  assert_trial(t, 10);
}

static void write_stores_pieces_of_any_size(void **state) {
  trial *t = *state;
  if (t->kind->read_only) return;
  for (size_t piece = 1; piece <= TRIAL_SIZE; piece++) {
    size_t done = 0, count;
    go(t, 0);
    while (done < TRIAL_SIZE) {
      size_t want = piece < TRIAL_SIZE - done ? piece : TRIAL_SIZE - done;
      memset(t->contents + done, (int)(piece + done), want);
      mr_view from = mr_view_of(t->contents + done, want);
      assert_int_equal(mr_stream_write(t->stream, from, &count), MR_OK);
      assert_int_equal(count, want);
      done += count;
    }
    assert_trial(t, TRIAL_SIZE);
  }
}

static void write_is_short_at_the_end_and_then_no_space(void **state) {
  trial *t = *state;
  size_t count = 77;
  if (t->kind->read_only) return;
  go(t, TRIAL_SIZE - 4);
  assert_int_equal(mr_stream_write(t->stream, MR_VIEW("ABCDEF"), &count), MR_OK);
  assert_int_equal(count, 4);
  memcpy(t->contents + TRIAL_SIZE - 4, "ABCD", 4);
  assert_trial(t, TRIAL_SIZE);
  assert_int_equal(mr_stream_write(t->stream, MR_VIEW("EF"), &count), MR_NO_SPACE);
  assert_int_equal(count, 0);
  assert_int_equal(mr_stream_write(t->stream, mr_view_of(NULL, 0), &count), MR_OK);
  assert_int_equal(mr_stream_write_exact(t->stream, mr_view_of(NULL, 0)), MR_OK);
  assert_trial(t, TRIAL_SIZE);
}

static void exact_write_is_all_or_nothing(void **state) {
  trial *t = *state;
  if (t->kind->read_only) return;
  go(t, TRIAL_SIZE - 4);
  assert_int_equal(mr_stream_write_exact(t->stream, MR_VIEW("ABCDE")), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_u64(t->stream, MR_NATIVE_ORDER, 1), MR_NO_SPACE);
  assert_trial(t, TRIAL_SIZE - 4);
  assert_int_equal(mr_stream_write_exact(t->stream, MR_VIEW("ABCD")), MR_OK);
  memcpy(t->contents + TRIAL_SIZE - 4, "ABCD", 4);
  assert_trial(t, TRIAL_SIZE);
  assert_int_equal(mr_stream_write_u8(t->stream, 1), MR_NO_SPACE);
  assert_trial(t, TRIAL_SIZE);
}

static void exact_write_goes_beyond_what_one_piece_shows(void **state) {
  trial *t = *state;
  unsigned char octets[TRIAL_SIZE - 1];
  bool stuck = t->kind->seekless && t->kind->largest < sizeof octets;
  if (t->kind->read_only) return;
  memset(octets, 0x5a, sizeof octets);
  go(t, 1);
  assert_int_equal(mr_stream_write_exact(t->stream, mr_view_of(octets, sizeof octets)),
                   stuck ? MR_NO_SPACE : MR_OK);
  if (!stuck) memcpy(t->contents + 1, octets, sizeof octets);
  assert_trial(t, stuck ? 1 : TRIAL_SIZE);
}

static void typed_writes_work_at_every_place(void **state) {
  trial *t = *state;
  if (t->kind->read_only) return;
  mr_region mine = mr_region_of(t->contents, TRIAL_SIZE);
  for (unsigned at = 0; at <= TRIAL_SIZE; at++) {
    uint32_t u32 = 0x01020304u * (at + 1);
    mr_status status = mr_store_u32(mine, at, MR_BIG_ENDIAN, u32);
    go(t, at);
    assert_int_equal(mr_stream_write_u32(t->stream, MR_BIG_ENDIAN, u32),
                     status ? MR_NO_SPACE : MR_OK);
    assert_trial(t, status ? at : at + 4);
  }
}

static void what_was_written_can_be_read(void **state) {
  trial *t = *state;
  uint32_t value = 0;
  if (t->kind->read_only) return;
  go(t, 5);
  assert_int_equal(mr_stream_write_u32(t->stream, MR_BIG_ENDIAN, 0x01020304), MR_OK);
  assert_int_equal(mr_stream_seek(t->stream, -4, MR_FROM_CURRENT), MR_OK);
  assert_int_equal(mr_stream_read_u32(t->stream, MR_BIG_ENDIAN, &value), MR_OK);
  assert_int_equal(value, 0x01020304);
  memcpy(t->contents + 5, "\1\2\3\4", 4);
  assert_trial(t, 9);
}

/* What was written inline lies beyond read_limit. What is not inline comes upon it at `at`, and says
 * whether it did as it should. */

static bool comes_to_read(trial *t, size_t at) {
  uint8_t octet = 0;
  return mr_stream_read(t->stream, mr_region_of(&octet, 1), NULL) == MR_OK &&
         octet == t->contents[at];
}

static bool comes_to_read_exactly(trial *t, size_t at) {
  uint8_t octets[8];
  return mr_stream_read_exact(t->stream, mr_region_of(octets, 8)) == MR_OK &&
         memcmp(octets, t->contents + at, 8) == 0;
}

static bool comes_to_acquire(trial *t, size_t at) {
  mr_view view;
  return mr_stream_acquire(t->stream, 4, &view) == MR_OK &&
         mr_equal(view, mr_view_of(t->contents + at, 4)) && mr_stream_release(t->stream) == MR_OK;
}

static bool comes_to_acquire_until(trial *t, size_t at) {
  mr_view view;
  return mr_stream_acquire_until(t->stream, t->contents[at + 3], &view) == MR_OK &&
         mr_equal(view, mr_view_of(t->contents + at, 3)) && mr_stream_release(t->stream) == MR_OK;
}

static bool comes_to_require(trial *t, size_t at) {
  (void)at;
  return mr_stream_require(t->stream, 0) == MR_OK;
}

static bool comes_to_take_a_cursor(trial *t, size_t at) {
  mr_view view = mr_cursor_view(mr_stream_cursor(t->stream));
  return view.size <= TRIAL_SIZE - at && mr_equal(view, mr_view_of(t->contents + at, view.size));
}

static bool comes_to_ask_the_size(trial *t, size_t at) {
  uint64_t size = TRIAL_SIZE;
  (void)at;
  return mr_stream_size(t->stream, &size) == (t->kind->endless ? MR_UNSUPPORTED : MR_OK) &&
         size == TRIAL_SIZE;
}

static bool comes_to_flush(trial *t, size_t at) {
  (void)at;
  return mr_stream_flush(t->stream) == MR_OK;
}

static bool comes_to_ask_for_space(trial *t, size_t at) {
  mr_view too_much = mr_view_of(t->contents, TRIAL_SIZE - at + 1);
  return mr_stream_write_exact(t->stream, too_much) == MR_NO_SPACE;
}

static bool comes_to_reserve(trial *t, size_t at) {
  mr_region region;
  return mr_stream_acquire_output(t->stream, TRIAL_SIZE - at + 1, &region) == MR_NO_SPACE;
}

static bool comes_to_move(trial *t, size_t at) {
  uint8_t octet = 0;
  return mr_stream_set_position(t->stream, at - 1) == MR_OK &&
         mr_stream_read_u8(t->stream, &octet) == MR_OK && octet == t->contents[at - 1];
}

static void whatever_comes_next_finds_what_was_written(void **state) {
  static const struct {
    bool (*comes)(trial *t, size_t at);
    size_t moves;
  } uses[] = {
      {comes_to_read, 1},          {comes_to_read_exactly, 8}, {comes_to_acquire, 4},
      {comes_to_acquire_until, 4}, {comes_to_require, 0},      {comes_to_take_a_cursor, 0},
      {comes_to_ask_the_size, 0},  {comes_to_flush, 0},        {comes_to_ask_for_space, 0},
      {comes_to_reserve, 0},       {comes_to_move, 0},
  };
  trial *t = *state;
  if (t->kind->read_only) return;
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
    go(t, 5);
    /* The first makes room in a window, the second finds it. */
    for (size_t at = 5; at < 7; at++) {
      t->contents[at] = (unsigned char)(0x80 + 2 * i + at);
      assert_int_equal(mr_stream_write_u8(t->stream, t->contents[at]), MR_OK);
    }
    if (!uses[i].comes(t, 7)) fail_msg("use %zu", i);
    assert_true(t->stream->cursor <= t->stream->read_limit);
    assert_trial(t, 7 + uses[i].moves);
  }
}

/* All together. */

static unsigned next_random(unsigned *seed) {
  *seed = *seed * 1103515245u + 12345u;
  return *seed >> 16;
}

static void step_read(trial *t, size_t at, size_t size) {
  unsigned char octets[TRIAL_SIZE];
  size_t count = 77, left = TRIAL_SIZE - at, expected = size < left ? size : left;
  mr_status status = mr_stream_read(t->stream, mr_region_of(octets, size), &count);
  assert_int_equal(status, size > 0 && left == 0 ? MR_END_OF_FILE : MR_OK);
  assert_int_equal(count, expected);
  assert_memory_equal(octets, t->contents + at, count);
}

static void step_write(trial *t, size_t at, size_t size, int octet) {
  unsigned char octets[TRIAL_SIZE];
  size_t count = 77, left = TRIAL_SIZE - at, expected = size < left ? size : left;
  memset(octets, octet, size);
  mr_status status = mr_stream_write(t->stream, mr_view_of(octets, size), &count);
  assert_int_equal(status, size > 0 && left == 0 ? MR_NO_SPACE : MR_OK);
  assert_int_equal(count, expected);
  memset(t->contents + at, octet, count);
}

static void a_long_walk_agrees_with_an_array(void **state) {
  trial *t = *state;
  unsigned seed = 1;
  for (int step = 0; step < 4000; step++) {
    size_t at = (size_t)mr_stream_position(t->stream), size = next_random(&seed) % 12;
    switch (next_random(&seed) % 3) {
      case 0:
        step_read(t, at, size);
        break;
      case 1:
        if (!t->kind->read_only) step_write(t, at, size, step % 251);
        break;
      default:
        go(t, next_random(&seed) % (TRIAL_SIZE + 1));
    }
    if (step % 16 == 0) assert_trial(t, mr_stream_position(t->stream));
  }
}

static void an_empty_stream_is_at_its_end(void **state) {
  const stream_fixture *kind = ((trial *)*state)->kind;
  mr_stream *stream = kind->open(mr_view_of(NULL, 0));
  uint8_t octet;
  size_t count = 77;
  assert_true(mr_stream_is_sound(stream));
  assert_int_equal(mr_stream_read_u8(stream, &octet), MR_END_OF_FILE);
  assert_int_equal(mr_stream_read(stream, mr_region_of(NULL, 0), &count), MR_OK);
  assert_int_equal(mr_stream_write_u8(stream, 1), kind->read_only ? MR_READ_ONLY : MR_NO_SPACE);
  assert_int_equal(mr_stream_write(stream, mr_view_of(NULL, 0), &count),
                   kind->read_only ? MR_READ_ONLY : MR_OK);
  assert_int_equal(mr_stream_set_position(stream, 0), MR_OK);
  assert_int_equal(mr_stream_set_position(stream, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_stream_flush(stream), MR_OK);
  kind->close(stream);
}

static void an_ended_stream_is_empty(void **state) {
  trial *t = *state;
  uint8_t octet;
  uint64_t size = 77;
  assert_int_equal(mr_stream_fini(t->stream), MR_OK);
  assert_true(mr_stream_is_sound(t->stream));
  assert_int_equal(mr_stream_size(t->stream, &size), MR_OK);
  assert_int_equal(size, 0);
  assert_int_equal(mr_stream_read_u8(t->stream, &octet), MR_END_OF_FILE);
  assert_int_equal(mr_stream_write_u8(t->stream, 1), MR_READ_ONLY);
  assert_int_equal(mr_stream_fini(t->stream), MR_OK);
}

static void peek_through(void *context, uint8_t *octets) {
  trial *t = context;
  t->kind->peek(t->stream, octets);
}

static void it_is_a_source_whose_borrows_leave_the_position(void **state) {
  trial *t = *state;
  /* A source of unknown size needs an end to each range: not what the other suite asks. One that
   * can't move can't go where a range starts. */
  if (t->kind->endless || t->kind->seekless) return;
  go(t, 10);
  source_fixture fixture = {.source = mr_stream_source(t->stream),
                            .size = TRIAL_SIZE,
                            .peek = peek_through,
                            .context = t,
                            .read_only = t->kind->read_only};
  source_conformance(&fixture);
  assert_int_equal(mr_stream_position(t->stream), 10);
}

int stream_block_conformance(const stream_fixture *fixture) {
  struct CMUnitTest claims[] = {
      CLAIM(starts_at_its_first_octet),
      CLAIM(size_is_told_or_unsupported),
      CLAIM(every_position_can_be_set),
      CLAIM(position_outside_is_refused),
      CLAIM(seek_counts_from_start_current_and_end),
      CLAIM(seek_outside_is_refused),
      CLAIM(clearing_input_moves_to_the_end),
      CLAIM(clearing_output_moves_to_the_start),
      CLAIM(read_gives_the_contents_in_pieces_of_any_size),
      CLAIM(read_is_short_at_the_end_and_then_end_of_file),
      CLAIM(reading_nothing_succeeds_at_the_end),
      CLAIM(exact_read_is_all_or_nothing),
      CLAIM(exact_read_goes_beyond_what_one_piece_shows),
      CLAIM(typed_reads_work_at_every_place),
      CLAIM(writing_what_is_read_only_is_refused),
      CLAIM(write_stores_pieces_of_any_size),
      CLAIM(write_is_short_at_the_end_and_then_no_space),
      CLAIM(exact_write_is_all_or_nothing),
      CLAIM(exact_write_goes_beyond_what_one_piece_shows),
      CLAIM(typed_writes_work_at_every_place),
      CLAIM(what_was_written_can_be_read),
      CLAIM(whatever_comes_next_finds_what_was_written),
      CLAIM(a_long_walk_agrees_with_an_array),
      CLAIM(an_empty_stream_is_at_its_end),
      CLAIM(an_ended_stream_is_empty),
      CLAIM(it_is_a_source_whose_borrows_leave_the_position),
  };
  for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
    claims[i].initial_state = (void *)(uintptr_t)fixture;
  return cmocka_run_group_tests_name(fixture->name, claims, NULL, NULL);
}

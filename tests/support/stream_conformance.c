#include "stream_trial.h"

#include <stdlib.h>

int open_trial(void **state) {
  trial *t = malloc(sizeof *t);
  if (!t) return -1;
  t->kind = *state;
  for (unsigned i = 0; i < TRIAL_SIZE; i++) t->contents[i] = (unsigned char)(7 * i + 1);
  t->stream = t->kind->open(mr_view_of(t->contents, TRIAL_SIZE));
  *state = t;
  return 0;
}

int close_trial(void **state) {
  trial *t = *state;
  t->kind->close(t->stream);
  free(t);
  return 0;
}

void assert_trial(trial *t, uint64_t position) {
  unsigned char octets[TRIAL_SIZE];
  assert_true(mr_stream_is_sound(t->stream));
  assert_int_equal(mr_stream_position(t->stream), position);
  t->kind->peek(t->stream, octets);
  assert_memory_equal(octets, t->contents, TRIAL_SIZE);
  assert_int_equal(mr_stream_position(t->stream), position);
}

static mr_status open_anew_at(trial *t, uint64_t position) {
  unsigned char octets[TRIAL_SIZE];
  t->kind->peek(t->stream, octets);
  t->kind->close(t->stream);
  t->stream = t->kind->open(mr_view_of(octets, TRIAL_SIZE));
  return mr_stream_read(t->stream, mr_region_of(octets, (size_t)position), NULL);
}

void go(trial *t, uint64_t position) {
  mr_status status = mr_stream_set_position(t->stream, position);
  if (status == MR_OUT_OF_BOUNDS && t->kind->seekless) status = open_anew_at(t, position);
  assert_int_equal(status, MR_OK);
  assert_int_equal(mr_stream_position(t->stream), position);
}

int stream_conformance(const stream_fixture *fixture) {
  return stream_block_conformance(fixture) + stream_borrow_conformance(fixture);
}

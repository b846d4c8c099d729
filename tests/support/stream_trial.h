#ifndef MEMREGIONS_TESTS_STREAM_TRIAL_H
#define MEMREGIONS_TESTS_STREAM_TRIAL_H

/* What the parts of the stream conformance suite share: a claim's state is a trial. */

#include "stream_conformance.h"
#include "support.h"

enum { TRIAL_SIZE = 40 };

/* One stream under test, and what it holds as far as the test knows. */
typedef struct trial {
  const stream_fixture *kind;
  mr_stream *stream;
  unsigned char contents[TRIAL_SIZE];
} trial;

/* From a fixture as the state, and back to nothing. */
int open_trial(void **state);
int close_trial(void **state);

/* Asserts that the stream stands at `position`, and holds what the test thinks it does. */
void assert_trial(trial *t, uint64_t position);

/* Moves to `position`, which must succeed. A stream that can't move there is ended, and another,
 * that holds the same, takes its place and is read up to there. */
void go(trial *t, uint64_t position);

#define CLAIM(function) cmocka_unit_test_setup_teardown(function, open_trial, close_trial)

/* The suite's parts: how many claims do not hold. */
int stream_block_conformance(const stream_fixture *fixture);
int stream_borrow_conformance(const stream_fixture *fixture);

#endif

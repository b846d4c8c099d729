#ifndef MEMREGIONS_TESTS_ALLOCATOR_CONFORMANCE_H
#define MEMREGIONS_TESTS_ALLOCATOR_CONFORMANCE_H

/*
 * One suite for every kind of allocator: what memregions/allocator.h promises of all of them.
 *
 *     static mr_allocator *make(void) { ... }
 *     static void unmake(mr_allocator *allocator) { ... }
 *     static const allocator_fixture fixture = {"mine", make, unmake, .can_clear = true};
 *     failures += allocator_conformance(&fixture);
 *
 * Each test has an allocator of its own from `make`, and gives back what it takes before `unmake`, which may look for
 * leaks. What a fixture does not say the kind can do is asserted to be MR_UNSUPPORTED, with nothing changed.
 */

#include <memregions/allocator.h>

/** Octets that a fixture's allocator must be able to hand out. */
#define CONFORMANCE_ROOM ((size_t)1 << 20)

typedef struct allocator_fixture {
  /** For the report. */
  const char *name;
  /** Makes an allocator of which nothing is handed out. */
  mr_allocator *(*make)(void);
  void (*unmake)(mr_allocator *allocator);
  /** What the kind does not answer with MR_UNSUPPORTED. */
  bool can_tell_usage;
  bool can_tell_minimum;
  bool can_clear;
  bool can_mark;
  bool can_trim;
  bool can_walk;
  bool can_check;
  /** Whether others use its memory, so that usage is no business of the test's alone. */
  bool is_shared;
  /** Octets that a block may take beyond its size; 0 means a page. */
  size_t most_padding;
  /** Whether the same requests may give other addresses after clear. */
  bool moves_after_clear;
} allocator_fixture;

/** Runs the suite as a group of cmocka tests.
 *
 * @return  how many failed
 */
int allocator_conformance(const allocator_fixture *fixture);

#endif

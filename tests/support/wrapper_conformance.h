#ifndef MEMREGIONS_TESTS_WRAPPER_CONFORMANCE_H
#define MEMREGIONS_TESTS_WRAPPER_CONFORMANCE_H

/*
 * allocator_conformance and allocator_random for a kind that wraps another, over three parents: an arena, which can do all
 * there is; the test allocator, which can do nothing that is optional, and is strict; the system's, which moves blocks in
 * its own way. Over an arena, it also owns what that owns, and has its good sizes where it hides nothing (can_mark).
 *
 *     static mr_allocator *wrap(mr_allocator *parent) { ... }
 *     static void unwrap(mr_allocator *wrapper) { ... }
 *     static const wrapper_fixture fixture = {wrap, unwrap, WRAPPER_CAN_WHAT_ITS_PARENT_CAN("mine")};
 *     failures += wrapper_conformance(&fixture);
 */

#include "allocator_conformance.h"

typedef struct wrapper_fixture {
  mr_allocator *(*wrap)(mr_allocator *parent);
  void (*unwrap)(mr_allocator *wrapper);
  /* Names, and what the wrapper can do over each parent; make and unmake are left out. */
  allocator_fixture over_arena;
  allocator_fixture over_test_allocator;
  allocator_fixture over_system;
} wrapper_fixture;

#if defined(__GLIBC__)
#define SYSTEM_CAN_TELL_USAGE true
#else
#define SYSTEM_CAN_TELL_USAGE false
#endif

/** The fixtures' part for a wrapper that adds nothing and hides nothing. */
#define WRAPPER_CAN_WHAT_ITS_PARENT_CAN(called)               \
  .over_arena = {.name = called ": arena",                    \
                 .can_tell_usage = true,                      \
                 .can_tell_minimum = true,                    \
                 .can_clear = true,                           \
                 .can_mark = true,                            \
                 .can_trim = true,                            \
                 .can_walk = true,                            \
                 .can_check = true},                          \
  .over_test_allocator = {.name = called ": test allocator"}, \
  .over_system = {                                            \
      .name = called ": system", .can_tell_usage = SYSTEM_CAN_TELL_USAGE, .is_shared = true}

/** @return  how many tests failed */
int wrapper_conformance(const wrapper_fixture *fixture);

#endif

#ifndef MEMREGIONS_TESTS_OWNER_H
#define MEMREGIONS_TESTS_OWNER_H

/*
 * A sequence with its storage, and the allocator that it came from: for the tests of sequences in
 * memory of their own.
 */

#include <memregions/sequence.h>

#include "failing_allocator.h"

typedef struct owner {
  test_allocator allocator;
  mr_region storage;
  mr_sequence sequence;
} owner;

/* Starts with the null sequence, and an allocator that always moves. */
void own(owner *mine);

/* Starts with `count` unsigned 16-bit numbers: 10, 11, 12 ... */
void own_numbers(owner *mine, size_t count);

/* Fails the test where anything leaked. */
void disown(owner *mine);

/* mr_sequence_make into the owner. */
mr_status make(owner *mine, const mr_type *type, size_t count, const mr_sequence_initial *initial);

/* Asserts that it owns just these numbers. */
void assert_numbers(const owner *mine, const uint16_t *numbers, size_t count);

/* A sequence over memory that nobody owns. */
mr_sequence over(void *memory, size_t size, const mr_type *type);

const mr_type *native(mr_kind kind);

/* Larger than any scalar. */
typedef struct large {
  uint64_t words[5];
} large;

/* To be released. */
const mr_type *large_type(void);

#endif

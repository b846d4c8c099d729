#ifndef MEMREGIONS_TESTS_FAILING_ALLOCATOR_H
#define MEMREGIONS_TESTS_FAILING_ALLOCATOR_H

/*
 * The allocator that tests run under: strict about what it is given back, and able to fail at the n-th request.
 *
 *     test_allocator allocator;
 *     test_allocator_init(&allocator);
 *     ... &allocator.base ...
 *     test_allocator_fini(&allocator);
 *
 * What it promises:
 *   - a block is aligned to what was asked and to no more, and ends where a block of malloc ends, so that
 *     AddressSanitizer and Valgrind see each octet too much;
 *   - fresh blocks are filled with TEST_FRESH (0 where zeros were asked for), released ones with TEST_RELEASED;
 *   - growing always moves a block; shrinking too where `always_moves` is set;
 *   - a release with another address, size or alignment than was allocated, a resize of such, and a block still alive
 *     at fini fail the running test. With `answers_misuse` set, a wrong release is answered with MR_CORRUPT instead,
 *     and nothing happens, as a checked kind does.
 * It takes its memory from malloc, and needs nothing of the library but its headers.
 *
 * Threads: one at a time.
 */

#include <memregions/allocator.h>

#define TEST_FRESH 0xA5
#define TEST_RELEASED 0xDD

typedef struct test_block test_block;

typedef struct test_allocator {
  mr_allocator base;
  /** Requests for a block so far, those that failed counted. */
  size_t requests;
  /** Which request fails, counted from 1 over the allocator's life; 0 for none. */
  size_t fail_at;
  /** Whether every later request fails too. */
  bool fails_on;
  bool always_moves;
  bool answers_misuse;
  /** Blocks alive, and their octets. */
  size_t live_blocks;
  size_t live_octets;
  test_block *blocks;
} test_allocator;

void test_allocator_init(test_allocator *allocator);

/** Fails the test where a block is still alive. */
void test_allocator_fini(test_allocator *allocator);

/** What a sweep runs. */
typedef mr_status test_work(void *context, mr_allocator *allocator);

/** Asserts that nothing has changed since before the work. */
typedef void test_unchanged(void *context);

/** Runs `work` with its first request failing, then with its second, its third ..., until it answers MR_OK.
 *
 * Every run before that must answer MR_OUT_OF_MEMORY and leave as many blocks alive as there were; `unchanged`, which
 * may be null, asserts the rest. The effect of the run that succeeded stays.
 *
 * @return  how many runs failed: assert that it is as many as you expect, or at least 1
 */
size_t test_sweep(test_allocator *allocator, test_work *work, test_unchanged *unchanged,
                  void *context);

#endif

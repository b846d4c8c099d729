#ifndef MEMREGIONS_TESTS_CACHED_TRIAL_H
#define MEMREGIONS_TESTS_CACHED_TRIAL_H

/*
 * What the tests of the cached allocator share: one over a strict parent, and what it is asked. Under tools that watch
 * memory nothing is cached: then there are no spans to look at.
 */

#include <pthread.h>
#include <string.h>

#include "failing_allocator.h"
#include "memregions/cached.h"
#include "support.h"

#define SPAN ((size_t)65536)

static test_allocator parent;
static mr_cached cached;

static inline void init_with(mr_cached_options options) {
  test_allocator_init(&parent);
  options.parent = &parent.base;
  assert_int_equal(mr_cached_init(&cached, &options), MR_OK);
}

static inline int set_up(void **state) {
  (void)state;
  init_with((mr_cached_options){.magazine_size = 0});
  return 0;
}

static inline int tear_down(void **state) {
  (void)state;
  assert_int_equal(mr_allocator_check(&cached.base, NULL), MR_OK);
  mr_cached_fini(&cached);
  test_allocator_fini(&parent);
  return 0;
}

static inline bool has_spans(void) { return mr_good_size(&cached.base, 1, 16) == 16; }

static inline mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(&cached.base, size, &block), MR_OK);
  assert_int_equal(block.size, size);
  memset(block.pointer, 0x5A, size);
  return block;
}

static inline void give(mr_region block) {
  assert_int_equal(mr_deallocate(&cached.base, &block), MR_OK);
}

static inline size_t used(void) {
  size_t octets = SIZE_MAX;
  assert_int_equal(mr_used_space(&cached.base, &octets), MR_OK);
  return octets;
}

static inline size_t total(void) {
  size_t octets = SIZE_MAX;
  assert_int_equal(mr_total_size(&cached.base, &octets), MR_OK);
  return octets;
}

static inline void run_in_thread(void *(*function)(void *), void *argument) {
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, function, argument), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
}

#endif

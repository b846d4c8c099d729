#include "wrapper_conformance.h"

#include <memregions/arena.h>

#include "allocator_random.h"
#include "failing_allocator.h"
#include "support.h"

static const wrapper_fixture *wrapper;
static test_allocator strict;
static mr_arena arena;

static mr_allocator *over_system(void) { return wrapper->wrap(NULL); }

static void unwrap(mr_allocator *allocator) { wrapper->unwrap(allocator); }

static mr_allocator *over_test_allocator(void) {
  test_allocator_init(&strict);
  return wrapper->wrap(&strict.base);
}

static void unwrap_from_test_allocator(mr_allocator *allocator) {
  wrapper->unwrap(allocator);
  test_allocator_fini(&strict);
}

static mr_allocator *over_arena(void) {
  test_allocator_init(&strict);
  mr_arena_options options = {.parent = &strict.base};
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  return wrapper->wrap(&arena.base);
}

static void unwrap_from_arena(mr_allocator *allocator) {
  wrapper->unwrap(allocator);
  mr_arena_fini(&arena);
  test_allocator_fini(&strict);
}

static int run(allocator_fixture fixture, mr_allocator *(*make)(void),
               void (*unmake)(mr_allocator *)) {
  fixture.make = make;
  fixture.unmake = unmake;
  return allocator_conformance(&fixture) + allocator_random(&fixture);
}

int wrapper_conformance(const wrapper_fixture *fixture) {
  wrapper = fixture;
  return run(fixture->over_arena, over_arena, unwrap_from_arena) +
         run(fixture->over_test_allocator, over_test_allocator, unwrap_from_test_allocator) +
         run(fixture->over_system, over_system, unwrap);
}

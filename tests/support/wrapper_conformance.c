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

static void it_owns_what_its_parent_owns(void **state) {
  (void)state;
  const char mine = 0;
  mr_allocator *made = over_arena();
  mr_region block;
  assert_int_equal(mr_allocate(made, 10, &block), MR_OK);
  assert_int_equal(mr_allocator_owns(made, mr_region_view(block)), MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(made, mr_view_of(&mine, 1)), MR_OWNS_NO);
  assert_int_equal(mr_deallocate(made, &block), MR_OK);
  unwrap_from_arena(made);
}

static void good_sizes_are_the_parents_or_the_sizes(void **state) {
  (void)state;
  mr_allocator *made = over_arena();
  const size_t good = mr_good_size(&arena.base, 10, MR_DEFAULT_ALIGNMENT);
  assert_int_not_equal(good, 10);
  assert_int_equal(mr_good_size(made, 10, MR_DEFAULT_ALIGNMENT),
                   wrapper->over_arena.can_mark ? good : 10);
  unwrap_from_arena(made);
}

static int run_own_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_owns_what_its_parent_owns),
      cmocka_unit_test(good_sizes_are_the_parents_or_the_sizes),
  };
  return cmocka_run_group_tests_name(wrapper->over_arena.name, tests, NULL, NULL);
}

static int run(allocator_fixture fixture, mr_allocator *(*make)(void),
               void (*unmake)(mr_allocator *)) {
  fixture.make = make;
  fixture.unmake = unmake;
  return allocator_conformance(&fixture) + allocator_random(&fixture);
}

int wrapper_conformance(const wrapper_fixture *fixture) {
  wrapper = fixture;
  return run_own_tests() + run(fixture->over_arena, over_arena, unwrap_from_arena) +
         run(fixture->over_test_allocator, over_test_allocator, unwrap_from_test_allocator) +
         run(fixture->over_system, over_system, unwrap);
}

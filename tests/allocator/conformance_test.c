#include "allocator_conformance.h"

#include <stdlib.h>

#include "failing_allocator.h"
#include "memregions/arena.h"
#include "memregions/bump.h"
#include "support.h"

/* Every kind, and every way to get its memory, through the one suite. */

static unsigned char storage[CONFORMANCE_ROOM + 64];
static test_allocator parent;
static mr_bump bump;
static mr_arena arena;

/* The system's, by each of its names. */

static mr_allocator *make_system(void) { return NULL; }

static void unmake_nothing(mr_allocator *allocator) { (void)allocator; }

static mr_allocator *make_current(void) {
  mr_set_current_allocator(NULL);
  return MR_CURRENT;
}

/* Bump. */

static mr_allocator *make_bump(void) {
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage + 3, sizeof storage - 8)), MR_OK);
  return &bump.base;
}

static void unmake_bump(mr_allocator *allocator) {
  assert_true(mr_bump_is_sound((mr_bump *)allocator));
  mr_bump_fini((mr_bump *)allocator);
}

static mr_allocator *make_bump_of_its_own(void) {
  test_allocator_init(&parent);
  assert_int_equal(mr_bump_init_from(&bump, &parent.base, CONFORMANCE_ROOM), MR_OK);
  return &bump.base;
}

static void unmake_bump_of_its_own(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
  test_allocator_fini(&parent);
}

static mr_allocator *make_current_bump(void) {
  mr_set_current_allocator(make_bump());
  return MR_CURRENT;
}

static void unmake_current_bump(mr_allocator *allocator) {
  (void)allocator;
  mr_set_current_allocator(NULL);
  unmake_bump(&bump.base);
}

/* Arena. */

static mr_allocator *arena_with(mr_arena_options options) {
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  return &arena.base;
}

static mr_allocator *make_arena(void) {
  test_allocator_init(&parent);
  return arena_with((mr_arena_options){.parent = &parent.base});
}

static void unmake_arena(mr_allocator *allocator) {
  assert_true(mr_arena_is_sound((mr_arena *)allocator));
  mr_arena_fini((mr_arena *)allocator);
  test_allocator_fini(&parent);
}

static mr_allocator *make_arena_over_storage(void) {
  test_allocator_init(&parent);
  mr_region first = mr_region_of(storage + 1, 1000);
  return arena_with(
      (mr_arena_options){.parent = &parent.base, .storage = first, .chunk_size = 100});
}

static mr_allocator *make_arena_of_one_octet(void) {
  test_allocator_init(&parent);
  return arena_with((mr_arena_options){.parent = &parent.base, .chunk_size = 1});
}

static mr_allocator *make_arena_of_large_chunks(void) {
  test_allocator_init(&parent);
  return arena_with((mr_arena_options){.parent = &parent.base, .chunk_size = 100003});
}

/* A parent that counts what comes back. */
static const mr_allocator_ops *uncounted;
static size_t returned;

static mr_status count_release(mr_allocator *self, mr_region block, size_t alignment) {
  returned++;
  return uncounted->release(self, block, alignment);
}

static void count_what_comes_back_to(mr_allocator *allocator) {
  static mr_allocator_ops counting;
  uncounted = allocator->ops;
  counting = *uncounted;
  counting.release = count_release;
  allocator->ops = &counting;
  returned = 0;
}

/* Ends an arena, and asserts that its parent, which takes back only its newest block, has all its memory again. What
 * made room for another chunk before came back out of order: then there is nothing to assert. */
static void end_over(mr_allocator *allocator, mr_allocator *below) {
  size_t used = 1;
  const bool in_order = returned == 0;
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
  assert_int_equal(mr_used_space(below, &used), MR_OK);
  if (in_order) assert_int_equal(used, 0);
}

static mr_allocator *make_arena_over_storage_only(void) {
  /* A parent without memory. */
  assert_int_equal(mr_bump_init(&bump, mr_region_of(NULL, 0)), MR_OK);
  count_what_comes_back_to(&bump.base);
  return arena_with(
      (mr_arena_options){.parent = &bump.base, .storage = mr_region_of(storage, sizeof storage)});
}

static mr_allocator *make_arena_over_bump(void) {
  static unsigned char more[8 * CONFORMANCE_ROOM];
  assert_int_equal(mr_bump_init(&bump, mr_region_of(more, sizeof more)), MR_OK);
  count_what_comes_back_to(&bump.base);
  return arena_with((mr_arena_options){.parent = &bump.base});
}

static void unmake_arena_over_bump(mr_allocator *allocator) {
  end_over(allocator, &bump.base);
  mr_bump_fini(&bump);
}

static mr_arena outer;

static mr_allocator *make_arena_over_arena(void) {
  test_allocator_init(&parent);
  mr_arena_options options = {.parent = &parent.base};
  assert_int_equal(mr_arena_init(&outer, &options), MR_OK);
  count_what_comes_back_to(&outer.base);
  return arena_with((mr_arena_options){.parent = &outer.base});
}

static void unmake_arena_over_arena(mr_allocator *allocator) {
  end_over(allocator, &outer.base);
  mr_arena_fini(&outer);
  test_allocator_fini(&parent);
}

/* Tests' own. */

static mr_allocator *make_test_allocator(void) {
  test_allocator_init(&parent);
  return &parent.base;
}

static mr_allocator *make_always_moving(void) {
  make_test_allocator();
  parent.always_moves = true;
  return &parent.base;
}

static void unmake_test_allocator(mr_allocator *allocator) {
  test_allocator_fini((test_allocator *)allocator);
}

/* A kind as simple as can be, compiled when ops ended with release. */

static mr_region give(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  return make_system() == NULL && self
             ? mr_system_allocator()->ops->allocate(mr_system_allocator(), size, alignment, flags)
             : mr_region_of(NULL, 0);
}

static mr_status take(mr_allocator *self, mr_region block, size_t alignment) {
  (void)self, (void)alignment;
  free(block.pointer);
  return MR_OK;
}

static mr_allocator *make_early_kind(void) {
  static const struct {
    size_t struct_size;
    const char *name;
    mr_region (*allocate)(mr_allocator *, size_t, size_t, unsigned);
    bool (*resize)(mr_allocator *, mr_region, size_t, size_t);
    mr_region (*remap)(mr_allocator *, mr_region, size_t, size_t);
    mr_status (*release)(mr_allocator *, mr_region, size_t);
  } ops = {sizeof ops, "early", give, NULL, NULL, take};
  static mr_allocator early;
  early.ops = (const mr_allocator_ops *)(const void *)&ops;
  return &early;
}

#if defined(__GLIBC__)
#define SYSTEM_TELLS_USAGE true
#else
#define SYSTEM_TELLS_USAGE false
#endif

int main(void) {
#define ALL_OF_BUMP                                                                      \
  .can_tell_usage = true, .can_tell_minimum = true, .can_clear = true, .can_mark = true, \
  .can_walk = true, .can_check = true
#define ALL_OF_ARENA ALL_OF_BUMP, .can_trim = true
  static const allocator_fixture fixtures[] = {
      {"system", make_system, unmake_nothing, .can_tell_usage = SYSTEM_TELLS_USAGE,
       .is_shared = true},
      {"current: system", make_current, unmake_nothing, .can_tell_usage = SYSTEM_TELLS_USAGE,
       .is_shared = true},
      {"bump", make_bump, unmake_bump, ALL_OF_BUMP},
      {"bump of its own storage", make_bump_of_its_own, unmake_bump_of_its_own, ALL_OF_BUMP},
      {"current: bump", make_current_bump, unmake_current_bump, ALL_OF_BUMP},
      {"arena", make_arena, unmake_arena, ALL_OF_ARENA},
      {"arena over storage", make_arena_over_storage, unmake_arena, ALL_OF_ARENA},
      {"arena of chunks from one octet", make_arena_of_one_octet, unmake_arena, ALL_OF_ARENA},
      {"arena of large chunks", make_arena_of_large_chunks, unmake_arena, ALL_OF_ARENA},
      {"arena over storage only", make_arena_over_storage_only, unmake_arena_over_bump,
       ALL_OF_ARENA},
      {"arena over bump", make_arena_over_bump, unmake_arena_over_bump, ALL_OF_ARENA},
      {"arena over arena", make_arena_over_arena, unmake_arena_over_arena, ALL_OF_ARENA},
      {.name = "test allocator", .make = make_test_allocator, .unmake = unmake_test_allocator},
      {.name = "test allocator that moves",
       .make = make_always_moving,
       .unmake = unmake_test_allocator},
      {.name = "an early kind", .make = make_early_kind, .unmake = unmake_nothing},
  };
  int failed = 0;
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++)
    failed += allocator_conformance(&fixtures[i]);
  return failed != 0;
}

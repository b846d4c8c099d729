#include "allocator_random.h"

#include "failing_allocator.h"
#include "memregions/arena.h"
#include "memregions/bump.h"
#include "support.h"

/* Random work on the kinds that all others stand on. The others' is in their own tests. */

static unsigned char storage[200000];
static test_allocator parent;
static mr_bump bump;
static mr_arena arena;

static mr_allocator *make_system(void) { return NULL; }

static mr_allocator *make_current(void) {
  mr_set_current_allocator(NULL);
  return MR_CURRENT;
}

static void unmake_nothing(mr_allocator *allocator) { (void)allocator; }

static mr_allocator *make_bump(void) {
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  return &bump.base;
}

static mr_allocator *make_odd_bump(void) {
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage + 1, 20010)), MR_OK);
  return &bump.base;
}

static void unmake_bump(mr_allocator *allocator) { mr_bump_fini((mr_bump *)allocator); }

static mr_allocator *arena_with(mr_arena_options options) {
  test_allocator_init(&parent);
  options.parent = &parent.base;
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  return &arena.base;
}

static mr_allocator *make_arena(void) { return arena_with((mr_arena_options){.chunk_size = 0}); }

static mr_allocator *make_arena_of_one_octet(void) {
  return arena_with((mr_arena_options){.chunk_size = 1});
}

static mr_allocator *make_arena_of_large_chunks(void) {
  return arena_with((mr_arena_options){.chunk_size = 50001});
}

static mr_allocator *make_arena_over_storage(void) {
  return arena_with((mr_arena_options){.storage = {storage + 5, 4000}});
}

static void unmake_arena(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_trim(allocator), MR_OK);
  assert_int_equal(parent.live_blocks, 0);
  mr_arena_fini((mr_arena *)allocator);
  test_allocator_fini(&parent);
}

static mr_allocator *make_arena_over_little_memory(void) {
  mr_arena_options options = {.parent = &bump.base, .storage = {storage, 30000}};
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage + 30000, 70000)), MR_OK);
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  return &arena.base;
}

static void unmake_arena_over_little_memory(mr_allocator *allocator) {
  mr_arena_fini((mr_arena *)allocator);
  mr_bump_fini(&bump);
}

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

int main(void) {
  static const allocator_fixture fixtures[] = {
      {"system", make_system, unmake_nothing, .is_shared = true},
      {"current: system", make_current, unmake_nothing, .is_shared = true},
      {"bump", make_bump, unmake_bump, .can_mark = true},
      {"bump of odd bounds", make_odd_bump, unmake_bump, .can_mark = true},
      {"arena", make_arena, unmake_arena, .can_mark = true},
      {"arena of chunks from one octet", make_arena_of_one_octet, unmake_arena, .can_mark = true},
      {"arena of large chunks", make_arena_of_large_chunks, unmake_arena, .can_mark = true},
      {"arena over storage", make_arena_over_storage, unmake_arena, .can_mark = true},
      {"arena over little memory", make_arena_over_little_memory, unmake_arena_over_little_memory,
       .can_mark = true},
      {.name = "test allocator", .make = make_test_allocator, .unmake = unmake_test_allocator},
      {.name = "test allocator that moves",
       .make = make_always_moving,
       .unmake = unmake_test_allocator},
  };
  int failed = 0;
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++)
    failed += allocator_random(&fixtures[i]);
  return failed != 0;
}

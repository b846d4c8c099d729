#include "memregions/limited.h"

#include <string.h>

#include "failing_allocator.h"
#include "memregions/arena.h"
#include "support.h"
#include "wrapper_conformance.h"

static test_allocator parent;
static mr_limited limited;

static void init_with(mr_limited_options options) {
  test_allocator_init(&parent);
  options.parent = &parent.base;
  assert_int_equal(mr_limited_init(&limited, &options), MR_OK);
}

static void fini(void) {
  assert_true(mr_limited_is_sound(&limited));
  mr_limited_fini(&limited);
  test_allocator_fini(&parent);
}

static mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(&limited.base, size, &block), MR_OK);
  return block;
}

static void give(mr_region block) { assert_int_equal(mr_deallocate(&limited.base, &block), MR_OK); }

static size_t used(void) {
  size_t octets = SIZE_MAX;
  assert_int_equal(mr_used_space(&limited.base, &octets), MR_OK);
  return octets;
}

static size_t total(void) {
  size_t octets = SIZE_MAX;
  assert_int_equal(mr_total_size(&limited.base, &octets), MR_OK);
  return octets;
}

static void exactly_the_limit_is_given(void **state) {
  (void)state;
  mr_region other = {NULL, 77};
  init_with((mr_limited_options){.limit = 100});
  mr_region block = take(60), rest = take(40);
  assert_int_equal(mr_allocate(&limited.base, 1, &other), MR_OUT_OF_MEMORY);
  assert_int_equal(other.size, 77);
  assert_int_equal(used(), 100);
  give(rest);
  assert_int_equal(mr_allocate(&limited.base, 41, &other), MR_OUT_OF_MEMORY);
  rest = take(40);
  give(rest);
  give(block);
  fini();
}

static void what_exceeds_the_limit_by_itself_is_too_big(void **state) {
  (void)state;
  mr_region block = {NULL, 77};
  size_t maximum = 0;
  init_with((mr_limited_options){.limit = 100});
  assert_int_equal(mr_allocate(&limited.base, 101, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_maximum_block_size(&limited.base, &maximum), MR_OK);
  assert_int_equal(maximum, 100);
  assert_int_equal(block.size, 77);
  block = take(50);
  assert_int_equal(mr_reallocate(&limited.base, &block, 101), MR_BLOCK_TOO_BIG);
  give(block);
  fini();
}

static void a_refused_request_does_not_reach_the_parent(void **state) {
  (void)state;
  mr_region block;
  init_with((mr_limited_options){.limit = 100});
  assert_int_equal(mr_allocate(&limited.base, PTRDIFF_MAX, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(parent.requests, 0);
  fini();
}

static void blocks_are_limited_too(void **state) {
  (void)state;
  mr_region other = {NULL, 77};
  init_with((mr_limited_options){.block_limit = 2});
  mr_region first = take(1000), second = take(1);
  assert_int_equal(mr_limited_live_blocks(&limited), 2);
  assert_int_equal(mr_allocate(&limited.base, 1, &other), MR_OUT_OF_MEMORY);
  give(first);
  assert_int_equal(mr_limited_live_blocks(&limited), 1);
  first = take(1);
  give(first);
  give(second);
  fini();
}

static void empty_blocks_are_not_counted(void **state) {
  (void)state;
  init_with((mr_limited_options){.limit = 1, .block_limit = 1});
  mr_region block = take(1), empty = take(0);
  assert_int_equal(mr_limited_live_blocks(&limited), 1);
  give(empty);
  give(block);
  assert_int_equal(mr_limited_live_blocks(&limited), 0);
  fini();
}

static void zeros_limit_nothing_and_count(void **state) {
  (void)state;
  init_with((mr_limited_options){.limit = 0});
  mr_region block = take(12345);
  assert_int_equal(used(), 12345);
  assert_true(total() == MR_NO_LIMIT);
  give(block);
  fini();
  assert_int_equal(mr_limited_init(&limited, NULL), MR_OK);
  give(take(10));
  mr_limited_fini(&limited);
}

static void a_block_grows_in_place_within_the_limit(void **state) {
  (void)state;
  static unsigned char storage[4096];
  mr_arena arena;
  mr_arena_options options = {.storage = {storage, sizeof storage}};
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  assert_int_equal(
      mr_limited_init(&limited, &(mr_limited_options){.parent = &arena.base, .limit = 100}), MR_OK);
  mr_region block = take(60);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&limited.base, &block, 100), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(used(), 100);
  assert_int_equal(mr_reallocate(&limited.base, &block, 10), MR_OK);
  assert_int_equal(used(), 10);
  mr_region other = take(90);
  assert_int_equal(mr_reallocate(&limited.base, &other, 91), MR_OUT_OF_MEMORY);
  assert_int_equal(other.size, 90);
  assert_int_equal(used(), 100);
  mr_limited_fini(&limited);
  mr_arena_fini(&arena);
}

static void a_block_that_the_parent_moves_is_counted_once(void **state) {
  (void)state;
  assert_int_equal(mr_limited_init(&limited, &(mr_limited_options){.limit = 100000}), MR_OK);
  mr_region block = take(10);
  memset(block.pointer, 'x', 10);
  assert_int_equal(mr_reallocate(&limited.base, &block, 100000), MR_OK);
  assert_int_equal(used(), 100000);
  assert_int_equal(*(char *)block.pointer, 'x');
  assert_int_equal(mr_reallocate(&limited.base, &block, 100001), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_reallocate(&limited.base, &block, 7), MR_OK);
  assert_int_equal(used(), 7);
  give(block);
  assert_int_equal(used(), 0);
  mr_limited_fini(&limited);
}

static void a_block_that_is_copied_is_live_twice_meanwhile(void **state) {
  (void)state;
  init_with((mr_limited_options){.limit = 100});
  mr_region block = take(40);
  assert_int_equal(mr_reallocate(&limited.base, &block, 60), MR_OK);
  assert_int_equal(used(), 60);
  assert_int_equal(mr_reallocate(&limited.base, &block, 61), MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 60);
  assert_int_equal(used(), 60);
  give(block);
  fini();
}

static void limits_change_while_running(void **state) {
  (void)state;
  mr_region other = {NULL, 77};
  init_with((mr_limited_options){.limit = 100});
  mr_region block = take(100);
  mr_limited_set_limit(&limited, 110);
  give(take(10));
  mr_limited_set_limit(&limited, 0);
  assert_int_equal(mr_allocate(&limited.base, 1, &other), MR_BLOCK_TOO_BIG);
  mr_limited_set_limit(&limited, MR_NO_LIMIT);
  mr_limited_set_block_limit(&limited, 1);
  assert_int_equal(mr_allocate(&limited.base, 1, &other), MR_OUT_OF_MEMORY);
  mr_limited_set_block_limit(&limited, 0);
  give(block);
  assert_int_equal(mr_allocate(&limited.base, 1, &other), MR_OUT_OF_MEMORY);
  mr_limited_set_block_limit(&limited, MR_NO_LIMIT);
  give(take(1));
  assert_int_equal(other.size, 77);
  fini();
}

static void a_limit_below_what_is_live_takes_nothing_back(void **state) {
  (void)state;
  mr_region other = {NULL, 77};
  init_with((mr_limited_options){.limit = 100});
  mr_region block = take(60);
  mr_limited_set_limit(&limited, 50);
  assert_int_equal(used(), 60);
  assert_int_equal(total(), 60);
  assert_int_equal(mr_allocate(&limited.base, 1, &other), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_reallocate(&limited.base, &block, 59), MR_OK);
  assert_int_equal(used(), 59);
  give(block);
  assert_int_equal(total(), 50);
  give(take(50));
  fini();
}

static void the_parents_failure_counts_nothing(void **state) {
  (void)state;
  mr_region block = {NULL, 77};
  init_with((mr_limited_options){.limit = 100});
  parent.fail_at = 1;
  assert_int_equal(mr_allocate(&limited.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(used(), 0);
  assert_int_equal(mr_limited_live_blocks(&limited), 0);
  block = take(10);
  parent.fail_at = 3;
  assert_int_equal(mr_reallocate(&limited.base, &block, 20), MR_OUT_OF_MEMORY);
  assert_int_equal(used(), 10);
  give(block);
  fini();
}

static void more_than_can_be_live_is_not_taken_back(void **state) {
  (void)state;
  char mine[64];
  init_with((mr_limited_options){.limit = 100});
  mr_region foreign = {mine, sizeof mine};
  assert_int_equal(mr_deallocate(&limited.base, &foreign), MR_CORRUPT);
  mr_region block = take(40);
  assert_int_equal(mr_deallocate(&limited.base, &foreign), MR_CORRUPT);
  mr_region part = {block.pointer, 39};
  assert_int_equal(mr_deallocate(&limited.base, &part), MR_CORRUPT);
  mr_region other = take(20);
  foreign.size = 60;
  assert_int_equal(mr_deallocate(&limited.base, &foreign), MR_CORRUPT);
  assert_int_equal(used(), 60);
  give(other);
  give(block);
  assert_int_equal(mr_deallocate(&limited.base, &part), MR_CORRUPT);
  fini();
}

static void what_cannot_be_live_does_not_change(void **state) {
  (void)state;
  char mine[64];
  init_with((mr_limited_options){.limit = 100});
  const mr_allocator_ops *ops = limited.base.ops;
  mr_region block = take(40), foreign = {mine, sizeof mine};
  /* Neither reaches the parent, which would fail the test. */
  assert_false(ops->resize(&limited.base, foreign, 10, MR_DEFAULT_ALIGNMENT));
  assert_null(ops->remap(&limited.base, foreign, 10, MR_DEFAULT_ALIGNMENT).pointer);
  assert_int_equal(mr_reallocate(&limited.base, &foreign, 10), MR_CORRUPT);
  assert_int_equal(used(), 40);
  give(block);
  fini();
}

static void what_the_parent_refuses_to_take_back_stays_live(void **state) {
  (void)state;
  char mine[64];
  init_with((mr_limited_options){.limit = 100});
  parent.answers_misuse = true;
  mr_region block = take(40);
  mr_region foreign = {mine, 40};
  assert_int_equal(mr_deallocate(&limited.base, &foreign), MR_CORRUPT);
  assert_int_equal(used(), 40);
  assert_int_equal(mr_limited_live_blocks(&limited), 1);
  foreign.size = 41;
  assert_int_equal(mr_reallocate(&limited.base, &foreign, 20), MR_CORRUPT);
  assert_int_equal(used(), 40);
  give(block);
  fini();
}

static void clear_counts_from_nothing(void **state) {
  (void)state;
  mr_arena arena;
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  mr_limited_options options = {.parent = &arena.base, .limit = 100, .block_limit = 3};
  assert_int_equal(mr_limited_init(&limited, &options), MR_OK);
  take(50);
  take(50);
  assert_int_equal(mr_allocator_clear(&limited.base), MR_OK);
  assert_int_equal(used(), 0);
  assert_int_equal(mr_limited_live_blocks(&limited), 0);
  take(100);
  assert_int_equal(mr_allocator_destroy(&limited.base), MR_OK);
  mr_arena_fini(&arena);
}

static void one_around_another_keeps_both(void **state) {
  (void)state;
  mr_limited inner;
  mr_region block;
  assert_int_equal(mr_limited_init(&inner, &(mr_limited_options){.limit = 100}), MR_OK);
  assert_int_equal(
      mr_limited_init(&limited, &(mr_limited_options){.parent = &inner.base, .limit = 200}), MR_OK);
  assert_int_equal(mr_allocate(&limited.base, 101, &block), MR_BLOCK_TOO_BIG);
  give(take(100));
  mr_limited_fini(&limited);
  mr_limited_fini(&inner);
}

static void damage_is_found(void **state) {
  (void)state;
  mr_condition condition;
  init_with((mr_limited_options){.limit = 100});
  limited.live_blocks = 1;
  assert_false(mr_limited_is_sound(&limited));
  assert_int_equal(mr_allocator_check(&limited.base, &condition), MR_CORRUPT);
  assert_int_equal(condition.status, MR_CORRUPT);
  assert_ptr_equal(condition.subject, &limited);
  assert_int_equal(mr_allocator_check(&limited.base, NULL), MR_CORRUPT);
  limited.live_blocks = 2;
  limited.live_octets = 1;
  assert_false(mr_limited_is_sound(&limited));
  limited.live_blocks = 0;
  assert_false(mr_limited_is_sound(&limited));
  limited.live_octets = 0;
  limited.parent = NULL;
  assert_false(mr_limited_is_sound(&limited));
  limited.parent = &parent.base;
  fini();
}

static void to_end_it_again_does_nothing(void **state) {
  (void)state;
  init_with((mr_limited_options){.limit = 100});
  mr_limited_fini(&limited);
  assert_false(mr_limited_is_sound(&limited));
  mr_limited_fini(&limited);
  test_allocator_fini(&parent);
}

static void the_current_allocator_as_parent_is_the_one_at_init(void **state) {
  (void)state;
  test_allocator_init(&parent);
  mr_set_current_allocator(&parent.base);
  assert_int_equal(mr_limited_init(&limited, &(mr_limited_options){.parent = MR_CURRENT}), MR_OK);
  mr_set_current_allocator(NULL);
  mr_region block = take(10);
  assert_int_equal(parent.live_octets, 10);
  give(block);
  fini();
}

static mr_allocator *wrap(mr_allocator *around) {
  mr_limited_options options = {.parent = around, .limit = (size_t)1 << 24};
  assert_int_equal(mr_limited_init(&limited, &options), MR_OK);
  return &limited.base;
}

static mr_allocator *wrap_closely(mr_allocator *around) {
  mr_limited_options options = {.parent = around, .limit = CONFORMANCE_ROOM, .block_limit = 1100};
  assert_int_equal(mr_limited_init(&limited, &options), MR_OK);
  return &limited.base;
}

static void unwrap(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
}

#define COUNTS .can_tell_usage = true, .can_tell_minimum = true
#define WHAT_LIMITED_CAN(called)                                      \
  .over_arena = {.name = called ": arena",                            \
                 COUNTS,                                              \
                 .can_clear = true,                                   \
                 .can_trim = true,                                    \
                 .can_check = true},                                  \
  .over_test_allocator = {.name = called ": test allocator", COUNTS}, \
  .over_system = {.name = called ": system", COUNTS}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exactly_the_limit_is_given),
      cmocka_unit_test(what_exceeds_the_limit_by_itself_is_too_big),
      cmocka_unit_test(a_refused_request_does_not_reach_the_parent),
      cmocka_unit_test(blocks_are_limited_too),
      cmocka_unit_test(empty_blocks_are_not_counted),
      cmocka_unit_test(zeros_limit_nothing_and_count),
      cmocka_unit_test(a_block_grows_in_place_within_the_limit),
      cmocka_unit_test(a_block_that_the_parent_moves_is_counted_once),
      cmocka_unit_test(a_block_that_is_copied_is_live_twice_meanwhile),
      cmocka_unit_test(limits_change_while_running),
      cmocka_unit_test(a_limit_below_what_is_live_takes_nothing_back),
      cmocka_unit_test(the_parents_failure_counts_nothing),
      cmocka_unit_test(more_than_can_be_live_is_not_taken_back),
      cmocka_unit_test(what_cannot_be_live_does_not_change),
      cmocka_unit_test(what_the_parent_refuses_to_take_back_stays_live),
      cmocka_unit_test(clear_counts_from_nothing),
      cmocka_unit_test(one_around_another_keeps_both),
      cmocka_unit_test(damage_is_found),
      cmocka_unit_test(to_end_it_again_does_nothing),
      cmocka_unit_test(the_current_allocator_as_parent_is_the_one_at_init),
  };
  static const wrapper_fixture wide = {wrap, unwrap, WHAT_LIMITED_CAN("limited")};
  static const wrapper_fixture close = {wrap_closely, unwrap, WHAT_LIMITED_CAN("limited closely")};
  int failed = cmocka_run_group_tests_name("limited", tests, NULL, NULL);
  failed += wrapper_conformance(&wide);
  failed += wrapper_conformance(&close);
  return failed != 0;
}

#include "memregions/fallback.h"

#include <string.h>

#include "allocator_random.h"
#include "failing_allocator.h"
#include "memregions/arena.h"
#include "memregions/bump.h"
#include "memregions/limited.h"
#include "memregions/retrying.h"
#include "support.h"
#include "wrapper_conformance.h"

static _Alignas(4096) unsigned char storage[8192];
static mr_bump bump;
static test_allocator strict;
static mr_arena arena;
static mr_fallback fallback;

/* A bump of `size` octets, and the test allocator. */
static void init_with(size_t size) {
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, size)), MR_OK);
  test_allocator_init(&strict);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, &strict.base), MR_OK);
}

static void fini(void) {
  assert_true(mr_fallback_is_sound(&fallback));
  mr_fallback_fini(&fallback);
  mr_bump_fini(&bump);
  test_allocator_fini(&strict);
}

static mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(&fallback.base, size, &block), MR_OK);
  return block;
}

static void give(mr_region block) {
  assert_int_equal(mr_deallocate(&fallback.base, &block), MR_OK);
}

static size_t used_in_bump(void) {
  size_t used = SIZE_MAX;
  assert_int_equal(mr_used_space(&bump.base, &used), MR_OK);
  return used;
}

static void the_first_serves_while_it_can_and_then_the_second(void **state) {
  (void)state;
  init_with(128);
  mr_region first = take(100);
  assert_ptr_equal(first.pointer, storage);
  mr_region second = take(100);
  assert_int_equal(strict.live_octets, 100);
  mr_region small = take(16);
  assert_ptr_equal(small.pointer, storage + 112);
  give(second);
  assert_int_equal(strict.live_octets, 0);
  give(small);
  give(first);
  assert_int_equal(used_in_bump(), 0);
  fini();
}

static void zeros_and_alignment_are_asked_of_both(void **state) {
  (void)state;
  mr_region block;
  memset(storage, 'x', 64);
  init_with(64);
  assert_int_equal(mr_allocate_zeroed_aligned(&fallback.base, 40, 64, &block), MR_OK);
  assert_ptr_equal(block.pointer, storage);
  assert_int_equal(storage[39], 0);
  mr_region other;
  assert_int_equal(mr_allocate_zeroed_aligned(&fallback.base, 40, 512, &other), MR_OK);
  assert_true(mr_is_aligned(mr_region_view(other), 512));
  assert_int_equal(((unsigned char *)other.pointer)[39], 0);
  assert_int_equal(mr_deallocate_aligned(&fallback.base, &other, 512), MR_OK);
  assert_int_equal(mr_deallocate_aligned(&fallback.base, &block, 64), MR_OK);
  fini();
}

static void where_neither_has_memory_there_is_none(void **state) {
  (void)state;
  mr_region block = {NULL, 77};
  init_with(64);
  strict.fail_at = 1;
  assert_int_equal(mr_allocate(&fallback.base, 65, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 77);
  assert_int_equal(used_in_bump(), 0);
  fini();
}

static void a_block_changes_where_it_stands(void **state) {
  (void)state;
  init_with(128);
  mr_region first = take(20), second = take(1000);
  const void *start = first.pointer, *second_start = second.pointer;
  assert_int_equal(mr_reallocate(&fallback.base, &first, 128), MR_OK);
  assert_ptr_equal(first.pointer, start);
  assert_int_equal(mr_reallocate(&fallback.base, &second, 999), MR_OK);
  assert_ptr_equal(second.pointer, second_start);
  give(second);
  give(first);
  fini();
}

static void a_block_that_outgrows_the_first_moves_to_the_second(void **state) {
  (void)state;
  init_with(128);
  mr_region block = take(100);
  memset(block.pointer, 'x', 100);
  assert_int_equal(mr_reallocate(&fallback.base, &block, 1000), MR_OK);
  assert_int_equal(strict.live_octets, 1000);
  assert_int_equal(used_in_bump(), 0);
  const unsigned char *octets = block.pointer;
  for (size_t i = 0; i < 100; i++) assert_int_equal(octets[i], 'x');
  give(block);
  fini();
}

static void growth_that_neither_can_give_changes_nothing(void **state) {
  (void)state;
  init_with(128);
  mr_region block = take(100);
  const mr_region kept = block;
  memset(block.pointer, 'x', 100);
  strict.fail_at = 1;
  assert_int_equal(mr_reallocate(&fallback.base, &block, 1000), MR_OUT_OF_MEMORY);
  assert_memory_equal(&block, &kept, sizeof kept);
  assert_int_equal(storage[99], 'x');
  assert_int_equal(used_in_bump(), 112);
  give(block);
  fini();
}

static void the_second_may_move_a_block_in_its_own_way(void **state) {
  (void)state;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 64)), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, NULL), MR_OK);
  const mr_allocator_ops *ops = fallback.base.ops;
  mr_region block = take(100), mine = take(10);
  memset(block.pointer, 'x', 100);
  block = ops->remap(&fallback.base, block, 100000, 16);
  assert_non_null(block.pointer);
  assert_int_equal(*(char *)block.pointer, 'x');
  assert_null(ops->remap(&fallback.base, mine, 64, 16).pointer);
  give(block);
  mr_fallback_fini(&fallback);
  mr_bump_fini(&bump);
}

static void neither_needs_to_resize(void **state) {
  (void)state;
  init_with(64);
  mr_allocator_ops ops = *strict.base.ops;
  ops.resize = NULL;
  strict.base.ops = &ops;
  mr_region block = take(100);
  assert_int_equal(mr_reallocate(&fallback.base, &block, 90), MR_OK);
  assert_int_equal(mr_reallocate(&fallback.base, &block, 200), MR_OK);
  give(block);
  fini();
}

static void a_first_that_cant_tell_its_blocks_is_refused(void **state) {
  (void)state;
  mr_fallback kept;
  memset(&fallback, 0x5A, sizeof fallback);
  memcpy(&kept, &fallback, sizeof kept);
  test_allocator_init(&strict);
  mr_limited limited;
  assert_int_equal(mr_limited_init(&limited, &(mr_limited_options){.parent = &strict.base}), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &strict.base, NULL), MR_UNSUPPORTED);
  assert_int_equal(mr_fallback_init(&fallback, &limited.base, NULL), MR_UNSUPPORTED);
  assert_int_equal(mr_fallback_init(&fallback, NULL, &strict.base), MR_UNSUPPORTED);
  assert_memory_equal(&fallback, &kept, sizeof kept);
  mr_limited_fini(&limited);
  test_allocator_fini(&strict);
}

static void two_of_the_same_are_refused(void **state) {
  (void)state;
  mr_fallback kept;
  memset(&fallback, 0x5A, sizeof fallback);
  memcpy(&kept, &fallback, sizeof kept);
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 64)), MR_OK);
  mr_set_current_allocator(&bump.base);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, MR_CURRENT), MR_INVALID_ARGUMENT);
  mr_set_current_allocator(NULL);
  assert_memory_equal(&fallback, &kept, sizeof kept);
  mr_bump_fini(&bump);
}

static void a_wrapper_around_one_that_can_tell_may_be_first(void **state) {
  (void)state;
  mr_limited limited;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 1024)), MR_OK);
  mr_limited_options options = {.parent = &bump.base, .limit = 100};
  assert_int_equal(mr_limited_init(&limited, &options), MR_OK);
  test_allocator_init(&strict);
  assert_int_equal(mr_fallback_init(&fallback, &limited.base, &strict.base), MR_OK);
  mr_region first = take(80), second = take(80);
  assert_ptr_equal(first.pointer, storage);
  assert_int_equal(strict.live_octets, 80);
  give(first);
  give(second);
  mr_limited_fini(&limited);
  fini();
}

static void fallbacks_make_a_chain(void **state) {
  (void)state;
  static _Alignas(16) unsigned char more[256];
  mr_bump other;
  mr_fallback last;
  assert_int_equal(mr_bump_init(&other, mr_region_of(more, sizeof more)), MR_OK);
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 64)), MR_OK);
  test_allocator_init(&strict);
  assert_int_equal(mr_fallback_init(&last, &other.base, &strict.base), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, &last.base), MR_OK);
  mr_region a = take(64), b = take(256), c = take(1);
  assert_ptr_equal(a.pointer, storage);
  assert_ptr_equal(b.pointer, more);
  assert_int_equal(strict.live_octets, 1);
  give(b);
  give(a);
  give(c);
  mr_fallback_fini(&last);
  mr_bump_fini(&other);
  fini();
}

static void it_owns_what_either_owns(void **state) {
  (void)state;
  char mine;
  init_with(64);
  mr_region first = take(64), second = take(64);
  assert_int_equal(mr_allocator_owns(&fallback.base, mr_region_view(first)), MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(&fallback.base, mr_region_view(second)), MR_OWNS_UNKNOWN);
  give(second);
  give(first);
  fini();

  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 64)), MR_OK);
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, &arena.base), MR_OK);
  second = take(65);
  assert_int_equal(mr_allocator_owns(&fallback.base, mr_region_view(second)), MR_OWNS_YES);
  assert_int_equal(mr_allocator_owns(&fallback.base, mr_view_of(&mine, 1)), MR_OWNS_NO);
  mr_fallback_fini(&fallback);
  mr_arena_fini(&arena);
  mr_bump_fini(&bump);
}

static void sizes_are_of_both(void **state) {
  (void)state;
  static _Alignas(16) unsigned char more[1024];
  mr_bump other;
  size_t size = 0;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 128)), MR_OK);
  assert_int_equal(mr_bump_init(&other, mr_region_of(more, sizeof more)), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, &other.base), MR_OK);
  take(100);
  take(100);
  assert_int_equal(mr_total_size(&fallback.base, &size), MR_OK);
  assert_int_equal(size, 128 + 1024);
  assert_int_equal(mr_used_space(&fallback.base, &size), MR_OK);
  assert_int_equal(size, 112 + 112);
  assert_int_equal(mr_maximum_block_size(&fallback.base, &size), MR_OK);
  assert_int_equal(size, 1024);
  assert_int_equal(mr_minimum_block_size(&fallback.base, &size), MR_OK);
  assert_int_equal(size, 16);
  assert_int_equal(mr_good_size(&fallback.base, 17, 16), 32);
  assert_int_equal(mr_good_size(&fallback.base, 1001, 16), 1001);
  mr_region block;
  assert_int_equal(mr_allocate(&fallback.base, 1025, &block), MR_BLOCK_TOO_BIG);
  mr_fallback_fini(&fallback);
  assert_int_equal(mr_fallback_init(&fallback, &other.base, &bump.base), MR_OK);
  assert_int_equal(mr_maximum_block_size(&fallback.base, &size), MR_OK);
  assert_int_equal(size, 1024);
  mr_fallback_fini(&fallback);
  mr_bump_fini(&other);
  mr_bump_fini(&bump);
}

static void good_sizes_cost_no_more_in_either(void **state) {
  (void)state;
  init_with(1024);
  assert_int_equal(mr_good_size(&bump.base, 17, 16), 32);
  assert_int_equal(mr_good_size(&fallback.base, 17, 16), 17);
  fini();
}

static void a_total_beyond_counting_is_cut_off(void **state) {
  (void)state;
  mr_limited limited;
  size_t total = 0;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 128)), MR_OK);
  assert_int_equal(mr_limited_init(&limited, NULL), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, &limited.base), MR_OK);
  assert_int_equal(mr_total_size(&fallback.base, &total), MR_OK);
  assert_true(total == SIZE_MAX);
  mr_fallback_fini(&fallback);
  mr_limited_fini(&limited);
  mr_bump_fini(&bump);
}

static mr_status count_span(void *context, mr_view span, bool is_used) {
  (void)span, (void)is_used;
  ++*(int *)context;
  return MR_OK;
}

static void what_one_cant_tell_is_not_told_of_the_other(void **state) {
  (void)state;
  int spans = 0;
  size_t size = 77;
  init_with(128);
  mr_region block = take(10);
  assert_int_equal(mr_allocator_walk(&fallback.base, count_span, &spans), MR_UNSUPPORTED);
  assert_int_equal(spans, 0);
  assert_int_equal(mr_used_space(&fallback.base, &size), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_check(&fallback.base, NULL), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_trim(&fallback.base), MR_UNSUPPORTED);
  assert_int_equal(size, 77);
  give(block);
  fini();
}

static void clear_changes_nothing_where_the_second_cant(void **state) {
  (void)state;
  init_with(128);
  mr_region block = take(100);
  assert_int_equal(mr_allocator_clear(&fallback.base), MR_UNSUPPORTED);
  assert_int_equal(used_in_bump(), 112);
  give(block);
  fini();
}

static void clear_changes_nothing_where_the_first_has_no_way(void **state) {
  (void)state;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 64)), MR_OK);
  mr_allocator_ops ops = *bump.base.ops;
  ops.clear = NULL;
  bump.base.ops = &ops;
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, &arena.base), MR_OK);
  mr_region block = take(1000);
  assert_int_equal(mr_allocator_clear(&fallback.base), MR_UNSUPPORTED);
  assert_int_equal(mr_allocator_owns(&arena.base, mr_region_view(block)), MR_OWNS_YES);
  mr_fallback_fini(&fallback);
  mr_arena_fini(&arena);
  mr_bump_fini(&bump);
}

static void trim_does_what_either_can(void **state) {
  (void)state;
  test_allocator_init(&strict);
  assert_int_equal(mr_arena_init(&arena, &(mr_arena_options){.parent = &strict.base}), MR_OK);
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 64)), MR_OK);
  for (int i = 0; i < 2; i++) {
    mr_allocator *const both[] = {&bump.base, &arena.base};
    assert_int_equal(mr_fallback_init(&fallback, both[i], both[1 - i]), MR_OK);
    mr_region block = take(5000);
    assert_int_equal(mr_allocator_clear(&fallback.base), MR_OK);
    assert_int_equal(strict.live_blocks, 1);
    assert_int_equal(mr_allocator_trim(&fallback.base), MR_OK);
    assert_int_equal(strict.live_blocks, 0);
    (void)block;
    mr_fallback_fini(&fallback);
  }
  mr_arena_fini(&arena);
  mr_bump_fini(&bump);
  test_allocator_fini(&strict);
}

static void damage_in_either_is_found(void **state) {
  (void)state;
  mr_condition condition;
  init_with(128);
  const mr_window window = bump.window;
  bump.window.cursor = bump.window.end + 16;
  assert_int_equal(mr_allocator_check(&fallback.base, &condition), MR_CORRUPT);
  assert_ptr_equal(condition.subject, &bump);
  bump.window = window;

  fallback.second = fallback.first;
  assert_false(mr_fallback_is_sound(&fallback));
  assert_int_equal(mr_allocator_check(&fallback.base, &condition), MR_CORRUPT);
  assert_ptr_equal(condition.subject, &fallback);
  fallback.second = NULL;
  assert_int_equal(mr_allocator_check(&fallback.base, NULL), MR_CORRUPT);
  fallback.second = &strict.base;
  fallback.first = NULL;
  assert_false(mr_fallback_is_sound(&fallback));
  fallback.first = &bump.base;
  fini();

  /* Also in the second, where the first is well. */
  mr_bump other;
  static _Alignas(16) unsigned char more[64];
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 64)), MR_OK);
  assert_int_equal(mr_bump_init(&other, mr_region_of(more, 64)), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, &other.base), MR_OK);
  const mr_window sound = other.window;
  other.window.cursor = other.window.end + 16;
  assert_int_equal(mr_allocator_check(&fallback.base, &condition), MR_CORRUPT);
  assert_ptr_equal(condition.subject, &other);
  /* Or can't tell. */
  const mr_allocator_ops *ops = bump.base.ops;
  mr_allocator_ops without_check = *ops;
  without_check.check = NULL;
  bump.base.ops = &without_check;
  assert_int_equal(mr_allocator_check(&fallback.base, NULL), MR_CORRUPT);
  bump.base.ops = ops;
  other.window = sound;
  mr_fallback_fini(&fallback);
  mr_bump_fini(&other);
  mr_bump_fini(&bump);
}

static void to_end_it_again_does_nothing(void **state) {
  (void)state;
  init_with(64);
  mr_fallback_fini(&fallback);
  assert_false(mr_fallback_is_sound(&fallback));
  mr_fallback_fini(&fallback);
  mr_bump_fini(&bump);
  test_allocator_fini(&strict);
}

/* Two arenas, of which the first is small; a bump before the test allocator; a bump before the system's. */

static test_allocator other_strict;
static mr_arena other_arena;
static mr_limited narrow;

static mr_allocator *make_of_arenas(void) {
  test_allocator_init(&strict);
  test_allocator_init(&other_strict);
  mr_limited_options limit = {.parent = &strict.base, .limit = 20000};
  assert_int_equal(mr_limited_init(&narrow, &limit), MR_OK);
  assert_int_equal(mr_arena_init(&arena, &(mr_arena_options){.parent = &narrow.base}), MR_OK);
  mr_arena_options options = {.parent = &other_strict.base};
  assert_int_equal(mr_arena_init(&other_arena, &options), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &arena.base, &other_arena.base), MR_OK);
  return &fallback.base;
}

static void unmake_of_arenas(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
  mr_arena_fini(&arena);
  mr_arena_fini(&other_arena);
  mr_limited_fini(&narrow);
  test_allocator_fini(&strict);
  test_allocator_fini(&other_strict);
}

static mr_allocator *make_of_bump_and_test(void) {
  init_with(4000);
  return &fallback.base;
}

static void unmake_of_bump_and_test(mr_allocator *allocator) {
  assert_ptr_equal(allocator, &fallback.base);
  fini();
}

static mr_allocator *make_of_bump_and_system(void) {
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, 4000)), MR_OK);
  assert_int_equal(mr_fallback_init(&fallback, &bump.base, NULL), MR_OK);
  return &fallback.base;
}

static void unmake_of_bump_and_system(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
  mr_bump_fini(&bump);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_serves_while_it_can_and_then_the_second),
      cmocka_unit_test(zeros_and_alignment_are_asked_of_both),
      cmocka_unit_test(where_neither_has_memory_there_is_none),
      cmocka_unit_test(a_block_changes_where_it_stands),
      cmocka_unit_test(a_block_that_outgrows_the_first_moves_to_the_second),
      cmocka_unit_test(growth_that_neither_can_give_changes_nothing),
      cmocka_unit_test(the_second_may_move_a_block_in_its_own_way),
      cmocka_unit_test(neither_needs_to_resize),
      cmocka_unit_test(a_first_that_cant_tell_its_blocks_is_refused),
      cmocka_unit_test(two_of_the_same_are_refused),
      cmocka_unit_test(a_wrapper_around_one_that_can_tell_may_be_first),
      cmocka_unit_test(fallbacks_make_a_chain),
      cmocka_unit_test(it_owns_what_either_owns),
      cmocka_unit_test(sizes_are_of_both),
      cmocka_unit_test(good_sizes_cost_no_more_in_either),
      cmocka_unit_test(a_total_beyond_counting_is_cut_off),
      cmocka_unit_test(what_one_cant_tell_is_not_told_of_the_other),
      cmocka_unit_test(clear_changes_nothing_where_the_second_cant),
      cmocka_unit_test(clear_changes_nothing_where_the_first_has_no_way),
      cmocka_unit_test(trim_does_what_either_can),
      cmocka_unit_test(damage_in_either_is_found),
      cmocka_unit_test(to_end_it_again_does_nothing),
  };
  static const allocator_fixture fixtures[] = {
      {"fallback: arena, arena", make_of_arenas, unmake_of_arenas, .can_tell_usage = true,
       .can_tell_minimum = true, .can_clear = true, .can_trim = true, .can_walk = true,
       .can_check = true},
      {"fallback: bump, test allocator", make_of_bump_and_test, unmake_of_bump_and_test,
       .can_tell_minimum = true},
      {"fallback: bump, system", make_of_bump_and_system, unmake_of_bump_and_system,
       .can_tell_minimum = true, .can_tell_usage = SYSTEM_CAN_TELL_USAGE, .is_shared = true},
  };
  int failed = cmocka_run_group_tests_name("fallback", tests, NULL, NULL);
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
    failed += allocator_conformance(&fixtures[i]);
    failed += allocator_random(&fixtures[i]);
  }
  return failed != 0;
}

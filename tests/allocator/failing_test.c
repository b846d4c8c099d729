#include "memregions/failing.h"

#include <string.h>

#include "allocator_random.h"
#include "failing_allocator.h"
#include "memregions/arena.h"
#include "memregions/bump.h"
#include "memregions/retrying.h"
#include "support.h"
#include "wrapper_conformance.h"

static test_allocator parent;
static mr_failing failing;

static void init_with(mr_failing_plan plan) {
  test_allocator_init(&parent);
  mr_failing_options options = {.parent = &parent.base, .plan = plan};
  assert_int_equal(mr_failing_init(&failing, &options), MR_OK);
}

static void fini(void) {
  assert_true(mr_failing_is_sound(&failing));
  mr_failing_fini(&failing);
  test_allocator_fini(&parent);
}

static mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(&failing.base, size, &block), MR_OK);
  return block;
}

static void give(mr_region block) { assert_int_equal(mr_deallocate(&failing.base, &block), MR_OK); }

/* Takes `size` octets and gives them back. */
static mr_status try_once(size_t size) {
  mr_region block = {NULL, 0};
  mr_status status = mr_allocate(&failing.base, size, &block);
  if (status == MR_OK) give(block);
  return status;
}

static void the_planned_call_fails_and_no_other(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 3});
  assert_int_equal(try_once(10), MR_OK);
  assert_int_equal(try_once(10), MR_OK);
  assert_int_equal(try_once(10), MR_OUT_OF_MEMORY);
  assert_int_equal(try_once(10), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 4);
  assert_int_equal(mr_failing_failures(&failing), 1);
  assert_int_equal(parent.requests, 3);
  fini();
}

static void later_calls_fail_too_where_it_fails_on(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 2, .fails_on = true});
  assert_int_equal(try_once(10), MR_OK);
  for (int i = 0; i < 10; i++) assert_int_equal(try_once(10), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_failing_failures(&failing), 10);
  fini();
}

static void zeros_fail_nothing_and_count(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 0});
  for (size_t i = 1; i <= 1000; i++) assert_int_equal(try_once(i), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 1000);
  assert_int_equal(mr_failing_failures(&failing), 0);
  fini();
  assert_int_equal(mr_failing_init(&failing, NULL), MR_OK);
  assert_int_equal(try_once(10), MR_OK);
  mr_failing_fini(&failing);
}

static void what_reaches_no_kind_is_no_call(void **state) {
  (void)state;
  mr_region block = {NULL, 0};
  init_with((mr_failing_plan){.call = 1});
  assert_int_equal(mr_allocate(&failing.base, 0, &block), MR_OK);
  assert_int_equal(mr_allocate(&failing.base, SIZE_MAX, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate_aligned(&failing.base, 1, 3, &block), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_failing_calls(&failing), 0);
  fini();
}

/* A reallocation that grows: one call. */

static void growth_by_copying_is_one_call(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 0});
  mr_region block = take(10);
  assert_int_equal(mr_reallocate(&failing.base, &block, 20), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 2);
  assert_int_equal(mr_reallocate_zeroed(&failing.base, &block, 30), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 3);
  give(block);
  fini();
}

static void growth_by_the_parents_moving_is_one_call(void **state) {
  (void)state;
  assert_int_equal(mr_failing_init(&failing, NULL), MR_OK);
  mr_region block = take(10);
  assert_int_equal(mr_reallocate(&failing.base, &block, 20000), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 2);
  give(block);
  mr_failing_fini(&failing);
}

static void growth_by_the_parents_moving_is_done_when_it_has_moved(void **state) {
  (void)state;
  mr_failing_options options = {.plan = {.budget = 300}};
  assert_int_equal(mr_failing_init(&failing, &options), MR_OK);
  mr_region block = take(10);
  assert_int_equal(mr_reallocate(&failing.base, &block, 100), MR_OK);
  mr_region other = take(100);
  assert_int_equal(mr_failing_calls(&failing), 3);
  assert_int_equal(try_once(101), MR_OUT_OF_MEMORY);
  assert_int_equal(try_once(100), MR_OK);
  give(other);
  give(block);
  mr_failing_fini(&failing);
}

static void growth_in_place_is_one_call(void **state) {
  (void)state;
  static unsigned char storage[256];
  mr_bump bump;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  mr_failing_options options = {.parent = &bump.base};
  assert_int_equal(mr_failing_init(&failing, &options), MR_OK);
  mr_region block = take(10);
  const void *start = block.pointer;
  assert_int_equal(mr_reallocate(&failing.base, &block, 100), MR_OK);
  assert_ptr_equal(block.pointer, start);
  assert_int_equal(mr_failing_calls(&failing), 2);
  mr_failing_fini(&failing);
  mr_bump_fini(&bump);
}

static void growth_fails_as_a_whole(void **state) {
  (void)state;
  mr_allocator *const parents[] = {&parent.base, NULL};
  test_allocator_init(&parent);
  for (size_t i = 0; i < 2; i++) {
    mr_failing_options options = {.parent = parents[i], .plan = {.call = 2}};
    assert_int_equal(mr_failing_init(&failing, &options), MR_OK);
    mr_region block = take(10);
    memset(block.pointer, 'x', 10);
    const mr_region kept = block;
    assert_int_equal(mr_reallocate(&failing.base, &block, 20), MR_OUT_OF_MEMORY);
    assert_memory_equal(&block, &kept, sizeof kept);
    assert_memory_equal(block.pointer, "xxxxxxxxxx", 10);
    assert_int_equal(mr_failing_calls(&failing), 2);
    assert_int_equal(mr_failing_failures(&failing), 1);
    assert_int_equal(mr_reallocate(&failing.base, &block, 20), MR_OK);
    assert_int_equal(mr_failing_calls(&failing), 3);
    give(block);
    mr_failing_fini(&failing);
  }
  test_allocator_fini(&parent);
}

static void a_call_that_the_parent_fails_counts_but_is_no_failure_of_the_plan(void **state) {
  (void)state;
  mr_region block = {NULL, 0};
  init_with((mr_failing_plan){.call = 2});
  parent.fail_at = 1;
  assert_int_equal(mr_allocate(&failing.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_failing_calls(&failing), 1);
  assert_int_equal(mr_failing_failures(&failing), 0);
  assert_int_equal(mr_allocate(&failing.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_failing_failures(&failing), 1);
  fini();
}

static void growth_that_the_parent_fails_is_done_with(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 0});
  mr_region block = take(10), other;
  parent.fail_at = 2;
  assert_int_equal(mr_reallocate(&failing.base, &block, 20), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_failing_calls(&failing), 2);
  other = take(20);
  assert_int_equal(mr_failing_calls(&failing), 3);
  give(other);
  give(block);
  fini();
}

static void a_try_to_grow_in_place_ends_with_the_next_release(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 2});
  const mr_allocator_ops *ops = failing.base.ops;
  mr_region block = take(10);
  assert_false(ops->resize(&failing.base, block, 20, 16));
  give(block);
  /* Another call, although it asks for the same. */
  block = take(20);
  assert_int_equal(mr_failing_calls(&failing), 3);
  give(block);
  fini();
}

static void a_try_to_grow_in_place_ends_with_the_next_reallocation(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 0});
  const mr_allocator_ops *ops = failing.base.ops;
  mr_region block = take(10), other = take(30);
  assert_false(ops->resize(&failing.base, block, 20, 16));
  parent.always_moves = true;
  assert_int_equal(mr_reallocate(&failing.base, &other, 20), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 4);
  give(other);
  give(block);
  fini();
}

static void a_try_to_grow_in_place_ends_with_another_alignment_or_plan(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 0});
  const mr_allocator_ops *ops = failing.base.ops;
  mr_region block = take(10), other = {NULL, 0};
  assert_false(ops->resize(&failing.base, block, 20, 16));
  assert_int_equal(mr_allocate_aligned(&failing.base, 20, 32, &other), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 3);
  assert_int_equal(mr_deallocate_aligned(&failing.base, &other, 32), MR_OK);

  assert_false(ops->resize(&failing.base, block, 20, 16));
  mr_failing_set_plan(&failing, NULL);
  assert_int_equal(try_once(20), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 1);
  give(block);
  fini();
}

static void remap_alone_is_a_call(void **state) {
  (void)state;
  mr_failing_options options = {.plan = {.call = 3}};
  assert_int_equal(mr_failing_init(&failing, &options), MR_OK);
  const mr_allocator_ops *ops = failing.base.ops;
  mr_region block = take(10);
  block = ops->remap(&failing.base, block, 20, 16);
  assert_non_null(block.pointer);
  assert_int_equal(mr_failing_calls(&failing), 2);
  assert_null(ops->remap(&failing.base, block, 30, 16).pointer);
  assert_int_equal(mr_failing_failures(&failing), 1);
  give(block);
  mr_failing_fini(&failing);
}

/* A block to give back, through the failing allocator, when its parent is short of memory. */
static mr_retry give_kept(void *context, const mr_condition *failure, size_t attempt) {
  (void)failure;
  if (attempt > 1) return MR_DECLINE;
  mr_region *kept = context;
  assert_int_equal(mr_deallocate(&failing.base, kept), MR_OK);
  return MR_RETRY;
}

static void a_call_in_which_blocks_are_given_back_is_one_call(void **state) {
  (void)state;
  mr_retrying retrying;
  mr_region kept[3], block = {NULL, 0};
  mr_retrying_options options = {.parent = &parent.base, .function = give_kept};
  options.context = &kept[0];
  test_allocator_init(&parent);
  assert_int_equal(mr_retrying_init(&retrying, &options), MR_OK);
  mr_failing_options over = {.parent = &retrying.base, .plan = {.budget = 100}};
  assert_int_equal(mr_failing_init(&failing, &over), MR_OK);
  for (size_t i = 0; i < 3; i++) kept[i] = take(10);

  parent.fail_at = parent.requests + 1;
  block = take(30);
  assert_int_equal(mr_failing_calls(&failing), 4);

  retrying.context = &kept[1];
  parent.fail_at = parent.requests + 1;
  assert_int_equal(mr_reallocate(&failing.base, &block, 50), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 5);

  retrying.context = &kept[2];
  parent.fail_at = parent.requests + 1;
  parent.fails_on = true;
  assert_int_equal(mr_reallocate(&failing.base, &block, 60), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_failing_calls(&failing), 6);

  /* Of the budget, 30 went to the three, 50 to the block. */
  parent.fail_at = 0;
  assert_int_equal(try_once(21), MR_OUT_OF_MEMORY);
  assert_int_equal(try_once(20), MR_OK);
  give(block);
  fini();
  mr_retrying_fini(&retrying);
}

static void to_shrink_is_a_call_only_where_it_allocates(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 0});
  mr_region block = take(30);
  assert_int_equal(mr_reallocate(&failing.base, &block, 20), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 1);
  parent.always_moves = true;
  assert_int_equal(mr_reallocate(&failing.base, &block, 10), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 2);
  give(block);
  fini();

  assert_int_equal(mr_failing_init(&failing, NULL), MR_OK);
  block = take(30);
  assert_int_equal(mr_reallocate(&failing.base, &block, 20), MR_OK);
  assert_int_equal(mr_failing_calls(&failing), 1);
  give(block);
  mr_failing_fini(&failing);
}

/* The budget. */

static void the_budget_is_of_all_that_was_ever_given(void **state) {
  (void)state;
  init_with((mr_failing_plan){.budget = 100});
  assert_int_equal(try_once(60), MR_OK);
  assert_int_equal(try_once(41), MR_OUT_OF_MEMORY);
  assert_int_equal(try_once(40), MR_OK);
  assert_int_equal(try_once(1), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_failing_failures(&failing), 2);
  fini();
}

static void growth_takes_what_it_grows_by(void **state) {
  (void)state;
  init_with((mr_failing_plan){.budget = 100});
  mr_region block = take(60);
  assert_int_equal(mr_reallocate(&failing.base, &block, 90), MR_OK);
  assert_int_equal(mr_reallocate(&failing.base, &block, 101), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_reallocate(&failing.base, &block, 100), MR_OK);
  assert_int_equal(try_once(1), MR_OUT_OF_MEMORY);
  give(block);
  fini();
}

static void what_the_parent_fails_takes_nothing_of_the_budget(void **state) {
  (void)state;
  init_with((mr_failing_plan){.budget = 100});
  parent.fail_at = 1;
  assert_int_equal(try_once(100), MR_OUT_OF_MEMORY);
  assert_int_equal(try_once(100), MR_OK);
  fini();
}

/* Chance. */

enum { DRAWS = 20000 };

static size_t failures_of(mr_failing_plan plan, unsigned char *fates) {
  mr_failing_set_plan(&failing, &plan);
  for (size_t i = 0; i < DRAWS; i++) fates[i] = try_once(1) != MR_OK;
  return mr_failing_failures(&failing);
}

static void chance_fails_as_many_as_it_says_and_the_same_each_time(void **state) {
  (void)state;
  static unsigned char first[DRAWS], again[DRAWS], other[DRAWS];
  assert_int_equal(mr_failing_init(&failing, NULL), MR_OK);
  mr_failing_plan plan = {.per_million = 250000, .seed = 42};
  const size_t failures = failures_of(plan, first);
  assert_in_range(failures, DRAWS / 4 - DRAWS / 50, DRAWS / 4 + DRAWS / 50);
  assert_int_equal(failures_of(plan, again), failures);
  assert_memory_equal(first, again, sizeof first);
  plan.seed = 43;
  failures_of(plan, other);
  assert_memory_not_equal(first, other, sizeof first);
  mr_failing_fini(&failing);
}

static void a_million_of_a_million_is_always(void **state) {
  (void)state;
  static unsigned char fates[DRAWS];
  assert_int_equal(mr_failing_init(&failing, NULL), MR_OK);
  assert_int_equal(failures_of((mr_failing_plan){.per_million = 1000000}, fates), DRAWS);
  assert_int_equal(failures_of((mr_failing_plan){.per_million = UINT32_MAX}, fates), DRAWS);
  mr_failing_fini(&failing);
}

static void other_parts_of_a_plan_do_not_change_what_chance_fails(void **state) {
  (void)state;
  static unsigned char alone[DRAWS], together[DRAWS];
  assert_int_equal(mr_failing_init(&failing, NULL), MR_OK);
  failures_of((mr_failing_plan){.per_million = 100000}, alone);
  failures_of((mr_failing_plan){.per_million = 100000, .call = 1000}, together);
  alone[999] = 1;
  assert_memory_equal(alone, together, sizeof alone);
  mr_failing_fini(&failing);
}

/* The generator's first numbers from 0, as published with it. */
static void the_random_numbers_are_splitmix64(void **state) {
  (void)state;
  static const uint64_t numbers[] = {UINT64_C(0xE220A8397B1DCDAF), UINT64_C(0x6E789E6AA1B965F4),
                                     UINT64_C(0x06C45D188009454F), UINT64_C(0xF88BB8A8724C81EC),
                                     UINT64_C(0x1B39896A51A8749B)};
  assert_int_equal(mr_failing_init(&failing, NULL), MR_OK);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    const uint32_t at = (uint32_t)((numbers[i] >> 32) * 1000000 >> 32);
    mr_failing_set_plan(&failing, &(mr_failing_plan){.per_million = at});
    for (size_t j = 0; j < i; j++) mr_ignore(try_once(1));
    assert_int_equal(try_once(1), MR_OK);
    mr_failing_set_plan(&failing, &(mr_failing_plan){.per_million = at + 1});
    for (size_t j = 0; j < i; j++) mr_ignore(try_once(1));
    assert_int_equal(try_once(1), MR_OUT_OF_MEMORY);
  }
  mr_failing_fini(&failing);
}

/* Plans. */

static void a_plan_starts_all_counts_anew(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 1, .budget = 10});
  assert_int_equal(try_once(10), MR_OUT_OF_MEMORY);
  assert_int_equal(try_once(10), MR_OK);
  mr_failing_set_plan(&failing, &(mr_failing_plan){.call = 2, .budget = 10});
  assert_int_equal(mr_failing_calls(&failing), 0);
  assert_int_equal(mr_failing_failures(&failing), 0);
  assert_int_equal(try_once(9), MR_OK);
  assert_int_equal(try_once(1), MR_OUT_OF_MEMORY);
  assert_int_equal(try_once(1), MR_OK);
  mr_failing_set_plan(&failing, NULL);
  assert_int_equal(try_once(1000), MR_OK);
  fini();
}

/* Builds an arena of a few blocks, one of which grows. */
static mr_status work(mr_allocator *allocator) {
  mr_arena arena;
  mr_region block = {NULL, 0}, last;
  mr_arena_options options = {.parent = allocator, .chunk_size = 512};
  mr_status status = mr_arena_init(&arena, &options);
  if (status != MR_OK) return status;
  status = mr_allocate(allocator, 100, &block);
  for (size_t i = 0; i < 20 && status == MR_OK; i++) status = mr_allocate(&arena.base, 400, &last);
  if (status == MR_OK) status = mr_reallocate(allocator, &block, 5000);
  mr_ignore(mr_deallocate(allocator, &block));
  mr_arena_fini(&arena);
  return status;
}

static void a_sweep_fails_each_call_in_turn(void **state) {
  (void)state;
  size_t n = 1;
  size_t reported = 0;
  init_with((mr_failing_plan){.call = 0});
  for (;; n++) {
    mr_failing_set_plan(&failing, &(mr_failing_plan){.call = n});
    mr_status status = work(&failing.base);
    assert_int_equal(parent.live_blocks, 0);
    if (mr_failing_failures(&failing) == 0) {
      assert_int_equal(status, MR_OK);
      break;
    }
    /* An arena whose chunk is refused may do with a smaller one. */
    if (status != MR_OK) reported++;
  }
  assert_int_equal(n, mr_failing_calls(&failing) + 1);
  assert_true(reported >= 2);
  fini();
}

static void what_the_parent_could_never_give_is_too_big(void **state) {
  (void)state;
  static unsigned char storage[256];
  mr_bump bump;
  mr_region block;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  mr_failing_options options = {.parent = &bump.base, .plan = {.call = 1, .fails_on = true}};
  assert_int_equal(mr_failing_init(&failing, &options), MR_OK);
  assert_int_equal(mr_allocate(&failing.base, 257, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate(&failing.base, 1, &block), MR_OUT_OF_MEMORY);
  mr_failing_fini(&failing);
  mr_bump_fini(&bump);
}

static void damage_is_found(void **state) {
  (void)state;
  mr_condition condition;
  init_with((mr_failing_plan){.budget = 10});
  failing.failures = 1;
  assert_int_equal(mr_allocator_check(&failing.base, &condition), MR_CORRUPT);
  assert_ptr_equal(condition.subject, &failing);
  failing.failures = 0;
  failing.given = 11;
  assert_false(mr_failing_is_sound(&failing));
  failing.given = 0;
  failing.parent = NULL;
  assert_false(mr_failing_is_sound(&failing));
  failing.parent = &parent.base;
  fini();
}

static void to_end_it_again_does_nothing(void **state) {
  (void)state;
  init_with((mr_failing_plan){.call = 0});
  mr_failing_fini(&failing);
  assert_false(mr_failing_is_sound(&failing));
  mr_failing_fini(&failing);
  test_allocator_fini(&parent);
}

static mr_allocator *wrap(mr_allocator *around) {
  assert_int_equal(mr_failing_init(&failing, &(mr_failing_options){.parent = around}), MR_OK);
  return &failing.base;
}

static void unwrap(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
}

static mr_allocator *make_unlucky(void) {
  test_allocator_init(&parent);
  mr_failing_options options = {.parent = &parent.base, .plan = {.per_million = 100000}};
  assert_int_equal(mr_failing_init(&failing, &options), MR_OK);
  return &failing.base;
}

static void unmake_unlucky(mr_allocator *allocator) {
  unwrap(allocator);
  test_allocator_fini(&parent);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_planned_call_fails_and_no_other),
      cmocka_unit_test(later_calls_fail_too_where_it_fails_on),
      cmocka_unit_test(zeros_fail_nothing_and_count),
      cmocka_unit_test(what_reaches_no_kind_is_no_call),
      cmocka_unit_test(growth_by_copying_is_one_call),
      cmocka_unit_test(growth_by_the_parents_moving_is_one_call),
      cmocka_unit_test(growth_by_the_parents_moving_is_done_when_it_has_moved),
      cmocka_unit_test(growth_in_place_is_one_call),
      cmocka_unit_test(growth_fails_as_a_whole),
      cmocka_unit_test(a_call_that_the_parent_fails_counts_but_is_no_failure_of_the_plan),
      cmocka_unit_test(growth_that_the_parent_fails_is_done_with),
      cmocka_unit_test(a_try_to_grow_in_place_ends_with_the_next_release),
      cmocka_unit_test(a_try_to_grow_in_place_ends_with_the_next_reallocation),
      cmocka_unit_test(a_try_to_grow_in_place_ends_with_another_alignment_or_plan),
      cmocka_unit_test(remap_alone_is_a_call),
      cmocka_unit_test(a_call_in_which_blocks_are_given_back_is_one_call),
      cmocka_unit_test(to_shrink_is_a_call_only_where_it_allocates),
      cmocka_unit_test(the_budget_is_of_all_that_was_ever_given),
      cmocka_unit_test(growth_takes_what_it_grows_by),
      cmocka_unit_test(what_the_parent_fails_takes_nothing_of_the_budget),
      cmocka_unit_test(chance_fails_as_many_as_it_says_and_the_same_each_time),
      cmocka_unit_test(a_million_of_a_million_is_always),
      cmocka_unit_test(other_parts_of_a_plan_do_not_change_what_chance_fails),
      cmocka_unit_test(the_random_numbers_are_splitmix64),
      cmocka_unit_test(a_plan_starts_all_counts_anew),
      cmocka_unit_test(a_sweep_fails_each_call_in_turn),
      cmocka_unit_test(what_the_parent_could_never_give_is_too_big),
      cmocka_unit_test(damage_is_found),
      cmocka_unit_test(to_end_it_again_does_nothing),
  };
  static const wrapper_fixture fixture = {wrap, unwrap, WRAPPER_CAN_WHAT_ITS_PARENT_CAN("failing")};
  static const allocator_fixture unlucky = {"failing by chance", make_unlucky, unmake_unlucky,
                                            .can_clear = false};
  int failed = cmocka_run_group_tests_name("failing", tests, NULL, NULL);
  failed += wrapper_conformance(&fixture);
  failed += allocator_random(&unlucky);
  return failed != 0;
}

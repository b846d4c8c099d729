#include "memregions/retrying.h"

#include <string.h>

#include "allocator_random.h"
#include "failing_allocator.h"
#include "memregions/arena.h"
#include "memregions/bump.h"
#include "memregions/limited.h"
#include "memregions/tlsf.h"
#include "support.h"
#include "wrapper_conformance.h"

static test_allocator parent;
static mr_retrying retrying;

/* What a function was asked, and what it does. */
typedef struct handler {
  size_t asked;
  size_t last_attempt;
  mr_condition last;
  /* How often it says MR_RETRY. */
  size_t retries;
} handler;

static mr_retry note(void *context, const mr_condition *failure, size_t attempt) {
  handler *self = context;
  self->asked++;
  self->last_attempt = attempt;
  self->last = *failure;
  return self->asked <= self->retries ? MR_RETRY : MR_DECLINE;
}

static void init_over(mr_allocator *over, mr_retry_function *function, void *context) {
  mr_retrying_options options = {.parent = over, .function = function, .context = context};
  assert_int_equal(mr_retrying_init(&retrying, &options), MR_OK);
}

static void init_with(mr_retry_function *function, void *context) {
  test_allocator_init(&parent);
  init_over(&parent.base, function, context);
}

static void fini(void) {
  assert_true(mr_retrying_is_sound(&retrying));
  mr_retrying_fini(&retrying);
  test_allocator_fini(&parent);
}

static mr_region take(size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(&retrying.base, size, &block), MR_OK);
  return block;
}

static void give(mr_region block) {
  assert_int_equal(mr_deallocate(&retrying.base, &block), MR_OK);
}

static void fail_from_now_on(void) {
  parent.fail_at = parent.requests + 1;
  parent.fails_on = true;
}

static void nobody_is_asked_while_there_is_memory(void **state) {
  (void)state;
  handler asked = {0};
  init_with(note, &asked);
  mr_region block = take(10);
  assert_int_equal(mr_reallocate(&retrying.base, &block, 1000), MR_OK);
  give(block);
  assert_int_equal(asked.asked, 0);
  fini();
}

static void to_decline_reports_the_failure(void **state) {
  (void)state;
  handler asked = {0};
  mr_region block = {NULL, 77};
  init_with(note, &asked);
  fail_from_now_on();
  assert_int_equal(mr_allocate(&retrying.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(block.size, 77);
  assert_int_equal(asked.asked, 1);
  assert_int_equal(parent.requests, 1);
  fini();
}

static void to_retry_tries_again(void **state) {
  (void)state;
  handler asked = {.retries = 1};
  init_with(note, &asked);
  parent.fail_at = 1;
  give(take(10));
  assert_int_equal(asked.asked, 1);
  assert_int_equal(parent.requests, 2);
  fini();
}

static void the_function_hears_what_failed(void **state) {
  (void)state;
  handler asked = {0};
  mr_region block;
  init_with(note, &asked);
  fail_from_now_on();
  assert_int_equal(mr_allocate(&retrying.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(asked.last.status, MR_OUT_OF_MEMORY);
  assert_int_equal(asked.last.requested, 10);
  assert_int_equal(asked.last.limit, PTRDIFF_MAX);
  assert_ptr_equal(asked.last.subject, &parent);
  assert_int_equal(asked.last_attempt, 1);
  fini();
}

static void attempts_are_counted_and_bounded(void **state) {
  (void)state;
  handler asked = {.retries = SIZE_MAX};
  mr_region block;
  test_allocator_init(&parent);
  mr_retrying_options options = {&parent.base, note, &asked, .most_retries = 3};
  assert_int_equal(mr_retrying_init(&retrying, &options), MR_OK);
  fail_from_now_on();
  assert_int_equal(mr_allocate(&retrying.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(asked.asked, 3);
  assert_int_equal(asked.last_attempt, 3);
  assert_int_equal(parent.requests, 1 + 3);
  /* Each request has its own. */
  assert_int_equal(mr_allocate(&retrying.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(asked.asked, 6);
  assert_int_equal(asked.last_attempt, 3);
  fini();
}

static void there_is_a_bound_where_none_was_named(void **state) {
  (void)state;
  handler asked = {.retries = SIZE_MAX};
  mr_region block;
  init_with(note, &asked);
  fail_from_now_on();
  assert_int_equal(mr_allocate(&retrying.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(asked.asked, MR_RETRYING_MOST_RETRIES);
  fini();
}

static void zeros_ask_nobody(void **state) {
  (void)state;
  mr_region block;
  init_with(NULL, NULL);
  fail_from_now_on();
  assert_int_equal(mr_allocate(&retrying.base, 10, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(parent.requests, 1);
  fini();
  assert_int_equal(mr_retrying_init(&retrying, NULL), MR_OK);
  give(take(10));
  mr_retrying_fini(&retrying);
}

static void what_no_parent_could_have_is_not_asked_about(void **state) {
  (void)state;
  handler asked = {.retries = SIZE_MAX};
  mr_region block = {NULL, 0};
  init_with(note, &asked);
  assert_int_equal(mr_allocate(&retrying.base, SIZE_MAX, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate_array(&retrying.base, SIZE_MAX, 2, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_reallocate(&retrying.base, &block, SIZE_MAX), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate_aligned(&retrying.base, 1, 3, &block), MR_INVALID_ARGUMENT);
  assert_int_equal(asked.asked, 0);
  fini();
}

static mr_retry raise_limit(void *context, const mr_condition *failure, size_t attempt) {
  (void)attempt;
  mr_limited_set_limit(context, (size_t)failure->requested);
  return failure->status == MR_BLOCK_TOO_BIG ? MR_RETRY : MR_DECLINE;
}

static void a_block_too_big_is_asked_about(void **state) {
  (void)state;
  mr_limited limited;
  assert_int_equal(mr_limited_init(&limited, &(mr_limited_options){.limit = 100}), MR_OK);
  init_over(&limited.base, raise_limit, &limited);
  give(take(101));
  mr_region block = take(50);
  assert_int_equal(mr_reallocate(&retrying.base, &block, 500), MR_OK);
  give(block);
  mr_retrying_fini(&retrying);
  mr_limited_fini(&limited);
}

static void zeros_and_alignment_are_asked_for_again(void **state) {
  (void)state;
  handler asked = {.retries = 1};
  mr_region block;
  init_with(note, &asked);
  parent.fail_at = 1;
  assert_int_equal(mr_allocate_zeroed_aligned(&retrying.base, 100, 256, &block), MR_OK);
  assert_true(mr_is_aligned(mr_region_view(block), 256));
  for (size_t i = 0; i < 100; i++) assert_int_equal(((unsigned char *)block.pointer)[i], 0);
  assert_int_equal(mr_deallocate_aligned(&retrying.base, &block, 256), MR_OK);
  fini();
}

/* Reallocating. */

static void growth_is_retried(void **state) {
  (void)state;
  handler asked = {.retries = 2};
  init_with(note, &asked);
  mr_region block = take(10);
  memset(block.pointer, 'x', 10);
  parent.fail_at = 2;
  assert_int_equal(mr_reallocate(&retrying.base, &block, 1000), MR_OK);
  assert_memory_equal(block.pointer, "xxxxxxxxxx", 10);
  assert_int_equal(asked.asked, 1);
  assert_int_equal(asked.last.requested, 1000);
  give(block);
  fini();
}

static void growth_that_is_declined_is_asked_about_once(void **state) {
  (void)state;
  handler asked = {0};
  init_with(note, &asked);
  mr_region block = take(10);
  const mr_region kept = block;
  fail_from_now_on();
  assert_int_equal(mr_reallocate(&retrying.base, &block, 1000), MR_OUT_OF_MEMORY);
  assert_memory_equal(&block, &kept, sizeof kept);
  assert_int_equal(asked.asked, 1);
  /* The next request of that size is another. */
  mr_region other;
  assert_int_equal(mr_allocate(&retrying.base, 1000, &other), MR_OUT_OF_MEMORY);
  assert_int_equal(asked.asked, 2);
  give(block);
  fini();
}

static void growth_is_bounded_too(void **state) {
  (void)state;
  handler asked = {.retries = SIZE_MAX};
  init_with(note, &asked);
  mr_region block = take(10);
  fail_from_now_on();
  assert_int_equal(mr_reallocate(&retrying.base, &block, 1000), MR_OUT_OF_MEMORY);
  assert_int_equal(asked.asked, MR_RETRYING_MOST_RETRIES);
  give(block);
  fini();
}

/* The newest block of a bump, to be given back. */
typedef struct obstacle {
  mr_region block;
} obstacle;

static mr_retry give_obstacle_back(void *context, const mr_condition *failure, size_t attempt) {
  (void)failure, (void)attempt;
  return mr_deallocate(&retrying.base, &((obstacle *)context)->block) == MR_OK ? MR_RETRY
                                                                               : MR_DECLINE;
}

static void a_block_grows_where_it_stands_once_there_is_room_behind_it(void **state) {
  (void)state;
  static _Alignas(16) unsigned char storage[256];
  mr_bump bump;
  obstacle behind;
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  init_over(&bump.base, give_obstacle_back, &behind);
  mr_region block = take(128);
  const void *start = block.pointer;
  behind.block = take(64);
  assert_int_equal(mr_reallocate(&retrying.base, &block, 256), MR_OK);
  assert_ptr_equal(block.pointer, start);
  mr_retrying_fini(&retrying);
  mr_bump_fini(&bump);
}

static void misuse_is_not_asked_about(void **state) {
  (void)state;
  handler asked = {.retries = SIZE_MAX};
  char mine[16];
  init_with(note, &asked);
  parent.answers_misuse = true;
  mr_region foreign = {mine, sizeof mine};
  assert_int_equal(mr_reallocate(&retrying.base, &foreign, 32), MR_CORRUPT);
  assert_int_equal(mr_deallocate(&retrying.base, &foreign), MR_CORRUPT);
  assert_ptr_equal(foreign.pointer, mine);
  assert_int_equal(asked.asked, 0);
  fini();
}

static void a_growth_given_up_is_forgotten_by_what_comes_next(void **state) {
  (void)state;
  handler asked = {0};
  init_with(note, &asked);
  const mr_allocator_ops *ops = retrying.base.ops;
  mr_region block = take(10), other;
  fail_from_now_on();
  assert_null(ops->remap(&retrying.base, block, 1000, 16).pointer);
  assert_int_equal(asked.asked, 1);
  assert_int_equal(mr_reallocate(&retrying.base, &block, 9), MR_OK);
  assert_int_equal(mr_allocate(&retrying.base, 1000, &other), MR_OUT_OF_MEMORY);
  assert_int_equal(asked.asked, 2);

  assert_null(ops->remap(&retrying.base, block, 1000, 16).pointer);
  assert_int_equal(asked.asked, 3);
  give(block);
  assert_int_equal(mr_allocate(&retrying.base, 1000, &other), MR_OUT_OF_MEMORY);
  assert_int_equal(asked.asked, 4);
  fini();
}

/* Using it while it asks. */

typedef struct cache {
  mr_region kept[4];
  size_t count;
  mr_status nested;
  size_t asked;
} cache;

static mr_retry drop(void *context, const mr_condition *failure, size_t attempt) {
  cache *self = context;
  (void)failure, (void)attempt;
  self->asked++;
  mr_region block = {NULL, 0};
  self->nested = mr_allocate(&retrying.base, 5000, &block);
  if (self->count == 0) return MR_DECLINE;
  return mr_deallocate(&retrying.base, &self->kept[--self->count]) == MR_OK ? MR_RETRY : MR_DECLINE;
}

static void the_function_may_give_blocks_back_until_there_is_room(void **state) {
  (void)state;
  mr_limited limited;
  cache cached = {.count = 4};
  assert_int_equal(mr_limited_init(&limited, &(mr_limited_options){.limit = 400}), MR_OK);
  init_over(&limited.base, drop, &cached);
  for (size_t i = 0; i < 4; i++) cached.kept[i] = take(100);
  mr_region block = take(250);
  assert_int_equal(cached.count, 1);
  assert_int_equal(cached.asked, 3);
  give(block);
  give(cached.kept[0]);
  mr_retrying_fini(&retrying);
  mr_limited_fini(&limited);
}

static void what_fails_while_it_asks_is_not_asked_about(void **state) {
  (void)state;
  mr_limited limited;
  mr_region block;
  cache cached = {.count = 0};
  assert_int_equal(mr_limited_init(&limited, &(mr_limited_options){.limit = 400}), MR_OK);
  init_over(&limited.base, drop, &cached);
  assert_int_equal(mr_allocate(&retrying.base, 401, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(cached.asked, 1);
  assert_int_equal(cached.nested, MR_BLOCK_TOO_BIG);
  mr_retrying_fini(&retrying);
  mr_limited_fini(&limited);
}

static mr_retry reallocate_meanwhile(void *context, const mr_condition *failure, size_t attempt) {
  cache *self = context;
  (void)failure;
  self->nested = mr_reallocate(&retrying.base, &self->kept[0], 1000);
  return attempt == 1 ? MR_RETRY : MR_DECLINE;
}

static void a_reallocation_that_fails_meanwhile_changes_nothing_for_the_outer(void **state) {
  (void)state;
  cache cached = {.count = 1};
  mr_region block;
  init_with(reallocate_meanwhile, &cached);
  cached.kept[0] = take(10);
  mr_region other = take(20);
  fail_from_now_on();
  assert_int_equal(mr_allocate(&retrying.base, 1000, &block), MR_OUT_OF_MEMORY);
  assert_int_equal(cached.nested, MR_OUT_OF_MEMORY);
  assert_int_equal(mr_reallocate(&retrying.base, &other, 1000), MR_OUT_OF_MEMORY);
  assert_int_equal(other.size, 20);
  give(cached.kept[0]);
  give(other);
  fini();
}

static mr_retry trim_arena(void *context, const mr_condition *failure, size_t attempt) {
  (void)failure;
  return attempt == 1 && mr_allocator_trim(context) == MR_OK ? MR_RETRY : MR_DECLINE;
}

static void memory_that_an_arena_keeps_can_be_had_back(void **state) {
  (void)state;
  mr_limited limited;
  mr_arena arena;
  mr_region block;
  assert_int_equal(mr_limited_init(&limited, &(mr_limited_options){.limit = 10000}), MR_OK);
  init_over(&limited.base, trim_arena, &arena);
  mr_arena_options options = {.parent = &retrying.base, .chunk_size = 9000};
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  assert_int_equal(mr_allocate(&arena.base, 100, &block), MR_OK);
  assert_int_equal(mr_allocator_clear(&arena.base), MR_OK);
  give(take(10000));
  mr_arena_fini(&arena);
  mr_retrying_fini(&retrying);
  mr_limited_fini(&limited);
}

static mr_retry add_memory(void *context, const mr_condition *failure, size_t attempt) {
  static unsigned char more[16384];
  (void)failure;
  return attempt == 1 && mr_tlsf_add(context, mr_region_of(more, sizeof more)) == MR_OK
             ? MR_RETRY
             : MR_DECLINE;
}

static void the_parent_may_be_given_memory(void **state) {
  (void)state;
  mr_tlsf tlsf;
  assert_int_equal(mr_tlsf_init(&tlsf, NULL), MR_OK);
  init_over(&tlsf.base, add_memory, &tlsf);
  mr_region block = take(1000);
  assert_int_equal(mr_reallocate(&retrying.base, &block, 10000), MR_OK);
  give(block);
  mr_retrying_fini(&retrying);
  mr_tlsf_fini(&tlsf);
}

static void damage_is_found(void **state) {
  (void)state;
  mr_condition condition;
  init_with(NULL, NULL);
  retrying.is_asking = true;
  assert_int_equal(mr_allocator_check(&retrying.base, &condition), MR_CORRUPT);
  assert_ptr_equal(condition.subject, &retrying);
  retrying.is_asking = false;
  retrying.most_retries = 0;
  assert_false(mr_retrying_is_sound(&retrying));
  retrying.most_retries = 1;
  retrying.parent = NULL;
  assert_false(mr_retrying_is_sound(&retrying));
  retrying.parent = &parent.base;
  fini();
}

static void to_end_it_again_does_nothing(void **state) {
  (void)state;
  init_with(NULL, NULL);
  mr_retrying_fini(&retrying);
  assert_false(mr_retrying_is_sound(&retrying));
  mr_retrying_fini(&retrying);
  test_allocator_fini(&parent);
}

static mr_allocator *wrap(mr_allocator *around) {
  static handler asked;
  init_over(around, note, &asked);
  return &retrying.base;
}

static void unwrap(mr_allocator *allocator) {
  assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
}

/* Over a limit that is reached all the time; every other failure is retried in vain. */

static mr_limited narrow;

static mr_retry every_other_time(void *context, const mr_condition *failure, size_t attempt) {
  (void)context, (void)failure;
  return attempt < 2 ? MR_RETRY : MR_DECLINE;
}

static mr_allocator *make_narrow(void) {
  test_allocator_init(&parent);
  mr_limited_options options = {.parent = &parent.base, .limit = 20000};
  assert_int_equal(mr_limited_init(&narrow, &options), MR_OK);
  init_over(&narrow.base, every_other_time, NULL);
  return &retrying.base;
}

static void unmake_narrow(mr_allocator *allocator) {
  unwrap(allocator);
  mr_limited_fini(&narrow);
  test_allocator_fini(&parent);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nobody_is_asked_while_there_is_memory),
      cmocka_unit_test(to_decline_reports_the_failure),
      cmocka_unit_test(to_retry_tries_again),
      cmocka_unit_test(the_function_hears_what_failed),
      cmocka_unit_test(attempts_are_counted_and_bounded),
      cmocka_unit_test(there_is_a_bound_where_none_was_named),
      cmocka_unit_test(zeros_ask_nobody),
      cmocka_unit_test(what_no_parent_could_have_is_not_asked_about),
      cmocka_unit_test(a_block_too_big_is_asked_about),
      cmocka_unit_test(zeros_and_alignment_are_asked_for_again),
      cmocka_unit_test(growth_is_retried),
      cmocka_unit_test(growth_that_is_declined_is_asked_about_once),
      cmocka_unit_test(growth_is_bounded_too),
      cmocka_unit_test(a_block_grows_where_it_stands_once_there_is_room_behind_it),
      cmocka_unit_test(misuse_is_not_asked_about),
      cmocka_unit_test(a_growth_given_up_is_forgotten_by_what_comes_next),
      cmocka_unit_test(the_function_may_give_blocks_back_until_there_is_room),
      cmocka_unit_test(what_fails_while_it_asks_is_not_asked_about),
      cmocka_unit_test(a_reallocation_that_fails_meanwhile_changes_nothing_for_the_outer),
      cmocka_unit_test(memory_that_an_arena_keeps_can_be_had_back),
      cmocka_unit_test(the_parent_may_be_given_memory),
      cmocka_unit_test(damage_is_found),
      cmocka_unit_test(to_end_it_again_does_nothing),
  };
  static const wrapper_fixture fixture = {wrap, unwrap,
                                          WRAPPER_CAN_WHAT_ITS_PARENT_CAN("retrying")};
  static const allocator_fixture asking = {"retrying in vain", make_narrow, unmake_narrow,
                                           .can_tell_usage = true};
  int failed = cmocka_run_group_tests_name("retrying", tests, NULL, NULL);
  failed += wrapper_conformance(&fixture);
  failed += allocator_random(&asking);
  return failed != 0;
}

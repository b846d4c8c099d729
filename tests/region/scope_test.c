#include <memregions/scope.h>
#include <string.h>

#include "copying_source.h"
#include "support.h"

static void the_stack_limit_is_8192_unless_set(void **state) {
  (void)state;
  assert_int_equal(mr_stack_limit(), 8192);
  assert_int_equal(mr_set_stack_limit(65536), MR_OK);
  assert_int_equal(mr_stack_limit(), 65536);
  assert_int_equal(mr_set_stack_limit(65537), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_set_stack_limit(SIZE_MAX), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_stack_limit(), 65536);
  assert_int_equal(mr_set_stack_limit(0), MR_OK);
  assert_int_equal(mr_stack_limit(), 0);
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
}

static size_t planned(size_t size) {
  mr_scope_plan plan = mr_region_scope_plan(mr_temporary_source(size), NULL, NULL);
  assert_int_equal(plan.status, MR_OK);
  assert_int_equal(plan.scratch_size, size);
  return plan.frame_length;
}

static void a_frame_has_scratch_up_to_the_limit(void **state) {
  (void)state;
  assert_int_equal(planned(0), 1);
  assert_int_equal(planned(1), 1);
  assert_int_equal(planned(16), 1);
  assert_int_equal(planned(17), 2);
  assert_int_equal(planned(8192), 512);
  assert_int_equal(planned(8193), 1);
  assert_int_equal(planned(PTRDIFF_MAX), 1);
}

static void scratch_lies_on_the_frame_where_it_fits(void **state) {
  (void)state;
  mr_scratch frame[4];
  mr_scope_plan plan = mr_region_scope_plan(mr_temporary_source(60), NULL, NULL);
  assert_int_equal(plan.frame_length, 4);
  mr_region_scope scope = mr_region_scope_begin(&plan, frame);
  assert_ptr_equal(scope.borrow.region.pointer, frame);
  assert_null(scope.heap);
  assert_int_equal(mr_region_scope_end(&scope), MR_OK);
}

static void scratch_is_the_heaps_where_there_is_no_frame(void **state) {
  (void)state;
  mr_scope_plan plan = mr_region_scope_plan(mr_temporary_source(60), NULL, NULL);
  mr_region_scope scope = mr_region_scope_begin(&plan, NULL);
  assert_int_equal(scope.status, MR_OK);
  assert_int_equal(scope.borrow.region.size, 60);
  assert_ptr_equal(scope.borrow.region.pointer, scope.heap);
  assert_int_equal(mr_region_scope_end(&scope), MR_OK);
  assert_null(scope.heap);
  assert_null(scope.borrow.region.pointer);
}

static void a_dropped_plan_holds_nothing(void **state) {
  (void)state;
  char octets[8];
  copying_source copying = {.memory = mr_region_of(octets, 8)};
  mr_scope_plan plan = mr_region_scope_plan(copying_source_of(&copying), NULL, NULL);
  assert_int_equal(plan.status, MR_OK);
  assert_int_equal(copying.acquired, 0);
}

static void a_refused_plan_gives_a_null_region(void **state) {
  (void)state;
  mr_status report = MR_OK;
  mr_scratch frame[1];
  mr_borrow_options options = {mr_range_of(2, 1), MR_IO};
  mr_scope_plan plan = mr_region_scope_plan(mr_temporary_source(8), &options, &report);
  assert_int_equal(plan.status, MR_OUT_OF_BOUNDS);
  assert_int_equal(plan.frame_length, 1);
  mr_region_scope scope = mr_region_scope_begin(&plan, frame);
  assert_int_equal(scope.status, MR_OUT_OF_BOUNDS);
  assert_int_equal(report, MR_OUT_OF_BOUNDS);
  assert_null(scope.borrow.region.pointer);
  assert_int_equal(mr_region_scope_end(&scope), MR_OK);
  assert_int_equal(report, MR_OUT_OF_BOUNDS);
}

static void an_acquire_that_fails_gives_scratch_back(void **state) {
  (void)state;
  char octets[8];
  copying_source copying = {.memory = mr_region_of(octets, 8), .acquire_answer = MR_BUSY};
  mr_scope_plan plan = mr_region_scope_plan(copying_source_of(&copying), NULL, NULL);
  mr_region_scope scope = mr_region_scope_begin(&plan, NULL);
  assert_int_equal(scope.status, MR_BUSY);
  assert_null(scope.heap);
  assert_null(scope.borrow.region.pointer);
}

static void no_memory_gives_a_null_region(void **state) {
  (void)state;
  mr_scope_plan plan = mr_region_scope_plan(mr_temporary_source(PTRDIFF_MAX), NULL, NULL);
  mr_region_scope scope = mr_region_scope_begin(&plan, NULL);
  assert_int_equal(scope.status, MR_OUT_OF_MEMORY);
  assert_null(scope.borrow.region.pointer);
  assert_int_equal(mr_region_scope_end(&scope), MR_OK);
}

static void the_release_is_reported_unless_something_was_before(void **state) {
  (void)state;
  char octets[8];
  mr_status report = MR_FAULT;
  copying_source copying = {.memory = mr_region_of(octets, 8), .release_answer = MR_NO_SPACE};
  mr_scope_plan plan = mr_region_scope_plan(copying_source_of(&copying), NULL, &report);
  mr_region_scope scope = mr_region_scope_begin(&plan, NULL);
  assert_int_equal(report, MR_OK);
  assert_int_equal(mr_region_scope_end(&scope), MR_NO_SPACE);
  assert_int_equal(report, MR_NO_SPACE);

  scope = mr_region_scope_begin(&plan, NULL);
  report = MR_CORRUPT;
  assert_int_equal(mr_region_scope_end(&scope), MR_NO_SPACE);
  assert_int_equal(report, MR_CORRUPT);
}

static void ending_again_does_nothing(void **state) {
  (void)state;
  char octets[8];
  mr_status report = MR_OK;
  copying_source copying = {.memory = mr_region_of(octets, 8)};
  mr_scope_plan plan = mr_region_scope_plan(copying_source_of(&copying), NULL, &report);
  mr_region_scope scope = mr_region_scope_begin(&plan, NULL);
  assert_int_equal(mr_region_scope_end(&scope), MR_OK);
  copying.release_answer = MR_FAULT;
  assert_int_equal(mr_region_scope_end(&scope), MR_OK);
  assert_int_equal(report, MR_OK);
  assert_int_equal(copying.held, 0);
}

static void a_view_is_planned_for_input_only(void **state) {
  (void)state;
  mr_borrow_options options = {mr_range_all(), MR_IO};
  mr_source source = mr_view_source(MR_VIEW("abc"));
  assert_int_equal(mr_view_scope_plan(source, &options, NULL).status, MR_INVALID_ARGUMENT);
  mr_scope_plan plan = mr_view_scope_plan(source, NULL, NULL);
  mr_region_scope scope = mr_region_scope_begin(&plan, NULL);
  assert_int_equal(scope.status, MR_OK);
  assert_int_equal(scope.borrow.region.size, 3);
  assert_int_equal(mr_region_scope_end(&scope), MR_OK);
}

static void a_source_is_itself(void **state) {
  (void)state;
  char octet;
  mr_source source = mr_source_itself(mr_region_source(mr_region_of(&octet, 1)));
  assert_ptr_equal(source.self, &octet);
}

static bool scope_uses_frame(size_t limit, size_t size) {
  mr_scratch frame[1];
  assert_int_equal(mr_set_stack_limit(limit), MR_OK);
  mr_scope_plan plan = mr_region_scope_plan(mr_temporary_source(size), NULL, NULL);
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
  assert_int_equal(plan.frame_length, 1);
  mr_region_scope scope = mr_region_scope_begin(&plan, frame);
  bool uses_frame = scope.borrow.region.pointer == (void *)frame;
  assert_true(uses_frame == (scope.heap == NULL));
  assert_true(uses_frame != plan.needs_heap);
  assert_int_equal(mr_region_scope_end(&scope), MR_OK);
  return uses_frame;
}

static void a_small_limit_holds_for_small_scratch(void **state) {
  (void)state;
  assert_false(scope_uses_frame(0, 1));
  assert_false(scope_uses_frame(0, 16));
  assert_true(scope_uses_frame(8, 1));
  assert_true(scope_uses_frame(8, 8));
  assert_false(scope_uses_frame(8, 9));
  assert_false(scope_uses_frame(8, 16));
  assert_true(scope_uses_frame(16, 16));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_stack_limit_is_8192_unless_set),
      cmocka_unit_test(a_frame_has_scratch_up_to_the_limit),
      cmocka_unit_test(scratch_lies_on_the_frame_where_it_fits),
      cmocka_unit_test(scratch_is_the_heaps_where_there_is_no_frame),
      cmocka_unit_test(a_dropped_plan_holds_nothing),
      cmocka_unit_test(a_refused_plan_gives_a_null_region),
      cmocka_unit_test(an_acquire_that_fails_gives_scratch_back),
      cmocka_unit_test(no_memory_gives_a_null_region),
      cmocka_unit_test(the_release_is_reported_unless_something_was_before),
      cmocka_unit_test(ending_again_does_nothing),
      cmocka_unit_test(a_view_is_planned_for_input_only),
      cmocka_unit_test(a_source_is_itself),
      cmocka_unit_test(a_small_limit_holds_for_small_scratch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

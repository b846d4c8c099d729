#include "memregions/call_stack.h"

#include <stdio.h>
#include <string.h>

#include "support.h"

/* Where the call of stack_of returns to. */
static void *caller;

/* Not inlined and not a tail call, so that it has a frame of its own. */
static __attribute__((noinline)) mr_call_stack stack_of(size_t skip) {
  mr_call_stack stack = mr_call_stack_here(skip);
  caller = __builtin_extract_return_addr(__builtin_return_address(0));
  return stack;
}

static void the_callers_own_call_is_the_first(void **state) {
  (void)state;
  mr_call_stack stack = stack_of(0);

  assert_true(stack.depth >= 2);
  assert_ptr_equal(stack.frames[1], caller);
}

static void the_innermost_are_left_out_as_asked(void **state) {
  (void)state;
  mr_call_stack all = stack_of(0);
  mr_call_stack outer = stack_of(1);

  assert_int_equal(outer.depth, all.depth == MR_CALL_STACK_DEPTH ? outer.depth : all.depth - 1);
  assert_ptr_equal(outer.frames[1], all.frames[2]);
}

static void more_than_there_is_can_be_left_out(void **state) {
  (void)state;
  assert_int_equal(stack_of(SIZE_MAX).depth, 0);
  assert_int_equal(stack_of(10000).depth, 0);
}

static __attribute__((noinline)) mr_call_stack deep_stack(int calls) {
  mr_call_stack stack = calls > 0 ? deep_stack(calls - 1) : mr_call_stack_here(0);
  __asm__ volatile("" : : "r"(&stack) : "memory");
  return stack;
}

static void deep_stacks_are_cut_off(void **state) {
  (void)state;
  assert_int_equal(deep_stack(100).depth, MR_CALL_STACK_DEPTH);
}

static void calls_are_printed_a_line_each(void **state) {
  (void)state;
  static char buffer[MR_CALL_STACK_DEPTH * 500];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  mr_call_stack stack = stack_of(0);

  assert_int_equal(mr_call_stack_print(&stack, "  at ", mr_text_write, &text), MR_OK);

  size_t lines = 0;
  for (const char *at = buffer; (at = strstr(at, "  at 0x")) != NULL; at++) lines++;
  assert_int_equal(lines, stack.depth);
  assert_non_null(strstr(buffer, "call_stack_test+0x"));
}

static void what_no_file_holds_is_printed_as_an_address(void **state) {
  (void)state;
  char buffer[64];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  mr_call_stack stack = {1, {(void *)(uintptr_t)16}};

  assert_int_equal(mr_call_stack_print(&stack, "", mr_text_write, &text), MR_OK);

  assert_string_equal(buffer, "0x10\n");
}

static void printing_ends_where_nothing_can_be_written(void **state) {
  (void)state;
  char buffer[8];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  mr_call_stack stack = {2, {(void *)(uintptr_t)16, (void *)(uintptr_t)16}};
  assert_int_equal(mr_call_stack_print(&stack, "", mr_text_write, &text), MR_NO_SPACE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_callers_own_call_is_the_first),
      cmocka_unit_test(the_innermost_are_left_out_as_asked),
      cmocka_unit_test(more_than_there_is_can_be_left_out),
      cmocka_unit_test(deep_stacks_are_cut_off),
      cmocka_unit_test(calls_are_printed_a_line_each),
      cmocka_unit_test(what_no_file_holds_is_printed_as_an_address),
      cmocka_unit_test(printing_ends_where_nothing_can_be_written),
  };
  return cmocka_run_group_tests_name("call_stack", tests, NULL, NULL);
}

#include <memregions/source.h>
#include <string.h>

#include "copying_source.h"
#include "support.h"

/* What a called function is to do, and what it saw. */
typedef struct visit {
  mr_status answer;
  int calls;
  const void *pointer;
  size_t size;
  bool zeroed;
} visit;

static mr_status see(void *context, mr_region region) {
  visit *v = context;
  v->calls++;
  v->pointer = region.pointer;
  v->size = region.size;
  v->zeroed = true;
  const unsigned char *octets = region.pointer;
  for (size_t i = 0; i < region.size; i++) v->zeroed = v->zeroed && octets[i] == 0;
  if (region.size > 0) memset(region.pointer, 'X', region.size);
  return v->answer;
}

static mr_status look(void *context, mr_view view) {
  visit *v = context;
  v->calls++;
  v->pointer = view.pointer;
  v->size = view.size;
  return v->answer;
}

static void without_options_all_is_lent_for_both(void **state) {
  (void)state;
  char octets[] = "abc";
  visit v = {.answer = MR_OK};
  assert_int_equal(mr_call_with_region(mr_region_source(mr_region_of(octets, 3)), NULL, see, &v),
                   MR_OK);
  assert_ptr_equal(v.pointer, octets);
  assert_int_equal(v.size, 3);
  assert_string_equal(octets, "XXX");
}

static void a_start_past_the_end_gives_an_empty_region_there(void **state) {
  (void)state;
  char octets[100] = {0};
  mr_source source = mr_region_source(mr_region_of(octets, 100));
  mr_borrow_options options = {mr_range_from(200), MR_IO};
  visit v = {.answer = MR_OK};
  assert_int_equal(mr_call_with_region(source, &options, see, &v), MR_OK);
  assert_int_equal(v.calls, 1);
  assert_ptr_equal(v.pointer, octets + 100);
  assert_int_equal(v.size, 0);
}

static void a_range_of_elements_is_cut_off_at_the_last_octet(void **state) {
  (void)state;
  char octets[10] = {0};
  mr_source source = mr_array_source(mr_region_of(octets, 10), 4);
  visit v = {.answer = MR_OK};
  mr_borrow_options options = {mr_range_of(1, 3), MR_IO};
  assert_int_equal(mr_call_with_region(source, &options, see, &v), MR_OK);
  assert_int_equal(v.size, 6);
  options.range = mr_range_of(1, SIZE_MAX / 2);
  assert_int_equal(mr_call_with_region(source, &options, see, &v), MR_OK);
  assert_int_equal(v.size, 6);
  /* This many elements would wrap to 8 octets. */
  options.range = mr_range_of(1, SIZE_MAX / 4 + 3);
  assert_int_equal(mr_call_with_region(source, &options, see, &v), MR_OK);
  assert_int_equal(v.size, 6);
  options.range = mr_range_of(3, SIZE_MAX - 1);
  assert_int_equal(mr_call_with_region(source, &options, see, &v), MR_OK);
  assert_ptr_equal(v.pointer, octets + 10);
}

static void a_trailing_part_is_not_reached_by_whole_elements(void **state) {
  (void)state;
  char octets[10] = {0};
  mr_source source = mr_array_source(mr_region_of(octets, 10), 4);
  mr_borrow_options options = {mr_range_of(0, 2), MR_IO};
  visit v = {.answer = MR_OK};
  assert_int_equal(mr_call_with_region(source, &options, see, &v), MR_OK);
  assert_int_equal(v.size, 8);
  options.range = mr_range_from(2);
  assert_int_equal(mr_call_with_region(source, &options, see, &v), MR_OK);
  assert_ptr_equal(v.pointer, octets + 8);
  assert_int_equal(v.size, 2);
}

static void a_start_after_the_end_is_refused(void **state) {
  (void)state;
  char octets[100] = {0};
  mr_source source = mr_region_source(mr_region_of(octets, 100));
  mr_borrow_options options = {mr_range_of(300, 200), MR_IO};
  visit v = {.answer = MR_OK};
  assert_int_equal(mr_call_with_region(source, &options, see, &v), MR_OUT_OF_BOUNDS);
  assert_int_equal(v.calls, 0);
}

static void the_functions_status_goes_before_the_releases(void **state) {
  (void)state;
  char octets[8] = "abc";
  copying_source copying = {.memory = mr_region_of(octets, 8), .release_answer = MR_SYSTEM_ERROR};
  visit fails = {.answer = (mr_status)(MR_USER + 1)}, succeeds = {.answer = MR_OK};
  mr_source source = copying_source_of(&copying);
  assert_int_equal(mr_call_with_region(source, NULL, see, &fails), MR_USER + 1);
  assert_int_equal(mr_call_with_region(source, NULL, see, &succeeds), MR_SYSTEM_ERROR);
  assert_int_equal(copying.held, 0);
}

static void what_cannot_be_acquired_is_not_called_for(void **state) {
  (void)state;
  char octets[8] = "abc";
  copying_source copying = {.memory = mr_region_of(octets, 8), .acquire_answer = MR_BUSY};
  visit v = {.answer = MR_OK};
  assert_int_equal(mr_call_with_region(copying_source_of(&copying), NULL, see, &v), MR_BUSY);
  copying = (copying_source){.memory = mr_region_of(octets, 8), .scratch_answer = MR_FAULT};
  assert_int_equal(mr_call_with_region(copying_source_of(&copying), NULL, see, &v), MR_FAULT);
  assert_int_equal(v.calls, 0);
  assert_string_equal(octets, "abc");
}

static void a_temporary_is_zeroed_on_stack_and_heap(void **state) {
  static const size_t sizes[] = {1, 15, 16, 17, 8191, 8192, 8193, 1000000};
  (void)state;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    visit v = {.answer = MR_OK};
    assert_int_equal(mr_call_with_region(mr_temporary_source(sizes[i]), NULL, see, &v), MR_OK);
    assert_int_equal(v.size, sizes[i]);
    assert_true(v.zeroed);
    assert_true(mr_is_aligned(mr_view_of(v.pointer, 1), 16));
  }
}

static void no_memory_for_scratch_is_out_of_memory(void **state) {
  (void)state;
  visit v = {.answer = MR_OK};
  assert_int_equal(mr_call_with_region(mr_temporary_source(PTRDIFF_MAX), NULL, see, &v),
                   MR_OUT_OF_MEMORY);
  assert_int_equal(mr_call_with_region(mr_temporary_source(PTRDIFF_MAX / 2), NULL, see, &v),
                   MR_OUT_OF_MEMORY);
  assert_int_equal(mr_call_with_region(mr_temporary_source(SIZE_MAX), NULL, see, &v),
                   MR_BLOCK_TOO_BIG);
  assert_int_equal(v.calls, 0);
}

static void a_view_is_lent_for_reading(void **state) {
  (void)state;
  visit v = {.answer = (mr_status)(MR_USER + 2)};
  mr_borrow_options options = {mr_range_of(1, 2), MR_INPUT};
  mr_view text = MR_VIEW("abc");
  assert_int_equal(mr_call_with_view(mr_view_source(text), NULL, look, &v), MR_USER + 2);
  assert_ptr_equal(v.pointer, text.pointer);
  assert_int_equal(v.size, 3);
  assert_int_equal(mr_call_with_view(mr_view_source(text), &options, look, &v), MR_USER + 2);
  assert_int_equal(v.size, 1);
}

static void a_view_is_lent_for_nothing_else(void **state) {
  static const mr_direction others[] = {MR_OUTPUT, MR_IO, (mr_direction)0, (mr_direction)9};
  (void)state;
  char octets[3] = {0};
  visit v = {.answer = MR_OK};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    mr_borrow_options options = {mr_range_all(), others[i]};
    assert_int_equal(
        mr_call_with_view(mr_region_source(mr_region_of(octets, 3)), &options, look, &v),
        MR_INVALID_ARGUMENT);
  }
  assert_int_equal(v.calls, 0);
}

/* Whether it is a frame's, near this one. The compiler's own notion of the frame: a sanitizer keeps variables elsewhere. */
static bool is_on_stack(const void *pointer) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0), there = (uintptr_t)pointer;
  return (here < there ? there - here : here - there) < 200000;
}

static bool call_uses_stack(size_t limit, size_t size) {
  visit v = {.answer = MR_OK};
  assert_int_equal(mr_set_stack_limit(limit), MR_OK);
  assert_int_equal(mr_call_with_region(mr_temporary_source(size), NULL, see, &v), MR_OK);
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
  assert_int_equal(v.size, size);
  return is_on_stack(v.pointer);
}

static void scratch_is_the_stacks_up_to_the_limit_however_small(void **state) {
  (void)state;
  assert_false(call_uses_stack(0, 1));
  assert_false(call_uses_stack(0, 16));
  assert_true(call_uses_stack(8, 1));
  assert_true(call_uses_stack(8, 8));
  assert_false(call_uses_stack(8, 9));
  assert_false(call_uses_stack(8, 16));
  assert_true(call_uses_stack(8192, 8192));
  assert_false(call_uses_stack(8192, 8193));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_options_all_is_lent_for_both),
      cmocka_unit_test(a_start_past_the_end_gives_an_empty_region_there),
      cmocka_unit_test(a_range_of_elements_is_cut_off_at_the_last_octet),
      cmocka_unit_test(a_trailing_part_is_not_reached_by_whole_elements),
      cmocka_unit_test(a_start_after_the_end_is_refused),
      cmocka_unit_test(the_functions_status_goes_before_the_releases),
      cmocka_unit_test(what_cannot_be_acquired_is_not_called_for),
      cmocka_unit_test(a_temporary_is_zeroed_on_stack_and_heap),
      cmocka_unit_test(no_memory_for_scratch_is_out_of_memory),
      cmocka_unit_test(a_view_is_lent_for_reading),
      cmocka_unit_test(a_view_is_lent_for_nothing_else),
      cmocka_unit_test(scratch_is_the_stacks_up_to_the_limit_however_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

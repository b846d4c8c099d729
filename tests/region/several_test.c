#include <memregions/source.h>
#include <stdlib.h>
#include <string.h>

#include "copying_source.h"
#include "support.h"

enum { COUNT = 4, SIZE = 10, MANY = 2000 };

/* Sources that copy, each over its own SIZE octets. */
typedef struct fixture {
  unsigned char octets[COUNT][SIZE];
  copying_source copying[COUNT];
  mr_source sources[COUNT];
} fixture;

static void fixture_init(fixture *f) {
  for (int i = 0; i < COUNT; i++) {
    memset(f->octets[i], i + 1, SIZE);
    f->copying[i] = (copying_source){.memory = mr_region_of(f->octets[i], SIZE)};
    f->sources[i] = copying_source_of(&f->copying[i]);
  }
}

static int held(const fixture *f) {
  int sum = 0;
  for (int i = 0; i < COUNT; i++) sum += f->copying[i].held;
  return sum;
}

typedef struct visit {
  mr_status answer;
  int calls;
  size_t count;
} visit;

/* Expects the fixture's contents, and changes them. */
static mr_status change(void *context, const mr_region *regions, size_t count) {
  visit *v = context;
  v->calls++;
  v->count = count;
  for (size_t i = 0; i < count; i++) {
    unsigned char expected[SIZE];
    memset(expected, (int)i + 1, SIZE);
    assert_int_equal(regions[i].size, SIZE);
    assert_memory_equal(regions[i].pointer, expected, SIZE);
  }
  for (size_t i = 0; i < count; i++) memset(regions[i].pointer, (int)i + 101, SIZE);
  return v->answer;
}

static mr_status count_regions(void *context, const mr_region *regions, size_t count) {
  visit *v = context;
  v->calls++;
  v->count = 0;
  for (size_t i = 0; i < count; i++) v->count += regions[i].size;
  return v->answer;
}

static void assert_all_changed(void) {
  fixture f;
  visit v = {.answer = MR_OK};
  fixture_init(&f);
  assert_int_equal(mr_call_with_regions(f.sources, NULL, COUNT, change, &v), MR_OK);
  assert_int_equal(v.calls, 1);
  assert_int_equal(v.count, COUNT);
  for (int i = 0; i < COUNT; i++) assert_int_equal(f.octets[i][SIZE - 1], i + 101);
  assert_int_equal(held(&f), 0);
}

static void each_is_lent_and_written_back(void **state) {
  (void)state;
  assert_all_changed();
}

static void it_works_whatever_the_stack_limit(void **state) {
  (void)state;
  /* From all on the heap, over the records only on the stack, to all on the stack. */
  for (size_t limit = 0; limit <= 1024; limit += 16) {
    assert_int_equal(mr_set_stack_limit(limit), MR_OK);
    assert_all_changed();
  }
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
}

static void none_is_a_number_too(void **state) {
  (void)state;
  visit v = {.answer = (mr_status)(MR_USER + 1)};
  assert_int_equal(mr_call_with_regions(NULL, NULL, 0, count_regions, &v), MR_USER + 1);
  assert_int_equal(v.calls, 1);
  assert_int_equal(v.count, 0);
}

static void many_are_lent_from_the_heap(void **state) {
  (void)state;
  mr_source *sources = malloc(MANY * sizeof *sources);
  assert_non_null(sources);
  for (size_t i = 0; i < MANY; i++) sources[i] = mr_temporary_source(i % 7);
  visit v = {.answer = MR_OK};
  size_t expected = 0;
  for (size_t i = 0; i < MANY; i++) expected += i % 7;
  assert_int_equal(mr_call_with_regions(sources, NULL, MANY, count_regions, &v), MR_OK);
  assert_int_equal(v.count, expected);
  free(sources);
}

static void each_has_options_of_its_own(void **state) {
  (void)state;
  fixture f;
  visit v = {.answer = MR_OK};
  mr_borrow_options options[COUNT] = {{mr_range_of(0, 3), MR_INPUT},
                                      {mr_range_from(4), MR_IO},
                                      {mr_range_of(9, 99), MR_OUTPUT},
                                      {mr_range_all(), MR_INPUT}};
  fixture_init(&f);
  assert_int_equal(mr_call_with_regions(f.sources, options, COUNT, count_regions, &v), MR_OK);
  assert_int_equal(v.count, 3 + 6 + 1 + 10);
  options[2].range = mr_range_of(2, 1);
  assert_int_equal(mr_call_with_regions(f.sources, options, COUNT, count_regions, &v),
                   MR_OUT_OF_BOUNDS);
  options[2] = (mr_borrow_options){mr_range_all(), (mr_direction)0};
  assert_int_equal(mr_call_with_regions(f.sources, options, COUNT, count_regions, &v),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(v.calls, 1);
}

static void when_one_fails_those_before_are_released(void **state) {
  (void)state;
  for (int failing = 0; failing < COUNT; failing++) {
    fixture f;
    visit v = {.answer = MR_OK};
    fixture_init(&f);
    f.copying[failing].acquire_answer = MR_BUSY;
    assert_int_equal(mr_call_with_regions(f.sources, NULL, COUNT, change, &v), MR_BUSY);
    assert_int_equal(v.calls, 0);
    assert_int_equal(held(&f), 0);
    for (int i = 0; i < COUNT; i++) assert_int_equal(f.copying[i].acquired, i < failing);
  }
}

/* Two copies of the same memory: what is left is what was written back last. */
static void they_are_released_in_reverse(void **state) {
  (void)state;
  fixture f;
  visit v = {.answer = MR_OK};
  mr_borrow_options options[] = {{mr_range_all(), MR_IO}, {mr_range_all(), MR_OUTPUT}};
  fixture_init(&f);
  f.copying[1].memory = f.copying[0].memory;
  assert_int_equal(mr_call_with_regions(f.sources, options, 2, count_regions, &v), MR_OK);
  assert_int_equal(f.octets[0][0], 1);
}

static void the_first_failure_is_returned(void **state) {
  (void)state;
  fixture f;
  visit fails = {.answer = (mr_status)(MR_USER + 4)}, succeeds = {.answer = MR_OK};
  fixture_init(&f);
  f.copying[1].release_answer = MR_FAULT;
  f.copying[3].release_answer = MR_SYSTEM_ERROR;
  assert_int_equal(mr_call_with_regions(f.sources, NULL, COUNT, count_regions, &fails),
                   MR_USER + 4);
  assert_int_equal(mr_call_with_regions(f.sources, NULL, COUNT, count_regions, &succeeds),
                   MR_SYSTEM_ERROR);
  assert_int_equal(held(&f), 0);
}

static void too_much_is_out_of_memory(void **state) {
  (void)state;
  visit v = {.answer = MR_OK};
  /* Four quarters of all addresses, which wrap to nothing. */
  const mr_source quarter = mr_temporary_source(SIZE_MAX / 4 + 1);
  mr_source sources[] = {quarter, quarter, quarter, quarter};
  assert_int_equal(mr_call_with_regions(sources, NULL, 2, count_regions, &v), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_call_with_regions(sources, NULL, 4, count_regions, &v), MR_OUT_OF_MEMORY);
  sources[0] = mr_temporary_source(PTRDIFF_MAX - 20);
  assert_int_equal(mr_call_with_regions(sources, NULL, 1, count_regions, &v), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_call_with_regions(sources, NULL, SIZE_MAX, count_regions, &v),
                   MR_OUT_OF_MEMORY);
  assert_int_equal(mr_call_with_regions(sources, NULL, SIZE_MAX / 1024, count_regions, &v),
                   MR_OUT_OF_MEMORY);
  assert_int_equal(v.calls, 0);
}

/* Whether it is a frame's, near this one. The compiler's own notion of the frame: a sanitizer keeps variables elsewhere. */
static bool is_on_stack(const void *pointer) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0), there = (uintptr_t)pointer;
  return (here < there ? there - here : here - there) < 200000;
}

static mr_status look_for_stack(void *context, const mr_region *regions, size_t count) {
  size_t *on_stack = context;
  for (size_t i = 0; i < count; i++) *on_stack += is_on_stack(regions[i].pointer);
  return MR_OK;
}

/* How many of `count` temporaries of `size` octets the stack gives. */
static size_t given_by_stack(size_t limit, size_t size, size_t count) {
  mr_source sources[COUNT];
  size_t on_stack = 0;
  for (size_t i = 0; i < count; i++) sources[i] = mr_temporary_source(size);
  assert_int_equal(mr_set_stack_limit(limit), MR_OK);
  assert_int_equal(mr_call_with_regions(sources, NULL, count, look_for_stack, &on_stack), MR_OK);
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
  return on_stack;
}

static void a_small_limit_holds_for_small_scratch(void **state) {
  (void)state;
  assert_int_equal(given_by_stack(0, 1, 1), 0);
  assert_int_equal(given_by_stack(0, 16, 1), 0);
  assert_int_equal(given_by_stack(8, 16, 1), 0);
  /* Scratch of several is counted in whole 16 octets. */
  assert_int_equal(given_by_stack(8, 1, 1), 0);
  assert_int_equal(given_by_stack(16, 1, 1), 1);
}

static void all_share_one_stack_limit(void **state) {
  (void)state;
  assert_int_equal(given_by_stack(8192, 3000, 2), 2);
  assert_int_equal(given_by_stack(8192, 5000, 1), 1);
  assert_int_equal(given_by_stack(8192, 5000, 2), 0);
}

static void their_records_count_too(void **state) {
  (void)state;
  const size_t records = sizeof(mr_borrow) + sizeof(mr_region);
  assert_int_equal(given_by_stack(8192, (8192 - records) / 16 * 16, 1), 1);
  assert_int_equal(given_by_stack(8192, 8192, 1), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_is_lent_and_written_back),
      cmocka_unit_test(it_works_whatever_the_stack_limit),
      cmocka_unit_test(none_is_a_number_too),
      cmocka_unit_test(many_are_lent_from_the_heap),
      cmocka_unit_test(each_has_options_of_its_own),
      cmocka_unit_test(when_one_fails_those_before_are_released),
      cmocka_unit_test(they_are_released_in_reverse),
      cmocka_unit_test(the_first_failure_is_returned),
      cmocka_unit_test(too_much_is_out_of_memory),
      cmocka_unit_test(a_small_limit_holds_for_small_scratch),
      cmocka_unit_test(all_share_one_stack_limit),
      cmocka_unit_test(their_records_count_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

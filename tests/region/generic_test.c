#include <memregions/generic.h>
#include <string.h>

#include "copying_source.h"
#include "support.h"

enum { SIZE = 8 };

static char octets[SIZE];
static copying_source copying;

static mr_source fresh_source(void) {
  memset(octets, '.', SIZE);
  copying = (copying_source){.memory = mr_region_of(octets, SIZE)};
  return copying_source_of(&copying);
}

static void assert_released(int times) {
  assert_int_equal(copying.held, 0);
  assert_int_equal(copying.acquired, times);
}

static void a_source_is_made_of_regions_and_views(void **state) {
  (void)state;
  mr_source of_region = MR_SOURCE(mr_region_of(octets, SIZE));
  mr_source of_view = MR_SOURCE(mr_view_of(octets, SIZE));
  mr_source of_source = MR_SOURCE(fresh_source());
  mr_region region;
  assert_int_equal(mr_to_region(of_region, &region), MR_OK);
  assert_ptr_equal(region.pointer, octets);
  assert_int_equal(mr_to_region(of_view, &region), MR_READ_ONLY);
  assert_ptr_equal(of_source.self, &copying);
}

static void an_array_is_counted_in_elements(void **state) {
  (void)state;
  int numbers[10];
  mr_source source = MR_ARRAY(numbers);
  assert_ptr_equal(source.self, numbers);
  assert_int_equal(source.size, sizeof numbers);
  assert_int_equal(source.unit, sizeof(int));
  assert_int_equal(mr_source_fill(source, 0xff, mr_range_of(3, 4)), MR_OK);
  assert_int_equal(numbers[3], -1);
}

static void rows_are_elements_too(void **state) {
  (void)state;
  static const short table[3][4];
  short rows[3][4];
  assert_int_equal(MR_ARRAY(rows).unit, 4 * sizeof(short));
  assert_int_equal(MR_ARRAY(table).unit, 4 * sizeof(short));
  assert_int_equal(mr_source_clear(MR_ARRAY(rows)), MR_OK);
  assert_int_equal(mr_source_clear(MR_ARRAY(table)), MR_READ_ONLY);
}

static void a_const_array_is_read_only(void **state) {
  (void)state;
  const double numbers[] = {1, 2};
  mr_view view;
  assert_int_equal(mr_source_clear(MR_ARRAY(numbers)), MR_READ_ONLY);
  assert_int_equal(mr_to_view(MR_ARRAY(numbers), &view), MR_OK);
  assert_ptr_equal(view.pointer, numbers);
  assert_int_equal(view.size, sizeof numbers);
}

static void arrays_of_variable_length_and_member_arrays_are_arrays(void **state) {
  (void)state;
  struct {
    uint16_t members[3];
  } object;
  volatile size_t length = 7;
  uint32_t numbers[length];
  assert_int_equal(MR_ARRAY(object.members).size, 6);
  assert_int_equal(MR_ARRAY(numbers).size, 28);
}

static void the_body_runs_once_with_the_region(void **state) {
  (void)state;
  int runs = 0;
  MR_WITH_REGION(part, fresh_source()) {
    runs++;
    assert_int_equal(part.size, SIZE);
    memset(part.pointer, 'x', part.size);
    assert_int_equal(copying.held, 1);
  }
  assert_int_equal(runs, 1);
  assert_memory_equal(octets, "xxxxxxxx", SIZE);
  assert_released(1);
}

static void options_and_status_may_be_given(void **state) {
  (void)state;
  mr_status status = MR_FAULT;
  const mr_borrow_options options = {mr_range_of(2, 4), MR_IO};
  MR_WITH_REGION(part, fresh_source(), &options, &status) {
    assert_int_equal(status, MR_OK);
    memset(part.pointer, 'x', part.size);
  }
  assert_int_equal(status, MR_OK);
  assert_memory_equal(octets, "..xx....", SIZE);
}

static void a_view_is_only_read(void **state) {
  (void)state;
  mr_status status = MR_FAULT;
  MR_WITH_VIEW(view, MR_VIEW("abc"), NULL, &status) {
    assert_int_equal(view.size, 3);
    assert_memory_equal(view.pointer, "abc", 3);
  }
  assert_int_equal(status, MR_OK);
  const mr_borrow_options options = {mr_range_all(), MR_OUTPUT};
  MR_WITH_VIEW(view, MR_VIEW("abc"), &options, &status) assert_null(view.pointer);
  assert_int_equal(status, MR_INVALID_ARGUMENT);
}

static void on_failure_the_body_sees_a_null_region(void **state) {
  (void)state;
  int runs = 0;
  mr_status status = MR_OK;
  MR_WITH_REGION(region, MR_VIEW("abc"), NULL, &status) {
    runs++;
    assert_null(region.pointer);
    assert_int_equal(region.size, 0);
  }
  assert_int_equal(runs, 1);
  assert_int_equal(status, MR_READ_ONLY);
}

static void the_releases_failure_is_reported(void **state) {
  (void)state;
  mr_status status = MR_OK;
  mr_source source = fresh_source();
  copying.release_answer = MR_NO_SPACE;
  MR_WITH_REGION(region, source, NULL, &status) assert_int_equal(region.size, SIZE);
  assert_int_equal(status, MR_NO_SPACE);
}

static void break_leaves_the_scope_only(void **state) {
  (void)state;
  int rounds = 0;
  mr_source source = fresh_source();
  for (int i = 0; i < 3; i++) {
    MR_WITH_REGION(region, source) {
      if (region.size > 0) break;
      rounds += 100;
    }
    rounds++;
  }
  assert_int_equal(rounds, 3);
  assert_released(3);
}

static void continue_leaves_the_scope_only(void **state) {
  (void)state;
  int rounds = 0;
  mr_source source = fresh_source();
  for (int i = 0; i < 3; i++) {
    MR_WITH_REGION(region, source) {
      if (region.size > 0) continue;
      rounds += 100;
    }
    rounds++;
  }
  assert_int_equal(rounds, 3);
  assert_released(3);
}

static size_t size_by_return(mr_source source) {
  MR_WITH_REGION(region, source) return region.size;
  return 0;
}

static void return_releases(void **state) {
  (void)state;
  assert_int_equal(size_by_return(fresh_source()), SIZE);
  assert_released(1);
}

static void goto_releases(void **state) {
  (void)state;
  mr_source source = fresh_source();
  MR_WITH_REGION(outer, source) {
    MR_WITH_REGION(inner, source) {
      if (outer.size == inner.size) goto out;
    }
    fail();
  }
  fail();
out:
  assert_released(2);
}

static void scopes_nest_on_several_lines_and_on_one(void **state) {
  (void)state;
  mr_source source = fresh_source();
  MR_WITH_REGION(a, source) {
    MR_WITH_REGION(b, mr_temporary_source(3)) {
      MR_WITH_VIEW(c, source) assert_int_equal(a.size + b.size + c.size, 2 * SIZE + 3);
    }
  }
  MR_WITH_REGION(a, source) MR_WITH_VIEW(b, source) assert_int_equal(a.size, b.size);
  assert_released(4);
}

static void a_break_in_a_nested_scope_stays_there(void **state) {
  (void)state;
  int after = 0;
  mr_source source = fresh_source();
  MR_WITH_REGION(a, source) {
    MR_WITH_REGION(b, source) {
      if (a.size == b.size) break;
    }
    after++;
  }
  assert_int_equal(after, 1);
  assert_released(2);
}

static void a_scope_is_one_statement(void **state) {
  (void)state;
  int other = 0;
  if (state == &(void *){NULL})
    MR_WITH_REGION(region, fresh_source()) assert_int_equal(region.size, SIZE);
  else
    other++;
  assert_int_equal(other, 1);
}

static int evaluations;

static mr_source counted_source(void) {
  evaluations++;
  return mr_temporary_source(3);
}

static void arguments_are_evaluated_once(void **state) {
  (void)state;
  size_t size = 0;
  evaluations = 0;
  MR_WITH_REGION(region, counted_source()) size += region.size;
  assert_int_equal(evaluations, 1);
  assert_int_equal(size, 3);
}

static void scratch_may_be_the_stacks_or_the_heaps(void **state) {
  static const size_t sizes[] = {0, 1, 8192, 8193, 100000};
  (void)state;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    MR_WITH_REGION(region, mr_temporary_source(sizes[i])) {
      assert_int_equal(region.size, sizes[i]);
      if (region.size > 0) memset(region.pointer, 1, region.size);
    }
  }
}

static void a_body_need_not_use_its_name(void **state) {
  (void)state;
  int runs = 0;
  MR_WITH_REGION(region, mr_temporary_source(8)) runs++;
  MR_WITH_VIEW(view, mr_temporary_source(8)) runs++;
  assert_int_equal(runs, 2);
}

static void a_small_stack_limit_holds_for_small_scratch(void **state) {
  (void)state;
  for (size_t limit = 0; limit <= 16; limit += 8) {
    for (size_t size = 1; size <= 16; size++) {
      assert_int_equal(mr_set_stack_limit(limit), MR_OK);
      MR_WITH_REGION(region, mr_temporary_source(size)) {
        bool is_frames = region.pointer == (void *)mr_frame_region;
        assert_true(is_frames == (size <= limit));
        memset(region.pointer, 1, region.size);
      }
    }
  }
  assert_int_equal(mr_set_stack_limit(8192), MR_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_source_is_made_of_regions_and_views),
      cmocka_unit_test(an_array_is_counted_in_elements),
      cmocka_unit_test(rows_are_elements_too),
      cmocka_unit_test(a_const_array_is_read_only),
      cmocka_unit_test(arrays_of_variable_length_and_member_arrays_are_arrays),
      cmocka_unit_test(the_body_runs_once_with_the_region),
      cmocka_unit_test(options_and_status_may_be_given),
      cmocka_unit_test(a_view_is_only_read),
      cmocka_unit_test(on_failure_the_body_sees_a_null_region),
      cmocka_unit_test(the_releases_failure_is_reported),
      cmocka_unit_test(break_leaves_the_scope_only),
      cmocka_unit_test(continue_leaves_the_scope_only),
      cmocka_unit_test(return_releases),
      cmocka_unit_test(goto_releases),
      cmocka_unit_test(scopes_nest_on_several_lines_and_on_one),
      cmocka_unit_test(a_break_in_a_nested_scope_stays_there),
      cmocka_unit_test(a_scope_is_one_statement),
      cmocka_unit_test(arguments_are_evaluated_once),
      cmocka_unit_test(scratch_may_be_the_stacks_or_the_heaps),
      cmocka_unit_test(a_body_need_not_use_its_name),
      cmocka_unit_test(a_small_stack_limit_holds_for_small_scratch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

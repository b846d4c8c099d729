#include <memregions/arena_scope.h>
#include <memregions/memregions.hpp>

#include <stdexcept>

extern "C" {
#include "support.h"
}

namespace {

void a_scope_is_current_as_long_as_it_lives(void **) {
  {
    memregions::arena_scope outer(1000);
    assert_int_equal(outer.status(), MR_OK);
    assert_ptr_equal(mr_current_allocator(), outer.get());
    {
      memregions::arena_scope inner;
      mr_region block;
      assert_ptr_equal(mr_current_allocator(), inner.get());
      assert_int_equal(mr_allocate(MR_CURRENT, 100, &block), MR_OK);
    }
    assert_ptr_equal(mr_current_allocator(), outer.get());
  }
  assert_ptr_equal(mr_current_allocator(), mr_system_allocator());
}

void a_scope_begins_on_the_frame_it_is_given(void **) {
  mr_scratch frame[64];
  std::size_t total = 0;
  memregions::arena_scope scope(frame);
  assert_int_equal(mr_total_size(scope.get(), &total), MR_OK);
  assert_int_equal(total, sizeof frame);
}

void a_scope_that_can_not_begin_has_no_memory(void **) {
  memregions::arena_scope scope(SIZE_MAX);
  mr_region block;
  assert_int_equal(scope.status(), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocate(scope.get(), 1, &block), MR_BLOCK_TOO_BIG);
}

mr_status throw_out(void *, mr_allocator *arena) {
  mr_region block;
  mr_ignore(mr_allocate(arena, 100000, &block));
  throw std::runtime_error("out of the call");
}

void an_exception_that_passes_through_a_call_ends_the_scope(void **) {
  for (std::size_t size : {std::size_t(100), std::size_t(100000)}) {
    bool caught = false;
    try {
      mr_ignore(mr_call_with_arena(size, throw_out, nullptr));
    } catch (const std::runtime_error &) {
      caught = true;
    }
    assert_true(caught);
    assert_ptr_equal(mr_current_allocator(), mr_system_allocator());
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_scope_is_current_as_long_as_it_lives),
      cmocka_unit_test(a_scope_begins_on_the_frame_it_is_given),
      cmocka_unit_test(a_scope_that_can_not_begin_has_no_memory),
      cmocka_unit_test(an_exception_that_passes_through_a_call_ends_the_scope),
  };
  return cmocka_run_group_tests_name("arena_scope in C++", tests, nullptr, nullptr);
}

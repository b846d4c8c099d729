#include <memregions/arena.h>
#include <memregions/adapters/memory_resource.hpp>

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

extern "C" {
#include "failing_allocator.h"
#include "support.h"
}

namespace {

/* Nothing may be left over: fini fails the test. */
class strict_allocator {
 public:
  strict_allocator() { test_allocator_init(&allocator_); }
  strict_allocator(const strict_allocator &) = delete;
  strict_allocator &operator=(const strict_allocator &) = delete;
  ~strict_allocator() { test_allocator_fini(&allocator_); }
  test_allocator *operator->() { return &allocator_; }
  mr_allocator *get() { return &allocator_.base; }

 private:
  test_allocator allocator_;
};

/* Takes and gives back blocks of many sizes. */
void use_containers(std::pmr::memory_resource &resource, int amount) {
  std::pmr::unordered_map<int, std::pmr::string> names(&resource);
  std::pmr::list<std::pmr::vector<int> > lists(&resource);
  for (int i = 0; i < amount; i++) {
    names.emplace(i, std::pmr::string(std::size_t(i % 100), 'x', &resource));
    lists.emplace_back(std::size_t(i % 10), i);
    lists.back().push_back(i);
    if (i % 3 == 0) lists.pop_front();
  }
  for (int i = 0; i < amount; i++) {
    assert_int_equal(names.at(i).size(), std::size_t(i % 100));
    assert_ptr_equal(names.at(i).get_allocator().resource(), &resource);
  }
  for (const auto &list : lists) assert_int_equal(list.front(), list.back());
}

void containers_give_back_all_they_take(void **) {
  strict_allocator allocator;
  memregions::memory_resource resource(allocator.get());
  use_containers(resource, 1000);
  assert_true(allocator->requests > 1000);
  assert_int_equal(allocator->live_blocks, 0);
}

void containers_live_in_an_arena(void **) {
  mr_arena arena;
  std::size_t used = 0;
  assert_int_equal(mr_arena_init(&arena, nullptr), MR_OK);
  memregions::memory_resource resource(&arena.base);
  use_containers(resource, 10000);
  assert_int_equal(mr_used_space(&arena.base, &used), MR_OK);
  assert_true(used > 500000);
  mr_arena_fini(&arena);
}

void the_alignment_is_passed_on(void **) {
  strict_allocator allocator;
  memregions::memory_resource resource(allocator.get());
  for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
    void *block = resource.allocate(10, alignment);
    assert_int_equal(reinterpret_cast<std::uintptr_t>(block) % alignment, 0);
    assert_int_equal(allocator->live_octets, 10);
    resource.deallocate(block, 10, alignment);
  }
}

void nothing_is_taken_for_no_octets(void **) {
  strict_allocator allocator;
  memregions::memory_resource resource(allocator.get());
  void *block = resource.allocate(0, 32);
  assert_non_null(block);
  resource.deallocate(block, 0, 32);
  assert_int_equal(allocator->requests, 0);
}

bool is_refused(std::pmr::memory_resource &resource, std::size_t size, std::size_t alignment) {
  try {
    void *block = resource.allocate(size, alignment);
    resource.deallocate(block, size, alignment);
    return false;
  } catch (const std::bad_alloc &) {
    return true;
  }
}

void what_can_not_be_had_is_bad_alloc(void **) {
  strict_allocator allocator;
  memregions::memory_resource resource(allocator.get());
  for (std::size_t size : {SIZE_MAX, SIZE_MAX - 6, std::size_t(PTRDIFF_MAX) + 1}) {
    assert_true(is_refused(resource, size, 16));
  }
  assert_true(is_refused(resource, 10, 24));
  allocator->fail_at = 1;
  assert_true(is_refused(resource, 10, 16));
  assert_false(is_refused(resource, 10, 16));
}

bool has_memory_for_containers(std::pmr::memory_resource &resource) {
  try {
    use_containers(resource, 20);
    return true;
  } catch (const std::bad_alloc &) {
    return false;
  }
}

void containers_survive_any_failure(void **) {
  for (bool fails_on : {false, true}) {
    std::size_t failures = 0;
    for (bool done = false; !done; failures++) {
      strict_allocator allocator;
      memregions::memory_resource resource(allocator.get());
      allocator->fail_at = failures + 1;
      allocator->fails_on = fails_on;
      done = has_memory_for_containers(resource);
      assert_int_equal(allocator->live_blocks, 0);
    }
    assert_true(failures > 40);
  }
}

void what_is_given_back_wrong_is_left_alone(void **) {
  strict_allocator allocator;
  memregions::memory_resource resource(allocator.get());
  void *block = resource.allocate(10);
  allocator->answers_misuse = true;
  resource.deallocate(block, 11);
  assert_int_equal(allocator->live_blocks, 1);
  resource.deallocate(block, 10);
  assert_int_equal(allocator->live_blocks, 0);
}

void resources_of_one_allocator_are_equal(void **) {
  strict_allocator allocator;
  const memregions::memory_resource one(allocator.get());
  const memregions::memory_resource same(allocator.get());
  const memregions::memory_resource other(nullptr);
  assert_true(one == one);
  assert_true(one == same);
  assert_false(one == other);
  assert_false(one == *std::pmr::new_delete_resource());
  assert_ptr_equal(one.get(), allocator.get());
}

void the_current_allocator_is_the_one_at_the_start(void **) {
  strict_allocator allocator;
  mr_set_current_allocator(allocator.get());
  const memregions::memory_resource resource(MR_CURRENT);
  mr_set_current_allocator(nullptr);
  assert_ptr_equal(resource.get(), allocator.get());
  assert_ptr_equal(memregions::memory_resource(nullptr).get(), mr_system_allocator());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(containers_give_back_all_they_take),
      cmocka_unit_test(containers_live_in_an_arena),
      cmocka_unit_test(the_alignment_is_passed_on),
      cmocka_unit_test(nothing_is_taken_for_no_octets),
      cmocka_unit_test(what_can_not_be_had_is_bad_alloc),
      cmocka_unit_test(containers_survive_any_failure),
      cmocka_unit_test(what_is_given_back_wrong_is_left_alone),
      cmocka_unit_test(resources_of_one_allocator_are_equal),
      cmocka_unit_test(the_current_allocator_is_the_one_at_the_start),
  };
  return cmocka_run_group_tests_name("adapters: memory_resource", tests, nullptr, nullptr);
}

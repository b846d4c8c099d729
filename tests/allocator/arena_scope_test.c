#include "memregions/arena_scope.h"

#include <string.h>

#include "memregions/arena.h"
#include "memregions/bump.h"
#include "memregions/generic.h"
#include "support.h"

static int tear_down(void **state) {
  (void)state;
  mr_ignore(mr_set_standard_allocator(NULL));
  mr_set_current_allocator(NULL);
  return mr_set_stack_limit(8192) == MR_OK ? 0 : 1;
}

static mr_region take(mr_allocator *allocator, size_t size) {
  mr_region block = {NULL, 0};
  assert_int_equal(mr_allocate(allocator, size, &block), MR_OK);
  memset(block.pointer, 1, size);
  return block;
}

static void assert_nothing_is_current(void) {
  assert_ptr_equal(mr_current_allocator(), mr_system_allocator());
}

/* Kinds. */

static mr_status fail_to_init(void *instance, mr_region storage, mr_allocator *parent) {
  (void)instance, (void)storage, (void)parent;
  return (mr_status)(MR_USER + 3);
}

static const mr_allocator_kind failing = {sizeof failing, "failing", sizeof(mr_allocator),
                                          fail_to_init};

static void the_standard_kind_is_an_arena(void **state) {
  (void)state;
  assert_ptr_equal(mr_standard_allocator(), mr_arena_kind());
  assert_string_equal(mr_arena_kind()->name, "arena");
  assert_string_equal(mr_bump_kind()->name, "bump");
}

static void the_standard_kind_can_be_set_and_restored(void **state) {
  (void)state;
  assert_int_equal(mr_set_standard_allocator(mr_bump_kind()), MR_OK);
  assert_ptr_equal(mr_standard_allocator(), mr_bump_kind());
  assert_int_equal(mr_set_standard_allocator(NULL), MR_OK);
  assert_ptr_equal(mr_standard_allocator(), mr_arena_kind());
}

static void kinds_that_can_not_serve_scopes_are_refused(void **state) {
  (void)state;
  mr_allocator_kind kind = *mr_arena_kind();
  kind.init = NULL;
  assert_int_equal(mr_set_standard_allocator(&kind), MR_INVALID_ARGUMENT);
  kind = *mr_arena_kind();
  kind.instance_size = MR_ALLOCATOR_INSTANCE_SIZE + 1;
  assert_int_equal(mr_set_standard_allocator(&kind), MR_INVALID_ARGUMENT);
  kind.instance_size = sizeof(mr_allocator) - 1;
  assert_int_equal(mr_set_standard_allocator(&kind), MR_INVALID_ARGUMENT);
  kind = *mr_arena_kind();
  kind.struct_size = 8;
  assert_int_equal(mr_set_standard_allocator(&kind), MR_INVALID_ARGUMENT);
  assert_ptr_equal(mr_standard_allocator(), mr_arena_kind());
}

/* Scopes by hand. */

static void a_scopes_arena_is_current_until_its_end(void **state) {
  (void)state;
  mr_arena_scope scope;
  assert_int_equal(mr_arena_scope_begin(&scope, mr_region_of(NULL, 0)), MR_OK);
  assert_ptr_equal(mr_current_allocator(), scope.arena);
  take(MR_CURRENT, 100);
  mr_arena_scope_end(&scope);
  assert_nothing_is_current();
  mr_arena_scope_end(&scope);
  assert_nothing_is_current();
}

static void scopes_nest(void **state) {
  (void)state;
  mr_arena_scope outer, inner;
  unsigned char storage[512];
  assert_int_equal(mr_arena_scope_begin(&outer, mr_region_of(storage, sizeof storage)), MR_OK);
  mr_region kept = take(MR_CURRENT, 100);
  assert_int_equal(mr_arena_scope_begin(&inner, mr_region_of(NULL, 0)), MR_OK);
  take(MR_CURRENT, 5000);
  assert_int_equal(mr_allocator_owns(MR_CURRENT, mr_region_view(kept)), MR_OWNS_NO);
  mr_arena_scope_end(&inner);
  assert_ptr_equal(mr_current_allocator(), outer.arena);
  assert_int_equal(mr_allocator_owns(MR_CURRENT, mr_region_view(kept)), MR_OWNS_YES);
  assert_int_equal(((unsigned char *)kept.pointer)[99], 1);
  mr_arena_scope_end(&outer);
  assert_nothing_is_current();
}

static void a_scope_has_as_much_as_its_storage_and_grows(void **state) {
  (void)state;
  mr_arena_scope scope;
  _Alignas(16) unsigned char storage[512];
  size_t total = 0;
  assert_int_equal(mr_arena_scope_begin(&scope, mr_region_of(storage, sizeof storage)), MR_OK);
  assert_int_equal(mr_total_size(scope.arena, &total), MR_OK);
  assert_int_equal(total, 512);
  take(scope.arena, 512);
  assert_int_equal(mr_total_size(scope.arena, &total), MR_OK);
  assert_int_equal(total, 512);
  take(scope.arena, 10000);
  mr_arena_scope_end(&scope);
  memset(storage, 0, sizeof storage);
}

static void a_scope_of_bumps_has_what_it_is_given(void **state) {
  (void)state;
  mr_arena_scope scope;
  _Alignas(16) unsigned char storage[512];
  mr_region block = {NULL, 77};
  assert_int_equal(mr_set_standard_allocator(mr_bump_kind()), MR_OK);
  assert_int_equal(mr_arena_scope_begin(&scope, mr_region_of(storage, sizeof storage)), MR_OK);
  assert_int_equal(mr_allocate(MR_CURRENT, 513, &block), MR_BLOCK_TOO_BIG);
  take(MR_CURRENT, 512);
  mr_arena_scope_end(&scope);
}

static void a_scope_that_can_not_begin_changes_nothing(void **state) {
  (void)state;
  mr_arena_scope scope;
  unsigned char storage[64];
  const mr_region unsound = {NULL, 3};
  assert_int_equal(mr_arena_scope_begin(&scope, unsound), MR_INVALID_ARGUMENT);
  assert_nothing_is_current();
  mr_arena_scope_end(&scope);

  assert_int_equal(mr_set_standard_allocator(&failing), MR_OK);
  assert_int_equal(mr_arena_scope_begin(&scope, mr_region_of(storage, sizeof storage)),
                   MR_USER + 3);
  assert_null(scope.arena);
  assert_nothing_is_current();
  mr_arena_scope_end(&scope);
  assert_nothing_is_current();
}

/* Scopes on a frame. */

static void a_plan_takes_the_frame_up_to_the_stack_limit(void **state) {
  (void)state;
  assert_int_equal(mr_arena_scope_plan(0).frame_length, 1);
  assert_int_equal(mr_arena_scope_plan(1).frame_length, 1);
  assert_int_equal(mr_arena_scope_plan(17).frame_length, 2);
  assert_int_equal(mr_arena_scope_plan(8192).frame_length, 512);
  assert_int_equal(mr_arena_scope_plan(8193).frame_length, 1);
  assert_int_equal(mr_arena_scope_plan(SIZE_MAX).frame_length, 1);
  assert_int_equal(mr_set_stack_limit(0), MR_OK);
  assert_int_equal(mr_arena_scope_plan(17).frame_length, 1);
}

static void a_planned_scope_without_a_frame_takes_the_heap(void **state) {
  (void)state;
  mr_arena_scope scope;
  mr_arena_plan plan = mr_arena_scope_plan(1000);
  size_t total = 0;
  mr_allocator *arena = mr_arena_scope_enter(&scope, &plan, NULL, NULL);
  assert_ptr_equal(arena, mr_current_allocator());
  assert_int_equal(mr_total_size(arena, &total), MR_OK);
  assert_int_equal(total, 1000);
  mr_arena_scope_end(&scope);
  assert_nothing_is_current();
}

static void a_planned_scope_that_can_not_begin_has_no_memory(void **state) {
  (void)state;
  mr_arena_scope scope;
  mr_arena_plan plan = mr_arena_scope_plan(SIZE_MAX);
  mr_status status = MR_OK;
  mr_region block = {NULL, 77};
  size_t size = 1;
  mr_allocator *arena = mr_arena_scope_enter(&scope, &plan, NULL, &status);
  assert_int_equal(status, MR_BLOCK_TOO_BIG);
  assert_non_null(arena);
  assert_ptr_equal(mr_current_allocator(), arena);
  assert_int_equal(mr_allocate(MR_CURRENT, 1, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_used_space(arena, &size), MR_OK);
  assert_int_equal(size, 0);
  assert_int_equal(mr_allocator_clear(arena), MR_UNSUPPORTED);
  mr_arena_scope_end(&scope);
  assert_nothing_is_current();
}

/* mr_call_with_arena. */

static mr_status use_arena(void *context, mr_allocator *arena) {
  size_t *total = context;
  if (mr_current_allocator() != arena) return MR_CORRUPT;
  mr_status status = mr_total_size(arena, total);
  take(MR_CURRENT, 20000);
  return status == MR_OK ? (mr_status)(MR_USER + 1) : status;
}

static void a_call_has_an_arena_of_its_own(void **state) {
  (void)state;
  const size_t sizes[] = {0, 1, 16, 1000, 8192, 8193, 1 << 20};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    size_t total = SIZE_MAX;
    assert_int_equal(mr_call_with_arena(sizes[i], use_arena, &total), MR_USER + 1);
    assert_int_equal(total, sizes[i]);
    assert_nothing_is_current();
  }
}

static void a_call_that_can_not_have_one_is_not_made(void **state) {
  (void)state;
  size_t total = 77;
  assert_int_equal(mr_call_with_arena(SIZE_MAX, use_arena, &total), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_call_with_arena(PTRDIFF_MAX, use_arena, &total), MR_OUT_OF_MEMORY);
  assert_int_equal(mr_set_standard_allocator(&failing), MR_OK);
  assert_int_equal(mr_call_with_arena(100, use_arena, &total), MR_USER + 3);
  assert_int_equal(mr_call_with_arena(10000, use_arena, &total), MR_USER + 3);
  assert_int_equal(total, 77);
  assert_nothing_is_current();
}

/* MR_WITH_ARENA. */

static void a_block_of_the_program_has_an_arena(void **state) {
  (void)state;
  int runs = 0;
  MR_WITH_ARENA(arena, 1000) {
    runs++;
    assert_ptr_equal(mr_current_allocator(), arena);
    take(arena, 100);
    take(MR_CURRENT, 100000);
  }
  assert_int_equal(runs, 1);
  assert_nothing_is_current();
}

static void arenas_nest_on_one_line(void **state) {
  (void)state;
  MR_WITH_ARENA(outer, 100) MR_WITH_ARENA(inner, 100) {
    assert_ptr_not_equal(outer, inner);
    assert_ptr_equal(mr_current_allocator(), inner);
  }
  assert_nothing_is_current();
}

static void break_and_continue_leave_the_scope_only(void **state) {
  (void)state;
  int rounds = 0, after = 0;
  for (int i = 0; i < 4; i++) {
    rounds++;
    MR_WITH_ARENA(arena, 64) {
      take(arena, 10);
      if (i % 2) break;
      if (i >= 0) continue;
      rounds += 100;
    }
    assert_nothing_is_current();
    after++;
  }
  assert_int_equal(rounds, 4);
  assert_int_equal(after, 4);
}

static int leave_by_return(void) {
  MR_WITH_ARENA(arena, 64) {
    MR_WITH_ARENA(inner, 100000) {
      take(arena, 10);
      take(inner, 10);
      return 5;
    }
  }
  return 6;
}

static void return_leaves_all_scopes(void **state) {
  (void)state;
  assert_int_equal(leave_by_return(), 5);
  assert_nothing_is_current();
}

static void goto_leaves_a_scope(void **state) {
  (void)state;
  MR_WITH_ARENA(arena, 64) {
    take(arena, 10);
    goto out;
  }
  fail();
out:
  assert_nothing_is_current();
}

static void a_body_without_arena_has_no_memory(void **state) {
  (void)state;
  mr_status status = MR_OK;
  mr_region block = {NULL, 77};
  MR_WITH_ARENA(arena, SIZE_MAX, &status) {
    assert_int_equal(status, MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate(arena, 1, &block), MR_BLOCK_TOO_BIG);
    assert_int_equal(mr_allocate(MR_CURRENT, 1, &block), MR_BLOCK_TOO_BIG);
  }
  assert_nothing_is_current();
  MR_WITH_ARENA(arena, 10, &status) assert_int_equal(mr_allocate(arena, 1, &block), MR_OK);
  assert_int_equal(status, MR_OK);
}

#define RESTORED(test) cmocka_unit_test_teardown(test, tear_down)

static mr_status do_nothing(void *context, mr_allocator *arena) {
  (void)context, (void)arena;
  return MR_OK;
}

static void a_scope_whose_kind_fails_gives_its_heap_back(void **state) {
  (void)state;
  const size_t large = (size_t)64 << 20;
  size_t before = 0, after = 0;
  const mr_status told = mr_used_space(NULL, &before);
  assert_int_equal(mr_set_standard_allocator(&failing), MR_OK);
  assert_int_equal(mr_call_with_arena(large, do_nothing, NULL), MR_USER + 3);
  /* Where the system can't tell, tools that look for leaks can. */
  assert_int_equal(mr_used_space(NULL, &after), told);
  if (told == MR_OK) assert_true(after < before + large);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      RESTORED(the_standard_kind_is_an_arena),
      RESTORED(the_standard_kind_can_be_set_and_restored),
      RESTORED(kinds_that_can_not_serve_scopes_are_refused),
      RESTORED(a_scopes_arena_is_current_until_its_end),
      RESTORED(scopes_nest),
      RESTORED(a_scope_has_as_much_as_its_storage_and_grows),
      RESTORED(a_scope_of_bumps_has_what_it_is_given),
      RESTORED(a_scope_that_can_not_begin_changes_nothing),
      RESTORED(a_scope_whose_kind_fails_gives_its_heap_back),
      RESTORED(a_plan_takes_the_frame_up_to_the_stack_limit),
      RESTORED(a_planned_scope_without_a_frame_takes_the_heap),
      RESTORED(a_planned_scope_that_can_not_begin_has_no_memory),
      RESTORED(a_call_has_an_arena_of_its_own),
      RESTORED(a_call_that_can_not_have_one_is_not_made),
      RESTORED(a_block_of_the_program_has_an_arena),
      RESTORED(arenas_nest_on_one_line),
      RESTORED(break_and_continue_leave_the_scope_only),
      RESTORED(return_leaves_all_scopes),
      RESTORED(goto_leaves_a_scope),
      RESTORED(a_body_without_arena_has_no_memory),
  };
  return cmocka_run_group_tests_name("arena_scope", tests, NULL, NULL);
}

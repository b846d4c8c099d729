/* For fork. */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memregions/arena.h"
#include "memregions/arena_scope.h"
#include "memregions/bump.h"
#include "support.h"

/* What becomes of an allocator that is used after its end. */

static _Alignas(16) unsigned char storage[256];
static mr_bump bump;
static mr_arena arena;

static mr_allocator *ended_bump(void) {
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  mr_bump_fini(&bump);
  return &bump.base;
}

static mr_allocator *ended_arena(void) {
  assert_int_equal(mr_arena_init(&arena, NULL), MR_OK);
  mr_region block;
  assert_int_equal(mr_arena_allocate(&arena, 10, &block), MR_OK);
  assert_int_equal(mr_allocator_destroy(&arena.base), MR_OK);
  return &arena.base;
}

typedef struct use {
  const char *name;
  bool (*fails)(mr_allocator *ended);
} use;

static mr_status show_nothing(void *context, mr_view span, bool is_used) {
  (void)context, (void)span, (void)is_used;
  return MR_OK;
}

static bool allocate(mr_allocator *ended) {
  mr_region block = {NULL, 77};
  return mr_allocate(ended, 1, &block) == MR_BLOCK_TOO_BIG && block.size == 77;
}

static bool allocate_inline(mr_allocator *ended) {
  mr_region block = {NULL, 77};
  mr_status status = ended == &bump.base ? mr_bump_allocate(&bump, 1, &block)
                                         : mr_arena_allocate(&arena, 1, &block);
  return status == MR_BLOCK_TOO_BIG && block.size == 77;
}

static bool deallocate(mr_allocator *ended) {
  mr_region block = {storage, 16};
  return mr_deallocate(ended, &block) == MR_CORRUPT && block.size == 16;
}

static bool reallocate(mr_allocator *ended) {
  mr_region block = {storage, 16};
  return mr_reallocate(ended, &block, 32) == MR_BLOCK_TOO_BIG && block.size == 16;
}

static bool ask_maximum(mr_allocator *ended) {
  size_t size = 1;
  return mr_maximum_block_size(ended, &size) == MR_OK && size == 0;
}

static bool ask_minimum(mr_allocator *ended) {
  size_t size = 1;
  return mr_minimum_block_size(ended, &size) == MR_UNSUPPORTED && size == 1;
}

static bool ask_usage(mr_allocator *ended) {
  size_t size = 1;
  return mr_total_size(ended, &size) == MR_OK && size == 0;
}

static bool ask_owns(mr_allocator *ended) {
  return mr_allocator_owns(ended, mr_view_of(storage, 1)) == MR_OWNS_NO;
}

static bool clear(mr_allocator *ended) { return mr_allocator_clear(ended) == MR_UNSUPPORTED; }

static bool mark(mr_allocator *ended) {
  mr_mark now;
  return mr_allocator_mark(ended, &now) == MR_UNSUPPORTED;
}

static bool rewind_to_mark(mr_allocator *ended) {
  mr_mark now = {NULL, NULL};
  return mr_allocator_rewind(ended, now) == MR_UNSUPPORTED;
}

static bool walk(mr_allocator *ended) {
  return mr_allocator_walk(ended, show_nothing, NULL) == MR_UNSUPPORTED;
}

static bool check(mr_allocator *ended) { return mr_allocator_check(ended, NULL) == MR_UNSUPPORTED; }

static bool destroy(mr_allocator *ended) { return mr_allocator_destroy(ended) == MR_UNSUPPORTED; }

static const use uses[] = {
    {"allocate", allocate},
    {"allocate inline", allocate_inline},
    {"deallocate", deallocate},
    {"reallocate", reallocate},
    {"ask for the maximum", ask_maximum},
    {"ask for the minimum", ask_minimum},
    {"ask for the usage", ask_usage},
    {"ask whether it owns", ask_owns},
    {"clear", clear},
    {"mark", mark},
    {"rewind", rewind_to_mark},
    {"walk", walk},
    {"check", check},
    {"destroy", destroy},
};

#if defined(NDEBUG)

static void assert_caught(const use *how, mr_allocator *ended) {
  if (!how->fails(ended)) fail_msg("%s did not fail as it should", how->name);
}

#else

/* The child is silent, and leaves no core. */
static void use_in_child(const use *how, mr_allocator *ended) {
  const struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0 || !freopen("/dev/null", "w", stderr)) _exit(3);
  signal(SIGABRT, SIG_DFL);
  _exit(how->fails(ended) ? 1 : 2);
}

static void assert_caught(const use *how, mr_allocator *ended) {
  int status = 0;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) use_in_child(how, ended);
  assert_int_equal(waitpid(child, &status, 0), child);
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT) fail_msg("%s was not caught", how->name);
}

#endif

static void a_bump_used_after_its_end_is_caught(void **state) {
  (void)state;
  mr_allocator *ended = ended_bump();
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) assert_caught(&uses[i], ended);
}

static void an_arena_used_after_its_end_is_caught(void **state) {
  (void)state;
  mr_allocator *ended = ended_arena();
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) assert_caught(&uses[i], ended);
}

static void to_use_the_allocator_of_a_scope_without_memory_is_no_mistake(void **state) {
  (void)state;
  mr_arena_scope scope;
  mr_arena_plan plan = mr_arena_scope_plan(SIZE_MAX);
  mr_allocator *without = mr_arena_scope_enter(&scope, &plan, NULL, NULL);
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
    if (uses[i].fails == allocate_inline) continue;
    if (!uses[i].fails(without)) fail_msg("%s did not fail as it should", uses[i].name);
  }
  mr_arena_scope_end(&scope);
}

static void an_ended_allocator_can_begin_again(void **state) {
  (void)state;
  mr_region block;
  ended_bump();
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  assert_int_equal(mr_bump_allocate(&bump, 10, &block), MR_OK);
  mr_bump_fini(&bump);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_bump_used_after_its_end_is_caught),
      cmocka_unit_test(an_arena_used_after_its_end_is_caught),
      cmocka_unit_test(to_use_the_allocator_of_a_scope_without_memory_is_no_mistake),
      cmocka_unit_test(an_ended_allocator_can_begin_again),
  };
  return cmocka_run_group_tests_name("dead", tests, NULL, NULL);
}

#include "library_trial.h"

#include <memregions/arena.h>
#include <memregions/tlsf.h>
#include <string.h>

#include "failing_allocator.h"
#include "support.h"

/* A kind of allocator: made over a parent that counts, ended by mr_allocator_destroy. */
typedef struct memory_kind {
  const char *name;
  mr_allocator *(*make)(test_allocator *parent);
} memory_kind;

static mr_allocator *make_arena(test_allocator *parent) {
  static mr_arena arena;
  const mr_arena_options options = {.parent = &parent->base};
  assert_int_equal(mr_arena_init(&arena, &options), MR_OK);
  return &arena.base;
}

static mr_allocator *make_tlsf(test_allocator *parent) {
  static mr_tlsf tlsf;
  const mr_tlsf_options options = {.parent = &parent->base, .growth = 4096};
  assert_int_equal(mr_tlsf_init(&tlsf, &options), MR_OK);
  return &tlsf.base;
}

static mr_allocator *make_test(test_allocator *parent) { return &parent->base; }

static mr_allocator *make_moving(test_allocator *parent) {
  parent->always_moves = true;
  return &parent->base;
}

static const memory_kind kinds[] = {
    {"arena", make_arena},
    {"tlsf", make_tlsf},
    {"test", make_test},
    {"moving", make_moving},
};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

static test_allocator parent;
static enum { ONLY_ONE, UNTIL_ASKED, FROM_THEN_ON } way;

bool library_memory_is_back(void) {
  if (way == FROM_THEN_ON) return false;
  parent.fail_at = 0;
  return true;
}

/* One run, of which the request `fail_at` fails: none where it is 0. */
static bool run_in(const memory_kind *kind, library_work *work, size_t amount, size_t fail_at) {
  test_allocator_init(&parent);
  parent.fail_at = fail_at;
  parent.fails_on = way != ONLY_ONE;
  mr_allocator *allocator = kind->make(&parent);
  bool done = work(allocator, amount);
  if (allocator != &parent.base) assert_int_equal(mr_allocator_destroy(allocator), MR_OK);
  test_allocator_fini(&parent);
  return done;
}

void library_works_in_each_kind(library_work *work, size_t amount) {
  for (size_t i = 0; i < KIND_COUNT; i++) {
    assert_true(run_in(&kinds[i], work, amount, 0));
    assert_true(parent.requests > 0);
  }
}

static const memory_kind *kind_named(const char *name) {
  for (size_t i = 0; i < KIND_COUNT; i++) {
    if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
  }
  fail_msg("there is no kind %s", name);
  return NULL;
}

/* A library may do without some memory that it asks for, so that its work is done all the same. */
static size_t failures_in(const memory_kind *kind, library_work *work, size_t amount) {
  for (size_t fail_at = 1;; fail_at++) {
    bool done = run_in(kind, work, amount, fail_at);
    if (parent.requests < fail_at) {
      assert_true(done);
      return fail_at - 1;
    }
  }
}

size_t library_survives_in(const char *name, library_work *work, size_t amount) {
  const memory_kind *kind = kind_named(name);
  way = UNTIL_ASKED;
  failures_in(kind, work, amount);
  way = FROM_THEN_ON;
  failures_in(kind, work, amount);
  way = ONLY_ONE;
  return failures_in(kind, work, amount);
}

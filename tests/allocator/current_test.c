#include <pthread.h>

#include "failing_allocator.h"
#include "memregions/allocator.h"
#include "memregions/bump.h"
#include "support.h"

static _Alignas(16) unsigned char storage[256];
static mr_bump bump;

static int set_up(void **state) {
  (void)state;
  return mr_bump_init(&bump, mr_region_of(storage, sizeof storage)) == MR_OK ? 0 : 1;
}

static int tear_down(void **state) {
  (void)state;
  mr_set_current_allocator(NULL);
  mr_bump_fini(&bump);
  return 0;
}

static void none_set_means_the_system_allocator(void **state) {
  (void)state;
  assert_ptr_equal(mr_current_allocator(), mr_system_allocator());
}

static void setting_hands_over_the_one_before(void **state) {
  (void)state;
  assert_ptr_equal(mr_set_current_allocator(&bump.base), mr_system_allocator());
  assert_ptr_equal(mr_current_allocator(), &bump.base);
  assert_ptr_equal(mr_set_current_allocator(NULL), &bump.base);
  assert_ptr_equal(mr_current_allocator(), mr_system_allocator());
}

static void setting_the_current_one_changes_nothing(void **state) {
  (void)state;
  mr_set_current_allocator(&bump.base);
  assert_ptr_equal(mr_set_current_allocator(MR_CURRENT), &bump.base);
  assert_ptr_equal(mr_current_allocator(), &bump.base);
}

static void every_call_is_forwarded_to_the_one_that_is_current_then(void **state) {
  (void)state;
  mr_region block;
  size_t used = 0;
  mr_set_current_allocator(&bump.base);
  assert_int_equal(mr_allocate(MR_CURRENT, 40, &block), MR_OK);
  assert_ptr_equal(block.pointer, storage);
  assert_int_equal(mr_allocator_owns(MR_CURRENT, mr_region_view(block)), MR_OWNS_YES);
  assert_int_equal(mr_used_space(MR_CURRENT, &used), MR_OK);
  assert_int_equal(used, 48);
  assert_int_equal(mr_reallocate(MR_CURRENT, &block, 90), MR_OK);
  assert_ptr_equal(block.pointer, storage);
  assert_int_equal(mr_deallocate(MR_CURRENT, &block), MR_OK);
  assert_int_equal(mr_allocate(MR_CURRENT, sizeof storage + 1, &block), MR_BLOCK_TOO_BIG);
  assert_int_equal(mr_allocator_clear(MR_CURRENT), MR_OK);
  mr_set_current_allocator(NULL);
  assert_int_equal(mr_allocator_clear(MR_CURRENT), MR_UNSUPPORTED);
}

static void its_ops_forward_for_whoever_calls_them(void **state) {
  (void)state;
  mr_allocator *forwarding = MR_CURRENT;
  mr_set_current_allocator(&bump.base);
  mr_region block = forwarding->ops->allocate(forwarding, 40, 16, MR_ZEROED);
  assert_ptr_equal(block.pointer, storage);
  assert_true(forwarding->ops->resize(forwarding, block, 30, 16));
  block.size = 30;
  assert_null(forwarding->ops->remap(forwarding, block, 20, 16).pointer);
  assert_int_equal(forwarding->ops->release(forwarding, block, 16), MR_OK);
}

static void its_ops_cope_with_kinds_that_neither_resize_nor_remap(void **state) {
  (void)state;
  mr_allocator *forwarding = MR_CURRENT;
  mr_allocator_ops ops = *bump.base.ops;
  ops.resize = NULL;
  ops.remap = NULL;
  mr_allocator plain = {&ops};
  mr_region block = mr_region_of(storage, 40);
  mr_set_current_allocator(&plain);
  assert_false(forwarding->ops->resize(forwarding, block, 30, 16));
  assert_null(forwarding->ops->remap(forwarding, block, 30, 16).pointer);
  mr_set_current_allocator(NULL);
}

/* What a thread saw. */
typedef struct seen {
  mr_allocator *at_first, *then;
  mr_status status;
} seen;

static void *use_another(void *argument) {
  seen *thread = argument;
  unsigned char octets[128];
  mr_bump own;
  mr_region block;
  thread->at_first = mr_current_allocator();
  thread->status = mr_bump_init(&own, mr_region_of(octets, sizeof octets));
  if (thread->status != MR_OK) return NULL;
  mr_set_current_allocator(&own.base);
  for (int i = 0; i < 1000 && thread->status == MR_OK; i++) {
    thread->status = mr_allocate(MR_CURRENT, 64, &block);
    mr_ignore(mr_deallocate(MR_CURRENT, &block));
  }
  thread->then = mr_current_allocator() == &own.base ? &bump.base : NULL;
  mr_set_current_allocator(NULL);
  mr_bump_fini(&own);
  return NULL;
}

static void each_thread_has_its_own(void **state) {
  (void)state;
  enum { THREADS = 4 };
  pthread_t threads[THREADS];
  seen saw[THREADS] = {{NULL, NULL, MR_OK}};
  mr_set_current_allocator(&bump.base);
  for (size_t i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, use_another, &saw[i]), 0);
  }
  for (size_t i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);

  for (size_t i = 0; i < THREADS; i++) {
    assert_ptr_equal(saw[i].at_first, mr_system_allocator());
    assert_ptr_equal(saw[i].then, &bump.base);
    assert_int_equal(saw[i].status, MR_OK);
  }
  assert_ptr_equal(mr_current_allocator(), &bump.base);
}

static void *use_system(void *argument) {
  mr_status *status = argument;
  for (size_t i = 1; i < 2000 && *status == MR_OK; i++) {
    mr_region block = {NULL, 0};
    *status = mr_allocate_aligned(NULL, i, (size_t)1 << i % 8, &block);
    if (*status == MR_OK) *status = mr_reallocate_aligned(NULL, &block, 2 * i, (size_t)1 << i % 8);
    mr_ignore(mr_deallocate_aligned(NULL, &block, (size_t)1 << i % 8));
  }
  return NULL;
}

static void the_system_allocator_is_for_all_threads(void **state) {
  (void)state;
  pthread_t thread;
  mr_status here = MR_OK, there = MR_OK;
  assert_int_equal(pthread_create(&thread, NULL, use_system, &there), 0);
  use_system(&here);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(here, MR_OK);
  assert_int_equal(there, MR_OK);
}

#define WITH_BUMP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_BUMP(none_set_means_the_system_allocator),
      WITH_BUMP(setting_hands_over_the_one_before),
      WITH_BUMP(setting_the_current_one_changes_nothing),
      WITH_BUMP(every_call_is_forwarded_to_the_one_that_is_current_then),
      WITH_BUMP(its_ops_forward_for_whoever_calls_them),
      WITH_BUMP(its_ops_cope_with_kinds_that_neither_resize_nor_remap),
      WITH_BUMP(each_thread_has_its_own),
      WITH_BUMP(the_system_allocator_is_for_all_threads),
  };
  return cmocka_run_group_tests_name("current", tests, NULL, NULL);
}

/* For pthread_barrier_t and fork. */
#define _POSIX_C_SOURCE 200809L

#include "memregions/cached.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cached_trial.h"

/* Threads that share a cached allocator, hand each other blocks, end and fork. */

/* Coming home. */

static void *release_all(void *context) {
  mr_region *blocks = context;
  for (; blocks->pointer; blocks++) assert_int_equal(mr_deallocate(&cached.base, blocks), MR_OK);
  return NULL;
}

static void *allocate_one_and_release_it(void *context) {
  give(take(*(const size_t *)context));
  return NULL;
}

static void a_threads_magazines_go_home_when_it_ends(void **state) {
  (void)state;
  size_t size = 48;
  run_in_thread(allocate_one_and_release_it, &size);
  assert_int_equal(used(), 0);
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_int_equal(total(), 0);
}

static void blocks_that_another_thread_releases_come_home(void **state) {
  (void)state;
  enum { COUNT = 5000 };
  static mr_region blocks[COUNT + 1];
  for (int round = 0; round < 3; round++) {
    for (size_t i = 0; i < COUNT; i++) blocks[i] = take(64);
    const size_t held = total();
    run_in_thread(release_all, blocks);
    assert_int_equal(used(), 0);
    /* Rounds that come after do with the same memory. */
    assert_true(held <= (COUNT * 64 / SPAN + 2) * SPAN);
  }
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_int_equal(total(), 0);
}

/* Misuse. */

static void assert_corrupt(mr_region block) {
  const mr_region kept = block;
  assert_int_equal(mr_deallocate(&cached.base, &block), MR_CORRUPT);
  assert_memory_equal(&block, &kept, sizeof kept);
}

static void *misuse_block(void *context) {
  mr_region *block = context;
  assert_corrupt(mr_region_of(block->pointer, block->size + 1));
  assert_corrupt(mr_region_of((char *)block->pointer + 16, 16));
  return NULL;
}

static void misuse_is_found_by_threads_that_have_no_magazine_yet(void **state) {
  (void)state;
  mr_region block = take(100);
  run_in_thread(misuse_block, &block);
  give(block);
}

static atomic_uint arrivals;

/* Lets two threads go on closer to each other than a barrier would. */
static void meet(void) {
  unsigned both = (atomic_fetch_add(&arrivals, 1) / 2 + 1) * 2;
  for (unsigned turns = 1; atomic_load(&arrivals) < both; turns++) {
    if (turns % 4096 == 0) sched_yield();
  }
}

static mr_region contested;
static mr_status results[2];
static mr_region again[2];

static void release_and_take_again(size_t me) {
  mr_region block = contested;
  meet();
  results[me] = mr_deallocate(&cached.base, &block);
  /* One after the other: at the same moment again, both might get it. */
  meet();
  if (me == 0) again[0] = take(64);
  meet();
  if (me == 1) again[1] = take(64);
  meet();
}

static void *contest(void *context) {
  (void)context;
  for (int round = 0; round < 10000; round++) {
    meet();
    release_and_take_again(1);
    give(again[1]);
  }
  return NULL;
}

static void what_two_threads_release_at_once_is_handed_out_once(void **state) {
  (void)state;
  if (!has_spans()) return;
  pthread_t thread;
  bool all_is_well = true;
  assert_int_equal(pthread_create(&thread, NULL, contest, NULL), 0);
  for (int round = 0; round < 10000; round++) {
    contested = take(64);
    meet();
    release_and_take_again(0);
    const bool one_is_ok = results[0] == MR_OK || results[1] == MR_OK;
    const bool both_are_known = (results[0] == MR_OK || results[0] == MR_CORRUPT) &&
                                (results[1] == MR_OK || results[1] == MR_CORRUPT);
    all_is_well &= one_is_ok && both_are_known && again[0].pointer != again[1].pointer;
    give(again[0]);
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_true(all_is_well);
}

/* Random work of several threads on one allocator, which hand each other blocks. */

enum { WORKERS = 4, OWN = 100, SHARED = 64 };

static mr_region exchange[SHARED];
static pthread_mutex_t exchange_lock = PTHREAD_MUTEX_INITIALIZER;

static uint32_t random_of(uint64_t *seed) {
  *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(*seed >> 33);
}

/* Each octet is told from its block's address and place, so that no block can stand for another. */
static unsigned char octet_of(mr_region block) {
  return (unsigned char)(((uintptr_t)block.pointer >> 4) * 31 + block.size);
}

static void fill_block(mr_region block) { memset(block.pointer, octet_of(block), block.size); }

static void assert_filled(mr_region block) {
  const unsigned char *octets = block.pointer;
  for (size_t i = 0; i < block.size; i++) {
    if (octets[i] != octet_of(block)) fail_msg("octet %zu of %zu has changed", i, block.size);
  }
}

static size_t random_size(uint64_t *seed) {
  return random_of(seed) % ((size_t)1 << (1 + random_of(seed) % 16)) + 1;
}

static void work_on(mr_region *block, uint64_t *seed) {
  if (!block->pointer) {
    assert_int_equal(mr_allocate(&cached.base, random_size(seed), block), MR_OK);
  } else if (random_of(seed) % 3 > 0) {
    assert_filled(*block);
    assert_int_equal(mr_deallocate(&cached.base, block), MR_OK);
    return;
  } else {
    assert_filled(*block);
    assert_int_equal(mr_reallocate(&cached.base, block, random_size(seed)), MR_OK);
  }
  fill_block(*block);
}

static void swap_with_exchange(mr_region *block, uint64_t *seed) {
  mr_region *other = &exchange[random_of(seed) % SHARED];
  pthread_mutex_lock(&exchange_lock);
  mr_region swapped = *other;
  *other = *block;
  *block = swapped;
  pthread_mutex_unlock(&exchange_lock);
}

static void *work(void *context) {
  uint64_t seed = *(uint64_t *)context;
  mr_region own[OWN] = {{NULL, 0}};
  for (int i = 0; i < 20000; i++) {
    mr_region *block = &own[random_of(&seed) % OWN];
    switch (random_of(&seed) % 64) {
      case 0:
        assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
        break;
      case 1:
        /* May be asked, but is not exact now. */
        (void)used();
        break;
      default:
        if (random_of(&seed) % 4 == 0) {
          swap_with_exchange(block, &seed);
        } else {
          work_on(block, &seed);
        }
    }
  }
  for (size_t i = 0; i < OWN; i++) assert_int_equal(mr_deallocate(&cached.base, &own[i]), MR_OK);
  return NULL;
}

static void threads_exchange_blocks(void **state) {
  (void)state;
  pthread_t threads[WORKERS];
  uint64_t seeds[WORKERS];
  for (size_t i = 0; i < WORKERS; i++) {
    seeds[i] = i + 1;
    assert_int_equal(pthread_create(&threads[i], NULL, work, &seeds[i]), 0);
  }
  for (size_t i = 0; i < WORKERS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
  for (size_t i = 0; i < SHARED; i++) {
    if (exchange[i].pointer) assert_filled(exchange[i]);
    assert_int_equal(mr_deallocate(&cached.base, &exchange[i]), MR_OK);
  }
  assert_int_equal(used(), 0);
  assert_int_equal(mr_allocator_check(&cached.base, NULL), MR_OK);
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_int_equal(total(), 0);
}

static pthread_key_t late_key;

/* ThreadSanitizer ends its own part of a thread in the last round. */
#if defined(__SANITIZE_THREAD__)
#define HAS_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER 1
#endif
#endif

/* Comes again as long as the system goes on with what ends a thread. */
static void use_late(void *context) {
#if !defined(HAS_THREAD_SANITIZER)
  assert_int_equal(pthread_setspecific(late_key, context), 0);
#else
  (void)context;
#endif
  mr_region blocks[100];
  for (size_t i = 0; i < 100; i++) blocks[i] = take(48);
  for (size_t i = 0; i < 100; i++) give(blocks[i]);
}

static void *use_and_end(void *context) {
  give(take(48));
  assert_int_equal(pthread_setspecific(late_key, context), 0);
  return NULL;
}

static void a_thread_that_is_ending_keeps_nothing(void **state) {
  (void)state;
  /* Younger than the allocator's own key: with most systems, it ends later. */
  assert_int_equal(pthread_key_create(&late_key, use_late), 0);
  run_in_thread(use_and_end, &late_key);
  assert_int_equal(pthread_key_delete(late_key), 0);
  assert_int_equal(used(), 0);
  assert_int_equal(mr_allocator_trim(&cached.base), MR_OK);
  assert_int_equal(total(), 0);
}

static void a_thread_works_with_several_allocators_in_turn(void **state) {
  (void)state;
  mr_cached other;
  mr_region ours[50], others[50];
  assert_int_equal(mr_cached_init(&other, NULL), MR_OK);
  for (size_t i = 0; i < 50; i++) {
    ours[i] = take(48);
    assert_int_equal(mr_allocate(&other.base, 48, &others[i]), MR_OK);
    assert_int_equal(mr_allocator_owns(&cached.base, mr_region_view(others[i])), MR_OWNS_NO);
  }
  for (size_t i = 0; i < 50; i++) {
    mr_region block = others[i];
    assert_corrupt(block);
    give(ours[i]);
    assert_int_equal(mr_deallocate(&other.base, &others[i]), MR_OK);
  }
  mr_cached_fini(&other);
}

/* Forking. */

static pthread_barrier_t barrier;

static void *keep_some_in_a_magazine(void *context) {
  (void)context;
  mr_region blocks[100];
  for (size_t i = 0; i < 100; i++) blocks[i] = take(48);
  for (size_t i = 0; i < 100; i++) give(blocks[i]);
  pthread_barrier_wait(&barrier);
  pthread_barrier_wait(&barrier);
  return NULL;
}

/* What the child finds: 0 if all is well. */
static int look_after_fork(mr_region mine) {
  size_t octets = 1;
  mr_region block;
  if (mr_allocate(&cached.base, 48, &block) != MR_OK) return 1;
  if (mr_deallocate(&cached.base, &block) != MR_OK) return 2;
  if (mr_deallocate(&cached.base, &mine) != MR_OK) return 3;
  if (mr_used_space(&cached.base, &octets) != MR_OK || octets != 0) return 4;
  if (mr_allocator_check(&cached.base, NULL) != MR_OK) return 5;
  if (mr_allocator_trim(&cached.base) != MR_OK) return 6;
  if (mr_total_size(&cached.base, &octets) != MR_OK || octets != 0) return 7;
  mr_cached_fini(&cached);
  return parent.live_blocks == 0 ? 0 : 8;
}

static void a_child_has_the_blocks_of_threads_that_it_has_not(void **state) {
  (void)state;
  pthread_t thread;
  int result = -1, ends[2];
  mr_region mine = take(48);
  give(take(48));
  assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
  assert_int_equal(pthread_create(&thread, NULL, keep_some_in_a_magazine, NULL), 0);
  pthread_barrier_wait(&barrier);

  /* Tools have the child end with a status of their own. */
  assert_int_equal(pipe(ends), 0);
  mr_cached_acquire_for_fork(&cached);
  pid_t child = fork();
  mr_cached_release_after_fork(&cached, child == 0);
  if (child == 0) {
    result = look_after_fork(mine);
    _exit(write(ends[1], &result, sizeof result) == (ssize_t)sizeof result ? 0 : 1);
  }

  assert_true(child > 0);
  close(ends[1]);
  assert_int_equal(read(ends[0], &result, sizeof result), sizeof result);
  close(ends[0]);
  assert_int_equal(waitpid(child, NULL, 0), child);
  assert_int_equal(result, 0);
  pthread_barrier_wait(&barrier);
  assert_int_equal(pthread_join(thread, NULL), 0);
  pthread_barrier_destroy(&barrier);
  give(mine);
  assert_int_equal(used(), 0);
}

static atomic_bool is_over;

static void *take_and_give_all_the_time(void *context) {
  mr_region block;
  while (!atomic_load(&is_over)) {
    mr_ignore(mr_allocate(&cached.base, 64, &block));
    mr_ignore(mr_deallocate(&cached.base, &block));
  }
  return context;
}

static void a_fork_in_the_middle_of_others_work_leaves_the_child_in_order(void **state) {
  (void)state;
  if (!has_spans()) return;
  enum { THREADS = 2, FORKS = 100 };
  pthread_t threads[THREADS];
  int damaged = 0;
  atomic_store(&is_over, false);
  for (size_t i = 0; i < THREADS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, take_and_give_all_the_time, NULL), 0);
  for (int i = 0; i < FORKS; i++) {
    mr_cached_acquire_for_fork(&cached);
    pid_t child = fork();
    mr_cached_release_after_fork(&cached, child == 0);
    if (child == 0) _exit(mr_allocator_check(&cached.base, NULL) == MR_OK ? 0 : 1);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    damaged += WIFEXITED(status) && WEXITSTATUS(status) == 1;
  }
  atomic_store(&is_over, true);
  for (size_t i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
  assert_int_equal(damaged, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_threads_magazines_go_home_when_it_ends, set_up, tear_down),
      cmocka_unit_test_setup_teardown(blocks_that_another_thread_releases_come_home, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(misuse_is_found_by_threads_that_have_no_magazine_yet, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(what_two_threads_release_at_once_is_handed_out_once, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(threads_exchange_blocks, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_thread_that_is_ending_keeps_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_thread_works_with_several_allocators_in_turn, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_child_has_the_blocks_of_threads_that_it_has_not, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_fork_in_the_middle_of_others_work_leaves_the_child_in_order,
                                      set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

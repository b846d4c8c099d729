/* For clock_gettime. */
#define _POSIX_C_SOURCE 200809L

#include "heap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "choice.h"
#include "early.h"
#include "frame.h"

extern char **environ;

static mr_frame early;

/* What serves each origin, and how many blocks there are to a guarded one. */
static mr_allocator *allocators[MR_ORIGINS];
static size_t interval;

/* A process has one thread when it first asks for memory, and its libraries are initialised before it has two: so these
 * are only read by the time there are others. */
static enum { NOTHING, UNDER_WAY, READY } progress;

/* How often this thread has entered and not left. */
static _Thread_local unsigned depth;

/* Until this thread's next guarded block, 0 before its first; and those of its present interval that follow it. */
static _Thread_local size_t countdown;
static _Thread_local size_t rest;

/* Differs from process to process. */
static atomic_uint_least64_t random_state;

static void stir(void) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t here = (uint64_t)(uintptr_t)&now ^ (uint64_t)getpid() << 32 ^ (uint64_t)now.tv_nsec;
  atomic_fetch_add_explicit(&random_state, here, memory_order_relaxed);
}

/* splitmix64, of Steele, Lea and Flood, "Fast splittable pseudorandom number generators". */
static uint64_t next_random(void) {
  uint64_t word = UINT64_C(0x9E3779B97F4A7C15);
  word += atomic_fetch_add_explicit(&random_state, word, memory_order_relaxed);
  word = (word ^ word >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  word = (word ^ word >> 27) * UINT64_C(0x94D049BB133111EB);
  return word ^ word >> 31;
}

/* One block of each interval, at random: so that threads and processes of few blocks have their share of guarded ones, and
 * no pattern of the program's own escapes it. */
static void restart(void) {
  size_t before = (size_t)(next_random() % interval);
  countdown = rest + before + 1;
  rest = interval - before - 1;
}

static void before_fork(void) { mr_choice_acquire_for_fork(); }
static void after_fork_in_parent(void) { mr_choice_release_after_fork(false); }

/* Children of one parent are not to choose the same blocks. */
static void after_fork_in_child(void) {
  mr_choice_release_after_fork(true);
  stir();
  countdown = rest = 0;
}

/* Until the C library is initialised the environment is not known, and there are but a few small requests. */
static void begin(void) {
  if (!early.parent) {
    mr_block_begin();
    mr_frame_init(&early, &mr_early, MR_ORIGIN_EARLY, false);
    allocators[MR_ORIGIN_EARLY] = &early.base;
  }
  if (!environ || progress == UNDER_WAY) return;
  progress = UNDER_WAY;
  mr_choice choice = mr_choice_make();
  allocators[MR_ORIGIN_INNER] = choice.inner;
  allocators[MR_ORIGIN_MAIN] = choice.main;
  allocators[MR_ORIGIN_GUARDED] = choice.guarded;
  interval = choice.interval;
  stir();
  (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
  progress = READY;
}

/* Who does nothing but start threads is to find all ready too. */
__attribute__((constructor)) static void begin_at_last(void) {
  mr_heap_enter();
  mr_heap_leave();
}

void mr_heap_enter(void) {
  if (progress != READY) begin();
  depth++;
}

void mr_heap_leave(void) { depth--; }

mr_origin mr_heap_next_origin(void) {
  if (progress != READY) return MR_ORIGIN_EARLY;
  if (depth > 1) return MR_ORIGIN_INNER;
  if (interval == 0) return MR_ORIGIN_MAIN;
  if (countdown == 0) restart();
  return --countdown == 0 ? MR_ORIGIN_GUARDED : MR_ORIGIN_MAIN;
}

mr_allocator *mr_heap_of(mr_origin origin) { return allocators[origin]; }

static const char *read_guarded(const mr_fault *known, mr_block *out) {
  if (known->place != MR_FAULT_INSIDE || known->distance != 0) return "not where a block starts";
  if (known->is_released) return "released already";
  *out = (mr_block){known->block.size, known->alignment, MR_ORIGIN_GUARDED};
  return NULL;
}

const char *mr_heap_read(const void *pointer, mr_block *out) {
  mr_fault known;
  if (mr_choice_describe(pointer, &known)) return read_guarded(&known, out);
  return mr_block_read(pointer, out);
}

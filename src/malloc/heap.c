#include "heap.h"

#include <pthread.h>
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

/* Until this thread's next guarded block; 0 before its first. */
static _Thread_local size_t countdown;

static void before_fork(void) { mr_choice_acquire_for_fork(); }
static void after_fork_in_parent(void) { mr_choice_release_after_fork(false); }
static void after_fork_in_child(void) { mr_choice_release_after_fork(true); }

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
  if (countdown == 0) countdown = interval;
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

#include "quarantine.h"

#include <stdatomic.h>
#include <stddef.h>

/* At most 16 blocks of a thread's wait at a time. A ring is two cache lines, which only its threads touch. */
enum { RINGS = 64, PLACES = 16 };

static _Alignas(64) _Atomic(void *) rings[RINGS][PLACES];

/* How many threads have come, and this thread's own place in a ring. */
static atomic_uint threads;
static _Thread_local unsigned ring; /* 0 until it has one, then its number plus 1 */
static _Thread_local unsigned place;

void *mr_quarantine_exchange(void *pointer) {
  if (ring == 0) {
    ring = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) % RINGS + 1;
  }
  _Atomic(void *) *at = &rings[ring - 1][place++ % PLACES];
  return atomic_exchange_explicit(at, pointer, memory_order_acq_rel);
}

void *mr_quarantine_take(void) {
  for (size_t i = 0; i < (size_t)RINGS * PLACES; i++) {
    void *pointer =
        atomic_exchange_explicit(&rings[i / PLACES][i % PLACES], NULL, memory_order_acq_rel);
    if (pointer) return pointer;
  }
  return NULL;
}

#include "worst.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "measure.h"

enum { REPLAYS = 5, SLOTS = 4096, LEAST_BITS = 4, MOST_BITS = 16 };

typedef struct slot {
  void *block;
  size_t size;
} slot;

typedef struct replay {
  const worst_subject *subject;
  slot slots[SLOTS];
  uint64_t random;
} replay;

/* xorshift64*, of Sebastiano Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
static uint32_t random_number(replay *now) {
  now->random ^= now->random >> 12;
  now->random ^= now->random << 25;
  now->random ^= now->random >> 27;
  return (uint32_t)((now->random * UINT64_C(2685821657736338717)) >> 32);
}

/* Each power of two is as likely as any other. */
static size_t random_size(replay *now) {
  unsigned bits = LEAST_BITS + random_number(now) % (MOST_BITS - LEAST_BITS);
  return ((size_t)1 << bits) + random_number(now) % ((size_t)1 << bits);
}

static double call(replay *now) {
  const worst_subject *subject = now->subject;
  slot *at = &now->slots[random_number(now) % SLOTS];
  size_t size = random_size(now);
  double start = measure_now();
  if (at->block) {
    subject->give(subject->self, at->block, at->size);
    at->block = NULL;
  } else {
    at->block = subject->take(subject->self, size);
    at->size = size;
  }
  return measure_now() - start;
}

static void run(replay *now, size_t calls, float *least) {
  memset(now->slots, 0, sizeof now->slots);
  now->random = 1;
  for (size_t i = 0; i < calls; i++) {
    float took = (float)call(now);
    if (took < least[i]) least[i] = took;
  }
  for (size_t i = 0; i < SLOTS; i++) {
    slot *at = &now->slots[i];
    if (at->block) now->subject->give(now->subject->self, at->block, at->size);
  }
}

double worst_call(const worst_subject *subject, size_t calls) {
  float *least = malloc(calls * sizeof *least);
  replay *now = malloc(sizeof *now);
  bench_require(least && now, "no memory for replays");
  now->subject = subject;
  for (size_t i = 0; i < calls; i++) least[i] = 1e9F;
  for (int i = 0; i < REPLAYS; i++) run(now, calls, least);
  float worst = 0;
  for (size_t i = 0; i < calls; i++) {
    if (least[i] > worst) worst = least[i];
  }
  free(now);
  free(least);
  return worst;
}

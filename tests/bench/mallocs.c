#include "mallocs.h"

#include <limits.h>
#include <malloc.h>
#include <stdlib.h>

#include "partner.h"
#include "peers.h"
#include "preload.h"

void *bench_blocks[BENCH_BLOCKS];

static const char mimalloc[] = "libmimalloc.so.2";
static const char jemalloc[] = "libjemalloc.so.2";

bool mimalloc_is_installed(void) { return preload_is_installed(mimalloc); }
void mimalloc_open(bench_job *job) { preload_open(job, mimalloc); }
bool jemalloc_is_installed(void) { return preload_is_installed(jemalloc); }
void jemalloc_open(bench_job *job) { preload_open(job, jemalloc); }

/* malloc. */

/* The C library would give a batch's memory back to the system whenever it lies at the heap's end, and it would not be
 * warm the next time. */
void malloc_open(bench_job *job) {
  (void)job;
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

static inline void *malloc_take(size_t size) {
  void *block = malloc(size);
  bench_require(block != NULL, "malloc found no memory");
  bench_use(block);
  return block;
}

static void malloc_take_batch(size_t size) {
  for (size_t i = 0; i < BENCH_BLOCKS; i++) bench_blocks[i] = malloc_take(size);
}

static void malloc_give_batch(void *context) {
  (void)context;
  for (size_t i = 0; i < BENCH_BLOCKS; i++) free(bench_blocks[i]);
}

void malloc_batches(bench_job *job) {
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    malloc_take_batch(job->of->size);
    malloc_give_batch(NULL);
  }
}

void malloc_pairs(bench_job *job) {
  size_t size = job->of->size;
  for (size_t i = 0; i < job->repeats * BENCH_BLOCKS; i++) free(malloc_take(size));
}

void malloc_threads_open(bench_job *job) {
  malloc_open(job);
  job->state = partner_start();
}

void malloc_threads(bench_job *job) {
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    malloc_take_batch(job->of->size);
    partner_do(job->state, malloc_give_batch, NULL);
  }
}

void malloc_threads_close(bench_job *job) { partner_stop(job->state); }

/* An allocator's. */

static inline void *allocator_take(mr_allocator *from, size_t size) {
  mr_region block;
  bench_require(mr_allocate(from, size, &block) == MR_OK, "mr_allocate failed");
  bench_use(block.pointer);
  return block.pointer;
}

static inline void allocator_give(mr_allocator *to, void *pointer, size_t size) {
  mr_region block = mr_region_of(pointer, size);
  bench_require(mr_deallocate(to, &block) == MR_OK, "mr_deallocate failed");
}

static void allocator_take_batch(const bench_job *job) {
  const bench_allocator *from = job->state;
  for (size_t i = 0; i < BENCH_BLOCKS; i++) {
    bench_blocks[i] = allocator_take(from->allocator, job->of->size);
  }
}

static void allocator_give_batch(void *context) {
  const bench_job *job = context;
  const bench_allocator *to = job->state;
  for (size_t i = 0; i < BENCH_BLOCKS; i++) {
    allocator_give(to->allocator, bench_blocks[i], job->of->size);
  }
}

void allocator_batches(bench_job *job) {
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    allocator_take_batch(job);
    allocator_give_batch(job);
  }
}

void allocator_pairs(bench_job *job) {
  mr_allocator *from = ((const bench_allocator *)job->state)->allocator;
  size_t size = job->of->size;
  for (size_t i = 0; i < job->repeats * BENCH_BLOCKS; i++) {
    allocator_give(from, allocator_take(from, size), size);
  }
}

void allocator_threads(bench_job *job) {
  struct bench_partner *partner = ((const bench_allocator *)job->state)->partner;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    allocator_take_batch(job);
    partner_do(partner, allocator_give_batch, job);
  }
}

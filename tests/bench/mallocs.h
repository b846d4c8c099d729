#ifndef MEMREGIONS_BENCH_MALLOCS_H
#define MEMREGIONS_BENCH_MALLOCS_H

/*
 * Work in which each block is given back by itself: malloc's, and any mr_allocator's through the protocol.
 *
 *   batches   BENCH_BLOCKS blocks taken, then given back in the same order
 *   pairs     a block taken and given back, BENCH_BLOCKS times
 *   threads   as batches, but given back by another thread
 */

#include <memregions/allocator.h>

#include "bench.h"

void malloc_open(bench_job *job);
void malloc_batches(bench_job *job);
void malloc_pairs(bench_job *job);
void malloc_threads_open(bench_job *job);
void malloc_threads(bench_job *job);
void malloc_threads_close(bench_job *job);

bool mimalloc_is_installed(void);
void mimalloc_open(bench_job *job);
bool jemalloc_is_installed(void);
void jemalloc_open(bench_job *job);

/** Those who provide malloc, as entries of a table of subjects, given what is malloc's work in the case. */
#define MALLOC_SUBJECTS(opened_by, worked_by, closed_by)                              \
  {.name = "glibc", .open = (opened_by), .work = (worked_by), .close = (closed_by)},  \
      {.name = "mimalloc",                                                            \
       .is_installed = mimalloc_is_installed,                                         \
       .open = mimalloc_open,                                                         \
       .sample = preload_sample,                                                      \
       .close = preload_close},                                                       \
  {                                                                                   \
    .name = "jemalloc", .is_installed = jemalloc_is_installed, .open = jemalloc_open, \
    .sample = preload_sample, .close = preload_close                                  \
  }

/** The same, by an allocator: it is the first member of what job->state points to. */
typedef struct bench_allocator {
  mr_allocator *allocator;
  /** For `threads`; else null. */
  struct bench_partner *partner;
} bench_allocator;

void allocator_batches(bench_job *job);
void allocator_pairs(bench_job *job);
void allocator_threads(bench_job *job);

#endif

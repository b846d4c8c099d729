#include <memregions/arena.h>
#include <memregions/bump.h>
#include <stdlib.h>

#include "peers.h"

/* Bumps and arenas, in batches as peers.h has them. */

static void *bump_create(size_t octets) {
  mr_bump *bump = malloc(sizeof *bump);
  bench_require(bump && mr_bump_init_from(bump, NULL, octets) == MR_OK, "no memory for a bump");
  return bump;
}

static void bump_open(bench_job *job) { bench_open_pools(job, bump_create); }

static void *arena_create(size_t octets) {
  mr_arena *arena = malloc(sizeof *arena);
  mr_arena_options options = {.chunk_size = octets};
  bench_require(arena && mr_arena_init(arena, &options) == MR_OK, "no memory for an arena");
  return arena;
}

static void arena_open(bench_job *job) { bench_open_pools(job, arena_create); }

/* What a destroyed allocator of any kind leaves is its owner's. */
static void allocator_destroy(void *pool) {
  mr_ignore(mr_allocator_destroy(pool));
  free(pool);
}

static void allocator_close(bench_job *job) { bench_close_pools(job, allocator_destroy); }

static void clear_all(void **pools) {
  for (size_t at = 0; at < BENCH_POOLS; at++) {
    bench_require(mr_allocator_clear(pools[at]) == MR_OK, "mr_allocator_clear failed");
  }
}

BENCH_INLINE void bump_batches(const bench_job *job, size_t size) {
  void **pools = job->state;
  mr_region block = {NULL, 0};
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        bench_require(mr_bump_allocate(pools[at], size, &block) == MR_OK,
                      "mr_bump_allocate failed");
        bench_blocks[i + at] = block.pointer;
        bench_use(block.pointer);
      }
    }
    clear_all(pools);
  }
}

static void bump_inline(bench_job *job) {
  switch (job->of->size) {
    case 16:
      bump_batches(job, 16);
      break;
    case 64:
      bump_batches(job, 64);
      break;
    default:
      bump_batches(job, 256);
  }
}

BENCH_INLINE void arena_batches(const bench_job *job, size_t size) {
  void **pools = job->state;
  mr_region block = {NULL, 0};
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        bench_require(mr_arena_allocate(pools[at], size, &block) == MR_OK,
                      "mr_arena_allocate failed");
        bench_blocks[i + at] = block.pointer;
        bench_use(block.pointer);
      }
    }
    clear_all(pools);
  }
}

static void arena_inline(bench_job *job) { arena_batches(job, 64); }

/* What is behind the pointer is not known here: each block is a call through the functions of its kind. */
static void dispatch(bench_job *job) {
  void **pools = job->state;
  size_t size = job->of->size;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        mr_region block;
        bench_require(mr_allocate(pools[at], size, &block) == MR_OK, "mr_allocate failed");
        bench_blocks[i + at] = block.pointer;
        bench_use(block.pointer);
      }
    }
    clear_all(pools);
  }
}

static const bench_case cases[] = {
    {.name = "bump-inline-16",
     .size = 16,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = bump_open, .work = bump_inline, .close = allocator_close},
     .peers = allocator_peers},
    {.name = "bump-inline-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = bump_open, .work = bump_inline, .close = allocator_close},
     .peers = allocator_peers},
    {.name = "bump-inline-256",
     .size = 256,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = bump_open, .work = bump_inline, .close = allocator_close},
     .peers = allocator_peers},
    {.name = "bump-dispatch-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = bump_open, .work = dispatch, .close = allocator_close},
     .peers = allocator_peers},
    {.name = "arena-inline-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = arena_open, .work = arena_inline, .close = allocator_close},
     .peers = allocator_peers},
};

const bench_component allocator_bench = {
    .name = "allocator", .cases = cases, .case_count = BENCH_COUNT(cases)};

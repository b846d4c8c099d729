#include <memregions/arena.h>
#include <memregions/bump.h>
#include <memregions/cached.h>
#include <memregions/guarded.h>
#include <memregions/pool.h>
#include <memregions/tlsf.h>
#include <stdlib.h>
#include <string.h>

#include "mallocs.h"
#include "partner.h"
#include "peers.h"
#include "preload.h"
#include "worst.h"

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

/* Pools of one size of block, each block given back by itself. */

/* The plainest pool there can be: a free list and a cursor, nothing checked or encoded. What a block costs here is what
 * its memory costs. */
typedef struct list {
  void *free;
  unsigned char *cursor;
  unsigned char start[];
} list;

static void *list_create(size_t octets) {
  list *created = malloc(sizeof *created + octets);
  if (!created) return NULL;
  created->free = NULL;
  created->cursor = created->start;
  return created;
}

static void list_open(bench_job *job) { bench_open_pools(job, list_create); }

static inline void *list_take(list *from, size_t size) {
  void *block = from->free;
  if (block) {
    from->free = *(void **)block;
  } else {
    block = from->cursor;
    from->cursor += size;
  }
  return block;
}

static inline void list_give(list *to, void *block) {
  *(void **)block = to->free;
  to->free = block;
}

static void list_batches(bench_job *job) {
  enum { SIZE = 64 };
  void **lists = job->state;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        bench_blocks[i + at] = list_take(lists[at], SIZE);
        bench_use(bench_blocks[i + at]);
      }
    }
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        list_give(lists[at], bench_blocks[i + at]);
        bench_use(lists[at]);
      }
    }
  }
}

static void list_close(bench_job *job) { bench_close_pools(job, free); }

static void *pool_create(size_t octets) {
  mr_pool *pool = malloc(sizeof *pool);
  mr_pool_options options = {.block_size = 64, .chunk_size = octets};
  bench_require(pool && mr_pool_init(pool, &options) == MR_OK, "no memory for a pool");
  return pool;
}

static void pool_open(bench_job *job) { bench_open_pools(job, pool_create); }

static void pool_inline(bench_job *job) {
  enum { SIZE = 64 };
  void **pools = job->state;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        mr_region block = {NULL, 0};
        bench_require(mr_pool_allocate(pools[at], SIZE, &block) == MR_OK,
                      "mr_pool_allocate failed");
        bench_blocks[i + at] = block.pointer;
        bench_use(block.pointer);
      }
    }
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        mr_region block = {bench_blocks[i + at], SIZE};
        bench_require(mr_pool_deallocate(pools[at], &block) == MR_OK, "mr_pool_deallocate failed");
      }
    }
  }
}

static void pool_dispatch(bench_job *job) {
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
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        mr_region block = {bench_blocks[i + at], size};
        bench_require(mr_deallocate(pools[at], &block) == MR_OK, "mr_deallocate failed");
      }
    }
  }
}

/* General allocators, through the protocol: of each one, which serves all sizes. */

typedef struct subject_state {
  bench_allocator of;
  union {
    mr_tlsf tlsf;
    mr_cached cached;
    mr_guarded guarded;
  } is;
  void *storage;
} subject_state;

static subject_state *new_state(bench_job *job) {
  subject_state *state = calloc(1, sizeof *state);
  bench_require(state != NULL, "no memory for an allocator");
  job->state = state;
  return state;
}

static void state_close(bench_job *job) {
  subject_state *state = job->state;
  if (state->of.partner) partner_stop(state->of.partner);
  mr_ignore(mr_allocator_destroy(state->of.allocator));
  free(state->storage);
  free(state);
}

/* Warm memory, as malloc's is after the first batch. */
static void tlsf_open_over(bench_job *job, size_t size) {
  subject_state *state = new_state(job);
  state->storage = malloc(size);
  bench_require(state->storage != NULL, "no memory for a tlsf");
  memset(state->storage, 1, size);
  mr_tlsf_options options = {.storage = mr_region_of(state->storage, size)};
  bench_require(mr_tlsf_init(&state->is.tlsf, &options) == MR_OK, "mr_tlsf_init failed");
  state->of.allocator = &state->is.tlsf.base;
}

static void tlsf_open(bench_job *job) { tlsf_open_over(job, (size_t)4 << 20); }

static void cached_open(bench_job *job) {
  subject_state *state = new_state(job);
  bench_require(mr_cached_init(&state->is.cached, NULL) == MR_OK, "mr_cached_init failed");
  state->of.allocator = &state->is.cached.base;
}

static void cached_threads_open(bench_job *job) {
  cached_open(job);
  ((subject_state *)job->state)->of.partner = partner_start();
}

static void sampled_open(bench_job *job) {
  subject_state *state = new_state(job);
  mr_guarded_options options = {.interval = 10000};
  bench_require(mr_guarded_init(&state->is.guarded, &options) == MR_OK, "mr_guarded_init failed");
  state->of.allocator = &state->is.guarded.base;
}

/* What a sampled allocator passes nearly everything on to. */
static void parent_open(bench_job *job) { new_state(job)->of.allocator = mr_system_allocator(); }

/* The worst call: found once, since it is the worst of all replays already. */

enum { WORST_STORAGE = 256 << 20, WORST_CALLS = 10000000, WORST_QUICK_CALLS = 100000 };

static void *tlsf_take(void *self, size_t size) {
  mr_region block;
  bench_require(mr_allocate(self, size, &block) == MR_OK, "mr_allocate failed");
  return block.pointer;
}

static void tlsf_give(void *self, void *pointer, size_t size) {
  mr_region block = {pointer, size};
  bench_require(mr_deallocate(self, &block) == MR_OK, "mr_deallocate failed");
}

static void *malloc_take(void *self, size_t size) {
  (void)self;
  void *block = malloc(size);
  bench_require(block != NULL, "malloc found no memory");
  return block;
}

static void malloc_give(void *self, void *block, size_t size) {
  (void)self, (void)size;
  free(block);
}

static void find_worst(bench_job *job, const worst_subject *subject) {
  const bool *is_quick = job->fixture;
  double *worst = malloc(sizeof *worst);
  bench_require(worst != NULL, "no memory for a figure");
  *worst = worst_call(subject, *is_quick ? WORST_QUICK_CALLS : WORST_CALLS);
  job->state = worst;
}

static void tlsf_worst_open(bench_job *job) {
  bench_job over = *job;
  tlsf_open_over(&over, WORST_STORAGE);
  subject_state *state = over.state;
  find_worst(job, &(worst_subject){&state->is.tlsf, tlsf_take, tlsf_give});
  state_close(&over);
}

static void malloc_worst_open(bench_job *job) {
  malloc_open(job);
  find_worst(job, &(worst_subject){NULL, malloc_take, malloc_give});
}

static double worst_sample(bench_job *job) { return *(const double *)job->state; }

static void worst_close(bench_job *job) { free(job->state); }

/* The cases. */

static const bench_subject batch_peers[] = {
    MALLOC_SUBJECTS(malloc_open, malloc_batches, NULL),
    {0},
};

static const bench_subject pool_peers[] = {
    MALLOC_SUBJECTS(malloc_open, malloc_batches, NULL),
    {.name = "list", .open = list_open, .work = list_batches, .close = list_close},
    {0},
};

static const bench_subject pair_peers[] = {
    MALLOC_SUBJECTS(malloc_open, malloc_pairs, NULL),
    {0},
};

static const bench_subject thread_peers[] = {
    MALLOC_SUBJECTS(malloc_threads_open, malloc_threads, malloc_threads_close),
    {0},
};

static const bench_subject sampled_peers[] = {
    MALLOC_SUBJECTS(malloc_open, malloc_batches, NULL),
    {.name = "parent", .open = parent_open, .work = allocator_batches, .close = state_close},
    {0},
};

static const bench_subject worst_peers[] = {
    {.name = "glibc", .open = malloc_worst_open, .sample = worst_sample, .close = worst_close},
    {0},
};

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
    {.name = "pool-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = pool_open, .work = pool_inline, .close = allocator_close},
     .peers = pool_peers},
    {.name = "pool-dispatch-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = pool_open, .work = pool_dispatch, .close = allocator_close},
     .peers = pool_peers},
    {.name = "tlsf-16",
     .size = 16,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = tlsf_open, .work = allocator_batches, .close = state_close},
     .peers = batch_peers},
    {.name = "tlsf-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = tlsf_open, .work = allocator_batches, .close = state_close},
     .peers = batch_peers},
    {.name = "tlsf-256",
     .size = 256,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = tlsf_open, .work = allocator_batches, .close = state_close},
     .peers = batch_peers},
    {.name = "tlsf-pair-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions =
         {.name = "memregions", .open = tlsf_open, .work = allocator_pairs, .close = state_close},
     .peers = pair_peers},
    {.name = "tlsf-worst",
     .size = 1 << 16,
     .unit = "call",
     .units = 1,
     .is_single = true,
     .memregions = {.name = "memregions",
                    .open = tlsf_worst_open,
                    .sample = worst_sample,
                    .close = worst_close},
     .peers = worst_peers},
    {.name = "cached-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions = {.name = "memregions",
                    .open = cached_open,
                    .work = allocator_batches,
                    .close = state_close},
     .peers = batch_peers},
    {.name = "sampled-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .least_repeats = 100,
     .memregions = {.name = "memregions",
                    .open = sampled_open,
                    .work = allocator_batches,
                    .close = state_close},
     .peers = sampled_peers},
    {.name = "threads-2-64",
     .size = 64,
     .unit = "block",
     .units = BENCH_BLOCKS,
     .memregions = {.name = "memregions",
                    .open = cached_threads_open,
                    .work = allocator_threads,
                    .close = state_close},
     .peers = thread_peers},
};

static void *is_quick_fixture(const bench_case *of, bool is_quick) {
  (void)of;
  static bool kept;
  kept = is_quick;
  return &kept;
}

const bench_component allocator_bench = {.name = "allocator",
                                         .open = is_quick_fixture,
                                         .cases = cases,
                                         .case_count = BENCH_COUNT(cases)};

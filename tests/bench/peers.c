#include "peers.h"

#include <dlfcn.h>
#include <obstack.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mallocs.h"
#include "preload.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

void bench_open_pools(bench_job *job, bench_create *create) {
  enum { HEADER = 128, POOL = 4096 };
  void **pools = calloc(BENCH_POOLS, sizeof *pools);
  bench_require(pools != NULL, "no memory for pools");
  for (size_t i = 0; i < BENCH_POOLS; i++) {
    pools[i] = create(BENCH_BLOCKS / BENCH_POOLS * (job->of->size + HEADER) + POOL);
    bench_require(pools[i] != NULL, "no memory for a pool");
  }
  job->state = pools;
}

void bench_close_pools(bench_job *job, bench_destroy *destroy) {
  void **pools = job->state;
  for (size_t i = 0; i < BENCH_POOLS; i++) destroy(pools[i]);
  free(pools);
}

/* The ideal: state in memory, blocks aligned, the end checked; nothing else. */

typedef struct ideal {
  unsigned char *cursor;
  unsigned char *limit;
  unsigned char start[];
} ideal;

static void *ideal_create(size_t octets) {
  ideal *pool = malloc(sizeof *pool + octets);
  if (!pool) return NULL;
  pool->cursor = pool->start;
  pool->limit = pool->start + octets;
  return pool;
}

static void ideal_open(bench_job *job) { bench_open_pools(job, ideal_create); }

static inline void *ideal_allocate(ideal *pool, size_t size) {
  unsigned char *block = pool->cursor;
  size_t rounded = (size + 15) & ~(size_t)15;
  if (rounded > (uintptr_t)pool->limit - (uintptr_t)block) return NULL;
  pool->cursor = block + rounded;
  return block;
}

static void ideal_clear(ideal *pool) { pool->cursor = pool->start; }

BENCH_INLINE void ideal_batches(const bench_job *job, size_t size) {
  void **pools = job->state;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        void *block = ideal_allocate(pools[at], size);
        bench_require(block != NULL, "the ideal loop found no memory");
        bench_blocks[i + at] = block;
        bench_use(block);
      }
    }
    for (size_t at = 0; at < BENCH_POOLS; at++) ideal_clear(pools[at]);
  }
}

static void ideal_work(bench_job *job) {
  switch (job->of->size) {
    case 16:
      ideal_batches(job, 16);
      break;
    case 64:
      ideal_batches(job, 64);
      break;
    default:
      ideal_batches(job, 256);
  }
}

static void ideal_close(bench_job *job) { bench_close_pools(job, free); }

/* Pools found at run time. Their prototypes are given here, so that building needs none of their headers. */

/* Sets the function pointer at `function`. C has no other conversion from an object's address to a function's. */
static bool find_function(void *library, const char *name, void *function) {
  void *address = dlsym(library, name);
  if (!address) return false;
  memcpy(function, &address, sizeof address);
  return true;
}

static struct {
  int (*initialize)(void);
  int (*create)(void **pool, void *parent, int (*abort)(int), void *allocator);
  void *(*palloc)(void *pool, size_t size);
  void (*clear)(void *pool);
  void (*destroy)(void *pool);
} apr;

static bool apr_is_installed(void) {
  void *library = dlopen("libapr-1.so.0", RTLD_NOW | RTLD_LOCAL);
  return library && find_function(library, "apr_initialize", &apr.initialize) &&
         find_function(library, "apr_pool_create_ex", &apr.create) &&
         find_function(library, "apr_palloc", &apr.palloc) &&
         find_function(library, "apr_pool_clear", &apr.clear) &&
         find_function(library, "apr_pool_destroy", &apr.destroy) && apr.initialize() == 0;
}

static void *apr_create(size_t octets) {
  (void)octets;
  void *pool;
  return apr.create(&pool, NULL, NULL, NULL) == 0 ? pool : NULL;
}

static void apr_open(bench_job *job) { bench_open_pools(job, apr_create); }

static void apr_work(bench_job *job) {
  void **pools = job->state;
  size_t size = job->of->size;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        void *block = apr.palloc(pools[at], size);
        bench_require(block != NULL, "apr_palloc found no memory");
        bench_blocks[i + at] = block;
        bench_use(block);
      }
    }
    for (size_t at = 0; at < BENCH_POOLS; at++) apr.clear(pools[at]);
  }
}

static void apr_close(bench_job *job) { bench_close_pools(job, apr.destroy); }

static struct {
  void *(*pool)(const void *context, size_t size);
  void *(*allocate)(const void *context, size_t size, const char *name);
  void (*free_children)(void *context);
  int (*free)(void *context, const char *location);
} talloc;

static bool talloc_is_installed(void) {
  void *library = dlopen("libtalloc.so.2", RTLD_NOW | RTLD_LOCAL);
  return library && find_function(library, "talloc_pool", &talloc.pool) &&
         find_function(library, "talloc_named_const", &talloc.allocate) &&
         find_function(library, "talloc_free_children", &talloc.free_children) &&
         find_function(library, "_talloc_free", &talloc.free);
}

static void *talloc_create(size_t octets) { return talloc.pool(NULL, octets); }

static void talloc_open(bench_job *job) { bench_open_pools(job, talloc_create); }

static void talloc_work(bench_job *job) {
  void **pools = job->state;
  size_t size = job->of->size;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        void *block = talloc.allocate(pools[at], size, "block");
        bench_require(block != NULL, "talloc found no memory");
        bench_blocks[i + at] = block;
        bench_use(block);
      }
    }
    for (size_t at = 0; at < BENCH_POOLS; at++) talloc.free_children(pools[at]);
  }
}

static void talloc_destroy(void *pool) { talloc.free(pool, "bench"); }

static void talloc_close(bench_job *job) { bench_close_pools(job, talloc_destroy); }

/* In one chunk from the start: an obstack gives all but its first back, and would go to malloc in every batch. */
static void *obstack_create(size_t octets) {
  struct obstack *pool = malloc(sizeof *pool);
  if (pool) obstack_begin(pool, (int)octets);
  return pool;
}

static void obstack_open(bench_job *job) { bench_open_pools(job, obstack_create); }

BENCH_INLINE void obstack_batches(const bench_job *job, int size) {
  void **pools = job->state;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    for (size_t i = 0; i < BENCH_BLOCKS; i += BENCH_POOLS) {
      for (size_t at = 0; at < BENCH_POOLS; at++) {
        struct obstack *pool = pools[at];
        void *block = obstack_alloc(pool, size);
        bench_blocks[i + at] = block;
        bench_use(block);
      }
    }
    for (size_t at = 0; at < BENCH_POOLS; at++) {
      struct obstack *pool = pools[at];
      obstack_free(pool, bench_blocks[at]);
    }
  }
}

static void obstack_work(bench_job *job) {
  switch (job->of->size) {
    case 16:
      obstack_batches(job, 16);
      break;
    case 64:
      obstack_batches(job, 64);
      break;
    default:
      obstack_batches(job, 256);
  }
}

static void obstack_destroy(void *pool) {
  struct obstack *stack = pool;
  obstack_free(stack, NULL);
  free(stack);
}

static void obstack_close(bench_job *job) { bench_close_pools(job, obstack_destroy); }

const bench_subject allocator_peers[] = {
    {.name = "ideal", .open = ideal_open, .work = ideal_work, .close = ideal_close},
    MALLOC_SUBJECTS(malloc_open, malloc_batches, NULL),
    {.name = "apr",
     .is_installed = apr_is_installed,
     .open = apr_open,
     .work = apr_work,
     .close = apr_close},
    {.name = "talloc",
     .is_installed = talloc_is_installed,
     .open = talloc_open,
     .work = talloc_work,
     .close = talloc_close},
    {.name = "obstack", .open = obstack_open, .work = obstack_work, .close = obstack_close},
    {0},
};

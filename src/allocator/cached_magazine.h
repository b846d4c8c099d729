#ifndef MEMREGIONS_ALLOCATOR_CACHED_MAGAZINE_H
#define MEMREGIONS_ALLOCATOR_CACHED_MAGAZINE_H

/*
 * A thread's cache in front of a cached allocator's center: for each class a magazine, which is a stack of blocks.
 *
 * What always holds: a magazine has room for none at first, then for as many blocks as its class allows; all that is in
 * it is cached. Under its blocks lies one that is not: whoever takes the topmost sees by its state whether there is one.
 *
 * Threads: a cache belongs to its thread. Others read how much is in it, under the lock, under which all here is called.
 */

#include "cached_center.h"

typedef struct mr_magazine {
  /* The blocks go from `bottom` to before `top`; there is room up to before `end`. */
  _Atomic(mr_cached_block *) top;
  mr_cached_block *end;
  mr_cached_block *bottom;
  uint32_t block_size;
  /* How many to take at once the next time. */
  uint32_t batch;
} mr_magazine;

enum { MR_RECENT_SPANS = 64 };

typedef struct mr_thread_cache {
  mr_magazine magazines[MR_SPAN_CLASSES];
  /* Spans that blocks were lately released of, each where its address says: saves most searches in the table. */
  mr_span *recent[MR_RECENT_SPANS];
  mr_cached_center *center;
  struct mr_thread_cache *previous;
  struct mr_thread_cache *next;
} mr_thread_cache;

static inline mr_cached_block *mr_magazine_top(const mr_magazine *magazine) {
  return atomic_load_explicit(&magazine->top, memory_order_relaxed);
}

static inline void mr_magazine_set_top(mr_magazine *magazine, mr_cached_block *top) {
  atomic_store_explicit(&magazine->top, top, memory_order_relaxed);
}

/* How many blocks are in it. */
static inline size_t mr_magazine_count(const mr_magazine *magazine) {
  return (size_t)(mr_magazine_top(magazine) - magazine->bottom);
}

/* Where the span of an address is remembered. */
static inline mr_span **mr_thread_cache_recent(mr_thread_cache *cache, const void *address) {
  return &cache->recent[(uintptr_t)address / MR_SPAN_SIZE % MR_RECENT_SPANS];
}

/* Null where there is no memory. */
mr_thread_cache *mr_thread_cache_create(mr_cached_center *center);

/* Takes all its blocks home, and gives it back. */
void mr_thread_cache_destroy(mr_thread_cache *cache);

/* Fills the magazine of a class, which is empty; false where there is no memory. */
bool mr_thread_cache_fill(mr_thread_cache *cache, unsigned class_index);

/* Makes room in a magazine that is full: its older half goes home. False where there is no memory for what it has not
 * yet: room for blocks. */
bool mr_thread_cache_make_room(mr_thread_cache *cache, unsigned class_index);

/* Takes all its blocks home. */
void mr_thread_cache_flush(mr_thread_cache *cache);

/* Forgets its blocks; each magazine begins anew. */
void mr_thread_cache_forget(mr_thread_cache *cache);

/* What is in all magazines of a center, in octets.
 *
 * @param[in,out] count  grows by how many blocks that is
 */
size_t mr_thread_caches_octets(const mr_cached_center *center, size_t *count);

#endif

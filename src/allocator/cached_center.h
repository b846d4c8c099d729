#ifndef MEMREGIONS_ALLOCATOR_CACHED_CENTER_H
#define MEMREGIONS_ALLOCATOR_CACHED_CENTER_H

/*
 * What the threads of a cached allocator share (memregions/cached.h): the spans, the blocks that are the parent's own,
 * the list of the threads' caches, and the lock on all of it.
 *
 * What always holds, while the lock is free:
 *   - every span with memory is in the table, and in its class's list; in its list of open ones, if it has blocks at
 *     home; and not all of its blocks are at home, but for clear, which keeps spans where they are;
 *   - `away` is what all the spans' blocks take that are not at home: handed out or in magazines.
 *
 * Threads: the functions are called with the lock held; before and after other threads know of it, no lock is needed.
 */

#include <pthread.h>

#include "cached_direct.h"
#include "cached_span_table.h"

typedef struct mr_span_class {
  /* In the order of their coming. */
  mr_span *first;
  mr_span *last;
  mr_span *open;
  /* Records without memory, by `next`. */
  mr_span *retired;
} mr_span_class;

enum { MR_SPAN_SPARES = 16 };

typedef struct mr_cached_center {
  /* What threads read without the lock. */
  size_t id;
  _Atomic(mr_span_table *) table;
  size_t magazine_size;
  /* Whether each block is to be the parent's, so that a tool sees it. */
  bool is_watched;
  pthread_key_t key;
  pthread_mutex_t lock;
  /* Octets. */
  size_t away;
  size_t span_count;
  /* Memory of spans that no class has. */
  void *spares[MR_SPAN_SPARES];
  size_t spare_count;
  struct mr_thread_cache *caches;
  mr_span_class classes[MR_SPAN_CLASSES];
  mr_direct direct;
} mr_cached_center;

/* Makes one, with its lock but without key; null where there is no memory. */
mr_cached_center *mr_center_create(mr_allocator *parent, mr_allocator *records);

/* Gives all back, but caches and key. */
void mr_center_destroy(mr_cached_center *center);

static inline void mr_center_lock(mr_cached_center *center) {
  (void)pthread_mutex_lock(&center->lock);
}

static inline void mr_center_unlock(mr_cached_center *center) {
  (void)pthread_mutex_unlock(&center->lock);
}

/* Needs no lock; but see span_table.h. */
static inline mr_span *mr_center_find(const mr_cached_center *center, const void *address) {
  return mr_span_table_find(atomic_load_explicit(&center->table, memory_order_acquire), address);
}

/* Takes up to `count` blocks of a class for a magazine. Fewer only where another span would be needed for more.
 *
 * @return  how many; 0 where there is no memory
 */
size_t mr_center_take(mr_cached_center *center, unsigned class_index, mr_cached_block *blocks,
                      size_t count);

/* Takes blocks of a magazine home; what is found to be no cached block is left out. */
void mr_center_give(mr_cached_center *center, const mr_cached_block *blocks, size_t count);

/* Takes all cached blocks home, by their states. Magazines must be emptied too. */
void mr_center_gather(mr_cached_center *center);

/* A block of the parent's. If need be, spares go back to it first. */
mr_region mr_center_allocate(mr_cached_center *center, size_t size, size_t alignment,
                             unsigned flags);

/* Gives all spans back whose blocks are home. */
void mr_center_trim(mr_cached_center *center);

/* All blocks are home again, and the parent has its own. Magazines must be emptied too. */
void mr_center_clear(mr_cached_center *center);

mr_status mr_center_walk(const mr_cached_center *center, mr_walk_function *function, void *context);

/* What is wrong; null if nothing is.
 *
 * @param[out] cached  how many blocks are in magazines
 */
const void *mr_center_damage(const mr_cached_center *center, size_t *cached);

#endif

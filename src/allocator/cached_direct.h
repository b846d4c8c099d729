#ifndef MEMREGIONS_ALLOCATOR_CACHED_DIRECT_H
#define MEMREGIONS_ALLOCATOR_CACHED_DIRECT_H

/*
 * Blocks that are asked of a parent one by one, and remembered: so that what is no such block is never given to the
 * parent, and all of them can be given back at once. A table by address, with linear probing.
 *
 * What always holds: at least half of the slots are empty, which have a null pointer.
 *
 * Threads: one at a time.
 */

#include "memregions/allocator.h"

typedef struct mr_direct_block {
  mr_region region;
  size_t alignment;
} mr_direct_block;

typedef struct mr_direct {
  mr_allocator *parent;
  mr_allocator *records;
  mr_direct_block *slots;
  /* A power of two, or 0 where there are none yet. */
  size_t slot_count;
  size_t count;
  /* All blocks together. */
  size_t octets;
} mr_direct;

/* As the ops of an allocator. */
mr_region mr_direct_allocate(mr_direct *direct, size_t size, size_t alignment, unsigned flags);
bool mr_direct_resize(mr_direct *direct, mr_region block, size_t size, size_t alignment);
mr_region mr_direct_remap(mr_direct *direct, mr_region block, size_t size, size_t alignment);
mr_status mr_direct_release(mr_direct *direct, mr_region block, size_t alignment);
mr_ownership mr_direct_owns(const mr_direct *direct, mr_view block);
mr_status mr_direct_walk(const mr_direct *direct, mr_walk_function *function, void *context);

/* Gives all blocks back. */
void mr_direct_clear(mr_direct *direct);

/* Gives all blocks back, and the table. */
void mr_direct_fini(mr_direct *direct);

bool mr_direct_is_sound(const mr_direct *direct);

#endif

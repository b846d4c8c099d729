#ifndef MEMREGIONS_MALLOC_SPLIT_H
#define MEMREGIONS_MALLOC_SPLIT_H

/*
 * Split: small blocks from one allocator, large ones from another. A block's size says which it came from.
 *
 * Cost: a comparison a call.
 *
 * What always holds: a block is of `small` if, and only if, it has less than `least_large` octets. So one that grows or
 * shrinks across that moves.
 *
 * Threads: as both of them.
 */

#include "memregions/allocator.h"

typedef struct mr_split {
  mr_allocator base;
  mr_allocator *small;
  mr_allocator *large;
  size_t least_large;
} mr_split;

/* Both are borrowed for as long as it is used. */
void mr_split_init(mr_split *split, mr_allocator *small, mr_allocator *large, size_t least_large);

#endif

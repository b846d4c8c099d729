#ifndef MEMREGIONS_ALLOCATOR_DEAD_H
#define MEMREGIONS_ALLOCATOR_DEAD_H

/*
 * What an allocator becomes at its end: one that has no memory, and that debug builds stop at when it is used.
 */

#include "memregions/allocator.h"

extern const mr_allocator_ops mr_dead_ops;

/* An allocator that never had memory, to stand in where one could not be made. Using it is no mistake. */
mr_allocator *mr_empty_allocator(void);

#endif

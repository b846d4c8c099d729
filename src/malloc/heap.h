#ifndef MEMREGIONS_MALLOC_HEAP_H
#define MEMREGIONS_MALLOC_HEAP_H

/*
 * The heap: which of the chosen allocators serves whom, and when they come to be.
 *
 * Whoever uses one enters before and leaves after. What the same thread asks in between, because an allocator's own work
 * asks malloc (to unwind the stack, say), is served by another one, whose work never does: so no lock is taken twice.
 *
 * Threads: all. A process of several threads may fork, and go on allocating in the child.
 */

#include "block.h"
#include "memregions/allocator.h"

/* Enters. Makes the allocators first, unless they are made or the environment is not known yet. */
void mr_heap_enter(void);
void mr_heap_leave(void);

/* Where the next new block of this thread, which has entered, is to come from. */
mr_origin mr_heap_next_origin(void);

/* What serves an origin. */
mr_allocator *mr_heap_of(mr_origin origin);

/* Finds out what a block is from its caller's pointer: null, or what is wrong with it. */
const char *mr_heap_read(const void *pointer, mr_block *out);

#endif

#ifndef MEMREGIONS_MALLOC_EARLY_H
#define MEMREGIONS_MALLOC_EARLY_H

/*
 * The allocator for what is asked before there is one: the dynamic linker asks before the environment is known, and
 * making the allocators may ask too.
 *
 * For:      those few blocks.
 * Not for:  anything else: nothing is taken back, and there is 64 KiB.
 *
 * Threads: all.
 */

#include "memregions/allocator.h"

extern mr_allocator mr_early;

#endif

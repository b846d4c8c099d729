#ifndef MEMREGIONS_MALLOC_FRAME_H
#define MEMREGIONS_MALLOC_FRAME_H

/*
 * Frame: a parent's blocks with what malloc has to know of them around each (block.h).
 *
 * Cost: 24 octets a block; 8 and the alignment where that is above 16.
 *
 * What always holds: whoever gives a block back has read it, so its prefix and tail are right.
 *
 * With quarantine, a block that was given back waits before the parent gets it; a damage found then is fatal. Large ones
 * do not wait, for their memory is the system's again at once.
 *
 * Threads: as the parent.
 */

#include "block.h"
#include "memregions/allocator.h"

/* Octets with their frame from which on blocks are large. */
#define MR_LEAST_LARGE ((size_t)1 << 17)

typedef struct mr_frame {
  mr_allocator base;
  mr_allocator *parent;
  mr_origin origin;
  bool has_quarantine;
} mr_frame;

/* The parent is borrowed for as long as the frame is used. */
void mr_frame_init(mr_frame *frame, mr_allocator *parent, mr_origin origin, bool has_quarantine);

#endif

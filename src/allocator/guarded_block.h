#ifndef MEMREGIONS_ALLOCATOR_GUARDED_BLOCK_H
#define MEMREGIONS_ALLOCATOR_GUARDED_BLOCK_H

/* The blocks of a guarded allocator: how they lie in the slots of its space, and what lies beside them. */

#include "guarded_space.h"
#include "memregions/guarded.h"

/* Whether an address is one of a guarded block's. */
static inline bool mr_guarded_holds(const mr_guarded *guarded, const void *address) {
  return (uintptr_t)address - guarded->start < guarded->size;
}

/* Begins the countdown to the next guarded block: 1 to 2 * interval - 1, at random, so that no pattern of the program's
 * own escapes it. */
void mr_guarded_restart(mr_guarded *guarded);

/* Takes a guarded block, or the parent's where none can be guarded; the null region where neither is to be had. */
mr_region mr_guarded_take(mr_guarded *guarded, size_t size, size_t alignment, unsigned flags);

/* Takes back a block that lies where guarded ones do. */
mr_status mr_guarded_release(mr_guarded *guarded, mr_region block, size_t alignment);

/* Whether the octets of `block`, which lie where guarded blocks do, are a live one's. */
mr_ownership mr_guarded_owns(const mr_guarded *guarded, mr_view block);

/* Looks for what was written beside a block. The condition's subject is where. */
mr_status mr_guarded_check(const mr_guarded *guarded, mr_condition *condition);

/* Ends what tools were told of blocks: it must not outlast the addresses. */
void mr_guarded_show_all(const mr_guarded *guarded);

#endif

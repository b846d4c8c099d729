#ifndef MEMREGIONS_ALLOCATOR_FAULT_HANDLER_H
#define MEMREGIONS_ALLOCATOR_FAULT_HANDLER_H

/* The guarded allocators that the fault handler knows. For all threads. */

#include "memregions/guarded.h"

/* Makes the handler look for faults in it, unless it knows too many already. */
void mr_fault_watch(const mr_guarded *guarded);

/* Makes the handler forget it. */
void mr_fault_unwatch(const mr_guarded *guarded);

#endif

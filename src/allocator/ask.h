#ifndef MEMREGIONS_ALLOCATOR_ASK_H
#define MEMREGIONS_ALLOCATOR_ASK_H

/*
 * Asking a resolved allocator for what no public function tells in this form. All cope with kinds that can't tell.
 */

#include "memregions/allocator.h"

/* The largest block that it could ever give at this alignment: at most PTRDIFF_MAX. */
size_t mr_ask_maximum(mr_allocator *allocator, size_t alignment);

/* Total and used of one moment; MR_UNSUPPORTED where it can't tell. */
mr_status mr_ask_usage(mr_allocator *allocator, mr_usage *out);

/* Whether its kind can be cleared. A wrapper's may still answer that its parent can't. */
bool mr_ask_has_clear(const mr_allocator *allocator);

#endif

#ifndef MEMREGIONS_ALLOCATOR_OWN_CALLS_H
#define MEMREGIONS_ALLOCATOR_OWN_CALLS_H

/*
 * Telling the library's own calls, which say nothing to its user, from the user's.
 *
 * The shared library is known by its file. Linked statically it is a part of the user's program, and not told apart.
 */

#include "memregions/call_stack.h"

/* How many of the innermost calls are the library's own. Takes long: do it once a stack. */
size_t mr_own_calls(const mr_call_stack *stack);

#endif

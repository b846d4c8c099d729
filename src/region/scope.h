#ifndef MEMREGIONS_SRC_REGION_SCOPE_H
#define MEMREGIONS_SRC_REGION_SCOPE_H

/* Scopes inside the component. */

#include "memregions/scope.h"

/* Calls `function` when the variable goes, also when a C++ exception passes by. Where a compiler can't, only the
 * ordinary way out is left, which ends everything by itself. */
#if defined(__GNUC__)
#define MR_ON_LEAVING(function) __attribute__((cleanup(function)))
#else
#define MR_ON_LEAVING(function)
#endif

/* Arrays on the frame are of variable length, where a compiler has them; else all scratch is the heap's. */
#if defined(__STDC_NO_VLA__)
#define MR_FRAME_LENGTH(length) 1
#else
#define MR_FRAME_LENGTH(length) (length)
#endif

/* The octets that a frame may have: mr_stack_limit, or 0 where all scratch is the heap's. */
size_t mr_frame_limit(void);

/* How many mr_scratch hold `size` octets, at most PTRDIFF_MAX. */
size_t mr_scratch_length(size_t size);

/* How many mr_scratch a frame has to have: at least 1, and 1 where `size` is more than `limit`. */
size_t mr_frame_length(size_t size, size_t limit);

/* `size` octets at a multiple of 16, to be freed; null where there is no memory for them. */
void *mr_heap_scratch(size_t size);

/* Plans a borrow whose range is in octets, and was checked. */
mr_scope_plan mr_octets_scope_plan(mr_source source, mr_range octets, mr_direction direction);

/* Begins the planned scope on its own frame, calls, and ends it. The function's status, else the release's. */
mr_status mr_call_planned(const mr_scope_plan *plan, mr_region_function *function, void *context);

#endif

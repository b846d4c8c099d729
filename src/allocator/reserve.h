#ifndef MEMREGIONS_ALLOCATOR_RESERVE_H
#define MEMREGIONS_ALLOCATOR_RESERVE_H

/*
 * An arena in one range of addresses, which is committed from its start as blocks need it. What is committed is the
 * arena's bottom chunk, and the only one: always the current one.
 */

#include "memregions/arena.h"

/* Reserves `size` octets, or as many as the limit lets be committed, where there is one. As mr_arena_init answers. */
mr_status mr_reserve_make(size_t size, size_t limit, mr_region *out);

/* The largest block that it gives at this alignment when empty. */
size_t mr_reserve_maximum(const mr_arena *arena, size_t alignment);

/* Takes a block for which the window has no room; null where there is none. */
mr_region mr_reserve_place(mr_arena *arena, size_t size, size_t alignment, unsigned flags);

/* Lets the newest block grow, for which the window has no room. False where there is none. */
bool mr_reserve_grow(mr_arena *arena, mr_region block, size_t size);

/* Gives back the pages above the newest block, but for at most so many octets from the start. */
void mr_reserve_keep_at_most(mr_arena *arena, size_t octets);

/* Whether what is committed is the start of the reserve, where there is one. */
bool mr_reserve_is_sound(const mr_arena *arena);

#endif

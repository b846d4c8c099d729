#ifndef MEMREGIONS_ALLOCATOR_CHUNK_H
#define MEMREGIONS_ALLOCATOR_CHUNK_H

/*
 * The chunks of an arena: taking them from the parent, giving them back, bringing them into use and out of it.
 *
 * All that were taken are a list, latest first: in this order they go back, so that a parent that takes back only its
 * newest block gets them all.
 *
 * Those in use are a stack from `newest` down to `bottom`. Whatever leaves it goes on top of one of two other stacks,
 * kept and kept_alone, so that the same requests find the same chunks again.
 */

#include "memregions/arena.h"

/* Octets of a chunk's header. */
#define MR_CHUNK_HEADER ((sizeof(mr_arena_chunk) + 15) & ~(size_t)15)

/* Sets both links of a chunk. */
void mr_chunk_link(mr_arena_chunk *chunk, mr_arena_chunk *below, mr_arena_chunk *earlier);

/* Brings the current chunk up to date with the window. */
void mr_chunk_save_window(mr_arena *arena);

/* Octets that blocks can lie in. */
size_t mr_chunk_capacity(const mr_arena_chunk *chunk);

/* A window over a chunk that has none now. */
mr_window mr_chunk_window(const mr_arena *arena, const mr_arena_chunk *chunk);

/* The largest chunk that could ever be had: what the parent could give, under the limit. */
size_t mr_chunk_maximum(const mr_arena *arena);

/* The size of the chunk to take after one of `size`: twice that, or the maximum. */
size_t mr_chunk_doubled(const mr_arena *arena, size_t size);

/* Takes a chunk of `size` octets, more than its header and within the limit, from the parent; null where there is none.
 * Where there is a limit, chunks that are kept make room for it. */
mr_arena_chunk *mr_chunk_take(mr_arena *arena, size_t size);

/* Gives the first chunk of a stack back, if there is one. */
void mr_chunk_give_back(mr_arena *arena, mr_arena_chunk **stack);

/* Gives chunks back that are not in use, the latest first, until all together are at most so many octets. */
void mr_chunk_keep_at_most(mr_arena *arena, size_t octets);

/* Brings a chunk into use, and gives it the window. */
void mr_chunk_open(mr_arena *arena, mr_arena_chunk *chunk);

/* Brings a chunk into use for one block. It must be large enough. */
mr_region mr_chunk_open_alone(mr_arena *arena, mr_arena_chunk *chunk, size_t size, size_t alignment,
                              unsigned flags);

/* The first of a stack, which loses it; the stack must not be empty. */
mr_arena_chunk *mr_chunk_pop(mr_arena_chunk **stack);

/* Takes the newest chunk, which is alone, out of use. */
void mr_chunk_retire_newest(mr_arena *arena);

/* Takes all chunks above `newest` out of use, and gives the window to the one that then is current. */
void mr_chunk_retire_above(mr_arena *arena, const mr_arena_chunk *newest);

/* Whether the headers of all chunks make sense; the current one's window must be saved. */
bool mr_chunk_all_sound(const mr_arena *arena);

#endif

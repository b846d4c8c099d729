#ifndef MEMREGIONS_ALLOCATOR_POOL_SLAB_H
#define MEMREGIONS_ALLOCATOR_POOL_SLAB_H

/*
 * The blocks of a pool that lie side by side in one piece of memory: what is done with them out of line.
 *
 * The free ones are a list; those from `reached` on were never handed out, and are not on it. Of a checked pool, bits
 * follow the last block, one for each, which tell what is handed out.
 */

#include "memregions/pool.h"

/* Divides memory, which may be null, into blocks, and hides them if watched. */
mr_slab mr_slab_of(const mr_pool *pool, mr_region memory);

/* Octets of all blocks, and of the bits after them. */
size_t mr_slab_size(const mr_pool *pool, const mr_slab *slab);

/* Takes all blocks back, as if none had ever been handed out. */
void mr_slab_reset(const mr_pool *pool, mr_slab *slab);

/* Takes a block, which is hidden still; null where there is none. */
unsigned char *mr_slab_take(const mr_pool *pool, mr_slab *slab);

/* Whether a block starts here that is handed out, as far as that can be told. */
bool mr_slab_has(const mr_pool *pool, const mr_slab *slab, const void *block);

/* Takes a block back that the slab has. */
void mr_slab_give_back(const mr_pool *pool, mr_slab *slab, const void *block);

/* Whether these octets lie in one block, which is handed out, as far as that can be told. */
bool mr_slab_owns(const mr_pool *pool, const mr_slab *slab, mr_view octets);

/* Counts the blocks that are handed out. False where the list of those that are not is damaged. */
bool mr_slab_count(const mr_pool *pool, const mr_slab *slab, size_t *count);

/* Whether the list makes sense, and the bits where the pool is checked. */
bool mr_slab_is_sound(const mr_pool *pool, const mr_slab *slab);

/* Shows all blocks. MR_CORRUPT where the list is damaged. */
mr_status mr_slab_walk(const mr_pool *pool, mr_slab *slab, mr_walk_function *function,
                       void *context);

#endif

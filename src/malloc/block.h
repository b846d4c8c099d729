#ifndef MEMREGIONS_MALLOC_BLOCK_H
#define MEMREGIONS_MALLOC_BLOCK_H

/*
 * Blocks as malloc's callers have them: a pointer without a size. So the size stands before each.
 *
 *     | to reach the alignment | prefix | what the caller has | tail |
 *     ^ what an allocator gave          ^ size octets
 *
 * The prefix is 16 octets: what the block is, and a check word made from that, its address and a secret. The tail is a
 * word made from the check word, none of whose octets is 0: whatever is written past the end changes it, be it one zero.
 *
 * What always holds: nothing that the prefix says is used before the check word was found right.
 *
 * Threads: all, one at a time for each block.
 */

#include <stddef.h>

#include "memregions/region.h"

/* Which allocator a block comes from. */
typedef enum mr_origin {
  /* What is asked while there is no allocator yet. */
  MR_ORIGIN_EARLY,
  /* What an allocator's own work asks. */
  MR_ORIGIN_INNER,
  MR_ORIGIN_MAIN,
  /* Has neither prefix nor tail: its end is to touch a guard page, and its allocator knows its size. */
  MR_ORIGIN_GUARDED
} mr_origin;

enum { MR_ORIGINS = 4 };

/* What a block is. */
typedef struct mr_block {
  size_t size;
  /* At least 16. */
  size_t alignment;
  mr_origin origin;
} mr_block;

/* Has to be called once, before the first block. */
void mr_block_begin(void);

/* Octets that a block takes of its allocator; 0 where there can't be so many. */
size_t mr_block_room(mr_block block);

/* What an allocator gave for a block, from its caller's pointer. */
mr_region mr_block_outside(void *pointer, mr_block block);

/* Writes prefix and tail into what an allocator gave: what its caller gets. */
mr_region mr_block_write(mr_region outside, mr_block block);

/* Reads what a block is from its caller's pointer: null, or what is wrong with it. */
const char *mr_block_read(const void *pointer, mr_block *out);

/* Marks a block as released, and fills its start, so that a second release and a late use are seen. */
void mr_block_retire(void *pointer, mr_block block);

/* As mr_block_read, of a block that was retired. */
const char *mr_block_read_retired(const void *pointer, mr_block *out);

#endif

#ifndef MEMREGIONS_POOL_H
#define MEMREGIONS_POOL_H

/*
 * Pool: blocks of one size, over a region, or growing by chunks from a parent, each twice the size of the one before.
 *
 * For:      many things of one size that come and go in any order: nodes, messages, connections.
 * Not for:  blocks of many sizes: each takes as much as the largest.
 * Cost:     two comparisons and a multiplication to allocate, three comparisons and a multiplication to release: all
 *           that checks are made of, and the secret two exclusive-ors and a rotation. Beside a list without any, they were
 *           measured at 0.5 to 1.5 ns for both together. A chunk other than the one that served last is found out of
 *           line, in a step for each chunk. No octets a block beyond its rounding; eight words a chunk. The
 *           newest chunk, about half of all memory, may not be in use yet. Checked: one bit a block more, and no inline
 *           path.
 *
 * A free block holds the link to the next free one: its number, encoded by the block's address and a secret. Blocks that
 * were never handed out are not touched.
 *
 * What always holds (mr_pool_is_sound):
 *   - a block starts a whole number of strides into its chunk's blocks, and was handed out before;
 *   - the current chunk, which is the one that served last, is one of the pool's;
 *   - the inline path sees no block where the pool is checked, or tools watch memory (AddressSanitizer, Valgrind): these
 *     are told of every block, and what is not handed out is out of bounds to them.
 * After clear, the same requests give the same addresses, unless the parent had refused a chunk.
 *
 * Misuse that every pool answers with MR_CORRUPT, in release builds too, with nothing changed: to release what does not
 * start a block that was handed out, with a size or an alignment that the pool does not have, or the block that was
 * released last in its chunk once more. A checked pool knows every block that is not handed out. A link that was written
 * over is found, save that it says a possible block by chance (in a checked pool, a free one): no block behind it is
 * handed out again, and mr_allocator_check and mr_used_space answer MR_CORRUPT.
 *
 * Trim gives back every chunk of which no block is handed out. Total counts what blocks can lie in, used whole strides.
 * To tell what is used takes time for each free block, to walk more: it first sorts the free blocks by address.
 *
 * Threads: one at a time.
 */

#include <string.h>

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Octets of the first chunk, where the options say 0. */
#define MR_POOL_CHUNK_SIZE ((size_t)4096)

/** How a pool gets its memory. `block_size` must be said; for the rest, zeros are a good start. */
typedef struct mr_pool_options {
  /** Octets of the largest block. Smaller ones take as much. */
  size_t block_size;
  /** Of every block: a power of two; 0 means MR_DEFAULT_ALIGNMENT. With less than that, use mr_pool_allocate, or name
   * the alignment. */
  size_t alignment;
  /** Memory to use before any chunk; borrowed until mr_pool_fini. May be null. */
  mr_region storage;
  /** Gives the chunks; borrowed until mr_pool_fini. Null is the system's, MR_CURRENT what is current at init. */
  mr_allocator *parent;
  /** Octets of the first chunk; 0 means MR_POOL_CHUNK_SIZE. At least one block is taken, and less where the parent has
   * not so much. */
  size_t chunk_size;
  /** Whether the storage is all there is, and the parent is not asked. */
  bool is_fixed;
  /** Whether each block has a bit that tells whether it is handed out, at the end of its chunk or of the storage. */
  bool is_checked;
} mr_pool_options;

/** Blocks side by side in one piece of memory. Its members are the pool's own. */
typedef struct mr_slab {
  /** The first block. */
  unsigned char *start;
  /** Which block is the first of the free ones, counted from 0; SIZE_MAX where there is none. */
  size_t free;
  /** How many blocks were ever handed out: the first ones. */
  size_t reached;
  size_t capacity;
} mr_slab;

/** What a pool knows of a chunk; stands at its start. Its members are the pool's own. */
typedef struct mr_pool_chunk {
  mr_slab slab;
  /** In the order of their taking from the parent. */
  struct mr_pool_chunk *earlier;
  struct mr_pool_chunk *later;
  /** Octets taken from the parent. */
  size_t size;
  /** By which damage is seen to the members that blocks' coming and going does not change. */
  uintptr_t seal;
} mr_pool_chunk;

/** An allocator of blocks of one size. Its members are its own: use the functions. */
typedef struct mr_pool {
  mr_allocator base;
  /** The largest block that the inline path deals with; 0 leaves all to what is out of line. */
  size_t inline_size;
  /** Of the current chunk, whose own is out of date. */
  mr_slab slab;
  uintptr_t secret;
  /** Octets from one block to the next: an odd number, of which `inverse` is the inverse, shifted to the left. */
  size_t stride;
  size_t inverse;
  unsigned shift;
  bool is_watched;
  bool is_checked;
  size_t block_size;
  size_t alignment;
  /** Null where the pool is fixed. */
  mr_allocator *parent;
  /** Octets of the first chunk. */
  size_t chunk_size;
  /** The one that served last. */
  mr_pool_chunk *current;
  /** The latest in use. Those after it are for requests to come, in their order. */
  mr_pool_chunk *newest;
  /** The borrowed storage, empty where there is none: earlier than all others. */
  mr_pool_chunk bottom;
} mr_pool;

/** Makes a pool; takes no memory yet.
 *
 * @param[out] pool  the caller's; must not move while in use
 * @param options    read now
 * @retval MR_INVALID_ARGUMENT  the block size is 0 or options null, the alignment is no power of two, or the storage is
 *                              not sound
 * @retval MR_BLOCK_TOO_BIG     a block, or the chunk size, is more than there could ever be
 */
MR_API MR_MUST_CHECK mr_status mr_pool_init(mr_pool *pool, const mr_pool_options *options);

/** Ends it, and gives every chunk back. Using it afterwards is caught in debug builds; in others it has no memory.
 * Ending it again does nothing. */
MR_API void mr_pool_fini(mr_pool *pool);

/** Whether the invariants at the top of this header hold, as far as they can be seen from the pool and the chunk that
 * served last. False after mr_pool_fini. */
MR_API bool mr_pool_is_sound(const mr_pool *pool);

/* Inline. */

/** Which block of a slab starts at an address, counted from 0; where none does, a number beyond all blocks.
 *
 * Exact division, by multiplication with the inverse of the odd part, modulo 2 to the word's width, and rotation. Both
 * are one-to-one and take the blocks' starts to 0, 1, 2 ..., so that no other address comes there. See Granlund and
 * Montgomery, "Division by Invariant Integers using Multiplication", section 9.
 */
MR_INLINE size_t mr_pool_index(const mr_pool *pool, const mr_slab *slab, const void *block) {
  size_t product = (size_t)((uintptr_t)block - (uintptr_t)slab->start) * pool->inverse;
  return product >> pool->shift | product << ((0 - pool->shift) & (8 * sizeof product - 1));
}

/** Encodes the link that stands in a free block: which is the next.
 *
 * Its lowest 24 bits become the highest. In them alone the possible links of up to 2^24 blocks differ: so a write to
 * any other bit, such as an increment of an int, makes a link to no block.
 */
MR_INLINE size_t mr_pool_encode(const mr_pool *pool, const void *block, size_t link) {
  return (link >> 24 | link << (8 * sizeof link - 24)) ^ pool->secret ^ (uintptr_t)block;
}

/** Decodes a link. */
MR_INLINE size_t mr_pool_decode(const mr_pool *pool, const void *block, size_t word) {
  size_t link = word ^ pool->secret ^ (uintptr_t)block;
  return link << 24 | link >> (8 * sizeof link - 24);
}

/** Takes a block of `size` octets if that can be done without a call; tells whether it was. */
MR_INLINE bool mr_pool_take(mr_pool *pool, size_t size, void **out) {
  mr_slab *slab = &pool->slab;
  if (size - 1 >= pool->inline_size) return false;
  if (slab->free >= slab->reached) {
    /* Of a damaged list nothing is handed out. */
    if (slab->free != SIZE_MAX || slab->reached >= slab->capacity) return false;
    *out = slab->start + slab->reached++ * pool->stride;
    return true;
  }
  unsigned char *block = slab->start + slab->free * pool->stride;
  size_t link;
  memcpy(&link, block, sizeof link);
  slab->free = mr_pool_decode(pool, block, link);
  *out = block;
  return true;
}

/** Gives a block back if that can be done without a call; tells whether it was. */
MR_INLINE bool mr_pool_give_back(mr_pool *pool, mr_region block) {
  mr_slab *slab = &pool->slab;
  if (block.size - 1 >= pool->inline_size) return false;
  size_t index = mr_pool_index(pool, slab, block.pointer);
  if (index >= slab->reached || index == slab->free) return false;
  size_t link = mr_pool_encode(pool, block.pointer, slab->free);
  memcpy(block.pointer, &link, sizeof link);
  slab->free = index;
  return true;
}

/** Takes `size` octets, aligned as the pool's blocks are. Their contents are unspecified.
 *
 * @param pool      takes part without a call where it can
 * @param size      octets; 0 gives an empty region
 * @param[out] out  the block; untouched on failure
 * @retval MR_BLOCK_TOO_BIG  more than the block size
 * @retval MR_OUT_OF_MEMORY  no block now
 */
MR_INLINE MR_MUST_CHECK mr_status mr_pool_allocate(mr_pool *pool, size_t size, mr_region *out) {
  void *block;
  if (!mr_pool_take(pool, size, &block)) {
    /* `out` itself must not escape, or no compiler keeps the caller's region in registers. */
    mr_region other;
    mr_status status = mr_allocate_aligned(&pool->base, size, pool->alignment, &other);
    if (status == MR_OK) *out = other;
    return status;
  }
  out->pointer = block;
  out->size = size;
  return MR_OK;
}

/** Gives a block back.
 *
 * @param pool            it came from
 * @param[in,out] region  the block; becomes null and 0. A null or empty region is nothing to give back
 * @retval MR_CORRUPT  misuse was detected; nothing has changed
 */
MR_INLINE mr_status mr_pool_deallocate(mr_pool *pool, mr_region *region) {
  if (!mr_pool_give_back(pool, *region)) {
    mr_region other = *region;
    mr_status status = mr_deallocate_aligned(&pool->base, &other, pool->alignment);
    if (status != MR_OK) return status;
  }
  *region = mr_region_of(NULL, 0);
  return MR_OK;
}

#ifdef __cplusplus
}
#endif
#endif

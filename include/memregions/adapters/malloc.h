#ifndef MEMREGIONS_ADAPTERS_MALLOC_H
#define MEMREGIONS_ADAPTERS_MALLOC_H

/*
 * Any allocator in the shape of malloc: for libraries that can be told which functions to take their memory by, and
 * don't say its size when they give it back. The other adapters stand on this one.
 *
 * With a context, which a library hands on to each call:
 *
 *     struct hooks hooks = {.context = &arena.base,
 *                           .allocate = mr_adapter_malloc,
 *                           .reallocate = mr_adapter_realloc,
 *                           .release = mr_adapter_free};
 *
 * Without one: mr_adapter_current_malloc and its like take memory from whatever is this thread's current allocator, and
 * each block knows where it came from.
 *
 * Cost:     16 octets before each block, 32 where there is no context; a few instructions to check them.
 * Not for:  libraries that do say the size (Lua, C++): they need nothing before their blocks.
 *
 * What always holds:
 *   - blocks are aligned to 16;
 *   - what stands before a block is its size, and a word made from its size, its address and its allocator. A pointer
 *     that does not fit to them (damaged there, given back before, not a block, or of another allocator) is left alone:
 *     free does nothing, realloc answers null, size 0. The 16 octets (32) before it must be readable all the same;
 *   - to make a block smaller never fails. Where its allocator can't, it stays as large as it is;
 *   - a size of 0 is a block too: its address is its own, and it is to be given back. So is that of realloc to 0, for
 *     a null pointer would mean that there is no memory;
 *   - where there is no memory the answer is null, and nothing has changed.
 *
 * The context is an mr_allocator *, borrowed as long as one of its blocks lives; null is the system's. MR_CURRENT is
 * none: it may mean another one when the block goes back.
 *
 * Threads: as the allocator.
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What stands before a block. Its members are the adapters' own. */
typedef struct mr_adapter_prefix {
  /** Octets of the block, not counting these. */
  size_t size;
  uintptr_t check;
} mr_adapter_prefix;

/** Octets before a block: enough for the prefix, and to keep the block aligned. */
#define MR_ADAPTER_PREFIX_SIZE MR_DEFAULT_ALIGNMENT

/** What a block is known by: a word made from its allocator, address and size. */
static inline uintptr_t mr_adapter_check(const mr_allocator *allocator, const void *block,
                                         size_t size) {
  const uintptr_t odd = (uintptr_t)UINT64_C(0x9e3779b97f4a7c15);
  const unsigned half = sizeof(uintptr_t) * 4;
  uintptr_t check = ((uintptr_t)block ^ odd) * odd;
  check = (check ^ (check >> half) ^ (uintptr_t)allocator) * odd;
  check = (check ^ (check >> half) ^ size) * odd;
  return check ^ (check >> half);
}

/** Writes what stands before a block, by which it is known from then on.
 *
 * @param memory  the block with its prefix; null is left alone
 * @return        the block, null for null
 */
static inline void *mr_adapter_sign(const mr_allocator *allocator, mr_region memory) {
  if (!memory.pointer) return NULL;
  mr_adapter_prefix *prefix = (mr_adapter_prefix *)memory.pointer;
  void *block = (unsigned char *)memory.pointer + MR_ADAPTER_PREFIX_SIZE;
  prefix->size = memory.size - MR_ADAPTER_PREFIX_SIZE;
  prefix->check = mr_adapter_check(allocator, block, prefix->size);
  return block;
}

/** A block with its prefix, as it was taken from `allocator`; the null region for what is no block of it. */
static inline mr_region mr_adapter_find(const mr_allocator *allocator, const void *block) {
  if (!block || (uintptr_t)block % MR_DEFAULT_ALIGNMENT != 0) return mr_region_of(NULL, 0);
  unsigned char *memory = (unsigned char *)(uintptr_t)block - MR_ADAPTER_PREFIX_SIZE;
  const mr_adapter_prefix *prefix = (const mr_adapter_prefix *)(void *)memory;
  bool is_known = prefix->check == mr_adapter_check(allocator, block, prefix->size);
  return is_known ? mr_region_of(memory, prefix->size + MR_ADAPTER_PREFIX_SIZE)
                  : mr_region_of(NULL, 0);
}

/** Makes a block unknown, or known again: memory that has gone back may stay readable, as an arena's does, and must not pass
 * for a block. */
static inline void mr_adapter_flip(mr_region memory) {
  mr_adapter_prefix *prefix = (mr_adapter_prefix *)memory.pointer;
  prefix->check = ~prefix->check;
}

/** `size` octets and what stands before them; more than there can be where that can't be counted. */
static inline size_t mr_adapter_sum(size_t size) {
  return size > SIZE_MAX - MR_ADAPTER_PREFIX_SIZE ? SIZE_MAX : size + MR_ADAPTER_PREFIX_SIZE;
}

/** `count` times `size` octets; more than there can be where that can't be counted. */
static inline size_t mr_adapter_product(size_t count, size_t size) {
  return size > 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size;
}

/** malloc.
 *
 * @param context  an mr_allocator *
 * @param size     octets; 0 is a block too
 * @return         the block; null where there is no memory
 */
static inline void *mr_adapter_malloc(void *context, size_t size) {
  mr_allocator *allocator = mr_resolve_allocator((mr_allocator *)context);
  mr_region memory = {NULL, 0};
  mr_ignore(mr_allocate(allocator, mr_adapter_sum(size), &memory));
  return mr_adapter_sign(allocator, memory);
}

/** calloc.
 *
 * @param context       an mr_allocator *
 * @param count         of elements
 * @param element_size  in octets; a product that overflows can't be had
 * @return              the block, all 0; null where there is no memory
 */
static inline void *mr_adapter_calloc(void *context, size_t count, size_t element_size) {
  mr_allocator *allocator = mr_resolve_allocator((mr_allocator *)context);
  size_t size = mr_adapter_sum(mr_adapter_product(count, element_size));
  mr_region memory = {NULL, 0};
  mr_ignore(mr_allocate_zeroed(allocator, size, &memory));
  return mr_adapter_sign(allocator, memory);
}

/** realloc. Of a null pointer it is malloc.
 *
 * @param context  the mr_allocator * that the block came from
 * @param block    no longer valid where the answer is not null
 * @param size     octets; 0 is a block too
 * @return         the block, which may have moved; null where there is no memory or `block` is no block, and then nothing
 *                 has changed
 */
static inline void *mr_adapter_realloc(void *context, void *block, size_t size) {
  if (!block) return mr_adapter_malloc(context, size);
  mr_allocator *allocator = mr_resolve_allocator((mr_allocator *)context);
  mr_region memory = mr_adapter_find(allocator, block);
  if (!memory.pointer) return NULL;
  mr_adapter_flip(memory);
  if (mr_reallocate(allocator, &memory, mr_adapter_sum(size)) == MR_OK) {
    return mr_adapter_sign(allocator, memory);
  }
  mr_adapter_flip(memory);
  return size <= memory.size - MR_ADAPTER_PREFIX_SIZE ? block : NULL;
}

/** free.
 *
 * @param context  the mr_allocator * that the block came from
 * @param block    null, and what is found to be no block, are left alone
 */
static inline void mr_adapter_free(void *context, void *block) {
  mr_allocator *allocator = mr_resolve_allocator((mr_allocator *)context);
  mr_region memory = mr_adapter_find(allocator, block);
  if (!memory.pointer) return;
  mr_adapter_flip(memory);
  if (mr_deallocate(allocator, &memory) != MR_OK) mr_adapter_flip(memory);
}

/** The octets of a block: what was asked for, or more where it could not be made smaller.
 *
 * @param context  the mr_allocator * that the block came from
 * @param block    may be null
 * @return         0 for null, and for what is found to be no block
 */
static inline size_t mr_adapter_size(void *context, const void *block) {
  mr_region memory = mr_adapter_find(mr_resolve_allocator((mr_allocator *)context), block);
  return memory.pointer ? memory.size - MR_ADAPTER_PREFIX_SIZE : 0;
}

/* Without a context. */

/** Stands in front of a block, inside one of mr_adapter_malloc. Its members are the adapters' own. */
typedef struct mr_adapter_origin {
  mr_allocator *allocator;
} mr_adapter_origin;

/** What stands in front of a block that was taken without a context; null for what can't be one. */
static inline mr_adapter_origin *mr_adapter_origin_of(void *block) {
  if (!block || (uintptr_t)block % MR_DEFAULT_ALIGNMENT != 0) return NULL;
  return (mr_adapter_origin *)(void *)((unsigned char *)block - MR_ADAPTER_PREFIX_SIZE);
}

/** What mr_adapter_malloc gave, as a block without a context. */
static inline void *mr_adapter_remember(mr_allocator *allocator, void *block) {
  if (!block) return NULL;
  ((mr_adapter_origin *)block)->allocator = allocator;
  return (unsigned char *)block + MR_ADAPTER_PREFIX_SIZE;
}

/** malloc, from what is this thread's current allocator now. That has to live as long as the block.
 *
 * @param size  octets; 0 is a block too
 * @return      the block; null where there is no memory
 */
static inline void *mr_adapter_current_malloc(size_t size) {
  mr_allocator *allocator = mr_current_allocator();
  return mr_adapter_remember(allocator, mr_adapter_malloc(allocator, mr_adapter_sum(size)));
}

/** realloc of a block of mr_adapter_current_malloc, by the allocator that it came from. Of a null pointer it is
 * mr_adapter_current_malloc.
 *
 * @param block  no longer valid where the answer is not null
 * @param size   octets; 0 is a block too
 * @return       the block, which may have moved; null where there is no memory or `block` is no block, and then nothing
 *               has changed
 */
static inline void *mr_adapter_current_realloc(void *block, size_t size) {
  if (!block) return mr_adapter_current_malloc(size);
  mr_adapter_origin *origin = mr_adapter_origin_of(block);
  if (!origin) return NULL;
  mr_allocator *allocator = origin->allocator;
  return mr_adapter_remember(allocator,
                             mr_adapter_realloc(allocator, origin, mr_adapter_sum(size)));
}

/** free of a block of mr_adapter_current_malloc, to the allocator that it came from, whichever is current now.
 *
 * @param block  null, and what is found to be no block, are left alone
 */
static inline void mr_adapter_current_free(void *block) {
  mr_adapter_origin *origin = mr_adapter_origin_of(block);
  /* Nothing of the allocator is touched before the block is known to be one of it. */
  if (origin) mr_adapter_free(origin->allocator, origin);
}

#ifdef __cplusplus
}
#endif
#endif

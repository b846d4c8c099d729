#ifndef MEMREGIONS_ALLOCATOR_H
#define MEMREGIONS_ALLOCATOR_H

/*
 * Allocators: where regions come from.
 *
 * An allocator is a struct whose first member is an mr_allocator, which points to the functions of its kind. All kinds
 * are used through the functions below; each kind has a header of its own for making it. A null mr_allocator pointer
 * is the system allocator (malloc), MR_CURRENT is this thread's current one.
 *
 * The size of a block is always known, because a region carries it. So no kind needs headers before its blocks, and:
 *   - a block is given back with the size and the alignment it was taken with, to the allocator it came from. Anything
 *     else is misuse, which checked kinds answer with MR_CORRUPT;
 *   - a block's size is exactly what was asked for;
 *   - a block of size 0 takes no space: an empty region at an aligned address that is never dereferenced.
 *
 * What always holds: a call that fails leaves allocator, blocks and the caller's region as they were.
 *
 * Threads: an allocator is used by one thread at a time, unless its kind says otherwise. The system allocator is for
 * all threads.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/region.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mr_allocator_ops mr_allocator_ops;

/** What every kind of allocator starts with. */
typedef struct mr_allocator {
  const mr_allocator_ops *ops;
} mr_allocator;

/** The alignment of every block for which none was named. */
#define MR_DEFAULT_ALIGNMENT ((size_t)16)

/* Taking and giving back. */

/** Works out why an allocation failed.
 *
 * @param allocator       that gave no block; null is the system's
 * @param size            that was asked for, in octets
 * @param alignment       that was asked for
 * @param[out] condition  receives allocator, size and limit; may be null
 * @retval MR_INVALID_ARGUMENT  the alignment is no power of two
 * @retval MR_BLOCK_TOO_BIG     such a block could never be had here
 * @retval MR_OUT_OF_MEMORY     else
 */
MR_API mr_status mr_allocation_failure(mr_allocator *allocator, size_t size, size_t alignment,
                                       mr_condition *condition);

/** Takes `size` octets, aligned to `alignment`. Their contents are unspecified.
 *
 * @param allocator  null is the system's
 * @param size       octets; 0 gives an empty region
 * @param alignment  a power of two
 * @param[out] out   the block; untouched on failure
 * @retval MR_INVALID_ARGUMENT  `alignment` is no power of two
 * @retval MR_BLOCK_TOO_BIG     could never succeed here
 * @retval MR_OUT_OF_MEMORY     no memory now
 */
MR_API MR_MUST_CHECK mr_status mr_allocate_aligned(mr_allocator *allocator, size_t size,
                                                   size_t alignment, mr_region *out);

/** mr_allocate_aligned, with contents of zeros. */
MR_API MR_MUST_CHECK mr_status mr_allocate_zeroed_aligned(mr_allocator *allocator, size_t size,
                                                          size_t alignment, mr_region *out);

/** mr_allocate_aligned for `count` elements of `element_size` octets; a product that overflows is MR_BLOCK_TOO_BIG. */
MR_API MR_MUST_CHECK mr_status mr_allocate_array_aligned(mr_allocator *allocator, size_t count,
                                                         size_t element_size, size_t alignment,
                                                         mr_region *out);

/** mr_allocate_array_aligned, with contents of zeros. */
MR_API MR_MUST_CHECK mr_status mr_allocate_zeroed_array_aligned(mr_allocator *allocator,
                                                                size_t count, size_t element_size,
                                                                size_t alignment, mr_region *out);

/** mr_allocate_zeroed_aligned at MR_DEFAULT_ALIGNMENT. */
MR_API MR_MUST_CHECK mr_status mr_allocate_zeroed(mr_allocator *allocator, size_t size,
                                                  mr_region *out);

/** mr_allocate_array_aligned at MR_DEFAULT_ALIGNMENT. */
MR_API MR_MUST_CHECK mr_status mr_allocate_array(mr_allocator *allocator, size_t count,
                                                 size_t element_size, mr_region *out);

/** mr_allocate_zeroed_array_aligned at MR_DEFAULT_ALIGNMENT. */
MR_API MR_MUST_CHECK mr_status mr_allocate_zeroed_array(mr_allocator *allocator, size_t count,
                                                        size_t element_size, mr_region *out);

/** Gives a block back, which was taken with this size and alignment.
 *
 * @param allocator       it came from
 * @param[in,out] region  the block; becomes null and 0. A null or empty region is nothing to give back
 * @param alignment       it was taken with
 * @retval MR_INVALID_ARGUMENT  `alignment` is no power of two
 * @retval MR_CORRUPT           misuse was detected (checked kinds); nothing has changed
 */
MR_API mr_status mr_deallocate_aligned(mr_allocator *allocator, mr_region *region,
                                       size_t alignment);

/** Changes a block's size, moving it where need be. The contents of the smaller of the two sizes are kept; what is
 * added is unspecified.
 *
 * From a null or empty region it allocates, to size 0 it gives back.
 *
 * @param allocator       the block came from
 * @param[in,out] region  the block, then the new one; untouched on failure, and then still the caller's
 * @param size            octets
 * @param alignment       the block was taken with
 * @return                as mr_allocate_aligned and mr_deallocate_aligned
 */
MR_API MR_MUST_CHECK mr_status mr_reallocate_aligned(mr_allocator *allocator, mr_region *region,
                                                     size_t size, size_t alignment);

/** mr_reallocate_aligned, where octets that are added are 0. */
MR_API MR_MUST_CHECK mr_status mr_reallocate_zeroed_aligned(mr_allocator *allocator,
                                                            mr_region *region, size_t size,
                                                            size_t alignment);

/** mr_reallocate_aligned to `count` elements of `element_size` octets; a product that overflows is MR_BLOCK_TOO_BIG. */
MR_API MR_MUST_CHECK mr_status mr_reallocate_array_aligned(mr_allocator *allocator,
                                                           mr_region *region, size_t count,
                                                           size_t element_size, size_t alignment);

/** mr_reallocate_array_aligned at MR_DEFAULT_ALIGNMENT. */
MR_API MR_MUST_CHECK mr_status mr_reallocate_array(mr_allocator *allocator, mr_region *region,
                                                   size_t count, size_t element_size);

/** mr_reallocate_aligned at MR_DEFAULT_ALIGNMENT. */
MR_API MR_MUST_CHECK mr_status mr_reallocate(mr_allocator *allocator, mr_region *region,
                                             size_t size);

/** mr_reallocate_zeroed_aligned at MR_DEFAULT_ALIGNMENT. */
MR_API MR_MUST_CHECK mr_status mr_reallocate_zeroed(mr_allocator *allocator, mr_region *region,
                                                    size_t size);

/* Asking. Each answers exactly, or MR_UNSUPPORTED. In octets. */

/** All that the allocator holds, handed out or not. */
MR_API MR_MUST_CHECK mr_status mr_total_size(mr_allocator *allocator, size_t *out);

/** What is not handed out: total less used. */
MR_API MR_MUST_CHECK mr_status mr_free_space(mr_allocator *allocator, size_t *out);

/** What is handed out, padding counted. */
MR_API MR_MUST_CHECK mr_status mr_used_space(mr_allocator *allocator, size_t *out);

/** What the smallest block takes. */
MR_API MR_MUST_CHECK mr_status mr_minimum_block_size(mr_allocator *allocator, size_t *out);

/** The largest block that could ever be had, at MR_DEFAULT_ALIGNMENT. */
MR_API MR_MUST_CHECK mr_status mr_maximum_block_size(mr_allocator *allocator, size_t *out);

/** The octets that a block of `size` really takes, so that asking for so many costs no more: at least `size`; the size
 * itself where the kind can't tell. */
MR_API size_t mr_good_size(mr_allocator *allocator, size_t size, size_t alignment);

/** Whether a block came from an allocator. */
typedef enum mr_ownership {
  MR_OWNS_NO = 0,
  MR_OWNS_YES = 1,
  /** This kind can't tell. */
  MR_OWNS_UNKNOWN = 2
} mr_ownership;

/** Whether `block` lies in memory that this allocator has handed out. A null or empty block does not. */
MR_API mr_ownership mr_allocator_owns(mr_allocator *allocator, mr_view block);

/* All blocks at once. What a kind can't do is MR_UNSUPPORTED. */

/** Takes all blocks back at once. */
MR_API MR_MUST_CHECK mr_status mr_allocator_clear(mr_allocator *allocator);

/** A moment in an allocator's life. Valid until the allocator is cleared, or rewound to an earlier one. */
typedef struct mr_mark {
  void *chunk;
  void *cursor;
} mr_mark;

/** Remembers what is allocated now. From then on, what was allocated before is kept whole: deallocating it gives nothing
 * back, and to grow it moves, until a rewind to an earlier mark or a clear. */
MR_API MR_MUST_CHECK mr_status mr_allocator_mark(mr_allocator *allocator, mr_mark *mark);

/** Takes all blocks back that were taken since `mark`. The mark stays valid.
 *
 * @retval MR_INVALID_ARGUMENT  found to be no valid mark of this allocator
 */
MR_API MR_MUST_CHECK mr_status mr_allocator_rewind(mr_allocator *allocator, mr_mark mark);

/** Gives memory in which nothing is now back to where the allocator has it from, as far as the kind can: see its own
 * header. */
MR_API MR_MUST_CHECK mr_status mr_allocator_trim(mr_allocator *allocator);

/** Is shown a part of an allocator's memory.
 *
 * @param span     all handed out, or all free; valid during the call
 * @param is_used  which of the two
 * @return         MR_OK to go on
 */
typedef mr_status mr_walk_function(void *context, mr_view span, bool is_used);

/** Shows all memory that an allocator holds, part by part. The function must not use the allocator, nor read what is
 * free: tools that watch memory would report it.
 *
 * @return MR_OK, or the first other status that the function answers
 */
MR_API MR_MUST_CHECK mr_status mr_allocator_walk(mr_allocator *allocator,
                                                 mr_walk_function *function, void *context);

/** Looks for damage.
 *
 * @param[out] condition  says what and where; may be null
 * @retval MR_CORRUPT  there is some
 */
MR_API MR_MUST_CHECK mr_status mr_allocator_check(mr_allocator *allocator, mr_condition *condition);

/** Ends an allocator of any kind: all its blocks, and memory it owns, are given back. Using it afterwards is caught in
 * debug builds; in others, it has no memory.
 *
 * @retval MR_UNSUPPORTED  the system allocator, MR_CURRENT
 */
MR_API mr_status mr_allocator_destroy(mr_allocator *allocator);

/* The system allocator and the current one. */

/** The allocator that a null pointer stands for: malloc. Never destroyed; for all threads. */
MR_API mr_allocator *mr_system_allocator(void);

/** This thread's current allocator: what was last set, else the system's. Never null and never MR_CURRENT. */
MR_API mr_allocator *mr_current_allocator(void);

/** Sets this thread's current allocator, and hands over the one before.
 *
 * @param allocator  borrowed until another is set; null is the system's, MR_CURRENT changes nothing
 */
MR_API mr_allocator *mr_set_current_allocator(mr_allocator *allocator);

/** Forwards to this thread's current allocator, at each call anew. */
extern MR_API mr_allocator mr_forwarding_allocator;

/** Stands for this thread's current allocator wherever an allocator is asked for. Loops, and whoever keeps an allocator,
 * resolve it once, for it may change between a block's coming and going. */
#define MR_CURRENT (&mr_forwarding_allocator)

/** The allocator that null or MR_CURRENT stands for now; any other is itself. Never null. */
MR_API mr_allocator *mr_resolve_allocator(mr_allocator *allocator);

/* Making a kind of your own. */

/** A flag to allocate: the block's octets are to be 0. */
#define MR_ZEROED 1u

/** What an allocator holds, in octets. */
typedef struct mr_usage {
  size_t total;
  size_t used;
} mr_usage;

/** The functions of a kind. They are called with 1 <= size <= PTRDIFF_MAX, a power of two as alignment, and blocks that
 * are not empty. Those that say what null means may be null. */
struct mr_allocator_ops {
  /** sizeof(mr_allocator_ops), as the kind was compiled: members beyond it are taken as null. */
  size_t struct_size;
  /** For messages: "arena". */
  const char *name;
  /** A block of exactly `size`; the null region where it can't be had.
   *
   * @param flags  MR_ZEROED, or 0
   */
  mr_region (*allocate)(mr_allocator *self, size_t size, size_t alignment, unsigned flags);
  /** Changes the size of a block where it stands: true if done, false if nothing happened.
   * Null: false. */
  bool (*resize)(mr_allocator *self, mr_region block, size_t size, size_t alignment);
  /** Changes the size of a block, and may move it more cheaply than by copying: the new block, contents kept; the null
   * region, with nothing done, where the caller shall allocate, copy and release. Null: the null region. */
  mr_region (*remap)(mr_allocator *self, mr_region block, size_t size, size_t alignment);
  /** Takes a block back. MR_CORRUPT, with nothing done, where misuse is detected. */
  mr_status (*release)(mr_allocator *self, mr_region block, size_t alignment);
  /** What the smallest block takes; 0 where it can't tell, as for a wrapper whose parent can't. Null: 0. */
  size_t (*minimum_block_size)(mr_allocator *self);
  /** The largest block that could ever be had at this alignment; null: PTRDIFF_MAX. */
  size_t (*maximum_block_size)(mr_allocator *self, size_t alignment);
  /** Null: MR_OWNS_UNKNOWN. */
  mr_ownership (*owns)(mr_allocator *self, mr_view block);
  /** Null: the size itself. */
  size_t (*good_size)(mr_allocator *self, size_t size, size_t alignment);
  /** The rest answer MR_UNSUPPORTED where null. */
  mr_status (*usage)(mr_allocator *self, mr_usage *out);
  mr_status (*clear)(mr_allocator *self);
  mr_status (*mark)(mr_allocator *self, mr_mark *mark);
  mr_status (*rewind)(mr_allocator *self, mr_mark mark);
  mr_status (*trim)(mr_allocator *self);
  mr_status (*walk)(mr_allocator *self, mr_walk_function *function, void *context);
  mr_status (*check)(mr_allocator *self, mr_condition *condition);
  mr_status (*destroy)(mr_allocator *self);
};

/* Inline: what is called most. */

/** Takes `size` octets at MR_DEFAULT_ALIGNMENT. Their contents are unspecified.
 *
 * @param allocator  null is the system's
 * @param size       octets; 0 gives an empty region
 * @param[out] out   the block; untouched on failure
 * @retval MR_BLOCK_TOO_BIG  could never succeed here
 * @retval MR_OUT_OF_MEMORY  no memory now
 */
MR_INLINE MR_MUST_CHECK mr_status mr_allocate(mr_allocator *allocator, size_t size,
                                              mr_region *out) {
  /* One comparison sends 0 and what exceeds PTRDIFF_MAX out of line. */
  if (!allocator || size - 1 >= PTRDIFF_MAX) {
    return mr_allocate_aligned(allocator, size, MR_DEFAULT_ALIGNMENT, out);
  }
  mr_region block = allocator->ops->allocate(allocator, size, MR_DEFAULT_ALIGNMENT, 0);
  if (!block.pointer) {
    mr_status status = mr_allocation_failure(allocator, size, MR_DEFAULT_ALIGNMENT, NULL);
    /* It never is MR_OK, but a compiler that sees only its declaration warns of an unwritten `out`. */
    return status == MR_OK ? MR_OUT_OF_MEMORY : status;
  }
  *out = block;
  return MR_OK;
}

/** Gives a block back that was taken at MR_DEFAULT_ALIGNMENT.
 *
 * @param allocator       it came from
 * @param[in,out] region  the block; becomes null and 0. A null or empty region is nothing to give back
 * @retval MR_CORRUPT  misuse was detected (checked kinds); nothing has changed
 */
MR_INLINE mr_status mr_deallocate(mr_allocator *allocator, mr_region *region) {
  if (!allocator || !mr_region_is_valid(*region)) {
    return mr_deallocate_aligned(allocator, region, MR_DEFAULT_ALIGNMENT);
  }
  mr_status status = allocator->ops->release(allocator, *region, MR_DEFAULT_ALIGNMENT);
  if (status == MR_OK) *region = mr_region_of(NULL, 0);
  return status;
}

#ifdef __cplusplus
}
#endif
#endif

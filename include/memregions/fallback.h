#ifndef MEMREGIONS_FALLBACK_H
#define MEMREGIONS_FALLBACK_H

/*
 * Fallback: takes blocks from a first allocator, and from a second where the first has none.
 *
 * For:      a fast or bounded allocator (a bump on the stack, a pool) that may overflow into a general one.
 * Not for:  a first allocator that can't tell its own blocks (MR_UNSUPPORTED). More than two: the second may be a
 *           fallback itself.
 * Cost:     beside the allocator that serves, a question to the first whether it owns a block, each time that one goes
 *           back or changes; no header.
 *
 * What always holds (mr_fallback_is_sound):
 *   - there are two, and the first answers mr_allocator_owns with yes or no;
 *   - a block belongs to the first if it owns it, and else to the second.
 * So neither may have its memory from the other, and a block that is handed out by either alone is not to be given back
 * here. A block that its allocator can't make larger moves to whichever has room, the first before the second.
 *
 * Total, used, walk and check are of both together, and MR_UNSUPPORTED where either can't; the smallest block is the
 * first's, the largest the larger of both. Trim does what either can. Clear clears both: the second is cleared before
 * the first, so that nothing has changed where the second can't; if the first is one that finds out only when asked (a
 * wrapper), its refusal is reported after the second was cleared. Mark and rewind are MR_UNSUPPORTED: a mark has no
 * room for two.
 *
 * Threads: one at a time.
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An allocator over two. Its members are its own: use the functions. */
typedef struct mr_fallback {
  mr_allocator base;
  mr_allocator *first;
  mr_allocator *second;
} mr_fallback;

/** Makes one; takes no memory.
 *
 * @param[out] fallback  the caller's; must not move while in use
 * @param first          is asked first; borrowed until mr_fallback_fini. Null is the system's, which can't tell its
 *                       blocks; MR_CURRENT what is current now
 * @param second         is asked where the first has no block; borrowed until mr_fallback_fini. Null is the system's,
 *                       MR_CURRENT what is current now
 * @retval MR_UNSUPPORTED       the first can't tell its own blocks
 * @retval MR_INVALID_ARGUMENT  both are the same
 */
MR_API MR_MUST_CHECK mr_status mr_fallback_init(mr_fallback *fallback, mr_allocator *first,
                                                mr_allocator *second);

/** Ends it. Blocks that are live stay their allocators'. Using it afterwards is caught in debug builds; in others it
 * has no memory. Ending it again does nothing. */
MR_API void mr_fallback_fini(mr_fallback *fallback);

/** Whether the invariants at the top of this header hold, as far as they can be seen without a block. False after
 * mr_fallback_fini. */
MR_API bool mr_fallback_is_sound(const mr_fallback *fallback);

#ifdef __cplusplus
}
#endif
#endif

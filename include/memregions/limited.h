#ifndef MEMREGIONS_LIMITED_H
#define MEMREGIONS_LIMITED_H

/*
 * Limited: hands out what its parent does, as long as what is live stays within a limit.
 *
 * For:      a bound on what a task, a request or an untrusted input may take, whatever its parent has.
 * Not for:  a bound on what the parent takes from the system: padding and headers are not counted. Several kinds of
 *           limits at once: put one around another.
 * Cost:     two comparisons and two additions beside the parent's; no header.
 *
 * What always holds (mr_limited_is_sound):
 *   - what is live is counted in blocks and in octets as they were asked for, and each block has at least one octet;
 *   - no call makes either count grow beyond its limit. A limit that is set below what is live takes nothing back.
 * A block that must move to grow is live twice while it is copied.
 *
 * What exceeds the limit by itself is MR_BLOCK_TOO_BIG, what does not fit now MR_OUT_OF_MEMORY. To give back more than
 * can be live is MR_CORRUPT. Total is the limit (or what is live, where the limit was set below that), used is what is
 * live.
 *
 * Clear forwards, and makes the counts 0: the parent's other users lose their blocks too. Good sizes are the sizes
 * themselves, since an octet more costs one. Mark, rewind and walk are MR_UNSUPPORTED: counts can't be kept in a mark,
 * and a limit is no memory that could be shown. The rest is the parent's. To clear or rewind the parent itself leaves
 * the counts as they were.
 *
 * Threads: one at a time.
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A limit that nothing reaches. */
#define MR_NO_LIMIT SIZE_MAX

/** What is limited. All zeros limits nothing, and counts. */
typedef struct mr_limited_options {
  /** Gives the blocks; borrowed until mr_limited_fini. Null is the system's, MR_CURRENT what is current at init. */
  mr_allocator *parent;
  /** The most octets that may be live at once; 0 means MR_NO_LIMIT. */
  size_t limit;
  /** The most blocks that may be live at once; 0 means MR_NO_LIMIT. */
  size_t block_limit;
} mr_limited_options;

/** An allocator with a limit. Its members are its own: use the functions. */
typedef struct mr_limited {
  mr_allocator base;
  mr_allocator *parent;
  size_t limit;
  size_t block_limit;
  size_t live_octets;
  size_t live_blocks;
} mr_limited;

/** Makes one; takes no memory.
 *
 * @param[out] limited  the caller's; must not move while in use
 * @param options       read now; null means all zeros
 * @return              MR_OK
 */
MR_API MR_MUST_CHECK mr_status mr_limited_init(mr_limited *limited,
                                               const mr_limited_options *options);

/** Ends it. Blocks that are live stay the parent's. Using it afterwards is caught in debug builds; in others it has no
 * memory. Ending it again does nothing. */
MR_API void mr_limited_fini(mr_limited *limited);

/** Whether the invariants at the top of this header hold. False after mr_limited_fini. */
MR_API bool mr_limited_is_sound(const mr_limited *limited);

/** Sets the most octets that may be live at once.
 *
 * @param octets  MR_NO_LIMIT for any number. Here 0 is a limit: nothing more is given
 */
MR_API void mr_limited_set_limit(mr_limited *limited, size_t octets);

/** Sets the most blocks that may be live at once.
 *
 * @param blocks  MR_NO_LIMIT for any number. Here 0 is a limit: nothing more is given
 */
MR_API void mr_limited_set_block_limit(mr_limited *limited, size_t blocks);

/** How many blocks are live. (Octets: mr_used_space.) */
MR_API size_t mr_limited_live_blocks(const mr_limited *limited);

#ifdef __cplusplus
}
#endif
#endif

#ifndef MEMREGIONS_RETRYING_H
#define MEMREGIONS_RETRYING_H

/*
 * Retrying: asks a function before it reports that there is no memory, and tries again if told so.
 *
 * For:      making room when it is needed and not before: dropping caches, trimming arenas, giving the parent more
 *           memory, raising a limit, waiting.
 * Not for:  choosing another allocator for what one can't give: see memregions/fallback.h.
 * Cost:     one comparison and one store beside the parent's, until it fails; no header.
 *
 *     static mr_retry make_room(void *cache, const mr_condition *failure, size_t attempt) {
 *       (void)attempt;
 *       if (failure->status != MR_OUT_OF_MEMORY) return MR_DECLINE;      no room would do
 *       return cache_drop_oldest(cache) ? MR_RETRY : MR_DECLINE;
 *     }
 *
 * When it asks: where the parent gives no block, or can't make one larger, be it MR_OUT_OF_MEMORY or MR_BLOCK_TOO_BIG,
 * and after each retry that fails again, up to a bound. A reallocation is retried as a whole, so that a block can grow
 * where it stands once there is room behind it. What is refused whatever the parent has (more than PTRDIFF_MAX octets,
 * a product that overflows, an alignment that is no power of two) is reported without asking.
 *
 * While the function runs it may use this allocator, and its parent, as it likes: giving blocks back is what it is for.
 * It is not asked again about what fails meanwhile. A block that is being reallocated is not to be touched. Through a
 * wrapper around this one that counts (memregions/limited.h, failing.h, tracked.h) it may give blocks back, but not take
 * any: that wrapper has already found that what it was asked for fits.
 *
 * What always holds (mr_retrying_is_sound): there is a parent and a bound on retries; only a function that there
 * is can be running.
 *
 * All else is the parent's: what retrying can do is what the parent can do. Limits (memregions/limited.h, the ceiling of
 * memregions/tracked.h) belong beneath it, where the function can raise them: one around it is reported without asking,
 * and where it refuses a reallocation half-way, nobody is asked about the next allocation of that size.
 *
 * Threads: one at a time. With a lock around it (memregions/locked.h), another thread's request may come between the
 * end of a reallocation in vain and its report: the function may then be asked once more about it, or not about the
 * other.
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How often a request is retried at most, where the options say 0. */
#define MR_RETRYING_MOST_RETRIES ((size_t)16)

/** What to do about a request that failed. */
typedef enum mr_retry {
  /** Report the failure. */
  MR_DECLINE = 0,
  /** Try once more. */
  MR_RETRY = 1
} mr_retry;

/** Is asked about a request that failed. It must return: no longjmp, no exception.
 *
 * @param failure  what mr_allocation_failure says of the parent: status (MR_OUT_OF_MEMORY or MR_BLOCK_TOO_BIG), subject
 *                 (the parent), requested and limit. Valid during the call
 * @param attempt  how often this request has failed: 1 at first
 */
typedef mr_retry mr_retry_function(void *context, const mr_condition *failure, size_t attempt);

/** Whom to ask. All zeros asks nobody. */
typedef struct mr_retrying_options {
  /** Gives the blocks; borrowed until mr_retrying_fini. Null is the system's, MR_CURRENT what is current at init. */
  mr_allocator *parent;
  /** Null declines always. */
  mr_retry_function *function;
  /** Handed to the function; borrowed until mr_retrying_fini. */
  void *context;
  /** How often a request is retried at most; 0 means MR_RETRYING_MOST_RETRIES. */
  size_t most_retries;
} mr_retrying_options;

/** An allocator that asks before it fails. Its members are its own: use the functions. */
typedef struct mr_retrying {
  mr_allocator base;
  mr_allocator *parent;
  mr_retry_function *function;
  void *context;
  size_t most_retries;
  bool is_asking;
  /** The size that a block was to have whose reallocation was given up just now; else 0. */
  size_t given_up;
} mr_retrying;

/** Makes one; takes no memory.
 *
 * @param[out] retrying  the caller's; must not move while in use
 * @param options        read now; null means all zeros
 * @return               MR_OK
 */
MR_API MR_MUST_CHECK mr_status mr_retrying_init(mr_retrying *retrying,
                                                const mr_retrying_options *options);

/** Ends it. Blocks that are live stay the parent's. Using it afterwards is caught in debug builds; in others it has no
 * memory. Ending it again does nothing. */
MR_API void mr_retrying_fini(mr_retrying *retrying);

/** Whether the invariants at the top of this header hold. False after mr_retrying_fini. */
MR_API bool mr_retrying_is_sound(const mr_retrying *retrying);

#ifdef __cplusplus
}
#endif
#endif

#ifndef MEMREGIONS_FAILING_H
#define MEMREGIONS_FAILING_H

/*
 * Failing: refuses requests that its parent could serve, according to a plan.
 *
 * For:      testing what a program does without memory: each call in turn, or at random, the same each time.
 * Not for:  finding leaks or misuse; bounding memory (memregions/limited.h).
 * Cost:     a few comparisons beside the parent's; no header.
 *
 * To fail each call of some work in turn:
 *
 *     for (size_t n = 1;; n++) {
 *       mr_failing_set_plan(&failing, &(mr_failing_plan){.call = n});
 *       mr_status status = work(&failing.base);
 *       if (mr_failing_failures(&failing) == 0) break;     it has no n-th call, and this time nothing failed
 *       ... status should be MR_OUT_OF_MEMORY, and nothing should have changed
 *     }
 *
 * What counts as a call: an allocation, and a reallocation to a larger size, which is one call in whatever way it is
 * done (in place, by the parent's moving, by copying). To shrink is none, unless it takes an allocation. What is
 * refused before any kind is asked (size 0, more than PTRDIFF_MAX octets, an alignment that is no power of two) is none
 * either.
 *
 * What always holds (mr_failing_is_sound):
 *   - calls are counted since the plan was set, those that failed included, whoever made them fail;
 *   - failures are those calls that the plan made fail: the parent does not see them;
 *   - no more octets were given than the budget has, if there is one;
 *   - the same calls under the same plan meet the same fate, as long as the parent does not fail.
 * A failure is MR_OUT_OF_MEMORY, or MR_BLOCK_TOO_BIG where the parent could never have given such a block.
 *
 * All else is the parent's: what failing can do is what the parent can do. Limits (memregions/limited.h, the ceiling of
 * memregions/tracked.h) belong beneath it: where one around it refuses a reallocation half-way, the next allocation of
 * that size passes for the rest of that call.
 *
 * Threads: one at a time. With a lock around it (memregions/locked.h), another thread's call may come in the middle of
 * a reallocation, which then counts as two.
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which calls are to fail: those that any of its parts says. All zeros fails none. */
typedef struct mr_failing_plan {
  /** The one that fails, counted from 1; 0 for none. */
  size_t call;
  /** Whether all calls after that one fail too. */
  bool fails_on;
  /** Octets to give in all, as they are asked for, whether or not they come back; a call for more than is left fails.
   * To grow a block takes what it grows by. 0 for any number. */
  size_t budget;
  /** In how many cases of a million each call fails, at random; a million or more: always. */
  uint32_t per_million;
  /** Where the random numbers start (SplitMix64, of Guy Steele, Doug Lea and Christine Flood, "Fast splittable
   * pseudorandom number generators"). */
  uint64_t seed;
} mr_failing_plan;

/** What to refuse. All zeros refuses nothing, and counts. */
typedef struct mr_failing_options {
  /** Gives the blocks; borrowed until mr_failing_fini. Null is the system's, MR_CURRENT what is current at init. */
  mr_allocator *parent;
  mr_failing_plan plan;
} mr_failing_options;

/** A call that may take several ops. Its members are its own. */
typedef struct mr_failing_call {
  /** What was asked for; 0 where no call is under way. */
  size_t size;
  size_t alignment;
  /** Octets of the budget that it takes where it succeeds. */
  size_t cost;
  bool fails;
} mr_failing_call;

/** An allocator that fails. Its members are its own: use the functions. */
typedef struct mr_failing {
  mr_allocator base;
  mr_allocator *parent;
  mr_failing_plan plan;
  size_t calls;
  size_t failures;
  /** Octets of the budget that were given. */
  size_t given;
  uint64_t random;
  /** The reallocation that is under way, until it is done or another call is made. */
  mr_failing_call call;
} mr_failing;

/** Makes one; takes no memory.
 *
 * @param[out] failing  the caller's; must not move while in use
 * @param options       read now; null means all zeros
 * @return              MR_OK
 */
MR_API MR_MUST_CHECK mr_status mr_failing_init(mr_failing *failing,
                                               const mr_failing_options *options);

/** Ends it. Blocks that are live stay the parent's. Using it afterwards is caught in debug builds; in others it has no
 * memory. Ending it again does nothing. */
MR_API void mr_failing_fini(mr_failing *failing);

/** Whether the invariants at the top of this header hold. False after mr_failing_fini. */
MR_API bool mr_failing_is_sound(const mr_failing *failing);

/** Starts another plan, with all counts at 0.
 *
 * @param plan  copied; null means all zeros
 */
MR_API void mr_failing_set_plan(mr_failing *failing, const mr_failing_plan *plan);

/** How many calls there were since the plan was set. */
MR_API size_t mr_failing_calls(const mr_failing *failing);

/** How many of them the plan made fail. */
MR_API size_t mr_failing_failures(const mr_failing *failing);

#ifdef __cplusplus
}
#endif
#endif

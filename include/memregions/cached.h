#ifndef MEMREGIONS_CACHED_H
#define MEMREGIONS_CACHED_H

/*
 * Cached: small blocks for many threads, each of which keeps some at hand (magazines), in front of one parent that it
 * locks.
 *
 * For:      threads that allocate and release small blocks often, and release each other's; a malloc.
 * Not for:  one thread alone under tight memory (a pool or tlsf is smaller); many threads that seldom allocate, for each
 *           keeps what it has released.
 * Cost:     a block of a magazine is taken and given back in constant time, without lock or atomic exchange: about 7 ns
 *           for both. Every half a magazine, one turn of the lock. Two octets a block beside the memory, and what
 *           rounding up to its class adds: up to 15 octets, or a quarter of the size above 64. Each thread keeps up to a
 *           magazine of each class that it uses, with two words for each block of it. When spans go back, their two
 *           octets a block are kept for the class's next ones, until fini.
 *
 * Blocks up to 32768 octets come in 40 classes, 16 octets apart up to 128, then four to each doubling. Blocks of one
 * class lie side by side in spans of 64 KiB, aligned to their size, which the parent gives. A larger block, or one of
 * larger alignment, is asked of the parent itself; so is a small one where the parent has no span to give.
 *
 * What always holds (mr_cached_is_sound):
 *   - a block is in one of three places: handed out, in one thread's magazine, or at home in its span;
 *   - a full magazine sends its older half home, an empty one is filled from the spans, with twice as many blocks each
 *     time, up to half of what it holds. So blocks that another thread has released come home in batches;
 *   - a thread's magazines go home when it ends;
 *   - a span whose blocks all are home is free for any class; sixteen such are kept, the rest goes back to the parent.
 *     Trim sends home the calling thread's magazines, and gives back all free spans;
 *   - after clear, the same requests of one thread give the same addresses, save for blocks that the parent gave
 *     itself.
 *
 * Hardening, in every build: a release is answered with MR_CORRUPT, before any memory outside of the allocator's own is
 * read, where the address is no block of this allocator's or lies within one, or the block is not aligned as said, was
 * asked for with another size, or has been released already. All that is kept about a block lies apart from the blocks:
 * there are no links in free memory, so that writing past a block's end, or to one that was released, cannot mislead
 * the allocator. Two threads that release a block at the very same moment may both be answered with MR_OK; that is
 * found out when it would be handed out for the second time, unless that is at the very same moment again. It can't be
 * seen that an old address is released after its memory has been handed out again with the same size. The checks take
 * about 0.6 of those 7 ns.
 *
 * A block grows in place up to its class's size, and shrinks in place down to half of that.
 *
 * Total and used count spans and the parent's blocks; not the records, the allocator's own memory. A small block
 * counts as its class, one of the parent's as what was asked for. mr_cached_is_sound looks at the allocator,
 * mr_allocator_check at every span.
 *
 * Under tools that watch memory (AddressSanitizer, Valgrind) nothing is cached: each block is one of the parent's.
 *
 * Threads: for all threads at once; the parent and `records` are used by one at a time, under its lock: to use this
 * allocator there, as in the handler of a retrying parent, is a deadlock. Usage is exact while no other thread is at
 * work. Clear, walk, check and fini need that: no other thread uses it meanwhile, and none that has used it is just
 * ending.
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a cached allocator is made. All zeros is a good start. */
typedef struct mr_cached_options {
  /** Where spans and large blocks come from: this allocator's alone, or one for all threads. Borrowed until
   * mr_cached_fini; null is the system's, MR_CURRENT what is current at init. */
  mr_allocator *parent;
  /** Where the memory for its own records comes from, under the same conditions; null is the parent. */
  mr_allocator *records;
  /** Octets of each class that a thread may keep: from 4 to 1024 blocks. 0 is 65536. */
  size_t magazine_size;
} mr_cached_options;

/** An allocator with magazines for each thread. Its members are its own: use the functions. */
typedef struct mr_cached {
  mr_allocator base;
  /** Like no other's, ever. */
  size_t id;
  struct mr_cached_center *center;
} mr_cached;

/** Makes an allocator with magazines; takes memory for records only.
 *
 * @param[out] cached  the caller's; must not move while in use. Untouched on failure
 * @param options      read now; null means all zeros
 * @retval MR_OUT_OF_MEMORY  no memory for records
 * @retval MR_SYSTEM_ERROR   the system has no more keys for data of threads (it often has 1024)
 */
MR_API MR_MUST_CHECK mr_status mr_cached_init(mr_cached *cached, const mr_cached_options *options);

/** Ends it, and gives all memory back, blocks that are handed out too. Using it afterwards is caught in debug builds; in
 * others it has no memory. Ending it again does nothing. */
MR_API void mr_cached_fini(mr_cached *cached);

/** Whether it is in order, as far as can be seen in constant time. False after mr_cached_fini. */
MR_API bool mr_cached_is_sound(const mr_cached *cached);

/** Locks what threads share, for a fork: a child would find it locked for ever by a thread that it does not have.
 *
 * Call it before fork, in the thread that forks, and mr_cached_release_after_fork after it. pthread_atfork does so.
 *
 * @param cached  other threads may be using it; they wait where they need more than their magazines
 */
MR_API void mr_cached_acquire_for_fork(mr_cached *cached);

/** Ends what mr_cached_acquire_for_fork began: once in the parent process, and once in the child.
 *
 * In the child, the blocks of all magazines go home. What the threads that are not there had taken stays used.
 *
 * @param cached    as it was acquired
 * @param is_child  in which of the two processes this is
 */
MR_API void mr_cached_release_after_fork(mr_cached *cached, bool is_child);

#ifdef __cplusplus
}
#endif
#endif

#ifndef MEMREGIONS_LOCKED_H
#define MEMREGIONS_LOCKED_H

/*
 * Locked: lets all threads use an allocator that is for one at a time.
 *
 * For:      an arena, a pool or a wrapper that threads share; blocks that one thread takes and another gives back.
 * Not for:  many threads that allocate all the time: they wait for each other. Signal handlers.
 * Cost:     a mutex locked and unlocked each operation; no header.
 *
 * What always holds: the parent is called by the one thread that has the lock, in whatever order threads come. One
 * operation is one lock: a reallocation may be several (the block is its caller's meanwhile), and what an answer says
 * may have changed when it is read.
 *
 * What the parent calls runs under the lock: the function given to walk, or one that a parent asks for memory
 * (memregions/retrying.h). To use the locked allocator in it is a deadlock. Whoever does several things that belong
 * together acquires the parent, and uses that.
 *
 * All else is the parent's: what locked can do is what the parent can do. Nobody else may use the parent.
 *
 * Threads: all; init and fini by one, while no other uses it. After a fork the child has the lock as it was: a program
 * whose child goes on allocating acquires before the fork and releases on both sides of it (pthread_atfork).
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Octets that are enough for a mutex of the system's. */
#define MR_LOCKED_MUTEX_SIZE 64

/** An allocator for all threads. Its members are its own: use the functions. */
typedef struct mr_locked {
  mr_allocator base;
  mr_allocator *parent;
  MR_ALIGNAS(16) unsigned char mutex[MR_LOCKED_MUTEX_SIZE];
} mr_locked;

/** Makes one; takes no memory.
 *
 * @param[out] locked  the caller's; must not move while in use
 * @param parent       borrowed, and used by nobody else, until mr_locked_fini; null is the system's, MR_CURRENT what is
 *                     current now
 * @retval MR_SYSTEM_ERROR  the system has no mutex to give
 */
MR_API MR_MUST_CHECK mr_status mr_locked_init(mr_locked *locked, mr_allocator *parent);

/** Ends it. Blocks that are live stay the parent's. Nobody may have the lock or wait for it. Using it afterwards is
 * caught in debug builds; in others it has no memory. Ending it again does nothing. */
MR_API void mr_locked_fini(mr_locked *locked);

/** Whether it is in use: made, and not ended. */
MR_API bool mr_locked_is_sound(const mr_locked *locked);

/** Waits for the lock, and lends the parent: until mr_locked_release, this thread alone uses it, and directly. To use
 * the locked allocator meanwhile is a deadlock. */
MR_API mr_allocator *mr_locked_acquire(mr_locked *locked);

/** Ends the loan, which this thread has. */
MR_API void mr_locked_release(mr_locked *locked);

#ifdef __cplusplus
}
#endif
#endif

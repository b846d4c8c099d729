#ifndef MEMREGIONS_MALLOC_QUARANTINE_H
#define MEMREGIONS_MALLOC_QUARANTINE_H

/*
 * The quarantine: blocks that were released stay here a while before their memory is used again, so that a second
 * release is known for what it is and writing to them is seen.
 *
 * Threads share a number of rings, each thread one of them; so no thread has anything to give back at its end.
 *
 * Threads: all. It has no locks, so a fork needs nothing.
 */

/* Puts a block in, and takes out the one that its place had; null where it had none. */
void *mr_quarantine_exchange(void *pointer);

/* Takes any block out; null where there is none. */
void *mr_quarantine_take(void);

#endif

#ifndef MEMREGIONS_MALLOC_CHOICE_H
#define MEMREGIONS_MALLOC_CHOICE_H

/*
 * What the variable MR_MALLOC chooses:
 *
 *   tlsf         one heap, under a lock
 *   cached       the same, with magazines of each thread's in front; also where nothing is said
 *   guarded      each block between guard pages
 *   guarded:N    one of each N blocks of a thread's, at random, between guard pages, the rest cached
 *   tracked      tlsf, counted and recorded for a report on exit
 *
 * Large blocks are pages of their own everywhere.
 */

#include "memregions/cached.h"
#include "memregions/guarded.h"
#include "memregions/locked.h"
#include "memregions/tracked.h"

/* The allocators, which last as long as the process. Each is for all threads. */
typedef struct mr_choice {
  /* Never asks malloc for anything. */
  mr_allocator *inner;
  mr_allocator *main;
  /* Null where no block is guarded. */
  mr_allocator *guarded;
  /* One block in so many is guarded; 0: none. */
  size_t interval;
} mr_choice;

/* Makes what is chosen. Aborts where that is unknown, or can't be had. */
mr_choice mr_choice_make(void);

/* What is known of a guarded block: false where this is not the address of one, live or released. */
bool mr_choice_describe(const void *pointer, mr_fault *out);

/* Lends what tracks the blocks, until mr_choice_release_tracked; null where nothing does. */
mr_tracked *mr_choice_acquire_tracked(void);
void mr_choice_release_tracked(void);

/* Keeps all other threads out while this one forks, and lets them in again, in both processes. */
void mr_choice_acquire_for_fork(void);
void mr_choice_release_after_fork(bool is_child);

#endif

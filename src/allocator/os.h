#ifndef MEMREGIONS_ALLOCATOR_OS_H
#define MEMREGIONS_ALLOCATOR_OS_H

/*
 * What allocators need of the operating system: address space, its pages, and numbers that nobody can guess. Its source
 * is the one file here that knows which system it is.
 *
 * Starts and sizes are multiples of mr_os_page_size, but where it says otherwise.
 *
 * Threads: all of this is for all threads.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memregions/region.h"

/* Octets of a page. */
size_t mr_os_page_size(void);

/* `size` rounded up to whole pages; 0 where that is more than PTRDIFF_MAX. */
size_t mr_os_whole_pages(size_t size);

/* Reserves address space: nothing is in it, and it must not be touched before it is committed.
 *
 * The null region where there is none. */
mr_region mr_os_reserve(size_t size);

/* Reserves address space at `start`. False, with nothing changed, where it is not free or the system does not follow. */
bool mr_os_reserve_at(void *start, size_t size);

/* Makes pages of a reservation readable and writable: 0 where they were not committed before.
 *
 * False, with nothing changed, where the system refuses. */
bool mr_os_commit(void *start, size_t size);

/* Makes committed pages inaccessible, and keeps what is in them until they are committed again. False, with nothing
 * changed, where the system refuses. */
bool mr_os_protect(void *start, size_t size);

/* Gives the memory of pages back, and keeps their addresses reserved. False, with nothing changed, where the system
 * refuses. */
bool mr_os_decommit(void *start, size_t size);

/* Gives the memory of committed pages back, and keeps them committed: they are 0 from then on. False, with nothing
 * changed, where the system can't. */
bool mr_os_discard(void *start, size_t size);

/* Moves committed pages over the start of a reservation of `new_size`, all of which is committed from then on; what is
 * added is 0. Where the pages were, nothing is mapped any more. False, with nothing changed, where the system can't. */
bool mr_os_move(void *start, size_t size, void *to, size_t new_size);

/* Ends a reservation, or a part of it. False, with nothing changed, where the system can't split what is mapped. */
bool mr_os_unmap(void *start, size_t size);

/* Octets of a huge page. */
#define MR_OS_HUGE_PAGE ((size_t)1 << 21)

/* Commits a new reservation out of the huge pages that the system keeps apart. Its size is a multiple of theirs, and so
 * must be that of each part that is unmapped.
 *
 * The null region where there are not enough. */
mr_region mr_os_map_huge(size_t size);

/* Asks for huge pages where committed pages make up whole ones. */
void mr_os_prefer_huge(void *start, size_t size);

/* A number that an attacker can't know, for encoding links: made from the system's entropy. */
uintptr_t mr_os_secret(void);

#endif

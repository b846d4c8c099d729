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

/* Makes pages of a reservation readable and writable: 0 where they were not committed before.
 *
 * False, with nothing changed, where the system refuses. */
bool mr_os_commit(void *start, size_t size);

/* Gives the memory of pages back, and keeps their addresses reserved. False, with nothing changed, where the system
 * refuses. */
bool mr_os_decommit(void *start, size_t size);

/* Ends a reservation, or a part of it. */
void mr_os_unmap(void *start, size_t size);

/* A number that an attacker can't know, for encoding links: made from the system's entropy. */
uintptr_t mr_os_secret(void);

#endif

#ifndef MEMREGIONS_ALLOCATOR_WATCH_H
#define MEMREGIONS_ALLOCATOR_WATCH_H

/*
 * Telling tools that watch memory what is handed out and what is not.
 *
 * AddressSanitizer is found at run time, so that it is told by a library that is not instrumented itself; Valgrind is
 * asked by requests that cost nothing outside of it. Whoever is watched says so once (mr_watch_is_on) and calls the
 * rest only then.
 */

#include <stdbool.h>
#include <stddef.h>

#include "memregions/region.h"

/* Whether a tool watches this process. */
bool mr_watch_is_on(void);

/* From now on these octets must not be touched. */
void mr_watch_hide(const void *start, size_t size);

/* They may be touched; what they hold is unspecified. */
void mr_watch_show(const void *start, size_t size);

/* They may be touched, and hold what they hold. */
void mr_watch_show_contents(const void *start, size_t size);

/* A block that was shown has another size from now on: what is added is shown, what is cut off hidden. */
void mr_watch_resize(mr_region block, size_t size);

#endif

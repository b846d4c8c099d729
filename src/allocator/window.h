#ifndef MEMREGIONS_ALLOCATOR_WINDOW_H
#define MEMREGIONS_ALLOCATOR_WINDOW_H

/*
 * What bump and arena do out of line with the memory that they hand out from one end (memregions/bump.h says what
 * always holds of it).
 */

#include "memregions/bump.h"

/* Octets from one address up to a later one; 0 between two nulls. */
size_t mr_octets_between(const void *start, const void *end);

/* Octets from an address up to the next multiple of `alignment`. */
size_t mr_octets_up_to(const void *address, size_t alignment);

/* Whether the octets of `block`, which is not empty, lie in [start, end). */
bool mr_octets_hold(const void *start, const void *end, mr_view block);

/* Shows what is used, up to `cursor`, and what is free after it. */
mr_status mr_octets_walk(const unsigned char *start, const unsigned char *cursor,
                         const unsigned char *end, mr_walk_function *function, void *context);

/* A window over memory of which nothing is handed out, and that is hidden if watched. Memory may be null. */
mr_window mr_window_open(mr_region memory, bool is_watched);

/* A window over memory of which everything before `cursor` is handed out. */
mr_window mr_window_resume(mr_region memory, unsigned char *floor, unsigned char *cursor,
                           bool is_watched);

/* Ends the watch: the memory is its owner's again. */
void mr_window_close(mr_window *window);

bool mr_window_is_sound(const mr_window *window);

/* The largest block that it gives at this alignment when empty. */
size_t mr_window_maximum(const mr_window *window, size_t alignment);

/* What a block of `size` takes, and never more than `maximum` or `size`, whichever is larger. */
size_t mr_window_good_size(size_t size, size_t maximum);

/* Takes a block, also at the odd tail, at any alignment and from what is watched; null where there is no room. */
mr_region mr_window_place(mr_window *window, size_t size, size_t alignment, unsigned flags);

/* As the ops of an allocator. The block is the window's own. */
bool mr_window_resize(mr_window *window, mr_region block, size_t size);
void mr_window_release(mr_window *window, mr_region block);

/* Whether it is the newest block, which may grow as far as the memory goes. */
bool mr_window_ends_with(const mr_window *window, mr_region block);

/* Whether a mark at `cursor` is one of this window, and not behind it. */
bool mr_window_has_mark(const mr_window *window, const void *cursor);

/* Takes back what was handed out from `cursor` on, which lies between start and cursor, and makes it the floor. */
void mr_window_rewind(mr_window *window, unsigned char *cursor);

#endif

#ifndef MEMREGIONS_ALLOCATOR_FORWARD_H
#define MEMREGIONS_ALLOCATOR_FORWARD_H

/*
 * What a wrapper leaves to its parent: an op for each, to stand in the wrapper's own table.
 *
 * A wrapper is a kind that starts with its base and its parent, which is resolved:
 *
 *     typedef struct mr_mine { mr_allocator base; mr_allocator *parent; ... } mr_mine;
 *     MR_ASSERT_IS_WRAPPER(mr_mine);
 *
 * Each answers what the parent answers, and where the parent's own op is null what that null means.
 */

#include "memregions/allocator.h"

#define MR_ASSERT_IS_WRAPPER(type)                                                            \
  _Static_assert(offsetof(type, base) == 0 && offsetof(type, parent) == sizeof(mr_allocator), \
                 "a wrapper starts with its base and its parent")

mr_region mr_forward_allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags);
bool mr_forward_resize(mr_allocator *self, mr_region block, size_t size, size_t alignment);
mr_region mr_forward_remap(mr_allocator *self, mr_region block, size_t size, size_t alignment);
mr_status mr_forward_release(mr_allocator *self, mr_region block, size_t alignment);
size_t mr_forward_minimum_block_size(mr_allocator *self);
size_t mr_forward_maximum_block_size(mr_allocator *self, size_t alignment);
mr_ownership mr_forward_owns(mr_allocator *self, mr_view block);
size_t mr_forward_good_size(mr_allocator *self, size_t size, size_t alignment);
mr_status mr_forward_usage(mr_allocator *self, mr_usage *out);
mr_status mr_forward_clear(mr_allocator *self);
mr_status mr_forward_mark(mr_allocator *self, mr_mark *mark);
mr_status mr_forward_rewind(mr_allocator *self, mr_mark mark);
mr_status mr_forward_trim(mr_allocator *self);
mr_status mr_forward_walk(mr_allocator *self, mr_walk_function *function, void *context);

/* Of a wrapper that itself is sound or not: the parent is asked only if it is. */
mr_status mr_forward_check(mr_allocator *self, bool is_sound, mr_condition *condition);

#endif

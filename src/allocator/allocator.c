#include "memregions/allocator.h"

#include <string.h>

#include "ask.h"

extern inline mr_status mr_allocate(mr_allocator *allocator, size_t size, mr_region *out);
extern inline mr_status mr_deallocate(mr_allocator *allocator, mr_region *region);

/* A member of a kind's ops; null where the kind was compiled before there was one. */
#define OPTIONAL(allocator, member)                                         \
  (offsetof(mr_allocator_ops, member) + sizeof((allocator)->ops->member) <= \
           (allocator)->ops->struct_size                                    \
       ? (allocator)->ops->member                                           \
       : NULL)

static bool is_power_of_two(size_t n) { return n != 0 && (n & (n - 1)) == 0; }

size_t mr_ask_maximum(mr_allocator *allocator, size_t alignment) {
  size_t (*ask)(mr_allocator *, size_t) = OPTIONAL(allocator, maximum_block_size);
  size_t maximum = ask ? ask(allocator, alignment) : PTRDIFF_MAX;
  return maximum < PTRDIFF_MAX ? maximum : PTRDIFF_MAX;
}

mr_status mr_allocation_failure(mr_allocator *allocator, size_t size, size_t alignment,
                                mr_condition *condition) {
  allocator = mr_resolve_allocator(allocator);
  mr_status status = MR_INVALID_ARGUMENT;
  size_t limit = 0;
  if (is_power_of_two(alignment)) {
    limit = mr_ask_maximum(allocator, alignment);
    status = size > limit ? MR_BLOCK_TOO_BIG : MR_OUT_OF_MEMORY;
  }
  mr_condition_set(condition, status, NULL);
  if (condition) {
    condition->subject = allocator;
    condition->requested = size;
    condition->limit = limit;
  }
  return status;
}

static mr_status allocate(mr_allocator *allocator, size_t size, size_t alignment, unsigned flags,
                          mr_region *out) {
  if (!is_power_of_two(alignment)) return MR_INVALID_ARGUMENT;
  if (size == 0) {
    /* The alignment itself is an address of that alignment. */
    *out = mr_region_of((void *)(uintptr_t)alignment, 0); /* NOLINT(performance-no-int-to-ptr) */
    return MR_OK;
  }
  if (size > PTRDIFF_MAX) return MR_BLOCK_TOO_BIG;
  allocator = mr_resolve_allocator(allocator);
  mr_region block = allocator->ops->allocate(allocator, size, alignment, flags);
  if (!block.pointer) return mr_allocation_failure(allocator, size, alignment, NULL);
  *out = block;
  return MR_OK;
}

mr_status mr_allocate_aligned(mr_allocator *allocator, size_t size, size_t alignment,
                              mr_region *out) {
  return allocate(allocator, size, alignment, 0, out);
}

mr_status mr_allocate_zeroed_aligned(mr_allocator *allocator, size_t size, size_t alignment,
                                     mr_region *out) {
  return allocate(allocator, size, alignment, MR_ZEROED, out);
}

/* Octets of an array; where there are too many to count, a size that never can be had. */
static size_t array_size(size_t count, size_t element_size) {
  bool is_too_big = element_size > 0 && count > SIZE_MAX / element_size;
  return is_too_big ? SIZE_MAX : count * element_size;
}

mr_status mr_allocate_array_aligned(mr_allocator *allocator, size_t count, size_t element_size,
                                    size_t alignment, mr_region *out) {
  return allocate(allocator, array_size(count, element_size), alignment, 0, out);
}

mr_status mr_allocate_zeroed_array_aligned(mr_allocator *allocator, size_t count,
                                           size_t element_size, size_t alignment, mr_region *out) {
  return allocate(allocator, array_size(count, element_size), alignment, MR_ZEROED, out);
}

mr_status mr_allocate_zeroed(mr_allocator *allocator, size_t size, mr_region *out) {
  return allocate(allocator, size, MR_DEFAULT_ALIGNMENT, MR_ZEROED, out);
}

mr_status mr_allocate_array(mr_allocator *allocator, size_t count, size_t element_size,
                            mr_region *out) {
  return mr_allocate_array_aligned(allocator, count, element_size, MR_DEFAULT_ALIGNMENT, out);
}

mr_status mr_allocate_zeroed_array(mr_allocator *allocator, size_t count, size_t element_size,
                                   mr_region *out) {
  return mr_allocate_zeroed_array_aligned(allocator, count, element_size, MR_DEFAULT_ALIGNMENT,
                                          out);
}

mr_status mr_deallocate_aligned(mr_allocator *allocator, mr_region *region, size_t alignment) {
  if (!is_power_of_two(alignment)) return MR_INVALID_ARGUMENT;
  if (mr_region_is_valid(*region)) {
    allocator = mr_resolve_allocator(allocator);
    mr_status status = allocator->ops->release(allocator, *region, alignment);
    if (status != MR_OK) return status;
  }
  *region = mr_region_of(NULL, 0);
  return MR_OK;
}

/* Allocates, copies and releases: what is left where a block can't change where it stands. */
static mr_status move(mr_allocator *allocator, mr_region *region, size_t size, size_t alignment) {
  mr_region moved;
  mr_status status = allocate(allocator, size, alignment, 0, &moved);
  if (status != MR_OK) return status;
  if (mr_overlap(mr_region_view(moved), mr_region_view(*region)).size > 0) {
    /* Then the block had been given back, and is now handed out anew. */
    status = MR_CORRUPT;
  } else {
    memcpy(moved.pointer, region->pointer, size < region->size ? size : region->size);
    status = allocator->ops->release(allocator, *region, alignment);
  }
  if (status != MR_OK) {
    mr_ignore(allocator->ops->release(allocator, moved, alignment));
    return status;
  }
  *region = moved;
  return MR_OK;
}

mr_status mr_reallocate_aligned(mr_allocator *allocator, mr_region *region, size_t size,
                                size_t alignment) {
  if (!is_power_of_two(alignment)) return MR_INVALID_ARGUMENT;
  if (!mr_region_is_valid(*region)) return allocate(allocator, size, alignment, 0, region);
  if (size == 0) return mr_deallocate_aligned(allocator, region, alignment);
  if (size > PTRDIFF_MAX) return MR_BLOCK_TOO_BIG;

  allocator = mr_resolve_allocator(allocator);
  const mr_allocator_ops *ops = allocator->ops;
  if (ops->resize && ops->resize(allocator, *region, size, alignment)) {
    region->size = size;
    return MR_OK;
  }
  mr_region moved = {NULL, 0};
  if (ops->remap) moved = ops->remap(allocator, *region, size, alignment);
  if (!moved.pointer) return move(allocator, region, size, alignment);
  *region = moved;
  return MR_OK;
}

mr_status mr_reallocate_zeroed_aligned(mr_allocator *allocator, mr_region *region, size_t size,
                                       size_t alignment) {
  if (!mr_region_is_valid(*region)) return allocate(allocator, size, alignment, MR_ZEROED, region);
  size_t kept = region->size;
  mr_status status = mr_reallocate_aligned(allocator, region, size, alignment);
  if (status == MR_OK && size > kept)
    memset((unsigned char *)region->pointer + kept, 0, size - kept);
  return status;
}

mr_status mr_reallocate_array_aligned(mr_allocator *allocator, mr_region *region, size_t count,
                                      size_t element_size, size_t alignment) {
  return mr_reallocate_aligned(allocator, region, array_size(count, element_size), alignment);
}

mr_status mr_reallocate_array(mr_allocator *allocator, mr_region *region, size_t count,
                              size_t element_size) {
  return mr_reallocate_array_aligned(allocator, region, count, element_size, MR_DEFAULT_ALIGNMENT);
}

mr_status mr_reallocate(mr_allocator *allocator, mr_region *region, size_t size) {
  return mr_reallocate_aligned(allocator, region, size, MR_DEFAULT_ALIGNMENT);
}

mr_status mr_reallocate_zeroed(mr_allocator *allocator, mr_region *region, size_t size) {
  return mr_reallocate_zeroed_aligned(allocator, region, size, MR_DEFAULT_ALIGNMENT);
}

mr_status mr_ask_usage(mr_allocator *allocator, mr_usage *out) {
  mr_status (*ask)(mr_allocator *, mr_usage *) = OPTIONAL(allocator, usage);
  return ask ? ask(allocator, out) : MR_UNSUPPORTED;
}

mr_status mr_total_size(mr_allocator *allocator, size_t *out) {
  mr_usage now;
  mr_status status = mr_ask_usage(mr_resolve_allocator(allocator), &now);
  if (status == MR_OK) *out = now.total;
  return status;
}

mr_status mr_free_space(mr_allocator *allocator, size_t *out) {
  mr_usage now;
  mr_status status = mr_ask_usage(mr_resolve_allocator(allocator), &now);
  if (status == MR_OK) *out = now.total - now.used;
  return status;
}

mr_status mr_used_space(mr_allocator *allocator, size_t *out) {
  mr_usage now;
  mr_status status = mr_ask_usage(mr_resolve_allocator(allocator), &now);
  if (status == MR_OK) *out = now.used;
  return status;
}

mr_status mr_minimum_block_size(mr_allocator *allocator, size_t *out) {
  allocator = mr_resolve_allocator(allocator);
  size_t (*ask)(mr_allocator *) = OPTIONAL(allocator, minimum_block_size);
  size_t minimum = ask ? ask(allocator) : 0;
  if (minimum == 0) return MR_UNSUPPORTED;
  *out = minimum;
  return MR_OK;
}

mr_status mr_maximum_block_size(mr_allocator *allocator, size_t *out) {
  *out = mr_ask_maximum(mr_resolve_allocator(allocator), MR_DEFAULT_ALIGNMENT);
  return MR_OK;
}

size_t mr_good_size(mr_allocator *allocator, size_t size, size_t alignment) {
  if (size == 0 || size > PTRDIFF_MAX || !is_power_of_two(alignment)) return size;
  allocator = mr_resolve_allocator(allocator);
  size_t (*ask)(mr_allocator *, size_t, size_t) = OPTIONAL(allocator, good_size);
  return ask ? ask(allocator, size, alignment) : size;
}

mr_ownership mr_allocator_owns(mr_allocator *allocator, mr_view block) {
  if (!mr_view_is_valid(block)) return MR_OWNS_NO;
  allocator = mr_resolve_allocator(allocator);
  mr_ownership (*ask)(mr_allocator *, mr_view) = OPTIONAL(allocator, owns);
  return ask ? ask(allocator, block) : MR_OWNS_UNKNOWN;
}

bool mr_ask_has_clear(const mr_allocator *allocator) { return OPTIONAL(allocator, clear); }

mr_status mr_allocator_clear(mr_allocator *allocator) {
  allocator = mr_resolve_allocator(allocator);
  mr_status (*ask)(mr_allocator *) = OPTIONAL(allocator, clear);
  return ask ? ask(allocator) : MR_UNSUPPORTED;
}

mr_status mr_allocator_mark(mr_allocator *allocator, mr_mark *mark) {
  allocator = mr_resolve_allocator(allocator);
  mr_status (*ask)(mr_allocator *, mr_mark *) = OPTIONAL(allocator, mark);
  return ask ? ask(allocator, mark) : MR_UNSUPPORTED;
}

mr_status mr_allocator_rewind(mr_allocator *allocator, mr_mark mark) {
  allocator = mr_resolve_allocator(allocator);
  mr_status (*ask)(mr_allocator *, mr_mark) = OPTIONAL(allocator, rewind);
  return ask ? ask(allocator, mark) : MR_UNSUPPORTED;
}

mr_status mr_allocator_trim(mr_allocator *allocator) {
  allocator = mr_resolve_allocator(allocator);
  mr_status (*ask)(mr_allocator *) = OPTIONAL(allocator, trim);
  return ask ? ask(allocator) : MR_UNSUPPORTED;
}

mr_status mr_allocator_walk(mr_allocator *allocator, mr_walk_function *function, void *context) {
  allocator = mr_resolve_allocator(allocator);
  mr_status (*ask)(mr_allocator *, mr_walk_function *, void *) = OPTIONAL(allocator, walk);
  return ask ? ask(allocator, function, context) : MR_UNSUPPORTED;
}

mr_status mr_allocator_check(mr_allocator *allocator, mr_condition *condition) {
  allocator = mr_resolve_allocator(allocator);
  mr_status (*ask)(mr_allocator *, mr_condition *) = OPTIONAL(allocator, check);
  return ask ? ask(allocator, condition) : MR_UNSUPPORTED;
}

mr_status mr_allocator_destroy(mr_allocator *allocator) {
  if (allocator == MR_CURRENT) return MR_UNSUPPORTED;
  allocator = mr_resolve_allocator(allocator);
  mr_status (*ask)(mr_allocator *) = OPTIONAL(allocator, destroy);
  return ask ? ask(allocator) : MR_UNSUPPORTED;
}

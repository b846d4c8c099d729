#include "memregions/allocator.h"

/* Null until the thread sets one. */
static _Thread_local mr_allocator *current;

mr_allocator *mr_current_allocator(void) { return current ? current : mr_system_allocator(); }

mr_allocator *mr_set_current_allocator(mr_allocator *allocator) {
  mr_allocator *previous = mr_current_allocator();
  current = mr_resolve_allocator(allocator);
  return previous;
}

mr_allocator *mr_resolve_allocator(mr_allocator *allocator) {
  if (!allocator) return mr_system_allocator();
  return allocator == MR_CURRENT ? mr_current_allocator() : allocator;
}

/* All but what is called without resolving first (memregions/allocator.h, the inline functions) resolve MR_CURRENT, so
 * that only these are ever forwarded. */

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_allocator *to = mr_resolve_allocator(self);
  return to->ops->allocate(to, size, alignment, flags);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_allocator *to = mr_resolve_allocator(self);
  return to->ops->resize && to->ops->resize(to, block, size, alignment);
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_allocator *to = mr_resolve_allocator(self);
  return to->ops->remap ? to->ops->remap(to, block, size, alignment) : mr_region_of(NULL, 0);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_allocator *to = mr_resolve_allocator(self);
  return to->ops->release(to, block, alignment);
}

static const mr_allocator_ops forwarding_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "current",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
};

mr_allocator mr_forwarding_allocator = {&forwarding_ops};

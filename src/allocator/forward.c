#include "forward.h"

#include <string.h>

#include "ask.h"

/* Read as octets: what a wrapper is beyond its start is not known here. */
static mr_allocator *parent_of(const mr_allocator *self) {
  mr_allocator *parent = NULL;
  memcpy((void *)&parent, self + 1, sizeof parent);
  return parent;
}

mr_region mr_forward_allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_allocator *parent = parent_of(self);
  return parent->ops->allocate(parent, size, alignment, flags);
}

bool mr_forward_resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_allocator *parent = parent_of(self);
  return parent->ops->resize && parent->ops->resize(parent, block, size, alignment);
}

mr_region mr_forward_remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_allocator *parent = parent_of(self);
  if (!parent->ops->remap) return mr_region_of(NULL, 0);
  return parent->ops->remap(parent, block, size, alignment);
}

mr_status mr_forward_release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_allocator *parent = parent_of(self);
  return parent->ops->release(parent, block, alignment);
}

size_t mr_forward_minimum_block_size(mr_allocator *self) {
  size_t minimum = 0;
  mr_ignore(mr_minimum_block_size(parent_of(self), &minimum));
  return minimum;
}

size_t mr_forward_maximum_block_size(mr_allocator *self, size_t alignment) {
  return mr_ask_maximum(parent_of(self), alignment);
}

mr_ownership mr_forward_owns(mr_allocator *self, mr_view block) {
  return mr_allocator_owns(parent_of(self), block);
}

size_t mr_forward_good_size(mr_allocator *self, size_t size, size_t alignment) {
  return mr_good_size(parent_of(self), size, alignment);
}

mr_status mr_forward_usage(mr_allocator *self, mr_usage *out) {
  return mr_ask_usage(parent_of(self), out);
}

mr_status mr_forward_clear(mr_allocator *self) { return mr_allocator_clear(parent_of(self)); }

mr_status mr_forward_mark(mr_allocator *self, mr_mark *mark) {
  return mr_allocator_mark(parent_of(self), mark);
}

mr_status mr_forward_rewind(mr_allocator *self, mr_mark mark) {
  return mr_allocator_rewind(parent_of(self), mark);
}

mr_status mr_forward_trim(mr_allocator *self) { return mr_allocator_trim(parent_of(self)); }

mr_status mr_forward_walk(mr_allocator *self, mr_walk_function *function, void *context) {
  return mr_allocator_walk(parent_of(self), function, context);
}

mr_status mr_forward_check(mr_allocator *self, bool is_sound, mr_condition *condition) {
  if (is_sound) return mr_allocator_check(parent_of(self), condition);
  mr_condition_set(condition, MR_CORRUPT, "the wrapping allocator itself is damaged");
  if (condition) condition->subject = self;
  return MR_CORRUPT;
}

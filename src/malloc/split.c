#include "split.h"

static mr_allocator *part_for(mr_allocator *self, size_t size) {
  const mr_split *split = (const mr_split *)self;
  return size < split->least_large ? split->small : split->large;
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_allocator *part = part_for(self, size);
  return part->ops->allocate(part, size, alignment, flags);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_allocator *part = part_for(self, block.size);
  return part == part_for(self, size) && part->ops->resize &&
         part->ops->resize(part, block, size, alignment);
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_allocator *part = part_for(self, block.size);
  if (part != part_for(self, size) || !part->ops->remap) return mr_region_of(NULL, 0);
  return part->ops->remap(part, block, size, alignment);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_allocator *part = part_for(self, block.size);
  return part->ops->release(part, block, alignment);
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  mr_allocator *large = part_for(self, SIZE_MAX);
  return large->ops->maximum_block_size ? large->ops->maximum_block_size(large, alignment)
                                        : PTRDIFF_MAX;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  return mr_allocator_check(part_for(self, 1), condition);
}

static const mr_allocator_ops ops = {
    .struct_size = sizeof ops,
    .name = "split",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .maximum_block_size = maximum_block_size,
    .check = check,
};

void mr_split_init(mr_split *split, mr_allocator *small, mr_allocator *large, size_t least_large) {
  *split = (mr_split){{&ops}, small, large, least_large};
}

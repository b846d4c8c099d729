#include "frame.h"

#include "fatal.h"
#include "quarantine.h"

static mr_block block_of(const mr_frame *frame, size_t size, size_t alignment) {
  return (mr_block){size, alignment > MR_DEFAULT_ALIGNMENT ? alignment : MR_DEFAULT_ALIGNMENT,
                    frame->origin};
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_frame *frame = (mr_frame *)self;
  mr_block block = block_of(frame, size, alignment);
  size_t room = mr_block_room(block);
  if (room == 0) return mr_region_of(NULL, 0);
  mr_region outside = frame->parent->ops->allocate(frame->parent, room, block.alignment, flags);
  return outside.pointer ? mr_block_write(outside, block) : outside;
}

static bool resize(mr_allocator *self, mr_region region, size_t size, size_t alignment) {
  mr_frame *frame = (mr_frame *)self;
  mr_allocator *parent = frame->parent;
  mr_block before = block_of(frame, region.size, alignment);
  mr_block after = block_of(frame, size, alignment);
  mr_region outside = mr_block_outside(region.pointer, before);
  size_t room = mr_block_room(after);
  if (room == 0 || !parent->ops->resize) return false;
  if (!parent->ops->resize(parent, outside, room, before.alignment)) return false;
  (void)mr_block_write(outside, after);
  return true;
}

static mr_region remap(mr_allocator *self, mr_region region, size_t size, size_t alignment) {
  mr_frame *frame = (mr_frame *)self;
  mr_allocator *parent = frame->parent;
  mr_block before = block_of(frame, region.size, alignment);
  mr_block after = block_of(frame, size, alignment);
  mr_region outside = mr_block_outside(region.pointer, before);
  size_t room = mr_block_room(after);
  if (room == 0 || !parent->ops->remap) return mr_region_of(NULL, 0);
  outside = parent->ops->remap(parent, outside, room, before.alignment);
  return outside.pointer ? mr_block_write(outside, after) : outside;
}

/* Puts a block into the quarantine, and takes out what is to go back instead: the null region where nothing is. */
static mr_region exchange(void *pointer, mr_block *block) {
  mr_block_retire(pointer, *block);
  pointer = mr_quarantine_exchange(pointer);
  if (!pointer) return mr_region_of(NULL, 0);
  const char *wrong = mr_block_read_retired(pointer, block);
  if (wrong) mr_fatal_at(pointer, wrong);
  return mr_block_outside(pointer, *block);
}

static mr_status release(mr_allocator *self, mr_region region, size_t alignment) {
  mr_frame *frame = (mr_frame *)self;
  mr_block block = block_of(frame, region.size, alignment);
  mr_region outside = mr_block_outside(region.pointer, block);
  if (frame->has_quarantine && outside.size < MR_LEAST_LARGE) {
    outside = exchange(region.pointer, &block);
    if (!outside.pointer) return MR_OK;
  }
  return frame->parent->ops->release(frame->parent, outside, block.alignment);
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  mr_frame *frame = (mr_frame *)self;
  mr_allocator *parent = frame->parent;
  size_t around = mr_block_room(block_of(frame, 1, alignment));
  size_t most = parent->ops->maximum_block_size ? parent->ops->maximum_block_size(parent, alignment)
                                                : PTRDIFF_MAX;
  return around > 0 && most >= around ? most - around + 1 : 0;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  return mr_allocator_check(((mr_frame *)self)->parent, condition);
}

static const mr_allocator_ops ops = {
    .struct_size = sizeof ops,
    .name = "frame",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .maximum_block_size = maximum_block_size,
    .check = check,
};

void mr_frame_init(mr_frame *frame, mr_allocator *parent, mr_origin origin, bool has_quarantine) {
  *frame = (mr_frame){{&ops}, parent, origin, has_quarantine};
}

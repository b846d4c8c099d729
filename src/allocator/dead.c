#include "dead.h"

#include <assert.h>

static mr_allocator empty = {&mr_dead_ops};

mr_allocator *mr_empty_allocator(void) { return &empty; }

static void meet(const mr_allocator *self) {
  assert(self == &empty && "the allocator was used after its end");
  (void)self;
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  (void)size, (void)alignment, (void)flags;
  meet(self);
  return mr_region_of(NULL, 0);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)block, (void)size, (void)alignment;
  meet(self);
  return false;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)block;
  return allocate(self, size, alignment, 0);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  (void)block, (void)alignment;
  meet(self);
  return MR_CORRUPT;
}

static size_t minimum_block_size(mr_allocator *self) {
  meet(self);
  return 0;
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  (void)alignment;
  meet(self);
  return 0;
}

static mr_ownership owns(mr_allocator *self, mr_view block) {
  (void)block;
  meet(self);
  return MR_OWNS_NO;
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  meet(self);
  *out = (mr_usage){0};
  return MR_OK;
}

static mr_status refuse(mr_allocator *self) {
  meet(self);
  return MR_UNSUPPORTED;
}

static mr_status mark(mr_allocator *self, mr_mark *out) {
  (void)out;
  return refuse(self);
}

static mr_status rewind_to(mr_allocator *self, mr_mark mark) {
  (void)mark;
  return refuse(self);
}

static mr_status walk(mr_allocator *self, mr_walk_function *function, void *context) {
  (void)function, (void)context;
  return refuse(self);
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  (void)condition;
  return refuse(self);
}

const mr_allocator_ops mr_dead_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "dead",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .minimum_block_size = minimum_block_size,
    .maximum_block_size = maximum_block_size,
    .owns = owns,
    .usage = usage,
    .clear = refuse,
    .mark = mark,
    .rewind = rewind_to,
    .trim = refuse,
    .walk = walk,
    .check = check,
    .destroy = refuse,
};

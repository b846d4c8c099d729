/* For posix_memalign. */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "memregions/allocator.h"

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
#include <malloc.h>
#define HAS_MALLINFO2 1
#endif

/* What malloc aligns every block to. */
#define MALLOC_ALIGNMENT _Alignof(max_align_t)

/* Room to reach the alignment comes from the same block. */
static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  (void)self;
  if (alignment <= MALLOC_ALIGNMENT) return PTRDIFF_MAX;
  return alignment < PTRDIFF_MAX ? PTRDIFF_MAX - alignment : 0;
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  if (alignment <= MALLOC_ALIGNMENT) {
    return mr_region_of(flags & MR_ZEROED ? calloc(1, size) : malloc(size), size);
  }
  /* Not every posix_memalign is safe from sums that wrap. */
  if (size > maximum_block_size(self, alignment)) return mr_region_of(NULL, 0);
  void *block = NULL;
  if (posix_memalign(&block, alignment, size) != 0) return mr_region_of(NULL, 0);
  if (flags & MR_ZEROED) memset(block, 0, size);
  return mr_region_of(block, size);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)self, (void)alignment;
  return size == block.size;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)self;
  bool can_move = alignment <= MALLOC_ALIGNMENT;
  return mr_region_of(can_move ? realloc(block.pointer, size) : NULL, size);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  (void)self, (void)alignment;
  free(block.pointer);
  return MR_OK;
}

#if HAS_MALLINFO2
static mr_status usage(mr_allocator *self, mr_usage *out) {
  (void)self;
  struct mallinfo2 heap = mallinfo2();
  out->total = heap.arena + heap.hblkhd;
  out->used = heap.uordblks + heap.hblkhd;
  return MR_OK;
}
#else
#define usage NULL
#endif

static const mr_allocator_ops system_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "system",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .maximum_block_size = maximum_block_size,
    .usage = usage,
};

mr_allocator *mr_system_allocator(void) {
  static mr_allocator system = {&system_ops};
  return &system;
}

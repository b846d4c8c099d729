#include "early.h"

#include <stdatomic.h>

enum { CAPACITY = 1 << 16 };

/* Zeros, of which each is handed out once. */
static _Alignas(4096) unsigned char memory[CAPACITY];
static atomic_size_t used;

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  (void)self, (void)flags;
  size_t before = atomic_load_explicit(&used, memory_order_relaxed);
  size_t start = 0;
  do {
    if (alignment > 4096) return mr_region_of(NULL, 0);
    start = (before + alignment - 1) & ~(alignment - 1);
    if (start > CAPACITY || size > CAPACITY - start) return mr_region_of(NULL, 0);
  } while (!atomic_compare_exchange_weak_explicit(&used, &before, start + size,
                                                  memory_order_relaxed, memory_order_relaxed));
  return mr_region_of(memory + start, size);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  (void)self, (void)block, (void)alignment;
  return MR_OK;
}

static const mr_allocator_ops ops = {
    .struct_size = sizeof ops,
    .name = "early",
    .allocate = allocate,
    .release = release,
};

mr_allocator mr_early = {&ops};

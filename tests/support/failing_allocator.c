/* For posix_memalign. */
#define _POSIX_C_SOURCE 200809L

#include "failing_allocator.h"

#include <stdlib.h>
#include <string.h>

#include "support.h"

struct test_block {
  test_block *next;
  /* What malloc gave. The block lies `alignment` octets into it. */
  void *memory;
  mr_region region;
  size_t alignment;
};

/* Memory at a multiple of twice the alignment, so that what lies `alignment` into it is aligned to no more. */
static void *memory_for(size_t size, size_t alignment) {
  if (alignment > PTRDIFF_MAX / 4 || size > PTRDIFF_MAX / 2 - alignment) return NULL;
  void *memory = NULL;
  size_t twice = alignment < 8 ? 16 : 2 * alignment;
  return posix_memalign(&memory, twice, alignment + size) == 0 ? memory : NULL;
}

static bool fails_now(test_allocator *allocator) {
  size_t request = ++allocator->requests;
  if (allocator->fail_at == 0) return false;
  return request == allocator->fail_at || (allocator->fails_on && request > allocator->fail_at);
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  test_allocator *allocator = (test_allocator *)self;
  mr_region none = {NULL, 0};
  if (fails_now(allocator)) return none;

  test_block *block = malloc(sizeof *block);
  void *memory = block ? memory_for(size, alignment) : NULL;
  if (!memory) {
    free(block);
    return none;
  }
  mr_region region = {(unsigned char *)memory + alignment, size};
  memset(region.pointer, flags & MR_ZEROED ? 0 : TEST_FRESH, size);
  *block = (test_block){allocator->blocks, memory, region, alignment};
  allocator->blocks = block;
  allocator->live_blocks++;
  allocator->live_octets += size;
  return region;
}

/* The link to the block that this is exactly; null where there is none. */
static test_block **find(test_allocator *allocator, mr_region region, size_t alignment) {
  for (test_block **link = &allocator->blocks; *link; link = &(*link)->next) {
    const test_block *block = *link;
    if (block->region.pointer == region.pointer) {
      return block->region.size == region.size && block->alignment == alignment ? link : NULL;
    }
  }
  return NULL;
}

static bool resize(mr_allocator *self, mr_region region, size_t size, size_t alignment) {
  test_allocator *allocator = (test_allocator *)self;
  test_block **link = find(allocator, region, alignment);
  if (!link) {
    if (!allocator->answers_misuse) fail_msg("resize of what is no block of this allocator");
    return false;
  }
  if (size > region.size || allocator->always_moves) return false;
  memset((unsigned char *)region.pointer + size, TEST_RELEASED, region.size - size);
  (*link)->region.size = size;
  allocator->live_octets -= region.size - size;
  return true;
}

static mr_status release(mr_allocator *self, mr_region region, size_t alignment) {
  test_allocator *allocator = (test_allocator *)self;
  test_block **link = find(allocator, region, alignment);
  if (!link) {
    if (!allocator->answers_misuse) fail_msg("release of what is no block of this allocator");
    return MR_CORRUPT;
  }
  test_block *block = *link;
  *link = block->next;
  allocator->live_blocks--;
  allocator->live_octets -= region.size;
  memset(region.pointer, TEST_RELEASED, region.size);
  free(block->memory);
  free(block);
  return MR_OK;
}

static const mr_allocator_ops test_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "test",
    .allocate = allocate,
    .resize = resize,
    .release = release,
};

void test_allocator_init(test_allocator *allocator) {
  *allocator = (test_allocator){.base = {&test_ops}};
}

void test_allocator_fini(test_allocator *allocator) {
  size_t alive = allocator->live_blocks;
  size_t octets = allocator->live_octets;
  while (allocator->blocks) {
    test_block *block = allocator->blocks;
    allocator->blocks = block->next;
    free(block->memory);
    free(block);
  }
  if (alive > 0) fail_msg("%zu blocks of %zu octets in all were not given back", alive, octets);
}

size_t test_sweep(test_allocator *allocator, test_work *work, test_unchanged *unchanged,
                  void *context) {
  for (size_t failures = 0;; failures++) {
    size_t live_blocks = allocator->live_blocks;
    allocator->fail_at = allocator->requests + failures + 1;
    mr_status status = work(context, &allocator->base);
    allocator->fail_at = 0;
    if (status == MR_OK) return failures;
    assert_int_equal(status, MR_OUT_OF_MEMORY);
    assert_int_equal(allocator->live_blocks, live_blocks);
    if (unchanged) unchanged(context);
  }
}

/* The functions of this library that others call. Its version map lists them, without a version: a program asks for them
 * by the C library's. What they promise is C17's and glibc's manual's word, free_sized and free_aligned_sized C23's. */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "block.h"
#include "choice.h"
#include "fatal.h"
#include "heap.h"

#pragma GCC visibility push(default)

static size_t at_least(size_t least, size_t size) { return size > least ? size : least; }

static void *out_of_memory(void) {
  errno = ENOMEM;
  return NULL;
}

static mr_region allocate(mr_origin origin, size_t size, size_t alignment, bool is_zeroed) {
  mr_region block = {NULL, 0};
  mr_allocator *from = mr_heap_of(origin);
  mr_ignore(is_zeroed ? mr_allocate_zeroed_aligned(from, size, alignment, &block)
                      : mr_allocate_aligned(from, size, alignment, &block));
  return block;
}

/* A new block; null, with errno as it was, where there is none. A block of 0 octets is one of 1, so that it has an address
 * of its own. */
static void *take(size_t size, size_t alignment, bool is_zeroed) {
  int saved = errno;
  size = at_least(1, size);
  mr_heap_enter();
  mr_origin origin = mr_heap_next_origin();
  mr_region block = allocate(origin, size, alignment, is_zeroed);
  /* There are only so many guard pages. */
  if (!block.pointer && origin == MR_ORIGIN_GUARDED) {
    block = allocate(MR_ORIGIN_MAIN, size, alignment, is_zeroed);
  }
  mr_heap_leave();
  errno = saved;
  return block.pointer;
}

/* Misuse: of which a guarded block tells who took and released it. */
static _Noreturn void fail(const char *function, const void *pointer, const char *wrong) {
  mr_fault block;
  bool is_known = mr_choice_describe(pointer, &block);
  mr_fatal_call(function, pointer, wrong, is_known ? &block : NULL);
}

static mr_block examine(const char *function, const void *pointer) {
  mr_block block;
  const char *wrong = mr_heap_read(pointer, &block);
  if (wrong) fail(function, pointer, wrong);
  return block;
}

/* An allocator has found what examining did not. */
static _Noreturn void refuse(const char *function, const void *pointer, mr_block block) {
  fail(function, pointer,
       block.origin == MR_ORIGIN_GUARDED ? "written to before its start or past its end"
                                         : "no block of its allocator, or damaged");
}

static void give_back(const char *function, void *pointer, mr_block block) {
  int saved = errno;
  mr_region region = mr_region_of(pointer, block.size);
  mr_heap_enter();
  mr_status status = mr_deallocate_aligned(mr_heap_of(block.origin), &region, block.alignment);
  mr_heap_leave();
  if (status != MR_OK) refuse(function, pointer, block);
  errno = saved;
}

void free(void *pointer) {
  if (pointer) give_back("free", pointer, examine("free", pointer));
}

void free_sized(void *pointer, size_t size) {
  if (!pointer) return;
  mr_block block = examine("free_sized", pointer);
  if (block.size != at_least(1, size)) fail("free_sized", pointer, "of another size");
  give_back("free_sized", pointer, block);
}

void free_aligned_sized(void *pointer, size_t alignment, size_t size) {
  if (!pointer) return;
  mr_block block = examine("free_aligned_sized", pointer);
  if (block.size != at_least(1, size) ||
      block.alignment != at_least(MR_DEFAULT_ALIGNMENT, alignment)) {
    fail("free_aligned_sized", pointer, "of another size or alignment");
  }
  give_back("free_aligned_sized", pointer, block);
}

void *malloc(size_t size) {
  void *pointer = take(size, MR_DEFAULT_ALIGNMENT, false);
  return pointer ? pointer : out_of_memory();
}

void *calloc(size_t count, size_t size) {
  size_t total = 0;
  if (__builtin_mul_overflow(count, size, &total)) return out_of_memory();
  void *pointer = take(total, MR_DEFAULT_ALIGNMENT, true);
  return pointer ? pointer : out_of_memory();
}

static void *move(void *pointer, mr_block block, size_t size) {
  void *moved = take(size, block.alignment, false);
  if (!moved) return NULL;
  memcpy(moved, pointer, size < block.size ? size : block.size);
  give_back("realloc", pointer, block);
  return moved;
}

static void *resize(void *pointer, mr_block block, size_t size) {
  int saved = errno;
  mr_region region = mr_region_of(pointer, block.size);
  mr_heap_enter();
  mr_status status =
      mr_reallocate_aligned(mr_heap_of(block.origin), &region, size, block.alignment);
  mr_heap_leave();
  if (status == MR_CORRUPT) refuse("realloc", pointer, block);
  errno = saved;
  return status == MR_OK ? region.pointer : NULL;
}

void *realloc(void *pointer, size_t size) {
  if (!pointer) return malloc(size);
  mr_block block = examine("realloc", pointer);
  if (size == 0) {
    give_back("realloc", pointer, block);
    return NULL;
  }
  /* There is little early memory, and only so many guard pages: what grows is to leave them. */
  bool moves = block.origin == MR_ORIGIN_EARLY || block.origin == MR_ORIGIN_GUARDED;
  void *resized = moves ? move(pointer, block, size) : resize(pointer, block, size);
  return resized ? resized : out_of_memory();
}

void *reallocarray(void *pointer, size_t count, size_t size) {
  size_t total = 0;
  if (__builtin_mul_overflow(count, size, &total)) return out_of_memory();
  return realloc(pointer, total);
}

static bool is_power_of_two(size_t alignment) {
  return alignment > 0 && (alignment & (alignment - 1)) == 0;
}

void *memalign(size_t alignment, size_t size) {
  if (!is_power_of_two(alignment)) {
    errno = EINVAL;
    return NULL;
  }
  void *pointer = take(size, at_least(MR_DEFAULT_ALIGNMENT, alignment), false);
  return pointer ? pointer : out_of_memory();
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **out, size_t alignment, size_t size) {
  if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
  void *pointer = take(size, at_least(MR_DEFAULT_ALIGNMENT, alignment), false);
  if (!pointer) return ENOMEM;
  *out = pointer;
  return 0;
}

static size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

void *valloc(size_t size) { return memalign(page_size(), size); }

void *pvalloc(size_t size) {
  size_t page = page_size();
  if (size > PTRDIFF_MAX - page) return out_of_memory();
  return memalign(page, (size + page - 1) & ~(page - 1));
}

/* What was asked for, all of which may be written to: the tail begins right after it. */
size_t malloc_usable_size(void *pointer) {
  return pointer ? examine("malloc_usable_size", pointer).size : 0;
}

#ifndef MEMREGIONS_ALLOCATOR_CACHED_SPAN_H
#define MEMREGIONS_ALLOCATOR_CACHED_SPAN_H

/*
 * Spans: memory of one size, cut into blocks of one class of sizes (memregions/cached.h).
 *
 * All about its blocks is in the span's record, which lies elsewhere: one state for each block. What always holds:
 *   - a block is handed out: its state is its class's size less the size that was asked for;
 *     or cached, in a magazine: MR_SPAN_CACHED; or home: its state is MR_SPAN_HOME plus the next one's index in a list of
 *     such blocks, or plus MR_SPAN_NONE; or it was not yet taken, as all from `fresh` on;
 *   - records are never given back before the allocator's end, and always serve the same class: what a thread reads of
 *     a span that has just gone is out of date, and nothing worse.
 *
 * Threads: states and `start` may be read by all; the rest changes under the allocator's lock.
 */

#include <stdatomic.h>

#include "memregions/allocator.h"

#define MR_SPAN_SIZE ((size_t)1 << 16)
#define MR_SPAN_CLASSES 40u
#define MR_SPAN_LARGEST ((size_t)1 << 15)

/* States. Those of blocks that are handed out are below all others. */
#define MR_SPAN_HOME 0x8000u
#define MR_SPAN_CACHED 0xc000u

/* No block's index. */
#define MR_SPAN_NONE 0x3fffu

/* The compiler lays code out so that this is the straight way. */
#if defined(__GNUC__)
#define MR_OFTEN(holds) __builtin_expect(!!(holds), 1)
#else
#define MR_OFTEN(holds) (holds)
#endif

typedef _Atomic uint16_t mr_span_state;

typedef struct mr_span {
  /* Null while it has no memory. */
  _Atomic(unsigned char *) start;
  /* For mr_span_index. */
  uint32_t reciprocal;
  uint32_t count;
  uint32_t block_size;
  uint32_t class_index;
  /* How many blocks are not at home. */
  uint32_t away;
  /* The first of the list, and the first that was never taken. */
  uint32_t free;
  uint32_t fresh;
  /* All of its class, in the order of their coming. */
  struct mr_span *previous;
  struct mr_span *next;
  /* Those of its class that have blocks at home. */
  struct mr_span *previous_open;
  struct mr_span *next_open;
  /* One more than there are blocks: the last is no block's, and never that of one which is handed out. */
  mr_span_state states[];
} mr_span;

/* A block in a magazine, and where its state is. */
typedef struct mr_cached_block {
  void *pointer;
  mr_span_state *state;
} mr_cached_block;

static inline unsigned mr_span_state_now(const mr_span_state *state) {
  return atomic_load_explicit(state, memory_order_relaxed);
}

static inline void mr_span_set_state(mr_span_state *state, unsigned to) {
  atomic_store_explicit(state, (uint16_t)to, memory_order_relaxed);
}

static inline unsigned char *mr_span_start(const mr_span *span) {
  return atomic_load_explicit(&span->start, memory_order_relaxed);
}

static inline bool mr_span_has_address(const mr_span *span, const void *address) {
  return (uintptr_t)mr_span_start(span) == ((uintptr_t)address & ~(uintptr_t)(MR_SPAN_SIZE - 1));
}

/* The position of the highest bit of a number from 128 to MR_SPAN_LARGEST. */
static inline unsigned mr_span_highest_bit(size_t number) {
#if defined(__GNUC__)
  return 31u - (unsigned)__builtin_clz((unsigned)number);
#else
  unsigned bit = 7;
  while (number >> (bit + 1)) bit++;
  return bit;
#endif
}

/* The class of blocks of `size`, from 1 to MR_SPAN_LARGEST, octets. */
static inline unsigned mr_span_class_of(size_t size) {
  size_t last = size - 1;
  if (MR_OFTEN(last < 128)) return (unsigned)(last >> 4);
  unsigned bit = mr_span_highest_bit(last);
  return (bit - 6) * 4 + (unsigned)(last >> (bit - 2));
}

/* Octets of a block of a class. */
static inline size_t mr_span_class_size(unsigned class_index) {
  if (class_index < 8) return ((size_t)class_index + 1) * 16;
  unsigned doublings = (class_index - 8) / 4;
  return ((size_t)(class_index - 8) % 4 + 5) << (doublings + 5);
}

/* The index of the block that an offset below MR_SPAN_SIZE lies in: of one that does not exist, behind the last, it is
 * `count`.
 *
 * `reciprocal` is more than 2^32 / block_size by less than 1, so that the product is too large by less than 2^16: too
 * little to reach the next quotient, which is 2^32 / block_size, at least 2^17, away. */
static inline uint32_t mr_span_index(const mr_span *span, size_t offset) {
  return (uint32_t)((uint64_t)offset * span->reciprocal >> 32);
}

/* The state of a block that is handed out; null where it is none of this span, or not as the region and the alignment
 * say. The region's pointer lies in the span. */
static inline mr_span_state *mr_span_used_state(mr_span *span, mr_region block, size_t alignment) {
  size_t offset = (uintptr_t)block.pointer & (MR_SPAN_SIZE - 1);
  uint32_t index = mr_span_index(span, offset);
  if ((size_t)index * span->block_size != offset || (offset & (alignment - 1))) return NULL;
  mr_span_state *state = &span->states[index];
  /* A size above the class's wraps, to more than any state; else the difference is no free block's state. */
  return mr_span_state_now(state) == span->block_size - block.size ? state : NULL;
}

/* The class of blocks of this size at this alignment; MR_SPAN_CLASSES where there is none. */
unsigned mr_span_class_aligned(size_t size, size_t alignment);

/* A record without memory; null where there is none. */
mr_span *mr_span_create(mr_allocator *records, unsigned class_index);
void mr_span_destroy(mr_allocator *records, mr_span *span);

/* All blocks are home again, as if none had ever been taken. */
void mr_span_reset(mr_span *span);

/* Takes up to `count` blocks for a magazine. Fewer only where that is all.
 *
 * @return  how many
 */
size_t mr_span_take(mr_span *span, mr_cached_block *blocks, size_t count);

/* Whether a block is of this span and cached. */
bool mr_span_has_cached(mr_span *span, mr_cached_block block);

/* Takes a cached block home. */
void mr_span_give(mr_span *span, mr_cached_block block);

bool mr_span_has_free(const mr_span *span);

/* Whether `block` lies in one of its blocks that is handed out. */
bool mr_span_owns(const mr_span *span, mr_view block);

/* Shows all parts. */
mr_status mr_span_walk(const mr_span *span, mr_walk_function *function, void *context);

/* Whether its states and counts agree.
 *
 * @param[in,out] cached  grows by how many of its blocks are in magazines
 */
bool mr_span_is_sound(const mr_span *span, size_t *cached);

#endif

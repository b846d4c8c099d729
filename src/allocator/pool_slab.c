#include "pool_slab.h"

#include "watch.h"
#include "window.h"

/* A link to no block. */
#define DAMAGED (SIZE_MAX - 1)

/* Bits. */

/* The bits start where one more block would. */
static unsigned char *block_at(const mr_pool *pool, const mr_slab *slab, size_t index) {
  return slab->start + index * pool->stride;
}

static size_t octets_of_bits(const mr_pool *pool, size_t count) {
  return pool->is_checked ? count / 8 + (count % 8 != 0) : 0;
}

static bool bit_of(const mr_pool *pool, const mr_slab *slab, size_t index) {
  return block_at(pool, slab, slab->capacity)[index / 8] >> index % 8 & 1;
}

static void flip_bit(const mr_pool *pool, const mr_slab *slab, size_t index) {
  if (!pool->is_checked) return;
  block_at(pool, slab, slab->capacity)[index / 8] ^= (unsigned char)(1U << index % 8);
}

/* How many blocks have room: each with a bit, if checked. */
static size_t capacity_of(const mr_pool *pool, size_t size) {
  if (!pool->is_checked) return size / pool->stride;
  /* Eight blocks share an octet; of the last such group there may be a part. */
  bool is_group_too_big = pool->stride > (PTRDIFF_MAX - 1) / 8;
  size_t group = is_group_too_big ? SIZE_MAX : 8 * pool->stride + 1;
  size_t rest = size % group;
  return size / group * 8 + (rest > 0 ? (rest - 1) / pool->stride : 0);
}

mr_slab mr_slab_of(const mr_pool *pool, mr_region memory) {
  mr_slab slab = {.free = SIZE_MAX};
  size_t skipped = mr_octets_up_to(memory.pointer, pool->alignment);
  if (skipped < memory.size) {
    slab.start = (unsigned char *)memory.pointer + skipped;
    slab.capacity = capacity_of(pool, memory.size - skipped);
  }
  mr_slab_reset(pool, &slab);
  return slab;
}

size_t mr_slab_size(const mr_pool *pool, const mr_slab *slab) {
  return slab->capacity * pool->stride + octets_of_bits(pool, slab->capacity);
}

void mr_slab_reset(const mr_pool *pool, mr_slab *slab) {
  slab->free = SIZE_MAX;
  slab->reached = 0;
  if (slab->capacity == 0) return;
  unsigned char *bits = block_at(pool, slab, slab->capacity);
  memset(bits, 0, octets_of_bits(pool, slab->capacity));
  if (pool->is_watched) mr_watch_hide(slab->start, mr_octets_between(slab->start, bits));
}

/* The list of free blocks, which is sound as far as each `free` and each link is less than `reached`, or SIZE_MAX. */

static size_t next_of(const mr_pool *pool, const mr_slab *slab, size_t index) {
  const unsigned char *block = block_at(pool, slab, index);
  size_t link;
  if (pool->is_watched) mr_watch_show_contents(block, sizeof link);
  memcpy(&link, block, sizeof link);
  if (pool->is_watched) mr_watch_hide(block, sizeof link);
  return mr_pool_decode(pool, block, link);
}

static void set_next(const mr_pool *pool, const mr_slab *slab, size_t index, size_t next) {
  unsigned char *block = block_at(pool, slab, index);
  size_t link = mr_pool_encode(pool, block, next);
  if (pool->is_watched) mr_watch_show(block, sizeof link);
  memcpy(block, &link, sizeof link);
  if (pool->is_watched) mr_watch_hide(block, pool->stride);
}

/* Whether a block is not handed out, as far as that can be told. */
static bool is_free(const mr_pool *pool, const mr_slab *slab, size_t index) {
  return index < slab->reached && !(pool->is_checked && bit_of(pool, slab, index));
}

unsigned char *mr_slab_take(const mr_pool *pool, mr_slab *slab) {
  size_t index = slab->free;
  if (is_free(pool, slab, index)) {
    slab->free = next_of(pool, slab, index);
  } else if (slab->reached < slab->capacity) {
    /* A damaged link stays one, whatever is handed out from here on. */
    if (index != SIZE_MAX) slab->free = DAMAGED;
    index = slab->reached++;
  } else {
    return NULL;
  }
  flip_bit(pool, slab, index);
  return block_at(pool, slab, index);
}

bool mr_slab_has(const mr_pool *pool, const mr_slab *slab, const void *block) {
  size_t index = mr_pool_index(pool, slab, block);
  return index < slab->reached &&
         (pool->is_checked ? bit_of(pool, slab, index) : index != slab->free);
}

void mr_slab_give_back(const mr_pool *pool, mr_slab *slab, const void *block) {
  size_t index = mr_pool_index(pool, slab, block);
  set_next(pool, slab, index, slab->free);
  slab->free = index;
  flip_bit(pool, slab, index);
}

bool mr_slab_owns(const mr_pool *pool, const mr_slab *slab, mr_view octets) {
  size_t offset = mr_octets_between(slab->start, octets.pointer);
  size_t index = offset / pool->stride;
  return index < slab->reached && octets.size <= pool->stride - offset % pool->stride &&
         mr_slab_has(pool, slab, block_at(pool, slab, index));
}

bool mr_slab_count(const mr_pool *pool, const mr_slab *slab, size_t *count) {
  size_t used = slab->reached;
  for (size_t i = slab->free; i != SIZE_MAX; i = next_of(pool, slab, i)) {
    /* More than there are would go round in a circle. */
    if (used == 0 || i >= slab->reached) return false;
    used--;
  }
  *count = used;
  return true;
}

bool mr_slab_is_sound(const mr_pool *pool, const mr_slab *slab) {
  size_t used = 0, set = 0;
  if (slab->reached > slab->capacity || !mr_slab_count(pool, slab, &used)) return false;
  if (!pool->is_checked) return true;
  for (size_t i = 0; i < slab->capacity; i++) set += bit_of(pool, slab, i);
  for (size_t i = slab->free; i != SIZE_MAX; i = next_of(pool, slab, i)) {
    if (bit_of(pool, slab, i)) return false;
  }
  return set == used;
}

/* Walking. */

/* Merges two lists that are in order. */
static size_t merged(const mr_pool *pool, const mr_slab *slab, size_t a, size_t b) {
  size_t first = a < b ? a : b, last = SIZE_MAX;
  while (a != b) {
    size_t *from = a < b ? &a : &b;
    size_t least = *from;
    *from = next_of(pool, slab, least);
    if (last != SIZE_MAX) set_next(pool, slab, last, least);
    last = least;
  }
  return first;
}

/* Puts the first `count` of a list in order, at least one, and tells what comes after them. */
static size_t sorted(const mr_pool *pool, const mr_slab *slab, size_t list, size_t count,
                     size_t *rest) {
  if (count == 1) {
    *rest = next_of(pool, slab, list);
    set_next(pool, slab, list, SIZE_MAX);
    return list;
  }
  size_t second = SIZE_MAX;
  size_t first = sorted(pool, slab, list, count / 2, &second);
  second = sorted(pool, slab, second, count - count / 2, rest);
  return merged(pool, slab, first, second);
}

mr_status mr_slab_walk(const mr_pool *pool, mr_slab *slab, mr_walk_function *function,
                       void *context) {
  size_t used = 0, rest = SIZE_MAX;
  if (slab->capacity == 0) return MR_OK;
  if (!mr_slab_count(pool, slab, &used)) return MR_CORRUPT;
  if (used < slab->reached)
    slab->free = sorted(pool, slab, slab->free, slab->reached - used, &rest);

  /* By turns what is used up to a free block, and what is free from there. */
  size_t at = 0, next = slab->free;
  mr_status status = MR_OK;
  while (at < slab->capacity && status == MR_OK) {
    size_t from = at, free_from = next < slab->reached ? next : slab->reached;
    for (at = free_from; at == next; at++) next = next_of(pool, slab, at);
    if (at == slab->reached) at = slab->capacity;
    status = mr_octets_walk(block_at(pool, slab, from), block_at(pool, slab, free_from),
                            block_at(pool, slab, at), function, context);
  }
  return status;
}

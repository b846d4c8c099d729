#include "cached_magazine.h"

#include <string.h>

enum { LEAST_BLOCKS = 4, MOST_BLOCKS = 1024, FIRST_BATCH = 8, CACHE_LINE = 64 };

/* What lies under the blocks of a magazine. Its state is never written. */
static mr_span_state no_state = MR_SPAN_HOME;
static const mr_cached_block no_block = {NULL, &no_state};

/* Of all that have no room. Never written either, as it is full. */
static mr_cached_block no_room[] = {{NULL, &no_state}};

mr_thread_cache *mr_thread_cache_create(mr_cached_center *center) {
  mr_region memory;
  mr_allocator *records = center->direct.records;
  if (mr_allocate_zeroed_aligned(records, sizeof(mr_thread_cache), CACHE_LINE, &memory) != MR_OK)
    return NULL;
  mr_thread_cache *cache = memory.pointer;
  cache->center = center;
  cache->next = center->caches;
  if (center->caches) center->caches->previous = cache;
  center->caches = cache;
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
    mr_magazine *magazine = &cache->magazines[i];
    magazine->block_size = (uint32_t)mr_span_class_size(i);
    magazine->bottom = magazine->end = no_room + 1;
    mr_magazine_set_top(magazine, magazine->bottom);
  }
  return cache;
}

static size_t capacity_of(const mr_magazine *magazine) {
  return (size_t)(magazine->end - magazine->bottom);
}

static void give_room_back(mr_cached_center *center, mr_magazine *magazine) {
  size_t capacity = capacity_of(magazine);
  if (capacity == 0) return;
  mr_region memory = mr_region_of(magazine->bottom - 1, (capacity + 1) * sizeof(mr_cached_block));
  mr_ignore(mr_deallocate(center->direct.records, &memory));
}

void mr_thread_cache_destroy(mr_thread_cache *cache) {
  mr_cached_center *center = cache->center;
  mr_thread_cache_flush(cache);
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) give_room_back(center, &cache->magazines[i]);
  *(cache->previous ? &cache->previous->next : &center->caches) = cache->next;
  if (cache->next) cache->next->previous = cache->previous;
  mr_region memory = mr_region_of(cache, sizeof *cache);
  mr_ignore(mr_deallocate_aligned(center->direct.records, &memory, CACHE_LINE));
}

static void begin_anew(mr_magazine *magazine) {
  size_t half = capacity_of(magazine) / 2;
  mr_magazine_set_top(magazine, magazine->bottom);
  magazine->batch = half < FIRST_BATCH ? (uint32_t)half : FIRST_BATCH;
}

static size_t capacity_for(const mr_cached_center *center, size_t block_size) {
  size_t capacity = center->magazine_size / block_size;
  if (capacity < LEAST_BLOCKS) return LEAST_BLOCKS;
  return capacity < MOST_BLOCKS ? capacity : MOST_BLOCKS;
}

/* Gives a magazine room for blocks, if it has none yet. */
static bool open(const mr_cached_center *center, mr_magazine *magazine) {
  if (capacity_of(magazine) > 0) return true;
  size_t size = (capacity_for(center, magazine->block_size) + 1) * sizeof(mr_cached_block);
  mr_region memory;
  if (mr_allocate(center->direct.records, size, &memory) != MR_OK) return false;
  mr_cached_block *blocks = memory.pointer;
  blocks[0] = no_block;
  magazine->bottom = blocks + 1;
  magazine->end = blocks + size / sizeof *blocks;
  begin_anew(magazine);
  return true;
}

bool mr_thread_cache_fill(mr_thread_cache *cache, unsigned class_index) {
  mr_magazine *magazine = &cache->magazines[class_index];
  if (!open(cache->center, magazine)) return false;
  size_t taken = mr_center_take(cache->center, class_index, magazine->bottom, magazine->batch);
  mr_magazine_set_top(magazine, magazine->bottom + taken);
  uint32_t most = (uint32_t)capacity_of(magazine) / 2;
  magazine->batch = magazine->batch < most / 2 ? magazine->batch * 2 : most;
  return taken > 0;
}

/* The oldest go home. */
static void give(mr_cached_center *center, mr_magazine *magazine, size_t count) {
  if (count == 0) return;
  size_t rest = mr_magazine_count(magazine) - count;
  mr_center_give(center, magazine->bottom, count);
  memmove(magazine->bottom, magazine->bottom + count, rest * sizeof *magazine->bottom);
  mr_magazine_set_top(magazine, magazine->bottom + rest);
}

bool mr_thread_cache_make_room(mr_thread_cache *cache, unsigned class_index) {
  mr_magazine *magazine = &cache->magazines[class_index];
  if (!open(cache->center, magazine)) return false;
  if (mr_magazine_top(magazine) == magazine->end)
    give(cache->center, magazine, capacity_of(magazine) / 2);
  return true;
}

void mr_thread_cache_flush(mr_thread_cache *cache) {
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
    mr_magazine *magazine = &cache->magazines[i];
    give(cache->center, magazine, mr_magazine_count(magazine));
  }
}

void mr_thread_cache_forget(mr_thread_cache *cache) {
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) begin_anew(&cache->magazines[i]);
}

size_t mr_thread_caches_octets(const mr_cached_center *center, size_t *count) {
  size_t octets = 0;
  for (const mr_thread_cache *cache = center->caches; cache; cache = cache->next) {
    for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
      size_t in_magazine = mr_magazine_count(&cache->magazines[i]);
      octets += in_magazine * mr_span_class_size(i);
      *count += in_magazine;
    }
  }
  return octets;
}

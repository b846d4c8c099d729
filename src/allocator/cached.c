#include "memregions/cached.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "ask.h"
#include "cached_magazine.h"
#include "dead.h"
#include "out_of_line.h"
#include "watch.h"

enum { MAGAZINE_SIZE = 1 << 16 };

/* The cache that this thread has used last, and whose it is: an allocator's id, which none ever has again. */
typedef struct latest_cache {
  size_t id;
  mr_thread_cache *cache;
  /* Once a cache has gone because the thread ends, it makes no others: nothing would end them. */
  bool is_ending;
} latest_cache;

/* glibc keeps room for such variables of libraries that come later; others refuse to load them. */
#if defined(__GNUC__) && defined(__GLIBC__)
__attribute__((tls_model("initial-exec")))
#endif
static _Thread_local latest_cache mine;

static mr_cached *cached_of(mr_allocator *self) {
  mr_cached *cached = (mr_cached *)self;
  assert(mr_cached_is_sound(cached));
  return cached;
}

/* Threads' caches. */

/* Runs when a thread ends. */
static void end_cache(void *cache) {
  mr_cached_center *center = ((mr_thread_cache *)cache)->center;
  mr_center_lock(center);
  mr_thread_cache_destroy(cache);
  mr_center_unlock(center);
  mine = (latest_cache){.is_ending = true};
}

static mr_thread_cache *make_cache(mr_cached_center *center) {
  mr_center_lock(center);
  mr_thread_cache *cache = mr_thread_cache_create(center);
  mr_center_unlock(center);
  if (!cache) return NULL;
  /* First, for setting the key may take memory, and that be a block of this very allocator. */
  mine.id = center->id;
  mine.cache = cache;
  if (pthread_setspecific(center->key, cache) == 0) return cache;
  mine.id = 0;
  mr_center_lock(center);
  mr_thread_cache_destroy(cache);
  mr_center_unlock(center);
  return NULL;
}

/* This thread's cache, if there is one. */
static mr_thread_cache *find_cache(const mr_cached *cached) {
  if (mine.id == cached->id) return mine.cache;
  mr_thread_cache *cache = pthread_getspecific(cached->center->key);
  if (!cache) return NULL;
  mine.id = cached->id;
  mine.cache = cache;
  return cache;
}

/* This thread's cache; null where it can't have one. */
static mr_thread_cache *cache_of_thread(const mr_cached *cached) {
  mr_thread_cache *cache = find_cache(cached);
  return cache || mine.is_ending ? cache : make_cache(cached->center);
}

/* Taking. */

static inline mr_region hand_out(mr_cached_block block, size_t block_size, size_t size) {
  mr_span_set_state(block.state, (unsigned)(block_size - size));
  return (mr_region){block.pointer, size};
}

/* Takes the topmost block of a magazine; false where there is none, or it is not cached. */
static inline bool pop(mr_magazine *magazine, size_t size, mr_region *out) {
  mr_cached_block *top = mr_magazine_top(magazine) - 1;
  mr_cached_block block = *top;
  if (mr_span_state_now(block.state) != MR_SPAN_CACHED) return false;
  mr_magazine_set_top(magazine, top);
  *out = hand_out(block, magazine->block_size, size);
  return true;
}

static bool fill(mr_thread_cache *cache, unsigned class_index) {
  mr_center_lock(cache->center);
  bool is_filled = mr_thread_cache_fill(cache, class_index);
  mr_center_unlock(cache->center);
  return is_filled;
}

static mr_region take_from_cache(mr_thread_cache *cache, unsigned class_index, size_t size) {
  mr_magazine *magazine = &cache->magazines[class_index];
  mr_region block = {NULL, 0};
  do {
    while (mr_magazine_count(magazine) > 0) {
      if (pop(magazine, size, &block)) return block;
      /* Two threads had released it at the same moment, and it has been handed out already. */
      mr_magazine_set_top(magazine, mr_magazine_top(magazine) - 1);
    }
  } while (fill(cache, class_index));
  return block;
}

static mr_region take_small(const mr_cached *cached, unsigned class_index, size_t size) {
  mr_thread_cache *cache = cache_of_thread(cached);
  mr_region taken = {NULL, 0};
  if (cache) taken = take_from_cache(cache, class_index, size);
  if (taken.pointer) return taken;
  mr_cached_block block;
  mr_center_lock(cached->center);
  if (mr_center_take(cached->center, class_index, &block, 1) == 1)
    taken = hand_out(block, mr_span_class_size(class_index), size);
  mr_center_unlock(cached->center);
  return taken;
}

/* MR_SPAN_CLASSES where the parent has to give the block itself. */
static unsigned class_for(const mr_cached *cached, size_t size, size_t alignment) {
  return cached->center->is_watched ? MR_SPAN_CLASSES : mr_span_class_aligned(size, alignment);
}

static MR_OUT_OF_LINE mr_region allocate_slowly(mr_allocator *self, size_t size, size_t alignment,
                                                unsigned flags) {
  const mr_cached *cached = cached_of(self);
  unsigned class_index = class_for(cached, size, alignment);
  mr_region block = {NULL, 0};
  if (class_index < MR_SPAN_CLASSES) block = take_small(cached, class_index, size);
  if (block.pointer) {
    if (flags & MR_ZEROED) memset(block.pointer, 0, size);
    return block;
  }
  mr_center_lock(cached->center);
  block = mr_center_allocate(cached->center, size, alignment, flags);
  mr_center_unlock(cached->center);
  return block;
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  const mr_cached *cached = (const mr_cached *)self;
  if (mine.id == cached->id && size <= MR_SPAN_LARGEST &&
      (alignment / (2 * MR_DEFAULT_ALIGNMENT) | flags) == 0) {
    mr_region block;
    if (pop(&mine.cache->magazines[mr_span_class_of(size)], size, &block)) return block;
  }
  return allocate_slowly(self, size, alignment, flags);
}

/* Giving back. */

/* `top` is the magazine's, and not its end. */
static inline void push(mr_magazine *magazine, mr_cached_block *top, mr_cached_block block) {
  top->pointer = block.pointer;
  mr_span_set_state(block.state, MR_SPAN_CACHED);
  top->state = block.state;
  mr_magazine_set_top(magazine, top + 1);
}

static void release_small(mr_cached_center *center, mr_thread_cache *cache, unsigned class_index,
                          mr_cached_block block) {
  if (cache && mr_thread_cache_make_room(cache, class_index)) {
    mr_magazine *magazine = &cache->magazines[class_index];
    push(magazine, mr_magazine_top(magazine), block);
  } else {
    mr_span_set_state(block.state, MR_SPAN_CACHED);
    mr_center_give(center, &block, 1);
  }
}

static mr_status release_locked(mr_cached_center *center, mr_thread_cache *cache, mr_region block,
                                size_t alignment) {
  mr_span *span = mr_center_find(center, block.pointer);
  if (!span) return mr_direct_release(&center->direct, block, alignment);
  mr_span_state *state = mr_span_used_state(span, block, alignment);
  if (!state) return MR_CORRUPT;
  release_small(center, cache, span->class_index, (mr_cached_block){block.pointer, state});
  return MR_OK;
}

static MR_OUT_OF_LINE mr_status release_slowly(mr_allocator *self, mr_region block,
                                               size_t alignment) {
  const mr_cached *cached = cached_of(self);
  mr_cached_center *center = cached->center;
  mr_thread_cache *cache = center->is_watched ? NULL : cache_of_thread(cached);
  mr_center_lock(center);
  mr_status status = release_locked(center, cache, block, alignment);
  mr_center_unlock(center);
  return status;
}

/* Releases a block that lies in a span, as its address says. */
static inline mr_status release_to(mr_allocator *self, mr_span *span, mr_region block,
                                   size_t alignment) {
  mr_span_state *state = mr_span_used_state(span, block, alignment);
  if (!state) return MR_CORRUPT;
  mr_magazine *magazine = &mine.cache->magazines[span->class_index];
  mr_cached_block *top = mr_magazine_top(magazine);
  if (top == magazine->end) return release_slowly(self, block, alignment);
  push(magazine, top, (mr_cached_block){block.pointer, state});
  return MR_OK;
}

static MR_OUT_OF_LINE mr_status release_anywhere(mr_allocator *self, mr_region block,
                                                 size_t alignment) {
  mr_span *span = mr_center_find(((const mr_cached *)self)->center, block.pointer);
  if (!span) return release_slowly(self, block, alignment);
  *mr_thread_cache_recent(mine.cache, block.pointer) = span;
  return release_to(self, span, block, alignment);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  if (mine.id != ((const mr_cached *)self)->id) return release_slowly(self, block, alignment);
  mr_span *span = *mr_thread_cache_recent(mine.cache, block.pointer);
  if (span && mr_span_has_address(span, block.pointer))
    return release_to(self, span, block, alignment);
  return release_anywhere(self, block, alignment);
}

/* Changing sizes. */

/* Null where the address is in none. */
static mr_span *span_of(mr_cached_center *center, const void *address) {
  mr_span *span = mr_center_find(center, address);
  if (span) return span;
  mr_center_lock(center);
  span = mr_center_find(center, address);
  mr_center_unlock(center);
  return span;
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_cached_center *center = cached_of(self)->center;
  mr_span *span = span_of(center, block.pointer);
  if (!span) {
    mr_center_lock(center);
    bool is_done = mr_direct_resize(&center->direct, block, size, alignment);
    mr_center_unlock(center);
    return is_done;
  }
  mr_span_state *state = mr_span_used_state(span, block, alignment);
  if (!state || size > span->block_size) return false;
  if (size < span->block_size / 2 && mr_span_class_aligned(size, alignment) < span->class_index)
    return false;
  hand_out((mr_cached_block){block.pointer, state}, span->block_size, size);
  return true;
}

/* Moves a block that shrinks much to a smaller class; where there is no memory for that, it shrinks where it is. */
static mr_region shrink(mr_allocator *self, mr_span *span, mr_region block, size_t size,
                        size_t alignment) {
  mr_span_state *state = mr_span_used_state(span, block, alignment);
  if (!state || size > block.size) return mr_region_of(NULL, 0);
  mr_region moved = allocate(self, size, alignment, 0);
  if (!moved.pointer)
    return hand_out((mr_cached_block){block.pointer, state}, span->block_size, size);
  memcpy(moved.pointer, block.pointer, size);
  mr_ignore(release(self, block, alignment));
  return moved;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_cached_center *center = cached_of(self)->center;
  mr_span *span = span_of(center, block.pointer);
  if (span) return shrink(self, span, block, size, alignment);
  mr_center_lock(center);
  mr_region moved = mr_direct_remap(&center->direct, block, size, alignment);
  mr_center_unlock(center);
  return moved;
}

/* Asking. */

static size_t minimum_block_size(mr_allocator *self) {
  return cached_of(self)->center->is_watched ? 1 : mr_span_class_size(0);
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  mr_cached_center *center = cached_of(self)->center;
  mr_center_lock(center);
  size_t maximum = mr_ask_maximum(center->direct.parent, alignment);
  mr_center_unlock(center);
  return maximum;
}

static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  const mr_cached *cached = cached_of(self);
  unsigned class_index = class_for(cached, size, alignment);
  if (class_index < MR_SPAN_CLASSES) return mr_span_class_size(class_index);
  mr_center_lock(cached->center);
  size_t good = mr_good_size(cached->center->direct.parent, size, alignment);
  mr_center_unlock(cached->center);
  return good;
}

static mr_ownership owns(mr_allocator *self, mr_view block) {
  mr_cached_center *center = cached_of(self)->center;
  const mr_span *span = span_of(center, block.pointer);
  if (span) return mr_span_owns(span, block) ? MR_OWNS_YES : MR_OWNS_NO;
  mr_center_lock(center);
  mr_ownership answer = mr_direct_owns(&center->direct, block);
  mr_center_unlock(center);
  return answer;
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  mr_cached_center *center = cached_of(self)->center;
  mr_center_lock(center);
  size_t blocks = 0, magazines = mr_thread_caches_octets(center, &blocks);
  /* While others are at work, a block may be seen in two magazines. */
  size_t small = center->away > magazines ? center->away - magazines : 0;
  out->total = (center->span_count + center->spare_count) * MR_SPAN_SIZE + center->direct.octets;
  out->used = small + center->direct.octets;
  mr_center_unlock(center);
  return MR_OK;
}

/* All blocks at once. */

static mr_status clear(mr_allocator *self) {
  mr_cached_center *center = cached_of(self)->center;
  mr_center_lock(center);
  for (mr_thread_cache *cache = center->caches; cache; cache = cache->next)
    mr_thread_cache_forget(cache);
  mr_center_clear(center);
  mr_center_unlock(center);
  return MR_OK;
}

static mr_status trim(mr_allocator *self) {
  const mr_cached *cached = cached_of(self);
  mr_thread_cache *cache = find_cache(cached);
  mr_center_lock(cached->center);
  if (cache) mr_thread_cache_flush(cache);
  mr_center_trim(cached->center);
  mr_center_unlock(cached->center);
  return MR_OK;
}

static mr_status walk(mr_allocator *self, mr_walk_function *function, void *context) {
  mr_cached_center *center = cached_of(self)->center;
  mr_center_lock(center);
  mr_status status = mr_center_walk(center, function, context);
  mr_center_unlock(center);
  return status;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  mr_cached *cached = (mr_cached *)self;
  const void *damaged = cached;
  if (mr_cached_is_sound(cached)) {
    size_t cached_blocks = 0, in_magazines = 0;
    mr_center_lock(cached->center);
    damaged = mr_center_damage(cached->center, &cached_blocks);
    (void)mr_thread_caches_octets(cached->center, &in_magazines);
    if (!damaged && in_magazines != cached_blocks) damaged = cached;
    mr_center_unlock(cached->center);
  }
  if (!damaged) return MR_OK;
  mr_condition_set(condition, MR_CORRUPT, "the records of a cached allocator are damaged");
  if (condition) condition->subject = damaged;
  return MR_CORRUPT;
}

static mr_status destroy(mr_allocator *self) {
  mr_cached_fini(cached_of(self));
  return MR_OK;
}

static const mr_allocator_ops cached_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "cached",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .minimum_block_size = minimum_block_size,
    .maximum_block_size = maximum_block_size,
    .owns = owns,
    .good_size = good_size,
    .usage = usage,
    .clear = clear,
    .trim = trim,
    .walk = walk,
    .check = check,
    .destroy = destroy,
};

/* Coming and going. */

mr_status mr_cached_init(mr_cached *cached, const mr_cached_options *options) {
  static const mr_cached_options zeros;
  static atomic_size_t last_id;
  if (!options) options = &zeros;
  mr_allocator *parent = mr_resolve_allocator(options->parent);
  mr_allocator *records = options->records ? mr_resolve_allocator(options->records) : parent;
  mr_cached_center *center = mr_center_create(parent, records);
  if (!center) return MR_OUT_OF_MEMORY;
  int error = pthread_key_create(&center->key, end_cache);
  if (error != 0) {
    mr_center_destroy(center);
    return error == ENOMEM ? MR_OUT_OF_MEMORY : MR_SYSTEM_ERROR;
  }
  center->id = atomic_fetch_add(&last_id, 1) + 1;
  center->magazine_size = options->magazine_size ? options->magazine_size : MAGAZINE_SIZE;
  center->is_watched = mr_watch_is_on();
  *cached = (mr_cached){.base = {&cached_ops}, .id = center->id, .center = center};
  return MR_OK;
}

void mr_cached_fini(mr_cached *cached) {
  if (cached->base.ops == &mr_dead_ops) return;
  assert(mr_cached_is_sound(cached));
  mr_cached_center *center = cached->center;
  (void)pthread_key_delete(center->key);
  while (center->caches) mr_thread_cache_destroy(center->caches);
  mr_center_destroy(center);
  *cached = (mr_cached){.base = {&mr_dead_ops}};
}

bool mr_cached_is_sound(const mr_cached *cached) {
  return cached->base.ops != &mr_dead_ops && cached->center && cached->id > 0 &&
         cached->id == cached->center->id;
}

/* Forking. */

void mr_cached_acquire_for_fork(mr_cached *cached) {
  assert(mr_cached_is_sound(cached));
  mr_center_lock(cached->center);
}

/* Magazines are not asked what they hold: another thread may have been cut off between a block's state and its place
 * there. */
static void end_other_caches(mr_cached_center *center, const mr_thread_cache *own) {
  for (mr_thread_cache *cache = center->caches, *next; cache; cache = next) {
    next = cache->next;
    mr_thread_cache_forget(cache);
    if (cache != own) mr_thread_cache_destroy(cache);
  }
  mr_center_gather(center);
}

void mr_cached_release_after_fork(mr_cached *cached, bool is_child) {
  if (is_child) end_other_caches(cached->center, find_cache(cached));
  mr_center_unlock(cached->center);
}

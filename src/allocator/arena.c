#include "memregions/arena.h"

#include <assert.h>

#include "chunk.h"
#include "dead.h"
#include "os.h"
#include "out_of_line.h"
#include "reserve.h"
#include "watch.h"
#include "window.h"

extern inline mr_status mr_arena_allocate(mr_arena *arena, size_t size, mr_region *out);

static mr_arena *arena_of(mr_allocator *self) {
  mr_arena *arena = (mr_arena *)self;
  assert(mr_arena_is_sound(arena));
  return arena;
}

/* Brings the current chunk up to date, for whoever goes through them all. */
static mr_arena *settled(mr_allocator *self) {
  mr_arena *arena = arena_of(self);
  mr_chunk_save_window(arena);
  return arena;
}

/* Allocating. */

/* What a block may need to reach its alignment from the multiple of 16 at which a chunk's memory starts. */
static size_t most_padding(size_t alignment) {
  return alignment > MR_DEFAULT_ALIGNMENT ? alignment - MR_DEFAULT_ALIGNMENT : 0;
}

/* The largest block that a chunk of its own could hold. */
static size_t maximum_alone(const mr_arena *arena, size_t alignment) {
  size_t maximum = mr_chunk_maximum(arena);
  size_t padding = most_padding(alignment);
  if (maximum <= MR_CHUNK_HEADER || maximum - MR_CHUNK_HEADER <= padding) return 0;
  return maximum - MR_CHUNK_HEADER - padding;
}

/* Whether so much is too large a part of a chunk of `chunk_size` octets to share it. */
static bool is_large(size_t needed, size_t chunk_size) {
  return chunk_size <= MR_CHUNK_HEADER || needed > (chunk_size - MR_CHUNK_HEADER) / 4;
}

/* The first of a stack of kept chunks, if it holds so much. */
static mr_arena_chunk *reuse(mr_arena_chunk **kept, size_t needed) {
  return *kept && mr_chunk_capacity(*kept) >= needed ? mr_chunk_pop(kept) : NULL;
}

/* A chunk of `chunk_size`. It takes the place of the first of a stack, which was too small, lest rounds of ever larger
 * blocks keep them all. */
static mr_arena_chunk *replace(mr_arena *arena, mr_arena_chunk **kept, size_t chunk_size) {
  mr_arena_chunk *chunk = mr_chunk_take(arena, chunk_size);
  if (chunk) mr_chunk_give_back(arena, kept);
  return chunk;
}

static mr_region place_alone(mr_arena *arena, size_t size, size_t alignment, unsigned flags) {
  size_t rounded = mr_window_good_size(size, maximum_alone(arena, alignment));
  size_t needed = rounded + most_padding(alignment);
  mr_arena_chunk *chunk = reuse(&arena->kept_alone, needed);
  if (!chunk) chunk = replace(arena, &arena->kept_alone, MR_CHUNK_HEADER + needed);
  if (!chunk) return mr_region_of(NULL, 0);
  return mr_chunk_open_alone(arena, chunk, size, alignment, flags);
}

/* The chunk to go on in; null where the block is to have its own. */
static mr_arena_chunk *next_chunk(mr_arena *arena, size_t needed) {
  mr_arena_chunk *chunk = reuse(&arena->kept, needed);
  size_t chunk_size = arena->newest->next_size;
  for (; !chunk && !is_large(needed, chunk_size); chunk_size /= 2) {
    chunk = replace(arena, &arena->kept, chunk_size);
  }
  return chunk;
}

static mr_region place_elsewhere(mr_arena *arena, size_t size, size_t alignment, unsigned flags) {
  /* So that sums of size, padding and header are sizes that the parent can be asked for. */
  if (size > maximum_alone(arena, alignment)) return mr_region_of(NULL, 0);
  size_t needed = size + most_padding(alignment);
  size_t next_size = arena->newest->next_size;
  if (is_large(needed, next_size)) {
    mr_region block = place_alone(arena, size, alignment, flags);
    /* The next chunk grows by these too, until it can hold several. */
    if (block.pointer) arena->newest->next_size = mr_chunk_doubled(arena, next_size);
    return block;
  }
  mr_arena_chunk *chunk = next_chunk(arena, needed);
  if (!chunk) return place_alone(arena, size, alignment, flags);
  mr_chunk_open(arena, chunk);
  return mr_window_place(&arena->window, size, alignment, flags);
}

/* Whether the newest chunk is in use for nothing, not even a mark. */
static bool newest_is_idle(const mr_arena *arena) {
  const mr_arena_chunk *chunk = arena->newest;
  return chunk != &arena->bottom && chunk == arena->current && !chunk->is_marked &&
         arena->window.cursor == arena->window.start;
}

/* Gives the window back to the chunk that the newest block is in. Not done as soon as a chunk is empty, lest a block
 * that comes and goes brings it into use each time. */
static void retire_idle(mr_arena *arena) {
  while (newest_is_idle(arena)) mr_chunk_retire_above(arena, arena->newest->below);
}

static mr_region place(mr_arena *arena, size_t size, size_t alignment, unsigned flags) {
  mr_region block = mr_window_place(&arena->window, size, alignment, flags);
  if (block.pointer) return block;
  if (arena->reserve.pointer) return mr_reserve_place(arena, size, alignment, flags);
  return place_elsewhere(arena, size, alignment, flags);
}

static MR_OUT_OF_LINE mr_region allocate_slowly(mr_arena *arena, size_t size, size_t alignment,
                                                unsigned flags) {
  mr_region block = place(arena, size, alignment, flags);
  if (block.pointer || arena->limit == 0 || !newest_is_idle(arena)) return block;
  /* Once it is kept, it can make room under the limit. */
  retire_idle(arena);
  return place(arena, size, alignment, flags);
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_arena *arena = (mr_arena *)self;
  if (alignment <= MR_DEFAULT_ALIGNMENT && flags == 0) {
    void *block = mr_window_take(&arena->window, size);
    if (block) return mr_region_of(block, size);
  }
  return allocate_slowly(arena_of(self), size, alignment, flags);
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  const mr_arena *arena = arena_of(self);
  if (arena->reserve.pointer) return mr_reserve_maximum(arena, alignment);
  mr_window storage = mr_chunk_window(arena, &arena->bottom);
  size_t first = mr_window_maximum(&storage, alignment);
  size_t alone = maximum_alone(arena, alignment);
  return first > alone ? first : alone;
}

static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  return mr_window_good_size(size, maximum_block_size(self, alignment));
}

static size_t minimum_block_size(mr_allocator *self) {
  return mr_window_good_size(1, maximum_block_size(self, MR_DEFAULT_ALIGNMENT));
}

/* Changing and giving back single blocks. */

/* The chunk in use in which a block lies; null where there is none. */
static mr_arena_chunk *find(mr_allocator *self, mr_view block) {
  mr_arena_chunk *chunk = settled(self)->newest;
  while (chunk && !mr_octets_hold(chunk->start, chunk->cursor, block)) chunk = chunk->below;
  return chunk;
}

/* Whether it is the one block of the newest chunk. */
static bool is_newest_alone(const mr_arena *arena, mr_region block) {
  const mr_arena_chunk *chunk = arena->newest;
  return chunk->is_alone && mr_octets_hold(chunk->start, chunk->cursor, mr_region_view(block));
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)alignment;
  mr_arena *arena = arena_of(self);
  if (mr_window_resize(&arena->window, block, size)) return true;
  if (arena->reserve.pointer && mr_window_ends_with(&arena->window, block))
    return mr_reserve_grow(arena, block, size);
  if (is_newest_alone(arena, block) && !arena->newest->is_marked) {
    mr_window window = mr_chunk_window(arena, arena->newest);
    bool is_done = mr_window_resize(&window, block, size);
    arena->newest->cursor = window.cursor;
    return is_done;
  }
  if (size > block.size) return false;
  if (arena->window.is_watched && find(self, mr_region_view(block))) mr_watch_resize(block, size);
  return true;
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  (void)alignment;
  mr_arena *arena = arena_of(self);
  retire_idle(arena);
  if (is_newest_alone(arena, block) && !arena->newest->is_marked) {
    mr_chunk_retire_newest(arena);
    return MR_OK;
  }
  const mr_arena_chunk *chunk = arena->window.is_watched ? find(self, mr_region_view(block)) : NULL;
  if (chunk && chunk != arena->current) mr_watch_hide(block.pointer, block.size);
  mr_window_release(&arena->window, block);
  return MR_OK;
}

/* Asking. */

static mr_ownership owns(mr_allocator *self, mr_view block) {
  return find(self, block) ? MR_OWNS_YES : MR_OWNS_NO;
}

static mr_status add_to_usage(void *context, mr_view span, bool is_used) {
  mr_usage *sum = context;
  sum->total += span.size;
  if (is_used) sum->used += span.size;
  return MR_OK;
}

static mr_status walk_stack(const mr_arena_chunk *chunk, mr_walk_function *function,
                            void *context) {
  mr_status status = MR_OK;
  for (; chunk && status == MR_OK; chunk = chunk->below) {
    status = mr_octets_walk(chunk->start, chunk->cursor, chunk->end, function, context);
  }
  return status;
}

static mr_status walk(mr_allocator *self, mr_walk_function *function, void *context) {
  const mr_arena *arena = settled(self);
  mr_status status = walk_stack(arena->newest, function, context);
  if (status == MR_OK) status = walk_stack(arena->kept, function, context);
  if (status == MR_OK) status = walk_stack(arena->kept_alone, function, context);
  return status;
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  *out = (mr_usage){0};
  return walk(self, add_to_usage, out);
}

/* All at once. */

static mr_status clear(mr_allocator *self) {
  mr_arena *arena = arena_of(self);
  mr_chunk_retire_above(arena, &arena->bottom);
  arena->bottom.is_marked = false;
  mr_window_rewind(&arena->window, arena->window.start);
  return MR_OK;
}

static mr_status mark(mr_allocator *self, mr_mark *out) {
  mr_arena *arena = arena_of(self);
  arena->newest->is_marked = true;
  arena->window.floor = arena->window.cursor;
  *out = (mr_mark){.chunk = arena->newest, .cursor = arena->window.cursor};
  return MR_OK;
}

/* The chunk in use that was the newest at a mark; null where there is none. */
static const mr_arena_chunk *marked(const mr_arena *arena, mr_mark mark) {
  const mr_arena_chunk *chunk = arena->newest;
  while (chunk && chunk != mark.chunk) chunk = chunk->below;
  if (!chunk || !chunk->is_marked) return NULL;
  const mr_arena_chunk *current = chunk;
  while (current->is_alone) current = current->below;
  mr_window window = mr_chunk_window(arena, current);
  return mr_window_has_mark(&window, mark.cursor) ? chunk : NULL;
}

static mr_status rewind_to(mr_allocator *self, mr_mark mark) {
  mr_arena *arena = settled(self);
  const mr_arena_chunk *newest = marked(arena, mark);
  if (!newest) return MR_INVALID_ARGUMENT;
  mr_chunk_retire_above(arena, newest);
  mr_window_rewind(&arena->window, mark.cursor);
  return MR_OK;
}

/* Gives back what is not in use, but for so many octets. */
static void keep_at_most(mr_arena *arena, size_t octets) {
  if (arena->reserve.pointer) {
    mr_reserve_keep_at_most(arena, octets);
  } else {
    mr_chunk_keep_at_most(arena, octets);
  }
}

void mr_arena_clear(mr_arena *arena, size_t retain) {
  if (mr_allocator_clear(&arena->base) == MR_OK) keep_at_most(arena, retain);
}

static mr_status trim(mr_allocator *self) {
  mr_arena *arena = arena_of(self);
  retire_idle(arena);
  keep_at_most(arena, 0);
  return MR_OK;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  mr_arena *arena = (mr_arena *)self;
  if (mr_arena_is_sound(arena) && mr_chunk_all_sound(settled(self))) return MR_OK;
  mr_condition_set(condition, MR_CORRUPT,
                   "the arena or the header of one of its chunks is damaged");
  if (condition) condition->subject = arena;
  return MR_CORRUPT;
}

static mr_status destroy(mr_allocator *self) {
  mr_arena_fini(arena_of(self));
  return MR_OK;
}

static const mr_allocator_ops arena_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "arena",
    .allocate = allocate,
    .resize = resize,
    .release = release,
    .minimum_block_size = minimum_block_size,
    .maximum_block_size = maximum_block_size,
    .owns = owns,
    .good_size = good_size,
    .usage = usage,
    .clear = clear,
    .mark = mark,
    .rewind = rewind_to,
    .trim = trim,
    .walk = walk,
    .check = check,
    .destroy = destroy,
};

/* Making and ending. */

/* Makes the memory that is there from the start the bottom of the stack. */
static void set_bottom(mr_arena *arena, mr_region memory, size_t next_size) {
  arena->window = mr_window_open(memory, mr_watch_is_on());
  arena->bottom = (mr_arena_chunk){.start = arena->window.start,
                                   .floor = arena->window.floor,
                                   .cursor = arena->window.cursor,
                                   .end = arena->window.end,
                                   .next_size = next_size};
  mr_chunk_link(&arena->bottom, NULL, NULL);
  arena->newest = &arena->bottom;
  arena->current = &arena->bottom;
}

static mr_status init_over_reserve(mr_arena *arena, const mr_arena_options *options) {
  if (options->storage.size > 0) return MR_INVALID_ARGUMENT;
  mr_region reserve = {NULL, 0};
  mr_status status = mr_reserve_make(options->reserve, options->limit, &reserve);
  if (status != MR_OK) return status;
  *arena = (mr_arena){.base = {&arena_ops},
                      .parent = mr_resolve_allocator(options->parent),
                      .limit = options->limit,
                      .reserve = reserve};
  set_bottom(arena, mr_region_of(reserve.pointer, 0),
             options->chunk_size ? options->chunk_size : MR_ARENA_CHUNK_SIZE);
  return MR_OK;
}

mr_status mr_arena_init(mr_arena *arena, const mr_arena_options *options) {
  mr_arena_options none = {0};
  if (!options) options = &none;
  if (!mr_region_is_sound(options->storage)) return MR_INVALID_ARGUMENT;
  if (options->reserve > 0) return init_over_reserve(arena, options);

  mr_arena made = {.base = {&arena_ops},
                   .parent = mr_resolve_allocator(options->parent),
                   .limit = options->limit};
  size_t maximum = mr_chunk_maximum(&made);
  if (options->chunk_size > maximum) return MR_BLOCK_TOO_BIG;
  size_t standard = MR_ARENA_CHUNK_SIZE < maximum ? MR_ARENA_CHUNK_SIZE : maximum;
  *arena = made;
  set_bottom(arena, options->storage, options->chunk_size ? options->chunk_size : standard);
  return MR_OK;
}

void mr_arena_fini(mr_arena *arena) {
  if (arena->base.ops == &mr_dead_ops) return;
  assert(mr_arena_is_sound(arena));
  mr_chunk_retire_above(arena, &arena->bottom);
  mr_chunk_keep_at_most(arena, 0);
  mr_window_close(&arena->window);
  if (arena->reserve.pointer) mr_os_unmap(arena->reserve.pointer, arena->reserve.size);
  *arena = (mr_arena){.base = {&mr_dead_ops}};
}

bool mr_arena_is_sound(const mr_arena *arena) {
  const mr_arena_chunk *current = arena->current;
  return mr_window_is_sound(&arena->window) && arena->parent && arena->newest && current &&
         current->start == arena->window.start && current->end == arena->window.end &&
         !current->is_alone && mr_reserve_is_sound(arena);
}

mr_region mr_arena_storage(const mr_arena *arena) {
  const mr_window *window = &arena->window;
  return mr_region_of(window->start, mr_octets_between(window->start, window->end));
}

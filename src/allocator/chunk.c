#include "chunk.h"

#include <assert.h>

#include "watch.h"
#include "window.h"

/* What `links` is while both links are whole. A sum, for the two often are the same. */
static uintptr_t seal_of(const mr_arena_chunk *chunk) {
  return ~((uintptr_t)chunk->below + (uintptr_t)chunk->earlier);
}

void mr_chunk_link(mr_arena_chunk *chunk, mr_arena_chunk *below, mr_arena_chunk *earlier) {
  chunk->below = below;
  chunk->earlier = earlier;
  chunk->links = seal_of(chunk);
}

void mr_chunk_save_window(mr_arena *arena) {
  arena->current->floor = arena->window.floor;
  arena->current->cursor = arena->window.cursor;
}

size_t mr_chunk_capacity(const mr_arena_chunk *chunk) {
  return mr_octets_between(chunk->start, chunk->end);
}

mr_window mr_chunk_window(const mr_arena *arena, const mr_arena_chunk *chunk) {
  mr_region memory = mr_region_of(chunk->start, mr_chunk_capacity(chunk));
  return mr_window_resume(memory, chunk->floor, chunk->cursor, arena->window.is_watched);
}

size_t mr_chunk_maximum(const mr_arena *arena) {
  size_t maximum = 0;
  mr_ignore(mr_maximum_block_size(arena->parent, &maximum));
  return arena->limit > 0 && arena->limit < maximum ? arena->limit : maximum;
}

size_t mr_chunk_doubled(const mr_arena *arena, size_t size) {
  size_t maximum = mr_chunk_maximum(arena);
  return size < maximum / 2 ? 2 * size : maximum;
}

static size_t size_of(const mr_arena_chunk *chunk) {
  return MR_CHUNK_HEADER + mr_chunk_capacity(chunk);
}

/* Whether the limit lets a chunk be taken, once those that are kept have made room for it. */
static bool is_allowed(mr_arena *arena, size_t size) {
  if (arena->limit == 0) return true;
  size_t rest = arena->limit - size;
  if (arena->held <= rest) return true;
  size_t in_use = 0;
  for (const mr_arena_chunk *chunk = arena->latest; chunk; chunk = chunk->earlier) {
    if (!chunk->is_kept) in_use += size_of(chunk);
  }
  if (in_use > rest) return false;
  mr_chunk_keep_at_most(arena, rest);
  return true;
}

mr_arena_chunk *mr_chunk_take(mr_arena *arena, size_t size) {
  mr_region memory;
  if (!is_allowed(arena, size)) return NULL;
  if (mr_allocate(arena->parent, size, &memory) != MR_OK) return NULL;
  mr_arena_chunk *chunk = memory.pointer;
  unsigned char *start = (unsigned char *)memory.pointer + MR_CHUNK_HEADER;
  *chunk = (mr_arena_chunk){
      .start = start, .floor = start, .cursor = start, .end = start + (size - MR_CHUNK_HEADER)};
  mr_chunk_link(chunk, NULL, arena->latest);
  arena->latest = chunk;
  arena->held += size;
  if (arena->window.is_watched) mr_watch_hide(start, mr_chunk_capacity(chunk));
  return chunk;
}

mr_arena_chunk *mr_chunk_pop(mr_arena_chunk **stack) {
  mr_arena_chunk *chunk = *stack;
  *stack = chunk->below;
  return chunk;
}

static void push(mr_arena_chunk **stack, mr_arena_chunk *chunk) {
  mr_chunk_link(chunk, *stack, chunk->earlier);
  *stack = chunk;
}

/* Gives a chunk back. `next` was taken after it, if any was. */
static void give_back(mr_arena *arena, mr_arena_chunk *next, mr_arena_chunk *chunk) {
  if (next) {
    mr_chunk_link(next, next->below, chunk->earlier);
  } else {
    arena->latest = chunk->earlier;
  }
  mr_region memory = mr_region_of(chunk, size_of(chunk));
  arena->held -= memory.size;
  if (arena->window.is_watched) mr_watch_show(chunk->start, mr_chunk_capacity(chunk));
  mr_ignore(mr_deallocate(arena->parent, &memory));
}

void mr_chunk_give_back(mr_arena *arena, mr_arena_chunk **stack) {
  if (!*stack) return;
  mr_arena_chunk *chunk = mr_chunk_pop(stack);
  mr_arena_chunk *next = NULL;
  for (mr_arena_chunk *each = arena->latest; each != chunk; each = each->earlier) next = each;
  give_back(arena, next, chunk);
}

/* Takes the chunks that are leaving off a stack, and leaves the others in their order. */
static void drop_leaving(mr_arena_chunk **stack) {
  mr_arena_chunk *above = NULL;
  mr_arena_chunk *each = *stack;
  *stack = NULL;
  for (; each; each = each->below) {
    if (each->is_leaving) continue;
    if (above) {
      mr_chunk_link(above, each, above->earlier);
    } else {
      *stack = each;
    }
    above = each;
  }
  if (above) mr_chunk_link(above, NULL, above->earlier);
}

void mr_chunk_keep_at_most(mr_arena *arena, size_t octets) {
  size_t left = arena->held;
  for (mr_arena_chunk *chunk = arena->latest; chunk && left > octets; chunk = chunk->earlier) {
    chunk->is_leaving = chunk->is_kept;
    if (chunk->is_leaving) left -= size_of(chunk);
  }
  drop_leaving(&arena->kept);
  drop_leaving(&arena->kept_alone);

  mr_arena_chunk *next = NULL;
  for (mr_arena_chunk *chunk = arena->latest; chunk;) {
    mr_arena_chunk *earlier = chunk->earlier;
    if (chunk->is_leaving) {
      give_back(arena, next, chunk);
    } else {
      next = chunk;
    }
    chunk = earlier;
  }
}

void mr_chunk_open(mr_arena *arena, mr_arena_chunk *chunk) {
  mr_chunk_save_window(arena);
  chunk->is_kept = false;
  chunk->next_size = mr_chunk_doubled(arena, size_of(chunk));
  push(&arena->newest, chunk);
  arena->current = chunk;
  arena->window = mr_chunk_window(arena, chunk);
}

mr_region mr_chunk_open_alone(mr_arena *arena, mr_arena_chunk *chunk, size_t size, size_t alignment,
                              unsigned flags) {
  mr_window window = mr_chunk_window(arena, chunk);
  mr_region block = mr_window_place(&window, size, alignment, flags);
  assert(block.pointer);
  chunk->cursor = window.cursor;
  chunk->is_alone = true;
  chunk->is_kept = false;
  chunk->next_size = arena->newest->next_size;
  push(&arena->newest, chunk);
  return block;
}

void mr_chunk_retire_newest(mr_arena *arena) {
  mr_arena_chunk *chunk = mr_chunk_pop(&arena->newest);
  if (arena->window.is_watched) mr_watch_hide(chunk->start, mr_chunk_capacity(chunk));
  chunk->floor = chunk->start;
  chunk->cursor = chunk->start;
  chunk->is_marked = false;
  chunk->is_kept = true;
  push(chunk->is_alone ? &arena->kept_alone : &arena->kept, chunk);
}

void mr_chunk_retire_above(mr_arena *arena, const mr_arena_chunk *newest) {
  mr_chunk_save_window(arena);
  while (arena->newest != newest) mr_chunk_retire_newest(arena);
  arena->current = arena->newest;
  while (arena->current->is_alone) arena->current = arena->current->below;
  arena->window = mr_chunk_window(arena, arena->current);
}

static bool is_sound(const mr_arena *arena, const mr_arena_chunk *chunk) {
  bool has_header =
      chunk == &arena->bottom || chunk->start == (const unsigned char *)chunk + MR_CHUNK_HEADER;
  return has_header && chunk->links == seal_of(chunk) &&
         (uintptr_t)chunk->start <= (uintptr_t)chunk->floor &&
         (uintptr_t)chunk->floor <= (uintptr_t)chunk->cursor &&
         (uintptr_t)chunk->cursor <= (uintptr_t)chunk->end;
}

/* Whether a stack is sound down to `bottom`. */
static bool stack_is_sound(const mr_arena *arena, const mr_arena_chunk *chunk,
                           const mr_arena_chunk *bottom) {
  while (chunk && is_sound(arena, chunk) && chunk != bottom) chunk = chunk->below;
  return chunk == bottom;
}

bool mr_chunk_all_sound(const mr_arena *arena) {
  return is_sound(arena, &arena->bottom) && stack_is_sound(arena, arena->newest, &arena->bottom) &&
         stack_is_sound(arena, arena->kept, NULL) && stack_is_sound(arena, arena->kept_alone, NULL);
}

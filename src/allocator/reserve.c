#include "reserve.h"

#include "os.h"
#include "watch.h"
#include "window.h"

static size_t minimum(size_t a, size_t b) { return a < b ? a : b; }

static size_t maximum(size_t a, size_t b) { return a > b ? a : b; }

mr_status mr_reserve_make(size_t size, size_t limit, mr_region *out) {
  size_t pages = mr_os_whole_pages(size);
  if (pages == 0) return MR_BLOCK_TOO_BIG;
  if (limit > 0) pages = minimum(pages, limit - limit % mr_os_page_size());
  if (pages == 0) return MR_INVALID_ARGUMENT;
  *out = mr_os_reserve(pages);
  return out->pointer ? MR_OK : MR_OUT_OF_MEMORY;
}

static size_t committed(const mr_arena *arena) {
  return mr_octets_between(arena->window.start, arena->window.end);
}

static size_t used(const mr_arena *arena) {
  return mr_octets_between(arena->window.start, arena->window.cursor);
}

/* Makes the window as large as what is committed now. */
static void set_committed(mr_arena *arena, size_t size) {
  arena->window = mr_window_resume(mr_region_of(arena->reserve.pointer, size), arena->window.floor,
                                   arena->window.cursor, arena->window.is_watched);
  arena->bottom.end = arena->window.end;
}

static bool commit(mr_arena *arena, size_t size) {
  unsigned char *start = arena->window.end;
  size_t more = size - committed(arena);
  if (!mr_os_commit(start, more)) return false;
  if (arena->window.is_watched) mr_watch_hide(start, more);
  set_committed(arena, size);
  return true;
}

/* Commits the first `size` octets, at most the reserve: twice what is now, if the system has it, so that growing takes few
 * calls. */
static bool reach(mr_arena *arena, size_t size) {
  size_t now = committed(arena);
  size_t least = mr_os_whole_pages(size);
  size_t step = minimum(maximum(now, arena->bottom.next_size), arena->reserve.size - now);
  return commit(arena, maximum(least, mr_os_whole_pages(now + step))) || commit(arena, least);
}

size_t mr_reserve_maximum(const mr_arena *arena, size_t alignment) {
  const mr_window whole = {.start = arena->reserve.pointer, .end = mr_region_end(arena->reserve)};
  return mr_window_maximum(&whole, alignment);
}

mr_region mr_reserve_place(mr_arena *arena, size_t size, size_t alignment, unsigned flags) {
  size_t before = used(arena);
  size_t room = arena->reserve.size - before;
  size_t padding = mr_octets_up_to(arena->window.cursor, alignment);
  if (padding > room || size > room - padding || !reach(arena, before + padding + size))
    return mr_region_of(NULL, 0);
  return mr_window_place(&arena->window, size, alignment, flags);
}

bool mr_reserve_grow(mr_arena *arena, mr_region block, size_t size) {
  size_t before = mr_octets_between(arena->window.start, block.pointer);
  return size <= arena->reserve.size - before && reach(arena, before + size) &&
         mr_window_resize(&arena->window, block, size);
}

void mr_reserve_keep_at_most(mr_arena *arena, size_t octets) {
  size_t kept = maximum(mr_os_whole_pages(used(arena)), octets - octets % mr_os_page_size());
  size_t now = committed(arena);
  if (kept >= now) return;
  unsigned char *start = arena->window.start + kept;
  if (arena->window.is_watched) mr_watch_show(start, now - kept);
  if (mr_os_decommit(start, now - kept)) {
    set_committed(arena, kept);
  } else if (arena->window.is_watched) {
    mr_watch_hide(start, now - kept);
  }
}

bool mr_reserve_is_sound(const mr_arena *arena) {
  return !arena->reserve.pointer ||
         (arena->window.start == arena->reserve.pointer && committed(arena) <= arena->reserve.size);
}

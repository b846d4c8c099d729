#include "window.h"

#include <string.h>

#include "watch.h"

extern inline void *mr_window_take(mr_window *window, size_t size);

/* Addresses are compared as numbers: a caller's block may be no part of the window, and null has no order. */

size_t mr_octets_between(const void *start, const void *end) {
  return (size_t)((uintptr_t)end - (uintptr_t)start);
}

size_t mr_octets_up_to(const void *address, size_t alignment) {
  return (size_t)(-(uintptr_t)address & (alignment - 1));
}

bool mr_octets_hold(const void *start, const void *end, mr_view block) {
  if ((uintptr_t)block.pointer < (uintptr_t)start || (uintptr_t)block.pointer > (uintptr_t)end)
    return false;
  return block.size <= mr_octets_between(block.pointer, end);
}

static mr_status show(const void *start, const void *end, bool is_used, mr_walk_function *function,
                      void *context) {
  mr_view span = mr_view_of(start, mr_octets_between(start, end));
  return span.size > 0 ? function(context, span, is_used) : MR_OK;
}

mr_status mr_octets_walk(const unsigned char *start, const unsigned char *cursor,
                         const unsigned char *end, mr_walk_function *function, void *context) {
  mr_status status = show(start, cursor, true, function, context);
  return status == MR_OK ? show(cursor, end, false, function, context) : status;
}

static size_t minimum(size_t a, size_t b) { return a < b ? a : b; }

static size_t rounded(size_t size) { return (size + 15) & ~(size_t)15; }

/* What a block takes that stands at `block`: a multiple of 16, or all there is up to the end. */
static size_t taken(const mr_window *window, const unsigned char *block, size_t size) {
  return minimum(rounded(size), mr_octets_between(block, window->end));
}

static void move_cursor(mr_window *window, unsigned char *cursor) {
  size_t tail = (uintptr_t)window->end & 15;
  bool is_closed = window->is_watched || mr_octets_between(cursor, window->end) <= tail;
  window->cursor = cursor;
  window->limit = is_closed ? cursor : window->end - tail;
}

mr_window mr_window_resume(mr_region memory, unsigned char *floor, unsigned char *cursor,
                           bool is_watched) {
  mr_window window = {.start = memory.pointer,
                      .floor = floor,
                      .end = mr_region_end(memory),
                      .is_watched = is_watched};
  move_cursor(&window, cursor);
  return window;
}

mr_window mr_window_open(mr_region memory, bool is_watched) {
  size_t skipped = minimum(mr_octets_up_to(memory.pointer, MR_DEFAULT_ALIGNMENT), memory.size);
  mr_region usable = {NULL, 0};
  mr_ignore(mr_subregion(memory, mr_range_from(skipped), &usable));
  if (is_watched) mr_watch_hide(usable.pointer, usable.size);
  return mr_window_resume(usable, usable.pointer, usable.pointer, is_watched);
}

void mr_window_close(mr_window *window) {
  if (window->is_watched)
    mr_watch_show_contents(window->start, mr_octets_between(window->start, window->end));
  *window = (mr_window){0};
}

bool mr_window_is_sound(const mr_window *window) {
  uintptr_t cursor = (uintptr_t)window->cursor;
  uintptr_t limit = (uintptr_t)window->limit;
  if ((uintptr_t)window->start > (uintptr_t)window->floor) return false;
  if ((uintptr_t)window->floor > cursor || cursor > (uintptr_t)window->end) return false;
  if (limit == cursor) return true;
  return !window->is_watched && limit > cursor && limit <= (uintptr_t)window->end &&
         ((cursor | limit) & 15) == 0;
}

size_t mr_window_maximum(const mr_window *window, size_t alignment) {
  size_t size = mr_octets_between(window->start, window->end);
  size_t padding = mr_octets_up_to(window->start, alignment);
  return padding < size ? size - padding : 0;
}

size_t mr_window_good_size(size_t size, size_t maximum) {
  size_t bound = size > maximum ? size : maximum;
  return minimum(rounded(size), bound);
}

mr_region mr_window_place(mr_window *window, size_t size, size_t alignment, unsigned flags) {
  size_t room = mr_octets_between(window->cursor, window->end);
  size_t padding = mr_octets_up_to(window->cursor, alignment);
  if (padding > room || size > room - padding) return mr_region_of(NULL, 0);

  unsigned char *block = window->cursor + padding;
  move_cursor(window, block + taken(window, block, size));
  if (window->is_watched) mr_watch_show(block, size);
  if (flags & MR_ZEROED) memset(block, 0, size);
  return mr_region_of(block, size);
}

static bool is_handed_out(const mr_window *window, mr_region block) {
  return mr_octets_hold(window->start, window->cursor, mr_region_view(block));
}

/* Whether the cursor may move for it: it ends there, and no mark is in between. */
static bool is_newest(const mr_window *window, mr_region block) {
  return (uintptr_t)block.pointer >= (uintptr_t)window->floor &&
         taken(window, block.pointer, block.size) ==
             mr_octets_between(block.pointer, window->cursor);
}

bool mr_window_ends_with(const mr_window *window, mr_region block) {
  return is_handed_out(window, block) && is_newest(window, block);
}

bool mr_window_resize(mr_window *window, mr_region block, size_t size) {
  if (!is_handed_out(window, block)) return false;
  unsigned char *start = block.pointer;
  if (is_newest(window, block)) {
    if (size > mr_octets_between(start, window->end)) return false;
    move_cursor(window, start + taken(window, start, size));
  } else if (size > block.size) {
    return false;
  }
  if (window->is_watched) mr_watch_resize(block, size);
  return true;
}

void mr_window_release(mr_window *window, mr_region block) {
  if (!is_handed_out(window, block)) return;
  if (is_newest(window, block)) move_cursor(window, block.pointer);
  if (window->is_watched) mr_watch_hide(block.pointer, block.size);
}

bool mr_window_has_mark(const mr_window *window, const void *cursor) {
  uintptr_t at = (uintptr_t)cursor;
  bool is_inside = at >= (uintptr_t)window->start && at <= (uintptr_t)window->cursor;
  return is_inside && ((at & 15) == 0 || cursor == window->end);
}

void mr_window_rewind(mr_window *window, unsigned char *cursor) {
  if (window->is_watched) mr_watch_hide(cursor, mr_octets_between(cursor, window->cursor));
  move_cursor(window, cursor);
  window->floor = cursor;
}

#include "memregions/bump.h"

#include <assert.h>

#include "dead.h"
#include "watch.h"
#include "window.h"

extern inline mr_status mr_bump_allocate(mr_bump *bump, size_t size, mr_region *out);

static mr_bump *bump_of(mr_allocator *self) {
  mr_bump *bump = (mr_bump *)self;
  assert(mr_bump_is_sound(bump));
  return bump;
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_bump *bump = (mr_bump *)self;
  if (alignment <= MR_DEFAULT_ALIGNMENT && flags == 0) {
    void *block = mr_window_take(&bump->window, size);
    if (block) return mr_region_of(block, size);
  }
  return mr_window_place(&bump_of(self)->window, size, alignment, flags);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)alignment;
  return mr_window_resize(&bump_of(self)->window, block, size);
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  (void)alignment;
  mr_window_release(&bump_of(self)->window, block);
  return MR_OK;
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  return mr_window_maximum(&bump_of(self)->window, alignment);
}

static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  return mr_window_good_size(size, maximum_block_size(self, alignment));
}

static size_t minimum_block_size(mr_allocator *self) {
  return mr_window_good_size(1, maximum_block_size(self, MR_DEFAULT_ALIGNMENT));
}

static mr_ownership owns(mr_allocator *self, mr_view block) {
  const mr_window *window = &bump_of(self)->window;
  return mr_octets_hold(window->start, window->cursor, block) ? MR_OWNS_YES : MR_OWNS_NO;
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  const mr_window *window = &bump_of(self)->window;
  out->total = mr_octets_between(window->start, window->end);
  out->used = mr_octets_between(window->start, window->cursor);
  return MR_OK;
}

static mr_status clear(mr_allocator *self) {
  mr_bump *bump = bump_of(self);
  mr_window_rewind(&bump->window, bump->window.start);
  return MR_OK;
}

static mr_status mark(mr_allocator *self, mr_mark *out) {
  mr_bump *bump = bump_of(self);
  bump->window.floor = bump->window.cursor;
  *out = (mr_mark){.chunk = bump, .cursor = bump->window.cursor};
  return MR_OK;
}

static mr_status rewind_to(mr_allocator *self, mr_mark mark) {
  mr_bump *bump = bump_of(self);
  if (mark.chunk != bump || !mr_window_has_mark(&bump->window, mark.cursor))
    return MR_INVALID_ARGUMENT;
  mr_window_rewind(&bump->window, mark.cursor);
  return MR_OK;
}

static mr_status walk(mr_allocator *self, mr_walk_function *function, void *context) {
  const mr_window *window = &bump_of(self)->window;
  return mr_octets_walk(window->start, window->cursor, window->end, function, context);
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  mr_bump *bump = (mr_bump *)self;
  if (mr_bump_is_sound(bump)) return MR_OK;
  mr_condition_set(condition, MR_CORRUPT, "the bump allocator itself is damaged");
  if (condition) condition->subject = bump;
  return MR_CORRUPT;
}

static mr_status destroy(mr_allocator *self) {
  mr_bump_fini(bump_of(self));
  return MR_OK;
}

static const mr_allocator_ops bump_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "bump",
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
    .walk = walk,
    .check = check,
    .destroy = destroy,
};

mr_status mr_bump_init(mr_bump *bump, mr_region storage) {
  if (!mr_region_is_sound(storage)) return MR_INVALID_ARGUMENT;
  *bump = (mr_bump){
      .base = {&bump_ops}, .window = mr_window_open(storage, mr_watch_is_on()), .storage = storage};
  return MR_OK;
}

mr_status mr_bump_init_from(mr_bump *bump, mr_allocator *parent, size_t size) {
  parent = mr_resolve_allocator(parent);
  mr_region storage;
  mr_status status = mr_allocate(parent, size, &storage);
  if (status != MR_OK) return status;
  mr_ignore(mr_bump_init(bump, storage));
  bump->parent = parent;
  return MR_OK;
}

void mr_bump_fini(mr_bump *bump) {
  if (bump->base.ops == &mr_dead_ops) return;
  assert(mr_bump_is_sound(bump));
  mr_window_close(&bump->window);
  if (bump->parent) mr_ignore(mr_deallocate(bump->parent, &bump->storage));
  *bump = (mr_bump){.base = {&mr_dead_ops}};
}

bool mr_bump_is_sound(const mr_bump *bump) {
  return bump->base.ops != &mr_dead_ops && mr_region_is_sound(bump->storage) &&
         mr_window_is_sound(&bump->window);
}

mr_region mr_bump_storage(const mr_bump *bump) {
  const mr_window *window = &bump->window;
  return mr_region_of(window->start, mr_octets_between(window->start, window->end));
}

mr_source mr_bump_source(const mr_bump *bump) {
  const mr_window *window = &bump->window;
  size_t used = mr_octets_between(window->start, window->cursor);
  if (window->is_watched) mr_watch_show_contents(window->start, used);
  return mr_region_source(mr_region_of(window->start, used));
}

#include "memregions/guarded.h"

#include <assert.h>

#include "ask.h"
#include "dead.h"
#include "fault_handler.h"
#include "forward.h"
#include "guarded_block.h"
#include "os.h"
#include "watch.h"
#include "window.h"

enum { DEFAULT_MOST = 16384, DEFAULT_QUARANTINE = 1024 };

static const size_t DEFAULT_RESERVE = (size_t)1 << (sizeof(size_t) > 4 ? 36 : 29);

MR_ASSERT_IS_WRAPPER(mr_guarded);

static mr_guarded *guarded_of(mr_allocator *self) {
  mr_guarded *guarded = (mr_guarded *)self;
  assert(mr_guarded_is_sound(guarded));
  return guarded;
}

/* Both forms. */

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  const mr_guarded *guarded = guarded_of(self);
  size_t own = mr_guarded_space_maximum(guarded->space, alignment);
  size_t parents = mr_ask_maximum(guarded->parent, alignment);
  return own > parents ? own : parents;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  const mr_guarded *guarded = (mr_guarded *)self;
  bool is_sound = mr_guarded_is_sound(guarded);
  if (is_sound && mr_guarded_check(guarded, condition) != MR_OK) return MR_CORRUPT;
  mr_status status = mr_forward_check(self, is_sound, condition);
  return status == MR_UNSUPPORTED ? MR_OK : status;
}

static mr_status destroy(mr_allocator *self) {
  mr_guarded_fini(guarded_of(self));
  return MR_OK;
}

/* Every block. */

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_guarded *guarded = guarded_of(self);
  mr_region block = mr_guarded_take(guarded, size, alignment, flags);
  if (block.pointer && !mr_guarded_holds(guarded, block.pointer)) {
    guarded->passed++;
    guarded->passed_size += size;
  }
  return block;
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  (void)self, (void)alignment;
  return size == block.size;
}

/* Whether the parent may be asked to take a block back. */
static bool can_be_the_parents(const mr_guarded *guarded, mr_region block) {
  return guarded->passed > 0 && block.size <= guarded->passed_size &&
         mr_allocator_owns(guarded->parent, mr_region_view(block)) != MR_OWNS_NO;
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_guarded *guarded = guarded_of(self);
  if (mr_guarded_holds(guarded, block.pointer))
    return mr_guarded_release(guarded, block, alignment);
  if (!can_be_the_parents(guarded, block)) return MR_CORRUPT;
  mr_status status = guarded->parent->ops->release(guarded->parent, block, alignment);
  if (status != MR_OK) return status;
  guarded->passed--;
  guarded->passed_size -= block.size;
  return MR_OK;
}

static mr_ownership owns(mr_allocator *self, mr_view block) {
  const mr_guarded *guarded = guarded_of(self);
  if (mr_guarded_holds(guarded, block.pointer)) return mr_guarded_owns(guarded, block);
  return guarded->passed > 0 ? mr_allocator_owns(guarded->parent, block) : MR_OWNS_NO;
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  const mr_guarded *guarded = guarded_of(self);
  out->total = out->used = guarded->used + guarded->passed_size;
  return MR_OK;
}

static const mr_allocator_ops guarded_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "guarded",
    .allocate = allocate,
    .resize = resize,
    .release = release,
    .maximum_block_size = maximum_block_size,
    .owns = owns,
    .usage = usage,
    .trim = mr_forward_trim,
    .check = check,
    .destroy = destroy,
};

/* One block in so many. What is not guarded goes on to the parent by a tail call, and leaves no trace here. */

static mr_region sampled_allocate(mr_allocator *self, size_t size, size_t alignment,
                                  unsigned flags) {
  mr_guarded *guarded = (mr_guarded *)self;
  if (--guarded->countdown == 0) return mr_guarded_take(guarded, size, alignment, flags);
  return guarded->parent->ops->allocate(guarded->parent, size, alignment, flags);
}

static bool sampled_resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  if (mr_guarded_holds(guarded_of(self), block.pointer)) return size == block.size;
  return mr_forward_resize(self, block, size, alignment);
}

static mr_region sampled_remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  if (mr_guarded_holds(guarded_of(self), block.pointer)) return mr_region_of(NULL, 0);
  return mr_forward_remap(self, block, size, alignment);
}

static mr_status sampled_release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_guarded *guarded = (mr_guarded *)self;
  if (mr_guarded_holds(guarded, block.pointer))
    return mr_guarded_release(guarded, block, alignment);
  return guarded->parent->ops->release(guarded->parent, block, alignment);
}

static mr_ownership sampled_owns(mr_allocator *self, mr_view block) {
  const mr_guarded *guarded = guarded_of(self);
  if (mr_guarded_holds(guarded, block.pointer)) return mr_guarded_owns(guarded, block);
  return mr_allocator_owns(guarded->parent, block);
}

static mr_status sampled_usage(mr_allocator *self, mr_usage *out) {
  const mr_guarded *guarded = guarded_of(self);
  mr_status status = mr_ask_usage(guarded->parent, out);
  if (status != MR_OK) return status;
  out->total += guarded->used;
  out->used += guarded->used;
  return MR_OK;
}

static const mr_allocator_ops sampled_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "sampled",
    .allocate = sampled_allocate,
    .resize = sampled_resize,
    .remap = sampled_remap,
    .release = sampled_release,
    .maximum_block_size = maximum_block_size,
    .owns = sampled_owns,
    .good_size = mr_forward_good_size,
    .usage = sampled_usage,
    .trim = mr_forward_trim,
    .check = check,
    .destroy = destroy,
};

/* Beginning and end. */

static mr_guarded_space *open_space(size_t reserve, size_t quarantine) {
  if (reserve > 0) return mr_guarded_space_open(reserve, quarantine);
  mr_guarded_space *space = NULL;
  for (reserve = DEFAULT_RESERVE; !space && reserve > 0; reserve /= 2)
    space = mr_guarded_space_open(reserve, quarantine);
  return space;
}

static size_t or_default(size_t chosen, size_t otherwise) { return chosen ? chosen : otherwise; }

mr_status mr_guarded_init(mr_guarded *guarded, const mr_guarded_options *options) {
  mr_guarded_options chosen = options ? *options : (mr_guarded_options){.parent = NULL};
  if (chosen.side != MR_GUARDED_END && chosen.side != MR_GUARDED_START) return MR_INVALID_ARGUMENT;
  mr_guarded_space *space =
      open_space(chosen.reserve, or_default(chosen.quarantine, DEFAULT_QUARANTINE));
  if (!space) return MR_OUT_OF_MEMORY;

  uintptr_t secret = mr_os_secret();
  *guarded = (mr_guarded){
      .base = {chosen.interval > 1 ? &sampled_ops : &guarded_ops},
      .parent = mr_resolve_allocator(chosen.parent),
      .interval = chosen.interval < PTRDIFF_MAX ? or_default(chosen.interval, 1) : PTRDIFF_MAX,
      .start = (uintptr_t)space->start,
      .size = mr_octets_between(space->start, space->end) + space->page,
      .space = space,
      .most = or_default(chosen.most, DEFAULT_MOST),
      .random = secret | 1,
      .side = chosen.side,
      /* Not what is written most: small numbers, ASCII, all ones. */
      .pattern = (unsigned char)(0x81 + (secret >> 8) % 0x7e),
      .is_watched = mr_watch_is_on()};
  mr_guarded_restart(guarded);
  mr_fault_watch(guarded);
  return MR_OK;
}

void mr_guarded_fini(mr_guarded *guarded) {
  if (guarded->base.ops == &mr_dead_ops) return;
  assert(mr_guarded_is_sound(guarded));
  mr_fault_unwatch(guarded);
  mr_guarded_show_all(guarded);
  mr_guarded_space_close(guarded->space);
  *guarded = (mr_guarded){.base = {&mr_dead_ops}};
}

bool mr_guarded_is_sound(const mr_guarded *guarded) {
  if (guarded->base.ops != &guarded_ops && guarded->base.ops != &sampled_ops) return false;
  return guarded->parent && guarded->space && guarded->countdown > 0 && guarded->interval > 0 &&
         guarded->live <= guarded->most && (guarded->live == 0) == (guarded->used == 0) &&
         (guarded->passed == 0) == (guarded->passed_size == 0);
}

size_t mr_guarded_missed(const mr_guarded *guarded) { return guarded->missed; }

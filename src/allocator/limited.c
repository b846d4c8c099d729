#include "memregions/limited.h"

#include <assert.h>

#include "ask.h"
#include "dead.h"
#include "forward.h"

MR_ASSERT_IS_WRAPPER(mr_limited);

static mr_limited *limited_of(mr_allocator *self) {
  mr_limited *limited = (mr_limited *)self;
  assert(mr_limited_is_sound(limited));
  return limited;
}

/* How much more may be live. */
static size_t room(size_t limit, size_t live) { return live < limit ? limit - live : 0; }

/* Whether a block of this size can be among those that are live: each of the others has an octet at least. */
static bool can_be_live(const mr_limited *limited, size_t size) {
  if (limited->live_blocks <= 1) return size == limited->live_octets;
  return size <= limited->live_octets - (limited->live_blocks - 1);
}

static bool may_resize(const mr_limited *limited, size_t old_size, size_t size) {
  if (!can_be_live(limited, old_size)) return false;
  return size <= old_size || size - old_size <= room(limited->limit, limited->live_octets);
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_limited *limited = limited_of(self);
  if (size > room(limited->limit, limited->live_octets) ||
      limited->live_blocks >= limited->block_limit) {
    return mr_region_of(NULL, 0);
  }
  mr_region block = mr_forward_allocate(self, size, alignment, flags);
  if (block.pointer) {
    limited->live_octets += size;
    limited->live_blocks++;
  }
  return block;
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_limited *limited = limited_of(self);
  if (!may_resize(limited, block.size, size)) return false;
  if (!mr_forward_resize(self, block, size, alignment)) return false;
  limited->live_octets = limited->live_octets - block.size + size;
  return true;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_limited *limited = limited_of(self);
  if (!may_resize(limited, block.size, size)) return mr_region_of(NULL, 0);
  mr_region moved = mr_forward_remap(self, block, size, alignment);
  if (moved.pointer) limited->live_octets = limited->live_octets - block.size + size;
  return moved;
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_limited *limited = limited_of(self);
  if (!can_be_live(limited, block.size)) return MR_CORRUPT;
  mr_status status = mr_forward_release(self, block, alignment);
  if (status == MR_OK) {
    limited->live_octets -= block.size;
    limited->live_blocks--;
  }
  return status;
}

static size_t minimum_block_size(mr_allocator *self) {
  (void)self;
  return 1;
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  const mr_limited *limited = limited_of(self);
  size_t maximum = mr_ask_maximum(limited->parent, alignment);
  return maximum < limited->limit ? maximum : limited->limit;
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  const mr_limited *limited = limited_of(self);
  out->used = limited->live_octets;
  out->total = out->used + room(limited->limit, out->used);
  return MR_OK;
}

static mr_status clear(mr_allocator *self) {
  mr_limited *limited = limited_of(self);
  mr_status status = mr_forward_clear(self);
  if (status == MR_OK) {
    limited->live_octets = 0;
    limited->live_blocks = 0;
  }
  return status;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  return mr_forward_check(self, mr_limited_is_sound((mr_limited *)self), condition);
}

static mr_status destroy(mr_allocator *self) {
  mr_limited_fini(limited_of(self));
  return MR_OK;
}

static const mr_allocator_ops limited_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "limited",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .minimum_block_size = minimum_block_size,
    .maximum_block_size = maximum_block_size,
    .owns = mr_forward_owns,
    .usage = usage,
    .clear = clear,
    .trim = mr_forward_trim,
    .check = check,
    .destroy = destroy,
};

static size_t limit_of(size_t option) { return option ? option : MR_NO_LIMIT; }

mr_status mr_limited_init(mr_limited *limited, const mr_limited_options *options) {
  mr_limited_options none = {0};
  if (!options) options = &none;
  *limited = (mr_limited){.base = {&limited_ops},
                          .parent = mr_resolve_allocator(options->parent),
                          .limit = limit_of(options->limit),
                          .block_limit = limit_of(options->block_limit)};
  return MR_OK;
}

void mr_limited_fini(mr_limited *limited) {
  if (limited->base.ops == &mr_dead_ops) return;
  assert(mr_limited_is_sound(limited));
  *limited = (mr_limited){.base = {&mr_dead_ops}};
}

bool mr_limited_is_sound(const mr_limited *limited) {
  return limited->base.ops == &limited_ops && limited->parent &&
         limited->live_octets >= limited->live_blocks &&
         (limited->live_octets == 0) == (limited->live_blocks == 0);
}

void mr_limited_set_limit(mr_limited *limited, size_t octets) {
  limited_of(&limited->base)->limit = octets;
}

void mr_limited_set_block_limit(mr_limited *limited, size_t blocks) {
  limited_of(&limited->base)->block_limit = blocks;
}

size_t mr_limited_live_blocks(const mr_limited *limited) {
  assert(mr_limited_is_sound(limited));
  return limited->live_blocks;
}

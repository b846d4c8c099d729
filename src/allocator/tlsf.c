#include "memregions/tlsf.h"

#include <assert.h>
#include <string.h>

#include "dead.h"
#include "os.h"
#include "out_of_line.h"
#include "tlsf_blocks.h"
#include "tlsf_check.h"
#include "watch.h"

/*
 * TLSF is by M. Masmano, I. Ripoll, A. Crespo and J. Real, "TLSF: a new dynamic memory allocator for real-time systems"
 * (2004). The current free block is the designated victim of Doug Lea's malloc.
 */

static mr_tlsf *tlsf_of(mr_allocator *self) {
  mr_tlsf *tlsf = (mr_tlsf *)self;
  assert(mr_tlsf_is_sound(tlsf));
  return tlsf;
}

static size_t octets_of(size_t granules) { return granules * MR_TLSF_GRANULE; }

/* The quick ways: no call is on them, and no list. Each does the work, or nothing. */

/* Granules of the largest block that they deal with: with what follows it, its marks fit one word. */
enum { MOST_QUICK = 31 };

static unsigned char *take_resting_quickly(mr_tlsf *tlsf, mr_tlsf_bin *bin) {
  mr_tlsf_area *area = tlsf->recent;
  unsigned char *block = bin->blocks[bin->count - 1];
  if (!area) return NULL;
  const size_t first = mr_tlsf_granule(area, block);
  if (first >= area->ready || mr_tlsf_mark(area, first) != MR_TLSF_RESTING) return NULL;
  mr_tlsf_change_mark(area, first, MR_TLSF_RESTING, MR_TLSF_USED);
  bin->count--;
  return block;
}

static unsigned char *carve_quickly(mr_tlsf *tlsf, size_t count) {
  mr_tlsf_loose *current = &tlsf->current;
  unsigned char *block = current->start;
  const size_t size = octets_of(count);
  if ((uintptr_t)current->end - (uintptr_t)block < size || tlsf->map[0] >> count & 1) return NULL;
  if ((uintptr_t)tlsf->gathered.end - (uintptr_t)tlsf->gathered.start == size) return NULL;
  if ((tlsf->summary != 0 || mr_tlsf_is_there(&tlsf->gathered)) && mr_tlsf_is_tail(tlsf))
    return NULL;
  const size_t first = mr_tlsf_granule(current->area, block);
  if (first >= current->area->ready) return NULL;
  if (mr_tlsf_mark(current->area, first) != MR_TLSF_INSIDE) return NULL;
  mr_tlsf_change_mark(current->area, first, MR_TLSF_INSIDE, MR_TLSF_USED);
  current->start += size;
  if (current->start == current->end) mr_tlsf_drop(current);
  return block;
}

static unsigned char *take_quickly(mr_tlsf *tlsf, size_t count) {
  mr_tlsf_bin *bin = &tlsf->bins[count];
  if (tlsf->is_watched) return NULL;
  unsigned char *block =
      bin->count > 0 ? take_resting_quickly(tlsf, bin) : carve_quickly(tlsf, count);
  if (block) tlsf->used += octets_of(count);
  return block;
}

static bool give_quickly(mr_tlsf *tlsf, mr_region block, size_t alignment) {
  mr_tlsf_area *area = tlsf->recent;
  const size_t misaligned = (uintptr_t)block.pointer & ((alignment - 1) | (MR_TLSF_GRANULE - 1));
  if (!area || misaligned || tlsf->is_watched) return false;
  const size_t first = mr_tlsf_granule(area, block.pointer),
               count = mr_tlsf_granules_of(block.size);
  if (count > MOST_QUICK || first >= area->ready || count >= area->ready - first) return false;

  const uint64_t marks = mr_tlsf_marks_from(area, first), end = (uint64_t)1 << (2 * count);
  const unsigned next = (unsigned)(marks >> (2 * count)) & 3;
  if ((marks & (end - 1)) != MR_TLSF_USED || mr_tlsf_has_loose(tlsf, block)) return false;
  if (next == MR_TLSF_INSIDE && mr_tlsf_address(area, first + count) != tlsf->current.start) {
    return false;
  }
  mr_tlsf_bin *bin = &tlsf->bins[count];
  if (bin->count < MR_TLSF_RESTING_BLOCKS) {
    bin->blocks[bin->count++] = block.pointer;
    mr_tlsf_change_mark(area, first, MR_TLSF_USED, MR_TLSF_RESTING);
  } else {
    const bool is_next_free = next == MR_TLSF_FREE || next == MR_TLSF_INSIDE;
    if (block.pointer != tlsf->gathered.end || is_next_free) return false;
    tlsf->gathered.end += octets_of(count);
    mr_tlsf_change_mark(area, first, MR_TLSF_USED, MR_TLSF_INSIDE);
  }
  tlsf->used -= octets_of(count);
  return true;
}

/* The functions of the kind. */

static MR_OUT_OF_LINE mr_region allocate_slowly(mr_tlsf *tlsf, size_t size, size_t alignment,
                                                unsigned flags) {
  const size_t count = mr_tlsf_granules_of(size);
  unsigned char *block = mr_tlsf_take(tlsf, count, alignment);
  if (!block) return mr_region_of(NULL, 0);
  tlsf->used += octets_of(count);
  if (tlsf->is_watched) mr_watch_show(block, size);
  if (flags & MR_ZEROED) memset(block, 0, size);
  return mr_region_of(block, size);
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_tlsf *tlsf = tlsf_of(self);
  if (size <= octets_of(MOST_QUICK) && alignment <= MR_TLSF_GRANULE && flags == 0) {
    unsigned char *block = take_quickly(tlsf, mr_tlsf_granules_of(size));
    if (block) return mr_region_of(block, size);
  }
  return allocate_slowly(tlsf, size, alignment, flags);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_tlsf *tlsf = tlsf_of(self);
  mr_tlsf_span span;
  if (!mr_tlsf_find_block(tlsf, block, alignment, &span)) return false;
  const size_t count = mr_tlsf_granules_of(size);
  if (count > span.count) {
    if (!mr_tlsf_grow_block(tlsf, span, count - span.count)) return false;
  } else if (count < span.count) {
    const mr_tlsf_span tail = {span.area, span.first + count, span.count - count};
    if (!mr_tlsf_merge(tlsf, tail)) return false;
  }
  tlsf->used = tlsf->used - octets_of(span.count) + octets_of(count);
  if (tlsf->is_watched) mr_watch_resize(block, size);
  return true;
}

static MR_OUT_OF_LINE mr_status release_slowly(mr_tlsf *tlsf, mr_region block, size_t alignment) {
  mr_tlsf_span span;
  if (!mr_tlsf_find_block(tlsf, block, alignment, &span)) return MR_CORRUPT;
  if (!mr_tlsf_put_to_rest(tlsf, span, block.pointer) && !mr_tlsf_merge(tlsf, span))
    return MR_CORRUPT;
  tlsf->used -= octets_of(span.count);
  if (tlsf->is_watched) mr_watch_hide(block.pointer, block.size);
  return MR_OK;
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_tlsf *tlsf = tlsf_of(self);
  return give_quickly(tlsf, block, alignment) ? MR_OK : release_slowly(tlsf, block, alignment);
}

static size_t minimum_block_size(mr_allocator *self) {
  (void)self;
  return MR_TLSF_GRANULE;
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  const mr_tlsf *tlsf = tlsf_of(self);
  const size_t grown = octets_of(mr_tlsf_area_granules(mr_tlsf_parent_maximum(tlsf)));
  /* Where in it an alignment is can't be known before. */
  const size_t padding = alignment > MR_TLSF_GRANULE ? alignment - MR_TLSF_GRANULE : 0;
  size_t size = padding < grown ? grown - padding : 0;
  for (const mr_tlsf_area *area = tlsf->first; area; area = area->later) {
    const size_t here = mr_tlsf_area_maximum(area, alignment);
    if (size < here) size = here;
  }
  return size;
}

static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  (void)self, (void)alignment;
  return octets_of(mr_tlsf_granules_of(size));
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  const mr_tlsf *tlsf = tlsf_of(self);
  *out = (mr_usage){.total = tlsf->total, .used = tlsf->used};
  return MR_OK;
}

static mr_status clear(mr_allocator *self) {
  mr_tlsf *tlsf = tlsf_of(self);
  for (mr_tlsf_area *area = tlsf->first; area; area = area->later) {
    if (area->is_open) mr_tlsf_hide_blocks(tlsf, area);
    area->is_open = false;
  }
  memset(tlsf->bins, 0, sizeof tlsf->bins);
  memset(tlsf->lists, 0, sizeof tlsf->lists);
  memset(tlsf->map, 0, sizeof tlsf->map);
  tlsf->summary = 0;
  mr_tlsf_drop(&tlsf->current);
  mr_tlsf_drop(&tlsf->gathered);
  tlsf->newest = NULL;
  tlsf->recent = NULL;
  tlsf->used = 0;
  return MR_OK;
}

static mr_status trim(mr_allocator *self) {
  mr_tlsf *tlsf = tlsf_of(self);
  mr_tlsf_list_all(tlsf);
  for (mr_tlsf_area *area = tlsf->last, *earlier; area; area = earlier) {
    earlier = area->earlier;
    if (!area->is_own || !mr_tlsf_is_unused(tlsf, area)) continue;
    if (area->is_open) mr_tlsf_remove(tlsf, mr_tlsf_whole(area));
    mr_tlsf_give_back(tlsf, area);
  }
  return MR_OK;
}

static mr_ownership owns(mr_allocator *self, mr_view block) {
  return mr_tlsf_is_handed_out(tlsf_of(self), block) ? MR_OWNS_YES : MR_OWNS_NO;
}

static mr_status walk(mr_allocator *self, mr_walk_function *function, void *context) {
  return mr_tlsf_walk(tlsf_of(self), function, context);
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  return mr_tlsf_check((mr_tlsf *)self, condition);
}

static mr_status destroy(mr_allocator *self) {
  mr_tlsf_fini(tlsf_of(self));
  return MR_OK;
}

static const mr_allocator_ops tlsf_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "tlsf",
    .allocate = allocate,
    .resize = resize,
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

mr_status mr_tlsf_init(mr_tlsf *tlsf, const mr_tlsf_options *options) {
  static const mr_tlsf_options defaults;
  if (!options) options = &defaults;
  mr_tlsf made = {.base = {&tlsf_ops},
                  .parent = mr_resolve_allocator(options->parent),
                  .growth = options->growth,
                  .key = mr_os_secret(),
                  .is_watched = mr_watch_is_on()};
  if (options->growth > 0 && options->growth > mr_tlsf_parent_maximum(&made))
    return MR_BLOCK_TOO_BIG;
  mr_status status = mr_tlsf_add(&made, options->storage);
  if (status == MR_OK) *tlsf = made;
  return status;
}

static bool overlaps_any(const mr_tlsf *tlsf, mr_region region) {
  for (const mr_tlsf_area *area = tlsf->first; area; area = area->later) {
    if (mr_overlap(mr_region_view(region), mr_region_view(area->memory)).size > 0) return true;
  }
  return false;
}

mr_status mr_tlsf_add(mr_tlsf *tlsf, mr_region region) {
  assert(mr_tlsf_is_sound(tlsf));
  if (!mr_region_is_sound(region) || overlaps_any(tlsf, region)) return MR_INVALID_ARGUMENT;
  if (region.size == 0) return MR_OK;
  return mr_tlsf_append(tlsf, region, false) ? MR_OK : MR_NO_SPACE;
}

void mr_tlsf_fini(mr_tlsf *tlsf) {
  if (tlsf->base.ops == &mr_dead_ops) return;
  assert(mr_tlsf_is_sound(tlsf));
  for (mr_tlsf_area *area = tlsf->last, *earlier; area; area = earlier) {
    earlier = area->earlier;
    if (area->is_own) {
      mr_tlsf_give_back(tlsf, area);
    } else if (tlsf->is_watched) {
      mr_watch_show_contents(area->memory.pointer, area->memory.size);
    }
  }
  *tlsf = (mr_tlsf){.base = {&mr_dead_ops}};
}

static bool loose_is_sound(const mr_tlsf_loose *block) {
  if (!mr_tlsf_is_there(block)) return !block->end && !block->area;
  return (uintptr_t)block->start < (uintptr_t)block->end &&
         mr_tlsf_area_has(block->area, block->start) &&
         mr_tlsf_area_has(block->area, block->end - 1);
}

bool mr_tlsf_is_sound(const mr_tlsf *tlsf) {
  return tlsf->base.ops != &mr_dead_ops && tlsf->used <= tlsf->total &&
         !tlsf->first == !tlsf->last && (tlsf->first || !tlsf->newest) &&
         loose_is_sound(&tlsf->current) && loose_is_sound(&tlsf->gathered);
}

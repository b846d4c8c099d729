#include "memregions/tlsf.h"

#include <assert.h>
#include <string.h>

#include "dead.h"
#include "os.h"
#include "out_of_line.h"
#include "tlsf_check.h"
#include "tlsf_lists.h"
#include "watch.h"
#include "window.h"

/*
 * TLSF is by M. Masmano, I. Ripoll, A. Crespo and J. Real, "TLSF: a new dynamic memory allocator for real-time systems"
 * (2004). The current free block is the designated victim of Doug Lea's malloc.
 */

/* Granules of the largest block that rests. */
enum { MOST_RESTING = MR_TLSF_LARGEST_RESTING / 16 };

/* Granules after a large block's first that are looked at for another block's start. */
enum { LOOKED_AT = 256 };

static mr_tlsf *tlsf_of(mr_allocator *self) {
  mr_tlsf *tlsf = (mr_tlsf *)self;
  assert(mr_tlsf_is_sound(tlsf));
  return tlsf;
}

/* Granules that `size` octets take: any size but 0. */
static size_t granules_of(size_t size) { return (size - 1) / MR_TLSF_GRANULE + 1; }

static size_t octets_of(size_t granules) { return granules * MR_TLSF_GRANULE; }

static size_t maximum(size_t a, size_t b) { return a > b ? a : b; }

/* Loose blocks. */

static bool is_there(const mr_tlsf_loose *block) { return block->start != NULL; }

static mr_tlsf_span span_of(const mr_tlsf_loose *block) {
  const size_t first = mr_tlsf_granule(block->area, block->start);
  return (mr_tlsf_span){block->area, first, mr_tlsf_granule(block->area, block->end) - first};
}

static void drop(mr_tlsf_loose *block) { *block = (mr_tlsf_loose){NULL, NULL, NULL}; }

/* Puts a loose block into its list. */
static void retire(mr_tlsf *tlsf, mr_tlsf_loose *block) {
  if (!is_there(block)) return;
  mr_tlsf_span span = span_of(block);
  drop(block);
  mr_tlsf_insert(tlsf, span);
}

/* Makes granules without marks a loose block, in place of what was it before. */
static void set_loose(mr_tlsf *tlsf, mr_tlsf_loose *block, mr_tlsf_span span) {
  retire(tlsf, block);
  *block = (mr_tlsf_loose){mr_tlsf_address(span.area, span.first),
                           mr_tlsf_address(span.area, span.first + span.count), span.area};
}

static mr_tlsf_loose *loose_at(mr_tlsf *tlsf, const unsigned char *start) {
  if (tlsf->current.start == start) return &tlsf->current;
  return tlsf->gathered.start == start ? &tlsf->gathered : NULL;
}

static mr_tlsf_loose *loose_before(mr_tlsf *tlsf, const unsigned char *end) {
  if (tlsf->current.end == end) return &tlsf->current;
  return tlsf->gathered.end == end ? &tlsf->gathered : NULL;
}

/* Whether the current block reaches to the end of its area: what is there is used last. */
static bool is_tail(const mr_tlsf *tlsf) {
  const mr_tlsf_area *area = tlsf->current.area;
  return tlsf->current.end == mr_tlsf_address(area, area->granules);
}

/* Giving granules back. */

/* Makes granules free, of which no other than the first is marked, and merges them with their neighbours. False, with
 * nothing done, where one of these is damaged. */
static bool merge(mr_tlsf *tlsf, mr_tlsf_span span) {
  mr_tlsf_area *area = span.area;
  const size_t end = span.first + span.count;
  mr_tlsf_span left = {area, span.first, 0}, right = {area, end, 0};
  mr_tlsf_loose *before = loose_before(tlsf, mr_tlsf_address(area, span.first));
  mr_tlsf_loose *after = loose_at(tlsf, mr_tlsf_address(area, end));
  const bool is_left_listed = mr_tlsf_mark(area, span.first - 1) == MR_TLSF_FREE;
  const bool is_right_listed = mr_tlsf_mark(area, end) == MR_TLSF_FREE;
  if (is_left_listed &&
      !(mr_tlsf_block_before(tlsf, area, span.first, &left) && mr_tlsf_is_linked(tlsf, left)))
    return false;
  if (is_right_listed &&
      !(mr_tlsf_block_at(tlsf, area, end, &right) && mr_tlsf_is_linked(tlsf, right)))
    return false;

  mr_tlsf_set_mark(area, span.first, MR_TLSF_INSIDE);
  if (is_left_listed) mr_tlsf_remove(tlsf, left);
  if (is_right_listed) mr_tlsf_remove(tlsf, right);
  if (before) left = span_of(before);
  if (after) right = span_of(after);
  const bool meets_current = before == &tlsf->current || after == &tlsf->current;
  if (before) drop(before);
  if (after) drop(after);
  set_loose(tlsf, meets_current ? &tlsf->current : &tlsf->gathered,
            (mr_tlsf_span){area, span.first - left.count, left.count + span.count + right.count});
  return true;
}

/* Merges the resting blocks of one size. What can't be stays. */
static bool flush_bin(mr_tlsf *tlsf, size_t granules) {
  mr_tlsf_bin *bin = &tlsf->bins[granules];
  const size_t count = bin->count;
  bin->count = 0;
  for (size_t i = 0; i < count; i++) {
    mr_tlsf_area *area = mr_tlsf_area_of(tlsf, bin->blocks[i]);
    const size_t first = mr_tlsf_granule(area, bin->blocks[i]);
    bool is_done = mr_tlsf_mark(area, first) == MR_TLSF_RESTING &&
                   merge(tlsf, (mr_tlsf_span){area, first, granules});
    if (!is_done) bin->blocks[bin->count++] = bin->blocks[i];
  }
  return bin->count < count;
}

static bool flush_bins(mr_tlsf *tlsf) {
  bool is_any = false;
  for (size_t granules = 1; granules <= MOST_RESTING; granules++) {
    if (flush_bin(tlsf, granules)) is_any = true;
  }
  return is_any;
}

/* Areas. */

static mr_tlsf_span whole_of(mr_tlsf_area *area) { return (mr_tlsf_span){area, 0, area->granules}; }

/* Whether an area is not in use, or all of it one free block in a list. */
static bool is_unused(mr_tlsf *tlsf, mr_tlsf_area *area) {
  mr_tlsf_span block;
  if (!area->is_open) return true;
  return mr_tlsf_mark(area, 0) == MR_TLSF_FREE && mr_tlsf_block_at(tlsf, area, 0, &block) &&
         block.count == area->granules && mr_tlsf_is_linked(tlsf, block);
}

/* Brings the next area into use. */
static bool open_next(mr_tlsf *tlsf) {
  mr_tlsf_area *area = tlsf->newest ? tlsf->newest->later : tlsf->first;
  if (!area) return false;
  mr_tlsf_area_open(area);
  tlsf->newest = area;
  set_loose(tlsf, &tlsf->current, whole_of(area));
  return true;
}

static void hide_blocks(const mr_tlsf *tlsf, const mr_tlsf_area *area) {
  if (tlsf->is_watched) mr_watch_hide(area->start, octets_of(area->granules));
}

static bool append(mr_tlsf *tlsf, mr_region memory, bool is_own) {
  mr_tlsf_area *area = mr_tlsf_area_make(memory, is_own);
  if (!area) return false;
  hide_blocks(tlsf, area);
  area->earlier = tlsf->last;
  if (tlsf->last) {
    tlsf->last->later = area;
  } else {
    tlsf->first = area;
  }
  tlsf->last = area;
  tlsf->total += octets_of(area->granules);
  if (is_own) tlsf->grown += memory.size;
  return true;
}

static void unlink_area(mr_tlsf *tlsf, mr_tlsf_area *area) {
  if (area->earlier) {
    area->earlier->later = area->later;
  } else {
    tlsf->first = area->later;
  }
  if (area->later) {
    area->later->earlier = area->earlier;
  } else {
    tlsf->last = area->earlier;
  }
  if (tlsf->newest == area) tlsf->newest = area->earlier;
  if (tlsf->recent == area) tlsf->recent = NULL;
  tlsf->total -= octets_of(area->granules);
}

/* Gives an area that came from the parent back to it. */
static void give_back(mr_tlsf *tlsf, mr_tlsf_area *area) {
  unlink_area(tlsf, area);
  mr_region memory = area->memory;
  tlsf->grown -= memory.size;
  if (tlsf->is_watched) mr_watch_show(memory.pointer, memory.size);
  mr_ignore(mr_deallocate(tlsf->parent, &memory));
}

/* The largest region that the parent could ever give. */
static size_t parent_maximum(const mr_tlsf *tlsf) {
  size_t size = 0;
  if (tlsf->growth > 0) mr_ignore(mr_maximum_block_size(tlsf->parent, &size));
  return size;
}

/* Takes a region from the parent in which `reach` granules are. */
static bool grow(mr_tlsf *tlsf, size_t reach) {
  const size_t most = parent_maximum(tlsf);
  if (reach > most / MR_TLSF_GRANULE) return false;
  const size_t need = mr_tlsf_area_size(reach);
  if (need > most) return false;
  size_t size = maximum(need, maximum(tlsf->growth, tlsf->grown));
  if (size > most) size = most;
  mr_region memory;
  mr_status status = mr_allocate(tlsf->parent, size, &memory);
  if (status != MR_OK && size > need) status = mr_allocate(tlsf->parent, need, &memory);
  return status == MR_OK && append(tlsf, memory, true);
}

/* Taking granules. */

/* Whether a loose block fits, and is smaller than what was found, if something was. */
static bool fits_better(const mr_tlsf_loose *block, size_t count, size_t alignment, bool is_found,
                        const mr_tlsf_span *found) {
  if (!is_there(block)) return false;
  const mr_tlsf_span span = span_of(block);
  return mr_tlsf_place(span, count, alignment) != SIZE_MAX &&
         (!is_found || span.count < found->count);
}

/* A free block for `count` granules, without merging or new areas. It stays where it is. */
static bool find(mr_tlsf *tlsf, size_t count, size_t reach, size_t alignment, mr_tlsf_span *out) {
  const mr_tlsf_loose *const loose[] = {&tlsf->gathered, &tlsf->current};
  bool is_found = mr_tlsf_fit(tlsf, count, reach, alignment, out);
  for (size_t i = 0; i < 2; i++) {
    if (!fits_better(loose[i], count, alignment, is_found, out)) continue;
    *out = span_of(loose[i]);
    is_found = true;
  }
  return is_found;
}

/* An area that is all free and large enough: `find` looks at so many blocks only. */
static bool find_unused_area(mr_tlsf *tlsf, size_t count, size_t alignment, mr_tlsf_span *out) {
  retire(tlsf, &tlsf->current);
  retire(tlsf, &tlsf->gathered);
  for (mr_tlsf_area *area = tlsf->first; area; area = area->later) {
    *out = whole_of(area);
    if (mr_tlsf_place(*out, count, alignment) != SIZE_MAX && is_unused(tlsf, area)) return true;
  }
  return false;
}

static bool find_or_grow(mr_tlsf *tlsf, size_t count, size_t alignment, mr_tlsf_span *out) {
  const size_t reach = count + (alignment > MR_TLSF_GRANULE ? alignment / MR_TLSF_GRANULE - 1 : 0);
  if (find(tlsf, count, reach, alignment, out)) return true;
  if (flush_bins(tlsf) && find(tlsf, count, reach, alignment, out)) return true;
  while (open_next(tlsf)) {
    if (find(tlsf, count, reach, alignment, out)) return true;
  }
  if (find_unused_area(tlsf, count, alignment, out)) return true;
  return grow(tlsf, reach) && open_next(tlsf) && find(tlsf, count, reach, alignment, out);
}

/* Takes a free block out of its list, or what is loose out of its place. */
static void detach(mr_tlsf *tlsf, mr_tlsf_span block) {
  mr_tlsf_loose *loose = loose_at(tlsf, mr_tlsf_address(block.area, block.first));
  if (loose) {
    drop(loose);
  } else {
    mr_tlsf_remove(tlsf, block);
  }
}

/* Takes a block out of a free one, and leaves the rest free. */
static unsigned char *split(mr_tlsf *tlsf, mr_tlsf_span block, size_t count, size_t alignment) {
  const size_t first = mr_tlsf_place(block, count, alignment);
  const mr_tlsf_span front = {block.area, block.first, first - block.first};
  const mr_tlsf_span rest = {block.area, first + count, block.count - front.count - count};
  /* What could serve a small request again becomes the current block. */
  const bool is_handy = count <= MOST_RESTING && rest.count >= count;
  detach(tlsf, block);
  mr_tlsf_set_mark(block.area, first, MR_TLSF_USED);
  if (front.count > 0) mr_tlsf_insert(tlsf, front);
  if (rest.count > 0) {
    if (is_handy || !is_there(&tlsf->current)) {
      set_loose(tlsf, &tlsf->current, rest);
    } else {
      mr_tlsf_insert(tlsf, rest);
    }
  }
  return mr_tlsf_address(block.area, first);
}

static unsigned char *take_any(mr_tlsf *tlsf, size_t count, size_t alignment) {
  mr_tlsf_span block;
  if (!find_or_grow(tlsf, count, alignment, &block)) return NULL;
  return split(tlsf, block, count, alignment);
}

/* A resting block; null where there is none. */
static unsigned char *take_resting(mr_tlsf *tlsf, size_t count) {
  mr_tlsf_bin *bin = &tlsf->bins[count];
  if (bin->count == 0) return NULL;
  unsigned char *block = bin->blocks[bin->count - 1];
  mr_tlsf_area *area = mr_tlsf_area_of(tlsf, block);
  const size_t first = mr_tlsf_granule(area, block);
  if (mr_tlsf_mark(area, first) != MR_TLSF_RESTING) return NULL;
  bin->count--;
  mr_tlsf_set_mark(area, first, MR_TLSF_USED);
  return block;
}

static unsigned char *take(mr_tlsf *tlsf, size_t count, size_t alignment) {
  unsigned char *block = NULL;
  if (count <= MOST_RESTING && alignment <= MR_TLSF_GRANULE) block = take_resting(tlsf, count);
  return block ? block : take_any(tlsf, count, alignment);
}

/* Blocks given back. */

/* The granules of a block that the caller says is there; false where it is not. */
static bool find_block(mr_tlsf *tlsf, mr_region block, size_t alignment, mr_tlsf_span *out) {
  mr_tlsf_area *area = mr_tlsf_area_of(tlsf, block.pointer);
  if (!area || ((uintptr_t)block.pointer & ((alignment - 1) | (MR_TLSF_GRANULE - 1)))) return false;
  const size_t first = mr_tlsf_granule(area, block.pointer), count = granules_of(block.size);
  if (count > area->granules - first) return false;
  *out = (mr_tlsf_span){area, first, count};
  const size_t end = first + count, bound = count <= LOOKED_AT ? end : first + LOOKED_AT;
  return mr_tlsf_mark(area, first) == MR_TLSF_USED &&
         mr_tlsf_next_mark(area, first, bound) == bound &&
         (mr_tlsf_mark(area, end) != MR_TLSF_INSIDE || loose_at(tlsf, mr_tlsf_address(area, end)));
}

static bool put_to_rest(mr_tlsf *tlsf, mr_tlsf_span span, void *block) {
  if (span.count > MOST_RESTING) return false;
  mr_tlsf_bin *bin = &tlsf->bins[span.count];
  if (bin->count == MR_TLSF_RESTING_BLOCKS) return false;
  bin->blocks[bin->count++] = block;
  mr_tlsf_set_mark(span.area, span.first, MR_TLSF_RESTING);
  return true;
}

/* What is free from a granule on; false where nothing is, or it is damaged. */
static bool find_free(mr_tlsf *tlsf, mr_tlsf_area *area, size_t first, mr_tlsf_span *out) {
  const mr_tlsf_loose *loose = loose_at(tlsf, mr_tlsf_address(area, first));
  if (loose) {
    *out = span_of(loose);
    return true;
  }
  return mr_tlsf_mark(area, first) == MR_TLSF_FREE && mr_tlsf_block_at(tlsf, area, first, out) &&
         mr_tlsf_is_linked(tlsf, *out);
}

/* Makes a block longer by what is free after it. */
static bool grow_block(mr_tlsf *tlsf, mr_tlsf_span block, size_t more) {
  const size_t end = block.first + block.count;
  mr_tlsf_span next;
  if (!find_free(tlsf, block.area, end, &next) || next.count < more) return false;
  mr_tlsf_loose *loose = loose_at(tlsf, mr_tlsf_address(block.area, end));
  detach(tlsf, next);
  const mr_tlsf_span rest = {block.area, end + more, next.count - more};
  if (rest.count > 0) set_loose(tlsf, loose ? loose : &tlsf->gathered, rest);
  return true;
}

/* The quick ways: no call on them, and no list. Each does what the slow way would, or nothing. */

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
  if ((tlsf->summary != 0 || is_there(&tlsf->gathered)) && is_tail(tlsf)) return NULL;
  const size_t first = mr_tlsf_granule(current->area, block);
  if (first >= current->area->ready) return NULL;
  mr_tlsf_change_mark(current->area, first, MR_TLSF_INSIDE, MR_TLSF_USED);
  current->start += size;
  if (current->start == current->end) drop(current);
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
  const size_t first = mr_tlsf_granule(area, block.pointer), count = granules_of(block.size);
  if (count > MOST_QUICK || first >= area->ready || count >= area->ready - first) return false;

  const uint64_t marks = mr_tlsf_marks_from(area, first), end = (uint64_t)1 << (2 * count);
  const unsigned next = (unsigned)(marks >> (2 * count)) & 3;
  if ((marks & (end - 1)) != MR_TLSF_USED) return false;
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
  const size_t count = granules_of(size);
  unsigned char *block = take(tlsf, count, alignment);
  if (!block) return mr_region_of(NULL, 0);
  tlsf->used += octets_of(count);
  if (tlsf->is_watched) mr_watch_show(block, size);
  if (flags & MR_ZEROED) memset(block, 0, size);
  return mr_region_of(block, size);
}

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_tlsf *tlsf = tlsf_of(self);
  if (size <= octets_of(MOST_QUICK) && alignment <= MR_TLSF_GRANULE && flags == 0) {
    unsigned char *block = take_quickly(tlsf, granules_of(size));
    if (block) return mr_region_of(block, size);
  }
  return allocate_slowly(tlsf, size, alignment, flags);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_tlsf *tlsf = tlsf_of(self);
  mr_tlsf_span span;
  if (!find_block(tlsf, block, alignment, &span)) return false;
  const size_t count = granules_of(size);
  if (count > span.count) {
    if (!grow_block(tlsf, span, count - span.count)) return false;
  } else if (count < span.count) {
    const mr_tlsf_span tail = {span.area, span.first + count, span.count - count};
    if (!merge(tlsf, tail)) return false;
  }
  tlsf->used = tlsf->used - octets_of(span.count) + octets_of(count);
  if (tlsf->is_watched) mr_watch_resize(block, size);
  return true;
}

static MR_OUT_OF_LINE mr_status release_slowly(mr_tlsf *tlsf, mr_region block, size_t alignment) {
  mr_tlsf_span span;
  if (!find_block(tlsf, block, alignment, &span)) return MR_CORRUPT;
  if (!put_to_rest(tlsf, span, block.pointer) && !merge(tlsf, span)) return MR_CORRUPT;
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
  const size_t grown = octets_of(mr_tlsf_area_granules(parent_maximum(tlsf)));
  /* Where in it an alignment is can't be known before. */
  const size_t padding = alignment > MR_TLSF_GRANULE ? alignment - MR_TLSF_GRANULE : 0;
  size_t size = padding < grown ? grown - padding : 0;
  for (const mr_tlsf_area *area = tlsf->first; area; area = area->later)
    size = maximum(size, mr_tlsf_area_maximum(area, alignment));
  return size;
}

static size_t good_size(mr_allocator *self, size_t size, size_t alignment) {
  (void)self, (void)alignment;
  return octets_of(granules_of(size));
}

static mr_status usage(mr_allocator *self, mr_usage *out) {
  const mr_tlsf *tlsf = tlsf_of(self);
  *out = (mr_usage){.total = tlsf->total, .used = tlsf->used};
  return MR_OK;
}

static mr_status clear(mr_allocator *self) {
  mr_tlsf *tlsf = tlsf_of(self);
  for (mr_tlsf_area *area = tlsf->first; area; area = area->later) {
    if (area->is_open) hide_blocks(tlsf, area);
    area->is_open = false;
  }
  for (size_t i = 0; i <= MOST_RESTING; i++) tlsf->bins[i].count = 0;
  memset(tlsf->lists, 0, sizeof tlsf->lists);
  memset(tlsf->map, 0, sizeof tlsf->map);
  tlsf->summary = 0;
  drop(&tlsf->current);
  drop(&tlsf->gathered);
  tlsf->newest = NULL;
  tlsf->recent = NULL;
  tlsf->used = 0;
  return MR_OK;
}

static mr_status trim(mr_allocator *self) {
  mr_tlsf *tlsf = tlsf_of(self);
  flush_bins(tlsf);
  retire(tlsf, &tlsf->current);
  retire(tlsf, &tlsf->gathered);
  for (mr_tlsf_area *area = tlsf->last, *earlier; area; area = earlier) {
    earlier = area->earlier;
    if (!area->is_own || !is_unused(tlsf, area)) continue;
    if (area->is_open) mr_tlsf_remove(tlsf, whole_of(area));
    give_back(tlsf, area);
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
  if (options->growth > 0 && options->growth > parent_maximum(&made)) return MR_BLOCK_TOO_BIG;
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
  return append(tlsf, region, false) ? MR_OK : MR_NO_SPACE;
}

void mr_tlsf_fini(mr_tlsf *tlsf) {
  if (tlsf->base.ops == &mr_dead_ops) return;
  assert(mr_tlsf_is_sound(tlsf));
  for (mr_tlsf_area *area = tlsf->last, *earlier; area; area = earlier) {
    earlier = area->earlier;
    if (area->is_own) {
      give_back(tlsf, area);
    } else if (tlsf->is_watched) {
      mr_watch_show_contents(area->memory.pointer, area->memory.size);
    }
  }
  *tlsf = (mr_tlsf){.base = {&mr_dead_ops}};
}

static bool loose_is_sound(const mr_tlsf_loose *block) {
  if (!is_there(block)) return !block->end && !block->area;
  return (uintptr_t)block->start < (uintptr_t)block->end &&
         mr_tlsf_area_has(block->area, block->start) &&
         mr_tlsf_area_has(block->area, block->end - 1);
}

bool mr_tlsf_is_sound(const mr_tlsf *tlsf) {
  return tlsf->base.ops != &mr_dead_ops && tlsf->used <= tlsf->total &&
         !tlsf->first == !tlsf->last && (tlsf->first || !tlsf->newest) &&
         loose_is_sound(&tlsf->current) && loose_is_sound(&tlsf->gathered);
}

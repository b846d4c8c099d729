#include "tlsf_blocks.h"

extern inline size_t mr_tlsf_granules_of(size_t size);
extern inline bool mr_tlsf_is_there(const mr_tlsf_loose *block);
extern inline void mr_tlsf_drop(mr_tlsf_loose *block);
extern inline bool mr_tlsf_is_tail(const mr_tlsf *tlsf);
extern inline bool mr_tlsf_has_loose(const mr_tlsf *tlsf, mr_region octets);
extern inline mr_tlsf_span mr_tlsf_whole(mr_tlsf_area *area);

/* Granules of the largest block that rests. */
enum { MOST_RESTING = MR_TLSF_LARGEST_RESTING / 16 };

/* Granules after a large block's first that are looked at for another block's start. */
enum { LOOKED_AT = 256 };

/* Loose blocks. */

static mr_tlsf_span span_of(const mr_tlsf_loose *block) {
  const size_t first = mr_tlsf_granule(block->area, block->start);
  return (mr_tlsf_span){block->area, first, mr_tlsf_granule(block->area, block->end) - first};
}

/* Puts a loose block into its list. */
static void retire(mr_tlsf *tlsf, mr_tlsf_loose *block) {
  if (!mr_tlsf_is_there(block)) return;
  mr_tlsf_span span = span_of(block);
  mr_tlsf_drop(block);
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

/* Giving granules back. */

bool mr_tlsf_merge(mr_tlsf *tlsf, mr_tlsf_span span) {
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
  if (before) mr_tlsf_drop(before);
  if (after) mr_tlsf_drop(after);
  set_loose(tlsf, meets_current ? &tlsf->current : &tlsf->gathered,
            (mr_tlsf_span){area, span.first - left.count, left.count + span.count + right.count});
  return true;
}

/* Whether a block of a bin is what it should be. */
static bool is_resting(mr_tlsf *tlsf, const void *block, mr_tlsf_span *span) {
  span->area = mr_tlsf_area_of(tlsf, block);
  if (!span->area) return false;
  span->first = mr_tlsf_granule(span->area, block);
  return mr_tlsf_mark(span->area, span->first) == MR_TLSF_RESTING;
}

/* Merges the resting blocks of one size. What can't be stays. */
static bool flush_bin(mr_tlsf *tlsf, size_t granules) {
  mr_tlsf_bin *bin = &tlsf->bins[granules];
  const size_t count = bin->count;
  bin->count = 0;
  for (size_t i = 0; i < count; i++) {
    mr_tlsf_span block = {.count = granules};
    /* One that is lost by damage stays lost. */
    if (!is_resting(tlsf, bin->blocks[i], &block)) continue;
    if (!mr_tlsf_merge(tlsf, block)) bin->blocks[bin->count++] = bin->blocks[i];
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

void mr_tlsf_list_all(mr_tlsf *tlsf) {
  flush_bins(tlsf);
  retire(tlsf, &tlsf->current);
  retire(tlsf, &tlsf->gathered);
}

/* Areas. */

bool mr_tlsf_is_unused(mr_tlsf *tlsf, mr_tlsf_area *area) {
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
  set_loose(tlsf, &tlsf->current, mr_tlsf_whole(area));
  return true;
}

/* Taking granules. */

/* Whether a loose block fits, and is smaller than what was found, if something was. */
static bool fits_better(const mr_tlsf_loose *block, size_t count, size_t alignment, bool is_found,
                        const mr_tlsf_span *found) {
  if (!mr_tlsf_is_there(block)) return false;
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
  mr_tlsf_list_all(tlsf);
  for (mr_tlsf_area *area = tlsf->first; area; area = area->later) {
    *out = mr_tlsf_whole(area);
    if (mr_tlsf_place(*out, count, alignment) != SIZE_MAX && mr_tlsf_is_unused(tlsf, area))
      return true;
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
  return mr_tlsf_grow(tlsf, reach) && open_next(tlsf) && find(tlsf, count, reach, alignment, out);
}

/* Takes a free block out of its list, or what is loose out of its place. */
static void detach(mr_tlsf *tlsf, mr_tlsf_span block) {
  mr_tlsf_loose *loose = loose_at(tlsf, mr_tlsf_address(block.area, block.first));
  if (loose) {
    mr_tlsf_drop(loose);
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
    if (is_handy || !mr_tlsf_is_there(&tlsf->current)) {
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
  mr_tlsf_span span;
  if (!is_resting(tlsf, block, &span)) return NULL;
  bin->count--;
  mr_tlsf_set_mark(span.area, span.first, MR_TLSF_USED);
  return block;
}

unsigned char *mr_tlsf_take(mr_tlsf *tlsf, size_t count, size_t alignment) {
  unsigned char *block = NULL;
  if (count <= MOST_RESTING && alignment <= MR_TLSF_GRANULE) block = take_resting(tlsf, count);
  return block ? block : take_any(tlsf, count, alignment);
}

/* Blocks given back. */

bool mr_tlsf_find_block(mr_tlsf *tlsf, mr_region block, size_t alignment, mr_tlsf_span *out) {
  mr_tlsf_area *area = mr_tlsf_area_of(tlsf, block.pointer);
  if (!area || ((uintptr_t)block.pointer & ((alignment - 1) | (MR_TLSF_GRANULE - 1)))) return false;
  const size_t first = mr_tlsf_granule(area, block.pointer),
               count = mr_tlsf_granules_of(block.size);
  if (count > area->granules - first) return false;
  *out = (mr_tlsf_span){area, first, count};
  const size_t end = first + count, bound = count <= LOOKED_AT ? end : first + LOOKED_AT + 1;
  return mr_tlsf_mark(area, first) == MR_TLSF_USED &&
         mr_tlsf_next_mark(area, first, bound) == bound && !mr_tlsf_has_loose(tlsf, block) &&
         (mr_tlsf_mark(area, end) != MR_TLSF_INSIDE || loose_at(tlsf, mr_tlsf_address(area, end)));
}

bool mr_tlsf_put_to_rest(mr_tlsf *tlsf, mr_tlsf_span span, void *block) {
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

bool mr_tlsf_grow_block(mr_tlsf *tlsf, mr_tlsf_span block, size_t more) {
  const size_t end = block.first + block.count;
  mr_tlsf_span next;
  if (!find_free(tlsf, block.area, end, &next) || next.count < more) return false;
  mr_tlsf_loose *loose = loose_at(tlsf, mr_tlsf_address(block.area, end));
  detach(tlsf, next);
  const mr_tlsf_span rest = {block.area, end + more, next.count - more};
  if (rest.count > 0) set_loose(tlsf, loose ? loose : &tlsf->gathered, rest);
  return true;
}

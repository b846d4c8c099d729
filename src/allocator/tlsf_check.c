#include "tlsf_check.h"

#include "tlsf_lists.h"
#include "window.h"

/* A block, used or free. */
typedef struct part {
  mr_tlsf_span span;
  unsigned mark;
  bool is_loose;
} part;

/* The first loose block of an area from an address on; null where there is none. */
static const mr_tlsf_loose *loose_from(const mr_tlsf *tlsf, const mr_tlsf_area *area,
                                       const unsigned char *address) {
  const mr_tlsf_loose *const both[] = {&tlsf->current, &tlsf->gathered};
  const mr_tlsf_loose *found = NULL;
  for (size_t i = 0; i < 2; i++) {
    if (both[i]->area != area || (uintptr_t)both[i]->start < (uintptr_t)address) continue;
    if (!found || (uintptr_t)both[i]->start < (uintptr_t)found->start) found = both[i];
  }
  return found;
}

/* The part that begins at a granule; false where nothing does, or damage hides its end. */
static bool part_at(mr_tlsf *tlsf, mr_tlsf_area *area, size_t first, part *out) {
  const mr_tlsf_loose *loose = loose_from(tlsf, area, mr_tlsf_address(area, first));
  /* Loose blocks have no mark to end what is before them. */
  const size_t bound = loose ? mr_tlsf_granule(area, loose->start) : area->granules;
  *out = (part){.span = {area, first, 0}, .mark = mr_tlsf_mark(area, first)};
  if (first == bound) {
    out->span.count = mr_tlsf_granule(area, loose->end) - first;
    out->is_loose = true;
    return out->mark == MR_TLSF_INSIDE;
  }
  if (out->mark == MR_TLSF_INSIDE) return false;
  if (out->mark == MR_TLSF_FREE) return mr_tlsf_block_at(tlsf, area, first, &out->span);
  out->span.count = mr_tlsf_next_mark(area, first, bound) - first;
  return true;
}

static bool is_used(const part *at) { return at->mark == MR_TLSF_USED; }

bool mr_tlsf_is_handed_out(mr_tlsf *tlsf, mr_view block) {
  mr_tlsf_area *area = mr_tlsf_area_of(tlsf, block.pointer);
  part at;
  if (!area) return false;
  const size_t first = mr_tlsf_previous_mark(area, mr_tlsf_granule(area, block.pointer));
  if (first == SIZE_MAX || !part_at(tlsf, area, first, &at) || !is_used(&at)) return false;
  return mr_octets_hold(mr_tlsf_address(area, first), mr_tlsf_address(area, first + at.span.count),
                        block);
}

/* Walking. */

static mr_status show(mr_tlsf_span span, bool is_used, mr_walk_function *function, void *context) {
  const unsigned char *start = mr_tlsf_address(span.area, span.first);
  return function(context, mr_view_of(start, span.count * MR_TLSF_GRANULE), is_used);
}

mr_status mr_tlsf_walk(mr_tlsf *tlsf, mr_walk_function *function, void *context) {
  mr_status status = MR_OK;
  for (mr_tlsf_area *area = tlsf->first; area && status == MR_OK; area = area->later) {
    part at = {.span = {area, 0, area->granules}};
    for (size_t first = 0; first < area->granules && status == MR_OK; first += at.span.count) {
      if (area->is_open && !part_at(tlsf, area, first, &at)) return MR_CORRUPT;
      status = show(at.span, is_used(&at), function, context);
    }
  }
  return status;
}

/* Checking. */

/* What was counted by marks, to be compared with what is counted otherwise. */
typedef struct tally {
  size_t total;
  size_t used;
  size_t resting_blocks;
  size_t free_blocks;
} tally;

static bool is_in_bin(const mr_tlsf *tlsf, mr_tlsf_span block) {
  if (block.count > MR_TLSF_LARGEST_RESTING / MR_TLSF_GRANULE) return false;
  const mr_tlsf_bin *bin = &tlsf->bins[block.count];
  for (size_t i = 0; i < bin->count; i++) {
    if (bin->blocks[i] == mr_tlsf_address(block.area, block.first)) return true;
  }
  return false;
}

/* Says what is wrong with a part; null if nothing is. */
static const char *damage_of(mr_tlsf *tlsf, const part *at, const part *before) {
  const mr_tlsf_span span = at->span;
  const bool is_free = at->is_loose || at->mark == MR_TLSF_FREE;
  const bool was_free = before->is_loose || before->mark == MR_TLSF_FREE;
  if (is_free && was_free) return "free blocks are not merged";
  if (at->mark == MR_TLSF_RESTING) return is_in_bin(tlsf, span) ? NULL : "a resting block is lost";
  if (!is_free) return NULL;
  const size_t end = span.first + span.count - !at->is_loose;
  if (span.count > 1 && mr_tlsf_next_mark(span.area, span.first, end) != end)
    return "a mark is inside a free block";
  if (!at->is_loose && !mr_tlsf_is_linked(tlsf, span)) return "a free block's links are damaged";
  return NULL;
}

static void count_part(const part *at, tally *sum) {
  if (is_used(at)) sum->used += at->span.count * MR_TLSF_GRANULE;
  if (at->mark == MR_TLSF_RESTING) sum->resting_blocks++;
  if (at->mark == MR_TLSF_FREE) sum->free_blocks++;
}

static mr_status check_area(mr_tlsf *tlsf, mr_tlsf_area *area, tally *sum,
                            mr_condition *condition) {
  part at, before = {.mark = MR_TLSF_USED};
  sum->total += area->granules * MR_TLSF_GRANULE;
  if (!area->is_open) return MR_OK;
  for (size_t first = 0; first < area->granules; first += at.span.count) {
    const char *damage = part_at(tlsf, area, first, &at) ? damage_of(tlsf, &at, &before)
                                                         : "a free block's size is damaged";
    if (damage) {
      const void *address = mr_tlsf_address(area, first);
      mr_condition_set(condition, MR_CORRUPT, "%s, at %p", damage, address);
      if (condition) condition->offset = mr_octets_between(area->memory.pointer, address);
      return MR_CORRUPT;
    }
    count_part(&at, sum);
    before = at;
  }
  return MR_OK;
}

static size_t resting_blocks(const mr_tlsf *tlsf) {
  size_t count = 0;
  for (size_t i = 0; i < sizeof tlsf->bins / sizeof *tlsf->bins; i++) count += tlsf->bins[i].count;
  return count;
}

/* What can be reached, counted up to one more than there are. */
static size_t listed_blocks(mr_tlsf *tlsf, size_t most) {
  size_t count = 0, list = 0;
  while ((list = mr_tlsf_next_list(tlsf, list)) < MR_TLSF_LISTS) {
    mr_tlsf_span block;
    bool is_there = mr_tlsf_first_block(tlsf, list, &block);
    if (!is_there) return SIZE_MAX;
    for (; is_there && count <= most; is_there = mr_tlsf_block_after(tlsf, block, &block)) count++;
    list++;
  }
  return count;
}

static mr_status check_all(mr_tlsf *tlsf, mr_condition *condition) {
  tally sum = {0};
  if (!mr_tlsf_is_sound(tlsf))
    return mr_condition_set(condition, MR_CORRUPT, "the TLSF itself is damaged");
  for (mr_tlsf_area *area = tlsf->first; area; area = area->later) {
    if (!mr_tlsf_area_is_sound(area))
      return mr_condition_set(condition, MR_CORRUPT, "the record at %p is damaged", (void *)area);
    mr_status status = check_area(tlsf, area, &sum, condition);
    if (status != MR_OK) return status;
  }
  if (sum.used != tlsf->used || sum.total != tlsf->total)
    return mr_condition_set(condition, MR_CORRUPT, "%zu octets are used, not %zu", sum.used,
                            tlsf->used);
  if (sum.resting_blocks != resting_blocks(tlsf))
    return mr_condition_set(condition, MR_CORRUPT, "a resting block is lost");
  if (sum.free_blocks != listed_blocks(tlsf, sum.free_blocks))
    return mr_condition_set(condition, MR_CORRUPT, "a free block is lost");
  return MR_OK;
}

mr_status mr_tlsf_check(mr_tlsf *tlsf, mr_condition *condition) {
  mr_status status = check_all(tlsf, condition);
  if (status != MR_OK && condition) condition->subject = tlsf;
  return status;
}

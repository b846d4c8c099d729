#include "guarded_block.h"

#include <assert.h>
#include <string.h>

#include "watch.h"
#include "window.h"

/* What a block's pages have beside it: filled with the pattern, and hidden from tools. */

static mr_region rest_before(const mr_guarded_slot *slot) {
  unsigned char *start = slot->pages.pointer;
  return mr_region_of(start, mr_octets_between(start, slot->block.pointer));
}

static mr_region rest_after(const mr_guarded_slot *slot) {
  unsigned char *end = mr_region_end(slot->block);
  return mr_region_of(end, mr_octets_between(end, mr_region_end(slot->pages)));
}

static void fill(const mr_guarded *guarded, mr_region rest) {
  memset(rest.pointer, guarded->pattern, rest.size);
  if (guarded->is_watched) mr_watch_hide(rest.pointer, rest.size);
}

/* The first octet that is not the pattern's; null where there is none. */
static const unsigned char *changed_in(const mr_guarded *guarded, mr_region rest) {
  const unsigned char *octets = rest.pointer;
  const unsigned char *changed = NULL;
  if (guarded->is_watched) mr_watch_show_contents(octets, rest.size);
  for (size_t i = 0; i < rest.size && !changed; i++)
    if (octets[i] != guarded->pattern) changed = octets + i;
  if (guarded->is_watched) mr_watch_hide(octets, rest.size);
  return changed;
}

static const unsigned char *changed_beside(const mr_guarded *guarded, const mr_guarded_slot *slot) {
  const unsigned char *changed = changed_in(guarded, rest_before(slot));
  return changed ? changed : changed_in(guarded, rest_after(slot));
}

/* Guarded blocks. */

static void *place(const mr_guarded *guarded, mr_region pages, size_t size, size_t alignment) {
  unsigned char *start = pages.pointer;
  if (guarded->side == MR_GUARDED_START) return start;
  /* The pages are aligned too, so that this is never before them. */
  return start + ((pages.size - size) & ~(alignment - 1));
}

/* The null region where no block can be guarded now. */
static mr_region take_guarded(mr_guarded *guarded, size_t size, size_t alignment) {
  if (guarded->live >= guarded->most) return mr_region_of(NULL, 0);
  mr_guarded_slot *slot = mr_guarded_space_take(guarded->space, size, alignment);
  if (!slot) return mr_region_of(NULL, 0);

  slot->block = mr_region_of(place(guarded, slot->pages, size, alignment), size);
  slot->alignment = alignment;
  slot->allocated = mr_call_stack_here(0);
  slot->released.depth = 0;
  slot->is_live = true;
  fill(guarded, rest_before(slot));
  fill(guarded, rest_after(slot));
  guarded->live++;
  guarded->used += slot->pages.size;
  return slot->block;
}

/* xorshift64*, of Sebastiano Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
static uint64_t next_random(mr_guarded *guarded) {
  uint64_t random = guarded->random;
  random ^= random >> 12;
  random ^= random << 25;
  random ^= random >> 27;
  guarded->random = random;
  return random * UINT64_C(2685821657736338717);
}

void mr_guarded_restart(mr_guarded *guarded) {
  guarded->countdown = 1 + (size_t)(next_random(guarded) >> 1) % (2 * guarded->interval - 1);
}

mr_region mr_guarded_take(mr_guarded *guarded, size_t size, size_t alignment, unsigned flags) {
  mr_guarded_restart(guarded);
  assert(mr_guarded_is_sound(guarded));
  mr_region block = take_guarded(guarded, size, alignment);
  if (block.pointer) {
    if (guarded->is_watched && !(flags & MR_ZEROED)) mr_watch_show(block.pointer, size);
    return block;
  }
  block = guarded->parent->ops->allocate(guarded->parent, size, alignment, flags);
  guarded->missed += block.pointer != NULL;
  return block;
}

/* The live slot of exactly this block; null where there is none. */
static mr_guarded_slot *slot_of(const mr_guarded *guarded, mr_region block, size_t alignment) {
  mr_guarded_slot *slot = mr_guarded_space_find(guarded->space, block.pointer);
  if (!slot || !slot->is_live || slot->alignment != alignment) return NULL;
  bool is_same = slot->block.pointer == block.pointer && slot->block.size == block.size;
  return is_same ? slot : NULL;
}

mr_status mr_guarded_release(mr_guarded *guarded, mr_region block, size_t alignment) {
  assert(mr_guarded_is_sound(guarded));
  mr_guarded_slot *slot = slot_of(guarded, block, alignment);
  if (!slot || changed_beside(guarded, slot)) return MR_CORRUPT;

  slot->released = mr_call_stack_here(0);
  slot->is_live = false;
  guarded->live--;
  guarded->used -= slot->pages.size;
  if (guarded->is_watched) mr_watch_show_contents(slot->pages.pointer, slot->pages.size);
  mr_guarded_space_give(guarded->space, slot);
  return MR_OK;
}

mr_ownership mr_guarded_owns(const mr_guarded *guarded, mr_view block) {
  const mr_guarded_slot *slot = mr_guarded_space_find(guarded->space, block.pointer);
  bool is_ours = slot && slot->is_live &&
                 mr_octets_hold(slot->block.pointer, mr_region_end(slot->block), block);
  return is_ours ? MR_OWNS_YES : MR_OWNS_NO;
}

static size_t slot_count(const mr_guarded *guarded) {
  return atomic_load_explicit(&guarded->space->count, memory_order_relaxed);
}

mr_status mr_guarded_check(const mr_guarded *guarded, mr_condition *condition) {
  for (size_t i = 0; i < slot_count(guarded); i++) {
    const mr_guarded_slot *slot = &guarded->space->slots[i];
    const unsigned char *changed = slot->is_live ? changed_beside(guarded, slot) : NULL;
    if (!changed) continue;
    mr_condition_set(condition, MR_CORRUPT, "memory beside a block of %zu octets was written to",
                     slot->block.size);
    if (condition) condition->subject = changed;
    return MR_CORRUPT;
  }
  return MR_OK;
}

void mr_guarded_show_all(const mr_guarded *guarded) {
  for (size_t i = 0; guarded->is_watched && i < slot_count(guarded); i++) {
    const mr_guarded_slot *slot = &guarded->space->slots[i];
    if (slot->is_live) mr_watch_show_contents(slot->pages.pointer, slot->pages.size);
  }
}

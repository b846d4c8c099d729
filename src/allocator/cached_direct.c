#include "cached_direct.h"

#include <string.h>

#include "window.h"

static size_t first_slot(const mr_direct *direct, const void *pointer) {
  uintptr_t mixed = ((uintptr_t)pointer >> 4) * (uintptr_t)UINT64_C(0x9E3779B97F4A7C15);
  /* The upper half is the mixed one. */
  return (size_t)(mixed >> (sizeof mixed * 4)) & (direct->slot_count - 1);
}

static size_t next_slot(const mr_direct *direct, size_t at) {
  return (at + 1) & (direct->slot_count - 1);
}

/* The slot of a block, or the empty one where it would be. There must be slots. */
static mr_direct_block *slot_of(const mr_direct *direct, const void *pointer) {
  size_t at = first_slot(direct, pointer);
  while (direct->slots[at].region.pointer && direct->slots[at].region.pointer != pointer)
    at = next_slot(direct, at);
  return &direct->slots[at];
}

/* Null unless it is there with this size and alignment. */
static mr_direct_block *find(const mr_direct *direct, mr_region block, size_t alignment) {
  if (direct->count == 0) return NULL;
  mr_direct_block *found = slot_of(direct, block.pointer);
  bool is_it = found->region.pointer == block.pointer && found->region.size == block.size &&
               found->alignment == alignment;
  return is_it ? found : NULL;
}

static void add(mr_direct *direct, mr_region block, size_t alignment) {
  *slot_of(direct, block.pointer) = (mr_direct_block){block, alignment};
  direct->count++;
  direct->octets += block.size;
}

static void forget(mr_direct *direct, const mr_direct_block *block) {
  direct->count--;
  direct->octets -= block->region.size;
  size_t gap = (size_t)(block - direct->slots);
  /* Whatever could not be found any more beyond the gap moves into it. */
  for (size_t at = next_slot(direct, gap); direct->slots[at].region.pointer;
       at = next_slot(direct, at)) {
    size_t first = first_slot(direct, direct->slots[at].region.pointer),
           mask = direct->slot_count - 1;
    if (((at - first) & mask) < ((at - gap) & mask)) continue;
    direct->slots[gap] = direct->slots[at];
    gap = at;
  }
  direct->slots[gap] = (mr_direct_block){{NULL, 0}, 0};
}

static void free_slots(mr_allocator *records, mr_direct_block *slots, size_t count) {
  mr_region memory = mr_region_of(slots, count * sizeof *slots);
  mr_ignore(mr_deallocate(records, &memory));
}

/* Makes room for one more. */
static bool reserve(mr_direct *direct) {
  if (direct->count < direct->slot_count / 2) return true;
  mr_direct larger = *direct;
  larger.slot_count = direct->slot_count ? 2 * direct->slot_count : 16;
  larger.count = larger.octets = 0;
  mr_region memory;
  if (mr_allocate_zeroed_array(direct->records, larger.slot_count, sizeof *larger.slots, &memory) !=
      MR_OK)
    return false;
  larger.slots = memory.pointer;
  for (size_t i = 0; i < direct->slot_count; i++) {
    const mr_direct_block *block = &direct->slots[i];
    if (block->region.pointer) add(&larger, block->region, block->alignment);
  }
  free_slots(direct->records, direct->slots, direct->slot_count);
  *direct = larger;
  return true;
}

mr_region mr_direct_allocate(mr_direct *direct, size_t size, size_t alignment, unsigned flags) {
  if (!reserve(direct)) return mr_region_of(NULL, 0);
  mr_region block = direct->parent->ops->allocate(direct->parent, size, alignment, flags);
  if (block.pointer) add(direct, block, alignment);
  return block;
}

bool mr_direct_resize(mr_direct *direct, mr_region block, size_t size, size_t alignment) {
  const mr_allocator_ops *ops = direct->parent->ops;
  mr_direct_block *found = find(direct, block, alignment);
  if (!found || !ops->resize || !ops->resize(direct->parent, block, size, alignment)) return false;
  direct->octets = direct->octets - block.size + size;
  found->region.size = size;
  return true;
}

mr_region mr_direct_remap(mr_direct *direct, mr_region block, size_t size, size_t alignment) {
  const mr_allocator_ops *ops = direct->parent->ops;
  mr_direct_block *found = find(direct, block, alignment);
  if (!found || !ops->remap) return mr_region_of(NULL, 0);
  mr_region moved = ops->remap(direct->parent, block, size, alignment);
  if (!moved.pointer) return moved;
  forget(direct, found);
  add(direct, moved, alignment);
  return moved;
}

mr_status mr_direct_release(mr_direct *direct, mr_region block, size_t alignment) {
  const mr_direct_block *found = find(direct, block, alignment);
  if (!found) return MR_CORRUPT;
  mr_status status = direct->parent->ops->release(direct->parent, block, alignment);
  if (status == MR_OK) forget(direct, found);
  return status;
}

mr_ownership mr_direct_owns(const mr_direct *direct, mr_view block) {
  for (size_t i = 0; i < direct->slot_count; i++) {
    mr_region whole = direct->slots[i].region;
    if (!whole.pointer) continue;
    const unsigned char *start = whole.pointer;
    if (mr_octets_hold(start, start + whole.size, block)) return MR_OWNS_YES;
  }
  return MR_OWNS_NO;
}

mr_status mr_direct_walk(const mr_direct *direct, mr_walk_function *function, void *context) {
  for (size_t i = 0; i < direct->slot_count; i++) {
    mr_view block = mr_region_view(direct->slots[i].region);
    if (!block.pointer) continue;
    mr_status status = function(context, block, true);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

void mr_direct_clear(mr_direct *direct) {
  for (size_t i = 0; i < direct->slot_count; i++) {
    mr_direct_block *block = &direct->slots[i];
    mr_ignore(mr_deallocate_aligned(direct->parent, &block->region, block->alignment));
  }
  if (direct->slot_count) memset(direct->slots, 0, direct->slot_count * sizeof *direct->slots);
  direct->count = direct->octets = 0;
}

void mr_direct_fini(mr_direct *direct) {
  mr_direct_clear(direct);
  free_slots(direct->records, direct->slots, direct->slot_count);
}

bool mr_direct_is_sound(const mr_direct *direct) {
  size_t count = 0, octets = 0;
  for (size_t i = 0; i < direct->slot_count; i++) {
    const mr_direct_block *block = &direct->slots[i];
    if (!block->region.pointer) continue;
    if (slot_of(direct, block->region.pointer) != block) return false;
    count++;
    octets += block->region.size;
  }
  return count == direct->count && octets == direct->octets && count <= direct->slot_count / 2;
}

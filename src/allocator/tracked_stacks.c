#include <string.h>

#include "own_calls.h"
#include "tracked_records.h"

enum { FIRST_CAPACITY = 64 };

/* Each frame is mixed in by a multiplication, whose high octets then reach the low ones. */
static uint64_t hash_of(const mr_call_stack *stack) {
  uint64_t hash = stack->depth;
  for (size_t i = 0; i < stack->depth; i++) {
    hash = (hash ^ (uintptr_t)stack->frames[i]) * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 32;
  }
  return hash;
}

static bool is_same(const mr_call_stack *a, const mr_call_stack *b) {
  return a->depth == b->depth && memcmp(a->frames, b->frames, a->depth * sizeof *a->frames) == 0;
}

/* The slot of a stack in a table that is not empty: its own, else the empty one to put it in. */
static mr_tracked_calls **slot_of(const mr_tracked_records *records, uint64_t hash,
                                  const mr_call_stack *stack) {
  size_t mask = records->stack_capacity - 1;
  size_t slot = (size_t)hash & mask;
  mr_tracked_calls **stacks = records->stacks;
  while (stacks[slot] && !(stacks[slot]->hash == hash && is_same(&stacks[slot]->stack, stack)))
    slot = (slot + 1) & mask;
  return &stacks[slot];
}

static mr_region storage_of(const mr_tracked_records *records) {
  return mr_region_of((void *)records->stacks, records->stack_capacity * sizeof *records->stacks);
}

static bool grow(mr_tracked_records *records) {
  size_t capacity = records->stack_capacity ? 2 * records->stack_capacity : FIRST_CAPACITY;
  mr_region storage;
  mr_status status =
      mr_allocate_zeroed_array(records->memory, capacity, sizeof *records->stacks, &storage);
  if (status != MR_OK) return false;
  mr_region old = storage_of(records);
  mr_ignore(mr_deallocate(records->memory, &old));
  records->stacks = storage.pointer;
  records->stack_capacity = capacity;
  for (mr_tracked_calls *calls = records->first_stack; calls; calls = calls->next)
    *slot_of(records, calls->hash, &calls->stack) = calls;
  return true;
}

mr_tracked_calls *mr_records_intern(mr_tracked_records *records, const mr_call_stack *stack) {
  uint64_t hash = hash_of(stack);
  if (records->stack_count > 0) {
    mr_tracked_calls *known = *slot_of(records, hash, stack);
    if (known) return known;
  }
  bool is_full = records->stack_count >= records->stack_capacity / 4 * 3;
  mr_region storage;
  if (is_full && !grow(records)) return NULL;
  if (mr_allocate(records->memory, sizeof(mr_tracked_calls), &storage) != MR_OK) return NULL;
  mr_tracked_calls *calls = storage.pointer;
  *calls = (mr_tracked_calls){
      .next = records->first_stack, .hash = hash, .stack = *stack, .own = mr_own_calls(stack)};
  records->first_stack = calls;
  records->stack_count++;
  *slot_of(records, hash, stack) = calls;
  return calls;
}

mr_call_stack mr_calls_outer(const mr_tracked_calls *calls) {
  mr_call_stack outer = {.depth = calls->stack.depth - calls->own};
  memcpy(outer.frames, calls->stack.frames + calls->own, outer.depth * sizeof *outer.frames);
  return outer;
}

static bool comes_before(const mr_tracked_calls *a, const mr_tracked_calls *b) {
  if (a->live_octets != b->live_octets) return a->live_octets > b->live_octets;
  return a->total_octets > b->total_octets;
}

static mr_tracked_calls *merged(mr_tracked_calls *a, mr_tracked_calls *b) {
  mr_tracked_calls *first = NULL, **end = &first;
  while (a && b) {
    mr_tracked_calls **from = comes_before(b, a) ? &b : &a;
    *end = *from;
    end = &(*from)->next;
    *from = *end;
  }
  *end = a ? a : b;
  return first;
}

/* By merging, which needs no memory. */
static mr_tracked_calls *sorted(mr_tracked_calls *first, size_t count) {
  if (count < 2) return first;
  mr_tracked_calls **middle = &first;
  for (size_t i = 0; i < count / 2; i++) middle = &(*middle)->next;
  mr_tracked_calls *rest = *middle;
  *middle = NULL;
  return merged(sorted(first, count / 2), sorted(rest, count - count / 2));
}

void mr_records_sort_stacks(mr_tracked_records *records) {
  records->first_stack = sorted(records->first_stack, records->stack_count);
}

void mr_records_fini(mr_tracked_records *records) {
  while (records->first_stack) {
    mr_region storage = mr_region_of(records->first_stack, sizeof *records->first_stack);
    records->first_stack = records->first_stack->next;
    mr_ignore(mr_deallocate(records->memory, &storage));
  }
  mr_region stacks = storage_of(records);
  mr_region blocks =
      mr_region_of(records->blocks, records->block_capacity * sizeof *records->blocks);
  mr_ignore(mr_deallocate(records->memory, &stacks));
  mr_ignore(mr_deallocate(records->memory, &blocks));
}

#include <string.h>

#include "guarded_block.h"
#include "own_calls.h"
#include "window.h"

static mr_fault fault_of(const mr_guarded_slot *slot, const void *address) {
  uintptr_t at = (uintptr_t)address;
  uintptr_t start = (uintptr_t)slot->block.pointer;
  size_t size = slot->block.size;
  mr_fault fault = {.address = address,
                    .place = MR_FAULT_INSIDE,
                    .distance = at - start,
                    .block = mr_region_view(slot->block),
                    .alignment = slot->alignment,
                    .is_released = !slot->is_live,
                    .allocated = slot->allocated,
                    .released = slot->released};
  if (at < start) {
    fault.place = MR_FAULT_BEFORE;
    fault.distance = start - at;
  } else if (at - start >= size) {
    fault.place = MR_FAULT_AFTER;
    fault.distance = at - start - size;
  }
  return fault;
}

/* Which of two neighbours an address between them belongs to. */
static bool is_likelier(const mr_fault *a, const mr_fault *b) {
  if (a->is_released != b->is_released) return b->is_released;
  return a->distance < b->distance;
}

mr_status mr_guarded_describe(const mr_guarded *guarded, const void *address, mr_fault *out) {
  if (!mr_guarded_holds(guarded, address)) return MR_OUT_OF_BOUNDS;
  const mr_guarded_space *space = guarded->space;
  const mr_guarded_slot *slot = mr_guarded_space_find(guarded->space, address);
  /* One that has just come into being has had no block yet. */
  if (!slot || !slot->block.pointer) return MR_OUT_OF_BOUNDS;
  mr_fault fault = fault_of(slot, address);
  bool is_between = mr_octets_between(slot->start, address) < space->page && slot > space->slots;
  if (is_between) {
    mr_fault other = fault_of(slot - 1, address);
    if (is_likelier(&other, &fault)) fault = other;
  }
  *out = fault;
  return MR_OK;
}

static mr_status print_stack(const char *title, const mr_call_stack *stack,
                             mr_write_function *write, void *context) {
  if (stack->depth == 0) return MR_OK;
  size_t own = mr_own_calls(stack);
  mr_call_stack users = {.depth = stack->depth - own};
  memcpy(users.frames, stack->frames + own, users.depth * sizeof *users.frames);
  mr_status status = mr_text_print(write, context, "%s\n", title);
  return status == MR_OK ? mr_call_stack_print(&users, "  ", write, context) : status;
}

mr_status mr_fault_print(const mr_fault *fault, mr_write_function *write, void *context) {
  static const char *const places[] = {"octets before", "octets into", "octets after"};
  mr_status status =
      mr_text_print(write, context, "%p is %zu %s a %s block of %zu octets at %p\n", fault->address,
                    fault->distance, places[fault->place], fault->is_released ? "released" : "live",
                    fault->block.size, fault->block.pointer);
  if (status == MR_OK) status = print_stack("allocated by", &fault->allocated, write, context);
  if (status == MR_OK) status = print_stack("released by", &fault->released, write, context);
  return status;
}

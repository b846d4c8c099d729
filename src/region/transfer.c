/* Clear, fill and replace, from and to any source. */
#include <stdlib.h>
#include <string.h>

#include "borrow.h"
#include "scope.h"

static mr_status call_with_octets(mr_source source, mr_range octets, mr_direction direction,
                                  mr_region_function *function, void *context) {
  mr_scope_plan plan = mr_octets_scope_plan(source, octets, direction);
  return mr_call_planned(&plan, function, context);
}

static mr_status fill_region(void *octet, mr_region region) {
  return mr_fill(region, *(const uint8_t *)octet, mr_range_all());
}

mr_status mr_source_fill(mr_source source, uint8_t octet, mr_range range) {
  mr_range octets;
  mr_status status = mr_octets_strict(&source, range, &octets);
  if (status != MR_OK) return status;
  return call_with_octets(source, octets, MR_OUTPUT, fill_region, &octet);
}

mr_status mr_source_clear(mr_source source) { return mr_source_fill(source, 0, mr_range_all()); }

typedef struct transfer {
  mr_source to;
  /* In octets. */
  mr_range to_range;
  /* Both may lend one memory at two addresses, as mappings of one file do: memmove could not see the overlap. */
  bool is_aliased;
  /* No more than there is room for. */
  mr_view from;
  size_t copied;
} transfer;

static mr_status copy_into(void *context, mr_region to) {
  transfer *t = context;
  return mr_replace(to, mr_range_all(), t->from, mr_range_all(), &t->copied);
}

static mr_status borrow_and_copy(transfer *t) {
  /* Its end is found only when it is acquired: what is not copied has to be written back as it was. */
  if (t->to.size == MR_TO_END) return call_with_octets(t->to, t->to_range, MR_IO, copy_into, t);
  mr_range exactly = mr_range_of(t->to_range.start, t->to_range.start + t->from.size);
  return call_with_octets(t->to, exactly, MR_OUTPUT, copy_into, t);
}

static mr_status copy_by_heap(transfer *t) {
  void *aside = malloc(t->from.size);
  if (!aside) return MR_OUT_OF_MEMORY;
  memcpy(aside, t->from.pointer, t->from.size);
  t->from.pointer = aside;
  mr_status status = borrow_and_copy(t);
  free(aside);
  return status;
}

static mr_status copy_from(void *context, mr_region from) {
  transfer *t = context;
  size_t room = t->to_range.end - t->to_range.start;
  t->from = mr_view_of(from.pointer, from.size < room ? from.size : room);
  return t->is_aliased && t->from.size > 0 ? copy_by_heap(t) : borrow_and_copy(t);
}

mr_status mr_source_replace(mr_source to, mr_range to_range, mr_source from, mr_range from_range,
                            size_t *copied) {
  transfer t = {.to = to, .is_aliased = to.ops == from.ops && !mr_source_is_stable(to)};
  mr_range from_octets;
  mr_status status = mr_octets_strict(&to, to_range, &t.to_range);
  if (status == MR_OK) status = mr_octets_strict(&from, from_range, &from_octets);
  if (status == MR_OK) status = call_with_octets(from, from_octets, MR_INPUT, copy_from, &t);
  if (status == MR_OK && copied) *copied = t.copied;
  return status;
}

#include "borrow.h"

/* All zeros is the null source too. */
static size_t unit_of(const mr_source *source) { return source->unit > 0 ? source->unit : 1; }

static bool is_direction(mr_direction direction) {
  return direction == MR_INPUT || direction == MR_OUTPUT || direction == MR_IO;
}

bool mr_source_ops_are_usable(const mr_source_ops *ops) {
  const size_t needed = offsetof(mr_source_ops, release) + sizeof ops->release;
  return ops->struct_size >= needed && ops->acquire;
}

mr_status mr_octets_strict(const mr_source *source, mr_range units, mr_range *octets) {
  const size_t unit = unit_of(source), size = source->size;
  /* No product may wrap, nor be MR_TO_END by chance. */
  const size_t most = (MR_TO_END - 1) / unit;
  const bool to_end = units.end == MR_TO_END;
  if (units.start > most || (!to_end && units.end > most)) return MR_OUT_OF_BOUNDS;
  mr_range found = mr_range_of(units.start * unit, to_end ? MR_TO_END : units.end * unit);
  /* A size of MR_TO_END is unknown, and this then compares start and end. */
  mr_status status = mr_range_resolve(&found, size);
  if (status == MR_OK) *octets = found;
  return status;
}

/* `count` units, or all of `size` where that is less. */
static size_t octets_up_to(size_t size, size_t count, size_t unit) {
  return count <= size / unit ? count * unit : size;
}

mr_status mr_octets_clamped(const mr_source *source, mr_range units, mr_range *octets) {
  const size_t unit = unit_of(source), size = source->size;
  if (size == MR_TO_END) return mr_octets_strict(source, units, octets);
  if (units.start > units.end) return MR_OUT_OF_BOUNDS;
  /* A part of an element at the end belongs to the end: it is past every element. */
  *octets = mr_range_of(octets_up_to(size, units.start, unit), octets_up_to(size, units.end, unit));
  return MR_OK;
}

mr_status mr_borrow_prepare(mr_source source, mr_range octets, mr_direction direction,
                            mr_borrow *borrow, size_t *scratch_size) {
  const mr_source_ops *ops = source.ops;
  size_t size = 0;
  if (!is_direction(direction)) return MR_INVALID_ARGUMENT;
  if (ops && !mr_source_ops_are_usable(ops)) return MR_INVALID_ARGUMENT;
  if (ops && ops->scratch_size) {
    mr_status status = ops->scratch_size(&source, octets, direction, &size);
    if (status != MR_OK) return status;
  }
  *borrow = (mr_borrow){.source = source, .range = octets, .direction = direction};
  *scratch_size = size;
  return MR_OK;
}

mr_status mr_borrow_begin(mr_borrow *borrow, mr_region scratch) {
  const mr_source_ops *ops = borrow->source.ops;
  mr_region region = {NULL, 0};
  if (ops) {
    mr_status status =
        ops->acquire(&borrow->source, borrow->range, borrow->direction, scratch, &region);
    if (status != MR_OK) return status;
  }
  borrow->scratch = scratch;
  borrow->region = region;
  return MR_OK;
}

mr_status mr_scratch_size(mr_source source, mr_range range, mr_direction direction, size_t *size) {
  mr_range octets;
  mr_borrow prepared;
  mr_status status = mr_octets_strict(&source, range, &octets);
  if (status != MR_OK) return status;
  return mr_borrow_prepare(source, octets, direction, &prepared, size);
}

mr_status mr_acquire(mr_source source, mr_range range, mr_direction direction, mr_region scratch,
                     mr_borrow *borrow) {
  mr_range octets;
  mr_borrow made;
  size_t needed;
  mr_status status = mr_octets_strict(&source, range, &octets);
  if (status == MR_OK) status = mr_borrow_prepare(source, octets, direction, &made, &needed);
  if (status != MR_OK) return status;
  if (needed > scratch.size) return MR_INVALID_ARGUMENT;
  if (needed > 0 && !mr_is_aligned(mr_region_view(scratch), 16)) return MR_INVALID_ARGUMENT;
  status = mr_borrow_begin(&made, mr_region_of(needed > 0 ? scratch.pointer : NULL, needed));
  if (status == MR_OK) *borrow = made;
  return status;
}

mr_status mr_release(mr_borrow *borrow) {
  /* It ends whatever release does, and a second release finds the null source. */
  const mr_borrow ended = *borrow;
  const mr_source_ops *ops = ended.source.ops;
  *borrow = (mr_borrow){.source = mr_null_source()};
  if (!ops || !ops->release) return MR_OK;
  return ops->release(&ended.source, ended.range, ended.direction, ended.scratch, ended.region);
}

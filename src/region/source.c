#include "borrow.h"

extern inline mr_borrow_options mr_borrow_options_of(mr_range range, mr_direction direction);

static mr_status lend_region(const mr_source *source, mr_range range, mr_direction direction,
                             mr_region scratch, mr_region *region) {
  (void)direction;
  (void)scratch;
  return mr_subregion(mr_region_of(source->self, source->size), range, region);
}

static mr_status lend_view(const mr_source *source, mr_range range, mr_direction direction,
                           mr_region scratch, mr_region *region) {
  if (direction != MR_INPUT) return MR_READ_ONLY;
  return lend_region(source, range, direction, scratch, region);
}

static mr_status lend_from_pointer(const mr_source *source, mr_range range, mr_direction direction,
                                   mr_region scratch, mr_region *region) {
  (void)direction;
  (void)scratch;
  if (range.end == MR_TO_END) return MR_OUT_OF_BOUNDS;
  return mr_subregion(mr_region_of(source->self, PTRDIFF_MAX), range, region);
}

static mr_status temporary_scratch_size(const mr_source *source, mr_range range,
                                        mr_direction direction, size_t *size) {
  (void)source;
  (void)direction;
  /* An end of MR_TO_END is such a size too: that of mr_temporary_source(SIZE_MAX). */
  if (range.end - range.start > PTRDIFF_MAX) return MR_BLOCK_TOO_BIG;
  *size = range.end - range.start;
  return MR_OK;
}

static mr_status lend_temporary(const mr_source *source, mr_range range, mr_direction direction,
                                mr_region scratch, mr_region *region) {
  (void)source;
  (void)range;
  (void)direction;
  mr_clear(scratch);
  *region = scratch;
  return MR_OK;
}

static const mr_source_ops region_ops = {
    .struct_size = sizeof(mr_source_ops), .name = "region", .acquire = lend_region};
static const mr_source_ops view_ops = {
    .struct_size = sizeof(mr_source_ops), .name = "view", .acquire = lend_view};
static const mr_source_ops pointer_ops = {
    .struct_size = sizeof(mr_source_ops), .name = "pointer", .acquire = lend_from_pointer};
static const mr_source_ops temporary_ops = {.struct_size = sizeof(mr_source_ops),
                                            .name = "temporary",
                                            .scratch_size = temporary_scratch_size,
                                            .acquire = lend_temporary};

static size_t at_least_1(size_t unit) { return unit > 0 ? unit : 1; }

mr_source mr_null_source(void) { return (mr_source){NULL, NULL, 0, 1}; }

mr_source mr_region_source(mr_region region) { return mr_array_source(region, 1); }

mr_source mr_view_source(mr_view view) { return mr_const_array_source(view, 1); }

mr_source mr_array_source(mr_region array, size_t element_size) {
  return (mr_source){&region_ops, array.pointer, array.size, at_least_1(element_size)};
}

mr_source mr_const_array_source(mr_view array, size_t element_size) {
  return (mr_source){&view_ops, (void *)array.pointer, array.size, at_least_1(element_size)};
}

mr_source mr_pointer_source(void *pointer) {
  if (!pointer) return mr_null_source();
  return (mr_source){&pointer_ops, pointer, MR_TO_END, 1};
}

mr_source mr_temporary_source(size_t size) { return (mr_source){&temporary_ops, NULL, size, 1}; }

bool mr_source_is_stable(mr_source source) {
  if (!source.ops) return true;
  return mr_source_ops_are_usable(source.ops) && !source.ops->scratch_size && !source.ops->release;
}

static mr_status lend_stable(mr_source source, mr_direction direction, mr_region *out) {
  if (source.ops && !mr_source_ops_are_usable(source.ops)) return MR_INVALID_ARGUMENT;
  if (!mr_source_is_stable(source)) return MR_UNSUPPORTED;
  mr_borrow borrow;
  mr_status status = mr_acquire(source, mr_range_all(), direction, mr_region_of(NULL, 0), &borrow);
  if (status == MR_OK) *out = borrow.region;
  return status;
}

mr_status mr_to_region(mr_source source, mr_region *out) { return lend_stable(source, MR_IO, out); }

mr_status mr_to_view(mr_source source, mr_view *out) {
  mr_region region;
  mr_status status = lend_stable(source, MR_INPUT, &region);
  if (status == MR_OK) *out = mr_region_view(region);
  return status;
}

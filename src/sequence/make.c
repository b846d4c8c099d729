#include <assert.h>

#include "initial.h"
#include "packed.h"

size_t mr_sequence_storage_alignment(const mr_type *type) {
  size_t alignment = type ? mr_type_alignment(type) : 1;
  return alignment > MR_DEFAULT_ALIGNMENT ? alignment : MR_DEFAULT_ALIGNMENT;
}

mr_status mr_sequence_refuse(mr_condition *condition, mr_status status, size_t index) {
  mr_condition_set(condition, status, "element %zu does not convert: %s", index,
                   mr_status_message(status));
  if (condition) condition->offset = index;
  return status;
}

static mr_status check_initial(const mr_sequence_initial *initial, size_t count) {
  if (!initial || !initial->contents) return MR_OK;
  assert(mr_sequence_is_sound(*initial->contents));
  return initial->element || initial->contents->count != count ? MR_INVALID_ARGUMENT : MR_OK;
}

static mr_status fill(mr_sequence packed, mr_value element, mr_condition *condition) {
  if (packed.count == 0) return MR_OK;
  mr_status status = mr_sequence_set(packed, 0, element);
  if (status != MR_OK) return mr_sequence_refuse(condition, status, 0);
  mr_sequence_repeat(mr_region_of(packed.start, mr_sequence_size(packed)), packed.stride);
  return MR_OK;
}

static mr_status convert(mr_sequence packed, mr_sequence from, mr_condition *condition) {
  if (packed.type == from.type) {
    mr_sequence_gather(from, mr_range_of(0, packed.count * packed.stride), packed.start);
    return MR_OK;
  }
  for (size_t i = 0; i < packed.count; i++) {
    mr_value value;
    mr_status status = mr_sequence_get(from, i, &value);
    if (status == MR_OK) status = mr_sequence_set(packed, i, value);
    if (status != MR_OK) return mr_sequence_refuse(condition, status, i);
  }
  return MR_OK;
}

/* Gives new elements their values; without any, they are zeros already. */
static mr_status initialise(mr_sequence packed, const mr_sequence_initial *initial,
                            mr_condition *condition) {
  if (initial && initial->contents) return convert(packed, *initial->contents, condition);
  return initial && initial->element ? fill(packed, *initial->element, condition) : MR_OK;
}

mr_status mr_sequence_make(mr_allocator *allocator, const mr_type *type, size_t count,
                           const mr_sequence_initial *initial, mr_region *storage, mr_sequence *out,
                           mr_condition *condition) {
  mr_sequence made;
  mr_status status = check_initial(initial, count);
  if (status == MR_OK) status = mr_sequence_of_region(mr_region_of(NULL, 0), type, &made);
  if (status != MR_OK) return mr_condition_set(condition, status, NULL);

  mr_region block;
  size_t alignment = mr_sequence_storage_alignment(type);
  bool is_overwritten = initial && (initial->element || initial->contents);
  status = is_overwritten
               ? mr_allocate_array_aligned(allocator, count, made.stride, alignment, &block)
               : mr_allocate_zeroed_array_aligned(allocator, count, made.stride, alignment, &block);
  if (status != MR_OK) return mr_condition_set(condition, status, NULL);
  made.start = block.pointer;
  made.count = count;
  status = initialise(made, initial, condition);
  if (status != MR_OK) {
    mr_deallocate_aligned(allocator, &block, alignment);
    return status;
  }
  *storage = block;
  *out = made;
  return MR_OK;
}

mr_status mr_sequence_make_like(mr_sequence like, mr_allocator *allocator, size_t count,
                                const mr_sequence_initial *initial, mr_region *storage,
                                mr_sequence *out, mr_condition *condition) {
  return mr_sequence_make(allocator, like.type, count, initial, storage, out, condition);
}

mr_status mr_sequence_copy(mr_sequence sequence, mr_allocator *allocator, mr_region *storage,
                           mr_sequence *out, mr_condition *condition) {
  mr_sequence_initial initial = {.contents = &sequence};
  return mr_sequence_make(allocator, sequence.type, sequence.count, &initial, storage, out,
                          condition);
}

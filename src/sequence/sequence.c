#include "memregions/sequence.h"

#include <assert.h>

#include "packed.h"

extern inline size_t mr_sequence_length(mr_sequence sequence);
extern inline bool mr_sequence_is_empty(mr_sequence sequence);

static mr_status make(mr_view memory, const mr_type *type, uint32_t flags, mr_sequence *out) {
  if (!type) type = mr_scalar_type(MR_KIND_U8, MR_NATIVE_ORDER);
  size_t size = mr_type_size(type);
  if (size == 0 || !mr_view_is_sound(memory)) return MR_INVALID_ARGUMENT;
  *out = (mr_sequence){(void *)memory.pointer, memory.size / size, size, type, flags};
  return MR_OK;
}

mr_status mr_sequence_of_region(mr_region region, const mr_type *type, mr_sequence *out) {
  return make(mr_region_view(region), type, 0, out);
}

mr_status mr_sequence_of_view(mr_view view, const mr_type *type, mr_sequence *out) {
  return make(view, type, MR_SEQUENCE_READ_ONLY, out);
}

mr_status mr_sequence_of(mr_source source, const mr_type *type, mr_sequence *out) {
  mr_region region;
  mr_status status = mr_to_region(source, &region);
  if (status == MR_OK) return mr_sequence_of_region(region, type, out);
  if (status != MR_READ_ONLY) return status;
  mr_view view;
  status = mr_to_view(source, &view);
  return status == MR_OK ? mr_sequence_of_view(view, type, out) : status;
}

bool mr_sequence_is_sound(mr_sequence sequence) {
  if (!sequence.type) return !sequence.start && sequence.count == 0;
  size_t size = mr_type_size(sequence.type);
  if (size == 0 || sequence.stride < size) return false;
  return sequence.count == 0 ||
         (sequence.start && sequence.count - 1 <= (PTRDIFF_MAX - size) / sequence.stride);
}

size_t mr_sequence_size(mr_sequence sequence) {
  assert(mr_sequence_is_sound(sequence));
  if (sequence.count == 0) return 0;
  return (sequence.count - 1) * sequence.stride + mr_sequence_element_size(sequence);
}

mr_status mr_sequence_region(mr_sequence sequence, mr_region *out) {
  if (sequence.flags & MR_SEQUENCE_READ_ONLY) return MR_READ_ONLY;
  *out = mr_region_of(sequence.start, mr_sequence_size(sequence));
  return MR_OK;
}

mr_view mr_sequence_view(mr_sequence sequence) {
  return mr_view_of(sequence.start, mr_sequence_size(sequence));
}

static mr_status find_element(mr_sequence sequence, size_t index, mr_region *out) {
  assert(mr_sequence_is_sound(sequence));
  if (index >= sequence.count) return MR_OUT_OF_BOUNDS;
  *out = mr_region_of((unsigned char *)sequence.start + index * sequence.stride,
                      mr_type_size(sequence.type));
  return MR_OK;
}

mr_status mr_sequence_element_region(mr_sequence sequence, size_t index, mr_region *out) {
  if (sequence.flags & MR_SEQUENCE_READ_ONLY) return MR_READ_ONLY;
  return find_element(sequence, index, out);
}

mr_status mr_sequence_element_view(mr_sequence sequence, size_t index, mr_view *out) {
  mr_region element;
  mr_status status = find_element(sequence, index, &element);
  if (status == MR_OK) *out = mr_region_view(element);
  return status;
}

mr_status mr_sequence_get(mr_sequence sequence, size_t index, mr_value *out) {
  mr_view element;
  mr_slot slot;
  mr_status status = mr_sequence_element_view(sequence, index, &element);
  if (status == MR_OK) status = mr_slot_of(sequence.type, &slot);
  return status == MR_OK ? mr_slot_load(element, slot, out) : status;
}

mr_status mr_sequence_set(mr_sequence sequence, size_t index, mr_value value) {
  mr_region element;
  mr_slot slot;
  mr_status status = mr_sequence_element_region(sequence, index, &element);
  if (status == MR_OK) status = mr_slot_of(sequence.type, &slot);
  return status == MR_OK ? mr_slot_store(element, slot, value) : status;
}

mr_status mr_subsequence(mr_sequence sequence, mr_range range, size_t step, mr_sequence *out) {
  assert(mr_sequence_is_sound(sequence));
  if (step == 0) return MR_INVALID_ARGUMENT;
  mr_status status = mr_range_resolve(&range, sequence.count);
  if (status != MR_OK) return status;

  size_t left = range.end - range.start;
  mr_sequence part = sequence;
  part.count = left == 0 ? 0 : (left - 1) / step + 1;
  /* Past the last element there may be no memory any more, so an empty part stays at the start. */
  if (part.count > 0) part.start = (unsigned char *)sequence.start + range.start * sequence.stride;
  /* Where two elements are left, their distance fits; where one is, no distance means anything. */
  if (part.count > 1) part.stride = sequence.stride * step;
  *out = part;
  return MR_OK;
}

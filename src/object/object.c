#include "memregions/object.h"

#include <assert.h>
#include <string.h>

#include "part.h"

extern inline mr_status mr_object_region(mr_object object, mr_region *out);
extern inline mr_view mr_object_view(mr_object object);

extern inline mr_status mr_object_get_bool(mr_object object, mr_slot slot, bool *out);
extern inline mr_status mr_object_get_u8(mr_object object, mr_slot slot, uint8_t *out);
extern inline mr_status mr_object_get_i8(mr_object object, mr_slot slot, int8_t *out);
extern inline mr_status mr_object_get_u16(mr_object object, mr_slot slot, uint16_t *out);
extern inline mr_status mr_object_get_i16(mr_object object, mr_slot slot, int16_t *out);
extern inline mr_status mr_object_get_u32(mr_object object, mr_slot slot, uint32_t *out);
extern inline mr_status mr_object_get_i32(mr_object object, mr_slot slot, int32_t *out);
extern inline mr_status mr_object_get_u64(mr_object object, mr_slot slot, uint64_t *out);
extern inline mr_status mr_object_get_i64(mr_object object, mr_slot slot, int64_t *out);
extern inline mr_status mr_object_get_f32(mr_object object, mr_slot slot, float *out);
extern inline mr_status mr_object_get_f64(mr_object object, mr_slot slot, double *out);
extern inline mr_status mr_object_get_pointer(mr_object object, mr_slot slot, void **out);

extern inline mr_status mr_object_set_bool(mr_object object, mr_slot slot, bool value);
extern inline mr_status mr_object_set_u8(mr_object object, mr_slot slot, uint8_t value);
extern inline mr_status mr_object_set_i8(mr_object object, mr_slot slot, int8_t value);
extern inline mr_status mr_object_set_u16(mr_object object, mr_slot slot, uint16_t value);
extern inline mr_status mr_object_set_i16(mr_object object, mr_slot slot, int16_t value);
extern inline mr_status mr_object_set_u32(mr_object object, mr_slot slot, uint32_t value);
extern inline mr_status mr_object_set_i32(mr_object object, mr_slot slot, int32_t value);
extern inline mr_status mr_object_set_u64(mr_object object, mr_slot slot, uint64_t value);
extern inline mr_status mr_object_set_i64(mr_object object, mr_slot slot, int64_t value);
extern inline mr_status mr_object_set_f32(mr_object object, mr_slot slot, float value);
extern inline mr_status mr_object_set_f64(mr_object object, mr_slot slot, double value);
extern inline mr_status mr_object_set_pointer(mr_object object, mr_slot slot, const void *value);

static mr_status make(mr_view memory, const mr_type *type, uint32_t flags, mr_object *out) {
  mr_slot whole;
  size_t tail;
  if (mr_slot_of(type, &whole) != MR_OK) return MR_INVALID_ARGUMENT;
  if (!mr_view_is_sound(memory)) return MR_INVALID_ARGUMENT;
  size_t size = mr_type_size(type);
  if (memory.size < size) return MR_OUT_OF_BOUNDS;
  if (!mr_is_aligned(memory, mr_type_alignment(type))) return MR_MISALIGNED;
  if (mr_type_has_tail(type, &tail)) size = memory.size;
  *out = (mr_object){(void *)memory.pointer, size, type, flags};
  return MR_OK;
}

mr_status mr_object_of_region(mr_region region, const mr_type *type, mr_object *out) {
  return make(mr_region_view(region), type, 0, out);
}

mr_status mr_object_of_view(mr_view view, const mr_type *type, mr_object *out) {
  return make(view, type, MR_OBJECT_READ_ONLY, out);
}

mr_status mr_object_of(mr_source source, const mr_type *type, mr_object *out) {
  mr_region region;
  mr_status status = mr_to_region(source, &region);
  if (status == MR_OK) return mr_object_of_region(region, type, out);
  if (status != MR_READ_ONLY) return status;
  mr_view view;
  status = mr_to_view(source, &view);
  return status == MR_OK ? mr_object_of_view(view, type, out) : status;
}

mr_status mr_object_of_element(mr_sequence sequence, size_t index, mr_object *out) {
  mr_view element;
  mr_status status = mr_sequence_element_view(sequence, index, &element);
  if (status != MR_OK) return status;
  bool is_read_only = sequence.flags & MR_SEQUENCE_READ_ONLY;
  return make(element, sequence.type, is_read_only ? MR_OBJECT_READ_ONLY : 0, out);
}

mr_source mr_object_source(mr_object object) {
  assert(mr_object_is_sound(object));
  mr_region region;
  if (mr_object_region(object, &region) == MR_OK) return mr_region_source(region);
  return mr_view_source(mr_object_view(object));
}

bool mr_object_is_sound(mr_object object) {
  mr_object same;
  return (object.start || object.size == 0) &&
         make(mr_object_view(object), object.type, 0, &same) == MR_OK && same.size == object.size;
}

/* Whether what is at a slot ends with the object's own flexible array. */
static bool shares_tail(mr_object object, mr_slot slot) {
  size_t whole;
  size_t part;
  return mr_type_has_tail(slot.type, &part) && mr_type_has_tail(object.type, &whole) &&
         mr_slot_offset(slot) + part == whole;
}

/* From a slot to the object's end. */
static mr_status rest_from(mr_object object, mr_slot slot, mr_view *out) {
  return mr_subview(mr_object_view(object), mr_range_from(mr_slot_offset(slot)), out);
}

/* What is a view of octets has those of the object's own flexible array in it, as far as there are whole elements. */
static mr_status load_view(mr_object object, mr_slot slot, mr_value *out) {
  mr_view octets;
  mr_status status = mr_slot_load(mr_object_view(object), slot, out);
  if (status != MR_OK || !shares_tail(object, slot)) return status;
  status = rest_from(object, slot, &octets);
  if (status != MR_OK) return status;
  if (mr_type_is_flexible_array(slot.type)) {
    size_t size = mr_type_size(mr_type_element(slot.type));
    octets.size = size > 0 ? octets.size - octets.size % size : 0;
  }
  out->as.view = octets;
  return MR_OK;
}

static mr_status load(mr_object object, mr_slot slot, mr_value *out) {
  mr_kind kind = mr_type_kind(slot.type);
  bool is_view = kind == MR_KIND_ARRAY || kind == MR_KIND_STRUCT;
  return is_view ? load_view(object, slot, out) : mr_slot_load(mr_object_view(object), slot, out);
}

mr_status mr_object_get(mr_object object, const char *path, mr_value *out) {
  assert(mr_object_is_sound(object));
  mr_slot slot;
  mr_status status = mr_slot_find(object.type, path, &slot, NULL);
  return status == MR_OK ? load(object, slot, out) : status;
}

/* Where a slot that is to be written is. */
static mr_status find_to_write(mr_object object, const char *path, mr_region *memory,
                               mr_slot *slot) {
  assert(mr_object_is_sound(object));
  mr_status status = mr_object_region(object, memory);
  return status == MR_OK ? mr_slot_find(object.type, path, slot, NULL) : status;
}

mr_status mr_object_set(mr_object object, const char *path, mr_value value) {
  mr_region memory;
  mr_slot slot;
  mr_status status = find_to_write(object, path, &memory, &slot);
  return status == MR_OK ? mr_slot_store(memory, slot, value) : status;
}

mr_status mr_object_set_fitted(mr_object object, const char *path, mr_value value, mr_fit fit) {
  mr_region memory;
  mr_slot slot;
  mr_status status = find_to_write(object, path, &memory, &slot);
  return status == MR_OK ? mr_slot_store_fitted(memory, slot, value, fit) : status;
}

bool mr_object_is_bound(mr_object object, const char *path) {
  assert(mr_object_is_sound(object));
  mr_slot slot;
  return mr_slot_find(object.type, path, &slot, NULL) == MR_OK;
}

mr_status mr_object_make_unbound(mr_object object, const char *path) {
  assert(mr_object_is_sound(object));
  mr_slot slot;
  mr_status status = mr_slot_find(object.type, path, &slot, NULL);
  return status == MR_OK ? MR_UNSUPPORTED : status;
}

mr_status mr_object_at(mr_object object, const char *path, mr_object *out) {
  assert(mr_object_is_sound(object));
  mr_slot slot;
  mr_view octets;
  mr_status status = mr_slot_find(object.type, path, &slot, NULL);
  if (status != MR_OK) return status;
  if (mr_slot_bit_width(slot) > 0) return MR_UNSUPPORTED;
  status = shares_tail(object, slot) ? rest_from(object, slot, &octets)
                                     : mr_slot_view(mr_object_view(object), slot, &octets);
  return status == MR_OK ? make(octets, slot.type, object.flags, out) : status;
}

static mr_status sequence_of_array(mr_object object, const char *path, mr_sequence *out) {
  mr_slot slot;
  mr_view octets;
  mr_status status = mr_slot_find(object.type, path, &slot, NULL);
  if (status != MR_OK) return status;
  if (mr_type_kind(slot.type) != MR_KIND_ARRAY) return MR_TYPE_MISMATCH;
  status = mr_type_is_flexible_array(slot.type)
               ? rest_from(object, slot, &octets)
               : mr_slot_view(mr_object_view(object), slot, &octets);
  if (status == MR_OK) status = mr_sequence_of_view(octets, mr_type_element(slot.type), out);
  if (status == MR_OK && !(object.flags & MR_OBJECT_READ_ONLY)) out->flags = 0;
  return status;
}

static mr_status sequence_of_slice(mr_object object, const char *path, mr_sequence *out) {
  mr_slots slots;
  mr_status status = mr_slots_find(object.type, path, &slots, NULL);
  if (status != MR_OK) return status;
  size_t size = mr_type_size(slots.first.type);
  size_t offset = mr_slot_offset(slots.first);
  if (mr_slot_bit_width(slots.first) > 0) return MR_UNSUPPORTED;
  if (size == 0) return MR_INVALID_ARGUMENT;
  if (offset > object.size || slots.start > object.size) return MR_OUT_OF_BOUNDS;
  if (slots.count == MR_TO_END) slots.count = (object.size - slots.start) / slots.stride;
  if (slots.count > 0) {
    size_t room = object.size - offset;
    if (size > room || slots.count - 1 > (room - size) / slots.stride) return MR_OUT_OF_BOUNDS;
  }
  bool is_read_only = object.flags & MR_OBJECT_READ_ONLY;
  unsigned char *start = object.start;
  *out = (mr_sequence){.start = start ? start + offset : NULL,
                       .count = slots.count,
                       .stride = slots.stride,
                       .type = slots.first.type,
                       .flags = is_read_only ? MR_SEQUENCE_READ_ONLY : 0};
  return MR_OK;
}

mr_status mr_object_sequence_at(mr_object object, const char *path, mr_sequence *out) {
  assert(mr_object_is_sound(object));
  /* A colon stands in slices only. */
  return path && strchr(path, ':') ? sequence_of_slice(object, path, out)
                                   : sequence_of_array(object, path, out);
}

mr_status mr_object_get_slot(mr_object object, mr_slot slot, mr_value *out) {
  assert(mr_object_is_sound(object));
  return load(object, slot, out);
}

mr_status mr_object_set_slot(mr_object object, mr_slot slot, mr_value value) {
  assert(mr_object_is_sound(object));
  mr_region memory;
  mr_status status = mr_object_region(object, &memory);
  return status == MR_OK ? mr_slot_store(memory, slot, value) : status;
}

mr_status mr_object_set_slot_fitted(mr_object object, mr_slot slot, mr_value value, mr_fit fit) {
  assert(mr_object_is_sound(object));
  mr_region memory;
  mr_status status = mr_object_region(object, &memory);
  return status == MR_OK ? mr_slot_store_fitted(memory, slot, value, fit) : status;
}

#include "memregions/object.h"

#include <assert.h>

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
  if (!type || mr_type_kind(type) == MR_KIND_VOID) return MR_INVALID_ARGUMENT;
  if (!mr_view_is_sound(memory)) return MR_INVALID_ARGUMENT;
  size_t size = mr_type_size(type);
  if (memory.size < size) return MR_OUT_OF_BOUNDS;
  if (!mr_is_aligned(memory, mr_type_alignment(type))) return MR_MISALIGNED;
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

mr_status mr_object_get(mr_object object, const char *path, mr_value *out) {
  assert(mr_object_is_sound(object));
  mr_slot slot;
  mr_status status = mr_slot_find(object.type, path, &slot, NULL);
  return status == MR_OK ? mr_slot_load(mr_object_view(object), slot, out) : status;
}

mr_status mr_object_set(mr_object object, const char *path, mr_value value) {
  assert(mr_object_is_sound(object));
  mr_region memory;
  mr_slot slot;
  mr_status status = mr_object_region(object, &memory);
  if (status == MR_OK) status = mr_slot_find(object.type, path, &slot, NULL);
  return status == MR_OK ? mr_slot_store(memory, slot, value) : status;
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

/* Where a slot is, and of what type. */
static mr_status locate(mr_object object, const char *path, const mr_type **type, mr_view *octets) {
  assert(mr_object_is_sound(object));
  mr_slot slot;
  mr_status status = mr_slot_find(object.type, path, &slot, NULL);
  if (status == MR_OK) status = mr_slot_view(mr_object_view(object), slot, octets);
  if (status == MR_OK) *type = slot.type;
  return status;
}

mr_status mr_object_at(mr_object object, const char *path, mr_object *out) {
  const mr_type *type;
  mr_view octets;
  mr_status status = locate(object, path, &type, &octets);
  return status == MR_OK ? make(octets, type, object.flags, out) : status;
}

mr_status mr_object_sequence_at(mr_object object, const char *path, mr_sequence *out) {
  const mr_type *type;
  mr_view octets;
  mr_status status = locate(object, path, &type, &octets);
  if (status != MR_OK) return status;
  if (mr_type_kind(type) != MR_KIND_ARRAY) return MR_TYPE_MISMATCH;
  status = mr_sequence_of_view(octets, mr_type_element(type), out);
  if (status == MR_OK && !(object.flags & MR_OBJECT_READ_ONLY)) out->flags = 0;
  return status;
}

mr_status mr_object_get_slot(mr_object object, mr_slot slot, mr_value *out) {
  assert(mr_object_is_sound(object));
  return mr_slot_load(mr_object_view(object), slot, out);
}

mr_status mr_object_set_slot(mr_object object, mr_slot slot, mr_value value) {
  assert(mr_object_is_sound(object));
  mr_region memory;
  mr_status status = mr_object_region(object, &memory);
  return status == MR_OK ? mr_slot_store(memory, slot, value) : status;
}

#include "slot.h"

#include <string.h>

#include "value.h"

mr_status mr_slot_of(const mr_type *type, mr_slot *out) {
  if (mr_type_kind(type) == MR_KIND_VOID) return MR_TYPE_MISMATCH;
  *out = mr_slot_at(type, 0);
  return MR_OK;
}

/* The octets of a slot; neither end wraps: an offset has 44 bits, and lies in an object. */
static mr_range range_of(mr_slot slot) {
  size_t offset = mr_slot_offset(slot);
  return mr_range_of(offset, offset + (slot.type ? slot.type->size : 0));
}

mr_status mr_slot_region(mr_region memory, mr_slot slot, mr_region *out) {
  return mr_subregion(memory, range_of(slot), out);
}

mr_status mr_slot_view(mr_view memory, mr_slot slot, mr_view *out) {
  return mr_subview(memory, range_of(slot), out);
}

/* Octets of a scalar, from its type's order to this machine's or back. */
static void copy_ordered(const mr_type *type, void *to, const void *from) {
  if (type->is_swapped) {
    size_t width = mr_kind_is_complex((mr_kind)type->kind) ? type->size / 2 : type->size;
    mr_ignore(mr_replace_swapped(mr_region_of(to, type->size), mr_view_of(from, type->size), width,
                                 NULL));
  } else {
    memcpy(to, from, type->size);
  }
}

/* What is not just the octets of its kind. */
static MR_COLD mr_status load_indirect(mr_view memory, mr_slot slot, mr_value *out) {
  mr_view octets;
  mr_scalar_octets native;
  const mr_type *type = slot.type;
  mr_kind kind = type ? (mr_kind)type->kind : MR_KIND_VOID;
  mr_status status = mr_slot_view(memory, slot, &octets);
  if (status != MR_OK) return status;
  if (type && mr_kind_is_scalar(kind)) {
    copy_ordered(type, native.octets, octets.pointer);
    return mr_value_decode(kind, native.octets, out);
  }
  mr_value_clear(out, kind);
  out->as.view = octets;
  return MR_OK;
}

mr_status mr_slot_load(mr_view memory, mr_slot slot, mr_value *out) {
  const mr_type *type = slot.type;
  if (!type || type->is_swapped || !mr_kind_is_scalar((mr_kind)type->kind)) {
    return load_indirect(memory, slot, out);
  }
  const void *from = mr_octets_at(memory, mr_slot_offset(slot), type->size);
  return from ? mr_value_decode((mr_kind)type->kind, from, out) : MR_OUT_OF_BOUNDS;
}

mr_status mr_slot_store(mr_region memory, mr_slot slot, mr_value value) {
  mr_region octets;
  mr_view given;
  mr_status status = mr_slot_region(memory, slot, &octets);
  if (status != MR_OK) return status;
  if (mr_value_to_view(value, &given) == MR_OK) {
    if (given.size != octets.size) return MR_TYPE_MISMATCH;
    return mr_replace(octets, mr_range_all(), given, mr_range_all(), NULL);
  }
  if (!mr_kind_is_scalar(mr_type_kind(slot.type))) return MR_TYPE_MISMATCH;
  mr_scalar_octets native;
  status = mr_value_encode(value, mr_type_kind(slot.type), native.octets);
  if (status == MR_OK) copy_ordered(slot.type, octets.pointer, native.octets);
  return status;
}

/* The typed forms where the slot is not just of the kind. */

static mr_status convert_to(mr_view memory, mr_slot slot, mr_kind kind, void *out) {
  mr_value value;
  mr_status status = mr_slot_load(memory, slot, &value);
  return status == MR_OK ? mr_value_encode(value, kind, out) : status;
}

mr_status mr_slot_convert_to_bool(mr_view memory, mr_slot slot, bool *out) {
  return convert_to(memory, slot, MR_KIND_BOOL, out);
}

mr_status mr_slot_convert_to_u8(mr_view memory, mr_slot slot, uint8_t *out) {
  return convert_to(memory, slot, MR_KIND_U8, out);
}

mr_status mr_slot_convert_to_i8(mr_view memory, mr_slot slot, int8_t *out) {
  return convert_to(memory, slot, MR_KIND_I8, out);
}

mr_status mr_slot_convert_to_u16(mr_view memory, mr_slot slot, uint16_t *out) {
  return convert_to(memory, slot, MR_KIND_U16, out);
}

mr_status mr_slot_convert_to_i16(mr_view memory, mr_slot slot, int16_t *out) {
  return convert_to(memory, slot, MR_KIND_I16, out);
}

mr_status mr_slot_convert_to_u32(mr_view memory, mr_slot slot, uint32_t *out) {
  return convert_to(memory, slot, MR_KIND_U32, out);
}

mr_status mr_slot_convert_to_i32(mr_view memory, mr_slot slot, int32_t *out) {
  return convert_to(memory, slot, MR_KIND_I32, out);
}

mr_status mr_slot_convert_to_u64(mr_view memory, mr_slot slot, uint64_t *out) {
  return convert_to(memory, slot, MR_KIND_U64, out);
}

mr_status mr_slot_convert_to_i64(mr_view memory, mr_slot slot, int64_t *out) {
  return convert_to(memory, slot, MR_KIND_I64, out);
}

mr_status mr_slot_convert_to_f32(mr_view memory, mr_slot slot, float *out) {
  return convert_to(memory, slot, MR_KIND_F32, out);
}

mr_status mr_slot_convert_to_f64(mr_view memory, mr_slot slot, double *out) {
  return convert_to(memory, slot, MR_KIND_F64, out);
}

mr_status mr_slot_convert_to_pointer(mr_view memory, mr_slot slot, void **out) {
  return convert_to(memory, slot, MR_KIND_POINTER, out);
}

mr_status mr_slot_convert_from_bool(mr_region memory, mr_slot slot, bool value) {
  return mr_slot_store(memory, slot, mr_value_of_bool(value));
}

mr_status mr_slot_convert_from_u8(mr_region memory, mr_slot slot, uint8_t value) {
  return mr_slot_store(memory, slot, mr_value_of_u64(value));
}

mr_status mr_slot_convert_from_i8(mr_region memory, mr_slot slot, int8_t value) {
  return mr_slot_store(memory, slot, mr_value_of_i64(value));
}

mr_status mr_slot_convert_from_u16(mr_region memory, mr_slot slot, uint16_t value) {
  return mr_slot_store(memory, slot, mr_value_of_u64(value));
}

mr_status mr_slot_convert_from_i16(mr_region memory, mr_slot slot, int16_t value) {
  return mr_slot_store(memory, slot, mr_value_of_i64(value));
}

mr_status mr_slot_convert_from_u32(mr_region memory, mr_slot slot, uint32_t value) {
  return mr_slot_store(memory, slot, mr_value_of_u64(value));
}

mr_status mr_slot_convert_from_i32(mr_region memory, mr_slot slot, int32_t value) {
  return mr_slot_store(memory, slot, mr_value_of_i64(value));
}

mr_status mr_slot_convert_from_u64(mr_region memory, mr_slot slot, uint64_t value) {
  return mr_slot_store(memory, slot, mr_value_of_u64(value));
}

mr_status mr_slot_convert_from_i64(mr_region memory, mr_slot slot, int64_t value) {
  return mr_slot_store(memory, slot, mr_value_of_i64(value));
}

mr_status mr_slot_convert_from_f32(mr_region memory, mr_slot slot, float value) {
  return mr_slot_store(memory, slot, mr_value_of_f32(value));
}

mr_status mr_slot_convert_from_f64(mr_region memory, mr_slot slot, double value) {
  return mr_slot_store(memory, slot, mr_value_of_f64(value));
}

mr_status mr_slot_convert_from_pointer(mr_region memory, mr_slot slot, const void *value) {
  return mr_slot_store(memory, slot, mr_value_of_pointer(value));
}

/* The one definition of each inline function, for callers that load symbols. */
extern inline size_t mr_slot_offset(mr_slot slot);
extern inline bool mr_slot_is_exactly(mr_slot slot, mr_kind kind);
extern inline bool mr_slot_is_inside(mr_slot slot, mr_kind kind, size_t width, size_t size);
extern inline mr_status mr_slot_get_bool(mr_view memory, mr_slot slot, bool *out);
extern inline mr_status mr_slot_get_u8(mr_view memory, mr_slot slot, uint8_t *out);
extern inline mr_status mr_slot_get_i8(mr_view memory, mr_slot slot, int8_t *out);
extern inline mr_status mr_slot_get_u16(mr_view memory, mr_slot slot, uint16_t *out);
extern inline mr_status mr_slot_get_i16(mr_view memory, mr_slot slot, int16_t *out);
extern inline mr_status mr_slot_get_u32(mr_view memory, mr_slot slot, uint32_t *out);
extern inline mr_status mr_slot_get_i32(mr_view memory, mr_slot slot, int32_t *out);
extern inline mr_status mr_slot_get_u64(mr_view memory, mr_slot slot, uint64_t *out);
extern inline mr_status mr_slot_get_i64(mr_view memory, mr_slot slot, int64_t *out);
extern inline mr_status mr_slot_get_f32(mr_view memory, mr_slot slot, float *out);
extern inline mr_status mr_slot_get_f64(mr_view memory, mr_slot slot, double *out);
extern inline mr_status mr_slot_get_pointer(mr_view memory, mr_slot slot, void **out);
extern inline mr_status mr_slot_set_bool(mr_region memory, mr_slot slot, bool value);
extern inline mr_status mr_slot_set_u8(mr_region memory, mr_slot slot, uint8_t value);
extern inline mr_status mr_slot_set_i8(mr_region memory, mr_slot slot, int8_t value);
extern inline mr_status mr_slot_set_u16(mr_region memory, mr_slot slot, uint16_t value);
extern inline mr_status mr_slot_set_i16(mr_region memory, mr_slot slot, int16_t value);
extern inline mr_status mr_slot_set_u32(mr_region memory, mr_slot slot, uint32_t value);
extern inline mr_status mr_slot_set_i32(mr_region memory, mr_slot slot, int32_t value);
extern inline mr_status mr_slot_set_u64(mr_region memory, mr_slot slot, uint64_t value);
extern inline mr_status mr_slot_set_i64(mr_region memory, mr_slot slot, int64_t value);
extern inline mr_status mr_slot_set_f32(mr_region memory, mr_slot slot, float value);
extern inline mr_status mr_slot_set_f64(mr_region memory, mr_slot slot, double value);
extern inline mr_status mr_slot_set_pointer(mr_region memory, mr_slot slot, const void *value);

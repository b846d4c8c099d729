/* The typed reads and writes of slots that are not just of the kind. Integers of up to 64 bits, which
 * bit-fields and swapped ones are, go straight from bits to bits; all others by way of a value. */

#include <string.h>

#include "value.h"
#include "word.h"

static MR_COLD mr_status convert_to(mr_view memory, mr_slot slot, mr_kind kind, void *out) {
  mr_value value;
  mr_status status = mr_slot_load(memory, slot, &value);
  return status == MR_OK ? mr_value_encode(&value, kind, MR_FIT_CHECKED, out) : status;
}

/* Whether the octets at `slot` are just `width` of `kind` in the other order, and inside memory of
 * `size`. Kinds of up to 64 bits have one size: what is indirect there, and no bit-field, is swapped. */
static inline bool is_swapped(mr_slot slot, mr_kind kind, size_t width, size_t size) {
  return (slot.where & MR_SLOT_LOW_MASK) == (MR_SLOT_INDIRECT | (uint64_t)kind) &&
         (slot.where >> MR_SLOT_SHIFT) + width <= size;
}

static inline const unsigned char *octets_at(mr_view memory, mr_slot slot) {
  return (const unsigned char *)memory.pointer + mr_slot_offset(slot);
}

mr_status mr_slot_convert_to_bool(mr_view memory, mr_slot slot, bool *out) {
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_BOOL, out);
  if (!mr_word_is_in_unsigned(word, 1)) return MR_OVERFLOW;
  *out = word.bits != 0;
  return MR_OK;
}

mr_status mr_slot_convert_to_u8(mr_view memory, mr_slot slot, uint8_t *out) {
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_U8, out);
  if (!mr_word_is_in_unsigned(word, UINT8_MAX)) return MR_OVERFLOW;
  *out = (uint8_t)word.bits;
  return MR_OK;
}

mr_status mr_slot_convert_to_i8(mr_view memory, mr_slot slot, int8_t *out) {
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_I8, out);
  if (!mr_word_is_in_signed(word, INT8_MAX)) return MR_OVERFLOW;
  *out = (int8_t)word.bits;
  return MR_OK;
}

mr_status mr_slot_convert_to_u16(mr_view memory, mr_slot slot, uint16_t *out) {
  if (is_swapped(slot, MR_KIND_U16, sizeof *out, memory.size)) {
    *out = mr_swap_u16(mr_peek_u16(octets_at(memory, slot), MR_NATIVE_ORDER));
    return MR_OK;
  }
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_U16, out);
  if (!mr_word_is_in_unsigned(word, UINT16_MAX)) return MR_OVERFLOW;
  *out = (uint16_t)word.bits;
  return MR_OK;
}

mr_status mr_slot_convert_to_i16(mr_view memory, mr_slot slot, int16_t *out) {
  if (is_swapped(slot, MR_KIND_I16, sizeof *out, memory.size)) {
    *out = (int16_t)mr_swap_u16(mr_peek_u16(octets_at(memory, slot), MR_NATIVE_ORDER));
    return MR_OK;
  }
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_I16, out);
  if (!mr_word_is_in_signed(word, INT16_MAX)) return MR_OVERFLOW;
  *out = (int16_t)word.bits;
  return MR_OK;
}

mr_status mr_slot_convert_to_u32(mr_view memory, mr_slot slot, uint32_t *out) {
  if (is_swapped(slot, MR_KIND_U32, sizeof *out, memory.size)) {
    *out = mr_swap_u32(mr_peek_u32(octets_at(memory, slot), MR_NATIVE_ORDER));
    return MR_OK;
  }
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_U32, out);
  if (!mr_word_is_in_unsigned(word, UINT32_MAX)) return MR_OVERFLOW;
  *out = (uint32_t)word.bits;
  return MR_OK;
}

mr_status mr_slot_convert_to_i32(mr_view memory, mr_slot slot, int32_t *out) {
  if (is_swapped(slot, MR_KIND_I32, sizeof *out, memory.size)) {
    *out = (int32_t)mr_swap_u32(mr_peek_u32(octets_at(memory, slot), MR_NATIVE_ORDER));
    return MR_OK;
  }
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_I32, out);
  if (!mr_word_is_in_signed(word, INT32_MAX)) return MR_OVERFLOW;
  *out = (int32_t)word.bits;
  return MR_OK;
}

mr_status mr_slot_convert_to_u64(mr_view memory, mr_slot slot, uint64_t *out) {
  if (is_swapped(slot, MR_KIND_U64, sizeof *out, memory.size)) {
    *out = mr_swap_u64(mr_peek_u64(octets_at(memory, slot), MR_NATIVE_ORDER));
    return MR_OK;
  }
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_U64, out);
  if (word.is_negative) return MR_OVERFLOW;
  *out = (uint64_t)word.bits;
  return MR_OK;
}

mr_status mr_slot_convert_to_i64(mr_view memory, mr_slot slot, int64_t *out) {
  if (is_swapped(slot, MR_KIND_I64, sizeof *out, memory.size)) {
    *out = (int64_t)mr_swap_u64(mr_peek_u64(octets_at(memory, slot), MR_NATIVE_ORDER));
    return MR_OK;
  }
  mr_word word;
  if (!mr_word_get(memory, slot, &word)) return convert_to(memory, slot, MR_KIND_I64, out);
  if (!mr_word_is_in_signed(word, INT64_MAX)) return MR_OVERFLOW;
  *out = (int64_t)word.bits;
  return MR_OK;
}

mr_status mr_slot_convert_to_f32(mr_view memory, mr_slot slot, float *out) {
  if (!is_swapped(slot, MR_KIND_F32, sizeof *out, memory.size)) {
    return convert_to(memory, slot, MR_KIND_F32, out);
  }
  uint32_t octets = mr_swap_u32(mr_peek_u32(octets_at(memory, slot), MR_NATIVE_ORDER));
  memcpy(out, &octets, sizeof octets);
  return MR_OK;
}

mr_status mr_slot_convert_to_f64(mr_view memory, mr_slot slot, double *out) {
  if (!is_swapped(slot, MR_KIND_F64, sizeof *out, memory.size)) {
    return convert_to(memory, slot, MR_KIND_F64, out);
  }
  uint64_t octets = mr_swap_u64(mr_peek_u64(octets_at(memory, slot), MR_NATIVE_ORDER));
  memcpy(out, &octets, sizeof octets);
  return MR_OK;
}

mr_status mr_slot_convert_to_pointer(mr_view memory, mr_slot slot, void **out) {
  return convert_to(memory, slot, MR_KIND_POINTER, out);
}

/* Writes. */

static mr_status store_signed(mr_region memory, mr_slot slot, int64_t value) {
  return mr_slot_store_word(memory, slot, (mr_word){(uint64_t)value, value < 0});
}

static mr_status store_unsigned(mr_region memory, mr_slot slot, uint64_t value) {
  return mr_slot_store_word(memory, slot, (mr_word){value, false});
}

mr_status mr_slot_convert_from_bool(mr_region memory, mr_slot slot, bool value) {
  return store_unsigned(memory, slot, value);
}

mr_status mr_slot_convert_from_u8(mr_region memory, mr_slot slot, uint8_t value) {
  return store_unsigned(memory, slot, value);
}

mr_status mr_slot_convert_from_i8(mr_region memory, mr_slot slot, int8_t value) {
  return store_signed(memory, slot, value);
}

mr_status mr_slot_convert_from_u16(mr_region memory, mr_slot slot, uint16_t value) {
  return store_unsigned(memory, slot, value);
}

mr_status mr_slot_convert_from_i16(mr_region memory, mr_slot slot, int16_t value) {
  return store_signed(memory, slot, value);
}

mr_status mr_slot_convert_from_u32(mr_region memory, mr_slot slot, uint32_t value) {
  return store_unsigned(memory, slot, value);
}

mr_status mr_slot_convert_from_i32(mr_region memory, mr_slot slot, int32_t value) {
  return store_signed(memory, slot, value);
}

mr_status mr_slot_convert_from_u64(mr_region memory, mr_slot slot, uint64_t value) {
  return store_unsigned(memory, slot, value);
}

mr_status mr_slot_convert_from_i64(mr_region memory, mr_slot slot, int64_t value) {
  return store_signed(memory, slot, value);
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

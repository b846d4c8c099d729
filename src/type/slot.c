#include "slot.h"

#include <string.h>

#include "bits.h"
#include "foreign.h"
#include "value.h"
#include "word.h"

mr_status mr_slot_of(const mr_type *type, mr_slot *out) {
  if (!mr_type_is_data(type)) return MR_TYPE_MISMATCH;
  *out = mr_slot_at(type, 0);
  return MR_OK;
}

/* The octets of a slot; neither end wraps: an offset has 44 bits, and lies in an object. */
static mr_range range_of(mr_slot slot) {
  size_t offset = mr_slot_offset(slot);
  size_t size = slot.type ? slot.type->size : 0;
  unsigned width = mr_slot_bit_width(slot);
  if (width > 0) size = mr_bits_size(mr_slot_bit_offset(slot), width);
  return mr_range_of(offset, offset + size);
}

mr_status mr_slot_region(mr_region memory, mr_slot slot, mr_region *out) {
  return mr_subregion(memory, range_of(slot), out);
}

mr_status mr_slot_view(mr_view memory, mr_slot slot, mr_view *out) {
  return mr_subview(memory, range_of(slot), out);
}

/* Integers as bits: bit-fields, and those in another order. */

/* The bits at a slot that are an integer; 0 where there is none. */
static unsigned width_of(mr_slot slot) {
  mr_kind kind = mr_type_kind(slot.type);
  unsigned width = mr_slot_bit_width(slot);
  if (kind != MR_KIND_BOOL && !mr_kind_is_integer(kind)) return 0;
  if (width == 0) width = (unsigned)slot.type->size * 8;
  return width <= 128 ? width : 0;
}

static void set_integer(const mr_type *type, uint64_t high, uint64_t low, mr_value *out) {
  mr_kind kind = (mr_kind)type->kind;
  mr_value_clear(out, kind);
  if (kind == MR_KIND_BOOL) {
    out->as.boolean = low != 0;
    return;
  }
  out->as.words[0] = low;
  if (kind >= MR_KIND_I128) out->as.words[1] = high;
  if (type->is_enum) out->rest = (uintptr_t)type;
}

static mr_status load_bits(const void *from, mr_slot slot, mr_value *out) {
  unsigned width = width_of(slot);
  if (width == 0) return MR_TYPE_MISMATCH;
  mr_kind kind = (mr_kind)slot.type->kind;
  uint64_t high;
  uint64_t low;
  mr_bits_get_wide(from, mr_slot_bit_offset(slot), width, (mr_byte_order)slot.type->order, &high,
                   &low);
  if (mr_kind_is_signed(kind)) mr_words_extend(width, &high, &low);
  set_integer(slot.type, high, low, out);
  return MR_OK;
}

static mr_status store_bits(void *to, mr_slot slot, const mr_value *value, mr_fit fit) {
  unsigned width = width_of(slot);
  uint64_t high;
  uint64_t low;
  if (width == 0) return MR_TYPE_MISMATCH;
  bool is_signed = mr_kind_is_signed((mr_kind)slot.type->kind);
  mr_status status = mr_value_to_words(value, width, is_signed, fit, &high, &low);
  if (status != MR_OK) return status;
  mr_bits_put_wide(to, mr_slot_bit_offset(slot), width, (mr_byte_order)slot.type->order, high, low);
  return MR_OK;
}

/* Whether it is an integer of which there is more to know than its octets say. */
static bool is_bits(mr_slot slot) {
  return mr_slot_bit_width(slot) > 0 || slot.type->is_enum ||
         (slot.type->is_foreign && mr_kind_is_integer((mr_kind)slot.type->kind));
}

/* What is not just the octets of its kind. */
static MR_COLD mr_status load_indirect(mr_view memory, mr_slot slot, mr_value *out) {
  mr_word word;
  mr_view octets;
  mr_scalar_octets native;
  if (mr_word_get(memory, slot, &word)) {
    set_integer(slot.type, 0, word.bits, out);
    return MR_OK;
  }
  mr_kind kind = mr_type_kind(slot.type);
  mr_status status = mr_slot_view(memory, slot, &octets);
  if (status != MR_OK) return status;
  if (slot.type && is_bits(slot)) return load_bits(octets.pointer, slot, out);
  if (mr_kind_is_scalar(kind)) {
    status = mr_foreign_get(slot.type, octets.pointer, native.octets);
    return status == MR_OK ? mr_value_decode(kind, native.octets, out) : status;
  }
  mr_value_clear(out, kind);
  out->as.view = octets;
  return MR_OK;
}

mr_status mr_slot_load(mr_view memory, mr_slot slot, mr_value *out) {
  const mr_type *type = slot.type;
  if (!type || (slot.where & MR_SLOT_LOW_MASK) != type->kind ||
      !mr_kind_is_scalar((mr_kind)type->kind) || type->is_enum) {
    return load_indirect(memory, slot, out);
  }
  const void *from = mr_octets_at(memory, mr_slot_offset(slot), type->size);
  return from ? mr_value_decode((mr_kind)type->kind, from, out) : MR_OUT_OF_BOUNDS;
}

/* The value that has a name. */
static mr_status find_named(const mr_type *type, mr_view name, mr_value *out) {
  mr_enumerator found;
  mr_status status = mr_type_enumerator_named(type, name.pointer, name.size, &found);
  if (status != MR_OK) return status;
  bool is_signed = mr_kind_is_signed((mr_kind)type->kind);
  *out = is_signed ? mr_value_of_i64(found.value) : mr_value_of_u64((uint64_t)found.value);
  return MR_OK;
}

static mr_status store_octets(mr_region octets, mr_slot slot, mr_view given) {
  if (mr_slot_bit_width(slot) > 0 || given.size != octets.size) return MR_TYPE_MISMATCH;
  return mr_replace(octets, mr_range_all(), given, mr_range_all(), NULL);
}

static mr_status store_scalar(void *to, mr_slot slot, const mr_value *value, mr_fit fit) {
  if (is_bits(slot)) return store_bits(to, slot, value, fit);
  mr_scalar_octets native;
  mr_status status = mr_value_encode(value, (mr_kind)slot.type->kind, fit, native.octets);
  if (status != MR_OK) return status;
  if (slot.type->is_foreign) return mr_foreign_put(slot.type, native.octets, to);
  memcpy(to, native.octets, slot.type->size);
  return MR_OK;
}

static MR_COLD mr_status store(mr_region memory, mr_slot slot, mr_value *value, mr_fit fit) {
  mr_region octets;
  mr_status status = mr_slot_region(memory, slot, &octets);
  if (status != MR_OK) return status;
  if (mr_value_is_view(value)) return store_octets(octets, slot, value->as.view);
  if (!mr_kind_is_scalar(mr_type_kind(slot.type))) return MR_TYPE_MISMATCH;
  if (value->kind == MR_KIND_NAME) status = find_named(slot.type, value->as.view, value);
  return status == MR_OK ? store_scalar(octets.pointer, slot, value, fit) : status;
}

mr_status mr_slot_store_word(mr_region memory, mr_slot slot, mr_word word) {
  mr_word_place at;
  if (!mr_word_find(slot, memory.size, &at)) {
    mr_value value =
        word.is_negative ? mr_value_of_i64((int64_t)word.bits) : mr_value_of_u64(word.bits);
    return store(memory, slot, &value, MR_FIT_CHECKED);
  }
  bool is_signed = mr_word_is_signed(slot.type);
  uint64_t most = UINT64_MAX >> (64 - at.width) >> is_signed;
  bool fits = is_signed ? mr_word_is_in_signed(word, most) : mr_word_is_in_unsigned(word, most);
  if (!fits) return MR_OVERFLOW;
  unsigned char *to = (unsigned char *)memory.pointer + mr_slot_offset(slot);
  mr_bits_put(to, at.offset, at.width, (mr_byte_order)slot.type->order, word.bits);
  return MR_OK;
}

mr_status mr_slot_store(mr_region memory, mr_slot slot, mr_value value) {
  bool is_small = value.kind >= MR_KIND_I8 && value.kind <= MR_KIND_U64;
  if (!is_small) return store(memory, slot, &value, MR_FIT_CHECKED);
  bool is_negative = value.as.i64 < 0 && mr_kind_is_signed((mr_kind)value.kind);
  return mr_slot_store_word(memory, slot, (mr_word){value.as.u64, is_negative});
}

mr_status mr_slot_store_fitted(mr_region memory, mr_slot slot, mr_value value, mr_fit fit) {
  if ((unsigned)fit > MR_FIT_SATURATING) return MR_INVALID_ARGUMENT;
  return store(memory, slot, &value, fit);
}

/* The one definition of each inline function, for callers that load symbols. */
extern inline size_t mr_slot_offset(mr_slot slot);
extern inline unsigned mr_slot_bit_offset(mr_slot slot);
extern inline unsigned mr_slot_bit_width(mr_slot slot);
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

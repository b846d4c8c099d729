#ifndef MEMREGIONS_SLOT_H
#define MEMREGIONS_SLOT_H

/*
 * Slots: a place in memory of some type, found once by its path, then read and written at once.
 *
 * A slot is a value. It borrows the type in which it was found, and works on any memory that is
 * laid out so. It is the one way in which this library reads and writes typed memory: an object's
 * slots, and a sequence's elements, are these.
 *
 * Every access checks that the slot lies inside the memory (MR_OUT_OF_BOUNDS); none needs
 * alignment.
 *
 * Threads: slots are free to share.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <memregions/region.h>
#include <memregions/type.h>
#include <memregions/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A typed place: 16 octets. Made by the functions below. */
typedef struct mr_slot {
  /** Of what is there; of a bit-field, the type that it was declared with. Borrowed. */
  const mr_type *type;
  /** From the top: offset in octets (44 bits), bit offset (4), bit width (8), access (8). Access is
   * the mr_kind where the octets are just that, in this machine's order and size; MR_SLOT_INDIRECT
   * with it where they are not. Bits are counted as in mr_member; a width of 0 is no bit-field. */
  uint64_t where;
} mr_slot;

/** In `where`: what is there is not just the octets of its kind. */
#define MR_SLOT_INDIRECT UINT64_C(0x80)
/** Bits of `where` below the offset. */
#define MR_SLOT_SHIFT 20
/** The largest offset of a slot. */
#define MR_SLOT_OFFSET_MAX (UINT64_MAX >> MR_SLOT_SHIFT)

/* Finding. */

/** The slot of a whole value of `type`.
 *
 * @param[out] out  borrows the type; untouched on failure
 * @retval MR_TYPE_MISMATCH  the type is void, a function, or declared and not defined
 */
MR_API MR_MUST_CHECK mr_status mr_slot_of(const mr_type *type, mr_slot *out);

/** The slot at `path` in values of `type`.
 *
 * A path is names and indices: `header.entries[3].x`, `[2][7].y`. The members of a member without
 * name count as the outer's own. A flexible array takes any index. White space is no part of it. The
 * empty path is the whole value. It is read from the left, and the first thing wrong is what is
 * answered.
 *
 * @param path            zero-terminated; used only during the call
 * @param[out] out        borrows the type; untouched on failure
 * @param[out] condition  column, counted from 1, where what is wrong starts; may be null
 * @retval MR_NO_SUCH_SLOT   a name that there is not
 * @retval MR_OUT_OF_BOUNDS  an index past an array's end
 * @retval MR_TYPE_MISMATCH  a name where there are no members, an index where there is no array;
 *                           the type is void, a function, or declared and not defined
 * @retval MR_SYNTAX_ERROR   text that is no path, or null
 * @retval MR_OVERFLOW       an offset above MR_SLOT_OFFSET_MAX
 * @retval MR_UNSUPPORTED    `->`, or an index of a pointer: types know no memory, see
 *                           mr_object_reach; or a slice, see mr_slots_find
 */
MR_API MR_MUST_CHECK mr_status mr_slot_find(const mr_type *type, const char *path, mr_slot *out,
                                            mr_condition *condition);

/** As mr_slot_find, but a path that goes on behind a pointer, with `->` or an index, is followed up to
 * there.
 *
 * @param[out] rest  what is left of the path: "", or text that starts with `->` or `[`; then the slot is
 *                   the pointer's. Untouched on failure
 */
MR_API MR_MUST_CHECK mr_status mr_slot_find_to_pointer(const mr_type *type, const char *path,
                                                       mr_slot *out, const char **rest,
                                                       mr_condition *condition);

/** Slots at the same distance from each other: what a path with a slice names. */
typedef struct mr_slots {
  mr_slot first;
  /** MR_TO_END where a flexible array says nothing of it: as many as there is memory for. */
  size_t count;
  /** Octets from one to the next. */
  size_t stride;
  /** Octets from the start of the memory to the element that the first is in. */
  size_t start;
} mr_slots;

/** The slots at a path in which one index is a slice: `entries[2:9].x` is the x of entries 2 to 8. Either
 * end of a slice may be left out: `[:]` is all. A path without a slice names one slot.
 *
 * @param path            as for mr_slot_find
 * @param[out] out        borrows the type; `first` of none is where it would be. Untouched on failure
 * @param[out] condition  column, counted from 1, where what is wrong starts; may be null
 * @retval MR_OUT_OF_BOUNDS  also: a slice that does not lie inside the array
 * @retval MR_UNSUPPORTED    also: a second slice
 * @return                   else as mr_slot_find
 */
MR_API MR_MUST_CHECK mr_status mr_slots_find(const mr_type *type, const char *path, mr_slots *out,
                                             mr_condition *condition);

/** One of several slots.
 *
 * @param[out] out  untouched on failure
 * @retval MR_OUT_OF_BOUNDS  there is no such one
 */
MR_API MR_MUST_CHECK mr_status mr_slots_get(mr_slots slots, size_t index, mr_slot *out);

/** Octets from the start of the memory; of a bit-field, to the octet in which it starts. */
MR_INLINE size_t mr_slot_offset(mr_slot slot) { return (size_t)(slot.where >> MR_SLOT_SHIFT); }

/** Bits, 0 to 7, from the start of that octet to a bit-field's first, counted as in mr_member. */
MR_INLINE unsigned mr_slot_bit_offset(mr_slot slot) { return (unsigned)(slot.where >> 16 & 15); }

/** Bits of a bit-field; 0 for other slots. */
MR_INLINE unsigned mr_slot_bit_width(mr_slot slot) { return (unsigned)(slot.where >> 8 & 255); }

/** Whether the octets at `slot` are just those of `kind`, in this machine's order. */
MR_INLINE bool mr_slot_is_exactly(mr_slot slot, mr_kind kind) {
  return (slot.where & ((UINT64_C(1) << MR_SLOT_SHIFT) - 1)) == (uint64_t)kind;
}

/** Whether the octets at `slot` are just `width` of `kind`, and inside memory of `size`. */
MR_INLINE bool mr_slot_is_inside(mr_slot slot, mr_kind kind, size_t width, size_t size) {
  /* An offset has 44 bits: the sum can't wrap. */
  return mr_slot_is_exactly(slot, kind) && (slot.where >> MR_SLOT_SHIFT) + width <= size;
}

/* Reading and writing values. */

/** Reads what is at a slot.
 *
 * @param memory    laid out as the type in which the slot was found
 * @param[out] out  of the slot's kind; a struct, union or array as a view, which borrows the memory; an
 *                  enum as its integer, which knows its name. Untouched on failure
 * @retval MR_OUT_OF_BOUNDS  the slot does not lie inside the memory
 * @retval MR_OVERFLOW       a pointer of another machine that is wider than this one's
 */
MR_API MR_MUST_CHECK mr_status mr_slot_load(mr_view memory, mr_slot slot, mr_value *out);

/** Writes a value to a slot, converted to the slot's kind as by the mr_value_to functions. Octets
 * (mr_value_of_view) go to a slot of any kind that has just their size, as they are; they may be
 * octets of the same memory. A name (mr_value_of_name) goes to an enum that has it.
 *
 * A bit-field takes what fits its width, and no other bit changes.
 *
 * @param memory  laid out as the type in which the slot was found; untouched on failure
 * @retval MR_OUT_OF_BOUNDS  the slot does not lie inside the memory
 * @retval MR_OVERFLOW       the value does not fit
 * @retval MR_TYPE_MISMATCH  the value is of no kind that could, or octets of another size or for a
 *                           bit-field
 * @retval MR_NO_SUCH_SLOT   a name that the enum does not have
 */
MR_API MR_MUST_CHECK mr_status mr_slot_store(mr_region memory, mr_slot slot, mr_value value);

/** As mr_slot_store, but what does not fit is made to, as `fit` says.
 *
 * @retval MR_INVALID_ARGUMENT  `fit` is none
 */
MR_API MR_MUST_CHECK mr_status mr_slot_store_fitted(mr_region memory, mr_slot slot, mr_value value,
                                                    mr_fit fit);

/** The octets at a slot; of a bit-field, all that have one of its bits.
 *
 * @retval MR_OUT_OF_BOUNDS  the slot does not lie inside the memory
 */
MR_API MR_MUST_CHECK mr_status mr_slot_region(mr_region memory, mr_slot slot, mr_region *out);

/** The octets at a slot, to read. */
MR_API MR_MUST_CHECK mr_status mr_slot_view(mr_view memory, mr_slot slot, mr_view *out);

/* Typed reads. Inline where the slot is exactly of the kind; else as mr_slot_load and mr_value_to.
 * What is not inline is not handed `out` itself, so that a caller's variable can stay in a register.
 *
 * @param memory    laid out as the type in which the slot was found
 * @param[out] out  untouched on failure
 * @retval MR_OUT_OF_BOUNDS  the slot does not lie inside the memory
 * @retval MR_OVERFLOW       the value does not fit
 * @retval MR_TYPE_MISMATCH  the slot is of no kind that could
 */

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_bool(mr_view memory, mr_slot slot, bool *out);
/** Any octet but 0 is true. */
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_bool(mr_view memory, mr_slot slot, bool *out) {
  if (mr_slot_is_inside(slot, MR_KIND_BOOL, sizeof *out, memory.size)) {
    *out = ((const unsigned char *)memory.pointer)[mr_slot_offset(slot)] != 0;
    return MR_OK;
  }
  bool converted;
  mr_status status = mr_slot_convert_to_bool(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_u8(mr_view memory, mr_slot slot, uint8_t *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_u8(mr_view memory, mr_slot slot, uint8_t *out) {
  if (mr_slot_is_inside(slot, MR_KIND_U8, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  uint8_t converted;
  mr_status status = mr_slot_convert_to_u8(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_i8(mr_view memory, mr_slot slot, int8_t *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_i8(mr_view memory, mr_slot slot, int8_t *out) {
  if (mr_slot_is_inside(slot, MR_KIND_I8, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  int8_t converted;
  mr_status status = mr_slot_convert_to_i8(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_u16(mr_view memory, mr_slot slot, uint16_t *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_u16(mr_view memory, mr_slot slot, uint16_t *out) {
  if (mr_slot_is_inside(slot, MR_KIND_U16, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  uint16_t converted;
  mr_status status = mr_slot_convert_to_u16(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_i16(mr_view memory, mr_slot slot, int16_t *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_i16(mr_view memory, mr_slot slot, int16_t *out) {
  if (mr_slot_is_inside(slot, MR_KIND_I16, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  int16_t converted;
  mr_status status = mr_slot_convert_to_i16(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_u32(mr_view memory, mr_slot slot, uint32_t *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_u32(mr_view memory, mr_slot slot, uint32_t *out) {
  if (mr_slot_is_inside(slot, MR_KIND_U32, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  uint32_t converted;
  mr_status status = mr_slot_convert_to_u32(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_i32(mr_view memory, mr_slot slot, int32_t *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_i32(mr_view memory, mr_slot slot, int32_t *out) {
  if (mr_slot_is_inside(slot, MR_KIND_I32, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  int32_t converted;
  mr_status status = mr_slot_convert_to_i32(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_u64(mr_view memory, mr_slot slot, uint64_t *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_u64(mr_view memory, mr_slot slot, uint64_t *out) {
  if (mr_slot_is_inside(slot, MR_KIND_U64, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  uint64_t converted;
  mr_status status = mr_slot_convert_to_u64(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_i64(mr_view memory, mr_slot slot, int64_t *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_i64(mr_view memory, mr_slot slot, int64_t *out) {
  if (mr_slot_is_inside(slot, MR_KIND_I64, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  int64_t converted;
  mr_status status = mr_slot_convert_to_i64(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_f32(mr_view memory, mr_slot slot, float *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_f32(mr_view memory, mr_slot slot, float *out) {
  if (mr_slot_is_inside(slot, MR_KIND_F32, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  float converted;
  mr_status status = mr_slot_convert_to_f32(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_f64(mr_view memory, mr_slot slot, double *out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_f64(mr_view memory, mr_slot slot, double *out) {
  if (mr_slot_is_inside(slot, MR_KIND_F64, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  double converted;
  mr_status status = mr_slot_convert_to_f64(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_to_pointer(mr_view memory, mr_slot slot, void **out);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_get_pointer(mr_view memory, mr_slot slot, void **out) {
  if (mr_slot_is_inside(slot, MR_KIND_POINTER, sizeof *out, memory.size)) {
    memcpy(out, (const unsigned char *)memory.pointer + mr_slot_offset(slot), sizeof *out);
    return MR_OK;
  }
  void *converted;
  mr_status status = mr_slot_convert_to_pointer(memory, slot, &converted);
  if (status == MR_OK) *out = converted;
  return status;
}

/* Typed writes. Inline where the slot is exactly of the kind; else as mr_slot_store.
 *
 * @param memory  laid out as the type in which the slot was found; untouched on failure
 * @param value   what to write
 * @return        as mr_slot_store
 */

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_bool(mr_region memory, mr_slot slot,
                                                         bool value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_bool(mr_region memory, mr_slot slot, bool value) {
  if (!mr_slot_is_inside(slot, MR_KIND_BOOL, sizeof value, memory.size))
    return mr_slot_convert_from_bool(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_u8(mr_region memory, mr_slot slot,
                                                       uint8_t value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_u8(mr_region memory, mr_slot slot, uint8_t value) {
  if (!mr_slot_is_inside(slot, MR_KIND_U8, sizeof value, memory.size))
    return mr_slot_convert_from_u8(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_i8(mr_region memory, mr_slot slot,
                                                       int8_t value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_i8(mr_region memory, mr_slot slot, int8_t value) {
  if (!mr_slot_is_inside(slot, MR_KIND_I8, sizeof value, memory.size))
    return mr_slot_convert_from_i8(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_u16(mr_region memory, mr_slot slot,
                                                        uint16_t value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_u16(mr_region memory, mr_slot slot, uint16_t value) {
  if (!mr_slot_is_inside(slot, MR_KIND_U16, sizeof value, memory.size))
    return mr_slot_convert_from_u16(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_i16(mr_region memory, mr_slot slot,
                                                        int16_t value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_i16(mr_region memory, mr_slot slot, int16_t value) {
  if (!mr_slot_is_inside(slot, MR_KIND_I16, sizeof value, memory.size))
    return mr_slot_convert_from_i16(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_u32(mr_region memory, mr_slot slot,
                                                        uint32_t value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_u32(mr_region memory, mr_slot slot, uint32_t value) {
  if (!mr_slot_is_inside(slot, MR_KIND_U32, sizeof value, memory.size))
    return mr_slot_convert_from_u32(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_i32(mr_region memory, mr_slot slot,
                                                        int32_t value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_i32(mr_region memory, mr_slot slot, int32_t value) {
  if (!mr_slot_is_inside(slot, MR_KIND_I32, sizeof value, memory.size))
    return mr_slot_convert_from_i32(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_u64(mr_region memory, mr_slot slot,
                                                        uint64_t value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_u64(mr_region memory, mr_slot slot, uint64_t value) {
  if (!mr_slot_is_inside(slot, MR_KIND_U64, sizeof value, memory.size))
    return mr_slot_convert_from_u64(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_i64(mr_region memory, mr_slot slot,
                                                        int64_t value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_i64(mr_region memory, mr_slot slot, int64_t value) {
  if (!mr_slot_is_inside(slot, MR_KIND_I64, sizeof value, memory.size))
    return mr_slot_convert_from_i64(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_f32(mr_region memory, mr_slot slot,
                                                        float value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_f32(mr_region memory, mr_slot slot, float value) {
  if (!mr_slot_is_inside(slot, MR_KIND_F32, sizeof value, memory.size))
    return mr_slot_convert_from_f32(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_f64(mr_region memory, mr_slot slot,
                                                        double value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_f64(mr_region memory, mr_slot slot, double value) {
  if (!mr_slot_is_inside(slot, MR_KIND_F64, sizeof value, memory.size))
    return mr_slot_convert_from_f64(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

MR_API MR_MUST_CHECK mr_status mr_slot_convert_from_pointer(mr_region memory, mr_slot slot,
                                                            const void *value);
MR_INLINE MR_MUST_CHECK mr_status mr_slot_set_pointer(mr_region memory, mr_slot slot,
                                                      const void *value) {
  if (!mr_slot_is_inside(slot, MR_KIND_POINTER, sizeof value, memory.size))
    return mr_slot_convert_from_pointer(memory, slot, value);
  memcpy((unsigned char *)memory.pointer + mr_slot_offset(slot), &value, sizeof value);
  return MR_OK;
}

#ifdef __cplusplus
}
#endif
#endif

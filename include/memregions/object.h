#ifndef MEMREGIONS_OBJECT_H
#define MEMREGIONS_OBJECT_H

/*
 * Objects: a region as a value of a struct type, whose slots are read and written by name.
 *
 * An object is a value. It borrows its memory and its type, and owns neither.
 *
 *     status = mr_object_of_region(region, header_type, &header);
 *
 *     status = mr_object_get(header, "entry.size", &value);             (reads the path each time)
 *
 *     status = mr_slot_find(header_type, "entry.size", &slot, NULL);    (reads it once)
 *     status = mr_object_get_u32(header, slot, &octets);
 *
 * What always holds (mr_object_is_sound):
 *   - size is the type's, which is complete; but where the type is a flexible array, or ends with one,
 *     size is at least that, and the array has as many elements as lie in it;
 *   - start is a multiple of the type's alignment, and not null where size is not 0.
 *
 * Threads: objects are free to share; who shares the memory keeps order among its users.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/sequence.h>
#include <memregions/slot.h>
#include <memregions/source.h>
#include <memregions/type.h>
#include <memregions/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/** In `flags`: the memory is only read. */
#define MR_OBJECT_READ_ONLY 1u

/** Memory of a type. */
typedef struct mr_object {
  void *start;
  size_t size;
  const mr_type *type;
  uint32_t flags;
} mr_object;

/* Making. */

/** The start of a region as an object; all of the region where the type is a flexible array, or a struct
 * that ends with one.
 *
 * @param region    borrowed by the object
 * @param type      complete; borrowed by the object
 * @param[out] out  untouched on failure
 * @retval MR_OUT_OF_BOUNDS     the region is smaller than the type
 * @retval MR_MISALIGNED        it starts at no multiple of the type's alignment; see
 *                              mr_type_realign
 * @retval MR_INVALID_ARGUMENT  the type is null, void, a function, or declared and not defined; or the
 *                              region is not sound
 */
MR_API MR_MUST_CHECK mr_status mr_object_of_region(mr_region region, const mr_type *type,
                                                   mr_object *out);

/** The start of a view as an object, which is read-only. */
MR_API MR_MUST_CHECK mr_status mr_object_of_view(mr_view view, const mr_type *type, mr_object *out);

/** The start of what a stable source lends as an object, read-only where the source is.
 *
 * @retval MR_UNSUPPORTED  the source is not stable
 * @return                 else as mr_to_view and mr_object_of_region
 */
MR_API MR_MUST_CHECK mr_status mr_object_of(mr_source source, const mr_type *type, mr_object *out);

/** An element of a sequence as an object, read-only where the sequence is.
 *
 * @retval MR_OUT_OF_BOUNDS  there is no such element
 * @return                   else as mr_object_of_region
 */
MR_API MR_MUST_CHECK mr_status mr_object_of_element(mr_sequence sequence, size_t index,
                                                    mr_object *out);

/** An object as a source. Stable. */
MR_API mr_source mr_object_source(mr_object object);

/** Whether the invariants at the top of this header hold. */
MR_API bool mr_object_is_sound(mr_object object);

/** The object's memory.
 *
 * @retval MR_READ_ONLY  the object is
 */
MR_INLINE MR_MUST_CHECK mr_status mr_object_region(mr_object object, mr_region *out) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  *out = mr_region_of(object.start, object.size);
  return MR_OK;
}

/** The object's memory, to read. */
MR_INLINE mr_view mr_object_view(mr_object object) {
  mr_view view = {object.start, object.size};
  return view;
}

/* By path. Paths are those of mr_slot_find, and so are its statuses; which with a condition says why and
 * where, when it is asked with the object's type. */

/** Reads a slot. What ends with the object's flexible array is seen with the elements that lie in the
 * object.
 *
 * @param path      zero-terminated
 * @param[out] out  as by mr_slot_load; untouched on failure
 * @return          as mr_slot_find and mr_slot_load
 */
MR_API MR_MUST_CHECK mr_status mr_object_get(mr_object object, const char *path, mr_value *out);

/** Writes a slot, converting the value as mr_slot_store does.
 *
 * @retval MR_READ_ONLY  the object is
 * @return               else as mr_slot_find and mr_slot_store
 */
MR_API MR_MUST_CHECK mr_status mr_object_set(mr_object object, const char *path, mr_value value);

/** As mr_object_set, but what does not fit is made to, as `fit` says.
 *
 * @retval MR_INVALID_ARGUMENT  `fit` is none
 * @return                      else as mr_object_set
 */
MR_API MR_MUST_CHECK mr_status mr_object_set_fitted(mr_object object, const char *path,
                                                    mr_value value, mr_fit fit);

/** Whether there is such a slot: all slots that exist are bound. */
MR_API bool mr_object_is_bound(mr_object object, const char *path);

/** Memory always holds something: a slot can't be made unbound.
 *
 * @retval MR_UNSUPPORTED  there is such a slot
 * @return                 else as mr_slot_find
 */
MR_API MR_MUST_CHECK mr_status mr_object_make_unbound(mr_object object, const char *path);

/** A slot as an object over the same memory, read-only where the outer one is. What ends with the
 * outer one's flexible array has it too.
 *
 * @retval MR_UNSUPPORTED  the slot is a bit-field
 * @return                 else as mr_slot_find and mr_object_of_region
 */
MR_API MR_MUST_CHECK mr_status mr_object_at(mr_object object, const char *path, mr_object *out);

/** An array slot, or the slots that a path with a slice names, as a sequence over the same memory,
 * read-only where the object is.
 *
 *     mr_object_sequence_at(object, "entries", &entries);
 *     mr_object_sequence_at(object, "entries[2:9].x", &some_x);    (strided)
 *
 * A flexible array has as many elements as lie in the object, also where a slice leaves out its end.
 *
 * @param path  as for mr_slots_find
 * @retval MR_TYPE_MISMATCH     there is no slice, and the slot is no array
 * @retval MR_UNSUPPORTED       bit-fields: mr_slots_find has them
 * @retval MR_OUT_OF_BOUNDS     also: a slice of a flexible array that does not lie in the object
 * @retval MR_INVALID_ARGUMENT  elements have size 0
 * @return                      else as mr_slots_find
 */
MR_API MR_MUST_CHECK mr_status mr_object_sequence_at(mr_object object, const char *path,
                                                     mr_sequence *out);

/* By slot. */

/** Reads a slot. As mr_slot_load. */
MR_API MR_MUST_CHECK mr_status mr_object_get_slot(mr_object object, mr_slot slot, mr_value *out);

/** Writes a slot. As mr_slot_store, or MR_READ_ONLY. */
MR_API MR_MUST_CHECK mr_status mr_object_set_slot(mr_object object, mr_slot slot, mr_value value);

/** Writes a slot. As mr_slot_store_fitted, or MR_READ_ONLY. */
MR_API MR_MUST_CHECK mr_status mr_object_set_slot_fitted(mr_object object, mr_slot slot,
                                                         mr_value value, mr_fit fit);

/* Typed reads: as the mr_slot_get functions. */

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_bool(mr_object object, mr_slot slot, bool *out) {
  return mr_slot_get_bool(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_u8(mr_object object, mr_slot slot, uint8_t *out) {
  return mr_slot_get_u8(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_i8(mr_object object, mr_slot slot, int8_t *out) {
  return mr_slot_get_i8(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_u16(mr_object object, mr_slot slot, uint16_t *out) {
  return mr_slot_get_u16(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_i16(mr_object object, mr_slot slot, int16_t *out) {
  return mr_slot_get_i16(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_u32(mr_object object, mr_slot slot, uint32_t *out) {
  return mr_slot_get_u32(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_i32(mr_object object, mr_slot slot, int32_t *out) {
  return mr_slot_get_i32(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_u64(mr_object object, mr_slot slot, uint64_t *out) {
  return mr_slot_get_u64(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_i64(mr_object object, mr_slot slot, int64_t *out) {
  return mr_slot_get_i64(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_f32(mr_object object, mr_slot slot, float *out) {
  return mr_slot_get_f32(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_f64(mr_object object, mr_slot slot, double *out) {
  return mr_slot_get_f64(mr_object_view(object), slot, out);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_get_pointer(mr_object object, mr_slot slot,
                                                        void **out) {
  return mr_slot_get_pointer(mr_object_view(object), slot, out);
}

/* Typed writes: as the mr_slot_set functions, or MR_READ_ONLY. */

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_bool(mr_object object, mr_slot slot, bool value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_bool(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_u8(mr_object object, mr_slot slot, uint8_t value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_u8(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_i8(mr_object object, mr_slot slot, int8_t value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_i8(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_u16(mr_object object, mr_slot slot,
                                                    uint16_t value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_u16(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_i16(mr_object object, mr_slot slot, int16_t value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_i16(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_u32(mr_object object, mr_slot slot,
                                                    uint32_t value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_u32(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_i32(mr_object object, mr_slot slot, int32_t value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_i32(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_u64(mr_object object, mr_slot slot,
                                                    uint64_t value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_u64(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_i64(mr_object object, mr_slot slot, int64_t value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_i64(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_f32(mr_object object, mr_slot slot, float value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_f32(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_f64(mr_object object, mr_slot slot, double value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_f64(memory, slot, value);
}

MR_INLINE MR_MUST_CHECK mr_status mr_object_set_pointer(mr_object object, mr_slot slot,
                                                        const void *value) {
  if (object.flags & MR_OBJECT_READ_ONLY) return MR_READ_ONLY;
  mr_region memory = {object.start, object.size};
  return mr_slot_set_pointer(memory, slot, value);
}

#ifdef __cplusplus
}
#endif
#endif

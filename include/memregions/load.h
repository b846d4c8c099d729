#ifndef MEMREGIONS_LOAD_H
#define MEMREGIONS_LOAD_H

/*
 * Fixed-width loads and stores at an octet offset, in any byte order, at any alignment.
 *
 * A load or store that does not lie wholly inside is refused (MR_OUT_OF_BOUNDS) and changes nothing. With a constant
 * order a compiler leaves one comparison and one move of each.
 *
 * What is no mr_byte_order counts as MR_NATIVE_ORDER.
 *
 * Floating-point values are IEEE 754 binary32 and binary64, moved as their bits: a NaN keeps its payload.
 */

#include <stdint.h>
#include <string.h>

#include <memregions/region.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The order of the octets of a number in memory. */
typedef enum mr_byte_order {
  /** This machine's. */
  MR_NATIVE_ORDER = 0,
  MR_LITTLE_ENDIAN = 1,
  MR_BIG_ENDIAN = 2
} mr_byte_order;

/** Whether octets in `order` stand the other way round than this machine has them. */
MR_INLINE bool mr_byte_order_is_swapped(mr_byte_order order) {
  const uint16_t one = 1;
  uint8_t first;
  memcpy(&first, &one, 1);
  return order == (first ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN);
}

/* Octets the other way round. */

MR_INLINE uint16_t mr_swap_u16(uint16_t value) {
  return (uint16_t)((unsigned)value << 8 | (unsigned)value >> 8);
}

MR_INLINE uint32_t mr_swap_u32(uint32_t value) {
  return value << 24 | (value & 0xff00) << 8 | (value >> 8 & 0xff00) | value >> 24;
}

MR_INLINE uint64_t mr_swap_u64(uint64_t value) {
  return (uint64_t)mr_swap_u32((uint32_t)value) << 32 | mr_swap_u32((uint32_t)(value >> 32));
}

/* From and to a bare pointer: `from` and `to` must have the octets; nothing is checked. */

MR_INLINE uint16_t mr_peek_u16(const void *from, mr_byte_order order) {
  uint16_t value;
  memcpy(&value, from, sizeof value);
  return mr_byte_order_is_swapped(order) ? mr_swap_u16(value) : value;
}

MR_INLINE uint32_t mr_peek_u32(const void *from, mr_byte_order order) {
  uint32_t value;
  memcpy(&value, from, sizeof value);
  return mr_byte_order_is_swapped(order) ? mr_swap_u32(value) : value;
}

MR_INLINE uint64_t mr_peek_u64(const void *from, mr_byte_order order) {
  uint64_t value;
  memcpy(&value, from, sizeof value);
  return mr_byte_order_is_swapped(order) ? mr_swap_u64(value) : value;
}

MR_INLINE void mr_poke_u16(void *to, mr_byte_order order, uint16_t value) {
  if (mr_byte_order_is_swapped(order)) value = mr_swap_u16(value);
  memcpy(to, &value, sizeof value);
}

MR_INLINE void mr_poke_u32(void *to, mr_byte_order order, uint32_t value) {
  if (mr_byte_order_is_swapped(order)) value = mr_swap_u32(value);
  memcpy(to, &value, sizeof value);
}

MR_INLINE void mr_poke_u64(void *to, mr_byte_order order, uint64_t value) {
  if (mr_byte_order_is_swapped(order)) value = mr_swap_u64(value);
  memcpy(to, &value, sizeof value);
}

/* Checked addresses. */

/** The address of `size` octets at `offset` of `view`; null where they do not lie inside, and in the null view. */
MR_INLINE const void *mr_octets_at(mr_view view, size_t offset, size_t size) {
  if (offset > view.size || size > view.size - offset) return NULL;
  /* Null plus 0 is undefined in C. A constant size leaves nothing of this. */
  if (size == 0 && !view.pointer) return NULL;
  return (const unsigned char *)view.pointer + offset;
}

/** The address of `size` octets at `offset` of `region`; null where they do not lie inside, and in the null region. */
MR_INLINE void *mr_octets_in(mr_region region, size_t offset, size_t size) {
  if (offset > region.size || size > region.size - offset) return NULL;
  if (size == 0 && !region.pointer) return NULL;
  return (unsigned char *)region.pointer + offset;
}

/* Loads.
 *
 * @param view      read from
 * @param offset    octets from its start
 * @param order     of the octets there
 * @param[out] out  the value; untouched on failure
 * @retval MR_OUT_OF_BOUNDS  it does not lie wholly inside the view
 */

MR_INLINE MR_MUST_CHECK mr_status mr_load_u8(mr_view view, size_t offset, uint8_t *out) {
  const void *from = mr_octets_at(view, offset, sizeof *out);
  if (!from) return MR_OUT_OF_BOUNDS;
  memcpy(out, from, sizeof *out);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_i8(mr_view view, size_t offset, int8_t *out) {
  const void *from = mr_octets_at(view, offset, sizeof *out);
  if (!from) return MR_OUT_OF_BOUNDS;
  memcpy(out, from, sizeof *out);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_u16(mr_view view, size_t offset, mr_byte_order order,
                                              uint16_t *out) {
  const void *from = mr_octets_at(view, offset, sizeof *out);
  if (!from) return MR_OUT_OF_BOUNDS;
  *out = mr_peek_u16(from, order);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_i16(mr_view view, size_t offset, mr_byte_order order,
                                              int16_t *out) {
  uint16_t bits;
  mr_status status = mr_load_u16(view, offset, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_u32(mr_view view, size_t offset, mr_byte_order order,
                                              uint32_t *out) {
  const void *from = mr_octets_at(view, offset, sizeof *out);
  if (!from) return MR_OUT_OF_BOUNDS;
  *out = mr_peek_u32(from, order);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_i32(mr_view view, size_t offset, mr_byte_order order,
                                              int32_t *out) {
  uint32_t bits;
  mr_status status = mr_load_u32(view, offset, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_u64(mr_view view, size_t offset, mr_byte_order order,
                                              uint64_t *out) {
  const void *from = mr_octets_at(view, offset, sizeof *out);
  if (!from) return MR_OUT_OF_BOUNDS;
  *out = mr_peek_u64(from, order);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_i64(mr_view view, size_t offset, mr_byte_order order,
                                              int64_t *out) {
  uint64_t bits;
  mr_status status = mr_load_u64(view, offset, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_f32(mr_view view, size_t offset, mr_byte_order order,
                                              float *out) {
  uint32_t bits;
  mr_status status = mr_load_u32(view, offset, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_load_f64(mr_view view, size_t offset, mr_byte_order order,
                                              double *out) {
  uint64_t bits;
  mr_status status = mr_load_u64(view, offset, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

/* Stores.
 *
 * @param region  written to
 * @param offset  octets from its start
 * @param order   of the octets there
 * @param value   what to write
 * @retval MR_OUT_OF_BOUNDS  it does not lie wholly inside the region; nothing was written
 */

MR_INLINE MR_MUST_CHECK mr_status mr_store_u8(mr_region region, size_t offset, uint8_t value) {
  void *to = mr_octets_in(region, offset, sizeof value);
  if (!to) return MR_OUT_OF_BOUNDS;
  memcpy(to, &value, sizeof value);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_i8(mr_region region, size_t offset, int8_t value) {
  void *to = mr_octets_in(region, offset, sizeof value);
  if (!to) return MR_OUT_OF_BOUNDS;
  memcpy(to, &value, sizeof value);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_u16(mr_region region, size_t offset, mr_byte_order order,
                                               uint16_t value) {
  void *to = mr_octets_in(region, offset, sizeof value);
  if (!to) return MR_OUT_OF_BOUNDS;
  mr_poke_u16(to, order, value);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_i16(mr_region region, size_t offset, mr_byte_order order,
                                               int16_t value) {
  uint16_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_store_u16(region, offset, order, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_u32(mr_region region, size_t offset, mr_byte_order order,
                                               uint32_t value) {
  void *to = mr_octets_in(region, offset, sizeof value);
  if (!to) return MR_OUT_OF_BOUNDS;
  mr_poke_u32(to, order, value);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_i32(mr_region region, size_t offset, mr_byte_order order,
                                               int32_t value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_store_u32(region, offset, order, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_u64(mr_region region, size_t offset, mr_byte_order order,
                                               uint64_t value) {
  void *to = mr_octets_in(region, offset, sizeof value);
  if (!to) return MR_OUT_OF_BOUNDS;
  mr_poke_u64(to, order, value);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_i64(mr_region region, size_t offset, mr_byte_order order,
                                               int64_t value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_store_u64(region, offset, order, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_f32(mr_region region, size_t offset, mr_byte_order order,
                                               float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_store_u32(region, offset, order, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_store_f64(mr_region region, size_t offset, mr_byte_order order,
                                               double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_store_u64(region, offset, order, bits);
}

#ifdef __cplusplus
}
#endif
#endif

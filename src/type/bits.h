#ifndef MEMREGIONS_TYPE_BITS_H
#define MEMREGIONS_TYPE_BITS_H

/*
 * Bits in memory: up to 128 of them, one after the other, that are a number.
 *
 * In little-endian order an octet starts with its least significant bit, and so does the number; in
 * big-endian order both start with the most significant. So whole octets are a number in that order.
 *
 * Only octets that have one of the bits are read or written.
 */

#include "memregions/load.h"
#include "type.h"

/** Octets that have one of `width` bits, which start `offset` bits into the first. */
static inline size_t mr_bits_size(unsigned offset, unsigned width) {
  return ((size_t)offset + width + 7) / 8;
}

/** The number in 1 to 8 octets. */
static MR_FLAT uint64_t mr_octets_get(const unsigned char *from, size_t size, mr_byte_order order) {
  if (size == sizeof(uint32_t)) return mr_peek_u32(from, order);
  if (size == sizeof(uint64_t)) return mr_peek_u64(from, order);
  if (size == sizeof(uint16_t)) return mr_peek_u16(from, order);
  if (size == 1) return *from;
  /* Two halves, which may overlap: then they agree. */
  bool is_wide = size > sizeof(uint32_t);
  size_t apart = size - (is_wide ? sizeof(uint32_t) : sizeof(uint16_t));
  uint64_t start = is_wide ? mr_peek_u32(from, order) : mr_peek_u16(from, order);
  uint64_t end = is_wide ? mr_peek_u32(from + apart, order) : mr_peek_u16(from + apart, order);
  return order == MR_BIG_ENDIAN ? start << apart * 8 | end : start | end << apart * 8;
}

/** Writes a number to 1 to 8 octets. */
static inline void mr_octets_put(unsigned char *to, size_t size, mr_byte_order order,
                                 uint64_t number) {
  bool is_big = order == MR_BIG_ENDIAN;
  if (size == sizeof(uint64_t)) {
    mr_poke_u64(to, order, number);
  } else if (size >= sizeof(uint32_t)) {
    size_t apart = size - sizeof(uint32_t);
    uint64_t shifted = number >> apart * 8;
    mr_poke_u32(to, order, (uint32_t)(is_big ? shifted : number));
    mr_poke_u32(to + apart, order, (uint32_t)(is_big ? number : shifted));
  } else if (size >= sizeof(uint16_t)) {
    size_t apart = size - sizeof(uint16_t);
    uint64_t shifted = number >> apart * 8;
    mr_poke_u16(to, order, (uint16_t)(is_big ? shifted : number));
    mr_poke_u16(to + apart, order, (uint16_t)(is_big ? number : shifted));
  } else {
    *to = (unsigned char)number;
  }
}

/** The number that 1 to 64 bits are, which are in 9 octets. */
uint64_t mr_bits_get_of_nine(const unsigned char *from, unsigned offset, unsigned width,
                             mr_byte_order order);
void mr_bits_put_to_nine(unsigned char *to, unsigned offset, unsigned width, mr_byte_order order,
                         uint64_t number);

/** The number that 1 to 64 bits are, at the top of a word; below it, whatever comes after them.
 *
 * @param from    the first octet that has one of them
 * @param size    octets that have one, up to 8
 * @param offset  bits, 0 to 7, from the start of the first
 * @param order   MR_LITTLE_ENDIAN or MR_BIG_ENDIAN
 */
static MR_FLAT uint64_t mr_bits_get_to_top(const unsigned char *from, size_t size, unsigned offset,
                                           unsigned width, mr_byte_order order) {
  if (order == MR_BIG_ENDIAN) {
    return mr_octets_get(from, size, MR_BIG_ENDIAN) << (64 - (unsigned)size * 8 + offset);
  }
  return mr_octets_get(from, size, MR_LITTLE_ENDIAN) << (64 - width - offset);
}

/** The number that 1 to 64 bits are; as mr_bits_get_to_top. */
static inline uint64_t mr_bits_get(const unsigned char *from, unsigned offset, unsigned width,
                                   mr_byte_order order) {
  size_t size = mr_bits_size(offset, width);
  if (size > sizeof(uint64_t)) return mr_bits_get_of_nine(from, offset, width, order);
  return mr_bits_get_to_top(from, size, offset, width, order) >> (64 - width);
}

/** Writes a number to 1 to 64 bits. The bits about them stay.
 *
 * @param number  of which as many bits count, the least ones
 */
static inline void mr_bits_put(unsigned char *to, unsigned offset, unsigned width,
                               mr_byte_order order, uint64_t number) {
  size_t size = mr_bits_size(offset, width);
  if (size > sizeof(uint64_t)) {
    mr_bits_put_to_nine(to, offset, width, order, number);
    return;
  }
  if (width < size * 8) {
    unsigned after = order == MR_BIG_ENDIAN ? (unsigned)size * 8 - offset - width : offset;
    uint64_t mask = UINT64_MAX >> (64 - width) << after;
    number = (mr_octets_get(to, size, order) & ~mask) | (number << after & mask);
  }
  mr_octets_put(to, size, order, number);
}

/** As mr_bits_get, of up to 128 bits: the halves of the number. */
void mr_bits_get_wide(const unsigned char *from, unsigned offset, unsigned width,
                      mr_byte_order order, uint64_t *high, uint64_t *low);

/** As mr_bits_put, to up to 128 bits. */
void mr_bits_put_wide(unsigned char *to, unsigned offset, unsigned width, mr_byte_order order,
                      uint64_t high, uint64_t low);

#endif

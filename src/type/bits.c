#include "bits.h"

/* Where the halves of a number start, in bits from the start of the first octet. */
typedef struct halves {
  unsigned high;
  unsigned low;
} halves;

/* The lower half has `low_width` bits. */
static halves split(unsigned offset, unsigned width, unsigned low_width, mr_byte_order order) {
  if (order == MR_BIG_ENDIAN) return (halves){offset, offset + (width - low_width)};
  return (halves){offset + low_width, offset};
}

uint64_t mr_bits_get_of_nine(const unsigned char *from, unsigned offset, unsigned width,
                             mr_byte_order order) {
  halves at = split(offset, width, 32, order);
  return mr_bits_get(from + at.high / 8, at.high % 8, width - 32, order) << 32 |
         mr_bits_get(from + at.low / 8, at.low % 8, 32, order);
}

void mr_bits_put_to_nine(unsigned char *to, unsigned offset, unsigned width, mr_byte_order order,
                         uint64_t number) {
  halves at = split(offset, width, 32, order);
  mr_bits_put(to + at.high / 8, at.high % 8, width - 32, order, number >> 32);
  mr_bits_put(to + at.low / 8, at.low % 8, 32, order, number);
}

void mr_bits_get_wide(const unsigned char *from, unsigned offset, unsigned width,
                      mr_byte_order order, uint64_t *high, uint64_t *low) {
  if (width <= 64) {
    *high = 0;
    *low = mr_bits_get(from, offset, width, order);
    return;
  }
  halves at = split(offset, width, 64, order);
  *high = mr_bits_get(from + at.high / 8, at.high % 8, width - 64, order);
  *low = mr_bits_get(from + at.low / 8, at.low % 8, 64, order);
}

void mr_bits_put_wide(unsigned char *to, unsigned offset, unsigned width, mr_byte_order order,
                      uint64_t high, uint64_t low) {
  if (width <= 64) {
    mr_bits_put(to, offset, width, order, low);
    return;
  }
  halves at = split(offset, width, 64, order);
  mr_bits_put(to + at.high / 8, at.high % 8, width - 64, order, high);
  mr_bits_put(to + at.low / 8, at.low % 8, 64, order, low);
}

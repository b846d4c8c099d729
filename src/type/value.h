#ifndef MEMREGIONS_TYPE_VALUE_PRIVATE_H
#define MEMREGIONS_TYPE_VALUE_PRIVATE_H

/* Values between their own form and the octets of their kind. Private to the component. */

#include <string.h>

#include "memregions/value.h"
#include "real.h"
#include "type.h"

/** The octets of the largest scalar. */
#define MR_SCALAR_SIZE_MAX 32

/** Room for the octets of every scalar. */
typedef union mr_scalar_octets {
  unsigned char octets[MR_SCALAR_SIZE_MAX];
  uint64_t words[2];
  float floats[2];
  double doubles[2];
  long double long_doubles[2];
  void *pointer;
} mr_scalar_octets;

/** Makes `value` nothing but zeros, of `kind`. In place: a value that is copied right after its kind
 * was written makes the copy wait. */
static inline void mr_value_clear(mr_value *value, mr_kind kind) {
  memset(value, 0, sizeof *value);
  value->kind = (uint8_t)kind;
}

static inline bool mr_value_is_view(const mr_value *value) {
  return value->kind >= MR_KIND_ARRAY && value->kind <= MR_KIND_UNION;
}

/** The value that octets are.
 *
 * @param kind      of a scalar
 * @param from      as many as that has, in this machine's order
 * @param[out] out  of that kind, but a complex long double of a complex F80 or F128
 * @return      MR_OK
 */
mr_status mr_value_decode(mr_kind kind, const void *from, mr_value *out);

/** Writes the octets that a value has as `kind`, in this machine's order.
 *
 * @param kind     of a scalar
 * @param[out] to  has room for that; untouched on failure
 * @retval MR_OVERFLOW       the value does not fit, and may not be made to
 * @retval MR_TYPE_MISMATCH  it is of no kind that could
 */
mr_status mr_value_encode(const mr_value *value, mr_kind kind, mr_fit fit, void *to);

/** The integer that a value is, made to fit, in two's complement.
 *
 * @param bits        1 to 128
 * @param is_signed   whether the first is the sign
 * @param[out] high   as low: no more than `bits` count; untouched on failure
 * @return            as mr_value_encode
 */
mr_status mr_value_to_words(const mr_value *value, unsigned bits, bool is_signed, mr_fit fit,
                            uint64_t *high, uint64_t *low);

/** The format of a kind that is a float, or consists of two. */
mr_real_format mr_kind_format(mr_kind kind);

/** A float, or one part of a complex number; false where a value is neither.
 *
 * @param index  0, or of a complex number 1 for what is imaginary
 */
bool mr_value_part(const mr_value *value, size_t index, mr_real *out);

/** The enum that an integer was read from; null for none, and for what is no integer. */
static inline const mr_type *mr_value_enum(const mr_value *value) {
  if (!mr_kind_is_integer((mr_kind)value->kind)) return NULL;
  return (const mr_type *)(uintptr_t)value->rest;
}

/** Makes 128 bits of the two's complement of `width`, 1 to 128, which come with zeros before. */
void mr_words_extend(unsigned width, uint64_t *high, uint64_t *low);

/** The two halves of a 128-bit integer's octets, in this machine's order. */
void mr_words_get(const void *from, uint64_t *high, uint64_t *low);
void mr_words_put(void *to, uint64_t high, uint64_t low);

#endif

#ifndef MEMREGIONS_TYPE_VALUE_PRIVATE_H
#define MEMREGIONS_TYPE_VALUE_PRIVATE_H

/* Values between their own form and the octets of their kind. Private to the component. */

#include <string.h>

#include "memregions/value.h"

/** Room for the octets of every scalar. */
typedef union mr_scalar_octets {
  unsigned char octets[2 * sizeof(long double)];
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

/** The value that octets are.
 *
 * @param kind  of a scalar
 * @param from  as many as that has, in this machine's order
 * @return      MR_OK
 */
mr_status mr_value_decode(mr_kind kind, const void *from, mr_value *out);

/** Writes the octets that a value has as `kind`, in this machine's order.
 *
 * @param kind     of a scalar
 * @param[out] to  has room for that; untouched on failure
 * @retval MR_OVERFLOW       the value does not fit
 * @retval MR_TYPE_MISMATCH  it is of no kind that could
 */
mr_status mr_value_encode(mr_value value, mr_kind kind, void *to);

/** The two halves of a 128-bit integer's octets, in this machine's order. */
void mr_words_get(const void *from, uint64_t *high, uint64_t *low);
void mr_words_put(void *to, uint64_t high, uint64_t low);

#endif

#ifndef MEMREGIONS_TYPE_INTEGER_H
#define MEMREGIONS_TYPE_INTEGER_H

/*
 * Integers of up to 128 bits and a sign: what integers of all kinds, and floats, convert through.
 *
 * What always holds: zero is not negative.
 */

#include <stdbool.h>
#include <stdint.h>

typedef struct mr_integer {
  bool is_negative;
  /** Of the magnitude. */
  uint64_t high;
  uint64_t low;
} mr_integer;

mr_integer mr_integer_of_i64(int64_t value);
mr_integer mr_integer_of_u64(uint64_t value);

/** @param high, low  two's complement */
mr_integer mr_integer_of_i128(uint64_t high, uint64_t low);
mr_integer mr_integer_of_u128(uint64_t high, uint64_t low);

/** Whether it is one of `bits` (1 to 128), of which a signed one's first is the sign. */
bool mr_integer_fits(mr_integer integer, unsigned bits, bool is_signed);

/** Two's complement. */
void mr_integer_words(mr_integer integer, uint64_t *high, uint64_t *low);

/** Octets that the decimal text of any has, its terminating zero counted. */
#define MR_INTEGER_TEXT_SIZE 41

/** Its decimal text.
 *
 * @param buffer  of MR_INTEGER_TEXT_SIZE
 * @return        where in it the text starts; terminated
 */
const char *mr_integer_text(mr_integer integer, char *buffer);

#endif

#ifndef MEMREGIONS_TYPE_NATURAL_H
#define MEMREGIONS_TYPE_NATURAL_H

/*
 * Natural numbers as large as reading and printing floats needs, for the stack.
 *
 * What always holds: the first word, which is the last in memory, is not 0; zero has no words.
 * Nothing checks for room: whoever counts up knows how far.
 */

#include <stdint.h>

/** Room for 5^16602 and for 10^11603, and three words more. */
#define MR_NATURAL_WORDS 1210

typedef struct mr_natural {
  int count;
  /** Of 32 digits, the last ones first. */
  uint32_t words[MR_NATURAL_WORDS];
} mr_natural;

void mr_natural_set(mr_natural *number, uint64_t high, uint64_t low);

/** number * factor + addend, of a factor that is not 0. */
void mr_natural_multiply(mr_natural *number, uint32_t factor, uint32_t addend);

void mr_natural_multiply_by_power_of_5(mr_natural *number, int power);

void mr_natural_shift_left(mr_natural *number, int by);

/** Zeros before the first digit in its word, of a number that is not 0. */
int mr_natural_zeros_before(const mr_natural *number);

/** Less than, equal to or greater than 0, as a + b is than c; b may be null, which is 0. */
int mr_natural_compare_sum(const mr_natural *a, const mr_natural *b, const mr_natural *c);

/** The quotient, and in place of the dividend what is left of it.
 *
 * @param rest     less than 2^32 times the divisor
 * @param divisor  no zeros before its first digit
 */
uint32_t mr_natural_divide(mr_natural *rest, const mr_natural *divisor);

#endif

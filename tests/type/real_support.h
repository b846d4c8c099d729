#ifndef MEMREGIONS_TESTS_TYPE_REAL_SUPPORT_H
#define MEMREGIONS_TESTS_TYPE_REAL_SUPPORT_H

/* Random numbers, and what the compiler's floats can be asked. */

#include <float.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "real.h"

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

/* How often something random is tried: `usual`, a tenth of it under Valgrind; or as many times `usual` as
 * MEMREGIONS_TEST_FACTOR says. */
static inline int rounds(int usual) {
  const char *factor = getenv("MEMREGIONS_TEST_FACTOR");
  if (factor) return usual * atoi(factor);
#if defined(RUNNING_ON_VALGRIND)
  if (RUNNING_ON_VALGRIND) return usual / 10;
#endif
  return usual;
}

static inline uint64_t random_word(uint64_t *state) {
  uint64_t word = *state += UINT64_C(0x9e3779b97f4a7c15);
  word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
  return word ^ word >> 31;
}

static inline unsigned random_below(uint64_t *state, unsigned limit) {
  return (unsigned)(random_word(state) % limit);
}

/* Random octets; or, as often, digits that are often all 0, or all 1, after so many. */
static inline mr_real random_real(uint64_t *state, mr_real_format format) {
  int least = mr_real_least_exponent(format);
  int digits = mr_real_digits(format);
  mr_real real = {MR_REAL_FINITE, random_word(state) % 2, 0, random_word(state),
                  random_word(state)};
  unsigned kept = 1 + random_below(state, 127);
  uint64_t high = kept < 64 ? UINT64_MAX >> kept : 0;
  uint64_t low = kept < 64 ? UINT64_MAX : UINT64_MAX >> (kept - 64);
  unsigned choice = random_below(state, 3);
  if (choice == 0) {
    real.high &= ~high;
    real.low &= ~low;
  } else if (choice == 1) {
    real.high |= high;
    real.low |= low;
  }
  real.high |= UINT64_C(1) << 63;
  /* From what is just too small up to what is just too large. */
  int lowest = least - digits - 2;
  real.exponent = lowest + (int)random_below(state, (unsigned)(1 - least + 2 - lowest));
  return real;
}

/* False under an emulator of the processor that cuts long doubles. */
static inline bool long_double_is_whole(void) {
  volatile long double sum = 1;
  sum += LDBL_EPSILON;
  return sum != 1;
}

#endif

#ifndef MEMREGIONS_TYPE_REAL_H
#define MEMREGIONS_TYPE_REAL_H

/*
 * Real numbers of every float format, whatever this machine's own are.
 *
 * What always holds:
 *   - a finite number is not zero, and its significand's first digit is 1;
 *   - a NaN's payload is not 0, as infinity's octets would be;
 *   - members that a class does not use are 0, so that what is the same has the same members.
 */

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "integer.h"

typedef enum mr_real_format {
  MR_REAL_F32,
  MR_REAL_F64,
  /** The x87's, of 80 bits, the significand's first digit among them. */
  MR_REAL_X87,
  MR_REAL_F128,
} mr_real_format;

/** The format of this machine's long double. */
#if LDBL_MANT_DIG == 53
#define MR_REAL_LONG_DOUBLE MR_REAL_F64
#elif LDBL_MANT_DIG == 64
#define MR_REAL_LONG_DOUBLE MR_REAL_X87
#elif LDBL_MANT_DIG == 113
#define MR_REAL_LONG_DOUBLE MR_REAL_F128
#else
#error "long double is of no known format"
#endif

typedef enum mr_real_class {
  MR_REAL_ZERO,
  MR_REAL_FINITE,
  MR_REAL_INFINITE,
  MR_REAL_NAN,
} mr_real_class;

typedef struct mr_real {
  mr_real_class is;
  bool is_negative;
  /** A finite number is significand * 2^(exponent - 127). */
  int exponent;
  /** Of the significand, of 128 digits. Of a NaN, the payload: first the digit that makes it quiet. */
  uint64_t high;
  uint64_t low;
} mr_real;

/** Octets that a number of the format is in: of the x87's, without padding. */
size_t mr_real_size(mr_real_format format);

/** The number in mr_real_size(format) octets, which are in this machine's order.
 *
 * What the x87 takes for no number is the NaN that it makes of it.
 */
mr_real mr_real_unpack(mr_real_format format, const void *octets);

/** Rounds to the nearest number of the format, and of two so near to the even one.
 *
 * A NaN loses what of its payload there is no room for, and becomes quiet if nothing is left of it.
 *
 * @param[out] octets    of mr_real_size(format), in this machine's order; untouched on failure
 * @param[out] is_exact  whether nothing was lost; null where nobody asks; untouched on failure
 * @return               false where a finite number would become infinite
 */
bool mr_real_pack(mr_real real, mr_real_format format, void *octets, bool *is_exact);

mr_real mr_real_of_integer(mr_integer integer);

/** The integer that it is; false where it is none, or one of more than 128 bits. */
bool mr_real_to_integer(mr_real real, mr_integer *out);

/** The integer that is left of it without its fraction; false where there is none, or one of more
 * than 128 bits. */
bool mr_real_truncate(mr_real real, mr_integer *out);

mr_real mr_real_of_long_double(long double number);

/** As mr_real_pack. */
bool mr_real_to_long_double(mr_real real, long double *out, bool *is_exact);

/** Reads a C floating constant without its suffix, decimal or hexadecimal, or INFINITY, INF or NAN in
 * either case; each with a sign or none. An integer is one too. No locale matters.
 *
 * Takes time in proportion to `length`, whatever the number.
 *
 * @param text      need not end
 * @param length    characters
 * @param[out] out  what mr_real_pack rounds to any format as it would round the very number: more
 *                  digits than there is room for show as a last one that is 1; untouched on failure
 * @return          characters read, the longest start of `text` that is a number; 0 if none is
 */
size_t mr_real_read(const char *text, size_t length, mr_real *out);

/** Characters that the text of any number has, its terminating zero counted. */
#define MR_REAL_TEXT_SIZE 48

/** The text with fewest digits that mr_real_read and mr_real_pack make the same number of, and of
 * these the nearest; for MR_REAL_F32, also where it is packed as MR_REAL_F64 in between.
 *
 * It looks as %g would have it, always with a point or an exponent.
 *
 * @param real    a number of the format
 * @param buffer  of MR_REAL_TEXT_SIZE
 * @return        characters written, without the terminating zero
 */
size_t mr_real_print(mr_real real, mr_real_format format, char *buffer);

/** The binary digits of the format's significand, the first one counted. */
int mr_real_digits(mr_real_format format);

/** The exponent of its least number that is not denormal. */
int mr_real_least_exponent(mr_real_format format);

#endif

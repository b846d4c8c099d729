#ifndef MEMREGIONS_VALUE_H
#define MEMREGIONS_VALUE_H

/*
 * Values: a scalar, of whatever kind, on its way into memory or out of it.
 *
 * What always holds: `kind` says which member of `as` has it:
 *   MR_KIND_BOOL                       boolean
 *   MR_KIND_I8 to I64, U8 to U64       i64 and u64: widened
 *   MR_KIND_I128, U128                 words: low, high, in two's complement
 *   MR_KIND_F32, F64                   f32, f64
 *   MR_KIND_LONG_DOUBLE                long_double
 *   MR_KIND_COMPLEX_...                octets and rest: use the functions
 *   MR_KIND_POINTER                    pointer
 *   MR_KIND_F80, F128                  octets, in this machine's order
 *   MR_KIND_ARRAY, STRUCT, UNION       view: the octets in place, borrowed
 *   MR_KIND_NAME                       view: the text, borrowed
 *   MR_KIND_VOID                       nothing
 * Where a long double has more than 12 octets, the parts of a complex one are kept as doubles. What is
 * read from a complex number of F80 or F128 parts is a complex long double.
 *
 * An integer that was read from an enum borrows the enum's type, in `rest`, and so knows its name.
 *
 * Threads: values are free to share.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/region.h>
#include <memregions/type.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A tagged scalar: 32 octets, at a multiple of 16. */
typedef struct mr_value {
  union {
    MR_ALIGNAS(16) unsigned char octets[16];
    bool boolean;
    int64_t i64;
    uint64_t u64;
    uint64_t words[2];
    float f32;
    double f64;
    long double long_double;
    void *pointer;
    mr_view view;
  } as;
  /** What of a complex value does not fit into `as`; of an integer, the address of its enum's type, or
   * 0. */
  uint64_t rest;
  /** An mr_kind. */
  uint8_t kind;
  uint8_t reserved[7];
} mr_value;

/* Making.
 *
 * A value of the kind in the function's name, widened to nothing else.
 *
 * @param high, low        the halves of 128 bits, in two's complement
 * @param real, imaginary  the parts of a complex number
 */

MR_API mr_value mr_value_of_bool(bool value);
MR_API mr_value mr_value_of_i64(int64_t value);
MR_API mr_value mr_value_of_u64(uint64_t value);
MR_API mr_value mr_value_of_i128(int64_t high, uint64_t low);
MR_API mr_value mr_value_of_u128(uint64_t high, uint64_t low);
MR_API mr_value mr_value_of_f32(float value);
MR_API mr_value mr_value_of_f64(double value);
MR_API mr_value mr_value_of_long_double(long double value);
MR_API mr_value mr_value_of_complex_f32(float real, float imaginary);
MR_API mr_value mr_value_of_complex_f64(double real, double imaginary);
MR_API mr_value mr_value_of_complex_long_double(long double real, long double imaginary);
MR_API mr_value mr_value_of_pointer(const void *value);
/** An enumerator's name, to be stored in an enum that has it: a value of MR_KIND_NAME. Borrows the text.
 *
 * @param name  zero-terminated; null is the empty name, which no enum has
 */
MR_API mr_value mr_value_of_name(const char *name);
/** The octets of an array, struct or union, to be stored where something of just this size is: a
 * value of MR_KIND_ARRAY. Borrows them. */
MR_API mr_value mr_value_of_view(mr_view octets);

/* Taking out.
 *
 * Integers, bools and floats convert where the value is kept: a float with a fraction is no
 * integer, nor is infinity or NaN; an integer becomes a float only where that is exact, and a bool
 * only where it is 0 or 1. Minus zero is 0. Between floats only the range is kept, not the precision;
 * infinity and NaN stay what they are. What is real becomes complex, not the other way round.
 * Pointers convert to nothing else, and nothing else to them.
 *
 * @param[out] out  untouched on failure
 * @retval MR_OVERFLOW       the value does not fit
 * @retval MR_TYPE_MISMATCH  it is of no kind that could
 */

MR_API MR_MUST_CHECK mr_status mr_value_to_bool(mr_value value, bool *out);
MR_API MR_MUST_CHECK mr_status mr_value_to_i64(mr_value value, int64_t *out);
MR_API MR_MUST_CHECK mr_status mr_value_to_u64(mr_value value, uint64_t *out);
MR_API MR_MUST_CHECK mr_status mr_value_to_i128(mr_value value, int64_t *high, uint64_t *low);
MR_API MR_MUST_CHECK mr_status mr_value_to_u128(mr_value value, uint64_t *high, uint64_t *low);
MR_API MR_MUST_CHECK mr_status mr_value_to_f32(mr_value value, float *out);
MR_API MR_MUST_CHECK mr_status mr_value_to_f64(mr_value value, double *out);
MR_API MR_MUST_CHECK mr_status mr_value_to_long_double(mr_value value, long double *out);
MR_API MR_MUST_CHECK mr_status mr_value_to_complex_f32(mr_value value, float *real,
                                                       float *imaginary);
MR_API MR_MUST_CHECK mr_status mr_value_to_complex_f64(mr_value value, double *real,
                                                       double *imaginary);
MR_API MR_MUST_CHECK mr_status mr_value_to_complex_long_double(mr_value value, long double *real,
                                                               long double *imaginary);
MR_API MR_MUST_CHECK mr_status mr_value_to_pointer(mr_value value, void **out);
MR_API MR_MUST_CHECK mr_status mr_value_to_view(mr_value value, mr_view *out);

/** The name of an enumerator.
 *
 * @param[out] out  of a value read from an enum: its name, borrowed from the type; of mr_value_of_name:
 *                  the text. Untouched on failure
 * @retval MR_NO_SUCH_SLOT   the enum has no name for it
 * @retval MR_TYPE_MISMATCH  it is no enum's
 */
MR_API MR_MUST_CHECK mr_status mr_value_to_name(mr_value value, const char **out);

/** What becomes of a number that does not fit. */
typedef enum mr_fit {
  /** It is refused: MR_OVERFLOW. */
  MR_FIT_CHECKED = 0,
  /** Integers are taken modulo 2 to the width, in two's complement; floats are cut toward 0 first, and
   * are 0 where they are infinite or NaN. To a float, the nearest, which may be infinity. */
  MR_FIT_WRAPPING = 1,
  /** The nearest that there is: floats are cut toward 0 first, and NaN is 0. To a float, the nearest
   * that is finite, unless it was not. */
  MR_FIT_SATURATING = 2
} mr_fit;

/** Whether two values are of the same kind and the same value. Octets are compared, of views those
 * that are seen: a NaN equals itself, and 0.0 is not -0.0. */
MR_API bool mr_value_equal(mr_value a, mr_value b);

/** Writes a scalar as text that C reads as the same value, whatever the locale; but for integers
 * beyond 64 bits, a NaN's payload, and floats that are wider than C's.
 *
 *     true   -7   18446744073709551615u   (-9223372036854775807 - 1)   0.1   3.0   1e+300   2.5L
 *     INFINITY   NAN   CMPLX(0.0, 1.0)   (void *)0x7f52a0001000   {0x7f, 0x45}   RED
 *
 * A value read from an enum that has a name for it, and a name, is that name. Floats have the digits
 * they need; MR_KIND_F80 and MR_KIND_F128 have a long double's suffix, also where that is shorter.
 * 128-bit integers beyond 64 bits are plain decimals, which C can't read; a NaN's payload is not told.
 * Of MR_KIND_VOID, nothing is written.
 *
 * @retval MR_INVALID_ARGUMENT  the value is of no kind that there is
 * @return                      else MR_OK, or the first other status that `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_value_print(mr_value value, mr_write_function *write,
                                              void *context);

/** Reads a float from the longest start of a text that is one, as C writes it: decimal or hexadecimal,
 * without suffix, or INFINITY or NAN; with a sign or none. No locale matters.
 *
 * @param text       need not be terminated
 * @param kind       of the value: the number is rounded to that at once
 * @param[out] out   untouched on failure
 * @param[out] used  octets that were read; untouched on failure
 * @retval MR_SYNTAX_ERROR   no number starts the text
 * @retval MR_OVERFLOW       a finite number would be infinite
 * @retval MR_TYPE_MISMATCH  `kind` is no float's
 */
MR_API MR_MUST_CHECK mr_status mr_value_read_float(mr_view text, mr_kind kind, mr_value *out,
                                                   size_t *used);

#ifdef __cplusplus
}
#endif
#endif

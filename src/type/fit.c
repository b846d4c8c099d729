#include "fit.h"

/* Of `bits`, the one on the same side of 0 that is farthest from it. */
static mr_integer extreme(unsigned bits, bool is_signed, bool is_negative) {
  if (is_negative && !is_signed) return mr_integer_of_u64(0);
  unsigned digits = bits - is_signed;
  if (is_negative) {
    uint64_t power = UINT64_C(1) << digits % 64;
    return digits < 64 ? (mr_integer){true, 0, power} : (mr_integer){true, power, 0};
  }
  /* Up to a word, and beyond it. */
  uint64_t low = digits >= 64 ? UINT64_MAX : (UINT64_C(1) << digits) - 1;
  uint64_t high = digits > 64 ? UINT64_MAX >> (128 - digits) : 0;
  return mr_integer_of_u128(high, low);
}

mr_status mr_fit_integer(mr_integer integer, unsigned bits, bool is_signed, mr_fit fit,
                         uint64_t *high, uint64_t *low) {
  if (fit != MR_FIT_WRAPPING && !mr_integer_fits(integer, bits, is_signed)) {
    if (fit == MR_FIT_CHECKED) return MR_OVERFLOW;
    integer = extreme(bits, is_signed, integer.is_negative);
  }
  mr_integer_words(integer, high, low);
  return MR_OK;
}

static bool is_finite(mr_real real) { return real.is == MR_REAL_ZERO || real.is == MR_REAL_FINITE; }

/* The last 128 binary digits of what is left without its fraction. */
static mr_integer last_digits(mr_real real) {
  mr_integer integer = {false, 0, 0};
  if (!is_finite(real) || mr_real_truncate(real, &integer)) return integer;
  int zeros = real.exponent - 127;
  if (zeros >= 128) return integer;
  if (zeros >= 64) {
    integer.high = real.low << (zeros - 64);
  } else {
    /* What has more than 128 digits has a zero or more at its end. */
    integer.high = real.high << zeros | real.low >> (64 - zeros);
    integer.low = real.low << zeros;
  }
  integer.is_negative = real.is_negative && (integer.high || integer.low);
  return integer;
}

mr_status mr_fit_truncated(mr_real real, unsigned bits, bool is_signed, mr_fit fit, uint64_t *high,
                           uint64_t *low) {
  mr_integer integer = {false, 0, 0};
  if (fit == MR_FIT_CHECKED) {
    if (!mr_real_to_integer(real, &integer)) return MR_OVERFLOW;
  } else if (fit == MR_FIT_WRAPPING) {
    integer = last_digits(real);
  } else if (real.is != MR_REAL_NAN && !mr_real_truncate(real, &integer)) {
    integer = extreme(bits, is_signed, real.is_negative);
  }
  return mr_fit_integer(integer, bits, is_signed, fit, high, low);
}

/* The greatest number of the format. */
static mr_real greatest(mr_real_format format, bool is_negative) {
  int digits = mr_real_digits(format);
  uint64_t high = digits < 64 ? ~(UINT64_MAX >> digits) : UINT64_MAX;
  uint64_t low = digits > 64 ? ~(UINT64_MAX >> (digits - 64)) : 0;
  return (mr_real){MR_REAL_FINITE, is_negative, 1 - mr_real_least_exponent(format), high, low};
}

mr_status mr_fit_packed(mr_real real, mr_real_format format, mr_fit fit, bool must_be_exact,
                        void *octets) {
  bool is_exact;
  if (mr_real_pack(real, format, octets, &is_exact)) {
    return fit == MR_FIT_CHECKED && must_be_exact && !is_exact ? MR_OVERFLOW : MR_OK;
  }
  if (fit == MR_FIT_CHECKED) return MR_OVERFLOW;
  mr_real made = {MR_REAL_INFINITE, real.is_negative, 0, 0, 0};
  if (fit == MR_FIT_SATURATING) made = greatest(format, real.is_negative);
  return mr_real_pack(made, format, octets, NULL) ? MR_OK : MR_OVERFLOW;
}

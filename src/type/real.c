#include "real.h"

#include <string.h>

#include "type.h"

static const uint64_t FIRST = UINT64_C(1) << 63;

static const struct {
  unsigned char octets;
  unsigned char digits;
  /* An exponent is kept as its sum with the greatest one. */
  uint16_t greatest;
} formats[] = {{4, 24, 127}, {8, 53, 1023}, {10, 64, 16383}, {16, 113, 16383}};

size_t mr_real_size(mr_real_format format) { return formats[format].octets; }

int mr_real_digits(mr_real_format format) { return formats[format].digits; }

int mr_real_least_exponent(mr_real_format format) { return 1 - formats[format].greatest; }

typedef struct wide {
  uint64_t high;
  uint64_t low;
} wide;

/* By 0 or more. */
static inline wide shift_left(wide digits, int by) {
  if (by >= 128) return (wide){0, 0};
  if (by >= 64) return (wide){digits.low << (by - 64), 0};
  if (by == 0) return digits;
  return (wide){digits.high << by | digits.low >> (64 - by), digits.low << by};
}

static inline wide shift_right(wide digits, int by) {
  if (by >= 128) return (wide){0, 0};
  if (by >= 64) return (wide){0, digits.high >> (by - 64)};
  if (by == 0) return digits;
  return (wide){digits.high >> by, digits.low >> by | digits.high << (64 - by)};
}

static bool is_zero(wide digits) { return (digits.high | digits.low) == 0; }

static bool is_same(wide a, wide b) { return a.high == b.high && a.low == b.low; }

/* Of what is not zero. */
static int zeros_before(wide digits) {
  int zeros = digits.high ? 0 : 64;
  uint64_t word = digits.high ? digits.high : digits.low;
  for (int step = 32; step > 0; step /= 2) {
    if (word >> (64 - step)) continue;
    word <<= step;
    zeros += step;
  }
  return zeros;
}

/* The digits, not all zero, as a number whose first of 128 digits counts 2^exponent. */
static mr_real normal(bool is_negative, int exponent, wide digits) {
  int zeros = zeros_before(digits);
  digits = shift_left(digits, zeros);
  return (mr_real){MR_REAL_FINITE, is_negative, exponent - zeros, digits.high, digits.low};
}

/* What the octets of any format say. */
typedef struct fields {
  /* Below the sign, the exponent. */
  unsigned top;
  /* Before the fraction. Only the x87's format writes it down. */
  bool has_one;
  /* Its first digit first. */
  wide fraction;
} fields;

static fields read_fields(mr_real_format format, const unsigned char *octets) {
  bool is_little = mr_machine_order() == MR_LITTLE_ENDIAN;
  fields all = {0, false, {0, 0}};
  if (format == MR_REAL_F32) {
    uint32_t word;
    memcpy(&word, octets, sizeof word);
    all.top = word >> 23;
    all.fraction.high = (uint64_t)word << 41;
  } else if (format == MR_REAL_F64) {
    uint64_t word;
    memcpy(&word, octets, sizeof word);
    all.top = (unsigned)(word >> 52);
    all.fraction.high = word << 12;
  } else if (format == MR_REAL_X87) {
    uint16_t top;
    uint64_t word;
    memcpy(&top, octets + (is_little ? sizeof word : 0), sizeof top);
    memcpy(&word, octets + (is_little ? 0 : sizeof top), sizeof word);
    all = (fields){top, word >> 63 != 0, {word << 1, 0}};
  } else {
    wide both;
    memcpy(&both.low, octets + (is_little ? 0 : sizeof both.low), sizeof both.low);
    memcpy(&both.high, octets + (is_little ? sizeof both.low : 0), sizeof both.high);
    all.top = (unsigned)(both.high >> 48);
    all.fraction = shift_left(both, 16);
  }
  if (format != MR_REAL_X87) all.has_one = (all.top & (2U * formats[format].greatest + 1)) != 0;
  return all;
}

static void write_fields(fields all, mr_real_format format, unsigned char *octets) {
  bool is_little = mr_machine_order() == MR_LITTLE_ENDIAN;
  if (format == MR_REAL_F32) {
    uint32_t word = (uint32_t)all.top << 23 | (uint32_t)(all.fraction.high >> 41);
    memcpy(octets, &word, sizeof word);
  } else if (format == MR_REAL_F64) {
    uint64_t word = (uint64_t)all.top << 52 | all.fraction.high >> 12;
    memcpy(octets, &word, sizeof word);
  } else if (format == MR_REAL_X87) {
    uint16_t top = (uint16_t)all.top;
    uint64_t word = (uint64_t)all.has_one << 63 | all.fraction.high >> 1;
    memcpy(octets + (is_little ? sizeof word : 0), &top, sizeof top);
    memcpy(octets + (is_little ? 0 : sizeof top), &word, sizeof word);
  } else {
    wide both = shift_right(all.fraction, 16);
    both.high |= (uint64_t)all.top << 48;
    memcpy(octets + (is_little ? 0 : sizeof both.low), &both.low, sizeof both.low);
    memcpy(octets + (is_little ? sizeof both.low : 0), &both.high, sizeof both.high);
  }
}

mr_real mr_real_unpack(mr_real_format format, const void *octets) {
  fields all = read_fields(format, octets);
  int greatest = formats[format].greatest;
  int exponent = (int)(all.top & (2U * (unsigned)greatest + 1));
  bool is_negative = exponent != (int)all.top;
  if (exponent && !all.has_one) return (mr_real){MR_REAL_NAN, true, 0, FIRST, 0};
  if (exponent == 2 * greatest + 1) {
    mr_real_class is = is_zero(all.fraction) ? MR_REAL_INFINITE : MR_REAL_NAN;
    return (mr_real){is, is_negative, 0, all.fraction.high, all.fraction.low};
  }
  /* Those without an exponent have the least there is. */
  if (all.has_one) {
    wide digits = shift_right(all.fraction, 1);
    exponent = (exponent ? exponent : 1) - greatest;
    return (mr_real){MR_REAL_FINITE, is_negative, exponent, digits.high | FIRST, digits.low};
  }
  if (is_zero(all.fraction)) return (mr_real){MR_REAL_ZERO, is_negative, 0, 0, 0};
  return normal(is_negative, -greatest, all.fraction);
}

/* Of a NaN, what the format has room for. */
static fields payload_of(wide payload, mr_real_format format) {
  int cut = 129 - formats[format].digits;
  wide kept = shift_left(shift_right(payload, cut), cut);
  if (is_zero(kept)) kept.high = FIRST;
  return (fields){2U * formats[format].greatest + 1, true, kept};
}

/* The number's last digits cut, and what is left rounded. */
static wide round_digits(wide digits, int cut, bool *is_exact) {
  const wide half = {FIRST, 0};
  /* The usual case, by words. */
  if (cut > 64 && cut < 128) {
    uint64_t word = digits.high >> (cut - 64);
    uint64_t lost = digits.high << (128 - cut) | (digits.low != 0);
    *is_exact = lost == 0;
    return (wide){0, word + (lost > FIRST || (lost == FIRST && word % 2))};
  }
  wide kept = shift_right(digits, cut);
  /* What is cut, its first digit first; all of a number this small is less than half. */
  wide rest = cut > 128 ? shift_right(digits, 1) : shift_left(digits, 128 - cut);
  *is_exact = is_zero(rest);
  bool is_above = rest.high >= FIRST && !is_same(rest, half);
  if (is_above || (is_same(rest, half) && kept.low % 2)) {
    kept.low++;
    kept.high += kept.low == 0;
  }
  return kept;
}

/* Of a finite number. An exponent beyond the format's tells that there is no such number. */
static fields finite_of(mr_real real, mr_real_format format, bool *is_exact) {
  int digits = formats[format].digits;
  int greatest = formats[format].greatest;
  int exponent = real.exponent > -greatest ? real.exponent : 1 - greatest;
  int cut = 128 - digits + (exponent - real.exponent);
  wide kept = round_digits((wide){real.high, real.low}, cut, is_exact);
  kept = shift_left(kept, 127 - digits);
  /* Rounded up to the next power of two, it has one digit more. */
  if (kept.high >= FIRST) {
    kept = shift_right(kept, 1);
    exponent++;
  }
  bool has_one = kept.high >> 62 != 0;
  unsigned top = has_one ? (unsigned)(exponent + greatest) : 0;
  return (fields){top, has_one, shift_left(kept, 2)};
}

bool mr_real_pack(mr_real real, mr_real_format format, void *octets, bool *is_exact) {
  unsigned no_exponent = 2U * formats[format].greatest + 1;
  fields all = {0, false, {0, 0}};
  bool is_kept = true;
  if (real.is == MR_REAL_FINITE) {
    if (real.exponent > formats[format].greatest) return false;
    all = finite_of(real, format, &is_kept);
    if (all.top == no_exponent) return false;
  } else if (real.is == MR_REAL_INFINITE) {
    all = (fields){no_exponent, true, {0, 0}};
  } else if (real.is == MR_REAL_NAN) {
    all = payload_of((wide){real.high, real.low}, format);
    is_kept = is_same(all.fraction, (wide){real.high, real.low});
  }
  if (real.is_negative) all.top |= no_exponent + 1;
  write_fields(all, format, octets);
  if (is_exact) *is_exact = is_kept;
  return true;
}

mr_real mr_real_of_integer(mr_integer integer) {
  wide digits = {integer.high, integer.low};
  if (is_zero(digits)) return (mr_real){MR_REAL_ZERO, false, 0, 0, 0};
  return normal(integer.is_negative, 127, digits);
}

bool mr_real_truncate(mr_real real, mr_integer *out) {
  bool is_finite = real.is == MR_REAL_ZERO || real.is == MR_REAL_FINITE;
  if (!is_finite || real.exponent > 127) return false;
  wide digits = {real.high, real.low};
  digits = real.exponent < 0 ? (wide){0, 0} : shift_right(digits, 127 - real.exponent);
  *out = (mr_integer){real.is_negative && !is_zero(digits), digits.high, digits.low};
  return true;
}

bool mr_real_to_integer(mr_real real, mr_integer *out) {
  wide digits = {real.high, real.low};
  bool has_fraction = real.exponent < 0 || !is_zero(shift_left(digits, real.exponent + 1));
  return !has_fraction && mr_real_truncate(real, out);
}

mr_real mr_real_of_long_double(long double number) {
  return mr_real_unpack(MR_REAL_LONG_DOUBLE, &number);
}

bool mr_real_to_long_double(mr_real real, long double *out, bool *is_exact) {
  long double number = 0;
  if (!mr_real_pack(real, MR_REAL_LONG_DOUBLE, &number, is_exact)) return false;
  *out = number;
  return true;
}

#include <stdio.h>
#include <string.h>

#include "natural.h"
#include "real.h"

enum {
  /* Binary digits after a number's last one: room for parts of what rounds to it. */
  PART_DIGITS = 30,
  /* As many as a number of any format needs. */
  DECIMAL_DIGITS = 36,
};

/* A number, which is number / unit * 10^order, and what rounds to it. */
typedef struct interval {
  int order;
  mr_natural number;
  mr_natural unit;
  /* How much can be added, or taken away: of a power of two, half of it. */
  mr_natural margin;
  bool is_power_of_two;
  /* Whether just the margin is too much. */
  bool is_open;
} interval;

/* Whether the number rounds up to what is `unit` or more: to another order, or to the next digit. */
static bool reaches_unit(const interval *all) {
  return mr_natural_compare_sum(&all->number, &all->margin, &all->unit) >= all->is_open;
}

/* Whether no more than what can be taken away is left. */
static bool reaches_zero(const interval *all) {
  const mr_natural *twice = all->is_power_of_two ? &all->number : NULL;
  return mr_natural_compare_sum(&all->number, twice, &all->margin) <= -all->is_open;
}

/* As multiples of 2^(exponent - PART_DIGITS), of which the unit is one. */
static int set_multiples(interval *all, mr_real real, mr_real_format format) {
  int digits = mr_real_digits(format);
  int least = mr_real_least_exponent(format);
  int cut = 128 - digits + (real.exponent < least ? least - real.exponent : 0);
  uint64_t high = cut < 64 ? real.high >> cut : 0;
  uint64_t low = cut < 64 ? real.high << (64 - cut) | real.low >> cut : real.high >> (cut - 64);
  bool is_odd = low % 2;
  uint64_t margin = UINT64_C(1) << (PART_DIGITS - 1);
  /* Rounded to a double first, what is this near may become just halfway, and then the next float. */
  if (format == MR_REAL_F32) margin -= is_odd;
  all->is_open = is_odd;
  all->is_power_of_two = real.high == UINT64_C(1) << 63 && real.low == 0 && real.exponent > least;
  mr_natural_set(&all->number, high, low);
  mr_natural_shift_left(&all->number, PART_DIGITS);
  mr_natural_set(&all->margin, 0, margin);
  mr_natural_set(&all->unit, 0, 1);
  return real.exponent - 127 + cut - PART_DIGITS;
}

/* All the same, in multiples of one that is `by` times smaller. */
static void multiply(interval *all, uint32_t by) {
  mr_natural_multiply(&all->number, by, 0);
  mr_natural_multiply(&all->margin, by, 0);
}

/* floor(exponent * log10(2)). */
static int order_of_power_of_two(int exponent) {
  const int64_t one = INT64_C(1) << 32;
  int64_t product = exponent * INT64_C(1292913986);
  return (int)(product < 0 ? -((one - 1 - product) / one) : product / one);
}

static void set_interval(interval *all, mr_real real, mr_real_format format) {
  int exponent = set_multiples(all, real, format);
  /* This much, or 1 less. */
  all->order = order_of_power_of_two(real.exponent) + 1;
  if (all->order > 0) {
    mr_natural_multiply_by_power_of_5(&all->unit, all->order);
  } else {
    mr_natural_multiply_by_power_of_5(&all->number, -all->order);
    mr_natural_multiply_by_power_of_5(&all->margin, -all->order);
  }
  exponent -= all->order;
  if (exponent < 0) {
    mr_natural_shift_left(&all->unit, -exponent);
    exponent = 0;
  }
  int zeros = mr_natural_zeros_before(&all->unit);
  mr_natural_shift_left(&all->unit, zeros);
  mr_natural_shift_left(&all->number, exponent + zeros);
  mr_natural_shift_left(&all->margin, exponent + zeros);
  if (reaches_unit(all)) return;
  multiply(all, 10);
  all->order--;
}

/* The fewest digits, the first before the point, that are in the interval. */
static int take_digits(interval *all, char *digits) {
  for (int count = 0;;) {
    int digit = (int)mr_natural_divide(&all->number, &all->unit);
    bool is_down = reaches_zero(all);
    bool is_up = reaches_unit(all);
    if (is_down && is_up) {
      int half = mr_natural_compare_sum(&all->number, &all->number, &all->unit);
      is_up = half > 0 || (half == 0 && digit % 2);
    }
    digits[count++] = (char)('0' + digit + is_up);
    if (is_down || is_up) return count;
    multiply(all, 10);
  }
}

static char *put(char *to, const char *text, int count) {
  memcpy(to, text, (size_t)count);
  return to + count;
}

static char *put_zeros(char *to, int count) {
  memset(to, '0', (size_t)count);
  return to + count;
}

static char *put_with_exponent(char *to, const char *digits, int count, int order) {
  *to++ = *digits;
  if (count > 1) *to++ = '.';
  to = put(to, digits + 1, count - 1);
  return to + snprintf(to, sizeof "e-4966", "e%+03d", order);
}

static char *put_with_point(char *to, const char *digits, int count, int order) {
  if (order < 0) {
    to = put_zeros(to, 1);
    *to++ = '.';
    return put(put_zeros(to, -order - 1), digits, count);
  }
  int before = order + 1 < count ? order + 1 : count;
  to = put_zeros(put(to, digits, before), order + 1 - before);
  *to++ = '.';
  return before < count ? put(to, digits + before, count - before) : put_zeros(to, 1);
}

static char *put_finite(char *to, mr_real real, mr_real_format format) {
  interval all;
  char digits[DECIMAL_DIGITS];
  set_interval(&all, real, format);
  int count = take_digits(&all, digits);
  /* As many as each decimal of so many keeps. */
  int kept = order_of_power_of_two(mr_real_digits(format) - 1);
  bool has_exponent = all.order < -4 || all.order >= (count > kept ? count : kept);
  return has_exponent ? put_with_exponent(to, digits, count, all.order)
                      : put_with_point(to, digits, count, all.order);
}

size_t mr_real_print(mr_real real, mr_real_format format, char *buffer) {
  char *to = buffer;
  if (real.is == MR_REAL_NAN) {
    to = put(to, "NAN", 3);
  } else {
    if (real.is_negative) *to++ = '-';
    if (real.is == MR_REAL_INFINITE) to = put(to, "INFINITY", 8);
    if (real.is == MR_REAL_ZERO) to = put(to, "0.0", 3);
    if (real.is == MR_REAL_FINITE) to = put_finite(to, real, format);
  }
  *to = 0;
  return (size_t)(to - buffer);
}

#include <stdlib.h>

#include "natural.h"
#include "real.h"

enum {
  /* Kept ones: what lies halfway between two numbers of any format has fewer. */
  DECIMAL_DIGITS = 11600,
  HEXADECIMAL_DIGITS = 40,
  /* Decimal exponents beyond those of all formats, by more than rounding matters. */
  LARGE_EXPONENT = 5000,
  /* Binary ones. */
  BEYOND_EXPONENT = 20000,
};

/* Far more than any text has digits, and so little that sums of it are no concern. */
static const int64_t ENDLESS = INT64_MAX / 8;

typedef struct scanner {
  const char *at;
  const char *end;
} scanner;

/* Whether the next is the letter, given as a small one, in either case. Takes it. */
static bool takes(scanner *text, char letter) {
  if (text->at == text->end || (*text->at | 0x20) != letter) return false;
  text->at++;
  return true;
}

static bool takes_point(scanner *text) {
  bool is_point = text->at != text->end && *text->at == '.';
  text->at += is_point;
  return is_point;
}

static bool takes_word(scanner *text, const char *word) {
  scanner ahead = *text;
  for (; *word; word++) {
    if (!takes(&ahead, *word)) return false;
  }
  *text = ahead;
  return true;
}

static bool takes_hexadecimal_prefix(scanner *text) {
  scanner ahead = *text;
  if (ahead.at == ahead.end || *ahead.at++ != '0' || !takes(&ahead, 'x')) return false;
  *text = ahead;
  return true;
}

/* Whether a sign was there that is a minus. */
static bool takes_sign(scanner *text) {
  if (text->at == text->end || (*text->at != '-' && *text->at != '+')) return false;
  return *text->at++ == '-';
}

/* The next character's value; -1 if it is no digit of the base. */
static int next_digit(const scanner *text, int base) {
  if (text->at == text->end) return -1;
  char character = *text->at;
  if (character >= '0' && character <= '9') return character - '0';
  if (base == 16 && character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (base == 16 && character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

/* The exponent after the letter; 0, and nothing taken, where none is. */
static int64_t take_exponent(scanner *text, char letter) {
  scanner ahead = *text;
  if (!takes(&ahead, letter)) return 0;
  bool is_negative = takes_sign(&ahead);
  if (next_digit(&ahead, 10) < 0) return 0;
  int64_t exponent = 0;
  for (int digit; (digit = next_digit(&ahead, 10)) >= 0; ahead.at++) {
    exponent = exponent < ENDLESS / 10 ? exponent * 10 + digit : ENDLESS;
  }
  *text = ahead;
  return is_negative ? -exponent : exponent;
}

/* Digits as they come. The number is number * base^exponent. */
typedef struct digits {
  int base;
  /* How many are kept at most. */
  int room;
  /* Those kept, from the first that is not 0. */
  int count;
  int64_t exponent;
  /* Whether one was dropped that is not 0. */
  bool has_more;
  /* Those that are not in the number yet, and the power of the base that they lift it by. */
  uint32_t pending;
  uint32_t lift;
  mr_natural number;
} digits;

static void flush(digits *all) {
  mr_natural_multiply(&all->number, all->lift, all->pending);
  all->pending = 0;
  all->lift = 1;
}

static void take_digit(digits *all, int digit) {
  if (all->count == all->room) {
    all->has_more = all->has_more || digit > 0;
    all->exponent++;
  } else if (all->count > 0 || digit > 0) {
    all->count++;
    all->pending = all->pending * (uint32_t)all->base + (uint32_t)digit;
    all->lift *= (uint32_t)all->base;
    if (all->lift > UINT32_MAX / 16) flush(all);
  }
}

static void begin(digits *all, int base) {
  all->base = base;
  all->room = base == 10 ? DECIMAL_DIGITS : HEXADECIMAL_DIGITS;
  all->count = 0;
  all->exponent = 0;
  all->has_more = false;
  all->pending = 0;
  all->lift = 1;
  mr_natural_set(&all->number, 0, 0);
}

static void finish(digits *all) {
  flush(all);
  if (!all->has_more) return;
  /* One more digit stands for all that were dropped: no halfway is so near. */
  mr_natural_multiply(&all->number, (uint32_t)all->base, 1);
  all->exponent--;
  all->count++;
}

/* False, and the text as it was, where there are no digits. */
static bool take_digits(scanner *text, int base, digits *all) {
  scanner ahead = *text;
  bool is_any = false, is_after_point = false;
  begin(all, base);
  do {
    for (int digit; (digit = next_digit(&ahead, base)) >= 0; ahead.at++) {
      is_any = true;
      take_digit(all, digit);
      all->exponent -= is_after_point;
    }
  } while (!is_after_point && (is_after_point = takes_point(&ahead)));
  if (!is_any) return false;
  finish(all);
  *text = ahead;
  return true;
}

/* Shifts both to the same number of words, with no zero before the first digit: how much further
 * the divisor. */
static int align(mr_natural *dividend, mr_natural *divisor) {
  int words = dividend->count > divisor->count ? dividend->count : divisor->count;
  int dividend_by = 32 * (words - dividend->count) + mr_natural_zeros_before(dividend);
  int divisor_by = 32 * (words - divisor->count) + mr_natural_zeros_before(divisor);
  mr_natural_shift_left(dividend, dividend_by);
  mr_natural_shift_left(divisor, divisor_by);
  return divisor_by - dividend_by;
}

/* dividend / divisor * 2^exponent, the last digit 1 if the quotient is cut. Changes both. */
static mr_real quotient_of(mr_natural *dividend, mr_natural *divisor, int exponent) {
  uint64_t words[4];
  exponent += align(dividend, divisor);
  bool has_one = mr_natural_divide(dividend, divisor) > 0;
  for (int i = 0; i < 4; i++) {
    mr_natural_shift_left(dividend, 32);
    words[i] = mr_natural_divide(dividend, divisor);
  }
  uint64_t high = words[0] << 32 | words[1];
  uint64_t low = words[2] << 32 | words[3];
  bool is_cut = dividend->count > 0;
  if (has_one) {
    is_cut = is_cut || low % 2;
    low = low >> 1 | high << 63;
    high = high >> 1 | UINT64_C(1) << 63;
  }
  return (mr_real){MR_REAL_FINITE, false, exponent - !has_one, high, low | is_cut};
}

static mr_real beyond(bool is_large) {
  int exponent = is_large ? BEYOND_EXPONENT : -BEYOND_EXPONENT;
  return (mr_real){MR_REAL_FINITE, false, exponent, UINT64_C(1) << 63, 1};
}

static mr_real of_decimal(digits *all, int64_t exponent) {
  exponent += all->exponent;
  if (all->count == 0) return (mr_real){MR_REAL_ZERO, false, 0, 0, 0};
  /* Less than 10 to this. */
  int64_t order = exponent + all->count;
  if (order > LARGE_EXPONENT || order < -LARGE_EXPONENT) return beyond(order > 0);
  mr_natural divisor;
  mr_natural_set(&divisor, 0, 1);
  int power = (int)exponent;
  mr_natural_multiply_by_power_of_5(power < 0 ? &divisor : &all->number, abs(power));
  return quotient_of(&all->number, &divisor, power);
}

static mr_real of_hexadecimal(digits *all, int64_t exponent) {
  exponent += 4 * all->exponent;
  if (all->count == 0) return (mr_real){MR_REAL_ZERO, false, 0, 0, 0};
  int64_t order = exponent + 4 * (int64_t)all->count;
  if (order > BEYOND_EXPONENT || order < -BEYOND_EXPONENT) return beyond(order > 0);
  mr_natural divisor;
  mr_natural_set(&divisor, 0, 1);
  return quotient_of(&all->number, &divisor, (int)exponent);
}

/* False, and the text as it was, where no number is. */
static bool take_number(scanner *text, mr_real *out) {
  digits all;
  scanner ahead = *text;
  if (takes_hexadecimal_prefix(&ahead) && take_digits(&ahead, 16, &all)) {
    *out = of_hexadecimal(&all, take_exponent(&ahead, 'p'));
  } else {
    ahead = *text;
    if (!take_digits(&ahead, 10, &all)) return false;
    *out = of_decimal(&all, take_exponent(&ahead, 'e'));
  }
  *text = ahead;
  return true;
}

size_t mr_real_read(const char *text, size_t length, mr_real *out) {
  if (length == 0) return 0;
  scanner ahead = {text, text + length};
  bool is_negative = takes_sign(&ahead);
  mr_real real = {MR_REAL_INFINITE, false, 0, 0, 0};
  if (takes_word(&ahead, "nan")) {
    real = (mr_real){MR_REAL_NAN, false, 0, UINT64_C(1) << 63, 0};
  } else if (!takes_word(&ahead, "infinity") && !takes_word(&ahead, "inf") &&
             !take_number(&ahead, &real)) {
    return 0;
  }
  real.is_negative = is_negative;
  *out = real;
  return (size_t)(ahead.at - text);
}

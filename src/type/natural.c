#include "natural.h"

#include <stddef.h>
#include <string.h>

static void trim(mr_natural *number) {
  while (number->count > 0 && number->words[number->count - 1] == 0) number->count--;
}

void mr_natural_set(mr_natural *number, uint64_t high, uint64_t low) {
  number->count = 4;
  number->words[0] = (uint32_t)low;
  number->words[1] = (uint32_t)(low >> 32);
  number->words[2] = (uint32_t)high;
  number->words[3] = (uint32_t)(high >> 32);
  trim(number);
}

void mr_natural_multiply(mr_natural *number, uint32_t factor, uint32_t addend) {
  uint64_t carry = addend;
  for (int i = 0; i < number->count; i++) {
    carry += (uint64_t)number->words[i] * factor;
    number->words[i] = (uint32_t)carry;
    carry >>= 32;
  }
  if (carry) number->words[number->count++] = (uint32_t)carry;
}

void mr_natural_multiply_by_power_of_5(mr_natural *number, int power) {
  /* 5^13 is the greatest that a word holds. */
  for (; power >= 13; power -= 13) mr_natural_multiply(number, 1220703125, 0);
  uint32_t rest = 1;
  for (; power > 0; power--) rest *= 5;
  mr_natural_multiply(number, rest, 0);
}

void mr_natural_shift_left(mr_natural *number, int by) {
  if (by % 32) mr_natural_multiply(number, UINT32_C(1) << by % 32, 0);
  int words = number->count ? by / 32 : 0;
  memmove(number->words + words, number->words, (size_t)number->count * sizeof *number->words);
  memset(number->words, 0, (size_t)words * sizeof *number->words);
  number->count += words;
}

int mr_natural_zeros_before(const mr_natural *number) {
  uint32_t word = number->words[number->count - 1];
  int zeros = 0;
  for (; word < UINT32_C(1) << 31; word <<= 1) zeros++;
  return zeros;
}

static uint32_t word_of(const mr_natural *number, int i) {
  return number && i < number->count ? number->words[i] : 0;
}

int mr_natural_compare_sum(const mr_natural *a, const mr_natural *b, const mr_natural *c) {
  int count = a->count > c->count ? a->count : c->count;
  if (b && b->count > count) count = b->count;
  /* c - a - b, of the words so far. All later ones count less than 1 for c, and 2 for a + b. */
  int64_t difference = 0;
  for (int i = count - 1; i >= 0; i--) {
    difference = difference * (INT64_C(1) << 32) + word_of(c, i);
    difference -= (int64_t)word_of(a, i) + word_of(b, i);
    if (difference < 0) return 1;
    if (difference > 1) return -1;
  }
  return difference > 0 ? -1 : 0;
}

/* Where that leaves 0 or more. */
static void subtract_multiple(mr_natural *from, const mr_natural *number, uint32_t factor) {
  uint64_t carry = 0;
  for (int i = 0; i < from->count; i++) {
    carry += (uint64_t)word_of(number, i) * factor;
    uint32_t taken = (uint32_t)carry;
    carry = (carry >> 32) + (from->words[i] < taken);
    from->words[i] -= taken;
  }
  trim(from);
}

uint32_t mr_natural_divide(mr_natural *rest, const mr_natural *divisor) {
  int first = divisor->count - 1;
  uint64_t start = (uint64_t)word_of(rest, first + 1) << 32 | word_of(rest, first);
  /* Too little rather than too much, but by less than 4, as the divisor's first word is large. */
  uint32_t quotient = (uint32_t)(start / ((uint64_t)divisor->words[first] + 1));
  if (quotient) subtract_multiple(rest, divisor, quotient);
  while (mr_natural_compare_sum(rest, NULL, divisor) >= 0) {
    subtract_multiple(rest, divisor, 1);
    quotient++;
  }
  return quotient;
}

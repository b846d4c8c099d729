#include "integer.h"

mr_integer mr_integer_of_u128(uint64_t high, uint64_t low) {
  return (mr_integer){false, high, low};
}

mr_integer mr_integer_of_u64(uint64_t value) { return mr_integer_of_u128(0, value); }

static void negate(uint64_t *high, uint64_t *low) {
  *low = ~*low + 1;
  *high = ~*high + (*low == 0);
}

mr_integer mr_integer_of_i128(uint64_t high, uint64_t low) {
  mr_integer integer = {high >> 63 != 0, high, low};
  if (integer.is_negative) negate(&integer.high, &integer.low);
  return integer;
}

mr_integer mr_integer_of_i64(int64_t value) {
  return mr_integer_of_i128(value < 0 ? UINT64_MAX : 0, (uint64_t)value);
}

static int width_of_word(uint64_t word) {
  int width = word != 0;
  for (int step = 32; step > 0; step /= 2) {
    if (word >> step) {
      word >>= step;
      width += step;
    }
  }
  return width;
}

/* The number of digits from the first that is 1. */
static int width_of(mr_integer integer) {
  return integer.high ? 64 + width_of_word(integer.high) : width_of_word(integer.low);
}

/* The number of digits after the last that is 1. */
static int zeros_after(mr_integer integer) {
  uint64_t word = integer.low ? integer.low : integer.high;
  int zeros = width_of_word(word & (~word + 1)) - 1;
  return integer.low ? zeros : zeros + 64;
}

static bool is_zero(mr_integer integer) { return !integer.high && !integer.low; }

bool mr_integer_fits(mr_integer integer, unsigned bits, bool is_signed) {
  int room = (int)bits - is_signed;
  int width = width_of(integer);
  if (!integer.is_negative) return width <= room;
  /* The magnitude of the least one has one digit more, and all its others are 0. */
  return is_signed && (width <= room || (width == room + 1 && zeros_after(integer) == room));
}

void mr_integer_words(mr_integer integer, uint64_t *high, uint64_t *low) {
  if (integer.is_negative) negate(&integer.high, &integer.low);
  *high = integer.high;
  *low = integer.low;
}

/* Divides by 10: the remainder. A word at a time would overflow, half a word can't. */
static unsigned next_digit(mr_integer *integer) {
  uint64_t halves[4] = {integer->high >> 32, integer->high & UINT32_MAX, integer->low >> 32,
                        integer->low & UINT32_MAX};
  uint64_t rest = 0;
  for (int i = 0; i < 4; i++) {
    uint64_t part = rest << 32 | halves[i];
    halves[i] = part / 10;
    rest = part % 10;
  }
  integer->high = halves[0] << 32 | halves[1];
  integer->low = halves[2] << 32 | halves[3];
  return (unsigned)rest;
}

const char *mr_integer_text(mr_integer integer, char *buffer) {
  char *text = buffer + MR_INTEGER_TEXT_SIZE - 1;
  *text = 0;
  do {
    *--text = (char)('0' + next_digit(&integer));
  } while (!is_zero(integer));
  if (integer.is_negative) *--text = '-';
  return text;
}

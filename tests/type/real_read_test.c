#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "real.h"
#include "real_support.h"
#include "support.h"

enum { ROUNDS = 4000, TEXT_SIZE = 20000 };

/* Reads all of the text, and packs it; false if it is beyond the format. */
static bool reads(const char *text, mr_real_format format, void *out) {
  mr_real real;
  size_t used = mr_real_read(text, strlen(text), &real);
  if (used != strlen(text)) fail_msg("%zu of %s", used, text);
  return mr_real_pack(real, format, out, NULL);
}

static void check_float(const char *text) {
  float number, expected = strtof(text, NULL);
  bool is_read = reads(text, MR_REAL_F32, &number);
  if (is_read == (isinf(expected) != 0)) fail_msg("%s", text);
  if (is_read && memcmp(&number, &expected, sizeof number) != 0) fail_msg("%s", text);
}

static void check_double(const char *text) {
  double number, expected = strtod(text, NULL);
  bool is_read = reads(text, MR_REAL_F64, &number);
  if (is_read == (isinf(expected) != 0)) fail_msg("%s", text);
  if (is_read && memcmp(&number, &expected, sizeof number) != 0) fail_msg("%s", text);
}

static void check_long_double(const char *text) {
  if (!long_double_is_whole()) return;
  long double number = 0, expected = strtold(text, NULL);
  bool is_read = reads(text, MR_REAL_LONG_DOUBLE, &number);
  if (is_read == (isinf(expected) != 0)) fail_msg("%s", text);
  size_t size = mr_real_size(MR_REAL_LONG_DOUBLE);
  if (is_read && memcmp(&number, &expected, size) != 0) fail_msg("%s", text);
}

static void check_all(const char *text) {
  check_float(text);
  check_double(text);
  check_long_double(text);
}

static char *put_digits(char *to, uint64_t *seed, const char *digits, unsigned base,
                        unsigned count) {
  for (; count > 0; count--) *to++ = digits[random_below(seed, base)];
  return to;
}

/* Of either base: sign, digits, point, digits, exponent of at most so much. */
static void random_text(uint64_t *seed, bool is_decimal, int exponent, char *text) {
  unsigned base = is_decimal ? 10 : 16;
  if (random_below(seed, 4) == 0) *text++ = random_below(seed, 2) ? '-' : '+';
  if (!is_decimal) text += sprintf(text, "0x");
  text = put_digits(text, seed, "0123456789abcdef", base, 1 + random_below(seed, 25));
  if (random_below(seed, 3) > 0) {
    *text++ = '.';
    text = put_digits(text, seed, "0123456789ABCDEF", base, random_below(seed, 25));
  }
  *text = 0;
  if (random_below(seed, 5) == 0) return;
  int power = (int)random_below(seed, 2 * (unsigned)exponent) - exponent;
  sprintf(text, "%c%d", is_decimal ? 'e' : 'P', power);
}

static void random_decimals_are_rounded_as_the_c_library_does(void **state) {
  (void)state;
  const int exponents[] = {20, 70, 400, 5000};
  char text[100];
  uint64_t seed = 1;
  for (int i = 0; i < rounds(ROUNDS); i++) {
    random_text(&seed, true, exponents[i % 4], text);
    check_all(text);
  }
}

static void random_hexadecimals_are_rounded_as_the_c_library_does(void **state) {
  (void)state;
  const int exponents[] = {20, 300, 1300, 17000};
  char text[100];
  uint64_t seed = 2;
  for (int i = 0; i < rounds(ROUNDS); i++) {
    random_text(&seed, false, exponents[i % 4], text);
    check_all(text);
  }
}

/* Just above halfway between two of the widest format's, by the 129th digit. */
static void no_digit_that_decides_is_lost(void **state) {
  (void)state;
  unsigned char above[16], halfway[16], next[16];
  assert_true(reads("0x1.00000000000000000000000000008001", MR_REAL_F128, above));
  assert_true(reads("0x1.00000000000000000000000000008", MR_REAL_F128, halfway));
  assert_true(reads("0x1.0000000000000000000000000001", MR_REAL_F128, next));
  assert_memory_equal(above, next, sizeof next);
  assert_memory_not_equal(halfway, next, sizeof next);
}

/* All digits of a real, and others just below and above it. */
static void check_around(double halfway, void (*check)(const char *text)) {
  char text[1300];
  int length = snprintf(text, sizeof text - 4, "%.1150f", halfway);
  check(text);
  memcpy(text + length, "0001", 5);
  check(text);
  char *last = text + length;
  while (*--last == '0' || *last == '.') *last = *last == '.' ? '.' : '9';
  text[length] = 0;
  *last -= 1;
  check(text);
}

static void halfway_between_two_floats_is_rounded_to_even(void **state) {
  (void)state;
  uint64_t seed = 3;
  for (int i = 0; i < rounds(5000); i++) {
    /* Between 2^-150, which is half of the least, and 2^128. */
    uint64_t digits = (random_word(&seed) >> 39) | 1;
    if (i % 4 == 0) digits >>= random_below(&seed, 24);
    double halfway = ldexp((double)(digits | 1), (int)random_below(&seed, 250) - 150);
    check_around(halfway, check_float);
  }
}

static void halfway_between_two_doubles_is_rounded_to_even(void **state) {
  (void)state;
  /* 2^53 + 1, and parts of it by which no digit goes beyond a double's least. */
  char text[1300];
  for (int i = 0; i < rounds(1000); i++) {
    uint64_t seed = (uint64_t)i;
    mr_integer halfway = {false, 0, random_word(&seed) >> 10 | UINT64_C(1) << 53 | 1};
    char buffer[MR_INTEGER_TEXT_SIZE];
    const char *digits = mr_integer_text(halfway, buffer);
    check_double(digits);
    sprintf(text, "%s.00000000000000000000000000000000000000000000000000000000000001", digits);
    check_double(text);
    sprintf(text, "%s.99999999999999999999999999999999999999999999999999999999999999", digits);
    check_double(text);
    halfway.low--;
    digits = mr_integer_text(halfway, buffer);
    sprintf(text, "%s.99999999999999999999999999999999999999999999999999999999999999", digits);
    check_double(text);
  }
}

static void known_hard_decimals_are_rounded_right(void **state) {
  (void)state;
  const char *const texts[] = {
      "2.2250738585072011e-308",
      "2.2250738585072012e-308",
      "2.2250738585072014e-308",
      "4.9e-324",
      "2.4703282292062327e-324",
      "2.4703282292062328e-324",
      "1.7976931348623157e308",
      "1.7976931348623158e308",
      "1.7976931348623159e308",
      "3.4028235677973366e38",
      "3.4028235677973365e38",
      "1.401298464324817e-45",
      "7.006492321624085e-46",
      "7.006492321624086e-46",
      "7.038531e-26",
      "1e23",
      "9007199254740993",
      "9007199254740993.0000000000000000000000000000000000000000000000000000000000000000000001",
      "0",
      "-0",
      "0.0e99999",
      "-.0e-99999",
      "00000.00001",
      "1.e5",
      ".5",
      "0x.8",
      "0x1.p-3",
      "0X0p99999",
      "3.6451995318824746025e-4951",
      "1.8225997659412373012e-4951",
      "1.1897314953572317650e4932",
      "1.18973149535723176508e4932"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) check_all(texts[i]);
  /* Halfway between the greatest double and what would be the next. */
  check_all(
      "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
      "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
      "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
      "342711559699508093042880");
}

static void just_what_is_a_number_is_read(void **state) {
  (void)state;
  const char *const texts[] = {
      "1",   "1.5f",     "1e",       "1e+",       "1e-",     "1e5x",   "1e5.5", "1E+05L", "0x",
      "0x.", "0x.p1",    "0x1p",     "0x1p+",     "0x1.8p3", "0xg",    "0X1P3", "1.5.3",  "1..",
      "..1", ".",        "+",        "-",         "+-1",     "+.5",    "-.e1",  "e5",     "",
      "inf", "INFINITY", "-Infinit", "infinityx", "in",      "nan",    "NAN",   "-nAn",   "na",
      "x",   "0e1",      "00x1",     "1,5",       "1 2",     "\x10x1", "0x1e1", "0b1"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    mr_real real = {MR_REAL_FINITE, true, 77, 1, 1};
    char *end;
    double number, expected = strtod(texts[i], &end);
    size_t used = mr_real_read(texts[i], strlen(texts[i]), &real);
    if (used != (size_t)(end - texts[i])) fail_msg("%zu of %s", used, texts[i]);
    if (used == 0) {
      assert_int_equal(real.exponent, 77);
      continue;
    }
    assert_true(mr_real_pack(real, MR_REAL_F64, &number, NULL));
    assert_true(number == expected || (isnan(number) && isnan(expected)));
    assert_int_equal(signbit(number) != 0, texts[i][0] == '-');
  }
}

static void nothing_is_read_beyond_the_length(void **state) {
  (void)state;
  const char *const texts[] = {"-0x1.8p+12", "-123.75e-12", "+infinity"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    for (size_t length = 0; length <= strlen(texts[i]); length++) {
      /* No octets after it. */
      char *part = malloc(length + 1), text[20] = {0};
      assert_non_null(part);
      memcpy(part + 1, texts[i], length);
      memcpy(text, texts[i], length);
      char *end;
      mr_real real;
      (void)strtod(text, &end);
      assert_int_equal(mr_real_read(part + 1, length, &real), end - text);
      free(part);
    }
  }
  mr_real real;
  assert_int_equal(mr_real_read(NULL, 0, &real), 0);
}

static void large_exponents_are_beyond_every_format_and_small_ones_are_zero(void **state) {
  (void)state;
  const char *const large[] = {"1e999999999",
                               "1e99999999999999999999999999",
                               "1e11000000000000000000",
                               "0x1p999999999",
                               "0x1p99999999999999999999999999",
                               "1e5000",
                               "1e5002",
                               "0x1p20005"};
  const char *const small[] = {"1e-999999999",
                               "1e-99999999999999999999999999",
                               "1e-11000000000000000000",
                               "0x1p-999999999",
                               "0x1p-99999999999999999999999999",
                               "1e-5000",
                               "1e-5002",
                               "0x1p-20005"};
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    unsigned char octets[16];
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
      assert_false(reads(large[i], (mr_real_format)format, octets));
      assert_true(reads(small[i], (mr_real_format)format, octets));
      assert_int_equal(mr_real_unpack((mr_real_format)format, octets).is, MR_REAL_ZERO);
    }
  }
}

/* Whether the text of so many octets is the number. */
static bool is_double(const char *text, size_t length, double expected) {
  mr_real real;
  double number = 0;
  return mr_real_read(text, length, &real) == length &&
         mr_real_pack(real, MR_REAL_F64, &number, NULL) && number == expected;
}

/* As digits among others: no zero ends it. */
static void put(char *to, const char *text) {
  while (*text) *to++ = *text++;
}

static void a_million_digits_are_read(void **state) {
  (void)state;
  enum { DIGITS = 1000000 };
  char *text = malloc(DIGITS + 100);
  assert_non_null(text);
  memset(text, '0', DIGITS);
  put(text, "0.");
  put(text + DIGITS, "15e+999999");
  assert_true(is_double(text, DIGITS + 10, 1.5));

  memset(text, '0', DIGITS);
  put(text, "15");
  put(text + DIGITS, "e-999999");
  assert_true(is_double(text, DIGITS + 8, 1.5));

  memset(text, '9', DIGITS);
  put(text + DIGITS, "e-1000000");
  assert_true(is_double(text, DIGITS + 9, 1));

  /* Halfway between two doubles, and much further on a digit that is more. */
  memset(text, '0', DIGITS);
  put(text, "9007199254740993.");
  assert_true(is_double(text, DIGITS, 9007199254740992));
  text[DIGITS - 1] = '1';
  assert_true(is_double(text, DIGITS, 9007199254740994));

  memset(text, '0', DIGITS);
  put(text, "0x1.00000000000008");
  assert_true(is_double(text, DIGITS, 1));
  text[DIGITS - 1] = '1';
  assert_true(is_double(text, DIGITS, 1 + DBL_EPSILON));
  free(text);
}

/* Half of the least number of each format, written out, is where zero ends. */
static void the_longest_halfway_is_told_from_what_is_next_to_it(void **state) {
  (void)state;
  char *text = malloc(TEXT_SIZE);
  assert_non_null(text);
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    mr_real_format to = (mr_real_format)format;
    int exponent = mr_real_digits(to) - mr_real_least_exponent(to);
    unsigned char octets[16];
    /* 5^exponent, its digits last first, so that 0.(digits) is 2^-exponent. */
    size_t length = 1;
    text[0] = 1;
    for (int done = 0, step; done < exponent; done += step) {
      int carry = 0, factor = 1;
      for (step = 0; step < 11 && done + step < exponent; step++) factor *= 5;
      for (size_t j = 0; j < length || carry > 0; j++) {
        if (j == length) text[length++] = 0;
        carry += text[j] * factor;
        text[j] = (char)(carry % 10);
        carry /= 10;
      }
    }
    for (size_t j = 0; j < length / 2; j++) {
      char digit = text[j];
      text[j] = text[length - 1 - j];
      text[length - 1 - j] = digit;
    }
    for (size_t j = 0; j < length; j++) text[j] = (char)(text[j] + '0');
    sprintf(text + length, "e-%d", exponent);
    assert_true(reads(text, to, octets));
    assert_int_equal(mr_real_unpack(to, octets).is, MR_REAL_ZERO);
    text[length - 1]++;
    assert_true(reads(text, to, octets));
    assert_int_equal(mr_real_unpack(to, octets).is, MR_REAL_FINITE);
  }
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_decimals_are_rounded_as_the_c_library_does),
      cmocka_unit_test(random_hexadecimals_are_rounded_as_the_c_library_does),
      cmocka_unit_test(no_digit_that_decides_is_lost),
      cmocka_unit_test(halfway_between_two_floats_is_rounded_to_even),
      cmocka_unit_test(halfway_between_two_doubles_is_rounded_to_even),
      cmocka_unit_test(known_hard_decimals_are_rounded_right),
      cmocka_unit_test(just_what_is_a_number_is_read),
      cmocka_unit_test(nothing_is_read_beyond_the_length),
      cmocka_unit_test(large_exponents_are_beyond_every_format_and_small_ones_are_zero),
      cmocka_unit_test(a_million_digits_are_read),
      cmocka_unit_test(the_longest_halfway_is_told_from_what_is_next_to_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

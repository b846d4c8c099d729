#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "real.h"
#include "real_support.h"
#include "support.h"

enum { ROUNDS = 4000 };

/* Prints; the text is as long as it says, and the same number when read. */
static void print(mr_real real, mr_real_format format, char *text) {
  unsigned char octets[16], again[16];
  mr_real same;
  size_t length = mr_real_print(real, format, text);
  assert_true(length < MR_REAL_TEXT_SIZE);
  assert_int_equal(length, strlen(text));
  assert_int_equal(mr_real_read(text, length, &same), length);
  assert_true(mr_real_pack(real, format, octets, NULL));
  assert_true(mr_real_pack(same, format, again, NULL));
  if (memcmp(octets, again, mr_real_size(format)) != 0) fail_msg("%s", text);
}

/* Whether the C library reads the number in the text, of a float also by way of a double. */
static bool reads_back(const char *text, mr_real_format format, long double number) {
  if (format == MR_REAL_F32) {
    return strtof(text, NULL) == (float)number && (float)strtod(text, NULL) == (float)number;
  }
  if (format == MR_REAL_F64) return strtod(text, NULL) == (double)number;
  return strtold(text, NULL) == number;
}

/* What %g makes of it, with no more digits than are needed, or than each decimal keeps. */
static void print_as_the_c_library(mr_real real, mr_real_format format, long double number,
                                   char *text) {
  int kept = format == MR_REAL_F32 ? FLT_DIG : format == MR_REAL_F64 ? DBL_DIG : LDBL_DIG;
  bool is_denormal = real.exponent < mr_real_least_exponent(format);
  int digits = 0;
  do {
    snprintf(text, MR_REAL_TEXT_SIZE, "%.*Lg", ++digits, number);
  } while (!reads_back(text, format, number));
  /* Denormal numbers keep none of them. */
  if (digits < kept && !is_denormal) snprintf(text, MR_REAL_TEXT_SIZE, "%.*Lg", kept, number);
  if (!strpbrk(text, ".e")) memcpy(text + strlen(text), ".0", 3);
}

static void check_shortest(mr_real real, mr_real_format format, long double number) {
  char text[MR_REAL_TEXT_SIZE], expected[MR_REAL_TEXT_SIZE];
  print(real, format, text);
  print_as_the_c_library(real, format, number, expected);
  if (!reads_back(text, format, number)) fail_msg("%s", text);
  /* Of what rounds to a power of two, more is above it than below: the shortest need not be the
   * nearest that has so many digits. */
  if (real.high == UINT64_C(1) << 63 && real.low == 0) {
    assert_true(strlen(text) <= strlen(expected));
  } else {
    assert_string_equal(text, expected);
  }
}

static long double number_of(mr_real_format format, const void *octets) {
  float f32;
  double f64;
  long double number = 0;
  memcpy(format == MR_REAL_F32   ? (void *)&f32
         : format == MR_REAL_F64 ? (void *)&f64
                                 : &number,
         octets, mr_real_size(format));
  return format == MR_REAL_F32 ? f32 : format == MR_REAL_F64 ? f64 : number;
}

static void random_numbers_are_the_shortest_texts(void **state) {
  (void)state;
  const mr_real_format formats[] = {MR_REAL_F32, MR_REAL_F64, MR_REAL_LONG_DOUBLE};
  uint64_t seed = 1;
  if (!long_double_is_whole()) return;
  for (int format = 0; format < 3; format++) {
    for (int i = 0; i < rounds(ROUNDS) / 5; i++) {
      unsigned char octets[16];
      mr_real real = random_real(&seed, formats[format]);
      /* Every other time where %g needs no exponent. */
      if (i % 2) real.exponent = (int)random_below(&seed, 75) - 15;
      if (!mr_real_pack(real, formats[format], octets, NULL)) continue;
      real = mr_real_unpack(formats[format], octets);
      if (real.is == MR_REAL_FINITE) {
        check_shortest(real, formats[format], number_of(formats[format], octets));
      }
    }
  }
}

static void random_doubles_read_back_as_their_octets(void **state) {
  (void)state;
  uint64_t seed = 2;
  for (int i = 0; i < rounds(ROUNDS); i++) {
    char text[MR_REAL_TEXT_SIZE];
    double number, again;
    uint64_t word = random_word(&seed);
    memcpy(&number, &word, sizeof number);
    if (isnan(number)) continue;
    mr_real_print(mr_real_unpack(MR_REAL_F64, &number), MR_REAL_F64, text);
    again = strtod(text, NULL);
    assert_memory_equal(&again, &number, sizeof number);
  }
}

static void random_numbers_of_every_format_read_back(void **state) {
  (void)state;
  uint64_t seed = 3;
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    for (int i = 0; i < rounds(3000); i++) {
      unsigned char octets[16];
      char text[MR_REAL_TEXT_SIZE];
      mr_real real = random_real(&seed, (mr_real_format)format);
      if (!mr_real_pack(real, (mr_real_format)format, octets, NULL)) continue;
      print(mr_real_unpack((mr_real_format)format, octets), (mr_real_format)format, text);
    }
  }
}

static void every_power_of_two_reads_back(void **state) {
  (void)state;
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    int least = mr_real_least_exponent((mr_real_format)format);
    int step = format < MR_REAL_X87 ? 1 : 13;
    mr_real real = {MR_REAL_FINITE, false, 0, UINT64_C(1) << 63, 0};
    real.exponent = least - mr_real_digits((mr_real_format)format) + 1;
    for (; real.exponent <= 1 - least; real.exponent += step) {
      char text[MR_REAL_TEXT_SIZE];
      print(real, (mr_real_format)format, text);
      assert_true(!strchr(text, 'e') || text[0] != '0');
    }
  }
}

static const char *text_of(double number, char *text) {
  mr_real_print(mr_real_unpack(MR_REAL_F64, &number), MR_REAL_F64, text);
  return text;
}

static const char *text_of_float(float number, char *text) {
  mr_real_print(mr_real_unpack(MR_REAL_F32, &number), MR_REAL_F32, text);
  return text;
}

static void a_number_has_a_point_or_an_exponent(void **state) {
  (void)state;
  char text[MR_REAL_TEXT_SIZE];
  assert_string_equal(text_of(3, text), "3.0");
  assert_string_equal(text_of(0.1, text), "0.1");
  assert_string_equal(text_of(-0.0, text), "-0.0");
  assert_string_equal(text_of(0, text), "0.0");
  assert_string_equal(text_of(1e300, text), "1e+300");
  assert_string_equal(text_of(-1.5e-7, text), "-1.5e-07");
  assert_string_equal(text_of(0.0001, text), "0.0001");
  assert_string_equal(text_of(0.00001234, text), "1.234e-05");
  assert_string_equal(text_of(123456789012345, text), "123456789012345.0");
  assert_string_equal(text_of(1e14, text), "100000000000000.0");
  assert_string_equal(text_of(1e15, text), "1e+15");
  assert_string_equal(text_of(9007199254740991, text), "9007199254740991.0");
  assert_string_equal(text_of(1e23, text), "1e+23");
  assert_string_equal(text_of(5e-324, text), "5e-324");
  assert_string_equal(text_of(DBL_MAX, text), "1.7976931348623157e+308");
  assert_string_equal(text_of(DBL_MIN, text), "2.2250738585072014e-308");
  assert_string_equal(text_of_float(0.1F, text), "0.1");
  assert_string_equal(text_of_float(123456, text), "123456.0");
  assert_string_equal(text_of_float(1e6F, text), "1e+06");
  assert_string_equal(text_of_float(FLT_MAX, text), "3.4028235e+38");
  assert_string_equal(text_of_float(1e-45F, text), "1e-45");
}

static void the_greatest_and_least_of_the_widest_format_are_known(void **state) {
  (void)state;
  char text[MR_REAL_TEXT_SIZE];
  const mr_real greatest = {MR_REAL_FINITE, true, 16383, UINT64_MAX, UINT64_MAX << 15};
  const mr_real least = {MR_REAL_FINITE, true, -16494, UINT64_C(1) << 63, 0};
  mr_real_print(greatest, MR_REAL_F128, text);
  assert_string_equal(text, "-1.189731495357231765085759326628007e+4932");
  mr_real_print(least, MR_REAL_F128, text);
  assert_string_equal(text, "-6e-4966");
}

/* Its seven digits are a double's halfway between two floats. */
static void a_float_that_is_read_as_a_double_is_still_the_same(void **state) {
  (void)state;
  char text[MR_REAL_TEXT_SIZE];
  const float number = 7.038531e-26F;
  text_of_float(number, text);
  assert_true((float)strtod(text, NULL) == number);
  assert_true(strtof(text, NULL) == number);
}

static void what_is_not_finite_is_a_word(void **state) {
  (void)state;
  char text[MR_REAL_TEXT_SIZE];
  assert_string_equal(text_of((double)INFINITY, text), "INFINITY");
  assert_string_equal(text_of(-(double)INFINITY, text), "-INFINITY");
  assert_string_equal(text_of((double)NAN, text), "NAN");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_numbers_are_the_shortest_texts),
      cmocka_unit_test(random_doubles_read_back_as_their_octets),
      cmocka_unit_test(random_numbers_of_every_format_read_back),
      cmocka_unit_test(every_power_of_two_reads_back),
      cmocka_unit_test(a_number_has_a_point_or_an_exponent),
      cmocka_unit_test(the_greatest_and_least_of_the_widest_format_are_known),
      cmocka_unit_test(a_float_that_is_read_as_a_double_is_still_the_same),
      cmocka_unit_test(what_is_not_finite_is_a_word),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

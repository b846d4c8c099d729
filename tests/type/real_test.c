#include "real.h"

#include <string.h>

#include "real_support.h"
#include "support.h"

#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 quad;
#define QUAD_FORMAT MR_REAL_F128
#else
typedef long double quad;
#define QUAD_FORMAT MR_REAL_LONG_DOUBLE
#endif

enum { ROUNDS = 20000 };

typedef union any_float {
  unsigned char octets[16];
  float f32;
  double f64;
  long double extended;
  quad f128;
} any_float;

/* What the compiler makes of one float from another. */
#define CAST(source, type, target)                                         \
  static void source##_to_##target(const any_float *from, any_float *to) { \
    to->target = (type)from->source;                                       \
  }

CAST(f32, float, f32)
CAST(f32, double, f64)
CAST(f32, long double, extended)
CAST(f32, quad, f128)
CAST(f64, float, f32)
CAST(f64, double, f64)
CAST(f64, long double, extended)
CAST(f64, quad, f128)
CAST(extended, float, f32)
CAST(extended, double, f64)
CAST(extended, long double, extended)
CAST(extended, quad, f128)
CAST(f128, float, f32)
CAST(f128, double, f64)
CAST(f128, long double, extended)
CAST(f128, quad, f128)

typedef void cast(const any_float *from, any_float *to);

static const struct {
  mr_real_format format;
  /* In the order of this table. */
  cast *casts[4];
} floats[] = {
    {MR_REAL_F32, {f32_to_f32, f32_to_f64, f32_to_extended, f32_to_f128}},
    {MR_REAL_F64, {f64_to_f32, f64_to_f64, f64_to_extended, f64_to_f128}},
    {MR_REAL_LONG_DOUBLE,
     {extended_to_f32, extended_to_f64, extended_to_extended, extended_to_f128}},
    {QUAD_FORMAT, {f128_to_f32, f128_to_f64, f128_to_extended, f128_to_f128}},
};

enum { FLOATS = sizeof floats / sizeof *floats };

static bool is_same(mr_real a, mr_real b) {
  return a.is == b.is && a.is_negative == b.is_negative && a.exponent == b.exponent &&
         a.high == b.high && a.low == b.low;
}

/* The octets of one float, cast and packed, are those of the same number of the other's format. */
static void check_cast(size_t from, size_t to, const any_float *given) {
  any_float expected = {{0}}, actual = {{0}};
  floats[from].casts[to](given, &expected);
  mr_real real = mr_real_unpack(floats[from].format, given);
  mr_real wanted = mr_real_unpack(floats[to].format, &expected);
  bool is_exact = false;
  bool is_packed = mr_real_pack(real, floats[to].format, &actual, &is_exact);
  if (real.is == MR_REAL_NAN) {
    /* What becomes of its payload is up to each processor. */
    assert_true(wanted.is == MR_REAL_NAN && is_packed);
    return;
  }
  assert_int_equal(is_packed, wanted.is != MR_REAL_INFINITE || real.is == MR_REAL_INFINITE);
  if (!is_packed) return;
  assert_memory_equal(&actual, &expected, mr_real_size(floats[to].format));
  assert_int_equal(is_exact, is_same(real, wanted));
}

static bool is_checked(size_t from, size_t to) {
  bool is_long = floats[from].format == MR_REAL_X87 || floats[to].format == MR_REAL_X87;
  return !is_long || long_double_is_whole();
}

static void random_numbers_are_rounded_as_the_compiler_does(void **state) {
  (void)state;
  uint64_t seed = 1;
  for (size_t from = 0; from < FLOATS; from++) {
    for (size_t to = 0; to < FLOATS; to++) {
      for (int i = 0; i < rounds(ROUNDS) && is_checked(from, to); i++) {
        any_float given = {{0}};
        /* In reach of both formats. */
        mr_real_format narrow = floats[from < to ? from : to].format;
        if (!mr_real_pack(random_real(&seed, narrow), floats[from].format, &given, NULL)) continue;
        check_cast(from, to, &given);
      }
    }
  }
}

/* Where the x87's sign and exponent are, whatever this machine's order. */
static size_t x87_top(void) {
  const uint16_t probe = 1;
  return *(const unsigned char *)&probe == 1 ? 8 : 0;
}

/* Those that are the only ones of their number: the x87 has more. */
static void set_random_octets(uint64_t *seed, mr_real_format format, unsigned char *to) {
  uint64_t words[2] = {random_word(seed), random_word(seed)};
  memcpy(to, words, mr_real_size(format));
  if (format != MR_REAL_X87) return;
  uint16_t top;
  unsigned char *first = to + (x87_top() == 0 ? 2 : 7);
  memcpy(&top, to + x87_top(), sizeof top);
  *first = (unsigned char)(top & 0x7fff ? *first | 0x80 : *first & 0x7f);
}

static void random_octets_are_taken_as_the_compiler_does(void **state) {
  (void)state;
  uint64_t seed = 2;
  for (size_t from = 0; from < FLOATS; from++) {
    for (size_t to = 0; to < FLOATS; to++) {
      for (int i = 0; i < rounds(ROUNDS) && is_checked(from, to); i++) {
        any_float given = {{0}};
        set_random_octets(&seed, floats[from].format, given.octets);
        check_cast(from, to, &given);
      }
    }
  }
}

static void what_is_unpacked_is_packed_to_the_same_octets(void **state) {
  (void)state;
  uint64_t seed = 3;
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    for (int i = 0; i < rounds(ROUNDS); i++) {
      unsigned char given[16], octets[16];
      set_random_octets(&seed, (mr_real_format)format, given);
      bool is_exact = false;
      mr_real real = mr_real_unpack((mr_real_format)format, given);
      assert_true(mr_real_pack(real, (mr_real_format)format, octets, &is_exact));
      assert_true(is_exact);
      assert_memory_equal(octets, given, mr_real_size((mr_real_format)format));
    }
  }
}

static void wider_formats_hold_each_number_of_narrower_ones(void **state) {
  (void)state;
  uint64_t seed = 4;
  for (int narrow = MR_REAL_F32; narrow <= MR_REAL_F128; narrow++) {
    for (int wide = narrow; wide <= MR_REAL_F128; wide++) {
      for (int i = 0; i < rounds(ROUNDS) / 10; i++) {
        unsigned char octets[16];
        bool is_exact = false;
        mr_real number = random_real(&seed, (mr_real_format)narrow);
        if (!mr_real_pack(number, (mr_real_format)narrow, octets, NULL)) continue;
        number = mr_real_unpack((mr_real_format)narrow, octets);
        assert_true(mr_real_pack(number, (mr_real_format)wide, octets, &is_exact));
        assert_true(is_exact);
        assert_true(is_same(number, mr_real_unpack((mr_real_format)wide, octets)));
      }
    }
  }
}

static const mr_real one = {MR_REAL_FINITE, false, 0, UINT64_C(1) << 63, 0};

static void the_greatest_number_is_kept_and_what_rounds_beyond_it_is_refused(void **state) {
  (void)state;
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    unsigned char octets[16] = {1, 2, 3}, untouched[16] = {1, 2, 3};
    bool is_exact = true;
    int digits = mr_real_digits((mr_real_format)format);
    int greatest = 1 - mr_real_least_exponent((mr_real_format)format);
    mr_real real = {MR_REAL_FINITE, false, greatest, UINT64_MAX, UINT64_MAX};
    assert_false(mr_real_pack(real, (mr_real_format)format, octets, &is_exact));
    assert_memory_equal(octets, untouched, sizeof octets);
    assert_true(is_exact);
    /* Halfway is even. */
    if (digits < 64) {
      real.low = 0;
      real.high = ~(UINT64_MAX >> digits >> 1);
    } else {
      real.low = digits == 64 ? UINT64_C(1) << 63 : ~(UINT64_MAX >> (digits - 63));
    }
    assert_false(mr_real_pack(real, (mr_real_format)format, octets, &is_exact));
    /* Just below it rounds down. */
    real.high -= real.low == 0;
    real.low -= 1;
    assert_true(mr_real_pack(real, (mr_real_format)format, octets, &is_exact));
    assert_false(is_exact);
    mr_real kept = mr_real_unpack((mr_real_format)format, octets);
    assert_int_equal(kept.exponent, greatest);
    real = one;
    real.exponent = greatest + 1;
    assert_false(mr_real_pack(real, (mr_real_format)format, octets, NULL));
  }
}

static void half_of_the_least_number_is_zero_and_anything_more_is_the_least(void **state) {
  (void)state;
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    unsigned char octets[16];
    bool is_exact = true;
    mr_real_format to = (mr_real_format)format;
    int least = mr_real_least_exponent(to) - mr_real_digits(to) + 1;
    mr_real real = one;
    real.is_negative = true;
    for (real.exponent = least - 200; real.exponent < least; real.exponent++) {
      assert_true(mr_real_pack(real, to, octets, &is_exact));
      assert_false(is_exact);
      mr_real zero = mr_real_unpack(to, octets);
      assert_true(zero.is == MR_REAL_ZERO && zero.is_negative);
    }
    real.exponent = least - 1;
    real.low = 1;
    assert_true(mr_real_pack(real, to, octets, &is_exact));
    assert_false(is_exact);
    real.low = 0;
    real.exponent = least;
    assert_true(is_same(mr_real_unpack(to, octets), real));
  }
}

static mr_real x87(uint16_t top, uint64_t significand) {
  unsigned char octets[10];
  memcpy(octets + x87_top(), &top, sizeof top);
  memcpy(octets + (x87_top() == 0 ? sizeof top : 0), &significand, sizeof significand);
  return mr_real_unpack(MR_REAL_X87, octets);
}

static void what_the_x87_takes_for_no_number_is_its_own_nan(void **state) {
  (void)state;
  const uint64_t first = UINT64_C(1) << 63;
  const mr_real nan = {MR_REAL_NAN, true, 0, first, 0};
  assert_true(is_same(x87(0x7fff, 0), nan));          /* infinity without its first digit */
  assert_true(is_same(x87(0x7fff, first >> 1), nan)); /* a NaN without it */
  assert_true(is_same(x87(0x3fff, first >> 1), nan)); /* a number without it */
  assert_true(is_same(x87(0x3fff, 0), nan));
  assert_int_equal(x87(0x7fff, first).is, MR_REAL_INFINITE);
  assert_int_equal(x87(0xffff, first | 1).is, MR_REAL_NAN);
  assert_int_equal(x87(0x8000, 0).is, MR_REAL_ZERO);
  /* Denormal, yet with a first digit: the same as with the least exponent. */
  assert_true(is_same(x87(0, first), x87(1, first)));
}

static void a_nan_keeps_what_of_its_payload_there_is_room_for(void **state) {
  (void)state;
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    mr_real_format to = (mr_real_format)format;
    unsigned char octets[16];
    bool is_exact = false;
    /* Not quiet, and it stays so. */
    mr_real nan = {MR_REAL_NAN, true, 0, UINT64_C(0x123) << 44, 0};
    assert_true(mr_real_pack(nan, to, octets, &is_exact));
    assert_true(is_exact);
    assert_true(is_same(mr_real_unpack(to, octets), nan));
    /* Nothing is left. */
    mr_real lost = {MR_REAL_NAN, false, 0, 0, 1};
    assert_true(mr_real_pack(lost, to, octets, &is_exact));
    assert_false(is_exact);
    const mr_real quiet = {MR_REAL_NAN, false, 0, UINT64_C(1) << 63, 0};
    assert_true(is_same(mr_real_unpack(to, octets), quiet));
  }
}

static void infinity_is_of_every_format(void **state) {
  (void)state;
  for (int format = MR_REAL_F32; format <= MR_REAL_F128; format++) {
    unsigned char octets[16];
    bool is_exact = false;
    mr_real infinity = {MR_REAL_INFINITE, true, 0, 0, 0};
    assert_true(mr_real_pack(infinity, (mr_real_format)format, octets, &is_exact));
    assert_true(is_exact);
    assert_true(is_same(mr_real_unpack((mr_real_format)format, octets), infinity));
  }
}

static void integers_come_back_as_they_were(void **state) {
  (void)state;
  uint64_t seed = 5;
  for (int i = 0; i < rounds(ROUNDS); i++) {
    mr_integer given = {false, random_word(&seed), random_word(&seed)}, integer;
    unsigned cut = random_below(&seed, 128);
    given.low = cut < 64 ? given.low >> cut : 0;
    given.high = cut < 64 ? given.high : given.high >> (cut - 64);
    given.is_negative = (given.high || given.low) && random_word(&seed) % 2;
    mr_real real = mr_real_of_integer(given);
    assert_true(mr_real_to_integer(real, &integer));
    assert_true(integer.is_negative == given.is_negative && integer.high == given.high &&
                integer.low == given.low);
    assert_true(mr_real_truncate(real, &integer));
    assert_true(integer.high == given.high && integer.low == given.low);
  }
}

static void integers_are_the_compilers_floats(void **state) {
  (void)state;
  uint64_t seed = 6;
  for (int i = 0; i < rounds(ROUNDS); i++) {
    int64_t given = (int64_t)random_word(&seed) / (INT64_C(1) << random_below(&seed, 63));
    double number, expected = (double)given;
    bool is_exact;
    mr_integer integer;
    mr_real real = mr_real_of_integer(mr_integer_of_i64(given));
    assert_true(mr_real_pack(real, MR_REAL_F64, &number, &is_exact));
    assert_true(number == expected);
    assert_true(mr_real_truncate(mr_real_unpack(MR_REAL_F64, &number), &integer));
    if (expected < 0x1p63 && expected > -0x1p63) {
      mr_integer same = mr_integer_of_i64((int64_t)expected);
      assert_true(integer.low == same.low && integer.is_negative == same.is_negative);
      assert_int_equal(is_exact, (int64_t)expected == given);
    }
  }
}

static void fractions_are_no_integers_and_are_cut(void **state) {
  (void)state;
  uint64_t seed = 7;
  for (int i = 0; i < rounds(ROUNDS); i++) {
    double given =
        (double)(int64_t)random_word(&seed) / (double)(UINT64_C(1) << random_below(&seed, 64));
    mr_integer integer = {true, 7, 7};
    mr_real real = mr_real_unpack(MR_REAL_F64, &given);
    bool is_integer = mr_real_to_integer(real, &integer);
    if (given >= 0x1p63 || given <= -0x1p63) continue;
    assert_int_equal(is_integer, given == (double)(int64_t)given);
    if (!is_integer) assert_true(integer.is_negative && integer.high == 7 && integer.low == 7);
    assert_true(mr_real_truncate(real, &integer));
    mr_integer same = mr_integer_of_i64((int64_t)given);
    assert_true(integer.is_negative == same.is_negative && integer.low == same.low);
  }
}

static void what_is_beyond_128_bits_or_not_finite_is_no_integer(void **state) {
  (void)state;
  mr_integer integer = {true, 7, 7};
  mr_real real = {MR_REAL_FINITE, true, 128, UINT64_C(1) << 63, 0};
  const mr_real infinity = {MR_REAL_INFINITE, false, 0, 0, 0};
  const mr_real nan = {MR_REAL_NAN, false, 0, 1, 0};
  const mr_real zero = {MR_REAL_ZERO, true, 0, 0, 0};
  assert_false(mr_real_truncate(real, &integer));
  assert_false(mr_real_to_integer(real, &integer));
  assert_false(mr_real_truncate(infinity, &integer));
  assert_false(mr_real_to_integer(infinity, &integer));
  assert_false(mr_real_truncate(nan, &integer));
  assert_true(integer.is_negative && integer.high == 7 && integer.low == 7);
  real.exponent = 127;
  assert_true(mr_real_to_integer(real, &integer));
  assert_true(integer.is_negative && integer.high == UINT64_C(1) << 63 && integer.low == 0);
  assert_true(mr_real_to_integer(zero, &integer));
  assert_true(!integer.is_negative && integer.high == 0 && integer.low == 0);
}

static void a_long_double_comes_back_as_it_was(void **state) {
  (void)state;
  const long double numbers[] = {0,        -0.0L,        1,           -1.5L, LDBL_MAX,
                                 LDBL_MIN, LDBL_EPSILON, LDBL_MIN / 4};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    long double number = 7;
    bool is_exact = false;
    assert_true(mr_real_to_long_double(mr_real_of_long_double(numbers[i]), &number, &is_exact));
    assert_true(is_exact);
    assert_true(number == numbers[i]);
  }
}

static void what_no_long_double_is_leaves_it_untouched(void **state) {
  (void)state;
  long double number = 7;
  mr_real real = one;
  real.exponent = LDBL_MAX_EXP;
  assert_false(mr_real_to_long_double(real, &number, NULL));
  assert_true(number == 7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_numbers_are_rounded_as_the_compiler_does),
      cmocka_unit_test(random_octets_are_taken_as_the_compiler_does),
      cmocka_unit_test(what_is_unpacked_is_packed_to_the_same_octets),
      cmocka_unit_test(wider_formats_hold_each_number_of_narrower_ones),
      cmocka_unit_test(the_greatest_number_is_kept_and_what_rounds_beyond_it_is_refused),
      cmocka_unit_test(half_of_the_least_number_is_zero_and_anything_more_is_the_least),
      cmocka_unit_test(what_the_x87_takes_for_no_number_is_its_own_nan),
      cmocka_unit_test(a_nan_keeps_what_of_its_payload_there_is_room_for),
      cmocka_unit_test(infinity_is_of_every_format),
      cmocka_unit_test(integers_come_back_as_they_were),
      cmocka_unit_test(integers_are_the_compilers_floats),
      cmocka_unit_test(fractions_are_no_integers_and_are_cut),
      cmocka_unit_test(what_is_beyond_128_bits_or_not_finite_is_no_integer),
      cmocka_unit_test(a_long_double_comes_back_as_it_was),
      cmocka_unit_test(what_no_long_double_is_leaves_it_untouched),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

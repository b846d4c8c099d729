#include <float.h>
#include <math.h>
#include <memregions/slot.h>
#include <string.h>

#include "support.h"

/* Numbers that do not fit, made to: by writing them to slots. */

enum { ROOM = 32 };

static mr_status store(mr_value value, mr_kind kind, mr_fit fit, unsigned char *octets) {
  mr_slot slot;
  assert_int_equal(mr_slot_of(mr_scalar_type(kind, MR_NATIVE_ORDER), &slot), MR_OK);
  return mr_slot_store_fitted(mr_region_of(octets, ROOM), slot, value, fit);
}

/* What is there after it was written. */
static mr_value fitted(mr_value value, mr_kind kind, mr_fit fit) {
  unsigned char octets[ROOM] = {0};
  mr_slot slot;
  mr_value out;
  assert_int_equal(mr_slot_of(mr_scalar_type(kind, MR_NATIVE_ORDER), &slot), MR_OK);
  assert_int_equal(store(value, kind, fit, octets), MR_OK);
  assert_int_equal(mr_slot_load(mr_view_of(octets, ROOM), slot, &out), MR_OK);
  return out;
}

static uint64_t next_random(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static int64_t fitted_integer(mr_value value, mr_kind kind, mr_fit fit) {
  int64_t out;
  assert_int_equal(mr_value_to_i64(fitted(value, kind, fit), &out), MR_OK);
  return out;
}

static mr_value i64(int64_t value) { return mr_value_of_i64(value); }
static mr_value f64(double value) { return mr_value_of_f64(value); }

static void checked_is_as_if_nothing_were_said(void **state) {
  (void)state;
  unsigned char octets[ROOM] = {7};
  assert_int_equal(store(i64(256), MR_KIND_U8, MR_FIT_CHECKED, octets), MR_OVERFLOW);
  assert_int_equal(store(f64(1.5), MR_KIND_U8, MR_FIT_CHECKED, octets), MR_OVERFLOW);
  assert_int_equal(store(f64(1e300), MR_KIND_F32, MR_FIT_CHECKED, octets), MR_OVERFLOW);
  assert_int_equal(octets[0], 7);
  assert_int_equal(fitted_integer(i64(255), MR_KIND_U8, MR_FIT_CHECKED), 255);
}

static void what_is_no_fit_is_refused(void **state) {
  (void)state;
  unsigned char octets[ROOM] = {7};
  assert_int_equal(store(i64(1), MR_KIND_U8, (mr_fit)(MR_FIT_SATURATING + 1), octets),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(octets[0], 7);
}

/* All of 64 bits to all that are shorter, against C's own conversions. */
static void integers_wrap_as_unsigned_ones_do_in_c(void **state) {
  (void)state;
  for (int i = 0; i < 1000; i++) {
    uint64_t word = next_random() >> next_random() % 64;
    mr_value value = i % 2 ? mr_value_of_u64(word) : i64((int64_t)word);
    assert_int_equal(fitted_integer(value, MR_KIND_U8, MR_FIT_WRAPPING), (uint8_t)word);
    assert_int_equal(fitted_integer(value, MR_KIND_I8, MR_FIT_WRAPPING), (int8_t)word);
    assert_int_equal(fitted_integer(value, MR_KIND_U16, MR_FIT_WRAPPING), (uint16_t)word);
    assert_int_equal(fitted_integer(value, MR_KIND_I16, MR_FIT_WRAPPING), (int16_t)word);
    assert_int_equal(fitted_integer(value, MR_KIND_U32, MR_FIT_WRAPPING), (uint32_t)word);
    assert_int_equal(fitted_integer(value, MR_KIND_I32, MR_FIT_WRAPPING), (int32_t)word);
    assert_true(fitted_integer(value, MR_KIND_I64, MR_FIT_WRAPPING) == (int64_t)word);
  }
}

static int64_t clamp(int64_t value, int64_t least, int64_t most) {
  if (value < least) return least;
  return value > most ? most : value;
}

static void integers_saturate_at_the_ends(void **state) {
  (void)state;
  for (int i = 0; i < 1000; i++) {
    int64_t number = (int64_t)next_random() >> next_random() % 62;
    mr_value value = i64(number);
    assert_true(fitted_integer(value, MR_KIND_U8, MR_FIT_SATURATING) == clamp(number, 0, 255));
    assert_true(fitted_integer(value, MR_KIND_I8, MR_FIT_SATURATING) == clamp(number, -128, 127));
    assert_true(fitted_integer(value, MR_KIND_U32, MR_FIT_SATURATING) ==
                clamp(number, 0, UINT32_MAX));
    assert_true(fitted_integer(value, MR_KIND_I32, MR_FIT_SATURATING) ==
                clamp(number, INT32_MIN, INT32_MAX));
  }
}

static void integers_of_128_bits_are_made_to_fit(void **state) {
  (void)state;
  const mr_fit wrapping = MR_FIT_WRAPPING, saturating = MR_FIT_SATURATING;
  mr_value huge = mr_value_of_u128(UINT64_MAX, 5);
  mr_value least = mr_value_of_i128(INT64_MIN, 6);
  const struct {
    mr_value value;
    mr_kind kind;
    mr_value wrapped, saturated;
  } cases[] = {
      {huge, MR_KIND_I128, mr_value_of_i128(-1, 5), mr_value_of_i128(INT64_MAX, UINT64_MAX)},
      {i64(-2), MR_KIND_U128, mr_value_of_u128(UINT64_MAX, UINT64_MAX - 1), mr_value_of_u128(0, 0)},
      {huge, MR_KIND_U64, mr_value_of_u64(5), mr_value_of_u64(UINT64_MAX)},
      {huge, MR_KIND_I64, i64(5), i64(INT64_MAX)},
      {least, MR_KIND_I64, i64(6), i64(INT64_MIN)},
      {least, MR_KIND_U64, mr_value_of_u64(6), mr_value_of_u64(0)},
      {f64(0x1p200), MR_KIND_U128, mr_value_of_u128(0, 0),
       mr_value_of_u128(UINT64_MAX, UINT64_MAX)},
      {f64(-0x1p200), MR_KIND_I128, mr_value_of_i128(0, 0), mr_value_of_i128(INT64_MIN, 0)},
      {f64(-0x1p200), MR_KIND_U128, mr_value_of_u128(0, 0), mr_value_of_u128(0, 0)},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    mr_value wrapped = fitted(cases[i].value, cases[i].kind, wrapping);
    mr_value saturated = fitted(cases[i].value, cases[i].kind, saturating);
    if (!mr_value_equal(wrapped, cases[i].wrapped)) fail_msg("case %zu wraps", i);
    if (!mr_value_equal(saturated, cases[i].saturated)) fail_msg("case %zu saturates", i);
  }
}

static void floats_are_cut_toward_0(void **state) {
  (void)state;
  for (int fit = MR_FIT_WRAPPING; fit <= MR_FIT_SATURATING; fit++) {
    assert_int_equal(fitted_integer(f64(2.9), MR_KIND_U8, (mr_fit)fit), 2);
    assert_int_equal(fitted_integer(f64(-2.9), MR_KIND_I8, (mr_fit)fit), -2);
    assert_int_equal(fitted_integer(f64(-0.9), MR_KIND_U8, (mr_fit)fit), 0);
    assert_int_equal(fitted_integer(f64(NAN), MR_KIND_I32, (mr_fit)fit), 0);
    assert_int_equal(fitted_integer(mr_value_of_f32(0.1F), MR_KIND_I64, (mr_fit)fit), 0);
  }
}

static void floats_wrap_as_the_integers_that_they_are(void **state) {
  (void)state;
  assert_int_equal(fitted_integer(f64(0x1p40 + 3.5), MR_KIND_U8, MR_FIT_WRAPPING), 3);
  assert_int_equal(fitted_integer(f64(-0x1p40 - 3.5), MR_KIND_U8, MR_FIT_WRAPPING), 253);
  assert_int_equal(fitted_integer(f64(-0x1p40 - 3.5), MR_KIND_I8, MR_FIT_WRAPPING), -3);
  assert_int_equal(fitted_integer(f64(INFINITY), MR_KIND_I8, MR_FIT_WRAPPING), 0);
  assert_int_equal(fitted_integer(f64(-INFINITY), MR_KIND_I8, MR_FIT_WRAPPING), 0);
  assert_int_equal(fitted_integer(f64(1e300), MR_KIND_I64, MR_FIT_WRAPPING), 0);
}

static void floats_saturate_at_the_ends(void **state) {
  (void)state;
  assert_int_equal(fitted_integer(f64(1e300), MR_KIND_U8, MR_FIT_SATURATING), 255);
  assert_int_equal(fitted_integer(f64(-1e300), MR_KIND_I8, MR_FIT_SATURATING), -128);
  assert_int_equal(fitted_integer(f64(-1e30), MR_KIND_U8, MR_FIT_SATURATING), 0);
  assert_int_equal(fitted_integer(f64(INFINITY), MR_KIND_I16, MR_FIT_SATURATING), 32767);
  assert_int_equal(fitted_integer(f64(-INFINITY), MR_KIND_I16, MR_FIT_SATURATING), -32768);
}

/* Two powers of two, the lesser of which is within 128 bits. */
static void reals_beyond_128_bits_wrap_to_their_last_digits(void **state) {
  (void)state;
  for (unsigned exponent = 128; exponent < 240; exponent++) {
    for (unsigned lower = exponent - 112; lower < exponent; lower++) {
      /* As binary128: what comes after the first digit is 112 places wide. */
      unsigned place = 112 - (exponent - lower);
      uint64_t high = (uint64_t)(16383 + exponent) << 48;
      uint64_t low = 0;
      if (place < 64) {
        low = UINT64_C(1) << place;
      } else {
        high |= UINT64_C(1) << (place - 64);
      }
      mr_value value = {.kind = MR_KIND_F128};
      bool is_big = mr_byte_order_is_swapped(MR_LITTLE_ENDIAN);
      value.as.words[is_big ? 0 : 1] = high;
      value.as.words[is_big ? 1 : 0] = low;
      mr_value expected = mr_value_of_u128(0, 0);
      if (lower < 64) {
        expected.as.words[0] = UINT64_C(1) << lower;
      } else if (lower < 128) {
        expected.as.words[1] = UINT64_C(1) << (lower - 64);
      }
      assert_true(mr_value_equal(fitted(value, MR_KIND_U128, MR_FIT_WRAPPING), expected));
      unsigned char octets[ROOM];
      assert_int_equal(store(value, MR_KIND_U128, MR_FIT_CHECKED, octets), MR_OVERFLOW);
    }
  }
}

static void bools_are_1_bit(void **state) {
  (void)state;
  assert_int_equal(fitted_integer(i64(2), MR_KIND_BOOL, MR_FIT_WRAPPING), 0);
  assert_int_equal(fitted_integer(i64(3), MR_KIND_BOOL, MR_FIT_WRAPPING), 1);
  assert_int_equal(fitted_integer(i64(-1), MR_KIND_BOOL, MR_FIT_WRAPPING), 1);
  assert_int_equal(fitted_integer(i64(2), MR_KIND_BOOL, MR_FIT_SATURATING), 1);
  assert_int_equal(fitted_integer(i64(-5), MR_KIND_BOOL, MR_FIT_SATURATING), 0);
  assert_int_equal(fitted_integer(f64(0.9), MR_KIND_BOOL, MR_FIT_SATURATING), 0);
}

static int64_t fitted_bits(mr_kind kind, unsigned width, mr_value value, mr_fit fit) {
  unsigned char octets[4] = {0xff, 0xff, 0xff, 0xff};
  uint64_t access = MR_SLOT_INDIRECT | (uint64_t)kind;
  mr_slot slot = {mr_scalar_type(kind, MR_LITTLE_ENDIAN), UINT64_C(6) << 16 | width << 8 | access};
  int64_t out = 0;
  assert_int_equal(mr_slot_store_fitted(mr_region_of(octets, 4), slot, value, fit), MR_OK);
  assert_int_equal(mr_slot_get_i64(mr_view_of(octets, 4), slot, &out), MR_OK);
  assert_int_equal(octets[0] & 0x3f, 0x3f);
  assert_int_equal(octets[3], 0xff);
  return out;
}

static void bit_fields_fit_their_width(void **state) {
  (void)state;
  assert_int_equal(fitted_bits(MR_KIND_U32, 3, i64(9), MR_FIT_WRAPPING), 1);
  assert_int_equal(fitted_bits(MR_KIND_U32, 3, i64(9), MR_FIT_SATURATING), 7);
  assert_int_equal(fitted_bits(MR_KIND_U32, 3, i64(-1), MR_FIT_WRAPPING), 7);
  assert_int_equal(fitted_bits(MR_KIND_U32, 3, i64(-1), MR_FIT_SATURATING), 0);
  assert_int_equal(fitted_bits(MR_KIND_I32, 3, i64(5), MR_FIT_WRAPPING), -3);
  assert_int_equal(fitted_bits(MR_KIND_I32, 3, i64(5), MR_FIT_SATURATING), 3);
  assert_int_equal(fitted_bits(MR_KIND_I32, 3, i64(-9), MR_FIT_WRAPPING), -1);
  assert_int_equal(fitted_bits(MR_KIND_I32, 3, f64(-9.7), MR_FIT_SATURATING), -4);
  assert_int_equal(fitted_bits(MR_KIND_I32, 1, i64(1), MR_FIT_SATURATING), 0);
  assert_int_equal(fitted_bits(MR_KIND_BOOL, 1, i64(2), MR_FIT_SATURATING), 1);
}

static void assert_real(mr_value value, mr_kind kind, mr_fit fit, double expected) {
  double out;
  assert_int_equal(mr_value_to_f64(fitted(value, kind, fit), &out), MR_OK);
  assert_true(isnan(expected) ? isnan(out) : out == expected);
}

static void floats_become_the_nearest(void **state) {
  (void)state;
  assert_real(f64(1e300), MR_KIND_F32, MR_FIT_WRAPPING, INFINITY);
  assert_real(f64(-1e300), MR_KIND_F32, MR_FIT_WRAPPING, -INFINITY);
  assert_real(f64(1e300), MR_KIND_F32, MR_FIT_SATURATING, (double)FLT_MAX);
  assert_real(f64(-1e300), MR_KIND_F32, MR_FIT_SATURATING, -(double)FLT_MAX);
  assert_real(f64(-INFINITY), MR_KIND_F32, MR_FIT_SATURATING, -INFINITY);
  assert_real(f64(NAN), MR_KIND_F32, MR_FIT_SATURATING, NAN);
  assert_real(f64(0.1), MR_KIND_F32, MR_FIT_SATURATING, (double)0.1F);
}

static void integers_become_the_nearest_float(void **state) {
  (void)state;
  int64_t odd = (INT64_C(1) << 53) + 1;
  unsigned char octets[ROOM];
  assert_int_equal(store(i64(odd), MR_KIND_F64, MR_FIT_CHECKED, octets), MR_OVERFLOW);
  assert_real(i64(odd), MR_KIND_F64, MR_FIT_WRAPPING, 0x1p53);
  assert_real(i64(odd + 2), MR_KIND_F64, MR_FIT_SATURATING, 0x1p53 + 4);
  assert_real(mr_value_of_u128(UINT64_MAX, UINT64_MAX), MR_KIND_F32, MR_FIT_WRAPPING, INFINITY);
  assert_real(mr_value_of_u128(UINT64_MAX, UINT64_MAX), MR_KIND_F32, MR_FIT_SATURATING,
              (double)FLT_MAX);
}

/* The greatest of a format, from what is beyond it in the next one. */
static void every_format_saturates_at_its_greatest(void **state) {
  (void)state;
  mr_value beyond = {.kind = MR_KIND_F128};
  unsigned char octets[ROOM];
  uint64_t high, low;
  bool is_big = mr_byte_order_is_swapped(MR_LITTLE_ENDIAN);
  beyond.as.words[is_big ? 0 : 1] = UINT64_C(0x7ffeffffffffffff);
  beyond.as.words[is_big ? 1 : 0] = UINT64_MAX;
  assert_real(beyond, MR_KIND_F64, MR_FIT_SATURATING, DBL_MAX);
  assert_int_equal(store(beyond, MR_KIND_F80, MR_FIT_CHECKED, octets), MR_OVERFLOW);
  mr_value greatest = fitted(beyond, MR_KIND_F80, MR_FIT_SATURATING);
  mr_value infinite = fitted(beyond, MR_KIND_F80, MR_FIT_WRAPPING);
  high = greatest.as.words[is_big ? 0 : 1];
  low = greatest.as.words[is_big ? 1 : 0];
  assert_true(high == 0x7ffe && low == UINT64_MAX);
  high = infinite.as.words[is_big ? 0 : 1];
  low = infinite.as.words[is_big ? 1 : 0];
  assert_true(high == 0x7fff && low == UINT64_C(1) << 63);
}

static void each_part_of_a_complex_number_is_made_to_fit(void **state) {
  (void)state;
  mr_value value = mr_value_of_complex_f64(1e300, -1e300);
  unsigned char octets[ROOM] = {7};
  float real, imaginary;
  assert_int_equal(store(value, MR_KIND_COMPLEX_F32, MR_FIT_CHECKED, octets), MR_OVERFLOW);
  assert_int_equal(octets[0], 7);
  mr_value saturated = fitted(value, MR_KIND_COMPLEX_F32, MR_FIT_SATURATING);
  assert_int_equal(mr_value_to_complex_f32(saturated, &real, &imaginary), MR_OK);
  assert_true(real == FLT_MAX && imaginary == -FLT_MAX);
  mr_value wrapped = fitted(value, MR_KIND_COMPLEX_F32, MR_FIT_WRAPPING);
  assert_int_equal(mr_value_to_complex_f32(wrapped, &real, &imaginary), MR_OK);
  assert_true(isinf(real) && isinf(imaginary) && imaginary < 0);
}

static void what_is_no_number_is_not_made_one(void **state) {
  (void)state;
  unsigned char octets[ROOM] = {7};
  mr_value complex_number = mr_value_of_complex_f64(1, 0);
  mr_value pointer = mr_value_of_pointer(octets);
  mr_value name = mr_value_of_name("RED");
  assert_int_equal(store(complex_number, MR_KIND_F64, MR_FIT_WRAPPING, octets), MR_TYPE_MISMATCH);
  assert_int_equal(store(complex_number, MR_KIND_U8, MR_FIT_WRAPPING, octets), MR_TYPE_MISMATCH);
  assert_int_equal(store(pointer, MR_KIND_U64, MR_FIT_WRAPPING, octets), MR_TYPE_MISMATCH);
  assert_int_equal(store(i64(1), MR_KIND_POINTER, MR_FIT_SATURATING, octets), MR_TYPE_MISMATCH);
  assert_int_equal(store(name, MR_KIND_U8, MR_FIT_SATURATING, octets), MR_TYPE_MISMATCH);
  assert_int_equal(octets[0], 7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(checked_is_as_if_nothing_were_said),
      cmocka_unit_test(what_is_no_fit_is_refused),
      cmocka_unit_test(integers_wrap_as_unsigned_ones_do_in_c),
      cmocka_unit_test(integers_saturate_at_the_ends),
      cmocka_unit_test(integers_of_128_bits_are_made_to_fit),
      cmocka_unit_test(floats_are_cut_toward_0),
      cmocka_unit_test(floats_wrap_as_the_integers_that_they_are),
      cmocka_unit_test(floats_saturate_at_the_ends),
      cmocka_unit_test(reals_beyond_128_bits_wrap_to_their_last_digits),
      cmocka_unit_test(bools_are_1_bit),
      cmocka_unit_test(bit_fields_fit_their_width),
      cmocka_unit_test(floats_become_the_nearest),
      cmocka_unit_test(integers_become_the_nearest_float),
      cmocka_unit_test(every_format_saturates_at_its_greatest),
      cmocka_unit_test(each_part_of_a_complex_number_is_made_to_fit),
      cmocka_unit_test(what_is_no_number_is_not_made_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

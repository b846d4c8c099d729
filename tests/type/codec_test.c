#include <float.h>
#include <math.h>
#include <memregions/slot.h>
#include <stdio.h>
#include <string.h>

#include "support.h"

/*
 * Conversions, by storing values into slots of every scalar kind and both byte orders, and by the mr_value_to
 * functions.
 */

enum { ROOM = 32 };

static const mr_kind scalars[] = {MR_KIND_BOOL,
                                  MR_KIND_I8,
                                  MR_KIND_U8,
                                  MR_KIND_I16,
                                  MR_KIND_U16,
                                  MR_KIND_I32,
                                  MR_KIND_U32,
                                  MR_KIND_I64,
                                  MR_KIND_U64,
                                  MR_KIND_I128,
                                  MR_KIND_U128,
                                  MR_KIND_F32,
                                  MR_KIND_F64,
                                  MR_KIND_LONG_DOUBLE,
                                  MR_KIND_COMPLEX_F32,
                                  MR_KIND_COMPLEX_F64,
                                  MR_KIND_COMPLEX_LONG_DOUBLE,
                                  MR_KIND_POINTER,
                                  MR_KIND_F80,
                                  MR_KIND_F128,
                                  MR_KIND_COMPLEX_F80,
                                  MR_KIND_COMPLEX_F128};

enum { SCALARS = sizeof scalars / sizeof *scalars };

static const mr_byte_order orders[] = {MR_LITTLE_ENDIAN, MR_BIG_ENDIAN};

/* Under Valgrind a long double has a double's digits. */
static bool long_doubles_are_long(void) {
  volatile long double one = 1;
  return one + LDBL_EPSILON != one;
}

static mr_status store(mr_value value, mr_kind kind, mr_byte_order order, unsigned char *octets) {
  mr_slot slot;
  assert_int_equal(mr_slot_of(mr_scalar_type(kind, order), &slot), MR_OK);
  return mr_slot_store(mr_region_of(octets, ROOM), slot, value);
}

static mr_value load(mr_kind kind, mr_byte_order order, const unsigned char *octets) {
  mr_slot slot;
  mr_value value;
  assert_int_equal(mr_slot_of(mr_scalar_type(kind, order), &slot), MR_OK);
  assert_int_equal(mr_slot_load(mr_view_of(octets, ROOM), slot, &value), MR_OK);
  bool is_wide_complex = kind == MR_KIND_COMPLEX_F80 || kind == MR_KIND_COMPLEX_F128;
  assert_int_equal(value.kind, is_wide_complex ? MR_KIND_COMPLEX_LONG_DOUBLE : kind);
  return value;
}

/* What `value` is as `kind`, by way of memory. */
static mr_value converted(mr_value value, mr_kind kind) {
  unsigned char octets[ROOM] = {0};
  assert_int_equal(store(value, kind, MR_NATIVE_ORDER, octets), MR_OK);
  return load(kind, MR_NATIVE_ORDER, octets);
}

static void assert_all(const unsigned char *octets, unsigned char expected) {
  for (size_t i = 0; i < ROOM; i++) assert_int_equal(octets[i], expected);
}

/* Every kind to every kind. */

typedef enum group { REAL, COMPLEX, POINTER } group;

static group group_of(mr_kind kind) {
  if (kind == MR_KIND_POINTER) return POINTER;
  if (kind == MR_KIND_F80 || kind == MR_KIND_F128) return REAL;
  return kind >= MR_KIND_COMPLEX_F32 ? COMPLEX : REAL;
}

/* One, of any kind; for pointers, something. */
static mr_value one_of(mr_kind kind) {
  static char anything;
  return converted(
      kind == MR_KIND_POINTER ? mr_value_of_pointer(&anything) : mr_value_of_bool(true), kind);
}

static void kinds_convert_within_their_group_and_from_real_to_complex(void **state) {
  (void)state;
  for (size_t i = 0; i < SCALARS; i++) {
    for (size_t j = 0; j < SCALARS; j++) {
      mr_kind from = scalars[i], to = scalars[j];
      for (size_t order = 0; order < 2; order++) {
        unsigned char octets[ROOM];
        memset(octets, 0x55, sizeof octets);
        if (!mr_scalar_type(to, orders[order])) continue;
        group source = group_of(from);
        group target = group_of(to);
        bool can = source == target || (source == REAL && target == COMPLEX);
        mr_status expected = can ? MR_OK : MR_TYPE_MISMATCH;
        mr_status status = store(one_of(from), to, orders[order], octets);
        if (status != expected) fail_msg("%d to %d: %s", from, to, mr_status_name(status));
        if (can) {
          mr_value back = load(to, orders[order], octets);
          assert_true(mr_value_equal(back, one_of(to)));
        } else {
          assert_all(octets, 0x55);
        }
      }
    }
  }
}

static void what_is_no_scalar_converts_to_none(void **state) {
  (void)state;
  mr_value nothing = {.kind = MR_KIND_VOID};
  mr_value unknown = {.kind = 200};
  mr_value name = mr_value_of_name("RED");
  /* No value is of this kind. */
  mr_value complex_quad = {.kind = MR_KIND_COMPLEX_F128};
  for (size_t i = 0; i < SCALARS; i++) {
    unsigned char octets[ROOM];
    memset(octets, 0x55, sizeof octets);
    assert_int_equal(store(nothing, scalars[i], MR_NATIVE_ORDER, octets), MR_TYPE_MISMATCH);
    assert_int_equal(store(name, scalars[i], MR_NATIVE_ORDER, octets), MR_TYPE_MISMATCH);
    assert_int_equal(store(complex_quad, scalars[i], MR_NATIVE_ORDER, octets), MR_TYPE_MISMATCH);
    assert_int_equal(store(unknown, scalars[i], MR_NATIVE_ORDER, octets), MR_TYPE_MISMATCH);
    assert_all(octets, 0x55);
  }
}

/* Edges. What is kept comes back as it was. */

typedef struct conversion_edge {
  mr_value value;
  mr_kind kind;
  mr_status status;
} conversion_edge;

static void check_edges(const conversion_edge *edges, size_t count) {
  for (size_t i = 0; i < count; i++) {
    unsigned char octets[ROOM];
    const conversion_edge *edge = &edges[i];
    memset(octets, 0x55, sizeof octets);
    mr_status status = store(edge->value, edge->kind, MR_NATIVE_ORDER, octets);
    if (status != edge->status) {
      fail_msg("edge %zu, to kind %d: %s", i, edge->kind, mr_status_name(status));
    }
    if (status == MR_OK) {
      mr_value back = load(edge->kind, MR_NATIVE_ORDER, octets);
      if (!mr_value_equal(converted(back, (mr_kind)edge->value.kind), edge->value)) {
        fail_msg("edge %zu, to kind %d: another value", i, edge->kind);
      }
    } else {
      assert_all(octets, 0x55);
    }
  }
}

static mr_value i64(int64_t value) { return mr_value_of_i64(value); }
static mr_value u64(uint64_t value) { return mr_value_of_u64(value); }
static mr_value f64(double value) { return mr_value_of_f64(value); }
static mr_value i128(int64_t high, uint64_t low) { return mr_value_of_i128(high, low); }
static mr_value u128(uint64_t high, uint64_t low) { return mr_value_of_u128(high, low); }

#define KEPT(VALUE, KIND) \
  { VALUE, MR_KIND_##KIND, MR_OK }
#define REFUSED(VALUE, KIND) \
  { VALUE, MR_KIND_##KIND, MR_OVERFLOW }

static void integers_are_kept_to_the_last_that_fits(void **state) {
  (void)state;
  const conversion_edge edges[] = {KEPT(i64(0), BOOL),
                                   KEPT(i64(1), BOOL),
                                   REFUSED(i64(2), BOOL),
                                   REFUSED(i64(-1), BOOL),
                                   KEPT(i64(127), I8),
                                   REFUSED(i64(128), I8),
                                   KEPT(i64(-128), I8),
                                   REFUSED(i64(-129), I8),
                                   KEPT(i64(255), U8),
                                   REFUSED(i64(256), U8),
                                   REFUSED(i64(-1), U8),
                                   KEPT(i64(0), U8),
                                   KEPT(i64(INT16_MAX), I16),
                                   REFUSED(i64(INT16_MAX + 1), I16),
                                   KEPT(i64(INT16_MIN), I16),
                                   REFUSED(i64(INT16_MIN - 1), I16),
                                   KEPT(i64(UINT16_MAX), U16),
                                   REFUSED(i64(UINT16_MAX + 1), U16),
                                   REFUSED(i64(-1), U16),
                                   KEPT(i64(INT32_MAX), I32),
                                   REFUSED(i64((int64_t)INT32_MAX + 1), I32),
                                   KEPT(i64(INT32_MIN), I32),
                                   REFUSED(i64((int64_t)INT32_MIN - 1), I32),
                                   KEPT(i64(UINT32_MAX), U32),
                                   REFUSED(i64((int64_t)UINT32_MAX + 1), U32),
                                   REFUSED(i64(INT64_MIN), I32),
                                   REFUSED(i64(INT64_MIN), U32),
                                   REFUSED(u64(UINT64_MAX), U32),
                                   KEPT(u64(INT64_MAX), I64),
                                   REFUSED(u64((uint64_t)INT64_MAX + 1), I64),
                                   KEPT(i64(INT64_MIN), I64),
                                   REFUSED(u64(UINT64_MAX), I64),
                                   KEPT(i64(INT64_MAX), U64),
                                   REFUSED(i64(INT64_MIN), U64),
                                   REFUSED(i64(-1), U64),
                                   KEPT(u64(UINT64_MAX), U64),
                                   KEPT(u64(UINT64_MAX), I128),
                                   KEPT(u64(UINT64_MAX), U128),
                                   KEPT(i64(INT64_MIN), I128),
                                   REFUSED(i64(-1), U128),
                                   KEPT(i64(-1), I128),
                                   KEPT(i128(-1, UINT64_MAX), I8),
                                   KEPT(i128(-1, (uint64_t)INT64_MIN), I64),
                                   REFUSED(i128(-1, (uint64_t)INT64_MIN - 1), I64),
                                   REFUSED(i128(0, UINT64_C(1) << 63), I64),
                                   KEPT(i128(0, UINT64_MAX), U64),
                                   REFUSED(i128(1, 0), U64),
                                   KEPT(i128(INT64_MAX, UINT64_MAX), U128),
                                   REFUSED(i128(INT64_MIN, 0), U128),
                                   KEPT(i128(INT64_MIN, 0), I128),
                                   KEPT(u128(INT64_MAX, UINT64_MAX), I128),
                                   REFUSED(u128(UINT64_C(1) << 63, 0), I128),
                                   KEPT(u128(UINT64_MAX, UINT64_MAX), U128),
                                   REFUSED(u128(1, 0), U64),
                                   REFUSED(u128(UINT64_MAX, UINT64_MAX), I8)};
  check_edges(edges, sizeof edges / sizeof *edges);
}

static void integers_become_floats_where_that_is_exact(void **state) {
  (void)state;
  const conversion_edge edges[] = {KEPT(i64(1 << 24), F32),
                                   REFUSED(i64((1 << 24) + 1), F32),
                                   KEPT(i64((1 << 24) + 2), F32),
                                   KEPT(i64(-(1 << 24)), F32),
                                   REFUSED(i64(-(1 << 24) - 1), F32),
                                   KEPT(i64(INT64_C(1) << 53), F64),
                                   REFUSED(i64((INT64_C(1) << 53) + 1), F64),
                                   KEPT(i64((INT64_C(1) << 53) + 2), F64),
                                   KEPT(i64(INT64_MIN), F64),
                                   KEPT(i64(INT64_MIN), F32),
                                   REFUSED(i64(INT64_MAX), F64),
                                   REFUSED(u64(UINT64_MAX), F64),
                                   KEPT(i64(0), F32),
                                   KEPT(u64(UINT64_C(1) << 63), F64),
                                   KEPT(u128(UINT64_C(1) << 63, 0), F32),
                                   KEPT(i128(INT64_MIN, 0), F64),
                                   KEPT(u128(UINT64_C(0xffffff) << 40, 0), F32),
                                   REFUSED(u128(UINT64_MAX, UINT64_MAX), F64),
                                   REFUSED(u128(1, 1), F64),
                                   KEPT(u128(1, UINT64_C(1) << 12), F64),
                                   REFUSED(u128(1, UINT64_C(1) << 11), F64)};
  check_edges(edges, sizeof edges / sizeof *edges);
}

static void floats_become_integers_where_they_are_some(void **state) {
  (void)state;
  const conversion_edge edges[] = {KEPT(f64(0), BOOL),
                                   KEPT(f64(1), BOOL),
                                   REFUSED(f64(0.5), BOOL),
                                   REFUSED(f64(2), BOOL),
                                   KEPT(f64(127), I8),
                                   REFUSED(f64(128), I8),
                                   KEPT(f64(-128), I8),
                                   REFUSED(f64(-129), I8),
                                   REFUSED(f64(1.5), I32),
                                   REFUSED(f64(-0.1), I32),
                                   REFUSED(f64(4.9e-324), I32),
                                   KEPT(f64(-0x1p63), I64),
                                   REFUSED(f64(0x1p63), I64),
                                   KEPT(f64(0x1.fffffffffffffp62), I64),
                                   REFUSED(f64(-0x1.0000000000001p63), I64),
                                   KEPT(f64(0x1p63), U64),
                                   REFUSED(f64(0x1p64), U64),
                                   KEPT(f64(0x1.fffffffffffffp63), U64),
                                   REFUSED(f64(-1), U64),
                                   KEPT(f64(0x1p64), I128),
                                   KEPT(f64(-0x1p127), I128),
                                   REFUSED(f64(0x1p127), I128),
                                   KEPT(f64(0x1p127), U128),
                                   REFUSED(f64(0x1p128), U128),
                                   KEPT(f64(0x1.fffffffffffffp127), U128),
                                   REFUSED(f64(-0x1p128), I128),
                                   KEPT(f64(0x1.0000000000001p64), U128),
                                   REFUSED(f64(1e300), U128),
                                   REFUSED(f64(INFINITY), I64),
                                   REFUSED(f64(-INFINITY), I64),
                                   REFUSED(f64(NAN), I64),
                                   REFUSED(f64(INFINITY), U128),
                                   REFUSED(f64(NAN), BOOL),
                                   REFUSED(f64(0x1p51 + 0.5), I64),
                                   KEPT(mr_value_of_f32(-16777216), I32),
                                   REFUSED(mr_value_of_f32(0.25F), I32),
                                   KEPT(mr_value_of_long_double(-7), I8),
                                   REFUSED(mr_value_of_long_double(0.25L), I8)};
  check_edges(edges, sizeof edges / sizeof *edges);
}

static void minus_zero_is_the_integer_0(void **state) {
  (void)state;
  int64_t integer = 7;
  bool boolean = true;
  assert_int_equal(mr_value_to_i64(f64(-0.0), &integer), MR_OK);
  assert_int_equal(integer, 0);
  assert_int_equal(mr_value_to_bool(f64(-0.0), &boolean), MR_OK);
  assert_false(boolean);
}

static void long_doubles_keep_all_integers_of_64_bits(void **state) {
  (void)state;
  if (LDBL_MANT_DIG < 64 || !long_doubles_are_long()) skip();
  const conversion_edge edges[] = {
      KEPT(i64(INT64_MAX), LONG_DOUBLE),
      KEPT(i64(INT64_MIN), LONG_DOUBLE),
      KEPT(u64(UINT64_MAX), LONG_DOUBLE),
      {u128(1, 1), MR_KIND_LONG_DOUBLE, LDBL_MANT_DIG == 64 ? MR_OVERFLOW : MR_OK},
      KEPT(u128(UINT64_MAX, 0), LONG_DOUBLE),
      KEPT(mr_value_of_long_double(0x1.fffffffffffffffep63L), U64),
      REFUSED(mr_value_of_long_double(0x1.fffffffffffffffep62L), I64),
      KEPT(mr_value_of_long_double(0x1.fffffffffffffffep127L), U128),
      REFUSED(mr_value_of_long_double(LDBL_MAX), U128)};
  check_edges(edges, sizeof edges / sizeof *edges);
}

static void floats_keep_their_range_not_their_precision(void **state) {
  (void)state;
  float f32 = 7;
  double f64_out = 7;
  assert_int_equal(mr_value_to_f32(f64(0.1), &f32), MR_OK);
  assert_true(f32 == 0.1F);
  assert_int_equal(mr_value_to_f32(f64(FLT_MAX), &f32), MR_OK);
  assert_true(f32 == FLT_MAX);
  /* Below half a step above it is nearer to the largest than to what would be next. */
  assert_int_equal(mr_value_to_f32(f64(0x1.fffffefffffffp127), &f32), MR_OK);
  assert_true(f32 == FLT_MAX);
  assert_int_equal(mr_value_to_f32(f64(0x1.ffffffp127), &f32), MR_OVERFLOW);
  assert_int_equal(mr_value_to_f32(f64(1e39), &f32), MR_OVERFLOW);
  assert_int_equal(mr_value_to_f32(f64(-1e39), &f32), MR_OVERFLOW);
  assert_true(f32 == FLT_MAX);
  assert_int_equal(mr_value_to_f32(f64(1e-300), &f32), MR_OK);
  assert_true(f32 == 0);
  assert_int_equal(mr_value_to_f64(mr_value_of_long_double(LDBL_MAX), &f64_out),
                   LDBL_MAX_EXP > DBL_MAX_EXP && long_doubles_are_long() ? MR_OVERFLOW : MR_OK);
}

static void infinity_and_nan_stay_what_they_are(void **state) {
  (void)state;
  float f32;
  double number;
  long double extended;
  assert_int_equal(mr_value_to_f32(f64(INFINITY), &f32), MR_OK);
  assert_true(isinf(f32) && f32 > 0);
  assert_int_equal(mr_value_to_f32(f64(-INFINITY), &f32), MR_OK);
  assert_true(isinf(f32) && f32 < 0);
  assert_int_equal(mr_value_to_f32(f64(NAN), &f32), MR_OK);
  assert_true(isnan(f32));
  assert_int_equal(mr_value_to_f64(mr_value_of_f32(NAN), &number), MR_OK);
  assert_true(isnan(number));
  assert_int_equal(mr_value_to_long_double(mr_value_of_f32(INFINITY), &extended), MR_OK);
  assert_true(extended == (long double)INFINITY);
}

static void a_nan_of_the_same_kind_keeps_its_payload(void **state) {
  (void)state;
  /* One that signals. */
  static const uint64_t bits = UINT64_C(0x7ff4000000001234);
  unsigned char octets[ROOM] = {0};
  mr_value value = {.kind = MR_KIND_F64};
  memcpy(value.as.octets, &bits, sizeof bits);
  assert_int_equal(store(value, MR_KIND_F64, MR_NATIVE_ORDER, octets), MR_OK);
  assert_memory_equal(octets, &bits, sizeof bits);
  assert_true(mr_value_equal(load(MR_KIND_F64, MR_NATIVE_ORDER, octets), value));
}

static void the_sign_of_zero_is_kept_between_floats(void **state) {
  (void)state;
  float f32;
  assert_int_equal(mr_value_to_f32(f64(-0.0), &f32), MR_OK);
  assert_true(signbit(f32));
}

static void complex_parts_keep_their_range(void **state) {
  (void)state;
  unsigned char octets[ROOM];
  memset(octets, 0x55, sizeof octets);
  assert_int_equal(
      store(mr_value_of_complex_f64(1, 1e39), MR_KIND_COMPLEX_F32, MR_NATIVE_ORDER, octets),
      MR_OVERFLOW);
  assert_int_equal(
      store(mr_value_of_complex_f64(-1e39, 1), MR_KIND_COMPLEX_F32, MR_NATIVE_ORDER, octets),
      MR_OVERFLOW);
  assert_int_equal(store(i64((1 << 24) + 1), MR_KIND_COMPLEX_F32, MR_NATIVE_ORDER, octets),
                   MR_OVERFLOW);
  assert_all(octets, 0x55);
  assert_int_equal(
      store(mr_value_of_complex_f64(2.5, -3), MR_KIND_COMPLEX_F32, MR_NATIVE_ORDER, octets), MR_OK);
  assert_true(mr_value_equal(load(MR_KIND_COMPLEX_F32, MR_NATIVE_ORDER, octets),
                             mr_value_of_complex_f32(2.5F, -3)));
}

static void complex_numbers_are_read_with_both_parts(void **state) {
  (void)state;
  const mr_value values[] = {mr_value_of_complex_f32(1.5F, -2), mr_value_of_complex_f64(1.5, -2),
                             mr_value_of_complex_long_double(1.5L, -2)};
  for (size_t i = 0; i < 3; i++) {
    double real, imaginary;
    long double long_real, long_imaginary;
    assert_int_equal(mr_value_to_complex_f64(values[i], &real, &imaginary), MR_OK);
    assert_true(real == 1.5 && imaginary == -2);
    assert_int_equal(mr_value_to_complex_long_double(values[i], &long_real, &long_imaginary),
                     MR_OK);
    assert_true(long_real == 1.5L && long_imaginary == -2);
  }
}

static void complex_long_doubles_keep_all_digits(void **state) {
  (void)state;
  if (LDBL_MANT_DIG > 64 || !long_doubles_are_long()) skip();
  const long double third = 1.0L / 3;
  unsigned char octets[ROOM];
  long double real, imaginary;
  memset(octets, 0x55, sizeof octets);
  mr_value value = mr_value_of_complex_long_double(third, -third);
  assert_int_equal(store(value, MR_KIND_COMPLEX_LONG_DOUBLE, MR_NATIVE_ORDER, octets), MR_OK);
  value = load(MR_KIND_COMPLEX_LONG_DOUBLE, MR_NATIVE_ORDER, octets);
  assert_int_equal(mr_value_to_complex_long_double(value, &real, &imaginary), MR_OK);
  assert_true(real == third && imaginary == -third);
}

/* The octets of a long double that count for nothing. */
static void padding_is_written_as_0(void **state) {
  (void)state;
  if (LDBL_MANT_DIG != 64) skip();
  unsigned char octets[ROOM];
  memset(octets, 0x55, sizeof octets);
  assert_int_equal(
      store(mr_value_of_long_double(1.5L), MR_KIND_LONG_DOUBLE, MR_NATIVE_ORDER, octets), MR_OK);
  for (size_t i = 10; i < sizeof(long double); i++) assert_int_equal(octets[i], 0);
}

static void octets_are_in_the_order_asked_for(void **state) {
  (void)state;
  unsigned char octets[ROOM];
  assert_int_equal(store(i64(0x0102), MR_KIND_I16, MR_BIG_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, "\1\2", 2);
  assert_int_equal(store(i64(0x0102), MR_KIND_I16, MR_LITTLE_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, "\2\1", 2);
  assert_int_equal(store(i64(0x01020304), MR_KIND_U32, MR_BIG_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, "\1\2\3\4", 4);
  assert_int_equal(store(i64(0x0102030405060708), MR_KIND_I64, MR_BIG_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, "\1\2\3\4\5\6\7\10", 8);
  mr_value wide = u128(0x0102030405060708, 0x090a0b0c0d0e0f10);
  assert_int_equal(store(wide, MR_KIND_U128, MR_BIG_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20", 16);
  assert_int_equal(store(wide, MR_KIND_U128, MR_LITTLE_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, "\20\17\16\15\14\13\12\11\10\7\6\5\4\3\2\1", 16);
  assert_int_equal(store(f64(1), MR_KIND_F32, MR_BIG_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, "\x3f\x80\0\0", 4);
  /* Each part by itself. */
  assert_int_equal(store(mr_value_of_complex_f32(1, 2), MR_KIND_COMPLEX_F32, MR_BIG_ENDIAN, octets),
                   MR_OK);
  assert_memory_equal(octets, "\x3f\x80\0\0\x40\0\0\0", 8);
}

static void any_octet_but_0_is_true(void **state) {
  (void)state;
  static const unsigned char octets[ROOM] = {2};
  mr_value value = load(MR_KIND_BOOL, MR_NATIVE_ORDER, octets);
  assert_true(mr_value_equal(value, mr_value_of_bool(true)));
}

static void a_refused_conversion_writes_nothing(void **state) {
  (void)state;
  bool boolean = true;
  int64_t signed_out = 7, high = 7;
  uint64_t unsigned_out = 7, low = 7;
  float f32 = 7;
  double number = 7, other = 7;
  long double extended = 7, extended_other = 7;
  void *pointer = &pointer;
  mr_view view = MR_VIEW("x");
  mr_value huge = u128(UINT64_MAX, UINT64_MAX);
  mr_value none = mr_value_of_view(view);
  assert_int_equal(mr_value_to_bool(huge, &boolean), MR_OVERFLOW);
  assert_int_equal(mr_value_to_i64(huge, &signed_out), MR_OVERFLOW);
  assert_int_equal(mr_value_to_u64(huge, &unsigned_out), MR_OVERFLOW);
  assert_int_equal(mr_value_to_i128(huge, &high, &low), MR_OVERFLOW);
  assert_int_equal(mr_value_to_u128(i64(-1), &unsigned_out, &low), MR_OVERFLOW);
  assert_int_equal(mr_value_to_f32(huge, &f32), MR_OVERFLOW);
  assert_int_equal(mr_value_to_f64(huge, &number), MR_OVERFLOW);
  assert_int_equal(mr_value_to_complex_f64(huge, &number, &other), MR_OVERFLOW);
  assert_int_equal(mr_value_to_long_double(none, &extended), MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_complex_long_double(none, &extended, &extended_other),
                   MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_pointer(huge, &pointer), MR_TYPE_MISMATCH);
  assert_int_equal(mr_value_to_view(huge, &view), MR_TYPE_MISMATCH);
  assert_true(boolean && signed_out == 7 && high == 7 && unsigned_out == 7 && low == 7);
  assert_true(f32 == 7 && number == 7 && other == 7 && extended == 7 && extended_other == 7);
  assert_ptr_equal(pointer, &pointer);
  assert_int_equal(view.size, 1);
}

static void integers_of_128_bits_come_in_halves(void **state) {
  (void)state;
  int64_t high;
  uint64_t top, low;
  assert_int_equal(mr_value_to_i128(i64(-2), &high, &low), MR_OK);
  assert_true(high == -1 && low == UINT64_MAX - 1);
  assert_int_equal(mr_value_to_u128(f64(0x1p100), &top, &low), MR_OK);
  assert_true(top == UINT64_C(1) << 36 && low == 0);
}

/* Against the compiler's conversions. */

static uint64_t next_random(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/* A double of any exponent, with all its digits or few. */
static double random_double(void) {
  double number;
  do {
    uint64_t word = next_random();
    if (word % 3 == 0) word &= ~(uint64_t)0 << word % 53;
    memcpy(&number, &word, sizeof number);
  } while (!isfinite(number));
  return number;
}

/* An overflow is what C makes infinite. */
#define CHECK_CONVERSION(VALUE, KIND, TYPE, NUMBER)                             \
  do {                                                                          \
    unsigned char octets[ROOM] = {0};                                           \
    TYPE expected = (TYPE)(NUMBER);                                             \
    bool is_finite = expected - expected == 0;                                  \
    mr_status status = store((VALUE), MR_KIND_##KIND, MR_NATIVE_ORDER, octets); \
    assert_int_equal(status, is_finite ? MR_OK : MR_OVERFLOW);                  \
    TYPE out = 0;                                                               \
    memcpy(&out, octets, sizeof out);                                           \
    if (is_finite) assert_true(out == expected);                                \
  } while (0)

static void doubles_convert_as_the_compiler_does(void **state) {
  (void)state;
  if (!long_doubles_are_long()) skip();
  for (int i = 0; i < 10000; i++) {
    double number = random_double();
    mr_value value = mr_value_of_f64(number);
    CHECK_CONVERSION(value, F32, float, number);
    CHECK_CONVERSION(value, F64, double, number);
    CHECK_CONVERSION(value, LONG_DOUBLE, long double, number);
    int exponent = (int)(next_random() % 4000);
    long double extended = ldexpl((long double)number * 3 + 1e-9L, i % 2 ? exponent : -exponent);
    if (!isfinite(extended)) continue;
    mr_value wide = mr_value_of_long_double(extended);
    CHECK_CONVERSION(wide, F32, float, extended);
    CHECK_CONVERSION(wide, F64, double, extended);
    CHECK_CONVERSION(wide, LONG_DOUBLE, long double, extended);
  }
}

#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 quad;

static void quads_convert_as_the_compiler_does(void **state) {
  (void)state;
  if (!long_doubles_are_long()) skip();
  for (int i = 0; i < 10000; i++) {
    double few = random_double();
    quad number = (quad)few;
    if (i % 2) number += (quad)few / 3;
    if (i % 5 == 0) number *= (quad)LDBL_MAX;
    if (i % 5 == 1) number *= (quad)LDBL_MIN;
    if (number - number != 0) continue;
    mr_value value = {.kind = MR_KIND_F128};
    memcpy(value.as.octets, &number, sizeof number);
    CHECK_CONVERSION(value, F32, float, number);
    CHECK_CONVERSION(value, F64, double, number);
    CHECK_CONVERSION(value, F128, quad, number);
#if LDBL_MANT_DIG == 64
    CHECK_CONVERSION(value, F80, long double, number);
    CHECK_CONVERSION(value, LONG_DOUBLE, long double, number);
    mr_value extended = mr_value_of_long_double((long double)few / 3);
    CHECK_CONVERSION(extended, F128, quad, (long double)few / 3);
#endif
    CHECK_CONVERSION(mr_value_of_f64(few), F128, quad, few);
    if (fabs(few) <= (double)FLT_MAX) {
      CHECK_CONVERSION(mr_value_of_f32((float)few), F128, quad, (float)few);
    }
    int64_t integer = (int64_t)next_random();
    CHECK_CONVERSION(i64(integer), F128, quad, integer);
  }
}
#endif

/* Each kind's octets of 1, in little-endian order. */
static void the_octets_of_wide_floats_are_their_formats(void **state) {
  (void)state;
  static const unsigned char x87[16] = {0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0x3f};
  static const unsigned char binary128[16] = {[14] = 0xff, [15] = 0x3f};
  unsigned char octets[ROOM];
  assert_int_equal(store(i64(1), MR_KIND_F80, MR_LITTLE_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, x87, sizeof x87);
  assert_int_equal(store(i64(1), MR_KIND_F128, MR_LITTLE_ENDIAN, octets), MR_OK);
  assert_memory_equal(octets, binary128, sizeof binary128);
  assert_int_equal(store(i64(1), MR_KIND_F128, MR_BIG_ENDIAN, octets), MR_OK);
  assert_int_equal(octets[0], 0x3f);
  assert_int_equal(octets[1], 0xff);
}

static void wide_floats_keep_integers_that_doubles_do_not(void **state) {
  (void)state;
  mr_value all64 = mr_value_of_u64(UINT64_MAX);
  mr_value all113 = mr_value_of_u128((UINT64_C(1) << 49) - 1, UINT64_MAX);
  mr_value all114 = mr_value_of_u128((UINT64_C(1) << 50) - 1, UINT64_MAX);
  unsigned char octets[ROOM];
  uint64_t high, low;
  assert_int_equal(mr_value_to_u64(converted(all64, MR_KIND_F80), &low), MR_OK);
  assert_true(low == UINT64_MAX);
  assert_int_equal(mr_value_to_u128(converted(all113, MR_KIND_F128), &high, &low), MR_OK);
  assert_true(high == (UINT64_C(1) << 49) - 1 && low == UINT64_MAX);
  assert_int_equal(store(all113, MR_KIND_F80, MR_NATIVE_ORDER, octets), MR_OVERFLOW);
  assert_int_equal(store(all114, MR_KIND_F128, MR_NATIVE_ORDER, octets), MR_OVERFLOW);
}

/* A part that is beyond what a value keeps of it. */
static void what_is_read_of_wide_complex_numbers_may_be_infinite(void **state) {
  (void)state;
  /* The greatest binary128 number: more than an x87's, and than a double. */
  unsigned char octets[ROOM];
  memset(octets, 0xff, sizeof octets);
  octets[14] = octets[30] = 0xfe;
  octets[15] = 0x7f;
  double real, imaginary;
  mr_value value = load(MR_KIND_COMPLEX_F128, MR_LITTLE_ENDIAN, octets);
  mr_status status = mr_value_to_complex_f64(value, &real, &imaginary);
  assert_int_equal(status, MR_OK);
  assert_true(isinf(real) && real > 0 && isinf(imaginary) && imaginary < 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(kinds_convert_within_their_group_and_from_real_to_complex),
    cmocka_unit_test(what_is_no_scalar_converts_to_none),
    cmocka_unit_test(integers_are_kept_to_the_last_that_fits),
    cmocka_unit_test(integers_become_floats_where_that_is_exact),
    cmocka_unit_test(floats_become_integers_where_they_are_some),
    cmocka_unit_test(minus_zero_is_the_integer_0),
    cmocka_unit_test(long_doubles_keep_all_integers_of_64_bits),
    cmocka_unit_test(floats_keep_their_range_not_their_precision),
    cmocka_unit_test(infinity_and_nan_stay_what_they_are),
    cmocka_unit_test(a_nan_of_the_same_kind_keeps_its_payload),
    cmocka_unit_test(the_sign_of_zero_is_kept_between_floats),
    cmocka_unit_test(complex_parts_keep_their_range),
    cmocka_unit_test(complex_numbers_are_read_with_both_parts),
    cmocka_unit_test(complex_long_doubles_keep_all_digits),
    cmocka_unit_test(padding_is_written_as_0),
    cmocka_unit_test(octets_are_in_the_order_asked_for),
    cmocka_unit_test(any_octet_but_0_is_true),
    cmocka_unit_test(a_refused_conversion_writes_nothing),
    cmocka_unit_test(integers_of_128_bits_come_in_halves),
    cmocka_unit_test(doubles_convert_as_the_compiler_does),
#if defined(__SIZEOF_FLOAT128__)
    cmocka_unit_test(quads_convert_as_the_compiler_does),
#endif
    cmocka_unit_test(the_octets_of_wide_floats_are_their_formats),
    cmocka_unit_test(wide_floats_keep_integers_that_doubles_do_not),
    cmocka_unit_test(what_is_read_of_wide_complex_numbers_may_be_infinite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/load.h>

#include "support.h"

static const mr_byte_order orders[] = {MR_NATIVE_ORDER, MR_LITTLE_ENDIAN, MR_BIG_ENDIAN};
enum { ORDER_COUNT = sizeof orders / sizeof *orders };

static const unsigned char pattern[] = {0xff, 0x81, 0x02, 0x83, 0x04, 0x85, 0x06, 0x87, 0x08};
static const mr_view view = {pattern, sizeof pattern};

static bool is_little(void) { return !mr_byte_order_is_swapped(MR_LITTLE_ENDIAN); }

static void one_of_the_two_orders_is_swapped(void **state) {
  (void)state;
  assert_false(mr_byte_order_is_swapped(MR_NATIVE_ORDER));
  assert_true(mr_byte_order_is_swapped(MR_LITTLE_ENDIAN) !=
              mr_byte_order_is_swapped(MR_BIG_ENDIAN));
}

static void what_is_no_order_counts_as_native(void **state) {
  (void)state;
  assert_false(mr_byte_order_is_swapped((mr_byte_order)3));
  assert_false(mr_byte_order_is_swapped((mr_byte_order)0x7fffffff));
}

static void swaps_reverse_the_octets(void **state) {
  (void)state;
  assert_int_equal(mr_swap_u16(0x0182), 0x8201);
  assert_int_equal(mr_swap_u32(UINT32_C(0x81020384)), UINT32_C(0x84030281));
  assert_int_equal(mr_swap_u64(UINT64_C(0x8102030405060788)), UINT64_C(0x8807060504030281));
}

static void unsigned_numbers_load_in_the_order_asked_for(void **state) {
  (void)state;
  uint8_t u8 = 0;
  uint16_t u16 = 0;
  uint32_t u32 = 0;
  uint64_t u64 = 0;
  assert_int_equal(mr_load_u8(view, 1, &u8), MR_OK);
  assert_int_equal(u8, 0x81);
  assert_int_equal(mr_load_u16(view, 1, MR_LITTLE_ENDIAN, &u16), MR_OK);
  assert_int_equal(u16, 0x0281);
  assert_int_equal(mr_load_u16(view, 1, MR_BIG_ENDIAN, &u16), MR_OK);
  assert_int_equal(u16, 0x8102);
  assert_int_equal(mr_load_u32(view, 1, MR_LITTLE_ENDIAN, &u32), MR_OK);
  assert_int_equal(u32, UINT32_C(0x04830281));
  assert_int_equal(mr_load_u32(view, 1, MR_BIG_ENDIAN, &u32), MR_OK);
  assert_int_equal(u32, UINT32_C(0x81028304));
  assert_int_equal(mr_load_u64(view, 1, MR_LITTLE_ENDIAN, &u64), MR_OK);
  assert_int_equal(u64, UINT64_C(0x0887068504830281));
  assert_int_equal(mr_load_u64(view, 1, MR_BIG_ENDIAN, &u64), MR_OK);
  assert_int_equal(u64, UINT64_C(0x8102830485068708));
  assert_int_equal(mr_load_u32(view, 1, MR_NATIVE_ORDER, &u32), MR_OK);
  assert_int_equal(u32, is_little() ? UINT32_C(0x04830281) : UINT32_C(0x81028304));
}

static void signed_numbers_keep_their_sign(void **state) {
  (void)state;
  int8_t i8 = 0;
  int16_t i16 = 0;
  int32_t i32 = 0;
  int64_t i64 = 0;
  assert_int_equal(mr_load_i8(view, 1, &i8), MR_OK);
  assert_true(i8 == -0x7f);
  assert_int_equal(mr_load_i16(view, 0, MR_BIG_ENDIAN, &i16), MR_OK);
  assert_true(i16 == -0x7f);
  assert_int_equal(mr_load_i32(view, 0, MR_BIG_ENDIAN, &i32), MR_OK);
  assert_true(i32 == -0x7efd7d);
  assert_int_equal(mr_load_i64(view, 0, MR_LITTLE_ENDIAN, &i64), MR_OK);
  assert_true(i64 == (int64_t)(UINT64_C(0x87068504830281ff) - UINT64_MAX) - 1);
}

static void loads_outside_are_refused(void **state) {
  static const size_t outside[] = {9, 10, SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 7, SIZE_MAX / 2};
  (void)state;
  uint8_t u8 = 7;
  int8_t i8 = 7;
  uint16_t u16 = 7;
  uint32_t u32 = 7;
  uint64_t u64 = 7;
  for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
    assert_int_equal(mr_load_u8(view, outside[i], &u8), MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_load_i8(view, outside[i], &i8), MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_load_u16(view, outside[i], MR_BIG_ENDIAN, &u16), MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_load_u32(view, outside[i], MR_BIG_ENDIAN, &u32), MR_OUT_OF_BOUNDS);
    assert_int_equal(mr_load_u64(view, outside[i], MR_BIG_ENDIAN, &u64), MR_OUT_OF_BOUNDS);
  }
  assert_true(u8 == 7 && i8 == 7 && u16 == 7 && u32 == 7 && u64 == 7);
}

static void loads_that_would_cross_the_end_are_refused(void **state) {
  (void)state;
  int16_t i16 = 7;
  int32_t i32 = 7;
  int64_t i64 = 7;
  float f32 = 7;
  double f64 = 7;
  assert_int_equal(mr_load_i16(view, 8, MR_NATIVE_ORDER, &i16), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_load_i32(view, 6, MR_NATIVE_ORDER, &i32), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_load_i64(view, 2, MR_NATIVE_ORDER, &i64), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_load_f32(view, 6, MR_NATIVE_ORDER, &f32), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_load_f64(view, 2, MR_NATIVE_ORDER, &f64), MR_OUT_OF_BOUNDS);
  assert_true(i16 == 7 && i32 == 7 && i64 == 7);
  assert_memory_equal(&f32, &(float){7}, sizeof f32);
  assert_memory_equal(&f64, &(double){7}, sizeof f64);
}

static void what_is_stored_loads_again_at_any_offset_in_any_order(void **state) {
  (void)state;
  for (int order = 0; order < ORDER_COUNT; order++) {
    for (size_t at = 0; at < 8; at++) {
      unsigned char octets[16];
      mr_region to = mr_region_of(octets, sizeof octets);
      mr_view from = mr_region_view(to);
      const mr_byte_order o = orders[order];
      uint8_t u8 = 0;
      uint16_t u16 = 0;
      uint32_t u32 = 0;
      uint64_t u64 = 0;
      assert_int_equal(mr_store_u8(to, at, 0xfe), MR_OK);
      assert_int_equal(mr_load_u8(from, at, &u8), MR_OK);
      assert_int_equal(u8, 0xfe);
      assert_int_equal(mr_store_u16(to, at, o, 0xfedc), MR_OK);
      assert_int_equal(mr_load_u16(from, at, o, &u16), MR_OK);
      assert_int_equal(u16, 0xfedc);
      assert_int_equal(mr_store_u32(to, at, o, UINT32_C(0xfedcba98)), MR_OK);
      assert_int_equal(mr_load_u32(from, at, o, &u32), MR_OK);
      assert_int_equal(u32, UINT32_C(0xfedcba98));
      assert_int_equal(mr_store_u64(to, at, o, UINT64_C(0xfedcba9876543210)), MR_OK);
      assert_int_equal(mr_load_u64(from, at, o, &u64), MR_OK);
      assert_int_equal(u64, UINT64_C(0xfedcba9876543210));
    }
  }
}

static void signed_numbers_store_and_load_in_any_order(void **state) {
  (void)state;
  for (int order = 0; order < ORDER_COUNT; order++) {
    unsigned char octets[9];
    mr_region to = mr_region_of(octets, sizeof octets);
    mr_view from = mr_region_view(to);
    int8_t i8 = 0;
    int16_t i16 = 0;
    int32_t i32 = 0;
    int64_t i64 = 0;
    assert_int_equal(mr_store_i8(to, 1, INT8_MIN), MR_OK);
    assert_int_equal(mr_load_i8(from, 1, &i8), MR_OK);
    assert_true(i8 == INT8_MIN);
    assert_int_equal(mr_store_i16(to, 1, orders[order], INT16_MIN + 1), MR_OK);
    assert_int_equal(mr_load_i16(from, 1, orders[order], &i16), MR_OK);
    assert_true(i16 == INT16_MIN + 1);
    assert_int_equal(mr_store_i32(to, 1, orders[order], INT32_MIN + 1), MR_OK);
    assert_int_equal(mr_load_i32(from, 1, orders[order], &i32), MR_OK);
    assert_true(i32 == INT32_MIN + 1);
    assert_int_equal(mr_store_i64(to, 1, orders[order], INT64_MIN + 1), MR_OK);
    assert_int_equal(mr_load_i64(from, 1, orders[order], &i64), MR_OK);
    assert_true(i64 == INT64_MIN + 1);
  }
}

static void stores_put_octets_where_the_order_says(void **state) {
  (void)state;
  unsigned char octets[5] = {0};
  mr_region to = mr_region_of(octets, sizeof octets);
  assert_int_equal(mr_store_u32(to, 1, MR_BIG_ENDIAN, UINT32_C(0x01020304)), MR_OK);
  assert_memory_equal(octets, "\0\1\2\3\4", 5);
  assert_int_equal(mr_store_u32(to, 1, MR_LITTLE_ENDIAN, UINT32_C(0x01020304)), MR_OK);
  assert_memory_equal(octets, "\0\4\3\2\1", 5);
}

static void floating_point_is_ieee_754(void **state) {
  (void)state;
  float f32 = 0;
  double f64 = 0;
  assert_int_equal(mr_load_f32(MR_VIEW("\x3f\x80\0\0"), 0, MR_BIG_ENDIAN, &f32), MR_OK);
  assert_true(f32 >= 1 && f32 <= 1);
  assert_int_equal(mr_load_f64(MR_VIEW("\0\0\0\0\0\0\xf0\xbf"), 0, MR_LITTLE_ENDIAN, &f64), MR_OK);
  assert_true(f64 >= -1 && f64 <= -1);
}

static void a_nan_keeps_its_payload(void **state) {
  (void)state;
  unsigned char from[] = {0x7f, 0xf0, 1, 2, 3, 4, 5, 6}, to[8];
  double f64 = 0;
  float f32 = 0;
  assert_int_equal(mr_load_f64(mr_view_of(from, 8), 0, MR_BIG_ENDIAN, &f64), MR_OK);
  assert_int_equal(mr_store_f64(mr_region_of(to, 8), 0, MR_BIG_ENDIAN, f64), MR_OK);
  assert_memory_equal(to, from, 8);
  from[1] = 0xc1;
  assert_int_equal(mr_load_f32(mr_view_of(from, 8), 0, MR_BIG_ENDIAN, &f32), MR_OK);
  assert_int_equal(mr_store_f32(mr_region_of(to, 8), 0, MR_BIG_ENDIAN, f32), MR_OK);
  assert_memory_equal(to, from, 4);
}

static void stores_outside_change_nothing(void **state) {
  (void)state;
  unsigned char octets[8] = {0}, zeros[8] = {0};
  mr_region to = mr_region_of(octets, 7);
  const mr_byte_order o = MR_BIG_ENDIAN;
  assert_int_equal(mr_store_u8(to, 7, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_i8(to, SIZE_MAX, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_u16(to, 6, o, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_i16(to, SIZE_MAX, o, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_u32(to, 4, o, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_i32(to, SIZE_MAX - 2, o, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_u64(to, 0, o, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_i64(to, SIZE_MAX - 6, o, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_f32(to, 4, o, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_f64(to, 0, o, 1), MR_OUT_OF_BOUNDS);
  assert_memory_equal(octets, zeros, 8);
}

static void the_null_region_has_nothing_to_load_or_store(void **state) {
  (void)state;
  uint8_t u8 = 7;
  assert_int_equal(mr_load_u8(mr_view_of(NULL, 0), 0, &u8), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_store_u8(mr_region_of(NULL, 0), 0, 1), MR_OUT_OF_BOUNDS);
  assert_int_equal(u8, 7);
}

static void addresses_are_checked(void **state) {
  (void)state;
  unsigned char octets[4] = {0};
  mr_region region = mr_region_of(octets, 4);
  assert_ptr_equal(mr_octets_in(region, 1, 3), octets + 1);
  assert_ptr_equal(mr_octets_in(region, 4, 0), octets + 4);
  assert_null(mr_octets_in(region, 1, 4));
  assert_null(mr_octets_in(region, 5, 0));
  assert_null(mr_octets_in(region, 1, SIZE_MAX));
  assert_ptr_equal(mr_octets_at(mr_region_view(region), 4, 0), octets + 4);
  assert_null(mr_octets_at(mr_region_view(region), SIZE_MAX, 1));
  assert_null(mr_octets_at(mr_view_of(NULL, 0), 0, 0));
  assert_null(mr_octets_in(mr_region_of(NULL, 0), 0, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_of_the_two_orders_is_swapped),
      cmocka_unit_test(what_is_no_order_counts_as_native),
      cmocka_unit_test(swaps_reverse_the_octets),
      cmocka_unit_test(unsigned_numbers_load_in_the_order_asked_for),
      cmocka_unit_test(signed_numbers_keep_their_sign),
      cmocka_unit_test(loads_outside_are_refused),
      cmocka_unit_test(loads_that_would_cross_the_end_are_refused),
      cmocka_unit_test(what_is_stored_loads_again_at_any_offset_in_any_order),
      cmocka_unit_test(signed_numbers_store_and_load_in_any_order),
      cmocka_unit_test(stores_put_octets_where_the_order_says),
      cmocka_unit_test(floating_point_is_ieee_754),
      cmocka_unit_test(a_nan_keeps_its_payload),
      cmocka_unit_test(stores_outside_change_nothing),
      cmocka_unit_test(the_null_region_has_nothing_to_load_or_store),
      cmocka_unit_test(addresses_are_checked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

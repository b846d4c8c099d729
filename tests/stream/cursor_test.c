#include <memregions/stream.h>

#include "support.h"

static const unsigned char octets[] = {0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10, 0x0f};

static mr_cursor cursor_over(mr_stream *stream, size_t size) {
  mr_stream_init_view(stream, mr_view_of(octets, size));
  return mr_stream_cursor(stream);
}

static void a_cursor_shows_what_is_left(void **state) {
  (void)state;
  mr_stream stream;
  mr_cursor cursor = cursor_over(&stream, 9);
  uint8_t octet;
  assert_int_equal(mr_cursor_left(cursor), 9);
  assert_int_equal(mr_cursor_read_u8(&cursor, &octet), MR_OK);
  assert_int_equal(mr_cursor_left(cursor), 8);
  assert_ptr_equal(mr_cursor_view(cursor).pointer, octets + 1);
  assert_int_equal(mr_cursor_view(cursor).size, 8);
}

static void a_stream_moves_only_when_a_cursor_is_committed(void **state) {
  (void)state;
  mr_stream stream;
  mr_cursor cursor = cursor_over(&stream, 9);
  uint32_t value;
  assert_int_equal(mr_cursor_read_u32(&cursor, MR_BIG_ENDIAN, &value), MR_OK);
  assert_int_equal(mr_stream_position(&stream), 0);
  mr_stream_commit(&stream, cursor);
  assert_int_equal(mr_stream_position(&stream), 4);
}

static void unsigned_values_are_read_in_any_order(void **state) {
  (void)state;
  mr_stream stream;
  mr_cursor cursor = cursor_over(&stream, 9), start = cursor;
  uint8_t u8;
  uint16_t u16;
  uint32_t u32;
  uint64_t u64;
  assert_int_equal(mr_cursor_read_u8(&cursor, &u8), MR_OK);
  assert_int_equal(u8, 0xfe);
  assert_int_equal(mr_cursor_read_u16(&cursor, MR_LITTLE_ENDIAN, &u16), MR_OK);
  assert_int_equal(u16, 0xbadc);
  assert_int_equal(mr_cursor_read_u16(&cursor, MR_BIG_ENDIAN, &u16), MR_OK);
  assert_int_equal(u16, 0x9876);
  assert_int_equal(mr_cursor_read_u32(&cursor, MR_LITTLE_ENDIAN, &u32), MR_OK);
  assert_int_equal(u32, 0x0f103254);
  cursor = start;
  assert_int_equal(mr_cursor_read_u64(&cursor, MR_BIG_ENDIAN, &u64), MR_OK);
  assert_true(u64 == UINT64_C(0xfedcba9876543210));
}

static void signed_values_keep_their_sign(void **state) {
  (void)state;
  mr_stream stream;
  mr_cursor start = cursor_over(&stream, 9), cursor = start;
  int8_t i8;
  int16_t i16;
  int32_t i32;
  int64_t i64;
  assert_int_equal(mr_cursor_read_i8(&cursor, &i8), MR_OK);
  assert_int_equal(i8, -2);
  cursor = start;
  assert_int_equal(mr_cursor_read_i16(&cursor, MR_BIG_ENDIAN, &i16), MR_OK);
  assert_int_equal(i16, -292);
  cursor = start;
  assert_int_equal(mr_cursor_read_i32(&cursor, MR_BIG_ENDIAN, &i32), MR_OK);
  assert_int_equal(i32, -19088744);
  cursor = start;
  assert_int_equal(mr_cursor_read_i64(&cursor, MR_BIG_ENDIAN, &i64), MR_OK);
  assert_true(i64 == INT64_C(-81985529216486896));
}

static void floats_are_read_by_their_bits(void **state) {
  (void)state;
  mr_stream stream;
  mr_cursor cursor;
  float f32 = 0;
  double f64 = 0;
  mr_stream_init_view(&stream, MR_VIEW("\x3f\x80\0\0"
                                       "\0\0\0\0\0\0\0\xc0"));
  cursor = mr_stream_cursor(&stream);
  assert_int_equal(mr_cursor_read_f32(&cursor, MR_BIG_ENDIAN, &f32), MR_OK);
  assert_true(f32 == 1.0f);
  assert_int_equal(mr_cursor_read_f64(&cursor, MR_LITTLE_ENDIAN, &f64), MR_OK);
  assert_true(f64 == -2.0);
}

/* What every read does with `size` octets, too few for any but u8 and i8. */
static void assert_all_short(size_t size, mr_status expected) {
  mr_stream stream;
  mr_cursor cursor = cursor_over(&stream, size), start = cursor;
  uint16_t u16 = 7;
  uint32_t u32 = 7;
  uint64_t u64 = 7;
  int16_t i16 = 7;
  int32_t i32 = 7;
  int64_t i64 = 7;
  float f32 = 7;
  double f64 = 7;
  assert_int_equal(mr_cursor_read_u16(&cursor, MR_NATIVE_ORDER, &u16), expected);
  assert_int_equal(mr_cursor_read_u32(&cursor, MR_NATIVE_ORDER, &u32), expected);
  assert_int_equal(mr_cursor_read_u64(&cursor, MR_NATIVE_ORDER, &u64), expected);
  assert_int_equal(mr_cursor_read_i16(&cursor, MR_NATIVE_ORDER, &i16), expected);
  assert_int_equal(mr_cursor_read_i32(&cursor, MR_NATIVE_ORDER, &i32), expected);
  assert_int_equal(mr_cursor_read_i64(&cursor, MR_NATIVE_ORDER, &i64), expected);
  assert_int_equal(mr_cursor_read_f32(&cursor, MR_NATIVE_ORDER, &f32), expected);
  assert_int_equal(mr_cursor_read_f64(&cursor, MR_NATIVE_ORDER, &f64), expected);
  assert_true(u16 == 7 && u32 == 7 && u64 == 7);
  assert_true(i16 == 7 && i32 == 7 && i64 == 7);
  assert_true(f32 == 7 && f64 == 7);
  assert_ptr_equal(cursor.position, start.position);
}

static void a_cursor_with_too_little_is_truncated(void **state) {
  (void)state;
  assert_all_short(1, MR_TRUNCATED);
}

static void a_cursor_with_nothing_is_at_the_end(void **state) {
  (void)state;
  mr_stream stream;
  mr_cursor cursor = cursor_over(&stream, 0);
  uint8_t u8 = 7;
  int8_t i8 = 7;
  assert_all_short(0, MR_END_OF_FILE);
  assert_int_equal(mr_cursor_read_u8(&cursor, &u8), MR_END_OF_FILE);
  assert_int_equal(mr_cursor_read_i8(&cursor, &i8), MR_END_OF_FILE);
  assert_true(u8 == 7 && i8 == 7);
}

static void skipping_and_taking_move_past_octets(void **state) {
  (void)state;
  mr_stream stream;
  mr_cursor cursor = cursor_over(&stream, 9);
  mr_view view;
  assert_int_equal(mr_cursor_skip(&cursor, 2), MR_OK);
  assert_int_equal(mr_cursor_take(&cursor, 3, &view), MR_OK);
  assert_ptr_equal(view.pointer, octets + 2);
  assert_int_equal(view.size, 3);
  assert_int_equal(mr_cursor_skip(&cursor, 4), MR_OK);
  assert_int_equal(mr_cursor_left(cursor), 0);
}

static void skipping_and_taking_nothing_succeeds_at_the_end(void **state) {
  (void)state;
  mr_stream stream;
  mr_cursor cursor = cursor_over(&stream, 0);
  mr_view view = mr_view_of(octets, 7);
  assert_int_equal(mr_cursor_skip(&cursor, 0), MR_OK);
  assert_int_equal(mr_cursor_take(&cursor, 0, &view), MR_OK);
  assert_int_equal(view.size, 0);
}

static void skipping_and_taking_are_all_or_nothing(void **state) {
  (void)state;
  for (size_t size = 0; size < 3; size++) {
    mr_stream stream;
    mr_cursor cursor = cursor_over(&stream, size), start = cursor;
    mr_view view = mr_view_of(&stream, 7);
    mr_status expected = size == 0 ? MR_END_OF_FILE : MR_TRUNCATED;
    assert_int_equal(mr_cursor_skip(&cursor, size + 1), expected);
    assert_int_equal(mr_cursor_skip(&cursor, SIZE_MAX), expected);
    assert_int_equal(mr_cursor_take(&cursor, size + 1, &view), expected);
    assert_int_equal(mr_cursor_take(&cursor, SIZE_MAX, &view), expected);
    assert_ptr_equal(cursor.position, start.position);
    assert_ptr_equal(view.pointer, &stream);
    assert_int_equal(view.size, 7);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_cursor_shows_what_is_left),
      cmocka_unit_test(a_stream_moves_only_when_a_cursor_is_committed),
      cmocka_unit_test(skipping_and_taking_move_past_octets),
      cmocka_unit_test(skipping_and_taking_nothing_succeeds_at_the_end),
      cmocka_unit_test(skipping_and_taking_are_all_or_nothing),
      cmocka_unit_test(unsigned_values_are_read_in_any_order),
      cmocka_unit_test(signed_values_keep_their_sign),
      cmocka_unit_test(floats_are_read_by_their_bits),
      cmocka_unit_test(a_cursor_with_too_little_is_truncated),
      cmocka_unit_test(a_cursor_with_nothing_is_at_the_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

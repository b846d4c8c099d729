#include <memregions/stream.h>

#include "support.h"
#include "windowed_stream.h"

/* Every typed read and write, in either order, through the window and over its edge: the same
 * claims hold for a fixed stream and for one that shows 8 octets at most. */

enum { SIZE = 84 };

static void write_all(mr_stream *stream, mr_byte_order order) {
  assert_int_equal(mr_stream_write_u8(stream, 0xfe), MR_OK);
  assert_int_equal(mr_stream_write_u16(stream, order, 0xfedc), MR_OK);
  assert_int_equal(mr_stream_write_u32(stream, order, 0xfedcba98), MR_OK);
  assert_int_equal(mr_stream_write_u64(stream, order, UINT64_C(0xfedcba9876543210)), MR_OK);
  assert_int_equal(mr_stream_write_i8(stream, -2), MR_OK);
  assert_int_equal(mr_stream_write_i16(stream, order, -292), MR_OK);
  assert_int_equal(mr_stream_write_i32(stream, order, INT32_MIN), MR_OK);
  assert_int_equal(mr_stream_write_i64(stream, order, INT64_MIN + 1), MR_OK);
  assert_int_equal(mr_stream_write_f32(stream, order, -1.5f), MR_OK);
  assert_int_equal(mr_stream_write_f64(stream, order, 0.1), MR_OK);
}

static void read_unsigned(mr_stream *stream, mr_byte_order order) {
  uint8_t u8 = 0;
  uint16_t u16 = 0;
  uint32_t u32 = 0;
  uint64_t u64 = 0;
  assert_int_equal(mr_stream_read_u8(stream, &u8), MR_OK);
  assert_int_equal(u8, 0xfe);
  assert_int_equal(mr_stream_read_u16(stream, order, &u16), MR_OK);
  assert_int_equal(u16, 0xfedc);
  assert_int_equal(mr_stream_read_u32(stream, order, &u32), MR_OK);
  assert_int_equal(u32, 0xfedcba98);
  assert_int_equal(mr_stream_read_u64(stream, order, &u64), MR_OK);
  assert_true(u64 == UINT64_C(0xfedcba9876543210));
}

static void read_signed(mr_stream *stream, mr_byte_order order) {
  int8_t i8 = 0;
  int16_t i16 = 0;
  int32_t i32 = 0;
  int64_t i64 = 0;
  assert_int_equal(mr_stream_read_i8(stream, &i8), MR_OK);
  assert_int_equal(i8, -2);
  assert_int_equal(mr_stream_read_i16(stream, order, &i16), MR_OK);
  assert_int_equal(i16, -292);
  assert_int_equal(mr_stream_read_i32(stream, order, &i32), MR_OK);
  assert_true(i32 == INT32_MIN);
  assert_int_equal(mr_stream_read_i64(stream, order, &i64), MR_OK);
  assert_true(i64 == INT64_MIN + 1);
}

static void read_floats(mr_stream *stream, mr_byte_order order) {
  float f32 = 0;
  double f64 = 0;
  assert_int_equal(mr_stream_read_f32(stream, order, &f32), MR_OK);
  assert_true(f32 == -1.5f);
  assert_int_equal(mr_stream_read_f64(stream, order, &f64), MR_OK);
  assert_true(f64 == 0.1);
}

static void assert_round_trip(mr_stream *stream) {
  write_all(stream, MR_BIG_ENDIAN);
  write_all(stream, MR_LITTLE_ENDIAN);
  assert_int_equal(mr_stream_position(stream), SIZE);
  assert_int_equal(mr_stream_set_position(stream, 0), MR_OK);
  for (int i = 0; i < 2; i++) {
    mr_byte_order order = i == 0 ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN;
    read_unsigned(stream, order);
    read_signed(stream, order);
    read_floats(stream, order);
  }
  assert_int_equal(mr_stream_position(stream), SIZE);
  assert_int_equal(mr_stream_fini(stream), MR_OK);
}

static void values_go_through_a_fixed_stream(void **state) {
  (void)state;
  unsigned char octets[SIZE];
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, SIZE));
  assert_round_trip(&stream);
  assert_memory_equal(octets, "\xfe\xfe\xdc\xfe\xdc\xba\x98", 7);
  assert_memory_equal(octets + SIZE / 2, "\xfe\xdc\xfe\x98\xba\xdc\xfe", 7);
}

static void values_go_through_a_window(void **state) {
  (void)state;
  unsigned char octets[SIZE];
  windowed_stream windowed;
  windowed_stream_init(&windowed, mr_region_of(octets, SIZE), 8);
  assert_round_trip(&windowed.stream);
  assert_memory_equal(octets, "\xfe\xfe\xdc\xfe\xdc\xba\x98", 7);
  assert_memory_equal(octets + SIZE / 2, "\xfe\xdc\xfe\x98\xba\xdc\xfe", 7);
}

/* What every read answers where `size` octets are left, too few for any but u8 and i8. */
static void assert_reads_refused(size_t size, mr_status expected) {
  mr_stream stream;
  uint16_t u16 = 7;
  uint32_t u32 = 7;
  uint64_t u64 = 7;
  int16_t i16 = 7;
  int32_t i32 = 7;
  int64_t i64 = 7;
  float f32 = 7;
  double f64 = 7;
  mr_stream_init_view(&stream, mr_view_of("abc", size));
  assert_int_equal(mr_stream_read_u16(&stream, MR_NATIVE_ORDER, &u16), expected);
  assert_int_equal(mr_stream_read_u32(&stream, MR_NATIVE_ORDER, &u32), expected);
  assert_int_equal(mr_stream_read_u64(&stream, MR_NATIVE_ORDER, &u64), expected);
  assert_int_equal(mr_stream_read_i16(&stream, MR_NATIVE_ORDER, &i16), expected);
  assert_int_equal(mr_stream_read_i32(&stream, MR_NATIVE_ORDER, &i32), expected);
  assert_int_equal(mr_stream_read_i64(&stream, MR_NATIVE_ORDER, &i64), expected);
  assert_int_equal(mr_stream_read_f32(&stream, MR_NATIVE_ORDER, &f32), expected);
  assert_int_equal(mr_stream_read_f64(&stream, MR_NATIVE_ORDER, &f64), expected);
  assert_true(u16 == 7 && u32 == 7 && u64 == 7);
  assert_true(i16 == 7 && i32 == 7 && i64 == 7);
  assert_true(f32 == 7 && f64 == 7);
  assert_int_equal(mr_stream_position(&stream), 0);
}

static void a_read_with_too_little_left_is_truncated(void **state) {
  (void)state;
  assert_reads_refused(1, MR_TRUNCATED);
}

static void a_read_with_nothing_left_is_end_of_file(void **state) {
  (void)state;
  mr_stream stream;
  uint8_t u8 = 7;
  int8_t i8 = 7;
  assert_reads_refused(0, MR_END_OF_FILE);
  mr_stream_init_view(&stream, mr_view_of(NULL, 0));
  assert_int_equal(mr_stream_read_u8(&stream, &u8), MR_END_OF_FILE);
  assert_int_equal(mr_stream_read_i8(&stream, &i8), MR_END_OF_FILE);
  assert_true(u8 == 7 && i8 == 7);
}

static void a_write_with_too_little_left_is_no_space(void **state) {
  (void)state;
  unsigned char octets[2] = "..";
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, 1));
  assert_int_equal(mr_stream_write_u16(&stream, MR_NATIVE_ORDER, 7), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_u32(&stream, MR_NATIVE_ORDER, 7), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_u64(&stream, MR_NATIVE_ORDER, 7), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_i16(&stream, MR_NATIVE_ORDER, 7), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_i32(&stream, MR_NATIVE_ORDER, 7), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_i64(&stream, MR_NATIVE_ORDER, 7), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_f32(&stream, MR_NATIVE_ORDER, 7), MR_NO_SPACE);
  assert_int_equal(mr_stream_write_f64(&stream, MR_NATIVE_ORDER, 7), MR_NO_SPACE);
  assert_int_equal(mr_stream_position(&stream), 0);
  assert_int_equal(mr_stream_write_i8(&stream, 7), MR_OK);
  assert_memory_equal(octets, "\7.", 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_go_through_a_fixed_stream),
      cmocka_unit_test(values_go_through_a_window),
      cmocka_unit_test(a_read_with_too_little_left_is_truncated),
      cmocka_unit_test(a_read_with_nothing_left_is_end_of_file),
      cmocka_unit_test(a_write_with_too_little_left_is_no_space),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/stream.h>

#include "support.h"

static void ten_octets_are_read_by_a_read_of_sixteen(void **state) {
  (void)state;
  unsigned char octets[16];
  mr_region into = mr_region_of(octets, sizeof octets);
  size_t count = 77;
  mr_stream stream;
  mr_stream_init_view(&stream, MR_VIEW("0123456789"));
  assert_int_equal(mr_stream_read(&stream, into, &count), MR_OK);
  assert_int_equal(count, 10);
  assert_int_equal(mr_stream_read(&stream, into, &count), MR_END_OF_FILE);
  assert_int_equal(count, 0);
  assert_int_equal(mr_stream_read(&stream, mr_region_of(octets, 0), &count), MR_OK);
}

static void a_write_of_six_fills_four(void **state) {
  (void)state;
  unsigned char octets[4];
  size_t count = 77;
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, sizeof octets));
  assert_int_equal(mr_stream_write(&stream, MR_VIEW("ABCDEF"), &count), MR_OK);
  assert_int_equal(count, 4);
  assert_memory_equal(octets, "ABCD", 4);
  assert_int_equal(mr_stream_write(&stream, MR_VIEW("EF"), &count), MR_NO_SPACE);
  assert_int_equal(count, 0);
}

static void an_exact_write_of_six_to_four_writes_nothing(void **state) {
  (void)state;
  unsigned char octets[4] = "....";
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, sizeof octets));
  assert_int_equal(mr_stream_write_exact(&stream, MR_VIEW("ABCDEF")), MR_NO_SPACE);
  assert_memory_equal(octets, "....", 4);
  assert_int_equal(mr_stream_position(&stream), 0);
}

static void the_last_octet_is_written_too(void **state) {
  (void)state;
  unsigned char octets[5] = "....!";
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, 4));
  assert_int_equal(mr_stream_write_exact(&stream, MR_VIEW("ABCD")), MR_OK);
  assert_memory_equal(octets, "ABCD!", 5);
}

static void counts_may_be_ignored(void **state) {
  (void)state;
  unsigned char octets[4] = "abcd", read[2];
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, sizeof octets));
  assert_int_equal(mr_stream_read(&stream, mr_region_of(read, 2), NULL), MR_OK);
  assert_int_equal(mr_stream_write(&stream, MR_VIEW("yz"), NULL), MR_OK);
  assert_memory_equal(octets, "abyz", 4);
}

static void a_null_region_is_an_empty_stream(void **state) {
  (void)state;
  mr_stream stream;
  uint64_t size = 77;
  mr_view view;
  mr_stream_init_region(&stream, mr_region_of(NULL, 0));
  assert_true(mr_stream_is_sound(&stream));
  assert_non_null(stream.base);
  assert_int_equal(mr_stream_size(&stream, &size), MR_OK);
  assert_int_equal(size, 0);
  assert_int_equal(mr_stream_acquire(&stream, 0, &view), MR_OK);
  assert_int_equal(view.size, 0);
  assert_int_equal(mr_stream_acquire_until(&stream, 0, &view), MR_END_OF_FILE);
  assert_int_equal(mr_stream_write(&stream, mr_view_of(NULL, 0), NULL), MR_OK);
  assert_int_equal(mr_stream_write_u8(&stream, 1), MR_NO_SPACE);
}

static void a_null_view_is_read_only_still(void **state) {
  (void)state;
  mr_stream stream;
  mr_stream_init_view(&stream, mr_view_of(NULL, 0));
  assert_true(mr_stream_is_sound(&stream));
  assert_int_equal(mr_stream_write(&stream, mr_view_of(NULL, 0), NULL), MR_READ_ONLY);
}

static void borrows_are_in_place_and_outlive_everything_but_the_memory(void **state) {
  (void)state;
  unsigned char octets[4] = "abcd";
  mr_view view;
  mr_region region;
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, sizeof octets));
  assert_int_equal(mr_stream_acquire(&stream, 3, &view), MR_OK);
  assert_int_equal(mr_stream_acquire_output(&stream, 1, &region), MR_OK);
  assert_int_equal(mr_stream_set_position(&stream, 0), MR_OK);
  assert_int_equal(mr_stream_fini(&stream), MR_OK);
  assert_ptr_equal(view.pointer, octets);
  assert_ptr_equal(region.pointer, octets + 3);
}

static void blocks_may_overlap_the_stream(void **state) {
  (void)state;
  unsigned char octets[8] = "12345678";
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, sizeof octets));
  assert_int_equal(mr_stream_set_position(&stream, 2), MR_OK);
  assert_int_equal(mr_stream_write_exact(&stream, mr_view_of(octets, 6)), MR_OK);
  assert_memory_equal(octets, "12123456", 8);
  assert_int_equal(mr_stream_set_position(&stream, 2), MR_OK);
  assert_int_equal(mr_stream_read_exact(&stream, mr_region_of(octets, 6)), MR_OK);
  assert_memory_equal(octets, "12345656", 8);
}

static void any_byte_can_be_the_delimiter(void **state) {
  (void)state;
  mr_view view;
  mr_stream stream;
  mr_stream_init_view(&stream, MR_VIEW("name\0a\xff"));
  assert_int_equal(mr_stream_acquire_until(&stream, 0, &view), MR_OK);
  assert_true(mr_equal(view, MR_VIEW("name")));
  assert_int_equal(mr_stream_acquire_until(&stream, 0xff, &view), MR_OK);
  assert_true(mr_equal(view, MR_VIEW("a")));
  assert_int_equal(mr_stream_acquire_until(&stream, 0, &view), MR_END_OF_FILE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ten_octets_are_read_by_a_read_of_sixteen),
      cmocka_unit_test(a_write_of_six_fills_four),
      cmocka_unit_test(an_exact_write_of_six_to_four_writes_nothing),
      cmocka_unit_test(the_last_octet_is_written_too),
      cmocka_unit_test(counts_may_be_ignored),
      cmocka_unit_test(a_null_region_is_an_empty_stream),
      cmocka_unit_test(a_null_view_is_read_only_still),
      cmocka_unit_test(borrows_are_in_place_and_outlive_everything_but_the_memory),
      cmocka_unit_test(blocks_may_overlap_the_stream),
      cmocka_unit_test(any_byte_can_be_the_delimiter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/region.h>
#include <string.h>

#include "support.h"

static void assert_dump(mr_view view, uint64_t origin, const char *expected) {
  char lines[1024];
  mr_text text = mr_text_of(lines, sizeof lines);
  assert_int_equal(mr_hex_dump(view, origin, mr_text_write, &text), MR_OK);
  assert_string_equal(lines, expected);
}

static void a_line_has_offset_octets_and_text(void **state) {
  (void)state;
  assert_dump(MR_VIEW("\x7f"
                      "ELF\2\1\1\0\0\0\0\0\0\0\0\0"),
              0x10,
              "00000010  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|\n");
}

static void the_last_line_is_padded(void **state) {
  (void)state;
  assert_dump(MR_VIEW("0123456789abcdef ~\x80"), 0,
              "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
              "00000010  20 7e 80                                          | ~.|\n");
  assert_dump(MR_VIEW("012345678"), 0,
              "00000000  30 31 32 33 34 35 36 37  38                       |012345678|\n");
}

static void large_offsets_take_the_digits_they_need(void **state) {
  (void)state;
  assert_dump(MR_VIEW("a"), UINT64_C(0x123456789),
              "123456789  61                                                |a|\n");
  assert_dump(MR_VIEW("a"), UINT64_MAX,
              "ffffffffffffffff  61                                                |a|\n");
}

static void nothing_dumps_as_nothing(void **state) {
  (void)state;
  assert_dump(mr_view_of(NULL, 0), 5, "");
  assert_dump(MR_VIEW(""), 5, "");
}

typedef struct line_count {
  int lines;
  int last;
} line_count;

static mr_status count_lines(void *context, const char *text, size_t length) {
  line_count *count = context;
  assert_int_equal(text[length - 1], '\n');
  assert_ptr_equal(memchr(text, '\n', length), text + length - 1);
  return ++count->lines == count->last ? (mr_status)(MR_USER + 3) : MR_OK;
}

static void it_writes_a_line_at_a_time_until_refused(void **state) {
  (void)state;
  unsigned char octets[100] = {0};
  line_count all = {0, -1}, two = {0, 2};
  assert_int_equal(mr_hex_dump(mr_view_of(octets, 100), 0, count_lines, &all), MR_OK);
  assert_int_equal(all.lines, 7);
  assert_int_equal(mr_hex_dump(mr_view_of(octets, 100), 0, count_lines, &two), MR_USER + 3);
  assert_int_equal(two.lines, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_has_offset_octets_and_text),
      cmocka_unit_test(the_last_line_is_padded),
      cmocka_unit_test(large_offsets_take_the_digits_they_need),
      cmocka_unit_test(nothing_dumps_as_nothing),
      cmocka_unit_test(it_writes_a_line_at_a_time_until_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

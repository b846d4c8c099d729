#include <memregions/text.h>
#include <string.h>

#include "support.h"

static void text_is_appended_and_terminated(void **state) {
  (void)state;
  char buffer[16];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_string_equal(buffer, "");
  assert_int_equal(mr_text_write(&text, "one ", 4), MR_OK);
  assert_int_equal(mr_text_write(&text, "two!!", 3), MR_OK);
  assert_string_equal(buffer, "one two");
  assert_int_equal(text.length, 7);
  assert_true(mr_text_is_sound(&text));
}

static void what_fills_the_buffer_exactly_fits(void **state) {
  (void)state;
  char buffer[5];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_text_write(&text, "abcd", 4), MR_OK);
  assert_string_equal(buffer, "abcd");
}

static void what_does_not_fit_is_appended_as_far_as_it_does(void **state) {
  (void)state;
  char buffer[6] = "#####";
  mr_text text = mr_text_of(buffer, 5);
  assert_int_equal(mr_text_write(&text, "abc", 3), MR_OK);
  assert_int_equal(mr_text_write(&text, "def", 3), MR_NO_SPACE);
  assert_string_equal(buffer, "abcd");
  assert_int_equal(mr_text_write(&text, "g", 1), MR_NO_SPACE);
  assert_string_equal(buffer, "abcd");
  assert_true(mr_text_is_sound(&text));
}

static void nothing_always_fits(void **state) {
  (void)state;
  char buffer[1];
  mr_text full = mr_text_of(buffer, 1), none = mr_text_of(NULL, 10);
  assert_int_equal(mr_text_write(&full, NULL, 0), MR_OK);
  assert_int_equal(mr_text_write(&none, NULL, 0), MR_OK);
}

static void without_a_buffer_nothing_is_written(void **state) {
  (void)state;
  char buffer[] = "same";
  mr_text none = mr_text_of(NULL, 10), empty = mr_text_of(buffer, 0);
  assert_int_equal(mr_text_write(&none, "x", 1), MR_NO_SPACE);
  assert_int_equal(mr_text_write(&empty, "x", 1), MR_NO_SPACE);
  assert_string_equal(buffer, "same");
  assert_true(mr_text_is_sound(&none) && mr_text_is_sound(&empty));
}

static void soundness_sees_a_broken_text(void **state) {
  (void)state;
  char buffer[4] = "abc";
  mr_text past = {buffer, sizeof buffer, 4}, open = {buffer, sizeof buffer, 2};
  assert_false(mr_text_is_sound(&past));
  assert_false(mr_text_is_sound(&open));
}

static mr_status count_pieces(void *context, const char *text, size_t length) {
  (void)text;
  assert_true(length > 0);
  return (mr_status)(MR_USER + (*(int *)context)++);
}

static void printing_writes_one_piece(void **state) {
  (void)state;
  char buffer[32];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  int pieces = 0;
  assert_int_equal(mr_text_print(mr_text_write, &text, "%s-%03d", "a", 5), MR_OK);
  assert_string_equal(buffer, "a-005");
  assert_int_equal(mr_text_print(count_pieces, &pieces, "%d%d", 1, 2), MR_USER);
  assert_int_equal(pieces, 1);
}

static void printing_nothing_writes_no_piece(void **state) {
  (void)state;
  int pieces = 0;
  assert_int_equal(mr_text_print(count_pieces, &pieces, "%s", ""), MR_OK);
  assert_int_equal(pieces, 0);
}

static void printing_ends_at_511_octets(void **state) {
  (void)state;
  char buffer[600];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_text_print(mr_text_write, &text, "%512d", 1), MR_OVERFLOW);
  assert_int_equal(text.length, 0);
  assert_int_equal(mr_text_print(mr_text_write, &text, "%511d", 1), MR_OK);
  assert_int_equal(text.length, 511);
}

static void what_printf_refuses_is_an_invalid_argument(void **state) {
  (void)state;
  const wchar_t unencodable[] = {0x10ffff, 0};
  int pieces = 0;
  assert_int_equal(mr_text_print(count_pieces, &pieces, "%ls", unencodable), MR_INVALID_ARGUMENT);
  assert_int_equal(pieces, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_is_appended_and_terminated),
      cmocka_unit_test(what_fills_the_buffer_exactly_fits),
      cmocka_unit_test(what_does_not_fit_is_appended_as_far_as_it_does),
      cmocka_unit_test(nothing_always_fits),
      cmocka_unit_test(without_a_buffer_nothing_is_written),
      cmocka_unit_test(soundness_sees_a_broken_text),
      cmocka_unit_test(printing_writes_one_piece),
      cmocka_unit_test(printing_nothing_writes_no_piece),
      cmocka_unit_test(printing_ends_at_511_octets),
      cmocka_unit_test(what_printf_refuses_is_an_invalid_argument),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/status.h>
#include <string.h>

#include "support.h"

static const struct {
  const char *name;
  mr_status status;
  int value;
} all[] = {{"MR_OK", MR_OK, 0},
           {"MR_OUT_OF_MEMORY", MR_OUT_OF_MEMORY, 1},
           {"MR_BLOCK_TOO_BIG", MR_BLOCK_TOO_BIG, 2},
           {"MR_END_OF_FILE", MR_END_OF_FILE, 3},
           {"MR_TRUNCATED", MR_TRUNCATED, 4},
           {"MR_NO_SPACE", MR_NO_SPACE, 5},
           {"MR_OUT_OF_BOUNDS", MR_OUT_OF_BOUNDS, 6},
           {"MR_INVALID_ARGUMENT", MR_INVALID_ARGUMENT, 7},
           {"MR_READ_ONLY", MR_READ_ONLY, 8},
           {"MR_MISALIGNED", MR_MISALIGNED, 9},
           {"MR_OVERFLOW", MR_OVERFLOW, 10},
           {"MR_TYPE_MISMATCH", MR_TYPE_MISMATCH, 11},
           {"MR_NO_SUCH_SLOT", MR_NO_SUCH_SLOT, 12},
           {"MR_SYNTAX_ERROR", MR_SYNTAX_ERROR, 13},
           {"MR_UNSUPPORTED", MR_UNSUPPORTED, 14},
           {"MR_BUSY", MR_BUSY, 15},
           {"MR_CORRUPT", MR_CORRUPT, 16},
           {"MR_FAULT", MR_FAULT, 17},
           {"MR_SYSTEM_ERROR", MR_SYSTEM_ERROR, 18}};
enum { COUNT = sizeof all / sizeof *all };

static void values_are_frozen(void **state) {
  (void)state;
  for (int i = 0; i < COUNT; i++) assert_int_equal(all[i].status, all[i].value);
  assert_int_equal(MR_USER, 65536);
  assert_int_equal(MR_USER_LAST, 0x7fffffff);
}

static void every_status_has_its_name(void **state) {
  (void)state;
  for (int i = 0; i < COUNT; i++) assert_string_equal(mr_status_name(all[i].status), all[i].name);
}

static void every_status_has_a_message_of_its_own(void **state) {
  (void)state;
  for (int i = 0; i < COUNT; i++) {
    assert_true(strlen(mr_status_message(all[i].status)) > 0);
    for (int j = 0; j < i; j++) {
      assert_string_not_equal(mr_status_message(all[i].status), mr_status_message(all[j].status));
    }
  }
  assert_string_equal(mr_status_message(MR_OUT_OF_BOUNDS), "out of bounds");
}

static void the_callers_own_are_named_as_such(void **state) {
  (void)state;
  assert_string_equal(mr_status_name(MR_USER), "MR_USER");
  assert_string_equal(mr_status_name((mr_status)(MR_USER + 77)), "MR_USER");
  assert_string_equal(mr_status_name(MR_USER_LAST), "MR_USER");
}

static void what_is_no_status_is_unknown(void **state) {
  static const mr_status none[] = {(mr_status)COUNT, (mr_status)65535, (mr_status)-1,
                                   (mr_status)0x80000000U};
  (void)state;
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    assert_string_equal(mr_status_name(none[i]), "MR_UNKNOWN");
    assert_true(strlen(mr_status_message(none[i])) > 0);
  }
}

static void a_condition_is_written_anew(void **state) {
  (void)state;
  mr_condition condition;
  memset(&condition, 0x55, sizeof condition);

  mr_status status = mr_condition_set(&condition, MR_NO_SPACE, "page %d of %s", 7, "nine");

  assert_int_equal(status, MR_NO_SPACE);
  assert_int_equal(condition.status, MR_NO_SPACE);
  assert_int_equal(condition.error_number, 0);
  assert_true(condition.offset == 0 && condition.requested == 0 && condition.limit == 0);
  assert_true(condition.line == 0 && condition.column == 0);
  assert_null(condition.subject);
  assert_string_equal(condition.message, "page 7 of nine");
}

static void a_condition_without_format_has_the_statuss_words(void **state) {
  (void)state;
  mr_condition condition;
  assert_int_equal(mr_condition_set(&condition, MR_BUSY, NULL), MR_BUSY);
  assert_string_equal(condition.message, mr_status_message(MR_BUSY));
}

static void a_long_message_is_cut(void **state) {
  (void)state;
  mr_condition condition;
  mr_ignore(mr_condition_set(&condition, MR_FAULT, "%300d", 1));
  assert_int_equal(strlen(condition.message), MR_CONDITION_MESSAGE_SIZE - 1);
}

static void a_message_that_printf_refuses_becomes_the_statuss_words(void **state) {
  (void)state;
  mr_condition condition;
  const wchar_t unencodable[] = {0x10ffff, 0};
  mr_ignore(mr_condition_set(&condition, MR_FAULT, "%ls", unencodable));
  assert_string_equal(condition.message, mr_status_message(MR_FAULT));
}

static void a_condition_may_quote_itself(void **state) {
  (void)state;
  mr_condition condition;
  mr_ignore(mr_condition_set(&condition, MR_FAULT, "inner"));
  mr_ignore(mr_condition_set(&condition, MR_CORRUPT, "outer: %s", condition.message));
  assert_string_equal(condition.message, "outer: inner");
}

static void no_condition_is_no_work(void **state) {
  (void)state;
  assert_int_equal(mr_condition_set(NULL, MR_FAULT, "%d", 1), MR_FAULT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_frozen),
      cmocka_unit_test(every_status_has_its_name),
      cmocka_unit_test(every_status_has_a_message_of_its_own),
      cmocka_unit_test(the_callers_own_are_named_as_such),
      cmocka_unit_test(what_is_no_status_is_unknown),
      cmocka_unit_test(a_condition_is_written_anew),
      cmocka_unit_test(a_condition_without_format_has_the_statuss_words),
      cmocka_unit_test(a_long_message_is_cut),
      cmocka_unit_test(a_message_that_printf_refuses_becomes_the_statuss_words),
      cmocka_unit_test(a_condition_may_quote_itself),
      cmocka_unit_test(no_condition_is_no_work),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

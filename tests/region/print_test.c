#include <inttypes.h>
#include <memregions/region.h>
#include <stdio.h>
#include <string.h>

#include "support.h"

static void a_region_prints_as_pointer_and_size(void **state) {
  (void)state;
  char octets[3], line[80], expected[80];
  mr_text text = mr_text_of(line, sizeof line);
  assert_int_equal(mr_region_print(mr_region_of(octets, 3), mr_text_write, &text), MR_OK);
  assert_true(snprintf(expected, sizeof expected, "#<region 0x%" PRIxPTR ", 3 octets>",
                       (uintptr_t)octets) > 0);
  assert_string_equal(line, expected);
}

static void one_octet_and_none_print_too(void **state) {
  (void)state;
  char octet, line[80];
  mr_text text = mr_text_of(line, sizeof line);
  assert_int_equal(mr_region_print(mr_region_of(NULL, 0), mr_text_write, &text), MR_OK);
  assert_string_equal(line, "#<region 0x0, 0 octets>");
  text = mr_text_of(line, sizeof line);
  assert_int_equal(mr_region_print(mr_region_of(&octet, 1), mr_text_write, &text), MR_OK);
  assert_non_null(strstr(line, ", 1 octet>"));
}

static void the_writers_refusal_is_returned(void **state) {
  (void)state;
  char line[8];
  mr_text text = mr_text_of(line, sizeof line);
  assert_int_equal(mr_region_print(mr_region_of(NULL, 0), mr_text_write, &text), MR_NO_SPACE);
  assert_string_equal(line, "#<regio");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_region_prints_as_pointer_and_size),
      cmocka_unit_test(one_octet_and_none_print_too),
      cmocka_unit_test(the_writers_refusal_is_returned),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

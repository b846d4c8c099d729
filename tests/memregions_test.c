#include "memregions.h"

#include <stdio.h>

#include "support.h"

static void version_is_the_one_that_was_configured(void **state) {
  (void)state;

  assert_string_equal(mr_version(), CONFIGURED_VERSION);
}

static void headers_are_of_the_library_s_version(void **state) {
  (void)state;
  char text[32];

  snprintf(text, sizeof text, "%d.%d.%d", MR_VERSION_MAJOR, MR_VERSION_MINOR, MR_VERSION_PATCH);

  assert_string_equal(mr_version(), text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(version_is_the_one_that_was_configured),
      cmocka_unit_test(headers_are_of_the_library_s_version),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

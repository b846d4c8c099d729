#include "names.h"

#include <stdio.h>
#include <string.h>

#include "support.h"

static void the_key_of_a_long_name_is_another_for_each_multiplier(void **state) {
  (void)state;
  static const char name[] = "a_name_of_more_than_8_octets";
  assert_int_equal(mr_name_long_key(name, strlen(name), 3),
                   mr_name_long_key(name, strlen(name), 3));
  assert_int_not_equal(mr_name_long_key(name, strlen(name), 3),
                       mr_name_long_key(name, strlen(name), 5));
}

/* Of two chunks, one is changed where a product shows it least: in the bits that count most. */
static void names_that_differ_in_few_bits_have_other_keys(void **state) {
  (void)state;
  char name[] = "aaaaaaaabbbbbbbb";
  uint64_t key = mr_name_long_key(name, 16, 3);
  for (size_t i = 0; i < 16; i++) {
    for (unsigned bit = 0; bit < 8; bit++) {
      for (size_t j = i + 1; j < 16; j++) {
        for (unsigned other = 0; other < 8; other++) {
          char changed[17];
          memcpy(changed, name, sizeof changed);
          changed[i] = (char)(changed[i] ^ 1 << bit);
          changed[j] = (char)(changed[j] ^ 1 << other);
          assert_int_not_equal(mr_name_long_key(changed, 16, 3), key);
        }
      }
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_key_of_a_long_name_is_another_for_each_multiplier),
      cmocka_unit_test(names_that_differ_in_few_bits_have_other_keys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/value.h>

#include <math.h>
#include <string.h>

#include "support.h"

static mr_status read_float(const char *text, mr_kind kind, mr_value *out, size_t *used) {
  return mr_value_read_float(mr_view_of(text, strlen(text)), kind, out, used);
}

static void the_longest_start_that_is_a_number_is_read(void **state) {
  (void)state;
  mr_value value;
  size_t used = 0;
  assert_int_equal(read_float("-0.5e1f + 7", MR_KIND_F64, &value, &used), MR_OK);
  assert_int_equal(used, 6);
  assert_int_equal(value.kind, MR_KIND_F64);
  assert_true(value.as.f64 == -5.0);
  assert_int_equal(read_float("0x1.8p3L", MR_KIND_F32, &value, &used), MR_OK);
  assert_int_equal(used, 7);
  assert_true(value.as.f32 == 12.0f);
}

static void a_number_is_rounded_once(void **state) {
  (void)state;
  mr_value value;
  size_t used;
  /* As a double first it would be halfway, and go to the even one. */
  assert_int_equal(read_float("1.00000005960464484", MR_KIND_F32, &value, &used), MR_OK);
  assert_true(value.as.f32 == 0x1.000002p0f);
}

static void every_float_has_its_kind(void **state) {
  (void)state;
  static const mr_kind kinds[] = {MR_KIND_F32, MR_KIND_F64, MR_KIND_LONG_DOUBLE, MR_KIND_F80,
                                  MR_KIND_F128};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    mr_value value;
    size_t used;
    double number = 0;
    assert_int_equal(read_float("1.25", kinds[i], &value, &used), MR_OK);
    assert_int_equal(value.kind, kinds[i]);
    assert_int_equal(mr_value_to_f64(value, &number), MR_OK);
    assert_true(number == 1.25);
    assert_int_equal(read_float("-INFINITY", kinds[i], &value, &used), MR_OK);
    assert_int_equal(mr_value_to_f64(value, &number), MR_OK);
    assert_true(isinf(number) && number < 0);
    assert_int_equal(read_float("NAN", kinds[i], &value, &used), MR_OK);
    assert_int_equal(mr_value_to_f64(value, &number), MR_OK);
    assert_true(isnan(number));
  }
}

static void what_is_no_number_is_refused_and_changes_nothing(void **state) {
  (void)state;
  mr_value value = mr_value_of_f64(7);
  size_t used = 77;
  assert_int_equal(read_float("", MR_KIND_F64, &value, &used), MR_SYNTAX_ERROR);
  assert_int_equal(mr_value_read_float(mr_view_of(NULL, 0), MR_KIND_F64, &value, &used),
                   MR_SYNTAX_ERROR);
  assert_int_equal(read_float("x1", MR_KIND_F64, &value, &used), MR_SYNTAX_ERROR);
  assert_int_equal(read_float("1e39", MR_KIND_F32, &value, &used), MR_OVERFLOW);
  assert_int_equal(read_float("1", MR_KIND_I32, &value, &used), MR_TYPE_MISMATCH);
  assert_int_equal(read_float("1", MR_KIND_COMPLEX_F64, &value, &used), MR_TYPE_MISMATCH);
  assert_true(value.as.f64 == 7 && used == 77);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_longest_start_that_is_a_number_is_read),
      cmocka_unit_test(a_number_is_rounded_once),
      cmocka_unit_test(every_float_has_its_kind),
      cmocka_unit_test(what_is_no_number_is_refused_and_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/object.h>

#include "support.h"

static mr_object scalar_object(void *memory, mr_kind kind, uint32_t flags) {
  const mr_type *type = mr_scalar_type(kind, MR_NATIVE_ORDER);
  mr_object object = {0};
  assert_int_equal(mr_object_of_region(mr_region_of(memory, mr_type_size(type)), type, &object),
                   MR_OK);
  object.flags = flags;
  return object;
}

static mr_slot scalar_slot(mr_kind kind) {
  mr_slot slot;
  assert_int_equal(mr_slot_of(mr_scalar_type(kind, MR_NATIVE_ORDER), &slot), MR_OK);
  return slot;
}

/* Each name in its own kind. */
#define IS_READ_AND_WRITTEN(name, c_type, kind, sample)                            \
  static void name##_is_read_and_written(void **state) {                           \
    (void)state;                                                                   \
    c_type memory = sample;                                                        \
    c_type out = 0;                                                                \
    const mr_object object = scalar_object(&memory, kind, 0);                      \
    const mr_object read_only = scalar_object(&memory, kind, MR_OBJECT_READ_ONLY); \
    const mr_slot slot = scalar_slot(kind);                                        \
    assert_int_equal(mr_object_get_##name(read_only, slot, &out), MR_OK);          \
    assert_true(out == sample);                                                    \
    assert_int_equal(mr_object_set_##name(read_only, slot, 0), MR_READ_ONLY);      \
    assert_true(memory == sample);                                                 \
    assert_int_equal(mr_object_set_##name(object, slot, 0), MR_OK);                \
    assert_true(memory == 0);                                                      \
  }

typedef void *pointer;

IS_READ_AND_WRITTEN(bool, bool, MR_KIND_BOOL, true)
IS_READ_AND_WRITTEN(u8, uint8_t, MR_KIND_U8, 200)
IS_READ_AND_WRITTEN(i8, int8_t, MR_KIND_I8, -100)
IS_READ_AND_WRITTEN(u16, uint16_t, MR_KIND_U16, 60000)
IS_READ_AND_WRITTEN(i16, int16_t, MR_KIND_I16, -30000)
IS_READ_AND_WRITTEN(u32, uint32_t, MR_KIND_U32, 4000000000)
IS_READ_AND_WRITTEN(i32, int32_t, MR_KIND_I32, -2000000000)
IS_READ_AND_WRITTEN(u64, uint64_t, MR_KIND_U64, UINT64_MAX)
IS_READ_AND_WRITTEN(i64, int64_t, MR_KIND_I64, INT64_MIN)
IS_READ_AND_WRITTEN(f32, float, MR_KIND_F32, 0.25f)
IS_READ_AND_WRITTEN(f64, double, MR_KIND_F64, 0.1)
IS_READ_AND_WRITTEN(pointer, pointer, MR_KIND_POINTER, (pointer)&memory)

static void typed_access_converts(void **state) {
  (void)state;
  uint8_t memory = 200;
  const mr_object object = scalar_object(&memory, MR_KIND_U8, 0);
  const mr_slot slot = scalar_slot(MR_KIND_U8);
  int64_t wide = 0;

  assert_int_equal(mr_object_get_i64(object, slot, &wide), MR_OK);
  assert_int_equal(mr_object_set_f64(object, slot, 12.0), MR_OK);

  assert_int_equal(wide, 200);
  assert_int_equal(memory, 12);
}

static void what_does_not_convert_is_refused_and_changes_nothing(void **state) {
  (void)state;
  uint8_t memory = 200;
  const mr_object object = scalar_object(&memory, MR_KIND_U8, 0);
  const mr_slot slot = scalar_slot(MR_KIND_U8);
  int8_t narrow = 7;
  void *address = NULL;

  assert_int_equal(mr_object_get_i8(object, slot, &narrow), MR_OVERFLOW);
  assert_int_equal(mr_object_get_pointer(object, slot, &address), MR_TYPE_MISMATCH);
  assert_int_equal(mr_object_set_i32(object, slot, -1), MR_OVERFLOW);
  assert_int_equal(mr_object_set_pointer(object, slot, &memory), MR_TYPE_MISMATCH);

  assert_int_equal(narrow, 7);
  assert_null(address);
  assert_int_equal(memory, 200);
}

static void a_slot_of_a_larger_type_is_out_of_bounds(void **state) {
  (void)state;
  uint16_t memory[2] = {1, 2};
  const mr_object object = scalar_object(memory, MR_KIND_U16, 0);
  const mr_slot slot = scalar_slot(MR_KIND_U32);
  mr_value value = mr_value_of_i64(7);
  uint32_t number = 7;

  assert_int_equal(mr_object_get_slot(object, slot, &value), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_object_set_slot(object, slot, value), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_object_get_u32(object, slot, &number), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_object_set_u32(object, slot, 9), MR_OUT_OF_BOUNDS);

  assert_true(mr_value_equal(value, mr_value_of_i64(7)));
  assert_int_equal(number, 7);
  assert_int_equal(memory[0], 1);
  assert_int_equal(memory[1], 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bool_is_read_and_written),
      cmocka_unit_test(u8_is_read_and_written),
      cmocka_unit_test(i8_is_read_and_written),
      cmocka_unit_test(u16_is_read_and_written),
      cmocka_unit_test(i16_is_read_and_written),
      cmocka_unit_test(u32_is_read_and_written),
      cmocka_unit_test(i32_is_read_and_written),
      cmocka_unit_test(u64_is_read_and_written),
      cmocka_unit_test(i64_is_read_and_written),
      cmocka_unit_test(f32_is_read_and_written),
      cmocka_unit_test(f64_is_read_and_written),
      cmocka_unit_test(pointer_is_read_and_written),
      cmocka_unit_test(typed_access_converts),
      cmocka_unit_test(what_does_not_convert_is_refused_and_changes_nothing),
      cmocka_unit_test(a_slot_of_a_larger_type_is_out_of_bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

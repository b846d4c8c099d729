#include <memregions/slot.h>
#include <string.h>

#include "support.h"
#include "type.h"

/* Floats and pointers of other machines, at slots of types that are made by hand. */

enum { ROOM = 40 };

static const mr_byte_order orders[] = {MR_LITTLE_ENDIAN, MR_BIG_ENDIAN};

static mr_type scalar(mr_kind kind, size_t size, mr_byte_order order) {
  mr_type type = {.size = size, .alignment = 1, .kind = (uint8_t)kind, .order = (uint8_t)order};
  mr_type_settle_scalar(&type);
  return type;
}

static mr_slot slot_of(const mr_type *type) {
  mr_slot slot;
  assert_int_equal(mr_slot_of(type, &slot), MR_OK);
  return slot;
}

static mr_status store(const mr_type *type, mr_value value, unsigned char *octets) {
  return mr_slot_store(mr_region_of(octets, type->size), slot_of(type), value);
}

static mr_status load(const mr_type *type, const unsigned char *octets, mr_value *out) {
  return mr_slot_load(mr_view_of(octets, type->size), slot_of(type), out);
}

static void assert_octets(const unsigned char *octets, const unsigned char *little, size_t size,
                          mr_byte_order order) {
  for (size_t i = 0; i < size; i++) {
    assert_int_equal(octets[order == MR_BIG_ENDIAN ? size - 1 - i : i], little[i]);
  }
}

/* Pointers. */

static void pointers_of_any_size_are_read_and_written(void **state) {
  (void)state;
  static const unsigned char little[16] = {0x41, 0x32, 0x23, 0x14};
  static const size_t sizes[] = {4, 8, 16};
  void *pointer = (void *)(uintptr_t)0x14233241;
  for (size_t i = 0; i < 3; i++) {
    for (size_t order = 0; order < 2; order++) {
      unsigned char octets[ROOM];
      void *out = NULL;
      mr_value value;
      mr_type type = scalar(MR_KIND_POINTER, sizes[i], orders[order]);
      memset(octets, 0x55, sizeof octets);
      assert_int_equal(store(&type, mr_value_of_pointer(pointer), octets), MR_OK);
      assert_octets(octets, little, sizes[i], orders[order]);
      assert_int_equal(octets[sizes[i]], 0x55);
      assert_int_equal(load(&type, octets, &value), MR_OK);
      assert_int_equal(value.kind, MR_KIND_POINTER);
      assert_ptr_equal(value.as.pointer, pointer);
      mr_view memory = mr_view_of(octets, sizes[i]);
      assert_int_equal(mr_slot_get_pointer(memory, slot_of(&type), &out), MR_OK);
      assert_ptr_equal(out, pointer);
      memory.size--;
      assert_int_equal(mr_slot_get_pointer(memory, slot_of(&type), &out), MR_OUT_OF_BOUNDS);
      assert_int_equal(mr_slot_load(memory, slot_of(&type), &value), MR_OUT_OF_BOUNDS);
    }
  }
}

static void a_pointer_that_is_too_wide_for_the_slot_is_refused(void **state) {
  (void)state;
  mr_type type = scalar(MR_KIND_POINTER, 2, MR_LITTLE_ENDIAN);
  unsigned char octets[2] = {1, 2};
  mr_value value = mr_value_of_pointer((void *)(uintptr_t)0x10000);
  mr_region memory = mr_region_of(octets, 2);
  assert_int_equal(store(&type, value, octets), MR_OVERFLOW);
  assert_int_equal(mr_slot_set_pointer(memory, slot_of(&type), value.as.pointer), MR_OVERFLOW);
  assert_int_equal(mr_slot_store_fitted(memory, slot_of(&type), value, MR_FIT_WRAPPING),
                   MR_OVERFLOW);
  assert_true(octets[0] == 1 && octets[1] == 2);
}

static void a_pointer_that_is_too_wide_for_this_machine_is_refused(void **state) {
  (void)state;
  for (size_t order = 0; order < 2; order++) {
    mr_type type = scalar(MR_KIND_POINTER, 16, orders[order]);
    unsigned char octets[16] = {0};
    void *out = octets;
    mr_value value = mr_value_of_bool(true);
    octets[orders[order] == MR_BIG_ENDIAN ? 15 - sizeof(void *) : sizeof(void *)] = 1;
    assert_int_equal(load(&type, octets, &value), MR_OVERFLOW);
    assert_int_equal(mr_slot_get_pointer(mr_view_of(octets, 16), slot_of(&type), &out),
                     MR_OVERFLOW);
    assert_ptr_equal(out, octets);
    assert_int_equal(value.kind, MR_KIND_BOOL);
  }
}

static void the_pointers_of_all_targets_are_read_and_written(void **state) {
  (void)state;
  for (int target = MR_TARGET_NATIVE; target <= MR_TARGET_WINDOWS_X64; target++) {
    const mr_type *type;
    unsigned char octets[ROOM] = {0};
    mr_value value;
    assert_int_equal(mr_type_build_pointer(NULL, (mr_target)target, NULL, &type), MR_OK);
    assert_int_equal(store(type, mr_value_of_pointer((void *)(uintptr_t)0x1234), octets), MR_OK);
    bool is_big = mr_type_byte_order(type) == MR_BIG_ENDIAN;
    assert_int_equal(octets[is_big ? mr_type_size(type) - 1 : 0], 0x34);
    assert_int_equal(load(type, octets, &value), MR_OK);
    assert_ptr_equal(value.as.pointer, (void *)(uintptr_t)0x1234);
    mr_type_release(type);
  }
}

/* Floats. The x87's are 10 octets and padding: -2.5 is these. */

static const unsigned char x87[16] = {0, 0, 0, 0, 0, 0, 0, 0xa0, 0, 0xc0};
static const unsigned char binary128[16] = {[13] = 0x40, [14] = 0, [15] = 0xc0};

static void floats_of_any_size_are_read_and_written(void **state) {
  (void)state;
  const struct {
    mr_kind kind;
    size_t size;
    const unsigned char *octets;
  } cases[] = {{MR_KIND_F80, 10, x87},
               {MR_KIND_F80, 12, x87},
               {MR_KIND_F80, 16, x87},
               {MR_KIND_F128, 16, binary128}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (size_t order = 0; order < 2; order++) {
      mr_type type = scalar(cases[i].kind, cases[i].size, orders[order]);
      unsigned char octets[ROOM];
      double out;
      mr_value value;
      memset(octets, 0x55, sizeof octets);
      assert_int_equal(store(&type, mr_value_of_f64(-2.5), octets), MR_OK);
      assert_octets(octets, cases[i].octets, cases[i].size, orders[order]);
      assert_int_equal(octets[cases[i].size], 0x55);
      assert_int_equal(load(&type, octets, &value), MR_OK);
      assert_int_equal(value.kind, cases[i].kind);
      assert_int_equal(mr_value_to_f64(value, &out), MR_OK);
      assert_true(out == -2.5);
      out = 0;
      mr_view memory = mr_view_of(octets, cases[i].size);
      assert_int_equal(mr_slot_get_f64(memory, slot_of(&type), &out), MR_OK);
      assert_true(out == -2.5);
    }
  }
}

/* What is in the padding does not matter. */
static void padding_is_not_read(void **state) {
  (void)state;
  for (size_t order = 0; order < 2; order++) {
    mr_type type = scalar(MR_KIND_F80, 12, orders[order]);
    unsigned char octets[12], other[12];
    mr_value a, b;
    assert_int_equal(store(&type, mr_value_of_f64(0.1), octets), MR_OK);
    memcpy(other, octets, sizeof other);
    memset(other + (orders[order] == MR_BIG_ENDIAN ? 0 : 10), 0x77, 2);
    assert_int_equal(load(&type, octets, &a), MR_OK);
    assert_int_equal(load(&type, other, &b), MR_OK);
    assert_true(mr_value_equal(a, b));
    assert_memory_equal(&a, &b, sizeof a);
  }
}

static void each_part_of_a_complex_number_has_its_own_octets(void **state) {
  (void)state;
  const struct {
    mr_kind kind;
    size_t size;
    const unsigned char *octets;
  } cases[] = {{MR_KIND_COMPLEX_F80, 24, x87},
               {MR_KIND_COMPLEX_F80, 32, x87},
               {MR_KIND_COMPLEX_F128, 32, binary128}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (size_t order = 0; order < 2; order++) {
      mr_type type = scalar(cases[i].kind, cases[i].size, orders[order]);
      size_t half = cases[i].size / 2;
      static const unsigned char zeros[16] = {0};
      unsigned char octets[ROOM];
      double real, imaginary;
      mr_value value;
      memset(octets, 0x55, sizeof octets);
      assert_int_equal(store(&type, mr_value_of_complex_f64(0, -2.5), octets), MR_OK);
      assert_octets(octets, zeros, half, orders[order]);
      assert_octets(octets + half, cases[i].octets, half, orders[order]);
      assert_int_equal(octets[2 * half], 0x55);
      assert_int_equal(load(&type, octets, &value), MR_OK);
      assert_int_equal(value.kind, MR_KIND_COMPLEX_LONG_DOUBLE);
      assert_int_equal(mr_value_to_complex_f64(value, &real, &imaginary), MR_OK);
      assert_true(real == 0 && imaginary == -2.5);
    }
  }
}

static void swapped_floats_keep_the_octets_of_a_nan(void **state) {
  (void)state;
  static const unsigned char nan_octets[16] = {1, 2, 3, 4, 5, 6, 7, 0xa8, 0xff, 0x7f};
  mr_type big = scalar(MR_KIND_F80, 16, MR_BIG_ENDIAN);
  mr_type little = scalar(MR_KIND_F80, 16, MR_LITTLE_ENDIAN);
  unsigned char octets[16];
  mr_value value;
  assert_int_equal(load(&little, nan_octets, &value), MR_OK);
  assert_int_equal(store(&big, value, octets), MR_OK);
  assert_octets(octets, nan_octets, 16, MR_BIG_ENDIAN);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pointers_of_any_size_are_read_and_written),
      cmocka_unit_test(a_pointer_that_is_too_wide_for_the_slot_is_refused),
      cmocka_unit_test(a_pointer_that_is_too_wide_for_this_machine_is_refused),
      cmocka_unit_test(the_pointers_of_all_targets_are_read_and_written),
      cmocka_unit_test(floats_of_any_size_are_read_and_written),
      cmocka_unit_test(padding_is_not_read),
      cmocka_unit_test(each_part_of_a_complex_number_has_its_own_octets),
      cmocka_unit_test(swapped_floats_keep_the_octets_of_a_nan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

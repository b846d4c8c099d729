/* Objects that end with flexible arrays, slices as sequences, and values that are made to fit. */

#include <string.h>

#include <memregions/object.h>

#include "built_type.h"
#include "support.h"

/* {int32_t count; int16_t tag; int16_t data[];} */
static const mr_type *packet(void) {
  return STRUCT(MEMBER(count, I32), MEMBER(tag, I16), MEMBER(data, built_flexible_array(I16)));
}

static void a_flexible_object_takes_all_of_its_region(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[17] = {0};
  const mr_type *type = packet();
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  assert_int_equal(object.size, sizeof octets);
  assert_true(mr_object_is_sound(object));
  object.size = mr_type_size(type) - 1;
  assert_false(mr_object_is_sound(object));
  mr_type_release(type);
}

static void an_object_that_ends_as_it_begins_takes_its_size(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[17] = {0};
  mr_object object = object_over(mr_region_of(octets, sizeof octets), I32);
  assert_int_equal(object.size, 4);
  object.size = 8;
  assert_false(mr_object_is_sound(object));
}

static void a_flexible_array_ends_where_the_object_does(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[17] = {0};
  const mr_type *type = packet();
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_value value;
  set_number(object, "data[4]", 77);
  assert_int_equal(number_at(object, "data[4]"), 77);
  assert_int_equal(octets[14] + octets[15], 77);
  assert_int_equal(mr_object_get(object, "data[5]", &value), MR_OUT_OF_BOUNDS);
  mr_type_release(type);
}

static void a_flexible_array_is_a_sequence_of_what_lies_in_the_object(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[17] = {0};
  const mr_type *type = packet();
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_sequence sequence = {0};
  assert_int_equal(mr_object_sequence_at(object, "data", &sequence), MR_OK);
  assert_int_equal(sequence.count, 5);
  assert_int_equal(sequence.flags, 0);
  assert_ptr_equal(sequence.start, octets + 6);
  assert_int_equal(mr_object_sequence_at(object, "data[1:5]", &sequence), MR_OK);
  assert_int_equal(sequence.count, 4);
  assert_int_equal(mr_object_sequence_at(object, "data[1:6]", &sequence), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_object_sequence_at(object, "data[9:9]", &sequence), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_object_sequence_at(object, "data[1:]", &sequence), MR_OK);
  assert_int_equal(sequence.count, 4);
  assert_ptr_equal(sequence.start, octets + 8);
  assert_int_equal(mr_object_sequence_at(object, "data[5:]", &sequence), MR_OK);
  assert_int_equal(sequence.count, 0);
  assert_int_equal(mr_object_sequence_at(object, "data[7:]", &sequence), MR_OUT_OF_BOUNDS);
  mr_type_release(type);
}

static void what_is_got_of_a_flexible_array_lies_in_the_object(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[17] = {0};
  const mr_type *type = packet();
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_value value;
  mr_slot slot;
  assert_int_equal(mr_object_get(object, "data", &value), MR_OK);
  assert_int_equal(value.kind, MR_KIND_ARRAY);
  assert_ptr_equal(value.as.view.pointer, octets + 6);
  assert_int_equal(value.as.view.size, 10);
  assert_int_equal(mr_slot_of(type, &slot), MR_OK);
  assert_int_equal(mr_object_get_slot(object, slot, &value), MR_OK);
  assert_int_equal(value.as.view.size, 17);
  mr_type_release(type);
}

static void what_ends_with_the_outer_flexible_array_has_it_too(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[21] = {0};
  const mr_type *type = STRUCT(MEMBER(x, I32), MEMBER(packet, packet()));
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_object inner = {0};
  mr_object data = {0};
  assert_int_equal(mr_object_at(object, "packet", &inner), MR_OK);
  assert_int_equal(inner.size, 17);
  assert_int_equal(mr_object_at(inner, "data", &data), MR_OK);
  assert_int_equal(data.size, 11);
  set_number(object, "packet.data[4]", 5);
  assert_int_equal(number_at(inner, "data[4]"), 5);
  assert_int_equal(number_at(data, "[4]"), 5);
  mr_type_release(type);
}

static void what_has_a_flexible_array_of_its_own_ends_before_the_next(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[24] = {0};
  const mr_type *type = STRUCT(MEMBER(first, packet()), MEMBER(second, packet()));
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_object inner = {0};
  assert_int_equal(mr_object_at(object, "first", &inner), MR_OK);
  assert_int_equal(inner.size, 8);
  assert_int_equal(mr_object_at(object, "second", &inner), MR_OK);
  assert_int_equal(inner.size, 16);
  mr_type_release(type);
}

static void what_is_no_data_is_no_object(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[8] = {0};
  mr_object object = {0};
  mr_region region = mr_region_of(octets, sizeof octets);
  assert_int_equal(mr_object_of_region(region, NULL, &object), MR_INVALID_ARGUMENT);
  assert_null(object.type);
}

/* Slices. */

static void a_slice_of_members_is_strided(void **state) {
  (void)state;
  int32_t octets[24] = {0};
  const mr_type *type =
      STRUCT(MEMBER(pad, I32), MEMBER(entries, built_array(STRUCT(MEMBER(x, I32), MEMBER(y, I32),
                                                                  MEMBER(z, built_array(I32, 2))),
                                                           5)));
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_sequence sequence = {0};
  mr_value value;
  int64_t number;
  for (int i = 0; i < 24; i++) octets[i] = i;
  assert_int_equal(mr_object_sequence_at(object, "entries[1:4].y", &sequence), MR_OK);
  assert_int_equal(sequence.count, 3);
  assert_int_equal(sequence.stride, 16);
  assert_ptr_equal(sequence.type, I32);
  assert_true(mr_sequence_is_sound(sequence));
  assert_int_equal(mr_sequence_get(sequence, 2, &value), MR_OK);
  assert_int_equal(mr_value_to_i64(value, &number), MR_OK);
  assert_int_equal(number, 14);
  assert_int_equal(mr_object_sequence_at(object, "entries[:].z", &sequence), MR_OK);
  assert_int_equal(sequence.count, 5);
  assert_int_equal(mr_object_sequence_at(object, "entries[5:].x", &sequence), MR_OK);
  assert_int_equal(sequence.count, 0);
  mr_type_release(type);
}

static void a_slice_is_as_read_only_as_its_object(void **state) {
  (void)state;
  const int32_t octets[4] = {1, 2, 3, 4};
  const mr_type *type = built_array(I32, 4);
  mr_object object = {0};
  mr_sequence sequence = {0};
  assert_int_equal(mr_object_of_view(mr_view_of(octets, sizeof octets), type, &object), MR_OK);
  assert_int_equal(mr_object_sequence_at(object, "[1:3]", &sequence), MR_OK);
  assert_int_equal(sequence.flags, MR_SEQUENCE_READ_ONLY);
  assert_int_equal(mr_sequence_set(sequence, 0, mr_value_of_i64(0)), MR_READ_ONLY);
  mr_type_release(type);
}

static void slices_that_make_no_sequence_are_refused(void **state) {
  (void)state;
  unsigned char octets[64] = {0};
  const mr_type *type =
      STRUCT(MEMBER(e, built_array(STRUCT(BITS(low, U8, 3), BITS(high, U8, 5)), 3)),
             MEMBER(none, built_array(built_array(U8, 0), 3)));
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_sequence sequence = {0};
  mr_object bits = {0};
  assert_int_equal(mr_object_sequence_at(object, "e[:].low", &sequence), MR_UNSUPPORTED);
  assert_int_equal(mr_object_sequence_at(object, "none[:]", &sequence), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_object_sequence_at(object, "e[1:4]", &sequence), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_object_sequence_at(object, "e[1:].none", &sequence), MR_NO_SUCH_SLOT);
  assert_int_equal(mr_object_sequence_at(object, NULL, &sequence), MR_SYNTAX_ERROR);
  assert_int_equal(mr_object_at(object, "e[1].low", &bits), MR_UNSUPPORTED);
  assert_null(sequence.type);
  assert_null(bits.type);
  mr_type_release(type);
}

/* Fit. */

static void values_are_made_to_fit_by_path_and_by_slot(void **state) {
  (void)state;
  uint8_t octets[2] = {1, 2};
  const mr_type *type = STRUCT(MEMBER(a, U8), MEMBER(b, U8));
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_value large = mr_value_of_i64(300);
  mr_slot slot;
  assert_int_equal(mr_slot_find(type, "b", &slot, NULL), MR_OK);
  assert_int_equal(mr_object_set_fitted(object, "a", large, MR_FIT_CHECKED), MR_OVERFLOW);
  assert_int_equal(octets[0], 1);
  assert_int_equal(mr_object_set_fitted(object, "a", large, MR_FIT_WRAPPING), MR_OK);
  assert_int_equal(octets[0], 44);
  assert_int_equal(mr_object_set_slot_fitted(object, slot, large, MR_FIT_SATURATING), MR_OK);
  assert_int_equal(octets[1], 255);
  object.flags = MR_OBJECT_READ_ONLY;
  assert_int_equal(mr_object_set_fitted(object, "a", large, MR_FIT_WRAPPING), MR_READ_ONLY);
  assert_int_equal(mr_object_set_slot_fitted(object, slot, large, MR_FIT_WRAPPING), MR_READ_ONLY);
  mr_type_release(type);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_flexible_object_takes_all_of_its_region),
      cmocka_unit_test(an_object_that_ends_as_it_begins_takes_its_size),
      cmocka_unit_test(a_flexible_array_ends_where_the_object_does),
      cmocka_unit_test(a_flexible_array_is_a_sequence_of_what_lies_in_the_object),
      cmocka_unit_test(what_is_got_of_a_flexible_array_lies_in_the_object),
      cmocka_unit_test(what_ends_with_the_outer_flexible_array_has_it_too),
      cmocka_unit_test(what_has_a_flexible_array_of_its_own_ends_before_the_next),
      cmocka_unit_test(what_is_no_data_is_no_object),
      cmocka_unit_test(a_slice_of_members_is_strided),
      cmocka_unit_test(a_slice_is_as_read_only_as_its_object),
      cmocka_unit_test(slices_that_make_no_sequence_are_refused),
      cmocka_unit_test(values_are_made_to_fit_by_path_and_by_slot),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/sequence.h>

#include <memregions/ffi.h>

#include "support.h"

static const mr_type *u8(void) { return mr_scalar_type(MR_KIND_U8, MR_NATIVE_ORDER); }

static const mr_type *u16(void) { return mr_scalar_type(MR_KIND_U16, MR_NATIVE_ORDER); }

static const mr_type *empty_struct(void) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_struct(NULL, "nothing", NULL, 0, NULL, &type, NULL), MR_OK);
  return type;
}

static mr_sequence over(void *memory, size_t size, const mr_type *type) {
  mr_sequence sequence = {0};
  assert_int_equal(mr_sequence_of_region(mr_region_of(memory, size), type, &sequence), MR_OK);
  return sequence;
}

static mr_sequence part(mr_sequence sequence, mr_range range, size_t step) {
  mr_sequence out = {0};
  assert_int_equal(mr_subsequence(sequence, range, step, &out), MR_OK);
  return out;
}

static uint64_t number_at(mr_sequence sequence, size_t index) {
  mr_value value;
  uint64_t number = 0;
  assert_int_equal(mr_sequence_get(sequence, index, &value), MR_OK);
  assert_int_equal(mr_value_to_u64(value, &number), MR_OK);
  return number;
}

/* Making. */

static void a_region_holds_as_many_elements_as_fit_whole(void **state) {
  (void)state;
  uint16_t memory[4] = {1, 2, 3, 4};
  mr_sequence sequence = over(memory, 7, u16());

  assert_ptr_equal(sequence.start, memory);
  assert_int_equal(mr_sequence_length(sequence), 3);
  assert_int_equal(sequence.stride, 2);
  assert_ptr_equal(sequence.type, u16());
  assert_int_equal(sequence.flags, 0);
  assert_int_equal(mr_sequence_size(sequence), 6);
  assert_true(mr_sequence_is_sound(sequence));
}

static void elements_without_a_type_are_octets(void **state) {
  (void)state;
  unsigned char memory[5] = {0, 0, 0, 0, 200};
  mr_sequence sequence = over(memory, sizeof memory, NULL);

  assert_ptr_equal(sequence.type, u8());
  assert_int_equal(number_at(sequence, 4), 200);
}

static void a_null_region_is_an_empty_sequence(void **state) {
  (void)state;
  mr_sequence sequence = over(NULL, 0, u16());

  assert_true(mr_sequence_is_empty(sequence));
  assert_true(mr_sequence_is_sound(sequence));
  assert_int_equal(mr_sequence_size(sequence), 0);
  assert_null(mr_sequence_view(sequence).pointer);
}

static void a_region_smaller_than_an_element_is_an_empty_sequence(void **state) {
  (void)state;
  unsigned char octet = 0;
  assert_true(mr_sequence_is_empty(over(&octet, 1, u16())));
}

static void elements_of_size_0_are_refused(void **state) {
  (void)state;
  unsigned char memory[4];
  const mr_type *nothing = empty_struct();
  const mr_type *nothings = NULL;
  assert_int_equal(mr_type_build_array(NULL, u16(), 0, &nothings), MR_OK);
  mr_sequence sequence = over(memory, 4, NULL);

  mr_region region = mr_region_of(memory, sizeof memory);
  assert_int_equal(mr_sequence_of_region(region, nothing, &sequence), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_sequence_of_region(region, nothings, &sequence), MR_INVALID_ARGUMENT);

  assert_int_equal(sequence.count, 4);
  mr_type_release(nothing);
  mr_type_release(nothings);
}

static void elements_of_no_kind_are_refused(void **state) {
  (void)state;
  unsigned char memory[4];
  mr_sequence sequence = over(memory, 4, NULL);
  const mr_type *nothing = NULL;
  assert_int_equal(mr_type_of_ffi(NULL, &ffi_type_void, NULL, NULL, &nothing, NULL), MR_OK);
  assert_int_equal(mr_type_kind(nothing), MR_KIND_VOID);

  assert_int_equal(mr_sequence_of_region(mr_region_of(memory, 4), nothing, &sequence),
                   MR_INVALID_ARGUMENT);

  assert_int_equal(sequence.count, 4);
}

static void regions_that_are_not_sound_are_refused(void **state) {
  (void)state;
  unsigned char memory[4];
  mr_sequence sequence = over(memory, 4, NULL);
  mr_region without_memory = {NULL, 4};
  mr_view too_large = {memory, (size_t)PTRDIFF_MAX + 1};

  assert_int_equal(mr_sequence_of_region(without_memory, NULL, &sequence), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_sequence_of_view(too_large, NULL, &sequence), MR_INVALID_ARGUMENT);

  assert_ptr_equal(sequence.start, memory);
  assert_int_equal(sequence.count, 4);
}

static void a_view_is_a_read_only_sequence(void **state) {
  (void)state;
  static const uint16_t memory[2] = {1, 2};
  mr_sequence sequence = {0};
  assert_int_equal(mr_sequence_of_view(mr_view_of(memory, sizeof memory), u16(), &sequence), MR_OK);

  assert_int_equal(sequence.flags, MR_SEQUENCE_READ_ONLY);
  assert_int_equal(number_at(sequence, 1), 2);
}

static void a_stable_source_is_a_sequence(void **state) {
  (void)state;
  uint16_t memory[3] = {1, 2, 3};
  mr_region region = mr_region_of(memory, sizeof memory);
  mr_sequence writable = {0}, read_only = {0};
  assert_int_equal(mr_sequence_of(mr_region_source(region), u16(), &writable), MR_OK);
  assert_int_equal(mr_sequence_of(mr_view_source(mr_region_view(region)), u16(), &read_only),
                   MR_OK);

  assert_int_equal(writable.count, 3);
  assert_int_equal(writable.flags, 0);
  assert_int_equal(read_only.count, 3);
  assert_int_equal(read_only.flags, MR_SEQUENCE_READ_ONLY);
}

static void a_sequence_is_a_sequence_again_of_another_type(void **state) {
  (void)state;
  uint16_t memory[3] = {1, 2, 3};
  mr_sequence sequence = over(memory, sizeof memory, u16());
  mr_sequence octets = {0};

  assert_int_equal(mr_sequence_of(mr_sequence_source(&sequence), NULL, &octets), MR_OK);

  assert_ptr_equal(octets.start, memory);
  assert_int_equal(octets.count, 6);
}

static void a_source_that_is_not_stable_is_no_sequence(void **state) {
  (void)state;
  mr_sequence sequence = {0};
  assert_int_equal(mr_sequence_of(mr_temporary_source(8), NULL, &sequence), MR_UNSUPPORTED);
  assert_null(sequence.type);
}

static mr_status refuse(const mr_source *source, mr_range range, mr_direction direction,
                        mr_region scratch, mr_region *region) {
  (void)source;
  (void)range;
  (void)scratch;
  (void)region;
  return direction == MR_INPUT ? (mr_status)(MR_USER + 1) : MR_READ_ONLY;
}

static void a_source_that_refuses_is_no_sequence(void **state) {
  (void)state;
  static const mr_source_ops ops = {.struct_size = sizeof ops, .name = "none", .acquire = refuse};
  mr_source source = {&ops, NULL, 8, 1};
  mr_sequence sequence = {0};
  assert_int_equal(mr_sequence_of(source, NULL, &sequence), MR_USER + 1);
  assert_null(sequence.type);
}

/* Soundness. */

static void the_null_sequence_is_sound_and_empty(void **state) {
  (void)state;
  mr_sequence null = {0};
  mr_sequence same = part(null, mr_range_all(), 1);
  mr_value value = {0};
  mr_region region;

  assert_true(mr_sequence_is_sound(null));
  assert_true(mr_sequence_is_empty(same));
  assert_int_equal(mr_sequence_size(null), 0);
  assert_int_equal(mr_sequence_region(null, &region), MR_OK);
  assert_null(region.pointer);
  assert_int_equal(mr_sequence_get(null, 0, &value), MR_OUT_OF_BOUNDS);
}

static void what_breaks_an_invariant_is_not_sound(void **state) {
  (void)state;
  uint16_t memory[3] = {0};
  const mr_sequence sound = over(memory, sizeof memory, u16());
  const mr_type *nothing = empty_struct();
  mr_sequence untyped = sound, overlapping = sound, nowhere = sound, endless = sound;
  mr_sequence far = sound, sizeless = sound, untyped_empty = sound;
  untyped.type = NULL;
  untyped_empty.type = NULL;
  untyped_empty.count = 0;
  overlapping.stride = 1;
  nowhere.start = NULL;
  endless.count = SIZE_MAX;
  far.count = 2;
  far.stride = (size_t)PTRDIFF_MAX - 1;
  sizeless.type = nothing;

  assert_true(mr_sequence_is_sound(sound));
  assert_false(mr_sequence_is_sound(untyped));
  assert_false(mr_sequence_is_sound(untyped_empty));
  assert_false(mr_sequence_is_sound(overlapping));
  assert_false(mr_sequence_is_sound(nowhere));
  assert_false(mr_sequence_is_sound(endless));
  assert_false(mr_sequence_is_sound(far));
  assert_false(mr_sequence_is_sound(sizeless));
  far.stride--;
  assert_true(mr_sequence_is_sound(far));
  mr_type_release(nothing);
}

/* Elements. */

static void get_reads_what_set_wrote(void **state) {
  (void)state;
  uint16_t memory[3] = {1, 2, 3};
  mr_sequence sequence = over(memory, sizeof memory, u16());

  assert_int_equal(mr_sequence_set(sequence, 1, mr_value_of_i64(60000)), MR_OK);

  assert_int_equal(number_at(sequence, 1), 60000);
  assert_int_equal(memory[0], 1);
  assert_int_equal(memory[1], 60000);
  assert_int_equal(memory[2], 3);
}

static void elements_outside_are_refused(void **state) {
  (void)state;
  uint16_t memory[3] = {1, 2, 3};
  mr_sequence sequence = over(memory, sizeof memory, u16());
  mr_value value = mr_value_of_u64(77);
  mr_region region = mr_region_of(memory, 1);
  mr_view view = mr_view_of(memory, 1);

  assert_int_equal(mr_sequence_get(sequence, 3, &value), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_sequence_get(sequence, SIZE_MAX, &value), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_sequence_set(sequence, 3, value), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_sequence_element_region(sequence, 3, &region), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_sequence_element_view(sequence, 3, &view), MR_OUT_OF_BOUNDS);

  assert_true(mr_value_equal(value, mr_value_of_u64(77)));
  assert_int_equal(region.size, 1);
  assert_int_equal(view.size, 1);
}

static void values_that_do_not_fit_leave_the_element(void **state) {
  (void)state;
  uint16_t memory[2] = {1, 2};
  mr_sequence sequence = over(memory, sizeof memory, u16());

  assert_int_equal(mr_sequence_set(sequence, 0, mr_value_of_i64(65536)), MR_OVERFLOW);
  assert_int_equal(mr_sequence_set(sequence, 0, mr_value_of_i64(-1)), MR_OVERFLOW);
  assert_int_equal(mr_sequence_set(sequence, 0, mr_value_of_pointer(memory)), MR_TYPE_MISMATCH);

  assert_int_equal(memory[0], 1);
}

static void a_read_only_sequence_is_never_written(void **state) {
  (void)state;
  uint16_t memory[2] = {1, 2};
  mr_sequence sequence = {0};
  mr_region region = mr_region_of(memory, 1);
  assert_int_equal(mr_sequence_of_view(mr_view_of(memory, sizeof memory), u16(), &sequence), MR_OK);

  assert_int_equal(mr_sequence_set(sequence, 0, mr_value_of_u64(9)), MR_READ_ONLY);
  assert_int_equal(mr_sequence_element_region(sequence, 0, &region), MR_READ_ONLY);
  assert_int_equal(mr_sequence_region(sequence, &region), MR_READ_ONLY);

  assert_int_equal(memory[0], 1);
  assert_int_equal(region.size, 1);
}

static void an_elements_octets_are_where_it_stands(void **state) {
  (void)state;
  uint16_t memory[6] = {0};
  mr_sequence odd = part(over(memory, sizeof memory, u16()), mr_range_from(1), 2);
  mr_region region;
  mr_view view;

  assert_int_equal(mr_sequence_element_region(odd, 2, &region), MR_OK);
  assert_int_equal(mr_sequence_element_view(odd, 1, &view), MR_OK);

  assert_ptr_equal(region.pointer, &memory[5]);
  assert_int_equal(region.size, 2);
  assert_ptr_equal(view.pointer, &memory[3]);
  assert_int_equal(view.size, 2);
}

static void elements_need_no_alignment(void **state) {
  (void)state;
  unsigned char memory[17] = {0};
  mr_sequence sequence = over(memory + 1, 16, mr_scalar_type(MR_KIND_F64, MR_NATIVE_ORDER));
  mr_value value;
  double number = 0;

  assert_int_equal(mr_sequence_set(sequence, 1, mr_value_of_f64(0.5)), MR_OK);
  assert_int_equal(mr_sequence_get(sequence, 1, &value), MR_OK);
  assert_int_equal(mr_value_to_f64(value, &number), MR_OK);

  assert_true(number == 0.5);
}

/* Parts. */

static void a_part_shares_memory_and_keeps_type_and_element_size(void **state) {
  (void)state;
  uint16_t memory[6] = {10, 11, 12, 13, 14, 15};
  mr_sequence middle = part(over(memory, sizeof memory, u16()), mr_range_of(2, 5), 1);

  assert_int_equal(middle.count, 3);
  assert_int_equal(middle.stride, 2);
  assert_ptr_equal(middle.type, u16());
  assert_int_equal(number_at(middle, 0), 12);
  assert_int_equal(number_at(middle, 2), 14);
  assert_int_equal(mr_sequence_set(middle, 0, mr_value_of_u64(99)), MR_OK);
  assert_int_equal(memory[2], 99);
}

static void a_step_takes_every_so_manyth(void **state) {
  (void)state;
  uint16_t memory[7] = {10, 11, 12, 13, 14, 15, 16};
  mr_sequence all = over(memory, sizeof memory, u16());
  mr_sequence thirds = part(all, mr_range_all(), 3);
  mr_sequence pairs = part(all, mr_range_of(1, 5), 2);

  assert_int_equal(thirds.count, 3);
  assert_int_equal(number_at(thirds, 2), 16);
  assert_int_equal(pairs.count, 2);
  assert_int_equal(number_at(pairs, 1), 13);
  assert_int_equal(mr_sequence_size(pairs), 6);
  assert_ptr_equal(mr_sequence_view(pairs).pointer, &memory[1]);
}

static void a_part_of_a_part_is_a_part_of_the_whole(void **state) {
  (void)state;
  uint16_t memory[12];
  for (uint16_t i = 0; i < 12; i++) memory[i] = i;
  mr_sequence evens = part(over(memory, sizeof memory, u16()), mr_range_all(), 2);

  mr_sequence some = part(evens, mr_range_from(1), 2);

  assert_int_equal(some.count, 3);
  assert_int_equal(number_at(some, 0), 2);
  assert_int_equal(number_at(some, 1), 6);
  assert_int_equal(number_at(some, 2), 10);
}

static void a_step_past_the_end_leaves_the_first(void **state) {
  (void)state;
  uint16_t memory[3] = {1, 2, 3};
  mr_sequence all = over(memory, sizeof memory, u16());
  const size_t steps[] = {3, 4, SIZE_MAX / 2, SIZE_MAX / 2 + 2, SIZE_MAX};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    mr_sequence one = part(all, mr_range_all(), steps[i]);

    assert_true(mr_sequence_is_sound(one));
    assert_int_equal(one.count, 1);
    assert_int_equal(one.stride, 2);
    assert_int_equal(number_at(one, 0), 1);
    assert_int_equal(mr_sequence_size(one), 2);
  }
}

static void an_empty_part_is_a_part(void **state) {
  (void)state;
  uint16_t memory[4] = {0};
  mr_sequence all = over(memory, sizeof memory, u16());
  const mr_sequence empties[] = {part(all, mr_range_of(0, 0), 1),
                                 part(all, mr_range_of(4, 4), 1),
                                 part(all, mr_range_from(4), 7),
                                 part(all, mr_range_of(2, 2), SIZE_MAX),
                                 part(over(NULL, 0, u16()), mr_range_all(), 3),
                                 part(part(all, mr_range_from(1), 3), mr_range_from(1), 1)};
  for (size_t i = 0; i < sizeof empties / sizeof *empties; i++) {
    assert_true(mr_sequence_is_empty(empties[i]));
    assert_true(mr_sequence_is_sound(empties[i]));
    assert_int_equal(mr_sequence_size(empties[i]), 0);
    assert_ptr_equal(empties[i].type, u16());
  }
}

static void an_empty_part_at_the_end_stays_at_the_start(void **state) {
  (void)state;
  uint16_t memory[4] = {0};
  mr_sequence seconds = part(over(memory, sizeof memory, u16()), mr_range_from(1), 2);

  assert_ptr_equal(part(seconds, mr_range_from(2), 1).start, seconds.start);
}

static void parts_outside_and_steps_of_0_are_refused(void **state) {
  (void)state;
  uint16_t memory[4] = {0};
  mr_sequence all = over(memory, sizeof memory, u16());
  mr_sequence out = {0};

  assert_int_equal(mr_subsequence(all, mr_range_of(0, 5), 1, &out), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_subsequence(all, mr_range_of(5, 5), 1, &out), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_subsequence(all, mr_range_of(3, 2), 1, &out), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_subsequence(all, mr_range_of(0, SIZE_MAX - 1), 1, &out), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_subsequence(all, mr_range_all(), 0, &out), MR_INVALID_ARGUMENT);

  assert_null(out.type);
}

static void a_part_of_a_read_only_sequence_is_read_only(void **state) {
  (void)state;
  uint16_t memory[4] = {0};
  mr_sequence all = {0};
  assert_int_equal(mr_sequence_of_view(mr_view_of(memory, sizeof memory), u16(), &all), MR_OK);

  mr_sequence some = part(all, mr_range_of(1, 3), 1);

  assert_int_equal(mr_sequence_set(some, 0, mr_value_of_u64(1)), MR_READ_ONLY);
}

static void a_sequence_has_a_region_from_its_first_to_its_last_octet(void **state) {
  (void)state;
  uint16_t memory[6] = {0};
  mr_sequence odd = part(over(memory, sizeof memory, u16()), mr_range_from(1), 2);
  mr_region region;

  assert_int_equal(mr_sequence_region(odd, &region), MR_OK);

  assert_ptr_equal(region.pointer, &memory[1]);
  assert_int_equal(region.size, 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_region_holds_as_many_elements_as_fit_whole),
      cmocka_unit_test(elements_without_a_type_are_octets),
      cmocka_unit_test(a_null_region_is_an_empty_sequence),
      cmocka_unit_test(a_region_smaller_than_an_element_is_an_empty_sequence),
      cmocka_unit_test(elements_of_size_0_are_refused),
      cmocka_unit_test(elements_of_no_kind_are_refused),
      cmocka_unit_test(regions_that_are_not_sound_are_refused),
      cmocka_unit_test(a_view_is_a_read_only_sequence),
      cmocka_unit_test(a_stable_source_is_a_sequence),
      cmocka_unit_test(a_sequence_is_a_sequence_again_of_another_type),
      cmocka_unit_test(a_source_that_is_not_stable_is_no_sequence),
      cmocka_unit_test(a_source_that_refuses_is_no_sequence),
      cmocka_unit_test(the_null_sequence_is_sound_and_empty),
      cmocka_unit_test(what_breaks_an_invariant_is_not_sound),
      cmocka_unit_test(get_reads_what_set_wrote),
      cmocka_unit_test(elements_outside_are_refused),
      cmocka_unit_test(values_that_do_not_fit_leave_the_element),
      cmocka_unit_test(a_read_only_sequence_is_never_written),
      cmocka_unit_test(an_elements_octets_are_where_it_stands),
      cmocka_unit_test(elements_need_no_alignment),
      cmocka_unit_test(a_part_shares_memory_and_keeps_type_and_element_size),
      cmocka_unit_test(a_step_takes_every_so_manyth),
      cmocka_unit_test(a_part_of_a_part_is_a_part_of_the_whole),
      cmocka_unit_test(a_step_past_the_end_leaves_the_first),
      cmocka_unit_test(an_empty_part_is_a_part),
      cmocka_unit_test(an_empty_part_at_the_end_stays_at_the_start),
      cmocka_unit_test(parts_outside_and_steps_of_0_are_refused),
      cmocka_unit_test(a_part_of_a_read_only_sequence_is_read_only),
      cmocka_unit_test(a_sequence_has_a_region_from_its_first_to_its_last_octet),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

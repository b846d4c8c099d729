#include <memregions/object.h>

#include <string.h>

#include <memregions/ffi.h>

#include "support.h"

/* What the tests look at: a struct with every kind of slot that matters here. */

typedef struct place {
  int16_t line;
  int16_t column;
} place;

typedef struct record {
  uint32_t id;
  place at[3];
  uint8_t flags;
  double weight;
  void *next;
} record;

static const mr_type *place_type;
static const mr_type *record_type;

static const mr_type *native(mr_kind kind) { return mr_scalar_type(kind, MR_NATIVE_ORDER); }

static const mr_type *a_struct(const mr_member_spec *members, size_t count,
                               const mr_layout_options *options) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, count, options, &type, NULL), MR_OK);
  return type;
}

static int make_types(void **state) {
  (void)state;
  const mr_type *places = NULL;
  const mr_member_spec place_members[] = {
      {.name = "line", .type = native(MR_KIND_I16)},
      {.name = "column", .type = native(MR_KIND_I16)},
  };
  place_type = a_struct(place_members, 2, NULL);
  assert_int_equal(mr_type_build_array(NULL, place_type, 3, &places), MR_OK);
  const mr_member_spec record_members[] = {
      {.name = "id", .type = native(MR_KIND_U32)},
      {.name = "at", .type = places},
      {.name = "flags", .type = native(MR_KIND_U8)},
      {.name = "weight", .type = native(MR_KIND_F64)},
      {.name = "next", .type = native(MR_KIND_POINTER)},
  };
  record_type = a_struct(record_members, 5, NULL);
  mr_type_release(places);
  assert_int_equal(mr_type_size(record_type), sizeof(record));
  return 0;
}

static int release_types(void **state) {
  (void)state;
  mr_type_release(record_type);
  mr_type_release(place_type);
  return 0;
}

static record a_record(void) {
  record made;
  memset(&made, 0, sizeof made);
  made.id = 4000000000u;
  for (int16_t i = 0; i < 3; i++) made.at[i] = (place){(int16_t)(10 + i), (int16_t)(-20 - i)};
  made.flags = 200;
  made.weight = 0.5;
  made.next = &record_type;
  return made;
}

static mr_object object_of(record *from) {
  mr_object object = {0};
  assert_int_equal(mr_object_of_region(mr_region_of(from, sizeof *from), record_type, &object),
                   MR_OK);
  return object;
}

static mr_object read_only_object_of(const record *from) {
  mr_object object = {0};
  assert_int_equal(mr_object_of_view(mr_view_of(from, sizeof *from), record_type, &object), MR_OK);
  return object;
}

static int64_t number_of(mr_value value) {
  int64_t number = 0;
  assert_int_equal(mr_value_to_i64(value, &number), MR_OK);
  return number;
}

static int64_t number_at(mr_object object, const char *path) {
  mr_value value;
  assert_int_equal(mr_object_get(object, path, &value), MR_OK);
  return number_of(value);
}

static mr_slot slot_at(const char *path) {
  mr_slot slot;
  assert_int_equal(mr_slot_find(record_type, path, &slot, NULL), MR_OK);
  return slot;
}

/* Making. */

static void the_start_of_a_region_is_an_object(void **state) {
  (void)state;
  record records[2];
  mr_object object = {0};

  assert_int_equal(mr_object_of_region(mr_region_of(records, sizeof records), record_type, &object),
                   MR_OK);

  assert_ptr_equal(object.start, records);
  assert_int_equal(object.size, sizeof(record));
  assert_ptr_equal(object.type, record_type);
  assert_int_equal(object.flags, 0);
  assert_true(mr_object_is_sound(object));
}

static void a_region_smaller_than_the_type_is_refused(void **state) {
  (void)state;
  record memory;
  mr_object object = {0};

  assert_int_equal(
      mr_object_of_region(mr_region_of(&memory, sizeof memory - 1), record_type, &object),
      MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_object_of_region(mr_region_of(NULL, 0), record_type, &object),
                   MR_OUT_OF_BOUNDS);

  assert_null(object.type);
}

static void misaligned_memory_is_refused(void **state) {
  (void)state;
  record memory[2];
  mr_object object = {0};
  mr_region odd = mr_region_of((unsigned char *)memory + 4, sizeof(record));

  assert_int_equal(mr_object_of_region(odd, record_type, &object), MR_MISALIGNED);
  assert_int_equal(mr_object_of_view(mr_region_view(odd), record_type, &object), MR_MISALIGNED);
  assert_int_equal(mr_object_of(mr_region_source(odd), record_type, &object), MR_MISALIGNED);

  assert_null(object.type);
}

static void a_realigned_type_can_be_anywhere(void **state) {
  (void)state;
  unsigned char memory[sizeof(record) + 1];
  const record from = a_record();
  const mr_type *anywhere = NULL;
  mr_object object = {0};
  assert_int_equal(mr_type_realign(NULL, record_type, 1, &anywhere), MR_OK);
  memcpy(memory + 1, &from, sizeof from);

  assert_int_equal(mr_object_of_region(mr_region_of(memory + 1, sizeof from), anywhere, &object),
                   MR_OK);

  assert_int_equal(number_at(object, "at[2].column"), -22);
  assert_int_equal(mr_object_set(object, "id", mr_value_of_i64(5)), MR_OK);
  assert_int_equal(number_at(object, "id"), 5);
  mr_type_release(anywhere);
}

static void void_and_no_type_are_refused(void **state) {
  (void)state;
  record memory;
  const mr_type *nothing = NULL;
  mr_region region = mr_region_of(&memory, sizeof memory);
  mr_object object = {0};
  assert_int_equal(mr_type_of_ffi(NULL, &ffi_type_void, NULL, NULL, &nothing, NULL), MR_OK);

  assert_int_equal(mr_object_of_region(region, NULL, &object), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_object_of_region(region, nothing, &object), MR_INVALID_ARGUMENT);

  assert_null(object.type);
  mr_type_release(nothing);
}

static void regions_that_are_not_sound_are_refused(void **state) {
  (void)state;
  record memory;
  mr_object object = {0};
  mr_region without_memory = {NULL, sizeof memory};
  mr_view too_large = {&memory, SIZE_MAX};

  assert_int_equal(mr_object_of_region(without_memory, record_type, &object), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_object_of_view(too_large, record_type, &object), MR_INVALID_ARGUMENT);

  assert_null(object.type);
}

static void a_type_without_size_needs_no_memory(void **state) {
  (void)state;
  const mr_type *nothing = a_struct(NULL, 0, NULL);
  mr_object object = {0};
  mr_value value;
  mr_view octets = MR_VIEW("untouched");

  assert_int_equal(mr_object_of_region(mr_region_of(NULL, 0), nothing, &object), MR_OK);

  assert_true(mr_object_is_sound(object));
  assert_int_equal(object.size, 0);
  assert_int_equal(mr_object_get(object, "", &value), MR_OK);
  assert_int_equal(mr_value_to_view(value, &octets), MR_OK);
  assert_int_equal(octets.size, 0);
  assert_int_equal(mr_object_get(object, "x", &value), MR_NO_SUCH_SLOT);
  mr_type_release(nothing);
}

static void a_scalar_is_an_object_too(void **state) {
  (void)state;
  uint32_t memory = 7;
  mr_object object = {0};

  assert_int_equal(
      mr_object_of_region(mr_region_of(&memory, sizeof memory), native(MR_KIND_U32), &object),
      MR_OK);

  assert_int_equal(number_at(object, ""), 7);
  assert_int_equal(mr_object_set(object, "", mr_value_of_i64(8)), MR_OK);
  assert_int_equal(memory, 8);
}

static void an_element_is_an_object(void **state) {
  (void)state;
  record memory[3] = {a_record(), a_record(), a_record()};
  mr_sequence sequence = {0}, read_only = {0};
  mr_object object = {0};
  memory[1].id = 99;
  assert_int_equal(
      mr_sequence_of_region(mr_region_of(memory, sizeof memory), record_type, &sequence), MR_OK);
  read_only = sequence;
  read_only.flags = MR_SEQUENCE_READ_ONLY;

  assert_int_equal(mr_object_of_element(sequence, 1, &object), MR_OK);
  assert_int_equal(number_at(object, "id"), 99);
  assert_int_equal(object.flags, 0);
  assert_int_equal(mr_object_of_element(read_only, 1, &object), MR_OK);
  assert_int_equal(object.flags, MR_OBJECT_READ_ONLY);
  assert_int_equal(mr_object_of_element(sequence, 3, &object), MR_OUT_OF_BOUNDS);
  assert_ptr_equal(object.start, &memory[1]);
}

static void a_misaligned_element_is_no_object(void **state) {
  (void)state;
  record memory[2];
  mr_sequence sequence = {0};
  mr_object object = {0};
  assert_int_equal(mr_sequence_of_region(mr_region_of((unsigned char *)memory + 1, sizeof(record)),
                                         record_type, &sequence),
                   MR_OK);
  assert_int_equal(mr_object_of_element(sequence, 0, &object), MR_MISALIGNED);
  assert_null(object.type);
}

static void what_breaks_an_invariant_is_not_sound(void **state) {
  (void)state;
  record memory[2];
  const mr_object sound = object_of(memory);
  mr_object untyped = sound, nowhere = sound, small = sound, large = sound, odd = sound;
  untyped.type = NULL;
  nowhere.start = NULL;
  small.size--;
  large.size++;
  odd.start = (unsigned char *)memory + 1;

  assert_true(mr_object_is_sound(sound));
  assert_false(mr_object_is_sound(untyped));
  assert_false(mr_object_is_sound(nowhere));
  assert_false(mr_object_is_sound(small));
  assert_false(mr_object_is_sound(large));
  assert_false(mr_object_is_sound(odd));
  assert_false(mr_object_is_sound((mr_object){0}));
}

static void an_objects_memory_is_a_region_and_a_view(void **state) {
  (void)state;
  record memory = a_record();
  mr_region region;

  assert_int_equal(mr_object_region(object_of(&memory), &region), MR_OK);

  assert_ptr_equal(region.pointer, &memory);
  assert_int_equal(region.size, sizeof memory);
  assert_ptr_equal(mr_object_view(object_of(&memory)).pointer, &memory);
  assert_int_equal(mr_object_view(object_of(&memory)).size, sizeof memory);
}

/* By path. */

static void get_reads_slots_by_name(void **state) {
  (void)state;
  record memory = a_record();
  mr_object object = object_of(&memory);
  mr_value value;
  double weight = 0;
  void *next = NULL;

  assert_int_equal(number_at(object, "id"), 4000000000);
  assert_int_equal(number_at(object, "at[1].line"), 11);
  assert_int_equal(number_at(object, "at[2].column"), -22);
  assert_int_equal(number_at(object, "flags"), 200);
  assert_int_equal(mr_object_get(object, "weight", &value), MR_OK);
  assert_int_equal(mr_value_to_f64(value, &weight), MR_OK);
  assert_true(weight == 0.5);
  assert_int_equal(mr_object_get(object, "next", &value), MR_OK);
  assert_int_equal(mr_value_to_pointer(value, &next), MR_OK);
  assert_ptr_equal(next, &record_type);
}

static void get_reads_nested_slots_as_their_octets(void **state) {
  (void)state;
  record memory = a_record();
  mr_value value;
  mr_view octets;

  assert_int_equal(mr_object_get(object_of(&memory), "at[1]", &value), MR_OK);

  assert_int_equal(value.kind, MR_KIND_STRUCT);
  assert_int_equal(mr_value_to_view(value, &octets), MR_OK);
  assert_ptr_equal(octets.pointer, &memory.at[1]);
  assert_int_equal(octets.size, sizeof(place));
}

static void set_writes_its_slot_only(void **state) {
  (void)state;
  record memory = a_record(), expected = a_record();
  mr_object object = object_of(&memory);
  const place other = {-1, -2};
  expected.at[1].column = 77;
  expected.at[2] = other;
  expected.weight = 3;

  assert_int_equal(mr_object_set(object, "at[1].column", mr_value_of_f64(77)), MR_OK);
  assert_int_equal(
      mr_object_set(object, "at[2]", mr_value_of_view(mr_view_of(&other, sizeof other))), MR_OK);
  assert_int_equal(mr_object_set(object, "weight", mr_value_of_i64(3)), MR_OK);

  assert_memory_equal(&memory, &expected, sizeof memory);
}

static void paths_that_lead_nowhere_say_why(void **state) {
  (void)state;
  static const struct {
    const char *path;
    mr_status status;
  } wrong[] = {{"size", MR_NO_SUCH_SLOT},      {"at[3]", MR_OUT_OF_BOUNDS},
               {"id.x", MR_TYPE_MISMATCH},     {"id[0]", MR_TYPE_MISMATCH},
               {"at[", MR_SYNTAX_ERROR},       {"at[0]..line", MR_SYNTAX_ERROR},
               {"at[0]line", MR_SYNTAX_ERROR}, {"at[0].lin", MR_NO_SUCH_SLOT}};
  record memory = a_record(), before = a_record();
  mr_object object = object_of(&memory), inner = {0};
  mr_sequence sequence = {0};
  mr_value value = mr_value_of_i64(1);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *path = wrong[i].path;
    assert_int_equal(mr_object_get(object, path, &value), wrong[i].status);
    assert_int_equal(mr_object_set(object, path, value), wrong[i].status);
    assert_int_equal(mr_object_at(object, path, &inner), wrong[i].status);
    assert_int_equal(mr_object_sequence_at(object, path, &sequence), wrong[i].status);
    assert_int_equal(mr_object_make_unbound(object, path), wrong[i].status);
    assert_false(mr_object_is_bound(object, path));
  }
  assert_true(mr_value_equal(value, mr_value_of_i64(1)));
  assert_null(inner.type);
  assert_null(sequence.type);
  assert_memory_equal(&memory, &before, sizeof memory);
}

static void values_that_do_not_fit_leave_the_slot(void **state) {
  (void)state;
  record memory = a_record(), before = a_record();
  mr_object object = object_of(&memory);

  assert_int_equal(mr_object_set(object, "flags", mr_value_of_i64(256)), MR_OVERFLOW);
  assert_int_equal(mr_object_set(object, "id", mr_value_of_i64(-1)), MR_OVERFLOW);
  assert_int_equal(mr_object_set(object, "id", mr_value_of_pointer(&memory)), MR_TYPE_MISMATCH);
  assert_int_equal(mr_object_set(object, "at", mr_value_of_i64(1)), MR_TYPE_MISMATCH);

  assert_memory_equal(&memory, &before, sizeof memory);
}

static void slots_that_exist_are_bound_for_good(void **state) {
  (void)state;
  record memory = a_record(), before = a_record();
  mr_object object = object_of(&memory);

  assert_true(mr_object_is_bound(object, "at[2].line"));
  assert_true(mr_object_is_bound(object, ""));
  assert_int_equal(mr_object_make_unbound(object, "at[2].line"), MR_UNSUPPORTED);

  assert_memory_equal(&memory, &before, sizeof memory);
}

static void a_slot_is_an_object_over_the_same_memory(void **state) {
  (void)state;
  record memory = a_record();
  mr_object inner = {0};

  assert_int_equal(mr_object_at(object_of(&memory), "at[1]", &inner), MR_OK);

  assert_true(mr_object_is_sound(inner));
  assert_ptr_equal(inner.type, place_type);
  assert_int_equal(mr_object_set(inner, "line", mr_value_of_i64(55)), MR_OK);
  assert_int_equal(memory.at[1].line, 55);
}

static void a_misaligned_slot_is_no_object(void **state) {
  (void)state;
  _Alignas(8) unsigned char memory[8] = {0};
  const mr_member_spec members[] = {
      {.name = "tag", .type = native(MR_KIND_U8)},
      {.name = "at", .type = place_type},
  };
  const mr_type *packed = a_struct(members, 2, &(mr_layout_options){.is_packed = true});
  mr_object object = {0}, inner = {0};
  assert_int_equal(mr_object_of_region(mr_region_of(memory, sizeof memory), packed, &object),
                   MR_OK);

  assert_int_equal(mr_object_at(object, "at", &inner), MR_MISALIGNED);

  assert_null(inner.type);
  assert_int_equal(mr_object_set(object, "at.column", mr_value_of_i64(-3)), MR_OK);
  assert_int_equal(number_at(object, "at.column"), -3);
  mr_type_release(packed);
}

static void an_array_slot_is_a_sequence_over_the_same_memory(void **state) {
  (void)state;
  record memory = a_record();
  mr_sequence places = {0};
  mr_object second = {0};

  assert_int_equal(mr_object_sequence_at(object_of(&memory), "at", &places), MR_OK);

  assert_int_equal(places.count, 3);
  assert_ptr_equal(places.type, place_type);
  assert_int_equal(places.flags, 0);
  assert_int_equal(mr_object_of_element(places, 1, &second), MR_OK);
  assert_ptr_equal(second.start, &memory.at[1]);
}

static void a_slot_that_is_no_array_is_no_sequence(void **state) {
  (void)state;
  record memory = a_record();
  mr_sequence sequence = {0};

  assert_int_equal(mr_object_sequence_at(object_of(&memory), "id", &sequence), MR_TYPE_MISMATCH);
  assert_int_equal(mr_object_sequence_at(object_of(&memory), "", &sequence), MR_TYPE_MISMATCH);
  assert_int_equal(mr_object_sequence_at(object_of(&memory), "at[0]", &sequence), MR_TYPE_MISMATCH);

  assert_null(sequence.type);
}

static void an_array_of_elements_without_size_is_no_sequence(void **state) {
  (void)state;
  const mr_type *nothing = a_struct(NULL, 0, NULL);
  const mr_type *nothings = NULL;
  mr_object object = {0};
  mr_sequence sequence = {0};
  assert_int_equal(mr_type_build_array(NULL, nothing, 3, &nothings), MR_OK);
  assert_int_equal(mr_object_of_region(mr_region_of(NULL, 0), nothings, &object), MR_OK);

  assert_int_equal(mr_object_sequence_at(object, "", &sequence), MR_INVALID_ARGUMENT);

  assert_null(sequence.type);
  mr_type_release(nothings);
  mr_type_release(nothing);
}

static void an_empty_array_is_an_empty_sequence(void **state) {
  (void)state;
  const mr_type *none = NULL;
  mr_object object = {0};
  mr_sequence sequence = {0};
  assert_int_equal(mr_type_build_array(NULL, native(MR_KIND_U32), 0, &none), MR_OK);
  assert_int_equal(mr_object_of_region(mr_region_of(NULL, 0), none, &object), MR_OK);

  assert_int_equal(mr_object_sequence_at(object, "", &sequence), MR_OK);

  assert_true(mr_sequence_is_empty(sequence));
  mr_type_release(none);
}

static void a_read_only_object_is_never_written(void **state) {
  (void)state;
  record memory = a_record(), before = a_record();
  mr_object object = read_only_object_of(&memory), inner = {0};
  mr_sequence places = {0};
  const mr_value one = mr_value_of_i64(1);
  mr_region region = mr_region_of(NULL, 0);

  assert_int_equal(mr_object_set(object, "id", one), MR_READ_ONLY);
  assert_int_equal(mr_object_set(object, "nothing", one), MR_READ_ONLY);
  assert_int_equal(mr_object_set_slot(object, slot_at("id"), one), MR_READ_ONLY);
  assert_int_equal(mr_object_region(object, &region), MR_READ_ONLY);
  assert_int_equal(mr_to_region(mr_object_source(object), &region), MR_READ_ONLY);
  assert_int_equal(mr_object_at(object, "at[0]", &inner), MR_OK);
  assert_int_equal(mr_object_set(inner, "line", one), MR_READ_ONLY);
  assert_int_equal(mr_object_sequence_at(object, "at", &places), MR_OK);
  assert_int_equal(places.flags, MR_SEQUENCE_READ_ONLY);

  assert_null(region.pointer);
  assert_memory_equal(&memory, &before, sizeof memory);
}

/* By slot. */

static void a_slot_reads_and_writes_what_its_path_does(void **state) {
  (void)state;
  record memory = a_record();
  mr_object object = object_of(&memory);
  mr_slot line = slot_at("at[1].line");
  mr_value value;

  assert_int_equal(mr_object_set_slot(object, line, mr_value_of_i64(-6)), MR_OK);
  assert_int_equal(mr_object_get_slot(object, line, &value), MR_OK);

  assert_int_equal(number_of(value), -6);
  assert_int_equal(memory.at[1].line, -6);
  assert_int_equal(mr_object_set_slot(object, line, mr_value_of_i64(32768)), MR_OVERFLOW);
  assert_int_equal(memory.at[1].line, -6);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_start_of_a_region_is_an_object),
      cmocka_unit_test(a_region_smaller_than_the_type_is_refused),
      cmocka_unit_test(misaligned_memory_is_refused),
      cmocka_unit_test(a_realigned_type_can_be_anywhere),
      cmocka_unit_test(void_and_no_type_are_refused),
      cmocka_unit_test(regions_that_are_not_sound_are_refused),
      cmocka_unit_test(a_type_without_size_needs_no_memory),
      cmocka_unit_test(a_scalar_is_an_object_too),
      cmocka_unit_test(an_element_is_an_object),
      cmocka_unit_test(a_misaligned_element_is_no_object),
      cmocka_unit_test(what_breaks_an_invariant_is_not_sound),
      cmocka_unit_test(an_objects_memory_is_a_region_and_a_view),
      cmocka_unit_test(get_reads_slots_by_name),
      cmocka_unit_test(get_reads_nested_slots_as_their_octets),
      cmocka_unit_test(set_writes_its_slot_only),
      cmocka_unit_test(paths_that_lead_nowhere_say_why),
      cmocka_unit_test(values_that_do_not_fit_leave_the_slot),
      cmocka_unit_test(slots_that_exist_are_bound_for_good),
      cmocka_unit_test(a_slot_is_an_object_over_the_same_memory),
      cmocka_unit_test(a_misaligned_slot_is_no_object),
      cmocka_unit_test(an_array_slot_is_a_sequence_over_the_same_memory),
      cmocka_unit_test(a_slot_that_is_no_array_is_no_sequence),
      cmocka_unit_test(an_array_of_elements_without_size_is_no_sequence),
      cmocka_unit_test(an_empty_array_is_an_empty_sequence),
      cmocka_unit_test(a_read_only_object_is_never_written),
      cmocka_unit_test(a_slot_reads_and_writes_what_its_path_does),
  };
  return cmocka_run_group_tests(tests, make_types, release_types);
}

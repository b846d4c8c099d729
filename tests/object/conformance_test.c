/* What an object must do, over every type there is. */

#include <string.h>

#include <memregions/object.h>

#include "example_types.h"
#include "support.h"

enum { ROOM = 256 };

/* An object of an example's type at an address that is aligned for all of them, and 0 but for what
 * a test writes. */
typedef struct fixture {
  _Alignas(64) unsigned char memory[ROOM];
  mr_object object;
} fixture;

static void set_up(fixture *here, const example *sample) {
  assert_true(sample->size <= sizeof here->memory);
  memset(here->memory, 0, sizeof here->memory);
  assert_int_equal(mr_object_of_region(mr_region_of(here->memory, sizeof here->memory),
                                       sample->type, &here->object),
                   MR_OK);
}

static void assert_zeros(const unsigned char *octets, size_t size) {
  for (size_t i = 0; i < size; i++) assert_int_equal(octets[i], 0);
}

static void has_the_size_of_c(const example *sample) {
  fixture here;
  set_up(&here, sample);
  mr_object refused = {0};

  assert_true(mr_object_is_sound(here.object));
  assert_int_equal(here.object.size, sample->size);
  assert_int_equal(
      mr_object_of_region(mr_region_of(here.memory, sample->size - 1), sample->type, &refused),
      MR_OUT_OF_BOUNDS);
  assert_null(refused.type);
}

static void has_the_alignment_of_c(const example *sample) {
  fixture here;
  set_up(&here, sample);
  mr_object object = {0};
  for (size_t offset = 0; offset <= 64; offset++) {
    mr_region region = mr_region_of(here.memory + offset, sample->size);
    mr_status expected = offset % sample->alignment == 0 ? MR_OK : MR_MISALIGNED;
    assert_int_equal(mr_object_of_region(region, sample->type, &object), expected);
  }
}

static void gets_what_c_wrote(const example *sample) {
  fixture here;
  set_up(&here, sample);
  mr_value value;
  if (!sample->octets) return;

  memcpy(here.memory, sample->octets, sample->size);

  assert_int_equal(mr_object_get(here.object, "", &value), MR_OK);
  assert_true(example_matches(sample, value));
}

static void sets_what_c_reads_and_nothing_else(const example *sample) {
  fixture here;
  set_up(&here, sample);
  mr_value value;

  assert_int_equal(mr_object_set(here.object, "", sample->value), MR_OK);

  assert_int_equal(mr_object_get(here.object, "", &value), MR_OK);
  assert_true(example_matches(sample, value));
  if (sample->octets) assert_memory_equal(here.memory, sample->octets, sample->size);
  assert_zeros(here.memory + sample->size, ROOM - sample->size);
}

/* From C's object to another, slot by slot: each lands where C has it, and nowhere else. */
static void has_slots_where_c_has_them(const example *sample) {
  fixture from;
  set_up(&from, sample);
  if (!sample->leaves) return;
  memcpy(from.memory, sample->octets, sample->size);
  for (const example_leaf *leaf = sample->leaves; leaf->path; leaf++) {
    fixture to;
    mr_value value;
    set_up(&to, sample);
    const size_t end = leaf->offset + leaf->size;

    assert_int_equal(mr_object_get(from.object, leaf->path, &value), MR_OK);
    assert_int_equal(mr_object_set(to.object, leaf->path, value), MR_OK);

    assert_memory_equal(to.memory + leaf->offset, from.memory + leaf->offset, leaf->size);
    assert_zeros(to.memory, leaf->offset);
    assert_zeros(to.memory + end, ROOM - end);
  }
}

static void is_its_elements_and_they_are_it(const example *sample) {
  fixture here;
  set_up(&here, sample);
  mr_sequence sequence = {0};
  mr_object element = {0};
  mr_value value;

  assert_int_equal(mr_sequence_of(mr_object_source(here.object), sample->type, &sequence), MR_OK);
  assert_int_equal(sequence.count, 1);
  assert_int_equal(mr_object_of_element(sequence, 0, &element), MR_OK);
  assert_int_equal(mr_object_set(element, "", sample->value), MR_OK);

  assert_int_equal(mr_sequence_get(sequence, 0, &value), MR_OK);
  assert_true(example_matches(sample, value));
}

static void over_every_type(void (*check)(const example *sample)) {
  examples list;
  examples_init(&list);
  for (size_t i = 0; i < list.count; i++) {
    /* Shown where the check fails. */
    print_message("%s %s\n", list.all[i].make, list.all[i].name);
    check(&list.all[i]);
  }
  examples_fini(&list);
}

static void every_type_has_the_size_of_c(void **state) {
  (void)state;
  over_every_type(has_the_size_of_c);
}

static void every_type_has_the_alignment_of_c(void **state) {
  (void)state;
  over_every_type(has_the_alignment_of_c);
}

static void every_type_gets_what_c_wrote(void **state) {
  (void)state;
  over_every_type(gets_what_c_wrote);
}

static void every_type_sets_what_c_reads_and_nothing_else(void **state) {
  (void)state;
  over_every_type(sets_what_c_reads_and_nothing_else);
}

static void every_type_has_slots_where_c_has_them(void **state) {
  (void)state;
  over_every_type(has_slots_where_c_has_them);
}

static void every_type_is_its_elements_and_they_are_it(void **state) {
  (void)state;
  over_every_type(is_its_elements_and_they_are_it);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_type_has_the_size_of_c),
      cmocka_unit_test(every_type_has_the_alignment_of_c),
      cmocka_unit_test(every_type_gets_what_c_wrote),
      cmocka_unit_test(every_type_sets_what_c_reads_and_nothing_else),
      cmocka_unit_test(every_type_has_slots_where_c_has_them),
      cmocka_unit_test(every_type_is_its_elements_and_they_are_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

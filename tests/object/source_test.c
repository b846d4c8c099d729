#include <string.h>

#include <memregions/object.h>

#include "source_conformance.h"
#include "support.h"

static const mr_type *u64(void) { return mr_scalar_type(MR_KIND_U64, MR_NATIVE_ORDER); }

static mr_object object_of(uint64_t *memory, uint32_t flags) {
  mr_object object = {0};
  assert_int_equal(mr_object_of_region(mr_region_of(memory, sizeof *memory), u64(), &object),
                   MR_OK);
  object.flags = flags;
  return object;
}

static void a_stable_source_is_an_object(void **state) {
  (void)state;
  uint64_t memory = 1;
  mr_region region = mr_region_of(&memory, sizeof memory);
  mr_object writable = {0}, read_only = {0};

  assert_int_equal(mr_object_of(mr_region_source(region), u64(), &writable), MR_OK);
  assert_int_equal(mr_object_of(mr_view_source(mr_region_view(region)), u64(), &read_only), MR_OK);

  assert_ptr_equal(writable.start, &memory);
  assert_int_equal(writable.flags, 0);
  assert_ptr_equal(read_only.start, &memory);
  assert_int_equal(read_only.flags, MR_OBJECT_READ_ONLY);
}

static void an_object_is_an_object_again(void **state) {
  (void)state;
  uint64_t memory = 1;
  mr_object again = {0};

  assert_int_equal(mr_object_of(mr_object_source(object_of(&memory, 0)), u64(), &again), MR_OK);

  assert_ptr_equal(again.start, &memory);
}

static void a_source_that_is_not_stable_is_no_object(void **state) {
  (void)state;
  mr_object object = {0};
  assert_int_equal(mr_object_of(mr_temporary_source(8), u64(), &object), MR_UNSUPPORTED);
  assert_null(object.type);
}

static mr_status refuse(const mr_source *source, mr_range range, mr_direction direction,
                        mr_region scratch, mr_region *region) {
  (void)source;
  (void)range;
  (void)scratch;
  (void)region;
  return direction == MR_INPUT ? (mr_status)(MR_USER + 1) : MR_READ_ONLY;
}

static void a_source_that_refuses_is_no_object(void **state) {
  (void)state;
  static const mr_source_ops ops = {.struct_size = sizeof ops, .name = "none", .acquire = refuse};
  mr_source source = {&ops, NULL, 8, 1};
  mr_object object = {0};
  assert_int_equal(mr_object_of(source, u64(), &object), MR_USER + 1);
  assert_null(object.type);
}

static void an_object_is_a_stable_source(void **state) {
  (void)state;
  uint64_t memory = 1;
  mr_region region;
  mr_source source = mr_object_source(object_of(&memory, 0));

  assert_true(mr_source_is_stable(source));
  assert_int_equal(mr_to_region(source, &region), MR_OK);
  assert_ptr_equal(region.pointer, &memory);
  assert_int_equal(region.size, sizeof memory);
}

static void peek(void *context, uint8_t *octets) { memcpy(octets, context, sizeof(uint64_t)); }

static void an_objects_source_conforms(void **state) {
  (void)state;
  uint64_t memory = 1;
  const uint32_t flags[] = {0, MR_OBJECT_READ_ONLY};
  for (size_t i = 0; i < 2; i++) {
    source_fixture fixture = {.source = mr_object_source(object_of(&memory, flags[i])),
                              .size = sizeof memory,
                              .peek = peek,
                              .context = &memory,
                              .read_only = flags[i] != 0};
    source_conformance(&fixture);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stable_source_is_an_object),
      cmocka_unit_test(an_object_is_an_object_again),
      cmocka_unit_test(a_source_that_is_not_stable_is_no_object),
      cmocka_unit_test(a_source_that_refuses_is_no_object),
      cmocka_unit_test(an_object_is_a_stable_source),
      cmocka_unit_test(an_objects_source_conforms),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

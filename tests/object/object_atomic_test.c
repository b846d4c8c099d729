#include <memregions/object_atomic.h>

#include <pthread.h>
#include <string.h>

#include "built_type.h"
#include "support.h"

static mr_slot slot_at(const mr_type *type, const char *path) {
  mr_slot slot;
  assert_int_equal(mr_slot_find(type, path, &slot, NULL), MR_OK);
  return slot;
}

static int64_t number_of(mr_value value) {
  int64_t number = 0;
  assert_int_equal(mr_value_to_i64(value, &number), MR_OK);
  return number;
}

/* Each of the kinds. */

static const mr_kind kinds[] = {MR_KIND_I8,  MR_KIND_U8,  MR_KIND_I16, MR_KIND_U16,
                                MR_KIND_I32, MR_KIND_U32, MR_KIND_I64, MR_KIND_U64};

static void every_integer_is_loaded_stored_and_exchanged(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    uint64_t octets = 0;
    mr_object object = object_over(mr_region_of(&octets, sizeof octets), native(kinds[i]));
    mr_slot slot = slot_at(object.type, "");
    mr_value value;
    bool is_exchanged = false;
    assert_int_equal(
        mr_object_store_atomic(object, slot, mr_value_of_i64(100), MR_SEQUENTIALLY_CONSISTENT),
        MR_OK);
    assert_int_equal(mr_object_load_atomic(object, slot, MR_ACQUIRE, &value), MR_OK);
    assert_int_equal(value.kind, kinds[i]);
    assert_int_equal(number_of(value), 100);
    assert_int_equal(
        mr_object_exchange(object, slot, mr_value_of_i64(7), MR_ACQUIRE_RELEASE, &value), MR_OK);
    assert_int_equal(number_of(value), 100);
    value = mr_value_of_i64(8);
    assert_int_equal(mr_object_compare_exchange(object, slot, &value, mr_value_of_i64(9),
                                                MR_RELEASE, MR_RELAXED, &is_exchanged),
                     MR_OK);
    assert_false(is_exchanged);
    assert_int_equal(number_of(value), 7);
    assert_int_equal(mr_object_compare_exchange(object, slot, &value, mr_value_of_i64(9),
                                                MR_RELEASE, MR_RELAXED, &is_exchanged),
                     MR_OK);
    assert_true(is_exchanged);
    assert_int_equal(number_at(object, ""), 9);
    assert_int_equal(mr_object_fetch_add(object, slot, mr_value_of_i64(-2), MR_RELAXED, &value),
                     MR_OK);
    assert_int_equal(number_of(value), 9);
    assert_int_equal(number_at(object, ""), 7);
  }
}

static void adding_wraps(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    unsigned char octets[8];
    memset(octets, 0xff, sizeof octets);
    mr_object object = object_over(mr_region_of(octets, sizeof octets), native(kinds[i]));
    mr_slot slot = slot_at(object.type, "");
    assert_int_equal(mr_object_fetch_add(object, slot, mr_value_of_u64(1), MR_RELAXED, NULL),
                     MR_OK);
    assert_int_equal(number_at(object, ""), 0);
    for (size_t j = object.size; j < sizeof octets; j++) assert_int_equal(octets[j], 0xff);
  }
  int32_t most = INT32_MAX;
  mr_object object = object_over(mr_region_of(&most, sizeof most), I32);
  assert_int_equal(
      mr_object_fetch_add(object, slot_at(I32, ""), mr_value_of_i64(1), MR_RELAXED, NULL), MR_OK);
  assert_int_equal(most, INT32_MIN);
}

static void an_addend_fits_signed_or_unsigned(void **state) {
  (void)state;
  uint8_t octet = 1;
  uint64_t wide = 1;
  mr_object object = object_over(mr_region_of(&octet, 1), U8);
  mr_slot slot = slot_at(U8, "");
  const int64_t fitting[] = {255, -128};
  const int64_t others[] = {256, -129, INT64_MIN};
  for (size_t i = 0; i < 2; i++) {
    octet = 1;
    assert_int_equal(
        mr_object_fetch_add(object, slot, mr_value_of_i64(fitting[i]), MR_RELAXED, NULL), MR_OK);
    assert_int_equal(octet, (uint8_t)(1 + fitting[i]));
  }
  octet = 1;
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(
        mr_object_fetch_add(object, slot, mr_value_of_i64(others[i]), MR_RELAXED, NULL),
        MR_OVERFLOW);
  }
  assert_int_equal(mr_object_fetch_add(object, slot, mr_value_of_u64(UINT64_MAX), MR_RELAXED, NULL),
                   MR_OVERFLOW);
  assert_int_equal(mr_object_fetch_add(object, slot, mr_value_of_pointer(&octet), MR_RELAXED, NULL),
                   MR_TYPE_MISMATCH);
  assert_int_equal(octet, 1);
  object = object_over(mr_region_of(&wide, sizeof wide), U64);
  slot = slot_at(U64, "");
  assert_int_equal(mr_object_fetch_add(object, slot, mr_value_of_u64(UINT64_MAX), MR_RELAXED, NULL),
                   MR_OK);
  assert_true(wide == 0);
}

static void pointers_move_by_octets(void **state) {
  (void)state;
  char text[16] = {0};
  void *pointer = text;
  mr_object object = object_over(mr_region_of(&pointer, sizeof pointer), native(MR_KIND_POINTER));
  mr_slot slot = slot_at(object.type, "");
  mr_value value;
  assert_int_equal(mr_object_fetch_add(object, slot, mr_value_of_i64(5), MR_RELAXED, &value),
                   MR_OK);
  assert_ptr_equal(value.as.pointer, text);
  assert_ptr_equal(pointer, text + 5);
  assert_int_equal(mr_object_exchange(object, slot, mr_value_of_pointer(NULL), MR_ACQUIRE, NULL),
                   MR_OK);
  assert_null(pointer);
  assert_int_equal(mr_object_store_atomic(object, slot, mr_value_of_i64(5), MR_RELAXED),
                   MR_TYPE_MISMATCH);
}

static void enums_go_by_name(void **state) {
  (void)state;
  int32_t octets = 5;
  const mr_type *type = built_colors(MR_KIND_I32);
  mr_object object = object_over(mr_region_of(&octets, sizeof octets), type);
  mr_slot slot = slot_at(type, "");
  mr_value value;
  const char *name = NULL;
  assert_int_equal(mr_object_exchange(object, slot, mr_value_of_name("GREEN"), MR_RELAXED, &value),
                   MR_OK);
  assert_int_equal(octets, 1);
  assert_int_equal(mr_value_to_name(value, &name), MR_OK);
  assert_string_equal(name, "BLUE");
  assert_int_equal(mr_object_store_atomic(object, slot, mr_value_of_name("PINK"), MR_RELAXED),
                   MR_NO_SUCH_SLOT);
  mr_type_release(type);
}

/* Refusing. */

static mr_status try_all(mr_object object, mr_slot slot, mr_value value) {
  bool is_exchanged = false;
  mr_value expected = value;
  mr_status status = mr_object_store_atomic(object, slot, value, MR_RELAXED);
  assert_int_equal(mr_object_exchange(object, slot, value, MR_RELAXED, NULL), status);
  assert_int_equal(mr_object_compare_exchange(object, slot, &expected, value, MR_RELAXED,
                                              MR_RELAXED, &is_exchanged),
                   status);
  assert_int_equal(mr_object_fetch_add(object, slot, mr_value_of_i64(1), MR_RELAXED, NULL), status);
  return status;
}

static void what_is_no_plain_integer_or_pointer_is_unsupported(void **state) {
  (void)state;
  MR_ALIGNAS(16) unsigned char octets[64] = {0};
  const mr_type *type =
      STRUCT(MEMBER(f, F32), MEMBER(big, swapped(MR_KIND_U32)), MEMBER(wide, native(MR_KIND_I128)),
             BITS(bits, U32, 32), MEMBER(array, built_array(U8, 4)), MEMBER(b, BOOL));
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  static const char *const paths[] = {"f", "big", "wide", "bits", "array", "b", ""};
  mr_value value;
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    mr_slot slot = slot_at(type, paths[i]);
    assert_int_equal(mr_object_load_atomic(object, slot, MR_RELAXED, &value), MR_UNSUPPORTED);
    assert_int_equal(try_all(object, slot, mr_value_of_i64(1)), MR_UNSUPPORTED);
  }
  mr_type_release(type);
}

static void a_slot_at_no_multiple_of_its_size_is_misaligned(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[16] = {0};
  mr_member_spec members[] = {{.name = "a", .type = U8}, {.name = "b", .type = U32}};
  mr_layout_options packed = {.is_packed = true};
  const mr_type *type = NULL;
  mr_value value;
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, 2, &packed, &type, NULL), MR_OK);
  mr_object object = object_over(mr_region_of(octets, sizeof octets), type);
  mr_slot slot = slot_at(type, "b");
  assert_int_equal(mr_object_load_atomic(object, slot, MR_RELAXED, &value), MR_MISALIGNED);
  assert_int_equal(try_all(object, slot, mr_value_of_i64(1)), MR_MISALIGNED);
  object = object_over(mr_region_of(octets + 3, 5), type);
  assert_int_equal(try_all(object, slot, mr_value_of_i64(1)), MR_OK);
  mr_type_release(type);
}

static void a_slot_outside_is_out_of_bounds(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[16] = {0};
  const mr_type *type = STRUCT(MEMBER(a, U32), MEMBER(b, U32));
  mr_object object = object_over(mr_region_of(octets, 4), U32);
  assert_int_equal(try_all(object, slot_at(type, "b"), mr_value_of_i64(1)), MR_OUT_OF_BOUNDS);
  mr_type_release(type);
}

static void what_is_read_only_is_only_loaded(void **state) {
  (void)state;
  uint32_t octets = 6;
  mr_object object = object_over(mr_region_of(&octets, sizeof octets), U32);
  mr_value value;
  object.flags = MR_OBJECT_READ_ONLY;
  assert_int_equal(try_all(object, slot_at(U32, ""), mr_value_of_i64(1)), MR_READ_ONLY);
  assert_int_equal(mr_object_load_atomic(object, slot_at(U32, ""), MR_RELAXED, &value), MR_OK);
  assert_int_equal(number_of(value), 6);
}

static void a_value_that_does_not_fit_changes_nothing(void **state) {
  (void)state;
  uint32_t octets = 6;
  mr_object object = object_over(mr_region_of(&octets, sizeof octets), U32);
  mr_slot slot = slot_at(U32, "");
  mr_value value = mr_value_of_i64(-1);
  bool is_exchanged = true;
  assert_int_equal(mr_object_store_atomic(object, slot, value, MR_RELAXED), MR_OVERFLOW);
  assert_int_equal(mr_object_exchange(object, slot, value, MR_RELAXED, NULL), MR_OVERFLOW);
  assert_int_equal(mr_object_compare_exchange(object, slot, &value, mr_value_of_i64(1), MR_RELAXED,
                                              MR_RELAXED, &is_exchanged),
                   MR_OVERFLOW);
  assert_true(is_exchanged);
  assert_int_equal(number_of(value), -1);
  assert_int_equal(octets, 6);
}

static void orders_that_make_no_sense_are_refused(void **state) {
  (void)state;
  uint32_t octets = 6;
  mr_object object = object_over(mr_region_of(&octets, sizeof octets), U32);
  mr_slot slot = slot_at(U32, "");
  mr_value value = mr_value_of_i64(1);
  mr_value expected = value;
  bool is_exchanged = false;
  mr_memory_order none = (mr_memory_order)5;
  const mr_memory_order not_loads[] = {MR_RELEASE, MR_ACQUIRE_RELEASE, none};
  const mr_memory_order not_stores[] = {MR_ACQUIRE, MR_ACQUIRE_RELEASE, none};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(mr_object_load_atomic(object, slot, not_loads[i], &expected),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(mr_object_store_atomic(object, slot, value, not_stores[i]),
                     MR_INVALID_ARGUMENT);
    assert_int_equal(
        mr_object_compare_exchange(object, slot, &expected, value, MR_SEQUENTIALLY_CONSISTENT,
                                   not_loads[i], &is_exchanged),
        MR_INVALID_ARGUMENT);
  }
  assert_int_equal(mr_object_exchange(object, slot, value, none, NULL), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_object_fetch_add(object, slot, value, none, NULL), MR_INVALID_ARGUMENT);
  assert_int_equal(
      mr_object_compare_exchange(object, slot, &expected, value, none, MR_RELAXED, &is_exchanged),
      MR_INVALID_ARGUMENT);
  assert_int_equal(octets, 6);
}

/* Threads. */

enum { ROUNDS = 20000 };

typedef struct shared {
  mr_object object;
  mr_slot sum;
  mr_slot product;
  mr_slot ready;
  /** Not atomic: ordered by `ready`. */
  int message;
} shared;

static void *add_rounds(void *context) {
  shared *with = context;
  for (int i = 0; i < ROUNDS; i++) {
    mr_value expected;
    bool is_exchanged = false;
    if (mr_object_fetch_add(with->object, with->sum, mr_value_of_i64(1), MR_RELAXED, NULL) !=
        MR_OK) {
      return with;
    }
    if (mr_object_load_atomic(with->object, with->product, MR_RELAXED, &expected) != MR_OK) {
      return with;
    }
    while (!is_exchanged) {
      mr_value next = mr_value_of_u64(expected.as.u64 + 3);
      if (mr_object_compare_exchange(with->object, with->product, &expected, next,
                                     MR_ACQUIRE_RELEASE, MR_RELAXED, &is_exchanged) != MR_OK) {
        return with;
      }
    }
  }
  return NULL;
}

static void *send(void *context) {
  shared *with = context;
  with->message = 42;
  return mr_object_store_atomic(with->object, with->ready, mr_value_of_u64(1), MR_RELEASE) == MR_OK
             ? NULL
             : with;
}

static void two_threads_lose_nothing(void **state) {
  (void)state;
  MR_ALIGNAS(8) unsigned char octets[24] = {0};
  const mr_type *type = STRUCT(MEMBER(sum, I16), MEMBER(ready, U8), MEMBER(product, U64));
  shared with = {object_over(mr_region_of(octets, sizeof octets), type), slot_at(type, "sum"),
                 slot_at(type, "product"), slot_at(type, "ready"), 0};
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, add_rounds, &with), 0);
  for (int i = 0; i < 2; i++) {
    void *failed = NULL;
    assert_int_equal(pthread_join(threads[i], &failed), 0);
    assert_null(failed);
  }
  assert_int_equal(number_at(with.object, "sum"), 2 * ROUNDS - 65536);
  assert_int_equal(number_at(with.object, "product"), 6 * ROUNDS);
  mr_type_release(type);
}

static void what_was_written_before_a_release_is_seen_after_an_acquire(void **state) {
  (void)state;
  uint8_t octet = 0;
  shared with = {.object = object_over(mr_region_of(&octet, 1), U8), .ready = slot_at(U8, "")};
  pthread_t thread;
  void *failed = NULL;
  mr_value value = mr_value_of_u64(0);
  assert_int_equal(pthread_create(&thread, NULL, send, &with), 0);
  while (value.as.u64 == 0) {
    assert_int_equal(mr_object_load_atomic(with.object, with.ready, MR_ACQUIRE, &value), MR_OK);
  }
  assert_int_equal(with.message, 42);
  assert_int_equal(pthread_join(thread, &failed), 0);
  assert_null(failed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_integer_is_loaded_stored_and_exchanged),
      cmocka_unit_test(adding_wraps),
      cmocka_unit_test(an_addend_fits_signed_or_unsigned),
      cmocka_unit_test(pointers_move_by_octets),
      cmocka_unit_test(enums_go_by_name),
      cmocka_unit_test(what_is_no_plain_integer_or_pointer_is_unsupported),
      cmocka_unit_test(a_slot_at_no_multiple_of_its_size_is_misaligned),
      cmocka_unit_test(a_slot_outside_is_out_of_bounds),
      cmocka_unit_test(what_is_read_only_is_only_loaded),
      cmocka_unit_test(a_value_that_does_not_fit_changes_nothing),
      cmocka_unit_test(orders_that_make_no_sense_are_refused),
      cmocka_unit_test(two_threads_lose_nothing),
      cmocka_unit_test(what_was_written_before_a_release_is_seen_after_an_acquire),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

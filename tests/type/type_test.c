#define _POSIX_C_SOURCE 200809L

#include <memregions/declarations.h>
#include <memregions/type.h>
#include <pthread.h>

#include "described_type.h"
#include "failing_allocator.h"
#include "support.h"

static void a_type_lives_until_its_last_reference(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *type = described_type(&allocator.base, "{ci}");
  assert_ptr_equal(mr_type_acquire(type), type);
  mr_type_release(type);
  assert_int_equal(allocator.live_blocks, 1);
  mr_type_release(type);
  assert_int_equal(allocator.live_blocks, 0);
  test_allocator_fini(&allocator);
}

static void a_type_keeps_what_it_is_made_of(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  /* The helper has released all but the outermost. */
  const mr_type *type = described_type(&allocator.base, "{[2]{ci}~1:{dd}}");
  mr_member member;
  assert_int_equal(mr_type_member(type, 1, &member), MR_OK);
  assert_int_equal(mr_type_count(member.type), 2);
  assert_int_equal(mr_type_size(member.type), 16);
  assert_int_equal(allocator.live_blocks, 5);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

static void null_stays_null_and_is_ignored(void **state) {
  (void)state;
  assert_null(mr_type_acquire(NULL));
  mr_type_release(NULL);
}

static void scalars_are_not_counted(void **state) {
  (void)state;
  const mr_type *type = mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER);
  mr_type_release(type);
  mr_type_release(type);
  assert_ptr_equal(mr_type_acquire(type), type);
  assert_int_equal(mr_type_size(type), 4);
}

static void a_null_type_is_taken_for_void(void **state) {
  (void)state;
  mr_member member;
  assert_int_equal(mr_type_kind(NULL), MR_KIND_VOID);
  assert_int_equal(mr_type_size(NULL), 0);
  assert_int_equal(mr_type_alignment(NULL), 1);
  assert_null(mr_type_name(NULL));
  assert_null(mr_type_element(NULL));
  assert_int_equal(mr_type_count(NULL), 0);
  assert_int_equal(mr_type_byte_order(NULL),
                   mr_type_byte_order(mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER)));
  assert_int_equal(mr_type_member(NULL, 0, &member), MR_TYPE_MISMATCH);
  assert_false(mr_type_is_sound(NULL));
}

static void members_are_in_the_order_of_declaration(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{cid}");
  mr_member member;
  assert_int_equal(mr_type_member(type, 2, &member), MR_OK);
  assert_string_equal(member.name, "m2");
  assert_int_equal(mr_type_kind(member.type), MR_KIND_F64);
  assert_int_equal(member.offset, 8);
  assert_int_equal(member.alignment, 8);
  mr_type_release(type);
}

static void there_are_as_many_members_as_counted(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{cid}");
  mr_member member = {.offset = 77};
  assert_int_equal(mr_type_member(type, 3, &member), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_type_member(type, SIZE_MAX, &member), MR_OUT_OF_BOUNDS);
  assert_int_equal(member.offset, 77);
  mr_type_release(type);
}

static void only_structs_and_unions_have_members(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "[3]i");
  mr_member member = {.offset = 77};
  assert_int_equal(mr_type_member(type, 0, &member), MR_TYPE_MISMATCH);
  assert_int_equal(mr_type_member(mr_type_element(type), 0, &member), MR_TYPE_MISMATCH);
  assert_int_equal(member.offset, 77);
  mr_type_release(type);
}

static void byte_order_is_that_of_the_scalars_in_an_array(void **state) {
  (void)state;
  const mr_type *array = described_type(NULL, "[2][3]^i");
  const mr_type *structure = described_type(NULL, "{^i}");
  mr_byte_order native = mr_type_byte_order(mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER));
  assert_int_not_equal(mr_type_byte_order(array), native);
  assert_int_equal(mr_type_byte_order(structure), native);
  mr_type_release(array);
  mr_type_release(structure);
}

static void types_of_all_kinds_are_sound(void **state) {
  (void)state;
  static const char *const descriptions[] = {"b",  "z",    "p",      "[0]i", "[3]{ci}", "{}",
                                             "<>", "<ci>", "{P;ci}", "~1:d", "~64:c",   "~8:{cc}"};
  for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++) {
    const mr_type *type = described_type(NULL, descriptions[i]);
    assert_true(mr_type_is_sound(type));
    mr_type_release(type);
  }
}

/* Its size is changed where it stands in the type's own memory. */
static void a_type_with_a_damaged_size_is_unsound(void **state) {
  (void)state;
  /* No multiple of the alignment; less than its member; more than there can be. */
  static const size_t damages[] = {41, 32, (size_t)PTRDIFF_MAX + 1};
  const mr_type *type = described_type(NULL, "{[5]l}");
  size_t *word = (size_t *)type;
  while (*word != 40) word++;
  for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
    *word = damages[i];
    assert_int_equal(mr_type_size(type), damages[i]);
    assert_false(mr_type_is_sound(type));
  }
  *word = 40;
  assert_true(mr_type_is_sound(type));
  mr_type_release(type);
}

/* Threads. */

enum { THREADS = 4, TURNS = 20000 };

static void *take_turns(void *type) {
  for (int i = 0; i < TURNS; i++) mr_type_release(mr_type_acquire(type));
  mr_type_release(type);
  return NULL;
}

static void threads_may_acquire_and_release_at_the_same_time(void **state) {
  (void)state;
  pthread_t threads[THREADS];
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *type = described_type(&allocator.base, "{[4]{ci}}");
  for (int i = 0; i < THREADS; i++) {
    void *shared = (void *)mr_type_acquire(type);
    assert_int_equal(pthread_create(&threads[i], NULL, take_turns, shared), 0);
  }
  mr_type_release(type);
  for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
  assert_int_equal(allocator.live_blocks, 0);
  test_allocator_fini(&allocator);
}

static void *make_others(void *shared) {
  for (int i = 0; i < 1000; i++) {
    const mr_type *other;
    assert_int_equal(mr_type_realign(NULL, shared, 64, &other), MR_OK);
    mr_type_release(other);
  }
  return NULL;
}

static void others_may_be_made_of_a_type_while_its_declarations_are_read(void **state) {
  (void)state;
  pthread_t thread;
  mr_declarations *declarations;
  const mr_type *type;
  assert_int_equal(mr_declarations_create(NULL, NULL, &declarations), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, MR_VIEW("struct point { int x, y; };"), NULL),
                   MR_OK);
  assert_int_equal(mr_declarations_find(declarations, "struct point", &type, NULL), MR_OK);
  assert_int_equal(pthread_create(&thread, NULL, make_others, (void *)type), 0);
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(
        mr_declarations_read(declarations, MR_VIEW("typedef struct point *p; !"), NULL),
        MR_SYNTAX_ERROR);
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  mr_type_release(type);
  mr_declarations_destroy(declarations);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_type_lives_until_its_last_reference),
      cmocka_unit_test(a_type_keeps_what_it_is_made_of),
      cmocka_unit_test(null_stays_null_and_is_ignored),
      cmocka_unit_test(scalars_are_not_counted),
      cmocka_unit_test(a_null_type_is_taken_for_void),
      cmocka_unit_test(members_are_in_the_order_of_declaration),
      cmocka_unit_test(there_are_as_many_members_as_counted),
      cmocka_unit_test(only_structs_and_unions_have_members),
      cmocka_unit_test(byte_order_is_that_of_the_scalars_in_an_array),
      cmocka_unit_test(types_of_all_kinds_are_sound),
      cmocka_unit_test(a_type_with_a_damaged_size_is_unsound),
      cmocka_unit_test(threads_may_acquire_and_release_at_the_same_time),
      cmocka_unit_test(others_may_be_made_of_a_type_while_its_declarations_are_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/object_link.h>

#include <string.h>

#include "built_type.h"
#include "support.h"

/* A dump of some machine, at BASE: nodes that point to leaves, and a table that points to nodes. */

enum { BASE = 0x8000, NODES = 0, TABLE = 64, LEAVES = 96, DUMP_SIZE = 120 };

typedef struct dump {
  MR_ALIGNAS(16) unsigned char octets[DUMP_SIZE];
  MR_ALIGNAS(16) unsigned char root[64];
  const mr_type *leaf;
  const mr_type *node;
  const mr_type *pointer;
  const mr_type *type;
  mr_object object;
  mr_link link;
} dump;

static void put_pointer(const dump *on, unsigned char *at, uint64_t address) {
  mr_byte_order order = mr_type_byte_order(on->pointer);
  if (mr_type_size(on->pointer) == 4) {
    mr_poke_u32(at, order, (uint32_t)address);
  } else {
    mr_poke_u64(at, order, address);
  }
}

static size_t offset_of(const mr_type *type, const char *path) {
  mr_slot slot;
  assert_int_equal(mr_slot_find(type, path, &slot, NULL), MR_OK);
  return mr_slot_offset(slot);
}

static void make_types(dump *on, mr_target target) {
  on->leaf = STRUCT(MEMBER(a, U32), MEMBER(b, U32));
  on->node =
      STRUCT(MEMBER(value, U32), MEMBER(leaf, built_pointer(target, mr_type_acquire(on->leaf))));
  on->pointer = built_pointer(target, mr_type_acquire(on->node));
  on->type = STRUCT(MEMBER(head, mr_type_acquire(on->pointer)),
                    MEMBER(table, built_pointer(target, mr_type_acquire(on->pointer))),
                    MEMBER(nothing, built_pointer(target, NULL)),
                    MEMBER(list, built_array(mr_type_acquire(on->pointer), 2)));
}

static dump *open_dump(mr_target target) {
  static dump made;
  dump *on = &made;
  memset(on, 0, sizeof *on);
  make_types(on, target);
  size_t size = mr_type_size(on->node);
  size_t width = mr_type_size(on->pointer);
  for (uint32_t i = 0; i < 2; i++) {
    unsigned char *node = on->octets + NODES + i * size;
    mr_poke_u32(node, MR_NATIVE_ORDER, 10 + i);
    put_pointer(on, node + offset_of(on->node, "leaf"), BASE + LEAVES + 8 * i);
    put_pointer(on, on->octets + TABLE + i * width, BASE + NODES + i * size);
    mr_poke_u32(on->octets + LEAVES + 8 * i, MR_NATIVE_ORDER, 20 + i);
    mr_poke_u32(on->octets + LEAVES + 8 * i + 4, MR_NATIVE_ORDER, 30 + i);
  }
  put_pointer(on, on->root + offset_of(on->type, "head"), BASE + NODES);
  put_pointer(on, on->root + offset_of(on->type, "table"), BASE + TABLE);
  put_pointer(on, on->root + offset_of(on->type, "list[1]"), BASE + NODES + size);
  on->object = object_over(mr_region_of(on->root, sizeof on->root), on->type);
  on->link = (mr_link){BASE, mr_view_source(mr_view_of(on->octets, DUMP_SIZE))};
  return on;
}

static void close_dump(const dump *on) {
  mr_type_release(on->type);
  mr_type_release(on->pointer);
  mr_type_release(on->node);
  mr_type_release(on->leaf);
}

static int64_t number_behind(const dump *on, const char *path) {
  mr_value value;
  int64_t number = 0;
  mr_condition condition = {0};
  if (mr_object_get_linked(on->object, path, &on->link, 1, &value, &condition) != MR_OK) {
    fail_msg("%s: %s", path, condition.message);
  }
  assert_int_equal(mr_value_to_i64(value, &number), MR_OK);
  return number;
}

static mr_status reach(const dump *on, const char *path, uint32_t *column) {
  mr_object reached = {0};
  mr_slot slot = {NULL, 0};
  mr_condition condition = {0};
  mr_status status = mr_object_reach(on->object, path, &on->link, 1, &reached, &slot, &condition);
  *column = condition.column;
  if (status != MR_OK) {
    assert_null(reached.type);
    assert_null(slot.type);
    assert_int_equal(condition.status, status);
  }
  return status;
}

static void assert_refused(const dump *on, const char *path, mr_status status, uint32_t column) {
  uint32_t at = 0;
  mr_status answered = reach(on, path, &at);
  if (answered != status || at != column) {
    fail_msg("%s: %s at %u", path, mr_status_name(answered), (unsigned)at);
  }
}

/* Following. */

static void pointers_are_followed_into_links(void **state) {
  (void)state;
  static const mr_target targets[] = {MR_TARGET_NATIVE, MR_TARGET_ARM, MR_TARGET_S390X};
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
    const dump *on = open_dump(targets[i]);
    assert_int_equal(number_behind(on, "head->value"), 10);
    assert_int_equal(number_behind(on, "head->leaf->b"), 30);
    assert_int_equal(number_behind(on, "head[1].value"), 11);
    assert_int_equal(number_behind(on, "head[1].leaf[0].a"), 21);
    assert_int_equal(number_behind(on, "table[1]->leaf->b"), 31);
    assert_int_equal(number_behind(on, "table[1][0].leaf->a"), 21);
    assert_int_equal(number_behind(on, "list[1]->value"), 11);
    close_dump(on);
  }
}

static void what_is_reached_is_the_object_behind_the_last_pointer(void **state) {
  (void)state;
  const dump *on = open_dump(MR_TARGET_NATIVE);
  mr_object reached = {0};
  mr_slot slot = {NULL, 0};
  assert_int_equal(
      mr_object_reach(on->object, "head[1].leaf->b", &on->link, 1, &reached, &slot, NULL), MR_OK);
  assert_ptr_equal(reached.start, on->octets + LEAVES + 8);
  assert_ptr_equal(reached.type, on->leaf);
  assert_int_equal(reached.flags, MR_OBJECT_READ_ONLY);
  assert_int_equal(mr_slot_offset(slot), 4);
  assert_int_equal(mr_object_reach(on->object, "head[1]", &on->link, 1, &reached, &slot, NULL),
                   MR_OK);
  assert_ptr_equal(reached.type, on->node);
  assert_ptr_equal(slot.type, on->node);
  close_dump(on);
}

static void a_path_without_pointer_stays_in_the_object(void **state) {
  (void)state;
  const dump *on = open_dump(MR_TARGET_NATIVE);
  mr_object reached = {0};
  mr_slot slot = {NULL, 0};
  assert_int_equal(mr_object_reach(on->object, "list[1]", NULL, 0, &reached, &slot, NULL), MR_OK);
  assert_ptr_equal(reached.start, on->object.start);
  assert_ptr_equal(slot.type, on->pointer);
  close_dump(on);
}

static void what_is_reached_is_as_writable_as_its_link(void **state) {
  (void)state;
  dump *on = open_dump(MR_TARGET_NATIVE);
  mr_value value = mr_value_of_i64(99);
  assert_int_equal(mr_object_set_linked(on->object, "head->value", &on->link, 1, value, NULL),
                   MR_READ_ONLY);
  on->link.source = mr_region_source(mr_region_of(on->octets, DUMP_SIZE));
  on->object.flags = MR_OBJECT_READ_ONLY;
  assert_int_equal(mr_object_set_linked(on->object, "head->value", &on->link, 1, value, NULL),
                   MR_OK);
  assert_int_equal(number_behind(on, "head->value"), 99);
  close_dump(on);
}

static void of_several_links_the_one_that_has_the_address_counts(void **state) {
  (void)state;
  const dump *on = open_dump(MR_TARGET_NATIVE);
  const mr_link links[] = {
      {0, mr_null_source()}, {BASE - 8, mr_view_source(mr_view_of(on->root, 8))}, on->link};
  mr_value value;
  assert_int_equal(mr_object_get_linked(on->object, "head->value", links, 3, &value, NULL), MR_OK);
  assert_int_equal(mr_object_get_linked(on->object, "head->value", links, 2, &value, NULL),
                   MR_FAULT);
  close_dump(on);
}

/* Refusing. */

static void what_is_wrong_is_told_with_its_column(void **state) {
  (void)state;
  dump *on = open_dump(MR_TARGET_NATIVE);
  assert_refused(on, "list[0]->value", MR_FAULT, 8);
  assert_refused(on, "head->leaf->c", MR_NO_SUCH_SLOT, 13);
  assert_refused(on, "head->value->x", MR_TYPE_MISMATCH, 12);
  assert_refused(on, "nothing->x", MR_TYPE_MISMATCH, 8);
  assert_refused(on, "nothing[0]", MR_TYPE_MISMATCH, 8);
  assert_refused(on, "head[99].value", MR_OUT_OF_BOUNDS, 6);
  assert_refused(on, "head[99999999999999999999999].value", MR_OUT_OF_BOUNDS, 6);
  assert_refused(on, "nope->x", MR_NO_SUCH_SLOT, 1);
  put_pointer(on, on->root + offset_of(on->type, "list[0]"), BASE + 2);
  assert_refused(on, "list[0]->value", MR_MISALIGNED, 8);
  put_pointer(on, on->root + offset_of(on->type, "list[0]"), BASE + DUMP_SIZE - 4);
  assert_refused(on, "list[0]->value", MR_OUT_OF_BOUNDS, 8);
  put_pointer(on, on->root + offset_of(on->type, "list[0]"), BASE + DUMP_SIZE);
  assert_refused(on, "list[0]->value", MR_FAULT, 8);
  put_pointer(on, on->root + offset_of(on->type, "list[0]"), BASE - 1);
  assert_refused(on, "list[0]->value", MR_FAULT, 8);
  close_dump(on);
}

static void paths_that_are_none_are_refused(void **state) {
  (void)state;
  const dump *on = open_dump(MR_TARGET_NATIVE);
  assert_refused(on, "head->", MR_SYNTAX_ERROR, 7);
  assert_refused(on, "head->[0]", MR_SYNTAX_ERROR, 7);
  assert_refused(on, "head->->value", MR_SYNTAX_ERROR, 7);
  assert_refused(on, "head->.value", MR_SYNTAX_ERROR, 7);
  assert_refused(on, "head[0].", MR_SYNTAX_ERROR, 9);
  assert_refused(on, "head[0].[1]", MR_SYNTAX_ERROR, 9);
  assert_refused(on, "head[0]value", MR_SYNTAX_ERROR, 8);
  assert_refused(on, "head[]", MR_SYNTAX_ERROR, 6);
  assert_refused(on, "head[0", MR_SYNTAX_ERROR, 7);
  assert_refused(on, "head[0:1]", MR_UNSUPPORTED, 6);
  close_dump(on);
}

static void links_that_do_not_lend_are_refused(void **state) {
  (void)state;
  dump *on = open_dump(MR_TARGET_NATIVE);
  on->link.source = mr_temporary_source(64);
  assert_refused(on, "head->value", MR_UNSUPPORTED, 5);
  close_dump(on);
}

static void what_can_not_be_stored_is_told(void **state) {
  (void)state;
  dump *on = open_dump(MR_TARGET_NATIVE);
  mr_condition condition = {0};
  on->link.source = mr_region_source(mr_region_of(on->octets, DUMP_SIZE));
  assert_int_equal(mr_object_set_linked(on->object, "head->value", &on->link, 1,
                                        mr_value_of_i64(-1), &condition),
                   MR_OVERFLOW);
  assert_int_equal(condition.status, MR_OVERFLOW);
  assert_int_equal(number_behind(on, "head->value"), 10);
  close_dump(on);
}

static void a_flexible_array_behind_a_pointer_ends_with_the_link(void **state) {
  (void)state;
  MR_ALIGNAS(8) uint16_t octets[6] = {1, 2, 3, 4, 5, 6};
  const mr_type *packet = STRUCT(MEMBER(count, U16), MEMBER(data, built_flexible_array(U16)));
  const mr_type *pointer = built_pointer(MR_TARGET_NATIVE, packet);
  uint64_t address = BASE + 4;
  mr_object object = object_over(mr_region_of(&address, sizeof address), pointer);
  mr_link link = {BASE, mr_view_source(mr_view_of(octets, sizeof octets))};
  mr_value value;
  assert_int_equal(mr_object_get_linked(object, "[0].data[2]", &link, 1, &value, NULL), MR_OK);
  assert_int_equal(value.as.u64, 6);
  assert_int_equal(mr_object_get_linked(object, "[0].data[3]", &link, 1, &value, NULL),
                   MR_OUT_OF_BOUNDS);
  mr_type_release(pointer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pointers_are_followed_into_links),
      cmocka_unit_test(what_is_reached_is_the_object_behind_the_last_pointer),
      cmocka_unit_test(a_path_without_pointer_stays_in_the_object),
      cmocka_unit_test(what_is_reached_is_as_writable_as_its_link),
      cmocka_unit_test(of_several_links_the_one_that_has_the_address_counts),
      cmocka_unit_test(what_is_wrong_is_told_with_its_column),
      cmocka_unit_test(paths_that_are_none_are_refused),
      cmocka_unit_test(links_that_do_not_lend_are_refused),
      cmocka_unit_test(what_can_not_be_stored_is_told),
      cmocka_unit_test(a_flexible_array_behind_a_pointer_ends_with_the_link),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

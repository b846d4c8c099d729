#include <memregions/slot.h>

#include "described_type.h"
#include "support.h"

static const mr_type *scalar(mr_kind kind) { return mr_scalar_type(kind, MR_NATIVE_ORDER); }

/* {header {magic, entries[4] {x, y}}, (no name) <as_int, as_float>, grid[3][5]} */
static const mr_type *example(void) {
  const mr_type *entry, *entries, *header, *either, *row, *grid, *out;
  const mr_member_spec entry_members[] = {{.name = "x", .type = scalar(MR_KIND_I8)},
                                          {.name = "y", .type = scalar(MR_KIND_I32)}};
  const mr_member_spec either_members[] = {{.name = "as_int", .type = scalar(MR_KIND_I32)},
                                           {.name = "as_float", .type = scalar(MR_KIND_F32)}};
  assert_int_equal(mr_type_build_struct(NULL, "entry", entry_members, 2, NULL, &entry, NULL),
                   MR_OK);
  assert_int_equal(mr_type_build_array(NULL, entry, 4, &entries), MR_OK);
  const mr_member_spec header_members[] = {{.name = "magic", .type = scalar(MR_KIND_U32)},
                                           {.name = "entries", .type = entries}};
  assert_int_equal(mr_type_build_struct(NULL, "header", header_members, 2, NULL, &header, NULL),
                   MR_OK);
  assert_int_equal(mr_type_build_union(NULL, NULL, either_members, 2, NULL, &either, NULL), MR_OK);
  assert_int_equal(mr_type_build_array(NULL, scalar(MR_KIND_I16), 5, &row), MR_OK);
  assert_int_equal(mr_type_build_array(NULL, row, 3, &grid), MR_OK);
  const mr_member_spec members[] = {{.name = "header", .type = header},
                                    {.type = either},
                                    {.name = "grid", .type = grid},
                                    {.type = scalar(MR_KIND_I8)}};
  assert_int_equal(mr_type_build_struct(NULL, "example", members, 4, NULL, &out, NULL), MR_OK);
  mr_type_release(entry);
  mr_type_release(entries);
  mr_type_release(header);
  mr_type_release(either);
  mr_type_release(row);
  mr_type_release(grid);
  return out;
}

static void paths_lead_to_members_and_elements(void **state) {
  (void)state;
  static const struct {
    const char *path;
    size_t offset;
    mr_kind kind;
  } cases[] = {{"", 0, MR_KIND_STRUCT},
               {"header", 0, MR_KIND_STRUCT},
               {"header.magic", 0, MR_KIND_U32},
               {"header.entries", 4, MR_KIND_ARRAY},
               {"header.entries[0]", 4, MR_KIND_STRUCT},
               {"header.entries[3].x", 28, MR_KIND_I8},
               {"header.entries[3].y", 32, MR_KIND_I32},
               {"header.entries[003].y", 32, MR_KIND_I32},
               {"as_int", 36, MR_KIND_I32},
               {"as_float", 36, MR_KIND_F32},
               {"grid", 40, MR_KIND_ARRAY},
               {"grid[2]", 60, MR_KIND_ARRAY},
               {"grid[2][4]", 68, MR_KIND_I16}};
  const mr_type *type = example();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    mr_slot slot;
    assert_int_equal(mr_slot_find(type, cases[i].path, &slot, NULL), MR_OK);
    assert_int_equal(mr_slot_offset(slot), cases[i].offset);
    assert_int_equal(mr_type_kind(slot.type), cases[i].kind);
    assert_true(mr_slot_is_exactly(slot, cases[i].kind));
  }
  mr_type_release(type);
}

static void a_path_may_start_with_an_index(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "[3][8]{ci}");
  mr_slot slot;
  assert_int_equal(mr_slot_find(type, "[2][7].m1", &slot, NULL), MR_OK);
  assert_int_equal(mr_slot_offset(slot), (2 * 8 + 7) * 8 + 4);
  mr_type_release(type);
}

static void what_is_wrong_is_told_with_its_column(void **state) {
  (void)state;
  static const struct {
    const char *path;
    mr_status status;
    uint32_t column;
  } cases[] = {{"headers", MR_NO_SUCH_SLOT, 1},
               {"heade", MR_NO_SUCH_SLOT, 1},
               {"header.x", MR_NO_SUCH_SLOT, 8},
               {"header.entries[3].z", MR_NO_SUCH_SLOT, 19},
               {"header.entries[4].x", MR_OUT_OF_BOUNDS, 16},
               {"grid[3]", MR_OUT_OF_BOUNDS, 6},
               {"grid[0][5]", MR_OUT_OF_BOUNDS, 9},
               {"grid[99999999999999999999]", MR_OUT_OF_BOUNDS, 6},
               {"grid[18446744073709551615]", MR_OUT_OF_BOUNDS, 6},
               {"grid[18446744073709551616]", MR_OUT_OF_BOUNDS, 6},
               {"grid[4294967296]", MR_OUT_OF_BOUNDS, 6},
               {"as_int.x", MR_TYPE_MISMATCH, 8},
               {"grid.x", MR_TYPE_MISMATCH, 6},
               {"header[0]", MR_TYPE_MISMATCH, 7},
               {"as_int[0]", MR_TYPE_MISMATCH, 7},
               {"[0]", MR_TYPE_MISMATCH, 1},
               {".", MR_SYNTAX_ERROR, 1},
               {".header", MR_SYNTAX_ERROR, 1},
               {"header.", MR_SYNTAX_ERROR, 8},
               {"header..magic", MR_SYNTAX_ERROR, 8},
               {" header", MR_SYNTAX_ERROR, 1},
               {"header ", MR_SYNTAX_ERROR, 7},
               {"header. magic", MR_SYNTAX_ERROR, 8},
               {"header-x", MR_SYNTAX_ERROR, 7},
               {"header]", MR_SYNTAX_ERROR, 7},
               {"grid[", MR_SYNTAX_ERROR, 6},
               {"grid[]", MR_SYNTAX_ERROR, 6},
               {"grid[-1]", MR_SYNTAX_ERROR, 6},
               {"grid[+1]", MR_SYNTAX_ERROR, 6},
               {"grid[ 1]", MR_SYNTAX_ERROR, 6},
               {"grid[x]", MR_SYNTAX_ERROR, 6},
               {"grid[1", MR_SYNTAX_ERROR, 7},
               {"grid[1 ]", MR_SYNTAX_ERROR, 7},
               {"grid[1x]", MR_SYNTAX_ERROR, 7},
               {"grid[0x1]", MR_SYNTAX_ERROR, 7},
               {"grid.[1]", MR_SYNTAX_ERROR, 6},
               {"grid[1]x", MR_SYNTAX_ERROR, 8},
               {"grid[1].", MR_SYNTAX_ERROR, 9},
               {"1x", MR_SYNTAX_ERROR, 1}};
  const mr_type *type = example();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    mr_slot slot = {.where = 77};
    mr_condition condition = {0};
    mr_status status = mr_slot_find(type, cases[i].path, &slot, &condition);
    if (status != cases[i].status) {
      fail_msg("%s: %s", cases[i].path, mr_status_name(status));
    }
    if (condition.column != cases[i].column) {
      fail_msg("%s: column %u", cases[i].path, condition.column);
    }
    assert_int_equal(condition.status, status);
    assert_int_equal(condition.line, 1);
    assert_int_equal(slot.where, 77);
    assert_int_equal(mr_slot_find(type, cases[i].path, &slot, NULL), status);
  }
  mr_type_release(type);
}

static void no_path_is_no_path(void **state) {
  (void)state;
  mr_slot slot = {.where = 77};
  assert_int_equal(mr_slot_find(scalar(MR_KIND_I32), NULL, &slot, NULL), MR_SYNTAX_ERROR);
  assert_int_equal(slot.where, 77);
}

static void void_has_no_slots(void **state) {
  (void)state;
  mr_slot slot = {.where = 77};
  mr_condition condition;
  assert_int_equal(mr_slot_find(NULL, "", &slot, &condition), MR_TYPE_MISMATCH);
  assert_int_equal(condition.status, MR_TYPE_MISMATCH);
  assert_int_equal(slot.where, 77);
}

static void a_scalar_is_its_only_slot(void **state) {
  (void)state;
  mr_slot slot;
  assert_int_equal(mr_slot_find(scalar(MR_KIND_I32), "", &slot, NULL), MR_OK);
  assert_int_equal(mr_slot_find(scalar(MR_KIND_I32), "x", &slot, NULL), MR_TYPE_MISMATCH);
}

static void an_empty_struct_has_no_names(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{}");
  mr_slot slot;
  assert_int_equal(mr_slot_find(type, "x", &slot, NULL), MR_NO_SUCH_SLOT);
  mr_type_release(type);
}

static void names_come_through_several_members_without_name(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{i_<_{c_~2:{sd}}i>c}");
  static const struct {
    const char *path;
    size_t offset;
  } cases[] = {{"m0", 0}, {"m1", 4}, {"m2", 6}, {"m3", 14}, {"m4", 4}, {"m5", 24}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    mr_slot slot;
    assert_int_equal(mr_slot_find(type, cases[i].path, &slot, NULL), MR_OK);
    if (mr_slot_offset(slot) != cases[i].offset) {
      fail_msg("%s at %zu", cases[i].path, mr_slot_offset(slot));
    }
  }
  mr_type_release(type);
}

static void an_offset_ends_at_44_bits(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "[17592186044418]C");
  mr_slot slot = {.where = 77};
  mr_condition condition;
  assert_int_equal(mr_slot_find(type, "[17592186044416]", &slot, &condition), MR_OVERFLOW);
  assert_int_equal(condition.status, MR_OVERFLOW);
  assert_int_equal(slot.where, 77);
  assert_int_equal(mr_slot_find(type, "[17592186044415]", &slot, NULL), MR_OK);
  assert_int_equal(mr_slot_offset(slot), MR_SLOT_OFFSET_MAX);
  mr_type_release(type);
}

static void indices_do_not_wrap(void **state) {
  (void)state;
  const mr_type *empty = described_type(NULL, "{}");
  const mr_type *many;
  mr_slot slot;
  assert_int_equal(mr_type_build_array(NULL, empty, SIZE_MAX, &many), MR_OK);
  assert_int_equal(mr_slot_find(many, "[18446744073709551614]", &slot, NULL), MR_OK);
  assert_int_equal(mr_slot_find(many, "[18446744073709551615]", &slot, NULL), MR_OUT_OF_BOUNDS);
  assert_int_equal(mr_slot_find(many, "[18446744073709551616]", &slot, NULL), MR_OUT_OF_BOUNDS);
  mr_type_release(many);
  mr_type_release(empty);
}

static void swapped_scalars_are_found_as_indirect(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{c^s}");
  mr_slot slot;
  assert_int_equal(mr_slot_find(type, "m1", &slot, NULL), MR_OK);
  assert_int_equal(slot.where, UINT64_C(2) << MR_SLOT_SHIFT | MR_SLOT_INDIRECT | MR_KIND_I16);
  mr_type_release(type);
}

static void a_second_slice_is_refused_of_elements_without_size_too(void **state) {
  (void)state;
  mr_slots slots;
  const mr_type *type = described_type(NULL, "[3][2]{}");
  assert_int_equal(mr_slots_find(type, "[:][:]", &slots, NULL), MR_UNSUPPORTED);
  assert_int_equal(mr_slots_find(type, "[1:3]", &slots, NULL), MR_OK);
  assert_int_equal(slots.count, 2);
  assert_int_equal(slots.stride, 0);
  mr_type_release(type);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paths_lead_to_members_and_elements),
      cmocka_unit_test(a_path_may_start_with_an_index),
      cmocka_unit_test(what_is_wrong_is_told_with_its_column),
      cmocka_unit_test(no_path_is_no_path),
      cmocka_unit_test(void_has_no_slots),
      cmocka_unit_test(a_scalar_is_its_only_slot),
      cmocka_unit_test(an_empty_struct_has_no_names),
      cmocka_unit_test(names_come_through_several_members_without_name),
      cmocka_unit_test(an_offset_ends_at_44_bits),
      cmocka_unit_test(indices_do_not_wrap),
      cmocka_unit_test(swapped_scalars_are_found_as_indirect),
      cmocka_unit_test(a_second_slice_is_refused_of_elements_without_size_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

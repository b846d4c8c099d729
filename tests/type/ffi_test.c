#include <memregions/ffi.h>
#include <memregions/slot.h>
#include <string.h>

#include "failing_allocator.h"
#include "support.h"

static const mr_type *untouched(void) { return mr_scalar_type(MR_KIND_BOOL, MR_NATIVE_ORDER); }

static const mr_type *of_ffi(const ffi_type *ffi, const char *const *names) {
  const mr_type *type;
  mr_condition condition = {0};
  mr_status status = mr_type_of_ffi(NULL, ffi, "made", names, &type, &condition);
  if (status != MR_OK) fail_msg("%s", condition.message);
  return type;
}

static size_t offset_at(const mr_type *type, const char *path) {
  mr_slot slot;
  assert_int_equal(mr_slot_find(type, path, &slot, NULL), MR_OK);
  return mr_slot_offset(slot);
}

static void refuses(ffi_type *ffi, const char *const *names, uint64_t element) {
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *out = untouched();
  mr_condition condition = {0};
  assert_int_equal(mr_type_of_ffi(&allocator.base, ffi, NULL, names, &out, &condition),
                   MR_INVALID_ARGUMENT);
  assert_int_equal(condition.status, MR_INVALID_ARGUMENT);
  assert_int_equal(condition.offset, element);
  assert_int_equal(mr_type_of_ffi(&allocator.base, ffi, NULL, names, &out, NULL),
                   MR_INVALID_ARGUMENT);
  assert_ptr_equal(out, untouched());
  test_allocator_fini(&allocator);
}

static void scalars_of_all_kinds_are_known(void **state) {
  (void)state;
  static const struct {
    const ffi_type *ffi;
    mr_kind kind;
  } cases[] = {{&ffi_type_uint8, MR_KIND_U8},
               {&ffi_type_sint8, MR_KIND_I8},
               {&ffi_type_uint16, MR_KIND_U16},
               {&ffi_type_sint16, MR_KIND_I16},
               {&ffi_type_uint32, MR_KIND_U32},
               {&ffi_type_sint32, MR_KIND_I32},
               {&ffi_type_uint64, MR_KIND_U64},
               {&ffi_type_sint64, MR_KIND_I64},
               {&ffi_type_float, MR_KIND_F32},
               {&ffi_type_double, MR_KIND_F64},
               {&ffi_type_longdouble, MR_KIND_LONG_DOUBLE},
               {&ffi_type_complex_float, MR_KIND_COMPLEX_F32},
               {&ffi_type_complex_double, MR_KIND_COMPLEX_F64},
               {&ffi_type_complex_longdouble, MR_KIND_COMPLEX_LONG_DOUBLE},
               {&ffi_type_pointer, MR_KIND_POINTER},
               {&ffi_type_uchar, MR_KIND_U8},
               {&ffi_type_schar, MR_KIND_I8},
               {&ffi_type_ushort, MR_KIND_U16},
               {&ffi_type_sshort, MR_KIND_I16},
               {&ffi_type_uint, MR_KIND_U32},
               {&ffi_type_sint, MR_KIND_I32},
               {&ffi_type_ulong, sizeof(long) == 8 ? MR_KIND_U64 : MR_KIND_U32},
               {&ffi_type_slong, sizeof(long) == 8 ? MR_KIND_I64 : MR_KIND_I32}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const mr_type *type;
    assert_int_equal(mr_type_of_ffi(NULL, cases[i].ffi, NULL, NULL, &type, NULL), MR_OK);
    assert_ptr_equal(type, mr_scalar_type(cases[i].kind, MR_NATIVE_ORDER));
    assert_int_equal(mr_type_size(type), cases[i].ffi->size);
    assert_int_equal(mr_type_alignment(type), cases[i].ffi->alignment);
  }
}

static void libffis_int_is_an_int(void **state) {
  (void)state;
  const ffi_type ffi = {.type = FFI_TYPE_INT};
  const mr_type *type;
  assert_int_equal(mr_type_of_ffi(NULL, &ffi, NULL, NULL, &type, NULL), MR_OK);
  assert_ptr_equal(type, mr_scalar_type(MR_KIND_I32, MR_NATIVE_ORDER));
}

static void void_by_itself_is_a_type(void **state) {
  (void)state;
  const mr_type *type;
  assert_int_equal(mr_type_of_ffi(NULL, &ffi_type_void, NULL, NULL, &type, NULL), MR_OK);
  assert_int_equal(mr_type_kind(type), MR_KIND_VOID);
  assert_int_equal(mr_type_size(type), 0);
  assert_int_equal(mr_type_alignment(type), 1);
  assert_string_equal(mr_type_name(type), "void");
  assert_true(mr_type_is_sound(type));
  mr_type_release(type);
}

static void a_scalar_may_be_given_a_name(void **state) {
  (void)state;
  test_allocator allocator;
  const mr_type *type;
  test_allocator_init(&allocator);
  assert_int_equal(mr_type_of_ffi(&allocator.base, &ffi_type_double, "celsius", NULL, &type, NULL),
                   MR_OK);
  assert_string_equal(mr_type_name(type), "celsius");
  assert_int_equal(mr_type_kind(type), MR_KIND_F64);
  assert_int_equal(mr_type_alignment(type), 8);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

static void members_get_offsets_and_names(void **state) {
  (void)state;
  ffi_type *elements[] = {&ffi_type_uint8, &ffi_type_double, &ffi_type_sint16, NULL};
  ffi_type ffi = {.type = FFI_TYPE_STRUCT, .elements = elements};
  static const char *const names[] = {"a", "b", "c"};
  const mr_type *type = of_ffi(&ffi, names);
  assert_string_equal(mr_type_name(type), "made");
  assert_int_equal(mr_type_size(type), 24);
  assert_int_equal(mr_type_alignment(type), 8);
  assert_int_equal(offset_at(type, "a"), 0);
  assert_int_equal(offset_at(type, "b"), 8);
  assert_int_equal(offset_at(type, "c"), 16);
  mr_type_release(type);
}

static void the_descriptor_is_only_read(void **state) {
  (void)state;
  ffi_type *elements[] = {&ffi_type_uint8, &ffi_type_double, NULL};
  ffi_type ffi = {.size = 1, .alignment = 77, .type = FFI_TYPE_STRUCT, .elements = elements};
  const mr_type *type = of_ffi(&ffi, NULL);
  assert_int_equal(ffi.size, 1);
  assert_int_equal(ffi.alignment, 77);
  assert_int_equal(mr_type_size(type), 16);
  mr_type_release(type);
}

static void names_go_depth_first(void **state) {
  (void)state;
  ffi_type *place_elements[] = {&ffi_type_uint32, &ffi_type_uint16, NULL};
  ffi_type place = {.type = FFI_TYPE_STRUCT, .elements = place_elements};
  ffi_type *elements[] = {&ffi_type_sint8, &place, &ffi_type_double, NULL};
  ffi_type ffi = {.type = FFI_TYPE_STRUCT, .elements = elements};
  static const char *const names[] = {"x", "place", "line", "column", "y"};
  const mr_type *type = of_ffi(&ffi, names);
  assert_int_equal(offset_at(type, "x"), 0);
  assert_int_equal(offset_at(type, "place"), 4);
  assert_int_equal(offset_at(type, "place.line"), 4);
  assert_int_equal(offset_at(type, "place.column"), 8);
  assert_int_equal(offset_at(type, "y"), 16);
  mr_type_release(type);
}

static void a_null_name_gives_the_inner_ones_to_the_outer(void **state) {
  (void)state;
  ffi_type *place_elements[] = {&ffi_type_uint32, &ffi_type_uint16, NULL};
  ffi_type place = {.type = FFI_TYPE_STRUCT, .elements = place_elements};
  ffi_type *elements[] = {&ffi_type_sint8, &place, NULL};
  ffi_type ffi = {.type = FFI_TYPE_STRUCT, .elements = elements};
  static const char *const names[] = {"x", NULL, "line", "column"};
  const mr_type *type = of_ffi(&ffi, names);
  assert_int_equal(offset_at(type, "line"), 4);
  assert_int_equal(offset_at(type, "column"), 8);
  mr_type_release(type);
}

static void an_empty_struct_is_a_type(void **state) {
  (void)state;
  ffi_type *elements[] = {NULL};
  ffi_type ffi = {.type = FFI_TYPE_STRUCT, .elements = elements};
  const mr_type *type = of_ffi(&ffi, NULL);
  assert_int_equal(mr_type_size(type), 0);
  assert_int_equal(mr_type_alignment(type), 1);
  assert_int_equal(mr_type_count(type), 0);
  mr_type_release(type);
}

static void what_is_no_descriptor_is_refused(void **state) {
  (void)state;
  ffi_type unknown = {.type = 99};
  ffi_type without_elements = {.type = FFI_TYPE_STRUCT};
  ffi_type *of_integers_elements[] = {&ffi_type_sint32, NULL};
  ffi_type *of_nothing_elements[] = {NULL};
  ffi_type of_integers = {.type = FFI_TYPE_COMPLEX, .elements = of_integers_elements};
  ffi_type of_nothing = {.type = FFI_TYPE_COMPLEX, .elements = of_nothing_elements};
  ffi_type complex_without_elements = {.type = FFI_TYPE_COMPLEX};
  refuses(NULL, NULL, 0);
  refuses(&unknown, NULL, 0);
  refuses(&without_elements, NULL, 0);
  refuses(&of_integers, NULL, 0);
  refuses(&of_nothing, NULL, 0);
  refuses(&complex_without_elements, NULL, 0);
}

static void a_void_member_is_refused(void **state) {
  (void)state;
  ffi_type *inner_elements[] = {&ffi_type_sint32, &ffi_type_void, NULL};
  ffi_type inner = {.type = FFI_TYPE_STRUCT, .elements = inner_elements};
  ffi_type *elements[] = {&ffi_type_sint8, &inner, &ffi_type_sint8, NULL};
  ffi_type ffi = {.type = FFI_TYPE_STRUCT, .elements = elements};
  refuses(&ffi, NULL, 3);
}

static void a_name_that_comes_twice_is_refused_where_it_stands(void **state) {
  (void)state;
  ffi_type *inner_elements[] = {&ffi_type_sint32, &ffi_type_sint32, NULL};
  ffi_type inner = {.type = FFI_TYPE_STRUCT, .elements = inner_elements};
  ffi_type *elements[] = {&ffi_type_sint8, &inner, &ffi_type_sint8, NULL};
  ffi_type ffi = {.type = FFI_TYPE_STRUCT, .elements = elements};
  static const char *const in_outer[] = {"a", "b", "a", "d", "a"};
  static const char *const in_inner[] = {"a", "b", "c", "c", "e"};
  static const char *const through_none[] = {"a", NULL, "c", "a", "e"};
  static const char *const no_name[] = {"a", "b", "c.d", "e", "f"};
  refuses(&ffi, in_outer, 4);
  refuses(&ffi, in_inner, 3);
  refuses(&ffi, through_none, 1);
  refuses(&ffi, no_name, 2);
}

static void a_descriptor_in_itself_is_refused(void **state) {
  (void)state;
  ffi_type *elements[] = {&ffi_type_sint8, NULL, NULL};
  ffi_type ffi = {.type = FFI_TYPE_STRUCT, .elements = elements};
  elements[1] = &ffi;
  refuses(&ffi, NULL, 127);
}

static void descriptors_nest_64_deep_and_no_deeper(void **state) {
  (void)state;
  ffi_type levels[65];
  ffi_type *elements[65][2];
  for (size_t i = 0; i < 65; i++) {
    elements[i][0] = i > 0 ? &levels[i - 1] : &ffi_type_sint8;
    elements[i][1] = NULL;
    levels[i] = (ffi_type){.type = FFI_TYPE_STRUCT, .elements = elements[i]};
  }
  const mr_type *type = of_ffi(&levels[63], NULL);
  assert_int_equal(mr_type_size(type), 1);
  mr_type_release(type);
  refuses(&levels[64], NULL, 63);
}

static void a_descriptor_that_unfolds_without_end_is_refused(void **state) {
  (void)state;
  /* 2 to the power of 60 elements. */
  ffi_type levels[60];
  ffi_type *elements[60][3];
  for (size_t i = 0; i < 60; i++) {
    ffi_type *below = i > 0 ? &levels[i - 1] : &ffi_type_sint8;
    elements[i][0] = below;
    elements[i][1] = below;
    elements[i][2] = NULL;
    levels[i] = (ffi_type){.type = FFI_TYPE_STRUCT, .elements = elements[i]};
  }
  const mr_type *out = untouched();
  assert_int_equal(mr_type_of_ffi(NULL, &levels[59], NULL, NULL, &out, NULL), MR_INVALID_ARGUMENT);
  assert_ptr_equal(out, untouched());
}

static mr_status make_nested(void *context, mr_allocator *allocator) {
  ffi_type *inner_elements[] = {&ffi_type_sint32, &ffi_type_sint32, NULL};
  ffi_type inner = {.type = FFI_TYPE_STRUCT, .elements = inner_elements};
  ffi_type *elements[] = {&ffi_type_sint8, &inner, NULL};
  ffi_type ffi = {.type = FFI_TYPE_STRUCT, .elements = elements};
  return mr_type_of_ffi(allocator, &ffi, "nested", NULL, context, NULL);
}

static mr_status make_named_scalar(void *context, mr_allocator *allocator) {
  return mr_type_of_ffi(allocator, &ffi_type_float, "kelvin", NULL, context, NULL);
}

static void out_is_untouched(void *context) {
  assert_ptr_equal(*(const mr_type **)context, untouched());
}

static void without_memory_nothing_is_made(void **state) {
  (void)state;
  test_allocator allocator;
  const mr_type *type = untouched();
  test_allocator_init(&allocator);
  /* Each struct: the list of its members, and the type. */
  assert_int_equal(test_sweep(&allocator, make_nested, out_is_untouched, &type), 4);
  mr_type_release(type);
  type = untouched();
  assert_int_equal(test_sweep(&allocator, make_named_scalar, out_is_untouched, &type), 1);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scalars_of_all_kinds_are_known),
      cmocka_unit_test(libffis_int_is_an_int),
      cmocka_unit_test(void_by_itself_is_a_type),
      cmocka_unit_test(a_scalar_may_be_given_a_name),
      cmocka_unit_test(members_get_offsets_and_names),
      cmocka_unit_test(the_descriptor_is_only_read),
      cmocka_unit_test(names_go_depth_first),
      cmocka_unit_test(a_null_name_gives_the_inner_ones_to_the_outer),
      cmocka_unit_test(an_empty_struct_is_a_type),
      cmocka_unit_test(what_is_no_descriptor_is_refused),
      cmocka_unit_test(a_void_member_is_refused),
      cmocka_unit_test(a_name_that_comes_twice_is_refused_where_it_stands),
      cmocka_unit_test(a_descriptor_in_itself_is_refused),
      cmocka_unit_test(descriptors_nest_64_deep_and_no_deeper),
      cmocka_unit_test(a_descriptor_that_unfolds_without_end_is_refused),
      cmocka_unit_test(without_memory_nothing_is_made),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

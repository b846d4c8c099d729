#include "built_type.h"

#include <memregions/declarations.h>

#include "support.h"

static const mr_type *build(bool is_union, const mr_member_spec *members) {
  const mr_type *type = NULL;
  mr_condition condition = {0};
  size_t count = 0;
  while (members[count].type) count++;
  mr_status status = (is_union ? mr_type_build_union : mr_type_build_struct)(
      NULL, NULL, members, count, NULL, &type, &condition);
  if (status != MR_OK) fail_msg("%s", condition.message);
  for (size_t i = 0; i < count; i++) mr_type_release(members[i].type);
  return type;
}

const mr_type *built_struct(const mr_member_spec *members) { return build(false, members); }

const mr_type *built_union(const mr_member_spec *members) { return build(true, members); }

const mr_type *built_array(const mr_type *element, size_t count) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_array(NULL, element, count, &type), MR_OK);
  mr_type_release(element);
  return type;
}

const mr_type *built_flexible_array(const mr_type *element) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_flexible_array(NULL, element, &type), MR_OK);
  mr_type_release(element);
  return type;
}

const mr_type *built_pointer(mr_target target, const mr_type *pointee) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_pointer(NULL, target, pointee, &type), MR_OK);
  mr_type_release(pointee);
  return type;
}

static const mr_type *build_enum(const char *name, mr_kind kind, const mr_enumerator *enumerators,
                                 size_t count) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_enum(NULL, name, native(kind), enumerators, count, &type, NULL),
                   MR_OK);
  return type;
}

const mr_type *built_colors(mr_kind kind) {
  static const mr_enumerator colors[] = {{"RED", 0}, {"GREEN", 1}, {"BLUE", 5}, {"DARK", -1}};
  bool is_signed = (kind - MR_KIND_I8) % 2 == 0;
  return build_enum("color", kind, colors, is_signed ? 4 : 3);
}

const mr_type *built_paints(void) {
  static const mr_enumerator paints[] = {{"BLUE", 2}, {"RED", 9}};
  return build_enum("paint", MR_KIND_U16, paints, 2);
}

const mr_type *plain_char(void) {
  mr_declarations *declarations = NULL;
  const mr_type *type = NULL;
  assert_int_equal(mr_declarations_create(NULL, NULL, &declarations), MR_OK);
  assert_int_equal(mr_declarations_find(declarations, "char", &type, NULL), MR_OK);
  mr_declarations_destroy(declarations);
  return type;
}

const mr_type *native(mr_kind kind) { return mr_scalar_type(kind, MR_NATIVE_ORDER); }

const mr_type *swapped(mr_kind kind) {
  bool is_big = mr_byte_order_is_swapped(MR_BIG_ENDIAN);
  return mr_scalar_type(kind, is_big ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN);
}

mr_object object_over(mr_region memory, const mr_type *type) {
  mr_object object = {0};
  assert_int_equal(mr_object_of_region(memory, type, &object), MR_OK);
  return object;
}

int64_t number_at(mr_object object, const char *path) {
  mr_value value;
  int64_t number = 0;
  if (mr_object_get(object, path, &value) != MR_OK) fail_msg("nothing at %s", path);
  assert_int_equal(mr_value_to_i64(value, &number), MR_OK);
  return number;
}

void set_number(mr_object object, const char *path, int64_t number) {
  if (mr_object_set(object, path, mr_value_of_i64(number)) != MR_OK) fail_msg("no %s", path);
}

void assert_printed(print_function *print, const mr_print_options *options, const mr_type *type,
                    mr_view octets, const char *expected) {
  char buffer[512];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  mr_object object = {0};
  assert_int_equal(mr_object_of_view(octets, type, &object), MR_OK);
  assert_int_equal(print(object, options, mr_text_write, &text), MR_OK);
  assert_string_equal(buffer, expected);
  mr_type_release(type);
}

#ifndef MEMREGIONS_TESTS_DECLARE_SUPPORT_H
#define MEMREGIONS_TESTS_DECLARE_SUPPORT_H

/* Types to print, and what is asserted of their texts. What takes a type releases it, but for writes_as and refuses. */

#include <memregions/text.h>
#include <memregions/type.h>

#include "described_type.h"
#include "support.h"
#include "type.h"

enum { TEXT_SIZE = 4096 };

static inline const mr_type *native(mr_kind kind) { return mr_scalar_type(kind, MR_NATIVE_ORDER); }

static inline const mr_type *int32(void) { return native(MR_KIND_I32); }

/* A scalar with the name that a reader gives it. */
static inline mr_type scalar(const char *name, mr_kind kind) {
  mr_type type = *native(kind);
  type.name = name;
  return type;
}

/* The order that is not this machine's. */
static inline mr_byte_order other_order(void) {
  return mr_byte_order_is_swapped(MR_BIG_ENDIAN) ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN;
}

static inline void writes_as(const mr_type *type, const char *name, const char *expected) {
  char buffer[TEXT_SIZE];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_type_print(type, name, mr_text_write, &text), MR_OK);
  assert_string_equal(buffer, expected);
}

static inline void writes(const mr_type *type, const char *name, const char *expected) {
  writes_as(type, name, expected);
  mr_type_release(type);
}

static inline void refuses(const mr_type *type, const char *name) {
  char buffer[TEXT_SIZE];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_type_print(type, name, mr_text_write, &text), MR_UNSUPPORTED);
  assert_int_equal(text.length, 0);
}

static inline void refuses_described(const char *description) {
  const mr_type *type = described_type(NULL, description);
  refuses(type, "it");
  mr_type_release(type);
}

static inline void writes_described(const char *description, const char *expected) {
  writes(described_type(NULL, description), "it", expected);
}

static inline const mr_type *aggregate(mr_kind kind, const char *tag, const mr_member_spec *members,
                                       size_t count) {
  const mr_type *type;
  assert_int_equal((kind == MR_KIND_UNION ? mr_type_build_union : mr_type_build_struct)(
                       NULL, tag, members, count, NULL, &type, NULL),
                   MR_OK);
  return type;
}

/* A struct with one member. */
static inline const mr_type *structure(const char *tag, const char *member, const mr_type *type) {
  mr_member_spec spec = {.name = member, .type = type};
  const mr_type *built = aggregate(MR_KIND_STRUCT, tag, &spec, 1);
  mr_type_release(type);
  return built;
}

static inline const mr_type *pointer(const mr_type *pointee) {
  const mr_type *type;
  assert_int_equal(mr_type_build_pointer(NULL, MR_TARGET_NATIVE, pointee, &type), MR_OK);
  mr_type_release(pointee);
  return type;
}

static inline const mr_type *array(const mr_type *element, size_t count) {
  const mr_type *type;
  assert_int_equal(mr_type_build_array(NULL, element, count, &type), MR_OK);
  mr_type_release(element);
  return type;
}

static inline const mr_type *realigned(const mr_type *like, size_t alignment) {
  const mr_type *type;
  assert_int_equal(mr_type_realign(NULL, like, alignment, &type), MR_OK);
  mr_type_release(like);
  return type;
}

static inline const mr_type *enumeration(const char *tag, mr_kind kind, const mr_enumerator *names,
                                         size_t count) {
  const mr_type *type;
  assert_int_equal(mr_type_build_enum(NULL, tag, native(kind), names, count, &type, NULL), MR_OK);
  return type;
}

#endif

#ifndef MEMREGIONS_TESTS_DECLARATIONS_SUPPORT_H
#define MEMREGIONS_TESTS_DECLARATIONS_SUPPORT_H

/* What the tests of the reader of C declarations share. */

#include <memregions/declarations.h>
#include <stdio.h>
#include <string.h>

#include "support.h"

/** Writes `more` with its zero into `text`, which has room for `capacity` octets. */
static inline void put_at(char *text, size_t capacity, size_t at, const char *more) {
  size_t size = strlen(more) + 1;
  assert_true(at <= capacity && size <= capacity - at);
  memcpy(text + at, more, size);
}

static inline void append(char *text, size_t capacity, const char *more) {
  put_at(text, capacity, strlen(text), more);
}

/** What reading a text answers, on a machine of `target`. */
static inline mr_status read_for(mr_target target, const char *text, mr_condition *condition) {
  mr_declarations_options options = {.target = target};
  mr_declarations *declarations;
  *condition = (mr_condition){.status = MR_OK};
  assert_int_equal(mr_declarations_create(NULL, &options, &declarations), MR_OK);
  mr_status status = mr_declarations_read(declarations, mr_view_of(text, strlen(text)), condition);
  mr_declarations_destroy(declarations);
  return status;
}

/** A text that x86-64 takes. */
static inline void takes(const char *text) {
  mr_condition condition;
  mr_status status = read_for(MR_TARGET_X86_64, text, &condition);
  if (status != MR_OK) print_error("%s: %s\n", text, condition.message);
  assert_int_equal(status, MR_OK);
}

/** A text that x86-64 refuses: why, and where. */
static inline void refuses(const char *text, mr_status expected, unsigned line, unsigned column,
                           const char *message) {
  mr_condition condition;
  mr_status status = read_for(MR_TARGET_X86_64, text, &condition);
  if (status != expected || condition.line != line || condition.column != column) {
    print_error("%s: %u:%u: %s\n", text, (unsigned)condition.line, (unsigned)condition.column,
                condition.message);
  }
  assert_int_equal(status, expected);
  assert_int_equal(condition.status, expected);
  assert_string_equal(condition.message, message);
  assert_int_equal(condition.line, line);
  assert_int_equal(condition.column, column);
}

/** Declarations of a text that must be right; the caller destroys them. */
static inline mr_declarations *declared_for(mr_target target, const char *text) {
  mr_declarations_options options = {.target = target};
  mr_declarations *declarations;
  mr_condition condition = {.status = MR_OK};
  assert_int_equal(mr_declarations_create(NULL, &options, &declarations), MR_OK);
  mr_status status = mr_declarations_read(declarations, mr_view_of(text, strlen(text)), &condition);
  if (status != MR_OK) print_error("%s: %s\n", text, condition.message);
  assert_int_equal(status, MR_OK);
  return declarations;
}

/** A type that there must be; the caller releases it. */
static inline const mr_type *found(mr_declarations *declarations, const char *name) {
  const mr_type *type = NULL;
  mr_condition condition = {.status = MR_OK};
  mr_status status = mr_declarations_find(declarations, name, &type, &condition);
  if (status != MR_OK) print_error("%s: %s\n", name, condition.message);
  assert_int_equal(status, MR_OK);
  return type;
}

/** One type of a text; the caller releases it. */
static inline const mr_type *type_for(mr_target target, const char *text, const char *name) {
  mr_declarations *declarations = declared_for(target, text);
  const mr_type *type = found(declarations, name);
  mr_declarations_destroy(declarations);
  return type;
}

static inline const mr_type *type_of(const char *text, const char *name) {
  return type_for(MR_TARGET_X86_64, text, name);
}

/** Size and alignment of a type in a text. */
static inline void is_laid_out_for(mr_target target, const char *text, const char *name,
                                   size_t size, size_t alignment) {
  const mr_type *type = type_for(target, text, name);
  assert_int_equal(mr_type_size(type), size);
  assert_int_equal(mr_type_alignment(type), alignment);
  mr_type_release(type);
}

static inline void is_laid_out(const char *text, const char *name, size_t size, size_t alignment) {
  is_laid_out_for(MR_TARGET_X86_64, text, name, size, alignment);
}

/** The offset of what is at a path in a type. */
static inline size_t offset_in(const mr_type *type, const char *path) {
  mr_member member;
  assert_int_equal(mr_type_find(type, path, &member, NULL), MR_OK);
  return member.offset;
}

/** The value of an enumerator that an expression gives. */
static inline int64_t worth_for(mr_target target, const char *expression) {
  char text[512];
  mr_enumerator enumerator;
  snprintf(text, sizeof text, "enum worth { WORTH = %s };", expression);
  const mr_type *type = type_for(target, text, "enum worth");
  assert_int_equal(mr_type_enumerator(type, 0, &enumerator), MR_OK);
  mr_type_release(type);
  return enumerator.value;
}

static inline int64_t worth(const char *expression) {
  return worth_for(MR_TARGET_X86_64, expression);
}

#endif

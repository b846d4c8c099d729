#ifndef MEMREGIONS_TESTS_DECLARED_TYPE_H
#define MEMREGIONS_TESTS_DECLARED_TYPE_H

/*
 * Types from C text. What can't be read fails the running test.
 */

#include <memregions/declarations.h>
#include <string.h>

#include "support.h"

/** The type that `text` calls t: the caller's reference, which is all that is left of the declarations. */
static inline const mr_type *declared_type(mr_allocator *allocator, mr_target target,
                                           const char *text) {
  mr_declarations *declarations;
  mr_declarations_options options = {.target = target};
  mr_condition why = {.status = MR_OK};
  mr_view view = {text, strlen(text)};
  const mr_type *type;
  assert_int_equal(mr_declarations_create(allocator, &options, &declarations), MR_OK);
  if (mr_declarations_read(declarations, view, &why) != MR_OK)
    fail_msg("%s: %s", text, why.message);
  assert_int_equal(mr_declarations_find(declarations, "t", &type, NULL), MR_OK);
  mr_declarations_destroy(declarations);
  return type;
}

#endif

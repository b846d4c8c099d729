#include "names.h"
#include "slot.h"

/* A path on its way: what is at the octets before `at` has been found. */
typedef struct mr_walk {
  const char *path;
  const char *at;
  const mr_type *type;
  size_t offset;
} mr_walk;

/* Takes the walk by value, so that it can stay in registers. */
static MR_COLD mr_status fail(mr_walk walk, mr_status status, const char *what,
                              mr_condition *condition) {
  mr_condition_set(condition, status, "%s", what);
  if (condition) {
    condition->line = 1;
    condition->column = (uint32_t)(walk.at - walk.path) + 1;
  }
  return status;
}

/* From the point, unless the path starts here. */
static mr_status step_to_name(mr_walk *walk, mr_condition *condition) {
  if (walk->at != walk->path) {
    if (*walk->at != '.')
      return fail(*walk, MR_SYNTAX_ERROR, ". or [ should stand here", condition);
    walk->at++;
  }
  size_t length;
  const mr_name *name = mr_names_find(&walk->type->names, walk->at, &length);
  if (!name) {
    if (length == 0) return fail(*walk, MR_SYNTAX_ERROR, "a name should stand here", condition);
    bool has_members = mr_kind_has_members((mr_kind)walk->type->kind);
    return has_members ? fail(*walk, MR_NO_SUCH_SLOT, "no such name", condition)
                       : fail(*walk, MR_TYPE_MISMATCH, "there are no members here", condition);
  }
  walk->type = name->type;
  walk->offset += name->offset;
  walk->at += length;
  return MR_OK;
}

static bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/* What is too large stays SIZE_MAX, which is past the end of every array. */
static const char *read_index(const char *text, size_t *out) {
  size_t index = 0;
  for (; is_digit(*text); text++) {
    size_t digit = (size_t)(*text - '0');
    index = index <= (SIZE_MAX - digit) / 10 ? index * 10 + digit : SIZE_MAX;
  }
  *out = index;
  return text;
}

/* From the bracket. */
static mr_status step_to_index(mr_walk *walk, mr_condition *condition) {
  const char *digits = walk->at + 1;
  size_t index;
  const char *end = read_index(digits, &index);
  if (end == digits || *end != ']') {
    walk->at = end;
    return end == digits ? fail(*walk, MR_SYNTAX_ERROR, "an index should stand here", condition)
                         : fail(*walk, MR_SYNTAX_ERROR, "] should stand here", condition);
  }
  if (walk->type->kind != MR_KIND_ARRAY) {
    return fail(*walk, MR_TYPE_MISMATCH, "there is no array here", condition);
  }
  if (index >= walk->type->count) {
    walk->at = digits;
    return fail(*walk, MR_OUT_OF_BOUNDS, "the index is past the array's end", condition);
  }
  walk->offset += index * walk->type->element->size;
  walk->type = walk->type->element;
  walk->at = end + 1;
  return MR_OK;
}

mr_status mr_slot_find(const mr_type *type, const char *path, mr_slot *out,
                       mr_condition *condition) {
  if (!path) return mr_condition_set(condition, MR_SYNTAX_ERROR, "no path");
  mr_walk walk = {path, path, type, 0};
  if (!type || type->kind == MR_KIND_VOID) {
    return fail(walk, MR_TYPE_MISMATCH, "void has no slots", condition);
  }
  while (*walk.at) {
    mr_status status =
        *walk.at == '[' ? step_to_index(&walk, condition) : step_to_name(&walk, condition);
    if (status != MR_OK) return status;
  }
  if (walk.offset > MR_SLOT_OFFSET_MAX) {
    return fail(walk, MR_OVERFLOW, "offset above MR_SLOT_OFFSET_MAX", condition);
  }
  *out = mr_slot_at(walk.type, walk.offset);
  return MR_OK;
}

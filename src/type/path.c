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
static MR_COLD void set_place(mr_walk walk, mr_condition *condition) {
  if (!condition) return;
  condition->line = 1;
  condition->column = (uint32_t)(walk.at - walk.path) + 1;
}

static MR_COLD mr_status fail(mr_walk walk, mr_status status, const char *what,
                              mr_condition *condition) {
  mr_condition_set(condition, status, "%s", what);
  set_place(walk, condition);
  return status;
}

static MR_COLD mr_status refuse_name(mr_walk walk, size_t length, mr_condition *condition) {
  const char *type = walk.type->name ? walk.type->name : "its type";
  int shown = length < 60 ? (int)length : 60;
  mr_condition_set(condition, MR_NO_SUCH_SLOT, "%s has no member %.*s", type, shown, walk.at);
  set_place(walk, condition);
  return MR_NO_SUCH_SLOT;
}

/* From the point, unless the path starts here. */
static mr_status step_to_name(mr_walk *walk, mr_condition *condition) {
  if (walk->at != walk->path) {
    if (*walk->at != '.')
      return fail(*walk, MR_SYNTAX_ERROR, ". or [ should stand here", condition);
    walk->at++;
  }
  uint64_t key;
  size_t length = mr_name_scan(walk->at, &key);
  if (length == 0) return fail(*walk, MR_SYNTAX_ERROR, "a name should stand here", condition);
  const mr_name *name = mr_names_find(&walk->type->names, walk->at, length, key);
  if (!name) {
    return mr_kind_has_members((mr_kind)walk->type->kind)
               ? refuse_name(*walk, length, condition)
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

static MR_COLD mr_status walk_path(const mr_type *type, const char *path, mr_slot *out,
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

/* Paths of names alone are what is looked up while programs run. These take a short cut, which leaves all else, and
 * whatever is wrong, to the walk. */
mr_status mr_slot_find(const mr_type *type, const char *path, mr_slot *out,
                       mr_condition *condition) {
  const mr_type *at = type;
  const char *text = path;
  size_t offset = 0;
  if (!type || !path) return walk_path(type, path, out, condition);
  for (;; text++) {
    uint64_t key = 0;
    size_t length = mr_name_scan(text, &key);
    const mr_name *name = mr_names_find(&at->names, text, length, key);
    if (!name) return walk_path(type, path, out, condition);
    at = name->type;
    offset += name->offset;
    text += length;
    if (*text != '.') break;
  }
  if (*text || offset > MR_SLOT_OFFSET_MAX) return walk_path(type, path, out, condition);
  *out = mr_slot_at(at, offset);
  return MR_OK;
}

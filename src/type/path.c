#include <string.h>

#include "names.h"
#include "slot.h"

/* A path on its way: what is at the octets before `at` has been found. */
typedef struct mr_walk {
  const char *path;
  const char *at;
  const mr_type *type;
  size_t offset;
  /** The last name's, below an offset. */
  uint32_t access;
  size_t alignment;
  /** The last name; null after an index. */
  const char *name;
  /** Of a slice, once there was one; elements may have no size. */
  bool has_slice;
  size_t count;
  size_t stride;
  size_t start;
} mr_walk;

static mr_walk walk_of(const mr_type *type, const char *path) {
  return (mr_walk){.path = path,
                   .at = path,
                   .type = type,
                   .access = type ? mr_type_access(type, 0, 0) : 0,
                   .alignment = type ? type->alignment : 1,
                   .count = 1};
}

static MR_COLD mr_status fail(const mr_walk *walk, mr_status status, const char *what,
                              mr_condition *condition) {
  mr_condition_set(condition, status, "%s", what);
  if (condition) {
    condition->line = 1;
    condition->column = (uint32_t)(walk->at - walk->path) + 1;
  }
  return status;
}

static MR_COLD mr_status refuse_name(const mr_walk *walk, size_t length, mr_condition *condition) {
  const char *type = walk->type->name ? walk->type->name : "its type";
  int shown = length < 60 ? (int)length : 60;
  mr_condition why = {0};
  mr_condition_set(&why, MR_NO_SUCH_SLOT, "%s has no member %.*s", type, shown, walk->at);
  return fail(walk, MR_NO_SUCH_SLOT, why.message, condition);
}

static mr_status add_offset(mr_walk *walk, size_t offset, mr_condition *condition) {
  if (offset > PTRDIFF_MAX - walk->offset) {
    return fail(walk, MR_OVERFLOW, "offset above PTRDIFF_MAX", condition);
  }
  walk->offset += offset;
  return MR_OK;
}

/* From the point, unless the path starts here. */
static mr_status step_to_name(mr_walk *walk, mr_condition *condition) {
  if (walk->at != walk->path) {
    if (*walk->at != '.') return fail(walk, MR_SYNTAX_ERROR, ". or [ should stand here", condition);
    walk->at++;
  }
  uint64_t key;
  size_t length = mr_name_scan(walk->at, &key);
  if (length == 0) return fail(walk, MR_SYNTAX_ERROR, "a name should stand here", condition);
  const mr_name *name = mr_names_find(&walk->type->names, walk->at, length, key);
  if (!name) {
    return mr_kind_has_members((mr_kind)walk->type->kind)
               ? refuse_name(walk, length, condition)
               : fail(walk, MR_TYPE_MISMATCH, "there are no members here", condition);
  }
  walk->at += length;
  walk->type = name->type;
  walk->access = name->access & MR_SLOT_LOW_MASK;
  walk->alignment = mr_name_alignment(name);
  walk->name = name->text;
  return add_offset(walk, name->offset, condition);
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

/* What stands between brackets. */
typedef struct mr_index {
  size_t start;
  size_t end;
  bool is_slice;
  bool has_end;
} mr_index;

/* From the bracket. */
static mr_status read_brackets(mr_walk *walk, mr_index *out, mr_condition *condition) {
  mr_index index = {0, 0, false, false};
  const char *digits = ++walk->at;
  walk->at = read_index(digits, &index.start);
  if (*walk->at == ':') {
    index.is_slice = true;
    digits = ++walk->at;
    walk->at = read_index(digits, &index.end);
    index.has_end = walk->at != digits;
  } else if (walk->at == digits) {
    return fail(walk, MR_SYNTAX_ERROR, "an index should stand here", condition);
  }
  if (*walk->at != ']') return fail(walk, MR_SYNTAX_ERROR, "] should stand here", condition);
  walk->at++;
  *out = index;
  return MR_OK;
}

static mr_status take_slice(mr_walk *walk, mr_index index, mr_condition *condition) {
  const mr_type *array = walk->type;
  if (walk->has_slice) return fail(walk, MR_UNSUPPORTED, "a path has one slice", condition);
  if (!index.has_end) index.end = array->is_flexible ? index.start : array->count;
  if (index.start > index.end || (index.end > array->count && !array->is_flexible)) {
    return fail(walk, MR_OUT_OF_BOUNDS, "the slice does not lie in the array", condition);
  }
  size_t size = array->element->size;
  if (size > 0 && index.end > PTRDIFF_MAX / size) {
    return fail(walk, MR_OVERFLOW, "offset above PTRDIFF_MAX", condition);
  }
  bool is_open = array->is_flexible && !index.has_end;
  walk->has_slice = true;
  walk->count = is_open ? MR_TO_END : index.end - index.start;
  walk->stride = size;
  return MR_OK;
}

static mr_status step_to_index(mr_walk *walk, bool can_slice, mr_condition *condition) {
  const mr_type *array = walk->type;
  mr_walk from = *walk;
  mr_index index = {0, 0, false, false};
  mr_status status = read_brackets(walk, &index, condition);
  if (status != MR_OK) return status;
  if (array->kind == MR_KIND_POINTER) {
    return fail(&from, MR_UNSUPPORTED, "nothing is known of the memory behind a pointer",
                condition);
  }
  if (array->kind != MR_KIND_ARRAY) {
    return fail(&from, MR_TYPE_MISMATCH, "there is no array here", condition);
  }
  from.at++;
  if (index.is_slice) {
    if (!can_slice) return fail(&from, MR_UNSUPPORTED, "a slice is no slot", condition);
    status = take_slice(walk, index, condition);
    if (status != MR_OK) return status;
  } else if (index.start >= array->count && !array->is_flexible) {
    return fail(&from, MR_OUT_OF_BOUNDS, "the index is past the array's end", condition);
  }
  size_t size = array->element->size;
  if (size > 0 && index.start > PTRDIFF_MAX / size) {
    return fail(&from, MR_OVERFLOW, "offset above PTRDIFF_MAX", condition);
  }
  walk->type = array->element;
  walk->access = mr_type_access(walk->type, 0, 0);
  walk->alignment = walk->type->alignment;
  walk->name = NULL;
  status = add_offset(walk, index.start * size, condition);
  if (index.is_slice) walk->start = walk->offset;
  return status;
}

static bool is_arrow(const char *text) { return text[0] == '-' && text[1] == '>'; }

/* Whether the path goes on behind a pointer. */
static bool goes_on_behind(const mr_walk *walk) {
  return walk->type->kind == MR_KIND_POINTER && (is_arrow(walk->at) || *walk->at == '[');
}

static mr_status step(mr_walk *walk, bool can_slice, mr_condition *condition) {
  if (*walk->at == '[') return step_to_index(walk, can_slice, condition);
  if (is_arrow(walk->at)) {
    return walk->type->kind == MR_KIND_POINTER
               ? fail(walk, MR_UNSUPPORTED, "nothing is known of the memory behind a pointer",
                      condition)
               : fail(walk, MR_TYPE_MISMATCH, "there is no pointer here", condition);
  }
  return step_to_name(walk, condition);
}

/* @param stops_at_pointers  whether a path that goes on behind a pointer is followed up to there */
static mr_status walk_path(mr_walk *walk, bool can_slice, bool stops_at_pointers,
                           mr_condition *condition) {
  if (!walk->path) return mr_condition_set(condition, MR_SYNTAX_ERROR, "no path");
  if (!mr_type_is_data(walk->type)) {
    return fail(walk, MR_TYPE_MISMATCH, "void, functions and incomplete types have no slots",
                condition);
  }
  while (*walk->at) {
    if (stops_at_pointers && goes_on_behind(walk)) break;
    mr_status status = step(walk, can_slice, condition);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

static mr_status slot_of_walk(const mr_walk *walk, mr_slot *out, mr_condition *condition) {
  if (walk->offset > MR_SLOT_OFFSET_MAX) {
    return fail(walk, MR_OVERFLOW, "offset above MR_SLOT_OFFSET_MAX", condition);
  }
  *out = (mr_slot){walk->type, (uint64_t)walk->offset << MR_SLOT_SHIFT | walk->access};
  return MR_OK;
}

static MR_COLD mr_status find_by_walk(const mr_type *type, const char *path, mr_slot *out,
                                      mr_condition *condition) {
  mr_walk walk = walk_of(type, path);
  mr_status status = walk_path(&walk, false, false, condition);
  return status == MR_OK ? slot_of_walk(&walk, out, condition) : status;
}

/* Paths of names alone are what is looked up while programs run. These take a short cut, which leaves all else, and
 * whatever is wrong, to the walk. */
mr_status mr_slot_find(const mr_type *type, const char *path, mr_slot *out,
                       mr_condition *condition) {
  const mr_type *at = type;
  const char *text = path;
  const mr_name *name;
  size_t offset = 0;
  if (!type || !path) return find_by_walk(type, path, out, condition);
  for (;; text++) {
    uint64_t key;
    size_t length = mr_name_scan(text, &key);
    name = mr_names_find(&at->names, text, length, key);
    if (!name) return find_by_walk(type, path, out, condition);
    at = name->type;
    offset += name->offset;
    text += length;
    if (*text != '.') break;
  }
  if (*text || offset > MR_SLOT_OFFSET_MAX) return find_by_walk(type, path, out, condition);
  *out = (mr_slot){at, (uint64_t)offset << MR_SLOT_SHIFT | (name->access & MR_SLOT_LOW_MASK)};
  return MR_OK;
}

mr_status mr_slot_find_to_pointer(const mr_type *type, const char *path, mr_slot *out,
                                  const char **rest, mr_condition *condition) {
  mr_walk walk = walk_of(type, path);
  mr_status status = walk_path(&walk, false, true, condition);
  if (status == MR_OK) status = slot_of_walk(&walk, out, condition);
  if (status == MR_OK) *rest = walk.at;
  return status;
}

mr_status mr_slots_find(const mr_type *type, const char *path, mr_slots *out,
                        mr_condition *condition) {
  mr_slots slots;
  mr_walk walk = walk_of(type, path);
  mr_status status = walk_path(&walk, true, false, condition);
  if (status == MR_OK) status = slot_of_walk(&walk, &slots.first, condition);
  if (status != MR_OK) return status;
  slots.count = walk.count;
  slots.stride = walk.has_slice ? walk.stride : walk.type->size;
  slots.start = walk.has_slice ? walk.start : walk.offset;
  *out = slots;
  return MR_OK;
}

mr_status mr_slots_get(mr_slots slots, size_t index, mr_slot *out) {
  if (index >= slots.count) return MR_OUT_OF_BOUNDS;
  /* A slice's end was checked; its offset, which is below it, fits a slot where the end does. */
  uint64_t room = MR_SLOT_OFFSET_MAX - mr_slot_offset(slots.first);
  if (slots.stride > 0 && index > room / slots.stride) return MR_OUT_OF_BOUNDS;
  slots.first.where += (uint64_t)index * slots.stride << MR_SLOT_SHIFT;
  *out = slots.first;
  return MR_OK;
}

mr_status mr_type_find(const mr_type *type, const char *path, mr_member *out,
                       mr_condition *condition) {
  mr_slot slot = {NULL, 0};
  mr_walk walk = walk_of(type, path);
  mr_status status = walk_path(&walk, false, false, condition);
  if (status == MR_OK) status = slot_of_walk(&walk, &slot, condition);
  if (status != MR_OK) return status;
  *out = (mr_member){.name = walk.name,
                     .type = walk.type,
                     .offset = walk.offset,
                     .alignment = walk.alignment,
                     .bit_offset = (uint8_t)mr_slot_bit_offset(slot),
                     .bit_width = (uint8_t)mr_slot_bit_width(slot),
                     .is_bit_field = mr_slot_bit_width(slot) > 0};
  return MR_OK;
}

#include "memregions/object_link.h"

#include <assert.h>
#include <string.h>

#include "part.h"

/* A path on its way: what is at the octets before `at` has been found. */
typedef struct reach {
  const char *path;
  const char *at;
  const mr_link *links;
  size_t count;
  mr_object object;
  mr_slot slot;
  mr_condition *condition;
} reach;

static mr_status fail(const reach *walk, const char *at, mr_status status, const char *what) {
  mr_condition_set(walk->condition, status, "%s", what);
  if (walk->condition) {
    walk->condition->line = 1;
    walk->condition->column = (uint32_t)(at - walk->path) + 1;
  }
  return status;
}

/* The slot in the object that was reached, up to the next pointer that the path leads through. */
static mr_status find_slot(reach *walk) {
  const char *rest;
  mr_status status =
      mr_slot_find_to_pointer(walk->object.type, walk->at, &walk->slot, &rest, walk->condition);
  if (status != MR_OK && walk->condition && walk->path) {
    walk->condition->column += (uint32_t)(walk->at - walk->path);
  }
  if (status == MR_OK) walk->at = rest;
  return status;
}

static mr_status read_pointer(const reach *walk, uint64_t *address) {
  mr_view octets;
  mr_status status = mr_slot_view(mr_object_view(walk->object), walk->slot, &octets);
  if (status != MR_OK) return fail(walk, walk->at, status, "the pointer lies outside");
  *address = mr_address_in(octets, walk->slot.type);
  return MR_OK;
}

/* The memory of a link from an address on. */
static mr_status follow(const reach *walk, uint64_t address, mr_view *out, uint32_t *flags) {
  for (size_t i = 0; i < walk->count; i++) {
    mr_link link = walk->links[i];
    mr_view memory;
    mr_region region;
    mr_status status = mr_to_view(link.source, &memory);
    if (status != MR_OK) return fail(walk, walk->at, status, "a link's source does not lend");
    if (address < link.address || address - link.address >= memory.size) continue;
    *flags = mr_to_region(link.source, &region) == MR_OK ? 0 : MR_OBJECT_READ_ONLY;
    return mr_subview(memory, mr_range_from((size_t)(address - link.address)), out);
  }
  return fail(walk, walk->at, MR_FAULT, "the pointer leads into no link");
}

/* `element` of what `address` points to becomes the object. */
static mr_status enter(reach *walk, uint64_t address, const char *at, size_t element) {
  const mr_type *type = mr_type_element(walk->slot.type);
  mr_view memory = {NULL, 0};
  mr_object reached = {0};
  uint32_t flags = 0;
  if (!mr_type_is_complete(type)) {
    return fail(walk, walk->at, MR_TYPE_MISMATCH, "nothing is known of what this points to");
  }
  mr_status status = follow(walk, address, &memory, &flags);
  if (status != MR_OK) return status;
  size_t size = mr_type_size(type);
  if (size > memory.size || (size > 0 && element > (memory.size - size) / size)) {
    return fail(walk, at, MR_OUT_OF_BOUNDS, "what this points to does not lie in the link");
  }
  mr_ignore(mr_subview(memory, mr_range_from(element * size), &memory));
  status = mr_object_of_view(memory, type, &reached);
  if (status != MR_OK) return fail(walk, at, status, "what this points to is misaligned");
  reached.flags = flags;
  walk->object = reached;
  return MR_OK;
}

/* A name has to follow: else the rest would be taken for a path from the start. */
static mr_status require_name(reach *walk) {
  if (*walk->at && !strchr("[-.", *walk->at)) return MR_OK;
  return fail(walk, walk->at, MR_SYNTAX_ERROR, "a name should stand here");
}

/* What is too large stays SIZE_MAX, which is past every end. */
static const char *read_index(const char *text, size_t *out) {
  size_t index = 0;
  for (; *text >= '0' && *text <= '9'; text++) {
    size_t digit = (size_t)(*text - '0');
    index = index <= (SIZE_MAX - digit) / 10 ? index * 10 + digit : SIZE_MAX;
  }
  *out = index;
  return text;
}

/* From the bracket. */
static mr_status enter_by_index(reach *walk, uint64_t address) {
  size_t element;
  const char *digits = walk->at + 1;
  const char *end = read_index(digits, &element);
  if (*end == ':') return fail(walk, digits, MR_UNSUPPORTED, "a slice is no slot");
  if (end == digits) return fail(walk, digits, MR_SYNTAX_ERROR, "an index should stand here");
  if (*end != ']') return fail(walk, end, MR_SYNTAX_ERROR, "] should stand here");
  mr_status status = enter(walk, address, digits, element);
  if (status != MR_OK) return status;
  walk->at = end + 1;
  if (*walk->at && !strchr(".[-", *walk->at)) {
    return fail(walk, walk->at, MR_SYNTAX_ERROR, ". or [ should stand here");
  }
  if (*walk->at != '.') return MR_OK;
  walk->at++;
  return require_name(walk);
}

/* From the arrow. */
static mr_status enter_by_arrow(reach *walk, uint64_t address) {
  mr_status status = enter(walk, address, walk->at, 0);
  if (status != MR_OK) return status;
  walk->at += 2;
  return require_name(walk);
}

mr_status mr_object_reach(mr_object object, const char *path, const mr_link *links, size_t count,
                          mr_object *reached, mr_slot *slot, mr_condition *condition) {
  assert(mr_object_is_sound(object));
  reach walk = {path, path, links, links ? count : 0, object, {NULL, 0}, condition};
  mr_status status = find_slot(&walk);
  while (status == MR_OK && *walk.at) {
    uint64_t address = 0;
    status = read_pointer(&walk, &address);
    if (status == MR_OK) {
      status = *walk.at == '[' ? enter_by_index(&walk, address) : enter_by_arrow(&walk, address);
    }
    if (status == MR_OK) status = find_slot(&walk);
  }
  if (status != MR_OK) return status;
  *reached = walk.object;
  *slot = walk.slot;
  return MR_OK;
}

mr_status mr_object_get_linked(mr_object object, const char *path, const mr_link *links,
                               size_t count, mr_value *out, mr_condition *condition) {
  mr_object reached;
  mr_slot slot;
  mr_status status = mr_object_reach(object, path, links, count, &reached, &slot, condition);
  if (status != MR_OK) return status;
  status = mr_object_get_slot(reached, slot, out);
  return status == MR_OK ? MR_OK : mr_condition_set(condition, status, NULL);
}

mr_status mr_object_set_linked(mr_object object, const char *path, const mr_link *links,
                               size_t count, mr_value value, mr_condition *condition) {
  mr_object reached;
  mr_slot slot;
  mr_status status = mr_object_reach(object, path, links, count, &reached, &slot, condition);
  if (status != MR_OK) return status;
  status = mr_object_set_slot(reached, slot, value);
  return status == MR_OK ? MR_OK : mr_condition_set(condition, status, NULL);
}

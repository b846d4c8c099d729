#include <assert.h>
#include <string.h>

#include "layout.h"
#include "names.h"
#include "type.h"

/* Blocks: their sizes saturate, so that mr_allocate refuses what can't be. */

static size_t add_sizes(size_t a, size_t b) { return a <= SIZE_MAX - b ? a + b : SIZE_MAX; }

static size_t multiply_sizes(size_t count, size_t size) {
  return count <= SIZE_MAX / size ? count * size : SIZE_MAX;
}

static size_t text_size(const char *name) { return name ? strlen(name) + 1 : 0; }

/* Copies a name to where the block's text goes on. */
static const char *put_text(char **text, const char *name) {
  size_t size = text_size(name);
  if (size == 0) return NULL;
  char *copy = memcpy(*text, name, size);
  *text += size;
  return copy;
}

static mr_status new_type(mr_allocator *allocator, size_t block_size, mr_type **out) {
  mr_region block;
  allocator = mr_resolve_allocator(allocator);
  mr_status status = mr_allocate_zeroed(allocator, block_size, &block);
  if (status != MR_OK) return status;
  mr_type *type = block.pointer;
  type->allocator = allocator;
  type->block_size = block.size;
  type->order = (uint8_t)mr_machine_order();
  atomic_init(&type->references, 1);
  atomic_init(&type->ffi, NULL);
  *out = type;
  return MR_OK;
}

static void drop_block(mr_type *type) {
  mr_region block = mr_region_of(type, type->block_size);
  mr_ignore(mr_deallocate(type->allocator, &block));
}

/* Structs and unions. */

/* What their block has to hold. */
typedef struct mr_needs {
  size_t names;
  size_t text;
  uint8_t depth;
} mr_needs;

/* Where they are written. */
typedef struct mr_parts {
  mr_member *members;
  char *text;
} mr_parts;

static bool is_named(const mr_member_spec *member) { return member->name && *member->name; }

/* Whether the names of its members count as the outer's. */
static bool is_transparent(const mr_member_spec *member) {
  return !is_named(member) && mr_kind_has_members(mr_type_kind(member->type));
}

/* What is wrong with a member, for people; null for nothing. */
static const char *flaw_of(const mr_member_spec *member) {
  if (mr_type_kind(member->type) == MR_KIND_VOID) return "is void";
  if (member->alignment && !mr_is_alignment(member->alignment)) {
    return "asks for an alignment that is no power of two up to PTRDIFF_MAX";
  }
  if (is_named(member)) {
    uint64_t key;
    if (member->name[mr_name_scan(member->name, &key)]) return "has a name that is no identifier";
  }
  if (member->type->depth >= MR_TYPE_DEPTH_MAX) return "nests too deep";
  return NULL;
}

static mr_status refuse_member(mr_condition *condition, mr_status status, size_t index,
                               const char *flaw) {
  mr_condition_set(condition, status, "member %zu %s", index, flaw);
  if (condition) condition->offset = index;
  return status;
}

static mr_status measure(const mr_member_spec *members, size_t count, mr_needs *needs,
                         mr_condition *condition) {
  for (size_t i = 0; i < count; i++) {
    const mr_member_spec *member = &members[i];
    const char *flaw = flaw_of(member);
    if (flaw) return refuse_member(condition, MR_INVALID_ARGUMENT, i, flaw);
    if (is_named(member)) {
      needs->names = add_sizes(needs->names, 1);
      needs->text = add_sizes(needs->text, text_size(member->name));
    } else if (is_transparent(member)) {
      needs->names = add_sizes(needs->names, member->type->names.count);
    }
    if (member->type->depth >= needs->depth) needs->depth = (uint8_t)(member->type->depth + 1);
  }
  return MR_OK;
}

static bool add_inner_names(mr_names *names, const mr_member *member) {
  const mr_names *inner = &member->type->names;
  for (size_t i = 0; i < inner->capacity; i++) {
    mr_name name = inner->table[i];
    if (!name.text) continue;
    name.offset += member->offset;
    if (!mr_names_add(names, name)) return false;
  }
  return true;
}

static bool add_names(mr_names *names, const mr_member *member) {
  if (!member->name) return add_inner_names(names, member);
  mr_name name = {.text = member->name, .type = member->type, .offset = member->offset};
  return mr_names_add(names, name);
}

static mr_status fill_members(mr_type *type, mr_layout *layout, const mr_member_spec *specs,
                              mr_parts *parts, mr_condition *condition) {
  for (size_t i = 0; i < type->count; i++) {
    mr_member *member = &parts->members[i];
    mr_status status = mr_layout_place(layout, &specs[i], member);
    if (status != MR_OK) return refuse_member(condition, status, i, "ends above PTRDIFF_MAX");
    member->type = specs[i].type;
    if (member->type->has_swapped) type->has_swapped = true;
    if (is_named(&specs[i])) member->name = put_text(&parts->text, specs[i].name);
    if (!add_names(&type->names, member)) {
      return refuse_member(condition, MR_INVALID_ARGUMENT, i, "has a name that comes twice");
    }
  }
  mr_status status = mr_layout_finish(layout);
  if (status != MR_OK) return mr_condition_set(condition, status, "larger than PTRDIFF_MAX");
  type->size = layout->size;
  type->alignment = layout->alignment;
  return MR_OK;
}

/* A block with all its parts in place, but nothing in them yet. */
static mr_status new_aggregate(mr_allocator *allocator, mr_kind kind, size_t count,
                               const mr_needs *needs, mr_type **out, mr_parts *parts) {
  size_t capacity = mr_names_capacity(needs->names);
  size_t members_at = sizeof(mr_type);
  size_t names_at = add_sizes(members_at, multiply_sizes(count, sizeof(mr_member)));
  size_t text_at = add_sizes(names_at, multiply_sizes(capacity, sizeof(mr_name)));
  mr_status status = new_type(allocator, add_sizes(text_at, needs->text), out);
  if (status != MR_OK) return status;

  mr_type *type = *out;
  unsigned char *block = (unsigned char *)type;
  parts->members = (mr_member *)(block + members_at);
  parts->text = (char *)(block + text_at);
  type->kind = (uint8_t)kind;
  type->depth = needs->depth;
  type->count = count;
  type->members = parts->members;
  type->names.table = (mr_name *)(block + names_at);
  type->names.capacity = capacity;
  return MR_OK;
}

/* What is wrong before any member is looked at; null for nothing. */
static const char *flaw_of_all(const mr_member_spec *specs, size_t count,
                               const mr_layout_options *options) {
  if (count > PTRDIFF_MAX / sizeof *specs || (count > 0 && !specs)) return "no such members";
  if (options->alignment && !mr_is_alignment(options->alignment)) {
    return "an alignment that is no power of two up to PTRDIFF_MAX";
  }
  if (options->pack && !mr_is_alignment(options->pack)) {
    return "a pack that is no power of two up to PTRDIFF_MAX";
  }
  return NULL;
}

static mr_status build(mr_allocator *allocator, mr_kind kind, const char *name,
                       const mr_member_spec *specs, size_t count, const mr_layout_options *options,
                       const mr_type **out, mr_condition *condition) {
  static const mr_layout_options plain = {0, 0, false};
  if (!options) options = &plain;
  const char *flaw = flaw_of_all(specs, count, options);
  if (flaw) return mr_condition_set(condition, MR_INVALID_ARGUMENT, "%s", flaw);
  mr_needs needs = {0, text_size(name), 1};
  mr_status status = measure(specs, count, &needs, condition);
  if (status != MR_OK) return status;

  mr_type *type;
  mr_parts parts;
  status = new_aggregate(allocator, kind, count, &needs, &type, &parts);
  if (status != MR_OK) return mr_condition_set(condition, status, NULL);
  type->name = put_text(&parts.text, name);
  mr_layout layout = mr_layout_of(*options, kind == MR_KIND_UNION);
  status = fill_members(type, &layout, specs, &parts, condition);
  if (status != MR_OK) {
    drop_block(type);
    return status;
  }
  for (size_t i = 0; i < count; i++) mr_type_acquire(type->members[i].type);
  assert(mr_type_is_sound(type));
  *out = type;
  return MR_OK;
}

mr_status mr_type_build_struct(mr_allocator *allocator, const char *name,
                               const mr_member_spec *members, size_t count,
                               const mr_layout_options *options, const mr_type **out,
                               mr_condition *condition) {
  return build(allocator, MR_KIND_STRUCT, name, members, count, options, out, condition);
}

mr_status mr_type_build_union(mr_allocator *allocator, const char *name,
                              const mr_member_spec *members, size_t count,
                              const mr_layout_options *options, const mr_type **out,
                              mr_condition *condition) {
  return build(allocator, MR_KIND_UNION, name, members, count, options, out, condition);
}

/* Arrays. */

mr_status mr_type_build_array(mr_allocator *allocator, const mr_type *element, size_t count,
                              const mr_type **out) {
  if (mr_type_kind(element) == MR_KIND_VOID || element->depth >= MR_TYPE_DEPTH_MAX ||
      element->size % element->alignment != 0) {
    return MR_INVALID_ARGUMENT;
  }
  if (element->size > 0 && count > PTRDIFF_MAX / element->size) return MR_OVERFLOW;

  mr_type *type;
  mr_status status = new_type(allocator, sizeof *type, &type);
  if (status != MR_OK) return status;
  type->kind = MR_KIND_ARRAY;
  type->order = element->order;
  type->depth = (uint8_t)(element->depth + 1);
  type->size = count * element->size;
  type->alignment = element->alignment;
  type->count = count;
  type->has_swapped = element->has_swapped;
  type->element = mr_type_acquire(element);
  assert(mr_type_is_sound(type));
  *out = type;
  return MR_OK;
}

/* Types like others. */

mr_status mr_type_derive(mr_allocator *allocator, const mr_type *origin, const char *name,
                         size_t alignment, const mr_type **out) {
  mr_type *type;
  mr_status status = new_type(allocator, add_sizes(sizeof *type, text_size(name)), &type);
  if (status != MR_OK) return status;
  char *text = (char *)(type + 1);
  type->name = put_text(&text, name);
  type->alignment = alignment;
  type->origin = mr_type_acquire(mr_type_origin(origin));
  type->size = origin->size;
  type->element = origin->element;
  type->count = origin->count;
  type->members = origin->members;
  type->names = origin->names;
  type->kind = origin->kind;
  type->order = origin->order;
  type->is_swapped = origin->is_swapped;
  type->has_swapped = origin->has_swapped;
  type->depth = origin->depth;
  assert(mr_type_is_sound(type));
  *out = type;
  return MR_OK;
}

mr_status mr_type_realign(mr_allocator *allocator, const mr_type *type, size_t alignment,
                          const mr_type **out) {
  if (mr_type_kind(type) == MR_KIND_VOID || !mr_is_alignment(alignment)) {
    return MR_INVALID_ARGUMENT;
  }
  return mr_type_derive(allocator, type, type->name, alignment, out);
}

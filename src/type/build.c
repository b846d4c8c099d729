#include <assert.h>
#include <string.h>

#include "aggregate.h"
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

static mr_status refuse_member(mr_condition *condition, mr_status status, size_t index,
                               const char *flaw) {
  mr_condition_set(condition, status, "member %zu %s", index, flaw);
  if (condition) condition->offset = index;
  return status;
}

static const char *name_flaw(const char *name) {
  uint64_t key;
  return name[mr_name_scan(name, &key)] ? "has a name that is no identifier" : NULL;
}

/* Octets of all the names; the number of those that paths find goes to `names`. */
static mr_status measure(mr_kind kind, const mr_member_spec *members, size_t count, size_t *text,
                         size_t *names, mr_condition *condition) {
  for (size_t i = 0; i < count; i++) {
    const mr_member_spec *member = &members[i];
    const char *flaw = mr_aggregate_flaw(member, kind == MR_KIND_STRUCT && i + 1 == count);
    if (!flaw && mr_is_named(member)) flaw = name_flaw(member->name);
    if (flaw) return refuse_member(condition, MR_INVALID_ARGUMENT, i, flaw);
    if (mr_is_named(member)) {
      *names = add_sizes(*names, 1);
      *text = add_sizes(*text, text_size(member->name));
    } else if (mr_is_transparent(member)) {
      *names = add_sizes(*names, member->type->names.count);
    }
  }
  return MR_OK;
}

/* Where the parts of a block are written. */
typedef struct mr_parts {
  mr_member *members;
  mr_name *names;
  char *text;
} mr_parts;

/* A block with all its parts in place, but nothing in them yet. */
static mr_status new_aggregate(mr_allocator *allocator, mr_kind kind, size_t count, size_t names,
                               size_t text, mr_type **out, mr_parts *parts) {
  size_t members_at = sizeof(mr_type);
  size_t names_at = add_sizes(members_at, multiply_sizes(count, sizeof(mr_member)));
  size_t text_at = add_sizes(names_at, multiply_sizes(mr_names_capacity(names), sizeof(mr_name)));
  mr_status status = new_type(allocator, add_sizes(text_at, text), out);
  if (status != MR_OK) return status;
  unsigned char *block = (unsigned char *)*out;
  parts->members = (mr_member *)(block + members_at);
  parts->names = (mr_name *)(block + names_at);
  parts->text = (char *)(block + text_at);
  (*out)->kind = (uint8_t)kind;
  return MR_OK;
}

static mr_status refuse_layout(mr_condition *condition, mr_status status, size_t failed,
                               size_t count) {
  if (failed == count) return mr_condition_set(condition, status, "larger than PTRDIFF_MAX");
  const char *flaw = "ends above PTRDIFF_MAX";
  if (status == MR_UNSUPPORTED) flaw = "is laid out differently by gcc and clang";
  if (status == MR_INVALID_ARGUMENT) flaw = "shares an octet with bits of the other byte order";
  return refuse_member(condition, status, failed, flaw);
}

static mr_status fill_aggregate(mr_type *type, const mr_parts *parts, const mr_member_spec *specs,
                                size_t count, const mr_layout_options *options,
                                mr_condition *condition) {
  size_t failed;
  char *text = parts->text;
  mr_status status = mr_aggregate_lay_out(type, parts->members, specs, count, options, &failed);
  if (status != MR_OK) return refuse_layout(condition, status, failed, count);
  for (size_t i = 0; i < count; i++) {
    if (parts->members[i].name) parts->members[i].name = put_text(&text, parts->members[i].name);
  }
  failed = mr_aggregate_index_names(type, parts->names);
  if (failed < count) {
    return refuse_member(condition, MR_INVALID_ARGUMENT, failed, "has a name that comes twice");
  }
  return MR_OK;
}

static const char *alignment_flaw(const mr_layout_options *options) {
  if (options->alignment && !mr_is_alignment(options->alignment)) {
    return "an alignment that is no power of two up to PTRDIFF_MAX";
  }
  if (options->pack && !mr_is_alignment(options->pack)) {
    return "a pack that is no power of two up to PTRDIFF_MAX";
  }
  return mr_target_name(options->target) ? NULL : "no such target";
}

/* What is wrong before any member is looked at; null for nothing. */
static const char *flaw_of_all(const mr_member_spec *specs, size_t count,
                               const mr_layout_options *options) {
  if (count > PTRDIFF_MAX / sizeof *specs || (count > 0 && !specs)) return "no such members";
  return alignment_flaw(options);
}

static mr_status build(mr_allocator *allocator, mr_kind kind, const char *name,
                       const mr_member_spec *specs, size_t count, const mr_layout_options *options,
                       const mr_type **out, mr_condition *condition) {
  static const mr_layout_options plain = {.alignment = 0};
  if (!options) options = &plain;
  const char *flaw = flaw_of_all(specs, count, options);
  if (flaw) return mr_condition_set(condition, MR_INVALID_ARGUMENT, "%s", flaw);
  size_t names = 0, text = text_size(name);
  mr_status status = measure(kind, specs, count, &text, &names, condition);
  if (status != MR_OK) return status;

  mr_type *type;
  mr_parts parts;
  status = new_aggregate(allocator, kind, count, names, text, &type, &parts);
  if (status != MR_OK) return mr_condition_set(condition, status, NULL);
  type->name = put_text(&parts.text, name);
  status = fill_aggregate(type, &parts, specs, count, options, condition);
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

static mr_status build_array(mr_allocator *allocator, const mr_type *element, size_t count,
                             bool is_flexible, const mr_type **out) {
  if (!mr_type_is_data(element) || element->depth >= MR_TYPE_DEPTH_MAX || element->is_flexible ||
      element->size % element->alignment != 0) {
    return MR_INVALID_ARGUMENT;
  }
  if (element->size > 0 && count > PTRDIFF_MAX / element->size) return MR_OVERFLOW;

  mr_type *type;
  mr_status status = new_type(allocator, sizeof *type, &type);
  if (status != MR_OK) return status;
  mr_type_set_array(type, element, count);
  type->is_flexible = type->has_flexible = is_flexible;
  mr_type_acquire(element);
  assert(mr_type_is_sound(type));
  *out = type;
  return MR_OK;
}

mr_status mr_type_build_array(mr_allocator *allocator, const mr_type *element, size_t count,
                              const mr_type **out) {
  return build_array(allocator, element, count, false, out);
}

mr_status mr_type_build_flexible_array(mr_allocator *allocator, const mr_type *element,
                                       const mr_type **out) {
  return build_array(allocator, element, 0, true, out);
}

/* Pointers and enums. */

mr_status mr_type_build_pointer(mr_allocator *allocator, mr_target target, const mr_type *pointee,
                                const mr_type **out) {
  if (!pointee) pointee = mr_void_type();
  if (!mr_target_name(target) || mr_type_depth_behind(pointee) >= MR_TYPE_DEPTH_MAX) {
    return MR_INVALID_ARGUMENT;
  }
  mr_type *type;
  mr_status status = new_type(allocator, sizeof *type, &type);
  if (status != MR_OK) return status;
  mr_type_set_pointer(type, target, pointee);
  mr_type_acquire(pointee);
  assert(mr_type_is_sound(type));
  *out = type;
  return MR_OK;
}

static mr_status refuse_enumerator(mr_condition *condition, mr_status status, size_t index,
                                   const char *flaw) {
  mr_condition_set(condition, status, "enumerator %zu %s", index, flaw);
  if (condition) condition->offset = index;
  return status;
}

/* Whether an integer of the type has just these bits, or, of 64 bits, means them. */
static bool holds(const mr_type *integer, int64_t value) {
  if (integer->size >= sizeof value) return true;
  unsigned bits = (unsigned)integer->size * 8;
  if (!mr_kind_is_signed((mr_kind)integer->kind)) return (uint64_t)value >> bits == 0;
  int64_t most = (INT64_C(1) << (bits - 1)) - 1;
  return value <= most && value >= -most - 1;
}

/* Enums are small: each name is compared with all before it. */
static bool comes_twice(const mr_enumerator *enumerators, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (strcmp(enumerators[i].name, enumerators[index].name) == 0) return true;
  }
  return false;
}

static mr_status measure_enumerators(const mr_type *integer, const mr_enumerator *enumerators,
                                     size_t count, size_t *text, mr_condition *condition) {
  for (size_t i = 0; i < count; i++) {
    const char *name = enumerators[i].name;
    if (!name || !*name || name_flaw(name)) {
      return refuse_enumerator(condition, MR_INVALID_ARGUMENT, i,
                               "has no name, or none that C has");
    }
    if (comes_twice(enumerators, i)) {
      return refuse_enumerator(condition, MR_INVALID_ARGUMENT, i, "has a name that comes twice");
    }
    if (!holds(integer, enumerators[i].value)) {
      return refuse_enumerator(condition, MR_OVERFLOW, i, "does not fit the integer");
    }
    *text = add_sizes(*text, text_size(name));
  }
  return MR_OK;
}

mr_status mr_type_build_enum(mr_allocator *allocator, const char *name, const mr_type *integer,
                             const mr_enumerator *enumerators, size_t count, const mr_type **out,
                             mr_condition *condition) {
  mr_kind kind = mr_type_kind(integer);
  if (!mr_kind_is_integer(kind) || integer->size > sizeof(int64_t) ||
      integer->size % integer->alignment != 0 || count > PTRDIFF_MAX / sizeof *enumerators ||
      (count > 0 && !enumerators)) {
    return mr_condition_set(condition, MR_INVALID_ARGUMENT, "no such integer or enumerators");
  }
  size_t text = text_size(name);
  mr_status status = measure_enumerators(integer, enumerators, count, &text, condition);
  if (status != MR_OK) return status;

  mr_type *type;
  size_t text_at = add_sizes(sizeof *type, multiply_sizes(count, sizeof *enumerators));
  status = new_type(allocator, add_sizes(text_at, text), &type);
  if (status != MR_OK) return mr_condition_set(condition, status, NULL);
  mr_enumerator *copies = (mr_enumerator *)(type + 1);
  char *at = (char *)type + text_at;
  type->name = put_text(&at, name);
  for (size_t i = 0; i < count; i++) {
    copies[i] = (mr_enumerator){put_text(&at, enumerators[i].name), enumerators[i].value};
  }
  mr_type_set_enum(type, integer, copies, count);
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
  mr_type_set_like(type, origin, alignment);
  type->name = put_text(&text, name);
  mr_type_acquire(type->origin);
  assert(mr_type_is_sound(type));
  *out = type;
  return MR_OK;
}

mr_status mr_type_realign(mr_allocator *allocator, const mr_type *type, size_t alignment,
                          const mr_type **out) {
  if (!mr_type_is_data(type) || !mr_is_alignment(alignment)) return MR_INVALID_ARGUMENT;
  return mr_type_derive(allocator, type, type->name, alignment, out);
}

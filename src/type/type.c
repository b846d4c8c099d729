#include "type.h"

#include <assert.h>
#include <string.h>

#include "group.h"
#include "target.h"

bool mr_is_alignment(size_t alignment) {
  return alignment > 0 && (alignment & (alignment - 1)) == 0 && alignment <= PTRDIFF_MAX;
}

/* Forms. */

size_t mr_type_depth_behind(const mr_type *pointee) {
  bool is_known_by_tag = (mr_kind_has_members((mr_kind)pointee->kind) || pointee->is_enum) &&
                         mr_type_origin(pointee)->name;
  return is_known_by_tag ? 0 : pointee->depth;
}

void mr_type_set_array(mr_type *type, const mr_type *element, size_t count) {
  type->kind = MR_KIND_ARRAY;
  type->order = element->order;
  type->target = element->target;
  type->depth = (uint8_t)(element->depth + 1);
  type->size = count * element->size;
  type->alignment = element->alignment;
  type->clang_alignment = element->clang_alignment;
  type->required_alignment = element->required_alignment;
  type->inner_required_alignment = element->inner_required_alignment;
  type->is_user_aligned = element->is_user_aligned;
  type->count = count;
  type->has_swapped = element->has_swapped;
  type->element = element;
}

void mr_type_set_pointer(mr_type *type, mr_target target, const mr_type *pointee) {
  const mr_target_traits *traits = mr_target_traits_of(target);
  type->kind = MR_KIND_POINTER;
  type->order = (uint8_t)traits->order;
  type->target = (uint8_t)target;
  type->depth = (uint8_t)(mr_type_depth_behind(pointee) + 1);
  type->size = traits->basic[MR_BASIC_POINTER].size;
  type->alignment = traits->basic[MR_BASIC_POINTER].alignment;
  type->element = pointee;
  mr_type_settle_scalar(type);
}

void mr_type_set_enum(mr_type *type, const mr_type *integer, const mr_enumerator *enumerators,
                      size_t count) {
  type->kind = integer->kind;
  type->order = integer->order;
  type->target = integer->target;
  type->size = integer->size;
  type->alignment = integer->alignment;
  type->is_enum = true;
  type->enumerators = enumerators;
  type->count = count;
  mr_type_settle_scalar(type);
}

/* As by attribute aligned on a typedef. */
static void set_alignment(mr_type *type, size_t alignment) {
  uint8_t inner = type->inner_required_alignment, own = mr_alignment_pack(alignment);
  type->alignment = alignment;
  type->clang_alignment = 0;
  type->required_alignment = own > inner ? own : inner;
  type->is_user_aligned = true;
}

void mr_type_set_like(mr_type *type, const mr_type *like, size_t alignment) {
  const char *name = type->name;
  /* The rest is its own; of `like`, it may be changing in another thread. */
  memcpy(type, like, offsetof(mr_type, completion));
  if (alignment) set_alignment(type, alignment);
  type->name = name;
  type->origin = mr_type_origin(like);
  type->is_static = false;
}

/* Keeping. */

uint8_t mr_alignment_pack(size_t alignment) {
  uint8_t packed = 0;
  for (; alignment > 0; alignment >>= 1) packed++;
  return packed;
}

mr_allocator *mr_type_allocator(const mr_type *type) {
  return type->group ? type->group->allocator : type->allocator;
}

const mr_type *mr_type_acquire(const mr_type *type) {
  if (!type || type->is_static) return type;
  assert(mr_type_is_sound(type));
  if (type->group) {
    mr_type_group_acquire(type->group);
    return type;
  }
  atomic_fetch_add_explicit(&((mr_type *)type)->references, 1, memory_order_relaxed);
  return type;
}

/* Recurses no deeper than twice MR_TYPE_DEPTH_MAX: an origin has no origin. */
static void destroy(mr_type *type) {
  mr_type_discard_ffi(type);
  if (type->origin) {
    mr_type_release(type->origin);
  } else {
    mr_type_release(type->element);
    if (type->members) {
      for (size_t i = 0; i < type->count; i++) mr_type_release(type->members[i].type);
    }
  }
  mr_region block = mr_region_of(type, type->block_size);
  mr_ignore(mr_deallocate(type->allocator, &block));
}

void mr_type_release(const mr_type *type) {
  if (!type || type->is_static) return;
  assert(mr_type_is_sound(type));
  if (type->group) {
    mr_type_group_release(type->group);
    return;
  }
  mr_type *counted = (mr_type *)type;
  if (atomic_fetch_sub_explicit(&counted->references, 1, memory_order_acq_rel) == 1) {
    destroy(counted);
  }
}

mr_kind mr_type_kind(const mr_type *type) { return type ? (mr_kind)type->kind : MR_KIND_VOID; }

size_t mr_type_size(const mr_type *type) { return type ? type->size : 0; }

size_t mr_type_alignment(const mr_type *type) { return type ? type->alignment : 1; }

const char *mr_type_name(const mr_type *type) { return type ? type->name : NULL; }

bool mr_type_is_enum(const mr_type *type) { return type && type->is_enum; }

bool mr_type_is_character(const mr_type *type) { return type && type->is_character; }

bool mr_type_is_flexible_array(const mr_type *type) { return type && type->is_flexible; }

bool mr_type_is_vector(const mr_type *type) { return type && type->is_vector; }

bool mr_type_is_complete(const mr_type *type) { return mr_type_is_data(mr_type_completed(type)); }

bool mr_type_is_variadic(const mr_type *type) { return type && type->is_variadic; }

mr_target mr_type_target(const mr_type *type) {
  return type && type->target ? (mr_target)type->target : mr_target_native();
}

mr_byte_order mr_type_byte_order(const mr_type *type) {
  return type ? (mr_byte_order)type->order : mr_machine_order();
}

const mr_type *mr_type_element(const mr_type *type) {
  return type ? mr_type_completed(type->element) : NULL;
}

size_t mr_type_count(const mr_type *type) { return type ? type->count : 0; }

mr_status mr_type_member(const mr_type *type, size_t index, mr_member *out) {
  mr_kind kind = mr_type_kind(type);
  if (!mr_kind_has_members(kind) && kind != MR_KIND_FUNCTION) return MR_TYPE_MISMATCH;
  if (index >= type->count) return MR_OUT_OF_BOUNDS;
  *out = type->members[index];
  return MR_OK;
}

mr_status mr_type_enumerator(const mr_type *type, size_t index, mr_enumerator *out) {
  if (!mr_type_is_enum(type)) return MR_TYPE_MISMATCH;
  if (index >= type->count) return MR_OUT_OF_BOUNDS;
  *out = type->enumerators[index];
  return MR_OK;
}

mr_status mr_type_enumerator_named(const mr_type *type, const char *name, size_t length,
                                   mr_enumerator *out) {
  if (!mr_type_is_enum(type)) return MR_TYPE_MISMATCH;
  for (size_t i = 0; i < type->count && name; i++) {
    const char *known = type->enumerators[i].name;
    if (strlen(known) == length && memcmp(known, name, length) == 0) {
      *out = type->enumerators[i];
      return MR_OK;
    }
  }
  return MR_NO_SUCH_SLOT;
}

const char *mr_type_enumerator_name(const mr_type *type, int64_t value) {
  if (!mr_type_is_enum(type)) return NULL;
  for (size_t i = 0; i < type->count; i++) {
    if (type->enumerators[i].value == value) return type->enumerators[i].name;
  }
  return NULL;
}

static bool members_are_sound(const mr_type *type) {
  if (type->count > 0 && !type->members) return false;
  for (size_t i = 0; i < type->count; i++) {
    const mr_member *member = &type->members[i];
    size_t size = mr_type_size(member->type);
    if (member->is_bit_field) size = (member->bit_offset + member->bit_width + (size_t)7) / 8;
    if (size > 0 && (size > type->size || member->offset > type->size - size)) return false;
  }
  return true;
}

bool mr_type_is_sound(const mr_type *type) {
  if (!type || type->kind > MR_KIND_COMPLEX_F128) return false;
  if (type->size > PTRDIFF_MAX || !mr_is_alignment(type->alignment)) return false;
  if (!type->origin && type->size % type->alignment != 0) return false;
  if (type->kind == MR_KIND_ARRAY) return type->element != NULL;
  return !mr_kind_has_members((mr_kind)type->kind) || members_are_sound(type);
}

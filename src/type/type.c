#include "type.h"

#include <assert.h>

bool mr_is_alignment(size_t alignment) {
  return alignment > 0 && (alignment & (alignment - 1)) == 0 && alignment <= PTRDIFF_MAX;
}

const mr_type *mr_type_acquire(const mr_type *type) {
  if (!type || type->is_static) return type;
  assert(mr_type_is_sound(type));
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
  mr_type *counted = (mr_type *)type;
  if (atomic_fetch_sub_explicit(&counted->references, 1, memory_order_acq_rel) == 1) {
    destroy(counted);
  }
}

mr_kind mr_type_kind(const mr_type *type) { return type ? (mr_kind)type->kind : MR_KIND_VOID; }

size_t mr_type_size(const mr_type *type) { return type ? type->size : 0; }

size_t mr_type_alignment(const mr_type *type) { return type ? type->alignment : 1; }

const char *mr_type_name(const mr_type *type) { return type ? type->name : NULL; }

mr_byte_order mr_type_byte_order(const mr_type *type) {
  return type ? (mr_byte_order)type->order : mr_machine_order();
}

const mr_type *mr_type_element(const mr_type *type) { return type ? type->element : NULL; }

size_t mr_type_count(const mr_type *type) { return type ? type->count : 0; }

mr_status mr_type_member(const mr_type *type, size_t index, mr_member *out) {
  if (!mr_kind_has_members(mr_type_kind(type))) return MR_TYPE_MISMATCH;
  if (index >= type->count) return MR_OUT_OF_BOUNDS;
  *out = type->members[index];
  return MR_OK;
}

static bool members_are_sound(const mr_type *type) {
  if (type->count > 0 && !type->members) return false;
  for (size_t i = 0; i < type->count; i++) {
    const mr_member *member = &type->members[i];
    size_t size = mr_type_size(member->type);
    if (size > type->size || member->offset > type->size - size) return false;
  }
  return true;
}

bool mr_type_is_sound(const mr_type *type) {
  if (!type || type->kind > MR_KIND_UNION) return false;
  if (type->size > PTRDIFF_MAX || !mr_is_alignment(type->alignment)) return false;
  if (!type->origin && type->size % type->alignment != 0) return false;
  if (type->kind == MR_KIND_ARRAY) return type->element != NULL;
  return !mr_kind_has_members((mr_kind)type->kind) || members_are_sound(type);
}

#include <ffi.h>
#include <limits.h>

#include "eightbyte.h"
#include "group.h"
#include "type.h"

/*
 * How libffi passes a type by value.
 *
 * On x86-64 System V libffi works out the classes of a value's eightbytes itself, but knows no unions,
 * arrays, bit-fields or packing: so it is given, under the true size and alignment, elements that have
 * the classes wanted.
 *
 * Elsewhere only structs are passed that libffi lays out as we do.
 */

typedef struct mr_descriptor {
  /** First, so that it is found again by what mr_type_ffi hands out. */
  ffi_type ffi;
  size_t block_size;
  /** The one built before it for a type of the same group. */
  struct mr_descriptor *next;
  ffi_type *elements[];
} descriptor;

static mr_status new_descriptor(const mr_type *type, size_t elements, descriptor **out) {
  mr_region block;
  size_t size = sizeof(descriptor) + (elements + 1) * sizeof(ffi_type *);
  mr_status status = mr_allocate_zeroed(mr_type_allocator(type), size, &block);
  if (status != MR_OK) return status;
  descriptor *made = block.pointer;
  made->block_size = size;
  made->ffi.size = type->size;
  made->ffi.alignment = (unsigned short)type->alignment;
  made->ffi.type = FFI_TYPE_STRUCT;
  made->ffi.elements = made->elements;
  *out = made;
  return MR_OK;
}

static bool is_built(const ffi_type *ffi) { return ffi && ffi != &ffi_type_longdouble; }

static void drop_descriptor(mr_allocator *allocator, ffi_type *ffi) {
  if (!is_built(ffi)) return;
  mr_region block = mr_region_of(ffi, ((descriptor *)ffi)->block_size);
  mr_ignore(mr_deallocate(allocator, &block));
}

/* A group's types have no end of their own, at which their descriptors would be given back. */
static void keep_in_group(mr_type_group *group, ffi_type *ffi) {
  if (!group || !is_built(ffi)) return;
  descriptor *kept = (descriptor *)ffi;
  kept->next = atomic_load_explicit(&group->descriptors, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(&group->descriptors, &kept->next, kept,
                                                memory_order_release, memory_order_relaxed)) {
  }
}

void mr_type_discard_group_ffi(mr_type_group *group) {
  descriptor *at = atomic_load_explicit(&group->descriptors, memory_order_acquire);
  while (at) {
    descriptor *next = at->next;
    drop_descriptor(group->allocator, &at->ffi);
    at = next;
  }
}

/* Null for what libffi doesn't have. */
static ffi_type *scalar_descriptor(mr_kind kind) {
  switch (kind) {
    case MR_KIND_VOID:
      return &ffi_type_void;
    case MR_KIND_BOOL:
      return &ffi_type_uint8;
    case MR_KIND_I8:
      return &ffi_type_sint8;
    case MR_KIND_U8:
      return &ffi_type_uint8;
    case MR_KIND_I16:
      return &ffi_type_sint16;
    case MR_KIND_U16:
      return &ffi_type_uint16;
    case MR_KIND_I32:
      return &ffi_type_sint32;
    case MR_KIND_U32:
      return &ffi_type_uint32;
    case MR_KIND_I64:
      return &ffi_type_sint64;
    case MR_KIND_U64:
      return &ffi_type_uint64;
    case MR_KIND_F32:
      return &ffi_type_float;
    case MR_KIND_F64:
      return &ffi_type_double;
    case MR_KIND_LONG_DOUBLE:
      return &ffi_type_longdouble;
#ifdef FFI_TARGET_HAS_COMPLEX_TYPE
    case MR_KIND_COMPLEX_F32:
      return &ffi_type_complex_float;
    case MR_KIND_COMPLEX_F64:
      return &ffi_type_complex_double;
    case MR_KIND_COMPLEX_LONG_DOUBLE:
      return &ffi_type_complex_longdouble;
#endif
    case MR_KIND_POINTER:
      return &ffi_type_pointer;
    default:
      return NULL;
  }
}

#if defined(__x86_64__) && !defined(_WIN32)

/* The element that has `class` under the last `size` octets of a value. */
static ffi_type *eightbyte_element(mr_class class, size_t size) {
  if (class == MR_CLASS_INTEGER) return &ffi_type_uint64;
  return size == sizeof(float) ? &ffi_type_float : &ffi_type_double;
}

/* libffi 3.4 knows none of padding: a closure's later arguments come from other registers then. */
static bool has_padding_eightbyte(const mr_classes *classes, size_t size) {
  return !classes->is_memory && (classes->of[0] == MR_CLASS_NONE ||
                                 (size > MR_EIGHTBYTE && classes->of[1] == MR_CLASS_NONE));
}

static void set_elements(descriptor *made, const mr_classes *classes) {
  /* No struct of 40 octets is passed in registers, nor what seems to contain one. */
  static ffi_type in_memory = {40, 1, FFI_TYPE_STRUCT, NULL};
  if (classes->is_memory) {
    made->elements[0] = &in_memory;
    return;
  }
  made->elements[0] = eightbyte_element(classes->of[0], made->ffi.size);
  if (classes->of[1] != MR_CLASS_NONE) {
    made->elements[1] = eightbyte_element(classes->of[1], made->ffi.size - MR_EIGHTBYTE);
  }
}

static mr_status build_descriptor(const mr_type *type, ffi_type **out) {
  enum { STACK_ALIGNMENT = 16 };
  mr_classes classes;
  /* libffi counts octets of arguments in an unsigned int, and aligns them to no more than the
     stack. */
  if (type->size > INT_MAX || type->alignment > STACK_ALIGNMENT) return MR_UNSUPPORTED;
  mr_status status = mr_classes_of(type, &classes);
  if (status != MR_OK) return status;
  if (has_padding_eightbyte(&classes, type->size)) return MR_UNSUPPORTED;
  if (!classes.is_memory && classes.of[0] == MR_CLASS_X87) {
    /* libffi 3.4.4 gives garbage for a struct returned in an x87 register; the number by itself
       travels the same way, where the struct is as much aligned. */
    if (type->alignment != STACK_ALIGNMENT) return MR_UNSUPPORTED;
    *out = &ffi_type_longdouble;
    return MR_OK;
  }
  descriptor *made;
  status = new_descriptor(type, MR_EIGHTBYTES, &made);
  if (status != MR_OK) return status;
  set_elements(made, &classes);
  *out = &made->ffi;
  return MR_OK;
}

#else

/* Whether libffi, which packs nothing, would put the members where they are. */
static bool is_natural(const mr_type *type) {
  size_t end = 0;
  size_t alignment = 1;
  for (size_t i = 0; i < type->count; i++) {
    const mr_member *member = &type->members[i];
    const mr_type *natural = mr_type_origin(member->type);
    size_t padding = (natural->alignment - end % natural->alignment) % natural->alignment;
    if (member->is_bit_field || natural->size == 0 || member->offset != end + padding) return false;
    end = member->offset + natural->size;
    if (natural->alignment > alignment) alignment = natural->alignment;
  }
  return alignment == type->alignment && type->size - end < alignment;
}

static mr_status build_descriptor(const mr_type *type, ffi_type **out) {
  if (type->kind != MR_KIND_STRUCT || type->size > INT_MAX || !is_natural(type)) {
    return MR_UNSUPPORTED;
  }
  descriptor *made;
  mr_status status = new_descriptor(type, type->count, &made);
  if (status != MR_OK) return status;
  for (size_t i = 0; i < type->count; i++) {
    status = mr_type_ffi(type->members[i].type, &made->elements[i]);
    if (status != MR_OK) {
      drop_descriptor(mr_type_allocator(type), &made->ffi);
      return status;
    }
  }
  *out = &made->ffi;
  return MR_OK;
}

#endif

static mr_status find_descriptor(const mr_type *type, ffi_type **out) {
  mr_type *shared = (mr_type *)type;
  ffi_type *found = atomic_load_explicit(&shared->ffi, memory_order_acquire);
  if (!found) {
    ffi_type *made;
    mr_status status = build_descriptor(type, &made);
    if (status != MR_OK) return status;
    if (atomic_compare_exchange_strong_explicit(&shared->ffi, &found, made, memory_order_acq_rel,
                                                memory_order_acquire)) {
      keep_in_group(type->group, made);
      found = made;
    } else {
      drop_descriptor(mr_type_allocator(type), made);
    }
  }
  *out = found;
  return MR_OK;
}

/* What a type says when it is passed: compilers pass what a typedef aligns otherwise as what it is a
 * typedef of. */
static const mr_type *passed_type(const mr_type *type) {
  return mr_type_origin(mr_type_completed(mr_type_origin(type)));
}

mr_status mr_type_ffi(const mr_type *type, struct _ffi_type **out) {
  if (!type) return MR_INVALID_ARGUMENT;
  type = passed_type(type);
  if (type->kind == MR_KIND_FUNCTION || type->is_incomplete) return MR_INVALID_ARGUMENT;
  if (type->has_swapped || type->is_foreign || !mr_type_is_native(type)) return MR_UNSUPPORTED;
  if (mr_kind_has_members((mr_kind)type->kind)) {
    return type->size == 0 ? MR_UNSUPPORTED : find_descriptor(type, out);
  }
  ffi_type *scalar = scalar_descriptor((mr_kind)type->kind);
  if (!scalar) return MR_UNSUPPORTED;
  *out = scalar;
  return MR_OK;
}

void mr_type_discard_ffi(mr_type *type) {
  drop_descriptor(mr_type_allocator(type), atomic_load_explicit(&type->ffi, memory_order_relaxed));
}

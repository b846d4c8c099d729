#include <ffi.h>
#include <limits.h>

#include "type.h"

/*
 * How libffi passes a type by value.
 *
 * On x86-64 System V a value of up to 16 octets travels as two eightbytes, each in an integer or a
 * vector register by what is in it; others travel in memory (psABI 3.2.3, and gcc where it differs:
 * of an array it looks at the first element). libffi works that out itself, but knows no unions,
 * arrays or packing: so it is given, under the true size and alignment, elements that have the
 * classes wanted.
 *
 * Elsewhere only structs are passed that libffi lays out as we do.
 */

typedef struct descriptor {
  /** First, so that it is found again by what mr_type_ffi hands out. */
  ffi_type ffi;
  size_t block_size;
  ffi_type *elements[];
} descriptor;

static mr_status new_descriptor(const mr_type *type, size_t elements, descriptor **out) {
  mr_region block;
  size_t size = sizeof(descriptor) + (elements + 1) * sizeof(ffi_type *);
  mr_status status = mr_allocate_zeroed(type->allocator, size, &block);
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

static void drop_descriptor(const mr_type *type, ffi_type *ffi) {
  /* The one that is not built here. */
  if (!ffi || ffi == &ffi_type_longdouble) return;
  mr_region block = mr_region_of(ffi, ((descriptor *)ffi)->block_size);
  mr_ignore(mr_deallocate(type->allocator, &block));
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

enum { EIGHTBYTE = 8, EIGHTBYTES = 2, IN_REGISTERS = EIGHTBYTE * EIGHTBYTES };

typedef enum mr_class { NONE, INTEGER, SSE, X87, X87_UP, MEMORY } mr_class;

typedef struct mr_classes {
  mr_class of[EIGHTBYTES];
  bool is_memory;
} mr_classes;

/* Types may hold each other many times, and still be small: unions in unions. */
enum { VISITS_MAX = 1 << 16 };

static mr_class merged(mr_class a, mr_class b) {
  if (a == b || b == NONE) return a;
  if (a == NONE) return b;
  if (a == INTEGER || b == INTEGER) return INTEGER;
  return MEMORY;
}

/* What is marked lies within the first IN_REGISTERS octets. */
static void mark(mr_classes *classes, size_t offset, mr_class class) {
  mr_class *eightbyte = &classes->of[offset / EIGHTBYTE];
  *eightbyte = merged(*eightbyte, class);
  if (*eightbyte == MEMORY) classes->is_memory = true;
}

/* `parts` numbers of `size` octets each. One that is not aligned sends the whole to memory. */
static void mark_parts(mr_classes *classes, size_t offset, size_t parts, size_t size,
                       mr_class class) {
  if (offset % size != 0) classes->is_memory = true;
  for (size_t i = 0; i < parts; i++) mark(classes, offset + i * size, class);
}

static void mark_scalar(mr_classes *classes, const mr_type *type, size_t offset) {
  switch ((mr_kind)type->kind) {
    case MR_KIND_F32:
    case MR_KIND_F64:
      mark_parts(classes, offset, 1, type->size, SSE);
      break;
    case MR_KIND_COMPLEX_F32:
    case MR_KIND_COMPLEX_F64:
      mark_parts(classes, offset, 2, type->size / 2, SSE);
      break;
    case MR_KIND_LONG_DOUBLE:
      mark(classes, offset, X87);
      mark(classes, offset + EIGHTBYTE, X87_UP);
      break;
    case MR_KIND_I128:
    case MR_KIND_U128:
      mark_parts(classes, offset, 2, EIGHTBYTE, INTEGER);
      break;
    default:
      mark_parts(classes, offset, 1, type->size, INTEGER);
      break;
  }
}

/* False where that would take too long, or compilers differ. */
static bool classify(mr_classes *classes, const mr_type *type, size_t offset, unsigned *visits);

/* gcc repeats the classes of the first element over the others. */
static bool classify_array(mr_classes *into, const mr_type *type, size_t offset, unsigned *visits) {
  mr_classes first = {{NONE, NONE}, false};
  /* gcc lets one without elements that starts inside an eightbyte have its class; clang doesn't. */
  if (type->size == 0) return offset % EIGHTBYTE == 0;
  if (!classify(&first, type->element, offset, visits)) return false;
  if (first.is_memory) into->is_memory = true;
  size_t start = offset / EIGHTBYTE;
  size_t period = (offset % EIGHTBYTE + type->element->size - 1) / EIGHTBYTE + 1;
  size_t end = (offset + type->size - 1) / EIGHTBYTE;
  for (size_t i = start; i <= end; i++) {
    mark(into, i * EIGHTBYTE, first.of[start + (i - start) % period]);
  }
  return true;
}

/* Every struct and union is settled by itself before it counts in the outer one. */
static bool classify_members(mr_classes *into, const mr_type *type, size_t offset,
                             unsigned *visits) {
  mr_classes own = {{NONE, NONE}, false};
  for (size_t i = 0; i < type->count; i++) {
    const mr_member *member = &type->members[i];
    if (!classify(&own, member->type, offset + member->offset, visits)) return false;
  }
  if (own.of[1] == X87_UP && own.of[0] != X87) own.is_memory = true;
  if (own.is_memory) into->is_memory = true;
  for (size_t i = 0; i < EIGHTBYTES; i++) mark(into, i * EIGHTBYTE, own.of[i]);
  return true;
}

static bool classify(mr_classes *classes, const mr_type *type, size_t offset, unsigned *visits) {
  if (++*visits > VISITS_MAX) return false;
  if (type->kind == MR_KIND_ARRAY) return classify_array(classes, type, offset, visits);
  if (mr_kind_has_members((mr_kind)type->kind)) {
    return classify_members(classes, type, offset, visits);
  }
  mark_scalar(classes, type, offset);
  return true;
}

/* The classes of a whole value. */
static mr_status classes_of(const mr_type *type, mr_classes *out) {
  mr_classes classes = {{NONE, NONE}, type->size > IN_REGISTERS};
  unsigned visits = 0;
  if (!classes.is_memory && !classify(&classes, type, 0, &visits)) return MR_UNSUPPORTED;
  *out = classes;
  return MR_OK;
}

/* The element that has `class` under the last `size` octets of a value. */
static ffi_type *eightbyte_element(mr_class class, size_t size) {
  if (class == INTEGER) return &ffi_type_uint64;
  return size == sizeof(float) ? &ffi_type_float : &ffi_type_double;
}

static void set_elements(descriptor *made, const mr_classes *classes) {
  /* No struct of 40 octets is passed in registers, nor what seems to contain one. */
  static ffi_type in_memory = {40, 1, FFI_TYPE_STRUCT, NULL};
  if (classes->is_memory) {
    made->elements[0] = &in_memory;
    return;
  }
  made->elements[0] = eightbyte_element(classes->of[0], made->ffi.size);
  if (classes->of[1] != NONE) {
    made->elements[1] = eightbyte_element(classes->of[1], made->ffi.size - EIGHTBYTE);
  }
}

static mr_status build_descriptor(const mr_type *type, ffi_type **out) {
  enum { STACK_ALIGNMENT = 16 };
  mr_classes classes;
  /* libffi counts octets of arguments in an unsigned int, and aligns them to no more than the
     stack. */
  if (type->size > INT_MAX || type->alignment > STACK_ALIGNMENT) return MR_UNSUPPORTED;
  mr_status status = classes_of(type, &classes);
  if (status != MR_OK) return status;
  if (!classes.is_memory && classes.of[0] == X87) {
    /* libffi 3.4.4 gives garbage for a struct returned in an x87 register; the number by itself
       travels the same way, where the struct is as much aligned. */
    if (type->alignment != STACK_ALIGNMENT) return MR_UNSUPPORTED;
    *out = &ffi_type_longdouble;
    return MR_OK;
  }
  descriptor *made;
  status = new_descriptor(type, EIGHTBYTES, &made);
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
    if (natural->size == 0 || member->offset != end + padding) return false;
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
      drop_descriptor(type, &made->ffi);
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
      found = made;
    } else {
      drop_descriptor(type, made);
    }
  }
  *out = found;
  return MR_OK;
}

mr_status mr_type_ffi(const mr_type *type, struct _ffi_type **out) {
  if (!type) return MR_INVALID_ARGUMENT;
  /* Compilers pass what a typedef aligns otherwise as what it is a typedef of. */
  type = mr_type_origin(type);
  if (type->has_swapped) return MR_UNSUPPORTED;
  if (mr_kind_has_members((mr_kind)type->kind)) {
    return type->size == 0 ? MR_UNSUPPORTED : find_descriptor(type, out);
  }
  ffi_type *scalar = scalar_descriptor((mr_kind)type->kind);
  if (!scalar) return MR_UNSUPPORTED;
  *out = scalar;
  return MR_OK;
}

void mr_type_discard_ffi(mr_type *type) {
  drop_descriptor(type, atomic_load_explicit(&type->ffi, memory_order_relaxed));
}

#include <ffi.h>

#include "type.h"

/* Bounds the work on descriptors that contain themselves, or each other many times. */
#define ELEMENTS_MAX ((size_t)1 << 20)

/* A walk over a descriptor, depth first. */
typedef struct mr_ffi_reader {
  mr_allocator *allocator;
  const char *const *names;
  /** Elements seen so far: the index of the next one, and of its name. */
  size_t seen;
  mr_condition *condition;
} mr_ffi_reader;

/* The members of one struct on their way to be built. */
typedef struct member_list {
  mr_region block;
  mr_member_spec *specs;
  /** The index of each in the walk. */
  size_t *indices;
  /** How many have their type. */
  size_t count;
} member_list;

static mr_status refuse(const mr_ffi_reader *reader, const char *flaw) {
  size_t element = reader->seen > 0 ? reader->seen - 1 : 0;
  mr_condition_set(reader->condition, MR_INVALID_ARGUMENT, "element %zu %s", element, flaw);
  if (reader->condition) reader->condition->offset = element;
  return MR_INVALID_ARGUMENT;
}

static mr_kind complex_kind(const ffi_type *ffi) {
  if (!ffi->elements || !ffi->elements[0]) return MR_KIND_VOID;
  switch (ffi->elements[0]->type) {
    case FFI_TYPE_FLOAT:
      return MR_KIND_COMPLEX_F32;
    case FFI_TYPE_DOUBLE:
      return MR_KIND_COMPLEX_F64;
#if FFI_TYPE_LONGDOUBLE != FFI_TYPE_DOUBLE
    case FFI_TYPE_LONGDOUBLE:
      return MR_KIND_COMPLEX_LONG_DOUBLE;
#endif
    default:
      return MR_KIND_VOID;
  }
}

/* MR_KIND_VOID for what is no scalar. */
static mr_kind scalar_kind(const ffi_type *ffi) {
  switch (ffi->type) {
    case FFI_TYPE_INT:
      return sizeof(int) == 4 ? MR_KIND_I32 : MR_KIND_I16;
    case FFI_TYPE_FLOAT:
      return MR_KIND_F32;
    case FFI_TYPE_DOUBLE:
      return MR_KIND_F64;
#if FFI_TYPE_LONGDOUBLE != FFI_TYPE_DOUBLE
    case FFI_TYPE_LONGDOUBLE:
      return MR_KIND_LONG_DOUBLE;
#endif
    case FFI_TYPE_UINT8:
      return MR_KIND_U8;
    case FFI_TYPE_SINT8:
      return MR_KIND_I8;
    case FFI_TYPE_UINT16:
      return MR_KIND_U16;
    case FFI_TYPE_SINT16:
      return MR_KIND_I16;
    case FFI_TYPE_UINT32:
      return MR_KIND_U32;
    case FFI_TYPE_SINT32:
      return MR_KIND_I32;
    case FFI_TYPE_UINT64:
      return MR_KIND_U64;
    case FFI_TYPE_SINT64:
      return MR_KIND_I64;
    case FFI_TYPE_POINTER:
      return MR_KIND_POINTER;
    case FFI_TYPE_COMPLEX:
      return complex_kind(ffi);
    default:
      return MR_KIND_VOID;
  }
}

static mr_status read_struct(mr_ffi_reader *reader, const ffi_type *ffi, const char *name,
                             unsigned depth, const mr_type **out);

/* The type of an element, as the caller's reference. */
static mr_status read_element(mr_ffi_reader *reader, const ffi_type *ffi, unsigned depth,
                              const mr_type **out) {
  if (ffi->type == FFI_TYPE_STRUCT) return read_struct(reader, ffi, NULL, depth, out);
  mr_kind kind = scalar_kind(ffi);
  if (kind == MR_KIND_VOID) return refuse(reader, "is void, or of no kind that there is");
  *out = mr_scalar_type(kind, MR_NATIVE_ORDER);
  return MR_OK;
}

static mr_status list_members(mr_ffi_reader *reader, size_t count, member_list *list) {
  mr_status status = mr_allocate_array(reader->allocator, count,
                                       sizeof *list->specs + sizeof *list->indices, &list->block);
  if (status != MR_OK) return mr_condition_set(reader->condition, status, NULL);
  list->specs = list->block.pointer;
  list->indices = (size_t *)(list->specs + count);
  list->count = 0;
  return MR_OK;
}

static mr_status read_members(mr_ffi_reader *reader, const ffi_type *ffi, size_t count,
                              unsigned depth, member_list *list) {
  for (size_t i = 0; i < count; i++) {
    size_t index = reader->seen++;
    const mr_type *type;
    mr_status status = read_element(reader, ffi->elements[i], depth, &type);
    if (status != MR_OK) return status;
    const char *name = reader->names ? reader->names[index] : NULL;
    list->specs[i] = (mr_member_spec){.name = name, .type = type};
    list->indices[i] = index;
    list->count++;
  }
  return MR_OK;
}

static mr_status build_members(mr_ffi_reader *reader, const member_list *list, const char *name,
                               const mr_type **out) {
  mr_condition condition = {0};
  mr_status status = mr_type_build_struct(reader->allocator, name, list->specs, list->count, NULL,
                                          out, &condition);
  if (status != MR_OK && reader->condition) {
    if (condition.offset < list->count) condition.offset = list->indices[condition.offset];
    *reader->condition = condition;
  }
  return status;
}

static void drop_members(const mr_ffi_reader *reader, member_list *list) {
  for (size_t i = 0; i < list->count; i++) mr_type_release(list->specs[i].type);
  mr_ignore(mr_deallocate(reader->allocator, &list->block));
}

static mr_status read_struct(mr_ffi_reader *reader, const ffi_type *ffi, const char *name,
                             unsigned depth, const mr_type **out) {
  if (!ffi->elements) return refuse(reader, "is a struct without elements");
  if (depth == MR_TYPE_DEPTH_MAX) return refuse(reader, "nests too deep");
  size_t count = 0;
  while (ffi->elements[count]) {
    if (++count > ELEMENTS_MAX - reader->seen) return refuse(reader, "is one of too many");
  }
  member_list list;
  mr_status status = list_members(reader, count, &list);
  if (status != MR_OK) return status;
  status = read_members(reader, ffi, count, depth + 1, &list);
  if (status == MR_OK) status = build_members(reader, &list, name, out);
  drop_members(reader, &list);
  return status;
}

static mr_status read_scalar(mr_ffi_reader *reader, const ffi_type *ffi, const char *name,
                             const mr_type **out) {
  const mr_type *type = mr_void_type();
  if (ffi->type != FFI_TYPE_VOID) {
    mr_status status = read_element(reader, ffi, 0, &type);
    if (status != MR_OK) return status;
  }
  if (name) {
    mr_status status = mr_type_derive(reader->allocator, type, name, 0, &type);
    if (status != MR_OK) return mr_condition_set(reader->condition, status, NULL);
  }
  *out = type;
  return MR_OK;
}

mr_status mr_type_of_ffi(mr_allocator *allocator, const struct _ffi_type *ffi, const char *name,
                         const char *const *member_names, const mr_type **out,
                         mr_condition *condition) {
  mr_ffi_reader reader = {mr_resolve_allocator(allocator), member_names, 0, condition};
  if (!ffi) return mr_condition_set(condition, MR_INVALID_ARGUMENT, "no descriptor");
  if (ffi->type == FFI_TYPE_STRUCT) return read_struct(&reader, ffi, name, 0, out);
  return read_scalar(&reader, ffi, name, out);
}

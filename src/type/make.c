#include "names.h"
#include "reader.h"

/* Types made of types, in the reader's group. */

mr_status mr_reader_new_type(mr_reader *reader, mr_type **out) {
  mr_type *type;
  mr_status status = mr_type_group_take(reader->group, sizeof *type, (void *)&type);
  if (status != MR_OK) {
    mr_ignore(mr_reader_fail_plainly(reader, status));
    return status;
  }
  type->group = reader->group;
  type->target = (uint8_t)reader->target;
  type->order = (uint8_t)reader->traits->order;
  type->text = reader->text;
  type->alignment = 1;
  *out = type;
  return MR_OK;
}

mr_status mr_reader_touch(mr_reader *reader, const mr_type *type) {
  mr_touched *touched;
  if (type->text == reader->text) return MR_OK;
  mr_status status = mr_reader_push(reader, &reader->touched, sizeof *touched, (void *)&touched);
  if (status == MR_OK) {
    *touched = (mr_touched){(mr_type *)type, type->is_indexed, type->is_ready};
  }
  return status;
}

const mr_type *mr_reader_completed(const mr_reader *reader, const mr_type *type) {
  (void)reader;
  if (type->is_incomplete && type->pending) return type->pending;
  return mr_type_completed(type);
}

static mr_status refuse_depth(mr_reader *reader) {
  return mr_reader_fail(reader, MR_UNSUPPORTED, "types nest deeper than %d", MR_TYPE_DEPTH_MAX);
}

mr_status mr_reader_pointer_to(mr_reader *reader, const mr_type *pointee, const mr_type **out) {
  if (!pointee->pointer) {
    mr_type *made = NULL;
    if (mr_type_depth_behind(pointee) >= MR_TYPE_DEPTH_MAX) return refuse_depth(reader);
    mr_status status = mr_reader_touch(reader, pointee);
    if (status == MR_OK) status = mr_reader_new_type(reader, &made);
    if (status != MR_OK) return status;
    mr_type_set_pointer(made, reader->target, pointee);
    ((mr_type *)pointee)->pointer = made;
  }
  *out = pointee->pointer;
  return MR_OK;
}

static mr_status check_element(mr_reader *reader, const char *at, const mr_type *element) {
  if (element->kind == MR_KIND_VOID || element->kind == MR_KIND_FUNCTION ||
      element->is_incomplete || element->is_flexible) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at,
                             "an array's elements can't be void, functions or incomplete");
  }
  if (element->size % element->alignment != 0) {
    return mr_reader_fail_at(
        reader, MR_INVALID_ARGUMENT, at,
        "an array's elements must be as large as a multiple of their alignment");
  }
  return element->depth >= MR_TYPE_DEPTH_MAX ? refuse_depth(reader) : MR_OK;
}

mr_status mr_reader_array_of(mr_reader *reader, const char *at, const mr_type *element,
                             uint64_t count, bool is_flexible, const mr_type **out) {
  mr_type *made = NULL;
  element = mr_reader_completed(reader, element);
  mr_status status = check_element(reader, at, element);
  if (status != MR_OK) return status;
  if (count > SIZE_MAX || (element->size > 0 && count > reader->traits->size_max / element->size)) {
    return mr_reader_fail_at(reader, MR_OVERFLOW, at, "this array is too large");
  }
  status = mr_reader_new_type(reader, &made);
  if (status != MR_OK) return status;
  mr_type_set_array(made, element, (size_t)count);
  made->is_flexible = made->has_flexible = is_flexible;
  *out = made;
  return MR_OK;
}

mr_status mr_reader_realigned(mr_reader *reader, const mr_type *type, size_t alignment,
                              const mr_type **out) {
  mr_type *made = NULL;
  type = mr_reader_completed(reader, type);
  mr_status status = mr_reader_new_type(reader, &made);
  if (status != MR_OK) return status;
  const char *name = type->name;
  mr_type_set_like(made, type, alignment);
  made->name = name;
  *out = made;
  return MR_OK;
}

static const mr_type *innermost(const mr_type *type) {
  while (type->kind == MR_KIND_ARRAY && !type->is_vector) type = type->element;
  return type;
}

static bool can_be_reordered(const mr_type *type) {
  const mr_type *inner = innermost(type);
  return mr_kind_is_scalar((mr_kind)inner->kind) && inner->kind != MR_KIND_POINTER;
}

mr_status mr_reader_reordered(mr_reader *reader, const mr_type *type, mr_byte_order order,
                              const mr_type **out) {
  mr_type *made = NULL;
  *out = type;
  if (!can_be_reordered(type) || type->order == order) return MR_OK;
  const mr_type *element = NULL;
  mr_status status = MR_OK;
  if (type->kind == MR_KIND_ARRAY) {
    status = mr_reader_reordered(reader, type->element, order, &element);
  }
  if (status == MR_OK) status = mr_reader_new_type(reader, &made);
  if (status != MR_OK) return status;
  const char *name = type->name;
  mr_type_set_like(made, type, 0);
  made->name = name;
  made->order = (uint8_t)order;
  made->element = element;
  if (element) {
    made->has_swapped = element->has_swapped;
  } else {
    mr_type_settle_scalar(made);
  }
  /* It is a type of its own, and no typedef of the one that it is like. */
  made->origin = type->origin;
  *out = made;
  return MR_OK;
}

/* What is in a vector: a scalar that is as large as a power of two, up to 16. */
static bool can_be_in_vector(const mr_type *type) {
  mr_kind kind = (mr_kind)type->kind;
  return (mr_kind_is_integer(kind) || kind == MR_KIND_F32 || kind == MR_KIND_F64) &&
         !type->is_enum && type->size > 0;
}

mr_status mr_reader_vector_of(mr_reader *reader, const char *at, const mr_type *element,
                              uint64_t size, const mr_type **out) {
  mr_type *made = NULL;
  const mr_target_traits *traits = reader->traits;
  if (element->is_incomplete) {
    *out = element;
    return MR_OK;
  }
  if (!can_be_in_vector(element)) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "there are no vectors of this type");
  }
  if (size < element->size || (size & (size - 1)) != 0 || size > MR_VECTOR_SIZE_MAX) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at,
                             "a vector's size must be a power of two times its element's");
  }
  if (size >= traits->doubtful_vector_min && size <= traits->doubtful_vector_max) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, at,
                             "gcc and clang lay out vectors of this size differently");
  }
  mr_status status = mr_reader_new_type(reader, &made);
  if (status != MR_OK) return status;
  mr_type_set_array(made, element, (size_t)size / element->size);
  made->is_vector = true;
  made->alignment =
      (size_t)size < traits->vector_alignment_max ? (size_t)size : traits->vector_alignment_max;
  *out = made;
  return MR_OK;
}

/* Of structs and unions, those that are as large as something that the machine has an atomic access to. clang makes
 * others larger; for gcc, i386 has none of 8 octets. */
static bool is_atomic_record(const mr_reader *reader, const mr_type *type) {
  size_t most = reader->target == MR_TARGET_I386 ? 4 : reader->traits->atomic_alignment_max;
  return mr_kind_has_members((mr_kind)type->kind) && type->size > 0 && type->size <= most &&
         (type->size & (type->size - 1)) == 0;
}

mr_status mr_reader_atomic(mr_reader *reader, const char *at, const mr_type *type,
                           const mr_type **out) {
  size_t size = type->size;
  mr_kind kind = (mr_kind)type->kind;
  bool can_be =
      mr_kind_is_scalar(kind) ? !mr_kind_is_complex(kind) : is_atomic_record(reader, type);
  if (!can_be || type->is_incomplete) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, at,
                             "gcc and clang lay out _Atomic of this type differently");
  }
  *out = type;
  bool is_raised =
      size > 0 && (size & (size - 1)) == 0 && size <= reader->traits->atomic_alignment_max;
  if (!is_raised || type->alignment >= size) return MR_OK;
  mr_status status = mr_reader_realigned(reader, type, size, out);
  if (status != MR_OK) return status;
  /* No attribute asked for it. */
  mr_type *made = (mr_type *)*out;
  made->required_alignment = type->required_alignment;
  made->is_user_aligned = type->is_user_aligned;
  return MR_OK;
}

const mr_type *mr_reader_integer(const mr_reader *reader, size_t size, bool is_signed) {
  static const mr_builtin candidates[] = {MR_BUILTIN_SIGNED_CHAR, MR_BUILTIN_SHORT,
                                          MR_BUILTIN_INT,         MR_BUILTIN_LONG,
                                          MR_BUILTIN_LONG_LONG,   MR_BUILTIN_INT128};
  for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
    const mr_type *type = reader->builtins[candidates[i] + (is_signed ? 0 : 1)];
    if (type && type->size == size) return type;
  }
  return NULL;
}

/* Sameness. */

static bool are_same_members(const mr_reader *reader, const mr_type *a, const mr_type *b) {
  if (a->count != b->count || a->is_variadic != b->is_variadic) return false;
  for (size_t i = 0; i < a->count; i++) {
    if (!mr_reader_is_same(reader, a->members[i].type, b->members[i].type)) return false;
  }
  return true;
}

/* One type for all that are known to be the same. On the way, what is passed comes closer to it. */
static mr_type *representative(const mr_type *type) {
  mr_type *at = (mr_type *)type;
  while (at->same) {
    if (at->same->same) at->same = at->same->same;
    at = (mr_type *)at->same;
  }
  return at;
}

/* Later types lead to earlier ones, which stay when a text is taken back. */
static void keep_same(const mr_type *a, const mr_type *b) {
  mr_type *of_a = representative(a), *of_b = representative(b);
  if (of_a == of_b) return;
  if (of_a->text > of_b->text) {
    of_a->same = of_b;
  } else {
    of_b->same = of_a;
  }
}

/* Types with members or enumerators are the same as themselves only. */
static bool is_same_form(const mr_reader *reader, const mr_type *a, const mr_type *b) {
  if (a->kind != b->kind || a->size != b->size || a->alignment != b->alignment) return false;
  if (a->origin || b->origin) {
    return mr_reader_is_same(reader, mr_type_origin(a), mr_type_origin(b));
  }
  switch ((mr_kind)a->kind) {
    case MR_KIND_POINTER:
      return mr_reader_is_same(reader, a->element, b->element);
    case MR_KIND_ARRAY:
      return a->is_flexible == b->is_flexible && a->is_vector == b->is_vector &&
             a->count == b->count && mr_reader_is_same(reader, a->element, b->element);
    case MR_KIND_FUNCTION:
      return mr_reader_is_same(reader, a->element, b->element) && are_same_members(reader, a, b);
    default:
      return false;
  }
}

/* What was found the same is kept: functions may name a type twice, and each of these another twice. What differs
 * ends it all. */
bool mr_reader_is_same(const mr_reader *reader, const mr_type *a, const mr_type *b) {
  a = mr_reader_completed(reader, a);
  b = mr_reader_completed(reader, b);
  if (a == b || representative(a) == representative(b)) return true;
  if (!is_same_form(reader, a, b)) return false;
  keep_same(a, b);
  return true;
}

/* Readiness. */

/* Recurses as deep as members without names nest. */
static mr_status index_names(mr_reader *reader, mr_type *type) {
  if (type->is_indexed || !mr_kind_has_members((mr_kind)type->kind) || type->is_incomplete) {
    return MR_OK;
  }
  mr_status status = mr_reader_touch(reader, type);
  if (status != MR_OK) return status;
  if (type->origin) {
    status = index_names(reader, (mr_type *)type->origin);
    if (status != MR_OK) return status;
    type->names = type->origin->names;
    type->is_indexed = true;
    return MR_OK;
  }
  for (size_t i = 0; i < type->count; i++) {
    if (type->members[i].name || type->members[i].is_bit_field) continue;
    status = index_names(reader, (mr_type *)type->members[i].type);
    if (status != MR_OK) return status;
  }
  mr_name *table = NULL;
  size_t capacity = mr_names_capacity(mr_aggregate_name_count(type));
  if (capacity > 0) {
    status = mr_type_group_take(reader->group, capacity * sizeof *table, (void *)&table);
    if (status != MR_OK) return mr_reader_fail_plainly(reader, status);
    mr_aggregate_index_names(type, table);
  }
  type->is_indexed = true;
  return MR_OK;
}

static mr_status want_ready(mr_reader *reader, const mr_type *type) {
  const mr_type **wanted;
  if (!type || type->is_ready || type->is_static) return MR_OK;
  mr_status status = mr_reader_push(reader, &reader->unready, sizeof *wanted, (void *)&wanted);
  if (status == MR_OK) *wanted = type;
  return status;
}

static mr_status make_one_ready(mr_reader *reader, mr_type *type) {
  if (type->is_ready) return MR_OK;
  mr_status status = mr_reader_touch(reader, type);
  if (status == MR_OK) status = index_names(reader, type);
  if (status != MR_OK) return status;
  type->is_ready = !type->is_incomplete;
  const mr_type *element = type->element;
  if (element) status = want_ready(reader, mr_reader_completed(reader, element));
  if (status == MR_OK && type->is_incomplete && type->pending) {
    status = want_ready(reader, type->pending);
  }
  if (status == MR_OK) status = want_ready(reader, type->origin);
  for (size_t i = 0; type->members && i < type->count && status == MR_OK; i++) {
    status = want_ready(reader, type->members[i].type);
  }
  return status;
}

mr_status mr_reader_make_ready(mr_reader *reader, const mr_type *type) {
  mr_status status = want_ready(reader, type);
  while (status == MR_OK && reader->unready.count > 0) {
    const mr_type **unready = reader->unready.block.pointer;
    status = make_one_ready(reader, (mr_type *)unready[--reader->unready.count]);
  }
  return status;
}

mr_status mr_reader_index(mr_reader *reader, const mr_type *type) {
  return index_names(reader, (mr_type *)type);
}

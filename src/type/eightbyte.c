#include "eightbyte.h"

typedef enum reading { AS_GCC, AS_CLANG } reading;

typedef struct walk {
  reading reading;
  mr_classes classes;
  /** It depends on what a type doesn't tell. */
  bool is_doubtful;
} walk;

/* Types may hold each other many times, and still be small: unions in unions. */
enum { VISITS_MAX = 1 << 18 };

static bool is_passable(const mr_type *type, unsigned *visits) {
  if (++*visits > VISITS_MAX || type->is_vector || !mr_type_is_native(type)) return false;
  if (type->kind == MR_KIND_ARRAY) return is_passable(type->element, visits);
  if (!mr_kind_has_members((mr_kind)type->kind)) {
    return !type->is_foreign && type->kind < MR_KIND_F80;
  }
  for (size_t i = 0; i < type->count; i++) {
    if (!is_passable(type->members[i].type, visits)) return false;
  }
  return true;
}

/* What is memory stays so by is_memory. */
static mr_class merged(mr_class a, mr_class b) {
  if (a == b || b == MR_CLASS_NONE) return a;
  if (a == MR_CLASS_NONE) return b;
  if (a == MR_CLASS_INTEGER || b == MR_CLASS_INTEGER) return MR_CLASS_INTEGER;
  return MR_CLASS_MEMORY;
}

/* Behind the end there may be what an array without elements would hold. */
static void mark(walk *into, size_t offset, mr_class class) {
  if (offset >= MR_IN_REGISTERS) return;
  mr_class *eightbyte = &into->classes.of[offset / MR_EIGHTBYTE];
  *eightbyte = merged(*eightbyte, class);
  if (*eightbyte == MR_CLASS_MEMORY) into->classes.is_memory = true;
}

/* `parts` numbers of `size` octets each. For gcc, one that is not aligned sends the whole to memory; for
 * clang, a member that is not aligned as its type is. */
static void mark_parts(walk *into, size_t offset, size_t parts, size_t size, mr_class class) {
  if (into->reading == AS_GCC && offset % size != 0) into->classes.is_memory = true;
  for (size_t i = 0; i < parts; i++) mark(into, offset + i * size, class);
}

static void mark_integer(walk *into, size_t offset, size_t size) {
  mark_parts(into, offset, 1, size, MR_CLASS_INTEGER);
  if (size > MR_EIGHTBYTE) mark(into, offset + MR_EIGHTBYTE, MR_CLASS_INTEGER);
}

static void mark_scalar(walk *into, const mr_type *type, size_t offset) {
  switch ((mr_kind)type->kind) {
    case MR_KIND_F32:
    case MR_KIND_F64:
      mark_parts(into, offset, 1, type->size, MR_CLASS_SSE);
      break;
    case MR_KIND_COMPLEX_F32:
    case MR_KIND_COMPLEX_F64:
      mark_parts(into, offset, 2, type->size / 2, MR_CLASS_SSE);
      break;
    case MR_KIND_LONG_DOUBLE:
      mark_parts(into, offset, 1, type->size, MR_CLASS_X87);
      mark(into, offset + MR_EIGHTBYTE, MR_CLASS_X87_UP);
      break;
    case MR_KIND_COMPLEX_LONG_DOUBLE:
      into->classes.is_memory = true;
      break;
    default:
      mark_integer(into, offset, type->size);
      break;
  }
}

/* Bit-fields. */

/* Octets of the smallest integer that has so many bits. */
static size_t integer_size(unsigned bits) {
  size_t size = 1;
  while (size * 8 < bits) size *= 2;
  return size;
}

static void mark_bits(walk *into, const mr_member *member, size_t offset) {
  size_t first = offset * 8 + member->bit_offset;
  /* One of no width counted for gcc before 12, unless an eightbyte starts there. */
  size_t end = first + member->bit_width;
  for (size_t at = first / 64; at < (end + 63) / 64; at++) {
    mark(into, at * MR_EIGHTBYTE, MR_CLASS_INTEGER);
  }
}

/* In a struct, gcc makes most bit-fields that fill an integer a plain member, which has to be aligned. */
static bool may_be_plain(const mr_member *member) {
  size_t first = member->offset * 8 + member->bit_offset;
  return member->bit_width >= 16 && (member->bit_width & (member->bit_width - 1)) == 0 &&
         first % member->bit_width == 0;
}

/* Bit-fields may be anywhere; clang doesn't count those without a name, and gcc takes those of unions for
 * integers. */
static void mark_bit_field(walk *into, const mr_type *type, const mr_member *member,
                           size_t offset) {
  if (into->reading == AS_CLANG) {
    if (member->name) mark_bits(into, member, offset);
  } else if (type->kind == MR_KIND_UNION) {
    mark_integer(into, offset, integer_size(member->bit_width));
  } else {
    size_t first = offset * 8 + member->bit_offset;
    if (may_be_plain(member) && first % member->bit_width != 0) into->is_doubtful = true;
    mark_bits(into, member, offset);
  }
}

/* What is made of others. Each is settled by itself before it counts in the outer one. */

static void classify(walk *into, const mr_type *type, size_t offset);

static void merge(walk *into, const walk *inner) {
  if (inner->classes.is_memory) into->classes.is_memory = true;
  if (inner->is_doubtful) into->is_doubtful = true;
  for (size_t i = 0; i < MR_EIGHTBYTES; i++) mark(into, i * MR_EIGHTBYTE, inner->classes.of[i]);
}

/* gcc repeats the classes of the first element over the others, and lets one without elements that starts
 * inside an eightbyte have its class. */
static void classify_array_as_gcc(walk *into, const mr_type *type, size_t offset) {
  walk first = {.reading = AS_GCC};
  if (type->size == 0 && offset % MR_EIGHTBYTE == 0) return;
  classify(&first, type->element, offset);
  mr_classes repeated = {.is_memory = first.classes.is_memory};
  size_t start = offset / MR_EIGHTBYTE;
  size_t size = type->element->size ? type->element->size : 1;
  size_t period = (offset % MR_EIGHTBYTE + size - 1) / MR_EIGHTBYTE + 1;
  size_t end = (offset + (type->size ? type->size : 1) - 1) / MR_EIGHTBYTE;
  for (size_t i = start; i <= end && i < MR_EIGHTBYTES; i++) {
    repeated.of[i] = first.classes.of[start + (i - start) % period];
  }
  first.classes = repeated;
  merge(into, &first);
}

static void classify_array_as_clang(walk *into, const mr_type *type, size_t offset) {
  if (offset % type->element->alignment != 0) into->classes.is_memory = true;
  for (size_t i = 0; i < type->count; i++) {
    classify(into, type->element, offset + i * type->element->size);
    /* All others are there too, as many as they may be. */
    if (type->element->size == 0) break;
  }
}

static void classify_member(walk *into, const mr_type *type, const mr_member *member,
                            size_t offset) {
  if (member->is_bit_field) {
    mark_bit_field(into, type, member, offset);
    return;
  }
  if (into->reading == AS_CLANG) {
    if (member->type->is_flexible || offset % member->type->alignment != 0) {
      into->classes.is_memory = true;
    }
  } else if (member->type->is_flexible) {
    return;
  }
  classify(into, member->type, offset);
}

static void classify_members(walk *into, const mr_type *type, size_t offset) {
  walk own = {.reading = into->reading};
  if (offset % MR_EIGHTBYTE + type->size > MR_IN_REGISTERS) own.classes.is_memory = true;
  for (size_t i = 0; i < type->count; i++) {
    const mr_member *member = &type->members[i];
    classify_member(&own, type, member, offset + member->offset);
  }
  const mr_class *of = own.classes.of;
  if (of[1] == MR_CLASS_X87_UP && of[0] != MR_CLASS_X87) own.classes.is_memory = true;
  merge(into, &own);
}

static void classify(walk *into, const mr_type *type, size_t offset) {
  if (type->kind == MR_KIND_ARRAY) {
    if (into->reading == AS_GCC) {
      classify_array_as_gcc(into, type, offset);
    } else {
      classify_array_as_clang(into, type, offset);
    }
  } else if (mr_kind_has_members((mr_kind)type->kind)) {
    classify_members(into, type, offset);
  } else {
    mark_scalar(into, type, offset);
  }
}

static bool are_same(const mr_classes *a, const mr_classes *b) {
  if (a->is_memory || b->is_memory) return a->is_memory && b->is_memory;
  return a->of[0] == b->of[0] && a->of[1] == b->of[1];
}

mr_status mr_classes_of(const mr_type *type, mr_classes *out) {
  unsigned visits = 0;
  if (!is_passable(type, &visits)) return MR_UNSUPPORTED;
  if (type->size > MR_IN_REGISTERS) {
    *out = (mr_classes){.is_memory = true};
    return MR_OK;
  }
  walk gcc = {.reading = AS_GCC}, clang = {.reading = AS_CLANG};
  classify(&gcc, type, 0);
  classify(&clang, type, 0);
  if (gcc.is_doubtful || !are_same(&gcc.classes, &clang.classes)) return MR_UNSUPPORTED;
  *out = clang.classes;
  return MR_OK;
}

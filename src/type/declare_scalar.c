#include <float.h>
#include <string.h>

#include "declare.h"
#include "names.h"
#include "target.h"

/*
 * What C calls scalars, and which names it has for nothing else.
 */

/* How a name's meaning depends on the target. */
typedef enum mr_width { FIXED, OF_LONG, OF_POINTER } mr_width;

typedef struct mr_scalar_name {
  const char *name;
  /** Of what depends on the target, where it has 64 bits. */
  mr_kind kind;
  mr_width width;
} mr_scalar_name;

static const mr_scalar_name names[] = {
    {"signed char", MR_KIND_I8, FIXED},
    {"unsigned char", MR_KIND_U8, FIXED},
    {"short", MR_KIND_I16, FIXED},
    {"unsigned short", MR_KIND_U16, FIXED},
    {"short int", MR_KIND_I16, FIXED},
    {"short unsigned int", MR_KIND_U16, FIXED},
    {"int", MR_KIND_I32, FIXED},
    {"unsigned int", MR_KIND_U32, FIXED},
    {"unsigned", MR_KIND_U32, FIXED},
    {"long", MR_KIND_I64, OF_LONG},
    {"unsigned long", MR_KIND_U64, OF_LONG},
    {"long int", MR_KIND_I64, OF_LONG},
    {"long unsigned int", MR_KIND_U64, OF_LONG},
    {"long long", MR_KIND_I64, FIXED},
    {"unsigned long long", MR_KIND_U64, FIXED},
    {"long long int", MR_KIND_I64, FIXED},
    {"long long unsigned int", MR_KIND_U64, FIXED},
    {"int8_t", MR_KIND_I8, FIXED},
    {"uint8_t", MR_KIND_U8, FIXED},
    {"int16_t", MR_KIND_I16, FIXED},
    {"uint16_t", MR_KIND_U16, FIXED},
    {"int32_t", MR_KIND_I32, FIXED},
    {"uint32_t", MR_KIND_U32, FIXED},
    {"int64_t", MR_KIND_I64, FIXED},
    {"uint64_t", MR_KIND_U64, FIXED},
    {"size_t", MR_KIND_U64, OF_POINTER},
    {"ptrdiff_t", MR_KIND_I64, OF_POINTER},
    {"intptr_t", MR_KIND_I64, OF_POINTER},
    {"uintptr_t", MR_KIND_U64, OF_POINTER},
    {"__int128", MR_KIND_I128, FIXED},
    {"unsigned __int128", MR_KIND_U128, FIXED},
};

static bool is_x86(mr_target target) {
  return target == MR_TARGET_I386 || target == MR_TARGET_X86_64;
}

/* What a long double is there: what it is here by its own kind, where both are the same. */
static mr_kind long_double_kind(mr_target target) {
  enum { X87_DIGITS = 64, QUAD_DIGITS = 113 };
  switch (mr_target_traits_of(target)->long_double_format) {
    case MR_LONG_DOUBLE_IS_DOUBLE:
      return MR_KIND_F64;
    case MR_LONG_DOUBLE_IS_X87:
      return LDBL_MANT_DIG == X87_DIGITS ? MR_KIND_LONG_DOUBLE : MR_KIND_F80;
    case MR_LONG_DOUBLE_IS_QUAD:
      return LDBL_MANT_DIG == QUAD_DIGITS ? MR_KIND_LONG_DOUBLE : MR_KIND_F128;
    default:
      return MR_KIND_LONG_DOUBLE;
  }
}

static mr_kind complex_kind(mr_kind part) {
  if (part == MR_KIND_F64) return MR_KIND_COMPLEX_F64;
  if (part == MR_KIND_F80) return MR_KIND_COMPLEX_F80;
  return part == MR_KIND_F128 ? MR_KIND_COMPLEX_F128 : MR_KIND_COMPLEX_LONG_DOUBLE;
}

static mr_basic_traits integer_traits(const mr_target_traits *of, size_t size) {
  for (int basic = MR_BASIC_CHAR; basic <= MR_BASIC_INT128; basic++) {
    if (of->basic[basic].size == size) return of->basic[basic];
  }
  return (mr_basic_traits){0, 0};
}

static mr_basic_traits float_traits(const mr_target_traits *of, mr_kind kind, mr_target target) {
  mr_kind longest = long_double_kind(target);
  if (kind == MR_KIND_F32) return of->basic[MR_BASIC_FLOAT];
  if (kind == MR_KIND_F64) return of->basic[MR_BASIC_DOUBLE];
  if (kind == MR_KIND_COMPLEX_F32) return of->basic[MR_BASIC_FLOAT_COMPLEX];
  if (kind == MR_KIND_COMPLEX_F64) return of->basic[MR_BASIC_DOUBLE_COMPLEX];
  if (kind == longest) return of->basic[MR_BASIC_LONG_DOUBLE];
  if (kind == complex_kind(longest)) return of->basic[MR_BASIC_LONG_DOUBLE_COMPLEX];
  bool is_quad = kind == (LDBL_MANT_DIG == 113 ? MR_KIND_LONG_DOUBLE : MR_KIND_F128);
  return is_quad && is_x86(target) ? (mr_basic_traits){16, 16} : (mr_basic_traits){0, 0};
}

/* Of a scalar by itself; a size of 0 where the target has none of the kind. */
static mr_basic_traits traits_of(const mr_type *type, mr_target target) {
  const mr_target_traits *of = mr_target_traits_of(target);
  mr_kind kind = (mr_kind)type->kind;
  if (kind == MR_KIND_BOOL) return of->basic[MR_BASIC_BOOL];
  if (kind == MR_KIND_POINTER) return of->basic[MR_BASIC_POINTER];
  if (mr_kind_is_integer(kind)) return integer_traits(of, type->size);
  return float_traits(of, kind, target);
}

size_t mr_scalar_alignment(const mr_type *type, mr_target target) {
  return traits_of(type, target).alignment;
}

/* Octets of the basic type that a name stands for, where these depend on the target. */
static size_t size_of(const mr_scalar_name *name, mr_target target) {
  const mr_target_traits *of = mr_target_traits_of(target);
  return of->basic[name->width == OF_LONG ? MR_BASIC_LONG : MR_BASIC_POINTER].size;
}

static mr_kind kind_of(const mr_scalar_name *name, mr_target target) {
  if (name->width == FIXED || size_of(name, target) == sizeof(uint64_t)) return name->kind;
  return name->kind == MR_KIND_I64 ? MR_KIND_I32 : MR_KIND_U32;
}

static const mr_scalar_name *find(const char *name) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i].name, name) == 0) return &names[i];
  }
  return NULL;
}

bool mr_is_scalar_text(const char *name) { return find(name) != NULL; }

/* By the kind alone, whatever it was called. */
static const char *text_of_kind(mr_kind kind, mr_target target) {
  mr_kind longest = long_double_kind(target);
  if (kind == MR_KIND_BOOL) return "_Bool";
  if (kind == MR_KIND_F64 || kind == MR_KIND_COMPLEX_F64) longest = MR_KIND_VOID;
  if (kind == longest) return "long double";
  if (kind == complex_kind(longest)) return "long double _Complex";
  if (kind == MR_KIND_LONG_DOUBLE) return "__float128";
  return mr_scalar_type(kind, MR_NATIVE_ORDER)->name;
}

const char *mr_scalar_text(const mr_type *type, mr_target target) {
  mr_kind kind = (mr_kind)type->kind;
  if (traits_of(type, target).size != type->size) return NULL;
  if (type->is_character) {
    bool is_signed = mr_target_traits_of(target)->is_char_signed;
    return mr_kind_is_signed(kind) == is_signed ? "char" : NULL;
  }
  const char *name = mr_type_origin(type)->name;
  const mr_scalar_name *known = name ? find(name) : NULL;
  return known && kind_of(known, target) == kind ? known->name : text_of_kind(kind, target);
}

bool mr_is_c_name(const char *name) {
  /* Those of C23 too, and what gcc takes for such. */
  static const char *const words[] = {
      "auto",           "break",         "case",          "char",
      "const",          "continue",      "default",       "do",
      "double",         "else",          "enum",          "extern",
      "float",          "for",           "goto",          "if",
      "inline",         "int",           "long",          "register",
      "restrict",       "return",        "short",         "signed",
      "sizeof",         "static",        "struct",        "switch",
      "typedef",        "union",         "unsigned",      "void",
      "volatile",       "while",         "asm",           "typeof",
      "_Alignas",       "_Alignof",      "_Atomic",       "_Bool",
      "_Complex",       "_Generic",      "_Imaginary",    "_Noreturn",
      "_Static_assert", "_Thread_local", "__attribute__", "__int128",
      "__extension__",  "_Float128",     "_Float64x",     "__float128",
      "__float80",      "__asm__",       "__typeof__"};
  uint64_t key;
  size_t length = mr_name_scan(name, &key);
  if (length == 0 || name[length]) return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strcmp(words[i], name) == 0) return false;
  }
  return true;
}

/* Enums. */

typedef struct mr_enum_span {
  bool is_signed;
  int64_t least;
  /** Of what is not below 0. */
  uint64_t most;
} mr_enum_span;

static mr_enum_span span_of(const mr_type *type) {
  mr_enum_span span = {false, 0, 0};
  bool is_signed = mr_kind_is_signed((mr_kind)type->kind);
  for (size_t i = 0; i < type->count; i++) {
    int64_t value = type->enumerators[i].value;
    if (is_signed && value < 0) {
      span.is_signed = true;
      if (value < span.least) span.least = value;
    } else if ((uint64_t)value > span.most) {
      span.most = (uint64_t)value;
    }
  }
  return span;
}

static bool fits(const mr_enum_span *span, unsigned bits) {
  uint64_t most = UINT64_MAX >> (64 - bits);
  if (!span->is_signed) return span->most <= most;
  return span->most <= most / 2 && span->least >= -(int64_t)(most / 2) - 1;
}

mr_kind mr_enum_natural_kind(const mr_type *type, mr_target target, bool is_packed) {
  mr_enum_span span = span_of(type);
  if (mr_target_traits_of(target)->is_enum_always_int) return MR_KIND_I32;
  mr_kind kind = is_packed ? MR_KIND_I8 : MR_KIND_I32;
  for (unsigned bits = is_packed ? 8 : 32; bits < 64 && !fits(&span, bits); bits *= 2) kind += 2;
  if (!fits(&span, 64)) return MR_KIND_VOID;
  return span.is_signed ? kind : kind + 1;
}

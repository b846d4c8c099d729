#include <float.h>
#include <stdio.h>
#include <string.h>

#include "reader.h"

/* The types that C begins with, and the names of <stdint.h> and <stddef.h>. */

typedef struct builtin {
  const char *name;
  mr_basic basic;
  /** MR_KIND_VOID: an integer, whose kind its size tells. */
  mr_kind kind;
  bool is_signed;
} builtin;

static const builtin builtins[MR_BUILTIN_COUNT] = {
    [MR_BUILTIN_BOOL] = {"_Bool", MR_BASIC_BOOL, MR_KIND_BOOL, false},
    [MR_BUILTIN_CHAR] = {"char", MR_BASIC_CHAR, MR_KIND_VOID, true},
    [MR_BUILTIN_SIGNED_CHAR] = {"signed char", MR_BASIC_CHAR, MR_KIND_VOID, true},
    [MR_BUILTIN_UNSIGNED_CHAR] = {"unsigned char", MR_BASIC_CHAR, MR_KIND_VOID, false},
    [MR_BUILTIN_SHORT] = {"short", MR_BASIC_SHORT, MR_KIND_VOID, true},
    [MR_BUILTIN_UNSIGNED_SHORT] = {"unsigned short", MR_BASIC_SHORT, MR_KIND_VOID, false},
    [MR_BUILTIN_INT] = {"int", MR_BASIC_INT, MR_KIND_VOID, true},
    [MR_BUILTIN_UNSIGNED] = {"unsigned int", MR_BASIC_INT, MR_KIND_VOID, false},
    [MR_BUILTIN_LONG] = {"long", MR_BASIC_LONG, MR_KIND_VOID, true},
    [MR_BUILTIN_UNSIGNED_LONG] = {"unsigned long", MR_BASIC_LONG, MR_KIND_VOID, false},
    [MR_BUILTIN_LONG_LONG] = {"long long", MR_BASIC_LONG_LONG, MR_KIND_VOID, true},
    [MR_BUILTIN_UNSIGNED_LONG_LONG] = {"unsigned long long", MR_BASIC_LONG_LONG, MR_KIND_VOID,
                                       false},
    [MR_BUILTIN_INT128] = {"__int128", MR_BASIC_INT128, MR_KIND_VOID, true},
    [MR_BUILTIN_UNSIGNED_INT128] = {"unsigned __int128", MR_BASIC_INT128, MR_KIND_VOID, false},
    [MR_BUILTIN_FLOAT] = {"float", MR_BASIC_FLOAT, MR_KIND_F32, false},
    [MR_BUILTIN_DOUBLE] = {"double", MR_BASIC_DOUBLE, MR_KIND_F64, false},
    [MR_BUILTIN_LONG_DOUBLE] = {"long double", MR_BASIC_LONG_DOUBLE, MR_KIND_LONG_DOUBLE, false},
    [MR_BUILTIN_FLOAT_COMPLEX] = {"float _Complex", MR_BASIC_FLOAT_COMPLEX, MR_KIND_COMPLEX_F32,
                                  false},
    [MR_BUILTIN_DOUBLE_COMPLEX] = {"double _Complex", MR_BASIC_DOUBLE_COMPLEX, MR_KIND_COMPLEX_F64,
                                   false},
    [MR_BUILTIN_LONG_DOUBLE_COMPLEX] = {"long double _Complex", MR_BASIC_LONG_DOUBLE_COMPLEX,
                                        MR_KIND_COMPLEX_LONG_DOUBLE, false},
};

/* Whether this machine's long double has so many digits. */
static bool is_long_double(int digits) { return LDBL_MANT_DIG == digits; }

static mr_kind integer_kind(size_t size, bool is_signed) {
  mr_kind kind = MR_KIND_I8;
  for (size_t octets = 1; octets < size; octets *= 2) kind = (mr_kind)(kind + 2);
  return is_signed ? kind : (mr_kind)(kind + 1);
}

/* What a long double is there, by the names of this machine's kinds. */
static mr_kind long_double_kind(const mr_target_traits *traits) {
  switch (traits->long_double_format) {
    case MR_LONG_DOUBLE_IS_DOUBLE:
      return MR_KIND_F64;
    case MR_LONG_DOUBLE_IS_X87:
      return is_long_double(64) ? MR_KIND_LONG_DOUBLE : MR_KIND_F80;
    case MR_LONG_DOUBLE_IS_QUAD:
      return is_long_double(113) ? MR_KIND_LONG_DOUBLE : MR_KIND_F128;
    default:
      return MR_KIND_LONG_DOUBLE;
  }
}

static mr_kind complex_kind(mr_kind part) {
  switch (part) {
    case MR_KIND_F64:
      return MR_KIND_COMPLEX_F64;
    case MR_KIND_F80:
      return MR_KIND_COMPLEX_F80;
    case MR_KIND_F128:
      return MR_KIND_COMPLEX_F128;
    default:
      return MR_KIND_COMPLEX_LONG_DOUBLE;
  }
}

static mr_kind kind_of(const mr_reader *reader, mr_builtin which) {
  const builtin *of = &builtins[which];
  if (of->kind == MR_KIND_LONG_DOUBLE) return long_double_kind(reader->traits);
  if (of->kind == MR_KIND_COMPLEX_LONG_DOUBLE)
    return complex_kind(long_double_kind(reader->traits));
  if (of->kind != MR_KIND_VOID) return of->kind;
  bool is_signed = which == MR_BUILTIN_CHAR ? reader->traits->is_char_signed : of->is_signed;
  return integer_kind(reader->traits->basic[of->basic].size, is_signed);
}

static mr_status make(mr_reader *reader, const char *name, mr_kind kind, size_t size,
                      size_t alignment, mr_type **out) {
  mr_status status = mr_reader_new_type(reader, out);
  if (status != MR_OK) return status;
  mr_type *type = *out;
  type->name = name;
  type->kind = (uint8_t)kind;
  type->size = size;
  type->alignment = alignment;
  if (kind != MR_KIND_VOID) mr_type_settle_scalar(type);
  return MR_OK;
}

static mr_status make_builtin(mr_reader *reader, mr_builtin which) {
  const builtin *of = &builtins[which];
  mr_basic_traits traits = reader->traits->basic[of->basic];
  mr_type *type;
  if (!of->name || traits.size == 0) return MR_OK;
  mr_status status =
      make(reader, of->name, kind_of(reader, which), traits.size, traits.alignment, &type);
  if (status != MR_OK) return status;
  type->is_character = which == MR_BUILTIN_CHAR;
  if (of->basic == MR_BASIC_INT128) {
    type->clang_alignment = mr_alignment_pack(reader->traits->clang_int128_alignment);
  }
  reader->builtins[which] = type;
  return MR_OK;
}

/* gcc's own floats, where it has them: x86's and those of which a long double is one. */
static mr_status make_floats(mr_reader *reader) {
  mr_type *type;
  mr_target target = reader->target;
  bool is_x86 = target == MR_TARGET_X86_64 || target == MR_TARGET_I386;
  bool is_quad = reader->traits->long_double_format == MR_LONG_DOUBLE_IS_QUAD;
  mr_builtin same = is_x86 ? MR_BUILTIN_FLOAT80 : MR_BUILTIN_FLOAT128;
  if (is_x86 || is_quad) {
    reader->builtins[same] = reader->builtins[MR_BUILTIN_LONG_DOUBLE];
    reader->builtins[mr_complex_of(same)] = reader->builtins[MR_BUILTIN_LONG_DOUBLE_COMPLEX];
  }
  if (!is_x86) return MR_OK;
  mr_kind kind = is_long_double(113) ? MR_KIND_LONG_DOUBLE : MR_KIND_F128;
  mr_status status = make(reader, "__float128", kind, 16, 16, &type);
  if (status != MR_OK) return status;
  reader->builtins[MR_BUILTIN_FLOAT128] = type;
  status = make(reader, "_Complex __float128", complex_kind(kind), 32, 16, &type);
  if (status == MR_OK) reader->builtins[MR_BUILTIN_FLOAT128_COMPLEX] = type;
  return status;
}

mr_status mr_reader_make_builtins(mr_reader *reader) {
  mr_type *nothing;
  mr_status status = make(reader, "void", MR_KIND_VOID, 0, 1, &nothing);
  if (status != MR_OK) return status;
  reader->builtins[MR_BUILTIN_VOID] = nothing;
  status = mr_reader_new_type(reader, &nothing);
  if (status != MR_OK) return status;
  nothing->name = "a type that is not known here";
  nothing->kind = MR_KIND_STRUCT;
  nothing->is_incomplete = true;
  reader->builtins[MR_BUILTIN_OPAQUE] = nothing;
  for (int i = 0; i < MR_BUILTIN_COUNT && status == MR_OK; i++) {
    status = make_builtin(reader, (mr_builtin)i);
  }
  return status == MR_OK ? make_floats(reader) : status;
}

/* Names. */

static const char *basic_name(uint8_t basic, bool is_signed) {
  static const char *const names[][2] = {
      [MR_BASIC_CHAR] = {"unsigned char", "signed char"},
      [MR_BASIC_SHORT] = {"unsigned short", "short"},
      [MR_BASIC_INT] = {"unsigned int", "int"},
      [MR_BASIC_LONG] = {"unsigned long", "long"},
      [MR_BASIC_LONG_LONG] = {"unsigned long long", "long long"},
  };
  return names[basic][is_signed];
}

static mr_status predefine_text(mr_reader *reader, const char *text) {
  return mr_declarations_read(reader, mr_view_of(text, strlen(text)), reader->condition);
}

static mr_status predefine(mr_reader *reader, const char *name, const char *meaning) {
  char text[160];
  snprintf(text, sizeof text, "typedef %s %s;", meaning, name);
  return predefine_text(reader, text);
}

/* `prefix` with `bits` between it and _t, signed and unsigned. */
static mr_status predefine_pair(mr_reader *reader, const char *prefix, unsigned bits,
                                uint8_t basic) {
  char name[32];
  snprintf(name, sizeof name, "%s%u_t", prefix, bits);
  mr_status status = predefine(reader, name, basic_name(basic, true));
  snprintf(name, sizeof name, "u%s%u_t", prefix, bits);
  return status == MR_OK ? predefine(reader, name, basic_name(basic, false)) : status;
}

static mr_status predefine_fixed(mr_reader *reader) {
  const mr_target_traits *traits = reader->traits;
  static const char *const prefixes[] = {"int", "int_least", "int_fast"};
  mr_status status = MR_OK;
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && status == MR_OK; i++) {
    bool is_fast = i == 2;
    uint8_t of16 = is_fast ? traits->fast16_basic : MR_BASIC_SHORT;
    uint8_t of32 = is_fast ? traits->fast32_basic : MR_BASIC_INT;
    uint8_t of64 = is_fast ? traits->fast64_basic : traits->int64_basic;
    status = predefine_pair(reader, prefixes[i], 8, MR_BASIC_CHAR);
    if (status == MR_OK) status = predefine_pair(reader, prefixes[i], 16, of16);
    if (status == MR_OK) status = predefine_pair(reader, prefixes[i], 32, of32);
    if (status == MR_OK) status = predefine_pair(reader, prefixes[i], 64, of64);
  }
  return status;
}

static mr_status predefine_sizes(mr_reader *reader) {
  const mr_target_traits *traits = reader->traits;
  const char *of_size = basic_name(traits->size_basic, false);
  const char *of_difference = basic_name(traits->size_basic, true);
  const struct {
    const char *name;
    const char *meaning;
  } names[] = {{"size_t", of_size},
               {"uintptr_t", of_size},
               {"ptrdiff_t", of_difference},
               {"intptr_t", of_difference},
               {"ssize_t", of_difference},
               {"intmax_t", basic_name(traits->intmax_basic, true)},
               {"uintmax_t", basic_name(traits->intmax_basic, false)},
               {"wchar_t", basic_name(traits->wchar.basic, traits->wchar.is_signed)},
               {"wint_t", basic_name(traits->wint.basic, traits->wint.is_signed)},
               {"char16_t", "unsigned short"},
               {"char32_t", "unsigned int"},
               {"bool", "_Bool"}};
  mr_status status = MR_OK;
  for (size_t i = 0; i < sizeof names / sizeof *names && status == MR_OK; i++) {
    status = predefine(reader, names[i].name, names[i].meaning);
  }
  if (status == MR_OK) status = predefine_text(reader, "enum { false, true };");
  if (status == MR_OK && traits->basic[MR_BASIC_INT128].size > 0) {
    status = predefine_text(reader,
                            "typedef __int128 __int128_t;"
                            "typedef unsigned __int128 __uint128_t;");
  }
  return status;
}

/* As the compilers' <stddef.h> and <stdarg.h> have them. */
static mr_status predefine_records(mr_reader *reader) {
  static const char max_align[] =
      "typedef struct {"
      "  long long ll __attribute__((aligned(__alignof__(long long))));"
      "  long double ld __attribute__((aligned(__alignof__(long double))));"
      "} max_align_t;";
  static const char *const va_lists[] = {
      [MR_TARGET_X86_64] =
          "typedef struct __va_list_tag { unsigned int gp_offset, fp_offset;"
          "  void *overflow_arg_area, *reg_save_area; } __builtin_va_list[1];"
          "typedef struct __va_list_tag __builtin_sysv_va_list[1];"
          "typedef char *__builtin_ms_va_list;",
      [MR_TARGET_I386] = "typedef char *__builtin_va_list;",
      [MR_TARGET_AARCH64] =
          "typedef struct __va_list { void *__stack, *__gr_top, *__vr_top;"
          "  int __gr_offs, __vr_offs; } __builtin_va_list;",
      [MR_TARGET_ARM] = "typedef struct __va_list { void *__ap; } __builtin_va_list;",
      [MR_TARGET_RISCV64] = "typedef void *__builtin_va_list;",
      [MR_TARGET_S390X] =
          "typedef struct __va_list_tag { long __gpr, __fpr;"
          "  void *__overflow_arg_area, *__reg_save_area; } __builtin_va_list[1];",
      [MR_TARGET_WINDOWS_X64] = "typedef char *__builtin_va_list;",
  };
  mr_target target = reader->target;
  const char *of_alignment = max_align;
  /* On i386 the compilers' own headers differ. */
  if (target == MR_TARGET_I386) of_alignment = "";
  if (target == MR_TARGET_WINDOWS_X64) of_alignment = "typedef double max_align_t;";
  mr_status status = predefine_text(reader, of_alignment);
  const char *list = va_lists[target] ? va_lists[target] : "typedef char *__builtin_va_list;";
  return status == MR_OK ? predefine_text(reader, list) : status;
}

mr_status mr_reader_predefine(mr_reader *reader) {
  reader->is_predefining = true;
  mr_status status = predefine_fixed(reader);
  if (status == MR_OK) status = predefine_sizes(reader);
  if (status == MR_OK) status = predefine_records(reader);
  reader->is_predefining = false;
  reader->predefined = reader->text;
  return status;
}

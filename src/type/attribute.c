#include <string.h>

#include "reader.h"

/* Attributes: those that change layouts are followed, those that are known not to are passed over. */

typedef enum attribute_effect {
  PASSED,
  PACKED,
  ALIGNED,
  /** Aligned in __declspec, and not known to gcc and clang elsewhere. */
  DECLSPEC_ALIGNED,
  VECTOR_SIZE,
  MODE,
  ORDER,
  /* Changes layouts on some target, but not by the rule of this one. */
  GCC_STRUCT
} attribute_effect;

/* Sorted: searched by halves. */
static const struct {
  const char *name;
  attribute_effect effect;
} known[] = {
    {"access", PASSED},
    {"alias", PASSED},
    {"align", DECLSPEC_ALIGNED},
    {"aligned", ALIGNED},
    {"alloc_align", PASSED},
    {"alloc_size", PASSED},
    {"allocate", PASSED},
    {"allocator", PASSED},
    {"alternate_name", PASSED},
    {"always_inline", PASSED},
    {"annotate", PASSED},
    {"artificial", PASSED},
    {"assume_aligned", PASSED},
    {"availability", PASSED},
    {"btf_decl_tag", PASSED},
    {"btf_type_tag", PASSED},
    {"callback", PASSED},
    {"cdecl", PASSED},
    {"cleanup", PASSED},
    {"code_seg", PASSED},
    {"cold", PASSED},
    {"common", PASSED},
    {"const", PASSED},
    {"constructor", PASSED},
    {"convergent", PASSED},
    {"counted_by", PASSED},
    {"deprecated", PASSED},
    {"designated_init", PASSED},
    {"destructor", PASSED},
    {"diagnose_if", PASSED},
    {"disable_tail_calls", PASSED},
    {"dllexport", PASSED},
    {"dllimport", PASSED},
    {"enable_if", PASSED},
    {"enum_extensibility", PASSED},
    {"error", PASSED},
    {"externally_visible", PASSED},
    {"fallthrough", PASSED},
    {"fastcall", PASSED},
    {"fd_arg", PASSED},
    {"fd_arg_read", PASSED},
    {"fd_arg_write", PASSED},
    {"flag_enum", PASSED},
    {"flatten", PASSED},
    {"force_align_arg_pointer", PASSED},
    {"format", PASSED},
    {"format_arg", PASSED},
    {"gcc_struct", GCC_STRUCT},
    {"gnu_inline", PASSED},
    {"hot", PASSED},
    {"ifunc", PASSED},
    {"internal_linkage", PASSED},
    {"interrupt", PASSED},
    {"leaf", PASSED},
    {"malloc", PASSED},
    {"may_alias", PASSED},
    {"maybe_unused", PASSED},
    {"min_vector_width", PASSED},
    {"minsize", PASSED},
    {"mode", MODE},
    {"ms_abi", PASSED},
    {"naked", PASSED},
    {"no_address_safety_analysis", PASSED},
    {"no_caller_saved_registers", PASSED},
    {"no_icf", PASSED},
    {"no_instrument_function", PASSED},
    {"no_profile_instrument_function", PASSED},
    {"no_randomize_layout", PASSED},
    {"no_reorder", PASSED},
    {"no_sanitize", PASSED},
    {"no_sanitize_address", PASSED},
    {"no_sanitize_thread", PASSED},
    {"no_sanitize_undefined", PASSED},
    {"no_split_stack", PASSED},
    {"no_stack_protector", PASSED},
    {"noalias", PASSED},
    {"nocf_check", PASSED},
    {"noclone", PASSED},
    {"nocommon", PASSED},
    {"nodebug", PASSED},
    {"nodiscard", PASSED},
    {"noinline", PASSED},
    {"noipa", PASSED},
    {"nonnull", PASSED},
    {"nonstring", PASSED},
    {"noplt", PASSED},
    {"noreturn", PASSED},
    {"not_tail_called", PASSED},
    {"nothrow", PASSED},
    {"null_terminated_string_arg", PASSED},
    {"optimize", PASSED},
    {"optnone", PASSED},
    {"overloadable", PASSED},
    {"packed", PACKED},
    {"pass_object_size", PASSED},
    {"patchable_function_entry", PASSED},
    {"pcs", PASSED},
    {"preserve_access_index", PASSED},
    {"pure", PASSED},
    {"regparm", PASSED},
    {"restrict", PASSED},
    {"retain", PASSED},
    {"returns_nonnull", PASSED},
    {"returns_twice", PASSED},
    {"scalar_storage_order", ORDER},
    {"section", PASSED},
    {"selectany", PASSED},
    {"sentinel", PASSED},
    {"simd", PASSED},
    {"stack_protect", PASSED},
    {"stdcall", PASSED},
    {"swift_name", PASSED},
    {"swift_private", PASSED},
    {"symver", PASSED},
    {"sysv_abi", PASSED},
    {"target", PASSED},
    {"target_clones", PASSED},
    {"thiscall", PASSED},
    {"thread", PASSED},
    {"tls_model", PASSED},
    {"transparent_union", PASSED},
    {"type_tag_for_datatype", PASSED},
    {"unavailable", PASSED},
    {"uninitialized", PASSED},
    {"unused", PASSED},
    {"used", PASSED},
    {"uuid", PASSED},
    {"vector_size", VECTOR_SIZE},
    {"vectorcall", PASSED},
    {"visibility", PASSED},
    {"warn_if_not_aligned", PASSED},
    {"warn_unused_result", PASSED},
    {"warning", PASSED},
    {"weak", PASSED},
    {"weakref", PASSED},
    {"zero_call_used_regs", PASSED},
};

/* __packed__ is packed. */
static size_t bare_name(const mr_token *token, const char **out) {
  const char *start = token->start;
  size_t length = token->length;
  if (length > 4 && memcmp(start, "__", 2) == 0 && memcmp(start + length - 2, "__", 2) == 0) {
    start += 2;
    length -= 4;
  }
  *out = start;
  return length;
}

static int compare_name(const char *text, size_t length, const char *name) {
  size_t known_length = strlen(name);
  int order = memcmp(text, name, length < known_length ? length : known_length);
  return order != 0 ? order : (length > known_length) - (length < known_length);
}

static bool find_effect(const mr_token *token, attribute_effect *out) {
  const char *text;
  size_t length = bare_name(token, &text);
  size_t start = 0, end = sizeof known / sizeof *known;
  while (start < end) {
    size_t middle = start + (end - start) / 2;
    int order = compare_name(text, length, known[middle].name);
    if (order == 0) {
      *out = known[middle].effect;
      return true;
    }
    if (order < 0) {
      end = middle;
    } else {
      start = middle + 1;
    }
  }
  return false;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static mr_status check_alignment(mr_reader *reader, const char *at, uint64_t alignment) {
  uint64_t most = reader->target == MR_TARGET_WINDOWS_X64 ? 8192 : 1 << 28;
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "an alignment is a power of two");
  }
  if (alignment > most) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, at, "an alignment above %u", (unsigned)most);
  }
  return MR_OK;
}

/* From the bracket, if there is one. */
static mr_status read_aligned(mr_reader *reader, mr_attributes *attributes) {
  uint64_t alignment = reader->traits->attribute_alignment;
  const char *at = reader->token.start;
  if (mr_reader_is_at(reader, '(')) {
    mr_status status = mr_reader_advance(reader);
    if (status == MR_OK) status = mr_read_size(reader, "an alignment", &alignment);
    if (status == MR_OK) status = check_alignment(reader, at, alignment);
    if (status == MR_OK) status = mr_reader_require(reader, ')', "')'");
    if (status != MR_OK) return status;
  }
  attributes->alignment = larger(attributes->alignment, (size_t)alignment);
  attributes->last_alignment = (size_t)alignment;
  return MR_OK;
}

static mr_status read_vector_size(mr_reader *reader, mr_attributes *attributes) {
  mr_status status = mr_reader_require(reader, '(', "'('");
  if (status == MR_OK) status = mr_read_size(reader, "a vector's size", &attributes->vector_size);
  return status == MR_OK ? mr_reader_require(reader, ')', "')'") : status;
}

static mr_status read_mode(mr_reader *reader, mr_attributes *attributes) {
  static const struct {
    const char *name;
    mr_mode mode;
  } modes[] = {{"QI", MR_MODE_INTEGER_1},      {"byte", MR_MODE_INTEGER_1},
               {"HI", MR_MODE_INTEGER_2},      {"SI", MR_MODE_INTEGER_4},
               {"DI", MR_MODE_INTEGER_8},      {"TI", MR_MODE_INTEGER_16},
               {"pointer", MR_MODE_POINTER},   {"word", MR_MODE_WORD},
               {"unwind_word", MR_MODE_WORD},  {"SF", MR_MODE_FLOAT},
               {"DF", MR_MODE_DOUBLE},         {"XF", MR_MODE_EXTENDED},
               {"TF", MR_MODE_QUAD},           {"SC", MR_MODE_COMPLEX_FLOAT},
               {"DC", MR_MODE_COMPLEX_DOUBLE}, {"XC", MR_MODE_COMPLEX_EXTENDED},
               {"TC", MR_MODE_COMPLEX_QUAD}};
  mr_status status = mr_reader_require(reader, '(', "'('");
  if (status != MR_OK) return status;
  const char *text = "";
  size_t length = reader->token.identifier ? bare_name(&reader->token, &text) : 0;
  attributes->mode = MR_MODE_NONE;
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
    if (compare_name(text, length, modes[i].name) == 0) attributes->mode = (int)modes[i].mode;
  }
  if (attributes->mode == MR_MODE_NONE) {
    return mr_reader_fail(reader, MR_UNSUPPORTED, "this mode is not known");
  }
  status = mr_reader_advance(reader);
  return status == MR_OK ? mr_reader_require(reader, ')', "')'") : status;
}

static mr_status read_order(mr_reader *reader, mr_attributes *attributes) {
  mr_status status = mr_reader_require(reader, '(', "'('");
  if (status != MR_OK) return status;
  const mr_token *token = &reader->token;
  if (token->kind == MR_TOKEN_STRING &&
      compare_name(token->start, token->length, "\"big-endian\"") == 0) {
    attributes->order = MR_BIG_ENDIAN;
  } else if (token->kind == MR_TOKEN_STRING &&
             compare_name(token->start, token->length, "\"little-endian\"") == 0) {
    attributes->order = MR_LITTLE_ENDIAN;
  } else {
    return mr_reader_expected(reader, "\"big-endian\" or \"little-endian\"");
  }
  attributes->has_order = true;
  status = mr_reader_advance(reader);
  return status == MR_OK ? mr_reader_require(reader, ')', "')'") : status;
}

static mr_status pass(mr_reader *reader) {
  return mr_reader_is_at(reader, '(') ? mr_reader_skip_brackets(reader) : MR_OK;
}

static mr_status read_attribute(mr_reader *reader, bool is_declspec, mr_attributes *attributes) {
  mr_token name = reader->token;
  attribute_effect effect = PASSED;
  if (!name.identifier) return mr_reader_expected(reader, "an attribute's name");
  bool is_known = find_effect(&name, &effect);
  mr_status status = mr_reader_advance(reader);
  if (status != MR_OK) return status;
  if (effect == DECLSPEC_ALIGNED) {
    is_known = is_declspec;
    effect = is_declspec ? ALIGNED : PASSED;
  }
  bool is_windows = reader->target == MR_TARGET_WINDOWS_X64;
  if ((!is_known || (effect == GCC_STRUCT && is_windows)) && !attributes->unknown) {
    attributes->unknown = name.start;
    attributes->unknown_length = name.length;
  }
  if (is_known && effect != PASSED && effect != GCC_STRUCT && !attributes->at) {
    attributes->at = name.start;
  }
  switch (effect) {
    case PACKED:
      attributes->is_packed = true;
      return MR_OK;
    case ALIGNED:
      return read_aligned(reader, attributes);
    case VECTOR_SIZE:
      return read_vector_size(reader, attributes);
    case MODE:
      return read_mode(reader, attributes);
    case ORDER:
      return read_order(reader, attributes);
    default:
      return pass(reader);
  }
}

/* Inside the brackets. */
static mr_status read_list(mr_reader *reader, bool is_declspec, mr_attributes *attributes) {
  mr_status status = MR_OK;
  while (status == MR_OK && !mr_reader_is_at(reader, ')')) {
    if (mr_reader_is_at(reader, ',')) {
      status = mr_reader_advance(reader);
    } else {
      status = read_attribute(reader, is_declspec, attributes);
      if (status == MR_OK && !mr_reader_is_at(reader, ',') && !mr_reader_is_at(reader, ')') &&
          !reader->token.identifier) {
        status = mr_reader_expected(reader, "',' or ')' behind an attribute");
      }
    }
  }
  return status;
}

mr_status mr_read_attributes_there(mr_reader *reader, mr_attributes *attributes) {
  mr_status status = MR_OK;
  while (status == MR_OK) {
    bool is_declspec = mr_reader_is_at(reader, MR_TOKEN_DECLSPEC);
    if (!is_declspec && !mr_reader_is_at(reader, MR_TOKEN_ATTRIBUTE)) return MR_OK;
    status = mr_reader_advance(reader);
    if (status == MR_OK) status = mr_reader_require(reader, '(', "'('");
    if (status == MR_OK && !is_declspec) status = mr_reader_require(reader, '(', "'(('");
    if (status == MR_OK) status = read_list(reader, is_declspec, attributes);
    if (status == MR_OK) status = mr_reader_require(reader, ')', "')'");
    if (status == MR_OK && !is_declspec) status = mr_reader_require(reader, ')', "'))'");
  }
  return status;
}

mr_status mr_read_alignas(mr_reader *reader, mr_attributes *attributes) {
  uint64_t alignment;
  const char *at = reader->token.start;
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_reader_require(reader, '(', "'('");
  if (status != MR_OK) return status;
  if (mr_starts_type(reader, &reader->token)) {
    const mr_type *type;
    status = mr_read_type_name(reader, &type);
    if (status != MR_OK) return status;
    type = mr_reader_completed(reader, type);
    if (!mr_type_is_data(type)) {
      return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "this type has no alignment");
    }
    alignment = type->alignment;
  } else {
    status = mr_read_size(reader, "an alignment", &alignment);
    if (status == MR_OK && alignment > 0) status = check_alignment(reader, at, alignment);
    if (status != MR_OK) return status;
  }
  if (!attributes->at) attributes->at = at;
  attributes->has_alignas = true;
  attributes->alignas_alignment = larger(attributes->alignas_alignment, (size_t)alignment);
  return mr_reader_require(reader, ')', "')'");
}

mr_status mr_skip_asm(mr_reader *reader) {
  while (mr_reader_is_at(reader, MR_TOKEN_ASM)) {
    mr_status status = mr_reader_advance(reader);
    /* asm volatile ("...") */
    while (status == MR_OK && reader->token.identifier) status = mr_reader_advance(reader);
    if (status == MR_OK && !mr_reader_is_at(reader, '('))
      status = mr_reader_expected(reader, "'('");
    if (status == MR_OK) status = mr_reader_skip_brackets(reader);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

mr_status mr_check_attributes(mr_reader *reader, const mr_attributes *attributes) {
  enum { SHOWN = 40 };
  if (!attributes->unknown) return MR_OK;
  int length = attributes->unknown_length < SHOWN ? (int)attributes->unknown_length : SHOWN;
  return mr_reader_fail_at(reader, MR_UNSUPPORTED, attributes->unknown,
                           "attribute '%.*s' is not known, and may change the layout", length,
                           attributes->unknown);
}

mr_status mr_refuse_attributes(mr_reader *reader, const mr_attributes *attributes,
                               const char *where) {
  if (attributes->at) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, attributes->at,
                             "an attribute that changes layout, %s", where);
  }
  return mr_check_attributes(reader, attributes);
}

mr_status mr_check_one_alignment(mr_reader *reader, const mr_attributes *attributes) {
  if (attributes->alignment == attributes->last_alignment) return MR_OK;
  return mr_reader_fail_at(reader, MR_UNSUPPORTED, attributes->at,
                           "of several alignments gcc takes the last, and clang the largest");
}

void mr_attributes_add(mr_attributes *to, const mr_attributes *from) {
  if (!from->at && !from->unknown) return;
  to->alignment = larger(to->alignment, from->alignment);
  if (from->last_alignment) to->last_alignment = from->last_alignment;
  to->alignas_alignment = larger(to->alignas_alignment, from->alignas_alignment);
  to->has_alignas = to->has_alignas || from->has_alignas;
  to->is_packed = to->is_packed || from->is_packed;
  if (from->has_order) {
    to->has_order = true;
    to->order = from->order;
  }
  if (from->vector_size) to->vector_size = from->vector_size;
  if (from->mode) to->mode = from->mode;
  if (!to->at) to->at = from->at;
  if (!to->unknown) {
    to->unknown = from->unknown;
    to->unknown_length = from->unknown_length;
  }
}

static const mr_type *moded(const mr_reader *reader, int mode, const mr_type *type) {
  static const uint8_t sizes[] = {[MR_MODE_INTEGER_1] = 1,
                                  [MR_MODE_INTEGER_2] = 2,
                                  [MR_MODE_INTEGER_4] = 4,
                                  [MR_MODE_INTEGER_8] = 8,
                                  [MR_MODE_INTEGER_16] = 16};
  static const mr_builtin floats[] = {
      [0] = MR_BUILTIN_FLOAT,
      [MR_MODE_DOUBLE - MR_MODE_FLOAT] = MR_BUILTIN_DOUBLE,
      [MR_MODE_EXTENDED - MR_MODE_FLOAT] = MR_BUILTIN_FLOAT80,
      [MR_MODE_QUAD - MR_MODE_FLOAT] = MR_BUILTIN_FLOAT128,
      [MR_MODE_COMPLEX_FLOAT - MR_MODE_FLOAT] = MR_BUILTIN_FLOAT_COMPLEX,
      [MR_MODE_COMPLEX_DOUBLE - MR_MODE_FLOAT] = MR_BUILTIN_DOUBLE_COMPLEX,
      [MR_MODE_COMPLEX_EXTENDED - MR_MODE_FLOAT] = MR_BUILTIN_FLOAT80_COMPLEX,
      [MR_MODE_COMPLEX_QUAD - MR_MODE_FLOAT] = MR_BUILTIN_FLOAT128_COMPLEX};
  if (mode >= MR_MODE_FLOAT) {
    bool is_complex = mode >= MR_MODE_COMPLEX_FLOAT;
    bool is_float = !mr_is_integer(type) && type->kind != MR_KIND_POINTER;
    if (!is_float || is_complex != mr_kind_is_complex((mr_kind)type->kind)) return NULL;
    return reader->builtins[floats[mode - MR_MODE_FLOAT]];
  }
  if (!mr_kind_is_integer((mr_kind)type->kind) || type->is_enum) return NULL;
  size_t size = mode == MR_MODE_POINTER || mode == MR_MODE_WORD
                    ? reader->traits->basic[MR_BASIC_POINTER].size
                    : sizes[mode];
  return mr_reader_integer(reader, size, mr_is_signed(type));
}

mr_status mr_attributed_type(mr_reader *reader, const mr_attributes *attributes,
                             const mr_type *type, const mr_type **out) {
  if (attributes->mode) {
    type = mr_kind_is_scalar((mr_kind)type->kind) ? moded(reader, attributes->mode, type) : NULL;
    if (!type) {
      return mr_reader_fail_at(reader, MR_UNSUPPORTED, attributes->at,
                               "there is no such mode of this type");
    }
  }
  *out = type;
  if (!attributes->vector_size) return MR_OK;
  return mr_reader_vector_of(reader, attributes->at, type, attributes->vector_size, out);
}

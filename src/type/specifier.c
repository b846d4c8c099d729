#include <string.h>

#include "reader.h"

/* Declaration specifiers: words in any order, of which some name a type together. */

typedef struct words {
  /** Of each word for a scalar, by its token. */
  uint8_t counts[MR_TOKEN_FLOAT64X - MR_TOKEN_VOID + 1];
  unsigned count;
  /** Of __int8 to __int64; 0 for none. */
  uint8_t sized;
  bool is_atomic;
  /** A struct, a typedef, typeof. */
  const mr_type *type;
  const char *start;
} words;

static bool is_word(int kind) { return kind >= MR_TOKEN_VOID && kind <= MR_TOKEN_FLOAT64X; }

static unsigned count_of(const words *of, int kind) { return of->counts[kind - MR_TOKEN_VOID]; }

static bool is_typedef_name(const mr_token *token) {
  return token->kind == MR_TOKEN_IDENTIFIER &&
         token->identifier->ordinary.form == MR_SYMBOL_TYPEDEF;
}

bool mr_starts_type(const mr_reader *reader, const mr_token *token) {
  (void)reader;
  if (token->kind >= MR_TOKEN_VOID && token->kind <= MR_TOKEN_EXTENSION) return true;
  return is_typedef_name(token);
}

/* What the words for an integer name; MR_BUILTIN_COUNT for nothing. */
static mr_builtin integer_of(const words *of) {
  unsigned unsigneds = count_of(of, MR_TOKEN_UNSIGNED);
  unsigned signs = unsigneds + count_of(of, MR_TOKEN_SIGNED);
  unsigned chars = count_of(of, MR_TOKEN_CHAR), shorts = count_of(of, MR_TOKEN_SHORT);
  unsigned ints = count_of(of, MR_TOKEN_INT), longs = count_of(of, MR_TOKEN_LONG);
  unsigned int128s = count_of(of, MR_TOKEN_INT128);
  unsigned sizes = chars + shorts + (longs > 0) + int128s;
  if (signs > 1 || ints > 1 || longs > 2 || sizes > 1 || (ints > 0 && chars + int128s > 0)) {
    return MR_BUILTIN_COUNT;
  }
  if (chars > 0 && signs == 0) return MR_BUILTIN_CHAR;
  mr_builtin type = MR_BUILTIN_INT;
  if (chars > 0) type = MR_BUILTIN_SIGNED_CHAR;
  if (shorts > 0) type = MR_BUILTIN_SHORT;
  if (longs > 0) type = longs == 1 ? MR_BUILTIN_LONG : MR_BUILTIN_LONG_LONG;
  if (int128s > 0) type = MR_BUILTIN_INT128;
  return unsigneds > 0 ? (mr_builtin)(type + 1) : type;
}

static mr_builtin sized_integer_of(const words *of) {
  static const mr_builtin types[] = {[1] = MR_BUILTIN_SIGNED_CHAR,
                                     [2] = MR_BUILTIN_SHORT,
                                     [4] = MR_BUILTIN_INT,
                                     [8] = MR_BUILTIN_LONG_LONG};
  unsigned unsigneds = count_of(of, MR_TOKEN_UNSIGNED);
  unsigned signs = unsigneds + count_of(of, MR_TOKEN_SIGNED);
  if (of->count != signs || signs > 1) return MR_BUILTIN_COUNT;
  if (of->sized == 1 && signs == 0) return MR_BUILTIN_CHAR;
  return unsigneds > 0 ? (mr_builtin)(types[of->sized] + 1) : types[of->sized];
}

static mr_builtin float_of(const words *of) {
  unsigned complexes = count_of(of, MR_TOKEN_COMPLEX), longs = count_of(of, MR_TOKEN_LONG);
  unsigned doubles = count_of(of, MR_TOKEN_DOUBLE);
  unsigned others = of->count - complexes;
  bool is_complex = complexes > 0;
  if (complexes > 1) return MR_BUILTIN_COUNT;
  /* _Complex by itself is double's, by gcc and clang. */
  if (others == 0) return MR_BUILTIN_DOUBLE_COMPLEX;
  if (others == 2 && doubles == 1 && longs == 1) {
    return is_complex ? MR_BUILTIN_LONG_DOUBLE_COMPLEX : MR_BUILTIN_LONG_DOUBLE;
  }
  if (others > 1) return MR_BUILTIN_COUNT;
  mr_builtin part = MR_BUILTIN_COUNT;
  if (doubles == 1) part = MR_BUILTIN_DOUBLE;
  if (count_of(of, MR_TOKEN_FLOAT)) part = MR_BUILTIN_FLOAT;
  if (count_of(of, MR_TOKEN_FLOAT64X)) part = MR_BUILTIN_LONG_DOUBLE;
  if (count_of(of, MR_TOKEN_FLOAT80)) part = MR_BUILTIN_FLOAT80;
  if (count_of(of, MR_TOKEN_FLOAT128)) part = MR_BUILTIN_FLOAT128;
  return is_complex && part != MR_BUILTIN_COUNT ? mr_complex_of(part) : part;
}

static bool is_float(const words *of) {
  return count_of(of, MR_TOKEN_FLOAT) || count_of(of, MR_TOKEN_DOUBLE) ||
         count_of(of, MR_TOKEN_COMPLEX) || count_of(of, MR_TOKEN_FLOAT80) ||
         count_of(of, MR_TOKEN_FLOAT128) || count_of(of, MR_TOKEN_FLOAT64X);
}

static mr_builtin builtin_of(const words *of) {
  if (count_of(of, MR_TOKEN_VOID)) return of->count == 1 ? MR_BUILTIN_VOID : MR_BUILTIN_COUNT;
  if (count_of(of, MR_TOKEN_BOOL)) return of->count == 1 ? MR_BUILTIN_BOOL : MR_BUILTIN_COUNT;
  if (of->sized) return sized_integer_of(of);
  return is_float(of) ? float_of(of) : integer_of(of);
}

static mr_status settle_words(mr_reader *reader, const words *of, const mr_type **out) {
  const mr_type *type = of->type;
  /* Types that are not known have complex ones, which are as little known. */
  bool is_opaque = type && type == reader->builtins[MR_BUILTIN_OPAQUE];
  bool has_words = of->sized > 0 || of->count > (is_opaque ? count_of(of, MR_TOKEN_COMPLEX) : 0);
  if (type && has_words) {
    return mr_reader_fail_at(reader, MR_SYNTAX_ERROR, of->start, "these name more than one type");
  }
  if (!type) {
    if (!has_words) return mr_reader_expected_type(reader, "a type");
    mr_builtin builtin = builtin_of(of);
    if (builtin == MR_BUILTIN_COUNT) {
      return mr_reader_fail_at(reader, MR_SYNTAX_ERROR, of->start,
                               "these words name no type together");
    }
    type = reader->builtins[builtin];
    if (!type) {
      return mr_reader_fail_at(reader, MR_UNSUPPORTED, of->start, "%s has no such type",
                               mr_target_name(reader->target));
    }
  }
  if (of->is_atomic) return mr_reader_atomic(reader, of->start, type, out);
  *out = type;
  return MR_OK;
}

/* typeof, of a type or an expression. */
static mr_status read_typeof(mr_reader *reader, const mr_type **out) {
  mr_expression expression;
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_reader_require(reader, '(', "'('");
  if (status != MR_OK) return status;
  if (mr_starts_type(reader, &reader->token)) {
    status = mr_read_type_name(reader, out);
  } else {
    const char *at = reader->token.start;
    status = mr_read_expression(reader, &expression);
    if (status == MR_OK && expression.is_bit_field) {
      return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "typeof a bit-field");
    }
    if (status == MR_OK) *out = expression.type;
  }
  return status == MR_OK ? mr_reader_require(reader, ')', "')'") : status;
}

/* _Atomic(type), or the qualifier. */
static mr_status read_atomic(mr_reader *reader, words *of) {
  mr_status status = mr_reader_advance(reader);
  of->is_atomic = true;
  if (status != MR_OK || !mr_reader_is_at(reader, '(')) return status;
  status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_read_type_name(reader, &of->type);
  return status == MR_OK ? mr_reader_require(reader, ')', "')'") : status;
}

static mr_status read_storage(mr_reader *reader, mr_specifiers *out) {
  bool is_typedef = mr_reader_is_at(reader, MR_TOKEN_TYPEDEF);
  if (is_typedef && out->storage == MR_STORAGE_TYPEDEF) {
    return mr_reader_fail(reader, MR_SYNTAX_ERROR, "typedef stands here twice");
  }
  if (out->storage != MR_STORAGE_TYPEDEF) {
    out->storage = is_typedef ? MR_STORAGE_TYPEDEF : MR_STORAGE_OTHER;
  }
  return mr_reader_advance(reader);
}

static mr_status read_sized(mr_reader *reader, words *of) {
  if (of->sized) {
    return mr_reader_fail(reader, MR_SYNTAX_ERROR, "these words name no type together");
  }
  of->sized = (uint8_t)(1U << (reader->token.kind - MR_TOKEN_INT8));
  return mr_reader_advance(reader);
}

/* What names a type by itself. */
static mr_status read_whole_type(mr_reader *reader, words *of, mr_specifiers *out) {
  mr_status status;
  if (of->type) return mr_reader_fail(reader, MR_SYNTAX_ERROR, "these name more than one type");
  switch (reader->token.kind) {
    case MR_TOKEN_STRUCT:
    case MR_TOKEN_UNION:
      status = mr_read_record(reader, out);
      of->type = out->type;
      return status;
    case MR_TOKEN_ENUM:
      status = mr_read_enumeration(reader, out);
      of->type = out->type;
      return status;
    case MR_TOKEN_TYPEOF:
      return read_typeof(reader, &of->type);
    case MR_TOKEN_OPAQUE:
      of->type = reader->builtins[MR_BUILTIN_OPAQUE];
      return mr_reader_advance(reader);
    default:
      of->type = reader->token.identifier->ordinary.type;
      out->is_qualified_by_typedef = reader->token.identifier->ordinary.is_qualified;
      return mr_reader_advance(reader);
  }
}

/* Where a compiler does not know _Float32 and its like, libc declares them: typedef float _Float32. */
static bool is_declared_float(const mr_reader *reader, const words *of, const mr_specifiers *out) {
  static const char start[] = "_Float";
  const mr_token *token = &reader->token;
  return out->storage == MR_STORAGE_TYPEDEF &&
         (of->type || of->count > count_of(of, MR_TOKEN_COMPLEX)) && token->length > sizeof start &&
         memcmp(token->start, start, sizeof start - 1) == 0;
}

/* One of them; *done where there is none any more. */
static mr_status read_specifier(mr_reader *reader, words *of, mr_specifiers *out, bool *done) {
  int kind = reader->token.kind;
  if (is_declared_float(reader, of, out)) {
    reader->token.kind = MR_TOKEN_IDENTIFIER;
    *done = true;
    return MR_OK;
  }
  if (is_word(kind)) {
    if (of->count == UINT8_MAX) return mr_reader_expected(reader, "fewer words");
    of->counts[kind - MR_TOKEN_VOID]++;
    of->count++;
    return mr_reader_advance(reader);
  }
  switch (kind) {
    case MR_TOKEN_INT8:
    case MR_TOKEN_INT16:
    case MR_TOKEN_INT32:
    case MR_TOKEN_INT64:
      return read_sized(reader, of);
    case MR_TOKEN_STRUCT:
    case MR_TOKEN_UNION:
    case MR_TOKEN_ENUM:
    case MR_TOKEN_TYPEOF:
    case MR_TOKEN_OPAQUE:
      return read_whole_type(reader, of, out);
    case MR_TOKEN_ATOMIC:
      out->is_qualified = true;
      return read_atomic(reader, of);
    case MR_TOKEN_QUALIFIER:
      out->is_qualified = true;
      return mr_reader_advance(reader);
    case MR_TOKEN_EXTENSION:
      return mr_reader_advance(reader);
    case MR_TOKEN_ALIGNAS:
      return mr_read_alignas(reader, &out->attributes);
    case MR_TOKEN_ATTRIBUTE:
    case MR_TOKEN_DECLSPEC:
      return mr_read_attributes(reader, &out->attributes);
    case MR_TOKEN_TYPEDEF:
    case MR_TOKEN_STORAGE:
      return read_storage(reader, out);
    default:
      /* A typedef's name is a type only where none has been named: else it is what is declared. */
      if (is_typedef_name(&reader->token) && !of->type && of->count == 0 && !of->sized) {
        return read_whole_type(reader, of, out);
      }
      *done = true;
      return MR_OK;
  }
}

mr_status mr_read_specifiers(mr_reader *reader, mr_specifiers *out) {
  words found = {.start = reader->token.start};
  bool done = false;
  *out = (mr_specifiers){.storage = MR_STORAGE_NONE};
  mr_status status = mr_reader_enter(reader);
  while (status == MR_OK && !done) status = read_specifier(reader, &found, out, &done);
  if (status != MR_OK) return status;
  mr_reader_leave(reader);
  out->is_atomic = found.is_atomic;
  return settle_words(reader, &found, &out->type);
}

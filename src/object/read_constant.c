#include <string.h>

#include "constant.h"

/* Parentheses and signs before each other. */
enum { DEPTH_MAX = 32 };

/* A constant on its way. */
typedef struct expression {
  mr_text_reader *from;
  const mr_type *type;
  unsigned depth;
} expression;

static mr_status read_binary(expression *in, int least, mr_constant *out);

static mr_status fail(const expression *in, const char *at, mr_status status, const char *what) {
  return mr_text_reader_fail(in->from, at, status, "%s", what);
}

/* Numbers. */

static bool is_suffix(const char *text, size_t length, const char *const *known) {
  for (; *known; known++) {
    if (strlen(*known) == length && memcmp(*known, text, length) == 0) return true;
  }
  return false;
}

/* The kind that floats are read as. */
static mr_kind real_kind(const mr_type *type) {
  mr_kind kind = mr_type_kind(type);
  switch (kind) {
    case MR_KIND_F32:
    case MR_KIND_LONG_DOUBLE:
    case MR_KIND_F80:
    case MR_KIND_F128:
      return kind;
    case MR_KIND_COMPLEX_F32:
      return MR_KIND_F32;
    case MR_KIND_COMPLEX_LONG_DOUBLE:
    case MR_KIND_COMPLEX_F80:
    case MR_KIND_COMPLEX_F128:
      return MR_KIND_LONG_DOUBLE;
    default:
      return MR_KIND_F64;
  }
}

static mr_status read_real(expression *in, size_t length, mr_constant *out) {
  static const char *const suffixes[] = {"",    "f",    "F",    "l",    "L",    "q",
                                         "Q",   "w",    "W",    "f32",  "F32",  "f64",
                                         "F64", "f64x", "F64x", "f128", "F128", NULL};
  const char *at = in->from->at;
  size_t used = 0;
  mr_constant made = {.form = MR_CONSTANT_REAL};
  mr_status status =
      mr_value_read_float(mr_view_of(at, length), real_kind(in->type), &made.value, &used);
  if (status != MR_OK) return fail(in, at, status, "no number that fits here");
  if (!is_suffix(at + used, length - used, suffixes)) {
    return fail(in, at + used, MR_SYNTAX_ERROR, "no end of a number");
  }
  in->from->at += length;
  *out = made;
  return MR_OK;
}

/* Decimal where it starts with no 0. */
static unsigned base_of(const char *text, size_t length, size_t *prefix) {
  *prefix = 0;
  if (text[0] != '0' || length < 2) return 10;
  *prefix = 2;
  if (text[1] == 'x' || text[1] == 'X') return 16;
  if (text[1] == 'b' || text[1] == 'B') return 2;
  *prefix = 1;
  return 8;
}

/* Whether 128 bits are enough. */
static bool push_digit(mr_constant *number, unsigned base, unsigned digit) {
  uint64_t bottom = (number->low & UINT32_MAX) * base + digit;
  uint64_t middle = (number->low >> 32) * base + (bottom >> 32);
  uint64_t carry = middle >> 32;
  if (number->high > (UINT64_MAX - carry) / base) return false;
  number->high = number->high * base + carry;
  number->low = middle << 32 | (bottom & UINT32_MAX);
  return true;
}

/* Of an unsigned integer, how wide C makes it. */
static unsigned width_of(const char *suffix, size_t length, const mr_constant *number) {
  bool is_unsigned = false;
  bool is_long = false;
  for (size_t i = 0; i < length; i++) {
    if (suffix[i] == 'u' || suffix[i] == 'U') {
      is_unsigned = true;
    } else {
      is_long = true;
    }
  }
  if (!is_unsigned || number->high > 0) return 0;
  return is_long || number->low > UINT32_MAX ? 64 : 32;
}

static mr_status read_integer(expression *in, size_t length, mr_constant *out) {
  static const char *const suffixes[] = {"",    "u",   "U",   "l",   "L",   "ul",  "uL",  "Ul",
                                         "UL",  "lu",  "lU",  "Lu",  "LU",  "ll",  "LL",  "ull",
                                         "uLL", "Ull", "ULL", "llu", "llU", "LLu", "LLU", NULL};
  const char *at = in->from->at;
  mr_constant made = {.form = MR_CONSTANT_INTEGER};
  size_t i;
  unsigned base = base_of(at, length, &i);
  size_t first = i;
  for (; i < length && mr_digit_of(at[i]) < base; i++) {
    if (!push_digit(&made, base, mr_digit_of(at[i]))) {
      return fail(in, at, MR_OVERFLOW, "a number beyond 128 bits");
    }
  }
  if ((i == first && base != 8) || !is_suffix(at + i, length - i, suffixes)) {
    return fail(in, at + i, MR_SYNTAX_ERROR, "no end of a number");
  }
  made.width = width_of(at + i, length - i, &made);
  in->from->at += length;
  *out = made;
  return MR_OK;
}

static bool is_real(const char *text, size_t length) {
  bool is_hexadecimal = length > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '.') return true;
    if (is_hexadecimal ? text[i] == 'p' || text[i] == 'P' : text[i] == 'e' || text[i] == 'E') {
      return true;
    }
  }
  return false;
}

static mr_status read_number(expression *in, size_t length, mr_constant *out) {
  return is_real(in->from->at, length) ? read_real(in, length, out) : read_integer(in, length, out);
}

/* The char that it is where char is signed, unless it is for one that is not. */
static mr_status read_character(expression *in, mr_constant *out) {
  unsigned char octet;
  mr_status status = mr_text_reader_read_character(in->from, &octet);
  if (status != MR_OK) return status;
  bool is_negative = octet > INT8_MAX && mr_type_kind(in->type) != MR_KIND_U8;
  *out = (mr_constant){.form = MR_CONSTANT_INTEGER,
                       .is_negative = is_negative,
                       .low = is_negative ? UINT64_C(256) - octet : octet};
  return MR_OK;
}

/* Names. */

static mr_status read_special(expression *in, const char *text, size_t length, mr_constant *out) {
  mr_constant made = {.form = MR_CONSTANT_REAL};
  size_t used;
  mr_status status =
      mr_value_read_float(mr_view_of(text, strlen(text)), real_kind(in->type), &made.value, &used);
  if (status != MR_OK) return fail(in, in->from->at, status, "no number that fits here");
  in->from->at += length;
  *out = made;
  return MR_OK;
}

static mr_status make_complex(mr_kind kind, const mr_value parts[2], mr_value *out) {
  float f[2];
  double d[2];
  long double l[2];
  mr_status status = MR_OK;
  for (int i = 0; i < 2 && status == MR_OK; i++) {
    if (kind == MR_KIND_F32) {
      status = mr_value_to_f32(parts[i], &f[i]);
    } else if (kind == MR_KIND_LONG_DOUBLE) {
      status = mr_value_to_long_double(parts[i], &l[i]);
    } else {
      status = mr_value_to_f64(parts[i], &d[i]);
    }
  }
  if (status != MR_OK) return status;
  if (kind == MR_KIND_F32) {
    *out = mr_value_of_complex_f32(f[0], f[1]);
  } else if (kind == MR_KIND_LONG_DOUBLE) {
    *out = mr_value_of_complex_long_double(l[0], l[1]);
  } else {
    *out = mr_value_of_complex_f64(d[0], d[1]);
  }
  return MR_OK;
}

/* A part of a complex number as a value of a float's kind. */
static mr_status read_part(expression *in, mr_kind kind, mr_value *out) {
  mr_constant part;
  mr_slot slot;
  unsigned char octets[16];
  mr_status status = read_binary(in, 1, &part);
  if (status == MR_OK) status = mr_text_reader_skip(in->from);
  if (status != MR_OK) return status;
  status = mr_slot_of(mr_scalar_type(kind, MR_NATIVE_ORDER), &slot);
  if (status == MR_OK) {
    status = mr_constant_store(&part, mr_region_of(octets, mr_type_size(slot.type)), slot);
  }
  if (status == MR_OK) {
    status = mr_slot_load(mr_view_of(octets, mr_type_size(slot.type)), slot, out);
  }
  return status == MR_OK ? MR_OK : fail(in, in->from->at, status, "no part of a complex number");
}

/* From the name. */
static mr_status read_complex(expression *in, size_t length, mr_constant *out) {
  mr_value parts[2];
  const char *at = in->from->at;
  mr_kind kind = real_kind(in->type);
  mr_constant made = {.form = MR_CONSTANT_REAL};
  in->from->at += length;
  mr_status status = mr_text_reader_require(in->from, '(');
  if (status == MR_OK) status = read_part(in, kind, &parts[0]);
  if (status == MR_OK) status = mr_text_reader_require(in->from, ',');
  if (status == MR_OK) status = read_part(in, kind, &parts[1]);
  if (status == MR_OK) status = mr_text_reader_require(in->from, ')');
  if (status != MR_OK) return status;
  status = make_complex(kind, parts, &made.value);
  if (status != MR_OK) return fail(in, at, status, "no complex number");
  *out = made;
  return MR_OK;
}

static bool find_enumerator(const expression *in, size_t length, mr_constant *out) {
  mr_enumerator found;
  mr_kind kind = mr_type_kind(in->type);
  if (mr_type_enumerator_named(in->type, in->from->at, length, &found) != MR_OK) return false;
  bool is_signed = (kind - MR_KIND_I8) % 2 == 0;
  uint64_t bits = (uint64_t)found.value;
  bool is_negative = is_signed && found.value < 0;
  *out = (mr_constant){.form = MR_CONSTANT_INTEGER,
                       .is_negative = is_negative,
                       .low = is_negative ? 0 - bits : bits};
  return true;
}

/* The enum's own names come first: they are printed whatever they are. */
static mr_status read_name(expression *in, size_t length, mr_constant *out) {
  mr_text_reader *from = in->from;
  bool is_true = mr_text_reader_name_is(from, length, "true");
  if (find_enumerator(in, length, out)) {
    from->at += length;
    return MR_OK;
  }
  if (mr_text_reader_name_is(from, length, "INFINITY"))
    return read_special(in, "INFINITY", length, out);
  if (mr_text_reader_name_is(from, length, "NAN")) return read_special(in, "NAN", length, out);
  if (mr_text_reader_name_is(from, length, "CMPLX") ||
      mr_text_reader_name_is(from, length, "CMPLXF") ||
      mr_text_reader_name_is(from, length, "CMPLXL")) {
    return read_complex(in, length, out);
  }
  bool is_zero =
      mr_text_reader_name_is(from, length, "false") || mr_text_reader_name_is(from, length, "NULL");
  if (!is_true && !is_zero) {
    int shown = length < 60 ? (int)length : 60;
    return mr_text_reader_fail(from, from->at, MR_NO_SUCH_SLOT, "no value is called %.*s", shown,
                               from->at);
  }
  *out = (mr_constant){.form = MR_CONSTANT_INTEGER, .low = is_true};
  from->at += length;
  return MR_OK;
}

/* Expressions. */

static bool is_qualifier(const mr_text_reader *from, size_t length) {
  return mr_text_reader_name_is(from, length, "const") ||
         mr_text_reader_name_is(from, length, "volatile") ||
         mr_text_reader_name_is(from, length, "restrict");
}

/* Octets of a pointer's type in parentheses; 0 where they hold something else: a product, say. */
static size_t cast_length(const mr_text_reader *from) {
  size_t length = 1;
  bool is_pointer = false;
  mr_text_reader at = *from;
  at.at++;
  if (mr_text_reader_skip(&at) != MR_OK || mr_text_reader_name(&at) == 0) return 0;
  for (;; length = (size_t)(at.at - from->at)) {
    size_t name = mr_text_reader_name(&at);
    if (name > 0) {
      if (is_pointer && !is_qualifier(&at, name)) return 0;
      at.at += name;
    } else if (mr_text_reader_peek(&at, 0) == '*') {
      is_pointer = true;
      at.at++;
    } else {
      break;
    }
    if (mr_text_reader_skip(&at) != MR_OK) return 0;
  }
  return is_pointer && mr_text_reader_peek(&at, 0) == ')' ? length + 1 : 0;
}

static mr_status read_unary(expression *in, mr_constant *out);

static mr_status read_cast(expression *in, size_t length, mr_constant *out) {
  in->from->at += length;
  const char *at = in->from->at;
  mr_status status = read_unary(in, out);
  if (status != MR_OK) return status;
  if (out->form == MR_CONSTANT_REAL) return fail(in, at, MR_TYPE_MISMATCH, "no address");
  out->form = MR_CONSTANT_POINTER;
  out->width = 0;
  return MR_OK;
}

/* From the parenthesis. */
static mr_status read_parenthesised(expression *in, mr_constant *out) {
  size_t length = cast_length(in->from);
  if (length > 0) return read_cast(in, length, out);
  in->from->at++;
  mr_status status = read_binary(in, 1, out);
  return status == MR_OK ? mr_text_reader_require(in->from, ')') : status;
}

static mr_status read_sign(expression *in, char sign, mr_constant *out) {
  const char *at = in->from->at++;
  mr_status status = read_unary(in, out);
  if (status != MR_OK || sign == '+') return status;
  bool is_there = sign == '-' ? mr_constant_negate(out) : mr_constant_complement(out);
  return is_there ? MR_OK : fail(in, at, MR_UNSUPPORTED, "no number that this is of");
}

static mr_status read_primary(expression *in, mr_constant *out) {
  mr_text_reader *from = in->from;
  char letter = mr_text_reader_peek(from, 0);
  size_t length = mr_text_reader_number(from);
  if (length > 0) return read_number(in, length, out);
  if (letter == '(') return read_parenthesised(in, out);
  if (letter == '-' || letter == '+' || letter == '~') return read_sign(in, letter, out);
  length = mr_text_reader_name(from);
  if (letter == '\'' || (length > 0 && length <= 2 && mr_text_reader_peek(from, length) == '\'')) {
    return read_character(in, out);
  }
  if (mr_text_reader_is_at_string(from)) {
    return fail(in, from->at, MR_TYPE_MISMATCH, "a string goes to an array of characters only");
  }
  if (length > 0) return read_name(in, length, out);
  return fail(in, from->at, MR_SYNTAX_ERROR, "a value should stand here");
}

static mr_status read_unary(expression *in, mr_constant *out) {
  mr_status status = mr_text_reader_skip(in->from);
  if (status != MR_OK) return status;
  if (in->depth == DEPTH_MAX) {
    return fail(in, in->from->at, MR_UNSUPPORTED, "an expression nests too deep");
  }
  in->depth++;
  status = read_primary(in, out);
  in->depth--;
  return status;
}

/* How tight an operator binds; 0 where there is none. */
static int precedence_at(const mr_text_reader *from) {
  char letter = mr_text_reader_peek(from, 0);
  switch (letter) {
    case '|':
      return 1;
    case '^':
      return 2;
    case '&':
      return 3;
    case '<':
    case '>':
      return mr_text_reader_peek(from, 1) == letter ? 4 : 0;
    case '+':
    case '-':
      return 5;
    case '*':
    case '/':
    case '%':
      return 6;
    default:
      return 0;
  }
}

/* Operators that bind at least so tight. */
static mr_status read_binary(expression *in, int least, mr_constant *out) {
  mr_constant left;
  mr_status status = read_unary(in, &left);
  while (status == MR_OK) {
    status = mr_text_reader_skip(in->from);
    if (status != MR_OK) return status;
    const char *at = in->from->at;
    int precedence = precedence_at(in->from);
    mr_constant right;
    mr_constant made = {.form = MR_CONSTANT_INTEGER};
    if (precedence < least) break;
    in->from->at += precedence == 4 ? 2 : 1;
    status = read_binary(in, precedence + 1, &right);
    if (status != MR_OK) return status;
    status = mr_constant_combine(&left, *at, &right, &made);
    if (status != MR_OK) return fail(in, at, status, "no result of up to 64 bits");
    left = made;
  }
  if (status == MR_OK) *out = left;
  return status;
}

mr_status mr_constant_read(mr_text_reader *from, const mr_type *type, mr_constant *out) {
  expression in = {from, type, 0};
  return read_binary(&in, 1, out);
}

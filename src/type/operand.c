#include <string.h>

#include "names.h"
#include "reader.h"

/* Operands of constant expressions: literals, names, sizeof and its like, casts, and what is done to one operand. */

/* Literals. */

static int digit_of(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : 16;
}

/* The base that a literal is written in; passes its prefix. */
static int read_base(const char **at, const char *end) {
  if (**at != '0' || end - *at < 2) return 10;
  if ((*at)[1] == 'x' || (*at)[1] == 'X') {
    *at += 2;
    return 16;
  }
  if ((*at)[1] == 'b' || (*at)[1] == 'B') {
    *at += 2;
    return 2;
  }
  return 8;
}

static bool is_float_literal(const mr_token *token) {
  bool is_hexadecimal = token->length > 1 && (token->start[1] == 'x' || token->start[1] == 'X');
  for (size_t i = 0; i < token->length; i++) {
    if (strchr(is_hexadecimal ? ".pP" : ".eEpP", token->start[i])) return true;
  }
  return false;
}

static mr_builtin float_of(const mr_token *token) {
  switch (token->start[token->length - 1]) {
    case 'f':
    case 'F':
      return MR_BUILTIN_FLOAT;
    case 'l':
    case 'L':
      return MR_BUILTIN_LONG_DOUBLE;
    default:
      return MR_BUILTIN_DOUBLE;
  }
}

/* u, l, ll and their mixtures. */
static bool read_suffix(const char *at, const char *end, bool *is_unsigned, int *longs) {
  *is_unsigned = false;
  *longs = 0;
  for (; at < end; at++) {
    if ((*at == 'u' || *at == 'U') && !*is_unsigned) {
      *is_unsigned = true;
    } else if ((*at == 'l' || *at == 'L') && *longs == 0) {
      *longs = end - at > 1 && at[1] == at[0] ? 2 : 1;
      at += *longs - 1;
    } else {
      return false;
    }
  }
  return true;
}

static bool fits(uint64_t value, const mr_type *type) {
  unsigned bits = (unsigned)type->size * 8 - (mr_is_signed(type) ? 1 : 0);
  return bits >= 64 || value >> bits == 0;
}

/* The first of int, long and long long that holds it; unsigned ones where it says so, or is no decimal. */
static const mr_type *literal_type(const mr_reader *reader, uint64_t value, bool is_decimal,
                                   bool is_unsigned, int longs) {
  static const mr_builtin types[] = {MR_BUILTIN_INT, MR_BUILTIN_LONG, MR_BUILTIN_LONG_LONG};
  for (int i = longs; i < 3; i++) {
    const mr_type *with_sign = reader->builtins[types[i]];
    const mr_type *without = reader->builtins[types[i] + 1];
    if (!is_unsigned && fits(value, with_sign)) return with_sign;
    if ((is_unsigned || !is_decimal) && fits(value, without)) return without;
  }
  return NULL;
}

static mr_status read_number(mr_reader *reader, mr_expression *out) {
  const mr_token *token = &reader->token;
  const char *at = token->start, *end = at + token->length;
  bool is_unsigned;
  int longs;
  uint64_t value = 0;
  if (is_float_literal(token)) {
    *out = (mr_expression){.form = MR_EXPRESSION_UNKNOWN,
                           .type = reader->builtins[float_of(token)],
                           .why = "a floating number"};
    return mr_reader_advance(reader);
  }
  int base = read_base(&at, end);
  const char *digits = at;
  for (; at < end && digit_of(*at) < base; at++) {
    uint64_t digit = (uint64_t)digit_of(*at);
    if (value > (UINT64_MAX - digit) / (uint64_t)base) {
      return mr_reader_fail(reader, MR_OVERFLOW, "this number does not fit 64 bits");
    }
    value = value * (uint64_t)base + digit;
  }
  if (at == digits || !read_suffix(at, end, &is_unsigned, &longs)) {
    return mr_reader_fail(reader, MR_SYNTAX_ERROR, "this is no number");
  }
  const mr_type *type = literal_type(reader, value, base == 10, is_unsigned, longs);
  if (!type) return mr_reader_fail(reader, MR_OVERFLOW, "this number does not fit its type");
  *out = (mr_expression){.form = MR_EXPRESSION_CONSTANT, .type = type, .value = value};
  return mr_reader_advance(reader);
}

/* A character of a quotation, from which `at` is moved on; false for what is none. */
static bool read_character(const char **at, const char *end, uint32_t *out) {
  static const char letters[] = "abfnrtve\\'\"?";
  static const char values[] = "\a\b\f\n\r\t\v\033\\'\"?";
  if (**at != '\\') {
    *out = (unsigned char)*(*at)++;
    return true;
  }
  if (++*at == end) return false;
  const char *letter = strchr(letters, **at);
  if (letter && **at) {
    ++*at;
    *out = (unsigned char)values[letter - letters];
    return true;
  }
  int base = **at == 'x' ? 16 : 8;
  int most = base == 16 ? 8 : 3;
  if (base == 16) ++*at;
  int count = 0;
  for (*out = 0; *at < end && count < most && digit_of(**at) < base; count++) {
    *out = *out * (uint32_t)base + (uint32_t)digit_of(*(*at)++);
  }
  return count > 0;
}

static mr_status read_character_constant(mr_reader *reader, mr_expression *out) {
  const mr_token *token = &reader->token;
  const char *at = token->start + 1, *end = token->start + token->length - 1;
  uint32_t value;
  if (*token->start != '\'') {
    return mr_reader_fail(reader, MR_UNSUPPORTED, "wide characters are not evaluated");
  }
  if (at == end || !read_character(&at, end, &value) || at != end || value > 255) {
    return mr_reader_fail(reader, MR_UNSUPPORTED, "only one character of one octet is evaluated");
  }
  const mr_type *character = reader->builtins[MR_BUILTIN_CHAR];
  *out =
      (mr_expression){.form = MR_EXPRESSION_CONSTANT,
                      .type = character,
                      .value = mr_is_signed(character) ? (uint64_t)(int64_t)(int8_t)value : value};
  *out = mr_converted(reader, *out, reader->builtins[MR_BUILTIN_INT]);
  return mr_reader_advance(reader);
}

/* Strings are arrays of char, whose size is all that is known of them. */
static mr_status read_string(mr_reader *reader, mr_expression *out) {
  uint64_t count = 1;
  mr_status status = MR_OK;
  const char *start = reader->token.start;
  while (status == MR_OK && mr_reader_is_at(reader, MR_TOKEN_STRING)) {
    const mr_token *token = &reader->token;
    const char *at = token->start + 1, *end = token->start + token->length - 1;
    uint32_t character;
    if (*token->start != '"') {
      return mr_reader_fail(reader, MR_UNSUPPORTED, "wide strings are not evaluated");
    }
    for (; at < end; count++) {
      if (!read_character(&at, end, &character)) {
        return mr_reader_fail(reader, MR_SYNTAX_ERROR, "an escape that there is not");
      }
    }
    status = mr_reader_advance(reader);
  }
  *out = (mr_expression){.form = MR_EXPRESSION_UNKNOWN, .why = "a string"};
  if (status != MR_OK) return status;
  return mr_reader_array_of(reader, start, reader->builtins[MR_BUILTIN_CHAR], count, false,
                            &out->type);
}

/* sizeof and its like. */

static mr_status check_measured(mr_reader *reader, const char *at, const mr_type *type) {
  if (mr_type_is_data(type) && !type->is_flexible) return MR_OK;
  /* gcc's: void and functions count as octets. */
  return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "this type has no size");
}

static bool is_octet(const mr_type *type) {
  return type->kind == MR_KIND_VOID || type->kind == MR_KIND_FUNCTION;
}

/* gcc aligns some by themselves more than in structs. */
static size_t preferred_alignment(const mr_reader *reader, const mr_type *type) {
  const mr_type *inner = type;
  while (inner->kind == MR_KIND_ARRAY && !inner->is_vector && !inner->origin)
    inner = inner->element;
  bool is_raised = reader->target == MR_TARGET_I386 && !inner->origin && !inner->is_enum &&
                   mr_kind_is_scalar((mr_kind)inner->kind) && inner->kind != MR_KIND_POINTER &&
                   inner->alignment == 4 &&
                   (inner->size == 8 || inner->kind == MR_KIND_COMPLEX_F64) &&
                   inner->kind != MR_KIND_COMPLEX_F32;
  return is_raised ? 8 : type->alignment;
}

/* C says only that size_t is unsigned; every target here makes it as wide as a pointer. */
static const mr_type *size_type(const mr_reader *reader) {
  return mr_reader_integer(reader, reader->traits->basic[MR_BASIC_POINTER].size, false);
}

static mr_status measure(mr_reader *reader, int token, const char *at, const mr_type *type,
                         mr_expression *out) {
  uint64_t value = 1;
  type = mr_reader_completed(reader, type);
  if (!is_octet(type)) {
    mr_status status = check_measured(reader, at, type);
    if (status != MR_OK) return status;
    if (token != MR_TOKEN_SIZEOF && type->clang_alignment) {
      return mr_reader_fail_at(reader, MR_UNSUPPORTED, at,
                               "gcc and clang align this type differently");
    }
    value = token == MR_TOKEN_SIZEOF ? type->size : type->alignment;
    if (token == MR_TOKEN_PREFERRED_ALIGNOF) value = preferred_alignment(reader, type);
  }
  *out = (mr_expression){.form = MR_EXPRESSION_CONSTANT, .type = size_type(reader), .value = value};
  return MR_OK;
}

/* From the word. A type in brackets may be the start of a compound literal, which is no constant. */
static mr_status read_measure(mr_reader *reader, mr_expression *out) {
  int token = reader->token.kind;
  mr_token next;
  mr_expression operand = {.type = reader->builtins[MR_BUILTIN_VOID]};
  const mr_type *type;
  mr_status status = mr_reader_advance(reader);
  const char *at = reader->token.start;
  if (status == MR_OK && mr_reader_is_at(reader, '(')) {
    status = mr_reader_peek(reader, &next);
    if (status == MR_OK && mr_starts_type(reader, &next)) {
      status = mr_reader_advance(reader);
      if (status == MR_OK) status = mr_read_type_name(reader, &type);
      if (status == MR_OK) status = mr_reader_require(reader, ')', "')'");
      return status == MR_OK ? measure(reader, token, at, type, out) : status;
    }
  }
  if (status == MR_OK) status = mr_read_unary(reader, &operand);
  if (status != MR_OK) return status;
  if (operand.is_bit_field) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "a bit-field has no size");
  }
  if (operand.is_aligned && token != MR_TOKEN_SIZEOF) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, at,
                             "the alignment of what is aligned otherwise than its type");
  }
  return measure(reader, token, at, operand.type, out);
}

/* Members. */

/* Moves a place to its member of the name at the token, which is passed. */
static mr_status select_member(mr_reader *reader, mr_expression *place) {
  const mr_token *name = &reader->token;
  const mr_type *type = mr_reader_completed(reader, place->type);
  if (!name->identifier) return mr_reader_expected(reader, "a member's name");
  if (!mr_kind_has_members((mr_kind)type->kind) || type->is_incomplete) {
    return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "this has no members");
  }
  mr_status status = mr_reader_index(reader, type);
  if (status != MR_OK) return status;
  uint64_t key;
  size_t length = mr_name_scan(name->identifier->text, &key);
  const mr_name *found = mr_names_find(&type->names, name->identifier->text, length, key);
  if (!found) {
    return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "there is no member '%.60s'",
                          name->identifier->text);
  }
  place->type = found->type;
  place->value += found->offset;
  place->is_bit_field = (found->access >> 8 & 255) > 0;
  place->is_aligned =
      mr_name_alignment(found) != mr_reader_completed(reader, found->type)->alignment;
  return mr_reader_advance(reader);
}

/* From the bracket. */
static mr_status select_element(mr_reader *reader, mr_expression *place) {
  mr_expression index;
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_read_expression(reader, &index);
  if (status == MR_OK) status = mr_value_of_place(reader, &index);
  if (status == MR_OK) status = mr_reader_require(reader, ']', "']'");
  if (status != MR_OK) return status;
  const mr_type *element = mr_reader_completed(reader, place->type);
  place->is_aligned = false;
  if (index.form == MR_EXPRESSION_CONSTANT && place->form == MR_EXPRESSION_PLACE) {
    place->value += index.value * element->size;
  } else {
    place->form = MR_EXPRESSION_UNKNOWN;
    place->why = index.why ? index.why : "what is in memory";
  }
  return MR_OK;
}

static mr_status read_offsetof(mr_reader *reader, mr_expression *out) {
  mr_expression place = {.form = MR_EXPRESSION_PLACE};
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_reader_require(reader, '(', "'('");
  if (status == MR_OK) status = mr_read_type_name(reader, &place.type);
  if (status == MR_OK) status = mr_reader_require(reader, ',', "','");
  if (status == MR_OK) status = select_member(reader, &place);
  while (status == MR_OK && !mr_reader_is_at(reader, ')')) {
    bool has_point;
    if (mr_reader_is_at(reader, '[')) {
      const mr_type *array = mr_reader_completed(reader, place.type);
      if (array->kind != MR_KIND_ARRAY) {
        return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "there is no array here");
      }
      place.type = array->element;
      status = select_element(reader, &place);
      continue;
    }
    status = mr_reader_take(reader, '.', &has_point);
    if (status == MR_OK && !has_point) status = mr_reader_expected(reader, "'.', '[' or ')'");
    if (status == MR_OK) status = select_member(reader, &place);
  }
  if (status != MR_OK) return status;
  if (place.is_bit_field) {
    return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "a bit-field has no offset");
  }
  *out = (mr_expression){
      .form = place.form == MR_EXPRESSION_PLACE ? MR_EXPRESSION_CONSTANT : MR_EXPRESSION_UNKNOWN,
      .type = size_type(reader),
      .value = place.value,
      .why = place.why};
  return mr_reader_advance(reader);
}

/* Names. */

static bool is_offsetof(const mr_token *token) {
  return token->length == 8 && memcmp(token->start, "offsetof", 8) == 0;
}

static mr_status read_name(mr_reader *reader, mr_expression *out) {
  const mr_symbol *symbol = &reader->token.identifier->ordinary;
  switch ((mr_symbol_form)symbol->form) {
    case MR_SYMBOL_ENUMERATOR:
      *out = (mr_expression){
          .form = MR_EXPRESSION_CONSTANT, .type = symbol->type, .value = symbol->value};
      return mr_reader_advance(reader);
    case MR_SYMBOL_OBJECT:
    case MR_SYMBOL_FUNCTION:
      *out = (mr_expression){.form = MR_EXPRESSION_UNKNOWN,
                             .type = symbol->type,
                             .why = "what is in memory",
                             .is_aligned = symbol->is_aligned};
      return mr_reader_advance(reader);
    default:
      if (is_offsetof(&reader->token)) return read_offsetof(reader, out);
      return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "'%.60s' is not declared",
                            reader->token.identifier->text);
  }
}

/* What is in brackets, by themselves or behind a cast. */

static mr_status read_cast(mr_reader *reader, mr_expression *out) {
  const mr_type *type;
  mr_expression operand;
  mr_status status = mr_read_type_name(reader, &type);
  if (status == MR_OK) status = mr_reader_require(reader, ')', "')'");
  if (status != MR_OK) return status;
  if (mr_reader_is_at(reader, '{')) {
    status = mr_reader_skip_brackets(reader);
    *out =
        (mr_expression){.form = MR_EXPRESSION_UNKNOWN, .type = type, .why = "a compound literal"};
    return status;
  }
  status = mr_read_unary(reader, &operand);
  if (status == MR_OK) status = mr_value_of_place(reader, &operand);
  if (status == MR_OK) *out = mr_converted(reader, operand, type);
  return status;
}

static mr_status read_brackets(mr_reader *reader, bool *is_cast, mr_expression *out) {
  mr_status status = mr_reader_advance(reader);
  if (status != MR_OK) return status;
  *is_cast = mr_starts_type(reader, &reader->token);
  if (*is_cast) return read_cast(reader, out);
  if (mr_reader_is_at(reader, '{')) {
    return mr_reader_fail(reader, MR_UNSUPPORTED, "statements are not evaluated");
  }
  status = mr_read_expression(reader, out);
  return status == MR_OK ? mr_reader_require(reader, ')', "')'") : status;
}

static mr_status read_primary(mr_reader *reader, bool *is_cast, mr_expression *out) {
  *is_cast = false;
  switch (reader->token.kind) {
    case MR_TOKEN_NUMBER:
      return read_number(reader, out);
    case MR_TOKEN_CHARACTER:
      return read_character_constant(reader, out);
    case MR_TOKEN_STRING:
      return read_string(reader, out);
    case MR_TOKEN_IDENTIFIER:
      return read_name(reader, out);
    case MR_TOKEN_OFFSETOF:
      return read_offsetof(reader, out);
    case '(':
      return read_brackets(reader, is_cast, out);
    default:
      return mr_reader_expected(reader, "an expression");
  }
}

/* What a pointer points to, as a place. */
static mr_status follow(mr_reader *reader, mr_expression *expression) {
  mr_status status = mr_value_of_place(reader, expression);
  if (status != MR_OK) return status;
  if (expression->type->kind != MR_KIND_POINTER) {
    return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "this is no pointer");
  }
  if (expression->form == MR_EXPRESSION_CONSTANT) expression->form = MR_EXPRESSION_PLACE;
  expression->type = mr_reader_completed(reader, expression->type->element);
  return MR_OK;
}

static mr_status read_call(mr_reader *reader, mr_expression *expression) {
  const mr_type *type = expression->type;
  if (type->kind == MR_KIND_POINTER) type = mr_reader_completed(reader, type->element);
  if (type->kind != MR_KIND_FUNCTION) {
    return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "this is no function");
  }
  *expression = (mr_expression){
      .form = MR_EXPRESSION_UNKNOWN, .type = type->element, .why = "a function's result"};
  return mr_reader_skip_brackets(reader);
}

static mr_status read_postfix(mr_reader *reader, mr_expression *out) {
  bool is_cast;
  mr_status status = read_primary(reader, &is_cast, out);
  while (status == MR_OK && !is_cast) {
    switch (reader->token.kind) {
      case '[':
        status = follow(reader, out);
        if (status == MR_OK) status = select_element(reader, out);
        break;
      case '.':
        status = mr_reader_advance(reader);
        if (status == MR_OK) status = select_member(reader, out);
        break;
      case MR_TOKEN_ARROW:
        status = follow(reader, out);
        if (status == MR_OK) status = mr_reader_advance(reader);
        if (status == MR_OK) status = select_member(reader, out);
        break;
      case '(':
        status = read_call(reader, out);
        break;
      default:
        return MR_OK;
    }
  }
  return status;
}

/* One operand. */

static mr_status take_address(mr_reader *reader, mr_expression *place) {
  bool is_known = place->form == MR_EXPRESSION_PLACE;
  if (place->is_bit_field) {
    return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "a bit-field has no address");
  }
  place->form = is_known ? MR_EXPRESSION_CONSTANT : MR_EXPRESSION_UNKNOWN;
  place->is_aligned = false;
  if (!is_known) place->why = "an address that is not known";
  return mr_reader_pointer_to(reader, place->type, &place->type);
}

/* Of an integer, by what C does to two: 0 - a, ~a, a == 0. */
static mr_status change(mr_reader *reader, int token, mr_expression *expression) {
  mr_status status = mr_value_of_place(reader, expression);
  if (status != MR_OK) return status;
  mr_expression operand = *expression;
  bool is_known = operand.form == MR_EXPRESSION_CONSTANT;
  const mr_type *plain_int = reader->builtins[MR_BUILTIN_INT];
  if (token == '!') {
    *expression = operand;
    expression->type = plain_int;
    expression->value = operand.value == 0;
    return MR_OK;
  }
  if (!mr_is_integer(operand.type)) {
    expression->form = MR_EXPRESSION_UNKNOWN;
    if (!expression->why) expression->why = "a value that is no integer of 64 bits";
    return MR_OK;
  }
  if (operand.type->size < plain_int->size || operand.type->is_enum) {
    const mr_type *wide =
        operand.type->size < plain_int->size
            ? plain_int
            : mr_reader_integer(reader, operand.type->size, mr_is_signed(operand.type));
    operand = mr_converted(reader, operand, wide);
  }
  if (is_known && token == '-') {
    uint64_t least = UINT64_C(1) << (operand.type->size * 8 - 1);
    if (mr_is_signed(operand.type) && operand.value == 0 - least) {
      operand = (mr_expression){
          .form = MR_EXPRESSION_UNKNOWN, .type = operand.type, .why = "what overflows"};
    }
    operand.value = 0 - operand.value;
  } else if (is_known && token == '~') {
    operand.value = ~operand.value;
  }
  *expression = mr_converted(reader, operand, operand.type);
  return MR_OK;
}

static mr_status read_prefixed(mr_reader *reader, mr_expression *out) {
  int token = reader->token.kind;
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_read_unary(reader, out);
  if (status != MR_OK) return status;
  if (token == '&') return take_address(reader, out);
  if (token == '*') return follow(reader, out);
  return change(reader, token, out);
}

mr_status mr_read_unary(mr_reader *reader, mr_expression *out) {
  mr_status status = mr_reader_enter(reader);
  if (status != MR_OK) return status;
  switch (reader->token.kind) {
    case '+':
    case '-':
    case '~':
    case '!':
    case '&':
    case '*':
      status = read_prefixed(reader, out);
      break;
    case MR_TOKEN_SIZEOF:
    case MR_TOKEN_ALIGNOF:
    case MR_TOKEN_PREFERRED_ALIGNOF:
      status = read_measure(reader, out);
      break;
    case MR_TOKEN_EXTENSION:
      status = mr_reader_advance(reader);
      if (status == MR_OK) status = mr_read_unary(reader, out);
      break;
    default:
      status = read_postfix(reader, out);
      break;
  }
  if (status == MR_OK) mr_reader_leave(reader);
  return status;
}

#include "reader.h"

/* Constant expressions: what stands between operands. Whatever has no value, but is no error unless it is needed, goes
 * on as an expression of unknown value, which says why. */

/* Values. */

static mr_expression unknown(const mr_type *type, const char *why) {
  return (mr_expression){.form = MR_EXPRESSION_UNKNOWN, .type = type, .why = why};
}

static bool is_constant(const mr_expression *expression) {
  return expression->form == MR_EXPRESSION_CONSTANT;
}

static bool is_pointer(const mr_expression *expression) {
  return expression->type->kind == MR_KIND_POINTER;
}

static uint64_t cut(uint64_t value, size_t size, bool is_signed) {
  if (size >= sizeof value) return value;
  unsigned bits = (unsigned)size * 8;
  value &= (UINT64_C(1) << bits) - 1;
  if (is_signed && value >> (bits - 1)) value |= ~((UINT64_C(1) << bits) - 1);
  return value;
}

mr_expression mr_converted(const mr_reader *reader, mr_expression expression, const mr_type *type) {
  (void)reader;
  bool is_known = is_constant(&expression) &&
                  (mr_is_integer(type) || type->kind == MR_KIND_POINTER) &&
                  (mr_is_integer(expression.type) || is_pointer(&expression)) && type->size <= 8;
  if (!is_known) {
    const char *why = expression.why ? expression.why : "a value that is no integer of 64 bits";
    return unknown(type, why);
  }
  if (type->kind == MR_KIND_BOOL) {
    expression.value = expression.value != 0;
  } else {
    expression.value = cut(expression.value, type->size, mr_is_signed(type));
  }
  expression.type = type;
  return expression;
}

mr_status mr_value_of_place(mr_reader *reader, mr_expression *expression) {
  const mr_type *type = mr_reader_completed(reader, expression->type);
  expression->is_bit_field = expression->is_aligned = false;
  if (type->kind == MR_KIND_ARRAY && !type->is_vector) {
    mr_expression_form form =
        expression->form == MR_EXPRESSION_PLACE ? MR_EXPRESSION_CONSTANT : MR_EXPRESSION_UNKNOWN;
    expression->form = form;
    expression->why = "an address that is not known";
    return mr_reader_pointer_to(reader, type->element, &expression->type);
  }
  if (type->kind == MR_KIND_FUNCTION) {
    *expression = unknown(type, "an address that is not known");
    return mr_reader_pointer_to(reader, type, &expression->type);
  }
  if (expression->form == MR_EXPRESSION_PLACE) {
    *expression = unknown(type, "what is in memory");
  }
  return MR_OK;
}

/* Integers smaller than int are int's, whatever they are. */
static mr_expression promoted(const mr_reader *reader, mr_expression expression) {
  const mr_type *plain_int = reader->builtins[MR_BUILTIN_INT];
  if (mr_is_integer(expression.type) && expression.type->size < plain_int->size) {
    return mr_converted(reader, expression, plain_int);
  }
  if (mr_is_integer(expression.type) && expression.type->is_enum) {
    const mr_type *type =
        mr_reader_integer(reader, expression.type->size, mr_is_signed(expression.type));
    return mr_converted(reader, expression, type);
  }
  return expression;
}

/* The type that both operands get: floats before integers, larger before smaller, unsigned before signed. */
static const mr_type *common_type(const mr_type *a, const mr_type *b) {
  if (!mr_is_integer(a) || !mr_is_integer(b)) return mr_is_integer(a) ? b : a;
  if (a->size != b->size) return a->size > b->size ? a : b;
  return mr_is_signed(a) ? b : a;
}

/* Operators. */

typedef struct operator_rule {
  int token;
  /** Higher binds closer. */
  uint8_t rank;
} operator_rule;

static const operator_rule operators[] = {
    {MR_TOKEN_OR, 1},
    {MR_TOKEN_AND, 2},
    {'|', 3},
    {'^', 4},
    {'&', 5},
    {MR_TOKEN_EQUAL, 6},
    {MR_TOKEN_UNEQUAL, 6},
    {'<', 7},
    {'>', 7},
    {MR_TOKEN_LESS_EQUAL, 7},
    {MR_TOKEN_GREATER_EQUAL, 7},
    {MR_TOKEN_SHIFT_LEFT, 8},
    {MR_TOKEN_SHIFT_RIGHT, 8},
    {'+', 9},
    {'-', 9},
    {'*', 10},
    {'/', 10},
    {'%', 10},
};

static uint8_t rank_of(int token) {
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
    if (operators[i].token == token) return operators[i].rank;
  }
  return 0;
}

/* What a calculation in `type` gives; `exact` tells whether that is what arithmetic says. */
static mr_expression settled(const mr_type *type, uint64_t value, bool is_exact) {
  uint64_t kept = cut(value, type->size, mr_is_signed(type));
  if (mr_is_signed(type) && (!is_exact || kept != value)) return unknown(type, "what overflows");
  return (mr_expression){.form = MR_EXPRESSION_CONSTANT, .type = type, .value = kept};
}

static bool adds_exactly(int64_t a, int64_t b) {
  return b >= 0 ? a <= INT64_MAX - b : a >= INT64_MIN - b;
}

static bool subtracts_exactly(int64_t a, int64_t b) {
  return b >= 0 ? a >= INT64_MIN + b : a <= INT64_MAX + b;
}

static bool multiplies_exactly(int64_t a, int64_t b) {
  if (a == 0 || b == 0) return true;
  uint64_t high_a = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
  uint64_t high_b = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
  uint64_t most = (a < 0) == (b < 0) ? (uint64_t)INT64_MAX : (uint64_t)INT64_MAX + 1;
  return high_a <= most / high_b;
}

static mr_expression divided(int token, const mr_type *type, uint64_t a, uint64_t b) {
  if (b == 0) return unknown(type, "a division by 0");
  bool is_quotient = token == '/';
  if (!mr_is_signed(type)) return settled(type, is_quotient ? a / b : a % b, true);
  if ((int64_t)b == -1) {
    return settled(type, is_quotient ? 0 - a : 0, (int64_t)a != INT64_MIN);
  }
  int64_t result = is_quotient ? (int64_t)a / (int64_t)b : (int64_t)a % (int64_t)b;
  return settled(type, (uint64_t)result, true);
}

static mr_expression calculated(int token, const mr_type *type, uint64_t a, uint64_t b) {
  int64_t signed_a = (int64_t)a, signed_b = (int64_t)b;
  switch (token) {
    case '+':
      return settled(type, a + b, adds_exactly(signed_a, signed_b));
    case '-':
      return settled(type, a - b, subtracts_exactly(signed_a, signed_b));
    case '*':
      return settled(type, a * b, multiplies_exactly(signed_a, signed_b));
    case '&':
      return settled(type, a & b, true);
    case '|':
      return settled(type, a | b, true);
    case '^':
      return settled(type, a ^ b, true);
    default:
      return divided(token, type, a, b);
  }
}

static bool holds(int token, bool is_signed, uint64_t a, uint64_t b) {
  bool is_less = is_signed ? (int64_t)a < (int64_t)b : a < b;
  switch (token) {
    case '<':
      return is_less;
    case '>':
      return !is_less && a != b;
    case MR_TOKEN_LESS_EQUAL:
      return is_less || a == b;
    case MR_TOKEN_GREATER_EQUAL:
      return !is_less;
    case MR_TOKEN_EQUAL:
      return a == b;
    default:
      return a != b;
  }
}

static bool is_comparison(int token) { return rank_of(token) == 6 || rank_of(token) == 7; }

static mr_expression truth(const mr_reader *reader, bool value) {
  return (mr_expression){
      .form = MR_EXPRESSION_CONSTANT, .type = reader->builtins[MR_BUILTIN_INT], .value = value};
}

static const char *why_not(const mr_expression *a, const mr_expression *b) {
  if (a->why) return a->why;
  return b->why ? b->why : "a value that is no integer of 64 bits";
}

static mr_expression shifted(const mr_reader *reader, int token, mr_expression a, mr_expression b) {
  a = promoted(reader, a);
  if (!is_constant(&a) || !is_constant(&b)) return unknown(a.type, why_not(&a, &b));
  unsigned bits = (unsigned)a.type->size * 8;
  if (b.value >= bits) return unknown(a.type, "a shift by as many bits as there are, or more");
  unsigned by = (unsigned)b.value;
  bool is_negative = mr_is_signed(a.type) && (int64_t)a.value < 0;
  if (token == MR_TOKEN_SHIFT_RIGHT) {
    uint64_t filled = is_negative && by > 0 ? ~(UINT64_MAX >> by) : 0;
    return settled(a.type, a.value >> by | filled, true);
  }
  /* As compilers have it: a sign may be shifted into, but not through. */
  uint64_t value = cut(a.value << by, a.type->size, mr_is_signed(a.type));
  return (mr_expression){.form = MR_EXPRESSION_CONSTANT, .type = a.type, .value = value};
}

/* Pointers: what offsetof by hand is made of. */

static mr_status moved(mr_reader *reader, int token, mr_expression pointer, mr_expression by,
                       mr_expression *out) {
  const mr_type *element = mr_reader_completed(reader, pointer.type->element);
  *out = unknown(pointer.type, why_not(&pointer, &by));
  if (!is_constant(&pointer) || !is_constant(&by) || !mr_is_integer(by.type)) return MR_OK;
  uint64_t size = mr_type_is_data(element) ? element->size : 1;
  uint64_t distance = by.value * size;
  out->form = MR_EXPRESSION_CONSTANT;
  out->value = cut(token == '+' ? pointer.value + distance : pointer.value - distance,
                   pointer.type->size, false);
  return MR_OK;
}

static mr_expression distance(mr_reader *reader, mr_expression a, mr_expression b) {
  const mr_type *type = mr_reader_integer(reader, a.type->size, true);
  const mr_type *element = mr_reader_completed(reader, a.type->element);
  uint64_t size = mr_type_is_data(element) ? element->size : 1;
  if (!is_constant(&a) || !is_constant(&b) || size == 0) return unknown(type, why_not(&a, &b));
  int64_t octets = (int64_t)cut(a.value - b.value, type->size, true);
  return settled(type, (uint64_t)(octets / (int64_t)size), true);
}

static mr_status operate_on_pointers(mr_reader *reader, int token, mr_expression a, mr_expression b,
                                     mr_expression *out) {
  if (is_comparison(token)) {
    *out = is_constant(&a) && is_constant(&b)
               ? truth(reader, holds(token, false, a.value, b.value))
               : unknown(reader->builtins[MR_BUILTIN_INT], why_not(&a, &b));
    return MR_OK;
  }
  if (token == '-' && is_pointer(&a) && is_pointer(&b)) {
    *out = distance(reader, a, b);
    return MR_OK;
  }
  if (token == '+' && is_pointer(&b) && !is_pointer(&a)) return moved(reader, token, b, a, out);
  if ((token == '+' || token == '-') && is_pointer(&a) && !is_pointer(&b)) {
    return moved(reader, token, a, b, out);
  }
  return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "pointers are not calculated with like this");
}

static mr_expression operate(mr_reader *reader, int token, mr_expression a, mr_expression b) {
  if (rank_of(token) == 8) return shifted(reader, token, a, b);
  a = promoted(reader, a);
  b = promoted(reader, b);
  const mr_type *type = common_type(a.type, b.type);
  a = mr_converted(reader, a, type);
  b = mr_converted(reader, b, type);
  const mr_type *result = is_comparison(token) ? reader->builtins[MR_BUILTIN_INT] : type;
  if (!is_constant(&a) || !is_constant(&b)) return unknown(result, why_not(&a, &b));
  if (is_comparison(token)) {
    return truth(reader, holds(token, mr_is_signed(type), a.value, b.value));
  }
  return calculated(token, type, a.value, b.value);
}

/* && and || look no further where the first decides. */
static mr_expression joined(const mr_reader *reader, bool is_and, mr_expression a,
                            mr_expression b) {
  const mr_type *type = reader->builtins[MR_BUILTIN_INT];
  if (!is_constant(&a)) return unknown(type, why_not(&a, &b));
  if ((a.value != 0) != is_and) return truth(reader, !is_and);
  return is_constant(&b) ? truth(reader, b.value != 0) : unknown(type, why_not(&b, &a));
}

static mr_status combine(mr_reader *reader, int token, mr_expression a, mr_expression b,
                         mr_expression *out) {
  mr_status status = mr_value_of_place(reader, &a);
  if (status == MR_OK) status = mr_value_of_place(reader, &b);
  if (status != MR_OK) return status;
  if (token == MR_TOKEN_AND || token == MR_TOKEN_OR) {
    *out = joined(reader, token == MR_TOKEN_AND, a, b);
    return MR_OK;
  }
  if (is_pointer(&a) || is_pointer(&b)) return operate_on_pointers(reader, token, a, b, out);
  *out = operate(reader, token, a, b);
  return MR_OK;
}

static mr_status read_binary(mr_reader *reader, uint8_t least, mr_expression *out);

/* What stands behind an operator: one level deeper. */
static mr_status read_right(mr_reader *reader, uint8_t least, mr_expression *out) {
  mr_status status = mr_reader_enter(reader);
  if (status == MR_OK) status = read_binary(reader, least, out);
  if (status == MR_OK) mr_reader_leave(reader);
  return status;
}

/* Operators of `least` and closer ones. */
static mr_status read_binary(mr_reader *reader, uint8_t least, mr_expression *out) {
  mr_status status = mr_read_unary(reader, out);
  while (status == MR_OK) {
    int token = reader->token.kind;
    uint8_t rank = rank_of(token);
    mr_expression right;
    if (rank < least || rank == 0) return MR_OK;
    status = mr_reader_advance(reader);
    if (status == MR_OK) status = read_right(reader, (uint8_t)(rank + 1), &right);
    if (status == MR_OK) status = combine(reader, token, *out, right, out);
  }
  return status;
}

static mr_status choose(mr_reader *reader, mr_expression condition, mr_expression yes,
                        mr_expression no, mr_expression *out) {
  mr_status status = mr_value_of_place(reader, &condition);
  if (status == MR_OK) status = mr_value_of_place(reader, &yes);
  if (status == MR_OK) status = mr_value_of_place(reader, &no);
  if (status != MR_OK) return status;
  const mr_type *type = yes.type;
  if (mr_is_integer(yes.type) && mr_is_integer(no.type)) {
    type = common_type(promoted(reader, yes).type, promoted(reader, no).type);
  } else if (is_pointer(&no) || !mr_is_integer(no.type)) {
    type = no.type;
  }
  if (!is_constant(&condition)) {
    *out = unknown(type, why_not(&condition, &condition));
    return MR_OK;
  }
  *out = mr_converted(reader, condition.value ? yes : no, type);
  return MR_OK;
}

mr_status mr_read_conditional(mr_reader *reader, mr_expression *out) {
  mr_status status = mr_reader_enter(reader);
  if (status == MR_OK) status = read_binary(reader, 1, out);
  if (status == MR_OK && mr_reader_is_at(reader, '?')) {
    mr_expression yes, no;
    status = mr_reader_advance(reader);
    if (status == MR_OK && mr_reader_is_at(reader, ':')) {
      yes = *out;
    } else if (status == MR_OK) {
      status = mr_read_expression(reader, &yes);
    }
    if (status == MR_OK) status = mr_reader_require(reader, ':', "':'");
    if (status == MR_OK) status = mr_read_conditional(reader, &no);
    if (status == MR_OK) status = choose(reader, *out, yes, no, out);
  }
  if (status == MR_OK) mr_reader_leave(reader);
  return status;
}

mr_status mr_read_expression(mr_reader *reader, mr_expression *out) {
  mr_status status = mr_read_conditional(reader, out);
  while (status == MR_OK && mr_reader_is_at(reader, ',')) {
    status = mr_reader_advance(reader);
    if (status == MR_OK) status = mr_read_conditional(reader, out);
    /* C has no comma in constants. */
    if (status == MR_OK && is_constant(out)) *out = unknown(out->type, "what a comma joins");
  }
  return status;
}

mr_status mr_read_constant(mr_reader *reader, mr_expression *out) {
  mr_expression expression;
  const char *at = reader->token.start;
  mr_status status = mr_read_conditional(reader, &expression);
  if (status == MR_OK) status = mr_value_of_place(reader, &expression);
  if (status != MR_OK) return status;
  if (!is_constant(&expression) || !mr_is_integer(expression.type)) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "expected a constant integer, not %s",
                             expression.why ? expression.why : "a pointer");
  }
  *out = promoted(reader, expression);
  return MR_OK;
}

mr_status mr_read_size(mr_reader *reader, const char *what, uint64_t *out) {
  mr_expression size = {.type = reader->builtins[MR_BUILTIN_INT]};
  const char *at = reader->token.start;
  mr_status status = mr_read_constant(reader, &size);
  if (status != MR_OK) return status;
  if (mr_is_signed(size.type) && (int64_t)size.value < 0) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "%s can't be negative", what);
  }
  *out = size.value;
  return MR_OK;
}

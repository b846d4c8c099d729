#include "reader.h"

/* Enums. */

/* How far values reach. */
typedef struct reach {
  bool has_negative;
  int64_t least;
  uint64_t most;
} reach;

static void add_value(reach *of, const mr_expression *value) {
  if (mr_is_signed(value->type) && (int64_t)value->value < 0) {
    of->has_negative = true;
    if ((int64_t)value->value < of->least) of->least = (int64_t)value->value;
  } else if (value->value > of->most) {
    of->most = value->value;
  }
}

static bool fits(const reach *of, unsigned bits, bool is_signed) {
  if (of->has_negative && !is_signed) return false;
  uint64_t most = UINT64_MAX >> (64 - bits + (is_signed ? 1 : 0));
  if (of->most > most) return false;
  return !of->has_negative || of->least >= -(int64_t)most - 1;
}

/* What gcc and clang make of an enum: the first that holds all of unsigned int and the larger ones, signed where
 * there are negative values; packed, of the smaller ones too. */
static const mr_type *integer_for(const mr_reader *reader, const reach *of, bool is_packed) {
  const mr_type *plain_int = reader->builtins[MR_BUILTIN_INT];
  if (reader->traits->is_enum_always_int) return fits(of, 32, true) ? plain_int : NULL;
  for (size_t size = is_packed ? 1 : plain_int->size; size <= 8; size *= 2) {
    const mr_type *type = mr_reader_integer(reader, size, of->has_negative);
    if (type && fits(of, (unsigned)size * 8, of->has_negative)) return type;
  }
  return NULL;
}

/* The next value, one above the last, in the last one's type: gcc takes no other. */
static mr_status count_up(mr_reader *reader, const char *at, mr_expression *value) {
  uint64_t most = UINT64_MAX >> (64 - value->type->size * 8 + (mr_is_signed(value->type) ? 1 : 0));
  if (value->value == most) {
    return mr_reader_fail_at(reader, MR_OVERFLOW, at, "this enumerator's value overflows");
  }
  value->value++;
  return MR_OK;
}

/* Until the enum's end, enumerators are int where they can be, else of the type that their value has. */
static mr_expression settled(const mr_reader *reader, const mr_expression *value) {
  const mr_type *plain_int = reader->builtins[MR_BUILTIN_INT];
  reach own = {.has_negative = false};
  add_value(&own, value);
  return fits(&own, 32, true) ? mr_converted(reader, *value, plain_int) : *value;
}

/* From the enum's end on, those that int does not hold have its type. */
static void settle_enumerators(const mr_reader *reader, const mr_enumerator *all, size_t count,
                               const mr_type *integer) {
  const mr_type *plain_int = reader->builtins[MR_BUILTIN_INT];
  for (size_t i = 0; i < count; i++) {
    mr_symbol *symbol = &mr_identifier_of(all[i].name)->ordinary;
    if (symbol->type != plain_int) symbol->type = integer;
  }
}

/* What stands behind a name, if anything; else one more than the last. */
static mr_status read_value(mr_reader *reader, const mr_token *name, bool is_first,
                            mr_expression *value) {
  bool has_value;
  mr_status status = mr_reader_take(reader, '=', &has_value);
  if (status != MR_OK) return status;
  if (has_value) return mr_read_constant(reader, value);
  return is_first ? MR_OK : count_up(reader, name->start, value);
}

static mr_status read_enumerator(mr_reader *reader, bool is_first, mr_expression *value,
                                 reach *all) {
  mr_attributes attributes = {.alignment = 0};
  mr_enumerator *kept;
  mr_token name = reader->token;
  mr_status status = mr_reader_require(reader, MR_TOKEN_IDENTIFIER, "an enumerator");
  if (status == MR_OK) status = mr_read_attributes(reader, &attributes);
  if (status == MR_OK) status = mr_refuse_attributes(reader, &attributes, "of an enumerator");
  if (status == MR_OK) status = read_value(reader, &name, is_first, value);
  if (status == MR_OK) {
    /* Microsoft's are int, and what would be above is cut to that. */
    if (reader->traits->is_enum_always_int && value->value <= UINT32_MAX) {
      *value = mr_converted(reader, *value, reader->builtins[MR_BUILTIN_INT]);
    }
    *value = settled(reader, value);
    add_value(all, value);
    status = mr_reader_declare(
        reader, &name,
        (mr_symbol){.form = MR_SYMBOL_ENUMERATOR, .type = value->type, .value = value->value});
  }
  if (status == MR_OK) {
    status = mr_reader_push(reader, &reader->enumerators, sizeof *kept, (void *)&kept);
  }
  if (status == MR_OK) *kept = (mr_enumerator){name.identifier->text, (int64_t)value->value};
  return status;
}

static mr_status read_enumerators(mr_reader *reader, reach *all) {
  mr_expression value = {.form = MR_EXPRESSION_CONSTANT, .type = reader->builtins[MR_BUILTIN_INT]};
  bool is_first = true;
  mr_status status = MR_OK;
  while (status == MR_OK && !mr_reader_is_at(reader, '}')) {
    bool is_more;
    status = read_enumerator(reader, is_first, &value, all);
    is_first = false;
    if (status == MR_OK) status = mr_reader_take(reader, ',', &is_more);
    if (status == MR_OK && !is_more && !mr_reader_is_at(reader, '}')) {
      return mr_reader_expected(reader, "',' or '}' behind an enumerator");
    }
  }
  return status;
}

static mr_status finish(mr_reader *reader, mr_type *type, size_t first, const reach *all,
                        const mr_attributes *attributes, const char *at) {
  size_t count = reader->enumerators.count - first;
  mr_enumerator *kept = NULL;
  reader->enumerators.count = first;
  mr_status status = mr_check_attributes(reader, attributes);
  if (status != MR_OK) return status;
  if (count == 0)
    return mr_reader_fail_at(reader, MR_SYNTAX_ERROR, at, "an enum without enumerators");
  if (attributes->alignment || attributes->vector_size || attributes->has_order) {
    return mr_refuse_attributes(reader, attributes, "of an enum");
  }
  const mr_type *integer = integer_for(reader, all, attributes->is_packed);
  if (integer && attributes->mode)
    status = mr_attributed_type(reader, attributes, integer, &integer);
  if (status != MR_OK) return status;
  if (!integer || integer->size > sizeof(uint64_t) ||
      !fits(all, (unsigned)integer->size * 8, mr_is_signed(integer))) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, at, "no integer holds all of these values");
  }
  status = mr_type_group_take(reader->group, count * sizeof *kept, (void *)&kept);
  if (status != MR_OK) return mr_reader_fail_plainly(reader, status);
  const mr_enumerator *read = (const mr_enumerator *)reader->enumerators.block.pointer + first;
  for (size_t i = 0; i < count; i++) kept[i] = read[i];
  settle_enumerators(reader, kept, count, integer);
  mr_type_set_enum(type, integer, kept, count);
  return MR_OK;
}

mr_status mr_read_enumeration(mr_reader *reader, mr_specifiers *specifiers) {
  mr_attributes attributes = {.alignment = 0};
  mr_token name = {.kind = 0};
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_read_attributes(reader, &attributes);
  if (status != MR_OK) return status;
  if (mr_reader_is_at(reader, MR_TOKEN_IDENTIFIER)) {
    name = reader->token;
    status = mr_reader_advance(reader);
    if (status != MR_OK) return status;
  }
  const char *at = reader->token.start;
  if (!mr_reader_is_at(reader, '{')) {
    if (!name.kind) return mr_reader_expected(reader, "a tag or '{'");
    return mr_read_tag_reference(reader, &name, &attributes, MR_KIND_I32, &specifiers->type);
  }
  mr_type *type;
  reach all = {.has_negative = false};
  size_t first = reader->enumerators.count;
  specifiers->is_definition = true;
  status = mr_begin_definition(reader, &name, MR_KIND_I32, &type);
  if (status == MR_OK) type->is_being_defined = true;
  if (status == MR_OK) status = mr_reader_advance(reader);
  if (status == MR_OK) status = read_enumerators(reader, &all);
  if (status == MR_OK) status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_read_attributes(reader, &attributes);
  if (status == MR_OK) status = finish(reader, type, first, &all, &attributes, at);
  return status == MR_OK ? mr_end_definition(reader, &name, type, &specifiers->type) : status;
}

#include <string.h>

#include "reader.h"

/* Declarations outside functions. What describes no data is passed over. */

mr_status mr_read_static_assert(mr_reader *reader) {
  mr_expression condition;
  mr_token message = {.kind = 0};
  const char *at = reader->token.start;
  bool has_message;
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_reader_require(reader, '(', "'('");
  if (status == MR_OK) status = mr_read_constant(reader, &condition);
  if (status == MR_OK) status = mr_reader_take(reader, ',', &has_message);
  if (status == MR_OK && has_message) {
    message = reader->token;
    status = mr_reader_require(reader, MR_TOKEN_STRING, "a message");
    while (status == MR_OK && mr_reader_is_at(reader, MR_TOKEN_STRING)) {
      status = mr_reader_advance(reader);
    }
  }
  if (status == MR_OK) status = mr_reader_require(reader, ')', "')'");
  if (status == MR_OK) status = mr_reader_require(reader, ';', "';'");
  if (status != MR_OK || condition.value != 0) return status;
  int length = message.length < 80 ? (int)message.length : 80;
  return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "this assertion fails%s%.*s",
                           length > 0 ? ": " : "", length, length > 0 ? message.start : "");
}

/* A typedef's own alignment makes another type. */
static mr_status realign_typedef(mr_reader *reader, const mr_specifiers *specifiers,
                                 const mr_declarator *declarator, const mr_type **out) {
  mr_attributes attributes = specifiers->attributes;
  mr_attributes_add(&attributes, &declarator->attributes);
  mr_status status = mr_check_attributes(reader, &attributes);
  if (status != MR_OK) return status;
  if (attributes.has_alignas || attributes.has_order) {
    return mr_refuse_attributes(reader, &attributes, "of a typedef");
  }
  if (attributes.alignment == 0) return MR_OK;
  status = mr_check_one_alignment(reader, &attributes);
  if (status != MR_OK) return status;
  const mr_type *type = mr_reader_completed(reader, *out);
  if (type == reader->builtins[MR_BUILTIN_OPAQUE]) return MR_OK;
  if (!mr_type_is_data(type)) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, attributes.at,
                             "an alignment of a type that is not complete");
  }
  return mr_reader_realigned(reader, type, attributes.alignment, out);
}

static mr_status declare(mr_reader *reader, const mr_specifiers *specifiers,
                         const mr_declarator *declarator) {
  mr_symbol symbol = {.form = MR_SYMBOL_OBJECT, .type = declarator->type};
  if (specifiers->storage == MR_STORAGE_TYPEDEF) {
    symbol.form = MR_SYMBOL_TYPEDEF;
    symbol.is_qualified =
        specifiers->is_qualified || specifiers->is_qualified_by_typedef || declarator->is_qualified;
    mr_status status = realign_typedef(reader, specifiers, declarator, &symbol.type);
    if (status != MR_OK) return status;
  } else if (declarator->type->kind == MR_KIND_FUNCTION) {
    symbol.form = MR_SYMBOL_FUNCTION;
  }
  if (symbol.form != MR_SYMBOL_TYPEDEF) {
    const mr_attributes *before = &specifiers->attributes, *behind = &declarator->attributes;
    symbol.is_aligned = before->alignment || before->alignas_alignment || behind->alignment ||
                        declarator->name.identifier->ordinary.is_aligned;
  }
  return mr_reader_declare(reader, &declarator->name, symbol);
}

/* Whether a function's body follows, which ends its declaration. */
static mr_status read_rest(mr_reader *reader, const mr_declarator *declarator, bool *is_more) {
  *is_more = false;
  if (mr_reader_is_at(reader, '{') && declarator->type->kind == MR_KIND_FUNCTION) {
    return mr_reader_skip_brackets(reader);
  }
  if (mr_reader_is_at(reader, '=')) {
    mr_status status = mr_reader_skip_to(reader, ',', ';');
    if (status != MR_OK) return status;
  }
  mr_status status = mr_reader_take(reader, ',', is_more);
  if (status != MR_OK || *is_more) return status;
  return mr_reader_require(reader, ';', "',' or ';' behind a declaration");
}

static mr_status read_declaration(mr_reader *reader) {
  mr_specifiers specifiers;
  mr_status status = mr_read_specifiers(reader, &specifiers);
  if (status != MR_OK) return status;
  if (mr_reader_is_at(reader, ';')) {
    status = mr_check_attributes(reader, &specifiers.attributes);
    return status == MR_OK ? mr_reader_advance(reader) : status;
  }
  bool is_more = true;
  while (status == MR_OK && is_more) {
    mr_declarator declarator;
    status = mr_read_declarator(reader, &specifiers, MR_DECLARATOR_NAMED, false, &declarator);
    if (status == MR_OK) status = declare(reader, &specifiers, &declarator);
    if (status == MR_OK) status = read_rest(reader, &declarator, &is_more);
  }
  return status;
}

mr_status mr_read_external_declaration(mr_reader *reader) {
  mr_status status;
  switch (reader->token.kind) {
    case ';':
      return mr_reader_advance(reader);
    case MR_TOKEN_STATIC_ASSERT:
      return mr_read_static_assert(reader);
    case MR_TOKEN_ASM:
      status = mr_skip_asm(reader);
      return status == MR_OK ? mr_reader_require(reader, ';', "';'") : status;
    default:
      return mr_starts_type(reader, &reader->token) || mr_reader_is_at(reader, MR_TOKEN_TYPEDEF) ||
                     mr_reader_is_at(reader, MR_TOKEN_STORAGE)
                 ? read_declaration(reader)
                 : mr_reader_expected_type(reader, "a declaration");
  }
}

bool mr_is_line_marker(const char *start, const char *end, uint32_t *next) {
  static const char word[] = "line";
  uint32_t number = 0;
  const char *at = start;
  while (at < end && (*at == ' ' || *at == '\t')) at++;
  if (at == end || *at != '#') return false;
  at++;
  while (at < end && (*at == ' ' || *at == '\t')) at++;
  if ((size_t)(end - at) > sizeof word && memcmp(at, word, sizeof word - 1) == 0) {
    at += sizeof word - 1;
    while (at < end && (*at == ' ' || *at == '\t')) at++;
  }
  if (at == end || *at < '0' || *at > '9') return false;
  for (; at < end && *at >= '0' && *at <= '9'; at++) number = number * 10 + (uint32_t)(*at - '0');
  *next = number;
  return true;
}

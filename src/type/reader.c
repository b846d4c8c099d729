#include "reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Failing. */

mr_status mr_reader_fail_at(mr_reader *reader, mr_status status, const char *at, const char *format,
                            ...) {
  char message[MR_CONDITION_MESSAGE_SIZE];
  va_list arguments;
  if (!reader->condition) return status;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  mr_condition_set(reader->condition, status, "%s", message);
  reader->condition->offset = (uint64_t)(at - reader->lexer.start);
  return status;
}

mr_status mr_reader_expected(mr_reader *reader, const char *what) {
  enum { SHOWN = 40 };
  const mr_token *token = &reader->token;
  if (token->kind == MR_TOKEN_END) {
    return mr_reader_fail(reader, MR_SYNTAX_ERROR, "expected %s, not the end", what);
  }
  int length = token->length < SHOWN ? (int)token->length : SHOWN;
  return mr_reader_fail(reader, MR_SYNTAX_ERROR, "expected %s, not '%.*s'", what, length,
                        token->start);
}

mr_status mr_reader_expected_type(mr_reader *reader, const char *what) {
  if (reader->token.kind != MR_TOKEN_IDENTIFIER) return mr_reader_expected(reader, what);
  const mr_identifier *name = reader->token.identifier;
  mr_status status = reader->is_query ? MR_NO_SUCH_SLOT : MR_INVALID_ARGUMENT;
  if (!name->tag) return mr_reader_fail(reader, status, "there is no type '%.60s'", name->text);
  return mr_reader_fail(reader, status, "there is no type '%.60s': did you mean '%s %.60s'?",
                        name->text, mr_tag_word(name->tag), name->text);
}

mr_status mr_reader_fail_plainly(mr_reader *reader, mr_status status) {
  return mr_reader_fail(reader, status, "%s", mr_status_message(status));
}

/* Tokens. */

static mr_status lex(mr_reader *reader, mr_lexer *lexer, mr_token *out) {
  mr_status status = mr_lexer_next(lexer, out);
  if (status != MR_OK && lexer->flaw) {
    return mr_reader_fail_at(reader, status, lexer->flaw_at, "%s", lexer->flaw);
  }
  return status;
}

mr_status mr_reader_advance(mr_reader *reader) {
  return lex(reader, &reader->lexer, &reader->token);
}

mr_status mr_reader_take(mr_reader *reader, int kind, bool *taken) {
  *taken = reader->token.kind == kind;
  return *taken ? mr_reader_advance(reader) : MR_OK;
}

mr_status mr_reader_require(mr_reader *reader, int kind, const char *what) {
  if (reader->token.kind != kind) return mr_reader_expected(reader, what);
  return mr_reader_advance(reader);
}

static mr_status ignore_pragma(void *context, const char *start, const char *end) {
  (void)context, (void)start, (void)end;
  return MR_OK;
}

mr_status mr_reader_peek(mr_reader *reader, mr_token *out) {
  mr_lexer ahead = reader->lexer;
  ahead.take_pragma = ignore_pragma;
  return lex(reader, &ahead, out);
}

static int partner_of(int kind) { return kind == '(' ? ')' : kind == '[' ? ']' : '}'; }

static bool is_opening(int kind) { return kind == '(' || kind == '[' || kind == '{'; }

static bool is_closing(int kind) { return kind == ')' || kind == ']' || kind == '}'; }

/* Brackets of different forms are not told apart inside: a count of them ends at the right place in C, and somewhere
 * in what is none. */
mr_status mr_reader_skip_brackets(mr_reader *reader) {
  mr_token opening = reader->token;
  size_t open = 0;
  do {
    if (is_opening(reader->token.kind)) open++;
    if (is_closing(reader->token.kind)) open--;
    if (reader->token.kind == MR_TOKEN_END) {
      return mr_reader_fail_at(reader, MR_SYNTAX_ERROR, opening.start,
                               "this has no %c that ends it", partner_of(opening.kind));
    }
    mr_status status = mr_reader_advance(reader);
    if (status != MR_OK) return status;
  } while (open > 0);
  return MR_OK;
}

mr_status mr_reader_skip_to(mr_reader *reader, int kind, int other) {
  while (reader->token.kind != kind && reader->token.kind != other) {
    if (reader->token.kind == MR_TOKEN_END || is_closing(reader->token.kind)) {
      return mr_reader_expected(reader, "the end of this declaration");
    }
    mr_status status = is_opening(reader->token.kind) ? mr_reader_skip_brackets(reader)
                                                      : mr_reader_advance(reader);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

mr_status mr_reader_enter(mr_reader *reader) {
  if (reader->depth == MR_READER_DEPTH_MAX) {
    return mr_reader_fail(reader, MR_UNSUPPORTED, "this nests deeper than %d", MR_READER_DEPTH_MAX);
  }
  reader->depth++;
  return MR_OK;
}

/* Names. */

mr_status mr_reader_note(mr_reader *reader, mr_identifier *identifier) {
  mr_undo *undo;
  if (identifier->number >= reader->known && reader->prototype == 0) return MR_OK;
  mr_status status = mr_reader_push(reader, &reader->undos, sizeof *undo, (void *)&undo);
  if (status != MR_OK) return status;
  *undo = (mr_undo){identifier, identifier->ordinary, identifier->tag, identifier->tag_prototype};
  return MR_OK;
}

void mr_reader_undo(mr_reader *reader, size_t count) {
  const mr_undo *undos = reader->undos.block.pointer;
  while (reader->undos.count > count) {
    const mr_undo *undo = &undos[--reader->undos.count];
    undo->identifier->ordinary = undo->ordinary;
    undo->identifier->tag = undo->tag;
    undo->identifier->tag_prototype = undo->tag_prototype;
  }
}

static const char *form_name(uint8_t form) {
  static const char *const names[] = {"nothing", "a typedef", "an enumerator", "a variable",
                                      "a function"};
  return names[form];
}

/* Whether a name that an earlier text has declared is declared alike: what both include says the same twice. */
static bool is_alike(const mr_reader *reader, const mr_symbol *known, const mr_symbol *symbol) {
  if (known->text == reader->text) return false;
  if (symbol->form == MR_SYMBOL_ENUMERATOR) return known->value == symbol->value;
  return symbol->form == MR_SYMBOL_TYPEDEF && mr_type_equal(known->type, symbol->type);
}

/* Whether C lets a name be declared so twice. */
static bool can_be_repeated(const mr_reader *reader, const mr_symbol *known,
                            const mr_symbol *symbol) {
  if (symbol->form == MR_SYMBOL_ENUMERATOR) return false;
  return symbol->form != MR_SYMBOL_TYPEDEF || mr_reader_is_same(reader, known->type, symbol->type);
}

mr_status mr_reader_declare(mr_reader *reader, const mr_token *name, mr_symbol symbol) {
  mr_identifier *identifier = name->identifier;
  const mr_symbol *known = &identifier->ordinary;
  if (known->form != MR_SYMBOL_NONE && !known->is_predefined && reader->prototype == 0) {
    if (known->form != symbol.form) {
      return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, name->start,
                               "'%.60s' was declared before, as %s", identifier->text,
                               form_name(known->form));
    }
    if (is_alike(reader, known, &symbol)) return MR_OK;
    if (!can_be_repeated(reader, known, &symbol)) {
      return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, name->start,
                               "'%.60s' was declared before, as another", identifier->text);
    }
  }
  symbol.is_predefined = reader->is_predefining;
  symbol.text = reader->text;
  mr_status status = mr_reader_note(reader, identifier);
  if (status == MR_OK) identifier->ordinary = symbol;
  return status;
}

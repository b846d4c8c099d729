#include "lexer.h"

#include <string.h>

#include "names.h"

static mr_status refuse(mr_lexer *lexer, mr_status status, const char *at, const char *flaw) {
  lexer->flaw = flaw;
  lexer->flaw_at = at;
  return status;
}

static bool starts_with(const mr_lexer *lexer, const char *text) {
  if (*lexer->at != *text) return false;
  size_t length = strlen(text);
  return (size_t)(lexer->end - lexer->at) >= length && memcmp(lexer->at, text, length) == 0;
}

/* What an octet outside names starts. */
enum { NOTHING, SPACE, DIGIT, QUOTE, SINGLE, LONGER };

static const unsigned char classes[256] = {
    [' '] = SPACE,  ['\t'] = SPACE, ['\n'] = SPACE, ['\r'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE,
    ['0'] = DIGIT,  ['1'] = DIGIT,  ['2'] = DIGIT,  ['3'] = DIGIT,  ['4'] = DIGIT,  ['5'] = DIGIT,
    ['6'] = DIGIT,  ['7'] = DIGIT,  ['8'] = DIGIT,  ['9'] = DIGIT,  ['"'] = QUOTE,  ['\''] = QUOTE,
    ['{'] = SINGLE, ['}'] = SINGLE, ['['] = SINGLE, [']'] = SINGLE, ['('] = SINGLE, [')'] = SINGLE,
    [';'] = SINGLE, [','] = SINGLE, ['*'] = SINGLE, ['~'] = SINGLE, ['?'] = SINGLE, ['/'] = SINGLE,
    ['^'] = SINGLE, ['+'] = SINGLE, ['.'] = LONGER, ['-'] = LONGER, ['<'] = LONGER, ['>'] = LONGER,
    ['='] = LONGER, ['!'] = LONGER, ['&'] = LONGER, ['|'] = LONGER, [':'] = LONGER, ['%'] = LONGER,
};

static int class_of(char letter) { return classes[(unsigned char)letter]; }

static bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

static bool goes_on_with_name(char letter) { return mr_name_roles[(unsigned char)letter] != 0; }

/* Directives. */

static const char *line_end(const mr_lexer *lexer) {
  const char *end = memchr(lexer->at, '\n', (size_t)(lexer->end - lexer->at));
  return end ? end : lexer->end;
}

static void skip_blanks(mr_lexer *lexer, const char *end) {
  while (lexer->at < end && (*lexer->at == ' ' || *lexer->at == '\t')) lexer->at++;
}

static bool take_word(mr_lexer *lexer, const char *end, const char *word) {
  size_t length = strlen(word);
  if ((size_t)(end - lexer->at) < length || memcmp(lexer->at, word, length) != 0) return false;
  if (lexer->at + length < end && goes_on_with_name(lexer->at[length])) return false;
  lexer->at += length;
  skip_blanks(lexer, end);
  return true;
}

/* Headers of which all names are known from the start. */
static bool is_known_header(const char *text, const char *end) {
  static const char *const headers[] = {"<stdint.h>", "<stddef.h>", "<stdbool.h>", "<inttypes.h>"};
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
    size_t length = strlen(headers[i]);
    if ((size_t)(end - text) >= length && memcmp(text, headers[i], length) == 0) return true;
  }
  return false;
}

/* From the #. */
static mr_status read_directive(mr_lexer *lexer) {
  const char *start = lexer->at;
  const char *end = line_end(lexer);
  lexer->at++;
  skip_blanks(lexer, end);
  bool is_marker = lexer->at < end && is_digit(*lexer->at);
  bool is_passed = is_marker || lexer->at == end || *lexer->at == '\r' ||
                   take_word(lexer, end, "line") || take_word(lexer, end, "ident");
  if (!is_passed && take_word(lexer, end, "include")) is_passed = is_known_header(lexer->at, end);
  if (!is_passed && take_word(lexer, end, "pragma")) {
    const char *text = lexer->at;
    lexer->at = end;
    return lexer->take_pragma(lexer->context, text, end);
  }
  if (!is_passed) {
    return refuse(lexer, MR_UNSUPPORTED, start,
                  "the preprocessor's directives are not read: read what cc -E makes of this");
  }
  lexer->at = end;
  return MR_OK;
}

/* Between tokens. */

static mr_status skip_block_comment(mr_lexer *lexer) {
  const char *start = lexer->at;
  lexer->at += 2;
  for (;;) {
    lexer->at = memchr(lexer->at, '*', (size_t)(lexer->end - lexer->at));
    if (!lexer->at) {
      lexer->at = lexer->end;
      return refuse(lexer, MR_SYNTAX_ERROR, start, "this comment does not end");
    }
    lexer->at++;
    if (lexer->at < lexer->end && *lexer->at == '/') break;
  }
  lexer->at++;
  return MR_OK;
}

/* A line comment goes on where its line does. */
static void skip_line_comment(mr_lexer *lexer) {
  for (;;) {
    const char *end = line_end(lexer);
    const char *last = end;
    if (last > lexer->at && last[-1] == '\r') last--;
    bool goes_on = end < lexer->end && last > lexer->at && last[-1] == '\\';
    lexer->at = end + goes_on;
    if (!goes_on) return;
  }
}

static bool is_at_line_start(const mr_lexer *lexer) {
  const char *at = lexer->at;
  while (at > lexer->start && (at[-1] == ' ' || at[-1] == '\t')) at--;
  return at == lexer->start || at[-1] == '\n';
}

static mr_status skip_space(mr_lexer *lexer) {
  for (;;) {
    mr_status status = MR_OK;
    while (lexer->at < lexer->end && class_of(*lexer->at) == SPACE) lexer->at++;
    if (lexer->at == lexer->end) return MR_OK;
    if (starts_with(lexer, "/*")) {
      status = skip_block_comment(lexer);
    } else if (starts_with(lexer, "//")) {
      skip_line_comment(lexer);
    } else if (*lexer->at == '#' && is_at_line_start(lexer)) {
      status = read_directive(lexer);
    } else if (starts_with(lexer, "\\\n") || starts_with(lexer, "\\\r\n")) {
      lexer->at++;
    } else {
      return MR_OK;
    }
    if (status != MR_OK) return status;
  }
}

/* Tokens. */

static mr_status read_name(mr_lexer *lexer, mr_token *out) {
  const char *at = lexer->at + 1;
  while (at < lexer->end && goes_on_with_name(*at)) at++;
  size_t length = (size_t)(at - lexer->at);
  if (length > UINT16_MAX) {
    return refuse(lexer, MR_UNSUPPORTED, lexer->at, "a name of more than 65535 octets");
  }
  uint64_t key =
      mr_identifier_key(lexer->identifiers, lexer->at, length, (size_t)(lexer->end - lexer->at));
  mr_status status =
      mr_identifiers_get(lexer->identifiers, lexer->at, length, key, &out->identifier);
  if (status != MR_OK) return refuse(lexer, status, lexer->at, mr_status_message(status));
  out->kind = out->identifier->token;
  out->length = length;
  lexer->at += length;
  return MR_OK;
}

/* A preprocessor's number: whatever looks like one. */
static void read_number(mr_lexer *lexer, mr_token *out) {
  const char *at = lexer->at;
  while (at < lexer->end && (goes_on_with_name(*at) || *at == '.' ||
                             ((*at == '+' || *at == '-') && strchr("eEpP", at[-1])))) {
    at++;
  }
  out->kind = MR_TOKEN_NUMBER;
  out->length = (size_t)(at - lexer->at);
  lexer->at = at;
}

/* From the quote. */
static mr_status read_quoted(mr_lexer *lexer, mr_token *out) {
  char quote = *lexer->at;
  const char *at = lexer->at + 1;
  while (at < lexer->end && *at != quote && *at != '\n') {
    at += *at == '\\' && lexer->end - at > 1 ? 2 : 1;
  }
  if (at >= lexer->end || *at != quote) {
    return refuse(lexer, MR_SYNTAX_ERROR, lexer->at, "this quotation does not end");
  }
  at++;
  out->kind = quote == '"' ? MR_TOKEN_STRING : MR_TOKEN_CHARACTER;
  out->length = (size_t)(at - out->start);
  lexer->at = at;
  return MR_OK;
}

/* L"text", u8"text" and the like. */
static bool is_quotation_prefix(const mr_lexer *lexer, const mr_token *name) {
  if (lexer->at >= lexer->end || (*lexer->at != '"' && *lexer->at != '\'')) return false;
  if (name->length == 1) return strchr("LuU", *name->start) != NULL;
  return name->length == 2 && memcmp(name->start, "u8", 2) == 0;
}

static void read_punctuator(mr_lexer *lexer, mr_token *out) {
  static const struct {
    const char *text;
    int kind;
  } known[] = {
      {"...", MR_TOKEN_ELLIPSIS},
      {"->", MR_TOKEN_ARROW},
      {"<<", MR_TOKEN_SHIFT_LEFT},
      {">>", MR_TOKEN_SHIFT_RIGHT},
      {"<=", MR_TOKEN_LESS_EQUAL},
      {">=", MR_TOKEN_GREATER_EQUAL},
      {"==", MR_TOKEN_EQUAL},
      {"!=", MR_TOKEN_UNEQUAL},
      {"&&", MR_TOKEN_AND},
      {"||", MR_TOKEN_OR},
      {"<:", '['},
      {":>", ']'},
      {"<%", '{'},
      {"%>", '}'},
  };
  out->kind = (unsigned char)*lexer->at;
  out->length = 1;
  if (class_of(*lexer->at) == LONGER) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
      if (starts_with(lexer, known[i].text)) {
        out->kind = known[i].kind;
        out->length = strlen(known[i].text);
        break;
      }
    }
  }
  lexer->at += out->length;
}

mr_status mr_lexer_next(mr_lexer *lexer, mr_token *out) {
  /* Most tokens follow a blank or nothing. */
  if (lexer->at < lexer->end && *lexer->at == ' ') lexer->at++;
  if (lexer->at == lexer->end || !mr_name_roles[(unsigned char)*lexer->at]) {
    mr_status status = skip_space(lexer);
    if (status != MR_OK) return status;
  }
  *out = (mr_token){.kind = MR_TOKEN_END, .start = lexer->at};
  if (lexer->at == lexer->end) return MR_OK;
  char letter = *lexer->at;
  if (mr_name_roles[(unsigned char)letter] == 1) {
    mr_status status = read_name(lexer, out);
    return status == MR_OK && is_quotation_prefix(lexer, out) ? read_quoted(lexer, out) : status;
  }
  switch (class_of(letter)) {
    case DIGIT:
      read_number(lexer, out);
      return MR_OK;
    case QUOTE:
      return read_quoted(lexer, out);
    case LONGER:
      if (letter == '.' && lexer->end - lexer->at > 1 && is_digit(lexer->at[1])) {
        read_number(lexer, out);
      } else {
        read_punctuator(lexer, out);
      }
      return MR_OK;
    case SINGLE:
      out->kind = (unsigned char)letter;
      out->length = 1;
      lexer->at++;
      return MR_OK;
    default:
      return refuse(lexer, MR_SYNTAX_ERROR, lexer->at, "this octet starts nothing in C");
  }
}

/* Keywords. */

static const struct {
  const char *text;
  mr_token_kind kind;
} keywords[] = {
    {"void", MR_TOKEN_VOID},
    {"_Bool", MR_TOKEN_BOOL},
    {"char", MR_TOKEN_CHAR},
    {"short", MR_TOKEN_SHORT},
    {"int", MR_TOKEN_INT},
    {"long", MR_TOKEN_LONG},
    {"signed", MR_TOKEN_SIGNED},
    {"__signed", MR_TOKEN_SIGNED},
    {"__signed__", MR_TOKEN_SIGNED},
    {"unsigned", MR_TOKEN_UNSIGNED},
    {"float", MR_TOKEN_FLOAT},
    {"_Float32", MR_TOKEN_FLOAT},
    {"double", MR_TOKEN_DOUBLE},
    {"_Float64", MR_TOKEN_DOUBLE},
    {"_Float32x", MR_TOKEN_DOUBLE},
    {"_Complex", MR_TOKEN_COMPLEX},
    {"__complex", MR_TOKEN_COMPLEX},
    {"__complex__", MR_TOKEN_COMPLEX},
    {"__int128", MR_TOKEN_INT128},
    {"__float80", MR_TOKEN_FLOAT80},
    {"__float128", MR_TOKEN_FLOAT128},
    {"_Float128", MR_TOKEN_FLOAT128},
    {"_Float64x", MR_TOKEN_FLOAT64X},
    {"__int8", MR_TOKEN_INT8},
    {"__int16", MR_TOKEN_INT16},
    {"__int32", MR_TOKEN_INT32},
    {"__int64", MR_TOKEN_INT64},
    {"struct", MR_TOKEN_STRUCT},
    {"union", MR_TOKEN_UNION},
    {"enum", MR_TOKEN_ENUM},
    {"typeof", MR_TOKEN_TYPEOF},
    {"__typeof", MR_TOKEN_TYPEOF},
    {"__typeof__", MR_TOKEN_TYPEOF},
    {"_Atomic", MR_TOKEN_ATOMIC},
    {"const", MR_TOKEN_QUALIFIER},
    {"__const", MR_TOKEN_QUALIFIER},
    {"__const__", MR_TOKEN_QUALIFIER},
    {"volatile", MR_TOKEN_QUALIFIER},
    {"__volatile", MR_TOKEN_QUALIFIER},
    {"__volatile__", MR_TOKEN_QUALIFIER},
    {"restrict", MR_TOKEN_QUALIFIER},
    {"__restrict", MR_TOKEN_QUALIFIER},
    {"__restrict__", MR_TOKEN_QUALIFIER},
    {"_Nonnull", MR_TOKEN_QUALIFIER},
    {"_Nullable", MR_TOKEN_QUALIFIER},
    {"__unaligned", MR_TOKEN_RESERVED},
    {"__ptr32", MR_TOKEN_RESERVED},
    {"__ptr64", MR_TOKEN_RESERVED},
    {"__cdecl", MR_TOKEN_QUALIFIER},
    {"__stdcall", MR_TOKEN_QUALIFIER},
    {"__fastcall", MR_TOKEN_QUALIFIER},
    {"_Alignas", MR_TOKEN_ALIGNAS},
    {"alignas", MR_TOKEN_ALIGNAS},
    {"__attribute__", MR_TOKEN_ATTRIBUTE},
    {"__attribute", MR_TOKEN_ATTRIBUTE},
    {"__declspec", MR_TOKEN_DECLSPEC},
    {"__extension__", MR_TOKEN_EXTENSION},
    {"typedef", MR_TOKEN_TYPEDEF},
    {"extern", MR_TOKEN_STORAGE},
    {"static", MR_TOKEN_STORAGE},
    {"auto", MR_TOKEN_STORAGE},
    {"register", MR_TOKEN_STORAGE},
    {"_Thread_local", MR_TOKEN_STORAGE},
    {"__thread", MR_TOKEN_STORAGE},
    {"inline", MR_TOKEN_STORAGE},
    {"__inline", MR_TOKEN_STORAGE},
    {"__inline__", MR_TOKEN_STORAGE},
    {"__forceinline", MR_TOKEN_STORAGE},
    {"_Noreturn", MR_TOKEN_STORAGE},
    {"_Static_assert", MR_TOKEN_STATIC_ASSERT},
    {"static_assert", MR_TOKEN_STATIC_ASSERT},
    {"asm", MR_TOKEN_ASM},
    {"__asm", MR_TOKEN_ASM},
    {"__asm__", MR_TOKEN_ASM},
    {"sizeof", MR_TOKEN_SIZEOF},
    {"_Alignof", MR_TOKEN_ALIGNOF},
    {"alignof", MR_TOKEN_ALIGNOF},
    {"__alignof", MR_TOKEN_PREFERRED_ALIGNOF},
    {"__alignof__", MR_TOKEN_PREFERRED_ALIGNOF},
    {"__builtin_offsetof", MR_TOKEN_OFFSETOF},
    {"_Generic", MR_TOKEN_RESERVED},
    {"_Imaginary", MR_TOKEN_RESERVED},
    {"__auto_type", MR_TOKEN_RESERVED},
    {"_Float16", MR_TOKEN_OPAQUE},
    {"__fp16", MR_TOKEN_OPAQUE},
    {"__bf16", MR_TOKEN_OPAQUE},
    {"_BitInt", MR_TOKEN_RESERVED},
    {"_ExtInt", MR_TOKEN_RESERVED},
    {"_Decimal32", MR_TOKEN_OPAQUE},
    {"_Decimal64", MR_TOKEN_OPAQUE},
    {"_Decimal128", MR_TOKEN_OPAQUE},
    {"_Fract", MR_TOKEN_RESERVED},
    {"_Accum", MR_TOKEN_RESERVED},
    {"if", MR_TOKEN_RESERVED},
    {"else", MR_TOKEN_RESERVED},
    {"for", MR_TOKEN_RESERVED},
    {"while", MR_TOKEN_RESERVED},
    {"do", MR_TOKEN_RESERVED},
    {"switch", MR_TOKEN_RESERVED},
    {"case", MR_TOKEN_RESERVED},
    {"default", MR_TOKEN_RESERVED},
    {"break", MR_TOKEN_RESERVED},
    {"continue", MR_TOKEN_RESERVED},
    {"goto", MR_TOKEN_RESERVED},
    {"return", MR_TOKEN_RESERVED},
};

mr_status mr_lexer_declare_keywords(mr_identifiers *identifiers) {
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
    mr_identifier *identifier;
    size_t length = strlen(keywords[i].text);
    uint64_t key = mr_identifier_key(identifiers, keywords[i].text, length, length);
    mr_status status = mr_identifiers_get(identifiers, keywords[i].text, length, key, &identifier);
    if (status != MR_OK) return status;
    identifier->token = (uint16_t)keywords[i].kind;
  }
  return MR_OK;
}

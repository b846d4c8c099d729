#include <string.h>

#include "reader.h"

/* Pragmas that change layouts: pack, and gcc's scalar_storage_order. Those that change them in ways that are not
 * followed here are refused; others say nothing of data. */

static bool is_word(const mr_token *token, const char *word) {
  return token->kind >= MR_TOKEN_IDENTIFIER && token->length == strlen(word) &&
         memcmp(token->start, word, token->length) == 0;
}

/* Each reads with a lexer of its own, over the line. */
typedef struct line {
  mr_reader *reader;
  mr_lexer lexer;
  mr_token token;
} line;

static mr_status advance(line *at) {
  mr_status status = mr_lexer_next(&at->lexer, &at->token);
  if (status != MR_OK && at->lexer.flaw) {
    return mr_reader_fail_at(at->reader, status, at->lexer.flaw_at, "%s", at->lexer.flaw);
  }
  return status;
}

static mr_status refuse(line *at, mr_status status, const char *why) {
  return mr_reader_fail_at(at->reader, status, at->token.start, "%s", why);
}

static mr_status require(line *at, int kind, const char *why) {
  return at->token.kind == kind ? advance(at) : refuse(at, MR_SYNTAX_ERROR, why);
}

/* 0, which means what there is without a pragma, 1, 2, 4, 8 or 16. */
static mr_status read_pack(line *at, size_t *out) {
  size_t pack = 0;
  bool is_number = at->token.kind == MR_TOKEN_NUMBER && at->token.length <= 2;
  for (size_t i = 0; i < at->token.length && is_number; i++) {
    unsigned digit = (unsigned)at->token.start[i] - '0';
    is_number = digit <= 9;
    pack = pack * 10 + digit;
  }
  if (!is_number || pack > 16 || (pack & (pack - 1)) != 0) {
    return refuse(at, MR_INVALID_ARGUMENT, "a pack is 1, 2, 4, 8 or 16");
  }
  *out = pack;
  return advance(at);
}

static mr_status push(line *at, const mr_identifier *name) {
  mr_reader *reader = at->reader;
  if (reader->pack_count == MR_READER_PACKS_MAX) {
    return refuse(at, MR_UNSUPPORTED, "too many packs are pushed");
  }
  reader->packs[reader->pack_count].name = (mr_identifier *)name;
  reader->packs[reader->pack_count++].pack = reader->pack;
  return MR_OK;
}

/* Without a name, the last that was pushed; with one, all down to the last of this name, if there is one. */
static void pop(mr_reader *reader, const mr_identifier *name) {
  size_t count = reader->pack_count;
  if (name) {
    while (count > 0 && reader->packs[count - 1].name != name) count--;
  }
  if (count == 0) return;
  reader->pack_count = count - 1;
  reader->pack = reader->packs[count - 1].pack;
}

static mr_status read_push_or_pop(line *at, bool is_push) {
  const mr_identifier *name = NULL;
  size_t pack = at->reader->pack;
  bool has_pack = false;
  mr_status status = advance(at);
  while (status == MR_OK && at->token.kind == ',') {
    status = advance(at);
    if (status != MR_OK) break;
    if (at->token.kind == MR_TOKEN_IDENTIFIER && !name && !has_pack) {
      name = at->token.identifier;
      status = advance(at);
    } else {
      has_pack = true;
      status = read_pack(at, &pack);
    }
  }
  if (status != MR_OK) return status;
  if (is_push) {
    status = push(at, name);
  } else {
    pop(at->reader, name);
  }
  if (status == MR_OK && has_pack) at->reader->pack = pack;
  return status;
}

static mr_status take_pack(line *at) {
  static const char shape[] = "expected pack(n), pack(push, n) or pack(pop)";
  mr_status status = require(at, '(', shape);
  if (status != MR_OK) return status;
  if (is_word(&at->token, "push")) {
    status = read_push_or_pop(at, true);
  } else if (is_word(&at->token, "pop")) {
    status = read_push_or_pop(at, false);
  } else if (is_word(&at->token, "show")) {
    status = advance(at);
  } else if (at->token.kind == ')') {
    at->reader->pack = 0;
  } else {
    status = read_pack(at, &at->reader->pack);
  }
  return status == MR_OK ? require(at, ')', shape) : status;
}

static mr_status take_order(line *at) {
  static const char *const orders[] = {"little", "big"};
  bool is_default = is_word(&at->token, "default");
  size_t order = is_word(&at->token, orders[1]);
  if (!is_default && !is_word(&at->token, orders[order])) {
    return refuse(at, MR_SYNTAX_ERROR, "expected big-endian, little-endian or default");
  }
  at->reader->order = order ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN;
  if (is_default) at->reader->order = at->reader->traits->order;
  return MR_OK;
}

static bool changes_layout_otherwise(const mr_token *token) {
  static const char *const names[] = {"ms_struct", "options", "align", "reverse_bitfields"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (is_word(token, names[i])) return true;
  }
  return false;
}

mr_status mr_take_pragma(void *reader, const char *start, const char *end) {
  line at = {.reader = reader, .lexer = ((mr_reader *)reader)->lexer};
  at.lexer.start = at.lexer.at = start;
  at.lexer.end = end;
  /* Tokens that no pragma of ours has may be none of C's. */
  at.token.start = start;
  while (at.lexer.at < end && (*at.lexer.at == ' ' || *at.lexer.at == '\t')) at.lexer.at++;
  if (at.lexer.at == end || *at.lexer.at == '\r' || *at.lexer.at == '\0' ||
      !strchr("abcdefghijklmnopqrstuvwxyz", *at.lexer.at)) {
    return MR_OK;
  }
  mr_status status = advance(&at);
  if (status != MR_OK) return status;
  mr_token name = at.token;
  if (changes_layout_otherwise(&name)) {
    return refuse(&at, MR_UNSUPPORTED, "this pragma changes layouts in a way that is not followed");
  }
  bool is_clang = is_word(&name, "clang");
  if (!is_clang && !is_word(&name, "pack") && !is_word(&name, "scalar_storage_order")) return MR_OK;
  status = advance(&at);
  if (status != MR_OK) return status;
  if (!is_clang) return is_word(&name, "pack") ? take_pack(&at) : take_order(&at);
  return is_word(&at.token, "attribute")
             ? refuse(&at, MR_UNSUPPORTED,
                      "this pragma changes layouts in a way that is not followed")
             : MR_OK;
}

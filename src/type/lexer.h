#ifndef MEMREGIONS_TYPE_LEXER_H
#define MEMREGIONS_TYPE_LEXER_H

/*
 * Tokens of C text. Comments and line markers are passed over; of the other directives, pragmas are handed
 * on, and what the preprocessor should have seen to is refused.
 */

#include "identifier.h"

/** Punctuators of one character are that character. */
typedef enum mr_token_kind {
  MR_TOKEN_END = 256,
  MR_TOKEN_IDENTIFIER,
  MR_TOKEN_NUMBER,
  MR_TOKEN_CHARACTER,
  MR_TOKEN_STRING,
  MR_TOKEN_ARROW,
  MR_TOKEN_SHIFT_LEFT,
  MR_TOKEN_SHIFT_RIGHT,
  MR_TOKEN_LESS_EQUAL,
  MR_TOKEN_GREATER_EQUAL,
  MR_TOKEN_EQUAL,
  MR_TOKEN_UNEQUAL,
  MR_TOKEN_AND,
  MR_TOKEN_OR,
  MR_TOKEN_ELLIPSIS,
  /* Keywords that are part of a type. */
  MR_TOKEN_VOID,
  MR_TOKEN_BOOL,
  MR_TOKEN_CHAR,
  MR_TOKEN_SHORT,
  MR_TOKEN_INT,
  MR_TOKEN_LONG,
  MR_TOKEN_SIGNED,
  MR_TOKEN_UNSIGNED,
  MR_TOKEN_FLOAT,
  MR_TOKEN_DOUBLE,
  MR_TOKEN_COMPLEX,
  MR_TOKEN_INT128,
  MR_TOKEN_FLOAT80,
  MR_TOKEN_FLOAT128,
  MR_TOKEN_FLOAT64X,
  MR_TOKEN_INT8,
  MR_TOKEN_INT16,
  MR_TOKEN_INT32,
  MR_TOKEN_INT64,
  MR_TOKEN_STRUCT,
  MR_TOKEN_UNION,
  MR_TOKEN_ENUM,
  MR_TOKEN_TYPEOF,
  /** Numbers of which nothing is known here. */
  MR_TOKEN_OPAQUE,
  MR_TOKEN_ATOMIC,
  MR_TOKEN_QUALIFIER,
  MR_TOKEN_ALIGNAS,
  MR_TOKEN_ATTRIBUTE,
  MR_TOKEN_DECLSPEC,
  MR_TOKEN_EXTENSION,
  /* Storage classes and function specifiers. */
  MR_TOKEN_TYPEDEF,
  MR_TOKEN_STORAGE,
  /* Others. */
  MR_TOKEN_STATIC_ASSERT,
  MR_TOKEN_ASM,
  MR_TOKEN_SIZEOF,
  MR_TOKEN_ALIGNOF,
  MR_TOKEN_PREFERRED_ALIGNOF,
  MR_TOKEN_OFFSETOF,
  /** What has a meaning in C, and none here. */
  MR_TOKEN_RESERVED
} mr_token_kind;

typedef struct mr_token {
  /** A character, or an mr_token_kind. */
  int kind;
  const char *start;
  size_t length;
  /** Of an identifier or keyword. */
  mr_identifier *identifier;
} mr_token;

typedef struct mr_lexer {
  mr_identifiers *identifiers;
  const char *start;
  const char *at;
  const char *end;
  /** Takes what stands behind #pragma, up to the end of the line. */
  mr_status (*take_pragma)(void *context, const char *start, const char *end);
  void *context;
  /** What is wrong, where mr_lexer_next fails: for people; and where. */
  const char *flaw;
  const char *flaw_at;
} mr_lexer;

/** Declares C's keywords, and gcc's.
 *
 * @return  as mr_allocate
 */
mr_status mr_lexer_declare_keywords(mr_identifiers *identifiers);

/** The next token.
 *
 * @retval MR_SYNTAX_ERROR  what is there is none; `flaw` says why
 * @retval MR_UNSUPPORTED   it is a matter of the preprocessor
 * @return                  else as mr_allocate, or as take_pragma
 */
mr_status mr_lexer_next(mr_lexer *lexer, mr_token *out);

#endif

#ifndef MEMREGIONS_TYPE_IDENTIFIER_H
#define MEMREGIONS_TYPE_IDENTIFIER_H

/*
 * Identifiers of declarations: each name once, with all that it means. Keywords are identifiers of which
 * the token is another.
 *
 * What always holds: identifiers are chained from the newest to the oldest, so that all that came after a
 * mark can be taken back; the table has room for one more.
 */

#include "group.h"
#include "names.h"

/** What a name means where no struct, union or enum is named. */
typedef enum mr_symbol_form {
  MR_SYMBOL_NONE,
  MR_SYMBOL_TYPEDEF,
  MR_SYMBOL_ENUMERATOR,
  /** A variable. */
  MR_SYMBOL_OBJECT,
  MR_SYMBOL_FUNCTION
} mr_symbol_form;

typedef struct mr_symbol {
  /** An mr_symbol_form. */
  uint8_t form;
  /** Known from the start: may be defined anew. */
  bool is_predefined;
  /** Of a typedef: whether there is a qualifier in it. */
  bool is_qualified;
  /** Of a variable or function: whether an attribute has aligned it, and not its type. */
  bool is_aligned;
  /** The number of the text that has it. */
  uint64_t text;
  const mr_type *type;
  /** An enumerator's, in two's complement. */
  uint64_t value;
} mr_symbol;

/** What finds it comes first, in one line of the cache. */
typedef struct mr_identifier {
  uint64_t key;
  uint32_t length;
  /** An mr_token_kind. */
  uint16_t token;
  mr_symbol ordinary;
  /** What struct, union or enum it is the tag of; and the number of the prototype that says so, or 0. */
  const mr_type *tag;
  uint32_t tag_prototype;
  /** The last struct or union that had a member of this name, by its number. */
  uint32_t member_of;
  struct mr_identifier *older;
  /** How many were older. */
  size_t number;
  /** Zero-terminated. */
  char text[];
} mr_identifier;

typedef struct mr_identifiers {
  mr_type_group *group;
  mr_allocator *allocator;
  mr_identifier **table;
  /** A power of two. */
  size_t capacity;
  /** 64 less its binary logarithm. */
  uint8_t shift;
  uint64_t multiplier;
  size_t count;
  mr_identifier *newest;
} mr_identifiers;

/** @return  as mr_allocate */
mr_status mr_identifiers_init(mr_identifiers *identifiers, mr_type_group *group,
                              mr_allocator *allocator);
void mr_identifiers_fini(mr_identifiers *identifiers);

/** The key of a name: of up to 8 octets, these; of more, a hash.
 *
 * @param available  octets that may be read from the name's start on; the name's, or more
 */
static inline uint64_t mr_identifier_key(const mr_identifiers *identifiers, const char *text,
                                         size_t length, size_t available) {
  uint64_t key = 0;
  if (length > sizeof key) return mr_name_long_key(text, length, identifiers->multiplier);
  if (available >= sizeof key) {
    return mr_peek_u64(text, MR_LITTLE_ENDIAN) << (64 - 8 * length);
  }
  for (size_t left = length; left > 0;) key = key << 8 | (unsigned char)text[--left];
  return key << (64 - 8 * length);
}

/** The identifier of a name, made where there is none yet.
 *
 * @param key  of mr_identifier_key
 * @return     as mr_allocate
 */
mr_status mr_identifiers_get(mr_identifiers *identifiers, const char *text, size_t length,
                             uint64_t key, mr_identifier **out);

/** Takes back all that came after `newest`. Their memory is the group's. */
void mr_identifiers_rewind(mr_identifiers *identifiers, mr_identifier *newest);

/** The identifier that a member's name is the text of. */
static inline mr_identifier *mr_identifier_of(const char *text) {
  return (mr_identifier *)(text - offsetof(mr_identifier, text));
}

#endif

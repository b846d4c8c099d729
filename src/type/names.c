#include "names.h"

#include <string.h>

/* What an octet does in a name: 1 starts one or goes on with it, 2 only goes on. */
static const unsigned char roles[256] = {
    /* clang-format off */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* control characters */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* $ */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, /* digits */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* A to O */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, /* P to Z, _ */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* a to o */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, /* p to z */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* not ASCII */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    /* clang-format on */
};

size_t mr_name_length(const char *text) {
  const unsigned char *at = (const unsigned char *)text;
  if (roles[*at] != 1) return 0;
  while (roles[*++at]) continue;
  return (size_t)(at - (const unsigned char *)text);
}

/* Keys: of short names all there is to know. */

enum { WORD = 8 };
static const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);

/* All octets of a name of up to WORD, some of them twice: no load reaches past its end. */
static uint64_t word_of(const char *text, size_t length) {
  if (length >= 4) {
    uint64_t end = mr_peek_u32(text + length - 4, MR_NATIVE_ORDER);
    return end << 32 | mr_peek_u32(text, MR_NATIVE_ORDER);
  }
  const unsigned char *octets = (const unsigned char *)text;
  return octets[0] | (uint64_t)octets[length / 2] << 8 | (uint64_t)octets[length - 1] << 16;
}

/* Names are the caller's own, and few: multiplying, a word at a time, spreads them well enough. */
static uint64_t key_of(const char *text, size_t length) {
  if (length <= WORD) return word_of(text, length);
  uint64_t hash = length;
  for (; length > WORD; text += WORD, length -= WORD) {
    hash = (hash ^ mr_peek_u64(text, MR_NATIVE_ORDER)) * factor;
    hash ^= hash >> 32;
  }
  return (hash ^ word_of(text, length)) * factor;
}

size_t mr_names_capacity(size_t count) {
  if (count == 0 || count > SIZE_MAX / 4) return 0;
  size_t capacity = 2;
  while (capacity / 3 < count) capacity *= 2;
  return capacity;
}

/* The first entry from `at` on with this key and length; else the free one that ends the search. */
static mr_name *entry_from(const mr_names *names, size_t at, size_t length, uint64_t key) {
  for (;; at++) {
    mr_name *entry = &names->table[at & (names->capacity - 1)];
    if (entry->key == key && entry->length == length) return entry;
    if (!entry->text) return entry;
  }
}

/* As place_of, for names of which the key is but a hash. */
static MR_COLD mr_name *place_of_long(const mr_names *names, const char *text, size_t length,
                                      uint64_t key, size_t at) {
  for (;;) {
    mr_name *entry = entry_from(names, at, length, key);
    if (!entry->text || memcmp(entry->text, text, length) == 0) return entry;
    at = (size_t)(entry - names->table) + 1;
  }
}

/* Where the name is, or would be. */
static mr_name *place_of(const mr_names *names, const char *text, size_t length, uint64_t key) {
  size_t at = (size_t)((key ^ length) * factor >> 32);
  return length <= WORD ? entry_from(names, at, length, key)
                        : place_of_long(names, text, length, key, at);
}

bool mr_names_add(mr_names *names, mr_name name) {
  name.key = key_of(name.text, name.length);
  mr_name *entry = place_of(names, name.text, name.length, name.key);
  if (entry->text) return false;
  *entry = name;
  names->count++;
  return true;
}

const mr_name *mr_names_find(const mr_names *names, const char *text, size_t *length) {
  *length = mr_name_length(text);
  if (*length == 0 || names->capacity == 0) return NULL;
  const mr_name *entry = place_of(names, text, *length, key_of(text, *length));
  return entry->text ? entry : NULL;
}

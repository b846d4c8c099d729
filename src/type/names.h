#ifndef MEMREGIONS_TYPE_NAMES_H
#define MEMREGIONS_TYPE_NAMES_H

/*
 * Names: what a member may be called, and the table in which a path finds it.
 *
 * A name is a C identifier; `$` and octets above 127 count as letters. Finding a slot by its path is
 * mostly what stands here, so what it needs is inline.
 */

#include "type.h"

/** What an octet does in a name: 1 starts one or goes on with it, 2 only goes on, 0 ends it. */
extern const unsigned char mr_name_roles[256];

/** Octets of the name that starts at `text`; 0 where none does.
 *
 * @param[out] key  of a name of up to 8 octets, these; of a longer one, what mr_name_key improves
 */
static inline size_t mr_name_scan(const char *text, uint64_t *key) {
  const unsigned char *at = (const unsigned char *)text;
  uint64_t turning = 0, octet = *at;
  *key = 0;
  if (mr_name_roles[octet] != 1) return 0;
  do {
    turning = (turning << 8 | turning >> 56) ^ octet;
    octet = *++at;
  } while (mr_name_roles[octet]);
  *key = turning;
  return (size_t)(at - (const unsigned char *)text);
}

/** The key of a name of more than 8 octets: a hash of them all, another one for each multiplier. */
MR_COLD uint64_t mr_name_long_key(const char *text, size_t length, uint64_t multiplier);

/** The key of a name in a table with this multiplier; `scanned` is what mr_name_scan found. */
static inline uint64_t mr_name_key(const char *text, size_t length, uint64_t scanned,
                                   uint64_t multiplier) {
  return length > sizeof scanned ? mr_name_long_key(text, length, multiplier) : scanned;
}

/** What keys are multiplied by in a table: another number for each, odd, so that nobody can choose names
 * that meet there. */
static inline uint64_t mr_name_multiplier(const void *table) {
  return (uint64_t)(uintptr_t)table * UINT64_C(0x9e3779b97f4a7c15) | 1;
}

/** Where the search for a key starts: the product's first bits, on which all of the key's have an
 * influence (Dietzfelbinger and others, 1997). */
static inline size_t mr_names_start(const mr_names *names, uint64_t key) {
  return (size_t)(key * names->multiplier >> names->shift);
}

/** As mr_names_place, for names of more than 8 octets. */
MR_COLD mr_name *mr_names_place_long(const mr_names *names, const char *text, size_t length);

/** Where a name is in a table that is not empty, or would be: an entry without text. One is always
 * free, which ends the search. */
static inline mr_name *mr_names_place(const mr_names *names, const char *text, size_t length,
                                      uint64_t key) {
  if (length > sizeof key) return mr_names_place_long(names, text, length);
  for (size_t at = mr_names_start(names, key);; at++) {
    mr_name *entry = &names->table[at & (names->capacity - 1)];
    if (!entry->text || (entry->key == key && entry->length == length)) return entry;
  }
}

/** The entry of a name; null where there is none. */
static inline const mr_name *mr_names_find(const mr_names *names, const char *text, size_t length,
                                           uint64_t key) {
  if (names->capacity == 0) return NULL;
  const mr_name *entry = mr_names_place(names, text, length, key);
  return entry->text ? entry : NULL;
}

/** The capacity that a table for `count` names has; 0 where that is no number. */
size_t mr_names_capacity(size_t count);

/** An empty table over `table`, zeroed and of just that capacity. */
mr_names mr_names_over(mr_name *table, size_t capacity);

/** The alignment of what a name stands for, as placed. */
static inline size_t mr_name_alignment(const mr_name *name) {
  return (size_t)1 << (name->access >> MR_SLOT_SHIFT);
}

/** Puts a name into a table that has room.
 *
 * @param name  without its key and length; its text stays borrowed
 * @return      false, and nothing has changed, where the table has it already
 */
bool mr_names_add(mr_names *names, mr_name name);

#endif

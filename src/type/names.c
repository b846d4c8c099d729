#include "names.h"

#include <string.h>

const unsigned char mr_name_roles[256] = {
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

size_t mr_names_capacity(size_t count) {
  if (count == 0 || count > SIZE_MAX / 4) return 0;
  size_t capacity = 2;
  while (capacity / 3 < count) capacity *= 2;
  return capacity;
}

mr_names mr_names_over(mr_name *table, size_t capacity) {
  unsigned bits = 0;
  while ((size_t)1 << bits < capacity) bits++;
  return (mr_names){.table = table,
                    .capacity = capacity,
                    .shift = (uint8_t)(64 - bits),
                    .multiplier = mr_name_multiplier(table)};
}

static uint64_t mixed(uint64_t number) {
  number = (number ^ number >> 32) * UINT64_C(0xff51afd7ed558ccd);
  return number ^ number >> 29;
}

/* A sum of products of halves, each with a number of its own added that the multiplier makes: whoever does not know it
 * can't choose names of the same key (NH; Black and others, 1999). */
uint64_t mr_name_long_key(const char *text, size_t length, uint64_t multiplier) {
  const size_t size = sizeof(uint64_t);
  uint64_t key = length, added = multiplier;
  /* The last chunk may begin in the one before: a name has more octets than one. */
  for (size_t at = 0; at < length; at += size) {
    uint64_t chunk;
    memcpy(&chunk, text + (at + size <= length ? at : length - size), size);
    added += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t own = mixed(added);
    key += (uint64_t)(uint32_t)(chunk + own) * (uint32_t)((chunk >> 32) + (own >> 32));
  }
  return mixed(key);
}

mr_name *mr_names_place_long(const mr_names *names, const char *text, size_t length) {
  uint64_t key = mr_name_long_key(text, length, names->multiplier);
  for (size_t at = mr_names_start(names, key);; at++) {
    mr_name *entry = &names->table[at & (names->capacity - 1)];
    if (!entry->text) return entry;
    if (entry->key == key && entry->length == length && memcmp(entry->text, text, length) == 0) {
      return entry;
    }
  }
}

bool mr_names_add(mr_names *names, mr_name name) {
  size_t length = mr_name_scan(name.text, &name.key);
  name.length = (uint32_t)length;
  mr_name *entry = mr_names_place(names, name.text, length, name.key);
  if (entry->text) return false;
  name.key = mr_name_key(name.text, length, name.key, names->multiplier);
  *entry = name;
  names->count++;
  return true;
}

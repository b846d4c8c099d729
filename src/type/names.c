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

/* As mr_names_place, for names of which the key is but a hash. */
mr_name *mr_names_place_long(const mr_names *names, const char *text, size_t length, uint64_t key) {
  for (size_t at = mr_name_index(key);; at++) {
    mr_name *entry = &names->table[at & (names->capacity - 1)];
    if (!entry->text) return entry;
    if (entry->key == key && entry->length == length && memcmp(entry->text, text, length) == 0) {
      return entry;
    }
  }
}

bool mr_names_add(mr_names *names, mr_name name) {
  name.length = mr_name_scan(name.text, &name.key);
  mr_name *entry = mr_names_place(names, name.text, name.length, name.key);
  if (entry->text) return false;
  *entry = name;
  names->count++;
  return true;
}

#include "identifier.h"

#include <string.h>

#include "lexer.h"
#include "names.h"

enum { BITS_AT_FIRST = 9 };

static mr_status allocate_table(mr_identifiers *identifiers, size_t capacity,
                                mr_identifier ***out) {
  mr_region block;
  mr_status status =
      mr_allocate_zeroed_array(identifiers->allocator, capacity, sizeof **out, &block);
  if (status == MR_OK) *out = block.pointer;
  return status;
}

static void drop_table(mr_identifiers *identifiers) {
  if (!identifiers->table) return;
  mr_region block =
      mr_region_of(identifiers->table, identifiers->capacity * sizeof(mr_identifier *));
  mr_ignore(mr_deallocate(identifiers->allocator, &block));
  identifiers->table = NULL;
}

mr_status mr_identifiers_init(mr_identifiers *identifiers, mr_type_group *group,
                              mr_allocator *allocator) {
  mr_identifiers made = {.group = group,
                         .multiplier = mr_name_multiplier(group),
                         .allocator = allocator,
                         .capacity = (size_t)1 << BITS_AT_FIRST,
                         .shift = 64 - BITS_AT_FIRST};
  mr_status status = allocate_table(&made, made.capacity, &made.table);
  if (status == MR_OK) *identifiers = made;
  return status;
}

void mr_identifiers_fini(mr_identifiers *identifiers) { drop_table(identifiers); }

/* As in mr_names. The group, not the table, makes the multiplier: the table moves as it grows. */
static size_t start_of(const mr_identifiers *identifiers, uint64_t key) {
  return (size_t)(key * identifiers->multiplier >> identifiers->shift);
}

static mr_identifier **place_of(const mr_identifiers *identifiers, const char *text, size_t length,
                                uint64_t key) {
  size_t mask = identifiers->capacity - 1;
  for (size_t at = start_of(identifiers, key);; at++) {
    mr_identifier **entry = &identifiers->table[at & mask];
    const mr_identifier *found = *entry;
    if (!found) return entry;
    if (found->key == key && found->length == length &&
        (length <= sizeof key || memcmp(found->text, text, length) == 0)) {
      return entry;
    }
  }
}

static void insert_older_first(mr_identifiers *identifiers) {
  /* The order of age is that in which all can be taken back: the chain is turned round, and back. */
  mr_identifier *oldest = NULL;
  for (mr_identifier *at = identifiers->newest; at;) {
    mr_identifier *older = at->older;
    at->older = oldest;
    oldest = at;
    at = older;
  }
  mr_identifier *newest = NULL;
  for (mr_identifier *at = oldest; at;) {
    mr_identifier *newer = at->older;
    *place_of(identifiers, at->text, at->length, at->key) = at;
    at->older = newest;
    newest = at;
    at = newer;
  }
}

static mr_status grow(mr_identifiers *identifiers) {
  mr_identifier **table;
  if (identifiers->capacity > SIZE_MAX / 4 / sizeof *table) return MR_BLOCK_TOO_BIG;
  size_t capacity = identifiers->capacity * 2;
  mr_status status = allocate_table(identifiers, capacity, &table);
  if (status != MR_OK) return status;
  drop_table(identifiers);
  identifiers->table = table;
  identifiers->capacity = capacity;
  identifiers->shift--;
  insert_older_first(identifiers);
  return MR_OK;
}

static mr_status add(mr_identifiers *identifiers, const char *text, size_t length, uint64_t key,
                     mr_identifier **entry) {
  mr_identifier *made;
  mr_status status =
      mr_type_group_take_from(&identifiers->group->names, sizeof *made + length + 1, (void *)&made);
  if (status != MR_OK) return status;
  made->key = key;
  made->length = (uint32_t)length;
  made->token = MR_TOKEN_IDENTIFIER;
  memcpy(made->text, text, length);
  made->older = identifiers->newest;
  identifiers->newest = made;
  made->number = identifiers->count++;
  *entry = made;
  return MR_OK;
}

mr_status mr_identifiers_get(mr_identifiers *identifiers, const char *text, size_t length,
                             uint64_t key, mr_identifier **out) {
  mr_identifier **entry = place_of(identifiers, text, length, key);
  if (!*entry) {
    if (identifiers->count >= identifiers->capacity / 2) {
      mr_status status = grow(identifiers);
      if (status != MR_OK) return status;
      entry = place_of(identifiers, text, length, key);
    }
    mr_status status = add(identifiers, text, length, key, entry);
    if (status != MR_OK) return status;
  }
  *out = *entry;
  return MR_OK;
}

/* The last that came ends every search that passes it: nothing is looked for behind it. */
void mr_identifiers_rewind(mr_identifiers *identifiers, mr_identifier *newest) {
  while (identifiers->newest != newest) {
    mr_identifier *dropped = identifiers->newest;
    *place_of(identifiers, dropped->text, dropped->length, dropped->key) = NULL;
    identifiers->newest = dropped->older;
    identifiers->count--;
  }
}

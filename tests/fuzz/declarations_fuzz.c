/*
 * The first octet chooses a target; texts follow, each ended by an octet 0. Each is read; the names in them are looked
 * up; the last text is looked up as a type's name too. Types outlive the declarations that they are of.
 */

#include <memregions/declarations.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { TYPES_MAX = 32, PRINTED_MAX = 4, NAMES_MAX = 16, NAME_SIZE = 48, SEEN_MAX = 256 };

/** Types that were looked at, so that none is looked at twice. */
typedef struct seen_types {
  const mr_type *types[SEEN_MAX];
  size_t count;
} seen_types;

typedef struct trial {
  mr_declarations *declarations;
  mr_target target;
  const mr_type *found[TYPES_MAX];
  size_t count;
} trial;

/* Types. */

static bool is_new(seen_types *seen, const mr_type *type) {
  for (size_t i = 0; i < seen->count; i++) {
    if (seen->types[i] == type) return false;
  }
  if (seen->count == SEEN_MAX) return false;
  seen->types[seen->count++] = type;
  return true;
}

static void check_member(const mr_type *type, size_t index, mr_member *out) {
  FUZZ_REQUIRE(mr_type_member(type, index, out) == MR_OK);
  if (mr_type_kind(type) == MR_KIND_FUNCTION) return;
  size_t octets = out->is_bit_field ? (size_t)(out->bit_offset + out->bit_width + 7) / 8
                                    : mr_type_size(out->type);
  FUZZ_REQUIRE(out->offset <= mr_type_size(type));
  FUZZ_REQUIRE(octets <= mr_type_size(type) - out->offset);
}

/* A type, and whatever it is made of or points to. */
static void check_type(const mr_type *type, seen_types *seen) {
  if (!type || !is_new(seen, type)) return;
  FUZZ_REQUIRE(mr_type_is_sound(type));
  FUZZ_REQUIRE(mr_type_equal(type, type));
  check_type(mr_type_element(type), seen);
  if (mr_type_kind(type) == MR_KIND_ARRAY || mr_type_is_enum(type)) return;
  for (size_t i = 0; i < mr_type_count(type); i++) {
    mr_member member;
    check_member(type, i, &member);
    check_type(member.type, seen);
  }
}

/* Where the last declaration of a text starts. */
static size_t last_declaration(const fuzz_text *text) {
  size_t depth = 0;
  size_t last = 0;
  for (size_t i = 0; i + 2 < text->length; i++) {
    char letter = text->start[i];
    if (letter == '{') depth++;
    if (letter == '}') depth--;
    if (letter == ';' && depth == 0) last = i + 1;
  }
  return last;
}

/* What is printed of a variable reads as its type. */
static void check_printing(const mr_type *type, mr_target target) {
  static const char name[] = "fuzz_it";
  mr_declarations_options options = {.target = target};
  mr_declarations *reader;
  const mr_type *again;
  fuzz_text printed = {0};
  fuzz_text text = {0};
  mr_status status = mr_type_print(type, name, fuzz_text_write, &printed);
  FUZZ_REQUIRE(status == MR_OK || status == MR_UNSUPPORTED);
  if (status == MR_OK) {
    size_t last = last_declaration(&printed);
    FUZZ_REQUIRE(fuzz_text_write(&text, printed.start, last) == MR_OK);
    FUZZ_REQUIRE(fuzz_text_write(&text, " typedef ", 9) == MR_OK);
    FUZZ_REQUIRE(fuzz_text_write(&text, printed.start + last, printed.length - last) == MR_OK);
    FUZZ_REQUIRE(mr_declarations_create(NULL, &options, &reader) == MR_OK);
    FUZZ_REQUIRE(mr_declarations_read(reader, mr_view_of(text.start, text.length), NULL) == MR_OK);
    FUZZ_REQUIRE(mr_declarations_find(reader, name, &again, NULL) == MR_OK);
    FUZZ_REQUIRE(mr_type_equal(type, again));
    mr_declarations_destroy(reader);
    mr_type_release(again);
  }
  fuzz_text_free(&printed);
  fuzz_text_free(&text);
}

/* Texts. */

static mr_status ignore_text(void *context, const char *piece, size_t length) {
  (void)context, (void)piece, (void)length;
  return MR_OK;
}

/* Twice where it fails, since nothing has changed. */
static void read(trial *now, mr_view text) {
  mr_condition first = {0};
  mr_condition second = {0};
  mr_status status = mr_declarations_read(now->declarations, text, &first);
  if (status == MR_OK || status == MR_OUT_OF_MEMORY) return;
  fuzz_check_condition(&first, status, text.size);
  FUZZ_REQUIRE(mr_declarations_print_error(NULL, text, &first, ignore_text, NULL) == MR_OK);
  FUZZ_REQUIRE(mr_declarations_read(now->declarations, text, &second) == status);
  FUZZ_REQUIRE(memcmp(&first, &second, sizeof first) == 0);
}

static void find(trial *now, const char *name) {
  mr_condition condition = {0};
  const mr_type *type = NULL;
  mr_status status = mr_declarations_find(now->declarations, name, &type, &condition);
  FUZZ_REQUIRE((status == MR_OK) || !type);
  if (status != MR_OK && status != MR_OUT_OF_MEMORY) {
    fuzz_check_condition(&condition, status, strlen(name));
  }
  if (!type) return;
  if (now->count < TYPES_MAX) {
    now->found[now->count++] = type;
  } else {
    mr_type_release(type);
  }
}

static bool is_letter(uint8_t octet) {
  return octet == '_' || (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') ||
         (octet >= 'A' && octet <= 'Z');
}

/* The first few names that stand in the texts, as types of all sorts. */
static void find_names(trial *now, const uint8_t *octets, size_t size) {
  static const char *const forms[] = {"", "struct ", "union ", "enum "};
  size_t names = 0;
  for (size_t at = 0; at < size && names < NAMES_MAX;) {
    size_t start = at;
    while (at < size && is_letter(octets[at])) at++;
    if (at == start) at++;
    if (at - start < 1 || at - start >= NAME_SIZE || !is_letter(octets[start])) continue;
    char name[NAME_SIZE];
    memcpy(name, octets + start, at - start);
    name[at - start] = '\0';
    names++;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
      char text[NAME_SIZE + 16];
      snprintf(text, sizeof text, "%s%s", forms[i], name);
      find(now, text);
    }
  }
}

static void read_all(trial *now, const uint8_t *octets, size_t size) {
  const uint8_t *last = octets;
  for (size_t at = 0; at < size;) {
    const uint8_t *end = memchr(octets + at, 0, size - at);
    size_t length = end ? (size_t)(end - octets) - at : size - at;
    last = octets + at;
    read(now, mr_view_of(last, length));
    at += length + (end ? 1 : 0);
  }
  find_names(now, octets, size);
  char *query = fuzz_copy_text(last, (size_t)(octets + size - last));
  find(now, query);
  free(query);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size) {
  if (size == 0) return 0;
  trial now = {.target = fuzz_target(octets[0])};
  mr_declarations_options options = {.target = now.target};
  seen_types seen = {.count = 0};
  FUZZ_REQUIRE(mr_declarations_create(NULL, &options, &now.declarations) == MR_OK);
  read_all(&now, octets + 1, size - 1);
  mr_declarations_destroy(now.declarations);
  size_t printed = 0;
  for (size_t i = 0; i < now.count; i++) {
    bool is_plain = mr_type_kind(now.found[i]) < MR_KIND_POINTER;
    check_type(now.found[i], &seen);
    if (!is_plain && printed++ < PRINTED_MAX) check_printing(now.found[i], now.target);
    mr_type_release(now.found[i]);
  }
  return 0;
}

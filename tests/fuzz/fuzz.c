#include "fuzz.h"

#include <memregions/declarations.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_fail(const char *claim, const char *file, int line) {
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, claim);
  abort();
}

/* Text. */

mr_status fuzz_text_write(void *text, const char *piece, size_t length) {
  fuzz_text *to = text;
  if (length >= to->capacity - to->length) {
    size_t capacity = (to->length + length + 1) * 2;
    char *start = realloc(to->start, capacity);
    if (!start) return MR_OUT_OF_MEMORY;
    to->start = start;
    to->capacity = capacity;
  }
  memcpy(to->start + to->length, piece, length);
  to->length += length;
  to->start[to->length] = '\0';
  return MR_OK;
}

void fuzz_text_free(fuzz_text *text) {
  free(text->start);
  *text = (fuzz_text){0};
}

char *fuzz_copy_text(const uint8_t *octets, size_t size) {
  const uint8_t *end = size > 0 ? memchr(octets, 0, size) : NULL;
  size_t length = end ? (size_t)(end - octets) : size;
  char *text = malloc(length + 1);
  FUZZ_REQUIRE(text);
  if (length > 0) memcpy(text, octets, length);
  text[length] = '\0';
  return text;
}

/* Targets and types. */

mr_target fuzz_target(unsigned number) { return (mr_target)(number % (MR_TARGET_WINDOWS_X64 + 1)); }

void fuzz_check_condition(const mr_condition *condition, mr_status status, size_t length) {
  FUZZ_REQUIRE(condition->status == status);
  /* A line marker makes any line of one. */
  FUZZ_REQUIRE(condition->column >= 1 && condition->column <= length + 1);
  FUZZ_REQUIRE(condition->offset <= length);
  FUZZ_REQUIRE(condition->message[0] != '\0');
  FUZZ_REQUIRE(memchr(condition->message, '\0', sizeof condition->message));
}

static const char declarations_text[] =
    "enum colour { RED, GREEN = 5, BLUE = -1 };"
    "struct place { int line; short column; };"
    "struct bits { unsigned a : 3; int b : 5; unsigned long long c : 40; unsigned : 0;"
    "  _Bool d : 1; enum colour e : 4; struct place at; };"
    "struct big { int a; unsigned b : 9; int c : 23; double d; struct place places[2]; }"
    "  __attribute__((scalar_storage_order(\"big-endian\")));"
    "struct little { int a; unsigned b : 9; int c : 23; double d; }"
    "  __attribute__((scalar_storage_order(\"little-endian\")));"
    "union number { int i; double d; struct { char low, high; }; unsigned char octets[8]; };"
    "struct packed { char a; long long b; unsigned c : 7; unsigned d : 30; } "
    "__attribute__((packed));"
    "struct all { _Bool truth; char letter; signed char s; unsigned short u; long l; float f;"
    "  long double ld; float _Complex fc; void *p; int (*call)(void); enum colour colour;"
    "  char text[12]; struct { int inner; union { long x; char y[3]; }; };"
    "  struct bits bits; union number number; int matrix[3][4]; const char *name;"
    "  struct all *next; };"
    "struct open { unsigned count; struct place entries[]; };"
    "struct empty {};"
    "struct holder { struct empty nothing[3]; struct packed packed[2]; };";

/* Not every target has them. */
static const char vector_text[] = "typedef int vector __attribute__((vector_size(16)));";

static const char *const type_names[] = {
    "struct place",  "struct bits",  "struct all",   "union number",  "struct packed",
    "struct open",   "struct empty", "enum colour",  "struct holder", "vector",
    "struct all[2]", "int[3][4][5]", "char[16]",     "struct all *",  "struct place[]",
    "struct big",    "double",       "struct little"};
enum { NAMES = sizeof type_names / sizeof *type_names };

static mr_declarations *known_by(mr_target target) {
  /* Kept until the program ends. */
  static mr_declarations *known[MR_TARGET_WINDOWS_X64 + 1];
  mr_declarations_options options = {.target = target};
  mr_view all = mr_view_of(declarations_text, sizeof declarations_text - 1);
  mr_view vector = mr_view_of(vector_text, sizeof vector_text - 1);
  if (!known[target]) {
    FUZZ_REQUIRE(mr_declarations_create(NULL, &options, &known[target]) == MR_OK);
    FUZZ_REQUIRE(mr_declarations_read(known[target], all, NULL) == MR_OK);
    mr_ignore(mr_declarations_read(known[target], vector, NULL));
  }
  return known[target];
}

const mr_type *fuzz_type(unsigned number) {
  static const mr_type *types[MR_TARGET_WINDOWS_X64 + 1][NAMES];
  mr_target target = fuzz_target(number / NAMES);
  const mr_type **type = &types[target][number % NAMES];
  const char *name = type_names[number % NAMES];
  mr_declarations *known = known_by(target);
  if (!*type && mr_declarations_find(known, name, type, NULL) != MR_OK) {
    FUZZ_REQUIRE(mr_declarations_find(known, "struct place", type, NULL) == MR_OK);
  }
  return *type;
}

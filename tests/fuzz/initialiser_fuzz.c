/* The first octet chooses a type, the second flags and what there was before; the rest is an initialiser. */

#include <memregions/object_text.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Octets of a flexible array. */
enum { ROOM = 32 };

/** Memory of a type, where it may be. */
typedef struct place {
  unsigned char *block;
  size_t size;
  mr_object object;
} place;

static place place_of(const mr_type *type, unsigned char fill) {
  place made = {.size = mr_type_size(type) + ROOM};
  /* As large as it says, so that an access past the end is found. */
  made.block = malloc(made.size);
  FUZZ_REQUIRE(made.block);
  memset(made.block, fill, made.size);
  FUZZ_REQUIRE(mr_object_of_region(mr_region_of(made.block, made.size), type, &made.object) ==
               MR_OK);
  return made;
}

static void check_failure(const place *at, const mr_condition *condition, mr_status status,
                          unsigned char fill, size_t length) {
  for (size_t i = 0; i < at->size; i++) FUZZ_REQUIRE(at->block[i] == fill);
  fuzz_check_condition(condition, status, length);
}

/* What is printed of an object reads as one of which the same is printed. */
static void check_round_trip(const place *at, const mr_type *type) {
  static const mr_print_options indented = {.indent = 2};
  mr_condition condition = {0};
  fuzz_text first = {0};
  fuzz_text second = {0};
  fuzz_text json = {0};
  place again = place_of(type, 0);
  FUZZ_REQUIRE(mr_object_print(at->object, NULL, fuzz_text_write, &first) == MR_OK);
  mr_view text = mr_view_of(first.start, first.length);
  FUZZ_REQUIRE(mr_object_read_text(again.object, text, 0, &condition) == MR_OK);
  FUZZ_REQUIRE(mr_object_print(again.object, NULL, fuzz_text_write, &second) == MR_OK);
  FUZZ_REQUIRE(strcmp(first.start, second.start) == 0);
  FUZZ_REQUIRE(mr_object_print_json(at->object, &indented, fuzz_text_write, &json) == MR_OK);
  fuzz_text_free(&first);
  fuzz_text_free(&second);
  fuzz_text_free(&json);
  free(again.block);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size) {
  if (size < 2) return 0;
  const mr_type *type = fuzz_type(octets[0]);
  uint32_t flags = octets[1] & 1 ? MR_READ_KEEP : 0;
  unsigned char fill = octets[1] & 2 ? 0x3f : 0;
  mr_condition condition = {0};
  place at = place_of(type, fill);
  mr_view text = mr_view_of(octets + 2, size - 2);
  mr_status status = mr_object_read_text(at.object, text, flags, &condition);
  if (status == MR_OK) {
    check_round_trip(&at, type);
  } else {
    check_failure(&at, &condition, status, fill, text.size);
  }
  free(at.block);
  return 0;
}

/* The first octet chooses a type; the rest is a path, or whatever it is. */

#include <memregions/slot.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Elements of a flexible array that are there. */
enum { ROOM = 64 };

static bool is_untouched(const void *out, size_t size) {
  const unsigned char *octets = out;
  for (size_t i = 0; i < size; i++) {
    if (octets[i] != 0xa5) return false;
  }
  return true;
}

static void check_failure(const void *out, size_t size, mr_status status,
                          const mr_condition *condition, const char *path) {
  FUZZ_REQUIRE(is_untouched(out, size));
  FUZZ_REQUIRE(condition->status == status && condition->line <= 1);
  FUZZ_REQUIRE(condition->column <= strlen(path) + 1);
  FUZZ_REQUIRE(condition->message[0] != '\0');
}

/* Whether all slots of a type lie inside its size. */
static bool is_closed(const mr_type *type) {
  mr_member last;
  size_t count = mr_type_count(type);
  if (mr_type_is_flexible_array(type)) return false;
  if (mr_type_kind(type) != MR_KIND_STRUCT || count == 0) return true;
  FUZZ_REQUIRE(mr_type_member(type, count - 1, &last) == MR_OK);
  return is_closed(last.type);
}

static bool is_load_status(mr_status status, bool can_be_outside) {
  return status == MR_OK || status == MR_OVERFLOW || (can_be_outside && status == MR_OUT_OF_BOUNDS);
}

/* The typed reads agree with the value. */
static void check_typed(mr_view memory, mr_slot slot, mr_value value) {
  int64_t integer;
  int64_t converted;
  double number;
  double converted_number;
  mr_status status = mr_slot_get_i64(memory, slot, &integer);
  FUZZ_REQUIRE(status == mr_value_to_i64(value, &converted));
  FUZZ_REQUIRE(status != MR_OK || integer == converted);
  status = mr_slot_get_f64(memory, slot, &number);
  FUZZ_REQUIRE(status == mr_value_to_f64(value, &converted_number));
  FUZZ_REQUIRE(status != MR_OK || memcmp(&number, &converted_number, sizeof number) == 0);
}

/* What is read can be written, and is the same then. */
static void check_access(const mr_type *type, mr_slot slot) {
  size_t size = mr_type_size(type) + ROOM;
  unsigned char *octets = malloc(size);
  FUZZ_REQUIRE(octets);
  memset(octets, 0x3f, size);
  size_t used = is_closed(type) ? size - ROOM : size;
  mr_region memory = mr_region_of(octets, used);
  mr_view view = mr_view_of(octets, used);
  mr_value value;
  mr_value again;
  mr_status status = mr_slot_load(view, slot, &value);
  FUZZ_REQUIRE(is_load_status(status, !is_closed(type)));
  if (status == MR_OK) {
    check_typed(view, slot, value);
    FUZZ_REQUIRE(mr_slot_store(memory, slot, value) == MR_OK);
    FUZZ_REQUIRE(mr_slot_load(view, slot, &again) == MR_OK);
    FUZZ_REQUIRE(!mr_value_equal(value, value) || mr_value_equal(value, again));
  }
  free(octets);
}

static mr_status check_slot(const mr_type *type, const char *path, mr_slot *slot) {
  mr_condition condition = {0};
  memset(slot, 0xa5, sizeof *slot);
  mr_status status = mr_slot_find(type, path, slot, &condition);
  if (status != MR_OK) {
    check_failure(slot, sizeof *slot, status, &condition, path);
  } else {
    check_access(type, *slot);
  }
  return status;
}

static void check_type_find(const mr_type *type, const char *path, mr_status expected,
                            mr_slot slot) {
  mr_condition condition = {0};
  mr_member member;
  memset(&member, 0xa5, sizeof member);
  mr_status status = mr_type_find(type, path, &member, &condition);
  FUZZ_REQUIRE(status == expected);
  if (status != MR_OK) {
    check_failure(&member, sizeof member, status, &condition, path);
    return;
  }
  FUZZ_REQUIRE(member.type == slot.type && member.offset == mr_slot_offset(slot));
  FUZZ_REQUIRE(member.bit_width == mr_slot_bit_width(slot));
}

static void check_slots(const mr_type *type, const char *path, mr_status of_slot, mr_slot slot) {
  mr_condition condition = {0};
  mr_slots slots;
  mr_slot last;
  memset(&slots, 0xa5, sizeof slots);
  mr_status status = mr_slots_find(type, path, &slots, &condition);
  FUZZ_REQUIRE(of_slot != MR_OK || status == MR_OK);
  if (status != MR_OK) {
    check_failure(&slots, sizeof slots, status, &condition, path);
    return;
  }
  FUZZ_REQUIRE(of_slot != MR_OK || (slots.count == 1 && slots.first.where == slot.where));
  FUZZ_REQUIRE(mr_slots_get(slots, slots.count, &last) == MR_OUT_OF_BOUNDS);
  if (slots.count == 0) return;
  status = mr_slots_get(slots, slots.count - 1, &last);
  if (is_closed(type)) FUZZ_REQUIRE(status == MR_OK);
  if (status == MR_OK) check_access(type, last);
}

static void check_to_pointer(const mr_type *type, const char *path, mr_status of_slot,
                             mr_slot slot) {
  mr_condition condition = {0};
  mr_slot found;
  const char *rest = NULL;
  memset(&found, 0xa5, sizeof found);
  mr_status status = mr_slot_find_to_pointer(type, path, &found, &rest, &condition);
  FUZZ_REQUIRE(of_slot != MR_OK || status == MR_OK);
  if (status != MR_OK) {
    check_failure(&found, sizeof found, status, &condition, path);
    FUZZ_REQUIRE(!rest);
    return;
  }
  FUZZ_REQUIRE(rest >= path && rest <= path + strlen(path));
  FUZZ_REQUIRE(of_slot != MR_OK || (*rest == '\0' && found.where == slot.where));
  if (*rest != '\0') {
    FUZZ_REQUIRE(mr_type_kind(found.type) == MR_KIND_POINTER);
    FUZZ_REQUIRE(*rest == '[' || strncmp(rest, "->", 2) == 0);
  }
  check_access(type, found);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size) {
  if (size == 0) return 0;
  const mr_type *type = fuzz_type(octets[0]);
  char *path = fuzz_copy_text(octets + 1, size - 1);
  mr_slot slot;
  mr_status status = check_slot(type, path, &slot);
  check_type_find(type, path, status, slot);
  check_slots(type, path, status, slot);
  check_to_pointer(type, path, status, slot);
  free(path);
  return 0;
}

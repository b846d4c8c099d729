#include "memregions/object_copy.h"

#include <assert.h>
#include <string.h>

#include "part.h"

/* Two parts of one type, and where the first difference was put down. */
typedef struct comparison {
  /** Null where nobody asks. */
  mr_text *path;
  mr_status status;
} comparison;

static bool differ(comparison *work, mr_part a, mr_part b, const mr_step *step);

static void write_path(comparison *work, const mr_step *step) {
  if (work->path) work->status = mr_step_write(step, work->path);
}

static bool scalars_differ(mr_part a, mr_part b) {
  mr_value value;
  mr_value other;
  /* A value that can't be read, a pointer too wide for this machine, is its octets. */
  if (mr_slot_load(a.octets, a.slot, &value) != MR_OK) return true;
  if (mr_slot_load(b.octets, b.slot, &other) != MR_OK) return true;
  return !mr_value_equal(value, other);
}

static bool elements_differ(comparison *work, mr_part a, mr_part b, const mr_step *before) {
  size_t count = mr_part_elements(a);
  if (count != mr_part_elements(b)) {
    write_path(work, before);
    return true;
  }
  for (size_t i = 0; i < count; i++) {
    mr_step step = {before, NULL, i};
    if (differ(work, mr_part_at_element(a, i), mr_part_at_element(b, i), &step)) return true;
  }
  return false;
}

static bool members_differ(comparison *work, mr_part a, mr_part b, const mr_step *before) {
  size_t count = mr_type_count(a.slot.type);
  for (size_t i = 0; i < count; i++) {
    mr_member member = mr_part_member(a, i);
    mr_step step = {before, member.name, 0};
    if (mr_member_is_filler(member)) continue;
    if (differ(work, mr_part_at_member(a, i), mr_part_at_member(b, i),
               member.name ? &step : before)) {
      return true;
    }
  }
  return false;
}

static bool octets_are_equal(mr_part a, mr_part b) {
  if (a.octets.size != b.octets.size) return false;
  return a.octets.size == 0 || memcmp(a.octets.pointer, b.octets.pointer, a.octets.size) == 0;
}

/* Recursion is as deep as the type. */
static bool differ(comparison *work, mr_part a, mr_part b, const mr_step *step) {
  /* What has no size holds nothing, however much it is made of. */
  if (octets_are_equal(a, b)) return false;
  switch (mr_type_kind(a.slot.type)) {
    case MR_KIND_ARRAY:
      return elements_differ(work, a, b, step);
    case MR_KIND_STRUCT:
      return members_differ(work, a, b, step);
    case MR_KIND_UNION:
      break;
    default:
      if (!scalars_differ(a, b)) return false;
      break;
  }
  write_path(work, step);
  return true;
}

static bool types_are_equal(mr_object a, mr_object b) {
  return a.type == b.type || mr_type_equal(a.type, b.type);
}

mr_status mr_object_difference(mr_object a, mr_object b, bool *is_equal, mr_text *path) {
  assert(mr_object_is_sound(a) && mr_object_is_sound(b));
  if (!types_are_equal(a, b)) return MR_TYPE_MISMATCH;
  comparison work = {path, MR_OK};
  bool is_same = !differ(&work, mr_part_of_object(a), mr_part_of_object(b), NULL);
  if (work.status == MR_OK) *is_equal = is_same;
  return work.status;
}

bool mr_object_equal(mr_object a, mr_object b) {
  bool is_equal = false;
  return mr_object_difference(a, b, &is_equal, NULL) == MR_OK && is_equal;
}

mr_status mr_object_copy(mr_object to, mr_object from) {
  assert(mr_object_is_sound(to) && mr_object_is_sound(from));
  mr_region memory;
  mr_status status = mr_object_region(to, &memory);
  if (status != MR_OK) return status;
  if (!types_are_equal(to, from)) return MR_TYPE_MISMATCH;
  if (from.size > to.size) return MR_OUT_OF_BOUNDS;
  return mr_replace(memory, mr_range_all(), mr_object_view(from), mr_range_all(), NULL);
}

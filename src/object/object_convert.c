#include <assert.h>
#include <string.h>

#include "memregions/object_copy.h"
#include "part.h"

/* A conversion on its way. */
typedef struct conversion {
  mr_object to;
  mr_fit fit;
  bool takes_shorter;
  /** Whether nothing is written yet. */
  bool is_trial;
  size_t converted;
  mr_condition *condition;
} conversion;

/** Room for any scalar, wherever in an octet a bit-field starts. */
enum { SCALAR_SIZE = 40 };

static mr_status convert(conversion *work, mr_part to, mr_part from, const mr_step *step);
static mr_status convert_members(conversion *work, mr_part to, mr_part from, const mr_step *step);

/* What is wrong with a part of `to`. */
static mr_status refuse(const conversion *work, mr_part to, const mr_step *step, mr_status status,
                        const char *what) {
  if (!work->condition) return status;
  char buffer[MR_CONDITION_MESSAGE_SIZE];
  mr_text path = mr_text_of(buffer, sizeof buffer);
  /* A path that is too long for the message is cut. */
  mr_ignore(mr_step_write(step, &path));
  mr_condition_set(work->condition, status, "%s%s%s", buffer, path.length > 0 ? ": " : "", what);
  if (to.octets.pointer) {
    work->condition->offset = (uint64_t)((const unsigned char *)to.octets.pointer -
                                         (const unsigned char *)work->to.start);
  }
  return status;
}

static mr_region memory_of(mr_part part) {
  return mr_region_of((void *)part.octets.pointer, part.octets.size);
}

/* What is read from an enum, as it goes to a slot: to another enum, by its name. */
static mr_value value_for(mr_slot to, mr_slot from, mr_value value) {
  if (!mr_type_is_enum(to.type) || !mr_type_is_enum(from.type)) return value;
  const char *name = mr_type_enumerator_name(from.type, value.as.i64);
  return name ? mr_value_of_name(name) : value;
}

static mr_status convert_scalar(conversion *work, mr_part to, mr_part from, const mr_step *step) {
  unsigned char octets[SCALAR_SIZE] = {0};
  mr_region memory = work->is_trial ? mr_region_of(octets, to.octets.size) : memory_of(to);
  mr_value value;
  assert(to.octets.size <= sizeof octets);
  mr_status status = mr_slot_load(from.octets, from.slot, &value);
  if (status == MR_OK) {
    status = mr_slot_store_fitted(memory, to.slot, value_for(to.slot, from.slot, value), work->fit);
  }
  if (status != MR_OK) return refuse(work, to, step, status, mr_status_message(status));
  work->converted++;
  return MR_OK;
}

static mr_status convert_elements(conversion *work, mr_part to, mr_part from, const mr_step *step) {
  size_t count = mr_part_elements(to);
  size_t others = mr_part_elements(from);
  if (count != others && !work->takes_shorter) {
    return refuse(work, to, step, MR_TYPE_MISMATCH, "the arrays have different lengths");
  }
  if (others < count) count = others;
  for (size_t i = 0; i < count; i++) {
    mr_step at = {step, NULL, i};
    mr_status status = convert(work, mr_part_at_element(to, i), mr_part_at_element(from, i), &at);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

/* The part of a struct or union that has a name, also in members that have none. */
static bool find_named(mr_part in, const char *name, mr_part *out) {
  mr_slot slot;
  mr_view octets;
  size_t tail;
  if (mr_slot_find(in.slot.type, name, &slot, NULL) != MR_OK) return false;
  size_t offset = mr_slot_offset(slot);
  if (mr_type_has_tail(slot.type, &tail)) {
    if (mr_subview(in.octets, mr_range_from(offset), &octets) != MR_OK) return false;
  } else {
    size_t width = mr_slot_bit_width(slot);
    size_t size = width > 0 ? (mr_slot_bit_offset(slot) + width + 7) / 8 : mr_type_size(slot.type);
    if (mr_subview(in.octets, mr_range_of(offset, offset + size), &octets) != MR_OK) return false;
  }
  slot.where &= (UINT64_C(1) << MR_SLOT_SHIFT) - 1;
  *out = (mr_part){octets, slot};
  return true;
}

/* Names of `part`, also in members that have none, that `from` has too: at most 2 are counted. */
static unsigned shared_names(mr_part part, mr_part from) {
  unsigned count = 0;
  mr_part found;
  for (size_t i = 0; i < mr_type_count(part.slot.type) && count < 2; i++) {
    mr_member member = mr_part_member(part, i);
    if (member.name) {
      if (find_named(from, member.name, &found)) count++;
    } else if (mr_type_has_members(member.type) && mr_type_size(member.type) > 0) {
      unsigned inner = shared_names(mr_part_at_member(part, i), from);
      /* Those of a struct go together. */
      bool is_union = mr_type_kind(member.type) == MR_KIND_UNION;
      count += is_union ? inner : inner > 0;
    }
  }
  return count;
}

static bool same_unions(mr_part to, mr_part from) {
  return mr_type_kind(from.slot.type) == MR_KIND_UNION &&
         (to.slot.type == from.slot.type || mr_type_equal(to.slot.type, from.slot.type));
}

/* Among the members of `from` that have no name, and in them, the union that is equal. */
static bool find_same_union(mr_part to, mr_part from, mr_part *out) {
  for (size_t i = 0; i < mr_type_count(from.slot.type); i++) {
    mr_member member = mr_part_member(from, i);
    bool is_open = !member.name && mr_type_has_members(member.type);
    if (!is_open || mr_type_size(member.type) == 0) continue;
    mr_part part = mr_part_at_member(from, i);
    if (same_unions(to, part)) {
      *out = part;
      return true;
    }
    if (find_same_union(to, part, out)) return true;
  }
  return false;
}

static mr_status copy_union(conversion *work, mr_part to, mr_part from) {
  work->converted++;
  if (work->is_trial) return MR_OK;
  return mr_replace(memory_of(to), mr_range_all(), from.octets, mr_range_all(), NULL);
}

/* `from` has the members that might be the union's, or is it. */
static mr_status convert_union(conversion *work, mr_part to, mr_part from, const mr_step *step) {
  mr_part same = from;
  if (same_unions(to, from) || find_same_union(to, from, &same)) return copy_union(work, to, same);
  if (shared_names(to, from) > 1) {
    return refuse(work, to, step, MR_UNSUPPORTED, "nothing tells which member of the union counts");
  }
  return convert_members(work, to, from, step);
}

static mr_status convert_member(conversion *work, mr_part to, size_t index, mr_part from,
                                const mr_step *before) {
  mr_member member = mr_part_member(to, index);
  mr_part found;
  if (member.name) {
    mr_step step = {before, member.name, 0};
    if (!find_named(from, member.name, &found)) return MR_OK;
    return convert(work, mr_part_at_member(to, index), found, &step);
  }
  if (!mr_type_has_members(member.type) || mr_type_size(member.type) == 0) return MR_OK;
  mr_part part = mr_part_at_member(to, index);
  if (mr_type_kind(member.type) == MR_KIND_UNION) return convert_union(work, part, from, before);
  return convert_members(work, part, from, before);
}

static mr_status convert_members(conversion *work, mr_part to, mr_part from, const mr_step *step) {
  mr_status status = MR_OK;
  for (size_t i = 0; i < mr_type_count(to.slot.type) && status == MR_OK; i++) {
    status = convert_member(work, to, i, from, step);
  }
  return status;
}

/* Recursion is as deep as the types. */
static mr_status convert(conversion *work, mr_part to, mr_part from, const mr_step *step) {
  mr_kind kind = mr_type_kind(to.slot.type);
  bool is_array = kind == MR_KIND_ARRAY;
  bool has_members = mr_type_has_members(to.slot.type);
  if (is_array != mr_type_is_array(from.slot.type) ||
      has_members != mr_type_has_members(from.slot.type)) {
    return refuse(work, to, step, MR_TYPE_MISMATCH,
                  "a scalar, an array or a struct on one side only");
  }
  if (is_array) return convert_elements(work, to, from, step);
  if (!has_members) return convert_scalar(work, to, from, step);
  return kind == MR_KIND_UNION ? convert_union(work, to, from, step)
                               : convert_members(work, to, from, step);
}

static bool is_fit(mr_fit fit) {
  return fit == MR_FIT_CHECKED || fit == MR_FIT_WRAPPING || fit == MR_FIT_SATURATING;
}

mr_status mr_object_convert(mr_object to, mr_object from, mr_fit fit, uint32_t flags,
                            size_t *converted, mr_condition *condition) {
  assert(mr_object_is_sound(to) && mr_object_is_sound(from));
  conversion work = {to, fit, flags & MR_CONVERT_SHORTER, true, 0, condition};
  if (to.flags & MR_OBJECT_READ_ONLY) return mr_condition_set(condition, MR_READ_ONLY, NULL);
  if (!is_fit(fit) || (flags & ~MR_CONVERT_SHORTER)) {
    return mr_condition_set(condition, MR_INVALID_ARGUMENT, NULL);
  }
  if (mr_overlap(mr_object_view(to), mr_object_view(from)).size > 0) {
    return mr_condition_set(condition, MR_INVALID_ARGUMENT, "the objects' memory overlaps");
  }
  mr_status status = convert(&work, mr_part_of_object(to), mr_part_of_object(from), NULL);
  if (status != MR_OK) return status;
  work.is_trial = false;
  work.converted = 0;
  /* What was tried before can't fail. */
  status = convert(&work, mr_part_of_object(to), mr_part_of_object(from), NULL);
  if (status == MR_OK && converted) *converted = work.converted;
  return status;
}

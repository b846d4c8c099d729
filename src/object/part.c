#include "part.h"

#include <assert.h>
#include <string.h>

bool mr_type_has_members(const mr_type *type) {
  mr_kind kind = mr_type_kind(type);
  return kind == MR_KIND_STRUCT || kind == MR_KIND_UNION;
}

bool mr_type_is_array(const mr_type *type) { return mr_type_kind(type) == MR_KIND_ARRAY; }

static mr_member member_of(const mr_type *type, size_t index) {
  mr_member member = {0};
  mr_status status = mr_type_member(type, index, &member);
  assert(status == MR_OK);
  mr_ignore(status);
  return member;
}

bool mr_type_has_tail(const mr_type *type, size_t *offset) {
  size_t sum = 0;
  while (mr_type_kind(type) == MR_KIND_STRUCT && mr_type_count(type) > 0) {
    mr_member last = member_of(type, mr_type_count(type) - 1);
    sum += last.offset;
    type = last.type;
  }
  if (!mr_type_is_flexible_array(type)) return false;
  *offset = sum;
  return true;
}

mr_slot mr_slot_of_data(const mr_type *type) {
  mr_slot slot = {NULL, 0};
  mr_status status = mr_slot_of(type, &slot);
  assert(status == MR_OK);
  mr_ignore(status);
  return slot;
}

mr_part mr_part_of_object(mr_object object) {
  return (mr_part){mr_object_view(object), mr_slot_of_data(object.type)};
}

mr_member mr_part_member(mr_part part, size_t index) { return member_of(part.slot.type, index); }

/* What lies inside: members and elements do. */
static mr_view octets_at(mr_view octets, size_t offset, size_t size) {
  mr_view part = octets;
  mr_status status = mr_subview(octets, mr_range_of(offset, offset + size), &part);
  assert(status == MR_OK);
  mr_ignore(status);
  return part;
}

mr_part mr_part_at_member(mr_part part, size_t index) {
  const mr_type *type = part.slot.type;
  mr_member member = member_of(type, index);
  mr_slot slot = mr_slot_of_data(member.type);
  size_t size = mr_type_size(member.type);
  size_t tail;
  if (member.is_bit_field) {
    slot.where |= (uint64_t)member.bit_offset << 16 | (uint64_t)member.bit_width << 8;
    slot.where |= MR_SLOT_INDIRECT;
    size = ((size_t)member.bit_offset + member.bit_width + 7) / 8;
  } else if (mr_type_kind(type) == MR_KIND_STRUCT && index + 1 == mr_type_count(type) &&
             mr_type_has_tail(member.type, &tail)) {
    size = part.octets.size - member.offset;
  }
  return (mr_part){octets_at(part.octets, member.offset, size), slot};
}

size_t mr_part_elements(mr_part part) {
  const mr_type *type = part.slot.type;
  size_t size = mr_type_size(mr_type_element(type));
  if (size == 0) return 0;
  return mr_type_is_flexible_array(type) ? part.octets.size / size : mr_type_count(type);
}

mr_part mr_part_at_element(mr_part part, size_t index) {
  const mr_type *element = mr_type_element(part.slot.type);
  size_t size = mr_type_size(element);
  return (mr_part){octets_at(part.octets, index * size, size), mr_slot_of_data(element)};
}

uint64_t mr_address_in(mr_view octets, const mr_type *pointer) {
  mr_byte_order order = mr_type_byte_order(pointer);
  assert(octets.size == sizeof(uint32_t) || octets.size == sizeof(uint64_t));
  return octets.size == sizeof(uint32_t) ? mr_peek_u32(octets.pointer, order)
                                         : mr_peek_u64(octets.pointer, order);
}

/* Recursion is as deep as the type. */
mr_status mr_step_write(const mr_step *step, mr_text *path) {
  if (!step) return MR_OK;
  mr_status status = mr_step_write(step->before, path);
  if (status != MR_OK) return status;
  if (!step->name) return mr_text_print(mr_text_write, path, "[%zu]", step->index);
  if (path->length > 0) status = mr_text_write(path, ".", 1);
  return status == MR_OK ? mr_text_write(path, step->name, strlen(step->name)) : status;
}

#ifndef MEMREGIONS_OBJECT_PART_PRIVATE_H
#define MEMREGIONS_OBJECT_PART_PRIVATE_H

/*
 * Parts: what objects are made of, in place. Private to the component.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memregions/object.h"
#include "memregions/text.h"

/** A member or an element, or the object itself. */
typedef struct mr_part {
  /** From the part's first octet on. Where it ends with the object's flexible array, up to the object's
   * end; of a bit-field, what has one of its bits. */
  mr_view octets;
  /** In `octets`, at offset 0. */
  mr_slot slot;
} mr_part;

/** Where the flexible array is that `type` is, or ends with.
 *
 * @param[out] offset  from the start of the type; untouched where there is none
 */
bool mr_type_has_tail(const mr_type *type, size_t *offset);

/** Whether it has members: a struct or union. */
bool mr_type_has_members(const mr_type *type);

bool mr_type_is_array(const mr_type *type);

/** The slot of a value of `type`, which is data, at offset 0. */
mr_slot mr_slot_of_data(const mr_type *type);

mr_part mr_part_of_object(mr_object object);

mr_member mr_part_member(mr_part part, size_t index);

/** A member in place. */
mr_part mr_part_at_member(mr_part part, size_t index);

/** How many elements an array has; 0 where they have no size, since there may be any number, with
 * nothing in them. */
size_t mr_part_elements(mr_part part);

/** An element in place. */
mr_part mr_part_at_element(mr_part part, size_t index);

/** What a pointer holds, of this or another machine. */
uint64_t mr_address_in(mr_view octets, const mr_type *pointer);

/** Whether a member is a bit-field that only takes room. */
static inline bool mr_member_is_filler(mr_member member) {
  return member.is_bit_field && !member.name;
}

/** The way from an object to a part of it, the last step first. */
typedef struct mr_step {
  /** Null at the object. */
  const struct mr_step *before;
  /** Null for an element. */
  const char *name;
  size_t index;
} mr_step;

/** Writes a path as mr_slot_find reads it. Null writes nothing. */
mr_status mr_step_write(const mr_step *step, mr_text *path);

#endif

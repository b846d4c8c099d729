#ifndef MEMREGIONS_TYPE_SLOT_PRIVATE_H
#define MEMREGIONS_TYPE_SLOT_PRIVATE_H

#include "memregions/slot.h"
#include "type.h"

/** The slot of a value of `type`, which is data, at `offset`, up to MR_SLOT_OFFSET_MAX. */
static inline mr_slot mr_slot_at(const mr_type *type, size_t offset) {
  return (mr_slot){type, (uint64_t)offset << MR_SLOT_SHIFT | mr_type_access(type, 0, 0)};
}

#endif

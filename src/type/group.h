#ifndef MEMREGIONS_TYPE_GROUP_H
#define MEMREGIONS_TYPE_GROUP_H

/*
 * Groups: types that are made together, refer to each other freely, and end together. All that they are
 * made of is in one arena, but for their names: these are in another, where they are close to each other,
 * for whoever looks for one.
 *
 * Threads: references may be taken and given back from any thread; the arena is for who makes types.
 */

#include "memregions/arena.h"
#include "type.h"

struct mr_type_group {
  mr_arena arena;
  mr_arena names;
  mr_allocator *allocator;
  atomic_size_t references;
  /** The last of what mr_type_ffi has built for types of the group. */
  _Atomic(struct mr_descriptor *) descriptors;
};

/** Makes an empty group: the caller's reference.
 *
 * @return  as mr_allocate
 */
mr_status mr_type_group_create(mr_allocator *allocator, mr_type_group **out);

void mr_type_group_acquire(mr_type_group *group);

/** One reference less; the last takes all with it. */
void mr_type_group_release(mr_type_group *group);

/** Memory of one of the group's arenas, zeroed, aligned to 16.
 *
 * @param[out] out  a pointer to anything; untouched on failure
 * @return          as mr_allocate
 */
mr_status mr_type_group_take_from(mr_arena *arena, size_t size, void *out);

/** Memory for types. */
static inline mr_status mr_type_group_take(mr_type_group *group, size_t size, void *out) {
  return mr_type_group_take_from(&group->arena, size, out);
}

/** Gives back what mr_type_ffi has built for types of the group. */
void mr_type_discard_group_ffi(mr_type_group *group);

#endif

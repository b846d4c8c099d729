#include "group.h"

#include <string.h>

mr_status mr_type_group_create(mr_allocator *allocator, mr_type_group **out) {
  mr_region block;
  allocator = mr_resolve_allocator(allocator);
  mr_status status = mr_allocate_zeroed(allocator, sizeof(mr_type_group), &block);
  if (status != MR_OK) return status;
  mr_type_group *group = block.pointer;
  mr_arena_options options = {.parent = allocator};
  status = mr_arena_init(&group->arena, &options);
  if (status == MR_OK) {
    status = mr_arena_init(&group->names, &options);
    if (status != MR_OK) mr_arena_fini(&group->arena);
  }
  if (status != MR_OK) {
    mr_ignore(mr_deallocate(allocator, &block));
    return status;
  }
  group->allocator = allocator;
  atomic_init(&group->references, 1);
  atomic_init(&group->descriptors, NULL);
  *out = group;
  return MR_OK;
}

void mr_type_group_acquire(mr_type_group *group) {
  atomic_fetch_add_explicit(&group->references, 1, memory_order_relaxed);
}

void mr_type_group_release(mr_type_group *group) {
  if (atomic_fetch_sub_explicit(&group->references, 1, memory_order_acq_rel) != 1) return;
  mr_type_discard_group_ffi(group);
  mr_arena_fini(&group->arena);
  mr_arena_fini(&group->names);
  mr_region block = mr_region_of(group, sizeof *group);
  mr_ignore(mr_deallocate(group->allocator, &block));
}

mr_status mr_type_group_take_from(mr_arena *arena, size_t size, void *out) {
  mr_region block;
  mr_status status = mr_arena_allocate(arena, size, &block);
  if (status != MR_OK) return status;
  mr_clear(block);
  memcpy(out, &block.pointer, sizeof block.pointer);
  return MR_OK;
}

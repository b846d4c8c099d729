#include "copying_source.h"

/* The range is resolved here once more, for sources that did not tell their size. */

static mr_status copy_size(const mr_source *source, mr_range range, mr_direction direction,
                           size_t *size) {
  (void)direction;
  const copying_source *copying = source->self;
  if (copying->scratch_answer != MR_OK) return copying->scratch_answer;
  mr_status status = mr_range_resolve(&range, copying->memory.size);
  if (status == MR_OK) *size = range.end - range.start + copying->extra;
  return status;
}

static mr_status lend_copy(const mr_source *source, mr_range range, mr_direction direction,
                           mr_region scratch, mr_region *region) {
  copying_source *copying = source->self;
  mr_region part;
  if (copying->acquire_answer != MR_OK) return copying->acquire_answer;
  mr_status status = mr_subregion(copying->memory, range, &part);
  if (status != MR_OK) return status;
  mr_region copy = mr_region_of(scratch.pointer, part.size);
  mr_clear(copy);
  if (direction != MR_OUTPUT) {
    mr_ignore(mr_replace(copy, mr_range_all(), mr_region_view(part), mr_range_all(), NULL));
  }
  copying->held++;
  copying->acquired++;
  *region = copy;
  return MR_OK;
}

static mr_status write_back(const mr_source *source, mr_range range, mr_direction direction,
                            mr_region scratch, mr_region region) {
  (void)scratch;
  copying_source *copying = source->self;
  copying->held--;
  if (copying->release_answer != MR_OK) return copying->release_answer;
  if (direction == MR_INPUT) return MR_OK;
  copying->octets_written += region.size;
  return mr_replace(copying->memory, range, mr_region_view(region), mr_range_all(), NULL);
}

static const mr_source_ops copying_ops = {.struct_size = sizeof(mr_source_ops),
                                          .name = "copy",
                                          .scratch_size = copy_size,
                                          .acquire = lend_copy,
                                          .release = write_back};

mr_source copying_source_of(copying_source *copying) {
  mr_source source = {&copying_ops, copying, copying->memory.size, 1};
  return source;
}

mr_source copying_source_of_unknown_size(copying_source *copying) {
  mr_source source = {&copying_ops, copying, MR_TO_END, 1};
  return source;
}

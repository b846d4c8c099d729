#include "memregions/pathname.h"

#include "open.h"

mr_source mr_file_source(const mr_file *file) {
  mr_region region;
  if (mr_file_region(file, &region) == MR_OK) return mr_region_source(region);
  return mr_view_source(mr_file_view(file));
}

/* Narrows what the options name of the file to `range` of it: up to its end, or a length that may be 0. */
static mr_status narrow(mr_file_options *options, mr_range range, bool *to_end) {
  uint64_t most = options->length > 0 ? options->length : UINT64_MAX;
  if (range.start > most || range.start > UINT64_MAX - options->offset) return MR_OUT_OF_BOUNDS;
  most -= range.start;
  *to_end = range.end == MR_TO_END && options->length == 0;
  if (range.end != MR_TO_END) {
    if (range.end - range.start > most) return MR_OUT_OF_BOUNDS;
    most = range.end - range.start;
  }
  options->offset += range.start;
  options->length = *to_end ? 0 : most;
  return MR_OK;
}

/* What a direction makes of an access. One that is none stays, for mr_file_open to refuse. */
static mr_file_access access_for(mr_direction direction, mr_file_access access) {
  if ((unsigned)access > MR_FILE_COPY_ON_WRITE) return access;
  if (direction == MR_INPUT) return MR_FILE_READ;
  return access == MR_FILE_COPY_ON_WRITE ? access : MR_FILE_READ_WRITE;
}

static mr_status path_scratch_size(const mr_source *source, mr_range range, mr_direction direction,
                                   size_t *size) {
  (void)source, (void)range, (void)direction;
  *size = sizeof(mr_file);
  return MR_OK;
}

static mr_status path_acquire(const mr_source *source, mr_range range, mr_direction direction,
                              mr_region scratch, mr_region *region) {
  const mr_path *path = source->self;
  mr_file_options options = path->options;
  bool to_end;
  if (narrow(&options, range, &to_end) != MR_OK) {
    return mr_condition_set(path->condition, MR_OUT_OF_BOUNDS,
                            "the range lies outside the path's offset and length");
  }
  options.access = access_for(direction, options.access);

  mr_file *file = scratch.pointer;
  mr_status status = mr_file_open_part(path->name, &options, to_end, file, path->condition);
  if (status != MR_OK) return status;
  /* A copy to be written starts as zeros; a mapping is the file itself. */
  if (direction == MR_OUTPUT && !mr_file_is_mapped(file)) mr_clear(file->memory);
  *region = file->memory;
  return MR_OK;
}

static mr_status path_release(const mr_source *source, mr_range range, mr_direction direction,
                              mr_region scratch, mr_region region) {
  const mr_path *path = source->self;
  (void)range, (void)direction, (void)region;
  return mr_file_close(scratch.pointer, path->condition);
}

static const mr_source_ops path_ops = {.struct_size = sizeof(mr_source_ops),
                                       .name = "path",
                                       .scratch_size = path_scratch_size,
                                       .acquire = path_acquire,
                                       .release = path_release};

mr_source mr_path_source(const mr_path *path) {
  return (mr_source){.ops = &path_ops, .self = (void *)path, .size = MR_TO_END, .unit = 1};
}

#include "memregions/source.h"

#include <assert.h>

#include "edge.h"
#include "fixed.h"

/* In place. */

static mr_status acquire_in_place(const mr_source *source, mr_range range, mr_direction direction,
                                  mr_region scratch, mr_region *region) {
  mr_stream *stream = source->self;
  (void)scratch;
  if (direction != MR_INPUT && mr_stream_check_writable(stream) != MR_OK) return MR_READ_ONLY;
  /* Resolved anew: a stream that has ended in the meantime is empty. */
  size_t size = (size_t)(stream->read_limit - stream->base);
  return mr_subregion(mr_region_of(stream->base, size), range, region);
}

static const mr_source_ops in_place_ops = {
    .struct_size = sizeof(mr_source_ops), .name = "fixed stream", .acquire = acquire_in_place};

/* By copies. */

static mr_status copy_size(const mr_source *source, mr_range range, mr_direction direction,
                           size_t *size) {
  (void)source;
  (void)direction;
  if (range.end == MR_TO_END) return MR_OUT_OF_BOUNDS;
  *size = range.end - range.start;
  return MR_OK;
}

typedef mr_status transfer(mr_stream *stream, mr_region octets);

static mr_status read_all(mr_stream *stream, mr_region octets) {
  mr_status status = mr_stream_read_exact(stream, octets);
  return status == MR_END_OF_FILE || status == MR_TRUNCATED ? MR_OUT_OF_BOUNDS : status;
}

static mr_status write_all(mr_stream *stream, mr_region octets) {
  return mr_stream_write_exact(stream, mr_region_view(octets));
}

/* What is to be written starts as zeros; that there will be space for it is asked now. */
static mr_status start_output(mr_stream *stream, mr_region octets) {
  if (octets.size > mr_stream_space(stream)) return MR_OUT_OF_BOUNDS;
  mr_clear(octets);
  return MR_OK;
}

/* Does one thing at `start`, and moves back. */
static mr_status do_at(mr_stream *stream, size_t start, transfer *function, mr_region octets) {
  uint64_t position = mr_stream_position(stream);
  mr_status status = mr_stream_set_position(stream, start);
  if (status != MR_OK) return status;
  status = function(stream, octets);
  mr_status moved_back = mr_stream_set_position(stream, position);
  return status != MR_OK ? status : moved_back;
}

static mr_status acquire_copy(const mr_source *source, mr_range range, mr_direction direction,
                              mr_region scratch, mr_region *region) {
  mr_region copy;
  mr_status status = direction == MR_INPUT ? MR_OK : mr_stream_check_writable(source->self);
  if (status == MR_OK)
    status = mr_subregion(scratch, mr_range_of(0, range.end - range.start), &copy);
  if (status == MR_OK)
    status =
        do_at(source->self, range.start, direction == MR_OUTPUT ? start_output : read_all, copy);
  if (status == MR_OK) *region = copy;
  return status;
}

static mr_status release_copy(const mr_source *source, mr_range range, mr_direction direction,
                              mr_region scratch, mr_region region) {
  (void)scratch;
  if (direction == MR_INPUT) return MR_OK;
  return do_at(source->self, range.start, write_all, region);
}

static const mr_source_ops copy_ops = {.struct_size = sizeof(mr_source_ops),
                                       .name = "stream",
                                       .scratch_size = copy_size,
                                       .acquire = acquire_copy,
                                       .release = release_copy};

mr_source mr_stream_source(mr_stream *stream) {
  assert(mr_stream_is_sound(stream));
  uint64_t size;
  bool is_known = mr_stream_size(stream, &size) == MR_OK && size < MR_TO_END;
  return (mr_source){.ops = mr_stream_is_fixed(stream) ? &in_place_ops : &copy_ops,
                     .self = stream,
                     .size = is_known ? (size_t)size : MR_TO_END,
                     .unit = 1};
}

mr_status mr_stream_of(mr_source source, mr_stream *stream) {
  mr_region region;
  mr_view view;
  mr_status status = mr_to_region(source, &region);
  if (status == MR_OK) mr_stream_init_region(stream, region);
  if (status != MR_READ_ONLY) return status;
  status = mr_to_view(source, &view);
  if (status == MR_OK) mr_stream_init_view(stream, view);
  return status;
}

#include <assert.h>

#include "packed.h"

/* A sequence with gaps lends a copy without them. One without gaps is an array, which region knows.
 */

static mr_status packed_size(const mr_source *source, mr_range range, mr_direction direction,
                             size_t *size) {
  (void)source;
  (void)direction;
  *size = range.end - range.start;
  return MR_OK;
}

static mr_status lend_packed(const mr_source *source, mr_range range, mr_direction direction,
                             mr_region scratch, mr_region *region) {
  const mr_sequence *sequence = source->self;
  assert(mr_sequence_is_sound(*sequence));
  if (direction != MR_INPUT && (sequence->flags & MR_SEQUENCE_READ_ONLY)) return MR_READ_ONLY;
  mr_region copy = mr_region_of(scratch.pointer, range.end - range.start);
  if (direction == MR_OUTPUT) {
    mr_clear(copy);
  } else {
    mr_sequence_gather(*sequence, range, copy.pointer);
  }
  *region = copy;
  return MR_OK;
}

static mr_status write_back(const mr_source *source, mr_range range, mr_direction direction,
                            mr_region scratch, mr_region region) {
  (void)scratch;
  const mr_sequence *sequence = source->self;
  if (direction != MR_INPUT) mr_sequence_scatter(*sequence, range, region.pointer);
  return MR_OK;
}

static const mr_source_ops strided_ops = {.struct_size = sizeof(mr_source_ops),
                                          .name = "strided sequence",
                                          .scratch_size = packed_size,
                                          .acquire = lend_packed,
                                          .release = write_back};

mr_source mr_sequence_source(const mr_sequence *sequence) {
  assert(mr_sequence_is_sound(*sequence));
  size_t unit = mr_sequence_element_size(*sequence);
  if (!mr_sequence_is_packed(*sequence)) {
    return (mr_source){&strided_ops, (void *)sequence, sequence->count * unit, unit};
  }
  if (sequence->flags & MR_SEQUENCE_READ_ONLY) {
    return mr_const_array_source(mr_sequence_view(*sequence), unit);
  }
  return mr_array_source(mr_region_of(sequence->start, mr_sequence_size(*sequence)), unit);
}

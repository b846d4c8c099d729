#include <string.h>

#include "reader.h"

mr_status mr_reader_push(mr_reader *reader, mr_scratch *scratch, size_t size, void *out) {
  if (scratch->count >= scratch->block.size / size) {
    size_t capacity = scratch->count < 16 ? 32 : scratch->count * 2;
    mr_status status = mr_reallocate_array(reader->allocator, &scratch->block, capacity, size);
    if (status != MR_OK) return mr_reader_fail_plainly(reader, status);
  }
  void *element = (unsigned char *)scratch->block.pointer + scratch->count++ * size;
  memcpy(out, &element, sizeof element);
  return MR_OK;
}

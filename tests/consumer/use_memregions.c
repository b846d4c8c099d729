/* Takes something from each component. */

#include <memregions.h>

int main(void) {
  uint32_t word = 0;
  mr_region region = mr_region_of(&word, sizeof word);
  mr_stream stream;
  mr_stream_init_region(&stream, region);
  mr_file file;
  mr_sequence sequence;
  mr_object object;
  const mr_type *type = mr_scalar_type(MR_KIND_U32, MR_BIG_ENDIAN);
  bool passed = mr_equal(mr_view_of(mr_version(), 4), MR_VIEW("0.1.")) &&
                mr_system_allocator() != NULL &&
                mr_file_open(NULL, NULL, &file, NULL) == MR_INVALID_ARGUMENT &&
                mr_stream_write_exact(&stream, MR_VIEW("abcd")) == MR_OK &&
                mr_sequence_of_region(region, type, &sequence) == MR_OK &&
                mr_object_of_region(region, type, &object) == MR_OK &&
                mr_equal(mr_object_view(object), mr_sequence_view(sequence));
  return !(mr_stream_fini(&stream) == MR_OK && passed);
}

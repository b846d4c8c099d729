/* Writes through a stream and reads it back. */

#include <memregions/stream.h>

int main(void) {
  uint8_t octets[8] = {0};
  uint8_t read[4];
  mr_stream stream;
  mr_stream_init_region(&stream, mr_region_of(octets, sizeof octets));
  bool passed = mr_stream_write_exact(&stream, MR_VIEW("abcdefgh")) == MR_OK &&
                mr_stream_set_position(&stream, 4) == MR_OK &&
                mr_stream_read_exact(&stream, mr_region_of(read, sizeof read)) == MR_OK &&
                mr_equal(mr_view_of(read, sizeof read), MR_VIEW("efgh")) &&
                mr_stream_position(&stream) == 8;
  return !(mr_stream_fini(&stream) == MR_OK && passed);
}

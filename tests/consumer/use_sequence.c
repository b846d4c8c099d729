/* Reads and writes big-endian elements. */

#include <memregions/sequence.h>

int main(void) {
  uint8_t octets[] = {0, 1, 0, 2, 0, 3};
  mr_region region = mr_region_of(octets, sizeof octets);
  mr_sequence sequence;
  mr_value value;
  int64_t number = 0;
  bool passed = mr_sequence_of_region(region, mr_scalar_type(MR_KIND_U16, MR_BIG_ENDIAN),
                                      &sequence) == MR_OK &&
                mr_sequence_length(sequence) == 3 &&
                mr_sequence_get(sequence, 1, &value) == MR_OK &&
                mr_value_to_i64(value, &number) == MR_OK && number == 2 &&
                mr_sequence_set(sequence, 2, mr_value_of_i64(0x1234)) == MR_OK &&
                mr_equal(mr_region_view(region), MR_VIEW("\0\1\0\2\x12\x34"));
  return !passed;
}

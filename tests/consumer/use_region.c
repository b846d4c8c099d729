/* Replaces part of a region by another part of it. */

#include <memregions/region.h>

int main(void) {
  uint8_t octets[] = {1, 2, 3, 4, 5, 6, 7, 8};
  mr_region region = mr_region_of(octets, sizeof octets);
  size_t copied = 0;
  mr_status status =
      mr_replace(region, mr_range_from(2), mr_region_view(region), mr_range_of(0, 6), &copied);
  mr_view expected = MR_VIEW("\1\2\1\2\3\4\5\6");
  return !(status == MR_OK && copied == 6 && mr_equal(mr_region_view(region), expected));
}

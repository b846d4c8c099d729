#include <assert.h>
#include <string.h>

#include "memregions/region.h"

void mr_wipe(mr_region region) {
  assert(mr_region_is_sound(region));
#if defined(__GNUC__)
  if (region.size > 0) memset(region.pointer, 0, region.size);
  /* Says that somebody reads the memory now, so that the writes have to be there. */
  __asm__ volatile("" : : "r"(region.pointer) : "memory");
#else
  volatile unsigned char *octets = region.pointer;
  for (size_t i = 0; i < region.size; i++) octets[i] = 0;
#endif
}

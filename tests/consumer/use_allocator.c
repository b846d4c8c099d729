/* Allocates from a bump allocator until it is full. */

#include <memregions/allocator.h>
#include <memregions/bump.h>

int main(void) {
  _Alignas(16) uint8_t storage[48];
  mr_bump bump;
  if (mr_bump_init(&bump, mr_region_of(storage, sizeof storage)) != MR_OK) return 1;
  mr_region block;
  mr_region refused;
  mr_status first = mr_allocate(&bump.base, 24, &block);
  mr_status second = mr_allocate(&bump.base, 17, &refused);
  mr_bump_fini(&bump);
  return !(first == MR_OK && block.pointer == storage && second == MR_OUT_OF_MEMORY);
}

/* Copies of elements with their octets reversed. */
#include <assert.h>
#include <string.h>

#include "memregions/load.h"

typedef void swap_function(unsigned char *to, const unsigned char *from);

static inline void swap_2(unsigned char *to, const unsigned char *from) {
  uint16_t value;
  memcpy(&value, from, sizeof value);
  value = mr_swap_u16(value);
  memcpy(to, &value, sizeof value);
}

static inline void swap_4(unsigned char *to, const unsigned char *from) {
  uint32_t value;
  memcpy(&value, from, sizeof value);
  value = mr_swap_u32(value);
  memcpy(to, &value, sizeof value);
}

static inline void swap_8(unsigned char *to, const unsigned char *from) {
  uint64_t value;
  memcpy(&value, from, sizeof value);
  value = mr_swap_u64(value);
  memcpy(to, &value, sizeof value);
}

/* Both halves are read before either is written: they may be the same memory. */
static inline void swap_16(unsigned char *to, const unsigned char *from) {
  uint64_t low, high;
  memcpy(&low, from, sizeof low);
  memcpy(&high, from + sizeof low, sizeof high);
  low = mr_swap_u64(low);
  high = mr_swap_u64(high);
  memcpy(to, &high, sizeof high);
  memcpy(to + sizeof high, &low, sizeof low);
}

/* Walks away from where `to` lies, as memmove does: an element is written only over ones that were read before. With
 * constant arguments it becomes a loop of its own. */
static inline void swap_all(unsigned char *to, const unsigned char *from, size_t size, size_t width,
                            swap_function *swap) {
  if ((uintptr_t)to <= (uintptr_t)from) {
    for (size_t at = 0; at < size; at += width) swap(to + at, from + at);
  } else {
    for (size_t at = size; at > 0; at -= width) swap(to + at - width, from + at - width);
  }
}

mr_status mr_replace_swapped(mr_region to, mr_view from, size_t width, size_t *copied) {
  assert(mr_region_is_sound(to) && mr_view_is_sound(from));
  size_t size = to.size < from.size ? to.size : from.size;
  if (width == 0 || size % width != 0) return MR_INVALID_ARGUMENT;
  switch (width) {
    case 1:
      return mr_replace(to, mr_range_all(), from, mr_range_all(), copied);
    case 2:
      swap_all(to.pointer, from.pointer, size, 2, swap_2);
      break;
    case 4:
      swap_all(to.pointer, from.pointer, size, 4, swap_4);
      break;
    case 8:
      swap_all(to.pointer, from.pointer, size, 8, swap_8);
      break;
    case 16:
      swap_all(to.pointer, from.pointer, size, 16, swap_16);
      break;
    default:
      return MR_INVALID_ARGUMENT;
  }
  if (copied) *copied = size;
  return MR_OK;
}

/* memmem, linear at worst, stands in POSIX since 2024 only. The build defines what makes older libraries show it. */
#include <assert.h>
#include <string.h>

#include "memregions/region.h"

bool mr_find(mr_view view, mr_view wanted, size_t *offset) {
  assert(mr_view_is_sound(view) && mr_view_is_sound(wanted));
  size_t at = 0;
  if (wanted.size > 0) {
    if (wanted.size > view.size) return false;
    const unsigned char *found = memmem(view.pointer, view.size, wanted.pointer, wanted.size);
    if (!found) return false;
    at = (size_t)(found - (const unsigned char *)view.pointer);
  }
  if (offset) *offset = at;
  return true;
}

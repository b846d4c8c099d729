/* What can be told from addresses alone. */
#include <assert.h>

#include "memregions/region.h"

mr_view mr_overlap(mr_view a, mr_view b) {
  assert(mr_view_is_sound(a) && mr_view_is_sound(b));
  /* As numbers: pointers into different objects have no order in C. */
  uintptr_t a_start = (uintptr_t)a.pointer, b_start = (uintptr_t)b.pointer;
  mr_view first = a_start <= b_start ? a : b;
  mr_view second = a_start <= b_start ? b : a;
  size_t skipped = a_start <= b_start ? b_start - a_start : a_start - b_start;
  if (skipped >= first.size || second.size == 0) return mr_view_of(NULL, 0);
  size_t rest = first.size - skipped;
  return mr_view_of(second.pointer, rest < second.size ? rest : second.size);
}

size_t mr_alignment_of(mr_view view) {
  uintptr_t address = (uintptr_t)view.pointer;
  return address & (~address + 1);
}

bool mr_is_aligned(mr_view view, size_t alignment) {
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) return false;
  return ((uintptr_t)view.pointer & (alignment - 1)) == 0;
}

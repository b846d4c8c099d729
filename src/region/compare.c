#include <assert.h>
#include <string.h>

#include "memregions/region.h"

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* memcmp may not see a null pointer, not even for nothing. */
static int compare_octets(const void *a, const void *b, size_t size) {
  return size > 0 ? memcmp(a, b, size) : 0;
}

int mr_compare(mr_view a, mr_view b) {
  assert(mr_view_is_sound(a) && mr_view_is_sound(b));
  int order = compare_octets(a.pointer, b.pointer, smaller(a.size, b.size));
  return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

bool mr_equal(mr_view a, mr_view b) {
  assert(mr_view_is_sound(a) && mr_view_is_sound(b));
  return a.size == b.size && compare_octets(a.pointer, b.pointer, a.size) == 0;
}

/* The first difference between `size` octets, or `size`. */
static size_t first_difference(const unsigned char *a, const unsigned char *b, size_t size) {
  /* memcmp is many times as fast as a loop, but does not say where: it finds the block. */
  const size_t block = 256;
  size_t at = 0;
  while (block <= size - at && memcmp(a + at, b + at, block) == 0) at += block;
  while (at < size && a[at] == b[at]) at++;
  return at;
}

bool mr_mismatch(mr_view a, mr_view b, size_t *offset) {
  assert(mr_view_is_sound(a) && mr_view_is_sound(b));
  size_t common = smaller(a.size, b.size);
  size_t at = common > 0 ? first_difference(a.pointer, b.pointer, common) : 0;
  if (at == a.size && at == b.size) return false;
  if (offset) *offset = at;
  return true;
}

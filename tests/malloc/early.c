/* Asks for memory before the C library is initialised, more than there then is, and uses it and gives it back
 * afterwards. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 100 };

static unsigned char *blocks[COUNT];
static void *aligned;
static void *too_aligned;

static void before_all(void) {
  for (size_t i = 0; i < COUNT; i++) blocks[i] = calloc(1, 1000);
  aligned = aligned_alloc(4096, 10);
  too_aligned = aligned_alloc(8192, 10);
  free(blocks[0]);
  blocks[1] = realloc(blocks[1], 2000);
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(void) = before_all;

static size_t zeros_in(const unsigned char *octets, size_t size) {
  size_t zeros = 0;
  for (size_t i = 0; i < size; i++) zeros += octets[i] == 0;
  return zeros;
}

int main(void) {
  for (size_t i = 2; i < COUNT; i++) {
    if (!blocks[i]) continue;
    blocks[i] = realloc(blocks[i], 1500);
    if (!blocks[i] || zeros_in(blocks[i], 1000) != 1000) return 1;
    memset(blocks[i], 1, 1500);
  }
  for (size_t i = 2; i < COUNT; i++) free(blocks[i]);
  if ((uintptr_t)aligned % 4096 != 0) return 1;
  free(aligned);
  free(too_aligned);
  return 0;
}

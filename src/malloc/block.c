/* For getrandom. */
#define _DEFAULT_SOURCE

#include "block.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

/* The shape holds the size in its low bits, then the alignment's exponent, then the origin. No address space that exists
 * has blocks of more than 47 bits. */
enum { ALIGNMENT_AT = 48, ORIGIN_AT = 56 };

enum { PREFIX = 16, TAIL = 8 };

/* A retired block is filled with these, as far as they go. */
static unsigned char filling[64];

typedef struct prefix {
  uint64_t shape;
  uint64_t check;
} prefix;

_Static_assert(sizeof(prefix) == PREFIX, "it has to keep what follows aligned");

static uint64_t secret;

void mr_block_begin(void) {
  memset(filling, 0xD5, sizeof filling);
  if (getrandom(&secret, sizeof secret, GRND_NONBLOCK) == (ssize_t)sizeof secret) return;
  /* So early that there is no entropy yet: where the system has put the stack is the best to be had. */
  secret = (uintptr_t)&secret ^ ((uint64_t)(uintptr_t)__builtin_frame_address(0) << 20);
}

/* Odd multipliers as of splitmix64 (Steele, Lea, Flood 2014) spread each bit. */
static uint64_t check_word(uint64_t shape, const void *pointer) {
  uint64_t word = ((uintptr_t)pointer ^ secret) * UINT64_C(0xBF58476D1CE4E5B9);
  word = (word ^ word >> 31 ^ shape) * UINT64_C(0x94D049BB133111EB);
  return word ^ word >> 29;
}

static uint64_t tail_word(uint64_t check) { return ~check | UINT64_C(0x0101010101010101); }

size_t mr_block_room(mr_block block) {
  uint64_t bits = UINT64_C(1) << (ALIGNMENT_AT - 1);
  size_t most = (bits < PTRDIFF_MAX ? (size_t)bits : PTRDIFF_MAX) - TAIL;
  if (block.alignment > most || block.size > most - block.alignment) return 0;
  return block.alignment + block.size + TAIL;
}

mr_region mr_block_outside(void *pointer, mr_block block) {
  /* The alignment is at least the prefix's size. */
  return mr_region_of((unsigned char *)pointer - block.alignment, mr_block_room(block));
}

mr_region mr_block_write(mr_region outside, mr_block block) {
  unsigned char *pointer = (unsigned char *)outside.pointer + block.alignment;
  uint64_t shape = block.size | (uint64_t)__builtin_ctzll(block.alignment) << ALIGNMENT_AT |
                   (uint64_t)block.origin << ORIGIN_AT;
  prefix before = {shape, check_word(shape, pointer)};
  uint64_t after = tail_word(before.check);
  memcpy(pointer - PREFIX, &before, PREFIX);
  memcpy(pointer + block.size, &after, TAIL);
  return mr_region_of(pointer, block.size);
}

static prefix read_prefix(const void *pointer) {
  prefix before;
  memcpy(&before, (const unsigned char *)pointer - PREFIX, PREFIX);
  return before;
}

/* What a block is whose prefix was found right; null, or that its tail is not. */
static const char *read_block(const void *pointer, prefix before, mr_block *out) {
  out->size = (size_t)(before.shape & ((UINT64_C(1) << ALIGNMENT_AT) - 1));
  out->alignment = (size_t)1 << (before.shape >> ALIGNMENT_AT & 63);
  out->origin = (mr_origin)(before.shape >> ORIGIN_AT);
  uint64_t after = tail_word(check_word(before.shape, pointer));
  const unsigned char *end = (const unsigned char *)pointer + out->size;
  return memcmp(end, &after, TAIL) == 0 ? NULL : "written to past its end";
}

const char *mr_block_read(const void *pointer, mr_block *out) {
  if ((uintptr_t)pointer % PREFIX != 0) return "not where a block starts";
  prefix before = read_prefix(pointer);
  uint64_t check = check_word(before.shape, pointer);
  if (before.check == ~check) return "released already";
  if (before.check != check) return "no block, or released already, or written to before its start";
  return read_block(pointer, before, out);
}

static size_t filled_size(mr_block block) {
  return block.size < sizeof filling ? block.size : sizeof filling;
}

void mr_block_retire(void *pointer, mr_block block) {
  prefix before = read_prefix(pointer);
  before.check = ~before.check;
  memcpy((unsigned char *)pointer - PREFIX, &before, PREFIX);
  memcpy(pointer, filling, filled_size(block));
}

const char *mr_block_read_retired(const void *pointer, mr_block *out) {
  static const char used[] = "written to after its release";
  prefix before = read_prefix(pointer);
  if (before.check != ~check_word(before.shape, pointer)) return used;
  if (read_block(pointer, before, out)) return used;
  return memcmp(pointer, filling, filled_size(*out)) == 0 ? NULL : used;
}

/* misuse <what> <size>: misuses a block of so many octets in one way, and goes on a little. Who gets to its end has not
 * been caught. */

/* For RTLD_DEFAULT. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 100 };

typedef unsigned char octet;

/* Compilers know malloc, and would leave out what they know to be wrong. */
static void *(*volatile take)(size_t) = malloc;
static void (*volatile give)(void *) = free;
static void *(*volatile resize)(void *, size_t) = realloc;

static void nothing(volatile octet *block, size_t size) {
  block[0] = 1;
  block[size - 1] = 1;
}

static void overflow_by_one(volatile octet *block, size_t size) { block[size] ^= 0x55; }

static void overflow_by_a_zero(volatile octet *block, size_t size) { block[size] = 0; }

static void overflow_by_many(volatile octet *block, size_t size) {
  for (size_t i = 0; i < MANY; i++) block[size + i] = 'x';
}

static void underflow_by_one(volatile octet *block, size_t size) {
  (void)size;
  block[-1] ^= 0x55;
}

static void underflow_by_many(volatile octet *block, size_t size) {
  (void)size;
  for (int i = 1; i <= MANY; i++) block[-i] = 'x';
}

static void double_free(volatile octet *block, size_t size) {
  (void)size;
  give((void *)block);
}

/* Others came and went in between. */
static void late_double_free(volatile octet *block, size_t size) {
  give((void *)block);
  for (int i = 0; i < 5; i++) give(take(size + 1000));
}

static void invalid_free(volatile octet *block, size_t size) {
  static _Alignas(16) octet octets[256];
  (void)block, (void)size;
  give(octets + 64);
}

static void stack_free(volatile octet *block, size_t size) {
  _Alignas(16) octet octets[256];
  (void)block, (void)size;
  memset(octets, 0, sizeof octets);
  give(octets + 64);
}

static void misaligned_free(volatile octet *block, size_t size) {
  (void)size;
  give((void *)(block + 1));
}

static void inner_free(volatile octet *block, size_t size) {
  (void)size;
  give((void *)(block + 16));
}

static void inner_realloc(volatile octet *block, size_t size) {
  (void)size;
  (void)resize((void *)(block + 16), 0);
}

static void wrong_size_free(volatile octet *block, size_t size) {
  void (*free_sized)(void *, size_t);
  *(void **)&free_sized = dlsym(RTLD_DEFAULT, "free_sized");
  if (free_sized) free_sized((void *)block, size + 1);
}

static void read_after_free(volatile octet *block, size_t size) {
  give((void *)block);
  if (block[0] == 1 && block[size / 2] == 1) puts("read");
}

static void write_after_free(volatile octet *block, size_t size) {
  give((void *)block);
  for (size_t i = 0; i < size && i < 16; i++) block[i] = 'x';
}

static const struct {
  const char *name;
  void (*misuse)(volatile octet *block, size_t size);
  int releases;
} ways[] = {
    {"nothing", nothing, 0},
    {"overflow-by-one", overflow_by_one, 0},
    {"overflow-by-a-zero", overflow_by_a_zero, 0},
    {"overflow-by-many", overflow_by_many, 0},
    {"underflow-by-one", underflow_by_one, 0},
    {"underflow-by-many", underflow_by_many, 0},
    {"double-free", double_free, 0},
    {"late-double-free", late_double_free, 0},
    {"invalid-free", invalid_free, 0},
    {"stack-free", stack_free, 0},
    {"misaligned-free", misaligned_free, 0},
    {"inner-free", inner_free, 0},
    {"inner-realloc", inner_realloc, 0},
    {"wrong-size-free", wrong_size_free, 1},
    {"read-after-free", read_after_free, 1},
    {"write-after-free", write_after_free, 1},
};

/* Between two others, so that what is beside it is no matter of chance. */
static void run(size_t way, size_t size) {
  void *before = take(size);
  octet *block = take(size);
  void *after = take(size);
  memset(before, 1, size);
  memset(block, 1, size);
  memset(after, 1, size);
  ways[way].misuse(block, size);
  if (!ways[way].releases) give(block);
  void *more[3];
  for (int i = 0; i < 3; i++) more[i] = take(size);
  for (int i = 0; i < 3; i++) give(more[i]);
  give(after);
  give(before);
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    if (strcmp(ways[i].name, arguments[1]) != 0) continue;
    run(i, (size_t)strtoul(arguments[2], NULL, 10));
    return 0;
  }
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) puts(ways[i].name);
  return 2;
}

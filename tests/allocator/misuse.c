#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memregions/arena.h"
#include "memregions/arena_scope.h"
#include "memregions/bump.h"
#include "memregions/generic.h"

/*
 * Touches memory that no block has, so that a tool that watches can be seen to report it (tools_test.sh).
 *
 *     misuse <bump|arena> <what> <directly|by-memset>
 *
 * By memset, a program is seen that the tool has not instrumented.
 */

static _Alignas(16) unsigned char storage[4096];
static bool is_direct;

static void touch(void *address) {
  void *(*volatile set)(void *, int, size_t) = memset;
  if (is_direct) {
    *(volatile unsigned char *)address = 1;
  } else {
    set(address, 1, 1);
  }
}

static unsigned char *take(mr_allocator *allocator, size_t size) {
  mr_region block;
  if (mr_allocate(allocator, size, &block) != MR_OK) exit(3);
  memset(block.pointer, 0, size);
  return block.pointer;
}

/* Everything that is allowed, up to the last octet. */
static void nothing(mr_allocator *allocator) {
  mr_mark mark;
  mr_region block = {take(allocator, 24), 24};
  if (mr_allocator_mark(allocator, &mark) != MR_OK) exit(3);
  touch(take(allocator, 3000) + 2999);
  if (mr_allocator_rewind(allocator, mark) != MR_OK) exit(3);
  if (mr_reallocate(allocator, &block, 10) != MR_OK) exit(3);
  touch((unsigned char *)block.pointer + 9);
  mr_ignore(mr_deallocate(allocator, &block));
  if (mr_allocator_clear(allocator) != MR_OK) exit(3);
  touch(take(allocator, 24) + 23);
}

static void after_clear(mr_allocator *allocator) {
  unsigned char *block = take(allocator, 24);
  if (mr_allocator_clear(allocator) == MR_OK) touch(block);
}

static void after_rewind(mr_allocator *allocator) {
  mr_mark mark;
  take(allocator, 24);
  if (mr_allocator_mark(allocator, &mark) != MR_OK) exit(3);
  unsigned char *block = take(allocator, 24);
  if (mr_allocator_rewind(allocator, mark) == MR_OK) touch(block);
}

/* Of a block that is not the newest, and so stays used. */
static void after_deallocate(mr_allocator *allocator) {
  mr_region block = {take(allocator, 24), 24};
  unsigned char *start = block.pointer;
  take(allocator, 24);
  mr_ignore(mr_deallocate(allocator, &block));
  touch(start);
}

static void after_shrinking(mr_allocator *allocator) {
  mr_region block = {take(allocator, 24), 24};
  if (mr_reallocate(allocator, &block, 10) == MR_OK) touch((unsigned char *)block.pointer + 10);
}

static void overrun(mr_allocator *allocator) { touch(take(allocator, 24) + 24); }

static void after_scope_end(mr_allocator *allocator) {
  unsigned char *block = NULL;
  (void)allocator;
  MR_WITH_ARENA(arena, 100) block = take(arena, 24);
  if (block) touch(block);
}

static const struct {
  const char *name;
  void (*run)(mr_allocator *allocator);
} misuses[] = {
    {"nothing", nothing},
    {"after-clear", after_clear},
    {"after-rewind", after_rewind},
    {"after-deallocate", after_deallocate},
    {"after-shrinking", after_shrinking},
    {"overrun", overrun},
    {"after-scope-end", after_scope_end},
};

static void run(const char *name, mr_allocator *allocator) {
  for (size_t i = 0; i < sizeof misuses / sizeof *misuses; i++) {
    if (strcmp(misuses[i].name, name) == 0) {
      misuses[i].run(allocator);
      return;
    }
  }
  fprintf(stderr, "misuse: no such misuse: %s\n", name);
  exit(2);
}

int main(int argc, char **argv) {
  mr_bump bump;
  mr_arena arena;
  if (argc != 4) return 2;
  is_direct = strcmp(argv[3], "directly") == 0;
  if (strcmp(argv[1], "bump") == 0) {
    if (mr_bump_init(&bump, mr_region_of(storage, sizeof storage)) != MR_OK) return 3;
    run(argv[2], &bump.base);
    mr_bump_fini(&bump);
  } else {
    if (mr_arena_init(&arena, NULL) != MR_OK) return 3;
    run(argv[2], &arena.base);
    mr_arena_fini(&arena);
  }
  memset(storage, 0, sizeof storage);
  return 0;
}

/* The optimiser has to see what it could remove: wipe.c is compiled into this file, and both at -O2. */
#include "../../src/region/wipe.c" /* NOLINT(bugprone-suspicious-include) */

#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support.h"

enum { STACK_SIZE = 4 << 20, SECRET_SIZE = 256, SECRET = 0xb7 };

static void wipe_sets_all_octets_to_zero(void **state) {
  (void)state;
  unsigned char octets[] = "#abc#";
  mr_wipe(mr_region_of(octets + 1, 3));
  assert_memory_equal(octets, "#\0\0\0#", 5);
  mr_wipe(mr_region_of(NULL, 0));
}

/* A thread whose stack is the test's, with a local array that nothing reads after it was wiped. */
static void *keep_a_secret(void *use) {
  unsigned char secret[SECRET_SIZE];
  memset(secret, SECRET, sizeof secret);
  (*(void (*const *)(void *))use)(secret);
  mr_wipe(mr_region_of(secret, sizeof secret));
  return NULL;
}

static bool was_used;

static void use_secret(void *secret) { was_used = memchr(secret, SECRET, SECRET_SIZE) != NULL; }

static size_t longest_run(const unsigned char *octets, size_t size) {
  size_t longest = 0, run = 0;
  for (size_t i = 0; i < size; i++) {
    run = octets[i] == SECRET ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

static unsigned char *map(FILE *file) {
  void *memory = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
  assert_ptr_not_equal(memory, MAP_FAILED);
  return memory;
}

static void run_on_stack(void *(*function)(void *), void *argument, void *stack) {
  pthread_attr_t attributes;
  pthread_t thread;
  assert_int_equal(pthread_attr_init(&attributes), 0);
  assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK_SIZE), 0);
  assert_int_equal(pthread_create(&thread, &attributes, function, argument), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  pthread_attr_destroy(&attributes);
}

static void wipe_is_not_taken_for_useless(void **state) {
  (void)state;
  static void (*volatile use)(void *) = use_secret;
  void (*called)(void *) = use;
  FILE *file = tmpfile();
  assert_non_null(file);
  assert_int_equal(ftruncate(fileno(file), STACK_SIZE), 0);
  /* Seen through a second mapping: at its own addresses, tools take a dead stack for out of reach. */
  unsigned char *stack = map(file), *seen = map(file);

  run_on_stack(keep_a_secret, &called, stack);

  assert_true(was_used);
  /* A register full of it may have been spilled; the array itself may not be there. */
  assert_true(longest_run(seen, STACK_SIZE) < SECRET_SIZE / 2);

  munmap(stack, STACK_SIZE);
  munmap(seen, STACK_SIZE);
  assert_int_equal(fclose(file), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wipe_sets_all_octets_to_zero),
      cmocka_unit_test(wipe_is_not_taken_for_useless),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

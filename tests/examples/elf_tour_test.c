/* The tour of a damaged file ends with 0, or with 1 and a message; never otherwise. */

#define _GNU_SOURCE

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memregions.h>

#include "support.h"

int elf_tour(int argc, char **argv);

enum { DAMAGED_COPIES = 10000, CHANGES_AT_MOST = 8 };

typedef struct fixture {
  mr_file original;
  char path[64];
  int file;
  int messages;
  int standard_error;
  int standard_output;
} fixture;

static int set_up(void **state) {
  static fixture f;
  if (mr_file_open(SMALL_ELF, NULL, &f.original, NULL) != MR_OK) return -1;
  f.file = memfd_create("damaged", 0);
  f.messages = memfd_create("messages", 0);
  snprintf(f.path, sizeof f.path, "/proc/self/fd/%d", f.file);
  *state = &f;
  return f.file < 0 || f.messages < 0 ? -1 : 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  close(f->file);
  close(f->messages);
  return mr_file_close(&f->original, NULL) == MR_OK ? 0 : -1;
}

static void mute(fixture *f) {
  int nowhere = open("/dev/null", O_WRONLY);
  fflush(NULL);
  f->standard_output = dup(STDOUT_FILENO);
  f->standard_error = dup(STDERR_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  dup2(f->messages, STDERR_FILENO);
  close(nowhere);
}

static void unmute(fixture *f) {
  fflush(NULL);
  dup2(f->standard_output, STDOUT_FILENO);
  dup2(f->standard_error, STDERR_FILENO);
  close(f->standard_output);
  close(f->standard_error);
}

/* What the tour of `octets` ends with; -1 where it refuses them without a word. */
static int tour_of(fixture *f, mr_view octets) {
  char name[] = "elf_tour";
  char *arguments[] = {name, f->path, NULL};
  if (ftruncate(f->file, 0) != 0 || lseek(f->messages, 0, SEEK_SET) != 0) return -2;
  if (pwrite(f->file, octets.pointer, octets.size, 0) != (ssize_t)octets.size) return -2;
  int result = elf_tour(2, arguments);
  fflush(stderr);
  return result != 0 && lseek(f->messages, 0, SEEK_CUR) == 0 ? -1 : result;
}

static void the_whole_file_is_toured(void **state) {
  fixture *f = *state;
  mute(f);
  int result = tour_of(f, mr_file_view(&f->original));
  unmute(f);
  assert_int_equal(result, 0);
}

static void every_prefix_is_survived(void **state) {
  fixture *f = *state;
  mr_view whole = mr_file_view(&f->original);
  size_t refused = 0, odd = 0;
  mute(f);
  for (size_t size = 0; size < whole.size; size++) {
    int result = tour_of(f, mr_view_of(whole.pointer, size));
    refused += result == 1;
    odd += result != 0 && result != 1;
  }
  unmute(f);
  assert_int_equal(odd, 0);
  /* Section headers stand at the end, so that every prefix lacks some. */
  assert_int_equal(refused, whole.size);
}

static uint64_t next_random(uint64_t *state) {
  /* splitmix64, by Steele, Lea and Flood (2014) */
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static void random_changes_are_survived(void **state) {
  fixture *f = *state;
  mr_view whole = mr_file_view(&f->original);
  mr_region copy;
  assert_int_equal(mr_allocate(NULL, whole.size, &copy), MR_OK);
  uint64_t seed = 20240229;
  size_t refused = 0, odd = 0;
  mute(f);
  for (int i = 0; i < DAMAGED_COPIES; i++) {
    mr_ignore(mr_replace(copy, mr_range_all(), whole, mr_range_all(), NULL));
    uint64_t changes = 1 + next_random(&seed) % CHANGES_AT_MOST;
    for (uint64_t change = 0; change < changes; change++) {
      /* Every other change hits a header, where there is most to go wrong. */
      size_t among = next_random(&seed) % 2 ? whole.size : 64;
      ((unsigned char *)copy.pointer)[next_random(&seed) % among] =
          (unsigned char)next_random(&seed);
    }
    int result = tour_of(f, mr_region_view(copy));
    refused += result == 1;
    odd += result != 0 && result != 1;
  }
  unmute(f);
  mr_deallocate(NULL, &copy);
  assert_int_equal(odd, 0);
  assert_in_range(refused, 1, DAMAGED_COPIES - 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_whole_file_is_toured),
      cmocka_unit_test(every_prefix_is_survived),
      cmocka_unit_test(random_changes_are_survived),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

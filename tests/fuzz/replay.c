/* Runs a fuzz target once over each file that it is given: what is kept as a regression test. */

#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static int replay(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) return EXIT_FAILURE;
  long size = ftell(file);
  /* As large as the input is, so that reading past its end is found. */
  uint8_t *octets = size >= 0 ? malloc(size > 0 ? (size_t)size : 1) : NULL;
  if (!octets) return EXIT_FAILURE;
  rewind(file);
  size_t got = fread(octets, 1, (size_t)size, file);
  fclose(file);
  if (got != (size_t)size) return EXIT_FAILURE;
  LLVMFuzzerTestOneInput(octets, got);
  free(octets);
  return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (replay(argv[i]) != EXIT_SUCCESS) {
      fprintf(stderr, "can't read %s\n", argv[i]);
      return EXIT_FAILURE;
    }
  }
  printf("%d files\n", argc - 1);
  return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}

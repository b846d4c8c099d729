#include "temporary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum { FILES_MAX = 2, PATH_SIZE = 256 };

static char paths[FILES_MAX][PATH_SIZE];
static size_t count;

void temporary_remove_all(void) {
  while (count > 0) unlink(paths[--count]);
}

const char *temporary_create(const char *suffix, int *descriptor) {
  static bool is_registered;
  if (!is_registered) is_registered = atexit(temporary_remove_all) == 0;
  bench_require(count < FILES_MAX, "no room for so many temporary files");
  const char *folder = getenv("TMPDIR");
  char *path = paths[count];
  int length = snprintf(path, PATH_SIZE, "%s/mr-bench-XXXXXX%s", folder ? folder : "/tmp", suffix);
  *descriptor = length < PATH_SIZE ? mkstemps(path, (int)strlen(suffix)) : -1;
  bench_require(*descriptor >= 0, "no temporary file could be made");
  count++;
  return path;
}

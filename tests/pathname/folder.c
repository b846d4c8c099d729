#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

static char folder[200];
static int descriptors_before;
static struct {
  void *pointer;
  size_t size;
} shared;
static pid_t described;

int folder_setup(void **state) {
  (void)state;
  const char *parent = getenv("TMPDIR");
  int length = snprintf(folder, sizeof folder, "%s/memregions-XXXXXX", parent ? parent : "/tmp");
  if (length < 0 || (size_t)length >= sizeof folder || !mkdtemp(folder)) return -1;
  descriptors_before = count_descriptors();
  return chmod(folder, 0755);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where) {
  (void)about, (void)kind, (void)where;
  return remove(path);
}

static bool is_mapped_here(void) {
  char line[1024];
  bool is_mapped = false;
  FILE *maps = fopen("/proc/self/maps", "r");
  assert_non_null(maps);
  while (fgets(line, sizeof line, maps)) is_mapped |= strstr(line, folder) != NULL;
  (void)fclose(maps);
  return is_mapped;
}

int folder_teardown(void **state) {
  (void)state;
  int left = count_descriptors() - descriptors_before;
  bool is_mapped = is_mapped_here();
  if (described > 0) {
    kill(described, SIGKILL);
    waitpid(described, NULL, 0);
    described = 0;
  }
  if (shared.pointer) munmap(shared.pointer, shared.size);
  shared.pointer = NULL;
  nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  assert_int_equal(left, 0);
  assert_false(is_mapped);
  return 0;
}

const char *in_folder(const char *name) {
  static char paths[8][512];
  static unsigned next;
  char *path = paths[next++ % 8];
  int length = snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  assert_true(length > 0 && (size_t)length < sizeof paths[0]);
  return path;
}

uint8_t octet_at(uint64_t index) { return (uint8_t)(index * 7 + index / 256 + 1); }

const char *make_file(const char *name, size_t size) {
  const char *path = in_folder(name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  for (size_t i = 0; i < size; i++) (void)fputc(octet_at(i), file);
  assert_int_equal(fclose(file), 0);
  return path;
}

const char *make_sparse_file(const char *name, uint64_t size) {
  const char *path = make_file(name, 0);
  assert_int_equal(truncate(path, (off_t)size), 0);
  return path;
}

const char *make_unsized_file(size_t size) {
  static char words[] = "/bin/sh\0-c\0kill -STOP $$\0sh";
  static char path[64];
  assert_int_equal(described, 0);
  assert_true(size >= 64);
  char *last = calloc(1, size - sizeof words);
  assert_non_null(last);
  for (size_t i = 0; i < size - sizeof words - 1; i++) last[i] = (char)('a' + i * 7 % 23);
  char *arguments[] = {words, words + 8, words + 11, words + 25, last, NULL};
  assert_int_equal(posix_spawn(&described, words, NULL, NULL, arguments, NULL), 0);
  free(last);
  /* It has its words once it has come to stop itself. */
  assert_int_equal(waitpid(described, NULL, WUNTRACED), described);
  (void)snprintf(path, sizeof path, "/proc/%ld/cmdline", (long)described);
  return path;
}

size_t read_file(const char *path, uint64_t offset, void *into, size_t size) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fseeko(file, (off_t)offset, SEEK_SET), 0);
  size_t count = fread(into, 1, size, file);
  (void)fclose(file);
  return count;
}

uint8_t read_octet(const char *path, uint64_t offset) {
  uint8_t octet;
  assert_int_equal(read_file(path, offset, &octet, 1), 1);
  return octet;
}

void write_octets(const char *path, uint64_t offset, const void *octets, size_t size) {
  FILE *file = fopen(path, "r+b");
  assert_non_null(file);
  assert_int_equal(fseeko(file, (off_t)offset, SEEK_SET), 0);
  assert_int_equal(fwrite(octets, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

int count_descriptors(void) {
  int count = 0;
  DIR *directory = opendir("/proc/self/fd");
  assert_non_null(directory);
  while (readdir(directory)) count++;
  closedir(directory);
  return count;
}

void *make_shared(size_t size) {
  assert_null(shared.pointer);
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  assert_true(pages != MAP_FAILED);
  shared.pointer = pages;
  shared.size = size;
  return pages;
}

static void run(child_work *work, void *context, bool as_nobody) {
  enum { NOBODY = 65534 };
  (void)fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    if (as_nobody && geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) _exit(2);
    work(context);
    _exit(0);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

void run_in_child(child_work *work, void *context) { run(work, context, false); }

void run_as_nobody(child_work *work, void *context) { run(work, context, true); }

struct change {
  const char *path;
  uint64_t at;
  uint8_t octet;
};

static void write_octet(void *context) {
  const struct change *change = context;
  int descriptor = open(change->path, O_WRONLY);
  if (pwrite(descriptor, &change->octet, 1, (off_t)change->at) != 1) _exit(1);
}

static void cut_short(void *context) {
  const struct change *change = context;
  if (truncate(change->path, (off_t)change->at) != 0) _exit(1);
}

void let_other_write(const char *path, uint64_t offset, uint8_t octet) {
  run_in_child(write_octet, &(struct change){path, offset, octet});
}

void let_other_truncate(const char *path, uint64_t size) {
  run_in_child(cut_short, &(struct change){path, size, 0});
}

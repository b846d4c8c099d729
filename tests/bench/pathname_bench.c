#include <fcntl.h>
#include <memregions/pathname.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "temporary.h"

/* Files in the page cache: opened, all their octets summed, and closed. */

enum { BUFFER = 1 << 16 };

/** The file of the case that runs. */
static const char *path;

/* The fixture is a buffer of BUFFER octets. */
static void *file_open(const bench_case *of, bool is_quick) {
  (void)is_quick;
  unsigned char *buffer = malloc(BUFFER);
  bench_require(buffer != NULL, "no memory for a buffer");
  for (size_t i = 0; i < BUFFER; i++) buffer[i] = (unsigned char)i;
  int descriptor;
  path = temporary_create("", &descriptor);
  for (size_t written = 0; written < of->size; written += BUFFER) {
    bench_require(write(descriptor, buffer, BUFFER) == BUFFER, "no room for a temporary file");
  }
  close(descriptor);
  return buffer;
}

static void file_close(void *fixture) {
  temporary_remove_all();
  free(fixture);
}

/* The same for all, 8 octets at a time. */
__attribute__((noinline)) static uint64_t sum_octets(const unsigned char *octets, size_t size) {
  uint64_t sum = 0;
  size_t at = 0;
  for (; size - at >= sizeof sum; at += sizeof sum) {
    uint64_t word;
    memcpy(&word, octets + at, sizeof word);
    sum += word;
    bench_keep(sum);
  }
  for (; at < size; at++) sum += octets[at];
  return sum;
}

static void memregions_work(bench_job *job) {
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    mr_file file;
    bench_require(mr_file_open(path, NULL, &file, NULL) == MR_OK, "mr_file_open failed");
    mr_view view = mr_file_view(&file);
    bench_keep(sum_octets(view.pointer, view.size));
    bench_require(mr_file_close(&file, NULL) == MR_OK, "mr_file_close failed");
  }
}

static void mmap_work(bench_job *job) {
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    bench_require(descriptor >= 0 && fstat(descriptor, &status) == 0, "open failed");
    size_t size = (size_t)status.st_size;
    void *octets = mmap(NULL, size, PROT_READ, MAP_SHARED, descriptor, 0);
    bench_require(octets != MAP_FAILED, "mmap failed");
    bench_keep(sum_octets(octets, size));
    munmap(octets, size);
    close(descriptor);
  }
}

static void read_work(bench_job *job) {
  unsigned char *buffer = job->fixture;
  for (size_t repeat = 0; repeat < job->repeats; repeat++) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    bench_require(descriptor >= 0, "open failed");
    uint64_t sum = 0;
    ssize_t got;
    while ((got = read(descriptor, buffer, BUFFER)) > 0) {
      sum += sum_octets(buffer, (size_t)got);
    }
    bench_require(got == 0, "read failed");
    bench_keep(sum);
    close(descriptor);
  }
}

static const bench_subject peers[] = {
    {.name = "mmap", .work = mmap_work},
    {.name = "read", .work = read_work},
    {0},
};

static const bench_case cases[] = {
    {.name = "open-sum-64k",
     .size = (size_t)64 << 10,
     .unit = "file",
     .units = 1,
     .memregions = {.name = "memregions", .work = memregions_work},
     .peers = peers},
    {.name = "open-sum-16m",
     .size = (size_t)16 << 20,
     .unit = "file",
     .units = 1,
     .memregions = {.name = "memregions", .work = memregions_work},
     .peers = peers},
};

const bench_component pathname_bench = {.name = "pathname",
                                        .open = file_open,
                                        .close = file_close,
                                        .cases = cases,
                                        .case_count = BENCH_COUNT(cases)};

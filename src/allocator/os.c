/* For MAP_ANONYMOUS. */
#define _DEFAULT_SOURCE

#include "os.h"

#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

size_t mr_os_page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

size_t mr_os_whole_pages(size_t size) {
  size_t page = mr_os_page_size();
  return size <= PTRDIFF_MAX - (page - 1) ? (size + page - 1) & ~(page - 1) : 0;
}

mr_region mr_os_reserve(size_t size) {
  void *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return start == MAP_FAILED ? mr_region_of(NULL, 0) : mr_region_of(start, size);
}

bool mr_os_commit(void *start, size_t size) {
  return mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
}

bool mr_os_decommit(void *start, size_t size) {
  /* A new mapping in place of the old one: that frees its pages and its share of what the system lets be committed. */
  return mmap(start, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
              0) != MAP_FAILED;
}

void mr_os_unmap(void *start, size_t size) { (void)munmap(start, size); }

uintptr_t mr_os_secret(void) {
  uintptr_t secret = 0;
  if (getrandom(&secret, sizeof secret, GRND_NONBLOCK) == (ssize_t)sizeof secret) return secret;
  /* So early that there is no entropy yet: where the system has put stack and clock is the best to be had. */
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  secret = (uintptr_t)&secret ^ (uintptr_t)now.tv_nsec;
  return secret * (uintptr_t)UINT64_C(0x9E3779B97F4A7C15);
}

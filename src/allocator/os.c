/* For MAP_ANONYMOUS and mremap. */
#define _GNU_SOURCE

#include "os.h"

#include <errno.h>
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

bool mr_os_reserve_at(void *start, size_t size) {
  /* An address without MAP_FIXED is a wish: it takes the place of nothing. */
  void *got = mmap(start, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == start) return true;
  if (got != MAP_FAILED) (void)munmap(got, size);
  return false;
}

bool mr_os_commit(void *start, size_t size) {
  return mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
}

bool mr_os_protect(void *start, size_t size) { return mprotect(start, size, PROT_NONE) == 0; }

bool mr_os_decommit(void *start, size_t size) {
  /* A new mapping in place of the old one: that frees its pages and its share of what the system lets be committed. */
  void *got =
      mmap(start, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  if (got != MAP_FAILED) return true;
#if defined(__linux__)
  /* A process that has as many mappings as it may have can still change them. */
  if (mr_os_protect(start, size)) {
    if (mr_os_discard(start, size)) return true;
    (void)mr_os_commit(start, size);
  }
#endif
  return false;
}

bool mr_os_discard(void *start, size_t size) {
#if defined(__linux__)
  return madvise(start, size, MADV_DONTNEED) == 0;
#else
  return mmap(start, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
              0) != MAP_FAILED;
#endif
}

#if defined(__linux__)
/* Whether pages can be moved: those of several mappings can't, say. Linux before 6.17 finds that out when it has unmapped
 * what is at the target already, where other threads may then map something. Growing in place finds it out too. */
static bool can_move(void *start, size_t size, size_t new_size) {
  size_t more = (new_size > size ? new_size - size : 0) + mr_os_page_size();
  if (mremap(start, size, size + more, 0) == MAP_FAILED) return errno == ENOMEM;
  (void)munmap((unsigned char *)start + size, more);
  return true;
}
#endif

bool mr_os_move(void *start, size_t size, void *to, size_t new_size) {
#if defined(__linux__)
  if (!can_move(start, size, new_size)) return false;
  return mremap(start, size, new_size, MREMAP_MAYMOVE | MREMAP_FIXED, to) != MAP_FAILED;
#else
  (void)start, (void)size, (void)to, (void)new_size;
  return false;
#endif
}

bool mr_os_unmap(void *start, size_t size) { return munmap(start, size) == 0; }

mr_region mr_os_map_huge(size_t size) {
#if defined(MAP_HUGETLB)
  /* The size of a huge page as its logarithm, from bit 26 on: whatever the system's usual one is. */
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (21 << 26);
  void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (start != MAP_FAILED) return mr_region_of(start, size);
#else
  (void)size;
#endif
  return mr_region_of(NULL, 0);
}

void mr_os_prefer_huge(void *start, size_t size) {
#if defined(MADV_HUGEPAGE)
  (void)madvise(start, size, MADV_HUGEPAGE);
#else
  (void)start, (void)size;
#endif
}

uintptr_t mr_os_secret(void) {
  uintptr_t secret = 0;
  if (getrandom(&secret, sizeof secret, GRND_NONBLOCK) == (ssize_t)sizeof secret) return secret;
  /* So early that there is no entropy yet: where the system has put stack and clock is the best to be had. */
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  secret = (uintptr_t)&secret ^ (uintptr_t)now.tv_nsec;
  return secret * (uintptr_t)UINT64_C(0x9E3779B97F4A7C15);
}

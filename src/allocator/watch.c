#include "watch.h"

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define HAS_VALGRIND 1
#endif
#endif

#if defined(__GNUC__) && defined(__ELF__)
#define HAS_ASAN 1
/* Null where the sanitizer's run time is not in this process. The names are its own. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) */
extern void __asan_poison_memory_region(const volatile void *start, size_t size)
    __attribute__((weak));
extern void __asan_unpoison_memory_region(const volatile void *start, size_t size)
    __attribute__((weak));
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */
#endif

bool mr_watch_is_on(void) {
#if HAS_ASAN
  if (__asan_poison_memory_region && __asan_unpoison_memory_region) return true;
#endif
#if HAS_VALGRIND
  if (RUNNING_ON_VALGRIND) return true;
#endif
  return false;
}

void mr_watch_hide(const void *start, size_t size) {
  if (size == 0) return;
#if HAS_ASAN
  if (__asan_poison_memory_region) __asan_poison_memory_region(start, size);
#endif
#if HAS_VALGRIND
  VALGRIND_MAKE_MEM_NOACCESS(start, size);
#endif
}

static void unpoison(const void *start, size_t size) {
#if HAS_ASAN
  if (__asan_unpoison_memory_region) __asan_unpoison_memory_region(start, size);
#else
  (void)start, (void)size;
#endif
}

void mr_watch_show(const void *start, size_t size) {
  if (size == 0) return;
  unpoison(start, size);
#if HAS_VALGRIND
  VALGRIND_MAKE_MEM_UNDEFINED(start, size);
#endif
}

void mr_watch_show_contents(const void *start, size_t size) {
  if (size == 0) return;
  unpoison(start, size);
#if HAS_VALGRIND
  VALGRIND_MAKE_MEM_DEFINED(start, size);
#endif
}

void mr_watch_resize(mr_region block, size_t size) {
  unsigned char *start = block.pointer;
  if (size > block.size) mr_watch_show(start + block.size, size - block.size);
  if (size < block.size) mr_watch_hide(start + size, block.size - size);
}

/* For dladdr and _dl_find_object. */
#define _GNU_SOURCE

#include "own_calls.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

/* The file that an address was loaded from; null where that is not known. */
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 35)
#include <link.h>

/* Takes no lock. The dynamic linker asks malloc while it has its own, and this may be malloc's. */
static const char *file_of(void *address) {
  struct dl_find_object found;
  return _dl_find_object(address, &found) == 0 ? found.dlfo_link_map->l_name : NULL;
}
#else
static const char *file_of(void *address) {
  Dl_info in;
  return dladdr(address, &in) ? in.dli_fname : NULL;
}
#endif

/* In a component's library, or in one that replaces malloc. */
static bool is_own(void *address) {
  const char *path = file_of(address);
  if (!path) return false;
  const char *slash = strrchr(path, '/');
  const char *file = slash ? slash + 1 : path;
  return strncmp(file, "libmr-", strlen("libmr-")) == 0 ||
         strncmp(file, "libmemregions-", strlen("libmemregions-")) == 0;
}

size_t mr_own_calls(const mr_call_stack *stack) {
  size_t own = 0;
  while (own < stack->depth && is_own(stack->frames[own])) own++;
  return own;
}

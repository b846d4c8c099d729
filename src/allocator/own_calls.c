/* For dladdr. */
#define _GNU_SOURCE

#include "own_calls.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

static bool is_own(const void *address) {
  Dl_info in;
  if (!dladdr(address, &in) || !in.dli_fname) return false;
  const char *slash = strrchr(in.dli_fname, '/');
  const char *file = slash ? slash + 1 : in.dli_fname;
  return strncmp(file, "libmr-", strlen("libmr-")) == 0;
}

size_t mr_own_calls(const mr_call_stack *stack) {
  size_t own = 0;
  while (own < stack->depth && is_own(stack->frames[own])) own++;
  return own;
}

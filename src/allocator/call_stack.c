/* For dladdr. */
#define _GNU_SOURCE

#include "memregions/call_stack.h"

#include <dlfcn.h>
#include <stdint.h>
#include <unwind.h>

/* What is under way, as the unwinder goes out. */
typedef struct walk {
  mr_call_stack stack;
  size_t skip;
} walk;

static _Unwind_Reason_Code step(struct _Unwind_Context *frame, void *context) {
  walk *at = context;
  uintptr_t address = _Unwind_GetIP(frame);
  if (address == 0 || at->stack.depth == MR_CALL_STACK_DEPTH) return _URC_END_OF_STACK;
  if (at->skip > 0) {
    at->skip--;
  } else {
    at->stack.frames[at->stack.depth++] = (void *)address; /* NOLINT(performance-no-int-to-ptr) */
  }
  return _URC_NO_REASON;
}

/* Not inlined, as by link-time optimisation: the first frame, which is left out, is this function's own. */
__attribute__((noinline)) mr_call_stack mr_call_stack_here(size_t skip) {
  walk at = {.skip = skip < SIZE_MAX ? skip + 1 : skip};
  (void)_Unwind_Backtrace(step, &at);
  return at.stack;
}

static mr_status print_frame(const void *address, const char *indent, mr_write_function *write,
                             void *context) {
  Dl_info in;
  if (!dladdr(address, &in) || !in.dli_fname) {
    return mr_text_print(write, context, "%s%p\n", indent, address);
  }
  size_t offset = (uintptr_t)address - (uintptr_t)in.dli_fbase;
  /* The precision keeps the longest line within what mr_text_print can print. */
  return mr_text_print(write, context, "%s%p %.200s+0x%zx%s%.200s\n", indent, address, in.dli_fname,
                       offset, in.dli_sname ? " " : "", in.dli_sname ? in.dli_sname : "");
}

mr_status mr_call_stack_print(const mr_call_stack *stack, const char *indent,
                              mr_write_function *write, void *context) {
  for (size_t i = 0; i < stack->depth; i++) {
    mr_status status = print_frame(stack->frames[i], indent, write, context);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

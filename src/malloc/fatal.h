#ifndef MEMREGIONS_MALLOC_FATAL_H
#define MEMREGIONS_MALLOC_FATAL_H

/* Each writes one line to file descriptor 2, "memregions: <subject>: <what>", and aborts. They take no memory. */

#include "memregions/guarded.h"

_Noreturn void mr_fatal(const char *subject, const char *what);

/* The subject is a block. */
_Noreturn void mr_fatal_at(const void *pointer, const char *what);

/* The subject is a call: "free(0x1234)". What is known of the block follows; null where that is nothing. */
_Noreturn void mr_fatal_call(const char *function, const void *pointer, const char *what,
                             const mr_fault *block);

#endif

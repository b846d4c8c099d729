#ifndef MEMREGIONS_ALLOCATOR_OUT_OF_LINE_H
#define MEMREGIONS_ALLOCATOR_OUT_OF_LINE_H

/* Keeps a function out of those that call it, so that the path for most calls saves no registers for the rest. */
#if defined(__GNUC__)
#define MR_OUT_OF_LINE __attribute__((noinline))
#else
#define MR_OUT_OF_LINE
#endif

#endif

#ifndef MEMREGIONS_TYPE_EIGHTBYTE_H
#define MEMREGIONS_TYPE_EIGHTBYTE_H

/*
 * How compilers pass a value on x86-64 System V (psABI 3.2.3).
 *
 * A value of up to 16 octets travels as two eightbytes, each in an integer or a vector register by what
 * is in it; others travel in memory. gcc and clang read that differently in places: so it is worked out
 * as each of them does, and only what comes out the same is given an answer.
 */

#include <stdbool.h>

#include "type.h"

enum { MR_EIGHTBYTE = 8, MR_EIGHTBYTES = 2, MR_IN_REGISTERS = MR_EIGHTBYTE * MR_EIGHTBYTES };

/** What an eightbyte travels as. In memory, if either is MR_CLASS_MEMORY. */
typedef enum mr_class {
  MR_CLASS_NONE,
  MR_CLASS_INTEGER,
  MR_CLASS_SSE,
  MR_CLASS_X87,
  MR_CLASS_X87_UP,
  MR_CLASS_MEMORY
} mr_class;

typedef struct mr_classes {
  mr_class of[MR_EIGHTBYTES];
  bool is_memory;
} mr_classes;

/** The classes of a struct or union. An eightbyte of nothing but padding is MR_CLASS_NONE.
 *
 * @param[out] out  untouched on failure
 * @retval MR_UNSUPPORTED  compilers differ, or it holds a vector, a scalar that is not this machine's or
 *                         a struct laid out for another, or so much that it would take too long
 */
mr_status mr_classes_of(const mr_type *type, mr_classes *out);

/** Whether it is laid out for this machine. */
static inline bool mr_type_is_native(const mr_type *type) {
  return type->target == MR_TARGET_NATIVE || type->target == (uint8_t)mr_target_native();
}

#endif

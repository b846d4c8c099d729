#ifndef MEMREGIONS_TYPE_TARGET_H
#define MEMREGIONS_TYPE_TARGET_H

/*
 * What C's types are on each target.
 *
 * What always holds: alignments are powers of two, and those inside structs, as C11's _Alignof gives them. A size of 0
 * means that the target has no such type.
 */

#include <stddef.h>
#include <stdint.h>

#include "memregions/load.h"
#include "memregions/target.h"

/** C's basic types. Signed and unsigned ones are alike. */
typedef enum mr_basic {
  MR_BASIC_BOOL,
  MR_BASIC_CHAR,
  MR_BASIC_SHORT,
  MR_BASIC_INT,
  MR_BASIC_LONG,
  MR_BASIC_LONG_LONG,
  MR_BASIC_INT128,
  MR_BASIC_FLOAT,
  MR_BASIC_DOUBLE,
  MR_BASIC_LONG_DOUBLE,
  MR_BASIC_FLOAT_COMPLEX,
  MR_BASIC_DOUBLE_COMPLEX,
  MR_BASIC_LONG_DOUBLE_COMPLEX,
  MR_BASIC_POINTER,
  MR_BASIC_COUNT
} mr_basic;

/** Octets. */
typedef struct mr_basic_traits {
  uint8_t size;
  uint8_t alignment;
} mr_basic_traits;

/** How long double's octets are read. */
typedef enum mr_long_double_format {
  /** As double. */
  MR_LONG_DOUBLE_IS_DOUBLE,
  /** The 80-bit extended format of x87, then padding. */
  MR_LONG_DOUBLE_IS_X87,
  /** IEEE 754 binary128. */
  MR_LONG_DOUBLE_IS_QUAD,
  /** None of these: only this machine's arithmetic reads it. */
  MR_LONG_DOUBLE_IS_OTHER
} mr_long_double_format;

/** An integer type of a header by the basic type that it is. */
typedef struct mr_integer_name {
  uint8_t basic;
  bool is_signed;
} mr_integer_name;

typedef struct mr_target_traits {
  /** MR_LITTLE_ENDIAN or MR_BIG_ENDIAN. */
  mr_byte_order order;
  mr_long_double_format long_double_format;
  /** Of plain char. */
  bool is_char_signed;
  /** An enum is int, whatever its enumerators are, and attribute packed does nothing to it. Else it is the first of
   * unsigned int, int, unsigned long, long, (unsigned) long long that holds them; packed, also of the smaller ones. */
  bool is_enum_always_int;
  mr_basic_traits basic[MR_BASIC_COUNT];
  /** wchar_t, wint_t. */
  mr_integer_name wchar, wint;
  /** size_t and ptrdiff_t; uintptr_t, intptr_t and ssize_t are alike. */
  uint8_t size_basic;
  /** int64_t, and intmax_t. */
  uint8_t int64_basic, intmax_basic;
  /** int_fast16_t, int_fast32_t, int_fast64_t; int_fast8_t is char. */
  uint8_t fast16_basic, fast32_basic, fast64_basic;
  /** What attribute aligned without a number asks for. */
  uint8_t attribute_alignment;
  /** Vectors are aligned as they are large, up to this, by every compiler. */
  size_t vector_alignment_max;
  /** But compilers, or their flags, differ about vectors of this to that many octets; 0 for none. */
  size_t doubtful_vector_min, doubtful_vector_max;
  /** _Atomic scalars of 1, 2, 4 ... up to this many octets are aligned as they are large; larger ones as without _Atomic. */
  uint8_t atomic_alignment_max;
  /** What clang aligns __int128 to where it differs from gcc, whose alignment stands in basic; 0 where it doesn't. */
  uint8_t clang_int128_alignment;
  /** sizeof of a struct without members: 0 by GNU's rule, 4 by Microsoft's. */
  uint8_t empty_struct_size;
  /** What an object can be large. */
  size_t size_max;
} mr_target_traits;

/** @return  static; null for what is no target */
const mr_target_traits *mr_target_traits_of(mr_target target);

#endif

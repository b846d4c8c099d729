#ifndef MEMREGIONS_TESTS_DESCRIBED_TYPE_H
#define MEMREGIONS_TESTS_DESCRIBED_TYPE_H

/*
 * Types from a few letters, for tests that need many.
 *
 *     b bool   c s i l q  int8_t to __int128   C S I L Q  the same unsigned   f d e  float to long double
 *     x y z  their complex forms   p pointer   ^i  in the other byte order
 *     [3]i  array   {ci}  struct   <ci>  union   ~1:i  realigned
 *     {P;ci}  packed   {A8;ci}  aligned   {K2;ci}  pack, all before the semicolon
 *     {!i}  packed member   {@8:i}  aligned member   {_{ci}}  member without name
 *
 * Members are called m0, m1, m2 ..., in the order in which they start. Text that is none of this, and what can't be
 * built, fails the running test.
 */

#include <memregions/type.h>

/** The type that `text` describes: the caller's reference. */
const mr_type *described_type(mr_allocator *allocator, const char *text);

#endif

#ifndef MEMREGIONS_TYPE_PRIVATE_H
#define MEMREGIONS_TYPE_PRIVATE_H

/*
 * What a type is made of. Private to the component.
 *
 * A type is one block: the mr_type, its members, the table of its names, and the text of names. A
 * type made from another (another alignment, another name) keeps that one as its origin and borrows
 * all that is not in its own block from it; an origin has none itself.
 */

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "memregions/type.h"

/** Out of line, so that the way past it needs no stack frame. */
#if defined(__GNUC__)
#define MR_COLD __attribute__((cold, noinline))
#else
#define MR_COLD
#endif

/** How deep types nest: a scalar is 0, what is made of it 1. Releasing a type recurses this far. */
#define MR_TYPE_DEPTH_MAX 64

/** A name by which a path finds what is at `offset`: a member's own, or of a member of a member
 * without name. Not there where `text` is null. */
typedef struct mr_name {
  const char *text;
  size_t length;
  /** Of up to 8 octets, the text itself; of more, a hash. */
  uint64_t key;
  const mr_type *type;
  size_t offset;
} mr_name;

/** An open hash table: `capacity` is 0, or a power of two, three times `count` and more. */
typedef struct mr_names {
  mr_name *table;
  size_t capacity;
  size_t count;
} mr_names;

struct mr_type {
  size_t size;
  size_t alignment;
  const char *name;
  /** Of an array. */
  const mr_type *element;
  /** Elements, or members. */
  size_t count;
  const mr_member *members;
  mr_names names;
  const mr_type *origin;
  uint8_t kind;
  /** MR_LITTLE_ENDIAN or MR_BIG_ENDIAN. */
  uint8_t order;
  /** A scalar whose octets are not as this machine has them. */
  bool is_swapped;
  /** Whether it is such a scalar, or holds one. */
  bool has_swapped;
  bool is_static;
  uint8_t depth;
  atomic_size_t references;
  /** Null until it is asked for, and where none is built. */
  _Atomic(struct _ffi_type *) ffi;
  mr_allocator *allocator;
  /** Octets of the block. */
  size_t block_size;
};

/** `type`, or what it was made from. */
static inline const mr_type *mr_type_origin(const mr_type *type) {
  return type->origin ? type->origin : type;
}

static inline bool mr_kind_is_scalar(mr_kind kind) {
  return kind >= MR_KIND_BOOL && kind <= MR_KIND_POINTER;
}

static inline bool mr_kind_is_complex(mr_kind kind) {
  return kind >= MR_KIND_COMPLEX_F32 && kind <= MR_KIND_COMPLEX_LONG_DOUBLE;
}

static inline bool mr_kind_has_members(mr_kind kind) {
  return kind == MR_KIND_STRUCT || kind == MR_KIND_UNION;
}

/** The order of this machine. */
mr_byte_order mr_machine_order(void);

/** The static type of kind void. */
const mr_type *mr_void_type(void);

/** A power of two that is no more than PTRDIFF_MAX. */
bool mr_is_alignment(size_t alignment);

/** Makes a type like `origin` with a name (null for none) and alignment of its own. */
mr_status mr_type_derive(mr_allocator *allocator, const mr_type *origin, const char *name,
                         size_t alignment, const mr_type **out);

/** Gives back what mr_type_ffi has built for `type`, if anything. */
void mr_type_discard_ffi(mr_type *type);

#endif

#ifndef MEMREGIONS_TYPE_PRIVATE_H
#define MEMREGIONS_TYPE_PRIVATE_H

/*
 * What a type is made of. Private to the component.
 *
 * A type that is built is one block: the mr_type, its members, the table of its names, and the text of
 * names. A type made from another (another alignment, another name) keeps that one as its origin and
 * borrows all that is not in its own block from it; an origin has none itself.
 *
 * Types that are read from declarations live in a group, all in one arena, and point to each other as
 * they like, in circles too: a reference to one of them is a reference to the group.
 */

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "memregions/slot.h"
#include "memregions/type.h"

/** MR_COLD: out of line, so that the way past it needs no stack frame. MR_FLAT: inline in each caller,
 * however long. */
#if defined(__GNUC__)
#define MR_COLD __attribute__((cold, noinline))
#define MR_FLAT inline __attribute__((always_inline))
#else
#define MR_COLD
#define MR_FLAT inline
#endif

/** How deep types nest: a scalar is 0, what is made of it 1. What goes through a type recurses this far.
 * Behind a pointer, what has a tag counts as a scalar: it is known by that. */
#define MR_TYPE_DEPTH_MAX 64

/** The bits of a slot's place below its offset. */
#define MR_SLOT_LOW_MASK ((UINT32_C(1) << MR_SLOT_SHIFT) - 1)

/** A name by which a path finds what is at `offset`: a member's own, or of a member of a member
 * without name. Not there where `text` is null. */
typedef struct mr_name {
  const char *text;
  /** Of up to 8 octets, the text itself; of more, a hash. */
  uint64_t key;
  const mr_type *type;
  size_t offset;
  uint32_t length;
  /** Below MR_SLOT_SHIFT, what a slot's place has below its offset; above, the binary logarithm of the
   * alignment as placed. */
  uint32_t access;
} mr_name;

/** An open hash table: `capacity` is 0, or a power of two, three times `count` and more. */
typedef struct mr_names {
  mr_name *table;
  size_t capacity;
  uint32_t count;
  /** 64 less the binary logarithm of the capacity. */
  uint8_t shift;
  /** Of keys; see mr_name_multiplier. */
  uint64_t multiplier;
} mr_names;

/** Types that live and end together. */
typedef struct mr_type_group mr_type_group;

struct mr_type {
  size_t size;
  size_t alignment;
  const char *name;
  /** Of an array, a pointer, a function. */
  const mr_type *element;
  /** Elements, members, parameters or enumerators. */
  size_t count;
  const mr_member *members;
  const mr_enumerator *enumerators;
  mr_names names;
  const mr_type *origin;
  uint8_t kind;
  /** MR_LITTLE_ENDIAN or MR_BIG_ENDIAN. */
  uint8_t order;
  uint8_t depth;
  /** An mr_target. */
  uint8_t target;
  /** A scalar whose octets are not in this machine's order. */
  bool is_swapped;
  /** Whether it is such a scalar, or holds one. */
  bool has_swapped;
  /** A scalar whose octets are not as this machine has them: swapped, or of another size. */
  bool is_foreign;
  bool is_static;
  bool is_enum;
  bool is_character;
  bool is_flexible;
  bool is_vector;
  bool is_variadic;
  /** Declared and not defined. */
  bool is_incomplete;
  /** A struct or union that the reader made: whether a member has a name, or one inside a member without. */
  bool has_names;
  /** Whether it is a flexible array, or a struct or union that ends with one. */
  bool has_flexible;
  /* What a layout has to know, as in layout_rule.h; alignments as by mr_alignment_pack. */
  bool is_user_aligned;
  uint8_t clang_alignment;
  uint8_t required_alignment;
  /** Of that, what comes from inside a struct or union, or of an array's elements. */
  uint8_t inner_required_alignment;

  /* What is above stays as it is once others may see the type; what is below is for its keepers. */

  /** Null, or what an incomplete type has become. */
  _Atomic(const mr_type *) completion;
  /** Null until it is asked for, and where none is built. */
  _Atomic(struct _ffi_type *) ffi;
  /** Null: it is a block of its own. */
  mr_type_group *group;
  union {
    /* Of a block. */
    struct {
      atomic_size_t references;
      mr_allocator *allocator;
      /** Octets of it. */
      size_t block_size;
    };
    /* Of a type in a group. */
    struct {
      /** The pointer to this type, if there is one. */
      const mr_type *pointer;
      /** What an incomplete type becomes when what is being read ends well. */
      const mr_type *pending;
      /** A type that C takes for the same, of no later text; null, or not found out. */
      const mr_type *same;
      /** The number of the text that it was read from. */
      uint64_t text;
    };
  };
  /** In a group: whether its body is being read. */
  bool is_being_defined;
  /** In a group: whether its names have their table. */
  bool is_indexed;
  /** In a group: whether it may be handed out: it is indexed, and so is all that it leads to. */
  bool is_ready;
};

/** `type`, or what it was made from. */
static inline const mr_type *mr_type_origin(const mr_type *type) {
  return type->origin ? type->origin : type;
}

/** The tag of a struct, union or enum, whatever typedefs name it; null where it has none. */
static inline const char *mr_type_tag(const mr_type *type) {
  const char *tag = mr_type_origin(type)->name;
  return tag && *tag ? tag : NULL;
}

/** `type`, or what it has become since it was only declared. */
static inline const mr_type *mr_type_completed(const mr_type *type) {
  if (!type || !type->is_incomplete) return type;
  const mr_type *complete =
      atomic_load_explicit(&((mr_type *)type)->completion, memory_order_acquire);
  return complete ? complete : type;
}

static inline bool mr_kind_is_integer(mr_kind kind) {
  return kind >= MR_KIND_I8 && kind <= MR_KIND_U128;
}

static inline bool mr_kind_is_signed(mr_kind kind) {
  return mr_kind_is_integer(kind) && (kind - MR_KIND_I8) % 2 == 0;
}

static inline bool mr_kind_is_scalar(mr_kind kind) {
  return (kind >= MR_KIND_BOOL && kind <= MR_KIND_POINTER) ||
         (kind >= MR_KIND_F80 && kind <= MR_KIND_COMPLEX_F128);
}

static inline bool mr_kind_is_complex(mr_kind kind) {
  return (kind >= MR_KIND_COMPLEX_F32 && kind <= MR_KIND_COMPLEX_LONG_DOUBLE) ||
         kind == MR_KIND_COMPLEX_F80 || kind == MR_KIND_COMPLEX_F128;
}

static inline bool mr_kind_has_members(mr_kind kind) {
  return kind == MR_KIND_STRUCT || kind == MR_KIND_UNION;
}

/** Whether memory can be of this type. */
static inline bool mr_type_is_data(const mr_type *type) {
  return type && type->kind != MR_KIND_VOID && type->kind != MR_KIND_FUNCTION &&
         !type->is_incomplete;
}

/** The order of this machine. */
mr_byte_order mr_machine_order(void);

/** The static type of kind void. */
const mr_type *mr_void_type(void);

/** A power of two that is no more than PTRDIFF_MAX. */
bool mr_is_alignment(size_t alignment);

/** An alignment in an octet, or 0 for none. */
uint8_t mr_alignment_pack(size_t alignment);
static inline size_t mr_alignment_unpack(uint8_t packed) {
  return packed > 0 ? (size_t)1 << (packed - 1) : 0;
}

/** Whose memory belongs to the type: its descriptors, say. */
mr_allocator *mr_type_allocator(const mr_type *type);

/** How deep what points to `pointee` nests, less one: what has a tag is known by that. */
size_t mr_type_depth_behind(const mr_type *pointee);

/* What types of each form are, but for memory and references: zeroed types that become one. */

void mr_type_set_array(mr_type *type, const mr_type *element, size_t count);
void mr_type_set_pointer(mr_type *type, mr_target target, const mr_type *pointee);
void mr_type_set_enum(mr_type *type, const mr_type *integer, const mr_enumerator *enumerators,
                      size_t count);
/** Its origin is `like`, or the origin of that.
 *
 * @param alignment  as by attribute aligned on a typedef; 0 for none
 */
void mr_type_set_like(mr_type *type, const mr_type *like, size_t alignment);

/** Makes a type like `origin` with a name (null for none) of its own; its alignment as by mr_type_set_like. */
mr_status mr_type_derive(mr_allocator *allocator, const mr_type *origin, const char *name,
                         size_t alignment, const mr_type **out);

/** What a slot's place has below the offset. */
static inline uint32_t mr_type_access(const mr_type *type, unsigned bit_offset,
                                      unsigned bit_width) {
  uint32_t access = type->kind;
  if (type->is_foreign || bit_width > 0) access |= MR_SLOT_INDIRECT;
  return bit_offset << 16 | bit_width << 8 | access;
}

/** Sets what follows from kind, size and order of a scalar: is_swapped, has_swapped, is_foreign. */
void mr_type_settle_scalar(mr_type *type);

/** Gives back what mr_type_ffi has built for `type`, if anything. */
void mr_type_discard_ffi(mr_type *type);

#endif

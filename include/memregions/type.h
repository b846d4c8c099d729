#ifndef MEMREGIONS_TYPE_H
#define MEMREGIONS_TYPE_H

/*
 * Types: what octets mean.
 *
 * An mr_type describes memory: a scalar, an array, a struct or a union, with names. Types are made
 * from libffi's descriptors, or built; sequence and object see memory through them.
 *
 * What always holds (mr_type_is_sound):
 *   - a type is complete before anyone sees it, and never changes;
 *   - size is at most PTRDIFF_MAX, and a multiple of alignment unless the type was realigned;
 *   - alignment is a power of two, and at most PTRDIFF_MAX;
 *   - every member lies inside its type;
 *   - types nest 64 deep at most, scalars not counted;
 *   - a type keeps the types that it is made of.
 *
 * Types are counted references: whoever makes one releases it, whoever keeps one acquires it.
 * Scalar types are static; acquiring and releasing them does nothing. A null type is taken for void.
 *
 * Names of members are C identifiers, in which `$` and octets above 127 count as letters.
 *
 * Threads: types are free to share; acquire, release and the first mr_type_ffi may be called from
 * any thread where the allocator may that the type was made with.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/allocator.h>
#include <memregions/load.h>
#include <memregions/region.h>

#ifdef __cplusplus
extern "C" {
#endif

/** libffi's descriptor; see memregions/ffi.h. */
struct _ffi_type;

/** What a type is. Values never change between releases; new ones are added at the end. */
typedef enum mr_kind {
  MR_KIND_VOID = 0,
  MR_KIND_BOOL = 1,
  MR_KIND_I8 = 2,
  MR_KIND_U8 = 3,
  MR_KIND_I16 = 4,
  MR_KIND_U16 = 5,
  MR_KIND_I32 = 6,
  MR_KIND_U32 = 7,
  MR_KIND_I64 = 8,
  MR_KIND_U64 = 9,
  MR_KIND_I128 = 10,
  MR_KIND_U128 = 11,
  MR_KIND_F32 = 12,
  MR_KIND_F64 = 13,
  MR_KIND_LONG_DOUBLE = 14,
  MR_KIND_COMPLEX_F32 = 15,
  MR_KIND_COMPLEX_F64 = 16,
  MR_KIND_COMPLEX_LONG_DOUBLE = 17,
  MR_KIND_POINTER = 18,
  MR_KIND_ARRAY = 19,
  MR_KIND_STRUCT = 20,
  MR_KIND_UNION = 21
} mr_kind;

/** An immutable, counted description of memory. */
typedef struct mr_type mr_type;

/* Scalars. */

/** The type of a scalar.
 *
 * @param kind   from MR_KIND_BOOL to MR_KIND_POINTER
 * @param order  of its octets in memory
 * @return       static; null where `kind` is no scalar or `order` none, and for long doubles in an
 *               order that is not this machine's
 */
MR_API const mr_type *mr_scalar_type(mr_kind kind, mr_byte_order order);

/* From libffi. */

/** Makes a type from libffi's descriptor of a scalar or a struct.
 *
 * Offsets follow this library's own layout rule, which is the C compiler's; the descriptor is only
 * read, and need not have been through ffi_prep_cif. It and the names are copied: nothing is
 * borrowed.
 *
 *     static const char *const names[] = {"x", "y", "place", "line", "column"};
 *     mr_type_of_ffi(NULL, &point, "point", names, &type, NULL);    (place holds line and column)
 *
 * @param allocator       of the type; borrowed as long as the type lives. Null is the system's
 * @param ffi             what to describe
 * @param name            of the type; null for none, or for a scalar's own
 * @param member_names    one a member, depth first: the members of a nested struct follow its own
 *                        name. A null or empty entry is a member without name; null for all means
 *                        that no member has one
 * @param[out] out        the caller's reference; untouched on failure
 * @param[out] condition  which element is wrong, counted as the names are, is its offset; may be
 *                        null
 * @retval MR_INVALID_ARGUMENT  the descriptor is null or of no kind that there is, has a void member,
 *                              nests too deep (64), or has more than 2^20 elements; or a name is
 *                              none, or comes twice
 * @retval MR_OVERFLOW          it would be larger than PTRDIFF_MAX
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_of_ffi(mr_allocator *allocator, const struct _ffi_type *ffi,
                                              const char *name, const char *const *member_names,
                                              const mr_type **out, mr_condition *condition);

/** The descriptor with which libffi passes a value of this type, and returns it.
 *
 * It describes how a value travels, not its members. Built at the first call; owned by the type.
 * A type that was realigned travels as what it was made from, as in C.
 *
 * libffi 3.4 itself goes wrong in two things. An argument of one integer and one floating eightbyte
 * ({int64_t, double}), for which just the sixth integer register is left, spoils the first floating
 * one. And ffi_call replaces the pointers to large structs in its array of arguments: fill it anew
 * for each call.
 *
 * @param[out] out  borrowed from the type; untouched on failure
 * @retval MR_INVALID_ARGUMENT  the type is null
 * @retval MR_UNSUPPORTED       libffi can't pass this type right on this machine: arrays, 128-bit
 *                              integers, swapped scalars, also in structs; empty structs, alignments
 *                              above the stack's; arrays without elements at no multiple of 8, which
 *                              compilers pass differently. Other machines than x86-64 System V: unions, and
 *                              structs with arrays, packing or other alignments too
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_ffi(const mr_type *type, struct _ffi_type **out);

/* Building. Layout is C's, as gcc and clang do it on this machine. */

/** A member of a struct or union to be built. */
typedef struct mr_member_spec {
  /** Copied. Null or empty: without a name; then the names of a nested struct's or union's members
   * count as the outer type's. */
  const char *name;
  /** Kept by the type that is built. */
  const mr_type *type;
  /** As by attribute aligned: at least this; 0 for nothing. */
  size_t alignment;
  /** As by attribute packed: at the next octet. */
  bool is_packed;
} mr_member_spec;

/** How a struct or union is laid out. All zeros is what C does by itself. */
typedef struct mr_layout_options {
  /** As by attribute aligned on the type: at least this; 0 for nothing. */
  size_t alignment;
  /** As by pragma pack: members are aligned to at most this; 0 for nothing. */
  size_t pack;
  /** As by attribute packed on the type. */
  bool is_packed;
} mr_layout_options;

/** Builds a struct.
 *
 * @param allocator       of the type; borrowed as long as the type lives. Null is the system's
 * @param name            copied; null for none
 * @param members         `count` of them, in order; read now
 * @param options         read now; null means all zeros
 * @param[out] out        the caller's reference; untouched on failure
 * @param[out] condition  which member is wrong is its offset; may be null
 * @retval MR_INVALID_ARGUMENT  an alignment or pack that is no power of two up to PTRDIFF_MAX, a void
 *                              or null member, a name that is none or comes twice, a member that
 *                              nests too deep
 * @retval MR_OVERFLOW          it would be larger than PTRDIFF_MAX
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_build_struct(mr_allocator *allocator, const char *name,
                                                    const mr_member_spec *members, size_t count,
                                                    const mr_layout_options *options,
                                                    const mr_type **out, mr_condition *condition);

/** Builds a union: as mr_type_build_struct, every member at offset 0. */
MR_API MR_MUST_CHECK mr_status mr_type_build_union(mr_allocator *allocator, const char *name,
                                                   const mr_member_spec *members, size_t count,
                                                   const mr_layout_options *options,
                                                   const mr_type **out, mr_condition *condition);

/** Builds an array of `count` elements; 0 is allowed.
 *
 * @param allocator  of the type; borrowed as long as the type lives. Null is the system's
 * @param element    kept by the type that is built
 * @param[out] out   the caller's reference; untouched on failure
 * @retval MR_INVALID_ARGUMENT  the element is void or null, its size is no multiple of its
 *                              alignment, or it nests too deep
 * @retval MR_OVERFLOW          it would be larger than PTRDIFF_MAX
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_build_array(mr_allocator *allocator, const mr_type *element,
                                                   size_t count, const mr_type **out);

/** Builds a type like another, with another alignment, as a typedef with attribute aligned does: 1
 * makes a type that can be anywhere.
 *
 * @param allocator  of the type; borrowed as long as the type lives. Null is the system's
 * @param type       kept by the type that is built
 * @param alignment  octets
 * @param[out] out   the caller's reference; untouched on failure
 * @retval MR_INVALID_ARGUMENT  `alignment` is no power of two up to PTRDIFF_MAX; the type is void or
 *                              null
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_realign(mr_allocator *allocator, const mr_type *type,
                                               size_t alignment, const mr_type **out);

/* Keeping. */

/** One more reference to `type`, which it returns. Null stays null. */
MR_API const mr_type *mr_type_acquire(const mr_type *type);

/** One reference less; the last takes the type with it. Null is ignored. */
MR_API void mr_type_release(const mr_type *type);

/* Asking. What is returned is borrowed from the type. */

/** What it is. */
MR_API mr_kind mr_type_kind(const mr_type *type);

/** Octets of a value. */
MR_API size_t mr_type_size(const mr_type *type);

/** What the address of a value is a multiple of. */
MR_API size_t mr_type_alignment(const mr_type *type);

/** Its name; for a scalar that was given none, C's ("int32_t"). Null where it has none. */
MR_API const char *mr_type_name(const mr_type *type);

/** The order of a scalar's octets in memory: MR_LITTLE_ENDIAN or MR_BIG_ENDIAN. For an array, its
 * elements'; for others, this machine's. Of complex numbers, each part is in this order. */
MR_API mr_byte_order mr_type_byte_order(const mr_type *type);

/** What an array consists of; null for others. */
MR_API const mr_type *mr_type_element(const mr_type *type);

/** The number of an array's elements, or a struct's or union's members; 0 for others. */
MR_API size_t mr_type_count(const mr_type *type);

/** A member of a struct or union. Borrowed from its type. */
typedef struct mr_member {
  /** Null where it has none. */
  const char *name;
  const mr_type *type;
  /** Octets from the start. */
  size_t offset;
  /** As placed: what its offset and its type's address are a multiple of. */
  size_t alignment;
} mr_member;

/** A member by its index, in the order of declaration.
 *
 * @param[out] out  untouched on failure
 * @retval MR_TYPE_MISMATCH  the type is no struct or union
 * @retval MR_OUT_OF_BOUNDS  there is no such member
 */
MR_API MR_MUST_CHECK mr_status mr_type_member(const mr_type *type, size_t index, mr_member *out);

/** Whether the invariants at the top of this header hold. */
MR_API bool mr_type_is_sound(const mr_type *type);

#ifdef __cplusplus
}
#endif
#endif

#ifndef MEMREGIONS_TYPE_H
#define MEMREGIONS_TYPE_H

/*
 * Types: what octets mean.
 *
 * An mr_type describes memory: a scalar, an array, a struct or a union, with names. Types are read
 * from C declarations (memregions/declarations.h), made from libffi's descriptors, or built; sequence
 * and object see memory through them. They describe this machine's memory, or another's: a pointer
 * may have 4 octets here too, and a long double 128 bits.
 *
 * What always holds (mr_type_is_sound):
 *   - a type never changes after anyone has seen it; but what a pointer points to may be a struct that
 *     is defined later;
 *   - size is at most PTRDIFF_MAX, and a multiple of alignment unless the type was realigned;
 *   - alignment is a power of two, and at most PTRDIFF_MAX;
 *   - every member lies inside its type, but for a flexible array's elements;
 *   - types nest 64 deep at most, scalars not counted;
 *   - a type keeps the types that it is made of.
 *
 * Types are counted references: whoever makes one releases it, whoever keeps one acquires it.
 * Scalar types are static; acquiring and releasing them does nothing. A null type is taken for void.
 *
 * Names of members are C identifiers, in which `$` and octets above 127 count as letters.
 *
 * Threads: types are free to share; acquire, release, mr_type_print and the first mr_type_ffi may be
 * called from any thread where the allocator may that the type was made with.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/allocator.h>
#include <memregions/load.h>
#include <memregions/region.h>
#include <memregions/target.h>
#include <memregions/text.h>

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
  MR_KIND_UNION = 21,
  /** What a pointer may point to. It has no size, and no memory is of this type. */
  MR_KIND_FUNCTION = 22,
  /** The x87's 80 bits, also where a long double is something else. */
  MR_KIND_F80 = 23,
  /** IEEE 754's binary128, also where a long double is something else. */
  MR_KIND_F128 = 24,
  MR_KIND_COMPLEX_F80 = 25,
  MR_KIND_COMPLEX_F128 = 26,
  /** Of values only: an enumerator's name. */
  MR_KIND_NAME = 27
} mr_kind;

/** An immutable, counted description of memory. */
typedef struct mr_type mr_type;

/* Scalars. */

/** The type of a scalar.
 *
 * @param kind   from MR_KIND_BOOL to MR_KIND_POINTER, or from MR_KIND_F80 to MR_KIND_COMPLEX_F128
 * @param order  of its octets in memory
 * @return       static, of this machine's size and alignment; null where `kind` is no scalar or
 *               `order` none, and for MR_KIND_LONG_DOUBLE and its complex form in an order that is
 *               not this machine's
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
 * @retval MR_INVALID_ARGUMENT  the type is null, a function, or incomplete but for void
 * @retval MR_UNSUPPORTED       libffi can't pass this type right on this machine: types of another
 *                              machine's, swapped scalars, vectors and kinds from MR_KIND_F80 on, also
 *                              in structs; __int128; arrays; empty structs; alignments above the
 *                              stack's; structs of 9 to 16 octets of which the first or the last 8 are
 *                              all padding. Or gcc and clang pass it differently: structs of up to 16
 *                              octets with flexible arrays; and with unnamed bit-fields, arrays without
 *                              elements, or members that are not aligned as their types are, where
 *                              those decide. Other machines than x86-64 System V: unions, and structs
 *                              with arrays, bit-fields, packing or other alignments too
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_ffi(const mr_type *type, struct _ffi_type **out);

/* Building. Layout is C's, as gcc and clang do it on the machine that is asked for. */

/** A member of a struct or union to be built. All zeros but name and type is a plain one. */
typedef struct mr_member_spec {
  /** Copied. Null or empty: without a name; then the names of a nested struct's or union's members
   * count as the outer type's. */
  const char *name;
  /** Kept by the type that is built. */
  const mr_type *type;
  /** As by attribute aligned: at least this; 0 for nothing. */
  size_t alignment;
  /** As by attribute packed: at the next octet, or for a bit-field at the next bit. */
  bool is_packed;
  /** Whether it is a bit-field, of `bit_width` bits: 0 (which takes no name, and ends the unit that
   * bit-fields share) to those of its type, an integer or bool. */
  bool is_bit_field;
  uint8_t bit_width;
} mr_member_spec;

/** How a struct or union is laid out. All zeros is what C does by itself. */
typedef struct mr_layout_options {
  /** As by attribute aligned on the type: at least this; 0 for nothing. */
  size_t alignment;
  /** As by pragma pack: members are aligned to at most this; 0 for nothing. */
  size_t pack;
  /** As by attribute packed on the type. */
  bool is_packed;
  /** Whose rule it is. */
  mr_target target;
} mr_layout_options;

/** Builds a struct.
 *
 * @param allocator       of the type; borrowed as long as the type lives. Null is the system's
 * @param name            copied; null for none
 * @param members         `count` of them, in order; read now
 * @param options         read now; null means all zeros
 * @param[out] out        the caller's reference; untouched on failure
 * @param[out] condition  which member is wrong is its offset; may be null
 * @retval MR_INVALID_ARGUMENT  an alignment or pack that is no power of two up to PTRDIFF_MAX; a
 *                              target that is none; a void, function or null member; a flexible
 *                              array that is not the last; a name that is none or comes twice; a
 *                              bit-field that is wider than its type or has none of an integer or
 *                              bool, or is 0 wide and named, or shares an octet with one of the other
 *                              byte order; a member that nests too deep
 * @retval MR_OVERFLOW          it would be larger than PTRDIFF_MAX
 * @retval MR_UNSUPPORTED       gcc and clang lay it out differently
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
 * @retval MR_INVALID_ARGUMENT  the element is void, a function or null, its size is no multiple of its
 *                              alignment, or it nests too deep
 * @retval MR_OVERFLOW          it would be larger than PTRDIFF_MAX
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_build_array(mr_allocator *allocator, const mr_type *element,
                                                   size_t count, const mr_type **out);

/** Builds an array whose length is open: a struct may have one as its last member, where it takes no
 * space.
 *
 * @return  as mr_type_build_array
 */
MR_API MR_MUST_CHECK mr_status mr_type_build_flexible_array(mr_allocator *allocator,
                                                            const mr_type *element,
                                                            const mr_type **out);

/** Builds a pointer.
 *
 * @param allocator  of the type; borrowed as long as the type lives. Null is the system's
 * @param target     whose pointer: its size and byte order
 * @param pointee    kept by the type that is built; null is void
 * @param[out] out   the caller's reference; untouched on failure
 * @retval MR_INVALID_ARGUMENT  the target is none, or the pointee nests too deep
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_build_pointer(mr_allocator *allocator, mr_target target,
                                                     const mr_type *pointee, const mr_type **out);

/** A name of an enum's. */
typedef struct mr_enumerator {
  /** Borrowed from its type. */
  const char *name;
  /** Of an unsigned enum: the same bits. */
  int64_t value;
} mr_enumerator;

/** Builds an enum: an integer that has names.
 *
 * @param allocator       of the type; borrowed as long as the type lives. Null is the system's
 * @param name            copied; null for none
 * @param integer         what it is; a scalar from MR_KIND_I8 to MR_KIND_U64
 * @param enumerators     `count` of them; read now, their names copied
 * @param[out] out        the caller's reference; untouched on failure
 * @param[out] condition  which enumerator is wrong is its offset; may be null
 * @retval MR_INVALID_ARGUMENT  the integer is none, or its size no multiple of its alignment; or a name is
 *                              none or comes twice
 * @retval MR_OVERFLOW          a value does not fit the integer
 * @return                      else as mr_allocate
 */
MR_API MR_MUST_CHECK mr_status mr_type_build_enum(mr_allocator *allocator, const char *name,
                                                  const mr_type *integer,
                                                  const mr_enumerator *enumerators, size_t count,
                                                  const mr_type **out, mr_condition *condition);

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

/** What it is. An enum is the integer that it is stored as. */
MR_API mr_kind mr_type_kind(const mr_type *type);

/** Whether it is an enum, an integer with names. */
MR_API bool mr_type_is_enum(const mr_type *type);

/** Whether it is C's plain char: an integer of 8 bits, of which arrays are text. */
MR_API bool mr_type_is_character(const mr_type *type);

/** Whether it is an array whose length is open; its count is 0. */
MR_API bool mr_type_is_flexible_array(const mr_type *type);

/** Whether it is an array by attribute vector_size. */
MR_API bool mr_type_is_vector(const mr_type *type);

/** Whether its size is known: false for void, functions, and structs, unions and enums that were
 * declared and not defined. */
MR_API bool mr_type_is_complete(const mr_type *type);

/** Whether a function takes more arguments than its parameters: by `...`, or since nothing is said of
 * them. */
MR_API bool mr_type_is_variadic(const mr_type *type);

/** The machine whose rules it was made by. */
MR_API mr_target mr_type_target(const mr_type *type);

/** Octets of a value. */
MR_API size_t mr_type_size(const mr_type *type);

/** What the address of a value is a multiple of. */
MR_API size_t mr_type_alignment(const mr_type *type);

/** Its name: a struct's, union's or enum's tag; for a scalar that was given none, C's ("int32_t"). Null
 * where it has none. */
MR_API const char *mr_type_name(const mr_type *type);

/** The order of a scalar's octets in memory: MR_LITTLE_ENDIAN or MR_BIG_ENDIAN. For an array, its
 * elements'; for others, this machine's. Of complex numbers, each part is in this order. */
MR_API mr_byte_order mr_type_byte_order(const mr_type *type);

/** What an array consists of, a pointer points to (void where nothing is known of it), a function
 * returns; null for others. */
MR_API const mr_type *mr_type_element(const mr_type *type);

/** The number of an array's elements, a struct's or union's members, a function's parameters, an
 * enum's names; 0 for others. */
MR_API size_t mr_type_count(const mr_type *type);

/** A member of a struct or union, or a function's parameter. Borrowed from its type. */
typedef struct mr_member {
  /** Null where it has none. */
  const char *name;
  const mr_type *type;
  /** Octets from the start; of a bit-field, to the octet in which it starts. */
  size_t offset;
  /** As placed: what its offset and its type's address are a multiple of; 1 for bit-fields. */
  size_t alignment;
  /** Bits, 0 to 7, from the start of the octet at `offset` to a bit-field's first. Where the byte order
   * of its type is little-endian, an octet starts with its least significant bit, else with its most. */
  uint8_t bit_offset;
  /** Bits of a bit-field; 0 for other members, and for a bit-field of no width. */
  uint8_t bit_width;
  bool is_bit_field;
} mr_member;

/** A member by its index, in the order of declaration.
 *
 * @param[out] out  untouched on failure
 * @retval MR_TYPE_MISMATCH  the type is no struct, union or function
 * @retval MR_OUT_OF_BOUNDS  there is no such member
 */
MR_API MR_MUST_CHECK mr_status mr_type_member(const mr_type *type, size_t index, mr_member *out);

/** What is at a path, as mr_slot_find has it.
 *
 * @param path            zero-terminated; used only during the call
 * @param[out] out        the member that the path ends with, or an element as one without name;
 *                        offset is from the start of `type`, alignment the member's in the struct that
 *                        it stands in, or the element's type's. Untouched on failure
 * @param[out] condition  column, counted from 1, where what is wrong starts; may be null
 * @return                as mr_slot_find
 */
MR_API MR_MUST_CHECK mr_status mr_type_find(const mr_type *type, const char *path, mr_member *out,
                                            mr_condition *condition);

/** A name of an enum's by its index, in the order of declaration.
 *
 * @param[out] out  borrowed from the type; untouched on failure
 * @retval MR_TYPE_MISMATCH  the type is no enum
 * @retval MR_OUT_OF_BOUNDS  there is no such name
 */
MR_API MR_MUST_CHECK mr_status mr_type_enumerator(const mr_type *type, size_t index,
                                                  mr_enumerator *out);

/** The value of an enum's name.
 *
 * @param name      `length` octets; need not be terminated
 * @param[out] out  untouched on failure
 * @retval MR_TYPE_MISMATCH  the type is no enum
 * @retval MR_NO_SUCH_SLOT   it has no such name
 */
MR_API MR_MUST_CHECK mr_status mr_type_enumerator_named(const mr_type *type, const char *name,
                                                        size_t length, mr_enumerator *out);

/** The name that an enum has for a value; of several, the first.
 *
 * @return borrowed from the type; null where it has none, or is no enum
 */
MR_API const char *mr_type_enumerator_name(const mr_type *type, int64_t value);

/** Whether two types describe the same memory in the same way: the same kinds, sizes, alignments and
 * byte orders; members of the same names at the same places; the same tags and enumerators. Names of
 * typedefs and parameters, and qualifiers, are not told apart, nor are integers of the same kind
 * (long and long long), but plain char is. Behind pointers, structs, unions and enums that have a tag
 * are the same where kind and tag are. Null is void. */
MR_API bool mr_type_equal(const mr_type *a, const mr_type *b);

/** Writes a type as C declarations from which mr_declarations_read makes an equal type, for the same
 * target: the structs, unions and enums with tags that it is made of first, then itself.
 *
 *     struct place {
 *       int line;
 *       unsigned int column : 12;
 *     };
 *     struct place name[3];
 *
 * What is only pointed to is not defined; where its tag would not be known, it is declared. What C has
 * no other way to write (a type that was realigned, a vector, an enum without tag) is a typedef first:
 * mr_type_1, mr_type_2 ...
 *
 * @param name     of what is declared last; null leaves that out where the type is a struct, union or
 *                 enum with a tag, and else writes a type's name: `int (*)[3]`
 * @param write    receives the text in pieces; nothing before it is known that there is text for all
 * @param context  handed to it
 * @retval MR_UNSUPPORTED       C has no words for it: byte orders that are mixed in one struct, a layout
 *                              that no attribute makes, a name that is a word of C's or means two
 *                              things; or there would be too many of them, 2^20 declarators
 * @retval MR_INVALID_ARGUMENT  the type is null, or `name` no identifier or a word of C's
 * @return                      else MR_OK, or the first other status that `write` answers, or as
 *                              mr_allocate: for types of many parts, the type's allocator gives memory
 *                              until the call returns
 */
MR_API MR_MUST_CHECK mr_status mr_type_print(const mr_type *type, const char *name,
                                             mr_write_function *write, void *context);

/** Whether the invariants at the top of this header hold. */
MR_API bool mr_type_is_sound(const mr_type *type);

#ifdef __cplusplus
}
#endif
#endif

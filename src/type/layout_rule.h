#ifndef MEMREGIONS_TYPE_LAYOUT_RULE_H
#define MEMREGIONS_TYPE_LAYOUT_RULE_H

/*
 * Where C puts the members of a struct or union: mr_layout_begin, one mr_layout_add a member in order, mr_layout_end.
 *
 * On all targets but Windows there are two compilers, and in rare things they differ: attributes on bit-fields, mostly.
 * Both are followed side by side; where what they do can be told apart, the answer is MR_UNSUPPORTED.
 *
 * What always holds: positions and sizes are at most the rule's size_max, itself at most PTRDIFF_MAX; alignments are
 * powers of two, and at most PTRDIFF_MAX.
 */

#include "memregions/type.h"
#include "target.h"

/** What the layout rule of a target depends on. */
typedef struct mr_layout_rule {
  /** Microsoft's rule; nothing else counts then but size_max. */
  bool is_windows;
  /** Unnamed bit-fields, of width 0 too, raise the alignment of their struct as named ones do. */
  bool do_unnamed_bit_fields_align;
  /** gcc aligns integers inside structs to at most this, unless an attribute asks otherwise; 0 for no such limit. */
  uint8_t gcc_integer_alignment_max;
  /** The largest alignment that gcc gives anything by itself. */
  uint8_t gcc_largest_alignment;
  /** The alignment of the machine's own integers of 1, 2, 4, 8 and 16 octets, which gcc gives bit-fields of just that
   * width where they would have it anyway; 0 where there is none. */
  uint8_t gcc_unit_alignment[5];
  /** Octets that a struct or union can be large. */
  size_t size_max;
} mr_layout_rule;

/** The rule of a target.
 *
 * @return  static; null for what is no target
 */
const mr_layout_rule *mr_layout_rule_of(mr_target target);

/** What layout has to know of a member. Alignments are powers of two up to PTRDIFF_MAX. */
typedef struct mr_layout_member {
  /** Octets of the member's type; 0 for flexible arrays and those without elements. */
  size_t size;
  /** Of its type as it is used: a typedef may have raised or lowered it. An array's is its elements'. */
  size_t alignment;
  /** The same by clang, for the types that compilers align differently; 0 for those that they don't. */
  size_t clang_alignment;
  /** Of its type without the typedefs that name it. Equals alignment but for a typedef with attribute aligned. (An array
   * without such a typedef of its own: its elements' alignment as used.) Counts on Windows only. */
  size_t natural_alignment;
  /** What attributes on its type ask for and pack can't lower; 0 for none. The larger of two things, which are for arrays
   * their elements': required_alignment of the layout that it has, if it is a struct or union; and the alignment of the last
   * typedef with attribute aligned, or where there is none, that of the struct or union itself if its declaration has
   * attribute aligned. Counts on Windows only. */
  size_t required_alignment;
  /** By attribute aligned, _Alignas or __declspec(align) on the member: the largest; 0 for none. */
  size_t attribute_alignment;
  /** Attribute packed on the member. */
  bool is_packed;
  bool is_bit_field;
  bool is_named;
  /** Attribute aligned was used on a typedef of its type, or its layout says is_user_aligned if it is a struct or union or
   * an array of such. */
  bool is_user_aligned;
  /** 0 to 128, and at most 8 * size. */
  uint8_t bit_width;
} mr_layout_member;

/** Where a member is. */
typedef struct mr_layout_place {
  /** Octets from the start of the whole. */
  size_t offset;
  /** 0 to 7: its first bit, from the start of that octet: from the least significant bit, or on big-endian targets the
   * most significant. */
  uint8_t bit_offset;
  /** As placed; 1 for bit-fields. */
  size_t alignment;
} mr_layout_place;

/** How far a layout is by one compiler. */
typedef struct mr_layout_progress {
  /** Where the last member ended: octets, and 0 to 7 bits. */
  size_t octets;
  uint8_t bits;
  /** Where the farthest member ended. */
  size_t size;
  size_t alignment;
} mr_layout_progress;

/** A layout. After mr_layout_end, size and alignment are those of the whole. */
typedef struct mr_layout {
  const mr_layout_rule *rule;
  mr_layout_options options;
  bool is_union;
  size_t size;
  size_t alignment;
  /** What pack around it can't lower; for the struct around it. */
  size_t required_alignment;
  /** Whether attribute aligned was used on it or inside; for the struct around it. */
  bool is_user_aligned;
  /** Private: gcc's or Microsoft's, and clang's. */
  mr_layout_progress gcc, clang;
  /** Private: bits left in the unit of the last bit-field, and octets of the unit; 0 after anything else. */
  uint8_t bits_left, unit_size;
} mr_layout;

/** @param rule     not null
 *  @param options  all its alignments are 0 or powers of two up to PTRDIFF_MAX; null means all zeros
 */
mr_layout mr_layout_begin(const mr_layout_rule *rule, const mr_layout_options *options,
                          bool is_union);

/** Places the next member.
 *
 * @param[out] placed       untouched on failure, as is the layout
 * @retval MR_OVERFLOW      it would end above size_max
 * @retval MR_UNSUPPORTED   compilers put it at different places
 */
mr_status mr_layout_add(mr_layout *layout, const mr_layout_member *member, mr_layout_place *placed);

/** Makes size, alignment and required_alignment those of the whole.
 *
 * @retval MR_OVERFLOW      it would be larger than size_max
 * @retval MR_UNSUPPORTED   compilers give it different sizes or alignments; or its size would be no multiple of its
 *                          alignment, as that of a struct of nothing but a double[0] on Windows
 */
mr_status mr_layout_end(mr_layout *layout);

/* Shared by the rules' files. */

/** Up to a multiple of `alignment`; MR_OVERFLOW above `size_max`. */
mr_status mr_layout_round_up(size_t *size, size_t alignment, size_t size_max);

mr_status mr_layout_add_windows(mr_layout *layout, const mr_layout_member *member,
                                mr_layout_place *placed);
mr_status mr_layout_end_windows(mr_layout *layout);

#endif

#ifndef MEMREGIONS_COMMAND_LAYOUT_H
#define MEMREGIONS_COMMAND_LAYOUT_H

/* What a layout consists of, in the order in which it is read: members, and what is between them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/arena.h>
#include <memregions/type.h>

/** A place in memory: octets, and bits from the start of the octet there. */
typedef struct bit_place {
  uint64_t octets;
  /** 0 to 7. */
  unsigned bits;
} bit_place;

typedef enum layout_kind {
  LAYOUT_MEMBER,
  /** What no member of a struct has: before a member, or after all. */
  LAYOUT_HOLE,
  LAYOUT_PADDING
} layout_kind;

typedef struct layout_entry {
  layout_kind kind;
  /** How many members it is inside of. */
  unsigned depth;
  /** Whether it is a union's member. */
  bool is_alternative;
  /** To the member from the outermost type; null where no path leads. */
  const char *path;
  /** Of a member; its offset is from the start of the outermost type. */
  mr_member member;
  bit_place start;
  bit_place end;
} layout_entry;

/** The layout of a type, or parts of it. */
typedef struct type_layout {
  /** As it was asked for. */
  const char *name;
  const mr_type *type;
  layout_entry *entries;
  size_t count;
  mr_region storage;
  /** Of the paths. */
  mr_arena arena;
} type_layout;

/** Collects all of a type: each member, then what is inside of it. An array is one entry.
 *
 * @param name       borrowed
 * @param type       borrowed
 * @param[out] out   the caller's, who ends it with layout_fini, also where this fails
 * @retval MR_UNSUPPORTED  more than 2^20 entries
 * @return                 else as mr_allocate
 */
mr_status layout_collect(const char *name, const mr_type *type, type_layout *out);

/** Collects what paths name.
 *
 * @param paths           ended by a null; borrowed
 * @param[out] condition  what is wrong with the path that is the first not collected
 * @return                as mr_type_find and mr_allocate
 */
mr_status layout_collect_paths(const char *name, const mr_type *type, char **paths,
                               type_layout *out, mr_condition *condition);

void layout_fini(type_layout *layout);

/** Whether `a` is before `b`. */
bool bit_place_is_before(bit_place a, bit_place b);

/** What is between two places. */
bit_place bit_place_difference(bit_place from, bit_place to);

/** From one place up to another. */
typedef struct layout_span {
  bit_place start;
  bit_place end;
} layout_span;

/** What no member has: before the last of them, and after all. */
typedef struct layout_unused {
  bit_place in_holes;
  bit_place at_end;
} layout_unused;

/** Finds out how much no member has. Arrays are not looked into.
 *
 * @param layout    of a struct or union, collected whole
 * @param[out] out  untouched on failure
 * @return          as mr_allocate
 */
mr_status layout_find_unused(const type_layout *layout, layout_unused *out);

/** How large a struct would be were its members in the order of their alignments, the largest first.
 *
 * @param[out] out  octets; untouched on failure
 * @retval MR_UNSUPPORTED  that can't be said: it is no struct, has bit-fields, or a layout that no order makes
 * @return                 else as mr_allocate
 */
mr_status layout_sorted_size(const mr_type *type, size_t *out);

/** Writes it for people to standard output.
 *
 * @return as mr_allocate; then not all has been written
 */
mr_status layout_print_text(const type_layout *layout);

/** Writes the lines of its members alone. */
void layout_print_lines(const type_layout *layout);

/** Writes it as JSON. */
void layout_print_json(const type_layout *layout);

#endif

#ifndef MEMREGIONS_TYPE_AGGREGATE_H
#define MEMREGIONS_TYPE_AGGREGATE_H

/*
 * Structs and unions: their members laid out, and the table of their names. Where the memory for these
 * comes from is the caller's business: a block for each type, or a group's.
 */

#include "type.h"

/** Whether a name is there: null and empty are none. */
static inline bool mr_is_named(const mr_member_spec *member) {
  return member->name && *member->name;
}

/** Whether the names of its members count as the outer's. */
static inline bool mr_is_transparent(const mr_member_spec *member) {
  return !mr_is_named(member) && !member->is_bit_field &&
         mr_kind_has_members(mr_type_kind(member->type));
}

/** What is wrong with a member, whatever its name; null for nothing.
 *
 * @param is_last  of its struct; false in a union
 */
const char *mr_aggregate_flaw(const mr_member_spec *member, bool is_last);

/** Lays members out, and settles all of `type` that follows from them but its names' table.
 *
 * @param type     of its kind, else empty; of no meaning on failure
 * @param members  room for `count`; becomes the type's
 * @param specs    none has a flaw; types and names stay borrowed
 * @param[out] failed  which member it was, on failure; `count` for the whole
 * @retval MR_OVERFLOW          it would be larger than PTRDIFF_MAX
 * @retval MR_UNSUPPORTED       compilers differ about it
 * @retval MR_INVALID_ARGUMENT  a bit-field shares an octet with one of the other byte order
 */
mr_status mr_aggregate_lay_out(mr_type *type, mr_member *members, const mr_member_spec *specs,
                               size_t count, const mr_layout_options *options, size_t *failed);

/** Names that a table for `type` has: those of its members, and theirs where they have none. */
size_t mr_aggregate_name_count(const mr_type *type);

/** Fills the table of names.
 *
 * @param table     zeroed; of mr_names_capacity(mr_aggregate_name_count(type)) entries
 * @return          the index of a member with a name that was there before; the type's count for none
 */
size_t mr_aggregate_index_names(mr_type *type, mr_name *table);

#endif

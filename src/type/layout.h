#ifndef MEMREGIONS_TYPE_LAYOUT_H
#define MEMREGIONS_TYPE_LAYOUT_H

/*
 * Where C puts the members of a struct or union: one place call a member, in order.
 *
 * What always holds: position, size <= PTRDIFF_MAX; alignment is a power of two.
 */

#include "memregions/type.h"

typedef struct mr_layout {
  mr_layout_options options;
  bool is_union;
  /** Where the last member ended. */
  size_t position;
  /** Where the farthest member ended. */
  size_t size;
  size_t alignment;
} mr_layout;

/** @param options  all its alignments are 0 or valid */
mr_layout mr_layout_of(mr_layout_options options, bool is_union);

/** Places the next member.
 *
 * @param[out] placed  receives offset and alignment
 * @retval MR_OVERFLOW  it would end above PTRDIFF_MAX
 */
mr_status mr_layout_place(mr_layout *layout, const mr_member_spec *member, mr_member *placed);

/** Makes size and alignment those of the whole.
 *
 * @retval MR_OVERFLOW  it would be larger than PTRDIFF_MAX
 */
mr_status mr_layout_finish(mr_layout *layout);

#endif

#ifndef MEMREGIONS_ALLOCATOR_TLSF_BLOCKS_H
#define MEMREGIONS_ALLOCATOR_TLSF_BLOCKS_H

/*
 * The blocks of a TLSF: taking them out of what is free, and giving them back to it.
 *
 * What is free is in lists; or loose, without marks: the current block, from which small ones are carved, and the
 * gathered one, to which what was released last was added; or rests in bins.
 */

#include "tlsf_lists.h"

/* Granules that `size` octets take: any size but 0. */
inline size_t mr_tlsf_granules_of(size_t size) { return (size - 1) / MR_TLSF_GRANULE + 1; }

inline mr_tlsf_span mr_tlsf_whole(mr_tlsf_area *area) {
  return (mr_tlsf_span){area, 0, area->granules};
}

inline bool mr_tlsf_is_there(const mr_tlsf_loose *block) { return block->start != NULL; }

inline void mr_tlsf_drop(mr_tlsf_loose *block) { *block = (mr_tlsf_loose){NULL, NULL, NULL}; }

/* Whether the current block reaches to the end of its area: what is there is used last. */
inline bool mr_tlsf_is_tail(const mr_tlsf *tlsf) {
  const mr_tlsf_area *area = tlsf->current.area;
  return tlsf->current.end == mr_tlsf_address(area, area->granules);
}

/* Whether a loose block begins in these octets: no mark tells. */
inline bool mr_tlsf_has_loose(const mr_tlsf *tlsf, mr_region octets) {
  const uintptr_t start = (uintptr_t)octets.pointer;
  return (uintptr_t)tlsf->current.start - start < octets.size ||
         (uintptr_t)tlsf->gathered.start - start < octets.size;
}

/* A block of so many granules, from wherever there is one; null where there is none. */
unsigned char *mr_tlsf_take(mr_tlsf *tlsf, size_t count, size_t alignment);

/* The granules of a block that the caller says is there; false where it is not. */
bool mr_tlsf_find_block(mr_tlsf *tlsf, mr_region block, size_t alignment, mr_tlsf_span *out);

/* Puts a block into its bin; false where there is no room. */
bool mr_tlsf_put_to_rest(mr_tlsf *tlsf, mr_tlsf_span span, void *block);

/* Makes granules free, of which no other than the first is marked, and merges them with their neighbours. False, with
 * nothing done, where one of these is damaged. */
bool mr_tlsf_merge(mr_tlsf *tlsf, mr_tlsf_span span);

/* Makes a block longer by what is free after it; false, with nothing done, where that is not enough. */
bool mr_tlsf_grow_block(mr_tlsf *tlsf, mr_tlsf_span block, size_t more);

/* Puts all that is free into lists, merged. */
void mr_tlsf_list_all(mr_tlsf *tlsf);

/* Whether an area is not in use, or all of it one free block in a list. */
bool mr_tlsf_is_unused(mr_tlsf *tlsf, mr_tlsf_area *area);

#endif

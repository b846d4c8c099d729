#ifndef MEMREGIONS_ALLOCATOR_TLSF_LISTS_H
#define MEMREGIONS_ALLOCATOR_TLSF_LISTS_H

/*
 * The free blocks of a TLSF, in lists by size.
 *
 * A list's blocks all have one size below 32 granules; above, each power of two is divided into 16 lists. A free block
 * tells its size in its first and its last word, and the blocks before and after it in the list in between:
 *
 *     size, next, previous, ..., size        and of a single granule:  next + 1, previous + 1
 *
 * Each word is encoded with the TLSF's key and its own address. Sizes and links are multiples of 16, so that the 1
 * tells a single granule from both sides.
 *
 * Whoever writes to free memory damages these words. So a block that is found by its marks or by a link is checked
 * before it is used, and nothing damaged is followed.
 */

#include "tlsf_area.h"

/* The first list that is not empty, from this one on; MR_TLSF_LISTS where there is none. */
size_t mr_tlsf_next_list(const mr_tlsf *tlsf, size_t list);

/* The free block that begins at a granule marked so; false where what it tells of itself is damaged. */
bool mr_tlsf_block_at(mr_tlsf *tlsf, mr_tlsf_area *area, size_t first, mr_tlsf_span *out);

/* The free block whose last granule, marked so, is before `end`; false where it is damaged. */
bool mr_tlsf_block_before(mr_tlsf *tlsf, mr_tlsf_area *area, size_t end, mr_tlsf_span *out);

/* Whether a free block's links, and those that point back to it, are whole. */
bool mr_tlsf_is_linked(mr_tlsf *tlsf, mr_tlsf_span block);

/* The first block of a list that is not empty; false where it is damaged. */
bool mr_tlsf_first_block(mr_tlsf *tlsf, size_t list, mr_tlsf_span *out);

/* The block after this one in its list, which is linked; false where it is the last, or damaged. */
bool mr_tlsf_block_after(mr_tlsf *tlsf, mr_tlsf_span block, mr_tlsf_span *out);

/* Makes a free block. A list whose first block is damaged begins anew: what was in it is lost. */
void mr_tlsf_insert(mr_tlsf *tlsf, mr_tlsf_span block);

/* Takes a free block, which is linked, out of its list. It has no marks then. */
void mr_tlsf_remove(mr_tlsf *tlsf, mr_tlsf_span block);

/* The granule at which a block of `count` fits into a span at an alignment; SIZE_MAX where it does not. */
size_t mr_tlsf_place(mr_tlsf_span span, size_t count, size_t alignment);

/* A free block into which `count` granules at an alignment fit. Where there is one of `reach`, which is enough wherever
 * it lies, such a block is found; else one may be missed. */
bool mr_tlsf_fit(mr_tlsf *tlsf, size_t count, size_t reach, size_t alignment, mr_tlsf_span *out);

#endif

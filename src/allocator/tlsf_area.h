#ifndef MEMREGIONS_ALLOCATOR_TLSF_AREA_H
#define MEMREGIONS_ALLOCATOR_TLSF_AREA_H

/*
 * The areas of a TLSF: regions, each with a record at its start that says where blocks begin.
 *
 * An area's memory is counted in granules of 16 octets. Each has a mark of two bits: where a used or a resting block
 * begins, and a free block's first and last granule. All others are MR_TLSF_INSIDE, those of loose blocks too.
 *
 * Borrowed memory need not be 0, and marks of much memory are much: they are cleared by stretches, each when a mark is
 * first set in it. What was not cleared counts as MR_TLSF_INSIDE.
 *
 * What always holds:
 *   - marks up to `ready` are cleared; it is a multiple of a stretch, or all granules;
 *   - a granule outside, before the first or after the last, counts as MR_TLSF_USED.
 */

#include "memregions/tlsf.h"

/* Octets of a granule. */
#define MR_TLSF_GRANULE ((size_t)16)
/* Granules whose marks are cleared together: 4 KiB of marks, 256 KiB of memory. */
#define MR_TLSF_STRETCH ((size_t)16384)

enum { MR_TLSF_INSIDE, MR_TLSF_USED, MR_TLSF_FREE, MR_TLSF_RESTING };

struct mr_tlsf_area {
  /* Where the first granule is. */
  unsigned char *start;
  size_t granules;
  size_t ready;
  uint64_t *marks;
  /* A bit for each stretch that is cleared. */
  uint64_t *cleared;
  mr_tlsf_area *earlier;
  mr_tlsf_area *later;
  /* As it was given. */
  mr_region memory;
  /* Whether it came from the parent. */
  bool is_own;
  bool is_open;
};

/* Granules of one area. */
typedef struct mr_tlsf_span {
  mr_tlsf_area *area;
  size_t first;
  size_t count;
} mr_tlsf_span;

/* Octets of memory, aligned to 16, that an area of so many granules needs. */
size_t mr_tlsf_area_size(size_t granules);

/* How many granules an area in `size` octets has that are aligned to 16. */
size_t mr_tlsf_area_granules(size_t size);

/* Makes an area in memory; null where it is too small. It is not open. */
mr_tlsf_area *mr_tlsf_area_make(mr_region memory, bool is_own);

/* Brings an area into use: no granule is marked. */
void mr_tlsf_area_open(mr_tlsf_area *area);

/* Whether its record makes sense. */
bool mr_tlsf_area_is_sound(const mr_tlsf_area *area);

/* The open area that an address lies in; null where there is none. */
mr_tlsf_area *mr_tlsf_area_find(mr_tlsf *tlsf, const void *address);

/* Makes an area of memory, the last of all; false where it is too small. */
bool mr_tlsf_append(mr_tlsf *tlsf, mr_region memory, bool is_own);

/* Takes an area of `reach` granules at least from the parent, the last of all. */
bool mr_tlsf_grow(mr_tlsf *tlsf, size_t reach);

/* Gives an area that came from the parent, and of which nothing is in a list, back to it. */
void mr_tlsf_give_back(mr_tlsf *tlsf, mr_tlsf_area *area);

/* The largest region that the parent could ever give. */
size_t mr_tlsf_parent_maximum(const mr_tlsf *tlsf);

/* Tells tools that nothing in an area is handed out. */
void mr_tlsf_hide_blocks(const mr_tlsf *tlsf, const mr_tlsf_area *area);

/* Octets from the first aligned granule on, and from an aligned address on, up to the area's end. */
size_t mr_tlsf_area_maximum(const mr_tlsf_area *area, size_t alignment);

/* What the two below leave: a granule whose stretch may not be cleared. */
unsigned mr_tlsf_mark_slowly(const mr_tlsf_area *area, size_t granule);
void mr_tlsf_clear_stretch(mr_tlsf_area *area, size_t granule);

/* The first granule after this one that has a mark, or `bound` where none before it has. */
size_t mr_tlsf_next_mark(const mr_tlsf_area *area, size_t granule, size_t bound);

/* The last granule up to this one that has a mark, or SIZE_MAX. */
size_t mr_tlsf_previous_mark(const mr_tlsf_area *area, size_t granule);

/* The place of the lowest and of the highest bit that is set; some is. */
inline unsigned mr_tlsf_lowest_bit(uint64_t bits) {
#if defined(__GNUC__)
  return (unsigned)__builtin_ctzll(bits);
#else
  unsigned place = 0;
  for (; (bits & 1) == 0; bits >>= 1) place++;
  return place;
#endif
}

inline unsigned mr_tlsf_highest_bit(uint64_t bits) {
#if defined(__GNUC__)
  return 63 - (unsigned)__builtin_clzll(bits);
#else
  unsigned place = 0;
  for (; bits > 1; bits >>= 1) place++;
  return place;
#endif
}

inline unsigned mr_tlsf_mark(const mr_tlsf_area *area, size_t granule) {
  if (granule >= area->ready) return mr_tlsf_mark_slowly(area, granule);
  return (unsigned)(area->marks[granule / 32] >> (granule % 32 * 2)) & 3;
}

inline void mr_tlsf_set_mark(mr_tlsf_area *area, size_t granule, unsigned mark) {
  if (granule >= area->ready) mr_tlsf_clear_stretch(area, granule);
  uint64_t *word = &area->marks[granule / 32];
  const unsigned shift = granule % 32 * 2;
  *word = (*word & ~((uint64_t)3 << shift)) | (uint64_t)mark << shift;
}

/* Changes a mark that is ready. */
inline void mr_tlsf_change_mark(mr_tlsf_area *area, size_t granule, unsigned from, unsigned to) {
  area->marks[granule / 32] ^= (uint64_t)(from ^ to) << (granule % 32 * 2);
}

/* The marks of 32 granules from this one on, the first lowest: all of them must be ready. */
inline uint64_t mr_tlsf_marks_from(const mr_tlsf_area *area, size_t granule) {
  const uint64_t *word = &area->marks[granule / 32];
  const unsigned shift = granule % 32 * 2;
  return word[0] >> shift | word[1] << 1 << (63 - shift);
}

inline unsigned char *mr_tlsf_address(const mr_tlsf_area *area, size_t granule) {
  return area->start + granule * MR_TLSF_GRANULE;
}

/* Of an address in the area. */
inline size_t mr_tlsf_granule(const mr_tlsf_area *area, const void *address) {
  return (size_t)((uintptr_t)address - (uintptr_t)area->start) / MR_TLSF_GRANULE;
}

inline bool mr_tlsf_area_has(const mr_tlsf_area *area, const void *address) {
  return mr_tlsf_granule(area, address) < area->granules;
}

inline mr_tlsf_area *mr_tlsf_area_of(mr_tlsf *tlsf, const void *address) {
  mr_tlsf_area *area = tlsf->recent;
  return area && mr_tlsf_area_has(area, address) ? area : mr_tlsf_area_find(tlsf, address);
}

#endif

#ifndef MEMREGIONS_REGION_H
#define MEMREGIONS_REGION_H

/*
 * Regions: a pointer with a size.
 *
 * A region borrows. It owns nothing, frees nothing, and is valid for as long as the memory is that somebody else
 * provides. Copy it freely: it is two machine words. A view is a region that is only read.
 *
 * What always holds (mr_region_is_sound, mr_view_is_sound):
 *   - the pointer is null only if the size is 0;
 *   - the size is at most PTRDIFF_MAX, so that pointer + size can be formed.
 * A null, empty region is sound: every function here accepts it and does nothing.
 *
 * Threads: values are free to share; who shares the memory behind them keeps order among its users.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/export.h>
#include <memregions/status.h>
#include <memregions/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Borrowed, writable memory: `size` octets from `pointer`. */
typedef struct mr_region {
  void *pointer;
  size_t size;
} mr_region;

/** Borrowed, read-only memory: `size` octets from `pointer`. */
typedef struct mr_view {
  const void *pointer;
  size_t size;
} mr_view;

/** An `end` that means: up to the end of whatever the range is applied to. Nothing else does. */
#define MR_TO_END SIZE_MAX

/** What is from `start` up to, not including, `end`. */
typedef struct mr_range {
  size_t start;
  size_t end;
} mr_range;

/* Making ranges. */

/** From `start` up to, not including, `end`. */
MR_INLINE mr_range mr_range_of(size_t start, size_t end) {
  mr_range range = {start, end};
  return range;
}

/** From `start` to the end. */
MR_INLINE mr_range mr_range_from(size_t start) { return mr_range_of(start, MR_TO_END); }

/** Everything. */
MR_INLINE mr_range mr_range_all(void) { return mr_range_of(0, MR_TO_END); }

/** Fits `range` to something `size` long: resolves MR_TO_END, and checks start <= end <= size.
 *
 * @param[in,out] range  resolved in place; untouched on failure
 * @param size           in the units that the range counts
 * @retval MR_OUT_OF_BOUNDS  the range does not lie inside
 */
MR_INLINE MR_MUST_CHECK mr_status mr_range_resolve(mr_range *range, size_t size) {
  size_t end = range->end == MR_TO_END ? size : range->end;
  if (end > size || range->start > end) return MR_OUT_OF_BOUNDS;
  range->end = end;
  return MR_OK;
}

/* Making regions and views, and asking about them. */

/** The region of `size` octets from `pointer`; the null region where `pointer` is null. */
MR_INLINE mr_region mr_region_of(void *pointer, size_t size) {
  mr_region region = {pointer, pointer ? size : 0};
  return region;
}

/** The view of `size` octets from `pointer`; the null view where `pointer` is null. Of a string literal, its sizeof
 * includes the terminating zero, which MR_VIEW leaves out. */
MR_INLINE mr_view mr_view_of(const void *pointer, size_t size) {
  mr_view view = {pointer, pointer ? size : 0};
  return view;
}

/** `region`, to be read only. */
MR_INLINE mr_view mr_region_view(mr_region region) {
  mr_view view = {region.pointer, region.size};
  return view;
}

/** The view of a string literal, of characters of any width, without its terminating zero. */
#define MR_VIEW(literal) mr_view_of("" literal, sizeof(literal) - sizeof *(literal))

/** Whether there is any memory: pointer not null, size above 0. */
MR_INLINE bool mr_region_is_valid(mr_region region) {
  return region.pointer != NULL && region.size > 0;
}

/** Whether there is any memory: pointer not null, size above 0. */
MR_INLINE bool mr_view_is_valid(mr_view view) { return view.pointer != NULL && view.size > 0; }

/** Whether the invariants at the top of this header hold. */
MR_INLINE bool mr_region_is_sound(mr_region region) {
  return region.size <= PTRDIFF_MAX && (region.pointer != NULL || region.size == 0);
}

/** Whether the invariants at the top of this header hold. */
MR_INLINE bool mr_view_is_sound(mr_view view) {
  return view.size <= PTRDIFF_MAX && (view.pointer != NULL || view.size == 0);
}

/** The first octet; null for the null region. */
MR_INLINE void *mr_region_start(mr_region region) { return region.pointer; }

/** One past the last octet; null for the null region. */
MR_INLINE void *mr_region_end(mr_region region) {
  return region.pointer ? (unsigned char *)region.pointer + region.size : NULL;
}

/** How many octets there are. */
MR_INLINE size_t mr_region_size(mr_region region) { return region.size; }

/** The first octet; null for the null view. */
MR_INLINE const void *mr_view_start(mr_view view) { return view.pointer; }

/** One past the last octet; null for the null view. */
MR_INLINE const void *mr_view_end(mr_view view) {
  return view.pointer ? (const unsigned char *)view.pointer + view.size : NULL;
}

/** How many octets there are. */
MR_INLINE size_t mr_view_size(mr_view view) { return view.size; }

/* Parts. */

/** The part of `region` that `range` names. Borrows from the same memory, for as long.
 *
 * An empty part is a part: [size, size) succeeds.
 *
 * @param region     octets to take from
 * @param range      octet offsets into it
 * @param[out] out   the part; untouched on failure
 * @retval MR_OUT_OF_BOUNDS  the range does not lie inside the region
 */
MR_INLINE MR_MUST_CHECK mr_status mr_subregion(mr_region region, mr_range range, mr_region *out) {
  mr_status status = mr_range_resolve(&range, region.size);
  if (status != MR_OK) return status;
  /* Null plus 0 is undefined in C: a null region's only part is itself. */
  out->pointer = region.pointer ? (unsigned char *)region.pointer + range.start : NULL;
  out->size = range.end - range.start;
  return MR_OK;
}

/** The part of `view` that `range` names: mr_subregion for what is only read. */
MR_INLINE MR_MUST_CHECK mr_status mr_subview(mr_view view, mr_range range, mr_view *out) {
  mr_status status = mr_range_resolve(&range, view.size);
  if (status != MR_OK) return status;
  out->pointer = view.pointer ? (const unsigned char *)view.pointer + range.start : NULL;
  out->size = range.end - range.start;
  return MR_OK;
}

/** The part of `region` that an offset and a length name, as file formats give them: 64 bits on all machines, and no
 * value means anything special. Borrows from the same memory, for as long.
 *
 * @param region    octets to take from
 * @param offset    octets before the part
 * @param length    octets of it; 0 gives an empty part
 * @param[out] out  the part; untouched on failure
 * @retval MR_OUT_OF_BOUNDS  the part does not lie inside the region
 */
MR_INLINE MR_MUST_CHECK mr_status mr_subregion_at(mr_region region, uint64_t offset,
                                                  uint64_t length, mr_region *out) {
  if (offset > region.size || length > region.size - offset) return MR_OUT_OF_BOUNDS;
  out->pointer = region.pointer ? (unsigned char *)region.pointer + (size_t)offset : NULL;
  out->size = (size_t)length;
  return MR_OK;
}

/** The part of `view` that an offset and a length name: mr_subregion_at for what is only read. */
MR_INLINE MR_MUST_CHECK mr_status mr_subview_at(mr_view view, uint64_t offset, uint64_t length,
                                                mr_view *out) {
  if (offset > view.size || length > view.size - offset) return MR_OUT_OF_BOUNDS;
  out->pointer = view.pointer ? (const unsigned char *)view.pointer + (size_t)offset : NULL;
  out->size = (size_t)length;
  return MR_OK;
}

/* Writing. */

/** Sets every octet of `region` to 0. */
MR_API void mr_clear(mr_region region);

/** Sets every octet of `region` to 0, where no compiler takes it for useless: for secrets. */
MR_API void mr_wipe(mr_region region);

/** Sets every octet of a part of `region`.
 *
 * @param region  written to
 * @param octet   the value
 * @param range   octet offsets into the region
 * @retval MR_OUT_OF_BOUNDS  the range does not lie inside; nothing was written
 */
MR_API MR_MUST_CHECK mr_status mr_fill(mr_region region, uint8_t octet, mr_range range);

/** Copies octets: as many as the shorter of the two ranges holds. The two may overlap.
 *
 * @param to            written to
 * @param to_range      octet offsets into `to`
 * @param from          read from
 * @param from_range    octet offsets into `from`
 * @param[out] copied   octets copied; may be null
 * @retval MR_OUT_OF_BOUNDS  a range does not lie inside its side; nothing was copied
 */
MR_API MR_MUST_CHECK mr_status mr_replace(mr_region to, mr_range to_range, mr_view from,
                                          mr_range from_range, size_t *copied);

/** Copies elements, reversing the octets of each: as many as the shorter side holds. The two may overlap, and be the
 * same (which swaps in place).
 *
 * @param to           written to
 * @param from         read from
 * @param width        octets an element: 1, 2, 4, 8 or 16
 * @param[out] copied  octets copied; may be null
 * @retval MR_INVALID_ARGUMENT  another width, or the shorter side is no whole number of elements
 */
MR_API MR_MUST_CHECK mr_status mr_replace_swapped(mr_region to, mr_view from, size_t width,
                                                  size_t *copied);

/* Comparing and finding. */

/** Orders two views as memcmp does, a view before its own extensions.
 *
 * @return below 0, 0 or above 0, as `a` comes before, equals or comes after `b`
 */
MR_API int mr_compare(mr_view a, mr_view b);

/** Whether two views hold the same octets. */
MR_API bool mr_equal(mr_view a, mr_view b);

/** The first offset at which two views differ; where one is the start of the other, the shorter one's size.
 *
 * @param[out] offset  written only if there is one; may be null
 * @return             false where they are equal
 */
MR_API bool mr_mismatch(mr_view a, mr_view b, size_t *offset);

/** The first place in `view` where the octets of `wanted` stand.
 *
 * Linear time, at worst, in the sum of the sizes. What is empty stands at 0.
 *
 * @param[out] offset  written only if there is one; may be null
 * @return             whether there is one
 */
MR_API bool mr_find(mr_view view, mr_view wanted, size_t *offset);

/** The memory that two views share; the null view where they share none. */
MR_API mr_view mr_overlap(mr_view a, mr_view b);

/** The largest power of two that divides the address; 0 for the null view. */
MR_API size_t mr_alignment_of(mr_view view);

/** Whether the view starts at a multiple of `alignment`, a power of two. The null view is aligned to everything.
 *
 * @return false where `alignment` is no power of two
 */
MR_API bool mr_is_aligned(mr_view view, size_t alignment);

/* Printing. */

/** Writes pointer and size, never the contents: `#<region 0x7f52a0001000, 4096 octets>`.
 *
 * @param write    receives the text in pieces
 * @param context  handed to it
 * @return         MR_OK, or the first other status that `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_region_print(mr_region region, mr_write_function *write,
                                               void *context);

/** Writes the contents as lines of 16 octets: offset, hexadecimal, and what is printable of ASCII.
 *
 * `00000010  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|`
 *
 * @param view     what to show
 * @param origin   the first octet's offset as it is to be printed
 * @param write    receives a line at a time, its newline included
 * @param context  handed to it
 * @return         MR_OK, or the first other status that `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_hex_dump(mr_view view, uint64_t origin, mr_write_function *write,
                                           void *context);

#ifdef __cplusplus
}
#endif
#endif

#ifndef MEMREGIONS_BUMP_H
#define MEMREGIONS_BUMP_H

/*
 * Bump: allocates from one region by moving a cursor; gives back only the newest block, or all at once.
 *
 * For:      work with one end: a request, a frame, a parse; blocks out of memory that must not grow.
 * Not for:  blocks that die out of order: their octets stay used until clear. It never grows.
 * Cost:     one comparison and one addition; up to 15 octets of padding a block, and what it takes to reach a larger
 *           alignment; no header.
 *
 * What always holds (mr_bump_is_sound):
 *   - start <= floor <= cursor <= end, and every octet before the cursor is handed out or padding;
 *   - the window from cursor to limit is empty, or both its ends are multiples of 16;
 *   - what was handed out before the latest mark (below the floor) never moves the cursor: it is not given back and
 *     does not grow in place, so that rewinding to the mark finds it whole.
 * Blocks take a multiple of 16, save the last, which may reach to the very end. Every block shrinks in place; only the
 * newest grows there. Deallocating any other block succeeds and gives nothing back. Padding before a block that is
 * aligned to more than 16 stays used when the block goes back, and then so does what was handed out before it.
 *
 * Only the window is seen by the inline path. Under tools that watch memory (AddressSanitizer, Valgrind) it stays
 * empty, so that they are told of every block: what is not handed out is out of bounds to them.
 *
 * Threads: one at a time.
 */

#include <memregions/allocator.h>
#include <memregions/source.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Memory that is handed out from its start to its end. Its members are its own. */
typedef struct mr_window {
  /** An inline path may hand out from here ... */
  unsigned char *cursor;
  /** ... up to here: the last multiple of 16, or the cursor, which leaves all to what is out of line. */
  unsigned char *limit;
  /** The rest is for what is out of line. */
  unsigned char *start;
  unsigned char *floor;
  unsigned char *end;
  bool is_watched;
} mr_window;

/** Takes a block from a window.
 *
 * @param size  octets
 * @return      its start, a multiple of 16; null where the size is 0 or the window is too small
 */
MR_INLINE void *mr_window_take(mr_window *window, size_t size) {
  /* The window is a multiple of 16: what fits unrounded fits rounded. */
  if (size - 1 >= (uintptr_t)window->limit - (uintptr_t)window->cursor) return NULL;
  unsigned char *block = window->cursor;
  window->cursor = block + ((size + 15) & ~(size_t)15);
  return block;
}

/** An allocator over one region. Its members are its own: use the functions. */
typedef struct mr_bump {
  mr_allocator base;
  mr_window window;
  /** Gave the storage and takes it back; null where it is borrowed. */
  mr_allocator *parent;
  mr_region storage;
} mr_bump;

/** Allocates from `storage`, which is borrowed until mr_bump_fini and belongs to the bump alone until then.
 *
 * @param[out] bump  the caller's; must not move while in use
 * @param storage    may be null and empty. What precedes its first multiple of 16 is not used
 * @retval MR_INVALID_ARGUMENT  the region is not sound
 */
MR_API MR_MUST_CHECK mr_status mr_bump_init(mr_bump *bump, mr_region storage);

/** Allocates from storage of its own, taken from `parent` now and given back by mr_bump_fini.
 *
 * @param[out] bump  the caller's; must not move while in use
 * @param parent     borrowed until mr_bump_fini; null is the system's, MR_CURRENT what is current now
 * @param size       octets
 * @return           MR_OK, or what `parent` answers
 */
MR_API MR_MUST_CHECK mr_status mr_bump_init_from(mr_bump *bump, mr_allocator *parent, size_t size);

/** Ends it. Borrowed storage is the caller's again. Using it afterwards is caught in debug builds; in others it has no
 * memory. Ending it again does nothing. */
MR_API void mr_bump_fini(mr_bump *bump);

/** Whether the invariants at the top of this header hold. False after mr_bump_fini. */
MR_API bool mr_bump_is_sound(const mr_bump *bump);

/** All the memory it allocates from. Borrowed from it. */
MR_API mr_region mr_bump_storage(const mr_bump *bump);

/** What is handed out, as one region, as a source. Stable until the bump allocates, clears or rewinds.
 *
 * Padding and blocks that were deallocated out of order are part of it: tools that watch memory take all of it for
 * handed out from then on.
 */
MR_API mr_source mr_bump_source(const mr_bump *bump);

/** mr_allocate from a bump, without a call. */
MR_INLINE MR_MUST_CHECK mr_status mr_bump_allocate(mr_bump *bump, size_t size, mr_region *out) {
  void *block = mr_window_take(&bump->window, size);
  if (!block) {
    /* `out` itself must not escape, or no compiler keeps the caller's region in registers. */
    mr_region other;
    mr_status status = mr_allocate(&bump->base, size, &other);
    if (status == MR_OK) *out = other;
    return status;
  }
  out->pointer = block;
  out->size = size;
  return MR_OK;
}

#ifdef __cplusplus
}
#endif
#endif

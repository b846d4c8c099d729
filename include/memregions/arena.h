#ifndef MEMREGIONS_ARENA_H
#define MEMREGIONS_ARENA_H

/*
 * Arena: a bump allocator that grows, by chunks from a parent, each twice the size of the one before; or in one reserve
 * of addresses, which is committed as it grows.
 *
 * For:      many blocks that die together: all at clear, or all since a mark. With a reserve, a block that must grow
 *           and not move: the newest has all that is left of it.
 * Not for:  blocks that die out of order: only the newest is given back, then the one before it, and so on.
 * Cost:     as bump; a chunk's header of nine words; the newest chunk, about half of what it holds, may not be in use
 *           yet. A block larger than a quarter of the next chunk gets a chunk of its own, so that it wastes nothing of
 *           the current one, until the next chunk has grown to hold several such. A reserve costs addresses, and a
 *           call of the operating system each time that what is committed of it doubles.
 *
 * What always holds:
 *   - blocks never move, and chunks stay: clear and rewind keep them for the requests to come. Trim and fini give them
 *     back. One that is too small for the request it was kept for makes room for a larger one;
 *   - after clear, the same requests give the same addresses, with two exceptions. Where a kept chunk made room for a
 *     larger one, blocks may lie elsewhere in the next round; once a round replaces none, they stay. And where the
 *     parent had refused a chunk: smaller ones than twice the size are tried then, down to what the request needs;
 *   - after rewind, the same holds of the requests since the mark;
 *   - what was handed out before the latest mark is neither given back nor grown in place.
 * Chunks go back to the parent in the reverse order of their taking: if none made room for another, a parent that takes
 * back only its newest block gets all of them.
 *
 * With a reserve there are no chunks: blocks follow each other through it from its first page on, and a block's address
 * depends on nothing but the requests.
 *
 * A limit bounds what chunks, their headers counted, take together, or what is committed of the reserve. A block that
 * could not even be had alone is too big. Chunks that are kept are given back where the limit would refuse one.
 *
 * Trim gives back the chunks that are kept, and those on top that have become empty, not one that a mark stands in nor
 * one whose blocks went back out of order; of a reserve, the pages above the newest block.
 *
 * mr_arena_is_sound looks at the current chunk, mr_allocator_check at all of them.
 *
 * Total and used count what blocks can lie in: chunk headers are neither, nor what is not committed. What is left at
 * the end of a chunk when the next is begun counts as free, but is handed out only after clear or rewind.
 *
 * Only the window is seen by the inline path; see memregions/bump.h.
 *
 * Threads: one at a time.
 */

#include <memregions/allocator.h>
#include <memregions/bump.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Octets of the first chunk, where the options say 0. */
#define MR_ARENA_CHUNK_SIZE ((size_t)4096)

/** Retains everything, as mr_allocator_clear does. */
#define MR_ARENA_RETAIN_ALL SIZE_MAX

/** How an arena gets its memory. All zeros is a good start. */
typedef struct mr_arena_options {
  /** Gives the chunks; borrowed until mr_arena_fini. Null is the system's, MR_CURRENT what is current at init. */
  mr_allocator *parent;
  /** Octets of the first chunk taken from the parent, its header counted; 0 means MR_ARENA_CHUNK_SIZE, or what the
   * parent can give where that is less. With a reserve, what is committed first: at most all of it. */
  size_t chunk_size;
  /** Memory to use before any chunk, on the stack perhaps; borrowed until mr_arena_fini. May be null. */
  mr_region storage;
  /** The most octets of chunks, or committed, at a time; 0 means no limit. The storage is not counted. */
  size_t limit;
  /** Octets of addresses to reserve instead of taking chunks, rounded up to whole pages; 0 means chunks. */
  size_t reserve;
} mr_arena_options;

/** What an arena knows of a chunk; stands at its start. Its members are the arena's own. */
typedef struct mr_arena_chunk {
  /** The chunk that came into use before this one; of one that is kept, the one to be used after it. */
  struct mr_arena_chunk *below;
  /** The chunk that was taken from the parent before this one. */
  struct mr_arena_chunk *earlier;
  /** The complement of the sum of both links, by which damage is seen before they are followed. */
  uintptr_t links;
  unsigned char *start;
  /** The window's, while another chunk has it. */
  unsigned char *floor;
  unsigned char *cursor;
  unsigned char *end;
  /** Octets of the chunk to take after this one. */
  size_t next_size;
  /** Whether it holds one block, and never has the window. */
  bool is_alone;
  bool is_marked;
  /** Whether it is not in use. */
  bool is_kept;
  /** Whether it is about to go back. */
  bool is_leaving;
} mr_arena_chunk;

/** An allocator that grows. Its members are its own: use the functions. */
typedef struct mr_arena {
  mr_allocator base;
  /** Over the current chunk. */
  mr_window window;
  mr_allocator *parent;
  /** The borrowed storage, or what is committed of the reserve, empty where there is none: always in use, under all
   * others. */
  mr_arena_chunk bottom;
  mr_arena_chunk *newest;
  /** The newest that is not alone. */
  mr_arena_chunk *current;
  /** Not in use: in the order they will be. */
  mr_arena_chunk *kept;
  mr_arena_chunk *kept_alone;
  /** The last that was taken from the parent. */
  mr_arena_chunk *latest;
  /** Octets of all chunks. */
  size_t held;
  size_t limit;
  /** Null where there is none. */
  mr_region reserve;
} mr_arena;

/** Makes an arena; takes no memory yet.
 *
 * @param[out] arena  the caller's; must not move while in use
 * @param options     read now; null means all zeros
 * @retval MR_INVALID_ARGUMENT  the storage is not sound, or there is a reserve as well; or a reserve with a limit of
 *                              less than a page
 * @retval MR_BLOCK_TOO_BIG     without a reserve, the chunk size is more than the parent could ever give, or than the
 *                              limit; the reserve is more than PTRDIFF_MAX
 * @retval MR_OUT_OF_MEMORY     so many addresses can't be reserved now
 */
MR_API MR_MUST_CHECK mr_status mr_arena_init(mr_arena *arena, const mr_arena_options *options);

/** Ends it, and gives every chunk back. Using it afterwards is caught in debug builds; in others it has no memory.
 * Ending it again does nothing. */
MR_API void mr_arena_fini(mr_arena *arena);

/** Takes all blocks back at once, and gives memory back but for a part.
 *
 * @param arena   to be cleared
 * @param retain  the most octets of chunks, or committed, to keep for the requests to come, the earliest first: 0 gives
 *                all back, MR_ARENA_RETAIN_ALL nothing
 */
MR_API void mr_arena_clear(mr_arena *arena, size_t retain);

/** Whether its invariants hold, as far as they can be seen from the arena and its current chunk.
 * False after mr_arena_fini. */
MR_API bool mr_arena_is_sound(const mr_arena *arena);

/** The memory of the chunk that it allocates from now. Borrowed from it. */
MR_API mr_region mr_arena_storage(const mr_arena *arena);

/** mr_allocate from an arena, without a call. */
MR_INLINE MR_MUST_CHECK mr_status mr_arena_allocate(mr_arena *arena, size_t size, mr_region *out) {
  void *block = mr_window_take(&arena->window, size);
  if (!block) {
    /* `out` itself must not escape, or no compiler keeps the caller's region in registers. */
    mr_region other;
    mr_status status = mr_allocate(&arena->base, size, &other);
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

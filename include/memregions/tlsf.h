#ifndef MEMREGIONS_TLSF_H
#define MEMREGIONS_TLSF_H

/*
 * TLSF: general purpose over any memory, in constant time. Free blocks are kept in two-level segregated lists: one for
 * each size below 512 octets, above that 16 for each power of two.
 *
 * For:      blocks of all sizes that die in any order, where memory is bounded or each call must be; misuse that must be
 *           seen in release builds.
 * Not for:  blocks that die together (arena), or are all of one size (pool). It is no allocator for several threads.
 * Cost:     allocate, release and resize take constant time, whatever was allocated before (and a step for each region
 *           that was added; growing takes the parent's time; zeroing is the memory's). The checks that are on in every
 *           build are about 1 ns of the 10 or so that allocate and release take together. Blocks take a multiple of
 *           16, and no header; a region gives 1.6 % of itself and about 100 octets for its record. The mr_tlsf itself has about
 *           10 KiB. A block of its own class is looked for among 8 only, so that under fragmentation a free block up
 *           to 1/16 larger than the request can be missed. At most 256 resting blocks (below) are merged at once.
 *
 * What always holds (mr_tlsf_is_sound looks at what is O(1), mr_allocator_check at everything):
 *   - no two free blocks are neighbours, resting ones excepted;
 *   - a request that fits a region of which nothing is used succeeds;
 *   - regions come into use in the order in which they were added, each when a request does not fit the ones before.
 *     After clear none is, so that the same requests give the same addresses again, unless the parent had refused one;
 *   - what is known of a block lies in its region's record, not in the block: two bits for each 16 octets.
 *
 * A released block of up to 512 octets rests: the next request of its size gets it as it is. Of each size up to 8 rest,
 * and are merged with their neighbours when a request finds nothing else. Total and used count what blocks can lie in:
 * records are neither, resting is free.
 *
 * Misuse is MR_CORRUPT, in every build, and changes nothing:
 *   - a pointer that is no block's start is seen always: foreign, interior, released before;
 *   - a smaller size than the block's is seen, and a larger one, where they take another multiple of 16. Not seen is a
 *     larger size whose end is by chance that of a later block, if the true end is more than 4 KiB from the start;
 *   - an alignment is seen to be wrong where the address is no multiple of it;
 *   - links and sizes in free memory are encoded, and checked against each other before they are used. So a write to
 *     free memory is seen by the call that needs what was there: a release or resize next to it answers MR_CORRUPT,
 *     an allocation goes by. What else is in free memory, and the contents of resting blocks, is not checked. Writes to
 *     a region's record, at its start, are seen by mr_allocator_check alone;
 *   - a released block that was handed out anew at the same place and size is that new block.
 * The encoding's key is drawn at init.
 *
 * Under tools that watch memory (AddressSanitizer, Valgrind) what is free is out of bounds to them.
 *
 * Threads: one at a time.
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The largest block that rests, in octets. */
#define MR_TLSF_LARGEST_RESTING ((size_t)512)
/** How many blocks of one size rest at most. */
#define MR_TLSF_RESTING_BLOCKS 8
/** How many lists of free blocks there are. */
#define MR_TLSF_LISTS ((sizeof(size_t) - 1) * 128)

/** How a TLSF gets its memory. All zeros is a good start for one that gets all of it by mr_tlsf_add. */
typedef struct mr_tlsf_options {
  /** Its first region, as by mr_tlsf_add. */
  mr_region storage;
  /** Gives further regions; borrowed until mr_tlsf_fini. Null is the system's, MR_CURRENT what is current at init. Not
   * used where `growth` is 0. */
  mr_allocator *parent;
  /** Octets to take from the parent at least when a request does not fit; more where the request needs more, and as many
   * as are held from it already, so that these double. 0: it never grows. */
  size_t growth;
} mr_tlsf_options;

/** A region and what is known of it. */
typedef struct mr_tlsf_area mr_tlsf_area;

/** Blocks of one size that rest, the newest last. Its members are its own. */
typedef struct mr_tlsf_bin {
  size_t count;
  void *blocks[MR_TLSF_RESTING_BLOCKS];
} mr_tlsf_bin;

/** A free block that is in no list. Its members are its own. */
typedef struct mr_tlsf_loose {
  /** Both null where there is none. */
  unsigned char *start;
  unsigned char *end;
  mr_tlsf_area *area;
} mr_tlsf_loose;

/** A general-purpose allocator. Its members are its own: use the functions. */
typedef struct mr_tlsf {
  mr_allocator base;
  /** The area that was needed last; null where none is in use. */
  mr_tlsf_area *recent;
  /** Small blocks are carved from its start. */
  mr_tlsf_loose current;
  /** What was released last, with its neighbours. */
  mr_tlsf_loose gathered;
  size_t used;
  size_t total;
  uintptr_t key;
  bool is_watched;
  /** Which lists are not empty, a bit each, and which of these words are not 0. */
  uint64_t summary;
  uint64_t map[MR_TLSF_LISTS / 64];
  /** By size in granules of 16 octets; the first is not used. */
  mr_tlsf_bin bins[MR_TLSF_LARGEST_RESTING / 16 + 1];
  unsigned char *lists[MR_TLSF_LISTS];
  /** All areas, in the order in which they were added. */
  mr_tlsf_area *first;
  mr_tlsf_area *last;
  /** The last of those in use. */
  mr_tlsf_area *newest;
  mr_allocator *parent;
  size_t growth;
  /** Octets held from the parent. */
  size_t grown;
} mr_tlsf;

/** Makes a TLSF; takes no memory from the parent yet.
 *
 * @param[out] tlsf  the caller's; must not move while in use
 * @param options    read now; null means all zeros
 * @retval MR_INVALID_ARGUMENT  the storage is not sound
 * @retval MR_NO_SPACE          the storage is neither empty nor large enough for its record and a block
 * @retval MR_BLOCK_TOO_BIG     the growth is more than the parent could ever give
 */
MR_API MR_MUST_CHECK mr_status mr_tlsf_init(mr_tlsf *tlsf, const mr_tlsf_options *options);

/** Adds memory to allocate from.
 *
 * @param region  borrowed until mr_tlsf_fini, and the TLSF's alone until then. Empty adds nothing. Octets before its
 *                first multiple of 16 and after its last are not used
 * @retval MR_INVALID_ARGUMENT  the region is not sound, or overlaps one that is there
 * @retval MR_NO_SPACE          not large enough for its record and a block
 */
MR_API MR_MUST_CHECK mr_status mr_tlsf_add(mr_tlsf *tlsf, mr_region region);

/** Ends it, and gives back what it has from its parent, the latest first. Borrowed memory is its owner's again. Using it
 * afterwards is caught in debug builds; in others it has no memory. Ending it again does nothing. */
MR_API void mr_tlsf_fini(mr_tlsf *tlsf);

/** Whether its invariants hold, as far as O(1) can tell. False after mr_tlsf_fini. */
MR_API bool mr_tlsf_is_sound(const mr_tlsf *tlsf);

#ifdef __cplusplus
}
#endif
#endif

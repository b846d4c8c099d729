#ifndef MEMREGIONS_PAGES_H
#define MEMREGIONS_PAGES_H

/*
 * Pages: each block is whole pages of the operating system's, mapped for it alone.
 *
 * For:      large blocks, and those that grow: they move without being copied; blocks that are to be zero, to be huge
 *           pages, or to be guarded at both ends; a parent of the kinds that cut large blocks into small ones.
 * Not for:  small blocks: each takes a page at least. Blocks that are not given back stay mapped: it keeps no list of
 *           them, and mr_pages_fini can't end them.
 * Cost:     a call of the system or two for each block taken and given back, and a page fault at each page's first use;
 *           up to a page less an octet of padding; no header. Guards take addresses only.
 *
 * What always holds (mr_pages_is_sound):
 *   - a block starts at a page's start, and is 0 when it is fresh;
 *   - total and used are the octets mapped for blocks: whole pages, guards not counted;
 *   - with guards, the page before a block's first and the page after its last can't be touched, also after it has
 *     grown or shrunk.
 * Where it can, a block grows and shrinks in place; else its pages are moved to other addresses (Linux; elsewhere they
 * are copied). With huge pages, blocks from 2 MiB on are whole huge pages; the system may still fill them with small
 * ones where it has no others.
 *
 * Misuse that is detected: giving back what does not start at a page or is not aligned as said, and more octets than
 * there are. A size of another number of pages is not detected.
 *
 * Threads: for all threads, after mr_pages_init and until mr_pages_fini.
 */

#include <memregions/allocator.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What pages blocks are made of. */
typedef enum mr_page_kind {
  /** The system's usual ones. */
  MR_PAGES_USUAL = 0,
  /** Huge ones for blocks of 2 MiB and more: those that the system keeps apart, else those that it makes of usual ones.
   * Where it has neither, usual ones. With guards, the second alone. */
  MR_PAGES_HUGE = 1
} mr_page_kind;

/** How blocks are mapped. All zeros is a good start. */
typedef struct mr_pages_options {
  mr_page_kind kind;
  /** Whether a page that can't be touched lies before and after each block. */
  bool has_guards;
} mr_pages_options;

/** An allocator of whole pages. Its members are its own: use the functions. */
typedef struct mr_pages {
  mr_allocator base;
  /** Octets of one. */
  size_t page;
  /** Octets mapped for blocks. Changed by all threads, atomically. */
  size_t used;
  bool is_huge;
  bool has_guards;
  bool is_watched;
} mr_pages;

/** Makes an allocator; maps nothing yet.
 *
 * @param[out] pages  the caller's; must not move while in use
 * @param options     read now; null means all zeros
 * @retval MR_INVALID_ARGUMENT  there is no such kind of pages
 */
MR_API MR_MUST_CHECK mr_status mr_pages_init(mr_pages *pages, const mr_pages_options *options);

/** Ends it. Blocks that were not given back stay mapped. Using it afterwards is caught in debug builds; in others it has
 * no memory. Ending it again does nothing. */
MR_API void mr_pages_fini(mr_pages *pages);

/** Whether the invariants at the top of this header hold, as far as can be seen. False after mr_pages_fini. */
MR_API bool mr_pages_is_sound(const mr_pages *pages);

/** Gives the memory behind whole pages back to the system, and keeps their addresses: they are 0 from then on, and take
 * memory again when they are next written to.
 *
 * For all threads, as long as none uses those octets.
 *
 * @param region  of a block that came from pages. What is only part of a page, at its start and end, is kept as it is
 * @retval MR_INVALID_ARGUMENT  the region is not sound
 * @retval MR_UNSUPPORTED       the system can't do it to these pages: they are locked into memory, say
 */
MR_API mr_status mr_pages_decommit(mr_region region);

#ifdef __cplusplus
}
#endif
#endif

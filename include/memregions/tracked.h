#ifndef MEMREGIONS_TRACKED_H
#define MEMREGIONS_TRACKED_H

/*
 * Tracked: counts what a parent hands out and takes back, and remembers, while asked to, each block and the calls by
 * which it came.
 *
 * For:      knowing how much memory is in use, how much there was at most, and who has not given it back; a ceiling.
 * Not for:  marks, which are MR_UNSUPPORTED: what a rewind takes back could not be counted. Nor blocks that come from the
 *           parent and go back through this, or the other way round.
 * Cost:     to count, a few additions a call, and no memory. To record, walking the stack, some microseconds, whenever a
 *           block comes, and a look-up in a hash table when it goes; five words a block, in a table that is doubled when
 *           three quarters of it are full; some 300 octets a stack by which blocks came, until the end.
 *
 * What always holds (mr_tracked_is_sound):
 *   - all counts are exact, whether it records or not, and never more than the ceiling is live;
 *   - what is recorded is live. What is live but not recorded came while recording was off, or when there was no memory
 *     to record it in: it is counted all the same;
 *   - recording may be switched at any time: what was recorded stays so until it goes.
 * A block that changes its size where it is, or that the parent moves, stays the same block, with its number and the
 * calls by which it came. One that is copied elsewhere is a new one.
 *
 * Giving back is checked in every build. A recorded block must have its size and alignment. Any other must be one that
 * can be live: where all live blocks are recorded there is none; else one of about its size must be, and as many octets.
 * What fails is MR_CORRUPT, and the parent is not asked.
 *
 * Clear takes back all blocks where the parent can. Usage, ownership and walk are the parent's. mr_allocator_check goes
 * through all records, then answers what the parent's does.
 *
 * Its own memory is never the parent's, nor part of any count.
 *
 * Threads: one at a time.
 */

#include <memregions/allocator.h>
#include <memregions/call_stack.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a tracked allocator works. All zeros is a good start: it counts, and records nothing. */
typedef struct mr_tracked_options {
  /** Gives the blocks; borrowed until mr_tracked_fini. Null is the system's, MR_CURRENT what is current at init. */
  mr_allocator *parent;
  /** Gives memory for records; borrowed until mr_tracked_fini. Null and MR_CURRENT as above. Only the system's may also
   * be the parent. */
  mr_allocator *records;
  /** The most octets that may be live; 0 is no ceiling. A larger block is MR_BLOCK_TOO_BIG. */
  size_t ceiling;
  /** Whether it records from the start. */
  bool is_recording;
} mr_tracked_options;

/** How many classes of sizes are counted apart. */
#define MR_TRACKED_SIZES 64

/** The blocks of one class of sizes. */
typedef struct mr_tracked_size {
  size_t live_blocks;
  /** Those of the live that are recorded. */
  size_t recorded_blocks;
  /** That ever came, or grew or shrank into the class. */
  uint64_t total_blocks;
} mr_tracked_size;

/** What was counted. Sizes are as they were asked for, without padding. */
typedef struct mr_tracked_statistics {
  size_t live_octets;
  size_t live_blocks;
  /** The most that were live at once, of octets and of blocks, each at its own time. */
  size_t peak_octets;
  size_t peak_blocks;
  /** Those of the live that are recorded. */
  size_t recorded_octets;
  size_t recorded_blocks;
  /** That ever came; what blocks grew by where they were is counted too. */
  uint64_t total_octets;
  uint64_t total_blocks;
  /** Requests for a block that failed. */
  uint64_t refused;
  /** By size: blocks of 2^i octets up to, not including, 2^(i+1) are at i. */
  mr_tracked_size sizes[MR_TRACKED_SIZES];
} mr_tracked_statistics;

/** Recorded blocks by their address, and the stacks by which they came: open hash tables. Members are their own. */
typedef struct mr_tracked_records {
  mr_allocator *memory;
  struct mr_tracked_record *blocks;
  size_t block_capacity;
  size_t block_count;
  struct mr_tracked_calls **stacks;
  size_t stack_capacity;
  size_t stack_count;
  /** All stacks as a list. */
  struct mr_tracked_calls *first_stack;
} mr_tracked_records;

/** An allocator that knows what it handed out. Its members are its own: use the functions. */
typedef struct mr_tracked {
  mr_allocator base;
  mr_allocator *parent;
  size_t ceiling;
  bool is_recording;
  mr_tracked_statistics statistics;
  mr_tracked_records records;
} mr_tracked;

/** Makes one; takes no memory yet.
 *
 * @param[out] tracked  the caller's; must not move while in use
 * @param options       read now; null means all zeros
 * @retval MR_INVALID_ARGUMENT  records would be in the parent's memory
 */
MR_API MR_MUST_CHECK mr_status mr_tracked_init(mr_tracked *tracked,
                                               const mr_tracked_options *options);

/** Ends it. Blocks that are live stay so: they are the parent's, to be given back there. Using it afterwards is caught in
 * debug builds; in others it has no memory. Ending it again does nothing. */
MR_API void mr_tracked_fini(mr_tracked *tracked);

/** Whether its invariants hold, as far as they can be seen without going through the records. False after
 * mr_tracked_fini. */
MR_API bool mr_tracked_is_sound(const mr_tracked *tracked);

/** What was counted, up to date at all times. Borrowed from it; copy it to compare two moments. */
MR_API const mr_tracked_statistics *mr_tracked_statistics_of(const mr_tracked *tracked);

/** Makes what is live now the most that ever was, so that the peak is of what comes. */
MR_API void mr_tracked_reset_peak(mr_tracked *tracked);

/** Switches recording on or off, for the blocks to come. */
MR_API void mr_tracked_set_recording(mr_tracked *tracked, bool is_recording);

/** A recorded block. */
typedef struct mr_tracked_block {
  mr_view block;
  size_t alignment;
  /** How many blocks had come with it, recorded or not: 1 for the first. */
  uint64_t number;
  /** By which it came; valid during the call. The library's own are left out where it is a shared library. */
  const mr_call_stack *calls;
} mr_tracked_block;

/** Is shown a recorded block. It must not use the allocator.
 *
 * @return MR_OK to go on
 */
typedef mr_status mr_tracked_block_function(void *context, const mr_tracked_block *block);

/** Shows all recorded blocks, in no order.
 *
 * @return MR_OK, or the first other status that the function answers
 */
MR_API MR_MUST_CHECK mr_status mr_tracked_each_block(const mr_tracked *tracked,
                                                     mr_tracked_block_function *function,
                                                     void *context);

/** What came by the same calls, and was recorded. */
typedef struct mr_tracked_stack {
  /** As of mr_tracked_block. Those that went other ways inside of the library are counted apart. */
  const mr_call_stack *calls;
  size_t live_octets;
  size_t live_blocks;
  uint64_t total_octets;
  uint64_t total_blocks;
} mr_tracked_stack;

/** Is shown what came by the same calls. It must not use the allocator.
 *
 * @return MR_OK to go on
 */
typedef mr_status mr_tracked_stack_function(void *context, const mr_tracked_stack *stack);

/** Shows all stacks by which recorded blocks ever came: first those with the most live octets, among equals those with
 * the most in all.
 *
 * @param tracked  only the order of its stacks may change
 * @return         MR_OK, or the first other status that the function answers
 */
MR_API MR_MUST_CHECK mr_status mr_tracked_each_stack(mr_tracked *tracked,
                                                     mr_tracked_stack_function *function,
                                                     void *context);

/** Prints what is live, and what was at most: a line in all, then the live blocks by the calls by which they came, most
 * octets first. Where nothing is live, one line that says so.
 *
 * @param tracked  only the order of its stacks may change
 * @param write    receives the text in pieces; must not use the allocator
 * @param context  handed to it
 * @return         MR_OK, or what `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_tracked_report(mr_tracked *tracked, mr_write_function *write,
                                                 void *context);

#ifdef __cplusplus
}
#endif
#endif

#ifndef MEMREGIONS_ALLOCATOR_TRACKED_RECORDS_H
#define MEMREGIONS_ALLOCATOR_TRACKED_RECORDS_H

/*
 * What a tracked allocator remembers: blocks by their address, and stacks, of which many blocks share one.
 *
 * Both are open hash tables with linear probing: capacities are powers of two, and at least a quarter of the slots is
 * empty. A table that can't grow takes no more, and keeps what it has.
 *
 * A stack stays until the end, so that what came by it is known when nothing of it is live any more.
 */

#include "memregions/tracked.h"

/* A stack, and what came by it. */
typedef struct mr_tracked_calls {
  struct mr_tracked_calls *next;
  uint64_t hash;
  mr_call_stack stack;
  /* How many of its innermost calls are the library's own. */
  size_t own;
  size_t live_octets;
  size_t live_blocks;
  uint64_t total_octets;
  uint64_t total_blocks;
} mr_tracked_calls;

/* A block; its address is null in a slot that is empty. */
typedef struct mr_tracked_record {
  mr_region block;
  size_t alignment;
  uint64_t number;
  mr_tracked_calls *calls;
} mr_tracked_record;

/* The record of the block at this address; null where there is none. */
mr_tracked_record *mr_records_find(const mr_tracked_records *records, const void *address);

/* Adds a record. There is none of its address. False, with nothing changed, where there is no memory for it. */
bool mr_records_add(mr_tracked_records *records, mr_tracked_record record);

/* Removes a record. Others may move. */
void mr_records_remove(mr_tracked_records *records, mr_tracked_record *record);

/* Gives a record's block another place. There is no record of that. */
void mr_records_move(mr_tracked_records *records, mr_tracked_record *record, void *address);

/* Removes all records of blocks. */
void mr_records_clear(mr_tracked_records *records);

/* The one copy of a stack; null where there is no memory for it. */
mr_tracked_calls *mr_records_intern(mr_tracked_records *records, const mr_call_stack *stack);

/* The calls of a stack that are not the library's own. */
mr_call_stack mr_calls_outer(const mr_tracked_calls *calls);

/* Brings the list of stacks into the order in which they are shown. */
void mr_records_sort_stacks(mr_tracked_records *records);

/* What is recorded, summed up anew. */
typedef struct mr_tracked_sums {
  size_t octets;
  size_t blocks;
} mr_tracked_sums;

/* Goes through all records. False where they contradict each other. */
bool mr_records_sum(const mr_tracked_records *records, mr_tracked_sums *sums);

/* Gives all memory back. */
void mr_records_fini(mr_tracked_records *records);

#endif

#ifndef MEMREGIONS_ALLOCATOR_GUARDED_SPACE_H
#define MEMREGIONS_ALLOCATOR_GUARDED_SPACE_H

/*
 * The addresses of a guarded allocator, and what is known of them.
 *
 * They are cut into slots, from the lowest address up, each a page that stays inaccessible and 2^k pages for a block. A
 * slot keeps its addresses for ever, and what it knows of its block until the next one. Slots that are free wait in line
 * with those of their size, so that the one released longest ago is used next.
 *
 * What always holds:
 *   - slots are in the order of their addresses, and touch;
 *   - an inaccessible page follows the last;
 *   - a free slot is inaccessible, and is in the queue of its size, unless the system refused to take its pages back.
 *
 * Threads: one at a time, but mr_guarded_space_find, which may be called in a signal handler meanwhile.
 */

#include <stdatomic.h>

#include "memregions/allocator.h"
#include "memregions/call_stack.h"

/* Where one block lies, or the last one did. */
typedef struct mr_guarded_slot {
  /* In the queue. */
  struct mr_guarded_slot *next;
  /* Its inaccessible page. */
  unsigned char *start;
  /* How many pages there are for blocks, as a power of two. */
  unsigned order;
  bool is_live;
  /* Those that are accessible while the block is live. */
  mr_region pages;
  mr_region block;
  size_t alignment;
  mr_call_stack allocated;
  mr_call_stack released;
} mr_guarded_slot;

typedef struct mr_guarded_queue {
  mr_guarded_slot *head;
  mr_guarded_slot *tail;
  size_t length;
} mr_guarded_queue;

enum { MR_GUARDED_ORDERS = sizeof(size_t) * 8 };

/* Stands at the start of what it reserves; the addresses of slots follow the table of slots. */
typedef struct mr_guarded_space {
  /* All of the reservation. */
  mr_region whole;
  size_t page;
  /* How long a queue may be before its first is used again. */
  size_t quarantine;
  /* Where slots may lie, the page after the last not counted. */
  unsigned char *start;
  unsigned char *end;
  mr_guarded_queue queues[MR_GUARDED_ORDERS];
  /* How far the table of slots is committed. */
  unsigned char *committed;
  atomic_size_t count;
  mr_guarded_slot slots[];
} mr_guarded_space;

/* Reserves `size` octets of addresses for slots; null where they can't be had. */
mr_guarded_space *mr_guarded_space_open(size_t size, size_t quarantine);

/* Ends all slots. */
void mr_guarded_space_close(mr_guarded_space *space);

/* The largest block that there is ever room for. */
size_t mr_guarded_space_maximum(const mr_guarded_space *space, size_t alignment);

/* A slot whose pages are accessible, zero, enough for `size`, and aligned; null where there is none. It is not live yet,
 * and what it knows of its last block is as it was. */
mr_guarded_slot *mr_guarded_space_take(mr_guarded_space *space, size_t size, size_t alignment);

/* Makes a slot's pages inaccessible, and puts it in line. */
void mr_guarded_space_give(mr_guarded_space *space, mr_guarded_slot *slot);

/* The slot that an address lies in, or the last where it lies behind all; null where it lies before all, or there is
 * none. */
mr_guarded_slot *mr_guarded_space_find(mr_guarded_space *space, const void *address);

#endif

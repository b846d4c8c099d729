#ifndef MEMREGIONS_ALLOCATOR_CACHED_SPAN_TABLE_H
#define MEMREGIONS_ALLOCATOR_CACHED_SPAN_TABLE_H

/*
 * Finds the span that an address lies in, without touching what is there: a table of spans by their start, with linear
 * probing.
 *
 * What always holds: at least half of its slots are empty. A table that has become too small stays as it is until the
 * end, for those who are just reading it; all of them together are smaller than the one in use.
 *
 * Threads: it changes under the allocator's lock. Without it, whatever is found is right, but a span may be missed while
 * another comes or goes: who misses one looks again under the lock.
 */

#include "cached_span.h"

typedef struct mr_span_table {
  /* How many slots, less one. */
  size_t mask;
  size_t count;
  /* The one before it. */
  struct mr_span_table *earlier;
  _Atomic(mr_span *) slots[];
} mr_span_table;

/* The first slot for an address: multiplicative hashing by the golden ratio, of which the bits in the middle are taken.
 * To shift by a variable number would take longer than all the rest. */
static inline size_t mr_span_table_slot(const mr_span_table *table, const void *address) {
  uint64_t number = (uintptr_t)address / MR_SPAN_SIZE;
  return (size_t)(number * 0x61C88647u >> 16) & table->mask;
}

/* Null where it is no span's. */
static inline mr_span *mr_span_table_find(const mr_span_table *table, const void *address) {
  size_t at = mr_span_table_slot(table, address);
  for (;; at = (at + 1) & table->mask) {
    mr_span *span = atomic_load_explicit(&table->slots[at], memory_order_acquire);
    if (MR_OFTEN(!span || mr_span_has_address(span, address))) return span;
  }
}

/* A table of `slots`, a power of two, in place of `earlier`, which may be null, with all that is in it. Null where there
 * is no memory. */
mr_span_table *mr_span_table_create(mr_allocator *records, size_t slots, mr_span_table *earlier);

/* Gives back this one and all before it. */
void mr_span_table_destroy(mr_allocator *records, mr_span_table *table);

bool mr_span_table_is_full(const mr_span_table *table);

/* Twice as large; null where there is no memory. */
mr_span_table *mr_span_table_grow(mr_allocator *records, mr_span_table *table);

/* The table must not be full, and not have it; the span has its start. */
void mr_span_table_add(mr_span_table *table, mr_span *span);

/* The table must have it. */
void mr_span_table_remove(mr_span_table *table, const mr_span *span);

#endif

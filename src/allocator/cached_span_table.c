#include "cached_span_table.h"

static mr_span *slot(const mr_span_table *table, size_t at) {
  return atomic_load_explicit(&table->slots[at], memory_order_relaxed);
}

/* Who finds the span sees what was written to it before. */
static void set_slot(mr_span_table *table, size_t at, mr_span *span) {
  atomic_store_explicit(&table->slots[at], span, memory_order_release);
}

static size_t first_slot(const mr_span_table *table, const mr_span *span) {
  return mr_span_table_slot(table, mr_span_start(span));
}

static size_t table_size(size_t slots) {
  return sizeof(mr_span_table) + slots * sizeof(_Atomic(mr_span *));
}

mr_span_table *mr_span_table_create(mr_allocator *records, size_t slots, mr_span_table *earlier) {
  mr_region memory;
  if (mr_allocate_zeroed(records, table_size(slots), &memory) != MR_OK) return NULL;
  mr_span_table *table = memory.pointer;
  table->mask = slots - 1;
  table->earlier = earlier;
  for (size_t i = 0; earlier && i <= earlier->mask; i++) {
    mr_span *span = slot(earlier, i);
    if (span) mr_span_table_add(table, span);
  }
  return table;
}

void mr_span_table_destroy(mr_allocator *records, mr_span_table *table) {
  while (table) {
    mr_span_table *earlier = table->earlier;
    mr_region memory = mr_region_of(table, table_size(table->mask + 1));
    mr_ignore(mr_deallocate(records, &memory));
    table = earlier;
  }
}

bool mr_span_table_is_full(const mr_span_table *table) { return table->count > table->mask / 2; }

mr_span_table *mr_span_table_grow(mr_allocator *records, mr_span_table *table) {
  return mr_span_table_create(records, 2 * (table->mask + 1), table);
}

void mr_span_table_add(mr_span_table *table, mr_span *span) {
  size_t at = first_slot(table, span);
  while (slot(table, at)) at = (at + 1) & table->mask;
  set_slot(table, at, span);
  table->count++;
}

void mr_span_table_remove(mr_span_table *table, const mr_span *span) {
  size_t gap = first_slot(table, span);
  while (slot(table, gap) != span) gap = (gap + 1) & table->mask;
  /* Whatever could not be found any more beyond the gap moves into it. It stands in both slots for a moment, so that
   * nobody misses it who began before. */
  for (size_t at = (gap + 1) & table->mask; slot(table, at); at = (at + 1) & table->mask) {
    size_t first = first_slot(table, slot(table, at));
    if (((at - first) & table->mask) < ((at - gap) & table->mask)) continue;
    set_slot(table, gap, slot(table, at));
    gap = at;
  }
  set_slot(table, gap, NULL);
  table->count--;
}

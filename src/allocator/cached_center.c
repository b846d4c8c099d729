#include "cached_center.h"

enum { FIRST_TABLE_SLOTS = 16 };

mr_cached_center *mr_center_create(mr_allocator *parent, mr_allocator *records) {
  mr_region memory;
  if (mr_allocate_zeroed(records, sizeof(mr_cached_center), &memory) != MR_OK) return NULL;
  mr_cached_center *center = memory.pointer;
  center->direct = (mr_direct){.parent = parent, .records = records};
  mr_span_table *table = mr_span_table_create(records, FIRST_TABLE_SLOTS, NULL);
  if (!table || pthread_mutex_init(&center->lock, NULL) != 0) {
    mr_span_table_destroy(records, table);
    mr_ignore(mr_deallocate(records, &memory));
    return NULL;
  }
  atomic_init(&center->table, table);
  return center;
}

static mr_span_table *table_of(const mr_cached_center *center) {
  return atomic_load_explicit(&center->table, memory_order_relaxed);
}

static void give_to_parent(mr_cached_center *center, void *start) {
  mr_region memory = mr_region_of(start, MR_SPAN_SIZE);
  mr_ignore(mr_deallocate_aligned(center->direct.parent, &memory, MR_SPAN_SIZE));
}

static void give_spares_to_parent(mr_cached_center *center) {
  while (center->spare_count > 0) give_to_parent(center, center->spares[--center->spare_count]);
}

/* Gives a list of records back, and their memory. */
static void destroy_spans(mr_cached_center *center, mr_span *span) {
  while (span) {
    mr_span *next = span->next;
    if (mr_span_start(span)) give_to_parent(center, mr_span_start(span));
    mr_span_destroy(center->direct.records, span);
    span = next;
  }
}

void mr_center_destroy(mr_cached_center *center) {
  mr_allocator *records = center->direct.records;
  give_spares_to_parent(center);
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
    destroy_spans(center, center->classes[i].first);
    destroy_spans(center, center->classes[i].retired);
  }
  mr_direct_fini(&center->direct);
  mr_span_table_destroy(records, table_of(center));
  (void)pthread_mutex_destroy(&center->lock);
  mr_region memory = mr_region_of(center, sizeof *center);
  mr_ignore(mr_deallocate(records, &memory));
}

/* The two lists of a class. */

static void link_last(mr_span_class *of, mr_span *span) {
  span->previous = of->last;
  span->next = NULL;
  *(of->last ? &of->last->next : &of->first) = span;
  of->last = span;
}

static void unlink(mr_span_class *of, mr_span *span) {
  *(span->previous ? &span->previous->next : &of->first) = span->next;
  *(span->next ? &span->next->previous : &of->last) = span->previous;
}

static void open(mr_span_class *of, mr_span *span) {
  span->previous_open = NULL;
  span->next_open = of->open;
  if (of->open) of->open->previous_open = span;
  of->open = span;
}

static void close(mr_span_class *of, mr_span *span) {
  *(span->previous_open ? &span->previous_open->next_open : &of->open) = span->next_open;
  if (span->next_open) span->next_open->previous_open = span->previous_open;
}

/* Spans coming and going. */

static bool reserve_in_table(mr_cached_center *center) {
  mr_span_table *table = table_of(center);
  if (!mr_span_table_is_full(table)) return true;
  table = mr_span_table_grow(center->direct.records, table);
  if (table) atomic_store_explicit(&center->table, table, memory_order_release);
  return table;
}

static bool reserve_record(mr_cached_center *center, unsigned class_index) {
  mr_span_class *of = &center->classes[class_index];
  if (!of->retired) of->retired = mr_span_create(center->direct.records, class_index);
  return of->retired;
}

static void *take_memory(mr_cached_center *center) {
  if (center->spare_count > 0) return center->spares[--center->spare_count];
  mr_allocator *parent = center->direct.parent;
  return parent->ops->allocate(parent, MR_SPAN_SIZE, MR_SPAN_SIZE, 0).pointer;
}

/* One more span for a class; false where there is no memory. */
static bool add_span(mr_cached_center *center, unsigned class_index) {
  mr_span_class *of = &center->classes[class_index];
  if (!reserve_in_table(center) || !reserve_record(center, class_index)) return false;
  void *start = take_memory(center);
  if (!start) return false;
  mr_span *span = of->retired;
  of->retired = span->next;
  mr_span_reset(span);
  atomic_store_explicit(&span->start, start, memory_order_relaxed);
  mr_span_table_add(table_of(center), span);
  link_last(of, span);
  open(of, span);
  center->span_count++;
  return true;
}

/* All blocks of an open span are home. */
static void retire(mr_cached_center *center, mr_span *span) {
  mr_span_class *of = &center->classes[span->class_index];
  close(of, span);
  unlink(of, span);
  mr_span_table_remove(table_of(center), span);
  void *start = mr_span_start(span);
  atomic_store_explicit(&span->start, NULL, memory_order_relaxed);
  span->next = of->retired;
  of->retired = span;
  center->span_count--;
  if (center->spare_count < MR_SPAN_SPARES) {
    center->spares[center->spare_count++] = start;
  } else {
    give_to_parent(center, start);
  }
}

void mr_center_trim(mr_cached_center *center) {
  /* Clear leaves spans with their classes. */
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
    for (mr_span *span = center->classes[i].open, *next; span; span = next) {
      next = span->next_open;
      if (span->away == 0) retire(center, span);
    }
  }
  give_spares_to_parent(center);
}

/* Blocks coming and going. */

size_t mr_center_take(mr_cached_center *center, unsigned class_index, mr_cached_block *blocks,
                      size_t count) {
  mr_span_class *of = &center->classes[class_index];
  if (!of->open && !add_span(center, class_index)) return 0;
  size_t taken = 0;
  /* A span that nothing was taken from yet waits until it is needed: as one that was not there yet, so that it is the
   * same after clear. */
  while (of->open && taken < count && (taken == 0 || of->open->fresh > 0)) {
    mr_span *span = of->open;
    taken += mr_span_take(span, blocks + taken, count - taken);
    if (!mr_span_has_free(span)) close(of, span);
  }
  center->away += taken * mr_span_class_size(class_index);
  return taken;
}

static void give(mr_cached_center *center, mr_span *span, mr_cached_block block) {
  if (!mr_span_has_free(span)) open(&center->classes[span->class_index], span);
  mr_span_give(span, block);
  center->away -= span->block_size;
  if (span->away == 0) retire(center, span);
}

void mr_center_give(mr_cached_center *center, const mr_cached_block *blocks, size_t count) {
  mr_span *span = NULL;
  for (size_t i = 0; i < count; i++) {
    /* One span's blocks often come in a row. */
    if (!span || !mr_span_has_address(span, blocks[i].pointer))
      span = mr_center_find(center, blocks[i].pointer);
    if (span && mr_span_has_cached(span, blocks[i])) give(center, span, blocks[i]);
  }
}

static void gather(mr_cached_center *center, mr_span *span) {
  /* The last one to come home takes the span's memory away. */
  for (uint32_t i = 0; i < span->fresh && span->away > 0; i++) {
    mr_cached_block block = {mr_span_start(span) + (size_t)i * span->block_size, &span->states[i]};
    if (mr_span_has_cached(span, block)) give(center, span, block);
  }
}

void mr_center_gather(mr_cached_center *center) {
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
    for (mr_span *span = center->classes[i].first, *next; span; span = next) {
      next = span->next;
      gather(center, span);
    }
  }
}

mr_region mr_center_allocate(mr_cached_center *center, size_t size, size_t alignment,
                             unsigned flags) {
  mr_region block = mr_direct_allocate(&center->direct, size, alignment, flags);
  if (block.pointer || center->spare_count == 0) return block;
  give_spares_to_parent(center);
  return mr_direct_allocate(&center->direct, size, alignment, flags);
}

void mr_center_clear(mr_cached_center *center) {
  mr_direct_clear(&center->direct);
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
    mr_span_class *of = &center->classes[i];
    of->open = NULL;
    /* The first to come is the first to be taken from again. */
    for (mr_span *span = of->last; span; span = span->previous) {
      mr_span_reset(span);
      open(of, span);
    }
  }
  center->away = 0;
}

mr_status mr_center_walk(const mr_cached_center *center, mr_walk_function *function,
                         void *context) {
  mr_status status = mr_direct_walk(&center->direct, function, context);
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
    for (const mr_span *span = center->classes[i].first; span && status == MR_OK; span = span->next)
      status = mr_span_walk(span, function, context);
  }
  for (size_t i = 0; i < center->spare_count && status == MR_OK; i++)
    status = function(context, mr_view_of(center->spares[i], MR_SPAN_SIZE), false);
  return status;
}

static bool span_is_sound(const mr_cached_center *center, const mr_span *span, size_t *cached) {
  const mr_span_class *of = &center->classes[span->class_index];
  bool is_linked = (span->next ? span->next->previous : of->last) == span;
  return is_linked && mr_center_find(center, mr_span_start(span)) == span &&
         mr_span_is_sound(span, cached);
}

const void *mr_center_damage(const mr_cached_center *center, size_t *cached) {
  size_t spans = 0, away = 0;
  for (unsigned i = 0; i < MR_SPAN_CLASSES; i++) {
    for (const mr_span *span = center->classes[i].first; span; span = span->next) {
      if (!span_is_sound(center, span, cached)) return span;
      spans++;
      away += (size_t)span->away * span->block_size;
    }
  }
  if (!mr_direct_is_sound(&center->direct)) return &center->direct;
  bool adds_up = spans == center->span_count && away == center->away &&
                 spans == table_of(center)->count && center->spare_count <= MR_SPAN_SPARES;
  return adds_up ? NULL : center;
}

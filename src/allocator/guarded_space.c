#include "guarded_space.h"

#include "os.h"
#include "window.h"

/* Pages by which the table of slots grows. */
enum { TABLE_STEP = 16 };

/* Queues take up to one part in so many of all addresses. */
enum { QUEUE_SHARE = 16 };

static size_t slot_size(const mr_guarded_space *space, unsigned order) {
  return space->page + (space->page << order);
}

mr_guarded_space *mr_guarded_space_open(size_t size, size_t quarantine) {
  const size_t page = mr_os_page_size();
  const size_t least = 3 * page;
  size = mr_os_whole_pages(size > least ? size : least);
  if (size == 0 || size > PTRDIFF_MAX / 4) return NULL;
  size_t most_slots = size / (2 * page);
  size_t table = mr_os_whole_pages(sizeof(mr_guarded_space) + most_slots * sizeof(mr_guarded_slot));
  mr_region whole = mr_os_reserve(table + size);
  if (!whole.pointer) return NULL;
  size_t first_step = mr_os_whole_pages(sizeof(mr_guarded_space));
  if (!mr_os_commit(whole.pointer, first_step)) {
    (void)mr_os_unmap(whole.pointer, whole.size);
    return NULL;
  }
  unsigned char *octets = whole.pointer;
  mr_guarded_space *space = whole.pointer;
  *space = (mr_guarded_space){.whole = whole,
                              .page = page,
                              .quarantine = quarantine,
                              .start = octets + table,
                              .end = octets + table + size - page,
                              .committed = octets + first_step};
  return space;
}

void mr_guarded_space_close(mr_guarded_space *space) {
  mr_region whole = space->whole;
  (void)mr_os_unmap(whole.pointer, whole.size);
}

static size_t extra_for(const mr_guarded_space *space, size_t alignment) {
  return alignment > space->page ? alignment - space->page : 0;
}

size_t mr_guarded_space_maximum(const mr_guarded_space *space, size_t alignment) {
  size_t room = mr_octets_between(space->start, space->end);
  size_t extra = extra_for(space, alignment);
  size_t largest = space->page;
  while (2 * largest <= room - space->page) largest *= 2;
  return extra < largest ? largest - extra : 0;
}

static size_t count_of(const mr_guarded_space *space) {
  return atomic_load_explicit(&space->count, memory_order_acquire);
}

/* The slot after the last, with addresses of its own, but not counted yet; null where there is no room. */
static mr_guarded_slot *new_slot(mr_guarded_space *space, unsigned order) {
  size_t count = count_of(space);
  mr_guarded_slot *slot = &space->slots[count];
  unsigned char *start = space->start;
  if (count > 0) start = slot[-1].start + slot_size(space, slot[-1].order);
  if (slot_size(space, order) > mr_octets_between(start, space->end)) return NULL;

  if ((unsigned char *)(slot + 1) > space->committed) {
    size_t left = mr_octets_between(space->committed, space->start);
    size_t step = TABLE_STEP * space->page;
    if (step > left) step = left;
    if (!mr_os_commit(space->committed, step)) return NULL;
    space->committed += step;
  }
  slot->start = start;
  slot->order = order;
  return slot;
}

static bool has_waited(const mr_guarded_space *space, unsigned order) {
  const mr_guarded_queue *queue = &space->queues[order];
  size_t share = mr_octets_between(space->start, space->end) / QUEUE_SHARE;
  return queue->length > space->quarantine ||
         (queue->length > 0 && queue->length * slot_size(space, order) > share);
}

/* A slot of this order or a larger one, still in its queue or not counted yet. */
static mr_guarded_slot *choose(mr_guarded_space *space, unsigned order) {
  if (has_waited(space, order)) return space->queues[order].head;
  mr_guarded_slot *slot = new_slot(space, order);
  for (; !slot && order < MR_GUARDED_ORDERS; order++) slot = space->queues[order].head;
  return slot;
}

/* Takes a slot that was chosen out of where it is. */
static void claim(mr_guarded_space *space, mr_guarded_slot *slot) {
  mr_guarded_queue *queue = &space->queues[slot->order];
  if (queue->head == slot) {
    queue->head = slot->next;
    queue->length--;
  } else {
    atomic_store_explicit(&space->count, count_of(space) + 1, memory_order_release);
  }
}

mr_guarded_slot *mr_guarded_space_take(mr_guarded_space *space, size_t size, size_t alignment) {
  if (size > mr_guarded_space_maximum(space, alignment)) return NULL;
  size_t needed = mr_os_whole_pages(size);
  unsigned order = 0;
  while (space->page << order < needed + extra_for(space, alignment)) order++;
  mr_guarded_slot *slot = choose(space, order);
  if (!slot) return NULL;

  unsigned char *first = slot->start + space->page;
  size_t skipped = (size_t)(-(uintptr_t)first & (alignment - 1) & ~(space->page - 1));
  if (!mr_os_commit(first + skipped, needed)) return NULL;
  claim(space, slot);
  slot->pages = mr_region_of(first + skipped, needed);
  return slot;
}

void mr_guarded_space_give(mr_guarded_space *space, mr_guarded_slot *slot) {
  /* What the system does not take back is not zero: it is not used again. */
  if (!mr_os_decommit(slot->pages.pointer, slot->pages.size)) return;
  mr_guarded_queue *queue = &space->queues[slot->order];
  slot->next = NULL;
  if (queue->head) {
    queue->tail->next = slot;
  } else {
    queue->head = slot;
  }
  queue->tail = slot;
  queue->length++;
}

mr_guarded_slot *mr_guarded_space_find(mr_guarded_space *space, const void *address) {
  size_t low = 0, high = count_of(space);
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if ((uintptr_t)space->slots[middle].start <= (uintptr_t)address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 ? &space->slots[low - 1] : NULL;
}

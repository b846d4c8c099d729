#include "tlsf_area.h"

#include <string.h>

#include "watch.h"

extern inline unsigned mr_tlsf_lowest_bit(uint64_t bits);
extern inline unsigned mr_tlsf_highest_bit(uint64_t bits);
extern inline unsigned mr_tlsf_mark(const mr_tlsf_area *area, size_t granule);
extern inline void mr_tlsf_set_mark(mr_tlsf_area *area, size_t granule, unsigned mark);
extern inline void mr_tlsf_change_mark(mr_tlsf_area *area, size_t granule, unsigned from,
                                       unsigned to);
extern inline uint64_t mr_tlsf_marks_from(const mr_tlsf_area *area, size_t granule);
extern inline unsigned char *mr_tlsf_address(const mr_tlsf_area *area, size_t granule);
extern inline size_t mr_tlsf_granule(const mr_tlsf_area *area, const void *address);
extern inline bool mr_tlsf_area_has(const mr_tlsf_area *area, const void *address);
extern inline mr_tlsf_area *mr_tlsf_area_of(mr_tlsf *tlsf, const void *address);

/* Granules whose marks are in one word; words of a stretch. */
enum { PER_WORD = 32, STRETCH_WORDS = 512 };

static size_t padding_of(const void *address, size_t alignment) {
  return (size_t)(-(uintptr_t)address & (alignment - 1));
}

/* One word more than the marks need, for mr_tlsf_marks_from. */
static size_t mark_words(size_t granules) { return (granules + PER_WORD - 1) / PER_WORD + 1; }

static size_t cleared_words(size_t granules) { return granules / (MR_TLSF_STRETCH * 64) + 1; }

static size_t record_size(size_t granules) {
  size_t words = mark_words(granules) + cleared_words(granules);
  return (sizeof(mr_tlsf_area) + words * sizeof(uint64_t) + 15) & ~(size_t)15;
}

size_t mr_tlsf_area_size(size_t granules) {
  return record_size(granules) + granules * MR_TLSF_GRANULE;
}

size_t mr_tlsf_area_granules(size_t size) {
  size_t fits = 0, beyond = size / MR_TLSF_GRANULE + 1;
  while (beyond - fits > 1) {
    size_t middle = fits + (beyond - fits) / 2;
    if (mr_tlsf_area_size(middle) <= size) {
      fits = middle;
    } else {
      beyond = middle;
    }
  }
  return fits;
}

mr_tlsf_area *mr_tlsf_area_make(mr_region memory, bool is_own) {
  const size_t skipped = padding_of(memory.pointer, MR_TLSF_GRANULE);
  const size_t granules = skipped < memory.size ? mr_tlsf_area_granules(memory.size - skipped) : 0;
  if (granules == 0) return NULL;
  unsigned char *start = (unsigned char *)memory.pointer + skipped;
  mr_tlsf_area *area = (mr_tlsf_area *)(void *)start;
  uint64_t *cleared = (uint64_t *)(void *)(area + 1);
  *area = (mr_tlsf_area){.start = start + record_size(granules),
                         .granules = granules,
                         .marks = cleared + cleared_words(granules),
                         .cleared = cleared,
                         .memory = memory,
                         .is_own = is_own};
  return area;
}

void mr_tlsf_area_open(mr_tlsf_area *area) {
  memset(area->cleared, 0, cleared_words(area->granules) * sizeof(uint64_t));
  area->ready = 0;
  area->is_open = true;
}

bool mr_tlsf_area_is_sound(const mr_tlsf_area *area) {
  const size_t skipped = padding_of(area->memory.pointer, MR_TLSF_GRANULE);
  const size_t ready = area->ready;
  return (uintptr_t)area == (uintptr_t)area->memory.pointer + skipped &&
         area->granules == mr_tlsf_area_granules(area->memory.size - skipped) &&
         (uintptr_t)area->start == (uintptr_t)area + record_size(area->granules) &&
         area->cleared == (const uint64_t *)(const void *)(area + 1) &&
         area->marks == area->cleared + cleared_words(area->granules) &&
         (ready == area->granules || (ready < area->granules && ready % MR_TLSF_STRETCH == 0)) &&
         (!area->earlier || area->earlier->later == area) &&
         (!area->later || area->later->earlier == area);
}

mr_tlsf_area *mr_tlsf_area_find(mr_tlsf *tlsf, const void *address) {
  for (mr_tlsf_area *area = tlsf->first; area && area->is_open; area = area->later) {
    if (!mr_tlsf_area_has(area, address)) continue;
    tlsf->recent = area;
    return area;
  }
  return NULL;
}

size_t mr_tlsf_area_maximum(const mr_tlsf_area *area, size_t alignment) {
  const size_t size = area->granules * MR_TLSF_GRANULE;
  const size_t padding = padding_of(area->start, alignment);
  return padding < size ? size - padding : 0;
}

static bool is_cleared(const mr_tlsf_area *area, size_t stretch) {
  return area->cleared[stretch / 64] >> stretch % 64 & 1;
}

unsigned mr_tlsf_mark_slowly(const mr_tlsf_area *area, size_t granule) {
  if (granule >= area->granules) return MR_TLSF_USED;
  if (!is_cleared(area, granule / MR_TLSF_STRETCH)) return MR_TLSF_INSIDE;
  return (unsigned)(area->marks[granule / PER_WORD] >> (granule % PER_WORD * 2)) & 3;
}

void mr_tlsf_clear_stretch(mr_tlsf_area *area, size_t granule) {
  const size_t stretch = granule / MR_TLSF_STRETCH;
  const size_t first = stretch * STRETCH_WORDS;
  const size_t rest = mark_words(area->granules) - first;
  if (!is_cleared(area, stretch)) {
    memset(area->marks + first, 0,
           (rest < STRETCH_WORDS ? rest : STRETCH_WORDS) * sizeof(uint64_t));
    area->cleared[stretch / 64] |= (uint64_t)1 << stretch % 64;
  }
  if (area->ready == stretch * MR_TLSF_STRETCH) {
    const size_t more = area->granules - area->ready;
    area->ready += more < MR_TLSF_STRETCH ? more : MR_TLSF_STRETCH;
  }
}

/* The marks of one word; 0 where they are not cleared yet. */
static uint64_t word_of(const mr_tlsf_area *area, size_t word) {
  return is_cleared(area, word / STRETCH_WORDS) ? area->marks[word] : 0;
}

size_t mr_tlsf_next_mark(const mr_tlsf_area *area, size_t granule, size_t bound) {
  const size_t words = (bound + PER_WORD - 1) / PER_WORD;
  size_t word = granule / PER_WORD;
  /* Without those up to the granule itself. */
  uint64_t marks = word_of(area, word) & ~(((uint64_t)4 << granule % PER_WORD * 2) - 1);
  while (marks == 0) {
    word++;
    if (word % STRETCH_WORDS == 0) {
      while (word < words && !is_cleared(area, word / STRETCH_WORDS)) word += STRETCH_WORDS;
    }
    if (word >= words) return bound;
    marks = word_of(area, word);
  }
  granule = word * PER_WORD + mr_tlsf_lowest_bit(marks) / 2;
  return granule < bound ? granule : bound;
}

size_t mr_tlsf_previous_mark(const mr_tlsf_area *area, size_t granule) {
  size_t word = granule / PER_WORD;
  /* Without those after the granule. */
  uint64_t marks = word_of(area, word) & (((uint64_t)4 << granule % PER_WORD * 2) - 1);
  while (marks == 0) {
    if (word % STRETCH_WORDS == 0) {
      while (word > 0 && !is_cleared(area, word / STRETCH_WORDS - 1)) word -= STRETCH_WORDS;
    }
    if (word == 0) return SIZE_MAX;
    marks = word_of(area, --word);
  }
  return word * PER_WORD + mr_tlsf_highest_bit(marks) / 2;
}

/* The areas of a TLSF. */

void mr_tlsf_hide_blocks(const mr_tlsf *tlsf, const mr_tlsf_area *area) {
  if (tlsf->is_watched) mr_watch_hide(area->start, area->granules * MR_TLSF_GRANULE);
}

bool mr_tlsf_append(mr_tlsf *tlsf, mr_region memory, bool is_own) {
  mr_tlsf_area *area = mr_tlsf_area_make(memory, is_own);
  if (!area) return false;
  mr_tlsf_hide_blocks(tlsf, area);
  area->earlier = tlsf->last;
  if (tlsf->last) {
    tlsf->last->later = area;
  } else {
    tlsf->first = area;
  }
  tlsf->last = area;
  tlsf->total += area->granules * MR_TLSF_GRANULE;
  if (is_own) tlsf->grown += memory.size;
  return true;
}

static void unlink_area(mr_tlsf *tlsf, mr_tlsf_area *area) {
  if (area->earlier) {
    area->earlier->later = area->later;
  } else {
    tlsf->first = area->later;
  }
  if (area->later) {
    area->later->earlier = area->earlier;
  } else {
    tlsf->last = area->earlier;
  }
  if (tlsf->newest == area) tlsf->newest = area->earlier;
  if (tlsf->recent == area) tlsf->recent = NULL;
  tlsf->total -= area->granules * MR_TLSF_GRANULE;
}

void mr_tlsf_give_back(mr_tlsf *tlsf, mr_tlsf_area *area) {
  unlink_area(tlsf, area);
  mr_region memory = area->memory;
  tlsf->grown -= memory.size;
  if (tlsf->is_watched) mr_watch_show(memory.pointer, memory.size);
  mr_ignore(mr_deallocate(tlsf->parent, &memory));
}

static size_t maximum(size_t a, size_t b) { return a > b ? a : b; }

size_t mr_tlsf_parent_maximum(const mr_tlsf *tlsf) {
  size_t size = 0;
  if (tlsf->growth > 0) mr_ignore(mr_maximum_block_size(tlsf->parent, &size));
  return size;
}

bool mr_tlsf_grow(mr_tlsf *tlsf, size_t reach) {
  const size_t most = mr_tlsf_parent_maximum(tlsf);
  if (reach > most / MR_TLSF_GRANULE) return false;
  const size_t need = mr_tlsf_area_size(reach);
  if (need > most) return false;
  size_t size = maximum(need, maximum(tlsf->growth, tlsf->grown));
  if (size > most) size = most;
  mr_region memory;
  mr_status status = mr_allocate(tlsf->parent, size, &memory);
  if (status != MR_OK && size > need) status = mr_allocate(tlsf->parent, need, &memory);
  return status == MR_OK && mr_tlsf_append(tlsf, memory, true);
}

#include "tlsf_lists.h"

#include <string.h>

#include "watch.h"

enum { WORD = sizeof(uintptr_t) };

/* Lists of one size each; further lists in a power of two. */
enum { EXACT_LISTS = 32, DIVISION_BITS = 4 };

/* How many blocks are looked at that may be too small. */
enum { MOST_LOOKED_AT = 8 };

/* Words. */

/* Tools see free memory as out of bounds. */
static void begin_access(const mr_tlsf *tlsf, const unsigned char *at) {
  const size_t inside = (uintptr_t)at % MR_TLSF_GRANULE;
  if (tlsf->is_watched) mr_watch_show_contents(at - inside, MR_TLSF_GRANULE);
}

static void end_access(const mr_tlsf *tlsf, const unsigned char *at) {
  const size_t inside = (uintptr_t)at % MR_TLSF_GRANULE;
  if (tlsf->is_watched) mr_watch_hide(at - inside, MR_TLSF_GRANULE);
}

static uintptr_t read_word(const mr_tlsf *tlsf, const unsigned char *at) {
  uintptr_t word;
  begin_access(tlsf, at);
  memcpy(&word, at, WORD);
  end_access(tlsf, at);
  return word ^ tlsf->key ^ (uintptr_t)at;
}

static void write_word(const mr_tlsf *tlsf, unsigned char *at, uintptr_t word) {
  word ^= tlsf->key ^ (uintptr_t)at;
  begin_access(tlsf, at);
  memcpy(at, &word, WORD);
  end_access(tlsf, at);
}

/* What first and last word of a block of so many granules are, where they tell the size. */
static uintptr_t size_word(size_t count) { return count * MR_TLSF_GRANULE; }

static unsigned char *last_word(mr_tlsf_span block) {
  return mr_tlsf_address(block.area, block.first + block.count) - WORD;
}

static void write_size(const mr_tlsf *tlsf, mr_tlsf_span block) {
  if (block.count == 1) return;
  write_word(tlsf, mr_tlsf_address(block.area, block.first), size_word(block.count));
  write_word(tlsf, last_word(block), size_word(block.count));
}

/* Decodes a size; 1 from a link of a single granule, 0 from what is neither. */
static size_t count_of(uintptr_t word) {
  const size_t count = (size_t)word / MR_TLSF_GRANULE;
  if (word % MR_TLSF_GRANULE == 1) return 1;
  return word % MR_TLSF_GRANULE == 0 && count > 1 ? count : 0;
}

/* Where a block's links are. */

static unsigned char *next_place(unsigned char *block, bool is_single) {
  return is_single ? block : block + WORD;
}

static unsigned char *previous_place(unsigned char *block, bool is_single) {
  return is_single ? block + MR_TLSF_GRANULE - WORD : block + 2 * WORD;
}

static void write_link(const mr_tlsf *tlsf, unsigned char *at, bool is_single,
                       const unsigned char *link) {
  write_word(tlsf, at, (uintptr_t)link + is_single);
}

/* False where it is no link. */
static bool read_link(const mr_tlsf *tlsf, const unsigned char *at, bool is_single,
                      unsigned char **link) {
  const uintptr_t word = read_word(tlsf, at);
  *link = (unsigned char *)(word - is_single);
  return word % MR_TLSF_GRANULE == is_single;
}

/* Whether a block that links in the list of another's size point to can be read as one. */
static bool can_be_block(mr_tlsf *tlsf, const unsigned char *block, bool is_single) {
  mr_tlsf_area *area = mr_tlsf_area_of(tlsf, block);
  if (!area) return false;
  const size_t first = mr_tlsf_granule(area, block);
  return mr_tlsf_mark(area, first) == MR_TLSF_FREE && (is_single || first + 1 < area->granules);
}

/* Lists. */

static size_t list_of(size_t count) {
  if (count < EXACT_LISTS) return count;
  const unsigned shift = mr_tlsf_highest_bit(count) - DIVISION_BITS;
  return ((size_t)shift << DIVISION_BITS) + (count >> shift);
}

/* The first list whose blocks all have as many granules at least; MR_TLSF_LISTS where none can. */
static size_t list_above(size_t count) {
  if (count < EXACT_LISTS) return count;
  const unsigned shift = mr_tlsf_highest_bit(count) - DIVISION_BITS;
  const size_t list = list_of(count + ((size_t)1 << shift) - 1);
  return list < MR_TLSF_LISTS ? list : MR_TLSF_LISTS;
}

size_t mr_tlsf_next_list(const mr_tlsf *tlsf, size_t list) {
  if (list >= MR_TLSF_LISTS) return MR_TLSF_LISTS;
  size_t word = list / 64;
  uint64_t lists = tlsf->map[word] & UINT64_MAX << list % 64;
  if (lists == 0) {
    const uint64_t words = tlsf->summary & UINT64_MAX << word << 1;
    if (words == 0) return MR_TLSF_LISTS;
    word = mr_tlsf_lowest_bit(words);
    lists = tlsf->map[word];
  }
  return word * 64 + mr_tlsf_lowest_bit(lists);
}

static void set_head(mr_tlsf *tlsf, size_t list, unsigned char *block) {
  const size_t word = list / 64;
  tlsf->lists[list] = block;
  if (block) {
    tlsf->map[word] |= (uint64_t)1 << list % 64;
    tlsf->summary |= (uint64_t)1 << word;
  } else {
    tlsf->map[word] &= ~((uint64_t)1 << list % 64);
    if (tlsf->map[word] == 0) tlsf->summary &= ~((uint64_t)1 << word);
  }
}

/* Blocks. */

bool mr_tlsf_block_at(mr_tlsf *tlsf, mr_tlsf_area *area, size_t first, mr_tlsf_span *out) {
  const size_t count = count_of(read_word(tlsf, mr_tlsf_address(area, first)));
  *out = (mr_tlsf_span){area, first, count};
  return count > 0 && count <= area->granules - first &&
         mr_tlsf_mark(area, first + count - 1) == MR_TLSF_FREE &&
         count_of(read_word(tlsf, last_word(*out))) == count;
}

bool mr_tlsf_block_before(mr_tlsf *tlsf, mr_tlsf_area *area, size_t end, mr_tlsf_span *out) {
  const size_t count = count_of(read_word(tlsf, mr_tlsf_address(area, end) - WORD));
  if (count == 0 || count > end) return false;
  const size_t first = end - count;
  *out = (mr_tlsf_span){area, first, count};
  return mr_tlsf_mark(area, first) == MR_TLSF_FREE &&
         count_of(read_word(tlsf, mr_tlsf_address(area, first))) == count;
}

bool mr_tlsf_is_linked(mr_tlsf *tlsf, mr_tlsf_span block) {
  unsigned char *self = mr_tlsf_address(block.area, block.first);
  const bool is_single = block.count == 1;
  unsigned char *next, *previous, *back;
  if (!read_link(tlsf, next_place(self, is_single), is_single, &next)) return false;
  if (!read_link(tlsf, previous_place(self, is_single), is_single, &previous)) return false;
  if (next) {
    if (!can_be_block(tlsf, next, is_single)) return false;
    if (!read_link(tlsf, previous_place(next, is_single), is_single, &back)) return false;
    if (back != self) return false;
  }
  if (!previous) return tlsf->lists[list_of(block.count)] == self;
  return can_be_block(tlsf, previous, is_single) &&
         read_link(tlsf, next_place(previous, is_single), is_single, &back) && back == self;
}

/* The block at an address that a list leads to, in this list; false where it is damaged. */
static bool block_in_list(mr_tlsf *tlsf, size_t list, const unsigned char *address,
                          mr_tlsf_span *out) {
  mr_tlsf_area *area = mr_tlsf_area_of(tlsf, address);
  if (!area) return false;
  const size_t first = mr_tlsf_granule(area, address);
  return mr_tlsf_mark(area, first) == MR_TLSF_FREE && mr_tlsf_block_at(tlsf, area, first, out) &&
         list_of(out->count) == list && mr_tlsf_is_linked(tlsf, *out);
}

bool mr_tlsf_first_block(mr_tlsf *tlsf, size_t list, mr_tlsf_span *out) {
  return block_in_list(tlsf, list, tlsf->lists[list], out);
}

bool mr_tlsf_block_after(mr_tlsf *tlsf, mr_tlsf_span block, mr_tlsf_span *out) {
  unsigned char *self = mr_tlsf_address(block.area, block.first);
  const bool is_single = block.count == 1;
  unsigned char *next;
  return read_link(tlsf, next_place(self, is_single), is_single, &next) && next &&
         block_in_list(tlsf, list_of(block.count), next, out);
}

/* The first of a list; null where it is damaged. */
static unsigned char *sound_head(mr_tlsf *tlsf, size_t list, bool is_single) {
  unsigned char *head = tlsf->lists[list], *previous;
  if (!head || !can_be_block(tlsf, head, is_single)) return NULL;
  return read_link(tlsf, previous_place(head, is_single), is_single, &previous) && !previous ? head
                                                                                             : NULL;
}

void mr_tlsf_insert(mr_tlsf *tlsf, mr_tlsf_span block) {
  unsigned char *self = mr_tlsf_address(block.area, block.first);
  const size_t list = list_of(block.count);
  const bool is_single = block.count == 1;
  unsigned char *head = sound_head(tlsf, list, is_single);
  write_size(tlsf, block);
  write_link(tlsf, next_place(self, is_single), is_single, head);
  write_link(tlsf, previous_place(self, is_single), is_single, NULL);
  if (head) write_link(tlsf, previous_place(head, is_single), is_single, self);
  set_head(tlsf, list, self);
  mr_tlsf_set_mark(block.area, block.first, MR_TLSF_FREE);
  mr_tlsf_set_mark(block.area, block.first + block.count - 1, MR_TLSF_FREE);
}

void mr_tlsf_remove(mr_tlsf *tlsf, mr_tlsf_span block) {
  unsigned char *self = mr_tlsf_address(block.area, block.first);
  const bool is_single = block.count == 1;
  unsigned char *next, *previous;
  (void)read_link(tlsf, next_place(self, is_single), is_single, &next);
  (void)read_link(tlsf, previous_place(self, is_single), is_single, &previous);
  if (next) write_link(tlsf, previous_place(next, is_single), is_single, previous);
  if (previous) {
    write_link(tlsf, next_place(previous, is_single), is_single, next);
  } else {
    set_head(tlsf, list_of(block.count), next);
  }
  mr_tlsf_set_mark(block.area, block.first, MR_TLSF_INSIDE);
  mr_tlsf_set_mark(block.area, block.first + block.count - 1, MR_TLSF_INSIDE);
}

/* Finding. */

size_t mr_tlsf_place(mr_tlsf_span span, size_t count, size_t alignment) {
  const uintptr_t start = (uintptr_t)mr_tlsf_address(span.area, span.first);
  const size_t padding = (size_t)(-start & (alignment - 1)) / MR_TLSF_GRANULE;
  return padding <= span.count && count <= span.count - padding ? span.first + padding : SIZE_MAX;
}

bool mr_tlsf_fit(mr_tlsf *tlsf, size_t count, size_t reach, size_t alignment, mr_tlsf_span *out) {
  const size_t enough = list_above(reach);
  size_t list = enough;
  while ((list = mr_tlsf_next_list(tlsf, list)) < MR_TLSF_LISTS) {
    if (mr_tlsf_first_block(tlsf, list, out)) return true;
    list++;
  }
  unsigned looked_at = 0;
  list = list_of(count);
  while ((list = mr_tlsf_next_list(tlsf, list)) < enough) {
    bool is_there = mr_tlsf_first_block(tlsf, list, out);
    for (; is_there; is_there = mr_tlsf_block_after(tlsf, *out, out)) {
      if (mr_tlsf_place(*out, count, alignment) != SIZE_MAX) return true;
      if (++looked_at == MOST_LOOKED_AT) return false;
    }
    list++;
  }
  return false;
}

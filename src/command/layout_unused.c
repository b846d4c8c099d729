#include <stdlib.h>

#include "layout.h"

/* Unions have members one over another, so what is unused shows only when all are laid side by side. */

static bool has_members(const mr_type *type) {
  return mr_type_kind(type) == MR_KIND_STRUCT || mr_type_kind(type) == MR_KIND_UNION;
}

static int compare_starts(const void *a, const void *b) {
  const layout_span *left = a;
  const layout_span *right = b;
  if (bit_place_is_before(left->start, right->start)) return -1;
  return bit_place_is_before(right->start, left->start);
}

static size_t list_spans(const type_layout *layout, layout_span *out) {
  size_t count = 0;
  for (size_t i = 0; i < layout->count; i++) {
    const layout_entry *entry = &layout->entries[i];
    /* Bits without name are there to be left alone. */
    if (!entry->path || has_members(entry->member.type)) continue;
    out[count++] = (layout_span){entry->start, entry->end};
  }
  return count;
}

static bit_place sum_of(bit_place a, bit_place b) {
  unsigned bits = a.bits + b.bits;
  return (bit_place){a.octets + b.octets + bits / 8, bits % 8};
}

mr_status layout_find_unused(const type_layout *layout, layout_unused *out) {
  mr_region memory = {NULL, 0};
  bit_place position = {0, 0};
  layout_unused unused = {{0, 0}, {0, 0}};
  /* One more, since there may be no entry. */
  mr_status status = mr_reallocate_array(NULL, &memory, layout->count + 1, sizeof(layout_span));
  if (status != MR_OK) return status;
  layout_span *spans = memory.pointer;
  size_t count = list_spans(layout, spans);
  qsort(spans, count, sizeof *spans, compare_starts);
  for (size_t i = 0; i < count; i++) {
    if (bit_place_is_before(position, spans[i].start)) {
      unused.in_holes = sum_of(unused.in_holes, bit_place_difference(position, spans[i].start));
    }
    if (bit_place_is_before(position, spans[i].end)) position = spans[i].end;
  }
  bit_place end = {mr_type_size(layout->type), 0};
  if (bit_place_is_before(position, end)) unused.at_end = bit_place_difference(position, end);
  *out = unused;
  return mr_deallocate(NULL, &memory);
}

#include <inttypes.h>
#include <stdio.h>

#include "declaration.h"
#include "layout.h"

enum { CACHE_LINE = 64, COLUMN_MIN = 6, ALIGNMENT_COLUMN = 6, CELL_SIZE = 32 };

static int column_of(uint64_t largest) {
  int digits = snprintf(NULL, 0, "%" PRIu64, largest);
  return digits > COLUMN_MIN ? digits : COLUMN_MIN;
}

/* In octets, with bits after a colon. */
static void format_size(char cell[CELL_SIZE], bit_place size) {
  if (size.bits == 0) {
    snprintf(cell, CELL_SIZE, "%" PRIu64 "  ", size.octets);
  } else if (size.octets == 0) {
    snprintf(cell, CELL_SIZE, ":%u", size.bits);
  } else {
    snprintf(cell, CELL_SIZE, "%" PRIu64 ":%u", size.octets, size.bits);
  }
}

static void put_columns(const layout_entry *entry, int column) {
  char offset[CELL_SIZE];
  char size[CELL_SIZE];
  char alignment[CELL_SIZE] = "";
  bool is_bit_field = entry->member.is_bit_field;
  if (is_bit_field || entry->start.bits > 0) {
    snprintf(offset, sizeof offset, "%" PRIu64 ":%u", entry->start.octets, entry->start.bits);
  } else {
    snprintf(offset, sizeof offset, "%" PRIu64 "  ", entry->start.octets);
  }
  format_size(size, bit_place_difference(entry->start, entry->end));
  if (is_bit_field) snprintf(size, sizeof size, ":%u", entry->member.bit_width);
  if (entry->kind == LAYOUT_MEMBER && !is_bit_field) {
    snprintf(alignment, sizeof alignment, "%zu", entry->member.alignment);
  }
  printf("%*s  %*s  %*s  ", column + 2, offset, column + 2, size, ALIGNMENT_COLUMN, alignment);
}

static void put_amount(bit_place size) {
  if (size.octets > 0 || size.bits == 0) {
    printf("%" PRIu64 " octet%s", size.octets, size.octets == 1 ? "" : "s");
  }
  if (size.bits > 0) {
    printf("%s%u bit%s", size.octets > 0 ? " and " : "", size.bits, size.bits == 1 ? "" : "s");
  }
}

static void put_entry(const layout_entry *entry, const char *name, int column) {
  put_columns(entry, column);
  printf("%*s", (int)entry->depth * 2, "");
  if (entry->kind == LAYOUT_MEMBER) {
    declaration_print(&entry->member, name);
  } else {
    fputs(entry->kind == LAYOUT_HOLE ? "-- hole of " : "-- padding of ", stdout);
    put_amount(bit_place_difference(entry->start, entry->end));
  }
  putchar('\n');
}

/* Where an entry starts in another cache line than all before it did. The members of a union start anew. */
static uint64_t put_border(const layout_entry *entry, uint64_t line) {
  uint64_t own = entry->start.octets / CACHE_LINE;
  if (own > line && !entry->is_alternative) {
    uint64_t border = own * CACHE_LINE;
    printf("---- cache line %" PRIu64 " (%" PRIu64 " octets", own, border);
    if (entry->start.octets > border) {
      printf(", %" PRIu64 " before this", entry->start.octets - border);
    }
    puts(") ----");
  }
  return own > line || entry->is_alternative ? own : line;
}

static bool has_members(const mr_type *type) {
  return mr_type_kind(type) == MR_KIND_STRUCT || mr_type_kind(type) == MR_KIND_UNION;
}

static bool is_none(bit_place size) { return size.octets == 0 && size.bits == 0; }

static mr_status put_unused(const type_layout *layout) {
  layout_unused unused;
  mr_status status = layout_find_unused(layout, &unused);
  if (status != MR_OK || (is_none(unused.in_holes) && is_none(unused.at_end))) return status;
  fputs("unused: ", stdout);
  if (!is_none(unused.in_holes)) {
    put_amount(unused.in_holes);
    fputs(is_none(unused.at_end) ? " in holes" : " in holes, ", stdout);
  }
  if (!is_none(unused.at_end)) {
    put_amount(unused.at_end);
    fputs(" at the end", stdout);
  }
  putchar('\n');
  return MR_OK;
}

static mr_status put_sorted(const mr_type *type) {
  size_t sorted;
  mr_status status = layout_sorted_size(type, &sorted);
  if (status == MR_UNSUPPORTED || status == MR_OVERFLOW) return MR_OK;
  if (status == MR_OK && sorted < mr_type_size(type)) {
    bit_place less = {mr_type_size(type) - sorted, 0};
    put_amount(less);
    printf(" smaller, %zu, were the members sorted by alignment\n", sorted);
  }
  return status;
}

static mr_status put_summary(const type_layout *layout) {
  size_t size = mr_type_size(layout->type);
  size_t lines = size / CACHE_LINE + (size % CACHE_LINE > 0);
  printf("size %zu, alignment %zu", size, mr_type_alignment(layout->type));
  if (!has_members(layout->type)) {
    putchar('\n');
    return MR_OK;
  }
  printf(", %zu cache line%s\n", lines, lines == 1 ? "" : "s");
  mr_status status = put_unused(layout);
  return status == MR_OK ? put_sorted(layout->type) : status;
}

mr_status layout_print_text(const type_layout *layout) {
  int column = column_of(mr_type_size(layout->type));
  const char *target = mr_target_name(mr_type_target(layout->type));
  uint64_t line = 0;
  printf("%s", layout->name);
  if (target) printf(" (%s)", target);
  putchar('\n');
  if (layout->count > 0) {
    printf("\n%*s  %*s  %*s\n", column, "offset", column + 2, "size", ALIGNMENT_COLUMN + 2,
           "align");
  }
  for (size_t i = 0; i < layout->count; i++) {
    const layout_entry *entry = &layout->entries[i];
    line = put_border(entry, line);
    put_entry(entry, entry->member.name, column);
  }
  putchar('\n');
  return put_summary(layout);
}

void layout_print_lines(const type_layout *layout) {
  uint64_t largest = 0;
  for (size_t i = 0; i < layout->count; i++) {
    const layout_entry *entry = &layout->entries[i];
    uint64_t size = mr_type_size(entry->member.type);
    if (entry->start.octets > largest) largest = entry->start.octets;
    if (size > largest) largest = size;
  }
  for (size_t i = 0; i < layout->count; i++) {
    put_entry(&layout->entries[i], layout->entries[i].path, column_of(largest));
  }
}

/*
 * Microsoft's rule. A bit-field opens a unit of its type, which the following ones share while their types are as large and
 * room is left. Pack and packed limit natural alignment, but not what attributes on types and members ask for.
 */

#include "layout_rule.h"

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }
static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Microsoft's compiler ignores a pack above the size of a pointer. */
static size_t alignment_limit(const mr_layout *layout) {
  if (layout->options.is_packed) return 1;
  return layout->options.pack > 8 ? 0 : layout->options.pack;
}

/* What is asked for by attributes on the member and on its type. */
static size_t required_alignment(const mr_layout_member *member) {
  return larger(member->attribute_alignment, member->required_alignment);
}

static size_t placed_alignment(const mr_layout *layout, const mr_layout_member *member) {
  size_t required = required_alignment(member), limit = alignment_limit(layout);
  size_t alignment = member->natural_alignment;
  /* On a bit-field, what attributes ask for can be lowered too, but not below it in the end. */
  if (limit) alignment = smaller(alignment, limit);
  if (member->is_packed) alignment = 1;
  return larger(alignment, required);
}

/* Octets from the end of the last member, or from the start of a union. */
static mr_status allocate(mr_layout *layout, size_t size, size_t alignment, size_t *offset) {
  mr_layout_progress *progress = &layout->gcc;
  size_t size_max = layout->rule->size_max, at = layout->is_union ? 0 : progress->size;
  mr_status status = mr_layout_round_up(&at, alignment, size_max);
  if (status != MR_OK) return status;
  if (size > size_max - at) return MR_OVERFLOW;
  progress->size = larger(progress->size, at + size);
  *offset = at;
  return MR_OK;
}

static mr_status add_member(mr_layout *layout, const mr_layout_member *member,
                            mr_layout_place *placed) {
  size_t alignment = placed_alignment(layout, member), offset;
  mr_status status = allocate(layout, member->size, alignment, &offset);
  if (status != MR_OK) return status;
  layout->unit_size = 0;
  layout->gcc.alignment = larger(layout->gcc.alignment, alignment);
  layout->required_alignment = larger(layout->required_alignment, required_alignment(member));
  placed->offset = offset;
  placed->bit_offset = 0;
  placed->alignment = alignment;
  return MR_OK;
}

/* Ends the unit of the bit-field before it; does nothing after anything else. */
static mr_status add_zero_width(mr_layout *layout, const mr_layout_member *member,
                                mr_layout_place *placed) {
  size_t alignment = placed_alignment(layout, member),
         offset = layout->is_union ? 0 : layout->gcc.size;
  if (layout->unit_size) {
    mr_status status = allocate(layout, layout->is_union ? member->size : 0, alignment, &offset);
    if (status != MR_OK) return status;
    layout->unit_size = 0;
    if (!layout->is_union) layout->gcc.alignment = larger(layout->gcc.alignment, alignment);
  }
  placed->offset = offset;
  placed->bit_offset = 0;
  placed->alignment = 1;
  return MR_OK;
}

static bool fits_unit(const mr_layout *layout, const mr_layout_member *member) {
  return !layout->is_union && layout->unit_size == member->size &&
         layout->bits_left >= member->bit_width;
}

static mr_status add_bit_field(mr_layout *layout, const mr_layout_member *member,
                               mr_layout_place *placed) {
  if (member->bit_width == 0) return add_zero_width(layout, member, placed);
  if (!fits_unit(layout, member)) {
    size_t alignment = placed_alignment(layout, member), offset;
    mr_status status = allocate(layout, member->size, alignment, &offset);
    if (status != MR_OK) return status;
    layout->unit_size = (uint8_t)member->size;
    layout->bits_left = (uint8_t)(8 * member->size);
    if (!layout->is_union) layout->gcc.alignment = larger(layout->gcc.alignment, alignment);
  }
  unsigned bit = (unsigned)(8 * layout->unit_size - layout->bits_left);
  layout->bits_left = (uint8_t)(layout->bits_left - member->bit_width);
  placed->offset = (layout->is_union ? 0 : layout->gcc.size - layout->unit_size) + bit / 8;
  placed->bit_offset = (uint8_t)(bit % 8);
  placed->alignment = 1;
  return MR_OK;
}

mr_status mr_layout_add_windows(mr_layout *layout, const mr_layout_member *member,
                                mr_layout_place *placed) {
  return member->is_bit_field ? add_bit_field(layout, member, placed)
                              : add_member(layout, member, placed);
}

mr_status mr_layout_end_windows(mr_layout *layout) {
  const size_t size_of_empty = 4;
  size_t required = larger(layout->required_alignment, layout->options.alignment);
  size_t alignment = larger(layout->gcc.alignment, required), size = layout->gcc.size;
  mr_status status = mr_layout_round_up(&size, alignment, layout->rule->size_max);
  if (status != MR_OK) return status;
  if (size == 0) size = required >= size_of_empty ? alignment : size_of_empty;
  /* Arrays without elements can align a struct to more than its size: no two of them could stand side by side. */
  if (size < alignment) return MR_UNSUPPORTED;
  layout->size = size;
  layout->alignment = alignment;
  layout->required_alignment = required;
  return MR_OK;
}

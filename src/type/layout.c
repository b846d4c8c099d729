#include "layout.h"

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* Up to a multiple of `alignment`. Both are at most PTRDIFF_MAX, so that the sum can't wrap. */
static mr_status round_up(size_t *size, size_t alignment) {
  size_t rounded = (*size + (alignment - 1)) & ~(alignment - 1);
  if (rounded > PTRDIFF_MAX) return MR_OVERFLOW;
  *size = rounded;
  return MR_OK;
}

mr_layout mr_layout_of(mr_layout_options options, bool is_union) {
  mr_layout layout = {options, is_union, 0, 0, 1};
  return layout;
}

/* The order of the three steps is the compilers': pack caps even what attribute aligned asks. */
static size_t placed_alignment(const mr_layout *layout, const mr_member_spec *member) {
  bool is_packed = layout->options.is_packed || member->is_packed;
  size_t alignment = is_packed ? 1 : mr_type_alignment(member->type);
  size_t pack = layout->options.pack;
  alignment = larger(alignment, member->alignment);
  return pack && pack < alignment ? pack : alignment;
}

mr_status mr_layout_place(mr_layout *layout, const mr_member_spec *member, mr_member *placed) {
  size_t size = mr_type_size(member->type);
  size_t alignment = placed_alignment(layout, member);
  size_t offset = layout->is_union ? 0 : layout->position;
  mr_status status = round_up(&offset, alignment);
  if (status != MR_OK) return status;
  if (size > PTRDIFF_MAX - offset) return MR_OVERFLOW;

  layout->position = offset + size;
  layout->size = larger(layout->size, layout->position);
  layout->alignment = larger(layout->alignment, alignment);
  placed->offset = offset;
  placed->alignment = alignment;
  return MR_OK;
}

mr_status mr_layout_finish(mr_layout *layout) {
  size_t alignment = larger(layout->alignment, layout->options.alignment);
  mr_status status = round_up(&layout->size, alignment);
  if (status == MR_OK) layout->alignment = alignment;
  return status;
}

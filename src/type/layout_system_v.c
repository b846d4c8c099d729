#include "layout_rule.h"

#include <string.h>

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }
static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

mr_status mr_layout_round_up(size_t *size, size_t alignment, size_t size_max) {
  size_t over = *size & (alignment - 1);
  size_t missing = over ? alignment - over : 0;
  if (*size > size_max || missing > size_max - *size) return MR_OVERFLOW;
  *size += missing;
  return MR_OK;
}

/* Members that are no bit-fields: both compilers take the same steps, in this order. Pack caps even what attribute aligned
 * asks for. */

static size_t placed_alignment(const mr_layout *layout, const mr_layout_member *member) {
  bool is_packed = layout->options.is_packed || member->is_packed;
  size_t alignment = is_packed ? 1 : member->alignment;
  size_t pack = layout->options.pack;
  alignment = larger(alignment, member->attribute_alignment);
  return pack ? smaller(alignment, pack) : alignment;
}

/* To a multiple of `alignment` octets; 0 is that of a bit, which any position has. */
static mr_status align_position(mr_layout_progress *progress, size_t alignment, size_t size_max) {
  if (alignment == 0) return MR_OK;
  size_t octets = progress->octets;
  if (progress->bits) {
    if (octets >= size_max) return MR_OVERFLOW;
    octets++;
  }
  mr_status status = mr_layout_round_up(&octets, alignment, size_max);
  if (status != MR_OK) return status;
  progress->octets = octets;
  progress->bits = 0;
  return MR_OK;
}

/* Takes that many octets and bits from the position on. */
static mr_status advance(mr_layout_progress *progress, size_t octets, unsigned bits,
                         size_t size_max) {
  bits += progress->bits;
  size_t room = size_max - progress->octets;
  if (octets > room || bits / 8 + (bits % 8 != 0) > room - octets) return MR_OVERFLOW;
  progress->octets += octets + bits / 8;
  progress->bits = (uint8_t)(bits % 8);
  progress->size = larger(progress->size, progress->octets + (progress->bits != 0));
  return MR_OK;
}

static mr_status add_member(const mr_layout *layout, const mr_layout_member *member,
                            mr_layout_progress *progress, mr_layout_place *placed) {
  size_t alignment = placed_alignment(layout, member), size_max = layout->rule->size_max;
  mr_status status = align_position(progress, alignment, size_max);
  if (status != MR_OK) return status;
  placed->offset = progress->octets;
  placed->bit_offset = 0;
  placed->alignment = alignment;
  progress->alignment = larger(progress->alignment, alignment);
  return advance(progress, member->size, 0, size_max);
}

/* Bit-fields. */

/* Packed does nothing to a bit-field of width 0. */
static bool is_packed_bit_field(const mr_layout *layout, const mr_layout_member *member) {
  return (layout->options.is_packed || member->is_packed) && member->bit_width > 0;
}

/* Neither does pack. */
static size_t pack_of_bit_field(const mr_layout *layout, const mr_layout_member *member) {
  return member->bit_width > 0 ? layout->options.pack : 0;
}

static bool does_raise_alignment(const mr_layout *layout, const mr_layout_member *member) {
  return member->is_named || layout->rule->do_unnamed_bit_fields_align;
}

/* Places a bit-field at the position, which is where it has to be. */
static mr_status put_bit_field(const mr_layout *layout, const mr_layout_member *member,
                               mr_layout_progress *progress, mr_layout_place *placed) {
  placed->offset = progress->octets;
  placed->bit_offset = progress->bits;
  placed->alignment = 1;
  return advance(progress, 0, member->bit_width, layout->rule->size_max);
}

/* Whether from a multiple of `alignment` to the bit-field's end there are more octets than its type has. */
static bool does_leave_its_type(const mr_layout_member *member, size_t alignment,
                                const mr_layout_progress *progress) {
  if (alignment == 0) return false;
  size_t octets = progress->octets & (alignment - 1);
  if (octets >= member->size) return true;
  return 8 * octets + progress->bits + member->bit_width > 8 * member->size;
}

static mr_status add_bit_field_as_clang(const mr_layout *layout, const mr_layout_member *member,
                                        mr_layout_progress *progress, mr_layout_place *placed) {
  bool is_packed = is_packed_bit_field(layout, member);
  size_t pack = pack_of_bit_field(layout, member), asked = member->attribute_alignment;
  size_t alignment = larger(is_packed ? 0 : member->alignment, asked), step = 0;
  /* Under pack, packed is forgotten. */
  if (pack) alignment = smaller(larger(member->alignment, asked), pack);

  if (member->bit_width == 0 || (!pack && does_leave_its_type(member, alignment, progress))) {
    step = alignment;
  } else if (!pack || asked <= pack) {
    step = asked;
  }
  mr_status status = align_position(progress, step, layout->rule->size_max);
  if (status != MR_OK) return status;
  if (does_raise_alignment(layout, member)) {
    progress->alignment = larger(progress->alignment, alignment);
  }
  return put_bit_field(layout, member, progress, placed);
}

/* Gcc makes a bit-field that is just as wide as a machine's integer, and at a place for one, a member of that type. */
static size_t unit_alignment_as_gcc(const mr_layout *layout, const mr_layout_member *member,
                                    const mr_layout_progress *progress) {
  static const uint8_t widths[] = {8, 16, 32, 64, 128};
  for (size_t i = 0; i < sizeof widths; i++) {
    size_t alignment = layout->rule->gcc_unit_alignment[i];
    if (widths[i] != member->bit_width || alignment == 0) continue;
    if (alignment > 1 && is_packed_bit_field(layout, member)) return 0;
    bool is_aligned = progress->bits == 0 && (progress->octets & (alignment - 1)) == 0;
    return is_aligned ? alignment : 0;
  }
  return 0;
}

/* Whether it spans more multiples of its type's alignment than the type itself does. */
static bool does_span_too_much_as_gcc(const mr_layout_member *member,
                                      const mr_layout_progress *progress) {
  size_t alignment = member->alignment;
  if (alignment > member->size) return true;
  size_t octets = progress->octets & (alignment - 1);
  size_t bits = 8 * octets + progress->bits + member->bit_width, unit = 8 * alignment;
  return (bits + unit - 1) / unit > 8 * member->size / unit;
}

/* Where gcc has the bit-field start: a multiple of this; 0 for any bit. */
static size_t step_as_gcc(const mr_layout *layout, const mr_layout_member *member,
                          size_t unit_alignment) {
  size_t pack = pack_of_bit_field(layout, member), limit = layout->rule->gcc_integer_alignment_max;
  size_t step = larger(member->attribute_alignment, unit_alignment);
  if (member->bit_width == 0) return larger(step, member->alignment);
  if (limit && member->attribute_alignment == 0) step = smaller(step, limit);
  return pack ? smaller(step, pack) : step;
}

/* From where gcc counts when it aligns: the last multiple of the largest alignment that it knows of, or of the struct's own by
 * attribute aligned. So it misses multiples of larger ones. */
static size_t origin_as_gcc(const mr_layout *layout, size_t octets) {
  size_t unit = larger(layout->rule->gcc_largest_alignment, layout->options.alignment);
  return octets & ~(unit - 1);
}

static mr_status align_from(mr_layout_progress *progress, size_t origin, size_t alignment,
                            size_t size_max) {
  mr_layout_progress distance = *progress;
  distance.octets -= origin;
  mr_status status = align_position(&distance, alignment, size_max);
  if (status != MR_OK) return status;
  if (distance.octets > size_max - origin) return MR_OVERFLOW;
  progress->octets = origin + distance.octets;
  progress->bits = distance.bits;
  return MR_OK;
}

static mr_status add_bit_field_as_gcc(const mr_layout *layout, const mr_layout_member *member,
                                      mr_layout_progress *progress, mr_layout_place *placed) {
  bool is_packed = is_packed_bit_field(layout, member);
  size_t pack = pack_of_bit_field(layout, member), size_max = layout->rule->size_max;
  size_t unit_alignment = unit_alignment_as_gcc(layout, member, progress);
  size_t step = step_as_gcc(layout, member, unit_alignment);
  size_t origin = origin_as_gcc(layout, progress->octets);
  mr_status status = align_position(progress, step, size_max);
  if (status != MR_OK) return status;
  if (origin_as_gcc(layout, step) > 0) origin = progress->octets;
  if (unit_alignment == 0 && !is_packed && !pack && member->bit_width > 0 &&
      does_span_too_much_as_gcc(member, progress)) {
    status = align_from(progress, origin, member->alignment, size_max);
    if (status != MR_OK) return status;
  }
  if (does_raise_alignment(layout, member)) {
    size_t of_type = pack ? smaller(member->alignment, pack) : is_packed ? 1 : member->alignment;
    progress->alignment = larger(progress->alignment, larger(of_type, step));
  }
  return put_bit_field(layout, member, progress, placed);
}

/* The whole. */

mr_layout mr_layout_begin(const mr_layout_rule *rule, const mr_layout_options *options,
                          bool is_union) {
  mr_layout layout;
  memset(&layout, 0, sizeof layout);
  layout.rule = rule;
  if (options) layout.options = *options;
  layout.is_union = is_union;
  layout.is_user_aligned = layout.options.alignment > 0;
  layout.alignment = layout.required_alignment = 1;
  layout.gcc.alignment = layout.clang.alignment = 1;
  return layout;
}

static bool is_same_place(const mr_layout_place *a, const mr_layout_place *b) {
  return a->offset == b->offset && a->bit_offset == b->bit_offset;
}

static void return_to_start(mr_layout_progress *progress) {
  progress->octets = 0;
  progress->bits = 0;
}

static bool is_same_progress(const mr_layout *layout) {
  const mr_layout_progress *gcc = &layout->gcc, *clang = &layout->clang;
  return gcc->octets == clang->octets && gcc->bits == clang->bits && gcc->size == clang->size &&
         gcc->alignment == clang->alignment;
}

/* What both compilers do alike, from the same place on: then one is both. */
static bool is_plain(const mr_layout *layout, const mr_layout_member *member) {
  return !layout->rule->is_windows && !layout->is_union && !member->is_bit_field &&
         !member->clang_alignment && is_same_progress(layout);
}

static mr_status add_plain(mr_layout *layout, const mr_layout_member *member,
                           mr_layout_place *placed) {
  mr_layout_progress next = layout->gcc;
  mr_status status = add_member(layout, member, &next, placed);
  if (status == MR_OK) layout->gcc = layout->clang = next;
  return status;
}

static mr_status add_as_both(mr_layout *layout, const mr_layout_member *member,
                             mr_layout_place *placed) {
  mr_layout_place other = {0};
  if (layout->is_union) {
    return_to_start(&layout->gcc);
    return_to_start(&layout->clang);
  }
  mr_status status = member->is_bit_field
                         ? add_bit_field_as_gcc(layout, member, &layout->gcc, placed)
                         : add_member(layout, member, &layout->gcc, placed);
  if (status != MR_OK) return status;
  mr_layout_member as_clang = *member;
  if (member->clang_alignment) as_clang.alignment = member->clang_alignment;
  status = member->is_bit_field ? add_bit_field_as_clang(layout, &as_clang, &layout->clang, &other)
                                : add_member(layout, &as_clang, &layout->clang, &other);
  if (status != MR_OK) return status;
  /* What has no name and no width is nowhere to be seen. */
  bool is_seen = !member->is_bit_field || member->is_named;
  return is_seen && !is_same_place(placed, &other) ? MR_UNSUPPORTED : MR_OK;
}

/* An attribute that asks for less than the type has is as none. */
static bool is_user_aligned(const mr_layout *layout, const mr_layout_member *member) {
  size_t asked = member->attribute_alignment;
  return member->is_user_aligned ||
         (asked >= member->alignment && asked > layout->rule->gcc_integer_alignment_max);
}

mr_status mr_layout_add(mr_layout *layout, const mr_layout_member *member,
                        mr_layout_place *placed) {
  mr_layout_place place = {0};
  mr_status status;
  if (is_plain(layout, member)) {
    status = add_plain(layout, member, &place);
  } else {
    mr_layout next = *layout;
    status = layout->rule->is_windows ? mr_layout_add_windows(&next, member, &place)
                                      : add_as_both(&next, member, &place);
    if (status == MR_OK) *layout = next;
  }
  if (status != MR_OK) return status;
  if (is_user_aligned(layout, member)) layout->is_user_aligned = true;
  *placed = place;
  return MR_OK;
}

static mr_status end_one(const mr_layout *layout, mr_layout_progress *progress) {
  progress->alignment = larger(progress->alignment, layout->options.alignment);
  return mr_layout_round_up(&progress->size, progress->alignment, layout->rule->size_max);
}

/* Gcc takes a struct as large as its widest integer for such an integer, and aligns it as that inside others. */
static bool is_lowered_as_gcc(const mr_layout *layout) {
  const size_t widest = 8;
  size_t limit = layout->rule->gcc_integer_alignment_max;
  return limit && layout->gcc.alignment > limit && layout->gcc.size == widest &&
         !layout->is_user_aligned;
}

static mr_status end_both(mr_layout *layout) {
  mr_status status = end_one(layout, &layout->gcc);
  if (status == MR_OK) status = end_one(layout, &layout->clang);
  if (status != MR_OK) return status;
  if (layout->gcc.size != layout->clang.size || layout->gcc.alignment != layout->clang.alignment ||
      is_lowered_as_gcc(layout)) {
    return MR_UNSUPPORTED;
  }
  layout->size = layout->gcc.size;
  layout->alignment = layout->gcc.alignment;
  return MR_OK;
}

mr_status mr_layout_end(mr_layout *layout) {
  mr_layout whole = *layout;
  mr_status status = layout->rule->is_windows ? mr_layout_end_windows(&whole) : end_both(&whole);
  if (status == MR_OK) *layout = whole;
  return status;
}

#include "aggregate.h"

#include "layout_rule.h"
#include "names.h"

static bool can_have_bits(const mr_type *type) {
  return type->kind == MR_KIND_BOOL || mr_kind_is_integer((mr_kind)type->kind);
}

static unsigned bits_of(const mr_type *type) {
  return type->kind == MR_KIND_BOOL ? 1 : (unsigned)type->size * 8;
}

static const char *bit_field_flaw(const mr_member_spec *member) {
  if (!can_have_bits(member->type)) return "is a bit-field of no integer";
  if (member->bit_width > bits_of(member->type)) return "is wider than its type";
  if (member->bit_width == 0 && mr_is_named(member)) return "is 0 bits wide, and has a name";
  return NULL;
}

const char *mr_aggregate_flaw(const mr_member_spec *member, bool is_last) {
  if (!mr_type_is_data(member->type)) {
    if (mr_type_kind(member->type) == MR_KIND_VOID) return "is void";
    return mr_type_kind(member->type) == MR_KIND_FUNCTION ? "is a function"
                                                          : "has an incomplete type";
  }
  if (member->alignment && !mr_is_alignment(member->alignment)) {
    return "asks for an alignment that is no power of two up to PTRDIFF_MAX";
  }
  if (member->type->depth >= MR_TYPE_DEPTH_MAX) return "nests too deep";
  if (member->type->is_flexible && !is_last) return "is flexible, and not the last of a struct";
  return member->is_bit_field ? bit_field_flaw(member) : NULL;
}

static mr_layout_member layout_member(const mr_member_spec *spec) {
  const mr_type *type = spec->type;
  return (mr_layout_member){.size = type->size,
                            .alignment = type->alignment,
                            .clang_alignment = mr_alignment_unpack(type->clang_alignment),
                            .natural_alignment = mr_type_origin(type)->alignment,
                            .required_alignment = mr_alignment_unpack(type->required_alignment),
                            .attribute_alignment = spec->alignment,
                            .is_user_aligned = type->is_user_aligned,
                            .is_packed = spec->is_packed,
                            .is_bit_field = spec->is_bit_field,
                            .is_named = mr_is_named(spec),
                            .bit_width = spec->bit_width};
}

/* In one octet, bits are counted from one end. */
static bool mixes_orders(const mr_member *member, const mr_member *before) {
  return before && before->is_bit_field && member->is_bit_field && member->bit_offset != 0 &&
         member->bit_width > 0 && before->bit_width > 0 &&
         member->type->order != before->type->order;
}

static void add_traits(mr_type *type, const mr_member *member) {
  if (member->type->has_swapped) type->has_swapped = true;
  if (member->type->depth >= type->depth) type->depth = (uint8_t)(member->type->depth + 1);
}

mr_status mr_aggregate_lay_out(mr_type *type, mr_member *members, const mr_member_spec *specs,
                               size_t count, const mr_layout_options *options, size_t *failed) {
  bool is_union = type->kind == MR_KIND_UNION;
  mr_layout layout = mr_layout_begin(mr_layout_rule_of(options->target), options, is_union);
  type->depth = 1;
  for (size_t i = 0; i < count; i++) {
    const mr_member_spec *spec = &specs[i];
    mr_layout_member wanted = layout_member(spec);
    mr_layout_place placed;
    *failed = i;
    mr_status status = mr_layout_add(&layout, &wanted, &placed);
    if (status != MR_OK) return status;
    members[i] = (mr_member){.name = mr_is_named(spec) ? spec->name : NULL,
                             .type = spec->type,
                             .offset = placed.offset,
                             .alignment = placed.alignment,
                             .bit_offset = placed.bit_offset,
                             .bit_width = spec->is_bit_field ? spec->bit_width : 0,
                             .is_bit_field = spec->is_bit_field};
    if (!is_union && mixes_orders(&members[i], i > 0 ? &members[i - 1] : NULL)) {
      return MR_INVALID_ARGUMENT;
    }
    add_traits(type, &members[i]);
  }
  *failed = count;
  mr_status status = mr_layout_end(&layout);
  if (status != MR_OK) return status;
  type->size = layout.size;
  type->alignment = layout.alignment;
  type->inner_required_alignment = mr_alignment_pack(layout.required_alignment);
  type->required_alignment = type->inner_required_alignment;
  if (options->alignment && layout.alignment > layout.required_alignment) {
    type->required_alignment = mr_alignment_pack(layout.alignment);
  }
  type->is_user_aligned = layout.is_user_aligned;
  type->target = (uint8_t)options->target;
  type->count = count;
  type->members = members;
  type->has_flexible = !is_union && count > 0 && members[count - 1].type->has_flexible;
  return MR_OK;
}

static bool has_inner_names(const mr_member *member) {
  return !member->name && !member->is_bit_field && mr_kind_has_members((mr_kind)member->type->kind);
}

size_t mr_aggregate_name_count(const mr_type *type) {
  size_t count = 0;
  for (size_t i = 0; i < type->count; i++) {
    const mr_member *member = &type->members[i];
    if (member->name) {
      count++;
    } else if (has_inner_names(member)) {
      /* Each stands for octets or pointers of a block that exists: the sum can't wrap. */
      count += member->type->names.count;
    }
  }
  return count;
}

static bool add_inner_names(mr_names *names, const mr_member *member) {
  const mr_names *inner = &member->type->names;
  for (size_t i = 0; i < inner->capacity; i++) {
    mr_name name = inner->table[i];
    if (!name.text) continue;
    name.offset += member->offset;
    if (!mr_names_add(names, name)) return false;
  }
  return true;
}

static bool add_names(mr_names *names, const mr_member *member) {
  if (!member->name) return !has_inner_names(member) || add_inner_names(names, member);
  mr_name name = {.text = member->name,
                  .type = member->type,
                  .offset = member->offset,
                  .access = (uint32_t)(mr_alignment_pack(member->alignment) - 1) << MR_SLOT_SHIFT |
                            mr_type_access(member->type, member->bit_offset, member->bit_width)};
  return mr_names_add(names, name);
}

size_t mr_aggregate_index_names(mr_type *type, mr_name *table) {
  type->names = mr_names_over(table, mr_names_capacity(mr_aggregate_name_count(type)));
  for (size_t i = 0; i < type->count; i++) {
    if (!add_names(&type->names, &type->members[i])) return i;
  }
  return type->count;
}

#include <string.h>

#include "aggregate.h"
#include "declare.h"
#include "target.h"

/*
 * By which attributes a struct is laid out as it is: some are tried, and what the layout engine makes of
 * them is compared with what there is.
 */

/* How often a bit-field that was somewhere else is packed instead, before there is no hope. */
enum { ROUNDS_MAX = 64 };

typedef enum mr_style {
  /* Alignment is only raised. */
  UNPACKED,
  /* Attribute packed on the whole. */
  PACKED,
  /* Attribute packed on members. */
  PACKED_MEMBERS,
  STYLE_COUNT
} mr_style;

/* The largest pack that makes a difference. */
enum { PACK_MAX = 16 };

typedef struct mr_trial {
  const mr_plan *plan;
  const mr_type *type;
  mr_member_spec *specs;
  mr_layout_options options;
  /* As laid out. */
  mr_member *members;
  mr_type whole;
  /* Whether it must also be the same to what it is in. */
  bool is_exact;
} mr_trial;

/* What attributes have done beyond alignment. */
static void copy_traits(mr_type *to, const mr_type *from) {
  to->clang_alignment = from->clang_alignment;
  to->required_alignment = from->required_alignment;
  to->inner_required_alignment = from->inner_required_alignment;
  to->is_user_aligned = from->is_user_aligned;
}

static bool has_same_traits(const mr_type *a, const mr_type *b) {
  return a->clang_alignment == b->clang_alignment &&
         a->required_alignment == b->required_alignment &&
         a->inner_required_alignment == b->inner_required_alignment &&
         a->is_user_aligned == b->is_user_aligned;
}

static bool has_bits(const mr_member *member) {
  return member->is_bit_field && member->bit_width > 0;
}

static const mr_type *as_read(const mr_plan *plan, const mr_type *type) {
  const mr_outline *outline = mr_plan_find(plan, type);
  if (outline && outline->as_read) return outline->as_read;
  /* A pointer, which has an outline where it was realigned. */
  return mr_type_origin(type);
}

static mr_member_spec spec_of(const mr_trial *trial, const mr_member *member, mr_style style) {
  const mr_type *type = trial->type;
  mr_member_spec spec = {.name = member->name,
                         .type = as_read(trial->plan, member->type),
                         .is_bit_field = member->is_bit_field,
                         .bit_width = member->bit_width};
  size_t by_itself = style == PACKED ? 1 : member->type->alignment;
  if (member->is_bit_field) {
    /* Not packed, it would raise the alignment of the whole. */
    spec.is_packed = style == PACKED_MEMBERS && has_bits(member) && by_itself > type->alignment;
    return spec;
  }
  if (style == PACKED_MEMBERS && member->alignment < by_itself) {
    spec.is_packed = true;
    by_itself = 1;
  }
  if (member->alignment > by_itself) spec.alignment = member->alignment;
  return spec;
}

static void set_style(mr_trial *trial, mr_style style) {
  const mr_type *type = trial->type;
  trial->options.is_packed = style == PACKED;
  trial->options.alignment = 0;
  for (size_t i = 0; i < type->count; i++) {
    trial->specs[i] = spec_of(trial, &type->members[i], style);
  }
}

static bool lay_out(mr_trial *trial) {
  size_t failed;
  memset(&trial->whole, 0, sizeof trial->whole);
  trial->whole.kind = trial->type->kind;
  return mr_aggregate_lay_out(&trial->whole, trial->members, trial->specs, trial->type->count,
                              &trial->options, &failed) == MR_OK;
}

static bool is_same_place(const mr_member *a, const mr_member *b) {
  return a->offset == b->offset && a->bit_offset == b->bit_offset && a->alignment == b->alignment;
}

/* The first member that is elsewhere; the number of members for none. */
static size_t first_misplaced(const mr_trial *trial) {
  const mr_type *type = trial->type;
  size_t i = 0;
  while (i < type->count && is_same_place(&type->members[i], &trial->members[i])) i++;
  return i;
}

static bool is_same_whole(const mr_trial *trial) {
  return trial->whole.size == trial->type->size && trial->whole.alignment == trial->type->alignment;
}

/* Packs the bit-field that was misplaced, where that may be why. */
static bool pack_misplaced(mr_trial *trial, size_t index) {
  if (!has_bits(&trial->type->members[index]) || trial->specs[index].is_packed) return false;
  trial->specs[index].is_packed = true;
  return true;
}

static bool reproduces_members(mr_trial *trial, mr_style style) {
  for (unsigned round = 0; round < ROUNDS_MAX; round++) {
    if (!lay_out(trial)) return false;
    size_t misplaced = first_misplaced(trial);
    if (misplaced == trial->type->count) return true;
    if (style != PACKED_MEMBERS || !pack_misplaced(trial, misplaced)) return false;
  }
  return false;
}

static bool reproduces(mr_trial *trial, mr_style style) {
  set_style(trial, style);
  if (!reproduces_members(trial, style)) return false;
  if (trial->whole.alignment < trial->type->alignment) {
    trial->options.alignment = trial->type->alignment;
    if (!lay_out(trial) || first_misplaced(trial) < trial->type->count) return false;
  }
  return is_same_whole(trial) && (!trial->is_exact || has_same_traits(&trial->whole, trial->type));
}

/* A copy for layouts only, where the type itself would not do. */
static mr_status set_as_read(mr_plan *plan, mr_outline *outline, const mr_type *traits) {
  mr_type *copy;
  outline->as_read = outline->type;
  if (has_same_traits(outline->type, traits)) return MR_OK;
  mr_status status = mr_plan_take(plan, 1, sizeof *copy, &copy);
  if (status != MR_OK) return status;
  memset(copy, 0, sizeof *copy);
  memcpy(copy, outline->type, offsetof(mr_type, completion));
  copy_traits(copy, traits);
  outline->as_read = copy;
  return MR_OK;
}

mr_status mr_plan_as_read(mr_plan *plan, mr_outline *outline, bool is_realigned) {
  const mr_type *type = outline->type, *origin = mr_type_origin(type);
  mr_type traits;
  memset(&traits, 0, sizeof traits);
  if (type->kind == MR_KIND_ARRAY && !type->is_vector) {
    copy_traits(&traits, as_read(plan, type->element));
  } else if (mr_kind_has_members((mr_kind)type->kind) && outline->as_read) {
    copy_traits(&traits, outline->as_read);
  } else if (origin != type && mr_plan_find(plan, origin)) {
    copy_traits(&traits, as_read(plan, origin));
  } else if (type->kind == MR_KIND_I128 || type->kind == MR_KIND_U128) {
    traits.clang_alignment =
        mr_alignment_pack(mr_target_traits_of(plan->target)->clang_int128_alignment);
  }
  if (is_realigned) {
    mr_type like = {.size = 0};
    memcpy(&like, type, offsetof(mr_type, completion));
    copy_traits(&like, &traits);
    mr_type_set_like(&traits, &like, type->alignment);
  }
  return set_as_read(plan, outline, &traits);
}

static bool reproduces_somehow(mr_trial *trial, size_t pack) {
  trial->options.pack = pack;
  for (mr_style style = UNPACKED; style < STYLE_COUNT; style++) {
    if (reproduces(trial, style)) return true;
  }
  return false;
}

/* Whether a struct or union without tag is written inside: pragma pack would be its too. */
static bool has_inline(const mr_plan *plan, const mr_type *type, unsigned *left) {
  type = mr_type_completed(type);
  if (!type || *left == 0) return type != NULL;
  --*left;
  if (mr_plan_typedef(plan, type, NULL) > 0) return false;
  if (mr_kind_has_members((mr_kind)type->kind)) return !mr_type_tag(type);
  if (type->kind == MR_KIND_FUNCTION) {
    for (size_t i = 0; i < type->count; i++) {
      if (has_inline(plan, type->members[i].type, left)) return true;
    }
  }
  return has_inline(plan, type->element, left);
}

static bool can_have_pragma(const mr_plan *plan, const mr_type *type) {
  /* So many derived types are looked at; where there are more, there is no pragma. */
  unsigned left = 4096;
  if (!mr_type_tag(type)) return false;
  for (size_t i = 0; i < type->count; i++) {
    if (mr_kind_is_scalar((mr_kind)type->members[i].type->kind) &&
        !type->members[i].type->element) {
      continue;
    }
    if (has_inline(plan, type->members[i].type, &left)) return false;
  }
  return true;
}

static bool finds_attributes(mr_trial *trial, bool can_have_pragma) {
  if (reproduces_somehow(trial, 0)) return true;
  for (size_t pack = 1; pack <= PACK_MAX && can_have_pragma; pack *= 2) {
    if (reproduces_somehow(trial, pack)) return true;
  }
  return false;
}

bool mr_can_be_aligned(const mr_plan *plan, size_t alignment) {
  const size_t windows_max = 8192, max = (size_t)1 << 28;
  return alignment <= (plan->target == MR_TARGET_WINDOWS_X64 ? windows_max : max);
}

static bool has_too_much_alignment(const mr_trial *trial) {
  if (!mr_can_be_aligned(trial->plan, trial->options.alignment)) return true;
  for (size_t i = 0; i < trial->type->count; i++) {
    if (!mr_can_be_aligned(trial->plan, trial->specs[i].alignment)) return true;
  }
  return false;
}

mr_status mr_plan_layout(mr_plan *plan, mr_outline *outline) {
  mr_trial trial = {.plan = plan, .type = outline->type, .options = {.target = plan->target}};
  size_t count = outline->type->count;
  mr_status status = mr_plan_take(plan, count, sizeof *trial.specs, &trial.specs);
  if (status == MR_OK) status = mr_plan_take(plan, count, sizeof *trial.members, &trial.members);
  if (status != MR_OK) return status;
  bool has_pragma = can_have_pragma(plan, outline->type);
  trial.is_exact = true;
  bool is_found = finds_attributes(&trial, has_pragma);
  trial.is_exact = false;
  if (!is_found && !finds_attributes(&trial, has_pragma)) return MR_UNSUPPORTED;
  if (has_too_much_alignment(&trial)) return MR_UNSUPPORTED;
  outline->specs = trial.specs;
  outline->options = trial.options;
  return set_as_read(plan, outline, &trial.whole);
}

/* Orders. */

typedef enum mr_order_class { NO_ORDER, TARGET_ORDER, OTHER_ORDER, NO_WORDS } mr_order_class;

/* Gcc leaves pointers, vectors and nested structs as they are. */
static mr_order_class order_class(const mr_plan *plan, const mr_type *type, bool is_bit_field) {
  mr_byte_order order = mr_target_traits_of(plan->target)->order;
  while (type->kind == MR_KIND_ARRAY && !type->is_vector) type = type->element;
  if (type->is_vector) {
    return order_class(plan, type->element, false) == OTHER_ORDER ? NO_WORDS : NO_ORDER;
  }
  if (!mr_kind_is_scalar((mr_kind)type->kind)) return NO_ORDER;
  if (type->kind == MR_KIND_POINTER) return type->order == order ? NO_ORDER : NO_WORDS;
  if (type->size <= 1 && !is_bit_field) return NO_ORDER;
  return type->order == order ? TARGET_ORDER : OTHER_ORDER;
}

mr_status mr_plan_order(const mr_plan *plan, mr_outline *outline) {
  bool has[NO_WORDS + 1] = {false};
  const mr_type *type = outline->type;
  for (size_t i = 0; i < type->count; i++) {
    const mr_member *member = &type->members[i];
    if (member->is_bit_field && member->bit_width == 0) continue;
    has[order_class(plan, member->type, member->is_bit_field)] = true;
  }
  if (has[NO_WORDS] || (has[TARGET_ORDER] && has[OTHER_ORDER])) return MR_UNSUPPORTED;
  outline->is_swapped = has[OTHER_ORDER];
  return MR_OK;
}

bool mr_has_target_order(const mr_plan *plan, const mr_type *type) {
  mr_order_class order = order_class(plan, type, false);
  return order == NO_ORDER || order == TARGET_ORDER;
}

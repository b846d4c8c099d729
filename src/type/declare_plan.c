#include <string.h>

#include "aggregate.h"
#include "declare.h"
#include "group.h"

/* How far planning recurses: every type may have an origin. */
enum { DEPTH_MAX = 3 * MR_TYPE_DEPTH_MAX };

/** Where a type stands. */
typedef struct mr_standing {
  unsigned depth;
  /** Behind a pointer. */
  bool is_behind;
  /** In a parameter or a type's name: a tag that first comes there would be known there only, if at all. */
  bool is_parameter;
} mr_standing;

static mr_status plan_type(mr_plan *plan, const mr_type *type, mr_standing standing);

mr_status mr_plan_take(mr_plan *plan, size_t count, size_t size, void *out) {
  mr_region block;
  if (count > PTRDIFF_MAX / size) return MR_BLOCK_TOO_BIG;
  mr_status status = mr_arena_allocate(&plan->arena, count * size, &block);
  if (status != MR_OK) return status;
  mr_clear(block);
  memcpy(out, &block.pointer, sizeof block.pointer);
  return MR_OK;
}

/* Outlines. */

/* Where a type's outline is, or would be: one place is always free. */
static mr_outline **place_of(mr_outline **outlines, size_t capacity, const mr_type *type) {
  uint64_t key = (uint64_t)(uintptr_t)type * UINT64_C(0x9e3779b97f4a7c15);
  for (size_t at = (size_t)(key >> 32);; at++) {
    mr_outline **place = &outlines[at & (capacity - 1)];
    if (!*place || (*place)->type == type) return place;
  }
}

mr_outline *mr_plan_find(const mr_plan *plan, const mr_type *type) {
  return plan->capacity > 0 ? *place_of(plan->outlines, plan->capacity, type) : NULL;
}

static mr_status grow_outlines(mr_plan *plan) {
  mr_outline **larger;
  size_t capacity = plan->capacity > 0 ? 2 * plan->capacity : 16;
  mr_status status = mr_plan_take(plan, capacity, sizeof(mr_outline *), &larger);
  if (status != MR_OK) return status;
  for (size_t i = 0; i < plan->capacity; i++) {
    mr_outline *outline = plan->outlines[i];
    if (outline) *place_of(larger, capacity, outline->type) = outline;
  }
  plan->outlines = larger;
  plan->capacity = capacity;
  return MR_OK;
}

/* A new one, of a type that has none. */
static mr_status add_outline(mr_plan *plan, const mr_type *type, mr_outline **out) {
  mr_status status = MR_OK;
  mr_outline *outline = NULL;
  if (plan->count >= plan->capacity / 2) status = grow_outlines(plan);
  if (status == MR_OK) status = mr_plan_take(plan, 1, sizeof *outline, &outline);
  if (status != MR_OK) return status;
  outline->type = type;
  *place_of(plan->outlines, plan->capacity, type) = outline;
  plan->count++;
  *out = outline;
  return MR_OK;
}

static const mr_outline *same(const mr_outline *outline) {
  while (outline && outline->same) outline = outline->same;
  return outline;
}

unsigned mr_plan_typedef(const mr_plan *plan, const mr_type *type, const mr_type *except) {
  const mr_type *origin = mr_type_origin(type);
  const mr_outline *own = same(mr_plan_find(plan, type));
  if (own && own->number > 0 && type != except) return own->number;
  /* Of others, the whole is written again. */
  if (!type->is_enum && !type->is_vector) return 0;
  const mr_outline *of_origin = same(mr_plan_find(plan, origin));
  return of_origin && origin != except ? of_origin->number : 0;
}

/* Definitions and names. */

static mr_status add_definition(mr_plan *plan, mr_definition_form form, const mr_type *type) {
  mr_definition *definition;
  mr_status status = mr_plan_take(plan, 1, sizeof *definition, &definition);
  if (status != MR_OK) return status;
  definition->form = form;
  definition->type = type;
  *plan->end = definition;
  plan->end = &definition->next;
  return MR_OK;
}

static mr_status add_typedef(mr_plan *plan, mr_outline *outline) {
  if (!mr_can_be_aligned(plan, outline->type->alignment)) return MR_UNSUPPORTED;
  outline->number = ++plan->typedefs;
  return add_definition(plan, MR_DEFINES_TYPEDEF, outline->type);
}

static mr_name *find_name(const mr_names *names, const char *text) {
  uint64_t key = 0;
  size_t length = mr_name_scan(text, &key);
  if (names->capacity == 0) return NULL;
  mr_name *entry = mr_names_place(names, text, length, key);
  return entry->text ? entry : NULL;
}

static mr_status grow_names(mr_plan *plan, mr_names *names) {
  size_t capacity = mr_names_capacity(2 * names->count + 4);
  mr_name *table;
  mr_status status = mr_plan_take(plan, capacity, sizeof *table, &table);
  if (status != MR_OK) return status;
  mr_names larger = mr_names_over(table, capacity);
  for (size_t i = 0; i < names->capacity; i++) {
    if (names->table[i].text) mr_names_add(&larger, names->table[i]);
  }
  *names = larger;
  return MR_OK;
}

/* A name that is C's, and not there yet. */
static mr_status add_name(mr_plan *plan, mr_names *names, const char *text, const mr_type *type) {
  if (!mr_is_c_name(text)) return MR_UNSUPPORTED;
  if (names->count >= names->capacity / 3) {
    mr_status status = grow_names(plan, names);
    if (status != MR_OK) return status;
  }
  mr_name name = {.text = text, .type = type};
  return mr_names_add(names, name) ? MR_OK : MR_UNSUPPORTED;
}

/* Whether a name could be that of a typedef here. */
static bool is_typedef(const char *text) {
  size_t length = sizeof MR_TYPEDEF_PREFIX - 1;
  return strncmp(text, MR_TYPEDEF_PREFIX, length) == 0 && text[length] >= '0' &&
         text[length] <= '9';
}

/* A name of its own, which no typedef may have. */
static mr_status add_identifier(mr_plan *plan, const char *text, const mr_type *type) {
  if (mr_is_scalar_text(text) || is_typedef(text)) return MR_UNSUPPORTED;
  return add_name(plan, &plan->names, text, type);
}

/* Tags. */

static bool is_of_one_keyword(const mr_type *a, const mr_type *b) {
  return a->is_enum == b->is_enum && (a->is_enum || a->kind == b->kind);
}

/* What is behind a pointer needs no more than its tag. */
static mr_status mention(mr_plan *plan, const mr_type *type, mr_standing standing) {
  const mr_type *origin = mr_type_origin(type);
  const mr_name *known = find_name(&plan->tags, mr_type_tag(origin));
  mr_outline *outline = mr_plan_find(plan, known ? known->type : origin);
  mr_status status = MR_OK;
  if (known && !is_of_one_keyword(known->type, origin)) return MR_UNSUPPORTED;
  if (!known) {
    status = add_name(plan, &plan->tags, mr_type_tag(origin), origin);
    if (status == MR_OK && !outline) status = add_outline(plan, origin, &outline);
    if (status != MR_OK) return status;
  }
  if (!standing.is_parameter || outline->is_declared || outline == plan->open) return MR_OK;
  outline->is_declared = true;
  return add_definition(plan, MR_DEFINES_NOTHING, origin);
}

/* Enumerators may be the same in two orders. */
static bool is_same_enum(const mr_type *a, const mr_type *b) {
  mr_type in_order;
  memcpy(&in_order, b, sizeof in_order);
  in_order.order = a->order;
  return mr_type_equal(a, &in_order);
}

static bool is_same_definition(const mr_type *a, const mr_type *b) {
  return a->is_enum && b->is_enum ? is_same_enum(a, b) : mr_type_equal(a, b);
}

/* Takes the tag for what is defined now. Where an equal type has it, that one's text is enough. */
static mr_status take_tag(mr_plan *plan, mr_outline *outline) {
  const char *tag = mr_type_tag(outline->type);
  mr_name *known = find_name(&plan->tags, tag);
  if (!known) return add_name(plan, &plan->tags, tag, outline->type);
  if (!is_of_one_keyword(known->type, outline->type)) return MR_UNSUPPORTED;
  const mr_outline *before = mr_plan_find(plan, known->type);
  if (before == outline) return MR_OK;
  if (before->is_defined || before->is_open) {
    if (before->is_open || !is_same_definition(known->type, outline->type)) return MR_UNSUPPORTED;
    outline->same = before;
    return MR_OK;
  }
  outline->is_declared = before->is_declared;
  known->type = outline->type;
  return MR_OK;
}

/* Structs and unions. */

static bool is_transparent(const mr_member *member) {
  return !member->name && !member->is_bit_field && mr_kind_has_members((mr_kind)member->type->kind);
}

/* What C has no words for, whatever the layout. */
static bool is_odd_member(const mr_type *type, size_t index) {
  const mr_member *member = &type->members[index];
  if (member->name) return !mr_is_c_name(member->name);
  if (member->is_bit_field) return false;
  const mr_type *origin = mr_type_origin(member->type);
  return !is_transparent(member) || mr_type_tag(origin) ||
         member->type->alignment != origin->alignment;
}

/* C wants a name before a flexible array. */
static bool is_only_flexible(const mr_type *type) {
  if (type->count == 0 || !type->members[type->count - 1].type->is_flexible) return false;
  for (size_t i = 0; i + 1 < type->count; i++) {
    if (type->members[i].name || is_transparent(&type->members[i])) return false;
  }
  return true;
}

/* Attributes after a member without name would be its type's. */
static bool has_attributes_without_name(const mr_outline *outline) {
  for (size_t i = 0; i < outline->type->count; i++) {
    const mr_member_spec *spec = &outline->specs[i];
    if (mr_is_transparent(spec) && (spec->is_packed || spec->alignment > 0)) return true;
  }
  return false;
}

static mr_status plan_members(mr_plan *plan, mr_outline *outline, mr_standing standing) {
  const mr_type *type = outline->type;
  if (is_only_flexible(type)) return MR_UNSUPPORTED;
  for (size_t i = 0; i < type->count; i++) {
    if (is_odd_member(type, i)) return MR_UNSUPPORTED;
    mr_status status = plan_type(plan, type->members[i].type, standing);
    if (status != MR_OK) return status;
  }
  mr_status status = mr_plan_order(plan, outline);
  if (status == MR_OK) status = mr_plan_layout(plan, outline);
  if (status != MR_OK) return status;
  return has_attributes_without_name(outline) ? MR_UNSUPPORTED : MR_OK;
}

static mr_status plan_tagged(mr_plan *plan, mr_outline *outline, mr_standing standing) {
  mr_status status = take_tag(plan, outline);
  if (status != MR_OK || outline->same) return status;
  const mr_outline *around = plan->open;
  plan->open = outline;
  standing.is_parameter = standing.is_behind = false;
  status = plan_members(plan, outline, standing);
  plan->open = around;
  if (status != MR_OK) return status;
  outline->is_defined = outline->is_declared = true;
  return add_definition(plan, MR_DEFINES_TAG, outline->type);
}

static mr_status plan_aggregate(mr_plan *plan, mr_outline *outline, mr_standing standing) {
  if (mr_type_tag(outline->type)) return plan_tagged(plan, outline, standing);
  return plan_members(plan, outline, standing);
}

/* Enums. */

static mr_status add_enumerators(mr_plan *plan, const mr_type *type) {
  for (size_t i = 0; i < type->count; i++) {
    mr_status status = add_identifier(plan, type->enumerators[i].name, type);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

static bool has_natural_integer(const mr_plan *plan, const mr_type *type) {
  mr_kind whole = mr_enum_natural_kind(type, plan->target, false);
  mr_kind kind = (mr_kind)type->kind;
  if (type->alignment != mr_scalar_alignment(type, plan->target)) return false;
  if (kind == whole || whole == MR_KIND_VOID) return kind == whole;
  /* An attribute can make it of another size, but does not give or take its sign. */
  return plan->target != MR_TARGET_WINDOWS_X64 &&
         mr_kind_is_signed(kind) == mr_kind_is_signed(whole);
}

static mr_status plan_enum_without_tag(mr_plan *plan, mr_outline *outline) {
  const mr_name *known = find_name(&plan->names, outline->type->enumerators[0].name);
  if (known && known->type && is_same_enum(known->type, outline->type)) {
    outline->same = mr_plan_find(plan, known->type);
    return MR_OK;
  }
  mr_status status = add_enumerators(plan, outline->type);
  return status == MR_OK ? add_typedef(plan, outline) : status;
}

static mr_status plan_enum(mr_plan *plan, mr_outline *outline) {
  const mr_type *type = outline->type;
  if (type->count == 0 || !has_natural_integer(plan, type)) return MR_UNSUPPORTED;
  if (!mr_type_tag(type)) return plan_enum_without_tag(plan, outline);
  mr_status status = take_tag(plan, outline);
  if (status != MR_OK || outline->same) return status;
  status = add_enumerators(plan, type);
  if (status != MR_OK) return status;
  outline->is_defined = outline->is_declared = true;
  return add_definition(plan, MR_DEFINES_TAG, type);
}

/* What is derived. */

static bool can_have_tag(const mr_type *type) {
  return mr_kind_has_members((mr_kind)type->kind) || type->is_enum;
}

/* What is no member: behind a pointer, it may be known by its tag. */
static mr_status plan_alone(mr_plan *plan, const mr_type *type, mr_standing standing) {
  type = mr_type_completed(type);
  if (!type || type->kind == MR_KIND_VOID) return MR_OK;
  if (can_have_tag(type) && mr_type_tag(type) && (standing.is_behind || type->is_incomplete)) {
    return mention(plan, type, standing);
  }
  if (!mr_has_target_order(plan, type)) return MR_UNSUPPORTED;
  return plan_type(plan, type, standing);
}

static mr_status plan_pointer(mr_plan *plan, const mr_type *type, mr_standing standing) {
  mr_type usual;
  memset(&usual, 0, sizeof usual);
  mr_type_set_pointer(&usual, plan->target, mr_void_type());
  if (type->size != usual.size) return MR_UNSUPPORTED;
  standing.is_behind = true;
  return plan_alone(plan, type->element, standing);
}

static bool is_array_or_function(const mr_type *type) {
  mr_kind kind = mr_type_kind(type);
  return kind == MR_KIND_FUNCTION || (kind == MR_KIND_ARRAY && !type->is_vector);
}

static mr_status plan_function(mr_plan *plan, const mr_type *type, mr_standing standing) {
  if (is_array_or_function(type->element)) return MR_UNSUPPORTED;
  mr_status status = plan_alone(plan, type->element, standing);
  standing.is_parameter = true;
  for (size_t i = 0; i < type->count && status == MR_OK; i++) {
    const mr_type *parameter = type->members[i].type;
    bool is_none = mr_type_kind(parameter) == MR_KIND_VOID || is_array_or_function(parameter);
    status = is_none ? MR_UNSUPPORTED : plan_alone(plan, parameter, standing);
  }
  return status;
}

static mr_status plan_vector(mr_plan *plan, mr_outline *outline) {
  const mr_type *element = outline->type->element;
  bool is_number = mr_kind_is_scalar((mr_kind)element->kind) && element->kind != MR_KIND_POINTER &&
                   !element->is_enum;
  if (!is_number || !mr_scalar_text(element, plan->target)) return MR_UNSUPPORTED;
  return add_typedef(plan, outline);
}

static bool is_plain_scalar(const mr_type *type) {
  return mr_kind_is_scalar((mr_kind)type->kind) && !type->is_enum;
}

static bool is_realigned(const mr_plan *plan, const mr_type *type) {
  if (is_plain_scalar(type)) return type->alignment != mr_scalar_alignment(type, plan->target);
  return type->alignment != mr_type_origin(type)->alignment;
}

/* Whatever alignment it has been given. */
static mr_status plan_form(mr_plan *plan, mr_outline *outline, mr_standing standing) {
  const mr_type *type = outline->type;
  if (type->kind == MR_KIND_POINTER) return plan_pointer(plan, type, standing);
  if (is_plain_scalar(type)) return mr_scalar_text(type, plan->target) ? MR_OK : MR_UNSUPPORTED;
  if (type->is_incomplete) return MR_UNSUPPORTED;
  if (type->origin && !is_array_or_function(type)) return plan_type(plan, type->origin, standing);
  if (type->is_enum) return plan_enum(plan, outline);
  if (type->is_vector) return plan_vector(plan, outline);
  if (type->kind == MR_KIND_ARRAY) return plan_type(plan, type->element, standing);
  if (type->kind == MR_KIND_FUNCTION) return plan_function(plan, type, standing);
  return plan_aggregate(plan, outline, standing);
}

/* A pointer has no outline, so that each parameter in which it comes declares its tag. */
static mr_status plan_type(mr_plan *plan, const mr_type *type, mr_standing standing) {
  bool is_new_alignment = is_realigned(plan, type);
  if (++standing.depth > DEPTH_MAX) return MR_UNSUPPORTED;
  if (type->kind == MR_KIND_POINTER && !is_new_alignment) return plan_pointer(plan, type, standing);
  mr_outline *outline = mr_plan_find(plan, type);
  if (outline && outline->is_planned) return outline->is_open ? MR_UNSUPPORTED : MR_OK;
  mr_status status = outline ? MR_OK : add_outline(plan, type, &outline);
  if (status != MR_OK) return status;
  outline->is_planned = outline->is_open = true;
  status = plan_form(plan, outline, standing);
  outline->is_open = false;
  if (status == MR_OK) status = mr_plan_as_read(plan, outline, is_new_alignment);
  return status == MR_OK && is_new_alignment ? add_typedef(plan, outline) : status;
}

/* The whole. */

static mr_status plan_whole(mr_plan *plan, const mr_type *type, const char *name) {
  mr_standing standing = {.depth = 0, .is_parameter = !name};
  if (name && (type->kind == MR_KIND_VOID || type->is_incomplete)) return MR_UNSUPPORTED;
  mr_status status = name ? add_identifier(plan, name, NULL) : MR_OK;
  return status == MR_OK ? plan_alone(plan, type, standing) : status;
}

mr_status mr_plan_init(mr_plan *plan, const mr_type *type, const char *name) {
  mr_allocator *allocator = mr_type_allocator(type);
  memset(plan, 0, sizeof *plan);
  mr_arena_options options = {.parent = allocator,
                              .storage = mr_region_of(plan->storage, sizeof plan->storage)};
  plan->end = &plan->first;
  plan->target = mr_type_target(type);
  mr_status status = mr_arena_init(&plan->arena, &options);
  if (status != MR_OK) return status;
  status = plan_whole(plan, type, name);
  if (status != MR_OK) mr_arena_fini(&plan->arena);
  return status;
}

void mr_plan_fini(mr_plan *plan) { mr_arena_fini(&plan->arena); }

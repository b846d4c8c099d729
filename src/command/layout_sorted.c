#include <stdlib.h>

#include "layout.h"

/* Members to build a struct of anew, each aligned as it is placed. */
typedef struct sortable {
  mr_member_spec spec;
  size_t index;
} sortable;

static bool is_flexible(const mr_type *type) { return mr_type_is_flexible_array(type); }

/* Larger alignments first, else as declared; a flexible array stays last. */
static int compare(const void *a, const void *b) {
  const sortable *left = a;
  const sortable *right = b;
  if (is_flexible(left->spec.type) != is_flexible(right->spec.type)) {
    return is_flexible(left->spec.type) ? 1 : -1;
  }
  if (left->spec.alignment != right->spec.alignment) {
    return left->spec.alignment > right->spec.alignment ? -1 : 1;
  }
  return left->index < right->index ? -1 : left->index > right->index;
}

static mr_status read_members(const mr_type *type, sortable *out) {
  for (size_t i = 0; i < mr_type_count(type); i++) {
    mr_member member;
    mr_status status = mr_type_member(type, i, &member);
    if (status != MR_OK) return status;
    if (member.is_bit_field) return MR_UNSUPPORTED;
    out[i].spec = (mr_member_spec){
        .name = member.name, .type = member.type, .alignment = member.alignment, .is_packed = true};
    out[i].index = i;
  }
  return MR_OK;
}

static mr_status build_size(const mr_type *type, const sortable *members, mr_member_spec *specs,
                            size_t *out) {
  mr_layout_options options = {.alignment = mr_type_alignment(type),
                               .target = mr_type_target(type)};
  const mr_type *built;
  for (size_t i = 0; i < mr_type_count(type); i++) specs[i] = members[i].spec;
  mr_status status =
      mr_type_build_struct(NULL, NULL, specs, mr_type_count(type), &options, &built, NULL);
  if (status != MR_OK) return status;
  *out = mr_type_size(built);
  mr_type_release(built);
  return MR_OK;
}

static mr_status sort(const mr_type *type, sortable *members, mr_member_spec *specs, size_t *out) {
  size_t as_declared;
  size_t sorted;
  mr_status status = read_members(type, members);
  if (status == MR_OK) status = build_size(type, members, specs, &as_declared);
  if (status != MR_OK) return status;
  /* What is built the same way must come out the same, or nothing follows from it. */
  if (as_declared != mr_type_size(type)) return MR_UNSUPPORTED;
  qsort(members, mr_type_count(type), sizeof *members, compare);
  status = build_size(type, members, specs, &sorted);
  if (status == MR_OK) *out = sorted;
  return status;
}

mr_status layout_sorted_size(const mr_type *type, size_t *out) {
  size_t count = mr_type_count(type);
  mr_region members = {NULL, 0};
  mr_region specs = {NULL, 0};
  if (mr_type_kind(type) != MR_KIND_STRUCT || count == 0) return MR_UNSUPPORTED;
  mr_status status = mr_reallocate_array(NULL, &members, count, sizeof(sortable));
  if (status == MR_OK) status = mr_reallocate_array(NULL, &specs, count, sizeof(mr_member_spec));
  if (status == MR_OK) status = sort(type, members.pointer, specs.pointer, out);
  mr_ignore(mr_deallocate(NULL, &members));
  mr_ignore(mr_deallocate(NULL, &specs));
  return status;
}

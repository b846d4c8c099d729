#include <stdio.h>
#include <string.h>

#include "layout.h"

enum { ENTRIES_MAX = 1 << 20, FIRST_ENTRIES = 64 };

/* What members stand in. */
typedef struct surroundings {
  const mr_type *type;
  uint64_t offset;
  /** Null at the outermost type. */
  const char *path;
  unsigned depth;
} surroundings;

bool bit_place_is_before(bit_place a, bit_place b) {
  return a.octets != b.octets ? a.octets < b.octets : a.bits < b.bits;
}

bit_place bit_place_difference(bit_place from, bit_place to) {
  unsigned borrowed = to.bits < from.bits;
  return (bit_place){to.octets - from.octets - borrowed, to.bits + 8 * borrowed - from.bits};
}

static bool has_members(const mr_type *type) {
  return mr_type_kind(type) == MR_KIND_STRUCT || mr_type_kind(type) == MR_KIND_UNION;
}

static mr_status add(type_layout *to, const layout_entry *entry) {
  size_t capacity = to->storage.size / sizeof *entry;
  if (to->count == ENTRIES_MAX) return MR_UNSUPPORTED;
  if (to->count == capacity) {
    size_t larger = capacity ? capacity * 2 : FIRST_ENTRIES;
    mr_status status = mr_reallocate_array(NULL, &to->storage, larger, sizeof *entry);
    if (status != MR_OK) return status;
    to->entries = to->storage.pointer;
  }
  to->entries[to->count++] = *entry;
  return MR_OK;
}

static mr_status join(type_layout *to, const char *path, const char *name, const char **out) {
  mr_region text;
  if (!path) {
    *out = name;
    return MR_OK;
  }
  size_t path_length = strlen(path);
  size_t name_length = strlen(name);
  if (name_length > PTRDIFF_MAX - path_length - 2) return MR_BLOCK_TOO_BIG;
  size_t size = path_length + name_length + 2;
  mr_status status = mr_allocate(&to->arena.base, size, &text);
  if (status != MR_OK) return status;
  char *at = text.pointer;
  snprintf(at, size, "%s.%s", path, name);
  *out = at;
  return MR_OK;
}

static bit_place end_of(const mr_member *member) {
  if (!member->is_bit_field) return (bit_place){member->offset + mr_type_size(member->type), 0};
  unsigned bits = (unsigned)member->bit_offset + member->bit_width;
  return (bit_place){member->offset + bits / 8, bits % 8};
}

static layout_entry entry_of(const mr_member *member, const char *path, unsigned depth) {
  return (layout_entry){.kind = LAYOUT_MEMBER,
                        .depth = depth,
                        .path = path,
                        .member = *member,
                        .start = {member->offset, member->is_bit_field ? member->bit_offset : 0U},
                        .end = end_of(member)};
}

static mr_status add_gap(type_layout *to, const surroundings *in, layout_kind kind, bit_place start,
                         bit_place end) {
  layout_entry gap = {.kind = kind, .depth = in->depth, .start = start, .end = end};
  return bit_place_is_before(start, end) ? add(to, &gap) : MR_OK;
}

static mr_status collect(type_layout *to, const surroundings *in);

static mr_status collect_inside(type_layout *to, const layout_entry *entry,
                                const surroundings *in) {
  const mr_member *member = &entry->member;
  /* The members of one without name are reached as if they stood in its place. */
  const char *path = member->name ? entry->path : in->path;
  const surroundings inside = {member->type, member->offset, path, in->depth + 1};
  return has_members(member->type) ? collect(to, &inside) : MR_OK;
}

/* Adds a member and what is inside of it, after the hole before it. */
static mr_status collect_member(type_layout *to, const surroundings *in, mr_member member,
                                bit_place *position) {
  const char *path = NULL;
  mr_status status = MR_OK;
  bool is_union = mr_type_kind(in->type) == MR_KIND_UNION;
  member.offset += (size_t)in->offset;
  if (member.name) status = join(to, in->path, member.name, &path);
  layout_entry entry = entry_of(&member, path, in->depth);
  entry.is_alternative = is_union;
  if (status == MR_OK && !is_union) {
    status = add_gap(to, in, LAYOUT_HOLE, *position, entry.start);
  }
  if (status == MR_OK) status = add(to, &entry);
  if (bit_place_is_before(*position, entry.end)) *position = entry.end;
  return status == MR_OK ? collect_inside(to, &entry, in) : status;
}

static mr_status collect(type_layout *to, const surroundings *in) {
  bit_place position = {in->offset, 0};
  mr_member member;
  mr_status status = MR_OK;
  for (size_t i = 0; i < mr_type_count(in->type) && status == MR_OK; i++) {
    status = mr_type_member(in->type, i, &member);
    if (status == MR_OK) status = collect_member(to, in, member, &position);
  }
  bit_place end = {in->offset + mr_type_size(in->type), 0};
  return status == MR_OK ? add_gap(to, in, LAYOUT_PADDING, position, end) : status;
}

static mr_status init(const char *name, const mr_type *type, type_layout *out) {
  *out = (type_layout){.name = name, .type = type};
  return mr_arena_init(&out->arena, NULL);
}

mr_status layout_collect(const char *name, const mr_type *type, type_layout *out) {
  const surroundings outermost = {type, 0, NULL, 0};
  mr_status status = init(name, type, out);
  return status == MR_OK && has_members(type) ? collect(out, &outermost) : status;
}

mr_status layout_collect_paths(const char *name, const mr_type *type, char **paths,
                               type_layout *out, mr_condition *condition) {
  mr_status status = init(name, type, out);
  for (; status == MR_OK && *paths; paths++) {
    mr_member member;
    status = mr_type_find(type, *paths, &member, condition);
    if (status != MR_OK) break;
    layout_entry entry = entry_of(&member, *paths, 0);
    status = add(out, &entry);
    if (status != MR_OK) mr_condition_set(condition, status, NULL);
  }
  return status;
}

void layout_fini(type_layout *layout) {
  mr_ignore(mr_deallocate(NULL, &layout->storage));
  mr_arena_fini(&layout->arena);
}

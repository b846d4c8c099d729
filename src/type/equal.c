#include <assert.h>
#include <string.h>

#include "type.h"

/*
 * Types may share parts, so that there are far more ways through one than it has parts: what was found
 * equal is remembered. What is unequal ends everything.
 */

enum { REMEMBERED = 256 };

/** How many pairs of types, members and names are looked at. More are no types that anyone means. */
#define WORK_MAX (UINT32_C(1) << 26)

typedef struct mr_pair {
  const mr_type *a;
  const mr_type *b;
  /** Whether they were compared as what is behind a pointer. */
  bool is_behind;
} mr_pair;

typedef struct mr_comparison {
  mr_pair equal[REMEMBERED];
  uint32_t work;
} mr_comparison;

static bool are_equal(mr_comparison *comparison, mr_pair pair, unsigned depth);

static bool are_equal_texts(const char *a, const char *b) {
  return a && b ? strcmp(a, b) == 0 : !a && !b;
}

static bool can_have_tag(const mr_type *type) {
  return mr_kind_has_members((mr_kind)type->kind) || type->is_enum;
}

/* What a typedef with attribute aligned has made of the alignment; 0 where there is none. */
static size_t realignment(const mr_type *type) {
  return type->origin && type->alignment != type->origin->alignment ? type->alignment : 0;
}

static bool take_work(mr_comparison *comparison, size_t work) {
  if (work > WORK_MAX - comparison->work) return false;
  comparison->work += (uint32_t)work;
  return true;
}

static mr_pair *place_of(mr_comparison *comparison, mr_pair pair) {
  uint64_t key = (uint64_t)(uintptr_t)pair.a * UINT64_C(0x9e3779b97f4a7c15);
  key = (key ^ (uintptr_t)pair.b) * UINT64_C(0x9e3779b97f4a7c15);
  return &comparison->equal[(key >> 40) % REMEMBERED];
}

/* An octet has no order, but for the bits in it. */
static bool are_equal_orders(const mr_type *a, const mr_type *b) {
  return a->order == b->order || a->size <= 1;
}

static bool are_equal_enumerators(mr_comparison *comparison, const mr_type *a, const mr_type *b) {
  if (!take_work(comparison, a->count)) return false;
  for (size_t i = 0; i < a->count; i++) {
    if (a->enumerators[i].value != b->enumerators[i].value) return false;
    if (strcmp(a->enumerators[i].name, b->enumerators[i].name) != 0) return false;
  }
  return true;
}

static bool are_equal_places(const mr_member *a, const mr_member *b) {
  if (a->offset != b->offset || a->alignment != b->alignment) return false;
  if (a->is_bit_field != b->is_bit_field || a->bit_width != b->bit_width) return false;
  if (a->bit_width > 0 && a->type->order != b->type->order) return false;
  return a->bit_offset == b->bit_offset;
}

static bool are_equal_members(mr_comparison *comparison, mr_pair pair, unsigned depth) {
  if (!take_work(comparison, pair.a->count)) return false;
  for (size_t i = 0; i < pair.a->count; i++) {
    const mr_member *a = &pair.a->members[i], *b = &pair.b->members[i];
    if (!are_equal_places(a, b) || !are_equal_texts(a->name, b->name)) return false;
    mr_pair types = {a->type, b->type, pair.is_behind};
    if (!are_equal(comparison, types, depth)) return false;
  }
  return true;
}

static bool are_equal_functions(mr_comparison *comparison, mr_pair pair, unsigned depth) {
  if (!take_work(comparison, pair.a->count)) return false;
  for (size_t i = 0; i < pair.a->count; i++) {
    mr_pair types = {pair.a->members[i].type, pair.b->members[i].type, pair.is_behind};
    if (!are_equal(comparison, types, depth)) return false;
  }
  return are_equal(comparison, (mr_pair){pair.a->element, pair.b->element, pair.is_behind}, depth);
}

/* An array behind a pointer is as large and aligned as its elements, of which only a tag may count. */
static bool are_equal_arrays(mr_comparison *comparison, mr_pair pair, unsigned depth) {
  if (realignment(pair.a) != realignment(pair.b)) return false;
  return are_equal(comparison, (mr_pair){pair.a->element, pair.b->element, pair.is_behind}, depth);
}

/* Of types that are of one form, and neither by tag alone. */
static bool are_equal_parts(mr_comparison *comparison, mr_pair pair, unsigned depth) {
  const mr_type *a = pair.a, *b = pair.b;
  bool is_array = a->kind == MR_KIND_ARRAY;
  if (a->count != b->count) return false;
  if (!(is_array && pair.is_behind) && (a->size != b->size || a->alignment != b->alignment)) {
    return false;
  }
  if (is_array) return are_equal_arrays(comparison, pair, depth);
  if (a->kind == MR_KIND_FUNCTION) return are_equal_functions(comparison, pair, depth);
  if (mr_kind_has_members((mr_kind)a->kind)) return are_equal_members(comparison, pair, depth);
  if (a->kind == MR_KIND_VOID) return true;
  if (!are_equal_orders(a, b)) return false;
  if (a->is_enum) return are_equal_enumerators(comparison, a, b);
  if (a->kind != MR_KIND_POINTER) return true;
  return are_equal(comparison, (mr_pair){a->element, b->element, true}, depth);
}

/* Behind a pointer, an enum's integer does not count, as it is not known of one that is only declared. */
static bool are_of_one_form(const mr_type *a, const mr_type *b, bool is_by_tag) {
  if (a->is_enum != b->is_enum) return false;
  if (is_by_tag && a->is_enum) return true;
  return a->kind == b->kind && a->is_character == b->is_character && a->is_vector == b->is_vector &&
         a->is_flexible == b->is_flexible && a->is_variadic == b->is_variadic;
}

static bool compare(mr_comparison *comparison, mr_pair pair, unsigned depth) {
  bool is_by_tag = false;
  if (can_have_tag(pair.a) && can_have_tag(pair.b)) {
    const char *tag = mr_type_tag(pair.a);
    if (!are_equal_texts(tag, mr_type_tag(pair.b))) return false;
    if (!pair.is_behind && pair.a->is_incomplete != pair.b->is_incomplete) return false;
    is_by_tag = tag && (pair.is_behind || pair.a->is_incomplete);
  }
  if (!are_of_one_form(pair.a, pair.b, is_by_tag)) return false;
  return is_by_tag || are_equal_parts(comparison, pair, depth + 1);
}

/* Sound types do not nest as deep as is looked, pointers to what has a tag and functions counted. */
static bool are_equal(mr_comparison *comparison, mr_pair pair, unsigned depth) {
  pair.a = pair.a ? mr_type_completed(pair.a) : mr_void_type();
  pair.b = pair.b ? mr_type_completed(pair.b) : mr_void_type();
  assert(pair.a && pair.b);
  if (pair.a == pair.b) return true;
  if (depth > 2 * MR_TYPE_DEPTH_MAX || !take_work(comparison, 1)) return false;
  mr_pair *known = place_of(comparison, pair);
  if (known->a == pair.a && known->b == pair.b && known->is_behind == pair.is_behind) return true;
  if (!compare(comparison, pair, depth)) return false;
  *known = pair;
  return true;
}

bool mr_type_equal(const mr_type *a, const mr_type *b) {
  if (a == b) return true;
  mr_comparison comparison;
  memset(&comparison, 0, sizeof comparison);
  return are_equal(&comparison, (mr_pair){a, b, false}, 0);
}

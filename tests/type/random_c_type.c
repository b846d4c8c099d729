#include "random_c_type.h"

#include <memregions/export.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support.h"

const char c_type_prelude[] =
    "typedef double loose_double __attribute__((aligned(1)));\n"
    "typedef int loose_int __attribute__((aligned(2)));\n"
    "typedef int wide_int __attribute__((aligned(8)));\n"
    "typedef float vector __attribute__((vector_size(8)));\n"
    "enum small { SMALL_A, SMALL_B = 3 };\n"
    "enum negative { NEGATIVE_A = -5, NEGATIVE_B };\n"
    "enum large { LARGE_A = 1L << 40 };\n"
    "enum __attribute__((packed)) tiny { TINY_A, TINY_B };\n";

/* Numbers. */

uint64_t random_state = 1;

unsigned below(unsigned limit) {
  random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)(random_state >> 33) % limit;
}

/* Types. */

static MR_PRINTF(2, 3) void append(c_type *to, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(to->text + to->length, C_TEXT_SIZE - to->length, format, arguments);
  va_end(arguments);
  assert_true(length >= 0 && (size_t)length < C_TEXT_SIZE - to->length);
  to->length += (size_t)length;
}

static void add_leaf(c_type *to, leaf_form form) {
  if (to->leaf_count == LEAVES_MAX) return;
  to->leaves[to->leaf_count++] = (leaf){form, ""};
}

/* Puts a step before the paths of all leaves from `first` up to `end`. */
static void prefix(c_type *to, size_t first, size_t end, const char *step) {
  for (size_t i = first; i < end; i++) {
    char *path = to->leaves[i].path, old[LEAF_PATH_SIZE];
    memcpy(old, path, LEAF_PATH_SIZE);
    assert_true(snprintf(path, LEAF_PATH_SIZE, "%s%s", step, old) < LEAF_PATH_SIZE);
  }
}

/* The leaves from `first` on are those of an element: now of all elements. */
static void repeat(c_type *to, size_t first, unsigned count) {
  size_t size = to->leaf_count - first;
  if (count == 0) to->leaf_count = first;
  for (unsigned i = 1; i < count && to->leaf_count + size <= LEAVES_MAX; i++) {
    char step[16];
    memcpy(&to->leaves[to->leaf_count], &to->leaves[first], size * sizeof(leaf));
    snprintf(step, sizeof step, "[%u]", i);
    prefix(to, to->leaf_count, to->leaf_count + size, step);
    to->leaf_count += size;
  }
  if (count > 0) prefix(to, first, first + size, "[0]");
}

static void generate_scalar(c_type *to) {
  static const struct {
    const char *name;
    leaf_form form;
    unsigned features;
  } scalars[] = {{"char", NUMBER, 0},
                 {"signed char", NUMBER, 0},
                 {"short", NUMBER, 0},
                 {"unsigned short", NUMBER, 0},
                 {"int", NUMBER, 0},
                 {"unsigned", NUMBER, 0},
                 {"long", NUMBER, 0},
                 {"unsigned long long", NUMBER, 0},
                 {"_Bool", BOOLEAN, 0},
                 {"float", REAL, 0},
                 {"float", REAL, 0},
                 {"float", REAL, 0},
                 {"double", REAL, 0},
                 {"double", REAL, 0},
                 {"long double", REAL, 0},
                 {"float _Complex", COMPLEX, 0},
                 {"double _Complex", COMPLEX, 0},
                 {"enum small", NUMBER, 0},
                 {"enum negative", NUMBER, 0},
                 {"enum large", NUMBER, 0},
                 {"enum tiny", NUMBER, 0},
                 {"void *", POINTER, 0},
                 {"struct unknown *", POINTER, 0},
                 {"unsigned char", NUMBER, 0}};
  static const struct {
    const char *name;
    leaf_form form;
    unsigned features;
  } rare[] = {{"__int128", WIDE, 0},
              {"unsigned __int128", WIDE, 0},
              {"long double _Complex", COMPLEX, 0},
              {"loose_double", REAL, HAS_OTHER_ALIGNMENT},
              {"loose_int", NUMBER, HAS_OTHER_ALIGNMENT},
              {"wide_int", NUMBER, HAS_OTHER_ALIGNMENT},
              {"__float128", REAL, HAS_FLOAT128},
              {"vector", REAL, HAS_VECTOR}};
  bool is_rare = once_in(12);
  unsigned chosen = below(is_rare ? sizeof rare / sizeof *rare : sizeof scalars / sizeof *scalars);
  append(to, "%s", is_rare ? rare[chosen].name : scalars[chosen].name);
  to->features |= is_rare ? rare[chosen].features : scalars[chosen].features;
  if (is_rare && rare[chosen].features == HAS_VECTOR) return;
  add_leaf(to, is_rare ? rare[chosen].form : scalars[chosen].form);
}

static void generate_aggregate(c_type *to, unsigned depth, const char *tag);

/* A member's name, which becomes a step of the paths from `first` on. */
static void name_member(c_type *to, size_t first, const char *between) {
  char step[16];
  snprintf(step, sizeof step, ".m%u", to->names++);
  append(to, "%s%s", between, step + 1);
  prefix(to, first, to->leaf_count, step);
}

static void generate_bit_field(c_type *to) {
  static const struct {
    const char *name;
    unsigned bits;
  } units[] = {{"int", 32},        {"unsigned", 32}, {"long", 64},         {"unsigned long", 64},
               {"char", 8},        {"short", 16},    {"_Bool", 1},         {"enum small", 32},
               {"enum large", 64}, {"enum tiny", 8}, {"unsigned char", 8}, {"__int128", 128}};
  unsigned unit = below(sizeof units / sizeof *units);
  size_t first = to->leaf_count;
  append(to, "%s", units[unit].name);
  if (once_in(8)) {
    to->features |= HAS_UNNAMED_BITS;
    append(to, " : %u", once_in(3) ? 0 : 1 + below(units[unit].bits));
    return;
  }
  if (units[unit].bits == 128) to->features |= HAS_WIDE_BITS;
  add_leaf(to, units[unit].bits == 1 ? BOOLEAN : NUMBER);
  name_member(to, first, " ");
  append(to, " : %u", once_in(4) ? units[unit].bits : 1 + below(units[unit].bits));
}

static void generate_dimensions(c_type *to, size_t first) {
  unsigned count = once_in(12) ? 0 : 1 + below(4);
  if (count == 0) to->features |= HAS_EMPTY;
  if (once_in(5)) {
    repeat(to, first, 2);
    append(to, "[%u][2]", count);
  } else {
    append(to, "[%u]", count);
  }
  repeat(to, first, count);
}

static void generate_attributes(c_type *to) {
  if (once_in(16)) {
    append(to, " __attribute__((packed))");
    to->features |= HAS_OTHER_ALIGNMENT;
  }
  if (once_in(16)) {
    append(to, " __attribute__((aligned(%u)))", 1U << below(6));
    to->features |= HAS_OTHER_ALIGNMENT;
  }
}

static void generate_member(c_type *to, unsigned depth) {
  size_t first = to->leaf_count;
  if (once_in(5)) {
    generate_bit_field(to);
    append(to, "; ");
    return;
  }
  if (once_in(20)) {
    append(to, "int (*");
    add_leaf(to, FUNCTION_POINTER);
    name_member(to, first, "");
    append(to, ")(int); ");
    return;
  }
  bool is_nested = depth > 0 && once_in(4);
  if (is_nested) {
    generate_aggregate(to, depth - 1, "");
  } else {
    generate_scalar(to);
  }
  if (is_nested && once_in(3)) {
    append(to, "; ");
    return;
  }
  /* The name comes before the dimensions in the text, and so in the paths. */
  char name[16];
  snprintf(name, sizeof name, ".m%u", to->names++);
  append(to, " %s", name + 1);
  /* On arrays of what is empty, clang 14 may divide by 0. */
  bool may_be_empty = is_nested && to->leaf_count == first;
  if (!may_be_empty && once_in(4)) generate_dimensions(to, first);
  prefix(to, first, to->leaf_count, name);
  generate_attributes(to);
  append(to, "; ");
}

/* Of a union, the leaves of one member are all that is set. */
static void generate_members(c_type *to, unsigned depth, bool is_union) {
  unsigned count = once_in(30) ? 0 : 1 + below(4);
  size_t first = to->leaf_count;
  if (count == 0) to->features |= HAS_EMPTY;
  for (unsigned i = 0; i < count; i++) {
    size_t start = to->leaf_count;
    generate_member(to, depth);
    if (!is_union || i == 0) continue;
    if (once_in(i + 1)) {
      memmove(&to->leaves[first], &to->leaves[start], (to->leaf_count - start) * sizeof(leaf));
      to->leaf_count -= start - first;
    } else {
      to->leaf_count = start;
    }
  }
}

static void generate_aggregate(c_type *to, unsigned depth, const char *tag) {
  bool is_union = once_in(4);
  append(to, is_union ? "union" : "struct");
  if (once_in(10)) {
    append(to, " __attribute__((packed))");
    to->features |= HAS_OTHER_ALIGNMENT;
  }
  if (once_in(14)) {
    append(to, " __attribute__((aligned(%u)))", 1U << below(6));
    to->features |= HAS_OTHER_ALIGNMENT;
  }
  append(to, " %s { ", tag);
  generate_members(to, depth, is_union);
  if (*tag && !is_union && once_in(25)) {
    size_t first = to->leaf_count;
    append(to, "char");
    add_leaf(to, NUMBER);
    name_member(to, first, " ");
    append(to, "; int m%u[]; ", to->names++);
    to->features |= HAS_FLEXIBLE_ARRAY;
  }
  append(to, "}");
}

void generate_c_type(c_type *to, unsigned index) {
  unsigned pack = once_in(16) ? 1U << below(4) : 0;
  char tag[16];
  snprintf(tag, sizeof tag, "tag%u", index);
  if (pack) {
    append(to, "#pragma pack(push, %u)\n", pack);
    to->features |= HAS_OTHER_ALIGNMENT;
  }
  append(to, "typedef ");
  generate_aggregate(to, 2, tag);
  append(to, " t%u;\n", index);
  if (pack) append(to, "#pragma pack(pop)\n");
}

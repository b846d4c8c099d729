#include "example_types.h"

#include <complex.h>
#include <stdalign.h>
#include <string.h>

#include <memregions/ffi.h>

#include "support.h"

static void add(examples *list, example sample) {
  assert_true(list->count < EXAMPLES_MAX);
  list->all[list->count++] = sample;
}

/* Scalars. */

typedef struct scalar {
  const char *name;
  mr_kind kind;
  size_t size;
  size_t alignment;
  /* What is swapped as one. */
  size_t width;
  ffi_type *ffi;
  mr_value value;
  const void *octets;
} scalar;

static const bool a_bool = true;
static const int8_t an_i8 = -2;
static const uint8_t a_u8 = 200;
static const int16_t an_i16 = -300;
static const uint16_t a_u16 = 60000;
static const int32_t an_i32 = -70000;
static const uint32_t a_u32 = 4000000000u;
static const int64_t an_i64 = -5000000000;
static const uint64_t a_u64 = UINT64_C(0xfedcba9876543210);
static const uint64_t words[2] = {UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210)};
static const float an_f32 = -1.5f;
static const double an_f64 = 0.1;
static const float complex_f32[2] = {1.25f, -2.5f};
static const double complex_f64[2] = {0.1, -0.2};
static const void *const a_pointer = &a_bool;

#define SCALAR(label, of_kind, c_type, element, from_ffi, from_value, in_memory)            \
  {                                                                                         \
    label, of_kind, sizeof(c_type), alignof(c_type), sizeof(element), from_ffi, from_value, \
        in_memory                                                                           \
  }

static void add_scalar(examples *list, const scalar *from, const char *make, const mr_type *type,
                       const void *octets) {
  example made = {.make = make,
                  .name = from->name,
                  .type = type,
                  .size = from->size,
                  .alignment = from->alignment,
                  .value = from->value,
                  .octets = octets};
  made.value.kind = (uint8_t)from->kind;
  add(list, made);
}

static void add_from_ffi(examples *list, const scalar *from) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_of_ffi(NULL, from->ffi, NULL, NULL, &type, NULL), MR_OK);
  add_scalar(list, from, "from libffi", type, from->octets);
}

/* Octets of the swapped scalars, one after the other. */
static unsigned char swapped_octets[256];

static size_t add_swapped(examples *list, const scalar *from, size_t used) {
  mr_byte_order order = mr_byte_order_is_swapped(MR_BIG_ENDIAN) ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN;
  mr_region octets = mr_region_of(swapped_octets + used, from->size);
  assert_true(used + from->size <= sizeof swapped_octets);
  assert_int_equal(
      mr_replace_swapped(octets, mr_view_of(from->octets, from->size), from->width, NULL), MR_OK);
  add_scalar(list, from, "swapped", mr_scalar_type(from->kind, order), octets.pointer);
  return used + from->size;
}

typedef struct two_words {
  alignas(16) uint64_t words[2];
} two_words;

static void add_scalars(examples *list) {
  const scalar scalars[] = {
      SCALAR("bool", MR_KIND_BOOL, bool, bool, NULL, mr_value_of_bool(a_bool), &a_bool),
      SCALAR("i8", MR_KIND_I8, int8_t, int8_t, &ffi_type_sint8, mr_value_of_i64(an_i8), &an_i8),
      SCALAR("u8", MR_KIND_U8, uint8_t, uint8_t, &ffi_type_uint8, mr_value_of_u64(a_u8), &a_u8),
      SCALAR("i16", MR_KIND_I16, int16_t, int16_t, &ffi_type_sint16, mr_value_of_i64(an_i16),
             &an_i16),
      SCALAR("u16", MR_KIND_U16, uint16_t, uint16_t, &ffi_type_uint16, mr_value_of_u64(a_u16),
             &a_u16),
      SCALAR("i32", MR_KIND_I32, int32_t, int32_t, &ffi_type_sint32, mr_value_of_i64(an_i32),
             &an_i32),
      SCALAR("u32", MR_KIND_U32, uint32_t, uint32_t, &ffi_type_uint32, mr_value_of_u64(a_u32),
             &a_u32),
      SCALAR("i64", MR_KIND_I64, int64_t, int64_t, &ffi_type_sint64, mr_value_of_i64(an_i64),
             &an_i64),
      SCALAR("u64", MR_KIND_U64, uint64_t, uint64_t, &ffi_type_uint64, mr_value_of_u64(a_u64),
             &a_u64),
      SCALAR("i128", MR_KIND_I128, two_words, two_words, NULL,
             mr_value_of_i128((int64_t)words[mr_byte_order_is_swapped(MR_LITTLE_ENDIAN) ? 0 : 1],
                              words[mr_byte_order_is_swapped(MR_LITTLE_ENDIAN) ? 1 : 0]),
             words),
      SCALAR("u128", MR_KIND_U128, two_words, two_words, NULL,
             mr_value_of_u128(words[mr_byte_order_is_swapped(MR_LITTLE_ENDIAN) ? 0 : 1],
                              words[mr_byte_order_is_swapped(MR_LITTLE_ENDIAN) ? 1 : 0]),
             words),
      SCALAR("f32", MR_KIND_F32, float, float, &ffi_type_float, mr_value_of_f32(an_f32), &an_f32),
      SCALAR("f64", MR_KIND_F64, double, double, &ffi_type_double, mr_value_of_f64(an_f64),
             &an_f64),
      SCALAR("long double", MR_KIND_LONG_DOUBLE, long double, long double, &ffi_type_longdouble,
             mr_value_of_long_double(0.1L), NULL),
      SCALAR("complex f32", MR_KIND_COMPLEX_F32, float complex, float, &ffi_type_complex_float,
             mr_value_of_complex_f32(complex_f32[0], complex_f32[1]), complex_f32),
      SCALAR("complex f64", MR_KIND_COMPLEX_F64, double complex, double, &ffi_type_complex_double,
             mr_value_of_complex_f64(complex_f64[0], complex_f64[1]), complex_f64),
      SCALAR("complex long double", MR_KIND_COMPLEX_LONG_DOUBLE, long double complex, long double,
             &ffi_type_complex_longdouble, mr_value_of_complex_long_double(0.1L, -0.2L), NULL),
      SCALAR("pointer", MR_KIND_POINTER, void *, void *, &ffi_type_pointer,
             mr_value_of_pointer(a_pointer), &a_pointer),
  };
  size_t used = 0;
  for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
    const scalar *each = &scalars[i];
    add_scalar(list, each, "native", mr_scalar_type(each->kind, MR_NATIVE_ORDER), each->octets);
    if (each->ffi) add_from_ffi(list, each);
    /* There are no swapped long doubles. */
    if (each->octets) used = add_swapped(list, each, used);
  }
}

/* Structs, unions and arrays: what C says of them, then how they are made. */

typedef struct pair {
  uint8_t tag;
  int32_t number;
} pair;

typedef struct nest {
  double real;
  pair inner;
  float last;
} nest;

typedef struct row {
  uint16_t id;
  int64_t cells[3];
  pair pairs[2];
} row;

typedef union any {
  uint8_t octets[5];
  int32_t number;
  float real;
} any;

typedef struct __attribute__((packed)) tight {
  uint8_t tag;
  int32_t number;
  double real;
} tight;

#pragma pack(push, 2)
typedef struct halves {
  uint8_t tag;
  int32_t number;
  double real;
} halves;
#pragma pack(pop)

typedef struct wide {
  uint8_t tag;
  alignas(32) int32_t number;
} wide;

typedef struct nameless {
  int32_t x;
  struct {
    int16_t a, b;
  };
  union {
    uint32_t u;
    float f;
  };
  bool flag;
  const void *pointer;
} nameless;

static const pair a_pair = {7, -8};
static const nest a_nest = {0.5, {9, -10}, -0.25f};
static const row a_row = {11, {-1, 2, -3}, {{4, -5}, {6, -7}}};
static const any an_any = {{1, 2, 3, 4, 5}};
static const tight a_tight = {12, -13, 1e100};
static const halves some_halves = {14, -15, 1e-100};
static const wide a_wide = {16, -17};
static const nameless a_nameless = {18, {-19, 20}, {3000000000u}, true, &a_bool};
static const int32_t numbers[2][3] = {{1, -2, 3}, {-4, 5, -6}};
static const unsigned char swapped_pair[8] = {7, 0, 0, 0, 0xff, 0xff, 0xff, 0xf8};

static const example_leaf pair_leaves[] = {
    {"tag", offsetof(pair, tag), 1}, {"number", offsetof(pair, number), 4}, {0}};
static const example_leaf nest_leaves[] = {{"real", offsetof(nest, real), 8},
                                           {"inner.tag", offsetof(nest, inner.tag), 1},
                                           {"inner.number", offsetof(nest, inner.number), 4},
                                           {"last", offsetof(nest, last), 4},
                                           {0}};
static const example_leaf row_leaves[] = {{"id", offsetof(row, id), 2},
                                          {"cells[0]", offsetof(row, cells[0]), 8},
                                          {"cells[2]", offsetof(row, cells[2]), 8},
                                          {"pairs[0].number", offsetof(row, pairs[0].number), 4},
                                          {"pairs[1].tag", offsetof(row, pairs[1].tag), 1},
                                          {0}};
static const example_leaf any_leaves[] = {
    {"octets[4]", 4, 1}, {"number", 0, 4}, {"real", 0, 4}, {0}};
static const example_leaf tight_leaves[] = {{"tag", offsetof(tight, tag), 1},
                                            {"number", offsetof(tight, number), 4},
                                            {"real", offsetof(tight, real), 8},
                                            {0}};
static const example_leaf halves_leaves[] = {{"tag", offsetof(halves, tag), 1},
                                             {"number", offsetof(halves, number), 4},
                                             {"real", offsetof(halves, real), 8},
                                             {0}};
static const example_leaf wide_leaves[] = {
    {"tag", offsetof(wide, tag), 1}, {"number", offsetof(wide, number), 4}, {0}};
static const example_leaf nameless_leaves[] = {{"x", offsetof(nameless, x), 4},
                                               {"a", offsetof(nameless, a), 2},
                                               {"b", offsetof(nameless, b), 2},
                                               {"u", offsetof(nameless, u), 4},
                                               {"f", offsetof(nameless, f), 4},
                                               {"flag", offsetof(nameless, flag), 1},
                                               {"pointer", offsetof(nameless, pointer), 8},
                                               {0}};
static const example_leaf numbers_leaves[] = {
    {"[0][0]", 0, 4}, {"[0][2]", 8, 4}, {"[1][0]", 12, 4}, {0}};
static const example_leaf number_leaves[] = {{"", 0, 4}, {0}};

#define AGGREGATE(how, c_type, in_memory, its_leaves)                                      \
  (example) {                                                                              \
    .make = how, .name = #c_type, .size = sizeof(c_type), .alignment = alignof(c_type),    \
    .value = mr_value_of_view(mr_view_of(in_memory, sizeof(c_type))), .octets = in_memory, \
    .leaves = its_leaves                                                                   \
  }

static void add_made(examples *list, example sample, const mr_type *type) {
  sample.type = type;
  add(list, sample);
}

static ffi_type *pair_elements[] = {&ffi_type_uint8, &ffi_type_sint32, NULL};
static ffi_type pair_ffi = {0, 0, FFI_TYPE_STRUCT, pair_elements};
static ffi_type *nest_elements[] = {&ffi_type_double, &pair_ffi, &ffi_type_float, NULL};
static ffi_type nest_ffi = {0, 0, FFI_TYPE_STRUCT, nest_elements};

static const mr_type *from_ffi(const ffi_type *ffi, const char *const *names) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_of_ffi(NULL, ffi, NULL, names, &type, NULL), MR_OK);
  return type;
}

static void add_ffi_structs(examples *list) {
  static const char *const pair_names[] = {"tag", "number"};
  static const char *const nest_names[] = {"real", "inner", "tag", "number", "last"};
  add_made(list, AGGREGATE("from libffi", pair, &a_pair, pair_leaves),
           from_ffi(&pair_ffi, pair_names));
  add_made(list, AGGREGATE("from libffi", nest, &a_nest, nest_leaves),
           from_ffi(&nest_ffi, nest_names));
}

static const mr_type *native(mr_kind kind) { return mr_scalar_type(kind, MR_NATIVE_ORDER); }

static const mr_type *a_struct(const mr_member_spec *members, size_t count,
                               mr_layout_options options) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, count, &options, &type, NULL), MR_OK);
  return type;
}

static const mr_type *a_union(const mr_member_spec *members, size_t count) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_union(NULL, NULL, members, count, NULL, &type, NULL), MR_OK);
  return type;
}

static const mr_type *an_array(const mr_type *element, size_t count) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_array(NULL, element, count, &type), MR_OK);
  return type;
}

static const mr_type *realigned(const mr_type *like, size_t alignment) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_realign(NULL, like, alignment, &type), MR_OK);
  return type;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NO_OPTIONS ((mr_layout_options){0})

static const mr_type *pair_type(mr_byte_order order) {
  const mr_member_spec members[] = {
      {.name = "tag", .type = native(MR_KIND_U8)},
      {.name = "number", .type = mr_scalar_type(MR_KIND_I32, order)},
  };
  return a_struct(members, COUNT(members), NO_OPTIONS);
}

static const mr_type *nest_type(const mr_type *inner) {
  const mr_member_spec members[] = {
      {.name = "real", .type = native(MR_KIND_F64)},
      {.name = "inner", .type = inner},
      {.name = "last", .type = native(MR_KIND_F32)},
  };
  return a_struct(members, COUNT(members), NO_OPTIONS);
}

static void add_nested(examples *list) {
  const mr_type *inner = pair_type(MR_NATIVE_ORDER);
  const mr_type *cells = an_array(native(MR_KIND_I64), 3);
  const mr_type *pairs = an_array(inner, 2);
  const mr_member_spec members[] = {
      {.name = "id", .type = native(MR_KIND_U16)},
      {.name = "cells", .type = cells},
      {.name = "pairs", .type = pairs},
  };
  add_made(list, AGGREGATE("built", pair, &a_pair, pair_leaves), inner);
  add_made(list, AGGREGATE("built", nest, &a_nest, nest_leaves), nest_type(inner));
  add_made(list, AGGREGATE("built", row, &a_row, row_leaves),
           a_struct(members, COUNT(members), NO_OPTIONS));
  mr_type_release(cells);
  mr_type_release(pairs);

  example big = AGGREGATE("swapped", pair, swapped_pair, pair_leaves);
  add_made(list, big, pair_type(MR_BIG_ENDIAN));
}

static void add_unions_and_arrays(examples *list) {
  const mr_type *octets = an_array(native(MR_KIND_U8), 5);
  const mr_member_spec members[] = {
      {.name = "octets", .type = octets},
      {.name = "number", .type = native(MR_KIND_I32)},
      {.name = "real", .type = native(MR_KIND_F32)},
  };
  add_made(list, AGGREGATE("built", any, &an_any, any_leaves), a_union(members, COUNT(members)));
  mr_type_release(octets);

  const mr_type *three = an_array(native(MR_KIND_I32), 3);
  add_made(list, AGGREGATE("built", int32_t[2][3], numbers, numbers_leaves), an_array(three, 2));
  mr_type_release(three);
}

static void add_odd_layouts(examples *list) {
  mr_member_spec members[] = {
      {.name = "tag", .type = native(MR_KIND_U8)},
      {.name = "number", .type = native(MR_KIND_I32)},
      {.name = "real", .type = native(MR_KIND_F64)},
  };
  add_made(list, AGGREGATE("packed", tight, &a_tight, tight_leaves),
           a_struct(members, 3, (mr_layout_options){.is_packed = true}));
  add_made(list, AGGREGATE("pack 2", halves, &some_halves, halves_leaves),
           a_struct(members, 3, (mr_layout_options){.pack = 2}));
  members[1].alignment = 32;
  add_made(list, AGGREGATE("aligned 32", wide, &a_wide, wide_leaves),
           a_struct(members, 2, NO_OPTIONS));
}

static void add_nameless(examples *list) {
  const mr_member_spec shorts[] = {
      {.name = "a", .type = native(MR_KIND_I16)},
      {.name = "b", .type = native(MR_KIND_I16)},
  };
  const mr_member_spec either[] = {
      {.name = "u", .type = native(MR_KIND_U32)},
      {.name = "f", .type = native(MR_KIND_F32)},
  };
  const mr_type *first = a_struct(shorts, COUNT(shorts), NO_OPTIONS);
  const mr_type *second = a_union(either, COUNT(either));
  const mr_member_spec members[] = {
      {.name = "x", .type = native(MR_KIND_I32)},
      {.type = first},
      {.type = second},
      {.name = "flag", .type = native(MR_KIND_BOOL)},
      {.name = "pointer", .type = native(MR_KIND_POINTER)},
  };
  add_made(list, AGGREGATE("built", nameless, &a_nameless, nameless_leaves),
           a_struct(members, COUNT(members), NO_OPTIONS));
  mr_type_release(first);
  mr_type_release(second);
}

static void add_realigned(examples *list) {
  const mr_type *inner = pair_type(MR_NATIVE_ORDER);
  const mr_type *outer = nest_type(inner);
  example anywhere = AGGREGATE("realigned", nest, &a_nest, nest_leaves);
  anywhere.alignment = 1;
  add_made(list, anywhere, realigned(outer, 1));
  example far = AGGREGATE("realigned", pair, &a_pair, pair_leaves);
  far.alignment = 64;
  add_made(list, far, realigned(inner, 64));
  mr_type_release(outer);
  mr_type_release(inner);

  example number = {.make = "realigned",
                    .name = "i32",
                    .size = 4,
                    .alignment = 1,
                    .value = mr_value_of_i64(an_i32),
                    .octets = &an_i32,
                    .leaves = number_leaves};
  number.value.kind = MR_KIND_I32;
  add_made(list, number, realigned(native(MR_KIND_I32), 1));
}

void examples_init(examples *list) {
  memset(list, 0, sizeof *list);
  add_scalars(list);
  add_ffi_structs(list);
  add_nested(list);
  add_unions_and_arrays(list);
  add_odd_layouts(list);
  add_nameless(list);
  add_realigned(list);
}

void examples_fini(examples *list) {
  for (size_t i = 0; i < list->count; i++) mr_type_release(list->all[i].type);
}

bool example_matches(const example *sample, mr_value value) {
  mr_view mine, other;
  if (mr_value_to_view(sample->value, &mine) != MR_OK) {
    return mr_value_equal(sample->value, value);
  }
  return mr_value_to_view(value, &other) == MR_OK && mr_equal(mine, other);
}

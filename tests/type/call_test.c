#define _POSIX_C_SOURCE 200809L

#include <complex.h>
#include <memregions/declarations.h>
#include <memregions/ffi.h>
#include <memregions/slot.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "declared_type.h"
#include "described_type.h"
#include "failing_allocator.h"
#include "support.h"

/*
 * Values passed through libffi to functions that the compiler made, and returned by them.
 */

__extension__ typedef __int128 int128;
#pragma GCC diagnostic ignored "-Wpedantic"

enum { VALUES = 4, INTEGERS = 6, DOUBLES = 8, ROOM = 64 };

/* clang-format off */
#define SHAPES(X) \
  X(i8, "c", int8_t) \
  X(u8, "C", uint8_t) \
  X(boolean, "b", bool) \
  X(i16, "s", int16_t) \
  X(u16, "S", uint16_t) \
  X(i32, "i", int32_t) \
  X(u32, "I", uint32_t) \
  X(i64, "l", int64_t) \
  X(u64, "L", uint64_t) \
  X(f32, "f", float) \
  X(f64, "d", double) \
  X(long_double, "e", long double) \
  X(complex_f32, "x", float _Complex) \
  X(complex_f64, "y", double _Complex) \
  X(complex_long_double, "z", long double _Complex) \
  X(pointer, "p", void *) \
  X(realigned_i64, "~1:l", int64_t) \
  X(octet, "{c}", struct { int8_t a; }) \
  X(octets_3, "{[3]c}", struct { int8_t a[3]; }) \
  X(octets_8, "{[8]c}", struct { int8_t a[8]; }) \
  X(octets_9, "{[9]c}", struct { int8_t a[9]; }) \
  X(octets_16, "{[16]c}", struct { int8_t a[16]; }) \
  X(octets_17, "{[17]c}", struct { int8_t a[17]; }) \
  X(octets_31, "{[31]c}", struct { int8_t a[31]; }) \
  X(point, "{ii}", struct { int32_t a, b; }) \
  X(three_ints, "{iii}", struct { int32_t a, b, c; }) \
  X(two_longs, "{ll}", struct { int64_t a, b; }) \
  X(three_longs, "{lll}", struct { int64_t a, b, c; }) \
  X(one_float, "{f}", struct { float a; }) \
  X(two_floats, "{ff}", struct { float a, b; }) \
  X(three_floats, "{fff}", struct { float a, b, c; }) \
  X(four_floats, "{[4]f}", struct { float a[4]; }) \
  X(five_floats, "{[5]f}", struct { float a[5]; }) \
  X(two_doubles, "{dd}", struct { double a, b; }) \
  X(int_float, "{if}", struct { int32_t a; float b; }) \
  X(long_double_mix, "{ld}", struct { int64_t a; double b; }) \
  X(double_long, "{dl}", struct { double a; int64_t b; }) \
  X(double_octet, "{dc}", struct { double a; int8_t b; }) \
  X(float_then_long, "{fl}", struct { float a; int64_t b; }) \
  X(zero_size_first, "{{[0]i}d}", struct { struct { int32_t a[0]; } a; double b; }) \
  X(arrays_of_arrays, "{[2][2]f}", struct { float a[2][2]; }) \
  X(array_of_doubles, "{[2]d}", struct { double a[2]; }) \
  X(array_of_long_structs, "{[1]{ld}}", struct { struct { int64_t a; double b; } a[1]; }) \
  X(double_float, "{df}", struct { double a; float b; }) \
  X(with_pointer, "{pd}", struct { void *a; double b; }) \
  X(with_bool, "{bS}", struct { bool a; uint16_t b; }) \
  X(nested, "{{sc}{ff}}", struct { struct { int16_t a; int8_t b; } a; struct { float a, b; } b; }) \
  X(array_of_structs, "{[2]{fi}}", struct { struct { float a; int32_t b; } a[2]; }) \
  X(array_in_second, "{i[3]f}", struct { int32_t a; float b[3]; }) \
  X(no_elements, "{[0]lf}", struct { int64_t a[0]; float b; }) \
  X(in_complex_f32, "{x}", struct { float _Complex a; }) \
  X(complex_and_float, "{fx}", struct { float a; float _Complex b; }) \
  X(in_complex_f64, "{y}", struct { double _Complex a; }) \
  X(in_complex_long_double, "{z}", struct { long double _Complex a; }) \
  X(in_long_double, "{e}", struct { long double a; }) \
  X(long_double_and_int, "{ei}", struct { long double a; int32_t b; }) \
  X(in_i128, "{q}", struct { int128 a; }) \
  X(packed_apart, "{P;cl}", struct __attribute__((packed)) { int8_t a; int64_t b; }) \
  X(packed_together, "{P;il}", struct __attribute__((packed)) { int32_t a; int64_t b; }) \
  X(packed_aligned_well, "{P;iif}", struct __attribute__((packed)) { int32_t a, b; float c; }) \
  X(packed_float, "{P;sf}", struct __attribute__((packed)) { int16_t a; float b; }) \
  X(aligned_16, "{A16;lc}", struct __attribute__((aligned(16))) { int64_t a; int8_t b; }) \
  X(aligned_16_large, "{A16;lll}", struct __attribute__((aligned(16))) { int64_t a, b, c; }) \
  X(union_int_float, "<if>", union { int32_t a; float b; }) \
  X(union_floats, "<f[2]f>", union { float a; float b[2]; }) \
  X(union_double_octets, "<d[9]c>", union { double a; int8_t b[9]; }) \
  X(union_of_structs, "<{dd}{ll}>", union { struct { double a, b; } a; struct { int64_t a, b; } b; }) \
  X(union_long_double, "<e>", union { long double a; }) \
  X(union_long_double_int, "<ei>", union { long double a; int32_t b; }) \
  X(union_long_double_i128, "<eq>", union { long double a; int128 b; }) \
  X(union_long_double_float, "<ef>", union { long double a; float b; }) \
  X(union_settled_to_memory, "<[2]l<se>>", union { int64_t a[2]; union { int16_t a; long double b; } b; }) \
  X(union_settled_to_integers, "<f<e[2]l>>", union { float a; union { long double a; int64_t b[2]; } b; }) \
  X(struct_settled_to_memory, "<[2]l{<se>}>", union { int64_t a[2]; struct { union { int16_t a; long double b; } a; } b; }) \
  X(array_without_elements_last, "{l[0]i}", struct { int64_t a; int32_t b[0]; }) \
  X(struct_of_union, "{<cs>f}", struct { union { int8_t a; int16_t b; } a; float b; }) \
  X(realigned_point, "~2:{ii}", struct { int32_t a, b; })
/* clang-format on */

/* One of several, as far as registers go; and one that comes after all registers have been used. */
#define DEFINE(NAME, DESCRIPTION, ...)                                                             \
  typedef __VA_ARGS__ NAME##_shape;                                                                \
  static NAME##_shape pick_##NAME(uint32_t chosen, NAME##_shape a, NAME##_shape b, NAME##_shape c, \
                                  NAME##_shape d) {                                                \
    return chosen == 0 ? a : chosen == 1 ? b : chosen == 2 ? c : d;                                \
  }                                                                                                \
  static NAME##_shape late_##NAME(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e,      \
                                  uint32_t f, double g, double h, double i, double j, double k,    \
                                  double l, double m, double n, NAME##_shape value) {              \
    assert_true(a + b + c + d + e + f == 6 && g + h + i + j + k + l + m + n == 8);                 \
    return value;                                                                                  \
  }
SHAPES(DEFINE)

typedef struct passing_case {
  const char *name;
  const char *description;
  size_t size;
  void (*pick)(void);
  void (*late)(void);
} passing_case;

#define LIST(NAME, DESCRIPTION, ...) \
  {#NAME, DESCRIPTION, sizeof(NAME##_shape), FFI_FN(pick_##NAME), FFI_FN(late_##NAME)},
static const passing_case shapes[] = {SHAPES(LIST)};

/* Gives every scalar a value of its own, and marks the octets that have it. */
static void fill(const mr_type *type, unsigned char *octets, unsigned char *mask, int salt) {
  mr_kind kind = mr_type_kind(type);
  size_t size = mr_type_size(type);
  for (size_t i = 0; i < mr_type_count(type); i++) {
    const mr_type *element = mr_type_element(type);
    mr_member member = {.type = element, .offset = i * mr_type_size(element)};
    if (!element) assert_int_equal(mr_type_member(type, i, &member), MR_OK);
    fill(member.type, octets + member.offset, mask + member.offset, salt + (int)i + 1);
  }
  if (kind >= MR_KIND_ARRAY) return;
  if (kind >= MR_KIND_I8 && kind <= MR_KIND_U128) {
    for (size_t i = 0; i < size; i++) octets[i] = (unsigned char)(salt * 16 + (int)i + 1);
    memset(mask, 1, size);
    return;
  }
  mr_slot slot;
  mr_region memory = mr_region_of(octets, size);
  mr_value value = mr_value_of_bool(salt % 2);
  if (kind == MR_KIND_POINTER) value = mr_value_of_pointer(octets + salt);
  if (kind >= MR_KIND_F32 && kind <= MR_KIND_LONG_DOUBLE) value = mr_value_of_f64(salt + 0.5);
  if (kind >= MR_KIND_COMPLEX_F32 && kind <= MR_KIND_COMPLEX_LONG_DOUBLE) {
    value = mr_value_of_complex_f64(salt + 0.5, salt + 0.25);
  }
  assert_int_equal(mr_slot_of(type, &slot), MR_OK);
  assert_int_equal(mr_slot_store(memory, slot, value), MR_OK);
  memset(mask, 1, size);
  if (kind == MR_KIND_LONG_DOUBLE) memset(mask + 10, 0, 6);
  if (kind == MR_KIND_COMPLEX_LONG_DOUBLE) {
    memset(mask + 10, 0, 6);
    memset(mask + 26, 0, 6);
  }
}

static void compare(const passing_case *shape, const unsigned char *mask,
                    const unsigned char *result, const unsigned char *expected) {
  for (size_t i = 0; i < shape->size; i++) {
    if (mask[i] && result[i] != expected[i]) {
      fail_msg("%s: another octet %zu comes back", shape->name, i);
    }
  }
}

/* A value in a block of just its size, so that tools see what is read behind it. */
static void *filled(const passing_case *shape, const mr_type *type, unsigned char *mask, int salt) {
  unsigned char *value = calloc(1, shape->size);
  assert_non_null(value);
  fill(type, value, mask, salt);
  return value;
}

static void pass_several(const passing_case *shape, ffi_type *ffi, const mr_type *type) {
  unsigned char mask[ROOM] = {0};
  void *values[VALUES];
  ffi_type *types[VALUES + 1] = {&ffi_type_uint32, ffi, ffi, ffi, ffi};
  void *arguments[VALUES + 1];
  ffi_cif cif;
  uint32_t chosen;
  for (int i = 0; i < VALUES; i++) values[i] = filled(shape, type, mask, i);
  assert_int_equal(ffi_prep_cif(&cif, FFI_DEFAULT_ABI, VALUES + 1, ffi, types), FFI_OK);
  for (chosen = 0; chosen < VALUES; chosen++) {
    unsigned char result[ROOM] __attribute__((aligned(16))) = {0};
    /* libffi 3.4 puts pointers of its own there. */
    arguments[0] = &chosen;
    for (int i = 0; i < VALUES; i++) arguments[i + 1] = values[i];
    ffi_call(&cif, shape->pick, result, arguments);
    compare(shape, mask, result, values[chosen]);
  }
  for (int i = 0; i < VALUES; i++) free(values[i]);
}

static void pass_late(const passing_case *shape, ffi_type *ffi, const mr_type *type) {
  unsigned char result[ROOM] __attribute__((aligned(16))) = {0};
  unsigned char mask[ROOM] = {0};
  ffi_type *types[INTEGERS + DOUBLES + 1];
  void *arguments[INTEGERS + DOUBLES + 1];
  void *value = filled(shape, type, mask, VALUES);
  uint32_t one = 1;
  double one_double = 1;
  ffi_cif cif;
  for (int i = 0; i < INTEGERS + DOUBLES; i++) {
    types[i] = i < INTEGERS ? &ffi_type_uint32 : &ffi_type_double;
    arguments[i] = i < INTEGERS ? (void *)&one : (void *)&one_double;
  }
  types[INTEGERS + DOUBLES] = ffi;
  arguments[INTEGERS + DOUBLES] = value;
  assert_int_equal(ffi_prep_cif(&cif, FFI_DEFAULT_ABI, INTEGERS + DOUBLES + 1, ffi, types), FFI_OK);
  ffi_call(&cif, shape->late, result, arguments);
  compare(shape, mask, result, value);
  free(value);
}

static void values_of_all_shapes_are_passed_and_returned(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    const mr_type *type = described_type(NULL, shapes[i].description);
    ffi_type *ffi;
    assert_int_equal(mr_type_size(type), shapes[i].size);
    if (mr_type_ffi(type, &ffi) != MR_OK) fail_msg("%s is not supported", shapes[i].name);
    pass_several(&shapes[i], ffi, type);
    pass_late(&shapes[i], ffi, type);
    mr_type_release(type);
  }
}

static void what_libffi_cannot_pass_is_unsupported(void **state) {
  (void)state;
  static const char *const descriptions[] = {"[3]i",       "q",
                                             "Q",          "^i",
                                             "{^i}",       "[1]^d",
                                             "{[2]^d}",    "{c{^s}}",
                                             "{}",         "{{}}",
                                             "{[0]i}",     "{f[0]i}",
                                             "{l{f[0]c}}", "<f{f[0]i}>",
                                             "<>",         "{A32;l}",
                                             "{P;e}",      "{[2]{^i}c}",
                                             "[4]{ii}",    "~1:[2]i",
                                             "~1:^i",      "{[1073741824]l}",
                                             "<^i>",       "{A16;l}",
                                             "{A16;f}",    "{c!~1:d}",
                                             "{[3]{P;fc}}"};
  for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++) {
    const mr_type *type = described_type(NULL, descriptions[i]);
    ffi_type *untouched = &ffi_type_void;
    if (mr_type_ffi(type, &untouched) != MR_UNSUPPORTED) fail_msg("%s", descriptions[i]);
    assert_ptr_equal(untouched, &ffi_type_void);
    mr_type_release(type);
  }
}

static void single_octets_have_no_order(void **state) {
  (void)state;
  ffi_type *ffi;
  assert_int_equal(mr_type_ffi(mr_scalar_type(MR_KIND_I8, MR_BIG_ENDIAN), &ffi), MR_OK);
  assert_ptr_equal(ffi, &ffi_type_sint8);
}

static void void_is_passed_as_nothing(void **state) {
  (void)state;
  const mr_type *type;
  ffi_type *ffi;
  assert_int_equal(mr_type_of_ffi(NULL, &ffi_type_void, NULL, NULL, &type, NULL), MR_OK);
  assert_int_equal(mr_type_ffi(type, &ffi), MR_OK);
  assert_ptr_equal(ffi, &ffi_type_void);
}

static void no_type_is_invalid(void **state) {
  (void)state;
  ffi_type *untouched = &ffi_type_void;
  assert_int_equal(mr_type_ffi(NULL, &untouched), MR_INVALID_ARGUMENT);
  assert_ptr_equal(untouched, &ffi_type_void);
}

static void a_descriptor_is_built_once(void **state) {
  (void)state;
  const mr_type *type = described_type(NULL, "{id}");
  const mr_type *realigned;
  ffi_type *first, *second, *third;
  assert_int_equal(mr_type_realign(NULL, type, 1, &realigned), MR_OK);
  assert_int_equal(mr_type_ffi(type, &first), MR_OK);
  assert_int_equal(mr_type_ffi(type, &second), MR_OK);
  assert_int_equal(mr_type_ffi(realigned, &third), MR_OK);
  assert_ptr_equal(first, second);
  assert_ptr_equal(first, third);
  mr_type_release(realigned);
  mr_type_release(type);
}

/* Types from declarations. */

static void scalars_from_declarations_are_passed_as_what_they_are(void **state) {
  (void)state;
  static const struct {
    const char *text;
    ffi_type *ffi;
  } cases[] = {
      {"typedef enum { A } t;", &ffi_type_uint32},
      {"typedef enum { A = -1 } t;", &ffi_type_sint32},
      {"typedef enum { A = 1L << 40 } t;", &ffi_type_uint64},
      {"typedef enum __attribute__((packed)) { A } t;", &ffi_type_uint8},
      {"typedef char t;", &ffi_type_sint8},
      {"typedef int (*t)(int);", &ffi_type_pointer},
      {"typedef struct unknown *t;", &ffi_type_pointer},
      {"typedef void t;", &ffi_type_void},
      {"typedef int t __attribute__((aligned(64)));", &ffi_type_sint32},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ffi_type *ffi;
    const mr_type *type = declared_type(NULL, MR_TARGET_NATIVE, cases[i].text);
    if (mr_type_ffi(type, &ffi) != MR_OK || ffi != cases[i].ffi) fail_msg("%s", cases[i].text);
    mr_type_release(type);
  }
}

static void what_another_machine_lays_out_is_unsupported(void **state) {
  (void)state;
  static const char *const texts[] = {"typedef struct { int a, b; } t;", "typedef void *t;",
                                      "typedef long double t;"};
  ffi_type *ffi = &ffi_type_void;
  for (int target = MR_TARGET_X86_64; target <= MR_TARGET_WINDOWS_X64; target++) {
    bool is_native = (mr_target)target == mr_target_native();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
      const mr_type *type = declared_type(NULL, (mr_target)target, texts[i]);
      mr_status expected = is_native ? MR_OK : MR_UNSUPPORTED;
      /* Where a long double is as here, or a double, it is that scalar. */
      if (i < 2) assert_int_equal(mr_type_ffi(type, &ffi), expected);
      mr_type_release(type);
    }
  }
}

static void what_holds_another_machines_is_unsupported(void **state) {
  (void)state;
  ffi_type *ffi = &ffi_type_void;
  const mr_type *pointer, *outer;
  assert_int_equal(mr_type_build_pointer(NULL, MR_TARGET_I386, NULL, &pointer), MR_OK);
  mr_member_spec members[] = {{.name = "a", .type = pointer}};
  assert_int_equal(mr_type_build_struct(NULL, NULL, members, 1, NULL, &outer, NULL), MR_OK);
  assert_int_equal(mr_type_ffi(pointer, &ffi), MR_UNSUPPORTED);
  assert_int_equal(mr_type_ffi(outer, &ffi), MR_UNSUPPORTED);
  assert_ptr_equal(ffi, &ffi_type_void);
  mr_type_release(outer);
  mr_type_release(pointer);
}

static void what_has_no_values_is_invalid(void **state) {
  (void)state;
  ffi_type *ffi = &ffi_type_void;
  const mr_type *function = declared_type(NULL, MR_TARGET_NATIVE, "typedef int t(int);");
  const mr_type *pointer = declared_type(NULL, MR_TARGET_NATIVE, "typedef struct unknown *t;");
  assert_int_equal(mr_type_ffi(function, &ffi), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_type_ffi(mr_type_element(pointer), &ffi), MR_INVALID_ARGUMENT);
  assert_ptr_equal(ffi, &ffi_type_void);
  mr_type_release(function);
  mr_type_release(pointer);
}

static void what_is_defined_later_is_passed_then(void **state) {
  (void)state;
  mr_declarations *declarations;
  const mr_type *pointer, *whole;
  ffi_type *ffi, *same;
  assert_int_equal(mr_declarations_create(NULL, NULL, &declarations), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, MR_VIEW("typedef struct later *p;"), NULL),
                   MR_OK);
  assert_int_equal(mr_declarations_find(declarations, "p", &pointer, NULL), MR_OK);
  const mr_type *later = mr_type_element(pointer);
  assert_int_equal(mr_type_ffi(later, &ffi), MR_INVALID_ARGUMENT);
  assert_int_equal(
      mr_declarations_read(declarations, MR_VIEW("struct later { int a : 3; };"), NULL), MR_OK);
  assert_int_equal(mr_declarations_find(declarations, "struct later", &whole, NULL), MR_OK);
  assert_int_equal(mr_type_ffi(later, &ffi), MR_OK);
  assert_int_equal(mr_type_ffi(whole, &same), MR_OK);
  assert_ptr_equal(ffi, same);
  mr_type_release(whole);
  mr_type_release(pointer);
  mr_declarations_destroy(declarations);
}

static void typedefs_of_a_struct_have_its_descriptor(void **state) {
  (void)state;
  mr_declarations *declarations;
  const mr_type *a, *b;
  ffi_type *ffi, *same;
  mr_view text =
      MR_VIEW("typedef struct s { int a; } a; typedef a b __attribute__((aligned(16)));");
  assert_int_equal(mr_declarations_create(NULL, NULL, &declarations), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, text, NULL), MR_OK);
  assert_int_equal(mr_declarations_find(declarations, "a", &a, NULL), MR_OK);
  assert_int_equal(mr_declarations_find(declarations, "b", &b, NULL), MR_OK);
  mr_declarations_destroy(declarations);
  assert_int_equal(mr_type_ffi(a, &ffi), MR_OK);
  assert_int_equal(mr_type_ffi(b, &same), MR_OK);
  assert_ptr_equal(ffi, same);
  mr_type_release(a);
  mr_type_release(b);
}

static mr_status ask(void *type, mr_allocator *allocator) {
  (void)allocator;
  ffi_type *ffi;
  return mr_type_ffi(type, &ffi);
}

static void without_memory_there_is_no_descriptor_yet(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *type = described_type(&allocator.base, "{dc}");
  assert_int_equal(test_sweep(&allocator, ask, NULL, (void *)type), 1);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

static void without_memory_a_declared_type_has_no_descriptor_yet(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *type = declared_type(&allocator.base, MR_TARGET_NATIVE,
                                      "typedef struct { double a; int b : 3; } t;");
  assert_int_equal(test_sweep(&allocator, ask, NULL, (void *)type), 1);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

/* An allocator that asks for the descriptor while it is asked for memory to build it: as another thread might. */

typedef struct asking_allocator {
  mr_allocator base;
  test_allocator *parent;
  const mr_type *type;
  ffi_type *found;
} asking_allocator;

static mr_region asking_allocate(mr_allocator *self, size_t size, size_t alignment,
                                 unsigned flags) {
  asking_allocator *asking = (asking_allocator *)self;
  const mr_type *type = asking->type;
  asking->type = NULL;
  if (type) assert_int_equal(mr_type_ffi(type, &asking->found), MR_OK);
  return asking->parent->base.ops->allocate(&asking->parent->base, size, alignment, flags);
}

static mr_status asking_release(mr_allocator *self, mr_region block, size_t alignment) {
  asking_allocator *asking = (asking_allocator *)self;
  return asking->parent->base.ops->release(&asking->parent->base, block, alignment);
}

static void who_comes_second_gives_its_descriptor_back(void **state) {
  (void)state;
  static const mr_allocator_ops ops = {.struct_size = sizeof(mr_allocator_ops),
                                       .name = "asking",
                                       .allocate = asking_allocate,
                                       .release = asking_release};
  test_allocator parent;
  test_allocator_init(&parent);
  asking_allocator asking = {{&ops}, &parent, NULL, NULL};
  ffi_type *found;
  const mr_type *type = described_type(&asking.base, "{if}");
  asking.type = type;
  assert_int_equal(mr_type_ffi(type, &found), MR_OK);
  assert_ptr_equal(found, asking.found);
  assert_int_equal(parent.live_blocks, 2);
  mr_type_release(type);
  test_allocator_fini(&parent);
}

/* Threads. */

enum { THREADS = 4, ROUNDS = 200 };

typedef struct gathering {
  pthread_barrier_t barrier;
  const mr_type *type;
  ffi_type *found[THREADS];
} gathering;

typedef struct guest {
  gathering *gathering;
  size_t index;
} guest;

static void *ask_together(void *argument) {
  guest *self = argument;
  const mr_type *mine = mr_type_acquire(self->gathering->type);
  pthread_barrier_wait(&self->gathering->barrier);
  mr_ignore(mr_type_ffi(mine, &self->gathering->found[self->index]));
  mr_type_release(mine);
  return NULL;
}

static void gather(const mr_type *(*make)(void)) {
  for (int round = 0; round < ROUNDS; round++) {
    gathering together = {.type = make()};
    pthread_t threads[THREADS];
    guest guests[THREADS];
    assert_int_equal(pthread_barrier_init(&together.barrier, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++) {
      guests[i] = (guest){&together, i};
      assert_int_equal(pthread_create(&threads[i], NULL, ask_together, &guests[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
      assert_non_null(together.found[i]);
      assert_ptr_equal(together.found[i], together.found[0]);
    }
    pthread_barrier_destroy(&together.barrier);
    mr_type_release(together.type);
  }
}

static const mr_type *built_type(void) { return described_type(NULL, "{{if}d}"); }

static void threads_that_ask_together_get_the_same_descriptor(void **state) {
  (void)state;
  gather(built_type);
}

static const mr_type *type_of_a_group(void) {
  return declared_type(NULL, MR_TARGET_NATIVE,
                       "typedef struct t { struct { int a : 3; float b; }; double c; } t;");
}

static void threads_that_ask_for_a_declared_type_get_the_same_descriptor(void **state) {
  (void)state;
  gather(type_of_a_group);
}

/* Every thread asks for types of its own: the group keeps all descriptors. */

enum { MEMBERS = 16 };

typedef struct owner {
  pthread_barrier_t *barrier;
  const mr_type *outer;
  size_t first;
  bool is_right;
} owner;

static void *ask_for_own(void *argument) {
  owner *self = argument;
  self->is_right = true;
  pthread_barrier_wait(self->barrier);
  for (size_t i = self->first; i < MEMBERS; i += THREADS) {
    mr_member member;
    ffi_type *ffi;
    if (mr_type_member(self->outer, i, &member) != MR_OK ||
        mr_type_ffi(member.type, &ffi) != MR_OK || ffi->size != i + 1) {
      self->is_right = false;
    }
  }
  return NULL;
}

static void threads_ask_for_different_types_of_a_group(void **state) {
  (void)state;
  char text[1024] = "typedef struct {";
  size_t length = strlen(text);
  for (int i = 0; i < MEMBERS; i++) {
    length +=
        (size_t)snprintf(text + length, sizeof text - length, " struct { char a[%d]; } m%d;%s",
                         i + 1, i, i + 1 < MEMBERS ? "" : " } t;");
  }
  pthread_barrier_t barrier;
  pthread_t threads[THREADS];
  owner owners[THREADS];
  const mr_type *outer = declared_type(NULL, MR_TARGET_NATIVE, text);
  assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
  for (size_t i = 0; i < THREADS; i++) {
    owners[i] = (owner){&barrier, outer, i, false};
    assert_int_equal(pthread_create(&threads[i], NULL, ask_for_own, &owners[i]), 0);
  }
  for (size_t i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(owners[i].is_right);
  }
  pthread_barrier_destroy(&barrier);
  mr_type_release(outer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_of_all_shapes_are_passed_and_returned),
      cmocka_unit_test(what_libffi_cannot_pass_is_unsupported),
      cmocka_unit_test(scalars_from_declarations_are_passed_as_what_they_are),
      cmocka_unit_test(what_another_machine_lays_out_is_unsupported),
      cmocka_unit_test(what_holds_another_machines_is_unsupported),
      cmocka_unit_test(what_has_no_values_is_invalid),
      cmocka_unit_test(what_is_defined_later_is_passed_then),
      cmocka_unit_test(typedefs_of_a_struct_have_its_descriptor),
      cmocka_unit_test(without_memory_a_declared_type_has_no_descriptor_yet),
      cmocka_unit_test(threads_that_ask_for_a_declared_type_get_the_same_descriptor),
      cmocka_unit_test(threads_ask_for_different_types_of_a_group),
      cmocka_unit_test(single_octets_have_no_order),
      cmocka_unit_test(void_is_passed_as_nothing),
      cmocka_unit_test(no_type_is_invalid),
      cmocka_unit_test(a_descriptor_is_built_once),
      cmocka_unit_test(without_memory_there_is_no_descriptor_yet),
      cmocka_unit_test(who_comes_second_gives_its_descriptor_back),
      cmocka_unit_test(threads_that_ask_together_get_the_same_descriptor),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

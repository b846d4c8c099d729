/* mkdtemp is POSIX's. */
#define _XOPEN_SOURCE 700

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <memregions/ffi.h>
#include <memregions/object_text.h>

#include "support.h"

/* Building types. What a type is made of, it takes the reference to. */

static const mr_type *native(mr_kind kind) { return mr_scalar_type(kind, MR_NATIVE_ORDER); }

static const mr_type *build(bool is_union, const mr_member_spec *members) {
  const mr_type *type = NULL;
  size_t count = 0;
  while (members[count].type) count++;
  assert_int_equal((is_union ? mr_type_build_union : mr_type_build_struct)(
                       NULL, NULL, members, count, NULL, &type, NULL),
                   MR_OK);
  for (size_t i = 0; i < count; i++) mr_type_release(members[i].type);
  return type;
}

#define STRUCT(...) build(false, (const mr_member_spec[]){__VA_ARGS__, {0}})
#define UNION(...) build(true, (const mr_member_spec[]){__VA_ARGS__, {0}})
#define MEMBER(member, of_type) \
  { .name = #member, .type = of_type }
#define NAMELESS(of_type) \
  { .type = of_type }

static const mr_type *array(const mr_type *element, size_t count) {
  const mr_type *type = NULL;
  assert_int_equal(mr_type_build_array(NULL, element, count, &type), MR_OK);
  mr_type_release(element);
  return type;
}

static const mr_type *empty_struct(void) { return build(false, (const mr_member_spec[]){{0}}); }

#define I8 native(MR_KIND_I8)
#define U8 native(MR_KIND_U8)
#define I16 native(MR_KIND_I16)
#define I32 native(MR_KIND_I32)
#define I64 native(MR_KIND_I64)
#define F32 native(MR_KIND_F32)
#define F64 native(MR_KIND_F64)

/* What `octets` print as; the type is released. */
static void print(char *text, size_t capacity, const mr_type *type, const void *octets) {
  mr_object object = {0};
  mr_text out = mr_text_of(text, capacity);
  assert_int_equal(mr_object_of_view(mr_view_of(octets, mr_type_size(type)), type, &object), MR_OK);
  assert_int_equal(mr_object_print(object, NULL, mr_text_write, &out), MR_OK);
  mr_type_release(type);
}

static void assert_prints(const mr_type *type, const void *octets, const char *expected) {
  char text[256];
  print(text, sizeof text, type, octets);
  assert_string_equal(text, expected);
}

/* Text. */

static void a_struct_is_its_members_by_name(void **state) {
  (void)state;
  const int32_t octets[3] = {1, 2, -7};
  assert_prints(
      STRUCT(MEMBER(x, I32), MEMBER(place, STRUCT(MEMBER(line, I32), MEMBER(column, I32)))), octets,
      "{.x = 1, .place = {.line = 2, .column = -7}}");
}

static void an_array_is_its_elements(void **state) {
  (void)state;
  const int32_t octets[6] = {1, 2, 3, 4, 5, 6};
  assert_prints(array(array(I32, 3), 2), octets, "{{1, 2, 3}, {4, 5, 6}}");
}

static void a_scalar_stands_alone(void **state) {
  (void)state;
  const int32_t octets = -5;
  assert_prints(I32, &octets, "-5");
}

static void swapped_scalars_print_as_what_they_mean(void **state) {
  (void)state;
  const unsigned char octets[4] = {1, 2, 2, 1};
  assert_prints(STRUCT(MEMBER(big, mr_scalar_type(MR_KIND_U16, MR_BIG_ENDIAN)),
                       MEMBER(little, mr_scalar_type(MR_KIND_U16, MR_LITTLE_ENDIAN))),
                octets, "{.big = 258, .little = 258}");
}

static void members_without_name_stand_in_braces_of_their_own(void **state) {
  (void)state;
  const int32_t octets[4] = {1, 2, 3, 4};
  assert_prints(STRUCT(MEMBER(x, I32), NAMELESS(STRUCT(MEMBER(a, I32), MEMBER(b, I32))),
                       NAMELESS(UNION(MEMBER(u, I32), MEMBER(f, F32)))),
                octets, "{.x = 1, {.a = 2, .b = 3}, {.u = 4}}");
}

static void without_any_names_only_values_are_left(void **state) {
  (void)state;
  ffi_type *pair_elements[] = {&ffi_type_sint32, &ffi_type_sint32, NULL};
  ffi_type pair = {0, 0, FFI_TYPE_STRUCT, pair_elements};
  ffi_type *elements[] = {&ffi_type_sint32, &pair, NULL};
  ffi_type ffi = {0, 0, FFI_TYPE_STRUCT, elements};
  const int32_t octets[3] = {1, 2, 3};
  const mr_type *type = NULL;
  assert_int_equal(mr_type_of_ffi(NULL, &ffi, NULL, NULL, &type, NULL), MR_OK);
  assert_prints(type, octets, "{1, {2, 3}}");
}

static void a_union_is_its_largest_member(void **state) {
  (void)state;
  const int64_t octets = 5;
  assert_prints(UNION(MEMBER(small, I8), MEMBER(large, I64), MEMBER(other, F64)), &octets,
                "{.large = 5}");
}

static void a_nameless_first_member_of_a_union_stands_in_braces(void **state) {
  (void)state;
  const int32_t octets[2] = {1, 2};
  assert_prints(UNION(NAMELESS(STRUCT(MEMBER(a, I32), MEMBER(b, I32))), MEMBER(raw, I64)), octets,
                "{{.a = 1, .b = 2}}");
}

static void a_later_nameless_member_of_a_union_is_flattened(void **state) {
  (void)state;
  const int32_t octets[4] = {1, 2, 3, 4};
  assert_prints(UNION(MEMBER(raw, I32),
                      NAMELESS(STRUCT(NAMELESS(empty_struct()), MEMBER(a, I32),
                                      NAMELESS(STRUCT(MEMBER(b, I32))), MEMBER(c, array(I32, 2))))),
                octets, "{.a = 1, .b = 2, .c = {3, 4}}");
}

static void what_has_no_size_is_empty_braces(void **state) {
  (void)state;
  const int32_t octets[2] = {1, 2};
  assert_prints(empty_struct(), NULL, "{}");
  assert_prints(build(true, (const mr_member_spec[]){{0}}), NULL, "{}");
  assert_prints(array(I32, 0), NULL, "{}");
  assert_prints(array(empty_struct(), PTRDIFF_MAX), NULL, "{}");
  assert_prints(STRUCT(MEMBER(x, I32), MEMBER(nothing, empty_struct()), MEMBER(none, array(I32, 0)),
                       MEMBER(y, I32)),
                octets, "{.x = 1, .nothing = {}, .none = {}, .y = 2}");
}

/* Writing. */

typedef struct failing_writer {
  size_t left;
  size_t calls;
} failing_writer;

static mr_status write_until_failure(void *context, const char *text, size_t length) {
  failing_writer *writer = context;
  assert_non_null(text);
  assert_true(length > 0);
  writer->calls++;
  if (writer->left == 0) return (mr_status)(MR_USER + 7);
  writer->left--;
  return MR_OK;
}

static void a_write_that_fails_ends_the_printing(void **state) {
  (void)state;
  const int32_t octets[7] = {1, 2, 3, 4, 5, 6, 7};
  const mr_type *type =
      STRUCT(MEMBER(x, I32), NAMELESS(STRUCT(MEMBER(a, array(I32, 3)), MEMBER(b, I32))),
             NAMELESS(UNION(MEMBER(u, I32), NAMELESS(STRUCT(MEMBER(c, I32), MEMBER(d, I32))))));
  mr_object object = {0};
  assert_int_equal(mr_object_of_view(mr_view_of(octets, sizeof octets), type, &object), MR_OK);
  failing_writer enough = {SIZE_MAX, 0};
  assert_int_equal(mr_object_print(object, NULL, write_until_failure, &enough), MR_OK);
  for (size_t i = 0; i < enough.calls; i++) {
    failing_writer writer = {i, 0};
    assert_int_equal(mr_object_print(object, NULL, write_until_failure, &writer), MR_USER + 7);
    assert_int_equal(writer.calls, i + 1);
  }
  mr_type_release(type);
}

static void a_text_that_is_full_says_so(void **state) {
  (void)state;
  const int32_t octets = 12345;
  char buffer[4];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  mr_object object = {0};
  assert_int_equal(mr_object_of_view(mr_view_of(&octets, 4), I32, &object), MR_OK);
  assert_int_equal(mr_object_print(object, NULL, mr_text_write, &text), MR_NO_SPACE);
  assert_string_equal(buffer, "123");
}

/* What is printed, the compiler reads back as the same octets. */

/* clang does not have it with every C library. */
#ifndef CMPLX
#define CMPLX(real, imaginary) __builtin_complex((double)(real), (double)(imaginary))
#endif
#define PRELUDE                                                                          \
  "#include <complex.h>\n#include <math.h>\n#include <stdbool.h>\n#include <stdint.h>\n" \
  "#include <stdio.h>\n"                                                                 \
  "#ifndef CMPLX\n#define CMPLX(r, i) __builtin_complex((double)(r), (double)(i))\n#endif\n"

/* Declares something, here and in the program that is compiled. */
#define DECLARE(name, ...) \
  __VA_ARGS__;             \
  static const char name##_declaration[] = #__VA_ARGS__ ";\n";

DECLARE(
    integers, typedef struct integers {
      int8_t a;
      uint8_t b;
      int16_t c;
      uint16_t d;
      int32_t e;
      uint32_t f;
      int64_t g;
      uint64_t h;
      bool yes;
      bool no;
    } integers)
DECLARE(
    reals, typedef struct reals {
      float singles[6];
      double doubles[8];
      long double longs[3];
      double _Complex complex_number;
    } reals)
DECLARE(
    pointers, typedef struct pointers {
      void *somewhere;
      void *nowhere;
    } pointers)
DECLARE(
    nested, typedef struct nested {
      struct {
        int16_t line;
        int16_t column;
      } places[2];
      int8_t grid[2][3];
      struct {
        double x;
      } at;
    } nested)
DECLARE(
    nameless, typedef struct nameless {
      int32_t x;
      struct {
        int16_t a;
        int16_t b;
      };
      union {
        int32_t u;
        float f;
      };
      int32_t y;
    } nameless)
DECLARE(
    variant, typedef union variant {
      int8_t tag;
      struct {
        int64_t a;
        struct {
          int32_t b;
          int32_t c;
        };
        int64_t d;
      };
      int32_t number;
    } variant)
DECLARE(
    holder, typedef struct holder {
      int32_t x;
      union {
        int8_t tag;
        struct {
          int64_t a;
          int64_t b;
        };
      };
      int32_t y;
    } holder)
/* Not for a pedantic compiler. */
static const char holes_declaration[] =
    "typedef struct holes { int x; struct {} nothing; int none[0]; int y; } holes;\n";

static const integers some_integers = {INT8_MIN,   UINT8_MAX, INT16_MIN,  UINT16_MAX, INT32_MIN,
                                       UINT32_MAX, INT64_MIN, UINT64_MAX, true,       false};
static const reals some_reals = {
    {0.1f, -1e38f, FLT_TRUE_MIN, 16777216.0f, -0.0f, INFINITY},
    {0.1, -1e308, DBL_TRUE_MIN, 1.0 / 3, -0.0, -INFINITY, 9007199254740993.0, 1e22},
    {0.5L, -1e22L, 3},
    CMPLX(0.1, -0.2)};
static const pointers some_pointers = {(void *)0x7fff1234, NULL};
static const nested a_nested = {{{1, -2}, {3, -4}}, {{-1, 2, -3}, {4, -5, 6}}, {0.5}};
static const nameless a_nameless = {1, {-2, 3}, {-4}, 5};
static const variant a_variant = {.a = -1, .b = 2, .c = -3, .d = INT64_MAX};
static const holder a_holder = {.x = 1, .a = -2, .b = 3, .y = -4};
static const int32_t some_holes[2] = {1, 2};

typedef struct shape {
  const char *declaration;
  const char *name;
  const void *octets;
  size_t size;
  const mr_type *type;
} shape;

#define SHAPE(of, sample, its_type) \
  { of##_declaration, #of, &(sample), sizeof(sample), its_type }

enum { SHAPES = 8, TEXT_SIZE = 2048, PATH_SIZE = 1024 };

static void make_shapes(shape shapes[SHAPES]) {
  const shape made[SHAPES] = {
      SHAPE(integers, some_integers,
            STRUCT(MEMBER(a, I8), MEMBER(b, U8), MEMBER(c, I16), MEMBER(d, native(MR_KIND_U16)),
                   MEMBER(e, I32), MEMBER(f, native(MR_KIND_U32)), MEMBER(g, I64),
                   MEMBER(h, native(MR_KIND_U64)), MEMBER(yes, native(MR_KIND_BOOL)),
                   MEMBER(no, native(MR_KIND_BOOL)))),
      SHAPE(reals, some_reals,
            STRUCT(MEMBER(singles, array(F32, 6)), MEMBER(doubles, array(F64, 8)),
                   MEMBER(longs, array(native(MR_KIND_LONG_DOUBLE), 3)),
                   MEMBER(complex_number, native(MR_KIND_COMPLEX_F64)))),
      SHAPE(pointers, some_pointers,
            STRUCT(MEMBER(somewhere, native(MR_KIND_POINTER)),
                   MEMBER(nowhere, native(MR_KIND_POINTER)))),
      SHAPE(nested, a_nested,
            STRUCT(MEMBER(places, array(STRUCT(MEMBER(line, I16), MEMBER(column, I16)), 2)),
                   MEMBER(grid, array(array(I8, 3), 2)), MEMBER(at, STRUCT(MEMBER(x, F64))))),
      SHAPE(nameless, a_nameless,
            STRUCT(MEMBER(x, I32), NAMELESS(STRUCT(MEMBER(a, I16), MEMBER(b, I16))),
                   NAMELESS(UNION(MEMBER(u, I32), MEMBER(f, F32))), MEMBER(y, I32))),
      SHAPE(variant, a_variant,
            UNION(MEMBER(tag, I8),
                  NAMELESS(STRUCT(MEMBER(a, I64), NAMELESS(STRUCT(MEMBER(b, I32), MEMBER(c, I32))),
                                  MEMBER(d, I64))),
                  MEMBER(number, I32))),
      SHAPE(
          holder, a_holder,
          STRUCT(MEMBER(x, I32),
                 NAMELESS(UNION(MEMBER(tag, I8), NAMELESS(STRUCT(MEMBER(a, I64), MEMBER(b, I64))))),
                 MEMBER(y, I32))),
      SHAPE(holes, some_holes,
            STRUCT(MEMBER(x, I32), MEMBER(nothing, empty_struct()), MEMBER(none, array(I32, 0)),
                   MEMBER(y, I32))),
  };
  memcpy(shapes, made, sizeof made);
}

/* A program that writes all shapes' octets. */
static void write_program(const char *path, const shape shapes[SHAPES]) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(PRELUDE, file);
  for (size_t i = 0; i < SHAPES; i++) {
    char text[TEXT_SIZE];
    print(text, sizeof text, shapes[i].type, shapes[i].octets);
    fprintf(file, "%sstatic const %s sample%zu = %s;\n", shapes[i].declaration, shapes[i].name, i,
            text);
  }
  fputs("int main(void) {\n", file);
  for (size_t i = 0; i < SHAPES; i++) {
    fprintf(file, "  fwrite(&sample%zu, sizeof sample%zu, 1, stdout);\n", i, i);
  }
  fputs("  return 0;\n}\n", file);
  assert_int_equal(fclose(file), 0);
}

static void assert_output(const char *command, const shape shapes[SHAPES]) {
  FILE *output = popen(command, "r");
  assert_non_null(output);
  for (size_t i = 0; i < SHAPES; i++) {
    unsigned char octets[512];
    assert_true(shapes[i].size <= sizeof octets);
    assert_int_equal(fread(octets, 1, shapes[i].size, output), shapes[i].size);
    assert_memory_equal(octets, shapes[i].octets, shapes[i].size);
  }
  assert_int_equal(fgetc(output), EOF);
  assert_int_equal(pclose(output), 0);
}

/* A folder of its own, which goes even where the test fails. */
typedef struct workplace {
  char folder[PATH_SIZE];
  char source[PATH_SIZE + 16];
  char program[PATH_SIZE + 16];
} workplace;

static int open_workplace(void **state) {
  static workplace place;
  const char *parent = getenv("TMPDIR");
  if (!parent || !*parent) parent = "/tmp";
  int length = snprintf(place.folder, sizeof place.folder, "%s/memregions-print-XXXXXX", parent);
  if (length < 0 || (size_t)length >= sizeof place.folder || !mkdtemp(place.folder)) return -1;
  snprintf(place.source, sizeof place.source, "%s/program.c", place.folder);
  snprintf(place.program, sizeof place.program, "%s/program", place.folder);
  *state = &place;
  return 0;
}

static int close_workplace(void **state) {
  const workplace *place = *state;
  /* Not there where the test ended early. */
  (void)unlink(place->source);
  (void)unlink(place->program);
  return rmdir(place->folder);
}

static void the_compiler_reads_back_what_is_printed(void **state) {
  const workplace *place = *state;
  char command[4 * PATH_SIZE];
  shape shapes[SHAPES];
  make_shapes(shapes);
  write_program(place->source, shapes);

  snprintf(command, sizeof command, COMPILER " -std=c11 -w '%s' -o '%s' && '%s'", place->source,
           place->program, place->program);
  assert_output(command, shapes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_struct_is_its_members_by_name),
      cmocka_unit_test(an_array_is_its_elements),
      cmocka_unit_test(a_scalar_stands_alone),
      cmocka_unit_test(swapped_scalars_print_as_what_they_mean),
      cmocka_unit_test(members_without_name_stand_in_braces_of_their_own),
      cmocka_unit_test(without_any_names_only_values_are_left),
      cmocka_unit_test(a_union_is_its_largest_member),
      cmocka_unit_test(a_nameless_first_member_of_a_union_stands_in_braces),
      cmocka_unit_test(a_later_nameless_member_of_a_union_is_flattened),
      cmocka_unit_test(what_has_no_size_is_empty_braces),
      cmocka_unit_test(a_write_that_fails_ends_the_printing),
      cmocka_unit_test(a_text_that_is_full_says_so),
      cmocka_unit_test_setup_teardown(the_compiler_reads_back_what_is_printed, open_workplace,
                                      close_workplace),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

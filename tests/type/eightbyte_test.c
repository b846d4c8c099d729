#include <memregions/ffi.h>
#include <string.h>

#include "declared_type.h"
#include "failing_allocator.h"
#include "support.h"

/*
 * What compilers pass a value in, by what mr_type_ffi makes of it.
 */

/* What a value travels in: `i` an integer register, `f` and `d` the floating ones, `m` memory, `e` as a long
 * double. */
static void tell_travel(const ffi_type *ffi, char *out) {
  if (ffi == &ffi_type_longdouble) {
    *out++ = 'e';
  } else {
    for (size_t i = 0; ffi->elements[i]; i++) {
      const ffi_type *element = ffi->elements[i];
      *out++ = (char)(element->type == FFI_TYPE_UINT64   ? 'i'
                      : element->type == FFI_TYPE_FLOAT  ? 'f'
                      : element->type == FFI_TYPE_DOUBLE ? 'd'
                                                         : 'm');
    }
  }
  *out = '\0';
}

static void declared_types_travel_as_compilers_pass_them(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *travel;
  } cases[] = {
      {"typedef struct { int a : 3; float b; } t;", "i"},
      {"typedef struct { float a; long b : 3; } t;", "i"},
      {"typedef struct { float a; long b : 33; } t;", "di"},
      {"typedef struct __attribute__((packed)) { float a; long b[0]; } t;", "m"},
      {"typedef struct { double a; int b : 3, : 4, : 0, c : 1; } t;", "di"},
      {"typedef struct __attribute__((packed)) { char a; long b : 60; } t;", "ii"},
      {"typedef struct { __int128 a : 70; } t;", "ii"},
      {"typedef struct { int a : 32; float b; } t;", "i"},
      {"typedef union { int a : 17; float b[3]; } t;", "if"},
      {"typedef union { float a; __int128 b : 70; } t;", "ii"},
      {"typedef struct { enum { A, B } a; float b; double c; } t;", "id"},
      {"typedef struct { struct { float a; union { float b; int c; }; }; float d; } t;", "if"},
      {"typedef struct { int n; char text[0]; } t;", "i"},
      {"typedef struct { int n; struct {} none[0]; } t;", "i"},
      {"typedef struct { int n, m, o; struct { int a, b; } all[0]; } t;", "ii"},
      {"typedef struct __attribute__((packed)) { float a; long double _Complex b[0]; } t;", "m"},
      {"typedef struct __attribute__((packed)) { char a; int b : 32; } t;", "i"},
      {"typedef struct { int n; struct { short a, b; } all[0][2]; } t;", "i"},
      {"typedef struct { double a, b; int c[0]; } t;", "dd"},
      {"typedef struct { long a, b, c; int rest[]; } t;", "m"},
      {"typedef struct __attribute__((packed)) { char a; double b; } t;", "m"},
      {"typedef struct { long double _Complex a; } t;", "m"},
      {"typedef struct { long double a; } t;", "e"},
      {"typedef struct { struct { struct {} a[1000000000]; } b; int *c; float d; } t;", "id"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char travel[4];
    ffi_type *ffi;
    const mr_type *type = declared_type(NULL, MR_TARGET_NATIVE, cases[i].text);
    if (mr_type_ffi(type, &ffi) != MR_OK) fail_msg("%s", cases[i].text);
    tell_travel(ffi, travel);
    if (strcmp(travel, cases[i].travel) != 0) fail_msg("%s: %s", cases[i].text, travel);
    mr_type_release(type);
  }
}

static void what_compilers_pass_differently_is_unsupported(void **state) {
  (void)state;
  static const char *const texts[] = {
      "typedef struct { float a; int : 3; } t;",
      "typedef struct { float a; int : 0; float b; } t;",
      "typedef struct { int : 32; int : 32; double a; } t;",
      "typedef struct { int : 5; } t;",
      "typedef union { int : 5; float a; } t;",
      "typedef struct { long a; int b[]; } t;",
      "typedef struct { float a; int b[0]; } t;",
      "typedef struct __attribute__((packed)) { float a; struct { char c[17]; } b[0]; } t;",
      "typedef struct { struct __attribute__((packed)) { float a; char b; } a[3]; } t;",
      "typedef double loose __attribute__((aligned(1))); typedef struct { char a; loose b; } t;",
      "typedef struct __attribute__((packed)) { char a; struct { int b : 3; } c; } t;",
      "#pragma pack(1)\ntypedef struct { char a; struct { int b : 32; } c; } t;",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ffi_type *untouched = &ffi_type_void;
    const mr_type *type = declared_type(NULL, MR_TARGET_NATIVE, texts[i]);
    if (mr_type_ffi(type, &untouched) != MR_UNSUPPORTED) fail_msg("%s", texts[i]);
    assert_ptr_equal(untouched, &ffi_type_void);
    mr_type_release(type);
  }
}

static void what_libffi_has_no_words_for_is_unsupported(void **state) {
  (void)state;
  static const char *const texts[] = {
      "typedef int t __attribute__((vector_size(8)));",
      "typedef struct { int a __attribute__((vector_size(8))); } t;",
      "typedef struct { int a[3]; union { int b __attribute__((vector_size(16))); } c; } t;",
      "typedef __float128 t;",
      "typedef struct { __float128 a; } t;",
      "typedef struct { __float128 a; int b; } t;",
      "typedef struct { __int128 a : 3; } t;",
      "typedef __int128 t;",
      "typedef int t[];",
      "typedef struct { int : 0; } t;",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ffi_type *untouched = &ffi_type_void;
    const mr_type *type = declared_type(NULL, MR_TARGET_NATIVE, texts[i]);
    if (mr_type_ffi(type, &untouched) != MR_UNSUPPORTED) fail_msg("%s", texts[i]);
    assert_ptr_equal(untouched, &ffi_type_void);
    mr_type_release(type);
  }
}

/* Each holds the one before twice, so that there are 2 to the power of 60 ways to its octet. */
static void what_unfolds_without_end_is_unsupported(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *type = mr_scalar_type(MR_KIND_I8, MR_NATIVE_ORDER);
  for (int i = 0; i < 60; i++) {
    mr_member_spec members[] = {{.name = "a", .type = type}, {.name = "b", .type = type}};
    const mr_type *outer;
    assert_int_equal(mr_type_build_union(&allocator.base, NULL, members, 2, NULL, &outer, NULL),
                     MR_OK);
    mr_type_release(type);
    type = outer;
  }
  ffi_type *untouched = &ffi_type_void;
  assert_int_equal(mr_type_ffi(type, &untouched), MR_UNSUPPORTED);
  assert_ptr_equal(untouched, &ffi_type_void);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(declared_types_travel_as_compilers_pass_them),
      cmocka_unit_test(what_compilers_pass_differently_is_unsupported),
      cmocka_unit_test(what_libffi_has_no_words_for_is_unsupported),
      cmocka_unit_test(what_unfolds_without_end_is_unsupported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <complex.h>
#include <memregions/type.h>
#include <stdalign.h>

#include "support.h"

__extension__ typedef __int128 int128;

typedef struct scalar_case {
  mr_kind kind;
  const char *name;
  size_t size;
  size_t alignment;
} scalar_case;

#define CASE(KIND, NAME, TYPE) \
  { MR_KIND_##KIND, NAME, sizeof(TYPE), alignof(TYPE) }

static const scalar_case cases[] = {
    CASE(BOOL, "bool", bool),
    CASE(I8, "int8_t", int8_t),
    CASE(U8, "uint8_t", uint8_t),
    CASE(I16, "int16_t", int16_t),
    CASE(U16, "uint16_t", uint16_t),
    CASE(I32, "int32_t", int32_t),
    CASE(U32, "uint32_t", uint32_t),
    CASE(I64, "int64_t", int64_t),
    CASE(U64, "uint64_t", uint64_t),
    CASE(I128, "__int128", int128),
    CASE(U128, "unsigned __int128", int128),
    CASE(F32, "float", float),
    CASE(F64, "double", double),
    CASE(LONG_DOUBLE, "long double", long double),
    CASE(COMPLEX_F32, "float _Complex", float _Complex),
    CASE(COMPLEX_F64, "double _Complex", double _Complex),
    CASE(COMPLEX_LONG_DOUBLE, "long double _Complex", long double _Complex),
    CASE(POINTER, "void *", void *),
};
enum { CASES = sizeof cases / sizeof *cases };

static mr_byte_order native_order(void) {
  return mr_byte_order_is_swapped(MR_BIG_ENDIAN) ? MR_LITTLE_ENDIAN : MR_BIG_ENDIAN;
}

static mr_byte_order other_order(void) {
  return native_order() == MR_BIG_ENDIAN ? MR_LITTLE_ENDIAN : MR_BIG_ENDIAN;
}

static void scalars_are_as_in_c(void **state) {
  (void)state;
  for (size_t i = 0; i < CASES; i++) {
    const mr_type *type = mr_scalar_type(cases[i].kind, MR_NATIVE_ORDER);
    assert_true(mr_type_is_sound(type));
    assert_int_equal(mr_type_kind(type), cases[i].kind);
    assert_string_equal(mr_type_name(type), cases[i].name);
    assert_int_equal(mr_type_size(type), cases[i].size);
    assert_int_equal(mr_type_alignment(type), cases[i].alignment);
    assert_int_equal(mr_type_byte_order(type), native_order());
    assert_int_equal(mr_type_count(type), 0);
    assert_null(mr_type_element(type));
  }
}

static void the_native_order_is_one_of_the_two(void **state) {
  (void)state;
  for (size_t i = 0; i < CASES; i++) {
    assert_ptr_equal(mr_scalar_type(cases[i].kind, MR_NATIVE_ORDER),
                     mr_scalar_type(cases[i].kind, native_order()));
  }
}

static void all_but_long_doubles_come_in_the_other_order(void **state) {
  (void)state;
  for (size_t i = 0; i < CASES; i++) {
    const mr_type *type = mr_scalar_type(cases[i].kind, other_order());
    if (cases[i].kind == MR_KIND_LONG_DOUBLE || cases[i].kind == MR_KIND_COMPLEX_LONG_DOUBLE) {
      assert_null(type);
    } else {
      assert_int_equal(mr_type_kind(type), cases[i].kind);
      assert_int_equal(mr_type_size(type), cases[i].size);
      assert_int_equal(mr_type_byte_order(type), other_order());
    }
  }
}

static void what_is_no_scalar_has_no_scalar_type(void **state) {
  (void)state;
  assert_null(mr_scalar_type(MR_KIND_VOID, MR_NATIVE_ORDER));
  assert_null(mr_scalar_type(MR_KIND_ARRAY, MR_NATIVE_ORDER));
  assert_null(mr_scalar_type(MR_KIND_UNION, MR_NATIVE_ORDER));
  assert_null(mr_scalar_type((mr_kind)22, MR_NATIVE_ORDER));
  assert_null(mr_scalar_type((mr_kind)0x7fffffff, MR_NATIVE_ORDER));
  assert_null(mr_scalar_type((mr_kind)-1, MR_NATIVE_ORDER));
}

static void what_is_no_order_has_no_scalar_type(void **state) {
  (void)state;
  assert_null(mr_scalar_type(MR_KIND_I32, (mr_byte_order)3));
  assert_null(mr_scalar_type(MR_KIND_I32, (mr_byte_order)-1));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scalars_are_as_in_c),
      cmocka_unit_test(the_native_order_is_one_of_the_two),
      cmocka_unit_test(all_but_long_doubles_come_in_the_other_order),
      cmocka_unit_test(what_is_no_scalar_has_no_scalar_type),
      cmocka_unit_test(what_is_no_order_has_no_scalar_type),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

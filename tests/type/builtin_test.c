#include "declarations_support.h"

static const mr_target targets[] = {MR_TARGET_X86_64,     MR_TARGET_I386,    MR_TARGET_AARCH64,
                                    MR_TARGET_ARM,        MR_TARGET_RISCV64, MR_TARGET_S390X,
                                    MR_TARGET_WINDOWS_X64};

static size_t size_of(mr_declarations *declarations, const char *name) {
  const mr_type *type = found(declarations, name);
  size_t size = mr_type_size(type);
  mr_type_release(type);
  return size;
}

static void fixed_integers_have_their_sizes_everywhere(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
    mr_declarations *declarations = declared_for(targets[i], "");
    for (unsigned bits = 8; bits <= 64; bits *= 2) {
      static const char *const prefixes[] = {"int", "uint", "int_least", "uint_least"};
      for (size_t j = 0; j < 4; j++) {
        char name[32];
        snprintf(name, sizeof name, "%s%u_t", prefixes[j], bits);
        assert_int_equal(size_of(declarations, name), bits / 8);
      }
    }
    assert_int_equal(size_of(declarations, "intmax_t"), 8);
    assert_int_equal(size_of(declarations, "uintmax_t"), 8);
    assert_int_equal(size_of(declarations, "bool"), 1);
    assert_int_equal(size_of(declarations, "char16_t"), 2);
    assert_int_equal(size_of(declarations, "char32_t"), 4);
    mr_declarations_destroy(declarations);
  }
}

static void sizes_are_as_large_as_pointers(void **state) {
  (void)state;
  static const char *const names[] = {"size_t", "ssize_t", "ptrdiff_t", "intptr_t", "uintptr_t"};
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
    mr_declarations *declarations = declared_for(targets[i], "");
    for (size_t j = 0; j < sizeof names / sizeof *names; j++) {
      assert_int_equal(size_of(declarations, names[j]), size_of(declarations, "void *"));
    }
    mr_declarations_destroy(declarations);
  }
}

static void fast_integers_are_as_libc_has_them(void **state) {
  (void)state;
  is_laid_out("", "int_fast16_t", 8, 8);
  is_laid_out("", "uint_fast32_t", 8, 8);
  is_laid_out_for(MR_TARGET_I386, "", "int_fast16_t", 4, 4);
  is_laid_out_for(MR_TARGET_WINDOWS_X64, "", "int_fast16_t", 4, 4);
}

static void headers_records_are_known(void **state) {
  (void)state;
  is_laid_out("", "max_align_t", 32, 16);
  is_laid_out_for(MR_TARGET_WINDOWS_X64, "", "max_align_t", 8, 8);
  is_laid_out("", "__builtin_va_list", 24, 8);
  is_laid_out("", "__builtin_sysv_va_list", 24, 8);
  is_laid_out("", "__builtin_ms_va_list", 8, 8);
  is_laid_out_for(MR_TARGET_I386, "", "__builtin_va_list", 4, 4);
  is_laid_out_for(MR_TARGET_AARCH64, "", "__builtin_va_list", 32, 8);
  is_laid_out_for(MR_TARGET_ARM, "", "__builtin_va_list", 4, 4);
  is_laid_out_for(MR_TARGET_RISCV64, "", "__builtin_va_list", 8, 8);
  is_laid_out_for(MR_TARGET_S390X, "", "__builtin_va_list", 32, 8);
  is_laid_out_for(MR_TARGET_WINDOWS_X64, "", "__builtin_va_list", 8, 8);
}

static void max_align_t_is_not_known_where_compilers_differ(void **state) {
  (void)state;
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_I386, "max_align_t a;", &condition), MR_INVALID_ARGUMENT);
}

static void what_is_known_from_the_start_may_be_defined_anew(void **state) {
  (void)state;
  is_laid_out("typedef long long size_t; typedef char int32_t; struct s { int32_t a; };",
              "struct s", 1, 1);
  takes("int bool; enum { wchar_t };");
}

static void wide_characters_are_the_machines(void **state) {
  (void)state;
  const mr_type *type = type_for(MR_TARGET_WINDOWS_X64, "", "wchar_t");
  assert_int_equal(mr_type_kind(type), MR_KIND_U16);
  mr_type_release(type);
  type = type_for(MR_TARGET_AARCH64, "", "wchar_t");
  assert_int_equal(mr_type_kind(type), MR_KIND_U32);
  mr_type_release(type);
  type = type_of("", "wchar_t");
  assert_int_equal(mr_type_kind(type), MR_KIND_I32);
  mr_type_release(type);
}

static void long_double_is_the_machines(void **state) {
  (void)state;
  is_laid_out("", "long double", 16, 16);
  is_laid_out_for(MR_TARGET_I386, "", "long double", 12, 4);
  is_laid_out_for(MR_TARGET_ARM, "", "long double", 8, 8);
  is_laid_out_for(MR_TARGET_AARCH64, "", "long double", 16, 16);
  is_laid_out_for(MR_TARGET_S390X, "", "long double", 16, 8);
  is_laid_out_for(MR_TARGET_WINDOWS_X64, "", "long double", 8, 8);
  is_laid_out("", "__float128", 16, 16);
  is_laid_out("", "__float80", 16, 16);
  is_laid_out_for(MR_TARGET_ARM, "", "long double _Complex", 16, 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fixed_integers_have_their_sizes_everywhere),
      cmocka_unit_test(sizes_are_as_large_as_pointers),
      cmocka_unit_test(fast_integers_are_as_libc_has_them),
      cmocka_unit_test(headers_records_are_known),
      cmocka_unit_test(max_align_t_is_not_known_where_compilers_differ),
      cmocka_unit_test(what_is_known_from_the_start_may_be_defined_anew),
      cmocka_unit_test(wide_characters_are_the_machines),
      cmocka_unit_test(long_double_is_the_machines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "src/type/target.h"

#include <string.h>
#include <wchar.h>

#include "support.h"

enum { TARGETS = MR_TARGET_WINDOWS_X64 };

static void every_target_is_found_by_its_name(void **state) {
  (void)state;
  for (int i = 1; i <= TARGETS; i++) {
    mr_target found;
    assert_non_null(mr_target_name((mr_target)i));
    assert_true(mr_target_find(mr_target_name((mr_target)i), &found));
    assert_int_equal(found, i);
  }
}

static void names_are_those_documented(void **state) {
  (void)state;
  assert_string_equal(mr_target_name(MR_TARGET_X86_64), "x86_64");
  assert_string_equal(mr_target_name(MR_TARGET_I386), "i386");
  assert_string_equal(mr_target_name(MR_TARGET_AARCH64), "aarch64");
  assert_string_equal(mr_target_name(MR_TARGET_ARM), "arm");
  assert_string_equal(mr_target_name(MR_TARGET_RISCV64), "riscv64");
  assert_string_equal(mr_target_name(MR_TARGET_S390X), "s390x");
  assert_string_equal(mr_target_name(MR_TARGET_WINDOWS_X64), "windows-x64");
}

static void what_is_no_target_has_no_name(void **state) {
  (void)state;
  assert_null(mr_target_name((mr_target)(TARGETS + 1)));
  assert_null(mr_target_name((mr_target)-1));
}

static void this_machine_has_the_name_of_its_target(void **state) {
  (void)state;
  mr_target native = mr_target_native();
  if (native == MR_TARGET_NATIVE) {
    assert_null(mr_target_name(MR_TARGET_NATIVE));
  } else {
    assert_ptr_equal(mr_target_name(MR_TARGET_NATIVE), mr_target_name(native));
  }
}

static void usual_names_and_triples_are_understood(void **state) {
  (void)state;
  static const struct {
    const char *name;
    mr_target target;
  } cases[] = {{"native", MR_TARGET_NATIVE},
               {"Native", MR_TARGET_NATIVE},
               {"x86-64", MR_TARGET_X86_64},
               {"X86_64", MR_TARGET_X86_64},
               {"AMD64", MR_TARGET_X86_64},
               {"x86_64-linux-gnu", MR_TARGET_X86_64},
               {"x86_64-pc-linux-musl", MR_TARGET_X86_64},
               {"amd64-unknown-freebsd13", MR_TARGET_X86_64},
               {"x86", MR_TARGET_I386},
               {"i686", MR_TARGET_I386},
               {"i686-pc-linux-gnu", MR_TARGET_I386},
               {"arm64", MR_TARGET_AARCH64},
               {"aarch64-linux-gnu", MR_TARGET_AARCH64},
               {"armhf", MR_TARGET_ARM},
               {"arm-linux-gnueabihf", MR_TARGET_ARM},
               {"armv7-unknown-linux-musleabihf", MR_TARGET_ARM},
               {"riscv64-linux-gnu", MR_TARGET_RISCV64},
               {"s390x-ibm-linux-gnu", MR_TARGET_S390X},
               {"win64", MR_TARGET_WINDOWS_X64},
               {"windows_x64", MR_TARGET_WINDOWS_X64},
               {"msvc", MR_TARGET_WINDOWS_X64},
               {"x86_64-pc-windows-msvc", MR_TARGET_WINDOWS_X64}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    mr_target found = (mr_target)99;
    assert_true(mr_target_find(cases[i].name, &found));
    assert_int_equal(found, cases[i].target);
  }
}

static void other_names_are_none_and_change_nothing(void **state) {
  (void)state;
  static const char *const names[] = {
      NULL,
      "",
      "-",
      "x",
      "x86_6",
      "x86_64x",
      "sparc64",
      "i386-",
      "x86_64-linux-gnux32",
      "x86_64-linux-android",
      "x86_64-w64-mingw32",
      "x86_64-apple-darwin",
      "i686-pc-windows-msvc",
      "aarch64-linux-gnu_ilp32",
      "aarch64_be-linux-gnu",
      "arm-none-eabi",
      "arm-linux-gnu",
      "native-linux",
      "win64-linux",
      "x86_64-linux-gnu-and-much-more-than-any-triple-has-ever-had-behind-it"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    mr_target found = MR_TARGET_S390X;
    assert_false(mr_target_find(names[i], &found));
    assert_int_equal(found, MR_TARGET_S390X);
  }
}

static void traits_are_sound(void **state) {
  (void)state;
  for (int i = 0; i <= TARGETS; i++) {
    const mr_target_traits *traits = mr_target_traits_of((mr_target)i);
    assert_non_null(traits);
    assert_true(traits->order == MR_LITTLE_ENDIAN || traits->order == MR_BIG_ENDIAN);
    for (int k = 0; k < MR_BASIC_COUNT; k++) {
      mr_basic_traits basic = traits->basic[k];
      if (k == MR_BASIC_INT128 && basic.size == 0) continue;
      assert_true(basic.size > 0 && basic.alignment > 0);
      assert_int_equal(basic.alignment & (basic.alignment - 1), 0);
      assert_int_equal(basic.size & (basic.alignment - 1), 0);
    }
    assert_int_equal(traits->basic[traits->int64_basic].size, 8);
    assert_int_equal(traits->basic[traits->fast64_basic].size, 8);
    assert_true(traits->basic[traits->fast32_basic].size >= 4);
    assert_true(traits->basic[traits->fast16_basic].size >= 2);
    assert_int_equal(traits->basic[traits->size_basic].size, traits->basic[MR_BASIC_POINTER].size);
  }
}

static void this_machines_types_are_its_compilers(void **state) {
  (void)state;
  const mr_target_traits *traits = mr_target_traits_of(MR_TARGET_NATIVE);
  assert_int_equal(traits->basic[MR_BASIC_LONG].size, sizeof(long));
  assert_int_equal(traits->basic[MR_BASIC_LONG_DOUBLE].size, sizeof(long double));
  assert_int_equal(traits->basic[MR_BASIC_POINTER].size, sizeof(void *));
  assert_int_equal(traits->basic[traits->wchar.basic].size, sizeof(wchar_t));
  assert_int_equal(traits->wchar.is_signed, (wchar_t)-1 < 0);
  assert_int_equal(traits->size_max, PTRDIFF_MAX);
}

static void this_machines_types_are_its_targets(void **state) {
  (void)state;
  if (mr_target_native() == MR_TARGET_NATIVE) skip();
  const mr_target_traits *native = mr_target_traits_of(MR_TARGET_NATIVE);
  const mr_target_traits *target = mr_target_traits_of(mr_target_native());
  assert_int_equal(native->order, target->order);
  assert_int_equal(native->is_char_signed, target->is_char_signed);
  assert_int_equal(native->long_double_format, target->long_double_format);
  assert_int_equal(native->attribute_alignment, target->attribute_alignment);
  assert_memory_equal(native->basic, target->basic, sizeof native->basic);
}

static void what_is_no_target_has_no_traits(void **state) {
  (void)state;
  assert_null(mr_target_traits_of((mr_target)(TARGETS + 1)));
  assert_null(mr_target_traits_of((mr_target)-1));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_target_is_found_by_its_name),
      cmocka_unit_test(names_are_those_documented),
      cmocka_unit_test(what_is_no_target_has_no_name),
      cmocka_unit_test(this_machine_has_the_name_of_its_target),
      cmocka_unit_test(usual_names_and_triples_are_understood),
      cmocka_unit_test(other_names_are_none_and_change_nothing),
      cmocka_unit_test(traits_are_sound),
      cmocka_unit_test(this_machines_types_are_its_compilers),
      cmocka_unit_test(this_machines_types_are_its_targets),
      cmocka_unit_test(what_is_no_target_has_no_traits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

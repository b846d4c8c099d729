#include "target.h"

#include <float.h>
#include <limits.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include "layout_rule.h"

#define LARGEST_32 ((size_t)INT32_MAX)
#define LARGEST_64 ((size_t)PTRDIFF_MAX)

/* The basic types where long and pointers have 64 bits. */
#define LP64_TYPES(INT128_ALIGNMENT, LONG_DOUBLE_ALIGNMENT)                                \
  {                                                                                        \
    [MR_BASIC_BOOL] = {1, 1}, [MR_BASIC_CHAR] = {1, 1}, [MR_BASIC_SHORT] = {2, 2},         \
    [MR_BASIC_INT] = {4, 4}, [MR_BASIC_LONG] = {8, 8}, [MR_BASIC_LONG_LONG] = {8, 8},      \
    [MR_BASIC_INT128] = {16, (INT128_ALIGNMENT)}, [MR_BASIC_FLOAT] = {4, 4},               \
    [MR_BASIC_DOUBLE] = {8, 8}, [MR_BASIC_LONG_DOUBLE] = {16, (LONG_DOUBLE_ALIGNMENT)},    \
    [MR_BASIC_FLOAT_COMPLEX] = {8, 4}, [MR_BASIC_DOUBLE_COMPLEX] = {16, 8},                \
    [MR_BASIC_LONG_DOUBLE_COMPLEX] = {32, (LONG_DOUBLE_ALIGNMENT)}, [MR_BASIC_POINTER] = { \
      8,                                                                                   \
      8                                                                                    \
    }                                                                                      \
  }

/* And where they have 32, with the alignment of what has 64. There is no __int128. */
#define ILP32_TYPES(WIDE_ALIGNMENT, LONG_DOUBLE_SIZE)                                      \
  {                                                                                        \
    [MR_BASIC_BOOL] = {1, 1}, [MR_BASIC_CHAR] = {1, 1}, [MR_BASIC_SHORT] = {2, 2},         \
    [MR_BASIC_INT] = {4, 4}, [MR_BASIC_LONG] = {4, 4},                                     \
    [MR_BASIC_LONG_LONG] = {8, (WIDE_ALIGNMENT)}, [MR_BASIC_FLOAT] = {4, 4},               \
    [MR_BASIC_DOUBLE] = {8, (WIDE_ALIGNMENT)},                                             \
    [MR_BASIC_LONG_DOUBLE] = {(LONG_DOUBLE_SIZE), (WIDE_ALIGNMENT)},                       \
    [MR_BASIC_FLOAT_COMPLEX] = {8, 4}, [MR_BASIC_DOUBLE_COMPLEX] = {16, (WIDE_ALIGNMENT)}, \
    [MR_BASIC_LONG_DOUBLE_COMPLEX] = {2 * (LONG_DOUBLE_SIZE), (WIDE_ALIGNMENT)},           \
    [MR_BASIC_POINTER] = {                                                                 \
      4,                                                                                   \
      4                                                                                    \
    }                                                                                      \
  }

/* What glibc's headers name. */
#define LP64_NAMES                                                                             \
  .size_basic = MR_BASIC_LONG, .int64_basic = MR_BASIC_LONG, .intmax_basic = MR_BASIC_LONG,    \
  .fast16_basic = MR_BASIC_LONG, .fast32_basic = MR_BASIC_LONG, .fast64_basic = MR_BASIC_LONG, \
  .wint = {MR_BASIC_INT, false}
#define ILP32_NAMES                                                                               \
  .size_basic = MR_BASIC_INT, .int64_basic = MR_BASIC_LONG_LONG,                                  \
  .intmax_basic = MR_BASIC_LONG_LONG, .fast16_basic = MR_BASIC_INT, .fast32_basic = MR_BASIC_INT, \
  .fast64_basic = MR_BASIC_LONG_LONG, .wint = {MR_BASIC_INT, false}

static const mr_target_traits traits_of_targets[] = {
    [MR_TARGET_X86_64] = {.order = MR_LITTLE_ENDIAN,
                          .long_double_format = MR_LONG_DOUBLE_IS_X87,
                          .is_char_signed = true,
                          .basic = LP64_TYPES(16, 16),
                          LP64_NAMES,
                          .wchar = {MR_BASIC_INT, true},
                          .atomic_alignment_max = 16,
                          .attribute_alignment = 16,
                          .vector_alignment_max = SIZE_MAX,
                          .size_max = LARGEST_64},
    [MR_TARGET_I386] = {.order = MR_LITTLE_ENDIAN,
                        .long_double_format = MR_LONG_DOUBLE_IS_X87,
                        .is_char_signed = true,
                        .basic = ILP32_TYPES(4, 12),
                        ILP32_NAMES,
                        .wchar = {MR_BASIC_LONG, true},
                        .atomic_alignment_max = 8,
                        .doubtful_vector_min = 8,
                        .doubtful_vector_max = 8,
                        .attribute_alignment = 16,
                        .vector_alignment_max = SIZE_MAX,
                        .size_max = LARGEST_32},
    [MR_TARGET_AARCH64] = {.order = MR_LITTLE_ENDIAN,
                           .long_double_format = MR_LONG_DOUBLE_IS_QUAD,
                           .basic = LP64_TYPES(16, 16),
                           LP64_NAMES,
                           .wchar = {MR_BASIC_INT, false},
                           .atomic_alignment_max = 16,
                           .attribute_alignment = 16,
                           .vector_alignment_max = 16,
                           .size_max = LARGEST_64},
    [MR_TARGET_ARM] = {.order = MR_LITTLE_ENDIAN,
                       .long_double_format = MR_LONG_DOUBLE_IS_DOUBLE,
                       .basic = ILP32_TYPES(8, 8),
                       ILP32_NAMES,
                       .wchar = {MR_BASIC_INT, false},
                       .atomic_alignment_max = 8,
                       .attribute_alignment = 8,
                       .vector_alignment_max = 8,
                       .size_max = LARGEST_32},
    [MR_TARGET_RISCV64] = {.order = MR_LITTLE_ENDIAN,
                           .long_double_format = MR_LONG_DOUBLE_IS_QUAD,
                           .basic = LP64_TYPES(16, 16),
                           LP64_NAMES,
                           .wchar = {MR_BASIC_INT, true},
                           .atomic_alignment_max = 16,
                           .attribute_alignment = 16,
                           .vector_alignment_max = SIZE_MAX,
                           .size_max = LARGEST_64},
    [MR_TARGET_S390X] = {.order = MR_BIG_ENDIAN,
                         .long_double_format = MR_LONG_DOUBLE_IS_QUAD,
                         .basic = LP64_TYPES(8, 8),
                         LP64_NAMES,
                         .wchar = {MR_BASIC_INT, true},
                         .atomic_alignment_max = 8,
                         .doubtful_vector_min = 16,
                         .doubtful_vector_max = SIZE_MAX,
                         .clang_int128_alignment = 16,
                         .attribute_alignment = 8,
                         .vector_alignment_max = SIZE_MAX,
                         .size_max = LARGEST_64},
    [MR_TARGET_WINDOWS_X64] = {.order = MR_LITTLE_ENDIAN,
                               .long_double_format = MR_LONG_DOUBLE_IS_DOUBLE,
                               .is_char_signed = true,
                               .is_enum_always_int = true,
                               .basic = {[MR_BASIC_BOOL] = {1, 1},
                                         [MR_BASIC_CHAR] = {1, 1},
                                         [MR_BASIC_SHORT] = {2, 2},
                                         [MR_BASIC_INT] = {4, 4},
                                         [MR_BASIC_LONG] = {4, 4},
                                         [MR_BASIC_LONG_LONG] = {8, 8},
                                         [MR_BASIC_INT128] = {16, 16},
                                         [MR_BASIC_FLOAT] = {4, 4},
                                         [MR_BASIC_DOUBLE] = {8, 8},
                                         [MR_BASIC_LONG_DOUBLE] = {8, 8},
                                         [MR_BASIC_FLOAT_COMPLEX] = {8, 4},
                                         [MR_BASIC_DOUBLE_COMPLEX] = {16, 8},
                                         [MR_BASIC_LONG_DOUBLE_COMPLEX] = {16, 8},
                                         [MR_BASIC_POINTER] = {8, 8}},
                               .size_basic = MR_BASIC_LONG_LONG,
                               .int64_basic = MR_BASIC_LONG_LONG,
                               .intmax_basic = MR_BASIC_LONG_LONG,
                               .fast16_basic = MR_BASIC_INT,
                               .fast32_basic = MR_BASIC_INT,
                               .fast64_basic = MR_BASIC_LONG_LONG,
                               .wchar = {MR_BASIC_SHORT, false},
                               .wint = {MR_BASIC_SHORT, false},
                               .atomic_alignment_max = 16,
                               .attribute_alignment = 16,
                               .vector_alignment_max = SIZE_MAX,
                               .empty_struct_size = 4,
                               .size_max = LARGEST_64}};

static const mr_layout_rule rules_of_targets[] = {
    [MR_TARGET_X86_64] = {.gcc_largest_alignment = 16,
                          .gcc_unit_alignment = {1, 2, 4, 8, 16},
                          .size_max = LARGEST_64},
    [MR_TARGET_I386] = {.gcc_integer_alignment_max = 4,
                        .gcc_largest_alignment = 16,
                        .gcc_unit_alignment = {1, 2, 4, 8, 0},
                        .size_max = LARGEST_32},
    [MR_TARGET_AARCH64] = {.do_unnamed_bit_fields_align = true,
                           .gcc_largest_alignment = 16,
                           .gcc_unit_alignment = {1, 2, 4, 8, 16},
                           .size_max = LARGEST_64},
    [MR_TARGET_ARM] = {.do_unnamed_bit_fields_align = true,
                       .gcc_largest_alignment = 8,
                       .gcc_unit_alignment = {1, 2, 4, 8, 0},
                       .size_max = LARGEST_32},
    [MR_TARGET_RISCV64] = {.gcc_largest_alignment = 16,
                           .gcc_unit_alignment = {1, 2, 4, 8, 16},
                           .size_max = LARGEST_64},
    [MR_TARGET_S390X] = {.gcc_largest_alignment = 8,
                         .gcc_unit_alignment = {1, 2, 4, 8, 8},
                         .size_max = LARGEST_64},
    [MR_TARGET_WINDOWS_X64] = {.is_windows = true, .size_max = LARGEST_64}};

/* This machine, from its compiler: headers of the same target name different types. */

#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 native_int128;
#endif
typedef float native_float_complex[2];
typedef double native_double_complex[2];
typedef long double native_long_double_complex[2];

/* Inside structs, where some compilers align less than outside. */
#define NATIVE_BASIC(TYPE)                         \
  {                                                \
    sizeof(TYPE), alignof(struct { TYPE member; }) \
  }

#define IS_SIGNED(TYPE) ((TYPE)-1 < (TYPE)1)

/* clang-format off */
#define BASIC_OF(TYPE)                                                                 \
  _Generic((TYPE)0, signed char: MR_BASIC_CHAR, unsigned char: MR_BASIC_CHAR,          \
           short: MR_BASIC_SHORT, unsigned short: MR_BASIC_SHORT,                      \
           int: MR_BASIC_INT, unsigned: MR_BASIC_INT,                                  \
           long: MR_BASIC_LONG, unsigned long: MR_BASIC_LONG, default: MR_BASIC_LONG_LONG)
/* clang-format on */

#if LDBL_MANT_DIG == DBL_MANT_DIG
#define NATIVE_LONG_DOUBLE MR_LONG_DOUBLE_IS_DOUBLE
#elif LDBL_MANT_DIG == 64 && (defined(__i386__) || defined(__x86_64__))
#define NATIVE_LONG_DOUBLE MR_LONG_DOUBLE_IS_X87
#elif LDBL_MANT_DIG == 113
#define NATIVE_LONG_DOUBLE MR_LONG_DOUBLE_IS_QUAD
#else
#define NATIVE_LONG_DOUBLE MR_LONG_DOUBLE_IS_OTHER
#endif

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define NATIVE_ORDER MR_BIG_ENDIAN
#else
#define NATIVE_ORDER MR_LITTLE_ENDIAN
#endif

#ifdef _WIN32
#define IS_WINDOWS true
#else
#define IS_WINDOWS false
#endif

#if defined(_MSC_VER) && defined(_M_X64) && !defined(_M_ARM64EC)
#define NATIVE_TARGET MR_TARGET_WINDOWS_X64
#elif defined(__x86_64__) && !defined(__ILP32__) && !defined(__APPLE__) && !defined(_WIN32) && \
    !defined(__CYGWIN__) && !defined(__ANDROID__)
#define NATIVE_TARGET MR_TARGET_X86_64
#elif defined(__i386__) && defined(__linux__) && !defined(__ANDROID__)
#define NATIVE_TARGET MR_TARGET_I386
#elif defined(__aarch64__) && !defined(__AARCH64EB__) && !defined(__ILP32__) && defined(__linux__)
#define NATIVE_TARGET MR_TARGET_AARCH64
#elif defined(__arm__) && defined(__ARM_EABI__) && !defined(__ARMEB__) && defined(__linux__)
#define NATIVE_TARGET MR_TARGET_ARM
#elif defined(__riscv) && __riscv_xlen == 64 && defined(__linux__)
#define NATIVE_TARGET MR_TARGET_RISCV64
#elif defined(__s390x__) && defined(__linux__)
#define NATIVE_TARGET MR_TARGET_S390X
#else
#define NATIVE_TARGET MR_TARGET_NATIVE
#endif

static const mr_target_traits traits_of_this_machine = {
    .order = NATIVE_ORDER,
    .long_double_format = NATIVE_LONG_DOUBLE,
    .is_char_signed = CHAR_MIN < 0,
    .is_enum_always_int = IS_WINDOWS,
    .basic = {[MR_BASIC_BOOL] = NATIVE_BASIC(bool),
              [MR_BASIC_CHAR] = NATIVE_BASIC(char),
              [MR_BASIC_SHORT] = NATIVE_BASIC(short),
              [MR_BASIC_INT] = NATIVE_BASIC(int),
              [MR_BASIC_LONG] = NATIVE_BASIC(long),
              [MR_BASIC_LONG_LONG] = NATIVE_BASIC(long long),
#ifdef __SIZEOF_INT128__
              [MR_BASIC_INT128] = NATIVE_BASIC(native_int128),
#endif
              [MR_BASIC_FLOAT] = NATIVE_BASIC(float),
              [MR_BASIC_DOUBLE] = NATIVE_BASIC(double),
              [MR_BASIC_LONG_DOUBLE] = NATIVE_BASIC(long double),
              [MR_BASIC_FLOAT_COMPLEX] = NATIVE_BASIC(native_float_complex),
              [MR_BASIC_DOUBLE_COMPLEX] = NATIVE_BASIC(native_double_complex),
              [MR_BASIC_LONG_DOUBLE_COMPLEX] = NATIVE_BASIC(native_long_double_complex),
              [MR_BASIC_POINTER] = NATIVE_BASIC(void *)},
    .size_basic = BASIC_OF(size_t),
    .int64_basic = BASIC_OF(int64_t),
    .intmax_basic = BASIC_OF(intmax_t),
    .fast16_basic = BASIC_OF(int_fast16_t),
    .fast32_basic = BASIC_OF(int_fast32_t),
    .fast64_basic = BASIC_OF(int_fast64_t),
    .wchar = {BASIC_OF(wchar_t), IS_SIGNED(wchar_t)},
    .wint = {BASIC_OF(wint_t), IS_SIGNED(wint_t)},
    .attribute_alignment = NATIVE_TARGET == MR_TARGET_I386 ? 16 : alignof(max_align_t),
    .vector_alignment_max = NATIVE_TARGET == MR_TARGET_ARM       ? 8
                            : NATIVE_TARGET == MR_TARGET_AARCH64 ? 16
                                                                 : SIZE_MAX,
    .doubtful_vector_min = NATIVE_TARGET == MR_TARGET_I386    ? 8
                           : NATIVE_TARGET == MR_TARGET_S390X ? 16
                                                              : 0,
    .doubtful_vector_max = NATIVE_TARGET == MR_TARGET_I386    ? 8
                           : NATIVE_TARGET == MR_TARGET_S390X ? SIZE_MAX
                                                              : 0,
    .atomic_alignment_max = sizeof(long) == 8 && NATIVE_TARGET != MR_TARGET_S390X ? 16 : 8,
    .clang_int128_alignment = NATIVE_TARGET == MR_TARGET_S390X ? 16 : 0,
    .empty_struct_size = IS_WINDOWS ? 4 : 0,
    .size_max = PTRDIFF_MAX};

/* For machines that are none of the targets: the rule of most. */
static const mr_layout_rule rule_of_this_machine = {
    .is_windows = IS_WINDOWS,
    .gcc_largest_alignment = alignof(max_align_t),
    .gcc_unit_alignment = {1, 2, 4, 8, sizeof(long) == 8 ? 16 : 0},
    .size_max = PTRDIFF_MAX};

static bool is_target(mr_target target) {
  return (unsigned)target <= (unsigned)MR_TARGET_WINDOWS_X64;
}

const mr_target_traits *mr_target_traits_of(mr_target target) {
  if (target == MR_TARGET_NATIVE) return &traits_of_this_machine;
  return is_target(target) ? &traits_of_targets[target] : NULL;
}

const mr_layout_rule *mr_layout_rule_of(mr_target target) {
  if (target == MR_TARGET_NATIVE) target = mr_target_native();
  if (target == MR_TARGET_NATIVE) return &rule_of_this_machine;
  return is_target(target) ? &rules_of_targets[target] : NULL;
}

mr_target mr_target_native(void) { return NATIVE_TARGET; }

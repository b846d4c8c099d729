#ifndef MEMREGIONS_TARGET_H
#define MEMREGIONS_TARGET_H

/*
 * Targets: the machine and convention for which C lays types out.
 *
 * Threads: everything here may be called from any thread.
 */

#include <stdbool.h>

#include <memregions/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Whose layout it is. Values never change between releases; new ones are added at the end. */
typedef enum mr_target {
  /** This machine, as the compiler of this library lays types out. */
  MR_TARGET_NATIVE = 0,
  /** System V on x86-64, with 64-bit pointers: Linux, the BSDs. */
  MR_TARGET_X86_64 = 1,
  /** System V on i386: Linux. */
  MR_TARGET_I386 = 2,
  /** 64-bit ARM, little-endian: Linux. */
  MR_TARGET_AARCH64 = 3,
  /** 32-bit ARM, little-endian, with the EABI: Linux. Floats in registers or not: layout is one. */
  MR_TARGET_ARM = 4,
  /** 64-bit RISC-V: Linux. */
  MR_TARGET_RISCV64 = 5,
  /** 64-bit IBM Z, big-endian: Linux. */
  MR_TARGET_S390X = 6,
  /** Windows on x86-64, as Microsoft's compiler lays types out. */
  MR_TARGET_WINDOWS_X64 = 7
} mr_target;

/** The name of a target: "x86_64", "i386", "aarch64", "arm", "riscv64", "s390x", "windows-x64".
 *
 * @return static text; for MR_TARGET_NATIVE the name of mr_target_native; null where it has none
 */
MR_API const char *mr_target_name(mr_target target);

/** Finds a target by its name.
 *
 * Taken are the names above, "native", other usual names ("amd64", "i686", "arm64", "armhf", "win64") and the triples of
 * compilers ("i686-pc-linux-gnu", "x86_64-pc-windows-msvc"). Case does not count, and `-` is as good as `_`.
 *
 * @param name      may be null, which names none
 * @param[out] out  untouched on failure
 * @return          whether there is such a target
 */
MR_API bool mr_target_find(const char *name, mr_target *out);

/** Which of the targets this machine is; MR_TARGET_NATIVE where it is none of them. */
MR_API mr_target mr_target_native(void);

#ifdef __cplusplus
}
#endif
#endif

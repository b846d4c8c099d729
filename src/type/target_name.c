#include <string.h>

#include "memregions/target.h"

/* What a name is compared in: lower case, with `-` for `_`. Longer ones are no target's. */
#define NAME_MAX_LENGTH 63

typedef struct target_name {
  const char *text;
  mr_target target;
} target_name;

/* A name that starts another, up to a `-`, comes after it. */
static const target_name names[] = {
    {"x86-64", MR_TARGET_X86_64},       {"amd64", MR_TARGET_X86_64},
    {"x64", MR_TARGET_X86_64},          {"i386", MR_TARGET_I386},
    {"i486", MR_TARGET_I386},           {"i586", MR_TARGET_I386},
    {"i686", MR_TARGET_I386},           {"x86", MR_TARGET_I386},
    {"ia32", MR_TARGET_I386},           {"aarch64", MR_TARGET_AARCH64},
    {"arm64", MR_TARGET_AARCH64},       {"arm", MR_TARGET_ARM},
    {"armhf", MR_TARGET_ARM},           {"armel", MR_TARGET_ARM},
    {"armv6", MR_TARGET_ARM},           {"armv6l", MR_TARGET_ARM},
    {"armv7", MR_TARGET_ARM},           {"armv7a", MR_TARGET_ARM},
    {"armv7l", MR_TARGET_ARM},          {"armv8l", MR_TARGET_ARM},
    {"riscv64", MR_TARGET_RISCV64},     {"riscv64gc", MR_TARGET_RISCV64},
    {"s390x", MR_TARGET_S390X},         {"windows-x64", MR_TARGET_WINDOWS_X64},
    {"windows", MR_TARGET_WINDOWS_X64}, {"win64", MR_TARGET_WINDOWS_X64},
    {"msvc", MR_TARGET_WINDOWS_X64},    {"native", MR_TARGET_NATIVE}};

const char *mr_target_name(mr_target target) {
  static const char *const own[] = {NULL,  "x86_64",  "i386",  "aarch64",
                                    "arm", "riscv64", "s390x", "windows-x64"};
  if (target == MR_TARGET_NATIVE) target = mr_target_native();
  return (size_t)target < sizeof own / sizeof *own ? own[target] : NULL;
}

/* False where it is too long. */
static bool normalize(const char *name, char text[NAME_MAX_LENGTH + 1]) {
  size_t length = strlen(name);
  if (length > NAME_MAX_LENGTH) return false;
  for (size_t i = 0; i <= length; i++) {
    bool is_upper = name[i] >= 'A' && name[i] <= 'Z';
    text[i] = name[i];
    if (is_upper) text[i] = (char)(name[i] - 'A' + 'a');
    if (name[i] == '_') text[i] = '-';
  }
  return true;
}

/* Finds the name that `text` starts with, at its end or before a `-`. */
static const target_name *find_start(const char *text) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t length = strlen(names[i].text);
    if (strncmp(text, names[i].text, length) != 0) continue;
    if (text[length] == '\0' || text[length] == '-') return &names[i];
  }
  return NULL;
}

static bool has_word(const char *text, const char *word) { return strstr(text, word) != NULL; }

/* The rest of a triple, from `-` on: whether the layout is that of the processor's target. Big-endian ARM, pointers of 32
 * bits on a 64-bit machine, and Android's long double make it another. */
static bool is_usual_system(mr_target target, const char *system) {
  if (target == MR_TARGET_NATIVE || target == MR_TARGET_WINDOWS_X64) return false;
  if (strncmp(system, "-be-", 4) == 0) return false;
  if (has_word(system, "x32") || has_word(system, "ilp32") || has_word(system, "android")) {
    return false;
  }
  if (target == MR_TARGET_X86_64 && has_word(system, "bsd")) return true;
  if (target == MR_TARGET_ARM && !has_word(system, "eabi")) return false;
  return has_word(system, "linux");
}

bool mr_target_find(const char *name, mr_target *out) {
  char text[NAME_MAX_LENGTH + 1];
  if (!name || !normalize(name, text)) return false;
  const target_name *start = find_start(text);
  if (!start) return false;
  const char *system = text + strlen(start->text);
  mr_target target = start->target;
  if (*system != '\0') {
    if (target == MR_TARGET_X86_64 && has_word(system, "windows-msvc")) {
      target = MR_TARGET_WINDOWS_X64;
    } else if (!is_usual_system(target, system)) {
      return false;
    }
  }
  *out = target;
  return true;
}

#include "source_text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench.h"

typedef struct writer {
  FILE *file;
  size_t lines;
  /** Structs and enums so far. */
  size_t structs;
  size_t enums;
  uint64_t random;
} writer;

/* Of the members of a struct, each has another second word. */
static const char *const first_words[] = {"max",  "page", "user",  "last",   "local", "remote",
                                          "next", "io",   "cache", "device", "table", "net"};
static const char *const second_words[] = {
    "size",   "flags", "count", "offset", "state",  "mode",   "length", "index", "owner", "limit",
    "time",   "key",   "value", "name",   "bits",   "id",     "start",  "end",   "rate",  "version",
    "parent", "data",  "mask",  "level",  "cookie", "handle", "refs",   "order", "stamp", "queue"};
static const char *const scalars[] = {
    "int",      "unsigned",      "char",  "long",     "uint32_t", "short",  "double",
    "uint64_t", "unsigned char", "float", "uint16_t", "uint8_t",  "int64_t"};

/* xorshift64*, of Sebastiano Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
static unsigned below(writer *now, unsigned limit) {
  now->random ^= now->random >> 12;
  now->random ^= now->random << 25;
  now->random ^= now->random >> 27;
  return (unsigned)((now->random * UINT64_C(2685821657736338717)) >> 32) % limit;
}

#define ANY(now, words) ((words)[below(now, (unsigned)BENCH_COUNT(words))])

__attribute__((format(printf, 2, 3))) static void put(writer *now, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(now->file, format, arguments);
  va_end(arguments);
}

static void end_line(writer *now) {
  put(now, "\n");
  now->lines++;
}

static void put_name(writer *now, size_t member) {
  put(now, "%s_%s", ANY(now, first_words), second_words[member % BENCH_COUNT(second_words)]);
}

/* Every fourth struct has no others in it, and only these stand in others: they don't grow beyond bounds. */
static size_t any_simple_struct(writer *now) {
  return below(now, (unsigned)(now->structs / 4 + 1)) * (size_t)4;
}

static void put_union(writer *now, size_t member) {
  put(now, "union {");
  end_line(now);
  put(now, "    %s ", ANY(now, scalars));
  put_name(now, member + 20);
  put(now, ";");
  end_line(now);
  put(now, "    void *");
  put_name(now, member + 21);
  put(now, ";");
  end_line(now);
  put(now, "  } ");
  put_name(now, member);
}

static void put_array(writer *now, size_t member) {
  put(now, "%s ", ANY(now, scalars));
  put_name(now, member);
  if (below(now, 4) == 0) put(now, "[%u]", 1 + below(now, 4));
  put(now, "[%u]", 1 + below(now, 64));
}

static void put_function(writer *now, size_t member) {
  put(now, "int (*");
  put_name(now, member);
  put(now, ")(struct entry_%zu *self, const char *name, size_t length)", now->structs);
}

static void put_bit_field(writer *now, size_t member) {
  put(now, "unsigned ");
  put_name(now, member);
  put(now, " : %u", 1 + below(now, 31));
}

static void put_scalar(writer *now, size_t member) {
  put(now, "%s ", ANY(now, scalars));
  put_name(now, member);
}

static void put_pointer(writer *now, size_t member) {
  if (below(now, 2) == 0) {
    put(now, "const char *");
  } else {
    put(now, "struct entry_%u *", below(now, (unsigned)now->structs + 1));
  }
  put_name(now, member);
}

static void put_nested(writer *now, size_t member) {
  size_t nested = any_simple_struct(now);
  if (now->structs % 4 == 0) {
    put_scalar(now, member);
    return;
  }
  put(now, below(now, 2) == 0 ? "struct entry_%zu " : "entry_%zu_t ", nested);
  put_name(now, member);
}

static void put_enum_member(writer *now, size_t member) {
  if (now->enums == 0) {
    put_scalar(now, member);
    return;
  }
  put(now, "enum state_%u ", below(now, (unsigned)now->enums));
  put_name(now, member);
}

static void put_member(writer *now, size_t member) {
  static void (*const sorts[])(writer *, size_t) = {
      put_scalar,  put_scalar,   put_scalar,      put_scalar,    put_scalar,
      put_scalar,  put_scalar,   put_scalar,      put_pointer,   put_pointer,
      put_pointer, put_array,    put_array,       put_bit_field, put_bit_field,
      put_nested,  put_function, put_enum_member, put_union};
  put(now, "  ");
  ANY(now, sorts)(now, member);
  put(now, ";");
  if (below(now, 6) == 0) put(now, "  /* in units of %s */", ANY(now, second_words));
  end_line(now);
}

static void put_struct(writer *now) {
  size_t number = now->structs;
  size_t members = 3 + below(now, 18);
  put(now, "/* What is known of a %s: kept as long as its %s. */", ANY(now, first_words),
      ANY(now, second_words));
  end_line(now);
  put(now, "struct entry_%zu {", number);
  end_line(now);
  for (size_t i = 0; i < members; i++) put_member(now, i);
  put(now, "};");
  end_line(now);
  put(now, "typedef struct entry_%zu entry_%zu_t;", number, number);
  end_line(now);
  now->structs++;
}

static void put_enum(writer *now) {
  size_t names = 2 + below(now, 6);
  put(now, "enum state_%zu {", now->enums);
  end_line(now);
  for (size_t i = 0; i < names; i++) {
    put(now, "  STATE_%zu_%zu", now->enums, i);
    if (below(now, 3) == 0) put(now, " = 1 << %zu", i);
    put(now, ",");
    end_line(now);
  }
  put(now, "};");
  end_line(now);
  now->enums++;
}

static void put_prototype(writer *now) {
  put(now, "extern int entry_find_%zu(const struct entry_%zu *in, size_t index);  // or -1",
      now->lines, now->structs - 1);
  end_line(now);
}

void source_text_write(FILE *file, size_t lines) {
  /* More than the longest struct has, whose members are unions. */
  enum { LONGEST = 128 };
  writer now = {.file = file, .random = 1};
  put(&now, "typedef unsigned char uint8_t;\ntypedef unsigned short uint16_t;\n");
  put(&now, "typedef unsigned int uint32_t;\ntypedef unsigned long uint64_t;\n");
  put(&now, "typedef long int64_t;\ntypedef unsigned long size_t;\n");
  now.lines = 6;
  while (now.lines + LONGEST < lines) {
    put_struct(&now);
    if (below(&now, 3) == 0) put_enum(&now);
    if (below(&now, 2) == 0) put_prototype(&now);
  }
  while (now.lines < lines) put_prototype(&now);
}

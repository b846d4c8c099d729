#define _POSIX_C_SOURCE 200809L

#include <memregions/type.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "described_type.h"
#include "support.h"

/*
 * The layout rule against a C compiler (TEST_CC), over random types: each is written as C, and as described_type
 * reads it; a program tells size, alignment and offsets of all. In the environment, MEMREGIONS_TEST_SEED and
 * MEMREGIONS_TEST_TYPES ask for others, and more.
 */

enum { MEMBERS_MAX = 6, DEPTH_MAX = 3, TEXT_SIZE = 8192, TYPES = 300 };

typedef struct text {
  char start[TEXT_SIZE];
  size_t length;
} text;

typedef struct generator {
  uint64_t state;
  /** The C program, and the number of typedefs in it: t0, t1, t2 ... */
  FILE *program;
  unsigned types;
} generator;

static MR_PRINTF(2, 3) void append(text *to, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(to->start + to->length, TEXT_SIZE - to->length, format, arguments);
  va_end(arguments);
  assert_true(length >= 0 && (size_t)length < TEXT_SIZE - to->length);
  to->length += (size_t)length;
}

static unsigned chance(generator *from, unsigned below) {
  from->state = from->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)(from->state >> 33) % below;
}

/* An alignment, in one of `times` cases; else 0. */
static unsigned maybe_alignment(generator *from, unsigned times) {
  return chance(from, times) == 0 ? 1U << chance(from, 6) : 0;
}

static unsigned generate_aggregate(generator *from, unsigned depth, text *description);

static unsigned generate_scalar(generator *from, text *description) {
  static const struct {
    char letter;
    const char *name;
  } scalars[] = {{'b', "_Bool"},
                 {'c', "signed char"},
                 {'C', "unsigned char"},
                 {'s', "short"},
                 {'S', "unsigned short"},
                 {'i', "int"},
                 {'I', "unsigned"},
                 {'l', "long long"},
                 {'L', "unsigned long long"},
                 {'q', "__int128"},
                 {'Q', "unsigned __int128"},
                 {'f', "float"},
                 {'d', "double"},
                 {'e', "long double"},
                 {'x', "float _Complex"},
                 {'y', "double _Complex"},
                 {'z', "long double _Complex"},
                 {'p', "void *"}};
  unsigned chosen = chance(from, sizeof scalars / sizeof *scalars);
  append(description, "%c", scalars[chosen].letter);
  fprintf(from->program, "typedef %s t%u;\n", scalars[chosen].name, from->types);
  return from->types++;
}

static unsigned generate_array(generator *from, unsigned depth, text *description) {
  unsigned count = chance(from, 5);
  append(description, "[%u]", count);
  unsigned element = generate_aggregate(from, depth, description);
  fprintf(from->program, "typedef t%u t%u[%u];\n", element, from->types, count);
  return from->types++;
}

static unsigned generate_realigned(generator *from, unsigned depth, text *description) {
  unsigned alignment = 1U << chance(from, 6);
  append(description, "~%u:", alignment);
  unsigned type = chance(from, 2) ? generate_aggregate(from, depth, description)
                                  : generate_scalar(from, description);
  fprintf(from->program, "typedef t%u t%u __attribute__((aligned(%u)));\n", type, from->types,
          alignment);
  return from->types++;
}

/* Writes typedefs, and returns the number of the last. */
static unsigned generate(generator *from, unsigned depth, text *description) {
  unsigned form = depth > 0 ? chance(from, 10) : 9;
  if (form < 3) return generate_aggregate(from, depth - 1, description);
  if (form == 3) return generate_array(from, depth - 1, description);
  if (form == 4) return generate_realigned(from, depth - 1, description);
  return generate_scalar(from, description);
}

static void generate_member(generator *from, unsigned depth, unsigned index, text *description,
                            text *body) {
  bool is_packed = chance(from, 8) == 0;
  unsigned alignment = maybe_alignment(from, 8);
  if (is_packed) append(description, "!");
  if (alignment) append(description, "@%u:", alignment);
  unsigned type = generate(from, depth, description);
  append(body, "t%u m%u", type, index);
  if (is_packed) append(body, " __attribute__((packed))");
  if (alignment) append(body, " __attribute__((aligned(%u)))", alignment);
  append(body, "; ");
}

static unsigned generate_aggregate(generator *from, unsigned depth, text *description) {
  text body = {"", 0};
  bool is_union = chance(from, 4) == 0;
  bool is_packed = chance(from, 5) == 0;
  unsigned alignment = maybe_alignment(from, 6);
  unsigned pack = chance(from, 4) == 0 ? 1U << chance(from, 5) : 0;
  append(description, "%s%s", is_union ? "<" : "{", is_packed ? "P" : "");
  if (alignment) append(description, "A%u", alignment);
  if (pack) append(description, "K%u", pack);
  if (is_packed || alignment || pack) append(description, ";");
  unsigned count = chance(from, MEMBERS_MAX + 1);
  for (unsigned i = 0; i < count; i++) generate_member(from, depth, i, description, &body);
  append(description, "%s", is_union ? ">" : "}");

  if (pack) fprintf(from->program, "#pragma pack(push, %u)\n", pack);
  fprintf(from->program, "typedef %s ", is_union ? "union" : "struct");
  if (is_packed) fprintf(from->program, "__attribute__((packed)) ");
  if (alignment) fprintf(from->program, "__attribute__((aligned(%u))) ", alignment);
  fprintf(from->program, "{ %s} t%u;\n", body.start, from->types);
  if (pack) fprintf(from->program, "#pragma pack(pop)\n");
  return from->types++;
}

/* A function of the program that tells a type's layout, in a line. */
static void write_question(FILE *program, unsigned function, unsigned type, size_t members) {
  fprintf(program,
          "static void tell%u(void) {\n  printf(\"%%zu %%zu\", sizeof(t%u), _Alignof(t%u));\n",
          function, type, type);
  for (size_t i = 0; i < members; i++) {
    fprintf(program, "  printf(\" %%zu\", __builtin_offsetof(t%u, m%zu));\n", type, i);
  }
  fprintf(program, "  puts(\"\");\n}\n");
}

static void check_answer(FILE *answers, const char *description) {
  const mr_type *type = described_type(NULL, description);
  size_t size, alignment;
  assert_int_equal(fscanf(answers, "%zu %zu", &size, &alignment), 2);
  if (mr_type_size(type) != size || mr_type_alignment(type) != alignment) {
    fail_msg("%s: %zu, %zu instead of %zu, %zu", description, mr_type_size(type),
             mr_type_alignment(type), size, alignment);
  }
  for (size_t i = 0; i < mr_type_count(type); i++) {
    mr_member member;
    size_t offset;
    assert_int_equal(mr_type_member(type, i, &member), MR_OK);
    assert_int_equal(fscanf(answers, "%zu", &offset), 1);
    if (member.offset != offset) {
      fail_msg("%s: m%zu at %zu instead of %zu", description, i, member.offset, offset);
    }
  }
  mr_type_release(type);
}

static unsigned long long from_environment(const char *name, unsigned long long usual) {
  const char *value = getenv(name);
  return value ? strtoull(value, NULL, 10) : usual;
}

static void write_program(generator *from, text *descriptions, unsigned count) {
  fputs("#include <stdio.h>\n", from->program);
  for (unsigned i = 0; i < count; i++) {
    unsigned number = generate_aggregate(from, DEPTH_MAX, &descriptions[i]);
    const mr_type *type = described_type(NULL, descriptions[i].start);
    write_question(from->program, i, number, mr_type_count(type));
    mr_type_release(type);
  }
  fputs("int main(void) {\n", from->program);
  for (unsigned i = 0; i < count; i++) fprintf(from->program, "  tell%u();\n", i);
  fputs("}\n", from->program);
}

static void random_types_are_laid_out_as_the_compiler_does(void **state) {
  (void)state;
  char folder[] = "/tmp/memregions-layout-XXXXXX";
  char path[sizeof folder + 16];
  char command[256];
  unsigned count = (unsigned)from_environment("MEMREGIONS_TEST_TYPES", TYPES);
  text *descriptions = calloc(count, sizeof *descriptions);
  assert_non_null(descriptions);
  assert_non_null(mkdtemp(folder));

  snprintf(path, sizeof path, "%s/layout.c", folder);
  generator from = {from_environment("MEMREGIONS_TEST_SEED", 1), fopen(path, "w"), 0};
  assert_non_null(from.program);
  write_program(&from, descriptions, count);
  assert_int_equal(fclose(from.program), 0);

  snprintf(command, sizeof command, "cd %s && %s -std=gnu11 -w -o layout layout.c && ./layout",
           folder, TEST_CC);
  FILE *answers = popen(command, "r");
  assert_non_null(answers);
  for (unsigned i = 0; i < count; i++) check_answer(answers, descriptions[i].start);
  assert_int_equal(pclose(answers), 0);

  snprintf(command, sizeof command, "rm -r %s", folder);
  assert_int_equal(system(command), 0);
  free(descriptions);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_types_are_laid_out_as_the_compiler_does),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

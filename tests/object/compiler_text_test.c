/* Initialisers mean the same to the compiler: those that people write, and those that are printed. */

/* mkdtemp is POSIX's. */
#define _XOPEN_SOURCE 700

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <memregions/declarations.h>
#include <memregions/object_copy.h>
#include <memregions/object_text.h>

#include "support.h"

#define PRELUDE                                                                          \
  "#include <complex.h>\n#include <math.h>\n#include <stdbool.h>\n#include <stddef.h>\n" \
  "#include <stdint.h>\n#include <stdio.h>\n"                                            \
  "#ifndef CMPLX\n#define CMPLX(r, i) __builtin_complex((double)(r), (double)(i))\n#endif\n"

/* What struct sample has, and an initialiser of it. */
typedef struct sample {
  const char *members;
  const char *text;
} sample;

static const sample samples[] = {
    {"int a; struct { short x, y; } p; struct { short x, y; } q[2]; int z;",
     "{1, 2, 3, 4, 5, 6, 7, 8}"},
    {"int a; struct { short x, y; } p; struct { short x, y; } q[2]; int z;",
     "{1, {2}, {{3}, 4, 5}, 6}"},
    {"int a; struct { short x, y; } p; struct { short x, y; } q[2]; int z;",
     "{.q[1].y = 7, 8, .a = 1, 2, .p.y = 9, 3, 4}"},
    {"int a; struct { short x, y; } p; struct { short x, y; } q[2]; int z;",
     "{.p = {1, 2}, .p = {.y = 3}, .q = {[1] = {4}, [0].y = 5}}"},
    {"int a[2][3]; char b[3][4];", "{1, 2, 3, 4, 5, 6, {\"ab\", \"cdef\", {'g', 104}}}"},
    {"int a[2][3]; char b[3][4];", "{{{1}, 2, 3}, \"x\", \"y\"}"},
    {"int a[2][3]; char b[3][4];",
     "{{[1] = {[2] = 7}, [0][1] = 5, 6, 7}, {{\"ab\"}, \"\\0\" \"c\"}}"},
    {"int x; union { int u; char c[8]; }; struct { int m; struct { int n; }; }; int y;",
     "{1, {2}, {3, {4}}, 5}"},
    {"int x; union { int u; char c[8]; }; struct { int m; struct { int n; }; }; int y;",
     "{1, 2, 3, 4, 5}"},
    {"int x; union { int u; char c[8]; }; struct { int m; struct { int n; }; }; int y;",
     "{.n = 4, 5, .c = \"text\", .m = 3, .x = 1}"},
    {"unsigned a : 3; int : 5; int b : 7; unsigned : 0; unsigned char c : 4, d : 4; long long e : "
     "40;",
     "{5, -64, 9, 10, -549755813888}"},
    {"enum color { RED, GREEN = 5, BLUE } c[3]; enum color d : 4; bool yes;",
     "{{GREEN, BLUE, RED}, GREEN | 2, true}"},
    {"float f[4]; double d[4]; long double l[2]; double _Complex z;",
     "{{0.1f, 16777217, -1e-45f, INFINITY}, {0.1, 0x1.8p3, -.5, 1e308}, {2.5L, -0.0L}, "
     "CMPLX(1, -0.5)}"},
    {"void *p, *q; int (*f)(void); const char *const s;",
     "{(void *)0x1000, NULL, (void *)0, (char *)-1}"},
    {"unsigned u[6]; long long l[4];",
     "{{~0u, 1u << 31, 0xffu & ~0x0fu, (1 + 2) * 3 % 4, '\\377' & 0xff, 'a'}, "
     "{-9223372036854775807 - 1, -7 / 2, -7 % 2, 7 ^ 1 | 8}}"},
    {"char a[40]; signed char b[4]; unsigned char c[6];",
     "{\"\\a\\x41\" \"B\\1012?\\?=\\\"\\\\\" u8\"\\u00e9\\U0001F600\", \"abcd\", \"\\377\\n\"}"},
    {"int a[8]; struct { char x, y[2]; } s[3];",
     "{{[1 ... 3] = 7, 8, [6] = 9}, {[0 ... 1] = {1, {2}}, 3, [2].y[1] = 4}}"},
    {"unsigned char a : 3, b : 3; struct { int c : 20, d : 20; } __attribute__((packed)) p[2]; "
     "char e;",
     "{1, 2, {{-3, 4}, 5, -6}, 7}"},
    {"struct { int a[2]; } s[2]; int t;", "{{{{1, 2}}, {{3}}}, 4}"},
    {"struct { int a[2]; } s[2]; int t;", "{1, 2, 3, .t = 4, }"},
};

enum { SAMPLES = sizeof samples / sizeof *samples, ROOM = 256, PATH_SIZE = 1024 };

typedef struct reading {
  const mr_type *type;
  mr_object object;
  MR_ALIGNAS(16) unsigned char octets[ROOM];
  char printed[2048];
} reading;

static const mr_type *declared(const char *members) {
  char text[512];
  mr_declarations *declarations = NULL;
  const mr_type *type = NULL;
  mr_condition condition = {0};
  int length = snprintf(text, sizeof text, "struct sample { %s };", members);
  assert_int_equal(mr_declarations_create(NULL, NULL, &declarations), MR_OK);
  if (mr_declarations_read(declarations, mr_view_of(text, (size_t)length), &condition) != MR_OK) {
    fail_msg("%s: %s", members, condition.message);
  }
  assert_int_equal(mr_declarations_find(declarations, "struct sample", &type, NULL), MR_OK);
  mr_declarations_destroy(declarations);
  return type;
}

static void read_sample(const sample *from, reading *to) {
  mr_condition condition = {0};
  mr_text printed = mr_text_of(to->printed, sizeof to->printed);
  to->type = declared(from->members);
  memset(to->octets, 0xa5, sizeof to->octets);
  assert_int_equal(mr_object_of_region(mr_region_of(to->octets, ROOM), to->type, &to->object),
                   MR_OK);
  if (mr_object_read_text(to->object, mr_view_of(from->text, strlen(from->text)), 0, &condition) !=
      MR_OK) {
    fail_msg("%s: %u: %s", from->text, (unsigned)condition.column, condition.message);
  }
  assert_int_equal(mr_object_print(to->object, NULL, mr_text_write, &printed), MR_OK);
}

/* Each sample in a block of its own, so that names may come again. */
static void write_program(const char *path, const reading *readings) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(PRELUDE "int main(void) {\n", file);
  for (size_t i = 0; i < SAMPLES; i++) {
    fprintf(
        file,
        "{ struct sample { %s }; static struct sample written = %s, printed = %s;\n"
        "fwrite(&written, sizeof written, 1, stdout); fwrite(&printed, sizeof printed, 1, stdout); "
        "}\n",
        samples[i].members, samples[i].text, readings[i].printed);
  }
  fputs("return 0; }\n", file);
  assert_int_equal(fclose(file), 0);
}

static void assert_next_is(FILE *output, const reading *expected, const char *text) {
  MR_ALIGNAS(16) unsigned char octets[ROOM];
  size_t size = expected->object.size;
  mr_object compiled = {0};
  bool is_equal = false;
  char buffer[64];
  mr_text path = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(fread(octets, 1, size, output), size);
  assert_int_equal(mr_object_of_region(mr_region_of(octets, size), expected->type, &compiled),
                   MR_OK);
  assert_int_equal(mr_object_difference(expected->object, compiled, &is_equal, &path), MR_OK);
  if (!is_equal) fail_msg("%s: %s", text, buffer);
}

static void the_compiler_reads_the_same(void **state) {
  static reading readings[SAMPLES];
  const char *folder = *state;
  char source[PATH_SIZE];
  char program[PATH_SIZE];
  char command[4 * PATH_SIZE];
  for (size_t i = 0; i < SAMPLES; i++) read_sample(&samples[i], &readings[i]);
  snprintf(source, sizeof source, "%s/program.c", folder);
  snprintf(program, sizeof program, "%s/program", folder);
  write_program(source, readings);
  snprintf(command, sizeof command, COMPILER " -std=gnu11 -w '%s' -o '%s' && '%s'", source, program,
           program);
  FILE *output = popen(command, "r");
  assert_non_null(output);
  for (size_t i = 0; i < SAMPLES; i++) {
    assert_next_is(output, &readings[i], samples[i].text);
    assert_next_is(output, &readings[i], readings[i].printed);
  }
  assert_int_equal(fgetc(output), EOF);
  assert_int_equal(pclose(output), 0);
  for (size_t i = 0; i < SAMPLES; i++) mr_type_release(readings[i].type);
}

/* A folder of its own, which goes even where the test fails. */
static int open_folder(void **state) {
  static char folder[PATH_SIZE - 16];
  const char *parent = getenv("TMPDIR");
  if (!parent || !*parent) parent = "/tmp";
  int length = snprintf(folder, sizeof folder, "%s/memregions-text-XXXXXX", parent);
  if (length < 0 || (size_t)length >= sizeof folder || !mkdtemp(folder)) return -1;
  *state = folder;
  return 0;
}

static int close_folder(void **state) {
  const char *folder = *state;
  char path[PATH_SIZE];
  /* Not there where the test ended early. */
  snprintf(path, sizeof path, "%s/program.c", folder);
  (void)unlink(path);
  snprintf(path, sizeof path, "%s/program", folder);
  (void)unlink(path);
  return rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_compiler_reads_the_same, open_folder, close_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <memregions/declarations.h>
#include <memregions/ffi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "random_c_type.h"
#include "support.h"

/*
 * Values of random types, passed through libffi both ways: to functions that a C compiler made, and from them to
 * closures. Each type is one text, which the compiler compiles and mr_declarations_read reads. Compiled code sets
 * and compares the members, so padding never counts.
 *
 * Compilers are TEST_CC, and TEST_OTHER_CC where that is not empty; MAY_MISREAD is whether their functions may read
 * arguments from where the other has put none. In the environment, MEMREGIONS_TEST_SEED and
 * MEMREGIONS_TEST_TYPES ask for other types, and more.
 */

enum { TYPES = 400, ARGUMENTS_MAX = 12 };
enum { RESULT_SALT = 77 };

typedef struct subject {
  c_type c;
  /** Of each argument, as in argument_types; `t` is the type itself. */
  char arguments[ARGUMENTS_MAX + 1];
  const mr_type *type;
  /** Null where it is refused. */
  ffi_type *ffi;
} subject;

/* Arguments. */

static const struct {
  char letter;
  const char *name;
  ffi_type *ffi;
} argument_types[] = {{'i', "int", &ffi_type_sint32},
                      {'l', "long", &ffi_type_sint64},
                      {'d', "double", &ffi_type_double},
                      {'f', "float", &ffi_type_float},
                      {'e', "long double", &ffi_type_longdouble}};
enum { SCALARS = sizeof argument_types / sizeof *argument_types };

typedef struct registers {
  unsigned integers, vectors;
} registers;

/* Those that a value takes: none where it is in memory. */
static registers registers_of(const ffi_type *ffi) {
  registers taken = {0, 0};
  if (!ffi || ffi->type != FFI_TYPE_STRUCT || ffi->elements[0]->type == FFI_TYPE_STRUCT)
    return taken;
  for (size_t i = 0; ffi->elements[i]; i++) {
    bool is_integer = ffi->elements[i]->type == FFI_TYPE_UINT64;
    *(is_integer ? &taken.integers : &taken.vectors) += 1;
  }
  return taken;
}

/* libffi 3.4 copies all octets of such an argument to its first register, and behind that. */
static bool does_spoil(const ffi_type *ffi, registers used) {
  registers taken = registers_of(ffi);
  return ffi && ffi->size > 8 && taken.integers == 1 && used.integers == 5 &&
         ffi->elements[0]->type == FFI_TYPE_UINT64 && used.vectors + taken.vectors <= 8;
}

static void take(registers *used, registers taken) {
  if (used->integers + taken.integers > 6 || used->vectors + taken.vectors > 8) return;
  used->integers += taken.integers;
  used->vectors += taken.vectors;
}

static void choose_arguments(subject *to) {
  registers own = registers_of(to->ffi), used = {0, 0};
  unsigned count = 1 + below(ARGUMENTS_MAX);
  bool is_in_memory =
      own.integers + own.vectors == 0 && to->ffi && to->ffi->type == FFI_TYPE_STRUCT;
  if (is_in_memory) used.integers = 1;
  for (unsigned i = 0; i < count; i++) {
    bool is_own = once_in(3) || i + 1 == count;
    if (is_own && does_spoil(to->ffi, used)) is_own = false;
    char letter = 't';
    if (!is_own) letter = argument_types[below(SCALARS)].letter;
    registers one = {letter == 'i' || letter == 'l', letter == 'd' || letter == 'f'};
    take(&used, is_own ? own : one);
    to->arguments[i] = letter;
  }
}

static size_t scalar_index(char letter) {
  size_t i = 0;
  while (argument_types[i].letter != letter) i++;
  return i;
}

/* The program. */

static const char program_start[] =
    "#include <string.h>\n"
    "typedef unsigned long salt;\n"
    "static salt value(salt a, salt b) {\n"
    "  return (a * 1000003UL + b + 1) * 0x9e3779b97f4a7c15UL >> 3;\n"
    "}\n"
    "int wrong_arguments;\n"
    "struct entry {\n"
    "  unsigned long size, alignment;\n"
    "  void (*fill)(void *, salt);\n"
    "  int (*check)(const void *, salt);\n"
    "  void (*callee)(void);\n"
    "  int (*caller)(void (*)(void));\n"
    "};\n";

typedef struct entry {
  unsigned long size, alignment;
  void (*fill)(void *to, unsigned long salt);
  int (*check)(const void *from, unsigned long salt);
  /** Checks its arguments, of which that number i has salt i, and counts in wrong_arguments. */
  void (*callee)(void);
  /** Calls such a function, and says whether the result is wrong. */
  int (*caller)(void (*callee)(void));
} entry;

static void write_leaves(FILE *program, const subject *of, unsigned index) {
  static const char *const values[] = {[NUMBER] = "v",
                                       [BOOLEAN] = "v & 1",
                                       [REAL] = "v % 1000",
                                       [COMPLEX] = "v % 1000 + v / 1000 % 1000 * 1.0i",
                                       [POINTER] = "(void *)v",
                                       [WIDE] = "(unsigned __int128)v << 64 | v * 7",
                                       [FUNCTION_POINTER] = "(int (*)(int))v"};
  fprintf(program, "static void set%u(t%u *t, salt s) {\n  salt v;\n", index, index);
  for (size_t i = 0; i < of->c.leaf_count; i++) {
    fprintf(program, "  v = value(s, %zu); (*t)%s = %s;\n", i, of->c.leaves[i].path,
            values[of->c.leaves[i].form]);
  }
  fprintf(program,
          "}\nstatic void fill%u(void *to, salt s) {\n  t%u t;\n  memset(&t, 0x5a + s, sizeof t);\n"
          "  set%u(&t, s);\n  memcpy(to, &t, sizeof t);\n}\n"
          "static int check%u(const void *from, salt s) {\n  t%u t, e;\n"
          "  memcpy(&t, from, sizeof t);\n  memset(&e, 0, sizeof e);\n  set%u(&e, s);\n  return 1",
          index, index, index, index, index, index);
  for (size_t i = 0; i < of->c.leaf_count; i++) {
    fprintf(program, " && t%s == e%s", of->c.leaves[i].path, of->c.leaves[i].path);
  }
  fprintf(program, ";\n}\n");
}

static void write_parameters(FILE *program, const subject *of, unsigned index) {
  for (size_t i = 0; of->arguments[i]; i++) {
    char letter = of->arguments[i];
    if (i > 0) fprintf(program, ", ");
    if (letter == 't') {
      fprintf(program, "t%u a%zu", index, i);
    } else {
      fprintf(program, "%s a%zu", argument_types[scalar_index(letter)].name, i);
    }
  }
}

/* What is refused is not returned: compilers may differ about where to. */
static void write_result(FILE *program, const subject *of, unsigned index) {
  if (of->ffi) {
    fprintf(program, "t%u", index);
  } else {
    fputs("void", program);
  }
}

static void write_callee(FILE *program, const subject *of, unsigned index) {
  fprintf(program, "static ");
  write_result(program, of, index);
  fprintf(program, " callee%u(", index);
  write_parameters(program, of, index);
  fprintf(program, ") {\n");
  for (size_t i = 0; of->arguments[i]; i++) {
    if (of->arguments[i] == 't') {
      fprintf(program, "  wrong_arguments += !check%u(&a%zu, %zu);\n", index, i, i);
    } else {
      fprintf(program, "  wrong_arguments += a%zu != %zu;\n", i, i + 1000);
    }
  }
  if (of->ffi) {
    fprintf(program, "  t%u r;\n  fill%u(&r, %d);\n  return r;\n", index, index, RESULT_SALT);
  }
  fprintf(program, "}\n");
}

static void write_caller(FILE *program, const subject *of, unsigned index) {
  fprintf(program, "static int caller%u(void (*callee)(void)) {\n  t%u r", index, index);
  for (size_t i = 0; of->arguments[i]; i++) {
    if (of->arguments[i] == 't') fprintf(program, ", a%zu", i);
  }
  fprintf(program, ";\n");
  for (size_t i = 0; of->arguments[i]; i++) {
    if (of->arguments[i] == 't') fprintf(program, "  fill%u(&a%zu, %zu);\n", index, i, i);
  }
  fprintf(program, of->ffi ? "  r = ((" : "  ((");
  write_result(program, of, index);
  fprintf(program, " (*)(");
  write_parameters(program, of, index);
  fprintf(program, "))callee)(");
  for (size_t i = 0; of->arguments[i]; i++) {
    const char *comma = i > 0 ? ", " : "";
    if (of->arguments[i] == 't') {
      fprintf(program, "%sa%zu", comma, i);
    } else {
      fprintf(program, "%s%zu", comma, i + 1000);
    }
  }
  fprintf(program, ");\n");
  if (of->ffi) fprintf(program, "  return !check%u(&r, %d);\n", index, RESULT_SALT);
  fprintf(program, "  return 0;\n}\n");
}

static void write_program(FILE *program, const subject *subjects, unsigned count) {
  fprintf(program, "%s%s", c_type_prelude, program_start);
  for (unsigned i = 0; i < count; i++) {
    fputs(subjects[i].c.text, program);
    write_leaves(program, &subjects[i], i);
    write_callee(program, &subjects[i], i);
    write_caller(program, &subjects[i], i);
  }
  fprintf(program, "const struct entry entries[] = {\n");
  for (unsigned i = 0; i < count; i++) {
    fprintf(
        program,
        "  {sizeof(t%u), _Alignof(t%u), fill%u, check%u, (void (*)(void))callee%u, caller%u},\n", i,
        i, i, i, i, i);
  }
  fprintf(program, "};\n");
}

/* Calls. */

typedef struct library {
  void *handle;
  const entry *entries;
  int *wrong_arguments;
} library;

typedef struct scalars {
  int i;
  long l;
  double d;
  float f;
  long double e;
} scalars;

static void *scalar_argument(scalars *from, char letter, int value) {
  *from = (scalars){value, value, value, (float)value, value};
  switch (letter) {
    case 'i':
      return &from->i;
    case 'l':
      return &from->l;
    case 'd':
      return &from->d;
    case 'f':
      return &from->f;
    default:
      return &from->e;
  }
}

static bool is_scalar(char letter, const void *argument, int value) {
  static const size_t sizes[] = {sizeof(int), sizeof(long), sizeof(double), sizeof(float), 10};
  scalars expected;
  return memcmp(argument, scalar_argument(&expected, letter, value), sizes[scalar_index(letter)]) ==
         0;
}

static unsigned prepare(const subject *of, ffi_cif *cif, ffi_type **types) {
  unsigned count = (unsigned)strlen(of->arguments);
  for (unsigned i = 0; i < count; i++) {
    char letter = of->arguments[i];
    types[i] = letter == 't' ? of->ffi : argument_types[scalar_index(letter)].ffi;
  }
  assert_int_equal(ffi_prep_cif(cif, FFI_DEFAULT_ABI, count, of->ffi, types), FFI_OK);
  return count;
}

/* Room for any value, aligned as any that is passed. */
static void *new_value(size_t size) {
  void *value = NULL;
  assert_int_equal(posix_memalign(&value, 16, size < 16 ? 16 : size), 0);
  return value;
}

static void call_compiled(const subject *of, const library *from, const entry *compiled) {
  if (!of->ffi) return;
  scalars room[ARGUMENTS_MAX];
  void *arguments[ARGUMENTS_MAX];
  ffi_type *types[ARGUMENTS_MAX];
  ffi_cif cif;
  unsigned count = prepare(of, &cif, types);
  for (unsigned i = 0; i < count; i++) {
    if (of->arguments[i] == 't') {
      arguments[i] = new_value(compiled->size);
      compiled->fill(arguments[i], i);
    } else {
      arguments[i] = scalar_argument(&room[i], of->arguments[i], (int)i + 1000);
    }
  }
  void *result = new_value(compiled->size), *own[ARGUMENTS_MAX];
  /* libffi 3.4 puts pointers of its own there. */
  memcpy(own, arguments, sizeof *arguments * count);
  *from->wrong_arguments = 0;
  ffi_call(&cif, compiled->callee, result, arguments);
  if (*from->wrong_arguments) fail_msg("(%s) arguments come wrong: %s", of->arguments, of->c.text);
  if (!compiled->check(result, RESULT_SALT)) fail_msg("the result is wrong: %s", of->c.text);
  for (unsigned i = 0; i < count; i++) {
    if (of->arguments[i] == 't') free(own[i]);
  }
  free(result);
}

typedef struct receiver {
  const subject *of;
  const entry *compiled;
  unsigned wrong_arguments;
} receiver;

static void receive(ffi_cif *cif, void *result, void **arguments, void *context) {
  receiver *self = context;
  for (unsigned i = 0; i < cif->nargs; i++) {
    char letter = self->of->arguments[i];
    bool is_right = letter == 't' ? self->compiled->check(arguments[i], i) != 0
                                  : is_scalar(letter, arguments[i], (int)i + 1000);
    if (!is_right) self->wrong_arguments++;
  }
  self->compiled->fill(result, RESULT_SALT);
}

static void be_called(const subject *of, const library *from, const entry *compiled) {
  (void)from;
  if (!of->ffi) return;
  ffi_type *types[ARGUMENTS_MAX];
  ffi_cif cif;
  void *code;
  receiver self = {of, compiled, 0};
  ffi_closure *closure = ffi_closure_alloc(sizeof(ffi_closure), &code);
  assert_non_null(closure);
  prepare(of, &cif, types);
  assert_int_equal(ffi_prep_closure_loc(closure, &cif, receive, &self, code), FFI_OK);
  void (*callee)(void);
  memcpy(&callee, &code, sizeof callee);
  int is_wrong = compiled->caller(callee);
  if (self.wrong_arguments) fail_msg("a closure (%s) gets others: %s", of->arguments, of->c.text);
  if (is_wrong) fail_msg("a closure's result is wrong: %s", of->c.text);
  ffi_closure_free(closure);
}

static void check_layout(const subject *of, const library *from, const entry *compiled) {
  (void)from;
  if (mr_type_size(of->type) != compiled->size ||
      mr_type_alignment(of->type) != compiled->alignment) {
    fail_msg("%zu, %zu instead of %lu, %lu: %s", mr_type_size(of->type),
             mr_type_alignment(of->type), compiled->size, compiled->alignment, of->c.text);
  }
}

/* The whole. */

static unsigned long long from_environment(const char *name, unsigned long long usual) {
  const char *value = getenv(name);
  return value ? strtoull(value, NULL, 10) : usual;
}

/* Those that the reader refuses, since compilers lay them out differently, are left out. */
static unsigned read_subjects(mr_declarations *declarations, subject *subjects, unsigned count) {
  unsigned refused = 0;
  for (unsigned i = 0; i < count;) {
    subject *next = &subjects[i];
    mr_condition why = {.status = MR_OK};
    memset(next, 0, sizeof *next);
    generate_c_type(&next->c, i);
    mr_view text = {next->c.text, next->c.length};
    mr_status status = mr_declarations_read(declarations, text, &why);
    bool is_no_array = status == MR_INVALID_ARGUMENT && next->c.features & HAS_OTHER_ALIGNMENT;
    if ((status == MR_UNSUPPORTED || is_no_array) && ++refused < count + 10) continue;
    if (status != MR_OK) fail_msg("%s: %s", why.message, next->c.text);
    char name[16];
    snprintf(name, sizeof name, "t%u", i);
    assert_int_equal(mr_declarations_find(declarations, name, &next->type, NULL), MR_OK);
    status = mr_type_ffi(next->type, &next->ffi);
    if (status != MR_OK) assert_int_equal(status, MR_UNSUPPORTED);
    choose_arguments(next);
    i++;
  }
  return refused;
}

/* Compiles the program of all subjects. */
static library compile(const char *compiler, const char *folder, const subject *subjects,
                       unsigned count) {
  char path[64], command[256];
  static unsigned compiled;
  library made;
  snprintf(path, sizeof path, "%s/calls.c", folder);
  FILE *program = fopen(path, "w");
  assert_non_null(program);
  write_program(program, subjects, count);
  assert_int_equal(fclose(program), 0);
  snprintf(path, sizeof path, "%s/%u.so", folder, compiled++);
  snprintf(command, sizeof command,
           "cd %s && %s -std=gnu11 -w -Wno-psabi -Wno-packed-bitfield-compat -fPIC -shared -o %s "
           "calls.c",
           folder, compiler, path);
  if (system(command) != 0) fail_msg("%s can't compile what was generated", compiler);
  made.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!made.handle) fail_msg("%s", dlerror());
  made.entries = dlsym(made.handle, "entries");
  made.wrong_arguments = dlsym(made.handle, "wrong_arguments");
  assert_non_null(made.entries);
  assert_non_null(made.wrong_arguments);
  return made;
}

/* What all tests look at. */
typedef struct sample {
  unsigned count;
  subject *subjects;
  mr_declarations *declarations;
  unsigned library_count;
  library libraries[2];
} sample;

static sample *new_sample(void) {
  sample *made = calloc(1, sizeof *made);
  assert_non_null(made);
  made->count = (unsigned)from_environment("MEMREGIONS_TEST_TYPES", TYPES);
  random_state = from_environment("MEMREGIONS_TEST_SEED", 1);
  made->subjects = calloc(made->count, sizeof *made->subjects);
  assert_non_null(made->subjects);
  mr_view text = {c_type_prelude, strlen(c_type_prelude)};
  assert_int_equal(mr_declarations_create(NULL, NULL, &made->declarations), MR_OK);
  assert_int_equal(mr_declarations_read(made->declarations, text, NULL), MR_OK);
  return made;
}

static int compile_sample(void **state) {
  static const char *const compilers[] = {TEST_CC, TEST_OTHER_CC};
  char folder[] = "/tmp/memregions-calls-XXXXXX", command[64];
  sample *made = new_sample();
  *state = made;
  read_subjects(made->declarations, made->subjects, made->count);
  assert_non_null(mkdtemp(folder));
  for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
    if (!*compilers[i]) continue;
    library next = compile(compilers[i], folder, made->subjects, made->count);
    made->libraries[made->library_count++] = next;
  }
  snprintf(command, sizeof command, "rm -r %s", folder);
  assert_int_equal(system(command), 0);
  return 0;
}

static int drop_sample(void **state) {
  sample *made = *state;
  for (unsigned i = 0; i < made->library_count; i++) dlclose(made->libraries[i].handle);
  for (unsigned i = 0; i < made->count; i++) mr_type_release(made->subjects[i].type);
  mr_declarations_destroy(made->declarations);
  free(made->subjects);
  free(made);
  return 0;
}

/* Does `what` with every type and every compiler's code for it. */
static void with_each(sample *all, void (*what)(const subject *, const library *, const entry *)) {
  for (unsigned i = 0; i < all->library_count; i++) {
    const library *compiled = &all->libraries[i];
    for (unsigned j = 0; j < all->count; j++) {
      what(&all->subjects[j], compiled, &compiled->entries[j]);
    }
  }
}

static void types_are_laid_out_as_the_compiler_does(void **state) {
  with_each(*state, check_layout);
}

static void compiled_functions_get_and_return_values(void **state) {
  with_each(*state, call_compiled);
}

static void closures_get_and_return_values(void **state) { with_each(*state, be_called); }

/* Where compilers differ, or libffi has nothing like it. */
static void what_is_refused_has_a_reason(void **state) {
  sample *all = *state;
  unsigned refused = 0;
  for (unsigned i = 0; i < all->count; i++) {
    const subject *of = &all->subjects[i];
    if (of->ffi) continue;
    refused++;
    if (!of->c.features) fail_msg("refused without a reason: %s", of->c.text);
  }
  assert_in_range(refused, 0, 10 + all->count / 4);
}

/* Not everything that just libffi can't pass: no vectors, nothing that is empty or aligned to more than the stack is. */
static bool is_only_for_compilers(const subject *of) {
  return of->c.features & (HAS_VECTOR | HAS_FLOAT128) || of->c.leaf_count == 0 ||
         mr_type_alignment(of->type) >= 16;
}

/* Whether two compilers' code passes arguments to each other. */
static bool do_agree(const sample *all, unsigned index) {
  const library *a = &all->libraries[0], *b = &all->libraries[1];
  *a->wrong_arguments = *b->wrong_arguments = 0;
  a->entries[index].caller(b->entries[index].callee);
  b->entries[index].caller(a->entries[index].callee);
  return *a->wrong_arguments == 0 && *b->wrong_arguments == 0;
}

/* But for a few: in C, bit-fields of no width count for gcc before 12. */
static void what_is_refused_compilers_pass_differently(void **state) {
  sample *all = *state;
  unsigned agreed = 0;
  if (all->library_count < 2 || !MAY_MISREAD) {
    print_message("there is no second compiler, or a tool would see what is misread\n");
    skip();
  }
  for (unsigned i = 0; i < all->count; i++) {
    const subject *of = &all->subjects[i];
    if (of->ffi || is_only_for_compilers(of) || !do_agree(all, i)) continue;
    agreed++;
    print_message("compilers agree about %s", of->c.text);
  }
  assert_in_range(agreed, 0, 2 + all->count / 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(types_are_laid_out_as_the_compiler_does),
      cmocka_unit_test(compiled_functions_get_and_return_values),
      cmocka_unit_test(closures_get_and_return_values),
      cmocka_unit_test(what_is_refused_has_a_reason),
      cmocka_unit_test(what_is_refused_compilers_pass_differently),
  };
  return cmocka_run_group_tests(tests, compile_sample, drop_sample);
}

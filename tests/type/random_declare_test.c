#define _POSIX_C_SOURCE 200809L

#include <memregions/declarations.h>
#include <memregions/text.h>
#include <memregions/type.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"

/*
 * What is printed against a C compiler (TEST_CC), over random types: it must compile, and the compiler must lay it out
 * as the type is, down to the bits of bit-fields. In the environment, MEMREGIONS_TEST_SEED and
 * MEMREGIONS_TEST_TYPES ask for others, and more.
 */

enum { MEMBERS_MAX = 6, DEPTH_MAX = 3, TYPES = 300, NAME_SIZE = 16, OCTETS_MAX = 65536 };

typedef struct generator {
  uint64_t state;
  /* For tags and names that come once. */
  unsigned names;
  mr_target target;
  /* Null for the machine's own scalars. */
  mr_declarations *declarations;
} generator;

static unsigned chance(generator *from, unsigned below) {
  from->state = from->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)(from->state >> 33) % below;
}

static const mr_type *generate(generator *from, unsigned depth);

/* One of the machine's own, up to `last`; or for a target, as its C has it. */
static const mr_type *generate_scalar(generator *from, mr_kind last) {
  static const char *const names[] = {
      "_Bool",     "signed char",        "unsigned char", "short",  "unsigned short",
      "int",       "unsigned",           "long",          "long",   "unsigned long",
      "long long", "unsigned long long", "char",          "float",  "double",
      "void *",    "float _Complex",     "long double",   "int **", "long double _Complex"};
  const mr_type *type;
  unsigned chosen = chance(from, (unsigned)last);
  if (!from->declarations) return mr_scalar_type((mr_kind)(MR_KIND_BOOL + chosen), MR_NATIVE_ORDER);
  assert_int_equal(mr_declarations_find(from->declarations, names[chosen], &type, NULL), MR_OK);
  return type;
}

static mr_byte_order order_of(const generator *from) {
  return from->target == MR_TARGET_S390X    ? MR_BIG_ENDIAN
         : from->target == MR_TARGET_NATIVE ? MR_NATIVE_ORDER
                                            : MR_LITTLE_ENDIAN;
}

/* Of a size that packed gives it, or for a target, of int. */
static const mr_type *generate_enum(generator *from) {
  static const mr_kind kinds[] = {MR_KIND_I32, MR_KIND_U32, MR_KIND_U8, MR_KIND_I8, MR_KIND_U64};
  char names[2][NAME_SIZE], tag[NAME_SIZE];
  const mr_type *type, *integer;
  unsigned chosen = from->declarations ? 0 : chance(from, sizeof kinds / sizeof *kinds);
  bool is_signed = chosen == 0 || chosen == 3;
  mr_enumerator enumerators[2] = {{names[0], is_signed ? -1 : 1},
                                  {names[1], kinds[chosen] == MR_KIND_U64 ? INT64_C(1) << 40 : 2}};
  for (size_t i = 0; i < 2; i++) snprintf(names[i], NAME_SIZE, "E%u", from->names++);
  snprintf(tag, sizeof tag, "e%u", from->names++);
  integer = mr_scalar_type(kinds[chosen], order_of(from));
  assert_int_equal(
      mr_type_build_enum(NULL, chance(from, 3) ? tag : NULL, integer, enumerators, 2, &type, NULL),
      MR_OK);
  return type;
}

static const mr_type *generate_array(generator *from, unsigned depth) {
  const mr_type *element = generate(from, depth), *type = NULL;
  mr_status status = mr_type_build_array(NULL, element, chance(from, 4), &type);
  if (status != MR_OK) return element;
  mr_type_release(element);
  return type;
}

static const mr_type *generate_realigned(generator *from, unsigned depth) {
  const mr_type *like = generate(from, depth), *type;
  assert_int_equal(mr_type_realign(NULL, like, (size_t)1 << chance(from, 6), &type), MR_OK);
  mr_type_release(like);
  return type;
}

static const mr_type *generate_pointer(generator *from, unsigned depth) {
  const mr_type *pointee = generate(from, depth), *type;
  assert_int_equal(mr_type_build_pointer(NULL, from->target, pointee, &type), MR_OK);
  mr_type_release(pointee);
  return type;
}

static void generate_bit_field(generator *from, mr_member_spec *spec) {
  spec->type = chance(from, 8) ? generate_scalar(from, MR_KIND_U64) : generate_enum(from);
  size_t most = mr_type_kind(spec->type) == MR_KIND_BOOL ? 1 : 8 * mr_type_size(spec->type);
  spec->is_bit_field = true;
  spec->bit_width = (uint8_t)(1 + chance(from, (unsigned)most));
  if (chance(from, 8) == 0) spec->name = NULL;
  if (!spec->name && chance(from, 2)) spec->bit_width = 0;
}

static void generate_member(generator *from, unsigned depth, char *name, mr_member_spec *spec) {
  snprintf(name, NAME_SIZE, "m%u", from->names++);
  spec->name = name;
  spec->is_packed = chance(from, 8) == 0;
  if (chance(from, 3) == 0) {
    generate_bit_field(from, spec);
    return;
  }
  if (chance(from, 8) == 0) spec->alignment = (size_t)1 << chance(from, 6);
  spec->type = generate(from, depth);
}

/* Null where it has no layout. */
static const mr_type *generate_tagged(generator *from, unsigned depth, char *tag) {
  char names[MEMBERS_MAX][NAME_SIZE];
  mr_member_spec specs[MEMBERS_MAX] = {{0}};
  mr_layout_options options = {.is_packed = chance(from, 5) == 0, .target = from->target};
  if (chance(from, 6) == 0) options.alignment = (size_t)1 << chance(from, 6);
  if (chance(from, 6) == 0) options.pack = (size_t)1 << chance(from, 5);
  unsigned count = chance(from, MEMBERS_MAX + 1);
  for (unsigned i = 0; i < count; i++) generate_member(from, depth, names[i], &specs[i]);
  const mr_type *type = NULL;
  mr_condition condition = {0};
  mr_status status = (chance(from, 4) ? mr_type_build_struct : mr_type_build_union)(
      NULL, tag, specs, count, &options, &type, &condition);
  for (unsigned i = 0; i < count; i++) mr_type_release(specs[i].type);
  if (status != MR_OK && status != MR_UNSUPPORTED) fail_msg("%s", condition.message);
  return type;
}

static const mr_type *generate_aggregate(generator *from, unsigned depth) {
  char tag[NAME_SIZE];
  snprintf(tag, sizeof tag, "s%u", from->names++);
  return generate_tagged(from, depth, chance(from, 2) ? tag : NULL);
}

static const mr_type *generate(generator *from, unsigned depth) {
  unsigned form = depth > 0 ? chance(from, 12) : 11;
  const mr_type *type = form < 3 ? generate_aggregate(from, depth - 1) : NULL;
  if (type) return type;
  if (form == 3) return generate_array(from, depth - 1);
  if (form == 4) return generate_realigned(from, depth - 1);
  if (form == 5) return generate_pointer(from, depth - 1);
  return form == 6 ? generate_enum(from) : generate_scalar(from, MR_KIND_POINTER);
}

static mr_status to_file(void *context, const char *text, size_t length) {
  return fwrite(text, 1, length, context) == length ? MR_OK : MR_SYSTEM_ERROR;
}

static mr_status to_nowhere(void *context, const char *text, size_t length) {
  (void)context, (void)text, (void)length;
  return MR_OK;
}

/* The octets that are not 0 after all bits of a bit-field were set. */
static void write_bits(FILE *program, unsigned number, const mr_type *type,
                       const mr_member *member) {
  static const char one[] = "1", all[] = "-1";
  bool is_bool = mr_type_kind(member->type) == MR_KIND_BOOL;
  size_t first = 8 * member->offset + member->bit_offset;
  fprintf(program, "  memset(&v%u, 0, sizeof v%u);\n  v%u.%s = %s;\n", number, number, number,
          member->name, is_bool ? one : all);
  fprintf(program, "  { const unsigned char expected[] = {");
  for (size_t i = 0; i < mr_type_size(type); i++) {
    unsigned octet = 0;
    for (size_t bit = 0; bit < 8; bit++) {
      if (8 * i + bit < first || 8 * i + bit >= first + member->bit_width) continue;
      bool is_little = mr_type_byte_order(member->type) == MR_LITTLE_ENDIAN;
      octet |= 1U << (is_little ? bit : 7 - bit);
    }
    fprintf(program, "%u, ", octet);
  }
  fprintf(program, "};\n    if (memcmp(&v%u, expected, sizeof v%u)) puts(\"%u.%s\"); }\n", number,
          number, number, member->name);
}

static void write_check(FILE *program, unsigned number, const mr_type *type) {
  fprintf(program,
          "  _Static_assert(sizeof v%u == %zu, \"size\");\n"
          "  _Static_assert(_Alignof(__typeof__(v%u)) == %zu, \"alignment\");\n",
          number, mr_type_size(type), number, mr_type_alignment(type));
  for (size_t i = 0; i < mr_type_count(type); i++) {
    mr_member member;
    assert_int_equal(mr_type_member(type, i, &member), MR_OK);
    if (!member.name) continue;
    if (member.is_bit_field) {
      if (mr_type_size(type) <= OCTETS_MAX) write_bits(program, number, type, &member);
      continue;
    }
    fprintf(program,
            "  _Static_assert(__builtin_offsetof(__typeof__(v%u), %s) == %zu, \"offset\");\n"
            "  _Static_assert(sizeof v%u.%s == %zu, \"member's size\");\n",
            number, member.name, member.offset, number, member.name, mr_type_size(member.type));
  }
}

static unsigned long long from_environment(const char *name, unsigned long long usual) {
  const char *value = getenv(name);
  return value ? strtoull(value, NULL, 10) : usual;
}

/* Whether there are words for it. */
static bool write_function(FILE *program, unsigned number, const mr_type *type) {
  char name[NAME_SIZE];
  snprintf(name, sizeof name, "v%u", number);
  mr_status status = mr_type_print(type, name, to_nowhere, NULL);
  if (status == MR_OK) {
    fprintf(program, "static void check%u(void) {\n", number);
    assert_int_equal(mr_type_print(type, name, to_file, program), MR_OK);
    write_check(program, number, type);
    fprintf(program, "}\n");
  }
  assert_true(status == MR_OK || status == MR_UNSUPPORTED);
  return status == MR_OK;
}

/* Returns how many types were written. */
static unsigned write_program(generator *from, FILE *program, unsigned count) {
  unsigned written = 0;
  fputs("#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n",
        program);
  while (count > 0) {
    const mr_type *type = generate_aggregate(from, DEPTH_MAX);
    if (!type) continue;
    if (write_function(program, written, type)) written++;
    count--;
    mr_type_release(type);
  }
  fputs("int main(void) {\n", program);
  for (unsigned i = 0; i < written; i++) fprintf(program, "  check%u();\n", i);
  fputs("}\n", program);
  return written;
}

static void random_types_are_printed_as_the_compiler_lays_them_out(void **state) {
  (void)state;
  char folder[] = "/tmp/memregions-declare-XXXXXX";
  char path[sizeof folder + 16], command[256], line[80] = "";
  unsigned count = (unsigned)from_environment("MEMREGIONS_TEST_TYPES", TYPES);
  generator from = {from_environment("MEMREGIONS_TEST_SEED", 1), 0, MR_TARGET_NATIVE, NULL};
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/declare.c", folder);
  FILE *program = fopen(path, "w");
  assert_non_null(program);
  unsigned written = write_program(&from, program, count);
  assert_int_equal(fclose(program), 0);
  print_message("%u of %u types have words\n", written, count);
  assert_true(written >= count * 9 / 10);

  snprintf(
      command, sizeof command,
      "cd %s && %s -std=gnu11 -w -Wno-packed-bitfield-compat -o declare declare.c && ./declare",
      folder, TEST_CC);
  FILE *wrong = popen(command, "r");
  assert_non_null(wrong);
  if (fgets(line, sizeof line, wrong)) fail_msg("bits are elsewhere: %s", line);
  assert_int_equal(pclose(wrong), 0);
  snprintf(command, sizeof command, "rm -r %s", folder);
  assert_int_equal(system(command), 0);
}

/* Whether there are words for it. */
static bool returns_by_text(const mr_type *type, mr_target target) {
  enum { TEXT_SIZE = 65536 };
  static char buffer[TEXT_SIZE];
  char name[NAME_SIZE + 8];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  mr_status status = mr_type_print(type, NULL, mr_text_write, &text);
  if (status == MR_UNSUPPORTED) return false;
  assert_int_equal(status, MR_OK);
  mr_declarations *declarations;
  mr_condition condition = {0};
  const mr_type *read = NULL;
  mr_declarations_options options = {.target = target};
  assert_int_equal(mr_declarations_create(NULL, &options, &declarations), MR_OK);
  status = mr_declarations_read(declarations, mr_view_of(buffer, text.length), &condition);
  if (status != MR_OK)
    fail_msg("%s\n%s %u: %s", mr_target_name(target), buffer, condition.line, condition.message);
  snprintf(name, sizeof name, "%s %s", mr_type_kind(type) == MR_KIND_UNION ? "union" : "struct",
           mr_type_name(type));
  assert_int_equal(mr_declarations_find(declarations, name, &read, &condition), MR_OK);
  if (!mr_type_equal(type, read)) fail_msg("%s\n%s", mr_target_name(target), buffer);
  mr_type_release(read);
  mr_declarations_destroy(declarations);
  return true;
}

static void random_types_return_by_their_text(void **state) {
  (void)state;
  unsigned count = (unsigned)from_environment("MEMREGIONS_TEST_TYPES", TYPES);
  generator from = {from_environment("MEMREGIONS_TEST_SEED", 1), 0, MR_TARGET_NATIVE, NULL};
  for (int target = MR_TARGET_NATIVE; target <= MR_TARGET_WINDOWS_X64; target++) {
    unsigned returned = 0, built = 0;
    from.target = (mr_target)target;
    mr_declarations_options options = {.target = from.target};
    assert_int_equal(mr_declarations_create(NULL, &options, &from.declarations), MR_OK);
    for (unsigned i = 0; i < count; i++) {
      char tag[] = "top";
      const mr_type *type = generate_tagged(&from, DEPTH_MAX, tag);
      if (type) built++;
      if (type && returns_by_text(type, (mr_target)target)) returned++;
      mr_type_release(type);
    }
    mr_declarations_destroy(from.declarations);
    assert_true(returned >= built * 9 / 10);
    print_message("%s: %u of %u\n", mr_target_name((mr_target)target), returned, built);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_types_are_printed_as_the_compiler_lays_them_out),
      cmocka_unit_test(random_types_return_by_their_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <memregions/declarations.h>
#include <memregions/text.h>
#include <memregions/type.h>
#include <stdio.h>
#include <string.h>

#include "declare_support.h"
#include "failing_allocator.h"

static void declarators_are_written_inside_out(void **state) {
  (void)state;
  writes(array(array(native(MR_KIND_F32), 2), 3), "it", "float it[3][2];\n");
  writes(pointer(NULL), "it", "void *it;\n");
  writes(pointer(pointer(int32())), "it", "int32_t **it;\n");
  writes(array(pointer(int32()), 3), "it", "int32_t *it[3];\n");
  writes(pointer(array(int32(), 3)), "it", "int32_t (*it)[3];\n");
  writes(pointer(array(pointer(array(int32(), 3)), 2)), "it", "int32_t (*(*it)[2])[3];\n");
  writes_as(native(MR_KIND_POINTER), "it", "void *it;\n");
}

static void without_a_name_a_type_name_is_written(void **state) {
  (void)state;
  writes_as(int32(), NULL, "int32_t");
  writes(pointer(array(int32(), 3)), NULL, "int32_t (*)[3]");
  writes(array(pointer(NULL), 3), NULL, "void *[3]");
  mr_type nothing = {.alignment = 1, .kind = MR_KIND_VOID, .is_static = true};
  writes_as(&nothing, NULL, "void");
}

static void functions_are_written_with_their_parameters(void **state) {
  (void)state;
  const mr_type *text = pointer(native(MR_KIND_I8));
  mr_member parameters[] = {{.name = "format", .type = text}, {.type = int32()}};
  mr_type function = {.kind = MR_KIND_FUNCTION,
                      .alignment = 1,
                      .element = int32(),
                      .count = 2,
                      .members = parameters,
                      .is_static = true};
  mr_type none = function, any = function, returning = function;
  writes(pointer(&function), "it", "int32_t (*it)(int8_t *, int32_t);\n");
  writes_as(&function, "it", "int32_t it(int8_t *, int32_t);\n");
  function.is_variadic = true;
  writes(pointer(&function), "it", "int32_t (*it)(int8_t *, int32_t, ...);\n");
  none.count = 0;
  none.element = NULL;
  writes(array(pointer(&none), 2), "it", "void (*it[2])(void);\n");
  any.count = 0;
  any.is_variadic = true;
  const mr_type *handler = pointer(&any);
  writes_as(handler, NULL, "int32_t (*)()");
  returning.element = handler;
  writes(pointer(&returning), "it", "int32_t (*(*it)(int8_t *, int32_t))();\n");
  mr_type_release(handler);
  mr_type_release(text);
}

static void functions_that_c_has_not_are_refused(void **state) {
  (void)state;
  const mr_type *three = array(int32(), 3);
  mr_member parameter = {.type = three};
  mr_type function = {.kind = MR_KIND_FUNCTION,
                      .alignment = 1,
                      .count = 1,
                      .members = &parameter,
                      .is_static = true};
  refuses(&function, "it");
  parameter.type = NULL;
  refuses(&function, "it");
  function.count = 0;
  function.element = three;
  refuses(&function, "it");
  mr_type_release(three);
}

/* What a text's last declaration, or the type name at its end, means. */
static const mr_type *read_back(mr_declarations *declarations, const char *text) {
  const mr_type *type = NULL;
  mr_condition condition = {0};
  const char *name = strrchr(text, ';') ? strrchr(text, ';') + 2 : text;
  mr_view definitions = mr_view_of(text, (size_t)(name - text));
  if (mr_declarations_read(declarations, definitions, &condition) != MR_OK ||
      mr_declarations_find(declarations, name, &type, &condition) != MR_OK) {
    fail_msg("%s: %s", text, condition.message);
  }
  return type;
}

static void returns_by_its_text(const char *text, mr_target target) {
  char buffer[TEXT_SIZE];
  mr_text printed = mr_text_of(buffer, sizeof buffer);
  mr_declarations_options options = {.target = target};
  mr_declarations *first, *second;
  assert_int_equal(mr_declarations_create(NULL, &options, &first), MR_OK);
  assert_int_equal(mr_declarations_create(NULL, &options, &second), MR_OK);
  const mr_type *type = read_back(first, text);
  mr_status status = mr_type_print(type, NULL, mr_text_write, &printed);
  if (status != MR_OK) fail_msg("%s: %s", text, mr_status_name(status));
  if (buffer[printed.length - 1] == '\n') {
    /* Known by its tag. */
    const char *name = strrchr(text, ';') + 2;
    snprintf(buffer + printed.length, sizeof buffer - printed.length, "%s", name);
  }
  const mr_type *returned = read_back(second, buffer);
  if (!mr_type_equal(type, returned)) fail_msg("%s: %s", text, buffer);
  mr_type_release(type);
  mr_type_release(returned);
  mr_declarations_destroy(first);
  mr_declarations_destroy(second);
}

static void what_is_read_returns_by_its_text(void **state) {
  (void)state;
  static const char *const texts[] = {
      "int",
      "char *",
      "const char *const *",
      "unsigned long long[3][4]",
      "long double _Complex",
      "void (*)(int, char *, ...)",
      "int (*(*)(void))[3]",
      "int (*)()",
      "void (*(*[2])(int))(long)",
      "struct s;\nstruct s *",
      "enum e { A, B = -3, C };\nenum e",
      "enum __attribute__((packed)) e { A, B = 200 };\nenum e[2]",
      "enum e { A = 0x7fffffff, B = 0x80000000 };\nenum e",
      "struct s { int n; struct { char *name; int values[]; } last; };\nstruct s",
      "struct s { char tag; union { int a; float b; }; struct s *next; };\nstruct s",
      "struct t { int x; }; struct s { struct t *(*f)(struct t, struct u *); };\nstruct s",
      "typedef struct { int x, y; } point; struct s { point from, to; point *all; };\nstruct s",
      "typedef enum { RED, GREEN } color; struct s { color a : 3; color b; };\nstruct s",
      "struct s { unsigned a : 3, : 0, b : 5; long long c : 40; _Bool d : 1; };\nstruct s",
      "struct __attribute__((packed)) s { char a; int b; short c : 9; };\nstruct s",
      "struct s { char a; _Alignas(16) int b; };\nstruct s",
      "struct s { char a; } __attribute__((aligned(32)));\nstruct s[2]",
      "#pragma pack(2)\nstruct s { char a; long long b; int c : 20, d : 20; };\nstruct s",
      "typedef long long at4 __attribute__((aligned(4))); struct s { char a; at4 b; };\nstruct s",
      "typedef struct { int a; } at1 __attribute__((aligned(1))); struct t { at1 b; };\nstruct t",
      "struct s { int8_t a; uint16_t b; size_t c; wchar_t d; intptr_t e; bool f; };\nstruct s",
      "union u { int a; char b[7]; double c; } x;\nunion u",
      "struct s { volatile int a; const char *restrict b; _Atomic int c; };\nstruct s"};
  for (int target = MR_TARGET_NATIVE; target <= MR_TARGET_WINDOWS_X64; target++) {
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
      returns_by_its_text(texts[i], (mr_target)target);
    }
  }
}

static void vectors_return_by_their_texts(void **state) {
  (void)state;
  returns_by_its_text("typedef int v4 __attribute__((vector_size(16)));\nv4", MR_TARGET_X86_64);
  returns_by_its_text(
      "typedef float v4 __attribute__((vector_size(16)));"
      "typedef v4 at4 __attribute__((aligned(4)));"
      "struct s { v4 a[2]; v4 *b; at4 c; };\nstruct s",
      MR_TARGET_X86_64);
}

static void other_orders_return_by_their_texts(void **state) {
  (void)state;
  returns_by_its_text(
      "enum e { A = -1 };"
      "struct __attribute__((scalar_storage_order(\"big-endian\"))) s {"
      " int a; short b[2][3]; enum e c; double d; int f : 3, : 5, g : 11; void *h; char i;"
      " struct { int j; } k; float _Complex l; };\nstruct s",
      MR_TARGET_X86_64);
  returns_by_its_text(
      "struct __attribute__((scalar_storage_order(\"little-endian\"))) s { int a; char b : 3; };"
      "\nstruct s",
      MR_TARGET_S390X);
}

static void text_without_end_is_refused(void **state) {
  (void)state;
  const mr_type *type = int32(), *around;
  for (int i = 0; i < 60; i++) {
    mr_member_spec specs[] = {{.name = "a", .type = type}, {.name = "b", .type = type}};
    assert_int_equal(mr_type_build_union(NULL, NULL, specs, 2, NULL, &around, NULL), MR_OK);
    mr_type_release(type);
    type = around;
  }
  refuses(type, "it");
  mr_type_release(type);
}

static mr_status refuse_second(void *context, const char *text, size_t length) {
  (void)text, (void)length;
  return ++*(int *)context == 2 ? (mr_status)(MR_USER + 7) : MR_OK;
}

static void what_the_writer_answers_ends_it(void **state) {
  (void)state;
  int calls = 0;
  const mr_type *type = described_type(NULL, "{ci}");
  assert_int_equal(mr_type_print(type, "it", refuse_second, &calls), MR_USER + 7);
  assert_int_equal(calls, 2);
  mr_type_release(type);
}

typedef struct printing {
  const mr_type *type;
  char buffer[4 * TEXT_SIZE];
  mr_text text;
} printing;

static mr_status print_once(void *context, mr_allocator *allocator) {
  (void)allocator;
  printing *it = context;
  return mr_type_print(it->type, "it", mr_text_write, &it->text);
}

static void nothing_is_written(void *context) {
  assert_int_equal(((printing *)context)->text.length, 0);
}

/* A struct of many members, enums and tags. */
static const mr_type *large_type(mr_allocator *allocator) {
  enum { COUNT = 200 };
  mr_member_spec specs[COUNT];
  char names[COUNT][8];
  const mr_type *type;
  const mr_type *inner = described_type(allocator, "{ci~1:i}");
  for (size_t i = 0; i < COUNT; i++) {
    snprintf(names[i], sizeof names[i], "m%zu", i);
    mr_enumerator name = {names[i], 1};
    specs[i] = (mr_member_spec){
        .name = names[i],
        .type = i % 2 ? enumeration(names[i], MR_KIND_U32, &name, 1) : mr_type_acquire(inner)};
  }
  assert_int_equal(mr_type_build_struct(allocator, "s", specs, COUNT, NULL, &type, NULL), MR_OK);
  for (size_t i = 0; i < COUNT; i++) mr_type_release(specs[i].type);
  mr_type_release(inner);
  return type;
}

static void without_memory_nothing_is_written(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  printing it;
  it.type = large_type(&allocator.base);
  it.text = mr_text_of(it.buffer, sizeof it.buffer);
  /* The arena asks for less where it can't have much. */
  allocator.fails_on = true;
  assert_true(test_sweep(&allocator, print_once, nothing_is_written, &it) >= 2);
  assert_non_null(strstr(it.buffer, "enum m199"));
  mr_type_release(it.type);
  test_allocator_fini(&allocator);
}

static void small_types_take_no_memory(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  const mr_type *type = described_type(&allocator.base, "{{ci~1:i}[3]{~2:l}_{_<ic>}}");
  size_t requests = allocator.requests;
  char buffer[TEXT_SIZE];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  assert_int_equal(mr_type_print(type, "it", mr_text_write, &text), MR_OK);
  assert_int_equal(allocator.requests, requests);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(declarators_are_written_inside_out),
      cmocka_unit_test(without_a_name_a_type_name_is_written),
      cmocka_unit_test(functions_are_written_with_their_parameters),
      cmocka_unit_test(functions_that_c_has_not_are_refused),
      cmocka_unit_test(what_is_read_returns_by_its_text),
      cmocka_unit_test(vectors_return_by_their_texts),
      cmocka_unit_test(other_orders_return_by_their_texts),
      cmocka_unit_test(text_without_end_is_refused),
      cmocka_unit_test(what_the_writer_answers_ends_it),
      cmocka_unit_test(without_memory_nothing_is_written),
      cmocka_unit_test(small_types_take_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

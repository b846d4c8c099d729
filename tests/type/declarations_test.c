#include "declarations_support.h"
#include "failing_allocator.h"

static mr_status read_text(mr_declarations *declarations, const char *text) {
  return mr_declarations_read(declarations, mr_view_of(text, strlen(text)), NULL);
}

static mr_status find_status(mr_declarations *declarations, const char *name) {
  const mr_type *type = mr_scalar_type(MR_KIND_BOOL, MR_NATIVE_ORDER), *before = type;
  mr_status status = mr_declarations_find(declarations, name, &type, NULL);
  if (status == MR_OK) {
    mr_type_release(type);
  } else {
    assert_ptr_equal(type, before);
  }
  return status;
}

static void all_zeros_is_this_machine(void **state) {
  (void)state;
  mr_declarations *declarations;
  mr_declarations_options options = {.target = MR_TARGET_NATIVE};
  assert_int_equal(mr_declarations_create(NULL, &options, &declarations), MR_OK);
  assert_int_equal(mr_declarations_target(declarations), mr_target_native());
  mr_declarations_destroy(declarations);
  assert_int_equal(mr_declarations_create(NULL, NULL, &declarations), MR_OK);
  const mr_type *type = found(declarations, "long");
  assert_int_equal(mr_type_size(type), sizeof(long));
  assert_int_equal(mr_type_target(type), mr_target_native());
  mr_type_release(type);
  mr_declarations_destroy(declarations);
}

static void a_target_that_is_none_is_refused(void **state) {
  (void)state;
  mr_declarations *declarations = NULL;
  mr_declarations_options options = {.target = (mr_target)99};
  assert_int_equal(mr_declarations_create(NULL, &options, &declarations), MR_INVALID_ARGUMENT);
  assert_null(declarations);
}

static void null_declarations_are_ended_with_nothing(void **state) {
  (void)state;
  mr_declarations_destroy(NULL);
}

static void texts_add_to_each_other(void **state) {
  (void)state;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "typedef int a;");
  assert_int_equal(read_text(declarations, "typedef a b; struct s { b x; };"), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, mr_view_of(NULL, 0), NULL), MR_OK);
  assert_int_equal(find_status(declarations, "struct s"), MR_OK);
  assert_int_equal(find_status(declarations, "a"), MR_OK);
  mr_declarations_destroy(declarations);
}

static void what_is_not_there_is_no_such_slot(void **state) {
  (void)state;
  mr_condition condition;
  const mr_type *type;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "int v; enum { A };");
  assert_int_equal(find_status(declarations, "struct s"), MR_NO_SUCH_SLOT);
  assert_int_equal(find_status(declarations, "union s *"), MR_NO_SUCH_SLOT);
  assert_int_equal(find_status(declarations, "enum s"), MR_NO_SUCH_SLOT);
  assert_int_equal(find_status(declarations, "v"), MR_NO_SUCH_SLOT);
  assert_int_equal(find_status(declarations, "A"), MR_NO_SUCH_SLOT);
  assert_int_equal(mr_declarations_find(declarations, "s", &type, &condition), MR_NO_SUCH_SLOT);
  assert_string_equal(condition.message, "there is no type 's'");
  assert_int_equal(condition.line, 1);
  assert_int_equal(condition.column, 1);
  mr_declarations_destroy(declarations);
}

static void what_is_no_types_name_is_refused(void **state) {
  (void)state;
  mr_condition condition;
  const mr_type *type;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "");
  assert_int_equal(find_status(declarations, ""), MR_SYNTAX_ERROR);
  assert_int_equal(find_status(declarations, NULL), MR_SYNTAX_ERROR);
  assert_int_equal(find_status(declarations, "3"), MR_SYNTAX_ERROR);
  assert_int_equal(find_status(declarations, "@"), MR_SYNTAX_ERROR);
  assert_int_equal(find_status(declarations, "int ("), MR_SYNTAX_ERROR);
  assert_int_equal(find_status(declarations, "int [absent]"), MR_INVALID_ARGUMENT);
  assert_int_equal(mr_declarations_find(declarations, "int a", &type, &condition), MR_SYNTAX_ERROR);
  assert_string_equal(condition.message, "expected the name's end, not 'a'");
  assert_int_equal(condition.column, 5);
  mr_declarations_destroy(declarations);
}

static void asking_declares_nothing(void **state) {
  (void)state;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "");
  assert_int_equal(find_status(declarations, "struct s"), MR_NO_SUCH_SLOT);
  assert_int_equal(read_text(declarations, "union s { int a; };"), MR_OK);
  assert_int_equal(find_status(declarations, "union s"), MR_OK);
  mr_declarations_destroy(declarations);
}

static void types_outlive_their_declarations(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  mr_declarations *declarations;
  assert_int_equal(mr_declarations_create(&allocator.base, NULL, &declarations), MR_OK);
  assert_int_equal(read_text(declarations, "struct s { int a; struct s *next; };"), MR_OK);
  const mr_type *type = found(declarations, "struct s");
  mr_declarations_destroy(declarations);
  assert_string_equal(mr_type_name(type), "s");
  assert_int_equal(offset_in(type, "a"), 0);
  mr_type_release(type);
  test_allocator_fini(&allocator);
}

static void an_incomplete_type_that_is_held_becomes_complete(void **state) {
  (void)state;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "struct s; typedef struct s *p;");
  const mr_type *pointer = found(declarations, "p");
  const mr_type *before = found(declarations, "struct s");
  assert_false(mr_type_is_complete(before));
  assert_int_equal(read_text(declarations, "struct s { int a, b; };"), MR_OK);
  assert_int_equal(offset_in(mr_type_element(pointer), "b"), 4);
  const mr_type *after = found(declarations, "struct s");
  assert_int_equal(mr_type_size(after), 8);
  const mr_type *same = found(declarations, "struct s *");
  assert_int_equal(mr_type_size(mr_type_element(same)), 8);
  mr_type_release(same);
  mr_type_release(after);
  mr_type_release(before);
  mr_type_release(pointer);
  mr_declarations_destroy(declarations);
}

static void a_failed_text_leaves_an_incomplete_type_incomplete(void **state) {
  (void)state;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "struct s; typedef struct s *p;");
  const mr_type *pointer = found(declarations, "p");
  assert_int_equal(read_text(declarations, "struct s { int a; }; typedef struct s t[2]; int 3;"),
                   MR_SYNTAX_ERROR);
  assert_false(mr_type_is_complete(mr_type_element(pointer)));
  assert_int_equal(find_status(declarations, "t"), MR_NO_SUCH_SLOT);
  assert_int_equal(read_text(declarations, "struct s { char c; };"), MR_OK);
  const mr_type *type = found(declarations, "struct s");
  assert_int_equal(mr_type_size(type), 1);
  mr_type_release(type);
  mr_type_release(pointer);
  mr_declarations_destroy(declarations);
}

static void a_failed_text_leaves_all_names_as_they_were(void **state) {
  (void)state;
  mr_declarations *declarations =
      declared_for(MR_TARGET_X86_64, "typedef int old; struct tag { old a; }; enum { ONE = 1 };");
  assert_int_equal(read_text(declarations,
                             "typedef int fresh; struct fresh { int a; }; typedef char size_t;"
                             "enum { TWO = 2 }; union absent *u; old v; old"),
                   MR_SYNTAX_ERROR);
  assert_int_equal(find_status(declarations, "fresh"), MR_NO_SUCH_SLOT);
  assert_int_equal(find_status(declarations, "struct fresh"), MR_NO_SUCH_SLOT);
  assert_int_equal(find_status(declarations, "union absent"), MR_NO_SUCH_SLOT);
  const mr_type *size = found(declarations, "size_t");
  assert_int_equal(mr_type_size(size), 8);
  mr_type_release(size);
  assert_int_equal(
      read_text(declarations,
                "struct absent { int a[ONE]; }; enum fresh { TWO }; typedef char fresh;"
                "int v; int w[sizeof(struct tag) == 4 ? 1 : -1];"),
      MR_OK);
  mr_declarations_destroy(declarations);
}

static void a_failed_text_leaves_pointers_as_they_were(void **state) {
  (void)state;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "struct s { int a; };");
  assert_int_equal(read_text(declarations, "struct s *p; int **q; 3"), MR_SYNTAX_ERROR);
  const mr_type *pointer = found(declarations, "struct s *");
  assert_int_equal(offset_in(mr_type_element(pointer), "a"), 0);
  const mr_type *again = found(declarations, "struct s *");
  assert_ptr_equal(pointer, again);
  mr_type_release(again);
  mr_type_release(pointer);
  mr_declarations_destroy(declarations);
}

static void a_failure_inside_a_prototype_leaves_names_as_they_were(void **state) {
  (void)state;
  mr_declarations *declarations =
      declared_for(MR_TARGET_X86_64, "typedef int t; struct s { t a; };");
  assert_int_equal(
      read_text(declarations, "void f(int t, struct s { char b; } *c, enum { K } d, 3"),
      MR_SYNTAX_ERROR);
  assert_int_equal(read_text(declarations, "t v; int w[sizeof(struct s)]; enum { K };"), MR_OK);
  mr_declarations_destroy(declarations);
}

static void asking_for_members_of_a_type_whose_reading_failed_later_works(void **state) {
  (void)state;
  mr_declarations *declarations =
      declared_for(MR_TARGET_X86_64, "struct s { int a; struct { int b; }; };");
  assert_int_equal(
      read_text(declarations, "int v[__builtin_offsetof(struct s, b)]; typedef struct s t; 3"),
      MR_SYNTAX_ERROR);
  const mr_type *type = found(declarations, "struct s");
  assert_int_equal(offset_in(type, "b"), 4);
  mr_type_release(type);
  mr_declarations_destroy(declarations);
}

static void a_text_has_at_most_so_many_octets(void **state) {
  (void)state;
  mr_declarations *declarations;
  mr_condition condition = {.line = 0};
  mr_declarations_options options = {.target = MR_TARGET_X86_64, .text_limit = 200};
  char text[201];
  memset(text, ' ', sizeof text);
  assert_int_equal(mr_declarations_create(NULL, &options, &declarations), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, mr_view_of(text, 200), &condition), MR_OK);
  assert_int_equal(mr_declarations_read(declarations, mr_view_of(text, 201), &condition),
                   MR_UNSUPPORTED);
  assert_string_equal(condition.message, "the text has more than 200 octets");
  mr_declarations_destroy(declarations);
}

static void expressions_nest_as_deep_as_is_said(void **state) {
  (void)state;
  static char text[40000];
  mr_condition condition;
  put_at(text, sizeof text, 0, "typedef char t[");
  memset(text + 15, '(', 30000);
  put_at(text, sizeof text, 30015, "1");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_UNSUPPORTED);
  assert_string_equal(condition.message, "this nests deeper than 256");
  put_at(text, sizeof text, 0, "typedef char t[");
  memset(text + 15, '~', 30000);
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_UNSUPPORTED);
}

#define EVERYTHING                                                                             \
  "struct later; typedef struct later *pointer; enum e { A, B = 300 } v;"                      \
  "struct s { unsigned a : 3, b : 7; struct { int c; union { char d; float f[3]; }; };"        \
  "  pointer p; int (*call)(struct later *, enum e, ...); _Alignas(16) char g; double h[]; };" \
  "typedef int aligned_int __attribute__((aligned(8))); typedef float v4 "                     \
  "__attribute__((vector_size(16))); int w[__builtin_offsetof(struct s, f[1])];"               \
  "struct __attribute__((scalar_storage_order(\"big-endian\"))) big { int a[2]; long b; };"    \
  "typedef __typeof__(&((struct s *)0)->g) q; char x[sizeof \"ab\" + sizeof(&v)];"             \
  "int z(int n, struct inner { int *o; } *(*)[2]); typedef union { int i[2][2]; } any[2];"     \
  "typedef int word __attribute__((mode(DI))); enum e (*f(void))[3]; enum later_e;"            \
  "typedef enum later_e *pe; enum later_e { C };"                                              \
  "struct later { struct s *s; _Atomic(short) t; aligned_int u; v4 v; };"

static mr_status create_everything(void *context, mr_allocator *allocator) {
  mr_declarations *declarations;
  mr_status status = mr_declarations_create(allocator, NULL, &declarations);
  (void)context;
  if (status != MR_OK) return status;
  const mr_type *type = NULL;
  status = read_text(declarations, EVERYTHING);
  if (status == MR_OK) status = mr_declarations_find(declarations, "struct later", &type, NULL);
  mr_type_release(type);
  mr_declarations_destroy(declarations);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  assert_true(test_sweep(&allocator, create_everything, NULL, NULL) >= 3);
  test_allocator_fini(&allocator);
}

/* Memory comes in large blocks: behind as many names as there may be, each of what a text needs is once the first that
 * no longer fits. Answers whether all of it did. */
static bool everything_fits_behind_names(unsigned count) {
  test_allocator allocator;
  mr_declarations *declarations;
  test_allocator_init(&allocator);
  assert_int_equal(mr_declarations_create(&allocator.base, NULL, &declarations), MR_OK);
  /* What is taken back leaves its tables as large as they have become: only memory for types is short. */
  assert_int_equal(read_text(declarations, EVERYTHING "3"), MR_SYNTAX_ERROR);
  for (unsigned i = 0; i < count; i++) {
    char text[32];
    snprintf(text, sizeof text, "int before_%u;", i);
    assert_int_equal(read_text(declarations, text), MR_OK);
  }
  allocator.fail_at = allocator.requests + 1;
  allocator.fails_on = true;
  mr_status status = read_text(declarations, EVERYTHING);
  allocator.fail_at = 0;
  allocator.fails_on = false;
  if (status != MR_OK) {
    assert_int_equal(status, MR_OUT_OF_MEMORY);
    assert_int_equal(find_status(declarations, "struct s"), MR_NO_SUCH_SLOT);
    assert_int_equal(read_text(declarations, EVERYTHING), MR_OK);
  }
  mr_declarations_destroy(declarations);
  test_allocator_fini(&allocator);
  return status == MR_OK;
}

static void a_read_may_run_out_of_memory_anywhere(void **state) {
  (void)state;
  unsigned failures = 0;
  for (unsigned count = 0; count < 500; count++) {
    if (!everything_fits_behind_names(count)) failures++;
  }
  assert_in_range(failures, 50, 499);
}

/* Names enough that tables grow, read into declarations in which `first` is known. */
static void a_read_without_memory_changes_nothing(void **state) {
  (void)state;
  static char text[40000];
  size_t size = 0;
  for (int i = 0; i < 400; i++) {
    size +=
        (size_t)snprintf(text + size, sizeof text - size,
                         "struct s%d { struct first *a%d; int b : 3; }; enum { E%d };", i, i, i);
  }
  put_at(text, sizeof text, size, "struct first { struct s1 a; int b[2]; };");
  size_t failures = 0;
  for (size_t fail_at = 1;; fail_at++) {
    test_allocator allocator;
    mr_declarations *declarations;
    test_allocator_init(&allocator);
    assert_int_equal(mr_declarations_create(&allocator.base, NULL, &declarations), MR_OK);
    assert_int_equal(read_text(declarations, "struct first; typedef struct first *p;"), MR_OK);
    const mr_type *pointer = found(declarations, "p");
    allocator.fail_at = allocator.requests + fail_at;
    /* An arena asks for less where there is not much: so nothing is had any more. */
    allocator.fails_on = true;
    mr_status status = read_text(declarations, text);
    allocator.fails_on = false;
    bool is_complete = mr_type_is_complete(mr_type_element(pointer));
    assert_int_equal(is_complete, status == MR_OK);
    allocator.fail_at = 0;
    if (status != MR_OK) {
      failures++;
      assert_int_equal(status, MR_OUT_OF_MEMORY);
      assert_int_equal(find_status(declarations, "struct s0"), MR_NO_SUCH_SLOT);
      assert_int_equal(read_text(declarations, text), MR_OK);
    }
    assert_int_equal(offset_in(mr_type_element(pointer), "b[1]"),
                     offset_in(mr_type_element(pointer), "b") + 4);
    mr_type_release(pointer);
    mr_declarations_destroy(declarations);
    test_allocator_fini(&allocator);
    if (status == MR_OK) break;
  }
  assert_true(failures >= 1);
}

static void a_later_text_may_declare_the_same_again(void **state) {
  (void)state;
  const char text[] =
      "enum e { A, B = 5 }; struct s { struct s *next; enum e e; union { int a; } u; };"
      "typedef struct { int x; } t; typedef struct s s_t; typedef int (*f)(struct s *);";
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, text);
  const mr_type *before = found(declarations, "struct s");
  assert_int_equal(read_text(declarations, text), MR_OK);
  const mr_type *after = found(declarations, "s_t");
  assert_ptr_equal(after, before);
  assert_int_equal(read_text(declarations, "struct s { int other; };"), MR_INVALID_ARGUMENT);
  assert_int_equal(read_text(declarations, "enum e { A, B = 6 };"), MR_INVALID_ARGUMENT);
  assert_int_equal(read_text(declarations, "enum e { A };"), MR_INVALID_ARGUMENT);
  assert_int_equal(read_text(declarations, "enum { B = 6 };"), MR_INVALID_ARGUMENT);
  assert_int_equal(read_text(declarations, "typedef struct { int y; } t;"), MR_INVALID_ARGUMENT);
  assert_int_equal(read_text(declarations, "union s { int a; };"), MR_INVALID_ARGUMENT);
  assert_int_equal(read_text(declarations, "struct s v; typedef struct s s_t;"), MR_OK);
  mr_type_release(after);
  after = found(declarations, "struct s");
  assert_ptr_equal(after, before);
  mr_type_release(after);
  mr_type_release(before);
  mr_declarations_destroy(declarations);
}

static void a_condition_may_be_null(void **state) {
  (void)state;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "");
  assert_int_equal(read_text(declarations, "int 3;"), MR_SYNTAX_ERROR);
  assert_int_equal(find_status(declarations, "int 3"), MR_SYNTAX_ERROR);
  mr_declarations_destroy(declarations);
}

static void a_condition_has_the_offset_in_the_text(void **state) {
  (void)state;
  mr_condition condition;
  assert_int_equal(read_for(MR_TARGET_X86_64, "# 50 \"a\"\nint a;\nint 3;", &condition),
                   MR_SYNTAX_ERROR);
  assert_int_equal(condition.offset, 20);
  assert_int_equal(condition.line, 51);
  assert_int_equal(condition.column, 5);
}

static void a_long_token_is_shown_in_part(void **state) {
  (void)state;
  mr_condition condition;
  assert_int_equal(
      read_for(MR_TARGET_X86_64, "int a 12345678901234567890123456789012345678901234567890;",
               &condition),
      MR_SYNTAX_ERROR);
  assert_string_equal(condition.message,
                      "expected ',' or ';' behind a declaration, not "
                      "'1234567890123456789012345678901234567890'");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_zeros_is_this_machine),
      cmocka_unit_test(a_target_that_is_none_is_refused),
      cmocka_unit_test(null_declarations_are_ended_with_nothing),
      cmocka_unit_test(texts_add_to_each_other),
      cmocka_unit_test(what_is_not_there_is_no_such_slot),
      cmocka_unit_test(what_is_no_types_name_is_refused),
      cmocka_unit_test(asking_declares_nothing),
      cmocka_unit_test(types_outlive_their_declarations),
      cmocka_unit_test(an_incomplete_type_that_is_held_becomes_complete),
      cmocka_unit_test(a_failed_text_leaves_an_incomplete_type_incomplete),
      cmocka_unit_test(a_failed_text_leaves_all_names_as_they_were),
      cmocka_unit_test(a_failed_text_leaves_pointers_as_they_were),
      cmocka_unit_test(a_failure_inside_a_prototype_leaves_names_as_they_were),
      cmocka_unit_test(asking_for_members_of_a_type_whose_reading_failed_later_works),
      cmocka_unit_test(a_text_has_at_most_so_many_octets),
      cmocka_unit_test(expressions_nest_as_deep_as_is_said),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(a_read_may_run_out_of_memory_anywhere),
      cmocka_unit_test(a_read_without_memory_changes_nothing),
      cmocka_unit_test(a_later_text_may_declare_the_same_again),
      cmocka_unit_test(a_condition_may_be_null),
      cmocka_unit_test(a_condition_has_the_offset_in_the_text),
      cmocka_unit_test(a_long_token_is_shown_in_part),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

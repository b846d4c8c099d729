#include "declarations_support.h"

#define S "\nstruct s { char a; long b; };"

static void pack_lowers_alignments(void **state) {
  (void)state;
  is_laid_out("#pragma pack(1)" S, "struct s", 9, 1);
  is_laid_out("# pragma pack ( 2 ) // two" S, "struct s", 10, 2);
  is_laid_out("#pragma pack(16)" S, "struct s", 16, 8);
  is_laid_out("#pragma pack(1)\n#pragma pack()" S, "struct s", 16, 8);
  is_laid_out("#pragma pack(1)\n#pragma pack(0)" S, "struct s", 16, 8);
  is_laid_out("#pragma pack(4)\n#pragma pack(show)" S, "struct s", 12, 4);
}

static void pack_is_pushed_and_popped(void **state) {
  (void)state;
  is_laid_out("#pragma pack(push, 2)" S "\n#pragma pack(pop)", "struct s", 10, 2);
  is_laid_out("#pragma pack(4)\n#pragma pack(push)\n#pragma pack(1)\n#pragma pack(pop)" S,
              "struct s", 12, 4);
  is_laid_out("#pragma pack(push, 1)\n#pragma pack(pop)" S, "struct s", 16, 8);
  is_laid_out("#pragma pack(pop)" S, "struct s", 16, 8);
  is_laid_out("#pragma pack(push, 1)\n#pragma pack(pop, 4)" S, "struct s", 12, 4);
}

static void pushes_may_have_names(void **state) {
  (void)state;
  is_laid_out("#pragma pack(push, a, 2)\n#pragma pack(push, b, 1)\n#pragma pack(pop, a)" S,
              "struct s", 16, 8);
  is_laid_out("#pragma pack(push, a, 2)\n#pragma pack(push, b, 1)\n#pragma pack(pop, b)" S,
              "struct s", 10, 2);
  is_laid_out("#pragma pack(push, a, 2)\n#pragma pack(pop, c)" S, "struct s", 10, 2);
}

static void a_pack_that_is_none_is_refused(void **state) {
  (void)state;
  static const char shape[] = "expected pack(n), pack(push, n) or pack(pop)";
  static const char number[] = "a pack is 1, 2, 4, 8 or 16";
  refuses("#pragma pack(3)", MR_INVALID_ARGUMENT, 1, 14, number);
  refuses("#pragma pack(32)", MR_INVALID_ARGUMENT, 1, 14, number);
  refuses("#pragma pack(0x1)", MR_INVALID_ARGUMENT, 1, 14, number);
  refuses("#pragma pack(1u)", MR_INVALID_ARGUMENT, 1, 14, number);
  refuses("#pragma pack(push, 1, a)", MR_INVALID_ARGUMENT, 1, 23, number);
  refuses("#pragma pack 1", MR_SYNTAX_ERROR, 1, 14, shape);
  refuses("int a;\n#pragma pack(1", MR_SYNTAX_ERROR, 2, 15, shape);
  refuses("#pragma pack(push 1)", MR_SYNTAX_ERROR, 1, 19, shape);
  refuses("#pragma pack(\"", MR_SYNTAX_ERROR, 1, 14, "this quotation does not end");
}

static void there_are_so_many_pushes(void **state) {
  (void)state;
  static char text[257 * 19 + 1];
  mr_condition condition;
  for (int i = 0; i < 256; i++) append(text, sizeof text, "#pragma pack(push)\n");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_OK);
  append(text, sizeof text, "#pragma pack(push)\n");
  assert_int_equal(read_for(MR_TARGET_X86_64, text, &condition), MR_UNSUPPORTED);
  assert_string_equal(condition.message, "too many packs are pushed");
  assert_int_equal(condition.line, 257);
}

static void a_pack_inside_of_what_it_packs_is_refused(void **state) {
  (void)state;
  refuses("struct s { char a;\n#pragma pack(1)\nint b; };", MR_UNSUPPORTED, 3, 8,
          "#pragma pack inside of what it packs: gcc and clang differ about it");
  takes("struct s { char a;\n#pragma pack(1)\n#pragma pack()\nint b; };");
}

static void a_pack_ends_with_its_text(void **state) {
  (void)state;
  mr_declarations *declarations = declared_for(MR_TARGET_X86_64, "#pragma pack(1)");
  mr_view text = MR_VIEW("struct s { char a; long b; };");
  assert_int_equal(mr_declarations_read(declarations, text, NULL), MR_OK);
  const mr_type *type = found(declarations, "struct s");
  assert_int_equal(mr_type_size(type), 16);
  mr_type_release(type);
  mr_declarations_destroy(declarations);
}

static mr_byte_order order_of(const char *pragma) {
  char text[256];
  mr_member member;
  snprintf(text, sizeof text, "%s" S, pragma);
  const mr_type *type = type_of(text, "struct s");
  assert_int_equal(mr_type_find(type, "b", &member, NULL), MR_OK);
  mr_byte_order order = mr_type_byte_order(member.type);
  mr_type_release(type);
  return order;
}

static void scalar_storage_order_holds_until_it_changes(void **state) {
  (void)state;
  assert_int_equal(order_of("#pragma scalar_storage_order big-endian"), MR_BIG_ENDIAN);
  assert_int_equal(order_of("#pragma scalar_storage_order little-endian"), MR_LITTLE_ENDIAN);
  assert_int_equal(
      order_of("#pragma scalar_storage_order big-endian\n#pragma scalar_storage_order default"),
      MR_LITTLE_ENDIAN);
  refuses("#pragma scalar_storage_order middle-endian", MR_SYNTAX_ERROR, 1, 30,
          "expected big-endian, little-endian or default");
}

static void pragmas_that_change_layouts_otherwise_are_refused(void **state) {
  (void)state;
  static const char message[] = "this pragma changes layouts in a way that is not followed";
  refuses("#pragma ms_struct on", MR_UNSUPPORTED, 1, 9, message);
  refuses("#pragma options align=packed", MR_UNSUPPORTED, 1, 9, message);
  refuses("#pragma clang attribute push(__attribute__((packed)))", MR_UNSUPPORTED, 1, 15, message);
}

static void other_pragmas_are_passed(void **state) {
  (void)state;
  takes(
      "#pragma once\n#pragma GCC diagnostic push\n#pragma clang diagnostic pop\n#pragma\n"
      "#pragma \r\n#pragma 3 ` @\n#pragma STDC FP_CONTRACT ON\n#pragma weak a");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pack_lowers_alignments),
      cmocka_unit_test(pack_is_pushed_and_popped),
      cmocka_unit_test(pushes_may_have_names),
      cmocka_unit_test(a_pack_that_is_none_is_refused),
      cmocka_unit_test(there_are_so_many_pushes),
      cmocka_unit_test(a_pack_inside_of_what_it_packs_is_refused),
      cmocka_unit_test(a_pack_ends_with_its_text),
      cmocka_unit_test(scalar_storage_order_holds_until_it_changes),
      cmocka_unit_test(pragmas_that_change_layouts_otherwise_are_refused),
      cmocka_unit_test(other_pragmas_are_passed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "declaration.h"

#include <stdio.h>

static const char *keyword_of(const mr_type *type) {
  if (mr_type_is_enum(type)) return "enum";
  switch (mr_type_kind(type)) {
    case MR_KIND_STRUCT:
      return "struct";
    case MR_KIND_UNION:
      return "union";
    default:
      return NULL;
  }
}

static void put_base(const mr_type *type) {
  const char *keyword = keyword_of(type);
  const char *name = mr_type_name(type);
  if (!name && mr_type_kind(type) == MR_KIND_VOID) name = "void";
  if (keyword) {
    printf(name ? "%s %s" : "%s {...}", keyword, name);
  } else {
    fputs(name ? name : "?", stdout);
  }
}

static bool is_array(const mr_type *type) {
  return mr_type_kind(type) == MR_KIND_ARRAY && !mr_type_is_vector(type);
}

static bool binds_tighter_than_pointer(const mr_type *type) {
  return is_array(type) || mr_type_kind(type) == MR_KIND_FUNCTION;
}

/* What a type's text has before the name: ends with `*`, `(*` or a word. Answers whether a space goes before a name. */
static bool put_before(const mr_type *type) {
  const mr_type *element = mr_type_element(type);
  if (mr_type_kind(type) == MR_KIND_POINTER) {
    bool is_word = put_before(element);
    if (is_word) putchar(' ');
    fputs(binds_tighter_than_pointer(element) ? "(*" : "*", stdout);
    return false;
  }
  if (is_array(type) || mr_type_kind(type) == MR_KIND_FUNCTION) return put_before(element);
  put_base(mr_type_is_vector(type) ? element : type);
  return true;
}

static void put_after(const mr_type *type);

static void put_parameters(const mr_type *function) {
  size_t count = mr_type_count(function);
  mr_member parameter;
  putchar('(');
  for (size_t i = 0; i < count && mr_type_member(function, i, &parameter) == MR_OK; i++) {
    if (i > 0) fputs(", ", stdout);
    put_before(parameter.type);
    put_after(parameter.type);
  }
  if (count == 0 && !mr_type_is_variadic(function)) fputs("void", stdout);
  if (count > 0 && mr_type_is_variadic(function)) fputs(", ...", stdout);
  putchar(')');
}

static void put_after(const mr_type *type) {
  const mr_type *element = mr_type_element(type);
  if (mr_type_kind(type) == MR_KIND_POINTER) {
    if (binds_tighter_than_pointer(element)) putchar(')');
    put_after(element);
  } else if (mr_type_kind(type) == MR_KIND_FUNCTION) {
    put_parameters(type);
    put_after(element);
  } else if (mr_type_is_vector(type)) {
    printf(" __attribute__((vector_size(%zu)))", mr_type_size(type));
  } else if (is_array(type)) {
    if (mr_type_is_flexible_array(type)) {
      fputs("[]", stdout);
    } else {
      printf("[%zu]", mr_type_count(type));
    }
    put_after(element);
  }
}

void declaration_print(const mr_member *member, const char *name) {
  bool is_word = put_before(member->type);
  if (name) printf(is_word ? " %s" : "%s", name);
  put_after(member->type);
  if (member->is_bit_field) printf(" : %u", member->bit_width);
}

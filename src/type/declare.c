#include "declare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "aggregate.h"
#include "target.h"

/* What is shared and has no tag is written again and again: this many declarators at most. */
#define DECLARATORS_MAX (UINT32_C(1) << 20)

typedef struct mr_writer {
  const mr_plan *plan;
  mr_write_function *write;
  void *context;
  /** The first failure; nothing is written after it. */
  mr_status status;
  uint32_t declarators;
  unsigned indentation;
  /** Whether a blank is due before what follows, unless that is a bracket. */
  bool is_blank_due;
  /** Whose typedef is being written. */
  const mr_type *named;
} mr_writer;

static void write_declaration(mr_writer *writer, const mr_type *type, const char *name);

static void put_octets(mr_writer *writer, const char *text, size_t length) {
  if (writer->status == MR_OK && length > 0) {
    writer->status = writer->write(writer->context, text, length);
  }
}

static void put(mr_writer *writer, const char *text) { put_octets(writer, text, strlen(text)); }

static void put_number(mr_writer *writer, const char *before, size_t number, const char *after) {
  char text[24];
  snprintf(text, sizeof text, "%zu", number);
  put(writer, before);
  put(writer, text);
  put(writer, after);
}

static void put_blank(mr_writer *writer) {
  if (writer->is_blank_due) put(writer, " ");
  writer->is_blank_due = false;
}

static void put_line_start(mr_writer *writer) {
  for (unsigned i = 0; i < writer->indentation; i++) put(writer, "  ");
}

/* Attributes: " __attribute__((packed, aligned(4)))". */

typedef struct mr_attributes {
  bool is_packed;
  size_t alignment;
  size_t vector_size;
  const char *mode;
  const char *order;
} mr_attributes;

static void put_attributes(mr_writer *writer, const mr_attributes *attributes) {
  const char *before = " __attribute__((", *between = ", ", *open = before;
  if (attributes->is_packed) {
    put(writer, open);
    put(writer, "packed");
    open = between;
  }
  if (attributes->alignment > 0) {
    put(writer, open);
    put_number(writer, "aligned(", attributes->alignment, ")");
    open = between;
  }
  if (attributes->vector_size > 0) {
    put(writer, open);
    put_number(writer, "vector_size(", attributes->vector_size, ")");
    open = between;
  }
  if (attributes->mode) {
    put(writer, open);
    put(writer, attributes->mode);
    open = between;
  }
  if (attributes->order) {
    put(writer, open);
    put(writer, attributes->order);
    open = between;
  }
  if (open != before) put(writer, "))");
}

/* Structs and unions. */

static const char *other_order(const mr_plan *plan) {
  return mr_target_traits_of(plan->target)->order == MR_BIG_ENDIAN
             ? "scalar_storage_order(\"little-endian\")"
             : "scalar_storage_order(\"big-endian\")";
}

static void put_member(mr_writer *writer, const mr_type *type, const mr_member_spec *spec) {
  mr_attributes attributes = {.is_packed = spec->is_packed, .alignment = spec->alignment};
  put_line_start(writer);
  write_declaration(writer, type, mr_is_named(spec) ? spec->name : NULL);
  if (spec->is_bit_field) put_number(writer, " : ", spec->bit_width, "");
  put_attributes(writer, &attributes);
  put(writer, ";\n");
}

static void put_tag(mr_writer *writer, const mr_type *type) {
  const char *tag = mr_type_tag(type);
  if (!tag) return;
  put(writer, " ");
  put(writer, tag);
}

static void put_keyword(mr_writer *writer, const mr_type *type) {
  if (type->is_enum) {
    put(writer, "enum");
  } else {
    put(writer, type->kind == MR_KIND_STRUCT ? "struct" : "union");
  }
}

static void put_aggregate(mr_writer *writer, const mr_type *type) {
  const mr_outline *outline = mr_plan_find(writer->plan, type);
  mr_attributes attributes = {.is_packed = outline->options.is_packed,
                              .alignment = outline->options.alignment,
                              .order = outline->is_swapped ? other_order(writer->plan) : NULL};
  put_keyword(writer, type);
  put_attributes(writer, &attributes);
  put_tag(writer, type);
  put(writer, " {\n");
  writer->indentation++;
  for (size_t i = 0; i < type->count && writer->status == MR_OK; i++) {
    put_member(writer, type->members[i].type, &outline->specs[i]);
  }
  writer->indentation--;
  put_line_start(writer);
  put(writer, "}");
}

/* Enums. */

static void put_enumerator(mr_writer *writer, const mr_type *type,
                           const mr_enumerator *enumerator) {
  char text[32];
  bool is_signed = mr_kind_is_signed((mr_kind)type->kind);
  if (enumerator->value == INT64_MIN && is_signed) {
    /* C's minus is no part of a number. */
    snprintf(text, sizeof text, "-%" PRId64 " - 1", INT64_MAX);
  } else if (is_signed || enumerator->value >= 0) {
    snprintf(text, sizeof text, "%" PRId64, enumerator->value);
  } else {
    snprintf(text, sizeof text, "%" PRIu64 "u", (uint64_t)enumerator->value);
  }
  put_line_start(writer);
  put(writer, enumerator->name);
  put(writer, " = ");
  put(writer, text);
}

static const char *mode_of(const mr_type *type) {
  if (type->size == sizeof(uint8_t)) return "mode(QI)";
  if (type->size == sizeof(uint16_t)) return "mode(HI)";
  return type->size == sizeof(uint32_t) ? "mode(SI)" : "mode(DI)";
}

static mr_attributes enum_attributes(const mr_plan *plan, const mr_type *type) {
  mr_attributes attributes = {.is_packed = false};
  if (mr_enum_natural_kind(type, plan->target, false) == (mr_kind)type->kind) return attributes;
  if (mr_enum_natural_kind(type, plan->target, true) == (mr_kind)type->kind) {
    attributes.is_packed = true;
  } else {
    attributes.mode = mode_of(type);
  }
  return attributes;
}

static void put_enum(mr_writer *writer, const mr_type *type) {
  mr_attributes attributes = enum_attributes(writer->plan, type);
  put(writer, "enum");
  put_attributes(writer, &attributes);
  put_tag(writer, type);
  put(writer, " {\n");
  writer->indentation++;
  for (size_t i = 0; i < type->count && writer->status == MR_OK; i++) {
    put_enumerator(writer, type, &type->enumerators[i]);
    put(writer, i + 1 < type->count ? ",\n" : "\n");
  }
  writer->indentation--;
  put_line_start(writer);
  put(writer, "}");
}

/* Declarators. */

/* What a declarator is made of, rather than a name before it. */
static bool is_derived(const mr_writer *writer, const mr_type *type) {
  mr_kind kind = mr_type_kind(type);
  if (kind == MR_KIND_ARRAY && type->is_vector) return false;
  if (kind != MR_KIND_POINTER && kind != MR_KIND_ARRAY && kind != MR_KIND_FUNCTION) return false;
  return mr_plan_typedef(writer->plan, type, writer->named) == 0;
}

static bool is_pointer(const mr_type *type) { return type->kind == MR_KIND_POINTER; }

static void put_specifier(mr_writer *writer, const mr_type *type) {
  writer->is_blank_due = true;
  if (!type || type->kind == MR_KIND_VOID) {
    put(writer, "void");
    return;
  }
  const mr_type *origin = mr_type_origin(type);
  unsigned number = mr_plan_typedef(writer->plan, type, writer->named);
  if (number > 0) {
    put_number(writer, MR_TYPEDEF_PREFIX, number, "");
  } else if (type->is_vector) {
    put(writer, mr_scalar_text(type->element, writer->plan->target));
  } else if (!mr_kind_has_members((mr_kind)type->kind) && !type->is_enum) {
    put(writer, mr_scalar_text(type, writer->plan->target));
  } else if (mr_type_tag(type)) {
    put_keyword(writer, type);
    put_tag(writer, type);
  } else if (type->is_enum) {
    put_enum(writer, origin);
  } else {
    put_aggregate(writer, origin);
  }
  writer->is_blank_due = true;
}

static const mr_type *specified(const mr_writer *writer, const mr_type *type) {
  while (is_derived(writer, type)) type = mr_type_completed(type->element);
  return type;
}

static void put_left(mr_writer *writer, const mr_type *type) {
  if (!is_derived(writer, type)) return;
  const mr_type *element = mr_type_completed(type->element);
  put_left(writer, element);
  if (!is_pointer(type)) return;
  bool is_inner = is_derived(writer, element) && !is_pointer(element);
  put_blank(writer);
  put(writer, is_inner ? "(*" : "*");
}

static void put_parameters(mr_writer *writer, const mr_type *type) {
  put(writer, "(");
  for (size_t i = 0; i < type->count && writer->status == MR_OK; i++) {
    if (i > 0) put(writer, ", ");
    write_declaration(writer, mr_type_completed(type->members[i].type), NULL);
  }
  if (type->count == 0) {
    put(writer, type->is_variadic ? ")" : "void)");
  } else {
    put(writer, type->is_variadic ? ", ...)" : ")");
  }
}

static void put_right(mr_writer *writer, const mr_type *type) {
  if (!is_derived(writer, type)) return;
  const mr_type *element = mr_type_completed(type->element);
  writer->is_blank_due = false;
  if (is_pointer(type)) {
    if (is_derived(writer, element) && !is_pointer(element)) put(writer, ")");
  } else if (type->kind == MR_KIND_FUNCTION) {
    put_parameters(writer, type);
  } else if (type->is_flexible) {
    put(writer, "[]");
  } else {
    put_number(writer, "[", type->count, "]");
  }
  put_right(writer, element);
}

static void write_declaration(mr_writer *writer, const mr_type *type, const char *name) {
  if (writer->status == MR_OK && writer->declarators++ == DECLARATORS_MAX) {
    writer->status = MR_UNSUPPORTED;
  }
  if (writer->status != MR_OK) return;
  put_specifier(writer, specified(writer, type));
  put_left(writer, type);
  if (name) {
    put_blank(writer);
    put(writer, name);
  }
  put_right(writer, type);
}

/* Definitions. */

static void put_typedef(mr_writer *writer, const mr_type *type) {
  char name[sizeof MR_TYPEDEF_PREFIX + 12];
  const mr_type *origin = mr_type_origin(type);
  mr_attributes attributes = {.is_packed = false};
  snprintf(name, sizeof name, MR_TYPEDEF_PREFIX "%u", mr_plan_find(writer->plan, type)->number);
  if (type->is_vector && origin == type) {
    attributes.vector_size = type->size;
  } else if (!type->is_enum || origin != type) {
    attributes.alignment = type->alignment;
  }
  writer->named = type;
  put(writer, "typedef ");
  write_declaration(writer, type, name);
  put_attributes(writer, &attributes);
  writer->named = NULL;
}

static size_t pack_of(const mr_plan *plan, const mr_definition *definition) {
  if (definition->form != MR_DEFINES_TAG || definition->type->is_enum) return 0;
  return mr_plan_find(plan, definition->type)->options.pack;
}

static void put_definition(mr_writer *writer, const mr_definition *definition) {
  const mr_type *type = definition->type;
  size_t pack = pack_of(writer->plan, definition);
  if (pack > 0) put_number(writer, "#pragma pack(push, ", pack, ")\n");
  if (definition->form == MR_DEFINES_TYPEDEF) {
    put_typedef(writer, type);
  } else if (definition->form == MR_DEFINES_NOTHING) {
    put_keyword(writer, type);
    put_tag(writer, type);
  } else if (type->is_enum) {
    put_enum(writer, type);
  } else {
    put_aggregate(writer, type);
  }
  put(writer, pack > 0 ? ";\n#pragma pack(pop)\n" : ";\n");
}

static bool is_known_by_tag(const mr_plan *plan, const mr_type *type) {
  return (type->is_enum || mr_kind_has_members((mr_kind)type->kind)) && mr_type_tag(type) &&
         mr_plan_typedef(plan, type, NULL) == 0;
}

static mr_status write_all(const mr_plan *plan, const mr_type *type, const char *name,
                           mr_write_function *write, void *context) {
  mr_writer writer = {.plan = plan, .write = write, .context = context};
  for (const mr_definition *at = plan->first; at && writer.status == MR_OK; at = at->next) {
    put_definition(&writer, at);
  }
  if (name) {
    write_declaration(&writer, type, name);
    put(&writer, ";\n");
  } else if (!is_known_by_tag(plan, type)) {
    write_declaration(&writer, type, NULL);
  }
  return writer.status;
}

static mr_status drop(void *context, const char *text, size_t length) {
  (void)context, (void)text, (void)length;
  return MR_OK;
}

mr_status mr_type_print(const mr_type *type, const char *name, mr_write_function *write,
                        void *context) {
  mr_plan plan;
  type = mr_type_completed(type);
  if (!type) return MR_INVALID_ARGUMENT;
  if (name && !mr_is_c_name(name)) return MR_INVALID_ARGUMENT;
  mr_status status = mr_plan_init(&plan, type, name);
  if (status != MR_OK) return status;
  /* Once for nothing: text may be too long, and then there is to be none. */
  status = write_all(&plan, type, name, drop, NULL);
  if (status == MR_OK) status = write_all(&plan, type, name, write, context);
  mr_plan_fini(&plan);
  return status;
}

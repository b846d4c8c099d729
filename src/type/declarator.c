#include "reader.h"

/*
 * Declarators. What a declarator says is read into steps, from the name outward: `(*name[2])(int)` is an array of
 * pointers to a function. The type is then made from the other end.
 */

typedef enum step_form { STEP_POINTER, STEP_ARRAY, STEP_FUNCTION } step_form;

typedef struct step {
  step_form form;
  bool is_open;
  bool is_variadic;
  /** Whether how many elements there are is nobody's business: an array that is a parameter. */
  bool is_unknown;
  uint64_t count;
  const mr_member *parameters;
  const char *at;
} step;

static mr_status push_step(mr_reader *reader, step pushed) {
  step *pushed_to;
  mr_status status = mr_reader_push(reader, &reader->steps, sizeof *pushed_to, (void *)&pushed_to);
  if (status == MR_OK) *pushed_to = pushed;
  return status;
}

/* Parameters. */

/* What arrays and functions are as parameters: pointers. */
static mr_status adjust_parameter(mr_reader *reader, const mr_type *type, const mr_type **out) {
  if (type->kind == MR_KIND_ARRAY && !type->is_vector) {
    return mr_reader_pointer_to(reader, type->element, out);
  }
  if (type->kind == MR_KIND_FUNCTION) return mr_reader_pointer_to(reader, type, out);
  *out = type;
  return MR_OK;
}

static mr_status read_parameter(mr_reader *reader) {
  mr_specifiers specifiers;
  mr_declarator declarator;
  mr_member_spec *spec;
  mr_status status = mr_read_specifiers(reader, &specifiers);
  if (status == MR_OK) {
    status = mr_read_declarator(reader, &specifiers, MR_DECLARATOR_EITHER, true, &declarator);
  }
  const mr_type *type = NULL;
  if (status == MR_OK) status = adjust_parameter(reader, declarator.type, &type);
  if (status == MR_OK) status = mr_reader_push(reader, &reader->specs, sizeof *spec, (void *)&spec);
  if (status != MR_OK) return status;
  const char *name = declarator.name.kind ? declarator.name.identifier->text : NULL;
  *spec = (mr_member_spec){.name = name, .type = type};
  return MR_OK;
}

/* (void) is no parameter. */
static bool is_only_void(const mr_reader *reader, size_t first) {
  const mr_member_spec *specs = reader->specs.block.pointer;
  return reader->specs.count == first + 1 && specs[first].type->kind == MR_KIND_VOID &&
         !specs[first].name;
}

static mr_status keep_parameters(mr_reader *reader, size_t first, step *of) {
  size_t count = reader->specs.count - first;
  mr_member *parameters = NULL;
  reader->specs.count = first;
  if (count > 0) {
    mr_status status =
        mr_type_group_take(reader->group, count * sizeof *parameters, (void *)&parameters);
    if (status != MR_OK) return mr_reader_fail_plainly(reader, status);
  }
  const mr_member_spec *specs = reader->specs.block.pointer;
  for (size_t i = 0; i < count; i++) {
    parameters[i] = (mr_member){.name = specs[first + i].name, .type = specs[first + i].type};
  }
  of->parameters = parameters;
  of->count = count;
  return MR_OK;
}

static mr_status read_parameter_list(mr_reader *reader, step *of) {
  mr_status status = MR_OK;
  bool is_more = true;
  while (status == MR_OK && is_more) {
    if (mr_reader_is_at(reader, MR_TOKEN_ELLIPSIS)) {
      of->is_variadic = true;
      return mr_reader_advance(reader);
    }
    status = read_parameter(reader);
    if (status == MR_OK) status = mr_reader_take(reader, ',', &is_more);
  }
  return status;
}

/* Behind the bracket. What parameters declare ends with them. */
static mr_status read_parameters(mr_reader *reader, step *of) {
  size_t first = reader->specs.count;
  size_t undos = reader->undos.count;
  if (mr_reader_is_at(reader, ')')) {
    of->is_variadic = true;
    return mr_reader_advance(reader);
  }
  uint32_t around = reader->prototype;
  reader->prototype = ++reader->prototypes;
  mr_status status = read_parameter_list(reader, of);
  if (status != MR_OK) return status;
  reader->prototype = around;
  mr_reader_undo(reader, undos);
  if (is_only_void(reader, first)) reader->specs.count = first;
  status = keep_parameters(reader, first, of);
  return status == MR_OK ? mr_reader_require(reader, ')', "',' or ')' behind a parameter") : status;
}

/* Behind names and brackets. */

static mr_status read_array(mr_reader *reader, bool is_unknown) {
  step array = {.form = STEP_ARRAY, .at = reader->token.start, .is_unknown = is_unknown};
  if (is_unknown) {
    mr_status status = mr_reader_skip_brackets(reader);
    return status == MR_OK ? push_step(reader, array) : status;
  }
  mr_status status = mr_reader_advance(reader);
  while (status == MR_OK && (mr_reader_is_at(reader, MR_TOKEN_QUALIFIER) ||
                             mr_reader_is_at(reader, MR_TOKEN_STORAGE))) {
    status = mr_reader_advance(reader);
  }
  if (status != MR_OK) return status;
  array.is_open = mr_reader_is_at(reader, ']');
  if (!array.is_open) status = mr_read_size(reader, "an array's size", &array.count);
  if (status == MR_OK) status = push_step(reader, array);
  return status == MR_OK ? mr_reader_require(reader, ']', "']'") : status;
}

static mr_status read_function(mr_reader *reader) {
  step function = {.form = STEP_FUNCTION, .at = reader->token.start};
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = read_parameters(reader, &function);
  return status == MR_OK ? push_step(reader, function) : status;
}

static mr_status read_suffixes(mr_reader *reader, bool is_parameter, size_t first) {
  mr_status status = MR_OK;
  while (status == MR_OK) {
    if (mr_reader_is_at(reader, '[')) {
      status = read_array(reader, is_parameter && reader->steps.count == first);
    } else if (mr_reader_is_at(reader, '(')) {
      status = read_function(reader);
    } else {
      break;
    }
  }
  return status;
}

/* Whether a bracket holds a declarator, and not parameters. */
static mr_status holds_declarator(mr_reader *reader, mr_declarator_form form, bool *out) {
  mr_token next;
  mr_status status = mr_reader_peek(reader, &next);
  if (status != MR_OK) return status;
  bool starts_parameters = next.kind == ')' || next.kind == MR_TOKEN_ELLIPSIS ||
                           (mr_starts_type(reader, &next) && next.kind != MR_TOKEN_ATTRIBUTE &&
                            next.kind != MR_TOKEN_QUALIFIER);
  *out = form == MR_DECLARATOR_NAMED || !starts_parameters;
  return MR_OK;
}

static mr_status read_nested(mr_reader *reader, mr_declarator_form form, bool is_parameter,
                             mr_declarator *out);

/* A name, or a declarator in brackets, or nothing. */
static mr_status read_core(mr_reader *reader, mr_declarator_form form, bool is_parameter,
                           mr_declarator *out) {
  if (mr_reader_is_at(reader, MR_TOKEN_IDENTIFIER) && form != MR_DECLARATOR_ABSTRACT) {
    out->name = reader->token;
    return mr_reader_advance(reader);
  }
  if (mr_reader_is_at(reader, '(')) {
    bool is_declarator;
    mr_status status = holds_declarator(reader, form, &is_declarator);
    if (status != MR_OK || !is_declarator) return status;
    status = mr_reader_advance(reader);
    if (status == MR_OK) status = read_nested(reader, form, is_parameter, out);
    return status == MR_OK ? mr_reader_require(reader, ')', "')'") : status;
  }
  return form == MR_DECLARATOR_NAMED ? mr_reader_expected(reader, "a name") : MR_OK;
}

static bool is_at_decoration(const mr_reader *reader) {
  switch (reader->token.kind) {
    case MR_TOKEN_ATTRIBUTE:
    case MR_TOKEN_DECLSPEC:
    case MR_TOKEN_QUALIFIER:
    case MR_TOKEN_ATOMIC:
    case MR_TOKEN_EXTENSION:
      return true;
    default:
      return false;
  }
}

/* Qualifiers and attributes beside a star or a bracket. */
static mr_status read_decoration(mr_reader *reader, mr_declarator *out) {
  mr_attributes attributes = {.alignment = 0};
  mr_status status = MR_OK;
  while (status == MR_OK && is_at_decoration(reader)) {
    bool is_attribute =
        mr_reader_is_at(reader, MR_TOKEN_ATTRIBUTE) || mr_reader_is_at(reader, MR_TOKEN_DECLSPEC);
    if (!is_attribute) out->is_qualified = true;
    status = is_attribute ? mr_read_attributes(reader, &attributes) : mr_reader_advance(reader);
  }
  return status == MR_OK ? mr_refuse_attributes(reader, &attributes, "inside a declarator")
                         : status;
}

static mr_status read_steps(mr_reader *reader, mr_declarator_form form, bool is_parameter,
                            mr_declarator *out) {
  size_t first = reader->steps.count;
  size_t pointers = 0;
  mr_status status = is_at_decoration(reader) ? read_decoration(reader, out) : MR_OK;
  while (status == MR_OK && mr_reader_is_at(reader, '*')) {
    pointers++;
    status = mr_reader_advance(reader);
    if (status == MR_OK && is_at_decoration(reader)) status = read_decoration(reader, out);
  }
  if (status == MR_OK) status = read_core(reader, form, is_parameter, out);
  if (status == MR_OK) status = read_suffixes(reader, is_parameter, first);
  for (; pointers > 0 && status == MR_OK; pointers--) {
    status = push_step(reader, (step){.form = STEP_POINTER});
  }
  return status;
}

static mr_status read_nested(mr_reader *reader, mr_declarator_form form, bool is_parameter,
                             mr_declarator *out) {
  mr_status status = mr_reader_enter(reader);
  if (status == MR_OK) status = read_steps(reader, form, is_parameter, out);
  if (status == MR_OK) mr_reader_leave(reader);
  return status;
}

/* Making the type. */

static mr_status make_function(mr_reader *reader, const step *of, const mr_type *result,
                               const mr_type **out) {
  mr_type *made = NULL;
  size_t depth = mr_type_depth_behind(result);
  for (size_t i = 0; i < of->count; i++) {
    size_t deeper = mr_type_depth_behind(of->parameters[i].type);
    if (deeper > depth) depth = deeper;
  }
  if (result->kind == MR_KIND_FUNCTION || (result->kind == MR_KIND_ARRAY && !result->is_vector)) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, of->at,
                             "a function can't return a function or an array");
  }
  if (depth >= MR_TYPE_DEPTH_MAX) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, of->at, "types nest deeper than %d",
                             MR_TYPE_DEPTH_MAX);
  }
  mr_status status = mr_reader_new_type(reader, &made);
  if (status != MR_OK) return status;
  made->kind = MR_KIND_FUNCTION;
  made->depth = (uint8_t)(depth + 1);
  made->element = result;
  made->members = of->parameters;
  made->count = (size_t)of->count;
  made->is_variadic = of->is_variadic;
  *out = made;
  return MR_OK;
}

static mr_status take_step(mr_reader *reader, step taken, const mr_type *type,
                           const mr_type **out) {
  switch (taken.form) {
    case STEP_POINTER:
      return mr_reader_pointer_to(reader, type, out);
    case STEP_FUNCTION:
      return make_function(reader, &taken, type, out);
    default:
      return taken.is_unknown
                 ? mr_reader_pointer_to(reader, type, out)
                 : mr_reader_array_of(reader, taken.at, type, taken.count, taken.is_open, out);
  }
}

/* From the specifiers' type to the name, so that the last step comes first. */
static mr_status make_type(mr_reader *reader, size_t first, const mr_type *type,
                           const mr_type **out) {
  while (reader->steps.count > first) {
    step taken = ((const step *)reader->steps.block.pointer)[--reader->steps.count];
    mr_status status = take_step(reader, taken, type, &type);
    if (status != MR_OK) return status;
  }
  *out = type;
  return MR_OK;
}

/* Modes and vectors are of the type that the specifiers name, wherever they stand; but modes of pointers are not. */
static mr_status base_type(mr_reader *reader, const mr_specifiers *specifiers,
                           const mr_attributes *behind, const mr_type **out) {
  if (!specifiers->attributes.at && !behind->at) {
    *out = specifiers->type;
    return MR_OK;
  }
  mr_attributes both = specifiers->attributes;
  mr_attributes_add(&both, behind);
  return mr_attributed_type(reader, &both, specifiers->type, out);
}

/* gcc forgets what alignment a typedef gives to a qualified type where arrays are made of it, and to an array of such
 * where another qualifier is added; clang does not. */
static mr_status check_qualified(mr_reader *reader, const mr_specifiers *specifiers, size_t first,
                                 const mr_type *base, const char *at) {
  bool is_realigned = base->origin && base->alignment != base->origin->alignment;
  if (!specifiers->is_qualified_by_typedef || !is_realigned) return MR_OK;
  bool is_forgotten = base->kind == MR_KIND_ARRAY && specifiers->is_qualified;
  if (reader->steps.count > first) {
    step last = ((const step *)reader->steps.block.pointer)[reader->steps.count - 1];
    is_forgotten = is_forgotten || (last.form == STEP_ARRAY && !last.is_unknown);
  }
  if (!is_forgotten) return MR_OK;
  return mr_reader_fail_at(reader, MR_UNSUPPORTED, at,
                           "gcc and clang align arrays of this qualified type differently");
}

mr_status mr_read_declarator(mr_reader *reader, const mr_specifiers *specifiers,
                             mr_declarator_form form, bool is_parameter, mr_declarator *out) {
  size_t first = reader->steps.count;
  const mr_type *base = specifiers->type;
  const char *at = reader->token.start;
  *out = (mr_declarator){.type = base};
  mr_status status = read_nested(reader, form, is_parameter, out);
  if (status == MR_OK && form != MR_DECLARATOR_ABSTRACT) {
    if (mr_reader_is_at(reader, MR_TOKEN_ASM)) status = mr_skip_asm(reader);
    if (status == MR_OK) status = mr_read_attributes(reader, &out->attributes);
  }
  if (status == MR_OK && reader->steps.count > first && out->attributes.mode) {
    status = mr_reader_fail_at(reader, MR_UNSUPPORTED, out->attributes.at,
                               "a mode of what is no scalar");
  }
  if (status == MR_OK) status = base_type(reader, specifiers, &out->attributes, &base);
  if (status == MR_OK) status = check_qualified(reader, specifiers, first, base, at);
  return status == MR_OK ? make_type(reader, first, base, &out->type) : status;
}

mr_status mr_read_type_name(mr_reader *reader, const mr_type **out) {
  mr_specifiers specifiers;
  mr_declarator declarator;
  const char *at = reader->token.start;
  mr_status status = mr_read_specifiers(reader, &specifiers);
  if (status != MR_OK) return status;
  if (specifiers.storage != MR_STORAGE_NONE) {
    return mr_reader_fail_at(reader, MR_SYNTAX_ERROR, at, "no storage class belongs here");
  }
  status = mr_read_declarator(reader, &specifiers, MR_DECLARATOR_ABSTRACT, false, &declarator);
  if (status != MR_OK) return status;
  mr_attributes attributes = specifiers.attributes;
  if (attributes.alignment || attributes.has_alignas) {
    return mr_refuse_attributes(reader, &attributes, "in a type's name");
  }
  *out = declarator.type;
  return mr_check_attributes(reader, &attributes);
}

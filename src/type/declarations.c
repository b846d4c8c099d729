#include <string.h>

#include "reader.h"

/* Beginning and ending. */

static void drop_scratch(mr_reader *reader, mr_scratch *scratch) {
  mr_ignore(mr_deallocate(reader->allocator, &scratch->block));
}

static void drop(mr_reader *reader) {
  mr_scratch *all[] = {&reader->specs,   &reader->enumerators, &reader->undos,
                       &reader->touched, &reader->unready,     &reader->steps};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) drop_scratch(reader, all[i]);
  mr_identifiers_fini(&reader->identifiers);
  if (reader->group) mr_type_group_release(reader->group);
  mr_region block = mr_region_of(reader, sizeof *reader);
  mr_ignore(mr_deallocate(reader->allocator, &block));
}

static mr_status begin(mr_reader *reader) {
  mr_status status = mr_type_group_create(reader->allocator, &reader->group);
  if (status == MR_OK) {
    status = mr_identifiers_init(&reader->identifiers, reader->group, reader->allocator);
  }
  if (status == MR_OK) status = mr_lexer_declare_keywords(&reader->identifiers);
  if (status == MR_OK) status = mr_reader_make_builtins(reader);
  return status == MR_OK ? mr_reader_predefine(reader) : status;
}

mr_status mr_declarations_create(mr_allocator *allocator, const mr_declarations_options *options,
                                 mr_declarations **out) {
  static const mr_declarations_options plain = {MR_TARGET_NATIVE, 0};
  enum { TEXT_LIMIT = 1 << 30 };
  mr_region block;
  if (!options) options = &plain;
  mr_target target = options->target ? options->target : mr_target_native();
  if (!mr_target_traits_of(target)) return MR_INVALID_ARGUMENT;
  allocator = mr_resolve_allocator(allocator);
  mr_status status = mr_allocate_zeroed(allocator, sizeof(mr_reader), &block);
  if (status != MR_OK) return status;
  mr_reader *reader = block.pointer;
  reader->allocator = allocator;
  reader->target = target;
  reader->traits = mr_target_traits_of(target);
  reader->text_limit = TEXT_LIMIT;
  status = begin(reader);
  if (status != MR_OK) {
    drop(reader);
    return status;
  }
  if (options->text_limit) reader->text_limit = options->text_limit;
  *out = reader;
  return MR_OK;
}

void mr_declarations_destroy(mr_declarations *declarations) {
  if (declarations) drop(declarations);
}

mr_target mr_declarations_target(const mr_declarations *declarations) {
  return declarations->target;
}

/* Reading, all or nothing. */

/** What there was before a text. */
typedef struct mr_before {
  mr_mark types, names;
  mr_identifier *newest;
} mr_before;

static mr_status begin_text(mr_reader *reader, mr_view text, mr_condition *condition,
                            mr_before *before) {
  reader->condition = condition;
  const char *start = text.size > 0 ? text.pointer : "";
  reader->lexer = (mr_lexer){.identifiers = &reader->identifiers,
                             .start = start,
                             .at = start,
                             .end = start + text.size,
                             .take_pragma = mr_take_pragma,
                             .context = reader};
  reader->token = (mr_token){.kind = MR_TOKEN_END, .start = start};
  if (text.size > reader->text_limit && !reader->is_predefining) {
    mr_status status = mr_reader_fail(reader, MR_UNSUPPORTED, "the text has more than %zu octets",
                                      reader->text_limit);
    if (condition) condition->line = condition->column = 1;
    return status;
  }
  mr_status status = mr_allocator_mark(&reader->group->arena.base, &before->types);
  if (status == MR_OK) status = mr_allocator_mark(&reader->group->names.base, &before->names);
  if (status != MR_OK) return mr_reader_fail_plainly(reader, status);
  before->newest = reader->identifiers.newest;
  reader->known = reader->identifiers.count;
  reader->text++;
  reader->depth = 0;
  reader->prototype = 0;
  reader->pack = reader->pack_count = 0;
  reader->order = reader->traits->order;
  reader->specs.count = reader->enumerators.count = reader->undos.count = 0;
  reader->touched.count = reader->unready.count = reader->steps.count = 0;
  return MR_OK;
}

/* The types whose completion nobody has seen yet. */
static mr_status ready_completions(mr_reader *reader) {
  for (size_t i = 0; i < reader->touched.count; i++) {
    const mr_type *type = ((const mr_touched *)reader->touched.block.pointer)[i].type;
    if (!type->pending) continue;
    mr_status status = mr_reader_make_ready(reader, type->pending);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

static void publish_completions(mr_reader *reader) {
  for (size_t i = 0; i < reader->touched.count; i++) {
    mr_type *type = ((mr_touched *)reader->touched.block.pointer)[i].type;
    if (!type->pending) continue;
    atomic_store_explicit(&type->completion, type->pending, memory_order_release);
    type->pending = NULL;
  }
}

static void take_back(mr_reader *reader, const mr_before *before) {
  mr_reader_undo(reader, 0);
  while (reader->touched.count > 0) {
    mr_touched touched = ((mr_touched *)reader->touched.block.pointer)[--reader->touched.count];
    mr_type *type = touched.type;
    type->pending = NULL;
    type->is_ready = touched.was_ready;
    type->is_indexed = touched.was_indexed;
    if (!type->is_indexed) type->names = (mr_names){.capacity = 0};
    if (type->pointer && type->pointer->text == reader->text) type->pointer = NULL;
  }
  mr_identifiers_rewind(&reader->identifiers, before->newest);
  mr_ignore(mr_allocator_rewind(&reader->group->arena.base, before->types));
  mr_ignore(mr_allocator_rewind(&reader->group->names.base, before->names));
}

/* Counts lines up to the place, as the line markers have them. */
static void find_line(mr_view text, mr_condition *condition) {
  const char *start = text.pointer;
  const char *place = start ? start + condition->offset : NULL;
  const char *line_start = start;
  uint32_t line = 1;
  for (const char *at = start; at && at < place;) {
    const char *end = memchr(at, '\n', (size_t)(place - at));
    if (!end) break;
    if (!mr_is_line_marker(at, end, &line)) line++;
    at = line_start = end + 1;
  }
  condition->line = line;
  condition->column = (uint32_t)(place - line_start) + 1;
}

static mr_status end_text(mr_reader *reader, mr_view text, mr_status status,
                          const mr_before *before) {
  if (status == MR_OK) status = ready_completions(reader);
  if (status == MR_OK) {
    publish_completions(reader);
    return MR_OK;
  }
  take_back(reader, before);
  if (reader->condition) find_line(text, reader->condition);
  return status;
}

mr_status mr_declarations_read(mr_declarations *declarations, mr_view text,
                               mr_condition *condition) {
  mr_before before;
  mr_status status = begin_text(declarations, text, condition, &before);
  if (status != MR_OK) return status;
  status = mr_reader_advance(declarations);
  while (status == MR_OK && !mr_reader_is_at(declarations, MR_TOKEN_END)) {
    status = mr_read_external_declaration(declarations);
  }
  return end_text(declarations, text, status, &before);
}

static mr_status find(mr_reader *reader, const mr_type **out) {
  mr_status status = mr_reader_advance(reader);
  if (status != MR_OK) return status;
  if (!mr_starts_type(reader, &reader->token)) {
    return mr_reader_expected_type(reader, "a type's name");
  }
  status = mr_read_type_name(reader, out);
  if (status != MR_OK) return status;
  if (!mr_reader_is_at(reader, MR_TOKEN_END)) return mr_reader_expected(reader, "the name's end");
  *out = mr_reader_completed(reader, *out);
  return mr_reader_make_ready(reader, *out);
}

mr_status mr_declarations_find(mr_declarations *declarations, const char *name, const mr_type **out,
                               mr_condition *condition) {
  mr_before before;
  const mr_type *found;
  mr_view text = mr_view_of(name, name ? strlen(name) : 0);
  mr_status status = begin_text(declarations, text, condition, &before);
  if (status != MR_OK) return status;
  declarations->is_query = true;
  status = find(declarations, &found);
  declarations->is_query = false;
  status = end_text(declarations, text, status, &before);
  if (status == MR_OK) *out = mr_type_acquire(found);
  return status;
}

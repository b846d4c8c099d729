#include <string.h>

#include "reader.h"

/* Structs and unions, and tags. */

/* Tags. */

const char *mr_tag_word(const mr_type *type) {
  if (type->is_enum) return "enum";
  return type->kind == MR_KIND_UNION ? "union" : "struct";
}

static bool is_of_kind(const mr_type *type, mr_kind kind) {
  if (kind == MR_KIND_I32) return type->is_enum;
  return !type->is_enum && type->kind == kind;
}

static mr_status new_tagged(mr_reader *reader, const mr_token *name, mr_kind kind, mr_type **out) {
  mr_status status = mr_reader_new_type(reader, out);
  if (status != MR_OK) return status;
  (*out)->kind = (uint8_t)kind;
  (*out)->is_enum = kind == MR_KIND_I32;
  (*out)->is_incomplete = true;
  (*out)->name = name->kind ? name->identifier->text : NULL;
  return MR_OK;
}

static mr_status set_tag(mr_reader *reader, const mr_token *name, const mr_type *type) {
  mr_status status = mr_reader_note(reader, name->identifier);
  if (status != MR_OK) return status;
  name->identifier->tag = type;
  name->identifier->tag_prototype = reader->prototype;
  return status;
}

static mr_status refuse_kind(mr_reader *reader, const mr_token *name) {
  return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, name->start,
                           "'%.60s' is the tag of another %s", name->identifier->text,
                           mr_tag_word(name->identifier->tag));
}

mr_status mr_read_tag_reference(mr_reader *reader, const mr_token *name,
                                const mr_attributes *attributes, mr_kind kind,
                                const mr_type **out) {
  const mr_type *known = name->identifier->tag;
  if (known) {
    if (!is_of_kind(known, kind)) return refuse_kind(reader, name);
    known = mr_reader_completed(reader, known);
  }
  /* Of a type that is defined they say nothing; of another, clang keeps them for its definition, and gcc does not. */
  if (!known || known->is_incomplete) {
    mr_status status =
        mr_refuse_attributes(reader, attributes, "of a struct, union or enum that is not defined");
    if (status != MR_OK) return status;
  }
  if (known) {
    *out = known;
    return MR_OK;
  }
  if (reader->is_query) {
    return mr_reader_fail_at(reader, MR_NO_SUCH_SLOT, name->start, "there is no such type: '%.60s'",
                             name->identifier->text);
  }
  mr_type *made = NULL;
  mr_status status = new_tagged(reader, name, kind, &made);
  if (status == MR_OK) status = set_tag(reader, name, made);
  if (status == MR_OK) *out = made;
  return status;
}

/* What has the tag already; null where it is free. What is known from the start may be defined anew. */
static const mr_type *tagged(const mr_reader *reader, const mr_token *name) {
  const mr_type *known = name->kind ? name->identifier->tag : NULL;
  return known && known->text > reader->predefined ? known : NULL;
}

/* Whether a tag is one of those around the prototype that is being read, which may have another of the name. */
static bool is_outer(const mr_reader *reader, const mr_token *name) {
  return reader->prototype != 0 && name->identifier->tag_prototype != reader->prototype;
}

static mr_status refuse_twice(mr_reader *reader, const mr_token *name, const mr_type *known) {
  return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, name->start, "%s %.60s is defined twice",
                           mr_tag_word(known), name->identifier->text);
}

/* A type that others may have seen stays as it was, until all of the text was read. */
mr_status mr_begin_definition(mr_reader *reader, const mr_token *name, mr_kind kind,
                              mr_type **out) {
  const mr_type *known = tagged(reader, name);
  if (reader->is_query && (name->kind || kind == MR_KIND_I32)) {
    return mr_reader_fail(reader, MR_INVALID_ARGUMENT, "a type's name declares nothing");
  }
  if (!known || is_outer(reader, name)) {
    mr_status status = new_tagged(reader, name, kind, out);
    return status == MR_OK && name->kind ? set_tag(reader, name, *out) : status;
  }
  if (!is_of_kind(known, kind)) return refuse_kind(reader, name);
  const mr_type *latest = mr_reader_completed(reader, known);
  if (latest->is_being_defined) return refuse_twice(reader, name, known);
  if (latest->text == reader->text) {
    *out = (mr_type *)latest;
    return latest->is_incomplete ? MR_OK : refuse_twice(reader, name, known);
  }
  mr_status status = new_tagged(reader, name, kind, out);
  if (status != MR_OK) return status;
  if (!latest->is_incomplete) {
    (*out)->pending = latest;
    return MR_OK;
  }
  status = mr_reader_touch(reader, latest);
  if (status == MR_OK) status = set_tag(reader, name, *out);
  if (status == MR_OK) ((mr_type *)latest)->pending = *out;
  return status;
}

mr_status mr_end_definition(mr_reader *reader, const mr_token *name, mr_type *type,
                            const mr_type **out) {
  const mr_type *earlier = type->pending;
  type->is_being_defined = type->is_incomplete = false;
  *out = type;
  if (!earlier) return MR_OK;
  *out = earlier;
  return mr_type_equal(type, earlier) ? MR_OK : refuse_twice(reader, name, type);
}

/* Members. */

static mr_status push_member(mr_reader *reader, mr_member_spec member) {
  mr_member_spec *spec;
  mr_status status = mr_reader_push(reader, &reader->specs, sizeof *spec, (void *)&spec);
  if (status == MR_OK) *spec = member;
  return status;
}

static mr_status check_alignas(mr_reader *reader, const mr_attributes *attributes,
                               const mr_member_spec *member) {
  /* Where gcc and clang differ about it, neither may be lowered. */
  size_t by_clang = mr_alignment_unpack(member->type->clang_alignment);
  size_t natural = by_clang > member->type->alignment ? by_clang : member->type->alignment;
  size_t own = attributes->alignas_alignment;
  if (!attributes->has_alignas) return MR_OK;
  if (member->is_bit_field) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, attributes->at,
                             "_Alignas of a bit-field");
  }
  /* _Alignas(0) says nothing; but where it stands, clang takes attribute aligned for it too. */
  size_t asked = own > 0 ? own : attributes->alignment;
  if (asked > 0 && asked < natural) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, attributes->at,
                             "_Alignas can't lower an alignment");
  }
  return MR_OK;
}

static mr_status read_bit_width(mr_reader *reader, mr_member_spec *member) {
  const char *at = reader->token.start;
  uint64_t width;
  mr_status status = mr_read_size(reader, "a bit-field's width", &width);
  if (status != MR_OK) return status;
  if (width > 128) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at,
                             "a bit-field that is wider than its type");
  }
  member->is_bit_field = true;
  member->bit_width = (uint8_t)width;
  return MR_OK;
}

static mr_status add_member(mr_reader *reader, const mr_attributes *attributes, const char *at,
                            mr_member_spec member) {
  const mr_type *type = mr_reader_completed(reader, member.type);
  member.type = type;
  mr_status status = mr_check_attributes(reader, attributes);
  if (status == MR_OK) status = check_alignas(reader, attributes, &member);
  if (status != MR_OK) return status;
  if (type == reader->builtins[MR_BUILTIN_OPAQUE]) {
    return mr_reader_fail_at(reader, MR_UNSUPPORTED, at,
                             "the type of this member is not known here");
  }
  const char *flaw = mr_aggregate_flaw(&member, true);
  if (flaw) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "the member %.60s%s%s",
                             member.name ? member.name : "", member.name ? " " : "", flaw);
  }
  member.alignment = attributes->alignment > attributes->alignas_alignment
                         ? attributes->alignment
                         : attributes->alignas_alignment;
  member.is_packed = attributes->is_packed;
  return push_member(reader, member);
}

/* A declarator with what belongs to it, or only a width. */
static mr_status read_member_declarator(mr_reader *reader, const mr_specifiers *specifiers) {
  mr_declarator declarator = {.type = specifiers->type};
  mr_attributes attributes = specifiers->attributes;
  mr_member_spec member = {.name = NULL};
  const char *at = reader->token.start;
  mr_status status = MR_OK;
  bool has_width = mr_reader_is_at(reader, ':');
  if (has_width) {
    status = mr_attributed_type(reader, &attributes, declarator.type, &declarator.type);
  } else {
    status = mr_read_declarator(reader, specifiers, MR_DECLARATOR_NAMED, false, &declarator);
    if (status == MR_OK) {
      member.name = declarator.name.identifier->text;
      at = declarator.name.start;
      has_width = mr_reader_is_at(reader, ':');
    }
  }
  member.type = declarator.type;
  if (status == MR_OK && has_width && specifiers->is_atomic) {
    status = mr_reader_fail(reader, MR_INVALID_ARGUMENT, "a bit-field can't be _Atomic");
  }
  if (status == MR_OK && has_width) status = mr_reader_advance(reader);
  if (status == MR_OK && has_width) status = read_bit_width(reader, &member);
  if (status == MR_OK) status = mr_read_attributes(reader, &declarator.attributes);
  if (status != MR_OK) return status;
  mr_attributes_add(&attributes, &declarator.attributes);
  return add_member(reader, &attributes, at, member);
}

/* struct { ... }; inside another: its members count as the outer's. Microsoft's compiler takes any struct so. */
static mr_status add_anonymous_member(mr_reader *reader, const mr_specifiers *specifiers,
                                      const char *at) {
  bool is_anonymous = specifiers->is_record && specifiers->is_definition && !specifiers->type->name;
  if (reader->target == MR_TARGET_WINDOWS_X64 &&
      mr_kind_has_members((mr_kind)specifiers->type->kind)) {
    is_anonymous = true;
  }
  if (!is_anonymous) return mr_check_attributes(reader, &specifiers->attributes);
  return add_member(reader, &specifiers->attributes, at,
                    (mr_member_spec){.type = specifiers->type});
}

static mr_status read_member_declaration(mr_reader *reader) {
  mr_specifiers specifiers;
  const char *at = reader->token.start;
  if (mr_reader_is_at(reader, ';')) return mr_reader_advance(reader);
  if (mr_reader_is_at(reader, MR_TOKEN_STATIC_ASSERT)) return mr_read_static_assert(reader);
  if (!mr_starts_type(reader, &reader->token))
    return mr_reader_expected_type(reader, "a member or '}'");
  mr_status status = mr_read_specifiers(reader, &specifiers);
  if (status != MR_OK) return status;
  if (specifiers.storage != MR_STORAGE_NONE) {
    return mr_reader_fail_at(reader, MR_SYNTAX_ERROR, at, "a member has no storage class");
  }
  if (mr_reader_is_at(reader, ';')) {
    status = add_anonymous_member(reader, &specifiers, at);
    return status == MR_OK ? mr_reader_advance(reader) : status;
  }
  bool is_more = true;
  while (status == MR_OK && is_more) {
    status = read_member_declarator(reader, &specifiers);
    if (status == MR_OK) status = mr_reader_take(reader, ',', &is_more);
  }
  return status == MR_OK ? mr_reader_require(reader, ';', "',' or ';' behind a member") : status;
}

/* Names come once, those of anonymous members too: each name remembers in which struct it was last. */
static mr_status check_name(mr_reader *reader, uint32_t record, const char *name, const char *at) {
  mr_identifier *identifier = mr_identifier_of(name);
  if (identifier->member_of == record) {
    return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at, "two members have the name '%.60s'",
                             name);
  }
  identifier->member_of = record;
  return MR_OK;
}

/* Where there are none, it need not be looked: for Microsoft's compiler a struct without any may be in another twice,
 * and that in another. */
static bool has_names(const mr_member_spec *specs, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (specs[i].name || (mr_is_transparent(&specs[i]) && specs[i].type->has_names)) return true;
  }
  return false;
}

static mr_status check_inner_names(mr_reader *reader, uint32_t record, const mr_type *type,
                                   const char *at) {
  mr_status status = MR_OK;
  for (size_t i = 0; i < type->count && status == MR_OK; i++) {
    const mr_member *member = &type->members[i];
    if (member->name) {
      status = check_name(reader, record, member->name, at);
    } else if (member->type->has_names && !member->is_bit_field) {
      status = check_inner_names(reader, record, member->type, at);
    }
  }
  return status;
}

static mr_status check_names(mr_reader *reader, const mr_member_spec *specs, size_t count,
                             const char *at) {
  if (reader->records == UINT32_MAX) return mr_reader_fail_plainly(reader, MR_UNSUPPORTED);
  uint32_t record = ++reader->records;
  mr_status status = MR_OK;
  for (size_t i = 0; i < count && status == MR_OK; i++) {
    if (specs[i].name) {
      status = check_name(reader, record, specs[i].name, at);
    } else if (mr_is_transparent(&specs[i]) && specs[i].type->has_names) {
      status = check_inner_names(reader, record, specs[i].type, at);
    }
  }
  return status;
}

/* A flexible array is last, and not alone: gcc and clang agree on no other. */
static mr_status check_flexible(mr_reader *reader, mr_kind kind, const mr_member_spec *specs,
                                size_t count, const char *at) {
  bool has_named = false;
  for (size_t i = 0; i < count; i++) {
    if (specs[i].type->is_flexible) {
      if (kind == MR_KIND_UNION || i + 1 < count) {
        return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at,
                                 "the flexible array %.60s is not the last member of a struct",
                                 specs[i].name);
      }
      if (!has_named) {
        return mr_reader_fail_at(reader, MR_INVALID_ARGUMENT, at,
                                 "the flexible array %.60s is the only member", specs[i].name);
      }
    }
    if (specs[i].name || mr_is_transparent(&specs[i])) has_named = true;
  }
  return MR_OK;
}

/* Whether it is of x87's numbers. */
static bool is_extended(const mr_reader *reader, const mr_type *type) {
  while (type->kind == MR_KIND_ARRAY && !type->is_vector) type = type->element;
  return reader->traits->long_double_format == MR_LONG_DOUBLE_IS_X87 &&
         (type->kind == MR_KIND_LONG_DOUBLE || type->kind == MR_KIND_COMPLEX_LONG_DOUBLE ||
          type->kind == MR_KIND_F80 || type->kind == MR_KIND_COMPLEX_F80);
}

static mr_status reorder(mr_reader *reader, mr_byte_order order, mr_member_spec *specs,
                         size_t count, const char *at) {
  mr_status status = MR_OK;
  for (size_t i = 0; i < count && status == MR_OK; i++) {
    const mr_type *type = specs[i].type;
    if (is_extended(reader, type)) {
      return mr_reader_fail_at(reader, MR_UNSUPPORTED, at,
                               "gcc can't read a long double of the other byte order: %.60s",
                               specs[i].name ? specs[i].name : "");
    }
    /* Which bits of an octet come first is a matter of order too; of whole octets, it is none. */
    if (type->size == 1 && !specs[i].is_bit_field) continue;
    status = mr_reader_reordered(reader, type, order, &specs[i].type);
  }
  return status;
}

static mr_status refuse_layout(mr_reader *reader, mr_status status, const char *member,
                               const char *at) {
  if (status == MR_UNSUPPORTED) {
    return mr_reader_fail_at(reader, status, at, "gcc and clang lay this out differently%s%.60s",
                             member ? ": " : "", member ? member : "");
  }
  if (status == MR_INVALID_ARGUMENT) {
    return mr_reader_fail_at(reader, status, at, "bits of both byte orders share an octet");
  }
  return mr_reader_fail_at(reader, status, at, "this is too large");
}

static mr_status lay_out(mr_reader *reader, mr_type *type, const mr_member_spec *specs,
                         size_t count, const mr_layout_options *options, const char *at) {
  mr_member *members = NULL;
  size_t failed = 0;
  mr_status status = MR_OK;
  if (count > 0) {
    status = mr_type_group_take(reader->group, count * sizeof *members, (void *)&members);
    if (status != MR_OK) return mr_reader_fail_plainly(reader, status);
  }
  status = mr_aggregate_lay_out(type, members, specs, count, options, &failed);
  if (status == MR_OK) return MR_OK;
  return refuse_layout(reader, status, failed < count ? specs[failed].name : NULL, at);
}

/* Behind the body: what is known of all members. */
static mr_status finish_record(mr_reader *reader, mr_type *type, size_t first, size_t pack,
                               const mr_attributes *attributes, const char *at) {
  size_t count = reader->specs.count - first;
  /* There may never have been any. */
  mr_member_spec *specs = count > 0 ? (mr_member_spec *)reader->specs.block.pointer + first : NULL;
  mr_byte_order order = attributes->has_order ? attributes->order : reader->order;
  mr_layout_options options = {.alignment = attributes->alignment,
                               .pack = pack,
                               .is_packed = attributes->is_packed,
                               .target = reader->target};
  mr_status status = mr_check_attributes(reader, attributes);
  if (status == MR_OK) status = mr_check_one_alignment(reader, attributes);
  if (status == MR_OK && (attributes->mode || attributes->vector_size)) {
    status = mr_refuse_attributes(reader, attributes, "of a struct or union");
  }
  if (status == MR_OK) {
    status = check_flexible(reader, (mr_kind)type->kind, specs, count, at);
  }
  if (status == MR_OK) status = check_names(reader, specs, count, at);
  type->has_names = has_names(specs, count);
  if (status == MR_OK && order != reader->traits->order) {
    status = reorder(reader, order, specs, count, at);
  }
  if (status == MR_OK) status = lay_out(reader, type, specs, count, &options, at);
  reader->specs.count = first;
  return status;
}

/* From the brace. */
static mr_status read_body(mr_reader *reader, mr_type *type, mr_attributes *attributes) {
  size_t first = reader->specs.count;
  size_t pack = reader->pack;
  const char *at = reader->token.start;
  type->is_being_defined = true;
  mr_status status = mr_reader_advance(reader);
  while (status == MR_OK && !mr_reader_is_at(reader, '}')) status = read_member_declaration(reader);
  if (status == MR_OK && pack != reader->pack) {
    status = mr_reader_fail(reader, MR_UNSUPPORTED,
                            "#pragma pack inside of what it packs: gcc and clang differ about it");
  }
  if (status == MR_OK) status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_read_attributes(reader, attributes);
  return status == MR_OK ? finish_record(reader, type, first, pack, attributes, at) : status;
}

mr_status mr_read_record(mr_reader *reader, mr_specifiers *specifiers) {
  mr_kind kind = mr_reader_is_at(reader, MR_TOKEN_UNION) ? MR_KIND_UNION : MR_KIND_STRUCT;
  mr_attributes attributes = {.alignment = 0};
  mr_token name = {.kind = 0};
  mr_status status = mr_reader_advance(reader);
  if (status == MR_OK) status = mr_read_attributes(reader, &attributes);
  if (status != MR_OK) return status;
  if (mr_reader_is_at(reader, MR_TOKEN_IDENTIFIER)) {
    name = reader->token;
    status = mr_reader_advance(reader);
    if (status != MR_OK) return status;
  }
  specifiers->is_record = true;
  if (!mr_reader_is_at(reader, '{')) {
    if (!name.kind) return mr_reader_expected(reader, "a tag or '{'");
    return mr_read_tag_reference(reader, &name, &attributes, kind, &specifiers->type);
  }
  mr_type *type;
  specifiers->is_definition = true;
  status = mr_begin_definition(reader, &name, kind, &type);
  if (status == MR_OK) status = read_body(reader, type, &attributes);
  return status == MR_OK ? mr_end_definition(reader, &name, type, &specifiers->type) : status;
}

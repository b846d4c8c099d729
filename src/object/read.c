#include <assert.h>
#include <string.h>

#include "constant.h"
#include "memregions/object_text.h"
#include "part.h"
#include "text_reader.h"

/** Structs, unions and arrays nest no deeper, and one more is the object. */
enum { LEVELS_MAX = 66, SCALAR_SIZE = 40, NAME_SIZE = 256, CHOICES = 16 };

/** Earlier elements of an array that take the same as a part of the last one. */
typedef struct repetition {
  size_t count;
  /** Octets from one to the next. */
  size_t stride;
} repetition;

/** A struct, union or array that is being initialised. */
typedef struct level {
  mr_part part;
  /** Of the member or element that comes next. */
  size_t index;
  /** Of them all. */
  size_t count;
  /** Whether it has braces of its own, which end it. */
  bool has_braces;
  repetition repeats;
} level;

/** A union, and which of its members was set last. */
typedef struct choice {
  const void *octets;
  const mr_type *type;
  size_t index;
} choice;

/** An initialiser on its way: twice, first without writing. */
typedef struct reading {
  mr_text_reader text;
  bool keeps;
  bool is_trial;
  /** Of `levels`: the last of them is being initialised. */
  size_t depth;
  /** Of what is to be read next: set by a range. */
  repetition repeats;
  /** Unions that were set: the last ones, in a ring. */
  choice choices[CHOICES];
  size_t oldest;
  level levels[LEVELS_MAX];
} reading;

static mr_status fail(const reading *in, mr_status status, const char *what) {
  return mr_text_reader_fail(&in->text, in->text.at, status, "%s", what);
}

static level *top(reading *in) { return &in->levels[in->depth - 1]; }

static mr_region memory_of(mr_part part) {
  return mr_region_of((void *)part.octets.pointer, part.octets.size);
}

static bool is_aggregate(const mr_type *type) {
  return mr_type_is_array(type) || mr_type_has_members(type);
}

static bool takes_string(const mr_type *type) {
  mr_kind kind = mr_type_kind(mr_type_element(type));
  return mr_type_is_array(type) && (kind == MR_KIND_I8 || kind == MR_KIND_U8);
}

/* Levels. */

/* Bit-fields without name are passed over. */
static void settle(level *at) {
  if (mr_type_is_array(at->part.slot.type)) return;
  while (at->index < at->count && mr_member_is_filler(mr_part_member(at->part, at->index))) {
    at->index++;
  }
}

static mr_status push(reading *in, mr_part part, bool has_braces) {
  const mr_type *type = part.slot.type;
  size_t count = mr_type_is_array(type) ? mr_part_elements(part) : mr_type_count(type);
  if (in->depth == LEVELS_MAX) return fail(in, MR_UNSUPPORTED, "the type nests too deep");
  in->levels[in->depth++] = (level){part, 0, count, has_braces, {0, 0}};
  settle(top(in));
  return MR_OK;
}

/* To the next member or element, out of whatever has no more and no braces. */
static void advance(reading *in) {
  while (in->depth > 0) {
    level *at = top(in);
    at->index = mr_type_kind(at->part.slot.type) == MR_KIND_UNION ? at->count : at->index + 1;
    settle(at);
    if (at->has_braces || at->index < at->count) return;
    in->depth--;
  }
}

/* Of what another member of a union set, nothing is left. */
static void choose(reading *in, const level *at) {
  const void *octets = at->part.octets.pointer;
  const mr_type *type = at->part.slot.type;
  if (in->is_trial || in->keeps || at->part.octets.size == 0) return;
  for (size_t i = 0; i < CHOICES; i++) {
    choice *known = &in->choices[i];
    if (known->octets != octets || known->type != type) continue;
    if (known->index != at->index) mr_clear(memory_of(at->part));
    known->index = at->index;
    return;
  }
  in->choices[in->oldest] = (choice){octets, type, at->index};
  in->oldest = (in->oldest + 1) % CHOICES;
}

/* Of the unions in what repeats a part, which are set without being entered. */
static void forget_choices(reading *in, mr_part part, repetition repeats) {
  uintptr_t end = (uintptr_t)part.octets.pointer;
  for (size_t i = 0; i < CHOICES; i++) {
    choice *known = &in->choices[i];
    uintptr_t at = (uintptr_t)known->octets;
    bool is_inside = at < end && (end - at - 1) / repeats.stride < repeats.count;
    /* What the array is in may start where it does. */
    if (is_inside && mr_type_size(known->type) <= repeats.stride) *known = (choice){NULL, NULL, 0};
  }
}

/* What is to be set next. */
static mr_part part_at(reading *in) {
  const level *at = top(in);
  if (mr_type_kind(at->part.slot.type) == MR_KIND_UNION) choose(in, at);
  return mr_type_is_array(at->part.slot.type) ? mr_part_at_element(at->part, at->index)
                                              : mr_part_at_member(at->part, at->index);
}

/* A part's octets go to the elements before it too. */
static void repeat_octets(const reading *in, mr_part part, repetition repeats) {
  unsigned char *to = (unsigned char *)part.octets.pointer;
  if (in->is_trial || part.octets.size == 0) return;
  for (size_t i = 0; i < repeats.count; i++) {
    to -= repeats.stride;
    memcpy(to, part.octets.pointer, part.octets.size);
  }
}

static repetition take_repeats(reading *in) {
  repetition taken = in->repeats;
  in->repeats = (repetition){0, 0};
  return taken;
}

/* From the brace. */
static mr_status open_level(reading *in, mr_part part) {
  repetition repeats = take_repeats(in);
  if (repeats.count > 0 && in->keeps) {
    return fail(in, MR_UNSUPPORTED, "a range of braces, and octets to keep");
  }
  mr_status status = push(in, part, true);
  if (status != MR_OK) return status;
  top(in)->repeats = repeats;
  in->text.at++;
  if (!in->is_trial && !in->keeps) mr_clear(memory_of(part));
  return MR_OK;
}

/* From the brace that ends what began with one. */
static void close_level(reading *in) {
  while (!top(in)->has_braces) in->depth--;
  repeat_octets(in, top(in)->part, top(in)->repeats);
  in->text.at++;
  in->depth--;
  advance(in);
}

/* Values. */

static mr_status store(reading *in, mr_part part, const mr_constant *constant, const char *at) {
  unsigned char octets[SCALAR_SIZE] = {0};
  repetition repeats = take_repeats(in);
  assert(part.octets.size <= sizeof octets);
  mr_region memory = in->is_trial ? mr_region_of(octets, part.octets.size) : memory_of(part);
  mr_status status = mr_constant_store(constant, memory, part.slot);
  for (size_t i = 0; i < repeats.count && status == MR_OK && !in->is_trial; i++) {
    memory.pointer = (unsigned char *)memory.pointer - repeats.stride;
    status = mr_constant_store(constant, memory, part.slot);
  }
  if (status == MR_OK) return MR_OK;
  return mr_text_reader_fail(
      &in->text, at, status, "%s",
      status == MR_OVERFLOW ? "the value does not fit" : "no value for this type");
}

static mr_status read_constant(reading *in, mr_part part) {
  mr_constant constant;
  const char *at = in->text.at;
  mr_status status = mr_constant_read(&in->text, part.slot.type, &constant);
  return status == MR_OK ? store(in, part, &constant, at) : status;
}

/* A scalar may stand in braces; empty ones are 0. */
static mr_status read_scalar(reading *in, mr_part part) {
  if (mr_text_reader_peek(&in->text, 0) != '{') return read_constant(in, part);
  const char *at = in->text.at++;
  const mr_constant zero = {.form = MR_CONSTANT_INTEGER};
  mr_status status = mr_text_reader_skip(&in->text);
  if (status != MR_OK) return status;
  if (mr_text_reader_peek(&in->text, 0) == '}') {
    in->text.at++;
    return store(in, part, &zero, at);
  }
  status = read_constant(in, part);
  if (status == MR_OK) status = mr_text_reader_skip(&in->text);
  if (status == MR_OK && mr_text_reader_peek(&in->text, 0) == ',') in->text.at++;
  return status == MR_OK ? mr_text_reader_require(&in->text, '}') : status;
}

static mr_status read_string(reading *in, mr_part part) {
  repetition repeats = take_repeats(in);
  mr_status status = mr_text_reader_read_strings(&in->text, memory_of(part), in->is_trial);
  if (status == MR_OK) repeat_octets(in, part, repeats);
  return status;
}

/* Designators. */

static bool is_named(mr_member member, const char *name, size_t length) {
  return member.name && strlen(member.name) == length && memcmp(member.name, name, length) == 0;
}

/* Where the search for what lies at an offset starts: at the last member of a struct that starts before it, in
 * which it may be, or at the first. Members are in the order of their offsets. */
static size_t index_near(mr_part part, size_t offset) {
  size_t first = 0;
  size_t last = mr_type_count(part.slot.type);
  if (mr_type_kind(part.slot.type) == MR_KIND_UNION) return 0;
  while (first < last) {
    size_t middle = first + (last - first) / 2;
    if (mr_part_member(part, middle).offset < offset) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first > 0 ? first - 1 : 0;
}

/* Whether a member has the name, or a member of it that can be reached by the name alone. */
static bool is_or_holds(mr_member member, const char *name) {
  mr_slot slot;
  if (member.name) return strcmp(member.name, name) == 0;
  return mr_type_has_members(member.type) && mr_slot_find(member.type, name, &slot, NULL) == MR_OK;
}

/* Goes to the member that is found by the name, into those that have no name. */
static mr_status go_to_name(reading *in, const char *name, mr_slot slot) {
  size_t offset = mr_slot_offset(slot);
  for (;;) {
    level *at = top(in);
    size_t index = index_near(at->part, offset);
    mr_member member = mr_part_member(at->part, index);
    while (!is_or_holds(member, name)) {
      index = index + 1 < at->count ? index + 1 : 0;
      member = mr_part_member(at->part, index);
    }
    at->index = index;
    if (member.name) return MR_OK;
    offset -= member.offset;
    mr_status status = push(in, part_at(in), false);
    if (status != MR_OK) return status;
  }
}

/* The type's own text of a name. */
static const char *name_in(const mr_type *type, const char *text, size_t length) {
  const char *found = NULL;
  for (size_t i = 0; i < mr_type_count(type) && !found; i++) {
    mr_member member = {0};
    if (mr_type_member(type, i, &member) != MR_OK) break;
    if (is_named(member, text, length)) return member.name;
    bool has_names = !member.name && mr_type_has_members(member.type);
    if (has_names && mr_type_size(member.type) > 0) found = name_in(member.type, text, length);
  }
  return found;
}

/* What is found by a name that does not end with a zero. A long one is searched for in the type, which takes its
 * time: but text with many of them is long. */
static mr_status find_name(reading *in, const char *text, size_t length) {
  const mr_type *type = top(in)->part.slot.type;
  char buffer[NAME_SIZE];
  const char *name = buffer;
  mr_slot slot;
  if (length < sizeof buffer) {
    memcpy(buffer, text, length);
    buffer[length] = 0;
  } else {
    name = name_in(type, text, length);
  }
  if (name && mr_slot_find(type, name, &slot, NULL) == MR_OK) return go_to_name(in, name, slot);
  int shown = length < 60 ? (int)length : 60;
  return mr_text_reader_fail(&in->text, text, MR_NO_SUCH_SLOT, "no member is called %.*s", shown,
                             text);
}

/* From the point. */
static mr_status read_name(reading *in) {
  if (!mr_type_has_members(top(in)->part.slot.type)) {
    return fail(in, MR_TYPE_MISMATCH, "there are no members here");
  }
  in->text.at++;
  mr_status status = mr_text_reader_skip(&in->text);
  if (status != MR_OK) return status;
  const char *name = in->text.at;
  size_t length = mr_text_reader_name(&in->text);
  if (length == 0) return fail(in, MR_SYNTAX_ERROR, "a name should stand here");
  status = find_name(in, name, length);
  if (status != MR_OK) return status;
  in->text.at += length;
  return MR_OK;
}

static mr_status read_index(reading *in, size_t *index) {
  mr_constant constant;
  mr_status status = mr_text_reader_skip(&in->text);
  if (status != MR_OK) return status;
  const char *at = in->text.at;
  status = mr_constant_read(&in->text, NULL, &constant);
  if (status != MR_OK) return status;
  if (constant.form != MR_CONSTANT_INTEGER) {
    return mr_text_reader_fail(&in->text, at, MR_TYPE_MISMATCH, "no index");
  }
  if (constant.is_negative || constant.high > 0 || constant.low >= top(in)->count) {
    return mr_text_reader_fail(&in->text, at, MR_OUT_OF_BOUNDS,
                               "the index is past the array's end");
  }
  *index = (size_t)constant.low;
  return mr_text_reader_skip(&in->text);
}

static bool is_at_range(const mr_text_reader *text) {
  return mr_text_reader_peek(text, 0) == '.' && mr_text_reader_peek(text, 1) == '.' &&
         mr_text_reader_peek(text, 2) == '.';
}

/* From the points. */
static mr_status read_range_end(reading *in, size_t first, size_t *last) {
  if (in->repeats.stride > 0) return fail(in, MR_UNSUPPORTED, "a second range");
  in->text.at += 3;
  const char *at = in->text.at;
  mr_status status = read_index(in, last);
  if (status != MR_OK) return status;
  if (*last < first)
    return mr_text_reader_fail(&in->text, at, MR_OUT_OF_BOUNDS, "a range that is empty");
  const mr_type *array = top(in)->part.slot.type;
  in->repeats = (repetition){*last - first, mr_type_size(mr_type_element(array))};
  forget_choices(in, mr_part_at_element(top(in)->part, *last), in->repeats);
  return MR_OK;
}

/* From the bracket. Of a range, to its last element, from which the text goes on. */
static mr_status read_brackets(reading *in) {
  size_t first = 0;
  size_t last = 0;
  if (!mr_type_is_array(top(in)->part.slot.type)) {
    return fail(in, MR_TYPE_MISMATCH, "there is no array here");
  }
  in->text.at++;
  mr_status status = read_index(in, &first);
  if (status != MR_OK) return status;
  last = first;
  if (is_at_range(&in->text)) status = read_range_end(in, first, &last);
  if (status == MR_OK) status = mr_text_reader_require(&in->text, ']');
  if (status == MR_OK) top(in)->index = last;
  return status;
}

static bool is_at_designator(const mr_text_reader *text) {
  char letter = mr_text_reader_peek(text, 0);
  return letter == '[' || (letter == '.' && mr_text_reader_number(text) == 0);
}

static mr_status read_designators(reading *in) {
  mr_status status = MR_OK;
  while (!top(in)->has_braces) in->depth--;
  for (;;) {
    status = mr_text_reader_peek(&in->text, 0) == '.' ? read_name(in) : read_brackets(in);
    if (status == MR_OK) status = mr_text_reader_skip(&in->text);
    if (status != MR_OK) return status;
    if (!is_at_designator(&in->text)) break;
    mr_part part = part_at(in);
    if (!is_aggregate(part.slot.type)) {
      return fail(in, MR_TYPE_MISMATCH, "a scalar has no members and no elements");
    }
    status = push(in, part, false);
    if (status != MR_OK) return status;
  }
  status = mr_text_reader_require(&in->text, '=');
  return status == MR_OK ? mr_text_reader_skip(&in->text) : status;
}

/* Items. */

/* Whether all of what is open, in braces, is written as a string. */
static bool is_braced_string(reading *in) {
  const level *at = top(in);
  return at->index == 0 && takes_string(at->part.slot.type) &&
         mr_text_reader_is_at_string(&in->text);
}

/* Where nothing says what is meant, it is the next; what has no size is passed over. */
static mr_status find_place(reading *in, mr_part *out) {
  for (;;) {
    if (top(in)->index >= top(in)->count) {
      return fail(in, MR_OUT_OF_BOUNDS, "more values than there are places");
    }
    mr_part part = part_at(in);
    const mr_type *type = part.slot.type;
    bool is_whole = mr_text_reader_peek(&in->text, 0) == '{' || !is_aggregate(type) ||
                    (takes_string(type) && mr_text_reader_is_at_string(&in->text));
    if (is_whole) {
      *out = part;
      return MR_OK;
    }
    if (in->repeats.count > 0) return fail(in, MR_SYNTAX_ERROR, "{ should stand here");
    if (part.octets.size == 0) {
      advance(in);
      continue;
    }
    mr_status status = push(in, part, false);
    if (status != MR_OK) return status;
    /* Nothing but bit-fields without name is in it. */
    if (top(in)->index >= top(in)->count) {
      in->depth--;
      advance(in);
    }
  }
}

/* One value, or the brace that starts several. */
static mr_status read_item(reading *in, bool *has_opened) {
  mr_part part;
  mr_status status = MR_OK;
  if (is_at_designator(&in->text)) {
    status = read_designators(in);
  } else if (is_braced_string(in)) {
    status = read_string(in, top(in)->part);
    top(in)->index = top(in)->count;
    return status;
  }
  if (status == MR_OK) status = find_place(in, &part);
  if (status != MR_OK) return status;
  const mr_type *type = part.slot.type;
  bool is_brace = mr_text_reader_peek(&in->text, 0) == '{';
  if (is_aggregate(type) && is_brace) {
    *has_opened = true;
    return open_level(in, part);
  }
  status = is_aggregate(type) ? read_string(in, part) : read_scalar(in, part);
  in->repeats = (repetition){0, 0};
  if (status == MR_OK) advance(in);
  return status;
}

/* From after the first brace to the last. */
static mr_status read_items(reading *in) {
  bool needs_comma = false;
  while (in->depth > 0) {
    mr_status status = mr_text_reader_skip(&in->text);
    if (status != MR_OK) return status;
    char letter = mr_text_reader_peek(&in->text, 0);
    bool has_opened = false;
    if (letter == '}') {
      close_level(in);
      needs_comma = true;
    } else if (needs_comma) {
      if (letter != ',') return fail(in, MR_SYNTAX_ERROR, ", or } should stand here");
      in->text.at++;
      needs_comma = false;
    } else {
      status = read_item(in, &has_opened);
      if (status != MR_OK) return status;
      needs_comma = !has_opened;
    }
  }
  return MR_OK;
}

static mr_status read_part(reading *in, mr_part part) {
  const mr_type *type = part.slot.type;
  mr_status status = mr_text_reader_skip(&in->text);
  if (status != MR_OK) return status;
  if (!is_aggregate(type)) {
    status = read_scalar(in, part);
  } else if (takes_string(type) && mr_text_reader_is_at_string(&in->text)) {
    status = read_string(in, part);
  } else if (mr_text_reader_peek(&in->text, 0) == '{') {
    status = open_level(in, part);
    if (status == MR_OK) status = read_items(in);
  } else {
    status = fail(in, MR_SYNTAX_ERROR, "{ should stand here");
  }
  if (status == MR_OK) status = mr_text_reader_skip(&in->text);
  if (status == MR_OK && in->text.at != in->text.end) {
    status = fail(in, MR_SYNTAX_ERROR, "the text should end here");
  }
  return status;
}

mr_status mr_object_read_text(mr_object object, mr_view text, uint32_t flags,
                              mr_condition *condition) {
  assert(mr_object_is_sound(object));
  reading in = {
      .text = mr_text_reader_of(text, condition), .keeps = flags & MR_READ_KEEP, .is_trial = true};
  if (object.flags & MR_OBJECT_READ_ONLY) return mr_condition_set(condition, MR_READ_ONLY, NULL);
  if ((flags & ~MR_READ_KEEP) || !mr_view_is_sound(text)) {
    return mr_condition_set(condition, MR_INVALID_ARGUMENT, NULL);
  }
  if (mr_overlap(mr_object_view(object), text).size > 0) {
    return mr_condition_set(condition, MR_INVALID_ARGUMENT, "the text is in the object's memory");
  }
  mr_part part = mr_part_of_object(object);
  mr_status status = read_part(&in, part);
  if (status != MR_OK) return status;
  in.text.at = in.text.start;
  in.is_trial = false;
  /* What was tried before can't fail. */
  return read_part(&in, part);
}

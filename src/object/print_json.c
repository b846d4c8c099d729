#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "part.h"
#include "printer.h"

/* Where a member without name stands: it is called by that. */
typedef struct place {
  /** Null in what has a name of its own. */
  const struct place *outer;
  size_t index;
} place;

static void print_part(mr_printer *to, mr_part part);

/* Strings. */

/* Octets of the UTF-8 character that text starts with; 0 where it is none. */
static size_t utf8_length(const unsigned char *text, size_t length) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned char first = text[0];
  if (first < 0x80) return 1;
  size_t count = 0;
  if (first >= 0xc2 && first <= 0xdf) count = 2;
  if (first >= 0xe0 && first <= 0xef) count = 3;
  if (first >= 0xf0 && first <= 0xf4) count = 4;
  if (count == 0 || count > length) return 0;
  uint32_t character = first & (0xffU >> (count + 1));
  for (size_t i = 1; i < count; i++) {
    if ((text[i] & 0xc0) != 0x80) return 0;
    character = character << 6 | (text[i] & 0x3fU);
  }
  bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
  return character < least[count] || character > 0x10ffff || is_surrogate ? 0 : count;
}

static void put_escaped(mr_printer *to, unsigned char octet) {
  char buffer[8];
  if (octet == '"' || octet == '\\') {
    snprintf(buffer, sizeof buffer, "\\%c", octet);
  } else {
    snprintf(buffer, sizeof buffer, "\\u%04x", octet);
  }
  mr_printer_put(to, buffer);
}

static void put_string(mr_printer *to, const char *text, size_t length) {
  const unsigned char *at = (const unsigned char *)text;
  size_t start = 0;
  size_t i = 0;
  mr_printer_put(to, "\"");
  while (i < length && to->status == MR_OK) {
    size_t count = utf8_length(at + i, length - i);
    if (count > 0 && at[i] >= ' ' && at[i] != '"' && at[i] != '\\') {
      i += count;
      continue;
    }
    mr_printer_put_octets(to, text + start, i - start);
    put_escaped(to, at[i]);
    start = ++i;
  }
  mr_printer_put_octets(to, text + start, length - start);
  mr_printer_put(to, "\"");
}

static void put_left_out(mr_printer *to, size_t count) {
  if (to->status != MR_OK) return;
  to->status = mr_text_print(to->write, to->context, "\"%zu more\"", count);
}

static void print_text(mr_printer *to, mr_view octets) {
  size_t length = mr_text_length_in(octets);
  size_t shown = mr_printer_shown(to, length);
  if (shown == length) {
    put_string(to, octets.pointer, length);
    return;
  }
  mr_printer_open(to, "[");
  mr_printer_begin_item(to);
  put_string(to, octets.pointer, shown);
  mr_printer_begin_item(to);
  put_left_out(to, length - shown);
  mr_printer_close(to, "]");
}

/* Scalars. */

/* Of the text that C reads: its suffix is none of JSON's. */
static void put_number(mr_printer *to, const char *text) {
  if (strchr(text, 'N')) {
    const char *infinity = *text == '-' ? "\"-Infinity\"" : "\"Infinity\"";
    mr_printer_put(to, strstr(text, "NAN") ? "\"NaN\"" : infinity);
  } else if (*text == '(') {
    mr_printer_put(to, "-9223372036854775808");
  } else {
    mr_printer_put_octets(to, text, strspn(text, "+-.0123456789eE"));
  }
}

static void print_number(mr_printer *to, mr_value value) {
  char buffer[128];
  mr_text text = mr_text_of(buffer, sizeof buffer);
  if (to->status == MR_OK) to->status = mr_value_print(value, mr_text_write, &text);
  if (to->status == MR_OK) put_number(to, buffer);
}

static bool is_complex(mr_kind kind) {
  return (kind >= MR_KIND_COMPLEX_F32 && kind <= MR_KIND_COMPLEX_LONG_DOUBLE) ||
         kind == MR_KIND_COMPLEX_F80 || kind == MR_KIND_COMPLEX_F128;
}

/* As wide as it was, for the digits that it needs. */
static mr_value part_of_complex(mr_kind kind, long double part) {
  if (kind == MR_KIND_COMPLEX_F32) return mr_value_of_f32((float)part);
  if (kind == MR_KIND_COMPLEX_F64) return mr_value_of_f64((double)part);
  return mr_value_of_long_double(part);
}

static void print_complex(mr_printer *to, mr_value value) {
  long double real = 0;
  long double imaginary = 0;
  mr_kind kind = (mr_kind)value.kind;
  if (to->status == MR_OK) to->status = mr_value_to_complex_long_double(value, &real, &imaginary);
  mr_printer_put(to, "[");
  print_number(to, part_of_complex(kind, real));
  mr_printer_put(to, ", ");
  print_number(to, part_of_complex(kind, imaginary));
  mr_printer_put(to, "]");
}

static void print_scalar(mr_printer *to, mr_part part) {
  mr_value value;
  const char *name = NULL;
  const mr_type *type = part.slot.type;
  if (to->status != MR_OK) return;
  if (mr_type_kind(type) == MR_KIND_POINTER) {
    to->status =
        mr_text_print(to->write, to->context, "%" PRIu64, mr_address_in(part.octets, type));
    return;
  }
  to->status = mr_slot_load(part.octets, part.slot, &value);
  if (to->status != MR_OK) return;
  if (mr_type_is_enum(type)) name = mr_type_enumerator_name(type, value.as.i64);
  if (name) {
    put_string(to, name, strlen(name));
  } else if (value.kind == MR_KIND_BOOL) {
    mr_printer_put(to, value.as.octets[0] ? "true" : "false");
  } else if (is_complex((mr_kind)value.kind)) {
    print_complex(to, value);
  } else {
    print_number(to, value);
  }
}

/* What is made of parts. */

static void print_elements(mr_printer *to, mr_part part) {
  size_t count = mr_part_elements(part);
  size_t shown = mr_printer_shown(to, count);
  for (size_t i = 0; i < shown && to->status == MR_OK; i++) {
    mr_printer_begin_item(to);
    print_part(to, mr_part_at_element(part, i));
  }
  if (shown == count) return;
  mr_printer_begin_item(to);
  put_left_out(to, count - shown);
}

static void put_place(mr_printer *to, const place *at) {
  if (at->outer) {
    put_place(to, at->outer);
    mr_printer_put(to, ".");
  }
  if (to->status == MR_OK) to->status = mr_text_print(to->write, to->context, "%zu", at->index);
}

static void put_key(mr_printer *to, const char *name, const place *at) {
  mr_printer_begin_item(to);
  if (name) {
    put_string(to, name, strlen(name));
  } else {
    mr_printer_put(to, "\"");
    put_place(to, at);
    mr_printer_put(to, "\"");
  }
  mr_printer_put(to, ": ");
}

static void print_members(mr_printer *to, mr_part part, const place *outer) {
  /* What has no size holds nothing, however much it is made of. */
  if (part.octets.size == 0) return;
  for (size_t i = 0; i < mr_type_count(part.slot.type) && to->status == MR_OK; i++) {
    mr_member member = mr_part_member(part, i);
    place at = {outer, i};
    if (mr_member_is_filler(member)) continue;
    if (!member.name && mr_type_has_members(member.type)) {
      print_members(to, mr_part_at_member(part, i), &at);
      continue;
    }
    put_key(to, member.name, &at);
    print_part(to, mr_part_at_member(part, i));
  }
}

/* Recursion is as deep as the type, which is bounded when it is built. */
static void print_part(mr_printer *to, mr_part part) {
  const mr_type *type = part.slot.type;
  bool is_array = mr_type_is_array(type);
  if (!is_array && !mr_type_has_members(type)) {
    print_scalar(to, part);
  } else if (is_array && mr_type_is_character(mr_type_element(type))) {
    print_text(to, part.octets);
  } else if (mr_printer_is_too_deep(to)) {
    put_left_out(to, is_array ? mr_part_elements(part) : mr_type_count(type));
  } else if (is_array) {
    mr_printer_open(to, "[");
    print_elements(to, part);
    mr_printer_close(to, "]");
  } else {
    mr_printer_open(to, "{");
    print_members(to, part, NULL);
    mr_printer_close(to, "}");
  }
}

mr_status mr_object_print_json(mr_object object, const mr_print_options *options,
                               mr_write_function *write, void *context) {
  assert(mr_object_is_sound(object));
  mr_printer to = mr_printer_of(options, write, context);
  print_part(&to, mr_part_of_object(object));
  return to.status;
}

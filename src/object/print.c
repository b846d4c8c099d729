#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "part.h"
#include "printer.h"

static void print_part(mr_printer *to, mr_part part);

static void put_left_out(mr_printer *to, const char *before, size_t count) {
  if (to->status != MR_OK || count == 0) return;
  to->status = mr_text_print(to->write, to->context, "%s/* %zu more */", before, count);
}

/* As an escape where it must be. Octal ones end after three digits, whatever follows. */
static size_t escape(unsigned char octet, bool is_after_mark, char buffer[8]) {
  static const char plain[] = "\"\\\a\b\t\n\v\f\r";
  static const char letters[] = "\"\\abtnvfr";
  for (size_t i = 0; plain[i]; i++) {
    if (octet != (unsigned char)plain[i]) continue;
    buffer[0] = '\\';
    buffer[1] = letters[i];
    return 2;
  }
  /* Two question marks might start a trigraph. */
  if (octet == '?' && is_after_mark) return (size_t)snprintf(buffer, 8, "\\?");
  bool is_printable = octet >= ' ' && octet <= '~';
  return (size_t)snprintf(buffer, 8, is_printable ? "%c" : "\\%03o", octet);
}

static void print_string(mr_printer *to, mr_view octets) {
  const unsigned char *at = octets.pointer;
  size_t length = mr_text_length_in(octets);
  size_t shown = mr_printer_shown(to, length);
  char pieces[128];
  size_t used = 0;
  mr_printer_put(to, "\"");
  for (size_t i = 0; i < shown && to->status == MR_OK; i++) {
    used += escape(at[i], i > 0 && at[i - 1] == '?', pieces + used);
    if (used + 8 <= sizeof pieces) continue;
    mr_printer_put_octets(to, pieces, used);
    used = 0;
  }
  mr_printer_put_octets(to, pieces, used);
  mr_printer_put(to, "\"");
  put_left_out(to, " ", length - shown);
}

static void print_scalar(mr_printer *to, mr_part part) {
  mr_value value;
  const char *name = NULL;
  const mr_type *type = part.slot.type;
  if (to->status != MR_OK) return;
  if (mr_type_kind(type) == MR_KIND_POINTER) {
    to->status = mr_text_print(to->write, to->context, "(void *)0x%" PRIx64,
                               mr_address_in(part.octets, type));
    return;
  }
  to->status = mr_slot_load(part.octets, part.slot, &value);
  if (to->status != MR_OK) return;
  if (mr_type_is_enum(type)) name = mr_type_enumerator_name(type, value.as.i64);
  if (name) {
    mr_printer_put(to, name);
  } else {
    to->status = mr_value_print(value, to->write, to->context);
  }
}

static void print_elements(mr_printer *to, mr_part part) {
  size_t count = mr_part_elements(part);
  size_t shown = mr_printer_shown(to, count);
  for (size_t i = 0; i < shown && to->status == MR_OK; i++) {
    mr_printer_begin_item(to);
    print_part(to, mr_part_at_element(part, i));
  }
  put_left_out(to, " ", count - shown);
}

static size_t bits_of(mr_member member) {
  size_t size = mr_type_size(member.type);
  if (member.is_bit_field) return member.bit_width;
  return size <= SIZE_MAX / 8 ? size * 8 : SIZE_MAX;
}

/* A union's largest member, the first of equals; false where it has none. */
static bool find_largest(mr_part part, size_t *index) {
  bool is_there = false;
  size_t largest = 0;
  for (size_t i = 0; i < mr_type_count(part.slot.type); i++) {
    mr_member member = mr_part_member(part, i);
    if (mr_member_is_filler(member) || (is_there && bits_of(member) <= largest)) continue;
    is_there = true;
    largest = bits_of(member);
    *index = i;
  }
  return is_there;
}

static void print_members(mr_printer *to, mr_part part, bool is_flat);

/* Members without a name stand in braces of their own, where C counts on. It can't where a union's
 * first member was passed over: then `is_flat`, and their members are named as if they were the
 * outer's. */
static void print_member(mr_printer *to, mr_part part, size_t index, bool is_flat) {
  mr_member member = mr_part_member(part, index);
  if (mr_member_is_filler(member)) return;
  mr_part inner = mr_part_at_member(part, index);
  if (!member.name && is_flat && mr_type_has_members(member.type)) {
    print_members(to, inner, true);
    return;
  }
  mr_printer_begin_item(to);
  if (member.name) {
    mr_printer_put(to, ".");
    mr_printer_put(to, member.name);
    mr_printer_put(to, " = ");
  }
  print_part(to, inner);
}

static void print_members(mr_printer *to, mr_part part, bool is_flat) {
  size_t index = 0;
  /* What has no size holds nothing, however much it is made of. */
  if (part.octets.size == 0) return;
  if (mr_type_kind(part.slot.type) == MR_KIND_UNION) {
    if (find_largest(part, &index)) print_member(to, part, index, is_flat || index > 0);
    return;
  }
  for (; index < mr_type_count(part.slot.type) && to->status == MR_OK; index++) {
    print_member(to, part, index, is_flat);
  }
}

/* What stands in a list that is not opened. */
static size_t count_items(mr_part part) {
  const mr_type *type = part.slot.type;
  size_t count = 0;
  if (mr_type_is_array(type)) return mr_part_elements(part);
  if (part.octets.size == 0) return 0;
  for (size_t i = 0; i < mr_type_count(type); i++) {
    if (!mr_member_is_filler(mr_part_member(part, i))) count++;
  }
  return mr_type_kind(type) == MR_KIND_UNION && count > 0 ? 1 : count;
}

/* Recursion is as deep as the type, which is bounded when it is built. */
static void print_part(mr_printer *to, mr_part part) {
  const mr_type *type = part.slot.type;
  bool is_array = mr_type_is_array(type);
  if (!is_array && !mr_type_has_members(type)) {
    print_scalar(to, part);
    return;
  }
  if (is_array && mr_type_is_character(mr_type_element(type)) && mr_part_elements(part) > 0) {
    print_string(to, part.octets);
    return;
  }
  bool is_too_deep = mr_printer_is_too_deep(to);
  mr_printer_open(to, "{");
  if (is_too_deep) {
    put_left_out(to, "", count_items(part));
  } else if (is_array) {
    print_elements(to, part);
  } else {
    print_members(to, part, false);
  }
  mr_printer_close(to, "}");
}

mr_status mr_object_print(mr_object object, const mr_print_options *options,
                          mr_write_function *write, void *context) {
  assert(mr_object_is_sound(object));
  mr_printer to = mr_printer_of(options, write, context);
  print_part(&to, mr_part_of_object(object));
  return to.status;
}

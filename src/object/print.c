#include <assert.h>
#include <string.h>

#include "memregions/object.h"

/* An initialiser on its way out. */
typedef struct printer {
  mr_write_function *write;
  void *context;
  /* What `write` answered; once that is not MR_OK, it is not called any more. */
  mr_status status;
  /* What goes before the next item. */
  const char *separator;
} printer;

static void print_value(printer *to, mr_view octets, const mr_type *type);

static void put(printer *to, const char *text) {
  size_t length = strlen(text);
  if (to->status != MR_OK || length == 0) return;
  to->status = to->write(to->context, text, length);
}

static void begin_item(printer *to) {
  put(to, to->separator);
  to->separator = ", ";
}

/* What lies inside: a type's elements and members do. */
static mr_view part_of(mr_view octets, size_t offset, size_t size) {
  mr_view part = octets;
  mr_status status = mr_subview(octets, mr_range_of(offset, offset + size), &part);
  assert(status == MR_OK);
  mr_ignore(status);
  return part;
}

static mr_member member_of(const mr_type *type, size_t index) {
  mr_member member = {0};
  mr_status status = mr_type_member(type, index, &member);
  assert(status == MR_OK);
  mr_ignore(status);
  return member;
}

static void print_scalar(printer *to, mr_view octets, const mr_type *type) {
  mr_slot slot;
  mr_value value;
  if (to->status == MR_OK) to->status = mr_slot_of(type, &slot);
  if (to->status == MR_OK) to->status = mr_slot_load(octets, slot, &value);
  if (to->status == MR_OK) {
    to->status = mr_value_print(value, to->write, to->context);
  }
}

static void print_elements(printer *to, mr_view octets, const mr_type *type) {
  const mr_type *element = mr_type_element(type);
  size_t size = mr_type_size(element);
  /* Of elements without size there may be any number, with nothing in them to say. */
  size_t count = size > 0 ? mr_type_count(type) : 0;
  for (size_t i = 0; i < count && to->status == MR_OK; i++) {
    begin_item(to);
    print_value(to, part_of(octets, i * size, size), element);
  }
}

static bool has_members(const mr_type *type) {
  mr_kind kind = mr_type_kind(type);
  return kind == MR_KIND_STRUCT || kind == MR_KIND_UNION;
}

/* A union's largest member, the first of equals; 0 where it has none. */
static size_t largest_member(const mr_type *type) {
  size_t largest = 0;
  size_t largest_size = 0;
  for (size_t i = 0; i < mr_type_count(type); i++) {
    size_t size = mr_type_size(member_of(type, i).type);
    if (size > largest_size) {
      largest = i;
      largest_size = size;
    }
  }
  return largest;
}

/* Members without a name stand in braces of their own, where C counts on. It can't where a union's
 * first member was passed over: then `is_flat`, and their members are named as if they were the
 * outer's. */
static void print_members(printer *to, mr_view octets, const mr_type *type, bool is_flat) {
  size_t at = 0;
  size_t end = mr_type_count(type);
  if (mr_type_kind(type) == MR_KIND_UNION && end > 0) {
    at = largest_member(type);
    end = at + 1;
    is_flat = is_flat || at > 0;
  }
  for (; at < end && to->status == MR_OK; at++) {
    mr_member member = member_of(type, at);
    mr_view part = part_of(octets, member.offset, mr_type_size(member.type));
    if (!member.name && is_flat && has_members(member.type)) {
      print_members(to, part, member.type, true);
      continue;
    }
    begin_item(to);
    if (member.name) {
      put(to, ".");
      put(to, member.name);
      put(to, " = ");
    }
    print_value(to, part, member.type);
  }
}

/* Recursion is as deep as the type, which is bounded when it is built. */
static void print_value(printer *to, mr_view octets, const mr_type *type) {
  bool is_array = mr_type_kind(type) == MR_KIND_ARRAY;
  if (!is_array && !has_members(type)) {
    print_scalar(to, octets, type);
    return;
  }
  put(to, "{");
  to->separator = "";
  if (is_array) {
    print_elements(to, octets, type);
  } else {
    print_members(to, octets, type, false);
  }
  put(to, "}");
  to->separator = ", ";
}

mr_status mr_object_print(mr_object object, mr_write_function *write, void *context) {
  assert(mr_object_is_sound(object));
  printer to = {write, context, MR_OK, ""};
  print_value(&to, mr_object_view(object), object.type);
  return to.status;
}

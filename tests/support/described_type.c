#include "described_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

enum { MEMBERS_MAX = 32, NAME_SIZE = 12 };

typedef struct type_reader {
  mr_allocator *allocator;
  const char *at;
  unsigned names;
} type_reader;

static mr_kind kind_of(char letter) {
  static const char letters[] = "bcCsSiIlLqQfdexyzp";
  const char *found = letter ? strchr(letters, letter) : NULL;
  return found ? (mr_kind)(MR_KIND_BOOL + (found - letters)) : MR_KIND_VOID;
}

static const mr_type *read_type(type_reader *from);

static bool take(type_reader *from, char letter) {
  if (*from->at != letter) return false;
  from->at++;
  return true;
}

static void require(type_reader *from, char letter) {
  if (!take(from, letter)) fail_msg("%c should stand before %s", letter, from->at);
}

static size_t read_number(type_reader *from) {
  char *end;
  unsigned long long number = strtoull(from->at, &end, 10);
  from->at = end;
  return (size_t)number;
}

static const mr_type *read_array(type_reader *from) {
  const mr_type *array;
  size_t count = read_number(from);
  require(from, ']');
  const mr_type *element = read_type(from);
  assert_int_equal(mr_type_build_array(from->allocator, element, count, &array), MR_OK);
  mr_type_release(element);
  return array;
}

static const mr_type *read_realigned(type_reader *from) {
  const mr_type *realigned;
  size_t alignment = read_number(from);
  require(from, ':');
  const mr_type *type = read_type(from);
  assert_int_equal(mr_type_realign(from->allocator, type, alignment, &realigned), MR_OK);
  mr_type_release(type);
  return realigned;
}

static mr_layout_options read_options(type_reader *from) {
  mr_layout_options options = {0};
  if (!strchr("PAK", *from->at)) return options;
  while (!take(from, ';')) {
    if (take(from, 'P')) {
      options.is_packed = true;
    } else if (take(from, 'A')) {
      options.alignment = read_number(from);
    } else {
      require(from, 'K');
      options.pack = read_number(from);
    }
  }
  return options;
}

static mr_member_spec read_member(type_reader *from, char name[NAME_SIZE]) {
  mr_member_spec member = {0};
  if (!take(from, '_')) {
    snprintf(name, NAME_SIZE, "m%u", from->names++);
    member.name = name;
  }
  member.is_packed = take(from, '!');
  if (take(from, '@')) {
    member.alignment = read_number(from);
    require(from, ':');
  }
  member.type = read_type(from);
  return member;
}

static const mr_type *read_members(type_reader *from, char end) {
  mr_member_spec members[MEMBERS_MAX];
  char names[MEMBERS_MAX][NAME_SIZE];
  size_t count = 0;
  mr_layout_options options = read_options(from);
  while (!take(from, end)) {
    assert_true(count < MEMBERS_MAX);
    members[count] = read_member(from, names[count]);
    count++;
  }
  const mr_type *type;
  mr_condition condition = {0};
  mr_status status = (end == '}' ? mr_type_build_struct : mr_type_build_union)(
      from->allocator, NULL, members, count, &options, &type, &condition);
  if (status != MR_OK) fail_msg("%s", condition.message);
  for (size_t i = 0; i < count; i++) mr_type_release(members[i].type);
  return type;
}

static const mr_type *read_type(type_reader *from) {
  if (take(from, '[')) return read_array(from);
  if (take(from, '~')) return read_realigned(from);
  if (take(from, '{')) return read_members(from, '}');
  if (take(from, '<')) return read_members(from, '>');
  mr_byte_order other = mr_byte_order_is_swapped(MR_BIG_ENDIAN) ? MR_BIG_ENDIAN : MR_LITTLE_ENDIAN;
  mr_byte_order order = take(from, '^') ? other : MR_NATIVE_ORDER;
  const mr_type *scalar = mr_scalar_type(kind_of(*from->at), order);
  if (!scalar) fail_msg("no type: %s", from->at);
  from->at++;
  return scalar;
}

const mr_type *described_type(mr_allocator *allocator, const char *text) {
  type_reader from = {allocator, text, 0};
  const mr_type *type = read_type(&from);
  if (*from.at) fail_msg("no end of a type: %s", from.at);
  return type;
}

/* Objects of random types and contents: what is printed of them reads back to the same, and is JSON. */

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <memregions/object_copy.h>
#include <memregions/object_text.h>

#include "built_type.h"
#include "support.h"

enum { ROUNDS = 3000, ROOM = 4096, TEXT_ROOM = 1 << 18, NAME_SIZE = 40 };

static MR_ALIGNAS(64) unsigned char memory[2][ROOM];
static char text_of_first[TEXT_ROOM];
static char text_of_second[TEXT_ROOM];

static uint64_t random_state = 88172645463325252u;

static uint64_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static size_t below(size_t limit) { return (size_t)(next_random() % limit); }

/* Types. */

static const mr_kind kinds[] = {
    MR_KIND_BOOL,    MR_KIND_I8,  MR_KIND_U8,   MR_KIND_I16,         MR_KIND_U16,
    MR_KIND_I32,     MR_KIND_U32, MR_KIND_I64,  MR_KIND_U64,         MR_KIND_I128,
    MR_KIND_U128,    MR_KIND_F32, MR_KIND_F64,  MR_KIND_COMPLEX_F32, MR_KIND_COMPLEX_F64,
    MR_KIND_POINTER, MR_KIND_F80, MR_KIND_F128, MR_KIND_LONG_DOUBLE, MR_KIND_COMPLEX_LONG_DOUBLE};

/* Any of them; but of the last two, which pass as this machine's numbers, only where these are whole: Valgrind's are as
 * short as doubles. */
static mr_kind random_kind(void) {
  static const volatile long double one = 1;
  bool is_whole = one + LDBL_EPSILON != one;
  return kinds[below(sizeof kinds / sizeof *kinds - (is_whole ? 0 : 2))];
}

static const mr_type *random_scalar(void) {
  switch (below(8)) {
    case 0:
      return built_colors(below(2) ? MR_KIND_I32 : MR_KIND_U8);
    case 1:
      return plain_char();
    case 2: {
      const mr_type *other = swapped(random_kind());
      return other ? other : I32;
    }
    default:
      return native(random_kind());
  }
}

static const mr_type *random_type(unsigned depth);

static mr_member_spec random_member(unsigned depth, size_t index, char name[NAME_SIZE]) {
  mr_member_spec member = {.name = name};
  snprintf(name, NAME_SIZE, "m%u_%zu", depth, index);
  if (below(4) == 0) {
    member.is_bit_field = true;
    member.type = native((mr_kind)(MR_KIND_I8 + below(8)));
    member.bit_width = (uint8_t)(1 + below(8 * mr_type_size(member.type)));
    if (below(4) == 0) member.name = NULL;
  } else {
    member.type = random_type(depth);
    bool has_members =
        mr_type_kind(member.type) == MR_KIND_STRUCT || mr_type_kind(member.type) == MR_KIND_UNION;
    if (has_members && below(3) == 0) member.name = NULL;
  }
  return member;
}

static const mr_type *random_members(unsigned depth) {
  mr_member_spec members[6] = {{0}};
  char names[6][NAME_SIZE];
  size_t count = below(6);
  for (size_t i = 0; i < count; i++) members[i] = random_member(depth, i, names[i]);
  const mr_type *type = NULL;
  mr_status status = (below(4) == 0 ? mr_type_build_union : mr_type_build_struct)(
      NULL, NULL, members, count, NULL, &type, NULL);
  for (size_t i = 0; i < count; i++) mr_type_release(members[i].type);
  /* Names of members without name may come twice, and some layouts differ between compilers. */
  return status == MR_OK ? type : I32;
}

static const mr_type *random_type(unsigned depth) {
  size_t form = depth > 0 ? below(6) : 5;
  if (form < 2) return random_members(depth - 1);
  if (form == 2) return built_array(random_type(depth - 1), below(5));
  return random_scalar();
}

/* Round trips. */

static size_t print_of(mr_object object, const mr_print_options *options, char *buffer) {
  mr_text text = mr_text_of(buffer, TEXT_ROOM);
  assert_int_equal(mr_object_print(object, options, mr_text_write, &text), MR_OK);
  return text.length;
}

/* Unions show their largest member only, and NaNs no payload: the octets behind them may differ. */
static bool shows_all(const mr_type *type) {
  mr_kind kind = mr_type_kind(type);
  if (kind == MR_KIND_ARRAY) return shows_all(mr_type_element(type));
  if (kind == MR_KIND_STRUCT) {
    bool is_so = true;
    for (size_t i = 0; i < mr_type_count(type) && is_so; i++) {
      mr_member member;
      assert_int_equal(mr_type_member(type, i, &member), MR_OK);
      is_so = shows_all(member.type);
    }
    return is_so;
  }
  return kind < MR_KIND_F32 || kind == MR_KIND_POINTER;
}

static void fill_at_random(void) {
  for (size_t i = 0; i < ROOM; i++) {
    size_t octet = below(256);
    /* Zeros, printable characters and question marks make text. */
    if (below(4) == 0) octet = (size_t) "\0a?\"\\1\377"[below(7)];
    memory[0][i] = (unsigned char)octet;
    memory[1][i] = (unsigned char)below(256);
  }
}

static void what_is_printed_reads_back(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    const mr_type *type = random_type(4);
    if (mr_type_size(type) <= ROOM) {
      const mr_print_options options = {.indent = (unsigned)below(3)};
      mr_condition condition = {0};
      fill_at_random();
      mr_object first = object_over(mr_region_of(memory[0], ROOM), type);
      mr_object second = object_over(mr_region_of(memory[1], ROOM), type);
      size_t length = print_of(first, &options, text_of_first);
      if (mr_object_read_text(second, mr_view_of(text_of_first, length), 0, &condition) != MR_OK) {
        fail_msg("%s\n%u:%u: %s", text_of_first, (unsigned)condition.line,
                 (unsigned)condition.column, condition.message);
      }
      print_of(second, &options, text_of_second);
      assert_string_equal(text_of_second, text_of_first);
      if (shows_all(type)) assert_true(mr_object_equal(first, second));
    }
    mr_type_release(type);
  }
}

/* What a text that was changed at random reads as is whatever it is; but nothing changes where it fails. */
static void texts_that_were_damaged_read_or_change_nothing(void **state) {
  (void)state;
  static const char pieces[] = "{}[],.=-+*/%()<>&|^~\"'\\0123456789xXeEpPuUlLfRNa_ \n\t\0\377";
  static unsigned char before[ROOM];
  for (int round = 0; round < ROUNDS; round++) {
    const mr_type *type = random_type(3);
    if (mr_type_size(type) <= ROOM) {
      fill_at_random();
      mr_object first = object_over(mr_region_of(memory[0], ROOM), type);
      mr_object second = object_over(mr_region_of(memory[1], ROOM), type);
      size_t length = print_of(first, NULL, text_of_first);
      for (size_t i = below(4); i-- > 0 && length > 0;) {
        text_of_first[below(length)] = pieces[below(sizeof pieces - 1)];
      }
      if (below(4) == 0) length = below(length + 1);
      memcpy(before, memory[1], ROOM);
      mr_status status =
          mr_object_read_text(second, mr_view_of(text_of_first, length), (uint32_t)below(2), NULL);
      size_t unchanged = status == MR_OK ? mr_type_size(type) : 0;
      assert_memory_equal(before + unchanged, memory[1] + unchanged, ROOM - unchanged);
    }
    mr_type_release(type);
  }
}

/* JSON: a checker of its grammar, and no more. */

static const char *skip_value(const char *at);

static const char *skip_string(const char *at) {
  if (*at++ != '"') return NULL;
  while (*at != '"') {
    if ((unsigned char)*at < ' ') return NULL;
    if (*at++ != '\\') continue;
    if (*at == 'u') {
      if (strspn(at + 1, "0123456789abcdefABCDEF") < 4) return NULL;
      at += 5;
    } else if (*at && strchr("\"\\/bfnrt", *at)) {
      at++;
    } else {
      return NULL;
    }
  }
  return at + 1;
}

static const char *skip_number(const char *at) {
  if (*at == '-') at++;
  size_t digits = strspn(at, "0123456789");
  if (digits == 0 || (digits > 1 && *at == '0')) return NULL;
  at += digits;
  if (*at == '.') {
    digits = strspn(++at, "0123456789");
    if (digits == 0) return NULL;
    at += digits;
  }
  if (*at == 'e' || *at == 'E') {
    at++;
    if (*at == '+' || *at == '-') at++;
    digits = strspn(at, "0123456789");
    if (digits == 0) return NULL;
    at += digits;
  }
  return at;
}

static const char *skip_list(const char *at, bool has_keys, char end) {
  at++;
  if (*at == end) return at + 1;
  for (;;) {
    at += strspn(at, " \n");
    if (has_keys) {
      at = skip_string(at);
      if (!at || *at++ != ':') return NULL;
    }
    at = skip_value(at);
    if (!at) return NULL;
    at += strspn(at, " \n");
    if (*at == end) return at + 1;
    if (*at++ != ',') return NULL;
  }
}

static const char *skip_value(const char *at) {
  at += strspn(at, " \n");
  if (*at == '{') return skip_list(at, true, '}');
  if (*at == '[') return skip_list(at, false, ']');
  if (*at == '"') return skip_string(at);
  if (strncmp(at, "true", 4) == 0) return at + 4;
  if (strncmp(at, "false", 5) == 0) return at + 5;
  return skip_number(at);
}

static void what_is_printed_as_json_is_json(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    const mr_type *type = random_type(4);
    if (mr_type_size(type) <= ROOM) {
      const mr_print_options options = {below(4), below(3), (unsigned)below(3)};
      mr_text text = mr_text_of(text_of_first, TEXT_ROOM);
      fill_at_random();
      mr_object object = object_over(mr_region_of(memory[0], ROOM), type);
      assert_int_equal(mr_object_print_json(object, &options, mr_text_write, &text), MR_OK);
      const char *end = skip_value(text_of_first);
      if (!end || *end) fail_msg("%s", text_of_first);
    }
    mr_type_release(type);
  }
}

/* Whatever a type is, it converts to itself, and what was made so is equal. */
static void objects_convert_to_their_own_type(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    const mr_type *type = random_type(3);
    if (mr_type_size(type) <= ROOM) {
      fill_at_random();
      mr_object from = object_over(mr_region_of(memory[0], ROOM), type);
      mr_object to = object_over(mr_region_of(memory[1], ROOM), type);
      mr_condition condition = {0};
      if (mr_object_convert(to, from, MR_FIT_CHECKED, 0, NULL, &condition) != MR_OK) {
        fail_msg("%s", condition.message);
      }
      if (shows_all(type)) assert_true(mr_object_equal(to, from));
    }
    mr_type_release(type);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_printed_reads_back),
      cmocka_unit_test(texts_that_were_damaged_read_or_change_nothing),
      cmocka_unit_test(what_is_printed_as_json_is_json),
      cmocka_unit_test(objects_convert_to_their_own_type),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

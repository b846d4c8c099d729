#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "layout.h"

/* Octets of the character of UTF-8 that starts at `text`; 0 where there is none. */
static size_t character_length(const unsigned char *text) {
  static const struct {
    unsigned char first;
    unsigned char last;
    unsigned char second_first;
    unsigned char second_last;
    size_t length;
  } forms[] = {
      {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
      {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
      {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
  size_t form = 0;
  size_t at = 2;
  while (form < sizeof forms / sizeof *forms && forms[form].last < text[0]) form++;
  if (form == sizeof forms / sizeof *forms || text[0] < forms[form].first) return 0;
  size_t length = forms[form].length;
  if (length == 1) return 1;
  if (text[1] < forms[form].second_first || text[1] > forms[form].second_last) return 0;
  while (at < length && text[at] >= 0x80 && text[at] <= 0xbf) at++;
  return at == length ? length : 0;
}

/* JSON is UTF-8: what is not, in a name, becomes the character that stands for that. */
static void put_string(const char *text) {
  const unsigned char *at = (const unsigned char *)text;
  putchar('"');
  while (*at) {
    size_t length = character_length(at);
    if (*at == '"' || *at == '\\') {
      printf("\\%c", *at);
    } else if (*at < ' ' || length == 0) {
      printf("\\u%04x", length == 0 ? 0xfffdU : *at);
    } else {
      fwrite(at, 1, length, stdout);
    }
    at += length ? length : 1;
  }
  putchar('"');
}

/* In bits, which may be more than 64 bits can count. */
static void put_bit_offset(bit_place place) {
  const uint64_t part = UINT64_C(1000000000000000000);
  const uint64_t octets = part / 8;
  uint64_t rest = place.octets % octets * 8 + place.bits;
  if (place.octets >= octets) {
    printf("%" PRIu64 "%018" PRIu64, place.octets / octets, rest);
  } else {
    printf("%" PRIu64, rest);
  }
}

static bool is_signed(mr_kind kind) {
  return kind == MR_KIND_I8 || kind == MR_KIND_I16 || kind == MR_KIND_I32 || kind == MR_KIND_I64 ||
         kind == MR_KIND_I128;
}

static void put_field(const layout_entry *entry) {
  const mr_member *member = &entry->member;
  fputs("{\"path\": ", stdout);
  put_string(entry->path);
  if (member->is_bit_field) {
    fputs(", \"bit_offset\": ", stdout);
    put_bit_offset(entry->start);
    printf(", \"bit_width\": %u, \"signed\": %s}", member->bit_width,
           is_signed(mr_type_kind(member->type)) ? "true" : "false");
    return;
  }
  printf(", \"offset\": %zu, \"size\": %zu, \"align\": %zu%s}", member->offset,
         mr_type_size(member->type), member->alignment,
         mr_type_is_flexible_array(member->type) ? ", \"flexible\": true" : "");
}

void layout_print_json(const type_layout *layout) {
  const char *separator = "\n  ";
  fputs("{\"type\": ", stdout);
  put_string(layout->name);
  printf(", \"size\": %zu, \"align\": %zu, \"fields\": [", mr_type_size(layout->type),
         mr_type_alignment(layout->type));
  for (size_t i = 0; i < layout->count; i++) {
    if (!layout->entries[i].path) continue;
    fputs(separator, stdout);
    put_field(&layout->entries[i]);
    separator = ",\n  ";
  }
  puts("]}");
}

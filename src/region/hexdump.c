#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "memregions/region.h"

/* Each pair of digits has a blank before it, each half of a line one more, and the last two after it. */
enum { LINE_OCTETS = 16, HALF_LINE = 8, HEXADECIMAL_COLUMNS = 3 * LINE_OCTETS + 2 + 2 };

/* Not isprint, which asks the locale. */
static bool is_printable(unsigned char octet) { return octet >= 0x20 && octet < 0x7f; }

static char *put_hexadecimal(char *to, const unsigned char *octets, size_t count) {
  static const char digits[] = "0123456789abcdef";
  memset(to, ' ', HEXADECIMAL_COLUMNS);
  for (size_t i = 0; i < count; i++) {
    char *pair = to + 2 + 3 * i + i / HALF_LINE;
    pair[0] = digits[octets[i] >> 4];
    pair[1] = digits[octets[i] & 15];
  }
  return to + HEXADECIMAL_COLUMNS;
}

static char *put_text(char *to, const unsigned char *octets, size_t count) {
  *to++ = '|';
  for (size_t i = 0; i < count; i++) {
    *to = '.';
    if (is_printable(octets[i])) *to = (char)octets[i];
    to++;
  }
  *to++ = '|';
  return to;
}

static mr_status dump_line(const unsigned char *octets, size_t count, uint64_t offset,
                           mr_write_function *write, void *context) {
  /* At most 16 digits of offset, then the hexadecimal, |text| and newline. */
  char line[16 + HEXADECIMAL_COLUMNS + LINE_OCTETS + 3];
  char *end = line + sprintf(line, "%08" PRIx64, offset);
  end = put_hexadecimal(end, octets, count);
  end = put_text(end, octets, count);
  *end++ = '\n';
  return write(context, line, (size_t)(end - line));
}

mr_status mr_hex_dump(mr_view view, uint64_t origin, mr_write_function *write, void *context) {
  assert(mr_view_is_sound(view));
  const unsigned char *octets = view.pointer;
  for (size_t at = 0; at < view.size; at += LINE_OCTETS) {
    size_t rest = view.size - at;
    size_t count = rest < LINE_OCTETS ? rest : LINE_OCTETS;
    mr_status status = dump_line(octets + at, count, origin + at, write, context);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

#include "text_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

mr_text_reader mr_text_reader_of(mr_view text, mr_condition *condition) {
  /* Pointers are compared, which null can't be where it has no size. */
  const char *start = text.size > 0 ? text.pointer : "";
  return (mr_text_reader){start, start, start + text.size, condition};
}

mr_status mr_text_reader_fail(const mr_text_reader *from, const char *at, mr_status status,
                              const char *format, ...) {
  if (!from->condition) return status;
  char message[MR_CONDITION_MESSAGE_SIZE];
  uint32_t line = 1;
  const char *line_start = from->start;
  va_list arguments;
  va_start(arguments, format);
  if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = 0;
  va_end(arguments);
  for (const char *letter = from->start; letter < at; letter++) {
    if (*letter != '\n') continue;
    line++;
    line_start = letter + 1;
  }
  mr_condition_set(from->condition, status, "%s", message);
  from->condition->offset = (uint64_t)(at - from->start);
  from->condition->line = line;
  from->condition->column = (uint32_t)(at - line_start) + 1;
  return status;
}

char mr_text_reader_peek(const mr_text_reader *from, size_t ahead) {
  if (ahead >= (size_t)(from->end - from->at)) return 0;
  return from->at[ahead];
}

static bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

/* From after its start. */
static mr_status skip_comment(mr_text_reader *from) {
  const char *start = from->at;
  bool is_line = from->at[1] == '/';
  for (from->at += 2; from->at < from->end; from->at++) {
    if (is_line && *from->at == '\n') return MR_OK;
    if (!is_line && *from->at == '*' && mr_text_reader_peek(from, 1) == '/') {
      from->at += 2;
      return MR_OK;
    }
  }
  return is_line ? MR_OK
                 : mr_text_reader_fail(from, start, MR_SYNTAX_ERROR, "a comment without end");
}

mr_status mr_text_reader_skip(mr_text_reader *from) {
  while (from->at < from->end) {
    char second = mr_text_reader_peek(from, 1);
    if (is_space(*from->at)) {
      from->at++;
    } else if (*from->at == '/' && (second == '*' || second == '/')) {
      mr_status status = skip_comment(from);
      if (status != MR_OK) return status;
    } else {
      break;
    }
  }
  return MR_OK;
}

mr_status mr_text_reader_require(mr_text_reader *from, char letter) {
  mr_status status = mr_text_reader_skip(from);
  if (status != MR_OK) return status;
  if (mr_text_reader_peek(from, 0) != letter) {
    return mr_text_reader_fail(from, from->at, MR_SYNTAX_ERROR, "%c should stand here", letter);
  }
  from->at++;
  return MR_OK;
}

static bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

static bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
         letter == '$' || (unsigned char)letter > 127;
}

size_t mr_text_reader_name(const mr_text_reader *from) {
  size_t length = 0;
  if (!is_letter(mr_text_reader_peek(from, 0))) return 0;
  while (is_letter(mr_text_reader_peek(from, length)) ||
         is_digit(mr_text_reader_peek(from, length)))
    length++;
  return length;
}

bool mr_text_reader_name_is(const mr_text_reader *from, size_t length, const char *text) {
  return strlen(text) == length && memcmp(from->at, text, length) == 0;
}

size_t mr_text_reader_number(const mr_text_reader *from) {
  size_t length = 0;
  char first = mr_text_reader_peek(from, 0);
  if (!is_digit(first) && !(first == '.' && is_digit(mr_text_reader_peek(from, 1)))) return 0;
  for (;;) {
    char letter = mr_text_reader_peek(from, length);
    char next = mr_text_reader_peek(from, length + 1);
    bool is_exponent = letter && strchr("eEpP", letter);
    /* The points of a range are no part of a number. */
    if (letter == '.' && next == '.') return length;
    if (!is_digit(letter) && !is_letter(letter) && letter != '.') return length;
    length += is_exponent && (next == '+' || next == '-') ? 2 : 1;
  }
}

unsigned mr_digit_of(char letter) {
  if (is_digit(letter)) return (unsigned)(letter - '0');
  if (letter >= 'a' && letter <= 'f') return (unsigned)(letter - 'a') + 10;
  if (letter >= 'A' && letter <= 'F') return (unsigned)(letter - 'A') + 10;
  return 16;
}

/* Strings. */

/* Where octets go. */
typedef struct octet_sink {
  mr_region to;
  size_t used;
  bool is_trial;
} octet_sink;

static bool put(octet_sink *sink, uint32_t octet) {
  if (sink->used >= sink->to.size) return false;
  if (!sink->is_trial) ((unsigned char *)sink->to.pointer)[sink->used] = (unsigned char)octet;
  sink->used++;
  return true;
}

/* A character as UTF-8. */
static bool put_character(octet_sink *sink, uint32_t character) {
  if (character < 0x80) return put(sink, character);
  unsigned further = 1;
  if (character >= 0x800) further = character >= 0x10000 ? 3 : 2;
  uint32_t mark = 0xff00U >> (further + 1) & 0xffU;
  if (!put(sink, mark | character >> (6 * further))) return false;
  while (further-- > 0) {
    if (!put(sink, 0x80 | (character >> (6 * further) & 0x3f))) return false;
  }
  return true;
}

static mr_status read_digits(mr_text_reader *from, unsigned base, unsigned most, uint32_t *out) {
  uint32_t number = 0;
  unsigned count = 0;
  for (; count < most && mr_digit_of(mr_text_reader_peek(from, 0)) < base; count++) {
    if (number > UINT32_MAX / base) number = UINT32_MAX / base;
    number = number * base + mr_digit_of(*from->at++);
  }
  if (count == 0)
    return mr_text_reader_fail(from, from->at, MR_SYNTAX_ERROR, "a digit should stand here");
  *out = number;
  return MR_OK;
}

static mr_status read_octet_escape(mr_text_reader *from, const char *start, uint32_t *out) {
  bool is_hexadecimal = mr_text_reader_peek(from, 0) == 'x';
  if (is_hexadecimal) from->at++;
  mr_status status =
      read_digits(from, is_hexadecimal ? 16 : 8, is_hexadecimal ? UINT32_MAX : 3, out);
  if (status != MR_OK) return status;
  if (*out <= UINT8_MAX) return MR_OK;
  return mr_text_reader_fail(from, start, MR_OVERFLOW, "an escape beyond 8 bits");
}

static mr_status read_universal(mr_text_reader *from, const char *start, uint32_t *out) {
  unsigned digits = *from->at++ == 'u' ? 4 : 8;
  const char *first = from->at;
  mr_status status = read_digits(from, 16, digits, out);
  if (status != MR_OK) return status;
  bool is_surrogate = *out >= 0xd800 && *out <= 0xdfff;
  if (from->at - first == (ptrdiff_t)digits && *out <= 0x10ffff && !is_surrogate) return MR_OK;
  return mr_text_reader_fail(from, start, MR_SYNTAX_ERROR, "no character of that number");
}

/* From after the backslash. */
static mr_status read_escape(mr_text_reader *from, const char *start, octet_sink *sink,
                             bool *has_room) {
  static const char letters[] = "abtnvfre\\\"'?";
  static const char meanings[] = "\a\b\t\n\v\f\r\033\\\"'?";
  char letter = mr_text_reader_peek(from, 0);
  const char *simple = letter ? strchr(letters, letter) : NULL;
  uint32_t number = 0;
  mr_status status = MR_OK;
  if (simple) {
    from->at++;
    *has_room = put(sink, (unsigned char)meanings[simple - letters]);
  } else if (letter == 'x' || (letter >= '0' && letter <= '7')) {
    status = read_octet_escape(from, start, &number);
    if (status == MR_OK) *has_room = put(sink, number);
  } else if (letter == 'u' || letter == 'U') {
    status = read_universal(from, start, &number);
    if (status == MR_OK) *has_room = put_character(sink, number);
  } else {
    status = mr_text_reader_fail(from, start, MR_SYNTAX_ERROR, "no escape that there is");
  }
  return status;
}

/* From the quote to the one like it. */
static mr_status read_quoted(mr_text_reader *from, octet_sink *sink) {
  const char *start = from->at;
  char quote = *from->at++;
  while (mr_text_reader_peek(from, 0) != quote) {
    const char *at = from->at;
    bool has_room = true;
    if (at == from->end || *at == '\n') {
      return mr_text_reader_fail(from, start, MR_SYNTAX_ERROR, "no %c at the end", quote);
    }
    from->at++;
    mr_status status = MR_OK;
    if (*at == '\\') {
      status = read_escape(from, at, sink, &has_room);
    } else {
      has_room = put(sink, (unsigned char)*at);
    }
    if (status != MR_OK) return status;
    if (!has_room) return mr_text_reader_fail(from, at, MR_OVERFLOW, "the text is too long");
  }
  from->at++;
  return MR_OK;
}

/* Octets of what stands before a quote: u8, L, u, U. */
static size_t prefix_length(const mr_text_reader *from, char quote) {
  size_t length = mr_text_reader_name(from);
  return length <= 2 && mr_text_reader_peek(from, length) == quote ? length : 0;
}

bool mr_text_reader_is_at_string(const mr_text_reader *from) {
  return mr_text_reader_peek(from, prefix_length(from, '"')) == '"';
}

static mr_status skip_prefix(mr_text_reader *from, char quote) {
  size_t length = prefix_length(from, quote);
  if (length > 0 && !mr_text_reader_name_is(from, length, "u8")) {
    return mr_text_reader_fail(from, from->at, MR_UNSUPPORTED,
                               "only characters of an octet are read");
  }
  from->at += length;
  return MR_OK;
}

mr_status mr_text_reader_read_character(mr_text_reader *from, unsigned char *out) {
  unsigned char octets[1];
  const char *start = from->at;
  octet_sink sink = {mr_region_of(octets, sizeof octets), 0, false};
  mr_status status = skip_prefix(from, '\'');
  if (status == MR_OK) status = read_quoted(from, &sink);
  if (status == MR_OVERFLOW || (status == MR_OK && sink.used == 0)) {
    return mr_text_reader_fail(from, start, MR_UNSUPPORTED, "only characters of an octet are read");
  }
  if (status == MR_OK) *out = octets[0];
  return status;
}

mr_status mr_text_reader_read_strings(mr_text_reader *from, mr_region to, bool is_trial) {
  octet_sink sink = {to, 0, is_trial};
  mr_status status = MR_OK;
  do {
    status = skip_prefix(from, '"');
    if (status == MR_OK) status = read_quoted(from, &sink);
    if (status == MR_OK) status = mr_text_reader_skip(from);
  } while (status == MR_OK && mr_text_reader_is_at_string(from));
  if (status == MR_OK && !is_trial) {
    status = mr_fill(to, 0, mr_range_from(sink.used));
  }
  return status;
}

#include <string.h>

#include "reader.h"

/* Errors as compilers show them. */

typedef struct printer {
  mr_write_function *write;
  void *context;
  mr_status status;
} printer;

static void put(printer *to, const char *text, size_t length) {
  if (to->status == MR_OK && length > 0) to->status = to->write(to->context, text, length);
}

/* Where a line of a text starts and ends. */
typedef struct line_of_text {
  const char *start;
  const char *place;
  const char *end;
} line_of_text;

static line_of_text line_at(mr_view text, size_t offset) {
  const char *start = text.size > 0 ? text.pointer : "";
  line_of_text line = {start, start + offset, start + offset};
  const char *end = start + text.size;
  while (line.end < end && *line.end != '\n') line.end++;
  for (line.start = line.place; line.start > start && line.start[-1] != '\n';) line.start--;
  if (line.end > line.start && line.end[-1] == '\r' && line.end > line.place) line.end--;
  return line;
}

/* The file's name in a line marker: between its quotation marks. */
static bool marked_name(const char *start, const char *end, const char **name, size_t *length) {
  uint32_t next;
  if (!mr_is_line_marker(start, end, &next)) return false;
  const char *quote = memchr(start, '"', (size_t)(end - start));
  if (!quote) return false;
  const char *last = memchr(quote + 1, '"', (size_t)(end - quote - 1));
  if (!last || last == quote + 1) return false;
  *name = quote + 1;
  *length = (size_t)(last - quote - 1);
  return true;
}

/* The file that the last line marker before a line names. */
static void find_name(mr_view text, const char *line, const char **name, size_t *length) {
  const char *at = text.size > 0 ? text.pointer : line;
  while (at < line) {
    const char *end = memchr(at, '\n', (size_t)(line - at));
    if (!end) break;
    marked_name(at, end, name, length);
    at = end + 1;
  }
}

static void put_visible(printer *to, const char *start, const char *end) {
  for (const char *at = start; at < end; at++) {
    unsigned char letter = (unsigned char)*at;
    put(to, letter >= ' ' && letter != 127 ? at : " ", 1);
  }
}

/* Of long lines, what is around the place, with dots for the rest; and what would move the caret or a terminal is blank. */
static void put_line(printer *to, const line_of_text *line) {
  enum { BEFORE = 120, AFTER = 80 };
  static const char dots[] = "...";
  bool is_cut = line->place - line->start > BEFORE;
  const char *start = is_cut ? line->place - BEFORE : line->start;
  const char *end = line->end - line->place > AFTER ? line->place + AFTER : line->end;
  put(to, "  ", 2);
  if (is_cut) put(to, dots, sizeof dots - 1);
  put_visible(to, start, end);
  if (end < line->end) put(to, dots, sizeof dots - 1);
  put(to, "\n  ", 3);
  if (is_cut) put(to, "   ", 3);
  for (const char *at = start; at < line->place; at++) {
    /* Of a character of several octets, one column. */
    if (((unsigned char)*at & 0xc0) != 0x80) put(to, " ", 1);
  }
  put(to, "^\n", 2);
}

mr_status mr_declarations_print_error(const char *name, mr_view text, const mr_condition *condition,
                                      mr_write_function *write, void *context) {
  printer to = {write, context, MR_OK};
  size_t offset = condition->offset < text.size ? (size_t)condition->offset : text.size;
  line_of_text line = line_at(text, offset);
  const char *file = name ? name : "declarations";
  size_t length = strlen(file);
  find_name(text, line.start, &file, &length);
  put(&to, file, length);
  if (to.status == MR_OK) {
    to.status = mr_text_print(write, context, ":%u:%u: %s\n", (unsigned)condition->line,
                              (unsigned)condition->column, condition->message);
  }
  put_line(&to, &line);
  return to.status;
}

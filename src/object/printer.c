#include "printer.h"

#include <string.h>

mr_printer mr_printer_of(const mr_print_options *options, mr_write_function *write, void *context) {
  mr_printer made = {.write = write, .context = context, .is_empty = true};
  if (options) made.options = *options;
  return made;
}

void mr_printer_put_octets(mr_printer *to, const char *text, size_t length) {
  if (to->status != MR_OK || length == 0) return;
  to->status = to->write(to->context, text, length);
}

void mr_printer_put(mr_printer *to, const char *text) {
  mr_printer_put_octets(to, text, strlen(text));
}

static void begin_line(mr_printer *to) {
  static const char spaces[] = "                ";
  mr_printer_put(to, "\n");
  size_t left = to->depth * to->options.indent;
  while (left > 0 && to->status == MR_OK) {
    size_t some = left < sizeof spaces - 1 ? left : sizeof spaces - 1;
    mr_printer_put_octets(to, spaces, some);
    left -= some;
  }
}

void mr_printer_open(mr_printer *to, const char *bracket) {
  mr_printer_put(to, bracket);
  to->depth++;
  to->is_empty = true;
}

void mr_printer_begin_item(mr_printer *to) {
  if (!to->is_empty) mr_printer_put(to, to->options.indent > 0 ? "," : ", ");
  if (to->options.indent > 0) begin_line(to);
  to->is_empty = false;
}

void mr_printer_close(mr_printer *to, const char *bracket) {
  to->depth--;
  if (to->options.indent > 0 && !to->is_empty) begin_line(to);
  mr_printer_put(to, bracket);
  to->is_empty = false;
}

bool mr_printer_is_too_deep(const mr_printer *to) {
  return to->options.max_depth > 0 && to->depth >= to->options.max_depth;
}

size_t mr_printer_shown(const mr_printer *to, size_t count) {
  size_t cap = to->options.max_elements;
  return cap > 0 && cap < count ? cap : count;
}

size_t mr_text_length_in(mr_view octets) {
  const unsigned char *at = octets.pointer;
  size_t length = octets.size;
  while (length > 0 && at[length - 1] == 0) length--;
  return length;
}

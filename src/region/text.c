#include "memregions/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

extern inline mr_text mr_text_of(char *buffer, size_t capacity);
extern inline bool mr_text_is_sound(const mr_text *text);

mr_status mr_text_write(void *context, const char *piece, size_t length) {
  mr_text *text = context;
  assert(mr_text_is_sound(text));
  if (length == 0) return MR_OK;
  if (text->capacity == 0) return MR_NO_SPACE;
  size_t room = text->capacity - text->length - 1;
  size_t fitting = length < room ? length : room;
  memcpy(text->start + text->length, piece, fitting);
  text->length += fitting;
  text->start[text->length] = 0;
  return fitting == length ? MR_OK : MR_NO_SPACE;
}

mr_status mr_text_print(mr_write_function *write, void *context, const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length < 0) return MR_INVALID_ARGUMENT;
  if ((size_t)length >= sizeof text) return MR_OVERFLOW;
  return length == 0 ? MR_OK : write(context, text, (size_t)length);
}

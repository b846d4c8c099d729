#include "file_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

enum { FIRST_SIZE = 1 << 16 };

static mr_status make_room(mr_region *memory, size_t used, size_t limit) {
  if (used < memory->size) return MR_OK;
  size_t size = used > limit / 2 ? limit : used * 2;
  return mr_reallocate(NULL, memory, size > FIRST_SIZE ? size : FIRST_SIZE);
}

/* @param limit  at least FIRST_SIZE */
static bool read_stream(FILE *stream, const char *name, size_t limit, file_text *out) {
  size_t used = 0;
  size_t got;
  do {
    mr_status status = make_room(&out->memory, used, limit);
    if (status != MR_OK) {
      command_fail("%s: %s", name, mr_status_message(status));
      return false;
    }
    got = fread((char *)out->memory.pointer + used, 1, out->memory.size - used, stream);
    used += got;
  } while (got > 0 && used < limit);
  if (ferror(stream)) {
    command_fail("%s: %s", name, strerror(errno));
    return false;
  }
  out->view = mr_view_of(out->memory.pointer, used);
  return true;
}

static bool read_special(const char *path, size_t limit, file_text *out) {
  FILE *stream = fopen(path, "rb");
  if (!stream) {
    command_fail("%s: %s", path, strerror(errno));
    return false;
  }
  bool is_read = read_stream(stream, path, limit, out);
  fclose(stream);
  return is_read;
}

/* Whether a file has as much as the limit, found out without reading it. */
static bool is_longer(const char *path, size_t limit) {
  mr_file last;
  mr_file_options options = {.backing = MR_FILE_MAPPED, .offset = limit - 1, .length = 1};
  if (mr_file_open(path, &options, &last, NULL) != MR_OK) return false;
  mr_ignore(mr_file_close(&last, NULL));
  return true;
}

/* @param limit  one octet more than may be there */
static bool read_any(const char *path, size_t limit, file_text *out) {
  if (strcmp(path, "-") == 0) return read_stream(stdin, "standard input", limit, out);
  mr_condition condition = {0};
  /* Copied: whoever makes a mapped file shorter ends its readers. */
  mr_file_options options = {.backing = MR_FILE_COPIED};
  if (is_longer(path, limit)) {
    command_fail("%s: more than %zu octets", path, limit - 1);
    return false;
  }
  mr_status status = mr_file_open(path, &options, &out->file, &condition);
  if (status == MR_UNSUPPORTED) return read_special(path, limit, out);
  if (status != MR_OK) {
    command_fail(
        "%s: %s", path,
        condition.error_number ? strerror(condition.error_number) : mr_status_message(status));
    return false;
  }
  out->view = mr_file_view(&out->file);
  return true;
}

bool file_text_read(const char *path, size_t limit, file_text *out) {
  file_text text;
  memset(&text, 0, sizeof text);
  if (!read_any(path, limit > FIRST_SIZE ? limit + 1 : FIRST_SIZE, &text)) {
    file_text_release(&text);
    return false;
  }
  *out = text;
  return true;
}

void file_text_release(file_text *text) {
  mr_ignore(mr_file_close(&text->file, NULL));
  mr_ignore(mr_deallocate(NULL, &text->memory));
}

#include "ways.h"

#include <string.h>

#include "support.h"

mr_file_options way(int number) {
  return (mr_file_options){.access = (mr_file_access)(number / BACKINGS),
                           .backing = (mr_file_backing)(number % BACKINGS)};
}

mr_file_options part(int number, uint64_t offset, uint64_t length) {
  mr_file_options options = way(number);
  options.offset = offset;
  options.length = length;
  return options;
}

mr_file open_file(const char *path, mr_file_options options) {
  mr_file file;
  mr_condition condition;
  if (mr_file_open(path, &options, &file, &condition) != MR_OK) fail_msg("%s", condition.message);
  assert_true(mr_file_is_sound(&file));
  return file;
}

void close_file(mr_file *file) { assert_int_equal(mr_file_close(file, NULL), MR_OK); }

mr_condition assert_refused(const char *path, mr_file_options options, mr_status expected) {
  mr_condition condition;
  mr_file file, same;
  memset(&file, 0x77, sizeof file);
  memset(&same, 0x77, sizeof same);
  assert_int_equal(mr_file_open(path, &options, &file, NULL), expected);
  assert_int_equal(mr_file_open(path, &options, &file, &condition), expected);
  assert_int_equal(condition.status, expected);
  assert_memory_equal(&file, &same, sizeof file);
  return condition;
}

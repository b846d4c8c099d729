/* Files whose size is not what the system reports, as under /proc and /sys. */
#include <memregions/pathname.h>
#include <string.h>
#include <sys/stat.h>

#include "folder.h"
#include "support.h"
#include "ways.h"

static void a_file_without_a_size_is_read_to_its_end(void **state) {
  (void)state;
  enum { SIZE = 20000 };
  static uint8_t expected[SIZE];
  const char *path = make_unsized_file(SIZE);
  assert_int_equal(read_file(path, 0, expected, SIZE), SIZE);
  for (int number = 0; number < WAYS; number++) {
    mr_file_options options = way(number);
    if (options.access == MR_FILE_READ_WRITE || options.backing == MR_FILE_MAPPED) continue;
    mr_file file = open_file(path, options);
    assert_int_equal(mr_file_size(&file), SIZE);
    assert_memory_equal(mr_file_view(&file).pointer, expected, SIZE);
    close_file(&file);
  }
}

static void a_part_of_a_file_without_a_size_can_be_read(void **state) {
  (void)state;
  enum { SIZE = 20000 };
  static const uint64_t parts[][3] = {{1, 0, SIZE - 1},  {0, 10, 10},        {19990, 10, 10},
                                      {20000, 0, 0},     {0, 0, SIZE},       {0, 5000, 5000},
                                      {3, 12289, 12289}, {100, 19900, 19900}};
  static uint8_t expected[SIZE];
  const char *path = make_unsized_file(SIZE);
  assert_int_equal(read_file(path, 0, expected, SIZE), SIZE);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    mr_file file = open_file(path, part(0, parts[i][0], parts[i][1]));
    assert_int_equal(mr_file_size(&file), parts[i][2]);
    if (parts[i][2] > 0) {
      assert_memory_equal(mr_file_view(&file).pointer, expected + parts[i][0], parts[i][2]);
    }
    close_file(&file);
  }
}

static void past_the_end_of_a_file_without_a_size_is_out_of_bounds(void **state) {
  (void)state;
  static const uint64_t parts[][2] = {{20001, 0},      {0, 20001},      {19990, 11},
                                      {1, UINT64_MAX}, {UINT64_MAX, 0}, {UINT64_MAX, 1}};
  const char *path = make_unsized_file(20000);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    assert_refused(path, part(0, parts[i][0], parts[i][1]), MR_OUT_OF_BOUNDS);
  }
}

static void the_limit_is_what_was_found(void **state) {
  (void)state;
  const char *path = make_unsized_file(20000);
  assert_int_equal(assert_refused(path, part(0, 0, 20001), MR_OUT_OF_BOUNDS).limit, 20000);
  assert_int_equal(assert_refused(path, part(0, 19990, 11), MR_OUT_OF_BOUNDS).limit, 20000);
  assert_int_equal(assert_refused(path, part(0, 20000, 1), MR_OUT_OF_BOUNDS).limit, 20000);
  /* Nothing was, but that it ends before. */
  assert_int_equal(assert_refused(path, part(0, 20005, 1), MR_OUT_OF_BOUNDS).limit, 20004);
}

static void a_file_without_a_size_can_not_be_mapped(void **state) {
  (void)state;
  const char *path = make_unsized_file(5000);
  mr_condition condition = assert_refused(path, way(MR_FILE_MAPPED), MR_UNSUPPORTED);
  assert_non_null(strstr(condition.message, path));
}

#define SYSFS_FILE "/sys/devices/system/cpu/possible"

static size_t read_sysfs_file(uint8_t *into, size_t size) {
  struct stat about;
  if (stat(SYSFS_FILE, &about) != 0) {
    print_message("no " SYSFS_FILE " here\n");
    skip();
  }
  size_t count = read_file(SYSFS_FILE, 0, into, size);
  assert_true(count > 1 && about.st_size > (off_t)count);
  return count;
}

static void the_size_of_a_sysfs_file_is_what_was_read(void **state) {
  (void)state;
  uint8_t expected[4096];
  size_t size = read_sysfs_file(expected, sizeof expected);
  for (int number = 0; number < WAYS; number++) {
    mr_file_options options = way(number);
    if (options.access == MR_FILE_READ_WRITE || options.backing == MR_FILE_MAPPED) continue;
    mr_file file = open_file(SYSFS_FILE, options);
    assert_int_equal(mr_file_size(&file), size);
    assert_memory_equal(mr_file_view(&file).pointer, expected, size);
    close_file(&file);
  }
}

static void a_sysfs_file_ends_where_its_octets_do(void **state) {
  (void)state;
  uint8_t expected[4096];
  size_t size = read_sysfs_file(expected, sizeof expected);
  mr_file rest = open_file(SYSFS_FILE, part(0, 1, 0));
  mr_file end = open_file(SYSFS_FILE, part(0, size, 0));

  assert_int_equal(mr_file_size(&rest), size - 1);
  assert_int_equal(mr_file_size(&end), 0);
  assert_refused(SYSFS_FILE, part(0, size + 1, 0), MR_OUT_OF_BOUNDS);
  assert_int_equal(assert_refused(SYSFS_FILE, part(0, 0, size + 1), MR_OUT_OF_BOUNDS).limit, size);
  assert_refused(SYSFS_FILE, way(MR_FILE_MAPPED), MR_UNSUPPORTED);
  close_file(&rest);
  close_file(&end);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void) {
  static const struct CMUnitTest tests[] = {
      TEST(a_file_without_a_size_is_read_to_its_end),
      TEST(a_part_of_a_file_without_a_size_can_be_read),
      TEST(past_the_end_of_a_file_without_a_size_is_out_of_bounds),
      TEST(the_limit_is_what_was_found),
      TEST(a_file_without_a_size_can_not_be_mapped),
      TEST(the_size_of_a_sysfs_file_is_what_was_read),
      TEST(a_sysfs_file_ends_where_its_octets_do),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <errno.h>
#include <fcntl.h>
#include <memregions/pathname.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "folder.h"
#include "support.h"
#include "ways.h"

static void assert_octets(mr_view view, uint64_t first) {
  const uint8_t *octets = view.pointer;
  for (size_t i = 0; i < view.size; i++) {
    if (octets[i] != octet_at(first + i)) fail_msg("octet %zu is wrong", i);
  }
}

static void assert_opens_all_to_read(const char *path, const mr_file_options *options) {
  mr_file file;
  mr_region region;

  assert_int_equal(mr_file_open(path, options, &file, NULL), MR_OK);

  assert_int_equal(mr_file_size(&file), 1000);
  assert_octets(mr_file_view(&file), 0);
  assert_int_equal(mr_file_region(&file, &region), MR_READ_ONLY);
  close_file(&file);
}

static void no_options_are_all_of_the_file_to_read(void **state) {
  (void)state;
  const mr_file_options zeros = {.length = 0};
  const char *path = make_file("f", 1000);
  assert_opens_all_to_read(path, NULL);
  assert_opens_all_to_read(path, &zeros);
}

static mr_status expect_all(void *context, mr_view view) {
  (void)context;
  assert_octets(view, 0);
  return view.size == 1000 ? MR_OK : MR_CORRUPT;
}

static mr_status expect_nothing(void *context, mr_view view) {
  (void)context;
  return view.size == 0 ? MR_OK : MR_CORRUPT;
}

static void a_path_alone_is_all_of_the_file(void **state) {
  (void)state;
  mr_path path = {.name = make_file("f", 1000)};
  assert_int_equal(mr_call_with_view(mr_path_source(&path), NULL, expect_all, NULL), MR_OK);
}

static void an_empty_range_of_a_path_is_empty(void **state) {
  (void)state;
  static const size_t places[] = {0, 1, 999, 1000};
  mr_path path = {.name = make_file("f", 1000)};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    mr_borrow_options nothing = mr_borrow_options_of(mr_range_of(places[i], places[i]), MR_INPUT);
    assert_int_equal(mr_call_with_view(mr_path_source(&path), &nothing, expect_nothing, NULL),
                     MR_OK);
  }
  mr_borrow_options rest = mr_borrow_options_of(mr_range_from(100), MR_INPUT);
  path.options.length = 100;
  assert_int_equal(mr_call_with_view(mr_path_source(&path), &rest, expect_nothing, NULL), MR_OK);
}

static void files_of_any_size_open_in_every_way(void **state) {
  (void)state;
  static const size_t sizes[] = {1, 2, 4095, 4096, 4097, 32768, 32769, 300000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    const char *path = make_file("f", sizes[i]);
    for (int number = 0; number < WAYS; number++) {
      mr_file file = open_file(path, way(number));
      assert_int_equal(mr_file_size(&file), sizes[i]);
      assert_octets(mr_file_view(&file), 0);
      close_file(&file);
    }
  }
}

static void an_empty_file_opens_in_every_way(void **state) {
  (void)state;
  const char *path = make_file("empty", 0);
  for (int number = 0; number < WAYS; number++) {
    mr_file file = open_file(path, way(number));
    assert_int_equal(mr_file_size(&file), 0);
    assert_false(mr_file_is_mapped(&file));
    assert_int_equal(mr_file_sync(&file, NULL), MR_OK);
    close_file(&file);
  }
}

static void backing_is_as_asked(void **state) {
  (void)state;
  const char *path = make_file("f", 10);
  for (int access = 0; access < ACCESSES; access++) {
    mr_file mapped = open_file(path, way(access * BACKINGS + MR_FILE_MAPPED));
    mr_file copied = open_file(path, way(access * BACKINGS + MR_FILE_COPIED));
    assert_true(mr_file_is_mapped(&mapped));
    assert_false(mr_file_is_mapped(&copied));
    close_file(&mapped);
    close_file(&copied);
  }
}

static bool is_mapped_by_itself(const char *path, mr_file_access access) {
  mr_file file = open_file(path, way((int)access * BACKINGS));
  bool is_mapped = mr_file_is_mapped(&file);
  close_file(&file);
  return is_mapped;
}

static void large_files_are_mapped_by_themselves(void **state) {
  (void)state;
  const char *path = make_file("f", 65536);
  assert_true(is_mapped_by_itself(path, MR_FILE_READ));
  assert_true(is_mapped_by_itself(path, MR_FILE_READ_WRITE));
  assert_true(is_mapped_by_itself(path, MR_FILE_COPY_ON_WRITE));
}

static void small_files_are_mapped_only_to_be_written(void **state) {
  (void)state;
  const char *path = make_file("f", 100);
  assert_false(is_mapped_by_itself(path, MR_FILE_READ));
  assert_true(is_mapped_by_itself(path, MR_FILE_READ_WRITE));
  assert_false(is_mapped_by_itself(path, MR_FILE_COPY_ON_WRITE));
}

static void offset_and_length_may_be_any(void **state) {
  (void)state;
  static const uint64_t offsets[] = {0, 1, 15, 4095, 4096, 4097, 65535, 99999};
  static const uint64_t lengths[] = {0, 1};
  const char *path = make_file("f", 100000);
  for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
    for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++) {
      for (int number = 0; number < WAYS; number++) {
        mr_file file = open_file(path, part(number, offsets[i], lengths[j]));
        size_t expected = (size_t)(lengths[j] > 0 ? lengths[j] : 100000 - offsets[i]);
        assert_int_equal(mr_file_size(&file), expected);
        assert_octets(mr_file_view(&file), offsets[i]);
        close_file(&file);
      }
    }
  }
}

static void an_offset_at_the_end_is_empty(void **state) {
  (void)state;
  const char *path = make_file("f", 5000);
  for (int number = 0; number < WAYS; number++) {
    mr_file file = open_file(path, part(number, 5000, 0));
    assert_int_equal(mr_file_size(&file), 0);
    close_file(&file);
  }
}

static void what_lies_past_the_end_is_out_of_bounds(void **state) {
  (void)state;
  static const uint64_t parts[][2] = {{5001, 0},
                                      {0, 5001},
                                      {5000, 1},
                                      {1, 5000},
                                      {1, UINT64_MAX},
                                      {0, UINT64_MAX},
                                      {UINT64_MAX, 0},
                                      {UINT64_MAX, 1},
                                      {UINT64_MAX, UINT64_MAX},
                                      {INT64_MAX, 0},
                                      {UINT64_C(1) << 32, 10},
                                      {0, (UINT64_C(1) << 32) + 5}};
  const char *path = make_file("f", 5000);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    for (int number = 0; number < WAYS; number++) {
      mr_condition condition =
          assert_refused(path, part(number, parts[i][0], parts[i][1]), MR_OUT_OF_BOUNDS);
      assert_int_equal(condition.offset, parts[i][0]);
      assert_int_equal(condition.requested, parts[i][1]);
      assert_int_equal(condition.limit, 5000);
      assert_non_null(strstr(condition.message, path));
    }
  }
}

static void everything_lies_past_the_end_of_an_empty_file(void **state) {
  (void)state;
  static const uint64_t parts[][2] = {
      {1, 0}, {0, 1}, {0, UINT64_MAX}, {INT64_MAX, 0}, {UINT64_MAX, 0}};
  const char *path = make_file("empty", 0);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    for (int number = 0; number < WAYS; number++) {
      assert_refused(path, part(number, parts[i][0], parts[i][1]), MR_OUT_OF_BOUNDS);
    }
  }
}

#define FAR ((UINT64_C(4) << 30) + 7)

static void an_offset_beyond_4_gib_is_mapped(void **state) {
  (void)state;
  const char *path = make_sparse_file("sparse", UINT64_C(5) << 30);
  write_octets(path, FAR, "far", 3);

  mr_file file = open_file(path, part(MR_FILE_MAPPED, FAR, 0));

  assert_int_equal(mr_file_size(&file), (UINT64_C(1) << 30) - 7);
  assert_memory_equal(mr_file_view(&file).pointer, "far\0", 4);
  close_file(&file);
}

static void an_offset_beyond_4_gib_is_copied_and_written_back(void **state) {
  (void)state;
  mr_region region;
  const char *path = make_sparse_file("sparse", UINT64_C(5) << 30);
  write_octets(path, FAR, "far", 3);

  mr_file file = open_file(path, part(MR_FILE_READ_WRITE * BACKINGS + MR_FILE_COPIED, FAR, 10));

  assert_int_equal(mr_file_region(&file, &region), MR_OK);
  assert_memory_equal(region.pointer, "far\0\0\0\0\0\0\0", 10);
  memcpy(region.pointer, "FAR", 3);
  close_file(&file);
  assert_int_equal(read_octet(path, FAR), 'F');
  assert_int_equal(read_octet(path, 7), 0);
}

static void assert_kind_refused(const char *path, const char *kind) {
  for (int number = 0; number < WAYS; number++) {
    mr_condition condition = assert_refused(path, way(number), MR_UNSUPPORTED);
    assert_non_null(strstr(condition.message, path));
    assert_non_null(strstr(condition.message, kind));
  }
}

static void a_directory_is_unsupported(void **state) {
  (void)state;
  assert_kind_refused(in_folder("."), "a directory");
}

static void a_fifo_without_a_writer_is_unsupported_at_once(void **state) {
  (void)state;
  const char *path = in_folder("fifo");
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_kind_refused(path, "a FIFO");
}

static void a_link_to_a_fifo_is_unsupported_at_once(void **state) {
  (void)state;
  const char *path = in_folder("link");
  assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
  assert_int_equal(symlink("fifo", path), 0);
  assert_kind_refused(path, "a FIFO");
}

static void a_device_is_unsupported(void **state) {
  (void)state;
  assert_kind_refused("/dev/null", "a device");
  assert_kind_refused("/dev/zero", "a device");
}

static void a_socket_is_unsupported(void **state) {
  (void)state;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *path = in_folder("socket");
  assert_true(strlen(path) < sizeof address.sun_path);
  memcpy(address.sun_path, path, strlen(path));
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
  close(descriptor);
  assert_kind_refused(path, "a socket");
}

static void a_file_on_lease_to_another_is_refused_at_once(void **state) {
  (void)state;
  const char *path = make_file("f", 10);
  (void)signal(SIGIO, SIG_IGN);
  int lease = open(path, O_RDWR);
  assert_int_equal(fcntl(lease, F_SETLEASE, F_WRLCK), 0);

  mr_condition condition = assert_refused(path, way(0), MR_SYSTEM_ERROR);

  assert_int_equal(condition.error_number, EWOULDBLOCK);
  close(lease);
  (void)signal(SIGIO, SIG_DFL);
}

static void assert_system_refuses(const char *path, int error) {
  for (int number = 0; number < WAYS; number++) {
    mr_condition condition = assert_refused(path, way(number), MR_SYSTEM_ERROR);
    assert_int_equal(condition.error_number, error);
    assert_non_null(strstr(condition.message, strerror(error)));
    if (strlen(path) < 100) assert_non_null(strstr(condition.message, path));
  }
}

static void a_path_that_leads_nowhere_is_a_system_error(void **state) {
  (void)state;
  char too_long[5000];
  memset(too_long, 'x', sizeof too_long - 1);
  too_long[sizeof too_long - 1] = 0;
  make_file("f", 10);
  assert_int_equal(symlink("loop", in_folder("loop")), 0);

  assert_system_refuses(in_folder("none"), ENOENT);
  assert_system_refuses("", ENOENT);
  assert_system_refuses(in_folder("f/below"), ENOTDIR);
  assert_system_refuses(in_folder("loop"), ELOOP);
  assert_system_refuses(too_long, ENAMETOOLONG);
}

/* What a child process saw of opening a file. */
struct attempt {
  const char *path;
  mr_file_options options;
  mr_status opened;
  mr_status closed;
  mr_condition condition;
  uint8_t first;
};

static void attempt_to_open(void *context) {
  struct attempt *attempt = context;
  mr_file file;
  mr_region region;
  attempt->opened = mr_file_open(attempt->path, &attempt->options, &file, &attempt->condition);
  if (attempt->opened != MR_OK) return;
  attempt->first = *(const uint8_t *)mr_file_view(&file).pointer;
  if (mr_file_region(&file, &region) == MR_OK) *(uint8_t *)region.pointer = 0xee;
  attempt->closed = mr_file_close(&file, &attempt->condition);
}

static struct attempt *as_nobody(const char *name, mode_t mode, int number) {
  struct attempt *attempt = make_shared(sizeof *attempt);
  const char *path = make_file(name, 10);
  attempt->path = path;
  assert_int_equal(chmod(path, mode), 0);
  attempt->options = way(number);
  attempt->closed = MR_CORRUPT;
  run_as_nobody(attempt_to_open, attempt);
  return attempt;
}

static void a_file_that_may_not_be_read_is_eacces(void **state) {
  (void)state;
  struct attempt *attempt = as_nobody("private", 0, MR_FILE_READ * BACKINGS);
  assert_int_equal(attempt->opened, MR_SYSTEM_ERROR);
  assert_int_equal(attempt->condition.error_number, EACCES);
  assert_non_null(strstr(attempt->condition.message, attempt->path));
}

static void a_read_only_file_opened_for_writing_is_eacces(void **state) {
  (void)state;
  struct attempt *attempt = as_nobody("read-only", 0444, MR_FILE_READ_WRITE * BACKINGS);
  assert_int_equal(attempt->opened, MR_SYSTEM_ERROR);
  assert_int_equal(attempt->condition.error_number, EACCES);
}

static void a_read_only_file_is_copied_on_write_when_mapped(void **state) {
  (void)state;
  struct attempt *attempt =
      as_nobody("read-only", 0444, MR_FILE_COPY_ON_WRITE * BACKINGS + MR_FILE_MAPPED);
  assert_int_equal(attempt->opened, MR_OK);
  assert_int_equal(attempt->closed, MR_OK);
  assert_int_equal(attempt->first, octet_at(0));
  assert_int_equal(read_octet(attempt->path, 0), octet_at(0));
}

static void a_read_only_file_is_copied_on_write_when_copied(void **state) {
  (void)state;
  struct attempt *attempt =
      as_nobody("read-only", 0444, MR_FILE_COPY_ON_WRITE * BACKINGS + MR_FILE_COPIED);
  assert_int_equal(attempt->opened, MR_OK);
  assert_int_equal(attempt->closed, MR_OK);
  assert_int_equal(read_octet(attempt->path, 0), octet_at(0));
}

static void arguments_without_meaning_are_refused(void **state) {
  (void)state;
  const char *path = make_file("f", 10);
  mr_file_options access = {.length = 0}, backing = {.length = 0};
  for (int wrong = 3; wrong < 5; wrong++) {
    access.access = (mr_file_access)(wrong == 3 ? 3 : 0x7fffffff);
    backing.backing = (mr_file_backing)(wrong == 3 ? 3 : 0x7fffffff);
    assert_refused(path, access, MR_INVALID_ARGUMENT);
    assert_refused(path, backing, MR_INVALID_ARGUMENT);
  }
  assert_refused(NULL, way(0), MR_INVALID_ARGUMENT);
}

static void memory_opened_to_read_is_no_region(void **state) {
  (void)state;
  const char *path = make_file("f", 10), *empty = make_file("empty", 0);
  mr_region region = {NULL, 77};
  mr_file file = open_file(path, way(0)), none = open_file(empty, way(0));

  assert_int_equal(mr_file_region(&file, &region), MR_READ_ONLY);
  assert_int_equal(mr_file_region(&none, &region), MR_READ_ONLY);

  assert_int_equal(region.size, 77);
  close_file(&file);
  close_file(&none);
}

static void set_octet(const mr_file *file, size_t at, uint8_t octet) {
  mr_region region;
  assert_int_equal(mr_file_region(file, &region), MR_OK);
  assert_true(at < region.size);
  ((uint8_t *)region.pointer)[at] = octet;
}

static void a_mapped_file_changes_with_its_memory(void **state) {
  (void)state;
  const char *path = make_file("f", 10000);
  mr_file file = open_file(path, part(MR_FILE_READ_WRITE * BACKINGS + MR_FILE_MAPPED, 5000, 100));

  set_octet(&file, 7, 0xee);

  assert_int_equal(read_octet(path, 5007), 0xee);
  assert_int_equal(mr_file_sync(&file, NULL), MR_OK);
  close_file(&file);
  assert_int_equal(read_octet(path, 5007), 0xee);
}

static void copy_on_write_leaves_the_file_as_it_is(void **state) {
  (void)state;
  const char *path = make_file("f", 100000);
  for (int backing = 0; backing < BACKINGS; backing++) {
    mr_file file = open_file(path, way(MR_FILE_COPY_ON_WRITE * BACKINGS + backing));
    set_octet(&file, 50, 0xee);
    assert_int_equal(((const uint8_t *)mr_file_view(&file).pointer)[50], 0xee);
    assert_int_equal(mr_file_sync(&file, NULL), MR_OK);
    close_file(&file);
    assert_int_equal(read_octet(path, 50), octet_at(50));
  }
}

static void only_what_writes_to_the_file_keeps_a_descriptor(void **state) {
  (void)state;
  const char *path = make_file("f", 100000);
  int before = count_descriptors();
  for (int number = 0; number < WAYS; number++) {
    mr_file file = open_file(path, way(number));
    int expected = way(number).access == MR_FILE_READ_WRITE ? 1 : 0;
    assert_int_equal(count_descriptors() - before, expected);
    close_file(&file);
  }
}

static void the_descriptor_is_closed_on_exec(void **state) {
  (void)state;
  int next = dup(0);
  close(next);
  mr_file file = open_file(make_file("f", 10), way(MR_FILE_READ_WRITE * BACKINGS));

  assert_true(fcntl(next, F_GETFD) & FD_CLOEXEC);

  close_file(&file);
}

static void closing_again_does_nothing(void **state) {
  (void)state;
  const char *path = make_file("f", 1000);
  for (int number = 0; number < WAYS; number++) {
    mr_file file = open_file(path, way(number));
    close_file(&file);
    int reused = open(path, O_RDONLY);
    close_file(&file);
    assert_true(fcntl(reused, F_GETFD) >= 0);
    close(reused);
  }
}

static void a_closed_file_is_empty_and_read_only(void **state) {
  (void)state;
  mr_region region;
  mr_file file = open_file(make_file("f", 1000), way(MR_FILE_READ_WRITE * BACKINGS));
  close_file(&file);

  assert_true(mr_file_is_sound(&file));
  assert_int_equal(mr_file_size(&file), 0);
  assert_null(mr_file_view(&file).pointer);
  assert_false(mr_file_is_mapped(&file));
  assert_int_equal(mr_file_region(&file, &region), MR_READ_ONLY);
  assert_int_equal(mr_file_sync(&file, NULL), MR_OK);
}

static void closing_an_all_zero_file_does_nothing(void **state) {
  (void)state;
  mr_file file;
  memset(&file, 0, sizeof file);
  assert_true(mr_file_is_sound(&file));
  close_file(&file);
  assert_true(fcntl(0, F_GETFD) >= 0);
}

static void damage_is_not_sound(void **state) {
  (void)state;
  mr_file file = open_file(make_file("f", 1000), way(MR_FILE_READ_WRITE * BACKINGS));
  mr_file damaged[7];
  for (int i = 0; i < 7; i++) damaged[i] = file;
  damaged[0].memory.pointer = NULL;
  damaged[1].memory.size = SIZE_MAX;
  damaged[2].memory.size = file.held.size + 1;
  damaged[3].held.size = 10;
  damaged[4].access = (mr_file_access)3;
  damaged[5].descriptor = -1;
  damaged[6].is_mapped = false;

  for (int i = 0; i < 7; i++) assert_false(mr_file_is_sound(&damaged[i]));

  close_file(&file);
}

static void a_file_keeps_what_it_has_when_its_name_goes(void **state) {
  (void)state;
  const char *path = make_file("f", 100000);
  for (int number = 0; number < WAYS; number++) {
    make_file("f", 100000);
    mr_file file = open_file(path, way(number));
    assert_int_equal(unlink(path), 0);
    assert_octets(mr_file_view(&file), 0);
    close_file(&file);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void) {
  static const struct CMUnitTest tests[] = {
      TEST(no_options_are_all_of_the_file_to_read),
      TEST(a_path_alone_is_all_of_the_file),
      TEST(an_empty_range_of_a_path_is_empty),
      TEST(files_of_any_size_open_in_every_way),
      TEST(an_empty_file_opens_in_every_way),
      TEST(backing_is_as_asked),
      TEST(large_files_are_mapped_by_themselves),
      TEST(small_files_are_mapped_only_to_be_written),
      TEST(offset_and_length_may_be_any),
      TEST(an_offset_at_the_end_is_empty),
      TEST(what_lies_past_the_end_is_out_of_bounds),
      TEST(everything_lies_past_the_end_of_an_empty_file),
      TEST(an_offset_beyond_4_gib_is_mapped),
      TEST(an_offset_beyond_4_gib_is_copied_and_written_back),
      TEST(a_directory_is_unsupported),
      TEST(a_fifo_without_a_writer_is_unsupported_at_once),
      TEST(a_link_to_a_fifo_is_unsupported_at_once),
      TEST(a_device_is_unsupported),
      TEST(a_socket_is_unsupported),
      TEST(a_file_on_lease_to_another_is_refused_at_once),
      TEST(a_path_that_leads_nowhere_is_a_system_error),
      TEST(a_file_that_may_not_be_read_is_eacces),
      TEST(a_read_only_file_opened_for_writing_is_eacces),
      TEST(a_read_only_file_is_copied_on_write_when_mapped),
      TEST(a_read_only_file_is_copied_on_write_when_copied),
      TEST(arguments_without_meaning_are_refused),
      TEST(memory_opened_to_read_is_no_region),
      TEST(a_mapped_file_changes_with_its_memory),
      TEST(copy_on_write_leaves_the_file_as_it_is),
      TEST(only_what_writes_to_the_file_keeps_a_descriptor),
      TEST(the_descriptor_is_closed_on_exec),
      TEST(closing_again_does_nothing),
      TEST(a_closed_file_is_empty_and_read_only),
      TEST(closing_an_all_zero_file_does_nothing),
      TEST(damage_is_not_sound),
      TEST(a_file_keeps_what_it_has_when_its_name_goes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

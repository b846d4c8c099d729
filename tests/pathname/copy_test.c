#include <errno.h>
#include <memregions/bump.h>
#include <memregions/pathname.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failing_allocator.h"
#include "folder.h"
#include "support.h"

static mr_file_options copied(mr_file_access access) {
  return (mr_file_options){.access = access, .backing = MR_FILE_COPIED};
}

static mr_file open_copied(const char *path, mr_file_access access) {
  mr_file_options options = copied(access);
  mr_file file;
  assert_int_equal(mr_file_open(path, &options, &file, NULL), MR_OK);
  assert_false(mr_file_is_mapped(&file));
  return file;
}

static uint8_t *octets_of(const mr_file *file) {
  mr_region region;
  assert_int_equal(mr_file_region(file, &region), MR_OK);
  return region.pointer;
}

static void sync_file(mr_file *file) {
  mr_condition condition;
  if (mr_file_sync(file, &condition) != MR_OK) fail_msg("%s", condition.message);
  assert_true(mr_file_is_sound(file));
}

static void close_file(mr_file *file) { assert_int_equal(mr_file_close(file, NULL), MR_OK); }

static void changes_reach_the_file_with_sync(void **state) {
  (void)state;
  const char *path = make_file("f", 10000);
  mr_file file = open_copied(path, MR_FILE_READ_WRITE);

  octets_of(&file)[100] = 0xee;

  assert_int_equal(read_octet(path, 100), octet_at(100));
  sync_file(&file);
  assert_int_equal(read_octet(path, 100), 0xee);
  close_file(&file);
}

static void changes_reach_the_file_with_close(void **state) {
  (void)state;
  const char *path = make_file("f", 10000);
  mr_file file = open_copied(path, MR_FILE_READ_WRITE);
  octets_of(&file)[0] = 0xee;
  octets_of(&file)[9999] = 0xed;

  close_file(&file);

  assert_int_equal(read_octet(path, 0), 0xee);
  assert_int_equal(read_octet(path, 1), octet_at(1));
  assert_int_equal(read_octet(path, 9998), octet_at(9998));
  assert_int_equal(read_octet(path, 9999), 0xed);
}

static void what_another_process_wrote_meanwhile_survives(void **state) {
  (void)state;
  const char *path = make_file("f", 10000);
  mr_file file = open_copied(path, MR_FILE_READ_WRITE);
  memset(octets_of(&file) + 100, 0xee, 10);
  octets_of(&file)[111] = 0xee;

  let_other_write(path, 99, 1);
  let_other_write(path, 110, 2);
  let_other_write(path, 112, 3);
  let_other_write(path, 9999, 4);
  close_file(&file);

  assert_int_equal(read_octet(path, 99), 1);
  for (size_t i = 100; i < 110; i++) assert_int_equal(read_octet(path, i), 0xee);
  assert_int_equal(read_octet(path, 110), 2);
  assert_int_equal(read_octet(path, 111), 0xee);
  assert_int_equal(read_octet(path, 112), 3);
  assert_int_equal(read_octet(path, 9999), 4);
}

static void what_was_synced_is_not_written_again(void **state) {
  (void)state;
  const char *path = make_file("f", 1000);
  mr_file file = open_copied(path, MR_FILE_READ_WRITE);
  octets_of(&file)[100] = 0xee;
  sync_file(&file);

  let_other_write(path, 100, 1);
  close_file(&file);

  assert_int_equal(read_octet(path, 100), 1);
}

static void a_change_undone_is_no_change(void **state) {
  (void)state;
  const char *path = make_file("f", 1000);
  mr_file file = open_copied(path, MR_FILE_READ_WRITE);
  octets_of(&file)[100] = 0xee;
  octets_of(&file)[100] = octet_at(100);

  let_other_write(path, 100, 1);
  close_file(&file);

  assert_int_equal(read_octet(path, 100), 1);
}

static void a_change_undone_after_sync_is_written(void **state) {
  (void)state;
  const char *path = make_file("f", 1000);
  mr_file file = open_copied(path, MR_FILE_READ_WRITE);
  octets_of(&file)[100] = 0xee;
  sync_file(&file);
  octets_of(&file)[100] = octet_at(100);

  close_file(&file);

  assert_int_equal(read_octet(path, 100), octet_at(100));
}

static void every_other_octet_can_change(void **state) {
  (void)state;
  const char *path = make_file("f", 2000);
  mr_file file = open_copied(path, MR_FILE_READ_WRITE);
  for (size_t i = 0; i < 2000; i += 2) octets_of(&file)[i] ^= 0xff;

  close_file(&file);

  for (size_t i = 0; i < 2000; i++) {
    assert_int_equal(read_octet(path, i), (octet_at(i) ^ (i % 2 ? 0 : 0xff)));
  }
}

static void a_part_is_written_back_to_where_it_came_from(void **state) {
  (void)state;
  const char *path = make_file("f", 10000);
  mr_file_options options = copied(MR_FILE_READ_WRITE);
  options.offset = 5001;
  options.length = 10;
  mr_file file;
  assert_int_equal(mr_file_open(path, &options, &file, NULL), MR_OK);
  octets_of(&file)[9] = 0xee;

  close_file(&file);

  assert_int_equal(read_octet(path, 9), octet_at(9));
  assert_int_equal(read_octet(path, 5010), 0xee);
}

static void a_copy_keeps_what_it_read(void **state) {
  (void)state;
  const char *path = make_file("f", 100000);
  mr_file file = open_copied(path, MR_FILE_READ);

  let_other_truncate(path, 10);

  const uint8_t *octets = mr_file_view(&file).pointer;
  for (size_t i = 0; i < 100000; i++) assert_int_equal(octets[i], octet_at(i));
  close_file(&file);
}

static void writing_back_does_not_lengthen_by_what_has_not_changed(void **state) {
  (void)state;
  struct stat about;
  const char *path = make_file("f", 10000);
  mr_file file = open_copied(path, MR_FILE_READ_WRITE);
  octets_of(&file)[50] = 0xee;

  let_other_truncate(path, 10);
  close_file(&file);

  assert_int_equal(stat(path, &about), 0);
  assert_int_equal(about.st_size, 51);
}

/* A file that can hold no more than `limit` octets, written back by a process of its own. */
struct limited {
  const char *path;
  rlim_t limit;
  mr_status opened, synced, synced_again, closed;
  mr_condition condition;
  uint8_t below, above;
  int descriptors;
  bool is_sound;
};

static void set_file_limit(rlim_t octets) {
  struct rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = octets;
  setrlimit(RLIMIT_FSIZE, &limit);
}

static mr_status open_and_change(const char *path, mr_file *file) {
  mr_file_options options = copied(MR_FILE_READ_WRITE);
  mr_region region;
  mr_status status = mr_file_open(path, &options, file, NULL);
  if (status == MR_OK) status = mr_file_region(file, &region);
  if (status == MR_OK) memset(region.pointer, 0xee, region.size);
  return status;
}

static void sync_beyond_the_limit(void *context) {
  struct limited *result = context;
  mr_file file;
  (void)signal(SIGXFSZ, SIG_IGN);
  result->opened = open_and_change(result->path, &file);
  if (result->opened != MR_OK) return;
  set_file_limit(result->limit);
  result->synced = mr_file_sync(&file, &result->condition);
  result->is_sound = mr_file_is_sound(&file);
  result->below = read_octet(result->path, result->limit - 1);
  result->above = read_octet(result->path, result->limit);
  set_file_limit(RLIM_INFINITY);
  result->synced_again = mr_file_sync(&file, NULL);
  result->closed = mr_file_close(&file, NULL);
}

static void close_beyond_the_limit(void *context) {
  struct limited *result = context;
  mr_file file;
  (void)signal(SIGXFSZ, SIG_IGN);
  int before = count_descriptors();
  result->opened = open_and_change(result->path, &file);
  if (result->opened != MR_OK) return;
  set_file_limit(result->limit);
  result->closed = mr_file_close(&file, &result->condition);
  result->descriptors = count_descriptors() - before;
  result->is_sound = mr_file_is_sound(&file) && mr_file_size(&file) == 0;
}

static struct limited *run_limited(child_work *work, rlim_t limit) {
  struct limited *result = make_shared(sizeof *result);
  result->path = make_file("f", 10000);
  result->limit = limit;
  run_in_child(work, result);
  assert_int_equal(result->opened, MR_OK);
  return result;
}

static void sync_reports_what_could_not_be_written(void **state) {
  (void)state;
  struct limited *result = run_limited(sync_beyond_the_limit, 4321);
  assert_int_equal(result->synced, MR_SYSTEM_ERROR);
  assert_int_equal(result->condition.error_number, EFBIG);
  assert_int_equal(result->condition.offset, 4321);
  assert_true(result->is_sound);
  assert_int_equal(result->below, 0xee);
  assert_int_equal(result->above, octet_at(4321));
}

static void a_later_sync_writes_what_an_earlier_could_not(void **state) {
  (void)state;
  struct limited *result = run_limited(sync_beyond_the_limit, 4321);
  assert_int_equal(result->synced_again, MR_OK);
  assert_int_equal(result->closed, MR_OK);
  for (size_t i = 0; i < 10000; i++) assert_int_equal(read_octet(result->path, i), 0xee);
}

static void close_reports_what_could_not_be_written_and_closes(void **state) {
  (void)state;
  struct limited *result = run_limited(close_beyond_the_limit, 4321);
  assert_int_equal(result->closed, MR_SYSTEM_ERROR);
  assert_int_equal(result->condition.error_number, EFBIG);
  assert_int_equal(result->descriptors, 0);
  assert_true(result->is_sound);
}

/* A sparse file in a file system that another file fills. */
struct full {
  const char *folder;
  bool is_mounted;
  mr_status opened, synced, synced_again, closed;
  mr_condition condition;
  uint8_t first;
};

static void fill_file_system(const char *path) {
  char octets[4096] = {1};
  FILE *file = fopen(path, "wb");
  if (!file) return;
  (void)setvbuf(file, NULL, _IONBF, 0);
  while (fwrite(octets, 1, sizeof octets, file) == sizeof octets) continue;
  (void)fclose(file);
}

static void sync_to_a_full_file_system(void *context) {
  struct full *result = context;
  const char *path = in_folder("sparse"), *other = in_folder("other");
  mr_file file;
  result->is_mounted = unshare(CLONE_NEWNS) == 0 &&
                       mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 &&
                       mount("none", result->folder, "tmpfs", 0, "size=64k") == 0;
  if (!result->is_mounted) return;
  FILE *sparse = fopen(path, "wb");
  if (!sparse || fclose(sparse) != 0 || truncate(path, 32768) != 0) _exit(1);
  result->opened = open_and_change(path, &file);
  if (result->opened != MR_OK) return;
  fill_file_system(other);
  result->synced = mr_file_sync(&file, &result->condition);
  unlink(other);
  result->synced_again = mr_file_sync(&file, NULL);
  result->closed = mr_file_close(&file, NULL);
  result->first = read_octet(path, 32767);
}

static void a_full_file_system_is_reported_by_sync(void **state) {
  (void)state;
  struct full *result = make_shared(sizeof *result);
  result->folder = in_folder(".");
  run_in_child(sync_to_a_full_file_system, result);
  if (!result->is_mounted) {
    print_message("no file system may be mounted here\n");
    skip();
  }
  assert_int_equal(result->opened, MR_OK);
  assert_int_equal(result->synced, MR_SYSTEM_ERROR);
  assert_int_equal(result->condition.error_number, ENOSPC);
  assert_int_equal(result->synced_again, MR_OK);
  assert_int_equal(result->closed, MR_OK);
  assert_int_equal(result->first, 0xee);
}

/* Opening, with an allocator that fails. */
struct sweep {
  const char *path;
  mr_file_options options;
  mr_file file;
  mr_condition condition;
  int descriptors;
};

static mr_status open_with(void *context, mr_allocator *allocator) {
  struct sweep *sweep = context;
  sweep->options.allocator = allocator;
  return mr_file_open(sweep->path, &sweep->options, &sweep->file, &sweep->condition);
}

static void assert_nothing_opened(void *context) {
  const struct sweep *sweep = context;
  mr_file same;
  memset(&same, 0x77, sizeof same);
  assert_memory_equal(&sweep->file, &same, sizeof same);
  assert_int_equal(count_descriptors(), sweep->descriptors);
  assert_int_equal(sweep->condition.status, MR_OUT_OF_MEMORY);
  assert_ptr_equal(sweep->condition.subject, sweep->options.allocator);
  assert_non_null(strstr(sweep->condition.message, sweep->path));
}

/* How many requests for memory an opening makes, each of which was seen to fail. */
static size_t sweep_opening(const char *path, mr_file_access access) {
  struct sweep sweep = {path, copied(access), .descriptors = count_descriptors()};
  test_allocator allocator;
  test_allocator_init(&allocator);
  allocator.always_moves = true;
  memset(&sweep.file, 0x77, sizeof sweep.file);
  size_t failures = test_sweep(&allocator, open_with, assert_nothing_opened, &sweep);
  close_file(&sweep.file);
  test_allocator_fini(&allocator);
  return failures;
}

static void a_copy_to_read_takes_one_block(void **state) {
  (void)state;
  assert_int_equal(sweep_opening(make_file("f", 20000), MR_FILE_READ), 1);
  assert_int_equal(sweep_opening(in_folder("f"), MR_FILE_COPY_ON_WRITE), 1);
}

static void a_copy_to_write_takes_two_blocks(void **state) {
  (void)state;
  assert_int_equal(sweep_opening(make_file("f", 20000), MR_FILE_READ_WRITE), 2);
}

static void a_growing_copy_takes_ever_larger_blocks(void **state) {
  (void)state;
  const char *path = make_unsized_file(20000);
  assert_int_equal(sweep_opening(path, MR_FILE_READ), 4);
}

static void refused_parts_give_their_memory_back(void **state) {
  (void)state;
  static const uint64_t parts[][2] = {{20001, 0}, {0, 20001}};
  const char *path = make_unsized_file(20000);
  for (int i = 0; i < 2; i++) {
    test_allocator allocator;
    test_allocator_init(&allocator);
    mr_file file;
    mr_file_options options = copied(MR_FILE_READ);
    options.allocator = &allocator.base;
    options.offset = parts[i][0];
    options.length = parts[i][1];
    assert_int_equal(mr_file_open(path, &options, &file, NULL), MR_OUT_OF_BOUNDS);
    assert_true(allocator.requests > 0);
    test_allocator_fini(&allocator);
  }
}

static void a_mapped_file_takes_no_block(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  mr_file file;
  mr_file_options options = {MR_FILE_READ_WRITE, MR_FILE_MAPPED, 0, 0, &allocator.base};
  assert_int_equal(mr_file_open(make_file("f", 10), &options, &file, NULL), MR_OK);
  assert_int_equal(allocator.requests, 0);
  close_file(&file);
  test_allocator_fini(&allocator);
}

static void a_copy_that_could_never_fit_is_too_big(void **state) {
  (void)state;
  static _Alignas(16) unsigned char storage[4096];
  const char *path = make_file("f", 5000);
  mr_bump bump;
  mr_file file;
  mr_condition condition;
  mr_file_options options = copied(MR_FILE_READ);
  assert_int_equal(mr_bump_init(&bump, mr_region_of(storage, sizeof storage)), MR_OK);
  options.allocator = &bump.base;

  assert_int_equal(mr_file_open(path, &options, &file, &condition), MR_BLOCK_TOO_BIG);

  assert_ptr_equal(condition.subject, &bump.base);
  assert_int_equal(condition.requested, 5000);
  assert_int_equal(condition.limit, 4096);
  assert_non_null(strstr(condition.message, path));
  mr_bump_fini(&bump);
}

static void the_current_allocator_is_resolved_once(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  mr_file file;
  mr_file_options options = copied(MR_FILE_READ);
  options.allocator = MR_CURRENT;
  mr_allocator *before = mr_set_current_allocator(&allocator.base);
  assert_int_equal(mr_file_open(make_file("f", 10), &options, &file, NULL), MR_OK);
  mr_set_current_allocator(before);

  assert_int_equal(allocator.live_blocks, 1);
  close_file(&file);
  test_allocator_fini(&allocator);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void) {
  static const struct CMUnitTest tests[] = {
      TEST(changes_reach_the_file_with_sync),
      TEST(changes_reach_the_file_with_close),
      TEST(what_another_process_wrote_meanwhile_survives),
      TEST(what_was_synced_is_not_written_again),
      TEST(a_change_undone_is_no_change),
      TEST(a_change_undone_after_sync_is_written),
      TEST(every_other_octet_can_change),
      TEST(a_part_is_written_back_to_where_it_came_from),
      TEST(a_copy_keeps_what_it_read),
      TEST(writing_back_does_not_lengthen_by_what_has_not_changed),
      TEST(sync_reports_what_could_not_be_written),
      TEST(a_later_sync_writes_what_an_earlier_could_not),
      TEST(close_reports_what_could_not_be_written_and_closes),
      TEST(a_full_file_system_is_reported_by_sync),
      TEST(a_copy_to_read_takes_one_block),
      TEST(a_copy_to_write_takes_two_blocks),
      TEST(a_growing_copy_takes_ever_larger_blocks),
      TEST(refused_parts_give_their_memory_back),
      TEST(a_mapped_file_takes_no_block),
      TEST(a_copy_that_could_never_fit_is_too_big),
      TEST(the_current_allocator_is_resolved_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * A system that fails as it is told to. The functions that the library asks of the system are defined here, in the
 * program, and so come before the C library's.
 */
#undef _FORTIFY_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <memregions/pathname.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "failing_allocator.h"
#include "folder.h"
#include "support.h"

typedef enum call {
  STAT,
  OPEN,
  FSTAT,
  MMAP,
  MUNMAP,
  MSYNC,
  FDATASYNC,
  PREAD,
  PWRITE,
  CLOSE,
  CALLS
} call;

static struct {
  bool armed;
  int count[CALLS];
  /* The n-th of these calls fails, counted from 1; and every one from there on, if `goes_on`. */
  call failing;
  int nth;
  int error;
  bool goes_on;
  /* Octets that one pread or pwrite moves at most; 0 is no limit. */
  size_t most;
  /* Every pwrite takes nothing, and fstat tells of a FIFO. */
  bool takes_nothing, is_fifo;
  /* Before the first pread, the file's size becomes this. */
  const char *resized;
  off_t size;
} fault;

static void arm(call failing, int nth, int error) {
  memset(&fault, 0, sizeof fault);
  fault.failing = failing;
  fault.nth = nth;
  fault.error = error;
  fault.armed = true;
}

static void arm_counting(void) { arm(CALLS, 0, 0); }

static int disarm(call counted) {
  fault.armed = false;
  return fault.count[counted];
}

static bool fails(call this) {
  if (!fault.armed) return false;
  int count = ++fault.count[this];
  if (this != fault.failing || (count != fault.nth && !(fault.goes_on && count > fault.nth))) {
    return false;
  }
  errno = fault.error;
  return true;
}

static size_t limited(size_t size) {
  return fault.armed && fault.most && size > fault.most ? fault.most : size;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the C library's are reserved. */

int stat(const char *restrict path, struct stat *restrict about) {
  return fails(STAT) ? -1 : fstatat(AT_FDCWD, path, about, 0);
}

int open(const char *path, int flags, ...) {
  return fails(OPEN) ? -1 : openat(AT_FDCWD, path, flags, 0600);
}

int fstat(int descriptor, struct stat *about) {
  if (fails(FSTAT)) return -1;
  int result = fstatat(descriptor, "", about, AT_EMPTY_PATH);
  if (fault.armed && fault.is_fifo) about->st_mode = S_IFIFO | 0600;
  return result;
}

void *mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
  if (descriptor >= 0 && fails(MMAP)) return MAP_FAILED;
#ifdef SYS_mmap2
  long result = syscall(SYS_mmap2, address, size, protection, flags, descriptor, offset / 4096);
#else
  long result = syscall(SYS_mmap, address, size, protection, flags, descriptor, offset);
#endif
  return (void *)result; /* NOLINT(performance-no-int-to-ptr) */
}

/* What fails in ending something has ended it all the same. */

int munmap(void *address, size_t size) {
  int result = (int)syscall(SYS_munmap, address, size);
  return fails(MUNMAP) ? -1 : result;
}

int close(int descriptor) {
  int result = (int)syscall(SYS_close, descriptor);
  return fails(CLOSE) ? -1 : result;
}

int msync(void *address, size_t size, int flags) {
  return fails(MSYNC) ? -1 : (int)syscall(SYS_msync, address, size, flags);
}

int fdatasync(int descriptor) {
  return fails(FDATASYNC) ? -1 : (int)syscall(SYS_fdatasync, descriptor);
}

ssize_t pread(int descriptor, void *into, size_t size, off_t offset) {
  if (fails(PREAD)) return -1;
  if (fault.armed && fault.resized && fault.count[PREAD] == 1) {
    assert_int_equal(truncate(fault.resized, fault.size), 0);
  }
  struct iovec piece = {into, limited(size)};
  return preadv(descriptor, &piece, 1, offset);
}

ssize_t pwrite(int descriptor, const void *from, size_t size, off_t offset) {
  if (fails(PWRITE)) return -1;
  if (fault.armed && fault.takes_nothing) return 0;
  struct iovec piece = {(void *)from, limited(size)};
  return pwritev(descriptor, &piece, 1, offset);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

enum { SIZE = 10000 };

static mr_file_options options_of(mr_file_access access, mr_file_backing backing) {
  return (mr_file_options){.access = access, .backing = backing};
}

/* Opens under the fault that is armed, and disarms it. The blocks of copies are watched. */
static test_allocator allocator;
static mr_condition condition;

static mr_status try_open(const char *path, mr_file_options options, mr_file *file) {
  options.allocator = &allocator.base;
  memset(&condition, 0, sizeof condition);
  mr_status status = mr_file_open(path, &options, file, &condition);
  fault.armed = false;
  return status;
}

/* The fault must refuse the opening, and leave nothing behind. */
static void assert_refused(mr_file_options options, mr_status expected, int error) {
  mr_file file, same;
  memset(&file, 0x77, sizeof file);
  memset(&same, 0x77, sizeof same);
  assert_int_equal(try_open(in_folder("f"), options, &file), expected);
  assert_int_equal(condition.status, expected);
  assert_int_equal(condition.error_number, error);
  assert_non_null(strstr(condition.message, in_folder("f")));
  assert_memory_equal(&file, &same, sizeof file);
  assert_int_equal(allocator.live_blocks, 0);
}

static mr_file open_file(mr_file_access access, mr_file_backing backing) {
  mr_file file;
  assert_int_equal(try_open(make_file("f", SIZE), options_of(access, backing), &file), MR_OK);
  return file;
}

static void change_all(const mr_file *file) {
  mr_region region;
  assert_int_equal(mr_file_region(file, &region), MR_OK);
  for (size_t i = 0; i < region.size; i++) ((uint8_t *)region.pointer)[i] ^= 0xff;
}

static void assert_all_changed(void) {
  static uint8_t octets[SIZE + 1];
  assert_int_equal(read_file(in_folder("f"), 0, octets, sizeof octets), SIZE);
  for (size_t i = 0; i < SIZE; i++) assert_int_equal(octets[i], octet_at(i) ^ 0xff);
}

static int setup(void **state) {
  test_allocator_init(&allocator);
  return folder_setup(state);
}

static int teardown(void **state) {
  fault.armed = false;
  test_allocator_fini(&allocator);
  return folder_teardown(state);
}

static void a_fifo_is_never_opened(void **state) {
  (void)state;
  mr_file file;
  assert_int_equal(mkfifo(in_folder("f"), 0600), 0);
  arm_counting();
  assert_int_equal(try_open(in_folder("f"), (mr_file_options){0}, &file), MR_UNSUPPORTED);
  assert_int_equal(disarm(OPEN), 0);
}

static void what_takes_the_file_s_place_is_refused(void **state) {
  (void)state;
  make_file("f", SIZE);
  arm_counting();
  fault.is_fifo = true;
  assert_refused((mr_file_options){0}, MR_UNSUPPORTED, 0);
  assert_int_equal(fault.count[CLOSE], 1);
}

static void a_refusal_to_open_is_a_system_error(void **state) {
  (void)state;
  static const call calls[] = {STAT, OPEN, FSTAT};
  make_file("f", SIZE);
  for (int i = 0; i < 3; i++) {
    arm(calls[i], 1, EIO);
    assert_refused((mr_file_options){0}, MR_SYSTEM_ERROR, EIO);
  }
}

static void a_refusal_to_read_is_a_system_error(void **state) {
  (void)state;
  make_file("f", SIZE);
  for (int nth = 1; nth <= 3; nth++) {
    arm(PREAD, nth, EIO);
    fault.most = 4000;
    assert_refused(options_of(MR_FILE_READ_WRITE, MR_FILE_COPIED), MR_SYSTEM_ERROR, EIO);
  }
}

static void a_refusal_to_read_on_is_a_system_error(void **state) {
  (void)state;
  const char *path = make_unsized_file(20000);
  mr_file file;
  for (int nth = 1; nth <= 5; nth++) {
    arm(PREAD, nth, EIO);
    assert_int_equal(try_open(path, (mr_file_options){0}, &file), MR_SYSTEM_ERROR);
    assert_int_equal(condition.error_number, EIO);
    assert_int_equal(allocator.live_blocks, 0);
  }
}

static void a_refusal_to_look_for_the_end_is_a_system_error(void **state) {
  (void)state;
  mr_file_options options = {.offset = 1};
  make_file("f", 0);
  arm(PREAD, 2, EIO);
  assert_refused(options, MR_SYSTEM_ERROR, EIO);
}

static void interrupted_calls_are_taken_up_again(void **state) {
  (void)state;
  static const call calls[] = {OPEN, PREAD, PWRITE, FDATASYNC};
  for (int i = 0; i < 4; i++) {
    make_file("f", SIZE);
    arm(calls[i], 1, EINTR);
    mr_file file;
    mr_file_options options = options_of(MR_FILE_READ_WRITE, MR_FILE_COPIED);
    assert_int_equal(mr_file_open(in_folder("f"), &options, &file, NULL), MR_OK);
    change_all(&file);
    assert_int_equal(mr_file_sync(&file, NULL), MR_OK);
    assert_int_equal(mr_file_close(&file, NULL), MR_OK);
    assert_int_equal(disarm(calls[i]), 2);
    assert_all_changed();
  }
}

static void short_reads_and_writes_are_gone_on_with(void **state) {
  (void)state;
  make_file("f", SIZE);
  arm_counting();
  fault.most = 999;
  mr_file file;
  mr_file_options options = options_of(MR_FILE_READ_WRITE, MR_FILE_COPIED);
  assert_int_equal(mr_file_open(in_folder("f"), &options, &file, NULL), MR_OK);
  assert_int_equal(mr_file_size(&file), SIZE);
  change_all(&file);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
  assert_int_equal(fault.count[PREAD], 11);
  assert_int_equal(disarm(PWRITE), 11);
  assert_all_changed();
}

static void what_has_not_changed_is_not_written(void **state) {
  (void)state;
  mr_file file = open_file(MR_FILE_READ_WRITE, MR_FILE_COPIED);
  arm_counting();
  assert_int_equal(mr_file_sync(&file, NULL), MR_OK);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
  assert_int_equal(disarm(PWRITE), 0);
}

static void a_file_that_shrinks_while_it_is_read_has_what_was_left(void **state) {
  (void)state;
  make_file("f", SIZE);
  arm_counting();
  fault.resized = in_folder("f");
  fault.size = 1234;
  mr_file file;
  assert_int_equal(try_open(in_folder("f"), options_of(MR_FILE_READ, MR_FILE_COPIED), &file),
                   MR_OK);
  assert_int_equal(mr_file_size(&file), 1234);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
}

static void a_length_that_shrinks_away_is_out_of_bounds(void **state) {
  (void)state;
  mr_file_options options = options_of(MR_FILE_READ_WRITE, MR_FILE_COPIED);
  options.length = 5000;
  make_file("f", SIZE);
  arm_counting();
  fault.resized = in_folder("f");
  fault.size = 1234;
  assert_refused(options, MR_OUT_OF_BOUNDS, 0);
}

static void an_offset_that_shrinks_away_is_out_of_bounds(void **state) {
  (void)state;
  mr_file_options options = options_of(MR_FILE_READ_WRITE, MR_FILE_COPIED);
  options.offset = 5000;
  make_file("f", SIZE);
  arm_counting();
  fault.resized = in_folder("f");
  fault.size = 1234;
  assert_refused(options, MR_OUT_OF_BOUNDS, 0);
}

static void a_file_that_grows_while_it_is_read_is_as_long_as_it_was(void **state) {
  (void)state;
  make_file("f", SIZE);
  arm_counting();
  fault.resized = in_folder("f");
  fault.size = (off_t)SIZE * 2;
  mr_file file;
  assert_int_equal(try_open(in_folder("f"), options_of(MR_FILE_READ, MR_FILE_COPIED), &file),
                   MR_OK);
  assert_int_equal(mr_file_size(&file), SIZE);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
}

static const int unmappable[] = {ENODEV, EACCES, EINVAL, EPERM, ENOTSUP, ENOSYS};
enum { UNMAPPABLE = sizeof unmappable / sizeof *unmappable };

static void what_can_not_be_mapped_is_copied_and_written_back(void **state) {
  (void)state;
  for (int i = 0; i < UNMAPPABLE; i++) {
    mr_file file;
    make_file("f", SIZE);
    arm(MMAP, 1, unmappable[i]);
    assert_int_equal(
        try_open(in_folder("f"), options_of(MR_FILE_READ_WRITE, MR_FILE_AUTOMATIC), &file), MR_OK);
    assert_false(mr_file_is_mapped(&file));
    change_all(&file);
    assert_int_equal(mr_file_close(&file, NULL), MR_OK);
    assert_all_changed();
  }
}

static void what_can_not_be_mapped_but_must_be_is_unsupported(void **state) {
  (void)state;
  make_file("f", SIZE);
  for (int i = 0; i < UNMAPPABLE; i++) {
    arm(MMAP, 1, unmappable[i]);
    assert_refused(options_of(MR_FILE_READ, MR_FILE_MAPPED), MR_UNSUPPORTED, 0);
  }
}

static void no_room_for_a_mapping_is_out_of_memory(void **state) {
  (void)state;
  make_file("f", SIZE);
  arm(MMAP, 1, ENOMEM);
  assert_refused(options_of(MR_FILE_READ_WRITE, MR_FILE_AUTOMATIC), MR_OUT_OF_MEMORY, ENOMEM);
  assert_int_equal(condition.requested, SIZE);
}

static void another_refusal_to_map_is_a_system_error(void **state) {
  (void)state;
  make_file("f", SIZE);
  arm(MMAP, 1, EAGAIN);
  assert_refused(options_of(MR_FILE_READ_WRITE, MR_FILE_AUTOMATIC), MR_SYSTEM_ERROR, EAGAIN);
}

/* Sync must fail the first time and succeed the second. */
static void assert_sync_fails_once(mr_file_backing backing, call failing) {
  mr_file file = open_file(MR_FILE_READ_WRITE, backing);
  change_all(&file);
  arm(failing, 1, EIO);
  assert_int_equal(mr_file_sync(&file, &condition), MR_SYSTEM_ERROR);
  assert_int_equal(condition.error_number, EIO);
  assert_true(mr_file_is_sound(&file));
  assert_int_equal(mr_file_sync(&file, NULL), MR_OK);
  assert_int_equal(disarm(failing), 2);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
  assert_all_changed();
}

static void sync_reports_what_the_storage_refuses_and_tries_again(void **state) {
  (void)state;
  assert_sync_fails_once(MR_FILE_MAPPED, MSYNC);
  assert_sync_fails_once(MR_FILE_COPIED, FDATASYNC);
  assert_sync_fails_once(MR_FILE_COPIED, PWRITE);
}

static void what_has_no_storage_syncs(void **state) {
  (void)state;
  mr_file file = open_file(MR_FILE_READ_WRITE, MR_FILE_COPIED);
  arm(FDATASYNC, 1, EINVAL);
  assert_int_equal(mr_file_sync(&file, NULL), MR_OK);
  assert_int_equal(disarm(FDATASYNC), 1);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
}

static void a_system_that_takes_nothing_is_not_asked_for_ever(void **state) {
  (void)state;
  mr_file file = open_file(MR_FILE_READ_WRITE, MR_FILE_COPIED);
  change_all(&file);
  arm_counting();
  fault.takes_nothing = true;
  assert_int_equal(mr_file_sync(&file, &condition), MR_SYSTEM_ERROR);
  assert_int_equal(condition.error_number, EIO);
  fault.armed = false;
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
  assert_all_changed();
}

/* Close must report the error, and have closed all the same. */
static void assert_close_fails(mr_file_access access, mr_file_backing backing, call failing) {
  mr_file file = open_file(access, backing);
  if (access != MR_FILE_READ) change_all(&file);
  arm(failing, 1, EIO);
  assert_int_equal(mr_file_close(&file, &condition), MR_SYSTEM_ERROR);
  assert_int_equal(condition.error_number, EIO);
  assert_int_equal(mr_file_close(&file, &condition), MR_OK);
  assert_int_equal(disarm(failing), 1);
  assert_int_equal(allocator.live_blocks, 0);
}

static void close_reports_what_the_system_refuses(void **state) {
  (void)state;
  assert_close_fails(MR_FILE_READ, MR_FILE_MAPPED, MUNMAP);
  assert_close_fails(MR_FILE_READ_WRITE, MR_FILE_MAPPED, MUNMAP);
  assert_close_fails(MR_FILE_READ_WRITE, MR_FILE_MAPPED, CLOSE);
  assert_close_fails(MR_FILE_READ_WRITE, MR_FILE_COPIED, CLOSE);
  assert_close_fails(MR_FILE_READ_WRITE, MR_FILE_COPIED, PWRITE);
}

static void close_reports_what_failed_first(void **state) {
  (void)state;
  mr_file file = open_file(MR_FILE_READ_WRITE, MR_FILE_COPIED);
  change_all(&file);
  arm(CLOSE, 1, EIO);
  fault.takes_nothing = true;
  assert_int_equal(mr_file_close(&file, &condition), MR_SYSTEM_ERROR);
  assert_int_equal(disarm(CLOSE), 1);
  assert_int_equal(condition.offset, 0);
  assert_non_null(strstr(condition.message, "writing back"));
}

static void an_interrupted_close_has_closed(void **state) {
  (void)state;
  mr_file file = open_file(MR_FILE_READ_WRITE, MR_FILE_MAPPED);
  arm(CLOSE, 1, EINTR);
  assert_int_equal(mr_file_close(&file, NULL), MR_OK);
  assert_int_equal(disarm(CLOSE), 1);
}

static void errors_are_reported_without_a_condition(void **state) {
  (void)state;
  mr_file file = open_file(MR_FILE_READ_WRITE, MR_FILE_COPIED);
  change_all(&file);
  arm(PWRITE, 1, EIO);
  fault.goes_on = true;
  assert_int_equal(mr_file_sync(&file, NULL), MR_SYSTEM_ERROR);
  assert_int_equal(mr_file_close(&file, NULL), MR_SYSTEM_ERROR);
}

static mr_status change_region(void *context, mr_region region) {
  (void)context;
  memset(region.pointer, 0xee, region.size);
  return MR_OK;
}

static void a_borrower_learns_that_writing_back_failed(void **state) {
  (void)state;
  mr_path path = {make_file("f", SIZE), options_of(MR_FILE_READ, MR_FILE_COPIED), &condition};
  arm(PWRITE, 1, ENOSPC);
  fault.goes_on = true;
  assert_int_equal(mr_call_with_region(mr_path_source(&path), NULL, change_region, NULL),
                   MR_SYSTEM_ERROR);
  assert_int_equal(condition.error_number, ENOSPC);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  static const struct CMUnitTest tests[] = {
      TEST(a_fifo_is_never_opened),
      TEST(what_takes_the_file_s_place_is_refused),
      TEST(a_refusal_to_open_is_a_system_error),
      TEST(a_refusal_to_read_is_a_system_error),
      TEST(a_refusal_to_read_on_is_a_system_error),
      TEST(a_refusal_to_look_for_the_end_is_a_system_error),
      TEST(interrupted_calls_are_taken_up_again),
      TEST(short_reads_and_writes_are_gone_on_with),
      TEST(what_has_not_changed_is_not_written),
      TEST(a_file_that_shrinks_while_it_is_read_has_what_was_left),
      TEST(a_length_that_shrinks_away_is_out_of_bounds),
      TEST(an_offset_that_shrinks_away_is_out_of_bounds),
      TEST(a_file_that_grows_while_it_is_read_is_as_long_as_it_was),
      TEST(what_can_not_be_mapped_is_copied_and_written_back),
      TEST(what_can_not_be_mapped_but_must_be_is_unsupported),
      TEST(no_room_for_a_mapping_is_out_of_memory),
      TEST(another_refusal_to_map_is_a_system_error),
      TEST(sync_reports_what_the_storage_refuses_and_tries_again),
      TEST(what_has_no_storage_syncs),
      TEST(a_system_that_takes_nothing_is_not_asked_for_ever),
      TEST(close_reports_what_the_system_refuses),
      TEST(close_reports_what_failed_first),
      TEST(an_interrupted_close_has_closed),
      TEST(errors_are_reported_without_a_condition),
      TEST(a_borrower_learns_that_writing_back_failed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

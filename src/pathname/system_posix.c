/* Files above 2 GiB where a long has 32 bits, and what POSIX has beyond C. */
#define _FILE_OFFSET_BITS 64
#define _POSIX_C_SOURCE 200809L

#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

mr_status mr_system_failure(mr_condition *condition, int error, const char *subject) {
  char reason[80];
  if (strerror_r(error, reason, sizeof reason) != 0) strcpy(reason, "the system refused");
  /* The reason comes first, because a long path is cut. */
  mr_condition_set(condition, MR_SYSTEM_ERROR, "%s: %s", reason, subject);
  if (condition) condition->error_number = error;
  return MR_SYSTEM_ERROR;
}

static const char *kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

static mr_status refuse_kind(mr_condition *condition, mode_t mode, const char *path) {
  return mr_condition_set(condition, MR_UNSUPPORTED, "%s, not a regular file: %s", kind_of(mode),
                          path);
}

static int open_at_once(const char *path, bool is_writable) {
  int flags = (is_writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  int descriptor;
  do {
    descriptor = open(path, flags);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

mr_status mr_system_open(const char *path, bool is_writable, int *descriptor, uint64_t *size,
                         mr_condition *condition) {
  struct stat about;
  /* Opening alone does something to some devices, so ask first. */
  if (stat(path, &about) != 0) return mr_system_failure(condition, errno, path);
  if (!S_ISREG(about.st_mode)) return refuse_kind(condition, about.st_mode, path);

  int opened = open_at_once(path, is_writable);
  if (opened < 0) return mr_system_failure(condition, errno, path);
  /* The path may have come to name another thing meanwhile. */
  int error = fstat(opened, &about) == 0 ? 0 : errno;
  if (error == 0 && S_ISREG(about.st_mode)) {
    *descriptor = opened;
    *size = (uint64_t)about.st_size;
    return MR_OK;
  }
  close(opened);
  return error ? mr_system_failure(condition, error, path)
               : refuse_kind(condition, about.st_mode, path);
}

int mr_system_close(int descriptor) {
  /* Interrupted or not, the descriptor is gone: to close again could close another's. */
  return close(descriptor) == 0 || errno == EINTR ? 0 : errno;
}

int mr_system_map(mr_file *file, size_t size) {
  size_t before = (size_t)(file->offset & ((uint64_t)sysconf(_SC_PAGESIZE) - 1));
  if (size > PTRDIFF_MAX - before) return ENOMEM;
  int protection = file->access == MR_FILE_READ ? PROT_READ : PROT_READ | PROT_WRITE;
  int flags = file->access == MR_FILE_READ_WRITE ? MAP_SHARED : MAP_PRIVATE;
  void *pages = mmap(NULL, before + size, protection, flags, file->descriptor,
                     (off_t)(file->offset - before));
  if (pages == MAP_FAILED) return errno;
  file->held = mr_region_of(pages, before + size);
  file->memory = mr_region_of((unsigned char *)pages + before, size);
  file->is_mapped = true;
  return 0;
}

bool mr_system_is_unmappable(int error) {
  return error == ENODEV || error == EACCES || error == EINVAL || error == EPERM ||
         error == ENOTSUP || error == ENOSYS;
}

int mr_system_unmap(mr_region held) { return munmap(held.pointer, held.size) == 0 ? 0 : errno; }

int mr_system_sync_mapping(mr_region held) {
  return msync(held.pointer, held.size, MS_SYNC) == 0 ? 0 : errno;
}

int mr_system_sync(int descriptor) {
  while (fdatasync(descriptor) != 0) {
    /* What has no storage behind it, as under /proc, has nothing to wait for. */
    if (errno == EINVAL) return 0;
    if (errno != EINTR) return errno;
  }
  return 0;
}

int mr_system_read(int descriptor, uint64_t offset, mr_region into, size_t *count) {
  *count = 0;
  /* No file goes on beyond what an off_t can count. */
  uint64_t most = offset < INT64_MAX ? INT64_MAX - offset : 0;
  size_t wanted = into.size < most ? into.size : (size_t)most;
  while (*count < wanted) {
    ssize_t got = pread(descriptor, (unsigned char *)into.pointer + *count, wanted - *count,
                        (off_t)(offset + *count));
    if (got == 0) return 0;
    if (got > 0) {
      *count += (size_t)got;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

int mr_system_write(int descriptor, uint64_t offset, mr_view from, size_t *count) {
  *count = 0;
  while (*count < from.size) {
    ssize_t put = pwrite(descriptor, (const unsigned char *)from.pointer + *count,
                         from.size - *count, (off_t)(offset + *count));
    /* A system that takes nothing, and does not say why, would be asked for ever. */
    if (put == 0) return EIO;
    if (put > 0) {
      *count += (size_t)put;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

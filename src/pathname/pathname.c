#include "memregions/pathname.h"

#include <assert.h>
#include <errno.h>

#include "copy.h"
#include "open.h"
#include "system.h"

/* Reading up to so many octets costs less than the faults of a mapping, even into memory that is fresh. */
#define SMALL ((uint64_t)32 * 1024)

/* Where a copy begins to grow that nobody knows the size of. */
#define FIRST_CAPACITY ((size_t)4096)

/* What mr_file_open was asked, and what it found. */
typedef struct opening {
  const char *path;
  mr_file_options options;
  bool to_end;
  /** The file's, as the system reports it. */
  uint64_t size;
  mr_condition *condition;
} opening;

/* The file has `limit` octets at most. */
static mr_status refuse_bounds(const opening *o, uint64_t limit) {
  mr_status status = mr_condition_set(o->condition, MR_OUT_OF_BOUNDS,
                                      "offset or length past the file's end: %s", o->path);
  if (o->condition) {
    o->condition->offset = o->options.offset;
    o->condition->requested = o->options.length;
    o->condition->limit = limit;
  }
  return status;
}

static mr_status refuse_mapping(const opening *o) {
  return mr_condition_set(o->condition, MR_UNSUPPORTED, "can't be mapped: %s", o->path);
}

static mr_status refuse_length(const opening *o, mr_status status, uint64_t length, int error) {
  mr_condition_set(o->condition, status, "no room for it in the address space: %s", o->path);
  if (o->condition) {
    o->condition->error_number = error;
    o->condition->requested = length;
    o->condition->limit = PTRDIFF_MAX;
  }
  return status;
}

/* Whether the file has nothing at the octet before the offset, and so ends before it. */
static bool ends_before_offset(const mr_file *file, int *error) {
  unsigned char octet;
  size_t count;
  *error = mr_system_read(file->descriptor, file->offset - 1, mr_region_of(&octet, 1), &count);
  return count == 0;
}

/* Only reading shows how much there is: a file may have no size, a wrong one, or another than a moment ago. */
static mr_status check_copy(const mr_file *file, const opening *o) {
  size_t size = file->memory.size;
  int error = 0;
  if (size == 0 && file->offset > 0 && ends_before_offset(file, &error)) {
    return error ? mr_system_failure(o->condition, error, o->path)
                 : refuse_bounds(o, file->offset - 1);
  }
  if (!o->to_end && size < o->options.length) return refuse_bounds(o, file->offset + size);
  if (o->options.backing == MR_FILE_MAPPED && file->memory.size > 0) return refuse_mapping(o);
  return MR_OK;
}

static mr_status back_with_copy(mr_file *file, const opening *o, size_t capacity, size_t limit) {
  mr_status status = mr_file_read_copy(file, capacity, limit, o->path, o->condition);
  if (status != MR_OK) return status;
  status = check_copy(file, o);
  if (status == MR_OK && file->access == MR_FILE_READ_WRITE) {
    status = mr_file_keep_original(file, o->path, o->condition);
  }
  if (status != MR_OK) mr_file_drop_copy(file);
  return status;
}

static mr_status back_unsized(mr_file *file, const opening *o) {
  uint64_t length = o->to_end ? UINT64_MAX : o->options.length;
  size_t limit = length < PTRDIFF_MAX ? (size_t)length : PTRDIFF_MAX;
  return back_with_copy(file, o, limit < FIRST_CAPACITY ? limit : FIRST_CAPACITY, limit);
}

static bool is_better_mapped(const mr_file_options *options, uint64_t length) {
  if (options->backing != MR_FILE_AUTOMATIC) return options->backing == MR_FILE_MAPPED;
  return options->access == MR_FILE_READ_WRITE || length > SMALL;
}

static mr_status back_sized(mr_file *file, const opening *o) {
  if (o->options.offset > o->size) return refuse_bounds(o, o->size);
  uint64_t left = o->size - o->options.offset, length = o->to_end ? left : o->options.length;
  if (length > left) return refuse_bounds(o, o->size);
  if (length > PTRDIFF_MAX) return refuse_length(o, MR_BLOCK_TOO_BIG, length, 0);
  if (length == 0) return MR_OK;

  if (is_better_mapped(&o->options, length)) {
    int error = mr_system_map(file, (size_t)length);
    if (error == 0) return MR_OK;
    if (error == ENOMEM) return refuse_length(o, MR_OUT_OF_MEMORY, length, error);
    if (!mr_system_is_unmappable(error)) return mr_system_failure(o->condition, error, o->path);
    if (o->options.backing == MR_FILE_MAPPED) return refuse_mapping(o);
  }
  return back_with_copy(file, o, (size_t)length, (size_t)length);
}

static bool is_meaningful(const mr_file_options *options) {
  return (unsigned)options->access <= MR_FILE_COPY_ON_WRITE &&
         (unsigned)options->backing <= MR_FILE_COPIED;
}

mr_status mr_file_open_part(const char *path, const mr_file_options *options, bool to_end,
                            mr_file *file, mr_condition *condition) {
  opening o = {path, *options, to_end, 0, condition};
  if (!path) return mr_condition_set(condition, MR_INVALID_ARGUMENT, "the path is null");
  if (!is_meaningful(&o.options)) {
    return mr_condition_set(condition, MR_INVALID_ARGUMENT, "no such access or backing: %s", path);
  }

  mr_file opened = {.allocator = mr_resolve_allocator(o.options.allocator),
                    .offset = o.options.offset,
                    .access = o.options.access};
  mr_status status = mr_system_open(path, opened.access == MR_FILE_READ_WRITE, &opened.descriptor,
                                    &o.size, condition);
  if (status != MR_OK) return status;
  status = o.size == 0 ? back_unsized(&opened, &o) : back_sized(&opened, &o);
  if (status != MR_OK || opened.access != MR_FILE_READ_WRITE) {
    mr_system_close(opened.descriptor);
    opened.descriptor = -1;
  }
  if (status != MR_OK) return status;
  assert(mr_file_is_sound(&opened));
  *file = opened;
  return MR_OK;
}

mr_status mr_file_open(const char *path, const mr_file_options *options, mr_file *file,
                       mr_condition *condition) {
  static const mr_file_options all = {.length = 0};
  if (!options) options = &all;
  return mr_file_open_part(path, options, options->length == 0, file, condition);
}

mr_status mr_file_sync(mr_file *file, mr_condition *condition) {
  assert(mr_file_is_sound(file));
  if (file->access != MR_FILE_READ_WRITE) return MR_OK;
  mr_status status = mr_file_write_back(file, condition);
  if (status != MR_OK) return status;
  int error =
      file->is_mapped ? mr_system_sync_mapping(file->held) : mr_system_sync(file->descriptor);
  return error ? mr_system_failure(condition, error, "syncing a file") : MR_OK;
}

mr_status mr_file_close(mr_file *file, mr_condition *condition) {
  assert(mr_file_is_sound(file));
  mr_status status = mr_file_write_back(file, condition);
  int error = 0;
  if (file->is_mapped) {
    error = mr_system_unmap(file->held);
  } else {
    mr_file_drop_copy(file);
  }
  if (file->access == MR_FILE_READ_WRITE) {
    int close_error = mr_system_close(file->descriptor);
    if (error == 0) error = close_error;
  }
  *file = (mr_file){.descriptor = -1};
  if (status == MR_OK && error) status = mr_system_failure(condition, error, "closing a file");
  return status;
}

static bool lies_inside(mr_region inner, mr_region outer) {
  uintptr_t start = (uintptr_t)outer.pointer, at = (uintptr_t)inner.pointer;
  return at >= start && at - start <= outer.size && inner.size <= outer.size - (at - start);
}

bool mr_file_is_sound(const mr_file *file) {
  bool is_written = file->access == MR_FILE_READ_WRITE;
  bool keeps_original = is_written && !file->is_mapped;
  return mr_region_is_sound(file->memory) && mr_region_is_sound(file->held) &&
         lies_inside(file->memory, file->held) && (unsigned)file->access <= MR_FILE_COPY_ON_WRITE &&
         (!is_written || file->descriptor >= 0) &&
         file->original.size == (keeps_original ? file->memory.size : 0);
}

mr_status mr_file_region(const mr_file *file, mr_region *out) {
  assert(mr_file_is_sound(file));
  if (file->access == MR_FILE_READ) return MR_READ_ONLY;
  *out = file->memory;
  return MR_OK;
}

mr_view mr_file_view(const mr_file *file) {
  assert(mr_file_is_sound(file));
  return mr_region_view(file->memory);
}

size_t mr_file_size(const mr_file *file) {
  assert(mr_file_is_sound(file));
  return file->memory.size;
}

bool mr_file_is_mapped(const mr_file *file) {
  assert(mr_file_is_sound(file));
  return file->is_mapped;
}

#include "copy.h"

#include <string.h>

#include "system.h"

static mr_status refuse_memory(const mr_file *file, mr_status status, size_t size, const char *path,
                               mr_condition *condition) {
  size_t limit = 0;
  mr_condition_set(condition, status, "%s for a copy: %s", mr_status_message(status), path);
  if (!condition) return status;
  mr_ignore(mr_maximum_block_size(file->allocator, &limit));
  condition->subject = file->allocator;
  condition->requested = size;
  condition->limit = limit;
  return status;
}

/* Grows `held` to `capacity`, and reads what is in the file from octet `*count` of it. */
static mr_status read_more(const mr_file *file, mr_region *held, size_t capacity, size_t *count,
                           const char *path, mr_condition *condition) {
  mr_region rest;
  size_t added;
  mr_status status = mr_reallocate(file->allocator, held, capacity);
  if (status == MR_OK) status = mr_subregion(*held, mr_range_from(*count), &rest);
  if (status != MR_OK) return refuse_memory(file, status, capacity, path, condition);
  int error = mr_system_read(file->descriptor, file->offset + *count, rest, &added);
  *count += added;
  return error ? mr_system_failure(condition, error, path) : MR_OK;
}

mr_status mr_file_read_copy(mr_file *file, size_t capacity, size_t limit, const char *path,
                            mr_condition *condition) {
  mr_region held = mr_region_of(NULL, 0);
  size_t count = 0;
  mr_status status = read_more(file, &held, capacity, &count, path, condition);
  while (status == MR_OK && count == capacity && capacity < limit) {
    capacity = capacity > limit / 2 ? limit : capacity * 2;
    status = read_more(file, &held, capacity, &count, path, condition);
  }
  if (status != MR_OK || count == 0) mr_deallocate(file->allocator, &held);
  if (status != MR_OK) return status;
  file->held = held;
  file->memory = mr_region_of(held.pointer, count);
  return MR_OK;
}

mr_status mr_file_keep_original(mr_file *file, const char *path, mr_condition *condition) {
  if (file->memory.size == 0) return MR_OK;
  mr_status status = mr_allocate(file->allocator, file->memory.size, &file->original);
  if (status != MR_OK) return refuse_memory(file, status, file->memory.size, path, condition);
  memcpy(file->original.pointer, file->memory.pointer, file->memory.size);
  return MR_OK;
}

/* Finds the next octets, from the end of `run`, at which the two differ. */
static bool next_change(const mr_file *file, mr_range *run) {
  const unsigned char *now = file->memory.pointer;
  const unsigned char *before = file->original.pointer;
  size_t size = file->original.size, start = run->end, same;
  if (!mr_mismatch(mr_view_of(now + start, size - start), mr_view_of(before + start, size - start),
                   &same)) {
    return false;
  }
  run->start = start + same;
  run->end = run->start + 1;
  while (run->end < size && now[run->end] != before[run->end]) run->end++;
  return true;
}

mr_status mr_file_write_back(mr_file *file, mr_condition *condition) {
  if (!file->original.pointer) return MR_OK;
  mr_range run = mr_range_of(0, 0);
  while (next_change(file, &run)) {
    const unsigned char *now = (const unsigned char *)file->memory.pointer + run.start;
    size_t written;
    int error = mr_system_write(file->descriptor, file->offset + run.start,
                                mr_view_of(now, run.end - run.start), &written);
    memcpy((unsigned char *)file->original.pointer + run.start, now, written);
    if (error != 0) {
      mr_status status = mr_system_failure(condition, error, "writing back a copied file");
      if (condition) condition->offset = file->offset + run.start + written;
      return status;
    }
  }
  return MR_OK;
}

void mr_file_drop_copy(mr_file *file) {
  mr_deallocate(file->allocator, &file->original);
  mr_deallocate(file->allocator, &file->held);
  file->memory = mr_region_of(NULL, 0);
}

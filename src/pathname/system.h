#ifndef MEMREGIONS_PATHNAME_SYSTEM_H
#define MEMREGIONS_PATHNAME_SYSTEM_H

/*
 * What pathname asks of the operating system; system_posix.c answers for POSIX.
 *
 * Functions that return an int return 0, or the errno of what failed. Interrupted calls are taken up again.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memregions/pathname.h"

/* Says what the system refused: "No such file or directory: /tmp/x". Returns MR_SYSTEM_ERROR. */
mr_status mr_system_failure(mr_condition *condition, int error, const char *subject);

/* Opens a regular file without waiting, and without a side effect on anything that is none. */
mr_status mr_system_open(const char *path, bool is_writable, int *descriptor, uint64_t *size,
                         mr_condition *condition);

int mr_system_close(int descriptor);

/* Maps `size` > 0 octets from the file's offset, as its access says. Sets `memory`, `held` and `is_mapped`, on success
 * only. */
int mr_system_map(mr_file *file, size_t size);

/* Whether mapping failed because this file can't be, however much memory there is. */
bool mr_system_is_unmappable(int error);

int mr_system_unmap(mr_region held);

/* Waits until the storage has what a mapping, or a descriptor, has been given. */
int mr_system_sync_mapping(mr_region held);
int mr_system_sync(int descriptor);

/* Reads until `into` is full or the file ends; `count` is exact on failure too. */
int mr_system_read(int descriptor, uint64_t offset, mr_region into, size_t *count);

/* Writes all of `from`; `count` is exact on failure too. */
int mr_system_write(int descriptor, uint64_t offset, mr_view from, size_t *count);

#endif

#ifndef MEMREGIONS_PATHNAME_COPY_H
#define MEMREGIONS_PATHNAME_COPY_H

/*
 * Copied files: their memory is the allocator's. Of those that can be written, `original` is what the file holds as
 * far as this mr_file knows: what was read, and what it has written since.
 */

#include <stddef.h>

#include "memregions/pathname.h"

/* Reads from the file's offset up to its end, or up to `limit` octets, in a block that starts with `capacity` <= `limit`
 * octets and grows. Sets `memory` and `held`, on success only; they are null if nothing is there. The path is for the
 * condition. */
mr_status mr_file_read_copy(mr_file *file, size_t capacity, size_t limit, const char *path,
                            mr_condition *condition);

/* Keeps what was read as `original`. */
mr_status mr_file_keep_original(mr_file *file, const char *path, mr_condition *condition);

/* Writes what has changed, and nothing else. What is written is no longer changed, also on failure. */
mr_status mr_file_write_back(mr_file *file, mr_condition *condition);

/* Gives the memory back. */
void mr_file_drop_copy(mr_file *file);

#endif

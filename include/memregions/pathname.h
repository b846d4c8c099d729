#ifndef MEMREGIONS_PATHNAME_H
#define MEMREGIONS_PATHNAME_H

/*
 * Pathnames: files as regions.
 *
 * An mr_file is a part of a regular file, or all of it, as memory: mapped where that is best, copied where it must be.
 * It is opened read-only unless asked otherwise.
 *
 * What always holds (mr_file_is_sound) of an open file:
 *   - its memory stays where it is until mr_file_close;
 *   - its size is what was in the file when it was opened, and lay inside it then;
 *   - a copied file keeps what it read, and writes back only octets that have changed since.
 *
 * Mapped. For: large files, files of which little is touched, changes that others shall see at once. Not for: a file
 * that another process may make shorter, or one with holes in storage that may fill up: pages that nothing stands
 * behind are a SIGBUS when touched. Two mappings of one file share its octets at two addresses, so that mr_replace from
 * one to the other can't see where they overlap. Cost: address space, and a fault for each few pages when first touched.
 *
 * Copied. For: small files, files that others may change, errors of writing as a status. Not for: files that memory
 * can't hold. Cost: one read of all of it, twice its size in memory where it is MR_FILE_READ_WRITE, and
 * then a write for each run of changed octets.
 *
 * Threads: one at a time for the functions; the memory is for whoever keeps order there.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/allocator.h>
#include <memregions/region.h>
#include <memregions/source.h>
#include <memregions/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What may be done with a file's memory. */
typedef enum mr_file_access {
  /** Read it. */
  MR_FILE_READ = 0,
  /** Read and write it; the file changes with it. */
  MR_FILE_READ_WRITE = 1,
  /** Read and write it; the file stays as it is. It need only be readable. */
  MR_FILE_COPY_ON_WRITE = 2
} mr_file_access;

/** Where a file's memory comes from. */
typedef enum mr_file_backing {
  /** Mapped where that is possible and faster, which is above 32 KiB; what is MR_FILE_READ_WRITE is mapped wherever
   * possible. */
  MR_FILE_AUTOMATIC = 0,
  /** Mapped, or MR_UNSUPPORTED. */
  MR_FILE_MAPPED = 1,
  /** Read into memory, and written back by sync and close. */
  MR_FILE_COPIED = 2
} mr_file_backing;

/** How to open a file. All zeros: all of it, read-only, backed automatically. */
typedef struct mr_file_options {
  mr_file_access access;
  mr_file_backing backing;
  /** Octets from the file's start; need be no multiple of anything. */
  uint64_t offset;
  /** Octets from there; 0 means to the file's end. */
  uint64_t length;
  /** Gives the memory of copies; borrowed until the file is closed. Null is the system's. */
  mr_allocator *allocator;
} mr_file_options;

/** An open file. The caller's storage; its members are its own: use the functions. */
typedef struct mr_file {
  /** What was asked for. Its pointer is not null, but for an empty file. */
  mr_region memory;
  /** What is mapped or allocated, of which `memory` is a part. */
  mr_region held;
  /** A copied file that can be written: what was read, to tell what has changed. */
  mr_region original;
  mr_allocator *allocator;
  uint64_t offset;
  /** Kept open where the file is MR_FILE_READ_WRITE; else there is none. */
  int descriptor;
  mr_file_access access;
  bool is_mapped;
} mr_file;

/** Opens a regular file as memory.
 *
 * Never waits: a FIFO, a device or a directory is refused at once. Files that have no size, as under /proc, are read to
 * their end.
 *
 * @param path            zero-terminated; used only during the call
 * @param options         used only during the call; null means all zeros
 * @param[out] file       the caller's; untouched on failure
 * @param[out] condition  has errno, and names the path; may be null
 * @retval MR_SYSTEM_ERROR      the system refused: no such file, no permission, a read that failed
 * @retval MR_UNSUPPORTED       not a regular file; or it can't be mapped, and MR_FILE_MAPPED was asked
 * @retval MR_OUT_OF_BOUNDS     offset or length past the end
 * @retval MR_INVALID_ARGUMENT  an option that is none, or a null path
 * @retval MR_BLOCK_TOO_BIG     more than PTRDIFF_MAX, or than the allocator could ever hold
 * @retval MR_OUT_OF_MEMORY     no memory for a copy, or no room for a mapping
 */
MR_API MR_MUST_CHECK mr_status mr_file_open(const char *path, const mr_file_options *options,
                                            mr_file *file, mr_condition *condition);

/** Writes what has changed to the file, and waits until the storage has it. Nothing to do for files that are not
 * MR_FILE_READ_WRITE.
 *
 * After an error, the next sync or close writes what the system has not taken. What it took and then lost (EIO) is lost
 * to it too.
 *
 * @param[out] condition  has errno, and the file's offset where writing a copy stopped; may be null
 * @retval MR_SYSTEM_ERROR  it could not be written
 */
MR_API MR_MUST_CHECK mr_status mr_file_sync(mr_file *file, mr_condition *condition);

/** Writes what has changed to the file, gives its memory back, and closes it. It is then empty and read-only; closing
 * it again does nothing, and so does closing one whose members are all 0.
 *
 * Does not wait for the storage: mr_file_sync does.
 *
 * @param[out] condition  has errno; may be null
 * @retval MR_SYSTEM_ERROR  something could not be written, or ended: what failed first (the file is closed all the
 *                          same)
 */
MR_API mr_status mr_file_close(mr_file *file, mr_condition *condition);

/** Whether its invariants hold. */
MR_API bool mr_file_is_sound(const mr_file *file);

/** The file's memory, to read and write. Borrowed until it is closed.
 *
 * @retval MR_READ_ONLY  it was opened to read
 */
MR_API MR_MUST_CHECK mr_status mr_file_region(const mr_file *file, mr_region *out);

/** The file's memory, to read. Borrowed until it is closed. */
MR_API mr_view mr_file_view(const mr_file *file);

/** Octets of the file's memory. */
MR_API size_t mr_file_size(const mr_file *file);

/** Whether the memory is the file's own pages. */
MR_API bool mr_file_is_mapped(const mr_file *file);

/** An open file as a source. Stable; read-only where the file is. */
MR_API mr_source mr_file_source(const mr_file *file);

/** A path, and how to open it: what mr_path_source borrows. */
typedef struct mr_path {
  const char *name;
  /** All zeros: all of the file. */
  mr_file_options options;
  /** Receives what went wrong in opening or closing; may be null. */
  mr_condition *condition;
} mr_path;

/** A path as a source: each borrow opens the file, and closes it on release.
 *
 * The borrow's range counts octets from the options' offset, and the direction decides on access: MR_INPUT opens to
 * read, the others to read and write unless the options say MR_FILE_COPY_ON_WRITE. A range past the file's end is
 * MR_OUT_OF_BOUNDS. Lent for MR_OUTPUT, a copy starts as zeros, a mapping as what is in the file.
 *
 *     mr_call_with_view(mr_path_source(&path), NULL, work, context)
 *
 * @param path  borrowed as long as the source
 */
MR_API mr_source mr_path_source(const mr_path *path);

#ifdef __cplusplus
}
#endif
#endif

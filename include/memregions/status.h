#ifndef MEMREGIONS_STATUS_H
#define MEMREGIONS_STATUS_H

/*
 * Status: what every function that can fail returns. Condition: the record for where a status is not enough.
 *
 * What always holds:
 *   - on failure nothing has changed: out-parameters, positions and contents are as they were. A function that
 *     counts its progress has done exactly what it counts;
 *   - a condition is written only on failure, owns nothing, and can be copied and dropped freely.
 *
 * Threads: everything here may be called from any thread.
 */

#include <stddef.h>
#include <stdint.h>

#include <memregions/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a call. Values never change between releases; new ones are added at the end. */
typedef enum mr_status {
  MR_OK = 0,
  /** No memory now; the same request may succeed later. */
  MR_OUT_OF_MEMORY = 1,
  /** A block of this size and alignment could never be had here. */
  MR_BLOCK_TOO_BIG = 2,
  /** Nothing is left to read. */
  MR_END_OF_FILE = 3,
  /** Something is left to read, but less than was asked. */
  MR_TRUNCATED = 4,
  /** Nothing, or not enough, can be written here any more. */
  MR_NO_SPACE = 5,
  /** An offset, index or range lies outside. */
  MR_OUT_OF_BOUNDS = 6,
  /** An argument has no meaning, whatever the state of things. */
  MR_INVALID_ARGUMENT = 7,
  /** Writing was asked of something read-only. */
  MR_READ_ONLY = 8,
  /** The address does not suit the type. */
  MR_MISALIGNED = 9,
  /** The value does not fit its destination. */
  MR_OVERFLOW = 10,
  /** The value or slot is of another type than was asked. */
  MR_TYPE_MISMATCH = 11,
  /** The type has no slot of this name. */
  MR_NO_SUCH_SLOT = 12,
  /** Text does not follow its grammar. */
  MR_SYNTAX_ERROR = 13,
  /** This thing cannot do that. */
  MR_UNSUPPORTED = 14,
  /** It is borrowed, and cannot change until it is released. */
  MR_BUSY = 15,
  /** Misuse or damage was detected. */
  MR_CORRUPT = 16,
  /** Memory could not be reached. */
  MR_FAULT = 17,
  /** A call to the operating system failed; the condition has its errno. */
  MR_SYSTEM_ERROR = 18,
  /** From here up to MR_USER_LAST: the caller's own, for callbacks; passed through untouched. */
  MR_USER = 65536,
  MR_USER_LAST = 0x7fffffff
} mr_status;

/** The name of `status`, as written in C: "MR_OUT_OF_BOUNDS".
 *
 * @return static text; "MR_USER" for every status of the caller's own, "MR_UNKNOWN" for what is no status
 */
MR_API const char *mr_status_name(mr_status status);

/** What `status` means, as a phrase without capital or full stop: "out of bounds".
 *
 * @return static text; never null
 */
MR_API const char *mr_status_message(mr_status status);

/** Throws a status away, on purpose and visibly. */
MR_INLINE void mr_ignore(mr_status status) { (void)status; }

/** Octets of a condition's message, its terminating zero counted. */
#define MR_CONDITION_MESSAGE_SIZE 168

/** All there is to say about a failure. The caller provides it, usually on the stack; nothing in it is owned.
 *
 * Members that a failure has no use for are 0.
 */
typedef struct mr_condition {
  mr_status status;
  /** errno of the system call that failed. */
  int32_t error_number;
  /** Where in the thing: an octet offset, or an element's index. */
  uint64_t offset;
  /** What was asked for, in octets or elements. */
  uint64_t requested;
  /** The most there could have been. */
  uint64_t limit;
  /** Where in a text, both counted from 1. */
  uint32_t line;
  uint32_t column;
  /** What the failure is about (an allocator, say). Borrowed: valid only as long as that thing is. */
  const void *subject;
  /** A sentence for people; zero-terminated, cut where it would not fit. */
  char message[MR_CONDITION_MESSAGE_SIZE];
} mr_condition;

/** Writes a failure into `condition`, all members anew: those that are not arguments become 0.
 *
 * @param condition  written to; null is allowed, and then nothing happens
 * @param status     what is returned
 * @param format     of the message, as for printf; null leaves mr_status_message's words
 * @return           `status`, so that a function can end with it
 */
MR_API mr_status mr_condition_set(mr_condition *condition, mr_status status, const char *format,
                                  ...) MR_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif
#endif

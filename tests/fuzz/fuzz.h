#ifndef MEMREGIONS_TESTS_FUZZ_H
#define MEMREGIONS_TESTS_FUZZ_H

/*
 * What the fuzz targets share. A target is one function that takes any octets; whatever they are, what it requires
 * holds. libFuzzer makes up octets; replay.c takes those that are kept in corpus/.
 */

#include <stddef.h>
#include <stdint.h>

#include <memregions/region.h>
#include <memregions/target.h>
#include <memregions/text.h>
#include <memregions/type.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

_Noreturn void fuzz_fail(const char *claim, const char *file, int line);

/** What must hold whatever the input is. */
#define FUZZ_REQUIRE(claim)                              \
  do {                                                   \
    if (!(claim)) fuzz_fail(#claim, __FILE__, __LINE__); \
  } while (0)

/** A text that grows as it is written. All zeros is an empty one. */
typedef struct fuzz_text {
  /** Terminated, unless null. */
  char *start;
  size_t length;
  size_t capacity;
} fuzz_text;

/** The mr_write_function that appends to a fuzz_text. */
mr_status fuzz_text_write(void *text, const char *piece, size_t length);
void fuzz_text_free(fuzz_text *text);

/** The octets as a zero-terminated text, up to the first that is 0 already; the caller frees it. */
char *fuzz_copy_text(const uint8_t *octets, size_t size);

/** One of the targets, by any number. */
mr_target fuzz_target(unsigned number);

/** Requires that a failure says what it should, and where: in a text of `length` octets. */
void fuzz_check_condition(const mr_condition *condition, mr_status status, size_t length);

/** Types that differ in all that matters to paths and values: one of a fixed set, by any number. Borrowed. */
const mr_type *fuzz_type(unsigned number);

#endif

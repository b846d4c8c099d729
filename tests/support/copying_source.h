#ifndef MEMREGIONS_TESTS_COPYING_SOURCE_H
#define MEMREGIONS_TESTS_COPYING_SOURCE_H

/*
 * A user's own source: lends copies in scratch, and writes them back on release. Counts what is done to it, and fails
 * where it is told to.
 *
 * What always holds: `held` is how many of its borrows have not ended.
 */

#include <memregions/source.h>

typedef struct copying_source {
  mr_region memory;
  /* What each function answers; MR_OK lets it do its work. A release that fails writes nothing back. */
  mr_status scratch_answer;
  mr_status acquire_answer;
  mr_status release_answer;
  /* Octets of scratch beyond the copy itself. */
  size_t extra;
  int held;
  int acquired;
  size_t octets_written;
} copying_source;

/* `copying` must outlive the source. With a size that is known, or that is found only when it is acquired. */
mr_source copying_source_of(copying_source *copying);
mr_source copying_source_of_unknown_size(copying_source *copying);

#endif

#ifndef MEMREGIONS_TESTS_STREAM_CONFORMANCE_H
#define MEMREGIONS_TESTS_STREAM_CONFORMANCE_H

/*
 * What every stream of limited size must do, as a group of cmocka tests, one for each claim:
 *
 *     static const stream_fixture fixture = {"mine", open, peek, close, .largest = SIZE_MAX};
 *
 *     int main(void) { return stream_conformance(&fixture); }
 *
 * What the caller sees to:
 *   - `open` makes a stream that holds a copy of `contents` (64 octets at most, or none), stands at
 *     0, and can neither shrink nor grow; several may be open at once;
 *   - `peek` copies all that it holds out, by another way than reading the stream;
 *   - `close` ends it by mr_stream_fini, and frees what was made for it.
 * What the caller gets:
 *   - position, size and seeking; plain, exact and typed reads and writes at every place and over
 *     every edge; borrows; delimiters; cursors; a long random walk beside a plain array; the stream
 *     as a source; each refusal, and that it changed nothing; mr_stream_is_sound after each.
 */

#include <stdbool.h>
#include <stddef.h>

#include <memregions/stream.h>

typedef struct stream_fixture {
  const char *name;
  mr_stream *(*open)(mr_view contents);
  void (*peek)(mr_stream *stream, unsigned char *octets);
  void (*close)(mr_stream *stream);
  /* The most that it shows in one piece: 8 at least, and SIZE_MAX where it shows everything. */
  size_t largest;
  /* Writing is MR_READ_ONLY. */
  bool read_only;
  /* Its size is MR_UNSUPPORTED. */
  bool endless;
  /* It can't move to a position outside its window. */
  bool seekless;
} stream_fixture;

/* How many claims do not hold. */
int stream_conformance(const stream_fixture *fixture);

#endif

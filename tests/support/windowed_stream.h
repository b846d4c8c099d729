#ifndef MEMREGIONS_TESTS_WINDOWED_STREAM_H
#define MEMREGIONS_TESTS_WINDOWED_STREAM_H

/*
 * A stream that shows little at a time of the memory behind it: what a kind needs its ops for.
 *
 * The window is memory of its own, as large as what it shows and another after each move, so that
 * whoever still uses an old one is found by a sanitizer. It shows 3 octets, more where more are
 * needed, at most `largest`. What is written stays in it until it moves or is flushed; what can be
 * written can't be read before it was. It never grows.
 *
 * What always holds: the window lies inside the backing memory; nothing moves while borrowed.
 */

#include <memregions/stream.h>

typedef struct windowed_stream {
  mr_stream stream;
  /* The caller's, of which all can be read and, unless read_only, written. */
  mr_region backing;
  size_t largest;
  /* How often the window has been moved. */
  size_t moves;
  /* So many calls do their work, then one answers MR_SYSTEM_ERROR; below 0: none does. */
  int calls_before_failure;
} windowed_stream;

/* Ended by mr_stream_fini. */
void windowed_stream_init(windowed_stream *windowed, mr_region backing, size_t largest);

/* The same, but it can't be written. */
void windowed_stream_init_read_only(windowed_stream *windowed, mr_region backing, size_t largest);

/* The same as the first, but it can't tell its size. */
void windowed_stream_init_endless(windowed_stream *windowed, mr_region backing, size_t largest);

/* The same as the first, but it can't move outside its window. */
void windowed_stream_init_seekless(windowed_stream *windowed, mr_region backing, size_t largest);

#endif

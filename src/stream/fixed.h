#ifndef MEMREGIONS_STREAM_FIXED_H
#define MEMREGIONS_STREAM_FIXED_H

/* The fixed kind: the window is all there is, from base to read_limit. */

#include <memregions/stream.h>

bool mr_stream_is_fixed(const mr_stream *stream);

#endif

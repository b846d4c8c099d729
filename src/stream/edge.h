#ifndef MEMREGIONS_STREAM_EDGE_H
#define MEMREGIONS_STREAM_EDGE_H

/*
 * The edge of a stream's window: the one place where its kind is asked for more.
 *
 * Whatever goes beyond the window goes through here, so that the rest of the component knows of no
 * ops that may be null, of no read_limit behind the cursor, and of no kind that promises too much.
 */

#include <memregions/stream.h>

/* A kind's function; null where it has none, or was compiled before there was one. */
#define MR_STREAM_OP(stream, name) \
  (offsetof(mr_stream_ops, name) < (stream)->ops->struct_size ? (stream)->ops->name : NULL)

/* Moves read_limit up to the cursor: what was just written can be read. */
static inline void mr_stream_settle(mr_stream *stream) {
  if (stream->read_limit < stream->cursor) stream->read_limit = stream->cursor;
}

/* Octets that the window has at the cursor, to read; the stream is settled. */
static inline size_t mr_stream_readable(const mr_stream *stream) {
  return (size_t)(stream->read_limit - stream->cursor);
}

/* Octets that the window has at the cursor, to write. */
static inline size_t mr_stream_writable(const mr_stream *stream) {
  if (stream->write_limit < stream->cursor) return 0;
  return (size_t)(stream->write_limit - stream->cursor);
}

/* Asks the kind for `need` octets to read, more than there are: as its refill says. The stream is
 * settled. */
mr_status mr_stream_show(mr_stream *stream, size_t need);

/* Settles, and asks the kind for up to `need` octets to write: as its reserve says. */
mr_status mr_stream_reserve(mr_stream *stream, size_t need);

/* Whether the stream can be written at all: MR_OK or MR_READ_ONLY. */
mr_status mr_stream_check_writable(mr_stream *stream);

/* Octets that can be written from the cursor on. */
uint64_t mr_stream_space(mr_stream *stream);

/* Octets from the cursor to the end; fails where mr_stream_size does. */
mr_status mr_stream_left(mr_stream *stream, uint64_t *left);

#endif

#include <assert.h>

#include "edge.h"

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Reads until `into` is full, or returns why it is not. */
static mr_status read_up_to(mr_stream *stream, mr_region into, size_t *count) {
  unsigned char *to = into.pointer;
  size_t done = 0;
  mr_status status = MR_OK;
  mr_stream_settle(stream);
  while (done < into.size) {
    if (mr_stream_readable(stream) == 0 && (status = mr_stream_show(stream, 1)) != MR_OK) break;
    size_t piece = smaller(into.size - done, mr_stream_readable(stream));
    memmove(to + done, stream->cursor, piece);
    stream->cursor += piece;
    done += piece;
  }
  *count = done;
  return status;
}

/* Writes until all of `from` is, or returns why it is not. */
static mr_status write_up_to(mr_stream *stream, mr_view from, size_t *count) {
  const unsigned char *octets = from.pointer;
  size_t done = 0;
  mr_status status = MR_OK;
  while (done < from.size) {
    size_t left = from.size - done;
    if (mr_stream_writable(stream) == 0 && (status = mr_stream_reserve(stream, left)) != MR_OK)
      break;
    size_t piece = smaller(left, mr_stream_writable(stream));
    memmove(stream->cursor, octets + done, piece);
    stream->cursor += piece;
    done += piece;
  }
  *count = done;
  return status;
}

mr_status mr_stream_read(mr_stream *stream, mr_region into, size_t *count) {
  assert(mr_stream_is_sound(stream) && mr_region_is_sound(into));
  size_t done;
  mr_status status = read_up_to(stream, into, &done);
  if (count) *count = done;
  return done > 0 ? MR_OK : status;
}

mr_status mr_stream_write(mr_stream *stream, mr_view from, size_t *count) {
  assert(mr_stream_is_sound(stream) && mr_view_is_sound(from));
  size_t done = 0;
  mr_status status = mr_stream_check_writable(stream);
  if (status == MR_OK) status = write_up_to(stream, from, &done);
  if (count) *count = done;
  return done > 0 ? MR_OK : status;
}

/* What no window holds. Nothing is read before it is known that there is enough, and that the
 * stream can move back. */
static mr_status read_pieces(mr_stream *stream, mr_region into) {
  uint64_t start = mr_stream_position(stream), left;
  size_t count;
  mr_status status = mr_stream_left(stream, &left);
  if (status == MR_UNSUPPORTED) return MR_NO_SPACE;
  if (status != MR_OK) return status;
  if (left < into.size) return MR_TRUNCATED;
  if (!MR_STREAM_OP(stream, seek)) return MR_NO_SPACE;
  status = read_up_to(stream, into, &count);
  if (status != MR_OK) mr_ignore(mr_stream_set_position(stream, start));
  return status;
}

mr_status mr_stream_read_exact(mr_stream *stream, mr_region into) {
  assert(mr_stream_is_sound(stream) && mr_region_is_sound(into));
  if (into.size == 0) return MR_OK;
  mr_stream_settle(stream);
  if (mr_stream_readable(stream) < into.size) {
    mr_status status = mr_stream_show(stream, into.size);
    if (status == MR_NO_SPACE) return read_pieces(stream, into);
    if (status != MR_OK) return status;
  }
  memmove(into.pointer, stream->cursor, into.size);
  stream->cursor += into.size;
  return MR_OK;
}

mr_status mr_stream_write_exact(mr_stream *stream, mr_view from) {
  assert(mr_stream_is_sound(stream) && mr_view_is_sound(from));
  mr_status status = mr_stream_check_writable(stream);
  if (status != MR_OK) return status;
  if (from.size > mr_stream_writable(stream)) {
    if (from.size > mr_stream_space(stream)) return MR_NO_SPACE;
    /* Whatever forbids to go beyond the window is to say so before anything is written. */
    status = mr_stream_reserve(stream, from.size);
    if (status != MR_OK) return status;
    /* The beginning could not be taken back. */
    if (from.size > mr_stream_writable(stream) && !MR_STREAM_OP(stream, seek)) return MR_NO_SPACE;
  }
  uint64_t start = mr_stream_position(stream);
  size_t count;
  status = write_up_to(stream, from, &count);
  if (status != MR_OK) mr_ignore(mr_stream_set_position(stream, start));
  return status;
}

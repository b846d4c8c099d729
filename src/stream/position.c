#include <assert.h>

#include "edge.h"

extern inline uint64_t mr_stream_position(const mr_stream *stream);

mr_status mr_stream_size(mr_stream *stream, uint64_t *out) {
  assert(mr_stream_is_sound(stream));
  mr_stream_settle(stream);
  mr_status (*size)(mr_stream *, uint64_t *) = MR_STREAM_OP(stream, size);
  if (size) return size(stream, out);
  *out = stream->origin + (uint64_t)(stream->read_limit - stream->base);
  return MR_OK;
}

mr_status mr_stream_set_position(mr_stream *stream, uint64_t position) {
  assert(mr_stream_is_sound(stream));
  mr_stream_settle(stream);
  uint64_t window = (uint64_t)(stream->read_limit - stream->base);
  if (position >= stream->origin && position - stream->origin <= window) {
    stream->cursor = stream->base + (position - stream->origin);
    return MR_OK;
  }
  mr_status (*seek)(mr_stream *, uint64_t) = MR_STREAM_OP(stream, seek);
  return seek ? seek(stream, position) : MR_OUT_OF_BOUNDS;
}

/* The position that `offset` is counted from. */
static mr_status find_anchor(mr_stream *stream, mr_whence whence, uint64_t *anchor) {
  switch (whence) {
    case MR_FROM_START:
      *anchor = 0;
      return MR_OK;
    case MR_FROM_CURRENT:
      *anchor = mr_stream_position(stream);
      return MR_OK;
    case MR_FROM_END:
      return mr_stream_size(stream, anchor);
    default:
      return MR_INVALID_ARGUMENT;
  }
}

mr_status mr_stream_seek(mr_stream *stream, int64_t offset, mr_whence whence) {
  uint64_t anchor;
  mr_status status = find_anchor(stream, whence, &anchor);
  if (status != MR_OK) return status;
  /* Negated as unsigned: INT64_MIN has no positive counterpart. */
  uint64_t distance = offset < 0 ? 0 - (uint64_t)offset : (uint64_t)offset;
  if (distance > (offset < 0 ? anchor : UINT64_MAX - anchor)) return MR_OUT_OF_BOUNDS;
  return mr_stream_set_position(stream, offset < 0 ? anchor - distance : anchor + distance);
}

mr_status mr_stream_clear_input(mr_stream *stream) {
  return mr_stream_seek(stream, 0, MR_FROM_END);
}

mr_status mr_stream_clear_output(mr_stream *stream) { return mr_stream_set_position(stream, 0); }

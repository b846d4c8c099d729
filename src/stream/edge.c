#include "edge.h"

static mr_status shortage(const mr_stream *stream) {
  return mr_stream_readable(stream) == 0 ? MR_END_OF_FILE : MR_TRUNCATED;
}

mr_status mr_stream_show(mr_stream *stream, size_t need) {
  mr_status (*refill)(mr_stream *, size_t) = MR_STREAM_OP(stream, refill);
  if (!refill) return shortage(stream);
  mr_status status = refill(stream, need);
  return status == MR_OK && mr_stream_readable(stream) < need ? MR_CORRUPT : status;
}

mr_status mr_stream_reserve(mr_stream *stream, size_t need) {
  mr_stream_settle(stream);
  mr_status (*reserve)(mr_stream *, size_t) = MR_STREAM_OP(stream, reserve);
  if (!reserve) return need == 0 || mr_stream_writable(stream) > 0 ? MR_OK : MR_NO_SPACE;
  mr_status status = reserve(stream, need);
  return status == MR_OK && need > 0 && mr_stream_writable(stream) == 0 ? MR_CORRUPT : status;
}

mr_status mr_stream_check_writable(mr_stream *stream) {
  return stream->write_limit > stream->base ? MR_OK : mr_stream_reserve(stream, 0);
}

uint64_t mr_stream_space(mr_stream *stream) {
  mr_stream_settle(stream);
  uint64_t (*space)(mr_stream *) = MR_STREAM_OP(stream, space);
  return space ? space(stream) : mr_stream_writable(stream);
}

mr_status mr_stream_left(mr_stream *stream, uint64_t *left) {
  uint64_t size;
  mr_status status = mr_stream_size(stream, &size);
  if (status != MR_OK) return status;
  uint64_t position = mr_stream_position(stream);
  *left = size > position ? size - position : 0;
  return MR_OK;
}

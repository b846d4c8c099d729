#include "memregions/stream.h"

#include <assert.h>

#include "edge.h"

static bool is_ordered(const void *first, const void *second) {
  /* As numbers: pointers that are not sound may not be compared. */
  return (uintptr_t)first <= (uintptr_t)second;
}

bool mr_stream_is_sound(const mr_stream *stream) {
  if (!stream || !stream->ops || !stream->base) return false;
  const unsigned char *base = stream->base, *end = stream->read_limit;
  if (!is_ordered(base, stream->write_limit) || !is_ordered(base, end)) return false;
  if (is_ordered(end, stream->write_limit)) end = stream->write_limit;
  return is_ordered(base, stream->cursor) && is_ordered(stream->cursor, end) &&
         (uintptr_t)end - (uintptr_t)base <= UINT64_MAX - stream->origin;
}

mr_status mr_stream_flush(mr_stream *stream) {
  assert(mr_stream_is_sound(stream));
  mr_stream_settle(stream);
  mr_status (*flush)(mr_stream *) = MR_STREAM_OP(stream, flush);
  return flush ? flush(stream) : MR_OK;
}

mr_status mr_stream_fini(mr_stream *stream) {
  mr_status flushed = mr_stream_flush(stream);
  mr_status (*fini)(mr_stream *) = MR_STREAM_OP(stream, fini);
  mr_status ended = fini ? fini(stream) : MR_OK;
  mr_stream_init_view(stream, mr_view_of(NULL, 0));
  return flushed != MR_OK ? flushed : ended;
}

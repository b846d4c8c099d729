#include <assert.h>

#include "edge.h"

/* The next `size` octets, which the window has, lent. */
static mr_region lend(mr_stream *stream, size_t size) {
  mr_region lent = mr_region_of(stream->cursor, size);
  stream->cursor += size;
  stream->borrowed++;
  return lent;
}

mr_status mr_stream_acquire(mr_stream *stream, size_t size, mr_view *view) {
  mr_status status = mr_stream_require(stream, size);
  if (status == MR_OK) *view = mr_region_view(lend(stream, size));
  return status;
}

mr_status mr_stream_acquire_output(mr_stream *stream, size_t size, mr_region *region) {
  assert(mr_stream_is_sound(stream));
  mr_status status = mr_stream_check_writable(stream);
  if (status == MR_OK && mr_stream_writable(stream) < size)
    status = mr_stream_reserve(stream, size);
  if (status != MR_OK) return status;
  if (mr_stream_writable(stream) < size) return MR_NO_SPACE;
  *region = lend(stream, size);
  return MR_OK;
}

mr_status mr_stream_acquire_until(mr_stream *stream, uint8_t delimiter, mr_view *view) {
  assert(mr_stream_is_sound(stream));
  mr_stream_settle(stream);
  mr_status status = MR_OK;
  for (size_t searched = 0;;) {
    size_t readable = mr_stream_readable(stream);
    const unsigned char *start = stream->cursor;
    const unsigned char *found = memchr(start + searched, delimiter, readable - searched);
    if (found) {
      *view = mr_region_view(lend(stream, (size_t)(found - start)));
      stream->cursor++;
      return MR_OK;
    }
    if (status != MR_OK) return status;
    searched = readable;
    /* Doubled, so that moving takes linear time in all; no window is larger than PTRDIFF_MAX. */
    status = mr_stream_show(stream, 2 * readable + 1);
  }
}

mr_status mr_stream_release(mr_stream *stream) {
  assert(mr_stream_is_sound(stream));
  if (stream->borrowed == 0) return MR_INVALID_ARGUMENT;
  stream->borrowed--;
  return MR_OK;
}

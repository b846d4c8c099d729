#include "memregions/cursor.h"

#include <assert.h>

#include "edge.h"

extern inline size_t mr_cursor_left(mr_cursor cursor);
extern inline mr_view mr_cursor_view(mr_cursor cursor);
extern inline mr_status mr_cursor_shortage(mr_cursor cursor);
extern inline mr_status mr_cursor_skip(mr_cursor *cursor, size_t size);
extern inline mr_status mr_cursor_take(mr_cursor *cursor, size_t size, mr_view *view);
extern inline mr_status mr_cursor_read_u8(mr_cursor *cursor, uint8_t *out);
extern inline mr_status mr_cursor_read_u16(mr_cursor *cursor, mr_byte_order order, uint16_t *out);
extern inline mr_status mr_cursor_read_u32(mr_cursor *cursor, mr_byte_order order, uint32_t *out);
extern inline mr_status mr_cursor_read_u64(mr_cursor *cursor, mr_byte_order order, uint64_t *out);
extern inline mr_status mr_cursor_read_i8(mr_cursor *cursor, int8_t *out);
extern inline mr_status mr_cursor_read_i16(mr_cursor *cursor, mr_byte_order order, int16_t *out);
extern inline mr_status mr_cursor_read_i32(mr_cursor *cursor, mr_byte_order order, int32_t *out);
extern inline mr_status mr_cursor_read_i64(mr_cursor *cursor, mr_byte_order order, int64_t *out);
extern inline mr_status mr_cursor_read_f32(mr_cursor *cursor, mr_byte_order order, float *out);
extern inline mr_status mr_cursor_read_f64(mr_cursor *cursor, mr_byte_order order, double *out);

extern inline void mr_stream_commit(mr_stream *stream, mr_cursor cursor);
extern inline mr_status mr_stream_refill(mr_stream *stream, mr_cursor *cursor, size_t need);

mr_status mr_stream_require(mr_stream *stream, size_t need) {
  assert(mr_stream_is_sound(stream));
  mr_stream_settle(stream);
  if (mr_stream_readable(stream) >= need) return MR_OK;
  mr_status status = mr_stream_show(stream, need);
  uint64_t left;
  /* Too much for one piece may be more than there is besides: only the size can tell. */
  if (status == MR_NO_SPACE && mr_stream_left(stream, &left) == MR_OK && left < need)
    return MR_TRUNCATED;
  return status;
}

mr_cursor mr_stream_cursor(mr_stream *stream) {
  assert(mr_stream_is_sound(stream));
  mr_stream_settle(stream);
  return (mr_cursor){stream->cursor, stream->read_limit};
}

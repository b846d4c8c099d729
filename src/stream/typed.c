#include "memregions/stream.h"

extern inline mr_status mr_stream_read_u8(mr_stream *stream, uint8_t *out);
extern inline mr_status mr_stream_read_u16(mr_stream *stream, mr_byte_order order, uint16_t *out);
extern inline mr_status mr_stream_read_u32(mr_stream *stream, mr_byte_order order, uint32_t *out);
extern inline mr_status mr_stream_read_u64(mr_stream *stream, mr_byte_order order, uint64_t *out);
extern inline mr_status mr_stream_read_i8(mr_stream *stream, int8_t *out);
extern inline mr_status mr_stream_read_i16(mr_stream *stream, mr_byte_order order, int16_t *out);
extern inline mr_status mr_stream_read_i32(mr_stream *stream, mr_byte_order order, int32_t *out);
extern inline mr_status mr_stream_read_i64(mr_stream *stream, mr_byte_order order, int64_t *out);
extern inline mr_status mr_stream_read_f32(mr_stream *stream, mr_byte_order order, float *out);
extern inline mr_status mr_stream_read_f64(mr_stream *stream, mr_byte_order order, double *out);
extern inline mr_status mr_stream_write_u8(mr_stream *stream, uint8_t value);
extern inline mr_status mr_stream_write_u16(mr_stream *stream, mr_byte_order order, uint16_t value);
extern inline mr_status mr_stream_write_u32(mr_stream *stream, mr_byte_order order, uint32_t value);
extern inline mr_status mr_stream_write_u64(mr_stream *stream, mr_byte_order order, uint64_t value);
extern inline mr_status mr_stream_write_i8(mr_stream *stream, int8_t value);
extern inline mr_status mr_stream_write_i16(mr_stream *stream, mr_byte_order order, int16_t value);
extern inline mr_status mr_stream_write_i32(mr_stream *stream, mr_byte_order order, int32_t value);
extern inline mr_status mr_stream_write_i64(mr_stream *stream, mr_byte_order order, int64_t value);
extern inline mr_status mr_stream_write_f32(mr_stream *stream, mr_byte_order order, float value);
extern inline mr_status mr_stream_write_f64(mr_stream *stream, mr_byte_order order, double value);

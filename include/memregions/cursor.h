#ifndef MEMREGIONS_CURSOR_H
#define MEMREGIONS_CURSOR_H

/*
 * Cursors: what of a stream can be read without asking it, as a small value for loops.
 *
 *     mr_cursor cursor = mr_stream_cursor(&stream);
 *     do {
 *       while (mr_cursor_read_u32(&cursor, MR_LITTLE_ENDIAN, &value) == MR_OK) sum += value;
 *     } while (mr_stream_refill(&stream, &cursor, 4) == MR_OK);
 *     mr_stream_commit(&stream, cursor);
 *
 * Nothing here calls out, so that a compiler keeps a cursor in registers: a read is one comparison,
 * one move and one addition.
 *
 * What always holds: position <= limit; both are in the window of the stream that made the cursor.
 *
 * Threads: a cursor is a value; it is valid until its stream is used otherwise.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <memregions/load.h>
#include <memregions/region.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What can be read without asking the stream: from `position` up to `limit`. */
typedef struct mr_cursor {
  const unsigned char *position;
  const unsigned char *limit;
} mr_cursor;

/** How many octets a cursor has not read yet. */
MR_INLINE size_t mr_cursor_left(mr_cursor cursor) {
  return (size_t)(cursor.limit - cursor.position);
}

/** What a cursor has not read yet; borrowed for as long as the cursor is valid. */
MR_INLINE mr_view mr_cursor_view(mr_cursor cursor) {
  return mr_view_of(cursor.position, mr_cursor_left(cursor));
}

/** Why a cursor has not what was asked.
 *
 * @retval MR_END_OF_FILE  it has nothing
 * @retval MR_TRUNCATED    it has too little
 */
MR_INLINE mr_status mr_cursor_shortage(mr_cursor cursor) {
  return mr_cursor_left(cursor) == 0 ? MR_END_OF_FILE : MR_TRUNCATED;
}

/** Moves past the next `size` octets.
 *
 * @return  MR_OK, or mr_cursor_shortage; the cursor is then untouched
 */
MR_INLINE MR_MUST_CHECK mr_status mr_cursor_skip(mr_cursor *cursor, size_t size) {
  if (mr_cursor_left(*cursor) < size) return mr_cursor_shortage(*cursor);
  cursor->position += size;
  return MR_OK;
}

/** Shows the next `size` octets in place, and moves past them.
 *
 * @param[out] view  valid as long as the cursor; untouched on failure
 * @return           MR_OK, or mr_cursor_shortage; the cursor is then untouched
 */
MR_INLINE MR_MUST_CHECK mr_status mr_cursor_take(mr_cursor *cursor, size_t size, mr_view *view) {
  const unsigned char *start = cursor->position;
  mr_status status = mr_cursor_skip(cursor, size);
  if (status == MR_OK) *view = mr_view_of(start, size);
  return status;
}

/* Typed reads.
 *
 * @param order     of the octets there
 * @param[out] out  the value; untouched on failure, as is the cursor
 * @return          MR_OK, or mr_cursor_shortage
 */

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_u8(mr_cursor *cursor, uint8_t *out) {
  if (mr_cursor_left(*cursor) < sizeof *out) return mr_cursor_shortage(*cursor);
  *out = *cursor->position;
  cursor->position += sizeof *out;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_u16(mr_cursor *cursor, mr_byte_order order,
                                                     uint16_t *out) {
  if (mr_cursor_left(*cursor) < sizeof *out) return mr_cursor_shortage(*cursor);
  *out = mr_peek_u16(cursor->position, order);
  cursor->position += sizeof *out;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_u32(mr_cursor *cursor, mr_byte_order order,
                                                     uint32_t *out) {
  if (mr_cursor_left(*cursor) < sizeof *out) return mr_cursor_shortage(*cursor);
  *out = mr_peek_u32(cursor->position, order);
  cursor->position += sizeof *out;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_u64(mr_cursor *cursor, mr_byte_order order,
                                                     uint64_t *out) {
  if (mr_cursor_left(*cursor) < sizeof *out) return mr_cursor_shortage(*cursor);
  *out = mr_peek_u64(cursor->position, order);
  cursor->position += sizeof *out;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_i8(mr_cursor *cursor, int8_t *out) {
  uint8_t bits;
  mr_status status = mr_cursor_read_u8(cursor, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_i16(mr_cursor *cursor, mr_byte_order order,
                                                     int16_t *out) {
  uint16_t bits;
  mr_status status = mr_cursor_read_u16(cursor, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_i32(mr_cursor *cursor, mr_byte_order order,
                                                     int32_t *out) {
  uint32_t bits;
  mr_status status = mr_cursor_read_u32(cursor, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_i64(mr_cursor *cursor, mr_byte_order order,
                                                     int64_t *out) {
  uint64_t bits;
  mr_status status = mr_cursor_read_u64(cursor, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_f32(mr_cursor *cursor, mr_byte_order order,
                                                     float *out) {
  uint32_t bits;
  mr_status status = mr_cursor_read_u32(cursor, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_cursor_read_f64(mr_cursor *cursor, mr_byte_order order,
                                                     double *out) {
  uint64_t bits;
  mr_status status = mr_cursor_read_u64(cursor, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

#ifdef __cplusplus
}
#endif
#endif

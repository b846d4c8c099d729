#ifndef MEMREGIONS_STREAM_H
#define MEMREGIONS_STREAM_H

/*
 * Streams: memory as binary input and output, octet after octet.
 *
 * A stream shows a window of its octets, from base up to the larger of its two limits, in which
 * reading and writing are inline; its ops are asked only at the window's edge.
 *
 * What always holds (mr_stream_is_sound):
 *   - base <= cursor <= the larger of read_limit and write_limit, and no pointer is null;
 *   - position = origin + (cursor - base), which no octet of the window makes wrap;
 *   - octets from base to read_limit are readable. Octets from read_limit up to a cursor beyond it
 *     were written just now, and are readable too: whatever is not inline, and reads, moves or asks
 *     the kind, moves read_limit up first;
 *   - write_limit is base where the stream is read-only.
 *
 * Every typed, exact or delimited read and write is all or nothing. The plain ones report how much
 * was done.
 *
 * Reading from one: MR_END_OF_FILE means that nothing is left, MR_TRUNCATED that something is, but
 * less than asked. Besides what is listed, a kind may have answers of its own, which are passed on:
 * MR_BUSY (see "Borrowing"), MR_SYSTEM_ERROR.
 *
 * Fixed. The window is the whole region, and the position stays in [0, size]. For: parsing and
 * composing in memory whose size is known. Not for: output of unknown length: a fixed stream never
 * grows. Cost: one comparison a read or write; 64 octets for the stream; no allocation, no copy;
 * nothing to end, so that mr_stream_fini may be left out.
 *
 * Threads: one at a time. Two streams over the same memory are two users of that memory.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <memregions/cursor.h>
#include <memregions/load.h>
#include <memregions/region.h>
#include <memregions/source.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mr_stream_ops mr_stream_ops;

/** A stream of any kind; the caller's storage. Its members are its kind's: use the functions. */
typedef struct mr_stream {
  unsigned char *base;
  unsigned char *cursor;
  unsigned char *read_limit;
  unsigned char *write_limit;
  /** The position of base. */
  uint64_t origin;
  const mr_stream_ops *ops;
  /** What else the kind needs. */
  void *context;
  /** Borrows not yet released. */
  size_t borrowed;
} mr_stream;

/* Making and ending. */

/** A fixed stream over `region`, to read and write, at position 0. Its size is the region's and
 * never changes.
 *
 * @param[out] stream  the caller's
 * @param region       borrowed until the stream is no longer used; may be null
 */
MR_API void mr_stream_init_region(mr_stream *stream, mr_region region);

/** A fixed stream over `view`, to read, at position 0. Writing answers MR_READ_ONLY, be it of no
 * octets.
 *
 * @param[out] stream  the caller's
 * @param view         borrowed until the stream is no longer used; may be null
 */
MR_API void mr_stream_init_view(mr_stream *stream, mr_view view);

/** A fixed stream over what a stable source lends: to read and write, or to read where the source
 * is read-only.
 *
 * @param source       borrowed until the stream is no longer used
 * @param[out] stream  the caller's; untouched on failure
 * @retval MR_UNSUPPORTED    the source is not stable
 * @retval MR_OUT_OF_BOUNDS  its size is not known (a bare pointer)
 * @return                   else as mr_to_view
 */
MR_API MR_MUST_CHECK mr_status mr_stream_of(mr_source source, mr_stream *stream);

/** Writes out what is pending, where the kind holds anything back.
 *
 * @return MR_OK, always so for a fixed stream, or what went wrong in writing out
 */
MR_API MR_MUST_CHECK mr_status mr_stream_flush(mr_stream *stream);

/** Writes out what is pending, and ends the stream and all its borrows: afterwards it is fixed,
 * over the null view.
 *
 * @return MR_OK, or what went wrong first, in writing out or in ending (the stream has ended all
 *         the same)
 */
MR_API mr_status mr_stream_fini(mr_stream *stream);

/** All that is in a stream, as a source: stable and in place for fixed streams. For others it lends
 * copies, read from and written back to the stream, whose position stays.
 *
 * @param stream  borrowed until the source is no longer used. One that can't tell its size makes a
 *                source of unknown size, whose ranges need an end, else they are MR_OUT_OF_BOUNDS
 */
MR_API mr_source mr_stream_source(mr_stream *stream);

/** Whether the invariants at the top of this header hold. */
MR_API bool mr_stream_is_sound(const mr_stream *stream);

/* Position. */

/** Where the next octet is read or written. */
MR_INLINE uint64_t mr_stream_position(const mr_stream *stream) {
  return stream->origin + (uint64_t)(stream->cursor - stream->base);
}

/** How many octets there are in all.
 *
 * @param[out] out  untouched on failure
 * @retval MR_UNSUPPORTED  this kind can't tell
 */
MR_API MR_MUST_CHECK mr_status mr_stream_size(mr_stream *stream, uint64_t *out);

/** Moves to `position`, counted from the start.
 *
 * @retval MR_OUT_OF_BOUNDS  past the end of a fixed stream; the position is unchanged
 * @retval MR_UNSUPPORTED    this kind can't
 */
MR_API MR_MUST_CHECK mr_status mr_stream_set_position(mr_stream *stream, uint64_t position);

/** What an offset is counted from. */
typedef enum mr_whence { MR_FROM_START = 0, MR_FROM_CURRENT = 1, MR_FROM_END = 2 } mr_whence;

/** Moves by an offset from the start, the current position or the end.
 *
 * @param offset  octets, either way
 * @retval MR_INVALID_ARGUMENT  `whence` is none
 * @retval MR_OUT_OF_BOUNDS     before the start, past the end of a fixed stream, or a sum that does
 *                              not fit; the position is unchanged
 * @retval MR_UNSUPPORTED       this kind can't
 */
MR_API MR_MUST_CHECK mr_status mr_stream_seek(mr_stream *stream, int64_t offset, mr_whence whence);

/** Drops all input: the position becomes the end.
 *
 * @retval MR_UNSUPPORTED  this kind can't tell where that is, or can't move there
 */
MR_API MR_MUST_CHECK mr_status mr_stream_clear_input(mr_stream *stream);

/** Drops what was written: the position becomes the start.
 *
 * @retval MR_UNSUPPORTED  this kind can't move there
 */
MR_API MR_MUST_CHECK mr_status mr_stream_clear_output(mr_stream *stream);

/* Blocks. They may lie in the stream's own memory where that is fixed, or is borrowed from it:
 * octets are moved as by memmove. */

/** Reads up to as many octets as `into` holds.
 *
 * @param into        filled from its start
 * @param[out] count  octets read, exact whatever is returned; may be null
 * @retval MR_OK           at least one, or none was asked for
 * @retval MR_END_OF_FILE  none was left
 */
MR_API MR_MUST_CHECK mr_status mr_stream_read(mr_stream *stream, mr_region into, size_t *count);

/** Fills `into`, or reads nothing.
 *
 * @param into  untouched on failure; but where it is larger than any window of the stream, and an
 *              error comes in between, its contents are unspecified (the position is unchanged)
 * @retval MR_END_OF_FILE  none was left, and some were asked for
 * @retval MR_TRUNCATED    fewer were left
 * @retval MR_NO_SPACE     `into` is larger than any window, and this kind can't tell its size or
 *                         can't move back
 */
MR_API MR_MUST_CHECK mr_status mr_stream_read_exact(mr_stream *stream, mr_region into);

/** Writes up to as many octets as `from` holds.
 *
 * @param[out] count  octets written, exact whatever is returned; may be null
 * @retval MR_OK         at least one, or none was asked for
 * @retval MR_NO_SPACE   none could be
 * @retval MR_READ_ONLY  the stream can't be written
 */
MR_API MR_MUST_CHECK mr_status mr_stream_write(mr_stream *stream, mr_view from, size_t *count);

/** Writes all of `from`, or nothing.
 *
 * Where there is space, but an error comes in between, the octets from the position on are
 * unspecified (the position is unchanged).
 *
 * @retval MR_NO_SPACE   it does not fit; or no window holds it, and this kind can't move back
 * @retval MR_READ_ONLY  the stream can't be written
 */
MR_API MR_MUST_CHECK mr_status mr_stream_write_exact(mr_stream *stream, mr_view from);

/* Borrowing in place, without a copy. What is borrowed stays valid until it is released; meanwhile
 * a stream that would have to move it answers MR_BUSY. For a fixed stream it stays valid as long as
 * the memory does. */

/** Borrows the next `size` octets to read, and moves past them.
 *
 * @param[out] view  untouched on failure
 * @retval MR_END_OF_FILE  none are left, and some were asked for
 * @retval MR_TRUNCATED    fewer are left
 * @retval MR_NO_SPACE     this stream can't show so many in one piece, and fewer it may not be
 */
MR_API MR_MUST_CHECK mr_status mr_stream_acquire(mr_stream *stream, size_t size, mr_view *view);

/** Borrows the next `size` octets to write, and moves past them.
 *
 * @param[out] region  untouched on failure; what is not written keeps what was there
 * @retval MR_NO_SPACE   there are not so many, or not in one piece
 * @retval MR_READ_ONLY  the stream can't be written
 */
MR_API MR_MUST_CHECK mr_status mr_stream_acquire_output(mr_stream *stream, size_t size,
                                                        mr_region *region);

/** Borrows the octets up to the next `delimiter`, which is not among them, and moves past it: a
 * zero-terminated string, a line.
 *
 * A last line may lack its delimiter. MR_TRUNCATED says so, and all of it can then be acquired:
 *
 *     while ((status = mr_stream_acquire_until(&stream, '\n', &line)) == MR_OK) {
 *       ...
 *       mr_stream_release(&stream);
 *     }
 *     if (status == MR_TRUNCATED) {
 *       status = mr_stream_acquire(&stream, mr_cursor_left(mr_stream_cursor(&stream)), &line);
 *       ...
 *     }
 *
 * @param[out] view  untouched on failure
 * @retval MR_END_OF_FILE  nothing is left
 * @retval MR_TRUNCATED    what is left has no such octet
 * @retval MR_NO_SPACE     none is in the most that this stream can show in one piece, and more is
 *                         left
 */
MR_API MR_MUST_CHECK mr_status mr_stream_acquire_until(mr_stream *stream, uint8_t delimiter,
                                                       mr_view *view);

/** Ends one borrow.
 *
 * @retval MR_INVALID_ARGUMENT  nothing is borrowed
 */
MR_API mr_status mr_stream_release(mr_stream *stream);

/* Looking ahead, and cursors: see memregions/cursor.h. */

/** Makes the next `need` octets readable without asking again, in one piece. The position stays.
 *
 * @param need  octets; 0 always succeeds
 * @retval MR_END_OF_FILE  none are left
 * @retval MR_TRUNCATED    fewer are left
 * @retval MR_NO_SPACE     this stream can't show so many in one piece, and fewer it may not be
 */
MR_API MR_MUST_CHECK mr_status mr_stream_require(mr_stream *stream, size_t need);

/** What can be read of a stream without asking it. Valid until the stream is used otherwise. */
MR_API mr_cursor mr_stream_cursor(mr_stream *stream);

/** Moves the stream to where a cursor of its is. */
MR_INLINE void mr_stream_commit(mr_stream *stream, mr_cursor cursor) {
  /* By a difference, since the cursor's own pointer is const. */
  stream->cursor += cursor.position - stream->cursor;
}

/** Gives a cursor its next window. What it has not read yet stays at its front.
 *
 * @param stream          moved to where the cursor is
 * @param[in,out] cursor  one of this stream; afterwards has what there is, also on failure
 * @param need            octets that it shall have; 0 is taken as 1
 * @return                as mr_stream_require
 */
MR_INLINE MR_MUST_CHECK mr_status mr_stream_refill(mr_stream *stream, mr_cursor *cursor,
                                                   size_t need) {
  mr_status status;
  mr_stream_commit(stream, *cursor);
  status = mr_stream_require(stream, need ? need : 1);
  /* Taken anew by value: a cursor whose address left this function could not live in registers. */
  *cursor = mr_stream_cursor(stream);
  return status;
}

/* Typed reads.
 *
 * @param order     of the octets there
 * @param[out] out  the value; untouched on failure
 * @return          as mr_stream_read_exact
 */

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_u8(mr_stream *stream, uint8_t *out) {
  unsigned char *from = stream->cursor;
  if (stream->read_limit - from < (ptrdiff_t)sizeof *out) {
    uint8_t octets;
    mr_status status = mr_stream_read_exact(stream, mr_region_of(&octets, sizeof octets));
    if (status == MR_OK) *out = octets;
    return status;
  }
  /* First: for all the compiler knows, `out` could be the cursor. */
  stream->cursor = from + sizeof *out;
  *out = *from;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_u16(mr_stream *stream, mr_byte_order order,
                                                     uint16_t *out) {
  if (stream->read_limit - stream->cursor < (ptrdiff_t)sizeof *out) {
    uint16_t octets;
    mr_status status = mr_stream_read_exact(stream, mr_region_of(&octets, sizeof octets));
    if (status == MR_OK) *out = mr_peek_u16(&octets, order);
    return status;
  }
  *out = mr_peek_u16(stream->cursor, order);
  stream->cursor += sizeof *out;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_u32(mr_stream *stream, mr_byte_order order,
                                                     uint32_t *out) {
  if (stream->read_limit - stream->cursor < (ptrdiff_t)sizeof *out) {
    uint32_t octets;
    mr_status status = mr_stream_read_exact(stream, mr_region_of(&octets, sizeof octets));
    if (status == MR_OK) *out = mr_peek_u32(&octets, order);
    return status;
  }
  *out = mr_peek_u32(stream->cursor, order);
  stream->cursor += sizeof *out;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_u64(mr_stream *stream, mr_byte_order order,
                                                     uint64_t *out) {
  if (stream->read_limit - stream->cursor < (ptrdiff_t)sizeof *out) {
    uint64_t octets;
    mr_status status = mr_stream_read_exact(stream, mr_region_of(&octets, sizeof octets));
    if (status == MR_OK) *out = mr_peek_u64(&octets, order);
    return status;
  }
  *out = mr_peek_u64(stream->cursor, order);
  stream->cursor += sizeof *out;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_i8(mr_stream *stream, int8_t *out) {
  uint8_t bits;
  mr_status status = mr_stream_read_u8(stream, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_i16(mr_stream *stream, mr_byte_order order,
                                                     int16_t *out) {
  uint16_t bits;
  mr_status status = mr_stream_read_u16(stream, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_i32(mr_stream *stream, mr_byte_order order,
                                                     int32_t *out) {
  uint32_t bits;
  mr_status status = mr_stream_read_u32(stream, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_i64(mr_stream *stream, mr_byte_order order,
                                                     int64_t *out) {
  uint64_t bits;
  mr_status status = mr_stream_read_u64(stream, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_f32(mr_stream *stream, mr_byte_order order,
                                                     float *out) {
  uint32_t bits;
  mr_status status = mr_stream_read_u32(stream, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_read_f64(mr_stream *stream, mr_byte_order order,
                                                     double *out) {
  uint64_t bits;
  mr_status status = mr_stream_read_u64(stream, order, &bits);
  if (status == MR_OK) memcpy(out, &bits, sizeof bits);
  return status;
}

/* Typed writes.
 *
 * @param order  of the octets to be written
 * @return       as mr_stream_write_exact
 */

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_u8(mr_stream *stream, uint8_t value) {
  unsigned char *to = stream->cursor;
  if (stream->write_limit - to < (ptrdiff_t)sizeof value) {
    uint8_t octets = value;
    return mr_stream_write_exact(stream, mr_view_of(&octets, sizeof octets));
  }
  /* First: for all the compiler knows, the octet could be the cursor's. */
  stream->cursor = to + sizeof value;
  *to = value;
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_u16(mr_stream *stream, mr_byte_order order,
                                                      uint16_t value) {
  unsigned char *to = stream->cursor;
  if (stream->write_limit - to < (ptrdiff_t)sizeof value) {
    uint16_t octets;
    mr_poke_u16(&octets, order, value);
    return mr_stream_write_exact(stream, mr_view_of(&octets, sizeof octets));
  }
  stream->cursor = to + sizeof value;
  mr_poke_u16(to, order, value);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_u32(mr_stream *stream, mr_byte_order order,
                                                      uint32_t value) {
  unsigned char *to = stream->cursor;
  if (stream->write_limit - to < (ptrdiff_t)sizeof value) {
    uint32_t octets;
    mr_poke_u32(&octets, order, value);
    return mr_stream_write_exact(stream, mr_view_of(&octets, sizeof octets));
  }
  stream->cursor = to + sizeof value;
  mr_poke_u32(to, order, value);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_u64(mr_stream *stream, mr_byte_order order,
                                                      uint64_t value) {
  unsigned char *to = stream->cursor;
  if (stream->write_limit - to < (ptrdiff_t)sizeof value) {
    uint64_t octets;
    mr_poke_u64(&octets, order, value);
    return mr_stream_write_exact(stream, mr_view_of(&octets, sizeof octets));
  }
  stream->cursor = to + sizeof value;
  mr_poke_u64(to, order, value);
  return MR_OK;
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_i8(mr_stream *stream, int8_t value) {
  uint8_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_stream_write_u8(stream, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_i16(mr_stream *stream, mr_byte_order order,
                                                      int16_t value) {
  uint16_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_stream_write_u16(stream, order, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_i32(mr_stream *stream, mr_byte_order order,
                                                      int32_t value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_stream_write_u32(stream, order, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_i64(mr_stream *stream, mr_byte_order order,
                                                      int64_t value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_stream_write_u64(stream, order, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_f32(mr_stream *stream, mr_byte_order order,
                                                      float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_stream_write_u32(stream, order, bits);
}

MR_INLINE MR_MUST_CHECK mr_status mr_stream_write_f64(mr_stream *stream, mr_byte_order order,
                                                      double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return mr_stream_write_u64(stream, order, bits);
}

/* Making a kind of your own. */

/** The functions of a kind of stream. Those that may be null say what that means.
 *
 * They are called with read_limit moved up to the cursor, and leave the invariants standing. One
 * that would have to move the window while anything is borrowed answers MR_BUSY. Where refill or
 * reserve answers MR_OK without having done what was asked, the caller is told MR_CORRUPT.
 */
struct mr_stream_ops {
  /** sizeof(mr_stream_ops), as the kind was compiled: members beyond it are taken as null. */
  size_t struct_size;
  /** For people and debuggers: "fixed". */
  const char *name;
  /** Makes `need` octets readable at the cursor, contiguous, where there are fewer now. Keeps the
   * position, and what is readable, whatever it returns. Null: there is nothing but the window.
   *
   * @retval MR_END_OF_FILE  none are left
   * @retval MR_TRUNCATED    fewer are left, and all of them are readable now
   * @retval MR_NO_SPACE     as many as can be shown in one piece are readable now; more are left
   */
  mr_status (*refill)(mr_stream *stream, size_t need);
  /** Makes up to `need` octets writable at the cursor, contiguous, keeping the position: as many as
   * can be shown in one piece, 1 at least. A `need` of 0 asks only whether the stream can be
   * written. Null: there is nothing but the window, which can.
   *
   * @retval MR_NO_SPACE   not one
   * @retval MR_READ_ONLY  the stream can't be written
   */
  mr_status (*reserve)(mr_stream *stream, size_t need);
  /** How many octets can be written from the cursor on, in all. Null: what the window has. */
  uint64_t (*space)(mr_stream *stream);
  /** Moves to a position outside the window. Null: MR_OUT_OF_BOUNDS, and exact reads and writes of
   * more than one window are MR_NO_SPACE. */
  mr_status (*seek)(mr_stream *stream, uint64_t position);
  /** How many octets there are. Null: up to the window's end. */
  mr_status (*size)(mr_stream *stream, uint64_t *out);
  /** Writes out what is pending. Null: nothing ever is. */
  mr_status (*flush)(mr_stream *stream);
  /** Ends it, flush done. Null: nothing to do. */
  mr_status (*fini)(mr_stream *stream);
};

#ifdef __cplusplus
}
#endif
#endif

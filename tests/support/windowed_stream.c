#include "windowed_stream.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 3 };

static windowed_stream *of(mr_stream *stream) { return (windowed_stream *)stream; }

static bool fails(mr_stream *stream) {
  windowed_stream *windowed = of(stream);
  return windowed->calls_before_failure >= 0 && windowed->calls_before_failure-- == 0;
}

static bool is_read_only(const mr_stream *stream);

static uint64_t left(mr_stream *stream) {
  return of(stream)->backing.size - mr_stream_position(stream);
}

static void write_back(mr_stream *stream) {
  size_t shown = (size_t)(stream->read_limit - stream->base);
  if (shown > 0 && !is_read_only(stream))
    memcpy((unsigned char *)of(stream)->backing.pointer + stream->origin, stream->base, shown);
}

/* Moves the window to where it shows `size` octets from `position`. */
static mr_status move(mr_stream *stream, uint64_t position, size_t size) {
  unsigned char *window = malloc(size ? size : 1);
  if (!window) return MR_OUT_OF_MEMORY;
  write_back(stream);
  free(stream->base);
  if (size) memcpy(window, (unsigned char *)of(stream)->backing.pointer + position, size);
  stream->base = stream->cursor = stream->read_limit = stream->write_limit = window;
  stream->origin = position;
  of(stream)->moves++;
  return MR_OK;
}

/* Makes `need` octets the window's, or as many as can be. */
static mr_status show(mr_stream *stream, size_t need) {
  if (stream->borrowed) return MR_BUSY;
  size_t size = need < SMALLEST ? SMALLEST : need;
  if (size > of(stream)->largest) size = of(stream)->largest;
  if (size > left(stream)) size = (size_t)left(stream);
  mr_status status = move(stream, mr_stream_position(stream), size);
  if (status != MR_OK) return status;
  stream->read_limit = stream->base + size;
  stream->write_limit = is_read_only(stream) ? stream->base : stream->read_limit;
  return MR_OK;
}

static mr_status refill(mr_stream *stream, size_t need) {
  size_t readable = (size_t)(stream->read_limit - stream->cursor);
  if (fails(stream)) return MR_SYSTEM_ERROR;
  if (left(stream) == 0) return MR_END_OF_FILE;
  if (readable < left(stream) && readable < of(stream)->largest) {
    mr_status status = show(stream, need);
    if (status != MR_OK) return status;
    readable = (size_t)(stream->read_limit - stream->cursor);
  }
  if (readable >= need) return MR_OK;
  return readable == left(stream) ? MR_TRUNCATED : MR_NO_SPACE;
}

static mr_status reserve(mr_stream *stream, size_t need) {
  if (fails(stream)) return MR_SYSTEM_ERROR;
  if (need == 0) return MR_OK;
  if (left(stream) == 0) return MR_NO_SPACE;
  mr_status status = show(stream, need);
  if (status == MR_OK) stream->read_limit = stream->cursor;
  return status;
}

static mr_status refuse(mr_stream *stream, size_t need) {
  (void)need;
  return fails(stream) ? MR_SYSTEM_ERROR : MR_READ_ONLY;
}

static mr_status seek(mr_stream *stream, uint64_t position) {
  if (fails(stream)) return MR_SYSTEM_ERROR;
  if (position > of(stream)->backing.size) return MR_OUT_OF_BOUNDS;
  return stream->borrowed ? MR_BUSY : move(stream, position, 0);
}

static mr_status size(mr_stream *stream, uint64_t *out) {
  if (fails(stream)) return MR_SYSTEM_ERROR;
  *out = of(stream)->backing.size;
  return MR_OK;
}

static mr_status hide_size(mr_stream *stream, uint64_t *out) {
  (void)out;
  return fails(stream) ? MR_SYSTEM_ERROR : MR_UNSUPPORTED;
}

static mr_status flush(mr_stream *stream) {
  if (fails(stream)) return MR_SYSTEM_ERROR;
  write_back(stream);
  return MR_OK;
}

static mr_status fini(mr_stream *stream) {
  free(stream->base);
  return fails(stream) ? MR_SYSTEM_ERROR : MR_OK;
}

static const mr_stream_ops writable_ops = {
    sizeof(mr_stream_ops), "windowed", refill, reserve, left, seek, size, flush, fini};
static const mr_stream_ops read_only_ops = {
    sizeof(mr_stream_ops), "windowed, read-only", refill, refuse, left, seek, size, flush, fini};
static const mr_stream_ops endless_ops = {sizeof(mr_stream_ops),
                                          "windowed, endless",
                                          refill,
                                          reserve,
                                          left,
                                          seek,
                                          hide_size,
                                          flush,
                                          fini};

static const mr_stream_ops seekless_ops = {.struct_size = sizeof(mr_stream_ops),
                                           .name = "windowed, seekless",
                                           .refill = refill,
                                           .reserve = reserve,
                                           .space = left,
                                           .size = size,
                                           .flush = flush,
                                           .fini = fini};

static bool is_read_only(const mr_stream *stream) { return stream->ops == &read_only_ops; }

static void init(windowed_stream *windowed, mr_region backing, size_t largest,
                 const mr_stream_ops *ops) {
  unsigned char *window = malloc(1);
  if (!window) abort();
  *windowed = (windowed_stream){.stream = {window, window, window, window, 0, ops, NULL, 0},
                                .backing = backing,
                                .largest = largest,
                                .calls_before_failure = -1};
}

void windowed_stream_init(windowed_stream *windowed, mr_region backing, size_t largest) {
  init(windowed, backing, largest, &writable_ops);
}

void windowed_stream_init_read_only(windowed_stream *windowed, mr_region backing, size_t largest) {
  init(windowed, backing, largest, &read_only_ops);
}

void windowed_stream_init_endless(windowed_stream *windowed, mr_region backing, size_t largest) {
  init(windowed, backing, largest, &endless_ops);
}

void windowed_stream_init_seekless(windowed_stream *windowed, mr_region backing, size_t largest) {
  init(windowed, backing, largest, &seekless_ops);
}

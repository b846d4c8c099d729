#include <stdlib.h>
#include <string.h>

#include "stream_conformance.h"
#include "support.h"
#include "windowed_stream.h"

enum { MOST = 64 };

/* A stream, and the memory it is over. */
typedef struct owned_stream {
  union {
    mr_stream stream;
    windowed_stream windowed;
  } as;
  unsigned char octets[MOST];
  mr_region memory;
} owned_stream;

static owned_stream *owned_of(mr_view contents) {
  owned_stream *owned = malloc(sizeof *owned);
  if (!owned || contents.size > MOST) abort();
  if (contents.size > 0) memcpy(owned->octets, contents.pointer, contents.size);
  owned->memory = mr_region_of(contents.size > 0 ? owned->octets : NULL, contents.size);
  return owned;
}

static void peek(mr_stream *stream, unsigned char *octets) {
  const owned_stream *owned = (owned_stream *)stream;
  assert_int_equal(mr_stream_flush(stream), MR_OK);
  memcpy(octets, owned->octets, owned->memory.size);
}

static void close(mr_stream *stream) {
  assert_int_equal(mr_stream_fini(stream), MR_OK);
  free(stream);
}

static mr_stream *open_region(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  mr_stream_init_region(&owned->as.stream, owned->memory);
  return &owned->as.stream;
}

static mr_stream *open_view(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  mr_stream_init_view(&owned->as.stream, mr_region_view(owned->memory));
  return &owned->as.stream;
}

static mr_stream *open_source(owned_stream *owned, mr_source source) {
  assert_int_equal(mr_stream_of(source, &owned->as.stream), MR_OK);
  return &owned->as.stream;
}

static mr_stream *open_region_source(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  return open_source(owned, mr_region_source(owned->memory));
}

static mr_stream *open_view_source(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  return open_source(owned, mr_view_source(mr_region_view(owned->memory)));
}

static mr_stream *open_array(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  return open_source(owned, mr_array_source(owned->memory, 4));
}

static mr_stream *open_const_array(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  return open_source(owned, mr_const_array_source(mr_region_view(owned->memory), 4));
}

static mr_stream *open_stream_source(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  mr_stream below;
  mr_stream_init_region(&below, owned->memory);
  return open_source(owned, mr_stream_source(&below));
}

static mr_stream *open_windowed(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  windowed_stream_init(&owned->as.windowed, owned->memory, 16);
  return &owned->as.stream;
}

static mr_stream *open_narrow(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  windowed_stream_init(&owned->as.windowed, owned->memory, 8);
  return &owned->as.stream;
}

static mr_stream *open_windowed_read_only(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  windowed_stream_init_read_only(&owned->as.windowed, owned->memory, 16);
  return &owned->as.stream;
}

static mr_stream *open_windowed_endless(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  windowed_stream_init_endless(&owned->as.windowed, owned->memory, 16);
  return &owned->as.stream;
}

static mr_stream *open_windowed_seekless(mr_view contents) {
  owned_stream *owned = owned_of(contents);
  windowed_stream_init_seekless(&owned->as.windowed, owned->memory, 16);
  return &owned->as.stream;
}

static const stream_fixture fixtures[] = {
    {"region", open_region, peek, close, .largest = SIZE_MAX},
    {"view", open_view, peek, close, .largest = SIZE_MAX, .read_only = true},
    {"of a region source", open_region_source, peek, close, .largest = SIZE_MAX},
    {"of a view source", open_view_source, peek, close, .largest = SIZE_MAX, .read_only = true},
    {"of an array", open_array, peek, close, .largest = SIZE_MAX},
    {"of a constant array", open_const_array, peek, close, .largest = SIZE_MAX, .read_only = true},
    {"of a stream", open_stream_source, peek, close, .largest = SIZE_MAX},
    {"windowed", open_windowed, peek, close, .largest = 16},
    {"windowed, narrow", open_narrow, peek, close, .largest = 8},
    {"windowed, read-only", open_windowed_read_only, peek, close, .largest = 16, .read_only = true},
    {"windowed, endless", open_windowed_endless, peek, close, .largest = 16, .endless = true},
    {"windowed, seekless", open_windowed_seekless, peek, close, .largest = 16, .seekless = true},
};

int main(void) {
  int failed = 0;
  for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++)
    failed += stream_conformance(&fixtures[i]);
  return failed;
}

#include "fixed.h"

#include <assert.h>

/* What the window of a null region starts at, since nothing may be computed from a null pointer. */
static const unsigned char nothing[1];

static mr_status refuse_to_write(mr_stream *stream, size_t need) {
  (void)stream;
  (void)need;
  return MR_READ_ONLY;
}

static const mr_stream_ops region_ops = {.struct_size = sizeof(mr_stream_ops), .name = "fixed"};

static const mr_stream_ops view_ops = {
    .struct_size = sizeof(mr_stream_ops),
    .name = "fixed, read-only",
    .reserve = refuse_to_write,
};

bool mr_stream_is_fixed(const mr_stream *stream) {
  return stream->ops == &region_ops || stream->ops == &view_ops;
}

void mr_stream_init_view(mr_stream *stream, mr_view view) {
  assert(mr_view_is_sound(view));
  /* Cast away from const, and never written through: write_limit is base. */
  unsigned char *base = (unsigned char *)(view.pointer ? view.pointer : nothing);
  *stream = (mr_stream){.base = base,
                        .cursor = base,
                        .read_limit = base + view.size,
                        .write_limit = base,
                        .ops = &view_ops};
}

void mr_stream_init_region(mr_stream *stream, mr_region region) {
  mr_stream_init_view(stream, mr_region_view(region));
  stream->write_limit = stream->read_limit;
  stream->ops = &region_ops;
}

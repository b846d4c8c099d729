#include <memregions/stream.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

/*
 * Memory larger than the caches, read from its start to its end, a slice a sample. Each subject begins in another third
 * of it, so that none finds in the cache what another has just read.
 */

enum { SLICE = 1 << 20, SLICES = 256, SLICES_QUICK = 128, BLOCK = 4096 };

typedef struct memory {
  unsigned char *octets;
  size_t slices;
} memory;

/** A subject on its way through the memory. */
typedef struct walk {
  const memory *through;
  size_t slice;
  mr_stream stream;
  FILE *file;
  unsigned char block[BLOCK];
} walk;

static void *memory_open(const bench_case *of, bool is_quick) {
  (void)of;
  memory *made = malloc(sizeof *made);
  bench_require(made != NULL, "no memory to read");
  made->slices = is_quick ? SLICES_QUICK : SLICES;
  size_t size = made->slices * SLICE;
  made->octets = malloc(size);
  bench_require(made->octets != NULL, "no memory to read");
  uint64_t noise = 1;
  for (size_t at = 0; at < size; at += sizeof noise) {
    noise = noise * UINT64_C(6364136223846793005) + 1442695040888963407;
    memcpy(made->octets + at, &noise, sizeof noise);
  }
  return made;
}

static void memory_close(void *fixture) {
  memory *closed = fixture;
  free(closed->octets);
  free(closed);
}

static walk *walk_from(bench_job *job, size_t third) {
  walk *started = calloc(1, sizeof *started);
  bench_require(started != NULL, "no memory for a walk");
  started->through = job->fixture;
  started->slice = started->through->slices / 3 * third;
  job->state = started;
  return started;
}

static void walk_close(bench_job *job) {
  walk *closed = job->state;
  if (closed->file) fclose(closed->file);
  free(closed);
}

static const unsigned char *next_slice(walk *on) {
  const unsigned char *slice = on->through->octets + on->slice * SLICE;
  on->slice = (on->slice + 1) % on->through->slices;
  return slice;
}

/* memregions. */

static void stream_open(bench_job *job) {
  walk *on = walk_from(job, 0);
  mr_region all = mr_region_of(on->through->octets, on->through->slices * SLICE);
  mr_stream_init_view(&on->stream, mr_region_view(all));
}

static mr_cursor slice_cursor(walk *on) {
  mr_stream_init_view(&on->stream, mr_view_of(next_slice(on), SLICE));
  return mr_stream_cursor(&on->stream);
}

static void cursor_u8(bench_job *job) {
  walk *on = job->state;
  mr_cursor cursor = slice_cursor(on);
  uint64_t sum = 0;
  uint8_t value;
  bench_align();
  do {
    while (mr_cursor_read_u8(&cursor, &value) == MR_OK) {
      sum += value;
      bench_keep(sum);
    }
  } while (mr_stream_refill(&on->stream, &cursor, sizeof value) == MR_OK);
  mr_stream_commit(&on->stream, cursor);
}

static void cursor_u32(bench_job *job) {
  walk *on = job->state;
  mr_cursor cursor = slice_cursor(on);
  uint64_t sum = 0;
  uint32_t value;
  bench_align();
  do {
    while (mr_cursor_read_u32(&cursor, MR_LITTLE_ENDIAN, &value) == MR_OK) {
      sum += value;
      bench_keep(sum);
    }
  } while (mr_stream_refill(&on->stream, &cursor, sizeof value) == MR_OK);
  mr_stream_commit(&on->stream, cursor);
}

static void stream_blocks(bench_job *job) {
  walk *on = job->state;
  mr_region block = mr_region_of(on->block, job->of->size);
  if (next_slice(on) == on->through->octets) {
    bench_require(mr_stream_set_position(&on->stream, 0) == MR_OK, "mr_stream_set_position failed");
  }
  for (size_t i = 0; i < job->of->units; i++) {
    size_t count;
    bench_require(mr_stream_read(&on->stream, block, &count) == MR_OK && count == block.size,
                  "mr_stream_read failed");
    bench_use(block.pointer);
  }
}

/* The plain loop. */

static void loop_open(bench_job *job) { walk_from(job, 1); }

static void loop_u8(bench_job *job) {
  const unsigned char *position = next_slice(job->state);
  const unsigned char *limit = position + SLICE;
  uint64_t sum = 0;
  bench_align();
  while (position < limit) {
    sum += *position++;
    bench_keep(sum);
  }
}

static void loop_u32(bench_job *job) {
  const unsigned char *position = next_slice(job->state);
  const unsigned char *limit = position + SLICE;
  uint64_t sum = 0;
  bench_align();
  while (position < limit) {
    sum += mr_peek_u32(position, MR_LITTLE_ENDIAN);
    position += sizeof(uint32_t);
    bench_keep(sum);
  }
}

static void loop_blocks(bench_job *job) {
  walk *on = job->state;
  const unsigned char *position = next_slice(on);
  size_t size = job->of->size;
  for (size_t i = 0; i < job->of->units; i++, position += size) {
    memcpy(on->block, position, size);
    bench_use(on->block);
  }
}

/* The C library's. */

static void file_open(bench_job *job) {
  walk *on = walk_from(job, 2);
  on->file = fmemopen(on->through->octets, on->through->slices * SLICE, "r");
  bench_require(on->file != NULL, "fmemopen failed");
  bench_require(fseek(on->file, (long)(on->slice * SLICE), SEEK_SET) == 0, "fseek failed");
}

static FILE *file_at_slice(walk *on) {
  if (next_slice(on) == on->through->octets) rewind(on->file);
  return on->file;
}

static void file_u8(bench_job *job) {
  FILE *file = file_at_slice(job->state);
  uint64_t sum = 0;
  for (size_t i = 0; i < job->of->units; i++) {
    uint8_t value;
    bench_require(fread(&value, sizeof value, 1, file) == 1, "fread failed");
    sum += value;
    bench_keep(sum);
  }
}

static void file_u32(bench_job *job) {
  FILE *file = file_at_slice(job->state);
  uint64_t sum = 0;
  for (size_t i = 0; i < job->of->units; i++) {
    uint32_t value;
    bench_require(fread(&value, sizeof value, 1, file) == 1, "fread failed");
    sum += mr_peek_u32(&value, MR_LITTLE_ENDIAN);
    bench_keep(sum);
  }
}

static void file_blocks(bench_job *job) {
  walk *on = job->state;
  FILE *file = file_at_slice(on);
  for (size_t i = 0; i < job->of->units; i++) {
    bench_require(fread(on->block, job->of->size, 1, file) == 1, "fread failed");
    bench_use(on->block);
  }
}

static const bench_subject u8_peers[] = {
    {.name = "loop", .open = loop_open, .work = loop_u8, .close = walk_close},
    {.name = "fmemopen", .open = file_open, .work = file_u8, .close = walk_close},
    {0},
};

static const bench_subject u32_peers[] = {
    {.name = "loop", .open = loop_open, .work = loop_u32, .close = walk_close},
    {.name = "fmemopen", .open = file_open, .work = file_u32, .close = walk_close},
    {0},
};

static const bench_subject blocks_peers[] = {
    {.name = "loop", .open = loop_open, .work = loop_blocks, .close = walk_close},
    {.name = "fmemopen", .open = file_open, .work = file_blocks, .close = walk_close},
    {0},
};

static const bench_case cases[] = {
    {.name = "read-u8",
     .size = sizeof(uint8_t),
     .unit = "octet",
     .units = SLICE / sizeof(uint8_t),
     .is_single = true,
     .memregions =
         {.name = "memregions", .open = stream_open, .work = cursor_u8, .close = walk_close},
     .peers = u8_peers},
    {.name = "read-u32le",
     .size = sizeof(uint32_t),
     .unit = "value",
     .units = SLICE / sizeof(uint32_t),
     .is_single = true,
     .memregions =
         {.name = "memregions", .open = stream_open, .work = cursor_u32, .close = walk_close},
     .peers = u32_peers},
    {.name = "read-4k",
     .size = BLOCK,
     .unit = "block",
     .units = SLICE / BLOCK,
     .is_single = true,
     .memregions =
         {.name = "memregions", .open = stream_open, .work = stream_blocks, .close = walk_close},
     .peers = blocks_peers},
};

const bench_component stream_bench = {.name = "stream",
                                      .open = memory_open,
                                      .close = memory_close,
                                      .cases = cases,
                                      .case_count = BENCH_COUNT(cases)};

/*
 * A report on a heap: who holds how much of it, and where its memory lies.
 *
 *     heap_report FOLDER
 *
 * runs a small piece of work on an allocator, wrapped in a tracked one, and writes to the folder
 *
 *   - profile.pb.gz, which `go tool pprof -top FOLDER/profile.pb.gz` and its kin read: blocks and octets, ever and in use,
 *     by the calls by which they came. Its format is profile.proto of github.com/google/pprof;
 *   - map.svg, for any browser: each octet that the allocator holds, row after row, as it is in memory. What is live,
 *     what is held for nothing and what is free are seen at a glance.
 *
 * What the report itself needs lives in an arena of its own, so that it does not count.
 */

/* For dladdr. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include <memregions.h>

/* The heap that is looked at. Any kind of allocator will do, if it can be walked: this is all that names it. */
static mr_tlsf heap;
static mr_status make_heap(void) {
  return mr_tlsf_init(&heap, &(mr_tlsf_options){.growth = 32768});
}

/* The work: an album of pages, with words, an index and pictures. Its functions are not static, so that dladdr knows
 * their names. */

enum { MOST_WORDS = 900, MOST_PICTURES = 24 };

typedef struct album {
  mr_allocator *allocator;
  mr_region words[MOST_WORDS];
  mr_region pictures[MOST_PICTURES];
  mr_region index;
  uint64_t random;
} album;

/* splitmix64, by Steele, Lea and Flood (2014). */
static size_t random_below(album *work, size_t bound) {
  uint64_t z = work->random += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return (size_t)((z ^ z >> 31) % bound);
}

mr_status read_words(album *work) {
  mr_status status = MR_OK;
  for (size_t i = 0; i < MOST_WORDS && status == MR_OK; i++) {
    if (work->words[i].pointer) continue;
    status = mr_allocate(work->allocator, 8 + random_below(work, 90), &work->words[i]);
  }
  return status;
}

/* Grows step by step, as it does not know how many words there will be. */
mr_status index_words(album *work) {
  mr_status status = MR_OK;
  for (size_t room = 64; room < MOST_WORDS && status == MR_OK; room *= 2)
    status = mr_reallocate_array(work->allocator, &work->index, room, sizeof(uint32_t));
  return status;
}

mr_status load_pictures(album *work) {
  mr_status status = MR_OK;
  for (size_t i = 0; i < MOST_PICTURES && status == MR_OK; i++) {
    if (work->pictures[i].pointer) continue;
    status = mr_allocate(work->allocator, 800 + random_below(work, 3000), &work->pictures[i]);
  }
  return status;
}

/* Needs memory for a while only. */
mr_status render_pages(album *work) {
  mr_status status = MR_OK;
  for (size_t page = 0; page < 40 && status == MR_OK; page++) {
    mr_region pixels;
    status = mr_allocate_zeroed(work->allocator, 1500 + random_below(work, 2000), &pixels);
    if (status == MR_OK) status = mr_deallocate(work->allocator, &pixels);
  }
  return status;
}

mr_status drop_drafts(album *work) {
  mr_status status = MR_OK;
  for (size_t i = 0; i < MOST_WORDS && status == MR_OK; i += 1 + random_below(work, 5))
    status = mr_deallocate(work->allocator, &work->words[i]);
  for (size_t i = 1; i < MOST_PICTURES && status == MR_OK; i += 3)
    status = mr_deallocate(work->allocator, &work->pictures[i]);
  return status;
}

static mr_status make_album(album *work) {
  static mr_status (*const steps[])(album *) = {read_words,  index_words,  load_pictures,
                                                drop_drafts, render_pages, read_words,
                                                drop_drafts, load_pictures};
  mr_status status = MR_OK;
  for (size_t i = 0; i < sizeof steps / sizeof *steps && status == MR_OK; i++)
    status = steps[i](work);
  return status;
}

/* A list that grows, in the report's own memory. */

static mr_arena own;

typedef struct list {
  mr_region storage;
  size_t count;
} list;

/* Room for one more element, which the caller writes; null where there is no memory. */
static void *add(list *to, size_t element_size) {
  if (to->storage.size < (to->count + 1) * element_size) {
    size_t room = to->count > 0 ? 2 * to->count : 64;
    if (mr_reallocate_array(&own.base, &to->storage, room, element_size) != MR_OK) return NULL;
  }
  return (unsigned char *)to->storage.pointer + to->count++ * element_size;
}

/* Protocol buffers: a message is written to a stream over memory of its own, and what goes wrong is remembered. */

typedef struct message {
  mr_stream stream;
  mr_status status;
  unsigned char octets[1024];
} message;

static void start(message *to) {
  mr_stream_init_region(&to->stream, mr_region_of(to->octets, sizeof to->octets));
  to->status = MR_OK;
}

static mr_view octets_of(const message *from) {
  return mr_view_of(from->octets, (size_t)mr_stream_position(&from->stream));
}

static void put_varint(message *to, uint64_t value) {
  for (; value >= 0x80 && to->status == MR_OK; value >>= 7)
    to->status = mr_stream_write_u8(&to->stream, (uint8_t)(value | 0x80));
  if (to->status == MR_OK) to->status = mr_stream_write_u8(&to->stream, (uint8_t)value);
}

enum { VARINT = 0, OCTETS = 2 };

static void put_number(message *to, unsigned field, uint64_t value) {
  put_varint(to, field << 3 | VARINT);
  put_varint(to, value);
}

static void put_message(message *to, unsigned field, const message *from) {
  mr_view octets = octets_of(from);
  put_varint(to, field << 3 | OCTETS);
  put_varint(to, octets.size);
  if (to->status == MR_OK) to->status = from->status;
  if (to->status == MR_OK) to->status = mr_stream_write_exact(&to->stream, octets);
}

/* The profile: the fields of its outermost message go to the file as they come. */

typedef struct mapping {
  uint64_t start;
  uint64_t end;
} mapping;

typedef struct profile {
  gzFile file;
  mr_status status;
  /* How many strings there are so far: the index of the next. */
  uint64_t strings;
  list mappings;
  /* Of calls, as uint64_t. */
  list addresses;
  /* Where those begin that are in the file already, as uint64_t. */
  list functions;
} profile;

static void emit(profile *to, mr_view octets) {
  if (to->status != MR_OK || octets.size == 0) return;
  if (gzwrite(to->file, octets.pointer, (unsigned)octets.size) == 0) to->status = MR_SYSTEM_ERROR;
}

static void emit_field(profile *to, unsigned field, mr_view octets) {
  message head;
  start(&head);
  put_varint(&head, field << 3 | OCTETS);
  put_varint(&head, octets.size);
  emit(to, octets_of(&head));
  emit(to, octets);
}

static void emit_message(profile *to, unsigned field, const message *from) {
  if (to->status == MR_OK) to->status = from->status;
  emit_field(to, field, octets_of(from));
}

static void emit_number(profile *to, unsigned field, uint64_t value) {
  message head;
  start(&head);
  put_number(&head, field, value);
  emit(to, octets_of(&head));
}

/* The index of a string, which is added. */
static uint64_t string_of(profile *to, const char *text) {
  emit_field(to, 6, mr_view_of(text, strlen(text)));
  return to->strings++;
}

static void put_value_type(profile *to, message *type, const char *name, const char *unit) {
  start(type);
  put_number(type, 1, string_of(to, name));
  put_number(type, 2, string_of(to, unit));
}

/* What the numbers of a sample are. The last is what is shown unless asked otherwise. */
static void emit_types(profile *to) {
  static const char *const types[][2] = {{"alloc_objects", "count"},
                                         {"alloc_space", "bytes"},
                                         {"inuse_objects", "count"},
                                         {"inuse_space", "bytes"}};
  message type;
  string_of(to, "");
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    put_value_type(to, &type, types[i][0], types[i][1]);
    emit_message(to, 1, &type);
  }
  put_value_type(to, &type, "space", "bytes");
  emit_message(to, 11, &type);
  emit_number(to, 12, 1);
  emit_number(to, 14, string_of(to, "inuse_space"));
  struct timespec now = {0, 0};
  (void)timespec_get(&now, TIME_UTC);
  emit_number(to, 9, (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
}

static mr_status emit_sample(void *context, const mr_tracked_stack *stack) {
  profile *to = context;
  message sample;
  start(&sample);
  for (size_t i = 0; i < stack->calls->depth; i++) {
    uint64_t *address = add(&to->addresses, sizeof *address);
    if (!address) return MR_OUT_OF_MEMORY;
    /* A call returns to the instruction after it, which may be of another line. */
    *address = (uint64_t)(uintptr_t)stack->calls->frames[i] - 1;
    put_number(&sample, 1, *address);
  }
  put_number(&sample, 2, stack->total_blocks);
  put_number(&sample, 2, stack->total_octets);
  put_number(&sample, 2, stack->live_blocks);
  put_number(&sample, 2, stack->live_octets);
  emit_message(to, 2, &sample);
  return to->status;
}

/* A line of /proc/self/maps, if it is of code: "7f00-7f10 r-xp 0000 08:01 123   /lib/libc.so.6". */
static void emit_mapping(profile *to, const char *line) {
  mapping found;
  uint64_t offset = 0;
  char rights[5] = "";
  int path_at = 0;
  if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %*s %n", &found.start, &found.end,
             rights, &offset, &path_at) < 4 ||
      rights[2] != 'x') {
    return;
  }
  mapping *kept = add(&to->mappings, sizeof *kept);
  if (!kept) {
    to->status = MR_OUT_OF_MEMORY;
    return;
  }
  *kept = found;
  message out;
  start(&out);
  put_number(&out, 1, found.start);
  put_number(&out, 2, found.start);
  put_number(&out, 3, found.end);
  put_number(&out, 4, offset);
  put_number(&out, 5, string_of(to, path_at > 0 ? line + path_at : ""));
  emit_message(to, 3, &out);
}

static mr_status emit_mappings(profile *to) {
  mr_file maps;
  mr_status status = mr_file_open("/proc/self/maps", NULL, &maps, NULL);
  if (status != MR_OK) return status;
  mr_stream lines;
  mr_stream_init_view(&lines, mr_file_view(&maps));
  mr_view line;
  while (mr_stream_acquire_until(&lines, '\n', &line) == MR_OK) {
    char text[512];
    mr_text to_text = mr_text_of(text, sizeof text);
    mr_ignore(mr_text_write(&to_text, line.pointer, line.size));
    emit_mapping(to, text);
    mr_stream_release(&lines);
  }
  return mr_file_close(&maps, NULL);
}

static uint64_t mapping_of(const profile *from, uint64_t address) {
  const mapping *mappings = from->mappings.storage.pointer;
  for (size_t i = 0; i < from->mappings.count; i++)
    if (address >= mappings[i].start && address < mappings[i].end) return mappings[i].start;
  return 0;
}

static bool is_emitted(const profile *from, uint64_t function) {
  const uint64_t *functions = from->functions.storage.pointer;
  for (size_t i = 0; i < from->functions.count; i++)
    if (functions[i] == function) return true;
  return false;
}

/* The function that an address is in, which is added once; 0 where the system does not know it. */
static uint64_t function_of(profile *to, uint64_t address) {
  Dl_info in;
  if (!dladdr((void *)(uintptr_t)address, &in) || !in.dli_sname || !in.dli_saddr) return 0;
  uint64_t function = (uint64_t)(uintptr_t)in.dli_saddr;
  if (is_emitted(to, function)) return function;
  uint64_t *kept = add(&to->functions, sizeof *kept);
  if (!kept) return 0;
  *kept = function;
  message out;
  start(&out);
  uint64_t name = string_of(to, in.dli_sname);
  put_number(&out, 1, function);
  put_number(&out, 2, name);
  put_number(&out, 3, name);
  emit_message(to, 5, &out);
  return function;
}

static void emit_location(profile *to, uint64_t address) {
  message out, line;
  uint64_t function = function_of(to, address);
  start(&out);
  put_number(&out, 1, address);
  put_number(&out, 2, mapping_of(to, address));
  put_number(&out, 3, address);
  if (function) {
    start(&line);
    put_number(&line, 1, function);
    put_message(&out, 4, &line);
  }
  emit_message(to, 4, &out);
}

static int by_number(const void *left, const void *right) {
  const uint64_t *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

/* Mappings, functions and locations bear their addresses as numbers, so that nobody has to look them up. */
static mr_status emit_profile(profile *to, mr_tracked *tracked) {
  emit_types(to);
  mr_status status = mr_tracked_each_stack(tracked, emit_sample, to);
  if (status == MR_OK) status = emit_mappings(to);
  if (status != MR_OK) return status;
  uint64_t *addresses = to->addresses.storage.pointer;
  if (to->addresses.count > 0) qsort(addresses, to->addresses.count, sizeof *addresses, by_number);
  for (size_t i = 0; i < to->addresses.count; i++)
    if (i == 0 || addresses[i] != addresses[i - 1]) emit_location(to, addresses[i]);
  return to->status;
}

static mr_status write_profile(mr_tracked *tracked, const char *path) {
  profile to = {.file = gzopen(path, "wb9")};
  if (!to.file) return MR_SYSTEM_ERROR;
  mr_status status = emit_profile(&to, tracked);
  if (gzclose(to.file) != Z_OK && status == MR_OK) status = MR_SYSTEM_ERROR;
  return status;
}

/* The map: what the allocator's walk shows, with the live blocks in it. */

typedef enum kind { FREE, HELD, LIVE } kind;

typedef struct span {
  uint64_t start;
  uint64_t end;
  kind is;
} span;

typedef struct map {
  mr_allocator *allocator;
  /* What is used or free, as the allocator sees it. */
  list walked;
  list live;
  /* All of it, in the order of addresses. */
  list spans;
  /* By kind. */
  uint64_t octets[3];
  size_t counts[3];
  uint64_t total;
  uint64_t largest_free;
  /* Octets of a row, a power of two. */
  uint64_t row_size;
} map;

static mr_status add_span(list *to, uint64_t from, uint64_t end, kind is) {
  span *added = add(to, sizeof *added);
  if (!added) return MR_OUT_OF_MEMORY;
  *added = (span){from, end, is};
  return MR_OK;
}

static mr_status see_span(void *context, mr_view seen, bool is_used) {
  uint64_t from = (uint64_t)(uintptr_t)seen.pointer;
  return add_span(&((map *)context)->walked, from, from + seen.size, is_used ? HELD : FREE);
}

static mr_status see_block(void *context, const mr_tracked_block *block) {
  uint64_t from = (uint64_t)(uintptr_t)block->block.pointer;
  return add_span(&((map *)context)->live, from, from + block->block.size, LIVE);
}

static int by_start(const void *left, const void *right) {
  const span *a = left, *b = right;
  return (a->start > b->start) - (a->start < b->start);
}

static void sort_spans(list *spans) {
  if (spans->count > 0) qsort(spans->storage.pointer, spans->count, sizeof(span), by_start);
}

static mr_status add_part(map *to, uint64_t from, uint64_t end, kind is) {
  if (from == end) return MR_OK;
  to->octets[is] += end - from;
  to->total += end - from;
  to->counts[is]++;
  if (is == FREE && end - from > to->largest_free) to->largest_free = end - from;
  return add_span(&to->spans, from, end, is);
}

/* Splits what is used into live blocks and what lies between them: padding, and blocks that went back but that the
 * allocator can't use again yet. `next` is the first live block that is not placed. */
static mr_status split(map *to, const span *used, size_t *next) {
  const span *live = to->live.storage.pointer;
  uint64_t at = used->start;
  mr_status status = MR_OK;
  for (; *next < to->live.count && live[*next].start < used->end && status == MR_OK; ++*next) {
    status = add_part(to, at, live[*next].start, HELD);
    if (status == MR_OK) status = add_part(to, live[*next].start, live[*next].end, LIVE);
    at = live[*next].end;
  }
  return status == MR_OK ? add_part(to, at, used->end, HELD) : status;
}

static size_t count_rows(const map *of, uint64_t row_size) {
  const span *spans = of->spans.storage.pointer;
  size_t rows = 0;
  uint64_t next = 0;
  for (size_t i = 0; i < of->spans.count; i++) {
    uint64_t first = spans[i].start / row_size, last = (spans[i].end - 1) / row_size;
    if (first < next) first = next;
    if (last >= first) rows += (size_t)(last - first + 1);
    next = last + 1;
  }
  return rows;
}

static mr_status survey(map *to, mr_tracked *tracked) {
  mr_status status = mr_allocator_walk(to->allocator, see_span, to);
  if (status == MR_OK) status = mr_tracked_each_block(tracked, see_block, to);
  sort_spans(&to->walked);
  sort_spans(&to->live);
  const span *walked = to->walked.storage.pointer;
  size_t next = 0;
  for (size_t i = 0; i < to->walked.count && status == MR_OK; i++) {
    status = walked[i].is == FREE ? add_part(to, walked[i].start, walked[i].end, FREE)
                                  : split(to, &walked[i], &next);
  }
  enum { MOST_ROWS = 48, SMALLEST_ROW = 256 };
  to->row_size = SMALLEST_ROW;
  while (count_rows(to, to->row_size) > MOST_ROWS) to->row_size *= 2;
  return status;
}

/* Drawing. */

enum { WIDTH = 1120, MARGIN = 32, GUTTER = 116, TOP = 236, ROW = 18, BAR = 14, GAP = 12 };

static const double bar_width = WIDTH - 2 * MARGIN - GUTTER;
static const char *const class_names[] = {"free", "held", "live"};

static double percent(uint64_t part, uint64_t whole) {
  return whole ? 100 * (double)part / (double)whole : 0;
}

static void draw_head(FILE *to, const map *of, int height) {
  fprintf(to,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
          "height=\"%d\" role=\"img\">\n"
          "<title>Map of the heap: %s</title>\n"
          "<style>\n"
          "text{font-family:'DejaVu Sans',Verdana,sans-serif;fill:#52606d;font-size:12px}\n"
          ".h{font-size:22px;font-weight:bold;fill:#1f2933}.n{font-size:17px;font-weight:bold;"
          "fill:#1f2933}\n"
          ".a{font-family:'DejaVu Sans Mono',monospace;font-size:11px;text-anchor:end}"
          ".t{font-size:10px;text-anchor:middle;fill:#7b8794}\n"
          ".live{fill:#2b7a9b}.live.odd{fill:#54a0bf}.held{fill:#f0a63c}.free{fill:#dfe5ea}\n"
          "</style>\n"
          "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n"
          "<text class=\"h\" x=\"%d\" y=\"48\">Map of the heap: %s</text>\n"
          "<text x=\"%d\" y=\"70\">%" PRIu64
          " octets, in the order of their addresses; a row is %" PRIu64 "</text>\n",
          WIDTH, height, WIDTH, height, of->allocator->ops->name, WIDTH, height, MARGIN,
          of->allocator->ops->name, MARGIN, of->total, of->row_size);
}

/* A column of the legend. */
static void draw_card(FILE *to, int column, int indent, const char *what, const char *value,
                      const char *more) {
  int x = MARGIN + column * (WIDTH - 2 * MARGIN) / 4;
  fprintf(to,
          "<text x=\"%d\" y=\"108\">%s</text><text class=\"n\" x=\"%d\" y=\"132\">%s</text>"
          "<text x=\"%d\" y=\"151\">%s</text>\n",
          x + indent, what, x, value, x, more);
}

/* A column for each kind, with its share of the bar below. */
static void draw_legend(FILE *to, const map *of) {
  static const kind order[] = {LIVE, HELD, FREE};
  static const char *const what[] = {"free", "held, but not live", "live"};
  static const char *const parts[] = {"spans", "gaps after blocks", "blocks"};
  char value[64], more[64];
  double x = MARGIN;
  for (int i = 0; i < 3; i++) {
    kind is = order[i];
    double share = percent(of->octets[is], of->total), width = (WIDTH - 2 * MARGIN) * share / 100;
    snprintf(value, sizeof value, "%" PRIu64 " octets, %.1f %%", of->octets[is], share);
    snprintf(more, sizeof more, "in %zu %s", of->counts[is], parts[is]);
    draw_card(to, i, 20, what[is], value, more);
    fprintf(to,
            "<rect class=\"%s\" x=\"%d\" y=\"97\" width=\"12\" height=\"12\" rx=\"2\"/>"
            "<rect class=\"%s\" x=\"%.2f\" y=\"168\" width=\"%.2f\" height=\"8\"/>\n",
            class_names[is], MARGIN + i * (WIDTH - 2 * MARGIN) / 4, class_names[is], x, width);
    x += width;
  }
  /* How much of what is free can't be had as one block. */
  uint64_t scattered = of->octets[FREE] - of->largest_free;
  snprintf(value, sizeof value, "%.1f %%", percent(scattered, of->octets[FREE]));
  snprintf(more, sizeof more, "of what is free; the largest span: %" PRIu64, of->largest_free);
  draw_card(to, 3, 0, "fragmentation", value, more);
}

static void draw_scale(FILE *to, const map *of) {
  for (int i = 0; i <= 4; i++) {
    double x = MARGIN + GUTTER + bar_width * i / 4;
    fprintf(to,
            "<text class=\"t\" x=\"%.1f\" y=\"%d\">+%" PRIu64
            "</text>"
            "<path d=\"M%.1f %dv4\" stroke=\"#9aa5b1\"/>\n",
            x, TOP - 14, of->row_size * (uint64_t)i / 4, x, TOP - 9);
  }
}

/* The part of a span that lies in one row. */
static void draw_part(FILE *to, const map *of, const span *whole, bool is_odd, uint64_t row,
                      int y) {
  uint64_t row_start = row * of->row_size, row_end = row_start + of->row_size;
  uint64_t from = whole->start > row_start ? whole->start : row_start;
  uint64_t end = whole->end < row_end ? whole->end : row_end;
  double scale = bar_width / (double)of->row_size;
  fprintf(to,
          "<rect class=\"%s%s\" data-octets=\"%" PRIu64
          "\" x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\"><title>%s: %" PRIu64
          " octets at 0x%" PRIx64 "</title></rect>\n",
          class_names[whole->is], is_odd ? " odd" : "", end - from,
          MARGIN + GUTTER + scale * (double)(from - row_start), y, scale * (double)(end - from),
          BAR, class_names[whole->is], whole->end - whole->start, whole->start);
}

static void draw_address(FILE *to, const map *of, uint64_t row, int y) {
  fprintf(to, "<text class=\"a\" x=\"%d\" y=\"%d\">0x%" PRIx64 "</text>\n", MARGIN + GUTTER - 10,
          y + BAR - 3, row * of->row_size);
}

/* Draws all rows, or only finds out how far down they reach. */
static int draw_rows(FILE *to, const map *of) {
  const span *spans = of->spans.storage.pointer;
  uint64_t row = 0;
  int y = TOP - ROW;
  /* Live blocks have two shades by turns, so that neighbours are told apart. */
  bool is_odd = false;
  for (size_t i = 0; i < of->spans.count; i++) {
    if (spans[i].is == LIVE) is_odd = !is_odd;
    uint64_t last = (spans[i].end - 1) / of->row_size;
    for (uint64_t at = spans[i].start / of->row_size; at <= last; at++) {
      if (i == 0 || at != row) {
        /* Where addresses are left out, so is some space. */
        y += i > 0 && at != row + 1 ? ROW + GAP : ROW;
        row = at;
        if (to) draw_address(to, of, row, y);
      }
      if (to) draw_part(to, of, &spans[i], is_odd && spans[i].is == LIVE, row, y);
    }
  }
  return y + ROW;
}

static mr_status write_map(mr_allocator *allocator, mr_tracked *tracked, const char *path) {
  map of = {.allocator = allocator};
  mr_status status = survey(&of, tracked);
  if (status != MR_OK) return status;
  FILE *to = fopen(path, "w");
  if (!to) return MR_SYSTEM_ERROR;
  draw_head(to, &of, draw_rows(NULL, &of) + MARGIN);
  draw_legend(to, &of);
  draw_scale(to, &of);
  draw_rows(to, &of);
  fprintf(to, "</svg>\n");
  bool is_written = !ferror(to);
  return fclose(to) == 0 && is_written ? MR_OK : MR_SYSTEM_ERROR;
}

/* Both, of the same moment. */
static mr_status report(mr_tracked *tracked, const char *folder) {
  char profile_path[4096], map_path[4096];
  int length = snprintf(profile_path, sizeof profile_path, "%s/profile.pb.gz", folder);
  if (length >= (int)sizeof profile_path) return MR_OVERFLOW;
  snprintf(map_path, sizeof map_path, "%s/map.svg", folder);
  mr_status status = write_profile(tracked, profile_path);
  if (status == MR_OK) status = write_map(&heap.base, tracked, map_path);
  if (status == MR_OK) printf("%s\n%s\n", profile_path, map_path);
  return status;
}

static mr_status run(const char *folder) {
  static album work;
  mr_tracked tracked;
  mr_tracked_options options = {.parent = &heap.base, .is_recording = true};
  mr_status status = mr_tracked_init(&tracked, &options);
  if (status != MR_OK) return status;
  work = (album){.allocator = &tracked.base};
  status = make_album(&work);
  if (status == MR_OK) status = report(&tracked, folder);
  mr_tracked_fini(&tracked);
  return status;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: heap_report FOLDER\n");
    return 2;
  }
  mr_status status = make_heap();
  if (status == MR_OK) status = mr_arena_init(&own, NULL);
  if (status == MR_OK) {
    status = run(argv[1]);
    mr_arena_fini(&own);
    mr_allocator_destroy(&heap.base);
  }
  if (status == MR_OK) return 0;
  fprintf(stderr, "heap_report: %s (%s)\n", mr_status_message(status), mr_status_name(status));
  return 1;
}

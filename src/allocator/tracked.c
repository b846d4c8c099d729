#include "memregions/tracked.h"

#include <assert.h>

#include "dead.h"
#include "forward.h"
#include "out_of_line.h"
#include "tracked_records.h"

MR_ASSERT_IS_WRAPPER(mr_tracked);

static mr_tracked *tracked_of(mr_allocator *self) {
  mr_tracked *tracked = (mr_tracked *)self;
  assert(mr_tracked_is_sound(tracked));
  return tracked;
}

/* Counting. */

/* Where blocks of this size, which is above 0, are counted. */
static mr_tracked_size *bin_of(mr_tracked *tracked, size_t size) {
#if defined(__GNUC__)
  return &tracked->statistics.sizes[63 - __builtin_clzll(size)];
#else
  size_t power = 0;
  while (size >>= 1) power++;
  return &tracked->statistics.sizes[power];
#endif
}

static void update_peak(mr_tracked_statistics *counts) {
  if (counts->live_octets > counts->peak_octets) counts->peak_octets = counts->live_octets;
  if (counts->live_blocks > counts->peak_blocks) counts->peak_blocks = counts->live_blocks;
}

static void count_coming(mr_tracked *tracked, size_t size) {
  mr_tracked_statistics *counts = &tracked->statistics;
  mr_tracked_size *bin = bin_of(tracked, size);
  bin->live_blocks++;
  bin->total_blocks++;
  counts->live_blocks++;
  counts->total_blocks++;
  counts->live_octets += size;
  counts->total_octets += size;
  update_peak(counts);
}

static void count_going(mr_tracked *tracked, size_t size) {
  bin_of(tracked, size)->live_blocks--;
  tracked->statistics.live_blocks--;
  tracked->statistics.live_octets -= size;
}

static bool has_room(const mr_tracked *tracked, size_t more) {
  return more <= tracked->ceiling - tracked->statistics.live_octets;
}

/* Whether a block without a record can be live: each of those that are left without it has an octet, and the last is all
 * there is. */
static bool can_be_live(mr_tracked *tracked, size_t size) {
  const mr_tracked_statistics *counts = &tracked->statistics;
  const mr_tracked_size *bin = bin_of(tracked, size);
  size_t blocks = counts->live_blocks - counts->recorded_blocks;
  size_t octets = counts->live_octets - counts->recorded_octets;
  if (bin->live_blocks == bin->recorded_blocks) return false;
  return blocks > 1 ? size <= octets - (blocks - 1) : size == octets;
}

/* Whether a block may be changed or given back, and its record, null where it has none. */
static bool is_block(mr_tracked *tracked, mr_region block, size_t alignment,
                     mr_tracked_record **record) {
  *record = mr_records_find(&tracked->records, block.pointer);
  if (!*record) return can_be_live(tracked, block.size);
  return (*record)->block.size == block.size && (*record)->alignment == alignment;
}

/* Recording. */

static void count_record(mr_tracked *tracked, const mr_tracked_record *record) {
  size_t size = record->block.size;
  tracked->statistics.recorded_blocks++;
  tracked->statistics.recorded_octets += size;
  bin_of(tracked, size)->recorded_blocks++;
  record->calls->live_blocks++;
  record->calls->live_octets += size;
}

static void uncount_record(mr_tracked *tracked, const mr_tracked_record *record) {
  size_t size = record->block.size;
  tracked->statistics.recorded_blocks--;
  tracked->statistics.recorded_octets -= size;
  bin_of(tracked, size)->recorded_blocks--;
  record->calls->live_blocks--;
  record->calls->live_octets -= size;
}

static void forget(mr_tracked *tracked, mr_tracked_record *record) {
  if (!record) return;
  uncount_record(tracked, record);
  mr_records_remove(&tracked->records, record);
}

/* A block that is recorded where the parent gives another has gone back some other way. It is counted on, as one that is
 * not recorded. */
static void forget_stale(mr_tracked *tracked, const void *address) {
  forget(tracked, mr_records_find(&tracked->records, address));
}

/* Called by an op only, which is called by who is to be recorded. */
static MR_OUT_OF_LINE void record_coming(mr_tracked *tracked, mr_region block, size_t alignment) {
  forget_stale(tracked, block.pointer);
  if (!tracked->is_recording) return;
  mr_call_stack stack = mr_call_stack_here(2);
  mr_tracked_calls *calls = mr_records_intern(&tracked->records, &stack);
  mr_tracked_record record = {block, alignment, tracked->statistics.total_blocks, calls};
  if (!calls || !mr_records_add(&tracked->records, record)) return;
  calls->total_blocks++;
  calls->total_octets += block.size;
  count_record(tracked, &record);
}

static void count_change(mr_tracked *tracked, mr_tracked_record *record, size_t from, size_t to) {
  mr_tracked_size *old_bin = bin_of(tracked, from), *bin = bin_of(tracked, to);
  size_t growth = to > from ? to - from : 0;
  if (bin != old_bin) bin->total_blocks++;
  old_bin->live_blocks--;
  bin->live_blocks++;
  tracked->statistics.live_octets = tracked->statistics.live_octets - from + to;
  tracked->statistics.total_octets += growth;
  update_peak(&tracked->statistics);
  if (!record) return;
  uncount_record(tracked, record);
  record->block.size = to;
  record->calls->total_octets += growth;
  count_record(tracked, record);
}

/* The ops. */

static mr_region allocate(mr_allocator *self, size_t size, size_t alignment, unsigned flags) {
  mr_tracked *tracked = tracked_of(self);
  mr_region block = {NULL, 0};
  if (has_room(tracked, size)) block = mr_forward_allocate(self, size, alignment, flags);
  if (!block.pointer) {
    tracked->statistics.refused++;
    return block;
  }
  count_coming(tracked, size);
  if (tracked->is_recording || tracked->records.block_count > 0)
    record_coming(tracked, block, alignment);
  return block;
}

static bool may_change(mr_tracked *tracked, mr_region block, size_t size, size_t alignment,
                       mr_tracked_record **record) {
  if (!is_block(tracked, block, alignment, record)) return false;
  return size <= block.size || has_room(tracked, size - block.size);
}

static bool resize(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_tracked *tracked = tracked_of(self);
  mr_tracked_record *record = NULL;
  if (!may_change(tracked, block, size, alignment, &record)) return false;
  if (!mr_forward_resize(self, block, size, alignment)) return false;
  count_change(tracked, record, block.size, size);
  return true;
}

static mr_region remap(mr_allocator *self, mr_region block, size_t size, size_t alignment) {
  mr_tracked *tracked = tracked_of(self);
  mr_tracked_record *record = NULL;
  if (!may_change(tracked, block, size, alignment, &record)) return mr_region_of(NULL, 0);
  const void *from = block.pointer;
  mr_region moved = mr_forward_remap(self, block, size, alignment);
  if (!moved.pointer) return moved;
  if (moved.pointer != from) forget_stale(tracked, moved.pointer);
  record = mr_records_find(&tracked->records, from);
  count_change(tracked, record, block.size, size);
  if (record) mr_records_move(&tracked->records, record, moved.pointer);
  return moved;
}

static mr_status release(mr_allocator *self, mr_region block, size_t alignment) {
  mr_tracked *tracked = tracked_of(self);
  mr_tracked_record *record = NULL;
  if (!is_block(tracked, block, alignment, &record)) return MR_CORRUPT;
  mr_status status = mr_forward_release(self, block, alignment);
  if (status != MR_OK) return status;
  forget(tracked, record);
  count_going(tracked, block.size);
  return MR_OK;
}

static size_t maximum_block_size(mr_allocator *self, size_t alignment) {
  size_t maximum = mr_forward_maximum_block_size(self, alignment);
  size_t ceiling = tracked_of(self)->ceiling;
  return maximum < ceiling ? maximum : ceiling;
}

static mr_status clear(mr_allocator *self) {
  mr_tracked *tracked = tracked_of(self);
  mr_status status = mr_forward_clear(self);
  if (status != MR_OK) return status;
  mr_tracked_statistics *counts = &tracked->statistics;
  mr_records_clear(&tracked->records);
  counts->live_octets = counts->live_blocks = 0;
  counts->recorded_octets = counts->recorded_blocks = 0;
  for (size_t i = 0; i < MR_TRACKED_SIZES; i++) {
    counts->sizes[i].live_blocks = 0;
    counts->sizes[i].recorded_blocks = 0;
  }
  return MR_OK;
}

/* Whether the statistics say what the records do. */
static bool agrees(const mr_tracked *tracked) {
  const mr_tracked_statistics *counts = &tracked->statistics;
  mr_tracked_sums sums;
  if (!mr_records_sum(&tracked->records, &sums)) return false;
  size_t live = 0, recorded = 0;
  for (size_t i = 0; i < MR_TRACKED_SIZES; i++) {
    live += counts->sizes[i].live_blocks;
    recorded += counts->sizes[i].recorded_blocks;
  }
  return live == counts->live_blocks && recorded == counts->recorded_blocks &&
         sums.blocks == counts->recorded_blocks && sums.octets == counts->recorded_octets;
}

static mr_status check(mr_allocator *self, mr_condition *condition) {
  const mr_tracked *tracked = (mr_tracked *)self;
  return mr_forward_check(self, mr_tracked_is_sound(tracked) && agrees(tracked), condition);
}

static mr_status destroy(mr_allocator *self) {
  mr_tracked_fini(tracked_of(self));
  return MR_OK;
}

static const mr_allocator_ops tracked_ops = {
    .struct_size = sizeof(mr_allocator_ops),
    .name = "tracked",
    .allocate = allocate,
    .resize = resize,
    .remap = remap,
    .release = release,
    .minimum_block_size = mr_forward_minimum_block_size,
    .maximum_block_size = maximum_block_size,
    .owns = mr_forward_owns,
    .good_size = mr_forward_good_size,
    .usage = mr_forward_usage,
    .clear = clear,
    .trim = mr_forward_trim,
    .walk = mr_forward_walk,
    .check = check,
    .destroy = destroy,
};

/* Making and ending. */

mr_status mr_tracked_init(mr_tracked *tracked, const mr_tracked_options *options) {
  mr_tracked_options none = {0};
  if (!options) options = &none;
  mr_allocator *parent = mr_resolve_allocator(options->parent);
  mr_allocator *records = mr_resolve_allocator(options->records);
  /* A parent that is cleared would take the records with it. */
  if (records == parent && parent != mr_system_allocator()) return MR_INVALID_ARGUMENT;
  *tracked = (mr_tracked){.base = {&tracked_ops},
                          .parent = parent,
                          .ceiling = options->ceiling ? options->ceiling : SIZE_MAX,
                          .is_recording = options->is_recording,
                          .records = {.memory = records}};
  return MR_OK;
}

void mr_tracked_fini(mr_tracked *tracked) {
  if (tracked->base.ops == &mr_dead_ops) return;
  assert(mr_tracked_is_sound(tracked));
  mr_records_fini(&tracked->records);
  *tracked = (mr_tracked){.base = {&mr_dead_ops}};
}

bool mr_tracked_is_sound(const mr_tracked *tracked) {
  const mr_tracked_statistics *counts = &tracked->statistics;
  return tracked->base.ops == &tracked_ops && tracked->parent && tracked->records.memory &&
         counts->live_octets <= tracked->ceiling && counts->live_octets <= counts->peak_octets &&
         counts->live_blocks <= counts->peak_blocks && counts->live_blocks <= counts->live_octets &&
         counts->recorded_octets <= counts->live_octets &&
         counts->recorded_blocks <= counts->live_blocks &&
         counts->recorded_blocks == tracked->records.block_count;
}

/* Asking. */

const mr_tracked_statistics *mr_tracked_statistics_of(const mr_tracked *tracked) {
  return &tracked->statistics;
}

void mr_tracked_reset_peak(mr_tracked *tracked) {
  tracked->statistics.peak_octets = tracked->statistics.live_octets;
  tracked->statistics.peak_blocks = tracked->statistics.live_blocks;
}

void mr_tracked_set_recording(mr_tracked *tracked, bool is_recording) {
  tracked->is_recording = is_recording;
}

mr_status mr_tracked_each_block(const mr_tracked *tracked, mr_tracked_block_function *function,
                                void *context) {
  const mr_tracked_records *records = &tracked->records;
  mr_status status = MR_OK;
  for (size_t i = 0; i < records->block_capacity && status == MR_OK; i++) {
    const mr_tracked_record *record = &records->blocks[i];
    if (!record->block.pointer) continue;
    mr_call_stack calls = mr_calls_outer(record->calls);
    mr_tracked_block block = {mr_region_view(record->block), record->alignment, record->number,
                              &calls};
    status = function(context, &block);
  }
  return status;
}

mr_status mr_tracked_each_stack(mr_tracked *tracked, mr_tracked_stack_function *function,
                                void *context) {
  mr_records_sort_stacks(&tracked->records);
  mr_status status = MR_OK;
  const mr_tracked_calls *calls = tracked->records.first_stack;
  for (; calls && status == MR_OK; calls = calls->next) {
    /* There was memory for the stack, but none for a block's record. */
    if (calls->total_blocks == 0) continue;
    mr_call_stack outer = mr_calls_outer(calls);
    mr_tracked_stack stack = {&outer, calls->live_octets, calls->live_blocks, calls->total_octets,
                              calls->total_blocks};
    status = function(context, &stack);
  }
  return status;
}

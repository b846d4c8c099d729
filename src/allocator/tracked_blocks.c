#include "tracked_records.h"

enum { FIRST_CAPACITY = 64 };

/* The slot of an address in a table that is not empty: its own, else the empty one to put it in. Fibonacci hashing, as in
 * Knuth, The Art of Computer Programming, volume 3, section 6.4. */
static size_t slot_of(const mr_tracked_records *records, const void *address) {
  size_t mask = records->block_capacity - 1;
  uint64_t hash = (uint64_t)(uintptr_t)address * UINT64_C(0x9e3779b97f4a7c15);
  size_t slot = (size_t)(hash >> 32) & mask;
  const mr_tracked_record *blocks = records->blocks;
  while (blocks[slot].block.pointer && blocks[slot].block.pointer != address)
    slot = (slot + 1) & mask;
  return slot;
}

mr_tracked_record *mr_records_find(const mr_tracked_records *records, const void *address) {
  if (records->block_count == 0) return NULL;
  mr_tracked_record *record = &records->blocks[slot_of(records, address)];
  return record->block.pointer ? record : NULL;
}

static mr_region storage_of(const mr_tracked_records *records) {
  return mr_region_of(records->blocks, records->block_capacity * sizeof *records->blocks);
}

static bool grow(mr_tracked_records *records) {
  size_t capacity = records->block_capacity ? 2 * records->block_capacity : FIRST_CAPACITY;
  mr_region storage;
  mr_status status =
      mr_allocate_zeroed_array(records->memory, capacity, sizeof *records->blocks, &storage);
  if (status != MR_OK) return false;
  mr_tracked_records grown = *records;
  grown.blocks = storage.pointer;
  grown.block_capacity = capacity;
  for (size_t i = 0; i < records->block_capacity; i++) {
    const mr_tracked_record *record = &records->blocks[i];
    if (record->block.pointer) grown.blocks[slot_of(&grown, record->block.pointer)] = *record;
  }
  mr_region old = storage_of(records);
  mr_ignore(mr_deallocate(records->memory, &old));
  *records = grown;
  return true;
}

bool mr_records_add(mr_tracked_records *records, mr_tracked_record record) {
  bool is_full = records->block_count >= records->block_capacity / 4 * 3;
  if (is_full && !grow(records)) return false;
  records->blocks[slot_of(records, record.block.pointer)] = record;
  records->block_count++;
  return true;
}

/* Those that follow move up: whoever looks for one stops at the first empty slot. (Knuth's algorithm R.) */
void mr_records_remove(mr_tracked_records *records, mr_tracked_record *record) {
  size_t mask = records->block_capacity - 1;
  size_t slot = (size_t)(record - records->blocks);
  *record = (mr_tracked_record){.number = 0};
  records->block_count--;
  for (;;) {
    slot = (slot + 1) & mask;
    mr_tracked_record follower = records->blocks[slot];
    if (!follower.block.pointer) return;
    records->blocks[slot] = (mr_tracked_record){.number = 0};
    records->blocks[slot_of(records, follower.block.pointer)] = follower;
  }
}

void mr_records_move(mr_tracked_records *records, mr_tracked_record *record, void *address) {
  mr_tracked_record moved = *record;
  moved.block.pointer = address;
  mr_records_remove(records, record);
  records->blocks[slot_of(records, address)] = moved;
  records->block_count++;
}

void mr_records_clear(mr_tracked_records *records) {
  mr_clear(storage_of(records));
  records->block_count = 0;
  for (mr_tracked_calls *calls = records->first_stack; calls; calls = calls->next) {
    calls->live_octets = 0;
    calls->live_blocks = 0;
  }
}

/* What of all stacks is live. */
static mr_tracked_sums sum_of_stacks(const mr_tracked_records *records) {
  mr_tracked_sums sums = {0};
  for (const mr_tracked_calls *calls = records->first_stack; calls; calls = calls->next) {
    sums.octets += calls->live_octets;
    sums.blocks += calls->live_blocks;
  }
  return sums;
}

bool mr_records_sum(const mr_tracked_records *records, mr_tracked_sums *sums) {
  *sums = (mr_tracked_sums){0};
  for (size_t i = 0; i < records->block_capacity; i++) {
    const mr_tracked_record *record = &records->blocks[i];
    if (!record->block.pointer) continue;
    if (mr_records_find(records, record->block.pointer) != record) return false;
    sums->octets += record->block.size;
    sums->blocks++;
  }
  mr_tracked_sums live = sum_of_stacks(records);
  return live.octets == sums->octets && live.blocks == sums->blocks;
}

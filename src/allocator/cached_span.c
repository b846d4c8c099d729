#include "cached_span.h"

_Static_assert(MR_SPAN_LARGEST - 1 < MR_SPAN_HOME, "what is handed out has no other state");
_Static_assert(MR_SPAN_SIZE / 16 <= MR_SPAN_NONE, "an index is no other's");
_Static_assert(MR_SPAN_HOME + MR_SPAN_NONE < MR_SPAN_CACHED, "what is home has no other state");

unsigned mr_span_class_aligned(size_t size, size_t alignment) {
  size_t needed = size > alignment ? size : alignment;
  if (needed > MR_SPAN_LARGEST) return MR_SPAN_CLASSES;
  unsigned class_index = mr_span_class_of(needed);
  /* The next power of two ends this. */
  while (mr_span_class_size(class_index) & (alignment - 1)) class_index++;
  return class_index;
}

static size_t record_size(unsigned class_index) {
  size_t count = MR_SPAN_SIZE / mr_span_class_size(class_index);
  return sizeof(mr_span) + (count + 1) * sizeof(mr_span_state);
}

mr_span *mr_span_create(mr_allocator *records, unsigned class_index) {
  mr_region memory;
  if (mr_allocate_zeroed(records, record_size(class_index), &memory) != MR_OK) return NULL;
  mr_span *span = memory.pointer;
  uint32_t block_size = (uint32_t)mr_span_class_size(class_index);
  span->class_index = class_index;
  span->block_size = block_size;
  span->count = (uint32_t)MR_SPAN_SIZE / block_size;
  span->reciprocal = UINT32_MAX / block_size + 1;
  mr_span_reset(span);
  return span;
}

void mr_span_destroy(mr_allocator *records, mr_span *span) {
  mr_region memory = mr_region_of(span, record_size(span->class_index));
  mr_ignore(mr_deallocate(records, &memory));
}

/* Of a block at home. */
static void set_home(mr_span_state *state, uint32_t next) {
  mr_span_set_state(state, MR_SPAN_HOME + next);
}

/* Of a block at home; of one that is not, more than any index. */
static uint32_t next_home(const mr_span_state *state) {
  return mr_span_state_now(state) - MR_SPAN_HOME;
}

void mr_span_reset(mr_span *span) {
  span->away = 0;
  span->free = MR_SPAN_NONE;
  span->fresh = 0;
  for (uint32_t i = 0; i <= span->count; i++) set_home(&span->states[i], MR_SPAN_NONE);
}

/* The index of a block at home, which is no longer on the list then; `count` where there is none. */
static uint32_t pop(mr_span *span) {
  if (span->free < span->count) {
    uint32_t index = span->free;
    uint32_t next = next_home(&span->states[index]);
    /* Damage: what leads out of the list ends it. */
    span->free = next < span->fresh ? next : MR_SPAN_NONE;
    return index;
  }
  return span->fresh < span->count ? span->fresh++ : span->count;
}

size_t mr_span_take(mr_span *span, mr_cached_block *blocks, size_t count) {
  size_t taken = 0;
  for (; taken < count; taken++) {
    uint32_t index = pop(span);
    if (index == span->count) break;
    mr_span_state *state = &span->states[index];
    mr_span_set_state(state, MR_SPAN_CACHED);
    blocks[taken] =
        (mr_cached_block){mr_span_start(span) + (size_t)index * span->block_size, state};
  }
  span->away += (uint32_t)taken;
  return taken;
}

bool mr_span_has_cached(mr_span *span, mr_cached_block block) {
  uint32_t index = mr_span_index(span, (uintptr_t)block.pointer & (MR_SPAN_SIZE - 1));
  return index < span->count && block.state == &span->states[index] &&
         mr_span_state_now(block.state) == MR_SPAN_CACHED;
}

void mr_span_give(mr_span *span, mr_cached_block block) {
  set_home(block.state, span->free);
  span->free = (uint32_t)(block.state - span->states);
  span->away--;
}

bool mr_span_has_free(const mr_span *span) {
  return span->free < span->count || span->fresh < span->count;
}

static bool is_used(const mr_span *span, uint32_t index) {
  return mr_span_state_now(&span->states[index]) < MR_SPAN_HOME;
}

bool mr_span_owns(const mr_span *span, mr_view block) {
  uintptr_t offset = (uintptr_t)block.pointer & (MR_SPAN_SIZE - 1);
  uint32_t index = mr_span_index(span, offset);
  if (!is_used(span, index)) return false;
  /* What was asked for, from the block's start. */
  size_t size = span->block_size - mr_span_state_now(&span->states[index]);
  offset -= (uintptr_t)index * span->block_size;
  return offset <= size && block.size <= size - offset;
}

mr_status mr_span_walk(const mr_span *span, mr_walk_function *function, void *context) {
  const unsigned char *start = mr_span_start(span);
  for (uint32_t from = 0, to = 0; from < span->count; from = to) {
    bool used = is_used(span, from);
    while (to < span->count && is_used(span, to) == used) to++;
    size_t size = (size_t)(to - from) * span->block_size;
    mr_status status =
        function(context, mr_view_of(start + (size_t)from * span->block_size, size), used);
    if (status != MR_OK) return status;
  }
  size_t end = (size_t)span->count * span->block_size;
  return end < MR_SPAN_SIZE ? function(context, mr_view_of(start + end, MR_SPAN_SIZE - end), false)
                            : MR_OK;
}

bool mr_span_is_sound(const mr_span *span, size_t *cached) {
  if (span->count != MR_SPAN_SIZE / span->block_size || span->fresh > span->count) return false;
  uint32_t away = 0, home = 0;
  for (uint32_t i = 0; i < span->fresh; i++) {
    unsigned state = mr_span_state_now(&span->states[i]);
    away += state < MR_SPAN_HOME || state == MR_SPAN_CACHED;
    *cached += state == MR_SPAN_CACHED;
  }
  /* Those at home are on the list, each once: it has as many, and no way back. */
  for (uint32_t i = span->free; i < span->fresh && home <= span->fresh; home++)
    i = next_home(&span->states[i]);
  return away == span->away && away + home == span->fresh;
}

/* Several borrows at once. */
#include <stdlib.h>

#include "borrow.h"
#include "scope.h"

/* The arguments of a call. */
typedef struct request {
  const mr_source *sources;
  const mr_borrow_options *options;
  size_t count;
  mr_regions_function *function;
  void *context;
} request;

/* The borrows of a call: the first `begun` are held. */
typedef struct party {
  const request *of;
  mr_borrow *borrows;
  mr_region *regions;
  size_t begun;
  /* mr_scratch for all of them. */
  size_t scratch_length;
  /* Octets that the stack may still give. */
  size_t stack;
} party;

static mr_status prepare_one(party *p, size_t index, const mr_borrow_options *options) {
  const mr_source source = p->of->sources[index];
  mr_range octets;
  size_t size;
  mr_borrow *borrow = &p->borrows[index];
  mr_status status = mr_octets_clamped(&source, options->range, &octets);
  if (status == MR_OK) {
    status = mr_borrow_prepare(source, octets, options->direction, borrow, &size);
  }
  if (status != MR_OK) return status;
  const size_t most = PTRDIFF_MAX / sizeof(mr_scratch);
  const size_t length = mr_scratch_length(size);
  if (length > most - p->scratch_length) return MR_OUT_OF_MEMORY;
  p->scratch_length += length;
  /* Its size for now. Where it will be is not known before all sizes are. */
  borrow->scratch.size = size;
  return MR_OK;
}

static mr_status prepare_all(party *p) {
  const mr_borrow_options all = {mr_range_all(), MR_IO};
  for (size_t i = 0; i < p->of->count; i++) {
    mr_status status = prepare_one(p, i, p->of->options ? &p->of->options[i] : &all);
    if (status != MR_OK) return status;
  }
  return MR_OK;
}

static mr_status begin_all(party *p, mr_scratch *scratch) {
  while (p->begun < p->of->count) {
    mr_borrow *borrow = &p->borrows[p->begun];
    size_t size = borrow->scratch.size;
    mr_status status = mr_borrow_begin(borrow, mr_region_of(size > 0 ? scratch : NULL, size));
    if (status != MR_OK) return status;
    scratch += mr_scratch_length(size);
    p->regions[p->begun++] = borrow->region;
  }
  return MR_OK;
}

/* Releases what is held, in reverse. The first failure. */
static mr_status end_all(party *p) {
  mr_status status = MR_OK;
  while (p->begun > 0) {
    mr_status released = mr_release(&p->borrows[--p->begun]);
    if (status == MR_OK) status = released;
  }
  return status;
}

static void leave(party **p) { mr_ignore(end_all(*p)); }

static void free_block(void **block) { free(*block); }

static mr_status call_prepared(party *p) {
  const size_t size = p->scratch_length * sizeof(mr_scratch);
  mr_scratch frame[MR_FRAME_LENGTH(mr_frame_length(size, p->stack))];
  MR_ON_LEAVING(free_block) void *heap = size > p->stack ? mr_heap_scratch(size) : NULL;
  if (size > p->stack && !heap) return MR_OUT_OF_MEMORY;
  MR_ON_LEAVING(leave) party *held = p;
  mr_status status = begin_all(held, heap ? heap : frame);
  if (status == MR_OK) status = p->of->function(p->of->context, p->regions, p->of->count);
  mr_status released = end_all(held);
  return status != MR_OK ? status : released;
}

static mr_status call_with_rows(const request *of, mr_borrow *borrows, mr_region *regions,
                                size_t stack) {
  party p = {of, borrows, regions, .stack = stack};
  mr_status status = prepare_all(&p);
  return status == MR_OK ? call_prepared(&p) : status;
}

static mr_status call_from_stack(const request *of, size_t stack) {
  /* One more than is needed: there are no arrays of none. */
  mr_borrow borrows[MR_FRAME_LENGTH(of->count + 1)];
  mr_region regions[MR_FRAME_LENGTH(of->count + 1)];
  return call_with_rows(of, borrows, regions, stack);
}

static mr_status call_from_heap(const request *of, size_t size, size_t stack) {
  MR_ON_LEAVING(free_block) void *rows = malloc(size);
  if (!rows) return MR_OUT_OF_MEMORY;
  mr_borrow *borrows = rows;
  return call_with_rows(of, borrows, (mr_region *)(borrows + of->count), stack);
}

mr_status mr_call_with_regions(const mr_source *sources, const mr_borrow_options *options,
                               size_t count, mr_regions_function *function, void *context) {
  const size_t row = sizeof(mr_borrow) + sizeof(mr_region), stack = mr_frame_limit();
  if (count > PTRDIFF_MAX / row) return MR_OUT_OF_MEMORY;
  const size_t size = count * row;
  const request of = {sources, options, count, function, context};
  return size <= stack ? call_from_stack(&of, stack - size) : call_from_heap(&of, size, stack);
}

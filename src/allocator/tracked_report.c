#include <inttypes.h>
#include <stdio.h>

#include "memregions/tracked.h"

/* Where a report is printed to. */
typedef struct report {
  mr_write_function *write;
  void *context;
} report;

/* "1 octet in 1 block", "7 octets in 2 blocks". */
typedef struct amount {
  char text[64];
} amount;

static amount amount_of(uint64_t octets, uint64_t blocks) {
  amount made;
  (void)snprintf(made.text, sizeof made.text, "%" PRIu64 " octet%s in %" PRIu64 " block%s", octets,
                 octets == 1 ? "" : "s", blocks, blocks == 1 ? "" : "s");
  return made;
}

static mr_status print_all(const report *to, const mr_tracked_statistics *counts) {
  amount live = amount_of(counts->live_octets, counts->live_blocks);
  amount total = amount_of(counts->total_octets, counts->total_blocks);
  return mr_text_print(to->write, to->context,
                       "live: %s; most octets: %zu; most blocks: %zu; in all: %s; refused: %" PRIu64
                       "\n",
                       counts->live_blocks > 0 ? live.text : "nothing", counts->peak_octets,
                       counts->peak_blocks, total.text, counts->refused);
}

static mr_status print_stack(void *context, const mr_tracked_stack *stack) {
  const report *to = context;
  if (stack->live_blocks == 0) return MR_OK;
  amount live = amount_of(stack->live_octets, stack->live_blocks);
  amount total = amount_of(stack->total_octets, stack->total_blocks);
  mr_status status =
      mr_text_print(to->write, to->context, "\n%s, of %s ever, came by\n", live.text, total.text);
  if (status != MR_OK) return status;
  return mr_call_stack_print(stack->calls, "    ", to->write, to->context);
}

static mr_status print_unrecorded(const report *to, const mr_tracked_statistics *counts) {
  size_t blocks = counts->live_blocks - counts->recorded_blocks;
  if (blocks == 0) return MR_OK;
  amount live = amount_of(counts->live_octets - counts->recorded_octets, blocks);
  return mr_text_print(to->write, to->context, "\n%s, not recorded\n", live.text);
}

mr_status mr_tracked_report(mr_tracked *tracked, mr_write_function *write, void *context) {
  const mr_tracked_statistics *counts = mr_tracked_statistics_of(tracked);
  report to = {write, context};
  mr_status status = print_all(&to, counts);
  if (status == MR_OK) status = mr_tracked_each_stack(tracked, print_stack, &to);
  return status == MR_OK ? print_unrecorded(&to, counts) : status;
}

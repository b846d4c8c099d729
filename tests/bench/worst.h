#ifndef MEMREGIONS_BENCH_WORST_H
#define MEMREGIONS_BENCH_WORST_H

/*
 * The longest single call of many random ones: how long a caller may have to wait who can't wait for ever.
 *
 * The same calls are replayed a few times from the same state, and of each call the least time counts: what the machine
 * does in between hits another call each time. Then the greatest of these is the answer.
 */

#include <stddef.h>

/** Who is asked. */
typedef struct worst_subject {
  void *self;
  /** A block; never null. */
  void *(*take)(void *self, size_t size);
  void (*give)(void *self, void *block, size_t size);
} worst_subject;

/** Of `calls` calls, half to take blocks of 16 octets to 64 KiB and half to give them back, in random order.
 *
 * @return  nanoseconds
 */
double worst_call(const worst_subject *subject, size_t calls);

#endif

#ifndef MEMREGIONS_BENCH_PARTNER_H
#define MEMREGIONS_BENCH_PARTNER_H

/*
 * A second thread, on another core where there is one, that does a part of the work: it is waiting for it in a loop, so
 * that handing over costs a fraction of a microsecond.
 */

typedef struct bench_partner bench_partner;

typedef void bench_task(void *context);

bench_partner *partner_start(void);

/** Has `task` done by the partner, and waits until it is. */
void partner_do(bench_partner *partner, bench_task *task, void *context);

/** Ends the thread. */
void partner_stop(bench_partner *partner);

#endif

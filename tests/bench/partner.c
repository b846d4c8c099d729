#include "partner.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "bench.h"

struct bench_partner {
  pthread_t thread;
  /* Whether the partner is to work; it is whoever owns the turn that may touch the rest. */
  atomic_bool is_at_work;
  bench_task *task;
  void *context;
  /* Where the other thread runs. */
  int core;
};

/* Any core but this one; where that can't be had, the two threads take turns on one. */
static void move_to_another_core(int here) {
  cpu_set_t others;
  CPU_ZERO(&others);
  for (int core = 0; core < CPU_SETSIZE; core++) {
    if (core != here) CPU_SET((size_t)core, &others);
  }
  (void)sched_setaffinity(0, sizeof others, &others);
}

static void wait_until(const atomic_bool *is_at_work, bool wanted) {
  enum { PATIENCE = 10000 };
  for (int i = 0; atomic_load_explicit(is_at_work, memory_order_acquire) != wanted; i++) {
    if (i == PATIENCE) {
      sched_yield();
      i = 0;
    }
  }
}

static void *serve(void *context) {
  bench_partner *partner = context;
  move_to_another_core(partner->core);
  for (;;) {
    wait_until(&partner->is_at_work, true);
    bench_task *task = partner->task;
    if (task) task(partner->context);
    atomic_store_explicit(&partner->is_at_work, false, memory_order_release);
    if (!task) return NULL;
  }
}

bench_partner *partner_start(void) {
  bench_partner *partner = calloc(1, sizeof *partner);
  bench_require(partner != NULL, "no memory for a partner");
  partner->core = sched_getcpu();
  bench_require(pthread_create(&partner->thread, NULL, serve, partner) == 0, "no second thread");
  return partner;
}

void partner_do(bench_partner *partner, bench_task *task, void *context) {
  partner->task = task;
  partner->context = context;
  atomic_store_explicit(&partner->is_at_work, true, memory_order_release);
  wait_until(&partner->is_at_work, false);
}

void partner_stop(bench_partner *partner) {
  partner_do(partner, NULL, NULL);
  pthread_join(partner->thread, NULL);
  free(partner);
}

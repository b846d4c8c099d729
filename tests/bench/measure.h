#ifndef MEMREGIONS_BENCH_MEASURE_H
#define MEMREGIONS_BENCH_MEASURE_H

/*
 * How it is measured: many short rounds on one core. In each round every subject is sampled once, the first of them
 * another one each time, and ratios are taken within the round: what disturbs a round disturbs both sides.
 */

#include "bench.h"

/** A median, and the quartiles around it. */
typedef struct bench_spread {
  double low;
  double median;
  double high;
} bench_spread;

typedef struct bench_figure {
  const char *subject;
  /** Nanoseconds a unit. */
  bench_spread value;
  /** To the baseline's value in the same round. */
  bench_spread ratio;
} bench_figure;

typedef struct bench_effort {
  size_t rounds;
  /** No round starts later than this after a case's first. */
  double seconds;
  bool is_quick;
} bench_effort;

enum { BENCH_SUBJECTS_MAX = 16 };

/** Keeps this process and its children on one core. */
bool measure_pin(void);

/** A clock's nanoseconds. */
double measure_now(void);

/** How long one sample took, in nanoseconds: job->repeats times the case's work. */
double measure_sample(const bench_subject *subject, bench_job *job);

/** The subjects of a case that can be measured on this machine: memregions, the baseline, the others.
 *
 * @param[out] subjects  BENCH_SUBJECTS_MAX of them
 * @return               how many were written
 */
size_t measure_subjects(const bench_case *of, const bench_subject **subjects);

/** Measures a case.
 *
 * @param[out] figures  BENCH_SUBJECTS_MAX of them
 * @return              how many were written
 */
size_t measure_case(const bench_component *component, const bench_case *of, bench_effort effort,
                    bench_figure *figures);

#endif

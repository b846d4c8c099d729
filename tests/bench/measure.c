#include "measure.h"

#include <sched.h>
#include <stdlib.h>
#include <time.h>

/* A sample must be long beside reading the clock, and short beside a scheduler's time slice. */
static const double sample_nanoseconds = 100e3;

/* However slow the machine, a median needs a few. */
enum { ROUNDS_MIN = 5 };

typedef struct contest {
  const bench_subject *subjects[BENCH_SUBJECTS_MAX];
  bench_job jobs[BENCH_SUBJECTS_MAX];
  size_t count;
  size_t rounds;
  /** Nanoseconds a unit, of all rounds of the first subject, then of the next. */
  double *samples;
} contest;

bool measure_pin(void) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return false;
  /* The first core tends to serve the machine's interrupts. */
  size_t last = CPU_SETSIZE - 1;
  while (last > 0 && !CPU_ISSET(last, &allowed)) last--;
  CPU_ZERO(&allowed);
  CPU_SET(last, &allowed);
  return sched_setaffinity(0, sizeof allowed, &allowed) == 0;
}

double measure_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double measure_sample(const bench_subject *subject, bench_job *job) {
  if (subject->sample) return subject->sample(job);
  double start = measure_now();
  subject->work(job);
  return measure_now() - start;
}

/* Doubles the repeats until a sample is long enough, which warms the subject up as well. */
static void calibrate(const bench_subject *subject, bench_job *job) {
  job->repeats = job->of->least_repeats > 0 ? job->of->least_repeats : 1;
  double took = measure_sample(subject, job);
  while (!job->of->is_single && took < sample_nanoseconds) {
    job->repeats *= 2;
    took = measure_sample(subject, job);
  }
}

size_t measure_subjects(const bench_case *of, const bench_subject **subjects) {
  size_t count = 0;
  subjects[count++] = &of->memregions;
  for (const bench_subject *peer = of->peers; peer->name; peer++) {
    if (peer->is_installed && !peer->is_installed()) continue;
    bench_require(count < BENCH_SUBJECTS_MAX, "no room for so many subjects");
    subjects[count++] = peer;
  }
  return count;
}

static void open_contest(contest *all, const bench_case *of, void *fixture) {
  all->count = measure_subjects(of, all->subjects);
  for (size_t i = 0; i < all->count; i++) {
    all->jobs[i] = (bench_job){.of = of, .fixture = fixture};
    if (all->subjects[i]->open) all->subjects[i]->open(&all->jobs[i]);
    calibrate(all->subjects[i], &all->jobs[i]);
  }
}

static void close_contest(contest *all) {
  for (size_t i = all->count; i-- > 0;) {
    if (all->subjects[i]->close) all->subjects[i]->close(&all->jobs[i]);
  }
  free(all->samples);
}

static void run_round(contest *all, size_t round, size_t stride) {
  for (size_t i = 0; i < all->count; i++) {
    size_t at = (round + i) % all->count;
    bench_job *job = &all->jobs[at];
    double units = (double)job->repeats * (double)job->of->units;
    all->samples[at * stride + round] = measure_sample(all->subjects[at], job) / units;
  }
}

static void run_rounds(contest *all, bench_effort effort) {
  all->samples = malloc(all->count * effort.rounds * sizeof *all->samples);
  bench_require(all->samples != NULL, "no memory for samples");
  double end = measure_now() + effort.seconds * 1e9;
  while (all->rounds < effort.rounds && (all->rounds < ROUNDS_MIN || measure_now() < end)) {
    run_round(all, all->rounds++, effort.rounds);
  }
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

static bench_spread spread_of(double *values, size_t count) {
  qsort(values, count, sizeof *values, compare_doubles);
  return (bench_spread){values[count / 4], values[count / 2], values[count - 1 - count / 4]};
}

/* Ratios first: they need the rounds still in order. */
static void work_out(contest *all, size_t stride, bench_figure *figures) {
  enum { BASELINE = 1 };
  double *ratios = malloc(all->rounds * sizeof *ratios);
  bench_require(ratios != NULL, "no memory for ratios");
  const double *baseline = &all->samples[BASELINE * stride];
  for (size_t i = 0; i < all->count; i++) {
    for (size_t round = 0; round < all->rounds; round++) {
      ratios[round] = all->samples[i * stride + round] / baseline[round];
    }
    figures[i].subject = all->subjects[i]->name;
    figures[i].ratio = spread_of(ratios, all->rounds);
  }
  free(ratios);
  for (size_t i = 0; i < all->count; i++) {
    figures[i].value = spread_of(&all->samples[i * stride], all->rounds);
  }
}

size_t measure_case(const bench_component *component, const bench_case *of, bench_effort effort,
                    bench_figure *figures) {
  void *(*open)(const bench_case *, bool) = of->open ? of->open : component->open;
  void (*close)(void *) = of->open ? of->close : component->close;
  void *fixture = open ? open(of, effort.is_quick) : NULL;
  contest all = {0};
  open_contest(&all, of, fixture);
  run_rounds(&all, effort);
  work_out(&all, effort.rounds, figures);
  close_contest(&all);
  if (close) close(fixture);
  return all.count;
}

#ifndef MEMREGIONS_BENCH_H
#define MEMREGIONS_BENCH_H

/*
 * What is measured: components have cases, a case compares subjects. All of it is declared in tables, one a component,
 * in <component>_bench.c.
 *
 * What always holds: a case's first peer is its baseline, and can be measured wherever the case can; a case that can't
 * is left out, which is said.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bench_case bench_case;

/** One subject at work on one case. */
typedef struct bench_job {
  const bench_case *of;
  /** What the component's open made, for all subjects of the case. */
  void *fixture;
  /** The subject's own. */
  void *state;
  /** How often `work` does its unit of work in one sample. */
  size_t repeats;
} bench_job;

/** One of those that are compared. What is null is nothing to do. */
typedef struct bench_subject {
  const char *name;
  /** Whether it can be measured on this machine; null: always. */
  bool (*is_installed)(void);
  void (*open)(bench_job *job);
  /** What is timed. */
  void (*work)(bench_job *job);
  /** In place of timing `work` here: the time that the sample took, in nanoseconds. */
  double (*sample)(bench_job *job);
  void (*close)(bench_job *job);
} bench_subject;

struct bench_case {
  const char *name;
  /** The octets that the case is about: of a block, a value, a file. */
  size_t size;
  /** What one is counted of, and how many of them one repeat does. */
  const char *unit;
  size_t units;
  /** How many repeats a sample has at least, where something rare is to be in each; 0: 1. */
  size_t least_repeats;
  /** A sample is one repeat: each must find memory that it has not just had, or is long by itself. */
  bool is_single;
  /** What it needs that is not everywhere, for a message, and whether that is here; null: nothing. */
  const char *needs;
  bool (*is_installed)(void);
  /** In place of the component's; null: that. */
  void *(*open)(const bench_case *of, bool is_quick);
  void (*close)(void *fixture);
  bench_subject memregions;
  /** Ended by one without name. */
  const bench_subject *peers;
};

typedef struct bench_component {
  const char *name;
  /** Makes what the subjects of a case share; null: nothing. */
  void *(*open)(const bench_case *of, bool is_quick);
  void (*close)(void *fixture);
  const bench_case *cases;
  size_t case_count;
} bench_component;

extern const bench_component allocator_bench;
extern const bench_component stream_bench;
extern const bench_component object_bench;
extern const bench_component pathname_bench;

/** Says what went wrong, and ends the program with 1. */
_Noreturn void bench_fail(const char *what);

/** Nothing measured after a call that failed would mean anything. */
static inline void bench_require(bool holds, const char *what) {
  if (!holds) bench_fail(what);
}

/** Begins a cache line of code here: a loop of few instructions takes up to twice its time where it lies across two. */
static inline void bench_align(void) { __asm__ volatile(".p2align 6"); }

/** Makes one copy of a function for each call of it, with what is constant there. */
#define BENCH_INLINE static inline __attribute__((always_inline))

/** The compiler must have `pointer` ready, and takes all memory for read and changed: no work on either side of it can
 * be dropped, merged or moved across. */
static inline void bench_use(const void *pointer) {
  __asm__ volatile("" : : "r"(pointer) : "memory");
}

/** The compiler must work `value` out here, once for each time that it comes by: no loop with this in it is vectorised,
 * unrolled into something else or left out. Memory is not affected. */
static inline void bench_keep(uint64_t value) { __asm__ volatile("" : : "r"(value)); }

#define BENCH_COUNT(array) (sizeof(array) / sizeof(array)[0])

#endif

#ifndef MEMREGIONS_BENCH_REPORT_H
#define MEMREGIONS_BENCH_REPORT_H

/* What is shown of the figures: a table for people, and JSON for programs. */

#include <stdio.h>

#include "measure.h"

typedef struct bench_report {
  FILE *table;
  /** Null: none. */
  FILE *json;
  size_t records;
} bench_report;

void report_begin(bench_report *report);
void report_case(bench_report *report, const bench_component *component, const bench_case *of,
                 const bench_figure *figures, size_t count);

/** Whether all of it could be written. Closes the JSON. */
bool report_end(bench_report *report);

#endif

#ifndef MEMREGIONS_BENCH_PARSE_H
#define MEMREGIONS_BENCH_PARSE_H

/*
 * Declarations read, by this library and by a compiler: each a process of its own, from its start to its end. What the
 * same process takes for a file without declarations is taken off: what is left is the work on the text. The library's
 * process is this program once more.
 */

#include "bench.h"

enum { PARSE_LINES = 200000 };

/** The option by which a child knows that it is to read the file that is its argument. */
#define PARSE_OPTION "--parse"

/** Reads a file's declarations, as the child does. Returns the exit status. */
int parse_file(const char *path);

bool parse_has_clang(void);

/** Makes the files. */
void *parse_open(const bench_case *of, bool is_quick);
void parse_close(void *fixture);

/** memregions' sample. */
double parse_sample(bench_job *job);

extern const bench_subject parse_peers[];

#endif

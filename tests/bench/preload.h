#ifndef MEMREGIONS_BENCH_PRELOAD_H
#define MEMREGIONS_BENCH_PRELOAD_H

/*
 * Replacement mallocs: each at work in a child process of its own, which is this program once more with the
 * replacement preloaded. The child times itself, a sample at a time, when it is told to; so it takes its turn in every
 * round, and malloc in this process is the C library's own.
 */

#include "bench.h"

/** The option by which a child knows itself: its argument is the name of the case, or empty. */
#define PRELOAD_OPTION "--preloaded"

/** Whether a child gets its malloc from `library`, a name as the dynamic linker looks for it. */
bool preload_is_installed(const char *library);

void preload_open(bench_job *job, const char *library);
double preload_sample(bench_job *job);
void preload_close(bench_job *job);

/** What a child does: samples of the case's subject "glibc", whose malloc is another's here, until the parent has enough.
 *
 * @param of  null: only tells the parent whether malloc is replaced
 * @return    the exit status
 */
int preload_serve(const bench_case *of);

#endif

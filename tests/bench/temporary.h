#ifndef MEMREGIONS_BENCH_TEMPORARY_H
#define MEMREGIONS_BENCH_TEMPORARY_H

/** A new file in TMPDIR or /tmp, removed also where a failure ends the program.
 *
 * @param suffix           of its name
 * @param[out] descriptor  of the file, open for writing; the caller's
 * @return                 its path, valid until temporary_remove_all
 */
const char *temporary_create(const char *suffix, int *descriptor);

/** Removes the files that there are. */
void temporary_remove_all(void);

#endif

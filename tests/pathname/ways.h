#ifndef MEMREGIONS_TESTS_WAYS_H
#define MEMREGIONS_TESTS_WAYS_H

/* The ways of opening a file, each of which a test may try. */

#include <memregions/pathname.h>

enum { ACCESSES = 3, BACKINGS = 3, WAYS = ACCESSES * BACKINGS };

/* Every access with every backing, by number: access * BACKINGS + backing. */
mr_file_options way(int number);
mr_file_options part(int number, uint64_t offset, uint64_t length);

/* Both must succeed. */
mr_file open_file(const char *path, mr_file_options options);
void close_file(mr_file *file);

/* Asserts the status, with and without a condition, and that the file is untouched. */
mr_condition assert_refused(const char *path, mr_file_options options, mr_status expected);

#endif

#ifndef MEMREGIONS_BENCH_SOURCE_TEXT_H
#define MEMREGIONS_BENCH_SOURCE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/** Writes C declarations such as headers have, always the same: structs of 3 to 20 members of all sorts, enums,
 * typedefs, prototypes and comments.
 *
 * @param lines  how many there are
 */
void source_text_write(FILE *file, size_t lines);

#endif

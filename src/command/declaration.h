#ifndef MEMREGIONS_COMMAND_DECLARATION_H
#define MEMREGIONS_COMMAND_DECLARATION_H

/* Members as C declares them, in a line. */

#include <memregions/type.h>

/** Writes `member` to standard output as C declares it, without what is inside of a struct, a union or an enum:
 * "struct point at[2]", "int (*compare)(const void *)", "unsigned int flags : 3".
 *
 * @param name  of what is declared; null leaves a type's name
 */
void declaration_print(const mr_member *member, const char *name);

#endif

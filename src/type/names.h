#ifndef MEMREGIONS_TYPE_NAMES_H
#define MEMREGIONS_TYPE_NAMES_H

/*
 * Names: what a member may be called, and the table in which a path finds it.
 *
 * A name is a C identifier; `$` and octets above 127 count as letters.
 */

#include "type.h"

/** Octets of the name that starts at `text`; 0 where none does. */
size_t mr_name_length(const char *text);

/** The capacity that a table for `count` names has; 0 where that is no number. */
size_t mr_names_capacity(size_t count);

/** Puts a name into a table that has room.
 *
 * @param name  without its key; its text stays borrowed
 * @return      false, and nothing has changed, where the table has it already
 */
bool mr_names_add(mr_names *names, mr_name name);

/** The entry of the name that starts at `text`; null where there is none.
 *
 * @param[out] length  octets of that name; 0 where none starts there
 */
const mr_name *mr_names_find(const mr_names *names, const char *text, size_t *length);

#endif

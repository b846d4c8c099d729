#ifndef MEMREGIONS_PATHNAME_OPEN_H
#define MEMREGIONS_PATHNAME_OPEN_H

/* Opening where a length of 0 may be meant. */

#include "memregions/pathname.h"

/* As mr_file_open, but what is opened goes to the file's end if `to_end`, and else has the options' length, be it 0. */
mr_status mr_file_open_part(const char *path, const mr_file_options *options, bool to_end,
                            mr_file *file, mr_condition *condition);

#endif

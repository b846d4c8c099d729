#ifndef MEMREGIONS_SEQUENCE_INITIAL_H
#define MEMREGIONS_SEQUENCE_INITIAL_H

#include "memregions/sequence.h"

/* Says in `condition`, which may be null, that what the element at `index` starts as does not
 * convert. Returns `status`. */
mr_status mr_sequence_refuse(mr_condition *condition, mr_status status, size_t index);

#endif

#ifndef MEMREGIONS_ALLOCATOR_TLSF_CHECK_H
#define MEMREGIONS_ALLOCATOR_TLSF_CHECK_H

/* What looks at all of a TLSF, or at as much as it takes: in linear time. */

#include "memregions/tlsf.h"

/* Whether a block lies in one that is used. */
bool mr_tlsf_is_handed_out(mr_tlsf *tlsf, mr_view block);

/* As the ops of an allocator. */
mr_status mr_tlsf_walk(mr_tlsf *tlsf, mr_walk_function *function, void *context);
mr_status mr_tlsf_check(mr_tlsf *tlsf, mr_condition *condition);

#endif

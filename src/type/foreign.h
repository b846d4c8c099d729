#ifndef MEMREGIONS_TYPE_FOREIGN_H
#define MEMREGIONS_TYPE_FOREIGN_H

/* Floats and pointers as another machine has them, and as this one does. */

#include "type.h"

/** Makes the octets of a scalar those that its kind has here.
 *
 * @param type         foreign: a float, a complex number or a pointer
 * @param from         as many octets as the type has
 * @param[out] native  as many as the kind has here, all written; untouched on failure
 * @retval MR_OVERFLOW  a pointer that is wider than this machine's
 */
mr_status mr_foreign_get(const mr_type *type, const void *from, void *native);

/** The other way; what a number has no use for becomes 0.
 *
 * @retval MR_OVERFLOW  a pointer that is wider than the type's
 */
mr_status mr_foreign_put(const mr_type *type, const void *native, void *to);

#endif

#ifndef MEMREGIONS_SRC_REGION_BORROW_H
#define MEMREGIONS_SRC_REGION_BORROW_H

/* Borrowing in steps: a range in units becomes octets; they are asked for scratch; then they are lent. */

#include "memregions/source.h"

/* Whether they reach to `release`, which is all that is read of them, and can lend. */
bool mr_source_ops_are_usable(const mr_source_ops *ops);

/* The octets that `units` names.
 * Strict: as for mr_acquire. Clamped: as for mr_borrow_options, where what lies past a known end is cut off. */
mr_status mr_octets_strict(const mr_source *source, mr_range units, mr_range *octets);
mr_status mr_octets_clamped(const mr_source *source, mr_range units, mr_range *octets);

/* Makes `borrow` one of nothing yet, and tells the scratch it needs. Written only on success. */
mr_status mr_borrow_prepare(mr_source source, mr_range octets, mr_direction direction,
                            mr_borrow *borrow, size_t *scratch_size);

/* Lends what was prepared. `scratch` is what was told, or null for 0. On failure `borrow` is as it was. */
mr_status mr_borrow_begin(mr_borrow *borrow, mr_region scratch);

#endif

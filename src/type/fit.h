#ifndef MEMREGIONS_TYPE_FIT_H
#define MEMREGIONS_TYPE_FIT_H

/* Numbers made to fit where they go, as an mr_fit says. */

#include "memregions/value.h"
#include "real.h"

/** Makes an integer one of `bits`, 1 to 128.
 *
 * @param is_signed   whether the first bit is the sign
 * @param[out] high   as low: two's complement, of which no more than `bits` count. Untouched on failure
 * @retval MR_OVERFLOW  it is none, and may not be made one
 */
mr_status mr_fit_integer(mr_integer integer, unsigned bits, bool is_signed, mr_fit fit,
                         uint64_t *high, uint64_t *low);

/** As mr_fit_integer, of a real. Checked, it must be an integer. */
mr_status mr_fit_truncated(mr_real real, unsigned bits, bool is_signed, mr_fit fit, uint64_t *high,
                           uint64_t *low);

/** As mr_real_pack, but a number that would become infinite is made to fit.
 *
 * @param must_be_exact  whether a checked number may not be rounded either
 * @param[out] octets    of no meaning on failure
 * @retval MR_OVERFLOW  it may not be made to fit
 */
mr_status mr_fit_packed(mr_real real, mr_real_format format, mr_fit fit, bool must_be_exact,
                        void *octets);

#endif

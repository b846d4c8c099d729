#ifndef MEMREGIONS_SEQUENCE_PACKED_H
#define MEMREGIONS_SEQUENCE_PACKED_H

/* A sequence's octets as if its elements stood side by side: what is 4 into the second of 8-octet
 * elements is at 12. */

#include "memregions/sequence.h"

/* Octets of an element; the null sequence's are octets. */
size_t mr_sequence_element_size(mr_sequence sequence);

/* Whether its elements do stand side by side. */
bool mr_sequence_is_packed(mr_sequence sequence);

/* Copies what `range` names of the packed octets to `to`, or from `from`; the range lies inside. */
void mr_sequence_gather(mr_sequence sequence, mr_range range, unsigned char *to);
void mr_sequence_scatter(mr_sequence sequence, mr_range range, const unsigned char *from);

/* Fills a region with repetitions of its first `done` octets, which are above 0. */
void mr_sequence_repeat(mr_region region, size_t done);

#endif

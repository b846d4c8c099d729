#ifndef MEMREGIONS_TESTS_ALLOCATOR_RANDOM_H
#define MEMREGIONS_TESTS_ALLOCATOR_RANDOM_H

/*
 * Random work on an allocator of any kind, against a model that knows each block: where it lies, what is in it, and that
 * no other block is there.
 *
 * MEMREGIONS_TEST_OPERATIONS is how much work for each allocator (100000; a tenth under Valgrind), MEMREGIONS_TEST_SEED
 * where it starts (1).
 */

#include "allocator_conformance.h"

/** Works on an allocator that the fixture makes, as one cmocka test.
 *
 * @return  how many failed: 0 or 1
 */
int allocator_random(const allocator_fixture *fixture);

#endif

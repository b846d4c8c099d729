#ifndef MEMREGIONS_TESTS_SOURCE_CONFORMANCE_H
#define MEMREGIONS_TESTS_SOURCE_CONFORMANCE_H

/*
 * What every mr_source must do, as one run of assertions. To be called in a cmocka test:
 *
 *     static void peek(void *context, uint8_t *octets) { memcpy(octets, context, 64); }
 *
 *     source_fixture fixture = {.source = mr_region_source(region), .size = 64, .peek = peek, .context = memory};
 *     source_conformance(&fixture);
 *
 * What the caller sees to:
 *   - the thing holds `size` octets, 8 to 4096 units of the source, and no part of a unit more;
 *   - nothing is borrowed from it;
 *   - its contents may be overwritten where it is not read-only.
 * What the caller gets:
 *   - acquire and release in each direction, with exact, short and misaligned scratch; ranges, strict and cut off;
 *     every refusal, and that it changed nothing; to_region and to_view; the call_with forms; clear, fill and replace;
 *   - every borrow has ended when it returns. Contents are then unspecified, but never those of a refused call.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/source.h>

typedef struct source_fixture {
  mr_source source;
  /* Octets the thing holds, also where source.size is MR_TO_END. */
  size_t size;
  /* Copies the thing's `size` octets out, by another way than the source. Not needed where `fresh`. */
  void (*peek)(void *context, uint8_t *octets);
  void *context;
  /* Directions that write are MR_READ_ONLY. */
  bool read_only;
  /* Each borrow starts as zeros, and nothing is kept. */
  bool fresh;
  /* There is no end: a range without one is MR_OUT_OF_BOUNDS, and no range lies outside (a bare pointer). */
  bool endless;
  /* One borrow at a time: a second is MR_BUSY. */
  bool exclusive;
} source_fixture;

void source_conformance(const source_fixture *fixture);

#endif

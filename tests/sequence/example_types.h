#ifndef MEMREGIONS_TESTS_EXAMPLE_TYPES_H
#define MEMREGIONS_TESTS_EXAMPLE_TYPES_H

/*
 * Types to run a suite over: all scalars in both byte orders, and structs, unions and arrays of
 * every make, from libffi's descriptors and built, each with what C says of it and a value in
 * memory as C lays it out.
 */

#include <memregions/slot.h>

/* A scalar inside an example. */
typedef struct example_leaf {
  const char *path;
  size_t offset;
  size_t size;
} example_leaf;

typedef struct example {
  /* For messages. */
  const char *make;
  const char *name;
  const mr_type *type;
  size_t size;
  size_t alignment;
  /* Some value that is not zeros. */
  mr_value value;
  /* `value` in memory; null where C leaves some of its octets open. */
  const void *octets;
  /* Ends with a null path; null for scalars. */
  const example_leaf *leaves;
} example;

#define EXAMPLES_MAX 80

typedef struct examples {
  example all[EXAMPLES_MAX];
  size_t count;
} examples;

/* Makes all of them. Fails the running test where one can't be made. */
void examples_init(examples *list);
void examples_fini(examples *list);

/* Whether `value` is the example's, as loaded. */
bool example_matches(const example *sample, mr_value value);

#endif

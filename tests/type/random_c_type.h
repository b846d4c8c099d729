#ifndef MEMREGIONS_TESTS_RANDOM_C_TYPE_H
#define MEMREGIONS_TESTS_RANDOM_C_TYPE_H

/*
 * Random structs and unions as C text, with the paths of all that can be set in them. Failing fails the test.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { C_TEXT_SIZE = 4096, LEAVES_MAX = 64, LEAF_PATH_SIZE = 96 };

/** What has to be declared before them. */
extern const char c_type_prelude[];

/** What is in a type that is not passed alike everywhere. */
enum {
  HAS_VECTOR = 1,
  HAS_FLOAT128 = 2,
  HAS_FLEXIBLE_ARRAY = 4,
  HAS_EMPTY = 8,
  HAS_UNNAMED_BITS = 16,
  HAS_WIDE_BITS = 32,
  HAS_OTHER_ALIGNMENT = 64
};

typedef enum leaf_form {
  NUMBER,
  BOOLEAN,
  REAL,
  COMPLEX,
  WIDE,
  POINTER,
  FUNCTION_POINTER
} leaf_form;

typedef struct leaf {
  leaf_form form;
  /** From the value: ".m1.m2[3]". */
  char path[LEAF_PATH_SIZE];
} leaf;

typedef struct c_type {
  char text[C_TEXT_SIZE];
  size_t length;
  /** Not all, where there are more. */
  leaf leaves[LEAVES_MAX];
  size_t leaf_count;
  /** Members' names so far. */
  unsigned names;
  unsigned features;
} c_type;

/** The state of the random numbers: set it before the first. */
extern uint64_t random_state;

/** From 0 up to, not including, `limit`. */
unsigned below(unsigned limit);

static inline bool once_in(unsigned times) { return below(times) == 0; }

/** Writes a typedef with the name t and a number. */
void generate_c_type(c_type *to, unsigned index);

#endif

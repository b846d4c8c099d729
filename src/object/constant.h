#ifndef MEMREGIONS_OBJECT_CONSTANT_PRIVATE_H
#define MEMREGIONS_OBJECT_CONSTANT_PRIVATE_H

/*
 * Constants: what C's constant expressions come to. Private to the component.
 */

#include <stdbool.h>
#include <stdint.h>

#include "memregions/slot.h"
#include "memregions/value.h"
#include "text_reader.h"

typedef enum mr_constant_form {
  MR_CONSTANT_INTEGER,
  /** An address that was cast to a pointer: an integer too. */
  MR_CONSTANT_POINTER,
  /** A float or a complex number. */
  MR_CONSTANT_REAL,
} mr_constant_form;

typedef struct mr_constant {
  mr_constant_form form;
  /** Of an integer: never of 0. */
  bool is_negative;
  /** Of an unsigned integer, its bits in C: 32 or 64; else 0. */
  unsigned width;
  /** Of an integer, the magnitude. */
  uint64_t high;
  uint64_t low;
  /** Of a real. */
  mr_value value;
} mr_constant;

/** Reads a constant expression.
 *
 * @param type  of the slot that it is for: an enum's names are known, and floats are read as precise as
 *              it is; null is an integer
 */
mr_status mr_constant_read(mr_text_reader *from, const mr_type *type, mr_constant *out);

/** Writes a constant to a slot, or says why it can't be there. */
mr_status mr_constant_store(const mr_constant *constant, mr_region memory, mr_slot slot);

/** What two integers come to.
 *
 * @param operator  one of + - * / % & | ^, or < and > for the shifts
 * @retval MR_OVERFLOW     the result has more than 64 bits, or there is none
 * @retval MR_UNSUPPORTED  an operand is no integer of up to 64 bits
 */
mr_status mr_constant_combine(const mr_constant *left, char operator, const mr_constant * right,
                              mr_constant *out);

/** An integer's sign turned; of an unsigned one, modulo its width. False for what is no number. */
bool mr_constant_negate(mr_constant *constant);

/** ~ of an integer. False where there is none. */
bool mr_constant_complement(mr_constant *constant);

#endif

#ifndef MEMREGIONS_OBJECT_ATOMIC_H
#define MEMREGIONS_OBJECT_ATOMIC_H

/*
 * Atomics: slots that several threads, or processes, read and write at once.
 *
 * They work on integers of 8 to 64 bits, enums, and pointers that are just as this machine has them, at
 * addresses that are multiples of their size. They never lock, so that memory may be shared between
 * processes.
 *
 * What each of them answers:
 *   MR_READ_ONLY         it writes, and the object is read-only
 *   MR_INVALID_ARGUMENT  an order that is none, or makes no sense for it
 *   MR_UNSUPPORTED       a slot of another kind or size, of another byte order, a bit-field; or this
 *                        machine has no such atomics
 *   MR_OUT_OF_BOUNDS     the slot does not lie inside the object
 *   MR_MISALIGNED        its address is no multiple of its size
 *   MR_OVERFLOW and others of mr_slot_store: a value that can't be stored there; memory is untouched
 *
 * Threads: everything here may be called from any thread at any time; other accesses to the same slot
 * are kept apart by the caller.
 */

#include <stdbool.h>

#include <memregions/object.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How accesses are ordered against others, as in C. An order is a floor: a stronger one may be used. */
typedef enum mr_memory_order {
  MR_RELAXED = 0,
  MR_ACQUIRE = 1,
  MR_RELEASE = 2,
  MR_ACQUIRE_RELEASE = 3,
  MR_SEQUENTIALLY_CONSISTENT = 4
} mr_memory_order;

/** Reads a slot.
 *
 * @param order     all but release and acquire-release
 * @param[out] out  as by mr_slot_load; untouched on failure
 */
MR_API MR_MUST_CHECK mr_status mr_object_load_atomic(mr_object object, mr_slot slot,
                                                     mr_memory_order order, mr_value *out);

/** Writes a slot.
 *
 * @param value  converted as by mr_slot_store
 * @param order  all but acquire and acquire-release
 */
MR_API MR_MUST_CHECK mr_status mr_object_store_atomic(mr_object object, mr_slot slot,
                                                      mr_value value, mr_memory_order order);

/** Writes a slot, and tells what was there.
 *
 * @param value          converted as by mr_slot_store
 * @param order          any
 * @param[out] previous  may be null; untouched on failure
 */
MR_API MR_MUST_CHECK mr_status mr_object_exchange(mr_object object, mr_slot slot, mr_value value,
                                                  mr_memory_order order, mr_value *previous);

/** Writes a slot where it has an expected value, and only then.
 *
 * It never fails by chance: false is that another value was there.
 *
 * @param[in,out] expected  converted as by mr_slot_store; what was there, where that was not it.
 *                          Untouched on failure
 * @param desired           converted as by mr_slot_store
 * @param success           any
 * @param failure           where nothing is written: all but release and acquire-release
 * @param[out] is_exchanged  whether it was written; untouched on failure
 */
MR_API MR_MUST_CHECK mr_status mr_object_compare_exchange(mr_object object, mr_slot slot,
                                                          mr_value *expected, mr_value desired,
                                                          mr_memory_order success,
                                                          mr_memory_order failure,
                                                          bool *is_exchanged);

/** Adds to a slot, modulo 2 to its width, signed or not, and tells what was there. To a pointer, octets
 * are added.
 *
 * @param addend         an integer that fits the slot's width as a signed or an unsigned one, so that -1
 *                       can be added to either
 * @param order          any
 * @param[out] previous  may be null; untouched on failure
 */
MR_API MR_MUST_CHECK mr_status mr_object_fetch_add(mr_object object, mr_slot slot, mr_value addend,
                                                   mr_memory_order order, mr_value *previous);

#ifdef __cplusplus
}
#endif
#endif

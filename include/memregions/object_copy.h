#ifndef MEMREGIONS_OBJECT_COPY_H
#define MEMREGIONS_OBJECT_COPY_H

/*
 * Whole objects: whether two are the same, and one made like the other.
 *
 * Threads: as for the objects' memory.
 */

#include <stdbool.h>
#include <stddef.h>

#include <memregions/object.h>
#include <memregions/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Whether two objects of equal types have equal slots.
 *
 * Padding does not count. Slots are compared by mr_value_equal: floats by their octets, so that a NaN
 * equals itself, and 0.0 is not -0.0. Unions are compared by their octets, since nothing tells which
 * member counts. Flexible arrays are equal only where as many elements lie in both objects.
 *
 * @return false also where mr_type_equal is
 */
MR_API bool mr_object_equal(mr_object a, mr_object b);

/** Where two objects of equal types differ.
 *
 * @param[out] is_equal  as by mr_object_equal; untouched on failure
 * @param[in,out] path   where they differ, the path of the first slot that does is added; may be null.
 *                       Of a member without name, and of a flexible array that is longer, the path of
 *                       what it stands in
 * @retval MR_TYPE_MISMATCH  the types are not equal
 * @retval MR_NO_SPACE       the path does not fit whole
 */
MR_API MR_MUST_CHECK mr_status mr_object_difference(mr_object a, mr_object b, bool *is_equal,
                                                    mr_text *path);

/** Copies an object to another of an equal type. The two may overlap.
 *
 * All octets are copied, padding too: none of what `to` held before is left to be found in it. Of a
 * flexible array that is longer in `to`, the elements past the end of `from` stay.
 *
 * @retval MR_READ_ONLY      `to` is
 * @retval MR_TYPE_MISMATCH  the types are not equal
 * @retval MR_OUT_OF_BOUNDS  the flexible array of `from` is longer
 */
MR_API MR_MUST_CHECK mr_status mr_object_copy(mr_object to, mr_object from);

/** For mr_object_convert: of arrays of different lengths, as many elements are converted as the shorter
 * one has. */
#define MR_CONVERT_SHORTER 1u

/** Converts an object to another type by its slots' names.
 *
 * Each named slot of `to` that `from` has too is written, converted as by mr_slot_store_fitted: structs
 * slot by slot, arrays element by element, bit-fields, other byte orders and pointers of other sizes
 * too. What is an enum on both sides goes by its name, or by its value where it has no name. What
 * `from` lacks stays as it is, as do members without name that have no names in them.
 *
 * Nothing tells which member of a union counts. Where both sides have unions of equal types in the same
 * place, octets are copied. Else a union takes the one of its members that `from` has.
 *
 * All is checked first, then written.
 *
 * @param fit             what becomes of numbers that do not fit
 * @param flags           0 or MR_CONVERT_SHORTER
 * @param[out] converted  scalars, and unions of equal types, that were written; may be null; untouched
 *                        on failure
 * @param[out] condition  the message names the slot, offset is its offset in `to`; may be null
 * @retval MR_READ_ONLY         `to` is
 * @retval MR_INVALID_ARGUMENT  `fit` or a flag is none, or the objects' memory overlaps
 * @retval MR_TYPE_MISMATCH     a slot is a struct or array on one side only; arrays have different
 *                              lengths; or values can't be converted
 * @retval MR_UNSUPPORTED       `from` has more than one member of a union
 * @retval MR_OVERFLOW          a value does not fit
 * @retval MR_NO_SUCH_SLOT      the enum in `to` lacks a name
 */
MR_API MR_MUST_CHECK mr_status mr_object_convert(mr_object to, mr_object from, mr_fit fit,
                                                 uint32_t flags, size_t *converted,
                                                 mr_condition *condition);

#ifdef __cplusplus
}
#endif
#endif

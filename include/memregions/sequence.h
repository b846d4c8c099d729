#ifndef MEMREGIONS_SEQUENCE_H
#define MEMREGIONS_SEQUENCE_H

/*
 * Sequences: a region as elements of one type.
 *
 * A sequence is a value. It borrows its memory and its type, and owns neither.
 *
 * What always holds (mr_sequence_is_sound):
 *   - the element's size is not 0, and stride is at least that;
 *   - (count - 1) * stride + size is at most PTRDIFF_MAX, so that each element's end can be formed;
 *   - start is not null where count is not 0.
 * Elements need no alignment. All zeros is the null sequence: of octets, and none. Only its type is
 * null.
 *
 * Threads: sequences are free to share; who shares the memory keeps order among its users.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/allocator.h>
#include <memregions/slot.h>
#include <memregions/source.h>
#include <memregions/type.h>
#include <memregions/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/** In `flags`: the memory is only read. */
#define MR_SEQUENCE_READ_ONLY 1u

/** Elements of one type, `stride` octets apart. */
typedef struct mr_sequence {
  void *start;
  size_t count;
  /** Octets from one element to the next. */
  size_t stride;
  /** Of the elements. */
  const mr_type *type;
  uint32_t flags;
} mr_sequence;

/* Making. */

/** A region as a sequence. Octets after the last whole element belong to none.
 *
 * @param region    borrowed by the sequence
 * @param type      of the elements; borrowed by the sequence. Null is unsigned octets
 * @param[out] out  untouched on failure
 * @retval MR_INVALID_ARGUMENT  elements would have size 0, or the region is not sound
 */
MR_API MR_MUST_CHECK mr_status mr_sequence_of_region(mr_region region, const mr_type *type,
                                                     mr_sequence *out);

/** A view as a sequence, which is read-only. */
MR_API MR_MUST_CHECK mr_status mr_sequence_of_view(mr_view view, const mr_type *type,
                                                   mr_sequence *out);

/** What a stable source lends as a sequence, read-only where the source is.
 *
 * @retval MR_UNSUPPORTED  the source is not stable
 * @return                 else as mr_to_view and mr_sequence_of_region
 */
MR_API MR_MUST_CHECK mr_status mr_sequence_of(mr_source source, const mr_type *type,
                                              mr_sequence *out);

/** A sequence as a source whose ranges count elements.
 *
 * Stable and in place where the elements stand side by side; else it lends copies in which they do,
 * and writes back only what belongs to elements.
 *
 * @param sequence  borrowed itself, and not to be changed meanwhile
 */
MR_API mr_source mr_sequence_source(const mr_sequence *sequence);

/** Whether the invariants at the top of this header hold. */
MR_API bool mr_sequence_is_sound(mr_sequence sequence);

/* Asking. */

/** The number of elements. */
MR_INLINE size_t mr_sequence_length(mr_sequence sequence) { return sequence.count; }

/** Whether there is no element. */
MR_INLINE bool mr_sequence_is_empty(mr_sequence sequence) { return sequence.count == 0; }

/** Octets from the first element's start to the last one's end; 0 where there is none. */
MR_API size_t mr_sequence_size(mr_sequence sequence);

/** All from the first element's start to the last one's end.
 *
 * @retval MR_READ_ONLY  the sequence is
 */
MR_API MR_MUST_CHECK mr_status mr_sequence_region(mr_sequence sequence, mr_region *out);

/** All from the first element's start to the last one's end, to read. */
MR_API mr_view mr_sequence_view(mr_sequence sequence);

/* Elements. */

/** The octets of an element.
 *
 * @param index     from 0
 * @param[out] out  borrows the sequence's memory; untouched on failure
 * @retval MR_OUT_OF_BOUNDS  there is no such element
 * @retval MR_READ_ONLY      the sequence is
 */
MR_API MR_MUST_CHECK mr_status mr_sequence_element_region(mr_sequence sequence, size_t index,
                                                          mr_region *out);

/** The octets of an element, to read. */
MR_API MR_MUST_CHECK mr_status mr_sequence_element_view(mr_sequence sequence, size_t index,
                                                        mr_view *out);

/** Reads an element.
 *
 * @param[out] out  as by mr_slot_load; untouched on failure
 * @retval MR_OUT_OF_BOUNDS  there is no such element
 */
MR_API MR_MUST_CHECK mr_status mr_sequence_get(mr_sequence sequence, size_t index, mr_value *out);

/** Writes an element, converting the value as mr_slot_store does.
 *
 * @retval MR_OUT_OF_BOUNDS  there is no such element
 * @retval MR_READ_ONLY      the sequence is
 * @return                   else as mr_slot_store
 */
MR_API MR_MUST_CHECK mr_status mr_sequence_set(mr_sequence sequence, size_t index, mr_value value);

/* Parts. */

/** The elements that `range` names, every `step`-th of them. Shares memory, type and flags.
 *
 * An empty part is a part. A step past the last of the elements leaves the first.
 *
 * @param range     of indices
 * @param step      1 for each
 * @param[out] out  untouched on failure
 * @retval MR_OUT_OF_BOUNDS     the range does not lie inside
 * @retval MR_INVALID_ARGUMENT  the step is 0
 */
MR_API MR_MUST_CHECK mr_status mr_subsequence(mr_sequence sequence, mr_range range, size_t step,
                                              mr_sequence *out);

/* Sequences in memory of their own. The storage is a region from an allocator, aligned to
 * mr_sequence_storage_alignment; the caller gives it back by mr_deallocate_aligned. */

/** The alignment of storage for elements of `type` (null: unsigned octets): the type's, but at
 * least MR_DEFAULT_ALIGNMENT. */
MR_API size_t mr_sequence_storage_alignment(const mr_type *type);

/** What new elements start as: all zeros is zeros. */
typedef struct mr_sequence_initial {
  /** Every one this value, as by mr_sequence_set; may be null. */
  const mr_value *element;
  /** Or those of another sequence, of the same number; may be null. Of the same type, their octets
   * are copied; else each is converted as by mr_sequence_set. Not both. */
  const mr_sequence *contents;
} mr_sequence_initial;

/** Makes a sequence of `count` elements of `type`.
 *
 * @param allocator       gives the storage; null is the system's
 * @param type            of the elements; borrowed by the sequence. Null is unsigned octets
 * @param count           of elements
 * @param initial         null means zeros
 * @param[out] storage    the caller's to give back; untouched on failure
 * @param[out] out        borrows the storage; untouched on failure
 * @param[out] condition  the index of the element that does not convert is its offset: 0 for
 *                        `element`; may be null
 * @retval MR_INVALID_ARGUMENT  elements would have size 0; or `initial` has both forms, or contents
 *                              of another number
 * @return                      else as mr_allocate_array_aligned and mr_sequence_set
 */
MR_API MR_MUST_CHECK mr_status mr_sequence_make(mr_allocator *allocator, const mr_type *type,
                                                size_t count, const mr_sequence_initial *initial,
                                                mr_region *storage, mr_sequence *out,
                                                mr_condition *condition);

/** mr_sequence_make with another sequence's type; the new one is writable. */
MR_API MR_MUST_CHECK mr_status mr_sequence_make_like(mr_sequence like, mr_allocator *allocator,
                                                     size_t count,
                                                     const mr_sequence_initial *initial,
                                                     mr_region *storage, mr_sequence *out,
                                                     mr_condition *condition);

/** A copy of a sequence: mr_sequence_make with its type and contents. */
MR_API MR_MUST_CHECK mr_status mr_sequence_copy(mr_sequence sequence, mr_allocator *allocator,
                                                mr_region *storage, mr_sequence *out,
                                                mr_condition *condition);

/** Changes the number of a whole sequence's elements. Those it had are kept, as far as there is
 * room; only new ones are initialised, or, where `initial` has contents, all.
 *
 * Works in place where the allocator can. But new contents, and new elements from a value larger
 * than any scalar, are put together in a new block before the old one is given back. What `initial`
 * points to may lie in the storage itself.
 *
 * @param[in,out] sequence  all of `storage`; follows it where it moves
 * @param allocator         that gave the storage
 * @param[in,out] storage   as made by mr_sequence_make
 * @param count             of elements
 * @param initial           null means zeros
 * @param[out] condition    as by mr_sequence_make; may be null
 * @retval MR_INVALID_ARGUMENT  the sequence is not just the storage; or as by mr_sequence_make
 * @retval MR_READ_ONLY         the sequence is
 * @return                      else as mr_reallocate_aligned and mr_sequence_set
 */
MR_API MR_MUST_CHECK mr_status mr_sequence_adjust(mr_sequence *sequence, mr_allocator *allocator,
                                                  mr_region *storage, size_t count,
                                                  const mr_sequence_initial *initial,
                                                  mr_condition *condition);

/* Iterating. MR_DO_SEQUENCE says in one line:
 *
 *     for (mr_iterator at = mr_iterator_of(sequence, mr_range_all(), false);
 *          !mr_iterator_is_at_end(at); mr_iterator_step(&at)) {
 *       status = mr_iterator_get(at, &value);
 *     }
 */

/** An element of a sequence, or its end, and the way from there. */
typedef struct mr_iterator {
  mr_sequence sequence;
  /** Of the element it is at. */
  size_t index;
  /** Elements from here on, this one counted. */
  size_t left;
  bool is_backward;
} mr_iterator;

/** An iterator over the elements that `range` names, or as many of them as there are.
 *
 * @param range        of indices; cut off at the sequence's end
 * @param is_backward  from the last to the first
 */
MR_INLINE mr_iterator mr_iterator_of(mr_sequence sequence, mr_range range, bool is_backward) {
  size_t end = range.end < sequence.count ? range.end : sequence.count;
  size_t start = range.start < end ? range.start : end;
  mr_iterator iterator = {sequence, is_backward && start < end ? end - 1 : start, end - start,
                          is_backward};
  return iterator;
}

/** Whether it is past the last of its elements. */
MR_INLINE bool mr_iterator_is_at_end(mr_iterator iterator) { return iterator.left == 0; }

/** Moves to the next element. At the end it stays. */
MR_INLINE void mr_iterator_step(mr_iterator *iterator) {
  if (iterator->left == 0) return;
  /* The last step must not move before element 0. */
  if (--iterator->left > 0) iterator->index += iterator->is_backward ? SIZE_MAX : 1;
}

/** The index of the element it is at. Meaningless at the end. */
MR_INLINE size_t mr_iterator_index(mr_iterator iterator) { return iterator.index; }

/** Reads the element it is at.
 *
 * @retval MR_END_OF_FILE  it is at the end
 */
MR_API MR_MUST_CHECK mr_status mr_iterator_get(mr_iterator iterator, mr_value *out);

/** Writes the element it is at.
 *
 * @retval MR_END_OF_FILE  it is at the end
 * @return                 else as mr_sequence_set
 */
MR_API MR_MUST_CHECK mr_status mr_iterator_set(mr_iterator iterator, mr_value value);

/** A loop over a sequence: `iterator` names an mr_iterator that the body sees. A macro, because it
 * is a statement. */
#define MR_DO_SEQUENCE(iterator, sequence)                                       \
  for (mr_iterator iterator = mr_iterator_of((sequence), mr_range_all(), false); \
       !mr_iterator_is_at_end(iterator); mr_iterator_step(&(iterator)))

#ifdef __cplusplus
}
#endif
#endif

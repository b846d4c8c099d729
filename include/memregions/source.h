#ifndef MEMREGIONS_SOURCE_H
#define MEMREGIONS_SOURCE_H

/*
 * Sources: whatever can lend a region for a while.
 *
 * A region, a view, an array, a size, a file, a stream, a sequence, an object: each makes an mr_source, a small value
 * that borrows its thing, and functions that want memory take sources. A type of your own joins by an mr_source_ops.
 *
 * What always holds:
 *   - every region that is acquired is released once, through the same mr_borrow;
 *   - a source whose ops have neither scratch_size nor release is *stable*: what it lends stays valid, and stays the
 *     thing's own memory, for as long as the thing itself does. Others may lend a copy;
 *   - a range counts the source's units (octets, or elements for an array); ops see octets only.
 *
 * Threads: a source may be used by several threads at once where its thing may be.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memregions/region.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is done with a borrowed region, and so what a source that lends copies has to do. */
typedef enum mr_direction {
  /** It is read: a copy is filled before, and dropped afterwards. */
  MR_INPUT = 1,
  /** It is written, all of it: a copy starts as zeros, and is written back. */
  MR_OUTPUT = 2,
  /** Both: a copy is filled before, and written back. */
  MR_IO = 3
} mr_direction;

typedef struct mr_source_ops mr_source_ops;

/** Something that lends regions. Made by the functions below, and by those of other components. All zeros is the null
 * source. */
typedef struct mr_source {
  /** Null for the null source, which lends the null region. */
  const mr_source_ops *ops;
  /** The thing, as its ops know it. */
  void *self;
  /** Octets there are; MR_TO_END where that is known only once it is acquired. */
  size_t size;
  /** Octets that 1 of a range stands for; at least 1. */
  size_t unit;
} mr_source;

/** The functions behind a source. `range` is in octets, start <= end; where the source's size is known it lies inside,
 * else its end may be MR_TO_END. All three are given the same one. They do not let C++ exceptions out. */
struct mr_source_ops {
  /** sizeof(mr_source_ops), as its user was compiled. Where it ends before `release` does, or acquire is null, every
   * borrow is refused as MR_INVALID_ARGUMENT. */
  size_t struct_size;
  /** For people and debuggers: "view". */
  const char *name;
  /** How many octets of the caller's memory acquire needs; null where it needs none.
   *
   * @param[out] size  octets; the scratch will have them, at a multiple of 16
   */
  mr_status (*scratch_size)(const mr_source *source, mr_range range, mr_direction direction,
                            size_t *size);
  /** Lends what `range` names.
   *
   * @param scratch      the memory scratch_size asked for; the caller's until after release
   * @param[out] region  what is lent; written only on success
   * @retval MR_READ_ONLY      it can't be written, and the direction says that it shall
   * @retval MR_OUT_OF_BOUNDS  the range is found not to lie inside
   */
  mr_status (*acquire)(const mr_source *source, mr_range range, mr_direction direction,
                       mr_region scratch, mr_region *region);
  /** Ends the borrow, and writes back what the direction says. Null where there is nothing to do. The borrow has ended
   * whatever this returns. */
  mr_status (*release)(const mr_source *source, mr_range range, mr_direction direction,
                       mr_region scratch, mr_region region);
};

/* Making sources. Each borrows what it is made from, for as long as it or anything acquired from it is used. */

/** The source of nothing: lends the null region. */
MR_API mr_source mr_null_source(void);

/** A region as a source. Stable. */
MR_API mr_source mr_region_source(mr_region region);

/** A view as a source: asked for anything but MR_INPUT, it answers MR_READ_ONLY. Stable. */
MR_API mr_source mr_view_source(mr_view view);

/** An array as a source whose ranges count elements. Stable.
 *
 * @param array         all its octets
 * @param element_size  octets an element; 0 is taken as 1
 */
MR_API mr_source mr_array_source(mr_region array, size_t element_size);

/** An array that is only read as a source whose ranges count elements. Stable. */
MR_API mr_source mr_const_array_source(mr_view array, size_t element_size);

/** A bare pointer as a source; the null source where `pointer` is null. Its size is unknown, so every range needs an
 * end, else it is MR_OUT_OF_BOUNDS. Stable. */
MR_API mr_source mr_pointer_source(void *pointer);

/** `size` octets of fresh zeros for each borrow: on the stack up to mr_stack_limit, else from the heap. Not stable.
 * More than PTRDIFF_MAX of them is MR_BLOCK_TOO_BIG once it is borrowed. */
MR_API mr_source mr_temporary_source(size_t size);

/* Asking. */

/** Whether what it lends is the thing's own memory, valid for as long as the thing is. */
MR_API bool mr_source_is_stable(mr_source source);

/** The region behind a stable source.
 *
 * @param source    borrowed by the region
 * @param[out] out  all of it; untouched on failure
 * @retval MR_INVALID_ARGUMENT  its ops are too short, or can't lend
 * @retval MR_UNSUPPORTED       the source is not stable: borrow from it instead
 * @retval MR_READ_ONLY         it lends views only
 * @retval MR_OUT_OF_BOUNDS     its size is not known (a bare pointer)
 * @return                      else what the source's acquire answers
 */
MR_API MR_MUST_CHECK mr_status mr_to_region(mr_source source, mr_region *out);

/** The view behind a stable source: mr_to_region for what is only read. */
MR_API MR_MUST_CHECK mr_status mr_to_view(mr_source source, mr_view *out);

/* Borrowing by hand. mr_call_with_region does all of this. */

/** A region on loan, and all that release needs. Copy it, but release it once. */
typedef struct mr_borrow {
  mr_source source;
  /** In octets. */
  mr_range range;
  /** 0 where nothing is held: after mr_release, or where all members are 0. */
  mr_direction direction;
  mr_region scratch;
  /** What was lent. */
  mr_region region;
} mr_borrow;

/** The octets of scratch that mr_acquire needs for this; 0 for every stable source.
 *
 * @param source     asked, not borrowed
 * @param range      in the source's units
 * @param direction  what will be done with it
 * @param[out] size  octets; untouched on failure
 * @retval MR_INVALID_ARGUMENT  `direction` is none, or the source's ops are too short or can't lend
 * @retval MR_OUT_OF_BOUNDS     the range does not lie inside the source
 * @return                      else what the source's scratch_size answers
 */
MR_API MR_MUST_CHECK mr_status mr_scratch_size(mr_source source, mr_range range,
                                               mr_direction direction, size_t *size);

/** Borrows what `range` names.
 *
 * @param source       borrowed until released
 * @param range        in the source's units
 * @param direction    what will be done with it
 * @param scratch      at least mr_scratch_size octets at a multiple of 16; the caller's, until after mr_release
 * @param[out] borrow  hand it to mr_release; written only on success
 * @retval MR_INVALID_ARGUMENT  as by mr_scratch_size, or the scratch is too small or misaligned
 * @retval MR_OUT_OF_BOUNDS     the range does not lie inside the source
 * @retval MR_READ_ONLY         the direction writes, and the source can't be written
 * @return                      else what the source's acquire answers
 */
MR_API MR_MUST_CHECK mr_status mr_acquire(mr_source source, mr_range range, mr_direction direction,
                                          mr_region scratch, mr_borrow *borrow);

/** Ends a borrow, writing back what its direction says. Its region is null afterwards; releasing again does nothing.
 *
 * @return MR_OK, or what went wrong in writing back (the borrow has ended all the same)
 */
MR_API mr_status mr_release(mr_borrow *borrow);

/* Scoped use. */

/** What to borrow, and what for. */
typedef struct mr_borrow_options {
  /** In the source's units. Of a source whose size is known, what lies past its end is cut off. */
  mr_range range;
  mr_direction direction;
} mr_borrow_options;

/** What to borrow, and what for. */
MR_INLINE mr_borrow_options mr_borrow_options_of(mr_range range, mr_direction direction) {
  mr_borrow_options options = {range, direction};
  return options;
}

/** Works on a borrowed region. Its status is returned to whoever made the call. */
typedef mr_status mr_region_function(void *context, mr_region region);
/** Works on a borrowed view. */
typedef mr_status mr_view_function(void *context, mr_view view);
/** Works on several borrowed regions, in the order of their sources. */
typedef mr_status mr_regions_function(void *context, const mr_region *regions, size_t count);

/** Calls `function` with a region borrowed from `source`, and releases it on the way out, also when a C++ exception
 * passes (where the compiler has the cleanup attribute). To longjmp out of the call is undefined.
 *
 * Scratch is taken from the stack up to mr_stack_limit, else from the heap.
 *
 * @param source    borrowed during the call
 * @param options   null means all of it, MR_IO
 * @param function  called once; not called where borrowing fails
 * @param context   handed to it
 * @retval MR_INVALID_ARGUMENT  the options' direction is none, or the source's ops are too short or can't lend
 * @retval MR_OUT_OF_BOUNDS     the options' range starts after its end, or does not lie inside a source of unknown size
 * @retval MR_OUT_OF_MEMORY     no memory for the scratch
 * @return                      the function's status where it is not MR_OK, else the release's
 */
MR_API mr_status mr_call_with_region(mr_source source, const mr_borrow_options *options,
                                     mr_region_function *function, void *context);

/** mr_call_with_region for what is only read: the options' direction must be MR_INPUT, and null means all of it. */
MR_API mr_status mr_call_with_view(mr_source source, const mr_borrow_options *options,
                                   mr_view_function *function, void *context);

/** mr_call_with_region for several: borrowed in order, released in reverse.
 *
 * @param sources  `count` of them
 * @param options  `count` of them; null means all of each, MR_IO
 * @return         the first status, in the order of events, that is not MR_OK
 */
MR_API mr_status mr_call_with_regions(const mr_source *sources, const mr_borrow_options *options,
                                      size_t count, mr_regions_function *function, void *context);

/** The most octets of scratch that are taken from the stack: 8192, unless set. */
MR_API size_t mr_stack_limit(void);

/** Sets mr_stack_limit for the process. Any thread may call it at any time.
 *
 * @retval MR_INVALID_ARGUMENT  above 65536
 */
MR_API MR_MUST_CHECK mr_status mr_set_stack_limit(size_t octets);

/* mr_clear, mr_fill and mr_replace, from and to any source. Ranges are in the sources' units and strict: one that does
 * not lie inside is MR_OUT_OF_BOUNDS, and nothing is written. Scratch as in mr_call_with_region; each can answer
 * MR_OUT_OF_MEMORY for it, MR_READ_ONLY, and what the source's own functions answer. */

/** Sets all that a source lends to 0. */
MR_API MR_MUST_CHECK mr_status mr_source_clear(mr_source source);

/** Sets every octet of a part of a source. */
MR_API MR_MUST_CHECK mr_status mr_source_fill(mr_source source, uint8_t octet, mr_range range);

/** Copies octets from one source to another: as many as the shorter of the two ranges holds. The two may overlap.
 *
 * `from` is borrowed first. Of `to`, no more is borrowed than is copied, MR_OUTPUT; where its size is not known, its
 * whole range, MR_IO. Where both are sources of one kind that is not stable, two paths for instance, what is copied goes
 * through the heap, because one thing may be lent at two addresses.
 *
 * @param to           written to
 * @param to_range     in the units of `to`
 * @param from         read from
 * @param from_range   in the units of `from`
 * @param[out] copied  octets copied; may be null
 */
MR_API MR_MUST_CHECK mr_status mr_source_replace(mr_source to, mr_range to_range, mr_source from,
                                                 mr_range from_range, size_t *copied);

#ifdef __cplusplus
}
#endif
#endif

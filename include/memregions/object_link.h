#ifndef MEMREGIONS_OBJECT_LINK_H
#define MEMREGIONS_OBJECT_LINK_H

/*
 * Links: the memory that pointers in objects may lead into.
 *
 * An object knows no memory but its own. Where a path goes on behind a pointer, with `->` or an index, it
 * is followed only into memory that the caller names, at the addresses that the pointers have: parts of
 * a dump of another machine, say, or this program's own.
 *
 *     mr_link links[] = {{0x8000, mr_view_source(dump)}};
 *     status = mr_object_get_linked(list, "head->next->name[0]", links, 1, &value, NULL);
 *
 * Threads: as for the objects and sources that are involved.
 */

#include <stddef.h>
#include <stdint.h>

#include <memregions/object.h>
#include <memregions/source.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Memory at the addresses from `address` on. */
typedef struct mr_link {
  /** As pointers have it. */
  uint64_t address;
  /** Stable. */
  mr_source source;
} mr_link;

/** What is at a path that may lead through pointers.
 *
 * `p->x` and `p[3].x` lead into the link in which the value of `p` lies; of several, the first. `p[0]`
 * is what `p` points to. Alignment is that of the memory here. Behind a pointer to something that ends
 * with a flexible array, all that is left of the link is the object.
 *
 * @param object          where the path starts
 * @param path            as for mr_slot_find, with `->` and indices of pointers
 * @param links           `count` of them; null where there are none
 * @param[out] reached    what the last pointer of the path points to, or the element that is indexed, as an
 *                        object: read-only where the link's source is. Without a pointer, `object`. It
 *                        borrows from the source. Untouched on failure
 * @param[out] slot       in `reached`: what the rest of the path names; borrows the type
 * @param[out] condition  column, counted from 1, where in the path what is wrong starts; may be null
 * @retval MR_FAULT          a pointer into no link; null too, but where a link starts at 0
 * @retval MR_OUT_OF_BOUNDS  also: what a pointer points to does not lie in its link whole
 * @retval MR_MISALIGNED     what it points to does not have its type's alignment
 * @retval MR_TYPE_MISMATCH  also: a pointer to void, a function, or what is not defined
 * @retval MR_UNSUPPORTED    a slice; or a link whose source is not stable
 * @return                   else as mr_slot_find
 */
MR_API MR_MUST_CHECK mr_status mr_object_reach(mr_object object, const char *path,
                                               const mr_link *links, size_t count,
                                               mr_object *reached, mr_slot *slot,
                                               mr_condition *condition);

/** Reads what is at a path that may lead through pointers.
 *
 * @return  as mr_object_reach and mr_slot_load
 */
MR_API MR_MUST_CHECK mr_status mr_object_get_linked(mr_object object, const char *path,
                                                    const mr_link *links, size_t count,
                                                    mr_value *out, mr_condition *condition);

/** Writes what is at a path that may lead through pointers.
 *
 * @retval MR_READ_ONLY  what was reached is
 * @return               else as mr_object_reach and mr_slot_store
 */
MR_API MR_MUST_CHECK mr_status mr_object_set_linked(mr_object object, const char *path,
                                                    const mr_link *links, size_t count,
                                                    mr_value value, mr_condition *condition);

#ifdef __cplusplus
}
#endif
#endif

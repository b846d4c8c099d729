#ifndef MEMREGIONS_TESTS_LIBRARY_TRIAL_H
#define MEMREGIONS_TESTS_LIBRARY_TRIAL_H

/*
 * Somebody else's library at work in memory of ours: in each kind of allocator, and with too little memory at every
 * point where it asks for some.
 */

#include <memregions/allocator.h>

/** Opens what the library has, works with it, and closes it, all by `allocator`. Asserts that all is right, but for want of
 * memory: then it asks library_memory_is_back, and if so asserts that the work can now be done.
 *
 * @param amount  of work; a library's own unit
 * @return        whether there was memory all the time
 */
typedef bool library_work(mr_allocator *allocator, size_t amount);

/** Does the work in each kind of allocator; asserts that it can be done, and that nothing is left over. */
void library_works_in_each_kind(library_work *work, size_t amount);

/** Does the work again and again, with its first request for memory failing, then its second ..., in three ways: that one
 * only; it and all later ones until the work asks whether memory is back; it and all later ones. Asserts that nothing is
 * left over, and that the work says whether there was memory.
 *
 * @param name  of the kind: "arena" ...; the requests are those that its parent gets, or its own in "test" and "moving"
 * @return      how many requests failed in the first way before the work could be done
 */
size_t library_survives_in(const char *name, library_work *work, size_t amount);

/** Whether requests no longer fail, after one did. */
bool library_memory_is_back(void);

#endif

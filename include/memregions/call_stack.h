#ifndef MEMREGIONS_CALL_STACK_H
#define MEMREGIONS_CALL_STACK_H

/*
 * Call stacks: which functions were being called when a block came or went.
 *
 * What always holds: depth <= MR_CALL_STACK_DEPTH, and frames[0 .. depth) are addresses to which calls return, innermost
 * first. So the call itself is just before each.
 *
 * The system knows the names of a program's own functions where they are not static and it was linked with -rdynamic. In
 * any case `addr2line -e FILE OFFSET` finds function and line of what was compiled with -g.
 *
 * Threads: values; everything here is for all threads.
 */

#include <stddef.h>

#include <memregions/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most calls that a call stack holds: those farther out are cut off. */
#define MR_CALL_STACK_DEPTH 24

/** Calls, innermost first. */
typedef struct mr_call_stack {
  size_t depth;
  void *frames[MR_CALL_STACK_DEPTH];
} mr_call_stack;

/** The calls that are being made now: its caller's own is the first.
 *
 * Where the system has no unwinder, it is empty. Takes no memory but what the unwinder takes once in a process.
 *
 * @param skip  how many of the innermost to leave out
 */
MR_API mr_call_stack mr_call_stack_here(size_t skip);

/** Prints a call stack, a line a call: the address, and where the system knows them the file with the offset in it and
 * the function.
 *
 * @param indent   printed before each line
 * @param write    receives the text in pieces
 * @param context  handed to it
 * @return         MR_OK, or what `write` answers
 */
MR_API MR_MUST_CHECK mr_status mr_call_stack_print(const mr_call_stack *stack, const char *indent,
                                                   mr_write_function *write, void *context);

#ifdef __cplusplus
}
#endif
#endif

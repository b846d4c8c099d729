#ifndef MEMREGIONS_COMMAND_H
#define MEMREGIONS_COMMAND_H

/*
 * The command memregions: what its subcommands share.
 *
 * A subcommand takes its arguments, as main's end with a null, and returns an exit status. What it finds goes to standard
 * output; what went wrong to standard error, after which nothing more is written to standard output.
 */

#include <stdarg.h>
#include <stdbool.h>

#include <memregions/status.h>

/** Exit statuses. */
enum { COMMAND_DONE = 0, COMMAND_FAILED = 1, COMMAND_MISUSED = 2 };

/** Writes a line "memregions: ..." to standard error.
 *
 * @return COMMAND_FAILED
 */
int command_fail(const char *format, ...) MR_PRINTF(1, 2);

/** Writes a line "memregions: ...; see memregions COMMAND --help" to standard error.
 *
 * @param command  a subcommand's name; null for none
 * @return         COMMAND_MISUSED
 */
int command_misuse(const char *command, const char *format, ...) MR_PRINTF(2, 3);

/** Ends standard output.
 *
 * @param status  what the command would exit with
 * @return        `status`, or COMMAND_FAILED, said on standard error, where something was not written
 */
int command_finish(int status);

/** An mr_write_function to the FILE that is the context. */
mr_status command_write(void *file, const char *text, size_t length);

/** `memregions layout`. */
int layout_command(char **arguments);

#endif

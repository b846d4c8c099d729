#ifndef MEMREGIONS_COMMAND_TYPE_REQUEST_H
#define MEMREGIONS_COMMAND_TYPE_REQUEST_H

/* A type as subcommands ask for it: by its name, from a file of declarations, for a target. */

#include <stdbool.h>

#include <memregions/type.h>

/** What is asked for. */
typedef struct type_request {
  /** Null for this machine. */
  const char *target;
  const char *type;
  /** Null for none, "-" for standard input. */
  const char *file;
} type_request;

/** Writes the names of the targets to standard output, a line each. */
void type_request_list_targets(void);

/** Finds the type.
 *
 * @param command   for messages: the subcommand's name
 * @param[out] out  the caller's reference, to what is complete; written only where it is found
 * @return          COMMAND_DONE; or COMMAND_FAILED or COMMAND_MISUSED, and why has been said on standard error
 */
int type_request_find(const type_request *request, const char *command, const mr_type **out);

#endif

#ifndef MEMREGIONS_COMMAND_OPTIONS_H
#define MEMREGIONS_COMMAND_OPTIONS_H

/*
 * Options of a subcommand: `-tVALUE`, `-t VALUE`, `--type VALUE`, `--type=VALUE`, anywhere among the operands, up to `--`.
 */

#include <stdbool.h>
#include <stddef.h>

/** An option. Of `value` and `is_given`, one is null. */
typedef struct command_option {
  /** 0 for none. */
  char letter;
  const char *word;
  /** Receives what follows, the last where it is given twice; borrowed from the arguments. */
  const char **value;
  /** Becomes true. */
  bool *is_given;
} command_option;

/** Takes options out of arguments, of which the operands are left, ended by a null.
 *
 * @param command  for messages: the subcommand's name
 * @return         false where there was something else, which has been said on standard error
 */
bool options_take(const char *command, const command_option *known, size_t count, char **arguments);

#endif

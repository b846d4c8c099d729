/* memregions: types and memory from the command line. */

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <memregions.h>

#include "command.h"

#define TEXT_OF(number) #number
#define VERSION_OF(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

static const char usage[] =
    "usage: memregions COMMAND ...\n"
    "\n"
    "  layout    where a type's members are: offsets, sizes, holes\n"
    "\n"
    "memregions COMMAND --help says more about a command.\n"
    "\n"
    "  -h, --help    shows this\n"
    "  --version     shows the version\n";

typedef struct subcommand {
  const char *name;
  int (*run)(char **arguments);
} subcommand;

static const subcommand subcommands[] = {{"layout", layout_command}};

static bool is_one_of(const char *word, const char *first, const char *second) {
  return strcmp(word, first) == 0 || strcmp(word, second) == 0;
}

static int run(char **arguments) {
  const char *word = arguments[0];
  if (!word) return command_misuse(NULL, "a command is missing");
  if (is_one_of(word, "--help", "-h")) {
    fputs(usage, stdout);
    return COMMAND_DONE;
  }
  if (strcmp(word, "--version") == 0) {
    puts("memregions " VERSION_OF(MR_VERSION_MAJOR, MR_VERSION_MINOR, MR_VERSION_PATCH));
    return COMMAND_DONE;
  }
  for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++) {
    if (strcmp(word, subcommands[i].name) == 0) return subcommands[i].run(arguments + 1);
  }
  return command_misuse(NULL, "there is no %s '%s'", *word == '-' ? "option" : "command", word);
}

int main(int argc, char **argv) {
#ifdef SIGPIPE
  /* A pipe that nobody reads any more is an error of writing, and is said as one. */
  signal(SIGPIPE, SIG_IGN);
#endif
  return command_finish(run(argc > 0 ? argv + 1 : argv));
}

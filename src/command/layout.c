#include "layout.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "type_request.h"

static const char usage[] =
    "usage: memregions layout [--target NAME] [--json] -t TYPE [FILE.h [PATH ...]]\n"
    "\n"
    "Shows where a type's members are, as C lays it out: offsets, sizes, holes, padding and cache "
    "lines.\n"
    "FILE.h has C declarations, as they are written or as cc -E leaves them; `-` is standard "
    "input. With\n"
    "PATHs (`at[1].line`), only those are shown.\n"
    "\n"
    "  -t, --type TYPE      the type's name, as in sizeof: `struct point`, `unsigned short`\n"
    "      --target NAME    the machine that it is laid out for; `help` lists them\n"
    "      --json           writes JSON\n"
    "  -h, --help           shows this\n";

typedef struct layout_request {
  type_request type;
  bool is_json;
  /** Ended by a null. */
  char **paths;
} layout_request;

static int fail_at_path(const type_layout *layout, char **paths, const mr_condition *condition) {
  const char *path = paths[layout->count];
  if (condition->column == 0) return command_fail("%s: %s", path, condition->message);
  return command_fail("path '%s', column %u: %s", path, (unsigned)condition->column,
                      condition->message);
}

static int fail_to_collect(const type_layout *layout, mr_status status) {
  const char *why =
      status == MR_UNSUPPORTED ? "it has more than 2^20 members" : mr_status_message(status);
  return command_fail("'%s': %s", layout->name, why);
}

static int print_paths(const layout_request *request, const mr_type *type, type_layout *layout) {
  mr_condition condition = {0};
  if (layout_collect_paths(request->type.type, type, request->paths, layout, &condition) != MR_OK) {
    return fail_at_path(layout, request->paths, &condition);
  }
  if (request->is_json) {
    layout_print_json(layout);
  } else {
    layout_print_lines(layout);
  }
  return COMMAND_DONE;
}

static int print_all(const layout_request *request, const mr_type *type, type_layout *layout) {
  mr_status status = layout_collect(request->type.type, type, layout);
  if (status != MR_OK) return fail_to_collect(layout, status);
  if (request->is_json) {
    layout_print_json(layout);
  } else {
    status = layout_print_text(layout);
  }
  return status == MR_OK ? COMMAND_DONE : fail_to_collect(layout, status);
}

static int run(const layout_request *request) {
  const mr_type *type;
  type_layout layout;
  int exit_status = type_request_find(&request->type, "layout", &type);
  if (exit_status != COMMAND_DONE) return exit_status;
  exit_status =
      *request->paths ? print_paths(request, type, &layout) : print_all(request, type, &layout);
  layout_fini(&layout);
  mr_type_release(type);
  return exit_status;
}

int layout_command(char **arguments) {
  layout_request request = {{NULL, NULL, NULL}, false, NULL};
  bool is_help = false;
  const command_option known[] = {{'t', "type", &request.type.type, NULL},
                                  {0, "target", &request.type.target, NULL},
                                  {0, "json", NULL, &request.is_json},
                                  {'h', "help", NULL, &is_help}};
  if (!options_take("layout", known, sizeof known / sizeof *known, arguments)) {
    return COMMAND_MISUSED;
  }
  if (is_help) {
    fputs(usage, stdout);
    return COMMAND_DONE;
  }
  if (request.type.target && strcmp(request.type.target, "help") == 0) {
    type_request_list_targets();
    return COMMAND_DONE;
  }
  request.type.file = arguments[0];
  request.paths = arguments[0] ? arguments + 1 : arguments;
  return run(&request);
}

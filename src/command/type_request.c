#include "type_request.h"

#include <stdio.h>
#include <string.h>

#include <memregions/declarations.h>

#include "command.h"
#include "file_text.h"

/* As much as mr_declarations_read takes by itself. */
#define TEXT_LIMIT ((size_t)1 << 30)

void type_request_list_targets(void) {
  for (int target = MR_TARGET_NATIVE + 1; mr_target_name((mr_target)target); target++) {
    bool is_native = (mr_target)target == mr_target_native();
    printf("%s%s\n", mr_target_name((mr_target)target), is_native ? " (this machine)" : "");
  }
}

static int fail_in_text(const char *name, mr_view text, const mr_condition *condition) {
  /* Failures that have no place are not about the text. */
  if (condition->line == 0) return command_fail("%s: %s", name, condition->message);
  mr_ignore(mr_declarations_print_error(name, text, condition, command_write, stderr));
  return COMMAND_FAILED;
}

static int read_file(mr_declarations *declarations, const char *file) {
  file_text text;
  mr_condition condition = {0};
  int exit_status = COMMAND_DONE;
  if (!file_text_read(file, TEXT_LIMIT, &text)) return COMMAND_FAILED;
  if (mr_declarations_read(declarations, text.view, &condition) != MR_OK) {
    const char *name = strcmp(file, "-") == 0 ? "<stdin>" : file;
    exit_status = fail_in_text(name, text.view, &condition);
  }
  file_text_release(&text);
  return exit_status;
}

static int check_complete(const char *name, const mr_type *type) {
  if (mr_type_kind(type) == MR_KIND_FUNCTION) {
    return command_fail("'%s' is a function: it has no layout", name);
  }
  if (mr_type_kind(type) == MR_KIND_VOID) return command_fail("'%s' has no size", name);
  if (!mr_type_is_complete(type) || mr_type_is_flexible_array(type)) {
    return command_fail("'%s' is incomplete: its size is not known", name);
  }
  return COMMAND_DONE;
}

static int find(mr_declarations *declarations, const char *name, const mr_type **out) {
  const mr_type *type;
  mr_condition condition = {0};
  if (mr_declarations_find(declarations, name, &type, &condition) != MR_OK) {
    return fail_in_text("-t", mr_view_of(name, strlen(name)), &condition);
  }
  int exit_status = check_complete(name, type);
  if (exit_status == COMMAND_DONE) {
    *out = type;
  } else {
    mr_type_release(type);
  }
  return exit_status;
}

int type_request_find(const type_request *request, const char *command, const mr_type **out) {
  mr_declarations_options options = {.target = MR_TARGET_NATIVE};
  mr_declarations *declarations;
  if (!request->type) return command_misuse(command, "option '-t TYPE' is missing");
  if (request->target && !mr_target_find(request->target, &options.target)) {
    return command_misuse(command, "there is no target '%s'", request->target);
  }
  mr_status status = mr_declarations_create(NULL, &options, &declarations);
  if (status != MR_OK) return command_fail("%s", mr_status_message(status));
  int exit_status = request->file ? read_file(declarations, request->file) : COMMAND_DONE;
  if (exit_status == COMMAND_DONE) exit_status = find(declarations, request->type, out);
  mr_declarations_destroy(declarations);
  return exit_status;
}

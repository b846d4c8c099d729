#include "parse.h"

#include <errno.h>
#include <fcntl.h>
#include <memregions/declarations.h>
#include <memregions/pathname.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"
#include "source_text.h"
#include "temporary.h"

typedef struct parse_files {
  const char *text;
  const char *empty;
} parse_files;

/* Runs a program, looked for in PATH, without its output; whether it did well. */
static bool succeeds(const char *program, const char *first, const char *second) {
  pid_t id;
  int status;
  posix_spawn_file_actions_t actions;
  /* No program changes its arguments' text, though C has no const for them. */
  char *arguments[] = {(char *)program, (char *)first, (char *)second, NULL};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  int error = posix_spawnp(&id, program, &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return false;
  while (waitpid(id, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Null where there is none. */
static const char *clang(void) {
  static const char *const names[] = {"clang-14", "clang"};
  static const char *found;
  for (size_t i = 0; !found && i < BENCH_COUNT(names); i++) {
    if (succeeds(names[i], "--version", NULL)) found = names[i];
  }
  return found;
}

bool parse_has_clang(void) { return clang() != NULL; }

static double time_of(const char *program, const char *option, const char *path) {
  double start = measure_now();
  bench_require(succeeds(program, option, path), "declarations could not be read");
  return measure_now() - start;
}

static double sample_of(const bench_job *job, const char *program, const char *option) {
  const parse_files *files = job->fixture;
  return time_of(program, option, files->text) - time_of(program, option, files->empty);
}

double parse_sample(bench_job *job) { return sample_of(job, "/proc/self/exe", PARSE_OPTION); }

static double clang_sample(bench_job *job) { return sample_of(job, clang(), "-fsyntax-only"); }

const bench_subject parse_peers[] = {{.name = "clang", .sample = clang_sample}, {0}};

void *parse_open(const bench_case *of, bool is_quick) {
  (void)of, (void)is_quick;
  int text;
  int empty;
  parse_files *made = malloc(sizeof *made);
  bench_require(made != NULL, "no memory for the names of files");
  made->text = temporary_create(".c", &text);
  made->empty = temporary_create(".c", &empty);
  close(empty);
  FILE *file = fdopen(text, "w");
  bench_require(file != NULL, "a temporary file could not be written");
  source_text_write(file, PARSE_LINES);
  bench_require(!ferror(file) && fclose(file) == 0, "no room for a temporary file");
  return made;
}

void parse_close(void *fixture) {
  temporary_remove_all();
  free(fixture);
}

int parse_file(const char *path) {
  mr_file file;
  mr_declarations *declarations;
  bench_require(mr_file_open(path, NULL, &file, NULL) == MR_OK, "mr_file_open failed");
  bench_require(mr_declarations_create(NULL, NULL, &declarations) == MR_OK,
                "mr_declarations_create failed");
  bench_require(mr_declarations_read(declarations, mr_file_view(&file), NULL) == MR_OK,
                "mr_declarations_read failed");
  /* As compilers do, it leaves to the system what is in memory. */
  return EXIT_SUCCESS;
}

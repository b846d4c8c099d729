#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

typedef struct child {
  pid_t id;
  int socket;
} child;

/* A child that is gone must be an error here, not a signal. */
static bool send_all(int to, const void *from, size_t size) {
  return send(to, from, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static bool receive_all(int from, void *into, size_t size) {
  ssize_t got;
  do {
    got = recv(from, into, size, MSG_WAITALL);
  } while (got < 0 && errno == EINTR);
  return got == (ssize_t)size;
}

/* The environment with LD_PRELOAD set to `library`: pointers into the old one and to `setting`. */
static char **environment_with(char *setting) {
  size_t count = 0;
  while (environ[count]) count++;
  char **with = calloc(count + 2, sizeof *with);
  bench_require(with != NULL, "no memory for an environment");
  size_t kept = 0;
  with[kept++] = setting;
  for (size_t i = 0; i < count; i++) {
    if (strncmp(environ[i], "LD_PRELOAD=", strlen("LD_PRELOAD=")) != 0) with[kept++] = environ[i];
  }
  return with;
}

/* The child has the socket as its standard input. Its errors are the linker's about a library that is not there. */
static int spawn_with(const char *library, char *case_name, int socket, pid_t *id) {
  char setting[256];
  snprintf(setting, sizeof setting, "LD_PRELOAD=%s", library);
  char **environment = environment_with(setting);
  char *arguments[] = {"mr-bench", PRELOAD_OPTION, case_name, NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  int error = posix_spawn(id, "/proc/self/exe", &actions, NULL, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  free(environment);
  return error;
}

static child start(const char *library, const char *case_name) {
  int pair[2];
  bench_require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair failed");
  char text[64];
  snprintf(text, sizeof text, "%s", case_name);
  child started = {.socket = pair[0]};
  int error = spawn_with(library, text, pair[1], &started.id);
  close(pair[1]);
  bench_require(error == 0, "a child process did not start");
  return started;
}

static void stop(child stopped) {
  close(stopped.socket);
  while (waitpid(stopped.id, NULL, 0) < 0 && errno == EINTR) continue;
}

/* A child's first word: whether its malloc is not the C library's. */
static bool is_replaced(child asked) {
  bool answer;
  return receive_all(asked.socket, &answer, sizeof answer) && answer;
}

bool preload_is_installed(const char *library) {
  child probe = start(library, "");
  bool answer = is_replaced(probe);
  stop(probe);
  return answer;
}

void preload_open(bench_job *job, const char *library) {
  child *opened = malloc(sizeof *opened);
  bench_require(opened != NULL, "no memory for a child");
  *opened = start(library, job->of->name);
  bench_require(is_replaced(*opened), "a preloaded malloc is gone");
  job->state = opened;
}

double preload_sample(bench_job *job) {
  const child *asked = job->state;
  double nanoseconds = 0;
  bench_require(send_all(asked->socket, &job->repeats, sizeof job->repeats) &&
                    receive_all(asked->socket, &nanoseconds, sizeof nanoseconds),
                "a preloaded child process died");
  return nanoseconds;
}

void preload_close(bench_job *job) {
  child *closed = job->state;
  stop(*closed);
  free(closed);
}

static const char *file_of(void *symbol) {
  Dl_info found;
  return symbol && dladdr(symbol, &found) ? found.dli_fname : "";
}

static bool malloc_is_replaced(void) {
  /* fopen is where the C library is. */
  return strcmp(file_of(dlsym(RTLD_DEFAULT, "malloc")), file_of(dlsym(RTLD_DEFAULT, "fopen"))) != 0;
}

static const bench_subject *malloc_of(const bench_case *of) {
  const bench_subject *subject = of->peers;
  while (strcmp(subject->name, "glibc") != 0) subject++;
  return subject;
}

int preload_serve(const bench_case *of) {
  bool is_replaced = malloc_is_replaced();
  if (!send_all(STDIN_FILENO, &is_replaced, sizeof is_replaced)) return EXIT_FAILURE;
  if (!of) return EXIT_SUCCESS;
  const bench_subject *subject = malloc_of(of);
  bench_job job = {.of = of};
  if (subject->open) subject->open(&job);
  while (receive_all(STDIN_FILENO, &job.repeats, sizeof job.repeats)) {
    double nanoseconds = measure_sample(subject, &job);
    if (!send_all(STDIN_FILENO, &nanoseconds, sizeof nanoseconds)) return EXIT_FAILURE;
  }
  if (subject->close) subject->close(&job);
  return EXIT_SUCCESS;
}

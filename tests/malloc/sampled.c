/* sampled <how>: uses many blocks after their release, a few in each of many threads, or in each of many children, or
 * each second block of a single thread. Who gets to its end has not been caught. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 300, BLOCKS = 10, SIZE = 64 };

/* Compilers know malloc, and would leave out what they know to be wrong. */
static void *(*volatile take)(size_t) = malloc;
static void (*volatile give)(void *) = free;

static void read_after_free(void) {
  volatile unsigned char *block = take(SIZE);
  block[0] = 1;
  give((void *)block);
  (void)block[0];
}

static void *use_a_few(void *context) {
  for (int i = 0; i < BLOCKS; i++) read_after_free();
  return context;
}

static void in_threads(void) {
  for (int i = 0; i < TIMES; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, use_a_few, NULL) == 0) pthread_join(thread, NULL);
  }
}

static void in_children(void) {
  for (int i = 0; i < TIMES; i++) {
    pid_t child = fork();
    if (child == 0) {
      (void)use_a_few(NULL);
      _exit(0);
    }
    int status = 0;
    if (waitpid(child, &status, 0) == child && WIFSIGNALED(status)) abort();
  }
}

static void each_second(void) {
  for (int i = 0; i < TIMES; i++) {
    read_after_free();
    give(take(SIZE));
  }
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  if (strcmp(arguments[1], "threads") == 0) in_threads();
  if (strcmp(arguments[1], "children") == 0) in_children();
  if (strcmp(arguments[1], "second") == 0) each_second();
  return 0;
}

/* Forks while other threads allocate. Each child goes on allocating, in a thread of its own too. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3, FORKS = 30, BLOCKS = 100 };

static atomic_bool is_over;

static void churn(size_t rounds) {
  void *blocks[BLOCKS] = {NULL};
  for (size_t i = 0; i < rounds; i++) {
    size_t at = i * 7 % BLOCKS;
    free(blocks[at]);
    blocks[at] = malloc(i * 31 % 3000 + 1);
    if (!blocks[at]) abort();
    memset(blocks[at], 1, i * 31 % 3000 + 1);
  }
  for (size_t i = 0; i < BLOCKS; i++) free(blocks[i]);
}

static void *work(void *context) {
  (void)context;
  while (!atomic_load(&is_over)) churn(300);
  return NULL;
}

static void *work_in_child(void *context) {
  (void)context;
  churn(300);
  return NULL;
}

static void be_child(void) {
  pthread_t thread;
  alarm(60);
  churn(300);
  if (pthread_create(&thread, NULL, work_in_child, NULL) != 0) _exit(1);
  pthread_join(thread, NULL);
  exit(0);
}

int main(void) {
  pthread_t threads[THREADS];
  int failed = 0;
  for (size_t i = 0; i < THREADS; i++) {
    if (pthread_create(&threads[i], NULL, work, NULL) != 0) return 1;
  }
  for (int i = 0; i < FORKS; i++) {
    void *before = malloc(1000);
    pid_t child = fork();
    if (child == 0) {
      free(before);
      be_child();
    }
    free(before);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) failed++;
  }
  atomic_store(&is_over, true);
  for (size_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  printf("%d forks, %d failed\n", FORKS, failed);
  return failed > 0;
}

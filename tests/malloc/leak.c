/* Keeps three blocks of 1000 octets for ever, and once had 500000 octets more. Given an argument, forks first. */

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *volatile kept[3];

int main(int count, char **arguments) {
  (void)arguments;
  if (count > 1 && fork() > 0) wait(NULL);
  /* One call, by which all three come. */
  for (volatile int i = 0; i < 3; i++) kept[i] = malloc(1000);
  void *volatile most = malloc(500000);
  memset(most, 1, 500000);
  free(most);
  return 0;
}

/* Threads that take blocks, hand them over and release each other's, and check what is in them, while another loads and
 * unloads a library: the dynamic linker asks for memory while it has its lock. Prints what it has done: the same each
 * time. */

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, ROUNDS = 5000, PLACES = 256, LOADS = 500 };

typedef struct block {
  size_t size;
  unsigned char octets[];
} block;

/* Where blocks are handed over. */
static _Atomic(block *) places[PLACES];
static atomic_size_t damaged;

static uint32_t next(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static size_t size_of(uint32_t *seed) {
  uint32_t number = next(seed);
  if (number % 1000 == 0) return number % 300000;
  return number % 20 == 0 ? number % 5000 : number % 200;
}

/* By many different calls: one of two at each of some levels. */
static block *make(uint32_t *seed);
static block *make_left(uint32_t *seed, unsigned way);
static block *make_right(uint32_t *seed, unsigned way);

static block *make_at(uint32_t *seed, unsigned way) {
  if (way <= 1) return make(seed);
  return way % 2 ? make_left(seed, way / 2) : make_right(seed, way / 2);
}

static block *make_left(uint32_t *seed, unsigned way) {
  block *volatile made = make_at(seed, way);
  return made;
}

static block *make_right(uint32_t *seed, unsigned way) {
  block *volatile made = make_at(seed, way);
  return made;
}

static block *make(uint32_t *seed) {
  size_t size = size_of(seed);
  block *made = next(seed) % 2 ? malloc(sizeof *made + size) : calloc(1, sizeof *made + size);
  if (next(seed) % 4 == 0) made = realloc(made, sizeof *made + (size = size_of(seed)));
  if (!made) abort();
  made->size = size;
  memset(made->octets, (int)(size % 256), size);
  return made;
}

static void end(block *old) {
  if (!old) return;
  for (size_t i = 0; i < old->size; i++) {
    if (old->octets[i] != old->size % 256) atomic_fetch_add(&damaged, 1);
  }
  free(old);
}

static void *work(void *context) {
  uint32_t seed = *(uint32_t *)context;
  for (int i = 0; i < ROUNDS; i++) {
    end(atomic_exchange(&places[next(&seed) % PLACES], make_at(&seed, next(&seed) % 256)));
  }
  return NULL;
}

static void *load(void *context) {
  (void)context;
  for (int i = 0; i < LOADS; i++) {
    void *library = dlopen("libresolv.so.2", RTLD_NOW);
    if (library) dlclose(library);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  pthread_t loader;
  uint32_t seeds[THREADS];
  if (pthread_create(&loader, NULL, load, NULL) != 0) return 1;
  for (uint32_t i = 0; i < THREADS; i++) {
    seeds[i] = i + 1;
    if (pthread_create(&threads[i], NULL, work, &seeds[i]) != 0) return 1;
  }
  for (size_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  pthread_join(loader, NULL);
  for (size_t i = 0; i < PLACES; i++) end(atomic_exchange(&places[i], NULL));
  printf("%d threads, %d blocks each, %zu octets damaged\n", THREADS, ROUNDS,
         atomic_load(&damaged));
  return 0;
}

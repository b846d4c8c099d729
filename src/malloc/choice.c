/* For secure_getenv. */
#define _GNU_SOURCE

#include "choice.h"

#include <stdlib.h>
#include <string.h>

#include "fatal.h"
#include "frame.h"
#include "memregions/bump.h"
#include "memregions/pages.h"
#include "memregions/tlsf.h"
#include "split.h"

/* General-purpose memory, from the system. */
typedef struct general {
  mr_pages pages;
  mr_tlsf tlsf;
  mr_split split;
} general;

static general inner_memory;
static general main_memory;
static mr_locked inner_lock;
static mr_locked main_lock;
static mr_locked guarded_lock;
static mr_cached cached;
static mr_tracked tracked;
static mr_guarded guarded;
static mr_bump nothing;
static mr_frame inner_frame;
static mr_frame main_frame;

/* Which of them are in use. */
static bool is_cached;
static bool is_guarded;
static bool is_tracked;

static void must(mr_status status) {
  if (status != MR_OK) mr_fatal("MR_MALLOC", mr_status_message(status));
}

static mr_allocator *make_general(general *memory, size_t growth) {
  must(mr_pages_init(&memory->pages, &(mr_pages_options){.has_guards = true}));
  mr_allocator *pages = &memory->pages.base;
  must(mr_tlsf_init(&memory->tlsf, &(mr_tlsf_options){.parent = pages, .growth = growth}));
  mr_split_init(&memory->split, &memory->tlsf.base, pages, MR_LEAST_LARGE);
  return &memory->split.base;
}

static mr_allocator *make_inner(void) {
  must(mr_locked_init(&inner_lock, make_general(&inner_memory, (size_t)1 << 16)));
  mr_frame_init(&inner_frame, &inner_lock.base, MR_ORIGIN_INNER, false);
  return &inner_frame.base;
}

static mr_allocator *make_main(void) { return make_general(&main_memory, (size_t)1 << 20); }

static void make_tlsf(mr_choice *choice) {
  must(mr_locked_init(&main_lock, make_main()));
  mr_frame_init(&main_frame, &main_lock.base, MR_ORIGIN_MAIN, true);
  choice->main = &main_frame.base;
}

static void make_cached(mr_choice *choice) {
  mr_cached_options options = {.parent = make_main(), .records = &inner_lock.base};
  must(mr_cached_init(&cached, &options));
  is_cached = true;
  mr_frame_init(&main_frame, &cached.base, MR_ORIGIN_MAIN, true);
  choice->main = &main_frame.base;
}

static void make_guarded(mr_choice *choice) {
  make_cached(choice);
  /* What can't be guarded is cached, which this does not have to know of. */
  must(mr_bump_init(&nothing, mr_region_of(NULL, 0)));
  must(mr_guarded_init(&guarded, &(mr_guarded_options){.parent = &nothing.base}));
  must(mr_locked_init(&guarded_lock, &guarded.base));
  is_guarded = true;
  choice->guarded = &guarded_lock.base;
  choice->interval = 1;
  mr_guarded_catch_faults(NULL, NULL);
}

/* The frame is inside, so that counts are of what was asked for; and without quarantine, so that they are at once. */
static void make_tracked(mr_choice *choice) {
  mr_frame_init(&main_frame, make_main(), MR_ORIGIN_MAIN, false);
  mr_tracked_options options = {
      .parent = &main_frame.base, .records = &inner_lock.base, .is_recording = true};
  must(mr_tracked_init(&tracked, &options));
  must(mr_locked_init(&main_lock, &tracked.base));
  is_tracked = true;
  choice->main = &main_lock.base;
}

/* Digits, not all of them 0; else 0. */
static size_t interval_of(const char *text) {
  size_t interval = 0;
  for (; *text; text++) {
    if (*text < '0' || *text > '9' || interval > SIZE_MAX / 20 - 1) return 0;
    interval = 10 * interval + (size_t)(*text - '0');
  }
  return interval;
}

static bool make_named(mr_choice *choice, const char *name) {
  static const char sampled[] = "guarded:";
  if (strcmp(name, "tlsf") == 0) return make_tlsf(choice), true;
  if (strcmp(name, "cached") == 0) return make_cached(choice), true;
  if (strcmp(name, "guarded") == 0) return make_guarded(choice), true;
  if (strcmp(name, "tracked") == 0) return make_tracked(choice), true;
  if (strncmp(name, sampled, strlen(sampled)) != 0) return false;
  size_t interval = interval_of(name + strlen(sampled));
  if (interval == 0) return false;
  make_guarded(choice);
  choice->interval = interval;
  return true;
}

mr_choice mr_choice_make(void) {
  mr_choice choice = {.inner = make_inner()};
  const char *name = secure_getenv("MR_MALLOC");
  if (!make_named(&choice, name && *name ? name : "cached")) {
    char setting[64];
    mr_text text = mr_text_of(setting, sizeof setting);
    mr_ignore(mr_text_print(mr_text_write, &text, "MR_MALLOC=%.40s", name));
    mr_fatal(setting, "is none of tlsf, cached, guarded, guarded:N, tracked");
  }
  return choice;
}

bool mr_choice_describe(const void *pointer, mr_fault *out) {
  return is_guarded && mr_guarded_describe(&guarded, pointer, out) == MR_OK;
}

mr_tracked *mr_choice_acquire_tracked(void) {
  if (!is_tracked) return NULL;
  (void)mr_locked_acquire(&main_lock);
  return &tracked;
}

void mr_choice_release_tracked(void) { mr_locked_release(&main_lock); }

/* The inner one is last: whoever is in another may enter it. */
void mr_choice_acquire_for_fork(void) {
  if (is_guarded) (void)mr_locked_acquire(&guarded_lock);
  if (is_cached) {
    mr_cached_acquire_for_fork(&cached);
  } else {
    (void)mr_locked_acquire(&main_lock);
  }
  (void)mr_locked_acquire(&inner_lock);
}

void mr_choice_release_after_fork(bool is_child) {
  mr_locked_release(&inner_lock);
  if (is_cached) {
    mr_cached_release_after_fork(&cached, is_child);
  } else {
    mr_locked_release(&main_lock);
  }
  if (is_guarded) mr_locked_release(&guarded_lock);
}

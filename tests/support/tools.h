#ifndef MEMREGIONS_TESTS_TOOLS_H
#define MEMREGIONS_TESTS_TOOLS_H

/* Which tools a test was built for, where it has to know. */

/** Whether it was built for the thread sanitizer, which ends the process when it finds no memory for itself. */
#if defined(__SANITIZE_THREAD__)
#define UNDER_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_THREAD_SANITIZER 1
#endif
#endif
#if !defined(UNDER_THREAD_SANITIZER)
#define UNDER_THREAD_SANITIZER 0
#endif

#endif

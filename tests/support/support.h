#ifndef MEMREGIONS_TESTS_SUPPORT_H
#define MEMREGIONS_TESTS_SUPPORT_H

/* What cmocka.h needs before it, and cmocka.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif

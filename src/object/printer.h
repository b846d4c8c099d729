#ifndef MEMREGIONS_OBJECT_PRINTER_PRIVATE_H
#define MEMREGIONS_OBJECT_PRINTER_PRIVATE_H

/*
 * What all ways of writing objects share: lists, their caps, and a writer that may fail. Private to the
 * component.
 */

#include <stdbool.h>
#include <stddef.h>

#include "memregions/object_text.h"

/** Text on its way out. */
typedef struct mr_printer {
  mr_write_function *write;
  void *context;
  mr_print_options options;
  /** What `write` answered; once that is not MR_OK, it is not called any more. */
  mr_status status;
  /** Lists that are open. */
  size_t depth;
  /** Whether the list that is open has no item yet. */
  bool is_empty;
} mr_printer;

/** @param options  null means all zeros */
mr_printer mr_printer_of(const mr_print_options *options, mr_write_function *write, void *context);

void mr_printer_put(mr_printer *to, const char *text);

void mr_printer_put_octets(mr_printer *to, const char *text, size_t length);

/** Starts a list. */
void mr_printer_open(mr_printer *to, const char *bracket);

/** Goes before each of its items. */
void mr_printer_begin_item(mr_printer *to);

void mr_printer_close(mr_printer *to, const char *bracket);

/** Whether a cap keeps a list from being opened here. */
bool mr_printer_is_too_deep(const mr_printer *to);

/** How many of an array's `count` elements are written. */
size_t mr_printer_shown(const mr_printer *to, size_t count);

/** Octets of text before the zeros at its end. */
size_t mr_text_length_in(mr_view octets);

#endif

#ifndef MEMREGIONS_TESTS_FOLDER_H
#define MEMREGIONS_TESTS_FOLDER_H

/*
 * A temporary folder for each test, real files in it, and real processes beside the test's own.
 *
 *     cmocka_unit_test_setup_teardown(a_test, folder_setup, folder_teardown)
 *
 * What always holds: the teardown fails a test that leaves a descriptor open, or a file of the folder mapped.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int folder_setup(void **state);
int folder_teardown(void **state);

/* The path of `name` in the folder. Valid until 8 calls later. */
const char *in_folder(const char *name);

/* Makes a file of `size` octets that differ from their neighbours: the one at i is octet_at(i). */
const char *make_file(const char *name, size_t size);
const char *make_sparse_file(const char *name, uint64_t size);
uint8_t octet_at(uint64_t index);

/* A file under /proc, which reports a size of 0 and has `size` octets, at least 64: the words that a process was started
 * with. One a test. */
const char *make_unsized_file(size_t size);

/* What is in a file at an offset: read, not mapped. */
size_t read_file(const char *path, uint64_t offset, void *into, size_t size);
uint8_t read_octet(const char *path, uint64_t offset);
void write_octets(const char *path, uint64_t offset, const void *octets, size_t size);

/* Descriptors that this process has open. */
int count_descriptors(void);

/* Memory that child processes share. Zeros; given back by the teardown. */
void *make_shared(size_t size);

/* Runs `work` in a process of its own, and waits for its end, which must be a good one. `work` must not assert: it
 * reports through shared memory. As nobody: without this user's rights. */
typedef void child_work(void *context);
void run_in_child(child_work *work, void *context);
void run_as_nobody(child_work *work, void *context);

/* Another process writes an octet, or cuts a file short. */
void let_other_write(const char *path, uint64_t offset, uint8_t octet);
void let_other_truncate(const char *path, uint64_t size);

#endif

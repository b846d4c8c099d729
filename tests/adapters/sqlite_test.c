#include "memregions/adapters/sqlite.h"

#include <stdio.h>

#include "failing_allocator.h"
#include "library_trial.h"
#include "support.h"

/* Out of memory, by whichever name, or as it must be. */
static bool has_memory(int status, int expected) {
  if ((status & 0xff) == SQLITE_NOMEM || status == SQLITE_IOERR_NOMEM) return false;
  assert_int_equal(status, expected);
  return true;
}

static bool execute(sqlite3 *database, const char *statement) {
  return has_memory(sqlite3_exec(database, statement, NULL, NULL, NULL), SQLITE_OK);
}

/* One row into the table, which has to answer nothing. */
static bool insert(sqlite3_stmt *statement, size_t number) {
  char name[64];
  snprintf(name, sizeof name, "%0*zu", (int)(number % 50), number);
  bool done = has_memory(sqlite3_bind_int64(statement, 1, (sqlite3_int64)number), SQLITE_OK) &&
              has_memory(sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC), SQLITE_OK) &&
              has_memory(sqlite3_step(statement), SQLITE_DONE);
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return done;
}

static bool insert_all(sqlite3 *database, size_t amount) {
  sqlite3_stmt *statement = NULL;
  bool done = has_memory(
      sqlite3_prepare_v2(database, "INSERT INTO t VALUES (?, ?)", -1, &statement, NULL), SQLITE_OK);
  for (size_t i = 1; done && i <= amount; i++) done = insert(statement, i);
  sqlite3_finalize(statement);
  return done;
}

static bool count(sqlite3 *database, const char *query, size_t expected) {
  sqlite3_stmt *statement = NULL;
  bool done = has_memory(sqlite3_prepare_v2(database, query, -1, &statement, NULL), SQLITE_OK) &&
              has_memory(sqlite3_step(statement), SQLITE_ROW);
  if (done) assert_int_equal(sqlite3_column_int64(statement, 0), expected);
  sqlite3_finalize(statement);
  return done;
}

/* What was done to a database that ran out of memory half-way is undone first. */
static bool work_in(sqlite3 *database, size_t amount) {
  if (!sqlite3_get_autocommit(database) && !execute(database, "ROLLBACK")) return false;
  return execute(database, "DROP TABLE IF EXISTS t") &&
         execute(database, "CREATE TABLE t (number INTEGER, name TEXT)") &&
         execute(database, "BEGIN") && insert_all(database, amount) &&
         execute(database, "DELETE FROM t WHERE number % 3 = 0") && execute(database, "COMMIT") &&
         execute(database, "CREATE INDEX i ON t (name)") &&
         count(database, "SELECT count(*) FROM t WHERE name > '' ORDER BY name || number",
               amount - amount / 3);
}

/* A database that could not be opened is opened again; one that was goes on. */
static bool work_again(sqlite3 **database, bool is_open, size_t amount) {
  if (!is_open) {
    sqlite3_close(*database);
    assert_int_equal(sqlite3_open(":memory:", database), SQLITE_OK);
  }
  return work_in(*database, amount);
}

static bool open_and_work(size_t amount) {
  sqlite3 *database = NULL;
  bool is_open = has_memory(sqlite3_open(":memory:", &database), SQLITE_OK);
  bool done = is_open && work_in(database, amount);
  if (!done && library_memory_is_back()) assert_true(work_again(&database, is_open, amount));
  assert_int_equal(sqlite3_close(database), SQLITE_OK);
  return done;
}

static bool work(mr_allocator *allocator, size_t amount) {
  sqlite3_mem_methods methods = mr_adapter_sqlite_methods(allocator);
  assert_int_equal(sqlite3_shutdown(), SQLITE_OK);
  assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
  bool done = has_memory(sqlite3_initialize(), SQLITE_OK);
  if (done) done = open_and_work(amount);
  assert_int_equal(sqlite3_memory_used(), 0);
  assert_int_equal(sqlite3_shutdown(), SQLITE_OK);
  return done;
}

/* Small blocks that SQLite would cut from a large one of its own come from the allocator instead. */
static int disable_lookaside(void **state) {
  (void)state;
  return sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

static int enable_lookaside(void **state) {
  (void)state;
  return sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 100);
}

static void thousands_of_statements_run_in_each_kind(void **state) {
  (void)state;
  library_works_in_each_kind(work, 3000);
}

static void it_survives_any_failure(void **state) {
  (void)state;
  assert_true(library_survives_in("test", work, 3) > 100);
  assert_true(library_survives_in("arena", work, 300) >= 3);
  assert_true(library_survives_in("tlsf", work, 300) >= 3);
}

static void sizes_are_those_of_blocks(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  sqlite3_mem_methods methods = mr_adapter_sqlite_methods(&allocator.base);
  assert_int_equal(methods.xInit(methods.pAppData), SQLITE_OK);
  void *block = methods.xMalloc(100);
  assert_int_equal(methods.xSize(block), 100);
  block = methods.xRealloc(block, 2000);
  assert_int_equal(methods.xSize(block), 2000);
  assert_null(methods.xRealloc(block, 0));
  methods.xFree(block);
  methods.xShutdown(methods.pAppData);
  test_allocator_fini(&allocator);
}

static void sizes_of_no_use_are_refused(void **state) {
  (void)state;
  sqlite3_mem_methods methods = mr_adapter_sqlite_methods(NULL);
  assert_null(methods.xMalloc(0));
  assert_null(methods.xMalloc(-1));
}

static void sizes_are_rounded_up_to_8_and_never_wrap(void **state) {
  (void)state;
  sqlite3_mem_methods methods = mr_adapter_sqlite_methods(NULL);
  assert_int_equal(methods.xRoundup(1), 8);
  assert_int_equal(methods.xRoundup(8), 8);
  assert_int_equal(methods.xRoundup(9), 16);
  assert_int_equal(methods.xRoundup(INT_MAX - 7), INT_MAX - 7);
  assert_int_equal(methods.xRoundup(INT_MAX), INT_MAX);
}

static void the_allocator_is_forgotten_at_shutdown(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  sqlite3_mem_methods methods = mr_adapter_sqlite_methods(&allocator.base);
  assert_int_equal(methods.xInit(methods.pAppData), SQLITE_OK);
  assert_ptr_equal(*mr_adapter_sqlite_allocator(), &allocator.base);
  methods.xShutdown(methods.pAppData);
  assert_null(*mr_adapter_sqlite_allocator());
  test_allocator_fini(&allocator);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(thousands_of_statements_run_in_each_kind, disable_lookaside,
                                      enable_lookaside),
      cmocka_unit_test(it_survives_any_failure),
      cmocka_unit_test(sizes_are_those_of_blocks),
      cmocka_unit_test(sizes_of_no_use_are_refused),
      cmocka_unit_test(sizes_are_rounded_up_to_8_and_never_wrap),
      cmocka_unit_test(the_allocator_is_forgotten_at_shutdown),
  };
  return cmocka_run_group_tests_name("adapters: SQLite", tests, NULL, NULL);
}

#include "memregions/adapters/lua.h"

#include <lauxlib.h>
#include <lualib.h>

#include "failing_allocator.h"
#include "library_trial.h"
#include "support.h"

#if LUA_VERSION_NUM >= 505
#define lua_newstate(allocate, context) lua_newstate(allocate, context, 1)
#endif

/* Takes blocks of every size, makes them larger and smaller, and drops them; answers a number that it can't have by
 * accident. */
static const char script[] =
    "local amount = ...\n"
    "local kept, sum = {}, 0\n"
    "for i = 1, amount do\n"
    "  local name = ('x'):rep(i % 50) .. i\n"
    "  kept[name] = {i, tostring(i), function() sum = sum + i end}\n"
    "  kept[name][3]()\n"
    "end\n"
    "for name in pairs(kept) do kept[name] = nil end\n"
    "local parts = {}\n"
    "for i = 1, amount do parts[#parts + 1] = i % 10 end\n"
    "sum = sum + #table.concat(parts)\n"
    "local deep = setmetatable({}, {__index = function(_, n) return n end, __gc = function() "
    "end})\n"
    "local thread = coroutine.wrap(function() for i = 1, amount do coroutine.yield(deep[i]) end "
    "end)\n"
    "for i = 1, amount do sum = sum + thread() end\n"
    "assert(load('return 1 + 1'))()\n"
    "assert(not pcall(error, {}))\n"
    "parts = nil\n"
    "collectgarbage()\n"
    "return sum\n";

static size_t answer_for(size_t amount) { return amount * (amount + 1) + amount; }

/* Protected: outside, to be without memory is Lua's panic. */
static int run_script(lua_State *lua) {
  lua_Integer amount = luaL_checkinteger(lua, 1);
  luaL_requiref(lua, LUA_GNAME, luaopen_base, 1);
  luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 1);
  luaL_requiref(lua, LUA_TABLIBNAME, luaopen_table, 1);
  luaL_requiref(lua, LUA_COLIBNAME, luaopen_coroutine, 1);
  if (luaL_loadbufferx(lua, script, sizeof script - 1, "=script", "t") != LUA_OK) lua_error(lua);
  lua_pushinteger(lua, amount);
  lua_call(lua, 1, 1);
  return 1;
}

/* Whether there was memory for the script, whose answer is then right. */
static bool run_in(lua_State *lua, size_t amount) {
  lua_settop(lua, 0);
  lua_pushcfunction(lua, run_script);
  lua_pushinteger(lua, (lua_Integer)amount);
  int status = lua_pcall(lua, 1, 1, 0);
  if (status == LUA_ERRMEM) return false;
  if (status != LUA_OK) fail_msg("%s", lua_tostring(lua, -1));
  assert_int_equal(lua_tointeger(lua, -1), answer_for(amount));
  return true;
}

static bool run(mr_allocator *allocator, size_t amount) {
  lua_State *lua = lua_newstate(mr_adapter_lua_alloc, allocator);
  bool done = lua && run_in(lua, amount);
  if (!done && library_memory_is_back()) {
    if (!lua) lua = lua_newstate(mr_adapter_lua_alloc, allocator);
    assert_non_null(lua);
    assert_true(run_in(lua, amount));
  }
  if (lua) lua_close(lua);
  return done;
}

static void a_script_runs_in_each_kind(void **state) {
  (void)state;
  library_works_in_each_kind(run, 2000);
}

static void it_survives_any_failure(void **state) {
  (void)state;
  assert_true(library_survives_in("test", run, 3) > 100);
  assert_true(library_survives_in("arena", run, 100) >= 3);
  assert_true(library_survives_in("tlsf", run, 100) >= 3);
}

/* Lua lives even where blocks that shrink have to move and can't. */
static void it_survives_that_a_block_can_not_be_made_smaller(void **state) {
  (void)state;
  assert_true(library_survives_in("moving", run, 3) > 100);
}

static void a_size_of_0_gives_back(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  void *block = mr_adapter_lua_alloc(&allocator, NULL, LUA_TTABLE, 56);
  assert_non_null(block);
  assert_int_equal(allocator.live_octets, 56);
  assert_null(mr_adapter_lua_alloc(&allocator, block, 56, 0));
  assert_int_equal(allocator.live_blocks, 0);
  assert_null(mr_adapter_lua_alloc(&allocator, NULL, 0, 0));
  assert_int_equal(allocator.requests, 1);
  test_allocator_fini(&allocator);
}

static void without_memory_the_block_stays(void **state) {
  (void)state;
  test_allocator allocator;
  test_allocator_init(&allocator);
  unsigned char *block = mr_adapter_lua_alloc(&allocator, NULL, 0, 10);
  block[9] = 7;
  allocator.fail_at = 2;
  assert_null(mr_adapter_lua_alloc(&allocator, block, 10, 20));
  assert_null(mr_adapter_lua_alloc(&allocator, block, 10, SIZE_MAX));
  assert_int_equal(block[9], 7);
  assert_null(mr_adapter_lua_alloc(&allocator, block, 10, 0));
  test_allocator_fini(&allocator);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_script_runs_in_each_kind),
      cmocka_unit_test(it_survives_any_failure),
      cmocka_unit_test(it_survives_that_a_block_can_not_be_made_smaller),
      cmocka_unit_test(a_size_of_0_gives_back),
      cmocka_unit_test(without_memory_the_block_stays),
  };
  return cmocka_run_group_tests_name("adapters: Lua", tests, NULL, NULL);
}

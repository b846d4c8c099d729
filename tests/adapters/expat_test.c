#include "memregions/adapters/expat.h"

#include <stdio.h>
#include <string.h>

#include "failing_allocator.h"
#include "library_trial.h"
#include "memregions/arena_scope.h"
#include "support.h"

/* No prefix of a namespace: expat can lose its declaration for want of memory, and then calls it unbound. */
static const char start[] =
    "<?xml version='1.0'?>\n"
    "<!DOCTYPE list [\n"
    "<!ELEMENT list (item*)><!ATTLIST item kind CDATA 'plain' id ID #IMPLIED>\n"
    "<!ENTITY name 'a name that is written <b>once</b>'>\n"
    "]>\n"
    "<list xmlns='urn:list'>\n";
static const char end[] = "</list>\n";

/* What the handlers have seen. */
typedef struct document {
  size_t items;
  size_t text;
} document;

static void XMLCALL see_start(void *context, const XML_Char *name, const XML_Char **attributes) {
  document *seen = context;
  if (strcmp(name, "urn:list|item") == 0) {
    seen->items++;
    assert_non_null(attributes[0]);
  }
}

static void XMLCALL see_end(void *context, const XML_Char *name) { (void)context, (void)name; }

static void XMLCALL see_text(void *context, const XML_Char *text, int size) {
  document *seen = context;
  (void)text;
  seen->text += (size_t)size;
}

/* Out of memory, or as it must be. */
static bool feed(XML_Parser parser, const char *text, size_t size, bool is_last) {
  if (XML_Parse(parser, text, (int)size, is_last) == XML_STATUS_OK) return true;
  assert_int_equal(XML_GetErrorCode(parser), XML_ERROR_NO_MEMORY);
  return false;
}

static bool feed_all(XML_Parser parser, size_t amount) {
  if (!feed(parser, start, sizeof start - 1, false)) return false;
  for (size_t i = 0; i < amount; i++) {
    char item[256];
    int size = snprintf(item, sizeof item, "<item id='i%zu' n%zu='%0*zu'>&name;<in/></item>\n", i,
                        i % 100, (int)(i % 100), i);
    /* In two pieces: what is cut off has to be kept. */
    size_t half = (size_t)size / 2;
    if (!feed(parser, item, half, false)) return false;
    if (!feed(parser, item + half, (size_t)size - half, false)) return false;
  }
  return feed(parser, end, sizeof end - 1, true);
}

static bool parse_by(XML_Parser parser, size_t amount) {
  document seen = {0};
  /* A random salt would make the number of requests random. */
  XML_SetHashSalt(parser, 1);
  XML_SetUserData(parser, &seen);
  XML_SetElementHandler(parser, see_start, see_end);
  XML_SetCharacterDataHandler(parser, see_text);
  if (!feed_all(parser, amount)) return false;
  assert_int_equal(seen.items, amount);
  assert_true(seen.text > amount * strlen("a name that is written once"));
  return true;
}

/* What is current is this one only while the parser is made and parses. */
static bool parse_once(mr_allocator *allocator, size_t amount) {
  const XML_Memory_Handling_Suite suite = mr_adapter_expat_suite();
  mr_allocator *before = mr_set_current_allocator(allocator);
  XML_Parser parser = XML_ParserCreate_MM(NULL, &suite, "|");
  bool done = parser && parse_by(parser, amount);
  mr_set_current_allocator(before);
  XML_ParserFree(parser);
  return done;
}

static bool parse(mr_allocator *allocator, size_t amount) {
  bool done = parse_once(allocator, amount);
  if (!done && library_memory_is_back()) assert_true(parse_once(allocator, amount));
  return done;
}

static void it_parses_in_each_kind(void **state) {
  (void)state;
  library_works_in_each_kind(parse, 5000);
}

static void it_survives_any_failure(void **state) {
  (void)state;
  assert_true(library_survives_in("test", parse, 20) > 20);
  assert_true(library_survives_in("arena", parse, 100) >= 3);
  assert_true(library_survives_in("tlsf", parse, 100) >= 3);
}

static mr_status parse_in_scope(void *context, mr_allocator *arena) {
  size_t used = 0;
  assert_true(parse_once(arena, *(const size_t *)context));
  assert_int_equal(mr_used_space(arena, &used), MR_OK);
  assert_true(used > 0);
  return MR_OK;
}

static void it_parses_in_a_scope(void **state) {
  (void)state;
  size_t amount = 100;
  assert_int_equal(mr_call_with_arena(4096, parse_in_scope, &amount), MR_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_parses_in_each_kind),
      cmocka_unit_test(it_survives_any_failure),
      cmocka_unit_test(it_parses_in_a_scope),
  };
  return cmocka_run_group_tests_name("adapters: expat", tests, NULL, NULL);
}

#include "bench.h"

#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "parse.h"
#include "preload.h"
#include "report.h"

enum { EXIT_USAGE = 2 };

static const bench_component *const components[] = {
    &allocator_bench,
    &stream_bench,
    &object_bench,
    &pathname_bench,
};

typedef struct bench_options {
  bool is_list;
  bool is_quick;
  /** Null: any. */
  const char *component;
  const char *pattern;
  const char *json;
} bench_options;

static const char usage[] =
    "usage: mr-bench [option]...\n"
    "\n"
    "Measures memregions and its peers side by side, and prints medians and ratios.\n"
    "\n"
    "  --list            name the cases instead: component, case, subjects\n"
    "  --component NAME  only the cases of one component\n"
    "  --case GLOB       only the cases whose names match\n"
    "  --quick           few rounds: all of it within half a minute\n"
    "  --json FILE       write the figures to FILE too\n"
    "  --help            say this\n";

void bench_fail(const char *what) {
  fprintf(stderr, "mr-bench: %s\n", what);
  exit(EXIT_FAILURE);
}

_Noreturn static void refuse(const char *what, const char *argument) {
  fprintf(stderr, "mr-bench: %s '%s'; see --help\n", what, argument);
  exit(EXIT_USAGE);
}

static bool is_known_component(const char *name) {
  for (size_t i = 0; i < BENCH_COUNT(components); i++) {
    if (strcmp(components[i]->name, name) == 0) return true;
  }
  return false;
}

static bench_options parse(int argc, char **argv) {
  static const struct option known[] = {
      {"list", no_argument, NULL, 'l'},
      {"component", required_argument, NULL, 'c'},
      {"case", required_argument, NULL, 'g'},
      {"quick", no_argument, NULL, 'q'},
      {"json", required_argument, NULL, 'j'},
      {"help", no_argument, NULL, 'h'},
      {NULL, 0, NULL, 0},
  };
  bench_options options = {0};
  for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
    switch (option) {
      case 'l':
        options.is_list = true;
        break;
      case 'c':
        options.component = optarg;
        break;
      case 'g':
        options.pattern = optarg;
        break;
      case 'q':
        options.is_quick = true;
        break;
      case 'j':
        options.json = optarg;
        break;
      case 'h':
        fputs(usage, stdout);
        exit(EXIT_SUCCESS);
      default:
        exit(EXIT_USAGE); /* getopt_long has said why. */
    }
  }
  if (optind < argc) refuse("no such argument:", argv[optind]);
  if (options.component && !is_known_component(options.component)) {
    refuse("no such component:", options.component);
  }
  return options;
}

typedef void case_function(void *context, const bench_component *component, const bench_case *of);

/* Calls `function` for each case that the options choose, and says how many there were. */
static size_t for_each_case(const bench_options *options, case_function *function, void *context) {
  size_t count = 0;
  for (size_t i = 0; i < BENCH_COUNT(components); i++) {
    const bench_component *component = components[i];
    if (options->component && strcmp(options->component, component->name) != 0) continue;
    for (size_t j = 0; j < component->case_count; j++) {
      const bench_case *of = &component->cases[j];
      if (options->pattern && fnmatch(options->pattern, of->name, 0) != 0) continue;
      if (function) function(context, component, of);
      count++;
    }
  }
  return count;
}

/* Whether it can be measured here; says where not. */
static bool is_measurable(const bench_component *component, const bench_case *of) {
  bool is_here = !of->is_installed || of->is_installed();
  if (!is_here) {
    fprintf(stderr, "mr-bench: %s %s is left out: there is no %s\n", component->name, of->name,
            of->needs);
  }
  return is_here;
}

static void list_case(void *context, const bench_component *component, const bench_case *of) {
  (void)context;
  if (!is_measurable(component, of)) return;
  printf("%s %s", component->name, of->name);
  const bench_subject *subjects[BENCH_SUBJECTS_MAX];
  size_t count = measure_subjects(of, subjects);
  for (size_t i = 0; i < count; i++) printf(" %s", subjects[i]->name);
  printf("\n");
}

typedef struct session {
  bench_report report;
  bench_effort effort;
} session;

static void run_case(void *context, const bench_component *component, const bench_case *of) {
  if (!is_measurable(component, of)) return;
  session *now = context;
  bench_figure figures[BENCH_SUBJECTS_MAX];
  size_t count = measure_case(component, of, now->effort, figures);
  report_case(&now->report, component, of, figures, count);
}

/* A component has 50 seconds, all of them together 20 where it is quick; what is left of a minute and of half a one is
 * for what is not rounds. */
static bench_effort effort_for(const bench_options *options, size_t cases) {
  if (options->is_quick) {
    return (bench_effort){.rounds = 32, .seconds = 20.0 / (double)cases, .is_quick = true};
  }
  size_t most = 1;
  for (size_t i = 0; i < BENCH_COUNT(components); i++) {
    if (components[i]->case_count > most) most = components[i]->case_count;
  }
  return (bench_effort){.rounds = 1024, .seconds = 50.0 / (double)most};
}

static int run(const bench_options *options, size_t cases) {
  session now = {.report = {.table = stdout}, .effort = effort_for(options, cases)};
  if (options->json) {
    now.report.json = fopen(options->json, "w");
    bench_require(now.report.json != NULL, "the file for JSON can't be written");
  }
  if (!measure_pin()) fputs("mr-bench: not pinned to a core\n", stderr);
  report_begin(&now.report);
  for_each_case(options, run_case, &now);
  bench_require(report_end(&now.report), "not all of the report could be written");
  return EXIT_SUCCESS;
}

static void find_case(void *context, const bench_component *component, const bench_case *of) {
  (void)component;
  *(const bench_case **)context = of;
}

static int serve(const char *case_name) {
  bench_options options = {.pattern = case_name};
  const bench_case *of = NULL;
  for_each_case(&options, find_case, &of);
  return preload_serve(of);
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], PRELOAD_OPTION) == 0) return serve(argv[2]);
  if (argc == 3 && strcmp(argv[1], PARSE_OPTION) == 0) return parse_file(argv[2]);
  bench_options options = parse(argc, argv);
  size_t cases = for_each_case(&options, NULL, NULL);
  if (cases == 0) refuse("no case matches", options.pattern);
  if (!options.is_list) return run(&options, cases);
  for_each_case(&options, list_case, NULL);
  return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

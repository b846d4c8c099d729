#include "report.h"

void report_begin(bench_report *report) {
  fprintf(report->table, "%-22s %-11s %12s %25s %8s %19s\n", "case", "subject", "median",
          "quartiles", "ratio", "quartiles");
  if (report->json) fputs("[", report->json);
}

static void print_row(FILE *table, const bench_case *of, const bench_figure *figure) {
  char quartiles[48];
  fprintf(table, "%-22s %-11s %12.2f", of->name, figure->subject, figure->value.median);
  snprintf(quartiles, sizeof quartiles, "%.2f..%.2f", figure->value.low, figure->value.high);
  fprintf(table, " %25s %8.3f", quartiles, figure->ratio.median);
  snprintf(quartiles, sizeof quartiles, "%.3f..%.3f", figure->ratio.low, figure->ratio.high);
  fprintf(table, " %19s\n", quartiles);
}

/* No name in the tables has a character that JSON would want escaped. */
static void print_record(bench_report *report, const bench_component *component,
                         const bench_case *of, const bench_figure *figure) {
  fprintf(report->json,
          "%s\n  {\"component\": \"%s\", \"case\": \"%s\", \"subject\": \"%s\", \"unit\": "
          "\"ns/%s\", \"value\": %.6g, \"baseline\": \"%s\", \"ratio\": %.6g}",
          report->records++ == 0 ? "" : ",", component->name, of->name, figure->subject, of->unit,
          figure->value.median, of->peers[0].name, figure->ratio.median);
}

void report_case(bench_report *report, const bench_component *component, const bench_case *of,
                 const bench_figure *figures, size_t count) {
  fprintf(report->table, "\n%s, ns/%s, ratio to %s\n", component->name, of->unit,
          of->peers[0].name);
  for (size_t i = 0; i < count; i++) {
    print_row(report->table, of, &figures[i]);
    if (report->json) print_record(report, component, of, &figures[i]);
  }
  fflush(report->table);
}

bool report_end(bench_report *report) {
  bool is_written = fflush(report->table) == 0 && !ferror(report->table);
  if (report->json) {
    fputs("\n]\n", report->json);
    if (ferror(report->json)) is_written = false;
    if (fclose(report->json) != 0) is_written = false;
  }
  return is_written;
}

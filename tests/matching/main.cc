// How well and how fast names are matched: tables on standard output, progress on standard error.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "tests/matching/postgres.h"
#include "tests/matching/quality.h"
#include "tests/matching/speed.h"

int main(int argc, char** argv) {
  using namespace tributary::matching_quality;  // NOLINT: this file is a list of what there is
  CLI::App app{"Matching of names against Jaro-Winkler and PostgreSQL's pg_trgm; all of it where nothing is named"};
  const char* const environment = std::getenv("TRIBUTARY_REAL_DATA");
  std::string data = environment == nullptr ? "" : environment, labelled, shorts;
  tributary::bench::Settings settings;
  size_t names = 500'000;
  bool without_postgres = false;
  app.add_flag("--without-postgres", without_postgres, "Leave pg_trgm out");
  CLI::App& quality = *app.add_subcommand("quality", "Precision, recall and F1");
  quality.add_option("--data", data, "Folder of the real data; TRIBUTARY_REAL_DATA where it is not given");
  quality.add_option("--labelled", labelled,
                     "A CSV of your own: entity, name and perhaps address, phone, domain, tax_id");
  quality.add_option("--short-names", shorts, "A CSV of your own: short, full");
  CLI::App& speed = *app.add_subcommand("speed", "Look-ups among many names, and a self-join of a fifth of them");
  speed.add_option("--names", names, "How many")->check(CLI::Range(1000, 10'000'000));
  speed.add_option("--rounds", settings.rounds, "Pairs of rounds")->check(CLI::Range(1, 1000));
  app.require_subcommand(0, 1);
  CLI11_PARSE(app, argc, argv);

  const auto postgres = without_postgres ? nullptr : Postgres::Start();
  if (!speed.parsed()) {
    if (!labelled.empty()) LabelledQuality(labelled, postgres.get());
    if (!shorts.empty()) ShortNameQuality(shorts, postgres.get());
    if (labelled.empty() && shorts.empty() && data.empty()) {
      std::fprintf(stderr, "TRIBUTARY_REAL_DATA names no folder: quality is left out\n");
    } else if (labelled.empty() && shorts.empty()) {
      RealDataQuality(data, postgres.get());
    }
  }
  if (!quality.parsed()) Speed(settings, names, postgres.get());
  return 0;
}

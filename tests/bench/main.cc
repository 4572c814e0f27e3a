// Measures against named peers; a JSON line a benchmark on standard output, progress on standard error.

#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "spdlog/sinks/basic_file_sink.h"
#include "spdlog/spdlog.h"
#include "tests/bench/bench.h"

int main(int argc, char** argv) {
  using namespace tributary::bench;  // NOLINT: this file is a list of what there is
  const std::vector<std::pair<std::string, std::function<void(const Settings&)>>> benchmarks = {
      {"get_region", GetRegion},
      {"get_partner", GetPartner},
      {"many_partners", ManyPartners},
      {"get_position", GetPosition},
      {"one_posting", OnePosting},
      {"crowded_postings", CrowdedPostings},
      {"route_lead", RouteLead},
      {"screening", Screening},
      {"route_lead_call", RouteLeadCall},
      {"score_partner", ScorePartner},
      {"sell_in", SellIn},
      {"sell_in_stream", SellInStream},
      {"sell_in_singles", SellInAgainstSingles},
      {"sell_in_growth", SellInGrowth},
      {"resident_engine", ResidentEngine},
      {"resident_line", ResidentLineGrowth},
      {"accrual_ingest", AccrualIngest},
      {"simulate_program", SimulateProgram},
      {"simulate_year", SimulateYear},
      {"deal_index", DealIndexOfMany},
      {"territory_overlap", TerritoryOverlap},
      {"conflict_replay", ConflictReplay},
      {"conflict_event", ConflictEvent},
  };

  CLI::App app{"Tributary's benchmarks: ratios against named peers, as JSON lines"};
  Settings settings;
  double seconds = absl::ToDoubleSeconds(settings.round);
  std::vector<std::string> names;
  for (const auto& [name, run] : benchmarks) names.push_back(name);
  std::vector<std::string> wanted;
  app.add_option("names", wanted, "Which; all where none is named")->check(CLI::IsMember(names));
  app.add_option("--rounds", settings.rounds, "Pairs of rounds")->check(CLI::Range(1, 1000));
  app.add_option("--seconds", seconds, "Length of a round")->check(CLI::Range(0.05, 600.0));
  app.add_option("--partners", settings.partners, "How many many_partners makes")->check(CLI::Range(3000, 100'000'000));
  app.add_option("--long", settings.millions,
                 "Millions of postings for sell_in_growth and of lines for simulate_year, which are left out without")
      ->check(CLI::Range(1, 1000));
  app.add_option("--lines", settings.lines, "How many resident_engine rates")->check(CLI::Range(1000, 100'000'000));
  app.add_option("--deals", settings.deals, "How many deal_index registers")->check(CLI::Range(1000, 100'000'000));
  app.add_option("--grants", settings.grants, "How many territory_overlap pairs")->check(CLI::Range(1000, 100'000'000));
  CLI11_PARSE(app, argc, argv);
  settings.round = absl::Seconds(seconds);

  // The log is written as in production, to where nobody reads.
  spdlog::set_default_logger(spdlog::basic_logger_mt("bench", "/dev/null"));
  for (const auto& [name, run] : benchmarks) {
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end()) run(settings);
  }
  return 0;
}

// How well DIVERSION does as labels are lost: two tables on standard output, with all that is reported and by units
// alone; the seed on standard error.

#include <cstdint>
#include <cstdio>
#include <vector>

#include "CLI/CLI.hpp"
#include "tests/diversion/label_loss.h"

int main(int argc, char** argv) {
  using namespace tributary::diversion_quality;  // NOLINT: this file is a list of what there is
  CLI::App app{"DIVERSION in made-up channels, by how many labels of diverted units are lost"};
  uint32_t seed = 20260801;
  int count = 2000;
  app.add_option("--seed", seed, "Of the first channel; each other one has the next");
  app.add_option("--channels", count, "How many")->check(CLI::Range(2, 1'000'000));
  CLI11_PARSE(app, argc, argv);

  std::fprintf(stderr, "seed %u, %d channels\n", static_cast<unsigned>(seed), count);
  std::vector<Channel> channels;
  for (int n = 0; n < count; ++n) channels.push_back(MakeChannel(seed + static_cast<uint32_t>(n)));
  for (const Evidence evidence : {Evidence::kAll, Evidence::kUnits}) {
    std::vector<Rates> rates;
    for (int lost = 0; lost <= 90; lost += 10) {
      rates.push_back(RatesOf(channels, lost, {-5, 1, 7, 10, 13, 19}, {}, evidence));
    }
    if (evidence == Evidence::kUnits) std::fputs("\nWhere a report is missing, by units alone:\n\n", stdout);
    std::fputs(Table(rates).c_str(), stdout);
  }
  return 0;
}

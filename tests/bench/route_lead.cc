// The decision who is offered a lead, among 10,000 candidates that all may take a turn, at the 99th percentile: 1,000 a
// second is a millisecond. The peer sorts the same candidates by their scores, with the ids among equals, which is the
// least that a ranking takes.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "partner-service/leads/routing.h"
#include "tests/bench/bench.h"

namespace tributary::bench {
namespace {

constexpr int kCandidates = 10'000;

partner::RoutingInputs Inputs() {
  partner::RoutingInputs inputs{.terms = {.territory_weight = 40,
                                          .proximity_weight = 30,
                                          .product_line_weight = 20,
                                          .segment_weight = 10,
                                          .tolerance = 1000}};
  for (int i = 0; i < kCandidates; ++i) {
    inputs.candidates.push_back({.partner_id = StrCat("partner-", kCandidates + i),
                                 .active = i % 10 != 9,
                                 .territory_points = i % 3 == 0 ? partner::kHelperPoints : partner::kNonExclusivePoints,
                                 .proximity_points = 5 * (i * 7 % 4) - 5 < 0 ? partner::kNotKnown : 5 * (i * 7 % 4) - 5,
                                 .product_line_points = 5 * (i * 13 % 3),
                                 .segment_points = 5 * (i * 11 % 3),
                                 .share = 1 + i % 5,
                                 .turns_due = (i * 31 % 200 - 100) * (partner::kTurn / 100),
                                 .open_offers = i % 6,
                                 .capacity = 5});
  }
  return inputs;
}

}  // namespace

void RouteLead(const Settings& settings) {
  const partner::RoutingInputs inputs = Inputs();
  const partner::Routed routed = partner::Route(inputs);
  if (!routed.chosen.has_value()) Must(absl::UnknownError("nobody was chosen"), "RouteLead");
  std::vector<std::pair<int, const std::string*>> scores;
  for (int i = 0; i < kCandidates; ++i) scores.emplace_back(0, &inputs.candidates[static_cast<size_t>(i)].partner_id);
  for (const partner::RankedCandidate& row : routed.ranking) scores[row.candidate].first = row.score;
  size_t seen = 0;
  Compare(
      {.name = "route_lead",
       .unit = "decisions/s at p99",
       .peer = "std::sort of the candidates by score and id",
       .goal = 1},
      settings, [&] { return SlowRate(settings.round, [&] { seen += partner::Route(inputs).ranking.size(); }); },
      [&] {
        return SlowRate(settings.round, [&] {
          auto sorted = scores;
          std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
            return a.first != b.first ? a.first > b.first : *a.second < *b.second;
          });
          seen += sorted.size();
        });
      });
  if (seen == 0) Must(absl::UnknownError("nothing was done"), "RouteLead");
}

}  // namespace tributary::bench

// What routing promises of any inputs: the same decision in any order, turns that sum, shares kept to within a turn.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "partner-service/leads/routing.h"

namespace tributary::partner {
namespace {

class Chance {
 public:
  explicit Chance(uint32_t seed) : random_(seed) {}
  int Upto(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }
  int OneOf(std::vector<int> values) { return values[static_cast<size_t>(Upto(static_cast<int>(values.size()) - 1))]; }
  template <typename T>
  void Shuffle(std::vector<T>* values) {
    std::shuffle(values->begin(), values->end(), random_);
  }

 private:
  std::mt19937 random_;
};

RoutingTerms SomeTerms(Chance& chance) {
  RoutingTerms terms{.territory_weight = chance.Upto(40), .proximity_weight = chance.Upto(30)};
  terms.product_line_weight = chance.Upto(30);
  terms.segment_weight = 100 - terms.territory_weight - terms.proximity_weight - terms.product_line_weight;
  terms.tolerance = chance.OneOf({0, 50, 300, 1000});
  terms.grant_required = chance.Upto(1) == 1;
  return terms;
}

RoutingInputs SomeInputs(Chance& chance, int candidates) {
  RoutingInputs inputs{.terms = SomeTerms(chance)};
  for (int i = 0; i < candidates; ++i) {
    inputs.candidates.push_back({.partner_id = "p-" + std::to_string(i),
                                 .active = chance.Upto(9) > 0,
                                 .past = static_cast<PastOffer>(chance.OneOf({0, 0, 0, 0, 1, 2})),
                                 .territory_points = chance.OneOf({0, 3, 6, 6, chance.Upto(30) == 0 ? 10 : 6}),
                                 .proximity_points = chance.OneOf({-1, 0, 5, 10}),
                                 .product_line_points = chance.OneOf({-1, 0, 5, 10}),
                                 .segment_points = chance.OneOf({-1, 0, 5, 10}),
                                 .share = 1 + chance.Upto(9),
                                 .turns_due = chance.Upto(2 * static_cast<int>(kTurn)) - kTurn,
                                 .open_offers = chance.Upto(5),
                                 .capacity = 1 + chance.Upto(5)});
  }
  return inputs;
}

// A decision as text, by partner id.
std::string Told(const RoutingInputs& inputs, const Routed& routed) {
  std::string text = routed.chosen.has_value() ? inputs.candidates[*routed.chosen].partner_id + "\n" : "nobody\n";
  for (const RankedCandidate& row : routed.ranking) {
    text += inputs.candidates[row.candidate].partner_id + " " + std::to_string(static_cast<int>(row.outcome)) + " " +
            std::to_string(row.score) + " " + std::to_string(row.score_high) + "\n";
  }
  std::map<std::string, int64_t> turns;
  for (const TurnsOf& one : routed.turns) turns[inputs.candidates[one.candidate].partner_id] = one.turns_due;
  for (const auto& [id, due] : turns) text += id + " " + std::to_string(due) + "\n";
  return text;
}

TEST(RoutingPropertyTest, TheOrderOfCandidatesDoesNotMatter) {
  Chance chance(1);
  int routed = 0;
  for (int run = 0; run < 400; ++run) {
    RoutingInputs inputs = SomeInputs(chance, 1 + chance.Upto(60));
    const std::string first = Told(inputs, Route(inputs));
    EXPECT_EQ(Told(inputs, Route(inputs)), first);
    for (int order = 0; order < 3; ++order) {
      chance.Shuffle(&inputs.candidates);
      ASSERT_EQ(Told(inputs, Route(inputs)), first) << run;
    }
    routed += first.starts_with("nobody") ? 0 : 1;
  }
  EXPECT_GT(routed, 100);
  EXPECT_LT(routed, 400);
}

TEST(RoutingPropertyTest, EveryCandidateIsRankedOnceAndATurnIsPaidByWhoTakesIt) {
  Chance chance(2);
  for (int run = 0; run < 400; ++run) {
    const RoutingInputs inputs = SomeInputs(chance, chance.Upto(60));
    const Routed routed = Route(inputs);
    std::set<size_t> ranked;
    for (size_t i = 0; i < routed.ranking.size(); ++i) {
      const RankedCandidate& row = routed.ranking[i];
      ranked.insert(row.candidate);
      EXPECT_EQ(row.outcome == RoutingOutcome::kChosen, i == 0 && routed.chosen.has_value());
      if (i == 0) continue;
      const RankedCandidate& above = routed.ranking[i - 1];
      EXPECT_LE(above.outcome, row.outcome);
      if (above.outcome == row.outcome) {
        EXPECT_GE(above.score, row.score);
      }
    }
    EXPECT_EQ(ranked.size(), inputs.candidates.size());
    int64_t moved = 0;
    for (const TurnsOf& one : routed.turns) moved += one.turns_due - inputs.candidates[one.candidate].turns_due;
    EXPECT_EQ(moved, 0);
    if (!routed.chosen.has_value()) {
      EXPECT_TRUE(routed.turns.empty());
    }
  }
}

// The same partners take part all along: each has had its share of the leads so far, to within one lead, at any time.
TEST(RoutingPropertyTest, SharesAreKeptToWithinOneLead) {
  Chance chance(3);
  for (int run = 0; run < 60; ++run) {
    RoutingInputs inputs{.terms = {.territory_weight = 100}};
    const int partners = 1 + chance.Upto(11);
    int64_t shares = 0;
    for (int i = 0; i < partners; ++i) {
      inputs.candidates.push_back({.partner_id = "p-" + std::to_string(i),
                                   .active = true,
                                   .territory_points = kNonExclusivePoints,
                                   .share = 1 + chance.Upto(run % 3 == 0 ? 0 : 50)});
      shares += inputs.candidates.back().share;
    }
    std::vector<int64_t> leads(inputs.candidates.size(), 0);
    for (int64_t turn = 1; turn <= 1000; ++turn) {
      const Routed routed = Route(inputs);
      ASSERT_TRUE(routed.chosen.has_value());
      ++leads[*routed.chosen];
      for (const TurnsOf& one : routed.turns) inputs.candidates[one.candidate].turns_due = one.turns_due;
      for (size_t i = 0; i < leads.size(); ++i) {
        ASSERT_LE(std::abs(leads[i] * shares - turn * inputs.candidates[i].share), shares)
            << "run " << run << ", lead " << turn << ", " << inputs.candidates[i].partner_id << " of share "
            << inputs.candidates[i].share << " of " << shares << " has " << leads[i];
      }
    }
  }
}

// Partners come and go between turns, as regions, capacities and declines have it. Nobody falls behind or gets ahead by
// more than a few turns of those in which it took part, however long it goes on.
TEST(RoutingPropertyTest, SharesAreKeptWhileOthersComeAndGo) {
  Chance chance(4);
  RoutingInputs all{.terms = {.territory_weight = 100}};
  for (int i = 0; i < 12; ++i) {
    all.candidates.push_back({.partner_id = "p-" + std::to_string(100 + i),
                              .active = true,
                              .territory_points = kNonExclusivePoints,
                              .share = 1 + chance.Upto(4)});
  }
  int64_t widest = 0;
  for (int turn = 0; turn < 20000; ++turn) {
    for (RoutingCandidate& candidate : all.candidates) candidate.active = chance.Upto(2) > 0;
    const Routed routed = Route(all);
    for (const TurnsOf& one : routed.turns) {
      all.candidates[one.candidate].turns_due = one.turns_due;
      widest = std::max<int64_t>(widest, std::abs(one.turns_due));
    }
    int64_t sum = 0;
    for (const RoutingCandidate& candidate : all.candidates) sum += candidate.turns_due;
    ASSERT_EQ(sum, 0);
  }
  EXPECT_LT(widest, 3 * kTurn);
}

}  // namespace
}  // namespace tributary::partner

#include "partner-service/leads/routing.h"

#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const RoutingTerms kTerms{
    .territory_weight = 40, .proximity_weight = 20, .product_line_weight = 30, .segment_weight = 10};

RoutingCandidate Of(std::string id, int territory = kNonExclusivePoints) {
  return {.partner_id = std::move(id),
          .active = true,
          .territory_points = territory,
          .proximity_points = 10,
          .product_line_points = 10,
          .segment_points = 10,
          .capacity = 5};
}

// Partner ids with their outcomes, in order of rank.
std::vector<std::pair<std::string, RoutingOutcome>> Ranked(const RoutingInputs& inputs) {
  std::vector<std::pair<std::string, RoutingOutcome>> ranked;
  for (const RankedCandidate& row : Route(inputs).ranking) {
    ranked.emplace_back(inputs.candidates[row.candidate].partner_id, row.outcome);
  }
  return ranked;
}

TEST(RoutingTest, ScoresAreWorkedByHand) {
  const struct {
    int territory, proximity, line, segment, low, high;
  } kCases[] = {
      {10, 10, 10, 10, 1000, 1000},             // all there is
      {0, 0, 0, 0, 0, 0},                       //
      {6, 5, 10, 5, 690, 690},                  // 240 + 100 + 300 + 50
      {3, kNotKnown, 5, 0, 270, 470},           // 120 + [0, 200] + 150 + 0
      {10, 0, kNotKnown, kNotKnown, 400, 800},  // 400 + 0 + [0, 300] + [0, 100]
      {0, kNotKnown, kNotKnown, kNotKnown, 0, 600},
  };
  for (const auto& c : kCases) {
    const RoutingInputs inputs{.terms = kTerms,
                               .candidates = {{.partner_id = "p",
                                               .active = true,
                                               .territory_points = c.territory,
                                               .proximity_points = c.proximity,
                                               .product_line_points = c.line,
                                               .segment_points = c.segment}}};
    const RankedCandidate row = Route(inputs).ranking.front();
    EXPECT_EQ(row.score, c.low);
    EXPECT_EQ(row.score_high, c.high);
    int low = 0, high = 0;
    for (const RoutingTerm& term : ScoreTerms(kTerms, inputs.candidates.front())) {
      low += term.low;
      high += term.high;
    }
    EXPECT_EQ(low, c.low);
    EXPECT_EQ(high, c.high);
  }
}

TEST(RoutingTest, EachIsPassedOverForTheLastReasonThatHolds) {
  RoutingTerms terms = kTerms;
  terms.grant_required = true;
  // From the weakest reason on; each case adds one, and keeps those before.
  const std::vector<std::pair<RoutingOutcome, std::function<void(RoutingCandidate&)>>> kSteps = {
      {RoutingOutcome::kNotItsTurn, [](RoutingCandidate& c) { c.turns_due = -5 * kTurn; }},
      {RoutingOutcome::kLowerScore, [](RoutingCandidate& c) { c.proximity_points = 0; }},
      {RoutingOutcome::kAtCapacity, [](RoutingCandidate& c) { c.open_offers = c.capacity; }},
      {RoutingOutcome::kNoGrant, [](RoutingCandidate& c) { c.territory_points = 0; }},
      {RoutingOutcome::kLetExpire, [](RoutingCandidate& c) { c.past = PastOffer::kExpired; }},
      {RoutingOutcome::kDeclined, [](RoutingCandidate& c) { c.past = PastOffer::kDeclined; }},
      {RoutingOutcome::kNotActive, [](RoutingCandidate& c) { c.active = false; }},
  };
  RoutingCandidate other = Of("other");
  for (const auto& [outcome, add] : kSteps) {
    add(other);
    EXPECT_THAT(Ranked({.terms = terms, .candidates = {other, Of("best")}}),
                ElementsAre(Pair("best", RoutingOutcome::kChosen), Pair("other", outcome)));
  }
}

TEST(RoutingTest, AnExclusiveGrantKeepsOthersOutUntilItsHolderPassesItUp) {
  RoutingCandidate holder = Of("holder", kExclusivePoints);
  const RoutingCandidate other = Of("other");
  const auto outcome_of_other = [&] {
    for (const auto& [id, outcome] : Ranked({.terms = kTerms, .candidates = {holder, other}})) {
      if (id == "other") return outcome;
    }
    return RoutingOutcome::kNotActive;
  };
  EXPECT_EQ(outcome_of_other(), RoutingOutcome::kExclusiveElsewhere);
  // The territory stays the holder's while it is busy: nobody is asked.
  holder.open_offers = holder.capacity;
  EXPECT_EQ(outcome_of_other(), RoutingOutcome::kExclusiveElsewhere);
  EXPECT_FALSE(Route({.terms = kTerms, .candidates = {holder, other}}).chosen.has_value());
  holder.past = PastOffer::kDeclined;
  EXPECT_EQ(outcome_of_other(), RoutingOutcome::kChosen);
  holder.past = PastOffer::kExpired;
  EXPECT_EQ(outcome_of_other(), RoutingOutcome::kChosen);
  holder.past = PastOffer::kNone;
  holder.active = false;
  EXPECT_EQ(outcome_of_other(), RoutingOutcome::kChosen);
}

TEST(RoutingTest, ThoseWithinTheToleranceTakeTurns) {
  RoutingTerms terms = kTerms;
  RoutingCandidate near = Of("a-near"), far = Of("b-far");
  near.proximity_points = 5;  // 100 behind
  far.proximity_points = 0;   // 200 behind
  near.turns_due = far.turns_due = kTurn / 2;
  const auto chosen = [&] {
    const RoutingInputs inputs{.terms = terms, .candidates = {Of("c-best"), far, near}};
    return inputs.candidates[*Route(inputs).chosen].partner_id;
  };
  terms.tolerance = 99;
  EXPECT_EQ(chosen(), "c-best");
  terms.tolerance = 100;
  EXPECT_EQ(chosen(), "a-near");  // due more
  near.turns_due = 0;
  terms.tolerance = 199;
  EXPECT_EQ(chosen(), "a-near");  // by id
  terms.tolerance = 200;
  EXPECT_EQ(chosen(), "b-far");
}

TEST(RoutingTest, NobodyIsChosenAmongNone) {
  const Routed none = Route({.terms = kTerms});
  EXPECT_FALSE(none.chosen.has_value());
  EXPECT_TRUE(none.ranking.empty());
  RoutingCandidate idle = Of("p");
  idle.active = false;
  const Routed nobody = Route({.terms = kTerms, .candidates = {idle}});
  EXPECT_FALSE(nobody.chosen.has_value());
  EXPECT_TRUE(nobody.turns.empty());
  EXPECT_EQ(nobody.ranking.size(), 1u);
}

// Shares 3, 2 and 1: six turns by hand. Who is due nothing waits.
TEST(RoutingTest, TurnsAreWorkedByHand) {
  std::vector<RoutingCandidate> candidates = {Of("a"), Of("b"), Of("c")};
  for (size_t i = 0; i < 3; ++i) candidates[i].share = 3 - static_cast<int>(i);
  std::string order;
  for (int turn = 0; turn < 6; ++turn) {
    const RoutingInputs inputs{.terms = kTerms, .candidates = candidates};
    const Routed routed = Route(inputs);
    order += candidates[*routed.chosen].partner_id;
    for (const TurnsOf& one : routed.turns) candidates[one.candidate].turns_due = one.turns_due;
  }
  // Sixths due after the credit, and turns left until a whole one is due, (6 - due) / share:
  //   a 3: 1, b 2: 2, c 1: 5     a
  //   a 0: -, b 4: 1, c 2: 4     b
  //   a 3: 1, b 0: -, c 3: 3     a
  //   a 0: -, b 2: 2, c 4: 2     b, by id
  //   a 3: 1, b -2: -, c 5: 1    a, by id
  //   a 0: -, b 0: -, c 6: 0     c
  EXPECT_EQ(order, "ababac");
  for (const RoutingCandidate& candidate : candidates) {
    EXPECT_LT(std::abs(candidate.turns_due), 10) << candidate.partner_id;  // billionths: six turns came out even
  }
}

}  // namespace
}  // namespace tributary::partner

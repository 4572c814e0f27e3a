#include "inventory-service/reconciliation/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

#include "common/money/testing_decimal.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Candidate Fact(const char* name, int day, int64_t units) {
  return {.fact = name, .date = Date::FromDays(20000 + day), .units = D(units)};
}
std::vector<std::string> Names(const Explanation& explanation) {
  std::vector<std::string> names;
  for (const Candidate& fact : explanation.facts) names.push_back(fact.fact);
  return names;
}

TEST(ExplanationTest, NoGapNeedsNoFact) {
  const Explanation explanation = Explain(D(0), {Fact("a", 1, 5), Fact("b", 1, -5)});
  EXPECT_THAT(explanation.facts, IsEmpty());
  EXPECT_EQ(explanation.unexplained, D(0));
}

// Golden vector 6: the books say 6,500, the partner 7,000, and nothing is open.
TEST(ExplanationTest, WithoutCandidatesTheWholeGapIsUnexplained) {
  EXPECT_EQ(Explain(D(500), {}).unexplained, D(500));
  EXPECT_EQ(Explain(D(500), {Fact("a", 1, 499), Fact("b", 1, 2)}).unexplained, D(500));
  EXPECT_THAT(Explain(D(500), {Fact("a", 1, 499)}).facts, IsEmpty());
}

TEST(ExplanationTest, FewestFactsThenOldest) {
  const std::vector<Candidate> candidates = {Fact("late", 9, 400),  Fact("old", 1, 150), Fact("older", 0, 250),
                                             Fact("early", 2, 400), Fact("out", 3, -50), Fact("big", 8, 450)};
  EXPECT_THAT(Names(Explain(D(400), candidates)), ElementsAre("early"));
  EXPECT_THAT(Names(Explain(D(850), candidates)), ElementsAre("early", "big"));
  EXPECT_THAT(Names(Explain(D(800), candidates)), ElementsAre("early", "late"));
  EXPECT_THAT(Names(Explain(D(100), candidates)), ElementsAre("old", "out"));
  EXPECT_THAT(Names(Explain(D(-50), candidates)), ElementsAre("out"));
}

TEST(ExplanationTest, TooManyCandidatesAreNotSearched) {
  std::vector<Candidate> candidates(kMostCandidates, Fact("a", 1, 1));
  EXPECT_EQ(Explain(D(20), candidates).facts.size(), 20u);
  candidates.push_back(Fact("b", 1, 1));
  const Explanation explanation = Explain(D(20), candidates);
  EXPECT_TRUE(explanation.too_many_candidates);
  EXPECT_EQ(explanation.unexplained, D(20));
}

// Against every subset, tried one by one, in any order of the candidates.
TEST(ExplanationTest, AgreesWithTryingAllSubsets) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 3000; ++round) {
    std::vector<Candidate> candidates;
    for (size_t i = 0, n = random() % 9; i < n; ++i) {
      candidates.push_back(Fact(std::string(1, static_cast<char>('a' + i)).c_str(), static_cast<int>(random() % 4),
                                static_cast<int64_t>(random() % 13) - 6));
    }
    const Decimal gap = D(static_cast<int64_t>(random() % 21) - 10);
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return std::tie(a.date, a.fact) < std::tie(b.date, b.fact);
    });
    std::optional<std::vector<size_t>> best;
    for (uint32_t set = 0; set < 1u << candidates.size(); ++set) {
      Decimal sum;
      std::vector<size_t> chosen;
      for (size_t i = 0; i < candidates.size(); ++i) {
        if ((set >> i & 1u) == 0) continue;
        sum += candidates[i].units;
        chosen.push_back(i);
      }
      if (sum != gap) continue;
      if (!best.has_value() || std::pair(chosen.size(), chosen) < std::pair(best->size(), *best)) best = chosen;
    }
    std::vector<std::string> want;
    if (best.has_value()) {
      for (const size_t i : *best) want.push_back(candidates[i].fact);
    }
    std::shuffle(candidates.begin(), candidates.end(), random);
    const Explanation explanation = Explain(gap, candidates);
    ASSERT_EQ(Names(explanation), want);
    ASSERT_EQ(explanation.unexplained, best.has_value() ? D(0) : gap);
  }
}

}  // namespace
}  // namespace tributary::inventory

// Scores are exact whatever is read: components sum to the score, drivers to the difference; more of anything is never
// worse, and what is missing is never better than what is there.

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "partner-service/evaluations/scoring.h"

namespace tributary::partner {
namespace {

using Readings = std::vector<std::vector<Reading>>;

class ScoringPropertyTest : public ::testing::Test {
 protected:
  int64_t Any(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }

  ScorecardTemplate AnyTemplate() {
    ScorecardTemplate t;
    int left = 100;
    for (int i = 0; left > 0; ++i) {
      const int weight = i == 9 ? left : static_cast<int>(Any(1, left));
      left -= weight;
      const int64_t low = Any(0, 1000);
      // Ids overlap, so that templates share some components and not others.
      t.components.push_back({.id = "c" + std::to_string(i + Any(0, 1) * 100),
                              .weight = weight,
                              .measure = static_cast<ScoreMeasure>(Any(1, 8)),
                              .low = Decimal::FromMicros(low * 10000),
                              .high = Decimal::FromMicros((low + Any(1, 1000)) * 10000)});
    }
    return t;
  }

  Readings AnyReadings(const ScorecardTemplate& t) {
    Readings readings(t.components.size());
    for (std::vector<Reading>& of_component : readings) {
      for (int64_t n = Any(0, 3); n > 0; --n) {
        Reading reading{.got = Decimal::FromMicros(Any(-5000000, 30000000)), .facts = Any(0, 2)};
        if (Any(0, 1) == 0) reading.of = Decimal::FromMicros(Any(0, 40000000));
        of_component.push_back(reading);
      }
    }
    return readings;
  }

  std::mt19937 random_{20261129};
};

TEST_F(ScoringPropertyTest, ExactAndReplayable) {
  for (int round = 0; round < 2000; ++round) {
    const ScorecardTemplate before = AnyTemplate(), t = AnyTemplate();
    const Scorecard earlier = Score(before, AnyReadings(before), std::nullopt);
    const Readings readings = AnyReadings(t);
    const Scorecard scorecard = Score(t, readings, PreviousOf("e", earlier));
    Rational low, high, drivers;
    for (const ComponentScore& component : scorecard.components) {
      low = low + component.low;
      high = high + component.high;
      EXPECT_FALSE(component.low.negative());
      EXPECT_LE(component.high, Rational::FromInt(component.weight));
      EXPECT_EQ(component.low == component.high, component.figure.has_value());
    }
    for (const ScoreDriver& driver : scorecard.drivers) drivers = drivers + driver.change();
    EXPECT_EQ(scorecard.low(), low);
    EXPECT_EQ(scorecard.high(), high);
    EXPECT_EQ(drivers, scorecard.low() - earlier.low());
    EXPECT_EQ(Score(t, readings, StoredPrevious(scorecard)), scorecard);
  }
}

TEST_F(ScoringPropertyTest, MoreIsNeverWorseAndSilenceNeverBetter) {
  for (int round = 0; round < 2000; ++round) {
    const ScorecardTemplate t = AnyTemplate();
    const Readings readings = AnyReadings(t);
    const Scorecard scorecard = Score(t, readings, std::nullopt);
    const auto at = static_cast<size_t>(Any(0, static_cast<int64_t>(t.components.size()) - 1));
    Readings more = readings, silent = readings;
    for (Reading& reading : more[at]) reading.got += Decimal::FromMicros(Any(0, 9000000));
    silent[at].clear();
    EXPECT_GE(Score(t, more, std::nullopt).low(), scorecard.low());
    EXPECT_LE(Score(t, silent, std::nullopt).low(), scorecard.low());
    EXPECT_GE(Score(t, silent, std::nullopt).high(), scorecard.high());
  }
}

}  // namespace
}  // namespace tributary::partner

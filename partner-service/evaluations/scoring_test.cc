#include "partner-service/evaluations/scoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;

Rational R(const char* text) { return *Rational::Parse(text); }

ScoreComponent Of(std::string id, int weight, const char* low, const char* high,
                  ScoreMeasure measure = ScoreMeasure::kActivities) {
  return {.id = std::move(id), .weight = weight, .measure = measure, .low = D(low), .high = D(high)};
}

// Four components of 60, 20, 10 and 10.
ScorecardTemplate Template() {
  return {.components = {Of("targets", 60, "0", "100", ScoreMeasure::kAttainment), Of("sales", 20, "0", "100"),
                         Of("people", 10, "0", "2"), Of("support", 10, "50", "100", ScoreMeasure::kSupport)},
          .notice_below = D("91"),
          .review_below = D("81"),
          .block_below = D("50")};
}

std::vector<Reading> Got(const char* got) { return {{.got = D(got)}}; }
std::vector<Reading> Of(const char* got, const char* of) { return {{.got = D(got), .of = D(of)}}; }

// 60 + 16 + 5 + missing 10 = [81, 91] -> 81.
TEST(ScoringTest, AMissingComponentWidensTheIntervalAndItsLowEndCounts) {
  const Scorecard scorecard = Score(Template(), {Of("100", "100"), Got("80"), Got("1"), {}}, std::nullopt);
  EXPECT_EQ(scorecard.low(), R("81"));
  EXPECT_EQ(scorecard.high(), R("91"));
  EXPECT_EQ(scorecard.consequence, ScoreConsequence::kNotice);  // 81 is below 91, and not below 81
  std::vector<std::string> lows, highs;
  for (const ComponentScore& component : scorecard.components) {
    lows.push_back(component.low.ToString());
    highs.push_back(component.high.ToString());
  }
  EXPECT_THAT(lows, ElementsAre("60", "16", "5", "0"));
  EXPECT_THAT(highs, ElementsAre("60", "16", "5", "10"));
  EXPECT_FALSE(scorecard.components[3].figure.has_value());
  EXPECT_TRUE(scorecard.drivers.empty());
}

TEST(ScoringTest, FiguresOfWhatWasRead) {
  struct Case {
    const char* name;
    ScoreMeasure measure;
    std::vector<Reading> readings;
    std::optional<Rational> want;
  };
  const std::vector<Case> cases = {
      {"nothing read", ScoreMeasure::kActivities, {}, std::nullopt},
      {"a count", ScoreMeasure::kCertificates, Got("3"), R("3")},
      {"a count of none is known", ScoreMeasure::kCertificates, Got("0"), R("0")},
      {"a share, rounded down to hundredths", ScoreMeasure::kSupport, Of("2", "3"), R("3333/50")},
      {"a share of nothing", ScoreMeasure::kSupport, Of("0", "0"), std::nullopt},
      {"sales of facts", ScoreMeasure::kSales, {{.got = D("0"), .facts = 2}}, R("0")},
      {"sales of none", ScoreMeasure::kSales, {{.got = D("0")}}, std::nullopt},
      {"targets on average",
       ScoreMeasure::kAttainment,
       {{.got = D("50"), .of = D("100")}, {.got = D("1"), .of = D("3")}, {.got = D("5"), .of = D("0")}},
       R("8333/200")},
      {"targets of 0 alone", ScoreMeasure::kAttainment, Of("5", "0"), std::nullopt},
      {"returns", ScoreMeasure::kSales, {{.got = D("-4.5"), .facts = 1}}, R("-9/2")},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(FigureOf({.measure = c.measure}, c.readings), c.want);
  }
}

TEST(ScoringTest, WorthNothingBelowAndAllAbove) {
  const ScorecardTemplate one = {.components = {Of("a", 100, "20", "50")}};
  struct Case {
    const char* got;
    const char* want;
  };
  for (const Case& c : {Case{"-5", "0"},
                        {"20", "0"},
                        {"20.000001", "1/300000"},
                        {"30", "100/3"},
                        {"50", "100"},
                        {"1000000000000", "100"}}) {
    SCOPED_TRACE(c.got);
    EXPECT_EQ(Score(one, {Got(c.got)}, std::nullopt).low(), R(c.want));
  }
}

// Three thirds are 100, and a threshold of 100 is not missed by a millionth.
TEST(ScoringTest, ComponentsSumToTheScoreExactly) {
  const ScorecardTemplate thirds = {.components = {Of("a", 40, "0", "3"), Of("b", 40, "0", "3"), Of("c", 20, "0", "3")},
                                    .block_below = D("66")};
  const Scorecard scorecard = Score(thirds, {Got("2"), Got("2"), Got("2")}, std::nullopt);
  EXPECT_EQ(scorecard.components[0].low, R("80/3"));
  EXPECT_EQ(scorecard.low(), R("200/3"));
  EXPECT_EQ(ConsequenceOf({.block_below = D("66.666666")}, scorecard.low()), ScoreConsequence::kNone);
  EXPECT_EQ(ConsequenceOf({.block_below = D("66.666667")}, scorecard.low()), ScoreConsequence::kBlock);
  EXPECT_EQ(ConsequenceOf({.block_below = D("50")}, R("50")), ScoreConsequence::kNone);
}

TEST(ScoringTest, TheHardestConsequenceThatTheLowEndCallsFor) {
  struct Case {
    const char* low;
    ScoreConsequence want;
  };
  for (const Case& c : {Case{"100", ScoreConsequence::kNone},
                        {"91", ScoreConsequence::kNone},
                        {"90.999999", ScoreConsequence::kNotice},
                        {"81", ScoreConsequence::kNotice},
                        {"80.999999", ScoreConsequence::kReview},
                        {"50", ScoreConsequence::kReview},
                        {"49.999999", ScoreConsequence::kBlock},
                        {"0", ScoreConsequence::kBlock}}) {
    EXPECT_EQ(ConsequenceOf(Template(), Rational(D(c.low))), c.want) << c.low;
  }
  EXPECT_EQ(ConsequenceOf({}, Rational()), ScoreConsequence::kNone);
}

TEST(ScoringTest, DriversSumToTheDifferenceExactlyWhateverTheTemplates) {
  const ScorecardTemplate before = {.components = {Of("a", 50, "0", "3"), Of("gone", 50, "0", "7")}};
  const ScorecardTemplate after = {.components = {Of("new", 30, "0", "7"), Of("a", 70, "0", "3")}};
  const Scorecard earlier = Score(before, {Got("2"), Got("3")}, std::nullopt);  // 100/3 + 150/7
  const Scorecard now = Score(after, {Got("7"), Got("1")}, PreviousOf("partners/p/evaluations/e", earlier));
  EXPECT_EQ(now.previous, "partners/p/evaluations/e");
  std::vector<std::string> drivers;
  for (const ScoreDriver& driver : now.drivers) drivers.push_back(driver.component + " " + driver.change().ToString());
  EXPECT_THAT(drivers, ElementsAre("new 30", "gone -150/7", "a -10"));
  EXPECT_EQ(now.change(), now.low() - earlier.low());
  // Replayed from what it keeps.
  EXPECT_EQ(Score(after, {Got("7"), Got("1")}, StoredPrevious(now)), now);
}

}  // namespace
}  // namespace tributary::partner

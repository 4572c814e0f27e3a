#include "incentive-service/engine/measures/composite.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

std::vector<std::string> Blamed(const std::vector<FieldViolation>& violations) {
  std::vector<std::string> blamed;
  for (const FieldViolation& violation : violations) blamed.push_back(violation.field);
  return blamed;
}

// 60 of sales, 16 of market development, 5 of brand care, and service of 10 that nobody has measured.
TEST(CompositeTest, WhatIsNotKnownIsAnInterval) {
  const std::vector<ScoreComponent> components = {{"sales", D("0"), D("100"), 60, D("120")},
                                                  {"development", D("0"), D("10"), 20, D("8")},
                                                  {"brand", D("0"), D("2"), 10, D("1")},
                                                  {"service", D("0"), D("5"), 10, std::nullopt}};
  ASSERT_THAT(CheckComponents(components, "c"), ::testing::IsEmpty());
  const Score score = ScoreOf(components);
  EXPECT_EQ(score.low, R("81"));
  EXPECT_EQ(score.high, R("91"));
  EXPECT_EQ(score.parts[3].low, Rational());
  EXPECT_EQ(score.parts[3].high, R("10"));
}

TEST(CompositeTest, ClampsAndTurns) {
  const struct {
    const char* lowest;
    const char* highest;
    const char* value;
    const char* score;  // of 100
  } kCases[] = {
      {"0", "10", "5", "50"},      {"0", "10", "-1", "0"},     {"0", "10", "11", "100"},
      {"20", "50", "30", "100/3"}, {"30", "0", "10", "200/3"},  // fewer complaints are better
      {"30", "0", "31", "0"},      {"30", "0", "-1", "100"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ScoreOf({{"x", D(c.lowest), D(c.highest), 100, D(c.value)}}).low.ToString(), c.score) << c.value;
  }
}

TEST(CompositeTest, RefusesComponentsThatSayNothing) {
  const struct {
    std::vector<ScoreComponent> components;
    std::vector<std::string> blamed;
  } kCases[] = {
      {{{"a", D("0"), D("1"), 40}, {"b", D("1"), D("0"), 60}}, {}},
      {{}, {"c"}},
      {{{"a", D("0"), D("1"), 40}, {"b", D("1"), D("0"), 59}}, {"c"}},
      {{{"a", D("0"), D("1"), 40}, {"a", D("1"), D("0"), 60}}, {"c[1].name"}},
      {{{"", D("0"), D("1"), 100}}, {"c[0].name"}},
      {{{"a", D("1"), D("1"), 100}}, {"c[0].highest"}},
      {{{"a", D("0"), D("1"), 100}, {"b", D("0"), D("1"), 0}}, {"c[1].weight"}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Blamed(CheckComponents(c.components, "c")), c.blamed);
}

}  // namespace
}  // namespace tributary::incentive

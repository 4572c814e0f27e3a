#include "partner-service/channels/route_advisor.h"

#include <array>
#include <optional>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using Values = std::array<std::optional<int>, 5>;
constexpr auto kMissing = std::nullopt;

RouteFactors Of(const Values& values, const std::array<int, 5>& weights = kRouteWeights) {
  RouteFactors factors = {
      {{"product_complexity"}, {"customization"}, {"market_concentration"}, {"own_resources"}, {"strategic_control"}}};
  for (size_t i = 0; i < factors.size(); ++i) {
    factors[i].weight = weights[i];
    factors[i].value = values[i];
  }
  return factors;
}

const RouteScore& ScoreOf(const RouteAdvice& advice, ChannelType type) {
  for (const RouteScore& score : advice.scores) {
    if (score.type == type) return score;
  }
  ADD_FAILURE() << "no score";
  return advice.scores.front();
}

TEST(RouteAdvisorTest, FitsAreWorkedByHand) {
  const struct {
    int value, direct, indirect, hybrid;
  } kCases[] = {{0, 0, 10, 0}, {1, 1, 9, 2}, {3, 3, 7, 6}, {5, 5, 5, 10}, {8, 8, 2, 4}, {10, 10, 0, 0}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.value);
    EXPECT_EQ(FitOf(ChannelType::kDirect, c.value), c.direct);
    EXPECT_EQ(FitOf(ChannelType::kIndirect, c.value), c.indirect);
    EXPECT_EQ(FitOf(ChannelType::kHybrid, c.value), c.hybrid);
  }
}

TEST(RouteAdvisorTest, GoldenTable) {
  const struct {
    const char* what;
    Values values;
    std::array<int, 5> weights;
    std::optional<ChannelType> recommended;
    bool certain;
    std::array<std::array<int, 2>, 3> scores;  // DIRECT, INDIRECT, HYBRID: low, high
  } kCases[] = {
      // 25x9 + 20x8 + 20x9 + 20x7 + 15x8 = 825; indirect 1000 - 825; hybrid 25x2 + 20x4 + 20x2 + 20x6 + 15x4 = 350.
      {"machines to order for a few plants",
       {9, 8, 9, 7, 8},
       kRouteWeights,
       ChannelType::kDirect,
       true,
       {{{825, 825}, {175, 175}, {350, 350}}}},
      // 25x1 + 20x0 + 20x1 + 20x3 + 15x2 = 135; hybrid 25x2 + 0 + 20x2 + 20x6 + 15x4 = 270.
      {"goods off the shelf for everybody",
       {1, 0, 1, 3, 2},
       kRouteWeights,
       ChannelType::kIndirect,
       true,
       {{{135, 135}, {865, 865}, {270, 270}}}},
      {"the middle of everything",
       {5, 5, 5, 5, 5},
       kRouteWeights,
       ChannelType::kHybrid,
       true,
       {{{500, 500}, {500, 500}, {1000, 1000}}}},
      // 25x8 + 20x9 = 380 known; 20 + 20 + 15 = 55 of the weight are not. Indirect may gain 550 beyond direct.
      {"three are not known",
       {8, 9, kMissing, kMissing, kMissing},
       kRouteWeights,
       ChannelType::kDirect,
       false,
       {{{380, 930}, {70, 620}, {140, 690}}}},
      // 25x10 + 20x10 + 20x10 + 20x10 = 850; the 15 cannot turn that over: indirect gains at most 150.
      {"what is not known cannot matter",
       {10, 10, 10, 10, kMissing},
       kRouteWeights,
       ChannelType::kDirect,
       true,
       {{{850, 1000}, {0, 150}, {0, 150}}}},
      {"nothing is known", {}, kRouteWeights, kMissing, false, {{{0, 1000}, {0, 1000}, {0, 1000}}}},
      {"only what has no weight is known",
       {7, kMissing, kMissing, kMissing, kMissing},
       {0, 100, 0, 0, 0},
       kMissing,
       false,
       {{{0, 1000}, {0, 1000}, {0, 1000}}}},
      {"other weights",
       {0, kMissing, kMissing, kMissing, 10},
       {40, 0, 0, 0, 60},
       ChannelType::kDirect,
       true,
       {{{600, 600}, {400, 400}, {0, 0}}}},
      {"equals: indirect before direct",
       {0, 10, kMissing, kMissing, kMissing},
       {50, 50, 0, 0, 0},
       ChannelType::kIndirect,
       true,
       {{{500, 500}, {500, 500}, {0, 0}}}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const auto advice = AdviseRoute(Of(c.values, c.weights));
    ASSERT_OK(advice);
    EXPECT_EQ(advice->recommended, c.recommended);
    EXPECT_EQ(advice->certain, c.certain);
    const ChannelType types[] = {ChannelType::kDirect, ChannelType::kIndirect, ChannelType::kHybrid};
    for (size_t i = 0; i < 3; ++i) {
      const RouteScore& score = ScoreOf(*advice, types[i]);
      EXPECT_EQ(score.low, c.scores[i][0]) << NameOf(score.type);
      EXPECT_EQ(score.high, c.scores[i][1]) << NameOf(score.type);
      int low = 0, high = 0;
      for (const RouteTerm& term : score.terms) {
        low += term.low;
        high += term.high;
        EXPECT_EQ(term.high - term.low, term.value.has_value() ? 0 : term.weight * 10);
      }
      EXPECT_EQ(low, score.low);
      EXPECT_EQ(high, score.high);
    }
    for (size_t i = 1; i < advice->scores.size(); ++i) EXPECT_GE(advice->scores[i - 1].low, advice->scores[i].low);
  }
}

// `certain` is what trying every value of what is missing finds.
TEST(RouteAdvisorTest, CertainMeansWhateverIsMissing) {
  int certain = 0;
  for (int a = 0; a <= 10; ++a) {
    for (int b = 0; b <= 10; ++b) {
      const auto advice = AdviseRoute(Of({a, b, a, b, kMissing}));
      ASSERT_OK(advice);
      bool stays = true;
      for (int missing = 0; missing <= 10; ++missing) {
        const auto known = AdviseRoute(Of({a, b, a, b, missing}));
        const int best = known->scores.front().low;
        stays = stays && ScoreOf(*known, *advice->recommended).low == best;
      }
      EXPECT_EQ(advice->certain, stays) << a << " " << b;
      certain += advice->certain;
    }
  }
  EXPECT_GT(certain, 0);
  EXPECT_LT(certain, 121);
}

TEST(RouteAdvisorTest, WeightsSumToAHundred) {
  const absl::Status status = AdviseRoute(Of({5, 5, 5, 5, 5}, {25, 20, 20, 20, 16})).status();
  EXPECT_THAT(status, Blames("product_complexity_weight"));
  EXPECT_EQ(DetailOf(status).violations.front().got, "25 + 20 + 20 + 20 + 16 = 101");
  EXPECT_THAT(AdviseRoute(Of({}, {0, 0, 0, 0, 0})), Blames("product_complexity_weight"));
}

}  // namespace
}  // namespace tributary::partner

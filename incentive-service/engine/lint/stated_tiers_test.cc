#include "incentive-service/engine/lint/stated_tiers.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/lint/testing_findings.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(StatedTiersTest, FindsGapsAndOverlaps) {
  const struct {
    Bound bound;
    std::vector<StatedTier> tiers;
    const char* findings;
  } kCases[] = {
      {Bound::kFrom, {}, ""},
      {Bound::kFrom, {{D("0"), std::nullopt}}, ""},
      {Bound::kFrom, {{D("0"), D("1000")}, {D("1000"), D("5000")}, {D("5000"), std::nullopt}}, ""},
      {Bound::kUpto, {{D("0"), D("1000")}, {D("1000"), D("5000")}, {D("5000"), std::nullopt}}, ""},
      {Bound::kFrom, {{D("1000"), std::nullopt}, {D("0"), D("1000")}}, ""},
      // Inclusive bounds, as written: 1,000.50 earns nothing.
      {Bound::kUpto, {{D("0"), D("1000")}, {D("1001"), std::nullopt}}, "tier-gap! amount=1001 tiers=none"},
      {Bound::kFrom, {{D("0"), D("1000")}, {D("1001"), std::nullopt}}, "tier-gap! amount=1000 tiers=none"},
      {Bound::kFrom, {{D("0"), D("1000")}, {D("900"), std::nullopt}}, "tier-overlap! amount=900 tiers=0, 1"},
      {Bound::kUpto, {{D("0"), D("1000")}, {D("900"), std::nullopt}}, "tier-overlap! amount=900.000001 tiers=0, 1"},
      {Bound::kFrom, {{D("0"), std::nullopt}, {D("900"), std::nullopt}}, "tier-overlap! amount=900 tiers=0, 1"},
      {Bound::kFrom, {{D("900"), std::nullopt}, {D("0"), D("901")}}, "tier-overlap! amount=900 tiers=1, 0"},
      {Bound::kFrom, {{D("0"), D("1000")}}, "tier-gap amount=1000 tiers=none"},
      {Bound::kUpto, {{D("0"), D("1000")}}, "tier-gap amount=1000.000001 tiers=none"},
      {Bound::kFrom, {{D("5"), D("5")}, {D("5"), std::nullopt}}, "tier-empty! amount=5 tiers=none"},
      {Bound::kFrom,
       {{D("0"), D("10")}, {D("20"), D("30")}, {D("25"), D("40")}},
       "tier-gap! amount=10 tiers=none\ntier-overlap! amount=25 tiers=1, 2\ntier-gap amount=40 tiers=none"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Summary(LintStatedTiers(c.tiers, c.bound)), c.findings);
}

TEST(StatedTiersTest, SaysWhere) {
  const std::vector<Finding> findings = LintStatedTiers({{D("0"), D("1000")}, {D("1001"), D("5000")}}, Bound::kUpto);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].message, "amounts between (0, 1000] and (1001, 5000] have no tier");
  EXPECT_EQ(findings[1].message, "amounts beyond (1001, 5000] have no tier");
}

}  // namespace
}  // namespace tributary::incentive

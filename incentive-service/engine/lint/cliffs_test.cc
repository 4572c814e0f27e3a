#include "incentive-service/engine/lint/cliffs.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/lint/testing_findings.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(CliffsTest, FindsJumps) {
  const struct {
    const char* what;
    Shape shape;
    const char* tiers;
    Bound bound;
    const char* percent;
    const char* findings;
  } kCases[] = {
      {"widths have none", Shape::kMarginal, "0:0.01 1000:0.05 5000:0.02", Bound::kFrom, "0", ""},
      {"nor have they from nothing", Shape::kMarginal, "0:0 1000:0.05", Bound::kUpto, "0", ""},
      {"the whole amount at twice the rate", Shape::kRetroactive, "0:0.02 50000:0.04", Bound::kFrom, "20",
       "tier-cliff below=49999.99 value_below=999.9998 reached_at=50000 value_there=2000"},
      {"the same, bounds belonging below", Shape::kRetroactive, "0:0.02 50000:0.04", Bound::kUpto, "20",
       "tier-cliff below=50000 value_below=1000 reached_at=50000.01 value_there=2000.0004"},
      {"half as much again, allowed", Shape::kRetroactive, "0:0.02 50000:0.03", Bound::kFrom, "50", ""},
      {"half as much again, not allowed", Shape::kRetroactive, "0:0.02 50000:0.03", Bound::kFrom, "49",
       "tier-cliff below=49999.99 value_below=999.9998 reached_at=50000 value_there=1500"},
      {"from nothing", Shape::kRetroactive, "0:0 5000:0.02", Bound::kFrom, "1000",
       "tier-cliff below=4999.99 value_below=0 reached_at=5000 value_there=100"},
      {"a target", Shape::kTarget, "5000:+100", Bound::kFrom, "20",
       "tier-cliff below=4999.99 value_below=0 reached_at=5000 value_there=100"},
      {"rates that add up", Shape::kTotal, "0:0.1 1000:0.25", Bound::kFrom, "20",
       "tier-cliff below=999.99 value_below=99.999 reached_at=1000 value_there=350"},
      {"less for more", Shape::kRetroactive, "0:0.02 5000:0.01", Bound::kFrom, "20",
       "tier-drop! below=4999.99 value_below=99.9998 reached_at=5000 value_there=50"},
      {"one rate", Shape::kRetroactive, "0:0.02 5000:0.02", Bound::kFrom, "0", ""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Summary(LintCliffs(TermsOf(c.shape, c.tiers, c.bound), D(c.percent))), c.findings) << c.what;
  }
}

TEST(CliffsTest, TriesUnitsAtTheirPrice) {
  Terms terms = TermsOf(Shape::kRetroactive, "0:0.02 100:0.04");
  terms.scale.measure = Measure::kQuantity;
  EXPECT_EQ(Summary(LintCliffs(terms, D("20"))), "");
  EXPECT_EQ(Summary(LintCliffs(terms, D("20"), D("50"))),
            "tier-cliff below=99 value_below=99 reached_at=100 value_there=200");
  terms = TermsOf(Shape::kPerUnit, "0:+5 100:+8");
  terms.scale.measure = Measure::kQuantity;
  EXPECT_EQ(Summary(LintCliffs(terms, D("20"))), "tier-cliff below=99 value_below=495 reached_at=100 value_there=800");
}

TEST(CliffsTest, SaysByHowMuch) {
  const std::vector<Finding> findings = LintCliffs(TermsOf(Shape::kRetroactive, "0:0 100:0.02 1000:0.04"), D("20"));
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].message, "on reaching [100, 1000) the value jumps from nothing to 2");
  EXPECT_EQ(findings[1].message, "on reaching [1000, ∞) the value jumps by 100 %, more than 20 %");
}

// A penalty that is no longer charged is a drop of what is charged.
TEST(CliffsTest, APenaltyIsJudgedByWhatItCharges) {
  Terms terms = TermsOf(Shape::kRetroactive, "0:0.01 100:0.05");
  terms.max_penalty = D("1000");
  EXPECT_EQ(Summary(LintCliffs(terms, D("20"))),
            "tier-cliff below=99.99 value_below=0.9999 reached_at=100 value_there=5");
}

// Who buys enough is charged less: the bound is told, and the program may be launched.
TEST(CliffsTest, APenaltyMayFallWithVolume) {
  Terms terms = TermsOf(Shape::kRetroactive, "0:0.03 50000:0.01 100000:0");
  terms.max_penalty = D("3000");
  const std::vector<Finding> findings = LintCliffs(terms, D("1000"));
  EXPECT_EQ(Summary(findings),
            "tier-cliff below=49999.99 value_below=1499.9997 reached_at=50000 value_there=500\n"
            "tier-cliff below=99999.99 value_below=999.9999 reached_at=100000 value_there=0");
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].message, "on reaching [50000, 100000) the charge falls from 1499.9997 to 500");
  // The same scale that pays is a drop still.
  terms.max_penalty.reset();
  EXPECT_EQ(LintCliffs(terms, D("1000"))[0].rule, "tier-drop");
}

// A target that charges where it is missed may be launched: what it charges ends where it is reached.
TEST(CliffsTest, AMissedTargetsChargeEndsAtItsBound) {
  Terms terms = TermsOf(Shape::kTarget, "50000:+1000");
  terms.max_penalty = D("3000");
  const std::vector<Finding> findings = LintCliffs(terms, D("20"));
  EXPECT_EQ(Summary(findings), "tier-cliff below=49999.99 value_below=-1000 reached_at=50000 value_there=0");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].message, "on reaching [50000, ∞) the value jumps from -1000 to 0");
  // A rate on what is missing ends without a jump.
  terms = TermsOf(Shape::kTarget, "50000:0.1");
  terms.max_penalty = D("3000");
  EXPECT_EQ(Summary(LintCliffs(terms, D("20"))), "");
}

}  // namespace
}  // namespace tributary::incentive

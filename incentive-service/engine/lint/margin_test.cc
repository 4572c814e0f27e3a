#include "incentive-service/engine/lint/margin.h"

#include "common/status/status_matchers.h"
#include "incentive-service/engine/lint/testing_findings.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

TEST(MarginTest, FindsWhatIsPaidBeyondTheMargin) {
  const std::vector<StackProgram> flat = {{"a", TermsOf(Shape::kFlat, "0:0.1")}, {"b", TermsOf(Shape::kFlat, "0:0.1")}};
  std::vector<StackProgram> mixed = {{"a", TermsOf(Shape::kRetroactive, "0:0.02 1000:0.1")},
                                     {"b", TermsOf(Shape::kPerUnit, "0:+1")},
                                     {"c", TermsOf(Shape::kTarget, "500:+40")}};
  mixed[1].terms.scale.measure = Measure::kQuantity;
  const std::vector<StackProgram> widths = {{"a", TermsOf(Shape::kMarginal, "0:0 1000:0.2")}};
  StackingPlan net, exclusive, capped;
  net.net_of = {{"b", "a"}};
  exclusive.groups = {{"g", GroupScope::kPartnerPeriod, {{"a"}, {"b"}}}};
  capped.caps = {{"x", {"a", "b"}, std::nullopt, D("0.18")}};
  const struct {
    const char* what;
    StackingPlan plan;
    std::vector<StackProgram> programs;
    const char* rate;
    const char* findings;
  } kCases[] = {
      {"just the margin", {}, flat, "0.2", ""},
      {"side by side", {}, flat, "0.19", "stack-negative-margin! sale=10 a=1 b=1 paid=2 margin=1.9"},
      {"net of one another", net, flat, "0.19", ""},
      {"net of one another, at less", net, flat, "0.18",
       "stack-negative-margin! sale=10 a=1 b=0.9 paid=1.9 margin=1.8"},
      {"exclusive", exclusive, flat, "0.1", ""},
      {"capped together", capped, flat, "0.18", ""},
      // At 500: 2 % + 10 % + 40 of 500 = 20 %; at 1,000: 10 % + 10 % + 4 % = 24 %.
      {"the worst bound", {}, mixed, "0.18", "stack-negative-margin! sale=1000 a=100 b=100 c=40 paid=240 margin=180"},
      {"rates on widths come near their last one",
       {},
       widths,
       "0.19",
       "stack-negative-margin! sale=100000 a=19800 paid=19800 margin=19000"},
      {"and never reach it", {}, widths, "0.2", ""},
      {"nobody", {}, {}, "0", ""},
  };
  for (const auto& c : kCases) {
    const Decimal cost = D("10") - Decimal::FromMicros(D(c.rate).micros() * 10);
    EXPECT_EQ(Summary(LintMargin(c.plan, c.programs, {D("10"), cost})), c.findings) << c.what;
  }
}

// The margin is a fraction: 3 of 7 is more than any rate that a decimal holds.
TEST(MarginTest, TheMarginIsExact) {
  const std::vector<StackProgram> flat = {{"a", TermsOf(Shape::kFlat, "0:0.428571")}};
  EXPECT_EQ(Summary(LintMargin({}, flat, {D("7"), D("4")})), "");
  EXPECT_EQ(Summary(LintMargin({}, flat, {D("7"), D("4.00001")})),
            "stack-negative-margin! sale=7 a=2.999997 paid=2.999997 margin=2.99999");
}

}  // namespace
}  // namespace tributary::incentive

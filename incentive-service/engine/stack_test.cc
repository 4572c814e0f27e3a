#include "incentive-service/engine/stack.h"

#include <algorithm>
#include <numeric>

#include "common/money/money.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A line that counts in full for each of the programs.
StackLine Line(std::string fact, const char* amount, std::vector<std::string> programs, const char* units = "0") {
  StackLine line;
  line.key.fact = std::move(fact);
  for (std::string& program : programs) line.portions[std::move(program)] = {D(amount), D(amount), D(units), D(units)};
  return line;
}

absl::StatusOr<Stack> Evaluated(const StackingPlan& plan, const std::vector<StackProgram>& programs,
                                const std::vector<StackLine>& lines) {
  EXPECT_THAT(CheckPlan(plan, programs, "plan"), IsEmpty());
  return EvaluateStack(plan, programs, SumsOf(plan, lines), lines, true);
}

// "a 60.00 of 600, b 47.00 of 940"
std::string Values(const Stack& stack) {
  std::string text;
  for (const StackedValue& value : stack.values) {
    if (!text.empty()) text += ", ";
    StrAppend(&text, value.program, " ", FormatMinorUnits(value.minor, "CNY"));
  }
  return text;
}

const StackedValue& Of(const Stack& stack, std::string_view program) {
  return *std::find_if(stack.values.begin(), stack.values.end(),
                       [&](const StackedValue& value) { return value.program == program; });
}

// Microsoft's example of its reduction principle: one line of 1,000, four deals. There the total is 610, 650, 625 or
// 630, by the order of processing. The edges say once what the first of these meant.
TEST(StackTest, FourDealsGiveOneTotalInEveryOrder) {
  const std::vector<StackProgram> deals = {{"1", TermsOf(Shape::kFlat, "0:0.1")},
                                           {"2", TermsOf(Shape::kFlat, "0:0.15")},
                                           {"3", TermsOf(Shape::kFlat, "0:0.2")},
                                           {"4", TermsOf(Shape::kFlat, "0:0.25")}};
  StackingPlan plan;
  plan.net_of = {{"3", "1"}, {"4", "1"}, {"4", "3"}};
  std::vector<size_t> order = {0, 1, 2, 3};
  int orders = 0;
  do {
    std::vector<StackProgram> programs;
    for (size_t i : order) programs.push_back(deals[i]);
    std::rotate(plan.net_of.begin(), plan.net_of.begin() + 1, plan.net_of.end());
    ASSERT_OK_AND_ASSIGN(const Stack stack, Evaluated(plan, programs, {Line("l", "1000", {"1", "2", "3", "4"})}));
    EXPECT_EQ(Values(stack), "1 100.00, 2 150.00, 3 180.00, 4 180.00");
    EXPECT_EQ(stack.minor, 61000);
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(orders, 24);
}

// A pays on L1 alone, C on L2 alone, B on both and net of A; B and C exclude each other.
TEST(StackTest, AGroupComparesLinesOrPeriods) {
  const std::vector<StackProgram> programs = {{"a", TermsOf(Shape::kFlat, "0:0.1")},
                                              {"b", TermsOf(Shape::kFlat, "0:0.05")},
                                              {"c", TermsOf(Shape::kFlat, "0:0.08")}};
  const std::vector<StackLine> lines = {Line("L1", "600", {"a", "b"}), Line("L2", "400", {"b", "c"})};
  const struct {
    GroupScope scope;
    const char* values;
    const char* total;
    std::vector<int64_t> b_shares;
    const char* losses;  // who lost what where
  } kCases[] = {
      {GroupScope::kLine, "a 60.00, b 27.00, c 32.00", "119.00", {2700, 0}, "b lost 20 on L2 to c"},
      {GroupScope::kPartnerPeriod, "a 60.00, b 47.00, c 0.00", "107.00", {2700, 2000}, "c lost 32 on  to b"},
  };
  for (const auto& c : kCases) {
    StackingPlan plan;
    plan.net_of = {{"b", "a"}};
    plan.groups = {{"g", c.scope, {{"b"}, {"c"}}}};
    ASSERT_OK_AND_ASSIGN(const Stack stack, Evaluated(plan, programs, lines));
    EXPECT_EQ(Values(stack), c.values);
    EXPECT_EQ(FormatMinorUnits(stack.minor, "CNY"), c.total);
    EXPECT_EQ(Of(stack, "b").shares, c.b_shares);
    EXPECT_EQ(Of(stack, "b").bases.base, R("940"));
    EXPECT_EQ(Of(stack, "b").own.exact, R("47"));
    std::string losses;
    for (const StackedValue& value : stack.values) {
      for (const Loss& loss : value.losses) {
        StrAppend(&losses, value.program, " lost ", loss.amount.ToString(), " on ", loss.unit, " to ", loss.winner);
      }
    }
    EXPECT_EQ(losses, c.losses);
  }
}

// Order to cash: 72,000 net of the wallet, 100 units. A 5 %; B 3 % net of A; C 25 a unit, at most 2,000, exclusive with
// B; A and B together at most 7.5 %.
TEST(StackTest, ASharedCapIsPaidOutToTheCent) {
  std::vector<StackProgram> programs = {{"a", TermsOf(Shape::kFlat, "0:0.05")},
                                        {"b", TermsOf(Shape::kFlat, "0:0.03")},
                                        {"c", TermsOf(Shape::kPerUnit, "0:+25")}};
  programs[2].terms.cap = D("2000");
  StackingPlan plan;
  plan.net_of = {{"b", "a"}};
  plan.groups = {{"g", GroupScope::kPartnerPeriod, {{"b"}, {"c"}}}};
  plan.caps = {{"most", {"a", "b"}, std::nullopt, D("0.075")}};
  std::vector<StackLine> lines = {Line("INV1", "64800", {"a", "b", "c"}, "90"),
                                  Line("INV2", "7200", {"a", "b", "c"}, "10")};
  std::vector<size_t> order = {0, 1, 2};
  do {
    std::vector<StackProgram> shuffled;
    for (size_t i : order) shuffled.push_back(programs[i]);
    std::reverse(lines.begin(), lines.end());
    ASSERT_OK_AND_ASSIGN(const Stack stack, Evaluated(plan, shuffled, lines));
    EXPECT_EQ(Values(stack), "a 3439.49, b 1960.51, c 0.00");
    EXPECT_EQ(stack.minor, 540000);
    EXPECT_EQ(Of(stack, "b").bases.base, R("68400"));
    EXPECT_EQ(Of(stack, "b").own.exact, R("2052"));
    EXPECT_EQ(Of(stack, "c").own.before, R("2500"));
    EXPECT_EQ(Of(stack, "c").own.limit, Limit::kCap);
    EXPECT_EQ(Of(stack, "c").losses[0].amount, R("2000"));
    EXPECT_EQ(Of(stack, "c").losses[0].winner, "b");
    EXPECT_EQ(Of(stack, "a").factor, R("5400") / R("5652"));
    EXPECT_EQ(Of(stack, "a").exact, R("3600") * R("5400") / R("5652"));
    EXPECT_EQ(stack.caps[0].limit, R("5400"));
    EXPECT_EQ(stack.caps[0].sum, R("5652"));
    for (const StackedValue& value : stack.values) {
      EXPECT_EQ(std::accumulate(value.shares.begin(), value.shares.end(), int64_t{0}), value.minor) << value.program;
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(StackTest, EdgesLowerTheBaseOrBoth) {
  const struct {
    Lowers lowers;
    const char* values;
  } kCases[] = {
      // 1,000 reaches the tier from 1,000; only 900 are paid on: 4 % of 900.
      {Lowers::kBase, "a 100.00, b 36.00"},
      // Only 900 reach tiers too: 2 % of 900.
      {Lowers::kBoth, "a 100.00, b 18.00"},
  };
  for (const auto& c : kCases) {
    StackingPlan plan;
    plan.net_of = {{"b", "a", c.lowers}};
    ASSERT_OK_AND_ASSIGN(const Stack stack, Evaluated(plan,
                                                      {{"a", TermsOf(Shape::kFlat, "0:0.1")},
                                                       {"b", TermsOf(Shape::kRetroactive, "0:0.02 1000:0.04")}},
                                                      {Line("l", "1000", {"a", "b"})}));
    EXPECT_EQ(Values(stack), c.values);
  }
}

TEST(StackTest, DeductionsAreRoundedToABillionth) {
  StackingPlan plan;
  plan.net_of = {{"b", "a"}};
  // A pays 1 on three equal lines, of which B is paid on one.
  std::vector<StackProgram> programs = {{"a", TermsOf(Shape::kTarget, "1:+1")}, {"b", TermsOf(Shape::kFlat, "0:0.5")}};
  ASSERT_OK_AND_ASSIGN(
      const Stack stack,
      Evaluated(plan, programs, {Line("1", "10", {"a", "b"}), Line("2", "10", {"a"}), Line("3", "10", {"a"})}));
  EXPECT_EQ(Of(stack, "b").net_of[0].amount.ToString(), "333333333/1000000000");
  EXPECT_EQ(Of(stack, "b").bases.base.ToString(), "9666666667/1000000000");
}

TEST(StackTest, TiesGoByPriorityThenName) {
  const struct {
    int64_t b_priority;
    int64_t c_priority;
    const char* values;
  } kCases[] = {
      {0, 0, "b 30.00, c 0.00"},
      {0, 1, "b 0.00, c 30.00"},
      {5, 1, "b 30.00, c 0.00"},
      {-1, -1, "b 30.00, c 0.00"},
  };
  for (const auto& c : kCases) {
    for (const GroupScope scope : {GroupScope::kLine, GroupScope::kPartnerPeriod}) {
      StackingPlan plan;
      plan.groups = {{"g", scope, {{"c", c.c_priority}, {"b", c.b_priority}}}};
      ASSERT_OK_AND_ASSIGN(
          const Stack stack,
          Evaluated(plan, {{"c", TermsOf(Shape::kFlat, "0:0.03")}, {"b", TermsOf(Shape::kFlat, "0:0.03")}},
                    {Line("1", "600", {"b", "c"}), Line("2", "400", {"c", "b"})}));
      EXPECT_EQ(Values(stack), c.values);
    }
  }
}

// Those that lose still count for their own tiers: B is at 10 % for all 1,000 though it pays on 400 alone.
TEST(StackTest, ALoserStillReachesItsTiers) {
  StackingPlan plan;
  plan.groups = {{"g", GroupScope::kLine, {{"b"}, {"c"}}}};
  ASSERT_OK_AND_ASSIGN(
      const Stack stack,
      Evaluated(plan, {{"b", TermsOf(Shape::kRetroactive, "0:0.01 1000:0.1")}, {"c", TermsOf(Shape::kFlat, "0:0.2")}},
                {Line("1", "600", {"b", "c"}), Line("2", "400", {"b"})}));
  EXPECT_EQ(Values(stack), "b 40.00, c 120.00");
}

// What is net of a program that lost a line, is net of nothing there.
TEST(StackTest, NetOfALoserIsNetOfWhatItWon) {
  StackingPlan plan;
  plan.groups = {{"g", GroupScope::kLine, {{"b"}, {"c"}}}};
  plan.net_of = {{"d", "b"}};
  const std::vector<StackProgram> programs = {{"b", TermsOf(Shape::kFlat, "0:0.1")},
                                              {"c", TermsOf(Shape::kFlat, "0:0.2")},
                                              {"d", TermsOf(Shape::kFlat, "0:0.5")}};
  ASSERT_OK_AND_ASSIGN(const Stack stack, Evaluated(plan, programs,
                                                    {Line("1", "600", {"b", "c", "d"}), Line("2", "400", {"b", "d"}),
                                                     Line("3", "100", {"b"})}));
  // B keeps 10 % of 500, of which 40 lie on D's lines.
  EXPECT_EQ(Values(stack), "b 50.00, c 120.00, d 480.00");
  plan.groups[0].scope = GroupScope::kPartnerPeriod;
  ASSERT_OK_AND_ASSIGN(const Stack whole, Evaluated(plan, programs,
                                                    {Line("1", "600", {"b", "c", "d"}), Line("2", "400", {"b", "d"}),
                                                     Line("3", "100", {"b"})}));
  EXPECT_EQ(Values(whole), "b 0.00, c 120.00, d 500.00");
}

// A linked return goes to the one who won its sale, whatever it would win by itself.
TEST(StackTest, AReturnFollowsItsSale) {
  StackingPlan plan;
  plan.groups = {{"g", GroupScope::kLine, {{"b"}, {"c"}}}};
  const std::vector<StackProgram> programs = {{"b", TermsOf(Shape::kFlat, "0:0.1")},
                                              {"c", TermsOf(Shape::kFlat, "0:0.08")}};
  std::vector<StackLine> lines = {Line("sale", "100", {"b", "c"}), Line("other", "50", {"c"})};
  ASSERT_OK_AND_ASSIGN(const Stack before, Evaluated(plan, programs, lines));
  EXPECT_EQ(Values(before), "b 10.00, c 4.00");
  lines.push_back(Line("return", "-100", {"b", "c"}));
  lines.back().unit = "sale";
  ASSERT_OK_AND_ASSIGN(const Stack after, Evaluated(plan, programs, lines));
  EXPECT_EQ(Values(after), "b 0.00, c 4.00");
  // One without its sale takes back from the program that would have won the sale.
  lines = {Line("1", "300", {"b", "c"}), Line("2", "-100", {"b", "c"})};
  ASSERT_OK_AND_ASSIGN(const Stack unlinked, Evaluated(plan, programs, lines));
  EXPECT_EQ(Values(unlinked), "b 20.00, c 0.00");
}

TEST(StackTest, CapsAreNeverPassed) {
  const std::vector<StackProgram> programs = {{"a", TermsOf(Shape::kFlat, "0:0.1")},
                                              {"b", TermsOf(Shape::kFlat, "0:0.1")},
                                              {"c", TermsOf(Shape::kFlat, "0:0.1")}};
  const struct {
    const char* what;
    std::vector<SharedCap> caps;
    const char* amount;  // of one line for all
    const char* values;
  } kCases[] = {
      {"far away", {{"x", {"a", "b", "c"}, D("100")}}, "100", "a 10.00, b 10.00, c 10.00"},
      {"thirds of 10: the cent goes to the smallest name",
       {{"x", {"c", "b", "a"}, D("10")}},
       "100",
       "a 3.34, b 3.33, c 3.33"},
      {"thirds of 20", {{"x", {"a", "b", "c"}, D("20")}}, "100", "a 6.67, b 6.67, c 6.66"},
      {"a fraction of a cent is nobody's", {{"x", {"a", "b"}, D("0.019")}}, "100", "a 0.01, b 0.00, c 10.00"},
      {"not reached, but each rounded by itself would pass it",
       {{"x", {"a", "b"}, D("0.03")}},
       "0.15",
       "a 0.02, b 0.01, c 0.02"},
      {"two caps: the lower factor, rounded down",
       {{"x", {"a", "b"}, D("10")}, {"y", {"b", "c"}, D("5")}},
       "100",
       "a 5.00, b 2.50, c 2.50"},
      {"of a rate", {{"x", {"a", "b", "c"}, std::nullopt, D("0.12")}}, "100", "a 4.00, b 4.00, c 4.00"},
      {"of a rate on returns", {{"x", {"a", "b", "c"}, std::nullopt, D("0.12")}}, "-100", "a 0.00, b 0.00, c 0.00"},
  };
  for (const auto& c : kCases) {
    StackingPlan plan;
    plan.caps = c.caps;
    ASSERT_OK_AND_ASSIGN(const Stack stack, Evaluated(plan, programs, {Line("l", c.amount, {"a", "b", "c"})}));
    EXPECT_EQ(Values(stack), c.values) << c.what;
  }
}

// A cap is of what members come to together; what is charged stays whole, and rounded parts never pass the cap.
TEST(StackTest, ACapHasRoomForWhatIsCharged) {
  const struct {
    const char* target;
    const char* limit;
    const char* values;
  } kCases[] = {
      {"500:+12", "5", "a 8.50, b 8.50, fine -12.00"},  // (5 + 12) / 20
      {"500:+12", "8", "a 10.00, b 10.00, fine -12.00"},
      {"500:+30", "5", "a 10.00, b 10.00, fine -30.00"},
      {"500:+12.004", "5.007", "a 8.50, b 8.50, fine -12.00"},  // 17.011 down, of which 12.00 + 5.00 are left
      {"50:+12", "5", "a 2.50, b 2.50, fine 0.00"},             // the target is reached
  };
  for (const auto& [target, limit, values] : kCases) {
    std::vector<StackProgram> programs = {{"a", TermsOf(Shape::kFlat, "0:0.1")},
                                          {"b", TermsOf(Shape::kFlat, "0:0.1")},
                                          {"fine", TermsOf(Shape::kTarget, target)}};
    programs[2].terms.max_penalty = D("100");
    StackingPlan plan;
    plan.caps = {{"x", {"a", "b", "fine"}, D(limit)}};
    ASSERT_OK_AND_ASSIGN(const Stack stack, Evaluated(plan, programs, {Line("l", "100", {"a", "b", "fine"})}));
    EXPECT_EQ(Values(stack), values) << target << " under " << limit;
    EXPECT_EQ(Of(stack, "fine").exact, Of(stack, "fine").own.exact) << target << " under " << limit;
  }
}

// 100 USD at 7.123456789012: more decimals than an amount has.
TEST(StackTest, ConvertedMoneyIsExact) {
  StackingPlan plan;
  plan.net_of = {{"b", "a"}};
  const std::vector<StackProgram> programs = {{"a", TermsOf(Shape::kFlat, "0:0.1")},
                                              {"b", TermsOf(Shape::kFlat, "0:0.05")},
                                              {"c", TermsOf(Shape::kPerUnit, "0:+2")}};
  StackLine dollars = Line("2", "0", {"a", "b", "c"}, "1");
  for (auto& [program, portion] : dollars.portions) {
    portion.converted = *Rational::ParseDecimal("7.123456789012") * Rational::FromInt(100);
  }
  const std::vector<StackLine> lines = {Line("1", "600", {"a", "b", "c"}, "1"), dollars};
  ASSERT_OK_AND_ASSIGN(const Stack stack, Evaluated(plan, programs, lines));
  EXPECT_EQ(Values(stack), "a 131.23, b 59.06, c 4.00");
  EXPECT_EQ(stack.values[0].exact, *Rational::ParseDecimal("131.23456789012"));
  EXPECT_EQ(stack.values[1].bases.base, *Rational::ParseDecimal("1181.1111110112"));
  // The cap's rate is of each line once, converted.
  plan.caps = {{"x", {"a", "b"}, std::nullopt, D("0.1")}};
  ASSERT_OK_AND_ASSIGN(const Stack capped, Evaluated(plan, programs, lines));
  EXPECT_EQ(capped.caps[0].limit, *Rational::ParseDecimal("131.23456789012"));
  EXPECT_EQ(Values(capped), "a 90.50, b 40.73, c 4.00");
}

TEST(StackTest, SumsAloneSuffice) {
  StackingPlan plan;
  plan.net_of = {{"b", "a"}};
  plan.groups = {{"g", GroupScope::kPartnerPeriod, {{"b"}, {"c"}}}};
  plan.caps = {{"x", {"a", "b"}, std::nullopt, D("0.1")}};
  const std::vector<StackProgram> programs = {{"a", TermsOf(Shape::kFlat, "0:0.1")},
                                              {"b", TermsOf(Shape::kFlat, "0:0.05")},
                                              {"c", TermsOf(Shape::kFlat, "0:0.01")}};
  const std::vector<StackLine> lines = {Line("1", "600", {"a", "b"}), Line("2", "400", {"b", "c"})};
  const StackSums sums = SumsOf(plan, lines);
  EXPECT_EQ(sums.programs.at("b").earning, D("1000"));
  EXPECT_EQ(sums.overlaps.at({"a", "b"}).earning, D("600"));
  EXPECT_EQ(sums.cap_bases.at("x").earning, D("1000"));
  ASSERT_OK_AND_ASSIGN(const Stack by_lines, EvaluateStack(plan, programs, sums, lines, true));
  ASSERT_OK_AND_ASSIGN(const Stack by_sums, EvaluateStack(plan, programs, sums));
  EXPECT_EQ(Values(by_sums), Values(by_lines));
  EXPECT_EQ(Values(by_sums), "a 56.07, b 43.93, c 0.00");
  EXPECT_THAT(by_sums.values[0].shares, IsEmpty());
  EXPECT_THAT(by_lines.values[1].shares, ElementsAre(2524, 1869));  // of 43.93, by 540 and 400
}

TEST(StackTest, RefusesWhatDoesNotFit) {
  const std::vector<StackProgram> unknown = {
      {"a", TermsOf(Shape::kFlat, "0:0.1", Bound::kFrom, Rounding::kHalfEven, "XXQ")}};
  EXPECT_THAT(EvaluateStack({}, unknown, {}), HasReason(Reason::kInvalidField));
  const std::vector<StackLine> lines = {Line("l", "99999999999999999999", {"a"})};
  EXPECT_THAT(EvaluateStack({}, {{"a", TermsOf(Shape::kFlat, "0:1")}}, SumsOf({}, lines)),
              HasReason(Reason::kOverflow));
  ASSERT_OK_AND_ASSIGN(const Stack nothing, EvaluateStack({}, {{"a", TermsOf(Shape::kFlat, "0:0.1")}}, {}));
  EXPECT_EQ(nothing.minor, 0);
}

}  // namespace
}  // namespace tributary::incentive

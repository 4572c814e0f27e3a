#include "cli/verify/given_budgets.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using incentive::v1::Program;
using incentive::v1::StatementEntry;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

StatementEntry Entry(int64_t asked, int64_t share, const char* factor, int day = 0) {
  StatementEntry entry;
  entry.set_kind(StatementEntry::EARNED);
  entry.set_program("programs/g");
  entry.set_period("2025Q1");
  entry.mutable_evaluation()->mutable_value()->set_units(asked);
  entry.mutable_budget()->mutable_share()->set_units(share);
  if (factor != nullptr) entry.mutable_budget()->mutable_factor()->set_value(factor);
  if (day > 0) entry.mutable_budget()->mutable_used_up_on()->set_day(day);
  return entry;
}

std::vector<std::string> Verified(const std::vector<StatementEntry>& entries,
                                  Program::PeriodBudget::Policy policy = Program::PeriodBudget::PRO_RATA) {
  GivenBudgets given;
  for (const StatementEntry& entry : entries) given.Add(entry);
  EXPECT_EQ(given.programs().size(), 1u);
  Program program;
  program.set_name("programs/g");
  EXPECT_THAT(given.Verify(program), IsEmpty()) << "who does not see the amount";
  program.mutable_budget()->mutable_amount()->set_value("1500");
  program.mutable_budget()->set_policy(policy);
  return given.Verify(program);
}

TEST(GivenBudgetsTest, SharesSumToTheBudgetByOneFactor) {
  EXPECT_THAT(Verified({Entry(1200, 900, "0.75"), Entry(800, 600, "0.75")}), IsEmpty());
  EXPECT_THAT(Verified({Entry(1200, 1200, "1")}), IsEmpty());
  EXPECT_THAT(Verified({Entry(1200, 900, "0.75"), Entry(800, 601, "0.75")}),
              ElementsAre("2025Q1: shares: stated 1501 in all, worked out 1500"));
  EXPECT_THAT(Verified({Entry(1200, 900, "0.74"), Entry(800, 600, "0.74")}),
              ElementsAre("2025Q1: factor: stated 0.74, worked out 0.75"));
  EXPECT_THAT(Verified({Entry(1200, 900, "0.75"), Entry(800, 600, "0.76")}),
              ElementsAre("2025Q1: partners are told different factors or days"));
  // What is trued up is stated to some alone.
  StatementEntry late = Entry(2000, 750, "0.375");
  late.set_kind(StatementEntry::TRUE_UP);
  EXPECT_THAT(Verified({Entry(1200, 900, "0.75"), Entry(800, 600, "0.75"), late}), IsEmpty());
}

TEST(GivenBudgetsTest, ADayIsToldWhereTheBudgetDoesNotSuffice) {
  constexpr auto kByEvent = Program::PeriodBudget::BY_EVENT;
  EXPECT_THAT(Verified({Entry(1200, 1200, nullptr, 3), Entry(800, 300, nullptr, 3)}, kByEvent), IsEmpty());
  EXPECT_THAT(Verified({Entry(1200, 1200, nullptr)}, kByEvent), IsEmpty());
  EXPECT_THAT(Verified({Entry(1200, 1200, nullptr), Entry(800, 300, nullptr)}, kByEvent),
              ElementsAre("2025Q1: used_up_on: stated , of a budget that does not suffice"));
}

}  // namespace
}  // namespace tributary::cli

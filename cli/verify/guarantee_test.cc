#include "cli/verify/guarantee.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using incentive::v1::GuaranteeSteps;
using incentive::v1::StatementEntry;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

void Set(google::type::Money* money, int64_t units) {
  money->set_currency_code("USD");
  money->set_units(units);
}

StatementEntry Earned(int month, int64_t amount) {
  StatementEntry entry;
  entry.set_kind(StatementEntry::EARNED);
  entry.set_program("programs/g");
  entry.mutable_period_start()->set_year(2025);
  entry.mutable_period_start()->set_month(month);
  entry.mutable_period_start()->set_day(1);
  Set(entry.mutable_amount(), amount);
  return entry;
}

// Of 10,000 a month.
StatementEntry Added(int month, bool cumulative, bool recoupable, int64_t earned, int64_t carry_before, int64_t top_up,
                     int64_t recouped, int64_t carry, int64_t before = 0) {
  StatementEntry entry = Earned(month, top_up - recouped - before);
  entry.set_kind(StatementEntry::GUARANTEE);
  Set(entry.mutable_stated_before(), before);
  entry.mutable_terms()->set_currency("USD");
  entry.mutable_terms()->mutable_guarantee()->mutable_amount()->set_value("10000");
  entry.mutable_terms()->mutable_guarantee()->set_cumulative(cumulative);
  entry.mutable_terms()->mutable_guarantee()->set_recoupable(recoupable);
  GuaranteeSteps& steps = *entry.mutable_guarantee();
  Set(steps.mutable_earned(), earned);
  Set(steps.mutable_carry_before(), carry_before);
  Set(steps.mutable_top_up(), top_up);
  Set(steps.mutable_recouped(), recouped);
  Set(steps.mutable_carry(), carry);
  Set(steps.mutable_value(), top_up - recouped);
  return entry;
}

// 12,000, 5,000 and 4,000 earned: 0, 3,000 and 6,000 are added. The first month is corrected to 11,000: 1,000 more for
// the second.
TEST(GuaranteeTest, TheChainWorksOutWhatIsCarried) {
  GuaranteeChain chain;
  const std::vector<StatementEntry> entries = {Earned(1, 12000), Added(1, true, false, 12000, 0, 0, 0, 2000),
                                               Earned(2, 5000),  Added(2, true, false, 5000, 2000, 3000, 0, 0),
                                               Earned(3, 4000),  Added(3, true, false, 4000, 0, 6000, 0, 0),
                                               Earned(1, -1000), Added(2, true, false, 5000, 1000, 4000, 0, 0, 3000)};
  for (const StatementEntry& entry : entries) {
    if (entry.kind() == StatementEntry::GUARANTEE) EXPECT_THAT(VerifyGuarantee(entry), IsEmpty());
    EXPECT_THAT(chain.Take(entry), IsEmpty());
  }
  // It says that less was carried than was.
  const StatementEntry wrong = Added(2, true, false, 5000, 500, 4500, 0, 0, 4000);
  EXPECT_THAT(VerifyGuarantee(wrong), IsEmpty());
  EXPECT_THAT(chain.Take(wrong), Contains(HasSubstr("guarantee.carry_before: stated 500, worked out 1000")));
}

TEST(GuaranteeTest, AdvancesAreRecouped) {
  GuaranteeChain chain;
  for (const StatementEntry& entry :
       {Earned(1, 4000), Added(1, true, true, 4000, 0, 6000, 0, 0), Earned(2, 15000),
        Added(2, true, true, 15000, 0, 0, 5000, 0), Earned(3, 12000), Added(3, true, true, 12000, 0, 0, 1000, 1000)}) {
    if (entry.kind() == StatementEntry::GUARANTEE) EXPECT_THAT(VerifyGuarantee(entry), IsEmpty());
    EXPECT_THAT(chain.Take(entry), IsEmpty());
  }
}

TEST(GuaranteeTest, EachStepIsChecked) {
  const StatementEntry good = Added(1, true, false, 4000, 1000, 5000, 0, 0);
  EXPECT_THAT(VerifyGuarantee(good), IsEmpty());
  for (auto change :
       {+[](StatementEntry* e) { e->mutable_guarantee()->mutable_top_up()->set_units(5001); },
        +[](StatementEntry* e) { e->mutable_guarantee()->mutable_carry()->set_units(1); },
        +[](StatementEntry* e) { e->mutable_guarantee()->mutable_recouped()->set_units(1); },
        +[](StatementEntry* e) { e->mutable_guarantee()->mutable_value()->set_units(1); },
        +[](StatementEntry* e) { e->mutable_guarantee()->mutable_earned()->set_currency_code("CNY"); },
        +[](StatementEntry* e) { e->mutable_amount()->set_units(1); }, +[](StatementEntry* e) { e->set_line_count(1); },
        +[](StatementEntry* e) { e->mutable_terms()->clear_guarantee(); }}) {
    StatementEntry bad = good;
    change(&bad);
    EXPECT_FALSE(VerifyGuarantee(bad).empty()) << bad.ShortDebugString();
  }
}

}  // namespace
}  // namespace tributary::cli

#include "incentive-service/statements/guarantee_entry.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Program Promised(bool cumulative, bool recoupable = false) {
  Program program;
  program.id = "g";
  program.terms.currency = "USD";
  program.effective = {Day("2026-01-01"), OpenEnd()};
  program.eligibility.partners = {"p1"};
  program.guarantee = Guarantee{Decimal::FromInt(10000), cumulative, recoupable};
  return program;
}
Period Quarter(const char* id) { return *ParsePeriod(PeriodKind::kQuarter, id); }

// "2026Q2 3000 of 0" each: the value, and what was said before, in whole dollars.
std::vector<std::string> Texts(const std::vector<StatementEntry>& entries) {
  std::vector<std::string> texts;
  for (const StatementEntry& entry : entries) {
    texts.push_back(entry.scale.id + " " + std::to_string(entry.value / 100) + " of " +
                    std::to_string(entry.stated_before / 100));
  }
  return texts;
}

TEST(GuaranteeEntryTest, PeriodsAreThoseOfTheProgram) {
  EXPECT_THAT(PeriodsUpTo(Promised(true), Quarter("2026Q2")), ElementsAre(Quarter("2026Q1"), Quarter("2026Q2")));
  EXPECT_THAT(PeriodsUpTo(Promised(true), Quarter("2025Q4")), IsEmpty());
}

// Earned 12,000, then 5,000: 3,000 are added in the second period where it is cumulative, else 5,000.
TEST(GuaranteeEntryTest, AddsWhatIsMissing) {
  const std::vector<Period> periods = PeriodsUpTo(Promised(true), Quarter("2026Q2"));
  const SaidOfPeriods said = {{"2026Q1", {1200000, 0}}, {"2026Q2", {500000, 0}}};
  const auto entries = StateGuarantee(Promised(true), periods, Quarter("2026Q2"), "2026Q2", said);
  EXPECT_THAT(Texts(entries), ElementsAre("2026Q2 3000 of 0"));
  EXPECT_EQ(entries[0].guarantee, (GuaranteeSteps{500000, 200000, 300000, 0, 0}));
  EXPECT_EQ(entries[0].kind, StatementEntryKind::kGuarantee);
  EXPECT_EQ(entries[0].counted_until, Day("2026-07-01"));
  EXPECT_THAT(Texts(StateGuarantee(Promised(false), periods, Quarter("2026Q2"), "2026Q2", said)),
              ElementsAre("2026Q2 5000 of 0"));
}

TEST(GuaranteeEntryTest, CorrectionsReachLaterPeriods) {
  const std::vector<Period> periods = PeriodsUpTo(Promised(true), Quarter("2026Q3"));
  SaidOfPeriods said = {{"2026Q1", {1100000, 0}}, {"2026Q2", {500000, 300000}}, {"2026Q3", {400000, 600000}}};
  EXPECT_THAT(Texts(StateGuarantee(Promised(true), periods, std::nullopt, "2026Q4", said)),
              ElementsAre("2026Q2 4000 of 3000"));
  // More was earned than had been thought: what was added stays, unless it is an advance.
  said["2026Q2"].earned = 1500000;
  said["2026Q1"].earned = 1200000;
  EXPECT_THAT(Texts(StateGuarantee(Promised(true), periods, std::nullopt, "2026Q4", said)), IsEmpty());
  EXPECT_THAT(Texts(StateGuarantee(Promised(true, true), periods, std::nullopt, "2026Q4", said)),
              ElementsAre("2026Q2 0 of 3000", "2026Q3 0 of 6000"));
}

}  // namespace
}  // namespace tributary::incentive

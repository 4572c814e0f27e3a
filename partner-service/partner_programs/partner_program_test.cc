#include "partner-service/partner_programs/partner_program.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LevelCriterion Bought(int64_t amount) { return {.currency = "CNY", .want = Decimal::FromInt(amount)}; }

PartnerProgram Program() {
  return {.id = "growth",
          .revision = Revision::First(kNow),
          .display_name = "Growth",
          .levels = {{.id = "member"},
                     {.id = "silver", .criteria = {Bought(100)}},
                     {.id = "gold",
                      .criteria = {Bought(1000),
                                   {.kind = CriterionKind::kCertificates,
                                    .course_id = "drives",
                                    .want = Decimal::FromInt(2)}}}},
          .months = 12,
          .notice_days = 30,
          .grace_days = 60};
}

TEST(PartnerProgramTest, SaysWhatIsWrongByField) {
  EXPECT_OK(CheckContent(Program()));
  const struct {
    std::function<void(PartnerProgram*)> edit;
    const char* field;
  } kCases[] = {
      {[](PartnerProgram* p) { p->display_name = "a\nb"; }, "display_name"},
      {[](PartnerProgram* p) { p->levels[2].id = "member"; }, "levels[2].level"},
      {[](PartnerProgram* p) { p->levels[1].display_name = "\t"; }, "levels[1].display_name"},
      {[](PartnerProgram* p) { p->levels[1].criteria.clear(); }, "levels[1].criteria"},
      {[](PartnerProgram* p) {
         p->levels[2].criteria[0].product_lines = {"productLines/a", "b"};
       },
       "levels[2].criteria[0].sales.product_lines[1]"},
      {[](PartnerProgram* p) { p->months = 0; }, "months"},
      {[](PartnerProgram* p) {
         p->calendar_id = "main";
         p->period_kind = PeriodKind::kYear;
       },
       "months"},
      {[](PartnerProgram* p) {
         p->months = 0;
         p->calendar_id = "main";
       },
       "period_kind"},
      {[](PartnerProgram* p) { p->period_kind = PeriodKind::kYear; }, "period_kind"},
  };
  for (const auto& c : kCases) {
    PartnerProgram program = Program();
    c.edit(&program);
    EXPECT_THAT(CheckContent(program), Blames(c.field)) << c.field;
  }
}

TEST(PartnerProgramTest, LevelsStayInTheirOrder) {
  PartnerProgram more = Program();
  more.levels.insert(more.levels.begin() + 1, {.id = "bronze", .criteria = {Bought(10)}});
  more.levels.push_back({.id = "platinum", .criteria = {Bought(5000)}});
  more.grace_days = 1;
  const auto next = Change(Program(), more, kNow + absl::Seconds(1));
  ASSERT_OK(next);
  EXPECT_EQ(next->revision.version, 2);
  EXPECT_EQ(next->id, "growth");
  EXPECT_EQ(next->grace_days, 1);
  EXPECT_EQ(RankOf(*next, "gold"), 4);
  EXPECT_EQ(RankOf(*next, "none"), 0);

  PartnerProgram fewer = Program();
  fewer.levels.erase(fewer.levels.begin() + 1);
  EXPECT_THAT(Change(Program(), fewer, kNow), Blames("levels"));
  PartnerProgram swapped = Program();
  std::swap(swapped.levels[1], swapped.levels[2]);
  EXPECT_THAT(Change(Program(), swapped, kNow), Blames("levels"));
  PartnerProgram bad = Program();
  bad.months = 0;
  EXPECT_THAT(Change(Program(), bad, kNow), Blames("months"));
}

TEST(PartnerProgramTest, CoursesAreNamedOnce) {
  PartnerProgram program = Program();
  program.levels[1].criteria.push_back(
      {.kind = CriterionKind::kCertificates, .course_id = "basics", .want = Decimal::FromInt(1)});
  program.levels[2].criteria.push_back(
      {.kind = CriterionKind::kCertificates, .course_id = "basics", .want = Decimal::FromInt(2)});
  EXPECT_THAT(CoursesOf(program), ElementsAre("basics", "drives"));
}

TEST(PartnerProgramTest, MonthsAreTheLastOnesWithToday) {
  PartnerProgram program = Program();
  EXPECT_THAT(DaysLookedAt(program, {}, Day("2026-11-28")),
              ElementsAre(DateRange{Day("2025-11-29"), Day("2026-11-29")}));
  program.months = 1;
  EXPECT_THAT(DaysLookedAt(program, {}, Day("2026-03-31")),
              ElementsAre(DateRange{Day("2026-03-01"), Day("2026-04-01")}));
}

TEST(PartnerProgramTest, ACalendarGivesThePeriodUnderWayAndTheOneBefore) {
  const std::vector<FiscalPeriod> periods = *LayOut(
      {.pattern = LayoutPattern::kCalendarMonths, .first_day = Day("2024-01-01"), .first_year = 2024, .years = 2});
  PartnerProgram program = Program();
  program.months = 0;
  program.calendar_id = "main";
  program.period_kind = PeriodKind::kQuarter;
  EXPECT_THAT(
      DaysLookedAt(program, periods, Day("2025-06-30")),
      ElementsAre(DateRange{Day("2025-04-01"), Day("2025-07-01")}, DateRange{Day("2025-01-01"), Day("2025-04-01")}));
  EXPECT_THAT(DaysLookedAt(program, periods, Day("2024-01-01")),
              ElementsAre(DateRange{Day("2024-01-01"), Day("2024-04-01")}));
  EXPECT_THAT(DaysLookedAt(program, periods, Day("2026-01-01")), IsEmpty());
  EXPECT_THAT(DaysLookedAt(program, {}, Day("2025-01-01")), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner

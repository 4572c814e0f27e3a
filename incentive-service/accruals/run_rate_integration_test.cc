// Projections at the pace so far, through the wire: by today, wherever the program is.

#include <algorithm>

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/testing_world.h"

namespace tributary::incentive {
namespace {

using RunRateServiceTest = WorldTest;

absl::StatusOr<v1::NextTier> WhatNextOf(World& world, const std::string& accrual) {
  v1::WhatNextRequest request;
  request.set_name(accrual);
  return world.finance().Call<v1::NextTier>(StrCat(kAccruals, "WhatNext"), request);
}

TEST_F(RunRateServiceTest, ThisYearIsProjectedByTheDaysThatHavePassed) {
  const auto year = static_cast<int>(absl::ToCivilYear(absl::Now(), absl::UTCTimeZone()).year());
  v1::Program terms = Terms();
  terms.set_period(v1::Program::YEAR);
  terms.mutable_effective_from()->set_year(year);
  world_.CreateActive("year", terms);
  terms.set_payout_period(v1::Program::QUARTER);
  world_.CreateActive("nested", terms);
  world_.CreateActive("past");
  feed_.Tell({LineOf("p1", "SO1", 1, StrCat(year, "-01-01"), StrCat(year, "-01-01"), 10),
              LineOf("p1", "SO2", 1, "2025-02-01", "2025-02-01", 10000)});
  world_.CatchUp();

  ASSERT_OK_AND_ASSIGN(const v1::NextTier next, WhatNextOf(world_, StrCat("partners/p1/accruals/year.", year)));
  EXPECT_EQ(next.missing_amount().value(), "19990");
  ASSERT_TRUE(next.has_projection());
  const v1::Projection& projection = next.projection();
  const DateRange days = {*Date::FromYmd(year, 1, 1), *Date::FromYmd(year + 1, 1, 1)};
  ASSERT_OK_AND_ASSIGN(const Date as_of, wire::FromProto(projection.as_of()));
  EXPECT_TRUE(days.Contains(as_of));
  EXPECT_EQ(projection.elapsed_days(), as_of.days() - days.start.days() + 1);
  EXPECT_EQ(projection.period_days(), days.end.days() - days.start.days());
  const Rational expected = Rational::FromInt(10) * Rational::FromInt(projection.period_days()) /
                            Rational::FromInt(projection.elapsed_days());
  EXPECT_EQ(projection.exact_reach(), expected.ToString());
  EXPECT_EQ(projection.exact_base(), expected.ToString());
  EXPECT_EQ(projection.tier(), "[0, 20000)") << "3,660 at most";
  EXPECT_EQ(projection.evaluation().exact_value(), (expected / Rational::FromInt(100)).ToString());
  EXPECT_FALSE(projection.has_next_tier_date());

  // Stated by quarters it is projected to the end of the year as well, from the last day of the quarter on that is
  // asked about.
  ASSERT_OK_AND_ASSIGN(const v1::NextTier nested,
                       WhatNextOf(world_, StrCat("partners/p1/accruals/nested.", year, "Q1")));
  EXPECT_EQ(nested.projection().period_days(), projection.period_days());
  EXPECT_EQ(nested.projection().elapsed_days(),
            std::min(projection.elapsed_days(), Date::FromYmd(year, 4, 1)->days() - days.start.days()));

  ASSERT_OK_AND_ASSIGN(const v1::NextTier past, WhatNextOf(world_, "partners/p1/accruals/past.2025Q1"));
  EXPECT_FALSE(past.has_projection()) << "its last day has passed";
}

}  // namespace
}  // namespace tributary::incentive

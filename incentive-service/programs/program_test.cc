#include "incentive-service/programs/program.h"

#include "common/status/status_matchers.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date Day(std::string_view text) { return *Date::Parse(text); }
absl::Time At(int year, int month, int day) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, 23, 59, 59), absl::UTCTimeZone());
}

Program Growth() {
  Program program;
  program.id = "growth";
  program.version = 3;
  program.terms.scale.tiers = {{Decimal(), *Decimal::Parse("0.01")},
                               {Decimal::FromInt(20000), *Decimal::Parse("0.02")}};
  program.terms.currency = "USD";
  program.effective = {Day("2010-10-01"), OpenEnd()};
  return program;
}

std::vector<std::string> Blamed(const Program& program) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : CheckTerms(program, "program")) fields.push_back(violation.field);
  return fields;
}

TEST(ProgramTest, PeriodsAreQuarters) {
  const Period period = PeriodOf(PeriodKind::kQuarter, Day("2013-11-29"));
  EXPECT_EQ(period.id, "2013Q4");
  EXPECT_EQ(period.range, (DateRange{Day("2013-10-01"), Day("2014-01-01")}));
  EXPECT_THAT(ParsePeriod(PeriodKind::kQuarter, "2013Q4"), IsOkAndHolds(period));
  for (const char* id : {"", "2013", "2013Q5", "2013q4", "2013-10", "2013Q44"}) {
    EXPECT_THAT(ParsePeriod(PeriodKind::kQuarter, id), HasReason(Reason::kInvalidField)) << id;
  }
}

TEST(ProgramTest, TermsAreCheckedAllAtOnce) {
  EXPECT_THAT(Blamed(Growth()), IsEmpty());
  Program program = Growth();
  program.effective = {Day("2010-10-02"), Day("2010-12-31")};
  program.terms.scale.tiers[0].from = Decimal::FromInt(5);
  program.terms.scale.tiers[1].rate = Decimal::FromInt(2);
  EXPECT_THAT(Blamed(program), ElementsAre("program.tiers[0].from_amount", "program.tiers[1].rate",
                                           "program.effective_from", "program.effective_to"));
  program = Growth();
  program.effective.end = Day("2010-10-01");
  EXPECT_THAT(Blamed(program), ElementsAre("program.effective_to"));
  program.effective.end = Day("2011-01-01");
  EXPECT_THAT(Blamed(program), IsEmpty());
}

TEST(ProgramTest, MovesThroughItsLife) {
  const Program draft = Growth();
  const absl::Time now = At(2013, 11, 29);
  ASSERT_OK_AND_ASSIGN(const Program active, Activate(draft, now));
  EXPECT_EQ(active.state, ProgramState::kActive);
  EXPECT_EQ(active.version, 4);
  EXPECT_EQ(active.update_time, now);
  ASSERT_OK_AND_ASSIGN(const Program ended, End(active, now));
  EXPECT_EQ(ended.state, ProgramState::kEnded);
  EXPECT_EQ(ended.version, 5);

  EXPECT_THAT(Activate(active, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Activate(ended, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(End(draft, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(End(ended, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Revise(active, draft, now), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Revise(ended, draft, now), HasReason(Reason::kStateConflict));
}

TEST(ProgramTest, EndsWithThePeriodThatIsRunning) {
  const struct {
    const char* what;
    DateRange effective;
    const char* end;
  } kCases[] = {
      {"open", {Day("2010-10-01"), OpenEnd()}, "2014-01-01"},
      {"ends earlier anyway", {Day("2010-10-01"), Day("2012-01-01")}, "2012-01-01"},
      {"ends later", {Day("2010-10-01"), Day("2015-01-01")}, "2014-01-01"},
      {"begins in this period", {Day("2013-10-01"), OpenEnd()}, "2014-01-01"},
      {"never began", {Day("2014-01-01"), OpenEnd()}, "2014-01-01"},
      {"never would have begun for long", {Day("2020-01-01"), OpenEnd()}, "2020-01-01"},
  };
  for (const auto& c : kCases) {
    Program program = Growth();
    program.state = ProgramState::kActive;
    program.effective = c.effective;
    ASSERT_OK_AND_ASSIGN(const Program ended, End(program, At(2013, 12, 31)));
    EXPECT_EQ(ended.effective.end.ToString(), c.end) << c.what;
    EXPECT_EQ(ended.effective.start, program.effective.start) << c.what;
  }
}

TEST(ProgramTest, ARevisionKeepsItsIdentity) {
  const Program draft = Growth();
  Program other = Growth();
  other.id = "other";
  other.uid = Uuid::New(At(2013, 1, 1));
  other.version = 77;
  other.state = ProgramState::kActive;
  other.display_name = "Growth II";
  ASSERT_OK_AND_ASSIGN(const Program revised, Revise(draft, other, At(2013, 1, 2)));
  Program want = draft;
  want.display_name = "Growth II";
  want.version = 4;
  want.update_time = At(2013, 1, 2);
  EXPECT_EQ(revised, want);
}

TEST(ProgramTest, TheDayIsThatOfUtc) {
  EXPECT_EQ(DayOf(At(2013, 12, 31)), Day("2013-12-31"));
  EXPECT_EQ(DayOf(At(2013, 12, 31) + absl::Seconds(1)), Day("2014-01-01"));
  EXPECT_EQ(DayOf(absl::UnixEpoch() - absl::Nanoseconds(1)), Day("1969-12-31"));
}

}  // namespace
}  // namespace tributary::incentive

#include <memory>

#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/fiscal_calendars/calendar_follower.h"
#include "incentive-service/testing_facts.h"
#include "incentive-service/testing_fiscal_events.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// By the month of 2025 of the calendar, 1 % from its first day on.
Program Fiscal(std::string id, ProgramState state = ProgramState::kActive) {
  Program program = GrowthProgram(std::move(id), Basis::kOrder, "2024-12-29");
  program.state = state;
  program.fiscal_calendar = "weeks";
  program.period = PeriodKind::kMonth;
  EXPECT_THAT(UseCalendar(Weeks445("weeks", 1), "program", &program), IsEmpty());
  return program;
}

class CalendarFollowerTest : public ::testing::Test {
 protected:
  void Tell(const FiscalCalendar& calendar) {
    const partner::v1::FiscalCalendar message = ToldOf(calendar);
    const events::Event event{.verb = "updated",
                              .name = message.name(),
                              .type = std::string(kFiscalCalendarType),
                              .payload = message.SerializeAsString()};
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      outbox_ = events::Outbox();
      return follower_.Apply(sql, absl::MakeConstSpan(&event, 1), InstantFrom("2025-12-01"), outbox_);
    });
  }
  std::optional<FiscalCalendar> Known(std::string_view name) {
    std::optional<FiscalCalendar> known;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      const auto named = FiscalCalendarStore().Named(sql, name, "program.fiscal_calendar");
      if (ReasonOf(named.status()) == Reason::kReferenceNotFound) return absl::OkStatus();
      ASSIGN_OR_RETURN(known, named);
      return absl::OkStatus();
    });
    return known;
  }
  Program Stored(const std::string& id) {
    Program program;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(program, ProgramStore().Get(sql, id));
      return absl::OkStatus();
    });
    return program;
  }
  // "fiscal 2026M01 500" each.
  std::vector<std::string> Accrued() {
    std::vector<std::string> texts;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      texts.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter("", AccrualStore::FilterFields()));
      ASSIGN_OR_RETURN(const std::vector<Accrual> accruals, AccrualStore().List(sql, std::nullopt, {}, where, 10));
      for (const Accrual& one : accruals) {
        texts.push_back(StrCat(one.key.program, " ", one.key.period, " ", one.sums.amount.ToString()));
      }
      return absl::OkStatus();
    });
    return texts;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  CalendarFollower follower_;
  events::Outbox outbox_;
};

TEST_F(CalendarFollowerTest, KeepsCalendarsAsTheyWereToldLast) {
  EXPECT_EQ(Known("fiscalCalendars/weeks"), std::nullopt);
  EXPECT_EQ(Known(""), std::nullopt);
  Tell(Weeks445("weeks", 1));
  EXPECT_EQ(Known("fiscalCalendars/weeks"), Weeks445("weeks", 1));
  Tell(WithMonthMoved(Weeks445("weeks", 2)));
  Tell(Weeks445("others", 1));
  EXPECT_EQ(Known("fiscalCalendars/weeks"), WithMonthMoved(Weeks445("weeks", 2)));
  EXPECT_EQ(Known("fiscalCalendars/others"), Weeks445("others", 1));
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    EXPECT_THAT(FiscalCalendarStore().Named(sql, "weeks", "program.fiscal_calendar"),
                Blames("program.fiscal_calendar"));
    return absl::OkStatus();
  });
}

TEST_F(CalendarFollowerTest, ProgramsKeepTheirPeriodsByVersion) {
  Program draft = Fiscal("draft", ProgramState::kDraft);
  InTransaction(*database_, [&](mysql::Transaction& sql) { return ProgramStore().Insert(sql, draft); });
  EXPECT_EQ(Stored("draft"), draft);
  // Of another calendar, and calendar periods.
  Program other = draft;
  other.version = 2;
  other.fiscal_calendar = "others";
  EXPECT_THAT(UseCalendar(WithMonthMoved(Weeks445("others", 2)), "program", &other), IsEmpty());
  InTransaction(*database_, [&](mysql::Transaction& sql) { return ProgramStore().Update(sql, other); });
  EXPECT_EQ(Stored("draft"), other);
  Program plain = other;
  plain.version = 3;
  plain.fiscal_calendar.clear();
  plain.period = PeriodKind::kMonth;
  InTransaction(*database_, [&](mysql::Transaction& sql) { return ProgramStore().Update(sql, plain); });
  EXPECT_EQ(Stored("draft"), plain);
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    EXPECT_THAT(ProgramStore().GetVersion(sql, "draft", 1), IsOkAndHolds(draft));
    EXPECT_THAT(ProgramStore().ListVersions(sql, "draft", 0, 10), IsOkAndHolds(std::vector{draft, other, plain}));
    return absl::OkStatus();
  });
}

TEST_F(CalendarFollowerTest, AddsLaterPeriodsWithWhatIsRecorded) {
  Program ended = Fiscal("ended", ProgramState::kEnded);
  ended.effective.end = DayFrom("2025-12-28");
  const Program draft = Fiscal("draft", ProgramState::kDraft);
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    for (const Program& program : {Fiscal("active"), draft, ended}) {
      RETURN_IF_ERROR(ProgramStore().Insert(sql, program));
    }
    return FactStore()
        .Add(sql, {ShipmentOf("p1", "SO1", 1, 1, "2025-12-27", "2025-12-27", "700"),
                   ShipmentOf("p1", "SO2", 1, 2, "2025-12-28", "2025-12-28", "500"),
                   ShipmentOf("p1", "SO3", 1, 3, "2026-01-25", "2026-01-25", "40")})
        .status();
  });
  Tell(WithMonthMoved(Weeks445("weeks", 2)));
  EXPECT_THAT(Accrued(), ElementsAre("active 2026M01 500", "active 2026M02 40"));
  // Its own months stay, those of the next year come behind them; told again, nothing is added.
  Program with_both = Fiscal("active");
  EXPECT_THAT(UseCalendar(Weeks445("weeks", 2), "program", &with_both), IsEmpty());
  EXPECT_EQ(Stored("active").period, with_both.period);
  EXPECT_EQ(Stored("active").version, 2);
  EXPECT_EQ(Stored("ended").period, with_both.period);
  EXPECT_EQ(Stored("draft"), draft);
  Tell(WithMonthMoved(Weeks445("weeks", 2)));
  EXPECT_TRUE(outbox_.empty());
  EXPECT_THAT(Accrued(), ElementsAre("active 2026M01 500", "active 2026M02 40"));
  EXPECT_EQ(Stored("active").version, 2);
}

}  // namespace
}  // namespace tributary::incentive

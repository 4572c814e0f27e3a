// Programs whose periods are those of a fiscal calendar, through the wire: weeks, days at their bounds, quarters within
// a fiscal year, years that come later, and that what is closed stays where it is.

#include <functional>

#include "cli/verify/document.h"
#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_fiscal_events.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Terms(), from the second fiscal month on.
v1::Program ByFiscalMonth() {
  return Terms(R"pb(
    period: MONTH
    fiscal_calendar: "fiscalCalendars/weeks"
    effective_from { year: 2025 month: 1 day: 26 })pb");
}
// A scale of the fiscal year, stated by the quarter.
v1::Program ByFiscalYear() {
  return Terms(R"pb(
    period: YEAR
    payout_period: QUARTER
    fiscal_calendar: "fiscalCalendars/weeks"
    effective_from { year: 2024 month: 12 day: 29 })pb");
}

// On the last day of the second month; on the first and the last day of the third, which has five weeks; on the first
// day of the fourth, and so of the second quarter.
std::vector<ShipmentLine> AtTheBounds() {
  return {LineOf("p1", "SO1", 1, "2025-02-22", "2025-02-22", 10000),
          LineOf("p1", "SO2", 1, "2025-02-23", "2025-02-23", 15000),
          LineOf("p1", "SO3", 1, "2025-03-29", "2025-03-29", 10000),
          LineOf("p1", "SO4", 1, "2025-03-30", "2025-03-30", 40000)};
}

// "2025M03 [2025-02-23, 2025-03-30) 300", of a statement, and "EARNED ..." of its entries up to where they count.
std::vector<std::string> FiscalTexts(const v1::Statement& statement) {
  const auto days = [](const google::type::Date& from, const google::type::Date& to) {
    return StrCat(" [", wire::FromProto(from)->ToString(), ", ", wire::FromProto(to)->ToString(), ") ");
  };
  std::vector<std::string> texts = {
      StrCat(statement.period(), days(statement.period_start(), statement.period_end()), statement.total().units())};
  for (const v1::StatementEntry& entry : statement.entries()) {
    texts.push_back(StrCat(v1::StatementEntry::Kind_Name(entry.kind()), " ", entry.period(),
                           days(entry.period_start(), entry.counted_until()), entry.amount().units()));
  }
  return texts;
}

class FiscalProgramsTest : public WorldTest {
 protected:
  void TellCalendar(const FiscalCalendar& calendar) {
    const partner::v1::FiscalCalendar message = ToldOf(calendar);
    feed_.TellEvents({events::Draft(message.name(), "updated", message.name(), message)});
    world_.CatchUp();
  }
  v1::Program Got(const std::string& name) {
    v1::GetProgramRequest request;
    request.set_name(name);
    const auto program = world_.finance().Call<v1::Program>(std::string(kPrograms) + "GetProgram", request);
    EXPECT_OK(program);
    return program.value_or(v1::Program());
  }
  // "2025M02 10000" each.
  std::vector<std::string> Accrued(const std::string& program) {
    std::vector<std::string> texts;
    for (const v1::Accrual& accrual : world_.Accruals("program = \"programs/" + program + "\"")) {
      texts.push_back(StrCat(accrual.period(), " ", accrual.qualifying_amount().units()));
    }
    return texts;
  }
};

TEST_F(FiscalProgramsTest, MonthsOfWeeksAreClosedByTheirDays) {
  TellCalendar(Weeks445("weeks", 1));
  world_.CreateActive("months", ByFiscalMonth());
  feed_.Tell(AtTheBounds());
  world_.CatchUp();
  EXPECT_THAT(Accrued("months"), ElementsAre("2025M02 10000", "2025M03 25000", "2025M04 40000"));
  EXPECT_THAT(world_.Close("months", "2025M03"), HasReason(Reason::kStateConflict));  // the one before it is open
  EXPECT_THAT(world_.Close("months", "2025-03"), Blames("name"));
  EXPECT_THAT(world_.Close("months", "2025M01"), Blames("name"));  // before its time
  ASSERT_OK(world_.CloseAndIssue("months", "2025M02"));
  ASSERT_OK(world_.CloseAndIssue("months", "2025M03"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  // 1 % of 10,000; 200 and 2 % of 5,000.
  EXPECT_THAT(FiscalTexts(stated[0]),
              ElementsAre("2025M02 [2025-01-26, 2025-02-23) 100", "EARNED 2025M02 [2025-01-26, 2025-02-23) 100"));
  EXPECT_THAT(FiscalTexts(stated[1]),
              ElementsAre("2025M03 [2025-02-23, 2025-03-30) 300", "EARNED 2025M03 [2025-02-23, 2025-03-30) 300"));
  const std::vector<v1::StatementLine> lines = world_.Lines(stated[1].name());
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0].fact(), "partners/p1/shipments/SO2/lines/1");
  EXPECT_EQ(lines[1].fact(), "partners/p1/shipments/SO3/lines/1");
  // A late line of the last day of the third month: 30,000 are 400.
  feed_.Tell({LineOf("p1", "SO5", 1, "2025-03-29", "2025-03-29", 5000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("months", "2025M04"));
  EXPECT_THAT(FiscalTexts(world_.Statements(world_.finance(), "partners/p1").back()),
              ElementsAre("2025M04 [2025-03-30, 2025-04-27) 700", "EARNED 2025M04 [2025-03-30, 2025-04-27) 600",
                          "TRUE_UP 2025M03 [2025-02-23, 2025-03-30) 100"));
  ExpectVerified(world_, "partners/p1");
}

TEST_F(FiscalProgramsTest, QuartersAreStatedWithinAFiscalYear) {
  TellCalendar(Weeks445("weeks", 1));
  world_.CreateActive("nested", ByFiscalYear());
  // By calendar quarters, of which one has the same id and other days.
  world_.CreateActive("plain");
  feed_.Tell(AtTheBounds());
  world_.CatchUp();
  EXPECT_THAT(Accrued("nested"), ElementsAre("2025Q1 35000", "2025Q2 75000"));  // of the year so far
  for (const char* program : {"nested", "plain"}) ASSERT_OK(world_.Close(program, "2025Q1"));
  // One by one, since each is chained to the one before.
  for (const int left : {1, 0}) {
    ASSERT_OK_AND_ASSIGN(const auto issued, world_.Issue("2025Q1"));
    EXPECT_EQ(issued.left(), left);
  }
  ASSERT_OK(world_.CloseAndIssue("nested", "2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(3));
  // 200 and 2 % of 15,000; all 75,000: 200, 800 and 3.5 % of 15,000.
  EXPECT_THAT(FiscalTexts(stated[0]),
              ElementsAre("2025Q1 [2024-12-29, 2025-03-30) 500", "EARNED 2025 [2024-12-29, 2025-03-30) 500"));
  EXPECT_THAT(FiscalTexts(stated[1]),
              ElementsAre("2025Q1 [2025-01-01, 2025-04-01) 1525", "EARNED 2025Q1 [2025-01-01, 2025-04-01) 1525"));
  EXPECT_THAT(FiscalTexts(stated[2]),
              ElementsAre("2025Q2 [2025-03-30, 2025-06-29) 1025", "EARNED 2025 [2024-12-29, 2025-06-29) 1025"));
  ExpectVerified(world_, "partners/p1");
}

// A calendar moves nothing that a program has; what it adds behind that counts, with what is recorded.
TEST_F(FiscalProgramsTest, LaterYearsComeAndTheOthersStay) {
  TellCalendar(Weeks445("weeks", 1));
  world_.CreateActive("months", ByFiscalMonth());
  EXPECT_EQ(wire::FromProto(Got("programs/months").fiscal_periods_end())->ToString(), "2025-12-28");
  feed_.Tell(AtTheBounds());
  feed_.Tell({LineOf("p1", "SO6", 1, "2025-12-28", "2025-12-28", 7000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("months", "2025M02"));
  const std::vector<std::string> first = {"2025M02 10000", "2025M03 25000", "2025M04 40000"};
  EXPECT_EQ(Accrued("months"), first);
  v1::ExplainAbsenceRequest why;
  why.set_name("partners/p1/shipments/SO6/lines/1");
  const std::string explain = std::string(kAccruals) + "ExplainAbsence";
  ASSERT_OK_AND_ASSIGN(const auto absent, world_.finance().Call<v1::ExplainAbsenceResponse>(explain, why));
  ASSERT_EQ(absent.absences_size(), 1);
  EXPECT_EQ(absent.absences(0).reason(), v1::Absence::OUTSIDE_EFFECTIVE_DATES);
  EXPECT_THAT(absent.absences(0).want(), HasSubstr("a day before 2025-12-28"));
  EXPECT_EQ(absent.absences(0).period(), "");

  TellCalendar(WithMonthMoved(Weeks445("weeks", 2)));
  EXPECT_THAT(Accrued("months"), ElementsAre("2025M02 10000", "2025M03 25000", "2025M04 40000", "2026M01 7000"));
  EXPECT_EQ(wire::FromProto(Got("programs/months").fiscal_periods_end())->ToString(), "2026-12-27");
  feed_.Tell({LineOf("p1", "SO7", 1, "2026-01-24", "2026-01-24", 3000),
              LineOf("p1", "SO8", 1, "2025-02-23", "2025-02-23", 1)});
  world_.CatchUp();
  EXPECT_THAT(Accrued("months"), ElementsAre("2025M02 10000", "2025M03 25001", "2025M04 40000", "2026M01 10000"));
  ASSERT_OK(world_.CloseAndIssue("months", "2025M03"));
  ExpectVerified(world_, "partners/p1");
  // One that is activated now has the calendar as it is now: SO2 and SO8 are of its second month.
  world_.CreateActive("moved", ByFiscalMonth());
  EXPECT_THAT(Accrued("moved"), ElementsAre("2025M02 25001", "2025M03 10000", "2025M04 40000", "2026M01 10000"));
}

TEST_F(FiscalProgramsTest, GrowthIsMeasuredAgainstTheFiscalPeriodBefore) {
  TellCalendar(Weeks445("weeks", 1));
  feed_.Tell(AtTheBounds());
  world_.CatchUp();
  v1::Program terms = ByFiscalMonth();
  terms.set_shape(v1::Program::RETROACTIVE);
  terms.set_measure(v1::Program::GROWTH);
  terms.mutable_growth()->set_reference(v1::Program::Growth::PREVIOUS_PERIOD);
  terms.mutable_tiers()->DeleteSubrange(2, 1);
  terms.mutable_tiers(0)->mutable_rate()->set_value("0");
  terms.mutable_tiers(1)->mutable_from_amount()->set_value("1.1");
  *terms.mutable_effective_from() = DateOf("2025-02-23");
  world_.CreateActive("grows", terms);
  for (const char* month : {"2025M03", "2025M04"}) ASSERT_OK(world_.CloseAndIssue("grows", month));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  // 25,000 over 10,000 and 40,000 over 25,000: 2 % of each.
  EXPECT_EQ(Amount(stated[0].total()), "USD 500.000000000");
  EXPECT_EQ(stated[0].entries(0).evaluation().growth().reference_period(), "2025M02");
  EXPECT_EQ(stated[0].entries(0).evaluation().growth().reference_days(), 28);
  EXPECT_EQ(Amount(stated[1].total()), "USD 800.000000000");
  EXPECT_EQ(stated[1].entries(0).evaluation().growth().reference_period(), "2025M03");
  EXPECT_EQ(stated[1].entries(0).evaluation().growth().reference_days(), 35);
  ExpectVerified(world_, "partners/p1");
}

TEST_F(FiscalProgramsTest, ADocumentWithOtherDaysIsFound) {
  TellCalendar(Weeks445("weeks", 1));
  world_.CreateActive("months", ByFiscalMonth());
  feed_.Tell(AtTheBounds());
  world_.CatchUp();
  for (const char* month : {"2025M02", "2025M03"}) ASSERT_OK(world_.CloseAndIssue("months", month));
  const std::string csv = CsvOf(world_, "partners/p1/statements/2");
  EXPECT_THAT(csv, HasSubstr("fiscal,1,fiscalCalendars/weeks,MONTH,\n"));
  EXPECT_THAT(cli::VerifyDocument(csv).differences, IsEmpty());
  for (const auto& [said, other] :
       {std::pair(",2025M03,2025-02-23,2025-03-30,programs", ",2025M03,2025-02-24,2025-03-30,programs"),
        std::pair(",2025M03,2025-02-23,2025-03-30,programs", ",2025M03,2025-02-23,2025-03-29,programs"),
        std::pair(",2025M03,2025-02-23,2025-03-30,programs", ",2025M04,2025-02-23,2025-03-30,programs"),
        std::pair(",2025-03-29,products", ",2025-03-30,products")}) {
    std::string changed = csv;
    ASSERT_THAT(changed, HasSubstr(said));
    changed.replace(changed.find(said), std::string(said).size(), other);
    EXPECT_THAT(cli::VerifyDocument(changed).differences, Not(IsEmpty())) << other;
  }
  const v1::Statement statement = world_.Statements(world_.finance(), "partners/p1")[1];
  const std::vector<v1::StatementLine> lines = world_.Lines(statement.name());
  for (const std::function<void(v1::Statement*)>& change : std::vector<std::function<void(v1::Statement*)>>{
           [](v1::Statement* s) { *s->mutable_entries(0)->mutable_period_start() = DateOf("2025-02-24"); },
           [](v1::Statement* s) { *s->mutable_entries(0)->mutable_counted_until() = DateOf("2025-03-31"); },
           [](v1::Statement* s) { *s->mutable_period_end() = DateOf("2025-04-06"); },
           [](v1::Statement* s) { s->mutable_entries(0)->set_period("2025M02"); },
           [](v1::Statement* s) { s->mutable_entries(0)->mutable_terms()->clear_fiscal_calendar(); }}) {
    v1::Statement changed = statement;
    change(&changed);
    EXPECT_THAT(cli::VerifyStatement(changed, lines), Not(IsEmpty()));
  }
}

TEST_F(FiscalProgramsTest, AreSimulated) {
  TellCalendar(Weeks445("weeks", 1));
  feed_.Tell(AtTheBounds());
  world_.CatchUp();
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = ByFiscalMonth();
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.total()), "USD 1000.000000000");  // 100, 300 and 600
  EXPECT_EQ(simulation.program().fiscal_calendar(), "fiscalCalendars/weeks");
  request.mutable_simulation()->mutable_program()->set_fiscal_calendar("fiscalCalendars/none");
  EXPECT_THAT(
      world_.finance().Call<google::longrunning::Operation>(std::string(kSimulations) + "CreateSimulation", request),
      HasReason(Reason::kReferenceNotFound));
}

TEST_F(FiscalProgramsTest, WhatDoesNotGoWithTheCalendarIsRefusedByField) {
  const auto create = [&](const std::function<void(v1::Program*)>& change) {
    v1::Program terms = ByFiscalMonth();
    change(&terms);
    return world_.Create("x", terms);
  };
  EXPECT_THAT(create([](v1::Program*) {}), HasReason(Reason::kReferenceNotFound));  // not told yet
  TellCalendar(Weeks445("weeks", 1));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_fiscal_calendar("weeks"); }),
              Blames("program.fiscal_calendar"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_period(v1::Program::HALF_YEAR); }), Blames("program.period"));
  EXPECT_THAT(create([](v1::Program* terms) {
                terms->clear_fiscal_calendar();
                terms->set_period(v1::Program::HALF_YEAR);
              }),
              Blames("program.period"));
  EXPECT_THAT(create([](v1::Program* terms) { *terms->mutable_effective_from() = DateOf("2025-02-01"); }),
              Blames("program.effective_from"));
  EXPECT_THAT(create([](v1::Program* terms) { *terms->mutable_effective_to() = DateOf("2026-01-25"); }),
              Blames("program.effective_to"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_payout_period(v1::Program::QUARTER); }),
              Blames("program.payout_period"));
  EXPECT_THAT(create([](v1::Program* terms) {
                terms->set_shape(v1::Program::RETROACTIVE);
                terms->set_measure(v1::Program::GROWTH);
                terms->mutable_growth()->set_reference(v1::Program::Growth::YEAR_BEFORE);
              }),
              Blames("program.growth.reference"));
  // What has accrued lies in its periods.
  world_.CreateActive("months", ByFiscalMonth());
  v1::ReviseProgramRequest revise;
  revise.mutable_program()->set_name("programs/months");
  revise.mutable_update_mask()->add_paths("period");
  revise.mutable_program()->set_period(v1::Program::QUARTER);
  *revise.mutable_starts_on() = DateOf("2025-03-30");
  revise.set_request_id(NewRequestId());
  EXPECT_FALSE(world_.finance().Call<v1::Program>(std::string(kPrograms) + "ReviseProgram", revise).ok());
  // Another rate may come on the first day of one of them.
  *revise.mutable_program() = Got("programs/months");
  revise.mutable_program()->mutable_tiers(0)->mutable_rate()->set_value("0.015");
  revise.mutable_update_mask()->clear_paths();
  revise.mutable_update_mask()->add_paths("tiers");
  *revise.mutable_starts_on() = DateOf("2025-04-01");
  revise.set_request_id(NewRequestId());
  EXPECT_THAT(world_.finance().Call<v1::Program>(std::string(kPrograms) + "ReviseProgram", revise),
              Blames("starts_on"));
  *revise.mutable_starts_on() = DateOf("2025-03-30");
  revise.set_request_id(NewRequestId());
  EXPECT_OK(world_.finance().Call<v1::Program>(std::string(kPrograms) + "ReviseProgram", revise));
}

}  // namespace
}  // namespace tributary::incentive

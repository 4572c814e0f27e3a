// Budgets of programs through the wire: what closes pay within them, what partners are told, and what late lines do
// once money was stated.

#include <algorithm>
#include <random>

#include "cli/verify/given_budgets.h"
#include "common/text/text.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/period_budgets/budget_use_store.h"
#include "incentive-service/testing_statements.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// 1 % of each quarter's orders, with a budget in text format.
v1::Program Budgeted(const std::string& budget) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
            display_name: "Within a budget"
            basis: ORDER
            shape: FLAT
            tiers {
              from_amount { value: "0" }
              rate { value: "0.01" }
            }
            period: QUARTER
            currency: "USD"
            effective_from { year: 2025 month: 1 day: 1 }
      )pb" +
          budget,
      &program));
  return program;
}

ShipmentLine Ordered(const std::string& partner, const std::string& document, const char* day, int64_t units) {
  return LineOf(partner, document, 1, day, day, units);
}

// 50.00 each of three partners.
std::vector<ShipmentLine> Lines() {
  return {Ordered("p1", "SO1", "2025-01-10", 3000), Ordered("p1", "SO2", "2025-02-10", 2000),
          Ordered("p2", "SO3", "2025-01-05", 5000), Ordered("p3", "SO4", "2025-03-01", 5000)};
}

// "EARNED 2025Q1 50.000000000 -> 33.340000000, stated 33.340000000" each.
std::vector<std::string> Texts(const std::vector<v1::Statement>& statements) {
  std::vector<std::string> texts;
  for (const v1::Statement& statement : statements) {
    for (const v1::StatementEntry& entry : statement.entries()) {
      texts.push_back(StrCat(v1::StatementEntry::Kind_Name(entry.kind()), " ", entry.period(), " ",
                             Amount(entry.evaluation().value()), " -> ", Amount(entry.budget().share()), ", stated ",
                             Amount(entry.amount())));
    }
  }
  return texts;
}

class PeriodBudgetTest : public WorldTest {
 protected:
  static v1::Program GetProgram(rpc::Client& client, const std::string& name) {
    v1::GetProgramRequest request;
    request.set_name(name);
    const auto program = client.Call<v1::Program>(StrCat(kPrograms, "GetProgram"), request);
    EXPECT_OK(program);
    return program.ok() ? *program : v1::Program();
  }
  static v1::Accrual GetAccrual(rpc::Client& client, const std::string& name) {
    v1::GetAccrualRequest request;
    request.set_name(name);
    const auto accrual = client.Call<v1::Accrual>(StrCat(kAccruals, "GetAccrual"), request);
    EXPECT_OK(accrual);
    return accrual.ok() ? *accrual : v1::Accrual();
  }
  // "OVERRUN partners/p1/accruals/g.2025Q1: COST USD 40.000000000, ..." each.
  static std::vector<std::string> Overruns(rpc::Client& client, const std::string& partner) {
    v1::ListLedgerEntriesRequest request;
    request.set_parent(partner);
    request.set_account(v1::LedgerEntry::BUDGET_OVERRUN);
    const auto page = client.Call<v1::ListLedgerEntriesResponse>(
        "tributary.incentive.v1.LedgerService/"
        "ListLedgerEntries",
        request);
    EXPECT_OK(page);
    std::vector<std::string> texts;
    if (!page.ok()) return texts;
    for (const v1::LedgerEntry& entry : page->ledger_entries()) {
      std::string legs;
      for (const v1::LedgerEntry::Leg& leg : entry.legs()) {
        StrAppend(&legs, legs.empty() ? "" : ", ", v1::LedgerEntry::Account_Name(leg.account()), " ",
                  Amount(leg.amount()));
      }
      texts.push_back(StrCat(v1::LedgerEntry::Kind_Name(entry.kind()), " ", entry.item(), ": ", legs));
    }
    return texts;
  }
  // Whether the books agree, and what the metric of overruns shows, in cents.
  static int64_t ShownOverrun(World& world) {
    int64_t overrun = 0;
    EXPECT_OK(world.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const int64_t mismatches, LedgerStore().Mismatches(sql));
      EXPECT_EQ(mismatches, 0);
      ASSIGN_OR_RETURN(const std::vector<BudgetTotal> totals, BudgetUseStore().Totals(sql));
      EXPECT_EQ(totals.size(), 1u);
      overrun = totals.at(0).overrun;
      return absl::OkStatus();
    }));
    return overrun;
  }
  // Each partner's statements by themselves, and what the closes gave out over all of them.
  static void Verify(World& world, const std::vector<std::string>& partners) {
    cli::GivenBudgets given;
    for (const std::string& partner : partners) {
      ExpectVerified(world, partner);
      for (const v1::Statement& statement : world.Statements(world.finance(), partner)) {
        for (const v1::StatementEntry& entry : statement.entries()) given.Add(entry);
      }
    }
    for (const std::string& program : given.programs()) {
      EXPECT_THAT(given.Verify(GetProgram(world.finance(), program)), IsEmpty());
    }
  }
};

// 150.00 against 100.00: 33.34, 33.33 and 33.33.
TEST_F(PeriodBudgetTest, ProRataInOrderReversedShuffledAndDoubled) {
  enum Order { kInOrder, kReversed, kShuffled, kDoubled };
  for (const Order order : {kInOrder, kReversed, kShuffled, kDoubled}) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    world.CreateActive("g", Budgeted("budget { amount { value: \"100\" } }"));
    std::vector<ShipmentLine> lines = Lines();
    std::mt19937 random(order);
    if (order == kReversed) std::reverse(lines.begin(), lines.end());
    if (order == kShuffled) std::shuffle(lines.begin(), lines.end(), random);
    for (const ShipmentLine& line : lines) {
      for (int i = 0; i < (order == kDoubled ? 2 : 1); ++i) feed.Tell({line});
    }
    world.CatchUp();
    ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world.CloseAndIssue("g", "2025Q1"));
    EXPECT_EQ(Amount(close.total()), "USD 100.000000000");
    EXPECT_EQ(close.statements(), 3);
    EXPECT_THAT(Texts(world.Statements(world.finance(), "partners/p1")),
                ElementsAre("EARNED 2025Q1 USD 50.000000000 -> USD 33.340000000, stated USD 33.340000000"));
    for (const char* partner : {"partners/p2", "partners/p3"}) {
      EXPECT_THAT(Texts(world.Statements(world.finance(), partner)),
                  ElementsAre("EARNED 2025Q1 USD 50.000000000 -> USD 33.330000000, stated USD 33.330000000"));
    }
    Verify(world, {"partners/p1", "partners/p2", "partners/p3"});
    EXPECT_EQ(ShownOverrun(world), 0);
  }
}

TEST_F(PeriodBudgetTest, PartnersAreToldAFactorAndTheVendorAll) {
  world_.CreateActive("g", Budgeted("budget { amount { value: \"100\" } policy: PRO_RATA }"));
  feed_.Tell(Lines());
  world_.CatchUp();
  const std::unique_ptr<rpc::Client> p1 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  // Open: the value is before the budget, which may lower it.
  const std::string name = "partners/p1/accruals/g.2025Q1";
  v1::Accrual accrual = GetAccrual(world_.finance(), name);
  EXPECT_EQ(Amount(accrual.evaluation().value()), "USD 50.000000000");
  EXPECT_EQ(Amount(accrual.unstated_amount()), "USD 50.000000000");
  EXPECT_EQ(accrual.budget().policy(), v1::Program::PeriodBudget::PRO_RATA);
  EXPECT_EQ(accrual.budget().factor().value(), "0.666666667");
  EXPECT_TRUE(accrual.budget().estimated());
  EXPECT_EQ(GetAccrual(*p1, name).budget().factor().value(), "0.66");
  for (const v1::Accrual& one : world_.Accruals()) {
    EXPECT_EQ(one.budget().policy(), v1::Program::PeriodBudget::PRO_RATA);
    EXPECT_FALSE(one.budget().has_factor());
  }
  EXPECT_THAT(GetProgram(world_.finance(), "programs/g").budget().uses(), IsEmpty());

  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  for (rpc::Client* client : {&world_.finance(), p1.get()}) {
    accrual = GetAccrual(*client, name);
    EXPECT_EQ(accrual.budget().factor().value(), "0.666666667");
    EXPECT_FALSE(accrual.budget().estimated());
    EXPECT_EQ(Amount(accrual.stated_amount()), "USD 33.340000000");
    EXPECT_FALSE(accrual.has_unstated_amount());
  }
  const v1::Program::PeriodBudget budget = GetProgram(world_.finance(), "programs/g").budget();
  ASSERT_EQ(budget.uses_size(), 1);
  EXPECT_EQ(budget.amount().value(), "100");
  EXPECT_EQ(budget.uses(0).period(), "2025Q1");
  EXPECT_EQ(Amount(budget.uses(0).asked()), "USD 150.000000000");
  EXPECT_EQ(Amount(budget.uses(0).used()), "USD 100.000000000");
  EXPECT_EQ(Amount(budget.uses(0).left()), "USD 0.000000000");
  EXPECT_EQ(budget.uses(0).factor().value(), "0.666666667");
  const v1::Program::PeriodBudget shown = GetProgram(*p1, "programs/g").budget();
  EXPECT_EQ(shown.policy(), v1::Program::PeriodBudget::PRO_RATA);
  EXPECT_FALSE(shown.has_amount());
  EXPECT_THAT(shown.uses(), IsEmpty());

  const std::vector<v1::Statement> own = world_.Statements(*p1);
  ASSERT_THAT(own, SizeIs(1));
  const v1::StatementEntry& entry = own[0].entries(0);
  EXPECT_EQ(entry.budget().factor().value(), "0.666666667");
  EXPECT_EQ(Amount(entry.budget().value()), "USD 33.340000000");
  EXPECT_FALSE(entry.terms().budget().has_amount());
  // 3,334 over 3 : 2.
  const std::vector<v1::StatementLine> lines = world_.Lines(own[0].name());
  EXPECT_EQ(Amount(lines.at(0).share()), "USD 20.000000000");
  EXPECT_EQ(Amount(lines.at(1).share()), "USD 13.340000000");
  EXPECT_THAT(CsvOf(world_, own[0].name()), ::testing::HasSubstr("budget,1,PRO_RATA,50.00,0.666666667,,33.34\n"));

  // The same terms tried on the same lines.
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = Budgeted("budget { amount { value: \"100\" } }");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 StrCat(kSimulations, "CreateSimulation"), request));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.total()), "USD 100.000000000");
  EXPECT_EQ(Amount(simulation.budget_at_risk()), "USD 100.000000000");
}

// p2's 20.00 of January 5, then of January 10 p1's 30.00 and 10.00 of p3's 40.00; nothing is left for February.
TEST_F(PeriodBudgetTest, ByEventInTheOrderOfDaysAndFacts) {
  world_.CreateActive("g", Budgeted("budget { amount { value: \"60\" } policy: BY_EVENT }"));
  feed_.Tell({Ordered("p2", "SO4", "2025-02-01", 1000), Ordered("p3", "SO3", "2025-01-10", 4000),
              Ordered("p1", "SO2", "2025-01-10", 3000), Ordered("p2", "SO1", "2025-01-05", 2000)});
  world_.CatchUp();
  EXPECT_FALSE(GetAccrual(world_.finance(), "partners/p1/accruals/g.2025Q1").budget().has_factor());
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  EXPECT_THAT(Texts(world_.Statements(world_.finance())),
              ElementsAre("EARNED 2025Q1 USD 30.000000000 -> USD 30.000000000, stated USD 30.000000000",
                          "EARNED 2025Q1 USD 30.000000000 -> USD 20.000000000, stated USD 20.000000000",
                          "EARNED 2025Q1 USD 40.000000000 -> USD 10.000000000, stated USD 10.000000000"));
  EXPECT_THAT(CsvOf(world_, "partners/p3/statements/1"),
              ::testing::HasSubstr("budget,1,BY_EVENT,40.00,,2025-01-10,10.00\n"));
  Verify(world_, {"partners/p1", "partners/p2", "partners/p3"});
  // Of a budget that is used up a document that claims more is found out.
  std::string csv = CsvOf(world_, "partners/p2/statements/1");
  csv.replace(csv.find("2025-01-10,20.00"), 16, "2025-01-10,20.01");
  EXPECT_THAT(cli::VerifyDocument(csv).differences, ::testing::Not(IsEmpty()));
}

// 60.00 of 60.00 are stated to p1. p2's line of January 5 comes late and stands before it: 40.00 and 20.00 by the order
// of events, but what was stated stays, and 40.00 are beyond the budget.
TEST_F(PeriodBudgetTest, WhatWasIssuedStaysAndTheRestIsOverrun) {
  world_.CreateActive("g", Budgeted("budget { amount { value: \"60\" } policy: BY_EVENT }"));
  const ShipmentLine first = Ordered("p1", "SO1", "2025-01-10", 6000);
  feed_.Tell({first});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  EXPECT_EQ(ShownOverrun(world_), 0);
  feed_.Tell({Ordered("p2", "SO2", "2025-01-05", 4000)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose second, world_.CloseAndIssue("g", "2025Q2"));
  EXPECT_EQ(second.true_ups(), 1);
  EXPECT_EQ(Amount(second.total()), "USD 40.000000000");
  EXPECT_THAT(world_.Statements(world_.finance(), "partners/p1"), SizeIs(1));
  EXPECT_THAT(Texts(world_.Statements(world_.finance(), "partners/p2")),
              ElementsAre("TRUE_UP 2025Q1 USD 40.000000000 -> USD 40.000000000, stated USD 40.000000000"));
  EXPECT_THAT(Overruns(world_.finance(), "partners/p1"),
              ElementsAre("OVERRUN partners/p1/accruals/g.2025Q1: COST USD 40.000000000, BUDGET_OVERRUN USD "
                          "-40.000000000"));
  EXPECT_THAT(Overruns(world_.finance(), "partners/p2"), IsEmpty());
  EXPECT_EQ(ShownOverrun(world_), 4000);
  const auto use = GetProgram(world_.finance(), "programs/g").budget().uses(0);
  EXPECT_EQ(Amount(use.asked()), "USD 100.000000000");
  EXPECT_EQ(Amount(use.used()), "USD 100.000000000");
  EXPECT_EQ(Amount(use.overrun()), "USD 40.000000000");
  EXPECT_EQ(use.used_up_on().day(), 10);

  // p1 takes all of it back: a value that has itself become smaller is taken back, and the budget suffices.
  feed_.Tell({ReversalOf(first)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q3"));
  EXPECT_THAT(Texts(world_.Statements(world_.finance(), "partners/p1")),
              ElementsAre("EARNED 2025Q1 USD 60.000000000 -> USD 60.000000000, stated USD 60.000000000",
                          "TRUE_UP 2025Q1 USD 0.000000000 -> USD 0.000000000, stated USD -60.000000000"));
  EXPECT_THAT(Overruns(world_.finance(), "partners/p1"), SizeIs(2));
  EXPECT_EQ(ShownOverrun(world_), 0);
  Verify(world_, {"partners/p1", "partners/p2"});
}

// What the one gives back is there for the other, of whom no line has come; also once the program has ended.
TEST_F(PeriodBudgetTest, WhatIsGivenBackGoesToTheOthers) {
  v1::Program terms = Budgeted("budget { amount { value: \"60\" } }");
  *terms.mutable_effective_to() = DateOf("2025-04-01");
  world_.CreateActive("g", terms);
  const ShipmentLine first = Ordered("p1", "SO1", "2025-01-10", 6000);
  feed_.Tell({first, Ordered("p2", "SO2", "2025-01-11", 6000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  v1::EndProgramRequest end;
  end.set_name("programs/g");
  ASSERT_OK(world_.finance().Call<v1::Program>(StrCat(kPrograms, "EndProgram"), end));
  feed_.Tell({ReversalOf(first)});
  world_.CatchUp();
  v1::StateTrueUpsRequest request;
  request.set_name("programs/g");
  ASSERT_OK_AND_ASSIGN(const auto late,
                       world_.finance().Call<v1::StateTrueUpsResponse>(StrCat(kCloses, "StateTrueUps"), request));
  EXPECT_EQ(late.true_ups(), 2);
  EXPECT_EQ(Amount(late.total()), "USD 0.000000000");
  const std::vector<v1::Statement> p2 = world_.Statements(world_.finance(), "partners/p2");
  EXPECT_THAT(Texts(p2), ElementsAre("EARNED 2025Q1 USD 60.000000000 -> USD 30.000000000, stated USD 30.000000000",
                                     "TRUE_UP 2025Q1 USD 60.000000000 -> USD 60.000000000, stated USD 30.000000000"));
  ASSERT_OK(world_.Issue(p2.at(1).period()));
  EXPECT_EQ(ShownOverrun(world_), 0);
  Verify(world_, {"partners/p1", "partners/p2"});
}

TEST_F(PeriodBudgetTest, TermsThatContradictABudgetAreRefusedByField) {
  v1::Program terms = Budgeted("budget { amount { value: \"0.005\" } }");
  EXPECT_THAT(world_.Create("x", terms), Blames("program.budget.amount"));
  terms.mutable_budget()->clear_amount();
  EXPECT_THAT(world_.Create("x", terms), Blames("program.budget.amount"));
  EXPECT_THAT(world_.Create("x", Budgeted("budget { amount { value: \"1\" } } payout_period: MONTH")),
              Blames("program.budget"));
  EXPECT_THAT(world_.Create("x", Budgeted("budget { amount { value: \"1\" } } guarantee { amount { value: \"1\" } } "
                                          "eligibility { partners: \"partners/p1\" }")),
              Blames("program.budget"));
  // It stays as it is once the program accrues.
  world_.CreateActive("g", Budgeted("budget { amount { value: \"60\" } }"));
  v1::ReviseProgramRequest revise;
  revise.mutable_program()->set_name("programs/g");
  revise.mutable_program()->mutable_budget()->mutable_amount()->set_value("70");
  revise.mutable_update_mask()->add_paths("budget");
  *revise.mutable_starts_on() = DateOf("2025-04-01");
  EXPECT_THAT(world_.finance().Call<v1::Program>(StrCat(kPrograms, "ReviseProgram"), revise),
              HasReason(Reason::kInUse));
}

}  // namespace
}  // namespace tributary::incentive

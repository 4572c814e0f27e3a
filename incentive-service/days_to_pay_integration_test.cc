// Programs that pay for paying early, through the wire: each part of a payment by its own days, as inventory tells what
// payments settle.

#include <algorithm>
#include <random>

#include "cli/verify/document.h"
#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/inventory/v1/payment.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::Payment;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// 3 % within 30 days, 2 % within 60, 1 % within 90.
v1::Program EarlyPayment() {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Early payment"
                                                              basis: PAID
                                                              shape: MARGINAL
                                                              measure: DAYS_TO_PAY
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                rate { value: "0.03" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "31" }
                                                                rate { value: "0.02" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "61" }
                                                                rate { value: "0.01" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "91" }
                                                                rate { value: "0" }
                                                              }
                                                              period: QUARTER
                                                              currency: "CNY"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  return program;
}

// Of an invoice of the date; `days` after it.
void Settle(const std::string& invoice, std::string_view date, int days, int64_t amount, Payment* payment) {
  inventory::v1::Allocation* part = payment->add_allocations();
  part->set_invoice("partners/p1/invoices/" + invoice);
  part->mutable_amount()->set_currency_code("CNY");
  part->mutable_amount()->set_units(amount);
  *part->mutable_invoice_date() = DateOf(date);
  *part->mutable_allocation_date() = wire::ToProto(Date::Parse(date)->AddDays(days));
  part->set_days_to_pay(days);
}
Payment Paid(const std::string& number) {
  Payment payment;
  payment.set_name("partners/p1/payments/" + number);
  return payment;
}

// S2 of the scenarios, a year before.
std::vector<Payment> Scenario() {
  std::vector<Payment> payments = {Paid("P1"), Paid("P2"), Paid("P3")};
  Settle("INV0", "2025-02-20", 61, 30000, &payments[0]);
  Settle("INV1", "2025-04-02", 30, 40000, &payments[1]);
  Settle("INV1", "2025-04-02", 31, 24800, &payments[2]);
  Settle("INV2", "2025-04-23", 10, 7200, &payments[2]);
  return payments;
}

class DaysToPayProgramsTest : public WorldTest {
 protected:
  // "EARNED 2025Q2 CNY 2212.000000000" each.
  static std::vector<std::string> Entries(const v1::Statement& statement) {
    std::vector<std::string> texts;
    for (const v1::StatementEntry& entry : statement.entries()) {
      texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                      Amount(entry.amount()));
    }
    return texts;
  }
};

TEST_F(DaysToPayProgramsTest, ScenarioS2InOrderReversedShuffledAndTwice) {
  for (const std::string order : {"in order", "reversed", "shuffled", "twice"}) {
    SCOPED_TRACE(order);
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    world.CreateActive("early", EarlyPayment());
    std::vector<Payment> payments = Scenario();
    if (order == "reversed") std::reverse(payments.begin(), payments.end());
    if (order == "shuffled") std::shuffle(payments.begin(), payments.end(), std::mt19937(7));
    for (const Payment& payment : payments) {
      for (int i = 0; i < (order == "twice" ? 2 : 1); ++i) feed.TellFact(payment);
    }
    world.CatchUp();
    ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world.GetAccrual("partners/p1/accruals/early.2025Q2"));
    EXPECT_EQ(Amount(accrual.evaluation().value()), "CNY 2212.000000000");
    ASSERT_THAT(accrual.evaluation().parts(), SizeIs(3));
    EXPECT_EQ(accrual.evaluation().parts(0).amount().value(), "47200");
    ASSERT_OK(world.Close("early", "2025Q1").status());
    ASSERT_OK(world.CloseAndIssue("early", "2025Q2"));
    // The payment of 40,000 bounces after the close: what it earned is taken back, whenever it was.
    Payment bounce = Paid("B2");
    bounce.set_reverses("partners/p1/payments/P2");
    Settle("INV1", "2025-04-02", 30, -40000, &bounce);
    feed.TellFact(bounce);
    world.CatchUp();
    ASSERT_OK(world.CloseAndIssue("early", "2025Q3"));
    const std::vector<v1::Statement> stated = world.Statements(world.finance(), "partners/p1");
    ASSERT_THAT(stated, SizeIs(2));
    EXPECT_THAT(Entries(stated[0]), ElementsAre("EARNED 2025Q2 CNY 2212.000000000"));
    EXPECT_THAT(Entries(stated[1]), ElementsAre("TRUE_UP 2025Q2 CNY -1200.000000000"));
    std::vector<std::string> shares;
    for (const v1::StatementLine& line : world.Lines(stated[0].name())) {
      shares.push_back(std::to_string(line.counted_as()) + "d " + Amount(line.share()));
    }
    EXPECT_THAT(shares, ElementsAre("61d CNY 300.000000000", "30d CNY 1200.000000000", "31d CNY 496.000000000",
                                    "10d CNY 216.000000000"));
    ExpectVerified(world, "partners/p1");
  }
}

// SEMANTICS R10: 10,000 of 03-01, 6,000 on 03-31 and 4,000 on 04-01.
TEST_F(DaysToPayProgramsTest, PartsOfOneInvoiceAndWhatIsSettledAnew) {
  world_.CreateActive("early", EarlyPayment());
  v1::Program graced = EarlyPayment();
  graced.set_grace_days(0);
  world_.CreateActive("graced", graced);
  Payment first = Paid("P1"), second = Paid("P2");
  Settle("INV1", "2025-03-01", 30, 6000, &first);
  Settle("INV1", "2025-03-01", 31, 4000, &second);
  feed_.TellFact(first);
  feed_.TellFact(second);
  world_.CatchUp();
  const auto value = [&](const std::string& accrual_id) {
    const auto accrual = world_.GetAccrual("partners/p1/accruals/" + accrual_id);
    return accrual.ok() ? Amount(accrual->evaluation().value()) : accrual.status().ToString();
  };
  const auto why_absent = [&](const std::string& part, const std::string& program) {
    v1::ExplainAbsenceRequest request;
    request.set_name("partners/p1/payments/" + part);
    request.set_program("programs/" + program);
    const auto why =
        world_.finance().Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", request);
    if (!why.ok()) return why.status().ToString();
    return v1::Absence::Reason_Name(why->absences(0).reason());
  };
  EXPECT_EQ(value("early.2025Q1"), "CNY 180.000000000");
  EXPECT_EQ(value("early.2025Q2"), "CNY 80.000000000");
  ASSERT_OK(world_.Close("graced", "2025Q1"));
  // An older invoice of 2,000 is recorded late: the first payment settles it, and less of the other. Where that is too
  // late to count, what was paid of the other still does.
  Payment anew = Paid("P1");
  Settle("INV0", "2025-02-01", 58, 2000, &anew);
  Settle("INV1", "2025-03-01", 30, 4000, &anew);
  feed_.TellFact(anew);
  world_.CatchUp();
  EXPECT_EQ(value("early.2025Q1"), "CNY 160.000000000");
  EXPECT_EQ(value("graced.2025Q1"), "CNY 120.000000000");
  EXPECT_EQ(why_absent("P1/allocations/1", "graced"), "REASON_UNSPECIFIED");
  EXPECT_EQ(why_absent("P1/allocations/2", "graced"), "REASON_UNSPECIFIED");
  EXPECT_EQ(why_absent("P1/allocations/3", "graced"), "LATE_BEYOND_GRACE");
  // It goes again.
  feed_.TellFact(first);
  world_.CatchUp();
  EXPECT_EQ(why_absent("P1/allocations/3", "early"), "REVERSED");
  EXPECT_EQ(value("early.2025Q1"), "CNY 180.000000000");
  // It bounces: of what came back too late to count nothing is taken.
  Payment bounce = Paid("B1");
  bounce.set_reverses("partners/p1/payments/P1");
  Settle("INV1", "2025-03-01", 30, -6000, &bounce);
  feed_.TellFact(bounce);
  world_.CatchUp();
  EXPECT_EQ(value("early.2025Q1"), "CNY 0.000000000");
  EXPECT_EQ(value("graced.2025Q1"), "CNY 0.000000000");
  EXPECT_EQ(why_absent("B1/allocations/1", "graced"), "RETURNS_UNCOUNTED_LINE");
  EXPECT_EQ(why_absent("B1/allocations/2", "graced"), "REASON_UNSPECIFIED");
  EXPECT_EQ(world_.Parked(), 0);
}

TEST_F(DaysToPayProgramsTest, ADocumentWithOtherDaysIsFound) {
  world_.CreateActive("early", EarlyPayment());
  for (const Payment& payment : Scenario()) feed_.TellFact(payment);
  world_.CatchUp();
  ASSERT_OK(world_.Close("early", "2025Q1").status());
  ASSERT_OK(world_.CloseAndIssue("early", "2025Q2"));
  const std::string csv = CsvOf(world_, "partners/p1/statements/1");
  for (const auto& [stated, other] :
       {std::pair("counted,1,1,61\n", "counted,1,1,60\n"), std::pair("counted,1,3,31\n", "counted,1,3,30\n")}) {
    std::string changed = csv;
    ASSERT_THAT(changed, HasSubstr(stated));
    changed.replace(changed.find(stated), std::string(stated).size(), other);
    EXPECT_THAT(cli::VerifyDocument(changed).differences, Not(IsEmpty())) << stated;
  }
  const v1::Statement statement = world_.Statements(world_.finance(), "partners/p1")[0];
  std::vector<v1::StatementLine> lines = world_.Lines(statement.name());
  lines[0].set_counted_as(60);
  EXPECT_THAT(cli::VerifyStatement(statement, lines), Not(IsEmpty()));
}

TEST_F(DaysToPayProgramsTest, AreSimulatedAndCheckedByField) {
  for (const Payment& payment : Scenario()) feed_.TellFact(payment);
  world_.CatchUp();
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = EarlyPayment();
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  EXPECT_EQ(Amount(AnswerOf<v1::Simulation>(operation).total()), "CNY 2212.000000000");
  const auto create = [&](const std::function<void(v1::Program*)>& change) {
    v1::Program terms = EarlyPayment();
    change(&terms);
    return world_.Create("x", terms);
  };
  EXPECT_THAT(create([](v1::Program* terms) { terms->clear_measure(); }), Blames("program.measure"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_basis(v1::Program::INVOICED); }), Blames("program.measure"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_shape(v1::Program::RETROACTIVE); }), Blames("program.shape"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_lines()->add_products("products/x"); }),
              Blames("program.lines"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_rate_type("spot"); }), Blames("program.rate_type"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_floor()->set_value("5"); }), Blames("program.floor"));
}

}  // namespace
}  // namespace tributary::incentive

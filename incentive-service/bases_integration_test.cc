// Programs on invoices and on sell-through, through the wire: what counts, in whatever order it was told, and why the
// rest does not.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>

#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_world.h"
#include "tributary/inventory/v1/credit_note.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::CreditNoteLine;
using inventory::v1::InvoiceLine;
using inventory::v1::SellThroughSale;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::Program Parsed(const std::string& text) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                                  display_name: "On another basis"
                                                                  period: QUARTER
                                                                  currency: "USD"
                                                                  effective_from { year: 2025 month: 1 day: 1 }
                                                                )pb" +
                                                                text,
                                                            &program));
  return program;
}
v1::Program Invoiced() {
  return Parsed(R"pb(
    basis: INVOICED
    shape: RETROACTIVE
    tiers {
      from_amount { value: "0" }
      rate { value: "0.02" }
    }
    tiers {
      from_amount { value: "50000" }
      rate { value: "0.03" }
    }
  )pb");
}
v1::Program PerUnitSold() {
  return Parsed(R"pb(
    basis: SELL_THROUGH
    shape: PER_UNIT
    measure: QUANTITY
    tiers {
      from_amount { value: "0" }
      amount { value: "10" }
    }
  )pb");
}
v1::Program RateOfSold() {
  return Parsed(R"pb(
    basis: SELL_THROUGH
    shape: FLAT
    tiers {
      from_amount { value: "0" }
      rate { value: "0.05" }
    }
  )pb");
}

template <typename Line>
void FillLine(const std::string& collection, const std::string& document, int line, int64_t net, Line* message) {
  message->set_partner("partners/p1");
  message->set_name("partners/p1/" + collection + "/" + document + "/lines/" + std::to_string(line));
  message->set_document(document);
  message->set_line(line);
  message->set_product("products/351");
  message->mutable_quantity()->set_value("1");
  message->mutable_net_amount()->set_currency_code("USD");
  message->mutable_net_amount()->set_units(net);
}
InvoiceLine Billed(const std::string& document, int line, std::string_view date, int64_t net) {
  InvoiceLine message;
  FillLine("invoices", document, line, net, &message);
  *message.mutable_invoice_date() = *message.mutable_due_date() = DateOf(date);
  return message;
}
CreditNoteLine Credited(const std::string& document, std::string_view date, int64_t net, const std::string& invoice) {
  CreditNoteLine message;
  FillLine("creditNotes", document, 1, net, &message);
  *message.mutable_credit_date() = DateOf(date);
  if (!invoice.empty()) message.set_original_invoice("partners/p1/invoices/" + invoice);
  return message;
}
SellThroughSale Sold(const std::string& document, std::string_view date, const char* quantity,
                     std::optional<int64_t> net, const std::string& original = "") {
  SellThroughSale message;
  message.set_name("partners/p1/sales/" + document + ".1");
  message.set_document(document);
  message.set_line(1);
  *message.mutable_sale_date() = DateOf(date);
  message.set_product("products/351");
  message.mutable_quantity()->set_value(quantity);
  message.set_activity(*quantity == '-' ? SellThroughSale::RETURN : SellThroughSale::SALE);
  if (!original.empty()) message.set_original_sale("partners/p1/sales/" + original + ".1");
  if (net.has_value()) {
    message.mutable_net_amount()->set_currency_code("USD");
    message.mutable_net_amount()->set_units(*net);
  }
  return message;
}
SellThroughSale Adjusted(SellThroughSale sale) {
  sale.set_activity(SellThroughSale::ADJUSTMENT);
  return sale;
}

// A fact of any kind, told when its turn comes.
struct ToldFact {
  std::string name;
  cli::Fact fact;
  std::function<void(ShipmentFeed&)> tell;
};
template <typename Message>
ToldFact Of(const Message& message) {
  return {message.name(), message, [message](ShipmentFeed& feed) { feed.TellFact(message); }};
}

std::vector<ToldFact> AllFacts() {
  const InvoiceLine wrong = Billed("I3", 1, "2025-03-01", 5000);
  InvoiceLine taken_back = wrong;
  taken_back.set_name(wrong.name() + ".r1");
  taken_back.set_reverses(wrong.name());
  taken_back.mutable_quantity()->set_value("-1");
  taken_back.mutable_net_amount()->set_units(-5000);
  return {Of(Billed("I1", 1, "2025-02-10", 40000)),
          Of(Billed("I1", 2, "2025-02-10", 20000)),
          Of(Billed("I2", 1, "2025-04-10", 10000)),
          Of(wrong),
          Of(taken_back),
          Of(Credited("C1", "2025-05-05", 15000, "I1")),
          Of(Credited("C2", "2025-05-06", 1000, "")),
          Of(LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 77777)),
          Of(Sold("S1", "2025-01-10", "60", 600)),
          Of(Sold("S2", "2025-02-01", "5", std::nullopt)),
          Of(Sold("S3", "2025-04-02", "-6", -60, "S1")),
          Of(Adjusted(Sold("S4", "2025-02-02", "-3", std::nullopt)))};
}

class BasesTest : public WorldTest {
 protected:
  v1::Absence Why(const std::string& fact, const std::string& program) {
    v1::ExplainAbsenceRequest request;
    request.set_name("partners/p1/" + fact);
    request.set_program("programs/" + program);
    const auto reply =
        world_.finance().Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", request);
    EXPECT_OK(reply);
    return reply.ok() ? reply->absences(0) : v1::Absence();
  }
};

TEST_F(BasesTest, InOrderReversedShuffledAndDoubled) {
  enum Order { kInOrder, kReversed, kShuffled, kDoubled };
  std::string first;
  for (const Order order : {kInOrder, kReversed, kShuffled, kDoubled}) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    // One is activated before anything was told, the others count what is recorded already.
    world.CreateActive("invoiced", Invoiced());
    std::vector<ToldFact> facts = AllFacts();
    std::mt19937 random(order);
    if (order == kReversed) std::reverse(facts.begin(), facts.end());
    if (order == kShuffled) std::shuffle(facts.begin(), facts.end(), random);
    std::map<std::string, cli::Fact> by_name;
    for (const ToldFact& fact : facts) {
      for (int i = 0; i < (order == kDoubled ? 2 : 1); ++i) fact.tell(feed);
      by_name.emplace(fact.name, fact.fact);
    }
    world.CatchUp();
    world.CreateActive("per-unit", PerUnitSold());
    world.CreateActive("rate", RateOfSold());
    EXPECT_EQ(world.Parked(), 0);

    // 60,000 less the credit of 15,000 reaches the first tier alone; what credits nothing in particular is of its
    // quarter.
    const std::map<std::string, std::string> values = {{"invoiced.2025Q1", "USD 900.000000000"},
                                                       {"invoiced.2025Q2", "USD 180.000000000"},
                                                       {"per-unit.2025Q1", "USD 590.000000000"},
                                                       {"rate.2025Q1", "USD 27.000000000"}};
    for (const auto& [accrual, value] : values) {
      ASSERT_OK_AND_ASSIGN(const v1::Accrual got, world.GetAccrual("partners/p1/accruals/" + accrual));
      EXPECT_EQ(Amount(got.evaluation().value()), value) << accrual;
    }
    EXPECT_THAT(world.Accruals(), SizeIs(4));
    if (order == kInOrder) first = world.AccrualTexts();
    EXPECT_EQ(world.AccrualTexts(), first);

    for (const char* program : {"invoiced", "per-unit", "rate"}) ASSERT_OK(world.Close(program, "2025Q1"));
    ASSERT_OK(world.Issue("2025Q1"));
    const std::vector<v1::Statement> statements = world.Statements(world.finance());
    ASSERT_THAT(statements, SizeIs(1));
    EXPECT_EQ(Amount(statements[0].total()), "USD 1517.000000000");
    by_name.emplace("partners/p1/invoices/I1", cli::Fact(Billed("I1", 1, "2025-02-10", 0)));
    const cli::FactLookup lookup = [&](const std::string& name) -> std::optional<cli::Fact> {
      const auto found = by_name.find(name);
      return found == by_name.end() ? std::nullopt : std::optional(found->second);
    };
    const std::vector<v1::StatementLine> lines = world.Lines(statements[0].name());
    EXPECT_THAT(cli::VerifyStatement(statements[0], lines, lookup), IsEmpty());
    // A credit note of another amount is noticed.
    by_name.at("partners/p1/creditNotes/C1/lines/1").amount = 0;
    EXPECT_THAT(cli::VerifyStatement(statements[0], lines, lookup),
                Contains(HasSubstr("partners/p1/creditNotes/C1/lines/1: amount")));
  }
}

// The quarter is closed when its invoice is credited: the difference is a true-up.
TEST_F(BasesTest, ALateCreditNoteTruesItsInvoicesPeriodUp) {
  world_.CreateActive("invoiced", Invoiced());
  feed_.TellFact(Billed("I1", 1, "2025-02-10", 40000));
  feed_.TellFact(Billed("I1", 2, "2025-02-10", 20000));
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose first, world_.CloseAndIssue("invoiced", "2025Q1"));
  EXPECT_EQ(Amount(first.total()), "USD 1800.000000000");
  feed_.TellFact(Credited("C1", "2025-05-05", 15000, "I1"));
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world_.GetAccrual("partners/p1/accruals/invoiced.2025Q1"));
  ASSERT_EQ(accrual.true_ups_size(), 1);
  EXPECT_EQ(accrual.true_ups(0).fact(), "partners/p1/creditNotes/C1/lines/1");
  EXPECT_EQ(Amount(accrual.true_ups(0).amount()), "USD -900.000000000");
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose second, world_.CloseAndIssue("invoiced", "2025Q2"));
  EXPECT_EQ(second.true_ups(), 1);
  EXPECT_EQ(Amount(second.total()), "USD -900.000000000");
  for (const v1::Statement& statement : world_.Statements(world_.finance())) {
    EXPECT_THAT(cli::VerifyStatement(statement, world_.Lines(statement.name())), IsEmpty()) << statement.name();
  }
}

TEST_F(BasesTest, EachFactSaysWhyItDoesNotCount) {
  world_.CreateActive("invoiced", Invoiced());
  world_.CreateActive("per-unit", PerUnitSold());
  world_.CreateActive("rate", RateOfSold());
  for (const ToldFact& fact : AllFacts()) fact.tell(feed_);
  world_.CatchUp();
  const struct {
    const char* fact;
    const char* program;
    v1::Absence::Reason reason;
    const char* period;
  } kCases[] = {
      {"invoices/I1/lines/1", "invoiced", v1::Absence::REASON_UNSPECIFIED, "2025Q1"},
      {"creditNotes/C1/lines/1", "invoiced", v1::Absence::REASON_UNSPECIFIED, "2025Q1"},
      {"creditNotes/C2/lines/1", "invoiced", v1::Absence::REASON_UNSPECIFIED, "2025Q2"},
      {"invoices/I3/lines/1", "invoiced", v1::Absence::REVERSED, "2025Q1"},
      {"invoices/I3/lines/1.r1", "invoiced", v1::Absence::IS_REVERSAL, "2025Q1"},
      {"shipments/SO1/lines/1", "invoiced", v1::Absence::OTHER_BASIS, "2025Q1"},
      {"invoices/I1/lines/1", "rate", v1::Absence::OTHER_BASIS, "2025Q1"},
      {"sales/S3.1", "rate", v1::Absence::REASON_UNSPECIFIED, "2025Q1"},
      {"sales/S2.1", "rate", v1::Absence::NO_AMOUNT, "2025Q1"},
      {"sales/S2.1", "per-unit", v1::Absence::REASON_UNSPECIFIED, "2025Q1"},
      {"sales/S4.1", "per-unit", v1::Absence::IS_ADJUSTMENT, "2025Q1"},
      {"sales/S9.1", "per-unit", v1::Absence::UNKNOWN_LINE, ""},
  };
  for (const auto& c : kCases) {
    const v1::Absence why = Why(c.fact, c.program);
    EXPECT_EQ(why.reason(), c.reason) << c.fact << " " << c.program << ": " << why.ShortDebugString();
    EXPECT_EQ(why.period(), c.period) << c.fact << " " << c.program;
  }
  EXPECT_EQ(Why("shipments/SO1/lines/1", "invoiced").got(), "one of the shipment lines");
  EXPECT_EQ(Why("shipments/SO1/lines/1", "invoiced").want(), "one of the lines of invoices and credit notes");
  v1::ExplainAbsenceRequest wrong;
  wrong.set_name("partners/p1/receipts/R1/lines/1");
  EXPECT_THAT(world_.finance().Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", wrong),
              Blames("name"));
}

}  // namespace
}  // namespace tributary::incentive

// Programs that count orders, customers, products or sites, through the wire: what is counted in whatever order it was
// told, what late sales and returns make of it, and that statements show it.

#include <algorithm>
#include <map>
#include <optional>
#include <random>

#include "cli/verify/document.h"
#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::SellThroughSale;
using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// 100 for each customer, 150 from three on.
v1::Program ForEachCustomer() {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Reach"
                                                              basis: SELL_THROUGH
                                                              shape: PER_UNIT
                                                              measure: COUNT
                                                              count { of: CUSTOMER }
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                amount { value: "100" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "3" }
                                                                amount { value: "150" }
                                                              }
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  return program;
}

// Of what is shipped: nothing below two, from two on 1 %, from three on 2 %.
v1::Program Breadth(v1::Program::Count::Of of) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Breadth"
                                                              basis: ORDER
                                                              shape: RETROACTIVE
                                                              measure: COUNT
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                rate { value: "0" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "2" }
                                                                rate { value: "0.01" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "3" }
                                                                rate { value: "0.02" }
                                                              }
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  program.mutable_count()->set_of(of);
  return program;
}

// A sale without an amount; without a customer where that is empty.
SellThroughSale SoldTo(const std::string& customer, const std::string& document, std::string_view date,
                       const std::string& quantity, const std::string& original = "") {
  SellThroughSale sale;
  sale.set_name("partners/p1/sales/" + document + ".1");
  sale.set_document(document);
  sale.set_line(1);
  *sale.mutable_sale_date() = DateOf(date);
  sale.set_product("products/351");
  sale.mutable_quantity()->set_value(quantity);
  sale.set_end_customer(customer);
  sale.set_activity(quantity[0] == '-' ? SellThroughSale::RETURN : SellThroughSale::SALE);
  if (!original.empty()) sale.set_original_sale("partners/p1/sales/" + original + ".1");
  return sale;
}

// Of the first quarter: EC1 twice, EC2 whose unit came back, EC3, and one who is not named.
std::vector<SellThroughSale> FirstQuarter() {
  return {SoldTo("EC1", "S1", "2025-01-10", "5"), SoldTo("EC1", "S2", "2025-01-20", "2"),
          SoldTo("EC2", "S3", "2025-02-01", "1"), SoldTo("EC3", "S4", "2025-02-10", "4"),
          SoldTo("", "S5", "2025-03-01", "9"),    SoldTo("", "RT1", "2025-04-02", "-1", "S3")};
}

ShipmentLine Shipped(const std::string& document, int line, const std::string& product, int64_t net,
                     const std::string& order, const std::string& site) {
  ShipmentLine message = LineOf("p1", document, line, "2025-02-01", "2025-02-02", net);
  message.set_product("products/" + product);
  if (!order.empty()) message.set_order("partners/p1/orders/" + order);
  if (!site.empty()) message.set_site("partners/p1/sites/" + site);
  return message;
}

// "EARNED 2025Q1 200 by 2" each.
std::vector<std::string> CountTexts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                    std::to_string(entry.amount().units()) + " by " + std::to_string(entry.evaluation().count()));
  }
  return texts;
}

class CountedProgramsTest : public WorldTest {};

TEST_F(CountedProgramsTest, CustomersInOrderReversedShuffledAndTwice) {
  for (const std::string order : {"in order", "reversed", "shuffled", "twice"}) {
    SCOPED_TRACE(order);
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    std::vector<SellThroughSale> sales = FirstQuarter();
    if (order == "reversed") std::reverse(sales.begin(), sales.end());
    if (order == "shuffled") std::shuffle(sales.begin(), sales.end(), std::mt19937(7));
    world.CreateActive("reach", ForEachCustomer());
    for (const SellThroughSale& sale : sales) {
      for (int i = 0; i < (order == "twice" ? 2 : 1); ++i) feed.TellFact(sale);
    }
    world.CatchUp();
    ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world.GetAccrual("partners/p1/accruals/reach.2025Q1"));
    EXPECT_EQ(accrual.evaluation().count(), 2);
    EXPECT_EQ(Amount(accrual.evaluation().value()), "USD 200.000000000");
    v1::WhatNextRequest request;
    request.set_name(accrual.name());
    ASSERT_OK_AND_ASSIGN(const auto next,
                         world.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", request));
    EXPECT_EQ(next.missing_amount().value(), "1");
    EXPECT_EQ(Amount(next.value_then()), "USD 450.000000000");
    ASSERT_OK(world.CloseAndIssue("reach", "2025Q1"));
    // A third customer, told late, re-rates all of them.
    feed.TellFact(SoldTo("EC4", "S6", "2025-03-01", "3"));
    world.CatchUp();
    ASSERT_OK(world.CloseAndIssue("reach", "2025Q2"));
    // All that EC3 bought comes back.
    feed.TellFact(SoldTo("", "RT2", "2025-07-01", "-4", "S4"));
    world.CatchUp();
    ASSERT_OK(world.CloseAndIssue("reach", "2025Q3"));
    const std::vector<v1::Statement> stated = world.Statements(world.finance(), "partners/p1");
    ASSERT_THAT(stated, SizeIs(3));
    EXPECT_THAT(CountTexts(stated[0]), ElementsAre("EARNED 2025Q1 200 by 2"));
    EXPECT_THAT(CountTexts(stated[1]), ElementsAre("TRUE_UP 2025Q1 250 by 3"));
    EXPECT_THAT(CountTexts(stated[2]), ElementsAre("TRUE_UP 2025Q1 -250 by 2"));
    // By number, in the order of dates: EC1, EC1, EC2 and what came back of it (its sale's date), EC3, nobody.
    std::vector<int64_t> numbers;
    for (const v1::StatementLine& line : world.Lines(stated[0].name())) numbers.push_back(line.counted_as());
    EXPECT_THAT(numbers, ElementsAre(1, 1, 2, 2, 3, 0));
    ExpectVerified(world, "partners/p1");
  }
}

TEST_F(CountedProgramsTest, OrdersSitesAndProductsOfShipments) {
  for (const auto& [id, of] :
       {std::pair("orders", v1::Program::Count::ORDER), std::pair("sites", v1::Program::Count::SITE),
        std::pair("products", v1::Program::Count::PRODUCT)}) {
    world_.CreateActive(id, Breadth(of));
  }
  feed_.Tell({Shipped("SO1", 1, "a", 1000, "o1", "north"), Shipped("SO1", 2, "b", 2000, "o1", ""),
              Shipped("SO2", 1, "b", 1000, "o1", "main"), Shipped("SO3", 1, "c", 2000, "", "north")});
  world_.CatchUp();
  const auto text = [&](const std::string& id) {
    const auto accrual = world_.GetAccrual("partners/p1/accruals/" + id + ".2025Q1");
    EXPECT_OK(accrual);
    return std::to_string(accrual->evaluation().count()) + " " + Amount(accrual->evaluation().value());
  };
  EXPECT_EQ(text("orders"), "2 USD 60.000000000");  // o1, and SO3 that names none
  EXPECT_EQ(text("sites"), "2 USD 60.000000000");
  EXPECT_EQ(text("products"), "3 USD 120.000000000");
  for (const char* id : {"orders", "sites", "products"}) ASSERT_OK(world_.Close(id, "2025Q1"));
  ASSERT_OK(world_.Issue("2025Q1"));
  // What was shipped with SO3 comes back, by a document that names neither an order nor a site.
  ShipmentLine back = Shipped("RT1", 1, "c", -2000, "", "");
  back.set_original_line("partners/p1/shipments/SO3/lines/1");
  feed_.Tell({back});
  world_.CatchUp();
  EXPECT_EQ(text("orders"), "1 USD 0.000000000");
  EXPECT_EQ(text("sites"), "2 USD 40.000000000");
  EXPECT_EQ(text("products"), "2 USD 40.000000000");
  for (const char* id : {"orders", "sites", "products"}) ASSERT_OK(world_.Close(id, "2025Q2"));
  ASSERT_OK(world_.Issue("2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_THAT(CountTexts(stated[0]),
              ElementsAre("EARNED 2025Q1 60 by 2", "EARNED 2025Q1 60 by 2", "EARNED 2025Q1 120 by 3"));
  EXPECT_THAT(CountTexts(stated[1]),
              ElementsAre("TRUE_UP 2025Q1 -60 by 1", "TRUE_UP 2025Q1 -20 by 2", "TRUE_UP 2025Q1 -80 by 2"));
  // The last line of the site north was of main: taken back and stated again, which changes no sum.
  ShipmentLine corrected = Shipped("SO1", 1, "a", 1000, "o1", "main");
  corrected.set_name(corrected.name() + ".2");
  feed_.Tell({ReversalOf(Shipped("SO1", 1, "a", 1000, "o1", "north")), corrected});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("sites", "2025Q3"));
  const std::vector<v1::Statement> after = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(after, SizeIs(3));
  EXPECT_THAT(CountTexts(after[2]), ElementsAre("TRUE_UP 2025Q1 -40 by 1"));
  ExpectVerified(world_, "partners/p1");
}

TEST_F(CountedProgramsTest, TheDocumentShowsWhatIsCountedAndAChangeIsFound) {
  world_.CreateActive("reach", ForEachCustomer());
  for (const SellThroughSale& sale : FirstQuarter()) feed_.TellFact(sale);
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("reach", "2025Q1"));
  const std::string csv = CsvOf(world_, "partners/p1/statements/1");
  EXPECT_THAT(cli::VerifyDocument(csv).differences, IsEmpty());
  // The document names no customer.
  EXPECT_THAT(csv, Not(HasSubstr("EC1")));
  for (const auto& [stated, other] :
       {std::pair("count,1,CUSTOMER,2\n", "count,1,CUSTOMER,3\n"), std::pair("count,1,CUSTOMER,2\n", ""),
        std::pair("counted,1,2,1\n", "counted,1,2,2\n"), std::pair("counted,1,5,3\n", "counted,1,5,4\n"),
        std::pair("counted,1,5,3\n", "counted,1,5,1\n")}) {
    std::string changed = csv;
    ASSERT_THAT(changed, HasSubstr(stated));
    changed.replace(changed.find(stated), std::string(stated).size(), other);
    EXPECT_THAT(cli::VerifyDocument(changed).differences, Not(IsEmpty())) << stated << other;
  }
  v1::Statement statement = world_.Statements(world_.finance(), "partners/p1")[0];
  std::vector<v1::StatementLine> lines = world_.Lines(statement.name());
  lines[1].set_counted_as(2);
  EXPECT_THAT(cli::VerifyStatement(statement, lines), Not(IsEmpty()));
  lines[1].set_counted_as(1);
  // Nobody else is behind a number than the facts say.
  std::map<std::string, cli::Fact> facts;
  for (const SellThroughSale& sale : FirstQuarter()) facts.emplace(sale.name(), sale);
  const cli::FactLookup lookup = [&](const std::string& name) -> std::optional<cli::Fact> {
    const auto found = facts.find(name);
    return found == facts.end() ? std::nullopt : std::optional(found->second);
  };
  EXPECT_THAT(cli::VerifyStatement(statement, lines, lookup), IsEmpty());
  facts.at("partners/p1/sales/S2.1").customer = "EC9";
  EXPECT_THAT(cli::VerifyStatement(statement, lines, lookup), ElementsAre(HasSubstr("S2.1: counted_as")));
  statement.mutable_entries(0)->mutable_evaluation()->set_count(3);
  EXPECT_THAT(cli::VerifyStatement(statement, lines), Not(IsEmpty()));
}

TEST_F(CountedProgramsTest, AreSimulated) {
  for (const SellThroughSale& sale : FirstQuarter()) feed_.TellFact(sale);
  world_.CatchUp();
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = ForEachCustomer();
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.total()), "USD 200.000000000");
  EXPECT_EQ(simulation.statements(), 1);
}

TEST_F(CountedProgramsTest, WhatDoesNotGoWithACountIsRefusedByField) {
  const auto create = [&](const std::function<void(v1::Program*)>& change) {
    v1::Program terms = ForEachCustomer();
    change(&terms);
    return world_.Create("x", terms);
  };
  EXPECT_THAT(create([](v1::Program* terms) { terms->clear_count(); }), Blames("program.count"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_count()->clear_of(); }), Blames("program.count.of"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_measure(v1::Program::QUANTITY); }), Blames("program.count"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_basis(v1::Program::SELL_IN); }), Blames("program.count"));
  EXPECT_THAT(create([](v1::Program* terms) {
                terms->set_basis(v1::Program::INVOICED);
                terms->mutable_count()->set_of(v1::Program::Count::SITE);
              }),
              Blames("program.count"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_tiers(1)->mutable_from_amount()->set_value("2.5"); }),
              Blames("program.tiers[1].from_amount"));
}

}  // namespace
}  // namespace tributary::incentive

// Programs that measure margin, the vendor's and the partner's, through the wire: costs that change within a period,
// lines without a cost, returns, what late lines and late costs make of it, and that statements show it.

#include <functional>

#include "cli/verify/document.h"
#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/standard_costs/testing_costs.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_stock_facts.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

v1::Program ParsedMargin(const std::string& text) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                                  display_name: "Margin"
                                                                  shape: RETROACTIVE
                                                                  measure: MARGIN
                                                                  period: QUARTER
                                                                  effective_from { year: 2025 month: 1 day: 1 }
                                                                )pb" +
                                                                text,
                                                            &program));
  return program;
}

// From 10,000 of the vendor's margin on 5 % of it, from 20,000 on 10 %.
v1::Program OfTheVendor() {
  return ParsedMargin(R"pb(
    basis: ORDER
    currency: "USD"
    margin { of: VENDOR discloses_costs: true }
    tiers {
      from_amount { value: "0" }
      rate { value: "0" }
    }
    tiers {
      from_amount { value: "10000" }
      rate { value: "0.05" }
    }
    tiers {
      from_amount { value: "20000" }
      rate { value: "0.1" }
    }
  )pb");
}

// Where the partner keeps 20 % of what it sells for, 2 % of that.
v1::Program OfThePartner() {
  return ParsedMargin(R"pb(
    basis: SELL_THROUGH
    currency: "CNY"
    margin { of: PARTNER reaches_by: SHARE pays: NET }
    tiers {
      from_amount { value: "0" }
      rate { value: "0" }
    }
    tiers {
      from_amount { value: "0.2" }
      rate { value: "0.02" }
    }
  )pb");
}

ShipmentLine TenOf(const std::string& document, std::string_view day, int64_t net) {
  ShipmentLine line = LineOf("p1", document, 1, day, day, net);
  line.mutable_quantity()->set_value("10");
  return line;
}

// 10 at a cost of 600, and 10 once one costs 700; what one of products/new costs is not known.
std::vector<ShipmentLine> FirstQuarter() {
  ShipmentLine unknown = LineOf("p1", "SO3", 1, "2025-03-01", "2025-03-02", 5000);
  unknown.set_product("products/new");
  return {TenOf("SO1", "2025-02-01", 16000), TenOf("SO2", "2025-02-20", 16000), unknown};
}

// "EARNED 2025Q1 950 of 19000, 19/32, 1 without" each.
std::vector<std::string> MarginTexts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    const v1::MarginSteps& steps = entry.evaluation().margin();
    texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                    std::to_string(entry.amount().units()) + " of " + steps.exact_margin() + ", " +
                    steps.exact_share() + ", " + std::to_string(steps.uncosted_lines()) + " without");
  }
  return texts;
}

class MarginProgramsTest : public WorldTest {
 protected:
  void TellCosts(const std::string& product, const std::vector<std::pair<std::string, std::string>>& costs) {
    const inventory::v1::Product message = ProductCosting(product, costs);
    feed_.TellEvents({events::Draft(message.name(), "updated", message.name(), message)});
  }
  // "600, 500.00", "-, 0.00 NO_COST" each.
  std::vector<std::string> LineTexts(const std::string& accrual) {
    v1::ListAccrualLinesRequest request;
    request.set_parent(accrual);
    const auto reply =
        world_.finance().Call<v1::ListAccrualLinesResponse>(std::string(kAccruals) + "ListAccrualLines", request);
    EXPECT_OK(reply);
    std::vector<std::string> texts;
    if (!reply.ok()) return texts;
    for (const v1::AccrualLine& line : reply->accrual_lines()) {
      texts.push_back((line.has_unit_cost() ? line.unit_cost().value() : "-") + ", " +
                      wire::FromProto(line.share())->amount.ToFixed(2));
      if (line.reason() != v1::Absence::REASON_UNSPECIFIED) {
        texts.back() += " " + v1::Absence::Reason_Name(line.reason());
      }
    }
    return texts;
  }
};

TEST_F(MarginProgramsTest, TheVendorsMarginByTheCostsOfTheDay) {
  TellCosts("351", {{"2025-01-01", "600"}, {"2025-02-15", "700"}});
  world_.CreateActive("vendor", OfTheVendor());
  feed_.Tell(FirstQuarter());
  world_.CatchUp();
  // 10,000 + 9,000 of 32,000.
  ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world_.GetAccrual("partners/p1/accruals/vendor.2025Q1"));
  EXPECT_EQ(Amount(accrual.evaluation().value()), "USD 950.000000000");
  EXPECT_EQ(accrual.lines(), 3);
  EXPECT_EQ(Amount(accrual.qualifying_amount()), "USD 37000.000000000");
  EXPECT_EQ(accrual.evaluation().margin().net_amount().value(), "32000");
  EXPECT_EQ(accrual.evaluation().margin().exact_cost(), "13000");
  EXPECT_THAT(LineTexts("partners/p1/accruals/vendor.2025Q1"),
              ElementsAre("600, 500.00", "700, 450.00", "-, 0.00 NO_COST"));
  v1::ExplainAbsenceRequest why;
  why.set_name("partners/p1/shipments/SO3/lines/1");
  why.set_program("programs/vendor");
  ASSERT_OK_AND_ASSIGN(const auto explained, world_.finance().Call<v1::ExplainAbsenceResponse>(
                                                 std::string(kAccruals) + "ExplainAbsence", why));
  EXPECT_EQ(explained.absences(0).reason(), v1::Absence::NO_COST);
  EXPECT_THAT(explained.absences(0).want(), HasSubstr("a standard cost in USD that holds on 2025-03-01"));
  v1::WhatNextRequest request;
  request.set_name("partners/p1/accruals/vendor.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto next,
                       world_.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", request));
  EXPECT_EQ(next.from_amount().value(), "20000");
  EXPECT_EQ(next.missing_amount().value(), "1000");
  EXPECT_EQ(Amount(next.value_then()), "USD 2000.000000000");
  ASSERT_OK(world_.CloseAndIssue("vendor", "2025Q1"));

  // What was stated of costs stands; two units that come back cost what they did. What the new one costs is told late.
  TellCosts("351", {{"2025-01-01", "100"}});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual again, world_.GetAccrual("partners/p1/accruals/vendor.2025Q1"));
  EXPECT_EQ(Amount(again.unstated_amount()), "USD 0.000000000");
  ShipmentLine back = LineOf("p1", "RT1", 1, "2025-04-20", "2025-04-20", -3200);
  back.mutable_quantity()->set_value("-2");
  back.set_original_line("partners/p1/shipments/SO1/lines/1");
  feed_.Tell({back});
  TellCosts("new", {{"2025-01-01", "2000"}});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("vendor", "2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_THAT(MarginTexts(stated[0]), ElementsAre("EARNED 2025Q1 950 of 19000, 19/32, 1 without"));
  // 10,000 - 2,000 + 9,000 + 3,000 of 33,800.
  EXPECT_THAT(MarginTexts(stated[1]), ElementsAre("TRUE_UP 2025Q1 1050 of 20000, 100/169, 0 without"));
  ExpectVerified(world_, "partners/p1");
}

// A cost that comes late moves a closed period without any line.
TEST_F(MarginProgramsTest, ALateCostIsTruedUp) {
  world_.CreateActive("vendor", OfTheVendor());
  feed_.Tell({TenOf("SO1", "2025-02-01", 16000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("vendor", "2025Q1"));
  ASSERT_OK(world_.CloseAndIssue("vendor", "2025Q2"));
  TellCosts("351", {{"2025-01-01", "600"}});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("vendor", "2025Q3"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_THAT(MarginTexts(stated[0]), ElementsAre("EARNED 2025Q1 0 of 0, , 1 without"));
  EXPECT_THAT(MarginTexts(stated[1]), ElementsAre("TRUE_UP 2025Q1 500 of 10000, 5/8, 0 without"));
  ExpectVerified(world_, "partners/p1");
}

TEST_F(MarginProgramsTest, ThePartnersMarginByItsLayers) {
  world_.CreateActive("partner", OfThePartner());
  const auto sold = [](const std::string& document, std::string_view day, int units, std::string_view net,
                       const std::string& original = "") {
    inventory::v1::SellThroughSale sale = SaleOf("p3", document, day, units, "EC1", original);
    *sale.mutable_net_amount() = Cny(net);
    return Recorded("p3", sale);
  };
  // 100 at 120, then 50 at 115: 3,000 and 700 are kept; of the third sale 10 units came from nowhere; 5 of S2 come
  // back.
  feed_.TellEvents({Shipped("p3", "A", "2025-01-10", 100, 120), Shipped("p3", "B", "2025-02-01", 50, 115),
                    sold("S1", "2025-02-10", 100, "15000"), sold("S2", "2025-03-01", 20, "3000"),
                    sold("S3", "2025-03-10", 40, "6000"), sold("R1", "2025-03-20", -5, "-750", "S2")});
  world_.CatchUp();
  EXPECT_THAT(LineTexts("partners/p3/accruals/partner.2025Q1"),
              ElementsAre("120, 300.00", "115, -15.00", "115, 60.00", "-, 0.00 NO_COST"));
  ASSERT_OK(world_.CloseAndIssue("partner", "2025Q1"));
  // Goods that had come before all others are told late: the third sale is known by them, the others stay as stated.
  feed_.TellEvents({Shipped("p3", "D", "2025-01-05", 50, 100)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("partner", "2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p3");
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_THAT(MarginTexts(stated[0]), ElementsAre("EARNED 2025Q1 345 of 3525, 47/230, 1 without"));
  // The third: 30 at 120 and 10 at 115 of 6,000.
  EXPECT_THAT(MarginTexts(stated[1]), ElementsAre("TRUE_UP 2025Q1 120 of 4775, 191/930, 0 without"));
  ExpectVerified(world_, "partners/p3");
}

TEST_F(MarginProgramsTest, TheDocumentShowsCostsAndAChangeIsFound) {
  TellCosts("351", {{"2025-01-01", "600"}, {"2025-02-15", "700"}});
  world_.CreateActive("vendor", OfTheVendor());
  feed_.Tell(FirstQuarter());
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("vendor", "2025Q1"));
  const std::string csv = CsvOf(world_, "partners/p1/statements/1");
  EXPECT_THAT(cli::VerifyDocument(csv).differences, IsEmpty());
  const std::string margin = "margin,1,VENDOR,AMOUNT,MARGIN,32000,13000,19000,19/32,1\n";
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"cost,1,1,600\n", "cost,1,1,500\n"},
      {"cost,1,2,700\n", ""},
      {margin, ""},
      {margin, "margin,1,VENDOR,AMOUNT,NET,32000,13000,19000,19/32,1\n"},
      {margin, "margin,1,VENDOR,AMOUNT,MARGIN,37000,13000,24000,24/37,0\n"}};
  for (const auto& [shown, other] : changes) {
    std::string changed = csv;
    ASSERT_THAT(changed, HasSubstr(shown));
    changed.replace(changed.find(shown), shown.size(), other);
    EXPECT_THAT(cli::VerifyDocument(changed).differences, Not(IsEmpty())) << shown << other;
  }
  const v1::Statement statement = world_.Statements(world_.finance(), "partners/p1")[0];
  std::vector<v1::StatementLine> lines = world_.Lines(statement.name());
  lines[2].mutable_unit_cost()->set_value("1");
  EXPECT_THAT(cli::VerifyStatement(statement, lines), Not(IsEmpty()));
}

TEST_F(MarginProgramsTest, AreSimulatedByTheCostsThatAreKnown) {
  TellCosts("351", {{"2025-01-01", "600"}, {"2025-02-15", "700"}});
  world_.CreateActive("vendor", OfTheVendor());
  feed_.Tell(FirstQuarter());
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("vendor", "2025Q1"));
  TellCosts("351", {{"2025-01-01", "500"}});
  world_.CatchUp();
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = OfTheVendor();
  request.mutable_simulation()->set_compare_with("programs/vendor");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  // 10 % of 22,000, on both sides.
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.total()), "USD 2200.000000000");
  EXPECT_EQ(Amount(simulation.comparison().total()), "USD 2200.000000000");
}

TEST_F(MarginProgramsTest, WhatDoesNotGoWithAMarginIsRefusedByField) {
  const auto create = [&](v1::Program terms, const std::function<void(v1::Program*)>& change) {
    change(&terms);
    return world_.Create("x", terms);
  };
  EXPECT_THAT(create(OfTheVendor(), [](v1::Program* terms) { terms->clear_margin(); }), Blames("program.margin"));
  EXPECT_THAT(create(OfTheVendor(), [](v1::Program* terms) { terms->clear_measure(); }), Blames("program.margin"));
  EXPECT_THAT(create(OfTheVendor(), [](v1::Program* terms) { terms->mutable_margin()->clear_of(); }),
              Blames("program.margin.of"));
  EXPECT_THAT(create(OfTheVendor(), [](v1::Program* terms) { terms->mutable_margin()->clear_discloses_costs(); }),
              Blames("program.margin.discloses_costs"));
  EXPECT_THAT(create(OfTheVendor(), [](v1::Program* terms) { terms->set_basis(v1::Program::SELL_THROUGH); }),
              Blames("program.margin.of"));
  EXPECT_THAT(create(OfThePartner(), [](v1::Program* terms) { terms->set_basis(v1::Program::INVOICED); }),
              Blames("program.margin.of"));
  EXPECT_THAT(create(OfThePartner(), [](v1::Program* terms) { terms->set_shape(v1::Program::MARGINAL); }),
              Blames("program.shape"));
  EXPECT_THAT(create(OfThePartner(), [](v1::Program* terms) { terms->set_rate_type("spot"); }),
              Blames("program.margin"));
}

}  // namespace
}  // namespace tributary::incentive

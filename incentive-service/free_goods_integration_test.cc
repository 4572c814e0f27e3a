// Programs that give free goods, through the wire: what is due by order and over a period, on top and within, what late
// lines and returns make of it, what was given, and that statements show it.

#include <algorithm>
#include <functional>

#include "cli/verify/document.h"
#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
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

// 2 units free per 100 paid.
v1::Program TwoPerHundred(v1::Program::FreeGoods::Scope scope, v1::Program::FreeGoods::Kind kind) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Two per hundred"
                                                              basis: ORDER
                                                              shape: FLAT
                                                              measure: FREE_GOODS
                                                              free_goods {
                                                                paid_units { value: "100" }
                                                                free_units { value: "2" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                rate { value: "0" }
                                                              }
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  program.mutable_free_goods()->set_scope(scope);
  program.mutable_free_goods()->set_kind(kind);
  return program;
}

v1::Program ByOrder() { return TwoPerHundred(v1::Program::FreeGoods::ORDER, v1::Program::FreeGoods::EXCLUSIVE); }

ShipmentLine Shipped(const std::string& order, const std::string& document, int line, const std::string& units,
                     int64_t net, const std::string& day = "2025-02-01") {
  ShipmentLine message = LineOf("p1", document, line, day, day, net);
  message.mutable_quantity()->set_value(units);
  message.set_order("partners/p1/orders/" + order);
  return message;
}

// 100 units of o1 in two documents and the two free ones, 60 each of o2 and o3.
std::vector<ShipmentLine> FirstQuarter() {
  return {Shipped("o1", "SO1", 1, "90", 72000), Shipped("o1", "SO1", 2, "2", 0), Shipped("o1", "SO2", 1, "10", 8000),
          Shipped("o2", "SO3", 1, "60", 48000), Shipped("o3", "SO4", 1, "60", 48000)};
}

// "EARNED 2025Q1 2: due 2 for 220, given 2" each.
std::vector<std::string> GoodsTexts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    const v1::GoodsSteps& steps = entry.evaluation().goods();
    EXPECT_EQ(Amount(entry.amount()), "USD 0.000000000");
    texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " + entry.goods().value() +
                    ": due " + steps.due().value() + " for " + steps.paid().value() + ", given " +
                    steps.given().value());
  }
  return texts;
}

class FreeGoodsProgramsTest : public WorldTest {};

TEST_F(FreeGoodsProgramsTest, LateLinesAndReturnsMoveWhatIsDue) {
  world_.CreateActive("order", ByOrder());
  world_.CreateActive("period",
                      TwoPerHundred(v1::Program::FreeGoods::PERIOD, v1::Program::FreeGoods::KIND_UNSPECIFIED));
  world_.CreateActive("within", TwoPerHundred(v1::Program::FreeGoods::ORDER, v1::Program::FreeGoods::INCLUSIVE));
  // Arrival leaves no trace.
  std::vector<ShipmentLine> lines = FirstQuarter();
  std::reverse(lines.begin(), lines.end());
  for (const ShipmentLine& line : lines) feed_.Tell({line});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world_.GetAccrual("partners/p1/accruals/order.2025Q1"));
  EXPECT_EQ(accrual.evaluation().goods().due().value(), "2");
  EXPECT_EQ(Amount(accrual.evaluation().value()), "USD 0.000000000");
  v1::WhatNextRequest request;
  request.set_name("partners/p1/accruals/period.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto next,
                       world_.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", request));
  EXPECT_EQ(next.from_amount().value(), "300");
  EXPECT_EQ(next.missing_amount().value(), "80");
  request.set_name("partners/p1/accruals/order.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto of_orders,
                       world_.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", request));
  EXPECT_FALSE(of_orders.has_from_amount());

  const auto close = [&](const std::string& period) {
    for (const char* program : {"order", "period", "within"}) EXPECT_OK(world_.Close(program, period));
    EXPECT_OK(world_.Issue(period));
  };
  close("2025Q1");
  // 40 more of the second order come late, and its two free ones.
  feed_.Tell({Shipped("o2", "SO5", 1, "40", 32000, "2025-03-20")});
  feed_.Tell({Shipped("o2", "SO5", 2, "2", 0, "2025-03-20")});
  world_.CatchUp();
  close("2025Q2");
  // Ten of the first order come back.
  ShipmentLine back = LineOf("p1", "RT1", 1, "2025-07-01", "2025-07-01", -8000);
  back.mutable_quantity()->set_value("-10");
  back.set_original_line("partners/p1/shipments/SO2/lines/1");
  feed_.Tell({back});
  world_.CatchUp();
  close("2025Q3");

  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(3));
  EXPECT_THAT(GoodsTexts(stated[0]),
              ElementsAre("EARNED 2025Q1 2: due 2 for 220, given 2", "EARNED 2025Q1 4: due 4 for 220, given 2",
                          "EARNED 2025Q1 2: due 2 for 222, given 2"));
  // Over the period 260 bring no more than 220 did.
  EXPECT_THAT(GoodsTexts(stated[1]),
              ElementsAre("TRUE_UP 2025Q1 2: due 4 for 260, given 4", "TRUE_UP 2025Q1 2: due 4 for 264, given 4"));
  EXPECT_THAT(GoodsTexts(stated[2]),
              ElementsAre("TRUE_UP 2025Q1 -2: due 2 for 250, given 4", "TRUE_UP 2025Q1 -2: due 2 for 254, given 4"));
  ExpectVerified(world_, "partners/p1");

  // A document that was changed is found out.
  constexpr char kStated[] = "goods,1,ORDER,EXCLUSIVE,100,2,220,2,2,0\n";
  const std::string document = CsvOf(world_, stated[0].name());
  ASSERT_THAT(document, HasSubstr(kStated));
  for (const char* other :
       {"goods,1,ORDER,EXCLUSIVE,100,2,220,4,2,0\n", "goods,1,ORDER,EXCLUSIVE,50,2,220,2,2,0\n",
        "goods,1,PERIOD,EXCLUSIVE,100,2,220,4,2,0\n", "goods,1,ORDER,EXCLUSIVE,100,2,220,2,0,0\n", ""}) {
    std::string changed = document;
    changed.replace(changed.find(kStated), std::string(kStated).size(), other);
    EXPECT_THAT(cli::VerifyDocument(changed).differences, Not(IsEmpty())) << other;
  }
  std::vector<v1::StatementLine> shown = world_.Lines(stated[0].name());
  shown[3].set_counted_as(1);
  EXPECT_THAT(cli::VerifyStatement(stated[0], shown), Not(IsEmpty()));
}

TEST_F(FreeGoodsProgramsTest, AreSimulatedAndWhatDoesNotGoWithThemIsRefused) {
  feed_.Tell(FirstQuarter());
  world_.CatchUp();
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = ByOrder();
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  const v1::Simulation simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(simulation.free_goods().value(), "2");
  EXPECT_EQ(Amount(simulation.total()), "USD 0.000000000");
  v1::ListSimulationPartnersRequest list;
  list.set_parent(simulation.name());
  ASSERT_OK_AND_ASSIGN(const auto partners, world_.finance().Call<v1::ListSimulationPartnersResponse>(
                                                std::string(kSimulations) + "ListSimulationPartners", list));
  ASSERT_EQ(partners.simulation_partners_size(), 1);
  EXPECT_EQ(partners.simulation_partners(0).free_goods().value(), "2");

  const auto create = [&](const std::function<void(v1::Program*)>& change) {
    v1::Program terms = ByOrder();
    change(&terms);
    return world_.Create("x", terms);
  };
  EXPECT_THAT(create([](v1::Program* terms) { terms->clear_free_goods(); }), Blames("program.free_goods"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->clear_measure(); }), Blames("program.free_goods"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_free_goods()->clear_scope(); }),
              Blames("program.free_goods.scope"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_free_goods()->mutable_paid_units()->set_value("0"); }),
              Blames("program.free_goods.paid_units"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_basis(v1::Program::INVOICED); }),
              Blames("program.free_goods"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_shape(v1::Program::RETROACTIVE); }), Blames("program.shape"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_tiers(0)->mutable_rate()->set_value("0.01"); }),
              Blames("program.tiers[0].rate"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_floor()->set_value("5"); }), Blames("program.floor"));
}

}  // namespace
}  // namespace tributary::incentive

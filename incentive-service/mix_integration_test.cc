// Programs whose tiers are reached by the share of a set of products, through the wire: what is paid on, what late
// lines and returns make of it, and that statements show it.

#include <algorithm>
#include <random>

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

constexpr char kByProducts[] = R"pb(set { products: "products/n1" products: "products/n2" })pb";
constexpr char kByLinesOnAll[] = R"pb(set { product_lines: "productLines/new" }
                                      pays: ALL)pb";

// From 30 % of the set on 1 %, from 50 % on 2 %.
v1::Program Mixed(const std::string& mix) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "New products"
                                                              basis: ORDER
                                                              shape: RETROACTIVE
                                                              measure: MIX
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                rate { value: "0" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "0.3" }
                                                                rate { value: "0.01" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "0.5" }
                                                                rate { value: "0.02" }
                                                              }
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(mix, program.mutable_mix()));
  return program;
}

ShipmentLine New(int line, const std::string& product, int64_t net) {
  ShipmentLine message = LineOf("p1", "SO1", line, "2025-02-01", "2025-02-02", net);
  message.set_product("products/" + product);
  message.set_product_line("productLines/new");
  return message;
}

// 50,000 of the set, 50,000 of others.
std::vector<ShipmentLine> MixedQuarter() {
  return {New(1, "n1", 30000), New(2, "n2", 20000), LineOf("p1", "SO2", 1, "2025-02-10", "2025-02-11", 30000),
          LineOf("p1", "SO3", 1, "2025-02-20", "2025-02-21", 20000)};
}

// "EARNED 2025Q1 1000 of 50000, 1/2" each.
std::vector<std::string> MixTexts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    const v1::MixSteps& steps = entry.evaluation().mix();
    texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                    std::to_string(entry.amount().units()) + " of " + steps.set_amount().value() + ", " +
                    steps.exact_share());
  }
  return texts;
}

class MixedProgramsTest : public WorldTest {};

TEST_F(MixedProgramsTest, InOrderReversedShuffledAndTwice) {
  for (const std::string order : {"in order", "reversed", "shuffled", "twice"}) {
    SCOPED_TRACE(order);
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    world.CreateActive("set", Mixed(kByProducts));
    world.CreateActive("whole", Mixed(kByLinesOnAll));
    std::vector<ShipmentLine> lines = MixedQuarter();
    if (order == "reversed") std::reverse(lines.begin(), lines.end());
    if (order == "shuffled") std::shuffle(lines.begin(), lines.end(), std::mt19937(7));
    for (const ShipmentLine& line : lines) {
      for (int i = 0; i < (order == "twice" ? 2 : 1); ++i) feed.Tell({line});
    }
    world.CatchUp();
    const auto close = [&](const std::string& period) {
      for (const char* program : {"set", "whole"}) EXPECT_OK(world.Close(program, period));
      EXPECT_OK(world.Issue(period));
    };
    close("2025Q1");
    // A late line of another product takes the share to 40 %.
    feed.Tell({LineOf("p1", "SO4", 1, "2025-03-15", "2025-03-16", 25000)});
    world.CatchUp();
    v1::WhatNextRequest request;
    request.set_name("partners/p1/accruals/set.2025Q1");
    ASSERT_OK_AND_ASSIGN(const auto next,
                         world.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", request));
    EXPECT_EQ(next.from_amount().value(), "0.5");
    EXPECT_EQ(next.missing_amount().value(), "25000");
    EXPECT_EQ(Amount(next.value_then()), "USD 1500.000000000");
    close("2025Q2");
    // Other products come back: 50,000 of 95,000.
    ShipmentLine back = LineOf("p1", "RT1", 1, "2025-07-01", "2025-07-01", -30000);
    back.set_original_line("partners/p1/shipments/SO2/lines/1");
    feed.Tell({back});
    world.CatchUp();
    close("2025Q3");
    const std::vector<v1::Statement> stated = world.Statements(world.finance(), "partners/p1");
    ASSERT_THAT(stated, SizeIs(3));
    EXPECT_THAT(MixTexts(stated[0]),
                ElementsAre("EARNED 2025Q1 1000 of 50000, 1/2", "EARNED 2025Q1 2000 of 50000, 1/2"));
    EXPECT_THAT(MixTexts(stated[1]),
                ElementsAre("TRUE_UP 2025Q1 -500 of 50000, 2/5", "TRUE_UP 2025Q1 -750 of 50000, 2/5"));
    EXPECT_THAT(MixTexts(stated[2]),
                ElementsAre("TRUE_UP 2025Q1 500 of 50000, 10/19", "TRUE_UP 2025Q1 650 of 50000, 10/19"));
    ExpectVerified(world, "partners/p1");
  }
}

// What was bought may all come back: then nothing is met, and what was paid is taken back.
TEST_F(MixedProgramsTest, NothingIsMetWhereNothingIsLeft) {
  world_.CreateActive("set", Mixed(kByProducts));
  feed_.Tell({New(1, "n1", 30000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("set", "2025Q1"));
  ShipmentLine back = LineOf("p1", "RT1", 1, "2025-05-01", "2025-05-01", -30000);
  back.set_original_line("partners/p1/shipments/SO1/lines/1");
  back.set_product("products/n1");
  feed_.Tell({back});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("set", "2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_THAT(MixTexts(stated[0]), ElementsAre("EARNED 2025Q1 600 of 30000, 1"));
  EXPECT_THAT(MixTexts(stated[1]), ElementsAre("TRUE_UP 2025Q1 -600 of 0, "));
  ExpectVerified(world_, "partners/p1");
}

TEST_F(MixedProgramsTest, TheDocumentShowsTheShareAndAChangeIsFound) {
  world_.CreateActive("set", Mixed(kByProducts));
  feed_.Tell(MixedQuarter());
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("set", "2025Q1"));
  const std::string csv = CsvOf(world_, "partners/p1/statements/1");
  EXPECT_THAT(cli::VerifyDocument(csv).differences, IsEmpty());
  for (const auto& [stated, other] : {std::pair("mix,1,SET,50000,1/2\n", "mix,1,ALL,50000,1/2\n"),
                                      std::pair("mix,1,SET,50000,1/2\n", "mix,1,SET,40000,2/5\n"),
                                      std::pair("mix,1,SET,50000,1/2\n", "mix,1,SET,50000,2/5\n"),
                                      std::pair("mix,1,SET,50000,1/2\n", ""), std::pair("counted,1,1,1\n", "")}) {
    std::string changed = csv;
    ASSERT_THAT(changed, HasSubstr(stated));
    changed.replace(changed.find(stated), std::string(stated).size(), other);
    EXPECT_THAT(cli::VerifyDocument(changed).differences, Not(IsEmpty())) << stated << other;
  }
  const v1::Statement statement = world_.Statements(world_.finance(), "partners/p1")[0];
  std::vector<v1::StatementLine> lines = world_.Lines(statement.name());
  lines[3].set_counted_as(1);
  EXPECT_THAT(cli::VerifyStatement(statement, lines), Not(IsEmpty()));
}

TEST_F(MixedProgramsTest, AreSimulated) {
  feed_.Tell(MixedQuarter());
  world_.CatchUp();
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = Mixed(kByLinesOnAll);
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  EXPECT_EQ(Amount(AnswerOf<v1::Simulation>(operation).total()), "USD 2000.000000000");
}

TEST_F(MixedProgramsTest, WhatDoesNotGoWithAMixIsRefusedByField) {
  const auto create = [&](const std::function<void(v1::Program*)>& change) {
    v1::Program terms = Mixed(kByProducts);
    change(&terms);
    return world_.Create("x", terms);
  };
  EXPECT_THAT(create([](v1::Program* terms) { terms->clear_mix(); }), Blames("program.mix"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_mix()->mutable_set()->clear_products(); }),
              Blames("program.mix.set"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_mix()->mutable_set()->set_products(0, "n1"); }),
              Blames("program.mix.set.products[0]"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->clear_measure(); }), Blames("program.mix"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_shape(v1::Program::MARGINAL); }), Blames("program.shape"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_tiers(2)->mutable_from_amount()->set_value("1.1"); }),
              Blames("program.tiers[2].from_amount"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->set_rate_type("spot"); }), Blames("program.mix"));
  EXPECT_THAT(create([](v1::Program* terms) { terms->mutable_max_penalty()->set_value("5"); }),
              Blames("program.max_penalty"));
}

}  // namespace
}  // namespace tributary::incentive

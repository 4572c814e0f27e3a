// What members of stacking plans are worth as the lines come in, what closes state, what becomes of it, and that the
// verifier, which shares no code with the engine, agrees.

#include <algorithm>
#include <map>
#include <random>

#include "common/digest/sha256.h"
#include "incentive-service/statements/statement_export.h"
#include "incentive-service/testing_stacks.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/partner/v1/exchange_rate.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using StackedCloseTest = StackTest;

// Scenario 2's stack: A 5 %; B 3 % net of A; C 25 a unit up to 2,000, exclusive with B; A and B 7.5 % together.
void CreateS2(World& world, Stacks& stacks) {
  world.CreateActive("a", Flat("0.05"));
  world.CreateActive("b", Flat("0.03"));
  world.CreateActive("c", ProgramOf(R"pb(
                       shape: PER_UNIT
                       tiers {
                         from_amount { value: "0" }
                         amount { value: "25" }
                       }
                       cap { value: "2000" }
                     )pb"));
  stacks.CreateActive("s2", PlanOf(R"pb(
                        net_of { program: "programs/b" upstream: "programs/a" }
                        groups {
                          group: "volume"
                          scope: PARTNER_PERIOD
                          members { program: "programs/b" }
                          members { program: "programs/c" }
                        }
                        caps {
                          cap: "together"
                          members: "programs/a"
                          members: "programs/b"
                          rate { value: "0.075" }
                        }
                      )pb"));
}
// INV1 and INV2: 90 and 10 units, net of what the wallet paid.
std::vector<ShipmentLine> S2Lines() {
  return {Line("INV1", "2024-04-02", "90", 64800), Line("INV2", "2024-04-23", "10", 7200)};
}

TEST_F(StackedCloseTest, ScenarioS2InOrderReversedShuffledAndDoubled) {
  enum Order { kInOrder, kReversed, kShuffled, kDoubled };
  std::string csv;
  for (const Order order : {kInOrder, kReversed, kShuffled, kDoubled}) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    Stacks stacks(world);
    CreateS2(world, stacks);
    // A line of 1,000 that is taken back, and a sale with its return: they leave no trace.
    const ShipmentLine wrong = Line("INV3", "2024-05-01", "1", 1000);
    std::vector<ShipmentLine> lines = S2Lines();
    lines.push_back(wrong);
    lines.push_back(ReversalOf(wrong));
    std::mt19937 random(7);
    if (order == kReversed) std::reverse(lines.begin(), lines.end());
    if (order == kShuffled) std::shuffle(lines.begin(), lines.end(), random);
    for (const ShipmentLine& line : lines) {
      for (int i = 0; i < (order == kDoubled ? 2 : 1); ++i) feed.Tell({line});
    }
    world.CatchUp();

    ASSERT_OK_AND_ASSIGN(const v1::Accrual live, world.GetAccrual("partners/p2/accruals/b.2024Q2"));
    EXPECT_EQ(Amount(live.evaluation().value()), "CNY 1960.510000000");
    EXPECT_EQ(live.stacked().stacking_plan(), "stackingPlans/s2");
    EXPECT_EQ(Amount(live.stacked().net_of(0).amount()), "CNY 3600.000000000");
    EXPECT_EQ(live.stacked().exact_base(), "68400");
    EXPECT_EQ(live.stacked().exact_own_value(), "2052");
    EXPECT_EQ(live.stacked().binding_cap(), "together");
    EXPECT_EQ(live.stacked().factor(), "150/157");  // 5,400 / 5,652
    for (const v1::Accrual& accrual : world.Accruals()) {
      ASSERT_OK_AND_ASSIGN(const v1::Accrual one, world.GetAccrual(accrual.name()));
      EXPECT_EQ(one.SerializeAsString(), accrual.SerializeAsString()) << "listed as it is got";
    }

    ASSERT_OK_AND_ASSIGN(const auto closed, stacks.Close("s2", "2024Q2"));
    ASSERT_EQ(closed.period_closes_size(), 3);
    EXPECT_EQ(closed.period_closes(0).name(), "programs/a/closes/2024Q2");
    EXPECT_EQ(Amount(closed.period_closes(0).total()), "CNY 3439.490000000");
    EXPECT_EQ(closed.period_closes(2).lines(), 2);
    ASSERT_OK(world.Issue("2024Q2"));
    const std::vector<v1::Statement> statements = world.Statements(world.finance());
    ASSERT_THAT(statements, SizeIs(1));
    EXPECT_EQ(Amounts(statements[0]), "a 3439.49, b 1960.51, c 0.00");
    EXPECT_EQ(Amount(statements[0].total()), "CNY 5400.000000000");
    const v1::StackedValue& c = statements[0].entries(2).stacked();
    EXPECT_EQ(c.exact_own_value(), "2000");
    EXPECT_EQ(statements[0].entries(2).evaluation().before_limits(), "2500");
    ASSERT_EQ(c.losses_size(), 1);
    EXPECT_EQ(c.losses(0).winner(), "programs/b");
    EXPECT_EQ(c.losses(0).fact(), "");
    const std::vector<v1::StatementLine> shares = world.Lines(statements[0].name());
    ASSERT_THAT(shares, SizeIs(6));
    EXPECT_EQ(Minor(shares[0].share()) + Minor(shares[1].share()), 343949);
    EXPECT_EQ(Minor(shares[2].share()) + Minor(shares[3].share()), 196051);
    EXPECT_EQ(Minor(shares[4].share()) + Minor(shares[5].share()), 0);
    EXPECT_THAT(cli::VerifyStatement(statements[0], shares), IsEmpty());

    // The document is the same but for its times.
    v1::ExportStatementRequest request;
    request.set_name(statements[0].name());
    ASSERT_OK_AND_ASSIGN(const auto document, world.finance().Call<v1::ExportStatementResponse>(
                                                  std::string(kStatements) + "ExportStatement", request));
    EXPECT_EQ(Sha256Hex(document.csv()), statements[0].hash());
    EXPECT_THAT(document.csv(), HasSubstr("tributary-statement,2\n"));
    EXPECT_THAT(document.csv(), HasSubstr("\nnet_of,2,programs/a,BASE,3600\n"));
    EXPECT_THAT(document.csv(), HasSubstr("\nshared_cap,1,together,,0.075,5400,5652,150/157\n"));
    EXPECT_THAT(document.csv(), HasSubstr("\nloss,3,,programs/b,2000\n"));
    const std::string entries = document.csv().substr(document.csv().find("\nentry,"));
    if (csv.empty()) csv = entries;
    EXPECT_EQ(entries, csv);
  }
}

// Any figure of the plan, changed, is found.
TEST_F(StackedCloseTest, TheVerifierFindsWhatIsChanged) {
  CreateS2(world_, stacks_);
  Tell(S2Lines());
  ASSERT_OK(stacks_.Close("s2", "2024Q2"));
  ASSERT_OK(world_.Issue("2024Q2"));
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(1));
  const std::vector<v1::StatementLine> lines = world_.Lines(statements[0].name());
  int changes = 0;
  const auto found = [&](const v1::Statement& changed, const std::string& what) {
    ++changes;
    EXPECT_THAT(cli::VerifyStatement(changed, lines), Not(IsEmpty())) << what;
  };
  const auto each_text = [&](const auto& visit, google::protobuf::Message* message, const v1::Statement& changed,
                             const std::string& at) -> void {
    const auto* reflection = message->GetReflection();
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    reflection->ListFields(*message, &fields);
    for (const auto* field : fields) {
      const std::string path = at + "." + field->name();
      if (field->is_repeated()) {
        for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
          visit(visit, reflection->MutableRepeatedMessage(message, field, i), changed, path);
        }
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
        visit(visit, reflection->MutableMessage(message, field), changed, path);
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING &&
                 field->name() != "currency_code") {
        const std::string before = reflection->GetString(*message, field);
        reflection->SetString(message, field, before + "1");
        found(changed, path);
        reflection->SetString(message, field, before);
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_ENUM) {
        const int before = reflection->GetEnumValue(*message, field);
        reflection->SetEnumValue(message, field, 3 - before);
        found(changed, path);
        reflection->SetEnumValue(message, field, before);
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_INT64 && field->name() == "units") {
        const int64_t before = reflection->GetInt64(*message, field);
        reflection->SetInt64(message, field, before + 1);
        found(changed, path);
        reflection->SetInt64(message, field, before);
      }
    }
  };
  v1::Statement changed = statements[0];
  for (v1::StatementEntry& entry : *changed.mutable_entries()) {
    each_text(each_text, entry.mutable_stacked(), changed, entry.program());
  }
  EXPECT_GT(changes, 35);
  EXPECT_THAT(cli::VerifyStatement(changed, lines), IsEmpty()) << "all is as it was";
  changed.mutable_entries(1)->clear_stacked();
  found(changed, "an entry that says nothing of the plan");
  changed = statements[0];
  std::vector<v1::StatementLine> moved = lines;
  moved[2].mutable_share()->set_units(moved[2].share().units() + 1);
  EXPECT_THAT(cli::VerifyStatement(changed, moved), Not(IsEmpty()));
}

// 600 and 400: A 10 % on the first, C 8 % on the second, B 5 % on both and net of A; B and C exclude each other.
TEST_F(StackedCloseTest, GroupsCompareLinesOrPeriods) {
  const std::vector<ShipmentLine> lines = {Line("L1", "2024-05-01", "1", 600, "products/x"),
                                           Line("L2", "2024-05-02", "1", 400, "products/y")};
  world_.CreateActive("a", Flat("0.1", "lines { products: 'products/x' }"));
  world_.CreateActive("b", Flat("0.05"));
  world_.CreateActive("c", Flat("0.08", "lines { products: 'products/y' }"));
  const auto plan = [](const std::string& scope) {
    return PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' lowers: BASE } groups { group: 'g' scope: " +
                  scope + " members { program: 'programs/b' } members { program: 'programs/c' } }");
  };
  stacks_.CreateActive("lines", plan("LINE"));
  Tell(lines);
  EXPECT_EQ(Minor(Accrual("a").evaluation().value()), 6000);
  EXPECT_EQ(Minor(Accrual("b").evaluation().value()), 2700);
  EXPECT_EQ(Minor(Accrual("c").evaluation().value()), 3200);
  ASSERT_EQ(Accrual("b").stacked().losses_size(), 1);
  EXPECT_EQ(Accrual("b").stacked().losses(0).fact(), lines[1].name());
  v1::ListAccrualLinesRequest list;
  list.set_parent("partners/p2/accruals/b.2024Q2");
  ASSERT_OK_AND_ASSIGN(const auto shares, world_.finance().Call<v1::ListAccrualLinesResponse>(
                                              std::string(kAccruals) + "ListAccrualLines", list));
  ASSERT_EQ(shares.accrual_lines_size(), 2);
  EXPECT_EQ(Minor(shares.accrual_lines(0).share()), 2700);
  EXPECT_EQ(Minor(shares.accrual_lines(1).share()), 0);

  // A return goes with its sale, also where it is told first and where the period is closed.
  ShipmentLine back = Line("R1", "2024-06-01", "-1", -100, "products/y");
  back.set_original_line(lines[1].name());
  ASSERT_OK_AND_ASSIGN(const auto closed, stacks_.Close("lines", "2024Q2"));
  EXPECT_EQ(closed.period_closes_size(), 3);
  ASSERT_OK(world_.Issue("2024Q2"));
  Tell({back});
  ASSERT_OK(stacks_.Close("lines", "2024Q3"));
  ASSERT_OK(world_.Issue("2024Q3"));
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(Amounts(statements[0]), "a 60.00, b 27.00, c 32.00");
  EXPECT_EQ(Amount(statements[0].total()), "CNY 119.000000000");
  EXPECT_EQ(Amounts(statements[1], v1::StatementEntry::TRUE_UP), "a 0.00, b 0.00, c -8.00");
  ExpectVerified();
}

TEST_F(StackedCloseTest, GroupsComparePeriods) {
  world_.CreateActive("a", Flat("0.1", "lines { products: 'products/x' }"));
  world_.CreateActive("b", Flat("0.05"));
  world_.CreateActive("c", Flat("0.08", "lines { products: 'products/y' }"));
  stacks_.CreateActive("periods", PlanOf(R"pb(
                         net_of { program: "programs/b" upstream: "programs/a" }
                         groups {
                           group: "g"
                           scope: PARTNER_PERIOD
                           members { program: "programs/b" }
                           members { program: "programs/c" }
                         }
                       )pb"));
  Tell({Line("L2", "2024-05-02", "1", 400, "products/y"), Line("L1", "2024-05-01", "1", 600, "products/x")});
  ASSERT_OK(stacks_.Close("periods", "2024Q2"));
  ASSERT_OK(world_.Issue("2024Q2"));
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(1));
  EXPECT_EQ(Amounts(statements[0]), "a 60.00, b 47.00, c 0.00");
  EXPECT_EQ(Amount(statements[0].total()), "CNY 107.000000000");
  ExpectVerified();
}

// Microsoft's four deals on one line of 1,000: there 610, 625, 630 or 650 by the order of processing.
TEST_F(StackedCloseTest, FourDealsPay610) {
  world_.CreateActive("d1", Flat("0.1"));
  world_.CreateActive("d2", Flat("0.15"));
  world_.CreateActive("d3", Flat("0.2"));
  world_.CreateActive("d4", Flat("0.25"));
  stacks_.CreateActive("deals", PlanOf(R"pb(
                         net_of { program: "programs/d4" upstream: "programs/d3" }
                         net_of { program: "programs/d3" upstream: "programs/d1" }
                         net_of { program: "programs/d4" upstream: "programs/d1" }
                       )pb"));
  Tell({Line("L1", "2024-05-01", "1", 1000)});
  ASSERT_OK(stacks_.Close("deals", "2024Q2"));
  ASSERT_OK(world_.Close("d2", "2024Q2"));  // the plan says nothing of it
  ASSERT_OK(world_.Issue("2024Q2"));
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(1));
  EXPECT_EQ(Amounts(statements[0]), "d1 100.00, d3 180.00, d4 180.00, d2 150.00");
  EXPECT_EQ(Amount(statements[0].total()), "CNY 610.000000000");
  EXPECT_FALSE(statements[0].entries(3).has_stacked());
  ExpectVerified();
}

// Whatever is told after the close, statements sum to the stack of all facts.
TEST_F(StackedCloseTest, TrueUpsTelescopeToTheStackOfAllFacts) {
  CreateS2(world_, stacks_);
  Tell(S2Lines());
  ASSERT_OK(stacks_.Close("s2", "2024Q2"));
  ASSERT_OK(world_.Issue("2024Q2"));
  // So many units that C wins: B pays nothing any more.
  ShipmentLine back = Line("R1", "2024-07-01", "-10", -7200);
  back.set_original_line(S2Lines()[1].name());
  Tell({back, Line("INV4", "2024-06-30", "40", 100), Line("INV5", "2024-07-15", "20", 10000)});
  std::map<std::string, int64_t> whole;
  for (const char* program : {"a", "b", "c"}) {
    whole[program] = Minor(Accrual(program).evaluation().value());
    EXPECT_EQ(Minor(Accrual(program).unstated_amount()), whole[program] - Minor(Accrual(program).stated_amount()));
  }
  // A 64,900 x 5 % = 3,245; B (64,900 - 3,245) x 3 % = 1,849.65; C 130 x 25, capped: 2,000, and B loses.
  EXPECT_EQ(whole, (std::map<std::string, int64_t>{{"a", 324500}, {"b", 0}, {"c", 200000}}));

  ASSERT_OK_AND_ASSIGN(const auto closed, stacks_.Close("s2", "2024Q3"));
  EXPECT_EQ(closed.period_closes(1).true_ups(), 1);
  ASSERT_OK(world_.Issue("2024Q3"));
  std::vector<v1::Statement> statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(Amounts(statements[1], v1::StatementEntry::TRUE_UP), "a -194.49, b -1960.51, c 2000.00");
  // 2024Q3 by itself: 10,000 x 5 % = 500, 9,500 x 3 % = 285, 20 x 25 = 500 wins over 285.
  EXPECT_EQ(Amounts(statements[1]), "a 500.00, b 0.00, c 500.00");
  ExpectVerified();

  // Once the plan has ended, late facts are stated without a close; members do not state them by themselves.
  EXPECT_THAT(stacks_.StateTrueUps("s2"), HasReason(Reason::kStateConflict));
  ASSERT_OK(stacks_.End("s2"));
  Tell({ReversalOf(Line("INV4", "2024-06-30", "40", 100))});
  ASSERT_OK_AND_ASSIGN(const auto stated, stacks_.StateTrueUps("s2"));
  EXPECT_EQ(stated.statements(), 1);
  EXPECT_EQ(stated.true_ups(), 3);
  ASSERT_OK_AND_ASSIGN(const auto again, stacks_.StateTrueUps("s2"));
  EXPECT_EQ(again.true_ups(), 0);
  statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(3));
  EXPECT_EQ(statements[2].kind(), v1::Statement::TRUE_UP);
  // Without it A has 64,800 x 5 % = 3,240, B 61,560 x 3 % = 1,846.80, C 90 x 25 = 2,250, capped: 2,000.
  EXPECT_EQ(Amounts(statements[2], v1::StatementEntry::TRUE_UP), "a -5.00, b 0.00, c 0.00");
  for (const char* program : {"a", "b", "c"}) {
    EXPECT_EQ(Minor(Accrual(program).unstated_amount()), 0) << program;
  }
  ASSERT_OK(world_.Issue(statements[2].period()));
  ExpectVerified();
}

// What late lines make of a member whose time is over is stated with the plan's next close, and the ledger follows it.
TEST_F(StackedCloseTest, TheLedgerFollowsMembersWhoseTimeIsOver) {
  world_.CreateActive("a", Flat("0.05"));
  world_.CreateActive("b", Flat("0.03", "effective_to { year: 2024 month: 7 day: 1 }"));
  stacks_.CreateActive("s", PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' }"));
  Tell({Line("L1", "2024-05-01", "1", 1000)});
  ASSERT_OK(stacks_.Close("s", "2024Q2"));
  ASSERT_OK(world_.Issue("2024Q2"));
  Tell({Line("L2", "2024-06-01", "1", 1000)});
  for (const char* program : {"programs/a", "programs/b"}) {
    v1::EnterAccrualsRequest enter;
    enter.set_name(program);
    enter.set_request_id(NewRequestId());
    ASSERT_OK_AND_ASSIGN(const auto entered, world_.finance().Call<v1::EnterAccrualsResponse>(
                                                 "tributary.incentive.v1.LedgerService/EnterAccruals", enter));
    EXPECT_EQ(entered.entered(), 1) << program;
  }
  Tell({Line("L3", "2024-06-02", "1", 1000)});
  ASSERT_OK(stacks_.Close("s", "2024Q3"));
  v1::GetAccruedBalancesRequest get;
  get.set_name("partners/p2/accruedBalances");
  get.set_program("programs/b");
  ASSERT_OK_AND_ASSIGN(const auto accrued, world_.finance().Call<v1::AccruedBalances>(
                                               "tributary.incentive.v1.LedgerService/GetAccruedBalances", get));
  ASSERT_EQ(accrued.balances_size(), 1);
  EXPECT_EQ(Minor(accrued.balances(0).accrued()), 5700);  // 3 % of 950, twice: what the draft says
}

partner::v1::ExchangeRate DollarsOn(const std::string& date, const char* rate) {
  partner::v1::ExchangeRate message;
  message.set_name("exchangeRates/spot.USD.CNY." + date);
  message.set_state(partner::v1::ExchangeRate::ACTIVE);
  message.set_rate_type("spot");
  message.set_from_currency("USD");
  message.set_to_currency("CNY");
  *message.mutable_date() = DateOf(date);
  message.mutable_rate()->set_value(rate);
  return message;
}

// A 5 % and B 3 % net of A, both by the rates of the day; A shares a cap of 5 with a target that charges 40 whom it
// names. A line in dollars waits for its rate.
TEST_F(StackedCloseTest, MembersConvertAndCharge) {
  world_.CreateActive("a", Flat("0.05", "rate_type: 'spot'"));
  world_.CreateActive("b", Flat("0.03", "rate_type: 'spot'"));
  world_.CreateActive("fine", ProgramOf(R"pb(
                        shape: TARGET
                        tiers {
                          from_amount { value: "100000" }
                          amount { value: "40" }
                        }
                        max_penalty { value: "100" }
                        eligibility { partners: "partners/p2" partners: "partners/p3" }
                      )pb"));
  stacks_.CreateActive("s", PlanOf(R"pb(
                         net_of { program: "programs/b" upstream: "programs/a" }
                         caps {
                           cap: "most"
                           members: "programs/a"
                           members: "programs/fine"
                           amount { value: "5" }
                         }
                       )pb"));
  ShipmentLine dollars = Line("INV2", "2024-04-23", "1", 100);
  dollars.mutable_net_amount()->set_currency_code("USD");
  Tell({Line("INV1", "2024-04-02", "1", 1000), dollars});
  EXPECT_EQ(Accrual("b").unpriced_lines(), 1);
  EXPECT_EQ(Accrual("b").stacked().exact_base(), "950");

  // 50 - 40 is above 5: A pays (5 + 40) / 50 of its own.
  ASSERT_OK_AND_ASSIGN(const auto closed, stacks_.Close("s", "2024Q2"));
  ASSERT_EQ(closed.period_closes_size(), 3);
  EXPECT_EQ(closed.period_closes(0).unpriced_lines(), 1);
  ASSERT_OK(world_.Issue("2024Q2"));
  std::vector<v1::Statement> statements = world_.Statements(world_.finance());
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(Amounts(statements[0]), "a 45.00, b 28.50, fine -40.00");
  EXPECT_EQ(statements[0].entries(0).stacked().factor(), "9/10");
  EXPECT_EQ(statements[0].entries(2).stacked().factor(), "1");
  EXPECT_EQ(Amounts(statements[1]), "fine -40.00") << "p3 has no line";
  ExpectVerified();

  // The rate makes it 1,720: A has 86, of which the cap leaves 45; B 3 % of 1,634.
  feed_.Tell(DollarsOn("2024-04-23", "7.2"));
  world_.CatchUp();
  EXPECT_EQ(Accrual("b").unpriced_lines(), 0);
  EXPECT_EQ(Accrual("b").stacked().exact_base(), "1634");
  ASSERT_OK(stacks_.Close("s", "2024Q3"));
  ASSERT_OK(world_.Issue("2024Q3"));
  statements = world_.Statements(world_.finance(), "partners/p2");
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(Amounts(statements[1], v1::StatementEntry::TRUE_UP), "a 0.00, b 20.52, fine 0.00");
  EXPECT_EQ(Amounts(statements[1]), "fine -40.00");
  ExpectVerified();

  // Simulated, both members count the line by its rate.
  v1::CreateSimulationRequest request;
  request.mutable_simulation()->set_stacking_plan("stackingPlans/s");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  const auto simulated = AnswerOf<v1::Simulation>(operation);
  // 2024Q2 alone has lines: 45 + 49.02 - 40 of p2, and p3's 40.
  EXPECT_EQ(Amount(simulated.total()), "CNY 14.020000000");
}

// The same facts told in time or late, in any order, sum to the same money.
TEST_F(StackedCloseTest, LateFactsLeaveNoTrace) {
  std::mt19937 random(11);
  for (int round = 0; round < 3; ++round) {
    std::vector<ShipmentLine> lines;
    for (int i = 0; i < 8; ++i) {
      const int64_t units = 1 + static_cast<int64_t>(random() % 40);
      const std::string document = "D" + std::to_string(round) + "x" + std::to_string(i);
      lines.push_back(Line(document, "2024-05-05", std::to_string(units).c_str(), units * 700 + random() % 99));
      if (random() % 4 != 0) continue;
      ShipmentLine back = Line(document + "r", "2024-06-06", "-1", -700);
      back.set_original_line(lines.back().name());
      lines.push_back(back);
    }
    std::map<std::string, int64_t> sums[2];
    for (const bool late : {false, true}) {
      const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
      ShipmentFeed feed(keys_, *inventory);
      World world(keys_, feed);
      Stacks stacks(world);
      CreateS2(world, stacks);
      std::shuffle(lines.begin(), lines.end(), random);
      const auto half = late ? lines.begin() + static_cast<std::ptrdiff_t>(lines.size() / 2) : lines.end();
      feed.Tell({lines.begin(), half});
      world.CatchUp();
      ASSERT_OK(stacks.Close("s2", "2024Q2"));
      ASSERT_OK(world.Issue("2024Q2"));
      if (half != lines.end()) feed.Tell({half, lines.end()});
      world.CatchUp();
      ASSERT_OK(stacks.Close("s2", "2024Q3"));
      ASSERT_OK(world.Issue("2024Q3"));
      for (const v1::Statement& statement : world.Statements(world.finance())) {
        EXPECT_THAT(cli::VerifyStatement(statement, world.Lines(statement.name())), IsEmpty()) << statement.name();
        for (const v1::StatementEntry& entry : statement.entries()) {
          sums[late ? 1 : 0][entry.program()] += Minor(entry.amount());
        }
      }
    }
    EXPECT_EQ(sums[0], sums[1]) << "round " << round;
  }
}

}  // namespace
}  // namespace tributary::incentive

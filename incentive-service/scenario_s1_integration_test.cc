// Scenario 1, the incentive part, through the wire: a quarter that will not stay closed.

#include <algorithm>
#include <random>

#include "absl/strings/str_split.h"
#include "cli/verify/verify.h"
#include "common/digest/sha256.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/statements/statement_export.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// By ship date, in CNY and the time of Shanghai. Years are those of the scenario less two, so that its periods have
// ended.
v1::Program CnyProgram(const std::string& more) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                                  display_name: "R"
                                                                  basis: SELL_IN
                                                                  currency: "CNY"
                                                                  rate_type: "spot"
                                                                  time_zone: "Asia/Shanghai"
                                                                  effective_from { year: 2024 month: 1 day: 1 }
                                                                )pb" +
                                                                more,
                                                            &program));
  return program;
}
v1::Program R1() {
  return CnyProgram(R"pb(
    shape: RETROACTIVE
    period: QUARTER
    tiers {
      from_amount { value: "0" }
      rate { value: "0.02" }
    }
    tiers {
      from_amount { value: "50000" }
      rate { value: "0.03" }
    }
    tiers {
      from_amount { value: "100000" }
      rate { value: "0.04" }
    }
  )pb");
}
v1::Program R2() {
  return CnyProgram(R"pb(
    shape: MARGINAL
    period: YEAR
    payout_period: QUARTER
    tiers {
      from_amount { value: "0" }
      rate { value: "0" }
    }
    tiers {
      from_amount { value: "100000" }
      rate { value: "0.01" }
    }
    tiers {
      from_amount { value: "200000" }
      rate { value: "0.02" }
    }
  )pb");
}

ShipmentLine L(int number, const char* ship_date, const char* units, int64_t amount, int32_t nanos = 0,
               const char* currency = "CNY") {
  ShipmentLine line = LineOf("p1", "L" + std::to_string(number), 1, ship_date, ship_date, amount, nanos, currency);
  line.mutable_quantity()->set_value(units);
  return line;
}

partner::v1::ExchangeRate Usd(const char* date, const char* rate) {
  partner::v1::ExchangeRate message;
  message.set_name(std::string("exchangeRates/spot.USD.CNY.") + date);
  message.set_state(partner::v1::ExchangeRate::ACTIVE);
  message.set_rate_type("spot");
  message.set_from_currency("USD");
  message.set_to_currency("CNY");
  *message.mutable_date() = DateOf(date);
  message.mutable_rate()->set_value(rate);
  return message;
}

class ScenarioS1Test : public WorldTest {
 protected:
  std::vector<ShipmentLine> InTime() {
    return {L(1, "2024-01-15", "400", 40000), L(2, "2024-02-20", "350", 5000, 0, "USD"),
            L(3, "2024-03-30", "200", 20000, 5000000)};
  }
  // What is told between the closes: L4 to L6, and L7 that r2 alone counts.
  std::vector<ShipmentLine> Late() {
    ShipmentLine back = L(6, "2024-05-20", "-175", -2500, 0, "USD");
    back.set_original_line(InTime()[1].name());
    return {L(4, "2024-03-31", "60", 6000), L(5, "2024-05-10", "600", 60000), back, L(7, "2024-02-10", "300", 30000)};
  }
  std::string Total(const v1::Statement& statement) { return Amount(statement.total()); }
  v1::ExportStatementResponse Export(const std::string& name) {
    v1::ExportStatementRequest request;
    request.set_name(name);
    const auto exported =
        world_.finance().Call<v1::ExportStatementResponse>(std::string(kStatements) + "ExportStatement", request);
    EXPECT_OK(exported);
    return exported.value_or(v1::ExportStatementResponse());
  }
};

TEST_F(ScenarioS1Test, InOrderReversedShuffledAndDoubled) {
  enum Order { kInOrder, kReversed, kShuffled, kDoubled };
  for (const Order order : {kInOrder, kReversed, kShuffled, kDoubled}) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    std::mt19937 random(order);
    const auto tell = [&](std::vector<ShipmentLine> lines) {
      if (order == kReversed) std::reverse(lines.begin(), lines.end());
      if (order == kShuffled) std::shuffle(lines.begin(), lines.end(), random);
      for (const ShipmentLine& line : lines) {
        for (int i = 0; i < (order == kDoubled ? 2 : 1); ++i) feed.Tell({line});
      }
      world.CatchUp();
    };
    feed.Tell(Usd("2024-02-20", "7.1234"));
    feed.Tell(Usd("2024-05-20", "7.0000"));
    // All is recorded while this test runs, years after 2024Q1: r1 sets no limit, and L7 follows its last close here.
    world.CreateActive("r1", R1());
    world.CreateActive("r2", R2());
    tell(InTime());

    v1::WhatNextRequest next;
    next.set_name("partners/p1/accruals/r1.2024Q1");
    ASSERT_OK_AND_ASSIGN(const auto missing,
                         world.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", next));
    EXPECT_EQ(missing.missing_amount().value(), "4382.995");
    EXPECT_EQ(Amount(missing.value_now()), "CNY 2868.510000000");
    EXPECT_EQ(Amount(missing.value_then()), "CNY 4000.000000000");

    ASSERT_OK(world.Close("r1", "2024Q1"));
    ASSERT_OK(world.Close("r2", "2024Q1"));
    ASSERT_OK(world.Issue("2024Q1"));
    std::vector<ShipmentLine> late = Late();
    late.pop_back();  // L7 follows by itself
    tell(late);

    ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world.GetAccrual("partners/p1/accruals/r1.2024Q1"));
    EXPECT_EQ(Amount(accrual.stated_amount()), "CNY 2868.510000000");
    EXPECT_EQ(Amount(accrual.evaluation().value()), "CNY 2514.260000000");
    EXPECT_EQ(Amount(accrual.unstated_amount()), "CNY -354.250000000");
    int64_t true_ups = 0;
    for (const v1::TrueUp& true_up : accrual.true_ups()) {
      true_ups += true_up.amount().units() * 100 + true_up.amount().nanos() / 10000000;
    }
    EXPECT_EQ(true_ups, -35425);
    if (order == kInOrder) {
      ASSERT_EQ(accrual.true_ups_size(), 2);
      EXPECT_EQ(Amount(accrual.true_ups(0).amount()), "CNY 1196.170000000");
      EXPECT_EQ(Amount(accrual.true_ups(1).amount()), "CNY -1550.420000000");
    }

    ASSERT_OK(world.Close("r1", "2024Q2"));
    tell({Late().back()});
    ASSERT_OK(world.Close("r2", "2024Q2"));
    ASSERT_OK(world.Issue("2024Q2"));
    const std::vector<v1::Statement> statements = world.Statements(world.finance());
    ASSERT_THAT(statements, SizeIs(2));
    EXPECT_EQ(Total(statements[0]), "CNY 2868.510000000");
    EXPECT_EQ(Total(statements[1]), "CNY 2183.840000000");
    ASSERT_EQ(statements[1].entries_size(), 3);
    EXPECT_EQ(Amount(statements[1].entries(0).amount()), "CNY 1800.000000000");
    EXPECT_EQ(Amount(statements[1].entries(1).amount()), "CNY -354.250000000");
    EXPECT_EQ(statements[1].entries(1).kind(), v1::StatementEntry::TRUE_UP);
    EXPECT_EQ(statements[1].entries(1).period(), "2024Q1");
    EXPECT_EQ(Amount(statements[1].entries(2).amount()), "CNY 738.090000000");
    EXPECT_EQ(statements[1].entries(2).exact_qualifying_amount(), "34761701/200");
    for (const v1::Statement& statement : statements) {
      EXPECT_THAT(cli::VerifyStatement(statement, world.Lines(statement.name())), IsEmpty()) << statement.name();
    }
    EXPECT_EQ(statements[1].previous_hash(), statements[0].hash());
    // What a payout period shows is of its own time.
    ASSERT_OK_AND_ASSIGN(const v1::Accrual first, world.GetAccrual("partners/p1/accruals/r2.2024Q1"));
    EXPECT_EQ(Amount(first.stated_amount()), "CNY 0.000000000");
    ASSERT_OK_AND_ASSIGN(const v1::Accrual second, world.GetAccrual("partners/p1/accruals/r2.2024Q2"));
    EXPECT_EQ(Amount(second.stated_amount()), "CNY 738.090000000");
    EXPECT_EQ(Amount(second.unstated_amount()), "CNY 0.000000000");
    EXPECT_THAT(statements[0].hash(), SizeIs(64));
  }
}

// Recorded after the days of grace: kept, left out, and explained. A year that is open takes it.
TEST_F(ScenarioS1Test, WhatComesAfterGraceIsExplained) {
  v1::Program r1 = R1();
  r1.set_grace_days(60);
  world_.CreateActive("r1", r1);
  world_.CreateActive("r2", R2());
  feed_.Tell(Usd("2024-02-20", "7.1234"));
  feed_.Tell(InTime());
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("r1", "2024Q1"));
  feed_.Tell({Late().back()});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual accrual, world_.GetAccrual("partners/p1/accruals/r1.2024Q1"));
  EXPECT_EQ(Amount(accrual.unstated_amount()), "CNY 0.000000000");
  ASSERT_EQ(accrual.true_ups_size(), 1);
  EXPECT_EQ(Amount(accrual.true_ups(0).amount()), "CNY 0.000000000");

  v1::ExplainAbsenceRequest why;
  why.set_name(Late().back().name());
  ASSERT_OK_AND_ASSIGN(const auto absences, world_.finance().Call<v1::ExplainAbsenceResponse>(
                                                std::string(kAccruals) + "ExplainAbsence", why));
  ASSERT_EQ(absences.absences_size(), 2);
  EXPECT_EQ(absences.absences(0).reason(), v1::Absence::LATE_BEYOND_GRACE);
  EXPECT_EQ(absences.absences(0).want(), "before 2024-05-30T16:00:00Z");
  EXPECT_EQ(absences.absences(1).program(), "programs/r2");
  EXPECT_EQ(absences.absences(1).reason(), v1::Absence::REASON_UNSPECIFIED);
  // The accrual's lines: those that count share its value, the other says why not.
  v1::ListAccrualLinesRequest list;
  list.set_parent("partners/p1/accruals/r1.2024Q1");
  list.set_page_size(3);
  const std::string list_lines = std::string(kAccruals) + "ListAccrualLines";
  ASSERT_OK_AND_ASSIGN(const auto page, world_.finance().Call<v1::ListAccrualLinesResponse>(list_lines, list));
  ASSERT_EQ(page.accrual_lines_size(), 3);
  EXPECT_EQ(page.accrual_lines(1).fact(), Late().back().name());
  EXPECT_EQ(page.accrual_lines(1).reason(), v1::Absence::LATE_BEYOND_GRACE);
  EXPECT_EQ(Amount(page.accrual_lines(1).share()), "CNY 0.000000000");
  EXPECT_EQ(Amount(page.accrual_lines(0).share()), "CNY 1200.000000000");
  EXPECT_EQ(Amount(page.accrual_lines(2).share()), "CNY 1068.510000000");
  list.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto rest, world_.finance().Call<v1::ListAccrualLinesResponse>(list_lines, list));
  ASSERT_EQ(rest.accrual_lines_size(), 1);
  EXPECT_EQ(Amount(rest.accrual_lines(0).share()), "CNY 600.000000000");
  EXPECT_EQ(rest.next_page_token(), "");

  // A return may still come.
  ShipmentLine back = L(8, "2024-05-20", "-100", -10000);
  back.set_original_line(InTime()[0].name());
  feed_.Tell({back});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual lower, world_.GetAccrual("partners/p1/accruals/r1.2024Q1"));
  EXPECT_EQ(Amount(lower.evaluation().value()), "CNY 2568.510000000");
  why.set_name("partners/p1/shipments/none/lines/1");
  why.set_program("programs/r1");
  ASSERT_OK_AND_ASSIGN(const auto unknown, world_.finance().Call<v1::ExplainAbsenceResponse>(
                                               std::string(kAccruals) + "ExplainAbsence", why));
  EXPECT_EQ(unknown.absences(0).reason(), v1::Absence::UNKNOWN_LINE);
}

TEST_F(ScenarioS1Test, ALineWaitsForItsRate) {
  world_.CreateActive("r1", R1());
  feed_.Tell(InTime());
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual waiting, world_.GetAccrual("partners/p1/accruals/r1.2024Q1"));
  EXPECT_EQ(waiting.unpriced_lines(), 1);
  EXPECT_EQ(Amount(waiting.evaluation().value()), "CNY 1800.000000000");
  v1::ExplainAbsenceRequest why;
  why.set_name(InTime()[1].name());
  ASSERT_OK_AND_ASSIGN(const auto absences, world_.finance().Call<v1::ExplainAbsenceResponse>(
                                                std::string(kAccruals) + "ExplainAbsence", why));
  EXPECT_EQ(absences.absences(0).reason(), v1::Absence::UNPRICED);
  EXPECT_THAT(absences.absences(0).want(), HasSubstr("exchangeRates/spot.USD.CNY.2024-02-20"));
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.CloseAndIssue("r1", "2024Q1"));
  EXPECT_EQ(close.unpriced_lines(), 1);
  feed_.Tell(Usd("2024-02-20", "7.1234"));
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose next, world_.CloseAndIssue("r1", "2024Q2"));
  EXPECT_EQ(next.true_ups(), 1);
  EXPECT_EQ(Amount(next.total()), "CNY 1068.510000000");
  // It was told wrong: 95,618.0050 x 3 % is 0.03 more.
  feed_.Tell(Usd("2024-02-20", "7.1236"));
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose after, world_.CloseAndIssue("r1", "2024Q3"));
  EXPECT_EQ(Amount(after.total()), "CNY 0.030000000");
}

// The document alone proves itself: its hash is that of its bytes, and names the one before.
TEST_F(ScenarioS1Test, TheExportIsWhatTheHashIsOf) {
  world_.CreateActive("r1", R1());
  feed_.Tell(Usd("2024-02-20", "7.1234"));
  feed_.Tell(InTime());
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("r1", "2024Q1"));
  feed_.Tell({Late()[1]});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("r1", "2024Q2"));
  const v1::ExportStatementResponse first = Export("partners/p1/statements/1");
  const v1::ExportStatementResponse second = Export("partners/p1/statements/2");
  EXPECT_EQ(Sha256Hex(first.csv()), first.hash());
  EXPECT_EQ(Sha256Hex(second.csv()), second.hash());
  EXPECT_THAT(second.csv(), HasSubstr(first.hash()));
  EXPECT_THAT(first.csv(), HasSubstr("converted,1,USD,2024-02-20,5000,7.1234,1\n"));
  EXPECT_THAT(first.csv(),
              HasSubstr("line,1,2,partners/p1/shipments/L2/lines/1,2024-02-20,products/351,350,USD,5000,1068.51\n"));
  EXPECT_THAT(first.csv(), HasSubstr("total,2868.51\n"));
  std::string forged = first.csv();
  forged.replace(forged.find("7.1234"), 6, "7.1235");
  EXPECT_NE(Sha256Hex(forged), first.hash());
}

// A program that has ended states what late facts did, in a statement of its own kind.
TEST_F(ScenarioS1Test, AfterTheLastPeriodTrueUpsAreStatedByThemselves) {
  v1::Program r1 = R1();
  *r1.mutable_effective_to() = DateOf("2024-04-01");
  world_.CreateActive("r1", r1);
  feed_.Tell(Usd("2024-02-20", "7.1234"));
  feed_.Tell(InTime());
  world_.CatchUp();
  v1::StateTrueUpsRequest request;
  request.set_name("programs/r1");
  const auto state = [&] {
    request.set_request_id(NewRequestId());
    return world_.finance().Call<v1::StateTrueUpsResponse>(std::string(kCloses) + "StateTrueUps", request);
  };
  EXPECT_THAT(state(), HasReason(Reason::kStateConflict));
  ASSERT_OK(world_.CloseAndIssue("r1", "2024Q1"));
  v1::EndProgramRequest end;
  end.set_name("programs/r1");
  ASSERT_OK(world_.finance().Call<v1::Program>(std::string(kPrograms) + "EndProgram", end));
  feed_.Tell({Late()[0]});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::StateTrueUpsResponse stated, state());
  EXPECT_EQ(stated.true_ups(), 1);
  EXPECT_EQ(Amount(stated.total()), "CNY 1196.170000000");
  ASSERT_OK_AND_ASSIGN(const v1::StateTrueUpsResponse again, state());
  EXPECT_EQ(again.true_ups(), 0);
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance(), "partners/p1", "kind = TRUE_UP");
  ASSERT_THAT(statements, SizeIs(1));
  ASSERT_OK(world_.Issue(statements[0].period()));
  EXPECT_THAT(cli::VerifyStatement(world_.Statements(world_.finance(), "partners/p1", "kind = TRUE_UP")[0],
                                   world_.Lines(statements[0].name())),
              IsEmpty());
}

// Issued by one, settled by another: the total is a lot of the partner's wallet. What is below zero is taken back.
TEST_F(ScenarioS1Test, ASecondPersonSettlesIntoTheWallet) {
  world_.CreateActive("r1", R1());
  feed_.Tell(Usd("2024-02-20", "7.1234"));
  feed_.Tell(InTime());
  world_.CatchUp();
  ASSERT_OK(world_.Close("r1", "2024Q1"));
  const auto call = [&](rpc::Client& client, const std::string& method, const std::string& name) {
    v1::SettleStatementRequest request;
    request.set_name(name);
    *request.mutable_expires_on() = DateOf("2099-12-31");
    return client.Call<v1::Statement>(std::string(kStatements) + method, request);
  };
  const std::unique_ptr<rpc::Client> second = keys_.NewClient(world_.port(), api::v1::FINANCE, "", "second");
  EXPECT_THAT(call(*second, "SettleStatement", "partners/p1/statements/1"), HasReason(Reason::kStateConflict));
  ASSERT_OK(world_.Issue("2024Q1"));
  const std::unique_ptr<rpc::Client> p1 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  v1::AcceptStatementRequest accept;
  accept.set_name("partners/p1/statements/1");
  ASSERT_OK_AND_ASSIGN(const auto accepted,
                       p1->Call<v1::Statement>(std::string(kStatements) + "AcceptStatement", accept));
  EXPECT_EQ(accepted.state(), v1::Statement::ACCEPTED);
  EXPECT_THAT(call(world_.finance(), "SettleStatement", "partners/p1/statements/1"),
              HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(call(*p1, "SettleStatement", "partners/p1/statements/1"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const v1::Statement settled, call(*second, "SettleStatement", "partners/p1/statements/1"));
  EXPECT_EQ(settled.state(), v1::Statement::SETTLED);
  EXPECT_THAT(call(*second, "SettleStatement", "partners/p1/statements/1"), HasReason(Reason::kStateConflict));

  const auto wallet = [&] {
    v1::GetWalletRequest get;
    get.set_name("partners/p1/wallets/CNY");
    const auto read = p1->Call<v1::Wallet>("tributary.incentive.v1.WalletService/GetWallet", get);
    EXPECT_OK(read);
    return read.value_or(v1::Wallet());
  };
  ASSERT_EQ(wallet().lots_size(), 1);
  EXPECT_EQ(wallet().lots(0).lot(), "statement-1");
  EXPECT_EQ(wallet().lots(0).source(), "partners/p1/statements/1");
  EXPECT_EQ(Amount(wallet().balance()), "CNY 2868.510000000");

  // All goes back: the next statement takes it out of the wallet.
  std::vector<ShipmentLine> gone;
  for (const ShipmentLine& line : InTime()) gone.push_back(ReversalOf(line));
  feed_.Tell(gone);
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose next, world_.CloseAndIssue("r1", "2024Q2"));
  EXPECT_EQ(Amount(next.total()), "CNY -2868.510000000");
  ASSERT_OK(call(*second, "SettleStatement", "partners/p1/statements/2"));
  EXPECT_EQ(Amount(wallet().balance()), "CNY 0.000000000");
}

}  // namespace
}  // namespace tributary::incentive

// Caps of clawbacks through the wire: what true-ups take back, what stays and where the ledger has it.

#include "common/text/text.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/testing_statements.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// 2 % of each quarter's orders, from 5,000 on 4 % of all of them, with a cap in text format.
v1::Program Capped(const std::string& cap) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
            display_name: "Taken back in part"
            basis: ORDER
            shape: RETROACTIVE
            tiers {
              from_amount { value: "0" }
              rate { value: "0.02" }
            }
            tiers {
              from_amount { value: "5000" }
              rate { value: "0.04" }
            }
            period: QUARTER
            currency: "USD"
            effective_from { year: 2025 month: 1 day: 1 }
      )pb" +
          cap,
      &program));
  return program;
}

// "TRUE_UP 2025Q1 USD 99.000000000, waived USD 55.000000000: USD -50.000000000" each.
std::vector<std::string> Texts(const std::vector<v1::Statement>& statements) {
  std::vector<std::string> texts;
  for (const v1::Statement& statement : statements) {
    for (const v1::StatementEntry& entry : statement.entries()) {
      texts.push_back(StrCat(v1::StatementEntry::Kind_Name(entry.kind()), " ", entry.period(), " ",
                             Amount(entry.evaluation().value()),
                             entry.has_clawback() ? StrCat(", waived ", Amount(entry.clawback().waived())) : "", ": ",
                             Amount(entry.amount())));
    }
  }
  return texts;
}

class ClawbackTest : public WorldTest {
 protected:
  // "COST USD 105.000000000, STATED USD -50.000000000, CLAWBACK_WAIVED USD -55.000000000" each.
  std::vector<std::string> Waivers() {
    v1::ListLedgerEntriesRequest request;
    request.set_parent("partners/p1");
    request.set_account(v1::LedgerEntry::CLAWBACK_WAIVED);
    const auto page = world_.finance().Call<v1::ListLedgerEntriesResponse>(
        "tributary.incentive.v1.LedgerService/ListLedgerEntries", request);
    EXPECT_OK(page);
    std::vector<std::string> texts;
    if (!page.ok()) return texts;
    for (const v1::LedgerEntry& entry : page->ledger_entries()) {
      EXPECT_EQ(entry.program(), "programs/g");
      EXPECT_EQ(entry.period(), "2025Q1");
      std::string legs;
      for (const v1::LedgerEntry::Leg& leg : entry.legs()) {
        StrAppend(&legs, legs.empty() ? "" : ", ", v1::LedgerEntry::Account_Name(leg.account()), " ",
                  Amount(leg.amount()));
      }
      texts.push_back(std::move(legs));
    }
    return texts;
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, LedgerStore().Mismatches(sql));
      return absl::OkStatus();
    }));
    return mismatches;
  }
};

// 4,900 at 2 %; 200 late, 5,100 at 4 %; 150 of the first come back, 4,950 at 2 %; then all of it, which
// leaves 50. 98.00, 204.00, 99.00 and 1.00, of which 50.00 are taken back at most.
TEST_F(ClawbackTest, AQuarterIsTakenBackInPart) {
  world_.CreateActive("g", Capped("clawback_cap { amount { value: \"50\" } }"));
  const inventory::v1::ShipmentLine first = LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 4900);
  const std::string accrual_name = "partners/p1/accruals/g.2025Q1";
  feed_.Tell({first});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(v1::Accrual accrual, world_.GetAccrual(accrual_name));
  EXPECT_FALSE(accrual.has_clawback());  // it is open
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  feed_.Tell({LineOf("p1", "SO2", 1, "2025-03-01", "2025-03-01", 200)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  EXPECT_THAT(Waivers(), IsEmpty());

  inventory::v1::ShipmentLine back = LineOf("p1", "RT1", 1, "2025-05-02", "2025-05-02", -150);
  back.set_original_line(first.name());
  feed_.Tell({back});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(accrual, world_.GetAccrual(accrual_name));
  EXPECT_EQ(Amount(accrual.evaluation().value()), "USD 99.000000000");
  EXPECT_EQ(Amount(accrual.clawback().most_stated()), "USD 204.000000000");
  EXPECT_EQ(Amount(accrual.clawback().stays()), "USD 154.000000000");
  EXPECT_EQ(Amount(accrual.clawback().waived()), "USD 55.000000000");
  EXPECT_EQ(Amount(accrual.unstated_amount()), "USD -50.000000000");
  EXPECT_EQ(world_.Accruals("period = \"2025Q1\"").at(0).clawback().ShortDebugString(),
            accrual.clawback().ShortDebugString());
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q3"));
  EXPECT_THAT(Waivers(),
              ElementsAre("COST USD 105.000000000, STATED USD -50.000000000, CLAWBACK_WAIVED USD -55.000000000"));
  EXPECT_EQ(Mismatches(), 0);
  ASSERT_OK_AND_ASSIGN(accrual, world_.GetAccrual(accrual_name));
  EXPECT_EQ(Amount(accrual.unstated_amount()), "USD 0.000000000");

  feed_.Tell({ReversalOf(first)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose last, world_.CloseAndIssue("g", "2025Q4"));
  EXPECT_EQ(last.true_ups(), 1);
  EXPECT_EQ(Amount(last.total()), "USD 0.000000000");
  EXPECT_THAT(Texts(world_.Statements(world_.finance(), "partners/p1")),
              ElementsAre("EARNED 2025Q1 USD 98.000000000: USD 98.000000000",
                          "TRUE_UP 2025Q1 USD 204.000000000, waived USD 0.000000000: USD 106.000000000",
                          "TRUE_UP 2025Q1 USD 99.000000000, waived USD 55.000000000: USD -50.000000000",
                          "TRUE_UP 2025Q1 USD 1.000000000, waived USD 153.000000000: USD 0.000000000"));
  EXPECT_THAT(Waivers(),
              ElementsAre("COST USD 105.000000000, STATED USD -50.000000000, CLAWBACK_WAIVED USD -55.000000000",
                          "COST USD 98.000000000, CLAWBACK_WAIVED USD -98.000000000"));
  EXPECT_EQ(Mismatches(), 0);
  ASSERT_OK_AND_ASSIGN(accrual, world_.GetAccrual(accrual_name));
  EXPECT_EQ(Amount(accrual.stated_amount()), "USD 154.000000000");
  EXPECT_EQ(Amount(accrual.clawback().waived()), "USD 153.000000000");

  // Lines share what the period is worth.
  int64_t cents = 0;
  for (const v1::StatementLine& line : world_.Lines("partners/p1/statements/3")) {
    cents += line.share().units() * 100 + line.share().nanos() / 10000000;
  }
  EXPECT_EQ(cents, 9900);
  const std::string third = CsvOf(world_, "partners/p1/statements/3");
  EXPECT_THAT(third, HasSubstr("clawback,1,50,,204.00,154.00,55.00,0.00\n"));
  EXPECT_THAT(CsvOf(world_, "partners/p1/statements/4"), HasSubstr("clawback,1,50,,204.00,154.00,153.00,55.00\n"));
  ExpectVerified(world_, "partners/p1");
  for (const auto& [said, forged] :
       {std::pair(",154.00,55.00,", ",154.00,54.00,"), std::pair(",154.00,55.00,", ",155.00,56.00,"),
        std::pair(",50,,", ",49,,"), std::pair(",204.00,154.00,", ",205.00,155.00,")}) {
    std::string csv = third;
    csv.replace(csv.find(said), std::string(said).size(), forged);
    EXPECT_THAT(cli::VerifyDocument(csv).differences, Not(IsEmpty())) << forged;
  }
}

// p2 has no line when the quarter is closed: 40.00 are stated late, and a quarter of it is taken back.
TEST_F(ClawbackTest, WhatATrueUpWasTheFirstToStateIsTakenBackInPart) {
  world_.CreateActive("g", Capped("clawback_cap { share { value: \"0.25\" } }"));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 4900)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  const std::string accrual_name = "partners/p2/accruals/g.2025Q1";
  const inventory::v1::ShipmentLine late = LineOf("p2", "SO2", 1, "2025-02-10", "2025-02-10", 2000);
  feed_.Tell({late});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(v1::Accrual accrual, world_.GetAccrual(accrual_name));
  EXPECT_FALSE(accrual.stated());
  EXPECT_EQ(Amount(accrual.unstated_amount()), "USD 40.000000000");
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  ASSERT_OK_AND_ASSIGN(accrual, world_.GetAccrual(accrual_name));
  EXPECT_TRUE(accrual.stated());
  EXPECT_EQ(Amount(accrual.unstated_amount()), "USD 0.000000000");

  inventory::v1::ShipmentLine back = LineOf("p2", "RT1", 1, "2025-05-02", "2025-05-02", -2000);
  back.set_original_line(late.name());
  feed_.Tell({back});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(accrual, world_.GetAccrual(accrual_name));
  EXPECT_EQ(Amount(accrual.clawback().stays()), "USD 30.000000000");
  EXPECT_EQ(Amount(accrual.clawback().waived()), "USD 30.000000000");
  EXPECT_EQ(Amount(accrual.unstated_amount()), "USD -10.000000000");
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q3"));
  ASSERT_OK_AND_ASSIGN(accrual, world_.GetAccrual(accrual_name));
  EXPECT_EQ(Amount(accrual.stated_amount()), "USD 30.000000000");
  EXPECT_EQ(Amount(accrual.unstated_amount()), "USD 0.000000000");
  EXPECT_EQ(Mismatches(), 0);
}

// The same facts without a cap leave no trace.
TEST_F(ClawbackTest, WithoutACapAllIsTakenBack) {
  world_.CreateActive("g", Capped(""));
  const inventory::v1::ShipmentLine first = LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 4900);
  feed_.Tell({first});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q1"));
  feed_.Tell({ReversalOf(first)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  EXPECT_THAT(Texts(world_.Statements(world_.finance(), "partners/p1")),
              ElementsAre("EARNED 2025Q1 USD 98.000000000: USD 98.000000000",
                          "TRUE_UP 2025Q1 USD 0.000000000: USD -98.000000000"));
  EXPECT_THAT(Waivers(), IsEmpty());
  EXPECT_EQ(Mismatches(), 0);
  ExpectVerified(world_, "partners/p1");
}

TEST_F(ClawbackTest, ACapWithoutALimitIsRefused) {
  EXPECT_THAT(world_.Create("g", Capped("clawback_cap {}")), Blames("program.clawback_cap"));
  EXPECT_THAT(world_.Create("g", Capped("clawback_cap { share { value: \"1.1\" } }")),
              Blames("program.clawback_cap.share"));
  EXPECT_THAT(
      world_.Create("g", Capped("clawback_cap { share { value: \"0.1\" } } budget { amount { value: \"9\" } }")),
      Blames("program.clawback_cap"));
  ASSERT_OK(world_.Create("g", Capped("clawback_cap { share { value: \"0.1\" } }")));
  // A draft may change its mind, an active program may not.
  v1::UpdateProgramRequest update;
  update.mutable_program()->set_name("programs/g");
  update.mutable_program()->mutable_clawback_cap()->mutable_amount()->set_value("5");
  update.mutable_update_mask()->add_paths("clawback_cap");
  update.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const auto updated,
                       world_.finance().Call<v1::Program>(StrCat(kPrograms, "UpdateProgram"), update));
  EXPECT_EQ(updated.clawback_cap().amount().value(), "5");
  EXPECT_FALSE(updated.clawback_cap().has_share());
  ASSERT_OK(world_.Activate("g"));
  v1::ReviseProgramRequest revise;
  *revise.mutable_program() = update.program();
  revise.mutable_program()->mutable_clawback_cap()->mutable_amount()->set_value("6");
  *revise.mutable_update_mask() = update.update_mask();
  *revise.mutable_starts_on() = DateOf("2025-04-01");
  revise.set_request_id(NewRequestId());
  EXPECT_THAT(world_.finance().Call<v1::Program>(StrCat(kPrograms, "ReviseProgram"), revise),
              HasReason(Reason::kInUse));
}

}  // namespace
}  // namespace tributary::incentive

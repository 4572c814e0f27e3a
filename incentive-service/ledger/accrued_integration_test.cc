// What accrues, in the ledger through a real server and database: entered once, moved by closes, issues and late facts.

#include "incentive-service/accruals/accrual_service.h"
#include "incentive-service/ledger/accrual_entering.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kLedgerOfAccruals[] = "tributary.incentive.v1.LedgerService/";

std::string InCents(const google::type::Money& money) {
  return std::to_string(money.units() * 100 + money.nanos() / 10000000);
}

class AccruedLedgerTest : public WorldTest {
 protected:
  absl::StatusOr<v1::EnterAccrualsResponse> TryEnter(rpc::Client& client, const std::string& program) {
    v1::EnterAccrualsRequest request;
    request.set_name("programs/" + program);
    request.set_request_id(NewRequestId());
    return client.Call<v1::EnterAccrualsResponse>(std::string(kLedgerOfAccruals) + "EnterAccruals", request);
  }
  // "2 entered, 45000 accrued".
  std::string Enter(const std::string& program) {
    const auto done = TryEnter(world_.finance(), program);
    EXPECT_OK(done);
    if (!done.ok()) return "";
    EXPECT_EQ(done->left(), 0);
    return std::to_string(done->entered()) + " entered, " + InCents(done->accrued()) + " accrued";
  }
  absl::StatusOr<v1::AccruedBalances> Get(rpc::Client& client, const std::string& partner,
                                          const std::string& program = "", const std::string& as_of = "") {
    v1::GetAccruedBalancesRequest request;
    request.set_name("partners/" + partner + "/accruedBalances");
    request.set_program(program);
    if (!as_of.empty()) *request.mutable_as_of() = DateOf(as_of);
    return client.Call<v1::AccruedBalances>(std::string(kLedgerOfAccruals) + "GetAccruedBalances", request);
  }
  // "programs/growth 2025Q1 40000".
  std::vector<std::string> Accrued(const std::string& partner, const std::string& program = "") {
    std::vector<std::string> texts;
    const auto balances = Get(world_.finance(), partner, program);
    EXPECT_OK(balances);
    if (!balances.ok()) return texts;
    for (const v1::AccruedBalances::Balance& balance : balances->balances()) {
      texts.push_back(balance.program() + " " + balance.period() + " " + InCents(balance.accrued()));
    }
    return texts;
  }
  // Of p1 alone, "ACCRUAL partners/p1/accruals/growth.2025Q1 40000" each: what an entry does to the account.
  std::vector<std::string> Legs(v1::LedgerEntry::Account account) {
    std::vector<std::string> texts;
    v1::ListLedgerEntriesRequest request;
    request.set_parent("partners/p1");
    request.set_page_size(1000);
    request.set_account(account);
    const auto page = world_.finance().Call<v1::ListLedgerEntriesResponse>(
        std::string(kLedgerOfAccruals) + "ListLedgerEntries", request);
    EXPECT_OK(page);
    if (!page.ok()) return texts;
    for (const v1::LedgerEntry& entry : page->ledger_entries()) {
      for (const v1::LedgerEntry::Leg& leg : entry.legs()) {
        if (leg.account() != account) continue;
        texts.push_back(v1::LedgerEntry::Kind_Name(entry.kind()) + " " + entry.item() + " " + InCents(leg.amount()));
      }
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

  const std::unique_ptr<rpc::Client> partner_ = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
};

TEST_F(AccruedLedgerTest, FollowsAnAccrualToItsStatement) {
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 30000),
              LineOf("p2", "SO2", 1, "2025-02-01", "2025-02-02", 5000)});
  world_.CatchUp();
  EXPECT_THAT(Accrued("p1"), IsEmpty());
  EXPECT_EQ(Enter("growth"), "2 entered, 45000 accrued");
  EXPECT_EQ(Enter("growth"), "0 entered, 45000 accrued");
  EXPECT_THAT(Accrued("p1"), ElementsAre("programs/growth 2025Q1 40000"));
  EXPECT_THAT(Accrued("p1", "programs/growth"), ElementsAre("programs/growth 2025Q1 40000"));
  EXPECT_THAT(Accrued("p1", "programs/other"), IsEmpty());
  EXPECT_EQ(Mismatches(), 0);

  // A line moves it by the difference.
  feed_.Tell({LineOf("p1", "SO3", 1, "2025-03-01", "2025-03-02", 1000)});
  world_.CatchUp();
  EXPECT_EQ(Enter("growth"), "1 entered, 47000 accrued");
  EXPECT_THAT(Legs(v1::LedgerEntry::ACCRUED), ElementsAre("ACCRUAL partners/p1/accruals/growth.2025Q1 40000",
                                                          "ACCRUAL partners/p1/accruals/growth.2025Q1 2000"));

  // What has come since is entered by the close; drafts have it then.
  feed_.Tell({LineOf("p1", "SO4", 1, "2025-03-01", "2025-03-02", 1000)});
  world_.CatchUp();
  ASSERT_OK(world_.Close("growth", "2025Q1"));
  EXPECT_THAT(Accrued("p1"), ElementsAre("programs/growth 2025Q1 44000"));
  EXPECT_EQ(Enter("growth"), "0 entered, 49000 accrued");
  EXPECT_EQ(Mismatches(), 0);

  ASSERT_OK(world_.Issue("2025Q1"));
  EXPECT_THAT(Accrued("p1"), IsEmpty());
  EXPECT_THAT(Accrued("p2"), IsEmpty());
  EXPECT_THAT(Legs(v1::LedgerEntry::STATED), ElementsAre("ISSUE partners/p1/statements/1/entries/1 44000"));
  EXPECT_EQ(Enter("growth"), "0 entered, 0 accrued");
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(AccruedLedgerTest, LateFactsOfAClosedPeriodAccrueUntilTheyAreStated) {
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 30000)});
  world_.CatchUp();
  EXPECT_EQ(Enter("growth"), "1 entered, 40000 accrued");
  ASSERT_OK(world_.CloseAndIssue("growth", "2025Q1"));
  inventory::v1::ShipmentLine back = LineOf("p1", "RT1", 1, "2025-05-02", "2025-05-02", -1000);
  back.set_original_line("partners/p1/shipments/SO1/lines/1");
  feed_.Tell({back, LineOf("p1", "SO2", 1, "2025-05-01", "2025-05-02", 1000)});
  world_.CatchUp();
  EXPECT_EQ(Enter("growth"), "2 entered, -1000 accrued");
  EXPECT_THAT(Accrued("p1"), ElementsAre("programs/growth 2025Q1 -2000", "programs/growth 2025Q2 1000"));
  EXPECT_EQ(Mismatches(), 0);
  ASSERT_OK(world_.Close("growth", "2025Q2"));
  EXPECT_THAT(Accrued("p1"), ElementsAre("programs/growth 2025Q1 -2000", "programs/growth 2025Q2 1000"));
  EXPECT_EQ(Enter("growth"), "0 entered, -1000 accrued");
  EXPECT_EQ(Mismatches(), 0);
  ASSERT_OK(world_.Issue("2025Q2"));
  EXPECT_THAT(Accrued("p1"), IsEmpty());
  EXPECT_EQ(Mismatches(), 0);
}

// What came late and was taken back before anybody stated it leaves nothing behind.
TEST_F(AccruedLedgerTest, ALateFactThatIsTakenBackIsReleasedByTheNextClose) {
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 30000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("growth", "2025Q1"));
  const inventory::v1::ShipmentLine late = LineOf("p1", "SO7", 1, "2025-03-01", "2025-03-02", 1000);
  feed_.Tell({late});
  world_.CatchUp();
  EXPECT_EQ(Enter("growth"), "1 entered, 2000 accrued");
  feed_.Tell({ReversalOf(late)});
  world_.CatchUp();
  ASSERT_OK(world_.Close("growth", "2025Q2"));
  EXPECT_THAT(Accrued("p1"), IsEmpty());
  EXPECT_EQ(Mismatches(), 0);
}

// Each hour all is entered, a program by partner: whoever has accrued, or has no longer.
TEST_F(AccruedLedgerTest, AllProgramsAreEnteredByPartner) {
  const PageTokens tokens{std::string(32, 'k')};
  const AccrualService accruals(tokens);
  const AccrualEntering entering(accruals);
  const SystemClock clock;
  AccrualEntrant entrant(world_.database(), clock, entering, 2);
  world_.CreateActive("growth");
  world_.CreateActive("other");
  std::vector<inventory::v1::ShipmentLine> lines;
  for (const char* partner : {"p1", "p2", "p3", "p4", "p5"}) {
    lines.push_back(LineOf(partner, "SO1", 1, "2025-02-01", "2025-02-02", 10000));
    lines.push_back(LineOf(partner, "SO2", 1, "2025-05-01", "2025-05-02", 1000));
  }
  feed_.Tell(lines);
  world_.CatchUp();
  ASSERT_OK(entrant.EnterAll());
  for (const char* partner : {"p1", "p2", "p3", "p4", "p5"}) {
    EXPECT_THAT(Accrued(partner), ElementsAre("programs/growth 2025Q1 10000", "programs/growth 2025Q2 1000",
                                              "programs/other 2025Q1 10000", "programs/other 2025Q2 1000"));
  }
  EXPECT_EQ(Enter("growth"), "0 entered, 55000 accrued");
  // What is not there any more, of the first, of one in between and of the last.
  std::vector<inventory::v1::ShipmentLine> gone;
  for (const size_t line : {0u, 5u, 9u}) gone.push_back(ReversalOf(lines[line]));
  feed_.Tell(gone);
  world_.CatchUp();
  ASSERT_OK(entrant.EnterAll());
  EXPECT_THAT(Accrued("p1", "programs/growth"), ElementsAre("programs/growth 2025Q2 1000"));
  EXPECT_THAT(Accrued("p3", "programs/growth"), ElementsAre("programs/growth 2025Q1 10000"));
  EXPECT_THAT(Accrued("p5", "programs/growth"), ElementsAre("programs/growth 2025Q1 10000"));
  EXPECT_EQ(Enter("growth"), "0 entered, 43000 accrued");
  EXPECT_EQ(Mismatches(), 0);
}

// A scale of a year that is paid by quarters is one item: what quarters have said is not accrued again.
TEST_F(AccruedLedgerTest, AScaleThatIsPaidMoreOftenIsOneItem) {
  world_.CreateActive("annual", Terms("period: YEAR payout_period: QUARTER"));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 30000),
              LineOf("p1", "SO2", 1, "2025-05-01", "2025-05-02", 10000)});
  world_.CatchUp();
  EXPECT_EQ(Enter("annual"), "1 entered, 60000 accrued");
  EXPECT_THAT(Accrued("p1"), ElementsAre("programs/annual 2025 60000"));
  ASSERT_OK(world_.Close("annual", "2025Q1"));
  EXPECT_EQ(Enter("annual"), "0 entered, 60000 accrued");
  ASSERT_OK(world_.Issue("2025Q1"));
  EXPECT_THAT(Accrued("p1"), ElementsAre("programs/annual 2025 20000"));
  EXPECT_EQ(Enter("annual"), "0 entered, 20000 accrued");
  EXPECT_EQ(Mismatches(), 0);
}

// What comes late to a quarter that is paid accrues, with no line in the quarter that is running, and once: the next
// close says it.
TEST_F(AccruedLedgerTest, WhatComesLateToAPaidPartOfAScaleAccruesOnce) {
  world_.CreateActive("annual", Terms("period: YEAR payout_period: QUARTER"));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 30000)});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("annual", "2025Q1"));
  EXPECT_EQ(Enter("annual"), "0 entered, 0 accrued");
  feed_.Tell({LineOf("p1", "SO2", 1, "2025-03-01", "2025-03-02", 1000)});
  world_.CatchUp();
  EXPECT_EQ(Enter("annual"), "1 entered, 2000 accrued");
  ASSERT_OK(world_.Close("annual", "2025Q2"));
  EXPECT_EQ(Enter("annual"), "0 entered, 2000 accrued") << "the draft has it now";
  ASSERT_OK(world_.Issue("2025Q2"));
  EXPECT_THAT(Accrued("p1"), IsEmpty());
  EXPECT_EQ(Enter("annual"), "0 entered, 0 accrued");
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(AccruedLedgerTest, WhatWasWrittenPastTheServiceIsCounted) {
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 30000)});
  world_.CatchUp();
  EXPECT_EQ(Enter("growth"), "1 entered, 40000 accrued");
  const auto break_by = [&](const std::string& statement) {
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) { return sql.Execute(statement).status(); }));
  };
  break_by("UPDATE accrued SET amount = amount + 1");
  EXPECT_EQ(Mismatches(), 1);
  break_by("UPDATE accrued SET amount = amount - 1");
  ASSERT_OK(world_.Close("growth", "2025Q1"));
  EXPECT_EQ(Mismatches(), 0);
  // A draft that says more than has accrued.
  break_by("UPDATE statement_entry SET amount = amount + 1");
  EXPECT_EQ(Mismatches(), 1);
}

TEST_F(AccruedLedgerTest, IsAskedForByThoseWhoMay) {
  ASSERT_OK(world_.Create("draft", Terms()));
  EXPECT_THAT(TryEnter(world_.finance(), "draft"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(TryEnter(world_.finance(), "none"), HasReason(Reason::kNotFound));
  EXPECT_THAT(TryEnter(*partner_, "draft"), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Get(*partner_, "p1"));
  EXPECT_THAT(Get(*partner_, "p2"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Get(world_.finance(), "p1", "growth"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Get(world_.finance(), "p1", "", "2999-01-01"), HasReason(Reason::kInvalidField));

  // As of a day before anything was entered there is nothing.
  world_.CreateActive("growth");
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 30000)});
  world_.CatchUp();
  EXPECT_EQ(Enter("growth"), "1 entered, 40000 accrued");
  ASSERT_OK_AND_ASSIGN(const v1::AccruedBalances before, Get(*partner_, "p1", "", "2025-03-01"));
  EXPECT_THAT(before.balances(), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::AccruedBalances now, Get(*partner_, "p1"));
  ASSERT_EQ(now.totals_size(), 1);
  EXPECT_EQ(InCents(now.totals(0)), "40000");
}

}  // namespace
}  // namespace tributary::incentive

// Money through a real server and database: statements are issued, disputed, adjusted and settled, and the ledger says
// where it is all the time.

#include <algorithm>
#include <atomic>
#include <thread>

#include "cli/verify/verify.h"
#include "common/digest/sha256.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/statements/statement_export.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/adjustment.pb.h"
#include "tributary/incentive/v1/dispute.pb.h"
#include "tributary/incentive/v1/journal_export.pb.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"
#include "tributary/incentive/v1/opening_balance.pb.h"
#include "tributary/incentive/v1/wallet.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kLedger[] = "tributary.incentive.v1.LedgerService/";
constexpr char kDisputes[] = "tributary.incentive.v1.DisputeService/";
constexpr char kAdjustments[] = "tributary.incentive.v1.AdjustmentService/";
constexpr char kJournals[] = "tributary.incentive.v1.JournalExportService/";

google::type::Money Usd(int64_t units) {
  google::type::Money money;
  money.set_currency_code("USD");
  money.set_units(units);
  return money;
}

class LedgerTest : public WorldTest {
 protected:
  // The first statement of p1 says 400.00, with lines of 266.67 and 133.33, that of p2 50.00.
  void SetUp() override {
    world_.CreateActive("growth");
    feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 20000),
                LineOf("p1", "SO1", 2, "2025-02-01", "2025-02-02", 10000),
                LineOf("p2", "SO2", 1, "2025-02-01", "2025-02-02", 5000),
                LineOf("p1", "SO3", 1, "2025-05-01", "2025-05-02", 1000)});
    world_.CatchUp();
    ASSERT_OK(world_.CloseAndIssue("growth", "2025Q1"));
  }

  std::unique_ptr<rpc::Client> NewClient(api::v1::Role role, const std::string& subject) {
    return keys_.NewClient(world_.port(), role, "", subject);
  }
  absl::StatusOr<v1::Statement> GetStatement(const std::string& name) {
    v1::GetStatementRequest request;
    request.set_name(name);
    return world_.finance().Call<v1::Statement>(StrCat(kStatements, "GetStatement"), request);
  }
  absl::StatusOr<v1::Statement> Settle(rpc::Client& client, const std::string& name) {
    v1::SettleStatementRequest request;
    request.set_name(name);
    *request.mutable_expires_on() = DateOf("2999-12-31");
    request.set_request_id(NewRequestId());
    return client.Call<v1::Statement>(StrCat(kStatements, "SettleStatement"), request);
  }
  v1::CreateDisputeRequest NewDispute(const std::string& statement, int entry, const std::vector<int64_t>& lines) {
    v1::CreateDisputeRequest request;
    request.set_parent(statement);
    request.set_request_id(NewRequestId());
    request.mutable_dispute()->set_reason("Too little");
    v1::Dispute::Item& item = *request.mutable_dispute()->add_items();
    item.set_entry(entry);
    for (const int64_t line : lines) item.add_lines(line);
    return request;
  }
  absl::StatusOr<v1::Dispute> Dispute(rpc::Client& client, const v1::CreateDisputeRequest& request) {
    return client.Call<v1::Dispute>(StrCat(kDisputes, "CreateDispute"), request);
  }
  absl::StatusOr<v1::Dispute> Resolve(rpc::Client& client, const std::string& name, bool accept, int64_t adjustment) {
    v1::ResolveDisputeRequest request;
    request.set_name(name);
    request.set_resolution(accept ? v1::ResolveDisputeRequest::ACCEPT : v1::ResolveDisputeRequest::REJECT);
    request.set_note("Looked into");
    if (adjustment != 0) *request.mutable_adjustment() = Usd(adjustment);
    request.set_request_id(NewRequestId());
    return client.Call<v1::Dispute>(StrCat(kDisputes, "ResolveDispute"), request);
  }
  absl::StatusOr<v1::Adjustment> Adjust(rpc::Client& client, const std::string& id, int64_t amount,
                                        const std::string& document = "documents/letter") {
    v1::CreateAdjustmentRequest request;
    request.set_parent("partners/p1");
    request.set_adjustment_id(id);
    request.set_request_id(NewRequestId());
    *request.mutable_adjustment()->mutable_amount() = Usd(amount);
    request.mutable_adjustment()->set_program("programs/growth");
    request.mutable_adjustment()->set_reason("Goodwill");
    request.mutable_adjustment()->set_document(document);
    return client.Call<v1::Adjustment>(StrCat(kAdjustments, "CreateAdjustment"), request);
  }
  absl::StatusOr<v1::Adjustment> ApproveAdjustment(rpc::Client& client, const std::string& name) {
    v1::ApproveAdjustmentRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return client.Call<v1::Adjustment>(StrCat(kAdjustments, "ApproveAdjustment"), request);
  }
  absl::StatusOr<v1::AdjustmentLimit> SetLimit(rpc::Client& client, const std::string& name, int64_t limit) {
    v1::UpdateAdjustmentLimitRequest request;
    request.mutable_adjustment_limit()->set_name(name);
    *request.mutable_adjustment_limit()->mutable_limit() = Usd(limit);
    request.set_request_id(NewRequestId());
    return client.Call<v1::AdjustmentLimit>(StrCat(kAdjustments, "UpdateAdjustmentLimit"), request);
  }

  // "SETTLEMENT partners/p1/statements/1/entries/1 growth 2025Q1: STATED -400.00 (2: 0.00), PAID 400.00 (1: 400.00)".
  std::vector<std::string> Entries(rpc::Client& client, const std::string& parent, const std::string& filter = "",
                                   v1::LedgerEntry::Account account = v1::LedgerEntry::ACCOUNT_UNSPECIFIED) {
    std::vector<std::string> texts;
    v1::ListLedgerEntriesRequest request;
    request.set_parent(parent);
    request.set_page_size(2);
    request.set_filter(filter);
    request.set_account(account);
    do {
      const auto page = client.Call<v1::ListLedgerEntriesResponse>(StrCat(kLedger, "ListLedgerEntries"), request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::LedgerEntry& entry : page->ledger_entries()) texts.push_back(Text(entry));
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return texts;
  }
  static std::string Text(const v1::LedgerEntry& entry) {
    std::string legs;
    for (const v1::LedgerEntry::Leg& leg : entry.legs()) {
      StrAppend(&legs, legs.empty() ? "" : ", ", v1::LedgerEntry::Account_Name(leg.account()), " ", Cents(leg.amount()),
                " (", leg.account_seq(), ": ", Cents(leg.balance_after()), ")");
    }
    return StrCat(v1::LedgerEntry::Kind_Name(entry.kind()), " ", entry.item(), " ", entry.program(), " ",
                  entry.period(), ": ", legs);
  }
  static std::string Cents(const google::type::Money& money) {
    return StrCat(money.units() * 100 + money.nanos() / 10000000);
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, LedgerStore().Mismatches(sql));
      return absl::OkStatus();
    }));
    return mismatches;
  }
  std::string Balance(const std::string& partner) {
    v1::GetWalletRequest request;
    request.set_name(StrCat("partners/", partner, "/wallets/USD"));
    const auto wallet = world_.finance().Call<v1::Wallet>("tributary.incentive.v1.WalletService/GetWallet", request);
    return wallet.ok() ? Cents(wallet->balance()) : "none";
  }
  absl::StatusOr<v1::AgedBalances> Aged(rpc::Client& client, const std::string& name) {
    v1::GetAgedBalancesRequest request;
    request.set_name(name);
    return client.Call<v1::AgedBalances>(StrCat(kLedger, "GetAgedBalances"), request);
  }

  const std::unique_ptr<rpc::Client> partner_ = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  const std::unique_ptr<rpc::Client> other_ = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
  const std::unique_ptr<rpc::Client> manager_ = NewClient(api::v1::CHANNEL_MANAGER, "manager");
  const std::unique_ptr<rpc::Client> treasurer_ = NewClient(api::v1::FINANCE, "treasurer");
  const std::unique_ptr<rpc::Client> administrator_ = NewClient(api::v1::ADMINISTRATOR, "administrator");
  const std::string first_ = "partners/p1/statements/1";
};

TEST_F(LedgerTest, FollowsAStatementToTheWallet) {
  EXPECT_THAT(Entries(*partner_, "partners/p1"),
              ElementsAre("ISSUE partners/p1/statements/1/entries/1 programs/growth 2025Q1: COST -40000 (1: -40000), "
                          "STATED 40000 (1: 40000)"));
  ASSERT_OK_AND_ASSIGN(const v1::AgedBalances before, Aged(*partner_, "partners/p1/agedBalances"));
  ASSERT_THAT(before.balances(), SizeIs(1));
  EXPECT_EQ(Cents(before.balances(0).days_0_to_30()), "40000");
  EXPECT_EQ(before.balances(0).statements(0).statement(), first_);
  ASSERT_OK_AND_ASSIGN(const v1::Statement settled, Settle(*treasurer_, first_));
  EXPECT_EQ(settled.state(), v1::Statement::SETTLED);
  EXPECT_EQ(Cents(settled.settled()), "40000");
  EXPECT_EQ(GetStatement(first_)->SerializeAsString(), settled.SerializeAsString());
  EXPECT_THAT(Entries(*partner_, "partners/-", "", v1::LedgerEntry::PAID),
              ElementsAre("SETTLEMENT partners/p1/statements/1/entries/1 programs/growth 2025Q1: STATED -40000 (2: 0), "
                          "PAID 40000 (1: 40000)"));
  EXPECT_EQ(Balance("p1"), "40000");
  ASSERT_OK_AND_ASSIGN(const v1::AgedBalances after, Aged(*partner_, "partners/p1/agedBalances"));
  EXPECT_THAT(after.balances(), IsEmpty());
  // Only of one's own.
  EXPECT_THAT(Entries(*other_, "partners/-"), SizeIs(1));
  EXPECT_THAT(Entries(world_.finance(), "partners/-", "kind = ISSUE"), SizeIs(2));
  v1::GetLedgerEntryRequest get;
  get.set_name("partners/p1/ledgerEntries/2");
  ASSERT_OK_AND_ASSIGN(const auto entry, partner_->Call<v1::LedgerEntry>(StrCat(kLedger, "GetLedgerEntry"), get));
  EXPECT_EQ(entry.statement(), first_);
  EXPECT_THAT(other_->Call<v1::LedgerEntry>(StrCat(kLedger, "GetLedgerEntry"), get),
              HasReason(Reason::kPermissionDenied));
  get.set_name("partners/p1/ledgerEntries/3");
  EXPECT_THAT(partner_->Call<v1::LedgerEntry>(StrCat(kLedger, "GetLedgerEntry"), get), HasReason(Reason::kNotFound));
  EXPECT_EQ(Mismatches(), 0);
}

// 133.33 of 400.00 are disputed; the rest is settled at once, the correction comes with the next statement.
TEST_F(LedgerTest, WhatIsDisputedWaitsAndIsPutRightByAnAdjustment) {
  EXPECT_THAT(Dispute(*other_, NewDispute(first_, 1, {2})), HasReason(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(v1::Dispute dispute, Dispute(*partner_, NewDispute(first_, 1, {2})));
  EXPECT_EQ(Cents(dispute.withheld()), "13333");
  ASSERT_OK_AND_ASSIGN(v1::Statement statement, GetStatement(first_));
  EXPECT_EQ(statement.state(), v1::Statement::PART_DISPUTED);
  EXPECT_EQ(Cents(statement.withheld()), "13333");
  EXPECT_EQ(Mismatches(), 0);

  ASSERT_OK_AND_ASSIGN(statement, Settle(*treasurer_, first_));
  EXPECT_EQ(statement.state(), v1::Statement::PART_DISPUTED);
  EXPECT_EQ(Cents(statement.settled()), "26667");
  EXPECT_EQ(Balance("p1"), "26667");
  EXPECT_THAT(Settle(*treasurer_, first_), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Mismatches(), 0);
  ASSERT_OK_AND_ASSIGN(const v1::AgedBalances aged, Aged(*treasurer_, "partners/p1/agedBalances"));
  EXPECT_EQ(Cents(aged.balances(0).total()), "13333");
  EXPECT_EQ(Cents(aged.balances(0).withheld()), "13333");

  ASSERT_OK_AND_ASSIGN(dispute, Resolve(*manager_, dispute.name(), true, 30));
  EXPECT_EQ(dispute.state(), v1::Dispute::ACCEPTED);
  EXPECT_EQ(dispute.resolver(), "manager");
  EXPECT_EQ(GetStatement(first_)->state(), v1::Statement::ACCEPTED);
  EXPECT_THAT(Resolve(*manager_, dispute.name(), false, 0), HasReason(Reason::kStateConflict));
  ASSERT_OK_AND_ASSIGN(statement, Settle(*treasurer_, first_));
  EXPECT_EQ(statement.state(), v1::Statement::SETTLED);
  EXPECT_EQ(Balance("p1"), "40000");
  EXPECT_EQ(Mismatches(), 0);

  // Authority by amount: without a limit administrators alone approve, and nobody what he asked for.
  EXPECT_THAT(ApproveAdjustment(*treasurer_, dispute.adjustment()), HasReason(Reason::kAboveAuthority));
  EXPECT_THAT(SetLimit(*treasurer_, "adjustmentLimits/USD", 29), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(SetLimit(*administrator_, "adjustmentLimits/USD", 29));
  EXPECT_THAT(ApproveAdjustment(*treasurer_, dispute.adjustment()), HasReason(Reason::kAboveAuthority));
  ASSERT_OK_AND_ASSIGN(const v1::AdjustmentLimit limit, SetLimit(*administrator_, "adjustmentLimits/USD", 30));
  EXPECT_EQ(Cents(limit.limit()), "3000");
  ASSERT_OK_AND_ASSIGN(v1::Adjustment adjustment, ApproveAdjustment(*treasurer_, dispute.adjustment()));
  EXPECT_EQ(adjustment.dispute(), dispute.name());
  EXPECT_EQ(adjustment.requester(), "manager");
  EXPECT_EQ(adjustment.statement(), "");
  ASSERT_OK(Adjust(*treasurer_, "goodwill", -4));
  EXPECT_THAT(ApproveAdjustment(*treasurer_, "partners/p1/adjustments/goodwill"),
              HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK(ApproveAdjustment(*administrator_, "partners/p1/adjustments/goodwill"));
  ASSERT_OK(Adjust(*manager_, "waits", 1));  // asked for, not approved: in no statement

  ASSERT_OK(world_.CloseAndIssue("growth", "2025Q2"));
  ASSERT_OK_AND_ASSIGN(statement, GetStatement("partners/p1/statements/2"));
  ASSERT_THAT(statement.adjustments(), SizeIs(2));
  EXPECT_EQ(Cents(statement.total()), "3600");  // 10 + 30 - 4
  EXPECT_EQ(statement.adjustments(0).adjustment(), adjustment.name());
  EXPECT_EQ(statement.adjustments(1).ordinal(), 3);
  EXPECT_THAT(cli::VerifyStatement(statement, world_.Lines(statement.name())), IsEmpty());
  v1::Statement forged = statement;
  forged.mutable_adjustments(0)->mutable_amount()->set_units(31);
  EXPECT_THAT(cli::VerifyStatement(forged, world_.Lines(statement.name())), SizeIs(1));
  v1::ExportStatementRequest export_request;
  export_request.set_name(statement.name());
  ASSERT_OK_AND_ASSIGN(const auto exported, partner_->Call<v1::ExportStatementResponse>(
                                                StrCat(kStatements, "ExportStatement"), export_request));
  EXPECT_EQ(Sha256Hex(exported.csv()), statement.hash());
  EXPECT_THAT(exported.csv(), HasSubstr(StrCat("adjustment,3,partners/p1/adjustments/goodwill,programs/growth,Goodwill,"
                                               "documents/letter,-4.00\ntotal,36.00\n")));
  ASSERT_OK(Settle(*treasurer_, statement.name()));
  EXPECT_EQ(Balance("p1"), "43600");
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(LedgerTest, ADisputeIsRefused) {
  const auto refused = [&](const v1::CreateDisputeRequest& request) { return Dispute(*partner_, request).status(); };
  EXPECT_THAT(refused(NewDispute("partners/p1/statements/9", 1, {})), HasReason(Reason::kNotFound));
  EXPECT_THAT(refused(NewDispute(first_, 2, {})), HasReason(Reason::kInvalidField));
  EXPECT_THAT(refused(NewDispute(first_, 1, {3})), HasReason(Reason::kInvalidField));
  v1::CreateDisputeRequest bare = NewDispute(first_, 1, {});
  bare.mutable_dispute()->clear_reason();
  EXPECT_THAT(refused(bare), HasReason(Reason::kInvalidField));
  bare = NewDispute(first_, 1, {});
  bare.mutable_dispute()->clear_items();
  EXPECT_THAT(refused(bare), HasReason(Reason::kInvalidField));
  // Drafts are not there for partners, and for nobody to dispute.
  ASSERT_OK(world_.Close("growth", "2025Q2"));
  EXPECT_THAT(refused(NewDispute("partners/p1/statements/2", 1, {})), HasReason(Reason::kNotFound));
  EXPECT_THAT(Dispute(*treasurer_, NewDispute("partners/p1/statements/2", 1, {})), HasReason(Reason::kStateConflict));

  ASSERT_OK_AND_ASSIGN(const v1::Dispute dispute, Dispute(*treasurer_, NewDispute(first_, 1, {})));
  EXPECT_THAT(refused(NewDispute(first_, 1, {1})), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Resolve(*partner_, dispute.name(), true, 0), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Resolve(*treasurer_, dispute.name(), true, 0), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Resolve(*manager_, dispute.name(), false, 5), HasReason(Reason::kInvalidField));
  ASSERT_OK(Resolve(*manager_, dispute.name(), false, 0));
  EXPECT_THAT(refused(NewDispute(first_, 1, {})), HasReason(Reason::kStateConflict));  // it is ACCEPTED

  v1::ListDisputesRequest list;
  list.set_parent("partners/-/statements/-");
  list.set_filter("state = REJECTED");
  ASSERT_OK_AND_ASSIGN(const auto own,
                       partner_->Call<v1::ListDisputesResponse>(StrCat(kDisputes, "ListDisputes"), list));
  EXPECT_THAT(own.disputes(), SizeIs(1));
  ASSERT_OK_AND_ASSIGN(const auto others,
                       other_->Call<v1::ListDisputesResponse>(StrCat(kDisputes, "ListDisputes"), list));
  EXPECT_THAT(others.disputes(), IsEmpty());
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(LedgerTest, AnAdjustmentIsRefused) {
  EXPECT_THAT(Adjust(*partner_, "a", 1), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Adjust(*manager_, "a", 1, ""), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Adjust(*manager_, "a", 1, "letters/1"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Adjust(*manager_, "a", 0), HasReason(Reason::kInvalidField));
  v1::CreateAdjustmentRequest request;
  request.set_parent("partners/p1");
  request.set_request_id(NewRequestId());
  *request.mutable_adjustment()->mutable_amount() = Usd(1);
  request.mutable_adjustment()->set_reason("Goodwill");
  request.mutable_adjustment()->set_document("documents/letter");
  const std::string method = StrCat(kAdjustments, "CreateAdjustment");
  request.mutable_adjustment()->set_program("programs/none");
  EXPECT_THAT(manager_->Call<v1::Adjustment>(method, request), HasReason(Reason::kReferenceNotFound));
  request.mutable_adjustment()->clear_program();
  request.mutable_adjustment()->mutable_amount()->set_nanos(1000000);
  EXPECT_THAT(manager_->Call<v1::Adjustment>(method, request), HasReason(Reason::kInvalidField));  // less than a cent
  request.mutable_adjustment()->mutable_amount()->set_nanos(0);
  request.mutable_adjustment()->mutable_amount()->set_currency_code("XXQ");
  EXPECT_THAT(manager_->Call<v1::Adjustment>(method, request), HasReason(Reason::kInvalidField));
  ASSERT_OK(Adjust(*manager_, "a", 1));
  EXPECT_THAT(Adjust(*manager_, "a", 2), HasReason(Reason::kAlreadyExists));
  v1::RejectAdjustmentRequest reject;
  reject.set_name("partners/p1/adjustments/a");
  reject.set_note("no");
  reject.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const auto rejected,
                       treasurer_->Call<v1::Adjustment>(StrCat(kAdjustments, "RejectAdjustment"), reject));
  EXPECT_EQ(rejected.state(), v1::Adjustment::REJECTED);
  EXPECT_THAT(ApproveAdjustment(*administrator_, "partners/p1/adjustments/a"), HasReason(Reason::kStateConflict));
}

// Of many who change the limit that all of them have read one does.
TEST_F(LedgerTest, ALimitIsChangedByOneOfThoseWhoReadIt) {
  ASSERT_OK_AND_ASSIGN(v1::AdjustmentLimit limit, SetLimit(*administrator_, "adjustmentLimits/USD", 1));
  for (int round = 0; round < 10; ++round) {
    std::atomic<int> changed = 0, refused = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&, t] {
        const auto client = NewClient(api::v1::ADMINISTRATOR, StrCat("administrator-", t));
        v1::UpdateAdjustmentLimitRequest request;
        request.mutable_adjustment_limit()->set_name(limit.name());
        request.mutable_adjustment_limit()->set_etag(limit.etag());
        *request.mutable_adjustment_limit()->mutable_limit() = Usd(2 + t);
        request.set_request_id(NewRequestId());
        const auto answer = client->Call<v1::AdjustmentLimit>(StrCat(kAdjustments, "UpdateAdjustmentLimit"), request);
        if (answer.ok()) ++changed;
        if (ReasonOf(answer.status()) == Reason::kEtagMismatch) ++refused;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(changed, 1);
    EXPECT_EQ(refused, 5);
    ASSERT_OK_AND_ASSIGN(limit, SetLimit(*administrator_, "adjustmentLimits/USD", 1));
  }
}

// Of many settlements at once one settles, and the money moves once.
TEST_F(LedgerTest, ManySettlementsAtOnceSettleOnce) {
  ASSERT_OK(Dispute(*partner_, NewDispute(first_, 1, {2})));
  std::atomic<int> settled = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      const auto client = NewClient(api::v1::FINANCE, StrCat("treasurer-", t));
      const auto answer = Settle(*client, first_);
      if (answer.ok()) ++settled;
      if (ReasonOf(answer.status()) == Reason::kStateConflict) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(settled, 1);
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(Balance("p1"), "26667");
  EXPECT_THAT(Entries(*treasurer_, "partners/p1", "kind = SETTLEMENT"), SizeIs(1));
  EXPECT_EQ(Mismatches(), 0);
}

// What p1 earns is p2's to have, also what is taken back of it; p2's own statements are its own.
TEST_F(LedgerTest, WhoeverIsPayeeOnTheDayIsPaid) {
  tributary::partner::v1::PartnerRelationship payee;
  payee.set_name("partners/p1/relationships/pay");
  payee.set_kind(tributary::partner::v1::PartnerRelationship::PAYEE);
  payee.set_other_partner("partners/p2");
  *payee.mutable_valid_from() = DateOf("2020-01-01");
  feed_.TellFact(payee);
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Statement settled, Settle(*treasurer_, first_));
  ASSERT_THAT(settled.payments(), SizeIs(1));
  EXPECT_EQ(settled.payments(0).payee(), "partners/p2");
  EXPECT_EQ(Cents(settled.payments(0).amount()), "40000");
  EXPECT_EQ(GetStatement(first_)->SerializeAsString(), settled.SerializeAsString());
  EXPECT_EQ(Balance("p1"), "none");
  EXPECT_EQ(Balance("p2"), "40000");
  v1::GetWalletRequest wallet;
  wallet.set_name("partners/p2/wallets/USD");
  ASSERT_OK_AND_ASSIGN(const auto credited,
                       other_->Call<v1::Wallet>("tributary.incentive.v1.WalletService/GetWallet", wallet));
  ASSERT_THAT(credited.lots(), SizeIs(1));
  EXPECT_EQ(credited.lots(0).lot(), "statement-1-of-p1");
  EXPECT_EQ(credited.lots(0).source(), first_);
  EXPECT_THAT(Entries(world_.finance(), "partners/-", "", v1::LedgerEntry::PASSED_ON),
              ElementsAre("SETTLEMENT partners/p1/statements/1/entries/1 programs/growth 2025Q1: STATED -40000 (2: 0), "
                          "PASSED_ON 40000 (1: 40000)",
                          "SETTLEMENT partners/p2/wallets/USD  : PAID 40000 (1: 40000), PASSED_ON -40000 (1: -40000)"));
  EXPECT_EQ(Mismatches(), 0);

  // 20,000 of the first quarter come back: 300.00 less, with 10.00 of the second quarter.
  inventory::v1::ShipmentLine back = LineOf("p1", "RT1", 1, "2025-05-02", "2025-05-02", -20000);
  back.set_original_line("partners/p1/shipments/SO1/lines/1");
  feed_.Tell({back});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("growth", "2025Q2"));
  ASSERT_OK_AND_ASSIGN(const v1::Statement second, Settle(*treasurer_, "partners/p1/statements/2"));
  ASSERT_THAT(second.payments(), SizeIs(1));
  EXPECT_EQ(Cents(second.payments(0).amount()), "-29000");
  EXPECT_EQ(Balance("p2"), "11000");
  ASSERT_OK_AND_ASSIGN(const v1::Statement own, Settle(*treasurer_, "partners/p2/statements/1"));
  EXPECT_EQ(own.payments(0).payee(), "partners/p2");
  EXPECT_EQ(Balance("p2"), "16000");
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(LedgerTest, OpeningBalancesAreInTheLedger) {
  v1::CreateOpeningBalanceRequest request;
  request.set_parent("partners/p1");
  request.set_opening_balance_id("go-live");
  request.mutable_opening_balance()->set_currency("USD");
  *request.mutable_opening_balance()->mutable_date() = DateOf("2025-01-01");
  v1::OpeningBalance::Lot& lot = *request.mutable_opening_balance()->add_wallet_lots();
  lot.set_lot("old");
  *lot.mutable_amount() = Usd(70);
  *lot.mutable_expires_on() = DateOf("2025-06-30");  // it has expired: that is entered with the wallet's next change
  ASSERT_OK(world_.finance().Call<v1::OpeningBalance>(
      "tributary.incentive.v1.OpeningBalanceService/CreateOpeningBalance", request));
  ASSERT_OK(Settle(*treasurer_, first_));
  EXPECT_THAT(Entries(*partner_, "partners/p1", "", v1::LedgerEntry::EXPIRED), SizeIs(1));
  EXPECT_EQ(Balance("p1"), "40000");
  EXPECT_EQ(Mismatches(), 0);
}

class JournalTest : public LedgerTest {
 protected:
  // As if it had been entered then.
  void Enter(int64_t entry, const std::string& partner, const std::string& when) {
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) {
      return sql
          .Execute("UPDATE ledger_entry SET entry_time = ? WHERE partner = ? AND entry = ?",
                   {absl::FromUnixSeconds(int64_t{Date::Parse(when)->days()} * 86400), partner, entry})
          .status();
    }));
  }
  absl::StatusOr<v1::JournalExport> Export(const std::string& month, const std::string& prefix = "22") {
    v1::CreateJournalExportRequest request;
    request.set_journal_export_id(month);
    request.set_request_id(NewRequestId());
    for (int account = 1; account <= kLedgerAccounts; ++account) {
      v1::JournalExport::AccountCode& code = *request.mutable_journal_export()->add_account_codes();
      code.set_account(static_cast<v1::LedgerEntry::Account>(account));
      code.set_code(StrCat(prefix, account));
    }
    return treasurer_->Call<v1::JournalExport>(StrCat(kJournals, "CreateJournalExport"), request);
  }
  v1::DownloadJournalExportResponse Download(const std::string& name) {
    v1::DownloadJournalExportRequest request;
    request.set_name(name);
    const auto file =
        treasurer_->Call<v1::DownloadJournalExportResponse>(StrCat(kJournals, "DownloadJournalExport"), request);
    EXPECT_OK(file);
    return file.ok() ? *file : v1::DownloadJournalExportResponse();
  }
};

TEST_F(JournalTest, EachEntryIsExportedOnceAndTheSameBytesEachTime) {
  ASSERT_OK(Settle(*treasurer_, first_));
  Enter(1, "p1", "2025-04-10");
  Enter(1, "p2", "2025-05-31");
  ASSERT_OK_AND_ASSIGN(const v1::JournalExport april, Export("2025-04"));
  EXPECT_EQ(april.entry_count(), 1);
  EXPECT_EQ(april.leg_count(), 2);
  const v1::DownloadJournalExportResponse file = Download(april.name());
  EXPECT_EQ(Sha256Hex(file.csv()), april.sha256());
  EXPECT_EQ(file.sha256(), april.sha256());
  EXPECT_THAT(file.csv(),
              HasSubstr("2025-04,partners/p1,partners/p1/ledgerEntries/1,2025-04-10,ISSUE,"
                        "partners/p1/statements/1/entries/1,partners/p1/statements/1,programs/growth,2025Q1,"
                        "COST,221,USD,400.00,\n"));
  // What turns out to be of April afterwards is in the next batch, with its own date.
  Enter(2, "p1", "2025-04-30");
  ASSERT_OK_AND_ASSIGN(const v1::JournalExport again, Export("2025-04"));
  EXPECT_EQ(again.SerializeAsString(), april.SerializeAsString());
  EXPECT_EQ(Download(april.name()).csv(), file.csv());
  ASSERT_OK_AND_ASSIGN(const v1::JournalExport may, Export("2025-05"));
  EXPECT_EQ(may.entry_count(), 2);
  EXPECT_THAT(Download(may.name()).csv(), HasSubstr("2025-05,partners/p1,partners/p1/ledgerEntries/2,2025-04-30,"));
  ASSERT_OK_AND_ASSIGN(const v1::JournalExport june, Export("2025-06"));
  EXPECT_EQ(june.entry_count(), 0);

  EXPECT_THAT(Export("2025-04", "33"), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Export("2025-03"), HasReason(Reason::kPeriodClosed));
  EXPECT_THAT(Export("2999-01"), HasReason(Reason::kPeriodNotEnded));
  EXPECT_THAT(Export("2025Q2"), HasReason(Reason::kInvalidField));
  v1::CreateJournalExportRequest bare;
  bare.set_journal_export_id("2025-07");
  bare.mutable_journal_export()->add_account_codes()->set_code("1");
  EXPECT_THAT(treasurer_->Call<v1::JournalExport>(StrCat(kJournals, "CreateJournalExport"), bare),
              HasReason(Reason::kInvalidField));
  v1::ListJournalExportsRequest list;
  list.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto page,
                       treasurer_->Call<v1::ListJournalExportsResponse>(StrCat(kJournals, "ListJournalExports"), list));
  EXPECT_THAT(page.journal_exports(), SizeIs(2));
  EXPECT_NE(page.next_page_token(), "");
}

TEST_F(JournalTest, TwoExportsAtOnceTakeNothingTwice) {
  Enter(1, "p1", "2025-04-10");
  Enter(1, "p2", "2025-04-11");
  std::vector<std::thread> threads;
  std::atomic<int> exported = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      if (Export("2025-04").ok()) ++exported;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(exported, 4);
  ASSERT_OK_AND_ASSIGN(const v1::JournalExport april, Export("2025-04"));
  EXPECT_EQ(april.entry_count(), 2);
}

}  // namespace
}  // namespace tributary::incentive

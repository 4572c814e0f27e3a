// Deductions through a real server and database: short pays that are matched to claims and statements, written off or
// charged back, and never paid twice.

#include <atomic>
#include <thread>

#include "incentive-service/testing_wallets.h"
#include "tributary/incentive/v1/budget.pb.h"
#include "tributary/incentive/v1/claim.pb.h"
#include "tributary/incentive/v1/deduction.pb.h"
#include "tributary/incentive/v1/fund_request.pb.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kDeductions[] = "tributary.incentive.v1.DeductionService/";

google::type::Money Dollars(int64_t units, const std::string& currency = "USD") {
  google::type::Money money;
  money.set_currency_code(currency);
  money.set_units(units);
  return money;
}

class DeductionServiceTest : public WalletsTest {
 protected:
  // p1 has a statement of 400.00, and a claim of 300.00 that is approved; it was billed by the invoice I1.
  void SetUp() override {
    world_.CreateActive("growth");
    feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 30000)});
    inventory::v1::InvoiceLine line;
    line.set_partner("partners/p1");
    line.set_name("partners/p1/invoices/I1/lines/1");
    line.set_document("I1");
    line.set_line(1);
    line.set_product("products/351");
    line.set_product_line("productLines/bikes");
    line.mutable_quantity()->set_value("1");
    *line.mutable_net_amount() = Dollars(5000);
    *line.mutable_gross_amount() = Dollars(5000);
    *line.mutable_invoice_date() = *line.mutable_due_date() = DateOf("2025-03-01");
    feed_.TellFact(line);
    world_.CatchUp();
    ASSERT_OK(world_.CloseAndIssue("growth", "2025Q1"));
    ASSERT_OK(MakeClaim());
  }

  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(rpc::Client& client, std::string_view method, Request request) {
    request.set_request_id(NewRequestId());
    return client.Call<Reply>(StrCat("tributary.incentive.v1.", method), request);
  }
  absl::Status MakeClaim() {
    v1::CreateBudgetRequest budget;
    budget.set_budget_id("mdf");
    budget.mutable_budget()->set_display_name("Market development");
    budget.mutable_budget()->set_claim_days(30);
    *budget.mutable_budget()->mutable_amount() = Dollars(1000);
    *budget.mutable_budget()->mutable_effective_from() = DateOf("2025-01-01");
    *budget.mutable_budget()->mutable_effective_to() = DateOf("2999-01-01");
    RETURN_IF_ERROR(Call<v1::Budget>(world_.finance(), "BudgetService/CreateBudget", budget).status());
    v1::CreateFundAllocationRequest allocation;
    allocation.set_parent("partners/p1");
    allocation.set_fund_allocation_id("mdf");
    allocation.mutable_fund_allocation()->set_budget("budgets/mdf");
    *allocation.mutable_fund_allocation()->mutable_amount() = Dollars(1000);
    RETURN_IF_ERROR(Call<v1::FundAllocation>(*manager_, "BudgetService/CreateFundAllocation", allocation).status());
    v1::CreateFundRequestRequest asked;
    asked.set_parent("partners/p1");
    asked.set_fund_request_id("fair");
    asked.mutable_fund_request()->set_fund_allocation("partners/p1/fundAllocations/mdf");
    asked.mutable_fund_request()->set_activity(v1::FundRequest::EVENT);
    asked.mutable_fund_request()->set_description("A fair");
    *asked.mutable_fund_request()->mutable_activity_from() = DateOf("2025-05-04");
    *asked.mutable_fund_request()->mutable_activity_to() = DateOf("2998-05-09");
    *asked.mutable_fund_request()->mutable_amount() = Dollars(500);
    RETURN_IF_ERROR(Call<v1::FundRequest>(*partner_, "FundRequestService/CreateFundRequest", asked).status());
    v1::ApproveFundRequestRequest approve_request;
    approve_request.set_name("partners/p1/fundRequests/fair");
    RETURN_IF_ERROR(
        Call<v1::FundRequest>(*manager_, "FundRequestService/ApproveFundRequest", approve_request).status());
    v1::CreateClaimRequest claim;
    claim.set_parent("partners/p1");
    claim.set_claim_id("stand");
    claim.mutable_claim()->set_kind(v1::Claim::MDF);
    claim.mutable_claim()->set_fund_request("partners/p1/fundRequests/fair");
    *claim.mutable_claim()->mutable_amount() = Dollars(300);
    v1::ClaimProof& proof = *claim.mutable_claim()->add_proofs();
    proof.set_document("documents/stand");
    proof.set_sha256(std::string(64, 'a'));
    RETURN_IF_ERROR(Call<v1::Claim>(*partner_, "ClaimService/CreateClaim", claim).status());
    v1::ApproveClaimRequest approve_claim;
    approve_claim.set_name("partners/p1/claims/stand");
    return Call<v1::Claim>(*manager_, "ClaimService/ApproveClaim", approve_claim).status();
  }
  v1::CreateDeductionRequest NewDeduction(const std::string& id, int64_t units, const std::string& invoice = "I1") {
    v1::CreateDeductionRequest request;
    request.set_parent("partners/p1");
    request.set_deduction_id(id);
    v1::Deduction& deduction = *request.mutable_deduction();
    deduction.set_invoice("partners/p1/invoices/" + invoice);
    *deduction.mutable_amount() = Dollars(units);
    *deduction.mutable_taken_on() = DateOf("2025-04-01");
    deduction.set_reason("The fair, and the rebate of the first quarter");
    return request;
  }
  absl::StatusOr<v1::Deduction> Keep(const v1::CreateDeductionRequest& request) {
    return Call<v1::Deduction>(*manager_, "DeductionService/CreateDeduction", request);
  }
  absl::StatusOr<v1::Deduction> MatchIt(rpc::Client& client, const std::string& id, const std::string& entitlement,
                                        std::optional<int64_t> units = {}) {
    v1::MatchDeductionRequest request;
    request.set_name("partners/p1/deductions/" + id);
    request.set_entitlement(entitlement);
    if (units.has_value()) *request.mutable_amount() = Dollars(*units);
    return Call<v1::Deduction>(client, "DeductionService/MatchDeduction", request);
  }
  absl::StatusOr<v1::Deduction> UnmatchIt(rpc::Client& client, const std::string& id, const std::string& entitlement) {
    v1::UnmatchDeductionRequest request;
    request.set_name("partners/p1/deductions/" + id);
    request.set_entitlement(entitlement);
    request.set_note("It was for something else");
    return Call<v1::Deduction>(client, "DeductionService/UnmatchDeduction", request);
  }
  absl::StatusOr<v1::Deduction> WriteOffIt(rpc::Client& client, const std::string& id) {
    v1::WriteOffDeductionRequest request;
    request.set_name("partners/p1/deductions/" + id);
    request.set_note("Too small to ask");
    return Call<v1::Deduction>(client, "DeductionService/WriteOffDeduction", request);
  }
  absl::StatusOr<v1::Deduction> ChargeBackIt(rpc::Client& client, const std::string& id) {
    v1::ChargeBackDeductionRequest request;
    request.set_name("partners/p1/deductions/" + id);
    request.set_note("Nothing was agreed");
    return Call<v1::Deduction>(client, "DeductionService/ChargeBackDeduction", request);
  }
  absl::StatusOr<v1::Claim> GetClaim() {
    v1::GetClaimRequest request;
    request.set_name(kClaim);
    return partner_->Call<v1::Claim>("tributary.incentive.v1.ClaimService/GetClaim", request);
  }
  absl::StatusOr<v1::Statement> GetStatement() {
    v1::GetStatementRequest request;
    request.set_name(kStatement);
    return partner_->Call<v1::Statement>(StrCat(kStatements, "GetStatement"), request);
  }
  absl::StatusOr<v1::Statement> Settle() {
    v1::SettleStatementRequest request;
    request.set_name(kStatement);
    *request.mutable_expires_on() = DateOf("2999-12-31");
    return Call<v1::Statement>(*treasurer_, "StatementService/SettleStatement", request);
  }
  int64_t WalletBalance() {
    v1::GetWalletRequest request;
    request.set_name("partners/p1/wallets/USD");
    const auto wallet = partner_->Call<v1::Wallet>("tributary.incentive.v1.WalletService/GetWallet", request);
    return wallet.ok() ? wallet->balance().units() : 0;
  }
  // What the ledger has in the account.
  int64_t BalanceOf(v1::LedgerEntry::Account account) {
    v1::ListLedgerEntriesRequest request;
    request.set_parent("partners/p1");
    request.set_account(account);
    const auto page = partner_->Call<v1::ListLedgerEntriesResponse>(
        "tributary.incentive.v1.LedgerService/ListLedgerEntries", request);
    EXPECT_OK(page);
    int64_t balance = 0;
    if (!page.ok()) return balance;
    for (const v1::LedgerEntry& entry : page->ledger_entries()) {
      for (const v1::LedgerEntry::Leg& leg : entry.legs()) {
        if (leg.account() == account) balance += leg.amount().units();
      }
    }
    return balance;
  }

  static constexpr char kClaim[] = "partners/p1/claims/stand";
  static constexpr char kStatement[] = "partners/p1/statements/1";
  const std::unique_ptr<rpc::Client> partner_ = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  const std::unique_ptr<rpc::Client> manager_ = keys_.NewClient(world_.port(), api::v1::CHANNEL_MANAGER, "", "manager");
};

TEST_F(DeductionServiceTest, AShortPayIsMatchedAndNothingIsPaidTwice) {
  ASSERT_OK_AND_ASSIGN(v1::Deduction deduction, Keep(NewDeduction("d1", 500)));
  EXPECT_EQ(deduction.state(), v1::Deduction::OPEN);
  EXPECT_EQ(deduction.recorder(), "manager");
  EXPECT_EQ(deduction.open().units(), 500);
  EXPECT_EQ(Mismatches(), 0) << "nothing is granted yet";

  // A part of the claim, then what is open of both.
  ASSERT_OK_AND_ASSIGN(deduction, MatchIt(*treasurer_, "d1", kClaim, 100));
  EXPECT_EQ(deduction.open().units(), 400);
  EXPECT_EQ(GetClaim()->deducted().units(), 100);
  EXPECT_EQ(GetClaim()->state(), v1::Claim::APPROVED);
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::APPROVED), 200);
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::DEDUCTED), 100);
  EXPECT_EQ(Mismatches(), 0);
  EXPECT_THAT(MatchIt(*treasurer_, "d1", kClaim, 201), HasReason(Reason::kAllocationExceeds));
  ASSERT_OK_AND_ASSIGN(deduction, MatchIt(*treasurer_, "d1", kClaim));
  EXPECT_EQ(deduction.open().units(), 200);
  EXPECT_EQ(GetClaim()->state(), v1::Claim::PAID);
  EXPECT_EQ(GetClaim()->payer(), "treasurer");
  EXPECT_THAT(MatchIt(*treasurer_, "d1", kClaim), HasReason(Reason::kStateConflict));
  EXPECT_EQ(WalletBalance(), 0);

  // The rest is of the statement, which is settled for what is left of it.
  EXPECT_THAT(MatchIt(*treasurer_, "d1", kStatement, 201), HasReason(Reason::kAllocationExceeds));
  ASSERT_OK_AND_ASSIGN(deduction, MatchIt(*treasurer_, "d1", kStatement));
  EXPECT_EQ(deduction.state(), v1::Deduction::MATCHED);
  ASSERT_EQ(deduction.matches_size(), 3);
  EXPECT_EQ(deduction.matches(2).entitlement(), kStatement);
  EXPECT_EQ(deduction.matches(2).amount().units(), 200);
  EXPECT_EQ(deduction.matches(2).principal(), "treasurer");
  EXPECT_EQ(GetStatement()->state(), v1::Statement::ISSUED);
  EXPECT_EQ(GetStatement()->settled().units(), 200);
  EXPECT_EQ(Mismatches(), 0);
  ASSERT_OK(Settle());
  EXPECT_EQ(GetStatement()->state(), v1::Statement::SETTLED);
  EXPECT_EQ(WalletBalance(), 200);
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::DEDUCTED), 500);
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::PAID), 200);
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::COST), -700);
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(DeductionServiceTest, AMatchIsTakenBack) {
  ASSERT_OK(Keep(NewDeduction("d1", 500)));
  ASSERT_OK(MatchIt(*treasurer_, "d1", kClaim));
  EXPECT_EQ(GetClaim()->state(), v1::Claim::PAID);
  ASSERT_OK(MatchIt(*treasurer_, "d1", kStatement));
  EXPECT_THAT(UnmatchIt(*manager_, "d1", kClaim), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(UnmatchIt(*treasurer_, "d1", "partners/p1/claims/none"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(UnmatchIt(*treasurer_, "d1", "partners/p2/claims/stand"), HasReason(Reason::kInvalidField));

  ASSERT_OK_AND_ASSIGN(v1::Deduction deduction, UnmatchIt(*treasurer_, "d1", kClaim));
  EXPECT_EQ(deduction.state(), v1::Deduction::OPEN);
  EXPECT_EQ(deduction.open().units(), 300);
  ASSERT_EQ(deduction.matches_size(), 3);
  EXPECT_EQ(deduction.matches(2).entitlement(), kClaim);
  EXPECT_EQ(deduction.matches(2).amount().units(), -300);
  EXPECT_EQ(deduction.matches(2).note(), "It was for something else");
  EXPECT_EQ(GetClaim()->state(), v1::Claim::APPROVED);
  EXPECT_EQ(GetClaim()->deducted().units(), 0);
  EXPECT_EQ(GetClaim()->payer(), "");
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::APPROVED), 300);
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::DEDUCTED), 200);
  EXPECT_EQ(Mismatches(), 0);
  EXPECT_THAT(UnmatchIt(*treasurer_, "d1", kClaim), HasReason(Reason::kInvalidField)) << "nothing is matched to it";

  // What is settled of the statement by now stays settled; the rest is open again.
  ASSERT_OK(Settle());
  EXPECT_EQ(WalletBalance(), 200);
  ASSERT_OK_AND_ASSIGN(deduction, UnmatchIt(*treasurer_, "d1", kStatement));
  EXPECT_EQ(deduction.open().units(), 500);
  EXPECT_EQ(GetStatement()->state(), v1::Statement::ISSUED);
  EXPECT_EQ(GetStatement()->settled().units(), 200);
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::DEDUCTED), 0);
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::STATED), 200);
  EXPECT_EQ(Mismatches(), 0);
  ASSERT_OK(Settle());
  EXPECT_EQ(GetStatement()->state(), v1::Statement::SETTLED);
  EXPECT_EQ(WalletBalance(), 400);
  EXPECT_EQ(Mismatches(), 0);

  // Of a claim whose rest was paid nothing is taken back.
  ASSERT_OK(MatchIt(*treasurer_, "d1", kClaim, 100));
  v1::PayClaimRequest pay;
  pay.set_name(kClaim);
  *pay.mutable_expires_on() = DateOf("2999-12-31");
  ASSERT_OK(Call<v1::Claim>(*treasurer_, "ClaimService/PayClaim", pay));
  EXPECT_THAT(UnmatchIt(*treasurer_, "d1", kClaim), HasReason(Reason::kStateConflict));
  ASSERT_OK(ChargeBackIt(*treasurer_, "d1"));
  EXPECT_THAT(UnmatchIt(*treasurer_, "d1", kClaim), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(DeductionServiceTest, NoMoreIsTakenThanTheInvoiceComesTo) {
  EXPECT_THAT(Keep(NewDeduction("d1", 5001)), HasReason(Reason::kAllocationExceeds));
  ASSERT_OK(Keep(NewDeduction("d1", 3000)));
  const auto twice = Keep(NewDeduction("d2", 3000));
  EXPECT_THAT(twice, HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(std::string(twice.status().message()), HasSubstr("deductions/d1"));
  v1::CreateDeductionRequest later = NewDeduction("d2", 3000);
  *later.mutable_deduction()->mutable_taken_on() = DateOf("2025-04-02");
  const auto over = Keep(later);
  EXPECT_THAT(over, HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(std::string(over.status().message()), HasSubstr("want at most 2000.00 USD"));
  ASSERT_OK(Keep(NewDeduction("d2", 2000)));
  // What is charged back the partner pays after all.
  ASSERT_OK(ChargeBackIt(*treasurer_, "d1"));
  ASSERT_OK(Keep(NewDeduction("d3", 3000)));
  EXPECT_THAT(Keep(NewDeduction("d4", 1)), HasReason(Reason::kAllocationExceeds));
}

TEST_F(DeductionServiceTest, TheRestIsWrittenOffOrChargedBack) {
  ASSERT_OK(Keep(NewDeduction("small", 3)));
  EXPECT_THAT(WriteOffIt(*manager_, "small"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(v1::Deduction deduction, WriteOffIt(*treasurer_, "small"));
  EXPECT_EQ(deduction.state(), v1::Deduction::WRITTEN_OFF);
  EXPECT_EQ(deduction.resolver(), "treasurer");
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::DEDUCTED), 3);
  ASSERT_OK(Call<v1::Deduction>(*treasurer_, "DeductionService/CreateDeduction", NewDeduction("own", 5)));
  EXPECT_THAT(WriteOffIt(*treasurer_, "own"), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(deduction, ChargeBackIt(*treasurer_, "own"));
  EXPECT_EQ(deduction.state(), v1::Deduction::CHARGED_BACK);
  EXPECT_EQ(deduction.open().units(), 0);
  EXPECT_THAT(MatchIt(*treasurer_, "own", kClaim), HasReason(Reason::kStateConflict));
  EXPECT_EQ(BalanceOf(v1::LedgerEntry::DEDUCTED), 3) << "what is charged back is granted to nobody";
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(DeductionServiceTest, WhatItNamesHasToBeThere) {
  EXPECT_THAT(Keep(NewDeduction("d1", 1, "I9")), HasReason(Reason::kReferenceNotFound));
  v1::CreateDeductionRequest euros = NewDeduction("d1", 1);
  *euros.mutable_deduction()->mutable_amount() = Dollars(1, "EUR");
  EXPECT_THAT(Keep(euros), HasReason(Reason::kCurrencyMismatch));
  v1::CreateDeductionRequest foreign = NewDeduction("d1", 1);
  foreign.mutable_deduction()->set_invoice("partners/p2/invoices/I1");
  EXPECT_THAT(Keep(foreign), HasReason(Reason::kInvalidField));
  v1::CreateDeductionRequest early = NewDeduction("d1", 0);
  *early.mutable_deduction()->mutable_taken_on() = DateOf("2999-01-01");
  const auto bad = Keep(early);
  EXPECT_THAT(bad, HasReason(Reason::kInvalidField));
  EXPECT_EQ(DetailOf(bad.status()).violations.size(), 2u);
  ASSERT_OK(Keep(NewDeduction("d1", 100)));
  EXPECT_THAT(Keep(NewDeduction("d1", 100)), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(MatchIt(*treasurer_, "d1", "partners/p1/claims/none"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(MatchIt(*treasurer_, "d1", "partners/p1/statements/9"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(MatchIt(*treasurer_, "d1", "partners/p2/claims/stand"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(MatchIt(*treasurer_, "d1", kClaim, 0), HasReason(Reason::kInvalidField));
  // Who issued a statement does not settle it either way.
  EXPECT_THAT(MatchIt(world_.finance(), "d1", kStatement), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Call<v1::Deduction>(*partner_, "DeductionService/CreateDeduction", NewDeduction("d2", 1)),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(DeductionServiceTest, WhatIsOpenIsListedByAge) {
  ASSERT_OK(Keep(NewDeduction("d1", 100)));
  v1::CreateDeductionRequest today = NewDeduction("d2", 30);
  *today.mutable_deduction()->mutable_taken_on() =
      wire::ToProto(Date::FromDays(static_cast<int32_t>(absl::ToUnixSeconds(absl::Now()) / 86400)));
  ASSERT_OK(Keep(today));
  ASSERT_OK(Keep(NewDeduction("d3", 7)));
  ASSERT_OK(ChargeBackIt(*treasurer_, "d3"));
  ASSERT_OK(MatchIt(*treasurer_, "d1", kClaim, 40));
  v1::GetAgedDeductionsRequest request;
  request.set_name("partners/p1/agedDeductions");
  ASSERT_OK_AND_ASSIGN(const auto aged,
                       partner_->Call<v1::AgedDeductions>(StrCat(kDeductions, "GetAgedDeductions"), request));
  ASSERT_EQ(aged.balances_size(), 1);
  EXPECT_EQ(aged.balances(0).days_0_to_30().units(), 30);
  EXPECT_EQ(aged.balances(0).days_over_90().units(), 60);
  EXPECT_EQ(aged.balances(0).total().units(), 90);
  ASSERT_EQ(aged.balances(0).deductions_size(), 2);
  EXPECT_THAT(aged.balances(0).deductions(0).deduction(), HasSubstr("deductions/d1"));
  v1::ListDeductionsRequest list;
  list.set_parent("partners/-");
  list.set_filter("state = OPEN");
  ASSERT_OK_AND_ASSIGN(const auto page,
                       partner_->Call<v1::ListDeductionsResponse>(StrCat(kDeductions, "ListDeductions"), list));
  std::vector<std::string> names;
  for (const v1::Deduction& one : page.deductions()) names.push_back(one.name());
  EXPECT_THAT(names, ElementsAre("partners/p1/deductions/d1", "partners/p1/deductions/d2"));
}

TEST_F(DeductionServiceTest, MatchesAtOnceNeverExceedTheClaim) {
  for (int i = 0; i < 5; ++i) {
    v1::CreateDeductionRequest request = NewDeduction(StrCat("d", i), 90);
    request.mutable_deduction()->mutable_taken_on()->set_day(i + 1);  // no two of one day
    ASSERT_OK(Keep(request));
  }
  std::atomic<int> matched{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([this, &matched, i] {
      absl::StatusOr<v1::Deduction> done;
      do {
        done = MatchIt(*treasurer_, StrCat("d", i), kClaim, 90);
      } while (ReasonOf(done.status()) == Reason::kConflictRetry || ReasonOf(done.status()) == Reason::kOverloaded);
      EXPECT_THAT(done, AnyOf(IsOk(), HasReason(Reason::kAllocationExceeds)));
      if (done.ok()) ++matched;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(matched, 3);
  EXPECT_EQ(GetClaim()->deducted().units(), 270);
  EXPECT_EQ(Mismatches(), 0);
  v1::PayClaimRequest pay;
  pay.set_name(kClaim);
  *pay.mutable_expires_on() = DateOf("2999-12-31");
  ASSERT_OK(Call<v1::Claim>(*treasurer_, "ClaimService/PayClaim", pay));
  EXPECT_EQ(WalletBalance(), 30);
  EXPECT_EQ(Mismatches(), 0);
}

}  // namespace
}  // namespace tributary::incentive

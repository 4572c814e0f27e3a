// Bank accounts over the wire: a second person for each change, and numbers that are whole for few and on record.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "partner-service/testing_masked.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;

constexpr char kIban[] = "DE89370400440532013000";
constexpr char kOtherIban[] = "GB82WEST12345698765432";

class BankAccountsTest : public MaskedTest {
 protected:
  static v1::BankAccount Account(const std::string& number = kIban) {
    v1::BankAccount account;
    account.set_holder_name("Acme Holding GmbH");
    account.set_bank_name("Deutsche Bank");
    account.set_bic("DEUTDEFF");
    account.set_currency("EUR");
    account.set_number_type(v1::BankAccountTerms::IBAN);
    account.set_account_number(number);
    return account;
  }
  absl::StatusOr<v1::BankAccount> Create(rpc::Client& client, const std::string& id,
                                         const v1::BankAccount& account = Account(),
                                         const std::string& partner = "p-1") {
    v1::CreateBankAccountRequest request;
    request.set_parent("partners/" + partner);
    request.set_bank_account_id(id);
    request.set_request_id(NewRequestId());
    *request.mutable_bank_account() = account;
    return As<v1::BankAccount>(client, kBankAccounts, "CreateBankAccount", request);
  }
  absl::StatusOr<v1::BankAccount> Update(rpc::Client& client, const v1::BankAccount& account,
                                         const std::vector<std::string>& paths) {
    v1::UpdateBankAccountRequest request;
    *request.mutable_bank_account() = account;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return As<v1::BankAccount>(client, kBankAccounts, "UpdateBankAccount", request);
  }
  absl::StatusOr<v1::BankAccount> Read(rpc::Client& client,
                                       const std::string& name = "partners/p-1/bankAccounts/main") {
    v1::GetBankAccountRequest request;
    request.set_name(name);
    return As<v1::BankAccount>(client, kBankAccounts, "GetBankAccount", request);
  }
  absl::StatusOr<v1::BankAccount> Verify(rpc::Client& client, const v1::BankAccount& seen) {
    v1::VerifyBankAccountRequest request;
    request.set_name(seen.name());
    request.set_etag(seen.etag());
    request.set_request_id(NewRequestId());
    return As<v1::BankAccount>(client, kBankAccounts, "VerifyBankAccount", request);
  }
  absl::StatusOr<v1::BankAccount> Reject(rpc::Client& client, const v1::BankAccount& seen) {
    v1::RejectBankAccountRequest request;
    request.set_name(seen.name());
    request.set_etag(seen.etag());
    request.set_request_id(NewRequestId());
    return As<v1::BankAccount>(client, kBankAccounts, "RejectBankAccount", request);
  }
  absl::StatusOr<v1::RevealBankAccountResponse> Reveal(rpc::Client& client,
                                                       const std::string& name = "partners/p-1/bankAccounts/main") {
    v1::RevealBankAccountRequest request;
    request.set_name(name);
    request.set_purpose("Payout");
    return As<v1::RevealBankAccountResponse>(client, kBankAccounts, "RevealBankAccount", request);
  }
};

TEST_F(BankAccountsTest, HoldOnceASecondPersonHasVerifiedThem) {
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount made, Create(*finance_, "main"));
  EXPECT_EQ(made.state(), v1::BankAccount::PENDING);
  EXPECT_FALSE(made.payable());
  EXPECT_EQ(made.masked_account_number(), "DE****3000");
  EXPECT_EQ(made.account_number() + made.holder_name(), "");
  EXPECT_THAT(Verify(*finance_, made), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Verify(*user_, made), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Verify(*manager_, made), HasReason(Reason::kPermissionDenied));
  v1::BankAccount unseen = made;
  unseen.set_etag("");
  EXPECT_THAT(Verify(*second_, unseen), Blames("etag"));
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount verified, Verify(*second_, made));
  EXPECT_EQ(verified.state(), v1::BankAccount::VERIFIED);
  EXPECT_TRUE(verified.payable());
  EXPECT_THAT(Verify(*second_, verified), HasReason(Reason::kStateConflict));

  // A change waits, and what was verified holds meanwhile.
  v1::BankAccount change = *Read(*user_);
  EXPECT_EQ(change.holder_name(), "Acme Holding GmbH");
  change.set_account_number(kOtherIban);
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount changing, Update(*user_, change, {"account_number"}));
  EXPECT_EQ(changing.state(), v1::BankAccount::PENDING);
  EXPECT_TRUE(changing.payable());
  EXPECT_EQ(changing.masked_account_number(), "DE****3000");
  EXPECT_EQ(changing.pending().masked_account_number(), "GB****5432");
  ASSERT_OK_AND_ASSIGN(auto whole, Reveal(*finance_));
  EXPECT_EQ(whole.account_number(), kIban);
  EXPECT_EQ(whole.pending_account_number(), kOtherIban);
  EXPECT_THAT(Verify(*second_, verified), HasReason(Reason::kEtagMismatch));
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount before, Reject(*finance_, changing));
  EXPECT_EQ(before.state(), v1::BankAccount::VERIFIED);
  EXPECT_FALSE(before.has_pending());
  change.set_etag(before.etag());
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount again, Update(*user_, change, {"account_number"}));
  ASSERT_OK(Verify(*finance_, again));
  ASSERT_OK_AND_ASSIGN(whole, Reveal(*finance_));
  EXPECT_EQ(whole.account_number(), kOtherIban);
  EXPECT_EQ(whole.pending_account_number(), "");

  EXPECT_THAT(Records("partners/p-1"),
              ElementsAre("CREATED main finance-1 - -", "VERIFIED main finance-2 - -",
                          "UPDATED main user-of-p-1 account_number -", "REVEALED main finance-1 account_number Payout",
                          "REJECTED main finance-1 - -", "UPDATED main user-of-p-1 account_number -",
                          "VERIFIED main finance-1 - -", "REVEALED main finance-1 account_number Payout"));
  ExpectNowhere({kIban, kOtherIban, "Acme Holding GmbH"});
  const std::multiset<std::string> told = Told();
  EXPECT_EQ(told.count("verified partners/p-1/bankAccounts/main"), 2u);
  EXPECT_EQ(told.count("rejected partners/p-1/bankAccounts/main"), 1u);
}

TEST_F(BankAccountsTest, WhoAddsToAnAskedChangeIsNoSecondPerson) {
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount made, Create(*finance_, "main"));
  v1::BankAccount renamed = made;
  renamed.set_holder_name("Acme SE");
  ASSERT_OK_AND_ASSIGN(const v1::BankAccount both, Update(*second_, renamed, {"holder_name"}));
  EXPECT_THAT(Verify(*finance_, both), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(Verify(*second_, both), HasReason(Reason::kSecondPersonRequired));
  const auto third = Finance("finance-3");
  EXPECT_OK(Verify(*third, both));
}

TEST_F(BankAccountsTest, WholeNumbersAreForWhoPays) {
  ASSERT_OK(Create(*user_, "main"));
  ASSERT_OK(Create(*other_, "main", Account(), "p-2"));
  for (rpc::Client* client : {manager_.get(), auditor_.get(), user_.get(), other_.get()}) {
    EXPECT_THAT(Reveal(*client), HasReason(Reason::kPermissionDenied));
  }
  EXPECT_OK(Reveal(*finance_));
  EXPECT_EQ(Read(*auditor_)->masked_account_number(), "DE****3000");
  for (const char* name : {"partners/p-2/bankAccounts/main", "partners/p-2/bankAccounts/none"}) {
    EXPECT_THAT(Read(*user_, name), HasReason(Reason::kPermissionDenied));
  }
  EXPECT_THAT(Create(*user_, "x", Account(), "p-2"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Create(*manager_, "x"), HasReason(Reason::kPermissionDenied));
  v1::ListBankAccountsRequest list;
  list.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto own,
                       As<v1::ListBankAccountsResponse>(*user_, kBankAccounts, "ListBankAccounts", list));
  EXPECT_EQ(own.bank_accounts_size(), 1);
  list.set_filter("payable = false AND state = PENDING");
  EXPECT_EQ(As<v1::ListBankAccountsResponse>(*finance_, kBankAccounts, "ListBankAccounts", list)->bank_accounts_size(),
            2);

  v1::DeleteBankAccountRequest remove;
  remove.set_name("partners/p-1/bankAccounts/main");
  remove.set_request_id(NewRequestId());
  ASSERT_OK(As<google::protobuf::Empty>(*user_, kBankAccounts, "DeleteBankAccount", remove));
  EXPECT_THAT(Read(*user_), HasReason(Reason::kNotFound));
  EXPECT_THAT(Reveal(*finance_), HasReason(Reason::kNotFound));
}

TEST_F(BankAccountsTest, SayWhatIsWrongWithoutTheNumber) {
  const struct {
    v1::BankAccount account;
    const char* field;
  } kCases[] = {
      {Account("DE89370400440532013001"), "bank_account.account_number"},
      {Account(""), "bank_account.account_number"},
      {Account("DE****3000"), "bank_account.account_number"},
  };
  for (const auto& c : kCases) {
    const auto answer = Create(*finance_, "x", c.account);
    EXPECT_THAT(answer, Blames(c.field));
    if (!c.account.account_number().empty()) {
      EXPECT_EQ(std::string(answer.status().message()).find(c.account.account_number()), std::string::npos);
    }
  }
  v1::BankAccount card = Account("4111 1111 1111 1112");
  card.set_number_type(v1::BankAccountTerms::CARD);
  EXPECT_THAT(Create(*finance_, "x", card), Blames("bank_account.account_number"));
  card.set_account_number("4111 1111 1111 1111");
  card.set_bic("deut");
  EXPECT_THAT(Create(*finance_, "x", card), Blames("bank_account.bic"));
  card.clear_bic();
  EXPECT_EQ(Create(*finance_, "x", card)->masked_account_number(), "****1111");
}

// Two verify and one changes at the same moment: what holds is what somebody saw.
TEST_F(BankAccountsTest, NobodyVerifiesWhatWasNotSeen) {
  for (int round = 0; round < 8; ++round) {
    const std::string id = StrCat("race-", round);
    ASSERT_OK_AND_ASSIGN(const v1::BankAccount made, Create(*user_, id));
    v1::BankAccount change = made;
    change.set_account_number(kOtherIban);
    change.set_etag("");
    std::atomic<int> verified = 0;
    std::vector<std::thread> threads;
    for (rpc::Client* client : {finance_.get(), second_.get()}) {
      threads.emplace_back([&, client] { verified += Verify(*client, made).ok(); });
    }
    threads.emplace_back([&] { EXPECT_OK(Update(*user_, change, {"account_number"})); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_LE(verified, 1);
    ASSERT_OK_AND_ASSIGN(const v1::BankAccount after, Read(*finance_, made.name()));
    EXPECT_EQ(after.state(), v1::BankAccount::PENDING);
    EXPECT_EQ(after.payable(), verified == 1);
    EXPECT_EQ(after.masked_account_number(), verified == 1 ? "DE****3000" : "GB****5432");
  }
}

}  // namespace
}  // namespace tributary::partner

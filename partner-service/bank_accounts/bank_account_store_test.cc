#include "partner-service/bank_accounts/bank_account_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;

class BankAccountStoreTest : public StoreTest {
 protected:
  static BankAccountTerms Terms(std::string currency) {
    return {.holder_name = "契約者",
            .bank_name = "Bank",
            .bic = "DEUTDEFF",
            .currency = std::move(currency),
            .number_type = AccountNumberType::kLocal,
            .number = "100123450920"};
  }
  BankAccount Of(std::string partner, std::string id, std::string currency = "EUR") {
    const BankAccount blank{.partner_id = std::move(partner), .id = std::move(id)};
    BankAccount account = *partner::Ask(blank, Terms(std::move(currency)), "clerk", kNow);
    account.revision = Revision::First(kNow);
    return account;
  }
  absl::Status Create(const BankAccount& account) {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, account); });
  }
  absl::Status Update(const BankAccount& account) {
    return Do([&](mysql::Transaction& sql) { return store_.Update(sql, account); });
  }
  absl::StatusOr<BankAccount> Get(std::string_view partner, std::string_view id) {
    return Ask<BankAccount>([&](mysql::Transaction& sql) { return store_.Get(sql, partner, id); });
  }
  std::vector<std::string> Names(std::string_view partner, const std::string& filter) {
    std::vector<std::string> names;
    for (const BankAccount& account : All<BankAccount>(
             BankAccountStore::Fields(), 1, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner, page); },
             [](const BankAccount&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(account.partner_id, "/", account.id));
    }
    return names;
  }
  BankAccountStore store_;
};

TEST_F(BankAccountStoreTest, IsReadAsItWasWrittenInEachState) {
  ASSERT_OK(Create(Of("p-1", "a")));
  EXPECT_THAT(Create(Of("p-1", "a")), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const BankAccount pending, Get("p-1", "a"));
  EXPECT_EQ(pending.name(), "partners/p-1/bankAccounts/a");
  EXPECT_EQ(pending.state, BankAccountState::kPending);
  EXPECT_EQ(pending.asked, Terms("EUR"));
  EXPECT_EQ(pending.verified, std::nullopt);
  EXPECT_EQ(pending.verify_time, std::nullopt);
  EXPECT_THAT(pending.asked_by, ElementsAre("clerk"));
  ASSERT_OK(Update(*Verify(pending, "second", kNow)));
  ASSERT_OK_AND_ASSIGN(const BankAccount verified, Get("p-1", "a"));
  EXPECT_EQ(verified.verified, Terms("EUR"));
  EXPECT_EQ(verified.asked, std::nullopt);
  EXPECT_EQ(verified.verify_time, kNow);
  ASSERT_OK(Update(*partner::Ask(verified, Terms("USD"), "clerk", kNow)));
  ASSERT_OK_AND_ASSIGN(const BankAccount changing, Get("p-1", "a"));
  EXPECT_EQ(changing.verified, Terms("EUR"));
  EXPECT_EQ(changing.asked, Terms("USD"));
  EXPECT_EQ(changing.revision.version, 3);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Delete(sql, changing); }));
  EXPECT_THAT(Get("p-1", "a"), HasReason(Reason::kNotFound));
}

TEST_F(BankAccountStoreTest, ListsByWhatHolds) {
  ASSERT_OK(Create(Of("p-1", "a")));
  ASSERT_OK(Create(Of("p-1", "b", "USD")));
  ASSERT_OK(Create(Of("p-2", "a")));
  ASSERT_OK(Update(*Verify(*Get("p-2", "a"), "second", kNow)));
  EXPECT_THAT(Names("", ""), ElementsAre("p-1/a", "p-1/b", "p-2/a"));
  EXPECT_THAT(Names("p-1", ""), ElementsAre("p-1/a", "p-1/b"));
  EXPECT_THAT(Names("", "payable = true"), ElementsAre("p-2/a"));
  EXPECT_THAT(Names("", "state = PENDING AND currency = USD"), ElementsAre("p-1/b"));
  // What is masked cannot be felt for.
  EXPECT_THAT(PageOf(BankAccountStore::Fields(), {10, "", "account_number = \"100123450920\""}).status(),
              HasReason(Reason::kFilterInvalid));
}

}  // namespace
}  // namespace tributary::partner

#include "incentive-service/payouts/payout_store.h"

#include <memory>

#include "common/wire/wire.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/payouts/bank_account_store.h"
#include "incentive-service/payouts/testing_payouts.h"
#include "incentive-service/relationships/relationship_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive-service/wallets/testing_wallets.h"
#include "incentive-service/wallets/wallet_store.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/partner/v1/bank_account.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using tributary::partner::v1::PartnerRelationship;

class PayoutStoreTest : public ::testing::Test {
 protected:
  Payout Stored(const std::string& partner, const std::string& id) {
    Payout payout = PayoutOf(id);
    payout.partner = partner;
    payout.uid = Uuid::New(now_);
    payout.create_time = payout.update_time = now_;
    InTransaction(*database_, [&](mysql::Transaction& sql) { return payouts_.Insert(sql, payout); });
    return payout;
  }
  std::vector<std::string> Listed(const std::string& filter, const std::optional<std::string>& partner = {},
                                  std::string_view after_partner = "", std::string_view after_id = "", int limit = 9) {
    std::vector<std::string> names;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      names.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter(filter, PayoutStore::FilterFields()));
      ASSIGN_OR_RETURN(const auto payouts, payouts_.List(sql, partner, after_partner, after_id, where, limit));
      for (const Payout& payout : payouts) names.push_back(StrCat(payout.partner, ".", payout.id));
      return absl::OkStatus();
    });
    return names;
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, LedgerStore().Mismatches(sql));
      return absl::OkStatus();
    });
    return mismatches;
  }
  void Tell(const google::protobuf::Message& told, const std::string& name, const std::string& verb) {
    const events::Event event{.cursor = {.shard = 0, .seq = ++told_},
                              .verb = verb,
                              .name = name,
                              .type = told.GetDescriptor()->full_name(),
                              .payload = told.SerializeAsString()};
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(accounts_.Apply(sql, absl::MakeConstSpan(&event, 1)));
      return relationships_.Apply(sql, absl::MakeConstSpan(&event, 1)).status();
    });
  }
  std::string PayeeOn(std::string_view day) {
    std::string payee;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(payee, relationships_.PayeeOf(sql, "p2", DayFrom(day)));
      return absl::OkStatus();
    });
    return payee;
  }
  std::optional<BankAccount> Known() {
    std::optional<BankAccount> account;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(account, accounts_.Get(sql, "p2", "main"));
      return absl::OkStatus();
    });
    return account;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  const absl::Time now_ = InstantFrom("2026-04-01");
  PayoutStore payouts_;
  BankAccountStore accounts_;
  RelationshipStore relationships_;
  int64_t told_ = 0;
};

TEST_F(PayoutStoreTest, KeepsWhatIsDecided) {
  const Payout asked = Stored("p2", "x1");
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(payouts_.Get(sql, "p1", "x1"), HasReason(Reason::kNotFound));
    EXPECT_THAT(payouts_.Insert(sql, asked), HasReason(Reason::kAlreadyExists));
    ASSIGN_OR_RETURN(const Payout read, payouts_.GetForUpdate(sql, "p2", "x1"));
    EXPECT_EQ(read.uid, asked.uid);
    EXPECT_EQ(read.bank_account_name(), "partners/p2/bankAccounts/main");
    EXPECT_FALSE(read.pay_time.has_value());
    ASSIGN_OR_RETURN(const Payout approved, Approve(read, "treasurer", "好", now_));
    RETURN_IF_ERROR(payouts_.Update(sql, read, approved));
    ASSIGN_OR_RETURN(const Payout paid, Pay(approved, "cashier", "SEPA-1", now_));
    return payouts_.Update(sql, approved, paid);
  });
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Payout read, payouts_.Get(sql, "p2", "x1"));
    EXPECT_EQ(read.state, PayoutState::kPaid);
    EXPECT_EQ(read.version, 3);
    EXPECT_EQ(read.decision_note, "好");
    EXPECT_EQ(read.payer, "cashier");
    EXPECT_EQ(read.pay_time, now_);
    return absl::OkStatus();
  });
  const absl::Status late = database_->Transact(
      {}, [&](mysql::Transaction& sql) -> absl::Status { return payouts_.Update(sql, asked, *Withdraw(asked, now_)); });
  EXPECT_THAT(late, HasReason(Reason::kConflictRetry));
}

TEST_F(PayoutStoreTest, KeepsByWhatRateItIsPaid) {
  Stored("p2", "plain");
  Payout payout = PayoutOf("x1");
  payout.uid = Uuid::New(now_);
  payout.create_time = payout.update_time = now_;
  payout.exchange = PayoutExchange{.currency = "USD", .rate_type = "spot", .date = DayFrom("2026-05-20")};
  payout = *Exchange(std::move(payout), *Rational::ParseDecimal("0.137298765432"));
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(payouts_.Insert(sql, payout));
    ASSIGN_OR_RETURN(const Payout read, payouts_.Get(sql, "p2", "x1"));
    EXPECT_EQ(read.exchange, payout.exchange);
    EXPECT_EQ(read.exchange->amount, 206);
    ASSIGN_OR_RETURN(const Payout plain, payouts_.Get(sql, "p2", "plain"));
    EXPECT_FALSE(plain.exchange.has_value());
    return absl::OkStatus();
  });
  EXPECT_THAT(Listed("paid_in = USD"), ElementsAre("p2.x1"));
  EXPECT_THAT(Listed("paid_in = CNY"), ElementsAre("p2.plain"));
}

TEST_F(PayoutStoreTest, ListsByPartnerAndId) {
  Stored("p2", "b");
  Stored("p2", "a");
  Stored("p1", "c");
  EXPECT_THAT(Listed(""), ElementsAre("p1.c", "p2.a", "p2.b"));
  EXPECT_THAT(Listed("", "p2"), ElementsAre("p2.a", "p2.b"));
  EXPECT_THAT(Listed("", {}, "p1", "c", 1), ElementsAre("p2.a"));
  EXPECT_THAT(Listed("state = REQUESTED AND currency = CNY", "p1"), ElementsAre("p1.c"));
  EXPECT_THAT(Listed("state = PAID"), ElementsAre());
  EXPECT_THAT(Listed("bank_account = 'partners/p2/bankAccounts/main'", "p1"), ElementsAre("p1.c"));
}

TEST_F(PayoutStoreTest, TheLedgerSeesWhatIsNotInItsPlace) {
  const WalletKey key{"p2", "CNY"};
  Payout payout = PayoutOf("x1");
  payout.uid = Uuid::New(now_);
  payout.create_time = payout.update_time = now_;
  WalletStore wallets;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    // What is credited is entered by whoever credits: here an opening balance.
    RETURN_IF_ERROR(LedgerStore().Post(sql,
                                       Move({.partner = "p2", .path = "openingBalances/go-live", .currency = "CNY"},
                                            LedgerKind::kOpening, {}, {{LedgerAccount::kPaid, 2000}}),
                                       now_));
    RETURN_IF_ERROR(wallets.Credit(sql, key, LotOf("w1", 2000, "2026-12-31"), now_));
    ASSIGN_OR_RETURN(Wallet wallet, wallets.GetForUpdate(sql, key));
    ASSIGN_OR_RETURN(const WalletChange placed, PlaceHold(std::move(wallet), HoldFor(payout), now_));
    RETURN_IF_ERROR(wallets.Save(sql, placed));
    RETURN_IF_ERROR(payouts_.Insert(sql, payout));
    ASSIGN_OR_RETURN(const Payout approved, Approve(payout, "treasurer", "", now_));
    RETURN_IF_ERROR(payouts_.Update(sql, payout, approved));
    ASSIGN_OR_RETURN(const Payout paid, Pay(approved, "cashier", "SEPA-1", now_));
    ASSIGN_OR_RETURN(Wallet later, wallets.GetForUpdate(sql, key));
    ASSIGN_OR_RETURN(const WalletChange captured, Capture(std::move(later), *placed.hold, std::nullopt, now_));
    RETURN_IF_ERROR(wallets.Save(sql, captured));
    return payouts_.Update(sql, approved, paid);
  });
  EXPECT_EQ(Mismatches(), 0);
  for (const char* damage : {"UPDATE payout SET state = 5", "UPDATE payout SET amount = 1499",
                             "UPDATE payout SET hold = 'h2'", "UPDATE wallet_hold_lot SET captured = 1499"}) {
    const absl::Status seen = database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(sql.Execute(damage));
      ASSIGN_OR_RETURN(const int64_t mismatches, LedgerStore().Mismatches(sql));
      EXPECT_GT(mismatches, 0) << damage;
      return absl::CancelledError("undone");
    });
    EXPECT_FALSE(seen.ok());
  }
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(PayoutStoreTest, KnowsAccountsAndPayeesAsTheyWereToldLast) {
  EXPECT_EQ(Known(), std::nullopt);
  tributary::partner::v1::BankAccount account;
  account.set_name("partners/p2/bankAccounts/main");
  account.set_currency("CNY");
  Tell(account, account.name(), "created");
  EXPECT_EQ(Known(), (BankAccount{"CNY", false}));
  account.set_payable(true);
  Tell(account, account.name(), "verified");
  EXPECT_EQ(Known(), (BankAccount{"CNY", true}));
  Tell(account, account.name(), "deleted");
  EXPECT_EQ(Known(), std::nullopt);

  EXPECT_EQ(PayeeOn("2026-04-01"), "p2");
  PartnerRelationship payee;
  payee.set_name("partners/p2/relationships/pay");
  payee.set_kind(PartnerRelationship::PAYEE);
  payee.set_other_partner("partners/p9");
  *payee.mutable_valid_from() = wire::ToProto(DayFrom("2026-01-01"));
  Tell(payee, payee.name(), "created");
  EXPECT_EQ(PayeeOn("2025-12-31"), "p2");
  EXPECT_EQ(PayeeOn("2026-01-01"), "p9");
  *payee.mutable_valid_to() = wire::ToProto(DayFrom("2026-04-01"));
  Tell(payee, payee.name(), "updated");
  EXPECT_EQ(PayeeOn("2026-03-31"), "p9");
  EXPECT_EQ(PayeeOn("2026-04-01"), "p2");
  Tell(payee, payee.name(), "deleted");
  EXPECT_EQ(PayeeOn("2026-03-31"), "p2");
  payee.set_name("partners/p2/relationships/above");
  payee.set_kind(PartnerRelationship::PARENT);
  payee.clear_valid_to();
  Tell(payee, payee.name(), "created");
  EXPECT_EQ(PayeeOn("2026-04-01"), "p2");
}

}  // namespace
}  // namespace tributary::incentive

#include "incentive-service/wallets/wallet_store.h"

#include <memory>

#include "incentive-service/opening_balances/opening_balance_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive-service/wallets/testing_wallets.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

class WalletStoreTest : public ::testing::Test {
 protected:
  void AddLot(const WalletKey& key, const Lot& lot) {
    InTransaction(*database_, [&](mysql::Transaction& sql) { return store_.Credit(sql, key, lot, now_); });
  }
  Wallet Read(const WalletKey& key) {
    Wallet wallet;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(wallet, store_.Get(sql, key));
      return absl::OkStatus();
    });
    return wallet;
  }
  WalletHold Place(const WalletKey& key, WalletHold hold) {
    hold.partner = key.partner;
    hold.currency = key.currency;
    hold.uid = Uuid::New(now_);
    hold.create_time = hold.update_time = now_;
    WalletHold placed;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(Wallet wallet, store_.GetForUpdate(sql, key));
      ASSIGN_OR_RETURN(const WalletChange change, PlaceHold(std::move(wallet), hold, now_));
      placed = *change.hold;
      return store_.Save(sql, change);
    });
    return placed;
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, store_.Mismatches(sql));
      return absl::OkStatus();
    });
    return mismatches;
  }
  std::vector<std::string> Holds(const std::string& filter, const std::optional<std::string>& partner = {},
                                 const std::optional<std::string>& currency = {}, const WalletHoldKey& after = {},
                                 int limit = 10) {
    std::vector<std::string> names;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      names.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter(filter, WalletStore::HoldFilterFields()));
      ASSIGN_OR_RETURN(const std::vector<WalletHold> holds,
                       store_.ListHolds(sql, partner, currency, after, where, limit));
      for (const WalletHold& hold : holds) names.push_back(StrCat(hold.partner, ".", hold.currency, ".", hold.id));
      return absl::OkStatus();
    });
    return names;
  }

  const WalletKey key_{"p2", "CNY"};
  const absl::Time now_ = NoonOf("2026-04-01");
  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  WalletStore store_;
};

TEST_F(WalletStoreTest, KeepsLotsHoldsAndLedger) {
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    EXPECT_THAT(store_.Get(sql, key_), HasReason(Reason::kNotFound));
    EXPECT_THAT(store_.GetForUpdate(sql, key_), HasReason(Reason::kNotFound));
    return absl::OkStatus();
  });
  AddLot(key_, LotOf("w2", 500, "2026-12-31"));
  AddLot(key_, LotOf("w1", 300, "2026-06-30"));
  EXPECT_EQ(Text(Read(key_)), "w1 300+0 06-30, w2 500+0 12-31; debt 0");
  WalletHold hold = Place(key_, HoldOf("h1", 800));
  EXPECT_EQ(Text(Read(key_)), "w1 0+300 06-30, w2 0+500 12-31; debt 0");
  for (const int64_t amount : {int64_t{310}, int64_t{410}}) {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(Wallet wallet, store_.GetForUpdate(sql, key_));
      ASSIGN_OR_RETURN(WalletHold read, store_.GetHold(sql, {key_, "h1"}));
      ASSIGN_OR_RETURN(const WalletChange change, Capture(std::move(wallet), std::move(read), amount, now_));
      return store_.Save(sql, change);
    });
  }
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(hold, store_.GetHold(sql, {key_, "h1"}));
    EXPECT_THAT(store_.GetHold(sql, {key_, "H1"}), HasReason(Reason::kNotFound));
    return absl::OkStatus();
  });
  EXPECT_EQ(Text(hold), "w1 300-300-0, w2 500-420-0");
  EXPECT_EQ(hold.version, 3);
  EXPECT_EQ(hold.order, "o1");
  EXPECT_EQ(Text(Read(key_)), "w2 0+80 12-31; debt 0");
  // A lot that is used up keeps its id.
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    EXPECT_THAT(store_.Credit(sql, key_, LotOf("w1", 1, "2026-12-31"), now_), HasReason(Reason::kAlreadyExists));
    return absl::OkStatus();
  });
  InTransaction(*database_,
                [&](mysql::Transaction& sql) { return store_.ClawBack(sql, key_, 50, "remedies/r1", now_); });
  EXPECT_EQ(Text(Read(key_)), "w2 0+80 12-31; debt 50");
  AddLot(key_, LotOf("w3", 60, "2026-12-31"));
  EXPECT_EQ(Text(Read(key_)), "w2 0+80 12-31, w3 10+0 12-31; debt 0");
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(WalletStoreTest, ATakenIdIsRefused) {
  AddLot(key_, LotOf("w1", 300, "2026-06-30"));
  Place(key_, HoldOf("h1", 100));
  EXPECT_THAT(database_->Transact({},
                                  [&](mysql::Transaction& sql) -> absl::Status {
                                    ASSIGN_OR_RETURN(Wallet wallet, store_.GetForUpdate(sql, key_));
                                    ASSIGN_OR_RETURN(const WalletChange change,
                                                     PlaceHold(std::move(wallet), HoldOf("h1", 100), now_));
                                    return store_.Save(sql, change);
                                  }),
              HasReason(Reason::kAlreadyExists));
  EXPECT_EQ(Text(Read(key_)), "w1 200+100 06-30; debt 0");
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(WalletStoreTest, TheCheckFindsWhatDisagrees) {
  AddLot(key_, LotOf("w1", 300, "2026-06-30"));
  Place(key_, HoldOf("h1", 100));
  for (const char* damage : {"UPDATE wallet_lot SET remaining = remaining + 1", "UPDATE wallet_lot SET held = held - 1",
                             "UPDATE wallet_hold_lot SET captured = 1", "UPDATE wallet SET debt = 1",
                             "UPDATE wallet_entry SET amount = amount + 1 WHERE account = 3"}) {
    const absl::Status seen = database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(sql.Execute(damage));
      ASSIGN_OR_RETURN(const int64_t mismatches, store_.Mismatches(sql));
      EXPECT_GT(mismatches, 0) << damage;
      return absl::CancelledError("undone");
    });
    EXPECT_FALSE(seen.ok());
  }
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(WalletStoreTest, ListsByPartnerCurrencyAndId) {
  for (const WalletKey& key : {WalletKey{"p2", "USD"}, WalletKey{"p2", "CNY"}, WalletKey{"p1", "CNY"}}) {
    AddLot(key, LotOf("w1", 300, "2026-06-30"));
    Place(key, HoldOf("b", 10));
    Place(key, HoldOf("a", 10, WalletUse::kCash));
  }
  EXPECT_THAT(Holds("", "p2"), ElementsAre("p2.CNY.a", "p2.CNY.b", "p2.USD.a", "p2.USD.b"));
  EXPECT_THAT(Holds("", "p2", "USD"), ElementsAre("p2.USD.a", "p2.USD.b"));
  EXPECT_THAT(Holds("use = CASH AND state = HELD"), ElementsAre("p1.CNY.a", "p2.CNY.a", "p2.USD.a"));
  EXPECT_THAT(Holds("order = 'partners/p1/orders/o1'"), ElementsAre("p1.CNY.b"));
  EXPECT_THAT(Holds("", {}, {}, {{"p1", "CNY"}, "b"}, 3), ElementsAre("p2.CNY.a", "p2.CNY.b", "p2.USD.a"));
  EXPECT_THAT(Holds("", {}, {}, {{"p2", "CNY"}, "a"}, 3), ElementsAre("p2.CNY.b", "p2.USD.a", "p2.USD.b"));
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Wallet> wallets, store_.List(sql, std::nullopt, {}, 2));
    EXPECT_EQ(wallets.size(), 2u);
    EXPECT_EQ(wallets.back().name(), "partners/p2/wallets/CNY");
    EXPECT_EQ(Text(wallets.back()), "w1 280+20 06-30; debt 0");
    ASSIGN_OR_RETURN(wallets, store_.List(sql, "p2", {"p2", "CNY"}, 2));
    EXPECT_EQ(wallets.size(), 1u);
    EXPECT_EQ(wallets.back().currency, "USD");
    return absl::OkStatus();
  });
}

TEST_F(WalletStoreTest, OpeningBalancesAreKeptAsTold) {
  OpeningBalanceStore balances;
  OpeningBalance told{.partner = "p2",
                      .id = "b1",
                      .uid = Uuid::New(now_),
                      .create_time = now_,
                      .date = *Date::Parse("2026-03-31"),
                      .currency = "CNY",
                      .document = "GL-7",
                      .lots = {LotOf("w1", 300, "2026-06-30"), LotOf("w2", 500, "2026-12-31")}};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(balances.Insert(sql, told));
    EXPECT_THAT(balances.Insert(sql, told), HasReason(Reason::kAlreadyExists));
    told.id = "b2";
    told.currency = "USD";
    return balances.Insert(sql, told);
  });
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(balances.Get(sql, "p1", "b1"), HasReason(Reason::kNotFound));
    ASSIGN_OR_RETURN(const OpeningBalance read, balances.Get(sql, "p2", "b1"));
    EXPECT_EQ(read.document, "GL-7");
    EXPECT_EQ(read.date, told.date);
    EXPECT_EQ(read.lots.size(), 2u);
    EXPECT_EQ(read.lots[1].id, "w2");
    EXPECT_EQ(read.lots[1].source, "openingBalances/b1");
    ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter("currency = USD", OpeningBalanceStore::FilterFields()));
    ASSIGN_OR_RETURN(const std::vector<OpeningBalance> listed, balances.List(sql, "p2", "", "", where, 10));
    EXPECT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0].id, "b2");
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive

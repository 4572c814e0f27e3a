#include "incentive-service/ledger/ledger_store.h"

#include <memory>
#include <thread>

#include "incentive-service/adjustments/adjustment_store.h"
#include "incentive-service/claims/claim_store.h"
#include "incentive-service/ledger/testing_ledger.h"
#include "incentive-service/statements/statement_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive-service/wallets/wallet_store.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LedgerStoreTest : public ::testing::Test {
 protected:
  void Post(std::vector<LedgerEntry> entries, std::string_view day = "2026-05-20") {
    InTransaction(*database_, [&](mysql::Transaction& sql) { return ledger_.Post(sql, entries, InstantFrom(day)); });
  }
  // "1 ISSUE statements/3/entries/1: COST -70, STATED 70".
  std::vector<std::string> Listed(const std::string& filter, const std::optional<std::string>& partner,
                                  std::optional<LedgerAccount> account = {}, const LedgerKey& after = {},
                                  int limit = 99) {
    std::vector<std::string> texts;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      texts.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter(filter, LedgerStore::FilterFields()));
      ASSIGN_OR_RETURN(const auto entries, ledger_.List(sql, partner, account, after, where, limit));
      for (const LedgerEntry& entry : entries) {
        texts.push_back(StrCat(entry.item.partner, ".", entry.number, " ", Text(entry)));
      }
      return absl::OkStatus();
    });
    return texts;
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, ledger_.Mismatches(sql));
      return absl::OkStatus();
    });
    return mismatches;
  }
  std::vector<AgedBalance> Aged(std::string_view as_of) {
    std::vector<AgedBalance> balances;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(auto open, ledger_.OpenStatements(sql, "p2", DayFrom(as_of)));
      balances = Age(std::move(open), DayFrom(as_of));
      return absl::OkStatus();
    });
    return balances;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  LedgerStore ledger_;
};

LedgerEntry PaymentOf(std::string partner, int64_t amount) {
  return *Move({.partner = std::move(partner), .path = "claims/c1", .currency = "CNY"}, LedgerKind::kPayment, {},
               {{LedgerAccount::kPaid, amount}});
}

TEST_F(LedgerStoreTest, NumbersEntriesAndKeepsBalances) {
  Post(IssueOf(StatementOf({70, -20})));
  Post({PaymentOf("p2", 5)});
  Post({PaymentOf("p3", 9)});
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const LedgerEntry second, ledger_.Get(sql, {"p2", 2}));
    EXPECT_EQ(Text(second), "ISSUE statements/3/entries/2: COST 20, STATED -20");
    EXPECT_EQ(second.item, (LedgerItem{"p2", "statements/3/entries/2", "g2", "2026Q1", 3, "CNY"}));
    EXPECT_EQ(second.entry_time, InstantFrom("2026-05-20"));
    EXPECT_EQ(second.legs[0].account_seq, 2);
    EXPECT_EQ(second.legs[0].balance_after, -50);
    EXPECT_EQ(second.legs[1].balance_after, 50);
    ASSIGN_OR_RETURN(const LedgerEntry third, ledger_.Get(sql, {"p2", 3}));
    EXPECT_EQ(third.legs[0].account_seq, 3);
    EXPECT_EQ(third.legs[0].balance_after, -55);
    EXPECT_EQ(third.legs[1].account_seq, 1);
    ASSIGN_OR_RETURN(const LedgerEntry other, ledger_.Get(sql, {"p3", 1}));
    EXPECT_EQ(other.legs[0].balance_after, -9);
    EXPECT_THAT(ledger_.Get(sql, {"p2", 4}), HasReason(Reason::kNotFound));
    return ledger_.Post(sql, std::nullopt, InstantFrom("2026-05-20"));
  });
}

TEST_F(LedgerStoreTest, ABalanceOutOfRangeIsRefused) {
  Post({PaymentOf("p2", INT64_MAX)});
  EXPECT_THAT(database_->Transact({},
                                  [&](mysql::Transaction& sql) {
                                    return ledger_.Post(sql, PaymentOf("p2", 1), InstantFrom("2026-05-20"));
                                  }),
              HasReason(Reason::kOverflow));
  EXPECT_EQ(Listed("", "p2").size(), 1u);
}

TEST_F(LedgerStoreTest, ListsByWhatItIsAsked) {
  Post(IssueOf(StatementOf({70, -20})));
  Post({PaymentOf("p2", 5)}, "2026-06-20");
  Post({PaymentOf("p1", 9)});
  EXPECT_THAT(
      Listed("", {}),
      ElementsAre("p1.1 PAYMENT claims/c1: COST -9, PAID 9", "p2.1 ISSUE statements/3/entries/1: COST -70, STATED 70",
                  "p2.2 ISSUE statements/3/entries/2: COST 20, STATED -20", "p2.3 PAYMENT claims/c1: COST -5, PAID 5"));
  EXPECT_EQ(Listed("", {}, {}, {"p2", 1}, 1), Listed("item = 'partners/p2/statements/3/entries/2'", {}));
  EXPECT_EQ(Listed("", {}, LedgerAccount::kStated), Listed("statement = 'partners/p2/statements/3'", {}));
  EXPECT_THAT(Listed("program = 'programs/g2'", {}), ElementsAre(Listed("", "p2")[1]));
  EXPECT_EQ(Listed("period = '2026Q1'", {}), Listed("kind = ISSUE", {}));
  EXPECT_THAT(Listed("entry_time > '2026-06-01T00:00:00Z'", {}), ElementsAre(Listed("", "p2")[2]));
  EXPECT_THAT(Listed("currency = USD", {}), IsEmpty());
  EXPECT_EQ(Listed("", {}, LedgerAccount::kPaid, {"p1", 1}), std::vector{Listed("", "p2")[2]});
}

// However many come at once, numbers have no gaps and balances miss nothing.
TEST_F(LedgerStoreTest, ManyAtOnceLeaveNoGap) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) Post({PaymentOf("p2", 1)});
    });
  }
  for (std::thread& thread : threads) thread.join();
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    for (int64_t number = 1; number <= 80; ++number) {
      ASSIGN_OR_RETURN(const LedgerEntry entry, ledger_.Get(sql, {"p2", number}));
      EXPECT_EQ(entry.legs[1].account_seq, number);
      EXPECT_EQ(entry.legs[1].balance_after, number);
    }
    return absl::OkStatus();
  });
}

TEST_F(LedgerStoreTest, AgesWhatIsNotSettledAsOfAnyDay) {
  const Statement statement = StatementOf({70, 30});
  Post(IssueOf(statement), "2026-03-31");
  Statement later = StatementOf({5});
  later.number = 4;
  Post(IssueOf(later), "2026-05-20");
  std::vector<StatementItem> held = ItemsOf(statement), settled = held;
  held[0].withheld = 40;
  Post(MovesOf(statement, LedgerKind::kDispute, settled, held), "2026-05-20");
  settled = held;
  for (StatementItem& item : settled) item.settled = item.open();
  Post(MovesOf(statement, LedgerKind::kSettlement, held, settled), "2026-06-10");
  EXPECT_THAT(Aged("2026-03-30"), IsEmpty());
  const auto april = Aged("2026-04-30");
  ASSERT_EQ(april.size(), 1u);
  EXPECT_THAT(april[0].by_age, ElementsAre(100, 0, 0, 0));
  EXPECT_EQ(april[0].withheld, 0);
  EXPECT_THAT(Aged("2026-05-01")[0].by_age, ElementsAre(0, 100, 0, 0));
  const auto may = Aged("2026-05-31");
  EXPECT_THAT(may[0].by_age, ElementsAre(5, 0, 100, 0));
  EXPECT_EQ(may[0].withheld, 40);
  const auto july = Aged("2026-07-01");
  EXPECT_THAT(july[0].by_age, ElementsAre(0, 5, 0, 40));
  EXPECT_EQ(july[0].statements[0].number, 3);
}

TEST_F(LedgerStoreTest, CountsBooksThatDisagree) {
  const Claim claim{.partner = "p2",
                    .id = "c1",
                    .create_time = InstantFrom("2026-05-20"),
                    .update_time = InstantFrom("2026-05-20"),
                    .state = ClaimState::kPaid,
                    .currency = "CNY",
                    .amount = 5,
                    .approved = 5};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(WalletStore().Credit(
        sql, {"p2", "CNY"},
        {.id = "w", .amount = 5, .expires_on = DayFrom("2026-12-31"), .credit_date = DayFrom("2026-05-20")},
        InstantFrom("2026-05-20")));
    return ClaimStore().Insert(sql, claim);
  });
  EXPECT_EQ(Mismatches(), 0);
  // It expires with the wallet's next change.
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    return WalletStore().ClawBack(sql, {"p2", "CNY"}, 3, "statements/1", InstantFrom("2027-01-01"));
  });
  EXPECT_THAT(Listed("kind = EXPIRY", {}), ElementsAre("p2.2 EXPIRY wallets/CNY: PAID -5, EXPIRED 5"));
  EXPECT_EQ(Mismatches(), 1);  // nothing told the ledger of the clawback
  Post({*Move({.partner = "p2", .path = "x", .currency = "CNY"}, LedgerKind::kSettlement, {},
              {{LedgerAccount::kClawedBack, -3}})});
  EXPECT_EQ(Mismatches(), 0);
  const struct {
    const char* broken;
    int64_t more;
  } cases[] = {
      {"UPDATE ledger_account SET balance = balance + 1 WHERE account = 6", 1},
      {"UPDATE ledger_leg SET amount = amount + 1 WHERE entry = 2 AND account = 8",
       4},  // entry, account, two of the wallet
      {"UPDATE claim SET approved = approved + 1", 1},
      {"INSERT INTO statement_item (partner, number, ordinal, settled, withheld) VALUES ('p2', 9, 1, 0, 4)", 2},
  };
  for (const auto& [broken, more] : cases) {
    const int64_t before = Mismatches();
    InTransaction(*database_, [&sql_text = broken](mysql::Transaction& sql) { return sql.Execute(sql_text).status(); });
    EXPECT_GE(Mismatches(), before + more) << broken;
  }
}

// What a cap of clawbacks leaves is in the ledger once its statement is issued.
TEST_F(LedgerStoreTest, WhatIsWaivedIsHeldAgainstStatements) {
  Statement statement = StatementOf({-1000});
  StatementEntry& entry = statement.entries[0];
  entry.kind = StatementEntryKind::kTrueUp;
  entry.value = 8800;
  entry.stated_before = 9800;
  entry.clawback = ClawbackSteps{9800, 8800, 8800, 0};
  StatementStore statements;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(statements
                        .AddToDrafts(sql, StatementKind::kRegular, statement.period, "CNY", {{"p2", entry}},
                                     InstantFrom("2026-05-20"))
                        .status());
    ASSIGN_OR_RETURN(statement, statements.GetForUpdate(sql, {"p2", 1}));
    return absl::OkStatus();
  });
  EXPECT_EQ(Mismatches(), 0);
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(statement, Issue(statement, "clerk", false, InstantFrom("2026-05-20")));
    return statements.Update(sql, statement);
  });
  EXPECT_EQ(Mismatches(), 2);  // what was stated, and what was waived
  Post(IssueOf(statement));
  EXPECT_THAT(Listed("", "p2"),
              ElementsAre("p2.1 ISSUE statements/1/entries/1: COST 9800, STATED -1000, CLAWBACK_WAIVED -8800"));
  EXPECT_EQ(Mismatches(), 0);
}

}  // namespace
}  // namespace tributary::incentive

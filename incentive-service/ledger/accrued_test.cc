#include "incentive-service/ledger/accrued.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/ledger/testing_ledger.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Date FirstOf(std::string_view day) { return *Date::Parse(day); }

// Each payout period's accrual has what those before it in the scale's period have.
TEST(AccruedTest, TheLastPayoutPeriodHasAllOfItsScale) {
  const AccruedAmounts unstated = UnstatedOf(std::vector<UnstatedAccrual>{
      {"p1", "2025", FirstOf("2025-04-01"), 600},
      {"p1", "2025", FirstOf("2025-01-01"), 400},
      {"p1", "2026", FirstOf("2026-01-01"), -7},
      {"p2", "2025", FirstOf("2025-01-01"), 5},
  });
  EXPECT_THAT(unstated,
              ElementsAre(Pair(Pair("p1", "2025"), 600), Pair(Pair("p1", "2026"), -7), Pair(Pair("p2", "2025"), 5)));
  EXPECT_THAT(UnstatedOf({}), IsEmpty());
}

TEST(AccruedTest, EntersDifferencesAlone) {
  const AccruedAmounts entered{{{"p1", "a"}, 100}, {{"p2", "a"}, 7}, {{"p3", "a"}, 9}};
  const AccruedAmounts unstated{{{"p1", "a"}, 30}, {{"p1", "b"}, 4}, {{"p2", "a"}, -3}};
  const AccruedAmounts drafted{{{"p1", "a"}, 80}, {{"p2", "a"}, 10}};
  const std::vector<AccruedMove> moves = AccruedMovesOf("g", "CNY", entered, unstated, drafted);
  EXPECT_THAT(moves, ElementsAre(AccruedMove{"p1", "g", "a", "CNY", 100, 110}, AccruedMove{"p1", "g", "b", "CNY", 0, 4},
                                 AccruedMove{"p3", "g", "a", "CNY", 9, 0}));
  // The second time there is nothing to enter.
  AccruedAmounts now = entered;
  for (const AccruedMove& move : moves) now[{move.partner, move.period}] = move.after;
  EXPECT_THAT(AccruedMovesOf("g", "CNY", now, unstated, drafted), IsEmpty());
}

TEST(AccruedTest, AnEntryTakesTheDifferenceFromCost) {
  const std::optional<LedgerEntry> entry = EntryOf({"p1", "g", "2025Q1", "CNY", 100, 110});
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(Text(*entry), "ACCRUAL accruals/g.2025Q1: COST -10, ACCRUED 10");
  EXPECT_EQ(entry->item, (LedgerItem{"p1", "accruals/g.2025Q1", "g", "2025Q1", 0, "CNY"}));
  EXPECT_EQ(Text(*EntryOf({"p1", "g", "2025Q1", "CNY", 0, -5})), "ACCRUAL accruals/g.2025Q1: COST 5, ACCRUED -5");
  EXPECT_FALSE(EntryOf({"p1", "g", "2025Q1", "CNY", 5, 5}).has_value());
}

// What is entered goes where the statement's own entries come from: COST has it once.
TEST(AccruedTest, AStatementSaysWhatHadAccrued) {
  const Statement statement = StatementOf({70, -20});
  const auto said = SaidByPeriod(statement);
  EXPECT_THAT(said, ElementsAre(Pair(Pair("g1", "2026Q1"), 70), Pair(Pair("g2", "2026Q1"), -20)));
  std::vector<LedgerEntry> entries;
  for (const auto& [key, amount] : said) {
    entries.push_back(*EntryOf({statement.partner, key.first, key.second, statement.currency, 0, amount}));
    entries.push_back(*EntryOf({statement.partner, key.first, key.second, statement.currency, amount, 0}));
  }
  for (LedgerEntry& entry : IssueOf(statement)) entries.push_back(std::move(entry));
  EXPECT_THAT(SumOf(entries), ElementsAre(Pair(LedgerAccount::kCost, -50), Pair(LedgerAccount::kStated, 50)));
}

}  // namespace
}  // namespace tributary::incentive

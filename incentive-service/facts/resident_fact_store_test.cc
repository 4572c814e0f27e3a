#include "incentive-service/facts/resident_fact_store.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

std::vector<std::string> SumsOfAll(const Program& program, const std::vector<FactTotal>& totals) {
  std::vector<std::string> texts;
  for (const AccrualMove& move : MovesOf(program, totals)) {
    texts.push_back(StrCat(move.key.name(), " ", move.sums.amount.ToString(), " ", move.sums.quantity.ToString(), " ",
                           move.sums.lines, " ", move.sums.other_currency_lines));
  }
  return texts;
}

class ResidentFactStoreTest : public ::testing::Test {
 protected:
  // As the consumer does: facts and cursors in one transaction.
  void Tell(std::vector<FactLine> lines) {
    for (FactLine& line : lines) line.seq = ++heads_[line.shard];
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(store_.Add(sql, lines).status());
      for (const auto& [shard, head] : heads_) RETURN_IF_ERROR(Move(sql, shard, head));
      return absl::OkStatus();
    });
  }
  static absl::Status Move(mysql::Transaction& sql, int shard, int64_t seq) {
    return sql
        .Execute(
            "INSERT INTO consumer (feed, shard, seq, source_epoch, owner, epoch, lease_until) VALUES ('inventory', ?, "
            "?, '', '', 0, NOW(6)) ON DUPLICATE KEY UPDATE seq = VALUES(seq)",
            {shard, seq})
        .status();
  }

  // That what is in memory adds up to what the database does, as of the same watermark, which is the present one.
  void ExpectTheSame(const ResidentFactStore::Reading& reading) {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const Watermark now, store_.ReadWatermark(sql));
      EXPECT_EQ(reading.watermark(), now);
      for (const Basis basis : {Basis::kOrder, Basis::kSellIn}) {
        for (const PeriodKind kind : {PeriodKind::kMonth, PeriodKind::kQuarter}) {
          Program program = GrowthProgram("g", basis, "2026-01-01");
          program.period = kind;
          ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, store_.TotalsAsOf(sql, program, now));
          EXPECT_EQ(SumsOfAll(program, reading.Totals(program)), SumsOfAll(program, totals));
        }
      }
      return absl::OkStatus();
    });
  }
  void ReadAndCompare(ResidentFactStore& resident) {
    ASSERT_OK_AND_ASSIGN(const auto reading, resident.Read(absl::InfiniteFuture()));
    ASSERT_TRUE(reading.has_value());
    ExpectTheSame(*reading);
  }

  // Lines with returns and reversals, in any order.
  std::vector<FactLine> Mixed(int count, uint64_t seed) {
    std::vector<FactLine> all;
    for (int i = 0; i < count; ++i) {
      const FactLine line =
          ShipmentOf("p" + std::to_string(i % 5), "SO" + std::to_string(i), 1, 0, "2026-03-28",
                     i % 2 == 0 ? "2026-03-31" : "2026-04-01", std::to_string(1000 + i), i % 11 == 0 ? "CNY" : "USD");
      all.push_back(line);
      const FactLine back = ReturnOf(line, "RT" + std::to_string(i), 0, "2026-05-05", "-10.25");
      if (i % 4 == 0) all.push_back(back);
      if (i % 5 == 0) all.push_back(ReversalOf(line, 0));
      if (i % 8 == 0) all.push_back(ReversalOf(back, 0));
    }
    std::mt19937 random(seed);
    std::shuffle(all.begin(), all.end(), random);
    return all;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::incentive()});
  FactStore store_;
  std::map<int, int64_t> heads_;  // by shard
};

TEST_F(ResidentFactStoreTest, FollowsTheDatabaseStepByStep) {
  ResidentFactStore first(*database_, {.load = 7}), later(*database_, {.load = 1000});
  ReadAndCompare(first);  // of nothing
  const std::vector<FactLine> all = Mixed(120, 20260328);
  std::mt19937 random(5);
  for (size_t at = 0; at < all.size();) {
    const size_t count = std::min<size_t>(1 + random() % 30, all.size() - at);
    Tell({all.begin() + static_cast<ptrdiff_t>(at), all.begin() + static_cast<ptrdiff_t>(at + count)});
    at += count;
    ReadAndCompare(first);
    if (at > all.size() / 2) ReadAndCompare(later);
  }
  Tell({all[0], all[1]});  // told again, they change nothing
  ReadAndCompare(first);
}

// Facts that are told while it loads are there, wherever they belong, and none is there twice.
TEST_F(ResidentFactStoreTest, LoadingGoesOnWhereADeadlineEndedIt) {
  const std::vector<FactLine> all = Mixed(400, 7);
  const size_t half = all.size() / 2;
  Tell({all.begin(), all.begin() + static_cast<ptrdiff_t>(half)});
  ResidentFactStore resident(*database_, {.load = 3});
  size_t at = half;
  absl::Duration patience = absl::Milliseconds(5);
  while (true) {
    const auto reading = resident.Read(absl::Now() + patience);
    if (reading.ok()) {
      ASSERT_TRUE(reading->has_value());
      ExpectTheSame(**reading);
      break;
    }
    patience *= 2;
    const size_t count = std::min<size_t>(20, all.size() - at);
    if (count > 0) Tell({all.begin() + static_cast<ptrdiff_t>(at), all.begin() + static_cast<ptrdiff_t>(at + count)});
    at += count;
  }
  if (at < all.size()) Tell({all.begin() + static_cast<ptrdiff_t>(at), all.end()});
  ReadAndCompare(resident);
}

TEST_F(ResidentFactStoreTest, BeginsAnewWhereItCannotFollow) {
  ResidentFactStore resident(*database_, {.load = 10, .behind = 20});
  const std::vector<FactLine> all = Mixed(60, 3);
  Tell({all.begin(), all.begin() + 10});
  ReadAndCompare(resident);
  Tell({all.begin() + 10, all.end()});  // more than it may be behind
  ReadAndCompare(resident);

  // The database was restored to a time before.
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    for (const char* table : {"fact_line", "fact_reference"}) {
      RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)).status());
    }
    for (auto& [shard, head] : heads_) {
      head = 0;
      RETURN_IF_ERROR(Move(sql, shard, 0));
    }
    return absl::OkStatus();
  });
  ReadAndCompare(resident);
  Tell({ShipmentOf("p0", "NEW", 1, 0, "2026-02-01", "2026-02-01", "5")});
  ReadAndCompare(resident);
  ASSERT_OK_AND_ASSIGN(const auto reading, resident.Read(absl::InfiniteFuture()));
  ASSERT_TRUE(reading.has_value());
  EXPECT_EQ(reading->lines(), 1);
}

TEST_F(ResidentFactStoreTest, HoldsNoMoreLinesThanItMay) {
  ResidentFactStore resident(*database_, {.lines = 5, .load = 4});
  std::vector<FactLine> lines;
  for (int i = 0; i < 9; ++i) {
    lines.push_back(ShipmentOf("p1", "A", i, 0, "2026-02-01", "2026-02-01", "5"));
    if (i != 4 && i != 8) continue;
    Tell(lines);
    lines.clear();
    ASSERT_OK_AND_ASSIGN(const auto reading, resident.Read(absl::InfiniteFuture()));
    EXPECT_EQ(reading.has_value(), i == 4);
  }
}

}  // namespace
}  // namespace tributary::incentive

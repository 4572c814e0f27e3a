// Reconciled gaps on a real database.

#include "conflict-service/facts/gap_store.h"

#include <algorithm>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "conflict_schema.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ReconciledGap GapOf(const std::string& partner, int64_t revision, std::optional<Decimal> reported) {
  return {.name = "partners/" + partner + "/reconciliations/2026-06-01.2026-06-30.bike.L9",
          .partner = "partners/" + partner,
          .product = "products/bike",
          .lot = "L9",
          .from = Day("2026-06-01"),
          .to = Day("2026-06-30"),
          .revision = revision,
          .opening_reported = D("20"),
          .reported = reported,
          .sell_in = D("100"),
          .sell_through = D("59"),
          .transferred_in = D("1"),
          .transferred_out = D("2"),
          .opening_in_transit = D("3"),
          .in_transit = D("4.5"),
          .gap = reported.has_value() ? std::optional(*reported - D("41")) : std::nullopt,
          .unexplained = reported.has_value() ? std::optional(*reported - D("41")) : std::nullopt};
}

class GapStoreTest : public ::testing::Test {
 protected:
  void Put(const std::vector<ReconciledGap>& gaps) {
    ASSERT_THAT(database_->Transact({}, [&](mysql::Transaction& sql) { return store_.Put(sql, gaps); }), IsOk());
  }
  std::vector<ReconciledGap> Of(const std::string& product, const char* to = "2026-06-30") {
    std::vector<ReconciledGap> gaps;
    EXPECT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) -> absl::Status {
                                      ASSIGN_OR_RETURN(gaps, store_.Of(sql, product, Day("2026-06-01"), Day(to)));
                                      return absl::OkStatus();
                                    }),
                IsOk());
    return gaps;
  }

  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::conflict()});
  GapStore store_;
};

TEST_F(GapStoreTest, ComesBackAsItWent) {
  ReconciledGap together = GapOf("b", 1, D("12"));
  together.name = "partners/b/reconciliations/2026-06-01.2026-06-30.bike";
  together.lot.reset();
  const ReconciledGap unknown = GapOf("a", 1, std::nullopt);
  Put({together, unknown});
  EXPECT_THAT(Of("products/bike"), ElementsAre(unknown, together));
  EXPECT_THAT(Of("products/pump"), IsEmpty());
  EXPECT_THAT(Of("products/bike", "2026-06-29"), IsEmpty());
}

TEST_F(GapStoreTest, TheHighestRevisionCountsInAnyOrder) {
  const ReconciledGap first = GapOf("a", 1, std::nullopt);
  const ReconciledGap second = GapOf("a", 2, D("21"));
  std::vector<ReconciledGap> all = {first, second, GapOf("a", 3, D("22"))};
  std::vector<size_t> order = {0, 1, 2};
  do {
    for (const size_t i : order) Put({all[i]});
    for (const size_t i : order) Put({all[i]});
    EXPECT_THAT(Of("products/bike"), ElementsAre(all[2]));
    Put({all[order[0]], all[order[1]], all[order[2]]});
    EXPECT_THAT(Of("products/bike"), ElementsAre(all[2]));
  } while (std::next_permutation(order.begin(), order.end()));

  const ReconciledGap other = GapOf("b", 2, D("21"));
  ReconciledGap other_accepted = other;
  other_accepted.accepted = true;
  Put({other, other_accepted});
  EXPECT_THAT(Of("products/bike"), ElementsAre(all[2], other_accepted));
}

}  // namespace
}  // namespace tributary::conflict

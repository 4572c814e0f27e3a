#include "incentive-service/stock_rotations/stock_rotation_store.h"

#include <memory>
#include <string>
#include <vector>

#include "incentive-service/facts/fact_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

const absl::Time kMade = absl::FromUnixSeconds(1780000000);

StockRotation May() {
  return {.partner = "p1",
          .id = "may",
          .uid = Uuid::New(kMade),
          .create_time = kMade,
          .update_time = kMade,
          .way = RotationWay::kReturnOrScrap,
          .window = {DayFrom("2026-06-01"), DayFrom("2026-07-01")},
          .purchases = {DayFrom("2026-05-01"), DayFrom("2026-06-01")},
          .limit_rate = DecimalFrom("0.05"),
          .fee_rate = DecimalFrom("0.1"),
          .currency = "USD",
          .claim_deadline = DayFrom("2026-07-31"),
          .note = "slow stock",
          .creator = "manager"};
}

class StockRotationStoreTest : public ::testing::Test {
 protected:
  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  StockRotationStore store_;
};

TEST_F(StockRotationStoreTest, KeepsAndListsThem) {
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    const StockRotation may = May();
    RETURN_IF_ERROR(store_.Insert(sql, may));
    EXPECT_THAT(store_.Insert(sql, may), HasReason(Reason::kAlreadyExists));
    StockRotation other = may;
    other.partner = "p2";
    RETURN_IF_ERROR(store_.Insert(sql, other));
    ASSIGN_OR_RETURN(const StockRotation read, store_.GetForUpdate(sql, "p1", "may"));
    EXPECT_EQ(read.way, RotationWay::kReturnOrScrap);
    EXPECT_EQ(read.window, may.window);
    EXPECT_EQ(read.purchases, may.purchases);
    EXPECT_EQ(read.limit_rate, may.limit_rate);
    EXPECT_EQ(read.fee_rate, may.fee_rate);
    EXPECT_EQ(read.claim_deadline, may.claim_deadline);
    EXPECT_EQ(read.note, "slow stock");
    ASSIGN_OR_RETURN(const StockRotation approved, Approve(read, "finance", kMade + absl::Hours(1)));
    RETURN_IF_ERROR(store_.Update(sql, approved));
    EXPECT_THAT(store_.Update(sql, approved), HasReason(Reason::kConflictRetry));
    EXPECT_THAT(store_.Get(sql, "p3", "may"), HasReason(Reason::kNotFound));
    const auto listed = [&](const std::optional<std::string>& partner, const std::string& filter) {
      std::vector<std::string> names;
      const auto where = ParseFilter(filter, StockRotationStore::FilterFields());
      EXPECT_OK(where);
      const auto found = store_.List(sql, partner, "", "", *where, 9);
      EXPECT_OK(found);
      for (const StockRotation& one : *found) names.push_back(one.name());
      return names;
    };
    EXPECT_THAT(listed({}, ""), ElementsAre("partners/p1/stockRotations/may", "partners/p2/stockRotations/may"));
    EXPECT_THAT(listed("p2", "move_from = 2026-06-01"), ElementsAre("partners/p2/stockRotations/may"));
    EXPECT_THAT(listed({}, "state = APPROVED"), ElementsAre("partners/p1/stockRotations/may"));
    return absl::OkStatus();
  });
}

TEST_F(StockRotationStoreTest, CountsWhatWasBought) {
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    const FactLine first = ShipmentOf("p1", "A", 1, 1, "2026-04-20", "2026-05-01", "300.5");
    const FactLine taken_back = ShipmentOf("p1", "B", 1, 2, "2026-05-01", "2026-05-02", "40");
    const FactLine later = ShipmentOf("p1", "C", 1, 3, "2026-05-20", "2026-06-01", "50");
    const FactLine foreign = ShipmentOf("p1", "D", 1, 4, "2026-05-20", "2026-05-21", "60", "CNY");
    // Returned afterwards, it counts by what it returns.
    const FactLine back = ReturnOf(first, "R", 5, "2026-06-09", "-30");
    return FactStore().Add(sql, {first, taken_back, later, foreign, back, ReversalOf(taken_back, 6)}).status();
  });
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Decimal bought, store_.Purchases(sql, May()));
    EXPECT_EQ(bought.ToString(), "270.5");
    StockRotation other = May();
    other.partner = "p2";
    ASSIGN_OR_RETURN(const Decimal nothing, store_.Purchases(sql, other));
    EXPECT_TRUE(nothing.zero());
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive

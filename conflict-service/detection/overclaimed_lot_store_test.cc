// DUPLICATE_SALE by lot on a real database: open findings are a function of what is told of lots, in whatever order.

#include <algorithm>
#include <random>

#include "common/status/status_matchers.h"
#include "conflict-service/detection/overclaimed_lot_detector.h"
#include "conflict-service/detection/testing_moment.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OverclaimedLotStoreTest : public ::testing::Test {
 protected:
  static LotFlow Flow(LotFlow::Kind kind, const std::string& partner, const std::string& id, int64_t quantity,
                      const std::string& reverses = "") {
    const char* collection = kind == LotFlow::Kind::kShipped ? "/shipmentLines/" : "/sales/";
    return {.source = StrCat("partners/", partner, collection, id),
            .kind = kind,
            .partner = StrCat("partners/", partner),
            .product = "products/x",
            .lot = "L9",
            .date = *Date::Parse("2026-06-10"),
            .quantity = Decimal::FromInt(quantity),
            .reverses = reverses.empty() ? "" : StrCat("partners/", partner, collection, reverses)};
  }
  static FactBatch Shipped(const std::string& partner, const std::string& id, int64_t quantity,
                           const std::string& reverses = "") {
    return {.lot_flows = {Flow(LotFlow::Kind::kShipped, partner, id, quantity, reverses)}};
  }
  static FactBatch Sold(const std::string& partner, const std::string& id, int64_t quantity) {
    FactBatch facts{.lot_flows = {Flow(LotFlow::Kind::kSold, partner, id, quantity)}};
    facts.sales.push_back({.name = facts.lot_flows[0].source,
                           .partner = facts.lot_flows[0].partner,
                           .date = facts.lot_flows[0].date,
                           .is_return = quantity < 0});
    return facts;
  }
  // Which tells no lot.
  static FactBatch Reversed(const std::string& partner, const std::string& id) {
    FactBatch facts;
    facts.sales.push_back({.name = StrCat("partners/", partner, "/sales/", id, ".r1"),
                           .partner = StrCat("partners/", partner),
                           .date = *Date::Parse("2026-06-10"),
                           .is_return = true,
                           .reverses = StrCat("partners/", partner, "/sales/", id)});
    return facts;
  }
  void Tell(const FactBatch& facts) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(detector_.Apply(sql, facts, kNow, outbox));
      RETURN_IF_ERROR(FindOverclaimedLots(sql, facts, kNow, outbox));
      return outbox.Write(sql);
    }));
  }
  std::vector<std::string> Open() {
    std::vector<std::string> open;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto findings, findings_.List(sql, {}, false, "", 100));
      for (const Finding& finding : findings) {
        if (finding.conclusion.kind == FindingKind::kDuplicateSale) open.push_back(finding.conclusion.explanation);
      }
      return absl::OkStatus();
    }));
    return open;
  }
  void Forget() {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      for (const char* table : {"sale", "lot_flow", "finding", "finding_subject", "conflict_case"}) {
        RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)).status());
      }
      return absl::OkStatus();
    }));
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::conflict()});
  DealStore deals_;
  GrantStore grants_;
  RegionStore regions_;
  SaleStore sales_;
  FindingStore findings_;
  CustomerIndex customers_;
  const Detector detector_{deals_, grants_, regions_, sales_, findings_, customers_};
};

TEST_F(OverclaimedLotStoreTest, AFindingLivesAsLongAsMoreIsSoldThanWasShipped) {
  Tell(Sold("a", "1", 70));
  Tell(Sold("b", "1", 50));
  EXPECT_THAT(Open(), IsEmpty()) << "nobody told how much there is";
  Tell(Shipped("a", "1", 60));
  Tell(Shipped("b", "1", 40));
  EXPECT_THAT(Open(), ElementsAre(HasSubstr("100 units were shipped to the channel and 120 are reported sold")));
  EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    const Date sold = *Date::Parse("2026-06-10");
    ASSIGN_OR_RETURN(const auto then, OverclaimedLotsIn(sql, {sold, sold.AddDays(1)}));
    EXPECT_EQ(then.size(), 1u) << "a back-test finds it";
    ASSIGN_OR_RETURN(const auto before, OverclaimedLotsIn(sql, {sold.AddDays(-9), sold}));
    EXPECT_EQ(before.size(), 0u);
    return absl::OkStatus();
  }));
  Tell(Sold("b", "2", -20));
  EXPECT_THAT(Open(), IsEmpty()) << "20 came back";
  Tell(Sold("c", "1", 1));
  EXPECT_THAT(Open(), ElementsAre(HasSubstr("1 too many: partners/a 70, partners/b 30, partners/c 1.")));
  Tell(Reversed("c", "1"));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(Shipped("a", "1.r1", -60, "1"));
  EXPECT_THAT(Open(), ElementsAre(HasSubstr("40 units were shipped"))) << "its shipment was taken back";
}

TEST_F(OverclaimedLotStoreTest, EveryOrderGivesTheSameFindings) {
  std::vector<FactBatch> facts = {Shipped("a", "1", 60), Shipped("b", "1", 50), Shipped("b", "1.r1", -50, "1"),
                                  Shipped("b", "2", 40), Sold("a", "1", 70),    Sold("b", "1", 50),
                                  Sold("b", "2", 7),     Reversed("b", "2"),    Sold("a", "2", -5)};
  std::mt19937 random(20261130);
  for (int round = 0; round < 12; ++round) {
    Forget();
    std::vector<FactBatch> told = facts;
    if (round % 2 == 1) told.insert(told.end(), facts.begin(), facts.end());
    std::shuffle(told.begin(), told.end(), random);
    for (const FactBatch& fact : told) Tell(fact);
    ASSERT_THAT(Open(), ElementsAre(HasSubstr("100 units were shipped to the channel and 115 are reported sold, 15 too "
                                              "many: partners/a 65, partners/b 50.")))
        << "round " << round;
  }
}

}  // namespace
}  // namespace tributary::conflict

// PRICE_WAR on a real database: what a return takes off a loss, and what a war is about while it grows and shrinks.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "common/status/status_matchers.h"
#include "common/time/clock.h"
#include "common/time/testing_time.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/detection/testing_moment.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/prices/observation_retention.h"
#include "conflict-service/prices/price_observation_store.h"
#include "conflict-service/prices/price_rule_store.h"
#include "conflict-service/rules/price_war.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

PriceObservation Seen(const std::string& partner, const char* date, int64_t price) {
  PriceObservation seen;
  seen.name = StrCat("priceObservations/", partner, "-", date);
  seen.create_time = kNow;
  seen.partner = StrCat("partners/", partner);
  seen.product = "products/bike";
  seen.price = {"CNY", Decimal::FromInt(price)};
  seen.region = "regions/cn-44";
  seen.place = "shop";
  seen.date = Day(date);
  return seen;
}

class PriceStoreTest : public ::testing::Test {
 protected:
  PriceStoreTest() {
    rule_.name = "priceRules/bike";
    rule_.uid = Uuid::New(kNow);
    rule_.create_time = rule_.update_time = kNow;
    rule_.product = "products/bike";
    rule_.currency = "CNY";
    rule_.floor = Decimal::FromInt(1);
    rule_.days = {Day("2026-01-01"), OpenEnd()};
    rule_.follow_days = 7;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) { return PriceRuleStore().Create(sql, rule_); }));
  }

  void Do(absl::FunctionRef<absl::Status(mysql::Transaction&, events::Outbox&)> step) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(step(sql, outbox));
      return outbox.Write(sql);
    }));
  }
  void See(const std::vector<PriceObservation>& seen) {
    Do([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(LockPrices(sql));
      RETURN_IF_ERROR(PriceObservationStore().Put(sql, seen).status());
      return JudgePrices(sql, seen, kNow, outbox);
    });
  }
  void Withdraw(PriceObservation seen) {
    seen.withdraw_time = kNow;
    seen.withdraw_reason = "Another model.";
    Do([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(LockPrices(sql));
      RETURN_IF_ERROR(PriceObservationStore().Withdraw(sql, seen));
      return JudgePrices(sql, {seen}, kNow, outbox);
    });
  }
  // A negative quantity came back; `original`: of which sale.
  void Sell(const std::string& id, const char* date, int64_t quantity, const std::string& original = "") {
    const std::string partners_sales = "partners/b/sales/";
    FactBatch facts;
    Sale sale;
    sale.name = partners_sales + id;
    sale.partner = "partners/b";
    sale.date = Day(date);
    sale.region = "regions/cn-44";
    sale.is_return = quantity < 0;
    facts.sales = {sale};
    facts.sold.push_back({.sale = sale.name,
                          .partner = sale.partner,
                          .product = "products/bike",
                          .date = sale.date,
                          .quantity = Decimal::FromInt(quantity),
                          .original = original.empty() ? std::string() : partners_sales + original});
    Do([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(detector_.Apply(sql, facts, kNow, outbox));
      return ApplyToPrices(sql, facts, kNow, outbox);
    });
  }

  std::vector<Finding> Wars() {
    std::vector<Finding> wars;
    Do([&](mysql::Transaction& sql, events::Outbox&) -> absl::Status {
      ASSIGN_OR_RETURN(wars, FindingStore().List(sql, {}, false, "", 100));
      std::erase_if(wars, [](const Finding& one) { return one.conclusion.kind != FindingKind::kPriceWar; });
      return absl::OkStatus();
    });
    return wars;
  }
  // By the index that findings are found by.
  std::set<std::string> SubjectsOf(const std::string& finding) {
    std::set<std::string> subjects;
    Do([&](mysql::Transaction& sql, events::Outbox&) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query("SELECT subject FROM finding_subject WHERE finding = ?", {finding}));
      for (const mysql::Row& row : rows) subjects.insert(row.Text(0));
      return absl::OkStatus();
    });
    return subjects;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::conflict()});
  PriceRule rule_;
  DealStore deals_;
  GrantStore grants_;
  RegionStore regions_;
  SaleStore sales_;
  FindingStore findings_;
  CustomerIndex customers_;
  const Detector detector_{deals_, grants_, regions_, sales_, findings_, customers_};
};

TEST_F(PriceStoreTest, AReturnCountsOnTheDayOfItsSale) {
  Sell("R3.1", "2026-06-11", -2, "I3.1");  // told before its sale
  See({Seen("a", "2026-06-01", 100), Seen("a", "2026-06-05", 90), Seen("b", "2026-06-01", 102),
       Seen("b", "2026-06-07", 92)});
  Sell("I1.1", "2026-06-06", 10);  // before the cut
  Sell("R1.1", "2026-06-10", -10, "I1.1");
  Sell("I2.1", "2026-06-08", 5);           // 5 x 10
  Sell("R2.1", "2026-06-30", -1, "I2.1");  // long after: 10 less
  Sell("I3.1", "2026-06-09", 2);           // all of it came back
  Sell("R4.1", "2026-06-12", -1);          // of no sale that is told: 10 less
  const std::vector<Finding> wars = Wars();
  ASSERT_THAT(wars, SizeIs(1));
  EXPECT_THAT(wars[0].conclusion.explanation, HasSubstr("(partners/b 30 CNY over 3 units)"));
}

// Only the days around a change are looked at; what is open is what all of the market shows.
TEST_F(PriceStoreTest, AChangeIsJudgedAsIfTheWholeMarketWas) {
  std::mt19937 random(20260615);
  std::map<std::string, PriceObservation> standing;
  const std::vector<PriceRule> rules = {rule_};
  int wars = 0;
  for (int step = 0; step < 250; ++step) {
    if (standing.size() > 30 && random() % 3 == 0) {
      const auto one = std::next(standing.begin(), static_cast<int>(random() % standing.size()));
      Withdraw(one->second);
      standing.erase(one);
    } else {
      const std::string partner(1, static_cast<char>('a' + random() % 4));
      const std::string date = Day("2026-03-01").AddDays(static_cast<int>(random() % 365)).ToString();
      PriceObservation seen = Seen(partner, date.c_str(), 80 + static_cast<int64_t>(random() % 40));
      seen.name += StrCat("-", step);
      See({seen});
      standing.emplace(seen.name, seen);
    }
    std::vector<PriceObservation> all;
    for (const auto& [name, one] : standing) all.push_back(one);
    std::map<std::string, std::string> expected, open;  // explanations, by id
    for (const Conclusion& one : PriceWars(all, {}, rules, {})) expected[FindingId(one)] = one.explanation;
    for (const Finding& one : Wars()) open[one.id] = one.conclusion.explanation;
    ASSERT_EQ(open, expected) << "step " << step;
    wars = std::max(wars, static_cast<int>(open.size()));
  }
  EXPECT_GT(wars, 2);
}

TEST_F(PriceStoreTest, WhatIsOldIsForgottenOnceNothingRestsOnIt) {
  // A war in June, and a price in July of another market.
  See({Seen("a", "2026-06-01", 100), Seen("a", "2026-06-05", 90), Seen("b", "2026-06-01", 102),
       Seen("b", "2026-06-07", 92)});
  PriceObservation other = Seen("c", "2026-07-01", 99);
  other.region = "regions/cn-50";
  See({other, Seen("d", "2026-12-01", 99)});
  ASSERT_THAT(Wars(), SizeIs(1));
  const FakeClock clock(absl::FromUnixSeconds(1790000000));  // 2026-09-21
  ObservationRetention retention(*database_, clock, 30);
  EXPECT_THAT(retention.ExpireDue(), IsOkAndHolds(1)) << "the war's case is open";
  const auto kept = [&] {
    std::set<std::string> names;
    Do([&](mysql::Transaction& sql, events::Outbox&) -> absl::Status {
      ASSIGN_OR_RETURN(const auto all, PriceObservationStore().List(sql, {}, true, "", 100));
      for (const PriceObservation& one : all) names.insert(one.name);
      return absl::OkStatus();
    });
    return names;
  };
  EXPECT_FALSE(kept().contains(other.name));
  EXPECT_THAT(kept(), SizeIs(5));
  const std::string war = Wars()[0].id;
  Do([&](mysql::Transaction& sql, events::Outbox&) -> absl::Status {
    ASSIGN_OR_RETURN(Case one, CaseStore().GetForUpdate(sql, war));
    one.state = CaseState::kClosed;
    one.outcome = Outcome::kConfirmed;
    return CaseStore().Save(sql, {one});
  });
  EXPECT_THAT(retention.ExpireDue(), IsOkAndHolds(4));
  EXPECT_THAT(kept(), ::testing::ElementsAre("priceObservations/d-2026-12-01")) << "younger";
  EXPECT_THAT(retention.ExpireDue(), IsOkAndHolds(0));
}

TEST_F(PriceStoreTest, IsFoundByWhatItIsAboutNowAlone) {
  See({Seen("a", "2026-06-01", 100), Seen("a", "2026-06-05", 90), Seen("b", "2026-06-01", 102),
       Seen("b", "2026-06-07", 92), Seen("c", "2026-06-01", 99)});
  ASSERT_THAT(Wars(), SizeIs(1));
  const Finding opened = Wars()[0];
  const PriceObservation joins = Seen("c", "2026-06-10", 89);
  See({joins});
  ASSERT_THAT(Wars(), SizeIs(1));
  EXPECT_EQ(Wars()[0].id, opened.id);
  EXPECT_TRUE(SubjectsOf(opened.id).contains("partners/c"));
  Withdraw(joins);
  ASSERT_THAT(Wars(), SizeIs(1));
  EXPECT_EQ(Wars()[0].conclusion.subjects, opened.conclusion.subjects);
  EXPECT_EQ(SubjectsOf(opened.id),
            std::set<std::string>(opened.conclusion.subjects.begin(), opened.conclusion.subjects.end()));
}

}  // namespace
}  // namespace tributary::conflict
